/*
 * Order of units (SCO-6): by exact, shown or percent values as the regulation says, equal units
 * sharing a rank. The same comparison decides thresholds and ties.
 */
#include "engine/engine.h"

#include "base/banned.h"

/* The value by which the regulation compares. */
static struct td_fraction key(const struct td_regulation *regulation,
                              const struct td_unit_result *result)
{
    struct td_fraction shown = {0, 1};
    switch (regulation->scale.rank_by) {
    case TD_RANK_BY_PERCENT:
        return result->percent;
    case TD_RANK_BY_SHOWN:
        PROVED(td_fraction_of_decimal(result->shown, &shown));
        return shown;
    case TD_RANK_BY_EXACT:
    default:
        return result->exact;
    }
}

int unit_compare(const struct run *run, int32_t a, int32_t b)
{
    const struct td_unit_result *units = run->result->units;
    return td_fraction_compare(key(run->regulation, &units[b]), key(run->regulation, &units[a]));
}

bool reaches(const struct td_regulation *regulation, const struct td_unit_result *result,
             struct td_fraction least, bool percent)
{
    if (percent) {
        struct td_fraction share = {0, 1};
        PROVED(td_fraction_multiply(result->percent, (struct td_fraction){1, 100}, &share));
        return td_fraction_compare(share, least) >= 0;
    }
    struct td_fraction points =
        regulation->scale.rank_by == TD_RANK_BY_PERCENT ? result->exact : key(regulation, result);
    return td_fraction_compare(points, least) >= 0;
}

/* Merge sort, bottom up: stable, so equal units stay in the year's order, and without the C
 * library's qsort, which may allocate. */
static void sort_units(const struct run *run, int32_t *order, int32_t *room, int32_t count)
{
    for (int32_t width = 1; width < count; width *= 2) {
        for (int32_t start = 0; start < count; start += 2 * width) {
            int32_t middle = start + width < count ? start + width : count;
            int32_t end = start + 2 * width < count ? start + 2 * width : count;
            int32_t left = start, right = middle;
            for (int32_t i = start; i < end; i++) {
                bool take_left = left < middle && (right >= end || unit_compare(run, order[left],
                                                                                order[right]) <= 0);
                room[i] = take_left ? order[left++] : order[right++];
            }
        }
        for (int32_t i = 0; i < count; i++) {
            order[i] = room[i];
        }
    }
}

int rank_units(struct run *run)
{
    struct td_result *result = run->result;
    int32_t count = result->unit_count;
    int32_t *room = run_alloc(run, (size_t)count, sizeof(*room));
    if (run->full) {
        return TD_E_MEMORY;
    }
    for (int32_t unit = 0; unit < count; unit++) {
        result->order[unit] = unit;
    }
    sort_units(run, result->order, room, count);
    for (int32_t i = 0; i < count; i++) {
        bool equal = i > 0 && unit_compare(run, result->order[i - 1], result->order[i]) == 0;
        result->units[result->order[i]].rank =
            equal ? result->units[result->order[i - 1]].rank : i + 1;
    }
    return TD_OK;
}
