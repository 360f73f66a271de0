/*
 * A trustee's part of the decryption, and what all parts give: see tally.h.
 */
#include "ballot/tally.h"

#include "base/banned.h"

#define PREFIX_MAX 1000

static void prefix_of(struct group *group, const struct election *election,
                      const struct element *public_key, struct buf *ret)
{
    buf_init(ret, PREFIX_MAX);
    buf_printf(ret, "decrypt|%s|", election->fingerprint);
    element_write(group, public_key, ret);
    buf_char(ret, '|');
    if (!buf_ok(ret)) {
        group_fail(group);
    }
}

static bool decryption_init(struct td_arena *arena, const struct election *election,
                            struct decryption *ret)
{
    size_t n = election_slots(election);

    ret->factors = td_arena_alloc(arena, n, sizeof *ret->factors);
    ret->proofs = td_arena_alloc(arena, n, sizeof *ret->proofs);
    return ret->factors != NULL && ret->proofs != NULL;
}

static void decryption_write(struct group *group, const struct election *election,
                             const struct decryption *decryption, struct buf *to)
{
    const struct element *factor = decryption->factors;
    const struct proof *proof = decryption->proofs;

    for (size_t i = 0; i < election->question_count; i++) {
        buf_text(to, i == 0 ? "{\"decryption_factors\":[[" : ",[");
        for (size_t j = 0; j < question_slots(&election->questions[i]); j++) {
            buf_text(to, j == 0 ? "\"" : ",\"");
            element_write(group, factor++, to);
            buf_char(to, '"');
        }
        buf_char(to, ']');
    }
    for (size_t i = 0; i < election->question_count; i++) {
        buf_text(to, i == 0 ? "],\"decryption_proofs\":[[" : ",[");
        for (size_t j = 0; j < question_slots(&election->questions[i]); j++) {
            if (j > 0) {
                buf_char(to, ',');
            }
            proof_write(proof++, to);
        }
        buf_char(to, ']');
    }
    buf_text(to, "]}");
}

static void decryption_scan(struct scan *scan, const struct election *election,
                            struct decryption *ret)
{
    struct element *factor = ret->factors;
    struct proof *proof = ret->proofs;

    for (size_t i = 0; i < election->question_count; i++) {
        scan_literal(scan, i == 0 ? "{\"decryption_factors\":[[" : ",[");
        for (size_t j = 0; j < question_slots(&election->questions[i]); j++) {
            if (j > 0) {
                scan_literal(scan, ",");
            }
            scan_element(scan, factor++);
        }
        scan_literal(scan, "]");
    }
    for (size_t i = 0; i < election->question_count; i++) {
        scan_literal(scan, i == 0 ? "],\"decryption_proofs\":[[" : ",[");
        for (size_t j = 0; j < question_slots(&election->questions[i]); j++) {
            if (j > 0) {
                scan_literal(scan, ",");
            }
            proof_scan(scan, proof++);
        }
        scan_literal(scan, "]");
    }
    scan_literal(scan, "]}");
}

int decryption_make(struct group *group, struct td_arena *arena, const struct election *election,
                    const struct tally *tally, const struct scalar *secret, struct buf *to)
{
    struct decryption decryption;
    struct element public_key;
    struct buf prefix;

    if (!decryption_init(arena, election, &decryption)) {
        return TD_E_MEMORY;
    }
    group_raise_secret(group, secret, &public_key);
    prefix_of(group, election, &public_key, &prefix);
    for (size_t i = 0; i < election_slots(election); i++) {
        const struct element *alpha = &tally->slots[i].alpha;
        group_power_secret(group, alpha, secret, &decryption.factors[i]);
        proof_same_make(group, buf_string(&prefix), alpha, secret, &decryption.proofs[i]);
    }
    buf_release(&prefix);
    buf_clear(to);
    decryption_write(group, election, &decryption, to);
    return buf_ok(to) && group_ok(group) ? TD_OK : TD_E_MEMORY;
}

bool decryption_parse(struct group *group, struct td_arena *arena, const struct election *election,
                      const char *bytes, size_t n, struct decryption *ret)
{
    struct scan scan = scan_of(group, arena, bytes, n);

    if (!decryption_init(arena, election, ret)) {
        group_fail(group);
        return false;
    }
    decryption_scan(&scan, election, ret);
    return scan_done(&scan);
}

/* Do the first n slots hold? */
static bool slots_hold(struct group *group, const struct election *election,
                       const struct tally *tally, const struct trustee *trustee,
                       const struct decryption *decryption, size_t n)
{
    struct buf prefix;
    bool right = true;

    prefix_of(group, election, &trustee->public_key, &prefix);
    for (size_t i = 0; right && i < n; i++) {
        right = element_member(group, &decryption->factors[i]) &&
                proof_same_check(group, buf_string(&prefix), &trustee->public_key,
                                 &tally->slots[i].alpha, &decryption->factors[i],
                                 &decryption->proofs[i]);
    }
    buf_release(&prefix);
    return right;
}

bool decryption_check(struct group *group, const struct election *election,
                      const struct tally *tally, const struct trustee *trustee,
                      const struct decryption *decryption)
{
    return slots_hold(group, election, tally, trustee, decryption, election_slots(election));
}

bool decryption_recognise(struct group *group, const struct election *election,
                          const struct tally *tally, const struct trustee *trustee,
                          const struct decryption *checked, const struct decryption *decryption)
{
    bool same = true;

    for (size_t i = 0; same && i < election_slots(election); i++) {
        same = element_equal(&checked->factors[i], &decryption->factors[i]);
    }
    return same && slots_hold(group, election, tally, trustee, decryption, 1);
}

bool decryption_read(struct group *group, struct td_arena *arena, const struct election *election,
                     const struct tally *tally, const struct trustee *trustee, const char *bytes,
                     size_t n, struct decryption *ret)
{
    return decryption_parse(group, arena, election, bytes, n, ret) &&
           decryption_check(group, election, tally, trustee, ret);
}

/* m of g^m, which is at most max. */
static bool logarithm(struct group *group, const struct element *power, unsigned max, unsigned *ret)
{
    struct element at, one;

    at = *power;
    element_one(&one);
    for (unsigned m = 0; m <= max; m++) {
        if (element_equal(&at, &one)) {
            *ret = m;
            return true;
        }
        group_lower(group, &at, &at);
    }
    return false;
}

bool result_compute(struct group *group, const struct election *election, const struct tally *tally,
                    const struct decryption *decryptions, size_t trustee_count,
                    unsigned *ret_counts)
{
    for (size_t i = 0; i < election_slots(election); i++) {
        struct element product;
        element_one(&product);
        for (size_t t = 0; t < trustee_count; t++) {
            group_multiply(group, &product, &decryptions[t].factors[i], &product);
        }
        group_divide(group, &tally->slots[i].beta, &product, &product);
        if (!logarithm(group, &product, tally->count, &ret_counts[i])) {
            return false;
        }
    }
    return group_ok(group);
}

void counts_write(const struct election *election, const unsigned *counts, struct buf *to)
{
    for (size_t i = 0; i < election->question_count; i++) {
        buf_text(to, i == 0 ? "{\"result\":[[" : ",[");
        for (size_t j = 0; j < question_slots(&election->questions[i]); j++) {
            buf_printf(to, j == 0 ? "%u" : ",%u", *counts++);
        }
        buf_char(to, ']');
    }
    buf_text(to, "]}");
}
