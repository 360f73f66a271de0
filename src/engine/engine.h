/*
 * What the files of the engine share: one run over one bloc's year, and the few questions that
 * scoring and explaining both ask, so that an explanation can't drift from the result.
 */
#ifndef ENGINE_ENGINE_H
#define ENGINE_ENGINE_H

#include "thidua/thidua.h"

/* For what td_regulation_check has proved can't fail. Were the proof wrong, the program stops: a
 * wrong number must never come out. */
#define PROVED(expression)                                                                         \
    do {                                                                                           \
        if ((expression) < 0) {                                                                    \
            __builtin_trap();                                                                      \
        }                                                                                          \
    } while (0)

/* ---- one value of one item (item.c) ---------------------------------------------------------- */

enum item_state {
    ITEM_SCORED,
    ITEM_EMPTY,     /* no value; not a zero (SCO-12) */
    ITEM_NO_TIER,   /* in no tier (CRI-4, SCO-9f) */
    ITEM_NO_TARGET, /* no target above zero */
    ITEM_UNSAID,    /* did not arise, and the regulation doesn't say what then (SCO-13) */
    ITEM_LEFT_OUT,  /* no points, and the unit's maximum is lower */
};

struct scored {
    int64_t points; /* 0 unless SCORED */
    enum item_state state;
};

/* Points of a value by the item's own way: all ways but RANK and LEADER. Quantised once (SCO-6). */
struct scored item_score(const struct td_item *item, enum td_round round, const int64_t *cells,
                         int64_t target);

/* The same for `count` rows of cells about one unit, added to sums. False: one was not scored. */
bool item_add(const struct td_item *item, enum td_round round, const int64_t *const *rows,
              int32_t count, int64_t target, int64_t *sums);

/* The tier that holds the value, or TD_NONE. */
int32_t item_tier(const struct td_item *item, int64_t value);

/* ---- one run over a year (run.c) ------------------------------------------------------------- */

/* A unit's standing in a RANK or LEADER item. */
struct standing {
    int64_t points;
    enum item_state state;
    int32_t place; /* RANK: 1 is first */
};

/* One RANK or LEADER item over the whole bloc. */
struct relative {
    struct standing *units; /* by member */
    bool incomplete;        /* a value is missing: every place may still change (SCO-11) */
    int32_t leader;         /* LEADER: the unit furthest over its target, or TD_NONE */
    int64_t best;           /* LEADER: the greatest actual among those without a target */
};

/* ---- sheets ---------------------------------------------------------------------------------- */

enum presence {
    SHEET_COUNTS,
    SHEET_MISSING, /* and nobody settled it */
    SHEET_ABSTAINED,
    SHEET_WITHOUT, /* settled: count without (SCO-8) */
};

/* A sheet that the regulation expects about a unit, and what is there. */
struct expected {
    int32_t stage, rater;
    enum presence presence;
    const struct td_sheet *sheet;     /* or NULL */
    const struct td_settled *settled; /* WITHOUT, or MISSING with the decision to wait; or NULL */
};

struct run {
    const struct td_regulation *regulation;
    const struct td_year *year;
    struct td_arena *arena;
    struct td_result *result;       /* NULL while explaining */
    int32_t *first_sheet;           /* [unit]: its first sheet; [member_count] ends the last */
    struct relative **relative;     /* [item]: NULL for items of other ways */
    struct expected *expected;      /* room for the sheets of a stage */
    const struct td_sheet **sheets; /* room for the sheets of a part … */
    const int64_t **rows;           /* … for their cells */
    int64_t *sums;                  /* … and for their totals */
    bool *set_aside;    /* [unit * item_count + item]: did not arise, or was decided; NULL: none */
    int64_t *awarded;   /* [unit * bonus parts + part]: points entered */
    int32_t *charged;   /* [unit * deductions + deduction]: entries that count */
    int32_t *elsewhere; /* items that sheets don't score */
    int32_t elsewhere_count;
    int32_t *on_sheets; /* items that sheets score, in the regulation's order */
    int32_t on_sheet_count;
    int8_t *grades; /* [unit * fact_count + fact]: grade or TD_NONE (eligibility.c) */
    bool full;      /* the arena is full: the run ends with TD_E_MEMORY */
    struct td_open **open_end, **notice_end;
    struct td_open spare; /* stands in for what couldn't be allocated, so that callers go on */
};

/* Index the sheets and compute what depends on the whole bloc. */
int run_begin(struct run *run, const struct td_regulation *regulation, const struct td_year *year,
              struct td_arena *arena) TD_MUST_CHECK;

/* Memory of the run's arena; on failure run->full is set and NULL returned. */
void *run_alloc(struct run *run, size_t count, size_t size) TD_MUST_CHECK;

/* An open question, all references TD_NONE, at the end of the list. Never NULL. */
struct td_open *run_open(struct run *run, enum td_open_kind kind, struct td_message text);
void run_notice(struct run *run, struct td_message text, const char *clause);

/* ---- sheets (sheet.c) ------------------------------------------------------------------------ */

/* The sheets that a stage expects about a unit, in the order of raters, into run->expected. Answers
 * how many. */
int32_t expected_sheets(struct run *run, int32_t unit, int32_t stage);

/* The one sheet that a stage of a single rater (SELF, HEAD, BODY) expects. */
struct expected expected_sheet(const struct run *run, int32_t unit, int32_t stage);

/* The sheet whose values are the unit's settled ones: the last stage's that has one. NULL when
 * there is none or the regulation takes a mean (then nothing is settled on a sheet). */
const struct td_sheet *settled_sheet(const struct run *run, int32_t unit);

const char *rater_name(const struct run *run, int32_t stage, int32_t rater);

/* ---- items of a unit ------------------------------------------------------------------------- */

/* Why the item did not arise for the unit, or NULL when it did. */
const char *not_arisen(const struct run *run, int32_t unit, int32_t item);

/* The decision on an item of a unit, or NULL. */
const struct td_decision *decision_on(const struct run *run, int32_t unit, int32_t item);

/* Did it not arise, or was it decided, so that no value of the unit counts? */
static inline bool set_aside(const struct run *run, int32_t unit, int32_t item)
{
    return run->set_aside != NULL && run->set_aside[unit * run->regulation->item_count + item];
}

/* Is the item scored on sheets for this unit, or the same whoever scores (settled figures, places,
 * items that did not arise)? */
static inline bool item_on_sheets(const struct run *run, int32_t unit, int32_t item)
{
    const struct td_item *it = &run->regulation->items[item];
    return it->source == TD_FROM_SHEETS && it->way != TD_WAY_LEADER && !set_aside(run, unit, item);
}

/* Points of an item that is not on sheets for this unit. */
struct scored fixed_score(const struct run *run, int32_t unit, int32_t item);

static inline int64_t unit_target(const struct run *run, int32_t unit, int32_t item)
{
    const int64_t *targets = run->year->targets;
    return targets == NULL ? TD_EMPTY : targets[unit * run->regulation->item_count + item];
}
const int64_t *unit_results(const struct run *run, int32_t unit, int32_t item);

/* Is the unit's score on the item unsure because another unit's value is missing? */
bool item_unsure(const struct run *run, int32_t unit, int32_t item);

/* The value by which a RANK or LEADER item compares units: with outside raters their sum. */
int64_t relative_value(const struct run *run, int32_t unit, int32_t item);

/* Rank and leader over the bloc (relative.c). */
int relative_compute(struct run *run) TD_MUST_CHECK;

/* ---- totals (total.c, bonus.c) --------------------------------------------------------------- */

/* One part of the combination for one unit. */
struct voice_total {
    int32_t expected; /* sheets that should be there */
    int32_t counted;  /* sheets that are */
    int32_t meant;    /* sheets in the mean: counted less the highest and lowest dropped */
    int64_t sum;      /* of the totals in the mean */
    bool too_few;     /* to drop as many as the regulation says: none was dropped */
};

/* Totals of run->sheets[0..count), all about one unit, into run->sums. */
void sheets_sum(struct run *run, int32_t unit, int32_t count);

/* The mean's parts from the totals of the sheets that count. Reorders totals, and the sheets with
 * them, so that those in the mean come first. */
void voice_mean(const struct td_voice *voice, int64_t *totals, const struct td_sheet **sheets,
                int32_t count, struct voice_total *ret);

/* All figures between a unit's items and its score, in item units. */
struct totals {
    struct td_fraction sheets;  /* from the sheets, combined */
    int64_t fixed;              /* items that are the same whoever scores */
    int64_t left_out;           /* points that leave the unit's maximum */
    int64_t bonus_asked, bonus; /* before and after the cap over all parts */
    struct td_fraction before;  /* sheets + fixed + bonus */
    struct td_fraction capped;  /* at the scale's total, unless it may go above */
    int64_t deducted_asked, deducted;
    struct td_fraction final;  /* capped - deducted */
    int32_t counted, expected; /* sheets */
};
void unit_totals(struct run *run, int32_t unit, struct totals *ret);

/* An amount before and after its cap. */
struct amount {
    int64_t asked, granted;
};

/* The bonus of one PLAN item over its plan (003 II.2.3a). */
struct amount over_plan(const struct run *run, const struct td_bonus_part *part, int32_t unit,
                        int32_t item);
/* Share of the target by which the unit's settled value of a PLAN item is better than it, as a
 * fraction over * / target; false when it isn't, or when either is missing. */
bool over_target(const struct run *run, int32_t unit, int32_t item, int64_t *ret_over,
                 int64_t *ret_target);

/* Bonus points and deductions entered for each unit, summed once. */
void entries_collect(struct run *run);
struct amount bonus_of(const struct run *run, int32_t part, int32_t unit);

/* Why a deduction entry doesn't count, as a message id; NULL when it does. */
const char *deduction_refused(const struct run *run, const struct td_deduction_entry *entry);
struct amount deduction_of(const struct run *run, int32_t deduction, int32_t unit);

/* Amounts as the reader sees them. */
struct td_decimal points_decimal(const struct td_regulation *regulation, int64_t units);
struct td_decimal value_decimal(const struct td_item *item, int64_t value);
struct td_fraction points_fraction(const struct td_regulation *regulation,
                                   struct td_fraction units);

/* ---- eligibility, ranking, selection --------------------------------------------------------- */

enum truth { TRUTH_NO, TRUTH_UNKNOWN, TRUTH_YES };

/* The day on which a meeting of the regulation was held; not set when it was not. */
struct td_date held_on(const struct td_year *year, int32_t meeting);

/* How each member stands with a duty, td_duty_standing's answers: grades[unit * stride]. */
void duty_standings(const struct td_regulation *regulation, const struct td_year *year,
                    int32_t duty, int8_t *grades, size_t stride);
int facts_collect(struct run *run) TD_MUST_CHECK;
enum truth condition_truth(const struct run *run, const struct td_condition *condition,
                           int32_t unit);
void eligibility_decide(struct run *run);

/* One more reason of a unit's outcome, after those there are. */
void add_reason(struct run *run, int32_t unit, struct td_reason reason);

/* By how many levels the unit is lowered: the most that any rule says. */
int32_t lowered_levels(const struct run *run, int32_t unit);

/* Record the facts that keep a condition from being known, once for each unit. */
void open_facts(struct run *run, const struct td_condition *condition, int32_t unit,
                const char *clause);

/* Negative when a stands before b (a higher score), 0 when they are equal. */
int unit_compare(const struct run *run, int32_t a, int32_t b);
int rank_units(struct run *run) TD_MUST_CHECK;

/* Is the unit's score at least `least`? */
bool reaches(const struct td_regulation *regulation, const struct td_unit_result *result,
             struct td_fraction least, bool percent);

/* Score and `when` of one award. */
enum truth award_qualified(const struct run *run, int32_t unit, int32_t award);

int select_awards(struct run *run) TD_MUST_CHECK;

/* Why a vote doesn't count, as a message id. */
const char *tally_fault_text(enum td_tally_fault fault);
void look_at_year(struct run *run);

#endif
