/*
 * A PostgreSQL that goes away, freezes, or says less than it seems to.
 */
#include "both.h"

#include <pthread.h>
#include <signal.h>
#include <time.h>

#include "base/banned.h"

static int64_t now_ms(void)
{
    struct timespec now;

    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void start(struct fixture *f, int deadline_ms)
{
    fixture_init(f, DB_POSTGRES);
    fixture_close(f);
    f->options.deadline_ms = deadline_ms;
    fixture_open(f);
    assert_int_equal(set_counter(f->db, f->arena, "a", 1), TD_OK);
}

/* ---- lost connections ------------------------------------------------------------------------ */

struct loss {
    int runs;
    int lose; /* in how many runs the connection is lost */
    int signal;
    pid_t pid;
    struct counter_set_in in;
};

/* End the server's process of this connection in the middle. */
static int lose_work(struct db_tx *tx, void *data)
{
    struct loss *loss = data;
    struct backend_pid_row row;
    bool found = false;
    char words[128];

    loss->runs++;
    int status = q_counter_set(tx, &loss->in, NULL);
    if (status == TD_OK) {
        status = q_backend_pid(tx, &row, &found);
    }
    if (status == TD_OK && loss->runs <= loss->lose) {
        loss->pid = (pid_t)row.pid;
        if (loss->signal != 0) {
            assert_int_equal(kill((pid_t)row.pid, loss->signal), 0);
        } else {
            (void)snprintf(words, sizeof words, "-c 'SELECT pg_terminate_backend(%d)'",
                           (int)row.pid);
            shell("THIDUA_PSQL", words);
        }
    }
    struct counter_set_in second = loss->in;
    second.name = "second";
    return status == TD_OK ? q_counter_set(tx, &second, NULL) : status;
}

static void test_postgres__a_lost_connection_is_repeated(void **state)
{
    struct fixture f;
    struct loss loss = {.lose = 2, .in = {.home_id = HOME, .name = "first", .value = 5}};

    (void)state;
    start(&f, 5000);
    assert_int_equal(db_transact(f.db, DB_WRITE, f.arena, lose_work, &loss), TD_OK);
    assert_int_equal(loss.runs, 3);
    assert_int_equal(get_counter(&f, "first"), 5);
    assert_int_equal(get_counter(&f, "second"), 5);
    fixture_release(&f);
}

static void test_postgres__a_connection_lost_between_use_cases_is_not_seen(void **state)
{
    struct fixture f;

    (void)state;
    start(&f, 5000);
    shell("THIDUA_PSQL", "-c \"SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                         "WHERE application_name = 'thidua'\"");
    assert_int_equal(get_counter(&f, "a"), 1);
    assert_int_equal(set_counter(f.db, f.arena, "b", 2), TD_OK);
    fixture_release(&f);
}

static void test_postgres__a_server_that_is_down_is_away_at_once(void **state)
{
    struct fixture f;
    struct db *db = NULL;
    struct db_detail detail;

    (void)state;
    start(&f, 1000);
    shell("THIDUA_POSTGRES_CTL", "stop -m immediate");
    int64_t before = now_ms();
    assert_int_equal(set_counter(f.db, f.arena, "b", 1), DB_E_AWAY);
    assert_in_range(now_ms() - before, 0, 4000);
    assert_true(db_is_outage(DB_E_AWAY) && db_last_detail()[0] != '\0');
    before = now_ms();
    assert_int_equal(set_counter(f.db, f.arena, "b", 1), DB_E_AWAY);
    assert_in_range(now_ms() - before, 0, 500);
    assert_int_equal(db_open(f.place.url, &f.options, &db, &detail), DB_E_AWAY);
    shell("THIDUA_POSTGRES_CTL", "start");
    assert_int_equal(set_counter(f.db, f.arena, "b", 1), TD_OK);
    assert_int_equal(get_counter(&f, "a"), 1);
    fixture_release(&f);
}

static void test_postgres__several_hosts_are_tried(void **state)
{
    struct fixture f;

    (void)state;
    start(&f, 5000);
    fixture_close(&f);
    (void)snprintf(f.place.url, sizeof f.place.url,
                   "host=127.0.0.1,127.0.0.1 port=1,%s user=thidua dbname=postgres",
                   getenv("THIDUA_POSTGRES_PORT"));
    fixture_open(&f);
    assert_int_equal(get_counter(&f, "a"), 1);
    fixture_release(&f);
}

/* ---- late answers ---------------------------------------------------------------------------- */

static int sleep_work(struct db_tx *tx, void *data)
{
    struct backend_sleep_row row;
    bool found = false;
    int *runs = data;

    *runs += 1;
    return q_backend_sleep(tx, &(struct backend_sleep_in){.ms = 5000}, &row, &found);
}

static void test_postgres__a_late_answer_is_not_waited_for(void **state)
{
    struct fixture f;
    int runs = 0;

    (void)state;
    start(&f, 300);
    int64_t before = now_ms();
    assert_int_equal(db_transact(f.db, DB_WRITE, f.arena, sleep_work, &runs), DB_E_AWAY);
    assert_in_range(now_ms() - before, 300, 1500);
    assert_int_equal(runs, 1);
    assert_non_null(strstr(db_last_detail(), "no answer within 300 ms"));
    assert_int_equal(set_counter(f.db, f.arena, "b", 1), TD_OK);
    fixture_release(&f);
}

static void test_postgres__a_frozen_server_is_away_in_time(void **state)
{
    struct fixture f;
    struct loss loss = {
        .lose = 1, .signal = SIGSTOP, .in = {.home_id = HOME, .name = "first", .value = 5}};

    (void)state;
    start(&f, 400);
    int64_t before = now_ms();
    assert_int_equal(db_transact(f.db, DB_WRITE, f.arena, lose_work, &loss), DB_E_AWAY);
    assert_in_range(now_ms() - before, 400, 2000);
    assert_int_equal(kill(loss.pid, SIGCONT), 0);
    assert_int_equal(get_counter(&f, "first"), -1);
    assert_int_equal(get_counter(&f, "second"), -1);
    fixture_release(&f);
}

/* ---- COMMIT ---------------------------------------------------------------------------------- */

static void *cancel_main(void *data)
{
    (void)data;
    /* Until one is there that waits for its standby. CASE: no other is ever cancelled, whatever
     * the order in which conditions are looked at. */
    shell("THIDUA_PSQL", "-c \"DO 'BEGIN WHILE NOT EXISTS (SELECT FROM pg_stat_activity WHERE "
                         "CASE WHEN pid <> pg_backend_pid() AND wait_event = ''SyncRep'' "
                         "THEN pg_cancel_backend(pid) ELSE FALSE END) LOOP PERFORM "
                         "pg_sleep(0.01), pg_stat_clear_snapshot(); END LOOP; END'\"");
    return NULL;
}

/* A standby that isn't there is waited for; cancelling the wait gives success with a warning, and
 * rows that are on one machine only. */
static void test_postgres__a_warning_at_commit_is_no_success(void **state)
{
    struct fixture f;
    pthread_t thread;

    (void)state;
    start(&f, 10000);
    shell("THIDUA_PSQL", "-c \"ALTER SYSTEM SET synchronous_standby_names = 'nobody'\" "
                         "-c 'SELECT pg_reload_conf()' -c 'SELECT pg_sleep(0.2)'");
    assert_int_equal(pthread_create(&thread, NULL, cancel_main, NULL), 0);
    assert_int_equal(set_counter(f.db, f.arena, "b", 1), DB_E_AWAY);
    assert_non_null(strstr(db_last_detail(), "canceling wait for synchronous replication"));
    (void)pthread_join(thread, NULL);

    fixture_close(&f);
    f.options.deadline_ms = 300;
    fixture_open(&f);
    int64_t before = now_ms();
    assert_int_equal(set_counter(f.db, f.arena, "c", 1), DB_E_AWAY);
    assert_in_range(now_ms() - before, 300, 1500);
    shell("THIDUA_PSQL", "-c 'ALTER SYSTEM RESET synchronous_standby_names' "
                         "-c 'SELECT pg_reload_conf()' -c 'SELECT pg_sleep(0.2)'");
    assert_int_equal(set_counter(f.db, f.arena, "c", 1), TD_OK);
    fixture_release(&f);
}

/* Refuses what is there already, as use cases do that look at a key or a version. */
static int once_work(struct db_tx *tx, void *data)
{
    struct loss *loss = data;
    struct counter_get_row row;
    bool found = false;

    loss->runs++;
    int status = q_counter_get(tx, &(struct counter_get_in){.home_id = HOME, .name = loss->in.name},
                               &row, &found);
    if (status == TD_OK) {
        status = found ? 1 : q_counter_set(tx, &loss->in, NULL);
    }
    return status;
}

/* It is run again: one that may be repeated is done, and what one that may not says of its own rows
 * is no answer to what was asked. */
static void test_postgres__a_lost_answer_to_commit_is_told(void **state)
{
    struct fixture f;
    struct loss loss = {.in = {.home_id = HOME, .name = "first", .value = 5}};

    (void)state;
    start(&f, 5000);
    db_lose_answer(f.db);
    assert_int_equal(set_counter(f.db, f.arena, "b", 1), TD_OK);
    assert_int_equal(get_counter(&f, "b"), 1);
    db_lose_answer(f.db);
    assert_int_equal(db_transact(f.db, DB_WRITE, f.arena, once_work, &loss), DB_E_AWAY);
    assert_non_null(strstr(db_last_detail(), "lost"));
    assert_int_equal(loss.runs, 2);
    assert_int_equal(get_counter(&f, "first"), 5);
    assert_int_equal(db_transact(f.db, DB_WRITE, f.arena, once_work, &loss), 1);
    fixture_release(&f);
}

static int hidden_work(struct db_tx *tx, void *data)
{
    struct hidden_write_row row;
    bool found = false;

    (void)data;
    return q_hidden_write(tx, &(struct hidden_write_in){.name = "hidden"}, &row, &found);
}

static void test_postgres__a_hidden_write_in_a_read_is_a_bug(void **state)
{
    struct fixture f;

    (void)state;
    start(&f, 5000);
    shell("THIDUA_PSQL", "-c 'CREATE SEQUENCE hidden'");
    assert_int_equal(db_transact(f.db, DB_READ, f.arena, hidden_work, NULL), DB_E_BUG);
    assert_non_null(strstr(db_last_detail(), "25006"));
    assert_int_equal(db_transact(f.db, DB_WRITE, f.arena, hidden_work, NULL), TD_OK);
    fixture_release(&f);
}

/* ---- a standby ------------------------------------------------------------------------------- */

/* Its server turns read-only under an open connection, as a primary does that is demoted. */
static int demote_work(struct db_tx *tx, void *data)
{
    struct loss *loss = data;

    loss->runs++;
    int status = q_counter_set(tx, &loss->in, NULL);
    return status;
}

static void test_postgres__a_read_only_server_takes_no_writes(void **state)
{
    struct fixture f;
    struct loss loss = {.in = {.home_id = HOME, .name = "b", .value = 5}};

    (void)state;
    start(&f, 500);
    /* A connection that is there already keeps its transactions writable: ours say so. */
    shell("THIDUA_PSQL", "-c 'ALTER SYSTEM SET default_transaction_read_only = on' "
                         "-c 'SELECT pg_reload_conf()' -c 'SELECT pg_sleep(0.2)'");
    assert_int_equal(db_transact(f.db, DB_WRITE, f.arena, demote_work, &loss), TD_OK);
    /* A new one looks for another server. */
    fixture_close(&f);
    struct db_detail detail;
    assert_int_equal(db_open(f.place.url, &f.options, &f.db, &detail), DB_E_AWAY);
    assert_non_null(strstr(detail.text, "read-only"));
    f.db = NULL;
    shell("THIDUA_PSQL", "-c 'SET default_transaction_read_only = off' "
                         "-c 'ALTER SYSTEM RESET default_transaction_read_only' "
                         "-c 'SELECT pg_reload_conf()' -c 'SELECT pg_sleep(0.2)'");
    fixture_open(&f);
    fixture_release(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_postgres__a_lost_connection_is_repeated),
        cmocka_unit_test(test_postgres__a_connection_lost_between_use_cases_is_not_seen),
        cmocka_unit_test(test_postgres__a_server_that_is_down_is_away_at_once),
        cmocka_unit_test(test_postgres__several_hosts_are_tried),
        cmocka_unit_test(test_postgres__a_late_answer_is_not_waited_for),
        cmocka_unit_test(test_postgres__a_frozen_server_is_away_in_time),
        cmocka_unit_test(test_postgres__a_warning_at_commit_is_no_success),
        cmocka_unit_test(test_postgres__a_lost_answer_to_commit_is_told),
        cmocka_unit_test(test_postgres__a_hidden_write_in_a_read_is_a_bug),
        cmocka_unit_test(test_postgres__a_read_only_server_takes_no_writes),
    };

    return cmocka_run_group_tests_name("db/away", tests, NULL, NULL);
}
