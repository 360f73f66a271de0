/*
 * The one place of this room where JSON is written.
 */
#include "web/json.h"

#include "web/html.h"

#include <inttypes.h>

#include "base/banned.h"

#define MESSAGE_MAX ((size_t)16 * 1024)

struct json json_begin(struct buf *out, const struct language *language)
{
    return (struct json){.out = out, .language = language};
}

static void put_text(struct buf *out, const char *text)
{
    const char *plain = text; /* since here nothing had to be changed */

    buf_char(out, '"');
    for (; *text != '\0'; text++) {
        unsigned char c = (unsigned char)*text;
        if (c != '"' && c != '\\' && c >= 0x20) {
            continue;
        }
        buf_add(out, plain, (size_t)(text - plain));
        plain = text + 1;
        if (c < 0x20) {
            buf_printf(out, "\\u%04x", (unsigned)c);
        } else {
            buf_char(out, '\\');
            buf_char(out, *text);
        }
    }
    buf_add(out, plain, (size_t)(text - plain));
    buf_char(out, '"');
}

static void begin_member(struct json *json, const char *key)
{
    if (json->comma) {
        buf_char(json->out, ',');
    }
    if (key != NULL) {
        put_text(json->out, key);
        buf_char(json->out, ':');
    }
    json->comma = true;
}

void json_open(struct json *json, const char *key, char bracket)
{
    begin_member(json, key);
    buf_char(json->out, bracket);
    json->comma = false;
}

void json_close(struct json *json, char bracket)
{
    buf_char(json->out, bracket);
    json->comma = true;
}

void json_text(struct json *json, const char *key, const char *text)
{
    begin_member(json, key);
    if (text == NULL) {
        buf_text(json->out, "null");
    } else {
        put_text(json->out, text);
    }
}

void json_whole(struct json *json, const char *key, int64_t value)
{
    begin_member(json, key);
    buf_printf(json->out, "%" PRId64, value);
}

void json_decimal(struct json *json, const char *key, struct td_decimal value)
{
    struct html digits = {.out = json->out, .language = json->language, .csrf = ""};

    begin_member(json, key);
    buf_char(json->out, '"');
    html_decimal(&digits, value);
    buf_char(json->out, '"');
}

void json_message(struct json *json, const char *key, const struct td_message *message)
{
    struct buf words;
    if (message->id == NULL) {
        json_text(json, key, "");
        return;
    }
    buf_init(&words, MESSAGE_MAX);
    language_message(json->language, message, &words);
    json_text(json, key, buf_string(&words));
    buf_release(&words);
}
