/*
 * What an office keeps in memory. For the files of this folder only.
 */
#ifndef OFFICE_OFFICE_PRIVATE_H
#define OFFICE_OFFICE_PRIVATE_H

#include "db/queries.h"
#include "office/account.h"
#include "office/audit.h"
#include "office/office.h"
#include "office/rules.h"
#include "office/secret.h"

#include <pthread.h>
#include <stdatomic.h>

struct rules_cached;
struct sheets_kept;

struct office {
    struct db *db;
    struct office_settings settings;
    struct secret_gate gate;
    struct instant (*clock)(void *);
    void *clock_context;
    pthread_mutex_t rules_lock; /* of the list below */
    struct rules_cached *rules; /* regulations that were read */
    struct sheets_kept *sheets; /* submitted ones that were read */
    atomic_bool touching;       /* a session's last moment is being written */
    _Atomic int64_t touch_from; /* none is before then */
};

/* Free what rules_of keeps. */
void rules_release(struct office *office) __attribute__((nonnull));

#define ACCOUNT_LOGIN_TEXT 65

/* The login as it is stored, in small letters; false when no account can have it. */
bool account_login(const char *text, char out[static ACCOUNT_LOGIN_TEXT]) __attribute__((nonnull));

bool account_may_manage(const struct actor *actor) __attribute__((nonnull));

/* The account of a login. OFFICE_NOT_FOUND. */
int account_of_login(struct db_tx *tx, const char *login, struct account_row *ret) TD_MUST_CHECK
    __attribute__((nonnull));

/* Put a change of an account on the installation's chain; the change's home and chain are set. */
int account_record(struct db_tx *tx, const struct office *office, const struct actor *actor,
                   const struct audit_change *change) TD_MUST_CHECK __attribute__((nonnull));

/* Texts of a record, the last followed by NULL, joined by blanks. NULL when memory is out. */
const char *account_words(struct td_arena *arena, const char *const *words)
    __attribute__((nonnull, warn_unused_result));

/* A token and what is stored of it, made outside the transaction, which may run more than once. */
int account_link_make(struct office *office, struct account_link *ret,
                      char hash[static SECRET_HASH_TEXT]) TD_MUST_CHECK __attribute__((nonnull));

/* The account's only link from now on. */
int account_link_store(struct db_tx *tx, const struct account_link *link, const char *account_id,
                       const char *hash) TD_MUST_CHECK __attribute__((nonnull));

/* The roles of an account whose scopes are there, in db_arena(tx). */
int actor_roles(struct db_tx *tx, const char *account_id, const struct actor_role **ret,
                int32_t *ret_count) TD_MUST_CHECK __attribute__((nonnull));

#endif
