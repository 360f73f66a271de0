/*
 * A page that is one form, and reading what was typed into forms.
 */
#include "web/form.h"

#include "web/templates.h"

#include <string.h>

#include "base/banned.h"

/* ---- the page -------------------------------------------------------------------------------- */

static struct form_line *add(struct form_page *page)
{
    static const struct form_line empty = {.kind = FORM_FIELD};
    size_t i = page->line_count < FORM_LINES_MAX ? page->line_count++ : FORM_LINES_MAX - 1;
    page->lines[i] = empty;
    return &page->lines[i];
}

struct field *form_add_field(struct form_page *page, const char *name, struct td_message label,
                             const char *value)
{
    struct form_line *line = add(page);
    line->kind = FORM_FIELD;
    line->field = (struct field){.name = name, .label = label, .value = value, .is_required = true};
    return &line->field;
}

struct choice_field *form_add_choice(struct form_page *page, const char *name,
                                     struct td_message label, const char *value,
                                     const struct choice *choices, size_t count)
{
    struct form_line *line = add(page);
    line->kind = FORM_CHOICE;
    line->choice = (struct choice_field){.name = name,
                                         .label = label,
                                         .value = value == NULL || *value == '\0' ? NULL : value,
                                         .choices = choices,
                                         .count = count,
                                         .is_required = true};
    return &line->choice;
}

struct td_message web_problem_remedy(const struct td_problems *problems, const char *field)
{
    for (const struct td_problem *p = problems->first; p != NULL; p = p->next) {
        if (strcmp(p->where, field) == 0) {
            return p->remedy;
        }
    }
    return (struct td_message){0};
}

/* The problem beside the field; its remedy takes the hint's place. */
static void say(const struct td_problems *problems, const char *name, struct td_message *error,
                struct td_message *hint)
{
    *error = web_problem(problems, name);
    struct td_message remedy = web_problem_remedy(problems, name);
    if (remedy.id != NULL) {
        *hint = remedy;
    }
}

void form_show(struct web *web, struct form_page *page, const struct td_problems *problems)
{
    struct html h = web_html(web);
    for (size_t i = 0; i < page->line_count; i++) {
        struct form_line *line = &page->lines[i];
        if (line->kind == FORM_FIELD) {
            say(problems, line->field.name, &line->field.error, &line->field.hint);
        } else {
            say(problems, line->choice.name, &line->choice.error, &line->choice.hint);
        }
    }
    if (problems->errors > 0) {
        http_set_status(web->x, 422);
        page->layout.flash = (struct layout_flash){
            .kind = LAYOUT_FLASH_REFUSED,
            .message = TD_WORDS("Nothing was saved yet: please correct the marked lines."),
        };
    }
    form_lines_page_html(&h, page);
}

static void show_conflict(struct web *web, struct form_page *page)
{
    const struct td_problems none = {0};
    page->version = page->stored;
    for (size_t i = 0; i < page->line_count; i++) {
        struct form_line *line = &page->lines[i];
        struct td_message *hint = line->kind == FORM_FIELD ? &line->field.hint : &line->choice.hint;
        *hint = line->stored.id != NULL ? line->stored : *hint;
    }
    http_set_status(web->x, 409);
    page->layout.flash = (struct layout_flash){
        .kind = LAYOUT_FLASH_REFUSED,
        .message =
            TD_WORDS("Someone else changed this while you were writing. Nothing of yours was "
                     "saved. Below is what you typed, and under each line what is stored "
                     "now. Saving again replaces it by yours; Cancel keeps it."),
    };
    form_show(web, page, &none);
}

int form_end(struct web *web, struct form_page *page, int status,
             const struct td_problems *problems, const char *next)
{
    switch (status) {
    case TD_OK:
        http_redirect(web->x, next);
        return TD_OK;
    case OFFICE_REFUSED:
        form_show(web, page, problems);
        return TD_OK;
    case OFFICE_CONFLICT:
        show_conflict(web, page);
        return TD_OK;
    default:
        return web_answer(web, status);
    }
}

struct td_message form_stored(const char *typed, const char *stored)
{
    if (strcmp(typed, stored) == 0) {
        return (struct td_message){0};
    }
    return TD_MESSAGE("Stored now: {0}", TD_TEXT(stored));
}

/* ---- reading --------------------------------------------------------------------------------- */

static const char *copy(struct web *web, const char *text, size_t n)
{
    char *made = td_arena_alloc(web->arena, n + 1, 1);
    if (made == NULL) {
        return "";
    }
    memcpy(made, text, n);
    made[n] = '\0';
    return made;
}

const char *typed_text(struct web *web, const char *name)
{
    const char *text = http_field(web->x, name);
    if (text == NULL) {
        return "";
    }
    text += strspn(text, " \t\r\n");
    size_t n = strlen(text);
    while (n > 0 && strchr(" \t\r\n", text[n - 1]) != NULL) {
        n--;
    }
    return text[n] == '\0' ? text : copy(web, text, n);
}

int64_t typed_number(struct web *web, const char *name)
{
    const char *text = typed_text(web, name);
    struct td_decimal number = {0};
    bool whole = td_decimal_parse(text, strlen(text), 0, &number) == TD_OK && number.units > 0;
    return whole ? number.units : 0;
}

/* "20/3/2024" as people write it. */
static bool read_written(const char *text, struct td_date *ret)
{
    int parts[3] = {0};
    int part = 0, digits = 0;
    for (; *text != '\0'; text++) {
        if (*text == '/' && digits > 0 && part < 2) {
            part++;
            digits = 0;
        } else if (*text >= '0' && *text <= '9' && digits < 4) {
            parts[part] = parts[part] * 10 + (*text - '0');
            digits++;
        } else {
            return false;
        }
    }
    return part == 2 && td_date_make(parts[2], parts[1], parts[0], ret) == TD_OK;
}

bool typed_day(struct web *web, const char *name, struct td_problems *problems, struct td_date *ret)
{
    const char *text = typed_text(web, name);
    *ret = (struct td_date){0};
    if (*text == '\0' || td_date_parse(text, strlen(text), ret) == TD_OK ||
        read_written(text, ret)) {
        return true;
    }
    td_problem_add(problems, TD_ERROR, name, TD_WORDS("this is no day"),
                   TD_WORDS("write 20/03/2024"));
    return false;
}

const char *typed_day_value(struct web *web, struct td_date day)
{
    char text[TD_DATE_TEXT];
    size_t n = td_date_print(day, text);
    return copy(web, text, n);
}

const char *web_join(struct web *web, const char *const *pieces)
{
    size_t n = 0;
    for (const char *const *p = pieces; *p != NULL; p++) {
        n += strlen(*p);
    }
    char *path = td_arena_alloc(web->arena, n + 1, 1);
    if (path == NULL) {
        return "/";
    }
    char *at = path;
    for (const char *const *p = pieces; *p != NULL; p++) {
        size_t length = strlen(*p);
        memcpy(at, *p, length);
        at += length;
    }
    *at = '\0';
    return path;
}

void web_saved(struct web *web, struct layout *layout)
{
    if (http_query(web->x, "saved") != NULL && layout->flash.kind == LAYOUT_FLASH_NONE) {
        layout->flash =
            (struct layout_flash){.kind = LAYOUT_FLASH_SAVED, .message = TD_WORDS("Saved.")};
    }
}
