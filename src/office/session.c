/*
 * Signing in, sessions, and the brake on guessing.
 */
#include "office/session.h"

#include "db/queries.h"
#include "office/audit.h"
#include "office/office_private.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#include "base/banned.h"

#define TOUCH_MS INT64_C(60000)
#define SUBJECT_MAX 512

/* ---- the brake ------------------------------------------------------------------------------- */

/* After the free attempts 2, 4, 8 … seconds from the last one. */
static int64_t delay_ms(int64_t failures, int64_t free)
{
    int64_t over = failures - free;
    if (over < 0) {
        return 0;
    }
    int64_t delay = over > 20 ? SESSION_WAIT_MAX_MS : INT64_C(2000) << over;
    return delay > SESSION_WAIT_MAX_MS ? SESSION_WAIT_MAX_MS : delay;
}

/* One who has an IPv6 network has 2^64 addresses: they are one subject. */
static void network_of(const char *address, char *out, size_t room)
{
    struct in6_addr six;
    if (inet_pton(AF_INET6, address, &six) == 1 && !IN6_IS_ADDR_V4MAPPED(&six)) {
        memset(&six.s6_addr[8], 0, 8);
        if (inet_ntop(AF_INET6, &six, out, (socklen_t)room) != NULL) {
            return;
        }
    }
    snprintf(out, room, "%s", address);
}

static int subject_hash(const char *kind, const char *text, char out[static SECRET_HASH_TEXT])
{
    char subject[SUBJECT_MAX];
    snprintf(subject, sizeof(subject), "%s:%s", kind, text);
    return secret_hash(subject, out);
}

struct attempt {
    struct office *office;
    int64_t now;
    char login[ACCOUNT_LOGIN_TEXT];
    char by_account[SECRET_HASH_TEXT], by_address[SECRET_HASH_TEXT];
    /* what was found */
    int64_t wait_ms;
    bool found;
    struct account_row account;
    /* what is begun */
    char token_hash[SECRET_HASH_TEXT];
};

static int failures_of(struct db_tx *tx, const char *subject, int64_t now, struct throttle_row *ret)
{
    bool found = false;
    int status = q_throttle(tx, &(struct throttle_in){.subject = subject}, ret, &found);
    if (status == TD_OK && (!found || now - ret->last > SESSION_FORGET_MS)) {
        *ret = (struct throttle_row){0};
    }
    return status;
}

static int64_t wait_of(const struct throttle_row *row, int64_t free, int64_t now)
{
    int64_t wait = row->last + delay_ms(row->failures, free) - now;
    return wait > 0 ? wait : 0;
}

static int count_one(struct db_tx *tx, const char *subject, int64_t failures, int64_t now)
{
    return q_throttle_set(
        tx, &(struct throttle_set_in){.subject = subject, .failures = failures, .last = now}, NULL);
}

/* Count the attempt, unless it comes too early, and load the account. */
static int attempt_count(struct db_tx *tx, void *data)
{
    struct attempt *a = data;
    struct throttle_row account = {0}, address = {0};

    int status = failures_of(tx, a->by_account, a->now, &account);
    if (status == TD_OK) {
        status = failures_of(tx, a->by_address, a->now, &address);
    }
    if (status != TD_OK) {
        return status;
    }
    int64_t wait = wait_of(&account, SESSION_SUBJECT_FREE, a->now);
    int64_t other = wait_of(&address, SESSION_ADDRESS_FREE, a->now);
    a->wait_ms = wait > other ? wait : other;
    if (a->wait_ms > 0) {
        return OFFICE_REFUSED;
    }
    status = count_one(tx, a->by_account, account.failures + 1, a->now);
    if (status == TD_OK) {
        status = count_one(tx, a->by_address, address.failures + 1, a->now);
    }
    if (status == TD_OK) {
        status = q_account_by_login(tx, &(struct account_by_login_in){.login = a->login},
                                    &a->account, &a->found);
    }
    return status;
}

/* The account's slate is clean again; the address's loses this attempt only, since who guesses at
 * others' accounts may have one of their own. */
static int forgive(struct db_tx *tx, const struct attempt *a)
{
    struct throttle_row address = {0};
    int status =
        q_throttle_remove(tx, &(struct throttle_remove_in){.subject = a->by_account}, NULL);
    if (status == TD_OK) {
        status = failures_of(tx, a->by_address, a->now, &address);
    }
    if (status == TD_OK && address.failures > 0) {
        status = count_one(tx, a->by_address, address.failures - 1, address.last);
    }
    return status;
}

static int attempt_succeed(struct db_tx *tx, void *data)
{
    struct attempt *a = data;
    struct account_row now = {0};
    bool found = false;

    int status = q_account_by_id(
        tx, &(struct account_by_id_in){.account_id = a->account.account_id}, &now, &found);
    if (status != TD_OK) {
        return status;
    }
    /* Closed or reset while the password was looked at? */
    if (!found || !now.active || now.password == NULL ||
        strcmp(now.password, a->account.password) != 0) {
        return OFFICE_REFUSED;
    }
    /* When the answer to a commit was lost, this runs again, and the session is there. */
    struct session_row begun = {0};
    status = q_session(tx, &(struct session_in){.token_hash = a->token_hash}, &begun, &found);
    if (status != TD_OK || found) {
        return status;
    }
    status = forgive(tx, a);
    if (status == TD_OK) {
        const struct session_add_in session = {
            .token_hash = a->token_hash,
            .account_id = now.account_id,
            .created = a->now,
            .ends = a->now + a->office->settings.session_absolute_ms,
        };
        status = q_session_add(tx, &session, NULL);
    }
    if (status == TD_OK) {
        const struct actor actor = {.account_id = now.account_id};
        status = audit_write(tx, a->office, &actor,
                             &(struct audit_change){.home_id = AUDIT_INSTALLATION,
                                                    .chain = AUDIT_INSTALLATION,
                                                    .verb = "session.begin",
                                                    .object = now.account_id});
    }
    return status;
}

int session_begin(struct office *office, const struct session_begin_in *in, struct td_arena *arena,
                  struct session_begun *ret)
{
    struct attempt a = {.office = office, .now = office_now(office).ms};
    char network[INET6_ADDRSTRLEN + 64];
    bool holds = false;

    *ret = (struct session_begun){0};
    /* A login that none can have is an unknown one like others. */
    if (!account_login(in->login, a.login)) {
        a.login[0] = '\0';
    }
    network_of(in->address, network, sizeof(network));
    int status = subject_hash("account", a.login[0] != '\0' ? a.login : in->login, a.by_account);
    if (status == TD_OK) {
        status = subject_hash("address", network, a.by_address);
    }
    if (status == TD_OK) {
        status = db_transact(office->db, DB_WRITE, arena, attempt_count, &a);
    }
    if (status == OFFICE_REFUSED) {
        ret->wait_s = (int)((a.wait_ms + 999) / 1000);
    }
    if (status == TD_OK) {
        status = secret_password_verify(&office->gate, a.found ? a.account.password : NULL,
                                        in->password, &holds);
    }
    if (status == TD_OK && (!holds || !a.account.active)) {
        status = OFFICE_REFUSED;
    }
    if (status == TD_OK) {
        status = secret_token(ret->token);
    }
    if (status == TD_OK) {
        status = secret_hash(ret->token, a.token_hash);
    }
    if (status == TD_OK) {
        status = db_transact(office->db, DB_WRITE, arena, attempt_succeed, &a);
    }
    ret->max_age_s = (int)(office->settings.session_absolute_ms / 1000);
    if (status != TD_OK) {
        secret_wipe(ret->token, sizeof(ret->token));
    }
    return status;
}

/* ---- staying signed in ----------------------------------------------------------------------- */

struct look {
    struct office *office;
    int64_t now;
    char token_hash[SECRET_HASH_TEXT];
    struct actor *actor;
    bool touch;
};

static int look_up(struct db_tx *tx, void *data)
{
    struct look *look = data;
    struct session_row row = {0};
    bool found = false;

    int status = q_session(tx, &(struct session_in){.token_hash = look->token_hash}, &row, &found);
    if (status != TD_OK) {
        return status;
    }
    if (!found || !row.active || look->now >= row.ends ||
        look->now - row.seen >= look->office->settings.session_idle_ms) {
        return OFFICE_NOT_FOUND;
    }
    struct actor *actor = td_arena_zeroed(db_arena(tx), 1, sizeof(*actor));
    if (actor == NULL) {
        return TD_E_MEMORY;
    }
    *actor = (struct actor){.account_id = row.account_id,
                            .login = row.login,
                            .name = row.name,
                            .language = row.language,
                            .administrator = row.administrator};
    look->actor = actor;
    look->touch = look->now - row.seen >= TOUCH_MS;
    return actor_roles(tx, row.account_id, &actor->roles, &actor->role_count);
}

static int touch(struct db_tx *tx, void *data)
{
    const struct look *look = data;
    return q_session_touch(
        tx, &(struct session_touch_in){.token_hash = look->token_hash, .seen = look->now}, NULL);
}

/* Who reads a page must not wait for the disk with all others who do: while nothing can be written,
 * for a lock or a frozen disk, one waits, and for a minute after it failed none. A moment that is
 * not written now is with the session's next page, long before the session is idle. */
static int touch_if_free(struct look *look, struct td_arena *arena)
{
    struct office *office = look->office;

    if (look->now < atomic_load(&office->touch_from) || atomic_exchange(&office->touching, true)) {
        return TD_OK;
    }
    int status = db_transact(office->db, DB_WRITE, arena, touch, look);
    if (db_is_outage(status)) {
        /* Pages can be read while nothing can be written. */
        atomic_store(&office->touch_from, look->now + TOUCH_MS);
        status = TD_OK;
    }
    atomic_store(&office->touching, false);
    return status;
}

int session_find(struct office *office, const char *token, struct td_arena *arena,
                 const struct actor **ret)
{
    struct look look = {.office = office, .now = office_now(office).ms};

    int status = secret_hash(token, look.token_hash);
    if (status == TD_OK) {
        status = db_transact(office->db, DB_READ, arena, look_up, &look);
    }
    if (status != TD_OK) {
        return status;
    }
    *ret = look.actor;
    return look.touch ? touch_if_free(&look, arena) : TD_OK;
}

struct ending {
    struct office *office;
    const struct actor *actor;
    char token_hash[SECRET_HASH_TEXT];
};

static int end(struct db_tx *tx, void *data)
{
    const struct ending *ending = data;
    int64_t removed = 0;
    int status = q_session_remove(tx, &(struct session_remove_in){.token_hash = ending->token_hash},
                                  &removed);
    if (status == TD_OK && removed > 0) {
        status = audit_write(tx, ending->office, ending->actor,
                             &(struct audit_change){.home_id = AUDIT_INSTALLATION,
                                                    .chain = AUDIT_INSTALLATION,
                                                    .verb = "session.end",
                                                    .object = ending->actor->account_id});
    }
    return status;
}

int session_end(struct office *office, const struct actor *actor, const char *token,
                struct td_arena *arena)
{
    struct ending ending = {.office = office, .actor = actor};
    int status = secret_hash(token, ending.token_hash);
    return status == TD_OK ? db_transact(office->db, DB_WRITE, arena, end, &ending) : status;
}

static int sweep(struct db_tx *tx, void *data)
{
    const int64_t *now = data;
    int status = q_session_expire(tx, &(struct session_expire_in){.now = *now}, NULL);
    if (status == TD_OK) {
        status = q_throttle_expire(
            tx, &(struct throttle_expire_in){.before = *now - SESSION_FORGET_MS}, NULL);
    }
    if (status == TD_OK) {
        status = q_account_link_expire(tx, &(struct account_link_expire_in){.now = *now}, NULL);
    }
    return status;
}

int session_sweep(struct office *office, struct td_arena *arena)
{
    int64_t now = office_now(office).ms;
    return db_transact(office->db, DB_WRITE, arena, sweep, &now);
}
