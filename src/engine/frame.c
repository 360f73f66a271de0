/*
 * Does a regulation conform to its frame (CRI-2)? 003 II.1: "các cụm, khối thi đua cụ thể hoá
 * hoặc bổ sung thêm tiêu chí … nhưng không vượt quá 30% số tiêu chí đã quy định cho từng nội dung
 * … không được vượt quá khung điểm".
 */
#include "engine/check.h"
#include "engine/engine.h"

#include <string.h>

#include "base/banned.h"

struct conforming {
    struct checking c; /* of the regulation */
    const struct td_frame *frame;
};

static bool same(const char *a, const char *b)
{
    return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

/* Amounts of two files may have different decimals. */
static int compare_points(const struct td_regulation *a, int64_t x, const struct td_regulation *b,
                          int64_t y)
{
    return td_decimal_compare(points_decimal(a, x), points_decimal(b, y));
}

static struct td_arg frame_points(const struct conforming *f, int64_t units)
{
    struct checking c = {.regulation = &f->frame->common};
    return points_arg(&c, units);
}

static int32_t find_node(const struct td_regulation *regulation, int32_t parent, const char *id)
{
    for (int32_t i = 0; i < regulation->node_count; i++) {
        if (regulation->nodes[i].parent == parent && same(regulation->nodes[i].id, id)) {
            return i;
        }
    }
    return TD_NONE;
}

static const struct td_variant *find_variant(const struct conforming *f,
                                             const struct td_frame_section *section)
{
    if (section->variant_count == 1 && section->variants[0].id == NULL) {
        return &section->variants[0];
    }
    for (int32_t i = 0; i < section->variant_count; i++) {
        if (same(section->variants[i].id, f->c.regulation->variant)) {
            return &section->variants[i];
        }
    }
    return NULL;
}

/* ---- fixed items ----------------------------------------------------------------------------- */

static bool same_tiers(const struct td_regulation *a, const struct td_item *x,
                       const struct td_regulation *b, const struct td_item *y)
{
    bool equal =
        x->tier_count == y->tier_count && (x->tier_count == 0 || x->decimals == y->decimals);
    for (int32_t i = 0; equal && i < x->tier_count; i++) {
        const struct td_tier *s = &x->tiers[i], *t = &y->tiers[i];
        equal = s->first == t->first && s->last == t->last &&
                compare_points(a, s->points, b, t->points) == 0;
    }
    return equal;
}

static bool same_places(const struct td_regulation *a, const struct td_item *x,
                        const struct td_regulation *b, const struct td_item *y)
{
    bool equal = x->place_count == y->place_count && compare_points(a, x->after, b, y->after) == 0;
    for (int32_t i = 0; equal && i < x->place_count; i++) {
        equal = compare_points(a, x->places[i], b, y->places[i]) == 0;
    }
    return equal;
}

/* A bloc may say what an item that did not arise is worth where the frame doesn't. */
static bool same_way(const struct td_regulation *a, const struct td_item *x,
                     const struct td_regulation *b, const struct td_item *y)
{
    bool equal =
        x->way == y->way && x->source == y->source && x->better == y->better &&
        (x->when_none == TD_WHEN_NONE_UNSAID || x->when_none == y->when_none) &&
        compare_points(a, x->start, b, y->start) == 0 &&
        compare_points(a, x->floor, b, y->floor) == 0 &&
        (x->way != TD_WAY_LEADER || td_fraction_compare(x->on_target, y->on_target) == 0) &&
        x->part_count == y->part_count && same_tiers(a, x, b, y) && same_places(a, x, b, y);
    for (int32_t i = 0; equal && i < x->part_count; i++) {
        equal = same(x->parts[i].id, y->parts[i].id) &&
                compare_points(a, x->parts[i].points, b, y->parts[i].points) == 0;
    }
    if (equal && x->way == TD_WAY_COUNT) {
        equal = compare_points(a, x->step, b, y->step) == 0;
    }
    return equal;
}

/* The nodes below a fixed one bind to the item: points, ways, nothing more and nothing less. */
static void conform_fixed(struct conforming *f, int32_t given, int32_t own)
{
    const struct td_regulation *frame = &f->frame->common;
    const struct td_regulation *reg = f->c.regulation;
    const struct td_node *g = &frame->nodes[given], *o = &reg->nodes[own];
    if (compare_points(frame, g->points, reg, o->points) != 0) {
        check_error(&f->c, o->where,
                    TD_MESSAGE("“{0}” is fixed by the frame at {1} points, here it has {2}",
                               TD_TEXT(g->title), frame_points(f, g->points),
                               points_arg(&f->c, o->points)),
                    TD_WORDS("take the frame's points"));
    }
    if ((g->item == TD_NONE) != (o->item == TD_NONE) ||
        (g->item != TD_NONE &&
         !same_way(frame, &frame->items[g->item], reg, &reg->items[o->item]))) {
        check_error(
            &f->c, o->where,
            TD_MESSAGE("“{0}” is fixed by the frame in its way of scoring", TD_TEXT(g->title)),
            TD_WORDS("take the frame's way, with its parts and tiers"));
        return;
    }
    for (int32_t i = given + 1; i < frame->node_count; i++) {
        if (frame->nodes[i].parent != given) {
            continue;
        }
        int32_t child = find_node(reg, own, frame->nodes[i].id);
        if (child == TD_NONE) {
            check_error(&f->c, o->where,
                        TD_MESSAGE("“{0}” lacks “{1}”, which the frame fixes", TD_TEXT(o->title),
                                   TD_TEXT(frame->nodes[i].title)),
                        TD_MESSAGE("add it under the id {0}", TD_TEXT(frame->nodes[i].id)));
        } else {
            conform_fixed(f, i, child);
        }
    }
    for (int32_t i = own + 1; i < reg->node_count; i++) {
        if (reg->nodes[i].parent == own && find_node(frame, given, reg->nodes[i].id) == TD_NONE) {
            check_error(&f->c, reg->nodes[i].where,
                        TD_MESSAGE("“{0}” is not in the frame, which fixes this part",
                                   TD_TEXT(reg->nodes[i].title)),
                        TD_WORDS("take it away"));
        }
    }
}

/* ---- sections -------------------------------------------------------------------------------- */

static bool given_by(const struct td_regulation *frame, const struct td_variant *variant,
                     const char *id)
{
    for (int32_t i = 0; i < variant->node_count; i++) {
        const struct td_node *node = &frame->nodes[variant->first_node + i];
        if (node->depth == 0 && same(node->id, id)) {
            return true;
        }
    }
    return false;
}

/* The criteria that the bloc added: marked, and within the share of those given. */
static void conform_added(struct conforming *f, const struct td_frame_section *section,
                          const struct td_variant *variant, int32_t own, int32_t given)
{
    const struct td_regulation *reg = f->c.regulation;
    int64_t added = 0;
    for (int32_t i = own + 1; i < reg->node_count; i++) {
        const struct td_node *node = &reg->nodes[i];
        if (node->parent != own) {
            continue;
        }
        bool theirs = given_by(&f->frame->common, variant, node->id);
        added += !theirs;
        if (theirs == node->added) {
            check_error(&f->c, node->where,
                        theirs ? TD_MESSAGE("“{0}” is marked as added, and the frame gives it",
                                            TD_TEXT(node->title))
                               : TD_MESSAGE("“{0}” is not in the frame and not marked as added",
                                            TD_TEXT(node->title)),
                        theirs ? TD_WORDS("take the mark “added” away")
                               : TD_WORDS("mark it with “added”, or correct its id"));
        }
    }
    bool none = same(variant->id, "none"); /* no criteria are given, so no share of them binds */
    if (!none && added * section->max_added.den > section->max_added.num * given) {
        check_error(&f->c, reg->nodes[own].where,
                    TD_MESSAGE("“{0}” has {1} added criteria; at most {2} of the {3} given may be "
                               "added",
                               TD_TEXT(reg->nodes[own].title), TD_COUNT(added),
                               TD_PERCENT(section->max_added), TD_COUNT(given)),
                    TD_WORDS("take away criteria until the share is kept"));
    }
}

static void conform_criteria(struct conforming *f, const struct td_frame_section *section,
                             const struct td_variant *variant, int32_t own)
{
    const struct td_regulation *frame = &f->frame->common;
    const struct td_regulation *reg = f->c.regulation;
    int32_t given = 0;
    for (int32_t i = 0; i < variant->node_count; i++) {
        int32_t node = variant->first_node + i;
        if (frame->nodes[node].depth != 0) {
            continue;
        }
        given++;
        int32_t criterion = find_node(reg, own, frame->nodes[node].id);
        if (criterion == TD_NONE) {
            check_error(&f->c, reg->nodes[own].where,
                        TD_MESSAGE("“{0}” lacks the frame's criterion “{1}”",
                                   TD_TEXT(reg->nodes[own].title),
                                   TD_TEXT(frame->nodes[node].title)),
                        TD_MESSAGE("add it under the id {0}", TD_TEXT(frame->nodes[node].id)));
        } else if (section->fixed) {
            conform_fixed(f, node, criterion);
        }
    }
    conform_added(f, section, variant, own, given);
}

static void conform_section(struct conforming *f, const struct td_frame_section *section)
{
    const struct td_regulation *frame = &f->frame->common;
    const struct td_regulation *reg = f->c.regulation;
    int32_t own = find_node(reg, TD_NONE, section->id);
    if (own == TD_NONE) {
        check_error(&f->c, "/criteria",
                    TD_MESSAGE("the frame's section “{0}” is missing", TD_TEXT(section->title)),
                    TD_MESSAGE("add it under the id {0}", TD_TEXT(section->id)));
        return;
    }
    if (compare_points(frame, section->points, reg, reg->nodes[own].points) != 0) {
        check_error(&f->c, reg->nodes[own].where,
                    TD_MESSAGE("“{0}” is fixed by the frame at {1} points, here it has {2}",
                               TD_TEXT(section->title), frame_points(f, section->points),
                               points_arg(&f->c, reg->nodes[own].points)),
                    TD_WORDS("take the frame's points"));
    }
    const struct td_variant *variant = find_variant(f, section);
    if (variant == NULL && reg->variant == NULL) {
        check_error(&f->c, "/variant",
                    TD_MESSAGE("the frame has variants of “{0}”, and the regulation names none",
                               TD_TEXT(section->title)),
                    TD_WORDS("choose one of the frame's variants; “none” is a choice too"));
        return;
    }
    if (variant == NULL) {
        check_error(&f->c, "/variant",
                    TD_MESSAGE("the frame has no variant “{0}” of “{1}”", TD_TEXT(reg->variant),
                               TD_TEXT(section->title)),
                    TD_WORDS("choose one of the frame's variants; “none” is a choice too"));
        return;
    }
    conform_criteria(f, section, variant, own);
}

/* ---- bonus, deductions, eligibility, threshold ----------------------------------------------- */

/* A cap that may reach more than the frame's, or is left out. */
static bool looser(const struct conforming *f, int64_t own, int64_t given)
{
    return given != TD_NONE &&
           (own == TD_NONE || compare_points(f->c.regulation, own, &f->frame->common, given) > 0);
}

/* The same kind, giver, section and step, and not more points or a higher cap for each. */
static bool bonus_fits(const struct conforming *f, const struct td_bonus_part *own,
                       const struct td_bonus_part *given)
{
    const struct td_regulation *reg = f->c.regulation;
    if (own->kind != given->kind) {
        return false;
    }
    if (own->kind == TD_BONUS_AWARDED) {
        return same(own->by, given->by);
    }
    bool each = given->each.num == 0 ||
                (own->each.num > 0 && td_fraction_compare(own->each, given->each) <= 0);
    return each && own->proportional == given->proportional &&
           td_fraction_compare(own->per, given->per) == 0 &&
           compare_points(reg, own->points, &f->frame->common, given->points) <= 0 &&
           same(reg->nodes[own->section].id, f->frame->sections[given->section].id);
}

static void conform_bonus(struct conforming *f)
{
    const struct td_regulation *frame = &f->frame->common;
    const struct td_regulation *reg = f->c.regulation;
    if (looser(f, reg->bonus.cap, frame->bonus.cap)) {
        check_error(&f->c, reg->bonus.where == NULL ? "/bonus" : reg->bonus.where,
                    TD_MESSAGE("the bonus may reach more than the frame's {0} points",
                               frame_points(f, frame->bonus.cap)),
                    TD_WORDS("state the frame's cap, or a lower one"));
    }
    for (int32_t i = 0; i < reg->bonus.part_count; i++) {
        const struct td_bonus_part *own = &reg->bonus.parts[i];
        const struct td_bonus_part *given = NULL;
        for (int32_t k = 0; k < frame->bonus.part_count; k++) {
            given = same(frame->bonus.parts[k].id, own->id) ? &frame->bonus.parts[k] : given;
        }
        if (given == NULL) {
            check_error(&f->c, own->where,
                        TD_MESSAGE("the frame has no bonus “{0}”", TD_TEXT(own->title)),
                        TD_WORDS("take it away, or use the frame's id"));
        } else if (looser(f, own->cap, given->cap)) {
            check_error(&f->c, own->where,
                        TD_MESSAGE("the bonus “{0}” may reach more than the frame's {1} points",
                                   TD_TEXT(own->title), frame_points(f, given->cap)),
                        TD_WORDS("state the frame's cap, or a lower one"));
        } else if (!bonus_fits(f, own, given)) {
            check_error(&f->c, own->where,
                        TD_MESSAGE("the bonus “{0}” is not the frame's", TD_TEXT(own->title)),
                        TD_WORDS("take the frame's kind, giver, section, points, step and cap for "
                                 "each"));
        }
    }
}

static bool same_list(const char *const *a, int32_t count, const char *const *b, int32_t count_b)
{
    bool equal = count == count_b;
    for (int32_t i = 0; equal && i < count; i++) {
        equal = strcmp(a[i], b[i]) == 0;
    }
    return equal;
}

/* A cap on deductions that lets a unit off where the frame doesn't. */
static bool tighter(const struct conforming *f, int64_t own, int64_t given)
{
    return own != TD_NONE &&
           (given == TD_NONE || compare_points(f->c.regulation, own, &f->frame->common, given) < 0);
}

static void conform_deductions(struct conforming *f)
{
    const struct td_regulation *frame = &f->frame->common;
    const struct td_regulation *reg = f->c.regulation;
    if (tighter(f, reg->deduction_cap, frame->deduction_cap)) {
        check_error(&f->c, "/deductions",
                    TD_MESSAGE("the deductions together are capped at {0} points, which the frame "
                               "doesn't allow",
                               points_arg(&f->c, reg->deduction_cap)),
                    TD_WORDS("take the cap away"));
    }
    for (int32_t i = 0; i < frame->deduction_count; i++) {
        const struct td_deduction *given = &frame->deductions[i], *own = NULL;
        for (int32_t k = 0; k < reg->deduction_count; k++) {
            own = same(reg->deductions[k].id, given->id) ? &reg->deductions[k] : own;
        }
        if (own == NULL) {
            check_error(&f->c, "/deductions",
                        TD_MESSAGE("the frame's deduction “{0}” is missing", TD_TEXT(given->title)),
                        TD_MESSAGE("add it under the id {0}", TD_TEXT(given->id)));
        } else if (compare_points(reg, own->each, frame, given->each) != 0 ||
                   own->needs != given->needs || own->head_only != given->head_only ||
                   own->once != given->once || tighter(f, own->cap, given->cap) ||
                   !same_list(own->issuers, own->issuer_count, given->issuers,
                              given->issuer_count) ||
                   !same_list(own->subjects, own->subject_count, given->subjects,
                              given->subject_count)) {
            check_error(&f->c, own->where,
                        TD_MESSAGE("the deduction “{0}” is not the frame's: there it takes {1} "
                                   "points",
                                   TD_TEXT(own->title), frame_points(f, given->each)),
                        TD_WORDS("take the frame's amount, evidence, issuers and subjects"));
        }
    }
}

/* The same condition on the same facts and grades, by id: connectives are the frame's (ELI-1). */
static bool same_condition(const struct td_regulation *a, const struct td_condition *x,
                           const struct td_regulation *b, const struct td_condition *y)
{
    if (x == NULL || y == NULL) {
        return x == y;
    }
    bool equal = x->test == y->test && x->part_count == y->part_count;
    for (int32_t i = 0; equal && i < x->part_count; i++) {
        equal = same_condition(a, &x->parts[i], b, &y->parts[i]);
    }
    if (!equal || x->part_count > 0) {
        return equal;
    }
    const struct td_fact *f = &a->facts[x->fact], *g = &b->facts[y->fact];
    return same(f->id, g->id) && same(f->grades[x->grade].id, g->grades[y->grade].id);
}

/* Rules read facts: their grades from best to worst, who follows from which duty, and what stands
 * when nobody reports. */
static bool same_fact(const struct td_regulation *a, const struct td_fact *x,
                      const struct td_regulation *b, const struct td_fact *y)
{
    bool equal = x->grade_count == y->grade_count && x->unreported == y->unreported &&
                 (x->duty == TD_NONE) == (y->duty == TD_NONE);
    for (int32_t i = 0; equal && i < x->grade_count; i++) {
        equal = same(x->grades[i].id, y->grades[i].id);
    }
    return equal && (x->duty == TD_NONE || same(a->duties[x->duty].id, b->duties[y->duty].id));
}

static void conform_facts(struct conforming *f)
{
    const struct td_regulation *frame = &f->frame->common;
    const struct td_regulation *reg = f->c.regulation;
    for (int32_t i = 0; i < frame->fact_count; i++) {
        const struct td_fact *given = &frame->facts[i], *own = NULL;
        for (int32_t k = 0; k < reg->fact_count; k++) {
            own = same(reg->facts[k].id, given->id) ? &reg->facts[k] : own;
        }
        if (own == NULL || !same_fact(frame, given, reg, own)) {
            check_error(&f->c, own == NULL ? "/facts" : own->where,
                        TD_MESSAGE("the frame's fact “{0}” is missing, or has other grades or "
                                   "another origin",
                                   TD_TEXT(given->title)),
                        TD_MESSAGE("take it from the frame, under the id {0}", TD_TEXT(given->id)));
        }
    }
}

/* Awards whose quota the authority allots stay so (003 III.2.1), and are given in the same way. */
static void conform_awards(struct conforming *f)
{
    const struct td_regulation *frame = &f->frame->common;
    const struct td_regulation *reg = f->c.regulation;
    for (int32_t i = 0; i < frame->award_count; i++) {
        const struct td_award *given = &frame->awards[i], *own = NULL;
        for (int32_t k = 0; k < reg->award_count; k++) {
            own = same(reg->awards[k].id, given->id) ? &reg->awards[k] : own;
        }
        if (own == NULL || own->how != given->how || own->quota != given->quota) {
            check_error(&f->c, own == NULL ? "/awards" : own->where,
                        TD_MESSAGE("the frame's award “{0}” is missing, or is given in another way "
                                   "or by another quota",
                                   TD_TEXT(given->title)),
                        TD_MESSAGE("take it from the frame, under the id {0}", TD_TEXT(given->id)));
        }
    }
}

/* Days that the authority sets. A frame's days that differ by calendar are read as those of the
 * calendar year, so a school year's are not compared. */
static void conform_duties(struct conforming *f)
{
    const struct td_regulation *frame = &f->frame->common;
    const struct td_regulation *reg = f->c.regulation;
    for (int32_t i = 0; reg->calendar == TD_CALENDAR_YEAR && i < frame->duty_count; i++) {
        const struct td_duty *given = &frame->duties[i], *own = NULL;
        for (int32_t k = 0; k < reg->duty_count; k++) {
            own = same(reg->duties[k].id, given->id) ? &reg->duties[k] : own;
        }
        if (own == NULL || own->due.kind != given->due.kind || own->due.month != given->due.month ||
            own->due.day != given->due.day || own->due.days != given->due.days) {
            check_error(&f->c, own == NULL ? "/duties" : own->where,
                        TD_MESSAGE("the frame's duty “{0}” is missing or has another day",
                                   TD_TEXT(given->title)),
                        TD_MESSAGE("take it from the frame, under the id {0}", TD_TEXT(given->id)));
        }
    }
}

static void conform_rules(struct conforming *f)
{
    const struct td_regulation *frame = &f->frame->common;
    const struct td_regulation *reg = f->c.regulation;
    for (int32_t i = 0; i < frame->rule_count; i++) {
        const struct td_rule *given = &frame->rules[i], *own = NULL;
        for (int32_t k = 0; k < reg->rule_count; k++) {
            own = same(reg->rules[k].id, given->id) ? &reg->rules[k] : own;
        }
        if (own == NULL || own->outcome != given->outcome || own->levels != given->levels ||
            !same_condition(frame, given->when, reg, own->when) ||
            !same_condition(frame, given->unless, reg, own->unless)) {
            check_error(&f->c, own == NULL ? "/eligibility" : own->where,
                        TD_MESSAGE("the frame's rule “{0}” is missing, or has another condition or "
                                   "outcome",
                                   TD_TEXT(given->reason)),
                        TD_MESSAGE("take it from the frame, under the id {0}", TD_TEXT(given->id)));
        }
    }
    if (frame->selection.has_least &&
        (!reg->selection.has_least ||
         td_fraction_compare(reg->selection.least, frame->selection.least) < 0)) {
        check_error(&f->c, "/selection",
                    TD_MESSAGE("the frame asks for at least {0} points for any award",
                               TD_FRACTION(frame->selection.least)),
                    TD_WORDS("state the frame's threshold, or a higher one"));
    }
}

int td_frame_conform(const struct td_frame *frame, const struct td_regulation *regulation,
                     struct td_problems *problems)
{
    struct conforming f = {.c = {regulation, problems}, .frame = frame};
    size_t before = problems->errors;
    if (!same(regulation->frame, frame->common.id)) {
        check_error(
            &f.c, "/frame",
            TD_MESSAGE("the regulation names another frame than {0}", TD_TEXT(frame->common.id)),
            TD_WORDS("name it under “frame”, or check against the frame it names"));
    }
    if (compare_points(regulation, regulation->scale.total, &frame->common,
                       frame->common.scale.total) != 0) {
        check_error(&f.c, "/points/total",
                    TD_MESSAGE("the frame's scale has {0} points",
                               frame_points(&f, frame->common.scale.total)),
                    TD_WORDS("take the frame's scale"));
    }
    for (int32_t i = 0; i < frame->section_count; i++) {
        conform_section(&f, &frame->sections[i]);
    }
    for (int32_t i = 0; i < regulation->node_count; i++) {
        bool given = regulation->nodes[i].parent != TD_NONE;
        for (int32_t k = 0; !given && k < frame->section_count; k++) {
            given = same(regulation->nodes[i].id, frame->sections[k].id);
        }
        if (!given) {
            check_error(
                &f.c, regulation->nodes[i].where,
                TD_MESSAGE("the frame has no section “{0}”", TD_TEXT(regulation->nodes[i].title)),
                TD_WORDS("put its criteria into the frame's sections"));
        }
    }
    conform_bonus(&f);
    conform_deductions(&f);
    conform_facts(&f);
    conform_rules(&f);
    conform_awards(&f);
    conform_duties(&f);
    if (problems->full) {
        return TD_E_MEMORY;
    }
    return problems->errors > before ? TD_E_INVALID : TD_OK;
}
