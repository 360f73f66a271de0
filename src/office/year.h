/*
 * A bloc's year: members, head and deputy with their terms, the version of the rules that scores
 * it, and what an actor may in it (ORG-2, ORG-3, USE-4).
 */
#ifndef OFFICE_YEAR_H
#define OFFICE_YEAR_H

#include "office/office.h"
#include "thidua/thidua.h"

struct year_member {
    const char *unit_id;
    const char *code, *name; /* as they are this year */
    bool leads;              /* the actor is its leader */
    bool prepares;           /* the actor is its emulation officer */
};

/* A term of the head or deputy. */
struct year_term {
    bool deputy;
    int32_t member;
    struct td_date since, until; /* until not set: still */
};

/* A year as the actor sees it. */
struct bloc_year {
    const char *home_id, *year_id, *label;
    int32_t first_year;
    const char *bloc_id, *bloc_name;
    bool territorial;
    const char *authority_id, *authority_name, *council, *standing_office;
    const char *regulation_id; /* NULL: not chosen yet */
    struct td_date as_of;      /* not set: the day on which one looks */
    bool released;             /* USE-4: the sheets are open to all members */
    struct instant released_at;
    int64_t version;
    struct year_member *members; /* in their order */
    int32_t member_count;
    int32_t head, deputy; /* today's, by index; or TD_NONE */
    const struct year_term *terms;
    int32_t term_count;
    bool keeps;    /* the actor is an officer of the bloc's authority or of one above it */
    bool observes; /* … or an observer */
};

/* The actor's years, the latest first, at most `limit`. */
struct year_brief {
    const char *home_id, *year_id, *label, *bloc_id, *bloc_name;
    bool territorial;
    bool keeps;
};
int year_list(struct office *office, const struct actor *actor, struct td_arena *arena,
              size_t limit, struct year_brief **ret, size_t *ret_count) TD_MUST_CHECK;

/* Years of a bloc that the actor keeps. */
int year_list_of_bloc(struct office *office, const struct actor *actor, struct td_arena *arena,
                      const char *home_id, const char *bloc_id, struct year_brief **ret,
                      size_t *ret_count) TD_MUST_CHECK;

int year_get(struct office *office, const struct actor *actor, struct td_arena *arena,
             const char *home_id, const char *year_id, struct bloc_year **ret) TD_MUST_CHECK;

/* The same inside another use case. */
int year_open(struct db_tx *tx, struct office *office, const struct actor *actor,
              const char *home_id, const char *year_id, struct bloc_year **ret) TD_MUST_CHECK;

/* Begin a bloc's year (USE-9: copy_from, an earlier year_id of the same bloc or NULL, gives members
 * and rules). The label is "2024" or "2024-2025". Fields: "label", "copy_from". */
int year_create(struct office *office, const struct actor *actor, struct td_arena *arena,
                const char *home_id, const char *bloc_id, const char *label, const char *copy_from,
                struct td_problems *problems, const char **ret_id) TD_MUST_CHECK;

/* Set the members, in this order: ids of units. A member with sheets, targets or a term stays.
 * Field: "members". */
int year_set_members(struct office *office, const struct actor *actor, struct td_arena *arena,
                     const char *home_id, const char *year_id, int64_t seen_version,
                     const char *const *unit_ids, int32_t count, struct td_problems *problems)
    TD_MUST_CHECK;

/* Begin a term of head or deputy on a day: the one before ends the day before, and this one where
 * a later one is there already. Fields: "unit",
 * "since". */
int year_set_term(struct office *office, const struct actor *actor, struct td_arena *arena,
                  const char *home_id, const char *year_id, bool deputy, const char *unit_id,
                  struct td_date since, struct td_problems *problems) TD_MUST_CHECK;

/* Say which regulation scores the year; and the day on which it is judged (not set: today). Refused
 * once sheets were submitted under another one. Fields: "regulation", "as_of". */
int year_set_rules(struct office *office, const struct actor *actor, struct td_arena *arena,
                   const char *home_id, const char *year_id, int64_t seen_version,
                   const char *regulation_id, struct td_date as_of, struct td_problems *problems)
    TD_MUST_CHECK;

/* USE-4: open the sheets to all members, by the head's leader or the authority's officer. */
int year_release(struct office *office, const struct actor *actor, struct td_arena *arena,
                 const char *home_id, const char *year_id) TD_MUST_CHECK;

/* ---- small questions ------------------------------------------------------------------------- */

/* Does the actor act for this member? */
static inline bool year_acts(const struct bloc_year *year, int32_t member)
{
    return member != TD_NONE && (year->members[member].leads || year->members[member].prepares);
}
/* The index of a unit among the members, or TD_NONE. */
int32_t year_member_of(const struct bloc_year *year, const char *unit_id) __attribute__((nonnull));

#endif
