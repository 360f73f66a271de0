/*
 * The group BELENIOS-2048 on OpenSSL's BN: see group.h. The only file that knows BN. Its numbers
 * stay in the scratch of the struct; what goes out are bytes.
 */
#include "ballot/group.h"

#include "ballot/digest.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/bn.h>

#include "base/banned.h"

/* Published in the specification of Belenios. tests/unit/ballot checks that p and q are prime, that
 * q divides p - 1 and that g has order q. */
static const char p_hex[] = "a3ef2d011fefb1b6e39e568fccdffb0fb7dc7ef3a791b6862791811d21fc35f2"
                            "1e6d36856b428030421f514ed40bfd4c06e092a495af8d79a2f85e0fb11c0ede"
                            "07dd973f9c53e50930c6e82ac36de1ae3fb8c3aabfff12ce27a5022ddd8912d1"
                            "07435012768a2cdd0a4091d8fa447f6c7ebc15a349fa318a6b4fe17d8d47e843"
                            "a3e14dfa9b2162f4d7229abe93a188b46b006517d6f6747ebbb29c9ec3099b60"
                            "7f18fb1a8bc858279aa8599411d998d3e3fada9e010840d082d8c31911acdd4a"
                            "0e7992d0f18cc759cb5de0acf66a3882555bc810941e021b6a4ccfa04ee4008f"
                            "878affa2375e2999b44f6cef17d707301e59e0e6351e051ed9cec4157646e64f";
static const char g_hex[] = "1307c1ab5f295885d7caa3a78a42415e31fd1c5807b61fb1e781878a52230a51"
                            "988b98c259597f9c5a9dfd001d26ba31d9d8976f01d95a1c8262ee68a0e92cea"
                            "541e5219e0d0d094301b894236823fe1d4bc04e29f3748aefd4f10d5b1a356a8"
                            "643e673fd9d215fc8fe5fb9cf9fdb8ea88fdb1a3381a697fdf9c2458570b06d2"
                            "6aef1be365fdd90165f397c6b870df8c1b9e519edcee8bb0f74b7a1615a274ba"
                            "60a7ea574a61f552d2dde0ce514e0927c4ff49b1964c4a913731ae4268d60d7f"
                            "22127b6cbba44d453ac8b72fd04e0991b7aeff04867d8724ac638f5f34100d2d"
                            "47aa680d43771902743d663f42d853c041e1c91fe3823f4bcf284308f1d7e653";
static const struct scalar q_value = {{
    0xad, 0xb6, 0x06, 0x6a, 0x73, 0x52, 0x25, 0x65, 0xf4, 0xda, 0xa0, 0xf2, 0x57, 0x9d, 0xb7, 0xf2,
    0xf0, 0xfa, 0x90, 0xc2, 0x16, 0x8b, 0xc7, 0x09, 0xe2, 0x02, 0x63, 0x38, 0x7d, 0x55, 0xc4, 0x91,
}};

/* A public exponent is taken digit by digit: four bits, or seven where a table is worth it. */
#define BASE_BITS 4
#define BASE_DIGITS (256 / BASE_BITS)
#define BUCKETS (1 << BASE_BITS)
#define TABLE_BITS 7
#define TABLE_DIGITS ((256 + TABLE_BITS - 1) / TABLE_BITS)
#define TABLE_ROW ((1 << TABLE_BITS) - 1) /* 0 needs no entry */
#define TABLE_NUMBERS ((size_t)TABLE_DIGITS * TABLE_ROW)

/* base^(16^i), in Montgomery's form */
struct base {
    BIGNUM *powers[BASE_DIGITS];
};

/* base^(d·128^i), d from 1, in Montgomery's form */
struct table {
    bool is_set;
    struct element base;
    BIGNUM *powers[TABLE_NUMBERS]; /* digit by digit, a row of values for each */
};

/* Of factors in Montgomery's form. Without one it has no number yet: 1 would cost a multiplication,
 * and 0 is what 0 gives. */
struct product {
    BIGNUM *number;
    bool is_empty;
};

struct group {
    BN_CTX *ctx;
    BN_MONT_CTX *mont_p, *mont_q;
    BIGNUM *p, *q, *g, *g_inverse;
    BIGNUM *a, *b, *x, *y, *z, *r; /* scratch; never kept from one call to the next */
    BIGNUM *buckets[BUCKETS];      /* scratch of base_power */
    struct table of_g, of_other;   /* of group_power_often */
    bool failed;
};

/* What is public needs no wiping. */
static void numbers_free(BIGNUM **numbers, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        BN_free(numbers[i]);
    }
}

/* False when there is no memory, and then some are there. */
static bool numbers_new(BIGNUM **numbers, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        numbers[i] = BN_new();
        if (numbers[i] == NULL) {
            return false;
        }
    }
    return true;
}

static bool group_init(struct group *group)
{
    group->ctx = BN_CTX_secure_new();
    group->mont_p = BN_MONT_CTX_new();
    group->mont_q = BN_MONT_CTX_new();
    group->a = BN_new();
    group->b = BN_new();
    group->x = BN_new();
    group->y = BN_new();
    group->z = BN_new();
    group->r = BN_new();
    if (group->ctx == NULL || group->mont_p == NULL || group->mont_q == NULL || group->a == NULL ||
        group->b == NULL || group->x == NULL || group->y == NULL || group->z == NULL ||
        group->r == NULL) {
        return false;
    }
    if (!numbers_new(group->buckets, BUCKETS)) {
        return false;
    }
    BN_set_flags(group->x, BN_FLG_CONSTTIME);
    group->q = BN_bin2bn(q_value.bytes, SCALAR_BYTES, NULL);
    if (BN_hex2bn(&group->p, p_hex) == 0 || BN_hex2bn(&group->g, g_hex) == 0 || group->q == NULL) {
        return false;
    }
    group->g_inverse = BN_mod_inverse(NULL, group->g, group->p, group->ctx);
    return group->g_inverse != NULL && BN_MONT_CTX_set(group->mont_p, group->p, group->ctx) == 1 &&
           BN_MONT_CTX_set(group->mont_q, group->q, group->ctx) == 1;
}

struct group *group_new(void)
{
    struct group *group = calloc(1, sizeof *group);

    if (group != NULL && !group_init(group)) {
        group_free(group);
        return NULL;
    }
    return group;
}

void group_free(struct group *group)
{
    if (group == NULL) {
        return;
    }
    numbers_free(group->buckets, BUCKETS);
    numbers_free(group->of_g.powers, TABLE_NUMBERS);
    numbers_free(group->of_other.powers, TABLE_NUMBERS);
    BN_clear_free(group->a);
    BN_clear_free(group->b);
    BN_clear_free(group->x);
    BN_clear_free(group->y);
    BN_clear_free(group->z);
    BN_clear_free(group->r);
    BN_free(group->p);
    BN_free(group->q);
    BN_free(group->g);
    BN_free(group->g_inverse);
    BN_MONT_CTX_free(group->mont_p);
    BN_MONT_CTX_free(group->mont_q);
    BN_CTX_free(group->ctx);
    free(group);
}

bool group_ok(const struct group *group)
{
    return !group->failed;
}

void group_fail(struct group *group)
{
    group->failed = true;
}

/* ---- elements -------------------------------------------------------------------------------- */

static BIGNUM *load(struct group *group, const unsigned char *bytes, size_t n, BIGNUM *into)
{
    if (BN_bin2bn(bytes, (int)n, into) == NULL) {
        group->failed = true;
    }
    return into;
}

static BIGNUM *load_element(struct group *group, const struct element *from, BIGNUM *into)
{
    return load(group, from->bytes, ELEMENT_BYTES, into);
}

static BIGNUM *load_scalar(struct group *group, const struct scalar *from, BIGNUM *into)
{
    return load(group, from->bytes, SCALAR_BYTES, into);
}

/* The scratch r as bytes; zero when `done`, the answer of the computation, says that it failed. */
static void store(struct group *group, int done, unsigned char *bytes, size_t n)
{
    if (group->failed || done != 1 || BN_bn2binpad(group->r, bytes, (int)n) != (int)n) {
        group->failed = true;
        memset(bytes, 0, n);
    }
}

void element_one(struct element *ret)
{
    *ret = (struct element){0};
    ret->bytes[ELEMENT_BYTES - 1] = 1;
}

int element_compare(const struct element *a, const struct element *b)
{
    int order = memcmp(a->bytes, b->bytes, ELEMENT_BYTES);

    return (order > 0) - (order < 0);
}

bool element_equal(const struct element *a, const struct element *b)
{
    return element_compare(a, b) == 0;
}

static void select_bytes(const unsigned char *a, const unsigned char *b, bool pick,
                         unsigned char *ret, size_t n)
{
    unsigned mask = 0U - (unsigned)pick;

    for (size_t i = 0; i < n; i++) {
        ret[i] = (unsigned char)((a[i] & ~mask) | (b[i] & mask));
    }
}

void element_select(const struct element *a, const struct element *b, bool pick,
                    struct element *ret)
{
    select_bytes(a->bytes, b->bytes, pick, ret->bytes, ELEMENT_BYTES);
}

bool element_member(struct group *group, const struct element *x)
{
    const BIGNUM *a = load_element(group, x, group->a);

    if (group->failed || BN_is_zero(a) || BN_cmp(a, group->p) >= 0) {
        return false;
    }
    if (BN_mod_exp_mont(group->r, a, group->q, group->p, group->ctx, group->mont_p) != 1) {
        group->failed = true;
        return false;
    }
    return BN_is_one(group->r);
}

void group_generator(struct group *group, struct element *ret)
{
    if (BN_bn2binpad(group->g, ret->bytes, ELEMENT_BYTES) != ELEMENT_BYTES) {
        group->failed = true;
    }
}

void group_multiply(struct group *group, const struct element *a, const struct element *b,
                    struct element *ret)
{
    load_element(group, a, group->a);
    load_element(group, b, group->b);
    /* Without a division, whose time would depend on the numbers. */
    int done = BN_to_montgomery(group->a, group->a, group->mont_p, group->ctx) == 1 &&
               BN_mod_mul_montgomery(group->r, group->a, group->b, group->mont_p, group->ctx) == 1;
    store(group, done, ret->bytes, ELEMENT_BYTES);
}

void group_divide(struct group *group, const struct element *a, const struct element *b,
                  struct element *ret)
{
    load_element(group, a, group->a);
    load_element(group, b, group->b);
    int done = BN_mod_inverse(group->y, group->b, group->p, group->ctx) != NULL &&
               BN_mod_mul(group->r, group->a, group->y, group->p, group->ctx) == 1;
    store(group, done, ret->bytes, ELEMENT_BYTES);
}

void group_lower(struct group *group, const struct element *x, struct element *ret)
{
    load_element(group, x, group->a);
    int done = BN_mod_mul(group->r, group->a, group->g_inverse, group->p, group->ctx);
    store(group, done, ret->bytes, ELEMENT_BYTES);
}

/* r = base^x, and nothing of x is left in the scratch. */
static void power_secret(struct group *group, const BIGNUM *base, const struct scalar *x,
                         struct element *ret)
{
    load_scalar(group, x, group->x);
    int done =
        BN_mod_exp_mont_consttime(group->r, base, group->x, group->p, group->ctx, group->mont_p);
    BN_clear(group->x);
    store(group, done, ret->bytes, ELEMENT_BYTES);
    BN_clear(group->r);
}

void group_power_secret(struct group *group, const struct element *base, const struct scalar *x,
                        struct element *ret)
{
    power_secret(group, load_element(group, base, group->a), x, ret);
}

void group_raise_secret(struct group *group, const struct scalar *x, struct element *ret)
{
    power_secret(group, group->g, x, ret);
}

void group_powers(struct group *group, const struct element *a, const struct scalar *x,
                  const struct element *b, const struct scalar *y, struct element *ret)
{
    load_element(group, a, group->a);
    load_element(group, b, group->b);
    load_scalar(group, x, group->y);
    load_scalar(group, y, group->z);
    int done = BN_mod_exp2_mont(group->r, group->a, group->y, group->b, group->z, group->p,
                                group->ctx, group->mont_p);
    store(group, done, ret->bytes, ELEMENT_BYTES);
}

/* ---- many powers of one base, none of them secret -------------------------------------------- */

/* Digit i of x, from the least significant, the digits having so many bits: fewer than eight. */
static unsigned digit_of(const struct scalar *x, size_t i, unsigned bits)
{
    size_t at = i * bits, byte = at / 8;
    unsigned two = x->bytes[SCALAR_BYTES - 1 - byte];

    if (byte + 1 < SCALAR_BYTES) {
        two |= (unsigned)x->bytes[SCALAR_BYTES - 2 - byte] << 8;
    }
    return (two >> at % 8) & ((1U << bits) - 1);
}

static void multiply_into(struct group *group, struct product *product, const BIGNUM *factor)
{
    bool done = product->is_empty ? BN_copy(product->number, factor) != NULL
                                  : BN_mod_mul_montgomery(product->number, product->number, factor,
                                                          group->mont_p, group->ctx) == 1;

    product->is_empty = false;
    if (!done) {
        group->failed = true;
    }
}

static void store_product(struct group *group, const struct product *product, struct element *ret)
{
    if (product->is_empty && !group->failed) {
        element_one(ret);
        return;
    }
    int done = BN_from_montgomery(group->r, product->number, group->mont_p, group->ctx);
    store(group, done, ret->bytes, ELEMENT_BYTES);
}

/* *to = a·b */
static void multiply(struct group *group, const BIGNUM *a, const BIGNUM *b, BIGNUM *to)
{
    if (BN_mod_mul_montgomery(to, a, b, group->mont_p, group->ctx) != 1) {
        group->failed = true;
    }
}

/* The first of the powers of what is to be a base. */
static void start(struct group *group, const struct element *of, BIGNUM *to)
{
    if (BN_to_montgomery(to, load_element(group, of, group->a), group->mont_p, group->ctx) != 1) {
        group->failed = true;
    }
}

static void table_set(struct group *group, const struct element *of, struct table *table)
{
    if (table->powers[TABLE_NUMBERS - 1] == NULL && !numbers_new(table->powers, TABLE_NUMBERS)) {
        group->failed = true;
        return;
    }
    for (size_t i = 0; i < TABLE_DIGITS; i++) {
        BIGNUM **row = &table->powers[i * TABLE_ROW];
        if (i == 0) {
            start(group, of, row[0]);
        } else {
            multiply(group, *(row - 1), *(row - TABLE_ROW), row[0]);
        }
        for (size_t d = 1; d < TABLE_ROW; d++) {
            multiply(group, row[d - 1], row[0], row[d]);
        }
    }
    table->base = *of;
    table->is_set = !group->failed;
}

void group_power_often(struct group *group, const struct element *base, const struct scalar *x,
                       struct element *ret)
{
    struct product result = {group->y, true};
    struct element g;

    group_generator(group, &g);
    struct table *table = element_equal(base, &g) ? &group->of_g : &group->of_other;
    if (!group->failed && !(table->is_set && element_equal(base, &table->base))) {
        table_set(group, base, table);
    }
    for (size_t i = 0; !group->failed && i < TABLE_DIGITS; i++) {
        unsigned digit = digit_of(x, i, TABLE_BITS);
        if (digit > 0) {
            multiply_into(group, &result, table->powers[i * TABLE_ROW + digit - 1]);
        }
    }
    store_product(group, &result, ret);
}

struct base *base_new(void)
{
    struct base *base = calloc(1, sizeof *base);

    if (base != NULL && !numbers_new(base->powers, BASE_DIGITS)) {
        base_free(base);
        return NULL;
    }
    return base;
}

void base_free(struct base *base)
{
    if (base != NULL) {
        numbers_free(base->powers, BASE_DIGITS);
        free(base);
    }
}

void base_set(struct group *group, const struct element *of, struct base *base)
{
    start(group, of, base->powers[0]);
    for (size_t i = 1; i < BASE_DIGITS; i++) {
        BIGNUM *power = base->powers[i];
        multiply(group, base->powers[i - 1], base->powers[i - 1], power);
        for (int j = 1; j < BASE_BITS; j++) {
            multiply(group, power, power, power);
        }
    }
}

/* The powers base^(16^i) that have the same digit d in x are multiplied first, into bucket d. The
 * buckets each to its d are then the buckets from 15 down, each multiplied to what is carried, and
 * what is carried multiplied to the result at every step (Yao; Brickell, Gordon, McCurley and
 * Wilson). */
void base_power(struct group *group, const struct base *base, const struct scalar *x,
                struct element *ret)
{
    struct product buckets[BUCKETS], carried = {group->y, true}, result = {group->z, true};

    for (size_t i = 0; i < BUCKETS; i++) {
        buckets[i] = (struct product){group->buckets[i], true};
    }
    for (size_t i = 0; i < BASE_DIGITS; i++) {
        unsigned digit = digit_of(x, i, BASE_BITS);
        if (digit > 0) {
            multiply_into(group, &buckets[digit], base->powers[i]);
        }
    }
    for (size_t digit = BUCKETS; --digit > 0;) {
        if (!buckets[digit].is_empty) {
            multiply_into(group, &carried, buckets[digit].number);
        }
        if (!carried.is_empty) {
            multiply_into(group, &result, carried.number);
        }
    }
    store_product(group, &result, ret);
}

bool base_member(struct group *group, const struct base *base)
{
    struct element power, one;

    base_power(group, base, &q_value, &power);
    element_one(&one);
    return element_equal(&power, &one) && !group->failed;
}

/* ---- decimal digits -------------------------------------------------------------------------- */

static bool digits_valid(const char *digits, size_t n, size_t max)
{
    if (n == 0 || n > max || (digits[0] == '0' && n > 1)) {
        return false;
    }
    for (size_t i = 0; i < n; i++) {
        if (digits[i] < '0' || digits[i] > '9') {
            return false;
        }
    }
    return true;
}

bool element_read(struct group *group, const char *digits, size_t n, struct element *ret)
{
    char text[ELEMENT_DIGITS + 1];

    if (!digits_valid(digits, n, ELEMENT_DIGITS)) {
        return false;
    }
    memcpy(text, digits, n);
    text[n] = '\0';
    int done = BN_dec2bn(&group->r, text) == (int)n;
    if (done && BN_cmp(group->r, group->p) >= 0) {
        return false;
    }
    store(group, done, ret->bytes, ELEMENT_BYTES);
    return !group->failed;
}

void element_write(struct group *group, const struct element *x, struct buf *to)
{
    const BIGNUM *number = load_element(group, x, group->a);
    char *text = group->failed ? NULL : BN_bn2dec(number);

    if (text == NULL) {
        group->failed = true;
        return;
    }
    buf_text(to, text);
    OPENSSL_free(text);
}

/* Scalars are secret often, and BN leaves their digits in what it frees. Nine at a time. */

#define NINE_DIGITS 1000000000U

/* *ret = a - b modulo 2^256; answers what was borrowed. */
static unsigned subtract(const struct scalar *a, const struct scalar *b, struct scalar *ret)
{
    unsigned borrow = 0;

    for (size_t i = SCALAR_BYTES; i-- > 0;) {
        unsigned difference = 0x100U + a->bytes[i] - b->bytes[i] - borrow;
        ret->bytes[i] = (unsigned char)difference;
        borrow = 1U - (difference >> 8);
    }
    return borrow;
}

/* x = x·factor + carry; answers what is beyond 256 bits. */
static uint64_t multiply_add(struct scalar *x, uint64_t factor, uint64_t carry)
{
    for (size_t i = SCALAR_BYTES; i-- > 0;) {
        carry += x->bytes[i] * factor;
        x->bytes[i] = (unsigned char)carry;
        carry >>= 8;
    }
    return carry;
}

/* x = x / 10^9; answers the rest. */
static uint64_t divide(struct scalar *x)
{
    uint64_t rest = 0;

    for (size_t i = 0; i < SCALAR_BYTES; i++) {
        rest = rest << 8 | x->bytes[i];
        x->bytes[i] = (unsigned char)(rest / NINE_DIGITS);
        rest %= NINE_DIGITS;
    }
    return rest;
}

bool scalar_read(const char *digits, size_t n, struct scalar *ret)
{
    struct scalar less;
    uint64_t beyond = 0;

    if (!digits_valid(digits, n, SCALAR_DIGITS)) {
        return false;
    }
    *ret = (struct scalar){0};
    for (size_t i = 0; i < n;) {
        uint64_t nine = 0, factor = 1;
        do {
            nine = nine * 10 + (uint64_t)(digits[i++] - '0');
            factor *= 10;
        } while (i < n && factor < NINE_DIGITS);
        beyond |= multiply_add(ret, factor, nine);
    }
    bool is_below = beyond == 0 && subtract(ret, &q_value, &less) == 1;
    scalar_wipe(&less);
    if (!is_below) {
        scalar_wipe(ret);
    }
    return is_below;
}

void scalar_write(const struct scalar *x, struct buf *to)
{
    char text[(SCALAR_DIGITS / 9 + 1) * 9];
    struct scalar left = *x;
    size_t n = sizeof text, zeros = 0;

    while (n > 0) {
        uint64_t nine = divide(&left);
        for (int i = 0; i < 9; i++) {
            text[--n] = (char)('0' + nine % 10);
            nine /= 10;
        }
    }
    while (zeros + 1 < sizeof text && text[zeros] == '0') {
        zeros++;
    }
    buf_add(to, text + zeros, sizeof text - zeros);
    explicit_bzero(text, sizeof text);
}

/* ---- scalars --------------------------------------------------------------------------------- */

void scalar_small(unsigned value, struct scalar *ret)
{
    *ret = (struct scalar){0};
    for (size_t i = 0; i < sizeof value; i++) {
        ret->bytes[SCALAR_BYTES - 1 - i] = (unsigned char)(value >> (8 * i));
    }
}

bool scalar_equal(const struct scalar *a, const struct scalar *b)
{
    unsigned differ = 0;

    for (size_t i = 0; i < SCALAR_BYTES; i++) {
        differ |= (unsigned)(a->bytes[i] ^ b->bytes[i]);
    }
    return differ == 0;
}

void scalar_select(const struct scalar *a, const struct scalar *b, bool pick, struct scalar *ret)
{
    select_bytes(a->bytes, b->bytes, pick, ret->bytes, SCALAR_BYTES);
}

static unsigned add(const struct scalar *a, const struct scalar *b, struct scalar *ret)
{
    unsigned carry = 0;

    for (size_t i = SCALAR_BYTES; i-- > 0;) {
        unsigned sum = (unsigned)a->bytes[i] + b->bytes[i] + carry;
        ret->bytes[i] = (unsigned char)sum;
        carry = sum >> 8;
    }
    return carry;
}

void scalar_add(const struct scalar *a, const struct scalar *b, struct scalar *ret)
{
    struct scalar sum, less;
    unsigned carry = add(a, b, &sum);
    unsigned borrow = subtract(&sum, &q_value, &less);

    /* Below q only when nothing was carried and taking q away had to borrow. */
    scalar_select(&less, &sum, (carry ^ 1U) & borrow, ret);
    scalar_wipe(&sum);
    scalar_wipe(&less);
}

void scalar_subtract(const struct scalar *a, const struct scalar *b, struct scalar *ret)
{
    struct scalar difference, more;
    unsigned borrow = subtract(a, b, &difference);

    (void)add(&difference, &q_value, &more);
    scalar_select(&difference, &more, borrow, ret);
    scalar_wipe(&difference);
    scalar_wipe(&more);
}

void scalar_multiply(struct group *group, const struct scalar *a, const struct scalar *b,
                     struct scalar *ret)
{
    load_scalar(group, a, group->x);
    load_scalar(group, b, group->y);
    int done = BN_to_montgomery(group->y, group->y, group->mont_q, group->ctx) == 1 &&
               BN_mod_mul_montgomery(group->r, group->x, group->y, group->mont_q, group->ctx) == 1;
    store(group, done, ret->bytes, SCALAR_BYTES);
    BN_clear(group->x);
    BN_clear(group->y);
    BN_clear(group->r);
}

void scalar_reduce(const unsigned char bytes[static SCALAR_BYTES], struct scalar *ret)
{
    struct scalar value, less;

    memcpy(value.bytes, bytes, SCALAR_BYTES);
    /* 2^256 is less than 2q: once is enough. */
    unsigned borrow = subtract(&value, &q_value, &less);
    scalar_select(&less, &value, borrow, ret);
    scalar_wipe(&value);
    scalar_wipe(&less);
}

void scalar_random(struct group *group, struct scalar *ret)
{
    int done = BN_priv_rand_range(group->r, group->q);

    store(group, done, ret->bytes, SCALAR_BYTES);
    BN_clear(group->r);
}

void scalar_wipe(struct scalar *x)
{
    explicit_bzero(x, sizeof *x);
}

void scalar_hash(struct group *group, const char *text, size_t n, struct scalar *ret)
{
    unsigned char hash[DIGEST_BYTES] = {0};

    if (!digest_sha256(text, n, hash)) {
        group->failed = true;
    }
    scalar_reduce(hash, ret);
}
