/*
 * One small election with everything right, made once, for the fuzz targets of ballots: a bare
 * guess never comes far, so they alter what is right.
 */
#ifndef FUZZ_MADE_H
#define FUZZ_MADE_H

#include "ballot/ballot.h"

#include <stdlib.h>

#define MADE_ARENA_MAX ((size_t)64 * 1024 * 1024)

/* Its texts. The one ballot is the only one of the sum; one trustee decrypts. */
enum made_text {
    MADE_ELECTION,
    MADE_TRUSTEES,
    MADE_LIST,
    MADE_BALLOT,
    MADE_TALLY,
    MADE_DECRYPTION,
    MADE_RESULT,
    MADE_DRAFT,
    MADE_TEXTS,
};

struct made {
    struct group *group;
    struct td_arena *arena;
    struct election election;
    struct trustee trustee;
    struct tally tally;
    struct scalar card; /* the voter's */
    struct buf texts[MADE_TEXTS];
};

const struct made *made_once(void);

/* Ends the program, as a finding, when it doesn't hold. */
static inline void require(bool holds)
{
    if (!holds) {
        abort();
    }
}

/* A text with a part replaced: of the data, two bytes say where, one how many bytes go, and the
 * rest comes in. Freed by the caller; ret_n is its length, exactly what is allocated. */
char *altered(const struct buf *right, const uint8_t *data, size_t size, size_t *ret_n);

/* Is it that text? */
bool is_text(const struct buf *right, const char *text, size_t n);

#endif
