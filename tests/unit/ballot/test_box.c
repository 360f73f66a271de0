/*
 * Two boxes of one archive, which programs share; an archive that shrinks, or is replaced; and the
 * hall, in which many threads cast at once.
 */
#include "ballot/hall.h"
#include "ballot_test.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/banned.h"

enum { CARDS = 6, TEXT_ROOM = 100000, PATH_ROOM = 300 };

#define MEMORY ((size_t)256 * 1024 * 1024)

static const char draft[] =
    "{\"description\":\"\",\"name\":\"N\",\"questions\":[{\"answers\":[\"A\"],\"min\":0,\"max\":1,"
    "\"question\":\"Q\"}]}";

struct fixture {
    struct group *group;
    struct td_arena *arena;
    char root[64], folder[80], path[PATH_ROOM], uuid[TOKEN_TEXT];
    struct scalar cards[CARDS], keys[2];
    struct buf ballots[CARDS];
    char trackers[CARDS][DIGEST_BASE64];
};

static void put(const char *folder, const char *name, const char *text, size_t n)
{
    char path[PATH_ROOM + 32];

    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(text, 1, n, file), n);
    assert_int_equal(fclose(file), 0);
}

static void open_election(struct fixture *f, bool is_once)
{
    struct trustee keys[2];
    struct trustees trustees = {2, keys};
    struct element items[CARDS];
    struct credentials credentials = {CARDS, items};
    struct election election;
    struct box box;

    assert_true(election_draft(f->group, f->arena, draft, strlen(draft), f->uuid, &election));
    for (int i = 0; i < 2; i++) {
        trustee_new(f->group, &f->keys[i], &keys[i]);
    }
    for (int i = 0; i < CARDS; i++) {
        scalar_random(f->group, &f->cards[i]);
        group_raise_secret(f->group, &f->cards[i], &items[i]);
    }
    struct box_setup setup = {f->folder, 1, &election, &trustees, &credentials, is_once};
    assert_int_equal(box_create(&box, f->group, f->arena, &setup), TD_OK);
    for (int i = 0; i < CARDS; i++) {
        const bool choice[] = {true};
        buf_clear(&f->ballots[i]);
        assert_int_equal(paper_make(f->group, f->arena, &box.ledger.election, &f->cards[i], choice,
                                    &f->ballots[i], f->trackers[i]),
                         TD_OK);
    }
    box_close(&box);
}

static int setup(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);

    if (f == NULL) {
        return -1;
    }
    f->group = group_new();
    f->arena = td_arena_new(MEMORY);
    (void)snprintf(f->root, sizeof f->root, P_tmpdir "/thidua-box-XXXXXX");
    if (f->group == NULL || f->arena == NULL || mkdtemp(f->root) == NULL) {
        return -1;
    }
    token_new(f->group, f->uuid);
    (void)snprintf(f->folder, sizeof f->folder, "%s/one", f->root);
    (void)snprintf(f->path, sizeof f->path, "%s/%s.bel", f->folder, f->uuid);
    for (int i = 0; i < CARDS; i++) {
        buf_init(&f->ballots[i], TEXT_ROOM);
    }
    *state = f;
    if (mkdir(f->folder, 0700) < 0) {
        return -1;
    }
    put(f->folder, "uuid", f->uuid, strlen(f->uuid));
    put(f->folder, "questions.json", draft, strlen(draft));
    return 0;
}

static int teardown(void **state)
{
    static const char *const names[] = {"uuid", "questions.json", "once"};
    struct fixture *f = *state;
    char path[PATH_ROOM + 32];

    for (size_t i = 0; i < 3; i++) {
        (void)snprintf(path, sizeof path, "%s/%s", f->folder, names[i]);
        (void)unlink(path);
    }
    (void)unlink(f->path);
    (void)rmdir(f->folder);
    (void)rmdir(f->root);
    for (int i = 0; i < CARDS; i++) {
        buf_release(&f->ballots[i]);
    }
    td_arena_free(f->arena);
    group_free(f->group);
    free(f);
    return 0;
}

static const char *cast(struct fixture *f, struct box *box, int card)
{
    char tracker[DIGEST_BASE64];

    struct refusal refusal =
        box_take(box, buf_string(&f->ballots[card]), buf_length(&f->ballots[card]), tracker);
    if (refusal.code == NULL) {
        assert_string_equal(tracker, f->trackers[card]);
    }
    return refusal.code;
}

static off_t length(const char *path)
{
    struct stat st;

    assert_int_equal(stat(path, &st), 0);
    return st.st_size;
}

static void test_box__two_share_an_archive(void **state)
{
    struct fixture *f = *state;
    struct group *group = group_new();
    struct box one, two;

    assert_non_null(group);
    open_election(f, false);
    assert_int_equal(box_open(&one, f->group, f->arena, f->path), TD_OK);
    assert_int_equal(box_open(&two, group, f->arena, f->path), TD_OK);
    for (int i = 0; i < CARDS; i++) {
        assert_null(cast(f, i % 2 == 0 ? &one : &two, i));
    }
    /* What the other took is there too: it isn't written again. */
    off_t all = length(f->path);
    assert_null(cast(f, &two, 0));
    assert_null(cast(f, &one, 1));
    assert_int_equal(length(f->path), all);
    assert_null(box_look(&one).code);
    assert_int_equal(one.ledger.ballot_count, CARDS);
    assert_int_equal(one.ledger.height, two.ledger.height);
    assert_null(box_end(&two).code);
    assert_string_equal(cast(f, &one, 2) == NULL ? "taken" : "refused", "taken");
    assert_string_equal(box_end(&one).code, BOX_CODE_NOT_NOW);
    assert_int_equal(one.ledger.phase, LEDGER_CLOSED);
    assert_null(box_sum(&one).code);
    assert_string_equal(box_sum(&two).code, BOX_CODE_NOT_NOW);
    assert_int_equal(two.ledger.tally.count, CARDS);
    box_close(&one);
    box_close(&two);
    group_free(group);
}

static void test_box__memory_does_not_grow_with_what_is_refused(void **state)
{
    struct fixture *f = *state;
    char tracker[DIGEST_BASE64];
    struct box box;

    open_election(f, true);
    assert_int_equal(box_open(&box, f->group, f->arena, f->path), TD_OK);
    assert_null(cast(f, &box, 0));
    size_t used = td_arena_used(f->arena);
    size_t scratch = td_arena_used(box.ledger.scratch);
    char *bytes = td_arena_text(f->arena, buf_string(&f->ballots[1]), buf_length(&f->ballots[1]));
    struct td_mark mark = td_arena_mark(f->arena);
    bytes[buf_length(&f->ballots[1]) - 5] ^= 1;
    for (int i = 0; i < 5; i++) {
        assert_non_null(box_take(&box, bytes, buf_length(&f->ballots[1]), tracker).code);
        assert_null(cast(f, &box, 0));
    }
    td_arena_rewind(f->arena, mark);
    assert_true(td_arena_used(f->arena) <= used + 2 * buf_length(&f->ballots[1]));
    assert_int_equal(td_arena_used(box.ledger.scratch), scratch);
    box_close(&box);
}

static void test_box__an_archive_that_shrinks_is_refused(void **state)
{
    struct fixture *f = *state;
    struct box box;

    open_election(f, false);
    assert_int_equal(box_open(&box, f->group, f->arena, f->path), TD_OK);
    off_t opened = length(f->path);
    assert_null(cast(f, &box, 0));
    off_t before = length(f->path);
    assert_int_equal(truncate(f->path, opened), 0);
    assert_string_equal(cast(f, &box, 1), BOX_CODE_DAMAGED);
    assert_string_equal(box_look(&box).code, BOX_CODE_DAMAGED);
    /* It isn't written to either. */
    assert_int_equal(length(f->path), opened);
    assert_int_equal(truncate(f->path, before), 0);
    assert_string_equal(cast(f, &box, 1), BOX_CODE_DAMAGED);
    box_close(&box);
}

/* ---- the hall -------------------------------------------------------------------------------- */

struct voter {
    struct fixture *f;
    struct hall *hall;
    int first;
    bool is_right;
};

/* Half of the cards, some twice, and what everybody may ask between. */
static void *vote(void *data)
{
    struct voter *voter = data;
    struct fixture *f = voter->f;
    struct td_arena *arena = td_arena_new(MEMORY);
    struct hall_view view;
    char tracker[DIGEST_BASE64];

    voter->is_right = arena != NULL;
    for (int i = 0; arena != NULL && i < CARDS; i++) {
        int card = (voter->first + i) % CARDS;
        struct refusal refusal = hall_cast(voter->hall, f->uuid, buf_string(&f->ballots[card]),
                                           buf_length(&f->ballots[card]), tracker);
        voter->is_right = voter->is_right && refusal.code == NULL &&
                          strcmp(tracker, f->trackers[card]) == 0 &&
                          hall_show(voter->hall, f->uuid, true, arena, &view).code == NULL &&
                          view.voter_count > 0;
    }
    td_arena_free(arena);
    return NULL;
}

static void test_hall__many_threads_cast_at_once(void **state)
{
    enum { THREADS = 6 };
    struct fixture *f = *state;
    struct voter voters[THREADS];
    pthread_t threads[THREADS];
    struct hall *hall = hall_new(f->root);
    struct hall_view view, *all = NULL;
    size_t count = 0;

    assert_non_null(hall);
    assert_int_equal(hall_show(hall, "11111111111111", false, f->arena, &view).code != NULL, true);
    assert_null(hall_show(hall, f->uuid, false, f->arena, &view).code);
    assert_int_equal(view.phase, LEDGER_EMPTY);
    open_election(f, false);
    for (int i = 0; i < THREADS; i++) {
        voters[i] = (struct voter){f, hall, i, false};
        assert_int_equal(pthread_create(&threads[i], NULL, vote, &voters[i]), 0);
    }
    for (int i = 0; i < THREADS; i++) {
        assert_int_equal(pthread_join(threads[i], NULL), 0);
        assert_true(voters[i].is_right);
    }
    assert_null(hall_show(hall, f->uuid, true, f->arena, &view).code);
    assert_int_equal(view.phase, LEDGER_VOTING);
    assert_int_equal(view.voter_count, CARDS);
    for (size_t i = 1; i < view.voter_count; i++) {
        assert_true(strcmp(view.trackers[i - 1], view.trackers[i]) < 0);
    }
    assert_null(hall_list(hall, f->arena, &all, &count).code);
    assert_int_equal(count, 1);
    assert_int_equal(all[0].phase, LEDGER_VOTING);
    hall_free(hall);
}

static void test_hall__a_failure_is_told_once(void **state)
{
    struct fixture *f = *state;
    struct hall *hall = hall_new(f->root);
    char uuid[TOKEN_TEXT], tracker[DIGEST_BASE64];
    struct td_message what;

    assert_non_null(hall);
    open_election(f, false);
    assert_null(
        hall_cast(hall, f->uuid, buf_string(&f->ballots[0]), buf_length(&f->ballots[0]), tracker)
            .code);
    assert_false(hall_failure(hall, uuid, &what));
    assert_int_equal(truncate(f->path, 2000), 0);
    assert_string_equal(
        hall_cast(hall, f->uuid, buf_string(&f->ballots[1]), buf_length(&f->ballots[1]), tracker)
            .code,
        BOX_CODE_DAMAGED);
    assert_true(hall_failure(hall, uuid, &what));
    assert_string_equal(uuid, f->uuid);
    assert_false(hall_failure(hall, uuid, &what));
    hall_free(hall);
}

static void place_at(struct fixture *f, int number)
{
    (void)snprintf(f->folder, sizeof f->folder, "%s/%d", f->root, number);
    (void)snprintf(f->path, sizeof f->path, "%s/%s.bel", f->folder, f->uuid);
}

/* More elections than are kept open: each is there whenever it is asked for. */
static void test_hall__lets_go_of_what_was_asked_for_longest_ago(void **state)
{
    enum { ELECTIONS = HALL_OPEN + 2 };
    struct fixture *f = *state;
    struct fixture first = *f;
    struct hall *hall = hall_new(f->root);
    char uuids[ELECTIONS][TOKEN_TEXT], tracker[DIGEST_BASE64];
    struct hall_view view;

    assert_non_null(hall);
    for (int i = 0; i < ELECTIONS; i++) {
        token_new(f->group, uuids[i]);
        memcpy(f->uuid, uuids[i], TOKEN_TEXT);
        place_at(f, i);
        assert_int_equal(mkdir(f->folder, 0700), 0);
        put(f->folder, "uuid", f->uuid, strlen(f->uuid));
        open_election(f, false);
        assert_null(hall_cast(hall, f->uuid, buf_string(&f->ballots[0]), buf_length(&f->ballots[0]),
                              tracker)
                        .code);
    }
    for (int i = 0; i < ELECTIONS; i++) {
        assert_null(hall_show(hall, uuids[i], false, f->arena, &view).code);
        assert_int_equal(view.voter_count, 1);
    }
    hall_free(hall);
    for (int i = 0; i < ELECTIONS; i++) {
        char path[PATH_ROOM];
        memcpy(f->uuid, uuids[i], TOKEN_TEXT);
        place_at(f, i);
        assert_int_equal(unlink(f->path), 0);
        (void)snprintf(path, sizeof path, "%s/uuid", f->folder);
        assert_int_equal(unlink(path), 0);
        assert_int_equal(rmdir(f->folder), 0);
    }
    memcpy(f->folder, first.folder, sizeof f->folder);
    memcpy(f->path, first.path, sizeof f->path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_box__two_share_an_archive, setup, teardown),
        cmocka_unit_test_setup_teardown(test_box__memory_does_not_grow_with_what_is_refused, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_box__an_archive_that_shrinks_is_refused, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_hall__many_threads_cast_at_once, setup, teardown),
        cmocka_unit_test_setup_teardown(test_hall__lets_go_of_what_was_asked_for_longest_ago, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_hall__a_failure_is_told_once, setup, teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
