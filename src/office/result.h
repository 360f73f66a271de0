/*
 * Results of a year, live from the engine (SCO-7, SCO-8, SCO-11): nothing is kept, so nothing can
 * be stale.
 */
#ifndef OFFICE_RESULT_H
#define OFFICE_RESULT_H

#include "base/buf.h"
#include "office/sheet.h"

struct result {
    struct sheet_board board; /* who has submitted */
    const struct td_regulation *regulation;
    struct td_year *year;
    struct td_result *result; /* NULL: sealed, or the year can't be scored yet (problems) */
    bool sealed;              /* the actor may not see scores yet */
};

/* Score the year. problems: why it can't be scored (no rules, no members, …); then result is NULL
 * and the status is TD_OK. */
int result_get(struct office *office, const struct actor *actor, struct td_arena *arena,
               const char *home_id, const char *year_id, struct td_problems *problems,
               struct result *ret) TD_MUST_CHECK;

/* Explain a unit's score, from a result that was got with result_get. */
int result_explain(const struct result *result, int32_t unit, struct td_arena *arena,
                   struct td_step **ret) TD_MUST_CHECK;

/* The whole year as a file that `thidua score` reads, and the bytes of its regulation. For whoever
 * sees the result. */
int result_export(struct office *office, const struct actor *actor, struct td_arena *arena,
                  const char *home_id, const char *year_id, struct buf *out) TD_MUST_CHECK;

#endif
