/*
 * What is decided about missing sheets (SCO-8): by whom, for how many, and what the result makes of
 * it.
 */
#include "bench.h"

#include "office/result.h"
#include "office/settle.h"

#define CROSS_RULES "regulations/hai-phong-2024/regulation.json"

/* Three members who score themselves and each other; nothing is submitted. */
static void set_up_cross(struct bench *b, struct fixture *f)
{
    struct td_problems problems = TD_PROBLEMS(f->arena, NULL);
    *b = (struct bench){.f = f};
    assert_int_equal(make_year(f->office, &f->program, f->arena, CROSS_RULES, &problems, &b->y),
                     TD_OK);
    b->officer = acting(b, 0, OFFICE_UNIT_OFFICER, b->y.units[0]);
    b->leader = acting(b, 1, OFFICE_LEADER, b->y.units[0]);
    b->other = acting(b, 2, OFFICE_LEADER, b->y.units[1]);
    b->keeper = acting(b, 3, OFFICE_OFFICER, b->y.authority_id);
    b->stranger = acting(b, 4, OFFICE_LEADER, b->y.units[0]);
    b->roles[4].home_id = "another-home";
}

static struct sheet_key cross(const struct bench *b, int rater, int unit)
{
    return (struct sheet_key){.home_id = b->y.home_id,
                              .year_id = b->y.year_id,
                              .stage = "cross",
                              .rater = b->y.units[rater],
                              .unit = b->y.units[unit]};
}

static int decide(struct bench *b, const struct actor *actor, const struct sheet_key *key,
                  const char *unit, bool count_without, int64_t version)
{
    struct td_problems problems = TD_PROBLEMS(b->f->arena, NULL);
    const struct settlement settlement = {.unit = unit,
                                          .count_without = count_without,
                                          .reason = "đơn vị đã giải thể",
                                          .by = "Hội nghị trù bị",
                                          .version = version};
    return settling_save(b->f->office, actor, b->f->arena, key, &settlement, &problems);
}

static int32_t missing(struct bench *b)
{
    struct td_problems problems = TD_PROBLEMS(b->f->arena, NULL);
    struct result result;
    int32_t count = 0;
    assert_int_equal(result_get(b->f->office, &b->keeper, b->f->arena, b->y.home_id, b->y.year_id,
                                &problems, &result),
                     TD_OK);
    assert_non_null(result.result);
    for (const struct td_open *o = result.result->open; o != NULL; o = o->next) {
        count += o->kind == TD_OPEN_SHEET;
    }
    return count;
}

static void test_settle__changes_what_is_open(struct fixture *f)
{
    struct bench b;
    struct settling s;
    set_up_cross(&b, f);
    struct sheet_key key = cross(&b, 2, 0);
    assert_int_equal(missing(&b), 9); /* three of their own, six of others */
    assert_int_equal(settling_get(f->office, &b.keeper, f->arena, &key, &s), TD_OK);
    assert_true(s.may_settle);
    assert_int_equal(s.settlement.version, 0);
    assert_int_equal(decide(&b, &b.keeper, &key, key.unit, true, 0), TD_OK);
    assert_int_equal(missing(&b), 8);
    assert_int_equal(decide(&b, &b.keeper, &key, key.unit, false, 0), OFFICE_CONFLICT);
    assert_int_equal(decide(&b, &b.keeper, &key, key.unit, false, 1), TD_OK); /* wait after all */
    assert_int_equal(missing(&b), 9);
    assert_int_equal(settling_get(f->office, &b.keeper, f->arena, &key, &s), TD_OK);
    assert_false(s.settlement.count_without);
    assert_string_equal(s.settlement.reason, "đơn vị đã giải thể");
    assert_int_equal(s.settlement.version, 2);
    assert_true(audit_entries(f) > 0);
}
BOTH_ENGINES(test_settle__changes_what_is_open)

/* What was said of one sheet stands before what was said of all. */
static void test_settle__all_sheets_of_a_rater(struct fixture *f)
{
    struct bench b;
    struct settling s;
    set_up_cross(&b, f);
    struct sheet_key first = cross(&b, 2, 0), second = cross(&b, 2, 1);
    assert_int_equal(decide(&b, &b.keeper, &first, "", true, 0), TD_OK);
    assert_int_equal(missing(&b), 7);
    assert_int_equal(settling_get(f->office, &b.keeper, f->arena, &second, &s), TD_OK);
    assert_string_equal(s.settlement.unit, "");
    assert_int_equal(decide(&b, &b.keeper, &second, second.unit, false, 1), TD_OK);
    assert_int_equal(missing(&b), 8);
    assert_int_equal(settling_get(f->office, &b.keeper, f->arena, &second, &s), TD_OK);
    assert_string_equal(s.settlement.unit, second.unit);
    /* Whoever saw less than both is told, whichever he decides about. */
    assert_int_equal(decide(&b, &b.keeper, &second, "", true, 1), OFFICE_CONFLICT);
    assert_int_equal(decide(&b, &b.keeper, &second, second.unit, true, 1), OFFICE_CONFLICT);
    assert_int_equal(decide(&b, &b.keeper, &first, first.unit, true, 0), OFFICE_CONFLICT);
    assert_int_equal(s.settlement.version, 2);
    assert_int_equal(decide(&b, &b.keeper, &second, "", true, 2), TD_OK);
}
BOTH_ENGINES(test_settle__all_sheets_of_a_rater)

static void test_settle__by_whom(struct fixture *f)
{
    struct bench b;
    set_up_cross(&b, f);
    struct sheet_key third = cross(&b, 2, 0), heads = cross(&b, 0, 1);
    assert_int_equal(decide(&b, &b.leader, &third, third.unit, true, 0), TD_OK);
    assert_int_equal(decide(&b, &b.officer, &third, third.unit, true, 1), OFFICE_FORBIDDEN);
    assert_int_equal(decide(&b, &b.other, &third, third.unit, true, 1), OFFICE_FORBIDDEN);
    assert_int_equal(decide(&b, &b.stranger, &third, third.unit, true, 1), OFFICE_NOT_FOUND);
    /* USE-4: about the head's own sheets the deputy's leader decides. */
    assert_int_equal(decide(&b, &b.leader, &heads, heads.unit, true, 0), OFFICE_FORBIDDEN);
    assert_int_equal(decide(&b, &b.other, &heads, heads.unit, true, 0), TD_OK);
    struct sheet_key nobody = cross(&b, 1, 1); /* nobody scores itself at this stage */
    assert_int_equal(decide(&b, &b.keeper, &nobody, nobody.unit, true, 0), OFFICE_NOT_FOUND);
}
BOTH_ENGINES(test_settle__by_whom)

/* Without a deputy nobody of the bloc decides about the head's own sheets. */
static void test_settle__without_a_deputy(struct fixture *f)
{
    struct bench b;
    set_up_cross(&b, f);
    struct td_problems problems = TD_PROBLEMS(f->arena, NULL);
    struct settling s;
    assert_int_equal(year_create(f->office, &b.keeper, f->arena, b.y.home_id, b.y.bloc_id, "2025",
                                 b.y.year_id, &problems, &b.y.year_id),
                     TD_OK);
    assert_int_equal(year_set_term(f->office, &b.keeper, f->arena, b.y.home_id, b.y.year_id, false,
                                   b.y.units[0], (struct td_date){2024, 1, 1}, &problems),
                     TD_OK);
    struct sheet_key heads = cross(&b, 0, 1);
    assert_int_equal(settling_get(f->office, &b.leader, f->arena, &heads, &s), TD_OK);
    assert_int_equal(s.decides, TD_NONE);
    assert_false(s.may_settle);
    assert_int_equal(decide(&b, &b.leader, &heads, heads.unit, true, 0), OFFICE_FORBIDDEN);
    assert_int_equal(decide(&b, &b.keeper, &heads, heads.unit, true, 0), TD_OK);
}
BOTH_ENGINES(test_settle__without_a_deputy)

static void test_settle__needs_a_reason(struct fixture *f)
{
    struct bench b;
    set_up_cross(&b, f);
    struct td_problems problems = TD_PROBLEMS(f->arena, NULL);
    struct sheet_key key = cross(&b, 2, 0);
    const struct settlement bare = {.unit = key.unit, .reason = " ", .by = ""};
    assert_int_equal(settling_save(f->office, &b.keeper, f->arena, &key, &bare, &problems),
                     OFFICE_REFUSED);
    assert_int_equal(problems.errors, 2);
    assert_string_equal(problems.first->where, "reason");
}
BOTH_ENGINES(test_settle__needs_a_reason)

int main(void)
{
    const struct CMUnitTest tests[] = {
        RUN_BOTH(test_settle__changes_what_is_open),
        RUN_BOTH(test_settle__all_sheets_of_a_rater),
        RUN_BOTH(test_settle__by_whom),
        RUN_BOTH(test_settle__without_a_deputy),
        RUN_BOTH(test_settle__needs_a_reason),
    };
    return cmocka_run_group_tests_name("settle", tests, NULL, NULL);
}
