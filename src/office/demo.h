/*
 * A demonstration: a database of its own with the three example years and an account for every
 * role, entered without a password. Its installation's row says that it is a demonstration, and
 * nothing here works on a database that doesn't.
 */
#ifndef OFFICE_DEMO_H
#define OFFICE_DEMO_H

#include "office/session.h"

/* Make the database a demonstration's, and fill it from the folder that holds examples/ and
 * regulations/. One that is filled already is left as it is; one that was filled only in part, by
 * a run that was cut short, is completed. OFFICE_FORBIDDEN: an office's data are in it. */
int demo_install(struct office *office, const char *folder, struct td_arena *arena,
                 struct td_problems *problems) TD_MUST_CHECK __attribute__((nonnull));

/* Enter as one of its accounts. OFFICE_FORBIDDEN outside a demonstration; OFFICE_NOT_FOUND. */
int demo_enter(struct office *office, const char *login, struct td_arena *arena,
               struct session_begun *ret) TD_MUST_CHECK __attribute__((nonnull));

#endif
