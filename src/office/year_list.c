/*
 * The years that an actor has to do with.
 */
#include "base/alphabet.h"
#include "office/scope.h"
#include "office/year.h"

#include <stdlib.h>
#include <string.h>

#include "base/banned.h"

struct listing {
    struct office *office;
    const struct actor *actor;
    const char *home_id, *bloc_id; /* of a bloc's years only */
    size_t limit;
    struct year_brief *rows;
    size_t count;
};

static struct year_brief of_row(const struct year_brief_row *row, bool keeps)
{
    return (struct year_brief){.home_id = row->home_id,
                               .year_id = row->year_id,
                               .label = row->label,
                               .bloc_id = row->bloc_id,
                               .bloc_name = row->bloc_name,
                               .territorial = strcmp(row->kind, "territorial") == 0,
                               .keeps = keeps};
}

static bool has_year(const struct listing *l, const char *home_id, const char *year_id)
{
    for (size_t i = 0; i < l->count; i++) {
        if (strcmp(l->rows[i].year_id, year_id) == 0 && strcmp(l->rows[i].home_id, home_id) == 0) {
            return true;
        }
    }
    return false;
}

static void add(struct listing *l, struct year_brief brief)
{
    if (l->count < l->limit && !has_year(l, brief.home_id, brief.year_id)) {
        l->rows[l->count++] = brief;
    }
}

static int list_unit(struct db_tx *tx, struct listing *l, const struct actor_role *role)
{
    struct year_brief_row *rows = NULL;
    size_t count = 0;
    int status = q_year_of_unit(tx,
                                &(struct year_of_unit_in){.home_id = role->home_id,
                                                          .unit_id = role->scope_id,
                                                          .most = (int64_t)l->limit},
                                &rows, &count);
    for (size_t i = 0; status == TD_OK && i < count; i++) {
        add(l, of_row(&rows[i], false));
    }
    return status;
}

static int list_authority(struct db_tx *tx, struct listing *l, const char *home_id,
                          const char *authority_id, bool keeps)
{
    struct year_brief_row *rows = NULL;
    size_t count = 0;
    const char *day = day_text(db_arena(tx), office_today(l->office));
    if (day == NULL) {
        return TD_E_MEMORY;
    }
    int status = q_year_of_authority(tx,
                                     &(struct year_of_authority_in){.home_id = home_id,
                                                                    .authority_id = authority_id,
                                                                    .day = day,
                                                                    .most = (int64_t)l->limit},
                                     &rows, &count);
    for (size_t i = 0; status == TD_OK && i < count; i++) {
        add(l, of_row(&rows[i], keeps));
    }
    return status;
}

/* An officer's or observer's authority and all below it. */
static int list_below(struct db_tx *tx, struct listing *l, const struct actor_role *role)
{
    struct authority_row *rows = NULL;
    size_t count = 0;
    int status = q_authority_of_home(tx, &(struct authority_of_home_in){.home_id = role->home_id},
                                     &rows, &count);
    for (size_t i = 0; status == TD_OK && i < count && l->count < l->limit; i++) {
        struct scope scope =
            scope_among(l->actor, role->home_id, rows[i].authority_id, rows, count);
        if (scope.keeps || scope.observes) {
            status = list_authority(tx, l, role->home_id, rows[i].authority_id, scope.keeps);
        }
    }
    return status;
}

/* The latest first; within a year by the bloc's name. */
static int by_label(const void *a, const void *b)
{
    const struct year_brief *x = a, *y = b;
    int order = strcmp(y->label, x->label);
    return order != 0 ? order : alphabet_compare(x->bloc_name, y->bloc_name);
}

static int list_work(struct db_tx *tx, void *data)
{
    struct listing *l = data;
    int status = TD_OK;
    l->count = 0;
    l->rows = td_arena_alloc(db_arena(tx), l->limit, sizeof *l->rows);
    if (l->rows == NULL) {
        return TD_E_MEMORY;
    }
    /* Who keeps a year comes first, so that it is listed as kept. */
    for (int32_t i = 0; i < l->actor->role_count && status == TD_OK; i++) {
        const struct actor_role *role = &l->actor->roles[i];
        if (role->role == OFFICE_OFFICER || role->role == OFFICE_OBSERVER) {
            status = list_below(tx, l, role);
        }
    }
    for (int32_t i = 0; i < l->actor->role_count && status == TD_OK; i++) {
        const struct actor_role *role = &l->actor->roles[i];
        if (role->role == OFFICE_LEADER || role->role == OFFICE_UNIT_OFFICER) {
            status = list_unit(tx, l, role);
        }
    }
    qsort(l->rows, l->count, sizeof *l->rows, by_label);
    return status;
}

int year_list(struct office *office, const struct actor *actor, struct td_arena *arena,
              size_t limit, struct year_brief **ret, size_t *ret_count)
{
    struct listing l = {.office = office, .actor = actor, .limit = limit};
    int status = db_transact(office_db(office), DB_READ, arena, list_work, &l);
    if (status == TD_OK) {
        *ret = l.rows;
        *ret_count = l.count;
    }
    return status;
}

static int bloc_work(struct db_tx *tx, void *data)
{
    struct listing *l = data;
    struct bloc_row bloc = {0};
    struct year_brief_row *rows = NULL;
    size_t count = 0;
    bool found = false;
    const char *day = day_text(db_arena(tx), office_today(l->office));
    if (day == NULL) {
        return TD_E_MEMORY;
    }
    int status = q_bloc_one(
        tx, &(struct bloc_one_in){.home_id = l->home_id, .bloc_id = l->bloc_id, .day = day}, &bloc,
        &found);
    if (status == TD_OK) {
        status = found ? scope_need(tx, l->actor, l->home_id, bloc.authority_id) : OFFICE_NOT_FOUND;
    }
    if (status == TD_OK) {
        status = q_year_of_bloc(
            tx, &(struct year_of_bloc_in){.home_id = l->home_id, .bloc_id = l->bloc_id}, &rows,
            &count);
    }
    if (status != TD_OK) {
        return status;
    }
    l->count = 0;
    l->limit = count;
    l->rows = td_arena_alloc(db_arena(tx), count, sizeof *l->rows);
    if (l->rows == NULL) {
        return TD_E_MEMORY;
    }
    for (size_t i = 0; i < count; i++) {
        add(l, of_row(&rows[i], true));
    }
    return TD_OK;
}

int year_list_of_bloc(struct office *office, const struct actor *actor, struct td_arena *arena,
                      const char *home_id, const char *bloc_id, struct year_brief **ret,
                      size_t *ret_count)
{
    struct listing l = {.office = office, .actor = actor, .home_id = home_id, .bloc_id = bloc_id};
    int status = db_transact(office_db(office), DB_READ, arena, bloc_work, &l);
    if (status == TD_OK) {
        *ret = l.rows;
        *ret_count = l.count;
    }
    return status;
}
