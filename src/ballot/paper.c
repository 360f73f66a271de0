/*
 * What the maker and the checker of a ballot agree on: what is proved, and about which text.
 */
#include "ballot/paper.h"

#include <stdio.h>

#include "base/banned.h"

#define NUMBER_MAX ((size_t)ELEMENT_DIGITS + 1)

struct td_message paper_words(enum paper_fault fault)
{
    switch (fault) {
    case PAPER_RIGHT:
        break;
    case PAPER_FOREIGN:
        return TD_WORDS("the ballot is for another election");
    case PAPER_FORM:
        return TD_WORDS("this is not the text of a ballot");
    case PAPER_STRANGER:
        return TD_WORDS("the ballot's card is not one of this election");
    case PAPER_ELEMENT:
        return TD_WORDS("a number in the ballot is not one of the group");
    case PAPER_SIGNATURE:
        return TD_WORDS("the ballot is not signed with the card that it names");
    case PAPER_BIT:
        return TD_WORDS("a choice is not proved to be yes or no");
    case PAPER_SUM:
        return TD_WORDS("the number of choices is not proved to be allowed");
    case PAPER_BLANK:
        return TD_WORDS("it is not proved that the answer is either blank or not");
    case PAPER_MEMORY:
        return TD_WORDS("there is no memory to check the ballot");
    }
    return (struct td_message){0};
}

size_t overall_count(const struct question *question)
{
    return question->max - question->min + 1 + (question->blank ? 1 : 0);
}

bool paper_answer_init(struct td_arena *arena, const struct question *question,
                       struct paper_answer *ret)
{
    size_t n = question_slots(question);

    ret->slots = td_arena_alloc(arena, n, sizeof *ret->slots);
    ret->bits = td_arena_alloc(arena, n, sizeof *ret->bits);
    ret->overall = td_arena_alloc(arena, overall_count(question), sizeof *ret->overall);
    return ret->slots != NULL && ret->bits != NULL && ret->overall != NULL;
}

void signer_of(struct group *group, const struct election *election,
               const struct element *credential, struct buf *ret)
{
    buf_init(ret, DIGEST_BASE64 + NUMBER_MAX);
    buf_text(ret, election->fingerprint);
    buf_char(ret, '|');
    element_write(group, credential, ret);
    if (!buf_ok(ret)) {
        group_fail(group);
    }
}

static void add_slot(struct group *group, const struct ciphertext *slot, struct buf *to)
{
    element_write(group, &slot->alpha, to);
    buf_char(to, ',');
    element_write(group, &slot->beta, to);
}

void prefix_of_bit(struct group *group, const char *signer, const struct ciphertext *slot,
                   struct buf *ret)
{
    buf_init(ret, 4 * NUMBER_MAX);
    buf_printf(ret, "prove|%s|", signer);
    add_slot(group, slot, ret);
    buf_char(ret, '|');
    if (!buf_ok(ret)) {
        group_fail(group);
    }
}

void sum_of_answer(struct group *group, const struct question *question,
                   const struct paper_answer *answer, struct ciphertext *ret)
{
    element_one(&ret->alpha);
    element_one(&ret->beta);
    for (size_t i = question->blank ? 1 : 0; i < question_slots(question); i++) {
        group_multiply(group, &ret->alpha, &answer->slots[i].alpha, &ret->alpha);
        group_multiply(group, &ret->beta, &answer->slots[i].beta, &ret->beta);
    }
}

void prefix_of_answer(struct group *group, const char *kind, const char *signer,
                      const struct question *question, const struct paper_answer *answer,
                      struct buf *ret)
{
    size_t n = question_slots(question);

    buf_init(ret, (2 * n + 6) * NUMBER_MAX);
    buf_printf(ret, "%s|%s|", kind, signer);
    for (size_t i = 0; i < n; i++) {
        if (i > 0) {
            buf_char(ret, ',');
        }
        add_slot(group, &answer->slots[i], ret);
    }
    buf_char(ret, '|');
    if (!question->blank) {
        /* The protocol names the sum only where it is the only statement. */
        struct ciphertext sum;
        sum_of_answer(group, question, answer, &sum);
        add_slot(group, &sum, ret);
        buf_char(ret, '|');
    }
    if (!buf_ok(ret)) {
        group_fail(group);
    }
}

bool hash_unsigned(const char *bytes, size_t n, char ret[static DIGEST_BASE64])
{
    struct buf text;

    buf_init(&text, n + 1);
    buf_add(&text, bytes, n);
    buf_char(&text, '}');
    bool done = buf_ok(&text) && digest_base64(buf_string(&text), buf_length(&text), ret);
    buf_release(&text);
    return done;
}

void prefix_of_signature(const struct paper *paper, char ret[static SIGNATURE_PREFIX])
{
    (void)snprintf(ret, SIGNATURE_PREFIX, "sig|%s|", paper->signed_hash);
}

static struct claim claim_that(struct claim claim, unsigned m)
{
    claim.m = m;
    return claim;
}

void claims_of_bit(struct claim slot, struct claim ret[static 2])
{
    ret[0] = claim_that(slot, 0);
    ret[1] = claim_that(slot, 1);
}

void claims_of_sum(const struct question *question, struct claim blank, struct claim sum,
                   struct claim *ret)
{
    if (question->blank) {
        *ret++ = claim_that(blank, 1);
    }
    for (unsigned m = question->min; m <= question->max; m++) {
        *ret++ = claim_that(sum, m);
    }
}

void claims_of_empty(struct claim blank, struct claim sum, struct claim ret[static 2])
{
    ret[0] = claim_that(blank, 0);
    ret[1] = claim_that(sum, 0);
}
