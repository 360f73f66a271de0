/*
 * The group, its numbers and their digits; digests.
 */
#include "ballot/digest.h"
#include "ballot/group.h"
#include "ballot_test.h"
#include "known.h"

#include "base/banned.h"

/* q, which is no scalar. */
static struct scalar order_of(void)
{
    struct scalar x =
        scalar_of("78571733251071885079927659812671450121821421258408794611510081919805623223440");

    x.bytes[SCALAR_BYTES - 1]++;
    return x;
}

static void test_group__powers_agree_with_an_independent_answer(void **state)
{
    struct group *group = *state;
    struct scalar s = scalar_of(KNOWN_SECRET);
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

    order = order_of();
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

/* p - 1, that is -1: of order 2. */
static const char minus_one[] =
    "2069478569142254640101364365750500806492298929575110409710088478705737421924271740192223"
    "7254497684338129066633138078958404960054389636289796393038773905722803605973749427671376"
    "7776188985898727358650490811670993105358677809800307904916540637771737641986785272734744"
    "7634183560003569830519314428456170191100078673730733356412397173289791324047457883446826"
    "0652327974647951137672658693582180046317922073668860052627186363386088796882120769432366"
    "1494910029234443463732221458841005864210502421203654335612013204811188524087310770141516"
    "6620016231317716937218924807850771182784231749807327659882882516918310312568016207288071"
    "8";

static void test_base__members_are_those_of_the_group(void **state)
{
    struct group *group = *state;
    struct element cases[] = {
        power_of(group, 0),     power_of(group, 9),           element_of(group, "0"),
        element_of(group, "2"), element_of(group, minus_one), power_of(group, 9),
    };
    struct base *base = base_new();

    assert_non_null(base);
    group_multiply(group, &cases[5], &cases[4], &cases[5]); /* -g^9 */
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        base_set(group, &cases[i], base);
        assert_int_equal(base_member(group, base), i < 2);
        assert_int_equal(element_member(group, &cases[i]), i < 2);
    }
    base_free(base);
}

/* Every power that checkers compute, by the way that makers compute theirs. */
static void assert_powers(struct group *group, const struct element *of, const struct base *base,
                          const struct scalar *x)
{
    struct element expected, got;

    group_power_secret(group, of, x, &expected);
    base_power(group, base, x, &got);
    assert_true(element_equal(&got, &expected));
    group_power_often(group, of, x, &got);
    assert_true(element_equal(&got, &expected));
}

static void test_base__powers_are_those_of_any_exponent(void **state)
{
    struct group *group = *state;
    struct base *base = base_new();
    struct element of[3] = {power_of(group, 1), power_of(group, 7), element_of(group, minus_one)};

    assert_non_null(base);
    for (size_t i = 0; i < 9; i++) { /* each table is made anew, and g's kept */
        struct scalar x;
        base_set(group, &of[i % 3], base);
        scalar_small((unsigned)i, &x);
        assert_powers(group, &of[i % 3], base, &x);
        x = order_of();
        assert_powers(group, &of[i % 3], base, &x);
        memset(&x, 0xff, sizeof x);
        assert_powers(group, &of[i % 3], base, &x);
        memset(&x, 0, sizeof x);
        x.bytes[i] = 0x80;
        assert_powers(group, &of[i % 3], base, &x);
        scalar_random(group, &x);
        assert_powers(group, &of[i % 3], base, &x);
    }
    assert_true(group_ok(group));
    base_free(base);
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
    assert_false(scalar_read(order, strlen(order), &s));
    static const char last[] =
        "78571733251071885079927659812671450121821421258408794611510081919805623223440";
    assert_true(scalar_read(last, strlen(last), &s));
    assert_true(group_ok(group));
}

static void assert_scalar_digits(const char *digits)
{
    struct scalar x;
    struct buf text;

    buf_init(&text, 100);
    assert_true(scalar_read(digits, strlen(digits), &x));
    scalar_write(&x, &text);
    assert_string_equal(buf_string(&text), digits);
    buf_release(&text);
}

static void test_scalar__digits_have_one_form(void **state)
{
    (void)state;
    struct scalar x;
    static const char most[] =
        "99999999999999999999999999999999999999999999999999999999999999999999999999999";

    assert_scalar_digits("0");
    assert_scalar_digits("7");
    assert_scalar_digits("1000000000");
    assert_scalar_digits("999999999");
    assert_scalar_digits("340282366920938463463374607431768211456");
    assert_scalar_digits(KNOWN_SECRET);
    assert_scalar_digits(
        "78571733251071885079927659812671450121821421258408794611510081919805623223440");
    assert_false(scalar_read("", 0, &x));
    assert_false(scalar_read("00", 2, &x));
    assert_false(scalar_read("1 ", 2, &x));
    assert_false(scalar_read("+1", 2, &x));
    assert_false(scalar_read(most, strlen(most), &x)); /* below 10^77, beyond 2^256 */
    /* 2^256 + 5 is not taken for 5. */
    static const char wrapped[] =
        "115792089237316195423570985008687907853269984665640564039457584007913129639941";
    assert_false(scalar_read(wrapped, strlen(wrapped), &x));
}

static void test_scalar__sums_wrap_at_the_order(void **state)
{
    struct group *group = *state;
    struct scalar last =
        scalar_of("78571733251071885079927659812671450121821421258408794611510081919805623223440");
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
    got = order_of();
    scalar_reduce(got.bytes, &got);
    assert_true(scalar_equal(&got, &zero));
    unsigned char most[SCALAR_BYTES];
    memset(most, 0xff, sizeof most);
    scalar_reduce(most, &got);
    struct scalar expected =
        scalar_of("37220355986244310343643325196016457731448563407231769427947502088107506416494");
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
        cmocka_unit_test(test_base__members_are_those_of_the_group),
        cmocka_unit_test(test_base__powers_are_those_of_any_exponent),
        cmocka_unit_test(test_group__digits_have_one_form),
        cmocka_unit_test(test_scalar__digits_have_one_form),
        cmocka_unit_test(test_scalar__sums_wrap_at_the_order),
        cmocka_unit_test(test_scalar__random_ones_differ),
        cmocka_unit_test(test_group__failure_sticks),
        cmocka_unit_test(test_digest__known_answers),
    };
    return cmocka_run_group_tests(tests, group_setup, group_teardown);
}
