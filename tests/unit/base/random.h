/*
 * Random numbers that are the same in every run, for tests over many values: a failure can be had
 * again. (SplitMix64, by Sebastiano Vigna, in the public domain.)
 */
#ifndef TESTS_RANDOM_H
#define TESTS_RANDOM_H

#include <stdint.h>

static inline uint64_t random_next(uint64_t *state)
{
    uint64_t z = *state += UINT64_C(0x9E3779B97F4A7C15);

    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return z ^ (z >> 31);
}

/* Any number except INT64_MIN, small ones as likely as large ones. */
static inline int64_t random_number(uint64_t *state)
{
    uint64_t bits = random_next(state) >> (1 + random_next(state) % 63);

    return random_next(state) % 2 == 0 ? (int64_t)bits : -(int64_t)bits;
}

#endif
