/*
 * Many who write at once: groups that share a COMMIT, and a queue that is full.
 *
 * A use case that doesn't end holds the writer (PostgreSQL: the only connection for writes) until
 * one of the others finds the queue full: then all the rest wait, and what comes next is known.
 */
#include "both.h"

#include <pthread.h>
#include <stdatomic.h>
#include <time.h>

#include "base/banned.h"

enum { WAITING = 64 };

struct crowd {
    struct db *db;
    atomic_int busy;
    atomic_bool holds;
};

struct member {
    struct crowd *crowd;
    char name[16];
    int status;
    bool has_detail;
};

static void nap(void)
{
    (void)nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
}

/* Positive: nothing to commit. */
static int hold_work(struct db_tx *tx, void *data)
{
    struct crowd *crowd = data;

    (void)tx;
    atomic_store(&crowd->holds, true);
    while (atomic_load(&crowd->busy) == 0) {
        nap();
    }
    return 1;
}

static void *hold_main(void *data)
{
    struct crowd *crowd = data;
    struct td_arena *arena = td_arena_new(ARENA);

    assert_int_equal(db_transact(crowd->db, DB_WRITE, arena, hold_work, crowd), 1);
    td_arena_free(arena);
    return NULL;
}

/* A thing and a counter: half of it would show. */
static int member_work(struct db_tx *tx, void *data)
{
    const struct member *member = data;
    struct thing_add_in thing = {.home_id = HOME, .thing_id = member->name};
    struct counter_set_in counter = {.home_id = HOME, .name = member->name, .value = 1};
    int status = q_counter_set(tx, &counter, NULL);

    return status == TD_OK ? q_thing_add(tx, &thing, NULL) : status;
}

static void *member_main(void *data)
{
    struct member *member = data;
    struct td_arena *arena = td_arena_new(ARENA);

    member->status = db_transact(member->crowd->db, DB_WRITE, arena, member_work, member);
    member->has_detail = db_last_detail()[0] != '\0';
    if (member->status == DB_E_BUSY) {
        (void)atomic_fetch_add(&member->crowd->busy, 1);
    }
    td_arena_free(arena);
    return NULL;
}

/* All members wait while one holds the writer; then they go. Two of them have the same name. */
static void gather(struct fixture *f, struct member members[WAITING + 1], bool has_twins)
{
    struct crowd crowd = {.db = f->db};
    pthread_t threads[WAITING + 1];
    pthread_t holder;

    assert_int_equal(pthread_create(&holder, NULL, hold_main, &crowd), 0);
    while (!atomic_load(&crowd.holds)) {
        nap();
    }
    for (int i = 0; i < WAITING + 1; i++) {
        members[i] = (struct member){.crowd = &crowd};
        (void)snprintf(members[i].name, sizeof members[i].name, "m%d",
                       has_twins && i % 2 == 1 ? i - 1 : i);
        assert_int_equal(pthread_create(&threads[i], NULL, member_main, &members[i]), 0);
    }
    for (int i = 0; i < WAITING + 1; i++) {
        (void)pthread_join(threads[i], NULL);
    }
    (void)pthread_join(holder, NULL);
    assert_int_equal(atomic_load(&crowd.busy), 1);
}

static void reopen(struct fixture *f)
{
    fixture_close(f);
    f->options.queue_max = WAITING;
    f->options.writers = 1;
    f->options.deadline_ms = 20000;
    fixture_open(f);
}

static void a_full_queue_refuses_and_the_others_are_there(struct fixture *f)
{
    struct member members[WAITING + 1];
    int done = 0;

    reopen(f);
    gather(f, members, false);
    long run = db_fail_statement(f->db, 0, TD_OK);
    for (int i = 0; i < WAITING + 1; i++) {
        done += members[i].status == TD_OK;
        assert_true(members[i].status == TD_OK || members[i].has_detail);
        assert_int_equal(get_counter(f, members[i].name), members[i].status == TD_OK ? 1 : -1);
    }
    assert_int_equal(done, WAITING);
    if (f->place.engine == DB_SQLITE) {
        /* Two statements each, and one COMMIT for all. */
        assert_int_equal(run, 2 * WAITING + 1);
    } else {
        assert_int_equal(run, 3 * WAITING);
    }
}
BOTH_ENGINES(a_full_queue_refuses_and_the_others_are_there)

static void who_fails_in_a_group_fails_alone(struct fixture *f)
{
    struct member members[WAITING + 1];
    int done = 0;
    int unique = 0;

    reopen(f);
    gather(f, members, true);
    for (int i = 0; i < WAITING + 1; i++) {
        done += members[i].status == TD_OK;
        unique += members[i].status == DB_E_UNIQUE;
        assert_true(members[i].status == TD_OK || members[i].has_detail);
    }
    /* Of each pair one is there; the last has no twin. */
    assert_int_equal(done + unique, WAITING);
    assert_in_range(done, WAITING / 2, WAITING / 2 + 1);
    assert_int_equal(sum_counters(f).n, done);
}
BOTH_ENGINES(who_fails_in_a_group_fails_alone)

static void test_sqlite__a_commit_that_fails_fails_all(void **state)
{
    struct member members[WAITING + 1];
    struct fixture f;

    (void)state;
    fixture_init(&f, DB_SQLITE);
    reopen(&f);
    (void)db_fail_statement(f.db, 2 * WAITING + 1, DB_E_FULL);
    gather(&f, members, false);
    for (int i = 0; i < WAITING + 1; i++) {
        assert_true(members[i].status == DB_E_FULL || members[i].status == DB_E_BUSY);
        assert_true(members[i].has_detail);
    }
    assert_int_equal(sum_counters(&f).n, 0);
    /* And it goes on. */
    assert_int_equal(set_counter(f.db, f.arena, "a", 1), TD_OK);
    fixture_release(&f);
}

/* ---- another process ------------------------------------------------------------------------- */

static int meet_work(struct db_tx *tx, void *data)
{
    struct crowd *other = data;
    struct counter_set_in in = {.home_id = HOME, .name = "b", .value = 1};

    atomic_store(&other->holds, true);
    while (atomic_load(&other->busy) == 0) {
        nap();
    }
    return q_counter_set(tx, &in, NULL);
}

static void *meet_main(void *data)
{
    struct crowd *crowd = data;
    struct td_arena *arena = td_arena_new(ARENA);

    assert_int_equal(db_transact(crowd->db, DB_WRITE, arena, meet_work, crowd), TD_OK);
    td_arena_free(arena);
    return NULL;
}

static void test_sqlite__another_writer_of_the_file_is_waited_for_in_vain(void **state)
{
    struct fixture f;
    struct crowd crowd = {0};
    struct db_options options = DB_OPTIONS;
    struct db_detail detail;
    pthread_t thread;

    (void)state;
    fixture_init(&f, DB_SQLITE);
    assert_int_equal(db_open(f.place.url, &options, &crowd.db, &detail), TD_OK);
    fixture_close(&f);
    f.options.deadline_ms = 100;
    fixture_open(&f);
    assert_int_equal(pthread_create(&thread, NULL, meet_main, &crowd), 0);
    while (!atomic_load(&crowd.holds)) {
        nap();
    }
    assert_int_equal(set_counter(f.db, f.arena, "a", 1), DB_E_BUSY);
    assert_int_equal(get_counter(&f, "a"), -1);
    atomic_store(&crowd.busy, 1);
    (void)pthread_join(thread, NULL);
    assert_int_equal(set_counter(f.db, f.arena, "a", 1), TD_OK);
    assert_int_equal(sum_counters(&f).n, 2);
    db_close(crowd.db);
    fixture_release(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        RUN_BOTH(a_full_queue_refuses_and_the_others_are_there),
        RUN_BOTH(who_fails_in_a_group_fails_alone),
        cmocka_unit_test(test_sqlite__a_commit_that_fails_fails_all),
        cmocka_unit_test(test_sqlite__another_writer_of_the_file_is_waited_for_in_vain),
    };

    return cmocka_run_group_tests_name("db/group", tests, NULL, NULL);
}
