/*
 * Arithmetic wider than 64 bits.
 */
#include "base/wide.h"

#include "random.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/banned.h"

#define MODES 4

static void test_wide__power_of_ten(void **state)
{
    (void)state;
    int64_t power = 1;

    for (unsigned n = 0; n <= WIDE_POWER_MAX; n++) {
        assert_true(wide_power_of_ten(n) == power);
        power = n < WIDE_POWER_MAX ? power * 10 : power;
    }
    assert_true(power > INT64_MAX / 10);
}

static void test_wide__magnitude_of_the_least_number(void **state)
{
    (void)state;
    assert_true(wide_magnitude(INT64_MIN) == UINT64_C(1) << 63);
    assert_true(wide_magnitude(-1) == 1);
    assert_true(wide_magnitude(0) == 0);
    assert_true(wide_magnitude(INT64_MAX) == (uint64_t)INT64_MAX);
}

static void test_wide__divide_rounds_by_mode_and_symmetrically(void **state)
{
    (void)state;
    static const struct {
        int num;
        int den;
        int expected[MODES]; /* half up, half even, down, up */
    } cases[] = {
        {0, 7, {0, 0, 0, 0}},  {6, 3, {2, 2, 2, 2}},  {1, 4, {0, 0, 0, 1}}, {1, 2, {1, 0, 0, 1}},
        {3, 4, {1, 1, 0, 1}},  {3, 2, {2, 2, 1, 2}},  {5, 2, {3, 2, 2, 3}}, {7, 2, {4, 4, 3, 4}},
        {5, 3, {2, 2, 1, 2}},  {4, 3, {1, 1, 1, 2}},  {1, 3, {0, 0, 0, 1}}, {2, 3, {1, 1, 0, 1}},
        {10, 4, {3, 2, 2, 3}}, {14, 4, {4, 4, 3, 4}}, {1, 1, {1, 1, 1, 1}},
    };
    static const enum td_round modes[MODES] = {
        TD_ROUND_HALF_UP,
        TD_ROUND_HALF_EVEN,
        TD_ROUND_DOWN,
        TD_ROUND_UP,
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        for (size_t m = 0; m < MODES; m++) {
            int64_t got = 99;
            int expected = cases[i].expected[m];

            assert_int_equal(wide_divide(cases[i].num, cases[i].den, modes[m], &got), TD_OK);
            assert_int_equal(got, expected);
            assert_int_equal(wide_divide(-cases[i].num, cases[i].den, modes[m], &got), TD_OK);
            assert_int_equal(got, -expected);
            assert_int_equal(wide_divide(cases[i].num, -cases[i].den, modes[m], &got), TD_OK);
            assert_int_equal(got, -expected);
            assert_int_equal(wide_divide(-cases[i].num, -cases[i].den, modes[m], &got), TD_OK);
            assert_int_equal(got, expected);
            /* The same beyond 64 bits. */
            wide_int num = wide_product(cases[i].num, INT64_MAX);
            wide_int den = wide_product(cases[i].den, INT64_MAX);
            assert_int_equal(wide_divide(num, den, modes[m], &got), TD_OK);
            assert_int_equal(got, expected);
            assert_int_equal(wide_divide(-num, den, modes[m], &got), TD_OK);
            assert_int_equal(got, -expected);
        }
    }
}

static void test_wide__divide_at_the_edges(void **state)
{
    (void)state;
    int64_t got = 7;

    assert_int_equal(wide_divide(INT64_MAX, 1, TD_ROUND_DOWN, &got), TD_OK);
    assert_true(got == INT64_MAX);
    assert_int_equal(wide_divide(INT64_MAX, -1, TD_ROUND_DOWN, &got), TD_OK);
    assert_true(got == -INT64_MAX);
    assert_int_equal(wide_divide(INT64_MIN, 2, TD_ROUND_DOWN, &got), TD_OK);
    assert_true(got == INT64_MIN / 2);

    got = 7;
    assert_int_equal(wide_divide(INT64_MIN, 1, TD_ROUND_DOWN, &got), TD_E_RANGE);
    assert_int_equal(wide_divide(INT64_MIN, -1, TD_ROUND_DOWN, &got), TD_E_RANGE);
    assert_int_equal(wide_divide((wide_int)INT64_MAX + 1, 1, TD_ROUND_DOWN, &got), TD_E_RANGE);
    assert_int_equal(got, 7);

    /* Twice the greatest number and one: half of it lies a half above what can be held. */
    wide_int twice = wide_product(INT64_MAX, 2) + 1;
    assert_int_equal(wide_divide(twice, 2, TD_ROUND_HALF_UP, &got), TD_E_RANGE);
    assert_int_equal(wide_divide(twice, 2, TD_ROUND_HALF_EVEN, &got), TD_E_RANGE);
    assert_int_equal(wide_divide(-twice, 2, TD_ROUND_UP, &got), TD_E_RANGE);
    assert_int_equal(got, 7);
    assert_int_equal(wide_divide(twice, 2, TD_ROUND_DOWN, &got), TD_OK);
    assert_true(got == INT64_MAX);

    /* The least number of 128 bits has no positive counterpart. */
    wide_int least = (wide_int)((wide_uint)1 << 127);
    assert_int_equal(wide_divide(least, least, TD_ROUND_DOWN, &got), TD_OK);
    assert_int_equal(got, 1);
    assert_int_equal(wide_divide(least, -1, TD_ROUND_DOWN, &got), TD_E_RANGE);
    assert_int_equal(wide_divide(1, least, TD_ROUND_UP, &got), TD_OK);
    assert_int_equal(got, -1);
}

static void test_wide__divide_undoes_product(void **state)
{
    (void)state;
    uint64_t seed = 1;

    for (int i = 0; i < 200000; i++) {
        int64_t a = random_number(&seed);
        int64_t b = random_number(&seed);
        int64_t got = 0;
        if (b == 0) {
            continue;
        }
        for (int mode = TD_ROUND_HALF_UP; mode <= TD_ROUND_UP; mode++) {
            assert_int_equal(wide_divide(wide_product(a, b), b, (enum td_round)mode, &got), TD_OK);
            assert_true(got == a);
        }
        /* The short and the long way agree. */
        int64_t shorter = 0;
        int64_t longer = 0;
        assert_int_equal(wide_divide(a, b, TD_ROUND_HALF_EVEN, &shorter), TD_OK);
        assert_int_equal(wide_divide_long(a, b, TD_ROUND_HALF_EVEN, &longer), TD_OK);
        assert_true(shorter == longer);
    }
}

static void test_wide__compare_products(void **state)
{
    (void)state;
    assert_true(wide_compare_products(2, 3, 6, 1) == 0);
    assert_true(wide_compare_products(2, 3, 7, 1) < 0);
    assert_true(wide_compare_products(-2, 3, -7, 1) > 0);
    assert_true(wide_compare_products(INT64_MAX, INT64_MAX, INT64_MAX, INT64_MAX - 1) > 0);
    assert_true(wide_compare_products(INT64_MIN, INT64_MIN, INT64_MAX, INT64_MAX) > 0);
    assert_true(wide_compare_products(INT64_MIN, INT64_MAX, 0, 0) < 0);
}

static void test_wide__gcd_agrees_with_euclid(void **state)
{
    (void)state;
    uint64_t seed = 2;

    assert_true(wide_gcd(0, 0) == 0);
    assert_true(wide_gcd(0, 12) == 12);
    assert_true(wide_gcd(12, 0) == 12);
    assert_true(wide_gcd(12, 18) == 6);
    assert_true(wide_gcd(UINT64_MAX, UINT64_MAX) == UINT64_MAX);
    assert_true(wide_gcd(UINT64_C(1) << 63, UINT64_C(1) << 62) == UINT64_C(1) << 62);
    for (int i = 0; i < 50000; i++) {
        uint64_t a = random_next(&seed) >> random_next(&seed) % 64;
        uint64_t b = random_next(&seed) >> random_next(&seed) % 64;
        uint64_t x = a;
        uint64_t y = b;
        while (y != 0) {
            uint64_t rest = x % y;
            x = y;
            y = rest;
        }
        assert_true(wide_gcd(a, b) == x);
    }
}

/* Dividing by an inverse gives what dividing gives: numbers beside every multiple and half, small
 * and large divisors, all modes. */
static void test_wide__divide_by_agrees_with_divide(void **state)
{
    (void)state;
    static const enum td_round modes[MODES] = {TD_ROUND_HALF_UP, TD_ROUND_HALF_EVEN, TD_ROUND_DOWN,
                                               TD_ROUND_UP};
    uint64_t seed = 3;

    for (int i = 0; i < 20000; i++) {
        uint64_t divisor = 1 + (random_next(&seed) >> (2 + random_next(&seed) % 62));
        uint64_t room = (UINT64_C(1) << 63) - 1 - divisor;
        uint64_t base = random_next(&seed) % (room / divisor + 1) * divisor;
        const uint64_t numbers[] = {0,
                                    1,
                                    base,
                                    base + 1,
                                    base + divisor / 2,
                                    base + (divisor + 1) / 2,
                                    base - 1,
                                    base + divisor / 2 - 1,
                                    random_next(&seed) % room};
        for (size_t k = 0; k < sizeof(numbers) / sizeof(numbers[0]); k++) {
            for (int m = 0; numbers[k] < room && m < MODES; m++) {
                struct wide_divisor by = wide_divisor(divisor, modes[m]);
                int64_t wanted = -1;
                assert_int_equal(
                    wide_divide((wide_int)numbers[k], (wide_int)divisor, modes[m], &wanted), TD_OK);
                assert_true(wide_divide_by(&by, numbers[k]) == (uint64_t)wanted);
            }
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_wide__power_of_ten),
        cmocka_unit_test(test_wide__magnitude_of_the_least_number),
        cmocka_unit_test(test_wide__divide_rounds_by_mode_and_symmetrically),
        cmocka_unit_test(test_wide__divide_at_the_edges),
        cmocka_unit_test(test_wide__divide_undoes_product),
        cmocka_unit_test(test_wide__compare_products),
        cmocka_unit_test(test_wide__gcd_agrees_with_euclid),
        cmocka_unit_test(test_wide__divide_by_agrees_with_divide),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
