/*
 * How fast the engine is: a nation of 60,000 units in 4,000 blocs, 7 raters, 60 items, scored,
 * ranked and selected bloc by bloc in one arena that is rewound after each.
 *
 *   bench_engine ways RUNS              each way of scoring alone, and the limit: a plain loop
 *   bench_engine mix FILE RUNS          a regulation's own mix of ways, direct alone, the limit
 *   bench_engine growth FILE RUNS       the mix with 1,005 to 60,000 units
 *   bench_engine memory FILE            what inputs and engine hold at most
 *   bench_engine passes FILE            a round of `mix` for each line read, to measure in turns
 *   bench_engine rows                   the scores of direct as rows for PostgreSQL's binary COPY
 *
 * One JSON object a line; times are nanoseconds of this process's CPU, so that what else the
 * machine does counts little: the engine neither waits nor shares. `passes` adds wall-clock time.
 * bench/run makes tables of them.
 */
#include "nation.h"

#include <arpa/inet.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/banned.h"

#define BLOCS 4000
#define RUNS_MAX 1000
#define MEMORY ((size_t)8 << 30)

/* ---- one pass -------------------------------------------------------------------------------- */

struct outcome {
    uint64_t checksum; /* of every score, rank, outcome and proposal */
    int64_t open;      /* open questions */
    int64_t proposals;
    int64_t final; /* blocs whose result is final */
    size_t used;   /* the most that one bloc took of the arena */
};

static uint64_t mixed(uint64_t hash, int64_t value)
{
    return (hash ^ (uint64_t)value) * UINT64_C(0x100000001b3);
}

static void look_at(const struct td_result *result, struct outcome *ret)
{
    uint64_t hash = ret->checksum;
    for (int32_t i = 0; i < result->unit_count; i++) {
        const struct td_unit_result *unit = &result->units[i];
        hash = mixed(hash, unit->exact.num);
        hash = mixed(hash, unit->exact.den + ((int64_t)unit->rank << 32));
        hash = mixed(hash, unit->outcome);
    }
    for (int32_t i = 0; i < result->proposal_count; i++) {
        hash = mixed(hash, result->proposals[i].award + ((int64_t)result->proposals[i].unit << 32));
    }
    for (const struct td_open *open = result->open; open != NULL; open = open->next) {
        ret->open++;
    }
    ret->checksum = hash;
    ret->proposals += result->proposal_count;
    ret->final += result->final;
}

/* Score, rank and select every bloc. */
static struct outcome pass(const struct nation *nation, int32_t blocs, struct td_arena *arena)
{
    struct outcome outcome = {.checksum = UINT64_C(0xcbf29ce484222325)};
    for (int32_t i = 0; i < blocs; i++) {
        struct td_mark mark = td_arena_mark(arena);
        struct td_result *result;
        if (td_score(nation->regulation, &nation->blocs[i], arena, &result) < 0) {
            bench_die("td_score is out of memory");
        }
        look_at(result, &outcome);
        size_t used = td_arena_used(arena);
        outcome.used = used > outcome.used ? used : outcome.used;
        td_arena_rewind(arena, mark);
    }
    return outcome;
}

/* The limit: the same integers read once and summed by unit, and nothing else. */
__attribute__((noinline)) static void plain_loop(const struct nation *nation, int64_t *sums)
{
    int64_t per_unit = nation->cell_count / nation->units;
    for (int64_t unit = 0; unit < nation->units; unit++) {
        const int64_t *cells = &nation->cells[unit * per_unit];
        int64_t sum = 0;
        for (int64_t i = 0; i < per_unit; i++) {
            sum += cells[i];
        }
        sums[unit] = sum;
    }
}

/* With direct points and nothing else a unit's score is the sum of its cells over its sheets: the
 * engine's results are held against plain_loop's. */
static void prove_direct(const struct nation *nation, struct td_arena *arena)
{
    int64_t *sums = bench_alloc(arena, (size_t)nation->units, sizeof *sums);
    plain_loop(nation, sums);
    int64_t unit = 0;
    for (int32_t i = 0; i < nation->bloc_count; i++) {
        struct td_mark mark = td_arena_mark(arena);
        struct td_result *result;
        if (td_score(nation->regulation, &nation->blocs[i], arena, &result) < 0) {
            bench_die("td_score is out of memory");
        }
        for (int32_t k = 0; k < result->unit_count; k++, unit++) {
            struct td_fraction exact = result->units[k].exact;
            if (exact.num * BENCH_RATERS * 100 != sums[unit] * exact.den) {
                bench_die("a direct score is not the mean of its sheets");
            }
        }
        td_arena_rewind(arena, mark);
    }
    if (unit != nation->units) {
        bench_die("units are missing");
    }
}

/* ---- measuring ------------------------------------------------------------------------------- */

static int64_t now(clockid_t clock)
{
    struct timespec t;
    clock_gettime(clock, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

struct timings {
    int64_t ns[RUNS_MAX];
    int count;
};

static int by_size(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

static void add_time(struct timings *timings, int64_t ns)
{
    timings->ns[timings->count++] = ns;
}

static void show(const char *what, const struct nation *nation, int64_t scores,
                 struct timings *timings, const struct outcome *outcome)
{
    qsort(timings->ns, (size_t)timings->count, sizeof timings->ns[0], by_size);
    printf("{\"what\": \"%s\", \"units\": %" PRId64 ", \"scores\": %" PRId64
           ", \"runs\": %d, \"min_ns\": %" PRId64 ", \"median_ns\": %" PRId64,
           what, nation->units, scores, timings->count, timings->ns[0],
           timings->ns[timings->count / 2]);
    if (outcome != NULL) {
        printf(", \"checksum\": \"%016" PRIx64 "\", \"open\": %" PRId64 ", \"proposals\": %" PRId64
               ", \"final_blocs\": %" PRId64 ", \"blocs\": %d",
               outcome->checksum, outcome->open, outcome->proposals, outcome->final,
               nation->bloc_count);
    }
    printf("}\n");
    fflush(stdout);
}

/* One timed pass; what it answers must be the same every time. */
static void timed_pass(const struct nation *nation, int32_t blocs, struct td_arena *arena,
                       struct timings *timings, struct outcome *outcome)
{
    int64_t begin = now(CLOCK_PROCESS_CPUTIME_ID);
    struct outcome this = pass(nation, blocs, arena);
    add_time(timings, now(CLOCK_PROCESS_CPUTIME_ID) - begin);
    if (outcome->checksum != 0 && outcome->checksum != this.checksum) {
        bench_die("two passes over the same inputs differ");
    }
    *outcome = this;
}

static void timed_plain(const struct nation *nation, int64_t *sums, struct timings *timings)
{
    int64_t begin = now(CLOCK_PROCESS_CPUTIME_ID);
    plain_loop(nation, sums);
    __asm__ volatile("" ::"r"(sums) : "memory"); /* the sums are read: the loop stays */
    add_time(timings, now(CLOCK_PROCESS_CPUTIME_ID) - begin);
}

/* ---- commands -------------------------------------------------------------------------------- */

static struct td_arena *new_arena(void)
{
    struct td_arena *arena = td_arena_new(MEMORY);
    if (arena == NULL) {
        bench_die("out of memory");
    }
    return arena;
}

static void ways(int runs)
{
    for (int i = 0; bench_ways[i] != NULL; i++) {
        struct td_arena *inputs = new_arena(), *arena = new_arena();
        struct nation nation =
            bench_nation(bench_way_regulation(bench_ways[i], inputs), BLOCS, inputs);
        int64_t *sums = bench_alloc(inputs, (size_t)nation.units, sizeof *sums);
        struct timings engine = {0}, plain = {0}, unused = {0};
        struct outcome outcome = {0};
        if (i == TD_WAY_DIRECT) {
            prove_direct(&nation, arena);
            timed_plain(&nation, sums, &unused);
        }
        timed_pass(&nation, BLOCS, arena, &unused, &outcome); /* not counted: memory is new */
        for (int run = 0; run < runs; run++) {
            if (i == TD_WAY_DIRECT) {
                timed_plain(&nation, sums, &plain);
            }
            timed_pass(&nation, BLOCS, arena, &engine, &outcome);
        }
        if (i == TD_WAY_DIRECT) {
            show("plain loop", &nation, nation.cell_count, &plain, NULL);
        }
        show(bench_ways[i], &nation, nation.scores, &engine, &outcome);
        td_arena_free(arena);
        td_arena_free(inputs);
    }
}

/* What `mix` and `passes` measure side by side. */
struct side_by_side {
    struct td_arena *inputs, *arena;
    struct nation mix, direct;
    int64_t *sums;
    struct outcome mix_outcome, direct_outcome;
};

static void begin(struct side_by_side *s, const char *file)
{
    *s = (struct side_by_side){.inputs = new_arena(), .arena = new_arena()};
    s->mix = bench_nation(bench_panel_regulation(file, s->inputs), BLOCS, s->inputs);
    s->direct = bench_nation(bench_way_regulation("direct", s->inputs), BLOCS, s->inputs);
    s->sums = bench_alloc(s->inputs, (size_t)s->direct.units, sizeof *s->sums);
    prove_direct(&s->direct, s->arena);
}

static void end(struct side_by_side *s)
{
    td_arena_free(s->arena);
    td_arena_free(s->inputs);
}

static void one_round(struct side_by_side *s, struct timings *mix, struct timings *direct,
                      struct timings *plain)
{
    timed_plain(&s->direct, s->sums, plain);
    timed_pass(&s->mix, BLOCS, s->arena, mix, &s->mix_outcome);
    timed_pass(&s->direct, BLOCS, s->arena, direct, &s->direct_outcome);
}

static void mix(const char *file, int runs)
{
    struct side_by_side s;
    struct timings mix = {0}, direct = {0}, plain = {0}, unused = {0};
    begin(&s, file);
    one_round(&s, &unused, &unused, &unused);
    for (int run = 0; run < runs; run++) {
        one_round(&s, &mix, &direct, &plain);
    }
    show("plain loop", &s.direct, s.direct.cell_count, &plain, NULL);
    show("direct", &s.direct, s.direct.scores, &direct, &s.direct_outcome);
    show("mix", &s.mix, s.mix.scores, &mix, &s.mix_outcome);
    end(&s);
}

static void passes(const char *file)
{
    struct side_by_side s;
    struct timings unused = {0};
    begin(&s, file);
    one_round(&s, &unused, &unused, &unused);
    printf("{\"ready\": true}\n");
    fflush(stdout);
    for (int c = getchar(); c != EOF; c = getchar()) {
        if (c != '\n') {
            continue;
        }
        struct timings mix = {0}, direct = {0}, plain = {0};
        timed_plain(&s.direct, s.sums, &plain);
        int64_t wall = now(CLOCK_MONOTONIC);
        timed_pass(&s.mix, BLOCS, s.arena, &mix, &s.mix_outcome);
        wall = now(CLOCK_MONOTONIC) - wall;
        timed_pass(&s.direct, BLOCS, s.arena, &direct, &s.direct_outcome);
        printf("{\"mix_wall_ns\": %" PRId64 ", \"mix_ns\": %" PRId64 ", \"direct_ns\": %" PRId64
               ", \"plain_ns\": %" PRId64 ", \"scores\": %" PRId64 "}\n",
               wall, mix.ns[0], direct.ns[0], plain.ns[0], s.mix.scores);
        fflush(stdout);
    }
    end(&s);
}

static void growth(const char *file, int runs)
{
    static const int32_t sizes[] = {67, 267, 1067, BLOCS};
    struct td_arena *inputs = new_arena(), *arena = new_arena();
    struct nation nation = bench_nation(bench_panel_regulation(file, inputs), BLOCS, inputs);
    struct timings unused = {0};
    struct outcome all = {0};
    timed_pass(&nation, BLOCS, arena, &unused, &all);
    struct timings timings[4] = {0};
    for (int run = 0; run < runs; run++) {
        for (int i = 0; i < 4; i++) {
            /* Another part of the nation each time, so that a small one isn't in the caches. */
            int32_t first = run * sizes[i] % (BLOCS - sizes[i] + 1);
            struct nation part = nation;
            struct outcome outcome = {0};
            part.blocs += first;
            timed_pass(&part, sizes[i], arena, &timings[i], &outcome);
        }
    }
    for (int i = 0; i < 4; i++) {
        struct nation part = nation;
        part.bloc_count = sizes[i];
        part.units = (int64_t)sizes[i] * BENCH_MEMBERS;
        show("growth", &part, nation.scores / nation.units * part.units, &timings[i], NULL);
    }
    td_arena_free(arena);
    td_arena_free(inputs);
}

/* VmHWM of this process, in kB. */
static int64_t peak(void)
{
    char line[256];
    int64_t kb = -1;
    FILE *file = fopen("/proc/self/status", "re");
    while (file != NULL && fgets(line, sizeof line, file) != NULL) {
        if (strncmp(line, "VmHWM:", 6) == 0) {
            const char *digit = line + 6 + strspn(line + 6, " \t");
            for (kb = 0; *digit >= '0' && *digit <= '9'; digit++) {
                kb = kb * 10 + (*digit - '0');
            }
        }
    }
    if (file != NULL) {
        fclose(file);
    }
    return kb;
}

static void memory(const char *file)
{
    int64_t empty = peak();
    struct td_arena *inputs = new_arena(), *arena = new_arena();
    struct nation nation = bench_nation(bench_panel_regulation(file, inputs), BLOCS, inputs);
    int64_t filled = peak();
    struct outcome outcome = pass(&nation, BLOCS, arena);
    int64_t scored = peak();
    printf("{\"what\": \"memory\", \"program_kb\": %" PRId64 ", \"inputs_kb\": %" PRId64
           ", \"cells_kb\": %" PRId64 ", \"engine_kb\": %" PRId64 ", \"arena_bytes\": %zu}\n",
           empty, filled - empty, nation.cell_count * (int64_t)sizeof(int64_t) / 1024,
           scored - filled, outcome.used);
    td_arena_free(arena);
    td_arena_free(inputs);
}

/* ---- rows for PostgreSQL --------------------------------------------------------------------- */

static void put(const void *bytes, size_t n)
{
    if (fwrite(bytes, 1, n, stdout) != n) {
        bench_die("the rows can't be written");
    }
}

/* (unit int4, rater int2, item int2, points int4) */
struct __attribute__((packed)) row {
    uint16_t fields;
    uint32_t unit_size, unit;
    uint32_t rater_size;
    uint16_t rater;
    uint32_t item_size;
    uint16_t item;
    uint32_t points_size, points;
};

static void rows(void)
{
    struct td_arena *inputs = new_arena();
    struct nation nation = bench_nation(bench_way_regulation("direct", inputs), BLOCS, inputs);
    static const char head[19] = "PGCOPY\n\377\r\n";
    struct row row = {
        .fields = htons(4),
        .unit_size = htonl(4),
        .rater_size = htonl(2),
        .item_size = htonl(2),
        .points_size = htonl(4),
    };
    put(head, sizeof head);
    for (int64_t i = 0; i < nation.cell_count; i++) {
        int64_t sheet = i / BENCH_ITEMS;
        row.unit = htonl((uint32_t)(sheet / BENCH_RATERS));
        row.rater = htons((uint16_t)(sheet % BENCH_RATERS));
        row.item = htons((uint16_t)(i % BENCH_ITEMS));
        row.points = htonl((uint32_t)nation.cells[i]);
        put(&row, sizeof row);
    }
    put(&(uint16_t){0xffff}, 2);
    if (fflush(stdout) != 0) {
        bench_die("the rows can't be written");
    }
    int64_t sum = 0;
    for (int64_t i = 0; i < nation.cell_count; i++) {
        sum += nation.cells[i];
    }
    fprintf(stderr,
            "{\"what\": \"rows\", \"rows\": %" PRId64 ", \"units\": %" PRId64 ", \"sum\": %" PRId64
            "}\n",
            nation.cell_count, nation.units, sum);
    td_arena_free(inputs);
}

static int runs_of(const char *text)
{
    struct td_decimal runs;
    if (td_decimal_parse(text, strlen(text), 0, &runs) < 0 || runs.units < 1 ||
        runs.units > RUNS_MAX) {
        bench_die("RUNS is a whole number from 1");
    }
    return (int)runs.units;
}

int main(int argc, char **argv)
{
    const char *command = argc > 1 ? argv[1] : "";
    if (strcmp(command, "ways") == 0 && argc == 3) {
        ways(runs_of(argv[2]));
    } else if (strcmp(command, "mix") == 0 && argc == 4) {
        mix(argv[2], runs_of(argv[3]));
    } else if (strcmp(command, "growth") == 0 && argc == 4) {
        growth(argv[2], runs_of(argv[3]));
    } else if (strcmp(command, "memory") == 0 && argc == 3) {
        memory(argv[2]);
    } else if (strcmp(command, "passes") == 0 && argc == 3) {
        passes(argv[2]);
    } else if (strcmp(command, "rows") == 0 && argc == 2) {
        rows();
    } else {
        fprintf(stderr, "usage: bench_engine ways RUNS | mix FILE RUNS | growth FILE RUNS |\n"
                        "       memory FILE | passes FILE | rows\n");
        return 2;
    }
    return 0;
}
