/*
 * A year that exists as a file (docs/year-format.md) taken into a home: for offices that come with
 * files, and for demonstrations.
 */
#ifndef OFFICE_IMPORT_H
#define OFFICE_IMPORT_H

#include "office/office.h"

struct import {
    const char *home_id, *authority_id; /* the authority that answers for the bloc */
    const char *year_path;
    const char *regulation_path;
};

/* Create the bloc, its year and everything in it, by an officer of the authority. Units are found
 * by their code, or created; head and deputy have their role from the year's first day. All or
 * nothing, but for the regulation, which stays once it was taken. OFFICE_REFUSED: the problems
 * carry the file. */
int import_year(struct office *office, const struct actor *actor, struct td_arena *arena,
                const struct import *import, struct td_problems *problems, const char **ret_year_id)
    TD_MUST_CHECK __attribute__((nonnull));

#endif
