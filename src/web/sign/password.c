/*
 * Choosing a password: by the link that an administrator handed out, or in place of the old one.
 */
#include "office/account.h"
#include "web/sign/sign.h"
#include "web/templates.h"
#include "web/web.h"

#include <string.h>

#include "base/banned.h"

static struct field password_field(const char *name, struct td_message label, bool is_new)
{
    return (struct field){.name = name,
                          .label = label,
                          .type = "password",
                          .autocomplete = is_new ? "new-password" : "current-password",
                          .is_required = true};
}

static void show(struct web *web, const char *login, bool asks_old,
                 const struct td_problems *problems)
{
    struct password_page page = {
        .login = login,
        .asks_old = asks_old,
        .old = password_field("old", TD_WORDS("Present password"), false),
        .password = password_field("password", TD_WORDS("New password"), true),
        .again = password_field("again", TD_WORDS("The same again"), true),
    };
    struct html h = web_html(web);

    page.password.hint =
        TD_MESSAGE("At least {0} characters: several words that nobody would guess.",
                   TD_COUNT(ACCOUNT_PASSWORD_MIN));
    page.old.error = web_problem(problems, "old");
    page.password.error = web_problem(problems, "password");
    page.again.error = web_problem(problems, "again");
    web_layout(web, &page.layout,
               asks_old ? TD_WORDS("Change the password") : TD_WORDS("Choose a password"));
    page.layout.lead = TD_MESSAGE("Login name: {0}", TD_TEXT(login));
    password_page_html(&h, &page);
}

static const char *field_of(struct http_exchange *x, const char *name)
{
    const char *value = http_field(x, name);
    return value == NULL ? "" : value;
}

static bool typed_twice(struct http_exchange *x, struct td_problems *problems)
{
    if (strcmp(field_of(x, "password"), field_of(x, "again")) == 0) {
        return true;
    }
    td_problem_add(problems, TD_ERROR, "again", TD_WORDS("this differs from the line above"),
                   (struct td_message){0});
    return false;
}

static void link_gone(struct web *web)
{
    struct layout layout = {0};
    struct html h = web_html(web);

    http_set_status(web->x, 404);
    web_layout(web, &layout, TD_WORDS("This link is not valid any more"));
    link_gone_page_html(&h, &layout);
}

int link_show(struct http_exchange *x)
{
    struct web *web = web_of(x);
    struct account_link_owner owner = {0};
    const struct td_problems none = {0};

    int status = account_link_find(web->office, http_param(x, "token"), web->arena, &owner);
    if (status == OFFICE_NOT_FOUND) {
        link_gone(web);
        return TD_OK;
    }
    if (status != TD_OK) {
        return web_answer(web, status);
    }
    show(web, owner.login, false, &none);
    return TD_OK;
}

int link_use(struct http_exchange *x)
{
    struct web *web = web_of(x);
    struct td_problems problems = TD_PROBLEMS(web->arena, NULL);
    struct account_link_owner owner = {0};
    const char *token = http_param(x, "token");

    int status = account_link_find(web->office, token, web->arena, &owner);
    if (status == TD_OK) {
        status = typed_twice(x, &problems)
                     ? account_link_use(web->office, token, field_of(x, "password"), &problems)
                     : OFFICE_REFUSED;
    }
    if (status == OFFICE_NOT_FOUND) {
        link_gone(web);
        return TD_OK;
    }
    if (status == OFFICE_REFUSED) {
        http_set_status(x, 422);
        show(web, owner.login, false, &problems);
        return TD_OK;
    }
    if (status != TD_OK) {
        return web_answer(web, status);
    }
    http_redirect(x, "/sign-in");
    return TD_OK;
}

int password_show(struct http_exchange *x)
{
    struct web *web = web_of(x);
    const struct td_problems none = {0};

    show(web, web->actor->login, true, &none);
    return TD_OK;
}

int password_change(struct http_exchange *x)
{
    struct web *web = web_of(x);
    struct td_problems problems = TD_PROBLEMS(web->arena, NULL);
    const struct account_password_change change = {
        .old = field_of(x, "old"), .password = field_of(x, "password"), .token = web->session};

    int status = typed_twice(x, &problems)
                     ? account_password_change(web->office, web->actor, &change, &problems)
                     : OFFICE_REFUSED;
    if (status == OFFICE_REFUSED) {
        http_set_status(x, 422);
        show(web, web->actor->login, true, &problems);
        return TD_OK;
    }
    if (status != TD_OK) {
        return web_answer(web, status);
    }
    http_redirect(x, "/");
    return TD_OK;
}
