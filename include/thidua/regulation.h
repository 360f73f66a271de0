/*
 * A regulation (quy chế chấm điểm và bình xét) as data: what is scored, by whom, how the scores of
 * several raters become one, what bonus, deduction, fact and threshold decide, and how awards are
 * selected. docs/regulation-format.md describes the same objects as a file; src/format reads one
 * into these structures. The engine never changes them.
 *
 * Shape. Arrays with a count; references are indices into them (TD_NONE: none). Texts are
 * NUL-terminated UTF-8 in NFC, for people; ids are for machines: [a-z0-9_.-], 1..64 bytes, unique
 * within their array. `clause` cites the source behind an object ("003 II.2.3a"), `where` is the
 * place in the caller's source (a JSON pointer) that problems name; either may be NULL.
 *
 * Units. Every amount of points is an integer in units of 10^-scale.item_decimals: with two
 * decimals, 12.5 points are 1250. Every value of an item (target, actual, index) is an integer in
 * units of 10^-item.decimals.
 *
 * Before use a regulation must have passed td_regulation_check, which also proves that no number
 * can overflow; the other functions rely on it.
 */
#ifndef THIDUA_REGULATION_H
#define THIDUA_REGULATION_H

#include "thidua/arena.h"
#include "thidua/date.h"
#include "thidua/decimal.h"
#include "thidua/problem.h"

#define TD_NONE (-1)

/* Limits. A file beyond one of them is refused with a message that states it. */
#define TD_NODES_MAX 4096     /* sections, criteria and items of a regulation */
#define TD_DEPTH_MAX 8        /* levels of the criteria tree */
#define TD_PARTS_MAX 62       /* parts of a checklist, events of a plus-and-minus item, tiers */
#define TD_STAGES_MAX 8       /* stages of scoring */
#define TD_MEMBERS_MAX 512    /* members of a bloc; also raters of a panel */
#define TD_RULES_MAX 256      /* facts, eligibility rules, deductions, duties: each */
#define TD_AWARDS_MAX 16      /* awards of a regulation */
#define TD_ENTRIES_MAX 10000  /* decisions, bonuses and deductions of a year: each list */
#define TD_POINTS_MAX 1000000 /* points of a regulation's scale, in whole points */
#define TD_ITEM_DECIMALS_MAX 4
#define TD_VALUE_MAX INT64_C(1000000000000000) /* a value of an item, in its units: 10^15 */

/* ---- points and rounding --------------------------------------------------------------------- */

enum td_rank_by {
    TD_RANK_BY_EXACT,   /* ranks, thresholds and ties compare exact values */
    TD_RANK_BY_SHOWN,   /* they compare the rounded values that people see */
    TD_RANK_BY_PERCENT, /* they compare score / the unit's own maximum: for rules that leave
                           criteria out and so lower a unit's maximum (SCO-9a) */
};

/* SCO-6: an item's points are rounded once, to item_decimals by item_round; the total is rounded
 * once more, for show, to total_decimals by total_round. */
struct td_scale {
    int64_t total;          /* the scale's points in item units: 1000 points are 100000 with two
                               item decimals */
    uint8_t item_decimals;  /* 0..TD_ITEM_DECIMALS_MAX */
    uint8_t total_decimals; /* 0..TD_DECIMALS_MAX */
    enum td_round item_round;
    enum td_round total_round;
    enum td_rank_by rank_by;
    bool above_total; /* a bonus may lift a total above the scale (SCO-9d) */
};

/* ---- criteria -------------------------------------------------------------------------------- */

enum td_way {
    TD_WAY_DIRECT,     /* points given directly, in steps */
    TD_WAY_PLAN,       /* share of the plan achieved, at most 100% */
    TD_WAY_TIERS,      /* the value's tier gives the points */
    TD_WAY_CHECKLIST,  /* parts that are met give their points */
    TD_WAY_COUNT,      /* count times points each, up to the item's points */
    TD_WAY_PLUS_MINUS, /* start plus and minus events, between floor and the item's points */
    TD_WAY_RANK,       /* place among the bloc's members gives points by a table */
    TD_WAY_LEADER,     /* relative to the bloc's leader (SCO-9a) */
};

/* Where an item's value comes from. */
enum td_source {
    TD_FROM_SHEETS,  /* each rater's sheet has its own */
    TD_FROM_RESULTS, /* one settled figure for each unit, kept with the year */
    TD_FROM_OUTSIDE, /* the mean of several outside raters' values (only TD_WAY_RANK) */
};

/* SCO-13: what an item is worth for a unit where it did not arise. */
enum td_when_none {
    TD_WHEN_NONE_UNSAID, /* the regulation doesn't say: a person must settle it */
    TD_WHEN_NONE_FULL,
    TD_WHEN_NONE_ZERO,
    TD_WHEN_NONE_LEFT_OUT, /* no points, and the unit's maximum is lower by the item's points */
};

enum td_better { TD_BETTER_HIGHER, TD_BETTER_LOWER };

/* A tier holds the values from `first` to `last`, both included: values have a last decimal, so
 * with two decimals "above 20" begins at 20.01. A tier without a lower end begins at -TD_VALUE_MAX,
 * one without an upper end ends at TD_VALUE_MAX. */
struct td_tier {
    int64_t first, last;
    int64_t points;
    const char *title; /* or NULL */
    const char *where;
};

/* A part of a checklist (points > 0) or an event of a plus-and-minus item (points of either sign,
 * for each time it happens). */
struct td_part {
    const char *id;
    const char *title;
    int64_t points;
    const char *where;
};

struct td_item {
    int32_t node; /* its node */
    enum td_way way;
    enum td_source source;
    enum td_when_none when_none;
    enum td_better better; /* PLAN, RANK, LEADER */
    uint8_t decimals;      /* of its values; 0 for COUNT, CHECKLIST, PLUS_MINUS; the scale's item
                              decimals for DIRECT, whose values are points */
    const char *unit;      /* unit of measure, shown; or NULL */
    int64_t points;        /* the most it gives (điểm chuẩn) */
    int32_t cell;          /* first of its cells in a row of inputs; set by td_regulation_lay_out */
    int32_t cells;         /* PLUS_MINUS: one for each event; otherwise 1 */

    int64_t step;                 /* DIRECT: values are multiples of it; COUNT: points for each */
    int64_t start;                /* PLUS_MINUS: points before any event */
    int64_t floor;                /* PLUS_MINUS: never below */
    int64_t after;                /* RANK: points for places after the table's last */
    struct td_fraction on_target; /* LEADER: share of the points on reaching the target exactly */
    const struct td_tier *tiers;  /* TIERS, in the file's order */
    int32_t tier_count;
    const struct td_part *parts; /* CHECKLIST, PLUS_MINUS */
    int32_t part_count;
    const int64_t *places; /* RANK: places[0] is for the first place */
    int32_t place_count;
};

/* A node of the criteria tree, in the order of the paper (depth first): a parent comes before its
 * children, and a node's items are items[first_item .. first_item + item_count - 1]. */
struct td_node {
    const char *id;
    const char *number; /* as printed, which may repeat or jump (CRI-1); or NULL */
    const char *title;
    const char *clause;
    const char *where;
    int32_t parent; /* TD_NONE at the top: a section */
    int32_t depth;  /* 0 at the top */
    int32_t item;   /* its item when it is a leaf, otherwise TD_NONE */
    int32_t first_item, item_count;
    int64_t points;
    bool example; /* the allotment of points is an example of ours, not of the source */
    bool added;   /* the bloc added this criterion to the frame's */
};

/* ---- who scores, and how raters combine ------------------------------------------------------ */

enum td_rater {
    TD_RATER_SELF,   /* each member scores itself */
    TD_RATER_OTHERS, /* each member scores every other */
    TD_RATER_HEAD,   /* the head scores every member; itself through for_head */
    TD_RATER_BODY,   /* one body (council, standing office) scores every member */
    TD_RATER_PANEL,  /* the raters that the year names for the stage score every member */
};

struct td_stage {
    const char *id;
    const char *title;
    const char *clause;
    const char *where;
    enum td_rater rater;
    bool deputy_for_head; /* HEAD: the deputy scores the head; otherwise the head itself does */
    bool optional;        /* a missing sheet is no gap: the stage before it stands */
    int32_t differs_from; /* stage from which a differing value needs a reason, or TD_NONE */
    int32_t duty;         /* the duty of sending its sheets, which says by when; or TD_NONE */
};

enum td_combine {
    TD_COMBINE_WEIGHTED, /* sum over parts of weight times the mean of the part's sheets */
    TD_COMBINE_LAST,     /* the sheet of the last stage that has one */
};

/* "Every sheet one voice" is a single part of weight 1 over several stages. */
struct td_voice {
    struct td_fraction weight; /* the weights of all parts add up to 1 */
    int32_t stages[TD_STAGES_MAX];
    int32_t stage_count;
    int32_t drop_highest, drop_lowest; /* sheets left out of the mean, by total */
    const char *where;
};

/* ---- bonus and deductions -------------------------------------------------------------------- */

enum td_bonus_kind {
    TD_BONUS_OVER_PLAN, /* from the settled values of PLAN items above their plan */
    TD_BONUS_AWARDED,   /* given by a body, entered with the year */
};

struct td_bonus_part {
    const char *id;
    const char *title;
    const char *clause;
    const char *where;
    enum td_bonus_kind kind;
    const char *by;          /* AWARDED: the body that gives it */
    int64_t cap;             /* of the part; TD_NONE: none */
    int32_t section;         /* OVER_PLAN: node whose items count */
    int64_t points;          /* OVER_PLAN: for every `per` over the plan */
    struct td_fraction per;  /* OVER_PLAN: 1/100 is "cứ vượt 01%" */
    bool proportional;       /* OVER_PLAN: parts of a step count; otherwise whole steps only */
    struct td_fraction each; /* OVER_PLAN: at most this share of the item's points; {0,1}: no cap */
};

struct td_bonus {
    int64_t cap;   /* of all parts together; TD_NONE: none */
    bool in_total; /* the scale's total includes the cap: 950 + 50 = 1000 */
    const char *clause;
    const char *where;
    const struct td_bonus_part *parts;
    int32_t part_count;
};

/* What must stand behind a deduction. */
enum td_needs {
    TD_NEEDS_FINDING, /* a finding in words, with its source */
    TD_NEEDS_LETTER,  /* a letter from a listed issuer, on a listed subject */
    TD_NEEDS_DUTY,    /* a duty of the year, or an activity, that was not met */
};

struct td_deduction {
    const char *id;
    const char *title;
    const char *clause;
    const char *where;
    enum td_needs needs;
    int64_t each;
    int64_t cap;                /* over all entries of this kind for a unit; TD_NONE: none */
    bool head_only;             /* only the bloc's head can be charged */
    bool once;                  /* counts at most once for a unit */
    const char *const *issuers; /* LETTER: bodies whose letters count; count 0: any */
    int32_t issuer_count;
    const char *const *subjects; /* LETTER: subjects that count; count 0: any */
    int32_t subject_count;
};

/* ---- facts and eligibility ------------------------------------------------------------------- */

/* A grade of a fact. Grades stand from best to worst; "at most good" means good or worse. */
struct td_grade {
    const char *id;
    const char *title;
};

/* Grades of a fact derived from a duty, in this order. */
#define TD_DUTY_DONE 0
#define TD_DUTY_EXCUSED 1
#define TD_DUTY_LATE 2
#define TD_DUTY_NOT_DONE 3

struct td_fact {
    const char *id;
    const char *title;
    const char *clause;
    const char *where;
    const char *by;    /* the body that supplies it; NULL for a derived one */
    const char *as_of; /* "MM-DD" of the year as of which it is stated, or NULL */
    int32_t duty;      /* derived from the year's process data of this duty, or TD_NONE */
    const struct td_grade *grades;
    int32_t grade_count;
    int32_t unreported; /* the grade that stands when nobody reports one, or TD_NONE: then a missing
                           fact leaves the outcome pending (ELI-5) */
};

enum td_test {
    TD_TEST_IS,       /* fact has the grade */
    TD_TEST_AT_LEAST, /* the grade or better */
    TD_TEST_AT_MOST,  /* the grade or worse */
    TD_TEST_ALL,
    TD_TEST_ANY,
    TD_TEST_NOT, /* one child */
};

/* A condition is a small tree over facts. Unknown facts make an unknown condition unless the rest
 * decides it (Kleene's logic). */
struct td_condition {
    enum td_test test;
    int32_t fact, grade;              /* IS, AT_LEAST, AT_MOST */
    const struct td_condition *parts; /* ALL, ANY, NOT */
    int32_t part_count;
};

enum td_outcome {
    TD_ELIGIBLE,
    TD_LOWERED,         /* hạ một mức */
    TD_BELOW_THRESHOLD, /* under the least score of every award */
    TD_PENDING,         /* a fact that decides is not known yet */
    TD_DEFERRED,        /* chưa xét */
    TD_EXCLUDED,        /* không xét */
};

struct td_rule {
    const char *id;
    const char *reason; /* in the regulation's own words */
    const char *clause;
    const char *where;
    enum td_outcome outcome; /* EXCLUDED, DEFERRED or LOWERED */
    int32_t levels;          /* LOWERED: by how many */
    const struct td_condition *when;
    const struct td_condition *unless; /* or NULL */
};

/* ---- awards, selection, votes ---------------------------------------------------------------- */

enum td_how {
    TD_HOW_SCORE, /* from the highest score down to the quota (AWD-3) */
    TD_HOW_VOTE,  /* the conference honours by vote, on nominations (AWD-4) */
    TD_HOW_PICK,  /* a body picks among the units qualified for another award (AWD-5) */
};

enum td_quota { TD_QUOTA_AUTHORITY, TD_QUOTA_SEATS, TD_QUOTA_SHARE, TD_QUOTA_UNLIMITED };

struct td_award {
    const char *id;
    const char *title;
    const char *clause;
    const char *where;
    enum td_how how;
    bool has_least;
    bool least_is_percent;           /* of the unit's maximum, with TD_RANK_BY_PERCENT */
    struct td_fraction least;        /* in whole points, or a share */
    const struct td_condition *when; /* for this award only; or NULL */
    enum td_quota quota;
    int32_t seats;             /* SEATS */
    struct td_fraction share;  /* SHARE of the members */
    enum td_round share_round; /* 30% of 7, down, is 2 */
    uint32_t counts;           /* bit a set: winners of award a use up this quota's seats */
    int32_t among;             /* PICK: the award whose qualified units may be picked, or TD_NONE */
    const char *by;            /* PICK, VOTE: who picks or nominates */
};

struct td_selection {
    bool has_least;
    struct td_fraction least; /* for any award, in whole points */
    bool vote_always;         /* equal scores within the quota are put to a vote even where equality
                                 decides nothing (AWD-3) */
    bool floor_lowest;        /* lowered below the last award keeps the last; otherwise none */
    int32_t priority_fact, priority_grade; /* AWD-7: among equals, units with this grade go first;
                                              TD_NONE: no such rule */
    const char *clause;
    const char *priority_clause;
    const char *where;
};

enum td_base { TD_BASE_MEMBERS, TD_BASE_PRESENT, TD_BASE_ISSUED, TD_BASE_COLLECTED, TD_BASE_VALID };

/* MTG-5: every vote states its majority and its base. */
struct td_vote_rule {
    struct td_fraction majority; /* {0,1}: most votes win, no majority needed */
    bool strictly_more;          /* more than the majority; otherwise at least */
    enum td_base base;
    const char *clause;
    const char *where;
};

/* ---- duties and meetings --------------------------------------------------------------------- */

enum td_calendar { TD_CALENDAR_YEAR, TD_SCHOOL_YEAR };

enum td_due {
    TD_DUE_NONE,
    TD_DUE_BEFORE,         /* "trước ngày": the day itself is too late */
    TD_DUE_BY,             /* "chậm nhất": the day itself is in time */
    TD_DUE_IN_MONTH,       /* "trong tháng" */
    TD_DUE_IN_QUARTER,     /* calendar quarter */
    TD_DUE_MONTHLY,        /* every month, from day to day */
    TD_DUE_BEFORE_MEETING, /* at least `days` days before the meeting */
};

struct td_when_due {
    enum td_due kind;
    int32_t month, day;       /* BEFORE, BY; IN_MONTH (month), IN_QUARTER (month holds 1..4) */
    struct td_date date;      /* BEFORE, BY: a full date instead, in a regulation of one year */
    int32_t day_from, day_to; /* MONTHLY */
    int32_t meeting, days;    /* BEFORE_MEETING */
};

struct td_duty {
    const char *id;
    const char *title;
    const char *clause;
    const char *where;
    const char *who;       /* who owes it: "member", "head", … */
    bool each_member;      /* every member owes it for itself */
    const char *const *to; /* who receives it, often two */
    int32_t to_count;
    struct td_when_due due;
    struct td_date printed; /* the date as the source prints it, when that can't be right (CYC-4) */
};

struct td_distance {
    int32_t duty, meeting; /* one of them, the other TD_NONE */
    int32_t days;          /* it comes at least so many days before */
};

struct td_meeting {
    const char *id; /* pact, midterm, preparatory, yearend, … */
    const char *title;
    const char *clause;
    const char *where;
    struct td_when_due due;
    struct td_fraction quorum; /* share of the members that must be present; {0,1}: none */
    const char *place;
    const char *const *composition;
    int32_t composition_count;
    const char *consent_of; /* body that agrees beforehand (MTG-4), or NULL */
    bool optional;
    const struct td_distance *after;
    int32_t after_count;
};

struct td_legal_basis {
    const char *cite;
    struct td_date from, until; /* in force from; and until, not set: still */
    const char *where;
};

struct td_source_text {
    const char *id; /* clauses begin with it: "003 II.2.3a" */
    const char *title;
};

/* ---- the regulation -------------------------------------------------------------------------- */

struct td_regulation {
    const char *id;
    int32_t version;
    const char *sha256; /* of the file's bytes, 64 hex digits; or NULL when there is no file */
    const char *title;
    const char *authority;
    const char *frame;     /* id of the frame it makes concrete, or NULL */
    const char *variant;   /* of the frame's section that has variants; "none" is a choice too */
    struct td_date issued; /* not set in a draft */
    int32_t year;          /* a regulation made for one year; 0: any. School years by their first */
    enum td_calendar calendar;
    int32_t school_month, school_day; /* SCHOOL_YEAR: its first day */
    const char *const *notes;
    int32_t note_count;
    const struct td_source_text *sources;
    int32_t source_count;
    const struct td_legal_basis *bases;
    int32_t base_count;

    struct td_scale scale;
    struct td_node *nodes;
    int32_t node_count;
    struct td_item *items;
    int32_t item_count;
    int32_t cell_count; /* cells of one row of inputs; set by td_regulation_lay_out */

    const struct td_stage *stages;
    int32_t stage_count;
    enum td_combine combine;
    const char *combine_clause;
    const struct td_voice *voices; /* WEIGHTED: the parts; LAST: one, its stages in order */
    int32_t voice_count;

    struct td_bonus bonus;
    const struct td_deduction *deductions;
    int32_t deduction_count;
    int64_t deduction_cap; /* of all together; TD_NONE: none */

    const struct td_fact *facts;
    int32_t fact_count;
    const struct td_rule *rules;
    int32_t rule_count;

    const struct td_award *awards; /* from the highest; "lowered" moves down this list */
    int32_t award_count;
    struct td_selection selection;
    struct td_vote_rule tie_vote;
    struct td_vote_rule honour_vote;
    const char *escalate_to; /* who settles disagreements, or NULL */

    const struct td_duty *duties;
    int32_t duty_count;
    const struct td_meeting *meetings;
    int32_t meeting_count;
};

/* Number the items' cells and the nodes' item ranges after nodes[] and items[] are filled in the
 * order of the paper. Reads node.parent, node.depth, node.item and item.way. */
void td_regulation_lay_out(struct td_regulation *regulation) __attribute__((nonnull));

/* Everything that must hold beyond the shape of single fields: sums of points (CRI-1), tiers that
 * overlap, weights that add up to 1, references that fit the way of scoring, dates inside the year
 * (CYC-4), legal bases in force (LAW-1), and the bound below which every number stays (law 2).
 * Each breach is added to `problems` with its `where`. TD_OK when there was no error (notices
 * may have been added), TD_E_INVALID when there was one, TD_E_MEMORY. */
int td_regulation_check(const struct td_regulation *regulation, struct td_problems *problems)
    TD_MUST_CHECK __attribute__((nonnull));

/* The sum of a node's children, or its own points when it is an item. */
int64_t td_node_sum(const struct td_regulation *regulation, int32_t node) __attribute__((nonnull));

#endif
