/*
 * UTF-8 at the edges: see utf8.h. The only file that includes utf8proc.h.
 *
 * utf8proc's own allocating functions are not used: the work happens in the caller's arena, so that
 * its limit holds here too.
 */
#include "base/utf8.h"

#include <stdint.h>
#include <string.h>

#include <utf8proc.h>

#include "base/banned.h"

#define NFC_OPTIONS (UTF8PROC_STABLE | UTF8PROC_COMPOSE)

static bool is_continuation(unsigned char byte)
{
    return (byte & 0xC0U) == 0x80U;
}

/* The character at the beginning of n > 0 bytes, into *ret; answers its length in bytes, or 0 when
 * there is none. The bounds on the second byte (Unicode, table 3-7) are what keeps out overlong
 * forms, surrogates and what lies above U+10FFFF. */
static size_t decode(const unsigned char *bytes, size_t n, uint32_t *ret)
{
    unsigned char lead = bytes[0];

    if (lead < 0x80U) {
        *ret = lead;
        return 1;
    }
    if (lead < 0xC2U || lead > 0xF4U) {
        return 0;
    }
    size_t length = lead < 0xE0U ? 2 : lead < 0xF0U ? 3 : 4;
    if (n < length) {
        return 0;
    }
    unsigned char low = lead == 0xE0U ? 0xA0U : lead == 0xF0U ? 0x90U : 0x80U;
    unsigned char high = lead == 0xEDU ? 0x9FU : lead == 0xF4U ? 0x8FU : 0xBFU;
    if (bytes[1] < low || bytes[1] > high) {
        return 0;
    }
    uint32_t code = lead & (0x7FU >> length);
    for (size_t i = 1; i < length; i++) {
        if (!is_continuation(bytes[i])) {
            return 0;
        }
        code = code << 6 | (bytes[i] & 0x3FU);
    }
    *ret = code;
    return length;
}

bool utf8_valid(const char *bytes, size_t n)
{
    const unsigned char *at = (const unsigned char *)bytes;
    uint32_t code = 0;

    while (n > 0) {
        size_t length = decode(at, n, &code);
        if (length == 0) {
            return false;
        }
        at += length;
        n -= length;
    }
    return true;
}

/* Whether a reader can see the character, or see that it is there. */
static bool is_visible(uint32_t code)
{
    if (code == 0x200CU || code == 0x200DU) {
        return true; /* the joiners: they shape letters in Indic scripts and Khmer */
    }
    if ((code & 0xFFFEU) == 0xFFFEU || (code >= 0xFDD0U && code <= 0xFDEFU)) {
        return false; /* noncharacters */
    }
    switch ((int)utf8proc_category((utf8proc_int32_t)code)) {
    case UTF8PROC_CATEGORY_CC:
    case UTF8PROC_CATEGORY_CF:
    case UTF8PROC_CATEGORY_CO:
    case UTF8PROC_CATEGORY_CS:
    case UTF8PROC_CATEGORY_ZL:
    case UTF8PROC_CATEGORY_ZP:
        return false;
    default:
        return true;
    }
}

bool utf8_plain(const char *bytes, size_t n)
{
    const unsigned char *at = (const unsigned char *)bytes;
    uint32_t code = 0;

    while (n > 0) {
        size_t length = decode(at, n, &code);
        if (length == 0 || !is_visible(code)) {
            return false;
        }
        at += length;
        n -= length;
    }
    return true;
}

/* Whether a character, among others of this kind, is in normal form C as it stands. All of Latin
 * with the composed letters of Vietnamese is: so nearly every text of this program needs no work.
 * (A unit test holds these ranges against utf8proc.) */
static bool is_settled(uint32_t code)
{
    return code < 0x300U || (code >= 0x1E00U && code < 0x1F00U) ||
           (code >= 0x2010U && code <= 0x2027U);
}

/* Look through the text before it is normalised: TD_E_SYNTAX for what utf8_nfc refuses. */
static int examine(const char *bytes, size_t n, bool *ret_settled)
{
    const unsigned char *at = (const unsigned char *)bytes;
    bool settled = true;
    unsigned marks = 0;

    while (n > 0) {
        uint32_t code = 0;
        size_t length = decode(at, n, &code);
        if (length == 0 || code == 0) {
            return TD_E_SYNTAX;
        }
        if (is_settled(code)) {
            marks = 0;
        } else {
            settled = false;
            bool mark = utf8proc_get_property((utf8proc_int32_t)code)->combining_class != 0;
            marks = mark ? marks + 1 : 0;
            if (marks > UTF8_MARKS_MAX) {
                return TD_E_SYNTAX;
            }
        }
        at += length;
        n -= length;
    }
    *ret_settled = settled;
    return TD_OK;
}

int utf8_nfc(struct td_arena *arena, const char *bytes, size_t n, const char **ret)
{
    bool settled = false;

    int status = examine(bytes, n, &settled);
    if (status != TD_OK) {
        return status;
    }
    if (settled) {
        const char *copy = td_arena_text(arena, bytes, n);
        if (copy == NULL) {
            return TD_E_MEMORY;
        }
        *ret = copy;
        return TD_OK;
    }
    if (n > PTRDIFF_MAX / 64) {
        return TD_E_MEMORY; /* utf8proc counts in signed numbers, some twenty to a character */
    }
    const utf8proc_uint8_t *text = (const utf8proc_uint8_t *)bytes;
    utf8proc_ssize_t count = utf8proc_decompose(text, (utf8proc_ssize_t)n, NULL, 0, NFC_OPTIONS);
    if (count < 0) {
        return TD_E_SYNTAX;
    }
    /* utf8proc composes and encodes in place, and wants one byte more for the NUL. */
    utf8proc_int32_t *work = td_arena_alloc(arena, (size_t)count + 1, sizeof(*work));
    if (work == NULL) {
        return TD_E_MEMORY;
    }
    count = utf8proc_decompose(text, (utf8proc_ssize_t)n, work, count, NFC_OPTIONS);
    if (count < 0 || utf8proc_reencode(work, count, NFC_OPTIONS) < 0) {
        return TD_E_SYNTAX;
    }
    *ret = (const char *)work;
    return TD_OK;
}

int utf8_is_nfc(struct td_arena *arena, const char *bytes, size_t n, bool *ret)
{
    const char *normal = NULL;
    struct td_mark mark = td_arena_mark(arena);

    int status = utf8_nfc(arena, bytes, n, &normal);
    if (status == TD_OK) {
        *ret = strlen(normal) == n && (n == 0 || memcmp(normal, bytes, n) == 0);
    }
    td_arena_rewind(arena, mark);
    return status;
}

size_t utf8_width(const char *text)
{
    const unsigned char *at = (const unsigned char *)text;
    size_t left = strlen(text);
    size_t width = 0;

    while (left > 0) {
        uint32_t code = 0;
        size_t length = decode(at, left, &code);
        if (length == 0) {
            length = 1;
            width++;
        } else {
            int columns = utf8proc_charwidth((utf8proc_int32_t)code);
            width += columns > 0 ? (size_t)columns : 0;
        }
        at += length;
        left -= length;
    }
    return width;
}
