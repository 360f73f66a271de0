/*
 * Points by section: the mean of those sheets that are in the score's mean, and what is the same
 * whoever scores.
 */
#include "bloc.h"

enum { ITEMS = 3 };

static struct td_node nodes[5];
static struct td_item items[ITEMS];
static int64_t cells[MEMBERS][ITEMS];

/* Section I has two items on the sheets, section II a settled one. Everybody scores A: I gets
 * 10 + 20 from B, 20 + 10 from C, 0 + 5 from D, 30 + 30 from E and 20 + 20 from F. */
static int begin_sections(void **state)
{
    static const int64_t given[MEMBERS][ITEMS] = {{0, 0, 7}, {10, 20, 7}, {20, 10, 7},
                                                  {0, 5, 7}, {30, 30, 7}, {20, 20, 7}};
    assert_int_equal(begin(state), 0);
    memcpy(cells, given, sizeof cells);
    nodes[0] = (struct td_node){.id = "I", .title = "I", .parent = TD_NONE, .item = TD_NONE};
    nodes[1] = (struct td_node){.id = "I.1", .title = "I.1", .parent = 0, .depth = 1, .item = 0};
    nodes[2] = (struct td_node){.id = "I.2", .title = "I.2", .parent = 0, .depth = 1, .item = 1};
    nodes[3] = (struct td_node){.id = "II", .title = "II", .parent = TD_NONE, .item = TD_NONE};
    nodes[4] = (struct td_node){.id = "II.1", .title = "II.1", .parent = 3, .depth = 1, .item = 2};
    for (int32_t i = 0; i < ITEMS; i++) {
        items[i] = (struct td_item){.node = i < 2 ? i + 1 : 4,
                                    .way = TD_WAY_DIRECT,
                                    .points = i < 2 ? 30 : 40,
                                    .step = 1,
                                    .source = i < 2 ? TD_FROM_SHEETS : TD_FROM_RESULTS};
        nodes[items[i].node].points = items[i].points;
    }
    nodes[0].points = 60;
    nodes[3].points = 40;
    b.reg.nodes = nodes;
    b.reg.node_count = 5;
    b.reg.items = items;
    b.reg.item_count = ITEMS;
    b.reg.award_count = 0;
    b.reg.combine = TD_COMBINE_WEIGHTED;
    b.stage.rater = TD_RATER_OTHERS;
    b.voice.weight = (struct td_fraction){1, 2};
    b.voice.drop_highest = b.voice.drop_lowest = 1;
    td_regulation_lay_out(&b.reg);
    for (int32_t i = 1; i < MEMBERS; i++) {
        b.sheets[i - 1] = (struct td_sheet){
            .unit = 0, .rater = i, .state = TD_SHEET_SUBMITTED, .cells = cells[i]};
    }
    b.year.sheet_count = MEMBERS - 1;
    b.year.results = &cells[0][0];
    return 0;
}

static void assert_section(const struct td_fraction *points, int64_t num, int64_t den)
{
    assert_int_equal(points->num, num);
    assert_int_equal(points->den, den);
}

/* E is the highest and D the lowest: B, C and F are in the mean. */
static void test_section__only_sheets_in_the_mean(void **state)
{
    struct td_fraction *points = NULL;
    (void)state;
    assert_int_equal(td_section_count(&b.reg), 2);
    assert_int_equal(td_section_points(&b.reg, &b.year, b.arena, &points), TD_OK);
    assert_section(&points[0], 50, 3); /* (30 + 30 + 40) / 3 / 2 */
    assert_section(&points[1], 7, 1);
    assert_int_equal(td_score(&b.reg, &b.year, b.arena, &b.result), TD_OK);
    assert_section(&b.result->units[0].exact, 71, 3);
    /* Nobody scored B: only what is settled is there. */
    assert_section(&points[2], 0, 1);
    assert_section(&points[3], 7, 1);
}

static void test_section__too_few_to_drop(void **state)
{
    struct td_fraction *points = NULL;
    (void)state;
    b.year.sheet_count = 2;
    assert_int_equal(td_section_points(&b.reg, &b.year, b.arena, &points), TD_OK);
    assert_section(&points[0], 15, 1); /* (30 + 30) / 2 / 2 */
}

/* The last stage's sheet alone, and an item that did not arise is not on it. */
static void test_section__the_last_sheet(void **state)
{
    static const char *not_arisen[MEMBERS * ITEMS] = {[0] = "none"};
    struct td_fraction *points = NULL;
    (void)state;
    b.reg.combine = TD_COMBINE_LAST;
    b.stage.rater = TD_RATER_BODY;
    b.sheets[0].rater = 0;
    b.year.sheet_count = 1;
    b.year.not_arisen = not_arisen;
    items[0].when_none = TD_WHEN_NONE_FULL;
    assert_int_equal(td_section_points(&b.reg, &b.year, b.arena, &points), TD_OK);
    assert_section(&points[0], 50, 1); /* 30 in full, and 20 */
}

static void test_section__memory(void **state)
{
    struct td_fraction *points = NULL;
    (void)state;
    int status = TD_E_MEMORY;
    size_t refused = 0;
    for (size_t room = 64; status == TD_E_MEMORY; room += 16) {
        struct td_arena *small = td_arena_new(room);
        assert_non_null(small);
        status = td_section_points(&b.reg, &b.year, small, &points);
        refused += status == TD_E_MEMORY;
        td_arena_free(small);
    }
    assert_int_equal(status, TD_OK);
    assert_true(refused > 10); /* at one allocation after the other */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_section__only_sheets_in_the_mean, begin_sections, end),
        cmocka_unit_test_setup_teardown(test_section__too_few_to_drop, begin_sections, end),
        cmocka_unit_test_setup_teardown(test_section__the_last_sheet, begin_sections, end),
        cmocka_unit_test_setup_teardown(test_section__memory, begin_sections, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
