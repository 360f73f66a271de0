/*
 * What was entered about units in the year: decisions, bonuses, deductions, facts, and what became
 * of duties.
 */
#include "format/year.h"

#include <string.h>

#include "base/banned.h"

/* ---- units ----------------------------------------------------------------------------------- */

struct units units_field(struct object *o, const char *word)
{
    static const int32_t everyone[] = {TD_NONE};
    struct reader *r = o->r;
    struct at at = field_needed(o, "units");
    const char *text = json_string_value(at.json);
    struct units units = {NULL, 0};

    if (at.json == NULL) {
        return units;
    }
    if (text != NULL && word != NULL && strcmp(text, word) == 0) {
        return (struct units){everyone, 1};
    }
    if (!json_is_array(at.json)) {
        mistyped_at(r, &at, TD_ID("a list in brackets"),
                    word == NULL
                        ? NO_REMEDY
                        : TD_MESSAGE("list the units' codes, or write “{0}”", TD_TEXT(word)));
        return units;
    }
    if (json_array_size(at.json) == 0) {
        hole_at(r, &at, TD_WORDS("the list of units is empty"), NO_REMEDY);
    }
    const struct year_reader *in = year_reader(r);
    /* Each unit once: they fit. */
    int32_t count = list_count(&at, in->year->member_count);
    int32_t *list = reader_alloc(r, (size_t)count, sizeof *list);
    bool *seen = reader_alloc(r, (size_t)in->year->member_count, sizeof *seen);
    if (list == NULL || seen == NULL) {
        return units;
    }
    for (size_t i = 0; i < json_array_size(at.json); i++) {
        struct at element = element_of(&at, i);
        int32_t unit = ref_at(r, &element, &in->members, TD_ID("unit"));
        if (unit == TD_NONE) {
            continue;
        }
        if (seen[unit]) {
            twice_at(r, &element, json_string_value(element.json));
            continue;
        }
        seen[unit] = true;
        list[units.count++] = unit;
    }
    units.units = list;
    return units;
}

/* ---- decisions, bonuses and deductions ------------------------------------------------------- */

static void read_decision(struct reader *r, const struct at *at, void *ret)
{
    struct td_decision *decision = ret;
    struct object o;

    if (!object_open(&o, r, at)) {
        return;
    }
    decision->where = where_of(r, at);
    decision->unit = unit_field(&o, "unit");
    decision->item = item_field(&o);
    decision->points = field_points(&o, "points", FROM_ZERO);
    decision->reason = field_text(&o, "reason");
    decision->by = field_text(&o, "by");
    decision->date = field_date_or_none(&o, "date");
    object_close(&o);
}

static void read_bonus(struct reader *r, const struct at *at, void *ret)
{
    struct td_bonus_entry *entry = ret;
    struct object o;

    if (!object_open(&o, r, at)) {
        return;
    }
    entry->where = where_of(r, at);
    entry->part = field_ref(&o, "part", &year_reader(r)->bonuses, TD_ID("part of the bonus"));
    entry->unit = unit_field(&o, "unit");
    entry->points = field_points(&o, "points", FROM_ZERO);
    entry->reason = field_text(&o, "reason");
    entry->by = field_text_or_none(&o, "by");
    entry->date = field_date_or_none(&o, "date");
    object_close(&o);
}

/* A number may still be blank in a draft, but then the letter itself is there. */
static void read_letter(struct object *o, struct td_letter *letter)
{
    struct object l;

    if (!field_object(o, "letter", false, &l)) {
        return;
    }
    struct at number = field(&l, "number");
    bool blank = number.json == NULL || json_string_length(number.json) == 0;
    const char *text =
        blank && (number.json == NULL || json_is_string(number.json)) ? "" : text_at(l.r, &number);
    letter->number = text == NULL ? "" : text;
    letter->date = field_date_or_none(&l, "date");
    letter->issuer = field_text(&l, "issuer");
    letter->subject = field_text(&l, "subject");
    object_close(&l);
}

/* The id of a duty, or an activity in words: what has a blank can't be meant as an id. */
static void read_unmet(struct reader *r, struct object *o, struct td_deduction_entry *entry)
{
    struct at duty = field(o, "duty");
    const char *text = json_string_value(duty.json);

    entry->duty = TD_NONE;
    if (duty.json == NULL) {
        return;
    }
    if (text == NULL || strchr(text, ' ') == NULL) {
        entry->duty = ref_at(r, &duty, &year_reader(r)->duties, TD_ID("duty"));
    } else if (entry->finding == NULL) {
        entry->finding = text_at(r, &duty);
    } else {
        hole_at(r, &duty, TD_WORDS("both “duty” and “finding” say it in words"),
                TD_WORDS("keep one of them"));
    }
}

static void read_deduction(struct reader *r, const struct at *at, void *ret)
{
    struct td_deduction_entry *entry = ret;
    struct object o;

    if (!object_open(&o, r, at)) {
        return;
    }
    entry->where = where_of(r, at);
    entry->deduction = field_ref(&o, "deduction", &year_reader(r)->deductions, TD_ID("deduction"));
    entry->unit = unit_field(&o, "unit");
    entry->date = field_date_or_none(&o, "date");
    entry->finding = field_text_or_none(&o, "finding");
    entry->by = field_text_or_none(&o, "by");
    read_unmet(r, &o, entry);
    read_letter(&o, &entry->letter);
    object_close(&o);
}

/* ---- facts ----------------------------------------------------------------------------------- */

/* An entry of the file, for one or many units. */
struct spread_fact {
    struct td_fact_entry entry;
    struct units units;
};

static int32_t grade_field(struct object *o, int32_t fact_index)
{
    struct at at = field_needed(o, "grade");
    const struct td_regulation *regulation = year_reader(o->r)->regulation;
    const char *text = json_string_value(at.json);
    const char *known[TD_PARTS_MAX];

    if (at.json == NULL || fact_index == TD_NONE) {
        return TD_NONE;
    }
    const struct td_fact *fact = &regulation->facts[fact_index];
    if (text == NULL) {
        mistyped_at(o->r, &at, TD_ID("a text in quotes"), NO_REMEDY);
        return TD_NONE;
    }
    for (int32_t i = 0; i < fact->grade_count; i++) {
        known[i] = fact->grades[i].id;
        if (strcmp(known[i], text) == 0) {
            return i;
        }
    }
    hole_at(o->r, &at, TD_MESSAGE("the fact “{0}” has no grade of this id", TD_TEXT(fact->title)),
            remedy_of(o->r, text, known, (size_t)fact->grade_count));
    return TD_NONE;
}

static void read_fact(struct reader *r, const struct at *at, void *ret)
{
    struct spread_fact *spread = ret;
    struct td_fact_entry *entry = &spread->entry;
    struct object o;

    if (!object_open(&o, r, at)) {
        return;
    }
    entry->where = where_of(r, at);
    entry->fact = field_ref(&o, "fact", &year_reader(r)->facts, TD_ID("fact"));
    spread->units = units_field(&o, "others");
    entry->grade = grade_field(&o, entry->fact);
    entry->source = field_text_or_none(&o, "source");
    entry->by = field_text_or_none(&o, "by");
    entry->date = field_date_or_none(&o, "date");
    entry->as_of = field_date_or_none(&o, "as_of");
    object_close(&o);
}

static void read_facts(struct year_reader *in, struct object *root)
{
    static const struct list_of facts = {YEAR_LIST_MAX, sizeof(struct spread_fact), read_fact};
    int32_t count;
    int32_t total = 0;
    const struct spread_fact *list = field_list_or_none(root, "facts", &facts, &count);

    for (int32_t i = 0; i < count; i++) {
        total += list[i].units.count;
    }
    struct td_fact_entry *entries = reader_alloc(&in->reader, (size_t)total, sizeof *entries);
    if (entries == NULL) {
        return;
    }
    int32_t n = 0;
    for (int32_t i = 0; i < count; i++) {
        for (int32_t k = 0; k < list[i].units.count; k++) {
            entries[n] = list[i].entry;
            entries[n++].unit = list[i].units.units[k];
        }
    }
    in->year->facts = entries;
    in->year->fact_count = n;
}

/* ---- duties ---------------------------------------------------------------------------------- */

struct spread_process {
    struct td_process process;
    struct units units;
};

static bool begin_process(struct object *o, struct reader *r, const struct at *at,
                          struct spread_process *spread, enum td_process_kind kind)
{
    if (!object_open(o, r, at)) {
        return false;
    }
    spread->process.kind = kind;
    spread->process.where = where_of(r, at);
    spread->process.duty = field_ref(o, "duty", &year_reader(r)->duties, TD_ID("duty"));
    /* Who is excused or given more time stands by name, or it is all. */
    spread->units = units_field(o, kind == TD_PROCESS_DONE ? "others" : "all");
    return true;
}

static void read_done(struct reader *r, const struct at *at, void *ret)
{
    struct spread_process *spread = ret;
    struct object o;

    if (begin_process(&o, r, at, spread, TD_PROCESS_DONE)) {
        spread->process.date = field_date(&o, "date");
        object_close(&o);
    }
}

static void read_excused(struct reader *r, const struct at *at, void *ret)
{
    struct spread_process *spread = ret;
    struct object o;

    if (begin_process(&o, r, at, spread, TD_PROCESS_EXCUSED)) {
        spread->process.reason = field_text_or_none(&o, "reason");
        spread->process.by = field_text_or_none(&o, "by");
        spread->process.date = field_date_or_none(&o, "date");
        object_close(&o);
    }
}

static void read_extension(struct reader *r, const struct at *at, void *ret)
{
    struct spread_process *spread = ret;
    struct object o;

    if (begin_process(&o, r, at, spread, TD_PROCESS_EXTENDED)) {
        spread->process.date = field_date(&o, "until");
        spread->process.reason = field_text_or_none(&o, "reason");
        spread->process.by = field_text_or_none(&o, "by");
        (void)field_date_or_none(&o, "date"); /* when it was granted */
        object_close(&o);
    }
}

static void read_process(struct year_reader *in, struct object *root)
{
    static const struct {
        const char *key;
        struct list_of of;
    } lists[] = {
        {"done", {YEAR_LIST_MAX, sizeof(struct spread_process), read_done}},
        {"excused", {YEAR_LIST_MAX, sizeof(struct spread_process), read_excused}},
        {"extensions", {YEAR_LIST_MAX, sizeof(struct spread_process), read_extension}},
    };
    const struct spread_process *spread[3];
    int32_t counts[3];
    int32_t total = 0;

    for (int i = 0; i < 3; i++) {
        spread[i] = field_list_or_none(root, lists[i].key, &lists[i].of, &counts[i]);
        for (int32_t k = 0; k < counts[i]; k++) {
            total += spread[i][k].units.count;
        }
    }
    struct td_process *process = reader_alloc(&in->reader, (size_t)total, sizeof *process);
    if (process == NULL) {
        return;
    }
    int32_t n = 0;
    for (int i = 0; i < 3; i++) {
        for (int32_t k = 0; k < counts[i]; k++) {
            for (int32_t u = 0; u < spread[i][k].units.count; u++) {
                process[n] = spread[i][k].process;
                process[n++].unit = spread[i][k].units.units[u];
            }
        }
    }
    in->year->process = process;
    in->year->process_count = n;
}

void entries_read(struct year_reader *in, struct object *root)
{
    static const struct list_of decisions = {TD_ENTRIES_MAX, sizeof(struct td_decision),
                                             read_decision};
    static const struct list_of bonuses = {TD_ENTRIES_MAX, sizeof(struct td_bonus_entry),
                                           read_bonus};
    static const struct list_of deductions = {TD_ENTRIES_MAX, sizeof(struct td_deduction_entry),
                                              read_deduction};
    struct td_year *year = in->year;

    year->decisions = field_list_or_none(root, "decisions", &decisions, &year->decision_count);
    year->bonuses = field_list_or_none(root, "bonuses", &bonuses, &year->bonus_count);
    year->deductions = field_list_or_none(root, "deductions", &deductions, &year->deduction_count);
    read_facts(in, root);
    read_process(in, root);
}
