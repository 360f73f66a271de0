/*
 * What handlers may set, and what becomes of what they may not.
 */
#include "http/exchange.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include <cmocka.h>

#include "base/banned.h"

struct fixture {
    struct exchange_pool pool;
    struct http_app app;
};

static void page_of_failure(struct http_exchange *x, enum http_failure failure, int status)
{
    buf_printf(http_body(x), "%d %d", (int)failure, status);
}

static void failing_failure(struct http_exchange *x, enum http_failure failure, int status)
{
    (void)failure;
    (void)status;
    buf_text(http_body(x), "half");
    http_set_header(x, "bad name", "1");
}

static int make(void **state)
{
    static struct fixture fixture;

    fixture.app = (struct http_app){.failed = page_of_failure};
    *state = &fixture;
    return exchange_pool_init(&fixture.pool);
}

static int drop(void **state)
{
    struct fixture *fixture = *state;

    exchange_pool_release(&fixture->pool);
    return 0;
}

static struct http_exchange *begin(struct fixture *fixture)
{
    struct http_exchange *x = exchange_take(&fixture->pool);

    assert_non_null(x);
    x->app = &fixture->app;
    x->host = "office.example";
    response_reset(x, 200);
    return x;
}

struct found {
    const char *name;
    const char *value;
    int count;
};

static void look(void *to, const char *name, const char *value)
{
    struct found *found = to;

    if (strcasecmp(name, found->name) == 0) {
        found->value = value;
        found->count++;
    }
}

static struct found header(struct http_exchange *x, const char *name)
{
    struct found found = {.name = name};

    response_headers(x, look, &found);
    return found;
}

static void assert_header(struct http_exchange *x, const char *name, const char *value)
{
    struct found found = header(x, name);

    assert_int_equal(found.count, 1);
    assert_string_equal(found.value, value);
}

static void assert_body(const struct http_exchange *x, int status, const char *body)
{
    size_t n = 0;
    const char *bytes = response_bytes(x, &n);

    assert_int_equal(x->answer.status, status);
    assert_int_equal(n, strlen(body));
    assert_memory_equal(bytes, body, n);
}

static void test_response__has_security_headers_and_is_not_kept(void **state)
{
    struct http_exchange *x = begin(*state);

    assert_header(x, "Cache-Control", "no-store");
    assert_header(x, "X-Content-Type-Options", "nosniff");
    assert_header(x, "Content-Type", "text/html; charset=utf-8");
    assert_header(x, "X-Request-Id", http_id(x));
    assert_int_equal(header(x, "Content-Security-Policy").count, 1);
    assert_int_equal(header(x, "Strict-Transport-Security").count, 0);
    x->secure = true;
    assert_header(x, "Strict-Transport-Security", "max-age=31536000");
    x->host = "localhost:8443";
    assert_int_equal(header(x, "Strict-Transport-Security").count, 0);
    exchange_return(&((struct fixture *)*state)->pool, x);
}

static void test_response__a_header_set_again_is_replaced(void **state)
{
    struct http_exchange *x = begin(*state);

    http_set_header(x, "cache-control", "private");
    http_set_header(x, "X-A", "1");
    http_set_header(x, "x-a", "2");
    http_set_type(x, "text/csv");
    response_settle(x);
    assert_header(x, "Cache-Control", "private");
    assert_header(x, "X-A", "2");
    assert_header(x, "Content-Type", "text/csv");
    assert_int_equal(x->answer.status, 200);
    exchange_return(&((struct fixture *)*state)->pool, x);
}

static void break_by(struct http_exchange *x, int way)
{
    static const char *const names[] = {"",
                                        "A B",
                                        "A:",
                                        "A\r\n",
                                        "Content-Length",
                                        "DATE",
                                        "set-cookie",
                                        "Connection",
                                        "Transfer-Encoding"};
    static const char *const cookies[] = {"a b", "a;b", "a\"", "a\n", "a\\", "a,b", "\xC3\xA0"};

    if (way < 9) {
        http_set_header(x, names[way], "1");
    } else if (way < 16) {
        http_set_cookie(x, "c", cookies[way - 9], 0);
    } else if (way == 16) {
        http_set_header(x, "X-A", "1\r\nX-B: 2");
    } else if (way == 17) {
        http_set_cookie(x, "c=d", "1", 0);
    } else if (way == 18) {
        http_set_status(x, 100);
    } else if (way == 19) {
        http_set_type(x, "a\nb");
    } else {
        http_set_type(x, "");
    }
}

static void test_response__a_bug_becomes_a_failure(void **state)
{
    char page[16];

    for (int way = 0; way <= 20; way++) {
        struct http_exchange *x = begin(*state);
        buf_text(http_body(x), "half");
        http_set_cookie(x, "ok", "1", 0);
        break_by(x, way);
        http_set_header(x, "X-Good", "1");
        response_settle(x);
        (void)snprintf(page, sizeof(page), "500 %d", TD_E_INVALID);
        assert_body(x, 500, page);
        assert_int_equal(header(x, "X-Good").count, 0);
        assert_int_equal(header(x, "Set-Cookie").count, 0);
        exchange_return(&((struct fixture *)*state)->pool, x);
    }
}

static void test_response__a_failure_that_fails_is_empty(void **state)
{
    struct fixture *fixture = *state;
    struct http_exchange *x = begin(fixture);

    fixture->app.failed = failing_failure;
    response_fail(x, HTTP_BUSY, 0);
    assert_body(x, 503, "");
    assert_header(x, "Retry-After", "5");
    fixture->app.failed = NULL;
    response_fail(x, HTTP_NOT_FOUND, 0);
    assert_body(x, 404, "404\n");
    assert_header(x, "Content-Type", "text/plain; charset=utf-8");
    fixture->app.failed = page_of_failure;
    exchange_return(&fixture->pool, x);
}

static void test_response__cookies_are_safe(void **state)
{
    struct http_exchange *x = begin(*state);

    http_set_cookie(x, "c", "first", 0);
    http_set_cookie(x, "c", "second", 60);
    assert_header(x, "Set-Cookie", "c=second; Path=/; HttpOnly; SameSite=Lax; Max-Age=60");
    x->secure = true;
    http_set_cookie(x, "c", "third", -1);
    assert_header(x, "Set-Cookie", "c=; Path=/; HttpOnly; SameSite=Lax; Secure; Max-Age=0");
    http_set_cookie(x, "cc", "", 0);
    assert_int_equal(header(x, "Set-Cookie").count, 2);
    response_settle(x);
    assert_int_equal(x->answer.status, 200);
    exchange_return(&((struct fixture *)*state)->pool, x);
}

static void test_response__redirects_stay_here(void **state)
{
    static const char *const cases[][2] = {
        {"/", "/"},    {"/a?b=//c", "/a?b=//c"}, {"", "/"},      {"a", "/"},     {"//a", "/"},
        {"/\\a", "/"}, {"http://a", "/"},        {"/a\nb", "/"}, {"/\xC3", "/"}, {"/ a", "/"},
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct http_exchange *x = begin(*state);
        buf_text(http_body(x), "gone");
        http_redirect(x, cases[i][0]);
        response_settle(x);
        assert_body(x, 303, "");
        assert_header(x, "Location", cases[i][1]);
        assert_int_equal(header(x, "Content-Type").count, 0);
        exchange_return(&((struct fixture *)*state)->pool, x);
    }
}

static void test_response__gzip_is_for_those_who_ask(void **state)
{
    (void)state;
    static const char *const yes[] = {"gzip", "GZIP", "br,gzip", "br , gzip ; q=0.001", "gzip;q=1"};
    static const char *const no[] = {
        "",         "br",           "xgzip",          "gzipx",
        "gzip;q=0", "gzip;q=0.000", "gzip ; q=0, br", "*;q=0, identity"};

    for (size_t i = 0; i < sizeof(yes) / sizeof(yes[0]); i++) {
        assert_true(response_accepts_gzip(yes[i]));
    }
    for (size_t i = 0; i < sizeof(no) / sizeof(no[0]); i++) {
        assert_false(response_accepts_gzip(no[i]));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_response__has_security_headers_and_is_not_kept),
        cmocka_unit_test(test_response__a_header_set_again_is_replaced),
        cmocka_unit_test(test_response__a_bug_becomes_a_failure),
        cmocka_unit_test(test_response__a_failure_that_fails_is_empty),
        cmocka_unit_test(test_response__cookies_are_safe),
        cmocka_unit_test(test_response__redirects_stay_here),
        cmocka_unit_test(test_response__gzip_is_for_those_who_ask),
    };

    return cmocka_run_group_tests(tests, make, drop);
}
