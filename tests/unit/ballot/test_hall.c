/*
 * The hall: many threads cast at once, wait for each other, and hear of what went wrong.
 */
#include "fixture.h"

#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <time.h>

#include "base/banned.h"

struct voter {
    struct fixture *f;
    struct hall *hall;
    int first;
    bool is_right, is_busy;
    bool is_late; /* busy, and not even checked */
};

static bool is_busy(const char *code)
{
    return code != NULL && strcmp(code, BOX_CODE_BUSY) == 0;
}

/* Half of the cards, some twice, and what everybody may ask between. Busy is for
 * trying again. */
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
        const char *code = NULL;
        do {
            code = hall_cast(voter->hall, f->uuid, buf_string(&f->ballots[card]),
                             buf_length(&f->ballots[card]), tracker)
                       .code;
        } while (is_busy(code));
        voter->is_right =
            voter->is_right && code == NULL && strcmp(tracker, f->trackers[card]) == 0;
        do {
            code = hall_show(voter->hall, f->uuid, true, arena, &view).code;
        } while (is_busy(code));
        voter->is_right = voter->is_right && code == NULL && view.voter_count > 0;
    }
    td_arena_free(arena);
    return NULL;
}

static void *vote_once(void *data)
{
    struct voter *voter = data;
    struct fixture *f = voter->f;
    const struct buf *ballot = &f->ballots[voter->first % CARDS];
    char tracker[DIGEST_BASE64];

    struct refusal refusal =
        hall_cast(voter->hall, f->uuid, buf_string(ballot), buf_length(ballot), tracker);
    voter->is_busy = refusal.code != NULL && strcmp(refusal.code, BOX_CODE_BUSY) == 0;
    voter->is_late =
        voter->is_busy && strcmp(refusal.what.id, "too many ballots come at once") == 0;
    voter->is_right = refusal.code == NULL || voter->is_busy;
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
        voters[i] = (struct voter){.f = f, .hall = hall, .first = i};
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

struct trustee_thread {
    struct fixture *f;
    struct hall *hall;
    const struct buf *texts;
    bool is_right;
};

/* Each decryption twice. */
static void *decrypt(void *data)
{
    struct trustee_thread *thread = data;

    thread->is_right = true;
    for (unsigned i = 0; i < 4; i++) {
        const struct buf *text = &thread->texts[i % 2];
        unsigned trustee = 0;
        struct refusal refusal = hall_decrypt(thread->hall, thread->f->uuid, buf_string(text),
                                              buf_length(text), &trustee);
        thread->is_right = thread->is_right && refusal.code == NULL && trustee == i % 2 + 1;
    }
    return NULL;
}

/* Several threads bring the same decryptions: each is written once, and so is the result. */
static void test_hall__many_threads_decrypt_at_once(void **state)
{
    enum { THREADS = 4, EVENTS = 1 + 2 + 2 + 2 + 1 };
    struct fixture *f = *state;
    struct trustee_thread data[THREADS];
    pthread_t threads[THREADS];
    struct hall *hall = hall_new(f->root);
    struct hall_view view;
    struct buf texts[2];
    char *bytes = NULL;
    struct box box;

    assert_non_null(hall);
    open_election(f, false);
    cast_some(f, 2);
    assert_int_equal(box_open(&box, f->group, f->arena, f->path), TD_OK);
    end_and_decrypt(f, &box, texts);
    box_close(&box);
    assert_null(hall_show(hall, f->uuid, false, f->arena, &view).code);
    assert_int_equal(view.phase, LEDGER_DECRYPTING);
    for (int i = 0; i < THREADS; i++) {
        data[i] = (struct trustee_thread){f, hall, texts, false};
        assert_int_equal(pthread_create(&threads[i], NULL, decrypt, &data[i]), 0);
    }
    for (int i = 0; i < THREADS; i++) {
        assert_int_equal(pthread_join(threads[i], NULL), 0);
        assert_true(data[i].is_right);
    }
    assert_null(hall_show(hall, f->uuid, false, f->arena, &view).code);
    assert_int_equal(view.phase, LEDGER_FINISHED);
    assert_int_equal(view.counts[0], 2);
    assert_int_equal(loaded(f, &bytes).event_count, EVENTS);
    buf_release(&texts[0]);
    buf_release(&texts[1]);
    hall_free(hall);
}

/* What may have been left by a machine that stopped is kept, and told. */
static void test_hall__what_is_cut_off_is_kept_and_told(void **state)
{
    struct fixture *f = *state;
    char beside[PATH_ROOM + 32], uuid[TOKEN_TEXT], *bytes = NULL;
    struct hall *hall = hall_new(f->root);
    struct td_message what;
    struct hall_view view;

    assert_non_null(hall);
    open_election(f, false);
    cast_some(f, 3);
    struct archive archive = loaded(f, &bytes);
    zero(f, bytes, archive.n, archive.events[2].end + ARCHIVE_BLOCK, ARCHIVE_BLOCK);
    assert_null(hall_show(hall, f->uuid, false, f->arena, &view).code);
    assert_int_equal(view.voter_count, 2);
    assert_int_equal(length(f->path), archive.events[2].end);
    (void)snprintf(beside, sizeof beside, "%s.cut-1", f->path);
    assert_int_equal(length(beside), archive.n - archive.events[2].end);
    assert_int_equal(unlink(beside), 0);
    assert_true(hall_failure(hall, uuid, &what));
    assert_string_equal(uuid, f->uuid);
    assert_null(hall_show(hall, f->uuid, false, f->arena, &view).code);
    assert_false(hall_failure(hall, uuid, &what));
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

/* Set up elsewhere, with questions that `thidua ballot setup` would refuse: it is listed. */
static void test_hall__lists_what_misleads(void **state)
{
    static const char misleading[] =
        "{\"description\":\"\",\"name\":\"N\",\"questions\":[{\"answers\":[\"A\",\"A\"],"
        "\"min\":0,\"max\":1,\"question\":\"\"}]}";
    struct fixture *f = *state;
    struct hall *hall = hall_new(f->root);
    struct hall_view *all = NULL;
    size_t count = 0;

    assert_non_null(hall);
    open_election(f, false);
    put(f->folder, "questions.json", misleading, strlen(misleading));
    assert_null(hall_list(hall, f->arena, &all, &count).code);
    assert_int_equal(count, 1);
    hall_free(hall);
}

/* While ballots wait for the archive, the page that lists the elections is there. */
static void test_hall__pages_do_not_wait_for_ballots(void **state)
{
    enum { THREADS = 70 };
    const struct timespec moment = {.tv_nsec = 500000000};
    struct fixture *f = *state;
    struct voter voters[THREADS];
    pthread_t threads[THREADS];
    struct hall *hall = hall_new(f->root);
    struct hall_view *all = NULL;
    struct timespec before, after;
    size_t count = 0;

    assert_non_null(hall);
    open_election(f, false);
    int fd = open(f->path, O_RDWR | O_CLOEXEC);
    assert_true(fd >= 0);
    /* It is opened before it is locked. */
    assert_null(hall_list(hall, f->arena, &all, &count).code);
    assert_null(hall_show(hall, f->uuid, false, f->arena, &(struct hall_view){0}).code);
    assert_int_equal(flock(fd, LOCK_EX), 0);
    long checkers = sysconf(_SC_NPROCESSORS_ONLN) + 2;
    int waiting = checkers < THREADS ? (int)checkers : THREADS;
    for (int i = 0; i < waiting; i++) {
        voters[i] = (struct voter){.f = f, .hall = hall, .first = i};
        assert_int_equal(pthread_create(&threads[i], NULL, vote_once, &voters[i]), 0);
    }
    (void)nanosleep(&moment, NULL);
    assert_int_equal(clock_gettime(CLOCK_MONOTONIC, &before), 0);
    assert_null(hall_list(hall, f->arena, &all, &count).code);
    assert_int_equal(clock_gettime(CLOCK_MONOTONIC, &after), 0);
    assert_int_equal(close(fd), 0);
    for (int i = 0; i < waiting; i++) {
        assert_int_equal(pthread_join(threads[i], NULL), 0);
        assert_true(voters[i].is_right);
    }
    assert_int_equal(count, 1);
    /* The lock is waited for two seconds. */
    assert_true(after.tv_sec - before.tv_sec <= 1);
    hall_free(hall);
}

/* Which of them would get the ballots? Neither. */
static void test_hall__two_folders_of_one_election_are_refused(void **state)
{
    struct fixture *f = *state;
    struct hall *hall = hall_new(f->root);
    char uuid[TOKEN_TEXT], tracker[DIGEST_BASE64], other[PATH_ROOM];
    struct td_message what;
    struct hall_view view;

    assert_non_null(hall);
    open_election(f, false);
    off_t before = length(f->path);
    (void)snprintf(other, sizeof other, "%s/two", f->root);
    assert_int_equal(mkdir(other, 0700), 0);
    put(other, "uuid", f->uuid, strlen(f->uuid));
    for (int i = 0; i < 2; i++) {
        assert_string_equal(hall_cast(hall, f->uuid, buf_string(&f->ballots[0]),
                                      buf_length(&f->ballots[0]), tracker)
                                .code,
                            BOX_CODE_STORAGE);
        assert_string_equal(hall_show(hall, f->uuid, false, f->arena, &view).code,
                            BOX_CODE_STORAGE);
        assert_true(hall_failure(hall, uuid, &what));
        assert_string_equal(uuid, f->uuid);
        assert_int_equal(length(f->path), before);
    }
    (void)snprintf(other, sizeof other, "%s/two/uuid", f->root);
    assert_int_equal(unlink(other), 0);
    (void)snprintf(other, sizeof other, "%s/two", f->root);
    assert_int_equal(rmdir(other), 0);
    assert_null(
        hall_cast(hall, f->uuid, buf_string(&f->ballots[0]), buf_length(&f->ballots[0]), tracker)
            .code);
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

/* ---- what can't be read, or not yet ---------------------------------------------------------- */

/* Cut off, and then the rest could not be written again: both are told. */
static void test_hall__a_cut_is_told_though_opening_fails(void **state)
{
    struct fixture *f = *state;
    char beside[PATH_ROOM + 32], uuid[TOKEN_TEXT], *bytes = NULL;
    struct hall *hall = hall_new(f->root);
    struct rlimit before, little;
    struct td_message what;
    struct hall_view view;

    assert_non_null(hall);
    open_election(f, false);
    cast_some(f, 3);
    struct archive archive = loaded(f, &bytes);
    size_t cut = archive.n - archive.events[2].end;
    zero(f, bytes, archive.n, archive.events[2].end + ARCHIVE_BLOCK, ARCHIVE_BLOCK);
    void (*handler)(int) = signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    little = before;
    little.rlim_cur = (rlim_t)cut;
    assert_true(cut < archive.events[1].end);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &little), 0);
    const char *code = hall_show(hall, f->uuid, false, f->arena, &view).code;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
    (void)signal(SIGXFSZ, handler);
    assert_string_equal(code, BOX_CODE_STORAGE);
    (void)snprintf(beside, sizeof beside, "%s.cut-1", f->path);
    assert_int_equal(length(beside), cut);
    assert_int_equal(unlink(beside), 0);
    assert_true(hall_failure(hall, uuid, &what));
    assert_string_equal(what.id, archive_cut_words(1).id);
    assert_true(hall_failure(hall, uuid, &what));
    assert_string_equal(what.id, "the archive can't be written");
    assert_false(hall_failure(hall, uuid, &what));
    assert_null(hall_show(hall, f->uuid, false, f->arena, &view).code);
    assert_int_equal(view.voter_count, 2);
    hall_free(hall);
}

static const char *cast_first(struct fixture *f, struct hall *hall)
{
    char tracker[DIGEST_BASE64];

    return hall_cast(hall, f->uuid, buf_string(&f->ballots[0]), buf_length(&f->ballots[0]), tracker)
        .code;
}

/* An election is found by its identifier, wherever its folder goes; without its archive it is not
 * one that was never opened. */
static void test_hall__a_folder_is_moved_while_it_is_open(void **state)
{
    struct fixture *f = *state;
    struct hall *hall = hall_new(f->root);
    char moved[PATH_ROOM], away[PATH_ROOM + 8], uuid[TOKEN_TEXT];
    struct td_message what;
    struct hall_view view;

    assert_non_null(hall);
    open_election(f, false);
    assert_null(cast_first(f, hall));
    (void)snprintf(moved, sizeof moved, "%s/moved", f->root);
    assert_int_equal(rename(f->folder, moved), 0);
    assert_null(hall_show(hall, f->uuid, false, f->arena, &view).code);
    assert_int_equal(view.voter_count, 1);
    assert_int_equal(rename(moved, f->folder), 0);
    assert_null(cast_first(f, hall));
    assert_false(hall_failure(hall, uuid, &what));

    (void)snprintf(away, sizeof away, "%s.away", f->path);
    assert_int_equal(rename(f->path, away), 0);
    for (int i = 0; i < 2; i++) {
        assert_string_equal(cast_first(f, hall), BOX_CODE_STORAGE);
        assert_string_equal(hall_show(hall, f->uuid, false, f->arena, &view).code,
                            BOX_CODE_STORAGE);
        assert_true(hall_failure(hall, uuid, &what));
        assert_string_equal(uuid, f->uuid);
        assert_string_equal(what.id, "the archive is not in its folder any more");
    }
    assert_int_equal(rename(away, f->path), 0);
    assert_null(cast_first(f, hall));

    (void)snprintf(moved, sizeof moved, "%s-out", f->root);
    assert_int_equal(rename(f->folder, moved), 0);
    assert_string_equal(hall_show(hall, f->uuid, false, f->arena, &view).code, HALL_CODE_UNKNOWN);
    assert_int_equal(rename(moved, f->folder), 0);
    assert_null(hall_show(hall, f->uuid, false, f->arena, &view).code);
    assert_int_equal(view.voter_count, 1);
    hall_free(hall);
}

struct visitor {
    struct fixture *f;
    struct hall *hall;
    atomic_int *order;
    int place; /* in the order in which they were answered */
    bool is_told, is_shown;
};

static void *visit(void *data)
{
    struct visitor *visitor = data;
    struct td_arena *arena = td_arena_new(MEMORY);
    struct hall_view view;

    if (arena != NULL) {
        struct refusal refusal = hall_show(visitor->hall, visitor->f->uuid, false, arena, &view);
        visitor->place = atomic_fetch_add(visitor->order, 1);
        visitor->is_shown = refusal.code == NULL;
        visitor->is_told =
            refusal.code != NULL && strcmp(refusal.code, BOX_CODE_BUSY) == 0 &&
            strcmp(refusal.what.id, "another program is writing to the archive") != 0;
    }
    td_arena_free(arena);
    return NULL;
}

/* As long as the archive's lock is held elsewhere, opening it takes two seconds, and fails. One
 * visitor opens it, one waits for that and then tries too; the others are told before. */
static void test_hall__one_waits_for_an_election_that_is_opened(void **state)
{
    enum { VISITORS = 6 };
    struct fixture *f = *state;
    struct visitor visitors[VISITORS];
    pthread_t threads[VISITORS];
    struct hall *hall = hall_new(f->root);
    atomic_int order = 0;
    int told = 0;

    assert_non_null(hall);
    open_election(f, false);
    int fd = open(f->path, O_RDWR | O_CLOEXEC);
    assert_true(fd >= 0 && flock(fd, LOCK_EX) == 0);
    for (int i = 0; i < VISITORS; i++) {
        visitors[i] = (struct visitor){.f = f, .hall = hall, .order = &order};
        assert_int_equal(pthread_create(&threads[i], NULL, visit, &visitors[i]), 0);
    }
    for (int i = 0; i < VISITORS; i++) {
        assert_int_equal(pthread_join(threads[i], NULL), 0);
        told += visitors[i].is_told;
    }
    assert_int_equal(close(fd), 0);
    assert_int_equal(told, VISITORS - 2);
    for (int i = 0; i < VISITORS; i++) {
        assert_true(visitors[i].is_told == (visitors[i].place < told));
    }
    assert_null(hall_show(hall, f->uuid, false, f->arena, &(struct hall_view){0}).code);
    hall_free(hall);
}

static void *vote_and_count(void *data)
{
    struct visitor *visitor = data;

    (void)cast_first(visitor->f, visitor->hall);
    visitor->place = atomic_fetch_add(visitor->order, 1);
    return NULL;
}

/* Nor do pages of the election wait for a ballot that waits for the archive: but for one. */
static void test_hall__one_waits_for_a_ballot_that_is_cast(void **state)
{
    enum { VISITORS = 5 };
    const struct timespec moment = {.tv_nsec = 500000000};
    struct fixture *f = *state;
    struct visitor voter, visitors[VISITORS];
    pthread_t thread, threads[VISITORS];
    struct hall *hall = hall_new(f->root);
    atomic_int order = 0;
    int before = 0;

    assert_non_null(hall);
    open_election(f, false);
    assert_null(hall_show(hall, f->uuid, false, f->arena, &(struct hall_view){0}).code);
    int fd = open(f->path, O_RDWR | O_CLOEXEC);
    assert_true(fd >= 0 && flock(fd, LOCK_EX) == 0);
    voter = (struct visitor){.f = f, .hall = hall, .order = &order};
    assert_int_equal(pthread_create(&thread, NULL, vote_and_count, &voter), 0);
    (void)nanosleep(&moment, NULL);
    for (int i = 0; i < VISITORS; i++) {
        visitors[i] = (struct visitor){.f = f, .hall = hall, .order = &order};
        assert_int_equal(pthread_create(&threads[i], NULL, visit, &visitors[i]), 0);
    }
    for (int i = 0; i < VISITORS; i++) {
        assert_int_equal(pthread_join(threads[i], NULL), 0);
        assert_true(visitors[i].is_told || visitors[i].is_shown);
    }
    assert_int_equal(pthread_join(thread, NULL), 0);
    assert_int_equal(close(fd), 0);
    for (int i = 0; i < VISITORS; i++) {
        before += visitors[i].place < voter.place;
    }
    /* The one is answered when the ballot is, sooner or later. */
    assert_in_range(before, VISITORS - 1, VISITORS);
    hall_free(hall);
}

/* ---- the list -------------------------------------------------------------------------------- */

enum { DRAFTS = 40, DRAFT_ANSWERS = 150 };

/* A folder for each number: an election of many answers, which is not open. */
static void put_drafts(struct fixture *f, char names[DRAFTS][PATH_ROOM])
{
    struct buf text;

    buf_init(&text, TEXT_ROOM);
    buf_text(&text, "{\"description\":\"\",\"name\":\"N\",\"questions\":[{\"answers\":[");
    for (int i = 0; i < DRAFT_ANSWERS; i++) {
        buf_printf(&text, i == 0 ? "\"A%d\"" : ",\"A%d\"", i);
    }
    buf_text(&text, "],\"min\":0,\"max\":1,\"question\":\"Q\"}]}");
    assert_true(buf_ok(&text));
    for (int i = 0; i < DRAFTS; i++) {
        char uuid[TOKEN_TEXT];
        token_new(f->group, uuid);
        (void)snprintf(names[i], PATH_ROOM, "%s/%d", f->root, i);
        assert_int_equal(mkdir(names[i], 0700), 0);
        put(names[i], "uuid", uuid, strlen(uuid));
        put(names[i], "questions.json", buf_string(&text), buf_length(&text));
    }
    buf_release(&text);
}

static void take_drafts_away(char names[DRAFTS][PATH_ROOM])
{
    for (int i = 0; i < DRAFTS; i++) {
        char path[PATH_ROOM];
        name_in(names[i], "uuid", path);
        assert_int_equal(unlink(path), 0);
        name_in(names[i], "questions.json", path);
        assert_int_equal(unlink(path), 0);
        assert_int_equal(rmdir(names[i]), 0);
    }
}

/* Whatever memory there is, none is left out without a word; and the questions, which the list
 * doesn't show, take none of the asker's. */
static void test_hall__the_list_is_whole_or_none(void **state)
{
    struct fixture *f = *state;
    struct hall *hall = hall_new(f->root);
    char names[DRAFTS][PATH_ROOM], uuid[TOKEN_TEXT];
    struct td_message what;
    size_t refused = 0;

    assert_non_null(hall);
    put_drafts(f, names);
    for (size_t room = (size_t)4 * 1024 * 1024; room > 256; room /= 2) {
        struct td_arena *arena = td_arena_new(room);
        struct hall_view *all = NULL;
        size_t count = 0;
        assert_non_null(arena);
        const char *code = hall_list(hall, arena, &all, &count).code;
        if (code == NULL) {
            assert_int_equal(count, DRAFTS + 1);
            assert_int_equal(refused, 0);
            assert_string_equal(all[0].name, "N");
            assert_int_equal(all[0].phase, LEDGER_EMPTY);
        } else {
            assert_string_equal(code, BOX_CODE_MEMORY);
            assert_true(room < (size_t)1024 * 1024);
            refused++;
            assert_true(hall_failure(hall, uuid, &what));
        }
        td_arena_free(arena);
    }
    assert_true(refused > 0);
    take_drafts_away(names);
    hall_free(hall);
}

/* What is no archive, though it bears its name, keeps no page waiting. */
static void test_hall__a_pipe_in_an_archives_place(void **state)
{
    struct fixture *f = *state;
    struct hall *hall = hall_new(f->root);
    struct hall_view *all = NULL, view;
    size_t count = 0;

    assert_non_null(hall);
    assert_int_equal(mkfifo(f->path, 0600), 0);
    (void)alarm(30);
    assert_null(hall_list(hall, f->arena, &all, &count).code);
    assert_int_equal(count, 1);
    assert_string_equal(hall_show(hall, f->uuid, false, f->arena, &view).code, BOX_CODE_STORAGE);
    (void)alarm(0);
    hall_free(hall);
}

/* ---- patience -------------------------------------------------------------------------------- */

/* While another program keeps the archive, each ballot that is checked gives up after two seconds
 * and lets the next one in. The last of the row aren't reached within the time a ballot waits to be
 * checked, and are told so; none is lost, and once the archive is free each is taken. */
static void test_hall__a_ballot_waits_so_long(void **state)
{
    enum { TURNS = 16, WAIT_S = 20, CHECKERS = 66, THREADS = CHECKERS + TURNS };
    const struct timespec wait = {.tv_sec = WAIT_S + 1};
    struct fixture *f = *state;
    static struct voter voters[THREADS];
    static pthread_t threads[THREADS];
    struct hall *hall = hall_new(f->root);
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    int count = (int)(cores > 64 ? 64 : cores) + 2 + TURNS, too_late = 0;

    assert_non_null(hall);
    open_election(f, false);
    assert_null(hall_show(hall, f->uuid, false, f->arena, &(struct hall_view){0}).code);
    int fd = open(f->path, O_RDWR | O_CLOEXEC);
    assert_true(fd >= 0 && flock(fd, LOCK_EX) == 0);
    for (int i = 0; i < count; i++) {
        voters[i] = (struct voter){.f = f, .hall = hall, .first = i};
        assert_int_equal(pthread_create(&threads[i], NULL, vote_once, &voters[i]), 0);
    }
    (void)nanosleep(&wait, NULL);
    assert_int_equal(close(fd), 0);
    for (int i = 0; i < count; i++) {
        assert_int_equal(pthread_join(threads[i], NULL), 0);
        assert_true(voters[i].is_right);
        too_late += voters[i].is_late;
    }
    assert_in_range(too_late, 1, TURNS);
    for (int i = 0; i < CARDS; i++) {
        voters[i].first = i;
        (void)vote_once(&voters[i]);
        assert_true(voters[i].is_right && !voters[i].is_busy);
    }
    hall_free(hall);
}

/* With a word: the tests that take half a minute. */
int main(int argc, char **argv)
{
    const struct CMUnitTest slow[] = {
        cmocka_unit_test_setup_teardown(test_hall__a_ballot_waits_so_long, setup, teardown),
    };
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_hall__what_is_cut_off_is_kept_and_told, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_hall__many_threads_cast_at_once, setup, teardown),
        cmocka_unit_test_setup_teardown(test_hall__many_threads_decrypt_at_once, setup, teardown),
        cmocka_unit_test_setup_teardown(test_hall__lists_what_misleads, setup, teardown),
        cmocka_unit_test_setup_teardown(test_hall__a_failure_is_told_once, setup, teardown),
        cmocka_unit_test_setup_teardown(test_hall__pages_do_not_wait_for_ballots, setup, teardown),
        cmocka_unit_test_setup_teardown(test_hall__two_folders_of_one_election_are_refused, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_hall__lets_go_of_what_was_asked_for_longest_ago, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_hall__a_cut_is_told_though_opening_fails, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_hall__a_folder_is_moved_while_it_is_open, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_hall__one_waits_for_an_election_that_is_opened, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_hall__one_waits_for_a_ballot_that_is_cast, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_hall__the_list_is_whole_or_none, setup, teardown),
        cmocka_unit_test_setup_teardown(test_hall__a_pipe_in_an_archives_place, setup, teardown),
    };

    (void)argv;
    return argc > 1 ? cmocka_run_group_tests(slow, NULL, NULL)
                    : cmocka_run_group_tests(tests, NULL, NULL);
}
