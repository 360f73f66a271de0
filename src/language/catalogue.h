/*
 * Reads a compiled gettext catalogue (.mo) that lies in memory.
 *
 * Not libc's gettext: that one depends on the locale of the process and of the machine, while here
 * every request has its own reader and language. Nothing is opened, copied or kept; a catalogue is
 * a range of bytes, and each lookup checks what it touches, so that broken bytes give "not found"
 * and never a read outside the range. Little-endian files, as msgfmt --endianness=little writes.
 */
#ifndef LANGUAGE_CATALOGUE_H
#define LANGUAGE_CATALOGUE_H

#include <stdbool.h>
#include <stddef.h>

struct catalogue {
    const unsigned char *bytes;
    size_t size;
};

/* Entries of the catalogue, its header entry (id "") included; 0 when the bytes are no catalogue
 * or its tables lie outside them. */
size_t catalogue_count(struct catalogue catalogue);

/* Entry `index`, in ascending order of ids. false when there is no such entry or it is broken. The
 * texts are NUL-terminated and live as long as the bytes. */
bool catalogue_entry(struct catalogue catalogue, size_t index, const char **ret_id,
                     const char **ret_text) __attribute__((nonnull));

/* The translation of an id, or NULL. log2(entries) comparisons. */
const char *catalogue_find(struct catalogue catalogue, const char *id) __attribute__((nonnull));

#endif
