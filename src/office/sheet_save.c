/*
 * Writing on a sheet: cell by cell, all or none, and never over what one hasn't seen (USE-3).
 */
#include "office/sheet_private.h"

#include <stdio.h>
#include <string.h>

#include "base/banned.h"

struct saving {
    struct office *office;
    const struct actor *actor;
    const struct sheet_key *key;
    const struct sheet_input *inputs;
    size_t count;
    struct td_problems *problems;
    struct sheet_opened opened;
    struct instant now;
    struct sheet_clash *clashes, **last;
};

/* An input that was found fit: the cell it goes to. */
struct target_cell {
    int32_t item, part;
    int64_t value;
    bool there; /* it says what is there already, as a form does that was sent twice */
};

/* ---- checking -------------------------------------------------------------------------------- */

static void wrong(struct saving *s, size_t input, struct td_message what, struct td_message remedy)
{
    char text[24];
    int n = snprintf(text, sizeof text, "%zu", input);
    const char *where = td_arena_text(s->problems->arena, text, n < 0 ? 0 : (size_t)n);
    refuse(s->problems, where == NULL ? "" : where, what, remedy);
}

static int32_t part_of(const struct td_item *item, const char *id)
{
    for (int32_t i = 0; i < item->part_count; i++) {
        if (strcmp(item->parts[i].id, id) == 0) {
            return i;
        }
    }
    return TD_NONE;
}

static struct td_decimal decimal_of(int64_t units, uint8_t decimals)
{
    return (struct td_decimal){.units = units, .decimals = decimals};
}

/* The number in the item's units, where it fits the item. */
static bool fit_number(struct saving *s, size_t at, const struct td_item *item,
                       struct td_decimal number, int64_t *ret)
{
    struct td_decimal value;
    if (td_decimal_rescale(number, item->decimals, TD_ROUND_DOWN, &value) < 0 ||
        value.units > TD_VALUE_MAX || value.units < -TD_VALUE_MAX) {
        wrong(s, at, TD_WORDS("the number is too large"), TD_WORDS("check it"));
        return false;
    }
    if (td_decimal_compare(value, number) != 0) {
        wrong(s, at,
              TD_MESSAGE("the number has more than {0} digits after the decimal point",
                         TD_COUNT(item->decimals)),
              TD_WORDS("shorten it"));
        return false;
    }
    *ret = value.units;
    return true;
}

/* Points given directly: in steps, within the item's own. */
static bool fit_direct(struct saving *s, size_t at, const struct td_item *item, int64_t value)
{
    if (value < 0 || value > item->points) {
        wrong(s, at,
              TD_MESSAGE("the points can be from 0 to {0}",
                         TD_DECIMAL(decimal_of(item->points, item->decimals))),
              TD_WORDS("check them"));
        return false;
    }
    if (item->step > 0 && value % item->step != 0) {
        wrong(s, at,
              TD_MESSAGE("the points go in steps of {0}",
                         TD_DECIMAL(decimal_of(item->step, item->decimals))),
              TD_WORDS("check them"));
        return false;
    }
    return true;
}

static bool fit_value(struct saving *s, size_t at, const struct td_item *item, int64_t value)
{
    switch (item->way) {
    case TD_WAY_DIRECT:
        return fit_direct(s, at, item, value);
    case TD_WAY_COUNT:
    case TD_WAY_PLUS_MINUS:
        if (value < 0 || value > INT32_MAX) {
            wrong(s, at, TD_WORDS("a count is a whole number from 0"), TD_WORDS("check it"));
            return false;
        }
        return true;
    case TD_WAY_PLAN:
    case TD_WAY_TIERS:
    case TD_WAY_RANK:
    case TD_WAY_LEADER:
    case TD_WAY_CHECKLIST:
    default:
        return true;
    }
}

static bool fit_checks(struct saving *s, size_t at, const struct td_item *item,
                       const struct sheet_input *input, int64_t *ret)
{
    *ret = 0;
    for (int32_t i = 0; i < input->check_count; i++) {
        int32_t part = part_of(item, input->checks[i]);
        if (part == TD_NONE) {
            wrong(s, at, TD_WORDS("the item has no such part"), TD_WORDS("load the page again"));
            return false;
        }
        *ret |= INT64_C(1) << part;
    }
    return true;
}

static bool fit_texts(struct saving *s, size_t at, const struct sheet_input *input)
{
    if (strlen(input->note) > SHEET_NOTE_MAX || strlen(input->evidence) > SHEET_NOTE_MAX) {
        wrong(s, at, TD_MESSAGE("this is longer than {0} bytes", TD_COUNT(SHEET_NOTE_MAX)),
              TD_WORDS("shorten it"));
        return false;
    }
    return true;
}

static bool fit(struct saving *s, size_t at, struct target_cell *ret)
{
    const struct sheet_input *input = &s->inputs[at];
    const struct sheet *sheet = s->opened.sheet;
    int32_t i = rules_item(s->opened.rules, input->item);
    *ret = (struct target_cell){.item = i, .value = TD_EMPTY};
    if (i == TD_NONE || (sheet->regulation->items[i].source != TD_FROM_SHEETS &&
                         input->kind != SHEET_REMARK && input->kind != SHEET_TARGET)) {
        wrong(s, at, TD_WORDS("the sheet has no such item"), TD_WORDS("load the page again"));
        return false;
    }
    const struct td_item *item = &sheet->regulation->items[i];
    if (item->way == TD_WAY_PLUS_MINUS &&
        (input->kind == SHEET_VALUE || input->kind == SHEET_CLEAR)) {
        ret->part = input->part == NULL ? TD_NONE : part_of(item, input->part);
        if (ret->part == TD_NONE) {
            wrong(s, at, TD_WORDS("the item has no such part"), TD_WORDS("load the page again"));
            return false;
        }
    }
    bool plan = item->way == TD_WAY_PLAN || item->way == TD_WAY_LEADER;
    bool checks = item->way == TD_WAY_CHECKLIST;
    if ((input->kind == SHEET_TARGET && !plan) || (input->kind == SHEET_CHECKS && !checks) ||
        (input->kind == SHEET_VALUE && checks)) {
        wrong(s, at, TD_WORDS("the item is not scored in this way"),
              TD_WORDS("load the page again"));
        return false;
    }
    switch (input->kind) {
    case SHEET_CLEAR:
        return true;
    case SHEET_CHECKS:
        return fit_checks(s, at, item, input, &ret->value);
    case SHEET_REMARK:
        return fit_texts(s, at, input);
    case SHEET_TARGET:
        return input->clear || fit_number(s, at, item, input->number, &ret->value);
    case SHEET_VALUE:
    default:
        return fit_number(s, at, item, input->number, &ret->value) &&
               fit_value(s, at, item, ret->value);
    }
}

/* ---- clashes --------------------------------------------------------------------------------- */

static int clash(struct db_tx *tx, struct saving *s, size_t at, const struct target_cell *cell)
{
    const struct sheet *sheet = s->opened.sheet;
    struct sheet_clash *c = td_arena_zeroed(db_arena(tx), 1, sizeof *c);
    bool found = false;
    int status = TD_OK;
    if (c == NULL) {
        return TD_E_MEMORY;
    }
    c->input = (int32_t)at;
    if (s->inputs[at].kind == SHEET_REMARK) {
        struct note_writer_row row = {0};
        c->note = sheet->notes[cell->item].note;
        c->evidence = sheet->notes[cell->item].evidence;
        c->version = sheet->notes[cell->item].version;
        status = q_note_writer(tx,
                               &(struct note_writer_in){.home_id = s->key->home_id,
                                                        .year_id = s->key->year_id,
                                                        .sheet_id = s->opened.sheet_id,
                                                        .item = s->inputs[at].item},
                               &row, &found);
        c->by = row.name;
        c->at = (struct instant){.ms = row.changed};
    } else {
        struct cell_writer_row row = {0};
        int32_t index = sheet->regulation->items[cell->item].cell + cell->part;
        c->value = sheet->cells[index];
        c->version = sheet->versions[index];
        status = q_cell_writer(tx,
                               &(struct cell_writer_in){.home_id = s->key->home_id,
                                                        .year_id = s->key->year_id,
                                                        .sheet_id = s->opened.sheet_id,
                                                        .item = s->inputs[at].item,
                                                        .part = cell->part},
                               &row, &found);
        c->by = row.name;
        c->at = (struct instant){.ms = row.changed};
    }
    *s->last = c;
    s->last = &c->next;
    return status;
}

/* Was the input made over something that its writer didn't see, and is it not the same anyway? */
static bool clashes(const struct saving *s, size_t at, const struct target_cell *cell)
{
    const struct sheet_input *input = &s->inputs[at];
    const struct sheet *sheet = s->opened.sheet;
    if (input->kind == SHEET_TARGET) {
        return false; /* a target is its unit's alone, and the last word counts */
    }
    if (input->kind == SHEET_REMARK) {
        const struct sheet_note *note = &sheet->notes[cell->item];
        return note->version != input->seen && (strcmp(note->note, input->note) != 0 ||
                                                strcmp(note->evidence, input->evidence) != 0);
    }
    int32_t index = sheet->regulation->items[cell->item].cell + cell->part;
    return sheet->versions[index] != input->seen && sheet->cells[index] != cell->value;
}

/* Would writing the input change nothing? */
static bool is_there(const struct saving *s, size_t at, const struct target_cell *cell)
{
    const struct sheet_input *input = &s->inputs[at];
    const struct sheet *sheet = s->opened.sheet;
    if (input->kind == SHEET_TARGET) {
        return sheet->targets[cell->item] == cell->value;
    }
    if (input->kind == SHEET_REMARK) {
        const struct sheet_note *note = &sheet->notes[cell->item];
        return note->version > 0 && strcmp(note->note, input->note) == 0 &&
               strcmp(note->evidence, input->evidence) == 0;
    }
    int32_t index = sheet->regulation->items[cell->item].cell + cell->part;
    return sheet->versions[index] > 0 && sheet->cells[index] == cell->value;
}

/* The same form a second time, after a first that also closed the sheet, asks for nothing. */
static bool all_there(struct saving *s, struct target_cell *cells)
{
    for (size_t i = 0; i < s->count; i++) {
        if (!fit(s, i, &cells[i]) || !is_there(s, i, &cells[i])) {
            return false;
        }
    }
    return true;
}

/* ---- writing --------------------------------------------------------------------------------- */

/* A value as the record has it. */
static const char *value_text(struct td_arena *arena, const struct td_item *item, int64_t value)
{
    char text[TD_DECIMAL_TEXT];
    if (value == TD_EMPTY) {
        return NULL;
    }
    size_t n = td_decimal_print(decimal_of(value, item->decimals), text);
    return td_arena_text(arena, text, n);
}

static int write_target(struct db_tx *tx, struct saving *s, size_t at,
                        const struct target_cell *cell)
{
    if (cell->value == TD_EMPTY) {
        return q_target_delete(tx,
                               &(struct target_delete_in){.home_id = s->key->home_id,
                                                          .year_id = s->key->year_id,
                                                          .unit_id = s->key->unit,
                                                          .item = s->inputs[at].item},
                               NULL);
    }
    return q_target_put(tx,
                        &(struct target_put_in){.home_id = s->key->home_id,
                                                .year_id = s->key->year_id,
                                                .unit_id = s->key->unit,
                                                .item = s->inputs[at].item,
                                                .value = cell->value,
                                                .basis = TD_BASIS_UNSAID},
                        NULL);
}

static int write_cell(struct db_tx *tx, struct saving *s, size_t at, const struct target_cell *cell)
{
    const struct sheet_input *input = &s->inputs[at];
    if (input->kind == SHEET_TARGET) {
        return write_target(tx, s, at, cell);
    }
    if (input->kind == SHEET_REMARK) {
        return q_note_put(tx,
                          &(struct note_put_in){.home_id = s->key->home_id,
                                                .year_id = s->key->year_id,
                                                .sheet_id = s->opened.sheet_id,
                                                .item = input->item,
                                                .note = input->note,
                                                .evidence = input->evidence,
                                                .changed = s->now.ms,
                                                .changed_by = s->actor->account_id},
                          NULL);
    }
    return q_cell_put(tx,
                      &(struct cell_put_in){.home_id = s->key->home_id,
                                            .year_id = s->key->year_id,
                                            .sheet_id = s->opened.sheet_id,
                                            .item = input->item,
                                            .part = cell->part,
                                            .value = cell->value,
                                            .changed = s->now.ms,
                                            .changed_by = s->actor->account_id},
                      NULL);
}

/* The same in memory, so that the answer shows the sheet as it is now. */
static void apply(struct saving *s, size_t at, const struct target_cell *cell)
{
    struct sheet *sheet = s->opened.sheet;
    const struct sheet_input *input = &s->inputs[at];
    if (input->kind == SHEET_TARGET) {
        sheet->targets[cell->item] = cell->value;
    } else if (input->kind == SHEET_REMARK) {
        struct sheet_note *note = &sheet->notes[cell->item];
        *note = (struct sheet_note){
            .note = input->note, .evidence = input->evidence, .version = note->version + 1};
    } else {
        int32_t index = sheet->regulation->items[cell->item].cell + cell->part;
        sheet->cells[index] = cell->value;
        sheet->versions[index]++;
    }
}

/* What the record says: the old and new of every input, a line each. */
static int record(struct db_tx *tx, struct saving *s, const struct target_cell *cells)
{
    struct td_arena *arena = db_arena(tx);
    const struct sheet *sheet = s->opened.sheet;
    int status = TD_OK;
    for (size_t i = 0; status == TD_OK && i < s->count; i++) {
        const struct sheet_input *input = &s->inputs[i];
        const struct td_item *item = &sheet->regulation->items[cells[i].item];
        const char *old = NULL, *new = NULL, *verb = "cell.set";
        if (cells[i].there) {
            continue;
        }
        if (input->kind == SHEET_REMARK) {
            verb = "note.set";
            old = sheet->notes[cells[i].item].note;
            new = input->note;
        } else {
            int64_t before = input->kind == SHEET_TARGET ? sheet->targets[cells[i].item]
                                                         : sheet->cells[item->cell + cells[i].part];
            verb = input->kind == SHEET_TARGET ? "target.set" : verb;
            old = value_text(arena, item, before);
            new = value_text(arena, item, cells[i].value);
        }
        status = sheet_record(tx, s->office, s->actor, &s->opened, verb, input->item, old, new);
    }
    return status;
}

static int write_all(struct db_tx *tx, struct saving *s, const struct target_cell *cells)
{
    int status = sheet_begin(tx, s->office, s->actor, &s->opened);
    if (status == TD_OK) {
        status = record(tx, s, cells);
    }
    for (size_t i = 0; status == TD_OK && i < s->count; i++) {
        if (!cells[i].there) {
            status = write_cell(tx, s, i, &cells[i]);
            apply(s, i, &cells[i]);
        }
    }
    if (status != TD_OK) {
        return status;
    }
    struct sheet *sheet = s->opened.sheet;
    sheet_compute(sheet);
    sheet->version++;
    sheet->changed = s->now;
    sheet->changed_by = s->actor->name;
    return q_sheet_update_figures(tx,
                                  &(struct sheet_update_figures_in){
                                      .home_id = s->key->home_id,
                                      .year_id = s->key->year_id,
                                      .sheet_id = s->opened.sheet_id,
                                      .total = sheet->total,
                                      .filled = sheet->filled,
                                      .changed = s->now.ms,
                                      .changed_by = s->actor->account_id,
                                  },
                                  NULL);
}

static int save_work(struct db_tx *tx, void *data)
{
    struct saving *s = data;
    struct target_cell *cells = td_arena_alloc(db_arena(tx), s->count, sizeof *cells);
    bool any = false;
    problems_begin(s->problems);
    s->clashes = NULL;
    s->last = &s->clashes;
    int status = sheet_open(tx, s->office, s->actor, s->key, &s->opened);
    if (status == TD_OK && cells == NULL) {
        status = TD_E_MEMORY;
    }
    if (status == TD_OK && !s->opened.sheet->may_write) {
        return s->opened.sheet->acts && all_there(s, cells) ? TD_OK : OFFICE_FORBIDDEN;
    }
    for (size_t i = 0; status == TD_OK && i < s->count; i++) {
        if (s->inputs[i].kind == SHEET_TARGET && !s->opened.sheet->may_set_targets) {
            status = OFFICE_FORBIDDEN;
        } else if (fit(s, i, &cells[i]) && clashes(s, i, &cells[i])) {
            status = clash(tx, s, i, &cells[i]);
        } else if (refusal(s->problems) == TD_OK) {
            cells[i].there = is_there(s, i, &cells[i]);
            any = any || !cells[i].there;
        }
    }
    if (status == TD_OK) {
        status = refusal(s->problems);
    }
    if (status == TD_OK && s->clashes != NULL) {
        status = OFFICE_CONFLICT;
    }
    return status == TD_OK && any ? write_all(tx, s, cells) : status;
}

int sheet_save(struct office *office, const struct actor *actor, struct td_arena *arena,
               const struct sheet_key *key, const struct sheet_input *inputs, size_t count,
               struct td_problems *problems, struct sheet_saved *ret)
{
    struct saving s = {.office = office,
                       .actor = actor,
                       .key = key,
                       .inputs = inputs,
                       .count = count,
                       .problems = problems,
                       .now = office_now(office)};
    int status = db_transact(office_db(office), DB_WRITE, arena, save_work, &s);
    if (status == TD_OK || status == OFFICE_CONFLICT || status == OFFICE_REFUSED) {
        *ret = (struct sheet_saved){.sheet = s.opened.sheet, .clashes = s.clashes, .at = s.now};
    }
    return status;
}
