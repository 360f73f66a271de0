/*
 * The group BELENIOS-2048 and the numbers modulo its order.
 *
 * p is a prime of 2048 bits, q a prime of 256 bits that divides p - 1, and g generates the subgroup
 * of order q. An element is a number below p, a scalar one below q; both are plain bytes, so that
 * they can be copied, kept in arrays and wiped, and nothing of them needs freeing.
 *
 * A struct group holds the tables and the memory to compute with; it belongs to one thread at a
 * time. Functions that compute answer nothing: the machine running out of memory or of random
 * bytes sticks to the group, results are then zero, and group_ok says so. Whoever accepts or
 * publishes something asks group_ok first. A check (`…_check`, element_member) that could not be
 * computed answers false.
 *
 * Functions whose name or comment says "secret" take the same time and touch the same memory
 * whatever the secret is (leading zero words of 64 bits excepted, which one value in 2^64 has).
 * The others are for what everybody may know.
 */
#ifndef BALLOT_GROUP_H
#define BALLOT_GROUP_H

#include "base/buf.h"

#include <stdbool.h>
#include <stddef.h>

#define GROUP_NAME "BELENIOS-2048"
#define ELEMENT_BYTES 256
#define SCALAR_BYTES 32
#define ELEMENT_DIGITS 617 /* decimal, at most */
#define SCALAR_DIGITS 77

struct element {
    unsigned char bytes[ELEMENT_BYTES]; /* the most significant first */
};

struct scalar {
    unsigned char bytes[SCALAR_BYTES]; /* the most significant first */
};

struct group;

/* NULL when the machine has no memory. */
struct group *group_new(void) TD_MUST_CHECK;
/* Wipes what it computed with. NULL is allowed. */
void group_free(struct group *group);

/* Did everything that was computed since group_new succeed? */
bool group_ok(const struct group *group) TD_MUST_CHECK __attribute__((nonnull));
/* Let group_ok say no: for what computes on behalf of the group. */
void group_fail(struct group *group) __attribute__((nonnull));

/* ---- elements -------------------------------------------------------------------------------- */

void element_one(struct element *ret) __attribute__((nonnull));
bool element_equal(const struct element *a, const struct element *b) TD_MUST_CHECK
    __attribute__((nonnull));
/* -1, 0, 1 as a is less than, equal to or greater than b. */
int element_compare(const struct element *a, const struct element *b) TD_MUST_CHECK
    __attribute__((nonnull));
/* *ret = pick ? b : a, for a secret pick. */
void element_select(const struct element *a, const struct element *b, bool pick,
                    struct element *ret) __attribute__((nonnull));

/* Is it in the subgroup of order q? What comes from elsewhere is asked this first. */
bool element_member(struct group *group, const struct element *x) TD_MUST_CHECK
    __attribute__((nonnull));

void group_generator(struct group *group, struct element *ret) __attribute__((nonnull));
void group_multiply(struct group *group, const struct element *a, const struct element *b,
                    struct element *ret) __attribute__((nonnull));
/* a / b; b must be an element of the group. */
void group_divide(struct group *group, const struct element *a, const struct element *b,
                  struct element *ret) __attribute__((nonnull));
/* x / g: what encrypts m becomes what encrypts m - 1. */
void group_lower(struct group *group, const struct element *x, struct element *ret)
    __attribute__((nonnull));
/* base^x, for a secret x. */
void group_power_secret(struct group *group, const struct element *base, const struct scalar *x,
                        struct element *ret) __attribute__((nonnull));
/* g^x, for a secret x. */
void group_raise_secret(struct group *group, const struct scalar *x, struct element *ret)
    __attribute__((nonnull));
/* a^x b^y. Nothing of it is secret. */
void group_powers(struct group *group, const struct element *a, const struct scalar *x,
                  const struct element *b, const struct scalar *y, struct element *ret)
    __attribute__((nonnull));

/* base^x of a base that comes again and again, as g and an election's key do: a table of the last
 * one is kept, beside that of g. Nothing of it is secret. */
void group_power_often(struct group *group, const struct element *base, const struct scalar *x,
                       struct element *ret) __attribute__((nonnull));

/* A base of several powers, which share its squarings. Nothing of it is secret. */
struct base;

/* Room for a base, which base_set fills, and fills again. NULL when there is no memory. */
struct base *base_new(void) TD_MUST_CHECK;
/* NULL is allowed. */
void base_free(struct base *base);
void base_set(struct group *group, const struct element *of, struct base *base)
    __attribute__((nonnull));
/* of^x */
void base_power(struct group *group, const struct base *base, const struct scalar *x,
                struct element *ret) __attribute__((nonnull));
/* element_member of what it is the base of. */
bool base_member(struct group *group, const struct base *base) TD_MUST_CHECK
    __attribute__((nonnull));

/* The number that n decimal digits write: no sign, blank or leading zero, below p. */
bool element_read(struct group *group, const char *digits, size_t n, struct element *ret)
    TD_MUST_CHECK __attribute__((nonnull));
void element_write(struct group *group, const struct element *x, struct buf *to)
    __attribute__((nonnull));

/* ---- scalars --------------------------------------------------------------------------------- */

/* All of these are for secrets. */

void scalar_small(unsigned value, struct scalar *ret) __attribute__((nonnull));
bool scalar_equal(const struct scalar *a, const struct scalar *b) TD_MUST_CHECK
    __attribute__((nonnull));
void scalar_select(const struct scalar *a, const struct scalar *b, bool pick, struct scalar *ret)
    __attribute__((nonnull));
void scalar_add(const struct scalar *a, const struct scalar *b, struct scalar *ret)
    __attribute__((nonnull));
void scalar_subtract(const struct scalar *a, const struct scalar *b, struct scalar *ret)
    __attribute__((nonnull));
void scalar_multiply(struct group *group, const struct scalar *a, const struct scalar *b,
                     struct scalar *ret) __attribute__((nonnull));
/* 256 bits modulo q. */
void scalar_reduce(const unsigned char bytes[static SCALAR_BYTES], struct scalar *ret);
/* Each of the q values as likely as another. */
void scalar_random(struct group *group, struct scalar *ret) __attribute__((nonnull));
void scalar_wipe(struct scalar *x) __attribute__((nonnull));

/* As of elements, below q. How many digits there are is not hidden. */
bool scalar_read(const char *digits, size_t n, struct scalar *ret) TD_MUST_CHECK
    __attribute__((nonnull));
void scalar_write(const struct scalar *x, struct buf *to) __attribute__((nonnull));

/* SHA-256 of a text, modulo q: what proofs call a challenge. */
void scalar_hash(struct group *group, const char *text, size_t n, struct scalar *ret)
    __attribute__((nonnull));

#endif
