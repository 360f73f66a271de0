/*
 * The bare pages of the secret ballot: what the server knows, for the scripts to go on from.
 */
#include "web/ballot/ballot.h"
#include "web/templates.h"
#include "web/web.h"

#include <string.h>

#include "base/banned.h"

const char *ballot_slot(const struct question *question, size_t slot)
{
    if (question->blank && slot == 0) {
        return NULL;
    }
    return question->answers[question->blank ? slot - 1 : slot];
}

size_t ballot_first_slot(const struct hall_view *view, size_t question)
{
    size_t first = 0;

    for (size_t i = 0; i < question; i++) {
        first += question_slots(&view->questions[i]);
    }
    return first;
}

/* A page instead of the one that was asked for. */
static int refuse_page(struct web *web, const struct refusal *refusal)
{
    if (strcmp(refusal->code, HALL_CODE_UNKNOWN) == 0) {
        return web_answer(web, OFFICE_NOT_FOUND);
    }
    if (strcmp(refusal->code, BOX_CODE_BUSY) == 0) {
        http_set_header(web->x, "Retry-After", "5");
        web_refuse(web->x, 503, TD_WORDS("The election is being read and checked just now."),
                   TD_WORDS("Load the page again in a few seconds."));
        return TD_OK;
    }
    web_refuse(web->x, 503, TD_WORDS("The server can't read this election just now."),
               TD_WORDS("Tell the organisers; then load the page again."));
    return TD_OK;
}

int ballot_show_list(struct http_exchange *x)
{
    struct web *web = web_of(x);
    struct ballot_list_page page = {.layout.title = TD_WORDS("Secret ballot")};
    struct hall_view *elections = NULL;

    struct refusal refusal = hall_list(web->site->hall, web->arena, &elections, &page.count);
    if (refusal.code != NULL) {
        return refuse_page(web, &refusal);
    }
    page.elections = elections;
    struct html h = web_html(web);
    ballot_list_page_html(&h, &page);
    return TD_OK;
}

int ballot_show_key(struct http_exchange *x)
{
    struct ballot_key_page page = {.layout.title = TD_WORDS("A trustee's key")};
    struct html h = web_html(web_of(x));

    ballot_key_page_html(&h, &page);
    return TD_OK;
}

/* A name of 64 digits in groups of four; nothing when there is none. */
static void write_code(const char *name, char ret[static BALLOT_CODE])
{
    size_t n = 0;

    for (size_t i = 0; name != NULL && i < DIGEST_HEX - 1 && name[i] != '\0'; i++) {
        if (i > 0 && i % 4 == 0) {
            ret[n++] = ' ';
        }
        ret[n++] = name[i];
    }
    ret[n] = '\0';
}

/* What all pages of one election show. */
static int show(struct http_exchange *x, struct td_message title, bool with_trackers,
                void (*write)(struct html *, const struct ballot_page *))
{
    struct web *web = web_of(x);
    struct ballot_page page = {.layout.title = title};

    struct refusal refusal = hall_show(web->site->hall, http_param(x, "election"), with_trackers,
                                       web->arena, &page.view);
    if (refusal.code != NULL) {
        return refuse_page(web, &refusal);
    }
    if (title.id == NULL) {
        page.layout.title = layout_text(page.view.name);
    }
    write_code(page.view.setup, page.setup);
    write_code(page.view.end, page.end);
    struct html h = web_html(web);
    write(&h, &page);
    return TD_OK;
}

int ballot_show(struct http_exchange *x)
{
    return show(x, (struct td_message){0}, false, ballot_page_html);
}

int ballot_show_trackers(struct http_exchange *x)
{
    return show(x, TD_WORDS("Ballots that count"), true, ballot_trackers_page_html);
}

int ballot_show_cards(struct http_exchange *x)
{
    return show(x, TD_WORDS("Voting cards"), false, ballot_cards_page_html);
}

int ballot_show_trustee(struct http_exchange *x)
{
    return show(x, TD_WORDS("A trustee decrypts"), false, ballot_trustee_page_html);
}
