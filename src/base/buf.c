/*
 * Text that grows, up to a maximum: see buf.h. Every way of adding goes through reserve, which is
 * the one place where the maximum is held and where a failure is kept.
 */
#include "base/buf.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/banned.h"

#define FIRST_CAPACITY 256

void buf_init(struct buf *buf, size_t max)
{
    /* No object is larger than PTRDIFF_MAX; below it the sums here can't overflow. */
    *buf = (struct buf){.max = max < PTRDIFF_MAX ? max : PTRDIFF_MAX - 1};
}

void buf_init_secret(struct buf *buf, size_t max)
{
    buf_init(buf, max);
    buf->is_secret = true;
}

static void give_back(const struct buf *buf)
{
    if (buf->is_secret && buf->bytes != NULL) {
        explicit_bzero(buf->bytes, buf->capacity);
    }
    free(buf->bytes);
}

void buf_release(struct buf *buf)
{
    give_back(buf);
    *buf = (struct buf){.max = buf->max, .is_secret = buf->is_secret};
}

void buf_clear(struct buf *buf)
{
    buf->length = 0;
    buf->status = TD_OK;
    if (buf->bytes != NULL) {
        buf->bytes[0] = '\0';
    }
}

void buf_shorten(struct buf *buf, size_t n)
{
    if (n < buf->length) {
        buf->length = n;
        buf->bytes[n] = '\0';
    }
}

/* The contents in as much memory; NULL when there is none, and then all is as before. What realloc
 * moves stays where it was, too. */
static char *moved(const struct buf *buf, size_t capacity)
{
    if (!buf->is_secret) {
        return realloc(buf->bytes, capacity);
    }
    char *bytes = malloc(capacity);
    if (bytes != NULL && buf->bytes != NULL) {
        memcpy(bytes, buf->bytes, buf->length);
    }
    if (bytes != NULL) {
        give_back(buf);
    }
    return bytes;
}

/* Make room for n bytes more and their NUL. False when that can't be, now or from before. */
static bool reserve(struct buf *buf, size_t n)
{
    if (buf->status != TD_OK) {
        return false;
    }
    if (n > buf->max - buf->length) {
        buf->status = TD_E_RANGE;
        return false;
    }
    size_t need = buf->length + n + 1;
    if (need <= buf->capacity) {
        return true;
    }
    size_t capacity = buf->capacity < FIRST_CAPACITY ? FIRST_CAPACITY : buf->capacity;
    while (capacity < need) {
        capacity *= 2;
    }
    if (capacity > buf->max + 1) {
        capacity = buf->max + 1;
    }
    char *bytes = moved(buf, capacity);
    if (bytes == NULL) {
        buf->status = TD_E_MEMORY;
        return false;
    }
    bytes[buf->length] = '\0';
    buf->bytes = bytes;
    buf->capacity = capacity;
    return true;
}

void buf_add_grown(struct buf *buf, const void *bytes, size_t n)
{
    if (n == 0 || !reserve(buf, n)) {
        return;
    }
    memcpy(buf->bytes + buf->length, bytes, n);
    buf->length += n;
    buf->bytes[buf->length] = '\0';
}

void buf_char(struct buf *buf, char c)
{
    buf_add(buf, &c, 1);
}

void buf_text(struct buf *buf, const char *text)
{
    buf_add(buf, text, strlen(text));
}

void buf_printf(struct buf *buf, const char *format, ...)
{
    if (!reserve(buf, 0)) {
        return;
    }
    size_t room = buf->capacity - buf->length;
    va_list args;
    va_start(args, format);
    int n = vsnprintf(buf->bytes + buf->length, room, format, args);
    va_end(args);

    if (n >= 0 && (size_t)n >= room && reserve(buf, (size_t)n)) {
        room = buf->capacity - buf->length;
        va_start(args, format);
        n = vsnprintf(buf->bytes + buf->length, room, format, args);
        va_end(args);
    }
    if (n < 0 && buf->status == TD_OK) {
        buf->status = TD_E_INVALID;
    }
    if (buf->status == TD_OK) {
        buf->length += (size_t)n;
    }
    /* Nothing of a text that didn't fit stays. */
    buf->bytes[buf->length] = '\0';
}

int buf_status(const struct buf *buf)
{
    return buf->status;
}

bool buf_ok(const struct buf *buf)
{
    return buf->status == TD_OK;
}

const char *buf_string(const struct buf *buf)
{
    return buf->bytes != NULL ? buf->bytes : "";
}

size_t buf_length(const struct buf *buf)
{
    return buf->length;
}
