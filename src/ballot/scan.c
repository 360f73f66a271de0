/*
 * Reading texts that have one right form only: see scan.h.
 */
#include "ballot/scan.h"

#include "base/utf8.h"

#include <stdint.h>
#include <string.h>

#include "base/banned.h"

struct scan scan_of(struct group *group, struct td_arena *arena, const char *bytes, size_t n)
{
    return (struct scan){.at = bytes, .end = bytes + n, .group = group, .arena = arena};
}

bool scan_try(struct scan *scan, const char *literal)
{
    size_t n = strlen(literal);

    if (scan->failed || (size_t)(scan->end - scan->at) < n || memcmp(scan->at, literal, n) != 0) {
        return false;
    }
    scan->at += n;
    return true;
}

void scan_literal(struct scan *scan, const char *literal)
{
    if (!scan_try(scan, literal)) {
        scan->failed = true;
    }
}

/* How many digits are next. */
static size_t digits(const struct scan *scan)
{
    size_t n = 0;

    while (!scan->failed && scan->at + n < scan->end && scan->at[n] >= '0' && scan->at[n] <= '9') {
        n++;
    }
    return n;
}

void scan_element(struct scan *scan, struct element *ret)
{
    *ret = (struct element){0};
    scan_literal(scan, "\"");
    size_t n = digits(scan);
    if (scan->failed || !element_read(scan->group, scan->at, n, ret)) {
        scan->failed = true;
        return;
    }
    scan->at += n;
    scan_literal(scan, "\"");
}

void scan_scalar(struct scan *scan, struct scalar *ret)
{
    *ret = (struct scalar){0};
    scan_literal(scan, "\"");
    size_t n = digits(scan);
    if (scan->failed || !scalar_read(scan->at, n, ret)) {
        scan->failed = true;
        return;
    }
    scan->at += n;
    scan_literal(scan, "\"");
}

unsigned scan_count(struct scan *scan, unsigned max)
{
    size_t n = digits(scan);
    uint64_t value = 0;

    if (n == 0 || n > 9 || (n > 1 && scan->at[0] == '0')) {
        scan->failed = true;
        return 0;
    }
    for (size_t i = 0; i < n; i++) {
        value = value * 10 + (uint64_t)(scan->at[i] - '0');
    }
    if (value > max) {
        scan->failed = true;
        return 0;
    }
    scan->at += n;
    return (unsigned)value;
}

static int hex_value(char c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    if (c >= 'a' && c <= 'f') {
        return c - 'a' + 10;
    }
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* \u and four digits of a character outside ASCII, as UTF-8: 2 or 3 bytes, 0 when it is none.
 * Halves of a pair are refused later, as what is no UTF-8. */
static size_t unescape_unicode(const char *at, char *to)
{
    unsigned value = 0;

    for (int i = 0; i < 4; i++) {
        int digit = hex_value(at[i]);
        if (digit < 0) {
            return 0;
        }
        value = value * 16 + (unsigned)digit;
    }
    if (value < 0x80) {
        to[0] = (char)value;
        return 1;
    }
    if (value < 0x800) {
        to[0] = (char)(0xC0 | (value >> 6));
        to[1] = (char)(0x80 | (value & 0x3F));
        return 2;
    }
    to[0] = (char)(0xE0 | (value >> 12));
    to[1] = (char)(0x80 | ((value >> 6) & 0x3F));
    to[2] = (char)(0x80 | (value & 0x3F));
    return 3;
}

/* What follows a backslash, as bytes; *ret_read is how much of the text it took, 0 when bad. */
static size_t unescape(const char *at, size_t left, char *to, size_t *ret_read)
{
    *ret_read = 1;
    if (left >= 1 && (at[0] == '"' || at[0] == '\\' || at[0] == '/')) {
        to[0] = at[0];
        return 1;
    }
    if (left >= 5 && at[0] == 'u') {
        size_t n = unescape_unicode(at + 1, to);
        *ret_read = n == 0 ? 0 : 5;
        return n;
    }
    *ret_read = 0;
    return 0;
}

const char *scan_string(struct scan *scan, size_t max)
{
    scan_literal(scan, "\"");
    size_t left = (size_t)(scan->end - scan->at), n = 0;
    size_t room = (left < max ? left : max) + 4; /* one escape is at most 3 bytes */

    if (scan->failed) {
        return "";
    }
    char *text = td_arena_alloc(scan->arena, room, 1);
    if (text == NULL) {
        group_fail(scan->group);
        scan->failed = true;
        return "";
    }
    while (scan->at < scan->end && *scan->at != '"' && n <= max) {
        size_t taken = 1;
        if (*scan->at == '\\') {
            scan->at++;
            n += unescape(scan->at, (size_t)(scan->end - scan->at), text + n, &taken);
        } else {
            text[n++] = *scan->at;
        }
        if (taken == 0) {
            scan->failed = true;
            return "";
        }
        scan->at += taken;
    }
    scan_literal(scan, "\"");
    if (n > max || !utf8_plain(text, n)) {
        scan->failed = true;
        return "";
    }
    text[n] = '\0';
    return text;
}

bool scan_done(const struct scan *scan)
{
    return !scan->failed && scan->at == scan->end && group_ok(scan->group);
}
