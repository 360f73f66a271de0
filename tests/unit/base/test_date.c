/*
 * Calendar dates.
 */
#include "thidua/date.h"

#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "base/banned.h"

static struct td_date make(int year, int month, int day)
{
    struct td_date date = {0};

    assert_int_equal(td_date_make(year, month, day, &date), TD_OK);
    return date;
}

static void test_date__make_knows_the_calendar(void **state)
{
    (void)state;
    static const struct {
        int year, month, day, status;
    } cases[] = {
        {1900, 1, 1, TD_OK},         {9999, 12, 31, TD_OK},          {2000, 2, 29, TD_OK},
        {2024, 2, 29, TD_OK},        {2024, 12, 8, TD_OK},           {1900, 2, 29, TD_E_RANGE},
        {2023, 2, 29, TD_E_RANGE},   {2100, 2, 29, TD_E_RANGE},      {2024, 2, 30, TD_E_RANGE},
        {1899, 12, 31, TD_E_RANGE},  {10000, 1, 1, TD_E_RANGE},      {2024, 0, 1, TD_E_RANGE},
        {2024, 13, 1, TD_E_RANGE},   {2024, 4, 31, TD_E_RANGE},      {2024, 1, 0, TD_E_RANGE},
        {2024, 1, -1, TD_E_RANGE},   {2024, 1, 32, TD_E_RANGE},      {0, 0, 0, TD_E_RANGE},
        {INT_MIN, 1, 1, TD_E_RANGE}, {2024, INT_MAX, 1, TD_E_RANGE}, {2024, 1, 257, TD_E_RANGE},
        {2024, 257, 1, TD_E_RANGE},  {67560, 1, 1, TD_E_RANGE}, /* 2024 + 2^16 */
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct td_date date = {.year = 1};
        assert_int_equal(td_date_make(cases[i].year, cases[i].month, cases[i].day, &date),
                         cases[i].status);
        assert_int_equal(date.year, cases[i].status == TD_OK ? cases[i].year : 1);
    }
}

static void test_date__days_in_month(void **state)
{
    (void)state;
    assert_int_equal(td_days_in_month(1900, 2), 28);
    assert_int_equal(td_days_in_month(2000, 2), 29);
    assert_int_equal(td_days_in_month(2023, 2), 28);
    assert_int_equal(td_days_in_month(2024, 2), 29);
    assert_int_equal(td_days_in_month(2024, 1), 31);
    assert_int_equal(td_days_in_month(2024, 4), 30);
    assert_int_equal(td_days_in_month(2024, 12), 31);
    assert_int_equal(td_days_in_month(2024, 0), 0);
    assert_int_equal(td_days_in_month(2024, 13), 0);
    assert_int_equal(td_days_in_month(2024, INT_MIN), 0);
}

static void test_date__parse_refuses_other_forms(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int status;
    } cases[] = {
        {"", TD_E_SYNTAX},
        {"2024", TD_E_SYNTAX},
        {"2024-12-8", TD_E_SYNTAX},
        {"2024-12-080", TD_E_SYNTAX},
        {" 2024-12-8", TD_E_SYNTAX},
        {"2024-12-8 ", TD_E_SYNTAX},
        {"2024/12/08", TD_E_SYNTAX},
        {"08-12-2024", TD_E_SYNTAX},
        {"08/12/2024", TD_E_SYNTAX},
        {"-024-12-08", TD_E_SYNTAX},
        {"2024-+2-08", TD_E_SYNTAX},
        {"2024--2-08", TD_E_SYNTAX},
        {"2024-12-0x", TD_E_SYNTAX},
        {"2024012008", TD_E_SYNTAX},
        {"2024-12-08T00:00:00Z", TD_E_SYNTAX},
        {"2024-02-30", TD_E_RANGE},
        {"2023-02-29", TD_E_RANGE},
        {"1899-12-31", TD_E_RANGE},
        {"0000-00-00", TD_E_RANGE},
    };
    struct td_date date = {.year = 1};

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        assert_int_equal(td_date_parse(cases[i].text, strlen(cases[i].text), &date),
                         cases[i].status);
    }
    assert_int_equal(td_date_parse(NULL, 0, &date), TD_E_SYNTAX);
    assert_int_equal(td_date_parse("2024-12-\0008", 10, &date), TD_E_SYNTAX);
    assert_int_equal(td_date_parse("2024-12-08", 9, &date), TD_E_SYNTAX);
    assert_int_equal(date.year, 1);
    assert_int_equal(td_date_parse("2024-12-08 and more", 10, &date), TD_OK);
    assert_int_equal(td_date_compare(date, make(2024, 12, 8)), 0);
}

static void test_date__no_date(void **state)
{
    (void)state;
    struct td_date none = {0};
    struct td_date got = {0};
    char text[TD_DATE_TEXT];

    assert_false(td_date_is_set(none));
    assert_true(td_date_is_set(make(1900, 1, 1)));
    assert_int_equal(td_date_print(none, text), 0);
    assert_string_equal(text, "");
    assert_int_equal(td_date_compare(none, none), 0);
    assert_true(td_date_compare(none, make(1900, 1, 1)) < 0);
    assert_int_equal(td_date_add(none, 0, &got), TD_E_INVALID);
}

static void test_date__compare(void **state)
{
    (void)state;
    assert_true(td_date_compare(make(2023, 12, 31), make(2024, 1, 1)) < 0);
    assert_true(td_date_compare(make(2024, 2, 1), make(2024, 1, 31)) > 0);
    assert_true(td_date_compare(make(2024, 1, 2), make(2024, 1, 1)) > 0);
    assert_int_equal(td_date_compare(make(2024, 1, 2), make(2024, 1, 2)), 0);
}

static void test_date__serial_counts_every_day(void **state)
{
    (void)state;
    struct td_date first = make(1900, 1, 1);
    int32_t serial = 0;

    for (int year = 1900; year <= 2100; year++) {
        for (int month = 1; month <= 12; month++) {
            for (int day = 1; day <= td_days_in_month(year, month); day++, serial++) {
                struct td_date date = make(year, month, day);
                struct td_date got = {0};
                char text[TD_DATE_TEXT];

                assert_int_equal(td_date_serial(date), serial);
                assert_int_equal(td_date_add(first, serial, &got), TD_OK);
                assert_int_equal(td_date_compare(got, date), 0);
                assert_int_equal(td_date_add(date, -serial, &got), TD_OK);
                assert_int_equal(td_date_compare(got, first), 0);
                assert_int_equal(td_date_print(date, text), 10);
                assert_int_equal(td_date_parse(text, 10, &got), TD_OK);
                assert_int_equal(td_date_compare(got, date), 0);
            }
        }
    }
    assert_int_equal(serial, 73414); /* days from 1900-01-01 to 2101-01-01 */
}

static void test_date__add_stays_within_the_years(void **state)
{
    (void)state;
    struct td_date got = {.year = 1};
    struct td_date first = make(1900, 1, 1);
    struct td_date last = make(9999, 12, 31);

    assert_int_equal(td_date_add(first, -1, &got), TD_E_RANGE);
    assert_int_equal(td_date_add(last, 1, &got), TD_E_RANGE);
    assert_int_equal(td_date_add(last, INT_MAX, &got), TD_E_RANGE);
    assert_int_equal(td_date_add(first, INT_MIN, &got), TD_E_RANGE);
    assert_int_equal(got.year, 1);
    assert_int_equal(td_date_add(first, td_date_serial(last), &got), TD_OK);
    assert_int_equal(td_date_compare(got, last), 0);
    assert_int_equal(td_date_add(last, 0, &got), TD_OK);
    assert_int_equal(td_date_compare(got, last), 0);
    assert_int_equal(td_date_add(make(2024, 2, 28), 1, &got), TD_OK);
    assert_int_equal(td_date_compare(got, make(2024, 2, 29)), 0);
    assert_int_equal(td_date_add(make(2023, 12, 31), 1, &got), TD_OK);
    assert_int_equal(td_date_compare(got, make(2024, 1, 1)), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_date__make_knows_the_calendar),
        cmocka_unit_test(test_date__days_in_month),
        cmocka_unit_test(test_date__parse_refuses_other_forms),
        cmocka_unit_test(test_date__no_date),
        cmocka_unit_test(test_date__compare),
        cmocka_unit_test(test_date__serial_counts_every_day),
        cmocka_unit_test(test_date__add_stays_within_the_years),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
