/*
 * Beginning and keeping a bloc's year: members, terms, rules, release (ORG-2, ORG-3, USE-4, USE-9).
 */
#include "office/rules.h"
#include "office/scope.h"
#include "office/sheet.h"
#include "office/year.h"

#include <stdlib.h>
#include <string.h>

#include "base/banned.h"

struct changing {
    struct office *office;
    const struct actor *actor;
    struct td_problems *problems;
    const char *home_id, *year_id, *bloc_id;
    int64_t seen;
    struct bloc_year *year;
    const char *label, *copy_from;
    int32_t first_year;
    const char *const *units;
    int32_t unit_count;
    bool deputy;
    const char *unit_id;
    struct td_date date;
    const char *regulation_id;
};

static int record(struct db_tx *tx, struct changing *c, const char *verb, const char *object,
                  const char *old, const char *new)
{
    return audit_write(tx, c->office, c->actor,
                       &(struct audit_change){.home_id = c->home_id,
                                              .chain = c->year_id,
                                              .verb = verb,
                                              .object = object,
                                              .old = old,
                                              .new = new});
}

/* The year, when the actor keeps it. */
static int open_kept(struct db_tx *tx, struct changing *c)
{
    int status = year_open(tx, c->office, c->actor, c->home_id, c->year_id, &c->year);
    if (status == TD_OK && !c->year->keeps) {
        status = OFFICE_FORBIDDEN;
    }
    return status;
}

static int touch(struct db_tx *tx, struct changing *c, int64_t seen)
{
    int64_t changed = 0;
    int status = q_year_touch(
        tx, &(struct year_touch_in){.home_id = c->home_id, .year_id = c->year_id, .version = seen},
        &changed);
    return status == TD_OK && changed == 0 ? OFFICE_CONFLICT : status;
}

/* ---- beginning ------------------------------------------------------------------------------- */

/* "2024", or "2024-2025": two years that follow each other. */
static bool label_read(const char *label, int32_t *ret_year)
{
    size_t n = strlen(label);
    if ((n != 4 && n != 9) || strspn(label, "0123456789") != 4 || (n == 9 && label[4] != '-') ||
        (n == 9 && strspn(label + 5, "0123456789") != 4)) {
        return false;
    }
    int32_t first = 0, second = 0;
    for (int i = 0; i < 4; i++) {
        first = first * 10 + (label[i] - '0');
        second = n == 9 ? second * 10 + (label[5 + i] - '0') : 0;
    }
    *ret_year = first;
    return first >= TD_YEAR_MIN && first < TD_YEAR_MAX && (n == 4 || second == first + 1);
}

static int copy(struct db_tx *tx, struct changing *c, const struct bloc_year *from)
{
    int status = TD_OK;
    for (int32_t i = 0; status == TD_OK && i < from->member_count; i++) {
        status = q_member_put(tx,
                              &(struct member_put_in){.home_id = c->home_id,
                                                      .year_id = c->year_id,
                                                      .unit_id = from->members[i].unit_id,
                                                      .position = i},
                              NULL);
    }
    return status;
}

static int create_work(struct db_tx *tx, void *data)
{
    struct changing *c = data;
    struct bloc_row bloc = {0};
    bool found = false;
    struct bloc_year *from = NULL;
    const char *day = day_text(db_arena(tx), office_today(c->office));
    problems_begin(c->problems);
    if (day == NULL) {
        return TD_E_MEMORY;
    }
    int status = q_bloc_one(
        tx, &(struct bloc_one_in){.home_id = c->home_id, .bloc_id = c->bloc_id, .day = day}, &bloc,
        &found);
    if (status == TD_OK) {
        status = found ? scope_need(tx, c->actor, c->home_id, bloc.authority_id) : OFFICE_NOT_FOUND;
    }
    if (status == TD_OK && c->copy_from != NULL) {
        status = year_open(tx, c->office, c->actor, c->home_id, c->copy_from, &from);
    }
    if (status == TD_OK && from != NULL && strcmp(from->bloc_id, c->bloc_id) != 0) {
        refuse(c->problems, "copy_from", TD_WORDS("this is another bloc's year"),
               TD_WORDS("choose a year of this bloc"));
        status = refusal(c->problems);
    }
    if (status == TD_OK) {
        status = q_year_insert(
            tx,
            &(struct year_insert_in){.home_id = c->home_id,
                                     .year_id = c->year_id,
                                     .bloc_id = c->bloc_id,
                                     .label = c->label,
                                     .first_year = c->first_year,
                                     .regulation_id = from == NULL ? NULL : from->regulation_id},
            NULL);
    }
    if (status == TD_OK && from != NULL) {
        status = copy(tx, c, from);
    }
    return status == TD_OK ? record(tx, c, "year.create", c->bloc_id, c->copy_from, c->label)
                           : status;
}

int year_create(struct office *office, const struct actor *actor, struct td_arena *arena,
                const char *home_id, const char *bloc_id, const char *label, const char *copy_from,
                struct td_problems *problems, const char **ret_id)
{
    struct changing c = {.office = office,
                         .actor = actor,
                         .problems = problems,
                         .home_id = home_id,
                         .bloc_id = bloc_id,
                         .label = label,
                         .copy_from = copy_from};
    if (!label_read(label, &c.first_year)) {
        refuse(problems, "label", TD_WORDS("this is no emulation year"),
               TD_WORDS("write 2024, or 2024-2025 for a school year"));
    }
    int status = refusal(problems);
    if (status == TD_OK) {
        status = office_id(arena, &c.year_id);
    }
    if (status == TD_OK) {
        status = db_transact(office_db(office), DB_WRITE, arena, create_work, &c);
    }
    if (status == DB_E_UNIQUE) {
        refuse(problems, "label", TD_WORDS("the bloc has this year already"),
               TD_WORDS("open it, or write another year"));
        return refusal(problems);
    }
    if (status == TD_OK) {
        *ret_id = c.year_id;
    }
    return status;
}

/* ---- members --------------------------------------------------------------------------------- */

static bool among(const char *const *units, int32_t count, const char *unit_id)
{
    for (int32_t i = 0; i < count; i++) {
        if (strcmp(units[i], unit_id) == 0) {
            return true;
        }
    }
    return false;
}

static int drop_members(struct db_tx *tx, struct changing *c)
{
    int status = TD_OK;
    for (int32_t i = 0; status == TD_OK && i < c->year->member_count; i++) {
        const char *unit_id = c->year->members[i].unit_id;
        if (!among(c->units, c->unit_count, unit_id)) {
            status = q_member_delete(tx,
                                     &(struct member_delete_in){.home_id = c->home_id,
                                                                .year_id = c->year_id,
                                                                .unit_id = unit_id},
                                     NULL);
        }
    }
    return status;
}

static int members_work(struct db_tx *tx, void *data)
{
    struct changing *c = data;
    int status = open_kept(tx, c);
    if (status == TD_OK) {
        status = touch(tx, c, c->seen);
    }
    if (status == TD_OK) {
        status = drop_members(tx, c);
    }
    for (int32_t i = 0; status == TD_OK && i < c->unit_count; i++) {
        int64_t changed = 0;
        status = q_member_put(tx,
                              &(struct member_put_in){.home_id = c->home_id,
                                                      .year_id = c->year_id,
                                                      .unit_id = c->units[i],
                                                      .position = i},
                              &changed);
        if (status == TD_OK && changed == 0) {
            status = OFFICE_NOT_FOUND; /* no such unit in this home */
        }
        if (status == TD_OK && year_member_of(c->year, c->units[i]) == TD_NONE) {
            status = record(tx, c, "member.add", c->units[i], NULL, c->units[i]);
        }
    }
    for (int32_t i = 0; status == TD_OK && i < c->year->member_count; i++) {
        const char *unit_id = c->year->members[i].unit_id;
        if (!among(c->units, c->unit_count, unit_id)) {
            status = record(tx, c, "member.remove", unit_id, unit_id, NULL);
        }
    }
    return status;
}

int year_set_members(struct office *office, const struct actor *actor, struct td_arena *arena,
                     const char *home_id, const char *year_id, int64_t seen_version,
                     const char *const *unit_ids, int32_t count, struct td_problems *problems)
{
    struct changing c = {.office = office,
                         .actor = actor,
                         .home_id = home_id,
                         .year_id = year_id,
                         .seen = seen_version,
                         .units = unit_ids,
                         .unit_count = count};
    if (count > TD_MEMBERS_MAX) {
        refuse(problems, "members", TD_MESSAGE("at most {0} members", TD_COUNT(TD_MEMBERS_MAX)),
               TD_WORDS("choose fewer"));
        return refusal(problems);
    }
    int status = db_transact(office_db(office), DB_WRITE, arena, members_work, &c);
    if (status == DB_E_REFERENCE) {
        refuse(problems, "members",
               TD_WORDS("a unit that has a role, targets or sheets this year can't be taken out"),
               TD_WORDS("leave it in, or end its role first"));
        return refusal(problems);
    }
    return status;
}

/* ---- terms ----------------------------------------------------------------------------------- */

/* End the role's terms that run on the day or later, as far as they began before it. */
static int end_terms(struct db_tx *tx, const struct changing *c, struct td_date day)
{
    struct td_date before = {0};
    int status = td_date_add(day, -1, &before);
    if (status != TD_OK) {
        return status;
    }
    const char *since = day_text(db_arena(tx), day), *until = day_text(db_arena(tx), before);
    if (since == NULL || until == NULL) {
        return TD_E_MEMORY;
    }
    return q_term_end(tx,
                      &(struct term_end_in){.home_id = c->home_id,
                                            .year_id = c->year_id,
                                            .role = c->deputy ? "deputy" : "head",
                                            .since = since,
                                            .until = until},
                      NULL);
}

/* The first day of the role's term that follows the new one; not set: none does. */
static struct td_date next_term(const struct changing *c)
{
    struct td_date next = {0};
    for (int32_t i = 0; i < c->year->term_count; i++) {
        const struct year_term *t = &c->year->terms[i];
        if (t->deputy == c->deputy && td_date_compare(t->since, c->date) > 0 &&
            (!td_date_is_set(next) || td_date_compare(t->since, next) < 0)) {
            next = t->since;
        }
    }
    return next;
}

static int term_work(struct db_tx *tx, void *data)
{
    struct changing *c = data;
    int status = open_kept(tx, c);
    if (status == TD_OK && year_member_of(c->year, c->unit_id) == TD_NONE) {
        status = OFFICE_NOT_FOUND;
    }
    if (status == TD_OK) {
        status = end_terms(tx, c, c->date);
    }
    if (status != TD_OK) {
        return status;
    }
    const char *since = day_text(db_arena(tx), c->date);
    if (since == NULL) {
        return TD_E_MEMORY;
    }
    status = q_term_put(tx,
                        &(struct term_put_in){.home_id = c->home_id,
                                              .year_id = c->year_id,
                                              .role = c->deputy ? "deputy" : "head",
                                              .since = since,
                                              .unit_id = c->unit_id},
                        NULL);
    struct td_date next = next_term(c);
    if (status == TD_OK && td_date_is_set(next)) {
        status = end_terms(tx, c, next);
    }
    return status == TD_OK
               ? record(tx, c, c->deputy ? "term.deputy" : "term.head", c->unit_id, NULL, since)
               : status;
}

int year_set_term(struct office *office, const struct actor *actor, struct td_arena *arena,
                  const char *home_id, const char *year_id, bool deputy, const char *unit_id,
                  struct td_date since, struct td_problems *problems)
{
    struct changing c = {.office = office,
                         .actor = actor,
                         .home_id = home_id,
                         .year_id = year_id,
                         .deputy = deputy,
                         .unit_id = unit_id,
                         .date = since};
    if (unit_id == NULL || unit_id[0] == '\0') {
        refuse(problems, "unit", TD_WORDS("this is empty"), TD_WORDS("choose one"));
    }
    if (!td_date_is_set(since)) {
        refuse(problems, "since", TD_WORDS("this is no day"), TD_WORDS("write 20/03/2024"));
    }
    int status = refusal(problems);
    return status == TD_OK ? db_transact(office_db(office), DB_WRITE, arena, term_work, &c)
                           : status;
}

/* ---- rules ----------------------------------------------------------------------------------- */

/* Law 9: what was submitted under one text isn't scored by another. */
static int sheets_submitted(struct db_tx *tx, struct changing *c, bool *ret)
{
    struct sheet_of_year_row *rows = NULL;
    size_t count = 0;
    int status = q_sheet_of_year(tx,
                                 &(struct sheet_of_year_in){.home_id = c->home_id,
                                                            .year_id = c->year_id,
                                                            .first_unit = "",
                                                            .last_unit = OFFICE_ID_LAST},
                                 &rows, &count);
    *ret = false;
    for (size_t i = 0; status == TD_OK && i < count; i++) {
        *ret = *ret || strcmp(rows[i].state, "submitted") == 0;
    }
    return status;
}

static int check_rules(struct db_tx *tx, struct changing *c)
{
    struct regulation_row row = {0};
    bool found = false, submitted = false;
    bool fits = false;
    if (c->regulation_id == NULL) {
        return TD_OK;
    }
    int status = q_regulation_one(
        tx, &(struct regulation_one_in){.home_id = c->home_id, .regulation_id = c->regulation_id},
        &row, &found);
    if (status != TD_OK || !found) {
        return status != TD_OK ? status : OFFICE_NOT_FOUND;
    }
    status = rules_fit(tx, c->home_id, row.authority_id, c->year->authority_id, &fits);
    if (status == TD_OK && !fits) {
        status = OFFICE_NOT_FOUND;
    }
    bool other =
        c->year->regulation_id == NULL || strcmp(c->year->regulation_id, c->regulation_id) != 0;
    if (status == TD_OK && other) {
        status = sheets_submitted(tx, c, &submitted);
    }
    if (status == TD_OK && submitted) {
        refuse(c->problems, "regulation",
               TD_WORDS("sheets were submitted under another regulation"),
               TD_WORDS("keep the regulation of this year"));
        return refusal(c->problems);
    }
    return status;
}

static int rules_work(struct db_tx *tx, void *data)
{
    struct changing *c = data;
    int64_t changed = 0;
    problems_begin(c->problems);
    int status = open_kept(tx, c);
    if (status == TD_OK) {
        status = check_rules(tx, c);
    }
    if (status == TD_OK) {
        status = q_year_update_rules(
            tx,
            &(struct year_update_rules_in){.home_id = c->home_id,
                                           .year_id = c->year_id,
                                           .regulation_id = c->regulation_id,
                                           .as_of = day_text(db_arena(tx), c->date),
                                           .version = c->seen},
            &changed);
    }
    if (status != TD_OK || changed == 0) {
        return status != TD_OK ? status : OFFICE_CONFLICT;
    }
    return record(tx, c, "year.rules", c->year_id, c->year->regulation_id, c->regulation_id);
}

int year_set_rules(struct office *office, const struct actor *actor, struct td_arena *arena,
                   const char *home_id, const char *year_id, int64_t seen_version,
                   const char *regulation_id, struct td_date as_of, struct td_problems *problems)
{
    struct changing c = {.office = office,
                         .actor = actor,
                         .problems = problems,
                         .home_id = home_id,
                         .year_id = year_id,
                         .seen = seen_version,
                         .regulation_id = regulation_id,
                         .date = as_of};
    return db_transact(office_db(office), DB_WRITE, arena, rules_work, &c);
}

/* ---- release --------------------------------------------------------------------------------- */

static int release_work(struct db_tx *tx, void *data)
{
    struct changing *c = data;
    int64_t changed = 0;
    int status = year_open(tx, c->office, c->actor, c->home_id, c->year_id, &c->year);
    if (status != TD_OK) {
        return status;
    }
    bool head = c->year->head != TD_NONE && c->year->members[c->year->head].leads;
    if (!head && !c->year->keeps) {
        return OFFICE_FORBIDDEN;
    }
    status = q_year_release(tx,
                            &(struct year_release_in){.home_id = c->home_id,
                                                      .year_id = c->year_id,
                                                      .released = office_now(c->office).ms},
                            &changed);
    /* Released before: asked twice is done once. */
    return status == TD_OK && changed > 0 ? record(tx, c, "year.release", c->year_id, NULL, NULL)
                                          : status;
}

int year_release(struct office *office, const struct actor *actor, struct td_arena *arena,
                 const char *home_id, const char *year_id)
{
    struct changing c = {.office = office, .actor = actor, .home_id = home_id, .year_id = year_id};
    return db_transact(office_db(office), DB_WRITE, arena, release_work, &c);
}
