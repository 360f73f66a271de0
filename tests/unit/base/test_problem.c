/*
 * The list of problems.
 */
#include "thidua/problem.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "base/banned.h"

#define LIMIT ((size_t)1024 * 1024)

static void test_problem__keeps_the_order_of_finding(void **state)
{
    (void)state;
    struct td_arena *arena = td_arena_new(LIMIT);
    assert_non_null(arena);
    struct td_problems list = TD_PROBLEMS(arena, "rules.json");

    assert_null(list.first);
    td_problem_add(&list, TD_ERROR, "/a", TD_MESSAGE("{0} is missing", TD_TEXT("a")),
                   (struct td_message){0});
    td_problem_add(&list, TD_NOTICE, NULL, TD_MESSAGE("{0} is odd", TD_COUNT(3)),
                   TD_MESSAGE("Look at {0}", TD_TEXT("b")));

    const struct td_problem *first = list.first;
    assert_int_equal(first->severity, TD_ERROR);
    assert_string_equal(first->file, "rules.json");
    assert_string_equal(first->where, "/a");
    assert_string_equal(first->what.id, "{0} is missing");
    assert_string_equal(first->what.args[0].text, "a");
    assert_int_equal(first->what.args[1].kind, TD_ARG_NONE);
    assert_null(first->remedy.id);

    const struct td_problem *second = first->next;
    assert_ptr_equal(second, list.last);
    assert_null(second->next);
    assert_int_equal(second->severity, TD_NOTICE);
    assert_string_equal(second->where, "");
    assert_int_equal(second->what.args[0].count, 3);
    assert_string_equal(second->remedy.id, "Look at {0}");
    assert_int_equal(list.errors, 1);
    assert_int_equal(list.notices, 1);
    assert_false(list.full);
    td_arena_free(arena);
}

static void test_problem__counts_beyond_the_limit(void **state)
{
    (void)state;
    struct td_arena *arena = td_arena_new(LIMIT);
    assert_non_null(arena);
    struct td_problems list = TD_PROBLEMS(arena, NULL);

    for (int i = 0; i < TD_PROBLEMS_LIMIT + 50; i++) {
        td_problem_add(&list, TD_NOTICE, "", TD_MESSAGE("{0}", TD_COUNT(i)),
                       (struct td_message){0});
    }
    /* Notices don't crowd out the error that comes after them. */
    td_problem_add(&list, TD_ERROR, "", TD_MESSAGE("{0}", TD_COUNT(-1)), (struct td_message){0});

    size_t kept = 0;
    for (const struct td_problem *problem = list.first; problem != NULL; problem = problem->next) {
        kept++;
    }
    assert_int_equal(kept, TD_PROBLEMS_LIMIT + 1);
    assert_int_equal(list.last->severity, TD_ERROR);
    assert_int_equal(list.notices, TD_PROBLEMS_LIMIT + 50);
    assert_int_equal(list.errors, 1);
    assert_false(list.full);
    td_arena_free(arena);
}

static void test_problem__remembers_a_full_arena(void **state)
{
    (void)state;
    struct td_arena *arena = td_arena_new(0);
    assert_non_null(arena);
    struct td_problems list = TD_PROBLEMS(arena, NULL);

    td_problem_add(&list, TD_ERROR, "", TD_MESSAGE("{0}", TD_COUNT(1)), (struct td_message){0});
    assert_true(list.full);
    assert_null(list.first);
    assert_int_equal(list.errors, 1);
    td_arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_problem__keeps_the_order_of_finding),
        cmocka_unit_test(test_problem__counts_beyond_the_limit),
        cmocka_unit_test(test_problem__remembers_a_full_arena),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
