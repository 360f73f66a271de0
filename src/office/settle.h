/*
 * Sheets that are missing (SCO-8): whether the result waits for one or is counted without it is
 * decided by somebody, with a reason, and on record; nothing changes a divisor unsaid.
 *
 * The authority's officer decides, and the leader of the head's unit; about the head's own sheets
 * the deputy's (USE-4). A sheet that is submitted later counts all the same.
 */
#ifndef OFFICE_SETTLE_H
#define OFFICE_SETTLE_H

#include "office/sheet.h"

struct settlement {
    const char *unit;   /* as in struct sheet_key; "": all of the rater's sheets in the stage */
    bool count_without; /* otherwise it is waited for */
    const char *reason;
    const char *by;  /* who decided, in words: "the preparatory meeting of 5 December" */
    int64_t version; /* of all that was decided about the sheet, alone or with others; 0: nothing */
};

/* A sheet that is expected, and what was decided about it. */
struct settling {
    struct bloc_year *year;
    const struct td_regulation *regulation;
    struct sheet_brief brief;
    const char *rater_name;
    struct settlement settlement; /* version 0: nothing yet */
    int32_t decides; /* the member whose leader decides; or TD_NONE: only the authority's officer */
    bool may_settle;
};
/* Whoever sees the year may look. OFFICE_NOT_FOUND where no such sheet is expected. */
int settling_get(struct office *office, const struct actor *actor, struct td_arena *arena,
                 const struct sheet_key *key, struct settling *ret) TD_MUST_CHECK;

/* Decide about the sheet, or about all of its rater in its stage. OFFICE_FORBIDDEN;
 * OFFICE_CONFLICT: somebody else decided meanwhile. Fields: "reason", "by", "decision" (the sheet
 * is there). */
int settling_save(struct office *office, const struct actor *actor, struct td_arena *arena,
                  const struct sheet_key *key, const struct settlement *settlement,
                  struct td_problems *problems) TD_MUST_CHECK;

/* May the actor decide about sheets of this rater? Where there is no deputy, only the authority's
 * officer about those of the head. */
bool settling_allowed(const struct bloc_year *year, const struct td_regulation *regulation,
                      int32_t stage, int32_t rater);

#endif
