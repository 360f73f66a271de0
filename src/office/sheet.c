/*
 * One score sheet as it lies on the table: read, computed, and what may be done with it.
 */
#include "office/sheet.h"

#include "office/sheet_private.h"

#include <string.h>

#include "base/banned.h"

/* ---- figures --------------------------------------------------------------------------------- */

static bool needs_value(const struct sheet *s, int32_t item)
{
    return s->regulation->items[item].source == TD_FROM_SHEETS && s->not_arisen[item] == NULL;
}

void item_cells(const struct td_item *item, const int64_t *row, int64_t ret[static TD_PARTS_MAX])
{
    bool any = false;
    ret[0] = TD_EMPTY; /* an item without cells of its own reads as empty */
    for (int32_t i = 0; i < item->cells; i++) {
        ret[i] = row[item->cell + i];
        any = any || ret[i] != TD_EMPTY;
    }
    for (int32_t i = 0; any && i < item->cells; i++) {
        ret[i] = ret[i] == TD_EMPTY ? 0 : ret[i];
    }
}

void sheet_compute(struct sheet *s)
{
    const struct td_regulation *reg = s->regulation;
    int64_t cells[TD_PARTS_MAX];
    s->total = 0;
    s->filled = s->fillable = 0;
    memset(s->sums, 0, (size_t)reg->node_count * sizeof *s->sums);
    for (int32_t i = 0; i < reg->item_count; i++) {
        item_cells(&reg->items[i], s->cells, cells);
        s->points[i] = td_item_points(reg, i, cells, s->targets[i]);
        if (!needs_value(s, i)) {
            continue;
        }
        s->fillable++;
        s->filled += cells[0] != TD_EMPTY;
        s->total += s->points[i].points;
        for (int32_t n = reg->items[i].node; n != TD_NONE; n = reg->nodes[n].parent) {
            s->sums[n] += s->points[i].points;
        }
    }
}

/* ---- reading --------------------------------------------------------------------------------- */

int sheet_allocate(struct td_arena *arena, struct sheet *s)
{
    size_t items = (size_t)s->regulation->item_count, cells = (size_t)s->regulation->cell_count;
    s->cells = td_arena_alloc(arena, cells, sizeof *s->cells);
    s->versions = td_arena_zeroed(arena, cells, sizeof *s->versions);
    s->notes = td_arena_alloc(arena, items, sizeof *s->notes);
    s->targets = td_arena_alloc(arena, items, sizeof *s->targets);
    s->not_arisen = td_arena_zeroed(arena, items, sizeof *s->not_arisen);
    s->points = td_arena_zeroed(arena, items, sizeof *s->points);
    s->sums = td_arena_zeroed(arena, (size_t)s->regulation->node_count, sizeof *s->sums);
    if (s->cells == NULL || s->versions == NULL || s->notes == NULL || s->targets == NULL ||
        s->not_arisen == NULL || s->points == NULL || s->sums == NULL) {
        return TD_E_MEMORY;
    }
    for (size_t i = 0; i < cells; i++) {
        s->cells[i] = TD_EMPTY;
    }
    for (size_t i = 0; i < items; i++) {
        s->notes[i] = (struct sheet_note){.note = "", .evidence = ""};
        s->targets[i] = TD_EMPTY;
    }
    return TD_OK;
}

/* What is the unit's, whoever scores. */
int sheet_read_unit(struct db_tx *tx, const struct rules *rules, struct sheet *s)
{
    const struct sheet_key *k = &s->key;
    struct target_of_unit_row *targets = NULL;
    struct not_arisen_of_unit_row *none = NULL;
    size_t count = 0;
    int status =
        q_target_of_unit(tx,
                         &(struct target_of_unit_in){
                             .home_id = k->home_id, .year_id = k->year_id, .unit_id = k->unit},
                         &targets, &count);
    for (size_t i = 0; status == TD_OK && i < count; i++) {
        int32_t item = rules_item(rules, targets[i].item);
        if (item != TD_NONE) {
            s->targets[item] = targets[i].value;
        }
    }
    if (status == TD_OK) {
        status = q_not_arisen_of_unit(tx,
                                      &(struct not_arisen_of_unit_in){.home_id = k->home_id,
                                                                      .year_id = k->year_id,
                                                                      .unit_id = k->unit},
                                      &none, &count);
    }
    for (size_t i = 0; status == TD_OK && i < count; i++) {
        int32_t item = rules_item(rules, none[i].item);
        if (item != TD_NONE) {
            s->not_arisen[item] = none[i].reason;
        }
    }
    return status;
}

struct reading {
    const struct rules *rules;
    struct sheet *sheet;
    int32_t place; /* of the last row's item */
};

static int take_cell(void *data, const struct cell_of_sheet_row *row)
{
    struct reading *r = data;
    struct sheet *s = r->sheet;
    int32_t item = rules_item_after(r->rules, row->item, &r->place);
    if (item != TD_NONE && row->part >= 0 && row->part < s->regulation->items[item].cells) {
        int64_t cell = s->regulation->items[item].cell + row->part;
        s->cells[cell] = row->value; /* DB_NULL is TD_EMPTY */
        s->versions[cell] = row->version;
    }
    return TD_OK;
}

int sheet_read_cells(struct db_tx *tx, const struct rules *rules, const char *sheet_id,
                     struct sheet *s)
{
    struct reading r = {.rules = rules, .sheet = s, .place = TD_NONE};
    return q_cell_of_sheet(tx,
                           &(struct cell_of_sheet_in){.home_id = s->key.home_id,
                                                      .year_id = s->key.year_id,
                                                      .sheet_id = sheet_id},
                           take_cell, &r);
}

static int read_notes(struct db_tx *tx, const struct rules *rules, const char *sheet_id,
                      struct sheet *s)
{
    const struct sheet_key *k = &s->key;
    struct note_of_sheet_row *notes = NULL;
    size_t count = 0;
    int status =
        q_note_of_sheet(tx,
                        &(struct note_of_sheet_in){
                            .home_id = k->home_id, .year_id = k->year_id, .sheet_id = sheet_id},
                        &notes, &count);
    for (size_t i = 0; status == TD_OK && i < count; i++) {
        int32_t item = rules_item(rules, notes[i].item);
        if (item != TD_NONE) {
            s->notes[item] = (struct sheet_note){
                .note = notes[i].note, .evidence = notes[i].evidence, .version = notes[i].version};
        }
    }
    return status;
}

static int read_row(struct db_tx *tx, const struct sheet_key *key, struct sheet_one_row *ret,
                    bool *ret_found)
{
    return q_sheet_one(tx,
                       &(struct sheet_one_in){.home_id = key->home_id,
                                              .year_id = key->year_id,
                                              .unit_id = key->unit,
                                              .stage = key->stage,
                                              .rater = key->rater},
                       ret, ret_found);
}

static int read_sheet(struct db_tx *tx, struct sheet_opened *o)
{
    struct sheet *s = o->sheet;
    struct sheet_one_row row = {0};
    bool found = false;
    int status = read_row(tx, &s->key, &row, &found);
    if (status != TD_OK || !found) {
        return status;
    }
    o->sheet_id = row.sheet_id;
    s->state = sheet_state_of(row.state);
    s->version = row.version;
    s->remark = row.remark;
    s->submitted = day_of(row.submitted);
    s->changed = (struct instant){.ms = row.changed};
    s->changed_by = row.changed_by;
    s->proxy_id = row.proxy_id;
    s->paper = row.paper;
    status = sheet_read_cells(tx, o->rules, o->sheet_id, s);
    return status == TD_OK ? read_notes(tx, o->rules, o->sheet_id, s) : status;
}

/* ---- opening --------------------------------------------------------------------------------- */

const char *sheet_rater_name(const struct sheet *s)
{
    switch (s->regulation->stages[s->stage].rater) {
    case TD_RATER_SELF:
    case TD_RATER_OTHERS:
    case TD_RATER_HEAD:
        return s->year->members[s->rater].name;
    case TD_RATER_BODY:
    case TD_RATER_PANEL:
    default:
        return s->regulation->stages[s->stage].title;
    }
}

/* Which sheet the key names, as this actor's year has it. */
static int place(struct db_tx *tx, struct office *office, struct sheet_opened *o)
{
    struct sheet *s = o->sheet;
    int32_t panels[TD_STAGES_MAX] = {0};
    s->stage = rules_stage(s->regulation, s->key.stage);
    s->unit = year_member_of(s->year, s->key.unit);
    if (s->stage == TD_NONE || s->unit == TD_NONE) {
        return OFFICE_NOT_FOUND;
    }
    int status = panels_read(tx, office, s->year, s->regulation, panels);
    if (status != TD_OK) {
        return status;
    }
    s->rater = rater_of(s->year, s->regulation, s->stage, s->unit, s->key.rater, panels[s->stage]);
    return s->rater == TD_NONE ? OFFICE_NOT_FOUND : TD_OK;
}

/* Does the actor enter this sheet on the rater's behalf? */
static bool enters(const struct sheet *s)
{
    return s->proxy_id != NULL && year_acts(s->year, year_member_of(s->year, s->proxy_id));
}

/* What one may not see does not exist. */
static int look(struct db_tx *tx, struct office *office, const struct actor *actor,
                const struct sheet *s)
{
    struct sheet_board board;
    if (rater_writes(s->year, s->regulation, s->stage, s->rater) || enters(s) || s->may_enter) {
        return TD_OK;
    }
    if (s->state == SHEET_DRAFT || s->state == SHEET_PREPARED) {
        return OFFICE_NOT_FOUND;
    }
    if (s->year->keeps || s->year->released) {
        return TD_OK;
    }
    int status = sheet_board_open(tx, office, actor, s->key.home_id, s->key.year_id, &board);
    return status == TD_OK && board.sealed ? OFFICE_NOT_FOUND : status;
}

static void permit(struct sheet *s)
{
    bool own_writes = rater_writes(s->year, s->regulation, s->stage, s->rater);
    bool writes = own_writes || enters(s);
    bool submits = rater_submits(s->year, s->regulation, s->stage, s->rater) ||
                   (enters(s) && s->year->members[year_member_of(s->year, s->proxy_id)].leads);
    bool own = s->regulation->stages[s->stage].rater == TD_RATER_SELF;
    s->acts = writes || submits;
    s->may_write = writes && (s->state == SHEET_DRAFT || (s->state == SHEET_PREPARED && submits));
    s->may_prepare = writes && !submits && s->state == SHEET_DRAFT;
    s->may_submit = submits && (s->state == SHEET_DRAFT || s->state == SHEET_PREPARED);
    s->may_return = submits && s->state == SHEET_PREPARED;
    s->may_abstain = s->may_submit && !own;
    s->may_set_targets = s->may_write && own;
    s->may_enter = s->version == 0 && !own_writes &&
                   year_acts(s->year, rater_proxy(s->year, s->regulation, s->stage, s->rater));
}

/* Its year, its rules, and which of the year's sheets it is: nothing of what is on it. */
static int open_place(struct db_tx *tx, struct office *office, const struct actor *actor,
                      const struct sheet_key *key, struct sheet_opened *ret)
{
    struct sheet *s = td_arena_zeroed(db_arena(tx), 1, sizeof *s);
    struct sheet_opened *o = ret;
    *o = (struct sheet_opened){.sheet = s};
    if (s == NULL) {
        return TD_E_MEMORY;
    }
    s->key = *key;
    int status = year_open(tx, office, actor, key->home_id, key->year_id, &s->year);
    if (status == TD_OK && s->year->regulation_id == NULL) {
        status = OFFICE_NOT_FOUND;
    }
    if (status == TD_OK) {
        status = rules_of(tx, office, key->home_id, s->year->regulation_id, &o->rules);
    }
    if (status != TD_OK) {
        return status;
    }
    s->regulation = o->rules->regulation;
    return place(tx, office, o);
}

int sheet_open(struct db_tx *tx, struct office *office, const struct actor *actor,
               const struct sheet_key *key, struct sheet_opened *ret)
{
    struct sheet_opened o = {.sheet = NULL};
    int status = open_place(tx, office, actor, key, &o);
    struct sheet *s = o.sheet;
    if (status == TD_OK) {
        status = sheet_allocate(db_arena(tx), s);
    }
    if (status == TD_OK) {
        status = sheet_read_unit(tx, o.rules, s);
    }
    if (status == TD_OK) {
        status = read_sheet(tx, &o);
    }
    if (status == TD_OK) {
        permit(s);
        status = look(tx, office, actor, s);
    }
    if (status != TD_OK) {
        return status;
    }
    int32_t proxy = s->proxy_id == NULL ? TD_NONE : year_member_of(s->year, s->proxy_id);
    s->proxy_name = proxy == TD_NONE ? NULL : s->year->members[proxy].name;
    s->rater_name = sheet_rater_name(s);
    sheet_compute(s);
    *ret = o;
    return TD_OK;
}

struct getting {
    struct office *office;
    const struct actor *actor;
    const struct sheet_key *key;
    struct sheet_opened opened;
};

static int get_work(struct db_tx *tx, void *data)
{
    struct getting *g = data;
    return sheet_open(tx, g->office, g->actor, g->key, &g->opened);
}

static int head_work(struct db_tx *tx, void *data)
{
    struct getting *g = data;
    struct sheet_one_row row = {0};
    bool found = false;
    int status = open_place(tx, g->office, g->actor, g->key, &g->opened);
    if (status == TD_OK) {
        status = read_row(tx, g->key, &row, &found);
    }
    if (status == TD_OK) {
        g->opened.sheet->version = found ? row.version : 0;
    }
    return status;
}

int sheet_head_get(struct office *office, const struct actor *actor, struct td_arena *arena,
                   const struct sheet_key *key, struct sheet_head *ret)
{
    struct getting g = {.office = office, .actor = actor, .key = key};
    int status = db_transact(office_db(office), DB_READ, arena, head_work, &g);
    if (status == TD_OK) {
        *ret = (struct sheet_head){.regulation = g.opened.sheet->regulation,
                                   .version = g.opened.sheet->version};
    }
    return status;
}

int sheet_get(struct office *office, const struct actor *actor, struct td_arena *arena,
              const struct sheet_key *key, struct sheet **ret)
{
    struct getting g = {.office = office, .actor = actor, .key = key};
    int status = db_transact(office_db(office), DB_READ, arena, get_work, &g);
    if (status == TD_OK) {
        *ret = g.opened.sheet;
    }
    return status;
}
