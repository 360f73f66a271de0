/*
 * The least that the 60 x 7 grid can cost: a bare epoll loop that reads the same rows with the same
 * statements from the same file - the members, the sheets about the unit, the values on each - and
 * writes the same table, fixed-point and escaped. It knows nobody, permits everything and believes
 * all it reads; the criteria, which don't change, it was told at the start.
 *
 *     grid_reference DATABASE MEMBERS SHEETS VALUES HOME YEAR UNIT BEFORE AFTER < criteria
 *
 * MEMBERS, SHEETS and VALUES are member_of_year, sheet_of_year and value_of_sheet. BEFORE and AFTER
 * are the page around the table. A line of the criteria is "ID SECTION POINTS TITLE", with tabs
 * between; POINTS are in hundredths, and a section's row sums those below it.
 */
#include "loop.h"

#include <inttypes.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/banned.h"

#define ROWS_MAX 128
#define COLUMNS_MAX 16
#define PAGE_MAX ((size_t)1024 * 1024)

struct row {
    char *id, *title;
    int64_t points;
    bool section;
};

struct column {
    char sheet[32], code[32];
};

struct grid {
    sqlite3_stmt *members, *sheets, *values;
    sqlite3_stmt *begin, *end; /* one look at the file for all */
    const char *before, *after;
    struct row rows[ROWS_MAX];
    int row_count;
    int by_id[ROWS_MAX]; /* rows that aren't sections, in the order of their ids */
    int item_count;
    char members_id[COLUMNS_MAX][32], codes[COLUMNS_MAX][32];
    int member_count;
    struct column columns[COLUMNS_MAX]; /* the unit's own sheet first, then in the members' order */
    int column_count;
    int64_t points[ROWS_MAX][COLUMNS_MAX];
    int64_t totals[COLUMNS_MAX];
};

static void stop(const char *why)
{
    (void)fprintf(stderr, "grid_reference: %s\n", why);
    exit(EXIT_FAILURE);
}

/* ---- the rows -------------------------------------------------------------------------------- */

static void bind(sqlite3_stmt *s, const char *name, const char *text)
{
    int at = sqlite3_bind_parameter_index(s, name);
    if (at == 0 || sqlite3_bind_text(s, at, text, -1, SQLITE_STATIC) != SQLITE_OK) {
        stop(name);
    }
}

static void run(sqlite3_stmt *statement)
{
    if (sqlite3_step(statement) != SQLITE_DONE || sqlite3_reset(statement) != SQLITE_OK) {
        stop("a transaction can't begin or end");
    }
}

static const char *text_of(sqlite3_stmt *s, int column)
{
    return (const char *)sqlite3_column_text(s, column);
}

static void copy(char out[static 32], const char *text)
{
    (void)snprintf(out, 32, "%s", text);
}

static void ended(sqlite3_stmt *s, int code)
{
    if (code != SQLITE_DONE || sqlite3_reset(s) != SQLITE_OK) {
        stop("the rows can't be read");
    }
}

static void read_members(struct grid *grid)
{
    int code = SQLITE_ROW;

    grid->member_count = 0;
    while ((code = sqlite3_step(grid->members)) == SQLITE_ROW && grid->member_count < COLUMNS_MAX) {
        copy(grid->members_id[grid->member_count], text_of(grid->members, 0));
        copy(grid->codes[grid->member_count++], text_of(grid->members, 1));
    }
    ended(grid->members, code);
}

/* Those that were handed in: sheet_id, unit_id, stage, rater, state. */
static void read_sheets(struct grid *grid)
{
    struct column found[COLUMNS_MAX] = {{.sheet = ""}};
    sqlite3_stmt *s = grid->sheets;
    int own = -1, code = SQLITE_ROW;

    while ((code = sqlite3_step(s)) == SQLITE_ROW) {
        const char *rater = text_of(s, 3);
        int at = 0;
        while (at < grid->member_count && strcmp(grid->members_id[at], rater) != 0) {
            at++;
        }
        if (at < grid->member_count && strcmp(text_of(s, 4), "submitted") == 0) {
            copy(found[at].sheet, text_of(s, 0));
            copy(found[at].code, grid->codes[at]);
            own = strcmp(text_of(s, 2), "self") == 0 ? at : own;
        }
    }
    ended(s, code);
    grid->column_count = 0;
    if (own >= 0) {
        grid->columns[grid->column_count++] = found[own];
    }
    for (int at = 0; at < grid->member_count; at++) {
        if (at != own && found[at].sheet[0] != '\0') {
            grid->columns[grid->column_count++] = found[at];
        }
    }
}

/* Both sides are in the order of ids. */
static void read_values(struct grid *grid, int column)
{
    sqlite3_stmt *s = grid->values;
    int at = 0, code = SQLITE_ROW;

    bind(s, ":sheet_id", grid->columns[column].sheet);
    while ((code = sqlite3_step(s)) == SQLITE_ROW) {
        const char *item = text_of(s, 0);
        while (at < grid->item_count && strcmp(grid->rows[grid->by_id[at]].id, item) < 0) {
            at++;
        }
        if (at < grid->item_count && strcmp(grid->rows[grid->by_id[at]].id, item) == 0) {
            grid->points[grid->by_id[at]][column] = sqlite3_column_int64(s, 2);
        }
    }
    ended(s, code);
}

static void sum(struct grid *grid)
{
    int section = 0;

    memset(grid->totals, 0, sizeof(grid->totals));
    for (int i = 0; i < grid->row_count; i++) {
        if (grid->rows[i].section) {
            section = i;
            memset(grid->points[i], 0, sizeof(grid->points[i]));
            continue;
        }
        for (int c = 0; c < grid->column_count; c++) {
            grid->points[section][c] += grid->points[i][c];
            grid->totals[c] += grid->points[i][c];
        }
    }
}

/* ---- the page -------------------------------------------------------------------------------- */

static void put_text(struct buf *out, const char *text)
{
    for (size_t n = strcspn(text, "&<>\"'"); *text != '\0'; n = strcspn(text, "&<>\"'")) {
        buf_add(out, text, n);
        text += n;
        switch (*text) {
        case '&':
            buf_text(out, "&amp;");
            break;
        case '<':
            buf_text(out, "&lt;");
            break;
        case '>':
            buf_text(out, "&gt;");
            break;
        case '"':
            buf_text(out, "&quot;");
            break;
        case '\'':
            buf_text(out, "&#39;");
            break;
        default:
            return;
        }
        text++;
    }
}

/* As Vietnamese has it: 1.000,00. */
static void put_points(struct buf *out, int64_t hundredths)
{
    char text[32];
    char *at = text + sizeof(text);
    int64_t rest = hundredths;

    for (int digit = 0; digit < 3 || rest > 0; digit++) {
        if (digit == 2) {
            *--at = ',';
        } else if (digit > 2 && (digit - 2) % 3 == 0) {
            *--at = '.';
        }
        *--at = (char)('0' + rest % 10);
        rest /= 10;
    }
    buf_add(out, at, (size_t)(text + sizeof(text) - at));
}

static void put_cell(struct buf *out, int64_t points)
{
    buf_text(out, "<td class=\"num\">");
    put_points(out, points);
    buf_text(out, "</td>");
}

static void render(void *context, struct buf *body)
{
    struct grid *grid = context;
    int64_t most = 0;

    run(grid->begin);
    read_members(grid);
    read_sheets(grid);
    for (int c = 0; c < grid->column_count; c++) {
        read_values(grid, c);
    }
    run(grid->end);
    sum(grid);
    buf_text(body, grid->before);
    buf_text(body, "<tr><th scope=\"col\"></th><th scope=\"col\" class=\"num\"></th>");
    for (int c = 0; c < grid->column_count; c++) {
        buf_text(body, "<th scope=\"col\" class=\"num\">");
        put_text(body, grid->columns[c].code);
        buf_text(body, "</th>");
    }
    buf_text(body, "</tr></thead><tbody>");
    for (int i = 0; i < grid->row_count; i++) {
        const struct row *row = &grid->rows[i];
        buf_text(body,
                 row->section ? "<tr class=\"sum\"><th scope=\"row\">" : "<tr><th scope=\"row\">");
        put_text(body, row->title);
        buf_text(body, "</th>");
        put_cell(body, row->points);
        for (int c = 0; c < grid->column_count; c++) {
            put_cell(body, grid->points[i][c]);
        }
        buf_text(body, "</tr>");
        most += row->section ? row->points : 0;
    }
    buf_text(body, "<tr><th scope=\"row\"></th>");
    put_cell(body, most);
    for (int c = 0; c < grid->column_count; c++) {
        put_cell(body, grid->totals[c]);
    }
    buf_text(body, "</tr>");
    buf_text(body, grid->after);
}

/* ---- the beginning --------------------------------------------------------------------------- */

static sqlite3_stmt *prepare(sqlite3 *db, const char *sql)
{
    sqlite3_stmt *statement = NULL;

    if (sqlite3_prepare_v3(db, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, NULL) != SQLITE_OK) {
        stop(sqlite3_errmsg(db));
    }
    return statement;
}

static void open_database(struct grid *grid, char **argv)
{
    sqlite3 *db = NULL;

    (void)sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    if (sqlite3_open_v2(argv[1], &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL) !=
        SQLITE_OK) {
        stop(sqlite3_errmsg(db));
    }
    grid->members = prepare(db, argv[2]);
    grid->sheets = prepare(db, argv[3]);
    grid->values = prepare(db, argv[4]);
    grid->begin = prepare(db, "BEGIN");
    grid->end = prepare(db, "COMMIT");
    sqlite3_stmt *const all[] = {grid->members, grid->sheets, grid->values};
    for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++) {
        bind(all[i], ":home_id", argv[5]);
        bind(all[i], ":year_id", argv[6]);
    }
    bind(grid->sheets, ":first_unit", argv[7]);
    bind(grid->sheets, ":last_unit", argv[7]);
}

static int64_t whole(const char *digits)
{
    int64_t value = 0;

    for (; *digits >= '0' && *digits <= '9'; digits++) {
        value = value * 10 + (*digits - '0');
    }
    return value;
}

static void add_row(struct grid *grid, char *line)
{
    struct row *row = &grid->rows[grid->row_count];
    char *rest = line;

    row->id = strdup(strsep(&rest, "\t"));
    row->section = rest != NULL && strcmp(strsep(&rest, "\t"), "1") == 0;
    row->points = rest == NULL ? 0 : whole(strsep(&rest, "\t"));
    row->title = rest == NULL ? NULL : strdup(rest);
    if (row->title == NULL || ++grid->row_count == ROWS_MAX) {
        stop("a row is not well written, or there are too many");
    }
}

static int by_id(const void *a, const void *b, void *rows)
{
    const struct row *row = rows;
    return strcmp(row[*(const int *)a].id, row[*(const int *)b].id);
}

static void read_table(struct grid *grid)
{
    char *line = NULL;
    size_t room = 0;

    while (getline(&line, &room, stdin) > 0) {
        line[strcspn(line, "\n")] = '\0';
        add_row(grid, line);
    }
    free(line);
    for (int i = 0; i < grid->row_count; i++) {
        if (!grid->rows[i].section) {
            grid->by_id[grid->item_count++] = i;
        }
    }
    qsort_r(grid->by_id, (size_t)grid->item_count, sizeof(grid->by_id[0]), by_id, grid->rows);
}

int main(int argc, char **argv)
{
    static struct grid grid;

    if (argc != 10) {
        stop("wrong arguments: see the head of its source");
    }
    open_database(&grid, argv);
    grid.before = argv[8];
    grid.after = argv[9];
    read_table(&grid);
    return loop_serve(render, &grid, PAGE_MAX) ? EXIT_SUCCESS : EXIT_FAILURE;
}
