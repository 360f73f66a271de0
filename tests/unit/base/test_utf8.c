/*
 * UTF-8: what is valid, normal and plain.
 */
#include "base/utf8.h"

#include "random.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "base/banned.h"

#define LIMIT ((size_t)16 * 1024 * 1024)
#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

/* Encode one code point, valid or not; answers the number of bytes. */
static size_t encode(uint32_t code, char *out)
{
    if (code < 0x80) {
        out[0] = (char)code;
        return 1;
    }
    if (code < 0x800) {
        out[0] = (char)(0xC0 | code >> 6);
        out[1] = (char)(0x80 | (code & 0x3F));
        return 2;
    }
    if (code < 0x10000) {
        out[0] = (char)(0xE0 | code >> 12);
        out[1] = (char)(0x80 | (code >> 6 & 0x3F));
        out[2] = (char)(0x80 | (code & 0x3F));
        return 3;
    }
    out[0] = (char)(0xF0 | code >> 18);
    out[1] = (char)(0x80 | (code >> 12 & 0x3F));
    out[2] = (char)(0x80 | (code >> 6 & 0x3F));
    out[3] = (char)(0x80 | (code & 0x3F));
    return 4;
}

static void test_utf8__every_code_point_but_surrogates_is_valid(void **state)
{
    (void)state;
    char bytes[4];

    for (uint32_t code = 0; code < 0x120000; code++) {
        size_t n = encode(code, bytes);
        bool valid = code < 0x110000 && (code < 0xD800 || code > 0xDFFF);
        if (utf8_valid(bytes, n) != valid) {
            fail_msg("U+%04X", code);
        }
    }
}

static void test_utf8__refuses_malformed_sequences(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "\x80",             /* a continuation without a lead */
        "\xBF",             /* likewise */
        "\xC0\x80",         /* overlong NUL */
        "\xC0\xAF",         /* overlong '/' */
        "\xC1\xBF",         /* overlong DEL */
        "\xE0\x80\xAF",     /* overlong '/' */
        "\xE0\x9F\xBF",     /* overlong U+07FF */
        "\xF0\x80\x80\xAF", /* overlong '/' */
        "\xF0\x8F\xBF\xBF", /* overlong U+FFFF */
        "\xED\xA0\x80",     /* U+D800 */
        "\xED\xBF\xBF",     /* U+DFFF */
        "\xF4\x90\x80\x80", /* U+110000 */
        "\xF5\x80\x80\x80",
        "\xF8\x88\x80\x80\x80",
        "\xFC\x84\x80\x80\x80\x80",
        "\xFE",
        "\xFF",
        "\xC3",         /* truncated */
        "\xE1\xBB",     /* truncated */
        "\xF0\x9F\x98", /* truncated */
        "\xC3(",        /* cut short by another */
        "\xE1(\xBF",
        "\xE1\xBB(",
        "\xF0(\x98\x80",
        "\xF0\x9F(\x80",
        "\xF0\x9F\x98(",
        "good\xFFtext",
    };

    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        assert_false(utf8_valid(texts[i], strlen(texts[i])));
        assert_false(utf8_plain(texts[i], strlen(texts[i])));
    }
    /* Every text cut within a character. */
    static const char text[] = "\xC3\xA2\xE1\xBB\x87\xF0\x9F\x98\x80";
    for (size_t n = 0; n <= strlen(text); n++) {
        assert_int_equal(utf8_valid(text, n), n == 0 || n == 2 || n == 5 || n == 9);
    }
    assert_true(utf8_valid(NULL, 0));
    assert_true(utf8_valid("a\0b", 3));
}

static void test_utf8__plain_is_what_can_be_seen(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool plain;
    } cases[] = {
        {"", true},
        {"Sở Nội vụ tỉnh Đắk Lắk", true},
        {"S\u0309", true}, /* marks are visible */
        {"a\u00A0b", true},
        {"ក\u200Cខ", true},
        {"tab\there", false},
        {"line\n", false},
        {"\r", false},
        {"\x1B[31m", false},
        {"\x7F", false},
        {"\xC2\x85", false}, /* next line */
        {"\u2028", false},
        {"\u2029", false},
        {"\u200B", false},    /* zero-width space */
        {"\u202Eabc", false}, /* right-to-left override */
        {"\u2066abc", false},
        {"\uFEFFabc", false},
        {"\u00AD", false},
        {"\uE000", false},
        {"\uFFFE", false},
        {"\uFDD0", false},
        {"\U0001FFFF", false},
        {"\U000E0041", false}, /* a tag letter */
        {"\U0001F600", true},
    };

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        assert_int_equal(utf8_plain(cases[i].text, strlen(cases[i].text)), cases[i].plain);
    }
    assert_false(utf8_plain("a\0b", 3));
    assert_true(utf8_plain(NULL, 0));
}

static void test_utf8__composes_vietnamese(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *normal;
    } cases[] = {
        {"", ""},
        {"plain", "plain"},
        {"Thi đua", "Thi đua"},
        {"tie\u0302\u0301ng Vie\u0323\u0302t", "ti\u1EBFng Vi\u1EC7t"},
        {"tie\u0302\u0301ng Vie\u0302\u0323t", "ti\u1EBFng Vi\u1EC7t"}, /* marks in either order */
        {"ti\u00EA\u0301ng", "ti\u1EBFng"}, /* as the Windows keyboard types it */
        {"U\u031B\u0301", "\u1EE8"},
        {"\u01AF\u0301", "\u1EE8"},
        {"\u0110a\u0306\u0301k", "\u0110\u1EAFk"},
        {"A\u030A \u212B", "\u00C5 \u00C5"}, /* ångström sign */
        {"\u1100\u1161\u11A8", "\uAC01"},    /* Hangul */
        {"\u2000", "\u2002"},
        {"\u0958", "\u0915\u093C"}, /* one that stays decomposed */
        {"\u0340", "\u0300"},
        {"\u1E9B\u0323", "\u1E9B\u0323"},
    };
    struct td_arena *arena = td_arena_new(LIMIT);
    assert_non_null(arena);

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        const char *got = NULL;
        bool normal = false;
        const char *text = cases[i].text;

        assert_int_equal(utf8_nfc(arena, text, strlen(text), &got), TD_OK);
        assert_string_equal(got, cases[i].normal);
        size_t used = td_arena_used(arena);
        assert_int_equal(utf8_is_nfc(arena, text, strlen(text), &normal), TD_OK);
        assert_int_equal(normal, strcmp(text, cases[i].normal) == 0);
        assert_int_equal(utf8_is_nfc(arena, got, strlen(got), &normal), TD_OK);
        assert_true(normal);
        assert_int_equal(td_arena_used(arena), used);
    }
    td_arena_free(arena);
}

static void test_utf8__nfc_reads_n_bytes_only(void **state)
{
    (void)state;
    struct td_arena *arena = td_arena_new(LIMIT);
    assert_non_null(arena);
    const char *got = NULL;

    assert_int_equal(utf8_nfc(arena, "e\u0301x", 3, &got), TD_OK);
    assert_string_equal(got, "\u00E9");
    assert_int_equal(utf8_nfc(arena, "e\u0301", 1, &got), TD_OK);
    assert_string_equal(got, "e");
    assert_int_equal(utf8_nfc(arena, NULL, 0, &got), TD_OK);
    assert_string_equal(got, "");
    td_arena_free(arena);
}

static void test_utf8__nfc_refusals(void **state)
{
    (void)state;
    struct td_arena *arena = td_arena_new(LIMIT);
    assert_non_null(arena);
    const char *got = NULL;
    bool normal = false;

    assert_int_equal(utf8_nfc(arena, "\xFF", 1, &got), TD_E_SYNTAX);
    assert_int_equal(utf8_nfc(arena, "a\0b", 3, &got), TD_E_SYNTAX);
    assert_int_equal(utf8_nfc(arena, "e\xCC", 2, &got), TD_E_SYNTAX);
    assert_int_equal(utf8_is_nfc(arena, "\xFF", 1, &normal), TD_E_SYNTAX);
    assert_null(got);

    char marks[1 + 2 * (UTF8_MARKS_MAX + 1)] = "a";
    for (size_t i = 0; i <= UTF8_MARKS_MAX; i++) {
        encode(i % 2 == 0 ? 0x0301 : 0x0323, marks + 1 + 2 * i);
    }
    assert_int_equal(utf8_nfc(arena, marks, sizeof(marks), &got), TD_E_SYNTAX);
    assert_int_equal(utf8_nfc(arena, marks, sizeof(marks) - 2, &got), TD_OK);
    td_arena_free(arena);

    arena = td_arena_new(0);
    assert_non_null(arena);
    got = NULL;
    assert_int_equal(utf8_nfc(arena, "a", 1, &got), TD_E_MEMORY);
    assert_int_equal(utf8_nfc(arena, "e\u0301", 3, &got), TD_E_MEMORY);
    assert_null(got);
    td_arena_free(arena);
}

/* The characters that utf8.c takes for settled without asking utf8proc must be so: alone and side
 * by side. A letter beyond them, U+3042, makes it ask. */
static void test_utf8__settled_characters_are_normal(void **state)
{
    (void)state;
    static const struct {
        uint32_t first, last;
    } ranges[] = {{0x01, 0x2FF}, {0x1E00, 0x1EFF}, {0x2010, 0x2027}};
    struct td_arena *arena = td_arena_new(LIMIT);
    assert_non_null(arena);
    uint64_t seed = 7;

    for (size_t r = 0; r < COUNT_OF(ranges); r++) {
        for (uint32_t code = ranges[r].first; code <= ranges[r].last; code++) {
            for (int i = 0; i < 20; i++) {
                size_t other = random_next(&seed) % COUNT_OF(ranges);
                uint32_t span = ranges[other].last - ranges[other].first + 1;
                uint32_t second = ranges[other].first + (uint32_t)(random_next(&seed) % span);
                char text[16];
                bool normal = false;

                size_t n = encode(code, text);
                n += encode(second, text + n);
                n += encode(code, text + n);
                n += encode(0x3042, text + n);
                assert_int_equal(utf8_is_nfc(arena, text, n, &normal), TD_OK);
                if (!normal) {
                    fail_msg("U+%04X U+%04X", code, second);
                }
            }
        }
    }
    td_arena_free(arena);
}

static void test_utf8__width_in_columns(void **state)
{
    (void)state;
    assert_int_equal(utf8_width(""), 0);
    assert_int_equal(utf8_width("abc"), 3);
    assert_int_equal(utf8_width("Đắk Lắk"), 7);
    assert_int_equal(utf8_width("Vie\u0323\u0302t"), 4);
    assert_int_equal(utf8_width("漢字"), 4);
    assert_int_equal(utf8_width("a\nb"), 2);
    assert_int_equal(utf8_width("a\xFF\xC3"), 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_utf8__every_code_point_but_surrogates_is_valid),
        cmocka_unit_test(test_utf8__refuses_malformed_sequences),
        cmocka_unit_test(test_utf8__plain_is_what_can_be_seen),
        cmocka_unit_test(test_utf8__composes_vietnamese),
        cmocka_unit_test(test_utf8__nfc_reads_n_bytes_only),
        cmocka_unit_test(test_utf8__nfc_refusals),
        cmocka_unit_test(test_utf8__settled_characters_are_normal),
        cmocka_unit_test(test_utf8__width_in_columns),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
