/*
 * A result as thidua-result/1, for other programs.
 */
#include "format/json.h"
#include "format/result_words.h"

#include "base/banned.h"

struct writer {
    const struct td_regulation *regulation;
    const struct td_year *year;
    const struct td_result *result;
    const struct format_speech *speech;
    struct buf text; /* of the message that is being put into words */
    bool failed;     /* something could not be made: the machine has no memory */
};

/* ---- values ---------------------------------------------------------------------------------- */

/* A value that could not be made is NULL here, and jansson says no to it. */
static void put(struct writer *w, json_t *object, const char *key, json_t *value)
{
    if (json_object_set_new(object, key, value) < 0) {
        w->failed = true;
    }
}

static void append(struct writer *w, json_t *list, json_t *value)
{
    if (json_array_append_new(list, value) < 0) {
        w->failed = true;
    }
}

static void put_text(struct writer *w, json_t *object, const char *key, const char *text)
{
    put(w, object, key, json_string(text));
}

/* Left out where there is none. */
static void put_text_if(struct writer *w, json_t *object, const char *key, const char *text)
{
    if (text != NULL) {
        put_text(w, object, key, text);
    }
}

static void put_said(struct writer *w, json_t *object, const char *key)
{
    if (!buf_ok(&w->text)) {
        w->failed = true;
    }
    put(w, object, key, json_stringn(buf_string(&w->text), buf_length(&w->text)));
    buf_clear(&w->text);
}

static void put_message(struct writer *w, json_t *object, const char *key,
                        const struct td_message *message)
{
    if (message->id != NULL) {
        w->speech->say(w->speech->context, message, &w->text);
    }
    put_said(w, object, key);
}

static void put_fraction(struct writer *w, json_t *object, const char *key,
                         struct td_fraction value)
{
    char text[TD_FRACTION_TEXT];

    (void)td_fraction_print(value, text);
    put_text(w, object, key, text);
}

static void put_decimal(struct writer *w, json_t *object, const char *key, struct td_decimal value)
{
    char text[TD_DECIMAL_TEXT];

    (void)td_decimal_print(value, text);
    put_text(w, object, key, text);
}

/* Points in item units, without zeros at the end. */
static void put_points(struct writer *w, json_t *object, const char *key, int64_t units)
{
    struct td_decimal points = {.units = units, .decimals = w->regulation->scale.item_decimals};
    char text[TD_DECIMAL_TEXT];

    (void)td_decimal_print_short(points, text);
    put_text(w, object, key, text);
}

static void put_percent(struct writer *w, json_t *object, const char *key,
                        struct td_fraction percent)
{
    struct td_decimal rounded;

    if (td_fraction_round(percent, 2, TD_ROUND_HALF_UP, &rounded) < 0) {
        put_fraction(w, object, key, percent);
    } else {
        put_decimal(w, object, key, rounded);
    }
}

static const char *code_of(const struct writer *w, int32_t unit)
{
    return w->year->members[unit].code;
}

static json_t *codes_of(struct writer *w, const int32_t *units, int32_t count)
{
    json_t *codes = json_array();

    for (int32_t i = 0; i < count; i++) {
        append(w, codes, json_string(code_of(w, units[i])));
    }
    return codes;
}

/* ---- open questions -------------------------------------------------------------------------- */

static void put_rater(struct writer *w, json_t *object, int32_t stage, int32_t rater)
{
    if (stage == TD_NONE || rater == TD_NONE) {
        return;
    }
    switch (w->regulation->stages[stage].rater) {
    case TD_RATER_SELF:
    case TD_RATER_OTHERS:
    case TD_RATER_HEAD:
        put_text(w, object, "rater", code_of(w, rater));
        break;
    case TD_RATER_PANEL:
        put_text(w, object, "rater", w->year->panel[stage][rater]);
        break;
    case TD_RATER_BODY:
        break;
    }
}

static json_t *pending_of(struct writer *w, const struct td_open *open)
{
    const struct td_regulation *regulation = w->regulation;
    json_t *object = json_object();

    put_text(w, object, "kind", open_word(open->kind));
    if (open->unit != TD_NONE) {
        put_text(w, object, "unit", code_of(w, open->unit));
    }
    if (open->stage != TD_NONE) {
        put_text(w, object, "stage", regulation->stages[open->stage].id);
    }
    put_rater(w, object, open->stage, open->rater);
    if (open->item != TD_NONE) {
        put_text(w, object, "item", regulation->nodes[regulation->items[open->item].node].id);
    }
    if (open->fact != TD_NONE) {
        put_text(w, object, "fact", regulation->facts[open->fact].id);
    }
    if (open->award != TD_NONE) {
        put_text(w, object, "award", regulation->awards[open->award].id);
    }
    put_message(w, object, "text", &open->text);
    put_text_if(w, object, "clause", open->clause);
    return object;
}

/* ---- units ----------------------------------------------------------------------------------- */

static json_t *reasons_of(struct writer *w, const struct td_reason *reasons)
{
    json_t *list = json_array();

    for (const struct td_reason *reason = reasons; reason != NULL; reason = reason->next) {
        json_t *object = json_object();
        put_text(w, object, "outcome", outcome_word(reason->outcome));
        reason_say(reason, w->speech, &w->text);
        put_said(w, object, "text");
        put_text_if(w, object, "clause", reason->clause);
        append(w, list, object);
    }
    return list;
}

static json_t *unit_of(struct writer *w, int32_t unit)
{
    const struct td_unit_result *result = &w->result->units[unit];
    json_t *object = json_object();
    json_t *score = json_object();
    json_t *sheets = json_object();

    put_text(w, object, "code", code_of(w, unit));
    put_text(w, object, "name", w->year->members[unit].name);
    put_fraction(w, score, "exact", result->exact);
    put_decimal(w, score, "shown", result->shown);
    put(w, object, "score", score);
    put(w, object, "rank", json_integer(result->rank));
    put_text(w, object, "outcome", outcome_word(result->outcome));
    put(w, object, "reasons", reasons_of(w, result->reasons));
    put(w, object, "provisional", json_boolean(result->provisional));
    put(w, sheets, "counted", json_integer(result->counted));
    put(w, sheets, "expected", json_integer(result->expected));
    put(w, object, "sheets", sheets);
    put_fraction(w, object, "maximum", result->maximum);
    put_percent(w, object, "percent", result->percent);
    put_points(w, object, "bonus", result->bonus);
    put_points(w, object, "deducted", result->deducted);
    return object;
}

/* ---- the whole ------------------------------------------------------------------------------- */

static json_t *regulation_of(struct writer *w)
{
    json_t *object = json_object();

    put_text(w, object, "id", w->regulation->id);
    put(w, object, "version", json_integer(w->regulation->version));
    put_text_if(w, object, "sha256", w->regulation->sha256);
    return object;
}

static json_t *proposals_of(struct writer *w)
{
    json_t *list = json_array();

    for (int32_t i = 0; i < w->result->proposal_count; i++) {
        const struct td_proposal *proposal = &w->result->proposals[i];
        json_t *object = json_object();
        put_text(w, object, "award", w->regulation->awards[proposal->award].id);
        put_text(w, object, "unit", code_of(w, proposal->unit));
        append(w, list, object);
    }
    return list;
}

static json_t *ties_of(struct writer *w)
{
    json_t *list = json_array();

    for (int32_t i = 0; i < w->result->tie_count; i++) {
        const struct td_tie *tie = &w->result->ties[i];
        json_t *object = json_object();
        put_text(w, object, "award", w->regulation->awards[tie->award].id);
        put(w, object, "seats", json_integer(tie->seats));
        put(w, object, "units", codes_of(w, tie->units, tie->unit_count));
        append(w, list, object);
    }
    return list;
}

static json_t *result_of(struct writer *w)
{
    const struct td_result *result = w->result;
    json_t *object = json_object();
    json_t *pending = json_array();
    json_t *units = json_array();
    json_t *notices = json_array();

    put_text(w, object, "format", "thidua-result/1");
    put(w, object, "regulation", regulation_of(w));
    put_text(w, object, "bloc", w->year->bloc_id);
    put_text(w, object, "year", w->year->label);
    put(w, object, "final", json_boolean(result->final));
    for (const struct td_open *open = result->open; open != NULL; open = open->next) {
        append(w, pending, pending_of(w, open));
    }
    put(w, object, "pending", pending);
    for (int32_t i = 0; i < result->unit_count; i++) {
        append(w, units, unit_of(w, result->order[i]));
    }
    put(w, object, "units", units);
    put(w, object, "proposals", proposals_of(w));
    put(w, object, "ties", ties_of(w));
    for (const struct td_open *notice = result->notices; notice != NULL; notice = notice->next) {
        json_t *said = json_object();
        put_message(w, said, "text", &notice->text);
        put_text_if(w, said, "clause", notice->clause);
        append(w, notices, said);
    }
    put(w, object, "notices", notices);
    return object;
}

static int dump(const char *bytes, size_t n, void *context)
{
    struct buf *out = context;

    buf_add(out, bytes, n);
    return buf_ok(out) ? 0 : -1;
}

int format_result_write(const struct td_regulation *regulation, const struct td_year *year,
                        const struct td_result *result, const struct format_speech *speech,
                        struct buf *out)
{
    struct writer w = {.regulation = regulation, .year = year, .result = result, .speech = speech};

    buf_init(&w.text, RESULT_TEXT_MAX);
    json_t *object = result_of(&w);
    buf_release(&w.text);
    int dumped =
        w.failed || object == NULL ? -1 : json_dump_callback(object, dump, out, JSON_INDENT(2));
    json_decref(object);
    buf_char(out, '\n');
    if (!buf_ok(out)) {
        return buf_status(out);
    }
    return dumped < 0 ? TD_E_MEMORY : TD_OK;
}
