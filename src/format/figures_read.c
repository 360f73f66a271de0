/*
 * Values of items by their way of scoring, and the year's figures that don't come from sheets:
 * targets, results, outside raters' values, and what did not arise.
 */
#include "format/words.h"
#include "format/year.h"

#include <string.h>

#include "base/banned.h"

/* ---- cells ----------------------------------------------------------------------------------- */

int64_t *cells_new(struct reader *r, size_t count)
{
    int64_t *cells = r->full ? NULL : td_arena_alloc(r->arena, count, sizeof *cells);

    if (cells == NULL) {
        r->full = true;
        return NULL;
    }
    for (size_t i = 0; i < count; i++) {
        cells[i] = TD_EMPTY;
    }
    return cells;
}

static int32_t part_at(struct reader *r, const struct at *at, const struct td_item *item,
                       const char *id)
{
    const char *known[TD_PARTS_MAX];

    for (int32_t i = 0; i < item->part_count; i++) {
        known[i] = item->parts[i].id;
        if (strcmp(known[i], id) == 0) {
            return i;
        }
    }
    hole_at(r, at, TD_WORDS("the item has no part of this id"),
            remedy_of(r, id, known, (size_t)item->part_count));
    return TD_NONE;
}

static bool checklist_at(struct reader *r, const struct at *at, const struct td_item *item,
                         int64_t *cell)
{
    int64_t met = 0;

    if (!json_is_array(at->json)) {
        mistyped_at(r, at, TD_ID("a list in brackets"),
                    TD_WORDS("list the ids of the parts that are met"));
        return false;
    }
    for (size_t i = 0; i < json_array_size(at->json); i++) {
        struct at element = element_of(at, i);
        const char *id = json_string_value(element.json);
        if (id == NULL) {
            mistyped_at(r, &element, TD_ID("a text in quotes"), NO_REMEDY);
            return false;
        }
        int32_t part = part_at(r, &element, item, id);
        if (part == TD_NONE) {
            return false;
        }
        if ((met & INT64_C(1) << part) != 0) {
            twice_at(r, &element, id);
        }
        met |= INT64_C(1) << part;
    }
    *cell = met;
    return true;
}

static bool plus_minus_at(struct reader *r, const struct at *at, const struct td_item *item,
                          int64_t *cells)
{
    const char *id = NULL;
    json_t *value = NULL;

    if (!json_is_object(at->json)) {
        mistyped_at(r, at, TD_ID("an object in braces"),
                    TD_WORDS("give each event's id and its count"));
        return false;
    }
    for (int32_t i = 0; i < item->cells; i++) {
        cells[i] = 0;
    }
    json_object_foreach(at->json, id, value)
    {
        struct at member = member_of(at, id, value);
        int32_t part = part_at(r, &member, item, id);
        if (part == TD_NONE) {
            return false;
        }
        if (member.json != NULL) {
            cells[part] = count_at(r, &member, 0, INT32_MAX);
        }
    }
    return true;
}

bool cells_at(struct reader *r, const struct at *at, const struct td_item *item, int64_t *cells)
{
    size_t holes = r->holes;

    switch (item->way) {
    case TD_WAY_DIRECT:
    case TD_WAY_PLAN:
    case TD_WAY_TIERS:
    case TD_WAY_RANK:
    case TD_WAY_LEADER:
        *cells = value_at(r, at, item->decimals);
        break;
    case TD_WAY_COUNT:
        *cells = count_at(r, at, 0, INT32_MAX);
        break;
    case TD_WAY_CHECKLIST:
        return checklist_at(r, at, item, cells);
    case TD_WAY_PLUS_MINUS:
        return plus_minus_at(r, at, item, cells);
    }
    return r->holes == holes;
}

/* ---- references ------------------------------------------------------------------------------ */

int32_t unit_field(struct object *o, const char *key)
{
    return field_ref(o, key, &year_reader(o->r)->members, TD_ID("unit"));
}

int32_t item_field(struct object *o)
{
    return field_ref(o, "item", &year_reader(o->r)->items, TD_ID("item"));
}

static const char *item_title(const struct year_reader *in, int32_t item)
{
    return in->regulation->nodes[in->regulation->items[item].node].title;
}

static size_t at_unit_item(const struct year_reader *in, int32_t unit, int32_t item)
{
    return (size_t)unit * (size_t)in->regulation->item_count + (size_t)item;
}

static void given_twice(struct year_reader *in, const struct at *at, int32_t unit, int32_t item)
{
    hole_at(&in->reader, at,
            TD_MESSAGE("“{0}” is given twice for {1}", TD_TEXT(item_title(in, item)),
                       TD_TEXT(in->year->members[unit].code)),
            TD_WORDS("keep the one that holds"));
}

/* The list of this key; false when it is left out or not one. */
static bool list_field(struct object *root, const char *key, struct at *ret)
{
    *ret = field(root, key);
    if (ret->json != NULL && !json_is_array(ret->json)) {
        mistyped_at(root->r, ret, TD_ID("a list in brackets"), NO_REMEDY);
        return false;
    }
    return json_array_size(ret->json) > 0;
}

/* ---- targets --------------------------------------------------------------------------------- */

static void read_target(struct year_reader *in, const struct at *at, int64_t *targets,
                        uint8_t *bases)
{
    struct reader *r = &in->reader;
    struct object o;

    if (!object_open(&o, r, at)) {
        return;
    }
    int32_t unit = unit_field(&o, "unit");
    int32_t item = item_field(&o);
    struct at target = field_needed(&o, "target");
    uint8_t basis = (uint8_t)field_word_or(&o, "basis", BASIS_WORDS, TD_BASIS_UNSAID);
    object_close(&o);
    if (unit == TD_NONE || item == TD_NONE || target.json == NULL) {
        return;
    }
    const struct td_item *of = &in->regulation->items[item];
    if (of->way != TD_WAY_PLAN && of->way != TD_WAY_LEADER) {
        hole_at(r, at, TD_MESSAGE("“{0}” takes no target", TD_TEXT(item_title(in, item))),
                TD_WORDS("take it away, or correct the item"));
        return;
    }
    size_t i = at_unit_item(in, unit, item);
    if (targets[i] != TD_EMPTY) {
        given_twice(in, at, unit, item);
        return;
    }
    targets[i] = value_at(r, &target, of->decimals);
    bases[i] = basis;
}

static void read_targets(struct year_reader *in, struct object *root)
{
    size_t count = (size_t)in->year->member_count * (size_t)in->regulation->item_count;
    struct at list;

    if (!list_field(root, "targets", &list)) {
        return;
    }
    int64_t *targets = cells_new(&in->reader, count);
    uint8_t *bases = reader_alloc(&in->reader, count, sizeof *bases);
    if (targets == NULL || bases == NULL) {
        return;
    }
    for (size_t i = 0; i < json_array_size(list.json) && !in->reader.full; i++) {
        struct at at = element_of(&list, i);
        read_target(in, &at, targets, bases);
    }
    in->year->targets = targets;
    in->year->bases = bases;
}

/* ---- results --------------------------------------------------------------------------------- */

static void read_result(struct year_reader *in, const struct at *at, int64_t *results)
{
    struct reader *r = &in->reader;
    struct object o;

    if (!object_open(&o, r, at)) {
        return;
    }
    int32_t unit = unit_field(&o, "unit");
    int32_t item = item_field(&o);
    struct at value = field_needed(&o, "value");
    (void)field_text_or_none(&o, "source"); /* for the reader of the file */
    (void)field_date_or_none(&o, "date");
    object_close(&o);
    if (unit == TD_NONE || item == TD_NONE || value.json == NULL) {
        return;
    }
    const struct td_item *of = &in->regulation->items[item];
    if (of->source != TD_FROM_RESULTS) {
        hole_at(r, at,
                TD_MESSAGE("the value of “{0}” does not come from “results”",
                           TD_TEXT(item_title(in, item))),
                TD_WORDS("enter it where the regulation's “from” says"));
        return;
    }
    int64_t *cells = results + (size_t)unit * (size_t)in->regulation->cell_count + of->cell;
    if (of->cells > 0 && cells[0] != TD_EMPTY) {
        given_twice(in, at, unit, item);
        return;
    }
    (void)cells_at(r, &value, of, cells);
}

static void read_results(struct year_reader *in, struct object *root)
{
    size_t count = (size_t)in->year->member_count * (size_t)in->regulation->cell_count;
    struct at list;

    if (!list_field(root, "results", &list)) {
        return;
    }
    int64_t *results = cells_new(&in->reader, count);
    if (results == NULL) {
        return;
    }
    for (size_t i = 0; i < json_array_size(list.json) && !in->reader.full; i++) {
        struct at at = element_of(&list, i);
        read_result(in, &at, results);
    }
    in->year->results = results;
}

/* ---- outside raters -------------------------------------------------------------------------- */

/* One entry of the file: one rater, one item. */
struct voice {
    int32_t item;
    const char *rater;
    int64_t *values; /* by member */
    const char *where;
};

static void read_voice_values(struct reader *r, struct at *values, struct voice *voice)
{
    struct year_reader *in = year_reader(r);
    const char *code = NULL;
    json_t *json = NULL;

    if (!json_is_object(values->json)) {
        mistyped_at(r, values, TD_ID("an object in braces"), NO_REMEDY);
        return;
    }
    json_object_foreach(values->json, code, json)
    {
        struct at at = member_of(values, code, json);
        int32_t unit = names_find(&in->members, code);
        if (unit == TD_NONE) {
            hole_at(r, &at, TD_WORDS("there is no unit of this code"),
                    remedy_of(r, code, in->members.ids, (size_t)in->members.count));
        } else if (at.json != NULL && voice->values != NULL) {
            voice->values[unit] = value_at(r, &at, in->regulation->items[voice->item].decimals);
        }
    }
}

static void read_voice(struct reader *r, const struct at *at, void *ret)
{
    struct year_reader *in = year_reader(r);
    struct voice *voice = ret;
    struct object o;

    *voice = (struct voice){.item = TD_NONE, .rater = ""};
    if (!object_open(&o, r, at)) {
        return;
    }
    voice->where = where_of(r, at);
    voice->item = item_field(&o);
    voice->rater = field_text(&o, "rater");
    struct at values = field_needed(&o, "values");
    (void)field_text_or_none(&o, "source");
    (void)field_date_or_none(&o, "date");
    object_close(&o);
    if (voice->item == TD_NONE || values.json == NULL) {
        voice->item = TD_NONE;
        return;
    }
    if (in->regulation->items[voice->item].source != TD_FROM_OUTSIDE) {
        hole_at(r, at,
                TD_MESSAGE("the value of “{0}” does not come from “outside”",
                           TD_TEXT(item_title(in, voice->item))),
                TD_WORDS("enter it where the regulation's “from” says"));
        voice->item = TD_NONE;
        return;
    }
    voice->values = cells_new(r, (size_t)in->year->member_count);
    read_voice_values(r, &values, voice);
}

/* Give the voice its place among those of its item. */
static void join_voice(struct year_reader *in, const struct voice *voice,
                       struct td_outside *outside, const char **raters, int64_t *values)
{
    size_t members = (size_t)in->year->member_count;

    for (int32_t i = 0; i < outside->rater_count; i++) {
        if (strcmp(raters[i], voice->rater) == 0) {
            hole_where(&in->reader, voice->where,
                       TD_MESSAGE("{0} gives “{1}” twice", TD_TEXT(voice->rater),
                                  TD_TEXT(item_title(in, voice->item))),
                       TD_WORDS("keep the one that holds"));
            return;
        }
    }
    raters[outside->rater_count] = voice->rater;
    if (voice->values != NULL) {
        memcpy(values + (size_t)outside->rater_count * members, voice->values,
               members * sizeof *values);
    }
    outside->rater_count++;
}

static void group_voices(struct year_reader *in, const struct voice *voices, int32_t count)
{
    struct reader *r = &in->reader;
    size_t members = (size_t)in->year->member_count;
    size_t items = (size_t)in->regulation->item_count;
    int32_t *raters_of = reader_alloc(r, items, sizeof *raters_of); /* counts, then groups */
    int32_t groups = 0;

    if (raters_of == NULL) {
        return;
    }
    for (int32_t i = 0; i < count; i++) {
        if (voices[i].item != TD_NONE && raters_of[voices[i].item]++ == 0) {
            groups++;
        }
    }
    struct td_outside *outside = reader_alloc(r, (size_t)groups, sizeof *outside);
    const char ***raters = reader_alloc(r, (size_t)groups, sizeof *raters);
    int64_t **values = reader_alloc(r, (size_t)groups, sizeof *values);
    int32_t *group_of = reader_alloc(r, items, sizeof *group_of);
    if (outside == NULL || raters == NULL || values == NULL || group_of == NULL) {
        return;
    }
    int32_t used = 0;
    for (int32_t i = 0; i < count && !r->full; i++) {
        int32_t item = voices[i].item;
        if (item == TD_NONE) {
            continue;
        }
        if (group_of[item] == 0) {
            size_t n = (size_t)raters_of[item];
            if (n > TD_MEMBERS_MAX) {
                hole_where(r, voices[i].where,
                           TD_MESSAGE("“{0}” has {1} outside raters, more than the limit of {2}",
                                      TD_TEXT(item_title(in, item)), TD_COUNT(n),
                                      TD_COUNT(TD_MEMBERS_MAX)),
                           NO_REMEDY);
                return;
            }
            raters[used] = reader_alloc(r, n, sizeof **raters);
            values[used] = cells_new(r, n * members);
            outside[used].item = item;
            outside[used].where = voices[i].where;
            group_of[item] = ++used;
        }
        int32_t g = group_of[item] - 1;
        if (raters[g] != NULL && values[g] != NULL) {
            join_voice(in, &voices[i], &outside[g], raters[g], values[g]);
            outside[g].raters = raters[g];
            outside[g].values = values[g];
        }
    }
    in->year->outside = outside;
    in->year->outside_count = groups;
}

static void read_outside(struct year_reader *in, struct object *root)
{
    static const struct list_of voices = {YEAR_LIST_MAX, sizeof(struct voice), read_voice};
    int32_t count;
    const struct voice *list = field_list_or_none(root, "outside", &voices, &count);

    if (count > 0) {
        group_voices(in, list, count);
    }
}

/* ---- what did not arise ---------------------------------------------------------------------- */

static void read_absence(struct year_reader *in, const struct at *at, const char **reasons)
{
    struct object o;

    if (!object_open(&o, &in->reader, at)) {
        return;
    }
    int32_t unit = unit_field(&o, "unit");
    int32_t item = item_field(&o);
    const char *reason = field_text(&o, "reason");
    object_close(&o);
    if (unit == TD_NONE || item == TD_NONE) {
        return;
    }
    size_t i = at_unit_item(in, unit, item);
    if (reasons[i] != NULL) {
        given_twice(in, at, unit, item);
        return;
    }
    reasons[i] = reason;
}

static void read_not_arisen(struct year_reader *in, struct object *root)
{
    struct at list;

    if (!list_field(root, "not_arisen", &list)) {
        return;
    }
    const char **reasons = reader_alloc(
        &in->reader, (size_t)in->year->member_count * (size_t)in->regulation->item_count,
        sizeof *reasons);
    if (reasons == NULL) {
        return;
    }
    for (size_t i = 0; i < json_array_size(list.json) && !in->reader.full; i++) {
        struct at at = element_of(&list, i);
        read_absence(in, &at, reasons);
    }
    in->year->not_arisen = reasons;
}

void figures_read(struct year_reader *in, struct object *root)
{
    read_targets(in, root);
    read_results(in, root);
    read_outside(in, root);
    read_not_arisen(in, root);
}
