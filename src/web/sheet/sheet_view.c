/*
 * A sheet as rows of a grid, with what was typed when a form was refused.
 */
#include "web/sheet/sheet_page.h"

#include "office/rules.h"

#include <string.h>

#include "base/banned.h"

#define HINTS_MAX (TD_PARTS_MAX + 2)
#define TITLES_MAX ((size_t)1024 * 1024) /* bytes of all titles of an item's parts */

struct viewing {
    struct web *web;
    const struct sheet *sheet;
    const struct sheet_form *form; /* or NULL */
    bool no_memory;
};

static struct td_decimal points_of(const struct sheet *s, int64_t units)
{
    return (struct td_decimal){units, s->regulation->scale.item_decimals};
}

/* A number of words: without zeros at its end. */
static struct td_arg short_number(int64_t units, uint8_t decimals)
{
    while (decimals > 0 && units % 10 == 0) {
        units /= 10;
        decimals--;
    }
    return TD_DECIMAL(((struct td_decimal){units, decimals}));
}

static const char *name_of(struct viewing *v, const char *kind, const char *item, const char *part)
{
    const char *name = sheet_name(v->web->arena, kind, item, part);
    v->no_memory = v->no_memory || name == NULL;
    return name == NULL ? "" : name;
}

static const char *prefixed(struct viewing *v, const char *prefix, const char *name)
{
    size_t n = strlen(name);
    char *text = td_arena_alloc(v->web->arena, n + 2, 1);
    if (text == NULL) {
        v->no_memory = true;
        return "";
    }
    text[0] = prefix[0];
    memcpy(text + 1, name, n + 1);
    return text;
}

static const char *kept(struct viewing *v, const char *text)
{
    v->no_memory = v->no_memory || text == NULL;
    return text == NULL ? "" : text;
}

static int64_t seen_before(const char *text, int64_t version)
{
    struct td_decimal number;
    return text != NULL && td_decimal_parse(text, strlen(text), 0, &number) == TD_OK ? number.units
                                                                                     : version;
}

/* What was typed over `old`, when it isn't what stands there now anyway. */
static const char *lost(const char *typed, const char *old, const char *now)
{
    bool changed = typed != NULL && (old == NULL || strcmp(typed, old) != 0);
    return changed && strcmp(typed, now) != 0 ? typed : NULL;
}

/* What stands in the field: the office's value, or what was typed and refused. Where two wrote, the
 * next try is made over what the other wrote; where nobody may write, what was typed stands beside
 * it. */
static void fill(struct viewing *v, struct sheet_field *f, const char *name, const char *now,
                 int64_t version)
{
    *f = (struct sheet_field){.name = name,
                              .old_name = prefixed(v, "o", name),
                              .seen_name = prefixed(v, "s", name),
                              .value = now,
                              .old = now,
                              .seen = version};
    if (v->form == NULL) {
        return;
    }
    const struct http_exchange *x = v->web->x;
    const struct sheet_clash *clash = sheet_form_clash(v->form, name);
    const char *typed = http_field(x, name), *old = http_field(x, f->old_name);
    if (!v->sheet->may_write) {
        f->lost = lost(typed, old, now);
        return;
    }
    f->value = typed != NULL ? typed : f->value;
    f->error = web_problem(&v->form->problems, name);
    if (clash != NULL) {
        f->both = (struct sheet_both){
            .theirs = now, .by = clash->by, .at = clash->at, .choice = prefixed(v, "k", name)};
    } else {
        f->old = old != NULL ? old : f->old;
        f->seen = seen_before(http_field(x, f->seen_name), version);
    }
}

/* ---- inputs after their way of scoring ------------------------------------------------------- */

static bool was_ticked(const struct viewing *v, const char *name, const char *part)
{
    size_t count = 0;
    const struct http_pair *fields = http_fields(v->web->x, &count);
    for (size_t i = 0; i < count; i++) {
        if (strcmp(fields[i].name, name) == 0 && strcmp(fields[i].value, part) == 0) {
            return true;
        }
    }
    return false;
}

/* The parts that were ticked, by their titles, where the sheet doesn't take them any more. */
static const char *lost_checks(struct viewing *v, const struct sheet_row *row)
{
    const struct td_item *item = row->item;
    int64_t mask = http_field(v->web->x, row->none_name) != NULL ? 0 : TD_EMPTY;
    struct buf titles;
    buf_init(&titles, TITLES_MAX);
    for (int32_t i = 0; i < item->part_count; i++) {
        if (was_ticked(v, row->checks_name, item->parts[i].id)) {
            mask = (mask == TD_EMPTY ? 0 : mask) | INT64_C(1) << i;
            buf_text(&titles, buf_length(&titles) > 0 ? "; " : "");
            buf_text(&titles, item->parts[i].title);
        }
    }
    const char *ticked = kept(v, sheet_checks(v->web->arena, item, mask));
    const char *words =
        buf_length(&titles) == 0
            ? "–"
            : kept(v, td_arena_text(v->web->arena, buf_string(&titles), buf_length(&titles)));
    buf_release(&titles);
    return lost(ticked, http_field(v->web->x, row->value.old_name), row->value.value) == NULL
               ? NULL
               : words;
}

static void fill_parts(struct viewing *v, struct sheet_row *row)
{
    const struct td_item *item = row->item;
    const struct sheet *s = v->sheet;
    int64_t mask = s->cells[item->cell];
    row->parts = td_arena_zeroed(v->web->arena, (size_t)item->part_count, sizeof *row->parts);
    if (row->parts == NULL) {
        v->no_memory = true;
        return;
    }
    bool redraws = item->way == TD_WAY_CHECKLIST && v->form != NULL &&
                   http_field(v->web->x, row->value.seen_name) != NULL;
    if (redraws && !s->may_write) {
        row->value.lost = lost_checks(v, row);
        redraws = false;
    }
    for (int32_t i = 0; i < item->part_count; i++) {
        struct sheet_part *part = &row->parts[i];
        part->id = item->parts[i].id;
        part->title = item->parts[i].title;
        part->points =
            short_number(item->parts[i].points, s->regulation->scale.item_decimals).decimal;
        if (item->way == TD_WAY_PLUS_MINUS) {
            int32_t cell = item->cell + i;
            fill(v, &part->field, name_of(v, "v", row->id, part->id),
                 kept(v, sheet_number(v->web, s->cells[cell], 0)), s->versions[cell]);
            part->field.label = row->value.label;
        } else {
            part->checked = redraws ? was_ticked(v, row->checks_name, part->id)
                                    : mask != TD_EMPTY && (mask >> i & 1) != 0;
        }
    }
    if (item->way == TD_WAY_CHECKLIST) {
        row->none = redraws ? http_field(v->web->x, row->none_name) != NULL : mask == 0;
    }
}

static struct td_message value_words(const struct td_item *item)
{
    if (item->way == TD_WAY_DIRECT) {
        return TD_WORDS("Points");
    }
    return item->way == TD_WAY_COUNT || item->way == TD_WAY_PLUS_MINUS ? TD_WORDS("Number")
                                                                       : TD_WORDS("Actual");
}

static void fill_inputs(struct viewing *v, struct sheet_row *row, int32_t index)
{
    const struct td_item *item = row->item;
    const struct sheet *s = v->sheet;
    const struct sheet_note *note = &s->notes[index];
    if (item->way == TD_WAY_PLAN || item->way == TD_WAY_LEADER) {
        fill(v, &row->target, name_of(v, "t", row->id, NULL),
             kept(v, sheet_number(v->web, s->targets[index], item->decimals)), 0);
        row->target.label = TD_WORDS("Target");
    }
    if (item->way == TD_WAY_CHECKLIST) {
        row->checks_name = name_of(v, "c", row->id, NULL);
        row->none_name = name_of(v, "c", row->id, "none");
    }
    if (item->way != TD_WAY_PLUS_MINUS) {
        fill(v, &row->value,
             row->checks_name != NULL ? row->checks_name : name_of(v, "v", row->id, NULL),
             kept(v, sheet_value(v->web, item, s->cells[item->cell])), s->versions[item->cell]);
    }
    row->value.label = value_words(item);
    if (item->part_count > 0) {
        fill_parts(v, row);
    }
    fill(v, &row->note, name_of(v, "n", row->id, NULL), note->note, note->version);
    fill(v, &row->evidence, name_of(v, "e", row->id, NULL), note->evidence, note->version);
}

/* ---- how it is scored ------------------------------------------------------------------------ */

static struct td_message tier_words(const struct sheet *s, const struct td_item *item,
                                    const struct td_tier *tier)
{
    struct td_arg points = short_number(tier->points, s->regulation->scale.item_decimals);
    if (tier->first <= -TD_VALUE_MAX) {
        return TD_MESSAGE("up to {0}: {1} points", short_number(tier->last, item->decimals),
                          points);
    }
    if (tier->last >= TD_VALUE_MAX) {
        return TD_MESSAGE("{0} and more: {1} points", short_number(tier->first, item->decimals),
                          points);
    }
    return TD_MESSAGE("{0} to {1}: {2} points", short_number(tier->first, item->decimals),
                      short_number(tier->last, item->decimals), points);
}

static void hint(struct sheet_row *row, struct td_message words)
{
    row->hints[row->hint_count++] = words;
}

static void fill_hints(struct viewing *v, struct sheet_row *row)
{
    const struct td_item *item = row->item;
    const struct sheet *s = v->sheet;
    uint8_t decimals = s->regulation->scale.item_decimals;
    row->hints = td_arena_alloc(v->web->arena, HINTS_MAX, sizeof *row->hints);
    if (row->hints == NULL) {
        v->no_memory = true;
        return;
    }
    switch (item->way) {
    case TD_WAY_DIRECT:
        hint(row, TD_MESSAGE("points from 0 to {0}", short_number(item->points, decimals)));
        if (item->step > 0) {
            hint(row, TD_MESSAGE("in steps of {0}", short_number(item->step, decimals)));
        }
        break;
    case TD_WAY_PLAN:
        hint(row, item->better == TD_BETTER_HIGHER
                      ? TD_WORDS("the share of the target that is reached, at most all of it")
                      : TD_WORDS("full points up to the target, fewer above it"));
        break;
    case TD_WAY_TIERS:
        for (int32_t i = 0; i < item->tier_count; i++) {
            hint(row, tier_words(s, item, &item->tiers[i]));
        }
        break;
    case TD_WAY_COUNT:
        hint(row, TD_MESSAGE("{0} points each, at most {1}", short_number(item->step, decimals),
                             short_number(item->points, decimals)));
        break;
    case TD_WAY_PLUS_MINUS:
        hint(row, TD_MESSAGE("begins at {0} points; write how often each happened, 0 when it did "
                             "not",
                             short_number(item->start, decimals)));
        break;
    case TD_WAY_RANK:
        hint(row, TD_WORDS("the place among all units gives the points"));
        break;
    case TD_WAY_LEADER:
        hint(row, TD_WORDS("compared with the best unit"));
        break;
    case TD_WAY_CHECKLIST:
        hint(row, TD_WORDS("tick each part that is met"));
        break;
    }
}

struct td_message sheet_points_words(const struct sheet *s, int32_t item)
{
    switch (s->points[item].state) {
    case TD_ITEM_NO_TIER:
        return TD_WORDS("in no tier");
    case TD_ITEM_NO_TARGET:
        return TD_WORDS("needs a target");
    case TD_ITEM_ELSEWHERE:
        return TD_WORDS("computed with the other units");
    case TD_ITEM_EMPTY:
    case TD_ITEM_SCORED:
        break;
    }
    return (struct td_message){0};
}

/* ---- the whole page -------------------------------------------------------------------------- */

static void fill_row(struct viewing *v, struct sheet_row *row, int32_t n)
{
    const struct sheet *s = v->sheet;
    const struct td_regulation *reg = s->regulation;
    row->node = &reg->nodes[n];
    row->id = row->node->id;
    row->maximum = points_of(s, row->node->points);
    if (row->node->item == TD_NONE) {
        row->points = points_of(s, s->sums[n]);
        return;
    }
    int32_t i = row->node->item;
    row->item = &reg->items[i];
    row->not_arisen = s->not_arisen[i];
    row->asks = row->item->source == TD_FROM_SHEETS && row->not_arisen == NULL;
    row->points = points_of(s, s->points[i].points);
    row->state = sheet_points_words(s, i);
    fill_inputs(v, row, i);
    fill_hints(v, row);
    if (v->form != NULL) {
        row->error = web_problem(&v->form->problems, row->id);
    }
}

struct badge sheet_badge(enum sheet_state state)
{
    switch (state) {
    case SHEET_PREPARED:
        return (struct badge){BADGE_WAITING, TD_WORDS("Waiting for the leader")};
    case SHEET_SUBMITTED:
        return (struct badge){BADGE_DONE, TD_WORDS("Submitted")};
    case SHEET_ABSTAINED:
        return (struct badge){BADGE_NOTE, TD_WORDS("Not scored")};
    case SHEET_DRAFT:
        break;
    }
    return (struct badge){BADGE_QUIET, TD_WORDS("Draft")};
}

static const char *address(struct viewing *v, const char *last)
{
    const struct sheet_key *k = &v->sheet->key;
    const char *pieces[] = {"/h/", k->home_id, "/years/", k->year_id, "/sheets/", k->stage,
                            "/",   k->rater,   "/",       k->unit,    last};
    struct buf text;
    buf_init(&text, 512);
    for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
        buf_text(&text, pieces[i]);
    }
    const char *kept_text =
        buf_ok(&text) ? td_arena_text(v->web->arena, buf_string(&text), buf_length(&text)) : NULL;
    buf_release(&text);
    return kept(v, kept_text);
}

/* The way back to the year. */
static const char *year_address(struct viewing *v)
{
    const struct sheet_key *k = &v->sheet->key;
    struct buf text;
    buf_init(&text, 128);
    buf_printf(&text, "/h/%s/years/%s", k->home_id, k->year_id);
    const char *copy =
        buf_ok(&text) ? td_arena_text(v->web->arena, buf_string(&text), buf_length(&text)) : NULL;
    buf_release(&text);
    return kept(v, copy);
}

static void fill_head(struct viewing *v, struct sheet_page *page)
{
    const struct sheet *s = v->sheet;
    const struct td_stage *stage = &s->regulation->stages[s->stage];
    const char *unit = s->year->members[s->unit].name;
    web_layout(v->web, &page->layout, TD_MESSAGE("{0}: {1}", TD_TEXT(stage->title), TD_TEXT(unit)));
    page->layout.lead = TD_MESSAGE("{0}, {1}. Scored by: {2}", TD_TEXT(s->year->bloc_name),
                                   TD_TEXT(s->year->label), TD_TEXT(s->rater_name));
    page->crumbs[0] = (struct layout_crumb){TD_WORDS("Home"), "/"};
    page->crumbs[1] = (struct layout_crumb){
        TD_MESSAGE("{0}, {1}", TD_TEXT(s->year->bloc_name), TD_TEXT(s->year->label)),
        year_address(v)};
    page->layout.crumbs = page->crumbs;
    page->layout.crumb_count = 2;
}

int sheet_view(struct web *web, const struct sheet *sheet, const struct sheet_form *form,
               struct sheet_page *page)
{
    struct viewing v = {.web = web, .sheet = sheet, .form = form};
    const struct td_regulation *reg = sheet->regulation;
    page->sheet = sheet;
    page->state = sheet_badge(sheet->state);
    page->total = points_of(sheet, sheet->total);
    page->maximum = points_of(sheet, reg->scale.total);
    page->rows = td_arena_zeroed(web->arena, (size_t)reg->node_count, sizeof *page->rows);
    if (page->rows == NULL) {
        return TD_E_MEMORY;
    }
    for (int32_t n = 0; n < reg->node_count; n++) {
        fill_row(&v, &page->rows[n], n);
    }
    page->base = address(&v, "");
    page->save = address(&v, "/save");
    page->move = address(&v, "/move");
    fill_head(&v, page);
    return v.no_memory ? TD_E_MEMORY : TD_OK;
}
