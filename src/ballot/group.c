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

struct group {
    BN_CTX *ctx;
    BN_MONT_CTX *mont_p, *mont_q;
    BIGNUM *p, *q, *g, *g_inverse;
    BIGNUM *a, *b, *x, *y, *z, *r; /* scratch; never kept from one call to the next */
    bool failed;
};

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
    int done = BN_mod_mul(group->r, group->a, group->b, group->p, group->ctx);
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

/* ---- decimal digits -------------------------------------------------------------------------- */

/* The number in a, when it is one below the limit and written as it should be. */
static bool read_digits(struct group *group, const char *digits, size_t n, const BIGNUM *limit)
{
    char text[ELEMENT_DIGITS + 1];

    if (n == 0 || n > ELEMENT_DIGITS || (digits[0] == '0' && n > 1)) {
        return false;
    }
    for (size_t i = 0; i < n; i++) {
        if (digits[i] < '0' || digits[i] > '9') {
            return false;
        }
    }
    memcpy(text, digits, n);
    text[n] = '\0';
    bool done = BN_dec2bn(&group->r, text) == (int)n;
    explicit_bzero(text, sizeof text);
    if (!done) {
        group->failed = true;
    }
    return done && BN_cmp(group->r, limit) < 0;
}

bool element_read(struct group *group, const char *digits, size_t n, struct element *ret)
{
    if (!read_digits(group, digits, n, group->p)) {
        return false;
    }
    store(group, 1, ret->bytes, ELEMENT_BYTES);
    return !group->failed;
}

bool scalar_read(struct group *group, const char *digits, size_t n, struct scalar *ret)
{
    if (!read_digits(group, digits, n, group->q)) {
        return false;
    }
    store(group, 1, ret->bytes, SCALAR_BYTES);
    BN_clear(group->r);
    return !group->failed;
}

static void write_digits(struct group *group, BIGNUM *number, struct buf *to)
{
    char *text = group->failed ? NULL : BN_bn2dec(number);

    if (text == NULL) {
        group->failed = true;
        return;
    }
    buf_text(to, text);
    OPENSSL_clear_free(text, strlen(text));
    BN_clear(number);
}

void element_write(struct group *group, const struct element *x, struct buf *to)
{
    write_digits(group, load_element(group, x, group->a), to);
}

void scalar_write(struct group *group, const struct scalar *x, struct buf *to)
{
    write_digits(group, load_scalar(group, x, group->x), to);
}

/* ---- scalars --------------------------------------------------------------------------------- */

void scalar_small(unsigned value, struct scalar *ret)
{
    *ret = (struct scalar){0};
    for (size_t i = 0; i < sizeof value; i++) {
        ret->bytes[SCALAR_BYTES - 1 - i] = (unsigned char)(value >> (8 * i));
    }
}

void scalar_order(struct scalar *ret)
{
    *ret = q_value;
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
