/*
 * Any bytes as a form, a query, a cookie header, a content type and a target. The first byte says
 * as what. Whatever is read must be text that http.h promises, and files must lie in what was sent.
 */
#include "http/exchange.h"

#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"

#include "base/banned.h"

#define ARENA_MAX ((size_t)64 * 1024 * 1024)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Not assert, which a build may leave out. */
static void require(bool holds)
{
    if (!holds) {
        abort();
    }
}

static void check_text(struct td_arena *arena, const char *text)
{
    bool normal = false;

    require(utf8_is_nfc(arena, text, strlen(text), &normal) == TD_OK && normal);
    for (const char *c = text; *c != '\0'; c++) {
        require((unsigned char)*c >= 0x20 || *c == '\t' || *c == '\r' || *c == '\n');
    }
}

static void check_form(struct td_arena *arena, const struct form *form, const char *bytes, size_t n)
{
    require(form->pair_count + form->file_count <= HTTP_FIELDS_MAX);
    for (size_t i = 0; i < form->pair_count; i++) {
        check_text(arena, form->pairs[i].name);
        check_text(arena, form->pairs[i].value);
    }
    for (size_t i = 0; i < form->file_count; i++) {
        const struct http_file *file = &form->files[i];
        check_text(arena, file->name);
        require(file->filename[0] != '\0' && strpbrk(file->filename, "/\\") == NULL);
        require(utf8_plain(file->filename, strlen(file->filename)));
        require(file->bytes >= bytes && file->bytes + file->n <= bytes + n);
    }
}

static void check_target(struct td_arena *arena, const char *target)
{
    struct http_exchange x = {.arena = arena};

    if (request_set_target(&x, target) == TD_OK) {
        require(x.path[0] == '/' && strstr(x.path, "//") == NULL);
        require(strstr(x.path, "/../") == NULL && strchr(x.path, '\\') == NULL);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct form form = {0};
    enum form_type type = FORM_NONE;
    const char *boundary = NULL;

    if (size == 0) {
        return 0;
    }
    struct td_arena *arena = td_arena_new(ARENA_MAX);
    require(arena != NULL);
    const char *bytes = (const char *)data + 1;
    size_t n = size - 1;
    const char *text = td_arena_text(arena, bytes, n);
    require(text != NULL);

    switch (data[0] % 5) {
    case 0:
        if (form_read_urlencoded(&form, arena, bytes, n) == TD_OK) {
            check_form(arena, &form, bytes, n);
        }
        break;
    case 1:
        if (form_read_multipart(&form, arena, "b", bytes, n) == TD_OK) {
            check_form(arena, &form, bytes, n);
        }
        break;
    case 2:
        boundary = cookie_find(arena, text, "c");
        if (boundary != NULL) {
            check_text(arena, boundary);
        }
        break;
    case 3:
        require(form_type(arena, text, &type, &boundary) == TD_OK);
        require(type != FORM_MULTIPART || (boundary[0] != '\0' && strlen(boundary) <= 70));
        break;
    default:
        check_target(arena, text);
        break;
    }
    td_arena_free(arena);
    return 0;
}
