/*
 * What must hold for a year under its regulation beyond the shape of single fields. td_score relies
 * on all of it: references fit, sheets are in order and values within their items' ranges.
 */
#include "engine/check.h"
#include "engine/engine.h"

#include "base/banned.h"

struct year_checking {
    struct checking c;
    const struct td_year *year;
    struct td_date first, last; /* of the emulation year */
};

static struct td_arg unit_arg(const struct year_checking *y, int32_t unit)
{
    return TD_TEXT(y->year->members[unit].name);
}

/* ---- values ---------------------------------------------------------------------------------- */

/* NULL when the cells of an item hold a value it can have, otherwise what is wrong. */
static const char *cell_fault(const struct td_item *item, const int64_t *cells)
{
    int64_t value = cells[0];
    int64_t parts = item->part_count == 0 ? 0 : (INT64_C(1) << item->part_count) - 1;
    if (item->way == TD_WAY_PLUS_MINUS) {
        for (int32_t i = 0; i < item->cells; i++) {
            if (cells[i] < 0 || cells[i] > TD_VALUE_MAX) {
                return TD_ID("a count is not between 0 and the limit");
            }
        }
        return NULL;
    }
    switch (item->way) {
    case TD_WAY_DIRECT:
        if (value < 0 || value > item->points) {
            return TD_ID("the points are not between 0 and the item's points");
        }
        return value % item->step == 0 ? NULL : TD_ID("the points are not a multiple of the step");
    case TD_WAY_CHECKLIST:
        return (value & ~parts) == 0 ? NULL : TD_ID("a part is marked that the item doesn't have");
    case TD_WAY_COUNT:
        return value >= 0 && value <= TD_VALUE_MAX
                   ? NULL
                   : TD_ID("a count is not between 0 and the limit");
    case TD_WAY_PLAN:
    case TD_WAY_TIERS:
    case TD_WAY_RANK:
    case TD_WAY_LEADER:
    case TD_WAY_PLUS_MINUS:
    default:
        return value >= -TD_VALUE_MAX && value <= TD_VALUE_MAX
                   ? NULL
                   : TD_ID("the value is beyond the limit");
    }
}

static void check_cells(struct year_checking *y, const char *where, const int64_t *cells,
                        int32_t item, int32_t unit)
{
    const struct td_regulation *reg = y->c.regulation;
    const struct td_item *it = &reg->items[item];
    if (cells[it->cell] == TD_EMPTY) {
        return;
    }
    const char *fault = cell_fault(it, &cells[it->cell]);
    if (fault != NULL) {
        check_error(&y->c, where,
                    TD_MESSAGE("{0}, “{1}”: {2}", unit_arg(y, unit),
                               TD_TEXT(reg->nodes[it->node].title), TD_TERM(fault)),
                    TD_MESSAGE("correct the value; the item has {0} points",
                               points_arg(&y->c, it->points)));
    }
}

/* ---- sheets ---------------------------------------------------------------------------------- */

static bool rater_fits(const struct year_checking *y, const struct td_sheet *sheet)
{
    const struct td_year *year = y->year;
    const struct td_stage *stage = &y->c.regulation->stages[sheet->stage];
    switch (stage->rater) {
    case TD_RATER_SELF:
        return sheet->rater == sheet->unit;
    case TD_RATER_OTHERS:
        return sheet->rater != sheet->unit && sheet->rater >= 0 &&
               sheet->rater < year->member_count;
    case TD_RATER_HEAD:
        return sheet->rater ==
               (stage->deputy_for_head && sheet->unit == year->head ? year->deputy : year->head);
    case TD_RATER_PANEL:
        return sheet->rater >= 0 && sheet->rater < year->panel_count[sheet->stage];
    case TD_RATER_BODY:
    default:
        return sheet->rater == 0;
    }
}

static bool comes_after(const struct td_sheet *before, const struct td_sheet *sheet)
{
    if (before->unit != sheet->unit) {
        return before->unit < sheet->unit;
    }
    if (before->stage != sheet->stage) {
        return before->stage < sheet->stage;
    }
    return before->rater < sheet->rater;
}

static void look_at_day(struct year_checking *y, const char *where, struct td_date day)
{
    if (td_date_is_set(day) &&
        (td_date_compare(day, y->first) < 0 || td_date_compare(day, y->last) > 0)) {
        check_notice(
            &y->c, where,
            TD_MESSAGE("the date {0} is outside the emulation year, which runs from {1} to "
                       "{2}",
                       TD_DATE(day), TD_DATE(y->first), TD_DATE(y->last)),
            TD_WORDS("correct it if it is a slip"));
    }
}

static void check_sheet(struct year_checking *y, int32_t index)
{
    const struct td_sheet *sheet = &y->year->sheets[index];
    const struct td_regulation *reg = y->c.regulation;
    if (index > 0 && !comes_after(sheet - 1, sheet)) {
        check_error(&y->c, sheet->where,
                    TD_MESSAGE("there are two sheets “{0}” by the same rater about {1}",
                               TD_TEXT(reg->stages[sheet->stage].title), unit_arg(y, sheet->unit)),
                    TD_WORDS("keep one of them"));
    }
    if (!rater_fits(y, sheet)) {
        check_error(&y->c, sheet->where,
                    TD_MESSAGE("this rater has no sheet “{0}” to give about {1}",
                               TD_TEXT(reg->stages[sheet->stage].title), unit_arg(y, sheet->unit)),
                    TD_WORDS("correct the rater, the unit or the stage"));
    }
    for (int32_t item = 0; sheet->cells != NULL && item < reg->item_count; item++) {
        check_cells(y, sheet->where, sheet->cells, item, sheet->unit);
    }
    look_at_day(y, sheet->where, sheet->submitted);
}

/* Raters that the regulation's stages need. */
static void check_raters(struct year_checking *y)
{
    const struct td_regulation *reg = y->c.regulation;
    for (int32_t i = 0; i < reg->stage_count; i++) {
        const struct td_stage *stage = &reg->stages[i];
        bool head = stage->rater == TD_RATER_HEAD;
        if (head &&
            (y->year->head == TD_NONE || (stage->deputy_for_head && y->year->deputy == TD_NONE))) {
            check_error(&y->c, "/members",
                        TD_MESSAGE("the stage “{0}” needs the bloc's head, and its deputy for the "
                                   "head's own sheet",
                                   TD_TEXT(stage->title)),
                        TD_WORDS("give a member the role “head”, another “deputy”"));
        }
        if (stage->rater == TD_RATER_PANEL && y->year->panel_count[i] == 0) {
            check_error(&y->c, "/panels",
                        TD_MESSAGE("the stage “{0}” has no raters", TD_TEXT(stage->title)),
                        TD_WORDS("name them under “panels”"));
        }
    }
}

/* ---- figures of units ------------------------------------------------------------------------ */

static void check_figures(struct year_checking *y)
{
    const struct td_regulation *reg = y->c.regulation;
    const struct td_year *year = y->year;
    for (int32_t unit = 0; unit < year->member_count; unit++) {
        for (int32_t item = 0; item < reg->item_count; item++) {
            const struct td_item *it = &reg->items[item];
            int64_t target =
                year->targets == NULL ? TD_EMPTY : year->targets[unit * reg->item_count + item];
            bool low = target < 0 || (target == 0 && it->way == TD_WAY_LEADER);
            if (target != TD_EMPTY && (low || target > TD_VALUE_MAX)) {
                check_error(&y->c, "/targets",
                            TD_MESSAGE("{0}, “{1}”: the target is {2}", unit_arg(y, unit),
                                       TD_TEXT(reg->nodes[it->node].title),
                                       TD_DECIMAL(value_decimal(it, target))),
                            TD_WORDS("state a target above zero"));
            }
            if (year->results != NULL && it->source == TD_FROM_RESULTS) {
                check_cells(y, "/results", &year->results[(size_t)unit * (size_t)reg->cell_count],
                            item, unit);
            }
        }
    }
    for (int32_t i = 0; i < year->outside_count; i++) {
        const struct td_outside *outside = &year->outside[i];
        for (int32_t k = 0; k < outside->rater_count * year->member_count; k++) {
            int64_t value = outside->values[k];
            if (value != TD_EMPTY && (value < -TD_VALUE_MAX || value > TD_VALUE_MAX)) {
                check_error(&y->c, outside->where, TD_WORDS("the value is beyond the limit"),
                            TD_WORDS("correct the value"));
            }
        }
    }
}

/* ---- entries --------------------------------------------------------------------------------- */

/* Bounds of sums rest on these. */
static void check_counts(struct year_checking *y)
{
    const struct td_year *year = y->year;
    if (year->member_count > TD_MEMBERS_MAX || year->decision_count > TD_ENTRIES_MAX ||
        year->bonus_count > TD_ENTRIES_MAX || year->deduction_count > TD_ENTRIES_MAX) {
        check_error(&y->c, "",
                    TD_MESSAGE("a year holds at most {0} members and {1} decisions, bonuses and "
                               "deductions each",
                               TD_COUNT(TD_MEMBERS_MAX), TD_COUNT(TD_ENTRIES_MAX)),
                    TD_WORDS("take entries away"));
    }
}

static void check_decision(struct year_checking *y, int32_t index)
{
    const struct td_decision *decision = &y->year->decisions[index];
    const struct td_regulation *reg = y->c.regulation;
    const struct td_item *item = &reg->items[decision->item];
    struct td_arg title = TD_TEXT(reg->nodes[item->node].title);
    if (decision->points < 0 || decision->points > item->points) {
        check_error(&y->c, decision->where,
                    TD_MESSAGE("{0} points were decided for “{1}”, which has {2}",
                               points_arg(&y->c, decision->points), title,
                               points_arg(&y->c, item->points)),
                    TD_WORDS("state points between 0 and the item's"));
    }
    for (int32_t i = 0; i < index; i++) {
        if (y->year->decisions[i].item == decision->item &&
            y->year->decisions[i].unit == decision->unit) {
            check_error(
                &y->c, decision->where,
                TD_MESSAGE("“{0}” was decided twice for {1}", title, unit_arg(y, decision->unit)),
                TD_WORDS("keep the decision that holds"));
        }
    }
    look_at_day(y, decision->where, decision->date);
}

static void check_bonus_entry(struct year_checking *y, const struct td_bonus_entry *entry)
{
    const struct td_bonus_part *part = &y->c.regulation->bonus.parts[entry->part];
    if (part->kind != TD_BONUS_AWARDED) {
        check_error(
            &y->c, entry->where,
            TD_MESSAGE("the bonus “{0}” is computed and can't be entered", TD_TEXT(part->title)),
            TD_WORDS("take the entry away"));
    }
    if (entry->points <= 0 || entry->points > y->c.regulation->scale.total) {
        check_error(&y->c, entry->where,
                    TD_MESSAGE("a bonus of {0} points", points_arg(&y->c, entry->points)),
                    TD_WORDS("state points above zero and within the scale"));
    }
    look_at_day(y, entry->where, entry->date);
}

/* SCO-5: behind each deduction stands a letter, a duty or a finding. */
static void check_deduction_entry(struct year_checking *y, const struct td_deduction_entry *entry)
{
    const struct td_deduction *d = &y->c.regulation->deductions[entry->deduction];
    bool stands = d->needs == TD_NEEDS_LETTER ? entry->letter.number != NULL
                  : d->needs == TD_NEEDS_DUTY ? entry->duty != TD_NONE || entry->finding != NULL
                                              : entry->finding != NULL;
    if (!stands) {
        check_error(
            &y->c, entry->where,
            TD_MESSAGE("nothing stands behind the deduction “{0}” of {1}", TD_TEXT(d->title),
                       unit_arg(y, entry->unit)),
            d->needs == TD_NEEDS_LETTER ? TD_WORDS("name the letter: number, date, issuer, subject")
            : d->needs == TD_NEEDS_DUTY ? TD_WORDS("name the duty, or the activity in “finding”")
                                        : TD_WORDS("say what was found in “finding”"));
    }
    look_at_day(y, entry->where, entry->date);
}

static void check_fact_entry(struct year_checking *y, int32_t index)
{
    const struct td_fact_entry *entry = &y->year->facts[index];
    const struct td_fact *fact = &y->c.regulation->facts[entry->fact];
    if (fact->duty != TD_NONE) {
        check_error(&y->c, entry->where,
                    TD_MESSAGE("the fact “{0}” follows from the duty “{1}” and can't be entered",
                               TD_TEXT(fact->title),
                               TD_TEXT(y->c.regulation->duties[fact->duty].title)),
                    TD_WORDS("record when the duty was done under “done”"));
    }
    for (int32_t i = 0; i < index; i++) {
        if (y->year->facts[i].fact == entry->fact && y->year->facts[i].unit == entry->unit) {
            check_error(&y->c, entry->where,
                        TD_MESSAGE("the fact “{0}” is reported twice for the same unit",
                                   TD_TEXT(fact->title)),
                        TD_WORDS("keep the report that holds"));
        }
    }
}

static void check_quota_entry(struct year_checking *y, int32_t index)
{
    const struct td_quota_entry *entry = &y->year->quotas[index];
    const struct td_award *award = &y->c.regulation->awards[entry->award];
    bool twice = false;
    for (int32_t i = 0; i < index; i++) {
        twice = twice || y->year->quotas[i].award == entry->award;
    }
    if (award->quota != TD_QUOTA_AUTHORITY || entry->seats < 0 || twice) {
        check_error(&y->c, entry->where,
                    TD_MESSAGE("the quota for “{0}” can't be entered: it is set by the regulation, "
                               "below zero, or entered twice",
                               TD_TEXT(award->title)),
                    TD_WORDS("keep one entry for each award whose quota the authority allots"));
    }
}

static void check_vote(struct year_checking *y, const struct td_vote *vote)
{
    const struct td_award *award = &y->c.regulation->awards[vote->award];
    bool fits =
        vote->about == TD_VOTE_HONOUR ? award->how == TD_HOW_VOTE : award->how != TD_HOW_PICK;
    if (!fits) {
        check_error(&y->c, vote->where,
                    TD_MESSAGE("“{0}” is not given by such a vote", TD_TEXT(award->title)),
                    TD_WORDS("correct the award, or what the vote is about"));
    }
    int32_t present =
        vote->meeting == TD_NONE ? TD_NONE : y->year->meetings[vote->meeting].present_count;
    enum td_tally_fault fault = td_vote_fault(vote, y->year->member_count, present);
    if (fault != TD_TALLY_GOOD) {
        check_error(&y->c, vote->where,
                    TD_MESSAGE("the counts of the vote on “{0}” can't be right: {1}",
                               TD_TEXT(award->title), TD_TERM(tally_fault_text(fault))),
                    TD_WORDS("count again: issued = collected + not returned, collected = valid + "
                             "invalid, and no candidate has more votes than are valid"));
    }
}

/* A pick or nomination that is entered twice would count twice. */
static void check_twice(struct year_checking *y, const struct td_unit_of_award *list, int32_t index)
{
    for (int32_t i = 0; i < index; i++) {
        if (list[i].award == list[index].award && list[i].unit == list[index].unit) {
            check_error(&y->c, list[index].where,
                        TD_MESSAGE("{0} stands twice for “{1}”", unit_arg(y, list[index].unit),
                                   TD_TEXT(y->c.regulation->awards[list[index].award].title)),
                        TD_WORDS("keep one entry"));
        }
    }
}

int td_year_check(const struct td_regulation *regulation, const struct td_year *year,
                  struct td_problems *problems)
{
    struct year_checking y = {.c = {regulation, problems}, .year = year};
    size_t before = problems->errors;
    td_year_span(regulation, year->year, &y.first, &y.last);
    if (regulation->year != 0 && regulation->year != year->year) {
        check_error(&y.c, "/year",
                    TD_MESSAGE("the regulation is for another year than {0}", TD_TEXT(year->label)),
                    TD_WORDS("name the regulation of this year"));
    }
    check_raters(&y);
    check_counts(&y);
    for (int32_t i = 0; i < year->sheet_count; i++) {
        check_sheet(&y, i);
    }
    check_figures(&y);
    for (int32_t i = 0; i < year->decision_count; i++) {
        check_decision(&y, i);
    }
    for (int32_t i = 0; i < year->bonus_count; i++) {
        check_bonus_entry(&y, &year->bonuses[i]);
    }
    for (int32_t i = 0; i < year->deduction_count; i++) {
        check_deduction_entry(&y, &year->deductions[i]);
    }
    for (int32_t i = 0; i < year->fact_count; i++) {
        check_fact_entry(&y, i);
    }
    for (int32_t i = 0; i < year->process_count; i++) {
        look_at_day(&y, year->process[i].where, year->process[i].date);
    }
    for (int32_t i = 0; i < year->quota_count; i++) {
        check_quota_entry(&y, i);
    }
    for (int32_t i = 0; i < year->meeting_count; i++) {
        look_at_day(&y, year->meetings[i].where, year->meetings[i].date);
    }
    for (int32_t i = 0; i < year->vote_count; i++) {
        check_vote(&y, &year->votes[i]);
    }
    for (int32_t i = 0; i < year->nomination_count; i++) {
        check_twice(&y, year->nominations, i);
    }
    for (int32_t i = 0; i < year->pick_count; i++) {
        check_twice(&y, year->picks, i);
    }
    if (problems->full) {
        return TD_E_MEMORY;
    }
    return problems->errors > before ? TD_E_INVALID : TD_OK;
}
