/*
 * Transactions and statements, on both engines.
 */
#include "both.h"
#include "faults.h"

#include <pthread.h>
#include <stdatomic.h>

#include "base/banned.h"

/* ---- one use case ---------------------------------------------------------------------------- */

static void commits(struct fixture *f)
{
    assert_int_equal(set_counter(f->db, f->arena, "a", 7), TD_OK);
    assert_int_equal(get_counter(f, "a"), 7);
    assert_string_equal(db_last_detail(), "");
    fixture_close(f);
    fixture_open(f);
    assert_int_equal(get_counter(f, "a"), 7);
}
BOTH_ENGINES(commits)

static int refuse_work(struct db_tx *tx, void *data)
{
    int status = set_work(tx, data);

    return status == TD_OK ? 5 : status;
}

static void rolls_back_what_the_use_case_refuses(struct fixture *f)
{
    struct counter_set_in in = {.home_id = HOME, .name = "a", .value = 1};

    assert_int_equal(db_transact(f->db, DB_WRITE, f->arena, refuse_work, &in), 5);
    assert_int_equal(get_counter(f, "a"), -1);
}
BOTH_ENGINES(rolls_back_what_the_use_case_refuses)

static int many_work(struct db_tx *tx, void *data)
{
    static const char *const names[] = {"b", "a", "ạ", "B"};
    struct counter_list_row *rows = NULL;
    size_t count = 0;
    int64_t changed = 0;
    int status = TD_OK;

    (void)data;
    for (int i = 0; i < 4 && status == TD_OK; i++) {
        struct counter_set_in in = {.home_id = HOME, .name = names[i], .value = INT64_MAX - i};

        status = q_counter_set(tx, &in, &changed);
        assert_int_equal(changed, 1);
    }
    assert_int_equal(status, TD_OK);
    status = q_counter_list(tx, &(struct counter_list_in){.home_id = HOME}, &rows, &count);
    assert_int_equal(status, TD_OK);
    assert_int_equal(count, 4);
    /* By bytes, on both. */
    assert_string_equal(rows[0].name, "B");
    assert_string_equal(rows[1].name, "a");
    assert_string_equal(rows[3].name, "ạ");
    assert_true(rows[0].value == INT64_MAX - 3);
    struct counter_remove_row *removed = NULL;
    status = q_counter_remove(tx, &(struct counter_remove_in){.home_id = HOME}, &removed, &count);
    assert_int_equal(status, TD_OK);
    assert_int_equal(count, 4);
    status = q_counter_list(tx, &(struct counter_list_in){.home_id = HOME}, &rows, &count);
    assert_int_equal(count, 0);
    return status;
}

static void answers_many_rows(struct fixture *f)
{
    assert_int_equal(db_transact(f->db, DB_WRITE, f->arena, many_work, NULL), TD_OK);
}
BOTH_ENGINES(answers_many_rows)

struct taking {
    struct db_tx *tx;
    char names[64]; /* of the rows that were taken, each with a blank */
    int stop;       /* what the second row is answered */
    bool nested;    /* run a statement at the first */
};

static int take_counter(void *data, const struct counter_list_row *row)
{
    struct taking *t = data;
    bool second = t->names[0] != '\0';
    size_t n = strlen(t->names);
    (void)snprintf(t->names + n, sizeof t->names - n, "%s=%d ", row->name, (int)row->value);
    if (t->nested && !second) {
        struct counter_set_in in = {.home_id = HOME, .name = "c", .value = 3};
        int status = q_counter_set(t->tx, &in, NULL);
        assert_int_equal(status, DB_E_BUG);
    }
    return second ? t->stop : TD_OK;
}

static int each_work(struct db_tx *tx, void *data)
{
    struct taking *t = data;
    struct counter_each_in in = {.home_id = HOME};
    t->tx = tx;
    t->names[0] = '\0';
    int status = q_counter_each(tx, &in, take_counter, t);
    if (status != t->stop || t->nested) {
        return status;
    }
    /* After rows that weren't all taken, too, others run, and rows are copied again. */
    struct counter_list_row *rows = NULL;
    size_t count = 0;
    int after = q_counter_list(tx, &(struct counter_list_in){.home_id = HOME}, &rows, &count);
    assert_int_equal(after, TD_OK);
    assert_int_equal(count, 3);
    assert_string_equal(rows[0].name, "a");
    return status;
}

static void hands_on_rows_one_by_one(struct fixture *f)
{
    struct taking t = {.stop = TD_OK};
    assert_int_equal(set_counter(f->db, f->arena, "a", 1), TD_OK);
    assert_int_equal(set_counter(f->db, f->arena, "b", 2), TD_OK);
    assert_int_equal(set_counter(f->db, f->arena, "ạ", 3), TD_OK);
    assert_int_equal(db_transact(f->db, DB_READ, f->arena, each_work, &t), TD_OK);
    assert_string_equal(t.names, "a=1 b=2 ạ=3 ");
    t.stop = 7;
    assert_int_equal(db_transact(f->db, DB_READ, f->arena, each_work, &t), 7);
    assert_string_equal(t.names, "a=1 b=2 ");
    t = (struct taking){.nested = true};
    assert_int_equal(db_transact(f->db, DB_WRITE, f->arena, each_work, &t), DB_E_BUG);
    assert_non_null(strstr(db_last_detail(), "counter_set: while another hands on its rows"));
}
BOTH_ENGINES(hands_on_rows_one_by_one)

static int only_work(struct db_tx *tx, void *data)
{
    struct counter_only_row row;
    bool found = false;

    (void)data;
    int status = q_counter_only(tx, &(struct counter_only_in){.home_id = HOME}, &row, &found);
    assert_false(found && status != TD_OK);
    return status;
}

static void a_second_row_is_a_bug(struct fixture *f)
{
    assert_int_equal(set_counter(f->db, f->arena, "a", 7), TD_OK);
    assert_int_equal(db_transact(f->db, DB_READ, f->arena, only_work, NULL), TD_OK);
    assert_int_equal(set_counter(f->db, f->arena, "b", 7), TD_OK);
    assert_int_equal(db_transact(f->db, DB_READ, f->arena, only_work, NULL), DB_E_BUG);
    assert_non_null(strstr(db_last_detail(), "counter_only: more than one row"));
}
BOTH_ENGINES(a_second_row_is_a_bug)

/* ---- values ---------------------------------------------------------------------------------- */

static int add_work(struct db_tx *tx, void *data)
{
    return q_thing_add(tx, data, NULL);
}

struct thing {
    const char *id;
    struct thing_get_row row;
    bool found;
};

static int thing_work(struct db_tx *tx, void *data)
{
    struct thing *thing = data;
    struct thing_get_in in = {.home_id = HOME, .thing_id = thing->id};

    return q_thing_get(tx, &in, &thing->row, &thing->found);
}

static struct thing get_thing(struct fixture *f, const char *id)
{
    struct thing thing = {.id = id};

    assert_int_equal(db_transact(f->db, DB_READ, f->arena, thing_work, &thing), TD_OK);
    assert_true(thing.found);
    return thing;
}

static void keeps_values_as_they_are(struct fixture *f)
{
    enum { BIG = 3 * 1000 * 1000 };
    char *text = malloc(BIG + 1);
    unsigned char *bytes = malloc(BIG);

    if (text == NULL || bytes == NULL) {
        abort();
    }
    for (int i = 0; i < BIG; i++) {
        text[i] = (char)('a' + i % 26);
        bytes[i] = (unsigned char)(i * 7);
    }
    text[BIG] = '\0';
    struct thing_add_in big = {.home_id = HOME,
                               .thing_id = "big",
                               .number = INT64_MIN + 1,
                               .is_good = true,
                               .note = text,
                               .body = {bytes, BIG}};
    struct thing_add_in none = {.home_id = HOME, .thing_id = "none", .number = DB_NULL};
    struct thing_add_in empty = {.home_id = HOME, .thing_id = "empty", .note = "", .body = {"", 0}};
    assert_int_equal(db_transact(f->db, DB_WRITE, f->arena, add_work, &big), TD_OK);
    assert_int_equal(db_transact(f->db, DB_WRITE, f->arena, add_work, &none), TD_OK);
    assert_int_equal(db_transact(f->db, DB_WRITE, f->arena, add_work, &empty), TD_OK);

    struct thing_get_row row = get_thing(f, "big").row;
    assert_true(row.number == INT64_MIN + 1 && row.is_good && row.has_note);
    assert_string_equal(row.note, text);
    assert_int_equal(row.body.n, BIG);
    assert_memory_equal(row.body.bytes, bytes, BIG);
    row = get_thing(f, "none").row;
    assert_true(row.number == DB_NULL && !row.is_good && row.note == NULL && !row.has_note);
    assert_null(row.body.bytes);
    row = get_thing(f, "empty").row;
    assert_int_equal(row.number, 0);
    assert_string_equal(row.note, "");
    assert_non_null(row.body.bytes);
    assert_int_equal(row.body.n, 0);
    free(text);
    free(bytes);
}
BOTH_ENGINES(keeps_values_as_they_are)

static int note_work(struct db_tx *tx, void *data)
{
    struct thing_note_row row;
    bool found = false;

    return q_thing_note(tx, data, &row, &found);
}

static void a_null_without_a_mark_is_a_bug(struct fixture *f)
{
    struct thing_add_in none = {.home_id = HOME, .thing_id = "none"};
    struct thing_note_in note = {.home_id = HOME, .thing_id = "none"};

    assert_int_equal(db_transact(f->db, DB_WRITE, f->arena, add_work, &none), TD_OK);
    assert_int_equal(db_transact(f->db, DB_READ, f->arena, note_work, &note), DB_E_BUG);
    assert_non_null(strstr(db_last_detail(), "“note” is NULL"));
    none.thing_id = NULL;
    assert_int_equal(db_transact(f->db, DB_WRITE, f->arena, add_work, &none), DB_E_BUG);
    assert_non_null(strstr(db_last_detail(), "“thing_id” is NULL"));
    assert_int_equal(set_counter(f->db, f->arena, "a", DB_NULL), DB_E_BUG);
}
BOTH_ENGINES(a_null_without_a_mark_is_a_bug)

static void text_that_is_not_utf8_is_a_bug(struct fixture *f)
{
    assert_int_equal(set_counter(f->db, f->arena, "\xff", 1), DB_E_BUG);
    assert_non_null(strstr(db_last_detail(), "is not UTF-8"));
}
BOTH_ENGINES(text_that_is_not_utf8_is_a_bug)

static int read_much(struct db_tx *tx, void *data)
{
    struct thing *thing = data;

    return td_arena_alloc(db_arena(tx), ARENA - 1000000, 1) == NULL ? TD_E_RANGE
                                                                    : thing_work(tx, thing);
}

static void a_full_arena_fails_the_use_case(struct fixture *f)
{
    static char text[2 * 1000 * 1000];
    struct thing_add_in big = {.home_id = HOME, .thing_id = "big", .note = text};
    struct thing thing = {.id = "big"};

    memset(text, 'x', sizeof text - 1);
    assert_int_equal(db_transact(f->db, DB_WRITE, f->arena, add_work, &big), TD_OK);
    assert_int_equal(db_transact(f->db, DB_READ, f->arena, read_much, &thing), TD_E_MEMORY);
    assert_non_null(strstr(db_last_detail(), "no memory for “note”"));
}
BOTH_ENGINES(a_full_arena_fails_the_use_case)

/* ---- failures -------------------------------------------------------------------------------- */

static int part_work(struct db_tx *tx, void *data)
{
    struct part_add_in in = {.home_id = HOME, .part_id = "p", .thing_id = data};

    return q_part_add(tx, &in, NULL);
}

static int remove_work(struct db_tx *tx, void *data)
{
    struct thing_remove_in in = {.home_id = HOME, .thing_id = data};

    return q_thing_remove(tx, &in, NULL);
}

static int spoil_work(struct db_tx *tx, void *data)
{
    (void)data;
    return q_thing_spoil(tx, &(struct thing_spoil_in){.home_id = HOME, .value = 2}, NULL);
}

static void broken_rules_have_their_numbers(struct fixture *f)
{
    char x[] = "x";
    struct thing_add_in in = {.home_id = HOME, .thing_id = x};

    assert_int_equal(db_transact(f->db, DB_WRITE, f->arena, part_work, x), DB_E_REFERENCE);
    assert_int_equal(db_transact(f->db, DB_WRITE, f->arena, add_work, &in), TD_OK);
    assert_int_equal(db_transact(f->db, DB_WRITE, f->arena, add_work, &in), DB_E_UNIQUE);
    assert_non_null(strstr(db_last_detail(), "thing_add"));
    assert_int_equal(db_transact(f->db, DB_WRITE, f->arena, part_work, x), TD_OK);
    assert_int_equal(db_transact(f->db, DB_WRITE, f->arena, remove_work, x), DB_E_REFERENCE);
    assert_int_equal(db_transact(f->db, DB_WRITE, f->arena, spoil_work, NULL), DB_E_BUG);
    assert_false(db_is_outage(DB_E_UNIQUE) || db_is_outage(DB_E_BUG) || db_is_outage(TD_OK) ||
                 db_is_outage(DB_E_VERSION) || db_is_outage(TD_E_MEMORY));
    assert_true(db_is_outage(DB_E_AWAY) && db_is_outage(DB_E_BUSY) && db_is_outage(DB_E_FULL) &&
                db_is_outage(DB_E_READONLY) && db_is_outage(DB_E_BROKEN));
}
BOTH_ENGINES(broken_rules_have_their_numbers)

static int overlook_work(struct db_tx *tx, void *data)
{
    struct counter_set_in set = {.home_id = HOME, .name = "a", .value = 1};
    struct counter_set_in wrong = {.home_id = NULL, .name = "b", .value = 1};
    struct get get = {.name = "a"};

    (void)data;
    assert_int_equal(q_counter_set(tx, &set, NULL), TD_OK);
    assert_int_equal(q_counter_set(tx, &wrong, NULL), DB_E_BUG);
    set.name = "c";
    assert_int_equal(q_counter_set(tx, &set, NULL), DB_E_BUG);
    assert_int_equal(get_work(tx, &get), DB_E_BUG);
    return TD_OK;
}

static void a_failure_sticks(struct fixture *f)
{
    assert_int_equal(db_transact(f->db, DB_WRITE, f->arena, overlook_work, NULL), DB_E_BUG);
    assert_int_equal(get_counter(f, "a"), -1);
    assert_int_equal(get_counter(f, "c"), -1);
}
BOTH_ENGINES(a_failure_sticks)

static void a_write_in_a_read_is_a_bug(struct fixture *f)
{
    struct counter_set_in in = {.home_id = HOME, .name = "a", .value = 1};

    assert_int_equal(db_transact(f->db, DB_READ, f->arena, set_work, &in), DB_E_BUG);
    assert_int_equal(get_counter(f, "a"), -1);
}
BOTH_ENGINES(a_write_in_a_read_is_a_bug)

static int nested_work(struct db_tx *tx, void *data)
{
    (void)tx;
    return set_counter(data, db_arena(tx), "a", 1);
}

static void a_transaction_in_another_is_a_bug(struct fixture *f)
{
    assert_int_equal(db_transact(f->db, DB_WRITE, f->arena, nested_work, f->db), DB_E_BUG);
    assert_int_equal(db_transact(f->db, DB_READ, f->arena, nested_work, f->db), DB_E_BUG);
}
BOTH_ENGINES(a_transaction_in_another_is_a_bug)

/* ---- several at once ------------------------------------------------------------------------- */

struct snapshot {
    struct fixture *f;
    struct td_arena *arena;
};

static void *write_two(void *data)
{
    struct snapshot *snapshot = data;

    assert_int_equal(set_counter(snapshot->f->db, snapshot->arena, "a", 2), TD_OK);
    return NULL;
}

static int snapshot_work(struct db_tx *tx, void *data)
{
    struct snapshot *snapshot = data;
    struct get get = {.name = "a"};
    pthread_t thread;

    assert_int_equal(get_work(tx, &get), TD_OK);
    assert_int_equal(get.row.value, 1);
    /* Another thread, because this one is inside a transaction. */
    assert_int_equal(pthread_create(&thread, NULL, write_two, snapshot), 0);
    (void)pthread_join(thread, NULL);
    assert_int_equal(get_work(tx, &get), TD_OK);
    assert_int_equal(get.row.value, 1);
    return TD_OK;
}

static void a_reader_keeps_its_snapshot(struct fixture *f)
{
    struct snapshot snapshot = {.f = f, .arena = td_arena_new(ARENA)};

    assert_int_equal(set_counter(f->db, f->arena, "a", 1), TD_OK);
    assert_int_equal(db_transact(f->db, DB_READ, f->arena, snapshot_work, &snapshot), TD_OK);
    assert_int_equal(get_counter(f, "a"), 2);
    td_arena_free(snapshot.arena);
}
BOTH_ENGINES(a_reader_keeps_its_snapshot)

struct increments {
    struct db *db;
    int times;
    atomic_int *runs;
    pthread_barrier_t *meeting; /* where each waits once between reading and writing; or NULL */
    bool met;
    int failed;
    size_t used; /* of the arena, after the last run */
};

static int increment_work(struct db_tx *tx, void *data)
{
    struct increments *in = data;
    struct get get = {.name = "sum"};

    (void)atomic_fetch_add(in->runs, 1);
    if (td_arena_alloc(db_arena(tx), 1000, 1) == NULL) {
        return TD_E_MEMORY;
    }
    in->used = td_arena_used(db_arena(tx));
    int status = get_work(tx, &get);
    if (in->meeting != NULL && !in->met) {
        in->met = true;
        (void)pthread_barrier_wait(in->meeting);
    }
    if (status != TD_OK) {
        return status;
    }
    return q_counter_set(
        tx, &(struct counter_set_in){.home_id = HOME, .name = "sum", .value = get.row.value + 1},
        NULL);
}

static void *increment_main(void *data)
{
    struct increments *in = data;
    struct td_arena *arena = td_arena_new(ARENA);
    struct td_mark mark = td_arena_mark(arena);

    for (int i = 0; i < in->times; i++) {
        in->failed += db_transact(in->db, DB_WRITE, arena, increment_work, in) != TD_OK;
        /* Rewound before each run, so it is as if it had run once. */
        assert_in_range(in->used, 1000, 1100);
        td_arena_rewind(arena, mark);
    }
    td_arena_free(arena);
    return NULL;
}

static void increments_are_never_lost(struct fixture *f)
{
    enum { THREADS = 2, TIMES = 100 };
    struct increments in[THREADS];
    pthread_t threads[THREADS];
    pthread_barrier_t meeting;
    atomic_int runs = 0;

    assert_int_equal(set_counter(f->db, f->arena, "sum", 0), TD_OK);
    assert_int_equal(pthread_barrier_init(&meeting, NULL, THREADS), 0);
    for (int i = 0; i < THREADS; i++) {
        /* One writer at a time can't meet another. */
        in[i] = (struct increments){.db = f->db,
                                    .times = TIMES,
                                    .runs = &runs,
                                    .meeting = f->place.engine == DB_POSTGRES ? &meeting : NULL};
        assert_int_equal(pthread_create(&threads[i], NULL, increment_main, &in[i]), 0);
    }
    for (int i = 0; i < THREADS; i++) {
        (void)pthread_join(threads[i], NULL);
        assert_int_equal(in[i].failed, 0);
    }
    (void)pthread_barrier_destroy(&meeting);
    assert_int_equal(get_counter(f, "sum"), THREADS * TIMES);
    if (f->place.engine == DB_POSTGRES) {
        assert_true(atomic_load(&runs) > THREADS * TIMES);
    } else {
        assert_int_equal(atomic_load(&runs), THREADS * TIMES);
    }
}
BOTH_ENGINES(increments_are_never_lost)

/* ---- faults on request ----------------------------------------------------------------------- */

static int transfer_work(struct db_tx *tx, void *data)
{
    struct counter_set_in in = {.home_id = HOME, .name = "a", .value = 1};
    int status = q_counter_set(tx, &in, NULL);

    (void)data;
    if (status == TD_OK) {
        in.name = "b";
        status = q_counter_set(tx, &in, NULL);
    }
    return status;
}

static int run_transfer(void *data)
{
    struct fixture *f = data;

    return db_transact(f->db, DB_WRITE, f->arena, transfer_work, NULL);
}

static void check_transfer(void *data, bool is_done)
{
    assert_int_equal(get_counter(data, "a"), is_done ? 1 : -1);
    assert_int_equal(get_counter(data, "b"), is_done ? 1 : -1);
}

static void a_failure_at_any_statement_leaves_nothing(struct fixture *f)
{
    /* Two statements and COMMIT. */
    assert_int_equal(fail_each_statement(f->db, DB_E_FULL, run_transfer, check_transfer, f), 3);
}
BOTH_ENGINES(a_failure_at_any_statement_leaves_nothing)

int main(void)
{
    const struct CMUnitTest tests[] = {
        RUN_BOTH(commits),
        RUN_BOTH(rolls_back_what_the_use_case_refuses),
        RUN_BOTH(answers_many_rows),
        RUN_BOTH(hands_on_rows_one_by_one),
        RUN_BOTH(a_second_row_is_a_bug),
        RUN_BOTH(keeps_values_as_they_are),
        RUN_BOTH(a_null_without_a_mark_is_a_bug),
        RUN_BOTH(text_that_is_not_utf8_is_a_bug),
        RUN_BOTH(a_full_arena_fails_the_use_case),
        RUN_BOTH(broken_rules_have_their_numbers),
        RUN_BOTH(a_failure_sticks),
        RUN_BOTH(a_write_in_a_read_is_a_bug),
        RUN_BOTH(a_transaction_in_another_is_a_bug),
        RUN_BOTH(a_reader_keeps_its_snapshot),
        RUN_BOTH(increments_are_never_lost),
        RUN_BOTH(a_failure_at_any_statement_leaves_nothing),
    };

    return cmocka_run_group_tests_name("db/transaction", tests, NULL, NULL);
}
