/*
 * Counting votes (MTG-5) and the quorum (MTG-2).
 */
#include "thidua/tally.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static const int32_t candidates[] = {0, 1, 2, 3};

/* A secret vote of 7 ballots between four units. */
static struct td_vote vote_of(const int32_t *votes)
{
    return (struct td_vote){
        .about = TD_VOTE_HONOUR,
        .method = TD_VOTE_SECRET,
        .meeting = TD_NONE,
        .issued = 7,
        .not_returned = 0,
        .collected = 7,
        .valid = 7,
        .invalid = 0,
        .candidates = candidates,
        .votes = votes,
        .candidate_count = 4,
    };
}

static struct td_tally *tally(struct td_arena *arena, struct td_vote_rule rule,
                              const struct td_vote *vote, int32_t present, int32_t seats)
{
    struct td_tally *result = NULL;
    assert_int_equal(td_tally_vote(&rule, vote, 7, present, seats, arena, &result), TD_OK);
    return result;
}

static const struct td_vote_rule more_than_half = {
    .majority = {1, 2}, .strictly_more = true, .base = TD_BASE_MEMBERS};
static const struct td_vote_rule most_votes = {
    .majority = {0, 1}, .strictly_more = false, .base = TD_BASE_VALID};

static void test_tally__more_than_half_of_seven_is_four(void **state)
{
    struct td_arena *arena = td_arena_new(1 << 16);
    int32_t votes[] = {4, 3, 0, 0};
    struct td_vote vote = vote_of(votes);
    struct td_tally *t = tally(arena, more_than_half, &vote, TD_NONE, 1);
    (void)state;
    assert_int_equal(t->fault, TD_TALLY_GOOD);
    assert_int_equal(t->base, 7);
    assert_int_equal(t->needed, 4);
    assert_true(t->lines[0].elected);
    assert_false(t->lines[1].reached);
    /* 4/7 = 57.142857…%, 3/7 = 42.857142…%: half up to two decimals */
    assert_int_equal(t->lines[0].percent.units, 5714);
    assert_int_equal(t->lines[1].percent.units, 4286);
    assert_int_equal(t->lines[1].percent.decimals, 2);
    td_arena_free(arena);
}

static void test_tally__at_least_two_thirds(void **state)
{
    struct td_arena *arena = td_arena_new(1 << 16);
    int32_t votes[] = {5, 4, 0, 0};
    struct td_vote vote = vote_of(votes);
    struct td_vote_rule rule = {
        .majority = {2, 3}, .strictly_more = false, .base = TD_BASE_MEMBERS};
    struct td_tally *t = tally(arena, rule, &vote, TD_NONE, 2);
    (void)state;
    assert_int_equal(t->needed, 5); /* 14/3 = 4.67 */
    assert_int_equal(t->elected, 1);
    td_arena_free(arena);
}

/* Exactly half: "more than" asks for one more, "at least" doesn't. */
static void test_tally__exact_share(void **state)
{
    struct td_arena *arena = td_arena_new(1 << 16);
    int32_t votes[] = {3, 4, 0, 0};
    struct td_vote vote = vote_of(votes);
    struct td_vote_rule rule = {
        .majority = {1, 2}, .strictly_more = false, .base = TD_BASE_PRESENT};
    (void)state;
    vote.issued = vote.collected = vote.valid = 6;
    votes[1] = 3;
    assert_int_equal(tally(arena, rule, &vote, 6, 2)->needed, 3);
    rule.strictly_more = true;
    assert_int_equal(tally(arena, rule, &vote, 6, 2)->needed, 4);
    td_arena_free(arena);
}

static void test_tally__equal_votes_at_the_last_seat_elect_nobody_of_them(void **state)
{
    struct td_arena *arena = td_arena_new(1 << 16);
    int32_t votes[] = {6, 5, 5, 1};
    struct td_vote vote = vote_of(votes);
    struct td_tally *t = tally(arena, most_votes, &vote, TD_NONE, 2);
    (void)state;
    assert_true(t->lines[0].elected);
    assert_true(t->lines[1].tied && t->lines[2].tied);
    assert_false(t->lines[3].tied || t->lines[3].elected);
    assert_int_equal(t->elected, 1);
    assert_int_equal(t->tied, 2);
    assert_int_equal(t->seats_tied, 1);
    td_arena_free(arena);
}

static void test_tally__without_a_limit_all_who_reach_the_majority_are_elected(void **state)
{
    struct td_arena *arena = td_arena_new(1 << 16);
    int32_t votes[] = {7, 4, 4, 3};
    struct td_vote vote = vote_of(votes);
    struct td_tally *t = tally(arena, more_than_half, &vote, TD_NONE, TD_NONE);
    (void)state;
    assert_int_equal(t->elected, 3);
    td_arena_free(arena);
}

static void test_tally__nobody_is_elected_without_a_vote(void **state)
{
    struct td_arena *arena = td_arena_new(1 << 16);
    int32_t votes[] = {0, 0, 0, 0};
    struct td_vote vote = vote_of(votes);
    struct td_tally *t = tally(arena, most_votes, &vote, TD_NONE, 1);
    (void)state;
    assert_int_equal(t->elected, 0);
    assert_int_equal(t->tied, 0);
    td_arena_free(arena);
}

static void test_tally__counts_must_add_up(void **state)
{
    int32_t votes[] = {4, 3, 0, 0};
    struct td_vote vote = vote_of(votes);
    (void)state;
    assert_int_equal(td_vote_fault(&vote, 7, TD_NONE), TD_TALLY_GOOD);
    vote.not_returned = 1;
    assert_int_equal(td_vote_fault(&vote, 7, TD_NONE), TD_TALLY_ISSUED);
    vote = vote_of(votes);
    vote.invalid = 1;
    assert_int_equal(td_vote_fault(&vote, 7, TD_NONE), TD_TALLY_COLLECTED);
    vote = vote_of(votes);
    assert_int_equal(td_vote_fault(&vote, 6, TD_NONE), TD_TALLY_TOO_MANY);
    assert_int_equal(td_vote_fault(&vote, 7, 6), TD_TALLY_TOO_MANY);
    votes[0] = 8;
    assert_int_equal(td_vote_fault(&vote, 8, TD_NONE), TD_TALLY_TOO_MANY);
    vote.issued = TD_NONE;
    assert_int_equal(td_vote_fault(&vote, 7, TD_NONE), TD_TALLY_NO_BASE);
}

/* Counts that can't be right elect nobody. */
static void test_tally__a_fault_is_answered(void **state)
{
    struct td_arena *arena = td_arena_new(1 << 16);
    int32_t votes[] = {4, 3, 0, 0};
    struct td_vote vote = vote_of(votes);
    (void)state;
    vote.invalid = 1;
    struct td_tally *t = tally(arena, most_votes, &vote, TD_NONE, 1);
    assert_int_equal(t->fault, TD_TALLY_COLLECTED);
    assert_int_equal(t->elected, 0);
    assert_false(t->lines[0].elected);
    td_arena_free(arena);
}

/* No percent can be taken of nothing. */
static void test_tally__a_base_of_zero(void **state)
{
    struct td_arena *arena = td_arena_new(1 << 16);
    int32_t votes[] = {0, 0, 0, 0};
    struct td_vote vote = vote_of(votes);
    (void)state;
    vote.valid = 0;
    vote.invalid = 7;
    assert_int_equal(tally(arena, most_votes, &vote, TD_NONE, 1)->fault, TD_TALLY_NO_BASE);
    vote.valid = 1;
    vote.invalid = 6;
    votes[2] = 1;
    struct td_tally *t = tally(arena, more_than_half, &vote, TD_NONE, 1);
    assert_int_equal(t->base, 7);
    assert_int_equal(t->elected, 0);
    struct td_vote_rule of_valid = {.majority = {1, 2}, .strictly_more = true};
    of_valid.base = TD_BASE_VALID;
    t = tally(arena, of_valid, &vote, TD_NONE, 1);
    assert_int_equal(t->base, 1);
    assert_int_equal(t->needed, 1);
    assert_true(t->lines[2].elected);
    td_arena_free(arena);
}

/* A secret vote counts what was issued and collected; what was not returned may be left out. */
static void test_tally__counts_that_were_not_taken(void **state)
{
    int32_t votes[] = {4, 3, 0, 0};
    struct td_vote vote = vote_of(votes);
    (void)state;
    vote.not_returned = vote.invalid = TD_NONE;
    assert_int_equal(td_vote_fault(&vote, 7, TD_NONE), TD_TALLY_GOOD);
    vote.collected = TD_NONE;
    assert_int_equal(td_vote_fault(&vote, 7, TD_NONE), TD_TALLY_NO_BASE);
    vote.method = TD_VOTE_HANDS;
    assert_int_equal(td_vote_fault(&vote, 7, TD_NONE), TD_TALLY_GOOD);
    vote.issued = 8;
    assert_int_equal(td_vote_fault(&vote, 7, TD_NONE), TD_TALLY_TOO_MANY);
    vote.collected = 7;
    assert_int_equal(td_vote_fault(&vote, 8, TD_NONE), TD_TALLY_ISSUED);
    vote.not_returned = 1;
    assert_int_equal(td_vote_fault(&vote, 8, TD_NONE), TD_TALLY_GOOD);
    assert_int_equal(td_vote_fault(&vote, 8, 7), TD_TALLY_TOO_MANY);
    vote.issued = TD_NONE;
    assert_int_equal(td_vote_fault(&vote, 8, 7), TD_TALLY_GOOD);
}

static void test_tally__a_show_of_hands_needs_only_those_who_voted(void **state)
{
    struct td_arena *arena = td_arena_new(1 << 16);
    int32_t votes[] = {5, 1, 0, 0};
    struct td_vote vote = vote_of(votes);
    struct td_vote_rule rule = more_than_half;
    (void)state;
    vote.method = TD_VOTE_HANDS;
    vote.issued = vote.not_returned = vote.collected = vote.invalid = TD_NONE;
    vote.valid = 6;
    assert_int_equal(tally(arena, rule, &vote, 6, 1)->elected, 1);
    rule.base = TD_BASE_ISSUED; /* nothing was issued */
    assert_int_equal(tally(arena, rule, &vote, 6, 1)->fault, TD_TALLY_NO_BASE);
    rule.base = TD_BASE_COLLECTED;
    assert_int_equal(tally(arena, rule, &vote, 6, 1)->fault, TD_TALLY_NO_BASE);
    rule.base = TD_BASE_VALID;
    assert_int_equal(tally(arena, rule, &vote, 6, 1)->base, 6);
    vote.valid = TD_NONE;
    assert_int_equal(td_vote_fault(&vote, 7, 6), TD_TALLY_NO_BASE);
    td_arena_free(arena);
}

static void test_tally__bases(void **state)
{
    struct td_arena *arena = td_arena_new(1 << 16);
    int32_t votes[] = {2, 1, 0, 0};
    struct td_vote vote = vote_of(votes);
    struct td_vote_rule rule = most_votes;
    (void)state;
    vote.issued = 6;
    vote.not_returned = 1;
    vote.collected = 5;
    vote.invalid = 2;
    vote.valid = 3;
    const int32_t bases[] = {7, 6, 6, 5, 3};
    for (int i = 0; i < 5; i++) {
        rule.base = (enum td_base)i;
        assert_int_equal(tally(arena, rule, &vote, 6, 1)->base, bases[i]);
    }
    td_arena_free(arena);
}

static void test_tally__memory(void **state)
{
    int32_t votes[] = {4, 3, 0, 0};
    struct td_vote vote = vote_of(votes);
    struct td_tally *t = NULL;
    int failures = 0;
    (void)state;
    for (size_t limit = 1; t == NULL; limit += 16) {
        struct td_arena *arena = td_arena_new(limit);
        if (arena == NULL) {
            continue;
        }
        int status = td_tally_vote(&most_votes, &vote, 7, TD_NONE, 1, arena, &t);
        assert_true(status == TD_OK || status == TD_E_MEMORY);
        failures += status == TD_E_MEMORY;
        td_arena_free(arena);
    }
    assert_true(failures > 0);
}

/* HĐ: "Phiên họp … được tiến hành khi có ít nhất 2/3 thành viên dự họp" [004 A.I.3]. */
static void test_quorum__two_thirds(void **state)
{
    struct td_fraction two_thirds = {2, 3};
    (void)state;
    assert_true(td_quorum_reached(two_thirds, 9, 6));
    assert_false(td_quorum_reached(two_thirds, 9, 5));
    assert_true(td_quorum_reached(two_thirds, 8, 6)); /* 16/3 = 5.33 */
    assert_false(td_quorum_reached(two_thirds, 8, 5));
    assert_true(td_quorum_reached((struct td_fraction){0, 1}, 8, 0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_tally__more_than_half_of_seven_is_four),
        cmocka_unit_test(test_tally__at_least_two_thirds),
        cmocka_unit_test(test_tally__exact_share),
        cmocka_unit_test(test_tally__equal_votes_at_the_last_seat_elect_nobody_of_them),
        cmocka_unit_test(test_tally__without_a_limit_all_who_reach_the_majority_are_elected),
        cmocka_unit_test(test_tally__nobody_is_elected_without_a_vote),
        cmocka_unit_test(test_tally__counts_must_add_up),
        cmocka_unit_test(test_tally__a_fault_is_answered),
        cmocka_unit_test(test_tally__a_base_of_zero),
        cmocka_unit_test(test_tally__counts_that_were_not_taken),
        cmocka_unit_test(test_tally__a_show_of_hands_needs_only_those_who_voted),
        cmocka_unit_test(test_tally__bases),
        cmocka_unit_test(test_tally__memory),
        cmocka_unit_test(test_quorum__two_thirds),
    };
    return cmocka_run_group_tests_name("tally", tests, NULL, NULL);
}
