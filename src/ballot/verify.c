/*
 * The audit of an election: see verify.h.
 */
#include "ballot/verify.h"

#include <string.h>

#include "base/banned.h"

/* Where the last event of a copy ends: what may follow it, half a record, was acknowledged to
 * nobody. 0 when the copy is no archive. */
static size_t acknowledged(struct td_arena *arena, const char *bytes, size_t n)
{
    struct archive copy;

    if (archive_read(arena, bytes, n, &copy) == ARCHIVE_MEMORY || copy.event_count == 0) {
        return 0;
    }
    return copy.events[copy.event_count - 1].end;
}

/* An archive only grows: an earlier copy is its beginning. */
static void check_earlier(struct ledger *ledger, const char *bytes, size_t n,
                          const struct verify_options *options)
{
    if (options->earlier == NULL) {
        return;
    }
    size_t common = acknowledged(ledger->arena, options->earlier, options->earlier_n);
    if (common == 0) {
        ledger_find(ledger, NULL, TD_WORDS("the earlier copy is not an archive"));
    } else if (common > n || memcmp(options->earlier, bytes, common) != 0) {
        ledger_find(ledger, NULL,
                    TD_WORDS("the archive does not continue the earlier copy: it was rewritten"));
    }
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
    check_earlier(ret, bytes, n, options);
    check_issued(ret, options);
    return group_ok(group);
}
