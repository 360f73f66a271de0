/*
 * Where the scores come from: a bar for each unit, cut into the sections of the criteria, with what
 * the bonus added and what was taken away again.
 */
#include "web/result/result_view.h"

#include "base/banned.h"

static struct td_fraction units_fraction(const struct td_regulation *regulation, int64_t units)
{
    struct td_fraction value = {0, 1};
    struct td_decimal points = result_points(regulation, units);
    return td_fraction_of_decimal(points, &value) == TD_OK ? value : (struct td_fraction){0, 1};
}

static struct td_fraction plus(struct td_fraction a, struct td_fraction b)
{
    struct td_fraction sum;
    return td_fraction_add(a, b, &sum) == TD_OK ? sum : a;
}

static struct td_fraction before_deductions(const struct td_regulation *reg,
                                            const struct td_unit_result *unit)
{
    return plus(unit->exact, units_fraction(reg, unit->deducted));
}

/* The filled part ends at the score: what was deducted is taken from the end. */
static void draw(const struct result_page *page, int32_t u, struct td_fraction full,
                 struct chart_bar *bar)
{
    const struct td_unit_result *unit = &page->view.result.result->units[u];
    int32_t score = chart_length(unit->exact, full);
    struct td_fraction end = {0, 1};
    for (int32_t i = 0; i < page->section_count; i++) {
        end = plus(end, page->section_points[u * page->section_count + i]);
        int32_t to = chart_length(end, full);
        chart_add(bar, CHART_SHADE, i, to < score ? to : score);
    }
    chart_add(bar, CHART_EXTRA, 0, score);
    chart_add(bar, CHART_LOST, 0,
              chart_length(before_deductions(page->view.result.regulation, unit), full));
}

static int sections(struct web *web, struct result_page *page)
{
    const struct td_regulation *reg = page->view.result.regulation;
    int32_t count = td_section_count(reg);
    page->sections = td_arena_alloc(web->arena, (size_t)count, sizeof(void *));
    if (page->sections == NULL) {
        return TD_E_MEMORY;
    }
    for (int32_t i = 0; i < reg->node_count; i++) {
        if (reg->nodes[i].parent == TD_NONE) {
            page->sections[page->section_count++] = &reg->nodes[i];
        }
    }
    return td_section_points(reg, page->view.result.year, web->arena, &page->section_points);
}

int result_draw(struct web *web, struct result_page *page)
{
    const struct result *r = &page->view.result;
    struct td_fraction full = units_fraction(r->regulation, r->regulation->scale.total);
    page->bars = td_arena_zeroed(web->arena, (size_t)r->result->unit_count, sizeof *page->bars);
    int status = page->bars == NULL ? TD_E_MEMORY : sections(web, page);
    if (status != TD_OK) {
        return status;
    }
    for (int32_t i = 0; i < r->result->unit_count; i++) {
        const struct td_unit_result *unit = &r->result->units[i];
        struct td_fraction end = before_deductions(r->regulation, unit);
        full = td_fraction_compare(end, full) > 0 ? end : full;
        page->any_bonus = page->any_bonus || unit->bonus != 0;
        page->any_deducted = page->any_deducted || unit->deducted != 0;
    }
    for (int32_t i = 0; i < r->result->unit_count; i++) {
        draw(page, i, full, &page->bars[i]);
    }
    return TD_OK;
}

struct td_decimal result_section(const struct result_page *page, int32_t unit, int32_t section)
{
    const struct td_scale *scale = &page->view.result.regulation->scale;
    struct td_decimal points = {0};
    int status = td_fraction_round(page->section_points[unit * page->section_count + section],
                                   scale->total_decimals, scale->total_round, &points);
    return status == TD_OK ? points : (struct td_decimal){0};
}
