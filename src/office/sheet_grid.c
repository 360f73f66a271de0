/*
 * All sheets about one unit side by side (USE-5). It reads the unit's sheets and nothing else of
 * the year: the page is looked at often.
 */
#include "office/sheet_kept.h"
#include "office/sheet_private.h"

#include "base/banned.h"

struct gathering {
    struct office *office;
    const struct actor *actor;
    const char *home_id, *year_id, *unit_id;
    struct sheet_grid grid;
};

/* Others' drafts are theirs alone. */
static bool shown(const struct bloc_year *year, const struct td_regulation *regulation,
                  const struct sheet_brief *brief)
{
    bool own = rater_writes(year, regulation, brief->stage, brief->rater);
    return brief->begun && brief->visible && brief->state != SHEET_ABSTAINED &&
           (own || brief->state == SHEET_SUBMITTED);
}

struct reading {
    const struct rules *rules;
    const struct td_item *items;
    int64_t *cells;
    int32_t place; /* of the last row's item */
};

static int take_value(void *data, const struct value_of_sheet_row *row)
{
    struct reading *r = data;
    int32_t item = rules_item_after(r->rules, row->item, &r->place);
    if (item != TD_NONE && row->part >= 0 && row->part < r->items[item].cells) {
        r->cells[r->items[item].cell + row->part] = row->value; /* DB_NULL is TD_EMPTY */
    }
    return TD_OK;
}

/* What is on a sheet, without the versions that a form needs. */
static int read_values(struct db_tx *tx, const struct gathering *g, const struct rules *rules,
                       const struct sheet_brief *brief, struct sheet *s)
{
    struct reading r = {
        .rules = rules, .items = s->regulation->items, .cells = s->cells, .place = TD_NONE};
    if (sheet_recall(g->office, rules, brief, s->cells)) {
        return TD_OK;
    }
    int status = q_value_of_sheet(tx,
                                  &(struct value_of_sheet_in){.home_id = g->home_id,
                                                              .year_id = g->year_id,
                                                              .sheet_id = brief->sheet_id},
                                  take_value, &r);
    if (status == TD_OK) {
        sheet_remember(g->office, rules, brief, s->cells);
    }
    return status;
}

/* What is a column's own; targets and what did not arise are the unit's. */
static int allocate(struct td_arena *arena, struct sheet *s)
{
    size_t cells = (size_t)s->regulation->cell_count;
    s->cells = td_arena_alloc(arena, cells, sizeof *s->cells);
    s->points = td_arena_zeroed(arena, (size_t)s->regulation->item_count, sizeof *s->points);
    s->sums = td_arena_zeroed(arena, (size_t)s->regulation->node_count, sizeof *s->sums);
    if (s->cells == NULL || s->points == NULL || s->sums == NULL) {
        return TD_E_MEMORY;
    }
    for (size_t i = 0; i < cells; i++) {
        s->cells[i] = TD_EMPTY;
    }
    return TD_OK;
}

/* One sheet into a column; s is used anew for each. */
static int gather(struct db_tx *tx, const struct gathering *g, const struct rules *rules,
                  const struct sheet *unit, struct sheet_column *column)
{
    struct sheet s = *unit;
    s.key = column->brief->key;
    s.stage = column->brief->stage;
    s.rater = column->brief->rater;
    column->rater_name = sheet_rater_name(&s);
    if (!shown(s.year, s.regulation, column->brief)) {
        return TD_OK;
    }
    int status = allocate(db_arena(tx), &s);
    if (status == TD_OK) {
        status = read_values(tx, g, rules, column->brief, &s);
    }
    if (status == TD_OK) {
        sheet_compute(&s);
        column->points = s.points;
        column->sums = s.sums;
        column->total = s.total;
    }
    return status;
}

static int grid_work(struct db_tx *tx, void *data)
{
    struct gathering *g = data;
    struct sheet_board board = {0};
    const struct rules *rules = NULL;
    int status = sheet_board_of_unit(tx, g->office, g->actor, g->home_id, g->year_id, g->unit_id,
                                     &board, &rules);
    if (status != TD_OK) {
        return status;
    }
    g->grid = (struct sheet_grid){.year = board.year,
                                  .regulation = board.regulation,
                                  .unit = year_member_of(board.year, g->unit_id),
                                  .sealed = board.sealed};
    if (g->grid.unit == TD_NONE) {
        return OFFICE_NOT_FOUND;
    }
    if (rules == NULL) {
        return TD_OK;
    }
    struct sheet unit = {.key = {.home_id = g->home_id, .year_id = g->year_id, .unit = g->unit_id},
                         .year = board.year,
                         .regulation = rules->regulation,
                         .unit = g->grid.unit};
    g->grid.columns = td_arena_zeroed(db_arena(tx), (size_t)board.count, sizeof *g->grid.columns);
    status = g->grid.columns == NULL ? TD_E_MEMORY : sheet_allocate(db_arena(tx), &unit);
    if (status == TD_OK) {
        status = sheet_read_unit(tx, rules, &unit);
    }
    for (int32_t i = 0; status == TD_OK && i < board.count; i++) {
        g->grid.columns[i].brief = &board.sheets[i];
        status = gather(tx, g, rules, &unit, &g->grid.columns[i]);
    }
    g->grid.column_count = board.count;
    g->grid.not_arisen = unit.not_arisen;
    return status;
}

int sheet_grid_get(struct office *office, const struct actor *actor, struct td_arena *arena,
                   const char *home_id, const char *year_id, const char *unit_id,
                   struct sheet_grid *ret)
{
    struct gathering g = {.office = office,
                          .actor = actor,
                          .home_id = home_id,
                          .year_id = year_id,
                          .unit_id = unit_id};
    int status = db_transact(office_db(office), DB_READ, arena, grid_work, &g);
    if (status == TD_OK) {
        *ret = g.grid;
    }
    return status;
}
