/*
 * Two boxes of one archive, which programs share; an archive that shrinks, or is replaced; and the
 * hall, in which many threads cast at once.
 */
#include "ballot/ballot.h"
#include "ballot_test.h"

#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
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

/* ---- damage ---------------------------------------------------------------------------------- */

static struct archive loaded(struct fixture *f, char **ret_bytes)
{
    const char *bytes = NULL;
    struct archive archive;
    size_t n = 0;

    assert_int_equal(archive_load(f->path, f->arena, &bytes, &n), TD_OK);
    *ret_bytes = td_arena_text(f->arena, bytes, n);
    assert_non_null(*ret_bytes);
    assert_int_equal(archive_read(f->arena, *ret_bytes, n, &archive), ARCHIVE_RIGHT);
    return archive;
}

static void cast_some(struct fixture *f, int count)
{
    struct box box;

    assert_int_equal(box_open(&box, f->group, f->arena, f->path), TD_OK);
    for (int i = 0; i < count; i++) {
        assert_null(cast(f, &box, i));
    }
    box_close(&box);
}

static void zero(struct fixture *f, char *bytes, size_t n, size_t at, size_t length)
{
    char kept[ARCHIVE_EVENT_BYTES];

    memcpy(kept, bytes + at, length);
    memset(bytes + at, 0, length);
    put(f->folder, strrchr(f->path, '/') + 1, bytes, n);
    memcpy(bytes + at, kept, length);
}

/* Each was acknowledged: nothing is cut off, though only one event's name is left. */
static void test_box__damage_before_a_whole_event_is_refused(void **state)
{
    struct fixture *f = *state;
    char *bytes = NULL;
    struct box box;

    open_election(f, false);
    cast_some(f, 3);
    struct archive archive = loaded(f, &bytes);
    size_t second = archive.events[2].end - ARCHIVE_EVENT_BYTES;
    size_t third = archive.events[3].end - ARCHIVE_EVENT_BYTES;
    const struct {
        size_t at, n;
    } holes[] = {{second, ARCHIVE_BLOCK},
                 {second, ARCHIVE_EVENT_BYTES},
                 {second + ARCHIVE_BLOCK, ARCHIVE_BLOCK},
                 {archive.events[1].end, ARCHIVE_BLOCK},
                 {archive.events[1].end + ARCHIVE_BLOCK, ARCHIVE_BLOCK}};
    for (size_t i = 0; i < sizeof holes / sizeof *holes; i++) {
        zero(f, bytes, archive.n, holes[i].at, holes[i].n);
        assert_int_equal(box_open(&box, f->group, f->arena, f->path), TD_E_INVALID);
        box_close(&box);
        assert_int_equal(length(f->path), archive.n);
    }
    /* Nor when no event's name is left of the two. */
    memset(bytes + second, 0, ARCHIVE_EVENT_BYTES);
    zero(f, bytes, archive.n, third, ARCHIVE_EVENT_BYTES);
    assert_int_equal(box_open(&box, f->group, f->arena, f->path), TD_E_INVALID);
    box_close(&box);
    assert_int_equal(length(f->path), archive.n);
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

static void test_verify__an_earlier_copy_must_hold(void **state)
{
    struct fixture *f = *state;
    char *bytes = NULL;
    struct ledger ledger;

    open_election(f, false);
    cast_some(f, 3);
    struct archive archive = loaded(f, &bytes);
    char *copy = td_arena_text(f->arena, bytes, archive.n);
    struct verify_options options = {
        .uuid = f->uuid, .earlier = copy, .earlier_n = archive.events[2].end + 700};
    assert_non_null(copy);
    /* Cut within a record it is an earlier copy all the same. */
    assert_true(verify_archive(f->group, f->arena, bytes, archive.n, &options, &ledger));
    assert_int_equal(ledger.finding_count, 0);
    copy[archive.events[1].end + 600] ^= 1;
    assert_true(verify_archive(f->group, f->arena, bytes, archive.n, &options, &ledger));
    assert_int_equal(ledger.finding_count, 1);
    assert_string_equal(ledger.first->what.id, "the earlier copy is damaged from event {0} on");
    assert_int_equal(ledger.first->what.args[0].count, 2);
}

/* ---- limits ---------------------------------------------------------------------------------- */

static void test_box__one_card_does_not_fill_the_archive(void **state)
{
    struct fixture *f = *state;
    const bool choice[] = {true};
    char tracker[DIGEST_BASE64];
    struct box box;
    struct buf text;

    open_election(f, false);
    assert_int_equal(box_open(&box, f->group, f->arena, f->path), TD_OK);
    buf_init(&text, TEXT_ROOM);
    for (int i = 0; i <= BOX_CARD_MAX; i++) {
        buf_clear(&text);
        assert_int_equal(paper_make(f->group, f->arena, &box.ledger.election, &f->cards[0], choice,
                                    &text, tracker),
                         TD_OK);
        const char *code = box_take(&box, buf_string(&text), buf_length(&text), tracker).code;
        assert_string_equal(code == NULL ? "taken" : code,
                            i < BOX_CARD_MAX ? "taken" : BOX_CODE_TOO_OFTEN);
    }
    buf_release(&text);
    assert_null(cast(f, &box, 1));
    box_close(&box);
}

/* Ballots leave room for the end. */
static void test_box__a_full_archive_has_a_result(void **state)
{
    struct fixture *f = *state;
    struct box box;
    int taken = 0;

    open_election(f, false);
    assert_int_equal(box_open(&box, f->group, f->arena, f->path), TD_OK);
    box.limit = box.writer.length + 100000;
    while (taken < CARDS && cast(f, &box, taken) == NULL) {
        taken++;
    }
    assert_in_range(taken, 1, CARDS - 1);
    assert_string_equal(cast(f, &box, taken), BOX_CODE_STORAGE);
    assert_null(box_end(&box).code);
    assert_null(box_sum(&box).code);
    for (int i = 0; i < 2; i++) {
        unsigned trustee = 0;
        struct buf text;
        buf_init(&text, TEXT_ROOM);
        assert_int_equal(decryption_make(f->group, f->arena, &box.ledger.election,
                                         &box.ledger.tally, &f->keys[i], &text),
                         TD_OK);
        assert_null(box_decrypt(&box, buf_string(&text), buf_length(&text), &trustee).code);
        buf_release(&text);
    }
    assert_null(box_result(&box).code);
    assert_int_equal(box.ledger.counts[0], taken);
    assert_true(box.writer.length <= box.limit);
    box_close(&box);
}

static void test_box__memory_does_not_grow_with_what_is_not_written(void **state)
{
    struct fixture *f = *state;
    struct rlimit before, none;
    struct box box;

    open_election(f, false);
    assert_int_equal(box_open(&box, f->group, f->arena, f->path), TD_OK);
    assert_null(cast(f, &box, 0));
    size_t used = td_arena_used(f->arena);
    void (*handler)(int) = signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    none = before;
    none.rlim_cur = (rlim_t)length(f->path);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &none), 0);
    const char *code = NULL;
    for (int i = 0; i < 5; i++) {
        code = cast(f, &box, 1);
    }
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
    (void)signal(SIGXFSZ, handler);
    assert_string_equal(code, BOX_CODE_STORAGE);
    assert_int_equal(td_arena_used(f->arena), used);
    assert_null(cast(f, &box, 1));
    box_close(&box);
}

/* It isn't damage, and nothing is lost: opened again, with memory, all is there. */
static void test_box__no_memory_is_not_damage(void **state)
{
    struct fixture *f = *state;
    struct td_arena *small = td_arena_new(MEMORY);
    struct box one, two;

    assert_non_null(small);
    open_election(f, false);
    assert_int_equal(box_open(&one, f->group, f->arena, f->path), TD_OK);
    assert_int_equal(box_open(&two, f->group, small, f->path), TD_OK);
    for (size_t n = MEMORY; n > 0; n /= 2) {
        while (td_arena_alloc(small, 1, n) != NULL) {
        }
    }
    assert_null(cast(f, &one, 0));
    assert_string_equal(box_look(&two).code, BOX_CODE_MEMORY);
    assert_string_equal(box_look(&two).code, BOX_CODE_MEMORY);
    assert_false(two.is_damaged);
    box_close(&two);
    box_close(&one);
    td_arena_free(small);
    group_free(f->group);
    f->group = group_new();
    assert_non_null(f->group);
    assert_int_equal(box_open(&one, f->group, f->arena, f->path), TD_OK);
    assert_int_equal(one.ledger.ballot_count, 1);
    box_close(&one);
}

/* ---- the lock -------------------------------------------------------------------------------- */

/* Who reads and checks a large archive keeps nobody waiting: it is done before the lock. */
static void test_box__is_read_before_it_is_locked(void **state)
{
    struct fixture *f = *state;
    struct box box;

    open_election(f, false);
    cast_some(f, CARDS);
    int fd = open(f->path, O_RDWR | O_CLOEXEC);
    assert_true(fd >= 0 && flock(fd, LOCK_EX) == 0);
    assert_int_equal(box_open(&box, f->group, f->arena, f->path), ARCHIVE_BUSY);
    assert_int_equal(box.ledger.ballot_count, CARDS);
    assert_int_equal(close(fd), 0);
    assert_null(box_look(&box).code);
    assert_int_equal(box.ledger.ballot_count, CARDS);
    box_close(&box);
}

struct waiting {
    struct fixture *f;
    struct box *box;
    const char *code;
};

static void *cast_second(void *data)
{
    struct waiting *waiting = data;

    waiting->code = cast(waiting->f, waiting->box, 1);
    return NULL;
}

/* A file that is put in the archive's place while a ballot waits for the lock gets it. */
static void test_box__replaced_while_waiting_for_the_lock(void **state)
{
    const struct timespec moment = {.tv_nsec = 300000000};
    struct fixture *f = *state;
    char *bytes = NULL, copy[PATH_ROOM + 32];
    pthread_t thread;
    struct box box;

    open_election(f, false);
    cast_some(f, 1);
    struct archive archive = loaded(f, &bytes);
    assert_int_equal(box_open(&box, f->group, f->arena, f->path), TD_OK);
    int fd = open(f->path, O_RDWR | O_CLOEXEC);
    assert_true(fd >= 0 && flock(fd, LOCK_EX) == 0);
    struct waiting waiting = {f, &box, "none"};
    assert_int_equal(pthread_create(&thread, NULL, cast_second, &waiting), 0);
    (void)nanosleep(&moment, NULL);
    put(f->folder, "copy", bytes, archive.n);
    (void)snprintf(copy, sizeof copy, "%s/copy", f->folder);
    assert_int_equal(rename(copy, f->path), 0);
    assert_int_equal(close(fd), 0);
    assert_int_equal(pthread_join(thread, NULL), 0);
    assert_null(waiting.code);
    box_close(&box);
    assert_true(length(f->path) > (off_t)archive.n);
    assert_int_equal(box_open(&box, f->group, f->arena, f->path), TD_OK);
    assert_int_equal(box.ledger.ballot_count, 2);
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

static void *vote_once(void *data)
{
    struct voter *voter = data;
    struct fixture *f = voter->f;
    const struct buf *ballot = &f->ballots[voter->first % CARDS];
    char tracker[DIGEST_BASE64];

    struct refusal refusal =
        hall_cast(voter->hall, f->uuid, buf_string(ballot), buf_length(ballot), tracker);
    voter->is_right = refusal.code == NULL || strcmp(refusal.code, BOX_CODE_BUSY) == 0;
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
        voters[i] = (struct voter){f, hall, i, false};
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_box__two_share_an_archive, setup, teardown),
        cmocka_unit_test_setup_teardown(test_box__memory_does_not_grow_with_what_is_refused, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_box__an_archive_that_shrinks_is_refused, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_box__damage_before_a_whole_event_is_refused, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_hall__what_is_cut_off_is_kept_and_told, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_verify__an_earlier_copy_must_hold, setup, teardown),
        cmocka_unit_test_setup_teardown(test_box__one_card_does_not_fill_the_archive, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_box__a_full_archive_has_a_result, setup, teardown),
        cmocka_unit_test_setup_teardown(test_box__memory_does_not_grow_with_what_is_not_written,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(test_box__no_memory_is_not_damage, setup, teardown),
        cmocka_unit_test_setup_teardown(test_box__is_read_before_it_is_locked, setup, teardown),
        cmocka_unit_test_setup_teardown(test_box__replaced_while_waiting_for_the_lock, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_hall__many_threads_cast_at_once, setup, teardown),
        cmocka_unit_test_setup_teardown(test_hall__a_failure_is_told_once, setup, teardown),
        cmocka_unit_test_setup_teardown(test_hall__pages_do_not_wait_for_ballots, setup, teardown),
        cmocka_unit_test_setup_teardown(test_hall__two_folders_of_one_election_are_refused, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_hall__lets_go_of_what_was_asked_for_longest_ago, setup,
                                        teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
