/*
 * What holds for every file: JSON and its errors, texts, limits, files that can't be read, memory.
 */
#include "files.h"

#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

static int parse(struct td_arena *arena, const char *text, size_t n, struct td_problems *problems)
{
    struct td_regulation *regulation = NULL;

    *problems = TD_PROBLEMS(arena, "f.json");
    int e = format_regulation_parse(text, n, arena, problems, &regulation);
    assert_true((e == TD_OK) == (regulation != NULL));
    return e;
}

/* ---- JSON ------------------------------------------------------------------------------------ */

static const struct {
    const char *text;
    const char *words; /* of the one problem's id */
    int line;
    const char *near; /* in its arguments, or NULL */
} BROKEN[] = {
    {"", "ends in the middle", 1, NULL},
    {"{\n \"a\": 1,\n", "ends in the middle", 3, NULL},
    {"{\n \"a\": 1,\n \"a\": 2}", "stands twice", 3, "\"a\""},
    {"{\"a\": {\"b\": [{\"x\": 1, \"x\": 2}]}}", "stands twice", 1, "\"x\""},
    {"{} {}", "follows after the end", 1, NULL},
    {"{\"a\": \"\xC3\"}", "not UTF-8", 1, NULL},
    {"{\"a\": \"\\u0000\"}", "NUL", 1, NULL},
    {"{\"a\": 99999999999999999999}", "too great", 1, NULL},
    {"{\"a\": 1e999}", "too great", 1, NULL},
    {"{'a': 1}", "not JSON", 1, NULL},
    {"{\"a\": 01}", "not JSON", 1, "0"},
};

static void test_syntax__is_named_with_line_and_column(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof BROKEN / sizeof *BROKEN; i++) {
        struct td_arena *arena = td_arena_new(ARENA_MAX);
        struct td_problems problems;
        int e = parse(arena, BROKEN[i].text, strlen(BROKEN[i].text), &problems);
        const struct td_problem *problem = problems.first;
        assert_int_equal(e, TD_E_INVALID);
        assert_int_equal(problems.errors, 1);
        if (strstr(problem->what.id, BROKEN[i].words) == NULL) {
            print_error("%s: %s\n", BROKEN[i].text, problem->what.id);
            fail();
        }
        assert_string_equal(problem->where, "");
        assert_string_equal(problem->file, "f.json");
        assert_int_equal(problem->what.args[0].count, BROKEN[i].line);
        assert_int_equal(problem->what.args[1].kind, TD_ARG_COUNT);
        if (BROKEN[i].near != NULL && !message_holds(&problem->what, BROKEN[i].near)) {
            print_error("%s: does not name %s\n", BROKEN[i].text, BROKEN[i].near);
            fail();
        }
        td_arena_free(arena);
    }
}

static void test_syntax__byte_order_mark_and_depth(void **state)
{
    struct td_arena *arena = td_arena_new(ARENA_MAX);
    struct td_problems problems;
    char *deep = malloc(100000);

    (void)state;
    assert_int_equal(parse(arena, "\xEF\xBB\xBF{}", 5, &problems), TD_E_INVALID);
    assert_non_null(problem_found(&problems, "", "byte-order"));

    memset(deep, '[', 100000);
    assert_int_equal(parse(arena, deep, 100000, &problems), TD_E_INVALID);
    assert_non_null(problem_found(&problems, "", "nested too deep"));
    free(deep);

    assert_int_equal(parse(arena, "[1]", 3, &problems), TD_E_INVALID);
    assert_non_null(problem_found(&problems, "", "expected"));
    assert_int_equal(parse(arena, "{}", 2, &problems), TD_E_INVALID);
    assert_int_equal(problems.errors, 1);
    assert_non_null(problem_found(&problems, "", "missing"));
    td_arena_free(arena);
}

/* ---- texts ----------------------------------------------------------------------------------- */

/* Decomposed letters are read as composed ones. */
static void test_text__is_read_as_nfc(void **state)
{
    struct td_arena *arena = td_arena_new(ARENA_MAX);
    struct td_problems problems = TD_PROBLEMS(arena, NULL);
    struct td_regulation *regulation = NULL;
    char *text = edited(REGULATION, "'title': 'Quy chế thử'", "'title': 'che\xCC\x82\xCC\x81'");

    (void)state;
    assert_int_equal(format_regulation_parse(text, strlen(text), arena, &problems, &regulation),
                     TD_OK);
    assert_string_equal(regulation->title, "chế");
    free(text);
    td_arena_free(arena);
}

static void test_text__has_a_limit(void **state)
{
    char *long_title = malloc(FORMAT_TEXT_MAX + 64);
    struct td_problems problems;

    (void)state;
    for (size_t n = FORMAT_TEXT_MAX; n <= FORMAT_TEXT_MAX + 1; n++) {
        struct td_arena *arena = td_arena_new(ARENA_MAX);
        int head = snprintf(long_title, 64, "'title': '");
        memset(long_title + head, 'x', n);
        memcpy(long_title + (size_t)head + n, "'", 2);
        char *text = edited(REGULATION, "'title': 'Quy chế thử'", long_title);
        int e = parse(arena, text, strlen(text), &problems);
        assert_int_equal(e, n > FORMAT_TEXT_MAX ? TD_E_INVALID : TD_OK);
        if (e < 0) {
            const struct td_problem *found = problem_found(&problems, "/title", "limit");
            assert_non_null(found);
            assert_int_equal(found->what.args[1].count, FORMAT_TEXT_MAX);
        }
        free(text);
        td_arena_free(arena);
    }
    free(long_title);
}

static void test_id__has_a_limit(void **state)
{
    struct td_problems problems;
    char id[128];

    (void)state;
    for (int n = FORMAT_ID_MAX; n <= FORMAT_ID_MAX + 1; n++) {
        struct td_arena *arena = td_arena_new(ARENA_MAX);
        (void)snprintf(id, sizeof id, "'id': '%0*d'", n, 7);
        char *text = edited(REGULATION, "'id': 'test-2024'", id);
        int e = parse(arena, text, strlen(text), &problems);
        assert_int_equal(e, n > FORMAT_ID_MAX ? TD_E_INVALID : TD_OK);
        free(text);
        td_arena_free(arena);
    }
}

/* ---- limits ---------------------------------------------------------------------------------- */

/* `count` times `one` between brackets. */
static char *repeated(const char *before, const char *one, int count, const char *after)
{
    size_t n = strlen(one) + 16;
    size_t room = strlen(before) + strlen(after) + (size_t)count * n + 1;
    char *text = malloc(room);
    size_t used = (size_t)snprintf(text, room, "%s", before);

    for (int i = 0; i < count; i++) {
        used += (size_t)snprintf(text + used, room - used, "%s", i == 0 ? "" : ",");
        for (const char *c = one; *c != '\0'; c++) {
            if (*c == '#') {
                used += (size_t)snprintf(text + used, room - used, "%d", i);
            } else {
                text[used++] = *c;
            }
        }
    }
    (void)snprintf(text + used, room - used, "%s", after);
    return text;
}

static const struct {
    const char *from, *one;
    const char *before, *after;
    int limit;
    const char *where;
} LIMITS[] = {
    {"'stages': [", "{'id': 'x#', 'title': 't', 'rater': 'self'}", "'stages': [", ", ",
     TD_STAGES_MAX, "/stages"},
    {"'awards': [", "{'id': 'x#', 'title': 't', 'how': 'score', 'quota': {'kind': 'unlimited'}}",
     "'awards': [", ", ", TD_AWARDS_MAX, "/awards"},
    {"'duties': [", "{'id': 'x#', 'title': 't', 'who': 'head'}", "'duties': [", ", ", TD_RULES_MAX,
     "/duties"},
    {"'places': ['15'", "'15'", "'places': [", "", TD_MEMBERS_MAX,
     "/criteria/0/children/2/way/places"},
    {"'events': [", "{'id': 'x#', 'title': 't', 'points': '1'}", "'events': [", ", ", TD_PARTS_MAX,
     "/criteria/1/children/3/way/events"},
    {"'children': [", "{'id': 'x#', 'title': 't', 'points': '1', 'way': {'kind': 'direct'}}",
     "'children': [", ", ", TD_NODES_MAX, ""},
};

static void test_lists__have_limits(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof LIMITS / sizeof *LIMITS; i++) {
        struct td_arena *arena = td_arena_new(ARENA_MAX);
        struct td_problems problems;
        char *to = repeated(LIMITS[i].before, LIMITS[i].one, LIMITS[i].limit + 1, LIMITS[i].after);
        char *text = edited(REGULATION, LIMITS[i].from, to);
        assert_int_equal(parse(arena, text, strlen(text), &problems), TD_E_INVALID);
        const struct td_problem *found = problem_found(&problems, LIMITS[i].where, "limit of");
        if (found == NULL) {
            print_error("%s\n", LIMITS[i].from);
            print_problems(&problems);
            fail();
        }
        int last = found->what.args[1].kind == TD_ARG_COUNT ? 1 : 0;
        assert_int_equal(found->what.args[last].count, LIMITS[i].limit);
        free(to);
        free(text);
        td_arena_free(arena);
    }
}

static void test_criteria_and_conditions__have_a_depth(void **state)
{
    char deep[2048] = "";
    char condition[2048] = "'when': ";
    struct td_problems problems;
    size_t n = 0;

    (void)state;
    for (int i = 0; i < 9; i++) {
        n += (size_t)snprintf(deep + n, sizeof deep - n,
                              "%s{'id': 'd%d', 'title': 't', 'points': '1'",
                              i == 0 ? "'criteria': [" : ", 'children': [", i);
    }
    for (int i = 0; i < 9; i++) {
        n += (size_t)snprintf(deep + n, sizeof deep - n, "}%s", i == 8 ? ", " : "]");
    }
    struct td_arena *arena = td_arena_new(ARENA_MAX);
    char *text = edited(REGULATION, "'criteria': [", deep);
    assert_int_equal(parse(arena, text, strlen(text), &problems), TD_E_INVALID);
    assert_non_null(problem_found(&problems,
                                  "/criteria/0/children/0/children/0/children/0/children/0"
                                  "/children/0/children/0/children/0/children",
                                  "deeper than the limit"));
    free(text);

    n = strlen(condition);
    for (int i = 0; i < 100; i++) {
        n += (size_t)snprintf(condition + n, sizeof condition - n, "{'not': ");
    }
    n += (size_t)snprintf(condition + n, sizeof condition - n, "1");
    for (int i = 0; i < 100; i++) {
        n += (size_t)snprintf(condition + n, sizeof condition - n, "}");
    }
    text = edited(REGULATION, "'when': {'fact': 'registered', 'is': 'not_done'}", condition);
    assert_int_equal(parse(arena, text, strlen(text), &problems), TD_E_INVALID);
    assert_non_null(problem_found(&problems, "/eligibility/0/when/not/not/not/not/not/not/not/not",
                                  "deeper than"));
    free(text);
    td_arena_free(arena);
}

/* The first hundred problems are kept, all are counted. */
static void test_problems__are_counted_beyond_the_limit(void **state)
{
    struct td_arena *arena = td_arena_new(ARENA_MAX);
    char *to = repeated("'notes': [", "1", 150, ", ");
    char *text = edited(REGULATION, "'notes': [", to);
    struct td_problems problems;
    size_t kept = 0;

    (void)state;
    assert_int_equal(parse(arena, text, strlen(text), &problems), TD_E_INVALID);
    assert_int_equal(problems.errors, 150);
    for (const struct td_problem *p = problems.first; p != NULL; p = p->next) {
        kept++;
    }
    assert_int_equal(kept, TD_PROBLEMS_LIMIT);
    free(to);
    free(text);
    td_arena_free(arena);
}

/* ---- memory and files ------------------------------------------------------------------------ */

/* Whatever the arena holds, the answer is memory or success, never a crash. */
static void test_memory__runs_out_anywhere(void **state)
{
    char *text = joined(REGULATION);
    int e = TD_E_MEMORY;

    (void)state;
    for (size_t room = 64; e != TD_OK && room < ARENA_MAX; room += room / 16 + 32) {
        struct td_arena *arena = td_arena_new(room);
        struct td_problems problems;
        if (arena == NULL) {
            continue;
        }
        e = parse(arena, text, strlen(text), &problems);
        assert_true(e == TD_OK || e == TD_E_MEMORY);
        td_arena_free(arena);
    }
    assert_int_equal(e, TD_OK);
    free(text);
}

static void test_file__that_cannot_be_read(void **state)
{
    struct td_arena *arena = td_arena_new(ARENA_MAX);
    struct td_problems problems = TD_PROBLEMS(arena, "before");
    struct td_regulation *regulation = NULL;
    char folder[] = "thidua-test-XXXXXX";
    char path[64];

    (void)state;
    assert_non_null(mkdtemp(folder));
    assert_int_equal(format_regulation_read(folder, arena, &problems, &regulation), TD_E_IO);
    assert_non_null(strstr(problems.last->what.id, "regular file"));
    (void)snprintf(path, sizeof path, "%s/none.json", folder);
    assert_int_equal(format_regulation_read(path, arena, &problems, &regulation), TD_E_IO);
    assert_non_null(strstr(problems.last->what.id, "no such file"));
    assert_string_equal(problems.last->file, path);
    assert_string_equal(problems.file, "before");
    (void)snprintf(path, sizeof path, "%s/pipe", folder);
    assert_int_equal(mkfifo(path, 0600), 0);
    assert_int_equal(format_regulation_read(path, arena, &problems, &regulation), TD_E_IO);
    assert_int_equal(unlink(path), 0);
    (void)snprintf(path, sizeof path, "%s/long", folder);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_int_equal(ftruncate(fileno(file), (off_t)FORMAT_FILE_MAX + 1), 0);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(format_regulation_read(path, arena, &problems, &regulation), TD_E_INVALID);
    assert_non_null(strstr(problems.last->what.id, "longer than the limit"));
    assert_int_equal(unlink(path), 0);
    assert_int_equal(rmdir(folder), 0);
    td_arena_free(arena);
}

static void test_sha256(void **state)
{
    char hex[FORMAT_SHA256_TEXT];

    (void)state;
    assert_int_equal(format_sha256("abc", 3, hex), TD_OK);
    assert_string_equal(hex, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_syntax__is_named_with_line_and_column),
        cmocka_unit_test(test_syntax__byte_order_mark_and_depth),
        cmocka_unit_test(test_text__is_read_as_nfc),
        cmocka_unit_test(test_text__has_a_limit),
        cmocka_unit_test(test_id__has_a_limit),
        cmocka_unit_test(test_lists__have_limits),
        cmocka_unit_test(test_criteria_and_conditions__have_a_depth),
        cmocka_unit_test(test_problems__are_counted_beyond_the_limit),
        cmocka_unit_test(test_memory__runs_out_anywhere),
        cmocka_unit_test(test_file__that_cannot_be_read),
        cmocka_unit_test(test_sha256),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
