/*
 * The beginning of a run and what all of it uses: memory, open questions, names, and where an
 * item's value comes from.
 */
#include "base/wide.h"
#include "engine/engine.h"

#include "base/banned.h"

void *run_alloc(struct run *run, size_t count, size_t size)
{
    void *memory = td_arena_zeroed(run->arena, count, size);
    if (memory == NULL) {
        run->full = true;
    }
    return memory;
}

static struct td_open blank_open(enum td_open_kind kind, struct td_message text)
{
    return (struct td_open){
        .kind = kind,
        .unit = TD_NONE,
        .stage = TD_NONE,
        .rater = TD_NONE,
        .item = TD_NONE,
        .fact = TD_NONE,
        .award = TD_NONE,
        .text = text,
    };
}

static struct td_open *append(struct run *run, struct td_open ***end, struct td_open value)
{
    struct td_open *open = run_alloc(run, 1, sizeof(*open));
    if (open == NULL) {
        open = &run->spare;
    } else {
        **end = open;
        *end = &open->next;
    }
    *open = value;
    return open;
}

struct td_open *run_open(struct run *run, enum td_open_kind kind, struct td_message text)
{
    return append(run, &run->open_end, blank_open(kind, text));
}

void run_notice(struct run *run, struct td_message text, const char *clause)
{
    append(run, &run->notice_end, blank_open(TD_OPEN_SELECTION, text))->clause = clause;
}

const char *rater_name(const struct run *run, int32_t stage, int32_t rater)
{
    const struct td_stage *s = &run->regulation->stages[stage];
    switch (s->rater) {
    case TD_RATER_BODY:
        return s->title;
    case TD_RATER_PANEL:
        return run->year->panel[stage][rater];
    case TD_RATER_SELF:
    case TD_RATER_OTHERS:
    case TD_RATER_HEAD:
    default:
        return run->year->members[rater].name;
    }
}

const char *not_arisen(const struct run *run, int32_t unit, int32_t item)
{
    const char *const *reasons = run->year->not_arisen;
    return reasons == NULL ? NULL : reasons[unit * run->regulation->item_count + item];
}

const struct td_decision *decision_on(const struct run *run, int32_t unit, int32_t item)
{
    for (int32_t i = 0; i < run->year->decision_count; i++) {
        const struct td_decision *decision = &run->year->decisions[i];
        if (decision->unit == unit && decision->item == item) {
            return decision;
        }
    }
    return NULL;
}

const int64_t *unit_results(const struct run *run, int32_t unit, int32_t item)
{
    const int64_t *results = run->year->results;
    const struct td_regulation *reg = run->regulation;
    return results == NULL ? NULL : &results[unit * reg->cell_count + reg->items[item].cell];
}

/* SCO-13: items that did not arise follow the rule that the regulation declares. */
static struct scored score_not_arisen(const struct td_item *item)
{
    switch (item->when_none) {
    case TD_WHEN_NONE_FULL:
        return (struct scored){.points = item->points, .state = ITEM_SCORED};
    case TD_WHEN_NONE_ZERO:
        return (struct scored){.points = 0, .state = ITEM_SCORED};
    case TD_WHEN_NONE_LEFT_OUT:
        return (struct scored){.points = 0, .state = ITEM_LEFT_OUT};
    case TD_WHEN_NONE_UNSAID:
    default:
        return (struct scored){.points = 0, .state = ITEM_UNSAID};
    }
}

struct scored fixed_score(const struct run *run, int32_t unit, int32_t item)
{
    const struct td_regulation *reg = run->regulation;
    const struct td_item *it = &reg->items[item];
    const struct td_decision *decision = decision_on(run, unit, item);
    if (decision != NULL) {
        return (struct scored){.points = decision->points, .state = ITEM_SCORED};
    }
    if (not_arisen(run, unit, item) != NULL) {
        return score_not_arisen(it);
    }
    if (run->relative[item] != NULL) {
        const struct standing *standing = &run->relative[item]->units[unit];
        return (struct scored){.points = standing->points, .state = standing->state};
    }
    const int64_t *cells = unit_results(run, unit, item);
    if (cells == NULL) {
        return (struct scored){.points = 0, .state = ITEM_EMPTY};
    }
    return item_score(it, reg->scale.item_round, cells, unit_target(run, unit, item));
}

bool item_unsure(const struct run *run, int32_t unit, int32_t item)
{
    return run->relative[item] != NULL && run->relative[item]->incomplete &&
           run->relative[item]->units[unit].state != ITEM_LEFT_OUT && !set_aside(run, unit, item);
}

struct td_decimal points_decimal(const struct td_regulation *regulation, int64_t units)
{
    return (struct td_decimal){.units = units, .decimals = regulation->scale.item_decimals};
}

struct td_decimal value_decimal(const struct td_item *item, int64_t value)
{
    return (struct td_decimal){.units = value, .decimals = item->decimals};
}

struct td_fraction points_fraction(const struct td_regulation *regulation, struct td_fraction units)
{
    struct td_fraction points = {0, 1};
    struct td_fraction unit = {1, wide_power_of_ten(regulation->scale.item_decimals)};
    PROVED(td_fraction_multiply(units, unit, &points));
    return points;
}

/* The most sheets that a stage can expect about a unit. */
static size_t most_raters(const struct td_regulation *regulation, const struct td_year *year)
{
    int32_t most = year->member_count;
    for (int32_t stage = 0; stage < regulation->stage_count; stage++) {
        most = year->panel_count[stage] > most ? year->panel_count[stage] : most;
    }
    return (size_t)most;
}

static void find_set_aside(struct run *run)
{
    const struct td_year *year = run->year;
    int32_t items = run->regulation->item_count;
    if (year->not_arisen == NULL && year->decision_count == 0) {
        return;
    }
    run->set_aside =
        run_alloc(run, (size_t)year->member_count * (size_t)items, sizeof(*run->set_aside));
    for (int32_t i = 0; run->set_aside != NULL && i < year->member_count * items; i++) {
        run->set_aside[i] = year->not_arisen != NULL && year->not_arisen[i] != NULL;
    }
    for (int32_t i = 0; run->set_aside != NULL && i < year->decision_count; i++) {
        run->set_aside[year->decisions[i].unit * items + year->decisions[i].item] = true;
    }
}

int run_begin(struct run *run, const struct td_regulation *regulation, const struct td_year *year,
              struct td_arena *arena)
{
    *run = (struct run){.regulation = regulation, .year = year, .arena = arena};
    size_t members = (size_t)year->member_count;
    run->first_sheet = run_alloc(run, members + 1, sizeof(*run->first_sheet));
    run->relative = run_alloc(run, (size_t)regulation->item_count, sizeof(void *));
    size_t raters = most_raters(regulation, year);
    run->expected = run_alloc(run, raters, sizeof(*run->expected));
    run->sheets = run_alloc(run, raters * TD_STAGES_MAX, sizeof(void *));
    run->rows = run_alloc(run, raters * TD_STAGES_MAX, sizeof(*run->rows));
    run->sums = run_alloc(run, raters * TD_STAGES_MAX, sizeof(*run->sums));
    run->on_sheets = run_alloc(run, (size_t)regulation->item_count, sizeof(*run->on_sheets));
    run->elsewhere = run_alloc(run, (size_t)regulation->item_count, sizeof(*run->elsewhere));
    find_set_aside(run);
    entries_collect(run);
    if (run->full) {
        return TD_E_MEMORY;
    }
    for (int32_t item = 0; item < regulation->item_count; item++) {
        const struct td_item *it = &regulation->items[item];
        if (it->source == TD_FROM_SHEETS && it->way != TD_WAY_LEADER) {
            run->on_sheets[run->on_sheet_count++] = item;
        } else {
            run->elsewhere[run->elsewhere_count++] = item;
        }
    }
    int32_t sheet = 0;
    for (int32_t unit = 0; unit < year->member_count; unit++) {
        run->first_sheet[unit] = sheet;
        while (sheet < year->sheet_count && year->sheets[sheet].unit == unit) {
            sheet++;
        }
    }
    run->first_sheet[members] = sheet;
    return relative_compute(run);
}
