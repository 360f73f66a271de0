/*
 * Days of duties and meetings (CYC-1, CYC-2), and how a unit stands with a duty (CYC-3, CYC-5).
 */
#include "thidua/calendar.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static struct td_date day(const char *text)
{
    struct td_date date = {0};
    if (text[0] != '\0') {
        assert_int_equal(td_date_parse(text, strlen(text), &date), TD_OK);
    }
    return date;
}

static void assert_days(const struct td_regulation *reg, struct td_when_due due, int32_t month,
                        const char *meeting, const char *first, const char *last)
{
    struct td_date got_first, got_last;
    td_due_days(reg, &due, 2024, month, day(meeting), &got_first, &got_last);
    assert_int_equal(td_date_compare(got_first, day(first)), 0);
    assert_int_equal(td_date_compare(got_last, day(last)), 0);
}

static const struct td_regulation calendar = {.calendar = TD_CALENDAR_YEAR};
static const struct td_regulation school = {
    .calendar = TD_SCHOOL_YEAR, .school_month = 9, .school_day = 1};

/* "trước ngày 31/3" excludes its day; "chậm nhất" doesn't. */
static void test_due__before_excludes_its_day(void **state)
{
    struct td_when_due due = {.kind = TD_DUE_BEFORE, .month = 3, .day = 31};
    (void)state;
    assert_days(&calendar, due, 0, "", "2024-01-01", "2024-03-30");
    due.kind = TD_DUE_BY;
    assert_days(&calendar, due, 0, "", "2024-01-01", "2024-03-31");
    due.month = due.day = 1; /* before the first of January: the last day is in the year before */
    due.kind = TD_DUE_BEFORE;
    assert_days(&calendar, due, 0, "", "2024-01-01", "2023-12-31");
}

static void test_due__full_date(void **state)
{
    struct td_when_due due = {.kind = TD_DUE_BEFORE, .date = day("2024-12-08")};
    (void)state;
    assert_days(&calendar, due, 0, "", "2024-01-01", "2024-12-07");
}

/* BG: schools register before 31/10 and confer in January and June of the next calendar year. */
static void test_due__school_year(void **state)
{
    struct td_when_due registration = {.kind = TD_DUE_BEFORE, .month = 10, .day = 31};
    struct td_when_due midterm = {.kind = TD_DUE_IN_MONTH, .month = 1};
    struct td_when_due yearend = {.kind = TD_DUE_IN_MONTH, .month = 6};
    struct td_when_due start = {.kind = TD_DUE_BY, .month = 9, .day = 1};
    struct td_when_due end = {.kind = TD_DUE_BY, .month = 8, .day = 31};
    (void)state;
    assert_days(&school, registration, 0, "", "2024-09-01", "2024-10-30");
    assert_days(&school, midterm, 0, "", "2025-01-01", "2025-01-31");
    assert_days(&school, yearend, 0, "", "2025-06-01", "2025-06-30");
    assert_days(&school, start, 0, "", "2024-09-01", "2024-09-01");
    assert_days(&school, end, 0, "", "2024-09-01", "2025-08-31");
}

static void test_due__months_and_quarters(void **state)
{
    struct td_when_due month = {.kind = TD_DUE_IN_MONTH, .month = 2};
    struct td_when_due quarter = {.kind = TD_DUE_IN_QUARTER, .month = 1};
    struct td_when_due monthly = {.kind = TD_DUE_MONTHLY, .day_from = 20, .day_to = 31};
    (void)state;
    assert_days(&calendar, month, 0, "", "2024-02-01", "2024-02-29");
    assert_days(&calendar, quarter, 0, "", "2024-01-01", "2024-03-31");
    quarter.month = 4;
    assert_days(&calendar, quarter, 0, "", "2024-10-01", "2024-12-31");
    assert_days(&calendar, monthly, 2, "", "2024-02-20", "2024-02-29");
    monthly.day_to = 25;
    assert_days(&calendar, monthly, 11, "", "2024-11-20", "2024-11-25");
}

/* HĐ: results are notified at the latest 5 days before the year-end conference. */
static void test_due__before_a_meeting(void **state)
{
    struct td_when_due due = {.kind = TD_DUE_BEFORE_MEETING, .days = 5};
    (void)state;
    assert_days(&calendar, due, 0, "2024-12-20", "2024-01-01", "2024-12-15");
    assert_days(&calendar, due, 0, "", "", "");
}

static void test_due__days_that_are_not(void **state)
{
    struct td_when_due none = {.kind = TD_DUE_NONE};
    struct td_when_due leap = {.kind = TD_DUE_BY, .month = 2, .day = 29};
    struct td_date first, last;
    (void)state;
    assert_days(&calendar, none, 0, "", "", "");
    td_due_days(&calendar, &leap, 2023, 0, (struct td_date){0}, &first, &last);
    assert_false(td_date_is_set(last));
}

/* A school year that begins in the middle of a month: its days before are the second year's. */
static void test_due__school_year_from_the_fifth(void **state)
{
    struct td_regulation fifth = {.calendar = TD_SCHOOL_YEAR, .school_month = 9, .school_day = 5};
    struct td_when_due due = {.kind = TD_DUE_BY, .month = 9, .day = 5};
    (void)state;
    assert_days(&fifth, due, 0, "", "2024-09-05", "2024-09-05");
    due.day = 4;
    assert_days(&fifth, due, 0, "", "2024-09-05", "2025-09-04");
    due.month = 10;
    assert_days(&fifth, due, 0, "", "2024-09-05", "2024-10-04");
}

/* The first day that can be held has none before it. */
static void test_due__the_end_of_the_calendar(void **state)
{
    struct td_date first_of_all = {0}, first, last;
    struct td_when_due before = {.kind = TD_DUE_BEFORE};
    struct td_when_due meeting = {.kind = TD_DUE_BEFORE_MEETING, .days = 1};
    (void)state;
    assert_int_equal(td_date_make(TD_YEAR_MIN, 1, 1, &first_of_all), TD_OK);
    before.date = first_of_all;
    td_due_days(&calendar, &before, TD_YEAR_MIN, 0, (struct td_date){0}, &first, &last);
    assert_false(td_date_is_set(last));
    td_due_days(&calendar, &meeting, TD_YEAR_MIN, 0, first_of_all, &first, &last);
    assert_false(td_date_is_set(first));
}

static void test_span(void **state)
{
    struct td_date first, last;
    (void)state;
    td_year_span(&calendar, 2024, &first, &last);
    assert_int_equal(td_date_compare(first, day("2024-01-01")), 0);
    assert_int_equal(td_date_compare(last, day("2024-12-31")), 0);
    td_year_span(&school, 2022, &first, &last);
    assert_int_equal(td_date_compare(first, day("2022-09-01")), 0);
    assert_int_equal(td_date_compare(last, day("2023-08-31")), 0);
}

/* ---- standing -------------------------------------------------------------------------------- */

static const struct td_duty duties[] = {
    {.due = {.kind = TD_DUE_BEFORE, .month = 6, .day = 7}, .each_member = true},
    {.due = {.kind = TD_DUE_BEFORE_MEETING, .meeting = 0, .days = 5}},
};
static const struct td_regulation with_duties = {
    .calendar = TD_CALENDAR_YEAR, .duties = duties, .duty_count = 2};

static int32_t standing(const struct td_process *process, int32_t count, const char *as_of,
                        int32_t unit)
{
    struct td_year year = {.year = 2024, .process = process, .process_count = count};
    struct td_date last;
    year.as_of = day(as_of);
    return td_duty_standing(&with_duties, &year, 0, unit, &last);
}

static void test_standing__done_late_not_done(void **state)
{
    struct td_process done = {.kind = TD_PROCESS_DONE, .unit = 0, .date = day("2024-06-06")};
    (void)state;
    assert_int_equal(standing(&done, 1, "2024-12-31", 0), TD_DUTY_DONE);
    done.date = day("2024-06-07"); /* "trước ngày 07/6": the seventh is late */
    assert_int_equal(standing(&done, 1, "2024-12-31", 0), TD_DUTY_LATE);
    assert_int_equal(standing(&done, 1, "2024-06-06", 1), TD_NONE);
    assert_int_equal(standing(&done, 1, "2024-06-07", 1), TD_DUTY_NOT_DONE);
}

static void test_standing__an_own_entry_goes_before_one_for_all(void **state)
{
    struct td_process process[] = {
        {.kind = TD_PROCESS_DONE, .unit = 1, .date = day("2024-06-20")},
        {.kind = TD_PROCESS_DONE, .unit = TD_NONE, .date = day("2024-06-01")},
    };
    (void)state;
    assert_int_equal(standing(process, 2, "2024-12-31", 0), TD_DUTY_DONE);
    assert_int_equal(standing(process, 2, "2024-12-31", 1), TD_DUTY_LATE);
    struct td_process swapped[] = {process[1], process[0]};
    assert_int_equal(standing(swapped, 2, "2024-12-31", 1), TD_DUTY_LATE);
}

static void test_standing__the_first_report_counts(void **state)
{
    struct td_process process[] = {
        {.kind = TD_PROCESS_DONE, .unit = 0, .date = day("2024-06-20")},
        {.kind = TD_PROCESS_DONE, .unit = 0, .date = day("2024-06-01")},
    };
    (void)state;
    assert_int_equal(standing(process, 2, "2024-12-31", 0), TD_DUTY_DONE);
    process[0].date = day("2024-06-07"); /* one day makes the difference */
    process[1].date = day("2024-06-06");
    assert_int_equal(standing(process, 2, "2024-12-31", 0), TD_DUTY_DONE);
}

/* CYC-5: an extension is granted with its reason; the later one counts. */
static void test_standing__extended_and_excused(void **state)
{
    struct td_process process[] = {
        {.kind = TD_PROCESS_DONE, .unit = 0, .date = day("2024-06-15")},
        {.kind = TD_PROCESS_EXTENDED, .unit = TD_NONE, .date = day("2024-06-10")},
        {.kind = TD_PROCESS_EXTENDED, .unit = 0, .date = day("2024-06-12")},
        {.kind = TD_PROCESS_EXTENDED, .unit = 0, .date = day("2024-06-15")},
        {.kind = TD_PROCESS_EXCUSED, .unit = 1},
    };
    (void)state;
    assert_int_equal(standing(process, 5, "2024-12-31", 0), TD_DUTY_DONE);
    assert_int_equal(standing(process, 3, "2024-12-31", 0), TD_DUTY_LATE);
    assert_int_equal(standing(process, 5, "2024-12-31", 1), TD_DUTY_EXCUSED);
    assert_int_equal(standing(process, 5, "2024-06-10", 2), TD_NONE);
    assert_int_equal(standing(process, 5, "2024-06-11", 2), TD_DUTY_NOT_DONE);
}

/* The order of entries decides nothing. */
static void test_standing__entries_in_any_order(void **state)
{
    struct td_process process[] = {
        {.kind = TD_PROCESS_EXTENDED, .unit = 0, .date = day("2024-06-15")},
        {.kind = TD_PROCESS_EXTENDED, .unit = 0, .date = day("2024-06-12")},
        {.kind = TD_PROCESS_EXTENDED, .unit = TD_NONE, .date = day("2024-06-09")},
        {.kind = TD_PROCESS_EXTENDED, .unit = TD_NONE, .date = day("2024-06-10")},
        {.kind = TD_PROCESS_DONE, .unit = 0, .date = day("2024-06-15")},
        {.kind = TD_PROCESS_DONE, .unit = 0, .date = day("2024-06-20")},
        {.kind = TD_PROCESS_DONE, .unit = 0, .duty = 1, .date = day("2024-06-21")},
    };
    (void)state;
    assert_int_equal(standing(process, 7, "2024-12-31", 0), TD_DUTY_DONE);
    assert_int_equal(standing(process, 7, "2024-06-10", 1), TD_NONE);
    assert_int_equal(standing(process, 7, "2024-06-11", 1), TD_DUTY_NOT_DONE);
}

/* "The others did it" says nothing of a unit that is excused by name; what is done only after the
 * day of judging is not done yet. */
static void test_standing__others_and_excuses(void **state)
{
    struct td_process process[] = {
        {.kind = TD_PROCESS_DONE, .unit = TD_NONE, .date = day("2024-06-01")},
        {.kind = TD_PROCESS_EXCUSED, .unit = 1},
        {.kind = TD_PROCESS_DONE, .unit = 2, .date = day("2024-06-20")},
        {.kind = TD_PROCESS_EXCUSED, .unit = 2},
    };
    (void)state;
    assert_int_equal(standing(process, 4, "2024-12-31", 0), TD_DUTY_DONE);
    assert_int_equal(standing(process, 4, "2024-12-31", 1), TD_DUTY_EXCUSED);
    assert_int_equal(standing(process, 4, "2024-12-31", 2),
                     TD_DUTY_EXCUSED); /* late, and excused */
    assert_int_equal(standing(process, 3, "2024-12-31", 2), TD_DUTY_LATE);
    assert_int_equal(standing(process, 3, "2024-06-10", 2), TD_DUTY_NOT_DONE);
    assert_int_equal(standing(process, 3, "2024-06-06", 2), TD_NONE);
    assert_int_equal(standing(process, 1, "2024-06-01", 0), TD_DUTY_DONE); /* that very day */
    assert_int_equal(standing(process, 1, "2024-05-31", 0), TD_NONE);
    process[1].unit = TD_NONE; /* excused are all, and the others did it */
    assert_int_equal(standing(process, 2, "2024-12-31", 0), TD_DUTY_DONE);
}

/* A duty of every month is over when December's days are. */
static void test_standing__of_every_month(void **state)
{
    const struct td_duty monthly = {.due = {.kind = TD_DUE_MONTHLY, .day_from = 20, .day_to = 25}};
    const struct td_regulation regulation = {
        .calendar = TD_CALENDAR_YEAR, .duties = &monthly, .duty_count = 1};
    struct td_year year = {.year = 2024};
    struct td_date last;
    (void)state;
    year.as_of = day("2024-12-25");
    assert_int_equal(td_duty_standing(&regulation, &year, 0, 0, &last), TD_NONE);
    assert_int_equal(td_date_compare(last, day("2024-12-25")), 0);
    year.as_of = day("2024-12-26");
    assert_int_equal(td_duty_standing(&regulation, &year, 0, 0, &last), TD_DUTY_NOT_DONE);
}

static void test_standing__days_before_a_meeting(void **state)
{
    struct td_meeting_held held = {.meeting = 0, .date = day("2024-12-20"), .present_count = 3};
    struct td_process done = {
        .kind = TD_PROCESS_DONE, .duty = 1, .unit = 0, .date = day("2024-12-15")};
    struct td_year year = {.year = 2024, .process = &done, .process_count = 1};
    struct td_date last;
    (void)state;
    year.as_of = day("2024-12-31");
    /* Without the meeting's day the duty has no last day: done is done, not done is open. */
    assert_int_equal(td_duty_standing(&with_duties, &year, 1, 0, &last), TD_DUTY_DONE);
    assert_int_equal(td_duty_standing(&with_duties, &year, 1, 1, &last), TD_NONE);
    year.meetings = &held;
    year.meeting_count = 1;
    assert_int_equal(td_duty_standing(&with_duties, &year, 1, 0, &last), TD_DUTY_DONE);
    assert_int_equal(td_date_compare(last, day("2024-12-15")), 0);
    assert_int_equal(td_duty_standing(&with_duties, &year, 1, 1, &last), TD_DUTY_NOT_DONE);
    done.date = day("2024-12-16");
    assert_int_equal(td_duty_standing(&with_duties, &year, 1, 0, &last), TD_DUTY_LATE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_due__before_excludes_its_day),
        cmocka_unit_test(test_due__full_date),
        cmocka_unit_test(test_due__school_year),
        cmocka_unit_test(test_due__months_and_quarters),
        cmocka_unit_test(test_due__before_a_meeting),
        cmocka_unit_test(test_due__days_that_are_not),
        cmocka_unit_test(test_due__school_year_from_the_fifth),
        cmocka_unit_test(test_due__the_end_of_the_calendar),
        cmocka_unit_test(test_span),
        cmocka_unit_test(test_standing__done_late_not_done),
        cmocka_unit_test(test_standing__an_own_entry_goes_before_one_for_all),
        cmocka_unit_test(test_standing__the_first_report_counts),
        cmocka_unit_test(test_standing__extended_and_excused),
        cmocka_unit_test(test_standing__entries_in_any_order),
        cmocka_unit_test(test_standing__others_and_excuses),
        cmocka_unit_test(test_standing__of_every_month),
        cmocka_unit_test(test_standing__days_before_a_meeting),
    };
    return cmocka_run_group_tests_name("calendar", tests, NULL, NULL);
}
