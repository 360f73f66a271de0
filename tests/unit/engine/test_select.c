/*
 * What a result says that the cases don't look at: the order of lists, the references and clauses
 * of open questions, and how far lowering goes. A bloc of six units with one item of 100 points.
 */
#include "thidua/thidua.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { MEMBERS = 6, AWARDS = 4 };

struct bloc {
    struct td_arena *arena;
    struct td_regulation reg;
    struct td_node node;
    struct td_item item;
    struct td_stage stage;
    struct td_voice voice;
    struct td_grade grades[3];
    struct td_fact facts[2];
    struct td_condition good, shamed;
    struct td_rule rules[1];
    struct td_award awards[AWARDS];
    struct td_meeting meetings[1];
    struct td_year year;
    struct td_member members[MEMBERS];
    struct td_sheet sheets[MEMBERS];
    int64_t scores[MEMBERS];
    struct td_fact_entry reports[3];
    struct td_vote votes[3];
    int32_t candidates[3][MEMBERS], counts[3][MEMBERS];
    struct td_meeting_held held[1];
    struct td_unit_of_award nominations[2], picks[3];
    struct td_result *result;
};

static struct bloc b;

static void make_regulation(void)
{
    struct td_regulation *reg = &b.reg;
    b.node = (struct td_node){
        .id = "1", .title = "item", .clause = "c item", .parent = TD_NONE, .points = 100};
    b.item = (struct td_item){.way = TD_WAY_DIRECT, .points = 100, .step = 1};
    b.stage = (struct td_stage){.id = "self", .title = "self", .differs_from = TD_NONE};
    b.voice = (struct td_voice){.weight = {1, 1}, .stage_count = 1};
    for (int32_t i = 0; i < 3; i++) {
        b.grades[i] = (struct td_grade){.id = "grade", .title = "grade"};
    }
    for (int32_t i = 0; i < 2; i++) {
        b.facts[i] = (struct td_fact){.id = "fact",
                                      .title = "fact",
                                      .by = "office",
                                      .duty = TD_NONE,
                                      .grades = b.grades,
                                      .grade_count = 3,
                                      .unreported = 0};
    }
    b.good = (struct td_condition){.test = TD_TEST_AT_LEAST, .fact = 0, .grade = 1};
    b.shamed = (struct td_condition){.test = TD_TEST_IS, .fact = 1, .grade = 2};
    b.rules[0] = (struct td_rule){.id = "shamed",
                                  .reason = "shamed",
                                  .clause = "c shamed",
                                  .outcome = TD_LOWERED,
                                  .levels = 1,
                                  .when = &b.shamed};
    for (int32_t i = 0; i < AWARDS; i++) {
        static const char *const clauses[AWARDS] = {"c 0", "c 1", "c 2", "c 3"};
        b.awards[i] = (struct td_award){.id = "award",
                                        .title = "award",
                                        .clause = clauses[i],
                                        .quota = TD_QUOTA_SEATS,
                                        .seats = 1,
                                        .counts = UINT32_C(1) << i,
                                        .among = TD_NONE};
    }
    b.meetings[0] = (struct td_meeting){.id = "yearend", .title = "yearend", .quorum = {0, 1}};
    reg->scale = (struct td_scale){.total = 100};
    reg->nodes = &b.node;
    reg->items = &b.item;
    reg->stages = &b.stage;
    reg->voices = &b.voice;
    reg->facts = b.facts;
    reg->rules = b.rules;
    reg->awards = b.awards;
    reg->meetings = b.meetings;
    reg->node_count = reg->item_count = reg->stage_count = reg->voice_count = 1;
    reg->rule_count = reg->meeting_count = 1;
    reg->fact_count = 2;
    reg->award_count = AWARDS;
    reg->combine = TD_COMBINE_LAST;
    reg->bonus.cap = reg->deduction_cap = TD_NONE;
    reg->selection = (struct td_selection){
        .priority_fact = TD_NONE, .priority_grade = TD_NONE, .clause = "c selection"};
    reg->tie_vote = reg->honour_vote =
        (struct td_vote_rule){.majority = {0, 1}, .base = TD_BASE_VALID};
    td_regulation_lay_out(reg);
}

/* Scores 60, 50, … 10; nothing is reported and nobody has voted. */
static int begin(void **state)
{
    (void)state;
    memset(&b, 0, sizeof(b));
    b.arena = td_arena_new(1 << 20);
    assert_non_null(b.arena);
    make_regulation();
    for (int32_t i = 0; i < MEMBERS; i++) {
        static const char *const unit_names[MEMBERS] = {"A", "B", "C", "D", "E", "F"};
        b.members[i] = (struct td_member){.code = unit_names[i], .name = unit_names[i]};
        b.scores[i] = 60 - 10 * i;
        b.sheets[i] = (struct td_sheet){
            .unit = i, .rater = i, .state = TD_SHEET_SUBMITTED, .cells = &b.scores[i]};
    }
    b.year = (struct td_year){.label = "2024",
                              .year = 2024,
                              .members = b.members,
                              .member_count = MEMBERS,
                              .head = 0,
                              .deputy = 1,
                              .sheets = b.sheets,
                              .sheet_count = MEMBERS,
                              .facts = b.reports,
                              .votes = b.votes,
                              .meetings = b.held,
                              .nominations = b.nominations,
                              .picks = b.picks};
    return 0;
}

static int end(void **state)
{
    (void)state;
    td_arena_free(b.arena);
    return 0;
}

/* A show of hands: 6 votes are valid; candidates from a text like "BD" and their votes. */
static struct td_vote *add_vote(enum td_vote_about about, int32_t award, const char *names,
                                const int32_t *counts)
{
    int32_t index = b.year.vote_count++;
    int32_t count = (int32_t)strlen(names);
    for (int32_t i = 0; i < count; i++) {
        b.candidates[index][i] = names[i] - 'A';
        b.counts[index][i] = counts[i];
    }
    b.votes[index] = (struct td_vote){.about = about,
                                      .method = TD_VOTE_HANDS,
                                      .award = award,
                                      .meeting = TD_NONE,
                                      .issued = TD_NONE,
                                      .not_returned = TD_NONE,
                                      .collected = TD_NONE,
                                      .valid = 6,
                                      .invalid = TD_NONE,
                                      .candidates = b.candidates[index],
                                      .votes = b.counts[index],
                                      .candidate_count = count};
    return &b.votes[index];
}

static void report(int32_t fact, char unit, int32_t grade)
{
    b.reports[b.year.fact_count++] =
        (struct td_fact_entry){.fact = fact, .unit = unit - 'A', .grade = grade};
}

static void score(void)
{
    struct td_problems problems = TD_PROBLEMS(b.arena, NULL);
    assert_int_equal(td_regulation_check(&b.reg, &problems), TD_OK);
    assert_int_equal(td_year_check(&b.reg, &b.year, &problems), TD_OK);
    assert_int_equal(td_score(&b.reg, &b.year, b.arena, &b.result), TD_OK);
    assert_int_equal(b.result->final, b.result->open == NULL);
}

/* The proposals as text: "0A 1B 1C*", with a star where a vote decided. */
static void assert_proposals(const char *expected)
{
    char text[64] = "";
    size_t at = 0;
    for (int32_t i = 0; i < b.result->proposal_count; i++) {
        const struct td_proposal *p = &b.result->proposals[i];
        text[at++] = (char)('0' + p->award);
        text[at++] = (char)('A' + p->unit);
        if (p->by_vote) {
            text[at++] = '*';
        }
        text[at++] = ' ';
    }
    text[at > 0 ? at - 1 : 0] = '\0';
    assert_string_equal(text, expected);
}

static int32_t count_open(enum td_open_kind kind)
{
    int32_t count = 0;
    for (const struct td_open *open = b.result->open; open != NULL; open = open->next) {
        count += open->kind == kind;
    }
    return count;
}

/* The only open question of a kind. */
static const struct td_open *only(enum td_open_kind kind)
{
    const struct td_open *found = NULL;
    for (const struct td_open *open = b.result->open; open != NULL; open = open->next) {
        found = open->kind == kind ? open : found;
    }
    assert_int_equal(count_open(kind), 1);
    return found;
}

static void assert_open(enum td_open_kind kind, int32_t award, int32_t unit, const char *clause)
{
    const struct td_open *open = only(kind);
    assert_int_equal(open->award, award);
    assert_int_equal(open->unit, unit);
    assert_string_equal(open->clause, clause);
    assert_int_equal(open->item, TD_NONE);
    assert_int_equal(open->stage, TD_NONE);
    assert_int_equal(open->rater, TD_NONE);
    assert_non_null(open->text.id);
}

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

/* Elected for one award and, lowered from the one above, proposed for it already: once is enough. */
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

/* ---- waiting --------------------------------------------------------------------------------- */

static void test_select__a_fact_that_is_not_known(void **state)
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

static void test_select__scores_that_are_not_settled(void **state)
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

static void test_select__below_the_threshold(void **state)
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
static void test_select__a_regulation_without_sheets(void **state)
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

/* Nothing is left to score one unit on: 0 of 0 is 0%, in lowest terms. */
static void test_select__a_maximum_of_nothing(void **state)
{
    const char *not_arisen[MEMBERS] = {[2] = "none"};
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

static void test_select__a_bloc_without_members(void **state)
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

/* Memory runs out at every place of a selection with a tie, a vote on it and a run-off. */
static void test_select__memory(void **state)
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
static void test_select__a_count_beyond_counting(void **state)
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
static void test_select__a_letter_without_an_issuer(void **state)
{
    static const char *const issuers[] = {"council"};
    const struct td_deduction deduction = {.id = "letter",
                                           .title = "letter",
                                           .needs = TD_NEEDS_LETTER,
                                           .each = 5,
                                           .cap = TD_NONE,
                                           .issuers = issuers,
                                           .issuer_count = 1};
    struct td_deduction_entry entry = {.duty = TD_NONE, .letter = {.number = "1"}};
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
static void test_select__a_meeting_at_the_beginning_of_time(void **state)
{
    const struct td_distance after = {.duty = TD_NONE, .meeting = 0, .days = 5};
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
        TEST(a_fact_that_is_not_known),
        TEST(scores_that_are_not_settled),
        TEST(below_the_threshold),
        TEST(a_regulation_without_sheets),
        TEST(a_maximum_of_nothing),
        TEST(a_bloc_without_members),
        TEST(memory),
        TEST(a_count_beyond_counting),
        TEST(a_letter_without_an_issuer),
        TEST(a_meeting_at_the_beginning_of_time),
    };
    return cmocka_run_group_tests_name("select", tests, NULL, NULL);
}
