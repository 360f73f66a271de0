/*
 * The elections of a directory, opened when they are asked for: see hall.h.
 *
 * One lock guards the table and is held for moments only. Each place in the table has a lock of its
 * own, which guards its box; who holds it may wait for the disk. A place is emptied only when
 * nobody uses it.
 */
#include "ballot/hall_folder.h"
#include "base/alphabet.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/banned.h"

/* What is kept of a ballot, with the lists that grow with it, takes less than its text in the
 * archive. So an archive that is full fits. */
#define ELECTION_MEMORY_MAX ARCHIVE_MAX
#define CHECK_MEMORY_MAX ((size_t)64 * 1024 * 1024)
#define FIND_MEMORY_MAX ((size_t)16 * 1024 * 1024)
#define CHECKERS_MAX 66
#define OPENING_S 10 /* that others wait while one is read and checked */
#define CHECKER_S 20 /* that a ballot waits while others are checked */

enum place_state {
    PLACE_EMPTY,
    PLACE_OPENING, /* by one thread, for which others wait a while */
    PLACE_OPEN,
    PLACE_REFUSED, /* it doesn't hold, as long as its file is the same */
};

struct place {
    char uuid[TOKEN_TEXT];
    enum place_state state;
    unsigned users;
    uint64_t used; /* when it was asked for last: a count, and no time */
    struct stat refused;
    pthread_mutex_t lock;
    struct group *group;
    struct td_arena *arena;
    struct box box;
};

/* What one thread checks a ballot with. */
struct checker {
    struct group *group;
    struct td_arena *arena;
    struct checker *next;
};

struct hall {
    char *directory;
    pthread_mutex_t lock;
    pthread_cond_t changed; /* a checker is free, or a place has been opened */
    struct place places[HALL_OPEN];
    uint64_t clock;
    struct checker checkers[CHECKERS_MAX], *free_checkers;
    pthread_mutex_t draft_lock;
    struct group *draft_group; /* drafts are read with it, which wait for no ballot */
    size_t unlisted;           /* folders that are not on the list, as last told */
    bool has_failed;
    char failed_uuid[TOKEN_TEXT];
    struct td_message failure;
};

static struct refusal refusal_busy(void)
{
    return (struct refusal){BOX_CODE_BUSY, TD_WORDS("the election is being read and checked; it "
                                                    "will be ready in a moment")};
}

static struct refusal refusal_memory(void)
{
    return (struct refusal){BOX_CODE_MEMORY, TD_WORDS("there is no memory for it")};
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
    for (size_t i = 0; i < HALL_OPEN; i++) {
        (void)pthread_mutex_init(&hall->places[i].lock, NULL);
    }
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

/* The place is nobody's any more. */
static void empty(struct place *place)
{
    if (place->state == PLACE_OPEN || place->state == PLACE_OPENING) {
        box_close(&place->box);
    }
    group_free(place->group);
    td_arena_free(place->arena);
    place->group = NULL;
    place->arena = NULL;
    place->state = PLACE_EMPTY;
    place->uuid[0] = '\0';
}

void hall_free(struct hall *hall)
{
    if (hall == NULL) {
        return;
    }
    for (size_t i = 0; i < HALL_OPEN; i++) {
        empty(&hall->places[i]);
        (void)pthread_mutex_destroy(&hall->places[i].lock);
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

static void tell(struct hall *hall, const char *uuid, struct td_message what)
{
    (void)pthread_mutex_lock(&hall->lock);
    hall->has_failed = true;
    hall->failure = what;
    memcpy(hall->failed_uuid, uuid, strnlen(uuid, TOKEN_TEXT - 1) + 1);
    (void)pthread_mutex_unlock(&hall->lock);
}

static struct refusal note(struct hall *hall, const char *uuid, struct refusal refusal)
{
    bool matters = refusal.code != NULL && (strcmp(refusal.code, BOX_CODE_STORAGE) == 0 ||
                                            strcmp(refusal.code, BOX_CODE_DAMAGED) == 0 ||
                                            strcmp(refusal.code, BOX_CODE_MEMORY) == 0);

    if (matters) {
        tell(hall, uuid, refusal.what);
    }
    return refusal;
}

/* Having the box to oneself: was something cut off its archive? It holds all the same. */
static void tell_cut(struct hall *hall, const char *uuid, struct box *box)
{
    if (box->writer.cut > 0) {
        tell(hall, uuid, archive_cut_words(box->writer.cut));
        box->writer.cut = 0;
    }
}

/* Having the draft group to oneself. Once for each number: a line for each look at the list would
 * say when voters look. */
static void tell_unlisted(struct hall *hall, size_t count)
{
    if (count > 0 && count != hall->unlisted) {
        tell(hall, "-",
             TD_MESSAGE("{0} elections are not on the list: there are too many folders",
                        TD_COUNT(count)));
    }
    hall->unlisted = count;
}

bool hall_failure(struct hall *hall, char ret_uuid[static TOKEN_TEXT], struct td_message *ret_what)
{
    (void)pthread_mutex_lock(&hall->lock);
    bool failed = hall->has_failed;
    hall->has_failed = false;
    memcpy(ret_uuid, hall->failed_uuid, TOKEN_TEXT);
    *ret_what = hall->failure;
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

/* A moment from now, as pthread_cond_timedwait wants it. */
static struct timespec in_seconds(time_t seconds)
{
    struct timespec until;

    (void)clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += seconds;
    return until;
}

/* One that is free, waited for a while. */
static struct refusal take_checker(struct hall *hall, struct checker **ret)
{
    struct timespec until = in_seconds(CHECKER_S);
    int waited = 0;

    (void)pthread_mutex_lock(&hall->lock);
    while (hall->free_checkers == NULL && waited == 0) {
        waited = pthread_cond_timedwait(&hall->changed, &hall->lock, &until);
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
        return refusal_memory();
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

/* ---- places ---------------------------------------------------------------------------------- */

static struct place *known(struct hall *hall, const char *uuid)
{
    for (size_t i = 0; i < HALL_OPEN; i++) {
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
        empty(found);
    }
    return found;
}

static bool is_same_file(const struct stat *a, const struct stat *b)
{
    return a->st_dev == b->st_dev && a->st_ino == b->st_ino && a->st_size == b->st_size &&
           a->st_mtim.tv_sec == b->st_mtim.tv_sec && a->st_mtim.tv_nsec == b->st_mtim.tv_nsec;
}

/* Under the hall's lock: wait while another thread opens this election, but not for ever. */
static void wait_for_opening(struct hall *hall, const char *uuid)
{
    struct timespec until = in_seconds(OPENING_S);
    const struct place *place = known(hall, uuid);

    while (place != NULL && place->state == PLACE_OPENING &&
           pthread_cond_timedwait(&hall->changed, &hall->lock, &until) == 0) {
        place = known(hall, uuid);
    }
}

/* Under the hall's lock: the place of an election, the caller's to use or to open. */
static struct refusal claim(struct hall *hall, const struct hall_folder *folder,
                            const struct stat *st, struct place **ret, bool *ret_is_new)
{
    wait_for_opening(hall, folder->uuid);
    struct place *place = known(hall, folder->uuid);

    *ret_is_new = false;
    if (place != NULL && place->state == PLACE_REFUSED && !is_same_file(&place->refused, st)) {
        empty(place);
        place = NULL;
    }
    if (place != NULL && place->state == PLACE_OPENING) {
        return refusal_busy();
    }
    if (place != NULL && place->state == PLACE_REFUSED) {
        return (struct refusal){
            BOX_CODE_DAMAGED, TD_WORDS("the archive does not hold; thidua ballot verify says why")};
    }
    if (place == NULL) {
        place = vacant(hall);
        if (place == NULL) {
            return refusal_busy();
        }
        memcpy(place->uuid, folder->uuid, strlen(folder->uuid) + 1);
        place->state = PLACE_OPENING;
        *ret_is_new = true;
    }
    place->users++;
    place->used = ++hall->clock;
    *ret = place;
    return (struct refusal){0};
}

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
    (void)pthread_mutex_lock(&hall->lock);
    if (status == TD_OK) {
        place->state = PLACE_OPEN;
    } else {
        place->users--;
        empty(place);
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

/* Find an election and keep it in its place until leave. */
static struct refusal enter(struct hall *hall, const char *uuid, struct place **ret)
{
    (void)pthread_mutex_lock(&hall->lock);
    struct place *place = known(hall, uuid);
    bool is_ready = place != NULL && place->state == PLACE_OPEN;
    if (is_ready) {
        place->users++;
        place->used = ++hall->clock;
        *ret = place;
    }
    (void)pthread_mutex_unlock(&hall->lock);
    if (is_ready) {
        return (struct refusal){0};
    }

    struct td_arena *arena = td_arena_new(FIND_MEMORY_MAX);
    struct hall_folder folder;
    struct stat st;
    bool is_new = false;
    struct refusal refusal;
    if (arena == NULL) {
        return refusal_memory();
    }
    size_t count = hall_folder_find(hall->directory, uuid, arena, &folder);
    if (count > 1) {
        refusal = note(hall, uuid, refusal_twice());
    } else if (count == 0) {
        refusal = (struct refusal){HALL_CODE_UNKNOWN, TD_WORDS("there is no such election")};
    } else if (stat(folder.archive, &st) < 0) {
        refusal = refusal_not_open();
    } else {
        (void)pthread_mutex_lock(&hall->lock);
        refusal = claim(hall, &folder, &st, ret, &is_new);
        (void)pthread_mutex_unlock(&hall->lock);
        if (is_new) {
            refusal = note(hall, uuid, open_place(hall, *ret, &folder, &st));
        }
    }
    td_arena_free(arena);
    return refusal;
}

static bool is_spent(const struct place *place)
{
    const struct box *box = &place->box;

    return box->is_damaged || box->useless != TD_OK || box->writer.broken ||
           !group_ok(place->group);
}

/* A box that is of no use any more is read anew when it is asked for next. */
static void leave(struct hall *hall, struct place *place)
{
    (void)pthread_mutex_lock(&hall->lock);
    place->users--;
    if (place->users == 0 && is_spent(place)) {
        empty(place);
    }
    (void)pthread_mutex_unlock(&hall->lock);
}

/* Find an election, and have its box to oneself, as it is now. */
static struct refusal enter_box(struct hall *hall, const char *uuid, struct place **ret)
{
    struct refusal refusal = enter(hall, uuid, ret);

    if (refusal.code != NULL) {
        return refusal;
    }
    (void)pthread_mutex_lock(&(*ret)->lock);
    refusal = note(hall, uuid, box_look(&(*ret)->box));
    tell_cut(hall, uuid, &(*ret)->box);
    if (refusal.code != NULL) {
        (void)pthread_mutex_unlock(&(*ret)->lock);
        leave(hall, *ret);
    }
    return refusal;
}

static void leave_box(struct hall *hall, struct place *place)
{
    (void)pthread_mutex_unlock(&place->lock);
    leave(hall, place);
}

/* ---- what is brought ------------------------------------------------------------------------- */

/* The costly part, with nobody waiting for it; then the short one. */
static struct refusal check_and_cast(struct hall *hall, struct place *place, const char *bytes,
                                     size_t n, char ret_tracker[static DIGEST_BASE64])
{
    struct checker *checker = NULL;
    struct paper paper = {0};
    struct refusal refusal = take_checker(hall, &checker);

    if (refusal.code != NULL) {
        return refusal;
    }
    refusal = box_check(&place->box, checker->group, checker->arena, bytes, n, &paper);
    if (refusal.code == NULL) {
        (void)pthread_mutex_lock(&place->lock);
        refusal = box_cast(&place->box, &paper, bytes, n);
        tell_cut(hall, place->uuid, &place->box);
        (void)pthread_mutex_unlock(&place->lock);
        memcpy(ret_tracker, paper.tracker, DIGEST_BASE64);
    }
    give_back(hall, checker);
    return refusal;
}

struct refusal hall_cast(struct hall *hall, const char *uuid, const char *bytes, size_t n,
                         char ret_tracker[static DIGEST_BASE64])
{
    struct place *place = NULL;
    struct refusal refusal = enter_box(hall, uuid, &place);

    if (refusal.code != NULL) {
        return refusal;
    }
    bool counts = box_counts(&place->box, bytes, n, ret_tracker);
    bool is_open = place->box.ledger.phase == LEDGER_VOTING;
    (void)pthread_mutex_unlock(&place->lock);
    if (!counts && !is_open) {
        refusal = box_closed();
    } else if (!counts) {
        refusal = note(hall, uuid, check_and_cast(hall, place, bytes, n, ret_tracker));
    }
    leave(hall, place);
    return refusal;
}

struct refusal hall_decrypt(struct hall *hall, const char *uuid, const char *bytes, size_t n,
                            unsigned *ret_trustee)
{
    struct place *place = NULL;
    struct refusal refusal = enter_box(hall, uuid, &place);

    if (refusal.code != NULL) {
        return refusal;
    }
    struct box *box = &place->box;
    refusal = box_decrypt(box, bytes, n, ret_trustee);
    if (refusal.code == NULL && box->ledger.phase == LEDGER_DECRYPTING &&
        ledger_missing(&box->ledger) == 0) {
        /* If this fails the decryption is there all the same; sending it again tries again. */
        refusal = box_result(box);
    }
    leave_box(hall, place);
    return note(hall, uuid, refusal);
}

/* ---- what everybody may read ----------------------------------------------------------------- */

struct refusal hall_piece(struct hall *hall, const char *uuid, enum box_piece piece, struct buf *to)
{
    struct place *place = NULL;
    struct refusal refusal = enter_box(hall, uuid, &place);

    if (refusal.code != NULL) {
        return refusal;
    }
    refusal = box_piece(&place->box, piece, to);
    leave_box(hall, place);
    return note(hall, uuid, refusal);
}

struct refusal hall_archive(struct hall *hall, const char *uuid, int *ret_fd, size_t *ret_n)
{
    struct place *place = NULL;
    struct refusal refusal = enter_box(hall, uuid, &place);

    if (refusal.code != NULL) {
        return refusal;
    }
    *ret_n = place->box.writer.length;
    *ret_fd = open(place->box.path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (*ret_fd < 0) {
        refusal = box_refusal(TD_E_IO);
    }
    leave_box(hall, place);
    return note(hall, uuid, refusal);
}

static struct refusal show_draft(struct hall *hall, const char *uuid, struct td_arena *arena,
                                 struct hall_view *ret)
{
    struct group *group = take_draft_group(hall);
    struct hall_folder folder;
    struct election election;

    if (group == NULL) {
        return refusal_memory();
    }
    bool found = hall_folder_find(hall->directory, uuid, arena, &folder) == 1 &&
                 hall_folder_draft(&folder, group, arena, &election);
    give_draft_group_back(hall);
    if (!found) {
        return (struct refusal){BOX_CODE_STORAGE, TD_WORDS("the questions can't be read")};
    }
    hall_view_draft(&election, ret);
    return (struct refusal){0};
}

struct refusal hall_show(struct hall *hall, const char *uuid, bool with_trackers,
                         struct td_arena *arena, struct hall_view *ret)
{
    struct place *place = NULL;
    struct refusal refusal = enter_box(hall, uuid, &place);

    *ret = (struct hall_view){.uuid = uuid};
    if (refusal.code != NULL) {
        return strcmp(refusal.code, BOX_CODE_NOT_OPEN) == 0 ? show_draft(hall, uuid, arena, ret)
                                                            : refusal;
    }
    if (!hall_view_of(&place->box, with_trackers, arena, ret)) {
        refusal = refusal_memory();
    }
    leave_box(hall, place);
    return refusal;
}

static int by_name(const void *a, const void *b)
{
    const struct hall_view *x = a, *y = b;
    int order = alphabet_compare(x->name, y->name);

    return order != 0 ? order : strcmp(x->uuid, y->uuid);
}

struct refusal hall_list(struct hall *hall, struct td_arena *arena, struct hall_view **ret,
                         size_t *ret_count)
{
    struct group *group = take_draft_group(hall);
    struct hall_folder *folders = NULL;
    size_t count = 0, more = 0;

    *ret_count = 0;
    if (group == NULL) {
        return refusal_memory();
    }
    int status = hall_folders(hall->directory, arena, &folders, &count, &more);
    tell_unlisted(hall, more);
    *ret = td_arena_zeroed(arena, count, sizeof **ret);
    for (size_t i = 0; status == TD_OK && *ret != NULL && i < count; i++) {
        struct election election;
        if (hall_folder_draft(&folders[i], group, arena, &election)) {
            struct hall_view *view = &(*ret)[(*ret_count)++];
            hall_view_draft(&election, view);
            view->phase = hall_folder_phase(&folders[i]);
        }
    }
    give_draft_group_back(hall);
    if (status != TD_OK || *ret == NULL) {
        return refusal_memory();
    }
    qsort(*ret, *ret_count, sizeof **ret, by_name);
    return (struct refusal){0};
}
