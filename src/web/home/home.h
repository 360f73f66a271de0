/*
 * The first page after signing in: who one is here, and what one may do.
 */
#ifndef WEB_HOME_HOME_H
#define WEB_HOME_HOME_H

#include "http/http.h"
#include "office/office.h"
#include "web/layout/layout.h"

struct home_page {
    struct layout layout;
    const struct actor *actor;
    struct empty_state nothing; /* shown to who has no role */
};

/* The role in words. */
struct td_message home_role(const struct actor_role *role);

int home_show(struct http_exchange *x);

#endif
