/*
 * The .mo reader: finds what is there, and takes no harm from broken bytes. The catalogues under
 * test are the program's own.
 */
#include "language/catalogue.h"
#include "language/language.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct catalogue vi;

static int find_catalogue(void **state)
{
    (void)state;
    const struct language *language = language_find("vi");
    if (language == NULL) {
        return 1;
    }
    vi = language_catalogue(language);
    return 0;
}

static void test_catalogue__finds_every_entry_by_its_id(void **state)
{
    (void)state;
    size_t count = catalogue_count(vi);
    assert_true(count > 1);
    for (size_t i = 0; i < count; i++) {
        const char *id = NULL;
        const char *text = NULL;
        assert_true(catalogue_entry(vi, i, &id, &text));
        assert_ptr_equal(catalogue_find(vi, id), text);
    }
}

static void test_catalogue__answers_null_for_an_unknown_id(void **state)
{
    (void)state;
    assert_null(catalogue_find(vi, "an id that nobody wrote"));
    assert_null(catalogue_find(vi, "\x01"));
    assert_null(catalogue_find(vi, "\xff"));
}

static void test_catalogue__has_no_entry_past_the_last(void **state)
{
    (void)state;
    const char *id = NULL;
    const char *text = NULL;
    assert_false(catalogue_entry(vi, catalogue_count(vi), &id, &text));
    assert_false(catalogue_entry(vi, SIZE_MAX, &id, &text));
}

static void test_catalogue__takes_nothing_for_a_catalogue(void **state)
{
    (void)state;
    struct catalogue nothing = {NULL, 0};
    assert_int_equal(catalogue_count(nothing), 0);
    assert_null(catalogue_find(nothing, "no date"));
}

/* Look up and walk through a copy of exactly `size` bytes, so that a sanitizer sees a read past
 * them. */
static void visit(const unsigned char *bytes, size_t size)
{
    unsigned char *copy = malloc(size == 0 ? 1 : size);
    assert_non_null(copy);
    memcpy(copy, bytes, size);
    struct catalogue broken = {copy, size};
    size_t count = catalogue_count(broken);
    for (size_t i = 0; i < count; i++) {
        const char *id = NULL;
        const char *text = NULL;
        if (catalogue_entry(broken, i, &id, &text)) {
            assert_true(strlen(id) < size);
            assert_true(strlen(text) < size);
        }
    }
    (void)catalogue_find(broken, "no date");
    free(copy);
}

static void test_catalogue__survives_being_cut_anywhere(void **state)
{
    (void)state;
    size_t limit = vi.size < 4096 ? vi.size : 4096;
    for (size_t size = 0; size <= limit; size++) {
        visit(vi.bytes, size);
    }
}

static void test_catalogue__survives_any_wrong_word_in_head_and_tables(void **state)
{
    (void)state;
    static const uint32_t wrong[] = {0, 1, 27, 0x7fffffff, 0x80000000, 0xfffffff8, 0xffffffff};
    size_t limit = vi.size < 256 ? vi.size : 256;
    unsigned char *copy = malloc(vi.size);
    assert_non_null(copy);
    for (size_t at = 0; at + 4 <= limit; at += 4) {
        for (size_t w = 0; w < sizeof(wrong) / sizeof(wrong[0]); w++) {
            memcpy(copy, vi.bytes, vi.size);
            for (size_t byte = 0; byte < 4; byte++) {
                copy[at + byte] = (unsigned char)(wrong[w] >> (8 * byte));
            }
            visit(copy, vi.size);
        }
    }
    free(copy);
}

static void test_catalogue__refuses_big_endian(void **state)
{
    (void)state;
    static const unsigned char big[28] = {0x95, 0x04, 0x12, 0xde};
    assert_int_equal(catalogue_count((struct catalogue){big, sizeof(big)}), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_catalogue__finds_every_entry_by_its_id),
        cmocka_unit_test(test_catalogue__answers_null_for_an_unknown_id),
        cmocka_unit_test(test_catalogue__has_no_entry_past_the_last),
        cmocka_unit_test(test_catalogue__takes_nothing_for_a_catalogue),
        cmocka_unit_test(test_catalogue__survives_being_cut_anywhere),
        cmocka_unit_test(test_catalogue__survives_any_wrong_word_in_head_and_tables),
        cmocka_unit_test(test_catalogue__refuses_big_endian),
    };

    return cmocka_run_group_tests_name("catalogue", tests, find_catalogue, NULL);
}
