/*
 * A regulation in full: what its file says, in words, with the sums of points checked beside it.
 */
#include "web/rules/rules_page.h"

#include "web/form.h"
#include "web/templates.h"

#include "base/banned.h"

static struct td_decimal points_of(const struct td_regulation *regulation, int64_t units)
{
    return (struct td_decimal){units, regulation->scale.item_decimals};
}

static struct td_message way_words(const struct td_regulation *regulation,
                                   const struct td_item *item)
{
    switch (item->way) {
    case TD_WAY_DIRECT:
        return TD_MESSAGE("points given directly, in steps of {0}",
                          TD_DECIMAL(points_of(regulation, item->step)));
    case TD_WAY_PLAN:
        return TD_WORDS("by the share of the plan achieved");
    case TD_WAY_TIERS:
        return TD_MESSAGE("by tiers: {0}", TD_COUNT(item->tier_count));
    case TD_WAY_CHECKLIST:
        return TD_MESSAGE("parts that are met give their points: {0} parts",
                          TD_COUNT(item->part_count));
    case TD_WAY_COUNT:
        return TD_MESSAGE("{0} points for each", TD_DECIMAL(points_of(regulation, item->step)));
    case TD_WAY_PLUS_MINUS:
        return TD_MESSAGE("from {0} points, events add and take away",
                          TD_DECIMAL(points_of(regulation, item->start)));
    case TD_WAY_RANK:
        return TD_WORDS("by the place among the members");
    case TD_WAY_LEADER:
        return TD_WORDS("compared with the best of the bloc");
    }
    return (struct td_message){0};
}

static struct td_message from_words(const struct td_item *item)
{
    switch (item->source) {
    case TD_FROM_SHEETS:
        break;
    case TD_FROM_RESULTS:
        return TD_WORDS("by one settled figure");
    case TD_FROM_OUTSIDE:
        return TD_WORDS("by outside raters");
    }
    return (struct td_message){0};
}

struct td_message rules_rater(const struct td_stage *stage)
{
    switch (stage->rater) {
    case TD_RATER_SELF:
        return TD_WORDS("each member scores itself");
    case TD_RATER_OTHERS:
        return TD_WORDS("each member scores every other");
    case TD_RATER_HEAD:
        return stage->deputy_for_head
                   ? TD_WORDS("the head scores every member; the deputy scores the head")
                   : TD_WORDS("the head scores every member");
    case TD_RATER_BODY:
        return TD_WORDS("the authority's body scores every member");
    case TD_RATER_PANEL:
        return TD_WORDS("a panel scores every member");
    }
    return (struct td_message){0};
}

struct td_message rules_how(const struct td_award *award)
{
    switch (award->how) {
    case TD_HOW_SCORE:
        return TD_WORDS("from the highest score down");
    case TD_HOW_VOTE:
        return TD_WORDS("by vote of the conference");
    case TD_HOW_PICK:
        return TD_WORDS("picked among the qualified units");
    }
    return (struct td_message){0};
}

static int fill_lines(struct web *web, struct rules_page *page)
{
    const struct td_regulation *r = page->regulation;
    struct rules_line *lines = td_arena_zeroed(web->arena, (size_t)r->node_count, sizeof *lines);
    if (lines == NULL) {
        return TD_E_MEMORY;
    }
    for (int32_t i = 0; i < r->node_count; i++) {
        const struct td_node *node = &r->nodes[i];
        struct rules_line *line = &lines[i];
        *line = (struct rules_line){.node = node, .points = points_of(r, node->points)};
        if (node->item != TD_NONE) {
            line->way = way_words(r, &r->items[node->item]);
            line->from = from_words(&r->items[node->item]);
        } else {
            int64_t sum = td_node_sum(r, i);
            line->sum = points_of(r, sum);
            line->has_sum = true;
            line->sum_right = sum == node->points;
        }
    }
    page->lines = lines;
    /* A bonus inside of the scale makes up the rest of it. */
    int64_t sum = r->bonus.in_total && r->bonus.cap != TD_NONE ? r->bonus.cap : 0;
    for (int32_t i = 0; i < r->node_count; i++) {
        sum += r->nodes[i].depth == 0 ? r->nodes[i].points : 0;
    }
    page->total = points_of(r, r->scale.total);
    page->sum = points_of(r, sum);
    page->sum_right = sum == r->scale.total;
    return TD_OK;
}

int rules_show(struct http_exchange *x)
{
    struct web *web = web_of(x);
    struct rules_entry entry = {0};
    struct rules_page page = {.entry = &entry};
    int status = rules_get(web->office, web->actor, web->arena, http_param(x, "home"),
                           http_param(x, "regulation"), &entry, &page.regulation);
    if (status == TD_OK) {
        status = fill_lines(web, &page);
    }
    if (status != TD_OK) {
        return web_answer(web, status);
    }
    /* It was accepted, so that notices are all there can be. */
    struct td_problems notices = TD_PROBLEMS(web->arena, NULL);
    status = td_regulation_check(page.regulation, &notices);
    if (status < 0) {
        return status;
    }
    page.notices = &notices;
    web_layout(web, &page.layout, layout_text(entry.title));
    page.layout.lead =
        TD_MESSAGE("{0}, version {1}", TD_TEXT(entry.authority_name), TD_COUNT(entry.version));
    page.crumbs[0] = (struct layout_crumb){TD_WORDS("Home"), "/"};
    page.layout.crumbs = page.crumbs;
    page.layout.crumb_count = 1;
    web_saved(web, &page.layout);
    struct html h = web_html(web);
    rules_page_html(&h, &page);
    return TD_OK;
}
