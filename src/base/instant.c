/*
 * Time by counting: days from a date's serial number, the rest by division. libc's calendar is not
 * used, because it would ask for a zone and its files.
 */
#include "base/instant.h"

#include <stdio.h>
#include <time.h>

#include "base/banned.h"

#define DAY_MS (INT64_C(24) * 60 * 60 * 1000)
#define MINUTE_MS INT64_C(60000)
#define EPOCH_SERIAL 25567 /* td_date_serial of 1970-01-01 */

struct instant instant_now(void)
{
    struct timespec now;

    /* Can't fail: every Linux has this clock. */
    clock_gettime(CLOCK_REALTIME, &now);
    return (struct instant){(int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000};
}

bool instant_is_set(struct instant instant)
{
    return instant.ms != 0;
}

int instant_compare(struct instant a, struct instant b)
{
    return (a.ms > b.ms) - (a.ms < b.ms);
}

struct instant_civil instant_civil(struct instant instant, int offset_minutes)
{
    static const struct td_date first = {.year = TD_YEAR_MIN, .month = 1, .day = 1};
    struct instant_civil civil = {0};
    int64_t ms;

    if (!instant_is_set(instant) ||
        __builtin_add_overflow(instant.ms, offset_minutes * MINUTE_MS, &ms)) {
        return civil;
    }
    int64_t day = ms / DAY_MS;
    int64_t rest = ms % DAY_MS;
    if (rest < 0) {
        day--;
        rest += DAY_MS;
    }
    day += EPOCH_SERIAL;
    if (day < 0 || day > INT32_MAX || td_date_add(first, (int)day, &civil.date) != TD_OK) {
        return civil;
    }
    int64_t seconds = rest / 1000;
    civil.hour = (uint8_t)(seconds / 3600);
    civil.minute = (uint8_t)(seconds / 60 % 60);
    civil.second = (uint8_t)(seconds % 60);
    return civil;
}

int instant_make(const struct instant_civil *civil, int offset_minutes, struct instant *ret)
{
    if (!td_date_is_set(civil->date)) {
        return TD_E_INVALID;
    }
    if (civil->hour > 23 || civil->minute > 59 || civil->second > 59) {
        return TD_E_RANGE;
    }
    int64_t days = (int64_t)td_date_serial(civil->date) - EPOCH_SERIAL;
    int64_t seconds = civil->hour * INT64_C(3600) + civil->minute * INT64_C(60) + civil->second;
    ret->ms = days * DAY_MS + seconds * 1000 - offset_minutes * MINUTE_MS;
    return TD_OK;
}

size_t instant_print(struct instant instant, int offset_minutes, char out[static INSTANT_TEXT])
{
    struct instant_civil civil = instant_civil(instant, offset_minutes);
    unsigned offset = (unsigned)(offset_minutes < 0 ? -offset_minutes : offset_minutes);

    out[0] = '\0';
    if (!td_date_is_set(civil.date)) {
        return 0;
    }
    size_t length = td_date_print(civil.date, out);
    int n = snprintf(out + length, INSTANT_TEXT - length, "T%02u:%02u:%02u%c%02u:%02u",
                     (unsigned)civil.hour, (unsigned)civil.minute, (unsigned)civil.second,
                     offset_minutes < 0 ? '-' : '+', offset / 60 % 100, offset % 60);
    return length + (size_t)n;
}
