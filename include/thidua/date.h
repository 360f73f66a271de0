/*
 * Calendar dates, proleptic Gregorian, without time of day or zone. The engine has no clock: the
 * day on which something is judged is always an input.
 */
#ifndef THIDUA_DATE_H
#define THIDUA_DATE_H

#include "thidua/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TD_DATE_TEXT 12
#define TD_YEAR_MIN 1900
#define TD_YEAR_MAX 9999

/* All zero means "no date". Otherwise year TD_YEAR_MIN..TD_YEAR_MAX, month 1..12, day valid. */
struct td_date {
    int16_t year;
    uint8_t month;
    uint8_t day;
};

/* TD_E_RANGE when there is no such day. */
int td_date_make(int year, int month, int day, struct td_date *ret) TD_MUST_CHECK;

/* Read "2024-12-08", all of n bytes. TD_E_SYNTAX or TD_E_RANGE. */
int td_date_parse(const char *text, size_t n, struct td_date *ret) TD_MUST_CHECK;

/* Write "2024-12-08", NUL-terminated; answer the length. "No date" is the empty text. */
size_t td_date_print(struct td_date date, char out[static TD_DATE_TEXT]);

bool td_date_is_set(struct td_date date);

/* Negative, zero or positive as a is before, on or after b. "No date" is before every date. */
int td_date_compare(struct td_date a, struct td_date b);

/* 28 to 31; 0 when there is no such month. */
int td_days_in_month(int year, int month);

/* Days from 1900-01-01 (that day is 0); the date must be set. And the date so many days later, or
 * earlier when days is negative: TD_E_RANGE outside the years, TD_E_INVALID for "no date". */
int32_t td_date_serial(struct td_date date);
int td_date_add(struct td_date date, int days, struct td_date *ret) TD_MUST_CHECK;

#endif
