/*
 * Lengths of bars. Only here is a score rounded to what a screen can show; nothing computes with
 * it.
 */
#include "web/chart/chart.h"

#include "base/banned.h"

int32_t chart_length(struct td_fraction value, struct td_fraction full)
{
    struct td_fraction share;
    struct td_decimal thousandths;
    if (value.num <= 0 || full.num <= 0) {
        return 0;
    }
    if (td_fraction_multiply(value, (struct td_fraction){full.den, full.num}, &share) != TD_OK ||
        td_fraction_round(share, 3, TD_ROUND_HALF_UP, &thousandths) != TD_OK ||
        thousandths.units > CHART_FULL) {
        return CHART_FULL;
    }
    return (int32_t)thousandths.units;
}

void chart_add(struct chart_bar *bar, enum chart_tone tone, int32_t n, int32_t to)
{
    if (to <= bar->end) {
        return;
    }
    if (bar->count == CHART_PARTS_MAX) {
        bar->parts[--bar->count].width += to - bar->end;
    } else {
        bar->parts[bar->count] =
            (struct chart_part){.tone = tone, .shade = n, .from = bar->end, .width = to - bar->end};
    }
    bar->count++;
    bar->end = to;
}

const char *chart_class(enum chart_tone tone, int32_t n)
{
    static const char *const shades[CHART_SHADES] = {
        "chart-shade-0", "chart-shade-1", "chart-shade-2",
        "chart-shade-3", "chart-shade-4", "chart-shade-5",
    };
    switch (tone) {
    case CHART_EXTRA:
        return "chart-extra";
    case CHART_LOST:
        return "chart-lost";
    case CHART_SHADE:
        break;
    }
    return shades[n % CHART_SHADES];
}
