/*
 * The three proofs: see proof.h. A response is w - x·challenge, so that a checker computes the
 * commitment g^w as g^response · (g^x)^challenge.
 */
#include "ballot/proof.h"

#include <string.h>

#include "base/banned.h"

/* A hash is over a prefix of at most two numbers per answer, and two per branch. */
#define TEXT_MAX ((size_t)1024 * 1024)

static void challenge_of(struct group *group, const struct buf *text, struct scalar *ret)
{
    if (!buf_ok(text)) {
        group_fail(group);
    }
    scalar_hash(group, buf_string(text), buf_length(text), ret);
}

/* response = w - x·challenge */
static void respond(struct group *group, const struct scalar *w, const struct scalar *x,
                    struct proof *proof)
{
    struct scalar product;

    scalar_multiply(group, x, &proof->challenge, &product);
    scalar_subtract(w, &product, &proof->response);
    scalar_wipe(&product);
}

/* ---- one secret ------------------------------------------------------------------------------ */

static void know_challenge(struct group *group, const char *prefix, const struct element *a,
                           struct scalar *ret)
{
    struct buf text;

    buf_init(&text, TEXT_MAX);
    buf_text(&text, prefix);
    element_write(group, a, &text);
    challenge_of(group, &text, ret);
    buf_release(&text);
}

void proof_know_make(struct group *group, const char *prefix, const struct scalar *x,
                     struct proof *ret)
{
    struct scalar w;
    struct element a;

    scalar_random(group, &w);
    group_raise_secret(group, &w, &a);
    know_challenge(group, prefix, &a, &ret->challenge);
    respond(group, &w, x, ret);
    scalar_wipe(&w);
}

bool proof_know_check(struct group *group, const char *prefix, const struct element *public_x,
                      const struct proof *proof)
{
    struct element g, a;
    struct scalar challenge;

    group_generator(group, &g);
    group_powers(group, &g, &proof->response, public_x, &proof->challenge, &a);
    know_challenge(group, prefix, &a, &challenge);
    return scalar_equal(&challenge, &proof->challenge) && group_ok(group);
}

static void same_challenge(struct group *group, const char *prefix, const struct element *a,
                           const struct element *b, struct scalar *ret)
{
    struct buf text;

    buf_init(&text, TEXT_MAX);
    buf_text(&text, prefix);
    element_write(group, a, &text);
    buf_char(&text, ',');
    element_write(group, b, &text);
    challenge_of(group, &text, ret);
    buf_release(&text);
}

void proof_same_make(struct group *group, const char *prefix, const struct element *base,
                     const struct scalar *x, struct proof *ret)
{
    struct scalar w;
    struct element a, b;

    scalar_random(group, &w);
    group_raise_secret(group, &w, &a);
    group_power_secret(group, base, &w, &b);
    same_challenge(group, prefix, &a, &b, &ret->challenge);
    respond(group, &w, x, ret);
    scalar_wipe(&w);
}

bool proof_same_check(struct group *group, const char *prefix, const struct element *public_x,
                      const struct element *base, const struct element *factor,
                      const struct proof *proof)
{
    struct element g, a, b;
    struct scalar challenge;

    group_generator(group, &g);
    group_powers(group, &g, &proof->response, public_x, &proof->challenge, &a);
    group_powers(group, base, &proof->response, factor, &proof->challenge, &b);
    same_challenge(group, prefix, &a, &b, &challenge);
    return scalar_equal(&challenge, &proof->challenge) && group_ok(group);
}

/* ---- a ciphertext raised --------------------------------------------------------------------- */

bool ciphertext_bases_init(struct ciphertext_bases *bases)
{
    bases->alpha = base_new();
    bases->beta = base_new();
    return bases->alpha != NULL && bases->beta != NULL;
}

void ciphertext_bases_release(struct ciphertext_bases *bases)
{
    base_free(bases->alpha);
    base_free(bases->beta);
}

void ciphertext_bases_set(struct group *group, const struct ciphertext *of,
                          struct ciphertext_bases *bases)
{
    base_set(group, &of->alpha, bases->alpha);
    base_set(group, &of->beta, bases->beta);
}

bool ciphertext_bases_member(struct group *group, const struct ciphertext_bases *bases)
{
    return base_member(group, bases->alpha) && base_member(group, bases->beta);
}

/* ---- one of several -------------------------------------------------------------------------- */

static void add_commitment(struct group *group, const struct element *a, const struct element *b,
                           bool first, struct buf *text)
{
    if (!first) {
        buf_char(text, ',');
    }
    element_write(group, a, text);
    buf_char(text, ',');
    element_write(group, b, text);
}

/* x^response · base^challenge; where it is the true branch, x^response. All is computed for both,
 * and nothing is multiplied by 1, which would be seen in the time. */
static void commit_secret(struct group *group, const struct element *x, const struct element *base,
                          const struct proof *proof, bool is_true, struct element *ret)
{
    struct element left, right, product;

    group_power_secret(group, x, &proof->response, &left);
    group_power_secret(group, base, &proof->challenge, &right);
    group_multiply(group, &left, &right, &product);
    element_select(&product, &left, is_true, ret);
    explicit_bzero(&left, sizeof left);
    explicit_bzero(&right, sizeof right);
    explicit_bzero(&product, sizeof product);
}

/* beta / g^m */
static void lower(struct group *group, const struct claim *claim, struct element *ret)
{
    *ret = claim->of->beta;
    for (unsigned i = 0; i < claim->m; i++) {
        group_lower(group, ret, ret);
    }
}

/* Every branch is computed as if it were made up; the true one commits to its response, w. */
void proof_or_make(struct group *group, const char *prefix, const struct element *y,
                   const struct claim *claims, size_t n, size_t truth, const struct scalar *r,
                   struct proof *ret)
{
    struct element g, a, b, lowered;
    struct scalar zero, sum, total, w = {0};
    struct proof true_one;
    struct buf text;

    buf_init(&text, TEXT_MAX);
    buf_text(&text, prefix);
    group_generator(group, &g);
    scalar_small(0, &zero);
    sum = zero;
    for (size_t i = 0; i < n; i++) {
        struct scalar share;
        bool is_true = i == truth;
        scalar_random(group, &ret[i].challenge);
        scalar_random(group, &ret[i].response);
        lower(group, &claims[i], &lowered);
        commit_secret(group, &g, &claims[i].of->alpha, &ret[i], is_true, &a);
        commit_secret(group, y, &lowered, &ret[i], is_true, &b);
        add_commitment(group, &a, &b, i == 0, &text);
        scalar_select(&ret[i].challenge, &zero, is_true, &share);
        scalar_add(&sum, &share, &sum);
        scalar_select(&w, &ret[i].response, is_true, &w);
        scalar_wipe(&share);
    }
    challenge_of(group, &text, &total);
    scalar_subtract(&total, &sum, &true_one.challenge);
    respond(group, &w, r, &true_one);
    for (size_t i = 0; i < n; i++) {
        bool is_true = i == truth;
        scalar_select(&ret[i].challenge, &true_one.challenge, is_true, &ret[i].challenge);
        scalar_select(&ret[i].response, &true_one.response, is_true, &ret[i].response);
    }
    scalar_wipe(&w);
    scalar_wipe(&sum);
    explicit_bzero(&true_one, sizeof true_one);
    buf_release(&text);
}

/* g^response · alpha^challenge, and y^response · (beta / g^m)^challenge. */
static void commit(struct group *group, const struct element *y, const struct claim *claim,
                   const struct proof *proof, struct element *ret_a, struct element *ret_b)
{
    struct element g, power;

    group_generator(group, &g);
    group_power_often(group, &g, &proof->response, ret_a);
    base_power(group, claim->bases->alpha, &proof->challenge, &power);
    group_multiply(group, ret_a, &power, ret_a);

    group_power_often(group, y, &proof->response, ret_b);
    base_power(group, claim->bases->beta, &proof->challenge, &power);
    group_multiply(group, ret_b, &power, ret_b);
    if (claim->m > 0) {
        struct scalar m, zero, exponent;
        scalar_small(claim->m, &m);
        scalar_small(0, &zero);
        scalar_multiply(group, &m, &proof->challenge, &exponent);
        scalar_subtract(&zero, &exponent, &exponent);
        group_power_often(group, &g, &exponent, &power);
        group_multiply(group, ret_b, &power, ret_b);
    }
}

bool proof_or_check(struct group *group, const char *prefix, const struct element *y,
                    const struct claim *claims, size_t n, const struct proof *proofs)
{
    struct scalar sum, total;
    struct buf text;

    buf_init(&text, TEXT_MAX);
    buf_text(&text, prefix);
    scalar_small(0, &sum);
    for (size_t i = 0; i < n; i++) {
        struct element a, b;
        commit(group, y, &claims[i], &proofs[i], &a, &b);
        add_commitment(group, &a, &b, i == 0, &text);
        scalar_add(&sum, &proofs[i].challenge, &sum);
    }
    challenge_of(group, &text, &total);
    buf_release(&text);
    return scalar_equal(&sum, &total) && group_ok(group);
}

/* ---- as text --------------------------------------------------------------------------------- */

void proof_write(const struct proof *proof, struct buf *to)
{
    buf_text(to, "{\"challenge\":\"");
    scalar_write(&proof->challenge, to);
    buf_text(to, "\",\"response\":\"");
    scalar_write(&proof->response, to);
    buf_text(to, "\"}");
}

void proof_scan(struct scan *scan, struct proof *ret)
{
    scan_literal(scan, "{\"challenge\":");
    scan_scalar(scan, &ret->challenge);
    scan_literal(scan, ",\"response\":");
    scan_scalar(scan, &ret->response);
    scan_literal(scan, "}");
}

void ciphertext_write(struct group *group, const struct ciphertext *c, struct buf *to)
{
    buf_text(to, "{\"alpha\":\"");
    element_write(group, &c->alpha, to);
    buf_text(to, "\",\"beta\":\"");
    element_write(group, &c->beta, to);
    buf_text(to, "\"}");
}

void ciphertext_scan(struct scan *scan, struct ciphertext *ret)
{
    scan_literal(scan, "{\"alpha\":");
    scan_element(scan, &ret->alpha);
    scan_literal(scan, ",\"beta\":");
    scan_element(scan, &ret->beta);
    scan_literal(scan, "}");
}
