/*
 * What the tests of the database share: a fresh, migrated database of either engine, and use cases
 * in one line.
 *
 * Each test runs on both engines. PostgreSQL is that of tests/postgres.py, which runs the test; its
 * schema is dropped and made anew for each.
 */
#ifndef TESTS_UNIT_DB_BOTH_H
#define TESTS_UNIT_DB_BOTH_H

#include "db/db.h"
#include "db/statement.h"

#include "test_queries.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define HOME "home"
#define ARENA ((size_t)32 * 1024 * 1024)

struct fixture {
    enum db_engine engine;
    struct db_options options;
    struct db *db;
    struct td_arena *arena;
    char folder[64];
    char url[512];
};

/* Run the command that the environment names, with words after it. */
static inline void shell(const char *variable, const char *words)
{
    struct db_detail line;
    const char *command = getenv(variable);

    assert_non_null(command);
    (void)snprintf(line.text, sizeof line.text, "%s %s >&2", command, words);
    /* A shell, because the command is a line of words; both come from the tests. */
    FILE *pipe = popen(line.text, "r");
    assert_non_null(pipe);
    assert_int_equal(pclose(pipe), 0);
}

static inline void fixture_open(struct fixture *f)
{
    struct db_detail detail;
    int status = db_open(f->url, &f->options, &f->db, &detail);

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

    *f = (struct fixture){.engine = engine, .options = DB_OPTIONS};
    f->arena = td_arena_new(ARENA);
    assert_non_null(f->arena);
    if (engine == DB_SQLITE) {
        (void)snprintf(f->folder, sizeof f->folder, "%s/thidua-db-XXXXXX", P_tmpdir);
        assert_non_null(mkdtemp(f->folder));
        (void)snprintf(f->url, sizeof f->url, "%s/test.db", f->folder);
    } else {
        const char *url = getenv("THIDUA_POSTGRES");

        if (url == NULL) {
            fail_msg("run it as: tests/postgres.py COMMAND");
        }
        (void)snprintf(f->url, sizeof f->url, "%s", url);
        shell("THIDUA_PSQL", "-c 'SET client_min_messages = error; DROP SCHEMA public CASCADE' "
                             "-c 'CREATE SCHEMA public'");
    }
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
    if (f->engine == DB_SQLITE) {
        static const char *const names[] = {"test.db", "test.db-wal", "test.db-shm"};
        char path[128];

        for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
            (void)snprintf(path, sizeof path, "%s/%s", f->folder, names[i]);
            (void)unlink(path);
        }
        assert_int_equal(rmdir(f->folder), 0);
    }
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

/* ---- running --------------------------------------------------------------------------------- */

/* A test of a fixture, run on both engines: BOTH_ENGINES(name) defines name__sqlite and
 * name__postgres for cmocka. */
#define ON_ENGINE(test, suffix, engine)                                                            \
    static void test##__##suffix(void **state)                                                     \
    {                                                                                              \
        struct fixture f;                                                                          \
                                                                                                   \
        (void)state;                                                                               \
        fixture_init(&f, engine);                                                                  \
        test(&f);                                                                                  \
        fixture_release(&f);                                                                       \
    }
#define BOTH_ENGINES(test)                                                                         \
    ON_ENGINE(test, sqlite, DB_SQLITE)                                                             \
    ON_ENGINE(test, postgres, DB_POSTGRES)
#define RUN_BOTH(test) cmocka_unit_test(test##__sqlite), cmocka_unit_test(test##__postgres)

#endif
