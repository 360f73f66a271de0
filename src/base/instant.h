/*
 * Points in time, to the millisecond: when a sheet was saved, when a session ends.
 *
 * An instant has no zone. It becomes a day and an hour only where it is shown, at an offset from
 * UTC that the caller names; Viet Nam has had one offset, without summer time, since 1975. The zone
 * files and the locale of the machine play no part.
 */
#ifndef BASE_INSTANT_H
#define BASE_INSTANT_H

#include "thidua/date.h"
#include "thidua/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define INSTANT_VIET_NAM (7 * 60) /* minutes east of UTC */
#define INSTANT_TEXT 32

/* Milliseconds since 1970-01-01 00:00 UTC. All zero means "no time". */
struct instant {
    int64_t ms;
};

/* An instant as a calendar and a clock show it. */
struct instant_civil {
    struct td_date date; /* not set: no time, or outside the years a date can hold */
    uint8_t hour;
    uint8_t minute;
    uint8_t second;
};

/* The machine's clock. */
struct instant instant_now(void);

bool instant_is_set(struct instant instant);

/* Negative, zero or positive as a is before, at or after b. "No time" is before every time that
 * is later than 1970. */
int instant_compare(struct instant a, struct instant b);

/* The day and the time of day at so many minutes east of UTC. */
struct instant_civil instant_civil(struct instant instant, int offset_minutes);

/* The instant of a day and a time of day at that offset. TD_E_INVALID for "no date"; TD_E_RANGE
 * when there is no such hour, minute or second. *ret is set on success only. */
int instant_make(const struct instant_civil *civil, int offset_minutes, struct instant *ret)
    __attribute__((nonnull)) TD_MUST_CHECK;

/* Write "2026-11-21T10:42:05+07:00" (RFC 3339), NUL-terminated; answer the length. "No time", and
 * a time outside the years, is the empty text. */
size_t instant_print(struct instant instant, int offset_minutes, char out[static INSTANT_TEXT]);

#endif
