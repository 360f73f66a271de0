/*
 * From what the engine says to words: messages, numbers and dates in the reader's language.
 *
 * A language is chosen per request and handed down; there is no current language. The catalogues
 * are compiled in, so no file, locale or setting of the machine plays a part, and the same input
 * prints the same bytes everywhere.
 */
#ifndef LANGUAGE_LANGUAGE_H
#define LANGUAGE_LANGUAGE_H

#include "base/buf.h"
#include "language/catalogue.h"
#include "thidua/message.h"

#include <stdbool.h>

struct language;

/* The language of a code ("vi", "en"), or NULL. Lives for ever. */
const struct language *language_find(const char *code) __attribute__((nonnull));

/* The languages there are, by index from 0, Vietnamese first; NULL after the last. */
const struct language *language_at(size_t index);

/* Does the language write 945,43 and not 945.43? */
bool language_decimal_comma(const struct language *language) __attribute__((nonnull));

const char *language_code(const struct language *language) __attribute__((nonnull));

/* The language's catalogue, for whoever checks it. */
struct catalogue language_catalogue(const struct language *language) __attribute__((nonnull));

/* The words for a message id. An id that the catalogue doesn't have is its own text: ids are
 * English. */
const char *language_text(const struct language *language, const char *id)
    __attribute__((nonnull, returns_nonnull));

/* Append the message to `out`: its words with {0}..{5} replaced by the arguments, "{{" and "}}" by
 * one brace. A place without an argument stays as it is written. Numbers have their thousands
 * grouped, so a year is passed as text. A message whose id is NULL appends nothing. */
void language_message(const struct language *language, const struct td_message *message,
                      struct buf *out) __attribute__((nonnull));

/* Append one argument as language_message does. */
void language_argument(const struct language *language, const struct td_arg *arg, struct buf *out)
    __attribute__((nonnull));

/* Append with exactly its decimals: "1.000,50" in Vietnamese, "1,000.50" in English. */
void language_decimal(const struct language *language, struct td_decimal value, struct buf *out)
    __attribute__((nonnull));

/* Read a number that a person typed or pasted, blanks around it allowed: "12,5" and "12.5",
 * "1.250,5", "1,250.5", "1 250", "1.250.000", "-3". A point or comma that isn't the language's own
 * with three digits after it ("1.250" in Vietnamese) can be read in two ways: TD_E_INVALID.
 * Otherwise as td_decimal_parse: TD_E_SYNTAX, TD_E_DECIMALS, TD_E_RANGE. *ret is set on success
 * only. */
int language_read_decimal(const struct language *language, const char *text, struct td_decimal *ret)
    TD_MUST_CHECK __attribute__((nonnull));

/* Append exactly: as a decimal where it ends ("945,5"), otherwise "6543/7" without grouping. */
void language_fraction(const struct language *language, struct td_fraction value, struct buf *out)
    __attribute__((nonnull));

/* Append as percent: 3/10 is "30%". A value whose percent doesn't end is the fraction: "1/3". */
void language_percent(const struct language *language, struct td_fraction value, struct buf *out)
    __attribute__((nonnull));

/* Append "08/12/2024" in Vietnamese, "2024-12-08" in English; words when the date is not set. */
void language_date(const struct language *language, struct td_date value, struct buf *out)
    __attribute__((nonnull));

#endif
