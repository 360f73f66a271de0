/*
 * The .mo format (GNU gettext manual, "The Format of GNU MO Files"): a head of seven 32-bit words,
 * a table of (length, offset) for the ids sorted by their bytes, and one for the translations. The
 * hash table at the end is not needed.
 */
#include "language/catalogue.h"

#include <stdint.h>
#include <string.h>

#include "base/banned.h"

#define MO_MAGIC 0x950412deU
#define MO_HEAD 28 /* bytes */
#define MO_PAIR 8  /* bytes of one (length, offset) */

/* Places of words in the head. */
#define MO_REVISION 4
#define MO_COUNT 8
#define MO_IDS 12
#define MO_TEXTS 16

/* The caller has checked that the word lies within the bytes. */
static uint32_t word_at(struct catalogue catalogue, size_t offset)
{
    const unsigned char *p = catalogue.bytes + offset;

    return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

/* The text of one (length, offset) pair, or NULL when it or its final NUL lies outside. */
static const char *text_at(struct catalogue catalogue, size_t pair)
{
    size_t length = word_at(catalogue, pair);
    size_t offset = word_at(catalogue, pair + 4);

    if (offset >= catalogue.size || length >= catalogue.size - offset) {
        return NULL;
    }
    if (catalogue.bytes[offset + length] != '\0') {
        return NULL;
    }
    return (const char *)(catalogue.bytes + offset);
}

size_t catalogue_count(struct catalogue catalogue)
{
    if (catalogue.size < MO_HEAD || word_at(catalogue, 0) != MO_MAGIC) {
        return 0;
    }
    /* Major revisions 0 and 1 have the same tables. */
    if (word_at(catalogue, MO_REVISION) >> 16 > 1) {
        return 0;
    }
    size_t count = word_at(catalogue, MO_COUNT);
    size_t ids = word_at(catalogue, MO_IDS);
    size_t texts = word_at(catalogue, MO_TEXTS);
    if (ids > catalogue.size || (catalogue.size - ids) / MO_PAIR < count) {
        return 0;
    }
    if (texts > catalogue.size || (catalogue.size - texts) / MO_PAIR < count) {
        return 0;
    }
    return count;
}

bool catalogue_entry(struct catalogue catalogue, size_t index, const char **ret_id,
                     const char **ret_text)
{
    if (index >= catalogue_count(catalogue)) {
        return false;
    }
    const char *id = text_at(catalogue, word_at(catalogue, MO_IDS) + index * MO_PAIR);
    const char *text = text_at(catalogue, word_at(catalogue, MO_TEXTS) + index * MO_PAIR);
    if (id == NULL || text == NULL) {
        return false;
    }
    *ret_id = id;
    *ret_text = text;
    return true;
}

const char *catalogue_find(struct catalogue catalogue, const char *id)
{
    size_t low = 0;
    size_t high = catalogue_count(catalogue);

    if (high == 0) {
        return NULL;
    }
    size_t ids = word_at(catalogue, MO_IDS);
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const char *found = text_at(catalogue, ids + middle * MO_PAIR);
        if (found == NULL) {
            return NULL;
        }
        int order = strcmp(id, found);
        if (order == 0) {
            return text_at(catalogue, word_at(catalogue, MO_TEXTS) + middle * MO_PAIR);
        }
        if (order < 0) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    return NULL;
}
