/*
 * Duties of the year and their days (CYC-1, CYC-2), and how a unit stands with one (CYC-3, CYC-5).
 */
#include "engine/engine.h"

#include "base/banned.h"

static struct td_date day_before(struct td_date date)
{
    struct td_date before = {0};
    if (td_date_add(date, -1, &before) < 0) {
        return (struct td_date){0};
    }
    return before;
}

static struct td_date make(int32_t year, int32_t month, int32_t day)
{
    struct td_date date = {0};
    if (td_date_make(year, month, day, &date) < 0) {
        return (struct td_date){0}; /* 29 February of a common year: no such day */
    }
    return date;
}

void td_year_span(const struct td_regulation *regulation, int32_t year, struct td_date *ret_first,
                  struct td_date *ret_last)
{
    if (regulation->calendar == TD_SCHOOL_YEAR) {
        *ret_first = make(year, regulation->school_month, regulation->school_day);
        *ret_last = day_before(make(year + 1, regulation->school_month, regulation->school_day));
    } else {
        *ret_first = make(year, 1, 1);
        *ret_last = make(year, 12, 31);
    }
}

/* The calendar year in which a month of the emulation year lies: in a school year the months before
 * its beginning belong to the second one. */
static int32_t calendar_year(const struct td_regulation *regulation, int32_t year, int32_t month,
                             int32_t day)
{
    bool second = regulation->calendar == TD_SCHOOL_YEAR &&
                  (month < regulation->school_month ||
                   (month == regulation->school_month && day < regulation->school_day));
    return second ? year + 1 : year;
}

static void month_days(const struct td_regulation *regulation, int32_t year, int32_t month,
                       int32_t day_from, int32_t day_to, struct td_date *ret_first,
                       struct td_date *ret_last)
{
    int32_t in = calendar_year(regulation, year, month, day_from);
    int32_t days = td_days_in_month(in, month);
    *ret_first = make(in, month, day_from);
    *ret_last = make(in, month, day_to > days ? days : day_to);
}

void td_due_days(const struct td_regulation *regulation, const struct td_when_due *due,
                 int32_t year, int32_t month, struct td_date meeting_day, struct td_date *ret_first,
                 struct td_date *ret_last)
{
    struct td_date first, last;
    td_year_span(regulation, year, &first, &last);
    *ret_first = (struct td_date){0};
    *ret_last = (struct td_date){0};
    switch (due->kind) {
    case TD_DUE_BEFORE:
    case TD_DUE_BY: {
        struct td_date day =
            td_date_is_set(due->date)
                ? due->date
                : make(calendar_year(regulation, year, due->month, due->day), due->month, due->day);
        if (td_date_is_set(day)) {
            *ret_first = first;
            /* "trước ngày" excludes its day; "chậm nhất" doesn't. */
            *ret_last = due->kind == TD_DUE_BEFORE ? day_before(day) : day;
        }
        break;
    }
    case TD_DUE_IN_MONTH:
        month_days(regulation, year, due->month, 1, 31, ret_first, ret_last);
        break;
    case TD_DUE_IN_QUARTER: {
        struct td_date unused;
        month_days(regulation, year, due->month * 3 - 2, 1, 31, ret_first, &unused);
        month_days(regulation, year, due->month * 3, 1, 31, &unused, ret_last);
        break;
    }
    case TD_DUE_MONTHLY:
        month_days(regulation, year, month, due->day_from, due->day_to, ret_first, ret_last);
        break;
    case TD_DUE_BEFORE_MEETING:
        if (td_date_is_set(meeting_day) &&
            td_date_add(meeting_day, -due->days, ret_last) == TD_OK) {
            *ret_first = first;
        }
        break;
    case TD_DUE_NONE:
    default:
        break;
    }
}

struct td_date held_on(const struct td_year *year, int32_t meeting)
{
    for (int32_t i = 0; i < year->meeting_count; i++) {
        if (year->meetings[i].meeting == meeting) {
            return year->meetings[i].date;
        }
    }
    return (struct td_date){0};
}

/* The entry of a kind for a unit: its own before one for every unit. Of several of its own the
 * last; of several reports the first that was done. */
static const struct td_process *find_process(const struct td_year *year, enum td_process_kind kind,
                                             int32_t duty, int32_t unit)
{
    const struct td_process *found = NULL;
    for (int32_t i = 0; i < year->process_count; i++) {
        const struct td_process *p = &year->process[i];
        if (p->kind != kind || p->duty != duty || (p->unit != unit && p->unit != TD_NONE)) {
            continue;
        }
        if (found == NULL || (found->unit == TD_NONE && p->unit == unit)) {
            found = p;
        } else if (found->unit == p->unit) {
            bool earlier = td_date_compare(p->date, found->date) < 0;
            found = earlier == (kind == TD_PROCESS_DONE) ? p : found;
        }
    }
    return found;
}

static int32_t standing_by(const struct td_year *year, int32_t duty, int32_t unit,
                           struct td_date last, struct td_date *ret_last)
{
    const struct td_process *extended = find_process(year, TD_PROCESS_EXTENDED, duty, unit);
    if (extended != NULL && td_date_compare(extended->date, last) > 0) {
        last = extended->date; /* CYC-5: an extension never takes time away */
    }
    *ret_last = last;
    const struct td_process *done = find_process(year, TD_PROCESS_DONE, duty, unit);
    const struct td_process *excused = find_process(year, TD_PROCESS_EXCUSED, duty, unit);
    bool not_yet = done != NULL && td_date_compare(done->date, year->as_of) > 0;
    /* "The others did it" says nothing of a unit that is excused by name. */
    bool others =
        done != NULL && done->unit == TD_NONE && excused != NULL && excused->unit != TD_NONE;
    done = not_yet || others ? NULL : done;
    bool late = done != NULL && td_date_is_set(last) && td_date_compare(done->date, last) > 0;
    if (done != NULL && !late) {
        return TD_DUTY_DONE;
    }
    if (excused != NULL) {
        return TD_DUTY_EXCUSED; /* an excuse covers lateness too */
    }
    if (late) {
        return TD_DUTY_LATE;
    }
    bool over = td_date_is_set(last) && td_date_compare(year->as_of, last) > 0;
    return over ? TD_DUTY_NOT_DONE : TD_NONE;
}

static struct td_date last_day(const struct td_regulation *regulation, const struct td_year *year,
                               int32_t duty)
{
    const struct td_when_due *due = &regulation->duties[duty].due;
    struct td_date first, last;
    struct td_date meeting_day =
        due->kind == TD_DUE_BEFORE_MEETING ? held_on(year, due->meeting) : (struct td_date){0};
    td_due_days(regulation, due, year->year, 12, meeting_day, &first, &last);
    return last;
}

int32_t td_duty_standing(const struct td_regulation *regulation, const struct td_year *year,
                         int32_t duty, int32_t unit, struct td_date *ret_last)
{
    return standing_by(year, duty, unit, last_day(regulation, year, duty), ret_last);
}

void duty_standings(const struct td_regulation *regulation, const struct td_year *year,
                    int32_t duty, int8_t *grades, size_t stride)
{
    struct td_date last = last_day(regulation, year, duty), unused;
    int32_t common = standing_by(year, duty, TD_NONE, last, &unused);
    for (int32_t unit = 0; unit < year->member_count; unit++) {
        grades[(size_t)unit * stride] = (int8_t)common;
    }
    /* Only units with an entry of their own stand otherwise than all. */
    for (int32_t i = 0; i < year->process_count; i++) {
        const struct td_process *p = &year->process[i];
        if (p->duty == duty && p->unit != TD_NONE) {
            int32_t own = standing_by(year, duty, p->unit, last, &unused);
            grades[(size_t)p->unit * stride] = (int8_t)own;
        }
    }
}
