/*
 * A sheet's way from draft to submitted (USE-4, USE-10).
 */
#include "office/sheet_private.h"

#include <stdio.h>
#include <string.h>

#include "base/banned.h"

int sheet_begin(struct db_tx *tx, struct office *office, const struct actor *actor,
                struct sheet_opened *opened)
{
    struct sheet *s = opened->sheet;
    if (opened->sheet_id != NULL) {
        return TD_OK;
    }
    int status = office_id(db_arena(tx), &opened->sheet_id);
    if (status != TD_OK) {
        return status;
    }
    s->version = 1; /* what sheet_insert gives it */
    return q_sheet_insert(tx,
                          &(struct sheet_insert_in){.home_id = s->key.home_id,
                                                    .year_id = s->key.year_id,
                                                    .sheet_id = opened->sheet_id,
                                                    .unit_id = s->key.unit,
                                                    .stage = s->key.stage,
                                                    .rater = s->key.rater,
                                                    .state = sheet_state_word(SHEET_DRAFT),
                                                    .changed = office_now(office).ms,
                                                    .changed_by = actor->account_id,
                                                    .proxy_id = s->proxy_id,
                                                    .paper = s->paper},
                          NULL);
}

int sheet_record(struct db_tx *tx, struct office *office, const struct actor *actor,
                 const struct sheet_opened *opened, const char *verb, const char *object,
                 const char *old, const char *new)
{
    const struct sheet_key *k = &opened->sheet->key;
    const char *part = object == NULL ? "" : object;
    /* Three slashes and a NUL. */
    size_t n = strlen(k->stage) + strlen(k->rater) + strlen(k->unit) + strlen(part) + 4;
    char *path = td_arena_alloc(db_arena(tx), n, 1);
    if (path == NULL) {
        return TD_E_MEMORY;
    }
    (void)snprintf(path, n, "%s/%s/%s%s%s", k->stage, k->rater, k->unit, object == NULL ? "" : "/",
                   part);
    bool by_member = year_member_of(opened->sheet->year, k->rater) != TD_NONE;
    return audit_write(
        tx, office, actor,
        &(struct audit_change){.home_id = k->home_id,
                               .chain = k->year_id,
                               .for_id = by_member ? k->rater : opened->sheet->year->authority_id,
                               .verb = verb,
                               .object = path,
                               .old = old,
                               .new = new});
}

/* ---- moving ---------------------------------------------------------------------------------- */

static const struct step {
    const char *verb; /* in the record */
    enum sheet_state after;
    bool asks; /* for a remark */
} steps[] = {
    [SHEET_PREPARE] = {"sheet.prepare", SHEET_PREPARED, false},
    [SHEET_SUBMIT] = {"sheet.submit", SHEET_SUBMITTED, false},
    [SHEET_RETURN] = {"sheet.return", SHEET_DRAFT, true},
    [SHEET_ABSTAIN] = {"sheet.abstain", SHEET_ABSTAINED, true},
    [SHEET_ENTER] = {"sheet.enter", SHEET_DRAFT, true},
};

bool sheet_may(const struct sheet *sheet, enum sheet_move move)
{
    const bool may[] = {
        [SHEET_PREPARE] = sheet->may_prepare, [SHEET_SUBMIT] = sheet->may_submit,
        [SHEET_RETURN] = sheet->may_return,   [SHEET_ABSTAIN] = sheet->may_abstain,
        [SHEET_ENTER] = sheet->may_enter,
    };
    return may[move];
}

bool sheet_move_asks(enum sheet_move move)
{
    return steps[move].asks;
}

bool sheet_is_moved(const struct sheet *sheet, enum sheet_move move, const char *remark)
{
    const char *said = move == SHEET_ENTER ? sheet->paper : sheet->remark;
    return sheet->acts && sheet->state == steps[move].after &&
           (!steps[move].asks || (said != NULL && remark != NULL && strcmp(said, remark) == 0));
}

struct moving {
    struct office *office;
    const struct actor *actor;
    const struct sheet_key *key;
    enum sheet_move move;
    const char *remark;
    int64_t seen;
    struct td_problems *problems;
    struct sheet_opened opened;
};

/* SCO-12: an empty cell is not a score. */
static void check_whole(const struct moving *m)
{
    const struct sheet *s = m->opened.sheet;
    for (int32_t i = 0; i < s->regulation->item_count; i++) {
        const struct td_item *item = &s->regulation->items[i];
        bool empty = s->points[i].state == TD_ITEM_EMPTY ||
                     (s->points[i].state == TD_ITEM_ELSEWHERE && s->cells[item->cell] == TD_EMPTY);
        if (item->source == TD_FROM_SHEETS && s->not_arisen[i] == NULL && empty) {
            refuse(m->problems, rules_item_id(s->regulation, i), TD_WORDS("the item is empty"),
                   TD_WORDS("enter it; a zero is written as 0"));
        }
    }
}

static int check(struct moving *m)
{
    const struct sheet *s = m->opened.sheet;
    const char *remark = m->remark == NULL ? "" : m->remark;
    if (s->version != m->seen) {
        return OFFICE_CONFLICT;
    }
    if (!sheet_may(s, m->move)) {
        return OFFICE_FORBIDDEN;
    }
    if (steps[m->move].asks && strspn(remark, " \t\r\n") == strlen(remark)) {
        refuse(m->problems, "remark", TD_WORDS("the reason is missing"), TD_WORDS("write it"));
    } else if (strlen(remark) > SHEET_NOTE_MAX) {
        refuse(m->problems, "remark",
               TD_MESSAGE("this is longer than {0} bytes", TD_COUNT(SHEET_NOTE_MAX)),
               TD_WORDS("shorten it"));
    }
    if (m->move == SHEET_SUBMIT || m->move == SHEET_PREPARE) {
        check_whole(m);
    }
    return refusal(m->problems);
}

static int move_work(struct db_tx *tx, void *data)
{
    struct moving *m = data;
    const struct step *step = &steps[m->move];
    int64_t changed = 0;
    problems_begin(m->problems);
    int status = sheet_open(tx, m->office, m->actor, m->key, &m->opened);
    if (status == TD_OK) {
        status = check(m);
    }
    if (status != TD_OK) {
        return status;
    }
    if (m->move == SHEET_ENTER) {
        struct sheet *s = m->opened.sheet;
        s->proxy_id =
            s->year->members[rater_proxy(s->year, s->regulation, s->stage, s->rater)].unit_id;
        s->paper = m->remark;
    }
    enum sheet_state after = step->after;
    bool final = after == SHEET_SUBMITTED || after == SHEET_ABSTAINED;
    const char *day = day_text(db_arena(tx), office_today(m->office));
    status = day == NULL ? TD_E_MEMORY : sheet_begin(tx, m->office, m->actor, &m->opened);
    /* The record first, as sheet_save does: the other way round the two wait for each other. */
    if (status == TD_OK) {
        bool entered = m->move == SHEET_ENTER;
        status = sheet_record(tx, m->office, m->actor, &m->opened, step->verb, NULL,
                              entered ? NULL : sheet_state_word(m->opened.sheet->state),
                              entered ? m->remark : sheet_state_word(after));
    }
    if (status == TD_OK) {
        status = q_sheet_update_state(
            tx,
            &(struct sheet_update_state_in){
                .home_id = m->key->home_id,
                .year_id = m->key->year_id,
                .sheet_id = m->opened.sheet_id,
                .version = m->opened.sheet->version,
                .state = sheet_state_word(after),
                .remark = m->move == SHEET_RETURN || m->move == SHEET_ABSTAIN ? m->remark : NULL,
                .submitted = final ? day : NULL,
                .changed = office_now(m->office).ms,
                .changed_by = m->actor->account_id,
            },
            &changed);
    }
    return status == TD_OK && changed == 0 ? OFFICE_CONFLICT : status;
}

int sheet_move(struct office *office, const struct actor *actor, struct td_arena *arena,
               const struct sheet_key *key, enum sheet_move move, const char *remark,
               int64_t seen_version, struct td_problems *problems)
{
    struct moving m = {.office = office,
                       .actor = actor,
                       .key = key,
                       .move = move,
                       .remark = remark,
                       .seen = seen_version,
                       .problems = problems};
    return db_transact(office_db(office), DB_WRITE, arena, move_work, &m);
}
