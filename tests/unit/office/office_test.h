/*
 * What the tests of use cases share: an office on a fresh database of either engine, with a clock
 * that stands still until it is moved.
 */
#ifndef TESTS_UNIT_OFFICE_OFFICE_TEST_H
#define TESTS_UNIT_OFFICE_OFFICE_TEST_H

#include "office/account.h"
#include "office/audit.h"
#include "office/office.h"
#include "office/session.h"

#include "place.h"

#define SECOND INT64_C(1000)
#define MINUTE (60 * SECOND)
#define HOUR (60 * MINUTE)
#define DAY (24 * HOUR)
#define PASSWORD "four words nobody knows"

struct fixture {
    struct place place;
    struct db *db;
    struct office *office;
    struct td_arena *arena;
    struct actor program;
    int64_t now;
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

    *f = (struct fixture){.program = OFFICE_PROGRAM, .now = INT64_C(1732000000000)};
    f->arena = td_arena_new((size_t)64 * 1024 * 1024);
    assert_non_null(f->arena);
    place_init(&f->place, engine);
    if (db_open(f->place.url, &options, &f->db, &detail) != TD_OK ||
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
    place_release(&f->place);
}

/* How many entries the audit has; it must hold. */
static inline int64_t audit_entries(struct fixture *f)
{
    struct audit_report report;

    assert_int_equal(audit_verify(f->office, f->arena, &report), TD_OK);
    assert_null(report.first);
    return report.entries;
}

#endif
