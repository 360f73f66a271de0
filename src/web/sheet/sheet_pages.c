/*
 * The sheet's page: shown, saved, and moved on its way from draft to submitted.
 */
#include "web/sheet/sheet_page.h"
#include "web/templates.h"

#include <stdlib.h>
#include <string.h>

#include "base/banned.h"

struct sheet_key sheet_key_of(struct http_exchange *x)
{
    return (struct sheet_key){.home_id = http_param(x, "home"),
                              .year_id = http_param(x, "year"),
                              .stage = http_param(x, "stage"),
                              .rater = http_param(x, "rater"),
                              .unit = http_param(x, "unit")};
}

static int draw(struct web *web, const struct sheet *sheet, const struct sheet_form *form,
                struct layout_flash flash)
{
    struct sheet_page page = {0};
    struct html h = web_html(web);
    int status = sheet_view(web, sheet, form, &page);
    if (status != TD_OK) {
        return status;
    }
    page.layout.flash = flash;
    sheet_page_html(&h, &page);
    return TD_OK;
}

static struct layout_flash flash_of(const struct http_exchange *x)
{
    const char *done = http_query(x, "done");
    struct layout_flash flash = {.kind = LAYOUT_FLASH_SAVED};
    if (done == NULL) {
        return (struct layout_flash){0};
    }
    if (strcmp(done, "prepare") == 0) {
        flash.message = TD_WORDS("The sheet now waits for the leader.");
    } else if (strcmp(done, "submit") == 0) {
        flash.message = TD_WORDS("The sheet is submitted.");
    } else if (strcmp(done, "return") == 0) {
        flash.message = TD_WORDS("The sheet is a draft again; the officer sees your reason.");
    } else if (strcmp(done, "abstain") == 0) {
        flash.message = TD_WORDS("Your reason for not scoring is recorded.");
    } else if (strcmp(done, "enter") == 0) {
        flash.message = TD_WORDS("Enter what stands on the paper, then send it on.");
    } else {
        flash.message = TD_WORDS("Saved.");
    }
    return flash;
}

int sheet_show(struct http_exchange *x)
{
    struct web *web = web_of(x);
    struct sheet_key key = sheet_key_of(x);
    struct sheet *sheet = NULL;
    int status = sheet_get(web->office, web->actor, web->arena, &key, &sheet);
    return status == TD_OK ? draw(web, sheet, NULL, flash_of(x)) : web_answer(web, status);
}

static void go_back(struct http_exchange *x, const struct sheet_key *key, const char *done)
{
    const char *pieces[] = {"/h/", key->home_id, "/years/", key->year_id, "/sheets/", key->stage,
                            "/",   key->rater,   "/",       key->unit,    "?done=",   done};
    struct buf path;
    buf_init(&path, 512);
    for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
        buf_text(&path, pieces[i]);
    }
    http_redirect(x, buf_ok(&path) ? buf_string(&path) : "/");
    buf_release(&path);
}

/* ---- saving ---------------------------------------------------------------------------------- */

struct saving {
    struct sheet *sheet; /* as it is after saving, or where nothing was saved */
    int64_t before;      /* the version that saving met */
    struct sheet_form form;
    struct instant at;
};

/* Save what the form changes. OFFICE_REFUSED and OFFICE_CONFLICT leave it in s->form. */
static int save(struct web *web, const struct sheet_key *key, struct saving *s)
{
    struct td_problems problems = TD_PROBLEMS(web->arena, NULL);
    struct sheet_saved saved = {0};
    struct sheet_head head = {0};
    int status = sheet_head_get(web->office, web->actor, web->arena, key, &head);
    s->at = office_now(web->office);
    if (status == TD_OK) {
        s->before = head.version;
        status = sheet_form_read(web, head.regulation, &s->form);
    }
    if (status != TD_OK) {
        return status;
    }
    if (s->form.count == 0 || s->form.problems.errors > 0) {
        status = sheet_get(web->office, web->actor, web->arena, key, &s->sheet);
        if (status != TD_OK) {
            return status;
        }
        s->before = s->sheet->version;
        return s->form.problems.errors == 0 ? TD_OK
               : s->sheet->may_write        ? OFFICE_REFUSED
                                            : OFFICE_FORBIDDEN;
    }
    status = sheet_save(web->office, web->actor, web->arena, key, s->form.inputs, s->form.count,
                        &problems, &saved);
    if (status == TD_OK || status == OFFICE_CONFLICT || status == OFFICE_REFUSED) {
        s->sheet = saved.sheet;
        s->form.clashes = saved.clashes;
        s->at = saved.at;
    }
    sheet_form_problems(&s->form, &problems);
    return status;
}

static int draw_refused(struct web *web, const struct saving *s, int status)
{
    bool clash = status == OFFICE_CONFLICT;
    http_set_status(web->x, clash ? 409 : 422);
    if (web_wants_json(web->x)) {
        sheet_answer(web, s->sheet, &s->form, s->at);
        return TD_OK;
    }
    return draw(web, s->sheet, &s->form,
                (struct layout_flash){
                    .kind = LAYOUT_FLASH_REFUSED,
                    .message = clash ? TD_WORDS("Someone else wrote in the same place meanwhile. "
                                                "Nothing was saved: choose what is to stand.")
                                     : TD_WORDS("Nothing was saved. Correct what is marked, then "
                                                "save again.")});
}

/* Who sent a sheet on while another was typing, and how; no message where that isn't why. */
static struct td_message closed_words(const struct sheet *sheet)
{
    const char *by = sheet->changed_by;
    if (!sheet->acts || sheet->may_write || by == NULL) {
        return (struct td_message){0};
    }
    switch (sheet->state) {
    case SHEET_PREPARED:
        return TD_MESSAGE("{0} has sent this sheet to the leader; it can't be written on now. What "
                          "you typed meanwhile was not saved, and stands beside the items.",
                          TD_TEXT(by));
    case SHEET_SUBMITTED:
        return TD_MESSAGE("{0} has submitted this sheet; it can't be changed any more. What you "
                          "typed meanwhile was not saved, and stands beside the items.",
                          TD_TEXT(by));
    case SHEET_ABSTAINED:
        return TD_MESSAGE("{0} has recorded why this sheet is not scored; it can't be changed any "
                          "more. What you typed meanwhile was not saved, and stands beside the "
                          "items.",
                          TD_TEXT(by));
    case SHEET_DRAFT:
        break;
    }
    return (struct td_message){0};
}

/* What may not be saved: because the sheet was sent on meanwhile, or at all. A script keeps what
 * was typed itself. */
static int draw_closed(struct web *web, const struct sheet_key *key, struct saving *s)
{
    int status = web_wants_json(web->x)
                     ? OFFICE_FORBIDDEN
                     : sheet_get(web->office, web->actor, web->arena, key, &s->sheet);
    struct td_message words = status == TD_OK ? closed_words(s->sheet) : (struct td_message){0};
    if (words.id == NULL) {
        return web_answer(web, status == TD_OK ? OFFICE_FORBIDDEN : status);
    }
    http_set_status(web->x, 409);
    return draw(web, s->sheet, &s->form,
                (struct layout_flash){.kind = LAYOUT_FLASH_REFUSED, .message = words});
}

int sheet_save_form(struct http_exchange *x)
{
    struct web *web = web_of(x);
    struct sheet_key key = sheet_key_of(x);
    struct saving s = {0};
    int status = save(web, &key, &s);
    if (status == OFFICE_REFUSED || status == OFFICE_CONFLICT) {
        return draw_refused(web, &s, status);
    }
    if (status != TD_OK) {
        return status == OFFICE_FORBIDDEN ? draw_closed(web, &key, &s) : web_answer(web, status);
    }
    if (web_wants_json(x)) {
        sheet_answer(web, s.sheet, &s.form, s.at);
    } else {
        go_back(x, &key, "save");
    }
    return TD_OK;
}

/* ---- moving ---------------------------------------------------------------------------------- */

struct move_words {
    const char *verb;
    enum sheet_move move;
    const char *title, *consequence, *yes;
};

static const struct move_words moves[] = {
    {"prepare", SHEET_PREPARE, TD_ID("Send to the leader"), NULL, NULL},
    {"submit", SHEET_SUBMIT, TD_ID("Submit this sheet?"),
     TD_ID("A submitted sheet can't be changed any more."), TD_ID("Submit")},
    {"return", SHEET_RETURN, TD_ID("Return this sheet to the officer?"),
     TD_ID("It becomes a draft again, with your reason on it."), TD_ID("Return")},
    {"abstain", SHEET_ABSTAIN, TD_ID("Not score this unit?"),
     TD_ID("The sheet is closed without scores, with your reason on it."), TD_ID("Don't score")},
    {"enter", SHEET_ENTER, TD_ID("Enter a paper sheet on this unit's behalf?"),
     TD_ID("The sheet stays the unit's own; it will show that your office entered it, and from "
           "which paper."),
     TD_ID("Begin to enter it")},
};

static const struct move_words *move_of(const char *verb)
{
    for (size_t i = 0; verb != NULL && i < sizeof moves / sizeof *moves; i++) {
        if (strcmp(moves[i].verb, verb) == 0) {
            return &moves[i];
        }
    }
    return NULL;
}

static int ask(struct web *web, const struct sheet *sheet, const struct move_words *move,
               struct td_message problem)
{
    struct sheet_page around = {0};
    struct sheet_confirm_page page = {
        .verb = move->verb,
        .seen = sheet->version,
        .asks_remark = sheet_move_asks(move->move),
        .question = {.id = move->title},
        .consequence = {.id = move->consequence},
        .yes = {.id = move->yes},
    };
    struct html h = web_html(web);
    int status = sheet_view(web, sheet, NULL, &around);
    if (status != TD_OK) {
        return status;
    }
    page.layout = around.layout;
    page.crumbs[0] = around.crumbs[0];
    page.crumbs[1] = around.crumbs[1];
    page.crumbs[2] = (struct layout_crumb){around.layout.title, around.base};
    page.layout.crumbs = page.crumbs;
    page.layout.crumb_count = 3;
    page.move = around.move;
    page.back = around.base;
    page.remark = (struct text_field){.name = "remark",
                                      .label = move->move == SHEET_ENTER
                                                   ? TD_WORDS("The paper: number, date, who "
                                                              "signed it")
                                                   : TD_WORDS("Reason"),
                                      .value = http_field(web->x, "remark"),
                                      .error = problem,
                                      .is_required = true};
    page.remark.value = page.remark.value == NULL ? "" : page.remark.value;
    sheet_confirm_page_html(&h, &page);
    return TD_OK;
}

static int64_t seen_of(const struct http_exchange *x)
{
    const char *text = http_field(x, "seen");
    struct td_decimal number;
    return text != NULL && td_decimal_parse(text, strlen(text), 0, &number) == TD_OK ? number.units
                                                                                     : -1;
}

/* Not moved: by a form sent twice at once, or because of what `status` says. */
static int draw_unmoved(struct web *web, const struct sheet_key *key, struct saving *s, int status)
{
    const struct move_words *move = move_of(http_field(web->x, "move"));
    struct td_message words =
        status == OFFICE_CONFLICT
            ? TD_WORDS("Someone else changed this sheet meanwhile. Look at it, then do it again.")
            : TD_WORDS("Items are still empty. They are marked below; a zero is written as 0.");
    int read = sheet_get(web->office, web->actor, web->arena, key, &s->sheet);
    if (read != TD_OK) {
        return web_answer(web, read);
    }
    /* Done before, by the same form sent twice: then it is no error. */
    if (move != NULL && sheet_is_moved(s->sheet, move->move, http_field(web->x, "remark"))) {
        go_back(web->x, key, move->verb);
        return TD_OK;
    }
    if (status == OFFICE_FORBIDDEN) {
        return draw_closed(web, key, s);
    }
    http_set_status(web->x, status == OFFICE_CONFLICT ? 409 : 422);
    return draw(web, s->sheet, &s->form,
                (struct layout_flash){.kind = LAYOUT_FLASH_REFUSED, .message = words});
}

/* The one form of the sheet also carries the buttons that move it, so that nothing typed is lost:
 * first what was typed is saved, then the sheet moves; a step that can't be undone asks first. */
int sheet_move_form(struct http_exchange *x)
{
    struct web *web = web_of(x);
    struct sheet_key key = sheet_key_of(x);
    struct saving s = {0};
    const struct move_words *move = move_of(http_field(x, "move"));
    const char *remark = http_field(x, "remark");
    bool sure = http_field(x, "sure") != NULL;
    int status = move == NULL ? OFFICE_REFUSED : save(web, &key, &s);
    if (move != NULL && (status == OFFICE_REFUSED || status == OFFICE_CONFLICT)) {
        return draw_refused(web, &s, status);
    }
    if (status == TD_OK && !sheet_may(s.sheet, move->move)) {
        return draw_unmoved(web, &key, &s, OFFICE_FORBIDDEN);
    }
    if (status != TD_OK) {
        return move != NULL && status == OFFICE_FORBIDDEN ? draw_closed(web, &key, &s)
                                                          : web_answer(web, status);
    }
    if (s.before != seen_of(x)) {
        return draw_unmoved(web, &key, &s, OFFICE_CONFLICT);
    }
    if (!sure && move->yes != NULL) {
        return ask(web, s.sheet, move, (struct td_message){0});
    }
    status = sheet_move(web->office, web->actor, web->arena, &key, move->move, remark,
                        s.sheet->version, &s.form.problems);
    if (status == TD_OK) {
        go_back(x, &key, move->verb);
        return TD_OK;
    }
    struct td_message problem = web_problem(&s.form.problems, "remark");
    if (status == OFFICE_REFUSED && problem.id != NULL) {
        http_set_status(x, 422);
        return ask(web, s.sheet, move, problem);
    }
    return status == OFFICE_REFUSED || status == OFFICE_CONFLICT || status == OFFICE_FORBIDDEN
               ? draw_unmoved(web, &key, &s, status)
               : web_answer(web, status);
}
