/*
 * JSON that answers our own scripts, written from the outside in:
 *
 *     struct json json = json_begin(out, language);
 *     json_open(&json, NULL, '{');
 *     json_text(&json, "name", "…");
 *     json_close(&json, '}');
 *
 * `key` is the member's name, NULL within an array. Nothing fails here: the buffer remembers.
 */
#ifndef WEB_JSON_H
#define WEB_JSON_H

#include "base/buf.h"
#include "language/language.h"

#include <stdint.h>

struct json {
    struct buf *out;
    const struct language *language;
    bool comma; /* something stands before, in the same object or array */
};

struct json json_begin(struct buf *out, const struct language *language) __attribute__((nonnull));
void json_open(struct json *json, const char *key, char bracket) __attribute__((nonnull(1)));
void json_close(struct json *json, char bracket) __attribute__((nonnull));

/* Text is UTF-8 already; NULL is null. */
void json_text(struct json *json, const char *key, const char *text) __attribute__((nonnull(1)));
void json_whole(struct json *json, const char *key, int64_t value) __attribute__((nonnull(1)));

/* A number as the language writes it, as a text. */
void json_decimal(struct json *json, const char *key, struct td_decimal value)
    __attribute__((nonnull(1)));

/* The words of a message; of none: the empty text. */
void json_message(struct json *json, const char *key, const struct td_message *message)
    __attribute__((nonnull(1, 3)));

#endif
