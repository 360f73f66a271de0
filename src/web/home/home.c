/*
 * The first page after signing in.
 */
#include "web/home/home.h"

#include "web/templates.h"
#include "web/web.h"

#include "base/banned.h"

struct td_message home_role(const struct actor_role *role)
{
    switch (role->role) {
    case OFFICE_OFFICER:
        return TD_MESSAGE("officer, {0}", TD_TEXT(role->scope_name));
    case OFFICE_OBSERVER:
        return TD_MESSAGE("observer, {0}", TD_TEXT(role->scope_name));
    case OFFICE_LEADER:
        return TD_MESSAGE("leader, {0}", TD_TEXT(role->scope_name));
    case OFFICE_UNIT_OFFICER:
        return TD_MESSAGE("emulation officer, {0}", TD_TEXT(role->scope_name));
    }
    return (struct td_message){0};
}

int home_show(struct http_exchange *x)
{
    struct web *web = web_of(x);
    struct home_page page = {
        .actor = web->actor,
        .nothing = {.icon = ICON("user-circle"),
                    .title = TD_WORDS("Your account has no role yet"),
                    .hint = TD_WORDS("An administrator gives roles in an authority or a unit.")},
    };
    struct html h = web_html(web);

    web_layout(web, &page.layout, TD_MESSAGE("Hello, {0}", TD_TEXT(web->actor->name)));
    home_page_html(&h, &page);
    return TD_OK;
}
