/*
 * What must hold in a regulation beyond the shape of single fields. Every breach is told at its
 * place with its remedy; the rest of the engine relies on all of it.
 */
#include "engine/check.h"
#include "engine/engine.h"

#include "base/banned.h"

void check_error(struct checking *c, const char *where, struct td_message what,
                 struct td_message remedy)
{
    td_problem_add(c->problems, TD_ERROR, where, what, remedy);
}

void check_notice(struct checking *c, const char *where, struct td_message what,
                  struct td_message remedy)
{
    td_problem_add(c->problems, TD_NOTICE, where, what, remedy);
}

struct td_arg points_arg(const struct checking *c, int64_t units)
{
    struct td_fraction points = {0, 1};
    if (td_fraction_of_decimal(points_decimal(c->regulation, units), &points) < 0) {
        return TD_COUNT(units);
    }
    return TD_FRACTION(points);
}

/* ---- the tree (CRI-1) ------------------------------------------------------------------------ */

void td_regulation_lay_out(struct td_regulation *regulation)
{
    int32_t cell = 0;
    for (int32_t i = 0; i < regulation->item_count; i++) {
        struct td_item *item = &regulation->items[i];
        item->cell = cell;
        item->cells = item->way == TD_WAY_PLUS_MINUS ? item->part_count : 1;
        cell += item->cells;
    }
    regulation->cell_count = cell;
    for (int32_t i = 0; i < regulation->node_count; i++) {
        regulation->nodes[i].first_item = 0;
        regulation->nodes[i].item_count = 0;
    }
    /* From the last node up, so that a node's items are complete before its parent takes them. */
    for (int32_t i = regulation->node_count - 1; i >= 0; i--) {
        struct td_node *node = &regulation->nodes[i];
        if (node->item != TD_NONE) {
            node->first_item = node->item;
            node->item_count = 1;
        }
        if (node->parent != TD_NONE && node->item_count > 0) {
            struct td_node *parent = &regulation->nodes[node->parent];
            parent->first_item = node->first_item;
            parent->item_count += node->item_count;
        }
    }
}

int64_t td_node_sum(const struct td_regulation *regulation, int32_t node)
{
    if (regulation->nodes[node].item != TD_NONE) {
        return regulation->nodes[node].points;
    }
    int64_t sum = 0;
    for (int32_t i = node + 1; i < regulation->node_count; i++) {
        sum += regulation->nodes[i].parent == node ? regulation->nodes[i].points : 0;
    }
    return sum;
}

static void check_tree(struct checking *c)
{
    const struct td_regulation *reg = c->regulation;
    int64_t sections = 0;
    for (int32_t i = 0; i < reg->node_count; i++) {
        const struct td_node *node = &reg->nodes[i];
        sections += node->parent == TD_NONE ? node->points : 0;
        int64_t sum = td_node_sum(reg, i);
        if (sum != node->points) {
            check_error(c, node->where,
                        TD_MESSAGE("the parts of “{0}” add up to {1} points, it has {2}",
                                   TD_TEXT(node->title), points_arg(c, sum),
                                   points_arg(c, node->points)),
                        TD_MESSAGE("change the points of “{0}” or of its parts by {1}",
                                   TD_TEXT(node->title), points_arg(c, node->points - sum)));
        }
        if (node->points <= 0) {
            check_error(c, node->where, TD_MESSAGE("“{0}” has no points", TD_TEXT(node->title)),
                        TD_WORDS("give it points above zero"));
        }
    }
    int64_t bonus = reg->bonus.in_total && reg->bonus.cap != TD_NONE ? reg->bonus.cap : 0;
    if (sections + bonus != reg->scale.total) {
        check_error(c, "/points/total",
                    TD_MESSAGE("the sections add up to {0} points and the bonus within the total "
                               "to {1}, the scale has {2}",
                               points_arg(c, sections), points_arg(c, bonus),
                               points_arg(c, reg->scale.total)),
                    TD_WORDS("let the sections and the bonus add up to the scale"));
    }
    if (reg->bonus.in_total && reg->bonus.cap == TD_NONE) {
        check_error(c, reg->bonus.where, TD_WORDS("a bonus within the total needs a cap"),
                    TD_WORDS("state the cap, or take “in_total” away"));
    }
}

/* ---- stages and how they combine ------------------------------------------------------------- */

static bool single(const struct td_stage *stage)
{
    return stage->rater != TD_RATER_OTHERS && stage->rater != TD_RATER_PANEL;
}

static void check_stages(struct checking *c)
{
    const struct td_regulation *reg = c->regulation;
    for (int32_t i = 0; i < reg->stage_count; i++) {
        const struct td_stage *stage = &reg->stages[i];
        bool compares = stage->differs_from != TD_NONE;
        if (compares && (stage->differs_from == i || !single(&reg->stages[stage->differs_from]))) {
            check_error(c, stage->where,
                        TD_MESSAGE("“{0}” can only be compared with another stage that has one "
                                   "rater for each unit",
                                   TD_TEXT(stage->title)),
                        TD_WORDS("name such a stage, or take “reason_when_different_from” away"));
        }
    }
}

static void check_voice(struct checking *c, const struct td_voice *voice, uint32_t *used)
{
    const struct td_regulation *reg = c->regulation;
    for (int32_t i = 0; i < voice->stage_count; i++) {
        const struct td_stage *stage = &reg->stages[voice->stages[i]];
        if (*used >> voice->stages[i] & 1) {
            check_error(c, voice->where,
                        TD_MESSAGE("the stage “{0}” is counted twice", TD_TEXT(stage->title)),
                        TD_WORDS("name each stage once"));
        }
        *used |= UINT32_C(1) << voice->stages[i];
        if (reg->combine == TD_COMBINE_LAST && !single(stage)) {
            check_error(c, voice->where,
                        TD_MESSAGE("“{0}” has several raters for each unit, so no sheet of it can "
                                   "be the last",
                                   TD_TEXT(stage->title)),
                        TD_WORDS("take a mean, or name stages of one rater"));
        }
    }
}

static void check_combine(struct checking *c)
{
    const struct td_regulation *reg = c->regulation;
    struct td_fraction sum = {0, 1};
    uint32_t used = 0;
    bool fits = true;
    for (int32_t i = 0; i < reg->voice_count; i++) {
        check_voice(c, &reg->voices[i], &used);
        fits = fits && td_fraction_add(sum, reg->voices[i].weight, &sum) == TD_OK;
    }
    struct td_fraction one = {1, 1};
    if (reg->voice_count > 0 && (!fits || td_fraction_compare(sum, one) != 0)) {
        check_error(c, "/combine", TD_MESSAGE("the weights add up to {0}", TD_PERCENT(sum)),
                    TD_WORDS("let them add up to 100%"));
    }
    for (int32_t i = 0; i < reg->item_count; i++) {
        const struct td_item *item = &reg->items[i];
        if (item->source == TD_FROM_SHEETS && reg->voice_count == 0) {
            check_error(c, reg->nodes[item->node].where,
                        TD_MESSAGE("“{0}” is scored on sheets, and the regulation has none",
                                   TD_TEXT(reg->nodes[item->node].title)),
                        TD_WORDS("state “stages” and “combine”"));
            return;
        }
    }
}

/* ---- bonus, awards --------------------------------------------------------------------------- */

static bool settled(const struct td_regulation *reg, const struct td_item *item)
{
    return item->source == TD_FROM_RESULTS || reg->combine == TD_COMBINE_LAST;
}

static void check_over_plan(struct checking *c, const struct td_bonus_part *part)
{
    const struct td_regulation *reg = c->regulation;
    const struct td_node *section = &reg->nodes[part->section];
    bool any = false;
    for (int32_t i = 0; i < section->item_count; i++) {
        const struct td_item *item = &reg->items[section->first_item + i];
        any = any || item->way == TD_WAY_PLAN;
        if (item->way == TD_WAY_PLAN && !settled(reg, item)) {
            check_error(c, part->where,
                        TD_MESSAGE("the bonus over the plan needs one settled figure for “{0}”, "
                                   "and the raters' sheets are averaged",
                                   TD_TEXT(reg->nodes[item->node].title)),
                        TD_WORDS("let the item's value come from “results”, or let the last "
                                 "stage count"));
        }
    }
    if (!any) {
        check_error(c, part->where,
                    TD_MESSAGE("“{0}” has no item scored by a plan", TD_TEXT(section->title)),
                    TD_WORDS("name a section with such items"));
    }
    if (part->per.num <= 0 || part->points <= 0) {
        check_error(c, part->where,
                    TD_WORDS("the bonus over the plan needs points, and a share, above zero"),
                    TD_WORDS("for example 1 point for every 1%"));
    }
}

static void check_award(struct checking *c, const struct td_award *award, int32_t index)
{
    const struct td_regulation *reg = c->regulation;
    if (award->least_is_percent && reg->scale.rank_by != TD_RANK_BY_PERCENT) {
        check_error(c, award->where,
                    TD_MESSAGE("“{0}” asks for a percent, and units are not ranked by percent",
                               TD_TEXT(award->title)),
                    TD_WORDS("state points, or let “rank_by” be “percent”"));
    }
    if (award->how == TD_HOW_PICK &&
        (award->among == index ||
         (award->among != TD_NONE && reg->awards[award->among].how == TD_HOW_PICK))) {
        check_error(c, award->where,
                    TD_MESSAGE("“{0}” is picked among the units of an award that is picked itself",
                               TD_TEXT(award->title)),
                    TD_WORDS("name an award that is given by score or by vote"));
    }
    struct td_fraction most = points_fraction(reg, (struct td_fraction){reg->scale.total, 1});
    if (award->has_least && !award->least_is_percent && !reg->scale.above_total &&
        td_fraction_compare(award->least, most) > 0) {
        check_error(c, award->where,
                    TD_MESSAGE("“{0}” asks for {1} points, the scale has {2}",
                               TD_TEXT(award->title), TD_FRACTION(award->least), TD_FRACTION(most)),
                    TD_WORDS("state points within the scale"));
    }
}

/* ---- dates (CYC-4, LAW-1) -------------------------------------------------------------------- */

static void check_day(struct checking *c, const char *where, const struct td_when_due *due)
{
    const struct td_regulation *reg = c->regulation;
    struct td_date first, last, day;
    if (due->kind != TD_DUE_BEFORE && due->kind != TD_DUE_BY) {
        return;
    }
    if (!td_date_is_set(due->date)) {
        /* A leap year, so that 29 February is a day. */
        if (td_date_make(2024, due->month, due->day, &day) < 0) {
            check_error(c, where,
                        TD_MESSAGE("there is no day {0} in month {1}", TD_COUNT(due->day),
                                   TD_COUNT(due->month)),
                        TD_WORDS("state a day as month-day, for example 03-31"));
        }
        return;
    }
    if (reg->year == 0) {
        check_error(c, where,
                    TD_MESSAGE("the date {0} belongs to one year, the regulation is for any",
                               TD_DATE(due->date)),
                    TD_WORDS("state a day as month-day, or the regulation's “year”"));
        return;
    }
    td_year_span(reg, reg->year, &first, &last);
    if (td_date_compare(due->date, first) < 0 || td_date_compare(due->date, last) > 0) {
        check_error(c, where,
                    TD_MESSAGE("the date {0} is outside the emulation year, which runs from {1} to "
                               "{2}",
                               TD_DATE(due->date), TD_DATE(first), TD_DATE(last)),
                    TD_WORDS("correct the date; keep what the source prints in “printed”"));
    }
}

static void check_duties(struct checking *c)
{
    const struct td_regulation *reg = c->regulation;
    for (int32_t i = 0; i < reg->duty_count; i++) {
        const struct td_duty *duty = &reg->duties[i];
        struct td_date first, last;
        check_day(c, duty->where, &duty->due);
        if (!td_date_is_set(duty->printed)) {
            continue;
        }
        td_due_days(reg, &duty->due, reg->year != 0 ? reg->year : duty->printed.year, 12,
                    (struct td_date){0}, &first, &last);
        check_notice(c, duty->where,
                     TD_MESSAGE("the source prints {0} for “{1}”, which can't be right; the last "
                                "day here is {2}",
                                TD_DATE(duty->printed), TD_TEXT(duty->title), TD_DATE(last)),
                     TD_WORDS("let the issuer confirm the date"));
    }
    for (int32_t i = 0; i < reg->meeting_count; i++) {
        check_day(c, reg->meetings[i].where, &reg->meetings[i].due);
    }
}

static void check_bases(struct checking *c)
{
    const struct td_regulation *reg = c->regulation;
    for (int32_t i = 0; i < reg->base_count; i++) {
        const struct td_legal_basis *basis = &reg->bases[i];
        bool ends = td_date_is_set(basis->until);
        if (ends && td_date_compare(basis->until, basis->from) < 0) {
            check_error(c, basis->where,
                        TD_MESSAGE("“{0}” ends before it begins", TD_TEXT(basis->cite)),
                        TD_WORDS("correct “from” or “until”"));
        }
        bool out = td_date_is_set(reg->issued) &&
                   (td_date_compare(reg->issued, basis->from) < 0 ||
                    (ends && td_date_compare(reg->issued, basis->until) > 0));
        if (out) {
            check_notice(c, basis->where,
                         TD_MESSAGE("“{0}” was not in force on {1}, when the regulation was issued",
                                    TD_TEXT(basis->cite), TD_DATE(reg->issued)),
                         TD_WORDS("cite the basis in force on that day"));
        }
    }
}

/* ---- bounds (law 2) -------------------------------------------------------------------------- */

static int32_t bits(int64_t value)
{
    return value <= 0 ? 1 : 64 - __builtin_clzll((unsigned long long)value);
}

/* The greatest magnitude of a total in item units: points, bonus and deductions. */
static int64_t greatest_total(const struct td_regulation *reg)
{
    int64_t total = reg->scale.total;
    for (int32_t i = 0; i < reg->item_count; i++) {
        const struct td_item *item = &reg->items[i];
        total += item->way == TD_WAY_PLUS_MINUS && item->floor < 0 ? -item->floor : 0;
    }
    for (int32_t i = 0; reg->bonus.cap == TD_NONE && i < reg->bonus.part_count; i++) {
        const struct td_bonus_part *part = &reg->bonus.parts[i];
        if (part->cap != TD_NONE) {
            total += part->cap;
        } else if (part->kind == TD_BONUS_AWARDED) {
            total += reg->scale.total * TD_ENTRIES_MAX;
        } else {
            total += part->each.num > 0 ? reg->scale.total : TD_VALUE_MAX;
        }
    }
    total += reg->bonus.cap != TD_NONE ? reg->bonus.cap : 0;
    for (int32_t i = 0; reg->deduction_cap == TD_NONE && i < reg->deduction_count; i++) {
        const struct td_deduction *d = &reg->deductions[i];
        total += d->cap != TD_NONE ? d->cap : d->each * (d->once ? 1 : TD_ENTRIES_MAX);
    }
    return total + (reg->deduction_cap != TD_NONE ? reg->deduction_cap : 0);
}

/* A mean of n sheets has n in its denominator, a weight its own. */
static int32_t denominator_bits(const struct td_regulation *reg)
{
    int32_t sum = 0;
    for (int32_t i = 0; reg->combine == TD_COMBINE_WEIGHTED && i < reg->voice_count; i++) {
        const struct td_voice *voice = &reg->voices[i];
        int64_t sheets = 0;
        for (int32_t k = 0; k < voice->stage_count; k++) {
            sheets += single(&reg->stages[voice->stages[k]]) ? 1 : TD_MEMBERS_MAX;
        }
        sum += bits(sheets) + bits(voice->weight.den);
    }
    return sum;
}

/* Scores are compared by products of 128 bits, so numerator and denominator may have 62 each. A
 * percent multiplies the one by 100 and the other by the maximum. */
#define SAFE_BITS 62
#define PERCENT_BITS 7

static void check_bounds(struct checking *c)
{
    const struct td_regulation *reg = c->regulation;
    int32_t den = denominator_bits(reg);
    int32_t num = bits(greatest_total(reg)) + den + PERCENT_BITS;
    int32_t scaled = den + bits(reg->scale.total);
    int32_t most = num > scaled ? num : scaled;
    if (most > SAFE_BITS) {
        check_error(c, "/points",
                    TD_MESSAGE("the numbers of this regulation can reach 2^{0}, and are exact only "
                               "up to 2^{1}",
                               TD_COUNT(most), TD_COUNT(SAFE_BITS)),
                    TD_WORDS("take fewer decimals, simpler weights, or cap the bonus and the "
                             "deductions"));
    }
    for (int32_t i = 0; i < reg->item_count; i++) {
        const struct td_item *item = &reg->items[i];
        int32_t reach = bits(item->points) + bits(item->on_target.den) + 2 * bits(TD_VALUE_MAX);
        if (item->way == TD_WAY_LEADER && reach > 126) {
            check_error(c, reg->nodes[item->node].where,
                        TD_MESSAGE("the numbers of “{0}” can reach 2^{1}, and are exact only up to "
                                   "2^{2}",
                                   TD_TEXT(reg->nodes[item->node].title), TD_COUNT(reach),
                                   TD_COUNT(126)),
                        TD_WORDS("take fewer decimals of points, or a simpler “on_target”"));
        }
    }
}

int td_regulation_check(const struct td_regulation *regulation, struct td_problems *problems)
{
    struct checking c = {.regulation = regulation, .problems = problems};
    size_t before = problems->errors;
    check_tree(&c);
    for (int32_t i = 0; i < regulation->item_count; i++) {
        check_item(&c, &regulation->items[i]);
    }
    check_stages(&c);
    check_combine(&c);
    for (int32_t i = 0; i < regulation->bonus.part_count; i++) {
        if (regulation->bonus.parts[i].kind == TD_BONUS_OVER_PLAN) {
            check_over_plan(&c, &regulation->bonus.parts[i]);
        }
    }
    for (int32_t i = 0; i < regulation->award_count; i++) {
        check_award(&c, &regulation->awards[i], i);
    }
    check_duties(&c);
    check_bases(&c);
    check_bounds(&c);
    if (problems->full) {
        return TD_E_MEMORY;
    }
    return problems->errors > before ? TD_E_INVALID : TD_OK;
}
