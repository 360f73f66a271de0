/*
 * Reading texts that have one right form only.
 *
 * What a ballot may look like is known to the byte, so nothing is parsed: literals are compared and
 * numbers are read between them. A failure sticks, what is read after it is nothing, and scan_done
 * says whether the whole text was as it should be.
 */
#ifndef BALLOT_SCAN_H
#define BALLOT_SCAN_H

#include "ballot/group.h"
#include "thidua/arena.h"

struct scan {
    const char *at, *end;
    struct group *group;
    struct td_arena *arena; /* for strings; may be NULL when there are none */
    bool failed;
};

struct scan scan_of(struct group *group, struct td_arena *arena, const char *bytes, size_t n);

/* Does the rest begin with the literal? Then go over it. Not finding it is no failure. */
bool scan_try(struct scan *scan, const char *literal) TD_MUST_CHECK __attribute__((nonnull));

/* Go over the literal, or fail. */
void scan_literal(struct scan *scan, const char *literal) __attribute__((nonnull));

/* A number in quotes; zero on failure. Whether an element is one of the group is for the caller. */
void scan_element(struct scan *scan, struct element *ret) __attribute__((nonnull));
void scan_scalar(struct scan *scan, struct scalar *ret) __attribute__((nonnull));

/* A whole number from 0 to max, without quotes; 0 on failure. */
unsigned scan_count(struct scan *scan, unsigned max) __attribute__((nonnull));

/* A string in quotes, of at most max bytes of UTF-8 that can be shown on a line; escapes are
 * undone. "" on failure. */
const char *scan_string(struct scan *scan, size_t max) __attribute__((nonnull));

/* Was everything as it should be, and nothing left? */
bool scan_done(const struct scan *scan) TD_MUST_CHECK __attribute__((nonnull));

#endif
