/*
 * What everybody may know of an election, copied out of its box: see hall.h.
 */
#include "ballot/hall_folder.h"

#include <stdlib.h>
#include <string.h>

#include "base/banned.h"

void hall_view_draft(const struct election *election, struct hall_view *ret)
{
    *ret = (struct hall_view){.uuid = election->uuid,
                              .name = election->name,
                              .description = election->description,
                              .questions = election->questions,
                              .question_count = election->question_count};
}

static const char *copy(struct td_arena *arena, const char *text)
{
    return td_arena_text(arena, text, strlen(text));
}

static bool copy_question(struct td_arena *arena, const struct question *from, struct question *to)
{
    *to = *from;
    to->text = copy(arena, from->text);
    to->answers = td_arena_alloc(arena, from->answer_count, sizeof *to->answers);
    for (size_t i = 0; to->answers != NULL && i < from->answer_count; i++) {
        to->answers[i] = copy(arena, from->answers[i]);
        if (to->answers[i] == NULL) {
            return false;
        }
    }
    return to->text != NULL && to->answers != NULL;
}

static bool copy_questions(struct td_arena *arena, const struct election *election,
                           struct hall_view *ret)
{
    struct question *questions = td_arena_alloc(arena, election->question_count, sizeof *questions);

    for (size_t i = 0; questions != NULL && i < election->question_count; i++) {
        if (!copy_question(arena, &election->questions[i], &questions[i])) {
            return false;
        }
    }
    ret->questions = questions;
    ret->question_count = election->question_count;
    return questions != NULL;
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Of the ballots that count. Sorted: the page is not to tell who came first. */
static bool copy_trackers(struct td_arena *arena, const struct ledger *ledger,
                          struct hall_view *ret)
{
    size_t count = 0;

    ret->trackers = td_arena_alloc(arena, ret->voter_count, sizeof *ret->trackers);
    for (size_t i = 0; ret->trackers != NULL && i < ledger->ballot_count; i++) {
        if (!ledger->ballots[i].is_replaced) {
            ret->trackers[count] = copy(arena, ledger->ballots[i].paper.tracker);
            if (ret->trackers[count++] == NULL) {
                return false;
            }
        }
    }
    if (ret->trackers != NULL) {
        qsort(ret->trackers, count, sizeof *ret->trackers, by_text);
    }
    return ret->trackers != NULL;
}

static bool copy_counts(struct td_arena *arena, const struct ledger *ledger, struct hall_view *ret)
{
    size_t n = election_slots(&ledger->election);

    if (ledger->counts == NULL || ledger->phase != LEDGER_FINISHED) {
        return true;
    }
    unsigned *counts = td_arena_alloc(arena, n, sizeof *counts);
    if (counts != NULL) {
        memcpy(counts, ledger->counts, n * sizeof *counts);
    }
    ret->counts = counts;
    return counts != NULL;
}

bool hall_view_of(const struct box *box, bool with_trackers, struct td_arena *arena,
                  struct hall_view *ret)
{
    const struct ledger *ledger = &box->ledger;
    const struct election *election = &ledger->election;
    bool *is_decrypted = td_arena_alloc(arena, TRUSTEES_MAX, sizeof *is_decrypted);

    *ret = (struct hall_view){.uuid = copy(arena, election->uuid),
                              .name = copy(arena, election->name),
                              .description = copy(arena, election->description),
                              .phase = ledger->phase,
                              .is_once = box->is_once,
                              .fingerprint = copy(arena, election->fingerprint),
                              .setup = copy(arena, ledger->setup),
                              .end = ledger->end[0] == '\0' ? NULL : copy(arena, ledger->end),
                              .card_count = ledger->credentials.count,
                              .voter_count = ledger_voters(ledger),
                              .trustee_count = ledger->trustees.count,
                              .is_decrypted = is_decrypted};
    if (is_decrypted == NULL || ret->uuid == NULL || ret->name == NULL ||
        ret->description == NULL || ret->fingerprint == NULL || ret->setup == NULL ||
        (ret->end == NULL && ledger->end[0] != '\0')) {
        return false;
    }
    memcpy(is_decrypted, ledger->is_decrypted, sizeof ledger->is_decrypted);
    return copy_questions(arena, election, ret) && copy_counts(arena, ledger, ret) &&
           (!with_trackers || copy_trackers(arena, ledger, ret));
}
