/*
 * A ballot with any part replaced. The first byte says whether the voter signs the altered text
 * again, for otherwise the hash that is signed hides all behind it. Nothing is accepted but the
 * right ballot, or the same signed again.
 */
#include "made.h"

#include <stdlib.h>
#include <string.h>

#include "base/banned.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { AS_IT_IS, HASHED_AGAIN, SIGNED_AGAIN, WAYS };

static const char signature_key[] = ",\"signature\":";

/* Where the signature begins; n when there is none. */
static size_t unsigned_length(const char *text, size_t n)
{
    const char *at = memmem(text, n, signature_key, sizeof signature_key - 1);

    return at == NULL ? n : (size_t)(at - text);
}

/* The text up to its signature, and one that names its hash: new, or the right ballot's. */
static void sign(const struct made *made, bool again, const char *text, size_t n, struct buf *ret)
{
    const struct buf *right = &made->texts[MADE_BALLOT];
    struct paper paper = {0};

    buf_add(ret, text, n);
    require(hash_unsigned(text, n, paper.signed_hash));
    buf_printf(ret, "%s{\"hash\":\"%s\",\"proof\":", signature_key, paper.signed_hash);
    if (again) {
        char prefix[SIGNATURE_PREFIX];
        prefix_of_signature(&paper, prefix);
        proof_know_make(made->group, prefix, &made->card, &paper.signature);
        proof_write(&paper.signature, ret);
        buf_text(ret, "}}");
    } else {
        const char *proof = strstr(buf_string(right), "\"proof\":");
        require(proof != NULL);
        buf_text(ret, proof + strlen("\"proof\":"));
    }
    require(buf_ok(ret));
}

static bool accepts(const struct made *made, struct td_arena *arena, const char *text, size_t n)
{
    struct paper paper;

    return paper_read(made->group, arena, &made->election, NULL, text, n, &paper) == PAPER_RIGHT;
}

static void check_signed(const struct made *made, struct td_arena *arena, bool again,
                         const char *text, size_t n)
{
    const struct buf *right = &made->texts[MADE_BALLOT];
    size_t right_n = unsigned_length(buf_string(right), buf_length(right));
    struct buf whole;

    n = unsigned_length(text, n);
    buf_init(&whole, 2 * ARCHIVE_DATA_MAX);
    sign(made, again, text, n, &whole);
    bool same = n == right_n && memcmp(text, buf_string(right), n) == 0;
    require(accepts(made, arena, buf_string(&whole), buf_length(&whole)) == same);
    buf_release(&whole);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct made *made = made_once();
    unsigned way = size == 0 ? AS_IT_IS : data[0] % WAYS;
    struct td_arena *arena = td_arena_new(MADE_ARENA_MAX);
    size_t n = 0;

    require(arena != NULL);
    char *text = altered(&made->texts[MADE_BALLOT], data + (size > 0), size - (size > 0), &n);
    if (way == AS_IT_IS) {
        require(accepts(made, arena, text, n) == is_text(&made->texts[MADE_BALLOT], text, n));
    } else {
        check_signed(made, arena, way == SIGNED_AGAIN, text, n);
    }
    require(group_ok(made->group));
    free(text);
    td_arena_free(arena);
    return 0;
}
