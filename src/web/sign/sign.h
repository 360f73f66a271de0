/*
 * The pages around signing in: the form, the link with which a password is first chosen, changing
 * the password, and the language.
 */
#ifndef WEB_SIGN_SIGN_H
#define WEB_SIGN_SIGN_H

#include "http/http.h"
#include "web/layout/layout.h"

struct sign_in_page {
    struct layout layout;
    struct field login, password;
    const char *next; /* where to go on to */
};

/* Also for changing the password, which asks for the old one first. */
struct password_page {
    struct layout layout;
    const char *login; /* whose password, for password managers */
    bool asks_old;
    struct field old, password, again;
};

int sign_in_show(struct http_exchange *x);
int sign_in(struct http_exchange *x);
int sign_out(struct http_exchange *x);
int link_show(struct http_exchange *x);
int link_use(struct http_exchange *x);
int password_show(struct http_exchange *x);
int password_change(struct http_exchange *x);
int language_choose(struct http_exchange *x);

#endif
