/*
 * The encrypted sum: see tally.h.
 */
#include "ballot/tally.h"

#include "base/banned.h"

bool tally_init(struct td_arena *arena, const struct election *election, struct tally *ret)
{
    size_t n = election_slots(election);

    *ret = (struct tally){td_arena_alloc(arena, n, sizeof *ret->slots), 0};
    for (size_t i = 0; ret->slots != NULL && i < n; i++) {
        element_one(&ret->slots[i].alpha);
        element_one(&ret->slots[i].beta);
    }
    return ret->slots != NULL;
}

void tally_add(struct group *group, const struct election *election, const struct paper *paper,
               struct tally *tally)
{
    struct ciphertext *sum = tally->slots;

    for (size_t i = 0; i < election->question_count; i++) {
        for (size_t j = 0; j < question_slots(&election->questions[i]); j++, sum++) {
            const struct ciphertext *slot = &paper->answers[i].slots[j];
            group_multiply(group, &sum->alpha, &slot->alpha, &sum->alpha);
            group_multiply(group, &sum->beta, &slot->beta, &sum->beta);
        }
    }
    tally->count++;
}

void tally_write(struct group *group, const struct election *election, const struct tally *tally,
                 struct buf *to)
{
    const struct ciphertext *sum = tally->slots;

    for (size_t i = 0; i < election->question_count; i++) {
        buf_text(to, i == 0 ? "[[" : ",[");
        for (size_t j = 0; j < question_slots(&election->questions[i]); j++) {
            if (j > 0) {
                buf_char(to, ',');
            }
            ciphertext_write(group, sum++, to);
        }
        buf_char(to, ']');
    }
    buf_char(to, ']');
}
