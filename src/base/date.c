/*
 * Calendar dates by counting days. libc's calendar functions are not used: they want a time zone,
 * and a date of this program has none.
 */
#include "thidua/date.h"

#include <assert.h>

#include "base/banned.h"

#define DATE_LENGTH 10 /* "2024-12-08" */

static bool is_leap(int year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

int td_days_in_month(int year, int month)
{
    static const uint8_t days[12] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

    if (month < 1 || month > 12) {
        return 0;
    }
    return month == 2 && is_leap(year) ? 29 : days[month - 1];
}

int td_date_make(int year, int month, int day, struct td_date *ret)
{
    if (year < TD_YEAR_MIN || year > TD_YEAR_MAX || day < 1 ||
        day > td_days_in_month(year, month)) {
        return TD_E_RANGE;
    }
    *ret = (struct td_date){
        .year = (int16_t)year,
        .month = (uint8_t)month,
        .day = (uint8_t)day,
    };
    return TD_OK;
}

int td_date_parse(const char *text, size_t n, struct td_date *ret)
{
    int part[3] = {0, 0, 0};
    int at = 0;

    if (n != DATE_LENGTH) {
        return TD_E_SYNTAX;
    }
    for (size_t i = 0; i < n; i++) {
        if (i == 4 || i == 7) {
            if (text[i] != '-') {
                return TD_E_SYNTAX;
            }
            at++;
        } else {
            if (text[i] < '0' || text[i] > '9') {
                return TD_E_SYNTAX;
            }
            part[at] = part[at] * 10 + (text[i] - '0');
        }
    }
    return td_date_make(part[0], part[1], part[2], ret);
}

size_t td_date_print(struct td_date date, char out[static TD_DATE_TEXT])
{
    if (!td_date_is_set(date)) {
        out[0] = '\0';
        return 0;
    }
    assert(date.year >= TD_YEAR_MIN && date.month <= 12 && date.day <= 31);
    out[0] = (char)('0' + date.year / 1000 % 10);
    out[1] = (char)('0' + date.year / 100 % 10);
    out[2] = (char)('0' + date.year / 10 % 10);
    out[3] = (char)('0' + date.year % 10);
    out[4] = '-';
    out[5] = (char)('0' + date.month / 10 % 10);
    out[6] = (char)('0' + date.month % 10);
    out[7] = '-';
    out[8] = (char)('0' + date.day / 10 % 10);
    out[9] = (char)('0' + date.day % 10);
    out[DATE_LENGTH] = '\0';
    return DATE_LENGTH;
}

bool td_date_is_set(struct td_date date)
{
    return date.year != 0 || date.month != 0 || date.day != 0;
}

int td_date_compare(struct td_date a, struct td_date b)
{
    if (a.year != b.year) {
        return a.year - b.year;
    }
    if (a.month != b.month) {
        return a.month - b.month;
    }
    return a.day - b.day;
}

/* Days from 1900-01-01 to the first day of the year. */
static int32_t days_before_year(int year)
{
    int past = year - 1; /* whole years since year 1 began */

    /* 460 leap years lie before 1900. */
    return 365 * (year - 1900) + (past / 4 - past / 100 + past / 400 - 460);
}

int32_t td_date_serial(struct td_date date)
{
    assert(td_date_is_set(date));
    int32_t days = days_before_year(date.year);
    for (int month = 1; month < date.month; month++) {
        days += td_days_in_month(date.year, month);
    }
    return days + date.day - 1;
}

int td_date_add(struct td_date date, int days, struct td_date *ret)
{
    if (!td_date_is_set(date)) {
        return TD_E_INVALID;
    }
    int64_t serial = (int64_t)td_date_serial(date) + days;
    if (serial < 0 || serial >= days_before_year(TD_YEAR_MAX + 1)) {
        return TD_E_RANGE;
    }
    /* A year has 365 or 366 days: by 366 the guess is never late, and few years early. */
    int year = TD_YEAR_MIN + (int)(serial / 366);
    while (days_before_year(year + 1) <= serial) {
        year++;
    }
    int rest = (int)(serial - days_before_year(year));
    int month = 1;
    while (rest >= td_days_in_month(year, month)) {
        rest -= td_days_in_month(year, month);
        month++;
    }
    return td_date_make(year, month, rest + 1, ret);
}
