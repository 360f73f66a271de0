/*
 * A year as a file: what format_year_read reads, written. For whoever keeps a year elsewhere, in a
 * database, and hands it on.
 */
#include "format/json.h"
#include "format/words.h"

#include <string.h>

#include "base/banned.h"

struct writer {
    const struct td_regulation *regulation;
    const struct td_year *year;
    bool failed; /* the machine has no memory */
};

/* ---- a file taken apart ---------------------------------------------------------------------- */

/* What is written from the structure, so that a part must not say it again. */
static bool is_structure(const char *key)
{
    static const char *const keys[] = {"format", "regulation", "regulation_sha256", "year",
                                       "as_of",  "bloc",       "members",           "targets",
                                       "sheets", "settled"};
    bool found = false;

    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        found = found || strcmp(keys[i], key) == 0;
    }
    return found;
}

static void take_part(struct reader *r, const char *key, json_t *json, struct format_part *ret)
{
    char *text = json_dumps(json, JSON_COMPACT | JSON_ENCODE_ANY);

    if (text == NULL) {
        r->full = true;
        return;
    }
    ret->key = reader_text(r, key, strlen(key));
    ret->json = reader_text(r, text, strlen(text));
    free(text);
}

int format_year_parts(const char *bytes, size_t n, struct td_arena *arena,
                      struct td_problems *problems, struct format_part **ret, int32_t *ret_count)
{
    struct reader r;
    struct at at;
    const char *key = NULL;
    json_t *json = NULL;
    int32_t count = 0;

    reader_init(&r, arena, problems);
    if (!reader_load(&r, bytes, n, &at)) {
        return reader_status(&r);
    }
    struct format_part *parts = reader_alloc(&r, json_object_size(at.json) + 1, sizeof *parts);
    json_object_foreach(at.json, key, json)
    {
        if (!r.full && !is_structure(key)) {
            take_part(&r, key, json, &parts[count++]);
        }
    }
    json_decref(at.json);
    if (reader_status(&r) == TD_OK) {
        *ret = parts;
        *ret_count = count;
    }
    return reader_status(&r);
}

/* ---- values ---------------------------------------------------------------------------------- */

static void put(struct writer *w, json_t *object, const char *key, json_t *value)
{
    w->failed |= json_object_set_new(object, key, value) < 0;
}

static void append(struct writer *w, json_t *list, json_t *value)
{
    w->failed |= json_array_append_new(list, value) < 0;
}

static void put_text(struct writer *w, json_t *object, const char *key, const char *text)
{
    put(w, object, key, json_string(text));
}

static void put_date(struct writer *w, json_t *object, const char *key, struct td_date date)
{
    char text[TD_DATE_TEXT];

    if (td_date_is_set(date)) {
        (void)td_date_print(date, text);
        put_text(w, object, key, text);
    }
}

static json_t *value_of(const struct td_item *item, int64_t units)
{
    char text[TD_DECIMAL_TEXT];

    (void)td_decimal_print_short((struct td_decimal){.units = units, .decimals = item->decimals},
                                 text);
    return json_string(text);
}

static json_t *parts_met(struct writer *w, const struct td_item *item, int64_t met)
{
    json_t *list = json_array();

    for (int32_t i = 0; i < item->part_count; i++) {
        if ((met >> i & 1) != 0) {
            append(w, list, json_string(item->parts[i].id));
        }
    }
    return list;
}

static json_t *events_of(struct writer *w, const struct td_item *item, const int64_t *counts)
{
    json_t *object = json_object();

    for (int32_t i = 0; i < item->part_count; i++) {
        if (counts[i] != 0) {
            put(w, object, item->parts[i].id, json_integer(counts[i]));
        }
    }
    return object;
}

static json_t *cells_of(struct writer *w, const struct td_item *item, const int64_t *cells)
{
    switch (item->way) {
    case TD_WAY_CHECKLIST:
        return parts_met(w, item, cells[0]);
    case TD_WAY_PLUS_MINUS:
        return events_of(w, item, cells);
    case TD_WAY_COUNT:
        return json_integer(cells[0]);
    case TD_WAY_DIRECT:
    case TD_WAY_PLAN:
    case TD_WAY_TIERS:
    case TD_WAY_RANK:
    case TD_WAY_LEADER:
    default:
        return value_of(item, cells[0]);
    }
}

static const char *item_id(const struct writer *w, int32_t item)
{
    return w->regulation->nodes[w->regulation->items[item].node].id;
}

/* ---- sheets and targets ---------------------------------------------------------------------- */

static json_t *values_of(struct writer *w, const struct td_sheet *sheet)
{
    json_t *object = json_object();

    for (int32_t i = 0; i < w->regulation->item_count; i++) {
        const struct td_item *item = &w->regulation->items[i];
        const int64_t *cells = &sheet->cells[item->cell];
        if (cells[0] != TD_EMPTY) {
            put(w, object, item_id(w, i), cells_of(w, item, cells));
        }
    }
    return object;
}

static void put_reasons(struct writer *w, json_t *object, const struct td_sheet *sheet)
{
    json_t *reasons = json_object();

    for (int32_t i = 0; sheet->reasons != NULL && i < w->regulation->item_count; i++) {
        if (sheet->reasons[i] != NULL) {
            put_text(w, reasons, item_id(w, i), sheet->reasons[i]);
        }
    }
    if (json_object_size(reasons) > 0) {
        put(w, object, "reasons", reasons);
    } else {
        json_decref(reasons);
    }
}

static void put_rater(struct writer *w, json_t *object, int32_t stage, int32_t rater)
{
    enum td_rater kind = w->regulation->stages[stage].rater;

    if (kind == TD_RATER_PANEL) {
        put_text(w, object, "rater", w->year->panel[stage][rater]);
    } else if (kind != TD_RATER_BODY) {
        put_text(w, object, "rater", w->year->members[rater].code);
    }
}

static json_t *sheet_of(struct writer *w, const struct td_sheet *sheet)
{
    const struct td_stage *stage = &w->regulation->stages[sheet->stage];
    json_t *object = json_object();

    put_text(w, object, "stage", stage->id);
    if (stage->rater != TD_RATER_SELF) {
        put_rater(w, object, sheet->stage, sheet->rater);
    }
    put_text(w, object, "unit", w->year->members[sheet->unit].code);
    if (sheet->state == TD_SHEET_ABSTAINED) {
        put_text(w, object, "abstained", sheet->abstained);
        return object;
    }
    if (sheet->state == TD_SHEET_SUBMITTED) {
        put_date(w, object, "submitted", sheet->submitted);
    }
    put(w, object, "values", values_of(w, sheet));
    put_reasons(w, object, sheet);
    return object;
}

static void put_settled(struct writer *w, json_t *root)
{
    json_t *list = json_array();

    for (int32_t i = 0; i < w->year->settled_count; i++) {
        const struct td_settled *settled = &w->year->settled[i];
        json_t *object = json_object();
        put_text(w, object, "stage", w->regulation->stages[settled->stage].id);
        put_rater(w, object, settled->stage, settled->rater);
        if (settled->unit != TD_NONE) {
            put_text(w, object, "unit", w->year->members[settled->unit].code);
        }
        put_text(w, object, "decision", word_of(DECISION_WORDS, settled->count_without));
        put_text(w, object, "reason", settled->reason);
        if (settled->by != NULL) {
            put_text(w, object, "by", settled->by);
        }
        put_date(w, object, "date", settled->date);
        append(w, list, object);
    }
    put(w, root, "settled", list);
}

static json_t *target_of(struct writer *w, int32_t unit, int32_t item, int64_t value, uint8_t basis)
{
    json_t *object = json_object();

    put_text(w, object, "unit", w->year->members[unit].code);
    put_text(w, object, "item", item_id(w, item));
    put(w, object, "target", value_of(&w->regulation->items[item], value));
    if (basis != TD_BASIS_UNSAID) {
        put_text(w, object, "basis", word_of(BASIS_WORDS, basis));
    }
    return object;
}

static void put_targets(struct writer *w, json_t *root)
{
    const struct td_year *year = w->year;
    json_t *list = json_array();

    for (int32_t i = 0; year->targets != NULL && i < year->member_count; i++) {
        for (int32_t k = 0; k < w->regulation->item_count; k++) {
            int32_t at = i * w->regulation->item_count + k;
            if (year->targets[at] != TD_EMPTY) {
                uint8_t basis = year->bases == NULL ? TD_BASIS_UNSAID : year->bases[at];
                append(w, list, target_of(w, i, k, year->targets[at], basis));
            }
        }
    }
    put(w, root, "targets", list);
}

static void put_not_arisen(struct writer *w, json_t *root)
{
    const struct td_year *year = w->year;
    json_t *list = json_array();

    for (int32_t i = 0; year->not_arisen != NULL && i < year->member_count; i++) {
        for (int32_t k = 0; k < w->regulation->item_count; k++) {
            const char *reason = year->not_arisen[i * w->regulation->item_count + k];
            if (reason != NULL) {
                json_t *object = json_object();
                put_text(w, object, "unit", year->members[i].code);
                put_text(w, object, "item", item_id(w, k));
                put_text(w, object, "reason", reason);
                append(w, list, object);
            }
        }
    }
    put(w, root, "not_arisen", list);
}

/* ---- the whole ------------------------------------------------------------------------------- */

static json_t *member_of_year(struct writer *w, int32_t i)
{
    json_t *object = json_object();

    put_text(w, object, "code", w->year->members[i].code);
    put_text(w, object, "name", w->year->members[i].name);
    if (i == w->year->head) {
        put_text(w, object, "role", "head");
    } else if (i == w->year->deputy) {
        put_text(w, object, "role", "deputy");
    }
    return object;
}

static void put_head(struct writer *w, json_t *root)
{
    const struct td_year *year = w->year;
    json_t *bloc = json_object();
    json_t *members = json_array();

    put_text(w, root, "format", "thidua-year/1");
    put_text(w, root, "regulation", "regulation.json");
    if (w->regulation->sha256 != NULL) {
        put_text(w, root, "regulation_sha256", w->regulation->sha256);
    }
    put_text(w, root, "year", year->label);
    put_date(w, root, "as_of", year->as_of);
    put_text(w, bloc, "id", year->bloc_id);
    put_text(w, bloc, "name", year->bloc_name);
    put_text(w, bloc, "kind", year->territorial ? "territorial" : "sectoral");
    put(w, root, "bloc", bloc);
    for (int32_t i = 0; i < year->member_count; i++) {
        append(w, members, member_of_year(w, i));
    }
    put(w, root, "members", members);
}

static void put_parts(struct writer *w, json_t *root, const struct format_part *parts,
                      int32_t count)
{
    for (int32_t i = 0; i < count; i++) {
        put(w, root, parts[i].key, json_loads(parts[i].json, JSON_DECODE_ANY, NULL));
    }
    if (json_object_get(root, "title") == NULL) {
        put_text(w, root, "title", w->year->title);
    }
}

static int dump(const char *bytes, size_t n, void *context)
{
    struct buf *out = context;

    buf_add(out, bytes, n);
    return buf_ok(out) ? 0 : -1;
}

int format_year_write(const struct td_regulation *regulation, const struct td_year *year,
                      const struct format_part *parts, int32_t count, struct buf *out)
{
    struct writer w = {.regulation = regulation, .year = year};
    json_t *root = json_object();
    json_t *sheets = json_array();

    put_head(&w, root);
    put_parts(&w, root, parts, count);
    put_targets(&w, root);
    put_not_arisen(&w, root);
    for (int32_t i = 0; i < year->sheet_count; i++) {
        append(&w, sheets, sheet_of(&w, &year->sheets[i]));
    }
    put(&w, root, "sheets", sheets);
    put_settled(&w, root);
    int dumped = w.failed ? -1 : json_dump_callback(root, dump, out, JSON_INDENT(1));
    json_decref(root);
    buf_char(out, '\n');
    if (!buf_ok(out)) {
        return buf_status(out);
    }
    return dumped < 0 ? TD_E_MEMORY : TD_OK;
}
