/*
 * Every statement and migration of the program, on both engines: what a statement takes and answers
 * is what its comment declares, and it reads a whole table only where it says so.
 */
#include "db/statement.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/banned.h"

/* A line of a plan that reads all of a table. Rows that stand in the statement, and what a part of
 * it answered, are no tables. */
static bool scans(const char *plan)
{
    static const char *const harmless[] = {"SCAN CONSTANT ROW", "SCAN (", "SCAN 1-ROW",
                                           "SCAN 2-ROW", "SCAN 3-ROW"};

    for (const char *at = strstr(plan, "SCAN "); at != NULL; at = strstr(at + 1, "SCAN ")) {
        bool is_harmless = false;

        for (size_t i = 0; i < sizeof harmless / sizeof *harmless; i++) {
            is_harmless = is_harmless || strncmp(at, harmless[i], strlen(harmless[i])) == 0;
        }
        if (!is_harmless) {
            return true;
        }
    }
    return false;
}

static int inspect(struct db_tx *tx, void *data)
{
    const struct db *db = data;

    for (int i = 0; i < db_statement_count; i++) {
        const struct db_statement *statement = &db_statements[i];
        const char *plan = "";
        int status = db_inspect(tx, statement, &plan);

        if (status != TD_OK) {
            return status;
        }
        if (db_engine(db) == DB_SQLITE && scans(plan) != (statement->scan != NULL)) {
            fail_msg("%s %s\n%s", statement->name,
                     statement->scan == NULL ? "reads a whole table; add an index, or “-- scan:”"
                                             : "says “-- scan:” but doesn't",
                     plan);
        }
    }
    return TD_OK;
}

static void check_all(const char *url)
{
    struct db *db = NULL;
    struct db_detail detail;
    int applied = 0;
    struct td_arena *arena = td_arena_new((size_t)16 * 1024 * 1024);

    if (arena == NULL || db_open(url, &DB_OPTIONS, &db, &detail) != TD_OK || db == NULL) {
        fail_msg("%s", detail.text);
        abort();
    }
    if (db_migrate(db, &applied, &detail) != TD_OK) {
        fail_msg("%s", detail.text);
    }
    if (db_transact(db, DB_WRITE, arena, inspect, db) != TD_OK) {
        fail_msg("%s", db_last_detail());
    }
    assert_int_equal(db_check_schema(db, &applied, &detail), TD_OK);
    db_close(db);
    td_arena_free(arena);
}

static void test_statements__fit_their_declarations_on_sqlite(void **state)
{
    char folder[] = P_tmpdir "/thidua-statements-XXXXXX";
    char path[sizeof folder + 8];

    (void)state;
    assert_non_null(mkdtemp(folder));
    (void)snprintf(path, sizeof path, "%s/x.db", folder);
    check_all(path);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(rmdir(folder), 0);
}

static void test_statements__fit_their_declarations_on_postgres(void **state)
{
    const char *url = getenv("THIDUA_POSTGRES");

    (void)state;
    if (url == NULL) {
        fail_msg("run it as: tests/postgres.py COMMAND");
        abort();
    }
    check_all(url);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_statements__fit_their_declarations_on_sqlite),
        cmocka_unit_test(test_statements__fit_their_declarations_on_postgres),
    };

    return cmocka_run_group_tests_name("db/statements", tests, NULL, NULL);
}
