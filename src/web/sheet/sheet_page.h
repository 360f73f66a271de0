/*
 * A score sheet as a page: a grid of the regulation's criteria with something to write in for each
 * item. It is one form that works without scripts; assets/sheet.js sends the same fields cell by
 * cell, and is answered in JSON.
 *
 * Names of fields. `v:ITEM` the value, `v:ITEM:EVENT` the count of an event, `c:ITEM` a part that
 * is met (repeated), `c:ITEM:none` that none is, `t:ITEM` the target, `n:ITEM` note, `e:ITEM`
 * evidence. Beside each stands `o` + name, the text as the page was loaded, and `s` + name, the
 * version that was seen: what equals `o` is not sent to the office. `k` + name is "theirs" where
 * two wrote and the other's value is to stay. A script leaves `o` out.
 */
#ifndef WEB_SHEET_SHEET_PAGE_H
#define WEB_SHEET_SHEET_PAGE_H

#include "office/sheet.h"
#include "web/layout/layout.h"
#include "web/web.h"

/* ---- what was typed -------------------------------------------------------------------------- */

/* The form as it came: inputs for the office, and what was wrong, by the name of the field. */
struct sheet_form {
    struct sheet_input *inputs;
    const char **names; /* [count]: of the field that each input came from */
    size_t count;
    struct td_problems problems; /* `where` is a field's name, or an item's id */
    const struct sheet_clash *clashes;
};

/* Fields of the request become inputs; what can't be read becomes a problem. TD_OK or memory. */
int sheet_form_read(struct web *web, const struct td_regulation *reg, struct sheet_form *ret)
    TD_MUST_CHECK;

/* The office's problems name inputs by index: from now on by the name of their field. */
void sheet_form_problems(struct sheet_form *form, const struct td_problems *problems);

/* The clash at a field, or NULL. */
const struct sheet_clash *sheet_form_clash(const struct sheet_form *form, const char *name);

/* ---- texts ----------------------------------------------------------------------------------- */

/* The name of a field, e.g. "v:I.5:case"; part may be NULL. NULL when memory is out. */
const char *sheet_name(struct td_arena *arena, const char *kind, const char *item,
                       const char *part);

/* A value as one would type it: "12,5". Empty for TD_EMPTY. NULL when memory is out. */
const char *sheet_number(struct web *web, int64_t value, uint8_t decimals);

/* Parts of a checklist: "" nothing is said, "none", or their ids with blanks between. */
const char *sheet_checks(struct td_arena *arena, const struct td_item *item, int64_t value);

/* The text of a value of the item, whichever way it is scored. */
const char *sheet_value(struct web *web, const struct td_item *item, int64_t value);

/* ---- the page -------------------------------------------------------------------------------- */

/* Where two wrote. */
struct sheet_both {
    const char *theirs; /* NULL: no clash here */
    const char *by;
    struct instant at;
    const char *choice; /* the name of the choice */
};

/* One thing to write in. */
struct sheet_field {
    const char *name, *old_name, *seen_name;
    const char *value, *old;
    int64_t seen;
    struct td_message label; /* what kind of figure: of which item, its row says */
    const char *lost;        /* typed, and not saved as the sheet is closed; or NULL */
    struct td_message error;
    struct sheet_both both;
};

/* A part of a checklist, or an event. */
struct sheet_part {
    const char *id, *title;
    struct td_decimal points;
    bool checked;             /* CHECKLIST */
    struct sheet_field field; /* PLUS_MINUS */
};

struct sheet_row {
    const struct td_node *node;
    const struct td_item *item; /* NULL: a section */
    const char *id;
    struct td_decimal maximum, points; /* of a section: their sum */
    struct td_message state;           /* why there are no points; or how they come */
    bool asks;                         /* it needs a value from this sheet */
    struct sheet_field value, target, note, evidence;
    const char *checks_name, *none_name; /* CHECKLIST */
    bool none;
    struct sheet_part *parts;
    struct td_message *hints; /* how it is scored, a line each */
    int32_t hint_count;
    const char *not_arisen;
    struct td_message error; /* of the row */
};

struct sheet_page {
    struct layout layout;
    struct layout_crumb crumbs[2];
    const struct sheet *sheet;
    struct badge state;
    struct sheet_row *rows; /* by node */
    struct td_decimal total, maximum;
    const char *base; /* the sheet's address */
    const char *save, *move;
};

/* The page of a sheet; with the form that was refused, or NULL. TD_OK or memory. */
int sheet_view(struct web *web, const struct sheet *sheet, const struct sheet_form *form,
               struct sheet_page *page) TD_MUST_CHECK;

/* Why an item has no points; no message where it has, or is just empty. */
struct td_message sheet_points_words(const struct sheet *sheet, int32_t item);

/* The state in words. */
struct badge sheet_badge(enum sheet_state state);

/* The answer to a script: what was saved, or why not. */
void sheet_answer(struct web *web, const struct sheet *sheet, const struct sheet_form *form,
                  struct instant saved);

/* Before a sheet is submitted, returned or abstained from. */
struct sheet_confirm_page {
    struct layout layout;
    struct layout_crumb crumbs[3];
    const char *move; /* where it posts to */
    const char *back;
    const char *verb; /* "submit" … */
    int64_t seen;
    bool asks_remark;
    struct text_field remark;
    struct td_message question, consequence, yes;
};

/* The sheet that the address names. */
struct sheet_key sheet_key_of(struct http_exchange *x);

int sheet_show(struct http_exchange *x);
int sheet_save_form(struct http_exchange *x);
int sheet_move_form(struct http_exchange *x);

#endif
