/*
 * Writing an archive so that what was acknowledged outlives the machine: see archive.h.
 */
#include "ballot/archive.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/banned.h"

#define SMALL 1000 /* more than an event or an opening holds */
#define DATA_NAME "%s.data.json"
#define EVENT_NAME "%s.event.json"
#define PATH_BYTES 4096
#define EVENT_BYTES ((size_t)2 * ARCHIVE_BLOCK) /* a header, and a body that fits a block */
#define LOCK_TRIES 400
#define LOCK_PAUSE_NS 5000000 /* 5 ms: two seconds in all */
#define NAME_MAX_BYTES (DIGEST_HEX + sizeof ".event.json")

static void add_record(struct archive_writer *writer, const char *name, const struct buf *body,
                       struct buf *to)
{
    static const char zeros[ARCHIVE_BLOCK];
    char header[ARCHIVE_BLOCK];
    size_t n = buf_length(body);

    archive_header(name, n, writer->timestamp, header);
    buf_add(to, header, sizeof header);
    buf_add(to, buf_string(body), n);
    buf_add(to, zeros, (ARCHIVE_BLOCK - n % ARCHIVE_BLOCK) % ARCHIVE_BLOCK);
}

/* What a write that failed has left, gone again. If that fails too nobody knows what is on the
 * disk. */
static int take_back(struct archive_writer *writer)
{
    writer->broken = ftruncate(writer->fd, (off_t)writer->length) < 0 || fsync(writer->fd) < 0;
    return TD_E_IO;
}

/* All of it at the end of the file, and on the disk. */
static int write_out(struct archive_writer *writer, const struct buf *bytes)
{
    size_t n = buf_length(bytes), done = 0;

    if (n > ARCHIVE_MAX - writer->length) {
        return TD_E_RANGE;
    }
    while (done < n) {
        ssize_t wrote =
            pwrite(writer->fd, buf_string(bytes) + done, n - done, (off_t)(writer->length + done));
        if (wrote < 0 && errno == EINTR) {
            continue;
        }
        if (wrote <= 0) {
            return take_back(writer);
        }
        done += (size_t)wrote;
    }
    if (fsync(writer->fd) < 0) {
        return take_back(writer);
    }
    writer->length += n;
    return TD_OK;
}

/* A new file is only there for good when its folder is on the disk too. */
static int sync_folder(const char *folder)
{
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    if (fd < 0) {
        return TD_E_IO;
    }
    /* EINVAL: a file system whose folders need no syncing. */
    int status = fsync(fd) < 0 && errno != EINVAL ? TD_E_IO : TD_OK;
    (void)close(fd);
    return status;
}

static int write_opening(struct archive_writer *writer)
{
    struct buf body, record;

    buf_init(&body, SMALL);
    buf_init(&record, (size_t)2 * ARCHIVE_BLOCK);
    archive_opening(writer->timestamp, &body);
    add_record(writer, "BELENIOS", &body, &record);
    int status = buf_ok(&body) && buf_ok(&record) ? write_out(writer, &record) : TD_E_MEMORY;
    buf_release(&body);
    buf_release(&record);
    return status;
}

/* Its place before it has its name, and after. */
static bool path_of(char ret[static PATH_BYTES], const char *folder, const char *uuid, bool named)
{
    int n = snprintf(ret, PATH_BYTES, named ? "%s/%s.bel" : "%s/.%s.new", folder, uuid);

    return n > 0 && n < PATH_BYTES;
}

int archive_create(const char *folder, const char *uuid, int64_t now, struct archive_writer *ret)
{
    char path[PATH_BYTES];

    *ret = (struct archive_writer){.fd = -1, .timestamp = now};
    if (!path_of(path, folder, uuid, false)) {
        return TD_E_IO;
    }
    /* One that was left by a crash held nothing that anybody was told of. */
    ret->fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0644);
    if (ret->fd < 0) {
        return TD_E_IO;
    }
    int status =
        flock(ret->fd, LOCK_EX | LOCK_NB) < 0 || ftruncate(ret->fd, 0) < 0 ? TD_E_IO : TD_OK;
    if (status == TD_OK) {
        status = write_opening(ret);
    }
    if (status != TD_OK) {
        archive_close(ret);
    }
    return status;
}

int archive_publish(const char *folder, const char *uuid)
{
    char from[PATH_BYTES], to[PATH_BYTES];

    if (!path_of(from, folder, uuid, false) || !path_of(to, folder, uuid, true)) {
        return TD_E_IO;
    }
    /* The folder's other new files, which belong to the election, first: an archive that outlives
     * a power cut must not do so alone. Unlike a rename, link never replaces. */
    if (sync_folder(folder) != TD_OK || link(from, to) < 0) {
        return TD_E_IO;
    }
    (void)unlink(from);
    return sync_folder(folder);
}

/* ---- going on -------------------------------------------------------------------------------- */

static int read_at(int fd, size_t at, size_t n, char *ret)
{
    for (size_t done = 0; done < n;) {
        ssize_t got = pread(fd, ret + done, n - done, (off_t)(at + done));
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got <= 0) {
            return TD_E_IO;
        }
        done += (size_t)got;
    }
    return TD_OK;
}

/* n bytes from a place on, into the arena. */
static int read_part(int fd, size_t at, size_t n, struct td_arena *arena, const char **ret_bytes)
{
    char *bytes = td_arena_zeroed(arena, n + 1, 1);

    *ret_bytes = bytes;
    return bytes == NULL ? TD_E_MEMORY : read_at(fd, at, n, bytes);
}

int archive_piece(const struct archive_writer *writer, size_t at, size_t n, struct td_arena *arena,
                  const char **ret_bytes)
{
    return read_part(writer->fd, at, n, arena, ret_bytes);
}

static int length_of(int fd, size_t *ret)
{
    struct stat st;

    if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode) || st.st_size > (off_t)ARCHIVE_MAX) {
        return TD_E_IO;
    }
    *ret = (size_t)st.st_size;
    return TD_OK;
}

int archive_load(const char *path, struct td_arena *arena, const char **ret_bytes, size_t *ret_n)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);

    if (fd < 0) {
        return TD_E_IO;
    }
    int status = length_of(fd, ret_n);
    if (status == TD_OK) {
        status = read_part(fd, 0, *ret_n, arena, ret_bytes);
    }
    (void)close(fd);
    return status;
}

/* Is any block all zero? Where an archive ends, and its records begin, blocks do. */
static bool has_hole(const char *bytes, size_t n)
{
    static const char zeros[ARCHIVE_BLOCK];

    for (size_t at = 0; at < n; at += ARCHIVE_BLOCK) {
        size_t left = n - at < ARCHIVE_BLOCK ? n - at : ARCHIVE_BLOCK;
        if (memcmp(bytes + at, zeros, left) == 0) {
            return true;
        }
    }
    return false;
}

/* Could one interrupted archive_append have left this after the last whole event? archive.h says
 * what that may look like. It writes one event, as the last record: a second event, or anything
 * after one, was acknowledged once. */
static bool is_torn(enum archive_fault fault, const char *bytes, size_t n)
{
    static const char suffix[] = ".event.json";
    const char *event = memmem(bytes, n, suffix, sizeof suffix);

    if (fault != ARCHIVE_CUT && !has_hole(bytes, n)) {
        return false;
    }
    if (event == NULL) {
        return true;
    }
    size_t at = (size_t)(event - bytes);
    /* The event's header began 64 bytes before, and its body fits one block. */
    return at >= DIGEST_HEX - 1 && n - (at - (DIGEST_HEX - 1)) <= EVENT_BYTES;
}

/* Is the last event that is known still where it was? It names all that is before it. */
static int check_known(const struct archive_writer *writer, size_t length)
{
    char bytes[EVENT_BYTES + 1] = "", record[EVENT_BYTES] = "";
    char hash[DIGEST_HEX] = "", name[NAME_MAX_BYTES];

    if (length < writer->length) {
        return TD_E_INVALID;
    }
    if (writer->event_count == 0) {
        return TD_OK;
    }
    int status = read_at(writer->fd, writer->length - EVENT_BYTES, EVENT_BYTES, bytes);
    if (status != TD_OK) {
        return status;
    }
    const char *text = bytes + ARCHIVE_BLOCK;
    size_t n = strlen(text);
    if (!digest_hex(text, n, hash)) {
        return TD_E_MEMORY;
    }
    (void)snprintf(name, sizeof name, EVENT_NAME, hash);
    archive_header(name, n, writer->timestamp, record);
    memcpy(record + ARCHIVE_BLOCK, text, n);
    bool same = strcmp(hash, writer->head) == 0 && memcmp(record, bytes, EVENT_BYTES) == 0;
    return same ? TD_OK : TD_E_INVALID;
}

/* What follows the events that are known, which is not nothing. */
static int read_news(struct archive_writer *writer, size_t length, struct td_arena *arena,
                     struct archive *ret)
{
    const char *bytes = NULL;
    size_t n = length - writer->length, known = writer->length;

    int status = read_part(writer->fd, known, n, arena, &bytes);
    if (status != TD_OK) {
        return status;
    }
    enum archive_fault fault = writer->event_count == 0
                                   ? archive_read(arena, bytes, n, ret)
                                   : archive_read_on(arena, writer, bytes, n, ret);
    if (fault == ARCHIVE_MEMORY) {
        return TD_E_MEMORY;
    }
    /* Without its first event it is no election. */
    if (writer->event_count == 0 && ret->event_count == 0) {
        return TD_E_INVALID;
    }
    size_t end = ret->event_count == 0 ? known : ret->events[ret->event_count - 1].end;
    if (fault != ARCHIVE_RIGHT && !is_torn(fault, bytes + (end - known), length - end)) {
        return TD_E_INVALID;
    }
    if (end < length && ftruncate(writer->fd, (off_t)end) < 0) {
        return TD_E_IO;
    }
    /* Whoever wrote it may have been killed before it was on the disk. What is known is answered
     * for, and built upon. */
    if (fsync(writer->fd) < 0) {
        return TD_E_IO;
    }
    writer->timestamp = ret->timestamp;
    writer->length = end;
    writer->event_count += ret->event_count;
    if (ret->event_count > 0) {
        memcpy(writer->head, ret->events[ret->event_count - 1].name, DIGEST_HEX);
    }
    return TD_OK;
}

int archive_catch_up(struct archive_writer *writer, struct td_arena *arena, struct archive *ret)
{
    size_t length = 0;

    *ret = (struct archive){.timestamp = writer->timestamp};
    int status = length_of(writer->fd, &length);
    if (status == TD_OK) {
        status = check_known(writer, length);
    }
    if (status != TD_OK || length == writer->length) {
        return status;
    }
    return read_news(writer, length, arena, ret);
}

int archive_open(const char *path, struct archive_writer *ret)
{
    const char *slash = strrchr(path, '/');
    char folder[PATH_BYTES];
    int n = snprintf(folder, sizeof folder, "%.*s", slash == NULL ? 1 : (int)(slash - path),
                     slash == NULL ? "." : path);

    *ret = (struct archive_writer){.fd = -1};
    /* Whoever named it may have been killed before the name was on the disk. */
    if (n < 0 || (size_t)n >= sizeof folder || sync_folder(folder) != TD_OK) {
        return TD_E_IO;
    }
    ret->fd = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW);
    return ret->fd < 0 ? TD_E_IO : TD_OK;
}

static bool is_at(int fd, const char *path)
{
    struct stat there, here;

    return stat(path, &there) == 0 && fstat(fd, &here) == 0 && there.st_dev == here.st_dev &&
           there.st_ino == here.st_ino;
}

bool archive_is_current(const struct archive_writer *writer, const char *path)
{
    size_t length = 0;

    return writer->length > 0 && is_at(writer->fd, path) &&
           length_of(writer->fd, &length) == TD_OK && length == writer->length &&
           check_known(writer, length) == TD_OK;
}

static int lock(int fd)
{
    const struct timespec pause = {.tv_nsec = LOCK_PAUSE_NS};

    for (int i = 0; flock(fd, LOCK_EX | LOCK_NB) < 0; i++) {
        if (errno != EWOULDBLOCK && errno != EINTR) {
            return TD_E_IO;
        }
        if (i == LOCK_TRIES) {
            return ARCHIVE_BUSY;
        }
        (void)nanosleep(&pause, NULL);
    }
    return TD_OK;
}

int archive_lock(struct archive_writer *writer, const char *path)
{
    if (!is_at(writer->fd, path)) {
        int fd = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW);
        if (fd < 0) {
            return TD_E_IO;
        }
        archive_close(writer);
        writer->fd = fd;
    }
    return lock(writer->fd);
}

void archive_unlock(struct archive_writer *writer)
{
    (void)flock(writer->fd, LOCK_UN);
}

/* ---- adding ---------------------------------------------------------------------------------- */

/* The records of an event and its data; its name becomes ret_head. */
static bool compose(struct archive_writer *writer, enum archive_event_type type,
                    const struct buf *const *parts, size_t part_count, struct buf *to,
                    char ret_head[static DIGEST_HEX])
{
    char hash[DIGEST_HEX] = "", name[NAME_MAX_BYTES];
    struct buf event;
    bool done = true;

    for (size_t i = 0; done && i < part_count; i++) {
        done = buf_ok(parts[i]) && digest_hex(buf_string(parts[i]), buf_length(parts[i]), hash);
        (void)snprintf(name, sizeof name, DATA_NAME, hash);
        add_record(writer, name, parts[i], to);
    }
    buf_init(&event, SMALL);
    archive_event_text(writer->event_count == 0 ? NULL : writer->head, writer->event_count, type,
                       part_count == 0 ? NULL : hash, &event);
    done = done && buf_ok(&event) && digest_hex(buf_string(&event), buf_length(&event), ret_head);
    (void)snprintf(name, sizeof name, EVENT_NAME, ret_head);
    add_record(writer, name, &event, to);
    buf_release(&event);
    return done && buf_ok(to);
}

int archive_append(struct archive_writer *writer, enum archive_event_type type,
                   const struct buf *const *parts, size_t part_count)
{
    char head[DIGEST_HEX] = "";
    struct buf records;

    if (writer->broken) {
        return TD_E_IO;
    }
    buf_init(&records, ARCHIVE_PARTS * (ARCHIVE_DATA_MAX + (size_t)2 * ARCHIVE_BLOCK));
    int status = TD_E_MEMORY;
    if (compose(writer, type, parts, part_count, &records, head)) {
        status = write_out(writer, &records);
    }
    buf_release(&records);
    if (status == TD_OK) {
        memcpy(writer->head, head, DIGEST_HEX);
        writer->event_count++;
    }
    return status;
}

void archive_close(struct archive_writer *writer)
{
    if (writer->fd >= 0) {
        (void)close(writer->fd);
    }
    writer->fd = -1;
}
