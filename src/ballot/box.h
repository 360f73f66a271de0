/*
 * The ballot box: an election that is going on, as its archive and what that means.
 *
 * Everything is checked before it is written, written before it is acknowledged, and is on the disk
 * by then. After a crash box_open goes on with every acknowledged ballot and no half one. A box has
 * no secret: what it takes are texts made elsewhere, and it keeps nothing with a ballot but the
 * ballot.
 */
#ifndef BALLOT_BOX_H
#define BALLOT_BOX_H

#include "ballot/ledger.h"

struct box {
    struct ledger ledger;
    struct archive_writer writer;
    bool is_once; /* a card votes once: a later ballot of it is refused instead of replacing */
};

/* What setting up takes. The election's key and fingerprint need not be filled in. */
struct box_setup {
    const char *folder; /* is there already */
    int64_t now;        /* seconds since 1970 */
    const struct election *election;
    const struct trustees *trustees;
    struct credentials *credentials; /* is sorted */
};

/* Make the archive of a new election and open it. TD_E_INVALID: the election can't be asked, a
 * trustee's proof is wrong, or two credentials are alike. TD_E_IO: the archive can't be made, or is
 * there already. Group and arena must outlive the box. */
int box_create(struct box *box, struct group *group, struct td_arena *arena,
               const struct box_setup *setup) TD_MUST_CHECK __attribute__((nonnull));

/* Go on with an election. TD_E_IO: the archive can't be read or written, or somebody else writes.
 * TD_E_INVALID: it does not hold; verify.h says why. */
int box_open(struct box *box, struct group *group, struct td_arena *arena, const char *path)
    TD_MUST_CHECK __attribute__((nonnull));

void box_close(struct box *box) __attribute__((nonnull)); /* after either, whatever it answered */

/* Take a ballot. id NULL: it is in the archive for good, and this is its tracker. Otherwise the box
 * is as before, and this is what is wrong. */
struct td_message box_cast(struct box *box, const char *bytes, size_t n,
                           char ret_tracker[static DIGEST_BASE64]) TD_MUST_CHECK;

/* No more ballots; the encrypted sum of those that count. */
struct td_message box_end(struct box *box) TD_MUST_CHECK __attribute__((nonnull));
struct td_message box_sum(struct box *box) TD_MUST_CHECK __attribute__((nonnull));

/* Take a trustee's decryption: whose it is, is found out. */
struct td_message box_decrypt(struct box *box, const char *bytes, size_t n) TD_MUST_CHECK
    __attribute__((nonnull));

/* The result, once all decryptions are there: ledger.counts. */
struct td_message box_result(struct box *box) TD_MUST_CHECK __attribute__((nonnull));

#endif
