/*
 * What td_frame_conform finds, one breach at a time: a small regulation that makes a frame of every
 * kind of rule concrete, then one field of it is changed.
 */
#include "thidua/thidua.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* Of the frame and of the regulation alike; the regulation has its two sections before them. */
enum { GIVEN, FIXED, TIERS, CHECKLIST, COUNT, NODES };
enum { TIERS_ITEM, CHECKLIST_ITEM, COUNT_ITEM, GIVEN_ITEM, ITEMS };

/* What has the same shape in both. */
struct rules {
    struct td_item items[ITEMS];
    struct td_tier tiers[2];
    struct td_part parts[2];
    struct td_bonus_part bonus[2];
    struct td_deduction deduction;
    const char *issuers[2], *subjects[1];
    struct td_grade grades[4];
    struct td_fact facts[2];
    struct td_condition when, parts_of_when[2], unless;
    struct td_rule rule;
    struct td_award award;
    struct td_duty duty;
};

static struct td_node frame_nodes[NODES], nodes[NODES + 2];
static struct td_variant variants[3];
static struct td_frame_section sections[2];
static struct td_frame frame;
static struct td_regulation reg;
static struct rules theirs, ours;
static struct td_arena *arena;

static struct td_node node_of(const char *id, int32_t parent, int32_t depth, int32_t item,
                              int64_t points)
{
    return (struct td_node){.id = id,
                            .title = id,
                            .where = id,
                            .parent = parent,
                            .depth = depth,
                            .item = item,
                            .points = points};
}

static void make_items(struct rules *r)
{
    *r = (struct rules){0};
    for (int32_t i = 0; i < ITEMS; i++) {
        r->items[i] = (struct td_item){.way = TD_WAY_DIRECT, .points = 10, .step = 1};
    }
    r->tiers[0] = (struct td_tier){.first = 0, .last = 4, .points = 5};
    r->tiers[1] = (struct td_tier){.first = 5, .last = 9, .points = 10};
    r->items[TIERS_ITEM].way = TD_WAY_TIERS;
    r->items[TIERS_ITEM].tiers = r->tiers;
    r->items[TIERS_ITEM].tier_count = 2;
    r->parts[0] = (struct td_part){.id = "a", .points = 4};
    r->parts[1] = (struct td_part){.id = "b", .points = 6};
    r->items[CHECKLIST_ITEM].way = TD_WAY_CHECKLIST;
    r->items[CHECKLIST_ITEM].parts = r->parts;
    r->items[CHECKLIST_ITEM].part_count = 2;
    r->items[COUNT_ITEM].way = TD_WAY_COUNT;
    r->bonus[0] = (struct td_bonus_part){.id = "over",
                                         .title = "over",
                                         .where = "/over",
                                         .kind = TD_BONUS_OVER_PLAN,
                                         .cap = 5,
                                         .points = 1,
                                         .per = {1, 100},
                                         .each = {1, 10}};
    r->bonus[1] = (struct td_bonus_part){.id = "given",
                                         .title = "given",
                                         .where = "/given",
                                         .kind = TD_BONUS_AWARDED,
                                         .by = "council",
                                         .cap = TD_NONE};
    r->issuers[0] = "council";
    r->issuers[1] = "office";
    r->subjects[0] = "emulation";
    r->deduction = (struct td_deduction){.id = "letter",
                                         .title = "letter",
                                         .where = "/letter",
                                         .needs = TD_NEEDS_LETTER,
                                         .each = 5,
                                         .cap = 20,
                                         .issuers = r->issuers,
                                         .issuer_count = 2,
                                         .subjects = r->subjects,
                                         .subject_count = 1};
}

static void make_facts(struct rules *r)
{
    static const char *const grades[4] = {"done", "excused", "late", "not_done"};
    for (int32_t i = 0; i < 4; i++) {
        r->grades[i] = (struct td_grade){.id = grades[i], .title = grades[i]};
    }
    r->facts[0] = (struct td_fact){.id = "told",
                                   .title = "told",
                                   .where = "/told",
                                   .duty = TD_NONE,
                                   .grades = r->grades,
                                   .grade_count = 2,
                                   .unreported = TD_NONE};
    r->facts[1] = r->facts[0];
    r->facts[1].id = "derived";
    r->facts[1].where = "/derived";
    r->facts[1].duty = 0;
    r->facts[1].grade_count = 4;
    r->parts_of_when[0] = (struct td_condition){.test = TD_TEST_IS, .fact = 0, .grade = 1};
    r->parts_of_when[1] = (struct td_condition){.test = TD_TEST_IS, .fact = 1, .grade = 3};
    r->when =
        (struct td_condition){.test = TD_TEST_ALL, .parts = r->parts_of_when, .part_count = 2};
    r->unless = (struct td_condition){.test = TD_TEST_IS, .fact = 1, .grade = 1};
    r->rule = (struct td_rule){.id = "rule",
                               .reason = "rule",
                               .where = "/rule",
                               .outcome = TD_EXCLUDED,
                               .when = &r->when,
                               .unless = &r->unless};
    r->award = (struct td_award){.id = "flag", .title = "flag", .where = "/flag"};
    r->duty = (struct td_duty){.id = "report", .title = "report", .where = "/report"};
    r->duty.due = (struct td_when_due){.kind = TD_DUE_BEFORE, .month = 3, .day = 31};
}

static void make_rules(struct rules *r, struct td_regulation *common)
{
    make_items(r);
    make_facts(r);
    *common = (struct td_regulation){.scale = {.total = 100},
                                     .items = r->items,
                                     .item_count = ITEMS,
                                     .bonus = {.cap = 10, .parts = r->bonus, .part_count = 2},
                                     .deductions = &r->deduction,
                                     .deduction_count = 1,
                                     .deduction_cap = TD_NONE,
                                     .facts = r->facts,
                                     .fact_count = 2,
                                     .rules = &r->rule,
                                     .rule_count = 1,
                                     .awards = &r->award,
                                     .award_count = 1,
                                     .duties = &r->duty,
                                     .duty_count = 1};
    common->selection = (struct td_selection){.has_least = true, .least = {90, 1}};
}

static void make(void)
{
    make_rules(&theirs, &frame.common);
    make_rules(&ours, &reg);
    frame.common.id = reg.frame = "frame";
    reg.variant = "A";
    frame_nodes[GIVEN] = node_of("given", TD_NONE, 0, TD_NONE, TD_NONE);
    frame_nodes[FIXED] = node_of("fixed", TD_NONE, 0, TD_NONE, 30);
    frame_nodes[TIERS] = node_of("tiers", FIXED, 1, TIERS_ITEM, 10);
    frame_nodes[CHECKLIST] = node_of("checklist", FIXED, 1, CHECKLIST_ITEM, 10);
    frame_nodes[COUNT] = node_of("count", FIXED, 1, COUNT_ITEM, 10);
    nodes[0] = node_of("I", TD_NONE, 0, TD_NONE, 70);
    nodes[1] = node_of("given", 0, 1, GIVEN_ITEM, 70);
    nodes[2] = node_of("II", TD_NONE, 0, TD_NONE, 30);
    nodes[3] = node_of("fixed", 2, 1, TD_NONE, 30);
    nodes[4] = node_of("tiers", 3, 2, TIERS_ITEM, 10);
    nodes[5] = node_of("checklist", 3, 2, CHECKLIST_ITEM, 10);
    nodes[6] = node_of("count", 3, 2, COUNT_ITEM, 10);
    variants[0] = (struct td_variant){.id = "A", .first_node = GIVEN, .node_count = 1};
    variants[1] = (struct td_variant){.id = "none"};
    variants[2] = (struct td_variant){.first_node = FIXED, .node_count = NODES - FIXED};
    sections[0] = (struct td_frame_section){
        .id = "I", .title = "I", .points = 70, .max_added = {1, 1}, .variants = variants};
    sections[0].variant_count = 2;
    sections[1] = (struct td_frame_section){.id = "II",
                                            .title = "II",
                                            .points = 30,
                                            .max_added = {0, 1},
                                            .fixed = true,
                                            .variants = &variants[2],
                                            .variant_count = 1};
    frame.common.nodes = frame_nodes;
    frame.common.node_count = NODES;
    frame.sections = sections;
    frame.section_count = 2;
    reg.nodes = nodes;
    reg.node_count = NODES + 2;
}

static int begin(void **state)
{
    (void)state;
    arena = td_arena_new(1 << 20);
    assert_non_null(arena);
    make();
    return 0;
}

static int end(void **state)
{
    (void)state;
    td_arena_free(arena);
    return 0;
}

/* The first breach must be there and say so; then all is as before. */
static void expect(const char *where, const char *words)
{
    struct td_problems problems = TD_PROBLEMS(arena, NULL);
    assert_int_equal(td_frame_conform(&frame, &reg, &problems), TD_E_INVALID);
    assert_string_equal(problems.first->where, where);
    if (strstr(problems.first->what.id, words) == NULL) {
        fail_msg("“%s” doesn't say “%s”", problems.first->what.id, words);
    }
    make();
}

static void expect_none(void)
{
    struct td_problems problems = TD_PROBLEMS(arena, NULL);
    assert_int_equal(td_frame_conform(&frame, &reg, &problems), TD_OK);
    make();
}

#define BREACH(change, where, words)                                                               \
    do {                                                                                           \
        change;                                                                                    \
        expect(where, words);                                                                      \
    } while (0)
#define CONFORMS(change)                                                                           \
    do {                                                                                           \
        change;                                                                                    \
        expect_none();                                                                             \
    } while (0)

/* Both rank by places; or both stand relative to a leader. */
static void make_rank(const int64_t *given, int32_t given_count, const int64_t *own, int32_t count)
{
    struct td_item *g = &theirs.items[COUNT_ITEM], *o = &ours.items[COUNT_ITEM];
    g->way = o->way = TD_WAY_RANK;
    g->places = given;
    g->place_count = given_count;
    o->places = own;
    o->place_count = count;
}

static void make_leader(struct td_fraction given, struct td_fraction own)
{
    theirs.items[COUNT_ITEM].way = ours.items[COUNT_ITEM].way = TD_WAY_LEADER;
    theirs.items[COUNT_ITEM].on_target = given;
    ours.items[COUNT_ITEM].on_target = own;
}

static void make_when_none(enum td_when_none given, enum td_when_none own)
{
    theirs.items[COUNT_ITEM].when_none = given;
    ours.items[COUNT_ITEM].when_none = own;
}

static void test_frame__fixed_ways(void **state)
{
    static const int64_t places[] = {10, 5}, lower[] = {10, 4};
    struct td_fraction half = {1, 2}, third = {1, 3};
    (void)state;
    BREACH(ours.items[COUNT_ITEM].source = TD_FROM_RESULTS, "count", "its way of scoring");
    BREACH(ours.items[COUNT_ITEM].better = TD_BETTER_LOWER, "count", "its way of scoring");
    BREACH(ours.items[COUNT_ITEM].start = 1, "count", "its way of scoring");
    BREACH(ours.items[COUNT_ITEM].floor = -1, "count", "its way of scoring");
    BREACH(ours.items[COUNT_ITEM].after = 1, "count", "its way of scoring");
    CONFORMS(make_rank(places, 2, places, 2));
    BREACH(make_rank(places, 2, lower, 2), "count", "its way of scoring");
    BREACH(make_rank(places, 2, places, 1), "count", "its way of scoring");
    CONFORMS(make_leader(half, half));
    BREACH(make_leader(half, third), "count", "its way of scoring");
    CONFORMS(make_when_none(TD_WHEN_NONE_UNSAID, TD_WHEN_NONE_FULL));
    CONFORMS(make_when_none(TD_WHEN_NONE_ZERO, TD_WHEN_NONE_ZERO));
    BREACH(make_when_none(TD_WHEN_NONE_ZERO, TD_WHEN_NONE_FULL), "count", "its way of scoring");
}

static void test_frame__sections(void **state)
{
    (void)state;
    CONFORMS((void)0);
    BREACH(reg.frame = "other", "/frame", "names another frame");
    BREACH(reg.frame = NULL, "/frame", "names another frame");
    BREACH(reg.scale.total = 99, "/points/total", "scale has");
    BREACH(nodes[0].id = "X", "/criteria", "is missing");
    BREACH(nodes[0].points = 71, "I", "is fixed by the frame at");
    BREACH(reg.variant = NULL, "/variant", "names none");
    BREACH(reg.variant = "B", "/variant", "has no variant");
    BREACH(sections[1].variant_count = 0, "/variant", "has no variant");
    /* One variant only, with a name: it must be named. */
    CONFORMS(sections[0].variant_count = 1);
    BREACH((sections[0].variant_count = 1, reg.variant = "none"), "/variant", "has no variant");
    BREACH(frame.section_count = 1, "II", "has no section");
    CONFORMS(reg.scale.item_decimals = frame.common.scale.item_decimals = 2);
}

static void test_frame__criteria(void **state)
{
    (void)state;
    BREACH(nodes[1].id = "x", "I", "lacks the frame's criterion");
    BREACH(nodes[1].added = true, "given", "and the frame gives it");
    BREACH((reg.variant = "none", sections[0].points = 70), "given", "not marked as added");
    CONFORMS((reg.variant = "none", nodes[1].added = true));
    CONFORMS((nodes[6] = node_of("more", 0, 1, GIVEN_ITEM, 10), nodes[6].added = true,
              frame.common.node_count = NODES - 1, variants[2].node_count--));
    BREACH((nodes[6] = node_of("more", 0, 1, GIVEN_ITEM, 10), nodes[6].added = true,
            frame.common.node_count = NODES - 1, variants[2].node_count--,
            sections[0].max_added = (struct td_fraction){9, 10}),
           "I", "added criteria");
}

static void test_frame__fixed(void **state)
{
    (void)state;
    BREACH(nodes[4].points = 9, "tiers", "is fixed by the frame at");
    BREACH(nodes[4].item = TD_NONE, "tiers", "its way of scoring");
    BREACH(ours.items[TIERS_ITEM].way = TD_WAY_DIRECT, "tiers", "its way of scoring");
    BREACH(ours.items[TIERS_ITEM].tier_count = 1, "tiers", "its way of scoring");
    BREACH(ours.items[TIERS_ITEM].decimals = 1, "tiers", "its way of scoring");
    BREACH(ours.tiers[1].first = 6, "tiers", "its way of scoring");
    BREACH(ours.tiers[1].last = 10, "tiers", "its way of scoring");
    BREACH(ours.tiers[1].points = 9, "tiers", "its way of scoring");
    BREACH(ours.items[CHECKLIST_ITEM].part_count = 1, "checklist", "its way of scoring");
    BREACH(ours.parts[1].id = "c", "checklist", "its way of scoring");
    BREACH(ours.parts[1].points = 5, "checklist", "its way of scoring");
    BREACH(ours.items[COUNT_ITEM].step = 2, "count", "its way of scoring");
    BREACH(nodes[5].id = "x", "fixed", "which the frame fixes");
    BREACH((nodes[5] = node_of("count", 3, 2, COUNT_ITEM, 10), nodes[6].id = "x"), "fixed",
           "which the frame fixes");
    BREACH((frame.common.node_count--, variants[2].node_count--), "count",
           "is not in the frame, which fixes this part");
    BREACH(frame_nodes[COUNT].parent = CHECKLIST, "checklist", "which the frame fixes");
}

static void test_frame__bonus(void **state)
{
    (void)state;
    BREACH(reg.bonus.cap = 11, "/bonus", "may reach more");
    BREACH((reg.bonus.cap = TD_NONE, reg.bonus.where = "/b"), "/b", "may reach more");
    CONFORMS(reg.bonus.cap = 9);
    CONFORMS(frame.common.bonus.cap = TD_NONE);
    BREACH(ours.bonus[0].id = "x", "/over", "has no bonus");
    BREACH(ours.bonus[0].cap = 6, "/over", "may reach more");
    BREACH(ours.bonus[0].cap = TD_NONE, "/over", "may reach more");
    CONFORMS(theirs.bonus[0].cap = TD_NONE);
    BREACH(ours.bonus[0].kind = TD_BONUS_AWARDED, "/over", "is not the frame's");
    BREACH(ours.bonus[1].by = "head", "/given", "is not the frame's");
    BREACH(ours.bonus[0].each = ((struct td_fraction){1, 9}), "/over", "is not the frame's");
    BREACH(ours.bonus[0].each = ((struct td_fraction){0, 1}), "/over", "is not the frame's");
    CONFORMS(theirs.bonus[0].each = ((struct td_fraction){0, 1}));
    BREACH(ours.bonus[0].proportional = true, "/over", "is not the frame's");
    BREACH(ours.bonus[0].per = ((struct td_fraction){1, 50}), "/over", "is not the frame's");
    BREACH(ours.bonus[0].points = 2, "/over", "is not the frame's");
    BREACH(ours.bonus[0].section = 2, "/over", "is not the frame's");
    CONFORMS(reg.bonus.part_count = 1);
}

static void test_frame__deductions(void **state)
{
    (void)state;
    BREACH(reg.deduction_cap = 50, "/deductions", "are capped");
    CONFORMS(frame.common.deduction_cap = reg.deduction_cap = 50);
    BREACH((frame.common.deduction_cap = 50, reg.deduction_cap = 49), "/deductions", "are capped");
    CONFORMS(frame.common.deduction_cap = 50);
    BREACH(ours.deduction.id = "x", "/deductions", "is missing");
    BREACH(ours.deduction.each = 4, "/letter", "is not the frame's");
    BREACH(ours.deduction.needs = TD_NEEDS_DUTY, "/letter", "is not the frame's");
    BREACH(ours.deduction.head_only = true, "/letter", "is not the frame's");
    BREACH(ours.deduction.once = true, "/letter", "is not the frame's");
    BREACH(ours.deduction.cap = 19, "/letter", "is not the frame's");
    BREACH(ours.issuers[1] = "head", "/letter", "is not the frame's");
    BREACH(ours.deduction.issuer_count = 1, "/letter", "is not the frame's");
    BREACH(ours.subjects[0] = "finance", "/letter", "is not the frame's");
}

static void test_frame__facts_and_rules(void **state)
{
    (void)state;
    BREACH(ours.facts[0].id = "x", "/facts", "is missing");
    BREACH(ours.facts[0].grade_count = 3, "/told", "other grades");
    BREACH(ours.facts[0].unreported = 0, "/told", "other grades");
    BREACH(ours.facts[1].duty = TD_NONE, "/derived", "other grades");
    BREACH(ours.grades[1].id = "x", "/told", "other grades");
    BREACH(ours.duty.id = "x", "/derived", "other grades");
    BREACH(ours.rule.id = "x", "/eligibility", "is missing");
    BREACH(ours.rule.outcome = TD_DEFERRED, "/rule", "another condition or outcome");
    BREACH(ours.rule.levels = 2, "/rule", "another condition or outcome");
    BREACH(ours.when.test = TD_TEST_ANY, "/rule", "another condition or outcome");
    BREACH(ours.when.part_count = 1, "/rule", "another condition or outcome");
    BREACH(ours.parts_of_when[0].grade = 0, "/rule", "another condition or outcome");
    BREACH(ours.parts_of_when[1].fact = 0, "/rule", "another condition or outcome");
    BREACH(ours.rule.unless = NULL, "/rule", "another condition or outcome");
    BREACH(theirs.rule.unless = NULL, "/rule", "another condition or outcome");
    CONFORMS(theirs.rule.unless = ours.rule.unless = NULL);
    BREACH(reg.selection.has_least = false, "/selection", "asks for at least");
    BREACH(reg.selection.least.num = 89, "/selection", "asks for at least");
    CONFORMS(reg.selection.least.num = 91);
    CONFORMS((frame.common.selection.has_least = false, reg.selection.least.num = 10));
}

static void test_frame__awards_and_duties(void **state)
{
    (void)state;
    BREACH(ours.award.id = "x", "/awards", "is missing");
    BREACH(ours.award.how = TD_HOW_VOTE, "/flag", "in another way");
    BREACH(ours.award.quota = TD_QUOTA_SEATS, "/flag", "another quota");
    BREACH((ours.duty.id = "x", ours.facts[1].duty = theirs.facts[1].duty = TD_NONE), "/duties",
           "is missing");
    BREACH(ours.duty.due.kind = TD_DUE_BY, "/report", "another day");
    BREACH(ours.duty.due.month = 4, "/report", "another day");
    BREACH(ours.duty.due.day = 30, "/report", "another day");
    BREACH(ours.duty.due.days = 5, "/report", "another day");
    CONFORMS((ours.duty.due.day = 30, reg.calendar = TD_SCHOOL_YEAR));
}

/* A list of breaches that doesn't fit is not a list. */
static void test_frame__memory(void **state)
{
    struct td_arena *small = td_arena_new(300);
    struct td_problems problems = TD_PROBLEMS(small, NULL);
    (void)state;
    assert_non_null(small);
    reg.frame = NULL;
    assert_int_equal(td_frame_conform(&frame, &reg, &problems), TD_E_MEMORY);
    td_arena_free(small);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_frame__sections, begin, end),
        cmocka_unit_test_setup_teardown(test_frame__criteria, begin, end),
        cmocka_unit_test_setup_teardown(test_frame__fixed, begin, end),
        cmocka_unit_test_setup_teardown(test_frame__fixed_ways, begin, end),
        cmocka_unit_test_setup_teardown(test_frame__bonus, begin, end),
        cmocka_unit_test_setup_teardown(test_frame__deductions, begin, end),
        cmocka_unit_test_setup_teardown(test_frame__facts_and_rules, begin, end),
        cmocka_unit_test_setup_teardown(test_frame__awards_and_duties, begin, end),
        cmocka_unit_test_setup_teardown(test_frame__memory, begin, end),
    };
    return cmocka_run_group_tests_name("frame", tests, NULL, NULL);
}
