/*
 * A request as pages see it: whose it is, in which language, and how it is answered.
 *
 * The gate (gate.c) runs before every handler: it makes the struct web, finds who is signed in,
 * checks the route's permission, and refuses a POST without our form's token. A handler asks a use
 * case of src/office, which checks the permission again, and writes a page:
 *
 *     int unit_show(struct http_exchange *x)
 *     {
 *         struct web *web = web_of(x);
 *         struct unit_page page = {0};
 *         int status = unit_find(web->office, web->actor, http_param(x, "unit"), …, &page.unit);
 *         if (status != TD_OK) {
 *             return web_answer(web, status);
 *         }
 *         web_layout(web, &page.layout, TD_WORDS("Unit"));
 *         struct html h = web_html(web);
 *         unit_page_html(&h, &page);
 *         return TD_OK;
 *     }
 *
 * After a POST that did something, http_redirect to a page that shows it.
 */
#ifndef WEB_WEB_H
#define WEB_WEB_H

#include "ballot/hall.h"
#include "http/http.h"
#include "language/language.h"
#include "office/office.h"
#include "thidua/problem.h"
#include "web/html.h"
#include "web/layout/layout.h"

#include <stdatomic.h>

/* Who may use a route, coarsely: the use case decides. */
enum web_permission {
    WEB_ANYONE = 1, /* also who isn't signed in */
    WEB_SIGNED_IN,
    WEB_ADMINISTRATOR,  /* of the installation */
    WEB_OFFICER,        /* of an authority; in the home {home} when the route names one */
    WEB_MEMBER_OF_HOME, /* has any role in the home {home}: to others it does not exist */
};

/* What http_context(x) is: made once, by whoever starts the server. */
struct web_site {
    struct office *office;
    struct hall *hall;               /* the elections that are shown */
    const struct language *language; /* for who shows no preference */
    bool is_demo;                    /* a banner says so */
    atomic_bool is_away;             /* the database can't be used: /healthz says 503 */
};

struct web {
    struct http_exchange *x;
    struct td_arena *arena;
    const struct web_site *site;
    struct office *office;
    const struct actor *actor; /* NULL: nobody is signed in */
    const struct language *language;
    const char *csrf;    /* the token of forms */
    const char *session; /* the session's token; NULL: nobody is signed in */
};

/* The table of routes, for http_app.routes; ended by one without a name. */
extern const struct http_route web_routes[];

/* For http_app. */
int web_gate(struct http_exchange *x, const struct http_route *route);
void web_failed(struct http_exchange *x, enum http_failure failure, int status);
bool web_healthy(void *context);

/* The request's struct web; in handlers only, where the gate has made it. */
struct web *web_of(struct http_exchange *x) __attribute__((nonnull, returns_nonnull));

/* Answer a status of a use case that isn't TD_OK with a page: forbidden, not found, conflict,
 * refused. What is negative is handed back, for web_failed to make a page of it. */
int web_answer(struct web *web, int status) TD_MUST_CHECK __attribute__((nonnull));

/* Title, user, menu and banner of a page's frame; the rest is left as it is. */
void web_layout(struct web *web, struct layout *ret, struct td_message title)
    __attribute__((nonnull));

/* What templates write into: the answer's body. */
struct html web_html(struct web *web) __attribute__((nonnull));

/* What was wrong with a field: the first problem whose place it is, or no message. */
struct td_message web_problem(const struct td_problems *problems, const char *field)
    __attribute__((nonnull));

/* ---- for the gate, the error pages and signing in ---------------------------------------- */

/* May who is signed in use a route? TD_OK, OFFICE_FORBIDDEN, or OFFICE_NOT_FOUND where the actor
 * has no role in the home that the route names (NULL: it names none). */
int web_permits(const struct actor *actor, enum web_permission permission, const char *home_id)
    TD_MUST_CHECK __attribute__((nonnull(1)));

/* The name of a cookie: over TLS it says that no neighbouring site could have set it. */
#define WEB_COOKIE_SESSION "session"
#define WEB_COOKIE_FORM "form"
#define WEB_COOKIE_LANGUAGE "language"
#define WEB_LANGUAGE_AGE (365 * 24 * 3600) /* seconds */
const char *web_cookie_name(const struct http_exchange *x, const char *name)
    __attribute__((nonnull, returns_nonnull));

/* The language of a request: the actor's, the cookie's, the browser's, the site's. */
const struct language *web_language(const struct http_exchange *x, const struct web_site *site,
                                    const struct actor *actor)
    __attribute__((nonnull(1, 2), returns_nonnull));

/* Does the client ask for JSON rather than a page? */
bool web_wants_json(const struct http_exchange *x) __attribute__((nonnull));

/* An answer that says what went wrong, as a page or as JSON. */
void web_refuse(struct http_exchange *x, int http_status, struct td_message what,
                struct td_message remedy) __attribute__((nonnull));

/* The same for a form of this server's pages that could not be accepted: a page that holds what was
 * typed and sends it again by a button. What holds a password or a file is only told. */
void web_refuse_form(struct http_exchange *x, int http_status, struct td_message what,
                     struct td_message remedy) __attribute__((nonnull));

/* A path of this server to go on to: `next` when it is one, otherwise "/". */
const char *web_next(const char *next) __attribute__((returns_nonnull));

#endif
