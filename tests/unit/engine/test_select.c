/*
 * Who is proposed for what, where the cases don't look: the order of lists, the references and
 * clauses of open questions, how far lowering goes, votes that can't stand.
 */
#include "bloc.h"

/* ---- order ----------------------------------------------------------------------------------- */

static void test_select__equals_stand_in_the_years_order(void **state)
{
    const int32_t order[MEMBERS] = {3, 0, 2, 5, 1, 4}, ranks[MEMBERS] = {2, 5, 2, 1, 5, 2};
    (void)state;
    b.scores[0] = b.scores[2] = b.scores[5] = 50;
    b.scores[3] = 60;
    b.scores[1] = b.scores[4] = 40;
    b.reg.award_count = 0;
    score();
    for (int32_t i = 0; i < MEMBERS; i++) {
        assert_int_equal(b.result->order[i], order[i]);
        assert_int_equal(b.result->units[i].rank, ranks[i]);
    }
    assert_true(b.result->final);
}

/* By award, then by rank, in whatever order the units were elected; what a vote decided says so. */
static void test_select__proposals_stand_by_award_and_rank(void **state)
{
    (void)state;
    b.awards[0].how = TD_HOW_PICK;
    b.awards[0].seats = 3;
    b.awards[1].how = TD_HOW_SCORE;
    b.awards[1].seats = 2;
    b.awards[2].how = TD_HOW_VOTE;
    b.awards[2].seats = 3;
    b.awards[3].how = TD_HOW_VOTE;
    b.awards[3].seats = 2;
    add_vote(TD_VOTE_HONOUR, 3, "EC", (const int32_t[]){3, 2});
    add_vote(TD_VOTE_HONOUR, 2, "FDA", (const int32_t[]){5, 6, 4});
    b.picks[0] = (struct td_unit_of_award){.award = 0, .unit = 3};
    b.picks[1] = (struct td_unit_of_award){.award = 0, .unit = 5};
    b.picks[2] = (struct td_unit_of_award){.award = 0, .unit = 0};
    b.year.pick_count = 3;
    score();
    assert_proposals("0A 0D 0F 1A 1B 2A* 2D* 2F* 3C* 3E*");
    assert_true(b.result->final);
}

static void test_select__equal_units_keep_their_order_in_proposals(void **state)
{
    (void)state;
    b.scores[4] = b.scores[2] = 60;
    b.awards[0].seats = 3;
    b.reg.award_count = 1;
    score();
    assert_proposals("0A 0C 0E");
}

/* ---- quotas ---------------------------------------------------------------------------------- */

static void test_select__quotas_of_every_kind(void **state)
{
    (void)state;
    b.reg.award_count = 3;
    b.awards[0].quota = TD_QUOTA_SHARE;
    b.awards[0].share = (struct td_fraction){3, 10}; /* of 6: 1.8 */
    b.awards[0].share_round = TD_ROUND_DOWN;
    b.awards[1].seats = 2;
    b.awards[1].counts = 3; /* those of award 0 use it up too: 2 − 1 */
    b.awards[2].quota = TD_QUOTA_UNLIMITED;
    b.awards[2].has_least = true;
    b.awards[2].least = (struct td_fraction){20, 1};
    score();
    assert_proposals("0A 1B 2C 2D 2E");
    b.awards[0].share_round = TD_ROUND_UP;
    score();
    assert_proposals("0A 0B 2C 2D 2E");
}

static void test_select__a_quota_that_is_not_allotted(void **state)
{
    (void)state;
    b.reg.award_count = 2;
    b.awards[0].quota = TD_QUOTA_AUTHORITY;
    score();
    assert_open(TD_OPEN_QUOTA, 0, TD_NONE, "c 0");
    assert_proposals("");
    b.awards[0].how = TD_HOW_VOTE;
    score();
    assert_open(TD_OPEN_QUOTA, 0, TD_NONE, "c 0");
    assert_proposals("1A");
}

static void test_select__no_seat_needs_no_vote(void **state)
{
    (void)state;
    b.reg.award_count = 1;
    b.awards[0].how = TD_HOW_VOTE;
    b.awards[0].seats = 0;
    score();
    assert_true(b.result->final);
    b.awards[0].seats = 1;
    score();
    assert_open(TD_OPEN_HONOUR, 0, TD_NONE, "c 0");
    b.awards[0].quota = TD_QUOTA_UNLIMITED; /* nobody need be honoured */
    score();
    assert_true(b.result->final);
    b.nominations[0] = (struct td_unit_of_award){.award = 0, .unit = 1};
    b.year.nomination_count = 1;
    score();
    assert_open(TD_OPEN_HONOUR, 0, TD_NONE, "c 0");
}

/* ---- ties ------------------------------------------------------------------------------------ */

static void test_select__a_tie_holds_up_awards_that_have_seats(void **state)
{
    (void)state;
    b.scores[1] = 60;
    b.reg.award_count = 2;
    score();
    assert_int_equal(b.result->tie_count, 1);
    assert_int_equal(b.result->ties[0].seats, 1);
    assert_int_equal(b.result->ties[0].unit_count, 2);
    assert_open(TD_OPEN_TIE, 0, TD_NONE, "c 0");
    assert_string_equal(only(TD_OPEN_SELECTION)->clause, "c selection");
    b.awards[1].seats = 0;
    score();
    assert_int_equal(count_open(TD_OPEN_TIE), 1);
    assert_int_equal(count_open(TD_OPEN_SELECTION), 0);
    b.awards[1].seats = 1;
    b.awards[1].how = TD_HOW_VOTE; /* does not wait for scores */
    score();
    assert_int_equal(count_open(TD_OPEN_SELECTION), 0);
}

/* One of three equals has the priority and takes a seat; the vote is about the other seat. */
static void test_select__priority_leaves_the_rest_to_a_vote(void **state)
{
    (void)state;
    b.scores[1] = b.scores[2] = 60;
    b.reg.award_count = 1;
    b.awards[0].seats = 2;
    b.reg.selection.priority_fact = 0;
    b.reg.selection.priority_grade = 0;
    b.reg.selection.priority_clause = "c priority";
    b.facts[0].unreported = 1;
    report(0, 'C', 0);
    score();
    assert_proposals("0C");
    assert_int_equal(b.result->ties[0].unit_count, 2);
    assert_int_equal(b.result->ties[0].units[0], 0);
    assert_int_equal(b.result->ties[0].units[1], 1);
    assert_int_equal(b.result->ties[0].seats, 1);
    add_vote(TD_VOTE_TIE, 0, "BA", (const int32_t[]){4, 2});
    score();
    assert_proposals("0C 0B*"); /* equal in rank */
    assert_true(b.result->final);
}

/* Every equality is voted on, but the priority has settled this one. */
static void test_select__priority_leaves_nothing_to_a_vote(void **state)
{
    (void)state;
    b.scores[1] = 60;
    b.reg.award_count = 1;
    b.awards[0].seats = 3;
    b.reg.selection.vote_always = true;
    b.reg.selection.priority_fact = 0;
    b.reg.selection.priority_grade = 0;
    score();
    assert_proposals("0A 0B 0C");
    b.reg.selection.priority_fact = TD_NONE;
    score();
    assert_proposals("");
    assert_int_equal(b.result->ties[0].seats, 2);
}

/* More with the priority than seats: only they are equal. */
static void test_select__priority_of_too_many(void **state)
{
    (void)state;
    b.scores[1] = b.scores[2] = 60;
    b.reg.award_count = 1;
    b.reg.selection.priority_fact = 0;
    b.reg.selection.priority_grade = 0;
    b.facts[0].unreported = 1;
    report(0, 'C', 0);
    report(0, 'B', 0);
    score();
    assert_proposals("");
    assert_int_equal(b.result->ties[0].unit_count, 2);
    assert_int_equal(b.result->ties[0].units[0], 1);
    assert_int_equal(b.result->ties[0].units[1], 2);
}

static void test_select__priority_not_known(void **state)
{
    (void)state;
    b.scores[1] = 60;
    b.reg.award_count = 1;
    b.reg.selection.priority_fact = 0;
    b.reg.selection.priority_grade = 0;
    b.reg.selection.priority_clause = "c priority";
    b.facts[0].unreported = TD_NONE;
    report(0, 'A', 0);
    score();
    assert_proposals("");
    const struct td_open *open = only(TD_OPEN_FACT);
    assert_int_equal(open->unit, 1);
    assert_int_equal(open->fact, 0);
    assert_string_equal(open->clause, "c priority");
}

/* A vote about a tie counts for exactly these units. */
static void test_select__a_vote_between_others_does_not_settle_a_tie(void **state)
{
    (void)state;
    b.scores[1] = b.scores[2] = 60;
    b.reg.award_count = 1;
    add_vote(TD_VOTE_TIE, 0, "AB", (const int32_t[]){4, 2});
    score();
    assert_int_equal(b.result->tie_count, 1);
    b.year.vote_count = 0;
    add_vote(TD_VOTE_TIE, 0, "ABD", (const int32_t[]){4, 2, 0});
    score();
    assert_int_equal(b.result->tie_count, 1);
    b.year.vote_count = 0;
    add_vote(TD_VOTE_TIE, 0, "CBA", (const int32_t[]){1, 3, 2});
    score();
    assert_proposals("0B*");
    b.awards[0].seats = 2;
    score();
    assert_proposals("0A* 0B*");
}

/* ---- lowering -------------------------------------------------------------------------------- */

static void test_select__lowering_by_score(void **state)
{
    (void)state;
    b.reg.award_count = 3;
    report(1, 'A', 2);
    score();
    assert_proposals("0B 1A 2C");
    const struct td_reason *reason = b.result->units[0].reasons;
    assert_int_equal(reason->outcome, TD_LOWERED);
    assert_string_equal(reason->words, "shamed");
    assert_string_equal(reason->clause, "c shamed");
    b.rules[0].levels = 2;
    score();
    assert_proposals("0B 1C 2A");
    b.rules[0].levels = 3;
    score();
    assert_proposals("0B 1C 2D");
    b.reg.selection.floor_lowest = true;
    score();
    assert_proposals("0B 1C 2A");
}

static void test_select__lowering_by_vote(void **state)
{
    (void)state;
    b.awards[0].how = b.awards[1].how = b.awards[3].how = TD_HOW_VOTE;
    b.awards[2].how = TD_HOW_PICK; /* not a level between them */
    b.awards[1].seats = b.awards[3].seats = 0;
    add_vote(TD_VOTE_HONOUR, 0, "A", (const int32_t[]){6});
    score();
    assert_proposals("0A*");
    report(1, 'A', 2);
    score();
    assert_proposals("1A*");
    b.rules[0].levels = 2;
    score();
    assert_proposals("3A*");
    b.rules[0].levels = 3;
    score();
    assert_proposals("");
    b.reg.selection.floor_lowest = true;
    score();
    assert_proposals("3A*");
}

/* ---- picks and votes that can't stand ------------------------------------------------------- */

static void test_select__a_pick_needs_a_seat_and_the_conditions(void **state)
{
    (void)state;
    b.reg.award_count = 2;
    b.awards[0].how = TD_HOW_PICK;
    b.awards[0].among = 1;
    b.awards[0].has_least = true;
    b.awards[0].least = (struct td_fraction){50, 1};
    b.awards[1].seats = 2;
    b.picks[0] = (struct td_unit_of_award){.award = 0, .unit = 1};
    b.picks[1] = (struct td_unit_of_award){.award = 0, .unit = 0};
    b.year.pick_count = 2;
    score();
    assert_proposals("1A 1B"); /* two for one seat: whom of them is not for us to say */
    assert_open(TD_OPEN_VOTE, 0, TD_NONE, "c 0");
    b.awards[0].quota = TD_QUOTA_AUTHORITY;
    score();
    assert_proposals("1A 1B");
    assert_open(TD_OPEN_QUOTA, 0, TD_NONE, "c 0");
    b.year.pick_count = 0; /* nobody asks for the quota then */
    score();
    assert_true(b.result->final);
    b.year.pick_count = 2;
    b.awards[0].quota = TD_QUOTA_SEATS;
    b.awards[0].seats = 2;
    score();
    assert_proposals("0A 0B 1A 1B");
    b.awards[0].quota = TD_QUOTA_UNLIMITED;
    score();
    assert_proposals("0A 0B 1A 1B");
    b.awards[0].least = (struct td_fraction){51, 1};
    score();
    assert_proposals("0A 1A 1B");
    assert_open(TD_OPEN_VOTE, 0, 1, "c 0");
    b.awards[0].has_least = false;
    b.awards[1].when = &b.good; /* of the award it is picked among */
    report(0, 'B', 2);
    score();
    assert_proposals("0A 1A 1C");
    assert_open(TD_OPEN_VOTE, 0, 1, "c 0");
}

/* Picked among those elected: being qualified is not enough. */
static void test_select__a_pick_among_the_elected(void **state)
{
    (void)state;
    b.reg.award_count = 2;
    b.awards[0].how = TD_HOW_PICK;
    b.awards[0].among = 1;
    b.awards[1].how = TD_HOW_VOTE;
    add_vote(TD_VOTE_HONOUR, 1, "B", (const int32_t[]){6});
    b.picks[0] = (struct td_unit_of_award){.award = 0, .unit = 0};
    b.year.pick_count = 1;
    score();
    assert_proposals("1B*");
    assert_open(TD_OPEN_VOTE, 0, 0, "c 0");
    b.picks[0].unit = 1;
    score();
    assert_proposals("0B 1B*");
}

/* Lowered from the award above and elected for the one below: proposed once. */
static void test_select__elected_twice(void **state)
{
    (void)state;
    b.reg.award_count = 2;
    b.awards[0].how = b.awards[1].how = TD_HOW_VOTE;
    b.awards[1].seats = 2;
    report(1, 'A', 2);
    add_vote(TD_VOTE_HONOUR, 0, "A", (const int32_t[]){6});
    add_vote(TD_VOTE_HONOUR, 1, "AB", (const int32_t[]){6, 5});
    score();
    assert_proposals("1A*");
    b.awards[1].seats = 3;
    score();
    assert_proposals("1A* 1B*");
    b.reg.selection.floor_lowest = true; /* A's own second election is not lowered to nothing */
    score();
    assert_proposals("1A* 1B*");
}

static void test_select__elected_and_a_fact_is_not_known(void **state)
{
    (void)state;
    b.reg.award_count = 1;
    b.awards[0].how = TD_HOW_VOTE;
    b.awards[0].when = &b.good;
    b.facts[0].unreported = TD_NONE;
    add_vote(TD_VOTE_HONOUR, 0, "C", (const int32_t[]){6});
    score();
    assert_proposals("");
    assert_open(TD_OPEN_VOTE, 0, 2, "c 0");
    const struct td_open *open = only(TD_OPEN_FACT);
    assert_int_equal(open->unit, 2);
    assert_string_equal(open->clause, "c 0");
    report(1, 'C', 2); /* lowered */
    score();
    assert_int_equal(count_open(TD_OPEN_FACT), 1);
    b.rules[0].outcome = TD_EXCLUDED; /* then no fact is waited for */
    score();
    assert_int_equal(count_open(TD_OPEN_FACT), 0);
    b.year.fact_count = 0; /* whether C is excluded is not known either */
    b.facts[1].unreported = TD_NONE;
    score();
    assert_int_equal(b.result->units[2].outcome, TD_PENDING);
    assert_int_equal(count_open(TD_OPEN_FACT), 1 + MEMBERS);
}

static void test_select__elected_without_the_conditions(void **state)
{
    (void)state;
    b.reg.award_count = 1;
    b.awards[0].how = TD_HOW_VOTE;
    b.awards[0].when = &b.good;
    report(0, 'C', 2);
    add_vote(TD_VOTE_HONOUR, 0, "C", (const int32_t[]){6});
    score();
    assert_proposals("");
    assert_open(TD_OPEN_VOTE, 0, 2, "c 0");
}

/* Who was elected without having been nominated is told, where there were nominations at all. */
static void test_select__elected_without_nomination(void **state)
{
    (void)state;
    b.reg.award_count = 2;
    b.awards[0].how = b.awards[1].how = TD_HOW_VOTE;
    b.awards[1].seats = 0;
    add_vote(TD_VOTE_HONOUR, 0, "C", (const int32_t[]){6});
    score();
    assert_null(b.result->notices);
    b.nominations[0] = (struct td_unit_of_award){.award = 1, .unit = 2};
    b.nominations[1] = (struct td_unit_of_award){.award = 0, .unit = 1};
    b.year.nomination_count = 1;
    score();
    assert_null(b.result->notices);
    b.year.nomination_count = 2;
    score();
    assert_non_null(b.result->notices);
    assert_string_equal(b.result->notices->clause, "c 0");
    assert_null(b.result->notices->next);
    b.nominations[1].unit = 2;
    score();
    assert_null(b.result->notices);
    assert_proposals("0C*");
}

static void test_select__a_vote_without_quorum(void **state)
{
    (void)state;
    b.reg.award_count = 1;
    b.awards[0].how = TD_HOW_VOTE;
    b.held[0] = (struct td_meeting_held){.present_count = TD_NONE};
    b.year.meeting_count = 1;
    add_vote(TD_VOTE_HONOUR, 0, "A", (const int32_t[]){3})->meeting = 0;
    score();
    assert_proposals("0A*"); /* no quorum is asked for, so attendance need not be known */
    b.meetings[0].quorum = (struct td_fraction){2, 3};
    score();
    assert_proposals("");
    assert_open(TD_OPEN_VOTE, 0, TD_NONE, "c 0");
    b.votes[0].valid = 3;
    b.held[0].present_count = 3;
    score();
    assert_open(TD_OPEN_VOTE, 0, TD_NONE, "c 0");
    b.held[0].present_count = 4;
    score();
    assert_proposals("0A*");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(test_select__##name, begin, end)
    const struct CMUnitTest tests[] = {
        TEST(equals_stand_in_the_years_order),
        TEST(proposals_stand_by_award_and_rank),
        TEST(equal_units_keep_their_order_in_proposals),
        TEST(quotas_of_every_kind),
        TEST(a_quota_that_is_not_allotted),
        TEST(no_seat_needs_no_vote),
        TEST(a_tie_holds_up_awards_that_have_seats),
        TEST(priority_leaves_the_rest_to_a_vote),
        TEST(priority_leaves_nothing_to_a_vote),
        TEST(priority_of_too_many),
        TEST(priority_not_known),
        TEST(a_vote_between_others_does_not_settle_a_tie),
        TEST(lowering_by_score),
        TEST(lowering_by_vote),
        TEST(a_pick_needs_a_seat_and_the_conditions),
        TEST(a_pick_among_the_elected),
        TEST(elected_twice),
        TEST(elected_and_a_fact_is_not_known),
        TEST(elected_without_the_conditions),
        TEST(elected_without_nomination),
        TEST(a_vote_without_quorum),
    };
    return cmocka_run_group_tests_name("select", tests, NULL, NULL);
}
