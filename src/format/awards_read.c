/*
 * Awards, how they are selected, and by which majorities.
 */
#include "format/parts.h"

#include <string.h>

#include "base/banned.h"

static const struct word HOW_WORDS[] = {
    {"score", TD_HOW_SCORE},
    {"vote", TD_HOW_VOTE},
    {"pick", TD_HOW_PICK},
    {NULL, 0},
};

static const struct word QUOTA_WORDS[] = {
    {"authority", TD_QUOTA_AUTHORITY},
    {"seats", TD_QUOTA_SEATS},
    {"share", TD_QUOTA_SHARE},
    {"unlimited", TD_QUOTA_UNLIMITED},
    {NULL, 0},
};

static const struct word FLOOR_WORDS[] = {
    {"none", false},
    {"lowest", true},
    {NULL, 0},
};

static const struct word VOTE_ON_EQUAL_WORDS[] = {
    {"when_decisive", false},
    {"always", true},
    {NULL, 0},
};

static const struct word BASE_WORDS[] = {
    {"members", TD_BASE_MEMBERS},     {"present", TD_BASE_PRESENT}, {"issued", TD_BASE_ISSUED},
    {"collected", TD_BASE_COLLECTED}, {"valid", TD_BASE_VALID},     {NULL, 0},
};

/* ---- least scores ---------------------------------------------------------------------------- */

/* Points as a fraction, with the decimals that a score can have. */
static struct td_fraction least_points(struct reader *r, const struct at *at)
{
    const struct td_scale *scale = &regulation_reader(r)->regulation->scale;
    uint8_t decimals =
        scale->item_decimals > scale->total_decimals ? scale->item_decimals : scale->total_decimals;
    struct td_decimal limit = {.units = TD_POINTS_MAX};
    struct td_fraction least = {0, 1};

    if (td_decimal_rescale(limit, decimals, TD_ROUND_DOWN, &limit) < 0) {
        return least;
    }
    struct td_decimal points = {.units = decimal_at(r, at, decimals, limit.units, FROM_ZERO),
                                .decimals = decimals};
    if (td_fraction_of_decimal(points, &least) < 0) {
        return (struct td_fraction){0, 1};
    }
    return least;
}

static void read_least(struct reader *r, struct object *o, struct td_award *award)
{
    struct at at = field(o, "at_least");
    const char *text = json_string_value(at.json);
    size_t n = json_string_length(at.json);

    if (at.json == NULL) {
        return;
    }
    award->has_least = true;
    award->least_is_percent = n > 0 && text[n - 1] == '%';
    award->least = award->least_is_percent ? share_at(r, &at) : least_points(r, &at);
}

/* ---- awards ---------------------------------------------------------------------------------- */

static void read_counts(struct reader *r, struct object *quota, struct td_award *award,
                        int32_t index)
{
    struct at list = field(quota, "counts");

    if (list.json == NULL) {
        award->counts = 1u << index;
        return;
    }
    if (!json_is_array(list.json)) {
        mistyped_at(r, &list, TD_ID("a list in brackets"), NO_REMEDY);
        return;
    }
    for (size_t i = 0; i < json_array_size(list.json); i++) {
        struct at at = element_of(&list, i);
        int32_t counted = ref_at(r, &at, &regulation_reader(r)->awards, TD_ID("award"));
        if (counted == TD_NONE) {
            continue;
        }
        if ((award->counts & 1u << counted) != 0) {
            twice_at(r, &at, json_string_value(at.json));
        }
        award->counts |= 1u << counted;
    }
}

static void read_quota(struct reader *r, struct object *o, struct td_award *award, int32_t index)
{
    struct object quota;

    if (!field_object(o, "quota", true, &quota)) {
        return;
    }
    award->quota = (enum td_quota)field_word(&quota, "kind", QUOTA_WORDS);
    if (award->quota == TD_QUOTA_SEATS) {
        award->seats = field_count(&quota, "seats", 0, TD_MEMBERS_MAX);
    } else if (award->quota == TD_QUOTA_SHARE) {
        award->share = field_share(&quota, "share");
        award->share_round = (enum td_round)field_word(&quota, "round", ROUND_WORDS);
    }
    read_counts(r, &quota, award, index);
    object_close(&quota);
}

static void read_award(struct reader *r, const struct at *at, void *ret)
{
    struct td_award *award = ret;
    struct object o;

    *award = (struct td_award){
        .id = "", .title = "", .least = {0, 1}, .share = {0, 1}, .among = TD_NONE};
    if (!object_open(&o, r, at)) {
        return;
    }
    award->where = where_of(r, at);
    award->id = field_id(&o, "id");
    award->title = field_text(&o, "title");
    award->clause = field_clause(&o);
    award->how = (enum td_how)field_word(&o, "how", HOW_WORDS);
    if (award->how != TD_HOW_SCORE) {
        award->by = field_text(&o, "by");
    }
    if (award->how == TD_HOW_PICK) {
        award->among = field_ref(&o, "among", &regulation_reader(r)->awards, TD_ID("award"));
    }
    read_least(r, &o, award);
    award->when = condition_field(&o, "when", false);
    read_quota(r, &o, award, (int32_t)at->index);
    object_close(&o);
}

/* A frame may leave the awards to the authority that uses it. */
void awards_read(struct regulation_reader *in, struct object *root)
{
    static const struct list_of awards = {TD_AWARDS_MAX, sizeof(struct td_award), read_award};
    struct td_regulation *regulation = in->regulation;

    regulation->awards = in->frame
                             ? field_list_or_none(root, "awards", &awards, &regulation->award_count)
                             : field_list(root, "awards", &awards, &regulation->award_count);
}

/* ---- selection ------------------------------------------------------------------------------- */

static void read_priority(struct reader *r, struct object *o, struct td_selection *selection)
{
    struct object priority;

    if (!field_object(o, "priority", false, &priority)) {
        return;
    }
    selection->priority_fact =
        field_ref(&priority, "fact", &regulation_reader(r)->facts, TD_ID("fact"));
    struct at grade = field_needed(&priority, "is");
    if (grade.json != NULL) {
        selection->priority_grade = grade_at(r, &grade, selection->priority_fact);
    }
    selection->priority_clause = field_clause(&priority);
    object_close(&priority);
}

void selection_read(struct regulation_reader *in, struct object *root)
{
    struct td_selection *selection = &in->regulation->selection;
    struct object o;

    *selection =
        (struct td_selection){.least = {0, 1}, .priority_fact = TD_NONE, .priority_grade = TD_NONE};
    if (!field_object(root, "selection", false, &o)) {
        return;
    }
    selection->where = where_of(&in->reader, &o.at);
    struct at least = field(&o, "at_least");
    if (least.json != NULL) {
        selection->has_least = true;
        selection->least = least_points(&in->reader, &least);
    }
    selection->floor_lowest = field_word_or(&o, "lowered_floor", FLOOR_WORDS, false);
    selection->vote_always = field_word_or(&o, "vote_on_equal", VOTE_ON_EQUAL_WORDS, false);
    read_priority(&in->reader, &o, selection);
    selection->clause = field_clause(&o);
    object_close(&o);
}

/* ---- votes ----------------------------------------------------------------------------------- */

/* False when the rule is left out: most votes win, of the valid ones. */
static bool read_vote_rule(struct object *votes, const char *key, struct td_vote_rule *rule)
{
    struct object o;

    if (!field_object(votes, key, false, &o)) {
        return false;
    }
    rule->where = where_of(o.r, &o.at);
    rule->majority = field_share(&o, "majority");
    /* Without a majority there is nothing to be more than. */
    rule->strictly_more = rule->majority.num == 0 ? field_bool_or(&o, "strictly_more", false)
                                                  : field_bool(&o, "strictly_more");
    rule->base = (enum td_base)field_word(&o, "of", BASE_WORDS);
    rule->clause = field_clause(&o);
    object_close(&o);
    return true;
}

void votes_read(struct regulation_reader *in, struct object *root)
{
    struct td_regulation *regulation = in->regulation;
    static const struct td_vote_rule most = {.majority = {0, 1}, .base = TD_BASE_VALID};
    bool honour = false;
    struct object o;

    regulation->tie_vote = regulation->honour_vote = most;
    if (field_object(root, "votes", false, &o)) {
        (void)read_vote_rule(&o, "tie", &regulation->tie_vote);
        honour = read_vote_rule(&o, "honour", &regulation->honour_vote);
        object_close(&o);
    }
    for (int32_t i = 0; i < regulation->award_count && !honour && !in->frame; i++) {
        const struct td_award *award = &regulation->awards[i];
        if (award->how == TD_HOW_VOTE) {
            hole_at(&in->reader, &root->at,
                    TD_MESSAGE("the award “{0}” is given by vote, and “votes” has no “honour”",
                               TD_TEXT(award->title)),
                    TD_WORDS("say by which majority, and of what"));
            break;
        }
    }
}
