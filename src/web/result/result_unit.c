/*
 * One unit: the explanation of its score, and all sheets about it side by side. The second is the
 * largest page there is, so its points are one array, filled once.
 */
#include "web/result/result_view.h"
#include "web/templates.h"

#include <string.h>

#include "base/banned.h"

/* The year's result and the unit of the address. *ret_gone: the answer is filled in already. */
static int open_unit(struct web *web, struct result_view *view, int32_t *ret_unit, bool *ret_gone)
{
    int status = result_view(web, view);
    *ret_gone = true;
    if (status != TD_OK) {
        return web_answer(web, status);
    }
    *ret_unit = year_member_of(view->result.board.year, http_param(web->x, "unit"));
    if (*ret_unit == TD_NONE) {
        return web_answer(web, OFFICE_NOT_FOUND);
    }
    if (view->result.result == NULL) {
        return result_go_back(web, view);
    }
    *ret_gone = false;
    return TD_OK;
}

int result_show_unit(struct http_exchange *x)
{
    struct web *web = web_of(x);
    struct result_unit_page page = {.open_all = http_query(x, "open") != NULL};
    struct td_step *root = NULL;
    bool gone = false;
    int status = open_unit(web, &page.view, &page.unit, &gone);
    if (status != TD_OK || gone) {
        return status;
    }
    status = result_explain(&page.view.result, page.unit, web->arena, &root);
    if (status == TD_OK) {
        const struct year_member *member = &page.view.result.board.year->members[page.unit];
        status = result_layout(web, &page.view,
                               TD_MESSAGE("Why {0} has its score", TD_TEXT(member->name)), true);
    }
    if (status != TD_OK) {
        return status;
    }
    page.root = root;
    struct html h = web_html(web);
    result_unit_page_html(&h, &page);
    return TD_OK;
}

/* ---- all sheets side by side ----------------------------------------------------------------- */

static const char *rater_label(const struct result *r, const struct sheet_brief *s)
{
    switch (r->regulation->stages[s->stage].rater) {
    case TD_RATER_PANEL:
        return r->year->panel[s->stage][s->rater];
    case TD_RATER_BODY:
        return r->board.year->council;
    case TD_RATER_SELF:
    case TD_RATER_OTHERS:
    case TD_RATER_HEAD:
    default:
        return r->board.year->members[s->rater].code;
    }
}

static bool is_before(const struct td_sheet *a, const struct sheet_brief *b)
{
    if (a->unit != b->unit) {
        return a->unit < b->unit;
    }
    return a->stage != b->stage ? a->stage < b->stage : a->rater < b->rater;
}

/* The sheets that the year expects about the unit. The board and the year's sheets stand in the
 * same order, so one walk finds each. */
static int find_columns(struct web *web, struct result_grid_page *page)
{
    const struct result *r = &page->view.result;
    const struct sheet_board *board = &r->board;
    const struct td_year *year = r->year;
    int32_t first = 0, at = 0;
    while (first < board->count && board->sheets[first].unit != page->unit) {
        first++;
    }
    while (first + page->column_count < board->count &&
           board->sheets[first + page->column_count].unit == page->unit) {
        page->column_count++;
    }
    page->columns = td_arena_zeroed(web->arena, (size_t)page->column_count, sizeof *page->columns);
    if (page->columns == NULL) {
        return TD_E_MEMORY;
    }
    for (int32_t i = 0; i < page->column_count; i++) {
        const struct sheet_brief *s = &board->sheets[first + i];
        struct result_column *column = &page->columns[i];
        *column = (struct result_column){
            .brief = s, .stage = r->regulation->stages[s->stage].title, .rater = rater_label(r, s)};
        while (at < year->sheet_count && is_before(&year->sheets[at], s)) {
            at++;
        }
        bool there = at < year->sheet_count && year->sheets[at].unit == s->unit &&
                     year->sheets[at].stage == s->stage && year->sheets[at].rater == s->rater;
        if (there && s->visible && year->sheets[at].state != TD_SHEET_DRAFT) {
            column->sheet = &year->sheets[at];
        }
    }
    return TD_OK;
}

/* Items whose points are the same whoever scores. */
static int find_aside(struct web *web, struct result_grid_page *page)
{
    const struct result *r = &page->view.result;
    const struct td_regulation *reg = r->regulation;
    page->aside = td_arena_zeroed(web->arena, (size_t)reg->node_count, sizeof *page->aside);
    if (page->aside == NULL) {
        return TD_E_MEMORY;
    }
    for (int32_t i = 0; i < reg->item_count; i++) {
        const struct td_item *item = &reg->items[i];
        const char **aside = &page->aside[item->node];
        if (item->source != TD_FROM_SHEETS || item->way == TD_WAY_LEADER) {
            *aside = TD_ID("the same whoever scores");
        }
        if (r->year->not_arisen != NULL &&
            r->year->not_arisen[page->unit * reg->item_count + i] != NULL) {
            *aside = TD_ID("did not arise");
        }
    }
    for (int32_t i = 0; i < r->year->decision_count; i++) {
        const struct td_decision *d = &r->year->decisions[i];
        if (d->unit == page->unit) {
            page->aside[reg->items[d->item].node] = TD_ID("settled by a decision");
        }
    }
    return TD_OK;
}

static int64_t item_value(struct result_grid_page *page, const struct td_sheet *sheet, int32_t i)
{
    const struct result *r = &page->view.result;
    const struct td_regulation *reg = r->regulation;
    int64_t target =
        r->year->targets == NULL ? TD_EMPTY : r->year->targets[page->unit * reg->item_count + i];
    struct td_item_points points =
        td_item_points(reg, i, &sheet->cells[reg->items[i].cell], target);
    switch (points.state) {
    case TD_ITEM_SCORED:
        return points.points;
    case TD_ITEM_NO_TIER:
    case TD_ITEM_NO_TARGET:
        page->any_unknown = true;
        return GRID_UNKNOWN;
    case TD_ITEM_ELSEWHERE:
        page->any_elsewhere = true;
        return GRID_ELSEWHERE;
    case TD_ITEM_EMPTY:
    default:
        return GRID_EMPTY;
    }
}

/* One sheet: its items, and from the last node to the first the sums above them. */
static void fill_column(struct result_grid_page *page, int32_t index)
{
    const struct td_regulation *reg = page->view.result.regulation;
    const struct td_sheet *sheet = page->columns[index].sheet;
    int64_t *points = &page->points[(size_t)index * (size_t)reg->node_count];
    if (sheet == NULL || sheet->cells == NULL || sheet->state != TD_SHEET_SUBMITTED) {
        return;
    }
    for (int32_t i = reg->node_count - 1; i >= 0; i--) {
        const struct td_node *node = &reg->nodes[i];
        if (node->item != TD_NONE && page->aside[i] == NULL) {
            points[i] = item_value(page, sheet, node->item);
        }
        int64_t *above = node->parent == TD_NONE ? &page->totals[index] : &points[node->parent];
        if (points[i] > GRID_ELSEWHERE) {
            *above += points[i];
        }
    }
}

int result_show_grid(struct http_exchange *x)
{
    struct web *web = web_of(x);
    struct result_grid_page page = {.unit = TD_NONE};
    bool gone = false;
    int status = open_unit(web, &page.view, &page.unit, &gone);
    if (status != TD_OK || gone) {
        return status;
    }
    const struct result *r = &page.view.result;
    status = find_columns(web, &page);
    if (status == TD_OK) {
        status = find_aside(web, &page);
    }
    if (status == TD_OK) {
        size_t columns = (size_t)page.column_count;
        page.points = td_arena_zeroed(web->arena, columns * (size_t)r->regulation->node_count,
                                      sizeof *page.points);
        page.totals = td_arena_zeroed(web->arena, columns, sizeof *page.totals);
        status = page.points == NULL || page.totals == NULL ? TD_E_MEMORY : TD_OK;
    }
    for (int32_t i = 0; status == TD_OK && i < page.column_count; i++) {
        fill_column(&page, i);
    }
    if (status == TD_OK) {
        status = result_layout(
            web, &page.view,
            TD_MESSAGE("Sheets about {0}", TD_TEXT(r->board.year->members[page.unit].name)), true);
    }
    if (status != TD_OK) {
        return status;
    }
    struct html h = web_html(web);
    result_grid_page_html(&h, &page);
    return TD_OK;
}
