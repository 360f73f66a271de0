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

/* s: what is stored; typed: what stands in the fields. */
static int settle_page(struct web *web, const struct settling *s, const struct typed *typed,
                       struct form_page *ret)
{
    const struct sheet_key *k = &s->brief.key;
    const struct settlement *now = &s->settlement;
    const char *year = web_path(web, "/h/", k->home_id, "/years/", k->year_id);
    struct form_page *page = ret;
    *page = (struct form_page){
        .action = web_path(web, year, "/sheets/", k->stage, "/", k->rater, "/", k->unit, "/settle"),
        .back = web_path(web, year, "/results"),
        .submit = TD_WORDS("Record the decision"),
        .version = typed->version,
        .stored = now->version};
    int status = result_layout(web, &page->layout, s->year,
                               TD_WORDS("A sheet is missing: what is decided?"), true);
    page->layout.lead = TD_MESSAGE(
        "{0}: the sheet by {1} about {2}", TD_TEXT(s->regulation->stages[s->brief.stage].title),
        TD_TEXT(s->rater_name), TD_TEXT(s->year->members[s->brief.unit].name));
    form_add_choice(page, "decision", TD_WORDS("Decision"), typed->decision, decisions,
                    sizeof decisions / sizeof *decisions);
    form_add_choice(page, "scope", TD_WORDS("It is about"), typed->scope, scopes,
                    sizeof scopes / sizeof *scopes);
    form_add_field(page, "reason", TD_WORDS("Reason"), typed->reason)->hint =
        TD_WORDS("It stands in the explanation of the scores.");
    form_add_field(page, "by", TD_WORDS("Decided by"), typed->by)->hint =
        TD_WORDS("For example: the preparatory meeting of 5 December 2024.");
    page->lines[0].stored =
        TD_MESSAGE("Stored now: {0}", TD_TERM(decisions[now->count_without].label.id));
    page->lines[2].stored = form_stored(typed->reason, now->reason);
    page->lines[3].stored = form_stored(typed->by, now->by);
    return status;
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
    struct form_page page;
    status = settle_page(web, &s, &typed, &page);
    if (status == TD_OK) {
        form_show(web, &page, &none);
    }
    return status;
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
    struct form_page page;
    int status = settling_get(web->office, web->actor, web->arena, &key, &s);
    if (status == TD_OK) {
        status = s.may_settle ? TD_OK : OFFICE_FORBIDDEN;
    }
    if (status != TD_OK) {
        return web_answer(web, status);
    }
    int drawn = settle_page(web, &s, &typed, &page);
    if (drawn != TD_OK) {
        return drawn;
    }
    status = save(web, &key, &typed, &problems);
    return form_end(web, &page, status, &problems, web_path(web, page.back, "?saved=1"));
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
            return web_path(page->web, page->view.year_href, "/sheets/", s->key.stage, "/",
                            s->key.rater, "/", s->key.unit, "/settle");
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
