/*
 * Words of the formats that are both read and written.
 */
#ifndef FORMAT_WORDS_H
#define FORMAT_WORDS_H

#include "format/json.h"

/* enum td_basis */
extern const struct word BASIS_WORDS[];

/* Whether a missing sheet is counted without. */
extern const struct word DECISION_WORDS[];

/* The word of a value that the table has. */
const char *word_of(const struct word *words, int value);

#endif
