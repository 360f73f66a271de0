/*
 * What happened in one bloc in one emulation year: members and roles, score sheets, facts, bonus
 * and deductions, quotas, meetings and votes. Input of td_score; the engine never changes it.
 *
 * References are indices: units into members[], items into the regulation's items[], and so on;
 * TD_NONE is none. An empty cell is TD_EMPTY and is not a zero (SCO-12).
 */
#ifndef THIDUA_YEAR_H
#define THIDUA_YEAR_H

#include "thidua/regulation.h"

#define TD_EMPTY INT64_MIN

struct td_member {
    const char *code; /* short id within the bloc, shown in tables: "SCT" */
    const char *name;
    const char *where;
};

enum td_sheet_state {
    TD_SHEET_DRAFT,     /* begun, not submitted: counts as missing */
    TD_SHEET_SUBMITTED, /* counts */
    TD_SHEET_ABSTAINED, /* the rater declares that it can't judge this unit (USE-4): the mean is
                           taken without it, and says so */
};

/* One rater's sheet about one unit. `rater` is a member for SELF, OTHERS and HEAD, an index into
 * the stage's panel for PANEL, and 0 for BODY. */
struct td_sheet {
    int32_t unit, stage, rater;
    enum td_sheet_state state;
    struct td_date submitted;
    const int64_t *cells;       /* cell_count inputs, or NULL when abstained. By way of scoring:
                                   DIRECT points; PLAN, TIERS, RANK, LEADER the value; COUNT the
                                   count; CHECKLIST bit i for part i; PLUS_MINUS the count of each
                                   event. Cells of items not scored on sheets are TD_EMPTY */
    const char *const *reasons; /* item_count reasons, each may be NULL; or NULL: none at all */
    const char *abstained;      /* why, when abstained */
    const char *where;
};

/* CRI-5: what a target rests on. */
enum td_basis {
    TD_BASIS_UNSAID,
    TD_BASIS_ASSIGNED,      /* from above */
    TD_BASIS_COUNCIL,       /* resolution of the people's council */
    TD_BASIS_OWN_PLAN,      /* own approved plan */
    TD_BASIS_REGISTERED,    /* registered at the beginning of the year */
    TD_BASIS_PREVIOUS_YEAR, /* last year's actual */
};

/* Values that several outside raters gave for an item (SCO-9c). values[rater * member_count + unit]
 * or TD_EMPTY. */
struct td_outside {
    int32_t item;
    int32_t rater_count;
    const char *const *raters;
    const int64_t *values;
    const char *where;
};

/* SCO-8: how a missing sheet was settled. */
struct td_settled {
    int32_t stage, rater, unit; /* unit TD_NONE: all units of this rater */
    bool count_without;         /* otherwise: wait */
    const char *reason;
    const char *by;
    struct td_date date;
    const char *where;
};

/* SCO-3: what stayed open about an item (a value in no tier, an item that did not arise, a missing
 * figure) and was decided by the preparatory meeting or the council: the unit's points for it,
 * whatever the sheets say. The unit takes no part in the item's comparison of units. */
struct td_decision {
    int32_t item, unit;
    int64_t points;
    const char *reason;
    const char *by;
    struct td_date date;
    const char *where;
};

struct td_bonus_entry {
    int32_t part, unit;
    int64_t points;
    const char *reason;
    const char *by;
    struct td_date date;
    const char *where;
};

struct td_letter {
    const char *number; /* NULL: there is no letter */
    const char *issuer;
    const char *subject;
    struct td_date date;
};

struct td_deduction_entry {
    int32_t deduction, unit;
    int32_t duty;        /* NEEDS_DUTY: the duty not met, or TD_NONE when `finding` names it */
    const char *finding; /* what was found, in words; or NULL */
    struct td_letter letter;
    struct td_date date;
    const char *by;
    const char *where;
};

/* ELI-5: a fact about a unit, with its source. */
struct td_fact_entry {
    int32_t fact, grade;
    int32_t unit; /* TD_NONE: every unit without an entry of its own for this fact */
    const char *source;
    const char *by; /* who entered it */
    struct td_date date, as_of;
    const char *where;
};

/* What became of a duty of a unit: done on a day, excused with a reason, or extended (CYC-5). */
enum td_process_kind { TD_PROCESS_DONE, TD_PROCESS_EXCUSED, TD_PROCESS_EXTENDED };

struct td_process {
    enum td_process_kind kind;
    int32_t duty;
    int32_t unit;        /* TD_NONE: every unit (DONE: every unit without an entry of its own) */
    struct td_date date; /* done on; or extended until and including */
    const char *reason;
    const char *by;
    const char *where;
};

struct td_quota_entry {
    int32_t award, seats;
    const char *source;
    const char *where;
};

struct td_unit_of_award { /* a nomination or a pick */
    int32_t award, unit;
    const char *by;
    const char *source;
    const char *where;
};

struct td_meeting_held {
    int32_t meeting; /* of the regulation */
    struct td_date date;
    const int32_t *present; /* members present; NULL with present_count TD_NONE: not recorded */
    int32_t present_count;
    const char *where;
};

enum td_vote_about { TD_VOTE_TIE, TD_VOTE_HONOUR };
enum td_vote_method { TD_VOTE_SECRET, TD_VOTE_HANDS };

/* The counted outcome of a vote. One unit, one vote. Counts that were not taken are TD_NONE. */
struct td_vote {
    enum td_vote_about about;
    enum td_vote_method method;
    int32_t award;
    int32_t meeting; /* into meetings[], or TD_NONE */
    int32_t issued, not_returned, collected, valid, invalid;
    const int32_t *candidates; /* units */
    const int32_t *votes;      /* for each candidate */
    int32_t candidate_count;
    const char *where;
};

struct td_year {
    const char *title;
    const char *label;    /* "2024", "2022-2023" */
    int32_t year;         /* its (first) calendar year */
    struct td_date as_of; /* the day on which the year is judged; the engine has no clock */
    const char *bloc_id;
    const char *bloc_name;
    bool territorial; /* cụm; otherwise khối */
    const char *const *notes;
    int32_t note_count;

    const struct td_member *members;
    int32_t member_count;
    int32_t head, deputy;                    /* or TD_NONE */
    const char *const *panel[TD_STAGES_MAX]; /* PANEL stages: names of the raters */
    int32_t panel_count[TD_STAGES_MAX];

    const struct td_sheet *sheets; /* strictly ascending by (unit, stage, rater) */
    int32_t sheet_count;
    const int64_t *targets; /* [member * item_count + item] or TD_EMPTY; NULL: none */
    const uint8_t *bases;   /* enum td_basis, likewise; NULL: unsaid */
    const int64_t *results; /* [member * cell_count + cell], TD_FROM_RESULTS; NULL: none */
    const struct td_outside *outside;
    int32_t outside_count;
    const char *const *not_arisen; /* [member * item_count + item] why it did not arise, or NULL */
    const struct td_settled *settled;
    int32_t settled_count;
    const struct td_decision *decisions; /* at most one for a unit and item */
    int32_t decision_count;
    const struct td_bonus_entry *bonuses;
    int32_t bonus_count;
    const struct td_deduction_entry *deductions;
    int32_t deduction_count;
    const struct td_fact_entry *facts;
    int32_t fact_count;
    const struct td_process *process;
    int32_t process_count;
    const struct td_quota_entry *quotas;
    int32_t quota_count;
    const struct td_unit_of_award *nominations;
    int32_t nomination_count;
    const struct td_unit_of_award *picks;
    int32_t pick_count;
    const struct td_meeting_held *meetings;
    int32_t meeting_count;
    const struct td_vote *votes;
    int32_t vote_count;
};

/* Everything that must hold for a year under its regulation beyond the shape of single fields:
 * order and uniqueness of sheets, raters that fit their stage, values inside their item's range,
 * entries that fit what they refer to, counts of votes that add up, dates outside the year
 * (a notice, CYC-4). TD_OK, TD_E_INVALID or TD_E_MEMORY, as td_regulation_check. */
int td_year_check(const struct td_regulation *regulation, const struct td_year *year,
                  struct td_problems *problems) TD_MUST_CHECK __attribute__((nonnull));

#endif
