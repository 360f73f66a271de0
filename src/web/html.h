/*
 * What compiled templates call: values written into a page, each escaped for the place where it
 * stands.
 *
 * Nobody calls these by hand: tools/templates.py decides from the place which one it is, so that
 * no page can choose wrongly. README.md beside this file says how a template is written. Every
 * function appends to h->out; a page that doesn't fit its buffer is seen once, by buf_ok.
 */
#ifndef WEB_HTML_H
#define WEB_HTML_H

#include "base/buf.h"
#include "base/instant.h"
#include "language/language.h"
#include "thidua/message.h"

/* A page that is being written. All is borrowed. */
struct html {
    struct buf *out;
    const struct language *language; /* the reader's */
    const char *csrf;                /* the session's token, put into every form that posts */
};

/* The name of an icon, where it is data and not written in a template: ICON("home"). The template
 * compiler gathers these, and refuses a name that there is no icon for. */
#define ICON(literal) literal

#define html_static(h, literal) buf_add((h)->out, "" literal, sizeof(literal) - 1)

/* A value as words, in text or in an attribute that people read: a number and a date as the
 * reader's language writes them. Whole numbers are not grouped, because years and numbers of
 * documents are whole numbers too. NULL text, "no date" and "no time" are nothing. A type that is
 * not here does not compile. */
#define html_value(h, x)                                                                           \
    _Generic((x), const char *                                                                     \
             : html_text, char *                                                                   \
             : html_text, struct td_decimal                                                        \
             : html_decimal, struct td_fraction                                                    \
             : html_fraction, struct td_date                                                       \
             : html_date, struct instant                                                           \
             : html_instant, struct html_clock                                                     \
             : html_clock, struct td_message                                                       \
             : html_message, HTML_WHOLE, default : html_type_not_shown)(h, x)

/* The value of a form's field: what the reader would type. A decimal has the language's point and
 * no groups; a date is as <input type="date"> wants it. */
#define html_input(h, x)                                                                           \
    _Generic((x), const char *                                                                     \
             : html_text, char *                                                                   \
             : html_text, struct td_decimal                                                        \
             : html_decimal_input, struct td_date                                                  \
             : html_date_plain, struct instant                                                     \
             : html_instant_plain, HTML_WHOLE, default : html_type_not_shown)(h, x)

/* Any other attribute: for programs, the same in every language. */
#define html_plain(h, x)                                                                           \
    _Generic((x), const char *                                                                     \
             : html_text, char *                                                                   \
             : html_text, struct td_decimal                                                        \
             : html_decimal_plain, struct td_date                                                  \
             : html_date_plain, struct instant                                                     \
             : html_instant_plain, HTML_WHOLE, default : html_type_not_shown)(h, x)

/* A part of a URL after its beginning: everything but letters, digits and -._~ is
 * percent-encoded. */
#define html_url_part(h, x)                                                                        \
    _Generic((x), const char *                                                                     \
             : html_url_text, char *                                                               \
             : html_url_text, struct td_date                                                       \
             : html_date_plain, HTML_WHOLE, default : html_type_not_shown)(h, x)

#define HTML_WHOLE                                                                                 \
    short : html_whole,                                                                            \
            int : html_whole,                                                                      \
                  long : html_whole,                                                               \
                         long long : html_whole,                                                   \
                                     signed char : html_whole,                                     \
                                                   unsigned char : html_unsigned,                  \
                                                                   unsigned short : html_unsigned, \
                                                                                    unsigned       \
        : html_unsigned,                                                                           \
          unsigned long : html_unsigned,                                                           \
                          unsigned long long : html_unsigned

/* Where a value of another type ends up, so that the compiler refuses it where it is written and
 * not here. There are no such functions. */
struct html_shown_type {
    char none;
};
void html_type_not_shown(struct html *h, struct html_shown_type value);
struct td_arg html_not_an_argument(struct html *h, struct html_shown_type value, char *room);

/* A time of which only the hour is shown: "10:42". */
struct html_clock {
    struct instant instant;
};

void html_text(struct html *h, const char *text) __attribute__((nonnull(1)));
void html_whole(struct html *h, long long value) __attribute__((nonnull));
void html_unsigned(struct html *h, unsigned long long value) __attribute__((nonnull));
void html_decimal(struct html *h, struct td_decimal value) __attribute__((nonnull));
void html_decimal_input(struct html *h, struct td_decimal value) __attribute__((nonnull));
void html_decimal_plain(struct html *h, struct td_decimal value) __attribute__((nonnull));
void html_fraction(struct html *h, struct td_fraction value) __attribute__((nonnull));
void html_date(struct html *h, struct td_date value) __attribute__((nonnull));
void html_date_plain(struct html *h, struct td_date value) __attribute__((nonnull));

/* "10:42 21/11/2026" in Vietnamese, "10:42 2026-11-21" in English, at Viet Nam's hour. */
void html_instant(struct html *h, struct instant value) __attribute__((nonnull));
void html_instant_plain(struct html *h, struct instant value) __attribute__((nonnull));
void html_clock(struct html *h, struct html_clock value) __attribute__((nonnull));

/* The words of a message, its arguments escaped. */
void html_message(struct html *h, struct td_message message) __attribute__((nonnull));

/* The words of an id that has no places. */
void html_words(struct html *h, const char *id) __attribute__((nonnull));

/* A whole URL. It is written only when it begins with "/" (not "//"), "#", "?", "https://" or
 * "mailto:" and holds no blank, control character or backslash, which browsers read in ways of
 * their own; otherwise, and for NULL, "#" stands there. */
void html_url(struct html *h, const char *url) __attribute__((nonnull(1)));

/* The same as the beginning of a longer URL: without a "/" at its end, so that what follows can't
 * make "//" of it, which is another host. */
void html_url_base(struct html *h, const char *url) __attribute__((nonnull(1)));

/* The same as the target of a form: "https:" and "mailto:" are refused too. */
void html_url_local(struct html *h, const char *url) __attribute__((nonnull(1)));

/* "." and "..", which would climb to another page, become "_". */
void html_url_text(struct html *h, const char *text) __attribute__((nonnull(1)));

/* The hidden field that proves that a form came from one of our pages. */
void html_csrf(struct html *h) __attribute__((nonnull));
#define HTML_CSRF_NAME "csrf"

/* An argument of {t …}: a value becomes the struct td_arg of its type; one that is a struct td_arg
 * already (TD_TERM(…), TD_PERCENT(…), TD_COUNT(…), which groups thousands) stays. */
#define html_arg(x)                                                                                \
    _Generic((x), struct td_arg                                                                    \
             : html_arg_arg, const char *                                                          \
             : html_arg_text, char *                                                               \
             : html_arg_text, struct td_decimal                                                    \
             : html_arg_decimal, struct td_fraction                                                \
             : html_arg_fraction, struct td_date                                                   \
             : html_arg_date, struct instant                                                       \
             : html_arg_instant, struct html_clock                                                 \
             : html_arg_clock, short                                                               \
             : html_arg_whole, int                                                                 \
             : html_arg_whole, long                                                                \
             : html_arg_whole, long long                                                           \
             : html_arg_whole, unsigned char                                                       \
             : html_arg_whole, unsigned short                                                      \
             : html_arg_whole, unsigned                                                            \
             : html_arg_whole, unsigned long                                                       \
             : html_arg_unsigned, unsigned long long                                               \
             : html_arg_unsigned, default : html_not_an_argument)(h, x, (char[HTML_ARG_TEXT]){0})

#define HTML_ARG_TEXT 32

/* `room` holds the text of an argument that has no kind of its own; it lives as long as the
 * statement's block. */
struct td_arg html_arg_arg(struct html *h, struct td_arg value, char room[static HTML_ARG_TEXT]);
struct td_arg html_arg_text(struct html *h, const char *value, char room[static HTML_ARG_TEXT]);
struct td_arg html_arg_decimal(struct html *h, struct td_decimal value,
                               char room[static HTML_ARG_TEXT]);
struct td_arg html_arg_fraction(struct html *h, struct td_fraction value,
                                char room[static HTML_ARG_TEXT]);
struct td_arg html_arg_date(struct html *h, struct td_date value, char room[static HTML_ARG_TEXT]);
struct td_arg html_arg_instant(struct html *h, struct instant value,
                               char room[static HTML_ARG_TEXT]);
struct td_arg html_arg_clock(struct html *h, struct html_clock value,
                             char room[static HTML_ARG_TEXT]);
/* Not grouped: see html_value. */
struct td_arg html_arg_whole(struct html *h, long long value, char room[static HTML_ARG_TEXT]);
struct td_arg html_arg_unsigned(struct html *h, unsigned long long value,
                                char room[static HTML_ARG_TEXT]);

#endif
