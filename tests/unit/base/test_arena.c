/*
 * Memory by unit of work. In sanitizer builds one test more sees what is poisoned.
 */
#include "thidua/arena.h"

#include <setjmp.h>
#include <stdalign.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#if defined(__SANITIZE_ADDRESS__)
#define SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SANITIZED 1
#endif
#endif

#ifdef SANITIZED
#include <sanitizer/asan_interface.h>
#endif

#include "base/banned.h"

#define LIMIT ((size_t)16 * 1024 * 1024)

static void test_arena__aligns_for_any_type(void **state)
{
    (void)state;
    struct td_arena *arena = td_arena_new(LIMIT);
    assert_non_null(arena);

    for (size_t size = 1; size < 200; size++) {
        unsigned char *bytes = td_arena_alloc(arena, 1, size);
        assert_non_null(bytes);
        assert_int_equal((uintptr_t)bytes % alignof(max_align_t), 0);
        memset(bytes, 0xAA, size);
    }
    td_arena_free(arena);
}

static void test_arena__allocations_do_not_overlap(void **state)
{
    (void)state;
    enum { COUNT = 500 };
    struct td_arena *arena = td_arena_new(LIMIT);
    assert_non_null(arena);
    unsigned char *bytes[COUNT];

    for (size_t i = 0; i < COUNT; i++) {
        bytes[i] = td_arena_alloc(arena, i * 7 % 301 + 1, 3);
        assert_non_null(bytes[i]);
        memset(bytes[i], (int)(i % 251), (i * 7 % 301 + 1) * 3);
    }
    for (size_t i = 0; i < COUNT; i++) {
        for (size_t j = 0; j < (i * 7 % 301 + 1) * 3; j++) {
            assert_int_equal(bytes[i][j], i % 251);
        }
    }
    td_arena_free(arena);
}

static void test_arena__honours_its_limit(void **state)
{
    (void)state;
    static const size_t limits[] = {0, 1, 16, 100, 1000, 4095, 4096, 5000, 100000, 3000000};

    for (size_t i = 0; i < sizeof(limits) / sizeof(limits[0]); i++) {
        struct td_arena *arena = td_arena_new(limits[i]);
        assert_non_null(arena);
        size_t got = 0;
        while (td_arena_alloc(arena, 1, 64) != NULL) {
            got += 64;
        }
        assert_true(got <= limits[i]);
        assert_true(td_arena_used(arena) <= limits[i]);
#ifndef SANITIZED
        /* And comes near it. */
        assert_true(got + 4096 > limits[i] || got > limits[i] / 100 * 99);
#endif
        assert_null(td_arena_alloc(arena, 1, limits[i] + 1));
        assert_null(td_arena_zeroed(arena, 1, limits[i] + 1));
        td_arena_free(arena);
    }
}

static void test_arena__stays_usable_after_a_refusal(void **state)
{
    (void)state;
    struct td_arena *arena = td_arena_new(100000);
    assert_non_null(arena);

    assert_null(td_arena_alloc(arena, 1, 100001));
    assert_non_null(td_arena_alloc(arena, 1, 90000));
    assert_null(td_arena_alloc(arena, 1, 90000));
    assert_non_null(td_arena_alloc(arena, 1, 1000));
    td_arena_free(arena);
}

static void test_arena__refuses_sizes_that_overflow(void **state)
{
    (void)state;
    struct td_arena *arena = td_arena_new(SIZE_MAX);
    assert_non_null(arena);

    assert_null(td_arena_alloc(arena, SIZE_MAX, 2));
    assert_null(td_arena_alloc(arena, SIZE_MAX / 2 + 1, 2));
    assert_null(td_arena_zeroed(arena, SIZE_MAX / 8 + 1, 8));
    assert_null(td_arena_text(arena, "", SIZE_MAX));
    for (size_t less = 0; less < 100; less++) {
        assert_null(td_arena_alloc(arena, 1, SIZE_MAX - less));
    }
    assert_non_null(td_arena_alloc(arena, 3, 5));
    td_arena_free(arena);
}

static void test_arena__nothing_is_a_valid_pointer(void **state)
{
    (void)state;
    struct td_arena *arena = td_arena_new(0);
    assert_non_null(arena);

    assert_non_null(td_arena_alloc(arena, 0, 8));
    assert_non_null(td_arena_alloc(arena, 8, 0));
    assert_non_null(td_arena_zeroed(arena, 0, SIZE_MAX));
    assert_int_equal((uintptr_t)td_arena_alloc(arena, 0, 8) % alignof(max_align_t), 0);
    assert_int_equal(td_arena_used(arena), 0);
    td_arena_free(arena);
    td_arena_free(NULL);
}

static void test_arena__zeroes_what_was_used_before(void **state)
{
    (void)state;
    struct td_arena *arena = td_arena_new(LIMIT);
    assert_non_null(arena);
    struct td_mark mark = td_arena_mark(arena);
    unsigned char *bytes = td_arena_alloc(arena, 1000, 1);
    assert_non_null(bytes);
    memset(bytes, 0xFF, 1000);

    td_arena_rewind(arena, mark);
    bytes = td_arena_zeroed(arena, 10, 100);
    assert_non_null(bytes);
    for (size_t i = 0; i < 1000; i++) {
        assert_int_equal(bytes[i], 0);
    }
    td_arena_free(arena);
}

static void test_arena__text_copies_and_terminates(void **state)
{
    (void)state;
    struct td_arena *arena = td_arena_new(LIMIT);
    assert_non_null(arena);
    char source[] = "cụm thi đua";

    const char *text = td_arena_text(arena, source, 4);
    assert_string_equal(text, "cụ");
    source[0] = 'x';
    assert_string_equal(text, "cụ");
    assert_string_equal(td_arena_text(arena, NULL, 0), "");
    assert_memory_equal(td_arena_text(arena, "a\0b", 3), "a\0b", 4);
    td_arena_free(arena);
}

static void test_arena__rewinds_to_a_mark(void **state)
{
    (void)state;
    struct td_arena *arena = td_arena_new(LIMIT);
    assert_non_null(arena);

    struct td_mark beginning = td_arena_mark(arena);
    const char *kept = td_arena_text(arena, "kept", 4);
    assert_non_null(kept);
    size_t used = td_arena_used(arena);
    assert_true(used >= 5);
    struct td_mark mark = td_arena_mark(arena);

    const void *first = td_arena_alloc(arena, 1, 50);
    for (int i = 0; i < 1000; i++) {
        assert_non_null(td_arena_alloc(arena, 1, 1000));
    }
    assert_true(td_arena_used(arena) >= used + 1000050);
    td_arena_rewind(arena, mark);
    assert_int_equal(td_arena_used(arena), used);
    assert_string_equal(kept, "kept");
    /* The same place is handed out again. */
    assert_ptr_equal(td_arena_alloc(arena, 1, 50), first);

    td_arena_rewind(arena, beginning);
    assert_int_equal(td_arena_used(arena), 0);
    td_arena_rewind(arena, beginning);
    assert_non_null(td_arena_alloc(arena, 1, 100));
    td_arena_free(arena);
}

static void test_arena__nested_marks(void **state)
{
    (void)state;
    struct td_arena *arena = td_arena_new(LIMIT);
    assert_non_null(arena);

    for (size_t size = 1; size < 9000; size += 97) {
        struct td_mark outer = td_arena_mark(arena);
        char *a = td_arena_text(arena, "outer", 5);
        struct td_mark inner = td_arena_mark(arena);
        size_t used = td_arena_used(arena);
        for (int i = 0; i < 5; i++) {
            char *b = td_arena_alloc(arena, 1, size * (size_t)(i + 1));
            assert_non_null(b);
            memset(b, 'b', size * (size_t)(i + 1));
            if (i % 2 == 1) {
                td_arena_rewind(arena, inner);
                assert_int_equal(td_arena_used(arena), used);
            }
        }
        assert_string_equal(a, "outer");
        /* The inner mark is left out. */
        td_arena_rewind(arena, outer);
        assert_int_equal(td_arena_used(arena), 0);
    }
    td_arena_free(arena);
}

static void test_arena__memory_given_back_can_be_used_for_anything(void **state)
{
    (void)state;
    struct td_arena *arena = td_arena_new(200000);
    assert_non_null(arena);
    struct td_mark mark = td_arena_mark(arena);

    for (int i = 0; i < 150; i++) {
        assert_non_null(td_arena_alloc(arena, 1, 1000));
    }
    td_arena_rewind(arena, mark);
    /* No chunk is that large, and the limit has no room for one beside them. */
    assert_non_null(td_arena_alloc(arena, 1, 180000));
    td_arena_rewind(arena, mark);
    for (int i = 0; i < 150; i++) {
        assert_non_null(td_arena_alloc(arena, 1, 1000));
    }
    td_arena_free(arena);
}

static void test_arena__a_loop_settles(void **state)
{
    (void)state;
    struct td_arena *arena = td_arena_new(1000000);
    assert_non_null(arena);

    /* If a rewind lost anything, ten thousand rounds would run into the limit. */
    for (size_t round = 0; round < 10000; round++) {
        struct td_mark mark = td_arena_mark(arena);
        for (size_t i = 0; i < 10; i++) {
            assert_non_null(td_arena_alloc(arena, 1, (round * 31 + i * 977) % 40000 + 1));
        }
        td_arena_rewind(arena, mark);
    }
    td_arena_free(arena);
}

#ifdef SANITIZED
static void test_arena__poisons_what_is_not_in_use(void **state)
{
    (void)state;
    struct td_arena *arena = td_arena_new(LIMIT);
    assert_non_null(arena);
    char *kept = td_arena_alloc(arena, 1, 32);
    struct td_mark mark = td_arena_mark(arena);
    char *small = td_arena_alloc(arena, 1, 13);
    char *large = td_arena_alloc(arena, 1, 100000);
    assert_non_null(kept);
    assert_non_null(small);
    assert_non_null(large);

    assert_false(__asan_address_is_poisoned(kept + 31));
    assert_true(__asan_address_is_poisoned(kept + 32));
    assert_false(__asan_address_is_poisoned(small + 12));
    assert_true(__asan_address_is_poisoned(small + 13));
    assert_false(__asan_address_is_poisoned(large + 99999));
    assert_true(__asan_address_is_poisoned(large + 100000));

    td_arena_rewind(arena, mark);
    assert_false(__asan_address_is_poisoned(kept + 31));
    assert_true(__asan_address_is_poisoned(small));
    assert_true(__asan_address_is_poisoned(large));
    assert_true(__asan_address_is_poisoned(large + 99999));
    td_arena_free(arena);
}
#endif

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_arena__aligns_for_any_type),
        cmocka_unit_test(test_arena__allocations_do_not_overlap),
        cmocka_unit_test(test_arena__honours_its_limit),
        cmocka_unit_test(test_arena__stays_usable_after_a_refusal),
        cmocka_unit_test(test_arena__refuses_sizes_that_overflow),
        cmocka_unit_test(test_arena__nothing_is_a_valid_pointer),
        cmocka_unit_test(test_arena__zeroes_what_was_used_before),
        cmocka_unit_test(test_arena__text_copies_and_terminates),
        cmocka_unit_test(test_arena__rewinds_to_a_mark),
        cmocka_unit_test(test_arena__nested_marks),
        cmocka_unit_test(test_arena__memory_given_back_can_be_used_for_anything),
        cmocka_unit_test(test_arena__a_loop_settles),
#ifdef SANITIZED
        cmocka_unit_test(test_arena__poisons_what_is_not_in_use),
#endif
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
