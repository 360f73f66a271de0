/*
 * Bonus above the criteria, and deductions from the total.
 */
#include "format/parts.h"

#include "base/banned.h"

#define WORDS_MAX 64 /* issuers, subjects: each */

static const struct word BONUS_WORDS[] = {
    {"over_plan", TD_BONUS_OVER_PLAN},
    {"awarded", TD_BONUS_AWARDED},
    {NULL, 0},
};

static const struct word STEP_WORDS[] = {
    {"whole", false},
    {"proportional", true},
    {NULL, 0},
};

static const struct word NEEDS_WORDS[] = {
    {"finding", TD_NEEDS_FINDING},
    {"letter", TD_NEEDS_LETTER},
    {"duty", TD_NEEDS_DUTY},
    {NULL, 0},
};

static const struct word WHO_WORDS[] = {
    {"member", false},
    {"head", true},
    {NULL, 0},
};

static void read_over_plan(struct reader *r, struct object *o, struct td_bonus_part *part)
{
    part->section = field_ref(o, "section", &regulation_reader(r)->nodes, TD_ID("criterion"));
    part->points = field_points(o, "points", ABOVE_ZERO);
    part->per = field_share(o, "per");
    part->proportional = field_word(o, "step", STEP_WORDS);
    part->each = field_share_or(o, "cap_each", (struct td_fraction){0, 1});
    part->cap = field_points_or(o, "cap", FROM_ZERO, TD_NONE);
}

static void read_part(struct reader *r, const struct at *at, void *ret)
{
    struct td_bonus_part *part = ret;
    struct object o;

    *part = (struct td_bonus_part){
        .id = "", .title = "", .cap = TD_NONE, .section = TD_NONE, .per = {0, 1}, .each = {0, 1}};
    if (!object_open(&o, r, at)) {
        return;
    }
    part->where = where_of(r, at);
    part->id = field_id(&o, "id");
    part->title = field_text(&o, "title");
    part->clause = field_clause(&o);
    part->kind = (enum td_bonus_kind)field_word(&o, "kind", BONUS_WORDS);
    if (part->kind == TD_BONUS_OVER_PLAN) {
        read_over_plan(r, &o, part);
    } else {
        part->by = field_text(&o, "by");
        part->cap = field_points(&o, "cap", FROM_ZERO);
    }
    object_close(&o);
}

void bonus_read(struct regulation_reader *in, struct object *root)
{
    static const struct list_of parts = {TD_RULES_MAX, sizeof(struct td_bonus_part), read_part};
    struct td_bonus *bonus = &in->regulation->bonus;
    struct names names;
    struct object o;

    bonus->cap = TD_NONE;
    if (!field_object(root, "bonus", false, &o)) {
        return;
    }
    bonus->where = where_of(&in->reader, &o.at);
    bonus->cap = field_points_or(&o, "cap", FROM_ZERO, TD_NONE);
    bonus->in_total = field_bool_or(&o, "in_total", false);
    bonus->clause = field_clause(&o);
    struct at list = field_needed(&o, "parts");
    if (list.json != NULL) {
        names_of_list(&names, &in->reader, &list, "id", TD_RULES_MAX);
        bonus->parts = list_at(&in->reader, &list, &parts, &bonus->part_count);
    }
    object_close(&o);
}

/* ---- deductions ------------------------------------------------------------------------------ */

static void read_deduction(struct reader *r, const struct at *at, void *ret)
{
    struct td_deduction *deduction = ret;
    struct object o;

    deduction->id = deduction->title = "";
    deduction->cap = TD_NONE;
    if (!object_open(&o, r, at)) {
        return;
    }
    deduction->where = where_of(r, at);
    deduction->id = field_id(&o, "id");
    deduction->title = field_text(&o, "title");
    deduction->clause = field_clause(&o);
    deduction->needs = (enum td_needs)field_word(&o, "needs", NEEDS_WORDS);
    deduction->each = field_points(&o, "each", ABOVE_ZERO);
    deduction->cap = field_points_or(&o, "cap", FROM_ZERO, TD_NONE);
    deduction->head_only = field_word_or(&o, "who", WHO_WORDS, false);
    deduction->once = field_bool_or(&o, "once", false);
    if (deduction->needs == TD_NEEDS_LETTER) {
        deduction->issuers =
            field_texts_or_none(&o, "issuers", WORDS_MAX, &deduction->issuer_count);
        deduction->subjects =
            field_texts_or_none(&o, "subjects", WORDS_MAX, &deduction->subject_count);
    }
    object_close(&o);
}

void deductions_read(struct regulation_reader *in, struct object *root)
{
    static const struct list_of deductions = {TD_RULES_MAX, sizeof(struct td_deduction),
                                              read_deduction};
    struct td_regulation *regulation = in->regulation;
    struct names names;
    struct object o;

    regulation->deduction_cap = TD_NONE;
    if (!field_object(root, "deductions", false, &o)) {
        return;
    }
    regulation->deduction_cap = field_points_or(&o, "cap", FROM_ZERO, TD_NONE);
    struct at list = field_needed(&o, "list");
    if (list.json != NULL) {
        names_of_list(&names, &in->reader, &list, "id", TD_RULES_MAX);
        regulation->deductions =
            list_at(&in->reader, &list, &deductions, &regulation->deduction_count);
    }
    object_close(&o);
}
