/*
 * What an archive means: its events taken one after the other, each checked against all before it.
 *
 * Whoever receives ballots, counts them, or audits an election afterwards does it with the same
 * code. Nothing is believed because an earlier program wrote it: every proof is computed again, the
 * encrypted sum is compared with our own, the result with what the decryptions give. Everything
 * that is wrong becomes a finding with its event; a ballot with a finding is not counted, and the
 * rest goes on, so that one look shows all.
 *
 * Of several ballots of one card the last counts. The same ballot twice is a finding: somebody
 * brought back a voter's earlier choice.
 */
#ifndef BALLOT_LEDGER_H
#define BALLOT_LEDGER_H

#include "ballot/archive.h"
#include "ballot/credential.h"
#include "ballot/tally.h"

enum ledger_phase {
    LEDGER_EMPTY,      /* before the setup */
    LEDGER_VOTING,     /* ballots are taken */
    LEDGER_CLOSED,     /* no more; the sum is not there yet */
    LEDGER_DECRYPTING, /* the sum is there, not all decryptions are */
    LEDGER_FINISHED,   /* the result is there */
};

/* In words, as what an election is. */
struct td_message ledger_phase_words(enum ledger_phase phase) TD_MUST_CHECK;

/* Something that is wrong. */
struct finding {
    size_t height;    /* of the event; what is about the whole file has the last one's */
    const char *type; /* the event's, or NULL */
    struct td_message what;
    struct finding *next;
};

struct ledger_ballot {
    struct paper paper; /* with a scratch arena: its choices and tracker, not its proofs */
    size_t height;
    bool is_replaced; /* by a later one of the same card */
};

struct ledger {
    struct group *group;
    struct td_arena *arena;
    struct td_arena *scratch; /* for ballots while they are read; NULL: they stay in the arena */
    enum ledger_phase phase;
    size_t height; /* of the next event */
    /* Names of the Setup and the EndBallots, which stand in the minutes; "" before. As each event
     * names the one before it, the second says which ballots there are, on which list of cards. */
    char setup[DIGEST_HEX], end[DIGEST_HEX];
    char head[DIGEST_HEX]; /* the last event's name, also when it is wrong */
    struct election election;
    struct trustees trustees;
    struct credentials credentials;
    size_t ballot_count, ballot_room;
    struct ledger_ballot *ballots; /* those that were accepted */
    size_t *latest;                /* of each credential: index of its ballot + 1, or 0 */
    size_t *ballots_of;            /* of each credential: how many were accepted */
    size_t refused;                /* ballots with a finding */
    struct tally tally;            /* from the end of voting on */
    struct decryption decryptions[TRUSTEES_MAX]; /* once one is there, it stays as it is */
    bool is_decrypted[TRUSTEES_MAX];
    unsigned *counts; /* the result, one per slot; NULL before */
    struct finding *first, *last;
    size_t finding_count;
};

/* Nothing yet. Group and arena must outlive it. */
void ledger_init(struct ledger *ledger, struct group *group, struct td_arena *arena)
    __attribute__((nonnull));

/* Take the next event; nothing points into its data afterwards. False when memory ran out, and
 * then nothing of the ledger is worth anything. */
bool ledger_take(struct ledger *ledger, const struct archive_event *event) TD_MUST_CHECK
    __attribute__((nonnull));

/* Go over an event of this name, whose meaning has been taken otherwise. */
void ledger_pass(struct ledger *ledger, const char *name) __attribute__((nonnull));

/* The accepted ballot with this tracker, or NULL. */
const struct ledger_ballot *ledger_find_ballot(const struct ledger *ledger, const char *tracker)
    TD_MUST_CHECK __attribute__((nonnull));

/* Ballots that count: of different cards. */
size_t ledger_voters(const struct ledger *ledger) TD_MUST_CHECK __attribute__((nonnull));

/* The first trustee whose decryption is missing, from 1; 0 when none is. */
size_t ledger_missing(const struct ledger *ledger) TD_MUST_CHECK __attribute__((nonnull));

/* The result from the decryptions, into ledger->counts. False when one is missing, or when the
 * decryptions don't give one. */
bool ledger_count(struct ledger *ledger) TD_MUST_CHECK __attribute__((nonnull));

/* Add a finding about the next event, or about the whole (type NULL). */
void ledger_find(struct ledger *ledger, const char *type, struct td_message what)
    __attribute__((nonnull(1)));

/* To count a ballot: room for one more; then a copy of what is needed of it, in the ledger's arena,
 * which may be rewound to before it as long as it isn't counted. False when there is no memory.
 * Then count it, which can't fail. */
bool ledger_make_room(struct ledger *ledger) TD_MUST_CHECK __attribute__((nonnull));
bool ledger_keep(struct ledger *ledger, const struct paper *paper, struct paper *ret) TD_MUST_CHECK
    __attribute__((nonnull));
void ledger_accept(struct ledger *ledger, const struct paper *kept) __attribute__((nonnull));

/* The same for a checked decryption: a copy; then it is the trustee's, from 1. */
bool ledger_keep_decryption(struct ledger *ledger, const struct decryption *decryption,
                            struct decryption *ret) TD_MUST_CHECK __attribute__((nonnull));
void ledger_accept_decryption(struct ledger *ledger, unsigned trustee,
                              const struct decryption *kept) __attribute__((nonnull));

/* ---- between the files of the ledger --------------------------------------------------------- */

void ledger_take_tally(struct ledger *ledger, const struct archive_event *event)
    __attribute__((nonnull));
void ledger_take_decryption(struct ledger *ledger, const struct archive_event *event)
    __attribute__((nonnull));
void ledger_take_result(struct ledger *ledger, const struct archive_event *event)
    __attribute__((nonnull));
/* Sum up the ballots that count: voting has ended. */
void ledger_sum(struct ledger *ledger) __attribute__((nonnull));
/* Is the data exactly this text? */
bool ledger_same(struct ledger *ledger, const struct archive_part *part, const struct buf *text)
    TD_MUST_CHECK __attribute__((nonnull));

#endif
