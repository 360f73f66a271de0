/*
 * The places of a hall: see hall_place.h.
 */
#include "ballot/hall_place.h"
#include "ballot/hall_folder.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/banned.h"

/* What is kept of a ballot, with the lists that grow with it, takes less than its text in the
 * archive. So an archive that is full fits. */
#define ELECTION_MEMORY_MAX ARCHIVE_MAX
#define FIND_MEMORY_MAX ((size_t)16 * 1024 * 1024)
#define MOMENT_MS 250    /* that everybody waits for a place */
#define PATIENT_MS 10000 /* that one of them waits */

struct refusal hall_busy(void)
{
    return (struct refusal){BOX_CODE_BUSY, TD_WORDS("the election is being read and checked; it "
                                                    "will be ready in a moment")};
}

static struct refusal refusal_not_open(void)
{
    return (struct refusal){BOX_CODE_NOT_OPEN, TD_WORDS("the election is not open yet")};
}

/* Ballots would go to whichever is found first, today the one and tomorrow the other. */
static struct refusal refusal_twice(void)
{
    return (struct refusal){BOX_CODE_STORAGE,
                            TD_WORDS("two folders bear this identifier: nothing is taken until one "
                                     "of them is moved away")};
}

/* A moment from now, as pthread_cond_timedwait wants it. */
struct timespec hall_in_ms(long ms)
{
    struct timespec until;

    (void)clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_nsec += ms % 1000 * 1000000;
    until.tv_sec += ms / 1000 + until.tv_nsec / 1000000000;
    until.tv_nsec %= 1000000000;
    return until;
}

/* Under the hall's lock: until something has changed. False: it is too late. */
bool hall_wait_until(struct hall *hall, const struct timespec *until)
{
    return pthread_cond_timedwait(&hall->changed, &hall->lock, until) == 0;
}

/* The place is nobody's any more. */
void place_empty(struct place *place)
{
    if (place->state == PLACE_OPEN || place->state == PLACE_OPENING) {
        box_close(&place->box);
    }
    group_free(place->group);
    td_arena_free(place->arena);
    place->group = NULL;
    place->arena = NULL;
    place->state = PLACE_EMPTY;
    place->is_moved = false;
    place->uuid[0] = '\0';
}

/* ---- places ---------------------------------------------------------------------------------- */

static struct place *known(struct hall *hall, const char *uuid)
{
    for (size_t i = 0; i < HALL_OPEN && uuid[0] != '\0'; i++) {
        if (hall->places[i].state != PLACE_EMPTY && strcmp(hall->places[i].uuid, uuid) == 0) {
            return &hall->places[i];
        }
    }
    return NULL;
}

/* An empty place; else the one that was asked for longest ago and that nobody uses. */
static struct place *vacant(struct hall *hall)
{
    struct place *found = NULL;

    for (size_t i = 0; i < HALL_OPEN; i++) {
        struct place *place = &hall->places[i];
        bool better = found == NULL || place->state == PLACE_EMPTY ||
                      (found->state != PLACE_EMPTY && place->used < found->used);
        if (place->users == 0 && better) {
            found = place;
        }
    }
    if (found != NULL) {
        place_empty(found);
    }
    return found;
}

static bool is_same_file(const struct stat *a, const struct stat *b)
{
    return a->st_dev == b->st_dev && a->st_ino == b->st_ino && a->st_size == b->st_size &&
           a->st_mtim.tv_sec == b->st_mtim.tv_sec && a->st_mtim.tv_nsec == b->st_mtim.tv_nsec;
}

/* ---- waiting for a place --------------------------------------------------------------------- */

/* What follows is done under the hall's lock. */

/* The place of an election that somebody opens or has taken; NULL: it is free. While one waits it
 * may be emptied and become another's, so it is looked for again. */
static struct place *held(struct hall *hall, const char *uuid)
{
    struct place *place = known(hall, uuid);

    return place != NULL && (place->state == PLACE_OPENING || place->is_taken) ? place : NULL;
}

static void release(struct place *place)
{
    place->users--;
    if (place->users == 0 && place->uuid[0] == '\0') {
        place_empty(place);
    }
}

static bool wait_long(struct hall *hall, struct place *place, const char *uuid)
{
    struct timespec until = hall_in_ms(PATIENT_MS);

    place->is_awaited = true;
    place->users++;
    while (held(hall, uuid) == place && hall_wait_until(hall, &until)) {
    }
    place->is_awaited = false;
    release(place);
    return held(hall, uuid) == NULL;
}

/* A place is mostly held for moments, which everybody waits. When it is for longer, one goes on
 * waiting and the others are told, while the election is opened at once: they would keep the
 * threads that answer everything else. Who brings something waits for the turn while others do the
 * same, but not while the election is opened. False: it was in vain. */
static bool wait_for(struct hall *hall, const char *uuid, bool brings)
{
    struct timespec moment = hall_in_ms(MOMENT_MS), turn = hall_in_ms(TURN_MS);
    struct place *place = held(hall, uuid);

    while (place != NULL) {
        bool is_opening = place->state == PLACE_OPENING;
        bool is_turn = brings && !is_opening;
        if (is_opening && place->is_awaited) {
            return false;
        }
        bool in_time = hall_wait_until(hall, is_turn ? &turn : &moment);
        place = held(hall, uuid);
        if (!in_time && place != NULL) {
            return !is_turn && !place->is_awaited && wait_long(hall, place, uuid);
        }
    }
    return true;
}

static void take(struct hall *hall, struct place *place)
{
    place->users++;
    place->is_taken = true;
    place->used = ++hall->clock;
}

/* The place of an election, taken; or the caller's to open. */
static struct refusal claim(struct hall *hall, const struct hall_folder *folder,
                            const struct stat *st, bool brings, struct place **ret,
                            bool *ret_is_new)
{
    bool is_free = wait_for(hall, folder->uuid, brings);
    struct place *place = known(hall, folder->uuid);

    *ret_is_new = false;
    if (!is_free) {
        return hall_busy();
    }
    if (place != NULL && place->state == PLACE_REFUSED && !is_same_file(&place->refused, st)) {
        place_empty(place);
        place = NULL;
    }
    if (place != NULL && place->state == PLACE_REFUSED) {
        return (struct refusal){
            BOX_CODE_DAMAGED, TD_WORDS("the archive does not hold; thidua ballot verify says why")};
    }
    if (place == NULL) {
        place = vacant(hall);
        if (place == NULL) {
            return hall_busy();
        }
        memcpy(place->uuid, folder->uuid, strlen(folder->uuid) + 1);
        place->state = PLACE_OPENING;
        *ret_is_new = true;
    }
    take(hall, place);
    *ret = place;
    return (struct refusal){0};
}

/* ---- coming and going ------------------------------------------------------------------------ */

static struct refusal open_place(struct hall *hall, struct place *place,
                                 const struct hall_folder *folder, const struct stat *st)
{
    int status = TD_E_MEMORY;

    place->box = (struct box){.writer.fd = -1};
    place->group = group_new();
    place->arena = td_arena_new(ELECTION_MEMORY_MAX);
    if (place->group != NULL && place->arena != NULL) {
        status = box_open(&place->box, place->group, place->arena, folder->archive);
    }
    hall_tell_cut(hall, folder->uuid, &place->box);
    (void)pthread_mutex_lock(&hall->lock);
    if (status == TD_OK) {
        place->state = PLACE_OPEN;
    } else {
        place->users--;
        place->is_taken = false;
        place_empty(place);
        if (status == TD_E_INVALID) {
            memcpy(place->uuid, folder->uuid, strlen(folder->uuid) + 1);
            place->state = PLACE_REFUSED;
            place->refused = *st;
        }
    }
    (void)pthread_cond_broadcast(&hall->changed);
    (void)pthread_mutex_unlock(&hall->lock);
    return box_refusal(status);
}

/* The one folder of an election that is open. */
static struct refusal find(struct hall *hall, const char *uuid, struct td_arena *arena,
                           struct hall_folder *ret, struct stat *ret_st)
{
    size_t count = 0;
    int status = hall_folder_find(hall->directory, uuid, arena, ret, &count);

    if (status == TD_E_MEMORY) {
        return hall_note(hall, uuid, hall_no_memory());
    }
    if (status != TD_OK) {
        return hall_note(hall, uuid,
                         (struct refusal){BOX_CODE_STORAGE,
                                          TD_WORDS("the folder of the elections can't be read")});
    }
    if (count > 1) {
        return hall_note(hall, uuid, refusal_twice());
    }
    if (count == 0) {
        return (struct refusal){HALL_CODE_UNKNOWN, TD_WORDS("there is no such election")};
    }
    if (stat(ret->archive, ret_st) < 0) {
        return refusal_not_open();
    }
    return (struct refusal){0};
}

/* Find an election and take its place, until leave. */
static struct refusal enter(struct hall *hall, const char *uuid, bool brings, struct place **ret)
{
    (void)pthread_mutex_lock(&hall->lock);
    bool is_free = wait_for(hall, uuid, brings);
    struct place *place = known(hall, uuid);
    bool is_ready = is_free && place != NULL && place->state == PLACE_OPEN;
    if (is_ready) {
        take(hall, place);
        *ret = place;
    }
    (void)pthread_mutex_unlock(&hall->lock);
    if (is_ready) {
        return (struct refusal){0};
    }
    if (!is_free) {
        return hall_busy();
    }

    struct td_arena *arena = td_arena_new(FIND_MEMORY_MAX);
    struct hall_folder folder;
    struct stat st = {0};
    bool is_new = false;
    if (arena == NULL) {
        return hall_no_memory();
    }
    struct refusal refusal = find(hall, uuid, arena, &folder, &st);
    if (refusal.code == NULL) {
        (void)pthread_mutex_lock(&hall->lock);
        refusal = claim(hall, &folder, &st, brings, ret, &is_new);
        (void)pthread_mutex_unlock(&hall->lock);
        if (is_new) {
            refusal = hall_note(hall, uuid, open_place(hall, *ret, &folder, &st));
        }
    }
    td_arena_free(arena);
    return refusal;
}

static bool is_spent(const struct place *place)
{
    const struct box *box = &place->box;

    return box->is_damaged || box->useless != TD_OK || box->writer.broken || place->is_moved ||
           !group_ok(place->group);
}

/* Having taken the place: others may, but it stays. A box that is of no use any more is found and
 * read anew by whoever asks next. */
void place_give_back(struct hall *hall, struct place *place)
{
    (void)pthread_mutex_lock(&hall->lock);
    place->is_taken = false;
    if (is_spent(place)) {
        place->uuid[0] = '\0';
    }
    (void)pthread_cond_broadcast(&hall->changed);
    (void)pthread_mutex_unlock(&hall->lock);
}

/* Take a place again that was given back, and not left. */
struct refusal place_take_again(struct hall *hall, struct place *place)
{
    struct timespec until = hall_in_ms(TURN_MS);

    (void)pthread_mutex_lock(&hall->lock);
    while (place->is_taken && hall_wait_until(hall, &until)) {
    }
    bool is_free = !place->is_taken;
    place->is_taken = true;
    (void)pthread_mutex_unlock(&hall->lock);
    if (!is_free) {
        return hall_busy();
    }
    return (struct refusal){0};
}

/* Having given it back. */
void place_leave(struct hall *hall, struct place *place)
{
    (void)pthread_mutex_lock(&hall->lock);
    release(place);
    (void)pthread_mutex_unlock(&hall->lock);
}

void place_leave_box(struct hall *hall, struct place *place)
{
    place_give_back(hall, place);
    place_leave(hall, place);
}

/* Having taken the box, whose archive can't be found where it was: is the election elsewhere now,
 * or nowhere? Then the place is no longer its. */
static void look_elsewhere(struct hall *hall, const char *uuid, struct place *place)
{
    struct td_arena *arena = td_arena_new(FIND_MEMORY_MAX);
    struct hall_folder folder;
    size_t count = 0;

    if (arena != NULL && hall_folder_find(hall->directory, uuid, arena, &folder, &count) == TD_OK) {
        place->is_moved = count != 1 || strcmp(folder.archive, place->box.path) != 0;
    }
    td_arena_free(arena);
}

/* Find an election, and take its box as it is now. Who brings nothing waits less. */
struct refusal place_enter(struct hall *hall, const char *uuid, bool brings, struct place **ret)
{
    for (bool is_second = false;; is_second = true) {
        struct refusal refusal = enter(hall, uuid, brings, ret);
        if (refusal.code != NULL) {
            return refusal;
        }
        struct box *box = &(*ret)->box;
        refusal = box_look(box);
        hall_tell_cut(hall, uuid, box);
        if (refusal.code == NULL) {
            return refusal;
        }
        if (access(box->path, F_OK) < 0 && errno == ENOENT) {
            refusal = (struct refusal){BOX_CODE_STORAGE,
                                       TD_WORDS("the archive is not in its folder any more")};
            look_elsewhere(hall, uuid, *ret);
        }
        bool is_moved = (*ret)->is_moved;
        place_leave_box(hall, *ret);
        if (!is_moved || is_second) {
            return hall_note(hall, uuid, refusal);
        }
    }
}
