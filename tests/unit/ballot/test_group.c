/*
 * The group, its numbers and their digits; digests.
 */
#include "ballot/digest.h"
#include "ballot/group.h"
#include "ballot_test.h"
#include "known.h"

#include "base/banned.h"

static void test_group__powers_agree_with_an_independent_answer(void **state)
{
    struct group *group = *state;
    struct scalar s = scalar_of(group, KNOWN_SECRET);
    struct element expected = element_of(group, known_public), g, got;

    group_raise_secret(group, &s, &got);
    assert_true(element_equal(&expected, &got));
    group_generator(group, &g);
    group_power_secret(group, &g, &s, &got);
    assert_true(element_equal(&expected, &got));

    struct scalar zero;
    struct element one;
    scalar_small(0, &zero);
    element_one(&one);
    group_powers(group, &g, &s, &one, &zero, &got);
    assert_true(element_equal(&expected, &got));
    assert_true(group_ok(group));
}

static void test_group__multiplication_and_division_undo_each_other(void **state)
{
    struct group *group = *state;
    struct element a = power_of(group, 7), b = power_of(group, 5), c;

    group_multiply(group, &a, &b, &c);
    struct element twelve = power_of(group, 12);
    assert_true(element_equal(&c, &twelve));
    group_divide(group, &c, &b, &c);
    assert_true(element_equal(&c, &a));
    assert_int_equal(element_compare(&a, &a), 0);
    assert_int_equal(element_compare(&a, &b), -element_compare(&b, &a));
}

static void test_group__order_as_exponent_is_one(void **state)
{
    struct group *group = *state;
    struct element a = power_of(group, 7), one, got;
    struct scalar order;

    scalar_order(&order);
    element_one(&one);
    group_power_secret(group, &a, &order, &got);
    assert_true(element_equal(&got, &one));
}

static void test_group__only_members_are_members(void **state)
{
    struct group *group = *state;
    struct element one, zero = {0}, two = {0}, most, x = power_of(group, 9);

    element_one(&one);
    two.bytes[ELEMENT_BYTES - 1] = 2;
    memset(&most, 0xff, sizeof most);
    assert_true(element_member(group, &one));
    assert_true(element_member(group, &x));
    assert_false(element_member(group, &zero));
    assert_false(element_member(group, &two));
    assert_false(element_member(group, &most));
    x.bytes[100] ^= 1;
    assert_false(element_member(group, &x));
}

static void assert_digits(struct group *group, const char *digits)
{
    struct buf text;
    struct element x = element_of(group, digits);

    buf_init(&text, 1000);
    element_write(group, &x, &text);
    assert_string_equal(buf_string(&text), digits);
    buf_release(&text);
}

static void test_group__digits_have_one_form(void **state)
{
    struct group *group = *state;
    struct element x;
    struct scalar s;

    assert_digits(group, "0");
    assert_digits(group, "10");
    assert_digits(group, known_public);
    assert_false(element_read(group, "", 0, &x));
    assert_false(element_read(group, "01", 2, &x));
    assert_false(element_read(group, "-1", 2, &x));
    assert_false(element_read(group, "1a", 2, &x));
    /* 10^616 is below p and 9·10^616 is not. */
    char long_one[ELEMENT_DIGITS + 1];
    memset(long_one, '0', sizeof long_one);
    long_one[0] = '1';
    assert_true(element_read(group, long_one, ELEMENT_DIGITS, &x));
    assert_false(element_read(group, long_one, ELEMENT_DIGITS + 1, &x));
    long_one[0] = '9';
    assert_false(element_read(group, long_one, ELEMENT_DIGITS, &x));
    /* q, and what is just below. */
    static const char order[] =
        "78571733251071885079927659812671450121821421258408794611510081919805623223441";
    assert_false(scalar_read(group, order, strlen(order), &s));
    static const char last[] =
        "78571733251071885079927659812671450121821421258408794611510081919805623223440";
    assert_true(scalar_read(group, last, strlen(last), &s));
    assert_true(group_ok(group));
}

static void test_scalar__sums_wrap_at_the_order(void **state)
{
    struct group *group = *state;
    struct scalar last = scalar_of(
        group, "78571733251071885079927659812671450121821421258408794611510081919805623223440");
    struct scalar zero, one, got;

    scalar_small(0, &zero);
    scalar_small(1, &one);
    scalar_add(&last, &one, &got);
    assert_true(scalar_equal(&got, &zero));
    scalar_add(&last, &last, &got); /* carries out of 256 bits */
    scalar_add(&got, &one, &got);
    assert_true(scalar_equal(&got, &last));
    scalar_subtract(&zero, &one, &got);
    assert_true(scalar_equal(&got, &last));
    scalar_subtract(&one, &one, &got);
    assert_true(scalar_equal(&got, &zero));
    scalar_multiply(group, &last, &last, &got); /* (-1)² */
    assert_true(scalar_equal(&got, &one));
    scalar_multiply(group, &last, &zero, &got);
    assert_true(scalar_equal(&got, &zero));
    scalar_order(&got);
    scalar_reduce(got.bytes, &got);
    assert_true(scalar_equal(&got, &zero));
    unsigned char most[SCALAR_BYTES];
    memset(most, 0xff, sizeof most);
    scalar_reduce(most, &got);
    struct scalar expected = scalar_of(
        group, "37220355986244310343643325196016457731448563407231769427947502088107506416494");
    assert_true(scalar_equal(&got, &expected)); /* 2^256 - 1 - q */
}

static void test_scalar__random_ones_differ(void **state)
{
    struct group *group = *state;
    struct scalar a, b;

    scalar_random(group, &a);
    scalar_random(group, &b);
    assert_false(scalar_equal(&a, &b));
    scalar_wipe(&a);
    scalar_small(0, &b);
    assert_true(scalar_equal(&a, &b));
}

static void test_group__failure_sticks(void **state)
{
    (void)state;
    struct group *group = group_new();
    struct element g, got;
    struct scalar one;

    assert_non_null(group);
    group_generator(group, &g);
    scalar_small(1, &one);
    group_fail(group);
    assert_false(group_ok(group));
    assert_false(element_member(group, &g));
    group_power_secret(group, &g, &one, &got);
    struct element zero = {0};
    assert_true(element_equal(&got, &zero));
    group_free(group);
}

static void test_digest__known_answers(void **state)
{
    (void)state;
    char base64[DIGEST_BASE64], hex[DIGEST_HEX];

    assert_true(digest_base64("abc", 3, base64));
    assert_string_equal(base64, "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0");
    assert_true(digest_hex("abc", 3, hex));
    assert_string_equal(hex, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_group__powers_agree_with_an_independent_answer),
        cmocka_unit_test(test_group__multiplication_and_division_undo_each_other),
        cmocka_unit_test(test_group__order_as_exponent_is_one),
        cmocka_unit_test(test_group__only_members_are_members),
        cmocka_unit_test(test_group__digits_have_one_form),
        cmocka_unit_test(test_scalar__sums_wrap_at_the_order),
        cmocka_unit_test(test_scalar__random_ones_differ),
        cmocka_unit_test(test_group__failure_sticks),
        cmocka_unit_test(test_digest__known_answers),
    };
    return cmocka_run_group_tests(tests, group_setup, group_teardown);
}
