/*
 * Authorities (ORG-1).
 */
#include "office/authority.h"

#include "base/alphabet.h"
#include "office/office_private.h"
#include "office/scope.h"

#include <stdlib.h>
#include <string.h>

#include "base/banned.h"

/* ---- reading --------------------------------------------------------------------------------- */

struct listing {
    const struct actor *actor;
    struct authority *rows;
    size_t count, room;
};

static struct authority of_row(const struct authority_row *row)
{
    return (struct authority){
        .home_id = row->home_id,
        .authority_id = row->authority_id,
        .parent_id = row->parent_id,
        .parent_name = row->parent_name,
        .name = row->name,
        .council = row->council,
        .standing_office = row->standing_office,
        .version = row->version,
    };
}

static bool has_home(const struct listing *l, const char *home_id)
{
    for (size_t i = 0; i < l->count; i++) {
        if (strcmp(l->rows[i].home_id, home_id) == 0) {
            return true;
        }
    }
    return false;
}

static int list_home(struct db_tx *tx, struct listing *l, const char *home_id)
{
    struct authority_row *rows = NULL;
    size_t count = 0;
    int status =
        q_authority_of_home(tx, &(struct authority_of_home_in){.home_id = home_id}, &rows, &count);
    if (status != TD_OK) {
        return status;
    }
    struct authority *all = td_arena_alloc(db_arena(tx), l->count + count, sizeof *all);
    if (all == NULL) {
        return TD_E_MEMORY;
    }
    if (l->count > 0) {
        memcpy(all, l->rows, l->count * sizeof *all);
    }
    l->rows = all;
    for (size_t i = 0; i < count; i++) {
        if (scope_among(l->actor, home_id, rows[i].authority_id, rows, count).keeps) {
            l->rows[l->count++] = of_row(&rows[i]);
        }
    }
    return TD_OK;
}

static int list_all(struct db_tx *tx, struct listing *l)
{
    struct authority_row *rows = NULL;
    int status = q_authority_all(tx, &rows, &l->count);
    if (status != TD_OK) {
        return status;
    }
    l->rows = td_arena_alloc(db_arena(tx), l->count, sizeof *l->rows);
    if (l->rows == NULL) {
        return TD_E_MEMORY;
    }
    for (size_t i = 0; i < l->count; i++) {
        l->rows[i] = of_row(&rows[i]);
    }
    return TD_OK;
}

/* As people look for them; the database's own order of names is another with each engine. */
static int by_name(const void *a, const void *b)
{
    const struct authority *x = a, *y = b;
    int order = alphabet_compare(x->name, y->name);
    return order != 0 ? order : strcmp(x->authority_id, y->authority_id);
}

static int list_work(struct db_tx *tx, void *data)
{
    struct listing *l = data;
    l->rows = NULL;
    l->count = 0;
    bool all = l->actor->administrator || l->actor->program;
    int status = all ? list_all(tx, l) : TD_OK;
    for (int32_t i = 0; !all && i < l->actor->role_count && status == TD_OK; i++) {
        const struct actor_role *role = &l->actor->roles[i];
        if (role->role == OFFICE_OFFICER && !has_home(l, role->home_id)) {
            status = list_home(tx, l, role->home_id);
        }
    }
    if (status == TD_OK && l->count > 1) {
        qsort(l->rows, l->count, sizeof *l->rows, by_name);
    }
    return status;
}

int authority_list(struct office *office, const struct actor *actor, struct td_arena *arena,
                   struct authority **ret, size_t *ret_count)
{
    struct listing l = {.actor = actor};
    int status = db_transact(office_db(office), DB_READ, arena, list_work, &l);
    if (status == TD_OK) {
        *ret = l.rows;
        *ret_count = l.count;
    }
    return status;
}

struct one {
    const struct actor *actor;
    const char *home_id, *authority_id;
    struct authority authority;
};

static int get_work(struct db_tx *tx, void *data)
{
    struct one *one = data;
    struct authority_row row = {0};
    bool found = false;
    int status = one->actor->administrator
                     ? TD_OK
                     : scope_need(tx, one->actor, one->home_id, one->authority_id);
    if (status == TD_OK) {
        status = q_authority_one(
            tx,
            &(struct authority_one_in){.home_id = one->home_id, .authority_id = one->authority_id},
            &row, &found);
    }
    if (status != TD_OK) {
        return status;
    }
    if (!found) {
        return OFFICE_NOT_FOUND;
    }
    one->authority = of_row(&row);
    return TD_OK;
}

int authority_get(struct office *office, const struct actor *actor, struct td_arena *arena,
                  const char *home_id, const char *authority_id, struct authority *ret)
{
    struct one one = {.actor = actor, .home_id = home_id, .authority_id = authority_id};
    int status = db_transact(office_db(office), DB_READ, arena, get_work, &one);
    if (status == TD_OK) {
        *ret = one.authority;
    }
    return status;
}

/* ---- writing --------------------------------------------------------------------------------- */

struct saving {
    struct office *office;
    const struct actor *actor;
    const struct authority *authority;
    struct td_problems *problems;
    const char *home_id, *authority_id; /* of the one that is new, or the one that is changed */
};

static bool is_other(const struct saving *s, const char *authority_id, const char *name)
{
    return strcmp(authority_id, s->authority_id) != 0 && strcmp(name, s->authority->name) == 0;
}

/* No two beside each other have one name: nobody could tell them apart, and a form that was sent
 * twice would make two. */
static int check_name(struct db_tx *tx, struct saving *s, const char *parent_id)
{
    const struct authority_of_home_in home = {.home_id = s->home_id};
    struct authority_row *rows = NULL;
    size_t count = 0;
    bool taken = false;
    int status = parent_id == NULL ? q_authority_all(tx, &rows, &count)
                                   : q_authority_of_home(tx, &home, &rows, &count);
    for (size_t i = 0; status == TD_OK && i < count; i++) {
        const char *parent = rows[i].parent_id;
        bool beside =
            parent_id == NULL ? parent == NULL : parent != NULL && strcmp(parent, parent_id) == 0;
        taken = taken || (beside && is_other(s, rows[i].authority_id, rows[i].name));
    }
    if (taken) {
        refuse(s->problems, "name", TD_WORDS("there is one of this name already"),
               TD_WORDS("open it, or choose another name"));
    }
    return status == TD_OK ? refusal(s->problems) : status;
}

static int create(struct db_tx *tx, struct saving *s)
{
    const struct authority *a = s->authority;
    int status = TD_OK;
    if (a->parent_id == NULL) {
        if (!s->actor->administrator && !s->actor->program) {
            return OFFICE_FORBIDDEN;
        }
        status = q_home_insert(
            tx,
            &(struct home_insert_in){.home_id = s->home_id, .created = office_now(s->office).ms},
            NULL);
    } else {
        status = scope_need(tx, s->actor, a->home_id, a->parent_id);
    }
    if (status == TD_OK) {
        status = check_name(tx, s, a->parent_id);
    }
    if (status != TD_OK) {
        return status;
    }
    status = q_authority_insert(tx,
                                &(struct authority_insert_in){
                                    .home_id = s->home_id,
                                    .authority_id = s->authority_id,
                                    .parent_id = a->parent_id,
                                    .name = a->name,
                                    .council = a->council,
                                    .standing_office = a->standing_office,
                                },
                                NULL);
    if (status != TD_OK) {
        return status;
    }
    return audit_write(tx, s->office, s->actor,
                       &(struct audit_change){.home_id = s->home_id,
                                              .chain = AUDIT_HOME,
                                              .for_id = a->parent_id,
                                              .verb = "authority.create",
                                              .object = s->authority_id,
                                              .new = a->name});
}

static int change(struct db_tx *tx, struct saving *s)
{
    const struct authority *a = s->authority;
    struct authority_row old = {0};
    bool found = false;
    int64_t changed = 0;
    int status = scope_need(tx, s->actor, a->home_id, a->authority_id);
    if (status == TD_OK) {
        status = q_authority_one(
            tx, &(struct authority_one_in){.home_id = a->home_id, .authority_id = a->authority_id},
            &old, &found);
    }
    if (status != TD_OK || !found) {
        return status != TD_OK ? status : OFFICE_NOT_FOUND;
    }
    /* Other homes' names are for who keeps them all to know. */
    bool looks = old.parent_id != NULL || account_may_manage(s->actor);
    status = !looks || strcmp(old.name, a->name) == 0 ? TD_OK : check_name(tx, s, old.parent_id);
    if (status != TD_OK) {
        return status;
    }
    status = q_authority_update(tx,
                                &(struct authority_update_in){
                                    .home_id = a->home_id,
                                    .authority_id = a->authority_id,
                                    .name = a->name,
                                    .council = a->council,
                                    .standing_office = a->standing_office,
                                    .version = a->version,
                                },
                                &changed);
    if (status != TD_OK || changed == 0) {
        return status != TD_OK ? status : OFFICE_CONFLICT;
    }
    return audit_write(tx, s->office, s->actor,
                       &(struct audit_change){.home_id = a->home_id,
                                              .chain = AUDIT_HOME,
                                              .for_id = a->authority_id,
                                              .verb = "authority.change",
                                              .object = a->authority_id,
                                              .old = old.name,
                                              .new = a->name});
}

static int save_work(struct db_tx *tx, void *data)
{
    struct saving *s = data;
    problems_begin(s->problems);
    return s->authority->authority_id == NULL ? create(tx, s) : change(tx, s);
}

int authority_save(struct office *office, const struct actor *actor, struct td_arena *arena,
                   const struct authority *authority, struct td_problems *problems,
                   const char **ret_home, const char **ret_id)
{
    struct saving s = {.office = office,
                       .actor = actor,
                       .authority = authority,
                       .problems = problems,
                       .home_id = authority->home_id,
                       .authority_id = authority->authority_id};
    name_check(problems, "name", authority->name, OFFICE_NAME_MAX);
    name_check(problems, "council", authority->council, OFFICE_NAME_MAX);
    name_check(problems, "standing_office", authority->standing_office, OFFICE_NAME_MAX);
    int status = refusal(problems);
    if (status == TD_OK && authority->authority_id == NULL) {
        status = office_id(arena, &s.authority_id);
        if (status == TD_OK && authority->parent_id == NULL) {
            status = office_home_id(arena, &s.home_id);
        }
    }
    if (status == TD_OK) {
        status = db_transact(office_db(office), DB_WRITE, arena, save_work, &s);
    }
    if (status == TD_OK) {
        *ret_home = s.home_id;
        *ret_id = s.authority_id;
    }
    return status;
}
