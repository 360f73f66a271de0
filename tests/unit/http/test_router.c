/*
 * From paths to routes, and tables that are refused.
 */
#include "http/router.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/banned.h"

static int handle(struct http_exchange *x)
{
    (void)x;
    return TD_OK;
}

#define ROUTE(method_, pattern_, name_)                                                            \
    {                                                                                              \
        .method = (method_), .pattern = (pattern_), .name = (name_), .permission = 1,              \
        .handler = handle                                                                          \
    }

static struct router *compile(const struct http_route *routes)
{
    struct router *router = NULL;
    char why[256] = "";

    assert_int_equal(router_new(routes, &router, why), TD_OK);
    assert_non_null(router);
    return router;
}

static void assert_refused(struct http_route first, struct http_route second, const char *words)
{
    const struct http_route routes[] = {first, second, {.name = NULL}};
    struct router *router = NULL;
    char why[256] = "";

    assert_int_equal(router_new(routes, &router, why), TD_E_INVALID);
    assert_non_null(strstr(why, words));
    assert_null(router);
}

static const struct http_route routes[] = {
    ROUTE(HTTP_GET, "/", "home"),
    ROUTE(HTTP_GET, "/blocs", "blocs"),
    ROUTE(HTTP_POST, "/blocs", "bloc_add"),
    ROUTE(HTTP_GET, "/blocs/{bloc}", "bloc"),
    ROUTE(HTTP_GET, "/blocs/new", "bloc_new"),
    ROUTE(HTTP_POST, "/blocs/{id}/close", "bloc_close"),
    ROUTE(HTTP_GET, "/blocs/{bloc}/years/{year}", "year"),
    ROUTE(HTTP_GET, "/blocs/new/hints", "hints"),
    {.name = NULL},
};

static const char *name_at(const struct router *router, enum http_method method, const char *path)
{
    struct router_match match;

    if (!router_find(router, path, &match)) {
        return "(none)";
    }
    const struct http_route *route = method == HTTP_GET ? match.get : match.post;
    return route != NULL ? route->name : "(other method)";
}

static void test_router__finds_what_lies_at_a_path(void **state)
{
    (void)state;
    struct router *router = compile(routes);

    assert_string_equal(name_at(router, HTTP_GET, "/"), "home");
    assert_string_equal(name_at(router, HTTP_GET, "/blocs"), "blocs");
    assert_string_equal(name_at(router, HTTP_POST, "/blocs"), "bloc_add");
    assert_string_equal(name_at(router, HTTP_GET, "/blocs/7"), "bloc");
    assert_string_equal(name_at(router, HTTP_GET, "/blocs/7/years/2026"), "year");
    assert_string_equal(name_at(router, HTTP_POST, "/blocs/7"), "(other method)");
    assert_string_equal(name_at(router, HTTP_GET, "/blocs/7/close"), "(other method)");
    router_free(router);
}

static void test_router__tries_the_literal_first_and_then_the_parameter(void **state)
{
    (void)state;
    struct router *router = compile(routes);
    struct router_match match;

    assert_string_equal(name_at(router, HTTP_GET, "/blocs/new"), "bloc_new");
    assert_string_equal(name_at(router, HTTP_GET, "/blocs/new/hints"), "hints");
    assert_string_equal(name_at(router, HTTP_GET, "/blocs/newer"), "bloc");
    assert_true(router_find(router, "/blocs/new/years/1", &match));
    assert_string_equal(match.get->name, "year");
    assert_int_equal(match.count, 2);
    assert_memory_equal(match.values[0], "new", match.lengths[0]);
    assert_memory_equal(match.values[1], "1", match.lengths[1]);
    router_free(router);
}

static void test_router__finds_nothing_elsewhere(void **state)
{
    (void)state;
    struct router *router = compile(routes);
    static const char *const paths[] = {
        "/x",        "/bloc",        "/blocsx",     "/blocs/",         "/blocs//close",
        "/blocs/.",  "/blocs/..",    "/blocs/a b",  "/blocs/\xC3\xA0", "/blocs/7/",
        "/blocs/%2", "/blocs/7;a=1", "/blocs/{id}", "/Blocs",          "/blocs/7/years",
    };
    char path[128] = "/blocs/";

    for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
        assert_string_equal(name_at(router, HTTP_GET, paths[i]), "(none)");
    }
    memset(path + 7, 'a', 64);
    assert_string_equal(name_at(router, HTTP_GET, path), "bloc");
    path[7 + 64] = 'a';
    assert_string_equal(name_at(router, HTTP_GET, path), "(none)");
    router_free(router);
}

static void test_router__names_parameters_by_the_route(void **state)
{
    (void)state;

    assert_int_equal(router_param(&routes[5], "id"), 0);
    assert_int_equal(router_param(&routes[5], "bloc"), -1);
    assert_int_equal(router_param(&routes[6], "year"), 1);
    assert_int_equal(router_param(&routes[6], "yea"), -1);
    assert_int_equal(router_param(&routes[0], ""), -1);
}

static void test_router__refuses_tables_that_are_wrong(void **state)
{
    (void)state;
    const struct http_route good = ROUTE(HTTP_GET, "/a/{x}", "good");
    struct http_route bad = ROUTE(HTTP_GET, "/b", "bad");

    bad.permission = 0;
    assert_refused(good, bad, "bad: it has no permission");
    bad.permission = 1;
    bad.handler = NULL;
    assert_refused(good, bad, "no handler");
    bad.handler = handle;
    bad.body_max = HTTP_UPLOAD_MAX + 1;
    assert_refused(good, bad, "larger");
    bad.body_max = HTTP_UPLOAD_MAX;
    bad.name = "good";
    assert_refused(good, bad, "another route has its name");
    bad.name = "Bad name";
    assert_refused(good, bad, "its name");
    bad.name = "bad";
    bad.pattern = "/a/{y}";
    assert_refused(good, bad, "another route has its method and pattern");

    static const char *const patterns[] = {"",      "a",         "/a/",
                                           "//",    "/a//b",     "/{",
                                           "/{}",   "/{a",       "/a{b}",
                                           "/{A}",  "/a b",      "/%41",
                                           "/..",   "/./a",      "/healthz",
                                           "/{a}b", "/assets/x", "/\xC3\xA0",
                                           "/a?b",  NULL,        "/{a}/{b}/{c}/{d}/{e}/{f}/{g}"};
    for (size_t i = 0; i < sizeof(patterns) / sizeof(patterns[0]); i++) {
        bad.pattern = patterns[i];
        assert_refused(good, bad, "its pattern");
    }
}

static void test_router__holds_a_large_table(void **state)
{
    (void)state;
    enum { COUNT = 500 };
    static struct http_route many[COUNT + 1];
    static char names[COUNT][24];
    static char patterns[COUNT][48];

    for (int i = 0; i < COUNT; i++) {
        (void)snprintf(names[i], sizeof(names[i]), "route_%d", i);
        (void)snprintf(patterns[i], sizeof(patterns[i]), "/area%d/{id}/part%d", i % 20, i);
        many[i] = (struct http_route)ROUTE(HTTP_GET, patterns[i], names[i]);
    }
    struct router *router = compile(many);
    for (int i = 0; i < COUNT; i++) {
        char path[48];
        (void)snprintf(path, sizeof(path), "/area%d/7/part%d", i % 20, i);
        assert_string_equal(name_at(router, HTTP_GET, path), names[i]);
    }
    router_free(router);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_router__finds_what_lies_at_a_path),
        cmocka_unit_test(test_router__tries_the_literal_first_and_then_the_parameter),
        cmocka_unit_test(test_router__finds_nothing_elsewhere),
        cmocka_unit_test(test_router__names_parameters_by_the_route),
        cmocka_unit_test(test_router__refuses_tables_that_are_wrong),
        cmocka_unit_test(test_router__holds_a_large_table),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
