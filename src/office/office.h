/*
 * What every use case shares: the office with its database, who acts, and how a use case ends.
 *
 * A use case is a function that takes the office, the actor and what was asked, checks the
 * permission (the route's check came first; this is the second, and the one that counts), and does
 * its work in one transaction. It ends with
 *
 *     TD_OK              done, and durable
 *     OFFICE_REFUSED     asked for wrongly; the problems say where (`where` is a field's name) and
 *                        what to do; nothing was changed
 *     OFFICE_FORBIDDEN   the actor may not
 *     OFFICE_NOT_FOUND   there is no such thing in the actor's scope: what one may not see does not
 *                        exist
 *     OFFICE_CONFLICT    someone else changed it meanwhile; the answer shows both
 *     negative           memory, or enum db_status: nothing was changed
 *
 * An empty scope sees nothing. Results live in the arena that the caller gives.
 */
#ifndef OFFICE_OFFICE_H
#define OFFICE_OFFICE_H

#include "base/instant.h"
#include "db/db.h"
#include "thidua/problem.h"

enum office_status {
    OFFICE_REFUSED = 1,
    OFFICE_FORBIDDEN = 2,
    OFFICE_NOT_FOUND = 3,
    OFFICE_CONFLICT = 4,
};

/* Ids: 20 characters of [a-z2-7], 100 random bits; a home's: 12, 60 bits. */
#define OFFICE_ID_TEXT 21
#define OFFICE_ID_LAST "~" /* after every id: they are of letters and digits */

struct office;

/* Keeps the database, which outlives it, and what is computed once: regulations that were read. */
int office_new(struct db *db, struct office **ret) TD_MUST_CHECK __attribute__((nonnull));
void office_free(struct office *office); /* NULL is allowed */
struct db *office_db(struct office *office) __attribute__((nonnull));

/* The time, from the machine's clock; tests set another. */
struct instant office_now(const struct office *office) __attribute__((nonnull));
struct td_date office_today(const struct office *office) __attribute__((nonnull));
void office_set_clock(struct office *office, struct instant (*clock)(void *), void *context)
    __attribute__((nonnull(1)));

/* What the installation's configuration says about use cases. */
struct office_settings {
    int zone_minutes;            /* east of UTC: what day it is */
    int64_t session_idle_ms;     /* a session that is silent for so long has ended */
    int64_t session_absolute_ms; /* the longest that a session can last */
    int kept_sheets;             /* in force, in memory: 0.5 kB for 60 items, 4 kB at most each */
};

#define OFFICE_KEPT_MAX 65536 /* the most that kept_sheets may be */

#define OFFICE_SETTINGS                                                                            \
    ((struct office_settings){.zone_minutes = INSTANT_VIET_NAM,                                    \
                              .session_idle_ms = INT64_C(8) * 3600 * 1000,                         \
                              .session_absolute_ms = INT64_C(7) * 24 * 3600 * 1000,                \
                              .kept_sheets = 4096})

/* office_new begins with OFFICE_SETTINGS; to be changed before other threads use the office. */
void office_configure(struct office *office, const struct office_settings *settings)
    __attribute__((nonnull));
const struct office_settings *office_settings(const struct office *office)
    __attribute__((nonnull, returns_nonnull));

/* A new id in the arena. TD_OK or TD_E_MEMORY. */
int office_id(struct td_arena *arena, const char **ret) TD_MUST_CHECK __attribute__((nonnull));
int office_home_id(struct td_arena *arena, const char **ret) TD_MUST_CHECK __attribute__((nonnull));

/* ---- who acts -------------------------------------------------------------------------------- */

enum office_role {
    OFFICE_OFFICER,      /* of an authority: keeps its units, blocs, years and rules, and those of
                            the authorities below it */
    OFFICE_OBSERVER,     /* of an authority: reads what is released */
    OFFICE_LEADER,       /* of a unit: submits (USE-10) */
    OFFICE_UNIT_OFFICER, /* of a unit: prepares */
};

struct actor_role {
    enum office_role role;
    const char *home_id;
    const char *scope_id;   /* an authority's or a unit's id */
    const char *scope_name; /* as shown */
};

/* Whoever is signed in; or the program itself, from the command line. */
struct actor {
    const char *account_id;
    const char *login;
    const char *name;
    const char *language;
    bool administrator; /* of the installation: accounts, and creating homes; sees no sheets */
    bool program;       /* the command line on the server: may do what an administrator and every
                           officer may; audited under the account "program" */
    const struct actor_role *roles;
    int32_t role_count;
};

/* The command line on the server: what is done there is done as "program". */
#define OFFICE_PROGRAM                                                                             \
    ((struct actor){.account_id = "program",                                                       \
                    .login = "program",                                                            \
                    .name = "program",                                                             \
                    .language = "vi",                                                              \
                    .program = true})

/* "officer", "observer", "leader", "unit_officer": how a role is stored and given. */
const char *office_role_name(enum office_role role) __attribute__((returns_nonnull));
/* Which role has the name; false when none has. */
bool office_role_find(const char *name, enum office_role *ret) __attribute__((nonnull));

/* Is the actor leader or officer of the unit? leader_only: leader. */
bool actor_of_unit(const struct actor *actor, const char *home_id, const char *unit_id,
                   bool leader_only) __attribute__((nonnull));

/* Does the actor have any role in the home? */
bool actor_in_home(const struct actor *actor, const char *home_id) __attribute__((nonnull));

#endif
