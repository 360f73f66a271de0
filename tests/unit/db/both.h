/*
 * What the tests of the database share: a fresh, migrated database of either engine, and use cases
 * in one line.
 */
#ifndef TESTS_UNIT_DB_BOTH_H
#define TESTS_UNIT_DB_BOTH_H

#include "db/db.h"
#include "db/statement.h"

#include "place.h"
#include "test_queries.h"

#define HOME "home"
#define ARENA ((size_t)32 * 1024 * 1024)

struct fixture {
    struct place place;
    struct db_options options;
    struct db *db;
    struct td_arena *arena;
};

static inline void fixture_open(struct fixture *f)
{
    struct db_detail detail;
    int status = db_open(f->place.url, &f->options, &f->db, &detail);

    if (status != TD_OK) {
        fail_msg("db_open: %d %s", status, detail.text);
    }
    if (f->db == NULL) {
        abort();
    }
}

static inline void fixture_init(struct fixture *f, enum db_engine engine)
{
    struct db_detail detail;
    int applied = 0;

    *f = (struct fixture){.options = DB_OPTIONS};
    f->arena = td_arena_new(ARENA);
    assert_non_null(f->arena);
    place_init(&f->place, engine);
    fixture_open(f);
    if (db_migrate(f->db, &applied, &detail) != TD_OK) {
        fail_msg("db_migrate: %s", detail.text);
    }
    assert_int_equal(applied, db_migration_count - 1);
    (void)db_fail_statement(f->db, 0, TD_OK);
}

static inline void fixture_close(struct fixture *f)
{
    db_close(f->db);
    f->db = NULL;
}

static inline void fixture_release(struct fixture *f)
{
    fixture_close(f);
    td_arena_free(f->arena);
    place_release(&f->place);
}

/* ---- use cases in one line ------------------------------------------------------------------- */

static inline int set_work(struct db_tx *tx, void *data)
{
    return q_counter_set(tx, data, NULL);
}

static inline int set_counter(struct db *db, struct td_arena *arena, const char *name,
                              int64_t value)
{
    struct counter_set_in in = {.home_id = HOME, .name = name, .value = value};

    return db_transact(db, DB_WRITE, arena, set_work, &in);
}

struct get {
    const char *name;
    struct counter_get_row row;
    bool found;
};

static inline int get_work(struct db_tx *tx, void *data)
{
    struct get *get = data;
    struct counter_get_in in = {.home_id = HOME, .name = get->name};

    return q_counter_get(tx, &in, &get->row, &get->found);
}

/* The counter's value, -1 when there is none. */
static inline int64_t get_counter(struct fixture *f, const char *name)
{
    struct get get = {.name = name};

    assert_int_equal(db_transact(f->db, DB_READ, f->arena, get_work, &get), TD_OK);
    return get.found ? get.row.value : -1;
}

static inline int sum_work(struct db_tx *tx, void *data)
{
    bool found = false;

    return q_counter_sum(tx, &(struct counter_sum_in){.home_id = HOME}, data, &found);
}

static inline struct counter_sum_row sum_counters(struct fixture *f)
{
    struct counter_sum_row row = {0};

    assert_int_equal(db_transact(f->db, DB_READ, f->arena, sum_work, &row), TD_OK);
    return row;
}

#endif
