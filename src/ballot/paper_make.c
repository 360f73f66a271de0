/*
 * Making a ballot. The choices are secret: no branch and no place in memory depends on them.
 */
#include "ballot/paper.h"

#include <string.h>

#include "base/banned.h"

bool choices_valid(const struct election *election, const bool *choices)
{
    bool valid = true;

    for (size_t i = 0; i < election->question_count; i++) {
        const struct question *question = &election->questions[i];
        size_t n = question_slots(question), sum = 0;
        bool blank = question->blank && choices[0];
        for (size_t j = question->blank ? 1 : 0; j < n; j++) {
            sum += choices[j];
        }
        bool allowed = (sum >= question->min) & (sum <= question->max);
        valid &= (blank & (sum == 0)) | (!blank & allowed);
        choices += n;
    }
    return valid;
}

/* What making one answer needs to know and to keep, the secrets first. */
struct making {
    struct scalar nonces[ANSWERS_MAX + 1];
    struct scalar sum_nonce; /* of the sum of the answers */
    size_t sum;              /* how many answers are chosen */
    bool blank;
    struct group *group;
    const struct election *election;
    const char *signer;
};

static void encrypt(struct making *making, const struct scalar *nonce, bool chosen,
                    struct ciphertext *ret)
{
    struct group *group = making->group;
    struct element g, power, product;

    group_generator(group, &g);
    group_raise_secret(group, nonce, &ret->alpha);
    group_power_secret(group, &making->election->public_key, nonce, &power);
    /* To multiply by 1 would take less time than by g. */
    group_multiply(group, &power, &g, &product);
    element_select(&power, &product, chosen, &ret->beta);
    explicit_bzero(&power, sizeof power);
    explicit_bzero(&product, sizeof product);
}

static void make_slots(struct making *making, const struct question *question, const bool *choices,
                       struct paper_answer *answer)
{
    making->sum = 0;
    making->blank = question->blank && choices[0];
    scalar_small(0, &making->sum_nonce);
    for (size_t i = 0; i < question_slots(question); i++) {
        struct scalar *nonce = &making->nonces[i];
        struct claim claims[2];
        struct buf prefix;
        scalar_random(making->group, nonce);
        encrypt(making, nonce, choices[i], &answer->slots[i]);
        prefix_of_bit(making->group, making->signer, &answer->slots[i], &prefix);
        claims_of_bit((struct claim){.of = &answer->slots[i]}, claims);
        proof_or_make(making->group, buf_string(&prefix), &making->election->public_key, claims, 2,
                      (size_t)choices[i], nonce, answer->bits[i]);
        buf_release(&prefix);
        if (i > 0 || !question->blank) {
            scalar_add(&making->sum_nonce, nonce, &making->sum_nonce);
            making->sum += choices[i];
        }
    }
}

/* One of the allowed sums, or blank. */
static void make_sum(struct making *making, const struct question *question,
                     struct paper_answer *answer)
{
    struct claim claims[ANSWERS_MAX + 2];
    struct ciphertext sum;
    struct scalar nonce;
    struct buf prefix;
    size_t for_blank = question->blank ? 1 : 0;
    /* With blank the sum is 0 and the true branch the first. */
    size_t truth = (for_blank + making->sum - question->min) & ((size_t)making->blank - 1);

    scalar_select(&making->sum_nonce, &making->nonces[0], making->blank, &nonce);
    prefix_of_answer(making->group, question->blank ? "bproof1" : "prove", making->signer, question,
                     answer, &prefix);
    sum_of_answer(making->group, question, answer, &sum);
    claims_of_sum(question, (struct claim){.of = &answer->slots[0]}, (struct claim){.of = &sum},
                  claims);
    proof_or_make(making->group, buf_string(&prefix), &making->election->public_key, claims,
                  overall_count(question), truth, &nonce, answer->overall);
    buf_release(&prefix);
    scalar_wipe(&nonce);
}

/* Not blank, or nothing chosen. */
static void make_empty(struct making *making, const struct question *question,
                       struct paper_answer *answer)
{
    struct claim claims[2];
    struct ciphertext sum;
    struct scalar nonce;
    struct buf prefix;

    scalar_select(&making->nonces[0], &making->sum_nonce, making->blank, &nonce);
    prefix_of_answer(making->group, "bproof0", making->signer, question, answer, &prefix);
    sum_of_answer(making->group, question, answer, &sum);
    claims_of_empty((struct claim){.of = &answer->slots[0]}, (struct claim){.of = &sum}, claims);
    proof_or_make(making->group, buf_string(&prefix), &making->election->public_key, claims, 2,
                  (size_t)making->blank, &nonce, answer->empty);
    buf_release(&prefix);
    scalar_wipe(&nonce);
}

/* ---- as text --------------------------------------------------------------------------------- */

static void write_proofs(const struct proof *proofs, size_t n, struct buf *to)
{
    for (size_t i = 0; i < n; i++) {
        buf_text(to, i == 0 ? "[" : ",");
        proof_write(&proofs[i], to);
    }
    buf_char(to, ']');
}

static void write_answer(struct group *group, const struct question *question,
                         const struct paper_answer *answer, struct buf *to)
{
    size_t n = question_slots(question);

    for (size_t i = 0; i < n; i++) {
        buf_text(to, i == 0 ? "{\"choices\":[" : ",");
        ciphertext_write(group, &answer->slots[i], to);
    }
    for (size_t i = 0; i < n; i++) {
        buf_text(to, i == 0 ? "],\"individual_proofs\":[" : ",");
        write_proofs(answer->bits[i], 2, to);
    }
    buf_text(to, "],\"overall_proof\":");
    write_proofs(answer->overall, overall_count(question), to);
    if (question->blank) {
        buf_text(to, ",\"blank_proof\":");
        write_proofs(answer->empty, 2, to);
    }
    buf_char(to, '}');
}

/* Up to the signature. */
static void write_unsigned(struct group *group, const struct election *election,
                           const struct paper *paper, struct buf *to)
{
    buf_printf(to, "{\"election_uuid\":\"%s\",\"election_hash\":\"%s\",\"credential\":\"",
               election->uuid, election->fingerprint);
    element_write(group, &paper->credential, to);
    buf_char(to, '"');
    for (size_t i = 0; i < election->question_count; i++) {
        buf_text(to, i == 0 ? ",\"answers\":[" : ",");
        write_answer(group, &election->questions[i], &paper->answers[i], to);
    }
    buf_char(to, ']');
}

/* Sign what is in `to`, which the signature is added to. */
static bool sign(struct group *group, const struct scalar *card, struct paper *paper,
                 struct buf *to)
{
    char prefix[SIGNATURE_PREFIX];

    if (!hash_unsigned(buf_string(to), buf_length(to), paper->signed_hash)) {
        return false;
    }
    prefix_of_signature(paper, prefix);
    proof_know_make(group, prefix, card, &paper->signature);
    buf_printf(to, ",\"signature\":{\"hash\":\"%s\",\"proof\":", paper->signed_hash);
    proof_write(&paper->signature, to);
    buf_text(to, "}}");
    return buf_ok(to);
}

static bool make_answers(struct td_arena *arena, struct making *making, const bool *choices,
                         struct paper *paper)
{
    const struct election *election = making->election;

    paper->answers = td_arena_alloc(arena, election->question_count, sizeof *paper->answers);
    if (paper->answers == NULL) {
        return false;
    }
    for (size_t i = 0; i < election->question_count; i++) {
        const struct question *question = &election->questions[i];
        struct paper_answer *answer = &paper->answers[i];
        if (!paper_answer_init(arena, question, answer)) {
            return false;
        }
        make_slots(making, question, choices, answer);
        make_sum(making, question, answer);
        if (question->blank) {
            make_empty(making, question, answer);
        }
        choices += question_slots(question);
    }
    return true;
}

int paper_make(struct group *group, struct td_arena *arena, const struct election *election,
               const struct scalar *card, const bool *choices, struct buf *to,
               char ret_tracker[static DIGEST_BASE64])
{
    struct paper paper;
    struct making making = {.group = group, .election = election};
    struct buf signer;

    buf_clear(to);
    group_raise_secret(group, card, &paper.credential);
    signer_of(group, election, &paper.credential, &signer);
    making.signer = buf_string(&signer);
    bool done = make_answers(arena, &making, choices, &paper);
    explicit_bzero(&making, sizeof making);
    buf_release(&signer);
    if (done) {
        write_unsigned(group, election, &paper, to);
        done = buf_ok(to) && sign(group, card, &paper, to) &&
               digest_base64(buf_string(to), buf_length(to), ret_tracker);
    }
    return done && group_ok(group) ? TD_OK : TD_E_MEMORY;
}
