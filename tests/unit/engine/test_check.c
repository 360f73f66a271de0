/*
 * What td_regulation_check and td_year_check refuse, one breach at a time: a small bloc with every
 * way of scoring passes, then one of its fields is changed. Most of these can't come from a file,
 * since src/format refuses them earlier; a caller of the library fills the structures itself.
 */
#include "thidua/thidua.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { PLAN, TIERS, CHECKLIST, COUNT, PLUS_MINUS, RANK, LEADER, DIRECT, ITEMS };
enum { MEMBERS = 3, CELLS = ITEMS + 1 }; /* one event more than items */

struct bloc {
    struct td_arena *arena;
    struct td_regulation reg;
    struct td_node nodes[ITEMS + 1];
    struct td_item items[ITEMS];
    struct td_tier tiers[2];
    struct td_part parts[2], events[2];
    int64_t places[2];
    struct td_stage stages[2];
    struct td_voice voices[3];
    struct td_bonus_part bonus[2];
    struct td_deduction deductions[3];
    struct td_grade grades[4];
    struct td_fact facts[2];
    struct td_award awards[3];
    struct td_duty duties[1];
    struct td_meeting meetings[1];
    struct td_legal_basis bases[1];
    struct td_year year;
    struct td_member members[MEMBERS];
    struct td_sheet sheets[MEMBERS];
    int64_t cells[MEMBERS][CELLS];
    int64_t targets[MEMBERS * ITEMS], results[MEMBERS * CELLS], values[MEMBERS];
    struct td_outside outside;
    const char *panel[1];
    struct td_decision decisions[2];
    struct td_bonus_entry bonuses[1];
    struct td_deduction_entry entries[1];
    struct td_fact_entry reports[2];
    struct td_quota_entry quotas[3];
    struct td_vote votes[1];
    struct td_meeting_held held[1];
    int32_t candidates[1], counts[1];
};

static const char *const names[ITEMS] = {"plan", "tiers", "checklist", "count",
                                         "plus", "rank",  "leader",    "direct"};

static struct td_date day(int32_t year, int32_t month, int32_t of_month)
{
    struct td_date date = {0};
    assert_int_equal(td_date_make(year, month, of_month, &date), TD_OK);
    return date;
}

/* Eight items of 10 points in one section, no decimals. */
static void make_items(struct bloc *b)
{
    b->nodes[0] = (struct td_node){
        .id = "all", .title = "all", .where = "/all", .parent = TD_NONE, .item = TD_NONE};
    b->nodes[0].points = INT64_C(10) * ITEMS;
    for (int32_t i = 0; i < ITEMS; i++) {
        b->nodes[i + 1] = (struct td_node){
            .id = names[i], .title = names[i], .where = names[i], .depth = 1, .item = i};
        b->nodes[i + 1].points = 10;
        b->items[i] = (struct td_item){
            .node = i + 1, .way = TD_WAY_DIRECT, .points = 10, .step = 1, .on_target = {1, 2}};
    }
    b->tiers[0] = (struct td_tier){.first = 0, .last = 4, .points = 5, .where = "/tier/0"};
    b->tiers[1] = (struct td_tier){.first = 5, .last = 9, .points = 10, .where = "/tier/1"};
    b->parts[0] = (struct td_part){.id = "a", .title = "a", .points = 4, .where = "/part/0"};
    b->parts[1] = (struct td_part){.id = "b", .title = "b", .points = 6, .where = "/part/1"};
    b->events[0] = (struct td_part){.id = "c", .title = "c", .points = 2};
    b->events[1] = (struct td_part){.id = "d", .title = "d", .points = -2};
    b->places[0] = 10;
    b->places[1] = 5;
    b->items[PLAN].way = TD_WAY_PLAN;
    b->items[PLAN].source = TD_FROM_RESULTS;
    b->items[TIERS].way = TD_WAY_TIERS;
    b->items[TIERS].tiers = b->tiers;
    b->items[TIERS].tier_count = 2;
    b->items[CHECKLIST].way = TD_WAY_CHECKLIST;
    b->items[CHECKLIST].parts = b->parts;
    b->items[CHECKLIST].part_count = 2;
    b->items[COUNT].way = TD_WAY_COUNT;
    b->items[PLUS_MINUS].way = TD_WAY_PLUS_MINUS;
    b->items[PLUS_MINUS].parts = b->events;
    b->items[PLUS_MINUS].part_count = 2;
    b->items[RANK].way = TD_WAY_RANK;
    b->items[RANK].source = TD_FROM_OUTSIDE;
    b->items[RANK].places = b->places;
    b->items[RANK].place_count = 2;
    b->items[LEADER].way = TD_WAY_LEADER;
    b->items[LEADER].source = TD_FROM_RESULTS;
    b->reg.nodes = b->nodes;
    b->reg.node_count = ITEMS + 1;
    b->reg.items = b->items;
    b->reg.item_count = ITEMS;
    td_regulation_lay_out(&b->reg);
}

static void make_rules(struct bloc *b)
{
    b->stages[0] =
        (struct td_stage){.id = "self", .title = "self", .where = "/self", .differs_from = TD_NONE};
    b->stages[1] = (struct td_stage){.id = "head",
                                     .title = "head",
                                     .where = "/head",
                                     .rater = TD_RATER_HEAD,
                                     .deputy_for_head = true,
                                     .differs_from = 0};
    b->voices[0] =
        (struct td_voice){.weight = {1, 1}, .stages = {0, 1}, .stage_count = 2, .where = "/voice"};
    b->bonus[0] = (struct td_bonus_part){.id = "over",
                                         .title = "over",
                                         .where = "/over",
                                         .kind = TD_BONUS_OVER_PLAN,
                                         .cap = TD_NONE,
                                         .points = 1,
                                         .per = {1, 100},
                                         .each = {0, 1}};
    b->bonus[1] = (struct td_bonus_part){.id = "given",
                                         .title = "given",
                                         .where = "/given",
                                         .kind = TD_BONUS_AWARDED,
                                         .cap = TD_NONE};
    for (int32_t i = 0; i < 3; i++) {
        b->deductions[i] = (struct td_deduction){.id = "off",
                                                 .title = "off",
                                                 .where = "/off",
                                                 .needs = (enum td_needs)i,
                                                 .each = 1,
                                                 .cap = TD_NONE};
        b->awards[i] = (struct td_award){.id = "award",
                                         .title = "award",
                                         .where = "/award",
                                         .how = (enum td_how)i,
                                         .quota = TD_QUOTA_AUTHORITY,
                                         .among = TD_NONE};
    }
    b->grades[0] = b->grades[1] = b->grades[2] = b->grades[3] =
        (struct td_grade){.id = "grade", .title = "grade"};
    b->facts[0] = (struct td_fact){.id = "told",
                                   .title = "told",
                                   .duty = TD_NONE,
                                   .grades = b->grades,
                                   .grade_count = 2,
                                   .unreported = TD_NONE};
    b->facts[1] = b->facts[0];
    b->facts[1].duty = 0;
    b->facts[1].grade_count = 4;
    b->duties[0] = (struct td_duty){.id = "duty", .title = "duty", .where = "/duty"};
    b->meetings[0] = (struct td_meeting){
        .id = "yearend", .title = "yearend", .where = "/meeting", .quorum = {0, 1}};
    b->bases[0] = (struct td_legal_basis){
        .cite = "law", .from = day(2020, 1, 1), .until = day(2024, 12, 31), .where = "/basis"};
    struct td_regulation *reg = &b->reg;
    reg->issued = day(2024, 1, 15);
    reg->scale = (struct td_scale){.total = INT64_C(10) * ITEMS, .rank_by = TD_RANK_BY_PERCENT};
    reg->stages = b->stages;
    reg->stage_count = 2;
    reg->combine = TD_COMBINE_LAST;
    reg->voices = b->voices;
    reg->voice_count = 1;
    reg->bonus = (struct td_bonus){.cap = 20, .where = "/bonus", .parts = b->bonus};
    reg->bonus.part_count = 2;
    reg->deductions = b->deductions;
    reg->deduction_count = 3;
    reg->deduction_cap = 20;
    reg->facts = b->facts;
    reg->fact_count = 2;
    reg->awards = b->awards;
    reg->award_count = 3;
    reg->selection = (struct td_selection){.priority_fact = TD_NONE, .priority_grade = TD_NONE};
    reg->tie_vote = reg->honour_vote =
        (struct td_vote_rule){.majority = {1, 2}, .strictly_more = true, .base = TD_BASE_VALID};
    reg->duties = b->duties;
    reg->duty_count = 1;
    reg->meetings = b->meetings;
    reg->meeting_count = 1;
    reg->bases = b->bases;
    reg->base_count = 1;
}

static void make_year(struct bloc *b)
{
    struct td_year *year = &b->year;
    for (int32_t i = 0; i < MEMBERS; i++) {
        b->members[i] = (struct td_member){.code = "unit", .name = "unit"};
        b->sheets[i] = (struct td_sheet){.unit = i,
                                         .rater = i,
                                         .state = TD_SHEET_SUBMITTED,
                                         .submitted = day(2024, 12, 5),
                                         .cells = b->cells[i],
                                         .where = "/sheet"};
        b->values[i] = i;
    }
    for (int32_t i = 0; i < MEMBERS * ITEMS; i++) {
        b->targets[i] = 1;
    }
    b->outside = (struct td_outside){
        .item = RANK, .rater_count = 1, .values = b->values, .where = "/outside"};
    b->decisions[0] = (struct td_decision){.item = COUNT, .points = 10, .where = "/decision"};
    b->decisions[1] = (struct td_decision){.item = COUNT, .unit = 1, .where = "/decision"};
    b->bonuses[0] = (struct td_bonus_entry){.part = 1, .points = 1, .where = "/entry"};
    b->entries[0] = (struct td_deduction_entry){.duty = TD_NONE, .finding = "late", .where = "/e"};
    b->reports[0] = (struct td_fact_entry){.unit = TD_NONE, .where = "/report"};
    b->reports[1] = (struct td_fact_entry){.unit = 1, .where = "/report"};
    b->quotas[0] = (struct td_quota_entry){.award = 0, .seats = 1, .where = "/quota"};
    b->quotas[1] = (struct td_quota_entry){.award = 1, .seats = 1, .where = "/quota"};
    b->quotas[2] = b->quotas[1];
    b->counts[0] = 3;
    b->votes[0] = (struct td_vote){.about = TD_VOTE_HONOUR,
                                   .method = TD_VOTE_HANDS,
                                   .award = 1,
                                   .meeting = 0,
                                   .issued = TD_NONE,
                                   .not_returned = TD_NONE,
                                   .collected = TD_NONE,
                                   .valid = 3,
                                   .invalid = TD_NONE,
                                   .candidates = b->candidates,
                                   .votes = b->counts,
                                   .candidate_count = 1,
                                   .where = "/vote"};
    b->held[0] = (struct td_meeting_held){.date = day(2024, 12, 20), .present_count = 3};
    *year = (struct td_year){.label = "2024",
                             .year = 2024,
                             .as_of = day(2024, 12, 31),
                             .members = b->members,
                             .member_count = MEMBERS,
                             .head = 0,
                             .deputy = 1,
                             .sheets = b->sheets,
                             .sheet_count = MEMBERS,
                             .targets = b->targets,
                             .results = b->results,
                             .outside = &b->outside,
                             .outside_count = 1,
                             .decisions = b->decisions,
                             .decision_count = 2,
                             .bonuses = b->bonuses,
                             .bonus_count = 1,
                             .deductions = b->entries,
                             .deduction_count = 1,
                             .facts = b->reports,
                             .fact_count = 2,
                             .quotas = b->quotas,
                             .quota_count = 2,
                             .votes = b->votes,
                             .vote_count = 1,
                             .meetings = b->held,
                             .meeting_count = 1};
}

/* The first problem of a severity when both checks have been made; NULL when there is none. The
 * year is checked under a good regulation only. */
static const struct td_problem *first_problem(struct bloc *b, enum td_severity severity)
{
    struct td_problems problems = TD_PROBLEMS(b->arena, NULL);
    int status = td_regulation_check(&b->reg, &problems);
    if (status == TD_OK) {
        status = td_year_check(&b->reg, &b->year, &problems);
    }
    assert_int_equal(status, problems.errors > 0 ? TD_E_INVALID : TD_OK);
    for (const struct td_problem *p = problems.first; p != NULL; p = p->next) {
        if (p->severity == severity) {
            return p;
        }
    }
    return NULL;
}

static void make(struct bloc *b)
{
    memset(b, 0, sizeof(*b));
    b->arena = td_arena_new(1 << 20);
    assert_non_null(b->arena);
    make_items(b);
    make_rules(b);
    make_year(b);
    assert_null(first_problem(b, TD_ERROR));
    assert_null(first_problem(b, TD_NOTICE));
}

static void expect(struct bloc *b, enum td_severity severity, const char *where, const char *words)
{
    const struct td_problem *p = first_problem(b, severity);
    assert_non_null(p);
    assert_string_equal(p->where, where);
    if (strstr(p->what.id, words) == NULL) {
        fail_msg("“%s” doesn't say “%s”", p->what.id, words);
    }
    for (int32_t i = 0; i < TD_MESSAGE_ARGS; i++) {
        enum td_arg_kind kind = p->what.args[i].kind;
        assert_true((kind != TD_ARG_TEXT && kind != TD_ARG_TERM) || p->what.args[i].text != NULL);
    }
    td_arena_free(b->arena);
    make(b);
}

/* REFUSED(change, where, words): with the change the first error is there and says so. The bloc is
 * as before afterwards. */
#define REFUSED(change, where, words)                                                              \
    do {                                                                                           \
        change;                                                                                    \
        expect(&b, TD_ERROR, where, words);                                                        \
    } while (0)
#define NOTICED(change, where, words)                                                              \
    do {                                                                                           \
        change;                                                                                    \
        expect(&b, TD_NOTICE, where, words);                                                       \
    } while (0)
#define ALLOWED(change)                                                                            \
    do {                                                                                           \
        change;                                                                                    \
        assert_null(first_problem(&b, TD_ERROR));                                                  \
        td_arena_free(b.arena);                                                                    \
        make(&b);                                                                                  \
    } while (0)

static struct bloc b;

static int begin(void **state)
{
    (void)state;
    make(&b);
    return 0;
}

static int end(void **state)
{
    (void)state;
    td_arena_free(b.arena);
    return 0;
}

static void test_check__tree(void **state)
{
    (void)state;
    REFUSED(b.nodes[1].points = 9, "/all", "add up to");
    REFUSED(b.nodes[0].points = b.reg.scale.total = 79, "/all", "add up to");
    REFUSED(b.reg.scale.total = 81, "/points/total", "the sections add up to");
    REFUSED((b.nodes[1].points = 0, b.nodes[0].points = b.reg.scale.total = 70), "plan",
            "has no points");
    REFUSED((b.reg.bonus.in_total = true, b.reg.bonus.cap = TD_NONE), "/bonus", "needs a cap");
    ALLOWED((b.reg.bonus.in_total = true, b.reg.scale.total = 100));
}

static void test_check__a_node_without_items(void **state)
{
    (void)state;
    b.nodes[ITEMS].item = TD_NONE;
    td_regulation_lay_out(&b.reg);
    assert_int_equal(b.nodes[0].item_count, ITEMS - 1);
    assert_int_equal(b.nodes[ITEMS].item_count, 0);
    assert_int_equal(td_node_sum(&b.reg, ITEMS), 0);
}

static void test_check__items(void **state)
{
    (void)state;
    REFUSED(b.items[TIERS].tier_count = 0, "tiers", "has no tier");
    REFUSED(b.tiers[0].points = -1, "/tier/0", "the item has");
    REFUSED(b.tiers[0].points = 11, "/tier/0", "the item has");
    REFUSED(b.tiers[1].first = 10, "/tier/1", "holds no value");
    REFUSED(b.tiers[1].first = 4, "/tier/1", "overlap");
    NOTICED(b.tiers[1].first = 6, "tiers", "are in no tier");
    REFUSED((b.parts[0].points = 0, b.parts[1].points = 10), "/part/0", "has no points");
    REFUSED(b.parts[0].points = 5, "checklist", "add up to");
    REFUSED(b.items[COUNT].step = 0, "count", "steps of");
    REFUSED((b.items[PLUS_MINUS].part_count = 0, b.items[PLUS_MINUS].cells = 0), "plus",
            "has no event");
    REFUSED(b.items[PLUS_MINUS].floor = 1, "plus", "outside its floor");
    REFUSED(b.items[PLUS_MINUS].start = 11, "plus", "outside its floor");
    REFUSED(b.items[RANK].source = TD_FROM_SHEETS, "rank", "can't differ from sheet to sheet");
    REFUSED(b.places[1] = 11, "rank", "gives {2} points");
    REFUSED(b.places[1] = -1, "rank", "gives {2} points");
    REFUSED(b.places[0] = 11, "rank", "gives {2} points");
    REFUSED(b.places[0] = 4, "rank", "gives {2} points");
    REFUSED(b.items[RANK].after = 6, "rank", "are not complete");
    REFUSED(b.items[RANK].after = -1, "rank", "are not complete");
    REFUSED(b.items[RANK].place_count = 0, "rank", "are not complete");
    REFUSED(b.items[LEADER].on_target = ((struct td_fraction){-1, 2}), "leader", "the share on");
    REFUSED(b.items[LEADER].on_target = ((struct td_fraction){3, 2}), "leader", "the share on");
    REFUSED(b.reg.scale.rank_by = TD_RANK_BY_EXACT, "leader", "ranked by percent");
    REFUSED((b.items[LEADER].way = TD_WAY_DIRECT, b.reg.scale.rank_by = TD_RANK_BY_EXACT,
             b.items[DIRECT].when_none = TD_WHEN_NONE_LEFT_OUT),
            "direct", "ranked by percent");
    REFUSED(b.items[DIRECT].source = TD_FROM_OUTSIDE, "direct", "can only be ranked");
    ALLOWED(b.items[LEADER].source = TD_FROM_SHEETS);
    REFUSED((b.items[LEADER].source = TD_FROM_SHEETS, b.reg.combine = TD_COMBINE_WEIGHTED),
            "leader", "one settled figure");
}

static void test_check__stages(void **state)
{
    (void)state;
    REFUSED(b.stages[1].differs_from = 1, "/head", "another stage that has one");
    REFUSED((b.reg.combine = TD_COMBINE_WEIGHTED, b.stages[0].rater = TD_RATER_OTHERS), "/head",
            "another stage that has one");
    REFUSED(b.voices[0].stages[1] = 0, "/voice", "is counted twice");
    REFUSED(b.stages[1].rater = TD_RATER_PANEL, "/voice", "several raters");
    REFUSED(b.voices[0].weight = ((struct td_fraction){1, 2}), "/combine", "add up to");
    REFUSED((b.voices[1] = (struct td_voice){.weight = {1, INT64_C(3037000507)}},
             b.voices[0].weight = (struct td_fraction){1, INT64_C(9223372036854775783)},
             b.voices[2] = b.voices[1], b.reg.voice_count = 3, b.reg.combine = TD_COMBINE_WEIGHTED),
            "/combine", "add up to");
    REFUSED(b.reg.voice_count = 0, "tiers", "the regulation has none");
}

static void test_check__bonus(void **state)
{
    (void)state;
    REFUSED(b.bonus[0].section = 2, "/over", "has no item scored by a plan");
    REFUSED(b.bonus[0].points = 0, "/over", "above zero");
    REFUSED(b.bonus[0].per.num = 0, "/over", "above zero");
    REFUSED((b.items[PLAN].source = TD_FROM_SHEETS, b.reg.combine = TD_COMBINE_WEIGHTED), "/over",
            "needs one settled figure");
    ALLOWED(b.items[PLAN].source = TD_FROM_SHEETS);
}

static void test_check__awards(void **state)
{
    struct td_award *award = &b.awards[2];
    (void)state;
    REFUSED(award->among = 2, "/award", "picked itself");
    REFUSED((b.awards[1].how = TD_HOW_PICK, award->among = 1), "/award", "picked itself");
    ALLOWED(award->among = 1);
    REFUSED((award->has_least = true, award->least = (struct td_fraction){81, 1}), "/award",
            "the scale has");
    ALLOWED((award->has_least = true, award->least = (struct td_fraction){80, 1}));
    ALLOWED((award->has_least = true, award->least = (struct td_fraction){81, 1},
             b.reg.scale.above_total = true));
    ALLOWED((award->has_least = award->least_is_percent = true,
             award->least = (struct td_fraction){9, 10}));
    REFUSED((award->has_least = award->least_is_percent = true,
             award->least = (struct td_fraction){9, 10}, b.items[LEADER].way = TD_WAY_DIRECT,
             b.reg.scale.rank_by = TD_RANK_BY_SHOWN),
            "/award", "asks for a percent");
}

static void test_check__days(void **state)
{
    struct td_when_due *due = &b.duties[0].due;
    (void)state;
    REFUSED(*due = ((struct td_when_due){.kind = TD_DUE_BY, .month = 2, .day = 30}), "/duty",
            "there is no day");
    ALLOWED(*due = ((struct td_when_due){.kind = TD_DUE_BEFORE, .month = 2, .day = 29}));
    REFUSED(b.meetings[0].due = ((struct td_when_due){.kind = TD_DUE_BY, .month = 13, .day = 1}),
            "/meeting", "there is no day");
    REFUSED(*due = ((struct td_when_due){.kind = TD_DUE_BY, .date = day(2024, 6, 7)}), "/duty",
            "belongs to one year");
    REFUSED((*due = (struct td_when_due){.kind = TD_DUE_BY, .date = day(2023, 6, 7)},
             b.reg.year = 2024),
            "/duty", "outside the emulation year");
    REFUSED((*due = (struct td_when_due){.kind = TD_DUE_BY, .date = day(2025, 1, 1)},
             b.reg.year = 2024),
            "/duty", "outside the emulation year");
    ALLOWED((*due = (struct td_when_due){.kind = TD_DUE_BY, .date = day(2024, 12, 31)},
             b.reg.year = 2024));
    NOTICED(b.duties[0].printed = day(2023, 6, 7), "/duty", "the source prints");
}

static void test_check__legal_bases(void **state)
{
    (void)state;
    REFUSED(b.bases[0].until = day(2019, 12, 31), "/basis", "ends before it begins");
    NOTICED(b.reg.issued = day(2019, 12, 31), "/basis", "was not in force");
    NOTICED(b.reg.issued = day(2025, 1, 1), "/basis", "was not in force");
    ALLOWED(b.reg.issued = day(2025, 1, 1));
    b.bases[0].until = (struct td_date){0};
    b.reg.issued = day(2025, 1, 1);
    assert_null(first_problem(&b, TD_NOTICE));
    b.reg.issued = (struct td_date){0};
    b.bases[0].from = day(2026, 1, 1);
    assert_null(first_problem(&b, TD_NOTICE));
}

/* Numbers that could overflow are refused, with the bound (law 2). */
static void test_check__bounds(void **state)
{
    (void)state;
    b.reg.bonus.cap = b.reg.deduction_cap = TD_NONE;
    ALLOWED(b.bonus[0].cap = b.bonus[1].cap = 5);
    b.reg.bonus.cap = b.reg.deduction_cap = TD_NONE;
    ALLOWED(b.deductions[0].once = true);
    b.reg.bonus.cap = TD_NONE;
    ALLOWED(b.bonus[0].each = ((struct td_fraction){1, 10}));
    REFUSED((b.reg.bonus.cap = TD_NONE, b.bonus[0].cap = INT64_C(1) << 60), "/points",
            "can reach 2^");
    REFUSED(b.items[PLUS_MINUS].floor = -(INT64_C(1) << 60), "/points", "can reach 2^");
    ALLOWED(b.items[PLUS_MINUS].floor = -1000);
    REFUSED((b.reg.combine = TD_COMBINE_WEIGHTED, b.stages[1].rater = TD_RATER_OTHERS,
             b.items[PLAN].source = TD_FROM_RESULTS, b.stages[1].differs_from = TD_NONE,
             b.voices[0].weight = (struct td_fraction){1, 2}, b.voices[0].stage_count = 1,
             b.voices[1] = b.voices[0], b.voices[1].stages[0] = 1, b.reg.voice_count = 2,
             b.reg.deduction_cap = INT64_C(1) << 50),
            "/points", "can reach 2^");
    REFUSED(b.items[LEADER].on_target = ((struct td_fraction){1, INT64_C(1) << 40}), "leader",
            "can reach 2^");
}

static void test_year__values(void **state)
{
    int64_t *cells = b.cells[1];
    (void)state;
    REFUSED(cells[DIRECT + 1] = 11, "/sheet", "{0}, “{1}”");
    REFUSED(cells[DIRECT + 1] = -1, "/sheet", "{0}, “{1}”");
    REFUSED((b.items[DIRECT].step = 2, cells[DIRECT + 1] = 3), "/sheet", "{0}, “{1}”");
    REFUSED(cells[CHECKLIST] = 4, "/sheet", "{0}, “{1}”");
    ALLOWED(cells[CHECKLIST] = 3);
    REFUSED(cells[COUNT] = -1, "/sheet", "{0}, “{1}”");
    REFUSED(cells[COUNT] = TD_VALUE_MAX + 1, "/sheet", "{0}, “{1}”");
    REFUSED(cells[PLUS_MINUS + 1] = -1, "/sheet", "{0}, “{1}”");
    REFUSED(cells[PLUS_MINUS + 1] = TD_VALUE_MAX + 1, "/sheet", "{0}, “{1}”");
    REFUSED(cells[TIERS] = TD_VALUE_MAX + 1, "/sheet", "{0}, “{1}”");
    REFUSED(cells[TIERS] = -TD_VALUE_MAX - 1, "/sheet", "{0}, “{1}”");
    ALLOWED(cells[TIERS] = -TD_VALUE_MAX);
    ALLOWED(cells[TIERS] = TD_EMPTY);
    REFUSED(b.results[CELLS + PLAN] = TD_VALUE_MAX + 1, "/results", "{0}, “{1}”");
    REFUSED(b.targets[ITEMS + PLAN] = -1, "/targets", "the target is");
    REFUSED(b.targets[ITEMS + PLAN] = TD_VALUE_MAX + 1, "/targets", "the target is");
    ALLOWED(b.targets[ITEMS + PLAN] = 0);
    REFUSED(b.targets[ITEMS + LEADER] = 0, "/targets", "the target is");
    REFUSED(b.values[2] = TD_VALUE_MAX + 1, "/outside", "beyond the limit");
    REFUSED(b.values[2] = -TD_VALUE_MAX - 1, "/outside", "beyond the limit");
    ALLOWED(b.values[2] = TD_EMPTY);
}

static void test_year__sheets(void **state)
{
    (void)state;
    REFUSED(b.sheets[1] = b.sheets[0], "/sheet", "two sheets");
    REFUSED(
        (b.sheets[0].stage = 1, b.sheets[0].rater = 1, b.sheets[1].unit = 0, b.sheets[1].rater = 0),
        "/sheet", "two sheets");
    REFUSED(b.sheets[1].rater = 0, "/sheet", "has no sheet");
    REFUSED((b.sheets[0].stage = 1, b.sheets[0].rater = 0), "/sheet", "has no sheet");
    ALLOWED((b.sheets[0].stage = 1, b.sheets[0].rater = 1));
    ALLOWED((b.sheets[1].stage = 1, b.sheets[1].rater = 0));
    NOTICED(b.sheets[0].submitted = day(2025, 1, 1), "/sheet", "outside the emulation year");
    NOTICED(b.sheets[0].submitted = day(2023, 12, 31), "/sheet", "outside the emulation year");
    b.sheets[0].submitted = (struct td_date){0};
    assert_null(first_problem(&b, TD_NOTICE));
}

/* Stages of several raters: others and a panel. */
static void test_year__raters(void **state)
{
    (void)state;
    REFUSED(b.year.head = TD_NONE, "/members", "needs the bloc's head");
    REFUSED(b.year.deputy = TD_NONE, "/members", "needs the bloc's head");
    ALLOWED((b.year.deputy = TD_NONE, b.stages[1].deputy_for_head = false));
#define SEVERAL(kind)                                                                              \
    (b.reg.combine = TD_COMBINE_WEIGHTED, b.stages[1].rater = (kind),                              \
     b.sheets[2] = (struct td_sheet){.unit = 2, .stage = 1, .where = "/several"})
    ALLOWED(SEVERAL(TD_RATER_OTHERS));
    REFUSED((SEVERAL(TD_RATER_OTHERS), b.sheets[2].rater = 2), "/several", "has no sheet");
    REFUSED((SEVERAL(TD_RATER_OTHERS), b.sheets[2].rater = 3), "/several", "has no sheet");
    REFUSED((SEVERAL(TD_RATER_OTHERS), b.sheets[2].rater = -1), "/several", "has no sheet");
    REFUSED(SEVERAL(TD_RATER_PANEL), "/panels", "has no raters");
#define PANEL (SEVERAL(TD_RATER_PANEL), b.year.panel[1] = b.panel, b.year.panel_count[1] = 1)
    ALLOWED(PANEL);
    REFUSED((PANEL, b.sheets[2].rater = 1), "/several", "has no sheet");
    REFUSED((PANEL, b.sheets[2].rater = -1), "/several", "has no sheet");
    ALLOWED(SEVERAL(TD_RATER_BODY));
    REFUSED((SEVERAL(TD_RATER_BODY), b.sheets[2].rater = 1), "/several", "has no sheet");
}

/* One more than the limit, of each list. */
static void test_year__limits(void **state)
{
    enum { MANY = TD_ENTRIES_MAX + 1 };
    static struct td_member members[TD_MEMBERS_MAX + 1];
    static struct td_decision decisions[MANY];
    static struct td_bonus_entry bonuses[MANY];
    static struct td_deduction_entry entries[MANY];
    (void)state;
    for (int32_t i = 0; i < MANY; i++) {
        decisions[i].unit = i;
        bonuses[i] = b.bonuses[0];
        entries[i] = b.entries[0];
    }
    ALLOWED((b.year.bonuses = bonuses, b.year.bonus_count = MANY - 1));
    REFUSED((b.year.bonuses = bonuses, b.year.bonus_count = MANY), "", "at most {0} members");
    REFUSED((b.year.deductions = entries, b.year.deduction_count = MANY), "",
            "at most {0} members");
    REFUSED((b.year.decisions = decisions, b.year.decision_count = MANY), "",
            "at most {0} members");
    REFUSED((b.year.members = members, b.year.member_count = TD_MEMBERS_MAX + 1,
             b.year.targets = NULL, b.year.results = NULL, b.year.outside_count = 0),
            "", "at most {0} members");
}

static void test_year__decisions(void **state)
{
    (void)state;
    REFUSED(b.decisions[0].points = 11, "/decision", "were decided for");
    REFUSED(b.decisions[0].points = -1, "/decision", "were decided for");
    REFUSED(b.decisions[1].unit = 0, "/decision", "decided twice");
    ALLOWED((b.decisions[1].unit = 0, b.decisions[1].item = TIERS));
    NOTICED(b.decisions[1].date = day(2025, 2, 1), "/decision", "outside the emulation year");
}

static void test_year__bonus_and_deductions(void **state)
{
    (void)state;
    REFUSED(b.bonuses[0].part = 0, "/entry", "can't be entered");
    REFUSED(b.bonuses[0].points = 0, "/entry", "a bonus of");
    REFUSED(b.bonuses[0].points = 81, "/entry", "a bonus of");
    REFUSED(b.entries[0].finding = NULL, "/e", "nothing stands behind");
    REFUSED(b.entries[0].deduction = TD_NEEDS_LETTER, "/e", "nothing stands behind");
    ALLOWED(b.entries[0].deduction = TD_NEEDS_DUTY);
    REFUSED((b.entries[0].deduction = TD_NEEDS_DUTY, b.entries[0].finding = NULL), "/e",
            "nothing stands behind");
    ALLOWED((b.entries[0].deduction = TD_NEEDS_DUTY, b.entries[0].duty = 0));
    ALLOWED((b.entries[0].deduction = TD_NEEDS_LETTER, b.entries[0].letter.number = "12/UBND"));
}

static void test_year__facts_quotas_votes(void **state)
{
    (void)state;
    REFUSED(b.reports[0].fact = 1, "/report", "follows from the duty");
    REFUSED(b.reports[1].unit = TD_NONE, "/report", "reported twice");
    REFUSED(b.quotas[0].seats = -1, "/quota", "can't be entered");
    REFUSED(b.quotas[1].award = 0, "/quota", "can't be entered");
    REFUSED((b.quotas[1].award = b.quotas[2].award = 0, b.year.quota_count = 3), "/quota",
            "can't be entered");
    REFUSED((b.quotas[2].award = 0, b.year.quota_count = 3), "/quota", "can't be entered");
    REFUSED(b.awards[1].quota = TD_QUOTA_SEATS, "/quota", "can't be entered");
    REFUSED(b.votes[0].award = 0, "/vote", "not given by such a vote");
    ALLOWED((b.votes[0].award = 0, b.votes[0].about = TD_VOTE_TIE));
    REFUSED((b.votes[0].award = 2, b.votes[0].about = TD_VOTE_TIE), "/vote",
            "not given by such a vote");
    REFUSED(b.counts[0] = 4, "/vote", "can't be right");
    REFUSED(b.held[0].present_count = 2, "/vote", "can't be right");
    REFUSED(b.votes[0].valid = TD_NONE, "/vote", "can't be right");
    REFUSED((b.votes[0].issued = 3, b.votes[0].collected = 2), "/vote", "can't be right");
    REFUSED(b.votes[0].collected = 2, "/vote", "can't be right");
    ALLOWED((b.held[0].present_count = 2, b.votes[0].meeting = TD_NONE));
    REFUSED(b.reg.year = 2023, "/year", "for another year");
    ALLOWED(b.reg.year = 2024);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_check__tree, begin, end),
        cmocka_unit_test_setup_teardown(test_check__a_node_without_items, begin, end),
        cmocka_unit_test_setup_teardown(test_check__items, begin, end),
        cmocka_unit_test_setup_teardown(test_check__stages, begin, end),
        cmocka_unit_test_setup_teardown(test_check__bonus, begin, end),
        cmocka_unit_test_setup_teardown(test_check__awards, begin, end),
        cmocka_unit_test_setup_teardown(test_check__days, begin, end),
        cmocka_unit_test_setup_teardown(test_check__legal_bases, begin, end),
        cmocka_unit_test_setup_teardown(test_check__bounds, begin, end),
        cmocka_unit_test_setup_teardown(test_year__values, begin, end),
        cmocka_unit_test_setup_teardown(test_year__sheets, begin, end),
        cmocka_unit_test_setup_teardown(test_year__raters, begin, end),
        cmocka_unit_test_setup_teardown(test_year__limits, begin, end),
        cmocka_unit_test_setup_teardown(test_year__decisions, begin, end),
        cmocka_unit_test_setup_teardown(test_year__bonus_and_deductions, begin, end),
        cmocka_unit_test_setup_teardown(test_year__facts_quotas_votes, begin, end),
    };
    return cmocka_run_group_tests_name("check", tests, NULL, NULL);
}
