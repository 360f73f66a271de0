/*
 * A place for a test's database, empty, of either engine; and tests that run on both.
 *
 *     static void test_unit__is_renamed(struct fixture *f) { … }
 *     BOTH_ENGINES(test_unit__is_renamed)
 *     … RUN_BOTH(test_unit__is_renamed) …
 *
 * Who includes it has a struct fixture, fixture_init and fixture_release. PostgreSQL is that of
 * tests/postgres.py, which runs the test; its schema is dropped and made anew for each.
 */
#ifndef TESTS_PLACE_H
#define TESTS_PLACE_H

#include "db/db.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

struct place {
    enum db_engine engine;
    char folder[64]; /* SQLite's */
    char url[512];
};

/* Run the command that the environment names, with words after it. */
static inline void shell(const char *variable, const char *words)
{
    char line[1024];
    const char *command = getenv(variable);

    if (command == NULL) {
        fail_msg("run it as: tests/postgres.py COMMAND");
    }
    assert_true(snprintf(line, sizeof line, "%s %s >&2", command, words) < (int)sizeof line);
    /* A shell, because the command is a line of words; both come from the tests. */
    FILE *pipe = (popen)(line, "r");
    assert_non_null(pipe);
    assert_int_equal(pclose(pipe), 0);
}

static inline void place_init(struct place *p, enum db_engine engine)
{
    *p = (struct place){.engine = engine};
    if (engine == DB_SQLITE) {
        (void)snprintf(p->folder, sizeof p->folder, "%s/thidua-test-XXXXXX", P_tmpdir);
        assert_non_null(mkdtemp(p->folder));
        (void)snprintf(p->url, sizeof p->url, "%s/test.db", p->folder);
    } else {
        shell("THIDUA_PSQL", "-c 'SET client_min_messages = error; DROP SCHEMA public CASCADE' "
                             "-c 'CREATE SCHEMA public'");
        (void)snprintf(p->url, sizeof p->url, "%s", getenv("THIDUA_POSTGRES"));
    }
}

static inline void place_release(const struct place *p)
{
    static const char *const names[] = {"test.db", "test.db-wal", "test.db-shm"};

    for (size_t i = 0; p->engine == DB_SQLITE && i < sizeof names / sizeof *names; i++) {
        char path[128];

        (void)snprintf(path, sizeof path, "%s/%s", p->folder, names[i]);
        (void)unlink(path);
    }
    if (p->engine == DB_SQLITE) {
        assert_int_equal(rmdir(p->folder), 0);
    }
}

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
