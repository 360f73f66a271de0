/*
 * From a regulation and a year to scores, ranks, outcomes and proposals.
 *
 * Pure: no I/O, clock, locale, global or floating point; the same input gives the same result for
 * ever. Both inputs must have passed their checks. What can't be decided is a result of its own
 * kind (struct td_open), never a guess: while one is open the result is not final.
 */
#ifndef THIDUA_SCORE_H
#define THIDUA_SCORE_H

#include "thidua/year.h"

/* What keeps a result from being final. */
enum td_open_kind {
    TD_OPEN_SHEET,      /* a sheet is missing and nobody settled it (SCO-8) */
    TD_OPEN_EMPTY,      /* an item of a submitted sheet is empty (SCO-12) */
    TD_OPEN_TIER,       /* a value lies in no tier (CRI-4, SCO-9f) */
    TD_OPEN_TARGET,     /* a share of a plan needs a target above zero */
    TD_OPEN_RESULT,     /* a settled figure or an outside rater's value is missing */
    TD_OPEN_NOT_ARISEN, /* an item did not arise and the regulation doesn't say what then */
    TD_OPEN_REASON,     /* a reviewed value differs and gives no reason */
    TD_OPEN_RATERS,     /* fewer sheets than the highest and lowest to drop */
    TD_OPEN_FACT,       /* a fact that decides is not known yet (ELI-5) */
    TD_OPEN_QUOTA,      /* the authority has not allotted the quota */
    TD_OPEN_SELECTION,  /* selection waits for something above */
    TD_OPEN_TIE,        /* equal units, too few seats, no vote yet */
    TD_OPEN_HONOUR,     /* the conference has not voted yet */
    TD_OPEN_VOTE,       /* a recorded vote doesn't count (quorum, majority, candidates) */
};

struct td_open {
    enum td_open_kind kind;
    int32_t unit, stage, rater, item, fact, award; /* those that apply; the others TD_NONE */
    struct td_message text;
    const char *clause;
    struct td_open *next;
};

struct td_reason {
    enum td_outcome outcome;
    struct td_message text; /* id NULL: `words` says it */
    const char *words;      /* the regulation's own words, or NULL */
    const char *clause;
    struct td_reason *next;
};

struct td_unit_result {
    struct td_fraction exact;   /* the score, in points; with open questions: of what is known */
    struct td_decimal shown;    /* rounded for people */
    struct td_fraction maximum; /* the unit's own, after items left out */
    struct td_fraction percent; /* exact / maximum, in hundredths: 86.67 is 8667/100 */
    bool provisional;           /* something open bears on this score */
    int32_t counted, expected;  /* sheets in the mean, and sheets that should be: the divisor */
    int64_t bonus, deducted;    /* after caps, in item units */
    int32_t rank;               /* 1 is best; equal units share a rank, the next is skipped */
    enum td_outcome outcome;
    struct td_reason *reasons;
};

struct td_proposal {
    int32_t award, unit;
    bool by_vote; /* a vote decided it */
};

/* Equal units where the seats don't suffice: only they are put to a vote. */
struct td_tie {
    int32_t award, seats;
    const int32_t *units;
    int32_t unit_count;
};

struct td_result {
    bool final;
    struct td_unit_result *units; /* by member */
    int32_t *order;               /* members in rank order; equals in the year's order */
    int32_t unit_count;
    struct td_open *open;
    struct td_proposal *proposals; /* by award, then rank */
    int32_t proposal_count;
    struct td_tie *ties;
    int32_t tie_count;
    struct td_open *notices; /* for a person to look at; they keep nothing from being final */
};

/* How an input of a sheet became points. */
enum td_item_state {
    TD_ITEM_SCORED,
    TD_ITEM_EMPTY,     /* nothing is entered; not a zero (SCO-12) */
    TD_ITEM_NO_TIER,   /* the value lies in no tier */
    TD_ITEM_NO_TARGET, /* a share of a plan needs a target above zero */
    TD_ITEM_ELSEWHERE, /* its points don't come from one sheet alone: RANK, LEADER, settled */
};

struct td_item_points {
    int64_t points; /* in item units; 0 unless SCORED */
    enum td_item_state state;
};

/* Points of one input, for whoever shows a sheet while it is filled in. `cells` are the item's own
 * (item.cells of them); `target` is the unit's for this item, or TD_EMPTY. The same arithmetic as
 * td_score's. */
struct td_item_points td_item_points(const struct td_regulation *regulation, int32_t item,
                                     const int64_t *cells, int64_t target) __attribute__((nonnull));

/* Score, rank and select. *ret lives in the arena. TD_OK or TD_E_MEMORY. */
int td_score(const struct td_regulation *regulation, const struct td_year *year,
             struct td_arena *arena, struct td_result **ret) TD_MUST_CHECK __attribute__((nonnull));

/* From which sections of the criteria (nodes without a parent, in the order of nodes) each unit's
 * points come, for a chart or a table: ret[unit * td_section_count + section], exact, in points.
 * Raters are combined as for the score; a unit's sections add up to its score before bonus, cap and
 * deductions. What is open counts as in td_score: of what is known. Where the highest or lowest
 * sheet is left out and several are equal, the first of them is. *ret lives in the arena. TD_OK or
 * TD_E_MEMORY. */
int32_t td_section_count(const struct td_regulation *regulation) __attribute__((nonnull));
int td_section_points(const struct td_regulation *regulation, const struct td_year *year,
                      struct td_arena *arena, struct td_fraction **ret) TD_MUST_CHECK
    __attribute__((nonnull));

/* The message id of an outcome: "eligible", "lowered", … */
const char *td_outcome_text(enum td_outcome outcome);

/* One step of an explanation: what was computed, in figures, with the clause behind it, and below
 * it the steps that gave its parts. */
struct td_step {
    struct td_message text;
    const char *clause;
    struct td_step *child, *next;
};

/* SCO-7: from the unit's final score down to each item of each rater. `result` is td_score's for
 * the same inputs. The sums in the tree are the ones that gave the result. TD_OK or TD_E_MEMORY. */
int td_explain(const struct td_regulation *regulation, const struct td_year *year,
               const struct td_result *result, int32_t unit, struct td_arena *arena,
               struct td_step **ret) TD_MUST_CHECK __attribute__((nonnull));

#endif
