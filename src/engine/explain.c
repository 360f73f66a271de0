/*
 * Why a unit has its score (SCO-7): a tree from the total down to the raters' sheets, the bonus,
 * the deductions and the outcome, each step in figures and with its clause. It asks the same
 * functions that made the result; explain_item.c tells the single items.
 */
#include "engine/explain.h"
#include "base/wide.h"

#include "base/banned.h"

struct td_step *step_add(struct telling *t, struct td_step *parent, struct td_message text,
                         const char *clause)
{
    struct td_step *step = run_alloc(&t->run, 1, sizeof(*step));
    if (step == NULL) {
        return &t->spare;
    }
    step->text = text;
    step->clause = clause;
    struct td_step **end = &parent->child;
    while (*end != NULL) {
        end = &(*end)->next;
    }
    *end = step;
    return step;
}

struct td_arg units_arg(const struct telling *t, int64_t units)
{
    return TD_FRACTION(points_fraction(t->run.regulation, (struct td_fraction){units, 1}));
}

static struct td_arg exact_arg(const struct telling *t, struct td_fraction units)
{
    return TD_FRACTION(points_fraction(t->run.regulation, units));
}

/* ---- sheets ---------------------------------------------------------------------------------- */

/* The tree of the regulation below `parent` with the points of its items: those of the sheet, those
 * that are the same whoever scores (sheet NULL), or both in one tree (`all`). Answers their sum. */
static int64_t tell_nodes(struct telling *t, struct td_step *into, int32_t parent,
                          const struct td_sheet *sheet, bool all)
{
    const struct td_regulation *reg = t->run.regulation;
    int64_t sum = 0;
    for (int32_t i = parent + 1; i < reg->node_count; i++) {
        const struct td_node *node = &reg->nodes[i];
        if (node->parent != parent || !(all || node_is_told(t, i, sheet != NULL))) {
            continue;
        }
        if (node->item != TD_NONE) {
            bool own = item_on_sheets(&t->run, t->unit, node->item);
            sum += tell_item(t, into, own ? sheet : NULL, node->item);
            continue;
        }
        struct td_step *step = step_add(t, into, (struct td_message){0}, node->clause);
        int64_t below = tell_nodes(t, step, i, sheet, all);
        step->text =
            TD_MESSAGE("{0} {1}: {2} of {3}", TD_TEXT(node_number(node)), TD_TEXT(node->title),
                       units_arg(t, below), units_arg(t, node->points));
        sum += below;
    }
    return sum;
}

/* A sheet with its items; with `all` also those that are the same whoever scores. */
static int64_t tell_sheet(struct telling *t, struct td_step *into, const struct td_sheet *sheet,
                          bool all)
{
    const struct td_stage *stage = &t->run.regulation->stages[sheet->stage];
    struct td_step *step = step_add(t, into, (struct td_message){0}, stage->clause);
    int64_t total = tell_nodes(t, step, TD_NONE, sheet, all);
    step->text = stage->rater == TD_RATER_BODY
                     ? TD_MESSAGE("{0}: {1}", TD_TEXT(stage->title), units_arg(t, total))
                     : TD_MESSAGE("{0}, {1}: {2}", TD_TEXT(stage->title),
                                  TD_TEXT(rater_name(&t->run, sheet->stage, sheet->rater)),
                                  units_arg(t, total));
    return total;
}

/* SCO-8: a sheet that isn't in the mean is named, with the reason. */
static void tell_absent(struct telling *t, struct td_step *into, const struct expected *e)
{
    const struct td_stage *stage = &t->run.regulation->stages[e->stage];
    struct td_arg title = TD_TEXT(stage->title);
    struct td_arg rater = TD_TEXT(rater_name(&t->run, e->stage, e->rater));
    struct td_message text;
    if (e->presence == SHEET_ABSTAINED) {
        text = TD_MESSAGE("{0}, {1}: abstained: {2}", title, rater, TD_TEXT(e->sheet->abstained));
    } else if (e->presence == SHEET_WITHOUT) {
        text = TD_MESSAGE("{0}, {1}: missing, counted without: {2}", title, rater,
                          TD_TEXT(e->settled->reason));
    } else {
        text = e->settled == NULL ? TD_MESSAGE("{0}, {1}: missing, not settled", title, rater)
                                  : TD_MESSAGE("{0}, {1}: missing, waited for: {2}", title, rater,
                                               TD_TEXT(e->settled->reason));
    }
    step_add(t, into, text, stage->clause);
}

static void tell_drops(struct telling *t, struct td_step *into, const struct td_voice *voice,
                       const struct voice_total *total)
{
    if (total->too_few) {
        step_add(t, into,
                 TD_MESSAGE("too few sheets to leave out the {0} highest and {1} lowest: none is "
                            "left out",
                            TD_COUNT(voice->drop_highest), TD_COUNT(voice->drop_lowest)),
                 t->run.regulation->combine_clause);
    } else if (total->meant < total->counted) {
        step_add(t, into,
                 TD_MESSAGE("the {0} highest and {1} lowest of {2} totals are left out",
                            TD_COUNT(voice->drop_highest), TD_COUNT(voice->drop_lowest),
                            TD_COUNT(total->counted)),
                 t->run.regulation->combine_clause);
        for (int32_t i = total->meant; i < total->counted; i++) {
            step_add(t, into, TD_MESSAGE("left out: {0}", units_arg(t, t->run.sums[i])), NULL);
        }
    }
}

/* Does the fraction end as a decimal, as it is then shown? */
static bool ends(struct td_fraction value)
{
    struct td_decimal exact;
    struct td_fraction back;
    return td_fraction_round(value, TD_DECIMALS_MAX, TD_ROUND_DOWN, &exact) == TD_OK &&
           td_fraction_of_decimal(exact, &back) == TD_OK && td_fraction_compare(back, value) == 0;
}

/* About the fraction, for readers: four decimals. */
static struct td_arg near_arg(struct td_fraction value)
{
    struct td_decimal near = {0};
    PROVED(td_fraction_round(value, 4, TD_ROUND_HALF_UP, &near));
    return TD_DECIMAL(near);
}

static void tell_voice(struct telling *t, struct td_step *into, const struct td_voice *voice)
{
    struct run *run = &t->run;
    struct td_step *step =
        step_add(t, into, (struct td_message){0}, run->regulation->combine_clause);
    struct voice_total total = {0};
    int32_t counted = 0;
    for (int32_t i = 0; i < voice->stage_count; i++) {
        int32_t count = expected_sheets(run, t->unit, voice->stages[i]);
        total.expected += count;
        for (int32_t k = 0; k < count; k++) {
            const struct expected *e = &run->expected[k];
            if (e->presence == SHEET_COUNTS) {
                run->sheets[counted] = e->sheet;
                run->sums[counted++] = tell_sheet(t, step, e->sheet, false);
            } else {
                tell_absent(t, step, e);
            }
        }
    }
    voice_mean(voice, run->sums, run->sheets, counted, &total);
    tell_drops(t, step, voice, &total);
    struct td_fraction mean = {0, 1}, weighed = {0, 1};
    if (total.meant > 0) {
        PROVED(td_fraction_make(total.sum, total.meant, &mean));
        PROVED(td_fraction_multiply(mean, voice->weight, &weighed));
    }
    struct td_arg count = TD_COUNT(total.meant), expected = TD_COUNT(total.expected);
    struct td_arg sum = units_arg(t, total.sum), result = exact_arg(t, weighed);
    if (voice->weight.num != voice->weight.den) {
        step->text = TD_MESSAGE("{4} × mean of {0} sheets (of {1} in all): {2} ÷ {0} × {4} = {3}",
                                count, expected, sum, result, TD_PERCENT(voice->weight));
    } else if (ends(result.fraction)) {
        step->text = TD_MESSAGE("Mean of {0} sheets (of {1} in all): {2} ÷ {0} = {3}", count,
                                expected, sum, result);
    } else {
        step->text = TD_MESSAGE("Mean of {0} sheets (of {1} in all): {2} ÷ {0} = {3} ≈ {4}", count,
                                expected, sum, result, near_arg(result.fraction));
    }
}

static void tell_last(struct telling *t, struct td_step *into, const struct td_voice *voice)
{
    const struct td_sheet *settled = settled_sheet(&t->run, t->unit);
    const char *clause = t->run.regulation->combine_clause;
    struct td_step *step = step_add(
        t, into,
        settled != NULL ? TD_MESSAGE("The last sheet there is counts: “{0}”",
                                     TD_TEXT(t->run.regulation->stages[settled->stage].title))
                        : TD_WORDS("There is no sheet yet"),
        clause);
    for (int32_t i = 0; i < voice->stage_count; i++) {
        struct expected e = expected_sheet(&t->run, t->unit, voice->stages[i]);
        bool wanted = !t->run.regulation->stages[e.stage].optional;
        if (e.presence != SHEET_COUNTS && (wanted || e.presence != SHEET_MISSING)) {
            tell_absent(t, step, &e);
        }
    }
    if (settled != NULL) {
        tell_sheet(t, step, settled, true);
    }
}

/* Where the last stage's sheet counts these stand in its tree already. */
static void tell_fixed(struct telling *t, struct td_step *into)
{
    bool any = false;
    if (t->run.regulation->combine == TD_COMBINE_LAST && settled_sheet(&t->run, t->unit) != NULL) {
        return;
    }
    for (int32_t item = 0; item < t->run.regulation->item_count; item++) {
        any = any || !item_on_sheets(&t->run, t->unit, item);
    }
    if (any) {
        struct td_step *step = step_add(t, into, (struct td_message){0}, NULL);
        int64_t sum = tell_nodes(t, step, TD_NONE, NULL, false);
        step->text = TD_MESSAGE("The same whoever scores (settled figures, places, items that did "
                                "not arise): {0}",
                                units_arg(t, sum));
    }
}

/* ---- bonus and deductions -------------------------------------------------------------------- */

static void tell_over_plan(struct telling *t, struct td_step *into,
                           const struct td_bonus_part *part)
{
    const struct td_regulation *reg = t->run.regulation;
    const struct td_node *section = &reg->nodes[part->section];
    for (int32_t i = 0; i < section->item_count; i++) {
        int32_t item = section->first_item + i;
        int64_t over = 0, target = 1;
        if (reg->items[item].way != TD_WAY_PLAN ||
            !over_target(&t->run, t->unit, item, &over, &target)) {
            continue;
        }
        struct amount amount = over_plan(&t->run, part, t->unit, item);
        const struct td_node *node = &reg->nodes[reg->items[item].node];
        struct td_arg number = TD_TEXT(node_number(node)), title = TD_TEXT(node->title);
        step_add(t, into,
                 amount.granted < amount.asked
                     ? TD_MESSAGE("{0} {1}: {2} over the plan: {3}, at most {4}", number, title,
                                  percent_arg(over, target), units_arg(t, amount.asked),
                                  units_arg(t, amount.granted))
                     : TD_MESSAGE("{0} {1}: {2} over the plan: {3}", number, title,
                                  percent_arg(over, target), units_arg(t, amount.granted)),
                 part->clause);
    }
}

static void tell_bonus(struct telling *t, struct td_step *into, const struct totals *totals)
{
    const struct td_bonus *bonus = &t->run.regulation->bonus;
    if (bonus->part_count == 0) {
        return;
    }
    struct td_step *step =
        step_add(t, into,
                 totals->bonus < totals->bonus_asked
                     ? TD_MESSAGE("Bonus: {0}, at most {1}", units_arg(t, totals->bonus_asked),
                                  units_arg(t, totals->bonus))
                     : TD_MESSAGE("Bonus: {0}", units_arg(t, totals->bonus)),
                 bonus->clause);
    for (int32_t i = 0; i < bonus->part_count; i++) {
        const struct td_bonus_part *part = &bonus->parts[i];
        struct amount amount = bonus_of(&t->run, i, t->unit);
        struct td_step *line = step_add(
            t, step,
            amount.granted < amount.asked
                ? TD_MESSAGE("{0}: {1}, at most {2}", TD_TEXT(part->title),
                             units_arg(t, amount.asked), units_arg(t, amount.granted))
                : TD_MESSAGE("{0}: {1}", TD_TEXT(part->title), units_arg(t, amount.granted)),
            part->clause);
        if (part->kind == TD_BONUS_OVER_PLAN) {
            tell_over_plan(t, line, part);
        }
        for (int32_t k = 0; k < t->run.year->bonus_count; k++) {
            const struct td_bonus_entry *entry = &t->run.year->bonuses[k];
            if (entry->part == i && entry->unit == t->unit) {
                step_add(
                    t, line,
                    TD_MESSAGE("{0}: {1}", TD_TEXT(entry->reason), units_arg(t, entry->points)),
                    part->clause);
            }
        }
    }
}

static void tell_deduction_entry(struct telling *t, struct td_step *into,
                                 const struct td_deduction_entry *entry)
{
    const struct td_deduction *d = &t->run.regulation->deductions[entry->deduction];
    const char *refused = deduction_refused(&t->run, entry);
    const char *behind = entry->finding;
    if (entry->duty != TD_NONE) {
        behind = t->run.regulation->duties[entry->duty].title;
    }
    struct td_message text;
    if (entry->letter.number != NULL) {
        struct td_arg number = TD_TEXT(entry->letter.number);
        struct td_arg issuer = TD_TEXT(entry->letter.issuer);
        text = refused != NULL
                   ? TD_MESSAGE("letter {0} of {1}: {2}", number, issuer, TD_TERM(refused))
                   : TD_MESSAGE("letter {0} of {1}: −{2}", number, issuer, units_arg(t, d->each));
    } else {
        struct td_arg words = TD_TEXT(behind == NULL ? d->title : behind);
        text = refused != NULL ? TD_MESSAGE("{0}: {1}", words, TD_TERM(refused))
                               : TD_MESSAGE("{0}: −{1}", words, units_arg(t, d->each));
    }
    step_add(t, into, text, d->clause);
}

static void tell_deductions(struct telling *t, struct td_step *into, const struct totals *totals)
{
    const struct td_regulation *reg = t->run.regulation;
    if (reg->deduction_count == 0) {
        return;
    }
    struct td_step *step = step_add(
        t, into,
        totals->deducted < totals->deducted_asked
            ? TD_MESSAGE("Deductions: {0}, at most {1}", units_arg(t, totals->deducted_asked),
                         units_arg(t, totals->deducted))
            : TD_MESSAGE("Deductions: {0}", units_arg(t, totals->deducted)),
        NULL);
    for (int32_t i = 0; i < reg->deduction_count; i++) {
        const struct td_deduction *d = &reg->deductions[i];
        struct amount amount = deduction_of(&t->run, i, t->unit);
        struct td_step *line = NULL;
        for (int32_t k = 0; k < t->run.year->deduction_count; k++) {
            const struct td_deduction_entry *entry = &t->run.year->deductions[k];
            if (entry->deduction != i || entry->unit != t->unit) {
                continue;
            }
            if (line == NULL) {
                line = step_add(
                    t, step,
                    TD_MESSAGE("{0}: −{1}", TD_TEXT(d->title), units_arg(t, amount.granted)),
                    d->clause);
            }
            tell_deduction_entry(t, line, entry);
        }
    }
}

/* ---- the total ------------------------------------------------------------------------------- */

static const char *round_text(enum td_round mode)
{
    switch (mode) {
    case TD_ROUND_HALF_EVEN:
        return TD_ID("half to even");
    case TD_ROUND_DOWN:
        return TD_ID("down");
    case TD_ROUND_UP:
        return TD_ID("up");
    case TD_ROUND_HALF_UP:
    default:
        return TD_ID("half up");
    }
}

static void tell_total(struct telling *t, struct td_step *into, const struct totals *totals)
{
    const struct td_scale *scale = &t->run.regulation->scale;
    const struct td_unit_result *result = &t->result->units[t->unit];
    if (totals->fixed != 0 || totals->bonus != 0) {
        step_add(t, into,
                 TD_MESSAGE("Sheets {0} + settled {1} + bonus {2} = {3}",
                            exact_arg(t, totals->sheets), units_arg(t, totals->fixed),
                            units_arg(t, totals->bonus), exact_arg(t, totals->before)),
                 NULL);
    }
    if (td_fraction_compare(totals->before, totals->capped) != 0) {
        step_add(t, into, TD_MESSAGE("At most the scale's {0}", exact_arg(t, totals->capped)),
                 t->run.regulation->bonus.clause);
    }
    if (totals->deducted != 0) {
        step_add(t, into,
                 TD_MESSAGE("Score: {0} − {1} = {2}", exact_arg(t, totals->capped),
                            units_arg(t, totals->deducted), TD_FRACTION(result->exact)),
                 NULL);
    }
    step_add(t, into,
             TD_MESSAGE("Shown with {0} decimals, rounded {1}: {2}",
                        TD_COUNT(scale->total_decimals), TD_TERM(round_text(scale->total_round)),
                        TD_DECIMAL(result->shown)),
             NULL);
    if (scale->rank_by == TD_RANK_BY_PERCENT) {
        struct td_fraction percent = {0, 1};
        PROVED(td_fraction_multiply(result->percent, (struct td_fraction){1, 100}, &percent));
        step_add(t, into,
                 TD_MESSAGE("Of its own maximum: {0} ÷ {1} = {2}", TD_FRACTION(result->exact),
                            TD_FRACTION(result->maximum), TD_PERCENT(percent)),
                 NULL);
    }
}

const char *td_outcome_text(enum td_outcome outcome)
{
    switch (outcome) {
    case TD_LOWERED:
        return TD_ID("lowered");
    case TD_BELOW_THRESHOLD:
        return TD_ID("below the threshold");
    case TD_PENDING:
        return TD_ID("pending");
    case TD_DEFERRED:
        return TD_ID("deferred");
    case TD_EXCLUDED:
        return TD_ID("excluded");
    case TD_ELIGIBLE:
    default:
        return TD_ID("eligible");
    }
}

/* What a unit lacks for an award's condition: each fact that doesn't have the grade asked for. */
static void tell_lacking(struct telling *t, struct td_step *into, const struct td_award *award,
                         const struct td_condition *condition)
{
    if (condition_truth(&t->run, condition, t->unit) == TRUTH_YES) {
        return;
    }
    for (int32_t i = 0; i < condition->part_count; i++) {
        tell_lacking(t, into, award, &condition->parts[i]);
    }
    if (condition->part_count == 0) {
        const struct td_fact *fact = &t->run.regulation->facts[condition->fact];
        step_add(t, into,
                 TD_MESSAGE("“{0}” asks for: {1}: {2}", TD_TEXT(award->title), TD_TEXT(fact->title),
                            TD_TERM(fact->grades[condition->grade].title)),
                 award->clause);
    }
}

/* Awards that an otherwise eligible unit doesn't qualify for. */
static void tell_unqualified(struct telling *t, struct td_step *into)
{
    const struct td_regulation *reg = t->run.regulation;
    enum td_outcome outcome = t->result->units[t->unit].outcome;
    for (int32_t i = 0; i < reg->award_count; i++) {
        const struct td_award *award = &reg->awards[i];
        if (award->how == TD_HOW_PICK || (outcome != TD_ELIGIBLE && outcome != TD_LOWERED)) {
            continue;
        }
        if (award->has_least &&
            !reaches(reg, &t->result->units[t->unit], award->least, award->least_is_percent)) {
            step_add(t, into,
                     award->least_is_percent
                         ? TD_MESSAGE("“{0}” asks for at least {1} of the maximum",
                                      TD_TEXT(award->title), TD_PERCENT(award->least))
                         : TD_MESSAGE("“{0}” asks for at least {1} points", TD_TEXT(award->title),
                                      TD_FRACTION(award->least)),
                     award->clause);
        } else if (award->when != NULL) {
            tell_lacking(t, into, award, award->when);
        }
    }
}

static void tell_outcome(struct telling *t, struct td_step *into)
{
    const struct td_unit_result *result = &t->result->units[t->unit];
    const struct td_regulation *reg = t->run.regulation;
    struct td_step *step = step_add(
        t, into, TD_MESSAGE("Outcome: {0}", TD_TERM(td_outcome_text(result->outcome))), NULL);
    for (const struct td_reason *r = result->reasons; r != NULL; r = r->next) {
        step_add(t, step,
                 r->words == NULL ? r->text
                                  : TD_MESSAGE("{0}: {1}", TD_TERM(td_outcome_text(r->outcome)),
                                               TD_TEXT(r->words)),
                 r->clause);
    }
    tell_unqualified(t, step);
    for (const struct td_open *open = t->result->open; open != NULL; open = open->next) {
        if (open->unit == t->unit) {
            step_add(t, step, open->text, open->clause);
        }
    }
    for (int32_t i = 0; i < t->result->proposal_count; i++) {
        const struct td_proposal *p = &t->result->proposals[i];
        const struct td_award *award = &reg->awards[p->award];
        if (p->unit == t->unit) {
            step_add(t, step, TD_MESSAGE("Proposed: {0}", TD_TEXT(award->title)), award->clause);
        }
    }
    for (int32_t i = 0; i < t->result->tie_count; i++) {
        const struct td_tie *tie = &t->result->ties[i];
        for (int32_t k = 0; k < tie->unit_count; k++) {
            if (tie->units[k] == t->unit) {
                step_add(t, step,
                         TD_MESSAGE("Equal with {0} others for {1} seats of “{2}”: a vote decides",
                                    TD_COUNT(tie->unit_count - 1), TD_COUNT(tie->seats),
                                    TD_TEXT(reg->awards[tie->award].title)),
                         reg->awards[tie->award].clause);
            }
        }
    }
}

int td_explain(const struct td_regulation *regulation, const struct td_year *year,
               const struct td_result *result, int32_t unit, struct td_arena *arena,
               struct td_step **ret)
{
    struct telling t = {.result = result, .unit = unit};
    if (run_begin(&t.run, regulation, year, arena) < 0 || facts_collect(&t.run) < 0) {
        return TD_E_MEMORY;
    }
    const struct td_unit_result *own = &result->units[unit];
    struct td_step top = {0};
    struct td_step *root = step_add(
        &t, &top,
        TD_MESSAGE("{0}: {1} points, rank {2} of {3}", TD_TEXT(year->members[unit].name),
                   TD_DECIMAL(own->shown), TD_COUNT(own->rank), TD_COUNT(result->unit_count)),
        NULL);
    struct totals totals;
    unit_totals(&t.run, unit, &totals);
    for (int32_t i = 0; i < regulation->voice_count; i++) {
        if (regulation->combine == TD_COMBINE_LAST) {
            tell_last(&t, root, &regulation->voices[i]);
        } else {
            tell_voice(&t, root, &regulation->voices[i]);
        }
    }
    tell_fixed(&t, root);
    tell_bonus(&t, root, &totals);
    tell_deductions(&t, root, &totals);
    tell_total(&t, root, &totals);
    tell_outcome(&t, root);
    if (t.run.full) {
        return TD_E_MEMORY;
    }
    *ret = root;
    return TD_OK;
}
