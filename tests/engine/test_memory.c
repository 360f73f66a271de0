/*
 * What happens when memory runs out at any allocation: the examples are scored, explained and
 * checked in arenas that grow step by step until they suffice. Every smaller one must end with
 * TD_E_MEMORY, never with a crash or with half a result.
 */
#include "format/format.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/banned.h"

#define ENOUGH ((size_t)512 << 20)

static const char *const years[] = {
    "examples/hai-phong-2024/year.json",
    "examples/bac-giang-2022/year.json",
    "examples/ha-dong-2024/year.json",
};

struct loaded {
    struct td_arena *arena;
    struct td_regulation *regulation;
    struct td_year *year;
};

static struct loaded load(const char *path)
{
    struct loaded l = {.arena = td_arena_new(ENOUGH)};
    struct td_problems problems = TD_PROBLEMS(l.arena, path);
    int status = format_year_read(path, NULL, l.arena, &problems, &l.regulation, &l.year);
    assert_int_equal(status, TD_OK);
    return l;
}

/* Grow the arena by a few bytes at a time, so that every allocation is the one that fails once. */
#define FOR_EACH_LIMIT(arena_, status_)                                                            \
    (status_) = TD_E_MEMORY;                                                                       \
    for (size_t limit_ = 1; (status_) == TD_E_MEMORY; limit_ += 1 + limit_ / 256)                  \
        if (((arena_) = td_arena_new(limit_)) != NULL)

static void test_memory__score(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(years) / sizeof(years[0]); i++) {
        struct loaded l = load(years[i]);
        struct td_arena *arena;
        int status, failures = 0;
        FOR_EACH_LIMIT(arena, status)
        {
            struct td_result *result = NULL;
            status = td_score(l.regulation, l.year, arena, &result);
            assert_true(status == TD_OK || status == TD_E_MEMORY);
            assert_true((status == TD_OK) == (result != NULL));
            failures += status == TD_E_MEMORY;
            td_arena_free(arena);
        }
        assert_true(failures > 50);
        td_arena_free(l.arena);
    }
}

static void test_memory__explain(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(years) / sizeof(years[0]); i++) {
        struct loaded l = load(years[i]);
        struct td_result *result = NULL;
        struct td_arena *arena;
        int status, failures = 0;
        assert_int_equal(td_score(l.regulation, l.year, l.arena, &result), TD_OK);
        FOR_EACH_LIMIT(arena, status)
        {
            struct td_step *step = NULL;
            status = td_explain(l.regulation, l.year, result, 0, arena, &step);
            assert_true(status == TD_OK || status == TD_E_MEMORY);
            assert_true((status == TD_OK) == (step != NULL));
            failures += status == TD_E_MEMORY;
            td_arena_free(arena);
        }
        assert_true(failures > 50);
        td_arena_free(l.arena);
    }
}

/* A check that finds a lot to tell needs memory to tell it. */
static void test_memory__checks(void **state)
{
    (void)state;
    struct loaded l = load(years[1]);
    struct td_arena *arena;
    int status, failures = 0;
    for (int32_t i = 0; i < l.regulation->node_count; i++) {
        l.regulation->nodes[i].points += 1 + i;
    }
    l.year->head = TD_NONE;
    FOR_EACH_LIMIT(arena, status)
    {
        struct td_problems problems = TD_PROBLEMS(arena, "regulation.json");
        status = td_regulation_check(l.regulation, &problems);
        assert_true(status == TD_E_INVALID || status == TD_E_MEMORY);
        failures += status == TD_E_MEMORY;
        td_arena_free(arena);
    }
    FOR_EACH_LIMIT(arena, status)
    {
        struct td_problems problems = TD_PROBLEMS(arena, "year.json");
        status = td_year_check(l.regulation, l.year, &problems);
        assert_true(status == TD_E_INVALID || status == TD_E_MEMORY);
        failures += status == TD_E_MEMORY;
        td_arena_free(arena);
    }
    assert_true(failures > 10);
    td_arena_free(l.arena);
}

/* Reading a file whole, with all its texts. */
static void test_memory__read(void **state)
{
    (void)state;
    struct td_arena *arena;
    int status, failures = 0;
    status = TD_E_MEMORY;
    for (size_t limit = 1024; status == TD_E_MEMORY; limit += 1 + limit / 16) {
        struct td_regulation *regulation = NULL;
        struct td_year *year = NULL;
        arena = td_arena_new(limit);
        if (arena == NULL) {
            continue;
        }
        struct td_problems problems = TD_PROBLEMS(arena, years[0]);
        status = format_year_read(years[0], NULL, arena, &problems, &regulation, &year);
        assert_true(status == TD_OK || status == TD_E_MEMORY);
        assert_true((status == TD_OK) == (year != NULL));
        failures += status == TD_E_MEMORY;
        td_arena_free(arena);
    }
    assert_true(failures > 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_memory__score),
        cmocka_unit_test(test_memory__explain),
        cmocka_unit_test(test_memory__checks),
        cmocka_unit_test(test_memory__read),
    };
    return cmocka_run_group_tests_name("memory", tests, NULL, NULL);
}
