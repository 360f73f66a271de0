/*
 * Years written and read again: the three examples come back as they were, and score the same.
 */
#include "files.h"

#include <stdio.h>

struct scored_year {
    struct td_regulation *regulation;
    struct td_year *year;
    struct td_result *result;
    struct format_part *parts;
    int32_t part_count;
};

static void say(void *context, const struct td_message *message, struct buf *out)
{
    (void)context;
    buf_text(out, message->id);
}

static void write_year(const struct scored_year *s, struct buf *out)
{
    assert_int_equal(format_year_write(s->regulation, s->year, s->parts, s->part_count, out),
                     TD_OK);
}

static void score(struct scored_year *s, struct td_arena *arena, struct buf *out)
{
    const struct format_speech speech = {.say = say};
    assert_int_equal(td_score(s->regulation, s->year, arena, &s->result), TD_OK);
    assert_int_equal(format_result_write(s->regulation, s->year, s->result, &speech, out), TD_OK);
}

/* SCO-7: what the sections show is where the score comes from. */
static void sections_add_up(const struct scored_year *s, struct td_arena *arena)
{
    struct td_fraction *points = NULL;
    int32_t count = td_section_count(s->regulation);
    int64_t unit = 1;
    for (int32_t i = 0; i < s->regulation->scale.item_decimals; i++) {
        unit *= 10;
    }
    assert_int_equal(td_section_points(s->regulation, s->year, arena, &points), TD_OK);
    for (int32_t u = 0; u < s->year->member_count; u++) {
        const struct td_unit_result *result = &s->result->units[u];
        struct td_fraction sum = {0, 1}, added = {0, 1};
        for (int32_t i = 0; i < count; i++) {
            assert_int_equal(td_fraction_add(sum, points[u * count + i], &sum), TD_OK);
        }
        assert_int_equal(td_fraction_make(result->bonus - result->deducted, unit, &added), TD_OK);
        assert_int_equal(td_fraction_add(sum, added, &sum), TD_OK);
        assert_int_equal(td_fraction_compare(sum, result->exact), 0);
    }
}

static void goes_round(const char *path)
{
    struct td_arena *arena = td_arena_new(256u << 20);
    struct td_problems problems = TD_PROBLEMS(arena, path);
    struct scored_year first = {0}, second = {0};
    struct buf before, after, text, again;
    buf_init(&before, FORMAT_FILE_MAX);
    buf_init(&after, FORMAT_FILE_MAX);
    buf_init(&text, FORMAT_FILE_MAX);
    buf_init(&again, FORMAT_FILE_MAX);

    assert_int_equal(format_year_read(path, NULL, arena, &problems, &first.regulation, &first.year),
                     TD_OK);
    score(&first, arena, &before);
    sections_add_up(&first, arena);
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    static char bytes[4u << 20];
    size_t n = fread(bytes, 1, sizeof bytes, file);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(format_year_parts(bytes, n, arena, &problems, &first.parts, &first.part_count),
                     TD_OK);
    write_year(&first, &text);

    second = first;
    assert_int_equal(format_year_parse(buf_string(&text), buf_length(&text), first.regulation,
                                       arena, &problems, &second.year),
                     TD_OK);
    score(&second, arena, &after);
    assert_string_equal(buf_string(&before), buf_string(&after));
    write_year(&second, &again);
    assert_string_equal(buf_string(&text), buf_string(&again));
    assert_int_equal(first.year->sheet_count, second.year->sheet_count);

    buf_release(&before);
    buf_release(&after);
    buf_release(&text);
    buf_release(&again);
    td_arena_free(arena);
}

static void test_examples(void **state)
{
    (void)state;
    goes_round("examples/hai-phong-2024/year.json");
    goes_round("examples/bac-giang-2022/year.json");
    goes_round("examples/ha-dong-2024/year.json");
}

static void test_refused(void **state)
{
    (void)state;
    struct td_arena *arena = td_arena_new(ARENA_MAX);
    struct td_problems problems = TD_PROBLEMS(arena, NULL);
    struct format_part *parts = NULL;
    int32_t count = 0;
    assert_int_equal(format_year_parts("{", 1, arena, &problems, &parts, &count), TD_E_INVALID);
    assert_int_equal(problems.errors, 1);
    assert_null(parts);
    td_arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_examples),
        cmocka_unit_test(test_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
