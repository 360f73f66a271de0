/*
 * Duties and meetings of the year, and when they are due.
 */
#include "format/parts.h"

#include <string.h>

#include "base/banned.h"

#define WORDS_MAX 64 /* recipients, composition, distances: each */
#define DAYS_MAX 366

enum due_form {
    DUE_BEFORE,
    DUE_BY,
    DUE_IN_MONTH,
    DUE_IN_QUARTER,
    DUE_MONTHLY,
    DUE_BEFORE_MEETING,
    DUE_FORMS
};

static const char *const DUE_KEYS[DUE_FORMS] = {
    "before", "by", "in_month", "in_quarter", "monthly", "before_meeting",
};

static void read_due(struct reader *r, const struct at *at, bool by_calendar,
                     struct td_when_due *due);

/* "MM-DD", or a full date where the regulation is made for one year. */
static void read_day(struct reader *r, const struct at *at, struct td_when_due *due)
{
    const struct td_regulation *regulation = regulation_reader(r)->regulation;

    if (json_string_length(at->json) <= 5) {
        (void)day_at(r, at, &due->month, &due->day);
        return;
    }
    due->date = date_at(r, at);
    if (regulation->year == 0 && td_date_is_set(due->date)) {
        hole_at(r, at, TD_WORDS("a full date needs a regulation made for one year"),
                TD_WORDS("write month and day: “03-31”, or give the regulation its “year”"));
    }
}

static void read_monthly(struct reader *r, const struct at *at, struct td_when_due *due)
{
    if (!json_is_array(at->json) || json_array_size(at->json) != 2) {
        mistyped_at(r, at, TD_ID("a list of two days"),
                    TD_WORDS("write first and last day: [20, 25]"));
        return;
    }
    struct at from = element_of(at, 0);
    struct at to = element_of(at, 1);
    due->day_from = count_at(r, &from, 1, 31);
    due->day_to = count_at(r, &to, 1, 31);
    if (due->day_to < due->day_from) {
        hole_at(r, at, TD_WORDS("the last day comes before the first"), NO_REMEDY);
    }
}

static void read_due_as(struct object *o, enum due_form form, const struct at *at,
                        struct td_when_due *due)
{
    struct reader *r = o->r;

    switch (form) {
    case DUE_BEFORE:
        due->kind = TD_DUE_BEFORE;
        read_day(r, at, due);
        break;
    case DUE_BY:
        due->kind = TD_DUE_BY;
        read_day(r, at, due);
        break;
    case DUE_IN_MONTH:
        due->kind = TD_DUE_IN_MONTH;
        due->month = count_at(r, at, 1, 12);
        break;
    case DUE_IN_QUARTER:
        due->kind = TD_DUE_IN_QUARTER;
        due->month = count_at(r, at, 1, 4);
        break;
    case DUE_MONTHLY:
        due->kind = TD_DUE_MONTHLY;
        read_monthly(r, at, due);
        break;
    case DUE_BEFORE_MEETING:
        due->kind = TD_DUE_BEFORE_MEETING;
        due->meeting = ref_at(r, at, &regulation_reader(r)->meetings, TD_ID("meeting"));
        due->days = field_count(o, "days", 0, DAYS_MAX);
        break;
    case DUE_FORMS:
        break;
    }
}

/* Both calendars' forms are read, so that both are right; the regulation's own is kept. */
static bool read_by_calendar(struct object *o, struct td_when_due *due)
{
    struct reader *r = o->r;
    enum td_calendar calendar = regulation_reader(r)->regulation->calendar;
    struct at in_calendar = field(o, "calendar_year");
    struct at in_school = field(o, "school_year");
    struct td_when_due other;

    if (in_calendar.json == NULL && in_school.json == NULL) {
        return false;
    }
    if (in_calendar.json == NULL || in_school.json == NULL) {
        hole_at(r, &o->at, TD_WORDS("the day is given for one calendar only"),
                TD_WORDS("give both “calendar_year” and “school_year”, or the day alone"));
        return true;
    }
    read_due(r, &in_calendar, false, calendar == TD_CALENDAR_YEAR ? due : &other);
    read_due(r, &in_school, false, calendar == TD_SCHOOL_YEAR ? due : &other);
    return true;
}

/* `by_calendar`: there may be one form for each calendar; within these there is no such choice. */
static void read_due(struct reader *r, const struct at *at, bool by_calendar,
                     struct td_when_due *due)
{
    struct object o;
    int forms = 0;

    *due = (struct td_when_due){.meeting = TD_NONE};
    if (!object_open(&o, r, at)) {
        return;
    }
    if (by_calendar && read_by_calendar(&o, due)) {
        object_close(&o);
        return;
    }
    for (int form = 0; form < DUE_FORMS; form++) {
        struct at day = field(&o, DUE_KEYS[form]);
        if (day.json != NULL && forms++ == 0) {
            read_due_as(&o, (enum due_form)form, &day, due);
        }
    }
    object_close(&o);
    if (forms != 1) {
        hole_at(r, at, TD_WORDS("“due” has one form"),
                TD_WORDS("give one of “before”, “by”, “in_month”, “in_quarter”, “monthly”, "
                         "“before_meeting”"));
    }
}

static void due_field(struct object *o, struct td_when_due *due)
{
    struct at at = field(o, "due");

    *due = (struct td_when_due){.kind = TD_DUE_NONE, .meeting = TD_NONE};
    if (at.json != NULL) {
        read_due(o->r, &at, true, due);
    }
}

/* ---- duties ---------------------------------------------------------------------------------- */

static void read_duty(struct reader *r, const struct at *at, void *ret)
{
    struct td_duty *duty = ret;
    struct object o;

    *duty = (struct td_duty){.id = "", .title = "", .who = "", .due = {.meeting = TD_NONE}};
    if (!object_open(&o, r, at)) {
        return;
    }
    duty->where = where_of(r, at);
    duty->id = field_id(&o, "id");
    duty->title = field_text(&o, "title");
    duty->clause = field_clause(&o);
    duty->who = field_text(&o, "who");
    duty->each_member = strcmp(duty->who, "member") == 0;
    duty->to = field_texts_or_none(&o, "to", WORDS_MAX, &duty->to_count);
    due_field(&o, &duty->due);
    duty->printed = field_date_or_none(&o, "printed");
    object_close(&o);
}

void duties_read(struct regulation_reader *in, struct object *root)
{
    static const struct list_of duties = {TD_RULES_MAX, sizeof(struct td_duty), read_duty};

    in->regulation->duties =
        field_list_or_none(root, "duties", &duties, &in->regulation->duty_count);
}

/* ---- meetings -------------------------------------------------------------------------------- */

static void read_distance(struct reader *r, const struct at *at, void *ret)
{
    struct td_distance *distance = ret;
    struct object o;

    *distance = (struct td_distance){.duty = TD_NONE, .meeting = TD_NONE};
    if (!object_open(&o, r, at)) {
        return;
    }
    struct at duty = field(&o, "duty");
    struct at meeting = field(&o, "meeting");
    if ((duty.json == NULL) == (meeting.json == NULL)) {
        hole_at(r, at, TD_WORDS("it comes after one duty or one meeting"),
                TD_WORDS("give “duty” or “meeting”"));
    } else if (duty.json != NULL) {
        distance->duty = ref_at(r, &duty, &regulation_reader(r)->duties, TD_ID("duty"));
    } else {
        distance->meeting = ref_at(r, &meeting, &regulation_reader(r)->meetings, TD_ID("meeting"));
    }
    distance->days = field_count(&o, "days", 0, DAYS_MAX);
    object_close(&o);
}

static void read_meeting(struct reader *r, const struct at *at, void *ret)
{
    static const struct list_of distances = {WORDS_MAX, sizeof(struct td_distance), read_distance};
    struct td_meeting *meeting = ret;
    struct object o;

    *meeting =
        (struct td_meeting){.id = "", .title = "", .quorum = {0, 1}, .due = {.meeting = TD_NONE}};
    if (!object_open(&o, r, at)) {
        return;
    }
    meeting->where = where_of(r, at);
    meeting->id = field_id(&o, "id");
    meeting->title = field_text(&o, "title");
    meeting->clause = field_clause(&o);
    due_field(&o, &meeting->due);
    meeting->quorum = field_share_or(&o, "quorum", (struct td_fraction){0, 1});
    meeting->place = field_text_or_none(&o, "place");
    meeting->composition =
        field_texts_or_none(&o, "composition", WORDS_MAX, &meeting->composition_count);
    meeting->consent_of = field_text_or_none(&o, "consent_of");
    meeting->optional = field_bool_or(&o, "optional", false);
    meeting->after = field_list_or_none(&o, "after", &distances, &meeting->after_count);
    object_close(&o);
}

void meetings_read(struct regulation_reader *in, struct object *root)
{
    static const struct list_of meetings = {TD_RULES_MAX, sizeof(struct td_meeting), read_meeting};

    in->regulation->meetings =
        field_list_or_none(root, "meetings", &meetings, &in->regulation->meeting_count);
}
