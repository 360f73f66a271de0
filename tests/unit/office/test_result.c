/*
 * Results from rows: the example years, taken into a database, score byte for byte as their files
 * do, and so does what is exported again; who owes sheets sees no result.
 */
#include "office_test.h"

#include "format/format.h"
#include "office/authority.h"
#include "office/demo.h"
#include "office/import.h"
#include "office/result.h"

#define RESULT_MAX ((size_t)16 * 1024 * 1024)

static const struct {
    const char *login, *label, *year, *regulation;
} examples[] = {
    {"haiphong.chuyenvien", "2024", "examples/hai-phong-2024/year.json",
     "regulations/hai-phong-2024/regulation.json"},
    {"bacgiang.chuyenvien", "2022", "examples/bac-giang-2022/year.json",
     "regulations/bac-giang-2022/variant-a.json"},
    {"hadong.chuyenvien", "2024", "examples/ha-dong-2024/year.json",
     "regulations/ha-dong-2024/regulation.json"},
};
#define EXAMPLES (sizeof examples / sizeof *examples)

static const struct actor *enter(struct fixture *f, const char *login)
{
    struct session_begun begun;
    const struct actor *actor = NULL;
    assert_int_equal(demo_enter(f->office, login, f->arena, &begun), TD_OK);
    assert_int_equal(session_find(f->office, begun.token, f->arena, &actor), TD_OK);
    return actor;
}

static void install(struct fixture *f)
{
    struct td_problems problems = TD_PROBLEMS(f->arena, NULL);
    assert_int_equal(demo_install(f->office, ".", f->arena, &problems), TD_OK);
}

static const struct year_brief *year_with(struct fixture *f, const struct actor *actor,
                                          const char *label)
{
    struct year_brief *years = NULL;
    size_t count = 0;
    assert_int_equal(year_list(f->office, actor, f->arena, 10, &years, &count), TD_OK);
    for (size_t i = 0; i < count; i++) {
        if (strcmp(years[i].label, label) == 0) {
            return &years[i];
        }
    }
    fail_msg("no year %s", label);
    return NULL;
}

/* The words play no part here: the ids are enough. */
static void say(void *context, const struct td_message *message, struct buf *out)
{
    (void)context;
    buf_text(out, message->id == NULL ? "" : message->id);
}

/* The bloc's id is the one thing that a home gives anew, so it is left out. */
static const char *written(struct fixture *f, const struct td_regulation *regulation,
                           const struct td_year *given, const struct td_result *result)
{
    struct td_year year = *given;
    year.bloc_id = "bloc";
    struct format_speech speech = {.say = say};
    struct buf out;
    buf_init(&out, RESULT_MAX);
    assert_int_equal(format_result_write(regulation, &year, result, &speech, &out), TD_OK);
    const char *text = td_arena_text(f->arena, buf_string(&out), buf_length(&out));
    buf_release(&out);
    assert_non_null(text);
    return text;
}

static const char *score_file(struct fixture *f, size_t example)
{
    struct td_problems problems = TD_PROBLEMS(f->arena, NULL);
    struct td_regulation *regulation = NULL;
    struct td_year *year = NULL;
    struct td_result *result = NULL;
    assert_int_equal(format_year_read(examples[example].year, examples[example].regulation,
                                      f->arena, &problems, &regulation, &year),
                     TD_OK);
    assert_int_equal(td_score(regulation, year, f->arena, &result), TD_OK);
    return written(f, regulation, year, result);
}

static const char *score_export(struct fixture *f, const struct actor *actor,
                                const struct year_brief *brief, size_t example)
{
    struct td_problems problems = TD_PROBLEMS(f->arena, NULL);
    struct td_regulation *regulation = NULL;
    struct td_year *year = NULL;
    struct td_result *result = NULL;
    struct buf out;
    buf_init(&out, RESULT_MAX);
    assert_int_equal(
        result_export(f->office, actor, f->arena, brief->home_id, brief->year_id, &out), TD_OK);
    assert_int_equal(
        format_regulation_read(examples[example].regulation, f->arena, &problems, &regulation),
        TD_OK);
    assert_int_equal(format_year_parse(buf_string(&out), buf_length(&out), regulation, f->arena,
                                       &problems, &year),
                     TD_OK);
    buf_release(&out);
    assert_int_equal(td_score(regulation, year, f->arena, &result), TD_OK);
    return written(f, regulation, year, result);
}

static void same_as_the_file(struct fixture *f)
{
    install(f);
    for (size_t i = 0; i < EXAMPLES; i++) {
        const struct actor *actor = enter(f, examples[i].login);
        const struct year_brief *brief = year_with(f, actor, examples[i].label);
        struct td_problems problems = TD_PROBLEMS(f->arena, NULL);
        struct result result;
        struct td_step *root = NULL;
        const char *file = score_file(f, i);
        /* From the rows, and then from what was kept of them. */
        for (int times = 0; times < 2; times++) {
            assert_int_equal(result_get(f->office, actor, f->arena, brief->home_id, brief->year_id,
                                        &problems, &result),
                             TD_OK);
            assert_non_null(result.result);
            assert_false(result.sealed);
            assert_string_equal(written(f, result.regulation, result.year, result.result), file);
        }
        assert_string_equal(score_export(f, actor, brief, i), file);
        for (int32_t unit = 0; unit < result.result->unit_count; unit++) {
            assert_int_equal(result_explain(&result, unit, f->arena, &root), TD_OK);
            assert_non_null(root->child);
        }
    }
}

static void sealed(struct fixture *f)
{
    struct td_problems problems = TD_PROBLEMS(f->arena, NULL);
    struct result result;
    struct buf out;
    install(f);
    const struct actor *actor = enter(f, "hadong.sen.canbo");
    const struct year_brief *brief = year_with(f, actor, "2025");
    assert_int_equal(
        result_get(f->office, actor, f->arena, brief->home_id, brief->year_id, &problems, &result),
        TD_OK);
    assert_true(result.sealed);
    assert_null(result.result);
    assert_null(result.year);
    for (int32_t i = 0; i < result.board.count; i++) {
        assert_true(result.board.sheets[i].visible || result.board.sheets[i].total == 0);
    }
    buf_init(&out, RESULT_MAX);
    assert_int_equal(
        result_export(f->office, actor, f->arena, brief->home_id, brief->year_id, &out),
        OFFICE_FORBIDDEN);
    assert_int_equal(buf_length(&out), 0);
    buf_release(&out);
}

static void not_in_scope(struct fixture *f)
{
    struct td_problems problems = TD_PROBLEMS(f->arena, NULL);
    struct result result;
    install(f);
    const struct year_brief *brief = year_with(f, enter(f, "hadong.chuyenvien"), "2024");
    const struct actor *other = enter(f, "haiphong.chuyenvien");
    assert_int_equal(
        result_get(f->office, other, f->arena, brief->home_id, brief->year_id, &problems, &result),
        OFFICE_NOT_FOUND);
}

/* 001 II.2.4: sheets before 8 December; Hà Đông's source gives no day. */
static void when_sheets_are_due(struct fixture *f)
{
    struct sheet_board board;
    install(f);
    const struct actor *actor = enter(f, "haiphong.chuyenvien");
    const struct year_brief *brief = year_with(f, actor, "2024");
    assert_int_equal(
        sheet_board(f->office, actor, f->arena, brief->home_id, brief->year_id, &board), TD_OK);
    for (int32_t stage = 0; stage < 2; stage++) {
        struct td_date due = sheet_due(&board, stage);
        assert_int_equal(td_date_compare(due, (struct td_date){2024, 12, 7}), 0);
    }
    actor = enter(f, "hadong.chuyenvien");
    brief = year_with(f, actor, "2024");
    assert_int_equal(
        sheet_board(f->office, actor, f->arena, brief->home_id, brief->year_id, &board), TD_OK);
    assert_false(td_date_is_set(sheet_due(&board, 0)));
    assert_false(td_date_is_set(sheet_due(&board, 1)));
}

/* The first example with entries of `settled` before its sheets, in a file of its own. */
static void write_settled(const char *entries, char path[static 64])
{
    static char bytes[1 << 20];
    const char *key = "\"sheets\":";
    FILE *from = fopen(examples[0].year, "rb");
    assert_non_null(from);
    size_t n = fread(bytes, 1, sizeof bytes - 1, from);
    bytes[n] = '\0';
    assert_int_equal(fclose(from), 0);
    char *sheets = strstr(bytes, key);
    assert_non_null(sheets);
    (void)snprintf(path, 64, "%s/thidua-settled-XXXXXX", P_tmpdir);
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    FILE *to = fdopen(fd, "wb");
    assert_non_null(to);
    assert_int_equal(fwrite(bytes, 1, (size_t)(sheets - bytes), to), (size_t)(sheets - bytes));
    assert_true(fprintf(to, "\"settled\": [%s], %s", entries, sheets) > 0);
    assert_int_equal(fclose(to), 0);
}

/* Of several entries that fit a sheet the first holds: in the file, and in the rows after it. */
static void settled_as_in_the_file(struct fixture *f)
{
    struct td_problems problems = TD_PROBLEMS(f->arena, NULL);
    struct result result;
    const char *year_id = NULL;
    char path[64];
    write_settled("{\"stage\": \"cross\", \"rater\": \"SXD\", \"decision\": \"count_without\", "
                  "\"reason\": \"a\"}, "
                  "{\"stage\": \"cross\", \"rater\": \"SXD\", \"unit\": \"SDL\", "
                  "\"decision\": \"wait\", \"reason\": \"b\"}, "
                  "{\"stage\": \"cross\", \"rater\": \"SDL\", \"unit\": \"SXD\", "
                  "\"decision\": \"wait\", \"reason\": \"c\"}, "
                  "{\"stage\": \"cross\", \"rater\": \"SDL\", \"decision\": \"count_without\", "
                  "\"reason\": \"d\"}",
                  path);
    install(f);
    const struct actor *actor = enter(f, "haiphong.chuyenvien");
    const struct import import = {.home_id = actor->roles[0].home_id,
                                  .authority_id = actor->roles[0].scope_id,
                                  .year_path = path,
                                  .regulation_path = examples[0].regulation};
    assert_int_equal(import_year(f->office, actor, f->arena, &import, &problems, &year_id), TD_OK);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(
        result_get(f->office, actor, f->arena, import.home_id, year_id, &problems, &result), TD_OK);
    assert_int_equal(result.year->settled_count, 3);
    for (int32_t i = 0; i < 3; i++) {
        const struct td_settled *s = &result.year->settled[i];
        assert_true(s->reason[0] != 'b');
        assert_int_equal(s->count_without, s->unit == TD_NONE);
    }
}

BOTH_ENGINES(same_as_the_file)
BOTH_ENGINES(settled_as_in_the_file)
BOTH_ENGINES(sealed)
BOTH_ENGINES(not_in_scope)
BOTH_ENGINES(when_sheets_are_due)

int main(void)
{
    const struct CMUnitTest tests[] = {
        RUN_BOTH(same_as_the_file), RUN_BOTH(settled_as_in_the_file), RUN_BOTH(sealed),
        RUN_BOTH(not_in_scope),     RUN_BOTH(when_sheets_are_due),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
