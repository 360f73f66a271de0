/*
 * The office itself: its clock, its ids, and what an actor is. What it does is in the other files
 * of this folder, one for each noun.
 */
#include "office/office.h"

#include "office/office_private.h"
#include "office/sheet_kept.h"

#include <stdlib.h>
#include <string.h>

#include "base/banned.h"

static struct instant machine_clock(void *context)
{
    (void)context;
    return instant_now();
}

int office_new(struct db *db, struct office **ret)
{
    struct office *office = calloc(1, sizeof(*office));
    if (office == NULL) {
        return TD_E_MEMORY;
    }
    office->db = db;
    office->settings = OFFICE_SETTINGS;
    office->clock = machine_clock;
    if (sheets_kept_new(&office->sheets) != TD_OK || secret_gate_init(&office->gate) != TD_OK) {
        sheets_kept_free(office->sheets);
        free(office);
        return TD_E_MEMORY;
    }
    pthread_mutex_init(&office->rules_lock, NULL);
    *ret = office;
    return TD_OK;
}

void office_free(struct office *office)
{
    if (office != NULL) {
        secret_gate_release(&office->gate);
        rules_release(office);
        sheets_kept_free(office->sheets);
        pthread_mutex_destroy(&office->rules_lock);
        free(office);
    }
}

struct db *office_db(struct office *office)
{
    return office->db;
}

void office_configure(struct office *office, const struct office_settings *settings)
{
    office->settings = *settings;
}

const struct office_settings *office_settings(const struct office *office)
{
    return &office->settings;
}

struct instant office_now(const struct office *office)
{
    return office->clock(office->clock_context);
}

struct td_date office_today(const struct office *office)
{
    return instant_civil(office_now(office), office->settings.zone_minutes).date;
}

void office_set_clock(struct office *office, struct instant (*clock)(void *), void *context)
{
    office->clock = clock;
    office->clock_context = context;
}

/* ---- ids ------------------------------------------------------------------------------------- */

#define HOME_ID_TEXT 13

static int new_id(struct td_arena *arena, size_t room, const char **ret)
{
    char *id = td_arena_alloc(arena, room, 1);
    if (id == NULL) {
        return TD_E_MEMORY;
    }
    int status = secret_id(id, room);
    if (status == TD_OK) {
        *ret = id;
    }
    return status;
}

int office_id(struct td_arena *arena, const char **ret)
{
    return new_id(arena, OFFICE_ID_TEXT, ret);
}

int office_home_id(struct td_arena *arena, const char **ret)
{
    return new_id(arena, HOME_ID_TEXT, ret);
}

/* ---- who acts -------------------------------------------------------------------------------- */

static const char *const role_names[] = {
    [OFFICE_OFFICER] = "officer",
    [OFFICE_OBSERVER] = "observer",
    [OFFICE_LEADER] = "leader",
    [OFFICE_UNIT_OFFICER] = "unit_officer",
};

const char *office_role_name(enum office_role role)
{
    return role_names[role];
}

bool office_role_find(const char *name, enum office_role *ret)
{
    for (size_t i = 0; i < sizeof(role_names) / sizeof(role_names[0]); i++) {
        if (strcmp(role_names[i], name) == 0) {
            *ret = (enum office_role)i;
            return true;
        }
    }
    return false;
}

bool actor_of_unit(const struct actor *actor, const char *home_id, const char *unit_id,
                   bool leader_only)
{
    for (int32_t i = 0; i < actor->role_count; i++) {
        const struct actor_role *role = &actor->roles[i];
        bool fits =
            role->role == OFFICE_LEADER || (role->role == OFFICE_UNIT_OFFICER && !leader_only);
        if (fits && strcmp(role->home_id, home_id) == 0 && strcmp(role->scope_id, unit_id) == 0) {
            return true;
        }
    }
    return false;
}

bool actor_in_home(const struct actor *actor, const char *home_id)
{
    for (int32_t i = 0; i < actor->role_count; i++) {
        if (strcmp(actor->roles[i].home_id, home_id) == 0) {
            return true;
        }
    }
    return false;
}
