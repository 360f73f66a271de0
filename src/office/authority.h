/*
 * Authorities, units and blocs (ORG-1, ORG-2): who there is, before any year. Kept by the officers
 * of an authority, for it and for those below it; a root authority, and with it a home, is created
 * by an administrator.
 */
#ifndef OFFICE_AUTHORITY_H
#define OFFICE_AUTHORITY_H

#include "office/office.h"

#define OFFICE_NAME_MAX 200 /* bytes of a name */
#define OFFICE_CODE_MAX 24  /* bytes of a unit's code: letters and digits, '-', '_', '.' */

struct authority {
    const char *home_id;
    const char *authority_id;
    const char *parent_id;   /* NULL: the root */
    const char *parent_name; /* or NULL */
    const char *name;
    const char *council;         /* its Emulation and Commendation Council, as papers name it */
    const char *standing_office; /* the council's standing office */
    int64_t version;
};

struct unit {
    const char *home_id;
    const char *unit_id;
    const char *authority_id;
    const char *authority_name;
    const char *code;
    const char *name;
    int64_t version;
};

struct bloc {
    const char *home_id;
    const char *bloc_id;
    const char *name;
    bool territorial;         /* cụm; otherwise khối */
    const char *authority_id; /* answers for it today */
    const char *authority_name;
    struct td_date since; /* since then */
    int64_t version;
};

/* What the actor keeps: the authorities whose officer the actor is and those below; an
 * administrator sees all authorities. In the order of names. */
int authority_list(struct office *office, const struct actor *actor, struct td_arena *arena,
                   struct authority **ret, size_t *ret_count) TD_MUST_CHECK;

/* Create (authority_id NULL) or change. parent_id NULL and home_id NULL: a new home with its root,
 * by an administrator. Fields of problems: "name", "council", "standing_office". *ret_id gets the
 * id, *ret_home the home's. */
int authority_save(struct office *office, const struct actor *actor, struct td_arena *arena,
                   const struct authority *authority, struct td_problems *problems,
                   const char **ret_home, const char **ret_id) TD_MUST_CHECK;

int authority_get(struct office *office, const struct actor *actor, struct td_arena *arena,
                  const char *home_id, const char *authority_id, struct authority *ret)
    TD_MUST_CHECK;

/* Units and blocs of an authority that the actor keeps. */
int unit_list(struct office *office, const struct actor *actor, struct td_arena *arena,
              const char *home_id, const char *authority_id, struct unit **ret, size_t *ret_count)
    TD_MUST_CHECK;
int bloc_list(struct office *office, const struct actor *actor, struct td_arena *arena,
              const char *home_id, const char *authority_id, struct bloc **ret, size_t *ret_count)
    TD_MUST_CHECK;

/* Create (unit_id NULL) or change. Fields: "code", "name". OFFICE_CONFLICT: changed meanwhile. */
int unit_save(struct office *office, const struct actor *actor, struct td_arena *arena,
              const struct unit *unit, struct td_problems *problems, const char **ret_id)
    TD_MUST_CHECK;
int unit_get(struct office *office, const struct actor *actor, struct td_arena *arena,
             const char *home_id, const char *unit_id, struct unit *ret) TD_MUST_CHECK;

/* Create (bloc_id NULL) or change. A changed authority is a delegation: it counts from `since`
 * (not set: today), and the bloc's past stays with who answered for it then. Fields: "name",
 * "authority", "since". */
int bloc_save(struct office *office, const struct actor *actor, struct td_arena *arena,
              const struct bloc *bloc, struct td_problems *problems, const char **ret_id)
    TD_MUST_CHECK;
int bloc_get(struct office *office, const struct actor *actor, struct td_arena *arena,
             const char *home_id, const char *bloc_id, struct bloc *ret) TD_MUST_CHECK;

#endif
