/*
 * Trustees: those who together, and only together, can decrypt the result.
 *
 * Each makes a key on a device of its own and gives away its public half with a proof that it
 * knows the other. The election's key is the product of all; a trustee that is missing, or has lost
 * its key, means that there is no result.
 */
#ifndef BALLOT_TRUSTEE_H
#define BALLOT_TRUSTEE_H

#include "ballot/proof.h"
#include "thidua/arena.h"

#define TRUSTEES_MAX 10

struct trustee {
    struct element public_key;
    struct proof pok; /* of the private key */
};

struct trustees {
    size_t count;
    struct trustee *items;
};

/* A new key. The caller writes the secret where it is to be kept, and wipes it. */
void trustee_new(struct group *group, struct scalar *ret_secret, struct trustee *ret)
    __attribute__((nonnull));

/* {"pok":{…},"public_key":"…"} */
void trustee_write(struct group *group, const struct trustee *trustee, struct buf *to)
    __attribute__((nonnull));
/* The key an element other than 1, and the proof right. */
bool trustee_read(struct group *group, const char *bytes, size_t n, struct trustee *ret)
    TD_MUST_CHECK __attribute__((nonnull));

/* [["Single",{…}],…] */
void trustees_write(struct group *group, const struct trustees *trustees, struct buf *to)
    __attribute__((nonnull));
/* Every one as trustee_read asks, and no two with one key. */
bool trustees_read(struct group *group, struct td_arena *arena, const char *bytes, size_t n,
                   struct trustees *ret) TD_MUST_CHECK __attribute__((nonnull));

/* Whose public key it is, from 1; 0: no trustee's. */
size_t trustees_find(const struct trustees *trustees, const struct element *key) TD_MUST_CHECK
    __attribute__((nonnull));

/* The election's key. */
void trustees_key(struct group *group, const struct trustees *trustees, struct element *ret)
    __attribute__((nonnull));

/* The private half as trustees keep it: the number in quotes. */
void trustee_secret_write(const struct scalar *secret, struct buf *to) __attribute__((nonnull));
bool trustee_secret_read(struct group *group, const char *bytes, size_t n, struct scalar *ret)
    TD_MUST_CHECK __attribute__((nonnull));

#endif
