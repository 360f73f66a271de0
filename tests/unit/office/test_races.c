/*
 * Two use cases at once, on threads of their own, over and over: what is there afterwards is what
 * one of the two orders leaves, never a mix.
 */
#include "bench.h"

#include <pthread.h>

enum { ROUNDS = 20 };

struct runner {
    struct bench *b;
    const struct actor *actor;
    int (*work)(struct runner *);
    int unit;     /* whose own sheet */
    int64_t seen; /* the version that was on the page: the cell's, the sheet's or the year's */
    struct td_arena *arena;
    struct td_problems problems;
    pthread_barrier_t *barrier;
    int status;
};

/* ---- who runs -------------------------------------------------------------------------------- */

static int save_sheet(struct runner *r)
{
    struct sheet_key key = own(r->b, r->unit);
    struct sheet_saved saved;
    const struct sheet_input input = value("III.1", 77, 0, r->seen);
    return sheet_save(r->b->f->office, r->actor, r->arena, &key, &input, 1, &r->problems, &saved);
}

static int move_sheet(struct runner *r, enum sheet_move way)
{
    struct sheet_key key = own(r->b, r->unit);
    return sheet_move(r->b->f->office, r->actor, r->arena, &key, way, "lý do", r->seen,
                      &r->problems);
}

static int submit_sheet(struct runner *r)
{
    return move_sheet(r, SHEET_SUBMIT);
}

static int return_sheet(struct runner *r)
{
    return move_sheet(r, SHEET_RETURN);
}

static int release_year(struct runner *r)
{
    return year_release(r->b->f->office, r->actor, r->arena, r->b->y.home_id, r->b->y.year_id);
}

static int set_rules(struct runner *r)
{
    return year_set_rules(r->b->f->office, r->actor, r->arena, r->b->y.home_id, r->b->y.year_id,
                          r->seen, NULL, (struct td_date){2024, 12, 31}, &r->problems);
}

static int remove_last_member(struct runner *r)
{
    return year_set_members(r->b->f->office, r->actor, r->arena, r->b->y.home_id, r->b->y.year_id,
                            r->seen, r->b->y.units, YEAR_UNITS - 1, &r->problems);
}

/* ---- both at once ---------------------------------------------------------------------------- */

static void *run(void *data)
{
    struct runner *r = data;
    (void)pthread_barrier_wait(r->barrier);
    r->status = r->work(r);
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
        assert_non_null(runners[i]->arena);
        runners[i]->problems = TD_PROBLEMS(runners[i]->arena, NULL);
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

/* A further year of the bloc, like the first: for another round. */
static void next_year(struct bench *b, const char *first, int round)
{
    struct td_problems problems = TD_PROBLEMS(b->f->arena, NULL);
    char label[16];
    (void)snprintf(label, sizeof label, "%d", 2025 + round);
    assert_int_equal(year_create(b->f->office, &b->keeper, b->f->arena, b->y.home_id, b->y.bloc_id,
                                 label, first, &problems, &b->y.year_id),
                     TD_OK);
    assert_int_equal(year_set_term(b->f->office, &b->keeper, b->f->arena, b->y.home_id,
                                   b->y.year_id, false, b->y.units[0], (struct td_date){2024, 1, 1},
                                   &problems),
                     TD_OK);
}

static const struct bloc_year *year_now(struct bench *b)
{
    struct bloc_year *year = NULL;
    assert_int_equal(
        year_get(b->f->office, &b->keeper, b->f->arena, b->y.home_id, b->y.year_id, &year), TD_OK);
    return year;
}

static int64_t cell_now(const struct sheet *s)
{
    return s->cells[s->regulation->items[item_of(s, "III.1")].cell];
}

/* Whichever comes first, a submitted sheet holds what was submitted: a save after it is refused,
 * and a submission over a sheet that changed is a conflict. */
static void test_races__save_and_submit(struct fixture *f)
{
    struct bench b;
    set_up(&b, f);
    const char *first = b.y.year_id;
    for (int round = 0; round < ROUNDS; round++) {
        next_year(&b, first, round);
        fill(&b);
        struct runner saves = {.actor = &b.officer, .work = save_sheet, .seen = 1};
        struct runner submits = {
            .actor = &b.leader, .work = submit_sheet, .seen = get(&b, &b.leader)->version};
        race(&b, &saves, &submits);
        const struct sheet *s = get(&b, &b.leader);
        if (s->state == SHEET_SUBMITTED) {
            assert_int_equal(submits.status, TD_OK);
            assert_int_equal(saves.status, OFFICE_FORBIDDEN);
            assert_int_equal(cell_now(s), 100);
        } else {
            assert_int_equal(submits.status, OFFICE_CONFLICT);
            assert_int_equal(saves.status, TD_OK);
            assert_int_equal(cell_now(s), 7700);
        }
    }
    (void)audit_entries(f);
}
BOTH_ENGINES(test_races__save_and_submit)

static void test_races__submit_and_return(struct fixture *f)
{
    struct bench b;
    set_up(&b, f);
    const char *first = b.y.year_id;
    for (int round = 0; round < ROUNDS; round++) {
        next_year(&b, first, round);
        fill(&b);
        assert_int_equal(move(&b, &b.officer, SHEET_PREPARE, NULL), TD_OK);
        int64_t seen = get(&b, &b.leader)->version;
        struct runner submits = {.actor = &b.leader, .work = submit_sheet, .seen = seen};
        struct runner returns = {.actor = &b.leader, .work = return_sheet, .seen = seen};
        race(&b, &submits, &returns);
        assert_true((submits.status == TD_OK) != (returns.status == TD_OK));
        assert_true(submits.status == OFFICE_CONFLICT || returns.status == OFFICE_CONFLICT);
        assert_int_equal(get(&b, &b.leader)->state,
                         submits.status == TD_OK ? SHEET_SUBMITTED : SHEET_DRAFT);
    }
    (void)audit_entries(f);
}
BOTH_ENGINES(test_races__submit_and_return)

/* A release doesn't touch sheets, nor a sheet the year: both are done, and both are there. */
static void test_races__release_and_save(struct fixture *f)
{
    struct bench b;
    set_up(&b, f);
    const char *first = b.y.year_id;
    for (int round = 0; round < ROUNDS; round++) {
        next_year(&b, first, round);
        struct runner saves = {.actor = &b.officer, .work = save_sheet};
        struct runner releases = {.actor = &b.leader, .work = release_year};
        race(&b, &saves, &releases);
        assert_int_equal(saves.status, TD_OK);
        assert_int_equal(releases.status, TD_OK);
        assert_int_equal(cell_now(get(&b, &b.officer)), 7700);
        assert_true(year_now(&b)->released);
    }
    (void)audit_entries(f);
}
BOTH_ENGINES(test_races__release_and_save)

static void test_races__release_and_submit(struct fixture *f)
{
    struct bench b;
    set_up(&b, f);
    const char *first = b.y.year_id;
    for (int round = 0; round < ROUNDS; round++) {
        next_year(&b, first, round);
        fill(&b);
        struct runner submits = {
            .actor = &b.leader, .work = submit_sheet, .seen = get(&b, &b.leader)->version};
        struct runner releases = {.actor = &b.keeper, .work = release_year};
        race(&b, &submits, &releases);
        assert_int_equal(submits.status, TD_OK);
        assert_int_equal(releases.status, TD_OK);
        assert_int_equal(get(&b, &b.leader)->state, SHEET_SUBMITTED);
        assert_true(year_now(&b)->released);
        /* Submitted and released: it is there for others. */
        assert_int_equal(get(&b, &b.other)->state, SHEET_SUBMITTED);
    }
    (void)audit_entries(f);
}
BOTH_ENGINES(test_races__release_and_submit)

/* Settings that were looked at before the release are a conflict after it. */
static void test_races__release_and_edit(struct fixture *f)
{
    struct bench b;
    set_up(&b, f);
    const char *first = b.y.year_id;
    for (int round = 0; round < ROUNDS; round++) {
        next_year(&b, first, round);
        int64_t seen = year_now(&b)->version;
        struct runner edits = {.actor = &b.keeper, .work = set_rules, .seen = seen};
        struct runner releases = {.actor = &b.leader, .work = release_year};
        race(&b, &edits, &releases);
        const struct bloc_year *year = year_now(&b);
        bool edited = edits.status == TD_OK;
        assert_true(edited || edits.status == OFFICE_CONFLICT);
        assert_int_equal(releases.status, TD_OK);
        assert_true(year->released);
        assert_int_equal(td_date_is_set(year->as_of), edited);
        assert_int_equal(year->regulation_id == NULL, edited);
        assert_int_equal(year->version, seen + (edited ? 2 : 1));
    }
    (void)audit_entries(f);
}
BOTH_ENGINES(test_races__release_and_edit)

/* Asked twice is done once, on the record too. */
static void test_races__release_and_release(struct fixture *f)
{
    struct bench b;
    set_up(&b, f);
    const char *first = b.y.year_id;
    for (int round = 0; round < ROUNDS; round++) {
        next_year(&b, first, round);
        int64_t seen = year_now(&b)->version, entries = audit_entries(f);
        struct runner one = {.actor = &b.keeper, .work = release_year};
        struct runner two = {.actor = &b.leader, .work = release_year};
        race(&b, &one, &two);
        assert_int_equal(one.status, TD_OK);
        assert_int_equal(two.status, TD_OK);
        assert_int_equal(year_now(&b)->version, seen + 1);
        assert_int_equal(audit_entries(f), entries + 1);
    }
}
BOTH_ENGINES(test_races__release_and_release)

/* Who has a sheet stays a member; who is none any more gets no sheet. */
static void test_races__first_save_and_removal(struct fixture *f)
{
    struct bench b;
    set_up(&b, f);
    const char *first = b.y.year_id;
    const struct actor last = acting(&b, 4, OFFICE_UNIT_OFFICER, b.y.units[YEAR_UNITS - 1]);
    for (int round = 0; round < ROUNDS; round++) {
        next_year(&b, first, round);
        struct runner saves = {.actor = &last, .work = save_sheet, .unit = YEAR_UNITS - 1};
        struct runner removes = {
            .actor = &b.keeper, .work = remove_last_member, .seen = year_now(&b)->version};
        race(&b, &saves, &removes);
        bool removed = removes.status == TD_OK;
        assert_true(removed || removes.status == OFFICE_REFUSED);
        assert_int_equal(saves.status, removed ? OFFICE_NOT_FOUND : TD_OK);
        assert_int_equal(year_now(&b)->member_count, removed ? YEAR_UNITS - 1 : YEAR_UNITS);
    }
    (void)audit_entries(f);
}
BOTH_ENGINES(test_races__first_save_and_removal)

int main(void)
{
    const struct CMUnitTest tests[] = {
        RUN_BOTH(test_races__save_and_submit),        RUN_BOTH(test_races__submit_and_return),
        RUN_BOTH(test_races__release_and_save),       RUN_BOTH(test_races__release_and_submit),
        RUN_BOTH(test_races__release_and_edit),       RUN_BOTH(test_races__release_and_release),
        RUN_BOTH(test_races__first_save_and_removal),
    };

    return cmocka_run_group_tests_name("races", tests, NULL, NULL);
}
