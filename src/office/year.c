/*
 * A bloc's year as an actor sees it (ORG-2, ORG-3): every use case about sheets and results begins
 * here, so that what is out of scope is nowhere.
 */
#include "office/year.h"

#include "office/scope.h"

#include <string.h>

#include "base/banned.h"

int32_t year_member_of(const struct bloc_year *year, const char *unit_id)
{
    for (int32_t i = 0; i < year->member_count; i++) {
        if (strcmp(year->members[i].unit_id, unit_id) == 0) {
            return i;
        }
    }
    return TD_NONE;
}

/* ---- opening --------------------------------------------------------------------------------- */

static int open_members(struct db_tx *tx, const struct actor *actor, struct bloc_year *y)
{
    struct member_of_year_row *rows = NULL;
    size_t count = 0;
    int status = q_member_of_year(
        tx, &(struct member_of_year_in){.home_id = y->home_id, .year_id = y->year_id}, &rows,
        &count);
    if (status != TD_OK) {
        return status;
    }
    y->members = td_arena_zeroed(db_arena(tx), count, sizeof *y->members);
    if (y->members == NULL) {
        return TD_E_MEMORY;
    }
    y->member_count = (int32_t)count;
    for (size_t i = 0; i < count; i++) {
        struct year_member *m = &y->members[i];
        m->unit_id = rows[i].unit_id;
        m->code = rows[i].code;
        m->name = rows[i].name;
        for (int32_t k = 0; k < actor->role_count; k++) {
            const struct actor_role *role = &actor->roles[k];
            if (strcmp(role->scope_id, m->unit_id) == 0 && strcmp(role->home_id, y->home_id) == 0) {
                m->leads = m->leads || role->role == OFFICE_LEADER;
                m->prepares = m->prepares || role->role == OFFICE_UNIT_OFFICER;
            }
        }
    }
    return TD_OK;
}

/* ORG-3: the term that began last and hasn't ended counts; before its first day nobody's does. */
static int open_terms(struct db_tx *tx, const struct office *office, struct bloc_year *y)
{
    struct term_of_year_row *rows = NULL;
    size_t count = 0;
    int status = q_term_of_year(
        tx, &(struct term_of_year_in){.home_id = y->home_id, .year_id = y->year_id}, &rows, &count);
    if (status != TD_OK) {
        return status;
    }
    struct year_term *terms = td_arena_zeroed(db_arena(tx), count, sizeof *terms);
    if (terms == NULL) {
        return TD_E_MEMORY;
    }
    struct td_date today = office_today(office);
    y->head = y->deputy = TD_NONE;
    for (size_t i = 0; i < count; i++) {
        struct year_term *t = &terms[i];
        t->deputy = strcmp(rows[i].role, "deputy") == 0;
        t->member = year_member_of(y, rows[i].unit_id);
        t->since = day_of(rows[i].since);
        t->until = day_of(rows[i].until);
        bool now = td_date_compare(t->since, today) <= 0 &&
                   (!td_date_is_set(t->until) || td_date_compare(today, t->until) <= 0);
        if (now && t->deputy) {
            y->deputy = t->member;
        } else if (now) {
            y->head = t->member;
        }
    }
    y->terms = terms;
    y->term_count = (int32_t)count;
    return TD_OK;
}

static int open_row(struct db_tx *tx, const struct office *office, struct bloc_year *y)
{
    struct year_one_row row = {0};
    bool found = false;
    const char *day = day_text(db_arena(tx), office_today(office));
    if (day == NULL) {
        return TD_E_MEMORY;
    }
    int status = q_year_one(
        tx, &(struct year_one_in){.home_id = y->home_id, .year_id = y->year_id, .day = day}, &row,
        &found);
    if (status != TD_OK || !found) {
        return status != TD_OK ? status : OFFICE_NOT_FOUND;
    }
    y->label = row.label;
    y->first_year = (int32_t)row.first_year;
    y->bloc_id = row.bloc_id;
    y->bloc_name = row.bloc_name;
    y->territorial = strcmp(row.kind, "territorial") == 0;
    y->authority_id = row.authority_id;
    y->authority_name = row.authority_name;
    y->council = row.council;
    y->standing_office = row.standing_office;
    y->regulation_id = row.regulation_id;
    y->as_of = day_of(row.as_of);
    y->released = row.released != DB_NULL;
    y->released_at = (struct instant){.ms = y->released ? row.released : 0};
    y->version = row.version;
    return TD_OK;
}

int year_open(struct db_tx *tx, struct office *office, const struct actor *actor,
              const char *home_id, const char *year_id, struct bloc_year **ret)
{
    if (!actor->program && !actor_in_home(actor, home_id)) {
        return OFFICE_NOT_FOUND;
    }
    struct bloc_year *y = td_arena_zeroed(db_arena(tx), 1, sizeof *y);
    if (y == NULL) {
        return TD_E_MEMORY;
    }
    y->home_id = home_id;
    y->year_id = year_id;
    struct scope scope = {.keeps = false};
    int status = open_row(tx, office, y);
    if (status == TD_OK) {
        status = open_members(tx, actor, y);
    }
    if (status == TD_OK) {
        status = open_terms(tx, office, y);
    }
    if (status == TD_OK) {
        status = scope_of(tx, actor, home_id, y->authority_id, &scope);
    }
    if (status != TD_OK) {
        return status;
    }
    y->keeps = scope.keeps;
    y->observes = scope.observes;
    bool seen = scope.keeps || scope.observes;
    for (int32_t i = 0; i < y->member_count; i++) {
        seen = seen || year_acts(y, i);
    }
    *ret = y;
    return seen ? TD_OK : OFFICE_NOT_FOUND;
}

struct opening {
    struct office *office;
    const struct actor *actor;
    const char *home_id, *year_id;
    struct bloc_year *year;
};

static int get_work(struct db_tx *tx, void *data)
{
    struct opening *o = data;
    return year_open(tx, o->office, o->actor, o->home_id, o->year_id, &o->year);
}

int year_get(struct office *office, const struct actor *actor, struct td_arena *arena,
             const char *home_id, const char *year_id, struct bloc_year **ret)
{
    struct opening o = {.office = office, .actor = actor, .home_id = home_id, .year_id = year_id};
    int status = db_transact(office_db(office), DB_READ, arena, get_work, &o);
    if (status == TD_OK) {
        *ret = o.year;
    }
    return status;
}
