/*
 * Words for what the engine decided; the enumerations and the format agree here and nowhere else.
 */
#include "format/result_words.h"

#include "base/banned.h"

const char *outcome_word(enum td_outcome outcome)
{
    switch (outcome) {
    case TD_ELIGIBLE:
        return "eligible";
    case TD_LOWERED:
        return "lowered";
    case TD_BELOW_THRESHOLD:
        return "below_threshold";
    case TD_PENDING:
        return "pending";
    case TD_DEFERRED:
        return "deferred";
    case TD_EXCLUDED:
        return "excluded";
    }
    return "";
}

const char *open_word(enum td_open_kind kind)
{
    switch (kind) {
    case TD_OPEN_SHEET:
        return "sheet";
    case TD_OPEN_EMPTY:
        return "empty";
    case TD_OPEN_TIER:
        return "tier";
    case TD_OPEN_TARGET:
        return "target";
    case TD_OPEN_RESULT:
        return "result";
    case TD_OPEN_NOT_ARISEN:
        return "not_arisen";
    case TD_OPEN_REASON:
        return "reason";
    case TD_OPEN_RATERS:
        return "raters";
    case TD_OPEN_FACT:
        return "fact";
    case TD_OPEN_QUOTA:
        return "quota";
    case TD_OPEN_SELECTION:
        return "selection";
    case TD_OPEN_TIE:
        return "tie";
    case TD_OPEN_HONOUR:
        return "honour";
    case TD_OPEN_VOTE:
        return "vote";
    }
    return "";
}

void reason_say(const struct td_reason *reason, const struct format_speech *speech, struct buf *out)
{
    if (reason->text.id != NULL) {
        speech->say(speech->context, &reason->text, out);
    } else if (reason->words != NULL) {
        buf_text(out, reason->words);
    }
}
