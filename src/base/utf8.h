/*
 * UTF-8 at the edges: text that comes in is checked and normalised here once, and is trusted after.
 *
 * Vietnamese can be typed composed ("ế" as one code point) or decomposed ("e" and two marks). Both
 * look the same, so without normalising, two names would be equal to the eye and different to the
 * program. utf8.c is the only file that knows utf8proc.
 *
 * Nothing here depends on the locale.
 */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include "thidua/arena.h"
#include "thidua/status.h"

#include <stdbool.h>
#include <stddef.h>

/* More marks in a row than this on one letter are refused by utf8_nfc: no language writes them,
 * and sorting a long row takes time by its square. The figure is that of Unicode's Stream-Safe
 * Text Format (UAX #15). */
#define UTF8_MARKS_MAX 30

/* Whether all n bytes are well-formed UTF-8: no truncated or overlong sequence, no surrogate,
 * nothing above U+10FFFF. NUL counts as a character like another. Nothing (n 0) is valid. */
bool utf8_valid(const char *bytes, size_t n);

/* Whether the text is fit for a name or a title on one line: valid, and without anything that
 * can't be seen. That is: no control character at all (no tab or line end either), no line or
 * paragraph separator, no mark of direction or other invisible format (zero-width joiner and
 * non-joiner excepted, which scripts need), no private-use character or noncharacter. Spaces,
 * wherever they stand, are allowed, and so is nothing at all. */
bool utf8_plain(const char *bytes, size_t n);

/* The text in Unicode's normal form C, NUL-terminated, in the arena. A copy is made even when
 * nothing changes. TD_E_SYNTAX: not valid UTF-8, or holds a NUL, or more than UTF8_MARKS_MAX marks
 * in a row. TD_E_MEMORY. *ret is set on success only. */
int utf8_nfc(struct td_arena *arena, const char *bytes, size_t n, const char **ret)
    __attribute__((nonnull(1, 4))) TD_MUST_CHECK;

/* Whether the text already is what utf8_nfc would make of it. Errors as there. The arena is used
 * for the work and left as it was. */
int utf8_is_nfc(struct td_arena *arena, const char *bytes, size_t n, bool *ret)
    __attribute__((nonnull(1, 4))) TD_MUST_CHECK;

/* Columns that the text takes on a terminal: two for an East Asian wide character, none for a
 * combining mark or a control character, otherwise one. A byte that is not UTF-8 takes one. */
size_t utf8_width(const char *text) __attribute__((nonnull));

#endif
