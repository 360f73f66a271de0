/*
 * A bloc of six units with one item of 100 points, up to four awards and a few votes, for the tests
 * of selection and of results. begin() makes it anew for each test.
 */
#ifndef TEST_ENGINE_BLOC_H
#define TEST_ENGINE_BLOC_H

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

static inline void make_regulation(void)
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
static inline int begin(void **state)
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

static inline int end(void **state)
{
    (void)state;
    td_arena_free(b.arena);
    return 0;
}

/* A show of hands: 6 votes are valid; candidates from a text like "BD" and their votes. */
static inline struct td_vote *add_vote(enum td_vote_about about, int32_t award, const char *names,
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

static inline void report(int32_t fact, char unit, int32_t grade)
{
    b.reports[b.year.fact_count++] =
        (struct td_fact_entry){.fact = fact, .unit = unit - 'A', .grade = grade};
}

static inline void score(void)
{
    struct td_problems problems = TD_PROBLEMS(b.arena, NULL);
    assert_int_equal(td_regulation_check(&b.reg, &problems), TD_OK);
    assert_int_equal(td_year_check(&b.reg, &b.year, &problems), TD_OK);
    assert_int_equal(td_score(&b.reg, &b.year, b.arena, &b.result), TD_OK);
    assert_int_equal(b.result->final, b.result->open == NULL);
}

/* The proposals as text: "0A 1B 1C*", with a star where a vote decided. */
static inline void assert_proposals(const char *expected)
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

static inline int32_t count_open(enum td_open_kind kind)
{
    int32_t count = 0;
    for (const struct td_open *open = b.result->open; open != NULL; open = open->next) {
        count += open->kind == kind;
    }
    return count;
}

/* The only open question of a kind. */
static inline const struct td_open *only(enum td_open_kind kind)
{
    const struct td_open *found = NULL;
    for (const struct td_open *open = b.result->open; open != NULL; open = open->next) {
        found = open->kind == kind ? open : found;
    }
    assert_int_equal(count_open(kind), 1);
    return found;
}

static inline void assert_open(enum td_open_kind kind, int32_t award, int32_t unit,
                               const char *clause)
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

#endif
