/*
 * Which sheets the regulation expects about a unit, and what is there (SCO-8): nothing here ever
 * changes a divisor unsaid.
 */
#include "engine/engine.h"

#include "base/banned.h"

static const struct td_sheet *find_sheet(const struct run *run, int32_t unit, int32_t stage,
                                         int32_t rater)
{
    const struct td_sheet *sheets = run->year->sheets;
    int32_t low = run->first_sheet[unit], high = run->first_sheet[unit + 1];
    while (low < high) {
        int32_t middle = low + (high - low) / 2;
        const struct td_sheet *sheet = &sheets[middle];
        if (sheet->stage < stage || (sheet->stage == stage && sheet->rater < rater)) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    if (low < run->first_sheet[unit + 1] && sheets[low].stage == stage &&
        sheets[low].rater == rater) {
        return &sheets[low];
    }
    return NULL;
}

static const struct td_settled *find_settled(const struct run *run, int32_t unit, int32_t stage,
                                             int32_t rater)
{
    for (int32_t i = 0; i < run->year->settled_count; i++) {
        const struct td_settled *settled = &run->year->settled[i];
        if (settled->stage == stage && settled->rater == rater &&
            (settled->unit == unit || settled->unit == TD_NONE)) {
            return settled;
        }
    }
    return NULL;
}

static struct expected look_up(const struct run *run, int32_t unit, int32_t stage, int32_t rater)
{
    struct expected e = {.stage = stage, .rater = rater, .presence = SHEET_MISSING};
    e.sheet = find_sheet(run, unit, stage, rater);
    if (e.sheet != NULL && e.sheet->state == TD_SHEET_SUBMITTED) {
        e.presence = SHEET_COUNTS;
        return e;
    }
    if (e.sheet != NULL && e.sheet->state == TD_SHEET_ABSTAINED) {
        e.presence = SHEET_ABSTAINED;
        return e;
    }
    e.settled = find_settled(run, unit, stage, rater);
    if (e.settled != NULL && e.settled->count_without) {
        e.presence = SHEET_WITHOUT;
    }
    return e;
}

/* The one rater of a stage that has one for each unit. */
static int32_t single_rater(const struct run *run, const struct td_stage *stage, int32_t unit)
{
    switch (stage->rater) {
    case TD_RATER_SELF:
        return unit;
    case TD_RATER_HEAD:
        return stage->deputy_for_head && unit == run->year->head ? run->year->deputy
                                                                 : run->year->head;
    case TD_RATER_BODY:
    case TD_RATER_OTHERS:
    case TD_RATER_PANEL:
    default:
        return 0;
    }
}

struct expected expected_sheet(const struct run *run, int32_t unit, int32_t stage)
{
    return look_up(run, unit, stage, single_rater(run, &run->regulation->stages[stage], unit));
}

int32_t expected_sheets(struct run *run, int32_t unit, int32_t stage)
{
    const struct td_stage *s = &run->regulation->stages[stage];
    struct expected *out = run->expected;
    int32_t count = 0;
    if (s->rater == TD_RATER_OTHERS) {
        for (int32_t rater = 0; rater < run->year->member_count; rater++) {
            if (rater != unit) {
                out[count++] = look_up(run, unit, stage, rater);
            }
        }
    } else if (s->rater == TD_RATER_PANEL) {
        for (int32_t rater = 0; rater < run->year->panel_count[stage]; rater++) {
            out[count++] = look_up(run, unit, stage, rater);
        }
    } else {
        out[count++] = expected_sheet(run, unit, stage);
    }
    return count;
}

const struct td_sheet *settled_sheet(const struct run *run, int32_t unit)
{
    const struct td_regulation *reg = run->regulation;
    if (reg->combine != TD_COMBINE_LAST || reg->voice_count == 0) {
        return NULL;
    }
    const struct td_voice *voice = &reg->voices[0];
    for (int32_t i = voice->stage_count - 1; i >= 0; i--) {
        struct expected e = expected_sheet(run, unit, voice->stages[i]);
        if (e.presence == SHEET_COUNTS) {
            return e.sheet;
        }
    }
    return NULL;
}
