/*
 * All sheets about one unit side by side: the largest page there is, and looked at often, so it
 * reads the unit's sheets and scores nothing.
 */
#include "web/form.h"
#include "web/result/result_view.h"
#include "web/templates.h"

#include "base/banned.h"

const char *result_rater(const struct sheet_grid *grid, const struct sheet_column *column)
{
    switch (grid->regulation->stages[column->brief->stage].rater) {
    case TD_RATER_BODY:
        return grid->year->council;
    case TD_RATER_PANEL:
        return column->rater_name;
    case TD_RATER_SELF:
    case TD_RATER_OTHERS:
    case TD_RATER_HEAD:
    default:
        return grid->year->members[column->brief->rater].code;
    }
}

/* Items whose points are the same whoever scores. */
static int find_aside(struct web *web, struct result_grid_page *page)
{
    const struct td_regulation *reg = page->grid.regulation;
    page->aside = td_arena_zeroed(web->arena, (size_t)reg->node_count, sizeof *page->aside);
    if (page->aside == NULL) {
        return TD_E_MEMORY;
    }
    for (int32_t i = 0; i < reg->item_count; i++) {
        const struct td_item *item = &reg->items[i];
        if (item->source != TD_FROM_SHEETS || item->way == TD_WAY_LEADER) {
            page->aside[item->node] = TD_ID("the same whoever scores");
        }
        if (page->grid.not_arisen[i] != NULL) {
            page->aside[item->node] = TD_ID("did not arise");
        }
    }
    return TD_OK;
}

/* Which signs the page must explain. */
static void find_signs(struct result_grid_page *page)
{
    const struct td_regulation *reg = page->grid.regulation;
    for (int32_t c = 0; c < page->grid.column_count; c++) {
        const struct td_item_points *points = page->grid.columns[c].points;
        for (int32_t i = 0; points != NULL && i < reg->item_count; i++) {
            bool aside = page->aside[reg->items[i].node] != NULL;
            page->any_elsewhere =
                page->any_elsewhere || (!aside && points[i].state == TD_ITEM_ELSEWHERE);
            page->any_unknown = page->any_unknown || points[i].state == TD_ITEM_NO_TIER ||
                                points[i].state == TD_ITEM_NO_TARGET;
        }
    }
}

int result_show_grid(struct http_exchange *x)
{
    struct web *web = web_of(x);
    struct result_grid_page page = {.aside = NULL};
    const char *home = http_param(x, "home"), *year = http_param(x, "year");
    int status = sheet_grid_get(web->office, web->actor, web->arena, home, year,
                                http_param(x, "unit"), &page.grid);
    if (status != TD_OK) {
        return web_answer(web, status);
    }
    page.view.year_href = web_path(web, "/h/", home, "/years/", year);
    if (page.grid.sealed || page.grid.regulation == NULL) {
        return result_go_back(web, &page.view);
    }
    page.view.result.board.year = page.grid.year;
    page.view.result.regulation = page.grid.regulation;
    status = find_aside(web, &page);
    if (status == TD_OK) {
        find_signs(&page);
        status = result_layout(
            web, &page.view.layout, page.grid.year,
            TD_MESSAGE("Sheets about {0}", TD_TEXT(page.grid.year->members[page.grid.unit].name)),
            true);
    }
    if (status != TD_OK) {
        return status;
    }
    struct html h = web_html(web);
    result_grid_page_html(&h, &page);
    return TD_OK;
}
