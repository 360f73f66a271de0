/*
 * The explanation of a unit's score.
 */
#include "web/result/result_view.h"
#include "web/templates.h"

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
        const struct bloc_year *year = page.view.result.board.year;
        const struct year_member *member = &year->members[page.unit];
        status = result_layout(web, &page.view.layout, year,
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
