/*
 * What becomes of a sheet that is missing (SCO-8).
 */
#include "office/settle.h"

#include "office/sheet_private.h"

#include <stdio.h>
#include <string.h>

#include "base/banned.h"

#define REASON_MAX 2000
#define BY_MAX 300

struct working {
    struct office *office;
    const struct actor *actor;
    const struct sheet_key *key;
    const struct settlement *in;
    struct td_problems *problems;
    struct settling settling;
    int64_t version_one, version_all; /* of what was said of the sheet, and of all of its rater's */
};

static int32_t decider(const struct bloc_year *year, const struct td_regulation *regulation,
                       int32_t stage, int32_t rater)
{
    return stage_by_members(&regulation->stages[stage])
               ? rater_proxy(year, regulation, stage, rater)
               : year->head;
}

bool settling_allowed(const struct bloc_year *year, const struct td_regulation *regulation,
                      int32_t stage, int32_t rater)
{
    int32_t decides = decider(year, regulation, stage, rater);
    return year->keeps || (decides != TD_NONE && year->members[decides].leads);
}

static bool same_key(const struct sheet_key *a, const struct sheet_key *b)
{
    return strcmp(a->stage, b->stage) == 0 && strcmp(a->rater, b->rater) == 0 &&
           strcmp(a->unit, b->unit) == 0;
}

static int find(struct db_tx *tx, struct working *w)
{
    struct settling *s = &w->settling;
    struct sheet_board board;
    int status =
        sheet_board_open(tx, w->office, w->actor, w->key->home_id, w->key->year_id, &board);
    if (status != TD_OK) {
        return status;
    }
    for (int32_t i = 0; i < board.count; i++) {
        if (same_key(&board.sheets[i].key, w->key)) {
            *s = (struct settling){
                .year = board.year, .regulation = board.regulation, .brief = board.sheets[i]};
        }
    }
    if (s->year == NULL) {
        return OFFICE_NOT_FOUND;
    }
    s->rater_name = sheet_rater_name(&(struct sheet){.year = s->year,
                                                     .regulation = s->regulation,
                                                     .stage = s->brief.stage,
                                                     .rater = s->brief.rater});
    s->decides = decider(s->year, s->regulation, s->brief.stage, s->brief.rater);
    s->may_settle = settling_allowed(s->year, s->regulation, s->brief.stage, s->brief.rater);
    return TD_OK;
}

/* What was said of the sheet itself, or else of all of its rater's. */
static int read_settled(struct db_tx *tx, struct working *w)
{
    struct settled_of_year_row *rows = NULL;
    size_t count = 0;
    struct settlement *found = &w->settling.settlement;
    *found = (struct settlement){.unit = NULL, .reason = "", .by = ""};
    int status = q_settled_of_year(
        tx, &(struct settled_of_year_in){.home_id = w->key->home_id, .year_id = w->key->year_id},
        &rows, &count);
    for (size_t i = 0; status == TD_OK && i < count; i++) {
        bool all = rows[i].unit_id[0] == '\0';
        const struct sheet_key key = {.stage = rows[i].stage,
                                      .rater = rows[i].rater,
                                      .unit = all ? w->key->unit : rows[i].unit_id};
        if (!same_key(&key, w->key)) {
            continue;
        }
        *(all ? &w->version_all : &w->version_one) = rows[i].version;
        if (found->unit == NULL) { /* the row about all comes last */
            found->unit = rows[i].unit_id;
            found->count_without = rows[i].count_without;
            found->reason = rows[i].reason;
            found->by = rows[i].decided_by == NULL ? "" : rows[i].decided_by;
        }
    }
    found->unit = found->unit == NULL ? w->key->unit : found->unit;
    found->version = w->version_one + w->version_all; /* neither ever goes back */
    return status;
}

static int get_work(struct db_tx *tx, void *data)
{
    struct working *w = data;
    w->settling = (struct settling){.year = NULL};
    w->version_one = w->version_all = 0;
    int status = find(tx, w);
    return status == TD_OK ? read_settled(tx, w) : status;
}

int settling_get(struct office *office, const struct actor *actor, struct td_arena *arena,
                 const struct sheet_key *key, struct settling *ret)
{
    struct working w = {.office = office, .actor = actor, .key = key};
    int status = db_transact(office_db(office), DB_READ, arena, get_work, &w);
    if (status == TD_OK) {
        *ret = w.settling;
    }
    return status;
}

/* ---- deciding -------------------------------------------------------------------------------- */

static void check_text(struct td_problems *problems, const char *field, const char *text,
                       size_t most)
{
    if (strspn(text, " \t\r\n") == strlen(text)) {
        refuse(problems, field, TD_WORDS("this is empty"), TD_WORDS("write it"));
    } else if (strlen(text) > most) {
        refuse(problems, field,
               TD_MESSAGE("this is longer than {0} bytes", TD_COUNT((int64_t)most)),
               TD_WORDS("shorten it"));
    }
}

static int check(struct working *w)
{
    const struct settling *s = &w->settling;
    bool there = s->brief.state == SHEET_SUBMITTED || s->brief.state == SHEET_ABSTAINED;
    if (!s->may_settle) {
        return OFFICE_FORBIDDEN;
    }
    if (s->settlement.version != w->in->version) {
        return OFFICE_CONFLICT;
    }
    check_text(w->problems, "reason", w->in->reason, REASON_MAX);
    check_text(w->problems, "by", w->in->by, BY_MAX);
    if (there && w->in->unit[0] != '\0') {
        refuse(w->problems, "decision", TD_WORDS("the sheet was submitted meanwhile"),
               TD_WORDS("there is nothing to decide any more"));
    }
    return refusal(w->problems);
}

/* "count_without: reason" */
static const char *words(struct db_tx *tx, const struct settlement *s)
{
    const char *decision = s->count_without ? "count_without: " : "wait: ";
    size_t n = strlen(decision) + strlen(s->reason) + 1;
    char *text = td_arena_alloc(db_arena(tx), n, 1);
    if (text != NULL) {
        (void)snprintf(text, n, "%s%s", decision, s->reason);
    }
    return text;
}

static int record(struct db_tx *tx, struct working *w)
{
    const struct settlement *before = &w->settling.settlement;
    const char *pieces[] = {w->key->stage, "/", w->key->rater, "/", w->in->unit};
    struct buf object;
    buf_init(&object, 512);
    for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
        buf_text(&object, pieces[i]);
    }
    const char *path = buf_ok(&object)
                           ? td_arena_text(db_arena(tx), buf_string(&object), buf_length(&object))
                           : NULL;
    buf_release(&object);
    bool again = before->version != 0 && strcmp(before->unit, w->in->unit) == 0;
    const char *old = again ? words(tx, before) : NULL, *new = words(tx, w->in);
    if (path == NULL || new == NULL || (again && old == NULL)) {
        return TD_E_MEMORY;
    }
    return audit_write(tx, w->office, w->actor,
                       &(struct audit_change){.home_id = w->key->home_id,
                                              .chain = w->key->year_id,
                                              .for_id = w->settling.year->authority_id,
                                              .verb = "sheet.settle",
                                              .object = path,
                                              .old = old,
                                              .new = new});
}

static int save_work(struct db_tx *tx, void *data)
{
    struct working *w = data;
    int64_t changed = 0;
    problems_begin(w->problems);
    int status = get_work(tx, w);
    if (status == TD_OK) {
        status = check(w);
    }
    const char *day = day_text(db_arena(tx), office_today(w->office));
    if (status == TD_OK) {
        status = day == NULL ? TD_E_MEMORY : record(tx, w);
    }
    if (status == TD_OK) {
        status =
            q_settled_put(tx,
                          &(struct settled_put_in){.home_id = w->key->home_id,
                                                   .year_id = w->key->year_id,
                                                   .stage = w->key->stage,
                                                   .rater = w->key->rater,
                                                   .unit_id = w->in->unit,
                                                   .count_without = w->in->count_without,
                                                   .reason = w->in->reason,
                                                   .decided_by = w->in->by,
                                                   .decided = day,
                                                   .seen = w->in->unit[0] == '\0' ? w->version_all
                                                                                  : w->version_one},
                          &changed);
    }
    return status == TD_OK && changed == 0 ? OFFICE_CONFLICT : status;
}

int settling_save(struct office *office, const struct actor *actor, struct td_arena *arena,
                  const struct sheet_key *key, const struct settlement *settlement,
                  struct td_problems *problems)
{
    struct working w = {
        .office = office, .actor = actor, .key = key, .in = settlement, .problems = problems};
    return db_transact(office_db(office), DB_WRITE, arena, save_work, &w);
}
