/*
 * Score sheets on both engines: what is refused, what two writers see of each other, the way from
 * draft to submitted, what is sealed; and that nothing is half done when a statement fails.
 */
#include "office_test.h"
#include "year_test.h"

#include "office/sheet.h"

#include <pthread.h>

#define RULES "regulations/ha-dong-2024/regulation.json"

/* A year with who acts in it. */
struct bench {
    struct fixture *f;
    struct made_year y;
    struct actor_role roles[5];
    struct actor officer, leader, other, keeper, stranger;
};

static struct actor acting(struct bench *b, int n, enum office_role role, const char *scope)
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

static void set_up(struct bench *b, struct fixture *f)
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

static struct sheet_key own(const struct bench *b, int unit)
{
    return (struct sheet_key){.home_id = b->y.home_id,
                              .year_id = b->y.year_id,
                              .stage = "self",
                              .rater = b->y.units[unit],
                              .unit = b->y.units[unit]};
}

static struct sheet_input value(const char *item, int64_t units, uint8_t decimals, int64_t seen)
{
    return (struct sheet_input){
        .kind = SHEET_VALUE, .item = item, .number = {units, decimals}, .seen = seen};
}

static int save(struct bench *b, const struct actor *actor, const struct sheet_input *inputs,
                size_t count, struct sheet_saved *ret)
{
    struct td_problems problems = TD_PROBLEMS(b->f->arena, NULL);
    struct sheet_key key = own(b, 0);
    int status = sheet_save(b->f->office, actor, b->f->arena, &key, inputs, count, &problems, ret);
    assert_int_equal(problems.errors > 0, status == OFFICE_REFUSED);
    return status;
}

static int save_one(struct bench *b, struct sheet_input input)
{
    struct sheet_saved saved;
    return save(b, &b->officer, &input, 1, &saved);
}

static struct sheet *get(struct bench *b, const struct actor *actor)
{
    struct sheet_key key = own(b, 0);
    struct sheet *sheet = NULL;
    assert_int_equal(sheet_get(b->f->office, actor, b->f->arena, &key, &sheet), TD_OK);
    return sheet;
}

static int move(struct bench *b, const struct actor *actor, enum sheet_move way, const char *remark)
{
    struct td_problems problems = TD_PROBLEMS(b->f->arena, NULL);
    struct sheet_key key = own(b, 0);
    return sheet_move(b->f->office, actor, b->f->arena, &key, way, remark, get(b, actor)->version,
                      &problems);
}

static int32_t item_of(const struct sheet *s, const char *id)
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
static void fill(struct bench *b)
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

/* ---- saving ---------------------------------------------------------------------------------- */

static void test_sheet__what_does_not_fit_is_refused(struct fixture *f)
{
    struct bench b;
    set_up(&b, f);
    assert_int_equal(save_one(&b, value("III.1", 101, 0, 0)), OFFICE_REFUSED); /* of 100 */
    assert_int_equal(save_one(&b, value("III.1", -1, 0, 0)), OFFICE_REFUSED);
    assert_int_equal(save_one(&b, value("IV.4", 293, 1, 0)), OFFICE_REFUSED); /* steps of 0.5 */
    assert_int_equal(save_one(&b, value("I.4", 8125, 2, 0)), OFFICE_REFUSED); /* one decimal */
    assert_int_equal(save_one(&b, value("I.6", 255, 0, 0)), OFFICE_REFUSED);  /* a checklist */
    assert_int_equal(save_one(&b, value("X", 1, 0, 0)), OFFICE_REFUSED);
    assert_int_equal(get(&b, &b.officer)->version, 0);
    assert_int_equal(save_one(&b, value("III.1", 100, 0, 0)), TD_OK);
    assert_int_equal(save_one(&b, value("IV.4", 295, 1, 0)), TD_OK);
}
BOTH_ENGINES(test_sheet__what_does_not_fit_is_refused)

static void test_sheet__all_inputs_or_none(struct fixture *f)
{
    struct bench b;
    struct sheet_saved saved;
    set_up(&b, f);
    const struct sheet_input both[] = {value("III.1", 90, 0, 0), value("IV.4", 31, 0, 0)};
    assert_int_equal(save(&b, &b.officer, both, 2, &saved), OFFICE_REFUSED);
    const struct sheet *s = get(&b, &b.officer);
    assert_true(s->cells[s->regulation->items[item_of(s, "III.1")].cell] == TD_EMPTY);
}
BOTH_ENGINES(test_sheet__all_inputs_or_none)

static void test_sheet__zero_is_not_empty(struct fixture *f)
{
    static const char *const met[] = {"recruits", "exercise"};
    struct bench b;
    struct sheet_saved saved;
    struct sheet_input checks = {.kind = SHEET_CHECKS, .item = "I.6"};
    set_up(&b, f);
    assert_int_equal(save(&b, &b.officer, &checks, 1, &saved), TD_OK);
    assert_int_equal(saved.sheet->filled, 1); /* none is met: zero points, but said */
    int32_t item = item_of(saved.sheet, "I.6");
    assert_int_equal(saved.sheet->points[item].state, TD_ITEM_SCORED);
    assert_int_equal(saved.sheet->points[item].points, 0);

    checks = (struct sheet_input){
        .kind = SHEET_CHECKS, .item = "I.6", .checks = met, .check_count = 2, .seen = 1};
    assert_int_equal(save(&b, &b.officer, &checks, 1, &saved), TD_OK);
    assert_int_equal(saved.sheet->points[item].points, 4000); /* 30 + 10 */
    assert_int_equal(saved.sheet->total, 4000);

    const struct sheet_input clear = {.kind = SHEET_CLEAR, .item = "I.6", .seen = 2};
    assert_int_equal(save_one(&b, clear), TD_OK);
    assert_int_equal(get(&b, &b.officer)->filled, 0);
    assert_int_equal(get(&b, &b.officer)->points[item].state, TD_ITEM_EMPTY);
}
BOTH_ENGINES(test_sheet__zero_is_not_empty)

/* What sheet_save answers is what sheet_get answers then: also for the first thing written. */
static void test_sheet__the_answer_is_the_sheet(struct fixture *f)
{
    struct bench b;
    struct sheet_saved saved;
    set_up(&b, f);
    for (int64_t n = 0; n < 3; n++) {
        const struct sheet_input input = value("III.1", 10 + n, 0, n);
        assert_int_equal(save(&b, &b.officer, &input, 1, &saved), TD_OK);
        const struct sheet *s = get(&b, &b.officer);
        assert_int_equal(saved.sheet->version, s->version);
        assert_int_equal(saved.sheet->total, s->total);
        assert_int_equal(saved.sheet->versions[0], s->versions[0]);
    }
}
BOTH_ENGINES(test_sheet__the_answer_is_the_sheet)

static void test_sheet__a_clash_shows_both(struct fixture *f)
{
    struct bench b;
    struct sheet_saved saved;
    set_up(&b, f);
    assert_int_equal(save_one(&b, value("III.1", 90, 0, 0)), TD_OK);
    const struct sheet_input two[] = {value("III.1", 95, 0, 0), value("IV.4", 20, 0, 0)};
    assert_int_equal(save(&b, &b.leader, two, 2, &saved), OFFICE_CONFLICT);
    assert_non_null(saved.clashes);
    assert_null(saved.clashes->next);
    assert_int_equal(saved.clashes->input, 0);
    assert_int_equal(saved.clashes->value, 9000);
    assert_int_equal(saved.clashes->version, 1);
    assert_int_equal(saved.clashes->at.ms, f->now);
    assert_int_equal(get(&b, &b.officer)->filled, 1); /* the other input wasn't saved either */

    /* Both wrote the same: no clash, and nothing to write. */
    int64_t version = get(&b, &b.officer)->version;
    struct sheet_input same = value("III.1", 90, 0, 0);
    assert_int_equal(save_one(&b, same), TD_OK);
    assert_int_equal(get(&b, &b.officer)->version, version);
    same = value("III.1", 95, 0, saved.clashes->version);
    assert_int_equal(save_one(&b, same), TD_OK);
}
BOTH_ENGINES(test_sheet__a_clash_shows_both)

/* ---- moving ---------------------------------------------------------------------------------- */

static void test_sheet__goes_from_draft_to_submitted(struct fixture *f)
{
    struct bench b;
    set_up(&b, f);
    assert_int_equal(save_one(&b, value("III.1", 90, 0, 0)), TD_OK);
    assert_int_equal(move(&b, &b.officer, SHEET_PREPARE, NULL), OFFICE_REFUSED); /* empty items */
    assert_int_equal(move(&b, &b.leader, SHEET_SUBMIT, NULL), OFFICE_REFUSED);
    fill(&b);
    assert_int_equal(move(&b, &b.officer, SHEET_SUBMIT, NULL), OFFICE_FORBIDDEN);
    assert_int_equal(move(&b, &b.leader, SHEET_RETURN, "vì sao"), OFFICE_FORBIDDEN);
    assert_int_equal(move(&b, &b.leader, SHEET_ABSTAIN, "vì sao"), OFFICE_FORBIDDEN); /* its own */
    assert_int_equal(move(&b, &b.officer, SHEET_PREPARE, NULL), TD_OK);
    assert_int_equal(save_one(&b, value("III.1", 91, 0, 2)), OFFICE_FORBIDDEN);
    assert_int_equal(move(&b, &b.leader, SHEET_RETURN, "  "), OFFICE_REFUSED);
    assert_int_equal(move(&b, &b.leader, SHEET_RETURN, "thiếu minh chứng"), TD_OK);
    assert_string_equal(get(&b, &b.officer)->remark, "thiếu minh chứng");
    assert_int_equal(move(&b, &b.leader, SHEET_SUBMIT, NULL), TD_OK);
    const struct sheet *s = get(&b, &b.leader);
    assert_int_equal(s->state, SHEET_SUBMITTED);
    assert_false(s->may_write || s->may_submit || s->may_return || s->may_prepare);
    assert_int_equal(save(&b, &b.leader,
                          &(struct sheet_input){.kind = SHEET_CLEAR, .item = "III.1"}, 1,
                          &(struct sheet_saved){0}),
                     OFFICE_FORBIDDEN);
}
BOTH_ENGINES(test_sheet__goes_from_draft_to_submitted)

static void test_sheet__a_head_may_abstain_with_a_reason(struct fixture *f)
{
    struct td_problems problems = TD_PROBLEMS(f->arena, NULL);
    struct bench b;
    struct sheet *sheet = NULL;
    set_up(&b, f);
    struct sheet_key key = own(&b, 2);
    key.stage = "review";
    key.rater = b.y.units[0];
    assert_int_equal(
        sheet_move(f->office, &b.leader, f->arena, &key, SHEET_ABSTAIN, "", 0, &problems),
        OFFICE_REFUSED);
    assert_int_equal(sheet_move(f->office, &b.leader, f->arena, &key, SHEET_ABSTAIN,
                                "có quan hệ công tác", 0, &problems),
                     TD_OK);
    assert_int_equal(sheet_get(f->office, &b.leader, f->arena, &key, &sheet), TD_OK);
    assert_int_equal(sheet->state, SHEET_ABSTAINED);
    assert_int_equal(sheet->version, 2);
}
BOTH_ENGINES(test_sheet__a_head_may_abstain_with_a_reason)

/* ---- who sees what --------------------------------------------------------------------------- */

static void test_sheet__is_sealed_until_released(struct fixture *f)
{
    struct bench b;
    struct sheet_board board;
    struct sheet *sheet = NULL;
    set_up(&b, f);
    assert_int_equal(save_one(&b, value("III.1", 90, 0, 0)), TD_OK);
    struct sheet_key key = own(&b, 0);
    assert_int_equal(sheet_get(f->office, &b.other, f->arena, &key, &sheet), OFFICE_NOT_FOUND);
    assert_int_equal(sheet_get(f->office, &b.stranger, f->arena, &key, &sheet), OFFICE_NOT_FOUND);
    assert_int_equal(save(&b, &b.other, &(struct sheet_input){.kind = SHEET_CLEAR, .item = "III.1"},
                          1, &(struct sheet_saved){0}),
                     OFFICE_NOT_FOUND);
    assert_int_equal(sheet_board(f->office, &b.other, f->arena, b.y.home_id, b.y.year_id, &board),
                     TD_OK);
    assert_true(board.sealed);
    for (int32_t i = 0; i < board.count; i++) {
        assert_true(board.sheets[i].visible || board.sheets[i].total == 0);
    }
    /* A draft is its rater's alone, whoever asks. */
    assert_int_equal(sheet_get(f->office, &b.keeper, f->arena, &key, &sheet), OFFICE_NOT_FOUND);
    struct td_problems problems = TD_PROBLEMS(f->arena, NULL);
    struct sheet_key given = own(&b, 2);
    given.stage = "review";
    given.rater = b.y.units[0];
    assert_int_equal(sheet_move(f->office, &b.leader, f->arena, &given, SHEET_ABSTAIN,
                                "có quan hệ công tác", 0, &problems),
                     TD_OK);
    assert_int_equal(sheet_get(f->office, &b.keeper, f->arena, &given, &sheet), TD_OK);
    assert_int_equal(sheet_get(f->office, &b.other, f->arena, &given, &sheet), OFFICE_NOT_FOUND);
    assert_int_equal(year_release(f->office, &b.other, f->arena, b.y.home_id, b.y.year_id),
                     OFFICE_FORBIDDEN);
    assert_int_equal(year_release(f->office, &b.leader, f->arena, b.y.home_id, b.y.year_id), TD_OK);
    assert_int_equal(sheet_get(f->office, &b.other, f->arena, &given, &sheet), TD_OK);
    assert_false(sheet->may_write || sheet->may_submit);
    assert_int_equal(sheet_get(f->office, &b.other, f->arena, &key, &sheet), OFFICE_NOT_FOUND);
    assert_int_equal(sheet_get(f->office, &b.stranger, f->arena, &given, &sheet), OFFICE_NOT_FOUND);
}
BOTH_ENGINES(test_sheet__is_sealed_until_released)

/* ---- two at once ----------------------------------------------------------------------------- */

struct runner {
    struct bench *b;
    const struct actor *actor;
    struct td_arena *arena;
    pthread_barrier_t *barrier;
    enum sheet_move way;
    bool saves;
    int64_t seen;
    int status;
};

static void *run(void *data)
{
    struct runner *r = data;
    struct td_problems problems = TD_PROBLEMS(r->arena, NULL);
    struct sheet_key key = own(r->b, 0);
    struct sheet_saved saved;
    const struct sheet_input input = value("III.1", 77, 0, 1);
    (void)pthread_barrier_wait(r->barrier);
    r->status = r->saves ? sheet_save(r->b->f->office, r->actor, r->arena, &key, &input, 1,
                                      &problems, &saved)
                         : sheet_move(r->b->f->office, r->actor, r->arena, &key, r->way, "lý do",
                                      r->seen, &problems);
    return NULL;
}

static void race(struct bench *b, struct runner *one, struct runner *two)
{
    pthread_barrier_t barrier;
    pthread_t threads[2];
    struct runner *runners[] = {one, two};
    assert_int_equal(pthread_barrier_init(&barrier, NULL, 2), 0);
    for (int i = 0; i < 2; i++) {
        runners[i]->b = b;
        runners[i]->barrier = &barrier;
        runners[i]->arena = td_arena_new((size_t)16 * 1024 * 1024);
        runners[i]->seen = get(b, runners[i]->actor)->version;
        assert_non_null(runners[i]->arena);
    }
    for (int i = 0; i < 2; i++) {
        assert_int_equal(pthread_create(&threads[i], NULL, run, runners[i]), 0);
    }
    for (int i = 0; i < 2; i++) {
        assert_int_equal(pthread_join(threads[i], NULL), 0);
        td_arena_free(runners[i]->arena);
    }
    (void)pthread_barrier_destroy(&barrier);
}

/* Whichever comes first, a submitted sheet holds what was submitted: a save after it is refused,
 * and a submission over a sheet that changed is a conflict. */
static void test_sheet__save_and_submit_at_once(struct fixture *f)
{
    struct bench b;
    set_up(&b, f);
    fill(&b);
    struct runner saves = {.actor = &b.officer, .saves = true};
    struct runner submits = {.actor = &b.leader, .way = SHEET_SUBMIT};
    race(&b, &saves, &submits);
    const struct sheet *s = get(&b, &b.leader);
    int64_t now = s->cells[s->regulation->items[item_of(s, "III.1")].cell];
    if (s->state == SHEET_SUBMITTED) {
        assert_int_equal(submits.status, TD_OK);
        assert_int_equal(saves.status, OFFICE_FORBIDDEN);
        assert_int_equal(now, 100);
    } else {
        assert_int_equal(submits.status, OFFICE_CONFLICT);
        assert_int_equal(saves.status, TD_OK);
        assert_int_equal(now, 7700);
    }
}
BOTH_ENGINES(test_sheet__save_and_submit_at_once)

static void test_sheet__submit_and_return_at_once(struct fixture *f)
{
    struct bench b;
    set_up(&b, f);
    fill(&b);
    assert_int_equal(move(&b, &b.officer, SHEET_PREPARE, NULL), TD_OK);
    struct runner submits = {.actor = &b.leader, .way = SHEET_SUBMIT};
    struct runner returns = {.actor = &b.leader, .way = SHEET_RETURN};
    race(&b, &submits, &returns);
    assert_true((submits.status == TD_OK) != (returns.status == TD_OK));
    assert_true(submits.status == OFFICE_CONFLICT || returns.status == OFFICE_CONFLICT);
    assert_int_equal(get(&b, &b.leader)->state,
                     submits.status == TD_OK ? SHEET_SUBMITTED : SHEET_DRAFT);
}
BOTH_ENGINES(test_sheet__submit_and_return_at_once)

/* ---- failures -------------------------------------------------------------------------------- */

static int try_save(struct bench *b)
{
    const struct sheet_input inputs[] = {value("III.1", 90, 0, 0), value("IV.4", 20, 0, 0)};
    struct sheet_saved saved;
    return save(b, &b->officer, inputs, 2, &saved);
}

static int try_prepare(struct bench *b)
{
    struct td_problems problems = TD_PROBLEMS(b->f->arena, NULL);
    struct sheet_key key = own(b, 0);
    /* III.1 and IV.4, and all of them again: three entries of the chain each time. */
    return sheet_move(b->f->office, &b->officer, b->f->arena, &key, SHEET_PREPARE, NULL, 3,
                      &problems);
}

/* Each statement fails in turn, and leaves nothing; then it works, and the record grows. */
static void fail_each(struct bench *b, int (*use_case)(struct bench *))
{
    for (long nth = 1; nth < 200; nth++) {
        int64_t entries = audit_entries(b->f);
        (void)db_fail_statement(b->f->db, nth, DB_E_FULL);
        int status = use_case(b);
        (void)db_fail_statement(b->f->db, 0, TD_OK);
        if (status == TD_OK) {
            assert_true(nth > 1);
            assert_true(audit_entries(b->f) > entries);
            return;
        }
        assert_int_equal(status, DB_E_FULL);
        assert_int_equal(audit_entries(b->f), entries);
    }
    fail_msg("a use case of two hundred statements");
}

static void test_sheet__nothing_is_half_done(struct fixture *f)
{
    struct bench b;
    set_up(&b, f);
    fail_each(&b, try_save);
    assert_int_equal(get(&b, &b.officer)->filled, 2);
    fill(&b);
    assert_int_equal(get(&b, &b.officer)->version, 3);
    fail_each(&b, try_prepare);
    assert_int_equal(get(&b, &b.officer)->state, SHEET_PREPARED);
}
BOTH_ENGINES(test_sheet__nothing_is_half_done)

int main(void)
{
    const struct CMUnitTest tests[] = {
        RUN_BOTH(test_sheet__what_does_not_fit_is_refused),
        RUN_BOTH(test_sheet__all_inputs_or_none),
        RUN_BOTH(test_sheet__zero_is_not_empty),
        RUN_BOTH(test_sheet__the_answer_is_the_sheet),
        RUN_BOTH(test_sheet__a_clash_shows_both),
        RUN_BOTH(test_sheet__goes_from_draft_to_submitted),
        RUN_BOTH(test_sheet__a_head_may_abstain_with_a_reason),
        RUN_BOTH(test_sheet__is_sealed_until_released),
        RUN_BOTH(test_sheet__save_and_submit_at_once),
        RUN_BOTH(test_sheet__submit_and_return_at_once),
        RUN_BOTH(test_sheet__nothing_is_half_done),
    };
    return cmocka_run_group_tests_name("sheet", tests, NULL, NULL);
}
