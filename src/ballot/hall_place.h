/*
 * The places of a hall, each for an election that is open: see hall.h.
 *
 * One lock guards the table and is held for moments only. A place has several users, one of whom
 * has taken it: its box is that one's until it is given back, which may take as long as the disk
 * does, or as checking what others have added to the archive. How long others wait for that is in
 * hall_place.c. A place is emptied only when nobody uses it.
 */
#ifndef BALLOT_HALL_PLACE_H
#define BALLOT_HALL_PLACE_H

#include "ballot/hall.h"

#include <pthread.h>
#include <sys/stat.h>
#include <time.h>

#define CHECKERS_MAX 66
#define FAILURES_MAX 16
#define TURN_MS 20000 /* that a ballot waits for its turn, to be checked or to be cast */

enum place_state {
    PLACE_EMPTY,
    PLACE_OPENING, /* by one thread */
    PLACE_OPEN,
    PLACE_REFUSED, /* it doesn't hold, as long as its file is the same */
};

struct place {
    char uuid[TOKEN_TEXT]; /* "": it is not found any more, and emptied when its users have left */
    enum place_state state;
    unsigned users;
    bool is_taken;   /* by one of them */
    bool is_awaited; /* by one of them, for more than a moment */
    bool is_moved;   /* the archive has been moved elsewhere in the directory, or out of it */
    uint64_t used;   /* when it was asked for last: a count, and no time */
    struct stat refused;
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

struct failure {
    char uuid[TOKEN_TEXT];
    struct td_message what;
};

struct hall {
    char *directory;
    pthread_mutex_t lock;
    pthread_cond_t changed; /* a checker is free, or a place has been opened or given back */
    struct place places[HALL_OPEN];
    uint64_t clock;
    struct checker checkers[CHECKERS_MAX], *free_checkers;
    pthread_mutex_t draft_lock;
    struct group *draft_group;             /* drafts are read with it, which wait for no ballot */
    size_t unlisted;                       /* folders that are not on the list, as last told */
    struct failure failures[FAILURES_MAX]; /* that are still to be told */
    size_t failure_count;
};

/* Under the hall's lock, unless nobody else is in it: the place is nobody's any more. */
void place_empty(struct place *place) __attribute__((nonnull));

/* Find an election, use its place and take it: its box as it is now. Who brings something waits
 * longer. */
struct refusal place_enter(struct hall *hall, const char *uuid, bool brings, struct place **ret)
    TD_MUST_CHECK __attribute__((nonnull));

/* Having taken it: others may. It is used still, and may be taken again. A box that is of no use
 * any more is found and read anew by whoever asks next. */
void place_give_back(struct hall *hall, struct place *place) __attribute__((nonnull));
struct refusal place_take_again(struct hall *hall, struct place *place) TD_MUST_CHECK
    __attribute__((nonnull));

/* Having given it back. */
void place_leave(struct hall *hall, struct place *place) __attribute__((nonnull));
/* Both. */
void place_leave_box(struct hall *hall, struct place *place) __attribute__((nonnull));

/* ---- what the files of the hall share -------------------------------------------------------- */

struct refusal hall_busy(void) TD_MUST_CHECK;
struct refusal hall_no_memory(void) TD_MUST_CHECK;

/* Keep a failure for the administrator: any; a refusal that is one; that something was cut off the
 * archive of a box that one has to oneself, which holds all the same. */
void hall_tell(struct hall *hall, const char *uuid, struct td_message what)
    __attribute__((nonnull));
struct refusal hall_note(struct hall *hall, const char *uuid, struct refusal refusal)
    __attribute__((nonnull));
void hall_tell_cut(struct hall *hall, const char *uuid, struct box *box) __attribute__((nonnull));

/* A moment from now; wait, under the hall's lock, until something has changed. False: it is too
 * late. */
struct timespec hall_in_ms(long ms) TD_MUST_CHECK;
bool hall_wait_until(struct hall *hall, const struct timespec *until) TD_MUST_CHECK
    __attribute__((nonnull));

#endif
