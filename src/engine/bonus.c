/*
 * Bonus and deductions with their nested caps (SCO-4, SCO-5).
 */
#include "base/wide.h"
#include "engine/engine.h"

#include <string.h>

#include "base/banned.h"

/* The settled value of an item: one figure for the unit, not a matter of raters. */
static int64_t settled_value(const struct run *run, int32_t unit, int32_t item)
{
    const struct td_item *it = &run->regulation->items[item];
    if (set_aside(run, unit, item)) {
        return TD_EMPTY;
    }
    if (it->source == TD_FROM_RESULTS) {
        const int64_t *results = unit_results(run, unit, item);
        return results == NULL ? TD_EMPTY : results[0];
    }
    const struct td_sheet *sheet = settled_sheet(run, unit);
    return sheet == NULL ? TD_EMPTY : sheet->cells[it->cell];
}

bool over_target(const struct run *run, int32_t unit, int32_t item, int64_t *ret_over,
                 int64_t *ret_target)
{
    int64_t actual = settled_value(run, unit, item);
    int64_t target = unit_target(run, unit, item);
    if (actual == TD_EMPTY || target <= 0) {
        return false; /* a target of zero has no percent over it */
    }
    bool higher = run->regulation->items[item].better == TD_BETTER_HIGHER;
    *ret_over = higher ? actual - target : target - actual;
    *ret_target = target;
    return *ret_over > 0;
}

/* 003 II.2.3a: "Cứ vượt 01% kế hoạch thì được thưởng 01 điểm của tiêu chí đó, nhưng không vượt quá
 * 10% điểm chuẩn của tiêu chí đó". */
struct amount over_plan(const struct run *run, const struct td_bonus_part *part, int32_t unit,
                        int32_t item)
{
    const struct td_item *it = &run->regulation->items[item];
    enum td_round round = run->regulation->scale.item_round;
    struct amount amount = {0, 0};
    int64_t over, target, cap = INT64_MAX;
    if (!over_target(run, unit, item, &over, &target)) {
        return amount;
    }
    /* Steps over the plan are (over / target) / per. */
    wide_int num = wide_product(over, part->per.den);
    wide_int den = wide_product(target, part->per.num);
    if (part->each.num > 0) {
        PROVED(wide_divide(wide_product(it->points, part->each.num), part->each.den, round, &cap));
    }
    bool fits = true;
    if (part->proportional) {
        fits = wide_divide(wide_times(num, part->points), den, round, &amount.asked) == TD_OK;
    } else {
        int64_t steps = 0;
        fits = wide_divide(num, den, TD_ROUND_DOWN, &steps) == TD_OK &&
               !__builtin_mul_overflow(steps, part->points, &amount.asked);
    }
    if (!fits || amount.asked > TD_VALUE_MAX) {
        amount.asked = TD_VALUE_MAX; /* far above every cap; keeps sums within bounds */
    }
    amount.granted = amount.asked < cap ? amount.asked : cap;
    return amount;
}

struct amount bonus_of(const struct run *run, int32_t part, int32_t unit)
{
    const struct td_bonus_part *p = &run->regulation->bonus.parts[part];
    struct amount amount = {0, 0};
    if (p->kind == TD_BONUS_OVER_PLAN) {
        const struct td_node *section = &run->regulation->nodes[p->section];
        for (int32_t i = 0; i < section->item_count; i++) {
            int32_t item = section->first_item + i;
            if (run->regulation->items[item].way == TD_WAY_PLAN) {
                amount.asked += over_plan(run, p, unit, item).granted;
            }
        }
    } else {
        amount.asked = run->awarded[unit * run->regulation->bonus.part_count + part];
    }
    amount.granted = p->cap != TD_NONE && amount.asked > p->cap ? p->cap : amount.asked;
    return amount;
}

static bool listed(const char *const *list, int32_t count, const char *text)
{
    for (int32_t i = 0; i < count; i++) {
        if (text != NULL && strcmp(list[i], text) == 0) {
            return true;
        }
    }
    return count == 0;
}

/* SCO-5: a letter counts only if it concerns emulation and commendation and comes from a listed
 * issuer; the head's negligence only burdens the head. */
const char *deduction_refused(const struct run *run, const struct td_deduction_entry *entry)
{
    const struct td_deduction *d = &run->regulation->deductions[entry->deduction];
    if (d->head_only && entry->unit != run->year->head) {
        return TD_ID("not counted: only the head can be charged");
    }
    if (d->needs == TD_NEEDS_LETTER && !listed(d->issuers, d->issuer_count, entry->letter.issuer)) {
        return TD_ID("not counted: the issuer is not on the list");
    }
    if (d->needs == TD_NEEDS_LETTER &&
        !listed(d->subjects, d->subject_count, entry->letter.subject)) {
        return TD_ID("not counted: the letter does not concern a subject that counts");
    }
    return NULL;
}

struct amount deduction_of(const struct run *run, int32_t deduction, int32_t unit)
{
    const struct td_deduction *d = &run->regulation->deductions[deduction];
    struct amount amount = {0, 0};
    int64_t times = run->charged[unit * run->regulation->deduction_count + deduction];
    amount.asked = times * d->each;
    amount.granted = d->once && times > 1 ? d->each : amount.asked;
    if (d->cap != TD_NONE && amount.granted > d->cap) {
        amount.granted = d->cap;
    }
    return amount;
}

/* One pass over the entries, so that a unit's share is at hand. */
void entries_collect(struct run *run)
{
    const struct td_regulation *reg = run->regulation;
    const struct td_year *year = run->year;
    size_t members = (size_t)year->member_count;
    run->awarded = run_alloc(run, members * (size_t)reg->bonus.part_count, sizeof(*run->awarded));
    run->charged = run_alloc(run, members * (size_t)reg->deduction_count, sizeof(*run->charged));
    for (int32_t i = 0; !run->full && i < year->bonus_count; i++) {
        const struct td_bonus_entry *e = &year->bonuses[i];
        run->awarded[e->unit * reg->bonus.part_count + e->part] += e->points;
    }
    for (int32_t i = 0; !run->full && i < year->deduction_count; i++) {
        const struct td_deduction_entry *e = &year->deductions[i];
        if (deduction_refused(run, e) == NULL) {
            run->charged[e->unit * reg->deduction_count + e->deduction]++;
        }
    }
}
