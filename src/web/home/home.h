/*
 * The first page after signing in: what is to be done, and the years that one takes part in.
 */
#ifndef WEB_HOME_HOME_H
#define WEB_HOME_HOME_H

#include "http/http.h"
#include "office/sheet.h"
#include "web/layout/layout.h"

/* One sheet that waits for the reader. */
struct home_task {
    const struct sheet_brief *sheet;
    const struct year_brief *year;
    const char *behalf; /* whose paper sheet the reader enters; or NULL */
    const char *unit, *stage;
    struct td_date due; /* the last day; not set: the rules name none */
    struct badge state;
};

struct home_page {
    struct layout layout;
    const struct actor *actor;
    struct home_task *tasks;
    int32_t task_count;
    int32_t more; /* tasks that are not listed */
    struct year_brief *years;
    size_t year_count;
    bool keeps;                 /* an officer of an authority, or an administrator */
    struct empty_state nothing; /* shown to who has no role, or no year */
};

/* The role in words. */
struct td_message home_role(const struct actor_role *role);

int home_show(struct http_exchange *x);

#endif
