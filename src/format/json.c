/*
 * The reader: JSON text in, places, problems and objects out.
 */
#include "format/json.h"

#include "base/utf8.h"

#include <stdio.h>
#include <string.h>

#include "base/banned.h"

void reader_init(struct reader *r, struct td_arena *arena, struct td_problems *problems)
{
    *r = (struct reader){.arena = arena,
                         .problems = problems,
                         .errors_before = problems->errors,
                         .item_decimals = TD_ITEM_DECIMALS_MAX};
}

int reader_status(const struct reader *r)
{
    if (r->full || r->problems->full) {
        return TD_E_MEMORY;
    }
    return r->problems->errors > r->errors_before ? TD_E_INVALID : TD_OK;
}

bool reader_whole(const struct reader *r)
{
    return r->holes == 0 && !r->full && !r->problems->full;
}

void *reader_alloc(struct reader *r, size_t count, size_t size)
{
    void *memory = r->full ? NULL : td_arena_zeroed(r->arena, count, size);

    if (memory == NULL) {
        r->full = true;
    }
    return memory;
}

const char *reader_text(struct reader *r, const char *bytes, size_t n)
{
    const char *text = r->full ? NULL : td_arena_text(r->arena, bytes, n);

    if (text == NULL) {
        r->full = true;
        return "";
    }
    return text;
}

bool reader_listens(const struct reader *r)
{
    return r->problems->errors < TD_PROBLEMS_LIMIT && !r->full;
}

/* ---- places ---------------------------------------------------------------------------------- */

static size_t escaped_length(const char *key)
{
    size_t n = 0;

    for (; *key != '\0'; key++) {
        n += *key == '~' || *key == '/' ? 2 : 1;
    }
    return n;
}

/* Write the step before `end`, answer where it begins. */
static char *step_before(char *end, const struct at *at)
{
    if (at->key == NULL) {
        size_t index = at->index;
        do {
            *--end = (char)('0' + index % 10);
            index /= 10;
        } while (index != 0);
    } else {
        for (size_t i = strlen(at->key); i-- > 0;) {
            char c = at->key[i];
            *--end = c == '~' ? '0' : c == '/' ? '1' : c;
            if (c == '~' || c == '/') {
                *--end = '~';
            }
        }
    }
    *--end = '/';
    return end;
}

const char *where_of(struct reader *r, const struct at *at)
{
    size_t n = 1;

    for (const struct at *step = at; step->above != NULL; step = step->above) {
        n += 1 + (step->key == NULL ? 20 : escaped_length(step->key));
    }
    char *text = r->full ? NULL : td_arena_alloc(r->arena, n, 1);
    if (text == NULL) {
        r->full = true;
        return "";
    }
    char *begin = text + n - 1;
    *begin = '\0';
    for (const struct at *step = at; step->above != NULL; step = step->above) {
        begin = step_before(begin, step);
    }
    return begin;
}

struct at member_of(const struct at *object, const char *key, json_t *json)
{
    return (struct at){.above = object, .key = key, .json = json_is_null(json) ? NULL : json};
}

struct at element_of(const struct at *list, size_t index)
{
    return (struct at){.above = list, .index = index, .json = json_array_get(list->json, index)};
}

/* ---- problems -------------------------------------------------------------------------------- */

void problem_at(struct reader *r, const struct at *at, struct td_message what,
                struct td_message remedy)
{
    const char *where = reader_listens(r) ? where_of(r, at) : "";

    td_problem_add(r->problems, TD_ERROR, where, what, remedy);
}

void hole_at(struct reader *r, const struct at *at, struct td_message what,
             struct td_message remedy)
{
    r->holes++;
    problem_at(r, at, what, remedy);
}

void hole_where(struct reader *r, const char *where, struct td_message what,
                struct td_message remedy)
{
    r->holes++;
    td_problem_add(r->problems, TD_ERROR, where, what, remedy);
}

static const char *kind_of(const json_t *json)
{
    if (json == NULL) {
        return TD_ID("nothing");
    }
    switch (json_typeof(json)) {
    case JSON_OBJECT:
        return TD_ID("an object in braces");
    case JSON_ARRAY:
        return TD_ID("a list in brackets");
    case JSON_STRING:
        return TD_ID("a text in quotes");
    case JSON_INTEGER:
        return TD_ID("a whole number without quotes");
    case JSON_REAL:
        return TD_ID("a decimal number without quotes");
    case JSON_TRUE:
    case JSON_FALSE:
        return TD_ID("true or false");
    case JSON_NULL:
        return TD_ID("null");
    }
    return "";
}

void mistyped_at(struct reader *r, const struct at *at, const char *expected,
                 struct td_message remedy)
{
    hole_at(r, at,
            TD_MESSAGE("expected {0}, found {1}", TD_TERM(expected), TD_TERM(kind_of(at->json))),
            remedy);
}

/* ---- loading --------------------------------------------------------------------------------- */

/* jansson quotes the text it stumbled over: … near 'text'. NULL when it names none or it can't be
 * shown. */
static const char *near_text(struct reader *r, const json_error_t *error)
{
    static const char before[] = " near '";
    const char *begin = strstr(error->text, before);

    if (begin == NULL) {
        return NULL;
    }
    begin += sizeof before - 1;
    size_t n = strlen(begin);
    if (n == 0 || begin[n - 1] != '\'' || !utf8_plain(begin, n - 1)) {
        return NULL;
    }
    return reader_text(r, begin, n - 1);
}

static struct td_message syntax_message(struct reader *r, const json_error_t *error)
{
    struct td_arg line = TD_COUNT(error->line);
    struct td_arg column = TD_COUNT(error->column);
    const char *text = near_text(r, error);

    switch (json_error_code(error)) {
    case json_error_duplicate_key:
        return TD_MESSAGE("line {0}, column {1}: the key {2} stands twice in one object", line,
                          column, TD_TEXT(text == NULL ? "" : text));
    case json_error_premature_end_of_input:
        return TD_MESSAGE("line {0}, column {1}: the file ends in the middle", line, column);
    case json_error_end_of_input_expected:
        return TD_MESSAGE("line {0}, column {1}: something follows after the end", line, column);
    case json_error_invalid_utf8:
        return TD_MESSAGE("line {0}, column {1}: not UTF-8", line, column);
    case json_error_null_character:
    case json_error_null_byte_in_key:
        return TD_MESSAGE("line {0}, column {1}: a text holds a NUL character", line, column);
    case json_error_numeric_overflow:
        return TD_MESSAGE("line {0}, column {1}: the number is too great", line, column);
    case json_error_stack_overflow:
        return TD_MESSAGE("line {0}, column {1}: lists and objects are nested too deep", line,
                          column);
    case json_error_unknown:
    case json_error_out_of_memory:
    case json_error_cannot_open_file:
    case json_error_invalid_argument:
    case json_error_invalid_syntax:
    case json_error_invalid_format:
    case json_error_wrong_type:
    case json_error_null_value:
    case json_error_item_not_found:
    case json_error_index_out_of_range:
        break;
    }
    if (text == NULL) {
        return TD_MESSAGE("line {0}, column {1}: this is not JSON", line, column);
    }
    return TD_MESSAGE("line {0}, column {1}: this is not JSON, near {2}", line, column,
                      TD_TEXT(text));
}

bool reader_load(struct reader *r, const char *bytes, size_t n, struct at *ret_root)
{
    static const struct at whole = {.above = NULL};
    json_error_t error;

    if (n >= 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0) {
        hole_at(r, &whole, TD_WORDS("the file begins with a byte-order mark"),
                TD_WORDS("save it as UTF-8 without one"));
        return false;
    }
    if (n > FORMAT_FILE_MAX) {
        hole_at(
            r, &whole,
            TD_MESSAGE("the file is longer than the limit of {0} bytes", TD_COUNT(FORMAT_FILE_MAX)),
            NO_REMEDY);
        return false;
    }
    json_t *json = json_loadb(n == 0 ? "" : bytes, n, JSON_REJECT_DUPLICATES, &error);
    if (json == NULL) {
        if (json_error_code(&error) == json_error_out_of_memory) {
            r->full = true;
            return false;
        }
        hole_at(r, &whole, syntax_message(r, &error),
                n == 0 ? TD_WORDS("the file is empty") : NO_REMEDY);
        return false;
    }
    *ret_root = (struct at){.json = json};
    return true;
}

/* ---- objects --------------------------------------------------------------------------------- */

bool object_open(struct object *o, struct reader *r, const struct at *at)
{
    if (!json_is_object(at->json)) {
        mistyped_at(r, at, TD_ID("an object in braces"), NO_REMEDY);
        return false;
    }
    o->at = *at;
    o->r = r;
    o->asked_count = 0;
    return true;
}

static bool object_asked(const struct object *o, const char *key)
{
    for (size_t i = 0; i < o->asked_count; i++) {
        if (strcmp(o->asked[i], key) == 0) {
            return true;
        }
    }
    return false;
}

struct at field(struct object *o, const char *key)
{
    if (o->asked_count < OBJECT_KEYS_MAX) {
        o->asked[o->asked_count++] = key;
    }
    return member_of(&o->at, key, json_object_get(o->at.json, key));
}

struct at field_needed(struct object *o, const char *key)
{
    struct at at = field(o, key);

    if (at.json == NULL) {
        hole_at(o->r, &o->at, TD_MESSAGE("the key “{0}” is missing", TD_TEXT(key)),
                TD_WORDS("add it; nothing is guessed"));
    }
    return at;
}

bool field_object(struct object *o, const char *key, bool needed, struct object *ret)
{
    struct at at = needed ? field_needed(o, key) : field(o, key);

    return at.json != NULL && object_open(ret, o->r, &at);
}

void object_close(struct object *o)
{
    const char *key = NULL;
    json_t *value = NULL;

    if (!object_asked(o, "clause")) {
        (void)field_clause(o);
    }
    if (!object_asked(o, "note")) {
        (void)field_text_or_none(o, "note");
    }
    json_object_foreach(o->at.json, key, value)
    {
        if (object_asked(o, key)) {
            continue;
        }
        struct at at = member_of(&o->at, key, value);
        struct td_message remedy = NO_REMEDY;
        const char *name = "";
        if (reader_listens(o->r)) {
            name = utf8_plain(key, strlen(key)) ? reader_text(o->r, key, strlen(key)) : "?";
            remedy = remedy_of(o->r, key, o->asked, o->asked_count);
        }
        problem_at(o->r, &at, TD_MESSAGE("the key “{0}” is not known here", TD_TEXT(name)), remedy);
    }
}

bool format_is(struct object *root, const char *wanted)
{
    struct at at = field_needed(root, "format");
    const char *format = json_string_value(at.json);

    if (at.json != NULL && (format == NULL || strcmp(format, wanted) != 0)) {
        hole_at(root->r, &at, TD_MESSAGE("this is not a file of the format {0}", TD_TEXT(wanted)),
                NO_REMEDY);
        return false;
    }
    return at.json != NULL;
}

/* ---- lists ----------------------------------------------------------------------------------- */

int32_t list_count(const struct at *at, int32_t limit)
{
    size_t n = json_array_size(at->json); /* 0 when it is not one */

    return n > (size_t)limit ? limit : (int32_t)n;
}

void *list_at(struct reader *r, const struct at *at, const struct list_of *of, int32_t *ret_count)
{
    *ret_count = 0;
    if (!json_is_array(at->json)) {
        mistyped_at(r, at, TD_ID("a list in brackets"), NO_REMEDY);
        return NULL;
    }
    if (json_array_size(at->json) > (size_t)of->limit) {
        hole_at(r, at,
                TD_MESSAGE("the list has {0} entries, more than the limit of {1}",
                           TD_COUNT(json_array_size(at->json)), TD_COUNT(of->limit)),
                NO_REMEDY);
    }
    int32_t count = list_count(at, of->limit);
    if (count == 0) {
        return NULL;
    }
    char *elements = reader_alloc(r, (size_t)count, of->size);
    if (elements == NULL) {
        return NULL;
    }
    for (int32_t i = 0; i < count && !r->full; i++) {
        struct at element = element_of(at, (size_t)i);
        of->read(r, &element, elements + (size_t)i * of->size);
    }
    *ret_count = count;
    return elements;
}

void *field_list(struct object *o, const char *key, const struct list_of *of, int32_t *ret_count)
{
    struct at at = field_needed(o, key);

    *ret_count = 0;
    return at.json == NULL ? NULL : list_at(o->r, &at, of, ret_count);
}

void *field_list_or_none(struct object *o, const char *key, const struct list_of *of,
                         int32_t *ret_count)
{
    struct at at = field(o, key);

    *ret_count = 0;
    return at.json == NULL ? NULL : list_at(o->r, &at, of, ret_count);
}
