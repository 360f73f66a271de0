/*
 * Regulations and inputs for measuring the engine (nation.h).
 */
#include "nation.h"

#include "format/format.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/banned.h"

#define POINTS 1000 /* of each item of a regulation of one way, in hundredths */
#define YEAR 2024   /* of regulations made for any year */

const char *const bench_ways[] = {"direct",     "plan", "tiers",  "checklist", "count",
                                  "plus_minus", "rank", "leader", NULL};

void bench_die(const char *what)
{
    fprintf(stderr, "bench: %s\n", what);
    exit(1);
}

void *bench_alloc(struct td_arena *arena, size_t count, size_t size)
{
    void *memory = td_arena_zeroed(arena, count, size);
    if (memory == NULL) {
        bench_die("out of memory");
    }
    return memory;
}

static void check(int status, const struct td_problems *problems, const char *what)
{
    if (status < 0) {
        const struct td_problem *p = problems->first;
        while (p != NULL && p->severity != TD_ERROR) {
            p = p->next;
        }
        fprintf(stderr, "bench: %s is refused: %s %s\n", what, p != NULL ? p->where : "",
                p != NULL ? p->what.id : "");
        exit(1);
    }
}

/* ---- numbers that are the same in every run (SplitMix64) ------------------------------------- */

static uint64_t next_bits(uint64_t *state)
{
    uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

/* From low to high, both included. */
static int64_t between(uint64_t *state, int64_t low, int64_t high)
{
    return low + (int64_t)(next_bits(state) % (uint64_t)(high - low + 1));
}

static bool chance(uint64_t *state, int percent)
{
    return between(state, 0, 99) < percent;
}

/* ---- regulations ----------------------------------------------------------------------------- */

static const char *const names[BENCH_MEMBERS] = {
    "Đơn vị 1",  "Đơn vị 2",  "Đơn vị 3",  "Đơn vị 4",  "Đơn vị 5",
    "Đơn vị 6",  "Đơn vị 7",  "Đơn vị 8",  "Đơn vị 9",  "Đơn vị 10",
    "Đơn vị 11", "Đơn vị 12", "Đơn vị 13", "Đơn vị 14", "Đơn vị 15",
};

static const struct td_stage panel_stage = {
    .id = "panel",
    .title = "Tổ chấm",
    .rater = TD_RATER_PANEL,
    .differs_from = TD_NONE,
};

static const struct td_voice one_voice = {.weight = {1, 1}, .stages = {0}, .stage_count = 1};

static const struct td_tier tiers[] = {
    {.first = 9500, .last = TD_VALUE_MAX, .points = 1000},
    {.first = 9000, .last = 9499, .points = 900},
    {.first = 8000, .last = 8999, .points = 800},
    {.first = 7000, .last = 7999, .points = 600},
    {.first = -TD_VALUE_MAX, .last = 6999, .points = 300},
};

static const struct td_part parts[] = {
    {.id = "a", .title = "a", .points = 400},
    {.id = "b", .title = "b", .points = 300},
    {.id = "c", .title = "c", .points = 200},
    {.id = "d", .title = "d", .points = 100},
};

static const struct td_part events[] = {
    {.id = "plus", .title = "plus", .points = 50},
    {.id = "late", .title = "late", .points = -50},
    {.id = "letter", .title = "letter", .points = -200},
};

static const int64_t places[] = {1000, 950, 900, 850, 800, 750, 700, 650, 600, 550};

static enum td_way way_named(const char *name)
{
    for (int i = 0; bench_ways[i] != NULL; i++) {
        if (strcmp(bench_ways[i], name) == 0) {
            return (enum td_way)i; /* bench_ways stands in the order of enum td_way */
        }
    }
    bench_die("no such way of scoring");
}

static struct td_item item_of_way(enum td_way way, int32_t node)
{
    bool relative = way == TD_WAY_RANK || way == TD_WAY_LEADER;
    struct td_item item = {
        .node = node,
        .way = way,
        .source = relative ? TD_FROM_RESULTS : TD_FROM_SHEETS,
        .decimals = 2,
        .points = POINTS,
        .step = way == TD_WAY_COUNT ? 250 : 1,
        .start = way == TD_WAY_PLUS_MINUS ? 900 : 0,
        .after = 500,
        .on_target = {1, 2},
        .tiers = tiers,
        .tier_count = way == TD_WAY_TIERS ? (int32_t)(sizeof tiers / sizeof tiers[0]) : 0,
        .places = places,
        .place_count = way == TD_WAY_RANK ? (int32_t)(sizeof places / sizeof places[0]) : 0,
    };
    if (way == TD_WAY_CHECKLIST) {
        item.parts = parts;
        item.part_count = (int32_t)(sizeof parts / sizeof parts[0]);
    } else if (way == TD_WAY_PLUS_MINUS) {
        item.parts = events;
        item.part_count = (int32_t)(sizeof events / sizeof events[0]);
    }
    return item;
}

/* Facts, rules and awards of the regulations of one way. */
static void add_decisions(struct td_regulation *reg)
{
    static const struct td_grade ratings[] = {
        {"excellent", "Hoàn thành xuất sắc"}, {"good", "Hoàn thành tốt"}, {"done", "Hoàn thành"}};
    static const struct td_grade no_yes[] = {{"no", "Không"}, {"yes", "Có"}};
    static const struct td_fact facts[] = {
        {.id = "rating",
         .title = "Xếp loại",
         .by = "Ban Tổ chức",
         .duty = TD_NONE,
         .grades = ratings,
         .grade_count = 3,
         .unreported = TD_NONE},
        {.id = "prosecuted",
         .title = "Bị khởi tố",
         .by = "Công an",
         .duty = TD_NONE,
         .grades = no_yes,
         .grade_count = 2,
         .unreported = 0},
    };
    static const struct td_condition prosecuted = {.test = TD_TEST_IS, .fact = 1, .grade = 1};
    static const struct td_condition done = {.test = TD_TEST_AT_MOST, .fact = 0, .grade = 2};
    static const struct td_condition excellent = {.test = TD_TEST_IS, .fact = 0, .grade = 0};
    static const struct td_rule rules[] = {
        {.id = "a", .reason = "Bị khởi tố", .outcome = TD_EXCLUDED, .when = &prosecuted},
        {.id = "b", .reason = "Chỉ hoàn thành", .outcome = TD_LOWERED, .levels = 1, .when = &done},
    };
    static const struct td_award awards[] = {
        {.id = "flag",
         .title = "Cờ thi đua",
         .how = TD_HOW_SCORE,
         .has_least = true,
         .least = {450, 1},
         .when = &excellent,
         .quota = TD_QUOTA_AUTHORITY,
         .counts = 1,
         .among = TD_NONE},
        {.id = "certificate",
         .title = "Bằng khen",
         .how = TD_HOW_SCORE,
         .quota = TD_QUOTA_SHARE,
         .share = {3, 10},
         .share_round = TD_ROUND_DOWN,
         .counts = 2,
         .among = TD_NONE},
    };
    reg->facts = facts;
    reg->fact_count = 2;
    reg->rules = rules;
    reg->rule_count = 2;
    reg->awards = awards;
    reg->award_count = 2;
    reg->selection = (struct td_selection){
        .has_least = true,
        .least = {400, 1},
        .priority_fact = TD_NONE,
        .priority_grade = TD_NONE,
    };
}

struct td_regulation *bench_way_regulation(const char *name, struct td_arena *arena)
{
    enum td_way way = way_named(name);
    struct td_problems problems = TD_PROBLEMS(arena, name);
    struct td_regulation *reg = bench_alloc(arena, 1, sizeof *reg);
    *reg = (struct td_regulation){
        .id = name,
        .version = 1,
        .title = name,
        .scale = {.total = (int64_t)BENCH_ITEMS * POINTS, .item_decimals = 2, .total_decimals = 2},
        .node_count = 1 + BENCH_ITEMS,
        .item_count = BENCH_ITEMS,
        .bonus = {.cap = TD_NONE},
        .deduction_cap = TD_NONE,
    };
    if (way == TD_WAY_LEADER) {
        reg->scale.rank_by = TD_RANK_BY_PERCENT;
    }
    if (way != TD_WAY_RANK && way != TD_WAY_LEADER) {
        reg->stages = &panel_stage;
        reg->stage_count = 1;
        reg->voices = &one_voice;
        reg->voice_count = 1;
    }
    reg->nodes = bench_alloc(arena, (size_t)reg->node_count, sizeof *reg->nodes);
    reg->items = bench_alloc(arena, (size_t)reg->item_count, sizeof *reg->items);
    reg->nodes[0] = (struct td_node){
        .id = "I", .title = "I", .parent = TD_NONE, .item = TD_NONE, .points = reg->scale.total};
    for (int32_t i = 0; i < BENCH_ITEMS; i++) {
        reg->nodes[i + 1] = (struct td_node){
            .id = "i", .title = "i", .parent = 0, .depth = 1, .item = i, .points = POINTS};
        reg->items[i] = item_of_way(way, i + 1);
    }
    add_decisions(reg);
    td_regulation_lay_out(reg);
    check(td_regulation_check(reg, &problems), &problems, name);
    return reg;
}

struct td_regulation *bench_panel_regulation(const char *path, struct td_arena *arena)
{
    struct td_problems problems = TD_PROBLEMS(arena, path);
    struct td_regulation *reg = NULL;
    check(format_regulation_read(path, arena, &problems, &reg), &problems, path);

    reg->stages = &panel_stage;
    reg->stage_count = 1;
    reg->combine = TD_COMBINE_WEIGHTED;
    reg->voices = &one_voice;
    reg->voice_count = 1;
    for (int32_t i = 0; i < reg->item_count; i++) {
        struct td_item *item = &reg->items[i];
        if (item->way != TD_WAY_RANK && item->way != TD_WAY_LEADER) {
            item->source = TD_FROM_SHEETS;
        }
    }
    struct td_bonus_part *kept = bench_alloc(arena, (size_t)reg->bonus.part_count, sizeof *kept);
    int32_t count = 0;
    for (int32_t i = 0; i < reg->bonus.part_count; i++) {
        if (reg->bonus.parts[i].kind != TD_BONUS_OVER_PLAN) {
            kept[count++] = reg->bonus.parts[i];
        }
    }
    reg->bonus.parts = kept;
    reg->bonus.part_count = count;
    td_regulation_lay_out(reg);
    check(td_regulation_check(reg, &problems), &problems, path);
    return reg;
}

/* ---- values ---------------------------------------------------------------------------------- */

static struct td_date day(const struct td_year *bloc, uint8_t month, uint8_t day)
{
    return (struct td_date){(int16_t)bloc->year, month, day};
}

/* A value in the tier; where an end is open, one near the other end. */
static int64_t value_in(const struct td_tier *tier, uint64_t *state)
{
    int64_t first = tier->first, last = tier->last;
    if (first == -TD_VALUE_MAX) {
        first = last - 500;
    } else if (last == TD_VALUE_MAX) {
        last = first + 500;
    }
    return between(state, first, last);
}

/* Values as a good year has them: most units near the top, none the same. */
static void fill_cells(const struct td_item *item, int64_t target, uint64_t *state, int64_t *cells)
{
    int64_t steps;
    switch (item->way) {
    case TD_WAY_DIRECT:
        steps = item->points / item->step;
        cells[0] = item->step * between(state, steps - steps / 8, steps);
        break;
    case TD_WAY_PLAN:
        cells[0] = item->better == TD_BETTER_HIGHER
                       ? between(state, target * 90 / 100, target * 110 / 100)
                       : between(state, target * 90 / 100, target * 105 / 100);
        break;
    case TD_WAY_TIERS:
        cells[0] = value_in(
            &item->tiers[chance(state, 70) ? 0 : between(state, 0, item->tier_count - 1)], state);
        break;
    case TD_WAY_CHECKLIST:
        for (int32_t i = 0; i < item->part_count; i++) {
            cells[0] |= (int64_t)chance(state, 90) << i;
        }
        break;
    case TD_WAY_COUNT:
        cells[0] = between(state, item->points / item->step - 1, item->points / item->step + 2);
        break;
    case TD_WAY_PLUS_MINUS:
        for (int32_t i = 0; i < item->cells; i++) {
            cells[i] = chance(state, 20) ? between(state, 1, 3) : 0;
        }
        break;
    case TD_WAY_RANK:
    case TD_WAY_LEADER:
    default:
        cells[0] = between(state, 6000, 12000);
        break;
    }
}

static void fill_sheets(const struct td_regulation *reg, struct td_year *bloc, int64_t *cells,
                        struct td_arena *arena, uint64_t *state)
{
    struct td_sheet *sheets =
        bench_alloc(arena, (size_t)bloc->member_count * BENCH_RATERS, sizeof *sheets);
    for (int32_t i = 0; i < bloc->member_count * BENCH_RATERS; i++) {
        int32_t unit = i / BENCH_RATERS;
        int64_t *row = &cells[(int64_t)i * reg->cell_count];
        for (int32_t k = 0; k < reg->item_count; k++) {
            const struct td_item *item = &reg->items[k];
            if (item->source == TD_FROM_SHEETS) {
                int64_t target = bloc->targets[unit * reg->item_count + k];
                fill_cells(item, target, state, &row[item->cell]);
            } else {
                row[item->cell] = TD_EMPTY;
            }
        }
        sheets[i] = (struct td_sheet){
            .unit = unit,
            .rater = i % BENCH_RATERS,
            .state = TD_SHEET_SUBMITTED,
            .submitted = day(bloc, 12, 5),
            .cells = row,
        };
    }
    bloc->sheets = sheets;
    bloc->sheet_count = bloc->member_count * BENCH_RATERS;
}

/* Targets, settled figures, and here and there an item that did not arise. */
static void fill_figures(const struct td_regulation *reg, struct td_year *bloc,
                         struct td_arena *arena, uint64_t *state)
{
    size_t items = (size_t)bloc->member_count * (size_t)reg->item_count;
    size_t cells = (size_t)bloc->member_count * (size_t)reg->cell_count;
    int64_t *targets = bench_alloc(arena, items, sizeof *targets);
    int64_t *results = bench_alloc(arena, cells, sizeof *results);
    const char **reasons = bench_alloc(arena, items, sizeof *reasons);
    bool any = false;
    for (size_t i = 0; i < items; i++) {
        int32_t unit = (int32_t)i / reg->item_count;
        const struct td_item *item = &reg->items[(int32_t)i % reg->item_count];
        bool has = item->way == TD_WAY_PLAN || item->way == TD_WAY_LEADER;
        targets[i] = has ? between(state, 5000, 10000) : TD_EMPTY;
        if (item->source == TD_FROM_RESULTS) {
            fill_cells(item, targets[i], state, &results[unit * reg->cell_count + item->cell]);
        }
        if (item->when_none == TD_WHEN_NONE_FULL && chance(state, 5)) {
            reasons[i] = "Trong năm không phát sinh";
            any = true;
        }
    }
    bloc->targets = targets;
    bloc->results = results;
    bloc->not_arisen = any ? reasons : NULL;
}

static void fill_facts(const struct td_regulation *reg, struct td_year *bloc,
                       struct td_arena *arena, uint64_t *state)
{
    size_t room = (size_t)reg->fact_count * (size_t)(1 + bloc->member_count);
    struct td_fact_entry *entries = bench_alloc(arena, room, sizeof *entries);
    int32_t count = 0;
    for (int32_t fact = 0; fact < reg->fact_count; fact++) {
        if (reg->facts[fact].duty != TD_NONE) {
            continue;
        }
        entries[count++] = (struct td_fact_entry){.fact = fact,
                                                  .grade = 0,
                                                  .unit = TD_NONE,
                                                  .source = "Văn bản",
                                                  .date = day(bloc, 12, 1)};
        for (int32_t unit = 0; unit < bloc->member_count; unit++) {
            if (chance(state, 2)) {
                int32_t worst = reg->facts[fact].grade_count - 1;
                entries[count++] =
                    (struct td_fact_entry){.fact = fact,
                                           .grade = (int32_t)between(state, 1, worst),
                                           .unit = unit,
                                           .source = "Văn bản",
                                           .date = day(bloc, 12, 1)};
            }
        }
    }
    bloc->facts = entries;
    bloc->fact_count = count;
}

/* Every duty done by all, by a few too late or not at all; every meeting held. */
static void fill_process(const struct td_regulation *reg, struct td_year *bloc,
                         struct td_arena *arena, uint64_t *state)
{
    struct td_meeting_held *meetings =
        bench_alloc(arena, (size_t)reg->meeting_count, sizeof *meetings);
    for (int32_t i = 0; i < reg->meeting_count; i++) {
        meetings[i] = (struct td_meeting_held){
            .meeting = i, .date = day(bloc, 7, 10), .present_count = TD_NONE};
    }
    bloc->meetings = meetings;
    bloc->meeting_count = reg->meeting_count;
    struct td_process *process = bench_alloc(
        arena, (size_t)reg->duty_count * (size_t)(1 + bloc->member_count), sizeof *process);
    int32_t count = 0;
    for (int32_t duty = 0; duty < reg->duty_count; duty++) {
        process[count++] =
            (struct td_process){.duty = duty, .unit = TD_NONE, .date = day(bloc, 3, 10)};
        for (int32_t unit = 0; unit < bloc->member_count; unit++) {
            if (chance(state, 1)) {
                process[count++] =
                    (struct td_process){.duty = duty, .unit = unit, .date = day(bloc, 12, 10)};
            }
        }
    }
    bloc->process = process;
    bloc->process_count = count;
}

static void fill_bonuses(const struct td_regulation *reg, struct td_year *bloc,
                         struct td_arena *arena, uint64_t *state)
{
    size_t members = (size_t)bloc->member_count;
    struct td_bonus_entry *bonuses =
        bench_alloc(arena, (size_t)reg->bonus.part_count * members, sizeof *bonuses);
    struct td_deduction_entry *deductions = bench_alloc(arena, members, sizeof *deductions);
    for (int32_t part = 0; part < reg->bonus.part_count; part++) {
        for (int32_t unit = 0; unit < bloc->member_count; unit++) {
            if (chance(state, 50)) {
                bonuses[bloc->bonus_count++] =
                    (struct td_bonus_entry){.part = part,
                                            .unit = unit,
                                            .points = between(state, 1, 800),
                                            .reason = "Mô hình mới",
                                            .date = day(bloc, 12, 1)};
            }
        }
    }
    for (int32_t unit = 0; reg->deduction_count > 0 && unit < bloc->member_count; unit++) {
        if (chance(state, 10)) {
            deductions[bloc->deduction_count++] = (struct td_deduction_entry){
                .deduction = (int32_t)between(state, 0, reg->deduction_count - 1),
                .unit = unit,
                .duty = TD_NONE,
                .finding = "Báo cáo chậm",
                .letter = {"12/UBND", "Chủ tịch UBND tỉnh", "emulation", day(bloc, 9, 1)},
                .date = day(bloc, 12, 1)};
        }
    }
    bloc->bonuses = bonuses;
    bloc->deductions = deductions;
}

/* Each award whose quota the authority allots gets more seats than the one above it. */
static void fill_quotas(const struct td_regulation *reg, struct td_year *bloc,
                        struct td_arena *arena)
{
    struct td_quota_entry *quotas = bench_alloc(arena, (size_t)reg->award_count, sizeof *quotas);
    int32_t seats = 1;
    for (int32_t award = 0; award < reg->award_count; award++) {
        if (reg->awards[award].quota == TD_QUOTA_AUTHORITY) {
            quotas[bloc->quota_count++] =
                (struct td_quota_entry){.award = award, .seats = seats, .source = "Văn bản"};
            seats += 2;
        }
    }
    bloc->quotas = quotas;
}

struct nation bench_nation(const struct td_regulation *regulation, int32_t blocs,
                           struct td_arena *arena)
{
    uint64_t state = 2024;
    static const char *const panel[BENCH_RATERS] = {"A", "B", "C", "D", "E", "F", "G"};
    int64_t on_sheets = 0;
    for (int32_t i = 0; i < regulation->item_count; i++) {
        on_sheets += regulation->items[i].source == TD_FROM_SHEETS;
    }
    struct nation nation = {
        .regulation = regulation,
        .blocs = bench_alloc(arena, (size_t)blocs, sizeof *nation.blocs),
        .bloc_count = blocs,
        .units = (int64_t)blocs * BENCH_MEMBERS,
    };
    nation.scores =
        nation.units * (on_sheets * BENCH_RATERS + (regulation->item_count - on_sheets));
    int64_t row = (int64_t)BENCH_MEMBERS * BENCH_RATERS * regulation->cell_count;
    bool sheets = regulation->stage_count > 0;
    nation.cell_count = sheets ? row * blocs : 0;
    int64_t *cells = bench_alloc(arena, (size_t)nation.cell_count, sizeof *cells);
    nation.cells = cells;

    struct td_member *members = bench_alloc(arena, BENCH_MEMBERS, sizeof *members);
    for (int32_t i = 0; i < BENCH_MEMBERS; i++) {
        members[i] = (struct td_member){.code = names[i], .name = names[i]};
    }
    for (int32_t i = 0; i < blocs; i++) {
        struct td_year *bloc = &nation.blocs[i];
        *bloc = (struct td_year){
            .title = "Năm",
            .label = "năm",
            .year = regulation->year != 0 ? regulation->year : YEAR,
            .bloc_id = "bloc",
            .bloc_name = "Khối",
            .members = members,
            .member_count = BENCH_MEMBERS,
            .head = 0,
            .deputy = 1,
            .panel = {panel},
            .panel_count = {sheets ? BENCH_RATERS : 0},
        };
        bloc->as_of = day(bloc, 12, 31);
        fill_figures(regulation, bloc, arena, &state);
        if (sheets) {
            fill_sheets(regulation, bloc, &cells[row * i], arena, &state);
        }
        fill_facts(regulation, bloc, arena, &state);
        fill_process(regulation, bloc, arena, &state);
        fill_bonuses(regulation, bloc, arena, &state);
        fill_quotas(regulation, bloc, arena);

        struct td_mark mark = td_arena_mark(arena);
        struct td_problems problems = TD_PROBLEMS(arena, "bloc");
        check(td_year_check(regulation, bloc, &problems), &problems, "a bloc");
        td_arena_rewind(arena, mark);
    }
    return nation;
}
