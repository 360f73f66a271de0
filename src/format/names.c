/*
 * Ids of a list: found by hash, and the nearest of them for one that is not there.
 */
#include "format/json.h"

#include <stdlib.h>
#include <string.h>

#include "base/banned.h"

#define SHOWN_MAX 12    /* names that a remedy lists */
#define COMPARED_MAX 64 /* bytes of a name that are compared */

void names_init(struct names *names, struct reader *r, int32_t limit)
{
    uint32_t slots = 8;

    while (slots < (uint32_t)limit * 2) {
        slots *= 2;
    }
    *names = (struct names){.mask = slots - 1};
    names->ids = reader_alloc(r, (size_t)limit, sizeof *names->ids);
    names->slots = reader_alloc(r, slots, sizeof *names->slots);
    if (names->ids == NULL || names->slots == NULL) {
        names->slots = NULL;
    }
}

/* FNV-1a. */
static uint32_t hash(const char *id)
{
    uint32_t h = 2166136261u;

    for (; *id != '\0'; id++) {
        h = (h ^ (unsigned char)*id) * 16777619u;
    }
    return h ^ h >> 15;
}

int32_t names_find(const struct names *names, const char *id)
{
    if (names->slots == NULL) {
        return TD_NONE;
    }
    for (uint32_t i = hash(id) & names->mask; names->slots[i] != 0; i = (i + 1) & names->mask) {
        if (strcmp(names->ids[names->slots[i] - 1], id) == 0) {
            return names->slots[i] - 1;
        }
    }
    return TD_NONE;
}

int32_t names_add(struct names *names, const char *id)
{
    if (names->slots == NULL) {
        return TD_NONE;
    }
    int32_t index = names->count++;
    names->ids[index] = id;
    if (id == NULL) {
        return TD_NONE;
    }
    uint32_t i = hash(id) & names->mask;
    for (; names->slots[i] != 0; i = (i + 1) & names->mask) {
        if (strcmp(names->ids[names->slots[i] - 1], id) == 0) {
            return names->slots[i] - 1;
        }
    }
    names->slots[i] = index + 1;
    return TD_NONE;
}

void twice_at(struct reader *r, const struct at *at, const char *id)
{
    const char *copy = reader_listens(r) ? reader_text(r, id, strlen(id)) : "";

    problem_at(r, at, TD_MESSAGE("“{0}” stands twice in the list", TD_TEXT(copy)),
               TD_WORDS("give each its own"));
}

void names_of_list(struct names *names, struct reader *r, const struct at *list, const char *key,
                   int32_t limit)
{
    int32_t count = list_count(list, limit);

    names_init(names, r, count);
    for (int32_t i = 0; i < count; i++) {
        struct at element = element_of(list, (size_t)i);
        struct at at = member_of(&element, key, json_object_get(element.json, key));
        const char *id = json_string_value(at.json);
        if (names_add(names, id) != TD_NONE) {
            twice_at(r, &at, id);
        }
    }
}

/* ---- the nearest ----------------------------------------------------------------------------- */

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* Insertions, deletions and replacements between two texts; capitals don't count. */
static unsigned distance(const char *a, size_t m, const char *b, size_t n)
{
    unsigned row[COMPARED_MAX + 1];

    for (size_t j = 0; j <= n; j++) {
        row[j] = (unsigned)j;
    }
    for (size_t i = 1; i <= m; i++) {
        unsigned corner = row[0]; /* of the row above, one to the left */
        row[0] = (unsigned)i;
        for (size_t j = 1; j <= n; j++) {
            unsigned above = row[j];
            unsigned least = corner + (lower(a[i - 1]) != lower(b[j - 1]));
            least = above + 1 < least ? above + 1 : least;
            row[j] = row[j - 1] + 1 < least ? row[j - 1] + 1 : least;
            corner = above;
        }
    }
    return row[n];
}

/* The known text that this one may have been meant to be, or NULL. */
static const char *nearest(const char *text, const char *const *known, size_t count)
{
    const char *best = NULL;
    size_t m = strlen(text);

    if (m > COMPARED_MAX) {
        return NULL;
    }
    unsigned bound = (unsigned)(m / 3 + 1);
    for (size_t i = 0; i < count; i++) {
        size_t n = known[i] == NULL ? 0 : strlen(known[i]);
        if (n == 0 || n > COMPARED_MAX || (n > m ? n - m : m - n) >= bound + (best == NULL)) {
            continue;
        }
        unsigned d = distance(text, m, known[i], n);
        if (d < bound + (best == NULL) && d < (m > n ? m : n)) {
            bound = d;
            best = known[i];
        }
    }
    return best;
}

static struct td_message list_all(struct reader *r, const char *const *known, size_t count)
{
    struct buf text;
    size_t shown = 0;
    struct td_message message = NO_REMEDY;

    buf_init(&text, (size_t)SHOWN_MAX * (FORMAT_ID_MAX + 2));
    for (size_t i = 0; i < count && shown <= SHOWN_MAX; i++) {
        if (known[i] == NULL) {
            continue;
        }
        if (shown++ == SHOWN_MAX) {
            buf_text(&text, ", …");
        } else {
            buf_text(&text, shown > 1 ? ", " : "");
            buf_text(&text, known[i]);
        }
    }
    if (shown == 0) {
        message = TD_WORDS("there are none");
    } else if (buf_ok(&text)) {
        const char *all = reader_text(r, buf_string(&text), buf_length(&text));
        message = TD_MESSAGE("known here: {0}", TD_TEXT(all));
    }
    buf_release(&text);
    return message;
}

struct td_message remedy_of(struct reader *r, const char *text, const char *const *known,
                            size_t count)
{
    if (!reader_listens(r)) {
        return NO_REMEDY;
    }
    const char *near = nearest(text, known, count);
    if (near == NULL) {
        return list_all(r, known, count);
    }
    return TD_MESSAGE("did you mean “{0}”?", TD_TEXT(reader_text(r, near, strlen(near))));
}
