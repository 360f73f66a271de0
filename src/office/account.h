/*
 * Accounts: who may sign in, and what they may do.
 *
 * An account begins without a password. Its owner is handed a link that works once, within
 * ACCOUNT_LINK_MS, and chooses a password there. A reset makes a new link, and ends the password
 * and all sessions. Of a link, only its token's hash is stored.
 *
 * Only an administrator, or the command line, may do what is here, but for account_link_*, which
 * whoever holds the link may, and account_language_set and account_password_change, which concern
 * the actor's own account. Results are those of office.h.
 */
#ifndef OFFICE_ACCOUNT_H
#define OFFICE_ACCOUNT_H

#include "office/office.h"
#include "office/secret.h"

#define ACCOUNT_PASSWORD_MIN 10   /* characters */
#define ACCOUNT_PASSWORD_MAX 1024 /* bytes */
#define ACCOUNT_LINK_MS (INT64_C(3) * 24 * 3600 * 1000)

/* A link, just made. The token is nowhere else: show it, then forget it. */
struct account_link {
    const char *account_id;
    const char *login;
    char token[SECRET_TOKEN_TEXT];
    struct instant expires;
};

struct account_new {
    const char *login;    /* letters a-z, digits, '.', '_', '-', '@'; capitals are made small */
    const char *name;     /* of a person, on one line */
    const char *language; /* "vi" or "en" */
    bool administrator;
};

/* A new account with its link. Problems: "login" (badly formed, taken), "name", "language". */
int account_create(struct office *office, const struct actor *actor, const struct account_new *in,
                   struct td_problems *problems, struct account_link *ret) TD_MUST_CHECK
    __attribute__((nonnull));

/* A new link; the password, the links before and all sessions are gone. */
int account_reset(struct office *office, const struct actor *actor, const char *login,
                  struct td_arena *arena, struct account_link *ret) TD_MUST_CHECK
    __attribute__((nonnull));

/* May the account sign in? Taking that away ends its sessions. The actor's own account, which
 * would lock the door from inside, is refused. */
int account_active_set(struct office *office, const struct actor *actor, const char *login,
                       bool active, struct td_problems *problems) TD_MUST_CHECK
    __attribute__((nonnull));

struct account_role_change {
    const char *login;
    enum office_role role;
    const char *home_id;  /* NULL: the home in which the scope is found */
    const char *scope_id; /* an authority's or a unit's id, as the role asks */
    bool remove;
};

/* Give or take a role. Problems: "login" (nobody has it), "scope" (there is none). Giving what is
 * there already and taking what is not changes nothing, and is TD_OK. */
int account_role_set(struct office *office, const struct actor *actor,
                     const struct account_role_change *in, struct td_problems *problems)
    TD_MUST_CHECK __attribute__((nonnull));

struct account {
    const char *account_id, *login, *name;
    bool has_password, administrator, active;
    const struct actor_role *roles;
    int32_t role_count;
};

/* At most `max` accounts whose login is after `after` (""), in the order of logins. */
int account_list(struct office *office, const struct actor *actor, const char *after, int max,
                 struct td_arena *arena, const struct account **ret, size_t *ret_count)
    TD_MUST_CHECK __attribute__((nonnull));

/* Whose link it is. OFFICE_NOT_FOUND: never made, used, expired, or of an account that may not
 * sign in. */
struct account_link_owner {
    const char *login, *name;
};
int account_link_find(struct office *office, const char *token, struct td_arena *arena,
                      struct account_link_owner *ret) TD_MUST_CHECK __attribute__((nonnull));

/* Set the password; the link is used up. Problems: "password". OFFICE_NOT_FOUND as above. */
int account_link_use(struct office *office, const char *token, const char *password,
                     struct td_problems *problems) TD_MUST_CHECK __attribute__((nonnull));

/* The actor's own password. `token` is of the session that stays. Problems: "old" (not it),
 * "password". */
struct account_password_change {
    const char *old, *password, *token;
};
int account_password_change(struct office *office, const struct actor *actor,
                            const struct account_password_change *in, struct td_problems *problems)
    TD_MUST_CHECK __attribute__((nonnull));

/* The language of the actor's pages. OFFICE_REFUSED when there is no such language. */
int account_language_set(struct office *office, const struct actor *actor, const char *language,
                         struct td_arena *arena) TD_MUST_CHECK __attribute__((nonnull));

/* ---- the installation ------------------------------------------------------------------------ */

/* What account_install found and did. */
struct account_installation {
    bool created;             /* it was new */
    bool is_demo;             /* its data are invented, and pages say so */
    bool has_link;            /* nobody could sign in as administrator: */
    struct account_link link; /* whoever opens this can */
};

/* Make the installation's row and its first administrator, "admin", unless they are there; while
 * no administrator has a password, make a new link. The actor is the program. */
int account_install(struct office *office, const struct actor *actor, struct td_arena *arena,
                    struct account_installation *ret) TD_MUST_CHECK __attribute__((nonnull));

#endif
