/*
 * What the tests of use cases share: an office on a fresh database of either engine, with a clock
 * that stands still until it is moved.
 *
 * PostgreSQL is that of tests/postgres.py, which runs the test.
 */
#ifndef TESTS_UNIT_OFFICE_OFFICE_TEST_H
#define TESTS_UNIT_OFFICE_OFFICE_TEST_H

#include "office/account.h"
#include "office/audit.h"
#include "office/office.h"
#include "office/session.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define SECOND INT64_C(1000)
#define MINUTE (60 * SECOND)
#define HOUR (60 * MINUTE)
#define DAY (24 * HOUR)
#define PASSWORD "four words nobody knows"

struct fixture {
    enum db_engine engine;
    struct db *db;
    struct office *office;
    struct td_arena *arena;
    struct actor program;
    int64_t now;
    char folder[64];
    char url[512];
};

static inline struct instant fixture_clock(void *context)
{
    const struct fixture *f = context;
    return (struct instant){f->now};
}

static inline void fixture_init(struct fixture *f, enum db_engine engine)
{
    struct db_options options = DB_OPTIONS;
    struct db_detail detail;
    int applied = 0;

    *f = (struct fixture){
        .engine = engine, .program = OFFICE_PROGRAM, .now = INT64_C(1732000000000)};
    f->arena = td_arena_new((size_t)64 * 1024 * 1024);
    assert_non_null(f->arena);
    if (engine == DB_SQLITE) {
        (void)snprintf(f->folder, sizeof f->folder, "%s/thidua-office-XXXXXX", P_tmpdir);
        assert_non_null(mkdtemp(f->folder));
        (void)snprintf(f->url, sizeof f->url, "%s/test.db", f->folder);
    } else {
        const char *url = getenv("THIDUA_POSTGRES");
        const char *psql = getenv("THIDUA_PSQL");
        char line[1024];

        if (url == NULL || psql == NULL) {
            fail_msg("run it as: tests/postgres.py COMMAND");
            abort();
        }
        (void)snprintf(f->url, sizeof f->url, "%s", url);
        (void)snprintf(line, sizeof line,
                       "%s -c 'SET client_min_messages = error; DROP SCHEMA public CASCADE' "
                       "-c 'CREATE SCHEMA public' >&2",
                       psql);
        FILE *pipe = (popen)(line, "r");
        assert_non_null(pipe);
        assert_int_equal(pclose(pipe), 0);
    }
    if (db_open(f->url, &options, &f->db, &detail) != TD_OK ||
        db_migrate(f->db, &applied, &detail) != TD_OK) {
        fail_msg("%s", detail.text);
        abort();
    }
    if (office_new(f->db, &f->office) != TD_OK || f->office == NULL) {
        fail_msg("no office");
        abort();
    }
    office_set_clock(f->office, fixture_clock, f);
    (void)db_fail_statement(f->db, 0, TD_OK);
}

static inline void fixture_release(struct fixture *f)
{
    office_free(f->office);
    db_close(f->db);
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

/* How many entries the audit has; it must hold. */
static inline int64_t audit_entries(struct fixture *f)
{
    struct audit_report report;

    assert_int_equal(audit_verify(f->office, f->arena, &report), TD_OK);
    assert_null(report.first);
    return report.entries;
}

/* ---- running on both ------------------------------------------------------------------------- */

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
