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
#define DATA_NAME "%s" DATA_SUFFIX
#define EVENT_NAME "%s" EVENT_SUFFIX
#define PATH_BYTES 4096
#define REPLACED_TRIES 10
#define LOCK_TRIES 400
#define LOCK_PAUSE_NS 5000000 /* 5 ms: two seconds in all */
#define NAME_MAX_BYTES (DIGEST_HEX + sizeof EVENT_SUFFIX)

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

int archive_write_at(int fd, size_t at, const char *bytes, size_t n)
{
    for (size_t done = 0; done < n;) {
        ssize_t wrote = pwrite(fd, bytes + done, n - done, (off_t)(at + done));
        if (wrote < 0 && errno == EINTR) {
            continue;
        }
        if (wrote <= 0) {
            return TD_E_IO;
        }
        done += (size_t)wrote;
    }
    return fsync(fd) < 0 ? TD_E_IO : TD_OK;
}

/* All of it at the end of the file, and on the disk. */
static int write_out(struct archive_writer *writer, const struct buf *bytes)
{
    size_t n = buf_length(bytes);

    if (n > ARCHIVE_MAX - writer->length) {
        return TD_E_RANGE;
    }
    if (archive_write_at(writer->fd, writer->length, buf_string(bytes), n) != TD_OK) {
        return take_back(writer);
    }
    writer->last = writer->length;
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

int archive_sync_folder_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    char folder[PATH_BYTES];
    int n = snprintf(folder, sizeof folder, "%.*s",
                     slash == NULL || slash == path ? 1 : (int)(slash - path),
                     slash == NULL ? "." : path);

    return n < 0 || (size_t)n >= sizeof folder ? TD_E_IO : sync_folder(folder);
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

int archive_lock_folder(const char *folder, int *ret_fd)
{
    *ret_fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (*ret_fd < 0) {
        return TD_E_IO;
    }
    int status = lock(*ret_fd);
    if (status != TD_OK) {
        (void)close(*ret_fd);
        *ret_fd = -1;
    }
    return status;
}

int archive_create(const char *folder, const char *uuid, int64_t now, struct archive_writer *ret)
{
    char path[PATH_BYTES];

    *ret = (struct archive_writer){.fd = -1, .timestamp = now};
    if (!path_of(path, folder, uuid, false)) {
        return TD_E_IO;
    }
    /* Left by a crash: nobody was told of it, or it is a second name of an archive that has its own
     * by now, and must not be written to. */
    if (unlink(path) < 0 && errno != ENOENT) {
        return TD_E_IO;
    }
    ret->fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0644);
    if (ret->fd < 0) {
        return TD_E_IO;
    }
    int status = flock(ret->fd, LOCK_EX | LOCK_NB) < 0 ? TD_E_IO : TD_OK;
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
    return sync_folder(folder) == TD_OK ? TD_OK : ARCHIVE_UNSURE;
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

/* Is the last event that is known still where it was? It names all that is before it. */
static int check_known(const struct archive_writer *writer, size_t length)
{
    char bytes[ARCHIVE_EVENT_BYTES + 1] = "", record[ARCHIVE_EVENT_BYTES] = "";
    char hash[DIGEST_HEX] = "", name[NAME_MAX_BYTES];

    if (length < writer->length) {
        return TD_E_INVALID;
    }
    if (writer->event_count == 0) {
        return TD_OK;
    }
    int status =
        read_at(writer->fd, writer->length - ARCHIVE_EVENT_BYTES, ARCHIVE_EVENT_BYTES, bytes);
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
    bool same = strcmp(hash, writer->head) == 0 && memcmp(record, bytes, ARCHIVE_EVENT_BYTES) == 0;
    return same ? TD_OK : TD_E_INVALID;
}

/* Whoever wrote the last event may have found that it can't be kept, and have taken it back, after
 * archive_read_ahead had read it. */
static int check_known_or_sure(const struct archive_writer *writer, size_t length)
{
    struct archive_writer before = *writer;
    int status = check_known(writer, length);

    if (status != TD_E_INVALID || writer->sure == writer->length) {
        return status;
    }
    before.length = writer->sure;
    memcpy(before.head, writer->sure_head, DIGEST_HEX);
    if (writer->sure == 0) {
        return ARCHIVE_TAKEN_BACK;
    }
    status = check_known(&before, length);
    return status == TD_OK ? ARCHIVE_TAKEN_BACK : status;
}

/* The bytes from a place on to where the file ends, as events; what they are is the fault's. */
static int read_news(const struct archive_writer *writer, size_t length, struct td_arena *arena,
                     struct archive *ret, enum archive_fault *ret_fault)
{
    const char *bytes = NULL;
    size_t n = length - writer->length;

    int status = read_part(writer->fd, writer->length, n, arena, &bytes);
    if (status != TD_OK) {
        return status;
    }
    *ret_fault = writer->event_count == 0 ? archive_read(arena, bytes, n, ret)
                                          : archive_read_on(arena, writer, bytes, n, ret);
    return *ret_fault == ARCHIVE_MEMORY ? TD_E_MEMORY : TD_OK;
}

/* All that is known is on the disk, and there for good. */
static void be_sure(struct archive_writer *writer)
{
    writer->sure = writer->length;
    memcpy(writer->sure_head, writer->head, DIGEST_HEX);
}

/* Go over what was read. */
static void know(struct archive_writer *writer, const struct archive *news)
{
    size_t count = news->event_count;

    if (count == 0) {
        return;
    }
    /* Nobody adds to what isn't on the disk: so all but the last is there for good. */
    if (count > 1) {
        writer->sure = news->events[count - 2].end;
        memcpy(writer->sure_head, news->events[count - 2].name, DIGEST_HEX);
    } else {
        be_sure(writer);
    }
    writer->timestamp = news->timestamp;
    writer->last = count > 1 ? news->events[count - 2].end : writer->length;
    writer->length = news->events[count - 1].end;
    writer->event_count += count;
    memcpy(writer->head, news->events[count - 1].name, DIGEST_HEX);
    writer->is_unsure = true;
}

/* After what was known, and what was read beyond it, comes this. */
static int cut_off(struct archive_writer *writer, const char *path, enum archive_fault fault,
                   size_t length, const struct archive *news)
{
    size_t n = length - writer->length;
    struct archive_tail tail = {.bytes = news->bytes + news->n - n,
                                .n = n,
                                .head = writer->head,
                                .height = writer->event_count,
                                .timestamp = writer->timestamp};

    if (!archive_is_torn(fault, &tail)) {
        return TD_E_INVALID;
    }
    unsigned number = 0;
    int status = archive_keep_cut(path, tail.bytes, n, &number);
    if (status != TD_OK) {
        return status;
    }
    if (ftruncate(writer->fd, (off_t)writer->length) < 0) {
        return TD_E_IO;
    }
    writer->cut = number;
    writer->is_unsure = true;
    return TD_OK;
}

/* Whoever wrote the last event may have been killed before it was on the disk; or was told that it
 * can't be written there, and could not take it back: then it is in the machine's memory only, and
 * syncing again says that all is well. So it is written again. Those before it are on the disk:
 * nobody adds to what isn't. */
static int make_sure(struct archive_writer *writer, struct td_arena *arena)
{
    const char *bytes = NULL;
    size_t n = writer->length - writer->last;

    int status = read_part(writer->fd, writer->last, n, arena, &bytes);
    if (status == TD_OK) {
        status = archive_write_at(writer->fd, writer->last, bytes, n);
    }
    writer->is_unsure = status != TD_OK;
    return status;
}

int archive_read_ahead(struct archive_writer *writer, struct td_arena *arena, struct archive *ret)
{
    enum archive_fault fault = ARCHIVE_RIGHT;
    size_t length = 0;

    *ret = (struct archive){.timestamp = writer->timestamp};
    int status = writer->broken ? TD_E_IO : length_of(writer->fd, &length);
    if (status != TD_OK || length <= writer->length) {
        return status;
    }
    status = read_news(writer, length, arena, ret, &fault);
    if (status == TD_OK) {
        know(writer, ret);
    }
    return status;
}

int archive_catch_up(struct archive_writer *writer, const char *path, struct td_arena *arena,
                     struct archive *ret)
{
    enum archive_fault fault = ARCHIVE_RIGHT;
    struct archive_writer after = *writer;
    size_t length = 0;

    *ret = (struct archive){.timestamp = writer->timestamp};
    int status = writer->broken ? TD_E_IO : length_of(writer->fd, &length);
    if (status == TD_OK) {
        status = check_known_or_sure(writer, length);
    }
    if (status == TD_OK && length > writer->length) {
        status = read_news(writer, length, arena, ret, &fault);
        know(&after, ret);
    }
    /* Without its first event it is no election. */
    if (status == TD_OK && after.event_count == 0) {
        status = TD_E_INVALID;
    }
    if (status == TD_OK && fault != ARCHIVE_RIGHT) {
        status = cut_off(&after, path, fault, length, ret);
    }
    if (status == TD_OK && after.is_unsure) {
        status = make_sure(&after, arena);
    }
    if (status == TD_OK) {
        *writer = after;
        be_sure(writer);
    } else {
        writer->cut = after.cut;
    }
    return status;
}

int archive_open(const char *path, struct archive_writer *ret)
{
    *ret = (struct archive_writer){.fd = -1};
    /* Whoever named it may have been killed before the name was on the disk. */
    if (archive_sync_folder_of(path) != TD_OK) {
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

    return writer->length > 0 && !writer->broken && !writer->is_unsure && is_at(writer->fd, path) &&
           length_of(writer->fd, &length) == TD_OK && length == writer->length &&
           check_known(writer, length) == TD_OK;
}

/* The file at the path in the place of the one that was there. */
static int reopen(struct archive_writer *writer, const char *path)
{
    int fd = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW);

    if (fd < 0) {
        return TD_E_IO;
    }
    /* As in archive_open. */
    if (archive_sync_folder_of(path) != TD_OK) {
        (void)close(fd);
        return TD_E_IO;
    }
    archive_close(writer);
    writer->fd = fd;
    writer->is_unsure = writer->event_count > 0;
    return TD_OK;
}

int archive_lock(struct archive_writer *writer, const char *path)
{
    for (int i = 0; i < REPLACED_TRIES; i++) {
        int status = is_at(writer->fd, path) ? TD_OK : reopen(writer, path);
        if (status == TD_OK) {
            status = lock(writer->fd);
        }
        if (status != TD_OK) {
            return status;
        }
        /* It may have been replaced while we waited: what is added to it then, nobody finds. */
        if (is_at(writer->fd, path)) {
            return TD_OK;
        }
        archive_unlock(writer);
    }
    return ARCHIVE_BUSY;
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
        be_sure(writer);
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
