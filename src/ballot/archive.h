/*
 * The archive of an election, `<uuid>.bel`: everything that is public, in the order in which it
 * happened, one file that only grows.
 *
 * It is an old tar without its end: records of data, named by their SHA-256, and events, which form
 * a chain: each names the one before it by hash, and its data. `tar tvf` reads it.
 *
 * Reading is strict: every header is the one that this file would write, every name the hash of
 * what it names, each piece of data lies right before the event that it belongs to, and nothing
 * else is there. So no byte can change without being seen, except by whoever rewrites the chain
 * from there to its end; that shows against a copy made earlier, of which this must be a
 * continuation.
 *
 * Writing appends an event with its data in one write and answers after fsync. Several programs may
 * share the file: each holds its lock for one operation only, and first reads what others added.
 *
 * A machine that stops in between leaves at the end a part of one event and its data, which was
 * acknowledged to nobody, and which archive_catch_up cuts off. A part is: the file ends within a
 * record or before the event; or blocks of 512 bytes are all zero, as those are that never reached
 * the disk. No right record has such a block. And it is no more than one event brings; and what is
 * there of an event is the last, names the last one that holds, and has the next height. Whatever
 * else is wrong at the end is damage to something that may have been acknowledged: it is refused
 * and left alone. What is cut off is kept beside the archive, as `<uuid>.bel.cut-1` and so on: the
 * last ballot of all, acknowledged and then damaged just so, can't be told from one that wasn't.
 */
#ifndef BALLOT_ARCHIVE_H
#define BALLOT_ARCHIVE_H

#include "ballot/digest.h"
#include "base/buf.h"
#include "thidua/arena.h"
#include "thidua/message.h"

#include <stdint.h>

#define ARCHIVE_MAX ((size_t)512 * 1024 * 1024)
#define ARCHIVE_DATA_MAX ((size_t)16 * 1024 * 1024) /* of one record */
#define ARCHIVE_PARTS 4                             /* most data that one event brings */

enum archive_event_type {
    ARCHIVE_SETUP,
    ARCHIVE_BALLOT,
    ARCHIVE_END_BALLOTS,
    ARCHIVE_ENCRYPTED_TALLY,
    ARCHIVE_PARTIAL_DECRYPTION,
    ARCHIVE_RESULT,
    ARCHIVE_TYPES,
};

/* The type's name in the archive. */
const char *archive_type_name(enum archive_event_type type) TD_MUST_CHECK;

struct archive_part {
    const char *bytes;
    size_t n;
    char name[DIGEST_HEX];
};

/* An event with the data that lie before it; the last is what it names as its payload, the others
 * are named by that. EndBallots has none. */
struct archive_event {
    enum archive_event_type type;
    char name[DIGEST_HEX];
    size_t part_count;
    struct archive_part parts[ARCHIVE_PARTS];
    size_t end; /* where in the file the event ends */
};

struct archive {
    const char *bytes;
    size_t n;
    int64_t timestamp;
    size_t event_count;
    struct archive_event *events;
};

/* What keeps a file from being an archive. */
enum archive_fault {
    ARCHIVE_RIGHT,
    ARCHIVE_HEADER, /* it doesn't begin as an archive does */
    ARCHIVE_CUT,    /* it ends within a record, or before the event its last data belong to */
    ARCHIVE_RECORD, /* a record's header is not as it should be */
    ARCHIVE_NAME,   /* a record's name is not the hash of what it holds */
    ARCHIVE_CHAIN,  /* an event doesn't follow the one before it */
    ARCHIVE_EVENT,  /* an event is not written as it should be */
    ARCHIVE_DATA,   /* data that the event doesn't name, or not all that it names */
    ARCHIVE_MEMORY,
};

struct td_message archive_words(enum archive_fault fault) TD_MUST_CHECK;

/* Read the whole text of an archive, which lives as long as ret. Whatever the answer, ret holds
 * the events before the fault, the last of which ends at ret->events[event_count - 1].end. */
enum archive_fault archive_read(struct td_arena *arena, const char *bytes, size_t n,
                                struct archive *ret) TD_MUST_CHECK __attribute__((nonnull));

/* The bytes of an archive's file, in the arena. TD_E_IO: it can't be read, or is longer than
 * ARCHIVE_MAX. */
int archive_load(const char *path, struct td_arena *arena, const char **ret_bytes, size_t *ret_n)
    TD_MUST_CHECK __attribute__((nonnull));

/* ---- writing --------------------------------------------------------------------------------- */

#define ARCHIVE_BUSY 1 /* another program has had the lock for too long */

/* Where an archive's end was when it was last looked at. */
struct archive_writer {
    int fd;
    int64_t timestamp;
    size_t length;         /* of the events that are known, and what is before them; 0: none yet */
    size_t event_count;    /* the height of the next event */
    char head[DIGEST_HEX]; /* the last event's name; "" before the first */
    size_t last;           /* where the last event's data begin */
    bool is_unsure;        /* what is known may not be on the disk */
    size_t sure;           /* what of it is: what was there when the lock was held; 0: nothing */
    char sure_head[DIGEST_HEX];
    bool broken; /* what is on the disk isn't known: nothing is read or added any more */
    unsigned
        cut; /* something was cut off, and is kept in .cut-1 and so on; whoever tells it resets */
};

/* Until the descriptor is closed nobody else makes an archive in the folder. TD_E_IO: it can't be
 * opened. ARCHIVE_BUSY: somebody does now. */
int archive_lock_folder(const char *folder, int *ret_fd) TD_MUST_CHECK __attribute__((nonnull));

/* Having locked the folder: a new archive in it. Nobody sees it before archive_publish has given it
 * its name. TD_E_IO: it can't be made. */
int archive_create(const char *folder, const char *uuid, int64_t now, struct archive_writer *ret)
    TD_MUST_CHECK __attribute__((nonnull));

#define ARCHIVE_UNSURE 2 /* it has its name, which a power cut may take away again */

/* Having locked the folder still: name it folder/uuid.bel, after the folder's other new files are
 * on the disk. TD_OK: so is its name. TD_E_IO: there is one already, or the folder can't be
 * written. ARCHIVE_UNSURE. */
int archive_publish(const char *folder, const char *uuid) TD_MUST_CHECK __attribute__((nonnull));

/* Go on with an archive; nothing is read yet. TD_E_IO: it can't be read and written. */
int archive_open(const char *path, struct archive_writer *ret) TD_MUST_CHECK
    __attribute__((nonnull));

/* Lock the file for one operation, and make sure that it is the one at the path, under the lock
 * too: otherwise the one there is taken in its place, from which archive_catch_up finds whether it
 * goes on from here.
 * TD_E_IO: there is none, or it can't be opened. ARCHIVE_BUSY. */
int archive_lock(struct archive_writer *writer, const char *path) TD_MUST_CHECK
    __attribute__((nonnull));
void archive_unlock(struct archive_writer *writer) __attribute__((nonnull));

/* Is there nothing to catch up with? Needs no lock. False when it is broken. */
bool archive_is_current(const struct archive_writer *writer, const char *path) TD_MUST_CHECK
    __attribute__((nonnull));

/* Without the lock: read the events after those that are known, into the arena, as far as they
 * hold. They may not be on the disk, and are not answered for before archive_catch_up. TD_E_IO,
 * TD_E_MEMORY. */
int archive_read_ahead(struct archive_writer *writer, struct td_arena *arena, struct archive *ret)
    TD_MUST_CHECK __attribute__((nonnull));

#define ARCHIVE_TAKEN_BACK 3 /* what was read ahead is not there any more */

/* Under the lock: read the events after those that are known, into the arena; cut off what was
 * never acknowledged, and keep it beside the path; make sure that all that is known is on the disk.
 * TD_E_INVALID: what is known is not there any more, or what follows is damaged. TD_E_IO,
 * TD_E_MEMORY. ARCHIVE_TAKEN_BACK: what was read ahead could not be kept by whoever wrote it; what
 * the writer knew before holds, but it knows too much, and the archive is opened anew. After a
 * failure the writer is where it was. */
int archive_catch_up(struct archive_writer *writer, const char *path, struct td_arena *arena,
                     struct archive *ret) TD_MUST_CHECK __attribute__((nonnull));

/* Under the lock, having caught up: add an event with its data, the payload last. TD_OK: it is on
 * the disk. Otherwise it is not there, or the writer is broken. TD_E_RANGE: the archive is full. */
int archive_append(struct archive_writer *writer, enum archive_event_type type,
                   const struct buf *const *parts, size_t part_count) TD_MUST_CHECK
    __attribute__((nonnull(1)));

void archive_close(struct archive_writer *writer) __attribute__((nonnull));

/* n bytes of the file from a place on, in the arena. TD_E_IO, TD_E_MEMORY. */
int archive_piece(const struct archive_writer *writer, size_t at, size_t n, struct td_arena *arena,
                  const char **ret_bytes) TD_MUST_CHECK __attribute__((nonnull));

/* Read events that follow those that a writer knows; their ends are those in the file. */
enum archive_fault archive_read_on(struct td_arena *arena, const struct archive_writer *writer,
                                   const char *bytes, size_t n, struct archive *ret) TD_MUST_CHECK
    __attribute__((nonnull));

/* Bytes at a place of a file, and on the disk. TD_E_IO. */
int archive_write_at(int fd, size_t at, const char *bytes, size_t n) TD_MUST_CHECK
    __attribute__((nonnull));

/* ---- what reading and writing share (archive_form.c) ----------------------------------------- */

#define ARCHIVE_BLOCK 512
#define ARCHIVE_EVENT_BYTES ((size_t)2 * ARCHIVE_BLOCK) /* a header, and a body that fits a block */

/* What follows the hash in a record's name. */
#define DATA_SUFFIX ".data.json"
#define EVENT_SUFFIX ".event.json"

/* A record's header. */
void archive_header(const char *name, size_t n, int64_t timestamp, char ret[static ARCHIVE_BLOCK]);
/* The first record's contents. */
void archive_opening(int64_t timestamp, struct buf *to) __attribute__((nonnull));
/* An event's contents; parent NULL for the first, payload NULL for none. */
void archive_event_text(const char *parent, size_t height, enum archive_event_type type,
                        const char *payload, struct buf *to) __attribute__((nonnull(5)));
/* The names of data that the payload of a Setup, an EncryptedTally or a PartialDecryption holds:
 * its text, with these names in it. */
void archive_setup_text(const char *election, const char *trustees, const char *credentials,
                        struct buf *to) __attribute__((nonnull));
void archive_tally_text(unsigned count, const char *tally, struct buf *to) __attribute__((nonnull));
void archive_decryption_text(unsigned owner, const char *decryption, struct buf *to)
    __attribute__((nonnull));

/* ---- an end that doesn't hold (archive_torn.c) ----------------------------------------------- */

/* What follows the last event that holds, which is not nothing; that event's name, and the height
 * of the next. */
struct archive_tail {
    const char *bytes;
    size_t n;
    const char *head;
    size_t height;
    int64_t timestamp;
};

/* Is it a part of one event and its data, as the head of this file says? */
bool archive_is_torn(enum archive_fault fault, const struct archive_tail *tail) TD_MUST_CHECK
    __attribute__((nonnull));

/* Keep what is to be cut off beside the archive: in .cut-1, if there is none yet. TD_E_IO: it isn't
 * kept. */
int archive_keep_cut(const char *path, const char *bytes, size_t n, unsigned *ret_number)
    TD_MUST_CHECK __attribute__((nonnull));

/* For the administrator, when something was. */
struct td_message archive_cut_words(unsigned number) TD_MUST_CHECK;

/* Is a file's name on the disk? (archive_write.c) */
int archive_sync_folder_of(const char *path) TD_MUST_CHECK __attribute__((nonnull));

#endif
