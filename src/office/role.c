/*
 * What accounts may do, and where.
 */
#include "office/account.h"

#include "db/queries.h"
#include "office/audit.h"
#include "office/office_private.h"

#include <string.h>

#include "base/banned.h"

int actor_roles(struct db_tx *tx, const char *account_id, const struct actor_role **ret,
                int32_t *ret_count)
{
    struct account_roles_row *rows = NULL;
    size_t count = 0;
    int status =
        q_account_roles(tx, &(struct account_roles_in){.account_id = account_id}, &rows, &count);
    if (status != TD_OK) {
        return status;
    }
    struct actor_role *roles = td_arena_alloc(db_arena(tx), count, sizeof(*roles));
    if (roles == NULL) {
        return TD_E_MEMORY;
    }
    int32_t n = 0;
    for (size_t i = 0; i < count; i++) {
        enum office_role role = OFFICE_OBSERVER;
        /* A scope that isn't there any more gives nothing. */
        if (rows[i].scope_name != NULL && office_role_find(rows[i].role, &role)) {
            roles[n++] = (struct actor_role){.role = role,
                                             .home_id = rows[i].home_id,
                                             .scope_id = rows[i].scope_id,
                                             .scope_name = rows[i].scope_name};
        }
    }
    *ret = roles;
    *ret_count = n;
    return TD_OK;
}

struct role_change {
    struct office *office;
    const struct actor *actor;
    const struct account_role_change *in;
    const char *wrong; /* the field that is */
};

static bool of_authority(enum office_role role)
{
    return role == OFFICE_OFFICER || role == OFFICE_OBSERVER;
}

/* The home where the scope is; NULL when there is none, or more than one could be meant. */
static int scope_home(struct db_tx *tx, const struct account_role_change *in, const char **ret)
{
    struct account_scope_row *rows = NULL;
    size_t count = 0;
    int status =
        of_authority(in->role)
            ? q_account_scope_authority(
                  tx, &(struct account_scope_authority_in){.scope_id = in->scope_id}, &rows, &count)
            : q_account_scope_unit(tx, &(struct account_scope_unit_in){.scope_id = in->scope_id},
                                   &rows, &count);

    *ret = NULL;
    if (status == TD_OK && count == 1 &&
        (in->home_id == NULL || strcmp(rows[0].home_id, in->home_id) == 0)) {
        *ret = rows[0].home_id;
    }
    return status;
}

static int give(struct db_tx *tx, const struct account_role_add_in *role, bool has, bool remove,
                int64_t *ret_changed)
{
    *ret_changed = has == remove;
    if (*ret_changed == 0) {
        return TD_OK;
    }
    if (!remove) {
        return q_account_role_add(tx, role, NULL);
    }
    return q_account_role_remove(tx,
                                 &(struct account_role_remove_in){.account_id = role->account_id,
                                                                  .home_id = role->home_id,
                                                                  .role = role->role,
                                                                  .scope_id = role->scope_id},
                                 NULL);
}

static int change_role(struct db_tx *tx, void *data)
{
    struct role_change *c = data;
    struct account_row row = {0};
    const char *home_id = NULL;

    c->wrong = "login";
    int status = account_of_login(tx, c->in->login, &row);
    if (status == OFFICE_NOT_FOUND) {
        return OFFICE_REFUSED;
    }
    if (status == TD_OK) {
        c->wrong = "scope";
        status = scope_home(tx, c->in, &home_id);
    }
    if (status != TD_OK || home_id == NULL) {
        return status == TD_OK ? OFFICE_REFUSED : status;
    }
    const struct account_role_add_in role = {.account_id = row.account_id,
                                             .home_id = home_id,
                                             .role = office_role_name(c->in->role),
                                             .scope_id = c->in->scope_id};
    struct account_role_has_row has = {0};
    bool found = false;
    int64_t changed = 0;
    status = q_account_role_has(tx,
                                &(struct account_role_has_in){.account_id = role.account_id,
                                                              .home_id = role.home_id,
                                                              .role = role.role,
                                                              .scope_id = role.scope_id},
                                &has, &found);
    if (status == TD_OK) {
        status = give(tx, &role, found, c->in->remove, &changed);
    }
    const char *words[] = {role.role, home_id, role.scope_id, NULL};
    const char *text = account_words(db_arena(tx), words);
    if (status == TD_OK && text == NULL) {
        status = TD_E_MEMORY;
    }
    if (status == TD_OK && changed > 0) {
        status = account_record(tx, c->office, c->actor,
                                &(struct audit_change){.verb = c->in->remove ? "account.role_remove"
                                                                             : "account.role_add",
                                                       .object = row.account_id,
                                                       .old = c->in->remove ? text : NULL,
                                                       .new = c->in->remove ? NULL : text});
    }
    return status;
}

int account_role_set(struct office *office, const struct actor *actor,
                     const struct account_role_change *in, struct td_problems *problems)
{
    struct role_change c = {.office = office, .actor = actor, .in = in};

    if (!account_may_manage(actor)) {
        return OFFICE_FORBIDDEN;
    }
    int status = db_transact(office->db, DB_WRITE, problems->arena, change_role, &c);
    if (status == OFFICE_REFUSED && strcmp(c.wrong, "login") == 0) {
        td_problem_add(problems, TD_ERROR, "login", TD_WORDS("no account has this login name"),
                       (struct td_message){0});
    } else if (status == OFFICE_REFUSED) {
        td_problem_add(problems, TD_ERROR, "scope",
                       of_authority(in->role) ? TD_WORDS("there is no such authority")
                                              : TD_WORDS("there is no such unit"),
                       (struct td_message){0});
    }
    return status;
}
