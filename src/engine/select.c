/*
 * Who is proposed for what (AWD-1..5, AWD-7): from the highest score down to each quota, by the
 * conference's vote, or by a body's pick. Where something open could change an answer the selection
 * stops and says what it waits for.
 */
#include "base/wide.h"
#include "engine/engine.h"

#include "base/banned.h"

struct selecting {
    struct run *run;
    int32_t *taken;      /* [unit]: its award by score, or TD_NONE */
    int32_t *levels;     /* [unit]: levels by which it is still to be lowered */
    int32_t *contenders; /* room for a group of equal units */
    bool *won;           /* [unit]: elected in the vote on a tie */
    int32_t last_scored; /* the lowest award by score, or TD_NONE */
};

static const struct td_award *award_of(const struct selecting *s, int32_t award)
{
    return &s->run->regulation->awards[award];
}

static struct td_open *open_award(struct selecting *s, enum td_open_kind kind, int32_t award,
                                  struct td_message text)
{
    struct td_open *open = run_open(s->run, kind, text);
    open->award = award;
    open->clause = award_of(s, award)->clause;
    return open;
}

enum truth award_qualified(const struct run *run, int32_t unit, int32_t award)
{
    const struct td_award *a = &run->regulation->awards[award];
    const struct td_selection *selection = &run->regulation->selection;
    const struct td_unit_result *result = &run->result->units[unit];
    if ((selection->has_least && !reaches(run->regulation, result, selection->least, false)) ||
        (a->has_least && !reaches(run->regulation, result, a->least, a->least_is_percent))) {
        return TRUTH_NO;
    }
    return a->when == NULL ? TRUTH_YES : condition_truth(run, a->when, unit);
}

static void propose(struct selecting *s, int32_t award, int32_t unit, bool by_vote)
{
    struct td_result *result = s->run->result;
    result->proposals[result->proposal_count++] =
        (struct td_proposal){.award = award, .unit = unit, .by_vote = by_vote};
}

static bool proposed(const struct td_result *result, int32_t award, int32_t unit)
{
    for (int32_t i = 0; i < result->proposal_count; i++) {
        if (result->proposals[i].award == award && result->proposals[i].unit == unit) {
            return true;
        }
    }
    return false;
}

/* ---- quotas ---------------------------------------------------------------------------------- */

static int32_t used_seats(const struct selecting *s, uint32_t awards)
{
    const struct td_result *result = s->run->result;
    int32_t used = 0;
    for (int32_t i = 0; i < result->proposal_count; i++) {
        used += (int32_t)(awards >> result->proposals[i].award & 1);
    }
    return used;
}

/* AWD-2. TD_NONE when the authority has not allotted the quota yet. */
static int32_t open_seats(const struct selecting *s, int32_t award)
{
    const struct td_award *a = award_of(s, award);
    const struct td_year *year = s->run->year;
    int64_t seats = TD_NONE;
    if (a->quota == TD_QUOTA_UNLIMITED) {
        return INT32_MAX;
    }
    if (a->quota == TD_QUOTA_SEATS) {
        seats = a->seats;
    } else if (a->quota == TD_QUOTA_SHARE) {
        PROVED(wide_divide(wide_product(a->share.num, year->member_count), a->share.den,
                           a->share_round, &seats));
    } else {
        for (int32_t i = 0; i < year->quota_count; i++) {
            seats = year->quotas[i].award == award ? year->quotas[i].seats : seats;
        }
        if (seats == TD_NONE) {
            return TD_NONE;
        }
    }
    int64_t left = seats - used_seats(s, a->counts);
    return left > 0 ? (int32_t)left : 0;
}

static void open_quota(struct selecting *s, int32_t award)
{
    open_award(s, TD_OPEN_QUOTA, award,
               TD_MESSAGE("The authority has not allotted the quota for “{0}”",
                          TD_TEXT(award_of(s, award)->title)));
}

/* ---- votes ----------------------------------------------------------------------------------- */

static bool same_units(const struct td_vote *vote, const int32_t *units, int32_t count)
{
    if (vote->candidate_count != count) {
        return false;
    }
    for (int32_t i = 0; i < count; i++) {
        bool found = false;
        for (int32_t k = 0; k < count; k++) {
            found = found || vote->candidates[k] == units[i];
        }
        if (!found) {
            return false;
        }
    }
    return true;
}

/* The last recorded vote on an award; about a tie only between just these units. */
static const struct td_vote *find_vote(const struct selecting *s, enum td_vote_about about,
                                       int32_t award, const int32_t *units, int32_t count)
{
    const struct td_year *year = s->run->year;
    for (int32_t i = year->vote_count - 1; i >= 0; i--) {
        const struct td_vote *vote = &year->votes[i];
        if (vote->about == about && vote->award == award &&
            (about == TD_VOTE_HONOUR || same_units(vote, units, count))) {
            return vote;
        }
    }
    return NULL;
}

/* Count a vote; one that doesn't count is recorded as open. NULL then, and when memory is out. */
static struct td_tally *count_vote(struct selecting *s, const struct td_vote_rule *rule,
                                   const struct td_vote *vote, int32_t seats)
{
    const struct td_year *year = s->run->year;
    struct td_tally *tally = NULL;
    int32_t present = TD_NONE;
    enum td_tally_fault fault = TD_TALLY_GOOD;
    if (vote->meeting != TD_NONE) {
        const struct td_meeting_held *held = &year->meetings[vote->meeting];
        struct td_fraction quorum = s->run->regulation->meetings[held->meeting].quorum;
        present = held->present_count;
        if (quorum.num > 0 &&
            (present == TD_NONE || !td_quorum_reached(quorum, year->member_count, present))) {
            fault = TD_TALLY_NO_QUORUM;
        }
    }
    if (fault == TD_TALLY_GOOD) {
        if (td_tally_vote(rule, vote, year->member_count, present, seats, s->run->arena, &tally) <
            0) {
            s->run->full = true;
            return NULL;
        }
        fault = tally->fault;
    }
    if (fault != TD_TALLY_GOOD) {
        open_award(s, TD_OPEN_VOTE, vote->award,
                   TD_MESSAGE("The vote on “{0}” does not count: {1}",
                              TD_TEXT(award_of(s, vote->award)->title),
                              TD_TERM(tally_fault_text(fault))));
        return NULL;
    }
    return tally;
}

static void add_tie(struct selecting *s, int32_t award, const int32_t *units, int32_t count,
                    int32_t seats)
{
    struct td_result *result = s->run->result;
    int32_t *tied = run_alloc(s->run, (size_t)count, sizeof(*tied));
    if (tied == NULL) {
        return;
    }
    for (int32_t i = 0; i < count; i++) {
        tied[i] = units[i];
    }
    result->ties[result->tie_count++] =
        (struct td_tie){.award = award, .seats = seats, .units = tied, .unit_count = count};
    open_award(s, TD_OPEN_TIE, award,
               TD_MESSAGE("{0} units are equal for {1} seats of “{2}”: a vote decides",
                          TD_COUNT(count), TD_COUNT(seats), TD_TEXT(award_of(s, award)->title)));
}

/* Put equal units to the vote that was recorded for them, and those who are equal again to the
 * run-off. Who is elected is marked in s->won. Answers whether the seats are settled; otherwise the
 * tie that is left has been added. Reorders units. */
static bool settle_tie(struct selecting *s, int32_t award, int32_t *units, int32_t count,
                       int32_t seats)
{
    while (seats > 0) {
        const struct td_vote *vote = find_vote(s, TD_VOTE_TIE, award, units, count);
        struct td_tally *tally = NULL;
        if (vote != NULL) {
            tally = count_vote(s, &s->run->regulation->tie_vote, vote, seats);
        }
        int32_t left = tally == NULL ? count : 0;
        for (int32_t i = 0; tally != NULL && i < count; i++) {
            int32_t at = 0; /* find_vote has seen to it that the candidates are just these units */
            while (at < count - 1 && vote->candidates[at] != units[i]) {
                at++;
            }
            const struct td_tally_line *line = &tally->lines[at];
            s->won[units[i]] = line->elected;
            /* Equal again at the last seat, or without a majority: they stay in the tie. */
            if (!line->elected && (tally->tied == 0 || line->tied)) {
                units[left++] = units[i];
            }
        }
        if (left == count) {
            add_tie(s, award, units, count, seats);
            return false;
        }
        seats -= tally->elected;
        count = left;
    }
    return true;
}

/* ---- from the highest score down ------------------------------------------------------------- */

static void wait_for(struct selecting *s, int32_t award, int32_t unit)
{
    struct run *run = s->run;
    const struct td_award *a = award_of(s, award);
    if (a->when != NULL) {
        open_facts(run, a->when, unit, a->clause);
    }
    open_award(s, TD_OPEN_SELECTION, award,
               TD_MESSAGE("The selection for “{0}” waits for what is not known of {1}",
                          TD_TEXT(a->title), TD_TEXT(run->year->members[unit].name)))
        ->unit = unit;
}

/* ELI-3: a lowered unit that a seat would fall to gives it up, and goes one award down. */
static bool gives_up(struct selecting *s, int32_t award, int32_t unit)
{
    bool kept = award == s->last_scored && s->run->regulation->selection.floor_lowest;
    if (s->levels[unit] == 0 || kept) {
        return false;
    }
    s->levels[unit]--;
    add_reason(s->run, unit,
               (struct td_reason){.outcome = TD_LOWERED,
                                  .text = TD_MESSAGE("a seat for “{0}” was given up",
                                                     TD_TEXT(award_of(s, award)->title)),
                                  .clause = s->run->regulation->selection.clause});
    return true;
}

/* May the unit compete for the award: by its outcome, and by its score and condition? */
static enum truth may_compete(const struct selecting *s, int32_t award, int32_t unit)
{
    enum td_outcome outcome = s->run->result->units[unit].outcome;
    if (s->taken[unit] != TD_NONE ||
        (outcome != TD_ELIGIBLE && outcome != TD_LOWERED && outcome != TD_PENDING)) {
        return TRUTH_NO;
    }
    enum truth qualified = award_qualified(s->run, unit, award);
    return outcome == TD_PENDING && qualified == TRUTH_YES ? TRUTH_UNKNOWN : qualified;
}

/* Those of order[from..to), equal in score, that compete for a seat. TD_NONE when that is not known
 * of one yet: the selection then waits. */
static int32_t gather(struct selecting *s, int32_t award, int32_t from, int32_t to)
{
    const struct td_result *result = s->run->result;
    int32_t count = 0;
    bool waits = false;
    for (int32_t i = from; i < to; i++) {
        if (may_compete(s, award, result->order[i]) == TRUTH_UNKNOWN) {
            wait_for(s, award, result->order[i]);
            waits = true;
        }
    }
    for (int32_t i = from; !waits && i < to; i++) {
        int32_t unit = result->order[i];
        if (may_compete(s, award, unit) == TRUTH_YES && !gives_up(s, award, unit)) {
            s->contenders[count++] = unit;
        }
    }
    return waits ? TD_NONE : count;
}

static void take(struct selecting *s, int32_t award, int32_t unit, bool by_vote)
{
    s->taken[unit] = award;
    propose(s, award, unit, by_vote);
}

/* AWD-7: among equals those with the priority grade stand first. Moves them to the front of the
 * contenders and answers how many they are; TD_NONE when a fact is missing. */
static int32_t priority_first(struct selecting *s, int32_t count)
{
    const struct td_selection *selection = &s->run->regulation->selection;
    struct td_condition has = {
        .test = TD_TEST_IS,
        .fact = selection->priority_fact,
        .grade = selection->priority_grade,
    };
    int32_t first = 0;
    bool known = true;
    if (selection->priority_fact == TD_NONE) {
        return 0;
    }
    for (int32_t i = 0; i < count; i++) {
        int32_t unit = s->contenders[i];
        enum truth truth = condition_truth(s->run, &has, unit);
        if (truth == TRUTH_UNKNOWN) {
            open_facts(s->run, &has, unit, selection->priority_clause);
            known = false;
        } else if (truth == TRUTH_YES) {
            for (int32_t k = i; k > first; k--) {
                s->contenders[k] = s->contenders[k - 1];
            }
            s->contenders[first++] = unit;
        }
    }
    return known ? first : TD_NONE;
}

/* More equal units than seats. Answers whether all seats are settled. */
static bool contest(struct selecting *s, int32_t award, int32_t count, int32_t seats)
{
    int32_t first = priority_first(s, count);
    int32_t begin = 0;
    if (first > seats) {
        count = first;
    } else if (first > 0) {
        for (int32_t i = 0; i < first; i++) {
            take(s, award, s->contenders[i], false);
        }
        begin = first;
        count -= first;
        seats -= first;
    }
    if (seats == 0) {
        return true;
    }
    int32_t *units = run_alloc(s->run, (size_t)count, sizeof(*units));
    if (units == NULL) {
        return false;
    }
    for (int32_t i = 0; i < count; i++) {
        units[i] = s->contenders[begin + i];
        s->won[units[i]] = false;
    }
    bool settled = settle_tie(s, award, units, count, seats);
    for (int32_t i = 0; i < count; i++) {
        if (s->won[s->contenders[begin + i]]) {
            take(s, award, s->contenders[begin + i], true);
        }
    }
    return settled;
}

/* 003 III.2.2: "chọn từ đơn vị có điểm cao nhất xuống đơn vị có điểm thấp hơn đến hết chỉ tiêu".
 * Answers whether the awards below may follow. */
static bool fill_by_score(struct selecting *s, int32_t award)
{
    const struct td_result *result = s->run->result;
    int32_t seats = open_seats(s, award);
    if (seats == TD_NONE) {
        open_quota(s, award);
        return false;
    }
    int32_t from = 0;
    while (from < result->unit_count && seats > 0) {
        int32_t to = from + 1;
        while (to < result->unit_count &&
               result->units[result->order[to]].rank == result->units[result->order[from]].rank) {
            to++;
        }
        int32_t count = gather(s, award, from, to);
        if (count == TD_NONE) {
            return false;
        }
        bool vote = s->run->regulation->selection.vote_always && count > 1;
        if (count > seats || vote) {
            int32_t contested = count < seats ? count : seats;
            if (!contest(s, award, count, contested)) {
                return false;
            }
        } else {
            for (int32_t i = 0; i < count; i++) {
                take(s, award, s->contenders[i], false);
            }
        }
        seats -= count;
        from = to;
    }
    return true;
}

/* ---- by vote --------------------------------------------------------------------------------- */

/* The award that a unit elected for `award` is proposed for, lowered as its outcome says. */
static int32_t lowered_award(struct selecting *s, int32_t award, int32_t unit)
{
    const struct td_regulation *reg = s->run->regulation;
    int32_t lowest = award;
    int32_t levels = lowered_levels(s->run, unit);
    for (int32_t next = award + 1; next < reg->award_count && levels > 0; next++) {
        if (reg->awards[next].how == TD_HOW_VOTE) {
            lowest = next;
            levels--;
        }
    }
    return levels > 0 && !reg->selection.floor_lowest ? TD_NONE : lowest;
}

static int32_t nominations(const struct td_year *year, int32_t award)
{
    int32_t count = 0;
    for (int32_t i = 0; i < year->nomination_count; i++) {
        count += year->nominations[i].award == award;
    }
    return count;
}

/* 000 Đ10.3: the conference votes "căn cứ vào … đề cử của Trưởng khối". Another unit may be
 * elected; a person should know. */
static void look_at_nomination(struct selecting *s, int32_t award, int32_t unit)
{
    const struct td_year *year = s->run->year;
    for (int32_t i = 0; i < year->nomination_count; i++) {
        if (year->nominations[i].award == award && year->nominations[i].unit == unit) {
            return;
        }
    }
    if (nominations(year, award) > 0) {
        run_notice(s->run,
                   TD_MESSAGE("{0} was elected for “{1}” without having been nominated",
                              TD_TEXT(year->members[unit].name),
                              TD_TEXT(award_of(s, award)->title)),
                   award_of(s, award)->clause);
    }
}

static void honour(struct selecting *s, int32_t award, int32_t unit)
{
    struct run *run = s->run;
    enum td_outcome outcome = run->result->units[unit].outcome;
    enum truth qualified = award_qualified(run, unit, award);
    if (qualified == TRUTH_UNKNOWN &&
        (outcome == TD_ELIGIBLE || outcome == TD_LOWERED || outcome == TD_PENDING)) {
        open_facts(run, award_of(s, award)->when, unit, award_of(s, award)->clause);
    }
    if ((outcome != TD_ELIGIBLE && outcome != TD_LOWERED) || qualified != TRUTH_YES) {
        open_award(s, TD_OPEN_VOTE, award,
                   TD_MESSAGE("{0} was elected for “{1}” and can't be proposed: it does not meet "
                              "the conditions, or not yet",
                              TD_TEXT(run->year->members[unit].name),
                              TD_TEXT(award_of(s, award)->title)))
            ->unit = unit;
        return;
    }
    look_at_nomination(s, award, unit);
    int32_t lowered = lowered_award(s, award, unit);
    if (lowered != TD_NONE && !proposed(run->result, lowered, unit)) {
        propose(s, lowered, unit, true);
    }
}

/* AWD-4: the conference honours on the summary of scores and the nominations. */
static void fill_by_vote(struct selecting *s, int32_t award)
{
    const struct td_award *a = award_of(s, award);
    const struct td_vote *vote = find_vote(s, TD_VOTE_HONOUR, award, NULL, 0);
    int32_t seats = open_seats(s, award);
    if (seats == TD_NONE) {
        open_quota(s, award);
        return;
    }
    if (vote == NULL) {
        bool expected = a->quota != TD_QUOTA_UNLIMITED || nominations(s->run->year, award) > 0;
        if (expected && seats > 0) {
            open_award(s, TD_OPEN_HONOUR, award,
                       TD_MESSAGE("The conference has not voted on “{0}” yet", TD_TEXT(a->title)));
        }
        return;
    }
    struct td_tally *tally =
        count_vote(s, &s->run->regulation->honour_vote, vote, seats == INT32_MAX ? TD_NONE : seats);
    int32_t *tied = run_alloc(s->run, (size_t)vote->candidate_count, sizeof(*tied));
    if (tally == NULL || tied == NULL) {
        return;
    }
    int32_t count = 0;
    for (int32_t i = 0; i < vote->candidate_count; i++) {
        if (tally->lines[i].elected) {
            honour(s, award, vote->candidates[i]);
        } else if (tally->lines[i].tied) {
            tied[count++] = vote->candidates[i];
            s->won[vote->candidates[i]] = false;
        }
    }
    if (count > 0) {
        settle_tie(s, award, tied, count, tally->seats_tied);
    }
    for (int32_t i = 0; i < vote->candidate_count; i++) {
        if (tally->lines[i].tied && s->won[vote->candidates[i]]) {
            honour(s, award, vote->candidates[i]);
        }
    }
}

/* ---- by pick --------------------------------------------------------------------------------- */

/* Qualified for the award itself, and for the one it is picked among; where that one is given by
 * vote, elected for it (000 Đ10.6: "đơn vị trong khối được khen thưởng cao"). */
static bool may_be_picked(const struct selecting *s, int32_t award, int32_t unit)
{
    const struct run *run = s->run;
    int32_t among = award_of(s, award)->among;
    if (run->result->units[unit].outcome != TD_ELIGIBLE ||
        award_qualified(run, unit, award) != TRUTH_YES) {
        return false;
    }
    if (among != TD_NONE && award_of(s, among)->how == TD_HOW_VOTE) {
        return proposed(run->result, among, unit);
    }
    return among == TD_NONE || award_qualified(run, unit, among) == TRUTH_YES;
}

/* 003 III.2.2: the council picks "trong số các đơn vị đủ điều kiện, tiêu chuẩn được tặng Cờ thi đua
 * của UBND tỉnh". */
static void fill_by_pick(struct selecting *s, int32_t award)
{
    struct run *run = s->run;
    const struct td_award *a = award_of(s, award);
    int32_t good = 0, picks = 0;
    for (int32_t i = 0; i < run->year->pick_count; i++) {
        const struct td_unit_of_award *pick = &run->year->picks[i];
        if (pick->award != award) {
            continue;
        }
        picks++;
        if (may_be_picked(s, award, pick->unit)) {
            s->contenders[good++] = pick->unit;
            continue;
        }
        open_award(s, TD_OPEN_VOTE, award,
                   TD_MESSAGE("{0} was picked for “{1}” and can't be proposed: it does not meet "
                              "the conditions, or not yet",
                              TD_TEXT(run->year->members[pick->unit].name), TD_TEXT(a->title)))
            ->unit = pick->unit;
    }
    int32_t seats = picks == 0 ? 0 : open_seats(s, award);
    if (seats == TD_NONE) {
        open_quota(s, award);
    } else if (good > seats) {
        open_award(s, TD_OPEN_VOTE, award,
                   TD_MESSAGE("{0} units were picked for “{1}”, which has {2} seats: none of them "
                              "is proposed",
                              TD_COUNT(good), TD_TEXT(a->title), TD_COUNT(seats)));
    } else {
        for (int32_t i = 0; i < good; i++) {
            propose(s, award, s->contenders[i], false);
        }
    }
}

/* ---- all of it ------------------------------------------------------------------------------- */

static int selecting_begin(struct selecting *s, struct run *run)
{
    const struct td_regulation *reg = run->regulation;
    size_t members = (size_t)run->year->member_count;
    size_t proposals = members * (size_t)reg->award_count + (size_t)run->year->pick_count;
    *s = (struct selecting){.run = run, .last_scored = TD_NONE};
    s->taken = run_alloc(run, members, sizeof(*s->taken));
    s->levels = run_alloc(run, members, sizeof(*s->levels));
    s->contenders = run_alloc(run, members, sizeof(*s->contenders));
    s->won = run_alloc(run, members, sizeof(*s->won));
    run->result->proposals = run_alloc(run, proposals, sizeof(*run->result->proposals));
    run->result->ties = run_alloc(run, (size_t)reg->award_count, sizeof(*run->result->ties));
    if (run->full) {
        return TD_E_MEMORY;
    }
    for (int32_t unit = 0; unit < run->year->member_count; unit++) {
        s->taken[unit] = TD_NONE;
        s->levels[unit] = lowered_levels(run, unit);
    }
    for (int32_t award = 0; award < reg->award_count; award++) {
        s->last_scored = reg->awards[award].how == TD_HOW_SCORE ? award : s->last_scored;
    }
    return TD_OK;
}

/* By award from the highest, then by rank: an insertion sort, since the list is short and nearly
 * in order. */
static void order_proposals(struct td_result *result)
{
    for (int32_t i = 1; i < result->proposal_count; i++) {
        struct td_proposal p = result->proposals[i];
        int32_t at = i;
        while (at > 0 && (result->proposals[at - 1].award > p.award ||
                          (result->proposals[at - 1].award == p.award &&
                           result->units[result->proposals[at - 1].unit].rank >
                               result->units[p.unit].rank))) {
            result->proposals[at] = result->proposals[at - 1];
            at--;
        }
        result->proposals[at] = p;
    }
}

/* Has an award by score below this one any seat, or a quota not allotted yet? */
static bool seats_below(const struct selecting *s, int32_t award)
{
    for (int32_t i = award + 1; i < s->run->regulation->award_count; i++) {
        if (award_of(s, i)->how == TD_HOW_SCORE && open_seats(s, i) != 0) {
            return true;
        }
    }
    return false;
}

static bool scores_settled(const struct td_result *result)
{
    for (int32_t unit = 0; unit < result->unit_count; unit++) {
        if (result->units[unit].provisional) {
            return false;
        }
    }
    return true;
}

int select_awards(struct run *run)
{
    struct selecting s;
    const struct td_regulation *reg = run->regulation;
    int status = selecting_begin(&s, run);
    if (status < 0) {
        return status;
    }
    bool settled = scores_settled(run->result);
    if (!settled && s.last_scored != TD_NONE) {
        run_open(run, TD_OPEN_SELECTION,
                 TD_WORDS("The selection waits until all scores are settled"))
            ->clause = reg->selection.clause;
    }
    bool goes_on = settled;
    for (int32_t award = 0; award < reg->award_count; award++) {
        enum td_how how = reg->awards[award].how;
        if (how == TD_HOW_SCORE && goes_on) {
            int32_t ties = run->result->tie_count;
            goes_on = fill_by_score(&s, award);
            if (!goes_on && run->result->tie_count > ties && seats_below(&s, award)) {
                run_open(run, TD_OPEN_SELECTION,
                         TD_MESSAGE("The awards below “{0}” wait for its vote",
                                    TD_TEXT(reg->awards[award].title)))
                    ->clause = reg->selection.clause;
            }
        } else if (how == TD_HOW_VOTE) {
            fill_by_vote(&s, award);
        }
    }
    for (int32_t award = 0; award < reg->award_count; award++) {
        if (reg->awards[award].how == TD_HOW_PICK) {
            fill_by_pick(&s, award);
        }
    }
    order_proposals(run->result);
    return run->full ? TD_E_MEMORY : TD_OK;
}
