/*
 * Any text as a value of a page: in text it opens nothing, in an attribute it doesn't end it, in a
 * URL it leads to no script and no other host, and it can be read back from what is written.
 */
#include "web/html.h"

#include <stdlib.h>
#include <string.h>

#include "base/banned.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Not assert, which a build may leave out. */
static void require(bool holds)
{
    if (!holds) {
        abort();
    }
}

/* Does `out` hold `text`, each of its entities read as the character it means? */
static bool reads_as(const char *out, const char *text)
{
    static const struct {
        const char *entity;
        char meaning;
    } entities[] = {{"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}, {"&#39;", '\''}};

    while (*out != '\0') {
        char c = *out;
        size_t length = 1;
        for (size_t i = 0; i < sizeof(entities) / sizeof(entities[0]); i++) {
            if (strncmp(out, entities[i].entity, strlen(entities[i].entity)) == 0) {
                c = entities[i].meaning;
                length = strlen(entities[i].entity);
            }
        }
        if (*text++ != c) {
            return false;
        }
        out += length;
    }
    return *text == '\0';
}

static void check_url(struct html *h, const char *text, void (*write)(struct html *, const char *))
{
    buf_clear(h->out);
    write(h, text);
    const char *out = buf_string(h->out);
    require(strpbrk(out, "<>\"'\\ \t\r\n") == NULL);
    require(strncmp(out, "//", 2) != 0);
    require(out[0] == '\0' || strchr("/#?", out[0]) != NULL || strncmp(out, "https://", 8) == 0 ||
            strncmp(out, "https:/", 7) == 0 || strncmp(out, "mailto:", 7) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct buf out;
    struct html html = {.out = &out, .language = language_find("vi")};
    char *text = malloc(size + 1);

    if (text == NULL) {
        return 0;
    }
    memcpy(text, data, size);
    text[size] = '\0';
    /* The message holds the text twice, each byte at most 6 long. */
    buf_init(&out, 12 * size + 64);

    html_text(&html, text);
    require(buf_ok(&out) && strpbrk(buf_string(&out), "<>\"'") == NULL);
    require(reads_as(buf_string(&out), text));

    buf_clear(&out);
    html_message(&html, TD_MESSAGE("{0}{{{0}", TD_TEXT(text)));
    require(buf_ok(&out) && strpbrk(buf_string(&out), "<>\"'") == NULL);

    check_url(&html, text, html_url);
    check_url(&html, text, html_url_local);
    check_url(&html, text, html_url_base);

    buf_clear(&out);
    html_url_text(&html, text);
    require(buf_ok(&out) && strpbrk(buf_string(&out), "<>\"'&#?/\\: ") == NULL);
    require(strcmp(buf_string(&out), "..") != 0 && strcmp(buf_string(&out), ".") != 0);

    buf_release(&out);
    free(text);
    return 0;
}
