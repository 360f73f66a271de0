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
#include <unistd.h>

#include "base/banned.h"

#define SMALL 1000 /* more than an event or an opening holds */
#define DATA_NAME "%s.data.json"
#define EVENT_NAME "%s.event.json"
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

/* All of it at the end of the file, and on the disk. */
static int write_out(struct archive_writer *writer, const struct buf *bytes)
{
    size_t n = buf_length(bytes), done = 0;

    while (done < n) {
        ssize_t wrote =
            pwrite(writer->fd, buf_string(bytes) + done, n - done, (off_t)(writer->length + done));
        if (wrote < 0 && errno == EINTR) {
            continue;
        }
        if (wrote <= 0) {
            return TD_E_IO;
        }
        done += (size_t)wrote;
    }
    if (fsync(writer->fd) < 0) {
        return TD_E_IO;
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
    int status = fsync(fd) < 0 ? TD_E_IO : TD_OK;
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

int archive_create(const char *folder, const char *uuid, int64_t now, struct archive_writer *ret)
{
    char path[4096];
    int n = snprintf(path, sizeof path, "%s/%s.bel", folder, uuid);

    *ret = (struct archive_writer){.fd = -1, .timestamp = now};
    if (n < 0 || (size_t)n >= sizeof path) {
        return TD_E_IO;
    }
    ret->fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0644);
    if (ret->fd < 0) {
        return TD_E_IO;
    }
    int status = flock(ret->fd, LOCK_EX | LOCK_NB) < 0 ? TD_E_IO : write_opening(ret);
    if (status == TD_OK) {
        status = sync_folder(folder);
    }
    if (status != TD_OK) {
        archive_close(ret);
    }
    return status;
}

/* ---- going on -------------------------------------------------------------------------------- */

static int read_whole(int fd, struct td_arena *arena, const char **ret_bytes, size_t *ret_n)
{
    struct stat st;
    size_t n = 0;

    if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode) || st.st_size > (off_t)ARCHIVE_MAX) {
        return TD_E_IO;
    }
    char *bytes = td_arena_alloc(arena, (size_t)st.st_size + 1, 1);
    if (bytes == NULL) {
        return TD_E_MEMORY;
    }
    while (n < (size_t)st.st_size) {
        ssize_t got = pread(fd, bytes + n, (size_t)st.st_size - n, (off_t)n);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got <= 0) {
            return TD_E_IO;
        }
        n += (size_t)got;
    }
    bytes[n] = '\0';
    *ret_bytes = bytes;
    *ret_n = n;
    return TD_OK;
}

int archive_load(const char *path, struct td_arena *arena, const char **ret_bytes, size_t *ret_n)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);

    if (fd < 0) {
        return TD_E_IO;
    }
    int status = read_whole(fd, arena, ret_bytes, ret_n);
    (void)close(fd);
    return status;
}

/* Could one interrupted archive_append have left this? It writes one event, as the last record: a
 * second event, or anything after one, was acknowledged once. A cut may leave zeros. */
static bool is_torn(const char *bytes, size_t n)
{
    static const char suffix[] = ".event.json";
    const char *event = memmem(bytes, n, suffix, sizeof suffix);

    if (event == NULL) {
        return true;
    }
    size_t at = (size_t)(event - bytes);
    /* The event's header began 64 bytes before, and its body fits one block. */
    return at >= DIGEST_HEX - 1 && n - (at - (DIGEST_HEX - 1)) <= (size_t)2 * ARCHIVE_BLOCK;
}

static int recover(struct archive_writer *writer, struct td_arena *arena, struct archive *archive)
{
    const char *bytes = NULL;
    size_t n = 0;

    int status = read_whole(writer->fd, arena, &bytes, &n);
    if (status != TD_OK) {
        return status;
    }
    enum archive_fault fault = archive_read(arena, bytes, n, archive);
    if (fault == ARCHIVE_MEMORY) {
        return TD_E_MEMORY;
    }
    /* Without its first event it is no election yet; setup is repeated from its beginning. */
    if (archive->event_count == 0) {
        return TD_E_INVALID;
    }
    const struct archive_event *last = &archive->events[archive->event_count - 1];
    if (fault != ARCHIVE_RIGHT && !is_torn(bytes + last->end, n - last->end)) {
        return TD_E_INVALID;
    }
    writer->timestamp = archive->timestamp;
    writer->length = last->end;
    writer->event_count = archive->event_count;
    memcpy(writer->head, last->name, DIGEST_HEX);
    archive->n = last->end;
    if (n > last->end && (ftruncate(writer->fd, (off_t)last->end) < 0 || fsync(writer->fd) < 0)) {
        return TD_E_IO;
    }
    return TD_OK;
}

int archive_open(const char *path, struct td_arena *arena, struct archive_writer *ret,
                 struct archive *ret_archive)
{
    *ret = (struct archive_writer){.fd = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW)};
    if (ret->fd < 0) {
        return TD_E_IO;
    }
    int status = flock(ret->fd, LOCK_EX | LOCK_NB) < 0 ? TD_E_IO : recover(ret, arena, ret_archive);
    if (status != TD_OK) {
        archive_close(ret);
    }
    return status;
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
        /* What is on the disk now isn't known: only reading it again tells. */
        writer->broken = status != TD_OK;
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
