/*
 * Addresses, and whom a trusted proxy may speak for.
 */
#include "http/address.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/banned.h"

/* What an address reads as, printed again; "" when it is none. */
static const char *again(const char *text, bool *ret_loopback)
{
    static char printed[ADDRESS_TEXT];
    struct sockaddr_storage address;
    socklen_t length = 0;

    if (!address_parse(text, 80, &address, &length)) {
        return "";
    }
    *ret_loopback = address_is_loopback(&address);
    address_print((const struct sockaddr *)&address, printed);
    return printed;
}

static void test_address__is_read_and_printed(void **state)
{
    (void)state;
    static const struct {
        const char *text, *printed;
        bool loopback;
    } cases[] = {
        {"127.0.0.1", "127.0.0.1", true},
        {"127.9.9.9", "127.9.9.9", true},
        {"::1", "::1", true},
        {"[::1]", "::1", true},
        {"::ffff:127.0.0.1", "127.0.0.1", true},
        {"0.0.0.0", "0.0.0.0", false},
        {"::", "::", false},
        {"2001:DB8:0::1", "2001:db8::1", false},
        {"10.0.0.1", "10.0.0.1", false},
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        bool loopback = false;
        assert_string_equal(again(cases[i].text, &loopback), cases[i].printed);
        assert_int_equal(loopback, cases[i].loopback);
    }
}

static void test_address__refuses_what_is_none(void **state)
{
    (void)state;
    static const char *const texts[] = {"",
                                        "localhost",
                                        "1.2.3",
                                        "1.2.3.4.5",
                                        "1.2.3.256",
                                        "[::1",
                                        "::1]",
                                        "[127.0.0.1]",
                                        "1.2.3.4:80",
                                        "[]",
                                        " ::1",
                                        "01.2.3.4",
                                        "fe80::1%eth0",
                                        "::ffff:1.2.3.4:5",
                                        "1111:2222:3333:4444:5555:6666:7777:8888:9999:aaaa:bbbb"};
    bool loopback = false;

    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        assert_string_equal(again(texts[i], &loopback), "");
    }
}

static void test_address__knows_hosts_of_this_machine(void **state)
{
    (void)state;

    assert_true(host_is_loopback("localhost"));
    assert_true(host_is_loopback("LOCALHOST:8080"));
    assert_true(host_is_loopback("127.0.0.1:80"));
    assert_true(host_is_loopback("[::1]:80"));
    assert_true(host_is_loopback("[::1]"));
    assert_false(host_is_loopback(""));
    assert_false(host_is_loopback("["));
    assert_false(host_is_loopback("localhost.example"));
    assert_false(host_is_loopback("127.0.0.1.example"));
    assert_false(host_is_loopback("office.example:443"));
    assert_false(host_is_loopback("[2001:db8::1]:80"));
}

static const char *client(const char *connection, const char *proxy, const char *first,
                          const char *second)
{
    static char peer[ADDRESS_TEXT];
    const char *chain[] = {first, second};
    struct forwarded forwarded = {
        .proxy = proxy,
        .chain = chain,
        .chain_count = first == NULL    ? 0
                       : second == NULL ? 1
                                        : 2,
    };

    (void)snprintf(peer, sizeof(peer), "%s", connection);
    address_client(&forwarded, peer);
    return peer;
}

static void test_address__believes_the_trusted_proxy_only(void **state)
{
    (void)state;

    assert_string_equal(client("10.0.0.1", NULL, "9.9.9.9", NULL), "10.0.0.1");
    assert_string_equal(client("10.0.0.2", "10.0.0.1", "9.9.9.9", NULL), "10.0.0.2");
    assert_string_equal(client("10.0.0.1", "10.0.0.1", "9.9.9.9", NULL), "9.9.9.9");
    assert_string_equal(client("::1", "::1", "[2001:DB8::7]", NULL), "2001:db8::7");
}

static void test_address__takes_the_last_hop_that_is_not_the_proxy(void **state)
{
    (void)state;
    const char *proxy = "10.0.0.1";

    assert_string_equal(client(proxy, proxy, "1.1.1.1, 2.2.2.2", NULL), "2.2.2.2");
    assert_string_equal(client(proxy, proxy, "1.1.1.1,2.2.2.2 ,\t10.0.0.1", NULL), "2.2.2.2");
    assert_string_equal(client(proxy, proxy, "1.1.1.1", "2.2.2.2"), "2.2.2.2");
    assert_string_equal(client(proxy, proxy, "1.1.1.1", "10.0.0.1"), "1.1.1.1");
    assert_string_equal(client(proxy, proxy, "10.0.0.1", NULL), proxy);
    assert_string_equal(client(proxy, proxy, NULL, NULL), proxy);
}

static void test_address__stops_at_what_it_cannot_read(void **state)
{
    (void)state;
    const char *proxy = "10.0.0.1";
    static const char *const chains[] = {
        "",
        " ",
        ",",
        "1.1.1.1,",
        "1.1.1.1, unknown",
        "1.1.1.1, 2.2.2.2:80",
        "1.1.1.1,,10.0.0.1",
        "1.1.1.1, aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"};

    for (size_t i = 0; i < sizeof(chains) / sizeof(chains[0]); i++) {
        assert_string_equal(client(proxy, proxy, chains[i], NULL), proxy);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_address__is_read_and_printed),
        cmocka_unit_test(test_address__refuses_what_is_none),
        cmocka_unit_test(test_address__knows_hosts_of_this_machine),
        cmocka_unit_test(test_address__believes_the_trusted_proxy_only),
        cmocka_unit_test(test_address__takes_the_last_hop_that_is_not_the_proxy),
        cmocka_unit_test(test_address__stops_at_what_it_cannot_read),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
