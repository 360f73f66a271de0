/*
 * Results, live from the engine: the year is put together from its rows and scored anew each time
 * it is asked for (SCO-11).
 */
#include "office/result.h"

#include "office/sheet_kept.h"
#include "office/sheet_private.h"

#include <stdlib.h>
#include <string.h>

#include "base/banned.h"

#define YEAR_TEXT_MAX FORMAT_FILE_MAX

/* ---- the year without its sheets ------------------------------------------------------------- */

static int read_parts(struct db_tx *tx, const struct bloc_year *year, struct format_part **ret,
                      int32_t *ret_count)
{
    struct part_of_year_row *rows = NULL;
    size_t count = 0;
    int status = q_part_of_year(
        tx, &(struct part_of_year_in){.home_id = year->home_id, .year_id = year->year_id}, &rows,
        &count);
    if (status != TD_OK) {
        return status;
    }
    struct format_part *parts = td_arena_alloc(db_arena(tx), count, sizeof *parts);
    if (parts == NULL) {
        return TD_E_MEMORY;
    }
    for (size_t i = 0; i < count; i++) {
        parts[i] = (struct format_part){.key = rows[i].part, .json = rows[i].document};
    }
    *ret = parts;
    *ret_count = (int32_t)count;
    return TD_OK;
}

/* The frame of the year, as the engine names things. */
static int frame(struct td_arena *arena, const struct office *office, const struct bloc_year *year,
                 struct td_year *ret)
{
    struct td_member *members = td_arena_zeroed(arena, (size_t)year->member_count, sizeof *members);
    if (members == NULL) {
        return TD_E_MEMORY;
    }
    for (int32_t i = 0; i < year->member_count; i++) {
        members[i] =
            (struct td_member){.code = year->members[i].code, .name = year->members[i].name};
    }
    *ret = (struct td_year){
        .title = year->bloc_name,
        .label = year->label,
        .year = year->first_year,
        .as_of = td_date_is_set(year->as_of) ? year->as_of : office_today(office),
        .bloc_id = year->bloc_id,
        .bloc_name = year->bloc_name,
        .territorial = year->territorial,
        .members = members,
        .member_count = year->member_count,
        .head = year->head,
        .deputy = year->deputy,
    };
    return TD_OK;
}

int year_read_lists(struct db_tx *tx, struct office *office, const struct bloc_year *year,
                    const struct td_regulation *regulation, struct td_problems *problems,
                    struct td_year **ret, const struct format_part **ret_parts,
                    int32_t *ret_part_count)
{
    struct format_part *parts = NULL;
    struct td_year bare;
    struct buf text;
    int32_t count = 0;
    int status = read_parts(tx, year, &parts, &count);
    if (status == TD_OK) {
        status = frame(db_arena(tx), office, year, &bare);
    }
    if (status != TD_OK) {
        return status;
    }
    buf_init(&text, YEAR_TEXT_MAX);
    status = format_year_write(regulation, &bare, parts, count, &text);
    if (status == TD_OK) {
        status = format_year_parse(buf_string(&text), buf_length(&text), regulation, db_arena(tx),
                                   problems, ret);
    }
    buf_release(&text);
    *ret_parts = parts;
    *ret_part_count = count;
    return status == TD_E_INVALID ? OFFICE_REFUSED : status;
}

int panels_read(struct db_tx *tx, struct office *office, const struct bloc_year *year,
                const struct td_regulation *regulation, int32_t ret_counts[static TD_STAGES_MAX])
{
    struct td_problems problems = TD_PROBLEMS(db_arena(tx), NULL);
    const struct format_part *parts = NULL;
    struct td_year *lists = NULL;
    int32_t part_count = 0;
    bool any = false;
    for (int32_t i = 0; i < regulation->stage_count; i++) {
        ret_counts[i] = 0;
        any = any || regulation->stages[i].rater == TD_RATER_PANEL;
    }
    if (!any) {
        return TD_OK;
    }
    int status =
        year_read_lists(tx, office, year, regulation, &problems, &lists, &parts, &part_count);
    for (int32_t i = 0; status == TD_OK && i < regulation->stage_count; i++) {
        ret_counts[i] = lists->panel_count[i];
    }
    /* Lists that don't fit name no panel: the result says what is wrong with them. */
    return status == OFFICE_REFUSED ? TD_OK : status;
}

/* ---- its sheets ------------------------------------------------------------------------------ */

struct assembling {
    struct office *office;
    const struct actor *actor;
    const char *home_id, *year_id;
    struct td_problems *problems;
    const struct rules *rules;
    const struct format_part *parts;
    int32_t part_count;
    bool whole; /* for an export: no score */
    struct result result;
};

/* A sheet of the database, and what is still to be written of the engine's. */
struct placed {
    const char *sheet_id;
    const struct sheet_brief *brief;
    int64_t *cells;
    const char **reasons;
};

static int by_sheet_id(const void *a, const void *b)
{
    return strcmp(((const struct placed *)a)->sheet_id, ((const struct placed *)b)->sheet_id);
}

static int by_engine_order(const void *a, const void *b)
{
    const struct td_sheet *x = a, *y = b;
    int order = (x->unit > y->unit) - (x->unit < y->unit);
    order = order != 0 ? order : (x->stage > y->stage) - (x->stage < y->stage);
    return order != 0 ? order : (x->rater > y->rater) - (x->rater < y->rater);
}

static const struct placed *placed_with_id(const struct placed *placed, size_t count,
                                           const char *sheet_id)
{
    struct placed key = {.sheet_id = sheet_id};
    return bsearch(&key, placed, count, sizeof *placed, by_sheet_id);
}

static enum td_sheet_state engine_state(enum sheet_state state)
{
    switch (state) {
    case SHEET_SUBMITTED:
        return TD_SHEET_SUBMITTED;
    case SHEET_ABSTAINED:
        return TD_SHEET_ABSTAINED;
    case SHEET_DRAFT:
    case SHEET_PREPARED:
    default:
        return TD_SHEET_DRAFT;
    }
}

/* An empty sheet in the engine's shape. */
static int place_sheet(struct td_arena *arena, const struct td_regulation *reg,
                       const struct sheet_brief *brief, struct td_sheet *ret,
                       struct placed *ret_placed)
{
    int64_t *cells = td_arena_alloc(arena, (size_t)reg->cell_count, sizeof *cells);
    const char **reasons = td_arena_zeroed(arena, (size_t)reg->item_count, sizeof *reasons);
    if (cells == NULL || reasons == NULL) {
        return TD_E_MEMORY;
    }
    for (int32_t i = 0; i < reg->cell_count; i++) {
        cells[i] = TD_EMPTY;
    }
    enum td_sheet_state state = engine_state(brief->state);
    *ret = (struct td_sheet){.unit = brief->unit,
                             .stage = brief->stage,
                             .rater = brief->rater,
                             .state = state,
                             .submitted = brief->submitted,
                             .cells = cells,
                             .reasons = reasons,
                             .abstained = state == TD_SHEET_ABSTAINED ? brief->remark : NULL};
    *ret_placed = (struct placed){
        .sheet_id = brief->sheet_id, .brief = brief, .cells = cells, .reasons = reasons};
    return TD_OK;
}

static void complete_items(const struct td_regulation *reg, int64_t *row)
{
    int64_t cells[TD_PARTS_MAX];
    for (int32_t i = 0; i < reg->item_count; i++) {
        const struct td_item *item = &reg->items[i];
        item_cells(item, row, cells);
        memcpy(row + item->cell, cells, (size_t)item->cells * sizeof *cells);
    }
}

/* When all are in force and kept, which is how a year ends: otherwise one statement for all is less
 * than one for each that is missing. A file is made of what the database holds. */
static bool recall_cells(const struct assembling *a, const struct placed *placed, size_t count)
{
    bool all = !a->whole;
    for (size_t i = 0; i < count && all; i++) {
        all = sheet_recall(a->office, a->rules, placed[i].brief, placed[i].cells);
    }
    return all;
}

static int fill_cells(struct db_tx *tx, struct assembling *a, const struct placed *placed,
                      size_t count)
{
    const struct td_regulation *reg = a->rules->regulation;
    struct cell_of_year_row *cells = NULL;
    size_t rows = 0;
    int32_t place = TD_NONE;
    if (recall_cells(a, placed, count)) {
        return TD_OK;
    }
    int status = q_cell_of_year(
        tx, &(struct cell_of_year_in){.home_id = a->home_id, .year_id = a->year_id}, &cells, &rows);
    for (size_t i = 0; status == TD_OK && i < rows; i++) {
        const struct placed *sheet = placed_with_id(placed, count, cells[i].sheet_id);
        int32_t item = rules_item_after(a->rules, cells[i].item, &place);
        if (sheet != NULL && item != TD_NONE && cells[i].part >= 0 &&
            cells[i].part < reg->items[item].cells) {
            sheet->cells[reg->items[item].cell + cells[i].part] = cells[i].value;
        }
    }
    for (size_t i = 0; status == TD_OK && i < count; i++) {
        sheet_remember(a->office, a->rules, placed[i].brief, placed[i].cells);
    }
    return status;
}

static int fill_reasons(struct db_tx *tx, const struct assembling *a, const struct placed *placed,
                        size_t count)
{
    struct note_of_year_row *notes = NULL;
    size_t rows = 0;
    int status = q_note_of_year(
        tx, &(struct note_of_year_in){.home_id = a->home_id, .year_id = a->year_id}, &notes, &rows);
    for (size_t i = 0; status == TD_OK && i < rows; i++) {
        const struct placed *sheet = placed_with_id(placed, count, notes[i].sheet_id);
        int32_t item = rules_item(a->rules, notes[i].item);
        if (sheet != NULL && item != TD_NONE) {
            sheet->reasons[item] = notes[i].note;
        }
    }
    return status;
}

/* Those of the board that were begun. */
static int read_sheets(struct db_tx *tx, struct assembling *a)
{
    struct td_arena *arena = db_arena(tx);
    const struct sheet_board *board = &a->result.board;
    size_t used = 0;
    int status = TD_OK;
    struct td_sheet *sheets = td_arena_alloc(arena, (size_t)board->count, sizeof *sheets);
    struct placed *placed = td_arena_alloc(arena, (size_t)board->count, sizeof *placed);
    if (sheets == NULL || placed == NULL) {
        return TD_E_MEMORY;
    }
    for (int32_t i = 0; status == TD_OK && i < board->count; i++) {
        if (board->sheets[i].begun) {
            status = place_sheet(arena, board->regulation, &board->sheets[i], &sheets[used],
                                 &placed[used]);
            used++;
        }
    }
    if (status == TD_OK) {
        qsort(placed, used, sizeof *placed, by_sheet_id);
        status = fill_cells(tx, a, placed, used);
    }
    if (status == TD_OK) {
        status = fill_reasons(tx, a, placed, used);
    }
    if (status != TD_OK) {
        return status;
    }
    for (size_t i = 0; i < used; i++) {
        complete_items(board->regulation, placed[i].cells);
    }
    qsort(sheets, used, sizeof *sheets, by_engine_order);
    a->result.year->sheets = sheets;
    a->result.year->sheet_count = (int32_t)used;
    return TD_OK;
}

static int read_targets(struct db_tx *tx, struct assembling *a)
{
    const struct td_regulation *reg = a->rules->regulation;
    const struct bloc_year *year = a->result.board.year;
    struct target_of_year_row *rows = NULL;
    size_t count = 0, room = (size_t)year->member_count * (size_t)reg->item_count;
    int64_t *targets = td_arena_alloc(db_arena(tx), room, sizeof *targets);
    uint8_t *bases = td_arena_zeroed(db_arena(tx), room, sizeof *bases);
    if (targets == NULL || bases == NULL) {
        return TD_E_MEMORY;
    }
    for (size_t i = 0; i < room; i++) {
        targets[i] = TD_EMPTY;
    }
    int status = q_target_of_year(
        tx, &(struct target_of_year_in){.home_id = a->home_id, .year_id = a->year_id}, &rows,
        &count);
    for (size_t i = 0; status == TD_OK && i < count; i++) {
        int32_t unit = year_member_of(year, rows[i].unit_id);
        int32_t item = rules_item(a->rules, rows[i].item);
        if (unit != TD_NONE && item != TD_NONE) {
            targets[unit * reg->item_count + item] = rows[i].value;
            bases[unit * reg->item_count + item] = (uint8_t)rows[i].basis;
        }
    }
    a->result.year->targets = targets;
    a->result.year->bases = bases;
    return status;
}

static int read_not_arisen(struct db_tx *tx, struct assembling *a)
{
    const struct td_regulation *reg = a->rules->regulation;
    const struct bloc_year *year = a->result.board.year;
    struct not_arisen_of_year_row *rows = NULL;
    size_t count = 0, room = (size_t)year->member_count * (size_t)reg->item_count;
    const char **reasons = td_arena_zeroed(db_arena(tx), room, sizeof *reasons);
    if (reasons == NULL) {
        return TD_E_MEMORY;
    }
    int status = q_not_arisen_of_year(
        tx, &(struct not_arisen_of_year_in){.home_id = a->home_id, .year_id = a->year_id}, &rows,
        &count);
    for (size_t i = 0; status == TD_OK && i < count; i++) {
        int32_t unit = year_member_of(year, rows[i].unit_id);
        int32_t item = rules_item(a->rules, rows[i].item);
        if (unit != TD_NONE && item != TD_NONE) {
            reasons[unit * reg->item_count + item] = rows[i].reason;
        }
    }
    a->result.year->not_arisen = reasons;
    return status;
}

static int read_settled(struct db_tx *tx, struct assembling *a)
{
    const struct td_regulation *reg = a->rules->regulation;
    const struct bloc_year *bloc_year = a->result.board.year;
    struct td_year *year = a->result.year;
    struct settled_of_year_row *rows = NULL;
    size_t count = 0, used = 0;
    int status = q_settled_of_year(
        tx, &(struct settled_of_year_in){.home_id = a->home_id, .year_id = a->year_id}, &rows,
        &count);
    if (status != TD_OK || count == 0) {
        return status;
    }
    struct td_settled *list = td_arena_alloc(db_arena(tx), count, sizeof *list);
    if (list == NULL) {
        return TD_E_MEMORY;
    }
    for (size_t i = 0; i < count; i++) {
        bool all = rows[i].unit_id[0] == '\0';
        int32_t stage = rules_stage(reg, rows[i].stage);
        int32_t unit = all ? TD_NONE : year_member_of(bloc_year, rows[i].unit_id);
        int32_t rater = stage == TD_NONE ? TD_NONE
                                         : rater_index(bloc_year, reg, stage, rows[i].rater,
                                                       year->panel_count[stage]);
        if (rater != TD_NONE && (all || unit != TD_NONE)) {
            list[used++] = (struct td_settled){.stage = stage,
                                               .rater = rater,
                                               .unit = unit,
                                               .count_without = rows[i].count_without,
                                               .reason = rows[i].reason,
                                               .by = rows[i].decided_by,
                                               .date = day_of(rows[i].decided)};
        }
    }
    year->settled = list;
    year->settled_count = (int32_t)used;
    return TD_OK;
}

/* ---- the whole ------------------------------------------------------------------------------- */

/* Lists, targets, sheets; checked as a file's would be. */
static int assemble(struct db_tx *tx, struct assembling *a)
{
    int status = year_read_lists(tx, a->office, a->result.board.year, a->rules->regulation,
                                 a->problems, &a->result.year, &a->parts, &a->part_count);
    if (status == TD_OK) {
        status = read_targets(tx, a);
    }
    if (status == TD_OK) {
        status = read_not_arisen(tx, a);
    }
    if (status == TD_OK) {
        status = read_settled(tx, a);
    }
    if (status == TD_OK) {
        status = read_sheets(tx, a);
    }
    if (status == TD_OK) {
        status = td_year_check(a->rules->regulation, a->result.year, a->problems);
    }
    return status == TD_E_INVALID ? OFFICE_REFUSED : status;
}

static int get_work(struct db_tx *tx, void *data)
{
    struct assembling *a = data;
    struct result *r = &a->result;
    *r = (struct result){.regulation = NULL};
    problems_begin(a->problems);
    int status = sheet_board_open(tx, a->office, a->actor, a->home_id, a->year_id, &r->board);
    if (status != TD_OK) {
        return status;
    }
    r->sealed = r->board.sealed;
    r->regulation = r->board.regulation;
    if (r->sealed) {
        return TD_OK;
    }
    if (r->regulation == NULL || r->board.year->member_count == 0) {
        refuse(a->problems, "",
               r->regulation == NULL ? TD_WORDS("no regulation is chosen for this year")
                                     : TD_WORDS("the year has no members yet"),
               TD_WORDS("the authority's officer completes the year"));
        return TD_OK;
    }
    status = rules_of(tx, a->office, a->home_id, r->board.year->regulation_id, &a->rules);
    if (status == TD_OK) {
        status = assemble(tx, a);
    }
    if (status == TD_OK && !a->whole) {
        status = td_score(r->regulation, r->year, db_arena(tx), &r->result);
    }
    return status == OFFICE_REFUSED && !a->whole ? TD_OK : status;
}

int result_get(struct office *office, const struct actor *actor, struct td_arena *arena,
               const char *home_id, const char *year_id, struct td_problems *problems,
               struct result *ret)
{
    struct assembling a = {.office = office,
                           .actor = actor,
                           .home_id = home_id,
                           .year_id = year_id,
                           .problems = problems};
    int status = db_transact(office_db(office), DB_READ, arena, get_work, &a);
    if (status == TD_OK) {
        *ret = a.result;
    }
    return status;
}

int result_explain(const struct result *result, int32_t unit, struct td_arena *arena,
                   struct td_step **ret)
{
    return td_explain(result->regulation, result->year, result->result, unit, arena, ret);
}

int result_export(struct office *office, const struct actor *actor, struct td_arena *arena,
                  const char *home_id, const char *year_id, struct buf *out)
{
    struct td_problems problems = TD_PROBLEMS(arena, NULL);
    struct assembling a = {.office = office,
                           .actor = actor,
                           .home_id = home_id,
                           .year_id = year_id,
                           .problems = &problems,
                           .whole = true};
    int status = db_transact(office_db(office), DB_READ, arena, get_work, &a);
    if (status == TD_OK && a.result.year == NULL) {
        status = a.result.sealed ? OFFICE_FORBIDDEN : OFFICE_REFUSED;
    }
    if (status != TD_OK) {
        return status;
    }
    return format_year_write(a.result.regulation, a.result.year, a.parts, a.part_count, out);
}
