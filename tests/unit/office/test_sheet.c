/*
 * Score sheets on both engines: what is refused, what two writers see of each other, the way from
 * draft to submitted, and what is sealed.
 */
#include "bench.h"

/* ---- saving ---------------------------------------------------------------------------------- */

static void test_sheet__what_does_not_fit_is_refused(struct fixture *f)
{
    struct bench b;
    set_up(&b, f);
    assert_int_equal(save_one(&b, value("III.1", 101, 0, 0)), OFFICE_REFUSED); /* of 100 */
    assert_int_equal(save_one(&b, value("III.1", -1, 0, 0)), OFFICE_REFUSED);
    assert_int_equal(save_one(&b, value("IV.4", 293, 1, 0)), OFFICE_REFUSED); /* steps of 0.5 */
    assert_int_equal(save_one(&b, value("I.4", 8125, 2, 0)), OFFICE_REFUSED); /* one decimal */
    assert_int_equal(save_one(&b, value("I.6", 255, 0, 0)), OFFICE_REFUSED);  /* a checklist */
    assert_int_equal(save_one(&b, value("X", 1, 0, 0)), OFFICE_REFUSED);
    assert_int_equal(get(&b, &b.officer)->version, 0);
    assert_int_equal(save_one(&b, value("III.1", 100, 0, 0)), TD_OK);
    assert_int_equal(save_one(&b, value("IV.4", 295, 1, 0)), TD_OK);
}
BOTH_ENGINES(test_sheet__what_does_not_fit_is_refused)

static void test_sheet__all_inputs_or_none(struct fixture *f)
{
    struct bench b;
    struct sheet_saved saved;
    set_up(&b, f);
    const struct sheet_input both[] = {value("III.1", 90, 0, 0), value("IV.4", 31, 0, 0)};
    assert_int_equal(save(&b, &b.officer, both, 2, &saved), OFFICE_REFUSED);
    const struct sheet *s = get(&b, &b.officer);
    assert_true(s->cells[s->regulation->items[item_of(s, "III.1")].cell] == TD_EMPTY);
}
BOTH_ENGINES(test_sheet__all_inputs_or_none)

static void test_sheet__zero_is_not_empty(struct fixture *f)
{
    static const char *const met[] = {"recruits", "exercise"};
    struct bench b;
    struct sheet_saved saved;
    struct sheet_input checks = {.kind = SHEET_CHECKS, .item = "I.6"};
    set_up(&b, f);
    assert_int_equal(save(&b, &b.officer, &checks, 1, &saved), TD_OK);
    assert_int_equal(saved.sheet->filled, 1); /* none is met: zero points, but said */
    int32_t item = item_of(saved.sheet, "I.6");
    assert_int_equal(saved.sheet->points[item].state, TD_ITEM_SCORED);
    assert_int_equal(saved.sheet->points[item].points, 0);

    checks = (struct sheet_input){
        .kind = SHEET_CHECKS, .item = "I.6", .checks = met, .check_count = 2, .seen = 1};
    assert_int_equal(save(&b, &b.officer, &checks, 1, &saved), TD_OK);
    assert_int_equal(saved.sheet->points[item].points, 4000); /* 30 + 10 */
    assert_int_equal(saved.sheet->total, 4000);

    const struct sheet_input clear = {.kind = SHEET_CLEAR, .item = "I.6", .seen = 2};
    assert_int_equal(save_one(&b, clear), TD_OK);
    assert_int_equal(get(&b, &b.officer)->filled, 0);
    assert_int_equal(get(&b, &b.officer)->points[item].state, TD_ITEM_EMPTY);
}
BOTH_ENGINES(test_sheet__zero_is_not_empty)

/* What sheet_save answers is what sheet_get answers then: also for the first thing written. */
static void test_sheet__the_answer_is_the_sheet(struct fixture *f)
{
    struct bench b;
    struct sheet_saved saved;
    set_up(&b, f);
    for (int64_t n = 0; n < 3; n++) {
        const struct sheet_input input = value("III.1", 10 + n, 0, n);
        assert_int_equal(save(&b, &b.officer, &input, 1, &saved), TD_OK);
        const struct sheet *s = get(&b, &b.officer);
        assert_int_equal(saved.sheet->version, s->version);
        assert_int_equal(saved.sheet->total, s->total);
        assert_int_equal(saved.sheet->versions[0], s->versions[0]);
    }
}
BOTH_ENGINES(test_sheet__the_answer_is_the_sheet)

static void test_sheet__a_clash_shows_both(struct fixture *f)
{
    struct bench b;
    struct sheet_saved saved;
    set_up(&b, f);
    assert_int_equal(save_one(&b, value("III.1", 90, 0, 0)), TD_OK);
    const struct sheet_input two[] = {value("III.1", 95, 0, 0), value("IV.4", 20, 0, 0)};
    assert_int_equal(save(&b, &b.leader, two, 2, &saved), OFFICE_CONFLICT);
    assert_non_null(saved.clashes);
    assert_null(saved.clashes->next);
    assert_int_equal(saved.clashes->input, 0);
    assert_int_equal(saved.clashes->value, 9000);
    assert_int_equal(saved.clashes->version, 1);
    assert_int_equal(saved.clashes->at.ms, f->now);
    assert_int_equal(get(&b, &b.officer)->filled, 1); /* the other input wasn't saved either */

    /* Both wrote the same: no clash, and nothing to write. */
    int64_t version = get(&b, &b.officer)->version;
    struct sheet_input same = value("III.1", 90, 0, 0);
    assert_int_equal(save_one(&b, same), TD_OK);
    assert_int_equal(get(&b, &b.officer)->version, version);
    same = value("III.1", 95, 0, saved.clashes->version);
    assert_int_equal(save_one(&b, same), TD_OK);
}
BOTH_ENGINES(test_sheet__a_clash_shows_both)

/* ---- moving ---------------------------------------------------------------------------------- */

static void test_sheet__goes_from_draft_to_submitted(struct fixture *f)
{
    struct bench b;
    set_up(&b, f);
    assert_int_equal(save_one(&b, value("III.1", 90, 0, 0)), TD_OK);
    assert_int_equal(move(&b, &b.officer, SHEET_PREPARE, NULL), OFFICE_REFUSED); /* empty items */
    assert_int_equal(move(&b, &b.leader, SHEET_SUBMIT, NULL), OFFICE_REFUSED);
    fill(&b);
    assert_int_equal(move(&b, &b.officer, SHEET_SUBMIT, NULL), OFFICE_FORBIDDEN);
    assert_int_equal(move(&b, &b.leader, SHEET_RETURN, "vì sao"), OFFICE_FORBIDDEN);
    assert_int_equal(move(&b, &b.leader, SHEET_ABSTAIN, "vì sao"), OFFICE_FORBIDDEN); /* its own */
    assert_int_equal(move(&b, &b.officer, SHEET_PREPARE, NULL), TD_OK);
    assert_int_equal(save_one(&b, value("III.1", 91, 0, 2)), OFFICE_FORBIDDEN);
    assert_int_equal(move(&b, &b.leader, SHEET_RETURN, "  "), OFFICE_REFUSED);
    assert_int_equal(move(&b, &b.leader, SHEET_RETURN, "thiếu minh chứng"), TD_OK);
    assert_string_equal(get(&b, &b.officer)->remark, "thiếu minh chứng");
    assert_int_equal(move(&b, &b.leader, SHEET_SUBMIT, NULL), TD_OK);
    const struct sheet *s = get(&b, &b.leader);
    assert_int_equal(s->state, SHEET_SUBMITTED);
    assert_false(s->may_write || s->may_submit || s->may_return || s->may_prepare);
    assert_int_equal(save(&b, &b.leader,
                          &(struct sheet_input){.kind = SHEET_CLEAR, .item = "III.1"}, 1,
                          &(struct sheet_saved){0}),
                     OFFICE_FORBIDDEN);
}
BOTH_ENGINES(test_sheet__goes_from_draft_to_submitted)

static void test_sheet__a_head_may_abstain_with_a_reason(struct fixture *f)
{
    struct td_problems problems = TD_PROBLEMS(f->arena, NULL);
    struct bench b;
    struct sheet *sheet = NULL;
    set_up(&b, f);
    struct sheet_key key = own(&b, 2);
    key.stage = "review";
    key.rater = b.y.units[0];
    assert_int_equal(
        sheet_move(f->office, &b.leader, f->arena, &key, SHEET_ABSTAIN, "", 0, &problems),
        OFFICE_REFUSED);
    assert_int_equal(sheet_move(f->office, &b.leader, f->arena, &key, SHEET_ABSTAIN,
                                "có quan hệ công tác", 0, &problems),
                     TD_OK);
    assert_int_equal(sheet_get(f->office, &b.leader, f->arena, &key, &sheet), TD_OK);
    assert_int_equal(sheet->state, SHEET_ABSTAINED);
    assert_int_equal(sheet->version, 2);
}
BOTH_ENGINES(test_sheet__a_head_may_abstain_with_a_reason)

/* ---- who sees what --------------------------------------------------------------------------- */

static void test_sheet__is_sealed_until_released(struct fixture *f)
{
    struct bench b;
    struct sheet_board board;
    struct sheet *sheet = NULL;
    set_up(&b, f);
    assert_int_equal(save_one(&b, value("III.1", 90, 0, 0)), TD_OK);
    struct sheet_key key = own(&b, 0);
    assert_int_equal(sheet_get(f->office, &b.other, f->arena, &key, &sheet), OFFICE_NOT_FOUND);
    assert_int_equal(sheet_get(f->office, &b.stranger, f->arena, &key, &sheet), OFFICE_NOT_FOUND);
    assert_int_equal(save(&b, &b.other, &(struct sheet_input){.kind = SHEET_CLEAR, .item = "III.1"},
                          1, &(struct sheet_saved){0}),
                     OFFICE_NOT_FOUND);
    assert_int_equal(sheet_board(f->office, &b.other, f->arena, b.y.home_id, b.y.year_id, &board),
                     TD_OK);
    assert_true(board.sealed);
    for (int32_t i = 0; i < board.count; i++) {
        assert_true(board.sheets[i].visible || board.sheets[i].total == 0);
    }
    /* A draft is its rater's alone, whoever asks. */
    assert_int_equal(sheet_get(f->office, &b.keeper, f->arena, &key, &sheet), OFFICE_NOT_FOUND);
    struct td_problems problems = TD_PROBLEMS(f->arena, NULL);
    struct sheet_key given = own(&b, 2);
    given.stage = "review";
    given.rater = b.y.units[0];
    assert_int_equal(sheet_move(f->office, &b.leader, f->arena, &given, SHEET_ABSTAIN,
                                "có quan hệ công tác", 0, &problems),
                     TD_OK);
    assert_int_equal(sheet_get(f->office, &b.keeper, f->arena, &given, &sheet), TD_OK);
    assert_int_equal(sheet_get(f->office, &b.other, f->arena, &given, &sheet), OFFICE_NOT_FOUND);
    assert_int_equal(year_release(f->office, &b.other, f->arena, b.y.home_id, b.y.year_id),
                     OFFICE_FORBIDDEN);
    assert_int_equal(year_release(f->office, &b.leader, f->arena, b.y.home_id, b.y.year_id), TD_OK);
    assert_int_equal(sheet_get(f->office, &b.other, f->arena, &given, &sheet), TD_OK);
    assert_false(sheet->may_write || sheet->may_submit);
    assert_int_equal(sheet_get(f->office, &b.other, f->arena, &key, &sheet), OFFICE_NOT_FOUND);
    assert_int_equal(sheet_get(f->office, &b.stranger, f->arena, &given, &sheet), OFFICE_NOT_FOUND);
}
BOTH_ENGINES(test_sheet__is_sealed_until_released)

int main(void)
{
    const struct CMUnitTest tests[] = {
        RUN_BOTH(test_sheet__what_does_not_fit_is_refused),
        RUN_BOTH(test_sheet__all_inputs_or_none),
        RUN_BOTH(test_sheet__zero_is_not_empty),
        RUN_BOTH(test_sheet__the_answer_is_the_sheet),
        RUN_BOTH(test_sheet__a_clash_shows_both),
        RUN_BOTH(test_sheet__goes_from_draft_to_submitted),
        RUN_BOTH(test_sheet__a_head_may_abstain_with_a_reason),
        RUN_BOTH(test_sheet__is_sealed_until_released),
    };
    return cmocka_run_group_tests_name("sheet", tests, NULL, NULL);
}
