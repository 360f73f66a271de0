/*
 * What a browser sends in a query or a form, read from memory: urlencoded and multipart.
 *
 * The whole body is there before it is read, so files are slices of it and nothing of them is
 * copied, and there is no state between two pieces of a body in which a parser could be confused.
 * It takes bytes from strangers: fuzz/fuzz_form.c feeds it.
 */
#ifndef HTTP_FORM_H
#define HTTP_FORM_H

#include "http/http.h"

/* Lives in the arena given to the readers; starts as all zero. */
struct form {
    struct http_pair *pairs;
    size_t pair_count, pair_room;
    struct http_file *files;
    size_t file_count, file_room;
};

/* Add what an urlencoded text holds, in its order. TD_E_SYNTAX: a broken percent encoding, or text
 * that is not UTF-8 or has control characters. TD_E_RANGE: more than HTTP_FIELDS_MAX fields.
 * TD_E_MEMORY. */
int form_read_urlencoded(struct form *form, struct td_arena *arena, const char *bytes, size_t n)
    TD_MUST_CHECK __attribute__((nonnull(1, 2)));

/* The same of a multipart/form-data body with this boundary. Files point into the body. */
int form_read_multipart(struct form *form, struct td_arena *arena, const char *boundary,
                        const char *bytes, size_t n) TD_MUST_CHECK
    __attribute__((nonnull(1, 2, 3)));

enum form_type { FORM_NONE, FORM_URLENCODED, FORM_MULTIPART };

/* What a Content-Type says; FORM_NONE for anything else, also for a charset that isn't UTF-8 or a
 * boundary that is missing or malformed. *ret_boundary is set for FORM_MULTIPART. TD_E_MEMORY. */
int form_type(struct td_arena *arena, const char *content_type, enum form_type *ret,
              const char **ret_boundary) TD_MUST_CHECK __attribute__((nonnull));

/* A copy of n bytes as http.h promises texts: NFC, no control characters but tab and line ends.
 * TD_E_SYNTAX, TD_E_MEMORY. */
int form_text(struct td_arena *arena, const char *bytes, size_t n, const char **ret) TD_MUST_CHECK
    __attribute__((nonnull(1, 4)));

/* The first value of a name, or NULL. */
const char *form_value(const struct form *form, const char *name) __attribute__((nonnull));

#endif
