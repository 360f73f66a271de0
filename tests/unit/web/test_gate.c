/*
 * Who may use which route, and where one is sent on to.
 */
#include "web/web.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

static void test_gate__permissions(void **state)
{
    static const struct actor_role officer[] = {
        {.role = OFFICE_OFFICER, .home_id = "h1", .scope_id = "a", .scope_name = "A"},
    };
    static const struct actor_role leader[] = {
        {.role = OFFICE_LEADER, .home_id = "h1", .scope_id = "u", .scope_name = "U"},
    };
    static const struct actor nobody = {.account_id = "n"};
    static const struct actor admin = {.account_id = "a", .administrator = true};
    static const struct actor of_authority = {.roles = officer, .role_count = 1};
    static const struct actor of_unit = {.roles = leader, .role_count = 1};
    static const struct {
        const struct actor *actor;
        enum web_permission permission;
        const char *home_id;
        int status;
    } cases[] = {
        {&nobody, WEB_ANYONE, NULL, TD_OK},
        {&nobody, WEB_SIGNED_IN, NULL, TD_OK},
        {&nobody, WEB_ADMINISTRATOR, NULL, OFFICE_FORBIDDEN},
        {&admin, WEB_ADMINISTRATOR, NULL, TD_OK},
        {&of_authority, WEB_ADMINISTRATOR, NULL, OFFICE_FORBIDDEN},
        {&nobody, WEB_OFFICER, NULL, OFFICE_FORBIDDEN},
        {&admin, WEB_OFFICER, NULL, OFFICE_FORBIDDEN},
        {&of_unit, WEB_OFFICER, NULL, OFFICE_FORBIDDEN},
        {&of_unit, WEB_OFFICER, "h1", OFFICE_FORBIDDEN},
        {&of_unit, WEB_OFFICER, "h2", OFFICE_NOT_FOUND},
        {&of_authority, WEB_OFFICER, NULL, TD_OK},
        {&of_authority, WEB_OFFICER, "h1", TD_OK},
        {&of_authority, WEB_OFFICER, "h2", OFFICE_NOT_FOUND},
        {&of_unit, WEB_MEMBER_OF_HOME, "h1", TD_OK},
        {&of_unit, WEB_MEMBER_OF_HOME, "h2", OFFICE_NOT_FOUND},
        {&of_unit, WEB_MEMBER_OF_HOME, NULL, OFFICE_NOT_FOUND},
        {&admin, WEB_MEMBER_OF_HOME, "h1", OFFICE_NOT_FOUND},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int status = web_permits(cases[i].actor, cases[i].permission, cases[i].home_id);
        if (status != cases[i].status) {
            fail_msg("case %zu: %d", i, status);
        }
    }
}

static void test_gate__goes_on_within_this_server(void **state)
{
    (void)state;
    assert_string_equal(web_next("/a?b=c"), "/a?b=c");
    assert_string_equal(web_next(NULL), "/");
    assert_string_equal(web_next(""), "/");
    assert_string_equal(web_next("a"), "/");
    assert_string_equal(web_next("//a"), "/");
    assert_string_equal(web_next("/\\a"), "/");
    assert_string_equal(web_next("https://a"), "/");
}

static void test_gate__every_route_says_who_may_and_what_for(void **state)
{
    (void)state;
    for (const struct http_route *r = web_routes; r->name != NULL; r++) {
        assert_in_range(r->permission, WEB_ANYONE, WEB_MEMBER_OF_HOME);
        assert_non_null(r->summary);
        assert_non_null(r->handler);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_gate__permissions),
        cmocka_unit_test(test_gate__goes_on_within_this_server),
        cmocka_unit_test(test_gate__every_route_says_who_may_and_what_for),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
