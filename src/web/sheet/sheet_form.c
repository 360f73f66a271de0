/*
 * From the fields of a sheet's form to what the office saves.
 */
#include "web/sheet/sheet_page.h"

#include "office/rules.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/banned.h"

#define NAME_MAX_BYTES 160

/* ---- texts ----------------------------------------------------------------------------------- */

/* Without printf: a form of sixty items asks for some hundred names. */
const char *sheet_name(struct td_arena *arena, const char *kind, const char *item, const char *part)
{
    const char *const pieces[] = {kind, ":", item, part == NULL ? "" : ":",
                                  part == NULL ? "" : part};
    char text[NAME_MAX_BYTES];
    size_t n = 0;
    for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
        size_t length = strlen(pieces[i]);
        if (length >= sizeof text - n) {
            return NULL;
        }
        memcpy(text + n, pieces[i], length);
        n += length;
    }
    return td_arena_text(arena, text, n);
}

const char *sheet_number(struct web *web, int64_t value, uint8_t decimals)
{
    char text[TD_DECIMAL_TEXT];
    if (value == TD_EMPTY) {
        return "";
    }
    size_t n = td_decimal_print_short((struct td_decimal){value, decimals}, text);
    char *point = strchr(text, '.');
    if (point != NULL && language_decimal_comma(web->language)) {
        *point = ',';
    }
    return td_arena_text(web->arena, text, n);
}

const char *sheet_checks(struct td_arena *arena, const struct td_item *item, int64_t value)
{
    size_t n = 0;
    if (value == TD_EMPTY || value == 0) {
        return value == 0 ? "none" : "";
    }
    for (int32_t i = 0; i < item->part_count; i++) {
        n += strlen(item->parts[i].id) + 1;
    }
    char *text = td_arena_alloc(arena, n + 1, 1);
    if (text == NULL) {
        return NULL;
    }
    n = 0;
    for (int32_t i = 0; i < item->part_count; i++) {
        if (value >> i & 1) {
            size_t length = strlen(item->parts[i].id);
            if (n > 0) {
                text[n++] = ' ';
            }
            memcpy(text + n, item->parts[i].id, length);
            n += length;
        }
    }
    text[n] = '\0';
    return text;
}

const char *sheet_value(struct web *web, const struct td_item *item, int64_t value)
{
    return item->way == TD_WAY_CHECKLIST ? sheet_checks(web->arena, item, value)
                                         : sheet_number(web, value, item->decimals);
}

/* ---- reading --------------------------------------------------------------------------------- */

struct reading {
    struct web *web;
    const struct td_regulation *regulation;
    struct sheet_form *form;
    bool no_memory;
};

static void wrong(struct reading *r, const char *name, struct td_message what)
{
    td_problem_add(&r->form->problems, TD_ERROR, name, what, (struct td_message){0});
}

static const char *field(const struct reading *r, const char *prefix, const char *name)
{
    char text[NAME_MAX_BYTES + 4];
    int n = snprintf(text, sizeof text, "%s%s", prefix, name);
    return n < 0 || (size_t)n >= sizeof text ? NULL : http_field(r->web->x, text);
}

/* The version that the writer saw. */
static int64_t seen(struct reading *r, const char *name)
{
    const char *text = field(r, "s", name);
    struct td_decimal number = {0};
    if (text == NULL || *text == '\0') {
        return 0;
    }
    return td_decimal_parse(text, strlen(text), 0, &number) == TD_OK ? number.units : -1;
}

static bool is_blank(const char *text)
{
    return strspn(text, " \t\r\n") == strlen(text);
}

/* Was it left as it was loaded, or is the other's value to stay? */
static bool is_left(const struct reading *r, const char *name, const char *typed)
{
    const char *old = field(r, "o", name), *keep = field(r, "k", name);
    return (old != NULL && strcmp(old, typed) == 0) ||
           (keep != NULL && strcmp(keep, "theirs") == 0);
}

static struct sheet_input *add(struct reading *r, const char *name, enum sheet_input_kind kind,
                               const char *item, const char *part)
{
    struct sheet_input *input = &r->form->inputs[r->form->count];
    r->form->names[r->form->count++] = name;
    *input = (struct sheet_input){.kind = kind, .item = item, .part = part, .seen = seen(r, name)};
    return input;
}

/* "1.250" in both ways that it can be read. */
static struct td_message two_ways(struct reading *r, const char *typed)
{
    const char *sign = strpbrk(typed, ".,");
    size_t n = strlen(typed);
    char *whole = td_arena_text(r->web->arena, typed, n);
    char *parts = td_arena_text(r->web->arena, typed, n);
    if (whole == NULL || parts == NULL || sign == NULL) {
        r->no_memory = true;
        return TD_WORDS("this is not a number");
    }
    size_t at = (size_t)(sign - typed);
    memmove(whole + at, whole + at + 1, n - at);
    parts[at] = language_decimal_comma(r->web->language) ? ',' : '.';
    return TD_MESSAGE("“{0}” can be read in two ways: write {1} or {2}", TD_TEXT(typed),
                      TD_TEXT(whole), TD_TEXT(parts));
}

static bool read_number(struct reading *r, const char *name, const char *typed,
                        struct td_decimal *ret)
{
    switch (language_read_decimal(r->web->language, typed, ret)) {
    case TD_OK:
        return true;
    case TD_E_INVALID:
        wrong(r, name, two_ways(r, typed));
        return false;
    case TD_E_DECIMALS:
    case TD_E_RANGE:
        wrong(r, name, TD_WORDS("the number is too large"));
        return false;
    default:
        wrong(r, name, TD_WORDS("this is not a number; write it like 12,5"));
        return false;
    }
}

static void read_value(struct reading *r, const char *kind, const char *item, const char *part)
{
    const char *name = sheet_name(r->web->arena, kind, item, part);
    bool target = kind[0] == 't';
    struct td_decimal number = {0};
    if (name == NULL) {
        r->no_memory = true;
        return;
    }
    const char *typed = http_field(r->web->x, name);
    if (typed == NULL || is_left(r, name, typed)) {
        return;
    }
    bool clear = is_blank(typed);
    if (!clear && !read_number(r, name, typed, &number)) {
        return;
    }
    enum sheet_input_kind input = target ? SHEET_TARGET : clear ? SHEET_CLEAR : SHEET_VALUE;
    struct sheet_input *in = add(r, name, input, item, part);
    in->number = number;
    in->clear = clear;
}

/* Parts of a checklist: a box not ticked sends nothing, so the version beside it says that it was
 * on the page. */
static void read_checks(struct reading *r, const struct td_item *item, const char *id)
{
    const char *name = sheet_name(r->web->arena, "c", id, NULL);
    const char *none_name = sheet_name(r->web->arena, "c", id, "none");
    const char **checks = td_arena_alloc(r->web->arena, TD_PARTS_MAX, sizeof *checks);
    size_t field_count = 0;
    int32_t count = 0;
    int64_t mask = 0;
    if (name == NULL || none_name == NULL || checks == NULL) {
        r->no_memory = true;
        return;
    }
    if (field(r, "s", name) == NULL) {
        return;
    }
    const struct http_pair *fields = http_fields(r->web->x, &field_count);
    for (size_t i = 0; i < field_count && count < TD_PARTS_MAX; i++) {
        if (strcmp(fields[i].name, name) == 0) {
            checks[count++] = fields[i].value;
        }
    }
    for (int32_t i = 0; i < count; i++) {
        for (int32_t k = 0; k < item->part_count; k++) {
            mask |= strcmp(item->parts[k].id, checks[i]) == 0 ? INT64_C(1) << k : 0;
        }
    }
    bool none = http_field(r->web->x, none_name) != NULL;
    const char *typed = sheet_checks(r->web->arena, item, count == 0 && !none ? TD_EMPTY : mask);
    if (typed == NULL) {
        r->no_memory = true;
        return;
    }
    if (is_left(r, name, typed)) {
        return;
    }
    if (none && count > 0) {
        wrong(r, name, TD_WORDS("tick what is met, or that nothing is, not both"));
        return;
    }
    struct sheet_input *in =
        add(r, name, count == 0 && !none ? SHEET_CLEAR : SHEET_CHECKS, id, NULL);
    in->checks = checks;
    in->check_count = count;
}

static void read_remark(struct reading *r, const char *id)
{
    const char *name = sheet_name(r->web->arena, "n", id, NULL);
    const char *evidence_name = sheet_name(r->web->arena, "e", id, NULL);
    if (name == NULL || evidence_name == NULL) {
        r->no_memory = true;
        return;
    }
    const char *note = http_field(r->web->x, name);
    const char *evidence = http_field(r->web->x, evidence_name);
    if (note == NULL || evidence == NULL ||
        (is_left(r, name, note) && is_left(r, evidence_name, evidence))) {
        return;
    }
    struct sheet_input *in = add(r, name, SHEET_REMARK, id, NULL);
    in->note = note;
    in->evidence = evidence;
}

static void read_item(struct reading *r, int32_t index)
{
    const struct td_item *item = &r->regulation->items[index];
    const char *id = rules_item_id(r->regulation, index);
    if (item->way == TD_WAY_PLAN || item->way == TD_WAY_LEADER) {
        read_value(r, "t", id, NULL);
    }
    if (item->way == TD_WAY_CHECKLIST) {
        read_checks(r, item, id);
    } else if (item->way == TD_WAY_PLUS_MINUS) {
        for (int32_t i = 0; i < item->part_count; i++) {
            read_value(r, "v", id, item->parts[i].id);
        }
    } else {
        read_value(r, "v", id, NULL);
    }
    read_remark(r, id);
}

int sheet_form_read(struct web *web, const struct td_regulation *reg, struct sheet_form *ret)
{
    /* Of each item its cells, its target and its remark. */
    size_t most = (size_t)reg->cell_count + 2 * (size_t)reg->item_count;
    struct reading r = {.web = web, .regulation = reg, .form = ret};
    *ret = (struct sheet_form){.problems = TD_PROBLEMS(web->arena, NULL)};
    ret->inputs = td_arena_alloc(web->arena, most, sizeof *ret->inputs);
    ret->names = td_arena_alloc(web->arena, most, sizeof *ret->names);
    if (ret->inputs == NULL || ret->names == NULL) {
        return TD_E_MEMORY;
    }
    for (int32_t i = 0; i < reg->item_count; i++) {
        read_item(&r, i);
    }
    return r.no_memory || ret->problems.full ? TD_E_MEMORY : TD_OK;
}

void sheet_form_problems(struct sheet_form *form, const struct td_problems *problems)
{
    for (const struct td_problem *p = problems->first; p != NULL; p = p->next) {
        struct td_decimal index;
        bool known = td_decimal_parse(p->where, strlen(p->where), 0, &index) == TD_OK &&
                     index.units >= 0 && (uint64_t)index.units < form->count;
        td_problem_add(&form->problems, TD_ERROR, known ? form->names[index.units] : p->where,
                       p->what, p->remedy);
    }
}

const struct sheet_clash *sheet_form_clash(const struct sheet_form *form, const char *name)
{
    const struct sheet_clash *c = form->clashes;
    while (c != NULL && strcmp(form->names[c->input], name) != 0) {
        c = c->next;
    }
    return c;
}
