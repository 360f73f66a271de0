/*
 * The demonstration's data and its open door.
 */
#include "office/demo.h"

#include "office/authority.h"
#include "office/import.h"
#include "office/office_private.h"
#include "office/scope.h"
#include "office/year.h"

#include <stdio.h>
#include <string.h>

#include "base/banned.h"

#define PATH_MAX_BYTES 1024
#define NAME_BYTES 512
#define FILLED "demo.fill" /* the verb of the record that says that nothing is missing */

struct example {
    const char *prefix; /* of logins */
    const char *authority, *council, *standing_office;
    const char *year, *regulation; /* below the folder */
    const char *next;              /* a year to fill in by hand, with the same members; or NULL */
};

static const struct example examples[] = {
    {"haiphong", "Ủy ban nhân dân thành phố Hải Phòng", "Hội đồng Thi đua - Khen thưởng thành phố",
     "Ban Thi đua - Khen thưởng", "examples/hai-phong-2024/year.json",
     "regulations/hai-phong-2024/regulation.json", NULL},
    {"bacgiang", "Ủy ban nhân dân tỉnh Bắc Giang", "Hội đồng Thi đua - Khen thưởng tỉnh",
     "Sở Nội vụ", "examples/bac-giang-2022/year.json", "regulations/bac-giang-2022/variant-a.json",
     NULL},
    {"hadong", "Ủy ban nhân dân quận Hà Đông", "Hội đồng Thi đua - Khen thưởng quận",
     "Phòng Nội vụ", "examples/ha-dong-2024/year.json", "regulations/ha-dong-2024/regulation.json",
     "2025"},
};

struct filling {
    struct office *office;
    struct actor actor;
    const char *folder;
    const struct example *example;
    struct td_arena *arena;
    struct td_problems *problems;
    const char *home_id, *authority_id;
};

/* ---- is it a demonstration's? ---------------------------------------------------------------- */

static int need_demo(struct db_tx *tx)
{
    struct installation_row row = {0};
    bool found = false;
    int status = q_installation(tx, &row, &found);
    if (status != TD_OK) {
        return status;
    }
    return found && strcmp(row.purpose, "demo") == 0 ? TD_OK : OFFICE_FORBIDDEN;
}

struct claim {
    struct office *office;
    bool filled;
};

static int claim_work(struct db_tx *tx, void *data)
{
    struct claim *c = data;
    struct installation_row row = {0};
    struct audit_first_row first = {0};
    bool found = false;
    int status = q_installation(tx, &row, &found);
    if (status == TD_OK && !found) {
        status = q_installation_add(
            tx,
            &(struct installation_add_in){.purpose = "demo", .created = office_now(c->office).ms},
            NULL);
    }
    if (status == TD_OK) {
        status = need_demo(tx);
    }
    if (status == TD_OK) {
        status = q_audit_first(tx,
                               &(struct audit_first_in){.home_id = AUDIT_INSTALLATION,
                                                        .chain = AUDIT_INSTALLATION,
                                                        .verb = FILLED},
                               &first, &c->filled);
    }
    return status;
}

/* The last thing that is done: without it the next run goes through all steps again. */
static int filled_work(struct db_tx *tx, void *data)
{
    const struct filling *f = data;
    return audit_write(tx, f->office, &f->actor,
                       &(struct audit_change){.home_id = AUDIT_INSTALLATION,
                                              .chain = AUDIT_INSTALLATION,
                                              .verb = FILLED,
                                              .object = AUDIT_INSTALLATION});
}

/* ---- filling --------------------------------------------------------------------------------- */

/* Each step finds what a run that was cut short has left. */

static int add_account(struct filling *f, const char *login, const char *name,
                       enum office_role role, const char *scope_id)
{
    struct td_problems taken = TD_PROBLEMS(f->arena, NULL);
    struct account_link link;
    int status = account_create(
        f->office, &f->actor, &(struct account_new){.login = login, .name = name, .language = "vi"},
        &taken, &link);
    secret_wipe(link.token, sizeof link.token);
    /* Refused: it is there, or the next step says that nobody has this login. */
    if (status != TD_OK && status != OFFICE_REFUSED) {
        return status;
    }
    return account_role_set(
        f->office, &f->actor,
        &(struct account_role_change){
            .login = login, .role = role, .home_id = f->home_id, .scope_id = scope_id},
        f->problems);
}

static int add_officials(struct filling *f)
{
    char login[NAME_BYTES];
    snprintf(login, sizeof login, "%s.chuyenvien", f->example->prefix);
    int status =
        add_account(f, login, "Chuyên viên thi đua (ví dụ)", OFFICE_OFFICER, f->authority_id);
    if (status == TD_OK) {
        snprintf(login, sizeof login, "%s.quansat", f->example->prefix);
        status = add_account(f, login, "Người theo dõi (ví dụ)", OFFICE_OBSERVER, f->authority_id);
    }
    return status;
}

static int add_people(struct filling *f, const struct year_member *member)
{
    char login[NAME_BYTES];
    snprintf(login, sizeof login, "%s.%s.lanhdao", f->example->prefix, member->code);
    int status = add_account(f, login, "Thủ trưởng (ví dụ)", OFFICE_LEADER, member->unit_id);
    if (status == TD_OK) {
        snprintf(login, sizeof login, "%s.%s.canbo", f->example->prefix, member->code);
        status =
            add_account(f, login, "Cán bộ thi đua (ví dụ)", OFFICE_UNIT_OFFICER, member->unit_id);
    }
    return status;
}

/* A year that nobody has scored yet, for whoever wants to try. year_id: it is there; or NULL. */
static int add_next(struct filling *f, const struct bloc_year *from, const char *year_id)
{
    struct td_date day = {0};
    int status = td_date_make(from->first_year + 1, 1, 1, &day);
    if (status == TD_OK && year_id == NULL) {
        status = year_create(f->office, &f->actor, f->arena, f->home_id, from->bloc_id,
                             f->example->next, from->year_id, f->problems, &year_id);
    }
    if (status == TD_OK && from->head != TD_NONE) {
        status = year_set_term(f->office, &f->actor, f->arena, f->home_id, year_id, false,
                               from->members[from->head].unit_id, day, f->problems);
    }
    if (status == TD_OK && from->deputy != TD_NONE) {
        status = year_set_term(f->office, &f->actor, f->arena, f->home_id, year_id, true,
                               from->members[from->deputy].unit_id, day, f->problems);
    }
    return status;
}

static int add_root(struct filling *f)
{
    const struct authority root = {.name = f->example->authority,
                                   .council = f->example->council,
                                   .standing_office = f->example->standing_office};
    struct authority *there = NULL;
    size_t count = 0;
    int status = authority_list(f->office, &f->actor, f->arena, &there, &count);
    for (size_t i = 0; status == TD_OK && i < count; i++) {
        if (strcmp(there[i].name, root.name) == 0) {
            f->home_id = there[i].home_id;
            f->authority_id = there[i].authority_id;
            return TD_OK;
        }
    }
    return status != TD_OK ? status
                           : authority_save(f->office, &f->actor, f->arena, &root, f->problems,
                                            &f->home_id, &f->authority_id);
}

/* The example's year; *ret_next: the one after it, NULL when it isn't there. */
static int add_year(struct filling *f, const char **ret, const char **ret_next)
{
    char year_path[PATH_MAX_BYTES], regulation_path[PATH_MAX_BYTES];
    const struct import import = {.home_id = f->home_id,
                                  .authority_id = f->authority_id,
                                  .year_path = year_path,
                                  .regulation_path = regulation_path};
    struct bloc *blocs = NULL;
    struct year_brief *years = NULL;
    size_t count = 0;
    *ret_next = NULL;
    int status =
        bloc_list(f->office, &f->actor, f->arena, f->home_id, f->authority_id, &blocs, &count);
    size_t bloc_count = count;
    count = 0;
    for (size_t i = 0; status == TD_OK && count == 0 && i < bloc_count; i++) {
        status = year_list_of_bloc(f->office, &f->actor, f->arena, f->home_id, blocs[i].bloc_id,
                                   &years, &count);
    }
    if (status == TD_OK && count == 0) {
        snprintf(year_path, sizeof year_path, "%s/%s", f->folder, f->example->year);
        snprintf(regulation_path, sizeof regulation_path, "%s/%s", f->folder,
                 f->example->regulation);
        return import_year(f->office, &f->actor, f->arena, &import, f->problems, ret);
    }
    if (status != TD_OK) {
        return status;
    }
    *ret = years[count - 1].year_id; /* the earliest */
    *ret_next = count > 1 ? years[0].year_id : NULL;
    return TD_OK;
}

static int add_example(struct filling *f)
{
    const char *year_id = NULL, *next_id = NULL;
    struct bloc_year *year = NULL;
    int status = add_root(f);
    if (status == TD_OK) {
        status = add_year(f, &year_id, &next_id);
    }
    if (status == TD_OK) {
        status = year_get(f->office, &f->actor, f->arena, f->home_id, year_id, &year);
    }
    if (status == TD_OK) {
        status = add_officials(f);
    }
    for (int32_t i = 0; status == TD_OK && i < year->member_count; i++) {
        status = add_people(f, &year->members[i]);
    }
    return status == TD_OK && f->example->next != NULL ? add_next(f, year, next_id) : status;
}

int demo_install(struct office *office, const char *folder, struct td_arena *arena,
                 struct td_problems *problems)
{
    struct claim claim = {.office = office};
    struct filling f = {.office = office,
                        .actor = OFFICE_PROGRAM,
                        .folder = folder,
                        .arena = arena,
                        .problems = problems};
    int status = db_transact(office->db, DB_WRITE, arena, claim_work, &claim);
    for (size_t i = 0; status == TD_OK && !claim.filled && i < sizeof examples / sizeof *examples;
         i++) {
        f.example = &examples[i];
        status = add_example(&f);
    }
    if (status == TD_OK && !claim.filled) {
        status = db_transact(office->db, DB_WRITE, arena, filled_work, &f);
    }
    return status;
}

/* ---- entering -------------------------------------------------------------------------------- */

struct entering {
    struct office *office;
    char login[ACCOUNT_LOGIN_TEXT];
    char token_hash[SECRET_HASH_TEXT];
    int64_t now;
};

static int enter_work(struct db_tx *tx, void *data)
{
    struct entering *e = data;
    struct account_row account = {0};
    struct session_row begun = {0};
    bool found = false;
    int status = need_demo(tx);
    if (status == TD_OK) {
        status = account_of_login(tx, e->login, &account);
    }
    if (status == TD_OK && !account.active) {
        status = OFFICE_NOT_FOUND;
    }
    if (status == TD_OK) {
        status = q_session(tx, &(struct session_in){.token_hash = e->token_hash}, &begun, &found);
    }
    if (status != TD_OK || found) {
        return status;
    }
    status = q_session_add(
        tx,
        &(struct session_add_in){.token_hash = e->token_hash,
                                 .account_id = account.account_id,
                                 .created = e->now,
                                 .ends = e->now + e->office->settings.session_absolute_ms},
        NULL);
    const struct actor actor = {.account_id = account.account_id};
    return status != TD_OK ? status
                           : audit_write(tx, e->office, &actor,
                                         &(struct audit_change){.home_id = AUDIT_INSTALLATION,
                                                                .chain = AUDIT_INSTALLATION,
                                                                .verb = "session.demo",
                                                                .object = account.account_id});
}

int demo_enter(struct office *office, const char *login, struct td_arena *arena,
               struct session_begun *ret)
{
    struct entering e = {.office = office, .now = office_now(office).ms};
    *ret = (struct session_begun){.max_age_s = (int)(office->settings.session_absolute_ms / 1000)};
    if (!account_login(login, e.login)) {
        return OFFICE_NOT_FOUND;
    }
    int status = secret_token(ret->token);
    if (status == TD_OK) {
        status = secret_hash(ret->token, e.token_hash);
    }
    if (status == TD_OK) {
        status = db_transact(office->db, DB_WRITE, arena, enter_work, &e);
    }
    if (status != TD_OK) {
        secret_wipe(ret->token, sizeof ret->token);
    }
    return status;
}
