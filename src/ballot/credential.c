/*
 * Voting cards: see credential.h.
 */
#include "ballot/credential.h"

#include "ballot/digest.h"
#include "ballot/scan.h"

#include <stdlib.h>
#include <string.h>

#include "base/banned.h"

#define BASE 58U
#define DIGITS 14U
#define CHECK 53U /* the check digit makes the number divisible by it */
#define GROUP_OF 3U

static const char alphabet[] = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

/* 14 digits of a random scalar; what 2^256 leaves uneven is less than 2^-170. */
static void random_digits(struct group *group, unsigned char ret[static DIGITS])
{
    struct scalar x;

    scalar_random(group, &x);
    for (size_t i = 0; i < DIGITS; i++) {
        unsigned rest = 0;
        for (size_t j = 0; j < SCALAR_BYTES; j++) {
            unsigned value = rest * 256 + x.bytes[j];
            x.bytes[j] = (unsigned char)(value / BASE);
            rest = value % BASE;
        }
        ret[i] = (unsigned char)rest;
    }
    scalar_wipe(&x);
}

static unsigned check_digit(const unsigned char digits[static DIGITS])
{
    unsigned rest = 0;

    for (size_t i = 0; i < DIGITS; i++) {
        rest = (rest * BASE + digits[i]) % CHECK;
    }
    return CHECK - rest;
}

void token_new(struct group *group, char ret[static TOKEN_TEXT])
{
    unsigned char digits[DIGITS];

    random_digits(group, digits);
    for (size_t i = 0; i < DIGITS; i++) {
        ret[i] = alphabet[digits[i]];
    }
    ret[DIGITS] = '\0';
}

bool token_valid(const char *token)
{
    return strlen(token) == DIGITS && strspn(token, alphabet) == DIGITS;
}

void card_new(struct group *group, char ret[static CARD_TEXT])
{
    unsigned char digits[DIGITS + 1];
    size_t n = 0;

    random_digits(group, digits);
    digits[DIGITS] = (unsigned char)check_digit(digits);
    for (size_t i = 0; i <= DIGITS; i++) {
        if (i > 0 && i % GROUP_OF == 0) {
            ret[n++] = '-';
        }
        ret[n++] = alphabet[digits[i]];
    }
    ret[n] = '\0';
    explicit_bzero(digits, sizeof digits);
}

bool card_valid(const char *card)
{
    unsigned char digits[DIGITS + 1];
    size_t n = 0;

    if (strlen(card) != CARD_TEXT - 1) {
        return false;
    }
    for (size_t i = 0; i < CARD_TEXT - 1; i++) {
        if (i % (GROUP_OF + 1) == GROUP_OF) {
            if (card[i] != '-') {
                return false;
            }
            continue;
        }
        const char *found = strchr(alphabet, card[i]);
        if (found == NULL) {
            return false;
        }
        digits[n++] = (unsigned char)(found - alphabet);
    }
    bool valid = digits[DIGITS] == check_digit(digits);
    explicit_bzero(digits, sizeof digits);
    return valid;
}

void card_secret(struct group *group, const char *card, const char *uuid, struct scalar *ret)
{
    unsigned char bytes[DIGEST_BYTES];

    if (!digest_derive(card, uuid, bytes)) {
        group_fail(group);
    }
    scalar_reduce(bytes, ret);
    explicit_bzero(bytes, sizeof bytes);
}

/* ---- lists ----------------------------------------------------------------------------------- */

static int compare(const void *a, const void *b)
{
    return element_compare(a, b);
}

void credentials_sort(struct credentials *credentials)
{
    qsort(credentials->items, credentials->count, sizeof *credentials->items, compare);
}

bool credentials_hold(const struct credentials *credentials, const struct element *credential,
                      size_t *ret_index)
{
    for (size_t i = 0; i < credentials->count; i++) {
        if (element_equal(&credentials->items[i], credential)) {
            if (ret_index != NULL) {
                *ret_index = i;
            }
            return true;
        }
    }
    return false;
}

void credentials_write(struct group *group, const struct credentials *credentials, struct buf *to)
{
    buf_char(to, '[');
    for (size_t i = 0; i < credentials->count; i++) {
        buf_text(to, i == 0 ? "\"" : ",\"");
        element_write(group, &credentials->items[i], to);
        buf_char(to, '"');
    }
    buf_char(to, ']');
}

/* Two that are equal lie side by side when they are sorted. */
static bool all_differ(struct td_arena *arena, const struct credentials *credentials)
{
    struct td_mark mark = td_arena_mark(arena);
    struct credentials sorted = {credentials->count, NULL};
    bool differ = true;

    sorted.items = td_arena_alloc(arena, sorted.count, sizeof *sorted.items);
    if (sorted.items == NULL) {
        return false;
    }
    memcpy(sorted.items, credentials->items, sorted.count * sizeof *sorted.items);
    credentials_sort(&sorted);
    for (size_t i = 1; i < sorted.count; i++) {
        differ = differ && !element_equal(&sorted.items[i - 1], &sorted.items[i]);
    }
    td_arena_rewind(arena, mark);
    return differ;
}

bool credentials_read(struct group *group, struct td_arena *arena, const char *bytes, size_t n,
                      struct credentials *ret)
{
    struct scan scan = scan_of(group, arena, bytes, n);
    size_t commas = 0;
    struct element one;

    element_one(&one);
    for (size_t i = 0; i < n; i++) {
        commas += bytes[i] == ',';
    }
    if (commas >= CREDENTIALS_MAX) {
        return false;
    }
    *ret = (struct credentials){0, td_arena_alloc(arena, commas + 1, sizeof *ret->items)};
    scan_literal(&scan, "[");
    if (ret->items == NULL) {
        return false;
    }
    do {
        struct element *item = &ret->items[ret->count++];
        scan_element(&scan, item);
        if (scan.failed || element_equal(item, &one) || !element_member(group, item)) {
            return false;
        }
    } while (ret->count <= commas && scan_try(&scan, ","));
    scan_literal(&scan, "]");
    return scan_done(&scan) && all_differ(arena, ret);
}
