/*
 * The table of languages, and how each prints what the engine says. What differs between languages
 * is a field of the table; the code below knows none of them by name.
 */
#include "language/language.h"

#include "language/embedded.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/banned.h"

struct language {
    const char *code;
    struct catalogue catalogue;
    char point;     /* before decimals */
    char group;     /* between thousands */
    bool day_first; /* 08/12/2024; otherwise 2024-12-08 */
};

static const struct language languages[] = {
    {
        .code = "vi",
        .catalogue = {catalogue_vi, catalogue_vi_size},
        .point = ',',
        .group = '.',
        .day_first = true,
    },
    {
        .code = "en",
        .catalogue = {catalogue_en, catalogue_en_size},
        .point = '.',
        .group = ',',
        .day_first = false,
    },
};

#define LANGUAGES (sizeof(languages) / sizeof(languages[0]))

const struct language *language_find(const char *code)
{
    for (size_t i = 0; i < LANGUAGES; i++) {
        if (strcmp(languages[i].code, code) == 0) {
            return &languages[i];
        }
    }
    return NULL;
}

const struct language *language_at(size_t index)
{
    return index < LANGUAGES ? &languages[index] : NULL;
}

bool language_decimal_comma(const struct language *language)
{
    return language->point == ',';
}

const char *language_code(const struct language *language)
{
    return language->code;
}

struct catalogue language_catalogue(const struct language *language)
{
    return language->catalogue;
}

const char *language_text(const struct language *language, const char *id)
{
    /* The empty id is the catalogue's own header. */
    const char *text = id[0] == '\0' ? NULL : catalogue_find(language->catalogue, id);

    return text == NULL ? id : text;
}

/* Append a number written with '.' as decimal point: group its thousands and put the language's
 * signs. */
static void put_number(const struct language *language, const char *number, struct buf *out)
{
    if (number[0] == '-') {
        buf_char(out, '-');
        number++;
    }
    size_t whole = 0;
    while (number[whole] >= '0' && number[whole] <= '9') {
        whole++;
    }
    for (size_t i = 0; i < whole; i++) {
        if (i > 0 && (whole - i) % 3 == 0) {
            buf_char(out, language->group);
        }
        buf_char(out, number[i]);
    }
    if (number[whole] == '.') {
        buf_char(out, language->point);
        buf_text(out, number + whole + 1);
    }
}

void language_decimal(const struct language *language, struct td_decimal value, struct buf *out)
{
    char text[TD_DECIMAL_TEXT];

    td_decimal_print(value, text);
    put_number(language, text, out);
}

void language_fraction(const struct language *language, struct td_fraction value, struct buf *out)
{
    char text[TD_FRACTION_TEXT];

    td_fraction_print(value, text);
    if (strchr(text, '/') != NULL) {
        buf_text(out, text);
    } else {
        put_number(language, text, out);
    }
}

void language_percent(const struct language *language, struct td_fraction value, struct buf *out)
{
    struct td_fraction percent;
    char text[TD_FRACTION_TEXT];

    if (td_fraction_multiply(value, (struct td_fraction){100, 1}, &percent) != TD_OK) {
        language_fraction(language, value, out);
        return;
    }
    td_fraction_print(percent, text);
    if (strchr(text, '/') != NULL) {
        language_fraction(language, value, out);
        return;
    }
    put_number(language, text, out);
    buf_char(out, '%');
}

void language_date(const struct language *language, struct td_date value, struct buf *out)
{
    char text[TD_DATE_TEXT];

    if (!td_date_is_set(value)) {
        buf_text(out, language_text(language, TD_ID("no date")));
        return;
    }
    size_t length = td_date_print(value, text); /* 2024-12-08 */
    if (language->day_first) {
        const char day_first[] = {text[8], text[9], '/',     text[5], text[6],
                                  '/',     text[0], text[1], text[2], text[3]};
        buf_add(out, day_first, sizeof(day_first));
    } else {
        buf_add(out, text, length);
    }
}

static void put_count(const struct language *language, int64_t count, struct buf *out)
{
    char text[24]; /* a sign and 19 digits */

    snprintf(text, sizeof(text), "%" PRId64, count);
    put_number(language, text, out);
}

void language_argument(const struct language *language, const struct td_arg *arg, struct buf *out)
{
    switch (arg->kind) {
    case TD_ARG_NONE:
        break;
    case TD_ARG_TEXT:
        buf_text(out, arg->text == NULL ? "" : arg->text);
        break;
    case TD_ARG_TERM:
        buf_text(out, arg->text == NULL ? "" : language_text(language, arg->text));
        break;
    case TD_ARG_COUNT:
        put_count(language, arg->count, out);
        break;
    case TD_ARG_DECIMAL:
        language_decimal(language, arg->decimal, out);
        break;
    case TD_ARG_FRACTION:
        language_fraction(language, arg->fraction, out);
        break;
    case TD_ARG_PERCENT:
        language_percent(language, arg->fraction, out);
        break;
    case TD_ARG_DATE:
        language_date(language, arg->date, out);
        break;
    }
}

/* The argument of the place "{n}" at the start of `text`, or NULL when there is none. */
static const struct td_arg *place(const struct td_message *message, const char *text)
{
    if (text[0] != '{' || text[1] < '0' || text[1] >= '0' + TD_MESSAGE_ARGS || text[2] != '}') {
        return NULL;
    }
    const struct td_arg *arg = &message->args[text[1] - '0'];
    return arg->kind == TD_ARG_NONE ? NULL : arg;
}

void language_message(const struct language *language, const struct td_message *message,
                      struct buf *out)
{
    if (message->id == NULL) {
        return;
    }
    const char *text = language_text(language, message->id);
    while (*text != '\0') {
        size_t plain = strcspn(text, "{}");
        buf_add(out, text, plain);
        text += plain;
        if (*text == '\0') {
            break;
        }
        const struct td_arg *arg = place(message, text);
        if (arg != NULL) {
            language_argument(language, arg, out);
            text += 3;
        } else if (text[1] == text[0]) {
            buf_char(out, text[0]);
            text += 2;
        } else {
            buf_char(out, text[0]);
            text += 1;
        }
    }
}
