/*
 * A whole election, read and checked noun by noun from an archive that other code made; ballots,
 * decryptions and archives of our own.
 */
#include "ballot/archive.h"
#include "ballot/credential.h"
#include "ballot/tally.h"
#include "ballot_test.h"
#include "known.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/banned.h"

#define KNOWN_ARCHIVE "tests/ballot/known/fP9BVSbsHhY5kc.bel"
#define KNOWN_CARD_1 "9wm-tBf-Tz1-Rdg-CGr"
#define KNOWN_RESULT "{\"result\":[[1,1,1,1,3,3],[1,3]]}"
#define FILE_ROOM ((size_t)1024 * 1024)
#define BALLOT_ROOM ((size_t)1024 * 1024)

static char archive_bytes[FILE_ROOM], file_bytes[FILE_ROOM];

struct fixture {
    struct group *group;
    struct td_arena *arena;
    struct archive archive;
    struct election election;
    struct trustees trustees;
    struct credentials credentials;
};

static size_t load(const char *path, char *to)
{
    FILE *file = fopen(path, "rb");

    assert_non_null(file);
    size_t n = fread(to, 1, FILE_ROOM, file);
    assert_int_equal(fclose(file), 0);
    return n;
}

static int setup(void **state)
{
    static struct fixture f;
    size_t n = load(KNOWN_ARCHIVE, archive_bytes);

    f = (struct fixture){.group = group_new(), .arena = td_arena_new((size_t)64 * 1024 * 1024)};
    if (f.group == NULL || f.arena == NULL ||
        archive_read(f.arena, archive_bytes, n, &f.archive) != ARCHIVE_RIGHT) {
        return 1;
    }
    const struct archive_part *parts = f.archive.events[0].parts;
    *state = &f;
    return !election_read(f.group, f.arena, parts[0].bytes, parts[0].n, &f.election) ||
           !trustees_read(f.group, f.arena, parts[1].bytes, parts[1].n, &f.trustees) ||
           !credentials_read(f.group, f.arena, parts[2].bytes, parts[2].n, &f.credentials);
}

static int teardown(void **state)
{
    struct fixture *f = *state;

    group_free(f->group);
    td_arena_free(f->arena);
    return 0;
}

static void assert_same_text(const struct buf *text, const struct archive_part *part)
{
    assert_true(buf_ok(text));
    assert_int_equal(buf_length(text), part->n);
    assert_memory_equal(buf_string(text), part->bytes, part->n);
}

static void test_election__is_written_as_it_was_read(void **state)
{
    struct fixture *f = *state;
    const struct archive_part *parts = f->archive.events[0].parts;
    struct buf text;
    struct element key;

    buf_init(&text, FILE_ROOM);
    election_write(f->group, &f->election, &text);
    assert_same_text(&text, &parts[0]);
    buf_clear(&text);
    trustees_write(f->group, &f->trustees, &text);
    assert_same_text(&text, &parts[1]);
    buf_clear(&text);
    credentials_write(f->group, &f->credentials, &text);
    assert_same_text(&text, &parts[2]);
    buf_release(&text);

    assert_int_equal(f->archive.event_count, 12);
    assert_string_equal(f->election.fingerprint, "m7RmLSZVx17cnJOPHwwpnBtuQe6psCumSl/O3usp26o");
    assert_int_equal(election_slots(&f->election), 8);
    trustees_key(f->group, &f->trustees, &key);
    assert_true(element_equal(&key, &f->election.public_key));
}

/* What a draft with this name and these questions is refused for; "" when it is taken. */
static const char *refused_for(struct fixture *f, const char *name, const char *questions)
{
    struct election election;
    char text[1000];

    int n = snprintf(text, sizeof text, "{\"description\":\"\",\"name\":\"%s\",\"questions\":[%s]}",
                     name, questions);
    assert_in_range(n, 1, sizeof text - 1);
    bool taken = election_draft(f->group, f->arena, text, (size_t)n, KNOWN_UUID, &election);
    if (!taken) {
        return "form";
    }
    struct td_message wrong = election_misleads(&election);
    return wrong.id == NULL ? "" : wrong.id;
}

#define ANSWERS(answers, max)                                                                      \
    "{\"answers\":[" answers "],\"min\":0,\"max\":" max ",\"question\":\"Q\"}"
#define GOOD ANSWERS("\"A\",\"a\"", "2")

static void test_draft__what_misleads_is_said(void **state)
{
    struct fixture *f = *state;
    static const char *const cases[][3] = {
        {"N", GOOD "," GOOD, ""},
        {"", GOOD, "the election has no name"},
        {" ", GOOD, "the election has no name"},
        {"N", GOOD "," ANSWERS("\"A\",\"B\",\"A\"", "1"),
         "question {0} has the answer “{1}” twice"},
        {"N", ANSWERS("\"A\",\"\"", "1"), "question {0}: answer {1} has no text"},
        {"N", ANSWERS("\"A\"", "0"), "question {0}: max is 0, so that nothing can be chosen"},
        {"N", "{\"answers\":[\"A\"],\"min\":0,\"max\":1,\"question\":\"  \"}",
         "question {0} has no text"},
        {"N", "{\"answers\":[\"A\"],\"min\":0,\"max\":1,\"question\":\"\u00a0 \u3000\"}",
         "question {0} has no text"},
        /* Not valid at all: nothing is said of what was read of it. */
        {"", ANSWERS("\"A\"", "2"), "form"},
        {"", GOOD ",", "form"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_string_equal(refused_for(f, cases[i][0], cases[i][1]), cases[i][2]);
    }
}

/* An archive made elsewhere may ask so. */
static void test_election__what_misleads_is_read(void **state)
{
    struct fixture *f = *state;
    const char *answers[] = {"A", "A", ""};
    struct question question = {.text = "", .answers = answers, .answer_count = 3};
    struct election election = f->election, got;
    struct buf text;

    election.name = "";
    election.questions = &question;
    election.question_count = 1;
    buf_init(&text, FILE_ROOM);
    election_write(f->group, &election, &text);
    assert_true(election_read(f->group, f->arena, buf_string(&text), buf_length(&text), &got));
    assert_non_null(election_misleads(&got).id);
    buf_release(&text);
}

/* Who chose nothing is told where a ballot chooses one at most. */
static void test_question__tells_who_chose_nothing(void **state)
{
    const unsigned counts[] = {3, 5};
    struct question question = {.answer_count = 2, .min = 0, .max = 1};
    size_t none = 0;

    (void)state;
    assert_true(question_none(&question, counts, 12, &none));
    assert_int_equal(none, 4);
    assert_false(question_none(&question, counts, 7, &none)); /* these counts are not right */
    question.max = 2;
    assert_false(question_none(&question, counts, 12, &none));
    question.min = question.max = 1;
    assert_false(question_none(&question, counts, 8, &none));
    question = (struct question){.answer_count = 1, .blank = true, .min = 1, .max = 1};
    assert_false(question_none(&question, counts, 12, &none));
}

static void test_credential__is_derived_as_elsewhere(void **state)
{
    struct fixture *f = *state;
    struct scalar secret, expected = scalar_of(KNOWN_SECRET);
    struct element credential;
    size_t index;

    assert_true(card_valid(KNOWN_CARD));
    card_secret(f->group, KNOWN_CARD, KNOWN_UUID, &secret);
    assert_true(scalar_equal(&secret, &expected));
    assert_true(card_valid(KNOWN_CARD_1));
    card_secret(f->group, KNOWN_CARD_1, f->election.uuid, &secret);
    group_raise_secret(f->group, &secret, &credential);
    assert_true(credentials_hold(&f->credentials, &credential, &index));
    group_raise_secret(f->group, &expected, &credential);
    assert_false(credentials_hold(&f->credentials, &credential, NULL));
}

static void test_card__one_wrong_digit_is_seen(void **state)
{
    struct fixture *f = *state;
    char card[CARD_TEXT], other[CARD_TEXT];

    for (int i = 0; i < 20; i++) {
        card_new(f->group, card);
        assert_true(card_valid(card));
        memcpy(other, card, sizeof card);
        other[0] = card[0] == 'U' ? 'V' : 'U'; /* 53 apart would be seen as the same */
        assert_false(card_valid(other));
    }
    assert_false(card_valid(""));
    assert_false(card_valid("Qs4-tnL-cDB-vCJ-PHtt"));
    assert_false(card_valid("Qs4-tnL-cDB-vCJ_PHt"));
    assert_false(card_valid("Qs4-tnL-cDB-vCJ-PH0"));
}

static void test_credentials__none_twice_and_no_stranger(void **state)
{
    struct fixture *f = *state;
    const struct archive_part *part = &f->archive.events[0].parts[2];
    struct credentials got;
    struct buf text;

    buf_init(&text, FILE_ROOM);
    buf_add(&text, part->bytes, part->n - 1);
    buf_text(&text, ",\"");
    element_write(f->group, &f->credentials.items[2], &text);
    buf_text(&text, "\"]");
    assert_false(credentials_read(f->group, f->arena, buf_string(&text), buf_length(&text), &got));
    buf_release(&text);
    assert_false(credentials_read(f->group, f->arena, "[\"1\"]", 5, &got));
    assert_false(credentials_read(f->group, f->arena, "[\"2\"]", 5, &got));
    assert_false(credentials_read(f->group, f->arena, "[]", 2, &got));
    assert_false(credentials_read(f->group, f->arena, part->bytes, part->n - 1, &got));
}

static void test_trustee__key_without_proof_is_refused(void **state)
{
    struct fixture *f = *state;
    struct scalar secret;
    struct trustee trustee, got;
    struct buf text;

    trustee_new(f->group, &secret, &trustee);
    buf_init(&text, 5000);
    trustee_write(f->group, &trustee, &text);
    assert_true(trustee_read(f->group, buf_string(&text), buf_length(&text), &got));
    assert_true(element_equal(&got.public_key, &trustee.public_key));
    /* Somebody else's proof: a key chosen to cancel the others' out can't have one. */
    trustee.pok = f->trustees.items[0].pok;
    buf_clear(&text);
    trustee_write(f->group, &trustee, &text);
    assert_false(trustee_read(f->group, buf_string(&text), buf_length(&text), &got));
    struct scalar kept;
    buf_clear(&text);
    trustee_secret_write(&secret, &text);
    assert_true(trustee_secret_read(f->group, buf_string(&text), buf_length(&text), &kept));
    assert_true(scalar_equal(&kept, &secret));
    buf_release(&text);
}

/* The sum of the known ballots, as the archive has it. */
static struct tally known_tally(struct fixture *f)
{
    struct tally tally;

    assert_true(tally_init(f->arena, &f->election, &tally));
    for (size_t i = 1; i <= 5; i++) {
        const struct archive_part *part = &f->archive.events[i].parts[0];
        struct paper paper;
        assert_int_equal(
            paper_read(f->group, f->arena, &f->election, NULL, part->bytes, part->n, &paper),
            PAPER_RIGHT);
        tally_add(f->group, &f->election, &paper, &tally);
    }
    return tally;
}

static void test_election__made_elsewhere_gives_its_result(void **state)
{
    struct fixture *f = *state;
    struct tally tally = known_tally(f);
    struct decryption decryptions[3];
    unsigned counts[8];
    struct buf text;

    buf_init(&text, FILE_ROOM);
    tally_write(f->group, &f->election, &tally, &text);
    assert_same_text(&text, &f->archive.events[7].parts[0]);
    for (size_t i = 0; i < 3; i++) {
        const struct archive_part *part = &f->archive.events[8 + i].parts[0];
        const struct trustee *others = f->trustees.items;
        struct decryption no;
        assert_true(decryption_read(f->group, f->arena, &f->election, &tally, &others[i],
                                    part->bytes, part->n, &decryptions[i]));
        assert_false(decryption_read(f->group, f->arena, &f->election, &tally, &others[(i + 1) % 3],
                                     part->bytes, part->n, &no));
    }
    assert_true(result_compute(f->group, &f->election, &tally, decryptions, 3, counts));
    buf_clear(&text);
    counts_write(&f->election, counts, &text);
    assert_string_equal(buf_string(&text), KNOWN_RESULT);
    /* Two of three are not enough. */
    assert_false(result_compute(f->group, &f->election, &tally, decryptions, 2, counts));
    buf_release(&text);
}

static void test_decryption__ours_is_checked_and_counts(void **state)
{
    struct fixture *f = *state;
    struct tally tally = known_tally(f);
    struct decryption decryptions[3];
    unsigned counts[8];
    struct buf text;

    buf_init(&text, FILE_ROOM);
    for (size_t i = 0; i < 3; i++) {
        char path[] = "tests/ballot/known/trustee1.privkey";
        struct scalar secret;
        path[strlen("tests/ballot/known/trustee")] = (char)('1' + i);
        size_t n = load(path, file_bytes);
        while (n > 0 && file_bytes[n - 1] == '\n') {
            n--;
        }
        assert_true(trustee_secret_read(f->group, file_bytes, n, &secret));
        assert_int_equal(decryption_make(f->group, f->arena, &f->election, &tally, &secret, &text),
                         TD_OK);
        assert_true(decryption_read(f->group, f->arena, &f->election, &tally, &f->trustees.items[i],
                                    buf_string(&text), buf_length(&text), &decryptions[i]));
    }
    assert_true(result_compute(f->group, &f->election, &tally, decryptions, 3, counts));
    buf_clear(&text);
    counts_write(&f->election, counts, &text);
    assert_string_equal(buf_string(&text), KNOWN_RESULT);
    buf_release(&text);
}

static void test_paper__ours_is_right_unchanged_only(void **state)
{
    struct fixture *f = *state;
    static const bool three[8] = {0, 1, 1, 0, 1, 0, 1, 0}, blank[8] = {1, 0, 0, 0, 0, 0, 0, 0};
    const bool *votes[] = {three, blank};
    char tracker[DIGEST_BASE64];
    struct scalar card;
    struct buf text;

    card_secret(f->group, KNOWN_CARD_1, f->election.uuid, &card);
    buf_init(&text, BALLOT_ROOM);
    for (size_t v = 0; v < 2; v++) {
        struct paper paper;
        assert_true(choices_valid(&f->election, votes[v]));
        assert_int_equal(
            paper_make(f->group, f->arena, &f->election, &card, votes[v], &text, tracker), TD_OK);
        size_t n = buf_length(&text);
        assert_int_equal(
            paper_read(f->group, f->arena, &f->election, NULL, buf_string(&text), n, &paper),
            PAPER_RIGHT);
        assert_string_equal(paper.tracker, tracker);
        char *bytes = td_arena_text(f->arena, buf_string(&text), n);
        assert_non_null(bytes);
        for (size_t at = 3; at < n; at += n / 40) {
            bytes[at] ^= 1;
            assert_int_not_equal(
                paper_read(f->group, f->arena, &f->election, NULL, bytes, n, &paper), PAPER_RIGHT);
            bytes[at] ^= 1;
        }
        assert_int_equal(paper_read(f->group, f->arena, &f->election, NULL, bytes, n - 1, &paper),
                         PAPER_FORM);
    }
    buf_release(&text);
}

/* A voter with a program of its own: what the questions don't allow can't be proved. */
static void test_paper__choices_not_allowed_are_refused(void **state)
{
    struct fixture *f = *state;
    static const struct {
        bool choices[8];
        enum paper_fault fault;
    } cases[] = {
        {{0, 1, 1, 1, 1, 0, 1, 0}, PAPER_SUM},   /* four of at most three */
        {{0, 0, 0, 0, 0, 0, 1, 0}, PAPER_SUM},   /* none, and not blank */
        {{1, 1, 0, 0, 0, 0, 1, 0}, PAPER_BLANK}, /* blank and a choice */
        {{1, 0, 0, 0, 0, 0, 1, 1}, PAPER_SUM},   /* for and against */
    };
    char tracker[DIGEST_BASE64];
    struct scalar card;
    struct buf text;

    card_secret(f->group, KNOWN_CARD_1, f->election.uuid, &card);
    buf_init(&text, BALLOT_ROOM);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct paper paper;
        assert_false(choices_valid(&f->election, cases[i].choices));
        assert_int_equal(
            paper_make(f->group, f->arena, &f->election, &card, cases[i].choices, &text, tracker),
            TD_OK);
        assert_int_equal(paper_read(f->group, f->arena, &f->election, NULL, buf_string(&text),
                                    buf_length(&text), &paper),
                         cases[i].fault);
    }
    buf_release(&text);
}

static void test_archive__single_bits_are_seen(void **state)
{
    struct fixture *f = *state;
    struct td_mark mark = td_arena_mark(f->arena);
    char *bytes = td_arena_text(f->arena, f->archive.bytes, f->archive.n);

    assert_non_null(bytes);
    for (size_t at = 0; at < f->archive.n; at += 97) {
        struct archive got;
        bytes[at] ^= (char)(1 << (at % 8));
        assert_int_not_equal(archive_read(f->arena, bytes, f->archive.n, &got), ARCHIVE_RIGHT);
        bytes[at] ^= (char)(1 << (at % 8));
    }
    td_arena_rewind(f->arena, mark);
}

/* ---- writing --------------------------------------------------------------------------------- */

/* The known archive, written again event by event. */
static void write_again(struct fixture *f, const char *folder)
{
    struct archive_writer writer;

    assert_int_equal(archive_create(folder, f->election.uuid, f->archive.timestamp, &writer),
                     TD_OK);
    for (size_t i = 0; i < f->archive.event_count; i++) {
        const struct archive_event *event = &f->archive.events[i];
        struct buf bufs[ARCHIVE_PARTS];
        const struct buf *parts[ARCHIVE_PARTS];
        for (size_t j = 0; j < event->part_count; j++) {
            buf_init(&bufs[j], FILE_ROOM);
            buf_add(&bufs[j], event->parts[j].bytes, event->parts[j].n);
            parts[j] = &bufs[j];
        }
        assert_int_equal(archive_append(&writer, event->type, parts, event->part_count), TD_OK);
        for (size_t j = 0; j < event->part_count; j++) {
            buf_release(&bufs[j]);
        }
    }
    assert_int_equal(archive_publish(folder, f->election.uuid), TD_OK);
    archive_close(&writer);
}

static int unlink_unnamed(const char *folder, const char *uuid)
{
    char path[200];

    (void)snprintf(path, sizeof path, "%s/.%s.new", folder, uuid);
    return unlink(path);
}

static void write_file(const char *path, const char *bytes, size_t n)
{
    FILE *file = fopen(path, "wb");

    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, n, file), n);
    assert_int_equal(fclose(file), 0);
}

/* What archive_catch_up says of the file as it is. */
static int go_on(struct fixture *f, const char *path, struct archive_writer *ret,
                 struct archive *ret_archive)
{
    assert_int_equal(archive_open(path, ret), TD_OK);
    assert_int_equal(archive_lock(ret, path), TD_OK);
    return archive_catch_up(ret, path, f->arena, ret_archive);
}

static void test_archive__is_written_as_it_was_read_and_recovers(void **state)
{
    struct fixture *f = *state;
    char folder[] = "thidua-ballot-XXXXXX", path[200], beside[220];
    struct archive_writer writer, second;
    struct archive got;

    assert_non_null(mkdtemp(folder));
    (void)snprintf(path, sizeof path, "%s/%s.bel", folder, f->election.uuid);
    (void)snprintf(beside, sizeof beside, "%s.cut-1", path);
    write_again(f, folder);
    char *copy = td_arena_text(f->arena, f->archive.bytes, f->archive.n);
    size_t n = f->archive.n;
    assert_non_null(copy);
    assert_int_equal(load(path, file_bytes), n);
    assert_memory_equal(file_bytes, copy, n);
    /* One that has its name is never replaced, nor is anything left beside it. */
    assert_int_equal(archive_create(folder, f->election.uuid, 1, &second), TD_OK);
    assert_int_equal(archive_publish(folder, f->election.uuid), TD_E_IO);
    archive_close(&second);
    assert_int_equal(unlink_unnamed(folder, f->election.uuid), 0);

    /* Cut anywhere in the last event: it is gone, and all before it is there. */
    size_t before = f->archive.events[10].end;
    for (size_t cut = before; cut < n; cut += 150) {
        write_file(path, copy, cut);
        assert_int_equal(go_on(f, path, &writer, &got), TD_OK);
        assert_int_equal(got.event_count, 11);
        assert_int_equal(writer.length, before);
        assert_int_equal(writer.cut, cut > before);
        archive_close(&writer);
        assert_int_equal(load(path, file_bytes), before);
        if (cut > before) {
            assert_int_equal(load(beside, file_bytes), cut - before);
            assert_memory_equal(file_bytes, copy + before, cut - before);
            assert_int_equal(unlink(beside), 0);
        }
    }
    /* Damage before the end is not what a cut leaves. */
    copy[f->archive.events[4].end - 600] ^= 1;
    write_file(path, copy, n);
    assert_int_equal(go_on(f, path, &writer, &got), TD_E_INVALID);
    archive_close(&writer);
    assert_int_equal(load(path, file_bytes), n);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(rmdir(folder), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_election__is_written_as_it_was_read),
        cmocka_unit_test(test_draft__what_misleads_is_said),
        cmocka_unit_test(test_election__what_misleads_is_read),
        cmocka_unit_test(test_question__tells_who_chose_nothing),
        cmocka_unit_test(test_credential__is_derived_as_elsewhere),
        cmocka_unit_test(test_card__one_wrong_digit_is_seen),
        cmocka_unit_test(test_credentials__none_twice_and_no_stranger),
        cmocka_unit_test(test_trustee__key_without_proof_is_refused),
        cmocka_unit_test(test_election__made_elsewhere_gives_its_result),
        cmocka_unit_test(test_decryption__ours_is_checked_and_counts),
        cmocka_unit_test(test_paper__ours_is_right_unchanged_only),
        cmocka_unit_test(test_paper__choices_not_allowed_are_refused),
        cmocka_unit_test(test_archive__single_bits_are_seen),
        cmocka_unit_test(test_archive__is_written_as_it_was_read_and_recovers),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
