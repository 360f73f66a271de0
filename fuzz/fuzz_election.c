/*
 * The other texts of an election with any part replaced: its questions as drafted and as published,
 * its trustees, its credentials; and a trustee's key and a card as people bring them. The first
 * byte says which.
 */
#include "made.h"

#include <stdlib.h>
#include <string.h>

#include "base/banned.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { ELECTION, DRAFT, TRUSTEES, LIST, KEY, CARD, WAYS };

#define TEXT_MAX ((size_t)1024 * 1024)

/* What was read is valid; its text is read again, and is then written the same. */
static void check_election(struct group *group, struct td_arena *arena,
                           const struct election *election)
{
    struct buf first, second;
    struct election again;

    buf_init(&first, TEXT_MAX);
    buf_init(&second, TEXT_MAX);
    require(election_valid(election));
    election_write(group, election, &first);
    require(election_read(group, arena, buf_string(&first), buf_length(&first), &again));
    election_write(group, &again, &second);
    require(is_text(&first, buf_string(&second), buf_length(&second)));
    buf_release(&first);
    buf_release(&second);
}

static void as_election(const struct made *made, struct td_arena *arena, const char *text, size_t n)
{
    struct election election;

    if (election_read(made->group, arena, text, n, &election)) {
        check_election(made->group, arena, &election);
    }
}

static void as_draft(const struct made *made, struct td_arena *arena, const char *text, size_t n)
{
    struct election election;

    if (election_draft(made->group, arena, text, n, "3VfgFgLynFTL9M", &election)) {
        (void)election_misleads(&election).id;
        election.public_key = made->trustee.public_key;
        check_election(made->group, arena, &election);
    }
}

/* Proofs of keys and members of the group are not found by chance. */
static void as_trustees(const struct made *made, struct td_arena *arena, const char *text, size_t n)
{
    struct trustees trustees;

    require(trustees_read(made->group, arena, text, n, &trustees) ==
            is_text(&made->texts[MADE_TRUSTEES], text, n));
}

/* What is accepted is written the same: a member may be left out. */
static void as_list(const struct made *made, struct td_arena *arena, const char *text, size_t n)
{
    struct credentials credentials;
    struct buf again;

    if (credentials_read(made->group, arena, text, n, &credentials)) {
        buf_init(&again, TEXT_MAX);
        credentials_write(made->group, &credentials, &again);
        require(is_text(&again, text, n));
        buf_release(&again);
    }
}

static void as_key(const struct made *made, const char *text, size_t n)
{
    struct trustee trustee;
    struct scalar secret;
    struct buf again;

    (void)!trustee_read(made->group, text, n, &trustee);
    if (trustee_secret_read(made->group, text, n, &secret)) {
        buf_init(&again, TEXT_MAX);
        trustee_secret_write(&secret, &again);
        require(is_text(&again, text, n));
        buf_release(&again);
    }
}

static void as_card(const uint8_t *data, size_t size)
{
    char *card = malloc(size + 1);

    require(card != NULL);
    memcpy(card, data, size);
    card[size] = '\0';
    require(!card_valid(card) || strlen(card) == CARD_TEXT - 1);
    (void)!token_valid(card);
    free(card);
}

static void as_altered(const struct made *made, unsigned way, const uint8_t *data, size_t size)
{
    static const enum made_text rights[WAYS] = {[ELECTION] = MADE_ELECTION,
                                                [DRAFT] = MADE_DRAFT,
                                                [TRUSTEES] = MADE_TRUSTEES,
                                                [LIST] = MADE_LIST};
    struct td_arena *arena = td_arena_new(MADE_ARENA_MAX);
    size_t n = 0;

    require(arena != NULL);
    char *text = altered(&made->texts[rights[way]], data, size, &n);
    switch (way) {
    case ELECTION:
        as_election(made, arena, text, n);
        break;
    case DRAFT:
        as_draft(made, arena, text, n);
        break;
    case TRUSTEES:
        as_trustees(made, arena, text, n);
        break;
    default:
        as_list(made, arena, text, n);
        break;
    }
    free(text);
    td_arena_free(arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct made *made = made_once();
    unsigned way = size == 0 ? DRAFT : data[0] % WAYS;

    data += size > 0;
    size -= size > 0;
    if (way == KEY) {
        as_key(made, (const char *)data, size);
    } else if (way == CARD) {
        as_card(data, size);
    } else {
        as_altered(made, way, data, size);
    }
    require(group_ok(made->group));
    return 0;
}
