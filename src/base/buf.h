/*
 * Text that grows, up to a maximum given at birth.
 *
 * Whoever writes an answer, a file or a message appends to a struct buf without looking at each
 * call, and asks once at the end: a failure sticks, what comes after it is dropped, and buf_ok
 * says so. The maximum keeps a hostile or mistaken input from growing the text without end.
 *
 *     struct buf text;
 *     buf_init(&text, 64 * 1024);
 *     buf_text(&text, "<p>");
 *     buf_printf(&text, "%d", count);
 *     if (buf_ok(&text)) {
 *         send(buf_string(&text), buf_length(&text));
 *     }
 *     buf_release(&text);
 *
 * The memory is the heap's and belongs to the struct; it has room for one NUL more than the
 * maximum, so the contents can always be read as a C string. A struct buf must not be copied.
 */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include "thidua/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

/* Read it through buf_string and buf_length; the members are for buf.c. */
struct buf {
    char *bytes;     /* NULL until something is added; then always NUL-terminated */
    size_t length;   /* bytes added, the NUL not counted */
    size_t capacity; /* bytes allocated, the NUL counted */
    size_t max;      /* length never exceeds it */
    int status;      /* TD_OK, or the first failure */
    bool is_secret;  /* what goes back to the heap is wiped first */
};

/* An empty buffer that will hold at most max bytes. Allocates nothing. */
void buf_init(struct buf *buf, size_t max) __attribute__((nonnull));

/* The same, for what nobody else may see: wherever it lay, it is wiped before the heap has it
 * again. What is added from elsewhere is the caller's to wipe. */
void buf_init_secret(struct buf *buf, size_t max) __attribute__((nonnull));

/* Free the contents. The struct may then be thrown away or given to buf_init. */
void buf_release(struct buf *buf) __attribute__((nonnull));

/* Empty it and forget its failure; keeps the memory and the maximum. */
void buf_clear(struct buf *buf) __attribute__((nonnull));

/* Keep the first n bytes, of which there are as many at least. */
void buf_shorten(struct buf *buf, size_t n) __attribute__((nonnull));

/* Append n bytes, all or none. They may hold NULs, and must not lie in the buffer itself.
 * bytes may be NULL when n is 0. */
static inline void buf_add(struct buf *buf, const void *bytes, size_t n)
    __attribute__((nonnull(1)));

/* Append one byte. */
void buf_char(struct buf *buf, char c) __attribute__((nonnull));

/* Append a C string. */
void buf_text(struct buf *buf, const char *text) __attribute__((nonnull));

/* Append as printf does, all or none. Never for untrusted formats, or for floating point, which
 * would depend on the locale. The arguments must not lie in the buffer itself. */
void buf_printf(struct buf *buf, const char *format, ...)
    __attribute__((nonnull(1, 2), format(printf, 2, 3)));

/* TD_OK; TD_E_RANGE when the maximum was reached; TD_E_MEMORY when the machine had none left;
 * TD_E_INVALID when printf refused its arguments. After a failure the contents are those before
 * the call that failed. */
int buf_status(const struct buf *buf) __attribute__((nonnull, warn_unused_result));
bool buf_ok(const struct buf *buf) __attribute__((nonnull, warn_unused_result));

/* The contents, never NULL, NUL-terminated. Borrowed: valid until the next change. */
const char *buf_string(const struct buf *buf) __attribute__((nonnull, returns_nonnull));
size_t buf_length(const struct buf *buf) __attribute__((nonnull));

/* ---- inline ---------------------------------------------------------------------------------- */

/* buf_add, when there may be no room. */
void buf_add_grown(struct buf *buf, const void *bytes, size_t n) __attribute__((nonnull(1)));

/* Most of the time there is room: pages are added in thousands of pieces of known length. */
static inline void buf_add(struct buf *buf, const void *bytes, size_t n)
{
    if (n == 0 || n >= buf->capacity - buf->length || buf->status != TD_OK) {
        buf_add_grown(buf, bytes, n);
        return;
    }
    memcpy(buf->bytes + buf->length, bytes, n);
    buf->length += n;
    buf->bytes[buf->length] = '\0';
}

#endif
