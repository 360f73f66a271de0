/*
 * What the script of the secret ballot is told when the server itself fails: a ballot may have been
 * taken then.
 */
#include "http/exchange.h"
#include "web/web.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/banned.h"

static void test_failed__a_failure_does_not_say_that_a_ballot_was_not_taken(void **state)
{
    static const struct {
        enum http_failure failure;
        const char *code;
    } cases[] = {
        {HTTP_INTERNAL, "\"code\":\"busy\""},    {HTTP_BUSY, "\"code\":\"busy\""},
        {HTTP_TOO_LARGE, "\"code\":\"form\""},   {HTTP_BAD_REQUEST, "\"code\":\"form\""},
        {HTTP_NOT_ALLOWED, "\"code\":\"form\""},
    };
    struct web_site site = {.language = language_find("en")};
    const struct http_app app = {.context = &site, .failed = web_failed};
    struct exchange_pool pool;

    (void)state;
    assert_int_equal(exchange_pool_init(&pool), 0);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct http_exchange *x = exchange_take(&pool);
        assert_non_null(x);
        x->app = &app;
        x->method = HTTP_POST;
        assert_int_equal(request_set_target(x, "/ballot/fP9BVSbsHhY5kc/ballots"), TD_OK);
        response_fail(x, cases[i].failure, TD_E_MEMORY);
        assert_int_equal(x->answer.status, (int)cases[i].failure);
        assert_string_equal(x->answer.type, "application/json");
        const char *told = buf_string(http_body(x));
        if (strstr(told, cases[i].code) == NULL) {
            fail_msg("%d: %s", (int)cases[i].failure, told);
        }
        if (cases[i].failure >= HTTP_INTERNAL) {
            assert_null(strstr(told, "took nothing"));
            assert_non_null(strstr(told, "a ballot counts once, however often it is sent"));
        }
        exchange_return(&pool, x);
    }
    exchange_pool_release(&pool);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_failed__a_failure_does_not_say_that_a_ballot_was_not_taken),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
