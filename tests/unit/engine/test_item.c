/*
 * Points of one input, as a sheet shows them while it is filled in.
 */
#include "bloc.h"

static struct td_item_points points(int64_t value, int64_t target)
{
    return td_item_points(&b.reg, 0, &value, target);
}

static void assert_scored(struct td_item_points got, int64_t units)
{
    assert_int_equal(got.state, TD_ITEM_SCORED);
    assert_int_equal(got.points, units);
}

static void assert_state(struct td_item_points got, enum td_item_state state)
{
    assert_int_equal(got.state, state);
    assert_int_equal(got.points, 0);
}

static void test_item__zero_is_not_empty(void **state)
{
    (void)state;
    assert_scored(points(70, TD_EMPTY), 70);
    assert_scored(points(0, TD_EMPTY), 0);
    assert_state(points(TD_EMPTY, TD_EMPTY), TD_ITEM_EMPTY);
}

static void test_item__a_share_of_the_plan(void **state)
{
    (void)state;
    b.item.way = TD_WAY_PLAN;
    assert_scored(points(30, 60), 50);
    assert_state(points(30, TD_EMPTY), TD_ITEM_NO_TARGET);
    assert_state(points(30, 0), TD_ITEM_NO_TARGET);
}

static void test_item__a_value_in_no_tier(void **state)
{
    static const struct td_tier tiers[] = {{.first = 10, .last = 20, .points = 80}};
    (void)state;
    b.item.way = TD_WAY_TIERS;
    b.item.tiers = tiers;
    b.item.tier_count = 1;
    assert_scored(points(15, TD_EMPTY), 80);
    assert_state(points(21, TD_EMPTY), TD_ITEM_NO_TIER);
}

/* What depends on other units, or isn't the sheets', has no points there. */
static void test_item__elsewhere(void **state)
{
    (void)state;
    b.item.way = TD_WAY_RANK;
    assert_state(points(1, TD_EMPTY), TD_ITEM_ELSEWHERE);
    b.item.way = TD_WAY_LEADER;
    assert_state(points(1, 1), TD_ITEM_ELSEWHERE);
    b.item.way = TD_WAY_DIRECT;
    b.item.source = TD_FROM_RESULTS;
    assert_state(points(70, TD_EMPTY), TD_ITEM_ELSEWHERE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_item__zero_is_not_empty, begin, end),
        cmocka_unit_test_setup_teardown(test_item__a_share_of_the_plan, begin, end),
        cmocka_unit_test_setup_teardown(test_item__a_value_in_no_tier, begin, end),
        cmocka_unit_test_setup_teardown(test_item__elsewhere, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
