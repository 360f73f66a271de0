/*
 * Passwords, and the links with which they are first set.
 */
#include "office/account.h"

#include "db/queries.h"
#include "office/audit.h"
#include "office/office_private.h"

#include <string.h>
#include <strings.h>

#include "base/banned.h"

/* A token and what is stored of it, made outside the transaction: it may run more than once. */
int account_link_make(struct office *office, struct account_link *ret,
                      char hash[static SECRET_HASH_TEXT])
{
    ret->expires.ms = office_now(office).ms + ACCOUNT_LINK_MS;
    int status = secret_token(ret->token);
    return status == TD_OK ? secret_hash(ret->token, hash) : status;
}

/* The account's only link from now on. */
int account_link_store(struct db_tx *tx, const struct account_link *link, const char *account_id,
                       const char *hash)
{
    int status =
        q_account_link_remove(tx, &(struct account_link_remove_in){.account_id = account_id}, NULL);
    if (status == TD_OK) {
        status = q_account_link_add(tx,
                                    &(struct account_link_add_in){.token_hash = hash,
                                                                  .account_id = account_id,
                                                                  .expires = link->expires.ms},
                                    NULL);
    }
    return status;
}

struct link_look {
    int64_t now;
    char hash[SECRET_HASH_TEXT];
    struct account_link_row row;
};

static int link_look(struct db_tx *tx, void *data)
{
    struct link_look *look = data;
    bool found = false;
    int status =
        q_account_link(tx, &(struct account_link_in){.token_hash = look->hash}, &look->row, &found);
    if (status == TD_OK && (!found || !look->row.active || look->now >= look->row.expires)) {
        status = OFFICE_NOT_FOUND;
    }
    return status;
}

int account_link_find(struct office *office, const char *token, struct td_arena *arena,
                      struct account_link_owner *ret)
{
    struct link_look look = {.now = office_now(office).ms};
    int status = secret_hash(token, look.hash);
    if (status == TD_OK) {
        status = db_transact(office->db, DB_READ, arena, link_look, &look);
    }
    if (status == TD_OK) {
        *ret = (struct account_link_owner){.login = look.row.login, .name = look.row.name};
    }
    return status;
}

/* ---- passwords ------------------------------------------------------------------------------- */

static bool same_ignoring_case(const char *a, const char *b)
{
    return strcasecmp(a, b) == 0;
}

static size_t characters(const char *text)
{
    size_t n = 0;
    for (; *text != '\0'; text++) {
        n += ((unsigned char)*text & 0xC0) != 0x80;
    }
    return n;
}

static bool password_fits(const char *password, const char *login, struct td_problems *problems)
{
    struct td_message what = {0};
    if (characters(password) < ACCOUNT_PASSWORD_MIN) {
        what = TD_MESSAGE("a password has at least {0} characters", TD_COUNT(ACCOUNT_PASSWORD_MIN));
    } else if (strlen(password) > ACCOUNT_PASSWORD_MAX) {
        what = TD_WORDS("the password is too long");
    } else if (same_ignoring_case(password, login)) {
        what = TD_WORDS("the password is the login name");
    }
    if (what.id != NULL) {
        td_problem_add(problems, TD_ERROR, "password", what,
                       TD_WORDS("take several words that nobody would guess"));
    }
    return what.id == NULL;
}

struct password_set {
    struct office *office;
    const struct actor *actor;
    struct link_look look;  /* by a link */
    const char *stored;     /* what the password is now; NULL: not asked */
    const char *account_id; /* whose */
    const char *kept;       /* hash of the session that stays, or "" */
    char password[SECRET_PASSWORD_TEXT];
};

static int password_store(struct db_tx *tx, const struct password_set *set)
{
    int status = q_account_set_password(
        tx,
        &(struct account_set_password_in){.account_id = set->account_id, .password = set->password},
        NULL);
    if (status == TD_OK) {
        status = q_account_link_remove(
            tx, &(struct account_link_remove_in){.account_id = set->account_id}, NULL);
    }
    if (status == TD_OK) {
        status = q_session_remove_others(
            tx,
            &(struct session_remove_others_in){.account_id = set->account_id, .kept = set->kept},
            NULL);
    }
    if (status == TD_OK) {
        status = account_record(
            tx, set->office, set->actor,
            &(struct audit_change){.verb = "account.password", .object = set->account_id});
    }
    return status;
}

static int password_by_link(struct db_tx *tx, void *data)
{
    struct password_set *set = data;
    int status = link_look(tx, &set->look);
    if (status != TD_OK) {
        return status;
    }
    const struct actor owner = {.account_id = set->look.row.account_id};
    set->actor = &owner;
    set->account_id = owner.account_id;
    status = password_store(tx, set);
    set->actor = NULL;
    return status;
}

int account_link_use(struct office *office, const char *token, const char *password,
                     struct td_problems *problems)
{
    struct password_set set = {.office = office, .kept = ""};
    struct account_link_owner owner = {0};

    int status = account_link_find(office, token, problems->arena, &owner);
    if (status == TD_OK && !password_fits(password, owner.login, problems)) {
        status = OFFICE_REFUSED;
    }
    if (status == TD_OK) {
        status = secret_password_hash(&office->gate, password, set.password);
    }
    if (status == TD_OK) {
        set.look.now = office_now(office).ms;
        status = secret_hash(token, set.look.hash);
    }
    if (status == TD_OK) {
        status = db_transact(office->db, DB_WRITE, problems->arena, password_by_link, &set);
    }
    secret_wipe(set.password, sizeof(set.password));
    return status;
}

struct find {
    const char *account_id;
    struct account_row row;
};

static int find_account(struct db_tx *tx, void *data)
{
    struct find *find = data;
    bool found = false;
    int status = q_account_by_id(tx, &(struct account_by_id_in){.account_id = find->account_id},
                                 &find->row, &found);
    return status == TD_OK && !found ? OFFICE_NOT_FOUND : status;
}

static int password_by_owner(struct db_tx *tx, void *data)
{
    const struct password_set *set = data;
    struct find find = {.account_id = set->account_id};
    int status = find_account(tx, &find);
    if (status != TD_OK) {
        return status;
    }
    if (find.row.password == NULL || strcmp(find.row.password, set->stored) != 0) {
        return OFFICE_CONFLICT;
    }
    return password_store(tx, set);
}

int account_password_change(struct office *office, const struct actor *actor,
                            const struct account_password_change *in, struct td_problems *problems)
{
    struct find find = {.account_id = actor->account_id};
    char kept[SECRET_HASH_TEXT];
    bool holds = false;

    int status = secret_hash(in->token, kept);
    if (status == TD_OK) {
        status = db_transact(office->db, DB_READ, problems->arena, find_account, &find);
    }
    if (status != TD_OK) {
        return status;
    }
    if (!password_fits(in->password, actor->login, problems)) {
        return OFFICE_REFUSED;
    }
    status = secret_password_verify(&office->gate, find.row.password, in->old, &holds);
    if (status == TD_OK && !holds) {
        td_problem_add(problems, TD_ERROR, "old", TD_WORDS("this is not your present password"),
                       (struct td_message){0});
        status = OFFICE_REFUSED;
    }
    if (status != TD_OK) {
        return status;
    }
    struct password_set set = {.office = office,
                               .actor = actor,
                               .account_id = actor->account_id,
                               .stored = find.row.password,
                               .kept = kept};
    status = secret_password_hash(&office->gate, in->password, set.password);
    if (status == TD_OK) {
        status = db_transact(office->db, DB_WRITE, problems->arena, password_by_owner, &set);
    }
    secret_wipe(set.password, sizeof(set.password));
    return status;
}
