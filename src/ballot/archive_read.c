/*
 * Reading an archive strictly: each record is compared with the one that would be written.
 *
 * Which data an event brings depends on its type alone: a Setup the election, the trustees, the
 * credentials and the record that names them; a tally and a decryption themselves and the record
 * that names them; a ballot and a result one record. What those records say is compared where their
 * meaning is known (verify.c); that they name the data before them is seen here.
 */
#include "ballot/archive.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/banned.h"

#define OPENING_NAME "BELENIOS"
#define SMALL 1000 /* more than an event or an opening holds */

static const size_t parts_of[ARCHIVE_TYPES] = {
    [ARCHIVE_SETUP] = 4,
    [ARCHIVE_BALLOT] = 1,
    [ARCHIVE_END_BALLOTS] = 0,
    [ARCHIVE_ENCRYPTED_TALLY] = 2,
    [ARCHIVE_PARTIAL_DECRYPTION] = 2,
    [ARCHIVE_RESULT] = 1,
};

struct reading {
    struct archive *archive;
    size_t at;
    /* What lies before the bytes: the last event's name, how many there are, and where they end. */
    const char *head;
    size_t height, start;
    struct archive_part record; /* the last read */
    bool is_event;
};

/* An octal number of 11 digits and a NUL; -1 when it is none. */
static int64_t octal(const char *at)
{
    int64_t value = 0;

    for (int i = 0; i < 11; i++) {
        if (at[i] < '0' || at[i] > '7') {
            return -1;
        }
        value = value * 8 + (at[i] - '0');
    }
    return value;
}

/* The next record: its header must be the one for its name and size, its padding zero. */
static enum archive_fault next_record(struct reading *reading, const char *expected_name)
{
    const struct archive *archive = reading->archive;
    const char *at = archive->bytes + reading->at;
    size_t left = archive->n - reading->at;
    char name[DIGEST_HEX + sizeof EVENT_SUFFIX], header[ARCHIVE_BLOCK];

    if (left < ARCHIVE_BLOCK) {
        return ARCHIVE_CUT;
    }
    int64_t size = octal(at + 124);
    if (size < 0 || (size_t)size > ARCHIVE_DATA_MAX) {
        return ARCHIVE_RECORD;
    }
    size_t n = (size_t)size;
    size_t padded = (n + ARCHIVE_BLOCK - 1) / ARCHIVE_BLOCK * ARCHIVE_BLOCK;
    if (left - ARCHIVE_BLOCK < padded) {
        /* Only a header that was written so can say how much is missing: it has a sum. */
        (void)snprintf(name, sizeof name, "%.*s", (int)sizeof name - 1, at);
        archive_header(name, n, archive->timestamp, header);
        return memcmp(at, header, ARCHIVE_BLOCK) == 0 ? ARCHIVE_CUT : ARCHIVE_RECORD;
    }
    reading->record = (struct archive_part){.bytes = at + ARCHIVE_BLOCK, .n = n};
    if (!digest_hex(reading->record.bytes, n, reading->record.name)) {
        return ARCHIVE_MEMORY;
    }
    reading->is_event = memcmp(at + DIGEST_HEX - 1, EVENT_SUFFIX, sizeof EVENT_SUFFIX) == 0;
    if (expected_name == NULL) {
        (void)snprintf(name, sizeof name, "%s%s", reading->record.name,
                       reading->is_event ? EVENT_SUFFIX : DATA_SUFFIX);
        if (memcmp(at, name, DIGEST_HEX - 1) != 0) {
            return ARCHIVE_NAME;
        }
        expected_name = name;
    }
    archive_header(expected_name, n, archive->timestamp, header);
    if (memcmp(at, header, ARCHIVE_BLOCK) != 0) {
        return ARCHIVE_RECORD;
    }
    for (size_t i = n; i < padded; i++) {
        if (at[ARCHIVE_BLOCK + i] != '\0') {
            return ARCHIVE_RECORD;
        }
    }
    reading->at += ARCHIVE_BLOCK + padded;
    return ARCHIVE_RIGHT;
}

static enum archive_fault read_opening(struct reading *reading)
{
    struct archive *archive = reading->archive;
    struct buf text;

    if (archive->n < (size_t)2 * ARCHIVE_BLOCK) {
        return ARCHIVE_HEADER;
    }
    archive->timestamp = octal(archive->bytes + 136);
    if (archive->timestamp < 0 || next_record(reading, OPENING_NAME) != ARCHIVE_RIGHT) {
        return ARCHIVE_HEADER;
    }
    buf_init(&text, SMALL);
    archive_opening(archive->timestamp, &text);
    bool same = buf_ok(&text) && buf_length(&text) == reading->record.n &&
                memcmp(buf_string(&text), reading->record.bytes, reading->record.n) == 0;
    buf_release(&text);
    return same ? ARCHIVE_RIGHT : ARCHIVE_HEADER;
}

/* Does the text hold the name? */
static bool names(const struct archive_part *text, const char *name)
{
    return memmem(text->bytes, text->n, name, DIGEST_HEX - 1) != NULL;
}

static enum archive_fault check_parts(const struct archive_event *event)
{
    size_t n = event->part_count;

    if (n != parts_of[event->type]) {
        return ARCHIVE_DATA;
    }
    for (size_t i = 0; i + 1 < n; i++) {
        if (!names(&event->parts[n - 1], event->parts[i].name)) {
            return ARCHIVE_DATA;
        }
    }
    return ARCHIVE_RIGHT;
}

/* The record is an event: whose text is right, and which? */
static enum archive_fault read_event(struct reading *reading, struct archive_event *event)
{
    struct archive *archive = reading->archive;
    const struct archive_part *record = &reading->record;
    size_t count = archive->event_count;
    const char *parent = count == 0 ? reading->head : archive->events[count - 1].name;
    const char *payload = event->part_count == 0 ? NULL : event->parts[event->part_count - 1].name;
    struct buf text;
    bool found = false;

    buf_init(&text, SMALL);
    for (unsigned type = 0; !found && type < ARCHIVE_TYPES; type++) {
        event->type = (enum archive_event_type)type;
        buf_clear(&text);
        archive_event_text(parent, reading->height + count, event->type, payload, &text);
        found = buf_ok(&text) && buf_length(&text) == record->n &&
                memcmp(buf_string(&text), record->bytes, record->n) == 0;
    }
    buf_release(&text);
    if (!found) {
        bool follows = parent == NULL || names(record, parent);
        bool has_payload = payload == NULL || names(record, payload);
        return !follows ? ARCHIVE_CHAIN : !has_payload ? ARCHIVE_DATA : ARCHIVE_EVENT;
    }
    memcpy(event->name, record->name, DIGEST_HEX);
    event->end = reading->start + reading->at;
    return check_parts(event);
}

static enum archive_fault read_events(struct reading *reading, size_t room)
{
    struct archive *archive = reading->archive;
    struct archive_event event = {0};

    while (reading->at < archive->n) {
        enum archive_fault fault = next_record(reading, NULL);
        if (fault == ARCHIVE_RIGHT && !reading->is_event) {
            if (event.part_count == ARCHIVE_PARTS) {
                return ARCHIVE_DATA;
            }
            event.parts[event.part_count++] = reading->record;
            continue;
        }
        if (fault == ARCHIVE_RIGHT) {
            fault = read_event(reading, &event);
        }
        if (fault != ARCHIVE_RIGHT) {
            return fault;
        }
        if (archive->event_count == room) {
            return ARCHIVE_MEMORY;
        }
        archive->events[archive->event_count++] = event;
        event = (struct archive_event){0};
    }
    return event.part_count == 0 ? ARCHIVE_RIGHT : ARCHIVE_CUT;
}

/* Room for all events that there can be. */
static bool make_room(struct td_arena *arena, struct archive *archive, size_t *ret_room)
{
    const char *bytes = archive->bytes;
    size_t n = archive->n, room = 1;

    /* Every event's name ends so: as many as these there can be. */
    for (const char *at = bytes; at != NULL && at < bytes + n;) {
        at = memmem(at, (size_t)(bytes + n - at), EVENT_SUFFIX, sizeof EVENT_SUFFIX);
        if (at != NULL) {
            at += sizeof EVENT_SUFFIX;
            room++;
        }
    }
    archive->events = td_arena_alloc(arena, room, sizeof *archive->events);
    *ret_room = room;
    return archive->events != NULL;
}

enum archive_fault archive_read(struct td_arena *arena, const char *bytes, size_t n,
                                struct archive *ret)
{
    struct reading reading = {.archive = ret};
    size_t room = 0;

    *ret = (struct archive){.bytes = bytes, .n = n};
    if (!make_room(arena, ret, &room)) {
        return ARCHIVE_MEMORY;
    }
    enum archive_fault fault = read_opening(&reading);
    return fault == ARCHIVE_RIGHT ? read_events(&reading, room) : fault;
}

enum archive_fault archive_read_on(struct td_arena *arena, const struct archive_writer *writer,
                                   const char *bytes, size_t n, struct archive *ret)
{
    struct reading reading = {.archive = ret,
                              .head = writer->event_count == 0 ? NULL : writer->head,
                              .height = writer->event_count,
                              .start = writer->length};
    size_t room = 0;

    *ret = (struct archive){.bytes = bytes, .n = n, .timestamp = writer->timestamp};
    return make_room(arena, ret, &room) ? read_events(&reading, room) : ARCHIVE_MEMORY;
}
