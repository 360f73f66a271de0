/*
 * Before every handler: who is it, may they, and did the form come from one of our pages?
 *
 * The token of forms is an HMAC under the session's own token, so nothing is stored for it and it
 * dies with the session. Who isn't signed in gets a random cookie for the same purpose. A browser
 * that says where a request comes from is believed when it says: from elsewhere.
 */
#include "web/ballot/ballot.h"
#include "web/web.h"

#include "office/session.h"

#include <string.h>
#include <strings.h>

#include "base/banned.h"

#define CSRF_PURPOSE "thidua-form/1"

struct web *web_of(struct http_exchange *x)
{
    return http_data(x);
}

const char *web_cookie_name(const struct http_exchange *x, const char *name)
{
    bool secure = http_is_secure(x);
    if (strcmp(name, WEB_COOKIE_SESSION) == 0) {
        return secure ? "__Host-" WEB_COOKIE_SESSION : WEB_COOKIE_SESSION;
    }
    if (strcmp(name, WEB_COOKIE_FORM) == 0) {
        return secure ? "__Host-" WEB_COOKIE_FORM : WEB_COOKIE_FORM;
    }
    return WEB_COOKIE_LANGUAGE;
}

/* ---- language -------------------------------------------------------------------------------- */

/* The first language of ours in "en-GB,en;q=0.9,vi;q=0.8": browsers send them best first. */
static const struct language *accepted(const char *header)
{
    while (header != NULL && *header != '\0') {
        header += strspn(header, " ,");
        size_t n = strcspn(header, "-;, ");
        char code[3] = "";
        if (n == 2) {
            memcpy(code, header, 2);
            const struct language *found = language_find(code);
            if (found != NULL) {
                return found;
            }
        }
        header += strcspn(header, ",");
    }
    return NULL;
}

const struct language *web_language(const struct http_exchange *x, const struct web_site *site,
                                    const struct actor *actor)
{
    const char *cookie = http_cookie(x, WEB_COOKIE_LANGUAGE);
    const struct language *found = actor == NULL ? NULL : language_find(actor->language);

    if (found == NULL && cookie != NULL) {
        found = language_find(cookie);
    }
    if (found == NULL) {
        found = accepted(http_header(x, "Accept-Language"));
    }
    return found == NULL ? site->language : found;
}

/* ---- where a request comes from -------------------------------------------------------------- */

/* Is the Origin this server, as the client addressed it? */
static bool is_own_origin(const struct http_exchange *x, const char *origin)
{
    const char *scheme = http_is_secure(x) ? "https://" : "http://";
    size_t n = strlen(scheme);
    return strncasecmp(origin, scheme, n) == 0 && strcasecmp(origin + n, http_host(x)) == 0;
}

static bool comes_from_elsewhere(const struct http_exchange *x)
{
    const char *site = http_header(x, "Sec-Fetch-Site");
    const char *origin = http_header(x, "Origin");

    if (site != NULL) {
        return strcmp(site, "same-origin") != 0 && strcmp(site, "none") != 0;
    }
    return origin != NULL && !is_own_origin(x, origin);
}

/* Certainly a page of ours: what is merely not known to be another's is not enough to offer its
 * fields again with a token that holds. */
static bool comes_from_here(const struct http_exchange *x)
{
    const char *origin = http_header(x, "Origin");
    bool says = http_header(x, "Sec-Fetch-Site") != NULL || origin != NULL;
    return says && !comes_from_elsewhere(x);
}

static bool form_is_ours(const struct web *web)
{
    const char *token = http_field(web->x, HTML_CSRF_NAME);
    if (token == NULL) {
        token = http_header(web->x, "X-CSRF-Token"); /* of a script of ours */
    }
    return token != NULL && web->csrf != NULL && secret_equal(token, web->csrf) &&
           !comes_from_elsewhere(web->x);
}

/* ---- who it is ------------------------------------------------------------------------------- */

static int find_actor(struct web *web)
{
    const char *token = http_cookie(web->x, web_cookie_name(web->x, WEB_COOKIE_SESSION));
    if (token == NULL || strlen(token) != SECRET_TOKEN_TEXT - 1) {
        return TD_OK;
    }
    int status = session_find(web->office, token, web->arena, &web->actor);
    if (status == TD_OK) {
        web->session = token;
    }
    return status == OFFICE_NOT_FOUND ? TD_OK : status;
}

/* Pages that must not ask the database (no such address, an outage) still speak the account's
 * language: its cookie says it. */
static void keep_language(const struct web *web)
{
    const char *cookie = http_cookie(web->x, WEB_COOKIE_LANGUAGE);
    if (cookie == NULL || strcmp(cookie, web->actor->language) != 0) {
        http_set_cookie(web->x, WEB_COOKIE_LANGUAGE, web->actor->language, WEB_LANGUAGE_AGE);
    }
}

/* What the token of forms hangs on: the session, or a cookie made for that. */
static int make_csrf(struct web *web)
{
    const char *name = web_cookie_name(web->x, WEB_COOKIE_FORM);
    const char *key = web->session != NULL ? web->session : http_cookie(web->x, name);
    char *csrf = td_arena_alloc(web->arena, 1, SECRET_HASH_TEXT);
    char *made = NULL;

    if (csrf == NULL) {
        return TD_E_MEMORY;
    }
    if (key == NULL || strlen(key) != SECRET_TOKEN_TEXT - 1) {
        if (http_request_method(web->x) != HTTP_GET) {
            return TD_OK; /* no token fits */
        }
        made = td_arena_alloc(web->arena, 1, SECRET_TOKEN_TEXT);
        if (made == NULL) {
            return TD_E_MEMORY;
        }
        int status = secret_token(made);
        if (status != TD_OK) {
            return status;
        }
        http_set_cookie(web->x, name, made, 0);
        key = made;
    }
    secret_mac(key, CSRF_PURPOSE, csrf);
    web->csrf = csrf;
    return TD_OK;
}

/* ---- may they -------------------------------------------------------------------------------- */

static bool is_officer(const struct actor *actor, const char *home_id)
{
    for (int32_t i = 0; i < actor->role_count; i++) {
        const struct actor_role *role = &actor->roles[i];
        if (role->role == OFFICE_OFFICER &&
            (home_id == NULL || strcmp(role->home_id, home_id) == 0)) {
            return true;
        }
    }
    return false;
}

int web_permits(const struct actor *actor, enum web_permission permission, const char *home_id)
{
    bool outside = home_id != NULL && !actor_in_home(actor, home_id);

    switch (permission) {
    case WEB_ANYONE:
    case WEB_SIGNED_IN:
        return TD_OK;
    case WEB_ADMINISTRATOR:
        return actor->administrator ? TD_OK : OFFICE_FORBIDDEN;
    case WEB_OFFICER:
        return is_officer(actor, home_id) ? TD_OK : outside ? OFFICE_NOT_FOUND : OFFICE_FORBIDDEN;
    case WEB_MEMBER_OF_HOME:
        return home_id != NULL && !outside ? TD_OK : OFFICE_NOT_FOUND;
    }
    return OFFICE_FORBIDDEN;
}

/* To the page to sign in, which leads back to here. */
static void send_to_sign_in(struct http_exchange *x)
{
    struct buf path;
    const char *target = http_target(x);

    buf_init(&path, (size_t)16 * 1024);
    buf_text(&path, "/sign-in");
    if (strcmp(target, "/") != 0) {
        buf_text(&path, "?next=");
        for (const char *c = target; *c != '\0'; c++) {
            bool plain = (*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z') ||
                         (*c >= '0' && *c <= '9') || strchr("/-._~", *c) != NULL;
            if (plain) {
                buf_char(&path, *c);
            } else {
                buf_printf(&path, "%%%02X", (unsigned)(unsigned char)*c);
            }
        }
    }
    http_redirect(x, buf_ok(&path) ? buf_string(&path) : "/sign-in");
    buf_release(&path);
}

static bool is_signed_in(struct web *web)
{
    if (web->actor != NULL) {
        return true;
    }
    if (http_request_method(web->x) == HTTP_GET && !web_wants_json(web->x)) {
        send_to_sign_in(web->x);
    } else if (!comes_from_here(web->x)) {
        web_refuse(web->x, 401, TD_WORDS("You are not signed in, or not any more."),
                   TD_WORDS("Sign in, then try again."));
    } else {
        web_refuse_form(web->x, 401,
                        TD_WORDS("You are not signed in, or not any more. Nothing was "
                                 "saved yet."),
                        TD_WORDS("What you typed is kept on this page. Sign in again in another "
                                 "window, come back here and press “Send again”; if the page "
                                 "asks once more, press it once more."));
    }
    return false;
}

/* A form of another site is only refused. One of ours has an old token, of before the last sign-in:
 * it may be sent again with a new one. */
static void refuse_form(struct web *web)
{
    struct td_message what = TD_WORDS("This form has expired. Nothing was changed.");
    if (!comes_from_here(web->x)) {
        web_refuse(web->x, 403, what,
                   TD_WORDS("Go back, load the page again, and send the form once more."));
        return;
    }
    web_refuse_form(web->x, 403, what,
                    TD_WORDS("What you typed is kept on this page. Press “Send again” to save "
                             "it."));
}

enum { STOP = 1 };

static int check(struct web *web, const struct http_route *route)
{
    if (route->permission != WEB_ANYONE && !is_signed_in(web)) {
        return STOP;
    }
    if (route->method == HTTP_POST && !form_is_ours(web)) {
        refuse_form(web);
        return STOP;
    }
    int status = route->permission == WEB_ANYONE
                     ? TD_OK
                     : web_permits(web->actor, (enum web_permission)route->permission,
                                   http_param(web->x, "home"));
    if (status != TD_OK) {
        status = web_answer(web, status);
        return status == TD_OK ? STOP : status;
    }
    return TD_OK;
}

/* Where nobody is to be remembered nobody is asked who it is (ballot/ballot.h says why): no session
 * is read, no token made, no cookie set. */
static int admit_unknown(struct web *web, const struct http_route *route)
{
    web->csrf = "";
    const char *code =
        route->method == HTTP_POST ? ballot_misfit(web->x, comes_from_elsewhere(web->x)) : NULL;
    if (code == NULL) {
        return TD_OK;
    }
    ballot_refuse(web->x, web->language, code);
    return STOP;
}

int web_gate(struct http_exchange *x, const struct http_route *route)
{
    struct web_site *site = http_context(x);
    struct web *web = td_arena_zeroed(http_arena(x), 1, sizeof(*web));

    if (web == NULL) {
        web_failed(x, HTTP_INTERNAL, TD_E_MEMORY);
        return TD_E_MEMORY;
    }
    *web = (struct web){.x = x, .arena = http_arena(x), .site = site, .office = site->office};
    web->language = web_language(x, site, NULL);
    if ((route->how & HTTP_UNLOGGED) != 0) {
        http_set_data(x, web);
        return admit_unknown(web, route);
    }
    int status = find_actor(web);
    web->language = web_language(x, site, web->actor);
    http_set_data(x, web);
    if (status == TD_OK && web->actor != NULL) {
        keep_language(web);
    }
    if (status == TD_OK) {
        status = make_csrf(web);
    }
    if (status == TD_OK) {
        status = check(web, route);
    }
    if (status < 0) {
        web_failed(x, HTTP_INTERNAL, status);
    }
    return status;
}

bool web_healthy(void *context)
{
    struct web_site *site = context;
    return !atomic_load(&site->is_away);
}
