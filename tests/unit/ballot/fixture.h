/*
 * An election in a folder of its own, its cards and a ballot of each: what the tests of the box and
 * of the hall share.
 */
#ifndef FIXTURE_H
#define FIXTURE_H

#include "ballot/ballot.h"
#include "ballot_test.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { CARDS = 6, TEXT_ROOM = 100000, PATH_ROOM = 300 };

#define MEMORY ((size_t)256 * 1024 * 1024)

static const char draft[] = "{\"description\":\"\",\"name\":\"N\",\"questions\":[{\"answers\":["
                            "\"A\",\"B\"],\"min\":0,\"max\":1,"
                            "\"question\":\"Q\"}]}";

struct fixture {
    struct group *group;
    struct td_arena *arena;
    char root[64], folder[80], path[PATH_ROOM], uuid[TOKEN_TEXT];
    struct scalar cards[CARDS], keys[2];
    struct buf ballots[CARDS];
    char trackers[CARDS][DIGEST_BASE64];
};

static inline void name_in(const char *folder, const char *name, char ret[static PATH_ROOM])
{
    int n = snprintf(ret, PATH_ROOM, "%s/%s", folder, name);

    assert_in_range(n, 1, PATH_ROOM - 1);
}

static inline void put(const char *folder, const char *name, const char *text, size_t n)
{
    char path[PATH_ROOM];

    name_in(folder, name, path);
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(text, 1, n, file), n);
    assert_int_equal(fclose(file), 0);
}

static inline void open_election(struct fixture *f, bool is_once)
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
        const bool choice[] = {true, false};
        buf_clear(&f->ballots[i]);
        assert_int_equal(paper_make(f->group, f->arena, &box.ledger.election, &f->cards[i], choice,
                                    &f->ballots[i], f->trackers[i]),
                         TD_OK);
    }
    box_close(&box);
}

static inline int setup(void **state)
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

static inline int teardown(void **state)
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

static inline const char *cast(struct fixture *f, struct box *box, int card)
{
    char tracker[DIGEST_BASE64];

    struct refusal refusal =
        box_take(box, buf_string(&f->ballots[card]), buf_length(&f->ballots[card]), tracker);
    if (refusal.code == NULL) {
        assert_string_equal(tracker, f->trackers[card]);
    }
    return refusal.code;
}

/* The end of voting, the sum, and each trustee's decryption of it, which the caller releases. */
static inline void end_and_decrypt(struct fixture *f, struct box *box, struct buf texts[2])
{
    assert_null(box_end(box).code);
    assert_null(box_sum(box).code);
    for (int i = 0; i < 2; i++) {
        buf_init(&texts[i], TEXT_ROOM);
        assert_int_equal(decryption_make(f->group, f->arena, &box->ledger.election,
                                         &box->ledger.tally, &f->keys[i], &texts[i]),
                         TD_OK);
    }
}

static inline off_t length(const char *path)
{
    struct stat st;

    assert_int_equal(stat(path, &st), 0);
    return st.st_size;
}

static inline struct archive loaded(struct fixture *f, char **ret_bytes)
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

static inline void cast_some(struct fixture *f, int count)
{
    struct box box;

    assert_int_equal(box_open(&box, f->group, f->arena, f->path), TD_OK);
    for (int i = 0; i < count; i++) {
        assert_null(cast(f, &box, i));
    }
    box_close(&box);
}

static inline void zero(struct fixture *f, char *bytes, size_t n, size_t at, size_t length)
{
    char kept[ARCHIVE_EVENT_BYTES];

    memcpy(kept, bytes + at, length);
    memset(bytes + at, 0, length);
    put(f->folder, strrchr(f->path, '/') + 1, bytes, n);
    memcpy(bytes + at, kept, length);
}

#endif
