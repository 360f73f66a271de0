/*
 * Counting votes (MTG-5) and the quorum (MTG-2).
 */
#include "thidua/tally.h"
#include "base/wide.h"
#include "engine/engine.h"

#include "base/banned.h"

bool td_quorum_reached(struct td_fraction quorum, int32_t members, int32_t present)
{
    return (int64_t)present * quorum.den >= quorum.num * members;
}

static bool counted(int32_t number)
{
    return number != TD_NONE;
}

enum td_tally_fault td_vote_fault(const struct td_vote *vote, int32_t members, int32_t present)
{
    int32_t voters = counted(present) ? present : members;
    if (!counted(vote->valid) ||
        (vote->method == TD_VOTE_SECRET && (!counted(vote->issued) || !counted(vote->collected)))) {
        return TD_TALLY_NO_BASE;
    }
    int32_t missing = counted(vote->not_returned) ? vote->not_returned : 0;
    int32_t invalid = counted(vote->invalid) ? vote->invalid : 0;
    if (counted(vote->issued) && counted(vote->collected) &&
        vote->issued != vote->collected + missing) {
        return TD_TALLY_ISSUED;
    }
    if (counted(vote->collected) && vote->collected != vote->valid + invalid) {
        return TD_TALLY_COLLECTED;
    }
    if (vote->valid > voters || (counted(vote->issued) && vote->issued > voters)) {
        return TD_TALLY_TOO_MANY;
    }
    for (int32_t i = 0; i < vote->candidate_count; i++) {
        if (vote->votes[i] > vote->valid) {
            return TD_TALLY_TOO_MANY;
        }
    }
    return TD_TALLY_GOOD;
}

const char *tally_fault_text(enum td_tally_fault fault)
{
    switch (fault) {
    case TD_TALLY_NO_BASE:
        return TD_ID("the base of its percentages was not counted");
    case TD_TALLY_ISSUED:
        return TD_ID("ballots issued are not those collected and not returned");
    case TD_TALLY_COLLECTED:
        return TD_ID("ballots collected are not the valid and the invalid ones");
    case TD_TALLY_TOO_MANY:
        return TD_ID("there are more votes than voters");
    case TD_TALLY_NO_QUORUM:
    case TD_TALLY_GOOD:
    default:
        return TD_ID("the meeting had no quorum, or its attendance is not recorded");
    }
}

static int32_t base_of(const struct td_vote_rule *rule, const struct td_vote *vote, int32_t members,
                       int32_t present)
{
    switch (rule->base) {
    case TD_BASE_MEMBERS:
        return members;
    case TD_BASE_PRESENT:
        return present;
    case TD_BASE_ISSUED:
        return vote->issued;
    case TD_BASE_COLLECTED:
        return vote->collected;
    case TD_BASE_VALID:
    default:
        return vote->valid;
    }
}

/* The least whole number of votes that is (strictly more than, or at least) the majority. */
static int32_t votes_needed(const struct td_vote_rule *rule, int32_t base)
{
    int64_t share = rule->majority.num * base;
    int64_t whole = share / rule->majority.den;
    bool exact = share % rule->majority.den == 0;
    if (rule->strictly_more) {
        return (int32_t)(whole + 1);
    }
    return (int32_t)(exact ? whole : whole + 1);
}

/* Candidates with more votes than this one, among those who reached the majority. */
static int32_t ahead(const struct td_vote *vote, const struct td_tally *tally, int32_t candidate,
                     bool or_equal)
{
    int32_t count = 0;
    for (int32_t i = 0; i < vote->candidate_count; i++) {
        bool before = or_equal ? vote->votes[i] >= vote->votes[candidate]
                               : vote->votes[i] > vote->votes[candidate];
        count += tally->lines[i].reached && before;
    }
    return count;
}

static void elect(const struct td_vote *vote, int32_t seats, struct td_tally *tally)
{
    int32_t above = 0;
    for (int32_t i = 0; i < vote->candidate_count; i++) {
        struct td_tally_line *line = &tally->lines[i];
        if (!line->reached) {
            continue;
        }
        above = ahead(vote, tally, i, false);
        if (seats == TD_NONE || ahead(vote, tally, i, true) <= seats) {
            line->elected = true;
            tally->elected++;
        } else if (above < seats) {
            line->tied = true;
            tally->tied++;
            tally->seats_tied = seats - above;
        }
    }
}

int td_tally_vote(const struct td_vote_rule *rule, const struct td_vote *vote, int32_t members,
                  int32_t present, int32_t seats, struct td_arena *arena, struct td_tally **ret)
{
    struct td_tally *tally = td_arena_zeroed(arena, 1, sizeof(*tally));
    struct td_tally_line *lines =
        td_arena_zeroed(arena, (size_t)vote->candidate_count, sizeof(*lines));
    if (tally == NULL || lines == NULL) {
        return TD_E_MEMORY;
    }
    *ret = tally;
    tally->lines = lines;
    tally->fault = td_vote_fault(vote, members, present);
    if (tally->fault != TD_TALLY_GOOD) {
        return TD_OK;
    }
    tally->base = base_of(rule, vote, members, present);
    if (tally->base <= 0) {
        tally->fault = TD_TALLY_NO_BASE;
        return TD_OK;
    }
    tally->needed = votes_needed(rule, tally->base);
    for (int32_t i = 0; i < vote->candidate_count; i++) {
        int64_t hundredths = 0;
        PROVED(wide_divide(wide_product(vote->votes[i], 10000), tally->base, TD_ROUND_HALF_UP,
                           &hundredths));
        lines[i].percent = (struct td_decimal){.units = hundredths, .decimals = 2};
        lines[i].reached = vote->votes[i] >= tally->needed && vote->votes[i] > 0;
    }
    elect(vote, seats, tally);
    return TD_OK;
}
