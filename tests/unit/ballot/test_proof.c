/*
 * Proofs: those made elsewhere are accepted, ours are accepted, and nothing that differs in any
 * part.
 */
#include "ballot/proof.h"
#include "ballot_test.h"
#include "known.h"

#include "base/banned.h"

#define SECRET 12345U
#define POK_PREFIX_MAX 2000

/* Text with the number in it. */
static void add(struct group *group, struct buf *text, const char *before, const struct element *x,
                const char *after)
{
    buf_text(text, before);
    element_write(group, x, text);
    buf_text(text, after);
}

/* g^111, and y^111·g: one is encrypted. */
static struct ciphertext known_ciphertext(struct group *group)
{
    struct ciphertext c = {.alpha = power_of(group, 111)};
    c.beta = power_of(group, SECRET * 111 + 1);
    return c;
}

static void test_proof__knowledge_made_elsewhere_is_accepted(void **state)
{
    struct group *group = *state;
    struct buf prefix;
    struct element x = power_of(group, SECRET), public_s = element_of(group, known_public);
    struct proof pok = {scalar_of(KNOWN_POK_CHALLENGE), scalar_of(KNOWN_POK_RESPONSE)};
    struct proof signature = {scalar_of(KNOWN_SIGNATURE_CHALLENGE),
                              scalar_of(KNOWN_SIGNATURE_RESPONSE)};

    buf_init(&prefix, POK_PREFIX_MAX);
    add(group, &prefix, "pok|BELENIOS-2048|", &x, "|");
    assert_true(proof_know_check(group, buf_string(&prefix), &x, &pok));
    assert_true(proof_know_check(group, KNOWN_SIGNATURE_PREFIX, &public_s, &signature));
    assert_false(proof_know_check(group, KNOWN_SIGNATURE_PREFIX, &public_s, &pok));
    assert_false(proof_know_check(group, "sig||", &public_s, &signature));
    buf_release(&prefix);
}

static void test_proof__equality_made_elsewhere_is_accepted(void **state)
{
    struct group *group = *state;
    struct buf prefix;
    struct ciphertext c = known_ciphertext(group);
    struct element x = power_of(group, SECRET), factor = power_of(group, SECRET * 111);
    struct proof proof = {scalar_of(KNOWN_DECRYPT_CHALLENGE), scalar_of(KNOWN_DECRYPT_RESPONSE)};

    buf_init(&prefix, POK_PREFIX_MAX);
    add(group, &prefix, "decrypt|" KNOWN_ELECTION "|", &x, "|");
    assert_true(proof_same_check(group, buf_string(&prefix), &x, &c.alpha, &factor, &proof));
    assert_false(proof_same_check(group, buf_string(&prefix), &x, &c.alpha, &c.beta, &proof));
    buf_release(&prefix);
}

/* proof_or_check of claims about one ciphertext, whose bases it makes. */
static bool check(struct group *group, const char *prefix, const struct element *y,
                  const struct claim *claims, size_t n, const struct proof *proofs)
{
    struct ciphertext_bases bases;
    struct claim with_bases[4];

    assert_true(n <= 4 && ciphertext_bases_init(&bases));
    ciphertext_bases_set(group, claims[0].of, &bases);
    for (size_t i = 0; i < n; i++) {
        with_bases[i] = (struct claim){claims[i].of, &bases, claims[i].m};
    }
    bool right = proof_or_check(group, prefix, y, with_bases, n, proofs);
    assert_true(ciphertext_bases_member(group, &bases));
    ciphertext_bases_release(&bases);
    return right;
}

static void test_proof__choice_made_elsewhere_is_accepted(void **state)
{
    struct group *group = *state;
    struct buf prefix;
    struct ciphertext c = known_ciphertext(group);
    struct claim claims[2] = {{.of = &c, .m = 0}, {.of = &c, .m = 1}};
    struct claim swapped[2] = {claims[1], claims[0]};
    struct element y = power_of(group, SECRET);
    struct proof proofs[2] = {
        {scalar_of(KNOWN_OR_CHALLENGE_0), scalar_of(KNOWN_OR_RESPONSE_0)},
        {scalar_of(KNOWN_OR_CHALLENGE_1), scalar_of(KNOWN_OR_RESPONSE_1)},
    };

    buf_init(&prefix, (size_t)4 * POK_PREFIX_MAX);
    buf_text(&prefix, "prove|" KNOWN_ELECTION "|");
    buf_text(&prefix, known_public);
    add(group, &prefix, "|", &c.alpha, ",");
    add(group, &prefix, "", &c.beta, "|");
    assert_true(check(group, buf_string(&prefix), &y, claims, 2, proofs));
    assert_false(check(group, buf_string(&prefix), &y, swapped, 2, proofs));
    assert_false(check(group, "prove|", &y, claims, 2, proofs));
    buf_release(&prefix);
}

static void flip(struct scalar *x)
{
    x->bytes[SCALAR_BYTES - 1] ^= 1;
}

static void test_proof__ours_are_accepted_unchanged_only(void **state)
{
    struct group *group = *state;
    struct element x = power_of(group, SECRET), base = power_of(group, 111),
                   factor = power_of(group, SECRET * 111);
    struct scalar secret;
    struct proof proof;

    scalar_small(SECRET, &secret);
    proof_know_make(group, "a|", &secret, &proof);
    assert_true(proof_know_check(group, "a|", &x, &proof));
    assert_false(proof_know_check(group, "b|", &x, &proof));
    flip(&proof.response);
    assert_false(proof_know_check(group, "a|", &x, &proof));

    proof_same_make(group, "a|", &base, &secret, &proof);
    assert_true(proof_same_check(group, "a|", &x, &base, &factor, &proof));
    assert_false(proof_same_check(group, "a|", &x, &factor, &base, &proof));
    flip(&proof.challenge);
    assert_false(proof_same_check(group, "a|", &x, &base, &factor, &proof));
}

/* Claim i says that i is encrypted. */
static void claims_about(const struct ciphertext *c, struct claim *ret, unsigned n)
{
    for (unsigned i = 0; i < n; i++) {
        ret[i] = (struct claim){.of = c, .m = i};
    }
}

static void test_proof__each_branch_can_be_the_true_one(void **state)
{
    struct group *group = *state;
    struct element y = power_of(group, SECRET);
    struct scalar r;

    scalar_small(77, &r);
    for (unsigned m = 0; m < 4; m++) {
        struct ciphertext c = {power_of(group, 77), power_of(group, 77 * SECRET + m)};
        struct claim claims[4];
        struct proof proofs[4];
        claims_about(&c, claims, 4);
        proof_or_make(group, "p|", &y, claims, 4, m, &r, proofs);
        assert_true(check(group, "p|", &y, claims, 4, proofs));
        assert_false(check(group, "p|", &y, claims, 3, proofs));
        flip(&proofs[(m + 1) % 4].response);
        assert_false(check(group, "p|", &y, claims, 4, proofs));
    }
}

static void test_proof__a_branch_that_is_not_true_proves_nothing(void **state)
{
    struct group *group = *state;
    struct element y = power_of(group, SECRET);
    struct ciphertext c = {power_of(group, 77), power_of(group, 77 * SECRET + 2)};
    struct claim claims[2];
    struct proof proofs[2];
    struct scalar r;

    scalar_small(77, &r);
    claims_about(&c, claims, 2);
    for (size_t truth = 0; truth < 2; truth++) {
        proof_or_make(group, "p|", &y, claims, 2, truth, &r, proofs);
        assert_false(check(group, "p|", &y, claims, 2, proofs));
    }
    assert_true(group_ok(group));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_proof__knowledge_made_elsewhere_is_accepted),
        cmocka_unit_test(test_proof__equality_made_elsewhere_is_accepted),
        cmocka_unit_test(test_proof__choice_made_elsewhere_is_accepted),
        cmocka_unit_test(test_proof__ours_are_accepted_unchanged_only),
        cmocka_unit_test(test_proof__each_branch_can_be_the_true_one),
        cmocka_unit_test(test_proof__a_branch_that_is_not_true_proves_nothing),
    };
    return cmocka_run_group_tests(tests, group_setup, group_teardown);
}
