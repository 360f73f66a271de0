/*
 * A regulation: its identity, sources and scale; and the order in which its parts are read.
 */
#include "format/parts.h"

#include <stdlib.h>
#include <string.h>

#include "base/banned.h"

#define NOTES_MAX 256
#define SOURCES_MAX 256

const struct word ROUND_WORDS[] = {
    {"half_up", TD_ROUND_HALF_UP},
    {"half_even", TD_ROUND_HALF_EVEN},
    {"down", TD_ROUND_DOWN},
    {"up", TD_ROUND_UP},
    {NULL, 0},
};

static const struct word CALENDAR_WORDS[] = {
    {"calendar_year", TD_CALENDAR_YEAR},
    {"school_year", TD_SCHOOL_YEAR},
    {NULL, 0},
};

static const struct word RANK_BY_WORDS[] = {
    {"exact", TD_RANK_BY_EXACT},
    {"shown", TD_RANK_BY_SHOWN},
    {"percent", TD_RANK_BY_PERCENT},
    {NULL, 0},
};

/* ---- identity and sources -------------------------------------------------------------------- */

static void read_source(struct reader *r, const struct at *at, void *ret)
{
    struct td_source_text *source = ret;
    struct object o;

    source->id = source->title = "";
    if (!object_open(&o, r, at)) {
        return;
    }
    source->id = field_id(&o, "id");
    source->title = field_text(&o, "title");
    object_close(&o);
}

static void read_basis(struct reader *r, const struct at *at, void *ret)
{
    struct td_legal_basis *basis = ret;
    struct object o;

    basis->cite = "";
    if (!object_open(&o, r, at)) {
        return;
    }
    basis->where = where_of(r, at);
    basis->cite = field_text(&o, "cite");
    basis->from = field_date(&o, "from");
    basis->until = field_date_or_none(&o, "until");
    object_close(&o);
}

static void read_frame_choice(struct regulation_reader *in, struct object *root)
{
    struct td_regulation *regulation = in->regulation;
    struct at frame = field(root, "frame");
    struct at variant = field(root, "variant");

    if ((frame.json == NULL) != (variant.json == NULL)) {
        hole_at(&in->reader, &root->at,
                TD_WORDS("“frame” and “variant” stand together, or neither"),
                TD_WORDS("the choice “variant”: “none” is one too"));
        return;
    }
    if (frame.json != NULL) {
        regulation->frame = id_at(&in->reader, &frame);
        regulation->variant = id_at(&in->reader, &variant);
    }
}

/* Regulations are made for one calendar; a frame serves both. */
static void read_calendar(struct regulation_reader *in, struct object *root)
{
    struct td_regulation *regulation = in->regulation;

    struct at year = field(root, "year");
    const char *label = json_string_value(year.json);
    bool school = in->frame && label != NULL && strchr(label, '-') != NULL;

    regulation->school_month = 9;
    regulation->school_day = 1;
    if (!in->frame) {
        regulation->calendar = (enum td_calendar)field_word(root, "calendar", CALENDAR_WORDS);
        school = regulation->calendar == TD_SCHOOL_YEAR;
    }
    if (school && !in->frame) {
        struct at starts = field(root, "school_year_starts");
        if (starts.json != NULL) {
            (void)day_at(&in->reader, &starts, &regulation->school_month, &regulation->school_day);
        }
    }
    if (year.json != NULL) {
        regulation->year = year_label_at(&in->reader, &year, school, &label);
    }
}

static void read_scale(struct regulation_reader *in, struct object *root)
{
    struct td_scale *scale = &in->regulation->scale;
    struct object o;

    scale->item_decimals = in->reader.item_decimals;
    if (!field_object(root, "points", true, &o)) {
        return;
    }
    size_t holes = in->reader.holes;
    int32_t decimals = field_count(&o, "item_decimals", 0, TD_ITEM_DECIMALS_MAX);
    if (in->reader.holes == holes) { /* otherwise points are read with the most there can be */
        in->reader.item_decimals = (uint8_t)decimals;
    }
    scale->item_decimals = in->reader.item_decimals;
    scale->item_round =
        (enum td_round)field_word_or(&o, "item_round", ROUND_WORDS, TD_ROUND_HALF_UP);
    scale->total = field_points(&o, "total", ABOVE_ZERO);
    scale->total_decimals = (uint8_t)field_count(&o, "total_decimals", 0, TD_DECIMALS_MAX);
    scale->total_round =
        (enum td_round)field_word_or(&o, "total_round", ROUND_WORDS, TD_ROUND_HALF_UP);
    scale->rank_by = (enum td_rank_by)field_word_or(&o, "rank_by", RANK_BY_WORDS, TD_RANK_BY_EXACT);
    scale->above_total = field_bool_or(&o, "above_total", false);
    object_close(&o);
}

/* ---- what regulations and frames share ------------------------------------------------------- */

static void gather(struct regulation_reader *in, struct object *root, const char *key,
                   int32_t limit, struct names *names)
{
    struct at list = member_of(&root->at, key, json_object_get(root->at.json, key));

    names_of_list(names, &in->reader, &list, "id", limit);
}

void regulation_begin(struct regulation_reader *in, struct object *root)
{
    gather(in, root, "sources", SOURCES_MAX, &in->sources);
    gather(in, root, "stages", TD_STAGES_MAX, &in->stages);
    gather(in, root, "awards", TD_AWARDS_MAX, &in->awards);
    gather(in, root, "facts", TD_RULES_MAX, &in->facts);
    gather(in, root, "duties", TD_RULES_MAX, &in->duties);
    gather(in, root, "meetings", TD_RULES_MAX, &in->meetings);
    if (in->sources.count > 0) {
        in->reader.sources = &in->sources;
    }
}

void regulation_head_read(struct regulation_reader *in, struct object *root)
{
    static const struct list_of sources = {SOURCES_MAX, sizeof(struct td_source_text), read_source};
    static const struct list_of bases = {TD_RULES_MAX, sizeof(struct td_legal_basis), read_basis};
    struct td_regulation *regulation = in->regulation;

    regulation->id = field_id(root, "id");
    regulation->version = field_count(root, "version", 1, INT32_MAX);
    regulation->title = field_text(root, "title");
    regulation->authority = field_text(root, "authority");
    if (!in->frame) {
        read_frame_choice(in, root);
    }
    regulation->issued = field_date_or_none(root, "issued");
    read_calendar(in, root);
    regulation->notes = field_texts_or_none(root, "notes", NOTES_MAX, &regulation->note_count);
    regulation->sources = field_list(root, "sources", &sources, &regulation->source_count);
    regulation->bases = field_list_or_none(root, "legal_bases", &bases, &regulation->base_count);
    read_scale(in, root);
}

static void read_disagreement(struct regulation_reader *in, struct object *root)
{
    struct object o;

    if (field_object(root, "disagreement", false, &o)) {
        in->regulation->escalate_to = field_text(&o, "escalate_to");
        object_close(&o);
    }
}

void regulation_rest_read(struct regulation_reader *in, struct object *root)
{
    bonus_read(in, root);
    deductions_read(in, root);
    facts_read(in, root);
    eligibility_read(in, root);
    awards_read(in, root);
    selection_read(in, root);
    votes_read(in, root);
    read_disagreement(in, root);
    duties_read(in, root);
    meetings_read(in, root);
}

/* ---- a regulation ---------------------------------------------------------------------------- */

static void read_criteria(struct regulation_reader *in, struct object *root)
{
    struct at list = field_needed(root, "criteria");

    if (list.json == NULL) {
        return;
    }
    criteria_begin(in, criteria_count(&list, 0));
    criteria_names(in, &list);
    criteria_read(in, &list, true);
}

static void read_regulation(struct regulation_reader *in, const struct at *at)
{
    struct object root;

    if (!object_open(&root, &in->reader, at) || !format_is(&root, "thidua-regulation/1")) {
        return;
    }
    regulation_begin(in, &root);
    regulation_head_read(in, &root);
    read_criteria(in, &root);
    stages_read(in, &root);
    combine_read(in, &root);
    regulation_rest_read(in, &root);
    object_close(&root);
}

static int check(struct regulation_reader *in)
{
    struct td_regulation *regulation = in->regulation;

    if (!reader_whole(&in->reader)) {
        return reader_status(&in->reader);
    }
    td_regulation_lay_out(regulation);
    int e = td_regulation_check(regulation, in->reader.problems);
    if (e == TD_E_MEMORY) {
        return e;
    }
    int status = reader_status(&in->reader);
    return status < 0 ? status : e;
}

int format_regulation_parse(const char *bytes, size_t n, struct td_arena *arena,
                            struct td_problems *problems, struct td_regulation **ret)
{
    struct regulation_reader in = {0};
    struct at root;
    char sha256[FORMAT_SHA256_TEXT];

    reader_init(&in.reader, arena, problems);
    in.regulation = reader_alloc(&in.reader, 1, sizeof *in.regulation);
    if (in.regulation == NULL || format_sha256(bytes, n, sha256) < 0) {
        return TD_E_MEMORY;
    }
    in.regulation->sha256 = reader_text(&in.reader, sha256, FORMAT_SHA256_TEXT - 1);
    if (!reader_load(&in.reader, bytes, n, &root)) {
        return reader_status(&in.reader);
    }
    read_regulation(&in, &root);
    json_decref(root.json);
    int e = check(&in);
    if (e < 0) {
        return e;
    }
    *ret = in.regulation;
    return TD_OK;
}

int format_regulation_read(const char *path, struct td_arena *arena, struct td_problems *problems,
                           struct td_regulation **ret)
{
    const char *file = problems->file;
    char *bytes = NULL;
    size_t n = 0;

    problems->file = td_arena_text(arena, path, strlen(path));
    if (problems->file == NULL) {
        problems->file = file;
        return TD_E_MEMORY;
    }
    int e = file_read(path, problems, &bytes, &n);
    if (e == TD_OK) {
        e = format_regulation_parse(bytes, n, arena, problems, ret);
        free(bytes);
    }
    problems->file = file;
    return e;
}
