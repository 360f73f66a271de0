/*
 * A page that is one form, and reading what was typed into forms.
 *
 * Most forms of the organisation are a few lines and a button. A handler fills a struct form_page;
 * after a refusal it fills it the same way with what was typed and the problems.
 */
#ifndef WEB_FORM_H
#define WEB_FORM_H

#include "thidua/problem.h"
#include "web/web.h"

enum form_line_kind { FORM_FIELD, FORM_CHOICE };

struct form_line {
    enum form_line_kind kind;
    struct field field;
    struct choice_field choice;
    struct td_message stored; /* what is there now, where that differs from what was typed */
};

#define FORM_LINES_MAX 6

struct form_page {
    struct layout layout;
    const char *action; /* where the form posts to */
    const char *back;   /* where "Cancel" leads */
    struct td_message submit;
    int64_t version; /* the one that was seen; 0: something new */
    int64_t stored;  /* … and the one that is there now */
    struct form_line lines[FORM_LINES_MAX];
    size_t line_count;
};

/* Another line of the page, to be filled in. */
struct field *form_add_field(struct form_page *page, const char *name, struct td_message label,
                             const char *value) __attribute__((nonnull(1, 2), returns_nonnull));
struct choice_field *form_add_choice(struct form_page *page, const char *name,
                                     struct td_message label, const char *value,
                                     const struct choice *choices, size_t count)
    __attribute__((nonnull(1, 2), returns_nonnull));

/* Write the page: 200, or 422 when there are problems, whose words go beside their fields. */
void form_show(struct web *web, struct form_page *page, const struct td_problems *problems)
    __attribute__((nonnull));

/* Answer a form that a use case ended with `status`: saved, go on to `next`; refused, the page with
 * the problems; changed by someone else meanwhile, the page with each line's `stored`, and sending
 * again then writes over it (409); otherwise as web_answer. The page holds what was typed. */
int form_end(struct web *web, struct form_page *page, int status,
             const struct td_problems *problems, const char *next) __attribute__((nonnull));

/* A line's `stored`. */
struct td_message form_stored(const char *typed, const char *stored) __attribute__((nonnull));

/* The field as typed, without blanks around it; "" when it wasn't sent. */
const char *typed_text(struct web *web, const char *name) __attribute__((nonnull, returns_nonnull));

/* A whole number above zero, or 0. */
int64_t typed_number(struct web *web, const char *name) __attribute__((nonnull));

/* A day, as browsers send it or as people write it: 2024-03-20, 20/03/2024. Not set when empty;
 * false, and a problem at the field, when it is none. */
bool typed_day(struct web *web, const char *name, struct td_problems *problems, struct td_date *ret)
    __attribute__((nonnull));

/* The day as the value of a field. */
const char *typed_day_value(struct web *web, struct td_date day) __attribute__((nonnull));

/* A path in the request's memory: the pieces one after the other. "/" when there is no memory. */
#define web_path(web, ...) web_join(web, (const char *const[]){__VA_ARGS__, NULL})
const char *web_join(struct web *web, const char *const *pieces)
    __attribute__((nonnull, returns_nonnull));

/* After a redirect with "?saved=1" the page says that it was done. */
void web_saved(struct web *web, struct layout *layout) __attribute__((nonnull));

/* What to do about a field: the remedy of the first problem whose place it is, or no message. */
struct td_message web_problem_remedy(const struct td_problems *problems, const char *field)
    __attribute__((nonnull));

#endif
