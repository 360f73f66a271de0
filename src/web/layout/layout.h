/*
 * What stands around every page, and the parts that pages share: fields, empty states, badges,
 * tables, pages of a list, questions before something is done.
 *
 * A handler fills these structures with messages and data of its arena; the templates beside this
 * file show them. All text is borrowed for as long as the page is being written. A message without
 * id (all zero) is left out.
 */
#ifndef WEB_LAYOUT_LAYOUT_H
#define WEB_LAYOUT_LAYOUT_H

#include "web/html.h"

#include <stdbool.h>
#include <stdint.h>

/* A label that is data and not a word of ours, for example a bloc's name. It is not translated. */
static inline struct td_message layout_text(const char *text)
{
    return (struct td_message){.id = "{0}", .args = {TD_TEXT(text)}};
}

/* One entry of the main menu. */
struct layout_item {
    struct td_message label;
    const char *href;
    const char *icon; /* ICON("home") */
    bool is_current;  /* the page belongs to this entry */
    int64_t count;    /* how many things wait there; 0 shows none */
};

/* One step of the way from the home page to this one, this one not counted. */
struct layout_crumb {
    struct td_message label;
    const char *href;
};

/* The one thing that is mostly done on this page. */
struct layout_action {
    struct td_message label; /* without id: there is none */
    const char *href;
    const char *icon;
};

/* What the reader's last step came to. */
enum layout_flash_kind {
    LAYOUT_FLASH_NONE,
    LAYOUT_FLASH_SAVED,
    LAYOUT_FLASH_REFUSED, /* read out at once */
    LAYOUT_FLASH_NOTE,
};

struct layout_flash {
    enum layout_flash_kind kind;
    struct td_message message;
};

/* Who is signed in. */
struct layout_user {
    const char *name; /* NULL: nobody */
    struct td_message role;
};

/* The frame of a page: {% wrap layout(&page->layout) %} … {% end %}. */
struct layout {
    struct td_message title; /* the page's heading, and the window's title */
    struct td_message lead;  /* one sentence below it; may be without id */
    struct layout_action action;
    const struct layout_crumb *crumbs;
    size_t crumb_count;
    const struct layout_item *menu;
    size_t menu_count;
    struct layout_user user;
    struct layout_flash flash;
    bool is_demo; /* the data are invented, and a banner says so */
};

/* A page that says what went wrong, error_page_html. */
struct error_page {
    struct layout layout;
    int status;               /* 404; shown small, for whoever is asked for help */
    struct td_message what;   /* what happened, in a sentence */
    struct td_message remedy; /* what the reader can do */
    const char *reference;    /* by which the log is found; NULL: none */
    const char *form;         /* where a form that was not accepted is found anew; NULL: none */
};

/* A form that was not accepted, with what was typed, to be sent again: resend_page_html. */
struct resend_field {
    const char *name, *value;
};
struct resend_page {
    struct layout layout;
    struct td_message what, remedy;
    const char *action;
    const struct resend_field *fields;
    size_t count;
};

/* --- Parts ------------------------------------------------------------------------------- */

/* One line to write in: {% call field(&(struct field){…}) %}. Its id is the name. */
struct field {
    const char *name;
    struct td_message label;
    struct td_message hint;  /* below it; may be without id */
    struct td_message error; /* why it was refused; may be without id */
    const char *type;        /* "text", "email", "password", "date" …; NULL: "text" */
    const char *value;       /* NULL: empty */
    const char *input_mode;  /* "decimal", "numeric" …, which keyboard a phone shows; NULL: any */
    const char *autocomplete; /* as HTML names it; NULL: "off" */
    bool is_required;
};

/* Several lines to write in. */
struct text_field {
    const char *name;
    struct td_message label;
    struct td_message hint;
    struct td_message error;
    const char *value;
    int rows; /* 0: 4 */
    bool is_required;
};

struct choice {
    const char *value;
    struct td_message label;
};

/* One of a few to choose. */
struct choice_field {
    const char *name;
    struct td_message label;
    struct td_message hint;
    struct td_message error;
    const char *value; /* the one that is chosen; NULL: none, and an empty first line asks */
    const struct choice *choices;
    size_t count;
    bool is_required;
};

/* What a list says while there is nothing in it. */
struct empty_state {
    const char *icon;
    struct td_message title;
    struct td_message hint;
    struct layout_action action;
};

/* How far something is. Colour repeats what the words say, and never says it alone. */
enum badge_tone {
    BADGE_QUIET,   /* not begun, or past caring */
    BADGE_WAITING, /* somebody has to do something */
    BADGE_LATE,
    BADGE_DONE,
    BADGE_NOTE,
};

struct badge {
    enum badge_tone tone;
    struct td_message label;
};

/* The class of a badge's or flash's tone. */
const char *badge_class(enum badge_tone tone);
const char *layout_flash_class(enum layout_flash_kind kind);

/* Where a long list is; the link to page n is base_href with "page=n". */
struct pager {
    const char *base_href; /* "/records?": ends in "?" or "&" */
    int64_t page;          /* from 1 */
    int64_t page_count;
};

/* A question before something that can't be undone; what the button does is a form that posts. */
struct confirm_box {
    struct td_message question;
    struct td_message consequence; /* what will be so afterwards; may be without id */
    struct td_message yes;         /* the button's words, a verb: not "yes" */
    const char *action;            /* where the form posts to */
    const char *back;              /* where "no" leads */
    bool is_dangerous;
};

#endif
