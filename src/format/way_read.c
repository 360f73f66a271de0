/*
 * How an item is scored: one reader for each way.
 */
#include "format/parts.h"

#include "base/wide.h"

#include "base/banned.h"

static const struct word WAY_WORDS[] = {
    {"direct", TD_WAY_DIRECT},       {"plan", TD_WAY_PLAN},     {"tiers", TD_WAY_TIERS},
    {"checklist", TD_WAY_CHECKLIST}, {"count", TD_WAY_COUNT},   {"plus_minus", TD_WAY_PLUS_MINUS},
    {"rank", TD_WAY_RANK},           {"leader", TD_WAY_LEADER}, {NULL, 0},
};

static const struct word BETTER_WORDS[] = {
    {"higher", TD_BETTER_HIGHER},
    {"lower", TD_BETTER_LOWER},
    {NULL, 0},
};

/* What values are measured in, and their decimals. */
static void read_measure(struct reader *r, struct object *way, struct td_item *item)
{
    item->unit = field_text_or_none(way, "unit");
    item->decimals = (uint8_t)field_count_or(way, "decimals", 0, TD_DECIMALS_MAX, 2);
    r->value_decimals = item->decimals;
}

static void read_better(struct object *way, struct td_item *item)
{
    item->better = (enum td_better)field_word_or(way, "better", BETTER_WORDS, TD_BETTER_HIGHER);
}

static void read_direct(struct reader *r, struct object *way, struct td_item *item)
{
    item->decimals = r->item_decimals;
    item->step = field_points_or(way, "step", ABOVE_ZERO, 1);
}

static void read_plan(struct reader *r, struct object *way, struct td_item *item)
{
    read_better(way, item);
    read_measure(r, way, item);
}

/* ---- tiers ----------------------------------------------------------------------------------- */

/* One end of a tier: `with` includes the value, `without` doesn't, so that the tier ends `step`
 * beside it. Both at once can't be meant. False when neither is there. */
static bool read_end(struct object *o, const char *with, const char *without, int64_t step,
                     int64_t *ret_end)
{
    struct reader *r = o->r;
    struct at included = field(o, with);
    struct at excluded = field(o, without);

    if (included.json != NULL && excluded.json != NULL) {
        hole_at(r, &o->at,
                TD_MESSAGE("“{0}” and “{1}” exclude each other", TD_TEXT(with), TD_TEXT(without)),
                NO_REMEDY);
        return true;
    }
    if (included.json != NULL) {
        *ret_end = value_at(r, &included, r->value_decimals);
    } else if (excluded.json != NULL) {
        *ret_end = value_at(r, &excluded, r->value_decimals) + step;
    }
    return included.json != NULL || excluded.json != NULL;
}

static void read_tier(struct reader *r, const struct at *at, void *ret)
{
    struct td_tier *tier = ret;
    struct object o;

    if (!object_open(&o, r, at)) {
        return;
    }
    tier->where = where_of(r, at);
    tier->points = field_points(&o, "points", FROM_ZERO);
    tier->title = field_text_or_none(&o, "title");
    struct at exact = field(&o, "at");
    tier->first = -TD_VALUE_MAX;
    tier->last = TD_VALUE_MAX;
    if (exact.json != NULL) {
        tier->first = tier->last = value_at(r, &exact, r->value_decimals);
    } else {
        bool low = read_end(&o, "from", "above", 1, &tier->first);
        bool high = read_end(&o, "to", "below", -1, &tier->last);
        if (!low && !high) {
            hole_at(r, at, TD_WORDS("the tier says neither where it begins nor where it ends"),
                    TD_WORDS("give “at”, or one or two of “from”, “above”, “to”, “below”"));
        }
    }
    object_close(&o);
}

static void read_tiers(struct reader *r, struct object *way, struct td_item *item)
{
    static const struct list_of tiers = {TD_PARTS_MAX, sizeof(struct td_tier), read_tier};

    read_measure(r, way, item);
    item->tiers = field_list(way, "tiers", &tiers, &item->tier_count);
}

/* ---- parts and events ------------------------------------------------------------------------ */

static void read_part_as(struct reader *r, const struct at *at, struct td_part *part,
                         enum sign sign)
{
    struct object o;

    part->id = part->title = "";
    if (!object_open(&o, r, at)) {
        return;
    }
    part->where = where_of(r, at);
    part->id = field_id(&o, "id");
    part->title = field_text(&o, "title");
    part->points = field_points(&o, "points", sign);
    object_close(&o);
}

static void read_part(struct reader *r, const struct at *at, void *ret)
{
    read_part_as(r, at, ret, ABOVE_ZERO);
}

static void read_event(struct reader *r, const struct at *at, void *ret)
{
    read_part_as(r, at, ret, ANY_SIGN);
}

static void read_parts(struct reader *r, struct object *way, const char *key,
                       const struct list_of *of, struct td_item *item)
{
    struct names names;
    struct at list = member_of(&way->at, key, json_object_get(way->at.json, key));

    names_of_list(&names, r, &list, "id", TD_PARTS_MAX); /* for ids that stand twice */
    item->parts = field_list(way, key, of, &item->part_count);
}

static void read_checklist(struct reader *r, struct object *way, struct td_item *item)
{
    static const struct list_of parts = {TD_PARTS_MAX, sizeof(struct td_part), read_part};

    read_parts(r, way, "parts", &parts, item);
}

static void read_count(struct reader *r, struct object *way, struct td_item *item)
{
    (void)r;
    item->step = field_points(way, "each", ABOVE_ZERO);
    item->unit = field_text_or_none(way, "unit");
}

static void read_plus_minus(struct reader *r, struct object *way, struct td_item *item)
{
    static const struct list_of events = {TD_PARTS_MAX, sizeof(struct td_part), read_event};

    read_parts(r, way, "events", &events, item);
    item->cells = item->part_count;
    item->start = field_points_or(way, "start", ANY_SIGN, 0);
    item->floor = field_points_or(way, "floor", ANY_SIGN, 0);
}

/* ---- relative to others ---------------------------------------------------------------------- */

static void read_place(struct reader *r, const struct at *at, void *ret)
{
    *(int64_t *)ret = points_at(r, at, FROM_ZERO);
}

static void read_rank(struct reader *r, struct object *way, struct td_item *item)
{
    static const struct list_of places = {TD_MEMBERS_MAX, sizeof(int64_t), read_place};

    read_better(way, item);
    read_measure(r, way, item);
    item->places = field_list(way, "places", &places, &item->place_count);
    item->after = field_points_or(way, "after", FROM_ZERO, 0);
}

static void read_leader(struct reader *r, struct object *way, struct td_item *item)
{
    read_measure(r, way, item);
    item->on_target = field_share_or(way, "on_target", (struct td_fraction){1, 2});
}

void way_read(struct reader *r, struct object *way, struct td_item *item)
{
    item->on_target = (struct td_fraction){0, 1};
    item->way = (enum td_way)field_word(way, "kind", WAY_WORDS);
    switch (item->way) {
    case TD_WAY_DIRECT:
        read_direct(r, way, item);
        break;
    case TD_WAY_PLAN:
        read_plan(r, way, item);
        break;
    case TD_WAY_TIERS:
        read_tiers(r, way, item);
        break;
    case TD_WAY_CHECKLIST:
        read_checklist(r, way, item);
        break;
    case TD_WAY_COUNT:
        read_count(r, way, item);
        break;
    case TD_WAY_PLUS_MINUS:
        read_plus_minus(r, way, item);
        break;
    case TD_WAY_RANK:
        read_rank(r, way, item);
        break;
    case TD_WAY_LEADER:
        read_leader(r, way, item);
        break;
    }
}
