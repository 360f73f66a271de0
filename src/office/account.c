/*
 * Accounts: making, closing, listing them, and the first of all. Their passwords are in password.c,
 * their roles in role.c.
 */
#include "office/account.h"

#include "base/buf.h"
#include "base/utf8.h"
#include "db/queries.h"
#include "office/audit.h"
#include "office/office_private.h"

#include <string.h>

#include "base/banned.h"

#define NAME_MAX_BYTES 200
#define FIRST_LOGIN "admin"
#define FIRST_NAME "Quản trị viên"

bool account_login(const char *text, char out[static ACCOUNT_LOGIN_TEXT])
{
    size_t n = strlen(text);
    if (n < 2 || n >= ACCOUNT_LOGIN_TEXT) {
        return false;
    }
    for (size_t i = 0; i < n; i++) {
        char c = text[i];
        bool capital = c >= 'A' && c <= 'Z';
        bool letter = capital || (c >= 'a' && c <= 'z');
        bool other = (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-' || c == '@';
        if (!letter && (i == 0 || !other)) {
            return false;
        }
        out[i] = capital ? (char)(c - 'A' + 'a') : c;
    }
    out[n] = '\0';
    return true;
}

bool account_may_manage(const struct actor *actor)
{
    return actor->administrator || actor->program;
}

/* The record of a change of an account; these all go onto the installation's chain. */
int account_record(struct db_tx *tx, const struct office *office, const struct actor *actor,
                   const struct audit_change *change)
{
    struct audit_change whole = *change;
    whole.home_id = AUDIT_INSTALLATION;
    whole.chain = AUDIT_INSTALLATION;
    return audit_write(tx, office, actor, &whole);
}

/* Texts of a record, joined by a blank. NULL when memory is out. */
const char *account_words(struct td_arena *arena, const char *const *words)
{
    struct buf text;
    buf_init(&text, 4096);
    for (size_t i = 0; words[i] != NULL; i++) {
        buf_text(&text, i == 0 ? "" : " ");
        buf_text(&text, words[i]);
    }
    const char *kept =
        buf_ok(&text) ? td_arena_text(arena, buf_string(&text), buf_length(&text)) : NULL;
    buf_release(&text);
    return kept;
}

/* ---- making and closing ---------------------------------------------------------------------- */

struct creation {
    struct office *office;
    const struct actor *actor;
    char login[ACCOUNT_LOGIN_TEXT];
    const char *account_id, *name, *language;
    bool administrator;
    struct account_link *link;
    char hash[SECRET_HASH_TEXT];
};

static int create(struct db_tx *tx, const struct creation *c)
{
    const struct account_add_in account = {
        .account_id = c->account_id,
        .login = c->login,
        .name = c->name,
        .administrator = c->administrator,
        .language = c->language,
        .created = office_now(c->office).ms,
    };
    const char *words[] = {c->login, c->name, c->administrator ? "administrator" : NULL, NULL};
    const char *text = account_words(db_arena(tx), words);
    struct account_row made = {0};
    bool found = false;

    /* When the answer to a commit was lost, this runs again, and the account is there. */
    int status =
        q_account_by_id(tx, &(struct account_by_id_in){.account_id = c->account_id}, &made, &found);
    if (status != TD_OK || found) {
        return status;
    }
    status = text == NULL ? TD_E_MEMORY : q_account_add(tx, &account, NULL);
    if (status == TD_OK) {
        status = account_link_store(tx, c->link, c->account_id, c->hash);
    }
    if (status == TD_OK) {
        status = account_record(
            tx, c->office, c->actor,
            &(struct audit_change){.verb = "account.create", .object = c->account_id, .new = text});
    }
    return status;
}

static int create_in(struct db_tx *tx, void *data)
{
    return create(tx, data);
}

/* The name in its normal form; NULL with a problem when it isn't one. */
static int name_make(const char *text, struct td_problems *problems, const char **ret)
{
    size_t n = strlen(text);
    bool blank = strspn(text, " ") == n;
    int status = TD_E_SYNTAX;
    if (!blank && n <= NAME_MAX_BYTES && utf8_plain(text, n)) {
        status = utf8_nfc(problems->arena, text, n, ret);
    }
    if (status == TD_E_SYNTAX) {
        td_problem_add(problems, TD_ERROR, "name",
                       blank
                           ? TD_WORDS("the name is missing")
                           : TD_WORDS("the name is too long, or holds characters that no name has"),
                       (struct td_message){0});
        status = OFFICE_REFUSED;
    }
    return status;
}

static bool is_language(const char *code)
{
    return strcmp(code, "vi") == 0 || strcmp(code, "en") == 0;
}

static int creation_make(const struct account_new *in, struct td_problems *problems,
                         struct creation *ret)
{
    int status = TD_OK;
    if (!account_login(in->login, ret->login)) {
        td_problem_add(problems, TD_ERROR, "login", TD_WORDS("this can't be a login name"),
                       TD_WORDS("begin with a letter a–z; then letters, digits, . _ - @; 2 to 64 "
                                "characters in all"));
        status = OFFICE_REFUSED;
    }
    if (!is_language(in->language)) {
        td_problem_add(problems, TD_ERROR, "language", TD_WORDS("there is no such language"),
                       (struct td_message){0});
        status = OFFICE_REFUSED;
    }
    int named = name_make(in->name, problems, &ret->name);
    if (named != TD_OK) {
        status = named;
    }
    ret->language = in->language;
    ret->administrator = in->administrator;
    return status == TD_OK ? office_id(problems->arena, &ret->account_id) : status;
}

static int link_answer(const struct creation *c, struct td_arena *arena)
{
    c->link->account_id = c->account_id;
    c->link->login = td_arena_text(arena, c->login, strlen(c->login));
    return c->link->login == NULL ? TD_E_MEMORY : TD_OK;
}

int account_create(struct office *office, const struct actor *actor, const struct account_new *in,
                   struct td_problems *problems, struct account_link *ret)
{
    struct creation c = {.office = office, .actor = actor, .link = ret};

    if (!account_may_manage(actor)) {
        return OFFICE_FORBIDDEN;
    }
    int status = creation_make(in, problems, &c);
    if (status == TD_OK) {
        status = account_link_make(office, ret, c.hash);
    }
    if (status == TD_OK) {
        status = link_answer(&c, problems->arena);
    }
    if (status == TD_OK) {
        status = db_transact(office->db, DB_WRITE, problems->arena, create_in, &c);
    }
    if (status == DB_E_UNIQUE) {
        td_problem_add(problems, TD_ERROR, "login", TD_WORDS("another account has this login name"),
                       (struct td_message){0});
        status = OFFICE_REFUSED;
    }
    return status;
}

/* The account of a login, for those who manage. */
int account_of_login(struct db_tx *tx, const char *login, struct account_row *ret)
{
    char stored[ACCOUNT_LOGIN_TEXT];
    bool found = false;
    if (!account_login(login, stored)) {
        return OFFICE_NOT_FOUND;
    }
    int status =
        q_account_by_login(tx, &(struct account_by_login_in){.login = stored}, ret, &found);
    return status == TD_OK && !found ? OFFICE_NOT_FOUND : status;
}

struct reset {
    struct office *office;
    const struct actor *actor;
    const char *login;
    struct account_link *link;
    char hash[SECRET_HASH_TEXT];
};

static int end_sessions(struct db_tx *tx, const char *account_id)
{
    return q_session_remove_others(
        tx, &(struct session_remove_others_in){.account_id = account_id, .kept = ""}, NULL);
}

static int reset(struct db_tx *tx, void *data)
{
    const struct reset *r = data;
    struct account_row row = {0};

    int status = account_of_login(tx, r->login, &row);
    if (status == TD_OK) {
        status = q_account_set_password(
            tx, &(struct account_set_password_in){.account_id = row.account_id}, NULL);
    }
    if (status == TD_OK) {
        status = account_link_store(tx, r->link, row.account_id, r->hash);
    }
    if (status == TD_OK) {
        status = end_sessions(tx, row.account_id);
    }
    if (status == TD_OK) {
        status = account_record(
            tx, r->office, r->actor,
            &(struct audit_change){.verb = "account.reset", .object = row.account_id});
    }
    r->link->account_id = row.account_id;
    r->link->login = row.login;
    return status;
}

int account_reset(struct office *office, const struct actor *actor, const char *login,
                  struct td_arena *arena, struct account_link *ret)
{
    struct reset r = {.office = office, .actor = actor, .login = login, .link = ret};

    if (!account_may_manage(actor)) {
        return OFFICE_FORBIDDEN;
    }
    int status = account_link_make(office, ret, r.hash);
    return status == TD_OK ? db_transact(office->db, DB_WRITE, arena, reset, &r) : status;
}

struct activation {
    struct office *office;
    const struct actor *actor;
    const char *login;
    bool active, own;
};

static int activate(struct db_tx *tx, void *data)
{
    struct activation *a = data;
    struct account_row row = {0};

    int status = account_of_login(tx, a->login, &row);
    if (status != TD_OK || row.active == a->active) {
        return status;
    }
    a->own = strcmp(row.account_id, a->actor->account_id) == 0;
    if (a->own) {
        return OFFICE_REFUSED;
    }
    status = q_account_set_active(
        tx, &(struct account_set_active_in){.account_id = row.account_id, .active = a->active},
        NULL);
    if (status == TD_OK && !a->active) {
        status = end_sessions(tx, row.account_id);
    }
    if (status == TD_OK && !a->active) {
        status = q_account_link_remove(
            tx, &(struct account_link_remove_in){.account_id = row.account_id}, NULL);
    }
    if (status == TD_OK) {
        status = account_record(tx, a->office, a->actor,
                                &(struct audit_change){.verb = "account.active",
                                                       .object = row.account_id,
                                                       .old = row.active ? "active" : "closed",
                                                       .new = a->active ? "active" : "closed"});
    }
    return status;
}

int account_active_set(struct office *office, const struct actor *actor, const char *login,
                       bool active, struct td_problems *problems)
{
    struct activation a = {.office = office, .actor = actor, .login = login, .active = active};

    if (!account_may_manage(actor)) {
        return OFFICE_FORBIDDEN;
    }
    int status = db_transact(office->db, DB_WRITE, problems->arena, activate, &a);
    if (status == OFFICE_REFUSED) {
        td_problem_add(problems, TD_ERROR, "login", TD_WORDS("this is your own account"),
                       TD_WORDS("let another administrator close it"));
    }
    return status;
}

struct tongue {
    struct office *office;
    const struct actor *actor;
    const char *language;
};

static int set_language(struct db_tx *tx, void *data)
{
    const struct tongue *t = data;
    int status =
        q_account_set_language(tx,
                               &(struct account_set_language_in){.account_id = t->actor->account_id,
                                                                 .language = t->language},
                               NULL);
    if (status == TD_OK) {
        status = account_record(tx, t->office, t->actor,
                                &(struct audit_change){.verb = "account.language",
                                                       .object = t->actor->account_id,
                                                       .old = t->actor->language,
                                                       .new = t->language});
    }
    return status;
}

int account_language_set(struct office *office, const struct actor *actor, const char *language,
                         struct td_arena *arena)
{
    struct tongue t = {.office = office, .actor = actor, .language = language};
    if (!is_language(language)) {
        return OFFICE_REFUSED;
    }
    return db_transact(office->db, DB_WRITE, arena, set_language, &t);
}

/* ---- the first ------------------------------------------------------------------------------- */

struct installation {
    struct creation creation;
    struct account_installation *ret;
};

/* The administrator who was there first and has no password yet gets another link, since the one
 * before was shown once and can't be shown again. It stays good: whoever noted it may use it. */
static int relink(struct db_tx *tx, struct installation *in)
{
    const struct creation *c = &in->creation;
    struct installation_first_administrator_row first = {0};
    bool found = false;

    int status = q_installation_first_administrator(tx, &first, &found);
    if (status != TD_OK || !found) {
        return status;
    }
    in->ret->has_link = true;
    c->link->account_id = first.account_id;
    c->link->login = first.login;
    const struct account_link_add_in link = {
        .token_hash = c->hash, .account_id = first.account_id, .expires = c->link->expires.ms};
    status = q_account_link_add(tx, &link, NULL);
    if (status == TD_OK) {
        status = account_record(
            tx, c->office, c->actor,
            &(struct audit_change){.verb = "account.link", .object = first.account_id});
    }
    return status;
}

static int install(struct db_tx *tx, void *data)
{
    struct installation *in = data;
    const struct creation *c = &in->creation;
    struct installation_row row = {0};
    struct installation_administrators_row count = {0};
    bool found = false, counted = false;

    in->ret->created = false;
    in->ret->has_link = false;
    int status = q_installation(tx, &row, &found);
    in->ret->is_demo = status == TD_OK && found && strcmp(row.purpose, "demo") == 0;
    if (status == TD_OK && !found) {
        in->ret->created = true;
        status = q_installation_add(
            tx,
            &(struct installation_add_in){.purpose = "office", .created = office_now(c->office).ms},
            NULL);
    }
    if (status == TD_OK) {
        status = q_installation_administrators(tx, &count, &counted);
    }
    if (status != TD_OK || count.ready > 0) {
        return status;
    }
    if (count.administrators > 0) {
        return relink(tx, in);
    }
    in->ret->has_link = true;
    return create(tx, c);
}

int account_install(struct office *office, const struct actor *actor, struct td_arena *arena,
                    struct account_installation *ret)
{
    struct installation in = {.creation = {.office = office, .actor = actor, .link = &ret->link},
                              .ret = ret};
    struct td_problems problems = TD_PROBLEMS(arena, NULL);
    const struct account_new first = {
        .login = FIRST_LOGIN, .name = FIRST_NAME, .language = "vi", .administrator = true};

    if (!actor->program) {
        return OFFICE_FORBIDDEN;
    }
    *ret = (struct account_installation){0};
    int status = creation_make(&first, &problems, &in.creation);
    if (status == TD_OK) {
        status = account_link_make(office, &ret->link, in.creation.hash);
    }
    if (status == TD_OK) {
        status = link_answer(&in.creation, arena);
    }
    if (status == TD_OK) {
        status = db_transact(office->db, DB_WRITE, arena, install, &in);
    }
    return status;
}

/* ---- the list -------------------------------------------------------------------------------- */

struct listing {
    const char *after;
    int max;
    struct account *accounts;
    size_t count;
};

static int list(struct db_tx *tx, void *data)
{
    struct listing *l = data;
    struct account_list_row *rows = NULL;

    int status = q_account_list(tx, &(struct account_list_in){.after = l->after, .count = l->max},
                                &rows, &l->count);
    if (status != TD_OK) {
        return status;
    }
    l->accounts = td_arena_alloc(db_arena(tx), l->count, sizeof(*l->accounts));
    if (l->accounts == NULL) {
        return TD_E_MEMORY;
    }
    for (size_t i = 0; i < l->count && status == TD_OK; i++) {
        struct account *a = &l->accounts[i];
        *a = (struct account){.account_id = rows[i].account_id,
                              .login = rows[i].login,
                              .name = rows[i].name,
                              .has_password = rows[i].has_password,
                              .administrator = rows[i].administrator,
                              .active = rows[i].active};
        status = actor_roles(tx, a->account_id, &a->roles, &a->role_count);
    }
    return status;
}

int account_list(struct office *office, const struct actor *actor, const char *after, int max,
                 struct td_arena *arena, const struct account **ret, size_t *ret_count)
{
    struct listing l = {.after = after, .max = max};

    if (!account_may_manage(actor)) {
        return OFFICE_FORBIDDEN;
    }
    int status = db_transact(office->db, DB_READ, arena, list, &l);
    if (status == TD_OK) {
        *ret = l.accounts;
        *ret_count = l.count;
    }
    return status;
}
