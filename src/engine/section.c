/*
 * From which sections of the criteria a unit's points come: the same sheets, the same items and the
 * same mean as in total.c, kept apart by section.
 */
#include "engine/engine.h"

#include <string.h>

#include "base/banned.h"

struct splitting {
    struct run run;
    int32_t count;            /* sections */
    int32_t *of;              /* [item]: its section */
    int64_t *sums;            /* [section]: of one part's sheets */
    struct td_fraction *unit; /* [section]: the unit's, in item units */
};

int32_t td_section_count(const struct td_regulation *regulation)
{
    int32_t count = 0;
    for (int32_t i = 0; i < regulation->node_count; i++) {
        count += regulation->nodes[i].parent == TD_NONE;
    }
    return count;
}

/* Sections in the order of nodes, as td_section_points has them. */
static void find_sections(struct splitting *s)
{
    const struct td_regulation *reg = s->run.regulation;
    int32_t section = TD_NONE;
    for (int32_t i = 0; i < reg->node_count; i++) {
        section += reg->nodes[i].parent == TD_NONE;
        if (reg->nodes[i].item != TD_NONE) {
            s->of[reg->nodes[i].item] = section;
        }
    }
}

static void add_sheet(struct splitting *s, int32_t unit, const struct td_sheet *sheet)
{
    const struct run *run = &s->run;
    for (int32_t i = 0; i < run->on_sheet_count; i++) {
        int32_t item = run->on_sheets[i];
        const struct td_item *it = &run->regulation->items[item];
        if (!set_aside(run, unit, item)) {
            s->sums[s->of[item]] +=
                item_score(it, run->regulation->scale.item_round, sheet->cells + it->cell,
                           unit_target(run, unit, item))
                    .points;
        }
    }
}

/* The weighed mean of run->sheets[0..count). */
static void add_mean(struct splitting *s, int32_t unit, int32_t count, struct td_fraction weight)
{
    memset(s->sums, 0, (size_t)s->count * sizeof *s->sums);
    for (int32_t i = 0; i < count; i++) {
        add_sheet(s, unit, s->run.sheets[i]);
    }
    for (int32_t i = 0; count > 0 && i < s->count; i++) {
        struct td_fraction mean = {0, 1};
        PROVED(td_fraction_make(s->sums[i], count, &mean));
        PROVED(td_fraction_multiply(mean, weight, &mean));
        PROVED(td_fraction_add(s->unit[i], mean, &s->unit[i]));
    }
}

static void add_voice(struct splitting *s, int32_t unit, const struct td_voice *voice)
{
    struct run *run = &s->run;
    struct voice_total total = {0};
    int32_t counted = 0;
    for (int32_t i = 0; i < voice->stage_count; i++) {
        int32_t count = expected_sheets(run, unit, voice->stages[i]);
        for (int32_t k = 0; k < count; k++) {
            if (run->expected[k].presence == SHEET_COUNTS) {
                run->sheets[counted++] = run->expected[k].sheet;
            }
        }
    }
    sheets_sum(run, unit, counted);
    voice_mean(voice, run->sums, run->sheets, counted, &total);
    add_mean(s, unit, total.meant, voice->weight);
}

static void split_unit(struct splitting *s, int32_t unit)
{
    struct run *run = &s->run;
    const struct td_regulation *reg = run->regulation;
    const struct td_sheet *settled = settled_sheet(run, unit);
    for (int32_t i = 0; i < s->count; i++) {
        s->unit[i] = (struct td_fraction){0, 1};
    }
    if (settled != NULL) {
        run->sheets[0] = settled;
        add_mean(s, unit, 1, (struct td_fraction){1, 1});
    }
    for (int32_t i = 0; reg->combine == TD_COMBINE_WEIGHTED && i < reg->voice_count; i++) {
        add_voice(s, unit, &reg->voices[i]);
    }
    for (int32_t item = 0; item < reg->item_count; item++) {
        struct td_fraction *section = &s->unit[s->of[item]];
        if (!item_on_sheets(run, unit, item)) {
            struct td_fraction points = {fixed_score(run, unit, item).points, 1};
            PROVED(td_fraction_add(*section, points, section));
        }
    }
    for (int32_t i = 0; i < s->count; i++) {
        s->unit[i] = points_fraction(reg, s->unit[i]);
    }
}

int td_section_points(const struct td_regulation *regulation, const struct td_year *year,
                      struct td_arena *arena, struct td_fraction **ret)
{
    struct splitting s = {.count = td_section_count(regulation)};
    if (run_begin(&s.run, regulation, year, arena) < 0) {
        return TD_E_MEMORY;
    }
    size_t sections = (size_t)s.count, members = (size_t)year->member_count;
    s.of = run_alloc(&s.run, (size_t)regulation->item_count, sizeof *s.of);
    s.sums = run_alloc(&s.run, sections, sizeof *s.sums);
    struct td_fraction *points = run_alloc(&s.run, members * sections, sizeof *points);
    if (s.run.full) {
        return TD_E_MEMORY;
    }
    find_sections(&s);
    for (int32_t unit = 0; unit < year->member_count; unit++) {
        s.unit = points + (size_t)unit * sections;
        split_unit(&s, unit);
    }
    *ret = points;
    return TD_OK;
}
