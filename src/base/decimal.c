/*
 * Exact numbers: reading, writing, comparing and rounding scores, shares and means.
 *
 * Everything here is integers; what may leave 64 bits between two steps goes through base/wide.h.
 * What a struct must never hold (a denominator of 0, more than TD_DECIMALS_MAX decimals) is a bug
 * of the caller and stops the program by assert, where the function has no status to answer with.
 */
#include "thidua/decimal.h"

#include "base/wide.h"

#include <assert.h>
#include <string.h>

#include "base/banned.h"

/* The text of a number as it was written, before any limit is applied. */
struct digits {
    uint64_t magnitude;
    size_t decimals; /* digits after the point */
    bool negative;
    bool too_large; /* the magnitude doesn't fit 63 bits and is not to be used */
};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Read as td_decimal_parse says; false when the form is not kept. */
static bool read_digits(const char *text, size_t n, struct digits *ret)
{
    struct digits digits = {0};
    bool point = false;
    size_t i = 0;

    if (n > 0 && text[0] == '-') {
        digits.negative = true;
        i++;
    }
    /* The first and the last are digits: then there is one on each side of a point. */
    if (i == n || !is_digit(text[i]) || !is_digit(text[n - 1])) {
        return false;
    }
    for (; i < n; i++) {
        if (text[i] == '.' && !point) {
            point = true;
            continue;
        }
        if (!is_digit(text[i])) {
            return false;
        }
        digits.decimals += point ? 1 : 0;
        uint64_t digit = (uint64_t)(text[i] - '0');
        if (digits.magnitude > ((uint64_t)INT64_MAX - digit) / 10) {
            digits.too_large = true;
        } else {
            digits.magnitude = digits.magnitude * 10 + digit;
        }
    }
    *ret = digits;
    return true;
}

int td_decimal_parse(const char *text, size_t n, unsigned max_decimals, struct td_decimal *ret)
{
    struct digits digits;
    int64_t units = 0;

    if (!read_digits(text, n, &digits)) {
        return TD_E_SYNTAX;
    }
    if (digits.decimals > max_decimals || digits.decimals > TD_DECIMALS_MAX) {
        return TD_E_DECIMALS;
    }
    if (digits.too_large || wide_store(digits.negative, digits.magnitude, &units) != TD_OK) {
        return TD_E_RANGE;
    }
    *ret = (struct td_decimal){.units = units, .decimals = (uint8_t)digits.decimals};
    return TD_OK;
}

int td_decimal_rescale(struct td_decimal value, unsigned decimals, enum td_round mode,
                       struct td_decimal *ret)
{
    int64_t units = value.units;

    if (value.decimals > TD_DECIMALS_MAX || decimals > TD_DECIMALS_MAX) {
        return TD_E_INVALID;
    }
    if (decimals > value.decimals) {
        if (__builtin_mul_overflow(units, wide_power_of_ten(decimals - value.decimals), &units)) {
            return TD_E_RANGE;
        }
    } else if (decimals < value.decimals) {
        int status = wide_divide(units, wide_power_of_ten(value.decimals - decimals), mode, &units);
        if (status != TD_OK) {
            return status;
        }
    }
    if (units == INT64_MIN) {
        return TD_E_RANGE;
    }
    *ret = (struct td_decimal){.units = units, .decimals = (uint8_t)decimals};
    return TD_OK;
}

int td_decimal_compare(struct td_decimal a, struct td_decimal b)
{
    assert(a.decimals <= TD_DECIMALS_MAX && b.decimals <= TD_DECIMALS_MAX);
    if (a.decimals == b.decimals) {
        return (a.units > b.units) - (a.units < b.units);
    }
    return wide_compare_products(a.units, wide_power_of_ten(b.decimals), b.units,
                                 wide_power_of_ten(a.decimals));
}

/* Write magnitude / 10^decimals with that many decimals. Writes from the last digit backwards into
 * a scratch text, whose length is known only when it is done. */
static size_t print_scaled(bool negative, uint64_t magnitude, unsigned decimals, char *out)
{
    char scratch[TD_DECIMAL_TEXT];
    size_t at = sizeof(scratch);
    unsigned written = 0;

    do {
        if (decimals > 0 && written == decimals) {
            scratch[--at] = '.';
        }
        scratch[--at] = (char)('0' + magnitude % 10);
        magnitude /= 10;
        written++;
    } while (magnitude > 0 || written <= decimals);
    if (negative) {
        scratch[--at] = '-';
    }
    size_t length = sizeof(scratch) - at;
    memcpy(out, scratch + at, length);
    out[length] = '\0';
    return length;
}

size_t td_decimal_print(struct td_decimal value, char out[static TD_DECIMAL_TEXT])
{
    assert(value.decimals <= TD_DECIMALS_MAX);
    return print_scaled(value.units < 0, wide_magnitude(value.units), value.decimals, out);
}

size_t td_decimal_print_short(struct td_decimal value, char out[static TD_DECIMAL_TEXT])
{
    while (value.decimals > 0 && value.units % 10 == 0) {
        value.units /= 10;
        value.decimals--;
    }
    return td_decimal_print(value, out);
}

/* Set *ret from sign and magnitudes in lowest terms; den not 0. */
static int store_fraction(bool negative, uint64_t num, uint64_t den, struct td_fraction *ret)
{
    if (num > (uint64_t)INT64_MAX || den > (uint64_t)INT64_MAX) {
        return TD_E_RANGE;
    }
    *ret = (struct td_fraction){
        .num = negative ? -(int64_t)num : (int64_t)num,
        .den = (int64_t)den,
    };
    return TD_OK;
}

int td_fraction_make(int64_t num, int64_t den, struct td_fraction *ret)
{
    if (den == 0) {
        return TD_E_INVALID;
    }
    uint64_t n = wide_magnitude(num);
    uint64_t d = wide_magnitude(den);
    uint64_t common = wide_gcd(n, d);

    return store_fraction((num < 0) != (den < 0), n / common, d / common, ret);
}

int td_fraction_of_decimal(struct td_decimal value, struct td_fraction *ret)
{
    if (value.decimals > TD_DECIMALS_MAX) {
        return TD_E_INVALID;
    }
    return td_fraction_make(value.units, wide_power_of_ten(value.decimals), ret);
}

/*
 * Knuth, The Art of Computer Programming, 4.5.1: with g = gcd(b, d) and
 * t = a * (d / g) + c * (b / g), the sum a/b + c/d is t / (b / g * d), and the only factors its two
 * terms can share are those t shares with g. So no number of 128 bits needs to be reduced, and
 * what doesn't fit at the end doesn't fit in lowest terms.
 */
int td_fraction_add(struct td_fraction a, struct td_fraction b, struct td_fraction *ret)
{
    if (a.den <= 0 || b.den <= 0) {
        return TD_E_INVALID;
    }
    int64_t common = (int64_t)wide_gcd((uint64_t)a.den, (uint64_t)b.den);
    /* Each product is less than 2^126 in magnitude, so the sum fits. */
    wide_int sum = wide_product(a.num, b.den / common) + wide_product(b.num, a.den / common);
    wide_uint magnitude = sum < 0 ? (wide_uint)0 - (wide_uint)sum : (wide_uint)sum;
    uint64_t shared = (uint64_t)common;
    if (common > 1) {
        shared = wide_gcd((uint64_t)(magnitude % (uint64_t)common), (uint64_t)common);
    }
    wide_uint num = magnitude / shared;
    wide_uint den = (wide_uint)(a.den / common) * ((uint64_t)b.den / shared);

    if (num > (wide_uint)INT64_MAX || den > (wide_uint)INT64_MAX) {
        return TD_E_RANGE;
    }
    return store_fraction(sum < 0, (uint64_t)num, (uint64_t)den, ret);
}

int td_fraction_multiply(struct td_fraction a, struct td_fraction b, struct td_fraction *ret)
{
    if (a.den <= 0 || b.den <= 0) {
        return TD_E_INVALID;
    }
    if (b.num == 1 && b.den == 1) {
        *ret = a;
        return TD_OK;
    }
    uint64_t an = wide_magnitude(a.num);
    uint64_t bn = wide_magnitude(b.num);
    /* Reduced crosswise first, the products are in lowest terms, and overflow only if those do. */
    uint64_t left = wide_gcd(an, (uint64_t)b.den);
    uint64_t right = wide_gcd(bn, (uint64_t)a.den);
    uint64_t num = 0;
    uint64_t den = 0;

    if (__builtin_mul_overflow(an / left, bn / right, &num) ||
        __builtin_mul_overflow((uint64_t)a.den / right, (uint64_t)b.den / left, &den)) {
        return TD_E_RANGE;
    }
    return store_fraction((a.num < 0) != (b.num < 0), num, den, ret);
}

int td_fraction_compare(struct td_fraction a, struct td_fraction b)
{
    assert(a.den > 0 && b.den > 0);
    return wide_compare_products(a.num, b.den, b.num, a.den);
}

int td_fraction_round(struct td_fraction value, unsigned decimals, enum td_round mode,
                      struct td_decimal *ret)
{
    int64_t units = 0;

    if (value.den <= 0 || decimals > TD_DECIMALS_MAX) {
        return TD_E_INVALID;
    }
    int status =
        wide_divide(wide_product(value.num, wide_power_of_ten(decimals)), value.den, mode, &units);
    if (status != TD_OK) {
        return status;
    }
    *ret = (struct td_decimal){.units = units, .decimals = (uint8_t)decimals};
    return TD_OK;
}

/* The fraction as a decimal, when struct td_decimal can hold it without loss. */
static bool as_decimal(struct td_fraction value, struct td_decimal *ret)
{
    for (unsigned decimals = 0; decimals <= TD_DECIMALS_MAX; decimals++) {
        /* In lowest terms it ends after k digits just when its denominator divides 10^k. */
        int64_t scale = wide_power_of_ten(decimals);
        if (scale % value.den == 0) {
            ret->decimals = (uint8_t)decimals;
            return !__builtin_mul_overflow(value.num, scale / value.den, &ret->units) &&
                   ret->units != INT64_MIN;
        }
    }
    return false;
}

size_t td_fraction_print(struct td_fraction value, char out[static TD_FRACTION_TEXT])
{
    struct td_decimal decimal = {0};

    assert(value.den > 0);
    if (as_decimal(value, &decimal)) {
        return td_decimal_print(decimal, out);
    }
    size_t length = print_scaled(value.num < 0, wide_magnitude(value.num), 0, out);
    out[length++] = '/';
    return length + print_scaled(false, (uint64_t)value.den, 0, out + length);
}

/* "a/b" with the stroke at `stroke`: two whole numbers, only the first of which may be negative. */
static int parse_quotient(const char *text, size_t n, size_t stroke, struct td_fraction *ret)
{
    struct td_decimal num = {0};
    struct td_decimal den = {0};

    int status = td_decimal_parse(text, stroke, 0, &num);
    int status_den = td_decimal_parse(text + stroke + 1, n - stroke - 1, 0, &den);
    if (status == TD_E_SYNTAX || status == TD_E_DECIMALS || status_den == TD_E_SYNTAX ||
        status_den == TD_E_DECIMALS || text[stroke + 1] == '-') {
        return TD_E_SYNTAX;
    }
    if (status != TD_OK || status_den != TD_OK) {
        return TD_E_RANGE;
    }
    if (den.units == 0) {
        return TD_E_SYNTAX;
    }
    return td_fraction_make(num.units, den.units, ret);
}

int td_fraction_parse(const char *text, size_t n, struct td_fraction *ret)
{
    struct td_decimal value = {0};

    if (n == 0) {
        return TD_E_SYNTAX;
    }
    const char *stroke = memchr(text, '/', n);
    if (stroke != NULL) {
        return parse_quotient(text, n, (size_t)(stroke - text), ret);
    }
    bool percent = text[n - 1] == '%';
    int status = td_decimal_parse(text, percent ? n - 1 : n, TD_DECIMALS_MAX, &value);
    if (status != TD_OK) {
        return status;
    }
    int64_t den = wide_power_of_ten(value.decimals) * (percent ? 100 : 1);
    return td_fraction_make(value.units, den, ret);
}
