/*
 * One value of one item becomes points (CRI-4). The only place where an item's points are rounded,
 * and they are rounded once (SCO-6). It runs for every score of a nation, so each way is a few
 * integer operations.
 */
#include "base/wide.h"
#include "engine/engine.h"

#include "base/banned.h"

static struct scored scored(int64_t points)
{
    return (struct scored){.points = points, .state = ITEM_SCORED};
}

static struct scored not_scored(enum item_state state)
{
    return (struct scored){.points = 0, .state = state};
}

/* points * part / whole with 0 <= part <= whole and whole > 0: never above points, so the
 * division can't fail. */
static int64_t share_of(int64_t points, int64_t part, int64_t whole, enum td_round round)
{
    int64_t result = 0;
    PROVED(wide_divide(wide_product(points, part), whole, round, &result));
    return result;
}

/* 003 II.2: "thực hiện đạt bao nhiêu % kế hoạch thì đạt số điểm tương ứng theo điểm chuẩn". */
static inline struct scored score_plan(const struct td_item *item, enum td_round round,
                                       int64_t actual, int64_t target)
{
    if (actual == TD_EMPTY) {
        return not_scored(ITEM_EMPTY);
    }
    if (item->better == TD_BETTER_HIGHER) {
        if (target <= 0) {
            return not_scored(ITEM_NO_TARGET); /* TD_EMPTY too */
        }
        int64_t part = actual < 0 ? 0 : actual;
        part = part > target ? target : part;
        return scored(share_of(item->points, part, target, round));
    }
    if (target < 0) {
        return not_scored(ITEM_NO_TARGET);
    }
    int64_t most = actual > target ? actual : target;
    return scored(most <= 0 ? item->points : share_of(item->points, target, most, round));
}

int32_t item_tier(const struct td_item *item, int64_t value)
{
    for (int32_t i = 0; i < item->tier_count; i++) {
        if (value >= item->tiers[i].first && value <= item->tiers[i].last) {
            return i;
        }
    }
    return TD_NONE;
}

static struct scored score_tiers(const struct td_item *item, int64_t value)
{
    int32_t tier = item_tier(item, value);
    return tier == TD_NONE ? not_scored(ITEM_NO_TIER) : scored(item->tiers[tier].points);
}

static struct scored score_checklist(const struct td_item *item, int64_t met)
{
    int64_t sum = 0;
    for (int32_t i = 0; i < item->part_count; i++) {
        sum += (met >> i & 1) ? item->parts[i].points : 0;
    }
    return scored(sum);
}

static struct scored score_count(const struct td_item *item, int64_t count)
{
    int64_t sum;
    if (__builtin_mul_overflow(count, item->step, &sum) || sum > item->points) {
        sum = item->points;
    }
    return scored(sum);
}

/* SCO-9b: kept between the floor and the criterion's points. */
static struct scored score_plus_minus(const struct td_item *item, const int64_t *counts)
{
    wide_int sum = item->start;
    for (int32_t i = 0; i < item->part_count; i++) {
        sum += wide_product(counts[i], item->parts[i].points);
    }
    if (sum > item->points) {
        return scored(item->points);
    }
    return scored(sum < item->floor ? item->floor : (int64_t)sum);
}

struct scored item_score(const struct td_item *item, enum td_round round, const int64_t *cells,
                         int64_t target)
{
    if (item->way == TD_WAY_PLAN) {
        return score_plan(item, round, cells[0], target);
    }
    if (cells[0] == TD_EMPTY) {
        return not_scored(ITEM_EMPTY);
    }
    switch (item->way) {
    case TD_WAY_TIERS:
        return score_tiers(item, cells[0]);
    case TD_WAY_CHECKLIST:
        return score_checklist(item, cells[0]);
    case TD_WAY_COUNT:
        return score_count(item, cells[0]);
    case TD_WAY_PLUS_MINUS:
        return score_plus_minus(item, cells);
    case TD_WAY_DIRECT:
    case TD_WAY_PLAN:
    case TD_WAY_RANK:
    case TD_WAY_LEADER:
    default:
        /* RANK and LEADER depend on the bloc and never come here (relative.c). */
        return scored(cells[0]);
    }
}

struct td_item_points td_item_points(const struct td_regulation *regulation, int32_t item,
                                     const int64_t *cells, int64_t target)
{
    static const enum td_item_state states[] = {
        [ITEM_SCORED] = TD_ITEM_SCORED,
        [ITEM_EMPTY] = TD_ITEM_EMPTY,
        [ITEM_NO_TIER] = TD_ITEM_NO_TIER,
        [ITEM_NO_TARGET] = TD_ITEM_NO_TARGET,
    };
    const struct td_item *it = &regulation->items[item];
    if (it->way == TD_WAY_RANK || it->way == TD_WAY_LEADER || it->source != TD_FROM_SHEETS) {
        return (struct td_item_points){.state = TD_ITEM_ELSEWHERE};
    }
    struct scored s = item_score(it, regulation->scale.item_round, cells, target);
    return (struct td_item_points){.points = s.points, .state = states[s.state]};
}

/* A value among others is above or below its target, in this tier or that, as it likes: a processor
 * guesses such branches wrongly half of the time. So the loops below have none that depends on a
 * value; what is clamped, compared and masked gives the same points as item_score. */

#define ADD_EACH(expression)                                                                       \
    for (int32_t k = 0; k < count; k++) {                                                          \
        const int64_t *cells = rows[k] + item->cell;                                               \
        struct scored s = cells[0] == TD_EMPTY ? not_scored(ITEM_EMPTY) : (expression);            \
        sums[k] += s.points;                                                                       \
        all &= s.state == ITEM_SCORED;                                                             \
    }

static bool add_direct(const struct td_item *item, const int64_t *const *rows, int32_t count,
                       int64_t *sums)
{
    bool all = true;
    for (int32_t k = 0; k < count; k++) {
        int64_t value = rows[k][item->cell];
        bool given = value != TD_EMPTY;
        all &= given;
        sums[k] += given ? value : 0;
    }
    return all;
}

/* Higher is better: the target divides all raters' values, so it is inverted once. */
static bool add_plan(const struct td_item *item, enum td_round round, const int64_t *const *rows,
                     int32_t count, int64_t target, int64_t *sums)
{
    struct wide_divisor divisor = wide_divisor((uint64_t)target, round);
    bool all = true;
    for (int32_t k = 0; k < count; k++) {
        int64_t value = rows[k][item->cell];
        all &= value != TD_EMPTY;
        int64_t part = value < 0 ? 0 : value;
        part = part > target ? target : part;
        sums[k] += (int64_t)wide_divide_by(&divisor, (uint64_t)(item->points * part));
    }
    return all;
}

static bool add_tiers(const struct td_item *item, const int64_t *const *rows, int32_t count,
                      int64_t *sums)
{
    int32_t found = 0;
    for (int32_t k = 0; k < count; k++) {
        int64_t value = rows[k][item->cell], points = 0;
        for (int32_t i = 0; i < item->tier_count; i++) {
            const struct td_tier *tier = &item->tiers[i];
            int64_t in = (value >= tier->first) & (value <= tier->last);
            found += (int32_t)in;
            points += tier->points & -in;
        }
        sums[k] += points;
    }
    return found == count; /* tiers don't overlap, and no tier holds TD_EMPTY */
}

static bool add_checklist(const struct td_item *item, const int64_t *const *rows, int32_t count,
                          int64_t *sums)
{
    bool all = true;
    for (int32_t k = 0; k < count; k++) {
        all &= rows[k][item->cell] != TD_EMPTY;
    }
    for (int32_t i = 0; i < item->part_count; i++) {
        int64_t points = item->parts[i].points;
        for (int32_t k = 0; k < count; k++) {
            sums[k] += points & -(rows[k][item->cell] >> i & 1);
        }
    }
    return all;
}

bool item_add(const struct td_item *item, enum td_round round, const int64_t *const *rows,
              int32_t count, int64_t target, int64_t *sums)
{
    int64_t most;
    bool all = true;
    switch (item->way) {
    case TD_WAY_DIRECT:
        return add_direct(item, rows, count, sums);
    case TD_WAY_TIERS:
        return add_tiers(item, rows, count, sums);
    case TD_WAY_CHECKLIST:
        return add_checklist(item, rows, count, sums);
    case TD_WAY_PLAN:
        if (item->better == TD_BETTER_HIGHER && target > 0 &&
            !__builtin_mul_overflow(item->points + 1, target, &most)) {
            return add_plan(item, round, rows, count, target, sums);
        }
        ADD_EACH(score_plan(item, round, cells[0], target))
        break;
    case TD_WAY_COUNT:
        ADD_EACH(score_count(item, cells[0]))
        break;
    case TD_WAY_PLUS_MINUS:
        ADD_EACH(score_plus_minus(item, cells))
        break;
    case TD_WAY_RANK:
    case TD_WAY_LEADER:
    default:
        break;
    }
    return all;
}
