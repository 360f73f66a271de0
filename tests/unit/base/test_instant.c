/*
 * Points in time, and how a calendar shows them.
 */
#include "base/instant.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "base/banned.h"

/* 2026-11-21 10:42:05 in Viet Nam. */
#define SOME_TIME INT64_C(1795232525000)

static void test_instant__shows_the_day_and_hour_of_the_offset(void **state)
{
    (void)state;
    struct instant_civil civil = instant_civil((struct instant){SOME_TIME}, INSTANT_VIET_NAM);

    assert_int_equal(civil.date.year, 2026);
    assert_int_equal(civil.date.month, 11);
    assert_int_equal(civil.date.day, 21);
    assert_int_equal(civil.hour, 10);
    assert_int_equal(civil.minute, 42);
    assert_int_equal(civil.second, 5);
    assert_int_equal(instant_civil((struct instant){SOME_TIME}, 0).hour, 3);
    assert_int_equal(instant_civil((struct instant){SOME_TIME}, -4 * 60).date.day, 20);
}

static void test_instant__before_1970_counts_back(void **state)
{
    (void)state;
    struct instant_civil civil = instant_civil((struct instant){-1}, 0);

    assert_int_equal(civil.date.year, 1969);
    assert_int_equal(civil.date.day, 31);
    assert_int_equal(civil.hour, 23);
    assert_int_equal(civil.second, 59);
}

static void test_instant__no_time_and_times_outside_the_years_have_no_date(void **state)
{
    (void)state;
    const int64_t outside[] = {0, INT64_MIN, INT64_MAX, INT64_C(-2208988800001),
                               INT64_C(253402300800000)};

    for (size_t i = 0; i < sizeof(outside) / sizeof(outside[0]); i++) {
        struct instant instant = {outside[i]};
        char text[INSTANT_TEXT] = "x";
        assert_false(td_date_is_set(instant_civil(instant, 0).date));
        assert_int_equal(instant_print(instant, 0, text), 0);
        assert_string_equal(text, "");
    }
    assert_int_equal(instant_civil((struct instant){INT64_C(-2208988800000)}, 0).date.year, 1900);
    assert_int_equal(instant_civil((struct instant){INT64_C(253402300799999)}, 0).date.year, 9999);
}

static void test_instant__is_made_from_what_it_shows(void **state)
{
    (void)state;
    const int64_t times[] = {SOME_TIME, 1000, -1000, INT64_C(951782400000)};
    const int offsets[] = {0, INSTANT_VIET_NAM, -210};

    for (size_t i = 0; i < sizeof(times) / sizeof(times[0]); i++) {
        for (size_t k = 0; k < sizeof(offsets) / sizeof(offsets[0]); k++) {
            struct instant_civil civil = instant_civil((struct instant){times[i]}, offsets[k]);
            struct instant again = {0};
            assert_int_equal(instant_make(&civil, offsets[k], &again), TD_OK);
            assert_int_equal(again.ms, times[i]);
        }
    }
}

static void test_instant__refuses_hours_that_no_clock_shows(void **state)
{
    (void)state;
    struct instant ret = {7};
    struct instant_civil civil = {.date = {2026, 1, 1}, .hour = 24};

    assert_int_equal(instant_make(&civil, 0, &ret), TD_E_RANGE);
    civil = (struct instant_civil){.date = {2026, 1, 1}, .minute = 60};
    assert_int_equal(instant_make(&civil, 0, &ret), TD_E_RANGE);
    civil = (struct instant_civil){.date = {2026, 1, 1}, .second = 60};
    assert_int_equal(instant_make(&civil, 0, &ret), TD_E_RANGE);
    civil = (struct instant_civil){.hour = 1};
    assert_int_equal(instant_make(&civil, 0, &ret), TD_E_INVALID);
    assert_int_equal(ret.ms, 7);
}

static void test_instant__prints_as_rfc_3339_asks(void **state)
{
    (void)state;
    char text[INSTANT_TEXT];

    assert_int_equal(instant_print((struct instant){SOME_TIME}, INSTANT_VIET_NAM, text), 25);
    assert_string_equal(text, "2026-11-21T10:42:05+07:00");
    instant_print((struct instant){SOME_TIME}, -210, text);
    assert_string_equal(text, "2026-11-21T00:12:05-03:30");
}

static void test_instant__orders_by_time_and_now_is_after_the_past(void **state)
{
    (void)state;
    struct instant now = instant_now();

    assert_true(instant_is_set(now));
    assert_true(instant_compare((struct instant){INT64_C(1700000000000)}, now) < 0);
    assert_true(instant_compare(now, (struct instant){INT64_C(1700000000000)}) > 0);
    assert_int_equal(instant_compare(now, now), 0);
    assert_false(instant_is_set((struct instant){0}));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_instant__shows_the_day_and_hour_of_the_offset),
        cmocka_unit_test(test_instant__before_1970_counts_back),
        cmocka_unit_test(test_instant__no_time_and_times_outside_the_years_have_no_date),
        cmocka_unit_test(test_instant__is_made_from_what_it_shows),
        cmocka_unit_test(test_instant__refuses_hours_that_no_clock_shows),
        cmocka_unit_test(test_instant__prints_as_rfc_3339_asks),
        cmocka_unit_test(test_instant__orders_by_time_and_now_is_after_the_past),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
