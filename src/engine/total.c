/*
 * From sheets to a unit's total: the sums of sheets, how raters combine (SCO-2, SCO-9e), bonus and
 * deductions on top. Sums are scaled integers; only means and weights make fractions, and
 * td_regulation_check has proved that they fit.
 */
#include "base/wide.h"
#include "engine/engine.h"

#include "base/banned.h"

static struct td_fraction add(struct td_fraction a, struct td_fraction b)
{
    struct td_fraction sum = {0, 1};
    PROVED(td_fraction_add(a, b, &sum));
    return sum;
}

static struct td_fraction whole(int64_t units)
{
    return (struct td_fraction){.num = units, .den = 1};
}

/* ---- what is open ---------------------------------------------------------------------------- */

static const char *item_title(const struct run *run, int32_t item)
{
    return run->regulation->nodes[run->regulation->items[item].node].title;
}

static struct td_open *open_item(struct run *run, enum td_open_kind kind, int32_t unit,
                                 int32_t item, struct td_message text)
{
    const struct td_regulation *reg = run->regulation;
    struct td_open *open = run_open(run, kind, text);
    open->unit = unit;
    open->item = item;
    open->clause = reg->nodes[reg->items[item].node].clause;
    run->result->units[unit].provisional = true;
    return open;
}

/* An item of the sheet (NULL: a settled figure) that could not be scored. */
static void report_item(struct run *run, int32_t unit, const struct td_sheet *sheet, int32_t item,
                        enum item_state state)
{
    if (run->result == NULL) {
        return;
    }
    struct td_arg name = TD_TEXT(run->year->members[unit].name);
    struct td_arg title = TD_TEXT(item_title(run, item));
    struct td_open *open;
    if (state == ITEM_UNSAID) {
        open = open_item(run, TD_OPEN_NOT_ARISEN, unit, item,
                         TD_MESSAGE("{0}: “{1}” did not arise, and the regulation doesn't say "
                                    "what it is worth then",
                                    name, title));
    } else if (state == ITEM_NO_TIER) {
        open = open_item(run, TD_OPEN_TIER, unit, item,
                         TD_MESSAGE("{0}: the value of “{1}” lies in no tier", name, title));
    } else if (state == ITEM_NO_TARGET) {
        open = open_item(run, TD_OPEN_TARGET, unit, item,
                         TD_MESSAGE("{0}: “{1}” has no target above zero", name, title));
    } else if (sheet == NULL) {
        open = open_item(run, TD_OPEN_RESULT, unit, item,
                         TD_MESSAGE("{0}: the figure for “{1}” is missing", name, title));
    } else {
        struct td_arg rater = TD_TEXT(rater_name(run, sheet->stage, sheet->rater));
        open = open_item(run, TD_OPEN_EMPTY, unit, item,
                         TD_MESSAGE("{0}: “{1}” is empty on the sheet “{2}” by {3}", name, title,
                                    TD_TEXT(run->regulation->stages[sheet->stage].title), rater));
    }
    if (sheet != NULL) {
        open->stage = sheet->stage;
        open->rater = sheet->rater;
    }
}

static void report_missing(struct run *run, int32_t unit, const struct expected *expected)
{
    if (run->result == NULL) {
        return;
    }
    const struct td_stage *stage = &run->regulation->stages[expected->stage];
    struct td_arg title = TD_TEXT(stage->title);
    struct td_arg rater = TD_TEXT(rater_name(run, expected->stage, expected->rater));
    struct td_arg name = TD_TEXT(run->year->members[unit].name);
    const struct td_settled *wait = expected->settled;
    struct td_message text =
        wait == NULL ? TD_MESSAGE("The sheet “{0}” by {1} about {2} is missing", title, rater, name)
                     : TD_MESSAGE("The sheet “{0}” by {1} about {2} is waited for: {3}", title,
                                  rater, name, TD_TEXT(wait->reason));
    struct td_open *open = run_open(run, TD_OPEN_SHEET, text);
    open->unit = unit;
    open->stage = expected->stage;
    open->rater = expected->rater;
    open->clause = stage->clause;
    run->result->units[unit].provisional = true;
}

static void report_too_few(struct run *run, int32_t unit, const struct td_voice *voice)
{
    if (run->result == NULL) {
        return;
    }
    struct td_open *open =
        run_open(run, TD_OPEN_RATERS,
                 TD_MESSAGE("{0}: there are too few sheets to leave out the {1} highest and {2} "
                            "lowest",
                            TD_TEXT(run->year->members[unit].name), TD_COUNT(voice->drop_highest),
                            TD_COUNT(voice->drop_lowest)));
    open->unit = unit;
    open->clause = run->regulation->combine_clause;
    run->result->units[unit].provisional = true;
}

/* Every sheet was abstained from or settled away: there is nothing left to take a mean of. */
static void report_none(struct run *run, int32_t unit)
{
    if (run->result == NULL) {
        return;
    }
    struct td_open *open =
        run_open(run, TD_OPEN_RATERS,
                 TD_MESSAGE("{0}: not one of the sheets that should count is there",
                            TD_TEXT(run->year->members[unit].name)));
    open->unit = unit;
    open->clause = run->regulation->combine_clause;
    run->result->units[unit].provisional = true;
}

/* A reviewed value that differs needs a reason (SCO-3). */
static void report_unreasoned(struct run *run, int32_t unit, const struct td_sheet *sheet)
{
    const struct td_stage *stage = &run->regulation->stages[sheet->stage];
    if (run->result == NULL || stage->differs_from == TD_NONE) {
        return;
    }
    struct expected first = expected_sheet(run, unit, stage->differs_from);
    if (first.presence != SHEET_COUNTS) {
        return;
    }
    for (int32_t item = 0; item < run->regulation->item_count; item++) {
        const struct td_item *it = &run->regulation->items[item];
        if (it->source != TD_FROM_SHEETS || sheet->cells[it->cell] == TD_EMPTY) {
            continue; /* what is empty is open as such */
        }
        bool same = true;
        for (int32_t cell = it->cell; cell < it->cell + it->cells; cell++) {
            same = same && sheet->cells[cell] == first.sheet->cells[cell];
        }
        bool reasoned = sheet->reasons != NULL && sheet->reasons[item] != NULL;
        if (!same && !reasoned && !set_aside(run, unit, item)) {
            struct td_open *open = open_item(
                run, TD_OPEN_REASON, unit, item,
                TD_MESSAGE("{0}: “{1}” differs from the sheet “{2}” and gives no reason",
                           TD_TEXT(run->year->members[unit].name), TD_TEXT(item_title(run, item)),
                           TD_TEXT(run->regulation->stages[stage->differs_from].title)));
            open->stage = sheet->stage;
            open->rater = sheet->rater;
        }
    }
}

/* ---- sums ------------------------------------------------------------------------------------ */

/* A nation's sheets don't fit the caches, and each is too short for the processor to see it coming:
 * asking for its cells first saves a third of the time. */
#define CELLS_IN_A_LINE 8

/* Item by item through all sheets, since that is the order in which a nation is scored fastest. */
void sheets_sum(struct run *run, int32_t unit, int32_t count)
{
    const struct td_regulation *reg = run->regulation;
    enum td_round round = reg->scale.item_round;
    for (int32_t i = 0; i < count; i++) {
        run->rows[i] = run->sheets[i]->cells;
        run->sums[i] = 0;
        for (int32_t cell = 0; cell < reg->cell_count; cell += CELLS_IN_A_LINE) {
            __builtin_prefetch(&run->rows[i][cell]);
        }
    }
    for (int32_t i = 0; i < run->on_sheet_count; i++) {
        int32_t item = run->on_sheets[i];
        const struct td_item *it = &reg->items[item];
        if (set_aside(run, unit, item)) {
            continue;
        }
        int64_t target = unit_target(run, unit, item);
        if (item_add(it, round, run->rows, count, target, run->sums)) {
            continue;
        }
        for (int32_t k = 0; k < count; k++) {
            struct scored s = item_score(it, round, run->rows[k] + it->cell, target);
            if (s.state != ITEM_SCORED) {
                report_item(run, unit, run->sheets[k], item, s.state);
            }
        }
    }
}

/* Move the extreme total (sign 1: the greatest, -1: the least) of totals[0..count), and its sheet,
 * to the end. */
static void extreme_last(int64_t *totals, const struct td_sheet **sheets, int32_t count, int sign)
{
    int32_t extreme = 0;
    for (int32_t i = 1; i < count; i++) {
        if (sign > 0 ? totals[i] > totals[extreme] : totals[i] < totals[extreme]) {
            extreme = i;
        }
    }
    int64_t swap = totals[extreme];
    totals[extreme] = totals[count - 1];
    totals[count - 1] = swap;
    const struct td_sheet *sheet = sheets[extreme];
    sheets[extreme] = sheets[count - 1];
    sheets[count - 1] = sheet;
}

void voice_mean(const struct td_voice *voice, int64_t *totals, const struct td_sheet **sheets,
                int32_t count, struct voice_total *ret)
{
    ret->counted = count;
    ret->meant = count;
    int32_t drops = voice->drop_highest + voice->drop_lowest;
    ret->too_few = drops > 0 && count > 0 && count <= drops;
    for (int32_t i = 0; !ret->too_few && i < drops && count > 0; i++) {
        extreme_last(totals, sheets, ret->meant--, i < voice->drop_highest ? 1 : -1);
    }
    ret->sum = 0;
    for (int32_t i = 0; i < ret->meant; i++) {
        ret->sum += totals[i];
    }
}

/* Every sheet of the part, one voice each. */
static struct td_fraction weigh_voice(struct run *run, int32_t unit, const struct td_voice *voice,
                                      struct totals *totals)
{
    const struct expected *expected = run->expected;
    struct voice_total total = {0};
    int32_t counted = 0;
    bool missing = false;
    for (int32_t i = 0; i < voice->stage_count; i++) {
        int32_t count = expected_sheets(run, unit, voice->stages[i]);
        total.expected += count;
        for (int32_t k = 0; k < count; k++) {
            if (expected[k].presence == SHEET_COUNTS) {
                run->sheets[counted++] = expected[k].sheet;
                report_unreasoned(run, unit, expected[k].sheet);
            } else if (expected[k].presence == SHEET_MISSING) {
                report_missing(run, unit, &expected[k]);
                missing = true;
            }
        }
    }
    sheets_sum(run, unit, counted);
    voice_mean(voice, run->sums, run->sheets, counted, &total);
    if (total.too_few) {
        report_too_few(run, unit, voice);
    }
    totals->expected += total.expected;
    totals->counted += total.counted;
    if (total.meant == 0) {
        if (!missing) {
            report_none(run, unit);
        }
        return whole(0);
    }
    struct td_fraction mean = {0, 1};
    PROVED(td_fraction_make(total.sum, total.meant, &mean));
    PROVED(td_fraction_multiply(mean, voice->weight, &mean));
    return mean;
}

/* F8: the sheet of the last stage that has one. */
static struct td_fraction last_stage(struct run *run, int32_t unit, const struct td_voice *voice,
                                     struct totals *totals)
{
    const struct td_sheet *settled = settled_sheet(run, unit);
    bool missing = false;
    for (int32_t i = 0; i < voice->stage_count; i++) {
        int32_t stage = voice->stages[i];
        struct expected expected = expected_sheet(run, unit, stage);
        if (expected.presence == SHEET_MISSING && !run->regulation->stages[stage].optional) {
            report_missing(run, unit, &expected);
            missing = true;
        }
    }
    totals->expected = 1;
    if (settled == NULL) {
        if (!missing) {
            report_none(run, unit);
        }
        return whole(0);
    }
    totals->counted = 1;
    report_unreasoned(run, unit, settled);
    run->sheets[0] = settled;
    sheets_sum(run, unit, 1);
    return whole(run->sums[0]);
}

/* The values of the leader's items may stand on the settled sheets; where such a sheet is missing,
 * that is open already. */
static void report_fixed(struct run *run, int32_t unit, int32_t item, enum item_state state)
{
    bool written = run->regulation->items[item].source == TD_FROM_SHEETS;
    const struct td_sheet *sheet = written ? settled_sheet(run, unit) : NULL;
    if (!written || sheet != NULL || state != ITEM_EMPTY) {
        report_item(run, unit, sheet, item, state);
    }
}

static void add_fixed(struct run *run, int32_t unit, struct totals *totals)
{
    bool any = run->set_aside != NULL;
    int32_t count = any ? run->regulation->item_count : run->elsewhere_count;
    for (int32_t i = 0; i < count; i++) {
        int32_t item = any ? i : run->elsewhere[i];
        if (item_on_sheets(run, unit, item)) {
            continue;
        }
        struct scored s = fixed_score(run, unit, item);
        totals->fixed += s.points;
        if (s.state == ITEM_LEFT_OUT) {
            totals->left_out += run->regulation->items[item].points;
        } else if (s.state != ITEM_SCORED) {
            report_fixed(run, unit, item, s.state);
        }
        if (run->result != NULL && item_unsure(run, unit, item)) {
            run->result->units[unit].provisional = true;
        }
    }
}

static int64_t at_most(int64_t amount, int64_t cap)
{
    return cap != TD_NONE && amount > cap ? cap : amount;
}

static void add_bonus_and_deductions(const struct run *run, int32_t unit, struct totals *totals)
{
    const struct td_regulation *reg = run->regulation;
    for (int32_t part = 0; part < reg->bonus.part_count; part++) {
        totals->bonus_asked += bonus_of(run, part, unit).granted;
    }
    totals->bonus = at_most(totals->bonus_asked, reg->bonus.cap);
    for (int32_t i = 0; i < reg->deduction_count; i++) {
        totals->deducted_asked += deduction_of(run, i, unit).granted;
    }
    totals->deducted = at_most(totals->deducted_asked, reg->deduction_cap);

    totals->before = add(totals->sheets, whole(totals->fixed + totals->bonus));
    struct td_fraction most = whole(reg->scale.total);
    bool above = td_fraction_compare(totals->before, most) > 0;
    totals->capped = above && !reg->scale.above_total ? most : totals->before;
    /* 003 II.2.4d: deductions come off "tổng điểm sau khi chấm". */
    totals->final = add(totals->capped, whole(-totals->deducted));
}

void unit_totals(struct run *run, int32_t unit, struct totals *ret)
{
    const struct td_regulation *reg = run->regulation;
    *ret = (struct totals){.sheets = whole(0)};
    if (reg->combine == TD_COMBINE_LAST && reg->voice_count > 0) {
        ret->sheets = last_stage(run, unit, &reg->voices[0], ret);
    }
    for (int32_t i = 0; reg->combine == TD_COMBINE_WEIGHTED && i < reg->voice_count; i++) {
        ret->sheets = add(ret->sheets, weigh_voice(run, unit, &reg->voices[i], ret));
    }
    add_fixed(run, unit, ret);
    add_bonus_and_deductions(run, unit, ret);
}
