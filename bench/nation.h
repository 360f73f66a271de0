/*
 * A nation for measuring: many blocs of one regulation, filled with numbers that are the same in
 * every run. The inputs are what a real year holds: sheets, targets, settled figures, facts, duties
 * done, bonuses, deductions and quotas.
 */
#ifndef BENCH_NATION_H
#define BENCH_NATION_H

#include "thidua/thidua.h"

#define BENCH_MEMBERS 15 /* members of a bloc */
#define BENCH_RATERS 7   /* raters of each unit */
#define BENCH_ITEMS 60   /* items that each of them scores */

struct nation {
    const struct td_regulation *regulation;
    struct td_year *blocs;
    int32_t bloc_count;
    int64_t units;
    int64_t scores;       /* values that become points: of sheets, and settled once for a unit */
    const int64_t *cells; /* all sheets' inputs, one after the other: by unit, rater, item */
    int64_t cell_count;
};

/* The ways measured alone, by name: 60 items of that way. NULL-terminated. */
extern const char *const bench_ways[];

/* A regulation of 60 items of one way, with facts, rules, thresholds and quotas. */
struct td_regulation *bench_way_regulation(const char *way, struct td_arena *arena);

/* A regulation's file with its stages replaced by one panel whose sheets are averaged. A bonus over
 * the plan needs one settled figure for each unit and is taken out; so are settled figures of ways
 * that sheets can score, which then are scored on the sheets. */
struct td_regulation *bench_panel_regulation(const char *path, struct td_arena *arena);

/* Blocs of BENCH_MEMBERS. Every input is checked by td_regulation_check and td_year_check; a bench
 * on inputs that the engine would refuse ends the program. */
struct nation bench_nation(const struct td_regulation *regulation, int32_t blocs,
                           struct td_arena *arena);

/* Memory or the end of the program: a bench has nothing better to do. */
void *bench_alloc(struct td_arena *arena, size_t count, size_t size);
__attribute__((noreturn)) void bench_die(const char *what);

#endif
