/*
 * A trustee's decryption with any part replaced: nothing is accepted but the right one.
 */
#include "made.h"

#include <stdlib.h>

#include "base/banned.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct made *made = made_once();
    const struct buf *right = &made->texts[MADE_DECRYPTION];
    struct td_arena *arena = td_arena_new(MADE_ARENA_MAX);
    struct decryption decryption;
    size_t n = 0;

    require(arena != NULL);
    char *text = altered(right, data, size, &n);
    bool accepted = decryption_read(made->group, arena, &made->election, &made->tally,
                                    &made->trustee, text, n, &decryption);
    require(accepted == is_text(right, text, n));
    require(group_ok(made->group));
    free(text);
    td_arena_free(arena);
    return 0;
}
