/*
 * The elections of one directory, for a server: many threads ask, each election has one box.
 *
 * Each folder in the directory is an election as `thidua ballot setup` made it: a file `uuid`, the
 * questions, and, once it is open, its archive. They are found by their identifier, and looked for
 * again when one isn't known, so that one that was made by command needs no restart. Where two are
 * found with one identifier neither is taken: a ballot is not to go to the one today and to the
 * other tomorrow. An election is read and verified when it is first asked for, and kept; the
 * HALL_OPEN that were asked for last stay. What others add to an archive meanwhile is seen at the
 * next request.
 *
 * Nothing here knows who asks. No call takes an address, a name or a time, and nothing is kept with
 * a ballot but the ballot.
 *
 * Every function may be called from any thread. Ballots are checked at as many a time as the
 * machine has cores, and wait for each other only then, and while one is written.
 */
#ifndef BALLOT_HALL_H
#define BALLOT_HALL_H

#include "ballot/box.h"

/* What `thidua ballot setup` leaves in an election's folder: its identifier, and the questions as
 * they were written. */
#define UUID_FILE "uuid"
#define DRAFT_FILE "questions.json"

#define HALL_OPEN 8      /* elections that are kept open */
#define HALL_FOLDERS 500 /* that are listed; more are told of, and found by their identifier */

struct hall;

/* NULL when the machine has no memory. The directory need not be there. */
struct hall *hall_new(const char *directory) TD_MUST_CHECK __attribute__((nonnull));
/* Nobody may be in it any more. NULL is allowed. */
void hall_free(struct hall *hall);

/* What everybody may know of an election, in the asker's arena. */
struct hall_view {
    const char *uuid, *name, *description;
    enum ledger_phase phase; /* LEDGER_EMPTY: it is set up, and its voting not open yet */
    bool is_once;            /* a card votes once */
    const char *fingerprint; /* NULL before it is open */
    const char *setup, *end; /* names of these events, in the minutes; NULL before */
    size_t card_count;
    size_t voter_count;    /* ballots that count */
    const char **trackers; /* theirs, sorted by text; NULL when they were not asked for */
    const struct question *questions;
    size_t question_count;
    size_t trustee_count;
    const bool *is_decrypted; /* for each trustee */
    const unsigned *counts;   /* one per slot; NULL before the result is there */
};

/* The elections of the directory, by name. Those that can't be read are left out. */
struct refusal hall_list(struct hall *hall, struct td_arena *arena, struct hall_view **ret,
                         size_t *ret_count) TD_MUST_CHECK __attribute__((nonnull));

#define HALL_CODE_UNKNOWN "unknown" /* there is no such election */

/* One election. */
struct refusal hall_show(struct hall *hall, const char *uuid, bool with_trackers,
                         struct td_arena *arena, struct hall_view *ret) TD_MUST_CHECK
    __attribute__((nonnull));

/* A text of its archive, as it stands there; BOX_CODE_NOT_NOW: not there yet. */
struct refusal hall_piece(struct hall *hall, const char *uuid, enum box_piece piece, struct buf *to)
    TD_MUST_CHECK __attribute__((nonnull));

/* The archive: a descriptor, the caller's to close, of which the first *ret_n bytes are the events
 * that were acknowledged. */
struct refusal hall_archive(struct hall *hall, const char *uuid, int *ret_fd, size_t *ret_n)
    TD_MUST_CHECK __attribute__((nonnull));

/* Take a ballot: box_check and box_cast. A text that counts already is answered with its tracker
 * again, also when voting has ended since. */
struct refusal hall_cast(struct hall *hall, const char *uuid, const char *bytes, size_t n,
                         char ret_tracker[static DIGEST_BASE64]) TD_MUST_CHECK;

/* Take a decryption; after the last one the result is written. */
struct refusal hall_decrypt(struct hall *hall, const char *uuid, const char *bytes, size_t n,
                            unsigned *ret_trustee) TD_MUST_CHECK __attribute__((nonnull));

/* The election of the last failure that an administrator should hear of, since this was last
 * asked. False: there was none. */
bool hall_failure(struct hall *hall, char ret_uuid[static TOKEN_TEXT], struct td_message *ret_what)
    TD_MUST_CHECK;

#endif
