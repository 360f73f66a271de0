/*
 * Small things that the use cases of the organisation share: what an actor keeps, and whether a
 * text is fit for a name.
 */
#ifndef OFFICE_SCOPE_H
#define OFFICE_SCOPE_H

#include "db/queries.h"
#include "office/audit.h"
#include "office/office.h"

/* Is the actor an officer, or an observer, of the authority or of one above it? */
struct scope {
    bool keeps, observes;
};
int scope_of(struct db_tx *tx, const struct actor *actor, const char *home_id,
             const char *authority_id, struct scope *ret) TD_MUST_CHECK;

/* The same where the home's authorities were read already. */
struct scope scope_among(const struct actor *actor, const char *home_id, const char *authority_id,
                         const struct authority_row *rows, size_t count);

/* Is `upper` the authority `lower`, or one above it? */
bool scope_above(const struct authority_row *rows, size_t count, const char *upper,
                 const char *lower);

/* OFFICE_NOT_FOUND unless the actor keeps the authority. */
int scope_need(struct db_tx *tx, const struct actor *actor, const char *home_id,
               const char *authority_id) TD_MUST_CHECK;

/* Adds a problem at the field when the text is no fit name: empty, too long, or not plain text. */
void name_check(struct td_problems *problems, const char *field, const char *text, size_t max);
void code_check(struct td_problems *problems, const char *field, const char *text);

/* An error at a field. */
void refuse(struct td_problems *problems, const char *field, struct td_message what,
            struct td_message remedy);

/* OFFICE_REFUSED when there are errors, TD_E_MEMORY when the list isn't whole, otherwise TD_OK. */
int refusal(const struct td_problems *problems) TD_MUST_CHECK;

/* Forget what an earlier run of the same use case found. */
void problems_begin(struct td_problems *problems);

/* Today as the database keeps it, in the arena. */
const char *day_text(struct td_arena *arena, struct td_date date);
struct td_date day_of(const char *text); /* NULL or not a day: not set */

#endif
