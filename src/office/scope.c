/*
 * What an actor keeps, and whether a text is fit for a name.
 */
#include "office/scope.h"

#include "base/utf8.h"
#include "office/authority.h"

#include <string.h>

#include "base/banned.h"

#define LEVELS_MAX 16 /* of authorities; a longer way up is a loop */

static const struct authority_row *row_of(const struct authority_row *rows, size_t count,
                                          const char *authority_id)
{
    for (size_t i = 0; authority_id != NULL && i < count; i++) {
        if (strcmp(rows[i].authority_id, authority_id) == 0) {
            return &rows[i];
        }
    }
    return NULL;
}

struct scope scope_among(const struct actor *actor, const char *home_id, const char *authority_id,
                         const struct authority_row *rows, size_t count)
{
    struct scope scope = {.keeps = actor->program, .observes = false};
    const struct authority_row *at = row_of(rows, count, authority_id);
    for (int level = 0; at != NULL && level < LEVELS_MAX; level++) {
        for (int32_t i = 0; i < actor->role_count; i++) {
            const struct actor_role *role = &actor->roles[i];
            if (strcmp(role->home_id, home_id) == 0 &&
                strcmp(role->scope_id, at->authority_id) == 0) {
                scope.keeps = scope.keeps || role->role == OFFICE_OFFICER;
                scope.observes = scope.observes || role->role == OFFICE_OBSERVER;
            }
        }
        at = row_of(rows, count, at->parent_id);
    }
    return scope;
}

bool scope_above(const struct authority_row *rows, size_t count, const char *upper,
                 const char *lower)
{
    const struct authority_row *at = row_of(rows, count, lower);
    for (int level = 0; at != NULL && level < LEVELS_MAX; level++) {
        if (strcmp(at->authority_id, upper) == 0) {
            return true;
        }
        at = row_of(rows, count, at->parent_id);
    }
    return false;
}

int scope_of(struct db_tx *tx, const struct actor *actor, const char *home_id,
             const char *authority_id, struct scope *ret)
{
    bool any = actor->program;
    for (int32_t i = 0; i < actor->role_count; i++) {
        const struct actor_role *role = &actor->roles[i];
        any = any || ((role->role == OFFICE_OFFICER || role->role == OFFICE_OBSERVER) &&
                      strcmp(role->home_id, home_id) == 0);
    }
    if (!any) {
        *ret = (struct scope){.keeps = false};
        return TD_OK;
    }
    struct authority_row *rows = NULL;
    size_t count = 0;
    int status =
        q_authority_of_home(tx, &(struct authority_of_home_in){.home_id = home_id}, &rows, &count);
    if (status == TD_OK) {
        *ret = scope_among(actor, home_id, authority_id, rows, count);
    }
    return status;
}

int scope_need(struct db_tx *tx, const struct actor *actor, const char *home_id,
               const char *authority_id)
{
    struct scope scope = {.keeps = false};
    int status = scope_of(tx, actor, home_id, authority_id, &scope);
    if (status != TD_OK) {
        return status;
    }
    return scope.keeps ? TD_OK : OFFICE_NOT_FOUND;
}

void refuse(struct td_problems *problems, const char *field, struct td_message what,
            struct td_message remedy)
{
    td_problem_add(problems, TD_ERROR, field, what, remedy);
}

int refusal(const struct td_problems *problems)
{
    if (problems->full) {
        return TD_E_MEMORY;
    }
    return problems->errors > 0 ? OFFICE_REFUSED : TD_OK;
}

void problems_begin(struct td_problems *problems)
{
    *problems = TD_PROBLEMS(problems->arena, problems->file);
}

void name_check(struct td_problems *problems, const char *field, const char *text, size_t max)
{
    size_t n = strlen(text);
    if (strspn(text, " ") == n) {
        refuse(problems, field, TD_WORDS("this is empty"), TD_WORDS("write it"));
    } else if (n > max) {
        refuse(problems, field, TD_MESSAGE("this is longer than {0} bytes", TD_COUNT(max)),
               TD_WORDS("shorten it"));
    } else if (!utf8_plain(text, n)) {
        refuse(problems, field, TD_WORDS("this holds characters that can't be seen"),
               TD_WORDS("type it anew on one line"));
    }
}

void code_check(struct td_problems *problems, const char *field, const char *text)
{
    static const char allowed[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                  "_.-";
    size_t n = strlen(text);
    if (n == 0 || n > OFFICE_CODE_MAX || strspn(text, allowed) != n) {
        refuse(problems, field, TD_WORDS("this is no short name"),
               TD_MESSAGE("use at most {0} letters without diacritics, digits, - _ .",
                          TD_COUNT(OFFICE_CODE_MAX)));
    }
}

const char *day_text(struct td_arena *arena, struct td_date date)
{
    char text[TD_DATE_TEXT];
    size_t n = td_date_print(date, text);
    return td_date_is_set(date) ? td_arena_text(arena, text, n) : NULL;
}

struct td_date day_of(const char *text)
{
    struct td_date date = {0};
    if (text != NULL && td_date_parse(text, strlen(text), &date) < 0) {
        return (struct td_date){0};
    }
    return date;
}
