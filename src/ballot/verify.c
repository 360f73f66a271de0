/*
 * The audit of an election: see verify.h.
 */
#include "ballot/verify.h"

#include <string.h>

#include "base/banned.h"

/* What follows the last event that holds may be half a record, which was acknowledged to nobody. */
static bool is_whole(const struct archive *copy, enum archive_fault fault)
{
    const struct archive_event *last = &copy->events[copy->event_count - 1];
    struct archive_tail tail = {.bytes = copy->bytes + last->end,
                                .n = copy->n - last->end,
                                .head = last->name,
                                .height = copy->event_count,
                                .timestamp = copy->timestamp};

    return fault == ARCHIVE_RIGHT || archive_is_torn(fault, &tail);
}

/* An archive only grows: an earlier copy is its beginning. False when there is no memory. */
static bool check_earlier(struct ledger *ledger, const char *bytes, size_t n,
                          const struct verify_options *options)
{
    struct archive copy;

    if (options->earlier == NULL) {
        return true;
    }
    enum archive_fault fault =
        archive_read(ledger->arena, options->earlier, options->earlier_n, &copy);
    if (fault == ARCHIVE_MEMORY) {
        return false;
    }
    size_t common = copy.event_count == 0 ? 0 : copy.events[copy.event_count - 1].end;
    if (common == 0) {
        ledger_find(ledger, NULL, TD_WORDS("the earlier copy is not an archive"));
    } else if (!is_whole(&copy, fault)) {
        ledger_find(ledger, NULL,
                    TD_MESSAGE("the earlier copy is damaged from event {0} on",
                               TD_COUNT(copy.event_count)));
    } else if (common > n || memcmp(options->earlier, bytes, common) != 0) {
        ledger_find(ledger, NULL,
                    TD_WORDS("the archive does not continue the earlier copy: it was rewritten"));
    }
    return true;
}

static void check_issued(struct ledger *ledger, const struct verify_options *options)
{
    size_t voters = ledger_voters(ledger);

    if (options->is_issued && voters > options->issued) {
        ledger_find(ledger, NULL,
                    TD_MESSAGE("{0} cards voted, and only {1} were handed out", TD_COUNT(voters),
                               TD_COUNT(options->issued)));
    }
}

bool verify_archive(struct group *group, struct td_arena *arena, const char *bytes, size_t n,
                    const struct verify_options *options, struct ledger *ret)
{
    struct archive archive;

    ledger_init(ret, group, arena);
    enum archive_fault fault = archive_read(arena, bytes, n, &archive);
    if (fault == ARCHIVE_MEMORY) {
        return false;
    }
    for (size_t i = 0; i < archive.event_count; i++) {
        if (!ledger_take(ret, &archive.events[i])) {
            return false;
        }
    }
    if (fault != ARCHIVE_RIGHT) {
        ledger_find(ret, "-", archive_words(fault));
    } else if (archive.event_count == 0) {
        ledger_find(ret, NULL, TD_WORDS("the archive holds no election"));
    }
    if (ret->phase != LEDGER_EMPTY && options->uuid != NULL &&
        strcmp(options->uuid, ret->election.uuid) != 0) {
        ledger_find(ret, NULL, TD_WORDS("the file bears the name of another election"));
    }
    check_issued(ret, options);
    return check_earlier(ret, bytes, n, options) && group_ok(group);
}
