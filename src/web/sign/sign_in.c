/*
 * Signing in and out, and the language.
 */
#include "office/account.h"
#include "office/session.h"
#include "web/sign/sign.h"
#include "web/templates.h"
#include "web/web.h"

#include <stdio.h>
#include <string.h>

#include "base/banned.h"

static void show(struct web *web, const char *login, const char *next, struct td_message problem)
{
    struct sign_in_page page = {
        .login = {.name = "login",
                  .label = TD_WORDS("Login name"),
                  .value = login,
                  .autocomplete = "username",
                  .is_required = true},
        .password = {.name = "password",
                     .label = TD_WORDS("Password"),
                     .type = "password",
                     .autocomplete = "current-password",
                     .is_required = true},
        .next = web_next(next),
    };
    struct html h = web_html(web);

    page.password.hint =
        TD_WORDS("If you forgot your password, ask your administrator for a new link.");
    web_layout(web, &page.layout, TD_WORDS("Sign in"));
    if (problem.id != NULL) {
        page.layout.flash = (struct layout_flash){.kind = LAYOUT_FLASH_REFUSED, .message = problem};
    }
    sign_in_page_html(&h, &page);
}

int sign_in_show(struct http_exchange *x)
{
    struct web *web = web_of(x);
    const char *next = http_query(x, "next");

    if (web->actor != NULL) {
        http_redirect(x, web_next(next));
        return TD_OK;
    }
    show(web, "", next, (struct td_message){0});
    return TD_OK;
}

static struct td_message refusal(const struct session_begun *begun)
{
    if (begun->wait_s == 0) {
        return TD_WORDS("Login name or password is wrong.");
    }
    if (begun->wait_s < 60) {
        return TD_MESSAGE("Too many attempts. Try again in {0} seconds.", TD_COUNT(begun->wait_s));
    }
    return TD_MESSAGE("Too many attempts. Try again in {0} minutes.",
                      TD_COUNT((begun->wait_s + 59) / 60));
}

static void show_refusal(struct web *web, const char *login, const struct session_begun *begun)
{
    bool wait = begun->wait_s != 0;
    http_set_status(web->x, wait ? 429 : 422);
    if (wait) {
        char seconds[16];
        snprintf(seconds, sizeof(seconds), "%d", begun->wait_s);
        http_set_header(web->x, "Retry-After", seconds);
    }
    show(web, login, http_field(web->x, "next"), refusal(begun));
}

int sign_in(struct http_exchange *x)
{
    struct web *web = web_of(x);
    struct session_begun begun;
    const char *login = http_field(x, "login");
    const char *password = http_field(x, "password");
    const struct session_begin_in in = {
        .login = login == NULL ? "" : login,
        .password = password == NULL ? "" : password,
        .address = http_peer(x),
    };

    int status = session_begin(web->office, &in, web->arena, &begun);
    if (status == OFFICE_REFUSED) {
        show_refusal(web, in.login, &begun);
        return TD_OK;
    }
    if (status != TD_OK) {
        return web_answer(web, status);
    }
    http_set_cookie(x, web_cookie_name(x, WEB_COOKIE_SESSION), begun.token, begun.max_age_s);
    http_set_cookie(x, web_cookie_name(x, WEB_COOKIE_FORM), "", -1);
    secret_wipe(begun.token, sizeof(begun.token));
    http_redirect(x, web_next(http_field(x, "next")));
    return TD_OK;
}

int sign_out(struct http_exchange *x)
{
    struct web *web = web_of(x);
    int status = session_end(web->office, web->actor, web->session, web->arena);
    if (status != TD_OK) {
        return web_answer(web, status);
    }
    http_set_cookie(x, web_cookie_name(x, WEB_COOKIE_SESSION), "", -1);
    http_redirect(x, "/sign-in");
    return TD_OK;
}

int language_choose(struct http_exchange *x)
{
    struct web *web = web_of(x);
    const char *code = http_field(x, "language");

    if (code == NULL || language_find(code) == NULL) {
        return web_answer(web, OFFICE_REFUSED);
    }
    if (web->actor != NULL && strcmp(web->actor->language, code) != 0) {
        int status = account_language_set(web->office, web->actor, code, web->arena);
        if (status != TD_OK) {
            return web_answer(web, status);
        }
    }
    http_set_cookie(x, WEB_COOKIE_LANGUAGE, code, WEB_LANGUAGE_AGE);
    http_redirect(x, web_next(http_field(x, "next")));
    return TD_OK;
}
