/*
 * Words, numbers and dates in both languages, and that every catalogue entry can be filled.
 */
#include "language/language.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const struct language *vi;
static const struct language *en;

static int find_languages(void **state)
{
    (void)state;
    vi = language_find("vi");
    en = language_find("en");
    return vi == NULL || en == NULL;
}

/* Assert that `message` reads `expected` in `language`. */
static void assert_reads(const struct language *language, struct td_message message,
                         const char *expected)
{
    struct buf out;

    buf_init(&out, 4096);
    language_message(language, &message, &out);
    assert_true(buf_ok(&out));
    assert_string_equal(buf_string(&out), expected);
    buf_release(&out);
}

static void test_language__is_found_by_code(void **state)
{
    (void)state;
    assert_string_equal(language_code(vi), "vi");
    assert_string_equal(language_code(en), "en");
    assert_null(language_find("fr"));
    assert_null(language_find(""));
    assert_null(language_find("VI"));
    assert_ptr_equal(language_at(0), vi);
    assert_ptr_equal(language_at(1), en);
    assert_null(language_at(2));
}

static void test_language__text_is_translated_or_its_own_id(void **state)
{
    (void)state;
    assert_string_equal(language_text(vi, "no date"), "chưa có ngày");
    assert_string_equal(language_text(en, "no date"), "no date");
    assert_string_equal(language_text(vi, "untranslated words"), "untranslated words");
    assert_string_equal(language_text(vi, ""), "");
}

static void test_language__no_message_says_nothing(void **state)
{
    (void)state;
    assert_reads(vi, (struct td_message){.id = NULL}, "");
}

static void test_language__decimals_keep_their_digits(void **state)
{
    (void)state;
    static const struct {
        struct td_decimal value;
        const char *vi, *en;
    } rows[] = {
        {{0, 0}, "0", "0"},
        {{5, 1}, "0,5", "0.5"},
        {{150, 2}, "1,50", "1.50"},
        {{94543, 2}, "945,43", "945.43"},
        {{100050, 2}, "1.000,50", "1,000.50"},
        {{-100, 0}, "-100", "-100"},
        {{-100000, 0}, "-100.000", "-100,000"},
        {{1234567, 0}, "1.234.567", "1,234,567"},
        {{INT64_MAX, 0}, "9.223.372.036.854.775.807", "9,223,372,036,854,775,807"},
        {{-INT64_MAX, 9}, "-9.223.372.036,854775807", "-9,223,372,036.854775807"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct td_message message = {.id = "{0}", .args = {TD_DECIMAL(rows[i].value)}};
        assert_reads(vi, message, rows[i].vi);
        assert_reads(en, message, rows[i].en);
    }
}

static void test_language__counts_are_grouped(void **state)
{
    (void)state;
    static const struct {
        int64_t value;
        const char *vi, *en;
    } rows[] = {
        {0, "0", "0"},
        {7, "7", "7"},
        {-7, "-7", "-7"},
        {999, "999", "999"},
        {1000, "1.000", "1,000"},
        {-1000, "-1.000", "-1,000"},
        {INT64_MIN, "-9.223.372.036.854.775.808", "-9,223,372,036,854,775,808"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct td_message message = {.id = "{0}", .args = {TD_COUNT(rows[i].value)}};
        assert_reads(vi, message, rows[i].vi);
        assert_reads(en, message, rows[i].en);
    }
}

static void test_language__fractions_are_exact(void **state)
{
    (void)state;
    static const struct {
        struct td_fraction value;
        const char *vi, *en;
    } rows[] = {
        {{0, 1}, "0", "0"},
        {{1891, 2}, "945,5", "945.5"},
        {{2001, 2}, "1.000,5", "1,000.5"},
        {{6543, 7}, "6543/7", "6543/7"},
        {{-1, 3}, "-1/3", "-1/3"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct td_message message = {.id = "{0}", .args = {TD_FRACTION(rows[i].value)}};
        assert_reads(vi, message, rows[i].vi);
        assert_reads(en, message, rows[i].en);
    }
}

static void test_language__percents(void **state)
{
    (void)state;
    static const struct {
        struct td_fraction value;
        const char *vi, *en;
    } rows[] = {
        {{3, 10}, "30%", "30%"},
        {{0, 1}, "0%", "0%"},
        {{1, 8}, "12,5%", "12.5%"},
        {{12, 1}, "1.200%", "1,200%"},
        {{1, 3}, "1/3", "1/3"},
        {{INT64_MAX, 1}, "9.223.372.036.854.775.807", "9,223,372,036,854,775,807"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct td_message message = {.id = "{0}", .args = {TD_PERCENT(rows[i].value)}};
        assert_reads(vi, message, rows[i].vi);
        assert_reads(en, message, rows[i].en);
    }
}

static void test_language__dates(void **state)
{
    (void)state;
    struct td_date day = {2024, 12, 8};
    struct td_message message = {.id = "{0}", .args = {TD_DATE(day)}};
    assert_reads(vi, message, "08/12/2024");
    assert_reads(en, message, "2024-12-08");

    struct td_date none = {0, 0, 0};
    message.args[0] = TD_DATE(none);
    assert_reads(vi, message, "chưa có ngày");
    assert_reads(en, message, "no date");
}

static void test_language__terms_are_looked_up_and_texts_are_not(void **state)
{
    (void)state;
    struct td_message message = {.id = "{0}|{1}", .args = {TD_TERM("no date"), TD_TEXT("no date")}};
    assert_reads(vi, message, "chưa có ngày|no date");

    message.args[0] = TD_TERM(NULL);
    message.args[1] = TD_TEXT(NULL);
    assert_reads(vi, message, "|");
}

static void test_language__places_may_move_and_repeat(void **state)
{
    (void)state;
    struct td_message message = {
        .id = "{1}, {0}, {1}",
        .args = {TD_TEXT("a"), TD_TEXT("b")},
    };
    assert_reads(en, message, "b, a, b");
}

static void test_language__text_of_an_argument_is_not_a_template(void **state)
{
    (void)state;
    struct td_message message = {.id = "{0}", .args = {TD_TEXT("{1}{{"), TD_TEXT("secret")}};
    assert_reads(en, message, "{1}{{");
}

static void test_language__braces(void **state)
{
    (void)state;
    assert_reads(en, (struct td_message){.id = "{{0}} {{ }}", .args = {TD_TEXT("x")}}, "{0} { }");
    assert_reads(en, (struct td_message){.id = "{{{0}}}", .args = {TD_TEXT("x")}}, "{x}");
    assert_reads(en, (struct td_message){.id = "} {a} {"}, "} {a} {");
}

static void test_language__a_place_without_argument_stays(void **state)
{
    (void)state;
    assert_reads(en, (struct td_message){.id = "{0} {1}", .args = {TD_TEXT("x")}}, "x {1}");
    assert_reads(en, (struct td_message){.id = "{6} {9}", .args = {TD_TEXT("x")}}, "{6} {9}");
}

static void test_language__stops_at_the_maximum_of_the_buffer(void **state)
{
    (void)state;
    struct buf out;
    struct td_message message = {.id = "{0}", .args = {TD_TEXT("longer than ten bytes")}};
    buf_init(&out, 10);
    language_message(en, &message, &out);
    assert_false(buf_ok(&out));
    buf_release(&out);
}

/* Which of {0}..{5} a message has, as bits. */
static unsigned places(const char *text)
{
    unsigned found = 0;

    for (; *text != '\0'; text++) {
        if (text[0] == '{' && text[1] == '{') {
            text++;
        } else if (text[0] == '{' && text[1] >= '0' && text[1] < '0' + TD_MESSAGE_ARGS &&
                   text[2] == '}') {
            found |= 1U << (text[1] - '0');
        }
    }
    return found;
}

/* A place that only one of the two has would print as "{2}", or swallow an argument. */
static void test_language__every_translation_has_the_places_of_its_id(void **state)
{
    (void)state;
    const struct language *language;
    for (size_t l = 0; (language = language_at(l)) != NULL; l++) {
        struct catalogue catalogue = language_catalogue(language);
        size_t count = catalogue_count(catalogue);
        assert_true(count > 0);
        for (size_t i = 0; i < count; i++) {
            const char *id = NULL;
            const char *text = NULL;
            assert_true(catalogue_entry(catalogue, i, &id, &text));
            if (id[0] != '\0' && places(id) != places(text)) {
                fail_msg("%s: \"%s\" and \"%s\"", language_code(language), id, text);
            }
        }
    }
}

/* Assert that `text` is read as the decimal `expected`, or gives the status. */
static void assert_read(const struct language *language, const char *text, const char *expected)
{
    struct td_decimal value;
    char printed[TD_DECIMAL_TEXT];

    assert_int_equal(language_read_decimal(language, text, &value), TD_OK);
    td_decimal_print(value, printed);
    assert_string_equal(printed, expected);
}

static void assert_not_read(const struct language *language, const char *text, int status)
{
    struct td_decimal value;

    assert_int_equal(language_read_decimal(language, text, &value), status);
}

static void test_language__reads_numbers_as_people_type_them(void **state)
{
    (void)state;
    assert_read(vi, "12", "12");
    assert_read(vi, " 12,50 ", "12.50");
    assert_read(vi, "12.5", "12.5");
    assert_read(vi, "-3", "-3");
    assert_read(vi, "\xe2\x88\x92 3,5", "-3.5");
    assert_read(vi, "1.250,5", "1250.5");
    assert_read(vi, "1,250.5", "1250.5");
    assert_read(vi, "1.250.000", "1250000");
    assert_read(vi, "1 250 000,75", "1250000.75");
    assert_read(vi,
                "1\xc2\xa0"
                "250",
                "1250");
    assert_read(vi, "1,250", "1.250");
    assert_read(vi, "0.250", "0.250");
    assert_read(vi, "1250.125", "1250.125");
    assert_read(en, "1.250", "1.250");
    assert_read(en, "0", "0");
}

static void test_language__refuses_what_has_two_readings(void **state)
{
    (void)state;
    assert_not_read(vi, "1.250", TD_E_INVALID);
    assert_not_read(vi, "-999.000", TD_E_INVALID);
    assert_not_read(en, "1,250", TD_E_INVALID);
}

static void test_language__refuses_what_is_no_number(void **state)
{
    static const char *const texts[] = {
        "",         " ",    "abc",   "12,",       ",5",      "1..2",      "1,2,3",
        "1.25.000", "1 25", "12 5,", "1,250 000", "0.250,5", "1.250 000", "--1",
        "+1",       "1e3",  "12%",   "1,2.3,4",   "1 2.345", "1.2345.678"};

    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        assert_not_read(vi, texts[i], TD_E_SYNTAX);
    }
    assert_not_read(vi, "99999999999999999999", TD_E_RANGE);
    assert_not_read(vi, "0,1234567891", TD_E_DECIMALS);
    assert_not_read(vi, "123456789012345678901234567890123456789012345", TD_E_RANGE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_language__is_found_by_code),
        cmocka_unit_test(test_language__text_is_translated_or_its_own_id),
        cmocka_unit_test(test_language__no_message_says_nothing),
        cmocka_unit_test(test_language__decimals_keep_their_digits),
        cmocka_unit_test(test_language__counts_are_grouped),
        cmocka_unit_test(test_language__fractions_are_exact),
        cmocka_unit_test(test_language__percents),
        cmocka_unit_test(test_language__dates),
        cmocka_unit_test(test_language__terms_are_looked_up_and_texts_are_not),
        cmocka_unit_test(test_language__places_may_move_and_repeat),
        cmocka_unit_test(test_language__text_of_an_argument_is_not_a_template),
        cmocka_unit_test(test_language__braces),
        cmocka_unit_test(test_language__a_place_without_argument_stays),
        cmocka_unit_test(test_language__stops_at_the_maximum_of_the_buffer),
        cmocka_unit_test(test_language__reads_numbers_as_people_type_them),
        cmocka_unit_test(test_language__refuses_what_has_two_readings),
        cmocka_unit_test(test_language__refuses_what_is_no_number),
        cmocka_unit_test(test_language__every_translation_has_the_places_of_its_id),
    };

    return cmocka_run_group_tests_name("language", tests, find_languages, NULL);
}
