/*
 * A bench for tests of sheets: the small year of year_test.h with who acts in it, and saving,
 * moving and filling the first unit's own sheet in a line each.
 */
#ifndef TESTS_UNIT_OFFICE_BENCH_H
#define TESTS_UNIT_OFFICE_BENCH_H

#include "office_test.h"
#include "year_test.h"

#include "office/sheet.h"

#define RULES "regulations/ha-dong-2024/regulation.json"

/* A year with who acts in it. */
struct bench {
    struct fixture *f;
    struct made_year y;
    struct actor_role roles[5];
    struct actor officer, leader, other, keeper, stranger;
};

static inline struct actor acting(struct bench *b, int n, enum office_role role, const char *scope)
{
    static const char *const ids[] = {"lan", "hung", "dao", "thu", "khach"};
    b->roles[n] = (struct actor_role){
        .role = role, .home_id = b->y.home_id, .scope_id = scope, .scope_name = "…"};
    return (struct actor){.account_id = ids[n],
                          .login = ids[n],
                          .name = ids[n],
                          .language = "vi",
                          .roles = &b->roles[n],
                          .role_count = 1};
}

static inline void set_up(struct bench *b, struct fixture *f)
{
    struct td_problems problems = TD_PROBLEMS(f->arena, NULL);
    *b = (struct bench){.f = f};
    int status = make_year(f->office, &f->program, f->arena, RULES, &problems, &b->y);
    if (status != TD_OK) {
        fail_msg("no year: %d %s", status, problems.first == NULL ? "" : problems.first->what.id);
    }
    b->officer = acting(b, 0, OFFICE_UNIT_OFFICER, b->y.units[0]);
    b->leader = acting(b, 1, OFFICE_LEADER, b->y.units[0]);
    b->other = acting(b, 2, OFFICE_LEADER, b->y.units[1]);
    b->keeper = acting(b, 3, OFFICE_OFFICER, b->y.authority_id);
    b->stranger = acting(b, 4, OFFICE_LEADER, b->y.units[0]);
    b->roles[4].home_id = "another-home";
}

static inline struct sheet_key own(const struct bench *b, int unit)
{
    return (struct sheet_key){.home_id = b->y.home_id,
                              .year_id = b->y.year_id,
                              .stage = "self",
                              .rater = b->y.units[unit],
                              .unit = b->y.units[unit]};
}

static inline struct sheet_input value(const char *item, int64_t units, uint8_t decimals,
                                       int64_t seen)
{
    return (struct sheet_input){
        .kind = SHEET_VALUE, .item = item, .number = {units, decimals}, .seen = seen};
}

static inline int save(struct bench *b, const struct actor *actor, const struct sheet_input *inputs,
                       size_t count, struct sheet_saved *ret)
{
    struct td_problems problems = TD_PROBLEMS(b->f->arena, NULL);
    struct sheet_key key = own(b, 0);
    int status = sheet_save(b->f->office, actor, b->f->arena, &key, inputs, count, &problems, ret);
    assert_int_equal(problems.errors > 0, status == OFFICE_REFUSED);
    return status;
}

static inline int save_one(struct bench *b, struct sheet_input input)
{
    struct sheet_saved saved;
    return save(b, &b->officer, &input, 1, &saved);
}

static inline struct sheet *get(struct bench *b, const struct actor *actor)
{
    struct sheet_key key = own(b, 0);
    struct sheet *sheet = NULL;
    assert_int_equal(sheet_get(b->f->office, actor, b->f->arena, &key, &sheet), TD_OK);
    return sheet;
}

static inline int move(struct bench *b, const struct actor *actor, enum sheet_move way,
                       const char *remark)
{
    struct td_problems problems = TD_PROBLEMS(b->f->arena, NULL);
    struct sheet_key key = own(b, 0);
    return sheet_move(b->f->office, actor, b->f->arena, &key, way, remark, get(b, actor)->version,
                      &problems);
}

static inline int32_t item_of(const struct sheet *s, const char *id)
{
    for (int32_t i = 0; i < s->regulation->item_count; i++) {
        if (strcmp(rules_item_id(s->regulation, i), id) == 0) {
            return i;
        }
    }
    fail_msg("no item %s", id);
    return TD_NONE;
}

/* Every item of unit 0's own sheet, so that it can be submitted. */
static inline void fill(struct bench *b)
{
    static const char *const none[] = {"x"};
    const struct sheet *s = get(b, &b->officer);
    struct sheet_input inputs[128];
    size_t count = 0;
    for (int32_t i = 0; i < s->regulation->item_count; i++) {
        const struct td_item *item = &s->regulation->items[i];
        const char *id = rules_item_id(s->regulation, i);
        if (item->source != TD_FROM_SHEETS) {
            continue;
        }
        inputs[count] = value(id, 1, 0, s->versions[item->cell]);
        if (item->way == TD_WAY_CHECKLIST) {
            inputs[count].kind = SHEET_CHECKS;
            inputs[count].checks = none;
        } else if (item->way == TD_WAY_PLUS_MINUS) {
            inputs[count].part = item->parts[0].id;
        } else if (item->way == TD_WAY_PLAN) {
            inputs[++count] =
                (struct sheet_input){.kind = SHEET_TARGET, .item = id, .number = {1, 0}};
        }
        count++;
    }
    struct sheet_saved saved;
    assert_int_equal(save(b, &b->officer, inputs, count, &saved), TD_OK);
    assert_int_equal(saved.sheet->filled, saved.sheet->fillable);
}

#endif
