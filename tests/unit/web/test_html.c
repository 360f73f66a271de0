/*
 * Values written into pages: whatever a value holds, it stays the value of the place it stands in.
 */
#include "web/html.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/banned.h"

struct page {
    struct buf out;
    struct html html;
};

static int setup(void **state)
{
    struct page *page = calloc(1, sizeof(*page));

    assert_non_null(page);
    buf_init(&page->out, (size_t)64 * 1024);
    page->html = (struct html){.out = &page->out, .language = language_find("vi"), .csrf = "t0k"};
    *state = page;
    return 0;
}

static int teardown(void **state)
{
    struct page *page = *state;

    buf_release(&page->out);
    free(page);
    return 0;
}

/* What the statement wrote is exactly the text. */
#define assert_written(page, expected, statement)                                                  \
    do {                                                                                           \
        struct html *h = &(page)->html;                                                            \
        buf_clear(h->out);                                                                         \
        statement;                                                                                 \
        assert_true(buf_ok(h->out));                                                               \
        assert_string_equal(buf_string(h->out), expected);                                         \
    } while (0)

static void test_html__text_opens_no_tag_and_leaves_no_attribute(void **state)
{
    struct page *page = *state;

    assert_written(page, "&lt;script&gt;alert(1)&lt;/script&gt;",
                   html_value(h, "<script>alert(1)</script>"));
    assert_written(page, "&quot; onmouseover=&quot;alert(1)",
                   html_plain(h, "\" onmouseover=\"alert(1)"));
    assert_written(page, "&#39;-alert(1)-&#39;", html_input(h, "'-alert(1)-'"));
    assert_written(page, "&amp;lt;b&amp;gt;", html_value(h, "&lt;b&gt;"));
    assert_written(page, "Đặng Thị Hồng Thắm", html_value(h, "Đặng Thị Hồng Thắm"));
    assert_written(page, "", html_value(h, (const char *)NULL));
    assert_written(page, "", html_value(h, ""));
    assert_written(page, "a&amp;", html_value(h, "a&"));
}

static void test_html__a_url_leads_to_no_script_and_no_other_host(void **state)
{
    struct page *page = *state;
    const char *bad[] = {
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        " javascript:alert(1)",
        "\tjavascript:alert(1)",
        "java\nscript:alert(1)",
        "data:text/html,<script>alert(1)</script>",
        "vbscript:x",
        "//evil.example/",
        "/\\evil.example/",
        "/\t/evil.example/",
        "\\\\evil.example",
        "http://evil.example",
        "https:evil.example",
        "/a b",
        "relative",
        "",
    };

    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        assert_written(page, "#", html_url(h, bad[i]));
        assert_written(page, "#", html_url_local(h, bad[i]));
        assert_written(page, "#", html_url_base(h, bad[i]));
    }
    assert_written(page, "#", html_url(h, NULL));
    assert_written(page, "#", html_url_local(h, "https://evil.example/"));
    assert_written(page, "#", html_url_local(h, "mailto:a@b.example"));
}

static void test_html__good_urls_stay(void **state)
{
    struct page *page = *state;

    assert_written(page, "/", html_url(h, "/"));
    assert_written(page, "/a?b=1&amp;c=&quot;", html_url(h, "/a?b=1&c=\""));
    assert_written(page, "#top", html_url(h, "#top"));
    assert_written(page, "?page=2", html_url_local(h, "?page=2"));
    assert_written(page, "https://example.org/x", html_url(h, "https://example.org/x"));
    assert_written(page, "mailto:a@b.example", html_url(h, "mailto:a@b.example"));
    assert_written(page, "/bloc/7", html_url_base(h, "/bloc/7/"));
    assert_written(page, "", html_url_base(h, "/"));
}

static void test_html__a_part_of_a_url_stays_one_part(void **state)
{
    struct page *page = *state;

    assert_written(page, "a%2Fb%3Fc%3Dd%26e%23f", html_url_part(h, "a/b?c=d&e#f"));
    assert_written(page, "%22%3E%3Cscript%3E", html_url_part(h, "\"><script>"));
    assert_written(page, "javascript%3Aalert%281%29", html_url_part(h, "javascript:alert(1)"));
    assert_written(page, "100%25%20%C4%91", html_url_part(h, "100% đ"));
    assert_written(page, "_", html_url_part(h, "."));
    assert_written(page, "_", html_url_part(h, ".."));
    assert_written(page, "a.b-c_d~e", html_url_part(h, "a.b-c_d~e"));
    assert_written(page, "-42", html_url_part(h, -42));
    assert_written(page, "2024-12-08", html_url_part(h, ((struct td_date){2024, 12, 8})));
    assert_written(page, "", html_url_part(h, (const char *)NULL));
}

static void test_html__whole_numbers_are_plain_digits(void **state)
{
    struct page *page = *state;
    const int64_t least = INT64_MIN;
    const uint8_t small = 255;
    const size_t size = SIZE_MAX;
    const short negative = -7;

    assert_written(page, "0", html_value(h, 0));
    assert_written(page, "2026", html_value(h, 2026));
    assert_written(page, "-9223372036854775808", html_value(h, least));
    assert_written(page, "18446744073709551615", html_value(h, size));
    assert_written(page, "255", html_plain(h, small));
    assert_written(page, "-7", html_input(h, negative));
}

static void test_html__decimals_are_as_the_place_wants_them(void **state)
{
    struct page *page = *state;
    const struct td_decimal points = {-123456750, 2};
    const struct td_decimal tiny = {-5, 3};
    const struct td_decimal most = {INT64_MAX, 9};

    assert_written(page, "-1.234.567,50", html_value(h, points));
    assert_written(page, "-1234567,50", html_input(h, points));
    assert_written(page, "-1234567.50", html_plain(h, points));
    assert_written(page, "-0,005", html_value(h, tiny));
    assert_written(page, "9.223.372.036,854775807", html_value(h, most));
    assert_written(page, "1.000", html_value(h, ((struct td_decimal){1000, 0})));
    assert_written(page, "999", html_value(h, ((struct td_decimal){999, 0})));
    assert_written(page, "10.001", html_value(h, ((struct td_decimal){10001, 0})));
    page->html.language = language_find("en");
    assert_written(page, "-1,234,567.50", html_value(h, points));
    assert_written(page, "-1234567.50", html_input(h, points));
}

/* Two ways to the same digits: this one by division, language's by text. */
static void test_html__decimals_are_what_language_writes(void **state)
{
    struct page *page = *state;
    struct buf expected;
    uint64_t seed = 1;

    buf_init(&expected, 256);
    for (int i = 0; i < 20000; i++) {
        seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
        struct td_decimal value = {(int64_t)seed >> (seed >> 58), (uint8_t)(seed >> 33) % 10};
        page->html.language = language_at((seed >> 40) & 1);
        buf_clear(&expected);
        language_decimal(page->html.language, value, &expected);
        assert_written(page, buf_string(&expected), html_value(h, value));
    }
    buf_release(&expected);
}

static void test_html__days_and_hours(void **state)
{
    struct page *page = *state;
    const struct td_date day = {2024, 12, 8};
    const struct instant instant = {INT64_C(1795232525000)};

    assert_written(page, "08/12/2024", html_value(h, day));
    assert_written(page, "2024-12-08", html_input(h, day));
    assert_written(page, "", html_value(h, ((struct td_date){0})));
    assert_written(page, "10:42 21/11/2026", html_value(h, instant));
    assert_written(page, "2026-11-21T10:42:05+07:00", html_plain(h, instant));
    assert_written(page, "10:42", html_value(h, ((struct html_clock){instant})));
    assert_written(page, "", html_value(h, ((struct instant){0})));
    assert_written(page, "", html_value(h, ((struct html_clock){{0}})));
    page->html.language = language_find("en");
    assert_written(page, "10:42 2026-11-21", html_value(h, instant));
    assert_written(page, "6543/7", html_value(h, ((struct td_fraction){6543, 7})));
}

/* Ids that no catalogue has are their own text. */
static void test_html__a_message_is_escaped_with_its_arguments(void **state)
{
    struct page *page = *state;
    const struct instant instant = {INT64_C(1795232525000)};

    assert_written(page, "&lt;x&gt; of <b>", {
        html_value(h, TD_MESSAGE("{0} of ", TD_TEXT("<x>")));
        html_static(h, "<b>");
    });
    assert_written(page, "a &lt; b &amp; {c", html_value(h, TD_WORDS("a < b & {{c")));
    assert_written(
        page, "2026, 945,50, 10:42 21/11/2026, 10:42, 08/12/2024, 30%",
        html_value(h, TD_MESSAGE("{0}, {1}, {2}, {3}, {4}, {5}", html_arg(2026),
                                 html_arg(((struct td_decimal){94550, 2})), html_arg(instant),
                                 html_arg(((struct html_clock){instant})),
                                 html_arg(((struct td_date){2024, 12, 8})),
                                 html_arg(TD_PERCENT(((struct td_fraction){3, 10}))))));
    assert_written(page, "-9223372036854775808 18446744073709551615 &quot; 2/3",
                   html_value(h, TD_MESSAGE("{0} {1} {2} {3}", html_arg((int64_t)INT64_MIN),
                                            html_arg((uint64_t)UINT64_MAX), html_arg("\""),
                                            html_arg(((struct td_fraction){2, 3})))));
    assert_written(page, "{0}", html_value(h, TD_WORDS("{0}")));
    assert_written(page, "", html_value(h, ((struct td_message){0})));
    assert_written(page, "&lt;no such id&gt;", html_words(h, "<no such id>"));
}

static void test_html__a_form_carries_the_token(void **state)
{
    struct page *page = *state;

    assert_written(page, "<input type=\"hidden\" name=\"csrf\" value=\"t0k\">", html_csrf(h));
    page->html.csrf = NULL;
    assert_written(page, "<input type=\"hidden\" name=\"csrf\" value=\"\">", html_csrf(h));
}

static void test_html__a_page_that_does_not_fit_is_not_ok(void **state)
{
    (void)state;
    struct buf out;
    struct html html = {.out = &out, .language = language_find("vi")};

    buf_init(&out, 10);
    html_text(&html, "<<<<");
    assert_false(buf_ok(&out));
    buf_release(&out);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_html__text_opens_no_tag_and_leaves_no_attribute),
        TEST(test_html__a_url_leads_to_no_script_and_no_other_host),
        TEST(test_html__good_urls_stay),
        TEST(test_html__a_part_of_a_url_stays_one_part),
        TEST(test_html__whole_numbers_are_plain_digits),
        TEST(test_html__decimals_are_as_the_place_wants_them),
        TEST(test_html__decimals_are_what_language_writes),
        TEST(test_html__days_and_hours),
        TEST(test_html__a_message_is_escaped_with_its_arguments),
        TEST(test_html__a_form_carries_the_token),
        TEST(test_html__a_page_that_does_not_fit_is_not_ok),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
