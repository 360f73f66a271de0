/*
 * A sheet that came on paper, entered on a unit's behalf (USE-10): by whom, in which states, and
 * what is shown of it.
 */
#include "bench.h"

#define PAPER "01/PTC ngày 5/12/2024, Chủ tịch ký"

/* The third unit's own sheet. The first is the head, the second the deputy. */
static int enter(struct bench *b, const struct actor *actor, int unit, const char *paper)
{
    struct td_problems problems = TD_PROBLEMS(b->f->arena, NULL);
    struct sheet_key key = own(b, unit);
    return sheet_move(b->f->office, actor, b->f->arena, &key, SHEET_ENTER, paper, 0, &problems);
}

static int open_sheet(struct bench *b, const struct actor *actor, int unit, struct sheet **ret)
{
    struct sheet_key key = own(b, unit);
    return sheet_get(b->f->office, actor, b->f->arena, &key, ret);
}

static int write_one(struct bench *b, const struct actor *actor, int unit)
{
    struct td_problems problems = TD_PROBLEMS(b->f->arena, NULL);
    struct sheet_key key = own(b, unit);
    struct sheet_input input = value("III.1", 90, 0, 0);
    struct sheet_saved saved;
    return sheet_save(b->f->office, actor, b->f->arena, &key, &input, 1, &problems, &saved);
}

static void test_paper__by_the_heads_office(struct fixture *f)
{
    struct bench b;
    struct sheet *s = NULL;
    struct bloc_year *year = NULL;
    set_up(&b, f);
    assert_int_equal(open_sheet(&b, &b.officer, 2, &s), TD_OK);
    assert_true(s->may_enter);
    assert_false(s->may_write);
    assert_int_equal(write_one(&b, &b.officer, 2), OFFICE_FORBIDDEN);
    assert_int_equal(enter(&b, &b.officer, 2, "  "), OFFICE_REFUSED); /* from which paper? */
    assert_int_equal(enter(&b, &b.officer, 2, PAPER), TD_OK);
    assert_int_equal(enter(&b, &b.officer, 2, PAPER), OFFICE_CONFLICT); /* it is begun */

    assert_int_equal(write_one(&b, &b.officer, 2), TD_OK);
    assert_int_equal(open_sheet(&b, &b.officer, 2, &s), TD_OK);
    assert_int_equal(year_get(f->office, &b.officer, f->arena, b.y.home_id, b.y.year_id, &year),
                     TD_OK);
    assert_string_equal(s->paper, PAPER);
    assert_string_equal(s->proxy_name, year->members[0].name);
    assert_string_equal(s->rater_name, year->members[2].name);
    assert_true(s->may_prepare);
    assert_false(s->may_submit); /* the leader submits */
    assert_int_equal(open_sheet(&b, &b.leader, 2, &s), TD_OK);
    assert_true(s->may_submit);
}
BOTH_ENGINES(test_paper__by_the_heads_office)

/* Nobody else enters it or sees it, the deputy too; but the unit itself may go on. */
static void test_paper__by_nobody_else(struct fixture *f)
{
    struct bench b;
    struct sheet *s = NULL;
    struct actor_role role;
    set_up(&b, f);
    struct actor third = b.other;
    role = b.roles[2];
    role.scope_id = b.y.units[2];
    third.roles = &role;
    assert_int_equal(enter(&b, &b.other, 2, PAPER), OFFICE_NOT_FOUND);
    assert_int_equal(enter(&b, &b.keeper, 2, PAPER), OFFICE_NOT_FOUND);
    assert_int_equal(enter(&b, &third, 2, PAPER), OFFICE_FORBIDDEN); /* it writes as itself */
    assert_int_equal(enter(&b, &b.stranger, 2, PAPER), OFFICE_NOT_FOUND);
    assert_int_equal(enter(&b, &b.leader, 2, PAPER), TD_OK);
    assert_int_equal(open_sheet(&b, &b.other, 2, &s), OFFICE_NOT_FOUND);
    assert_int_equal(write_one(&b, &third, 2), TD_OK);
    assert_int_equal(open_sheet(&b, &third, 2, &s), TD_OK);
    assert_true(s->may_submit);
    assert_string_equal(s->paper, PAPER);
}
BOTH_ENGINES(test_paper__by_nobody_else)

/* USE-4: the deputy handles what concerns the head. A sheet that its unit began stays its own. */
static void test_paper__the_heads_own(struct fixture *f)
{
    struct bench b;
    struct sheet *s = NULL;
    set_up(&b, f);
    assert_int_equal(enter(&b, &b.other, 0, PAPER), TD_OK);
    assert_int_equal(open_sheet(&b, &b.other, 0, &s), TD_OK);
    assert_true(s->may_write);
    assert_int_equal(write_one(&b, &b.other, 1), TD_OK); /* its own */
    assert_int_equal(enter(&b, &b.leader, 1, PAPER), OFFICE_NOT_FOUND);
}
BOTH_ENGINES(test_paper__the_heads_own)

static const struct sheet_brief *brief_of(const struct sheet_board *board, int32_t unit)
{
    for (int32_t i = 0; i < board->count; i++) {
        if (board->sheets[i].unit == unit && board->sheets[i].rater == unit) {
            return &board->sheets[i];
        }
    }
    fail_msg("no sheet of its own about unit %d", unit);
    abort();
}

/* What the head enters for others doesn't seal what it may see of its own, and is its task. */
static void test_paper__on_the_years_page(struct fixture *f)
{
    struct bench b;
    struct sheet_board board;
    set_up(&b, f);
    fill(&b);
    assert_int_equal(move(&b, &b.leader, SHEET_SUBMIT, NULL), TD_OK);
    assert_int_equal(sheet_board(f->office, &b.officer, f->arena, b.y.home_id, b.y.year_id, &board),
                     TD_OK);
    assert_true(brief_of(&board, 2)->may_enter);
    assert_false(brief_of(&board, 0)->may_enter);
    assert_int_equal(enter(&b, &b.officer, 2, PAPER), TD_OK);
    assert_int_equal(sheet_board(f->office, &b.officer, f->arena, b.y.home_id, b.y.year_id, &board),
                     TD_OK);
    const struct sheet_brief *s = brief_of(&board, 2);
    assert_int_equal(s->proxy, 0);
    assert_true(s->owed);
    assert_false(s->seals); /* it is another unit's */
    assert_true(s->visible);
    assert_false(s->may_enter);
    assert_int_equal(sheet_board(f->office, &b.other, f->arena, b.y.home_id, b.y.year_id, &board),
                     TD_OK);
    s = brief_of(&board, 2);
    assert_false(s->visible);
    assert_false(s->owed);
    assert_int_equal(s->proxy, TD_NONE); /* nor that it is begun */
}
BOTH_ENGINES(test_paper__on_the_years_page)

int main(void)
{
    const struct CMUnitTest tests[] = {
        RUN_BOTH(test_paper__by_the_heads_office),
        RUN_BOTH(test_paper__by_nobody_else),
        RUN_BOTH(test_paper__the_heads_own),
        RUN_BOTH(test_paper__on_the_years_page),
    };
    return cmocka_run_group_tests_name("paper", tests, NULL, NULL);
}
