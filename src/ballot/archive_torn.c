/*
 * What follows the last event that holds: could one interrupted archive_append have left it? It is
 * cut off then, and kept in a file of its own: archive.h says what that may look like, and why.
 */
#include "ballot/archive.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/banned.h"

#define PATH_BYTES 4096
#define PIECES_MAX 1000
#define SMALL 200

static bool is_zero(const char *bytes, size_t n)
{
    static const char zeros[ARCHIVE_BLOCK];

    return memcmp(bytes, zeros, n) == 0;
}

/* Of the block at a place; the last may be a part of one. */
static size_t block_at(const struct archive_tail *tail, size_t at)
{
    return tail->n - at < ARCHIVE_BLOCK ? tail->n - at : ARCHIVE_BLOCK;
}

/* Is any block all zero? Where an archive ends, and its records begin, blocks do. */
static bool has_hole(const struct archive_tail *tail)
{
    for (size_t at = 0; at < tail->n; at += ARCHIVE_BLOCK) {
        if (is_zero(tail->bytes + at, block_at(tail, at))) {
            return true;
        }
    }
    return false;
}

/* Is a whole block the header of a record whose name ends so? */
static bool is_header(const char *block, const char *suffix)
{
    return memcmp(block + DIGEST_HEX - 1, suffix, strlen(suffix) + 1) == 0;
}

/* How long the record is whose header is at a place; 0: it was not written as one. */
static size_t record_length(const struct archive_tail *tail, const char *block)
{
    char name[DIGEST_HEX + sizeof EVENT_SUFFIX], header[ARCHIVE_BLOCK];
    size_t n = 0;

    for (int i = 0; i < 11; i++) {
        n = n * 8 + (size_t)(block[124 + i] & 7);
    }
    if (n > ARCHIVE_DATA_MAX) {
        return 0;
    }
    (void)snprintf(name, sizeof name, "%.*s", (int)sizeof name - 1, block);
    archive_header(name, n, tail->timestamp, header);
    return memcmp(block, header, ARCHIVE_BLOCK) != 0
               ? 0
               : ARCHIVE_BLOCK + (n + ARCHIVE_BLOCK - 1) / ARCHIVE_BLOCK * ARCHIVE_BLOCK;
}

/* An event's text, or as much of it as there is, as the one that is next? */
static bool is_next(const struct archive_tail *tail, const char *text, size_t n)
{
    char next[SMALL];
    size_t length = (size_t)snprintf(next, sizeof next, "{\"parent\":\"%s\",\"height\":%zu,",
                                     tail->head, tail->height);

    return memcmp(text, next, length < n ? length : n) == 0;
}

/* The block at a place, if it is of an event: the one that was being added, and the last? */
static bool event_fits(const struct archive_tail *tail, size_t at)
{
    static const char opening[] = "{\"parent\":\"";
    const char *block = tail->bytes + at;
    size_t n = block_at(tail, at), left = tail->n - at;

    if (n == ARCHIVE_BLOCK && is_header(block, EVENT_SUFFIX)) {
        const char *text = block + ARCHIVE_BLOCK;
        size_t there = left - ARCHIVE_BLOCK;
        return there <= ARCHIVE_BLOCK &&
               (there == 0 || is_zero(text, there) || is_next(tail, text, there));
    }
    if (n >= sizeof opening - 1 && memcmp(block, opening, sizeof opening - 1) == 0) {
        return left <= ARCHIVE_BLOCK && is_next(tail, block, n);
    }
    return true;
}

/* Is it no longer than what one event brings? The first record's header says how long that is, and
 * of the others there is one at most, the short one that names it; a Setup is never cut. */
static bool is_one(const struct archive_tail *tail)
{
    const char *first = tail->bytes;

    if (tail->n < ARCHIVE_BLOCK) {
        return true;
    }
    if (is_zero(first, ARCHIVE_BLOCK)) {
        return tail->n <= ARCHIVE_DATA_MAX + 3 * ARCHIVE_EVENT_BYTES;
    }
    size_t length = record_length(tail, first);
    return length > 0 && tail->n <= length + 2 * ARCHIVE_EVENT_BYTES;
}

bool archive_is_torn(enum archive_fault fault, const struct archive_tail *tail)
{
    if (tail->height == 0 || (fault != ARCHIVE_CUT && !has_hole(tail)) || !is_one(tail)) {
        return false;
    }
    for (size_t at = 0; at < tail->n; at += ARCHIVE_BLOCK) {
        if (!event_fits(tail, at)) {
            return false;
        }
    }
    return true;
}

/* ---- what was cut off ------------------------------------------------------------------------ */

int archive_keep_cut(const char *path, const char *bytes, size_t n, unsigned *ret_number)
{
    char beside[PATH_BYTES];
    int fd = -1;

    for (unsigned i = 1; fd < 0 && i <= PIECES_MAX; i++) {
        int length = snprintf(beside, sizeof beside, "%s.cut-%u", path, i);
        if (length < 0 || (size_t)length >= sizeof beside) {
            return TD_E_IO;
        }
        fd = open(beside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0644);
        if (fd < 0 && errno != EEXIST) {
            return TD_E_IO;
        }
        *ret_number = i;
    }
    if (fd < 0) {
        return TD_E_IO;
    }
    int status = archive_write_at(fd, 0, bytes, n);
    (void)close(fd);
    if (status != TD_OK) {
        /* It isn't cut off then, and nothing need be kept. */
        (void)unlink(beside);
    }
    return status == TD_OK ? archive_sync_folder_of(path) : status;
}

struct td_message archive_cut_words(unsigned number)
{
    return TD_MESSAGE("half a record was cut off the archive's end, and is kept beside it in "
                      ".cut-{0}; look whether a ballot is missing",
                      TD_COUNT(number));
}
