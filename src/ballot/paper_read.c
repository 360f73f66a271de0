/*
 * Reading and checking a ballot: nothing in it is believed.
 */
#include "ballot/paper.h"

#include <string.h>

#include "base/banned.h"

static void scan_answer(struct scan *scan, const struct question *question,
                        struct paper_answer *answer)
{
    size_t n = question_slots(question);

    for (size_t i = 0; i < n; i++) {
        scan_literal(scan, i == 0 ? "{\"choices\":[" : ",");
        ciphertext_scan(scan, &answer->slots[i]);
    }
    for (size_t i = 0; i < n; i++) {
        scan_literal(scan, i == 0 ? "],\"individual_proofs\":[[" : ",[");
        proof_scan(scan, &answer->bits[i][0]);
        scan_literal(scan, ",");
        proof_scan(scan, &answer->bits[i][1]);
        scan_literal(scan, "]");
    }
    for (size_t i = 0; i < overall_count(question); i++) {
        scan_literal(scan, i == 0 ? "],\"overall_proof\":[" : ",");
        proof_scan(scan, &answer->overall[i]);
    }
    if (question->blank) {
        scan_literal(scan, "],\"blank_proof\":[");
        proof_scan(scan, &answer->empty[0]);
        scan_literal(scan, ",");
        proof_scan(scan, &answer->empty[1]);
    }
    scan_literal(scan, "]}");
}

/* The form alone. *ret_unsigned is where the signature begins. */
static enum paper_fault scan_paper(struct scan *scan, const struct election *election,
                                   struct paper *ret, const char **ret_unsigned)
{
    scan_literal(scan, "{\"election_uuid\":\"");
    if (scan->failed) {
        return PAPER_FORM;
    }
    scan_literal(scan, election->uuid);
    scan_literal(scan, "\",\"election_hash\":\"");
    scan_literal(scan, election->fingerprint);
    if (scan->failed) {
        return PAPER_FOREIGN;
    }
    scan_literal(scan, "\",\"credential\":");
    scan_element(scan, &ret->credential);
    for (size_t i = 0; i < election->question_count; i++) {
        if (!paper_answer_init(scan->arena, &election->questions[i], &ret->answers[i])) {
            return PAPER_MEMORY;
        }
        scan_literal(scan, i == 0 ? ",\"answers\":[" : ",");
        scan_answer(scan, &election->questions[i], &ret->answers[i]);
        if (scan->failed) {
            return PAPER_FORM;
        }
    }
    scan_literal(scan, "]");
    *ret_unsigned = scan->at;
    scan_literal(scan, ",\"signature\":{\"hash\":\"");
    scan_literal(scan, ret->signed_hash);
    scan_literal(scan, "\",\"proof\":");
    proof_scan(scan, &ret->signature);
    scan_literal(scan, "}}");
    return scan_done(scan) ? PAPER_RIGHT : PAPER_FORM;
}

static bool all_members(struct group *group, const struct election *election,
                        const struct paper *paper)
{
    struct element one;

    element_one(&one);
    if (element_equal(&paper->credential, &one) || !element_member(group, &paper->credential)) {
        return false;
    }
    for (size_t i = 0; i < election->question_count; i++) {
        for (size_t j = 0; j < question_slots(&election->questions[i]); j++) {
            const struct ciphertext *slot = &paper->answers[i].slots[j];
            if (!element_member(group, &slot->alpha) || !element_member(group, &slot->beta)) {
                return false;
            }
        }
    }
    return true;
}

static bool bits_right(struct group *group, const char *signer, const struct election *election,
                       const struct question *question, const struct paper_answer *answer)
{
    bool right = true;

    for (size_t i = 0; right && i < question_slots(question); i++) {
        struct ciphertext branches[2];
        struct buf prefix;
        prefix_of_bit(group, signer, &answer->slots[i], &prefix);
        branches_of_bit(group, &answer->slots[i], branches);
        right = proof_or_check(group, buf_string(&prefix), &election->public_key, branches, 2,
                               answer->bits[i]);
        buf_release(&prefix);
    }
    return right;
}

static bool sum_right(struct group *group, const char *signer, const struct election *election,
                      const struct question *question, const struct paper_answer *answer)
{
    struct ciphertext branches[ANSWERS_MAX + 2];
    struct buf prefix;

    prefix_of_answer(group, question->blank ? "bproof1" : "prove", signer, question, answer,
                     &prefix);
    branches_of_sum(group, question, answer, branches);
    bool right = proof_or_check(group, buf_string(&prefix), &election->public_key, branches,
                                overall_count(question), answer->overall);
    buf_release(&prefix);
    return right;
}

static bool empty_right(struct group *group, const char *signer, const struct election *election,
                        const struct question *question, const struct paper_answer *answer)
{
    struct ciphertext branches[2];
    struct buf prefix;

    prefix_of_answer(group, "bproof0", signer, question, answer, &prefix);
    branches_of_empty(group, question, answer, branches);
    bool right = proof_or_check(group, buf_string(&prefix), &election->public_key, branches, 2,
                                answer->empty);
    buf_release(&prefix);
    return right;
}

static enum paper_fault check_proofs(struct group *group, const struct election *election,
                                     const struct paper *paper, const char *signer)
{
    for (size_t i = 0; i < election->question_count; i++) {
        const struct question *question = &election->questions[i];
        const struct paper_answer *answer = &paper->answers[i];
        if (!bits_right(group, signer, election, question, answer)) {
            return PAPER_BIT;
        }
        if (!sum_right(group, signer, election, question, answer)) {
            return PAPER_SUM;
        }
        if (question->blank && !empty_right(group, signer, election, question, answer)) {
            return PAPER_BLANK;
        }
    }
    return PAPER_RIGHT;
}

static bool signature_right(struct group *group, const struct paper *paper)
{
    char prefix[SIGNATURE_PREFIX];

    prefix_of_signature(paper, prefix);
    return proof_know_check(group, prefix, &paper->credential, &paper->signature);
}

/* Where the signature begins, by its key, which no number before it can hold. */
static const char *find_signature(const char *bytes, size_t n)
{
    static const char key[] = ",\"signature\":";

    return memmem(bytes, n, key, sizeof key - 1);
}

static enum paper_fault check(struct group *group, struct td_arena *arena,
                              const struct election *election, const char *bytes, size_t n,
                              struct paper *ret)
{
    struct scan scan = scan_of(group, arena, bytes, n);
    const char *at = find_signature(bytes, n), *reached = NULL;

    ret->answers = td_arena_alloc(arena, election->question_count, sizeof *ret->answers);
    if (ret->answers == NULL || !digest_base64(bytes, n, ret->tracker)) {
        return PAPER_MEMORY;
    }
    if (at == NULL) {
        return PAPER_FORM;
    }
    if (!hash_unsigned(bytes, (size_t)(at - bytes), ret->signed_hash)) {
        return PAPER_MEMORY;
    }
    enum paper_fault fault = scan_paper(&scan, election, ret, &reached);
    if (fault == PAPER_RIGHT && reached != at) {
        fault = PAPER_FORM;
    }
    if (fault == PAPER_RIGHT && !all_members(group, election, ret)) {
        fault = PAPER_ELEMENT;
    }
    if (fault == PAPER_RIGHT && !signature_right(group, ret)) {
        fault = PAPER_SIGNATURE;
    }
    if (fault == PAPER_RIGHT) {
        struct buf signer;
        signer_of(group, election, &ret->credential, &signer);
        fault = check_proofs(group, election, ret, buf_string(&signer));
        buf_release(&signer);
    }
    return fault;
}

enum paper_fault paper_read(struct group *group, struct td_arena *arena,
                            const struct election *election, const char *bytes, size_t n,
                            struct paper *ret)
{
    enum paper_fault fault = check(group, arena, election, bytes, n, ret);

    return group_ok(group) ? fault : PAPER_MEMORY;
}
