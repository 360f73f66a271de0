/*
 * The elections of a directory, for many threads: see hall.h. How they are opened and shared is in
 * hall_place.c.
 */
#include "ballot/hall_folder.h"
#include "ballot/hall_place.h"
#include "base/alphabet.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/banned.h"

#define CHECK_MEMORY_MAX ((size_t)64 * 1024 * 1024)
#define DRAFT_MEMORY_MAX                                                                           \
    ((size_t)64 * 1024 * 1024) /* of the questions of one while they are read */

struct refusal hall_no_memory(void)
{
    return (struct refusal){BOX_CODE_MEMORY, TD_WORDS("there is no memory for it")};
}

/* ---- one hall -------------------------------------------------------------------------------- */

struct hall *hall_new(const char *directory)
{
    struct hall *hall = calloc(1, sizeof *hall);
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    /* Two more than cores: while one waits for the disk, another computes. */
    size_t count = (cores < 1 ? 1 : cores > 64 ? 64 : (size_t)cores) + 2;

    if (hall == NULL) {
        return NULL;
    }
    hall->directory = strdup(directory);
    (void)pthread_mutex_init(&hall->lock, NULL);
    pthread_condattr_t clock;
    (void)pthread_condattr_init(&clock);
    (void)pthread_condattr_setclock(&clock, CLOCK_MONOTONIC);
    (void)pthread_cond_init(&hall->changed, &clock);
    (void)pthread_condattr_destroy(&clock);
    (void)pthread_mutex_init(&hall->draft_lock, NULL);
    for (size_t i = 0; i < count; i++) {
        hall->checkers[i].next = hall->free_checkers;
        hall->free_checkers = &hall->checkers[i];
    }
    if (hall->directory == NULL) {
        hall_free(hall);
        return NULL;
    }
    return hall;
}

void hall_free(struct hall *hall)
{
    if (hall == NULL) {
        return;
    }
    for (size_t i = 0; i < HALL_OPEN; i++) {
        place_empty(&hall->places[i]);
    }
    for (size_t i = 0; i < CHECKERS_MAX; i++) {
        group_free(hall->checkers[i].group);
        td_arena_free(hall->checkers[i].arena);
    }
    group_free(hall->draft_group);
    (void)pthread_mutex_destroy(&hall->draft_lock);
    (void)pthread_cond_destroy(&hall->changed);
    (void)pthread_mutex_destroy(&hall->lock);
    free(hall->directory);
    free(hall);
}

/* ---- failures that an administrator hears of ------------------------------------------------- */

void hall_tell(struct hall *hall, const char *uuid, struct td_message what)
{
    bool is_there = false;

    (void)pthread_mutex_lock(&hall->lock);
    for (size_t i = 0; i < hall->failure_count; i++) {
        const struct failure *other = &hall->failures[i];
        is_there =
            is_there || (strcmp(other->uuid, uuid) == 0 && strcmp(other->what.id, what.id) == 0 &&
                         other->what.args[0].count == what.args[0].count);
    }
    if (!is_there && hall->failure_count < FAILURES_MAX) {
        struct failure *failure = &hall->failures[hall->failure_count++];
        *failure = (struct failure){.what = what};
        memcpy(failure->uuid, uuid, strnlen(uuid, TOKEN_TEXT - 1));
    }
    (void)pthread_mutex_unlock(&hall->lock);
}

struct refusal hall_note(struct hall *hall, const char *uuid, struct refusal refusal)
{
    bool matters = refusal.code != NULL && (strcmp(refusal.code, BOX_CODE_STORAGE) == 0 ||
                                            strcmp(refusal.code, BOX_CODE_DAMAGED) == 0 ||
                                            strcmp(refusal.code, BOX_CODE_MEMORY) == 0);

    if (matters) {
        hall_tell(hall, uuid, refusal.what);
    }
    return refusal;
}

/* Having taken the box: was something cut off its archive? It holds all the same. */
void hall_tell_cut(struct hall *hall, const char *uuid, struct box *box)
{
    if (box->writer.cut > 0) {
        hall_tell(hall, uuid, archive_cut_words(box->writer.cut));
        box->writer.cut = 0;
    }
}

/* Having the draft group to oneself. Once for each number: a line for each look at the list would
 * say when voters look. */
static void tell_unlisted(struct hall *hall, size_t count)
{
    if (count > 0 && count != hall->unlisted) {
        hall_tell(hall, "-",
                  TD_MESSAGE("{0} elections are not on the list: there are too many folders",
                             TD_COUNT(count)));
    }
    hall->unlisted = count;
}

bool hall_failure(struct hall *hall, char ret_uuid[static TOKEN_TEXT], struct td_message *ret_what)
{
    (void)pthread_mutex_lock(&hall->lock);
    bool failed = hall->failure_count > 0;
    memcpy(ret_uuid, hall->failures[0].uuid, TOKEN_TEXT);
    *ret_what = hall->failures[0].what;
    if (failed) {
        hall->failure_count--;
        memmove(hall->failures, hall->failures + 1, hall->failure_count * sizeof *hall->failures);
    }
    (void)pthread_mutex_unlock(&hall->lock);
    return failed;
}

/* ---- checkers -------------------------------------------------------------------------------- */

static void give_back(struct hall *hall, struct checker *checker)
{
    if (checker->group != NULL && !group_ok(checker->group)) {
        group_free(checker->group);
        checker->group = NULL;
    }
    /* Made anew the next time: what a large ballot took goes back to the machine. */
    td_arena_free(checker->arena);
    checker->arena = NULL;
    (void)pthread_mutex_lock(&hall->lock);
    checker->next = hall->free_checkers;
    hall->free_checkers = checker;
    (void)pthread_cond_broadcast(&hall->changed);
    (void)pthread_mutex_unlock(&hall->lock);
}

/* One that is free, waited for a while. */
static struct refusal take_checker(struct hall *hall, struct checker **ret)
{
    struct timespec until = hall_in_ms(TURN_MS);

    (void)pthread_mutex_lock(&hall->lock);
    while (hall->free_checkers == NULL && hall_wait_until(hall, &until)) {
    }
    struct checker *checker = hall->free_checkers;
    if (checker != NULL) {
        hall->free_checkers = checker->next;
    }
    (void)pthread_mutex_unlock(&hall->lock);
    *ret = checker;
    if (checker == NULL) {
        return (struct refusal){BOX_CODE_BUSY, TD_WORDS("too many ballots come at once")};
    }

    if (checker->group == NULL) {
        checker->group = group_new();
    }
    checker->arena = td_arena_new(CHECK_MEMORY_MAX);
    if (checker->group == NULL || checker->arena == NULL) {
        give_back(hall, checker);
        return hall_no_memory();
    }
    return (struct refusal){0};
}

/* What drafts are read with, until it is given back. NULL: no memory. */
static struct group *take_draft_group(struct hall *hall)
{
    (void)pthread_mutex_lock(&hall->draft_lock);
    if (hall->draft_group == NULL) {
        hall->draft_group = group_new();
    }
    if (hall->draft_group == NULL) {
        (void)pthread_mutex_unlock(&hall->draft_lock);
    }
    return hall->draft_group;
}

static void give_draft_group_back(struct hall *hall)
{
    if (!group_ok(hall->draft_group)) {
        group_free(hall->draft_group);
        hall->draft_group = NULL;
    }
    (void)pthread_mutex_unlock(&hall->draft_lock);
}

/* ---- what is brought ------------------------------------------------------------------------- */

/* The costly part, with nobody waiting for it; then the short one. */
static struct refusal check_and_cast(struct hall *hall, const char *uuid, struct place *place,
                                     const char *bytes, size_t n,
                                     char ret_tracker[static DIGEST_BASE64])
{
    struct checker *checker = NULL;
    struct paper paper = {0};
    struct refusal refusal = take_checker(hall, &checker);

    if (refusal.code != NULL) {
        return refusal;
    }
    refusal = box_check(&place->box, checker->group, checker->arena, bytes, n, &paper);
    if (refusal.code == NULL) {
        refusal = place_take_again(hall, place);
    }
    if (refusal.code == NULL) {
        refusal = box_cast(&place->box, &paper, bytes, n);
        hall_tell_cut(hall, uuid, &place->box);
        place_give_back(hall, place);
        memcpy(ret_tracker, paper.tracker, DIGEST_BASE64);
    }
    give_back(hall, checker);
    return refusal;
}

struct refusal hall_cast(struct hall *hall, const char *uuid, const char *bytes, size_t n,
                         char ret_tracker[static DIGEST_BASE64])
{
    struct place *place = NULL;
    struct refusal refusal = place_enter(hall, uuid, true, &place);

    if (refusal.code != NULL) {
        return refusal;
    }
    bool counts = false;
    refusal = box_foresee(&place->box, bytes, n, ret_tracker, &counts);
    place_give_back(hall, place);
    if (refusal.code == NULL && !counts) {
        refusal = hall_note(hall, uuid, check_and_cast(hall, uuid, place, bytes, n, ret_tracker));
    }
    place_leave(hall, place);
    return refusal;
}

/* As with a ballot. */
static struct refusal check_and_add(struct hall *hall, const char *uuid, struct place *place,
                                    const char *bytes, size_t n, struct box_part *part)
{
    struct checker *checker = NULL;
    struct box *box = &place->box;
    struct refusal refusal = take_checker(hall, &checker);

    if (refusal.code != NULL) {
        return refusal;
    }
    refusal = box_check_part(box, checker->group, checker->arena, bytes, n, part);
    if (refusal.code == NULL) {
        refusal = place_take_again(hall, place);
    }
    if (refusal.code == NULL) {
        refusal = box_add_part(box, part, bytes, n);
        if (refusal.code == NULL && box->ledger.phase == LEDGER_DECRYPTING &&
            ledger_missing(&box->ledger) == 0) {
            /* If this fails the decryption is there all the same; sending it again tries again. */
            refusal = box_result(box);
        }
        hall_tell_cut(hall, uuid, box);
        place_give_back(hall, place);
    }
    give_back(hall, checker);
    return refusal;
}

struct refusal hall_decrypt(struct hall *hall, const char *uuid, const char *bytes, size_t n,
                            unsigned *ret_trustee)
{
    struct place *place = NULL;
    struct box_part part;
    struct refusal refusal = place_enter(hall, uuid, true, &place);

    if (refusal.code != NULL) {
        return refusal;
    }
    refusal = box_expect(&place->box, &part);
    place_give_back(hall, place);
    if (refusal.code == NULL) {
        refusal = hall_note(hall, uuid, check_and_add(hall, uuid, place, bytes, n, &part));
    }
    place_leave(hall, place);
    *ret_trustee = part.trustee;
    return refusal;
}

/* ---- what everybody may read ----------------------------------------------------------------- */

struct refusal hall_piece(struct hall *hall, const char *uuid, enum box_piece piece, struct buf *to)
{
    struct place *place = NULL;
    struct refusal refusal = place_enter(hall, uuid, false, &place);

    if (refusal.code != NULL) {
        return refusal;
    }
    refusal = box_piece(&place->box, piece, to);
    place_leave_box(hall, place);
    return hall_note(hall, uuid, refusal);
}

struct refusal hall_archive(struct hall *hall, const char *uuid, int *ret_fd, size_t *ret_n)
{
    struct place *place = NULL;
    struct refusal refusal = place_enter(hall, uuid, false, &place);

    if (refusal.code != NULL) {
        return refusal;
    }
    *ret_n = place->box.writer.length;
    *ret_fd = open(place->box.path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);
    if (*ret_fd < 0) {
        refusal = box_refusal(TD_E_IO);
    }
    place_leave_box(hall, place);
    return hall_note(hall, uuid, refusal);
}

static struct refusal show_draft(struct hall *hall, const char *uuid, struct td_arena *arena,
                                 struct hall_view *ret)
{
    struct group *group = take_draft_group(hall);
    struct hall_folder folder;
    struct election election;
    size_t count = 0;

    if (group == NULL) {
        return hall_no_memory();
    }
    int status = hall_folder_find(hall->directory, uuid, arena, &folder, &count);
    if (status == TD_OK) {
        status = count == 1 ? hall_folder_draft(&folder, group, arena, &election) : TD_E_IO;
    }
    give_draft_group_back(hall);
    if (status == TD_E_MEMORY) {
        return hall_no_memory();
    }
    if (status != TD_OK) {
        return (struct refusal){BOX_CODE_STORAGE, TD_WORDS("the questions can't be read")};
    }
    hall_view_draft(&election, ret);
    return (struct refusal){0};
}

struct refusal hall_show(struct hall *hall, const char *uuid, bool with_trackers,
                         struct td_arena *arena, struct hall_view *ret)
{
    struct place *place = NULL;
    struct refusal refusal = place_enter(hall, uuid, false, &place);

    *ret = (struct hall_view){.uuid = uuid};
    if (refusal.code != NULL) {
        return strcmp(refusal.code, BOX_CODE_NOT_OPEN) == 0 ? show_draft(hall, uuid, arena, ret)
                                                            : refusal;
    }
    if (!hall_view_of(&place->box, with_trackers, arena, ret)) {
        refusal = hall_no_memory();
    }
    place_leave_box(hall, place);
    return refusal;
}

static int by_name(const void *a, const void *b)
{
    const struct hall_view *x = a, *y = b;
    int order = alphabet_compare(x->name, y->name);

    return order != 0 ? order : strcmp(x->uuid, y->uuid);
}

/* What the list says of an election. Its questions take memory for as long as they are read. */
static int list_folder(const struct hall_folder *folder, struct group *group,
                       struct td_arena *scratch, struct td_arena *arena, struct hall_view *ret)
{
    struct td_mark mark = td_arena_mark(scratch);
    struct election election;
    const char *name = NULL;

    int status = hall_folder_draft(folder, group, scratch, &election);
    if (status == TD_OK) {
        name = td_arena_text(arena, election.name, strlen(election.name));
        status = name == NULL ? TD_E_MEMORY : TD_OK;
    }
    td_arena_rewind(scratch, mark);
    if (status == TD_OK) {
        *ret = (struct hall_view){
            .uuid = folder->uuid, .name = name, .phase = hall_folder_phase(folder)};
    }
    return status;
}

/* Those of the folders that can be read. */
static int list_folders(const struct hall_folder *folders, size_t count, struct group *group,
                        struct td_arena *arena, struct hall_view *ret, size_t *ret_count)
{
    struct td_arena *scratch = td_arena_new(DRAFT_MEMORY_MAX);
    int status = scratch == NULL ? TD_E_MEMORY : TD_OK;

    *ret_count = 0;
    for (size_t i = 0; status != TD_E_MEMORY && i < count; i++) {
        status = list_folder(&folders[i], group, scratch, arena, &ret[*ret_count]);
        *ret_count += status == TD_OK;
    }
    td_arena_free(scratch);
    return status == TD_E_MEMORY ? status : TD_OK;
}

struct refusal hall_list(struct hall *hall, struct td_arena *arena, struct hall_view **ret,
                         size_t *ret_count)
{
    struct group *group = take_draft_group(hall);
    struct hall_folder *folders = NULL;
    size_t count = 0, more = 0;

    *ret_count = 0;
    if (group == NULL) {
        return hall_no_memory();
    }
    int status = hall_folders(hall->directory, arena, &folders, &count, &more);
    tell_unlisted(hall, more);
    *ret = td_arena_zeroed(arena, count, sizeof **ret);
    if (status == TD_OK) {
        status = *ret == NULL ? TD_E_MEMORY
                              : list_folders(folders, count, group, arena, *ret, ret_count);
    }
    give_draft_group_back(hall);
    if (status != TD_OK) {
        return hall_note(hall, "-", hall_no_memory());
    }
    qsort(*ret, *ret_count, sizeof **ret, by_name);
    return (struct refusal){0};
}
