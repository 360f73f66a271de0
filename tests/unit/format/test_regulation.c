/*
 * Regulations as files: every object of the format, and each way of getting it wrong.
 */
#include "files.h"

static struct td_regulation *read_good(struct td_arena *arena, const char *from, const char *to)
{
    struct td_problems problems = TD_PROBLEMS(arena, "good.json");
    struct td_regulation *regulation = NULL;
    char *text = edited(REGULATION, from, to);
    int e = format_regulation_parse(text, strlen(text), arena, &problems, &regulation);

    free(text);
    if (e != TD_OK) {
        print_problems(&problems);
    }
    assert_int_equal(e, TD_OK);
    assert_int_equal(problems.errors, 0);
    return regulation;
}

#define ASSERT_FRACTION(f, n, d)                                                                   \
    do {                                                                                           \
        assert_int_equal((f).num, (n));                                                            \
        assert_int_equal((f).den, (d));                                                            \
    } while (0)

static void test_head(void **state)
{
    struct td_arena *arena = td_arena_new(ARENA_MAX);
    const struct td_regulation *reg = read_good(arena, NULL, "");

    (void)state;
    assert_string_equal(reg->id, "test-2024");
    assert_int_equal(reg->version, 3);
    assert_string_equal(reg->title, "Quy chế thử");
    assert_string_equal(reg->authority, "UBND tỉnh");
    assert_string_equal(reg->frame, "khung");
    assert_string_equal(reg->variant, "B");
    assert_int_equal(reg->issued.month, 3);
    assert_int_equal(reg->year, 2024);
    assert_int_equal(reg->calendar, TD_CALENDAR_YEAR);
    assert_int_equal(reg->note_count, 2);
    assert_string_equal(reg->notes[1], "hai");
    assert_int_equal(reg->source_count, 2);
    assert_string_equal(reg->sources[1].id, "003");
    assert_int_equal(reg->base_count, 2);
    assert_false(td_date_is_set(reg->bases[0].until));
    assert_int_equal(reg->bases[1].until.year, 2025);
    assert_string_equal(reg->bases[1].where, "/legal_bases/1");
    assert_int_equal(strlen(reg->sha256), 64);
    assert_int_equal(reg->scale.total, 10000);
    assert_int_equal(reg->scale.item_decimals, 2);
    assert_int_equal(reg->scale.item_round, TD_ROUND_HALF_EVEN);
    assert_int_equal(reg->scale.total_decimals, 1);
    assert_int_equal(reg->scale.total_round, TD_ROUND_DOWN);
    assert_int_equal(reg->scale.rank_by, TD_RANK_BY_PERCENT);
    assert_true(reg->scale.above_total);
    assert_string_equal(reg->escalate_to, "council");
    td_arena_free(arena);
}

static void test_criteria(void **state)
{
    struct td_arena *arena = td_arena_new(ARENA_MAX);
    const struct td_regulation *reg = read_good(arena, NULL, "");

    (void)state;
    assert_int_equal(reg->node_count, 10);
    assert_int_equal(reg->item_count, 8);
    assert_int_equal(reg->cell_count, 9);
    assert_string_equal(reg->nodes[0].number, "1");
    assert_string_equal(reg->nodes[0].clause, "003 I");
    assert_int_equal(reg->nodes[0].item, TD_NONE);
    assert_int_equal(reg->nodes[0].item_count, 4);
    assert_int_equal(reg->nodes[0].points, 6000);
    assert_true(reg->nodes[1].example);
    assert_true(reg->nodes[2].added);
    assert_int_equal(reg->nodes[5].parent, TD_NONE);
    assert_int_equal(reg->nodes[6].parent, 5);
    assert_int_equal(reg->nodes[6].depth, 1);
    assert_string_equal(reg->nodes[6].where, "/criteria/1/children/0");

    const struct td_item *item = reg->items;
    assert_int_equal(item[0].way, TD_WAY_PLAN);
    assert_int_equal(item[0].source, TD_FROM_RESULTS);
    assert_int_equal(item[0].better, TD_BETTER_LOWER);
    assert_int_equal(item[0].decimals, 1);
    assert_string_equal(item[0].unit, "tỷ đồng");
    assert_int_equal(item[1].when_none, TD_WHEN_NONE_LEFT_OUT);
    assert_int_equal(item[1].tier_count, 4);
    assert_int_equal(item[1].tiers[0].first, 100);
    assert_int_equal(item[1].tiers[0].last, 100);
    assert_int_equal(item[1].tiers[1].first, 50);
    assert_int_equal(item[1].tiers[1].last, 99);
    assert_int_equal(item[1].tiers[2].first, 1);
    assert_int_equal(item[1].tiers[2].last, 49);
    assert_true(item[1].tiers[3].first == -TD_VALUE_MAX);
    assert_int_equal(item[1].tiers[3].last, 0);
    assert_int_equal(item[1].tiers[1].points, 500);
    assert_string_equal(item[1].tiers[3].where, "/criteria/0/children/1/way/tiers/3");
    assert_int_equal(item[2].source, TD_FROM_OUTSIDE);
    assert_int_equal(item[2].place_count, 3);
    assert_int_equal(item[2].places[1], 1050);
    assert_int_equal(item[2].after, 100);
    assert_int_equal(item[3].way, TD_WAY_LEADER);
    assert_int_equal(item[3].decimals, 2);
    ASSERT_FRACTION(item[3].on_target, 3, 5);
    assert_int_equal(item[4].step, 50);
    assert_int_equal(item[4].decimals, 2);
    assert_int_equal(item[5].part_count, 2);
    assert_int_equal(item[5].parts[1].points, 600);
    assert_int_equal(item[6].step, 125);
    assert_int_equal(item[6].when_none, TD_WHEN_NONE_ZERO);
    assert_int_equal(item[7].cells, 2);
    assert_int_equal(item[7].start, 500);
    assert_int_equal(item[7].floor, 100);
    assert_int_equal(item[7].parts[1].points, -150);
    td_arena_free(arena);
}

static void test_raters_and_bonus(void **state)
{
    struct td_arena *arena = td_arena_new(ARENA_MAX);
    const struct td_regulation *reg = read_good(arena, NULL, "");

    (void)state;
    assert_int_equal(reg->stage_count, 5);
    assert_true(reg->stages[2].deputy_for_head);
    assert_true(reg->stages[2].optional);
    assert_int_equal(reg->stages[2].differs_from, 0);
    assert_int_equal(reg->stages[1].differs_from, TD_NONE);
    assert_int_equal(reg->combine, TD_COMBINE_WEIGHTED);
    assert_string_equal(reg->combine_clause, "000 Đ11");
    assert_int_equal(reg->voice_count, 2);
    ASSERT_FRACTION(reg->voices[1].weight, 7, 10);
    assert_int_equal(reg->voices[1].stages[1], 3);
    assert_int_equal(reg->voices[1].drop_lowest, 1);
    assert_string_equal(reg->voices[1].where, "/combine/parts/1");

    assert_int_equal(reg->bonus.cap, 500);
    assert_true(reg->bonus.in_total);
    assert_int_equal(reg->bonus.part_count, 2);
    assert_int_equal(reg->bonus.parts[0].section, 0);
    assert_true(reg->bonus.parts[0].proportional);
    ASSERT_FRACTION(reg->bonus.parts[0].per, 1, 100);
    ASSERT_FRACTION(reg->bonus.parts[0].each, 1, 10);
    assert_int_equal(reg->bonus.parts[1].section, TD_NONE);
    assert_int_equal(reg->bonus.parts[1].cap, 200);
    assert_int_equal(reg->deduction_cap, 2000);
    assert_int_equal(reg->deduction_count, 3);
    assert_int_equal(reg->deductions[0].issuer_count, 2);
    assert_string_equal(reg->deductions[0].subjects[0], "emulation");
    assert_int_equal(reg->deductions[1].cap, TD_NONE);
    assert_true(reg->deductions[2].head_only);
    assert_true(reg->deductions[2].once);
    assert_int_equal(reg->deductions[2].each, 250);
    td_arena_free(arena);
}

static void test_eligibility(void **state)
{
    struct td_arena *arena = td_arena_new(ARENA_MAX);
    const struct td_regulation *reg = read_good(arena, NULL, "");

    (void)state;
    assert_int_equal(reg->fact_count, 4);
    assert_string_equal(reg->facts[0].as_of, "11-30");
    assert_int_equal(reg->facts[0].grade_count, 3);
    assert_int_equal(reg->facts[0].unreported, TD_NONE);
    assert_int_equal(reg->facts[1].unreported, 0);
    assert_string_equal(reg->facts[2].grades[0].id, "yes");
    assert_int_equal(reg->facts[3].duty, 0);
    assert_int_equal(reg->facts[3].grade_count, 4);
    assert_null(reg->facts[3].by);

    assert_int_equal(reg->rule_count, 3);
    assert_int_equal(reg->rules[0].when->grade, TD_DUTY_NOT_DONE);
    const struct td_condition *all = reg->rules[1].when;
    assert_int_equal(all->test, TD_TEST_ALL);
    assert_int_equal(all->parts[0].test, TD_TEST_AT_MOST);
    assert_int_equal(all->parts[0].grade, 2);
    assert_int_equal(all->parts[1].test, TD_TEST_ANY);
    assert_int_equal(all->parts[1].parts[1].test, TD_TEST_NOT);
    assert_int_equal(all->parts[1].parts[1].parts[0].test, TD_TEST_AT_LEAST);
    assert_non_null(reg->rules[1].unless);
    assert_int_equal(reg->rules[2].outcome, TD_LOWERED);
    assert_int_equal(reg->rules[2].levels, 2);
    td_arena_free(arena);
}

static void test_awards(void **state)
{
    struct td_arena *arena = td_arena_new(ARENA_MAX);
    const struct td_regulation *reg = read_good(arena, NULL, "");

    (void)state;
    assert_int_equal(reg->award_count, 4);
    assert_int_equal(reg->awards[0].among, 1);
    assert_string_equal(reg->awards[0].by, "council");
    assert_int_equal(reg->awards[0].counts, 1);
    assert_true(reg->awards[1].least_is_percent);
    ASSERT_FRACTION(reg->awards[1].least, 181, 200);
    assert_non_null(reg->awards[1].when);
    assert_int_equal(reg->awards[2].seats, 2);
    ASSERT_FRACTION(reg->awards[2].least, 161, 2);
    assert_int_equal(reg->awards[3].counts, 0xA);
    assert_int_equal(reg->awards[3].share_round, TD_ROUND_DOWN);
    assert_int_equal(reg->awards[3].among, TD_NONE);
    ASSERT_FRACTION(reg->selection.least, 50, 1);
    assert_true(reg->selection.vote_always);
    assert_true(reg->selection.floor_lowest);
    assert_int_equal(reg->selection.priority_fact, 2);
    assert_int_equal(reg->selection.priority_grade, 0);
    assert_string_equal(reg->selection.priority_clause, "003 x");
    assert_int_equal(reg->tie_vote.base, TD_BASE_PRESENT);
    ASSERT_FRACTION(reg->tie_vote.majority, 0, 1);
    assert_true(reg->honour_vote.strictly_more);
    assert_int_equal(reg->honour_vote.base, TD_BASE_MEMBERS);
    td_arena_free(arena);
}

static void test_duties_and_meetings(void **state)
{
    struct td_arena *arena = td_arena_new(ARENA_MAX);
    const struct td_regulation *reg = read_good(arena, NULL, "");

    (void)state;
    assert_int_equal(reg->duty_count, 5);
    assert_true(reg->duties[0].each_member);
    assert_int_equal(reg->duties[0].to_count, 2);
    assert_int_equal(reg->duties[0].due.kind, TD_DUE_BEFORE);
    assert_int_equal(reg->duties[0].due.day, 31);
    assert_false(reg->duties[1].each_member);
    assert_int_equal(reg->duties[1].due.date.month, 6);
    assert_int_equal(reg->duties[1].printed.year, 2023);
    assert_int_equal(reg->duties[2].due.day_to, 25);
    assert_int_equal(reg->duties[3].due.meeting, 1);
    assert_int_equal(reg->duties[3].due.days, 5);
    assert_int_equal(reg->duties[4].due.kind, TD_DUE_IN_QUARTER);
    assert_int_equal(reg->duties[4].due.month, 2);
    assert_int_equal(reg->meeting_count, 2);
    assert_true(reg->meetings[0].optional);
    assert_int_equal(reg->meetings[0].due.kind, TD_DUE_NONE);
    ASSERT_FRACTION(reg->meetings[1].quorum, 2, 3);
    assert_int_equal(reg->meetings[1].composition_count, 2);
    assert_int_equal(reg->meetings[1].after[0].duty, 3);
    assert_int_equal(reg->meetings[1].after[0].meeting, TD_NONE);
    assert_int_equal(reg->meetings[1].after[1].meeting, 0);
    td_arena_free(arena);
}

/* What may be left out is as the documentation says. */
static void test_defaults(void **state)
{
    static const char *const small[] = {
        "{'format':'thidua-regulation/1','id':'x','version':1,'title':'t','authority':'a',"
        "'calendar':'school_year','sources':[{'id':'0','title':'s'}],"
        "'points':{'total':'10','item_decimals':0,'total_decimals':2},"
        "'criteria':[{'id':'1','title':'c','points':'10','way':{'kind':'direct'}}],"
        "'stages':[{'id':'s','title':'s','rater':'body'}],"
        "'combine':{'kind':'last_of','stages':['s']},'awards':[],"
        "'issued':null,'bonus':null,'notes':null,'note':'n','clause':null}",
        NULL};
    struct td_arena *arena = td_arena_new(ARENA_MAX);
    struct td_problems problems = TD_PROBLEMS(arena, NULL);
    struct td_regulation *reg = NULL;
    char *text = edited(small, NULL, "");

    (void)state;
    int e = format_regulation_parse(text, strlen(text), arena, &problems, &reg);
    free(text);
    if (e != TD_OK) {
        print_problems(&problems);
    }
    assert_int_equal(e, TD_OK);
    assert_null(reg->frame);
    assert_int_equal(reg->year, 0);
    assert_int_equal(reg->school_month, 9);
    assert_int_equal(reg->school_day, 1);
    assert_int_equal(reg->scale.item_round, TD_ROUND_HALF_UP);
    assert_int_equal(reg->scale.rank_by, TD_RANK_BY_EXACT);
    assert_int_equal(reg->items[0].step, 1);
    assert_int_equal(reg->items[0].when_none, TD_WHEN_NONE_UNSAID);
    assert_int_equal(reg->combine, TD_COMBINE_LAST);
    assert_int_equal(reg->voice_count, 1);
    ASSERT_FRACTION(reg->voices[0].weight, 1, 1);
    assert_int_equal(reg->bonus.cap, TD_NONE);
    assert_int_equal(reg->deduction_cap, TD_NONE);
    assert_int_equal(reg->selection.priority_fact, TD_NONE);
    assert_false(reg->selection.has_least);
    assert_int_equal(reg->tie_vote.base, TD_BASE_VALID);
    ASSERT_FRACTION(reg->honour_vote.majority, 0, 1);
    td_arena_free(arena);
}

/* ---- slips ----------------------------------------------------------------------------------- */

static const struct slip SLIPS[] = {
    {"'version': 3,", "", "", "is missing", NULL},
    {"'version': 3", "'version': '3'", "/version", "expected", "leave out the quotes"},
    {"'version': 3", "'version': 0", "/version", "is not between", NULL},
    {"'version': 3", "'version': 3000000000", "/version", "is not between", NULL},
    {"'version': 3", "'version': 3.0", "/version", "expected", NULL},
    {"'version': 3", "'version': 3, 'versoin': 1", "/versoin", "not known here", "version"},
    {"'version': 3", "'version': 3, 'zzzzzzzz': 1", "/zzzzzzzz", "not known here", "format, id"},
    {"'version': 3", "'version': 3, 'a/b~c': 1", "/a~1b~0c", "not known here", NULL},
    {"'title': 'Quy chế thử'", "'title': '  '", "/title", "blank", NULL},
    {"'title': 'Quy chế thử'", "'title': 7", "/title", "expected", "quotes"},
    {"'title': 'Quy chế thử'", "'title': 'a\\nb'", "/title", "can't be seen", NULL},
    {"'title': 'Quy chế thử'", "'title': 'a\\u202Eb'", "/title", "can't be seen", NULL},
    {"'id': 'test-2024'", "'id': '.test'", "/id", "can't be an id", NULL},
    {"'id': 'test-2024'", "'id': 'đ'", "/id", "can't be an id", NULL},
    {"'variant': 'B',", "", "", "stand together", NULL},
    {"'issued': '2024-03-20'", "'issued': '2024-02-30'", "/issued", "no day", NULL},
    {"'issued': '2024-03-20'", "'issued': '20/3/2024'", "/issued", "not a date", "2024-12-08"},
    {"'year': '2024'", "'year': '2023-2024'", "/year", "not a year", "2024"},
    {"'calendar': 'calendar_year'", "'calendar': 'calender_year'", "/calendar",
     "not one of the words", "calendar_year"},
    {"'notes': [", "'notes': [1, ", "/notes/0", "expected", NULL},
    {"'id': '003', 'title'", "'id': '000', 'title'", "/sources/1/id", "twice", NULL},
    {"'clause': '003 I'", "'clause': '03 I'", "/criteria/0/clause", "no source's id", "003"},
    {"'total': '100'", "'total': 100", "/points/total", "expected", "quotes"},
    {"'total': '100'", "'total': '1e2'", "/points/total", "not a decimal", "12.5"},
    {"'total': '100'", "'total': '100.005'", "/points/total", "more decimals", NULL},
    {"'total': '100'", "'total': '1000000.01'", "/points/total", "beyond the limit", NULL},
    {"'total': '100'", "'total': '0'", "/points/total", "above zero", NULL},
    {"'item_decimals': 2", "'item_decimals': 5", "/points/item_decimals", "is not between", NULL},
    {"'points': '60'", "'points': '-60'", "/criteria/0/points", "negative", NULL},
    {"'id': 'I.2'", "'id': 'I.1'", "/criteria/0/children/1/id", "twice", NULL},
    {"'kind': 'plan'", "'kind': 'plans'", "/criteria/0/children/0/way/kind", "not one of the words",
     "plan"},
    {"'better': 'lower'", "'step': '1'", "/criteria/0/children/0/way/step", "not known here", NULL},
    {"'at': '100', 'title'", "'at': '100.5', 'title'", "/criteria/0/children/1/way/tiers/0/at",
     "has decimals", NULL},
    {"'at': '100', 'title'", "'title'", "/criteria/0/children/1/way/tiers/0",
     "neither where it begins", NULL},
    {"'from': '50', ", "'from': '50', 'above': '50', ", "/criteria/0/children/1/way/tiers/1",
     "exclude each other", NULL},
    {"'at': '100', ", "'at': '100', 'from': '7', ", "/criteria/0/children/1/way/tiers/0/from",
     "not known here", NULL},
    {"'to': '0'", "'to': '-1000000000000001'", "/criteria/0/children/1/way/tiers/3/to",
     "beyond the limit", NULL},
    {"{'id': 'b', 'title': 'B'", "{'id': 'a', 'title': 'B'",
     "/criteria/1/children/1/way/parts/1/id", "twice", NULL},
    {"'way': {'kind': 'direct', 'step': '0.5'}", "'way': null", "/criteria/1/children/0",
     "is missing", NULL},
    {"'way': {'kind': 'direct', 'step': '0.5'}", "'children': []",
     "/criteria/1/children/0/children", "empty", NULL},
    {"'way': {'kind': 'direct', 'step': '0.5'}", "'children': 5", "/criteria/1/children/0/children",
     "expected", NULL},
    {"'rater': 'others'", "'rater': 'other'", "/stages/1/rater", "not one of the words", "others"},
    {"'rater': 'self'}", "'rater': 'self', 'for_head': 'deputy'}", "/stages/0/for_head",
     "not known here", NULL},
    {"'reason_when_different_from': 'self'", "'reason_when_different_from': 'selb'",
     "/stages/2/reason_when_different_from", "there is no", "self"},
    {"'stages': ['self']", "'stages': []", "/combine/parts/0/stages", "expected", NULL},
    {"'stages': ['self']", "'stages': ['self', 'self']", "/combine/parts/0/stages/1", "twice",
     NULL},
    {"'weight': '30%'", "'weight': '130%'", "/combine/parts/0/weight", "not between 0 and", NULL},
    {"'weight': '30%'", "'weight': '30 %'", "/combine/parts/0/weight", "not a share", "30%"},
    {"'section': 'I'", "'section': 'IV'", "/bonus/parts/0/section", "there is no", "I"},
    {"'per': '1%',", "", "/bonus/parts/0", "is missing", NULL},
    {"'needs': 'duty'", "'needs': 'duty', 'issuers': ['x']", "/deductions/list/1/issuers",
     "not known here", NULL},
    {"'id': 'breach'", "'id': 'late'", "/deductions/list/2/id", "twice", NULL},
    {"'once': true", "'once': 'yes'", "/deductions/list/2/once", "expected", NULL},
    {"'as_of': '11-30'", "'as_of': '11-31'", "/facts/0/as_of", "no day", NULL},
    {"'as_of': '11-30'", "'as_of': '30-11-'", "/facts/0/as_of", "not a day of the year", "03-31"},
    {"'grades': 'no_yes'", "'grades': 'noyes'", "/facts/1/grades", "expected", "no_yes"},
    {"'unreported': 'no'", "'unreported': 'none'", "/facts/1/unreported", "no grade", "no"},
    {"'duty': 'registration'}", "'duty': 'registraton'}", "/facts/3/duty", "there is no",
     "registration"},
    {"'duty': 'registration'}", "'duty': 'registration', 'by': 'x'}", "/facts/3/by",
     "not known here", NULL},
    {"{'fact': 'registered', 'is'", "{'fact': 'registred', 'is'", "/eligibility/0/when/fact",
     "there is no", "registered"},
    {"'is': 'not_done'", "'is': 'notdone'", "/eligibility/0/when/is", "no grade", "not_done"},
    {"'is': 'not_done'", "'is': 'not_done', 'at_most': 'late'", "/eligibility/0/when",
     "has one test", NULL},
    {"{'all': [", "{'is': 'x', 'all': [", "/eligibility/1/when/is", "not known here", NULL},
    {"'levels': 2", "'levels': 0", "/eligibility/2/levels", "is not between", NULL},
    {"'outcome': 'excluded'", "'outcome': 'excluded', 'levels': 1", "/eligibility/0/levels",
     "not known here", NULL},
    {"'among': 'flag'", "'among': 'flags'", "/awards/0/among", "there is no", "flag"},
    {"'at_least': '80.5'", "'at_least': '80.505'", "/awards/2/at_least", "more decimals", NULL},
    {"'seats': 2", "'seats': -1", "/awards/2/quota/seats", "is not between", NULL},
    {"['merit', 'flag']", "['merit', 'merit']", "/awards/3/quota/counts/1", "twice", NULL},
    {"'round': 'down', ", "", "/awards/3/quota", "is missing", NULL},
    {"'strictly_more': true, 'of'", "'of'", "/votes/honour", "is missing", NULL},
    {"'honour': {", "'tied': {", "", "given by vote", NULL},
    {"'due': {'before': '03-31'}", "'due': {'before': '03-31', 'by': '03-30'}", "/duties/0/due",
     "has one form", NULL},
    {"'due': {'before': '03-31'}", "'due': {}", "/duties/0/due", "has one form", NULL},
    {"'due': {'before': '03-31'}", "'due': {'before': '3-31'}", "/duties/0/due/before",
     "not a day of the year", NULL},
    {"[20, 25]", "[20]", "/duties/2/due/monthly", "expected", "[20, 25]"},
    {"[20, 25]", "[25, 20]", "/duties/2/due/monthly", "comes before the first", NULL},
    {"'before_meeting': 'yearend'", "'before_meeting': 'yearned'", "/duties/3/due/before_meeting",
     "there is no", "yearend"},
    {"{'in_month': 1}", "{'in_month': 13}", "/duties/4/due/school_year/in_month", "is not between",
     NULL},
    {"'school_year': {'in_month': 1}", "'note': 'x'", "/duties/4/due", "one calendar only", NULL},
    {"'duty': 'notify', 'days': 5", "'days': 5", "/meetings/1/after/0", "one duty or one meeting",
     NULL},
    {"'quorum': '2/3'", "'quorum': '2/0'", "/meetings/1/quorum", "not a share", NULL},
    {"{'format': 'thidua-regulation/1', 'id'", "{'format': 'thidua-year/1', 'id'", "/format",
     "not a file of the format", NULL},
};

static void test_slips(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof SLIPS / sizeof *SLIPS; i++) {
        const struct slip *slip = &SLIPS[i];
        struct td_arena *arena = td_arena_new(ARENA_MAX);
        struct td_problems problems = TD_PROBLEMS(arena, NULL);
        struct td_regulation *regulation = NULL;
        char *text = edited(REGULATION, slip->from, slip->to);
        int e = format_regulation_parse(text, strlen(text), arena, &problems, &regulation);
        free(text);
        assert_slip(slip, e, &problems);
        assert_null(regulation);
        td_arena_free(arena);
    }
}

/* A wrong key doesn't hide what the engine finds: sums are checked in the same reading. */
static void test_problems__of_shape_and_of_sums_come_together(void **state)
{
    struct td_arena *arena = td_arena_new(ARENA_MAX);
    struct td_problems problems = TD_PROBLEMS(arena, NULL);
    struct td_regulation *regulation = NULL;
    char *text = edited(REGULATION, "'points': '60'", "'points': '61', 'pionts': 1");

    (void)state;
    assert_int_equal(format_regulation_parse(text, strlen(text), arena, &problems, &regulation),
                     TD_E_INVALID);
    assert_non_null(problem_found(&problems, "/criteria/0/pionts", "not known"));
    assert_non_null(problem_found(&problems, "/criteria/0", "add up"));
    free(text);
    td_arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_head),
        cmocka_unit_test(test_criteria),
        cmocka_unit_test(test_raters_and_bonus),
        cmocka_unit_test(test_eligibility),
        cmocka_unit_test(test_awards),
        cmocka_unit_test(test_duties_and_meetings),
        cmocka_unit_test(test_defaults),
        cmocka_unit_test(test_slips),
        cmocka_unit_test(test_problems__of_shape_and_of_sums_come_together),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
