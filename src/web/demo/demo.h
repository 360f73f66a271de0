/*
 * The demonstration's accounts, entered by one click. Outside a demonstration these pages don't
 * exist.
 */
#ifndef WEB_DEMO_DEMO_H
#define WEB_DEMO_DEMO_H

#include "http/http.h"
#include "office/account.h"
#include "web/layout/layout.h"

/* Accounts of one home, by role. */
struct demo_page {
    struct layout layout;
    const struct account *accounts;
    size_t count;
};

/* What the account may do, in words: its first role. */
struct td_message demo_role(const struct account *account) __attribute__((nonnull));

/* Does another place's list begin with this account? */
bool demo_begins(const struct demo_page *page, size_t account) __attribute__((nonnull));

int demo_show(struct http_exchange *x);
int demo_go(struct http_exchange *x);

#endif
