/*
 * Clusters and blocs (ORG-2), and which authority answers for one since when (ORG-1).
 */
#include "base/alphabet.h"
#include "office/authority.h"
#include "office/scope.h"

#include <stdlib.h>
#include <string.h>

#include "base/banned.h"

static struct bloc of_row(const struct bloc_row *row)
{
    return (struct bloc){.home_id = row->home_id,
                         .bloc_id = row->bloc_id,
                         .name = row->name,
                         .territorial = strcmp(row->kind, "territorial") == 0,
                         .authority_id = row->authority_id,
                         .authority_name = row->authority_name,
                         .since = day_of(row->since),
                         .version = row->version};
}

struct listing {
    const struct office *office;
    const struct actor *actor;
    const char *home_id, *authority_id;
    struct bloc *rows;
    size_t count;
};

/* As people look for them; the database's own order of names is another with each engine. */
static int by_name(const void *a, const void *b)
{
    const struct bloc *x = a, *y = b;
    int order = alphabet_compare(x->name, y->name);
    return order != 0 ? order : strcmp(x->bloc_id, y->bloc_id);
}

static int list_work(struct db_tx *tx, void *data)
{
    struct listing *l = data;
    struct bloc_row *rows = NULL;
    int status = scope_need(tx, l->actor, l->home_id, l->authority_id);
    if (status == TD_OK) {
        status = q_bloc_of_authority(
            tx,
            &(struct bloc_of_authority_in){.home_id = l->home_id,
                                           .authority_id = l->authority_id,
                                           .day = day_text(db_arena(tx), office_today(l->office))},
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

int bloc_list(struct office *office, const struct actor *actor, struct td_arena *arena,
              const char *home_id, const char *authority_id, struct bloc **ret, size_t *ret_count)
{
    struct listing l = {
        .office = office, .actor = actor, .home_id = home_id, .authority_id = authority_id};
    int status = db_transact(office_db(office), DB_READ, arena, list_work, &l);
    if (status == TD_OK) {
        *ret = l.rows;
        *ret_count = l.count;
    }
    return status;
}

/* The bloc, when the actor keeps it. */
static int find(struct db_tx *tx, const struct office *office, const struct actor *actor,
                const char *home_id, const char *bloc_id, struct bloc *ret)
{
    struct bloc_row row = {0};
    bool found = false;
    int status =
        q_bloc_one(tx,
                   &(struct bloc_one_in){.home_id = home_id,
                                         .bloc_id = bloc_id,
                                         .day = day_text(db_arena(tx), office_today(office))},
                   &row, &found);
    if (status != TD_OK || !found) {
        return status != TD_OK ? status : OFFICE_NOT_FOUND;
    }
    *ret = of_row(&row);
    return scope_need(tx, actor, home_id, row.authority_id);
}

struct one {
    const struct office *office;
    const struct actor *actor;
    const char *home_id, *bloc_id;
    struct bloc bloc;
};

static int get_work(struct db_tx *tx, void *data)
{
    struct one *one = data;
    return find(tx, one->office, one->actor, one->home_id, one->bloc_id, &one->bloc);
}

int bloc_get(struct office *office, const struct actor *actor, struct td_arena *arena,
             const char *home_id, const char *bloc_id, struct bloc *ret)
{
    struct one one = {.office = office, .actor = actor, .home_id = home_id, .bloc_id = bloc_id};
    int status = db_transact(office_db(office), DB_READ, arena, get_work, &one);
    if (status == TD_OK) {
        *ret = one.bloc;
    }
    return status;
}

struct saving {
    struct office *office;
    const struct actor *actor;
    const struct bloc *bloc;
    struct td_problems *problems;
    const char *bloc_id;
};

static const char *kind_of(const struct bloc *bloc)
{
    return bloc->territorial ? "territorial" : "sectoral";
}

static int put_authority(struct db_tx *tx, struct saving *s)
{
    const struct bloc *b = s->bloc;
    struct td_date since = td_date_is_set(b->since) ? b->since : office_today(s->office);
    const char *day = day_text(db_arena(tx), since);
    if (day == NULL) {
        return TD_E_MEMORY;
    }
    return q_bloc_authority_put(tx,
                                &(struct bloc_authority_put_in){.home_id = b->home_id,
                                                                .bloc_id = s->bloc_id,
                                                                .since = day,
                                                                .authority_id = b->authority_id},
                                NULL);
}

static int record(struct db_tx *tx, struct saving *s, const char *verb, const char *old,
                  const char *new)
{
    return audit_write(tx, s->office, s->actor,
                       &(struct audit_change){.home_id = s->bloc->home_id,
                                              .chain = AUDIT_HOME,
                                              .for_id = s->bloc->authority_id,
                                              .verb = verb,
                                              .object = s->bloc_id,
                                              .old = old,
                                              .new = new});
}

/* No two of an authority have one name: nobody could tell them apart, and a form that was sent
 * twice would make two. */
static int check_name(struct db_tx *tx, struct saving *s)
{
    const struct bloc *b = s->bloc;
    struct bloc_row *rows = NULL;
    size_t count = 0;
    const char *day = day_text(db_arena(tx), office_today(s->office));
    int status = day == NULL
                     ? TD_E_MEMORY
                     : q_bloc_of_authority(
                           tx,
                           &(struct bloc_of_authority_in){
                               .home_id = b->home_id, .authority_id = b->authority_id, .day = day},
                           &rows, &count);
    for (size_t i = 0; status == TD_OK && i < count; i++) {
        if (strcmp(rows[i].bloc_id, s->bloc_id) != 0 && strcmp(rows[i].name, b->name) == 0) {
            refuse(s->problems, "name", TD_WORDS("there is one of this name already"),
                   TD_WORDS("open it, or choose another name"));
            return refusal(s->problems);
        }
    }
    return status;
}

static int create(struct db_tx *tx, struct saving *s)
{
    const struct bloc *b = s->bloc;
    int status = scope_need(tx, s->actor, b->home_id, b->authority_id);
    if (status == TD_OK) {
        status = check_name(tx, s);
    }
    if (status == TD_OK) {
        status = q_bloc_insert(
            tx,
            &(struct bloc_insert_in){
                .home_id = b->home_id, .bloc_id = s->bloc_id, .kind = kind_of(b), .name = b->name},
            NULL);
    }
    if (status == TD_OK) {
        status = put_authority(tx, s);
    }
    return status == TD_OK ? record(tx, s, "bloc.create", NULL, b->name) : status;
}

static int change(struct db_tx *tx, struct saving *s)
{
    const struct bloc *b = s->bloc;
    struct bloc old = {0};
    int64_t changed = 0;
    int status = find(tx, s->office, s->actor, b->home_id, b->bloc_id, &old);
    if (status == TD_OK && strcmp(old.name, b->name) != 0) {
        status = check_name(tx, s);
    }
    if (status == TD_OK) {
        status = q_bloc_update(tx,
                               &(struct bloc_update_in){.home_id = b->home_id,
                                                        .bloc_id = b->bloc_id,
                                                        .kind = kind_of(b),
                                                        .name = b->name,
                                                        .version = b->version},
                               &changed);
    }
    if (status != TD_OK || changed == 0) {
        return status != TD_OK ? status : OFFICE_CONFLICT;
    }
    status = record(tx, s, "bloc.change", old.name, b->name);
    if (status == TD_OK && strcmp(old.authority_id, b->authority_id) != 0) {
        if (td_date_is_set(b->since) && td_date_compare(b->since, old.since) < 0) {
            refuse(s->problems, "since",
                   TD_MESSAGE("another authority answers for it since {0}", TD_DATE(old.since)),
                   TD_WORDS("write that day or a later one"));
            return refusal(s->problems);
        }
        status = scope_need(tx, s->actor, b->home_id, b->authority_id);
        if (status == TD_OK) {
            status = put_authority(tx, s);
        }
        if (status == TD_OK) {
            status = record(tx, s, "bloc.delegate", old.authority_id, b->authority_id);
        }
    }
    return status;
}

static int save_work(struct db_tx *tx, void *data)
{
    struct saving *s = data;
    problems_begin(s->problems);
    return s->bloc->bloc_id == NULL ? create(tx, s) : change(tx, s);
}

int bloc_save(struct office *office, const struct actor *actor, struct td_arena *arena,
              const struct bloc *bloc, struct td_problems *problems, const char **ret_id)
{
    struct saving s = {.office = office,
                       .actor = actor,
                       .bloc = bloc,
                       .problems = problems,
                       .bloc_id = bloc->bloc_id};
    name_check(problems, "name", bloc->name, OFFICE_NAME_MAX);
    if (bloc->authority_id == NULL || bloc->authority_id[0] == '\0') {
        refuse(problems, "authority", TD_WORDS("this is empty"), TD_WORDS("choose one"));
    }
    if (td_date_compare(bloc->since, office_today(office)) > 0) {
        refuse(problems, "since", TD_WORDS("the day lies in the future"),
               TD_WORDS("write today or a day before"));
    }
    int status = refusal(problems);
    if (status == TD_OK && bloc->bloc_id == NULL) {
        status = office_id(arena, &s.bloc_id);
    }
    if (status == TD_OK) {
        status = db_transact(office_db(office), DB_WRITE, arena, save_work, &s);
    }
    if (status == TD_OK) {
        *ret_id = s.bloc_id;
    }
    return status;
}
