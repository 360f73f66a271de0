/*
 * Text that grows up to its maximum.
 */
#include "base/buf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/banned.h"

static void test_buf__is_empty_text_at_first(void **state)
{
    (void)state;
    struct buf buf;

    buf_init(&buf, 10);
    assert_string_equal(buf_string(&buf), "");
    assert_int_equal(buf_length(&buf), 0);
    assert_true(buf_ok(&buf));
    buf_add(&buf, NULL, 0);
    buf_text(&buf, "");
    assert_true(buf_ok(&buf));
    assert_string_equal(buf_string(&buf), "");
    buf_release(&buf);
}

static void test_buf__appends_in_order(void **state)
{
    (void)state;
    struct buf buf;

    buf_init(&buf, 1000);
    buf_text(&buf, "one");
    buf_char(&buf, ' ');
    buf_add(&buf, "two, and more", 3);
    buf_printf(&buf, " %s %d", "three", 4);
    assert_true(buf_ok(&buf));
    assert_string_equal(buf_string(&buf), "one two three 4");
    assert_int_equal(buf_length(&buf), strlen("one two three 4"));
    buf_release(&buf);
}

static void test_buf__is_shortened(void **state)
{
    (void)state;
    struct buf buf;

    buf_init(&buf, 10);
    buf_shorten(&buf, 0);
    buf_text(&buf, "abc");
    buf_shorten(&buf, 3);
    assert_string_equal(buf_string(&buf), "abc");
    buf_shorten(&buf, 1);
    buf_char(&buf, 'd');
    assert_string_equal(buf_string(&buf), "ad");
    buf_release(&buf);
}

/* That nothing remains is searched for in whole programs (tests/ballot/test_remains.py). */
static void test_buf__secret_text_is_text_all_the_same(void **state)
{
    (void)state;
    struct buf buf;

    buf_init_secret(&buf, 5000);
    for (int i = 0; i < 500; i++) {
        buf_text(&buf, "0123456789");
    }
    assert_true(buf_ok(&buf));
    assert_int_equal(buf_length(&buf), 5000);
    for (size_t i = 0; i < 5000; i++) {
        assert_int_equal(buf_string(&buf)[i], '0' + (char)(i % 10));
    }
    buf_char(&buf, 'x');
    assert_int_equal(buf_status(&buf), TD_E_RANGE);
    buf_release(&buf);
    assert_string_equal(buf_string(&buf), "");
    buf_release(&buf);
}

static void test_buf__holds_nul_bytes(void **state)
{
    (void)state;
    struct buf buf;

    buf_init(&buf, 1000);
    buf_add(&buf, "a\0b", 3);
    buf_char(&buf, '\0');
    assert_int_equal(buf_length(&buf), 4);
    assert_memory_equal(buf_string(&buf), "a\0b\0\0", 5);
    buf_release(&buf);
}

static void test_buf__holds_exactly_its_maximum(void **state)
{
    (void)state;
    struct buf buf;

    buf_init(&buf, 5);
    buf_text(&buf, "12345");
    assert_true(buf_ok(&buf));
    assert_string_equal(buf_string(&buf), "12345");
    buf_add(&buf, "", 0);
    buf_printf(&buf, "%s", "");
    assert_true(buf_ok(&buf));
    buf_char(&buf, '6');
    assert_false(buf_ok(&buf));
    assert_int_equal(buf_status(&buf), TD_E_RANGE);
    assert_string_equal(buf_string(&buf), "12345");
    buf_release(&buf);

    buf_init(&buf, 0);
    buf_printf(&buf, "%s", "");
    assert_true(buf_ok(&buf));
    buf_printf(&buf, "%d", 1);
    assert_int_equal(buf_status(&buf), TD_E_RANGE);
    assert_string_equal(buf_string(&buf), "");
    buf_release(&buf);
}

static void test_buf__failure_sticks_until_cleared(void **state)
{
    (void)state;
    struct buf buf;

    buf_init(&buf, 5);
    buf_text(&buf, "123");
    buf_printf(&buf, "%d", 456); /* all or none */
    assert_string_equal(buf_string(&buf), "123");
    buf_char(&buf, '4'); /* would fit, but comes after a failure */
    buf_text(&buf, "4");
    buf_printf(&buf, "4");
    assert_string_equal(buf_string(&buf), "123");
    assert_int_equal(buf_length(&buf), 3);
    assert_false(buf_ok(&buf));

    buf_clear(&buf);
    assert_true(buf_ok(&buf));
    assert_string_equal(buf_string(&buf), "");
    buf_text(&buf, "abcde");
    assert_true(buf_ok(&buf));
    assert_string_equal(buf_string(&buf), "abcde");
    buf_release(&buf);
}

static void test_buf__grows_over_every_boundary(void **state)
{
    (void)state;
    enum { MAX = 3000 };
    struct buf buf;

    buf_init(&buf, MAX);
    for (size_t i = 0; i < MAX; i++) {
        buf_char(&buf, (char)('a' + i % 26));
        assert_int_equal(strlen(buf_string(&buf)), i + 1);
    }
    assert_true(buf_ok(&buf));
    for (size_t i = 0; i < MAX; i++) {
        assert_int_equal(buf_string(&buf)[i], 'a' + i % 26);
    }
    buf_char(&buf, 'x');
    assert_int_equal(buf_status(&buf), TD_E_RANGE);
    buf_release(&buf);

    /* printf of every length around the first allocations. */
    for (int length = 0; length < 600; length++) {
        buf_init(&buf, MAX);
        buf_printf(&buf, "%*d", length, 7);
        assert_true(buf_ok(&buf));
        assert_int_equal(buf_length(&buf), length < 1 ? 1 : length);
        assert_int_equal(strlen(buf_string(&buf)), buf_length(&buf));
        buf_release(&buf);
    }
}

static void test_buf__refuses_sizes_that_would_overflow(void **state)
{
    (void)state;
    struct buf buf;

    buf_init(&buf, SIZE_MAX);
    buf_text(&buf, "1");
    assert_true(buf_ok(&buf));
    buf_add(&buf, "2", SIZE_MAX);
    assert_int_equal(buf_status(&buf), TD_E_RANGE);
    assert_string_equal(buf_string(&buf), "1");
    buf_release(&buf);
}

static void test_buf__can_be_used_again_after_release(void **state)
{
    (void)state;
    struct buf buf;

    buf_init(&buf, 3);
    buf_text(&buf, "abcd");
    buf_release(&buf);
    assert_true(buf_ok(&buf));
    assert_string_equal(buf_string(&buf), "");
    buf_text(&buf, "abc");
    assert_true(buf_ok(&buf));
    buf_release(&buf);
    buf_release(&buf);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_buf__is_empty_text_at_first),
        cmocka_unit_test(test_buf__appends_in_order),
        cmocka_unit_test(test_buf__is_shortened),
        cmocka_unit_test(test_buf__secret_text_is_text_all_the_same),
        cmocka_unit_test(test_buf__holds_nul_bytes),
        cmocka_unit_test(test_buf__holds_exactly_its_maximum),
        cmocka_unit_test(test_buf__failure_sticks_until_cleared),
        cmocka_unit_test(test_buf__grows_over_every_boundary),
        cmocka_unit_test(test_buf__refuses_sizes_that_would_overflow),
        cmocka_unit_test(test_buf__can_be_used_again_after_release),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
