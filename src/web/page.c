/*
 * What pages share beside their templates: the frame around them, and problems beside their fields.
 */
#include "web/home/home.h"
#include "web/web.h"

#include <string.h>

#include "base/banned.h"

/* What the user is, in a word; of several roles, the first. */
static struct td_message role_words(const struct actor *actor)
{
    if (actor->role_count == 0) {
        return actor->administrator ? TD_WORDS("administrator") : (struct td_message){0};
    }
    return home_role(&actor->roles[0]);
}

static bool keeps_organisation(const struct actor *actor)
{
    bool keeps = actor->administrator;
    for (int32_t i = 0; i < actor->role_count; i++) {
        keeps = keeps || actor->roles[i].role == OFFICE_OFFICER;
    }
    return keeps;
}

/* Where an address below belongs: blocs, units and rules are of the organisation. */
static bool is_below_organisation(const char *path)
{
    static const char *const parts[] = {"/authorities/", "/units/", "/blocs/", "/rules/"};
    bool below = strncmp(path, "/organisation", strlen("/organisation")) == 0;
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        below = below || strstr(path, parts[i]) != NULL;
    }
    return below;
}

static void add_menu(const struct web *web, struct layout *ret)
{
    const char *path = http_path(web->x);
    bool organisation = is_below_organisation(path);
    struct layout_item *menu = td_arena_zeroed(web->arena, 2, sizeof *menu);
    if (menu == NULL) {
        return;
    }
    menu[0] = (struct layout_item){.label = TD_WORDS("My work"),
                                   .href = "/",
                                   .icon = ICON("home"),
                                   .is_current = !organisation};
    menu[1] = (struct layout_item){.label = TD_WORDS("Organisation"),
                                   .href = "/organisation",
                                   .icon = ICON("building-bank"),
                                   .is_current = organisation};
    ret->menu = menu;
    ret->menu_count = keeps_organisation(web->actor) ? 2 : 1;
}

void web_layout(struct web *web, struct layout *ret, struct td_message title)
{
    ret->title = title;
    ret->is_demo = web->site->is_demo;
    if (web->actor != NULL) {
        ret->user = (struct layout_user){.name = web->actor->name, .role = role_words(web->actor)};
        add_menu(web, ret);
    }
}

struct html web_html(struct web *web)
{
    return (struct html){.out = http_body(web->x), .language = web->language, .csrf = web->csrf};
}

struct td_message web_problem(const struct td_problems *problems, const char *field)
{
    for (const struct td_problem *p = problems->first; p != NULL; p = p->next) {
        if (strcmp(p->where, field) == 0) {
            return p->what;
        }
    }
    return (struct td_message){0};
}

const char *web_next(const char *next)
{
    bool local = next != NULL && next[0] == '/' && next[1] != '/' && strchr(next, '\\') == NULL;
    return local ? next : "/";
}
