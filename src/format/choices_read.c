/*
 * How awards were chosen in the year: quotas, nominations, picks, meetings held and votes.
 */
#include "format/year.h"

#include "base/banned.h"

static const struct word ABOUT_WORDS[] = {
    {"honour", TD_VOTE_HONOUR},
    {"tie", TD_VOTE_TIE},
    {NULL, 0},
};

static const struct word METHOD_WORDS[] = {
    {"secret", TD_VOTE_SECRET},
    {"hands", TD_VOTE_HANDS},
    {NULL, 0},
};

static int32_t award_field(struct object *o)
{
    return field_ref(o, "award", &year_reader(o->r)->awards, TD_ID("award"));
}

/* ---- quotas, nominations, picks -------------------------------------------------------------- */

static void read_quota(struct reader *r, const struct at *at, void *ret)
{
    struct td_quota_entry *quota = ret;
    struct object o;

    if (!object_open(&o, r, at)) {
        return;
    }
    quota->where = where_of(r, at);
    quota->award = award_field(&o);
    quota->seats = field_count(&o, "seats", 0, TD_MEMBERS_MAX);
    quota->source = field_text_or_none(&o, "source");
    (void)field_date_or_none(&o, "date"); /* for the reader of the file */
    object_close(&o);
}

static void read_pick(struct reader *r, const struct at *at, void *ret)
{
    struct td_unit_of_award *pick = ret;
    struct object o;

    if (!object_open(&o, r, at)) {
        return;
    }
    pick->where = where_of(r, at);
    pick->award = award_field(&o);
    pick->unit = unit_field(&o, "unit");
    pick->by = field_text_or_none(&o, "by");
    pick->source = field_text_or_none(&o, "source");
    object_close(&o);
}

struct spread_nomination {
    struct td_unit_of_award nomination;
    struct units units;
};

static void read_nomination(struct reader *r, const struct at *at, void *ret)
{
    struct spread_nomination *spread = ret;
    struct td_unit_of_award *nomination = &spread->nomination;
    struct object o;

    if (!object_open(&o, r, at)) {
        return;
    }
    nomination->where = where_of(r, at);
    nomination->award = award_field(&o);
    spread->units = units_field(&o, NULL);
    nomination->by = field_text_or_none(&o, "by");
    nomination->source = field_text_or_none(&o, "source");
    object_close(&o);
}

static void read_nominations(struct year_reader *in, struct object *root)
{
    static const struct list_of nominations = {YEAR_LIST_MAX, sizeof(struct spread_nomination),
                                               read_nomination};
    int32_t count;
    int32_t total = 0;
    const struct spread_nomination *list =
        field_list_or_none(root, "nominations", &nominations, &count);

    for (int32_t i = 0; i < count; i++) {
        total += list[i].units.count;
    }
    struct td_unit_of_award *entries = reader_alloc(&in->reader, (size_t)total, sizeof *entries);
    if (entries == NULL) {
        return;
    }
    int32_t n = 0;
    for (int32_t i = 0; i < count; i++) {
        for (int32_t k = 0; k < list[i].units.count; k++) {
            entries[n] = list[i].nomination;
            entries[n++].unit = list[i].units.units[k];
        }
    }
    in->year->nominations = entries;
    in->year->nomination_count = n;
}

/* ---- meetings -------------------------------------------------------------------------------- */

static void read_present(struct reader *r, struct object *o, struct td_meeting_held *held)
{
    struct year_reader *in = year_reader(r);
    struct at at = field(o, "present");

    if (at.json == NULL) {
        return;
    }
    if (!json_is_array(at.json)) {
        mistyped_at(r, &at, TD_ID("a list in brackets"), NO_REMEDY);
        return;
    }
    int32_t count = list_count(&at, in->year->member_count); /* each once: they fit */
    int32_t *present = reader_alloc(r, (size_t)count, sizeof *present);
    bool *seen = reader_alloc(r, (size_t)in->year->member_count, sizeof *seen);
    if (present == NULL || seen == NULL) {
        return;
    }
    held->present = present;
    held->present_count = 0;
    for (size_t i = 0; i < json_array_size(at.json); i++) {
        struct at element = element_of(&at, i);
        int32_t unit = ref_at(r, &element, &in->members, TD_ID("unit"));
        if (unit == TD_NONE) {
            continue;
        }
        if (seen[unit]) {
            twice_at(r, &element, json_string_value(element.json));
            continue;
        }
        seen[unit] = true;
        present[held->present_count++] = unit;
    }
}

static void read_meeting(struct reader *r, const struct at *at, void *ret)
{
    struct td_meeting_held *held = ret;
    struct object o;

    *held = (struct td_meeting_held){.meeting = TD_NONE, .present_count = TD_NONE};
    if (!object_open(&o, r, at)) {
        return;
    }
    held->where = where_of(r, at);
    held->meeting = field_ref(&o, "meeting", &year_reader(r)->meetings, TD_ID("meeting"));
    held->date = field_date(&o, "date");
    read_present(r, &o, held);
    object_close(&o);
}

static void read_meetings(struct year_reader *in, struct object *root)
{
    static const struct list_of meetings = {YEAR_LIST_MAX, sizeof(struct td_meeting_held),
                                            read_meeting};
    struct td_year *year = in->year;

    struct td_meeting_held *held =
        field_list_or_none(root, "meetings", &meetings, &year->meeting_count);
    year->meetings = held;
    names_init(&in->held, &in->reader, year->meeting_count);
    for (int32_t i = 0; i < year->meeting_count; i++) {
        int32_t meeting = held[i].meeting;
        (void)names_add(&in->held,
                        meeting == TD_NONE ? NULL : in->regulation->meetings[meeting].id);
    }
}

/* ---- votes ----------------------------------------------------------------------------------- */

/* A show of hands has no ballots to count. */
static int32_t ballots_field(struct object *o, const char *key, bool secret)
{
    return secret ? field_count(o, key, 0, TD_MEMBERS_MAX)
                  : field_count_or(o, key, 0, TD_MEMBERS_MAX, TD_NONE);
}

static void read_candidates(struct reader *r, struct object *o, struct td_vote *vote)
{
    struct year_reader *in = year_reader(r);
    struct at at = field_needed(o, "votes");
    const char *code = NULL;
    json_t *json = NULL;

    if (at.json == NULL) {
        return;
    }
    if (!json_is_object(at.json) || json_object_size(at.json) == 0) {
        mistyped_at(r, &at, TD_ID("an object in braces that is not empty"),
                    TD_WORDS("give each candidate's code and its votes"));
        return;
    }
    size_t size = json_object_size(at.json);
    size_t limit = (size_t)in->year->member_count;
    int32_t *candidates = reader_alloc(r, size < limit ? size : limit, sizeof *candidates);
    int32_t *votes = reader_alloc(r, size < limit ? size : limit, sizeof *votes);
    if (candidates == NULL || votes == NULL) {
        return;
    }
    json_object_foreach(at.json, code, json)
    {
        struct at member = member_of(&at, code, json);
        int32_t unit = names_find(&in->members, code);
        if (unit == TD_NONE) {
            hole_at(r, &member, TD_WORDS("there is no unit of this code"),
                    remedy_of(r, code, in->members.ids, (size_t)in->members.count));
        } else { /* keys differ, so there are never more than members */
            candidates[vote->candidate_count] = unit;
            votes[vote->candidate_count++] = count_at(r, &member, 0, TD_MEMBERS_MAX);
        }
    }
    vote->candidates = candidates;
    vote->votes = votes;
}

static void read_vote(struct reader *r, const struct at *at, void *ret)
{
    struct year_reader *in = year_reader(r);
    struct td_vote *vote = ret;
    struct object o;

    *vote = (struct td_vote){.award = TD_NONE, .meeting = TD_NONE};
    if (!object_open(&o, r, at)) {
        return;
    }
    vote->where = where_of(r, at);
    vote->about = (enum td_vote_about)field_word(&o, "about", ABOUT_WORDS);
    vote->award = award_field(&o);
    struct at meeting = field(&o, "meeting");
    if (meeting.json != NULL) {
        vote->meeting = ref_at(r, &meeting, &in->held, TD_ID("meeting held"));
    }
    vote->method = (enum td_vote_method)field_word(&o, "method", METHOD_WORDS);
    bool secret = vote->method == TD_VOTE_SECRET;
    vote->issued = ballots_field(&o, "issued", secret);
    vote->not_returned = ballots_field(&o, "not_returned", secret);
    vote->collected = ballots_field(&o, "collected", secret);
    vote->invalid = ballots_field(&o, "invalid", secret);
    vote->valid = ballots_field(&o, "valid", true);
    read_candidates(r, &o, vote);
    object_close(&o);
}

void choices_read(struct year_reader *in, struct object *root)
{
    static const struct list_of quotas = {YEAR_LIST_MAX, sizeof(struct td_quota_entry), read_quota};
    static const struct list_of picks = {YEAR_LIST_MAX, sizeof(struct td_unit_of_award), read_pick};
    static const struct list_of votes = {YEAR_LIST_MAX, sizeof(struct td_vote), read_vote};
    struct td_year *year = in->year;

    year->quotas = field_list_or_none(root, "quotas", &quotas, &year->quota_count);
    read_nominations(in, root);
    year->picks = field_list_or_none(root, "picks", &picks, &year->pick_count);
    read_meetings(in, root);
    year->votes = field_list_or_none(root, "votes", &votes, &year->vote_count);
}
