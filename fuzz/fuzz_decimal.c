/*
 * Any bytes as a decimal and as a fraction: what is read must print, and read again as the same;
 * rescaling must keep its promises.
 */
#include "thidua/decimal.h"

#include <stdlib.h>
#include <string.h>

#include "base/banned.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Not assert, which a build may leave out. */
static void require(bool holds)
{
    if (!holds) {
        abort();
    }
}

static void check_rescale(struct td_decimal value, unsigned decimals)
{
    struct td_decimal down = {0};
    struct td_decimal up = {0};
    struct td_decimal half_up = {0};
    struct td_decimal half_even = {0};

    int status = td_decimal_rescale(value, decimals, TD_ROUND_DOWN, &down);
    if (status != TD_OK) {
        require(status == TD_E_RANGE && decimals > value.decimals);
        return;
    }
    require(td_decimal_rescale(value, decimals, TD_ROUND_UP, &up) == TD_OK);
    require(td_decimal_rescale(value, decimals, TD_ROUND_HALF_UP, &half_up) == TD_OK);
    require(td_decimal_rescale(value, decimals, TD_ROUND_HALF_EVEN, &half_even) == TD_OK);

    int sign = value.units < 0 ? -1 : 1;
    bool exact = td_decimal_compare(down, value) == 0;
    require(down.decimals == decimals && up.decimals == decimals);
    require(td_decimal_compare(down, value) * sign <= 0);
    require(td_decimal_compare(up, value) * sign >= 0);
    require(up.units - down.units == (exact ? 0 : sign));
    require(half_up.units == down.units || half_up.units == up.units);
    require(half_even.units == half_up.units || half_even.units == down.units);
    require(decimals < value.decimals || exact);

    /* The same rounding by way of a fraction. */
    struct td_fraction fraction = {0};
    struct td_decimal rounded = {0};
    require(td_fraction_of_decimal(value, &fraction) == TD_OK);
    require(td_fraction_round(fraction, decimals, TD_ROUND_HALF_EVEN, &rounded) == TD_OK);
    require(rounded.units == half_even.units && rounded.decimals == decimals);
}

static void check_decimal(const char *text, size_t n)
{
    struct td_decimal value = {0};
    struct td_decimal again = {0};
    char printed[TD_DECIMAL_TEXT];

    if (td_decimal_parse(text, n, TD_DECIMALS_MAX, &value) != TD_OK) {
        return;
    }
    require(value.units != INT64_MIN && value.decimals <= TD_DECIMALS_MAX);
    size_t length = td_decimal_print(value, printed);
    require(length < TD_DECIMAL_TEXT && strlen(printed) == length);
    require(td_decimal_parse(printed, length, value.decimals, &again) == TD_OK);
    require(again.units == value.units && again.decimals == value.decimals);

    length = td_decimal_print_short(value, printed);
    require(length < TD_DECIMAL_TEXT && strlen(printed) == length);
    require(td_decimal_parse(printed, length, value.decimals, &again) == TD_OK);
    require(td_decimal_compare(again, value) == 0);

    for (unsigned decimals = 0; decimals <= TD_DECIMALS_MAX; decimals++) {
        check_rescale(value, decimals);
    }
}

static void check_fraction(const char *text, size_t n)
{
    struct td_fraction value = {0};
    struct td_fraction again = {0};
    char printed[TD_FRACTION_TEXT];

    if (td_fraction_parse(text, n, &value) != TD_OK) {
        return;
    }
    require(value.num != INT64_MIN && value.den > 0);
    require(td_fraction_make(value.num, value.den, &again) == TD_OK);
    require(again.num == value.num && again.den == value.den);

    size_t length = td_fraction_print(value, printed);
    require(length < TD_FRACTION_TEXT && strlen(printed) == length);
    require(td_fraction_parse(printed, length, &again) == TD_OK);
    require(again.num == value.num && again.den == value.den);
    require(td_fraction_compare(again, value) == 0);

    struct td_fraction sum = {0};
    if (td_fraction_add(value, value, &sum) == TD_OK) {
        struct td_fraction minus = {.num = -value.num, .den = value.den};
        require(td_fraction_add(sum, minus, &again) == TD_OK);
        require(again.num == value.num && again.den == value.den);
    }
    struct td_fraction square = {0};
    if (td_fraction_multiply(value, value, &square) == TD_OK) {
        require(square.num >= 0);
    }
    struct td_decimal rounded = {0};
    int status = td_fraction_round(value, TD_DECIMALS_MAX, TD_ROUND_HALF_UP, &rounded);
    require(status == TD_OK || status == TD_E_RANGE);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    check_decimal((const char *)data, size);
    check_fraction((const char *)data, size);
    return 0;
}
