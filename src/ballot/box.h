/*
 * The ballot box: an election that is going on, as its archive and what that means.
 *
 * Everything is checked before it is written, written before it is acknowledged, and is on the disk
 * by then. After a crash box_open goes on with every acknowledged ballot and no half one. A box has
 * no secret: what it takes are texts made elsewhere, and it keeps nothing with a ballot but the
 * ballot.
 *
 * Several programs may have a box of the same archive. Each operation locks the file, takes what
 * others have added since, adds its own, and unlocks. So an election is closed by command while a
 * server takes its ballots. What others have added is checked before the lock is taken, all but the
 * last of it: a server that reads a large archive keeps nobody waiting.
 *
 * A box belongs to one thread at a time, but for box_check and box_check_part: what costs is the
 * check of a ballot or of a decryption, which asks only what never changes, and many threads do it
 * at once, each with a group and an arena of its own. What is left for box_cast and box_add_part is
 * a comparison and the disk.
 */
#ifndef BALLOT_BOX_H
#define BALLOT_BOX_H

#include "ballot/ledger.h"

/* Beside an archive: there when a card votes once. */
#define ONCE_FILE "once"

/* Ballots that one card may bring, each in the place of the one before: what is replaced stays in
 * the archive, and one card is not to fill it. */
#define BOX_CARD_MAX 20

/* A text that stands in the archive. */
enum box_piece { BOX_ELECTION, BOX_TRUSTEES, BOX_CREDENTIALS, BOX_TALLY, BOX_PIECES };

struct box {
    struct ledger ledger;
    struct archive_writer writer;
    const char *path;
    bool is_once;    /* a card votes once: a later ballot of it is refused instead of replacing */
    bool is_damaged; /* the archive doesn't hold: nothing is taken any more */
    int useless;     /* TD_OK; or TD_E_MEMORY, ARCHIVE_TAKEN_BACK: why what was read is not what is
                      * there, and nothing is taken any more. Opened anew all is well. */
    size_t limit;    /* of the archive, ARCHIVE_MAX: ballots leave room in it for the end */
    struct {
        size_t at, n; /* in the file; n 0: not there yet */
    } pieces[BOX_PIECES];
};

/* Why something was not taken. */
struct refusal {
    const char *code; /* a word for programs; NULL: it was taken */
    struct td_message what;
};

/* The codes: what was sent is not right; or it is, but can't be taken; or not now. */
#define BOX_CODE_FORM "form"               /* not the text that was asked for */
#define BOX_CODE_FOREIGN "foreign"         /* of another election */
#define BOX_CODE_ELEMENT "element"         /* a number that is none of the group */
#define BOX_CODE_SIGNATURE "signature"     /* not signed with the card that it names */
#define BOX_CODE_PROOF "proof"             /* a proof is wrong */
#define BOX_CODE_NOT_IN_LIST "not_in_list" /* the card is none of this election */
#define BOX_CODE_NOBODYS "nobodys"         /* the decryption of no trustee who has still to */
#define BOX_CODE_VOTED "voted"             /* the card has voted, and votes once */
#define BOX_CODE_TOO_OFTEN "too_often"     /* BOX_CARD_MAX ballots of the card are there */
#define BOX_CODE_REPLAYED "replayed"       /* was taken once, and replaced since */
#define BOX_CODE_NOT_OPEN "not_open"
#define BOX_CODE_CLOSED "closed"
#define BOX_CODE_NOT_NOW "not_now" /* the election is in another phase */
#define BOX_CODE_BUSY "busy"
#define BOX_CODE_STORAGE "storage" /* the archive can't be read or written */
#define BOX_CODE_DAMAGED "damaged" /* the archive doesn't hold */
#define BOX_CODE_MEMORY "memory"

/* What setting up takes. The election's key and fingerprint need not be filled in. */
struct box_setup {
    const char *folder; /* is there already */
    int64_t now;        /* seconds since 1970 */
    const struct election *election;
    const struct trustees *trustees;
    struct credentials *credentials; /* is sorted */
    bool is_once;                    /* kept as the empty file ONCE_FILE beside the archive */
};

/* Make the archive of a new election and open it. TD_E_INVALID: the election can't be asked, a
 * trustee's proof is wrong, or two credentials are alike. TD_E_IO: the archive can't be made, or is
 * there already. ARCHIVE_UNSURE: it is open, and may be gone after a power cut. Group and arena
 * must outlive the box. */
int box_create(struct box *box, struct group *group, struct td_arena *arena,
               const struct box_setup *setup) TD_MUST_CHECK __attribute__((nonnull));

/* Go on with an election. TD_E_IO: the archive can't be read and written. ARCHIVE_BUSY: somebody
 * else writes. TD_E_INVALID: it does not hold; verify.h says why. */
int box_open(struct box *box, struct group *group, struct td_arena *arena, const char *path)
    TD_MUST_CHECK __attribute__((nonnull));

void box_close(struct box *box) __attribute__((nonnull)); /* after either, whatever it answered */

/* Take what others have added. Cheap when that is nothing. */
struct refusal box_look(struct box *box) TD_MUST_CHECK __attribute__((nonnull));

/* A text of the archive, added to `to`. BOX_CODE_NOT_NOW: it is not there yet. */
struct refusal box_piece(struct box *box, enum box_piece piece, struct buf *to) TD_MUST_CHECK
    __attribute__((nonnull));

/* What a status of opening says, and that voting has ended. */
struct refusal box_refusal(int status) TD_MUST_CHECK;
struct refusal box_closed(void) TD_MUST_CHECK;

/* ---- ballots --------------------------------------------------------------------------------- */

/* What is known of a text before anything is computed, as of the last look: does it count already,
 * so that sending it again needs no more than its tracker? A refusal: it was replaced, or voting
 * has ended. Whoever sends it again hears the first of these also when both are so: the later
 * ballot may be somebody else's. */
struct refusal box_foresee(const struct box *box, const char *bytes, size_t n,
                           char ret_tracker[static DIGEST_BASE64], bool *ret_counts) TD_MUST_CHECK;

/* Is a ballot right, as far as it can be known without the others? From any thread, with a group
 * and an arena of its own, and while others cast. *ret is for box_cast, and lives in that arena. */
struct refusal box_check(const struct box *box, struct group *group, struct td_arena *arena,
                         const char *bytes, size_t n, struct paper *ret) TD_MUST_CHECK
    __attribute__((nonnull));

/* Take a ballot that was checked. No code: it is in the archive for good, and counts, under its
 * tracker; the same text again is not written again. Otherwise the box is as before. */
struct refusal box_cast(struct box *box, const struct paper *paper, const char *bytes, size_t n)
    TD_MUST_CHECK __attribute__((nonnull));

/* Both, with the box's own group. */
struct refusal box_take(struct box *box, const char *bytes, size_t n,
                        char ret_tracker[static DIGEST_BASE64]) TD_MUST_CHECK;

/* ---- after them ------------------------------------------------------------------------------ */

/* No more ballots; the encrypted sum of those that count. Nothing is done, as with box_result, when
 * something was cut off the archive's end (writer.cut): somebody is to look at that first. */
struct refusal box_end(struct box *box) TD_MUST_CHECK __attribute__((nonnull));
struct refusal box_sum(struct box *box) TD_MUST_CHECK __attribute__((nonnull));

/* A trustee's decryption on its way. */
struct box_part {
    bool is_known[TRUSTEES_MAX]; /* whose is there already */
    unsigned trustee;            /* whose it is, from 1 */
    struct decryption decryption;
};

/* Can one be taken, as of the last look? Begins it. */
struct refusal box_expect(const struct box *box, struct box_part *ret) TD_MUST_CHECK
    __attribute__((nonnull));

/* Whose is it? From any thread, as box_check, and its decryption lives in the arena. One that is
 * known is recognised by its factors and one proof, and the others are not checked again: anybody
 * can copy it from the archive, and send it again and again. */
struct refusal box_check_part(const struct box *box, struct group *group, struct td_arena *arena,
                              const char *bytes, size_t n, struct box_part *part) TD_MUST_CHECK
    __attribute__((nonnull));

/* Take one that was checked. A second one of a trustee is not written. */
struct refusal box_add_part(struct box *box, const struct box_part *part, const char *bytes,
                            size_t n) TD_MUST_CHECK __attribute__((nonnull));

/* All of it, with the box's own group. */
struct refusal box_decrypt(struct box *box, const char *bytes, size_t n, unsigned *ret_trustee)
    TD_MUST_CHECK __attribute__((nonnull));

/* The result, once all decryptions are there: ledger.counts. */
struct refusal box_result(struct box *box) TD_MUST_CHECK __attribute__((nonnull));

#endif
