/*
 * A result as a table that Excel, LibreOffice and people can open.
 */
#include "format/result_words.h"

#include <string.h>

#include "base/banned.h"

struct table {
    const struct td_regulation *regulation;
    const struct td_year *year;
    const struct td_result *result;
    const struct format_speech *speech;
    struct buf *out;
    struct buf cell; /* of the cell that is being filled */
    int status;
    bool first; /* of its line */
};

/* Would a spreadsheet compute this text? Then an apostrophe keeps it a text. */
static bool is_formula(const char *text)
{
    return text[0] != '\0' && strchr("=+-@\t\r", text[0]) != NULL;
}

static void part_cells(struct table *t)
{
    if (!t->first) {
        buf_char(t->out, t->speech->decimal_comma ? ';' : ',');
    }
    t->first = false;
}

/* RFC 4180: quoted where it holds a separator, a quote or a line end; quotes are doubled. */
static void put_text(struct table *t, const char *text)
{
    bool guarded = is_formula(text);
    bool quoted = strpbrk(text, ",;\"\r\n") != NULL;

    part_cells(t);
    if (quoted) {
        buf_char(t->out, '"');
    }
    if (guarded) {
        buf_char(t->out, '\'');
    }
    for (const char *c = text; *c != '\0'; c++) {
        if (*c == '"') {
            buf_char(t->out, '"');
        }
        buf_char(t->out, *c);
    }
    if (quoted) {
        buf_char(t->out, '"');
    }
}

/* Numbers of ours: nothing to quote, and a minus is no formula. */
static void put_number(struct table *t, const char *digits)
{
    part_cells(t);
    for (const char *c = digits; *c != '\0'; c++) {
        if (*c == '/') {
            buf_text(t->out, " ÷ ");
        } else {
            buf_char(t->out, *c == '.' && t->speech->decimal_comma ? ',' : *c);
        }
    }
}

static void put_cell(struct table *t)
{
    if (!buf_ok(&t->cell)) {
        t->status = buf_status(&t->cell);
    }
    put_text(t, buf_string(&t->cell));
    buf_clear(&t->cell);
}

static void put_message(struct table *t, struct td_message message)
{
    t->speech->say(t->speech->context, &message, &t->cell);
    put_cell(t);
}

static void end_line(struct table *t)
{
    buf_text(t->out, "\r\n");
    t->first = true;
}

static struct td_message outcome_message(enum td_outcome outcome)
{
    switch (outcome) {
    case TD_ELIGIBLE:
        return TD_WORDS("eligible");
    case TD_LOWERED:
        return TD_WORDS("lowered");
    case TD_BELOW_THRESHOLD:
        return TD_WORDS("below the threshold");
    case TD_PENDING:
        return TD_WORDS("pending");
    case TD_DEFERRED:
        return TD_WORDS("deferred");
    case TD_EXCLUDED:
        return TD_WORDS("excluded");
    }
    return TD_WORDS("pending");
}

static void put_heads(struct table *t)
{
    put_message(t, TD_WORDS("Rank"));
    put_message(t, TD_WORDS("Code"));
    put_message(t, TD_WORDS("Unit"));
    put_message(t, TD_WORDS("Exact score"));
    put_message(t, TD_WORDS("Score"));
    put_message(t, TD_WORDS("Provisional"));
    put_message(t, TD_WORDS("Outcome"));
    put_message(t, TD_WORDS("Reasons"));
    put_message(t, TD_WORDS("Proposed for"));
    end_line(t);
}

static void put_reasons(struct table *t, const struct td_reason *reasons)
{
    for (const struct td_reason *reason = reasons; reason != NULL; reason = reason->next) {
        if (reason != reasons) {
            buf_text(&t->cell, "; ");
        }
        reason_say(reason, t->speech, &t->cell);
        if (reason->clause != NULL) {
            buf_printf(&t->cell, " [%s]", reason->clause);
        }
    }
    put_cell(t);
}

static void put_proposals(struct table *t, int32_t unit)
{
    for (int32_t i = 0; i < t->result->proposal_count; i++) {
        const struct td_proposal *proposal = &t->result->proposals[i];
        if (proposal->unit != unit) {
            continue;
        }
        if (buf_length(&t->cell) > 0) {
            buf_text(&t->cell, "; ");
        }
        buf_text(&t->cell, t->regulation->awards[proposal->award].title);
    }
    put_cell(t);
}

static void put_unit(struct table *t, int32_t unit)
{
    const struct td_unit_result *result = &t->result->units[unit];
    char exact[TD_FRACTION_TEXT];
    char shown[TD_DECIMAL_TEXT];

    (void)td_fraction_print(result->exact, exact);
    (void)td_decimal_print(result->shown, shown);
    part_cells(t);
    buf_printf(t->out, "%d", result->rank);
    put_text(t, t->year->members[unit].code);
    put_text(t, t->year->members[unit].name);
    put_number(t, exact);
    put_number(t, shown);
    if (result->provisional) {
        put_message(t, TD_WORDS("yes"));
    } else {
        put_text(t, "");
    }
    put_message(t, outcome_message(result->outcome));
    put_reasons(t, result->reasons);
    put_proposals(t, unit);
    end_line(t);
}

int format_result_csv(const struct td_regulation *regulation, const struct td_year *year,
                      const struct td_result *result, const struct format_speech *speech,
                      struct buf *out)
{
    struct table t = {.regulation = regulation,
                      .year = year,
                      .result = result,
                      .speech = speech,
                      .out = out,
                      .first = true};

    buf_init(&t.cell, RESULT_TEXT_MAX);
    buf_text(out, "\xEF\xBB\xBF");
    put_heads(&t);
    for (int32_t i = 0; i < result->unit_count; i++) {
        put_unit(&t, result->order[i]);
    }
    buf_release(&t.cell);
    return t.status < 0 ? t.status : buf_status(out);
}
