/*
 * Forms as browsers send them, and as nobody should.
 */
#include "http/form.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"

#include "base/banned.h"

#define ARENA_MAX ((size_t)16 * 1024 * 1024)

/* Read from an exact copy, so that a sanitizer sees the first byte beyond it. "name=value;" for
 * each field and "name<filename>content;" for each file, or the status as "-N". */
static const char *read_form(struct td_arena *arena, const char *boundary, const char *bytes,
                             size_t n)
{
    struct form form = {0};
    struct buf text;
    char *copy = malloc(n + (n == 0));

    assert_non_null(copy);
    if (n > 0) {
        memcpy(copy, bytes, n);
    }
    int status = boundary == NULL ? form_read_urlencoded(&form, arena, copy, n)
                                  : form_read_multipart(&form, arena, boundary, copy, n);
    buf_init(&text, ARENA_MAX);
    if (status != TD_OK) {
        buf_printf(&text, "%d", status);
    } else {
        for (size_t i = 0; i < form.pair_count; i++) {
            buf_printf(&text, "%s=%s;", form.pairs[i].name, form.pairs[i].value);
        }
        for (size_t i = 0; i < form.file_count; i++) {
            buf_printf(&text, "%s<%s>", form.files[i].name, form.files[i].filename);
            buf_add(&text, form.files[i].bytes, form.files[i].n);
            buf_char(&text, ';');
        }
    }
    assert_true(buf_ok(&text));
    const char *kept = td_arena_text(arena, buf_string(&text), buf_length(&text));
    assert_non_null(kept);
    buf_release(&text);
    free(copy);
    return kept;
}

static int with_arena(void **state)
{
    *state = td_arena_new(ARENA_MAX);
    return *state != NULL ? 0 : -1;
}

static int without_arena(void **state)
{
    td_arena_free(*state);
    return 0;
}

static void test_form__urlencoded_fields_come_in_order(void **state)
{
    static const char *const cases[][2] = {
        {"", ""},
        {"a=1", "a=1;"},
        {"a=1&b=2&a=3", "a=1;b=2;a=3;"},
        {"a=b+c%20d%2Be", "a=b c d+e;"},
        {"a=b=c", "a=b=c;"},
        {"&&a&=1&", "a=;=1;"},
        {"%61%3d=%26", "a==&;"},
        {"t=e%CC%82%cc%81", "t=\u1EBF;"},
        {"a=1%0D%0A2%09", "a=1\r\n2\t;"},
        {"a=\xE1\xBA\xBF", "a=\u1EBF;"},
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        assert_string_equal(read_form(*state, NULL, cases[i][0], strlen(cases[i][0])), cases[i][1]);
    }
}

static void test_form__what_is_no_text_is_refused(void **state)
{
    static const char *const cases[] = {
        "a=%",   "a=%1",     "%",      "a=%g0",  "a=%0g", "a=%00", "a=%1F",       "a=%7f",
        "a=%C3", "a=%C2%85", "a=\x01", "a=\xFF", "%E0=1", "a=%-1", "a=%ED%A0%80", "a=1&b=%"};

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        assert_string_equal(read_form(*state, NULL, cases[i], strlen(cases[i])), "-3");
    }
    assert_string_equal(read_form(*state, NULL, "a=\0", 3), "-3");
}

static void test_form__fields_are_counted(void **state)
{
    struct buf text;
    struct form form = {0};

    buf_init(&text, ARENA_MAX);
    for (int i = 0; i < HTTP_FIELDS_MAX; i++) {
        buf_text(&text, "a&");
    }
    assert_int_equal(form_read_urlencoded(&form, *state, buf_string(&text), buf_length(&text)),
                     TD_OK);
    assert_int_equal(form.pair_count, HTTP_FIELDS_MAX);
    assert_int_equal(form_read_urlencoded(&form, *state, "b", 1), TD_E_RANGE);
    buf_release(&text);
}

static void test_form__memory_that_runs_out_is_said(void **state)
{
    (void)state;
    const char *body = "--b\r\nContent-Disposition: form-data; name=\"a\"; filename=\"f\"\r\n\r\n"
                       "1\r\n--b\r\nContent-Disposition: form-data; name=\"c\"\r\n\r\n2\r\n--b--";

    for (size_t limit = 64; limit < 65536; limit *= 2) {
        struct td_arena *arena = td_arena_new(limit);
        struct form form = {0};
        assert_non_null(arena);
        int status = form_read_multipart(&form, arena, "b", body, strlen(body));
        assert_true(status == TD_OK || status == TD_E_MEMORY);
        assert_true(limit > 128 || status == TD_E_MEMORY);
        assert_true(limit < 32768 || status == TD_OK);
        td_arena_free(arena);
    }
}

#define PART "Content-Disposition: form-data; name="

static void test_form__multipart_fields_and_files(void **state)
{
    static const char *const cases[][2] = {
        {"--b--", ""},
        {"--b--\r\nafter", ""},
        {"--b\r\n" PART "\"a\"\r\n\r\n1\r\n--b--\r\n", "a=1;"},
        {"--b \t\r\n" PART "a\r\n\r\n1\r\n--b--", "a=1;"},
        {"--b\r\nX: y\r\ncontent-disposition:form-data;NAME=\"a\"\r\n\r\n\r\n--b--", "a=;"},
        {"--b\r\n" PART "\"f\"; filename=\"x.txt\"\r\n\r\n1\r\n--c\r\n\r\n--b--",
         "f<x.txt>1\r\n--c\r\n;"},
        {"--b\r\n" PART "\"f\"; filename=\"\"\r\n\r\n\r\n--b--", ""},
        {"--b\r\n" PART "\"f\"; filename=\"\"\r\n\r\n1\r\n--b--", "f<file>1;"},
        {"--b\r\n" PART "\"f\"; filename=\"C:\\d\\x\"\r\n\r\n\r\n--b--", "f<x>;"},
        {"--b\r\n" PART "\"f\"; filename=\"../../x\"\r\n\r\n\r\n--b--", "f<x>;"},
        {"--b\r\n" PART "\"f\"; filename=\"..\"\r\n\r\n\r\n--b--", "f<file>;"},
        {"--b\r\n" PART "\"f\"; filename=\"a\x01\xE2\x80\x8F"
         "b\"\r\n\r\n\r\n--b--",
         "f<ab>;"},
        {"--b\r\n" PART "\"q%22%0d%0a%41\"\r\n\r\n\r\n--b--", "q\"\r\n%41=;"},
        {"--b\r\n" PART "\"q\\\"\"\r\n\r\n\r\n--b--", "q\"=;"},
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        assert_string_equal(read_form(*state, "b", cases[i][0], strlen(cases[i][0])), cases[i][1]);
    }
}

static void test_form__broken_multipart_is_refused(void **state)
{
    static const char *const cases[] = {
        "",
        "--b",
        "--b\r\n",
        "--c--",
        "x\r\n--b--",
        "--bb--",
        "--b\n" PART "a\n\n1\n--b--",
        "--b\r\n" PART "a\r\n\r\n1",
        "--b\r\n" PART "a\r\n\r\n1\r\n--b",
        "--b\r\n\r\n1\r\n--b--",
        "--b\r\n" PART "a\r\n--b--",
        "--b\r\n" PART "\"a\r\n\r\n1\r\n--b--",
        "--b\r\n" PART "a\r\n" PART "c\r\n\r\n1\r\n--b--",
        "--b\r\n" PART "a;\x01=2\r\n\r\n1\r\n--b--",
        "--b\r\nContent-Disposition: file; name=a\r\n\r\n1\r\n--b--",
        "--b\r\nContent-Disposition: form-data\r\n\r\n1\r\n--b--",
        "--b\r\n" PART "a\r\n\r\n\xFF\r\n--b--",
        "--b\r\n" PART "\xFF\r\n\r\n1\r\n--b--",
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        assert_string_equal(read_form(*state, "b", cases[i], strlen(cases[i])), "-3");
    }
}

/* Whatever is cut off or changed by one byte is read or refused, and nothing beyond it is touched
 * (the sanitizers see to that). */
static void test_form__damage_is_survived(void **state)
{
    static const char whole[] = "--b\r\n" PART "\"a\"\r\n\r\n1\r\n--b\r\n" PART
                                "\"f\"; filename=\"x\"\r\nContent-Type: a/b\r\n\r\n12\r\n--b--\r\n";
    char damaged[sizeof(whole)];
    static const char bytes[] = {'\0', '\r', '\n', '-', '"', ';', '=', '%', '\\', '\xFF', ':', ' '};

    for (size_t n = 0; n < sizeof(whole) - 1; n++) {
        struct td_mark mark = td_arena_mark(*state);
        const char *read = read_form(*state, "b", whole, n);
        assert_true(n >= sizeof(whole) - 3 || strcmp(read, "-3") == 0);
        for (size_t i = 0; i < sizeof(bytes); i++) {
            memcpy(damaged, whole, sizeof(whole));
            damaged[n] = bytes[i];
            (void)read_form(*state, "b", damaged, sizeof(whole) - 1);
            (void)read_form(*state, NULL, damaged, sizeof(whole) - 1);
        }
        td_arena_rewind(*state, mark);
    }
}

static void test_form__types_are_told_apart(void **state)
{
    static const struct {
        const char *text;
        enum form_type type;
        const char *boundary;
    } cases[] = {
        {"application/x-www-form-urlencoded", FORM_URLENCODED, NULL},
        {" Application/X-WWW-Form-Urlencoded ; charset=\"UTF-8\"", FORM_URLENCODED, NULL},
        {"application/x-www-form-urlencoded;", FORM_URLENCODED, NULL},
        {"application/x-www-form-urlencodedx", FORM_NONE, NULL},
        {"application/x-www-form-urlencoded; charset=latin1", FORM_NONE, NULL},
        {"multipart/form-data; boundary=----WebKit'()+_,-./:=?9", FORM_NONE, NULL},
        {"multipart/form-data; boundary=----WebKit9", FORM_MULTIPART, "----WebKit9"},
        {"multipart/form-data; Boundary=\"a b'()+_,-./:=?\"", FORM_MULTIPART, "a b'()+_,-./:=?"},
        {"multipart/form-data", FORM_NONE, NULL},
        {"multipart/form-data; boundary=", FORM_NONE, NULL},
        {"multipart/form-data; boundary=\"a ", FORM_NONE, NULL},
        {"multipart/form-data; boundary=\"a \"", FORM_NONE, NULL},
        {"multipart/form-data; boundary=a; boundary=b", FORM_NONE, NULL},
        {"multipart/mixed; boundary=a", FORM_NONE, NULL},
        {"text/plain", FORM_NONE, NULL},
        {"", FORM_NONE, NULL},
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        enum form_type type = FORM_MULTIPART;
        const char *boundary = NULL;
        assert_int_equal(form_type(*state, cases[i].text, &type, &boundary), TD_OK);
        assert_int_equal(type, cases[i].type);
        if (cases[i].boundary != NULL) {
            assert_string_equal(boundary, cases[i].boundary);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_form__urlencoded_fields_come_in_order),
        cmocka_unit_test(test_form__what_is_no_text_is_refused),
        cmocka_unit_test(test_form__fields_are_counted),
        cmocka_unit_test(test_form__memory_that_runs_out_is_said),
        cmocka_unit_test(test_form__multipart_fields_and_files),
        cmocka_unit_test(test_form__broken_multipart_is_refused),
        cmocka_unit_test(test_form__damage_is_survived),
        cmocka_unit_test(test_form__types_are_told_apart),
    };

    return cmocka_run_group_tests(tests, with_arena, without_arena);
}
