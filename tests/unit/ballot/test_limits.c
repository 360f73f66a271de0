/*
 * The limits that docs/ballot.md states, each at its most and one above. Those of one card and of a
 * full archive are in test_box.c, those of the elections kept open in test_hall.c.
 */
#include "fixture.h"

#include <fcntl.h>

#include "base/banned.h"

#define LIST_ROOM ((size_t)64 * 1024)
#define UUID "fP9BVSbsHhY5kc"

static struct election election_of(struct question *questions, size_t count)
{
    return (struct election){.uuid = UUID,
                             .name = "N",
                             .description = "",
                             .questions = questions,
                             .question_count = count};
}

/* So many questions of so many answers each. */
static bool may_be_asked(struct td_arena *arena, size_t questions, size_t answers)
{
    struct td_mark mark = td_arena_mark(arena);
    struct question *items = td_arena_zeroed(arena, questions, sizeof *items);
    const char **texts = td_arena_zeroed(arena, answers, sizeof *texts);

    assert_non_null(items);
    assert_non_null(texts);
    for (size_t i = 0; i < answers; i++) {
        texts[i] = "A";
    }
    for (size_t i = 0; i < questions; i++) {
        items[i] =
            (struct question){.text = "Q", .answers = texts, .answer_count = answers, .max = 1};
    }
    struct election election = election_of(items, questions);
    bool valid = election_valid(&election);
    td_arena_rewind(arena, mark);
    return valid;
}

static void test_election__has_so_many_slots(void **state)
{
    struct td_arena *arena = td_arena_new(MEMORY);

    (void)state;
    assert_non_null(arena);
    assert_true(may_be_asked(arena, QUESTIONS_MAX, SLOTS_MAX / QUESTIONS_MAX));
    assert_false(may_be_asked(arena, QUESTIONS_MAX, SLOTS_MAX / QUESTIONS_MAX + 1));
    assert_false(may_be_asked(arena, QUESTIONS_MAX + 1, 1));
    assert_true(may_be_asked(arena, SLOTS_MAX / ANSWERS_MAX, ANSWERS_MAX));
    assert_false(may_be_asked(arena, SLOTS_MAX / ANSWERS_MAX + 1, ANSWERS_MAX));
    assert_false(may_be_asked(arena, 1, ANSWERS_MAX + 1));
    td_arena_free(arena);
}

static void test_election__has_texts_of_so_many_bytes(void **state)
{
    char text[ELECTION_TEXT_MAX + 2];
    const char *answers[] = {"A"};
    struct question question = {.text = "Q", .answers = answers, .answer_count = 1, .max = 1};
    struct election election = election_of(&question, 1);
    const char **texts[] = {&election.name, &election.description, &question.text, &answers[0]};

    (void)state;
    memset(text, 'a', sizeof text);
    text[sizeof text - 1] = '\0';
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        const char *before = *texts[i];
        *texts[i] = text + 1;
        assert_true(election_valid(&election));
        *texts[i] = text;
        assert_false(election_valid(&election));
        *texts[i] = before;
    }
}

/* What takes most room: all slots, the longest proofs. It is taken, and fits the text allowed. */
static void test_paper__the_largest_fits(void **state)
{
    enum { QUESTIONS = SLOTS_MAX / ANSWERS_MAX };
    struct group *group = *state;
    struct td_arena *arena = td_arena_new(MEMORY);
    static const char *answers[ANSWERS_MAX];
    static bool choices[SLOTS_MAX];
    struct question questions[QUESTIONS];
    struct election election = election_of(questions, QUESTIONS);
    char tracker[DIGEST_BASE64];
    struct scalar secret;
    struct paper paper;
    struct buf text;

    assert_non_null(arena);
    for (size_t i = 0; i < ANSWERS_MAX; i++) {
        answers[i] = "A";
    }
    for (size_t i = 0; i < QUESTIONS; i++) {
        /* With its blank a question has a slot more, so it has an answer less. */
        questions[i] = (struct question){.text = "Q",
                                         .answers = answers,
                                         .answer_count = ANSWERS_MAX - 1,
                                         .blank = true,
                                         .max = ANSWERS_MAX - 1};
        choices[i * ANSWERS_MAX + 1 + i] = true;
    }
    scalar_random(group, &secret);
    group_raise_secret(group, &secret, &election.public_key);
    assert_true(election_valid(&election));
    assert_int_equal(election_slots(&election), SLOTS_MAX);
    assert_true(choices_valid(&election, choices));
    buf_init(&text, PAPER_TEXT_MAX);
    assert_int_equal(paper_make(group, arena, &election, &secret, choices, &text, tracker), TD_OK);
    assert_true(buf_length(&text) > PAPER_TEXT_MAX * 3 / 4);
    assert_int_equal(
        paper_read(group, arena, &election, NULL, buf_string(&text), buf_length(&text), &paper),
        PAPER_RIGHT);
    assert_string_equal(paper.tracker, tracker);
    buf_release(&text);
    td_arena_free(arena);
}

/* Counted before anything costly: one more comma than there may be is enough to refuse. */
static void test_credentials__are_so_many(void **state)
{
    struct group *group = *state;
    struct td_arena *arena = td_arena_new(MEMORY);
    struct credentials credentials;
    struct element item;
    struct scalar secret;
    struct buf text;

    assert_non_null(arena);
    credentials.items = td_arena_zeroed(arena, CREDENTIALS_MAX + 1, sizeof *credentials.items);
    assert_non_null(credentials.items);
    scalar_random(group, &secret);
    group_raise_secret(group, &secret, &item);
    /* g^x, g^2x, g^3x …: all different, and each one multiplication away from the one before. */
    credentials.items[0] = item;
    for (size_t i = 1; i <= CREDENTIALS_MAX; i++) {
        group_multiply(group, &credentials.items[i - 1], &item, &credentials.items[i]);
    }
    for (size_t more = 0; more < 2; more++) {
        struct credentials got;
        credentials.count = CREDENTIALS_MAX + more;
        buf_init(&text, (size_t)CREDENTIALS_MAX * 700);
        credentials_write(group, &credentials, &text);
        assert_true(buf_ok(&text));
        bool read = credentials_read(group, arena, buf_string(&text), buf_length(&text), &got);
        assert_int_equal(read, more == 0);
        buf_release(&text);
    }
    td_arena_free(arena);
}

static void test_trustees__are_so_many(void **state)
{
    struct group *group = *state;
    struct td_arena *arena = td_arena_new(MEMORY);
    struct trustee items[TRUSTEES_MAX + 1];
    struct buf text;

    assert_non_null(arena);
    for (size_t i = 0; i <= TRUSTEES_MAX; i++) {
        struct scalar secret;
        trustee_new(group, &secret, &items[i]);
    }
    for (size_t more = 0; more < 2; more++) {
        struct trustees trustees = {TRUSTEES_MAX + more, items}, got;
        buf_init(&text, LIST_ROOM);
        trustees_write(group, &trustees, &text);
        assert_int_equal(trustees_read(group, arena, buf_string(&text), buf_length(&text), &got),
                         more == 0);
        buf_release(&text);
    }
    td_arena_free(arena);
}

/* A file of this length without contents of its own. */
static void make_long(const char *path, size_t n)
{
    int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

    assert_true(fd >= 0);
    assert_int_equal(ftruncate(fd, (off_t)n), 0);
    assert_int_equal(close(fd), 0);
}

/* The writer's own guard, below the one of ballots: nothing is written beyond. */
static void test_archive__is_so_long(void **state)
{
    char path[] = P_tmpdir "/thidua-limits-XXXXXX";
    struct archive_writer writer = {.event_count = 7, .timestamp = 1};
    struct td_arena *arena = td_arena_new(MEMORY);
    const char *bytes = NULL;
    struct stat st;
    size_t n = 0;

    (void)state;
    assert_non_null(arena);
    writer.fd = mkstemp(path);
    assert_true(writer.fd >= 0);
    memset(writer.head, '0', DIGEST_HEX - 1);
    writer.length = ARCHIVE_MAX - ARCHIVE_EVENT_BYTES;
    assert_int_equal(archive_append(&writer, ARCHIVE_END_BALLOTS, NULL, 0), TD_OK);
    assert_int_equal(writer.length, ARCHIVE_MAX);
    assert_int_equal(archive_append(&writer, ARCHIVE_END_BALLOTS, NULL, 0), TD_E_RANGE);
    assert_int_equal(fstat(writer.fd, &st), 0);
    assert_int_equal(st.st_size, ARCHIVE_MAX);
    archive_close(&writer);
    assert_int_equal(unlink(path), 0);
    make_long(path, ARCHIVE_MAX + 1);
    assert_int_equal(archive_load(path, arena, &bytes, &n), TD_E_IO);
    assert_int_equal(unlink(path), 0);
    td_arena_free(arena);
}

static void make_folder(struct group *group, const char *root, int number,
                        char ret_uuid[static TOKEN_TEXT], char ret_path[static PATH_ROOM])
{
    char name[16];

    (void)snprintf(name, sizeof name, "%d", number);
    name_in(root, name, ret_path);
    assert_int_equal(mkdir(ret_path, 0700), 0);
    token_new(group, ret_uuid);
    put(ret_path, "uuid", ret_uuid, strlen(ret_uuid));
    put(ret_path, "questions.json", draft, strlen(draft));
}

static void remove_folder(const char *folder)
{
    char path[PATH_ROOM];

    for (size_t i = 0; i < 2; i++) {
        name_in(folder, i == 0 ? "uuid" : "questions.json", path);
        assert_int_equal(unlink(path), 0);
    }
    assert_int_equal(rmdir(folder), 0);
}

/* More folders than are listed: the administrator hears of it once, and each still has its page. */
static void test_hall__lists_so_many(void **state)
{
    enum { FOLDERS = HALL_FOLDERS + 3 };
    static char uuids[FOLDERS][TOKEN_TEXT], paths[FOLDERS][PATH_ROOM];
    struct group *group = *state;
    char root[] = P_tmpdir "/thidua-limits-XXXXXX", failed[TOKEN_TEXT];
    struct hall_view *all = NULL, view;
    struct td_message what;
    size_t count = 0;

    assert_non_null(mkdtemp(root));
    for (int i = 0; i < FOLDERS; i++) {
        make_folder(group, root, i, uuids[i], paths[i]);
    }
    struct hall *hall = hall_new(root);
    assert_non_null(hall);
    for (int i = 0; i < 2; i++) {
        struct td_arena *arena = td_arena_new(MEMORY);
        assert_non_null(arena);
        assert_null(hall_list(hall, arena, &all, &count).code);
        assert_int_equal(count, HALL_FOLDERS);
        assert_int_equal(hall_failure(hall, failed, &what), i == 0);
        td_arena_free(arena);
    }
    assert_int_equal(what.args[0].count, FOLDERS - HALL_FOLDERS);
    for (int i = 0; i < FOLDERS; i += (FOLDERS - 1) / 2) {
        struct td_arena *arena = td_arena_new(MEMORY);
        assert_non_null(arena);
        assert_null(hall_show(hall, uuids[i], false, arena, &view).code);
        assert_string_equal(view.name, "N");
        td_arena_free(arena);
    }
    hall_free(hall);
    for (int i = 0; i < FOLDERS; i++) {
        remove_folder(paths[i]);
    }
    assert_int_equal(rmdir(root), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_election__has_so_many_slots),
        cmocka_unit_test(test_election__has_texts_of_so_many_bytes),
        cmocka_unit_test(test_paper__the_largest_fits),
        cmocka_unit_test(test_credentials__are_so_many),
        cmocka_unit_test(test_trustees__are_so_many),
        cmocka_unit_test(test_archive__is_so_long),
        cmocka_unit_test(test_hall__lists_so_many),
    };

    return cmocka_run_group_tests(tests, group_setup, group_teardown);
}
