/*
 * Counting votes (MTG-5): who is elected, by which majority of which base, with percentages to two
 * decimals, half up.
 */
#ifndef THIDUA_TALLY_H
#define THIDUA_TALLY_H

#include "thidua/year.h"

enum td_tally_fault {
    TD_TALLY_GOOD,
    TD_TALLY_NO_BASE,   /* the base of the percentages was not counted */
    TD_TALLY_ISSUED,    /* issued is not collected + not returned */
    TD_TALLY_COLLECTED, /* collected is not valid + invalid */
    TD_TALLY_TOO_MANY,  /* a candidate has more votes than there are valid ones, or issued more
                                than there are voters */
    TD_TALLY_NO_QUORUM, /* fewer members present than the meeting needs */
};

struct td_tally_line {
    struct td_decimal percent; /* of the base, two decimals */
    bool reached;              /* the majority */
    bool elected;
    bool tied; /* equal votes at the last seat: not elected, nor refused */
};

struct td_tally {
    enum td_tally_fault fault;
    int32_t base;   /* 100 percent */
    int32_t needed; /* the least number of votes that reaches the majority */
    int32_t elected, tied;
    int32_t seats_tied;          /* seats that the tied ones compete for */
    struct td_tally_line *lines; /* by candidate */
};

/* Do `counts` of a vote add up? members: of the bloc; present: at the meeting, or TD_NONE. */
enum td_tally_fault td_vote_fault(const struct td_vote *vote, int32_t members, int32_t present);

/* Elect at most `seats` (TD_NONE: all who reach the majority). TD_OK or TD_E_MEMORY; what is wrong
 * with the counts is ret->fault, and then nobody is elected. */
int td_tally_vote(const struct td_vote_rule *rule, const struct td_vote *vote, int32_t members,
                  int32_t present, int32_t seats, struct td_arena *arena, struct td_tally **ret)
    TD_MUST_CHECK __attribute__((nonnull));

/* MTG-2: does `present` of `members` reach the quorum? A quorum of {0,1} always is. */
bool td_quorum_reached(struct td_fraction quorum, int32_t members, int32_t present);

#endif
