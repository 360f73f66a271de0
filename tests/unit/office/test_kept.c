/*
 * Cells kept in memory: of sheets in force, in their version, by their rules, and of no others;
 * what is shown follows the database.
 */
#include "bench.h"

#include "db/queries.h"
#include "office/sheet_kept.h"

#define CELLS 3

struct three {
    struct td_regulation regulation;
    struct rules rules;
    struct sheet_brief brief;
};

static void three_cells(struct three *t)
{
    *t = (struct three){.regulation = {.cell_count = CELLS},
                        .brief = {.state = SHEET_SUBMITTED,
                                  .begun = true,
                                  .sheet_id = "sheet",
                                  .version = 7,
                                  .changed = {1000}}};
    t->rules = (struct rules){.regulation = &t->regulation};
}

static const int64_t given[CELLS] = {1, TD_EMPTY, 3};

static bool recalls(struct fixture *f, const struct three *t, const struct sheet_brief *brief)
{
    int64_t cells[CELLS] = {-1, -1, -1};
    bool found = sheet_recall(f->office, &t->rules, brief, cells);
    assert_memory_equal(cells, found ? given : ((int64_t[CELLS]){-1, -1, -1}), sizeof cells);
    return found;
}

static void test_kept__holds_for_its_version_alone(struct fixture *f)
{
    struct three t, other_rules;
    three_cells(&t);
    three_cells(&other_rules);
    assert_false(recalls(f, &t, &t.brief));
    sheet_remember(f->office, &t.rules, &t.brief, given);
    assert_true(recalls(f, &t, &t.brief));
    assert_false(recalls(f, &other_rules, &t.brief));

    struct sheet_brief b = t.brief;
    b.version++;
    assert_false(recalls(f, &t, &b));
    b = t.brief;
    b.changed.ms++; /* the same number in another copy of the database */
    assert_false(recalls(f, &t, &b));
    b = t.brief;
    b.sheet_id = "another";
    assert_false(recalls(f, &t, &b));
    b = t.brief;
    b.state = SHEET_PREPARED;
    assert_false(recalls(f, &t, &b));
    b.state = SHEET_ABSTAINED; /* is in force too */
    assert_true(recalls(f, &t, &b));
}
BOTH_ENGINES(test_kept__holds_for_its_version_alone)

static void test_kept__a_draft_is_not(struct fixture *f)
{
    struct three t;
    three_cells(&t);
    t.brief.state = SHEET_DRAFT;
    sheet_remember(f->office, &t.rules, &t.brief, given);
    t.brief.state = SHEET_SUBMITTED;
    assert_false(recalls(f, &t, &t.brief));
}
BOTH_ENGINES(test_kept__a_draft_is_not)

static void test_kept__as_many_as_the_setting_says(struct fixture *f)
{
    struct office_settings settings = OFFICE_SETTINGS;
    struct three t;
    three_cells(&t);
    settings.kept_sheets = 0;
    office_configure(f->office, &settings);
    sheet_remember(f->office, &t.rules, &t.brief, given);
    assert_false(recalls(f, &t, &t.brief));

    settings.kept_sheets = 1;
    office_configure(f->office, &settings);
    sheet_remember(f->office, &t.rules, &t.brief, given);
    assert_true(recalls(f, &t, &t.brief));
    struct sheet_brief next = t.brief;
    next.sheet_id = "next";
    sheet_remember(f->office, &t.rules, &next, given);
    assert_true(recalls(f, &t, &next));
    assert_false(recalls(f, &t, &t.brief));
}
BOTH_ENGINES(test_kept__as_many_as_the_setting_says)

static void test_kept__none_that_is_too_long(struct fixture *f)
{
    static const int64_t many[1000];
    static int64_t found[1000];
    struct three t;
    three_cells(&t);
    t.regulation.cell_count = 1000;
    sheet_remember(f->office, &t.rules, &t.brief, many);
    assert_false(sheet_recall(f->office, &t.rules, &t.brief, found));
}
BOTH_ENGINES(test_kept__none_that_is_too_long)

/* ---- what is shown --------------------------------------------------------------------------- */

static int64_t total_of(struct bench *b)
{
    struct sheet_grid grid;
    assert_int_equal(sheet_grid_get(b->f->office, &b->keeper, b->f->arena, b->y.home_id,
                                    b->y.year_id, b->y.units[0], &grid),
                     TD_OK);
    for (int32_t i = 0; i < grid.column_count; i++) {
        if (grid.columns[i].points != NULL) {
            return grid.columns[i].total;
        }
    }
    return -1;
}

/* The row of a sheet as another server, or whoever restores a database, leaves it. */
static int set_cells(struct db_tx *tx, void *data)
{
    struct bench *b = data;
    struct sheet_one_row row;
    bool found = false;
    struct sheet_key key = own(b, 0);
    int status = q_sheet_one(tx,
                             &(struct sheet_one_in){.home_id = key.home_id,
                                                    .year_id = key.year_id,
                                                    .unit_id = key.unit,
                                                    .stage = key.stage,
                                                    .rater = key.rater},
                             &row, &found);
    if (status == TD_OK) {
        const struct cell_put_in cell = {.home_id = key.home_id,
                                         .year_id = key.year_id,
                                         .sheet_id = row.sheet_id,
                                         .item = "III.1",
                                         .value = 9900,
                                         .changed_by = "lan"};
        status = q_cell_put(tx, &cell, NULL);
    }
    if (status == TD_OK) {
        const struct sheet_update_figures_in figures = {.home_id = key.home_id,
                                                        .year_id = key.year_id,
                                                        .sheet_id = row.sheet_id,
                                                        .total = row.total,
                                                        .filled = row.filled,
                                                        .changed = row.changed,
                                                        .changed_by = "lan"};
        status = q_sheet_update_figures(tx, &figures, NULL);
    }
    return status;
}

static void test_kept__another_version_is_read_again(struct fixture *f)
{
    struct bench b;
    set_up(&b, f);
    fill(&b);
    assert_int_equal(move(&b, &b.officer, SHEET_PREPARE, NULL), TD_OK);
    assert_int_equal(total_of(&b), -1); /* not submitted: not for the authority yet */
    assert_int_equal(move(&b, &b.leader, SHEET_SUBMIT, NULL), TD_OK);
    int64_t total = total_of(&b);
    assert_true(total > 0);
    assert_int_equal(total_of(&b), total);
    assert_int_equal(db_transact(f->db, DB_WRITE, f->arena, set_cells, &b), TD_OK);
    assert_int_equal(total_of(&b), total + 9800); /* III.1 was 1 */
}
BOTH_ENGINES(test_kept__another_version_is_read_again)

int main(void)
{
    const struct CMUnitTest tests[] = {
        RUN_BOTH(test_kept__holds_for_its_version_alone),
        RUN_BOTH(test_kept__a_draft_is_not),
        RUN_BOTH(test_kept__as_many_as_the_setting_says),
        RUN_BOTH(test_kept__none_that_is_too_long),
        RUN_BOTH(test_kept__another_version_is_read_again),
    };
    return cmocka_run_group_tests_name("kept", tests, NULL, NULL);
}
