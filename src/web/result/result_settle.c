/*
 * The form in which it is decided what becomes of a missing sheet (SCO-8).
 */
#include "web/form.h"
#include "web/result/result_view.h"
#include "web/sheet/sheet_page.h"
#include "web/templates.h"

#include <string.h>

#include "base/banned.h"

static const struct choice decisions[] = {
    {"wait", {.id = TD_ID("wait for the sheet: the result is not final yet")}},
    {"count_without", {.id = TD_ID("count without it: the mean is of the sheets that are there")}},
};

static const struct choice scopes[] = {
    {"one", {.id = TD_ID("this sheet only")}},
    {"all", {.id = TD_ID("all sheets of this rater that are missing at this stage")}},
};

struct typed {
    const char *decision, *scope, *reason, *by;
    int64_t version;
};

static const char *results_path(struct web *web)
{
    return web_path(web, "/h/", http_param(web->x, "home"), "/years/", http_param(web->x, "year"),
                    "/results");
}

static struct form_page settle_page(struct web *web, const struct settling *s,
                                    const struct typed *typed)
{
    const struct sheet_key *k = &s->brief.key;
    const char *year = web_path(web, "/h/", k->home_id, "/years/", k->year_id);
    struct form_page page = {
        .action = web_path(web, year, "/sheets/", k->stage, "/", k->rater, "/", k->unit, "/settle"),
        .back = results_path(web),
        .submit = TD_WORDS("Record the decision"),
        .version = typed->version};
    web_layout(web, &page.layout, TD_WORDS("A sheet is missing: what is decided?"));
    page.layout.lead = TD_MESSAGE(
        "{0}: the sheet by {1} about {2}", TD_TEXT(s->regulation->stages[s->brief.stage].title),
        TD_TEXT(s->rater_name), TD_TEXT(s->year->members[s->brief.unit].name));
    form_add_choice(&page, "decision", TD_WORDS("Decision"), typed->decision, decisions,
                    sizeof decisions / sizeof *decisions);
    form_add_choice(&page, "scope", TD_WORDS("It is about"), typed->scope, scopes,
                    sizeof scopes / sizeof *scopes);
    form_add_field(&page, "reason", TD_WORDS("Reason"), typed->reason)->hint =
        TD_WORDS("It stands in the explanation of the scores.");
    form_add_field(&page, "by", TD_WORDS("Decided by"), typed->by)->hint =
        TD_WORDS("For example: the preparatory meeting of 5 December 2024.");
    return page;
}

int result_settle_form(struct http_exchange *x)
{
    struct web *web = web_of(x);
    const struct td_problems none = {0};
    struct sheet_key key = sheet_key_of(x);
    struct settling s;
    int status = settling_get(web->office, web->actor, web->arena, &key, &s);
    if (status == TD_OK && !s.may_settle) {
        status = OFFICE_FORBIDDEN;
    }
    if (status != TD_OK) {
        return web_answer(web, status);
    }
    const struct settlement *was = &s.settlement;
    const struct typed typed = {.decision = was->version == 0    ? NULL
                                            : was->count_without ? "count_without"
                                                                 : "wait",
                                .scope = was->version != 0 && was->unit[0] == '\0' ? "all" : "one",
                                .reason = was->reason,
                                .by = was->version != 0 ? was->by
                                      : s.year->keeps   ? s.year->standing_office
                                                        : s.year->members[s.decides].name,
                                .version = was->version};
    struct form_page page = settle_page(web, &s, &typed);
    form_show(web, &page, &none);
    return TD_OK;
}

static int save(struct web *web, const struct sheet_key *key, const struct typed *typed,
                struct td_problems *problems)
{
    const struct settlement settlement = {.unit = strcmp(typed->scope, "all") == 0 ? "" : key->unit,
                                          .count_without =
                                              strcmp(typed->decision, "count_without") == 0,
                                          .reason = typed->reason,
                                          .by = typed->by,
                                          .version = typed->version};
    if (!settlement.count_without && strcmp(typed->decision, "wait") != 0) {
        td_problem_add(problems, TD_ERROR, "decision", TD_WORDS("this is empty"),
                       TD_WORDS("choose one"));
        return OFFICE_REFUSED;
    }
    return settling_save(web->office, web->actor, web->arena, key, &settlement, problems);
}

static int draw_conflict(struct web *web, const struct sheet_key *key, struct form_page *page,
                         const struct typed *typed)
{
    struct settling now;
    int status = settling_get(web->office, web->actor, web->arena, key, &now);
    if (status != TD_OK) {
        return web_answer(web, status);
    }
    const struct settlement *s = &now.settlement;
    page->version = s->version;
    page->lines[0].choice.hint =
        TD_MESSAGE("Stored now: {0}", TD_TERM(decisions[s->count_without].label.id));
    page->lines[2].field.hint = form_stored(typed->reason, s->reason);
    page->lines[3].field.hint = form_stored(typed->by, s->by);
    form_conflict(web, page);
    return TD_OK;
}

int result_settle(struct http_exchange *x)
{
    struct web *web = web_of(x);
    struct td_problems problems = TD_PROBLEMS(web->arena, NULL);
    struct sheet_key key = sheet_key_of(x);
    const struct typed typed = {.decision = typed_text(web, "decision"),
                                .scope = typed_text(web, "scope"),
                                .reason = typed_text(web, "reason"),
                                .by = typed_text(web, "by"),
                                .version = typed_number(web, "version")};
    struct settling s;
    int status = settling_get(web->office, web->actor, web->arena, &key, &s);
    if (status == TD_OK) {
        status = s.may_settle ? save(web, &key, &typed, &problems) : OFFICE_FORBIDDEN;
    }
    if (status == OFFICE_REFUSED || status == OFFICE_CONFLICT) {
        struct form_page page = settle_page(web, &s, &typed);
        if (status == OFFICE_REFUSED) {
            form_show(web, &page, &problems);
            return TD_OK;
        }
        return draw_conflict(web, &key, &page, &typed);
    }
    if (status != TD_OK) {
        return web_answer(web, status);
    }
    http_redirect(x, web_path(web, results_path(web), "?saved=1"));
    return TD_OK;
}

/* ---- for the templates ----------------------------------------------------------------------- */

const char *result_settle_href(const struct result_page *page, int32_t stage, int32_t rater,
                               int32_t unit)
{
    const struct sheet_board *board = &page->view.result.board;
    if (!settling_allowed(board->year, board->regulation, stage, rater)) {
        return NULL;
    }
    for (int32_t i = 0; i < board->count; i++) {
        const struct sheet_brief *s = &board->sheets[i];
        if (s->stage == stage && s->rater == rater && (s->unit == unit || unit == TD_NONE)) {
            return result_text(page->web, "%s/sheets/%s/%s/%s/settle", page->view.year_href,
                               s->key.stage, s->key.rater, s->key.unit);
        }
    }
    return NULL;
}

const char *result_settled_rater(const struct result *result, const struct td_settled *settled)
{
    const struct td_stage *stage = &result->regulation->stages[settled->stage];
    if (stage_by_members(stage)) {
        return result->year->members[settled->rater].name;
    }
    return stage->rater == TD_RATER_PANEL ? result->year->panel[settled->stage][settled->rater]
                                          : stage->title;
}
