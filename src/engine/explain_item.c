/*
 * One item of an explanation: its input, its arithmetic, its points.
 */
#include "base/wide.h"
#include "engine/explain.h"

#include <string.h>

#include "base/banned.h"

const char *node_number(const struct td_node *node)
{
    return node->number != NULL ? node->number : node->id;
}

bool node_is_told(const struct telling *t, int32_t node, bool on_sheet)
{
    const struct td_node *n = &t->run.regulation->nodes[node];
    for (int32_t i = 0; i < n->item_count; i++) {
        if (item_on_sheets(&t->run, t->unit, n->first_item + i) == on_sheet) {
            return true;
        }
    }
    return false;
}

/* What an item's message begins with. */
struct telling_item {
    const struct td_item *item;
    const struct td_node *node;
    struct td_arg number, title;
    struct td_arg points; /* got */
    struct td_arg most;   /* the item's */
};

static struct td_arg value_arg(const struct td_item *item, int64_t value)
{
    return TD_DECIMAL(value_decimal(item, value));
}

struct td_arg percent_arg(int64_t part, int64_t whole)
{
    int64_t hundredths = 0;
    struct td_fraction share = {0, 1};
    PROVED(wide_divide(wide_product(part, 10000), whole, TD_ROUND_DOWN, &hundredths));
    PROVED(td_fraction_make(hundredths, 10000, &share));
    return TD_PERCENT(share);
}

static struct td_message plan_text(const struct telling_item *i, int64_t actual, int64_t target,
                                   int64_t points)
{
    const struct td_item *item = i->item;
    bool higher = item->better == TD_BETTER_HIGHER;
    struct td_arg a = value_arg(item, actual), b = value_arg(item, target);
    if (higher ? actual >= target : actual <= target) {
        return TD_MESSAGE("{0} {1}: {2} reaches the target {3}: {4} of {5}", i->number, i->title, a,
                          b, i->points, i->most);
    }
    if (higher ? actual <= 0 : target == 0) {
        return TD_MESSAGE("{0} {1}: {2} against the target {3}: {4} of {5}", i->number, i->title, a,
                          b, i->points, i->most);
    }
    struct td_arg part = higher ? a : b, whole = higher ? b : a;
    bool exact = wide_compare_products(item->points, higher ? actual : target, points,
                                       higher ? target : actual) == 0;
    return exact ? TD_MESSAGE("{0} {1}: {2} × {3} ÷ {4} = {5}", i->number, i->title, i->most, part,
                              whole, i->points)
                 : TD_MESSAGE("{0} {1}: {2} × {3} ÷ {4} ≈ {5}", i->number, i->title, i->most, part,
                              whole, i->points);
}

static const char *state_text(enum item_state state)
{
    switch (state) {
    case ITEM_NO_TIER:
        return TD_ID("the value lies in no tier: to be settled");
    case ITEM_NO_TARGET:
        return TD_ID("no target above zero: to be settled");
    case ITEM_UNSAID:
        return TD_ID("did not arise, and the regulation doesn't say what then: to be settled");
    case ITEM_LEFT_OUT:
        return TD_ID("left out; the maximum is lower");
    case ITEM_EMPTY:
    case ITEM_SCORED:
    default:
        return TD_ID("empty: to be filled in");
    }
}

static void tell_parts(struct telling *t, struct td_step *into, const struct td_item *item,
                       const int64_t *cells)
{
    for (int32_t p = 0; p < item->part_count; p++) {
        const struct td_part *part = &item->parts[p];
        bool list = item->way == TD_WAY_CHECKLIST;
        int64_t count = list ? cells[0] >> p & 1 : cells[p];
        if (list) {
            step_add(t, into,
                     count ? TD_MESSAGE("{0}: met, {1}", TD_TEXT(part->title),
                                        units_arg(t, part->points))
                           : TD_MESSAGE("{0}: not met, 0 of {1}", TD_TEXT(part->title),
                                        units_arg(t, part->points)),
                     NULL);
        } else if (count > 0) {
            step_add(t, into,
                     TD_MESSAGE("{0}: {1} × {2}", TD_TEXT(part->title), TD_COUNT(count),
                                units_arg(t, part->points)),
                     NULL);
        }
    }
}

static struct td_message place_text(const struct telling *t, const struct telling_item *i,
                                    int32_t item)
{
    const struct standing *standing = &t->run.relative[item]->units[t->unit];
    int64_t value = relative_value(&t->run, t->unit, item);
    int64_t raters = 0;
    for (int32_t k = 0; k < t->run.year->outside_count; k++) {
        const struct td_outside *outside = &t->run.year->outside[k];
        raters += outside->item == item ? outside->rater_count : 0;
    }
    struct td_fraction mean = {0, 1}, unit = {1, wide_power_of_ten(i->item->decimals)};
    int64_t share = i->item->source == TD_FROM_OUTSIDE ? raters : 1;
    if (td_fraction_make(value, share, &mean) < 0 || td_fraction_multiply(mean, unit, &mean) < 0) {
        mean = (struct td_fraction){value, 1};
    }
    return TD_MESSAGE("{0} {1}: {2} is place {3}: {4} of {5}", i->number, i->title,
                      TD_FRACTION(mean), TD_COUNT(standing->place), i->points, i->most);
}

/* SCO-9a, in the words of its cases. */
static struct td_message leader_text(const struct telling *t, const struct telling_item *i,
                                     int32_t item)
{
    const struct relative *relative = t->run.relative[item];
    int64_t actual = relative_value(&t->run, t->unit, item);
    int64_t target = unit_target(&t->run, t->unit, item);
    struct td_arg a = value_arg(i->item, actual);
    if (target == TD_EMPTY) {
        return TD_MESSAGE("{0} {1}: no target, {2} against the best {3} without a target: {4} of "
                          "{5}",
                          i->number, i->title, a, value_arg(i->item, relative->best), i->points,
                          i->most);
    }
    struct td_arg b = value_arg(i->item, target);
    if (actual <= target) {
        return TD_MESSAGE("{0} {1}: {2} does not exceed the target {3}: {4} of {5}", i->number,
                          i->title, a, b, i->points, i->most);
    }
    int64_t best = relative_value(&t->run, relative->leader, item);
    int64_t its_target = unit_target(&t->run, relative->leader, item);
    return TD_MESSAGE("{0} {1}: {2} over the target; the leader, {3}, is {4} over: {5}", i->number,
                      i->title, percent_arg(actual - target, target),
                      TD_TEXT(t->run.year->members[relative->leader].name),
                      percent_arg(best - its_target, its_target), i->points);
}

static struct td_message scored_text(const struct telling *t, const struct telling_item *i,
                                     int32_t item, const int64_t *cells, int64_t points)
{
    int64_t value = cells[0];
    switch (i->item->way) {
    case TD_WAY_PLAN:
        return plan_text(i, value, unit_target(&t->run, t->unit, item), points);
    case TD_WAY_TIERS: {
        const char *tier = i->item->tiers[item_tier(i->item, value)].title;
        return tier == NULL
                   ? TD_MESSAGE("{0} {1}: {2} lies in a tier of {3} of {4}", i->number, i->title,
                                value_arg(i->item, value), i->points, i->most)
                   : TD_MESSAGE("{0} {1}: {2} lies in “{3}”: {4} of {5}", i->number, i->title,
                                value_arg(i->item, value), TD_TEXT(tier), i->points, i->most);
    }
    case TD_WAY_COUNT:
        return TD_MESSAGE("{0} {1}: {2} × {3}, at most {4}: {5}", i->number, i->title,
                          TD_COUNT(value), units_arg(t, i->item->step), i->most, i->points);
    case TD_WAY_PLUS_MINUS:
        return TD_MESSAGE("{0} {1}: {2} and the events below, kept between {3} and {4}: {5}",
                          i->number, i->title, units_arg(t, i->item->start),
                          units_arg(t, i->item->floor), i->most, i->points);
    case TD_WAY_CHECKLIST:
    case TD_WAY_DIRECT:
    case TD_WAY_RANK:
    case TD_WAY_LEADER:
    default:
        return TD_MESSAGE("{0} {1}: {2} of {3}", i->number, i->title, i->points, i->most);
    }
}

/* Copy text to `at`, without its NUL; answers the place behind it. */
static char *put(char *at, const char *text)
{
    while (*text != '\0') {
        *at++ = *text++;
    }
    return at;
}

/* The title with the unit of measure, so that figures can be read: "Tổng thu (tỷ đồng)". */
static const char *measured_title(struct telling *t, const struct td_node *node,
                                  const struct td_item *item)
{
    if (item->unit == NULL) {
        return node->title;
    }
    size_t length = strlen(node->title) + strlen(item->unit) + strlen(" ()");
    char *text = run_alloc(&t->run, length + 1, 1); /* filled with NUL bytes */
    if (text == NULL) {
        return node->title;
    }
    put(put(put(put(text, node->title), " ("), item->unit), ")");
    return text;
}

int64_t tell_item(struct telling *t, struct td_step *into, const struct td_sheet *sheet,
                  int32_t item)
{
    const struct td_regulation *reg = t->run.regulation;
    const struct td_item *it = &reg->items[item];
    const struct td_node *node = &reg->nodes[it->node];
    const int64_t *cells =
        sheet != NULL ? &sheet->cells[it->cell] : unit_results(&t->run, t->unit, item);
    struct scored s = sheet != NULL ? item_score(it, reg->scale.item_round, cells,
                                                 unit_target(&t->run, t->unit, item))
                                    : fixed_score(&t->run, t->unit, item);
    struct telling_item i = {
        .item = it,
        .node = node,
        .number = TD_TEXT(node_number(node)),
        .title = TD_TEXT(measured_title(t, node, it)),
        .points = units_arg(t, s.points),
        .most = units_arg(t, it->points),
    };
    const char *reason = sheet == NULL ? not_arisen(&t->run, t->unit, item) : NULL;
    const struct td_decision *decision = sheet == NULL ? decision_on(&t->run, t->unit, item) : NULL;
    struct td_message text;
    if (s.state != ITEM_SCORED) {
        text = TD_MESSAGE("{0} {1}: {2}", i.number, i.title, TD_TERM(state_text(s.state)));
    } else if (decision != NULL) {
        text = TD_MESSAGE("{0} {1}: decided by {2}: {3} of {4}; {5}", i.number, i.title,
                          TD_TEXT(decision->by), i.points, i.most, TD_TEXT(decision->reason));
    } else if (reason != NULL) {
        text = TD_MESSAGE("{0} {1}: did not arise ({2}): {3} of {4}", i.number, i.title,
                          TD_TEXT(reason), i.points, i.most);
    } else if (it->way == TD_WAY_RANK) {
        text = place_text(t, &i, item);
    } else if (it->way == TD_WAY_LEADER) {
        text = leader_text(t, &i, item);
    } else {
        text = scored_text(t, &i, item, cells, s.points);
    }
    struct td_step *step = step_add(t, into, text, node->clause);
    if (s.state == ITEM_SCORED && reason == NULL && decision == NULL && cells != NULL) {
        tell_parts(t, step, it, cells);
    }
    if (sheet != NULL && sheet->reasons != NULL && sheet->reasons[item] != NULL) {
        step_add(t, step, TD_MESSAGE("reason: {0}", TD_TEXT(sheet->reasons[item])), NULL);
    }
    return s.points;
}
