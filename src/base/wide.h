/*
 * Arithmetic wider than 64 bits, for what lies between two scores.
 *
 * A product of two 63-bit numbers needs 126 bits before it is divided back. Everything that scales,
 * weighs or averages goes through wide_divide, so that rounding is written once. Nearly all real
 * values fit 64 bits, and for those it costs one 64-bit division.
 *
 * Multiply with wide_product, not with `*` on wide_int: where signed overflow is trapped, clang
 * turns that into a call to __muloti4, which libgcc doesn't have.
 */
#ifndef BASE_WIDE_H
#define BASE_WIDE_H

#include "thidua/decimal.h"
#include "thidua/status.h"

#include <assert.h>
#include <stdbool.h>
#include <stdint.h>

__extension__ typedef __int128 wide_int;
__extension__ typedef unsigned __int128 wide_uint;

#define WIDE_POWER_MAX 18 /* the greatest power of ten that 63 bits hold */

/* 10^n, n 0..WIDE_POWER_MAX. */
static inline int64_t wide_power_of_ten(unsigned n)
{
    static const int64_t power[WIDE_POWER_MAX + 1] = {
        1,
        10,
        100,
        1000,
        10000,
        100000,
        1000000,
        10000000,
        100000000,
        1000000000,
        10000000000,
        100000000000,
        1000000000000,
        10000000000000,
        100000000000000,
        1000000000000000,
        10000000000000000,
        100000000000000000,
        1000000000000000000,
    };

    assert(n <= WIDE_POWER_MAX);
    return power[n];
}

/* The value without its sign; INT64_MIN has one too. */
static inline uint64_t wide_magnitude(int64_t value)
{
    return value < 0 ? UINT64_C(0) - (uint64_t)value : (uint64_t)value;
}

/* a * b; always fits. */
static inline wide_int wide_product(int64_t a, int64_t b)
{
    /* Modulo 2^128 the unsigned product of the sign-extended factors is the signed product. */
    return (wide_int)((wide_uint)(wide_int)a * (wide_uint)(wide_int)b);
}

/* a * b where the caller has proved that it fits 128 bits. */
static inline wide_int wide_times(wide_int a, wide_int b)
{
    return (wide_int)((wide_uint)a * (wide_uint)b);
}

/* Negative, zero or positive as a * b is less than, equal to or greater than c * d. */
static inline int wide_compare_products(int64_t a, int64_t b, int64_t c, int64_t d)
{
    wide_int left = wide_product(a, b);
    wide_int right = wide_product(c, d);

    return (left > right) - (left < right);
}

/* The greatest common divisor; wide_gcd(0, x) is x, so wide_gcd(0, 0) is 0. */
static inline uint64_t wide_gcd(uint64_t a, uint64_t b)
{
    if (a == 0 || b == 0) {
        return a | b;
    }
    if (a == 1 || b == 1) {
        return 1; /* whole numbers, which most are */
    }
    /* By shifts and subtractions: some 60 short steps, where Euclid takes as many divisions. */
    int twos = __builtin_ctzll(a | b);
    a >>= __builtin_ctzll(a);
    while (b != 0) {
        b >>= __builtin_ctzll(b);
        if (a > b) {
            uint64_t swap = a;
            a = b;
            b = swap;
        }
        b -= a;
    }
    return a << twos;
}

/* Whether a quotient that left a remainder moves one away from zero. `half` is the sign of the
 * remainder's magnitude less half of the divisor's. */
static inline bool wide_rounds_away(enum td_round mode, int half, bool odd)
{
    switch (mode) {
    case TD_ROUND_HALF_UP:
        return half >= 0;
    case TD_ROUND_HALF_EVEN:
        return half > 0 || (half == 0 && odd);
    case TD_ROUND_DOWN:
        return false;
    case TD_ROUND_UP:
        return true;
    }
    return false;
}

/* Set *ret from sign and magnitude. INT64_MIN is refused as well: decimals and fractions don't
 * hold it, so that negating a value never overflows. */
static inline int wide_store(bool negative, uint64_t magnitude, int64_t *ret)
{
    if (magnitude > (uint64_t)INT64_MAX) {
        return TD_E_RANGE;
    }
    *ret = negative ? -(int64_t)magnitude : (int64_t)magnitude;
    return TD_OK;
}

/* wide_divide for operands that don't fit 64 bits. */
__attribute__((cold)) static inline int wide_divide_long(wide_int num, wide_int den,
                                                         enum td_round mode, int64_t *ret)
{
    wide_uint n = num < 0 ? (wide_uint)0 - (wide_uint)num : (wide_uint)num;
    wide_uint d = den < 0 ? (wide_uint)0 - (wide_uint)den : (wide_uint)den;
    wide_uint quotient = n / d;
    wide_uint rest = n % d;

    if (quotient > (wide_uint)INT64_MAX) {
        return TD_E_RANGE;
    }
    if (rest != 0) {
        int half = (rest > d - rest) - (rest < d - rest);
        quotient += wide_rounds_away(mode, half, quotient & 1) ? 1 : 0;
    }
    return wide_store((num < 0) != (den < 0), (uint64_t)quotient, ret);
}

/*
 * num / den, rounded by mode to a whole number. den may be negative, never 0.
 * TD_E_RANGE when the result is not within -INT64_MAX..INT64_MAX; *ret is set on success only.
 */
TD_MUST_CHECK static inline int wide_divide(wide_int num, wide_int den, enum td_round mode,
                                            int64_t *ret)
{
    assert(den != 0);
    if (__builtin_expect(num != (int64_t)num || den != (int64_t)den, 0)) {
        return wide_divide_long(num, den, mode, ret);
    }
    uint64_t n = wide_magnitude((int64_t)num);
    uint64_t d = wide_magnitude((int64_t)den);
    uint64_t quotient = n / d;
    uint64_t rest = n % d;

    if (rest != 0) {
        int half = (rest > d - rest) - (rest < d - rest);
        quotient += wide_rounds_away(mode, half, quotient & 1) ? 1 : 0;
    }
    return wide_store((num < 0) != (den < 0), quotient, ret);
}

/* A divisor that is used for many numbers, and how they are rounded: a division becomes a
 * multiplication. All numbers n >= 0 with n + divisor < 2^63. */
struct wide_divisor {
    uint64_t divisor;
    uint64_t inverse; /* of 2^64, rounded down: an estimate from it is at most 1 too small */
    uint64_t bias;    /* floor((n + bias) / divisor) is rounded as the mode says … */
    bool to_even;     /* … but for ties, when they go to even */
};

static inline struct wide_divisor wide_divisor(uint64_t divisor, enum td_round mode)
{
    struct wide_divisor d = {.divisor = divisor, .inverse = UINT64_MAX / divisor};
    d.bias = mode == TD_ROUND_DOWN ? 0 : mode == TD_ROUND_UP ? divisor - 1 : divisor / 2;
    d.to_even = mode == TD_ROUND_HALF_EVEN && divisor % 2 == 0;
    return d;
}

static inline uint64_t wide_divide_by(const struct wide_divisor *by, uint64_t n)
{
    n += by->bias;
    uint64_t quotient = (uint64_t)(((wide_uint)n * by->inverse) >> 64);
    uint64_t rest = n - quotient * by->divisor;
    bool more = rest >= by->divisor;
    quotient += more;
    rest -= more ? by->divisor : 0;
    return quotient - (by->to_even & (rest == 0) & (quotient & 1));
}

#endif
