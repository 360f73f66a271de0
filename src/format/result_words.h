/*
 * The words of thidua-result/1 for what the engine decided, and texts made of its messages.
 */
#ifndef FORMAT_RESULT_WORDS_H
#define FORMAT_RESULT_WORDS_H

#include "format/format.h"

#define RESULT_TEXT_MAX 65536 /* bytes of one message in words */

/* "eligible", "below_threshold", … */
const char *outcome_word(enum td_outcome outcome);

/* "sheet", "not_arisen", … */
const char *open_word(enum td_open_kind kind);

/* The reason in words: the regulation's own, or the engine's message. */
void reason_say(const struct td_reason *reason, const struct format_speech *speech,
                struct buf *out);

#endif
