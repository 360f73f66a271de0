/*
 * The demonstration's open door.
 */
#include "web/demo/demo.h"

#include "office/demo.h"
#include "web/home/home.h"
#include "web/templates.h"
#include "web/web.h"

#include <string.h>

#include "base/banned.h"

#define SHOWN 500

struct td_message demo_role(const struct account *account)
{
    return account->role_count == 0 ? layout_text(account->name) : home_role(&account->roles[0]);
}

bool demo_begins(const struct demo_page *page, size_t account)
{
    const struct account *a = &page->accounts[account];
    return a->roles[0].role == OFFICE_OFFICER;
}

int demo_show(struct http_exchange *x)
{
    struct web *web = web_of(x);
    const struct account *all = NULL;
    struct demo_page page = {.count = 0};
    size_t count = 0;

    if (!web->site->is_demo) {
        return web_answer(web, OFFICE_NOT_FOUND);
    }
    int status = account_list(web->office, &OFFICE_PROGRAM, "", SHOWN, web->arena, &all, &count);
    if (status != TD_OK) {
        return web_answer(web, status);
    }
    struct account *shown = td_arena_alloc(web->arena, count, sizeof(*shown));
    if (shown == NULL) {
        return TD_E_MEMORY;
    }
    /* An officer of an authority leads its list; logins keep each authority's together. */
    for (size_t i = 0; i < count; i++) {
        size_t at = page.count;
        if (all[i].role_count == 0) {
            continue;
        }
        bool leads = all[i].roles[0].role == OFFICE_OFFICER;
        while (leads && at > 0 &&
               strcmp(shown[at - 1].roles[0].home_id, all[i].roles[0].home_id) == 0) {
            shown[at] = shown[at - 1];
            at--;
        }
        shown[at] = all[i];
        page.count++;
    }
    page.accounts = shown;
    struct html h = web_html(web);
    web_layout(web, &page.layout, TD_WORDS("Choose whose work to look at"));
    page.layout.lead = TD_WORDS("This is a demonstration: click a role to enter. Scores are "
                                "examples of ours.");
    demo_page_html(&h, &page);
    return TD_OK;
}

int demo_go(struct http_exchange *x)
{
    struct web *web = web_of(x);
    struct session_begun begun;
    const char *login = http_field(x, "login");

    if (!web->site->is_demo || login == NULL) {
        return web_answer(web, OFFICE_NOT_FOUND);
    }
    int status = demo_enter(web->office, login, web->arena, &begun);
    if (status != TD_OK) {
        return web_answer(web, status);
    }
    http_set_cookie(x, web_cookie_name(x, WEB_COOKIE_SESSION), begun.token, begun.max_age_s);
    http_set_cookie(x, web_cookie_name(x, WEB_COOKIE_FORM), "", -1);
    secret_wipe(begun.token, sizeof(begun.token));
    http_redirect(x, "/");
    return TD_OK;
}
