/*
 * Exact numbers: decimals as scaled integers, and fractions for means and weights.
 *
 * No binary floating point anywhere: a score of 0.1 is one tenth, and a mean over seven sheets is
 * a fraction until the one final rounding that the regulation states (requirements SCO-6).
 * Text is read and written without locale: '.' is the decimal point. Languages with a decimal
 * comma are served above the engine, when a message is shown.
 */
#ifndef THIDUA_DECIMAL_H
#define THIDUA_DECIMAL_H

#include "thidua/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TD_DECIMALS_MAX 9  /* digits after the point that a decimal may carry */
#define TD_DECIMAL_TEXT 32 /* room for any decimal as text, NUL included */
#define TD_FRACTION_TEXT 48

/* units / 10^decimals. decimals is 0..TD_DECIMALS_MAX. Any units except INT64_MIN. Two decimals
 * may be equal in value and differ in decimals (1.5 and 1.50): compare with td_decimal_compare. */
struct td_decimal {
    int64_t units;
    uint8_t decimals;
};

/* num / den with den > 0, in lowest terms, num any value except INT64_MIN. {0, 1} is zero. */
struct td_fraction {
    int64_t num;
    int64_t den;
};

/* How a value between two neighbours is settled. Signs are symmetric: half-up goes away from zero
 * at a half (0.5 to 1, -0.5 to -1), down goes toward zero, up away from it. */
enum td_round {
    TD_ROUND_HALF_UP,
    TD_ROUND_HALF_EVEN,
    TD_ROUND_DOWN,
    TD_ROUND_UP,
};

/* Read "12", "-12.50", "0.5": an optional '-', digits, and an optional point with at least one
 * digit on each side; no blank, sign '+', exponent or grouping. All of `n` bytes must be used.
 * The decimals are those written ("1.50" has two). "-0" reads as 0.
 * In this order: TD_E_SYNTAX: not of that form. TD_E_DECIMALS: more than max_decimals (or than
 * TD_DECIMALS_MAX) digits after the point. TD_E_RANGE: more digits than 63 bits hold. *ret is set
 * on success only. */
int td_decimal_parse(const char *text, size_t n, unsigned max_decimals, struct td_decimal *ret)
    TD_MUST_CHECK;

/* The same value with `decimals` digits, rounded by `mode` where digits are lost.
 * TD_E_RANGE when it doesn't fit; TD_E_INVALID when decimals is above TD_DECIMALS_MAX. */
int td_decimal_rescale(struct td_decimal value, unsigned decimals, enum td_round mode,
                       struct td_decimal *ret) TD_MUST_CHECK;

/* Negative, zero or positive as a is less than, equal to or greater than b. */
int td_decimal_compare(struct td_decimal a, struct td_decimal b);

/* Write the value with exactly its decimals ("1.50"), NUL-terminated; answer the length. */
size_t td_decimal_print(struct td_decimal value, char out[static TD_DECIMAL_TEXT]);

/* The same without trailing zeros after the point ("1.5", "2"). */
size_t td_decimal_print_short(struct td_decimal value, char out[static TD_DECIMAL_TEXT]);

/* num / den in lowest terms. den may be negative; zero is TD_E_INVALID. TD_E_RANGE when it doesn't
 * fit in lowest terms; likewise below. */
int td_fraction_make(int64_t num, int64_t den, struct td_fraction *ret) TD_MUST_CHECK;
int td_fraction_of_decimal(struct td_decimal value, struct td_fraction *ret) TD_MUST_CHECK;

int td_fraction_add(struct td_fraction a, struct td_fraction b, struct td_fraction *ret)
    TD_MUST_CHECK;
int td_fraction_multiply(struct td_fraction a, struct td_fraction b, struct td_fraction *ret)
    TD_MUST_CHECK;
int td_fraction_compare(struct td_fraction a, struct td_fraction b);

/* The decimal nearest to the fraction by `mode`. Errors as td_decimal_rescale. */
int td_fraction_round(struct td_fraction value, unsigned decimals, enum td_round mode,
                      struct td_decimal *ret) TD_MUST_CHECK;

/* Exactly: as a decimal without trailing zeros when struct td_decimal can hold it ("945.5"),
 * otherwise "a/b" in lowest terms ("6543/7"). NUL-terminated; answers the length. What it writes,
 * td_fraction_parse reads. */
size_t td_fraction_print(struct td_fraction value, char out[static TD_FRACTION_TEXT]);

/* Read "2/3", "0.3", "30%" or "30.5%" as a fraction; each may begin with '-'. Errors as
 * td_decimal_parse; a zero denominator, and a point or a sign where a quotient has none, is
 * TD_E_SYNTAX. */
int td_fraction_parse(const char *text, size_t n, struct td_fraction *ret) TD_MUST_CHECK;

#endif
