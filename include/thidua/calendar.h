/*
 * Duties of the year and their days (CYC-1, CYC-2).
 */
#ifndef THIDUA_CALENDAR_H
#define THIDUA_CALENDAR_H

#include "thidua/year.h"

/* First and last day of an emulation year: January to December, or a school year that begins on
 * the regulation's day in `year` and ends the day before it in the next. */
void td_year_span(const struct td_regulation *regulation, int32_t year, struct td_date *ret_first,
                  struct td_date *ret_last);

/* The days within which a duty or meeting of the year falls: from *ret_first to *ret_last, both
 * included; "before 31/3" ends on 30/3. `month` (1..12) picks one of a MONTHLY due's windows and is
 * not read otherwise. `meeting_day` is the day of the meeting that a BEFORE_MEETING due counts
 * from. Days that can't be known are not set: no due, a meeting without a day, a month without
 * such a day. */
void td_due_days(const struct td_regulation *regulation, const struct td_when_due *due,
                 int32_t year, int32_t month, struct td_date meeting_day, struct td_date *ret_first,
                 struct td_date *ret_last);

/* How a member stands with a duty on the year's as_of day: TD_DUTY_DONE, LATE, EXCUSED or NOT_DONE;
 * TD_NONE while it is still open and in time. Extensions count. *ret_last gets its last day. */
int32_t td_duty_standing(const struct td_regulation *regulation, const struct td_year *year,
                         int32_t duty, int32_t unit, struct td_date *ret_last);

#endif
