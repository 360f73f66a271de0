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

void web_layout(struct web *web, struct layout *ret, struct td_message title)
{
    ret->title = title;
    ret->is_demo = web->site->is_demo;
    if (web->actor != NULL) {
        ret->user = (struct layout_user){.name = web->actor->name, .role = role_words(web->actor)};
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
