/*
 * Items whose points depend on the whole bloc: place by a value (SCO-9c) and standing relative to
 * the leader (SCO-9a). Computed afresh in every run, so that a stale place can't be shown (SCO-11).
 */
#include "base/wide.h"
#include "engine/engine.h"

#include "base/banned.h"

static bool arose(const struct run *run, int32_t unit, int32_t item)
{
    return !set_aside(run, unit, item);
}

/* The sum of the outside raters' values: every unit needs all of them, so that comparing sums is
 * comparing means. */
static int64_t outside_sum(const struct run *run, int32_t unit, int32_t item)
{
    int64_t sum = 0;
    bool any = false;
    for (int32_t i = 0; i < run->year->outside_count; i++) {
        const struct td_outside *outside = &run->year->outside[i];
        for (int32_t rater = 0; outside->item == item && rater < outside->rater_count; rater++) {
            int64_t value = outside->values[rater * run->year->member_count + unit];
            if (value == TD_EMPTY) {
                return TD_EMPTY;
            }
            sum += value;
            any = true;
        }
    }
    return any ? sum : TD_EMPTY;
}

int64_t relative_value(const struct run *run, int32_t unit, int32_t item)
{
    const struct td_item *it = &run->regulation->items[item];
    if (it->source == TD_FROM_OUTSIDE) {
        return outside_sum(run, unit, item);
    }
    if (it->source == TD_FROM_RESULTS) {
        const int64_t *results = unit_results(run, unit, item);
        return results == NULL ? TD_EMPTY : results[0];
    }
    const struct td_sheet *sheet = settled_sheet(run, unit);
    return sheet == NULL ? TD_EMPTY : sheet->cells[it->cell];
}

/* SCO-9c: equal values take the highest place (1, 1, 3). */
static void place_units(const struct run *run, int32_t item, struct relative *relative)
{
    const struct td_item *it = &run->regulation->items[item];
    int32_t members = run->year->member_count;
    int64_t values[TD_MEMBERS_MAX]; /* greater is better; TD_EMPTY is worst */
    int64_t sign = it->better == TD_BETTER_HIGHER ? 1 : -1;
    for (int32_t unit = 0; unit < members; unit++) {
        int64_t value = arose(run, unit, item) ? relative_value(run, unit, item) : TD_EMPTY;
        values[unit] = value == TD_EMPTY ? TD_EMPTY : sign * value;
    }
    for (int32_t unit = 0; unit < members; unit++) {
        struct standing *standing = &relative->units[unit];
        if (!arose(run, unit, item)) {
            continue;
        }
        if (values[unit] == TD_EMPTY) {
            standing->state = ITEM_EMPTY;
            relative->incomplete = true;
            continue;
        }
        int32_t place = 1;
        for (int32_t other = 0; other < members; other++) {
            place += values[other] > values[unit];
        }
        standing->place = place;
        standing->points = place <= it->place_count ? it->places[place - 1] : it->after;
    }
}

struct measured {
    int64_t actual, target;
    bool out; /* did not arise, or neither target nor result, or a value is missing */
};

static struct measured measure(const struct run *run, int32_t unit, int32_t item)
{
    struct measured m = {
        .actual = relative_value(run, unit, item),
        .target = unit_target(run, unit, item),
    };
    m.out = !arose(run, unit, item) || m.actual == TD_EMPTY;
    return m;
}

/* Who is furthest over target, in share of target; and the best without a target. */
static void find_leaders(const struct run *run, int32_t item, struct relative *relative)
{
    relative->leader = TD_NONE;
    struct measured lead = {0};
    for (int32_t unit = 0; unit < run->year->member_count; unit++) {
        struct measured m = measure(run, unit, item);
        if (m.out) {
            continue;
        }
        if (m.target == TD_EMPTY) {
            relative->best = m.actual > relative->best ? m.actual : relative->best;
        } else if (m.actual > m.target &&
                   (relative->leader == TD_NONE ||
                    wide_compare_products(m.actual - m.target, lead.target,
                                          lead.actual - lead.target, m.target) > 0)) {
            relative->leader = unit;
            lead = m;
        }
    }
}

/* points * num / den, rounded once; the bounds are proved by td_regulation_check. */
static int64_t portion(int64_t points, wide_int num, wide_int den, enum td_round round)
{
    int64_t result = 0;
    PROVED(wide_divide(wide_times(points, num), den, round, &result));
    return result;
}

/* SCO-9a, with h the share of the points on reaching the target exactly. */
static int64_t leader_points(const struct run *run, int32_t item, const struct relative *relative,
                             struct measured m)
{
    const struct td_item *it = &run->regulation->items[item];
    enum td_round round = run->regulation->scale.item_round;
    struct td_fraction h = it->on_target;
    int64_t actual = m.actual < 0 ? 0 : m.actual;
    if (m.target == TD_EMPTY) {
        return relative->best == 0 ? 0 : portion(it->points, actual, relative->best, round);
    }
    if (m.actual <= m.target) {
        return portion(it->points, wide_product(h.num, actual), wide_product(h.den, m.target),
                       round);
    }
    struct measured lead = measure(run, relative->leader, item);
    wide_int own = wide_product(m.actual - m.target, lead.target);
    wide_int most = wide_product(lead.actual - lead.target, m.target);
    wide_int num = wide_times(h.num, most) + wide_times(h.den - h.num, own);
    return portion(it->points, num, wide_times(h.den, most), round);
}

static void lead_units(const struct run *run, int32_t item, struct relative *relative)
{
    find_leaders(run, item, relative);
    for (int32_t unit = 0; unit < run->year->member_count; unit++) {
        struct standing *standing = &relative->units[unit];
        struct measured m = measure(run, unit, item);
        if (!arose(run, unit, item)) {
            continue;
        }
        /* Without its sheet nobody knows yet whether the unit has a result. */
        bool unwritten = run->regulation->items[item].source == TD_FROM_SHEETS &&
                         settled_sheet(run, unit) == NULL;
        if (m.actual == TD_EMPTY && m.target == TD_EMPTY && !unwritten) {
            standing->state = ITEM_LEFT_OUT;
        } else if (m.actual == TD_EMPTY) {
            standing->state = ITEM_EMPTY;
            relative->incomplete = true;
        } else {
            standing->points = leader_points(run, item, relative, m);
        }
    }
}

int relative_compute(struct run *run)
{
    const struct td_regulation *reg = run->regulation;
    for (int32_t item = 0; item < reg->item_count; item++) {
        enum td_way way = reg->items[item].way;
        if (way != TD_WAY_RANK && way != TD_WAY_LEADER) {
            continue;
        }
        struct relative *relative = run_alloc(run, 1, sizeof(*relative));
        struct standing *units = run_alloc(run, (size_t)run->year->member_count, sizeof(*units));
        if (run->full) {
            return TD_E_MEMORY;
        }
        relative->units = units;
        if (way == TD_WAY_RANK) {
            place_units(run, item, relative);
        } else {
            lead_units(run, item, relative);
        }
        run->relative[item] = relative;
    }
    return TD_OK;
}
