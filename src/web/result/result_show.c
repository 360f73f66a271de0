/*
 * The ranking with all that is still open, and the summary for paper: one view of the engine's
 * result, computed anew at each look.
 */
#include "web/form.h"
#include "web/result/result_view.h"
#include "web/templates.h"

#include "base/banned.h"

/* ---- what every page of this folder needs ---------------------------------------------------- */

int result_view(struct web *web, struct result_view *ret)
{
    const char *home = http_param(web->x, "home"), *year = http_param(web->x, "year");
    ret->problems = TD_PROBLEMS(web->arena, NULL);
    ret->today = office_today(web->office);
    ret->year_href = web_path(web, "/h/", home, "/years/", year);
    return result_get(web->office, web->actor, web->arena, home, year, &ret->problems,
                      &ret->result);
}

int result_layout(struct web *web, struct layout *layout, const struct bloc_year *year,
                  struct td_message title, bool below)
{
    const char *path = web_path(web, "/h/", year->home_id, "/years/", year->year_id);
    struct layout_crumb *crumbs = td_arena_zeroed(web->arena, 3, sizeof *crumbs);
    if (crumbs == NULL) {
        return TD_E_MEMORY;
    }
    crumbs[0] = (struct layout_crumb){TD_WORDS("Home"), "/"};
    crumbs[1] = (struct layout_crumb){
        TD_MESSAGE("{0}, {1}", TD_TEXT(year->bloc_name), TD_TEXT(year->label)), path};
    crumbs[2] = (struct layout_crumb){TD_WORDS("Results"), web_path(web, path, "/results")};
    web_layout(web, layout, title);
    layout->crumbs = crumbs;
    layout->crumb_count = below ? 3 : 2;
    return TD_OK;
}

/* ---- what is open ---------------------------------------------------------------------------- */

static const char *const open_titles[RESULT_GROUPS_MAX] = {
    [TD_OPEN_SHEET] = TD_ID("Sheets that are missing"),
    [TD_OPEN_EMPTY] = TD_ID("Items left empty on submitted sheets"),
    [TD_OPEN_TIER] = TD_ID("Values that lie in no tier"),
    [TD_OPEN_TARGET] = TD_ID("Targets that are missing"),
    [TD_OPEN_RESULT] = TD_ID("Settled figures that are missing"),
    [TD_OPEN_NOT_ARISEN] = TD_ID("Items that did not arise"),
    [TD_OPEN_REASON] = TD_ID("Differing scores without a reason"),
    [TD_OPEN_RATERS] = TD_ID("Too few sheets to leave out the highest and lowest"),
    [TD_OPEN_FACT] = TD_ID("Facts that are not known yet"),
    [TD_OPEN_QUOTA] = TD_ID("Quotas that are not allotted yet"),
    [TD_OPEN_SELECTION] = TD_ID("Selection waits"),
    [TD_OPEN_TIE] = TD_ID("Equal scores to be voted on"),
    [TD_OPEN_HONOUR] = TD_ID("Votes of the conference still to come"),
    [TD_OPEN_VOTE] = TD_ID("Votes that don't count"),
};

static void group(struct result_page *page)
{
    for (int kind = 0; kind < RESULT_GROUPS_MAX; kind++) {
        struct result_group g = {.title = {.id = open_titles[kind]},
                                 .kind = (enum td_open_kind)kind};
        for (const struct td_open *o = page->view.result.result->open; o != NULL; o = o->next) {
            g.count += o->kind == g.kind;
        }
        if (g.count > 0) {
            page->groups[page->group_count++] = g;
        }
    }
}

static void count_stages(struct result_page *page)
{
    const struct sheet_board *board = &page->view.result.board;
    if (board->regulation == NULL) {
        return; /* then there are no sheets either */
    }
    for (int32_t i = 0; i < board->regulation->stage_count; i++) {
        page->stages[i].title = board->regulation->stages[i].title;
    }
    for (int32_t i = 0; i < board->count; i++) {
        const struct sheet_brief *s = &board->sheets[i];
        struct result_stage *stage = &page->stages[s->stage];
        stage->expected++;
        stage->submitted += s->state == SHEET_SUBMITTED;
        stage->abstained += s->state == SHEET_ABSTAINED;
        page->owed += s->seals;
    }
}

/* ---- for the templates ----------------------------------------------------------------------- */

struct td_decimal result_points(const struct td_regulation *regulation, int64_t units)
{
    return (struct td_decimal){.units = units, .decimals = regulation->scale.item_decimals};
}

struct td_decimal result_percent(const struct td_regulation *regulation,
                                 const struct td_unit_result *unit)
{
    struct td_decimal percent = {0};
    int status = td_fraction_round(unit->percent, regulation->scale.total_decimals,
                                   regulation->scale.total_round, &percent);
    return status == TD_OK ? percent : (struct td_decimal){0};
}

struct badge result_badge(const struct td_unit_result *unit)
{
    static const enum badge_tone tones[] = {
        [TD_ELIGIBLE] = BADGE_DONE,   [TD_LOWERED] = BADGE_WAITING,
        [TD_PENDING] = BADGE_WAITING, [TD_BELOW_THRESHOLD] = BADGE_QUIET,
        [TD_DEFERRED] = BADGE_LATE,   [TD_EXCLUDED] = BADGE_LATE,
    };
    return (struct badge){.tone = tones[unit->outcome],
                          .label = {.id = td_outcome_text(unit->outcome)}};
}

const char *result_award(const struct result *result, int32_t unit, int32_t n)
{
    for (int32_t i = 0; i < result->result->proposal_count; i++) {
        const struct td_proposal *p = &result->result->proposals[i];
        if (p->unit == unit && n-- == 0) {
            return result->regulation->awards[p->award].title;
        }
    }
    return NULL;
}

const char *result_two_digits(int number, int from)
{
    static const char *const padded[] = {"00", "01", "02", "03", "04", "05", "06", "07",
                                         "08", "09", "10", "11", "12", "13", "14", "15",
                                         "16", "17", "18", "19", "20", "21", "22", "23",
                                         "24", "25", "26", "27", "28", "29", "30", "31"};
    const char *text = number >= 0 && number < 32 ? padded[number] : "";
    return number < 10 && number >= from ? text + 1 : text;
}

bool result_any_provisional(const struct td_result *result)
{
    bool any = false;
    for (int32_t i = 0; i < result->unit_count; i++) {
        any = any || result->units[i].provisional;
    }
    return any;
}

bool result_has_proposal(const struct td_result *result, int32_t award)
{
    for (int32_t i = 0; i < result->proposal_count; i++) {
        if (result->proposals[i].award == award) {
            return true;
        }
    }
    return false;
}

/* ---- the pages ------------------------------------------------------------------------------- */

int result_show(struct http_exchange *x)
{
    struct web *web = web_of(x);
    struct result_page page = {.web = web};
    const struct result *r = &page.view.result;
    int status = result_view(web, &page.view);
    if (status != TD_OK) {
        return web_answer(web, status);
    }
    status = result_layout(web, &page.view.layout, r->board.year,
                           TD_MESSAGE("Results of {0}, {1}", TD_TEXT(r->board.year->bloc_name),
                                      TD_TEXT(r->board.year->label)),
                           false);
    if (status == TD_OK && r->result != NULL) {
        group(&page);
        status = result_draw(web, &page);
    }
    if (status != TD_OK) {
        return status;
    }
    count_stages(&page);
    web_saved(web, &page.view.layout);
    struct html h = web_html(web);
    result_page_html(&h, &page);
    return TD_OK;
}

int result_show_print(struct http_exchange *x)
{
    struct web *web = web_of(x);
    struct result_view view = {.year_href = NULL};
    int status = result_view(web, &view);
    if (status != TD_OK) {
        return web_answer(web, status);
    }
    if (view.result.result == NULL) {
        return result_go_back(web, &view);
    }
    web_layout(web, &view.layout, TD_WORDS("Summary of emulation scores"));
    struct html h = web_html(web);
    result_print_html(&h, &view);
    return TD_OK;
}

int result_go_back(struct web *web, const struct result_view *view)
{
    http_redirect(web->x, web_path(web, view->year_href, "/results"));
    return TD_OK;
}
