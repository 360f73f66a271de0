/*
 * The folders of a directory that hold elections: see hall.h. Nothing is opened or verified here.
 */
#ifndef BALLOT_HALL_FOLDER_H
#define BALLOT_HALL_FOLDER_H

#include "ballot/hall.h"

struct hall_folder {
    const char *path;
    const char *uuid;
    const char *archive; /* the path that it has or will have */
    bool is_open;        /* the archive is there */
};

/* Those of a directory; none when it can't be read. More than HALL_FOLDERS are counted, and not
 * looked at. TD_E_MEMORY. */
int hall_folders(const char *directory, struct td_arena *arena, struct hall_folder **ret,
                 size_t *ret_count, size_t *ret_more) TD_MUST_CHECK __attribute__((nonnull));

/* How many there are with this identifier, among all of the directory; the first of them. None when
 * the directory isn't there. TD_E_IO: it can't be read now. TD_E_MEMORY. */
int hall_folder_find(const char *directory, const char *uuid, struct td_arena *arena,
                     struct hall_folder *ret, size_t *ret_count) TD_MUST_CHECK
    __attribute__((nonnull));

/* The election as it was set up: its key and fingerprint are not there. TD_E_IO, TD_E_INVALID: the
 * questions can't be read, or are none. TD_E_MEMORY. */
int hall_folder_draft(const struct hall_folder *folder, struct group *group, struct td_arena *arena,
                      struct election *ret) TD_MUST_CHECK __attribute__((nonnull));

/* What phase the archive says it is in, by its last event alone, unverified. */
enum ledger_phase hall_folder_phase(const struct hall_folder *folder) TD_MUST_CHECK
    __attribute__((nonnull));

/* ---- hall_view.c ----------------------------------------------------------------------------- */

/* A view of an election that is not open yet, which borrows its texts. */
void hall_view_draft(const struct election *election, struct hall_view *ret)
    __attribute__((nonnull));
/* A view of a box, all of it in the arena. False when there is no memory. */
bool hall_view_of(const struct box *box, bool with_trackers, struct td_arena *arena,
                  struct hall_view *ret) TD_MUST_CHECK __attribute__((nonnull));

#endif
