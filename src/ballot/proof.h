/*
 * Proofs that tell nothing but that they hold: knowledge of a logarithm, equality of two, and one
 * of several ciphertexts. Every challenge is the hash of `prefix` and of the commitments, so a
 * proof holds for its prefix only. All the proofs of the protocol are one of these three.
 */
#ifndef BALLOT_PROOF_H
#define BALLOT_PROOF_H

#include "ballot/scan.h"

struct proof {
    struct scalar challenge, response;
};

/* (alpha, beta) of ElGamal: (g^r, y^r g^m). */
struct ciphertext {
    struct element alpha, beta;
};

/* Schnorr: I know x of g^x. The prefix ends with '|'. */
void proof_know_make(struct group *group, const char *prefix, const struct scalar *x,
                     struct proof *ret) __attribute__((nonnull));
bool proof_know_check(struct group *group, const char *prefix, const struct element *public_x,
                      const struct proof *proof) TD_MUST_CHECK __attribute__((nonnull));

/* Chaum-Pedersen: the same x is in g^x and base^x. */
void proof_same_make(struct group *group, const char *prefix, const struct element *base,
                     const struct scalar *x, struct proof *ret) __attribute__((nonnull));
bool proof_same_check(struct group *group, const char *prefix, const struct element *public_x,
                      const struct element *base, const struct element *factor,
                      const struct proof *proof) TD_MUST_CHECK __attribute__((nonnull));

/* "of encrypts m": (alpha, beta / g^m) is (g^r, y^r). */
struct claim {
    const struct ciphertext *of;
    const struct ciphertext_bases *bases; /* its own; only who checks needs them */
    unsigned m;
};

struct ciphertext_bases {
    struct base *alpha, *beta;
};

/* Room, as base_new and base_free. False when there is no memory; to be released even then. */
bool ciphertext_bases_init(struct ciphertext_bases *bases) TD_MUST_CHECK __attribute__((nonnull));
void ciphertext_bases_release(struct ciphertext_bases *bases) __attribute__((nonnull));
void ciphertext_bases_set(struct group *group, const struct ciphertext *of,
                          struct ciphertext_bases *bases) __attribute__((nonnull));
/* Are both alpha and beta in the group? */
bool ciphertext_bases_member(struct group *group, const struct ciphertext_bases *bases)
    TD_MUST_CHECK __attribute__((nonnull));

/* OR: one of the n claims is true, with this r. Which one, and r, are secret; the time doesn't
 * depend on them. A checker asks first whether the ciphertexts are in the group. */
void proof_or_make(struct group *group, const char *prefix, const struct element *y,
                   const struct claim *claims, size_t n, size_t truth, const struct scalar *r,
                   struct proof *ret) __attribute__((nonnull));
bool proof_or_check(struct group *group, const char *prefix, const struct element *y,
                    const struct claim *claims, size_t n, const struct proof *proofs) TD_MUST_CHECK
    __attribute__((nonnull));

/* {"challenge":"…","response":"…"}, and {"alpha":"…","beta":"…"}. */
void proof_write(const struct proof *proof, struct buf *to) __attribute__((nonnull));
void proof_scan(struct scan *scan, struct proof *ret) __attribute__((nonnull));
void ciphertext_write(struct group *group, const struct ciphertext *c, struct buf *to)
    __attribute__((nonnull));
void ciphertext_scan(struct scan *scan, struct ciphertext *ret) __attribute__((nonnull));

#endif
