/*
 * The demonstration: filled once, entered without a password, and never on an office's data.
 */
#include "office_test.h"

#include "office/authority.h"
#include "office/demo.h"
#include "office/result.h"
#include "office/year.h"

static int install(struct fixture *f)
{
    struct td_problems problems = TD_PROBLEMS(f->arena, NULL);
    return demo_install(f->office, ".", f->arena, &problems);
}

static const struct actor *enter(struct fixture *f, const char *login)
{
    struct session_begun begun;
    const struct actor *actor = NULL;
    assert_int_equal(demo_enter(f->office, login, f->arena, &begun), TD_OK);
    assert_int_equal(session_find(f->office, begun.token, f->arena, &actor), TD_OK);
    return actor;
}

static void filled_once(struct fixture *f)
{
    struct account_installation found;
    struct audit_report report;
    struct authority *authorities = NULL;
    size_t count = 0;
    assert_int_equal(install(f), TD_OK);
    assert_int_equal(install(f), TD_OK);
    assert_int_equal(authority_list(f->office, &f->program, f->arena, &authorities, &count), TD_OK);
    assert_int_equal(count, 3);
    assert_int_equal(account_install(f->office, &f->program, f->arena, &found), TD_OK);
    assert_true(found.is_demo);
    assert_int_equal(audit_verify(f->office, f->arena, &report), TD_OK);
    assert_null(report.first);
    assert_true(report.entries > 100);
}

/* The tables' sizes, as the use cases show them. */
static void assert_complete(struct fixture *f)
{
    static const struct {
        const char *login;
        size_t years;
    } officers[] = {
        {"haiphong.chuyenvien", 1}, {"bacgiang.chuyenvien", 1}, {"hadong.chuyenvien", 2}};
    struct authority *authorities = NULL;
    const struct account *accounts = NULL;
    struct year_brief *years = NULL;
    struct bloc_year *year = NULL;
    size_t count = 0, members = 0;
    assert_int_equal(authority_list(f->office, &f->program, f->arena, &authorities, &count), TD_OK);
    assert_int_equal(count, 3);
    for (size_t i = 0; i < 3; i++) {
        const struct actor *actor = enter(f, officers[i].login);
        assert_int_equal(year_list(f->office, actor, f->arena, 10, &years, &count), TD_OK);
        assert_int_equal(count, officers[i].years);
        assert_int_equal(
            year_get(f->office, actor, f->arena, years[0].home_id, years[0].year_id, &year), TD_OK);
        assert_true(year->member_count > 3 && (years[0].label[3] != '5' || year->term_count > 0));
        members += (size_t)year->member_count;
    }
    assert_int_equal(account_list(f->office, &f->program, "", 1000, f->arena, &accounts, &count),
                     TD_OK);
    assert_int_equal(count, 2 * (3 + members)); /* two for each authority and for each member */
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(accounts[i].role_count, 1);
    }
    (void)audit_entries(f);
}

/* It is many use cases; a run that is cut short is completed by the next, wherever that was. */
static void completed(struct fixture *f)
{
    enum { STEP = 397 };
    bool cut = true;
    for (long nth = 1; cut; nth += STEP) {
        struct fixture other;
        fixture_init(&other, f->place.engine);
        (void)db_fail_statement(other.db, nth, DB_E_FULL);
        int status = install(&other);
        cut = db_fail_statement(other.db, 0, TD_OK) >= nth;
        assert_int_equal(status, cut ? DB_E_FULL : TD_OK);
        assert_int_equal(install(&other), TD_OK);
        assert_complete(&other);
        fixture_release(&other);
    }
}

/* Every year of the demonstration can be scored by its officer, as its file says. */
static void years_score(struct fixture *f)
{
    static const struct {
        const char *login;
        size_t years;
        bool final;
    } officers[] = {{"haiphong.chuyenvien", 1, true},
                    {"bacgiang.chuyenvien", 1, false},
                    {"hadong.chuyenvien", 2, true}};
    assert_int_equal(install(f), TD_OK);
    for (size_t i = 0; i < 3; i++) {
        const struct actor *actor = enter(f, officers[i].login);
        struct td_problems problems = TD_PROBLEMS(f->arena, NULL);
        struct year_brief *years = NULL;
        struct result result;
        size_t count = 0;
        assert_int_equal(year_list(f->office, actor, f->arena, 10, &years, &count), TD_OK);
        assert_int_equal(count, officers[i].years);
        assert_int_equal(result_get(f->office, actor, f->arena, years[count - 1].home_id,
                                    years[count - 1].year_id, &problems, &result),
                         TD_OK);
        assert_non_null(result.result);
        assert_int_equal(result.result->final, officers[i].final);
    }
}

/* The year to fill in: a unit's officer owes a sheet, and sees no other authority's year. */
static void owed(struct fixture *f)
{
    struct year_brief *years = NULL;
    struct sheet_board board;
    size_t count = 0;
    int32_t owes = 0;
    assert_int_equal(install(f), TD_OK);
    const struct actor *actor = enter(f, "hadong.sen.canbo");
    assert_int_equal(year_list(f->office, actor, f->arena, 10, &years, &count), TD_OK);
    assert_int_equal(count, 2);
    assert_string_equal(years[0].label, "2025");
    assert_int_equal(
        sheet_board(f->office, actor, f->arena, years[0].home_id, years[0].year_id, &board), TD_OK);
    for (int32_t i = 0; i < board.count; i++) {
        owes += board.sheets[i].owed;
    }
    assert_true(owes > 0);
    assert_true(board.sealed);
    const struct actor *other = enter(f, "haiphong.chuyenvien");
    struct bloc_year *year = NULL;
    assert_int_equal(
        year_get(f->office, other, f->arena, years[0].home_id, years[0].year_id, &year),
        OFFICE_NOT_FOUND);
}

static void refused_on_an_office(struct fixture *f)
{
    struct account_installation found;
    struct session_begun begun;
    struct authority *authorities = NULL;
    size_t count = 0;
    assert_int_equal(account_install(f->office, &f->program, f->arena, &found), TD_OK);
    assert_int_equal(install(f), OFFICE_FORBIDDEN);
    assert_int_equal(demo_enter(f->office, "admin", f->arena, &begun), OFFICE_FORBIDDEN);
    assert_int_equal(authority_list(f->office, &f->program, f->arena, &authorities, &count), TD_OK);
    assert_int_equal(count, 0);
}

static void nobody_else(struct fixture *f)
{
    struct session_begun begun;
    assert_int_equal(install(f), TD_OK);
    assert_int_equal(demo_enter(f->office, "nobody", f->arena, &begun), OFFICE_NOT_FOUND);
    assert_int_equal(demo_enter(f->office, "' OR 1=1", f->arena, &begun), OFFICE_NOT_FOUND);
}

BOTH_ENGINES(filled_once)
BOTH_ENGINES(completed)
BOTH_ENGINES(years_score)
BOTH_ENGINES(owed)
BOTH_ENGINES(refused_on_an_office)
BOTH_ENGINES(nobody_else)

int main(void)
{
    const struct CMUnitTest tests[] = {
        RUN_BOTH(filled_once),          RUN_BOTH(completed),
        RUN_BOTH(years_score),          RUN_BOTH(owed),
        RUN_BOTH(refused_on_an_office), RUN_BOTH(nobody_else),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
