/*
 * One scoring run: totals, outcomes, ranks, proposals, in this order.
 */
#include "engine/engine.h"

#include "base/banned.h"

static struct td_fraction fraction(int64_t num, int64_t den)
{
    struct td_fraction f = {0, 1};
    PROVED(td_fraction_make(num, den, &f));
    return f;
}

/* score / maximum, both in item units, in hundredths. A unit with nothing left to be scored on has
 * 0. */
static struct td_fraction percent_of(struct td_fraction score, int64_t maximum)
{
    struct td_fraction percent = {0, 1};
    if (maximum > 0) {
        PROVED(td_fraction_multiply(score, fraction(100, maximum), &percent));
    }
    return percent;
}

static void score_unit(struct run *run, int32_t unit)
{
    const struct td_scale *scale = &run->regulation->scale;
    struct td_unit_result *result = &run->result->units[unit];
    struct totals totals;
    unit_totals(run, unit, &totals);
    result->exact = points_fraction(run->regulation, totals.final);
    PROVED(td_fraction_round(result->exact, scale->total_decimals, scale->total_round,
                             &result->shown));
    int64_t maximum = scale->total - totals.left_out;
    result->maximum = points_fraction(run->regulation, fraction(maximum, 1));
    result->percent = percent_of(totals.final, maximum);
    result->counted = totals.counted;
    result->expected = totals.expected;
    result->bonus = totals.bonus;
    result->deducted = totals.deducted;
}

static struct td_result *new_result(struct run *run)
{
    size_t members = (size_t)run->year->member_count;
    struct td_result *result = run_alloc(run, 1, sizeof(*result));
    struct td_unit_result *units = run_alloc(run, members, sizeof(*units));
    int32_t *order = run_alloc(run, members, sizeof(*order));
    if (run->full) {
        return NULL;
    }
    result->units = units;
    result->order = order;
    result->unit_count = run->year->member_count;
    run->open_end = &result->open;
    run->notice_end = &result->notices;
    return result;
}

int td_score(const struct td_regulation *regulation, const struct td_year *year,
             struct td_arena *arena, struct td_result **ret)
{
    struct run run;
    if (run_begin(&run, regulation, year, arena) < 0 || facts_collect(&run) < 0) {
        return TD_E_MEMORY;
    }
    run.result = new_result(&run);
    if (run.result == NULL) {
        return TD_E_MEMORY;
    }
    for (int32_t unit = 0; unit < year->member_count; unit++) {
        score_unit(&run, unit);
    }
    eligibility_decide(&run);
    if (rank_units(&run) < 0 || select_awards(&run) < 0) {
        return TD_E_MEMORY;
    }
    look_at_year(&run);
    if (run.full) {
        return TD_E_MEMORY;
    }
    run.result->final = run.result->open == NULL;
    *ret = run.result;
    return TD_OK;
}
