/*
 * Bringing a schema up to the program's, and refusing what isn't its own; and the statements that
 * the program itself brings.
 */
#include "both.h"

#include <pthread.h>
#include <sys/stat.h>

#include "base/banned.h"

static void a_second_time_changes_nothing(struct fixture *f)
{
    struct db_detail detail;
    int n = -1;

    assert_int_equal(db_migrate(f->db, &n, &detail), TD_OK);
    assert_int_equal(n, 0);
    assert_int_equal(db_check_schema(f->db, &n, &detail), TD_OK);
    assert_int_equal(n, 0);
}
BOTH_ENGINES(a_second_time_changes_nothing)

static int words_work(struct db_tx *tx, void *data)
{
    struct word_list_row *rows = NULL;
    size_t count = 0;

    (void)data;
    int status = q_word_list(tx, &rows, &count);
    assert_int_equal(status, TD_OK);
    assert_int_equal(count, 1);
    assert_string_equal(rows[0].text, "TEXT; it's a -- BLOB");
    return status;
}

static void texts_of_a_migration_stay_as_they_are(struct fixture *f)
{
    assert_int_equal(db_transact(f->db, DB_READ, f->arena, words_work, NULL), TD_OK);
}
BOTH_ENGINES(texts_of_a_migration_stay_as_they_are)

static int pretend_work(struct db_tx *tx, void *data)
{
    return q_migration_pretend(tx, data, NULL);
}

static int forget_work(struct db_tx *tx, void *data)
{
    return q_migration_forget(tx, data, NULL);
}

static void a_newer_schema_is_refused(struct fixture *f)
{
    struct migration_pretend_in in = {.number = db_migration_count, .sha256 = "x"};
    struct db_detail detail;
    int n = -1;

    assert_int_equal(db_transact(f->db, DB_WRITE, f->arena, pretend_work, &in), TD_OK);
    assert_int_equal(db_check_schema(f->db, &n, &detail), DB_E_VERSION);
    assert_int_equal(n, 0);
    assert_non_null(strstr(detail.text, "which this program doesn't know"));
    assert_int_equal(db_migrate(f->db, &n, &detail), DB_E_VERSION);
    assert_non_null(strstr(detail.text, "which this program doesn't know"));
}
BOTH_ENGINES(a_newer_schema_is_refused)

static void an_altered_migration_is_refused(struct fixture *f)
{
    struct migration_pretend_in in = {.number = 1, .sha256 = "x"};
    struct db_detail detail;
    int n = -1;

    assert_int_equal(db_transact(f->db, DB_WRITE, f->arena, pretend_work, &in), TD_OK);
    assert_int_equal(db_check_schema(f->db, &n, &detail), DB_E_VERSION);
    assert_int_equal(n, 0);
    assert_non_null(strstr(detail.text, "is not the one that was applied"));
    assert_int_equal(db_migrate(f->db, &n, &detail), DB_E_VERSION);
}
BOTH_ENGINES(an_altered_migration_is_refused)

static void a_migration_that_was_left_out_is_refused(struct fixture *f)
{
    struct migration_forget_in in = {.number = 1};
    struct db_detail detail;
    int n = -1;

    assert_int_equal(db_transact(f->db, DB_WRITE, f->arena, forget_work, &in), TD_OK);
    assert_int_equal(db_check_schema(f->db, &n, &detail), DB_E_VERSION);
    assert_int_equal(db_migrate(f->db, &n, &detail), DB_E_VERSION);
}
BOTH_ENGINES(a_migration_that_was_left_out_is_refused)

/* What the second migration does is done already, so it must fail, and leave no trace. */
static void a_migration_that_fails_leaves_nothing(struct fixture *f)
{
    struct migration_forget_in in = {.number = 2};
    struct db_detail detail;
    int n = -1;

    assert_int_equal(db_transact(f->db, DB_WRITE, f->arena, forget_work, &in), TD_OK);
    assert_int_equal(db_check_schema(f->db, &n, &detail), DB_E_VERSION);
    assert_int_equal(n, 1);
    assert_int_equal(db_migrate(f->db, &n, &detail), DB_E_BUG);
    assert_int_equal(n, 0);
    assert_non_null(strstr(detail.text, "more"));
    assert_int_equal(db_check_schema(f->db, &n, &detail), DB_E_VERSION);
    assert_int_equal(n, 1);
}
BOTH_ENGINES(a_migration_that_fails_leaves_nothing)

/* ---- from nothing ---------------------------------------------------------------------------- */

static void drop(struct fixture *f)
{
    if (f->place.engine == DB_SQLITE) {
        fixture_close(f);
        assert_int_equal(unlink(f->place.url), 0);
        fixture_open(f);
    } else {
        shell("THIDUA_PSQL", "-c 'SET client_min_messages = error; DROP SCHEMA public CASCADE' "
                             "-c 'CREATE SCHEMA public'");
    }
}

static void an_empty_database_is_behind_by_all(struct fixture *f)
{
    struct db_detail detail;
    int n = -1;

    drop(f);
    assert_int_equal(db_check_schema(f->db, &n, &detail), DB_E_EMPTY);
    assert_int_equal(n, db_migration_count - 1);
}
BOTH_ENGINES(an_empty_database_is_behind_by_all)

struct server {
    struct fixture f;
    int status;
    int applied;
};

static void *migrate_main(void *data)
{
    struct server *server = data;
    struct db_detail detail;

    fixture_open(&server->f);
    server->status = db_migrate(server->f.db, &server->applied, &detail);
    fixture_close(&server->f);
    return NULL;
}

static void several_servers_migrate_once(struct fixture *f)
{
    enum { SERVERS = 6 };
    pthread_t threads[SERVERS];
    struct server servers[SERVERS];
    struct db_detail detail;
    int applied = 0;
    int n = -1;

    drop(f);
    for (int i = 0; i < SERVERS; i++) {
        servers[i] = (struct server){.f = *f};
        assert_int_equal(pthread_create(&threads[i], NULL, migrate_main, &servers[i]), 0);
    }
    for (int i = 0; i < SERVERS; i++) {
        (void)pthread_join(threads[i], NULL);
        assert_int_equal(servers[i].status, TD_OK);
        applied += servers[i].applied;
    }
    assert_int_equal(applied, db_migration_count - 1);
    assert_int_equal(db_check_schema(f->db, &n, &detail), TD_OK);
}
BOTH_ENGINES(several_servers_migrate_once)

/* ---- statements ------------------------------------------------------------------------------ */

static int inspect_work(struct db_tx *tx, void *data)
{
    for (int i = 0; i < db_statement_count; i++) {
        const char *plan = NULL;
        /* What only PostgreSQL has is named so. */
        bool is_foreign = strncmp(db_statements[i].name, "backend_", 8) == 0 ||
                          strcmp(db_statements[i].name, "hidden_write") == 0;

        if (!is_foreign || data != NULL) {
            assert_int_equal(db_inspect(tx, &db_statements[i], &plan), TD_OK);
            assert_non_null(plan);
            if (data == NULL && strcmp(db_statements[i].name, "word_list") == 0) {
                assert_non_null(strstr(plan, "SCAN word"));
            }
        }
    }
    return TD_OK;
}

static void each_statement_fits_its_declaration(struct fixture *f)
{
    assert_int_equal(db_transact(f->db, DB_WRITE, f->arena, inspect_work,
                                 f->place.engine == DB_POSTGRES ? f : NULL),
                     TD_OK);
}
BOTH_ENGINES(each_statement_fits_its_declaration)

/* ---- opening --------------------------------------------------------------------------------- */

static void assert_refused(const char *url, const struct db_options *options, int expected,
                           const char *words)
{
    struct db *db = NULL;
    struct db_detail detail;
    int status = db_open(url, options, &db, &detail);

    if (status != expected || strstr(detail.text, words) == NULL) {
        fail_msg("%s: %d %s", url, status, detail.text);
    }
    assert_null(strstr(detail.text, "secret"));
}

static void test_open__refuses_with_a_reason(void **state)
{
    struct fixture f;
    struct db_options none = DB_OPTIONS;
    struct db_options without = DB_OPTIONS;
    char path[640];
    struct stat info;

    (void)state;
    none.readers = 0;
    without.create = false;
    fixture_init(&f, DB_SQLITE);
    assert_int_equal(stat(f.place.url, &info), 0);
    assert_int_equal(info.st_mode & 0777, 0600);
    (void)snprintf(path, sizeof path, "%s-wal", f.place.url);
    assert_int_equal(stat(path, &info), 0);
    assert_int_equal(info.st_mode & 0777, 0600);
    (void)snprintf(path, sizeof path, "%s/no/such.db", f.place.folder);
    assert_refused(path, &f.options, DB_E_AWAY, "its folder doesn't exist");
    (void)snprintf(path, sizeof path, "%s/none.db", f.place.folder);
    assert_refused(path, &without, DB_E_AWAY, "there is no file");
    assert_refused(f.place.folder, &f.options, DB_E_AWAY, "unable to open");
    assert_refused(f.place.url, &none, TD_E_INVALID, "readers and writers");
    (void)snprintf(path, sizeof path, "%s/text.db", f.place.folder);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    for (int i = 0; i < 1000; i++) {
        (void)fputs("this is not a database", file);
    }
    (void)fclose(file);
    assert_refused(path, &f.options, DB_E_BROKEN, "not a database");
    (void)unlink(path);
    fixture_release(&f);
}

static void test_open__never_shows_a_password(void **state)
{
    static const char *const urls[] = {
        "postgres://u:secret@127.0.0.1:1/x", "postgres://u:1@secret@127.0.0.1/x",
        "postgres://u:1/secret@127.0.0.1/x", "postgres://u:secret/1@127.0.0.1/x",
        "postgres://u:1?secret@127.0.0.1/x", "host=127.0.0.1 port=1 password=secret",
        "host=127.0.0.1 password=a secret",  "host=127.0.0.1 password='secret",
    };
    struct db_options options = DB_OPTIONS;

    (void)state;
    for (size_t i = 0; i < sizeof urls / sizeof *urls; i++) {
        struct db *db = NULL;
        struct db_detail detail;

        assert_int_not_equal(db_open(urls[i], &options, &db, &detail), TD_OK);
        assert_true(strlen(detail.text) > 0);
        if (strstr(detail.text, "secret") != NULL) {
            fail_msg("%s: %s", urls[i], detail.text);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        RUN_BOTH(a_second_time_changes_nothing),
        RUN_BOTH(texts_of_a_migration_stay_as_they_are),
        RUN_BOTH(a_newer_schema_is_refused),
        RUN_BOTH(an_altered_migration_is_refused),
        RUN_BOTH(a_migration_that_was_left_out_is_refused),
        RUN_BOTH(a_migration_that_fails_leaves_nothing),
        RUN_BOTH(an_empty_database_is_behind_by_all),
        RUN_BOTH(several_servers_migrate_once),
        RUN_BOTH(each_statement_fits_its_declaration),
        cmocka_unit_test(test_open__refuses_with_a_reason),
        cmocka_unit_test(test_open__never_shows_a_password),
    };

    return cmocka_run_group_tests_name("db/migrate", tests, NULL, NULL);
}
