/*
 * The secret ballot's pages, and what their scripts fetch and bring.
 *
 * Secrecy by structure: these routes are HTTP_UNLOGGED. The log has no line of them, no session is
 * looked for, nothing is written anywhere when one is asked for, and no cookie is set; the one that
 * is read says a language. A handler has no way to learn who asks, and src/ballot, which it calls,
 * takes no address, name or time.
 *
 * So there is nothing that another site's page could misuse in a visitor's name: a ballot counts by
 * the signature of its card, wherever it comes from. Still a POST must say that it is JSON, which a
 * form can't, and must not come from another site.
 */
#ifndef WEB_BALLOT_BALLOT_H
#define WEB_BALLOT_BALLOT_H

#include "ballot/hall.h"
#include "http/http.h"
#include "web/html.h"

/* The frame of a bare page: no menu, no account. */
struct ballot_layout {
    struct td_message title;
};

/* GET /ballot: the elections that are here. */
struct ballot_list_page {
    struct ballot_layout layout;
    const struct hall_view *elections;
    size_t count;
};

/* GET /ballot/key, which knows nothing. */
struct ballot_key_page {
    struct ballot_layout layout;
};

#define BALLOT_CODE 80 /* 64 digits in groups of four, and the end of the text */

/* GET /ballot/{election} and the pages below it. */
struct ballot_page {
    struct ballot_layout layout;
    struct hall_view view; /* trackers on the page of trackers only */
    /* The names of its setup and of its end, four digits and four: to be read aloud. "" before. */
    char setup[BALLOT_CODE], end[BALLOT_CODE];
};

/* The name of a question's slot: an answer, or NULL for the one that says "blank". */
const char *ballot_slot(const struct question *question, size_t slot) __attribute__((nonnull));
/* Where a question's counts begin in view.counts. */
size_t ballot_first_slot(const struct hall_view *view, size_t question) __attribute__((nonnull));

int ballot_show_list(struct http_exchange *x);
int ballot_show_key(struct http_exchange *x);
int ballot_show(struct http_exchange *x);
int ballot_show_trackers(struct http_exchange *x);
int ballot_show_cards(struct http_exchange *x);
int ballot_show_trustee(struct http_exchange *x);

int ballot_send_election(struct http_exchange *x);
int ballot_send_trustees(struct http_exchange *x);
int ballot_send_credentials(struct http_exchange *x);
int ballot_send_tally(struct http_exchange *x);
int ballot_send_archive(struct http_exchange *x);
int ballot_cast(struct http_exchange *x);
int ballot_decrypt(struct http_exchange *x);

/* ---- for the gate and the answers of failures ------------------------------------------------ */

/* A POST that is to be refused before its handler: its code, or NULL. */
const char *ballot_misfit(struct http_exchange *x, bool comes_from_elsewhere)
    __attribute__((nonnull));

/* Answer a script: {"message": …, "code": …}. */
void ballot_refuse(struct http_exchange *x, const struct language *language, const char *code)
    __attribute__((nonnull));

/* Is it a script of these pages that waits for an answer? */
bool ballot_is_script(const struct http_exchange *x) __attribute__((nonnull));

#endif
