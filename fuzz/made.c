/*
 * A right election: see made.h.
 */
#include "made.h"

#include <stdlib.h>
#include <string.h>

#include "base/banned.h"

#define VOTERS 2

static const char draft[] =
    "{\"description\":\"d\",\"name\":\"n \\\"m\\\"\",\"questions\":[{\"answers\":[\"a\",\"b\"],"
    "\"blank\":true,\"min\":1,\"max\":2,\"question\":\"q\"}]}";
static const bool choices[] = {false, true, false};

static void make_election(struct made *made, struct scalar *ret_secret)
{
    struct trustees trustees = {1, &made->trustee};
    struct election election;

    buf_text(&made->texts[MADE_DRAFT], draft);
    require(election_draft(made->group, made->arena, draft, sizeof draft - 1, "3VfgFgLynFTL9M",
                           &election));
    trustee_new(made->group, ret_secret, &made->trustee);
    trustees_write(made->group, &trustees, &made->texts[MADE_TRUSTEES]);
    election.public_key = made->trustee.public_key;
    struct buf *text = &made->texts[MADE_ELECTION];
    election_write(made->group, &election, text);
    require(election_read(made->group, made->arena, buf_string(text), buf_length(text),
                          &made->election));
}

static void make_cards(struct made *made)
{
    struct element items[VOTERS];
    struct credentials credentials = {VOTERS, items};

    for (size_t i = 0; i < VOTERS; i++) {
        scalar_random(made->group, &made->card);
        group_raise_secret(made->group, &made->card, &items[i]);
    }
    credentials_sort(&credentials);
    credentials_write(made->group, &credentials, &made->texts[MADE_LIST]);
}

static void make_ballot(struct made *made)
{
    struct buf *text = &made->texts[MADE_BALLOT];
    char tracker[DIGEST_BASE64];
    struct paper paper;

    require(paper_make(made->group, made->arena, &made->election, &made->card, choices, text,
                       tracker) == TD_OK);
    require(paper_read(made->group, made->arena, &made->election, NULL, buf_string(text),
                       buf_length(text), &paper) == PAPER_RIGHT);
    require(tally_init(made->arena, &made->election, &made->tally));
    tally_add(made->group, &made->election, &paper, &made->tally);
    tally_write(made->group, &made->election, &made->tally, &made->texts[MADE_TALLY]);
}

static void make_all(struct made *made)
{
    static const unsigned counts[] = {0, 1, 0};
    struct scalar secret;

    made->group = group_new();
    made->arena = td_arena_new(MADE_ARENA_MAX);
    require(made->group != NULL && made->arena != NULL);
    for (size_t i = 0; i < MADE_TEXTS; i++) {
        buf_init(&made->texts[i], ARCHIVE_DATA_MAX);
    }
    make_election(made, &secret);
    make_cards(made);
    make_ballot(made);
    require(decryption_make(made->group, made->arena, &made->election, &made->tally, &secret,
                            &made->texts[MADE_DECRYPTION]) == TD_OK);
    counts_write(&made->election, counts, &made->texts[MADE_RESULT]);
    require(group_ok(made->group));
}

const struct made *made_once(void)
{
    static struct made made;

    if (made.group == NULL) {
        make_all(&made);
    }
    return &made;
}

char *altered(const struct buf *right, const uint8_t *data, size_t size, size_t *ret_n)
{
    size_t n = buf_length(right), at = n, gone = 0, come = 0;

    if (size >= 3) {
        at = ((size_t)data[0] << 8 | data[1]) % (n + 1);
        gone = data[2] < n - at ? data[2] : n - at;
        come = size - 3;
    }
    char *text = malloc(n - gone + come + 1);
    require(text != NULL);
    memcpy(text, buf_string(right), at);
    if (come > 0) {
        memcpy(text + at, data + 3, come);
    }
    memcpy(text + at + come, buf_string(right) + at + gone, n - at - gone);
    *ret_n = n - gone + come;
    /* To the byte, so that a sanitizer sees one read too many. */
    char *exact = realloc(text, *ret_n > 0 ? *ret_n : 1);
    require(exact != NULL);
    return exact;
}

bool is_text(const struct buf *right, const char *text, size_t n)
{
    return n == buf_length(right) && memcmp(text, buf_string(right), n) == 0;
}
