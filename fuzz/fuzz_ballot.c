/*
 * Any bytes as an archive, a ballot, a decryption, and the lists of an election. The first byte
 * says as what; the second how the right text is altered, for a bare guess never comes far: the
 * rest is written over the right text at a place that it chooses. What is accepted must be the
 * right text.
 */
#include "ballot/ballot.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/banned.h"

#define ARENA_MAX ((size_t)64 * 1024 * 1024)
#define VOTERS 2

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Made once; the group's numbers are not of interest here, only that they are right. */
static struct {
    struct group *group;
    struct td_arena *arena;
    struct ledger ledger;
    struct trustee trustee;
    struct credentials credentials;
    struct buf election, list, ballot, decryption;
} made;

static void require(bool holds)
{
    if (!holds) {
        abort();
    }
}

static const char draft[] =
    "{\"description\":\"d\",\"name\":\"n\",\"questions\":[{\"answers\":[\"a\",\"b\"],"
    "\"blank\":true,\"min\":1,\"max\":1,\"question\":\"q\"}]}";

static void make_ballot(const struct scalar *card)
{
    static const bool choices[] = {false, true, false};
    char tracker[DIGEST_BASE64];

    buf_init(&made.ballot, ARCHIVE_DATA_MAX);
    require(paper_make(made.group, made.arena, &made.ledger.election, card, choices, &made.ballot,
                       tracker) == TD_OK);
}

static void make_once(void)
{
    static struct element items[VOTERS];
    struct scalar secret, cards[VOTERS];
    struct election election;

    made.group = group_new();
    made.arena = td_arena_new(ARENA_MAX);
    require(made.group != NULL && made.arena != NULL);
    ledger_init(&made.ledger, made.group, made.arena);
    require(election_draft(made.group, made.arena, draft, sizeof draft - 1, "3VfgFgLynFTL9M",
                           &election));
    trustee_new(made.group, &secret, &made.trustee);
    election.public_key = made.trustee.public_key;
    buf_init(&made.election, ARCHIVE_DATA_MAX);
    election_write(made.group, &election, &made.election);
    require(election_read(made.group, made.arena, buf_string(&made.election),
                          buf_length(&made.election), &made.ledger.election));
    for (size_t i = 0; i < VOTERS; i++) {
        scalar_random(made.group, &cards[i]);
        group_raise_secret(made.group, &cards[i], &items[i]);
    }
    made.credentials = (struct credentials){VOTERS, items};
    buf_init(&made.list, ARCHIVE_DATA_MAX);
    credentials_write(made.group, &made.credentials, &made.list);
    make_ballot(&cards[0]);
    require(tally_init(made.arena, &made.ledger.election, &made.ledger.tally));
    buf_init(&made.decryption, ARCHIVE_DATA_MAX);
    require(decryption_make(made.group, made.arena, &made.ledger.election, &made.ledger.tally,
                            &secret, &made.decryption) == TD_OK);
}

/* The right text with the data over it, at the place that their first two bytes choose. */
static const char *altered(struct td_arena *arena, const struct buf *right, const uint8_t *data,
                           size_t size, size_t *ret_n)
{
    size_t n = buf_length(right);
    char *text = td_arena_text(arena, buf_string(right), n);

    require(text != NULL);
    if (size > 2) {
        size_t at = ((size_t)data[0] << 8 | data[1]) % n;
        size_t count = size - 2 < n - at ? size - 2 : n - at;
        memcpy(text + at, data + 2, count);
    }
    *ret_n = n;
    return text;
}

static void as_archive(struct td_arena *arena, const uint8_t *data, size_t size)
{
    struct archive archive;

    if (archive_read(arena, (const char *)data, size, &archive) == ARCHIVE_RIGHT) {
        require(archive.event_count == 0 || archive.events[archive.event_count - 1].end == size);
    }
}

static void as_altered(struct td_arena *arena, unsigned kind, const uint8_t *data, size_t size)
{
    const struct buf *const rights[] = {&made.election, &made.list, &made.ballot, &made.decryption};
    const struct buf *right = rights[kind];
    size_t n = 0;
    const char *text = altered(arena, right, data, size, &n);
    bool same = memcmp(text, buf_string(right), n) == 0, accepted = false;
    struct election election;
    struct credentials credentials;
    struct paper paper;
    struct decryption decryption;

    switch (kind) {
    case 0: /* its words may differ */
        (void)!election_read(made.group, arena, text, n, &election);
        return;
    case 1: /* other members may be guessed, by who tries for ever */
        accepted = credentials_read(made.group, arena, text, n, &credentials);
        break;
    case 2:
        accepted =
            paper_read(made.group, arena, &made.ledger.election, text, n, &paper) == PAPER_RIGHT;
        break;
    default:
        accepted = decryption_read(made.group, arena, &made.ledger.election, &made.ledger.tally,
                                   &made.trustee, text, n, &decryption);
        break;
    }
    require(accepted == same);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (made.group == NULL) {
        make_once();
    }
    if (size == 0) {
        return 0;
    }
    struct td_arena *arena = td_arena_new(ARENA_MAX);
    require(arena != NULL);
    if (data[0] % 5 == 4) {
        as_archive(arena, data + 1, size - 1);
    } else {
        as_altered(arena, data[0] % 5, data + 1, size - 1);
    }
    require(group_ok(made.group));
    td_arena_free(arena);
    return 0;
}
