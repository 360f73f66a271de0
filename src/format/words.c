/*
 * Words of the formats that are both read and written.
 */
#include "format/words.h"

#include "base/banned.h"

const struct word BASIS_WORDS[] = {
    {"assigned", TD_BASIS_ASSIGNED},           {"council", TD_BASIS_COUNCIL},
    {"own_plan", TD_BASIS_OWN_PLAN},           {"registered", TD_BASIS_REGISTERED},
    {"previous_year", TD_BASIS_PREVIOUS_YEAR}, {NULL, 0},
};

const struct word DECISION_WORDS[] = {
    {"count_without", true},
    {"wait", false},
    {NULL, 0},
};

const char *word_of(const struct word *words, int value)
{
    while (words->word != NULL && words->value != value) {
        words++;
    }
    return words->word;
}
