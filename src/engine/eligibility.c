/*
 * Facts become outcomes (ELI-1..5). An unknown fact is neither yes nor no: conditions are evaluated
 * in Kleene's three values, so that an outcome is pending only where the missing fact decides.
 */
#include "engine/engine.h"

#include "base/banned.h"

/* ---- facts ----------------------------------------------------------------------------------- */

static int8_t *grade_of(const struct run *run, int32_t unit, int32_t fact)
{
    return &run->grades[unit * run->regulation->fact_count + fact];
}

int facts_collect(struct run *run)
{
    const struct td_regulation *reg = run->regulation;
    const struct td_year *year = run->year;
    run->grades =
        run_alloc(run, (size_t)year->member_count * (size_t)reg->fact_count, sizeof(*run->grades));
    if (run->full) {
        return TD_E_MEMORY;
    }
    size_t facts = (size_t)reg->fact_count, all = (size_t)year->member_count * facts;
    for (size_t i = 0; i < all; i++) {
        run->grades[i] = TD_NONE;
    }
    for (size_t fact = 0; all > 0 && fact < facts; fact++) {
        if (reg->facts[fact].duty != TD_NONE) {
            duty_standings(reg, year, reg->facts[fact].duty, &run->grades[fact], facts);
        }
    }
    /* An entry for every unit holds where a unit has none of its own. */
    for (int32_t i = 0; i < year->fact_count; i++) {
        const struct td_fact_entry *entry = &year->facts[i];
        for (int32_t unit = 0; entry->unit == TD_NONE && unit < year->member_count; unit++) {
            *grade_of(run, unit, entry->fact) = (int8_t)entry->grade;
        }
    }
    for (int32_t i = 0; i < year->fact_count; i++) {
        const struct td_fact_entry *entry = &year->facts[i];
        if (entry->unit != TD_NONE) {
            *grade_of(run, entry->unit, entry->fact) = (int8_t)entry->grade;
        }
    }
    for (int32_t unit = 0; unit < year->member_count; unit++) {
        for (int32_t fact = 0; fact < reg->fact_count; fact++) {
            int8_t *grade = grade_of(run, unit, fact);
            *grade = *grade == TD_NONE ? (int8_t)reg->facts[fact].unreported : *grade;
        }
    }
    return TD_OK;
}

/* ---- conditions ------------------------------------------------------------------------------ */

/* Grades stand from best to worst, so "at most good" is an index of good or behind it. */
static enum truth test_grade(const struct td_condition *condition, int32_t grade)
{
    bool holds;
    if (grade == TD_NONE) {
        return TRUTH_UNKNOWN;
    }
    if (condition->test == TD_TEST_AT_LEAST) {
        holds = grade <= condition->grade;
    } else if (condition->test == TD_TEST_AT_MOST) {
        holds = grade >= condition->grade;
    } else {
        holds = grade == condition->grade;
    }
    return holds ? TRUTH_YES : TRUTH_NO;
}

enum truth condition_truth(const struct run *run, const struct td_condition *condition,
                           int32_t unit)
{
    enum truth truth;
    switch (condition->test) {
    case TD_TEST_ALL:
        truth = TRUTH_YES;
        for (int32_t i = 0; i < condition->part_count; i++) {
            enum truth part = condition_truth(run, &condition->parts[i], unit);
            truth = part < truth ? part : truth;
        }
        return truth;
    case TD_TEST_ANY:
        truth = TRUTH_NO;
        for (int32_t i = 0; i < condition->part_count; i++) {
            enum truth part = condition_truth(run, &condition->parts[i], unit);
            truth = part > truth ? part : truth;
        }
        return truth;
    case TD_TEST_NOT:
        return (enum truth)(TRUTH_YES - condition_truth(run, &condition->parts[0], unit));
    case TD_TEST_IS:
    case TD_TEST_AT_LEAST:
    case TD_TEST_AT_MOST:
    default:
        return test_grade(condition, *grade_of(run, unit, condition->fact));
    }
}

static bool fact_is_open(const struct run *run, int32_t unit, int32_t fact)
{
    for (const struct td_open *open = run->result->open; open != NULL; open = open->next) {
        if (open->kind == TD_OPEN_FACT && open->unit == unit && open->fact == fact) {
            return true;
        }
    }
    return false;
}

void open_facts(struct run *run, const struct td_condition *condition, int32_t unit,
                const char *clause)
{
    if (condition_truth(run, condition, unit) != TRUTH_UNKNOWN) {
        return; /* known, so no fact below keeps it from being known */
    }
    for (int32_t i = 0; i < condition->part_count; i++) {
        open_facts(run, &condition->parts[i], unit, clause);
    }
    if (condition->part_count > 0 || fact_is_open(run, unit, condition->fact)) {
        return;
    }
    const struct td_fact *fact = &run->regulation->facts[condition->fact];
    struct td_arg name = TD_TEXT(run->year->members[unit].name);
    struct td_open *open =
        fact->by == NULL
            ? run_open(run, TD_OPEN_FACT,
                       TD_MESSAGE("{0}: not yet known: {1}", name, TD_TEXT(fact->title)))
            : run_open(run, TD_OPEN_FACT,
                       TD_MESSAGE("{0}: not yet known: {1}; it is supplied by {2}", name,
                                  TD_TEXT(fact->title), TD_TEXT(fact->by)));
    open->unit = unit;
    open->fact = condition->fact;
    open->clause = clause;
}

/* ---- outcomes -------------------------------------------------------------------------------- */

void add_reason(struct run *run, int32_t unit, struct td_reason reason)
{
    struct td_reason *added = run_alloc(run, 1, sizeof(*added));
    if (added == NULL) {
        return;
    }
    *added = reason;
    struct td_reason **end = &run->result->units[unit].reasons;
    while (*end != NULL) {
        end = &(*end)->next;
    }
    *end = added;
}

static enum truth rule_truth(const struct run *run, const struct td_rule *rule, int32_t unit)
{
    enum truth when = condition_truth(run, rule->when, unit);
    if (rule->unless == NULL) {
        return when;
    }
    enum truth not_unless = (enum truth)(TRUTH_YES - condition_truth(run, rule->unless, unit));
    return when < not_unless ? when : not_unless;
}

/* The least score that opens any award, when every award by score or vote asks for one. */
static bool below_all(const struct run *run, int32_t unit)
{
    bool any = false;
    for (int32_t i = 0; i < run->regulation->award_count; i++) {
        const struct td_award *award = &run->regulation->awards[i];
        if (award->how == TD_HOW_PICK) {
            continue;
        }
        if (!award->has_least || reaches(run->regulation, &run->result->units[unit], award->least,
                                         award->least_is_percent)) {
            return false;
        }
        any = true;
    }
    return any;
}

static bool below_threshold(struct run *run, int32_t unit)
{
    const struct td_selection *selection = &run->regulation->selection;
    const struct td_unit_result *result = &run->result->units[unit];
    struct td_reason reason = {.outcome = TD_BELOW_THRESHOLD};
    if (selection->has_least && !reaches(run->regulation, result, selection->least, false)) {
        reason.clause = selection->clause;
        reason.text = TD_MESSAGE("{0} points are below {1}, the least for any award",
                                 TD_DECIMAL(result->shown), TD_FRACTION(selection->least));
    } else if (below_all(run, unit)) {
        reason.clause = run->regulation->awards[run->regulation->award_count - 1].clause;
        reason.text =
            TD_MESSAGE("{0} points are below the least for every award", TD_DECIMAL(result->shown));
    } else {
        return false;
    }
    add_reason(run, unit, reason);
    return true;
}

static void decide(struct run *run, int32_t unit)
{
    const struct td_regulation *reg = run->regulation;
    enum td_outcome outcome = TD_ELIGIBLE;
    bool unknown = false;
    for (int32_t i = 0; i < reg->rule_count; i++) {
        const struct td_rule *rule = &reg->rules[i];
        enum truth truth = rule_truth(run, rule, unit);
        unknown = unknown || truth == TRUTH_UNKNOWN;
        if (truth == TRUTH_YES) {
            outcome = rule->outcome > outcome ? rule->outcome : outcome;
            add_reason(run, unit,
                       (struct td_reason){.outcome = rule->outcome,
                                          .words = rule->reason,
                                          .clause = rule->clause});
        }
    }
    /* What is certain and gravest stands; for an excluded unit no fact is waited for. */
    bool waits = unknown && outcome != TD_EXCLUDED;
    for (int32_t i = 0; waits && i < reg->rule_count; i++) {
        const struct td_rule *rule = &reg->rules[i];
        if (rule_truth(run, rule, unit) == TRUTH_UNKNOWN) {
            open_facts(run, rule->when, unit, rule->clause);
            if (rule->unless != NULL) {
                open_facts(run, rule->unless, unit, rule->clause);
            }
        }
    }
    if (waits && outcome < TD_PENDING) {
        outcome = TD_PENDING;
        add_reason(run, unit,
                   (struct td_reason){.outcome = TD_PENDING,
                                      .text = TD_WORDS("a fact that decides is not known yet")});
    }
    bool below = below_threshold(run, unit);
    if (below && outcome < TD_BELOW_THRESHOLD) {
        outcome = TD_BELOW_THRESHOLD;
    }
    run->result->units[unit].outcome = outcome;
}

int32_t lowered_levels(const struct run *run, int32_t unit)
{
    int32_t levels = 0;
    for (int32_t i = 0; i < run->regulation->rule_count; i++) {
        const struct td_rule *rule = &run->regulation->rules[i];
        if (rule->outcome == TD_LOWERED && rule->levels > levels &&
            rule_truth(run, rule, unit) == TRUTH_YES) {
            levels = rule->levels;
        }
    }
    return levels;
}

void eligibility_decide(struct run *run)
{
    for (int32_t unit = 0; unit < run->year->member_count; unit++) {
        decide(run, unit);
    }
}
