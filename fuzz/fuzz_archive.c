/*
 * An archive: any bytes at all; or, when the first byte is odd, a right chain of events and data as
 * the input chooses, some of them altered, and its audit. Whatever it is, only the right election
 * can come to its end without a finding.
 */
#include "made.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/banned.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define EVENTS_MAX 12
#define TIMESTAMP 1700000000

struct input {
    const uint8_t *data;
    size_t size;
};

struct building {
    const struct made *made;
    struct input input;
    struct buf bytes; /* the archive */
    size_t height;
    char head[DIGEST_HEX];
};

static unsigned next(struct input *input)
{
    if (input->size == 0) {
        return 0;
    }
    input->size--;
    return *input->data++;
}

static void record(struct building *building, const char *name, const char *suffix,
                   const char *bytes, size_t n)
{
    static const char zero[ARCHIVE_BLOCK];
    char header[ARCHIVE_BLOCK], whole[DIGEST_HEX + 12];

    (void)snprintf(whole, sizeof whole, "%s%s", name, suffix);
    archive_header(whole, n, TIMESTAMP, header);
    buf_add(&building->bytes, header, sizeof header);
    buf_add(&building->bytes, bytes, n);
    buf_add(&building->bytes, zero, (ARCHIVE_BLOCK - n % ARCHIVE_BLOCK) % ARCHIVE_BLOCK);
}

/* A text under its hash, which is given back; when the input says so, with a part replaced by what
 * it brings. */
static void part(struct building *building, const struct buf *right, char ret_name[DIGEST_HEX])
{
    struct input *input = &building->input;
    size_t count = next(input);
    size_t n = 0;

    if (count > input->size) {
        count = input->size;
    }
    char *text = altered(right, input->data, count, &n);
    input->data += count;
    input->size -= count;
    require(digest_hex(text, n, ret_name));
    record(building, ret_name, ".data.json", text, n);
    free(text);
}

/* What the event's payload says of the data before it. */
static void naming_part(struct building *building, enum archive_event_type type,
                        char names[ARCHIVE_PARTS][DIGEST_HEX], size_t index)
{
    struct buf text;

    buf_init(&text, ARCHIVE_DATA_MAX);
    if (type == ARCHIVE_SETUP) {
        archive_setup_text(names[0], names[1], names[2], &text);
    } else if (type == ARCHIVE_ENCRYPTED_TALLY) {
        archive_tally_text(1, names[0], &text);
    } else {
        archive_decryption_text(1, names[0], &text);
    }
    part(building, &text, names[index]);
    buf_release(&text);
}

static void event(struct building *building, enum archive_event_type type)
{
    static const struct {
        size_t count;
        bool is_named; /* does a last part name the others? */
        enum made_text texts[3];
    } forms[ARCHIVE_TYPES] = {
        [ARCHIVE_SETUP] = {3, true, {MADE_ELECTION, MADE_TRUSTEES, MADE_LIST}},
        [ARCHIVE_BALLOT] = {1, false, {MADE_BALLOT}},
        [ARCHIVE_END_BALLOTS] = {0, false, {0}},
        [ARCHIVE_ENCRYPTED_TALLY] = {1, true, {MADE_TALLY}},
        [ARCHIVE_PARTIAL_DECRYPTION] = {1, true, {MADE_DECRYPTION}},
        [ARCHIVE_RESULT] = {1, false, {MADE_RESULT}},
    };
    char names[ARCHIVE_PARTS][DIGEST_HEX] = {""};
    size_t n = forms[type].count;
    struct buf text;

    for (size_t i = 0; i < n; i++) {
        part(building, &building->made->texts[forms[type].texts[i]], names[i]);
    }
    if (forms[type].is_named) {
        naming_part(building, type, names, n++);
    }
    buf_init(&text, 1000);
    archive_event_text(building->height == 0 ? NULL : building->head, building->height, type,
                       n == 0 ? NULL : names[n - 1], &text);
    require(digest_hex(buf_string(&text), buf_length(&text), building->head));
    record(building, building->head, ".event.json", buf_string(&text), buf_length(&text));
    buf_release(&text);
    building->height++;
}

static void build(struct building *building)
{
    struct buf opening;

    buf_init(&building->bytes, ARCHIVE_DATA_MAX);
    buf_init(&opening, 1000);
    archive_opening(TIMESTAMP, &opening);
    record(building, "BELENIOS", "", buf_string(&opening), buf_length(&opening));
    buf_release(&opening);
    while (building->input.size > 0 && building->height < EVENTS_MAX) {
        event(building, (enum archive_event_type)(next(&building->input) % ARCHIVE_TYPES));
    }
    require(buf_ok(&building->bytes));
}

/* Read and audited. */
static void check(const struct made *made, struct td_arena *arena, const char *bytes, size_t n)
{
    struct verify_options options = {.earlier = bytes, .earlier_n = n / 2};
    struct ledger ledger;

    require(verify_archive(made->group, arena, bytes, n, &options, &ledger));
    if (ledger.phase == LEDGER_FINISHED && ledger.finding_count == 0) {
        require(ledger_voters(&ledger) == 1 && ledger.counts[0] == 0 && ledger.counts[1] == 1 &&
                ledger.counts[2] == 0);
    }
}

static void as_bytes(struct td_arena *arena, const uint8_t *data, size_t size)
{
    struct archive archive;

    if (archive_read(arena, (const char *)data, size, &archive) == ARCHIVE_RIGHT) {
        require(archive.event_count == 0 || archive.events[archive.event_count - 1].end == size);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct made *made = made_once();
    struct td_arena *arena = td_arena_new(MADE_ARENA_MAX);

    require(arena != NULL);
    if (size > 0 && data[0] % 2 == 1) {
        struct building building = {.made = made, .input = {data + 1, size - 1}};
        struct archive archive;
        build(&building);
        const char *bytes = buf_string(&building.bytes);
        size_t n = buf_length(&building.bytes);
        /* Names may be altered too, so that an event's data are not those it names. */
        enum archive_fault fault = archive_read(arena, bytes, n, &archive);
        require(fault == ARCHIVE_RIGHT || fault == ARCHIVE_DATA);
        check(made, arena, bytes, n);
        buf_release(&building.bytes);
    } else {
        as_bytes(arena, data + (size > 0), size - (size > 0));
    }
    require(group_ok(made->group));
    td_arena_free(arena);
    return 0;
}
