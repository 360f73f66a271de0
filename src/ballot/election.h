/*
 * An election: its questions, its key, and the fingerprint that every ballot names.
 *
 * A question has answers, each of which a ballot approves or not, from min to max of them; with
 * `blank` a ballot may instead say that it is blank. So:
 *   approve each of n       one question of n answers, min 0, max n
 *   at most k of n          min 1, max k, blank
 *   one of n                min 1, max 1, blank
 *   for, against, neither   two answers, min 0, max 1
 * A question with `blank` has a slot for it before those of its answers. The slots of all questions
 * one after the other are what is voted, counted and decrypted.
 */
#ifndef BALLOT_ELECTION_H
#define BALLOT_ELECTION_H

#include "ballot/digest.h"
#include "ballot/scan.h"
#include "thidua/message.h"

#define QUESTIONS_MAX 100
#define ANSWERS_MAX 200
#define SLOTS_MAX 1000         /* of all questions: bounds the text of a ballot */
#define ELECTION_TEXT_MAX 2000 /* bytes of a name, a question, an answer */

struct question {
    const char *text;
    const char **answers;
    size_t answer_count;
    bool blank; /* may a ballot be blank here? */
    unsigned min, max;
};

struct election {
    const char *uuid;
    const char *name, *description;
    const char *administrator, *credential_authority; /* NULL: not named */
    struct element public_key;
    struct question *questions;
    size_t question_count;
    char fingerprint[DIGEST_BASE64]; /* of the text that was read */
};

/* The slots of a question, and of all. */
size_t question_slots(const struct question *question) TD_MUST_CHECK __attribute__((nonnull));
size_t election_slots(const struct election *election) TD_MUST_CHECK __attribute__((nonnull));

/* The ballots that chose nothing in the question, of so many, by its slots' counts. They can be
 * told where a ballot chooses at most one. False where they can't, and where all must choose. */
bool question_none(const struct question *question, const unsigned *counts, size_t ballots,
                   size_t *ret_none) TD_MUST_CHECK __attribute__((nonnull));

/* Can this be asked? min is at most max, max at most the answers; lengths and counts within what
 * is allowed above. */
bool election_valid(const struct election *election) TD_MUST_CHECK __attribute__((nonnull));

/* The text that is stored, and whose fingerprint ballots bear. */
void election_write(struct group *group, const struct election *election, struct buf *to)
    __attribute__((nonnull));
/* What election_write and belenios-tool write, and no other order or spacing; valid as above. The
 * key is an element other than 1. */
bool election_read(struct group *group, struct td_arena *arena, const char *bytes, size_t n,
                   struct election *ret) TD_MUST_CHECK __attribute__((nonnull));

/* What people write to set an election up: {"description":…,"name":…,"questions":[{"answers":[…],
 * "blank":…,"min":…,"max":…,"question":…}…]}, keys in this order, blanks and line ends between them
 * as they like. The identifier is given; key and fingerprint stay empty. Valid as above. */
bool election_draft(struct group *group, struct td_arena *arena, const char *bytes, size_t n,
                    const char *uuid, struct election *ret) TD_MUST_CHECK __attribute__((nonnull));

/* What of its questions nobody could vote on rightly, though Belenios lets them be asked: in which
 * question, from 1. No message: nothing. For whoever sets up or opens an election. */
struct td_message election_misleads(const struct election *election) TD_MUST_CHECK
    __attribute__((nonnull));

#endif
