/*
 * What must hold in one item, by its way of scoring.
 */
#include "engine/check.h"
#include "engine/engine.h"

#include "base/banned.h"

static const struct td_node *node_of(const struct checking *c, const struct td_item *item)
{
    return &c->regulation->nodes[item->node];
}

static void item_error(struct checking *c, const struct td_item *item, struct td_message what,
                       struct td_message remedy)
{
    check_error(c, node_of(c, item)->where, what, remedy);
}

static struct td_arg title_arg(const struct checking *c, const struct td_item *item)
{
    return TD_TEXT(node_of(c, item)->title);
}

static struct td_arg value_arg(const struct td_item *item, int64_t value)
{
    return TD_DECIMAL(value_decimal(item, value));
}

/* ---- tiers ----------------------------------------------------------------------------------- */

/* The tier that begins next after `tier` (NULL: the first one). */
static const struct td_tier *next_tier(const struct td_item *item, const struct td_tier *tier)
{
    const struct td_tier *next = NULL;
    for (int32_t i = 0; i < item->tier_count; i++) {
        const struct td_tier *t = &item->tiers[i];
        if ((tier == NULL || t->first > tier->first) && (next == NULL || t->first < next->first)) {
            next = t;
        }
    }
    return next;
}

/* CRI-4, SCO-9f: a gap is not an error, since the source may leave one; a value in it is reported
 * and never guessed. */
static void look_for_gaps(struct checking *c, const struct td_item *item)
{
    const struct td_tier *tier = next_tier(item, NULL);
    for (const struct td_tier *next; tier != NULL; tier = next) {
        next = next_tier(item, tier);
        if (next != NULL && tier->last + 1 < next->first) {
            check_notice(c, node_of(c, item)->where,
                         TD_MESSAGE("values of “{0}” from {1} to {2} are in no tier",
                                    title_arg(c, item), value_arg(item, tier->last + 1),
                                    value_arg(item, next->first - 1)),
                         TD_WORDS("if the source has no such gap, correct the tiers"));
        }
    }
}

static void check_tiers(struct checking *c, const struct td_item *item)
{
    if (item->tier_count == 0) {
        item_error(c, item, TD_MESSAGE("“{0}” has no tier", title_arg(c, item)),
                   TD_WORDS("state “tiers”"));
    }
    for (int32_t i = 0; i < item->tier_count; i++) {
        const struct td_tier *tier = &item->tiers[i];
        if (tier->points < 0 || tier->points > item->points) {
            check_error(c, tier->where,
                        TD_MESSAGE("a tier of “{0}” gives {1} points, the item has {2}",
                                   title_arg(c, item), points_arg(c, tier->points),
                                   points_arg(c, item->points)),
                        TD_WORDS("give at most the item's points"));
        }
        if (tier->first > tier->last) {
            check_error(c, tier->where,
                        TD_MESSAGE("a tier of “{0}” holds no value: from {1} to {2}",
                                   title_arg(c, item), value_arg(item, tier->first),
                                   value_arg(item, tier->last)),
                        TD_WORDS("state the lower end first"));
            continue;
        }
        for (int32_t k = 0; k < i; k++) {
            if (tier->first <= item->tiers[k].last && item->tiers[k].first <= tier->last) {
                check_error(c, tier->where,
                            TD_MESSAGE("tiers {0} and {1} of “{2}” overlap", TD_COUNT(k + 1),
                                       TD_COUNT(i + 1), title_arg(c, item)),
                            TD_WORDS("let every value lie in one tier: use “above” or “below” "
                                     "where the end belongs to the other"));
            }
        }
    }
    look_for_gaps(c, item);
}

/* ---- the other ways -------------------------------------------------------------------------- */

static void check_checklist(struct checking *c, const struct td_item *item)
{
    int64_t sum = 0;
    for (int32_t i = 0; i < item->part_count; i++) {
        sum += item->parts[i].points;
        if (item->parts[i].points <= 0) {
            check_error(c, item->parts[i].where,
                        TD_MESSAGE("a part of “{0}” has no points", title_arg(c, item)),
                        TD_WORDS("give it points above zero"));
        }
    }
    if (sum != item->points) {
        item_error(c, item,
                   TD_MESSAGE("the parts of “{0}” add up to {1} points, it has {2}",
                              title_arg(c, item), points_arg(c, sum), points_arg(c, item->points)),
                   TD_MESSAGE("change the points of “{0}” or of its parts by {1}",
                              title_arg(c, item), points_arg(c, item->points - sum)));
    }
}

static void check_plus_minus(struct checking *c, const struct td_item *item)
{
    if (item->part_count == 0) {
        item_error(c, item, TD_MESSAGE("“{0}” has no event", title_arg(c, item)),
                   TD_WORDS("state “events”"));
    }
    if (item->floor > item->start || item->start > item->points) {
        item_error(c, item,
                   TD_MESSAGE("“{0}” starts at {1}, outside its floor {2} and its points {3}",
                              title_arg(c, item), points_arg(c, item->start),
                              points_arg(c, item->floor), points_arg(c, item->points)),
                   TD_WORDS("let “start” lie between “floor” and the item's points"));
    }
}

static void check_rank(struct checking *c, const struct td_item *item)
{
    if (item->source == TD_FROM_SHEETS) {
        item_error(c, item,
                   TD_MESSAGE("“{0}” ranks the members, so its value can't differ from sheet to "
                              "sheet",
                              title_arg(c, item)),
                   TD_WORDS("let “from” be “results” or “outside”"));
    }
    for (int32_t i = 0; i < item->place_count; i++) {
        bool falls = i == 0 || item->places[i] <= item->places[i - 1];
        if (item->places[i] < 0 || item->places[i] > item->points || !falls) {
            item_error(c, item,
                       TD_MESSAGE("place {0} of “{1}” gives {2} points", TD_COUNT(i + 1),
                                  title_arg(c, item), points_arg(c, item->places[i])),
                       TD_WORDS("let the points fall from place to place, within 0 and the "
                                "item's points"));
        }
    }
    bool low = item->place_count > 0 && item->after > item->places[item->place_count - 1];
    if (item->after < 0 || low || item->place_count == 0) {
        item_error(c, item, TD_MESSAGE("the places of “{0}” are not complete", title_arg(c, item)),
                   TD_WORDS("state “places”; “after” is at most the last one's points"));
    }
}

static void check_leader(struct checking *c, const struct td_item *item)
{
    const struct td_regulation *reg = c->regulation;
    struct td_fraction one = {1, 1};
    if (item->source == TD_FROM_SHEETS && reg->combine != TD_COMBINE_LAST) {
        item_error(c, item,
                   TD_MESSAGE("“{0}” compares the members, so it needs one settled figure for each",
                              title_arg(c, item)),
                   TD_WORDS("let “from” be “results”, or let the last stage count"));
    }
    if (reg->scale.rank_by != TD_RANK_BY_PERCENT) {
        item_error(c, item,
                   TD_MESSAGE("“{0}” may be left out for a unit and lower its maximum, so units "
                              "must be ranked by percent",
                              title_arg(c, item)),
                   TD_WORDS("let “rank_by” be “percent”"));
    }
    if (item->on_target.num < 0 || td_fraction_compare(item->on_target, one) > 0) {
        item_error(c, item,
                   TD_MESSAGE("“{0}”: the share on reaching the target is {1}", title_arg(c, item),
                              TD_PERCENT(item->on_target)),
                   TD_WORDS("let it lie between 0% and 100%"));
    }
}

void check_item(struct checking *c, const struct td_item *item)
{
    if (item->when_none == TD_WHEN_NONE_LEFT_OUT &&
        c->regulation->scale.rank_by != TD_RANK_BY_PERCENT) {
        item_error(c, item,
                   TD_MESSAGE("“{0}” is left out where it did not arise and lowers the unit's "
                              "maximum, so units must be ranked by percent",
                              title_arg(c, item)),
                   TD_WORDS("let “rank_by” be “percent”"));
    }
    if (item->source == TD_FROM_OUTSIDE && item->way != TD_WAY_RANK) {
        item_error(
            c, item,
            TD_MESSAGE("“{0}”: outside raters' values can only be ranked", title_arg(c, item)),
            TD_WORDS("let “kind” be “rank”, or “from” be “results”"));
    }
    switch (item->way) {
    case TD_WAY_DIRECT:
    case TD_WAY_COUNT:
        if (item->step <= 0) {
            item_error(c, item,
                       TD_MESSAGE("“{0}” goes up in steps of {1}", title_arg(c, item),
                                  points_arg(c, item->step)),
                       TD_WORDS("state a step, or points for each, above zero"));
        }
        break;
    case TD_WAY_TIERS:
        check_tiers(c, item);
        break;
    case TD_WAY_CHECKLIST:
        check_checklist(c, item);
        break;
    case TD_WAY_PLUS_MINUS:
        check_plus_minus(c, item);
        break;
    case TD_WAY_RANK:
        check_rank(c, item);
        break;
    case TD_WAY_LEADER:
        check_leader(c, item);
        break;
    case TD_WAY_PLAN:
    default:
        break;
    }
}
