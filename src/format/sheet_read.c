/*
 * Score sheets, and how missing ones were settled.
 */
#include "format/words.h"
#include "format/year.h"

#include <stdlib.h>
#include <string.h>

#include "base/banned.h"

/* ---- who ------------------------------------------------------------------------------------- */

/* The head, or whoever stands in: the deputy for the head's own sheet. */
static int32_t acting_head(struct object *o, const struct td_stage *stage, int32_t unit)
{
    const struct td_year *year = year_reader(o->r)->year;
    bool deputy = stage->deputy_for_head && unit != TD_NONE && unit == year->head;
    int32_t rater = deputy ? year->deputy : year->head;

    if (rater == TD_NONE) {
        hole_at(o->r, &o->at,
                deputy ? TD_WORDS("the bloc has no deputy to score the head")
                       : TD_WORDS("the bloc has no head to score"),
                deputy ? TD_WORDS("give a member the role “deputy”")
                       : TD_WORDS("give a member the role “head”"));
    }
    return rater;
}

/* The rater of a sheet of this stage about this unit (TD_NONE: about all). */
static int32_t read_rater(struct object *o, int32_t stage_index, int32_t unit)
{
    struct year_reader *in = year_reader(o->r);

    if (stage_index == TD_NONE) {
        (void)field(o, "rater");
        return TD_NONE;
    }
    const struct td_stage *stage = &in->regulation->stages[stage_index];
    if (stage->rater == TD_RATER_BODY) {
        return 0;
    }
    if (stage->rater == TD_RATER_OTHERS) {
        return field_ref(o, "rater", &in->members, TD_ID("unit"));
    }
    if (stage->rater == TD_RATER_PANEL) {
        return field_ref(o, "rater", &in->panels[stage_index], TD_ID("rater of the panel"));
    }
    struct at rater = field(o, "rater");
    if (rater.json != NULL) {
        return ref_at(o->r, &rater, &in->members, TD_ID("unit"));
    }
    if (stage->rater == TD_RATER_HEAD) {
        return acting_head(o, stage, unit);
    }
    if (unit == TD_NONE) {
        hole_at(o->r, &o->at, TD_WORDS("neither “unit” nor “rater” says whose sheet it is"),
                TD_WORDS("add one of them"));
    }
    return unit;
}

/* ---- sheets ---------------------------------------------------------------------------------- */

static void read_value(struct year_reader *in, const struct at *at, int64_t *cells)
{
    struct reader *r = &in->reader;
    int32_t index = names_find(&in->items, at->key);

    if (index == TD_NONE) {
        hole_at(r, at, TD_WORDS("there is no item of this id"),
                remedy_of(r, at->key, in->items.ids, (size_t)in->items.count));
        return;
    }
    const struct td_item *item = &in->regulation->items[index];
    if (item->source != TD_FROM_SHEETS) {
        hole_at(r, at,
                TD_MESSAGE("“{0}” has no value on sheets",
                           TD_TEXT(in->regulation->nodes[item->node].title)),
                item->source == TD_FROM_RESULTS ? TD_WORDS("enter it under “results”")
                                                : TD_WORDS("enter it under “outside”"));
        return;
    }
    if (at->json != NULL) {
        (void)cells_at(r, at, item, cells + item->cell);
    }
}

static const int64_t *read_values(struct year_reader *in, const struct at *values)
{
    struct reader *r = &in->reader;
    int64_t *cells = cells_new(r, (size_t)in->regulation->cell_count);
    const char *id = NULL;
    json_t *json = NULL;

    if (cells == NULL || values->json == NULL) {
        return cells;
    }
    if (!json_is_object(values->json)) {
        mistyped_at(r, values, TD_ID("an object in braces"), NO_REMEDY);
        return cells;
    }
    json_object_foreach(values->json, id, json)
    {
        struct at at = member_of(values, id, json);
        read_value(in, &at, cells);
    }
    return cells;
}

static const char *const *read_reasons(struct year_reader *in, struct object *o)
{
    struct reader *r = &in->reader;
    struct at reasons = field(o, "reasons");
    const char *id = NULL;
    json_t *json = NULL;

    if (reasons.json == NULL) {
        return NULL;
    }
    if (!json_is_object(reasons.json)) {
        mistyped_at(r, &reasons, TD_ID("an object in braces"), NO_REMEDY);
        return NULL;
    }
    const char **by_item = reader_alloc(r, (size_t)in->regulation->item_count, sizeof *by_item);
    if (by_item == NULL) {
        return NULL;
    }
    json_object_foreach(reasons.json, id, json)
    {
        struct at at = member_of(&reasons, id, json);
        int32_t item = names_find(&in->items, id);
        if (item == TD_NONE) {
            hole_at(r, &at, TD_WORDS("there is no item of this id"),
                    remedy_of(r, id, in->items.ids, (size_t)in->items.count));
        } else if (at.json != NULL) {
            by_item[item] = text_at(r, &at);
        }
    }
    return by_item;
}

static void read_sheet(struct reader *r, const struct at *at, void *ret)
{
    struct year_reader *in = year_reader(r);
    struct td_sheet *sheet = ret;
    struct object o;

    *sheet = (struct td_sheet){.unit = TD_NONE, .stage = TD_NONE, .rater = TD_NONE};
    if (!object_open(&o, r, at)) {
        return;
    }
    sheet->where = where_of(r, at);
    sheet->stage = field_ref(&o, "stage", &in->stages, TD_ID("stage"));
    sheet->unit = unit_field(&o, "unit");
    sheet->rater = read_rater(&o, sheet->stage, sheet->unit);
    struct at submitted = field(&o, "submitted");
    struct at abstained = field(&o, "abstained");
    struct at values = field(&o, "values");
    sheet->reasons = read_reasons(in, &o);
    if (abstained.json != NULL) {
        sheet->state = TD_SHEET_ABSTAINED;
        sheet->abstained = text_at(r, &abstained);
        if (submitted.json != NULL || values.json != NULL) {
            hole_at(r, at, TD_WORDS("the rater abstains, and yet gives a sheet"),
                    TD_WORDS("keep “abstained”, or “submitted” and “values”"));
        }
    } else {
        if (submitted.json != NULL) {
            sheet->state = TD_SHEET_SUBMITTED;
            sheet->submitted = date_at(r, &submitted);
        }
        sheet->cells = read_values(in, &values);
    }
    object_close(&o);
}

static int compare(int32_t a, int32_t b)
{
    return (a > b) - (a < b);
}

static int compare_who(const struct td_sheet *a, const struct td_sheet *b)
{
    int by_unit = compare(a->unit, b->unit);
    int by_stage = compare(a->stage, b->stage);

    return by_unit != 0 ? by_unit : by_stage != 0 ? by_stage : compare(a->rater, b->rater);
}

/* Equal sheets stand as in the file, whose places differ in length or in letters. */
static int compare_sheets(const void *left, const void *right)
{
    const struct td_sheet *a = left;
    const struct td_sheet *b = right;
    int by_who = compare_who(a, b);

    if (by_who != 0 || a->where == NULL || b->where == NULL) {
        return by_who;
    }
    size_t m = strlen(a->where);
    size_t n = strlen(b->where);
    return m != n ? (m > n) - (m < n) : strcmp(a->where, b->where);
}

void sheets_read(struct year_reader *in, struct object *root)
{
    static const struct list_of sheets = {YEAR_LIST_MAX, sizeof(struct td_sheet), read_sheet};
    int32_t count;
    struct td_sheet *list = field_list_or_none(root, "sheets", &sheets, &count);

    if (count > 0) {
        qsort(list, (size_t)count, sizeof *list, compare_sheets);
    }
    for (int32_t i = 1; i < count; i++) {
        const struct td_sheet *sheet = &list[i];
        if (sheet->unit != TD_NONE && sheet->stage != TD_NONE && sheet->rater != TD_NONE &&
            compare_who(&list[i - 1], sheet) == 0) {
            hole_where(&in->reader, sheet->where,
                       TD_MESSAGE("the sheet “{0}” about {1} by the same rater is already at {2}",
                                  TD_TEXT(in->regulation->stages[sheet->stage].title),
                                  TD_TEXT(in->year->members[sheet->unit].name),
                                  TD_TEXT(list[i - 1].where)),
                       TD_WORDS("keep the one that holds"));
        }
    }
    in->year->sheets = list;
    in->year->sheet_count = count;
}

/* ---- settled --------------------------------------------------------------------------------- */

static void read_settled(struct reader *r, const struct at *at, void *ret)
{
    struct year_reader *in = year_reader(r);
    struct td_settled *settled = ret;
    struct object o;

    *settled = (struct td_settled){.stage = TD_NONE, .rater = TD_NONE, .unit = TD_NONE};
    if (!object_open(&o, r, at)) {
        return;
    }
    settled->where = where_of(r, at);
    settled->stage = field_ref(&o, "stage", &in->stages, TD_ID("stage"));
    struct at unit = field(&o, "unit");
    if (unit.json != NULL) {
        settled->unit = ref_at(r, &unit, &in->members, TD_ID("unit"));
    }
    settled->rater = read_rater(&o, settled->stage, settled->unit);
    settled->count_without = field_word(&o, "decision", DECISION_WORDS);
    settled->reason = field_text(&o, "reason");
    settled->by = field_text_or_none(&o, "by");
    settled->date = field_date_or_none(&o, "date");
    object_close(&o);
}

void settled_read(struct year_reader *in, struct object *root)
{
    static const struct list_of settled = {YEAR_LIST_MAX, sizeof(struct td_settled), read_settled};

    in->year->settled = field_list_or_none(root, "settled", &settled, &in->year->settled_count);
}
