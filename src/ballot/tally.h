/*
 * From accepted ballots to the result: the encrypted sum, each trustee's part of its decryption,
 * and the numbers.
 */
#ifndef BALLOT_TALLY_H
#define BALLOT_TALLY_H

#include "ballot/paper.h"
#include "ballot/trustee.h"

/* The encrypted sum of `count` ballots, slot by slot. */
struct tally {
    struct ciphertext *slots;
    unsigned count;
};

/* One trustee's part. */
struct decryption {
    struct element *factors;
    struct proof *proofs;
};

/* Of no ballots. False when there is no memory. */
bool tally_init(struct td_arena *arena, const struct election *election, struct tally *ret)
    TD_MUST_CHECK __attribute__((nonnull));
void tally_add(struct group *group, const struct election *election, const struct paper *paper,
               struct tally *tally) __attribute__((nonnull));

/* [[{"alpha":…,"beta":…},…],…]. The right text is compared, so nobody needs to read it. */
void tally_write(struct group *group, const struct election *election, const struct tally *tally,
                 struct buf *to) __attribute__((nonnull));

/* A trustee's part as text. TD_E_MEMORY: nothing was made. */
int decryption_make(struct group *group, struct td_arena *arena, const struct election *election,
                    const struct tally *tally, const struct scalar *secret, struct buf *to)
    TD_MUST_CHECK __attribute__((nonnull));
/* One that is written as it should be: whose it is, isn't known yet. Valid as long as the arena. */
bool decryption_parse(struct group *group, struct td_arena *arena, const struct election *election,
                      const char *bytes, size_t n, struct decryption *ret) TD_MUST_CHECK
    __attribute__((nonnull(1, 2, 3, 4, 6)));
/* Is it this trustee's, of this tally? A stranger's fails at its first proof. */
bool decryption_check(struct group *group, const struct election *election,
                      const struct tally *tally, const struct trustee *trustee,
                      const struct decryption *decryption) TD_MUST_CHECK __attribute__((nonnull));
/* Is it this trustee's, of whom a checked one is there? Its factors are the same then, and of its
 * proofs one is checked: without ballots the factors of all trustees are the same. */
bool decryption_recognise(struct group *group, const struct election *election,
                          const struct tally *tally, const struct trustee *trustee,
                          const struct decryption *checked, const struct decryption *decryption)
    TD_MUST_CHECK __attribute__((nonnull));
/* Parse and check. */
bool decryption_read(struct group *group, struct td_arena *arena, const struct election *election,
                     const struct tally *tally, const struct trustee *trustee, const char *bytes,
                     size_t n, struct decryption *ret) TD_MUST_CHECK
    __attribute__((nonnull(1, 2, 3, 4, 5, 6, 8)));

/* The counts, one per slot, from the parts of all trustees. False when a slot's is more than the
 * tally's count, which right proofs exclude, or could not be computed. */
bool result_compute(struct group *group, const struct election *election, const struct tally *tally,
                    const struct decryption *decryptions, size_t trustee_count,
                    unsigned *ret_counts) TD_MUST_CHECK __attribute__((nonnull));

/* {"result":[[1,3,…],…]} */
void counts_write(const struct election *election, const unsigned *counts, struct buf *to)
    __attribute__((nonnull));

#endif
