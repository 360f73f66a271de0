/*
 * The records of an archive as bytes.
 */
#include "ballot/archive.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/banned.h"

/* Where in a tar header things stand. */
enum {
    MODE_AT = 100,
    OWNER_AT = 108,
    GROUP_AT = 116,
    SIZE_AT = 124,
    TIME_AT = 136,
    SUM_AT = 148,
    SUM_WIDTH = 8,
    KIND_AT = 156,
};

const char *archive_type_name(enum archive_event_type type)
{
    static const char *const names[ARCHIVE_TYPES] = {
        [ARCHIVE_SETUP] = "Setup",
        [ARCHIVE_BALLOT] = "Ballot",
        [ARCHIVE_END_BALLOTS] = "EndBallots",
        [ARCHIVE_ENCRYPTED_TALLY] = "EncryptedTally",
        [ARCHIVE_PARTIAL_DECRYPTION] = "PartialDecryption",
        [ARCHIVE_RESULT] = "Result",
    };
    return names[type];
}

struct td_message archive_words(enum archive_fault fault)
{
    switch (fault) {
    case ARCHIVE_RIGHT:
        break;
    case ARCHIVE_HEADER:
        return TD_WORDS("the file doesn't begin as an archive does");
    case ARCHIVE_CUT:
        return TD_WORDS("the file ends in the middle of a record, or before its event");
    case ARCHIVE_RECORD:
        return TD_WORDS("the header of a record is not as it should be");
    case ARCHIVE_NAME:
        return TD_WORDS("a record was altered: its name is not the hash of what it holds");
    case ARCHIVE_CHAIN:
        return TD_WORDS("the event doesn't follow the one before it");
    case ARCHIVE_EVENT:
        return TD_WORDS("the event is not written as it should be");
    case ARCHIVE_DATA:
        return TD_WORDS("the data before the event are not those that it names");
    case ARCHIVE_MEMORY:
        return TD_WORDS("there is no memory to read the archive");
    }
    return (struct td_message){0};
}

void archive_header(const char *name, size_t n, int64_t timestamp, char ret[static ARCHIVE_BLOCK])
{
    unsigned sum = 0;

    memset(ret, 0, ARCHIVE_BLOCK);
    memcpy(ret, name, strnlen(name, MODE_AT - 1));
    memcpy(ret + MODE_AT, "0000644", 8);
    memcpy(ret + OWNER_AT, "0000000", 8);
    memcpy(ret + GROUP_AT, "0000000", 8);
    (void)snprintf(ret + SIZE_AT, TIME_AT - SIZE_AT, "%011zo", n);
    (void)snprintf(ret + TIME_AT, SUM_AT - TIME_AT, "%011" PRIo64, (uint64_t)timestamp);
    memset(ret + SUM_AT, ' ', SUM_WIDTH);
    ret[KIND_AT] = '0';
    for (size_t i = 0; i < ARCHIVE_BLOCK; i++) {
        sum += (unsigned char)ret[i];
    }
    (void)snprintf(ret + SUM_AT, SUM_WIDTH - 1, "%06o", sum);
    ret[SUM_AT + SUM_WIDTH - 1] = ' ';
}

void archive_opening(int64_t timestamp, struct buf *to)
{
    buf_printf(to, "{\"version\":1,\"timestamp\":\"%" PRId64 "\"}", timestamp);
}

void archive_event_text(const char *parent, size_t height, enum archive_event_type type,
                        const char *payload, struct buf *to)
{
    buf_char(to, '{');
    if (parent != NULL) {
        buf_printf(to, "\"parent\":\"%s\",", parent);
    }
    buf_printf(to, "\"height\":%zu,\"type\":\"%s\"", height, archive_type_name(type));
    if (payload != NULL) {
        buf_printf(to, ",\"payload\":\"%s\"", payload);
    }
    buf_char(to, '}');
}

void archive_setup_text(const char *election, const char *trustees, const char *credentials,
                        struct buf *to)
{
    buf_printf(to, "{\"election\":\"%s\",\"trustees\":\"%s\",\"credentials\":\"%s\"}", election,
               trustees, credentials);
}

void archive_tally_text(unsigned count, const char *tally, struct buf *to)
{
    buf_printf(to, "{\"num_tallied\":%u,\"total_weight\":%u,\"encrypted_tally\":\"%s\"}", count,
               count, tally);
}

void archive_decryption_text(unsigned owner, const char *decryption, struct buf *to)
{
    buf_printf(to, "{\"owner\":%u,\"payload\":\"%s\"}", owner, decryption);
}
