/*
 * The audit chain's canonical form against values computed elsewhere, and chains that don't mix.
 * What tampering shows as is tested with the program itself (tests/cli/test_server.py).
 */
#include "office_test.h"

#include "db/queries.h"
#include "office/secret.h"

struct writing {
    struct fixture *f;
    struct audit_change change;
    struct audit_entries_after_row *rows;
    size_t count;
};

static int write_one(struct db_tx *tx, void *data)
{
    const struct writing *w = data;
    return audit_write(tx, w->f->office, &w->f->program, &w->change);
}

static int read_all(struct db_tx *tx, void *data)
{
    struct writing *w = data;
    return q_audit_entries_after(
        tx, &(struct audit_entries_after_in){.home_id = "", .chain = "", .seq = 0, .count = 1000},
        &w->rows, &w->count);
}

static void write_change(struct fixture *f, const char *home_id, const char *chain, const char *old,
                         const char *new)
{
    struct writing w = {.f = f,
                        .change = {.home_id = home_id,
                                   .chain = chain,
                                   .for_id = "u1",
                                   .verb = "sheet.submit",
                                   .object = "phiếu",
                                   .old = old,
                                   .new = new}};
    assert_int_equal(db_transact(f->db, DB_WRITE, f->arena, write_one, &w), TD_OK);
}

static void assert_hash(const char *text, const char *hash)
{
    char computed[SECRET_HASH_TEXT];
    assert_int_equal(secret_hash(text, computed), TD_OK);
    assert_string_equal(hash, computed);
}

/* The form as audit.h words it, written out by hand. */
static void test_audit__hashes_the_form_that_is_specified(struct fixture *f)
{
    struct writing w = {.f = f};
    char text[1024];

    write_change(f, "h1", "home", NULL, "mới\n");
    write_change(f, "h1", "home", "", NULL);
    assert_int_equal(db_transact(f->db, DB_READ, f->arena, read_all, &w), TD_OK);
    assert_int_equal(w.count, 2);
    const struct audit_entries_after_row *e = &w.rows[0];
    assert_int_equal(strlen(e->salt), 32);
    (void)snprintf(text, sizeof text, "thidua-payload/1\n32:%s\n-\n6:mới\n\n", e->salt);
    assert_hash(text, e->payload_hash);
    (void)snprintf(text, sizeof text,
                   "thidua-audit/1\n2:h1\n4:home\n1:1\n13:1732000000000\n7:program\n2:u1\n"
                   "12:sheet.submit\n7:phiếu\n64:%s\n64:%064d\n",
                   e->payload_hash, 0);
    assert_hash(text, e->hash);
    e = &w.rows[1];
    (void)snprintf(text, sizeof text, "thidua-payload/1\n32:%s\n0:\n-\n", e->salt);
    assert_hash(text, e->payload_hash);
    (void)snprintf(text, sizeof text,
                   "thidua-audit/1\n2:h1\n4:home\n1:2\n13:1732000000000\n7:program\n2:u1\n"
                   "12:sheet.submit\n7:phiếu\n64:%s\n64:%s\n",
                   e->payload_hash, w.rows[0].hash);
    assert_hash(text, e->hash);
}
BOTH_ENGINES(test_audit__hashes_the_form_that_is_specified)

/* More than one batch of the check, with a chain's end at its edge. */
static void test_audit__many_chains_hold(struct fixture *f)
{
    struct audit_report report;

    for (int i = 0; i < 500; i++) {
        write_change(f, "h1", "year1", "1", "2");
    }
    for (int i = 0; i < 30; i++) {
        write_change(f, i % 2 == 0 ? "h1" : "h2", "home", NULL, "x");
        write_change(f, "h2", "year1", NULL, NULL);
    }
    assert_int_equal(audit_verify(f->office, f->arena, &report), TD_OK);
    assert_null(report.first);
    assert_int_equal(report.chains, 4);
    assert_int_equal(report.entries, 560);
    assert_int_equal(report.erased, 0);
}
BOTH_ENGINES(test_audit__many_chains_hold)

int main(void)
{
    const struct CMUnitTest tests[] = {
        RUN_BOTH(test_audit__hashes_the_form_that_is_specified),
        RUN_BOTH(test_audit__many_chains_hold),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
