/*
 * Heads and targets that are let in, and those that are not.
 */
#include "http/exchange.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/banned.h"

static int make(void **state)
{
    static struct exchange_pool pool;

    *state = &pool;
    return exchange_pool_init(&pool);
}

static int drop(void **state)
{
    exchange_pool_release(*state);
    return 0;
}

static void test_request__targets_are_taken_apart(void **state)
{
    static const char *const cases[][3] = {
        {"/", "/", ""},
        {"/a/b?c=%00&d", "/a/b", "c=%00&d"},
        {"/a?b?c", "/a", "b?c"},
        {"/a?", "/a", ""},
        {"/a/.b/c..d/...", "/a/.b/c..d/...", ""},
        {"/a%20b%C3%A0", "/a%20b%C3%A0", ""},
        {"/a/", "/a/", ""},
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct http_exchange *x = exchange_take(*state);
        assert_non_null(x);
        assert_int_equal(request_set_target(x, cases[i][0]), TD_OK);
        assert_string_equal(http_target(x), cases[i][0]);
        assert_string_equal(http_path(x), cases[i][1]);
        assert_string_equal(x->query, cases[i][2]);
        exchange_return(*state, x);
    }
}

static void test_request__targets_that_climb_are_refused(void **state)
{
    static const char *const targets[] = {
        "",     "a",      "*",     "http://a/", "//",      "//a",     "/a//b", "/a//",
        "/..",  "/a/..",  "/../a", "/a/../b",   "/.",      "/./a",    "/a\\b", "/a%5cb",
        "/%00", "/a%2fb", "/%1f",  "/%7F",      "/%",      "/%1",     "/%zz",  "/a#b",
        "/a b", "/\x01",  "/\x7F", "/\xC3\xA0", "/a?\xC3", "/a?b\tc", "/a? ",  "/%-1",
    };

    for (size_t i = 0; i < sizeof(targets) / sizeof(targets[0]); i++) {
        struct http_exchange *x = exchange_take(*state);
        assert_non_null(x);
        assert_int_equal(request_set_target(x, targets[i]), HTTP_BAD_REQUEST);
        exchange_return(*state, x);
    }
}

#define HEADERS_MAX 4

struct head {
    enum http_method method;
    const char *version;
    struct http_pair headers[HEADERS_MAX]; /* ended by one without a name */
    int status;
    size_t length;
};

static void test_request__heads_are_judged(void **state)
{
    static const struct head heads[] = {
        {HTTP_GET, "HTTP/1.1", {{"Host", "a"}}, TD_OK, 0},
        {HTTP_GET, "HTTP/1.1", {{"host", "a.b-c_d:80"}}, TD_OK, 0},
        {HTTP_GET, "HTTP/1.1", {{"Host", "[::1]:80"}}, TD_OK, 0},
        {HTTP_GET, "HTTP/1.0", {{NULL, NULL}}, TD_OK, 0},
        {HTTP_GET, "HTTP/1.1", {{NULL, NULL}}, HTTP_BAD_REQUEST, 0},
        {HTTP_GET, "HTTP/1.1", {{"Host", ""}}, HTTP_BAD_REQUEST, 0},
        {HTTP_GET, "HTTP/1.1", {{"Host", "a/b"}}, HTTP_BAD_REQUEST, 0},
        {HTTP_GET, "HTTP/1.1", {{"Host", "a"}, {"HOST", "a"}}, HTTP_BAD_REQUEST, 0},
        {HTTP_GET, "HTTP/1.2", {{"Host", "a"}}, HTTP_BAD_REQUEST, 0},
        {HTTP_GET, "", {{"Host", "a"}}, HTTP_BAD_REQUEST, 0},
        {HTTP_GET, "HTTP/1.1", {{"Host", "a"}, {"X ", "1"}}, HTTP_BAD_REQUEST, 0},
        {HTTP_GET, "HTTP/1.1", {{"Host", "a"}, {"", "1"}}, HTTP_BAD_REQUEST, 0},
        {HTTP_GET, "HTTP/1.1", {{"Host", "a"}, {"Content-Length", "1"}}, HTTP_BAD_REQUEST, 1},
        {HTTP_GET, "HTTP/1.1", {{"Host", "a"}, {"Content-Length", "0"}}, TD_OK, 0},
        {HTTP_POST, "HTTP/1.1", {{"Host", "a"}, {"Content-Length", "123456789"}}, TD_OK, 123456789},
        {HTTP_POST, "HTTP/1.1", {{"Host", "a"}, {"Content-Length", ""}}, HTTP_BAD_REQUEST, 0},
        {HTTP_POST, "HTTP/1.1", {{"Host", "a"}, {"Content-Length", "-1"}}, HTTP_BAD_REQUEST, 0},
        {HTTP_POST, "HTTP/1.1", {{"Host", "a"}, {"Content-Length", "1 1"}}, HTTP_BAD_REQUEST, 0},
        {HTTP_POST,
         "HTTP/1.1",
         {{"Host", "a"}, {"Content-Length", "99999999999999999999"}},
         HTTP_BAD_REQUEST,
         0},
        {HTTP_POST,
         "HTTP/1.1",
         {{"Host", "a"}, {"Content-Length", "1"}, {"content-length", "1"}},
         HTTP_BAD_REQUEST,
         0},
        {HTTP_POST,
         "HTTP/1.1",
         {{"Host", "a"}, {"Content-Length", "1"}, {"Transfer-Encoding", "chunked"}},
         HTTP_BAD_REQUEST,
         0},
        {HTTP_POST, "HTTP/1.1", {{"Host", "a"}, {"Transfer-Encoding", "Chunked"}}, TD_OK, SIZE_MAX},
        {HTTP_POST, "HTTP/1.0", {{"Transfer-Encoding", "chunked"}}, HTTP_BAD_REQUEST, 0},
        {HTTP_POST, "HTTP/1.1", {{"Host", "a"}, {"Transfer-Encoding", "x"}}, HTTP_BAD_REQUEST, 0},
    };

    for (size_t i = 0; i < sizeof(heads) / sizeof(heads[0]); i++) {
        struct http_exchange *x = exchange_take(*state);
        size_t length = 99;
        assert_non_null(x);
        x->method = heads[i].method;
        x->headers = heads[i].headers;
        while (x->header_count < HEADERS_MAX && x->headers[x->header_count].name != NULL) {
            x->header_count++;
        }
        assert_int_equal(request_check_head(x, heads[i].version, &length), heads[i].status);
        assert_non_null(http_host(x));
        if (heads[i].status == TD_OK) {
            assert_int_equal(length, heads[i].length);
        }
        exchange_return(*state, x);
    }
}

static void test_request__the_first_cookie_of_a_name_counts(void **state)
{
    static const char *const cases[][2] = {
        {"c=1", "1"},     {"a=0; c=2; c=3", "2"},
        {"c=a=b", "a=b"}, {"cc=1; xc=2", NULL},
        {"c=", ""},       {"c=\"q\"", "q"},
        {"C=9", NULL},    {";;  c=7 ;", "7"},
        {"c=\xFF", NULL}, {"c", NULL},
        {"", NULL},       {"a=\"; c=1\"", "1\""},
        {"c=\"", "\""},   {"c=e\xCC\x82", "\xC3\xAA"},
    };
    struct http_exchange *x = exchange_take(*state);

    assert_non_null(x);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const char *found = cookie_find(http_arena(x), cases[i][0], "c");
        if (cases[i][1] == NULL) {
            assert_null(found);
        } else {
            assert_non_null(found);
            assert_string_equal(found, cases[i][1]);
        }
    }
    exchange_return(*state, x);
}

static void test_request__nothing_of_one_is_seen_in_the_next(void **state)
{
    struct http_exchange *x = exchange_take(*state);
    char id[HTTP_ID];

    assert_non_null(x);
    memcpy(id, http_id(x), sizeof(id));
    assert_int_equal(request_set_target(x, "/a?b=1"), TD_OK);
    x->method = HTTP_POST;
    buf_text(&x->sent, "secret");
    buf_text(http_body(x), "page");
    http_set_data(x, &id);
    http_set_header(x, "X-A", "1");
    struct http_exchange *before = x;
    exchange_return(*state, x);

    x = exchange_take(*state);
    assert_ptr_equal(x, before);
    assert_string_not_equal(http_id(x), id);
    assert_null(http_data(x));
    assert_null(x->answer.lines);
    assert_null(x->route);
    assert_int_equal(buf_length(&x->sent), 0);
    assert_int_equal(buf_length(http_body(x)), 0);
    assert_int_equal(td_arena_used(http_arena(x)), 0);
    exchange_return(*state, x);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_request__targets_are_taken_apart),
        cmocka_unit_test(test_request__targets_that_climb_are_refused),
        cmocka_unit_test(test_request__heads_are_judged),
        cmocka_unit_test(test_request__the_first_cookie_of_a_name_counts),
        cmocka_unit_test(test_request__nothing_of_one_is_seen_in_the_next),
    };

    return cmocka_run_group_tests(tests, make, drop);
}
