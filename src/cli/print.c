/*
 * Printing for people: messages in their language, columns by display width, lines that end at a
 * word.
 */
#include "base/utf8.h"
#include "cli/cli.h"

#include <string.h>

#include "base/banned.h"

#define MESSAGE_MAX ((size_t)64 * 1024)

const char *message_text(struct cli *cli, const struct td_message *message)
{
    struct buf words;
    buf_init(&words, MESSAGE_MAX);
    language_message(cli->language, message, &words);
    const char *text = td_arena_text(cli->arena, buf_string(&words), buf_length(&words));
    buf_release(&words);
    return text == NULL ? "" : text;
}

void print_message(struct cli *cli, FILE *to, struct td_message message)
{
    struct td_mark mark = td_arena_mark(cli->arena);
    fputs(message_text(cli, &message), to);
    td_arena_rewind(cli->arena, mark);
}

void print_sentence(struct cli *cli, FILE *to, struct td_message message)
{
    print_message(cli, to, message);
    fputc('\n', to);
}

/* Columns of the first n bytes, which end at a character. */
static int columns_of(const char *text, size_t n)
{
    char word[512];
    if (n >= sizeof(word)) {
        return (int)n;
    }
    memcpy(word, text, n);
    word[n] = '\0';
    return (int)utf8_width(word);
}

void print_wrapped(FILE *to, const char *lead, int hang, const char *words)
{
    int column = (int)utf8_width(lead);
    bool first = true;
    fputs(lead, to);
    while (*words != '\0') {
        size_t n = strcspn(words, " ");
        int width = columns_of(words, n);
        if (!first && column + 1 + width > CLI_WIDTH) {
            fprintf(to, "\n%*s", hang, "");
            column = hang;
        } else if (!first) {
            fputc(' ', to);
            column++;
        }
        fwrite(words, 1, n, to);
        column += width;
        first = false;
        words += n + strspn(words + n, " ");
    }
    fputc('\n', to);
}

/* The bytes of the longest beginning that fits the columns. */
static size_t fitting(const char *text, int columns)
{
    size_t fits = 0, n = 0;
    while (text[n] != '\0') {
        n++;
        while (((unsigned char)text[n] & 0xC0) == 0x80) {
            n++;
        }
        if (columns_of(text, n) > columns) {
            return fits;
        }
        fits = n;
    }
    return fits;
}

void print_column(FILE *to, const char *text, int columns, bool right)
{
    int width = (int)utf8_width(text);
    if (width > columns) {
        size_t n = fitting(text, columns - 1);
        fwrite(text, 1, n, to);
        fputs("…", to);
        fprintf(to, "%*s", columns - 1 - columns_of(text, n), "");
    } else if (right) {
        fprintf(to, "%*s%s", columns - width, "", text);
    } else {
        fprintf(to, "%s%*s", text, columns - width, "");
    }
}

static void print_problem(struct cli *cli, FILE *to, const struct td_problem *problem)
{
    const char *kind = language_text(
        cli->language, problem->severity == TD_ERROR ? TD_ID("error") : TD_ID("notice"));
    if (problem->file != NULL) {
        fprintf(to, "%s:", problem->file);
    }
    if (problem->file != NULL || problem->where[0] != '\0') {
        fprintf(to, "%s: ", problem->where);
    }
    fprintf(to, "%s: %s\n", kind, message_text(cli, &problem->what));
    if (problem->remedy.id != NULL) {
        fprintf(to, "    → %s\n", message_text(cli, &problem->remedy));
    }
}

void print_problems(struct cli *cli, FILE *to, const struct td_problems *problems)
{
    size_t shown = 0;
    for (const struct td_problem *p = problems->first; p != NULL; p = p->next) {
        struct td_mark mark = td_arena_mark(cli->arena);
        print_problem(cli, to, p);
        td_arena_rewind(cli->arena, mark);
        shown++;
    }
    size_t more = problems->errors + problems->notices - shown;
    if (more > 0) {
        print_message(cli, to, TD_MESSAGE("… and {0} more", TD_COUNT(more)));
        fputc('\n', to);
    }
}

enum cli_exit exit_of_status(struct cli *cli, int status)
{
    if (status == TD_OK) {
        return CLI_OK;
    }
    if (status == TD_E_MEMORY) {
        print_message(cli, cli->err,
                      TD_WORDS("thidua: the input is larger than the memory set aside for it"));
        fputc('\n', cli->err);
        return CLI_BAD_INPUT;
    }
    return CLI_BAD_INPUT;
}
