/*
 * What a result says of what is not known yet and of thresholds, and results of regulations and
 * years that no file can say.
 */
#include "bloc.h"

/* ---- waiting --------------------------------------------------------------------------------- */

static void test_result__a_fact_that_is_not_known(void **state)
{
    (void)state;
    b.reg.award_count = 2;
    b.awards[0].when = &b.good;
    b.facts[0].unreported = TD_NONE;
    report(0, 'A', 2);
    score();
    assert_proposals("");
    assert_open(TD_OPEN_SELECTION, 0, 1, "c 0");
    const struct td_open *open = only(TD_OPEN_FACT);
    assert_int_equal(open->unit, 1);
    assert_int_equal(open->fact, 0);
    assert_int_equal(open->award, TD_NONE);
    assert_string_equal(open->clause, "c 0");
}

static void test_result__scores_that_are_not_settled(void **state)
{
    (void)state;
    b.scores[5] = TD_EMPTY;
    score();
    assert_proposals("");
    const struct td_open *open = only(TD_OPEN_EMPTY);
    assert_int_equal(open->unit, 5);
    assert_int_equal(open->item, 0);
    assert_int_equal(open->stage, 0);
    assert_int_equal(open->rater, 5);
    assert_string_equal(open->clause, "c item");
    assert_string_equal(only(TD_OPEN_SELECTION)->clause, "c selection");
    assert_true(b.result->units[5].provisional);
    assert_false(b.result->units[0].provisional);
    b.awards[0].how = b.awards[1].how = b.awards[2].how = b.awards[3].how = TD_HOW_VOTE;
    score();
    assert_int_equal(count_open(TD_OPEN_SELECTION), 0); /* nothing is given by score */
}

static void test_result__below_the_threshold(void **state)
{
    (void)state;
    b.reg.award_count = 2;
    b.awards[0].has_least = b.awards[1].has_least = true;
    b.awards[0].least = (struct td_fraction){50, 1};
    b.awards[1].least = (struct td_fraction){40, 1};
    score();
    assert_int_equal(b.result->units[2].outcome, TD_ELIGIBLE);
    assert_int_equal(b.result->units[3].outcome, TD_BELOW_THRESHOLD);
    assert_string_equal(b.result->units[3].reasons->clause, "c 1");
    b.reg.selection.has_least = true;
    b.reg.selection.least = (struct td_fraction){45, 1};
    score();
    assert_int_equal(b.result->units[1].outcome, TD_ELIGIBLE);
    assert_int_equal(b.result->units[2].outcome, TD_BELOW_THRESHOLD);
    assert_string_equal(b.result->units[2].reasons->clause, "c selection");
}

/* ---- what no file can say -------------------------------------------------------------------- */

/* Everything is settled outside: no stage, no sheet. */
static void test_result__a_regulation_without_sheets(void **state)
{
    struct td_step *step = NULL;
    (void)state;
    b.reg.award_count = 1;
    b.reg.stage_count = b.reg.voice_count = 0;
    b.item.source = TD_FROM_RESULTS;
    b.year.sheet_count = 0;
    b.year.results = b.scores;
    score();
    assert_proposals("0A");
    assert_int_equal(b.result->units[0].exact.num, 60);
    assert_int_equal(b.result->units[0].expected, 0);
    assert_true(b.result->final);
    assert_int_equal(td_explain(&b.reg, &b.year, b.result, 0, b.arena, &step), TD_OK);
    assert_non_null(step->child);
}

/* What the regulation doesn't say of an item that did not arise is no matter of a single sheet. */
static void test_result__an_item_that_did_not_arise(void **state)
{
    static const char *not_arisen[MEMBERS] = {[2] = "none"};
    (void)state;
    b.reg.award_count = 0;
    b.reg.combine = TD_COMBINE_WEIGHTED;
    b.year.not_arisen = not_arisen;
    score();
    const struct td_open *open = only(TD_OPEN_NOT_ARISEN);
    assert_int_equal(open->unit, 2);
    assert_int_equal(open->item, 0);
    assert_int_equal(open->stage, TD_NONE);
    assert_int_equal(open->rater, TD_NONE);
    assert_string_equal(open->clause, "c item");
    assert_true(b.result->units[2].provisional);
    assert_int_equal(b.result->units[2].exact.num, 0);
}

/* Nothing is left to score one unit on: 0 of 0 is 0%, in lowest terms. */
static void test_result__a_maximum_of_nothing(void **state)
{
    static const char *not_arisen[MEMBERS] = {[2] = "none"};
    (void)state;
    b.reg.award_count = 0;
    b.reg.scale.rank_by = TD_RANK_BY_PERCENT;
    b.item.when_none = TD_WHEN_NONE_LEFT_OUT;
    b.year.not_arisen = not_arisen;
    score();
    assert_int_equal(b.result->units[2].maximum.num, 0);
    assert_int_equal(b.result->units[2].percent.num, 0);
    assert_int_equal(b.result->units[2].percent.den, 1);
    assert_int_equal(b.result->units[2].rank, MEMBERS);
    assert_int_equal(b.result->units[0].percent.num, 60);
    assert_int_equal(b.result->units[0].maximum.num, 100);
}

static void test_result__a_bloc_without_members(void **state)
{
    (void)state;
    b.year.member_count = b.year.sheet_count = 0;
    b.year.head = b.year.deputy = TD_NONE;
    b.awards[1].how = TD_HOW_VOTE;
    b.awards[1].seats = 0;
    score();
    assert_proposals("");
    assert_true(b.result->final);
}

static void test_result__a_bloc_of_one(void **state)
{
    (void)state;
    b.year.member_count = b.year.sheet_count = 1;
    b.year.deputy = TD_NONE;
    b.reg.award_count = 2;
    report(1, 'A', 2);
    score();
    assert_proposals("1A");
    assert_int_equal(b.result->units[0].outcome, TD_LOWERED);
    b.year.fact_count = 0;
    b.facts[1].unreported = TD_NONE;
    score();
    assert_int_equal(b.result->units[0].outcome, TD_PENDING);
}

/* Memory runs out at every place of a selection with a tie, a vote on it and a run-off. */
static void test_result__memory(void **state)
{
    int status = TD_E_MEMORY, failures = 0;
    (void)state;
    b.scores[0] = b.scores[1] = b.scores[2] = b.scores[3] = 60;
    b.awards[0].seats = 2;
    b.awards[1].how = TD_HOW_VOTE;
    add_vote(TD_VOTE_TIE, 0, "ABCD", (const int32_t[]){4, 1, 1, 0});
    add_vote(TD_VOTE_HONOUR, 1, "EF", (const int32_t[]){3, 3});
    for (size_t limit = 1; status == TD_E_MEMORY; limit += 16) {
        struct td_arena *small = td_arena_new(limit);
        struct td_result *result = NULL;
        if (small != NULL) {
            status = td_score(&b.reg, &b.year, small, &result);
            assert_int_equal(status == TD_OK, result != NULL);
            failures += status == TD_E_MEMORY;
            td_arena_free(small);
        }
    }
    assert_int_equal(status, TD_OK);
    assert_true(failures > 20);
}

/* A count so great that its product can't be held still gives at most the item's points. */
static void test_result__a_count_beyond_counting(void **state)
{
    (void)state;
    b.item.way = TD_WAY_COUNT;
    b.item.step = INT64_C(1) << 40;
    b.scores[3] = TD_VALUE_MAX;
    b.reg.award_count = 0;
    score();
    assert_int_equal(b.result->units[3].exact.num, 100);
}

/* A letter that names no issuer is not from one on the list. */
static void test_result__a_letter_without_an_issuer(void **state)
{
    static const char *const issuers[] = {"council"};
    static const struct td_deduction deduction = {.id = "letter",
                                                  .title = "letter",
                                                  .needs = TD_NEEDS_LETTER,
                                                  .each = 5,
                                                  .cap = TD_NONE,
                                                  .issuers = issuers,
                                                  .issuer_count = 1};
    static struct td_deduction_entry entry = {.duty = TD_NONE, .letter = {.number = "1"}};
    (void)state;
    b.reg.deductions = &deduction;
    b.reg.deduction_count = 1;
    b.year.deductions = &entry;
    b.year.deduction_count = 1;
    score();
    assert_int_equal(b.result->units[0].deducted, 0);
    assert_non_null(b.result->notices);
    entry.letter.issuer = "council";
    score();
    assert_int_equal(b.result->units[0].deducted, 5);
    assert_int_equal(b.result->units[0].exact.num, 55);
}

/* Held so early that no day lies five days before. */
static void test_result__a_meeting_at_the_beginning_of_time(void **state)
{
    static const struct td_distance after = {.duty = TD_NONE, .meeting = 0, .days = 5};
    (void)state;
    b.reg.award_count = 0;
    b.meetings[0].after = &after;
    b.meetings[0].after_count = 1;
    b.year.year = TD_YEAR_MIN;
    assert_int_equal(td_date_make(TD_YEAR_MIN, 1, 2, &b.held[0].date), TD_OK);
    b.held[0].present_count = TD_NONE;
    b.year.meeting_count = 1;
    score();
    assert_null(b.result->notices);
    assert_int_equal(td_date_make(TD_YEAR_MIN, 1, 20, &b.held[0].date), TD_OK);
    score();
    assert_non_null(b.result->notices);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(test_result__##name, begin, end)
    const struct CMUnitTest tests[] = {
        TEST(a_fact_that_is_not_known),
        TEST(scores_that_are_not_settled),
        TEST(below_the_threshold),
        TEST(a_regulation_without_sheets),
        TEST(an_item_that_did_not_arise),
        TEST(a_maximum_of_nothing),
        TEST(a_bloc_without_members),
        TEST(a_bloc_of_one),
        TEST(memory),
        TEST(a_count_beyond_counting),
        TEST(a_letter_without_an_issuer),
        TEST(a_meeting_at_the_beginning_of_time),
    };
    return cmocka_run_group_tests_name("result", tests, NULL, NULL);
}
