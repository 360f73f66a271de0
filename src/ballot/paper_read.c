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

/* What checking one ballot needs. */
struct checking {
    struct group *group;
    const struct election *election;
    const char *signer;
    struct ciphertext sum; /* of the answer */
    struct ciphertext_bases first_bases, slot_bases, sum_bases;
};

/* Each slot is in the group and 0 or 1. Of the slot for blank, the first, more is to be proved. */
static enum paper_fault check_slots(struct checking *checking, const struct question *question,
                                    const struct paper_answer *answer)
{
    struct group *group = checking->group;

    for (size_t i = 0; i < question_slots(question); i++) {
        struct ciphertext_bases *bases = i == 0 ? &checking->first_bases : &checking->slot_bases;
        struct claim slot = {&answer->slots[i], bases, 0}, claims[2];
        struct buf prefix;
        ciphertext_bases_set(group, slot.of, bases);
        if (!ciphertext_bases_member(group, bases)) {
            return PAPER_ELEMENT;
        }
        prefix_of_bit(group, checking->signer, slot.of, &prefix);
        claims_of_bit(slot, claims);
        bool right = proof_or_check(group, buf_string(&prefix), &checking->election->public_key,
                                    claims, 2, answer->bits[i]);
        buf_release(&prefix);
        if (!right) {
            return PAPER_BIT;
        }
    }
    return PAPER_RIGHT;
}

static bool sum_right(struct checking *checking, const struct question *question,
                      const struct paper_answer *answer, struct claim blank, struct claim sum)
{
    struct claim claims[ANSWERS_MAX + 2];
    struct buf prefix;

    prefix_of_answer(checking->group, question->blank ? "bproof1" : "prove", checking->signer,
                     question, answer, &prefix);
    claims_of_sum(question, blank, sum, claims);
    bool right =
        proof_or_check(checking->group, buf_string(&prefix), &checking->election->public_key,
                       claims, overall_count(question), answer->overall);
    buf_release(&prefix);
    return right;
}

static bool empty_right(struct checking *checking, const struct question *question,
                        const struct paper_answer *answer, struct claim blank, struct claim sum)
{
    struct claim claims[2];
    struct buf prefix;

    prefix_of_answer(checking->group, "bproof0", checking->signer, question, answer, &prefix);
    claims_of_empty(blank, sum, claims);
    bool right = proof_or_check(checking->group, buf_string(&prefix),
                                &checking->election->public_key, claims, 2, answer->empty);
    buf_release(&prefix);
    return right;
}

static enum paper_fault check_answer(struct checking *checking, const struct question *question,
                                     const struct paper_answer *answer)
{
    struct claim blank = {&answer->slots[0], &checking->first_bases, 0};
    struct claim sum = {&checking->sum, &checking->sum_bases, 0};
    enum paper_fault fault = check_slots(checking, question, answer);

    if (fault != PAPER_RIGHT) {
        return fault;
    }
    sum_of_answer(checking->group, question, answer, &checking->sum);
    ciphertext_bases_set(checking->group, &checking->sum, &checking->sum_bases);
    if (!sum_right(checking, question, answer, blank, sum)) {
        return PAPER_SUM;
    }
    if (question->blank && !empty_right(checking, question, answer, blank, sum)) {
        return PAPER_BLANK;
    }
    return PAPER_RIGHT;
}

static enum paper_fault check_answers(struct group *group, const struct election *election,
                                      const struct paper *paper)
{
    struct checking checking = {.group = group, .election = election};
    enum paper_fault fault = PAPER_RIGHT;
    struct buf signer;

    signer_of(group, election, &paper->credential, &signer);
    checking.signer = buf_string(&signer);
    bool ready = ciphertext_bases_init(&checking.first_bases);
    ready &= ciphertext_bases_init(&checking.slot_bases);
    ready &= ciphertext_bases_init(&checking.sum_bases);
    if (!ready) {
        fault = PAPER_MEMORY;
    }
    for (size_t i = 0; fault == PAPER_RIGHT && i < election->question_count; i++) {
        fault = check_answer(&checking, &election->questions[i], &paper->answers[i]);
    }
    ciphertext_bases_release(&checking.first_bases);
    ciphertext_bases_release(&checking.slot_bases);
    ciphertext_bases_release(&checking.sum_bases);
    buf_release(&signer);
    return fault;
}

static bool credential_right(struct group *group, const struct paper *paper)
{
    struct element one;

    element_one(&one);
    return !element_equal(&paper->credential, &one) && element_member(group, &paper->credential);
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
                              const struct election *election, const struct credentials *listed,
                              const char *bytes, size_t n, struct paper *ret)
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
    if (fault == PAPER_RIGHT && listed != NULL &&
        !credentials_hold(listed, &ret->credential, NULL)) {
        fault = PAPER_STRANGER;
    }
    if (fault == PAPER_RIGHT && !credential_right(group, ret)) {
        fault = PAPER_ELEMENT;
    }
    if (fault == PAPER_RIGHT && !signature_right(group, ret)) {
        fault = PAPER_SIGNATURE;
    }
    /* What no card of the list signed is refused before the long computation. */
    if (fault == PAPER_RIGHT) {
        fault = check_answers(group, election, ret);
    }
    return fault;
}

enum paper_fault paper_read(struct group *group, struct td_arena *arena,
                            const struct election *election, const struct credentials *listed,
                            const char *bytes, size_t n, struct paper *ret)
{
    enum paper_fault fault = check(group, arena, election, listed, bytes, n, ret);

    return group_ok(group) ? fault : PAPER_MEMORY;
}
