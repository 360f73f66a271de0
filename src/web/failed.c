/*
 * Answers that say what went wrong: as a page, or as JSON for who asks for that. None of this
 * blocks, since the server also calls it from where nothing may.
 */
#include "web/ballot/ballot.h"
#include "web/json.h"
#include "web/templates.h"
#include "web/web.h"

#include <stdio.h>
#include <string.h>

#include "base/banned.h"

#define RETRY_AFTER "10" /* seconds */

bool web_wants_json(const struct http_exchange *x)
{
    const char *accept = http_header(x, "Accept");
    return accept != NULL && strstr(accept, "application/json") != NULL &&
           strstr(accept, "text/html") == NULL;
}

static void refuse_as_json(struct http_exchange *x, const struct language *language,
                           const struct error_page *page)
{
    struct json json = json_begin(http_body(x), language);
    http_set_type(x, "application/json");
    json_open(&json, NULL, '{');
    json_open(&json, "error", '{');
    json_whole(&json, "status", page->status);
    json_message(&json, "message", &page->what);
    json_message(&json, "remedy", &page->remedy);
    json_text(&json, "reference", page->reference);
    json_close(&json, '}');
    json_close(&json, '}');
}

/* A few words that are the page's heading. */
static struct td_message title_of(int status)
{
    switch (status) {
    case 401:
        return TD_WORDS("Signed out");
    case 403:
        return TD_WORDS("Not allowed");
    case 404:
        return TD_WORDS("Nothing here");
    case 409:
        return TD_WORDS("Changed meanwhile");
    case 413:
        return TD_WORDS("Too large");
    case 503:
        return TD_WORDS("Not available for a moment");
    default:
        return status >= 500 ? TD_WORDS("Something went wrong") : TD_WORDS("Not understood");
    }
}

/* form: where the form is that was not accepted, or NULL. */
static void refuse(struct http_exchange *x, int http_status, struct td_message what,
                   struct td_message remedy, const char *form)
{
    struct web *web = http_data(x); /* NULL when it failed before the gate */
    const struct web_site *site = http_context(x);
    const struct language *language = web != NULL ? web->language : web_language(x, site, NULL);
    struct error_page page = {.status = http_status,
                              .what = what,
                              .remedy = remedy,
                              .reference = http_id(x),
                              .form = form};

    buf_clear(http_body(x));
    http_set_status(x, http_status);
    if (ballot_is_script(x)) {
        /* Whoever fails can't say that a ballot was not taken, only that it may be sent again. */
        ballot_refuse(x, language, http_status >= 500 ? BOX_CODE_BUSY : BOX_CODE_FORM);
        http_set_status(x, http_status);
        return;
    }
    if (web_wants_json(x)) {
        refuse_as_json(x, language, &page);
        return;
    }
    struct html h = {.out = http_body(x), .language = language, .csrf = ""};
    if (web != NULL) {
        web_layout(web, &page.layout, title_of(http_status));
        h = web_html(web);
    } else {
        page.layout = (struct layout){.title = title_of(http_status), .is_demo = site->is_demo};
    }
    http_set_type(x, "text/html; charset=utf-8");
    error_page_html(&h, &page);
}

void web_refuse(struct http_exchange *x, int http_status, struct td_message what,
                struct td_message remedy)
{
    refuse(x, http_status, what, remedy, NULL);
}

/* Nothing that should not stand in a page, or can't. */
static bool has_secret(const struct http_exchange *x)
{
    return http_field(x, "password") != NULL;
}

static bool may_be_shown(const struct http_exchange *x)
{
    size_t files = 0;
    http_uploads(x, &files);
    return files == 0 && !has_secret(x);
}

void web_refuse_form(struct http_exchange *x, int http_status, struct td_message what,
                     struct td_message remedy)
{
    struct web *web = http_data(x);
    size_t count = 0;
    const struct http_pair *sent = http_fields(x, &count);
    struct resend_field *fields =
        web == NULL ? NULL : td_arena_alloc(web->arena, count, sizeof *fields);
    struct resend_page page = {
        .what = what, .remedy = remedy, .action = http_target(x), .fields = fields};

    if (fields == NULL || web_wants_json(x) || !may_be_shown(x)) {
        refuse(x, http_status, what, TD_WORDS("Load the page again, and send the form once more."),
               has_secret(x) ? http_path(x) : NULL);
        return;
    }
    for (size_t i = 0; i < count; i++) {
        if (strcmp(sent[i].name, HTML_CSRF_NAME) != 0) {
            fields[page.count++] = (struct resend_field){sent[i].name, sent[i].value};
        }
    }
    buf_clear(http_body(x));
    http_set_status(x, http_status);
    web_layout(web, &page.layout, TD_WORDS("Not saved yet"));
    struct html h = web_html(web);
    http_set_type(x, "text/html; charset=utf-8");
    resend_page_html(&h, &page);
}

static void refuse_outage(struct http_exchange *x, int status)
{
    http_set_header(x, "Retry-After", RETRY_AFTER);
    /* The answer to a COMMIT may be what is missing. */
    if (status == DB_E_AWAY && http_request_method(x) == HTTP_POST) {
        web_refuse(x, 503, TD_WORDS("The server can't say just now whether this was saved."),
                   TD_WORDS("Look again in a minute: if it is not there, do it once more. What you "
                            "typed is still on the page before."));
        return;
    }
    web_refuse(x, 503, TD_WORDS("The server can't do this just now. Nothing was saved."),
               TD_WORDS("Try again in a minute. What you typed is still on the page before."));
}

int web_answer(struct web *web, int status)
{
    switch (status) {
    case OFFICE_FORBIDDEN:
        web_refuse(web->x, 403, TD_WORDS("Your account may not do this."),
                   TD_WORDS("If it should, ask your administrator for the role."));
        return TD_OK;
    case OFFICE_NOT_FOUND:
        web_refuse(web->x, 404, TD_WORDS("There is no such page, or you may not see it."),
                   TD_WORDS("Check the address, or begin at the home page."));
        return TD_OK;
    case OFFICE_CONFLICT:
        web_refuse(web->x, 409, TD_WORDS("Someone else changed this meanwhile. Nothing was saved."),
                   TD_WORDS("Load the page again and look at what is there now."));
        return TD_OK;
    case OFFICE_REFUSED:
        web_refuse(web->x, 422, TD_WORDS("What was sent can't be accepted. Nothing was saved."),
                   TD_WORDS("Go back and correct the form."));
        return TD_OK;
    default:
        return status;
    }
}

void web_failed(struct http_exchange *x, enum http_failure failure, int status)
{
    switch (failure) {
    case HTTP_BAD_REQUEST:
    case HTTP_BAD_TYPE:
    case HTTP_HEADERS_LARGE:
        web_refuse(x, (int)failure, TD_WORDS("The server does not understand this request."),
                   TD_WORDS("Begin again at the home page."));
        return;
    case HTTP_NOT_FOUND:
        web_refuse(x, 404, TD_WORDS("There is no such page, or you may not see it."),
                   TD_WORDS("Check the address, or begin at the home page."));
        return;
    case HTTP_NOT_ALLOWED:
        web_refuse(x, 405, TD_WORDS("This page can't be used in that way."),
                   TD_WORDS("Begin again at the home page."));
        return;
    case HTTP_TOO_LARGE:
        web_refuse(x, 413, TD_WORDS("What was sent is too large. Nothing was saved."),
                   TD_WORDS("Send a smaller file, or fewer at once."));
        return;
    case HTTP_BUSY:
        refuse_outage(x, DB_E_BUSY);
        return;
    case HTTP_INTERNAL:
        break;
    }
    if (db_is_outage(status)) {
        refuse_outage(x, status);
        return;
    }
    web_refuse(x, 500, TD_WORDS("The server made a mistake. Nothing was saved."),
               TD_WORDS("Try again; if it stays, give your administrator the reference below."));
}
