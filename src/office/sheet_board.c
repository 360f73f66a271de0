/*
 * Which sheets a year expects, how far each is, and who may see it (SCO-8, USE-4).
 */
#include "office/sheet_private.h"
#include "thidua/calendar.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/banned.h"

/* ---- raters ---------------------------------------------------------------------------------- */

const char *rater_text(struct td_arena *arena, const struct bloc_year *year,
                       const struct td_regulation *regulation, int32_t stage, int32_t rater)
{
    enum td_rater kind = regulation->stages[stage].rater;
    char text[OFFICE_ID_TEXT + 16];
    if (stage_by_members(&regulation->stages[stage])) {
        return year->members[rater].unit_id;
    }
    if (kind == TD_RATER_BODY) {
        return "body";
    }
    int n = snprintf(text, sizeof text, "panel.%d", rater);
    return n < 0 ? NULL : td_arena_text(arena, text, (size_t)n);
}

int32_t head_rater(const struct bloc_year *year, const struct td_stage *stage, int32_t unit)
{
    return stage->deputy_for_head && unit == year->head ? year->deputy : year->head;
}

/* N of "panel.N", as it is written: no leading zero; or TD_NONE. */
static int32_t panel_number(const char *text)
{
    int32_t number = 0;
    size_t n = strlen(text);
    if (strncmp(text, "panel.", 6) != 0 || n < 7 || n > 9 ||
        strspn(text + 6, "0123456789") != n - 6 || (text[6] == '0' && n > 7)) {
        return TD_NONE;
    }
    for (const char *p = text + 6; *p != '\0'; p++) {
        number = number * 10 + (*p - '0');
    }
    return number;
}

int32_t rater_index(const struct bloc_year *year, const struct td_regulation *regulation,
                    int32_t stage, const char *text, int32_t panel_count)
{
    enum td_rater rater = regulation->stages[stage].rater;
    int32_t number = TD_NONE;
    if (stage_by_members(&regulation->stages[stage])) {
        return year_member_of(year, text);
    }
    if (rater == TD_RATER_PANEL) {
        number = panel_number(text);
        return number < panel_count ? number : TD_NONE;
    }
    return strcmp(text, "body") == 0 ? 0 : TD_NONE;
}

int32_t rater_of(const struct bloc_year *year, const struct td_regulation *regulation,
                 int32_t stage, int32_t unit, const char *text, int32_t panel_count)
{
    const struct td_stage *s = &regulation->stages[stage];
    int32_t rater = rater_index(year, regulation, stage, text, panel_count);
    bool fits = true;
    if (s->rater == TD_RATER_SELF) {
        fits = rater == unit;
    } else if (s->rater == TD_RATER_OTHERS) {
        fits = rater != unit;
    } else if (s->rater == TD_RATER_HEAD) {
        fits = rater == head_rater(year, s, unit);
    }
    return fits ? rater : TD_NONE;
}

bool rater_writes(const struct bloc_year *year, const struct td_regulation *regulation,
                  int32_t stage, int32_t rater)
{
    return stage_by_members(&regulation->stages[stage]) ? year_acts(year, rater) : year->keeps;
}

bool rater_submits(const struct bloc_year *year, const struct td_regulation *regulation,
                   int32_t stage, int32_t rater)
{
    if (!stage_by_members(&regulation->stages[stage])) {
        return year->keeps;
    }
    return rater != TD_NONE && year->members[rater].leads;
}

int32_t rater_proxy(const struct bloc_year *year, const struct td_regulation *regulation,
                    int32_t stage, int32_t rater)
{
    if (!stage_by_members(&regulation->stages[stage]) || rater == TD_NONE) {
        return TD_NONE;
    }
    return rater == year->head ? year->deputy : year->head;
}

/* ---- states ---------------------------------------------------------------------------------- */

static const char *const state_words[] = {
    [SHEET_DRAFT] = "draft",
    [SHEET_PREPARED] = "prepared",
    [SHEET_SUBMITTED] = "submitted",
    [SHEET_ABSTAINED] = "abstained",
};

enum sheet_state sheet_state_of(const char *word)
{
    int state = SHEET_ABSTAINED;
    while (state > SHEET_DRAFT && strcmp(state_words[state], word) != 0) {
        state--;
    }
    return (enum sheet_state)state;
}

const char *sheet_state_word(enum sheet_state state)
{
    return state_words[state];
}

/* ---- the board ------------------------------------------------------------------------------- */

struct boarding {
    struct office *office;
    const struct actor *actor;
    const char *home_id, *year_id;
    const char *only_unit; /* a unit_id; "" for all */
    struct sheet_board board;
    int32_t panels[TD_STAGES_MAX];
    struct sheet_of_year_row *rows; /* in the order of unit, stage, rater */
    size_t row_count;
};

static int by_key(const void *a, const void *b)
{
    const struct sheet_of_year_row *x = a, *y = b;
    int order = strcmp(x->unit_id, y->unit_id);
    order = order != 0 ? order : strcmp(x->stage, y->stage);
    return order != 0 ? order : strcmp(x->rater, y->rater);
}

static const struct sheet_of_year_row *row_find(const struct boarding *b,
                                                const struct sheet_key *key)
{
    struct sheet_of_year_row row = {.unit_id = key->unit, .stage = key->stage, .rater = key->rater};
    /* A base that is NULL is not for bsearch, even without rows. */
    return b->row_count == 0 ? NULL : bsearch(&row, b->rows, b->row_count, sizeof *b->rows, by_key);
}

static int add(struct db_tx *tx, struct boarding *b, int32_t unit, int32_t stage, int32_t rater,
               int32_t fillable)
{
    struct bloc_year *year = b->board.year;
    const struct td_regulation *regulation = b->board.regulation;
    struct sheet_brief *s = &b->board.sheets[b->board.count];
    *s = (struct sheet_brief){
        .stage = stage, .rater = rater, .unit = unit, .fillable = fillable, .proxy = TD_NONE};
    s->key = (struct sheet_key){.home_id = b->home_id,
                                .year_id = b->year_id,
                                .stage = regulation->stages[stage].id,
                                .rater = rater_text(db_arena(tx), year, regulation, stage, rater),
                                .unit = year->members[unit].unit_id};
    if (s->key.rater == NULL) {
        return TD_E_MEMORY;
    }
    const struct sheet_of_year_row *row = row_find(b, &s->key);
    if (row != NULL) {
        s->begun = true;
        s->sheet_id = row->sheet_id;
        s->state = sheet_state_of(row->state);
        s->filled = (int32_t)row->filled;
        s->total = row->total;
        s->remark = row->remark;
        s->submitted = day_of(row->submitted);
        s->version = row->version;
        s->changed = (struct instant){.ms = row->changed};
        s->proxy = row->proxy_id == NULL ? TD_NONE : year_member_of(year, row->proxy_id);
    }
    bool open = s->state == SHEET_DRAFT || s->state == SHEET_PREPARED;
    bool writes = rater_writes(year, regulation, stage, rater);
    s->visible = writes || year_acts(year, s->proxy);
    s->owed = open && s->visible;
    s->seals = s->owed && writes && stage_by_members(&regulation->stages[stage]) &&
               !regulation->stages[stage].optional;
    s->may_enter =
        !s->begun && !writes && year_acts(year, rater_proxy(year, regulation, stage, rater));
    b->board.count++;
    return TD_OK;
}

/* The raters of one stage for one unit. */
static int add_stage(struct db_tx *tx, struct boarding *b, int32_t unit, int32_t stage,
                     int32_t fillable)
{
    const struct td_stage *s = &b->board.regulation->stages[stage];
    int32_t count = 1, head = TD_NONE;
    int status = TD_OK;
    switch (s->rater) {
    case TD_RATER_SELF:
        return add(tx, b, unit, stage, unit, fillable);
    case TD_RATER_HEAD:
        head = head_rater(b->board.year, s, unit);
        return head == TD_NONE ? TD_OK : add(tx, b, unit, stage, head, fillable);
    case TD_RATER_OTHERS:
        count = b->board.year->member_count;
        break;
    case TD_RATER_PANEL:
        count = b->panels[stage];
        break;
    case TD_RATER_BODY:
    default:
        break;
    }
    for (int32_t rater = 0; status == TD_OK && rater < count; rater++) {
        if (s->rater != TD_RATER_OTHERS || rater != unit) {
            status = add(tx, b, unit, stage, rater, fillable);
        }
    }
    return status;
}

static int32_t fillable_items(const struct td_regulation *regulation)
{
    int32_t count = 0;
    for (int32_t i = 0; i < regulation->item_count; i++) {
        count += regulation->items[i].source == TD_FROM_SHEETS;
    }
    return count;
}

static size_t expected_at_most(const struct boarding *b)
{
    size_t count = 0;
    for (int32_t i = 0; i < b->board.regulation->stage_count; i++) {
        enum td_rater rater = b->board.regulation->stages[i].rater;
        count += rater == TD_RATER_OTHERS  ? (size_t)b->board.year->member_count
                 : rater == TD_RATER_PANEL ? (size_t)b->panels[i]
                                           : 1;
    }
    return count * (size_t)b->board.year->member_count;
}

static int read_rows(struct db_tx *tx, struct boarding *b)
{
    const char *last = b->only_unit[0] == '\0' ? OFFICE_ID_LAST : b->only_unit;
    int status = q_sheet_of_year(tx,
                                 &(struct sheet_of_year_in){.home_id = b->home_id,
                                                            .year_id = b->year_id,
                                                            .first_unit = b->only_unit,
                                                            .last_unit = last},
                                 &b->rows, &b->row_count);
    if (status == TD_OK && b->row_count > 0) {
        qsort(b->rows, b->row_count, sizeof *b->rows, by_key);
    }
    return status;
}

/* USE-4: a member's own sheets first. Who keeps the year rates nobody as a member and sees all; an
 * observer sees what was released. A draft is its rater's alone. */
static void seal(struct sheet_board *board)
{
    const struct bloc_year *year = board->year;
    bool member = false, owes = false;
    for (int32_t i = 0; i < year->member_count; i++) {
        member = member || year_acts(year, i);
    }
    for (int32_t i = 0; i < board->count; i++) {
        const struct sheet_brief *s = &board->sheets[i];
        owes = owes || s->seals;
    }
    board->sealed = !year->released && !year->keeps && (!member || owes);
    for (int32_t i = 0; i < board->count; i++) {
        struct sheet_brief *s = &board->sheets[i];
        bool in = s->state == SHEET_SUBMITTED || s->state == SHEET_ABSTAINED;
        s->visible = s->visible || (in && !board->sealed);
        if (!s->visible) {
            s->total = 0;
            s->filled = 0;
            s->remark = NULL;
            s->proxy = TD_NONE;
        }
    }
}

static int fill(struct db_tx *tx, struct boarding *b)
{
    const struct td_regulation *regulation = b->board.regulation;
    struct sheet_board *board = &b->board;
    int32_t fillable = fillable_items(regulation);
    int status = read_rows(tx, b);
    if (status != TD_OK) {
        return status;
    }
    board->sheets = td_arena_alloc(db_arena(tx), expected_at_most(b), sizeof *board->sheets);
    if (board->sheets == NULL) {
        return TD_E_MEMORY;
    }
    for (int32_t unit = 0; status == TD_OK && unit < board->year->member_count; unit++) {
        bool asked = b->only_unit[0] == '\0' ||
                     strcmp(b->only_unit, board->year->members[unit].unit_id) == 0;
        for (int32_t i = 0; status == TD_OK && asked && i < regulation->stage_count; i++) {
            status = add_stage(tx, b, unit, i, fillable);
        }
    }
    return status;
}

/* Whether a member's own sheets are in can only be told from the whole year. */
static bool may_be_sealed(const struct bloc_year *year)
{
    return !year->keeps && !year->released;
}

static void keep_unit(struct sheet_board *board, const char *unit_id)
{
    int32_t kept = 0;
    for (int32_t i = 0; i < board->count; i++) {
        if (strcmp(board->sheets[i].key.unit, unit_id) == 0) {
            board->sheets[kept++] = board->sheets[i];
        }
    }
    board->count = kept;
}

int sheet_board_of_unit(struct db_tx *tx, struct office *office, const struct actor *actor,
                        const char *home_id, const char *year_id, const char *only_unit,
                        struct sheet_board *ret, const struct rules **ret_rules)
{
    struct boarding b = {.office = office,
                         .actor = actor,
                         .home_id = home_id,
                         .year_id = year_id,
                         .only_unit = only_unit};
    const struct rules *rules = NULL;
    int status = year_open(tx, office, actor, home_id, year_id, &b.board.year);
    if (status != TD_OK) {
        return status;
    }
    b.board.sealed = may_be_sealed(b.board.year);
    if (b.board.year->regulation_id != NULL) {
        status = rules_of(tx, office, home_id, b.board.year->regulation_id, &rules);
        b.board.regulation = status == TD_OK ? rules->regulation : NULL;
        if (status == TD_OK) {
            status = panels_read(tx, office, b.board.year, rules->regulation, b.panels);
        }
        if (status == TD_OK) {
            b.only_unit = may_be_sealed(b.board.year) ? "" : only_unit;
            status = fill(tx, &b);
        }
        if (status == TD_OK) {
            seal(&b.board);
        }
        if (status == TD_OK && only_unit[0] != '\0') {
            keep_unit(&b.board, only_unit);
        }
    }
    *ret = b.board;
    *ret_rules = rules;
    return status;
}

int sheet_board_open(struct db_tx *tx, struct office *office, const struct actor *actor,
                     const char *home_id, const char *year_id, struct sheet_board *ret)
{
    const struct rules *rules = NULL;
    return sheet_board_of_unit(tx, office, actor, home_id, year_id, "", ret, &rules);
}

static int board_work(struct db_tx *tx, void *data)
{
    struct boarding *b = data;
    return sheet_board_open(tx, b->office, b->actor, b->home_id, b->year_id, &b->board);
}

int sheet_board(struct office *office, const struct actor *actor, struct td_arena *arena,
                const char *home_id, const char *year_id, struct sheet_board *ret)
{
    struct boarding b = {.office = office, .actor = actor, .home_id = home_id, .year_id = year_id};
    int status = db_transact(office_db(office), DB_READ, arena, board_work, &b);
    if (status == TD_OK) {
        *ret = b.board;
    }
    return status;
}

struct td_date sheet_due(const struct sheet_board *board, int32_t stage)
{
    const struct td_regulation *reg = board->regulation;
    int32_t duty = reg->stages[stage].duty;
    struct td_date first = {0}, last = {0};
    if (duty != TD_NONE && reg->duties[duty].due.kind != TD_DUE_MONTHLY) {
        td_due_days(reg, &reg->duties[duty].due, board->year->first_year, 1, (struct td_date){0},
                    &first, &last);
    }
    return last;
}
