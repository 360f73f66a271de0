/*
 * Exact numbers: decimals and fractions.
 */
#include "thidua/decimal.h"

#include "random.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "base/banned.h"

#define MODES 4
#define MAX INT64_MAX
#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

static const enum td_round modes[MODES] = {
    TD_ROUND_HALF_UP,
    TD_ROUND_HALF_EVEN,
    TD_ROUND_DOWN,
    TD_ROUND_UP,
};

static void check_parse(const char *text, int64_t units, unsigned decimals)
{
    struct td_decimal got = {0};

    assert_int_equal(td_decimal_parse(text, strlen(text), TD_DECIMALS_MAX, &got), TD_OK);
    assert_true(got.units == units);
    assert_int_equal(got.decimals, decimals);
}

static void test_decimal__parse_reads_what_is_written(void **state)
{
    (void)state;
    check_parse("0", 0, 0);
    check_parse("12", 12, 0);
    check_parse("-12.50", -1250, 2);
    check_parse("0.5", 5, 1);
    check_parse("1.50", 150, 2);
    check_parse("-0", 0, 0);
    check_parse("-0.00", 0, 2);
    check_parse("007", 7, 0);
    check_parse("000000000000000000000000000000.1", 1, 1);
    check_parse("0.000000001", 1, 9);
    check_parse("-0.000000001", -1, 9);
    check_parse("9223372036854775807", MAX, 0);
    check_parse("-9223372036854775807", -MAX, 0);
    check_parse("9223372036.854775807", MAX, 9);
    check_parse("-9223372036.854775807", -MAX, 9);
}

static void test_decimal__parse_refuses_other_forms(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "",
        "-",
        ".",
        "-.",
        "1.",
        ".5",
        "-.5",
        "-1.",
        "+1",
        "1e3",
        "1E3",
        " 1",
        "1 ",
        "1 000",
        "1,5",
        "1.000,5",
        "--1",
        "1-",
        "1.-5",
        "1..5",
        "1.5.",
        "1.2.3",
        "0x10",
        "inf",
        "nan",
        "-nan",
        "1_000",
        "1%",
        "1/2",
        "a",
        "1a",
        "\xEF\xBC\x91",
        /* full-width 1 */ "\n1",
        "1\n",
        "\t1",
        "1.5\r",
        "- 1",
        "1. 5",
        "99999999999999999999x",
        "1.5555555555555x",
    };
    struct td_decimal got = {.units = 7};

    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        assert_int_equal(td_decimal_parse(texts[i], strlen(texts[i]), 2, &got), TD_E_SYNTAX);
    }
    assert_int_equal(td_decimal_parse(NULL, 0, 2, &got), TD_E_SYNTAX);
    assert_int_equal(td_decimal_parse("1\0", 2, 2, &got), TD_E_SYNTAX);
    assert_int_equal(td_decimal_parse("1\0002", 3, 2, &got), TD_E_SYNTAX);
    assert_int_equal(td_decimal_parse("\0", 1, 2, &got), TD_E_SYNTAX);
    assert_int_equal(got.units, 7);
}

static void test_decimal__parse_reads_n_bytes_only(void **state)
{
    (void)state;
    struct td_decimal got = {0};

    assert_int_equal(td_decimal_parse("12.345", 4, 9, &got), TD_OK);
    assert_int_equal(got.units, 123);
    assert_int_equal(got.decimals, 1);
    assert_int_equal(td_decimal_parse("12.345", 3, 9, &got), TD_E_SYNTAX);
}

static void test_decimal__parse_limits(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        unsigned max_decimals;
        int status;
    } cases[] = {
        {"1.5", 0, TD_E_DECIMALS},
        {"1.0", 0, TD_E_DECIMALS},
        {"1.55", 1, TD_E_DECIMALS},
        {"1.55", 2, TD_OK},
        {"0.1234567890", 9, TD_E_DECIMALS},
        {"0.1234567890", 200, TD_E_DECIMALS},
        {"0.123456789", 200, TD_OK},
        {"9223372036854775808", 0, TD_E_RANGE},
        {"-9223372036854775808", 0, TD_E_RANGE},
        {"9223372036.854775808", 9, TD_E_RANGE},
        {"922337203685477580.80", 9, TD_E_RANGE},
        {"92233720368547758070", 0, TD_E_RANGE},
        {"99999999999999999999999999999999999999999999", 0, TD_E_RANGE},
        {"18446744073709551616", 0, TD_E_RANGE}, /* 2^64 */
        {"18446744073709551617", 0, TD_E_RANGE},
        {"99999999999999999999.123", 2, TD_E_DECIMALS},
    };

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct td_decimal got = {.units = 7};
        assert_int_equal(
            td_decimal_parse(cases[i].text, strlen(cases[i].text), cases[i].max_decimals, &got),
            cases[i].status);
        if (cases[i].status != TD_OK) {
            assert_int_equal(got.units, 7);
        }
    }
}

static void check_print(int64_t units, uint8_t decimals, const char *full, const char *brief)
{
    struct td_decimal value = {.units = units, .decimals = decimals};
    char text[TD_DECIMAL_TEXT];

    assert_int_equal(td_decimal_print(value, text), strlen(full));
    assert_string_equal(text, full);
    assert_int_equal(td_decimal_print_short(value, text), strlen(brief));
    assert_string_equal(text, brief);
}

static void test_decimal__print(void **state)
{
    (void)state;
    check_print(0, 0, "0", "0");
    check_print(0, 3, "0.000", "0");
    check_print(150, 2, "1.50", "1.5");
    check_print(200, 2, "2.00", "2");
    check_print(-200, 2, "-2.00", "-2");
    check_print(100, 0, "100", "100");
    check_print(5, 1, "0.5", "0.5");
    check_print(-5, 1, "-0.5", "-0.5");
    check_print(-5, 3, "-0.005", "-0.005");
    check_print(1000, 3, "1.000", "1");
    check_print(10, 1, "1.0", "1");
    check_print(MAX, 0, "9223372036854775807", "9223372036854775807");
    check_print(-MAX, 9, "-9223372036.854775807", "-9223372036.854775807");
}

static void test_decimal__print_and_parse_are_inverse(void **state)
{
    (void)state;
    uint64_t seed = 1;

    for (int i = 0; i < 200000; i++) {
        struct td_decimal value = {
            .units = random_number(&seed),
            .decimals = (uint8_t)(random_next(&seed) % (TD_DECIMALS_MAX + 1)),
        };
        struct td_decimal got = {0};
        char text[TD_DECIMAL_TEXT];

        size_t n = td_decimal_print(value, text);
        assert_int_equal(strlen(text), n);
        assert_int_equal(td_decimal_parse(text, n, value.decimals, &got), TD_OK);
        assert_true(got.units == value.units);
        assert_int_equal(got.decimals, value.decimals);
        n = td_decimal_print_short(value, text);
        assert_int_equal(td_decimal_parse(text, n, value.decimals, &got), TD_OK);
        assert_int_equal(td_decimal_compare(got, value), 0);
    }
}

static void test_decimal__rescale_rounds_by_mode(void **state)
{
    (void)state;
    static const struct {
        int64_t units; /* with two decimals, to one */
        int64_t expected[MODES];
    } cases[] = {
        {110, {11, 11, 11, 11}}, {111, {11, 11, 11, 12}}, {114, {11, 11, 11, 12}},
        {115, {12, 12, 11, 12}}, {125, {13, 12, 12, 13}}, {116, {12, 12, 11, 12}},
        {5, {1, 0, 0, 1}},       {15, {2, 2, 1, 2}},      {1, {0, 0, 0, 1}},
        {0, {0, 0, 0, 0}},
    };

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        for (size_t m = 0; m < MODES; m++) {
            struct td_decimal value = {.units = cases[i].units, .decimals = 2};
            struct td_decimal got = {0};

            assert_int_equal(td_decimal_rescale(value, 1, modes[m], &got), TD_OK);
            assert_int_equal(got.units, cases[i].expected[m]);
            assert_int_equal(got.decimals, 1);
            value.units = -value.units;
            assert_int_equal(td_decimal_rescale(value, 1, modes[m], &got), TD_OK);
            assert_int_equal(got.units, -cases[i].expected[m]);
        }
    }
}

static void test_decimal__rescale_limits(void **state)
{
    (void)state;
    struct td_decimal got = {.units = 7, .decimals = 3};
    struct td_decimal largest = {.units = MAX, .decimals = 0};

    assert_int_equal(td_decimal_rescale(largest, 0, TD_ROUND_UP, &got), TD_OK);
    assert_true(got.units == MAX);
    got.units = 7;
    assert_int_equal(td_decimal_rescale(largest, 1, TD_ROUND_UP, &got), TD_E_RANGE);
    largest.units = MAX / 10;
    assert_int_equal(td_decimal_rescale(largest, 2, TD_ROUND_UP, &got), TD_E_RANGE);
    assert_int_equal(got.units, 7);
    assert_int_equal(td_decimal_rescale(largest, 1, TD_ROUND_UP, &got), TD_OK);
    assert_true(got.units == MAX / 10 * 10);
    largest = (struct td_decimal){.units = -MAX, .decimals = 9};
    assert_int_equal(td_decimal_rescale(largest, 0, TD_ROUND_UP, &got), TD_OK);
    assert_true(got.units == INT64_C(-9223372037));
    assert_int_equal(td_decimal_rescale(largest, 10, TD_ROUND_UP, &got), TD_E_INVALID);
}

static void test_decimal__rescale_keeps_the_value_upward(void **state)
{
    (void)state;
    uint64_t seed = 3;

    for (int i = 0; i < 100000; i++) {
        struct td_decimal value = {
            .units = random_number(&seed),
            .decimals = (uint8_t)(random_next(&seed) % (TD_DECIMALS_MAX + 1)),
        };
        unsigned decimals = (unsigned)(random_next(&seed) % (TD_DECIMALS_MAX + 1));
        enum td_round mode = modes[random_next(&seed) % MODES];
        struct td_decimal there = {0};
        struct td_decimal back = {0};

        if (td_decimal_rescale(value, decimals, mode, &there) != TD_OK) {
            assert_true(decimals > value.decimals);
            continue;
        }
        if (decimals >= value.decimals) {
            assert_int_equal(td_decimal_compare(there, value), 0);
            assert_int_equal(td_decimal_rescale(there, value.decimals, mode, &back), TD_OK);
            assert_true(back.units == value.units);
        }
        /* Down and up enclose the value. */
        struct td_decimal down = {0};
        struct td_decimal up = {0};
        assert_int_equal(td_decimal_rescale(value, decimals, TD_ROUND_DOWN, &down), TD_OK);
        assert_int_equal(td_decimal_rescale(value, decimals, TD_ROUND_UP, &up), TD_OK);
        int sign = value.units < 0 ? -1 : 1;
        assert_true(td_decimal_compare(down, value) * sign <= 0);
        assert_true(td_decimal_compare(up, value) * sign >= 0);
        assert_true(up.units * sign - down.units * sign <= 1);
        assert_true(there.units == up.units || there.units == down.units);
    }
}

static void test_decimal__compare_is_by_value(void **state)
{
    (void)state;
    struct td_decimal a = {.units = 15, .decimals = 1};
    struct td_decimal b = {.units = 150, .decimals = 2};
    struct td_decimal c = {.units = 151, .decimals = 2};
    struct td_decimal largest = {.units = MAX, .decimals = 0};
    struct td_decimal finest = {.units = MAX, .decimals = 9};
    struct td_decimal least = {.units = -MAX, .decimals = 0};

    assert_int_equal(td_decimal_compare(a, b), 0);
    assert_true(td_decimal_compare(a, c) < 0);
    assert_true(td_decimal_compare(c, a) > 0);
    assert_true(td_decimal_compare(b, c) < 0);
    assert_true(td_decimal_compare(largest, finest) > 0);
    assert_true(td_decimal_compare(least, finest) < 0);
    assert_int_equal(td_decimal_compare(largest, largest), 0);
}

static void check_fraction(struct td_fraction got, int64_t num, int64_t den)
{
    assert_true(got.num == num);
    assert_true(got.den == den);
}

static void test_fraction__make_is_in_lowest_terms(void **state)
{
    (void)state;
    static const struct {
        int64_t num, den, expected_num, expected_den;
    } cases[] = {
        {1, 2, 1, 2},
        {2, 4, 1, 2},
        {-2, 4, -1, 2},
        {2, -4, -1, 2},
        {-2, -4, 1, 2},
        {0, 5, 0, 1},
        {0, -5, 0, 1},
        {6543, 7, 6543, 7},
        {30, 100, 3, 10},
        {MAX, MAX, 1, 1},
        {-MAX, 1, -MAX, 1},
        {1, -MAX, -1, MAX},
        {INT64_MIN, 2, INT64_MIN / 2, 1},
        {INT64_MIN, INT64_MIN, 1, 1},
        {2, INT64_MIN, -1, INT64_C(1) << 62},
        {0, INT64_MIN, 0, 1},
    };
    struct td_fraction got = {0};

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        assert_int_equal(td_fraction_make(cases[i].num, cases[i].den, &got), TD_OK);
        check_fraction(got, cases[i].expected_num, cases[i].expected_den);
    }
    got = (struct td_fraction){.num = 7, .den = 3};
    assert_int_equal(td_fraction_make(1, 0, &got), TD_E_INVALID);
    assert_int_equal(td_fraction_make(INT64_MIN, 1, &got), TD_E_RANGE);
    assert_int_equal(td_fraction_make(INT64_MIN, -3, &got), TD_E_RANGE);
    assert_int_equal(td_fraction_make(1, INT64_MIN, &got), TD_E_RANGE);
    check_fraction(got, 7, 3);
}

static void test_fraction__of_decimal(void **state)
{
    (void)state;
    struct td_fraction got = {0};

    assert_int_equal(td_fraction_of_decimal((struct td_decimal){945543, 3}, &got), TD_OK);
    check_fraction(got, 945543, 1000);
    assert_int_equal(td_fraction_of_decimal((struct td_decimal){-150, 2}, &got), TD_OK);
    check_fraction(got, -3, 2);
    assert_int_equal(td_fraction_of_decimal((struct td_decimal){0, 9}, &got), TD_OK);
    check_fraction(got, 0, 1);
    assert_int_equal(td_fraction_of_decimal((struct td_decimal){1, 10}, &got), TD_E_INVALID);
}

static void test_fraction__add_and_multiply(void **state)
{
    (void)state;
    struct td_fraction third = {1, 3};
    struct td_fraction sixth = {1, 6};
    struct td_fraction minus_half = {-1, 2};
    struct td_fraction got = {0};

    assert_int_equal(td_fraction_add(third, sixth, &got), TD_OK);
    check_fraction(got, 1, 2);
    assert_int_equal(td_fraction_add(got, minus_half, &got), TD_OK);
    check_fraction(got, 0, 1);
    assert_int_equal(
        td_fraction_add((struct td_fraction){1, 10}, (struct td_fraction){1, 15}, &got), TD_OK);
    check_fraction(got, 1, 6);
    assert_int_equal(td_fraction_multiply(third, minus_half, &got), TD_OK);
    check_fraction(got, -1, 6);
    assert_int_equal(
        td_fraction_multiply((struct td_fraction){0, 1}, (struct td_fraction){-5, 7}, &got), TD_OK);
    check_fraction(got, 0, 1);
    assert_int_equal(
        td_fraction_multiply((struct td_fraction){-MAX, 3}, (struct td_fraction){3, MAX}, &got),
        TD_OK);
    check_fraction(got, -1, 1);
}

static void test_fraction__overflow_is_refused(void **state)
{
    (void)state;
    struct td_fraction largest = {MAX, 1};
    struct td_fraction least = {-MAX, 1};
    struct td_fraction finest = {1, MAX};
    struct td_fraction one = {1, 1};
    struct td_fraction got = {7, 3};

    assert_int_equal(td_fraction_add(largest, one, &got), TD_E_RANGE);
    assert_int_equal(td_fraction_add(least, (struct td_fraction){-1, 1}, &got), TD_E_RANGE);
    assert_int_equal(td_fraction_add(finest, (struct td_fraction){1, MAX - 1}, &got), TD_E_RANGE);
    assert_int_equal(td_fraction_add(least, (struct td_fraction){-MAX, MAX - 1}, &got), TD_E_RANGE);
    assert_int_equal(td_fraction_multiply(largest, (struct td_fraction){2, 1}, &got), TD_E_RANGE);
    assert_int_equal(td_fraction_multiply(finest, (struct td_fraction){1, 2}, &got), TD_E_RANGE);
    /* -2^63 fits the type, but is no fraction's. */
    assert_int_equal(td_fraction_multiply((struct td_fraction){-(INT64_C(1) << 32), 1},
                                          (struct td_fraction){INT64_C(1) << 31, 1}, &got),
                     TD_E_RANGE);
    check_fraction(got, 7, 3);

    assert_int_equal(td_fraction_add(largest, least, &got), TD_OK);
    check_fraction(got, 0, 1);
    assert_int_equal(td_fraction_add(finest, finest, &got), TD_OK);
    check_fraction(got, 2, MAX);
}

static void test_fraction__sums_agree_with_small_arithmetic(void **state)
{
    (void)state;
    uint64_t seed = 4;

    for (int i = 0; i < 100000; i++) {
        int64_t an = random_number(&seed) % 30000;
        int64_t ad = 1 + (int64_t)(random_next(&seed) % 30000);
        int64_t bn = random_number(&seed) % 30000;
        int64_t bd = 1 + (int64_t)(random_next(&seed) % 30000);
        struct td_fraction a = {0};
        struct td_fraction b = {0};
        struct td_fraction got = {0};
        struct td_fraction expected = {0};

        assert_int_equal(td_fraction_make(an, ad, &a), TD_OK);
        assert_int_equal(td_fraction_make(bn, bd, &b), TD_OK);
        assert_int_equal(td_fraction_add(a, b, &got), TD_OK);
        assert_int_equal(td_fraction_make(an * bd + bn * ad, ad * bd, &expected), TD_OK);
        check_fraction(got, expected.num, expected.den);
        assert_int_equal(td_fraction_multiply(a, b, &got), TD_OK);
        assert_int_equal(td_fraction_make(an * bn, ad * bd, &expected), TD_OK);
        check_fraction(got, expected.num, expected.den);
        int64_t difference = an * bd - bn * ad;
        assert_int_equal(td_fraction_compare(a, b), (difference > 0) - (difference < 0));
    }
}

static void test_fraction__sums_of_large_ones_can_be_taken_back(void **state)
{
    (void)state;
    uint64_t seed = 5;
    int sums = 0;

    for (int i = 0; i < 100000; i++) {
        struct td_fraction a = {0};
        struct td_fraction b = {0};
        struct td_fraction sum = {0};
        int64_t ad = random_number(&seed);
        int64_t bd = random_number(&seed);

        if (ad == 0 || bd == 0 || td_fraction_make(random_number(&seed), ad, &a) != TD_OK ||
            td_fraction_make(random_number(&seed), bd, &b) != TD_OK ||
            td_fraction_add(a, b, &sum) != TD_OK) {
            continue;
        }
        struct td_fraction lowest = {0};
        assert_int_equal(td_fraction_make(sum.num, sum.den, &lowest), TD_OK);
        check_fraction(lowest, sum.num, sum.den);
        struct td_fraction back = {0};
        b.num = -b.num;
        assert_int_equal(td_fraction_add(sum, b, &back), TD_OK);
        check_fraction(back, a.num, a.den);
        sums++;
    }
    assert_true(sums > 10000);
}

static void test_fraction__compare_at_the_edges(void **state)
{
    (void)state;
    struct td_fraction a = {MAX, MAX - 1};
    struct td_fraction b = {MAX - 1, MAX - 2};

    assert_true(td_fraction_compare(a, b) < 0);
    assert_true(td_fraction_compare(b, a) > 0);
    assert_int_equal(td_fraction_compare(a, a), 0);
    a.num = -a.num;
    b.num = -b.num;
    assert_true(td_fraction_compare(a, b) > 0);
}

static void test_fraction__round_by_mode(void **state)
{
    (void)state;
    static const struct {
        int64_t num, den;
        unsigned decimals;
        int64_t expected[MODES];
    } cases[] = {
        {6543, 7, 2, {93471, 93471, 93471, 93472}}, /* 934.714285... */
        {2, 3, 0, {1, 1, 0, 1}},
        {1, 3, 1, {3, 3, 3, 4}},
        {1, 8, 2, {13, 12, 12, 13}}, /* 0.125 */
        {3, 8, 2, {38, 38, 37, 38}}, /* 0.375 */
        {1, 2, 0, {1, 0, 0, 1}},
        {3, 2, 0, {2, 2, 1, 2}},
        {5, 1, 3, {5000, 5000, 5000, 5000}},
        {MAX, 1, 0, {MAX, MAX, MAX, MAX}},
        {MAX, 2, 0, {MAX / 2 + 1, MAX / 2 + 1, MAX / 2, MAX / 2 + 1}},
        {1, MAX, 9, {0, 0, 0, 1}},
    };

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        for (size_t m = 0; m < MODES; m++) {
            struct td_fraction value = {cases[i].num, cases[i].den};
            struct td_decimal got = {0};

            assert_int_equal(td_fraction_round(value, cases[i].decimals, modes[m], &got), TD_OK);
            assert_true(got.units == cases[i].expected[m]);
            assert_int_equal(got.decimals, cases[i].decimals);
            value.num = -value.num;
            assert_int_equal(td_fraction_round(value, cases[i].decimals, modes[m], &got), TD_OK);
            assert_true(got.units == -cases[i].expected[m]);
        }
    }
    struct td_decimal got = {.units = 7};
    struct td_fraction largest = {MAX, 1};
    assert_int_equal(td_fraction_round(largest, 1, TD_ROUND_DOWN, &got), TD_E_RANGE);
    assert_int_equal(td_fraction_round(largest, 10, TD_ROUND_DOWN, &got), TD_E_INVALID);
    assert_int_equal(td_fraction_round((struct td_fraction){0}, 1, TD_ROUND_DOWN, &got),
                     TD_E_INVALID);
    assert_int_equal(got.units, 7);
}

static void test_fraction__print_is_exact(void **state)
{
    (void)state;
    static const struct {
        int64_t num, den;
        const char *text;
    } cases[] = {
        {0, 1, "0"},
        {5, 1, "5"},
        {-5, 1, "-5"},
        {1891, 2, "945.5"},
        {6543, 7, "6543/7"},
        {-2, 3, "-2/3"},
        {3, 10, "0.3"},
        {-1, 8, "-0.125"},
        {1, 512, "0.001953125"},
        {1, 1024, "1/1024"}, /* ten digits */
        {1, 1000000000, "0.000000001"},
        {1, INT64_C(10000000000), "1/10000000000"},
        {1, 1953125, "0.000000512"},
        {1, 9765625, "1/9765625"},
        {MAX, 1, "9223372036854775807"},
        {-MAX, 3, "-9223372036854775807/3"},
        {MAX - 1, MAX, "9223372036854775806/9223372036854775807"},
        {-MAX, MAX - 1, "-9223372036854775807/9223372036854775806"},
        /* These end, but not within 63 bits. */
        {MAX, 2, "9223372036854775807/2"},
        {-(INT64_C(1) << 62), 5, "-4611686018427387904/5"},
    };

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct td_fraction value = {cases[i].num, cases[i].den};
        struct td_fraction back = {0};
        char text[TD_FRACTION_TEXT];

        size_t n = td_fraction_print(value, text);
        assert_string_equal(text, cases[i].text);
        assert_int_equal(n, strlen(text));
        assert_int_equal(td_fraction_parse(text, n, &back), TD_OK);
        check_fraction(back, cases[i].num, cases[i].den);
    }
}

static void test_fraction__print_and_parse_are_inverse(void **state)
{
    (void)state;
    uint64_t seed = 6;

    for (int i = 0; i < 200000; i++) {
        struct td_fraction value = {0};
        struct td_fraction back = {0};
        char text[TD_FRACTION_TEXT];
        int64_t den = random_number(&seed);
        if (i % 2 == 0) {
            /* As decimals and means over some sheets are. */
            den = (int64_t[]){1, 2, 10, 100, 1000, 3, 7, 512, 1000000000, 12}[i / 2 % 10];
        }
        if (den == 0) {
            continue;
        }

        assert_int_equal(td_fraction_make(random_number(&seed), den, &value), TD_OK);
        size_t n = td_fraction_print(value, text);
        assert_int_equal(strlen(text), n);
        assert_int_equal(td_fraction_parse(text, n, &back), TD_OK);
        check_fraction(back, value.num, value.den);
    }
}

static void test_fraction__parse(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int status;
        int64_t num, den;
    } cases[] = {
        {"2/3", TD_OK, 2, 3},
        {"4/6", TD_OK, 2, 3},
        {"-2/3", TD_OK, -2, 3},
        {"0/3", TD_OK, 0, 1},
        {"-0/3", TD_OK, 0, 1},
        {"0.3", TD_OK, 3, 10},
        {"30%", TD_OK, 3, 10},
        {"30.5%", TD_OK, 61, 200},
        {"100%", TD_OK, 1, 1},
        {"-5%", TD_OK, -1, 20},
        {"0.000000001%", TD_OK, 1, INT64_C(100000000000)},
        {"9223372036854775807%", TD_OK, MAX, 100},
        {"9223372036854775807/9223372036854775807", TD_OK, 1, 1},
        {"", TD_E_SYNTAX, 0, 0},
        {"%", TD_E_SYNTAX, 0, 0},
        {"/", TD_E_SYNTAX, 0, 0},
        {"2/", TD_E_SYNTAX, 0, 0},
        {"/3", TD_E_SYNTAX, 0, 0},
        {"2/0", TD_E_SYNTAX, 0, 0},
        {"0/0", TD_E_SYNTAX, 0, 0},
        {"2/00", TD_E_SYNTAX, 0, 0},
        {"2/-3", TD_E_SYNTAX, 0, 0},
        {"2/-0", TD_E_SYNTAX, 0, 0},
        {"2/3/4", TD_E_SYNTAX, 0, 0},
        {"2.0/3", TD_E_SYNTAX, 0, 0},
        {"2/3.0", TD_E_SYNTAX, 0, 0},
        {"2/3%", TD_E_SYNTAX, 0, 0},
        {"2 / 3", TD_E_SYNTAX, 0, 0},
        {"30 %", TD_E_SYNTAX, 0, 0},
        {"30%%", TD_E_SYNTAX, 0, 0},
        {"%30", TD_E_SYNTAX, 0, 0},
        {"30%\n", TD_E_SYNTAX, 0, 0},
        {"1,5", TD_E_SYNTAX, 0, 0},
        {"99999999999999999999/x", TD_E_SYNTAX, 0, 0},
        {"0.1234567891", TD_E_DECIMALS, 0, 0},
        {"0.1234567891%", TD_E_DECIMALS, 0, 0},
        {"9223372036854775808/2", TD_E_RANGE, 0, 0},
        {"2/9223372036854775808", TD_E_RANGE, 0, 0},
        {"9223372036854775808%", TD_E_RANGE, 0, 0},
    };

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct td_fraction got = {0};
        assert_int_equal(td_fraction_parse(cases[i].text, strlen(cases[i].text), &got),
                         cases[i].status);
        check_fraction(got, cases[i].num, cases[i].den);
    }
    struct td_fraction got = {0};
    assert_int_equal(td_fraction_parse(NULL, 0, &got), TD_E_SYNTAX);
    assert_int_equal(td_fraction_parse("2/3\0", 4, &got), TD_E_SYNTAX);
    assert_int_equal(td_fraction_parse("2/34", 3, &got), TD_OK);
    check_fraction(got, 2, 3);
    assert_int_equal(td_fraction_parse("2/34", 2, &got), TD_E_SYNTAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_decimal__parse_reads_what_is_written),
        cmocka_unit_test(test_decimal__parse_refuses_other_forms),
        cmocka_unit_test(test_decimal__parse_reads_n_bytes_only),
        cmocka_unit_test(test_decimal__parse_limits),
        cmocka_unit_test(test_decimal__print),
        cmocka_unit_test(test_decimal__print_and_parse_are_inverse),
        cmocka_unit_test(test_decimal__rescale_rounds_by_mode),
        cmocka_unit_test(test_decimal__rescale_limits),
        cmocka_unit_test(test_decimal__rescale_keeps_the_value_upward),
        cmocka_unit_test(test_decimal__compare_is_by_value),
        cmocka_unit_test(test_fraction__make_is_in_lowest_terms),
        cmocka_unit_test(test_fraction__of_decimal),
        cmocka_unit_test(test_fraction__add_and_multiply),
        cmocka_unit_test(test_fraction__overflow_is_refused),
        cmocka_unit_test(test_fraction__sums_agree_with_small_arithmetic),
        cmocka_unit_test(test_fraction__sums_of_large_ones_can_be_taken_back),
        cmocka_unit_test(test_fraction__compare_at_the_edges),
        cmocka_unit_test(test_fraction__round_by_mode),
        cmocka_unit_test(test_fraction__print_is_exact),
        cmocka_unit_test(test_fraction__print_and_parse_are_inverse),
        cmocka_unit_test(test_fraction__parse),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
