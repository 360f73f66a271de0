/*
 * Years as files: every object, each way of getting it wrong, and the regulation that a year names.
 */
#include "files.h"

#include <stdio.h>
#include <unistd.h>

struct world {
    struct td_arena *arena;
    struct td_problems problems;
    struct td_regulation *regulation;
    struct td_year *year;
};

static void world_begin(struct world *world)
{
    char *text = joined(REGULATION);

    *world = (struct world){.arena = td_arena_new(ARENA_MAX)};
    world->problems = TD_PROBLEMS(world->arena, NULL);
    assert_int_equal(format_regulation_parse(text, strlen(text), world->arena, &world->problems,
                                             &world->regulation),
                     TD_OK);
    world->problems = TD_PROBLEMS(world->arena, NULL);
    free(text);
}

static int world_parse(struct world *world, const char *from, const char *to)
{
    char *text = edited(YEAR, from, to);
    int e = format_year_parse(text, strlen(text), world->regulation, world->arena, &world->problems,
                              &world->year);

    free(text);
    return e;
}

static int good(void **state)
{
    struct world *world = malloc(sizeof *world);

    assert_non_null(world);
    world_begin(world);
    int e = world_parse(world, NULL, "");
    if (e != TD_OK) {
        print_problems(&world->problems);
    }
    *state = world;
    return e;
}

static int done(void **state)
{
    struct world *world = *state;

    td_arena_free(world->arena);
    free(world);
    return 0;
}

static void test_bloc(void **state)
{
    const struct td_year *year = ((struct world *)*state)->year;

    assert_string_equal(year->title, "Năm thử");
    assert_string_equal(year->label, "2024");
    assert_int_equal(year->year, 2024);
    assert_int_equal(year->as_of.day, 20);
    assert_string_equal(year->bloc_id, "khoi");
    assert_string_equal(year->bloc_name, "Khối");
    assert_true(year->territorial);
    assert_int_equal(year->note_count, 1);
    assert_int_equal(year->member_count, 3);
    assert_string_equal(year->members[2].code, "C");
    assert_string_equal(year->members[2].where, "/members/2");
    assert_int_equal(year->head, 0);
    assert_int_equal(year->deputy, 1);
    assert_int_equal(year->panel_count[3], 2);
    assert_string_equal(year->panel[3][1], "Bà Y");
    assert_int_equal(year->panel_count[0], 0);
}

static void test_figures(void **state)
{
    const struct td_year *year = ((struct world *)*state)->year;

    assert_int_equal(year->targets[0], 1005);
    assert_int_equal(year->bases[0], TD_BASIS_COUNCIL);
    assert_int_equal(year->targets[8 + 3], 700);
    assert_int_equal(year->bases[8 + 3], TD_BASIS_UNSAID);
    assert_true(year->targets[1] == TD_EMPTY);
    assert_int_equal(year->results[0], 990);
    assert_int_equal(year->results[2 * 9 + 3], 325);
    assert_true(year->results[9] == TD_EMPTY);
    assert_int_equal(year->outside_count, 1);
    assert_int_equal(year->outside[0].item, 2);
    assert_int_equal(year->outside[0].rater_count, 2);
    assert_string_equal(year->outside[0].raters[1], "Sở Y tế");
    assert_int_equal(year->outside[0].values[2], 900);
    assert_true(year->outside[0].values[1] == TD_EMPTY);
    assert_int_equal(year->outside[0].values[3 + 1], 800);
    assert_string_equal(year->not_arisen[8 + 1], "Không có hồ sơ");
    assert_null(year->not_arisen[0]);
}

static void test_sheets__stand_in_order(void **state)
{
    const struct td_year *year = ((struct world *)*state)->year;
    static const int32_t order[][3] = {
        {0, 0, 0}, {0, 1, 2}, {0, 2, 1}, {0, 3, 1}, {1, 2, 0}, {2, 4, 0},
    };

    assert_int_equal(year->sheet_count, 6);
    for (int i = 0; i < 6; i++) {
        assert_int_equal(year->sheets[i].unit, order[i][0]);
        assert_int_equal(year->sheets[i].stage, order[i][1]);
        assert_int_equal(year->sheets[i].rater, order[i][2]);
    }
    const struct td_sheet *self = &year->sheets[0];
    assert_int_equal(self->state, TD_SHEET_SUBMITTED);
    assert_int_equal(self->submitted.day, 5);
    assert_string_equal(self->where, "/sheets/1");
    assert_true(self->cells[0] == TD_EMPTY);
    assert_int_equal(self->cells[1], 100);
    assert_int_equal(self->cells[4], 950);
    assert_int_equal(self->cells[5], 3);
    assert_int_equal(self->cells[6], 3);
    assert_int_equal(self->cells[7], 2);
    assert_int_equal(self->cells[8], 0);
    assert_null(self->reasons);
    assert_int_equal(year->sheets[1].cells[4], 0);
    assert_string_equal(year->sheets[2].reasons[4], "thiếu minh chứng");
    assert_int_equal(year->sheets[3].state, TD_SHEET_ABSTAINED);
    assert_null(year->sheets[3].cells);
    assert_string_equal(year->sheets[3].abstained, "vắng");
    assert_int_equal(year->sheets[4].state, TD_SHEET_DRAFT);
    assert_int_equal(year->sheets[4].cells[5], 0);
    assert_true(year->sheets[5].cells[5] == TD_EMPTY);
}

static void test_entries(void **state)
{
    const struct td_year *year = ((struct world *)*state)->year;

    assert_int_equal(year->settled_count, 2);
    assert_true(year->settled[0].count_without);
    assert_int_equal(year->settled[0].rater, 1);
    assert_int_equal(year->settled[1].unit, TD_NONE);
    assert_int_equal(year->decision_count, 1);
    assert_int_equal(year->decisions[0].item, 4);
    assert_int_equal(year->decisions[0].points, 850);
    assert_string_equal(year->decisions[0].reason, "đã họp");
    assert_string_equal(year->decisions[0].where, "/decisions/0");
    assert_int_equal(year->bonus_count, 1);
    assert_int_equal(year->bonuses[0].part, 1);
    assert_int_equal(year->bonuses[0].points, 150);
    assert_int_equal(year->deduction_count, 4);
    assert_string_equal(year->deductions[0].letter.number, "12/UBND");
    assert_int_equal(year->deductions[0].duty, TD_NONE);
    assert_int_equal(year->deductions[1].duty, 1);
    assert_int_equal(year->deductions[2].duty, TD_NONE);
    assert_string_equal(year->deductions[2].finding, "không dự hội thao");
    assert_null(year->deductions[3].letter.number);
    assert_int_equal(year->fact_count, 3);
    assert_int_equal(year->facts[1].unit, 2);
    assert_int_equal(year->facts[1].grade, 0);
    assert_string_equal(year->facts[1].where, "/facts/0");
    assert_int_equal(year->facts[0].as_of.month, 11);
    assert_int_equal(year->facts[2].unit, TD_NONE);
    assert_int_equal(year->process_count, 4);
    assert_int_equal(year->process[0].kind, TD_PROCESS_DONE);
    assert_int_equal(year->process[0].unit, TD_NONE);
    assert_int_equal(year->process[1].unit, 2);
    assert_int_equal(year->process[2].kind, TD_PROCESS_EXCUSED);
    assert_string_equal(year->process[2].reason, "bão");
    assert_int_equal(year->process[3].kind, TD_PROCESS_EXTENDED);
    assert_int_equal(year->process[3].date.day, 15);
}

static void test_choices(void **state)
{
    const struct td_year *year = ((struct world *)*state)->year;

    assert_int_equal(year->quota_count, 1);
    assert_int_equal(year->quotas[0].seats, 1);
    assert_int_equal(year->nomination_count, 2);
    assert_int_equal(year->nominations[1].unit, 1);
    assert_int_equal(year->pick_count, 1);
    assert_string_equal(year->picks[0].source, "TTr");
    assert_int_equal(year->meeting_count, 1);
    assert_int_equal(year->meetings[0].meeting, 1);
    assert_int_equal(year->meetings[0].present_count, 3);
    assert_int_equal(year->vote_count, 1);
    assert_int_equal(year->votes[0].meeting, 0);
    assert_int_equal(year->votes[0].not_returned, 1);
    assert_int_equal(year->votes[0].candidate_count, 2);
    assert_int_equal(year->votes[0].votes[0], 2);
}

/* By hands, only those who voted are counted; attendance may not be recorded. */
static void test_choices__left_out(void **state)
{
    struct world world;

    (void)state;
    world_begin(&world);
    assert_int_equal(world_parse(&world,
                                 "'secret',   'issued': 3, 'not_returned': 1, "
                                 "'collected': 2, 'valid': 2, 'invalid': 0,",
                                 "'hands', 'valid': 3,"),
                     TD_OK);
    assert_int_equal(world.year->votes[0].issued, TD_NONE);
    assert_int_equal(world.year->votes[0].valid, 3);
    assert_int_equal(world_parse(&world, ", 'present': ['A', 'B', 'C']", ""), TD_OK);
    assert_int_equal(world.year->meetings[0].present_count, TD_NONE);
    assert_null(world.year->meetings[0].present);
    td_arena_free(world.arena);
}

/* A rater's name of the panel may be typed with loose marks. */
static void test_panel__names_are_compared_in_nfc(void **state)
{
    struct world world;

    (void)state;
    world_begin(&world);
    assert_int_equal(world_parse(&world, "'rater': 'Bà Y'", "'rater': 'Ba\xCC\x80 Y'"), TD_OK);
    assert_int_equal(world.year->sheets[3].rater, 1);
    td_arena_free(world.arena);
}

/* ---- slips ----------------------------------------------------------------------------------- */

static const struct slip SLIPS[] = {
    {"'year': '2024'", "'year': '2024-2025'", "/year", "not a year", NULL},
    {"'as_of': '2024-12-20',", "", "", "is missing", NULL},
    {"'kind': 'territorial'", "'kind': 'khoi'", "/bloc/kind", "not one of the words", NULL},
    {"'code': 'B'", "'code': 'A'", "/members/1/code", "twice", NULL},
    {"'role': 'deputy'", "'role': 'head'", "/members/1", "has the role", NULL},
    {"'panels': {'panel'", "'panels': {'self'", "/panels/self", "no panel stage", NULL},
    {"'Bà Y']", "'Ông X']", "/panels/panel/1", "twice", NULL},
    {"{'unit': 'A', 'item': 'I.1', 'target'", "{'unit': 'D', 'item': 'I.1', 'target'",
     "/targets/0/unit", "there is no", "A"},
    {"'item': 'I.1', 'target'", "'item': 'I.9', 'target'", "/targets/0/item", "there is no", "I."},
    {"'item': 'I.1', 'target'", "'item': 'II.1', 'target'", "/targets/0", "takes no target", NULL},
    {"'target': '100.5'", "'target': '100.55'", "/targets/0/target", "more decimals", NULL},
    {"{'unit': 'B', 'item': 'I.4', 'target': '7'}", "{'unit': 'A', 'item': 'I.1', 'target': '7'}",
     "/targets/1", "given twice", NULL},
    {"'basis': 'council'", "'basis': 'concil'", "/targets/0/basis", "not one of the words",
     "council"},
    {"'item': 'I.4', 'value': '3.25'", "'item': 'II.1', 'value': '3'", "/results/1",
     "does not come from", NULL},
    {"{'unit': 'C', 'item': 'I.4', 'value': '3.25'}", "{'unit': 'A', 'item': 'I.1', 'value': '3'}",
     "/results/1", "given twice", NULL},
    {"'rater': 'Sở Y tế'", "'rater': 'Sở Nội vụ'", "/outside/1", "twice", NULL},
    {"{'B': '8'}", "{'Z': '8'}", "/outside/1/values/Z", "no unit of this code", "A"},
    {"{'B': '8'}", "{'B': 8}", "/outside/1/values/B", "expected", "quotes"},
    {"{'item': 'I.3', 'rater': 'Sở Y tế'", "{'item': 'II.1', 'rater': 'Sở Y tế'", "/outside/1",
     "does not come from", NULL},
    {"'reason': 'Không có hồ sơ'", "'reason': ' '", "/not_arisen/0/reason", "blank", NULL},
    {"{'stage': 'self', 'unit': 'A', 'submitted'", "{'stage': 'slef', 'unit': 'A', 'submitted'",
     "/sheets/1/stage", "there is no", "self"},
    {"'rater': 'Bà Y'", "'rater': 'Bà Z'", "/sheets/0/rater", "there is no", "Bà Y"},
    {"'abstained': 'vắng'", "'abstained': 'vắng', 'values': {}", "/sheets/0", "abstains", NULL},
    {"'rater': 'C', 'unit': 'A', 'submitted'", "'unit': 'A', 'submitted'", "/sheets/2",
     "is missing", NULL},
    {"{'stage': 'council', 'unit': 'C'}", "{'stage': 'council', 'unit': 'C', 'rater': 'x'}",
     "/sheets/5/rater", "not known here", NULL},
    {"{'stage': 'council', 'unit': 'C'}", "{'stage': 'self', 'unit': 'A'}", "/sheets/5",
     "already at", NULL},
    {"'II.1': '9.5'", "'II.1': 9.5", "/sheets/1/values/II.1", "expected", "quotes"},
    {"'II.1': '9.5'", "'II.1': '9.505'", "/sheets/1/values/II.1", "more decimals", NULL},
    {"'II.1': '9.5'", "'II.l': '9.5'", "/sheets/1/values/II.l", "no item", "II.1"},
    {"'II.1': '9.5'", "'II': '9.5'", "/sheets/1/values/II", "no item", NULL},
    {"'II.1': '9.5'", "'I.1': '9.5'", "/sheets/1/values/I.1", "no value on sheets", "results"},
    {"'II.1': '9.5'", "'I.3': '9.5'", "/sheets/1/values/I.3", "no value on sheets", "outside"},
    {"'I.2': '100',", "'I.2': '100.0',", "/sheets/1/values/I.2", "has decimals", NULL},
    {"['a', 'b']", "['a', 'c']", "/sheets/1/values/II.2/1", "no part", "a, b"},
    {"['a', 'b']", "['a', 'a']", "/sheets/1/values/II.2/1", "twice", NULL},
    {"['a', 'b']", "'a'", "/sheets/1/values/II.2", "expected", NULL},
    {"'II.3': 3", "'II.3': '3'", "/sheets/1/values/II.3", "expected", "quotes"},
    {"'II.3': 3", "'II.3': -3", "/sheets/1/values/II.3", "is not between", NULL},
    {"{'plus': 2}", "{'plsu': 2}", "/sheets/1/values/II.4/plsu", "no part", "plus"},
    {"{'plus': 2}", "{'plus': '2'}", "/sheets/1/values/II.4/plus", "expected", NULL},
    {"'reasons': {'II.1'", "'reasons': {'II.7'", "/sheets/3/reasons/II.7", "no item", NULL},
    {"'decision': 'wait'", "'decision': 'later'", "/settled/1/decision", "not one of", NULL},
    {"'points': '8.5'", "'points': '8.505'", "/decisions/0/points", "more decimals", NULL},
    {"'reason': 'đã họp', ", "", "/decisions/0", "is missing", NULL},
    {"'reason': 'tốt', ", "", "/bonuses/0", "is missing", NULL},
    {"'part': 'bloc'", "'part': 'blok'", "/bonuses/0/part", "there is no", "bloc"},
    {"'duty': 'report'}", "'duty': 'reprot'}", "/deductions/1/duty", "there is no", "report"},
    {"'deduction': 'late'", "'deduction': 'lat'", "/deductions/3/deduction", "there is no", "late"},
    {"'issuer': 'Chủ tịch', ", "", "/deductions/0/letter", "is missing", NULL},
    {"'grade': 'excellent'", "'grade': 'excelent'", "/facts/0/grade", "no grade", "excellent"},
    {"'units': ['A', 'C'], 'grade'", "'units': 'all', 'grade'", "/facts/0/units", "expected",
     "others"},
    {"'units': ['A', 'C'], 'grade'", "'units': ['A', 'A'], 'grade'", "/facts/0/units/1", "twice",
     NULL},
    {"'units': ['A', 'C'], 'grade'", "'units': [], 'grade'", "/facts/0/units", "empty", NULL},
    {"'units': 'all'", "'units': 'others'", "/extensions/0/units", "expected", "all"},
    {"'award': 'flag', 'seats': 1", "'award': 'flagg', 'seats': 1", "/quotas/0/award",
     "there is no", "flag"},
    {"'seats': 1, 'source'", "'seats': 1.5, 'source'", "/quotas/0/seats", "expected", NULL},
    {"'present': ['A', 'B', 'C']", "'present': ['A', 'B', 'C', 'A']", "/meetings/0/present/3",
     "twice", NULL},
    {"'merit', 'meeting': 'yearend'", "'merit', 'meeting': 'preparatory'", "/votes/0/meeting",
     "there is no", "yearend"},
    {"'issued': 3,", "", "/votes/0", "is missing", NULL},
    {"{'A': 2, 'B': 1}", "{'A': 2, 'E': 1}", "/votes/0/votes/E", "no unit", NULL},
    {"{'A': 2, 'B': 1}", "{}", "/votes/0/votes", "expected", NULL},
    {"'regulation': 'regulation.json'", "'regulation': 'r', 'regulation_sha256': 'A'",
     "/regulation_sha256", "not a SHA-256", NULL},
    {"'regulation': 'regulation.json'",
     "'regulation': 'r', 'regulation_sha256': "
     "'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'",
     "/regulation_sha256", "not the one", NULL},
};

static void test_slips(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof SLIPS / sizeof *SLIPS; i++) {
        struct world world;
        world_begin(&world);
        int e = world_parse(&world, SLIPS[i].from, SLIPS[i].to);
        assert_slip(&SLIPS[i], e, &world.problems);
        assert_null(world.year);
        td_arena_free(world.arena);
    }
}

/* The message about a sheet given twice names both places. */
static void test_sheet__twice_names_both(void **state)
{
    struct world world;

    (void)state;
    world_begin(&world);
    assert_int_equal(world_parse(&world, "{'stage': 'council', 'unit': 'C'}",
                                 "{'stage': 'self', 'unit': 'A', 'rater': 'A'}"),
                     TD_E_INVALID);
    const struct td_problem *found = problem_found(&world.problems, "/sheets/5", "already at");
    assert_non_null(found);
    assert_true(message_holds(&found->what, "/sheets/1"));
    td_arena_free(world.arena);
}

static void test_memory__runs_out_anywhere(void **state)
{
    char *text = joined(YEAR);
    struct world world;
    int e = TD_E_MEMORY;

    (void)state;
    world_begin(&world);
    for (size_t room = 64; e != TD_OK && room < ARENA_MAX; room += room / 16 + 32) {
        struct td_arena *arena = td_arena_new(room);
        struct td_year *year = NULL;
        if (arena == NULL) {
            continue;
        }
        struct td_problems problems = TD_PROBLEMS(arena, NULL);
        e = format_year_parse(text, strlen(text), world.regulation, arena, &problems, &year);
        assert_true(e == TD_OK || e == TD_E_MEMORY);
        td_arena_free(arena);
    }
    assert_int_equal(e, TD_OK);
    free(text);
    td_arena_free(world.arena);
}

/* ---- files ----------------------------------------------------------------------------------- */

static void write_file(const char *folder, const char *name, const char *text)
{
    char path[128];

    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

static void test_read__names_its_regulation(void **state)
{
    char folder[] = "thidua-test-XXXXXX";
    char path[128], other[128], broken[128];
    struct td_arena *arena = td_arena_new(ARENA_MAX);
    struct td_problems problems = TD_PROBLEMS(arena, NULL);
    struct td_regulation *regulation = NULL;
    struct td_year *year = NULL;
    char *good_regulation = joined(REGULATION);
    char *good_year = joined(YEAR);
    char *moved = edited(YEAR, "'regulation.json'", "'gone.json'");

    (void)state;
    assert_non_null(mkdtemp(folder));
    write_file(folder, "regulation.json", good_regulation);
    write_file(folder, "broken.json", "{\"format\": 1}");
    write_file(folder, "year.json", good_year);
    write_file(folder, "moved.json", moved);
    (void)snprintf(path, sizeof path, "%s/year.json", folder);
    (void)snprintf(other, sizeof other, "%s/regulation.json", folder);
    (void)snprintf(broken, sizeof broken, "%s/broken.json", folder);
    assert_int_equal(format_year_read(path, NULL, arena, &problems, &regulation, &year), TD_OK);
    assert_int_equal(year->member_count, 3);
    assert_string_equal(regulation->id, "test-2024");

    regulation = NULL;
    year = NULL;
    assert_int_equal(format_year_read(path, broken, arena, &problems, &regulation, &year),
                     TD_E_INVALID);
    assert_string_equal(problems.last->file, broken);
    assert_null(regulation);
    assert_null(year);

    (void)snprintf(path, sizeof path, "%s/moved.json", folder);
    assert_int_equal(format_year_read(path, NULL, arena, &problems, &regulation, &year), TD_E_IO);
    (void)snprintf(broken, sizeof broken, "%s/gone.json", folder);
    assert_string_equal(problems.last->file, broken);
    assert_int_equal(format_year_read(path, other, arena, &problems, &regulation, &year), TD_OK);
    assert_null(problems.file);

    static const char *const names[] = {"regulation.json", "broken.json", "year.json",
                                        "moved.json"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        (void)snprintf(path, sizeof path, "%s/%s", folder, names[i]);
        assert_int_equal(unlink(path), 0);
    }
    assert_int_equal(rmdir(folder), 0);
    free(good_regulation);
    free(good_year);
    free(moved);
    td_arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_bloc, good, done),
        cmocka_unit_test_setup_teardown(test_figures, good, done),
        cmocka_unit_test_setup_teardown(test_sheets__stand_in_order, good, done),
        cmocka_unit_test_setup_teardown(test_entries, good, done),
        cmocka_unit_test_setup_teardown(test_choices, good, done),
        cmocka_unit_test(test_choices__left_out),
        cmocka_unit_test(test_panel__names_are_compared_in_nfc),
        cmocka_unit_test(test_slips),
        cmocka_unit_test(test_sheet__twice_names_both),
        cmocka_unit_test(test_memory__runs_out_anywhere),
        cmocka_unit_test(test_read__names_its_regulation),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
