/*
 * A year's file becomes rows: what the screens keep in tables of their own goes there, the other
 * lists stay as the file has them.
 */
#include "office/import.h"

#include "office/sheet_private.h"

#include "base/banned.h"

struct importing {
    struct office *office;
    const struct actor *actor;
    const struct import *import;
    const struct td_regulation *regulation;
    const struct td_year *year;
    const struct format_part *parts;
    int32_t part_count;
    const char *regulation_id, *bloc_id, *year_id;
    const char *first_day; /* of the emulation year */
    const char **units;    /* [member_count]: their ids */
};

static const char *item_id(const struct importing *m, int32_t item)
{
    return rules_item_id(m->regulation, item);
}

/* ---- the bloc, its year and its members ------------------------------------------------------ */

static int add_bloc(struct db_tx *tx, struct importing *m)
{
    const char *home = m->import->home_id;
    int status = q_bloc_insert(
        tx,
        &(struct bloc_insert_in){.home_id = home,
                                 .bloc_id = m->bloc_id,
                                 .kind = m->year->territorial ? "territorial" : "sectoral",
                                 .name = m->year->bloc_name},
        NULL);
    if (status == TD_OK) {
        status = q_bloc_authority_put(
            tx,
            &(struct bloc_authority_put_in){.home_id = home,
                                            .bloc_id = m->bloc_id,
                                            .since = m->first_day,
                                            .authority_id = m->import->authority_id},
            NULL);
    }
    if (status == TD_OK) {
        status =
            q_year_insert(tx,
                          &(struct year_insert_in){.home_id = home,
                                                   .year_id = m->year_id,
                                                   .bloc_id = m->bloc_id,
                                                   .label = m->year->label,
                                                   .first_year = m->year->year,
                                                   .regulation_id = m->regulation_id,
                                                   .as_of = day_text(db_arena(tx), m->year->as_of)},
                          NULL);
    }
    return status;
}

static int find_unit(struct db_tx *tx, struct importing *m, const struct td_member *member,
                     const char **ret)
{
    struct unit_by_code_row row = {0};
    bool found = false;
    int status = q_unit_by_code(
        tx, &(struct unit_by_code_in){.home_id = m->import->home_id, .code = member->code}, &row,
        &found);
    if (status != TD_OK || found) {
        *ret = row.unit_id;
        return status;
    }
    status = office_id(db_arena(tx), ret);
    if (status != TD_OK) {
        return status;
    }
    return q_unit_insert(tx,
                         &(struct unit_insert_in){.home_id = m->import->home_id,
                                                  .unit_id = *ret,
                                                  .authority_id = m->import->authority_id,
                                                  .code = member->code,
                                                  .name = member->name},
                         NULL);
}

static int add_term(struct db_tx *tx, struct importing *m, const char *role, int32_t member)
{
    if (member == TD_NONE) {
        return TD_OK;
    }
    return q_term_put(tx,
                      &(struct term_put_in){.home_id = m->import->home_id,
                                            .year_id = m->year_id,
                                            .role = role,
                                            .since = m->first_day,
                                            .unit_id = m->units[member]},
                      NULL);
}

static int add_members(struct db_tx *tx, struct importing *m)
{
    int status = TD_OK;
    m->units = td_arena_alloc(db_arena(tx), (size_t)m->year->member_count, sizeof *m->units);
    if (m->units == NULL) {
        return TD_E_MEMORY;
    }
    for (int32_t i = 0; status == TD_OK && i < m->year->member_count; i++) {
        const struct td_member *member = &m->year->members[i];
        status = find_unit(tx, m, member, &m->units[i]);
        if (status == TD_OK) {
            status = q_member_insert_as(tx,
                                        &(struct member_insert_as_in){.home_id = m->import->home_id,
                                                                      .year_id = m->year_id,
                                                                      .unit_id = m->units[i],
                                                                      .position = i,
                                                                      .code = member->code,
                                                                      .name = member->name},
                                        NULL);
        }
    }
    if (status == TD_OK) {
        status = add_term(tx, m, "head", m->year->head);
    }
    return status == TD_OK ? add_term(tx, m, "deputy", m->year->deputy) : status;
}

/* ---- figures and lists ----------------------------------------------------------------------- */

static int add_figures(struct db_tx *tx, struct importing *m, int32_t unit, int32_t item)
{
    const struct td_year *year = m->year;
    int32_t at = unit * m->regulation->item_count + item;
    int status = TD_OK;
    if (year->targets != NULL && year->targets[at] != TD_EMPTY) {
        status = q_target_put(tx,
                              &(struct target_put_in){
                                  .home_id = m->import->home_id,
                                  .year_id = m->year_id,
                                  .unit_id = m->units[unit],
                                  .item = item_id(m, item),
                                  .value = year->targets[at],
                                  .basis = year->bases == NULL ? TD_BASIS_UNSAID : year->bases[at]},
                              NULL);
    }
    if (status == TD_OK && year->not_arisen != NULL && year->not_arisen[at] != NULL) {
        status = q_not_arisen_put(tx,
                                  &(struct not_arisen_put_in){.home_id = m->import->home_id,
                                                              .year_id = m->year_id,
                                                              .unit_id = m->units[unit],
                                                              .item = item_id(m, item),
                                                              .reason = year->not_arisen[at]},
                                  NULL);
    }
    return status;
}

static int add_lists(struct db_tx *tx, struct importing *m)
{
    int status = TD_OK;
    for (int32_t unit = 0; unit < m->year->member_count; unit++) {
        for (int32_t item = 0; status == TD_OK && item < m->regulation->item_count; item++) {
            status = add_figures(tx, m, unit, item);
        }
    }
    for (int32_t i = 0; status == TD_OK && i < m->part_count; i++) {
        status = q_part_put(tx,
                            &(struct part_put_in){.home_id = m->import->home_id,
                                                  .year_id = m->year_id,
                                                  .part = m->parts[i].key,
                                                  .document = m->parts[i].json},
                            NULL);
    }
    return status;
}

/* ---- sheets ---------------------------------------------------------------------------------- */

static int add_item(struct db_tx *tx, struct importing *m, const struct td_sheet *sheet,
                    const char *sheet_id, int32_t item)
{
    const struct td_item *it = &m->regulation->items[item];
    int64_t now = office_now(m->office).ms;
    int status = TD_OK;
    for (int32_t part = 0; status == TD_OK && part < it->cells; part++) {
        if (sheet->cells[it->cell + part] != TD_EMPTY) {
            status = q_cell_put(tx,
                                &(struct cell_put_in){.home_id = m->import->home_id,
                                                      .year_id = m->year_id,
                                                      .sheet_id = sheet_id,
                                                      .item = item_id(m, item),
                                                      .part = part,
                                                      .value = sheet->cells[it->cell + part],
                                                      .changed = now,
                                                      .changed_by = m->actor->account_id},
                                NULL);
        }
    }
    if (status == TD_OK && sheet->reasons != NULL && sheet->reasons[item] != NULL) {
        status = q_note_put(tx,
                            &(struct note_put_in){.home_id = m->import->home_id,
                                                  .year_id = m->year_id,
                                                  .sheet_id = sheet_id,
                                                  .item = item_id(m, item),
                                                  .note = sheet->reasons[item],
                                                  .evidence = "",
                                                  .changed = now,
                                                  .changed_by = m->actor->account_id},
                            NULL);
    }
    return status;
}

/* What a sheet keeps of its own figures. */
static void figures(const struct importing *m, const struct td_sheet *sheet, int64_t *ret_total,
                    int32_t *ret_filled)
{
    const struct td_regulation *reg = m->regulation;
    *ret_total = 0;
    *ret_filled = 0;
    for (int32_t i = 0; sheet->cells != NULL && i < reg->item_count; i++) {
        int32_t at = sheet->unit * reg->item_count + i;
        int64_t target = m->year->targets == NULL ? TD_EMPTY : m->year->targets[at];
        const int64_t *cells = &sheet->cells[reg->items[i].cell];
        bool arose = m->year->not_arisen == NULL || m->year->not_arisen[at] == NULL;
        if (arose && reg->items[i].source == TD_FROM_SHEETS && cells[0] != TD_EMPTY) {
            *ret_total += td_item_points(reg, i, cells, target).points;
            ++*ret_filled;
        }
    }
}

static enum sheet_state state_of(const struct td_sheet *sheet)
{
    switch (sheet->state) {
    case TD_SHEET_SUBMITTED:
        return SHEET_SUBMITTED;
    case TD_SHEET_ABSTAINED:
        return SHEET_ABSTAINED;
    case TD_SHEET_DRAFT:
    default:
        return SHEET_DRAFT;
    }
}

static const char *rater_id(struct td_arena *arena, const struct importing *m,
                            const struct td_sheet *sheet)
{
    switch (m->regulation->stages[sheet->stage].rater) {
    case TD_RATER_SELF:
    case TD_RATER_OTHERS:
    case TD_RATER_HEAD:
        return m->units[sheet->rater];
    case TD_RATER_BODY:
    case TD_RATER_PANEL:
    default:
        return rater_text(arena, NULL, m->regulation, sheet->stage, sheet->rater);
    }
}

static int add_sheet(struct db_tx *tx, struct importing *m, const struct td_sheet *sheet)
{
    struct td_arena *arena = db_arena(tx);
    const char *sheet_id = NULL, *rater = rater_id(arena, m, sheet);
    int64_t total = 0;
    int32_t filled = 0;
    int status = rater == NULL ? TD_E_MEMORY : office_id(arena, &sheet_id);
    if (status != TD_OK) {
        return status;
    }
    figures(m, sheet, &total, &filled);
    status =
        q_sheet_insert(tx,
                       &(struct sheet_insert_in){.home_id = m->import->home_id,
                                                 .year_id = m->year_id,
                                                 .sheet_id = sheet_id,
                                                 .unit_id = m->units[sheet->unit],
                                                 .stage = m->regulation->stages[sheet->stage].id,
                                                 .rater = rater,
                                                 .state = sheet_state_word(state_of(sheet)),
                                                 .remark = sheet->abstained,
                                                 .submitted = day_text(arena, sheet->submitted),
                                                 .total = total,
                                                 .filled = filled,
                                                 .changed = office_now(m->office).ms,
                                                 .changed_by = m->actor->account_id},
                       NULL);
    for (int32_t i = 0; status == TD_OK && sheet->cells != NULL && i < m->regulation->item_count;
         i++) {
        status = add_item(tx, m, sheet, sheet_id, i);
    }
    return status;
}

/* Of several that fit a sheet the first holds: after one about all of a rater none other does. */
static bool is_shadowed(const struct td_year *year, int32_t at)
{
    const struct td_settled *s = year->settled;
    for (int32_t i = 0; i < at; i++) {
        if (s[i].stage == s[at].stage && s[i].rater == s[at].rater &&
            (s[i].unit == TD_NONE || s[i].unit == s[at].unit)) {
            return true;
        }
    }
    return false;
}

static int add_settled(struct db_tx *tx, struct importing *m, const struct td_settled *settled)
{
    struct td_arena *arena = db_arena(tx);
    const struct td_sheet sheet = {.stage = settled->stage, .rater = settled->rater};
    const char *rater = rater_id(arena, m, &sheet);
    if (rater == NULL) {
        return TD_E_MEMORY;
    }
    return q_settled_put(
        tx,
        &(struct settled_put_in){.home_id = m->import->home_id,
                                 .year_id = m->year_id,
                                 .stage = m->regulation->stages[settled->stage].id,
                                 .rater = rater,
                                 .unit_id = settled->unit == TD_NONE ? "" : m->units[settled->unit],
                                 .count_without = settled->count_without,
                                 .reason = settled->reason,
                                 .decided_by = settled->by,
                                 .decided = day_text(arena, settled->date)},
        NULL);
}

/* ---- the whole ------------------------------------------------------------------------------- */

static int import_work(struct db_tx *tx, void *data)
{
    struct importing *m = data;
    int status = scope_need(tx, m->actor, m->import->home_id, m->import->authority_id);
    if (status == TD_OK) {
        status = add_bloc(tx, m);
    }
    if (status == TD_OK) {
        status = add_members(tx, m);
    }
    if (status == TD_OK) {
        status = add_lists(tx, m);
    }
    for (int32_t i = 0; status == TD_OK && i < m->year->sheet_count; i++) {
        status = add_sheet(tx, m, &m->year->sheets[i]);
    }
    for (int32_t i = 0; status == TD_OK && i < m->year->settled_count; i++) {
        status = is_shadowed(m->year, i) ? TD_OK : add_settled(tx, m, &m->year->settled[i]);
    }
    if (status != TD_OK) {
        return status;
    }
    return audit_write(tx, m->office, m->actor,
                       &(struct audit_change){.home_id = m->import->home_id,
                                              .chain = m->year_id,
                                              .for_id = m->import->authority_id,
                                              .verb = "year.import",
                                              .object = m->bloc_id,
                                              .new = m->year->label});
}

static int read_files(struct importing *m, struct td_arena *arena, struct td_problems *problems)
{
    struct td_regulation *regulation = NULL;
    struct td_year *year = NULL;
    struct format_part *parts = NULL;
    const char *text = NULL, *rules = NULL;
    size_t text_n = 0, rules_n = 0;
    int status = format_year_read(m->import->year_path, m->import->regulation_path, arena, problems,
                                  &regulation, &year);
    if (status == TD_OK) {
        status = format_file_read(m->import->regulation_path, arena, problems, &rules, &rules_n);
    }
    if (status == TD_OK) {
        status = format_file_read(m->import->year_path, arena, problems, &text, &text_n);
    }
    if (status == TD_OK) {
        status = format_year_parts(text, text_n, arena, problems, &parts, &m->part_count);
    }
    if (status < 0) {
        return status == TD_E_MEMORY ? status : OFFICE_REFUSED;
    }
    m->regulation = regulation;
    m->year = year;
    m->parts = parts;
    return rules_load(m->office, m->actor, arena, m->import->home_id, m->import->authority_id,
                      rules, rules_n, problems, &m->regulation_id);
}

int import_year(struct office *office, const struct actor *actor, struct td_arena *arena,
                const struct import *import, struct td_problems *problems, const char **ret_year_id)
{
    struct importing m = {.office = office, .actor = actor, .import = import};
    struct td_date first = {0}, last = {0};
    int status = read_files(&m, arena, problems);
    if (status == TD_OK) {
        status = office_id(arena, &m.bloc_id);
    }
    if (status == TD_OK) {
        status = office_id(arena, &m.year_id);
    }
    if (status != TD_OK) {
        return status;
    }
    td_year_span(m.regulation, m.year->year, &first, &last);
    m.first_day = day_text(arena, first);
    if (m.first_day == NULL) {
        return TD_E_MEMORY;
    }
    status = db_transact(office_db(office), DB_WRITE, arena, import_work, &m);
    if (status == TD_OK) {
        *ret_year_id = m.year_id;
    }
    return status;
}
