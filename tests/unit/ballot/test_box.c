/*
 * Two boxes of one archive, which programs share; an archive that shrinks, is damaged, is full, or
 * is replaced.
 */
#include "fixture.h"

#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <time.h>

#include "base/banned.h"

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

/* ---- making one ------------------------------------------------------------------------------ */

static int create_again(struct fixture *f)
{
    struct trustee keys[2];
    struct trustees trustees = {2, keys};
    struct element items[1];
    struct credentials credentials = {1, items};
    struct election election;
    struct scalar secret;
    struct box box;

    assert_true(election_draft(f->group, f->arena, draft, strlen(draft), f->uuid, &election));
    for (int i = 0; i < 2; i++) {
        trustee_new(f->group, &secret, &keys[i]);
    }
    scalar_random(f->group, &secret);
    group_raise_secret(f->group, &secret, &items[0]);
    struct box_setup setup = {f->folder, 1, &election, &trustees, &credentials, false};
    int status = box_create(&box, f->group, f->arena, &setup);
    box_close(&box);
    return status;
}

/* Who was killed between giving an archive its name and taking the other away left it two: the one
 * that is made next is not written into it. */
static void test_box__an_archive_with_two_names_is_left_alone(void **state)
{
    struct fixture *f = *state;
    char left[PATH_ROOM], away[PATH_ROOM], *bytes = NULL;
    size_t n = 0;

    open_election(f, false);
    cast_some(f, 1);
    struct archive archive = loaded(f, &bytes);
    (void)snprintf(left, sizeof left, "%s/.%s.new", f->folder, f->uuid);
    (void)snprintf(away, sizeof away, "%s/away", f->folder);
    assert_int_equal(link(f->path, left), 0);
    assert_int_equal(create_again(f), TD_E_IO);
    assert_int_equal(rename(f->path, away), 0);
    assert_int_equal(create_again(f), TD_OK);
    const char *kept = NULL;
    assert_int_equal(archive_load(away, f->arena, &kept, &n), TD_OK);
    assert_int_equal(n, archive.n);
    assert_memory_equal(kept, bytes, n);
    assert_int_equal(unlink(away), 0);
}

/* Two open the same election: one of them waits, and finds it opened. */
static void test_box__one_at_a_time_is_made(void **state)
{
    struct fixture *f = *state;
    struct stat st;

    int fd = open(f->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    assert_true(fd >= 0 && flock(fd, LOCK_EX) == 0);
    assert_int_equal(create_again(f), ARCHIVE_BUSY);
    assert_int_equal(stat(f->path, &st), -1);
    assert_int_equal(close(fd), 0);
    open_election(f, true);
    assert_int_equal(create_again(f), TD_E_IO);
    struct box box;
    assert_int_equal(box_open(&box, f->group, f->arena, f->path), TD_OK);
    assert_true(box.is_once);
    box_close(&box);
}

/* ---- damage ---------------------------------------------------------------------------------- */

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
    const bool choice[] = {true, false};
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
    struct buf texts[2];
    end_and_decrypt(f, &box, texts);
    for (int i = 0; i < 2; i++) {
        unsigned trustee = 0;
        assert_null(box_decrypt(&box, buf_string(&texts[i]), buf_length(&texts[i]), &trustee).code);
        buf_release(&texts[i]);
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

/* ---- decryptions ----------------------------------------------------------------------------- */

/* The text with the last digit before a place one more. */
static const char *changed(struct fixture *f, const struct buf *text, size_t before)
{
    char *bytes = td_arena_text(f->arena, buf_string(text), buf_length(text));

    assert_non_null(bytes);
    while (bytes[before] < '0' || bytes[before] > '9') {
        before--;
    }
    bytes[before] = bytes[before] == '9' ? '0' : (char)(bytes[before] + 1);
    return bytes;
}

/* 0: it was nobody's. */
static unsigned trustee_of(struct box *box, const char *bytes)
{
    unsigned trustee = 0;
    const char *code = box_decrypt(box, bytes, strlen(bytes), &trustee).code;

    assert_string_equal(code == NULL ? "taken" : code, trustee > 0 ? "taken" : BOX_CODE_NOBODYS);
    return trustee;
}

/* Anybody can copy it from the archive. So its proofs, right or wrong, are not looked at again, and
 * nothing waits for it: not the archive's lock either. */
static void test_box__a_known_decryption_is_recognised(void **state)
{
    struct fixture *f = *state;
    struct buf texts[2];
    unsigned trustee = 0;
    struct box box;

    open_election(f, false);
    cast_some(f, 2);
    assert_int_equal(box_open(&box, f->group, f->arena, f->path), TD_OK);
    end_and_decrypt(f, &box, texts);
    const char *first = buf_string(&texts[0]), *second = buf_string(&texts[1]);
    const char *proof = changed(f, &texts[0], strlen(first) - 1);
    const char *factor = changed(f, &texts[0], (size_t)(strstr(first, "\"]]") - first));
    assert_int_equal(trustee_of(&box, proof), 0);
    assert_int_equal(trustee_of(&box, first), 1);

    off_t there = length(f->path);
    size_t used = td_arena_used(f->arena), scratch = td_arena_used(box.ledger.scratch);
    int fd = open(f->path, O_RDWR | O_CLOEXEC);
    assert_true(fd >= 0 && flock(fd, LOCK_EX) == 0);
    assert_int_equal(trustee_of(&box, proof), 1);
    assert_int_equal(trustee_of(&box, first), 1);
    assert_int_equal(trustee_of(&box, factor), 0);
    assert_int_equal(trustee_of(&box, "{}"), 0);
    assert_string_equal(box_decrypt(&box, second, strlen(second), &trustee).code, BOX_CODE_BUSY);
    assert_int_equal(close(fd), 0);
    assert_int_equal(length(f->path), there);
    assert_int_equal(td_arena_used(f->arena), used);
    assert_int_equal(td_arena_used(box.ledger.scratch), scratch);

    assert_int_equal(trustee_of(&box, second), 2);
    assert_null(box_result(&box).code);
    there = length(f->path);
    assert_int_equal(trustee_of(&box, proof), 1);
    assert_int_equal(trustee_of(&box, factor), 0);
    assert_int_equal(length(f->path), there);
    box_close(&box);
    /* What was checked once, and counted, is what anybody finds. */
    assert_int_equal(box_open(&box, f->group, f->arena, f->path), TD_OK);
    assert_int_equal(box.ledger.phase, LEDGER_FINISHED);
    assert_int_equal(box.ledger.counts[0], 2);
    box_close(&box);
    buf_release(&texts[0]);
    buf_release(&texts[1]);
}

/* Without ballots all trustees' factors are the same, and still each decryption is its own. */
static void test_box__without_ballots_there_is_a_result(void **state)
{
    struct fixture *f = *state;
    struct buf texts[2];
    struct box box;

    open_election(f, false);
    assert_int_equal(box_open(&box, f->group, f->arena, f->path), TD_OK);
    end_and_decrypt(f, &box, texts);
    for (int i = 0; i < 4; i++) {
        assert_int_equal(trustee_of(&box, buf_string(&texts[i % 2])), i % 2 + 1);
    }
    assert_null(box_result(&box).code);
    assert_int_equal(box.ledger.counts[0], 0);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(trustee_of(&box, buf_string(&texts[i])), i + 1);
        buf_release(&texts[i]);
    }
    box_close(&box);
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

/* Read without the lock, and then taken back by who could not get it to the disk: that is no damage
 * to what was acknowledged. */
static void test_box__what_is_taken_back_is_forgotten(void **state)
{
    struct fixture *f = *state;
    struct box one, two;

    open_election(f, false);
    cast_some(f, 1);
    off_t before = length(f->path);
    assert_int_equal(box_open(&one, f->group, f->arena, f->path), TD_OK);
    assert_int_equal(box_open(&two, f->group, f->arena, f->path), TD_OK);
    assert_null(cast(f, &one, 1));
    int fd = open(f->path, O_RDWR | O_CLOEXEC);
    assert_true(fd >= 0 && flock(fd, LOCK_EX) == 0);
    assert_string_equal(box_look(&two).code, BOX_CODE_BUSY);
    assert_int_equal(two.ledger.ballot_count, 2);
    assert_int_equal(ftruncate(fd, before), 0);
    assert_int_equal(close(fd), 0);
    for (int i = 0; i < 2; i++) {
        assert_string_equal(box_look(&two).code, BOX_CODE_BUSY);
        assert_int_equal(two.useless, ARCHIVE_TAKEN_BACK);
    }
    box_close(&two);
    /* Whoever was told that it is there is told that it isn't any more. */
    assert_string_equal(box_look(&one).code, BOX_CODE_DAMAGED);
    box_close(&one);
    assert_int_equal(box_open(&two, f->group, f->arena, f->path), TD_OK);
    assert_int_equal(two.ledger.ballot_count, 1);
    assert_null(cast(f, &two, 2));
    box_close(&two);
}

/* Nobody adds to what isn't on the disk: of what was read ahead only the last can be taken back. */
static void test_box__only_the_last_can_be_taken_back(void **state)
{
    struct fixture *f = *state;
    off_t ends[2];
    struct box one, two;

    open_election(f, false);
    cast_some(f, 1);
    assert_int_equal(box_open(&one, f->group, f->arena, f->path), TD_OK);
    assert_int_equal(box_open(&two, f->group, f->arena, f->path), TD_OK);
    for (int i = 0; i < 2; i++) {
        ends[i] = length(f->path);
        assert_null(cast(f, &one, i + 1));
    }
    box_close(&one);
    int fd = open(f->path, O_RDWR | O_CLOEXEC);
    assert_true(fd >= 0 && flock(fd, LOCK_EX) == 0);
    assert_string_equal(box_look(&two).code, BOX_CODE_BUSY);
    assert_int_equal(two.ledger.ballot_count, 3);
    assert_int_equal(ftruncate(fd, ends[0]), 0);
    assert_int_equal(close(fd), 0);
    assert_string_equal(box_look(&two).code, BOX_CODE_DAMAGED);
    box_close(&two);
}

/* What is cut off may have been acknowledged and then damaged: its voter can vote again until
 * somebody has looked, and ends voting after that. */
static void test_box__does_not_end_with_a_cut(void **state)
{
    struct fixture *f = *state;
    char beside[PATH_ROOM + 32];
    struct box one, two;

    open_election(f, false);
    assert_int_equal(box_open(&two, f->group, f->arena, f->path), TD_OK);
    assert_int_equal(box_open(&one, f->group, f->arena, f->path), TD_OK);
    assert_null(cast(f, &one, 0));
    box_close(&one);
    assert_int_equal(truncate(f->path, length(f->path) - 100), 0);
    assert_string_equal(box_end(&two).code, BOX_CODE_NOT_NOW);
    assert_int_equal(two.ledger.phase, LEDGER_VOTING);
    assert_int_equal(two.writer.cut, 1);
    assert_null(cast(f, &two, 0));
    two.writer.cut = 0; /* it was told */
    assert_null(box_end(&two).code);
    box_close(&two);
    (void)snprintf(beside, sizeof beside, "%s.cut-1", f->path);
    assert_int_equal(unlink(beside), 0);
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
        cmocka_unit_test_setup_teardown(test_verify__an_earlier_copy_must_hold, setup, teardown),
        cmocka_unit_test_setup_teardown(test_box__one_card_does_not_fill_the_archive, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_box__a_full_archive_has_a_result, setup, teardown),
        cmocka_unit_test_setup_teardown(test_box__memory_does_not_grow_with_what_is_not_written,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(test_box__no_memory_is_not_damage, setup, teardown),
        cmocka_unit_test_setup_teardown(test_box__a_known_decryption_is_recognised, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_box__without_ballots_there_is_a_result, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_box__is_read_before_it_is_locked, setup, teardown),
        cmocka_unit_test_setup_teardown(test_box__an_archive_with_two_names_is_left_alone, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_box__one_at_a_time_is_made, setup, teardown),
        cmocka_unit_test_setup_teardown(test_box__only_the_last_can_be_taken_back, setup, teardown),
        cmocka_unit_test_setup_teardown(test_box__does_not_end_with_a_cut, setup, teardown),
        cmocka_unit_test_setup_teardown(test_box__what_is_taken_back_is_forgotten, setup, teardown),
        cmocka_unit_test_setup_teardown(test_box__replaced_while_waiting_for_the_lock, setup,
                                        teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
