/*
 * Who scores, and how the raters' sheets become one score.
 */
#include "format/parts.h"

#include "base/banned.h"

static const struct word RATER_WORDS[] = {
    {"self", TD_RATER_SELF}, {"others", TD_RATER_OTHERS}, {"head", TD_RATER_HEAD},
    {"body", TD_RATER_BODY}, {"panel", TD_RATER_PANEL},   {NULL, 0},
};

static const struct word FOR_HEAD_WORDS[] = {
    {"deputy", true},
    {NULL, 0},
};

enum combine_kind { MEAN_OF_SHEETS, WEIGHTED, LAST_OF };

static const struct word COMBINE_WORDS[] = {
    {"mean_of_sheets", MEAN_OF_SHEETS},
    {"weighted", WEIGHTED},
    {"last_of", LAST_OF},
    {NULL, 0},
};

static void read_stage(struct reader *r, const struct at *at, void *ret)
{
    struct td_stage *stage = ret;
    struct object o;

    stage->id = stage->title = "";
    stage->differs_from = stage->duty = TD_NONE;
    if (!object_open(&o, r, at)) {
        return;
    }
    stage->where = where_of(r, at);
    stage->id = field_id(&o, "id");
    stage->title = field_text(&o, "title");
    stage->clause = field_clause(&o);
    stage->rater = (enum td_rater)field_word(&o, "rater", RATER_WORDS);
    if (stage->rater == TD_RATER_HEAD) {
        stage->deputy_for_head = field_word_or(&o, "for_head", FOR_HEAD_WORDS, false);
    }
    stage->optional = field_bool_or(&o, "optional", false);
    struct at differs = field(&o, "reason_when_different_from");
    if (differs.json != NULL) {
        stage->differs_from = ref_at(r, &differs, &regulation_reader(r)->stages, TD_ID("stage"));
    }
    struct at duty = field(&o, "duty");
    if (duty.json != NULL) {
        stage->duty = ref_at(r, &duty, &regulation_reader(r)->duties, TD_ID("duty"));
    }
    object_close(&o);
}

void stages_read(struct regulation_reader *in, struct object *root)
{
    static const struct list_of stages = {TD_STAGES_MAX, sizeof(struct td_stage), read_stage};

    in->regulation->stages = field_list(root, "stages", &stages, &in->regulation->stage_count);
}

/* ---- combine --------------------------------------------------------------------------------- */

static void read_voice_stages(struct reader *r, struct object *o, struct td_voice *voice)
{
    struct at list = field_needed(o, "stages");

    if (list.json == NULL) {
        return;
    }
    if (!json_is_array(list.json) || json_array_size(list.json) == 0) {
        mistyped_at(r, &list, TD_ID("a list in brackets that is not empty"), NO_REMEDY);
        return;
    }
    for (size_t i = 0; i < json_array_size(list.json); i++) {
        struct at at = element_of(&list, i);
        int32_t stage = ref_at(r, &at, &regulation_reader(r)->stages, TD_ID("stage"));
        for (int32_t j = 0; j < voice->stage_count; j++) {
            if (stage != TD_NONE && voice->stages[j] == stage) {
                twice_at(r, &at, json_string_value(at.json));
                return;
            }
        }
        if (stage != TD_NONE) { /* of TD_STAGES_MAX, and none twice: they fit */
            voice->stages[voice->stage_count++] = stage;
        }
    }
}

static void read_drop(struct object *o, struct td_voice *voice)
{
    struct object drop;

    if (field_object(o, "drop", false, &drop)) {
        voice->drop_highest = field_count_or(&drop, "highest", 0, TD_MEMBERS_MAX, 0);
        voice->drop_lowest = field_count_or(&drop, "lowest", 0, TD_MEMBERS_MAX, 0);
        object_close(&drop);
    }
}

static void read_part(struct reader *r, const struct at *at, void *ret)
{
    struct td_voice *voice = ret;
    struct object o;

    voice->weight = (struct td_fraction){0, 1};
    if (!object_open(&o, r, at)) {
        return;
    }
    voice->where = where_of(r, at);
    read_voice_stages(r, &o, voice);
    voice->weight = field_share(&o, "weight");
    read_drop(&o, voice);
    object_close(&o);
}

static void read_single_voice(struct regulation_reader *in, struct object *o, bool drops)
{
    struct td_voice *voice = reader_alloc(&in->reader, 1, sizeof *voice);

    if (voice == NULL) {
        return;
    }
    voice->where = where_of(&in->reader, &o->at);
    voice->weight = (struct td_fraction){1, 1};
    read_voice_stages(&in->reader, o, voice);
    if (drops) {
        read_drop(o, voice);
    }
    in->regulation->voices = voice;
    in->regulation->voice_count = 1;
}

void combine_read(struct regulation_reader *in, struct object *root)
{
    static const struct list_of parts = {TD_STAGES_MAX, sizeof(struct td_voice), read_part};
    struct td_regulation *regulation = in->regulation;
    struct object o;

    if (!field_object(root, "combine", true, &o)) {
        return;
    }
    enum combine_kind kind = (enum combine_kind)field_word(&o, "kind", COMBINE_WORDS);
    regulation->combine = kind == LAST_OF ? TD_COMBINE_LAST : TD_COMBINE_WEIGHTED;
    regulation->combine_clause = field_clause(&o);
    if (kind == WEIGHTED) {
        regulation->voices = field_list(&o, "parts", &parts, &regulation->voice_count);
    } else {
        read_single_voice(in, &o, kind == MEAN_OF_SHEETS);
    }
    object_close(&o);
}
