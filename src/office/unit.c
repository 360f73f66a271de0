/*
 * Units (ORG-2): the bodies that compete, whatever bloc they are in.
 */
#include "base/alphabet.h"
#include "office/authority.h"
#include "office/scope.h"

#include <stdlib.h>
#include <string.h>

#include "base/banned.h"

static struct unit of_row(const struct unit_row *row)
{
    return (struct unit){.home_id = row->home_id,
                         .unit_id = row->unit_id,
                         .authority_id = row->authority_id,
                         .authority_name = row->authority_name,
                         .code = row->code,
                         .name = row->name,
                         .version = row->version};
}

struct listing {
    const struct actor *actor;
    const char *home_id, *authority_id;
    struct unit *rows;
    size_t count;
};

/* As people look for them; the database's own order of names is another with each engine. */
static int by_name(const void *a, const void *b)
{
    const struct unit *x = a, *y = b;
    int order = alphabet_compare(x->name, y->name);
    return order != 0 ? order : strcmp(x->unit_id, y->unit_id);
}

static int list_work(struct db_tx *tx, void *data)
{
    struct listing *l = data;
    struct unit_row *rows = NULL;
    int status = scope_need(tx, l->actor, l->home_id, l->authority_id);
    if (status == TD_OK) {
        status = q_unit_of_authority(
            tx,
            &(struct unit_of_authority_in){.home_id = l->home_id, .authority_id = l->authority_id},
            &rows, &l->count);
    }
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
    qsort(l->rows, l->count, sizeof *l->rows, by_name);
    return TD_OK;
}

int unit_list(struct office *office, const struct actor *actor, struct td_arena *arena,
              const char *home_id, const char *authority_id, struct unit **ret, size_t *ret_count)
{
    struct listing l = {.actor = actor, .home_id = home_id, .authority_id = authority_id};
    int status = db_transact(office_db(office), DB_READ, arena, list_work, &l);
    if (status == TD_OK) {
        *ret = l.rows;
        *ret_count = l.count;
    }
    return status;
}

/* The unit, when the actor keeps it. */
static int find(struct db_tx *tx, const struct actor *actor, const char *home_id,
                const char *unit_id, struct unit *ret)
{
    struct unit_row row = {0};
    bool found = false;
    int status =
        q_unit_one(tx, &(struct unit_one_in){.home_id = home_id, .unit_id = unit_id}, &row, &found);
    if (status != TD_OK || !found) {
        return status != TD_OK ? status : OFFICE_NOT_FOUND;
    }
    *ret = of_row(&row);
    return scope_need(tx, actor, home_id, row.authority_id);
}

struct one {
    const struct actor *actor;
    const char *home_id, *unit_id;
    struct unit unit;
};

static int get_work(struct db_tx *tx, void *data)
{
    struct one *one = data;
    return find(tx, one->actor, one->home_id, one->unit_id, &one->unit);
}

int unit_get(struct office *office, const struct actor *actor, struct td_arena *arena,
             const char *home_id, const char *unit_id, struct unit *ret)
{
    struct one one = {.actor = actor, .home_id = home_id, .unit_id = unit_id};
    int status = db_transact(office_db(office), DB_READ, arena, get_work, &one);
    if (status == TD_OK) {
        *ret = one.unit;
    }
    return status;
}

struct saving {
    struct office *office;
    const struct actor *actor;
    const struct unit *unit;
    const char *unit_id;
};

static int create(struct db_tx *tx, struct saving *s)
{
    const struct unit *u = s->unit;
    int status = scope_need(tx, s->actor, u->home_id, u->authority_id);
    if (status == TD_OK) {
        status = q_unit_insert(tx,
                               &(struct unit_insert_in){.home_id = u->home_id,
                                                        .unit_id = s->unit_id,
                                                        .authority_id = u->authority_id,
                                                        .code = u->code,
                                                        .name = u->name},
                               NULL);
    }
    if (status != TD_OK) {
        return status;
    }
    return audit_write(tx, s->office, s->actor,
                       &(struct audit_change){.home_id = u->home_id,
                                              .chain = AUDIT_HOME,
                                              .for_id = u->authority_id,
                                              .verb = "unit.create",
                                              .object = s->unit_id,
                                              .new = u->name});
}

static int change(struct db_tx *tx, struct saving *s)
{
    const struct unit *u = s->unit;
    struct unit old = {0};
    int64_t changed = 0;
    int status = find(tx, s->actor, u->home_id, u->unit_id, &old);
    if (status == TD_OK) {
        status = q_unit_update(tx,
                               &(struct unit_update_in){.home_id = u->home_id,
                                                        .unit_id = u->unit_id,
                                                        .code = u->code,
                                                        .name = u->name,
                                                        .version = u->version},
                               &changed);
    }
    if (status != TD_OK || changed == 0) {
        return status != TD_OK ? status : OFFICE_CONFLICT;
    }
    return audit_write(tx, s->office, s->actor,
                       &(struct audit_change){.home_id = u->home_id,
                                              .chain = AUDIT_HOME,
                                              .for_id = old.authority_id,
                                              .verb = "unit.change",
                                              .object = u->unit_id,
                                              .old = old.name,
                                              .new = u->name});
}

static int save_work(struct db_tx *tx, void *data)
{
    struct saving *s = data;
    return s->unit->unit_id == NULL ? create(tx, s) : change(tx, s);
}

int unit_save(struct office *office, const struct actor *actor, struct td_arena *arena,
              const struct unit *unit, struct td_problems *problems, const char **ret_id)
{
    struct saving s = {.office = office, .actor = actor, .unit = unit, .unit_id = unit->unit_id};
    code_check(problems, "code", unit->code);
    name_check(problems, "name", unit->name, OFFICE_NAME_MAX);
    int status = refusal(problems);
    if (status == TD_OK && unit->unit_id == NULL) {
        status = office_id(arena, &s.unit_id);
    }
    if (status == TD_OK) {
        status = db_transact(office_db(office), DB_WRITE, arena, save_work, &s);
    }
    if (status == DB_E_UNIQUE) {
        refuse(problems, "code", TD_WORDS("another unit has this short name"),
               TD_WORDS("choose another"));
        return refusal(problems);
    }
    if (status == TD_OK) {
        *ret_id = s.unit_id;
    }
    return status;
}
