/*
 * Reading JSON so that a reader reads like the format: an object is opened, its fields are asked
 * for by key and type, and it is closed; what was not asked for is refused. The only header of the
 * house that includes jansson.
 *
 *     struct object o;
 *     if (!object_open(&o, r, at)) {
 *         return;
 *     }
 *     source->id = field_id(&o, "id");
 *     source->title = field_text(&o, "title");
 *     object_close(&o);
 *
 * Nothing here stops at a problem: it is noted with its place, a harmless value is given instead,
 * and reading goes on, so that one reading finds all. Whoever called looks at the end at
 * reader_status. A memory failure sticks in the same way.
 *
 * Two kinds of error are kept apart. problem_at: the value is wrong for people but stands for what
 * was meant (a bad title, an unknown key). hole_at: the value is not known, so that rules between
 * values can't be checked without blaming the innocent.
 */
#ifndef FORMAT_JSON_H
#define FORMAT_JSON_H

#include "format/format.h"

#include <jansson.h>

struct names;

struct reader {
    struct td_arena *arena;
    struct td_problems *problems;
    const struct names *sources; /* clauses begin with one of them; NULL: not asked */
    size_t holes;
    size_t errors_before;   /* problems->errors when reading began */
    uint8_t item_decimals;  /* of points */
    uint8_t value_decimals; /* of the values of the item that is being read */
    bool full;
};

/* A place in the file: the value there and the way to it. Places live on the stack, each naming the
 * one above it, so that a pointer is spelled out only for those who need it. */
struct at {
    const struct at *above; /* NULL: the whole file */
    const char *key;        /* a member of an object; NULL: an element of an array */
    size_t index;
    json_t *json; /* NULL: left out. JSON's null counts as left out */
};

#define OBJECT_KEYS_MAX 48

/* An object and the keys that were asked for. Lives on the stack while it is read. */
struct object {
    struct at at;
    struct reader *r;
    const char *asked[OBJECT_KEYS_MAX];
    size_t asked_count;
};

/* ---- the reader and its problems (json.c) ---------------------------------------------------- */

void reader_init(struct reader *r, struct td_arena *arena, struct td_problems *problems);

/* Load n bytes; the value is *ret_root's and must be given to json_decref. False: refused. */
bool reader_load(struct reader *r, const char *bytes, size_t n, struct at *ret_root);

/* TD_OK, TD_E_MEMORY or TD_E_INVALID, by all that was found since reader_init. */
int reader_status(const struct reader *r) TD_MUST_CHECK;

/* Is every value known, so that the engine's check may look at them? */
bool reader_whole(const struct reader *r);

/* Memory of the arena, zeroed. NULL sets r->full. */
void *reader_alloc(struct reader *r, size_t count, size_t size) TD_MUST_CHECK;
const char *reader_text(struct reader *r, const char *bytes, size_t n);

/* Will another problem be kept? Costly remedies are only made then. */
bool reader_listens(const struct reader *r);

void problem_at(struct reader *r, const struct at *at, struct td_message what,
                struct td_message remedy);
/* At a place whose pointer is at hand. */
void hole_where(struct reader *r, const char *where, struct td_message what,
                struct td_message remedy);
void hole_at(struct reader *r, const struct at *at, struct td_message what,
             struct td_message remedy);

/* "expected a list, found a text" */
void mistyped_at(struct reader *r, const struct at *at, const char *expected,
                 struct td_message remedy);

/* The place as a JSON pointer (RFC 6901), in the arena. */
const char *where_of(struct reader *r, const struct at *at);

#define NO_REMEDY ((struct td_message){.id = NULL})

/* ---- objects (json.c) ------------------------------------------------------------------------ */

/* False, with a hole, when there is no object here. */
bool object_open(struct object *o, struct reader *r, const struct at *at);

/* Refuse the keys that nobody asked for. Reads "clause" and "note", which every object may have. */
void object_close(struct object *o);

/* The field's place; its json is NULL when it is left out. */
struct at field(struct object *o, const char *key);

/* The same; a hole when it is left out. */
struct at field_needed(struct object *o, const char *key);

/* A field that holds an object; false, with a hole when `needed`, when it is left out. */
bool field_object(struct object *o, const char *key, bool needed, struct object *ret);

/* Does the "format" of this whole file allow to go on? A file of another format gets that one
 * problem only. */
bool format_is(struct object *root, const char *wanted);

struct at member_of(const struct at *object, const char *key, json_t *json);
struct at element_of(const struct at *list, size_t index);

/* How to read the elements of a list. */
struct list_of {
    int32_t limit;
    size_t size; /* of the structure that an element becomes; it is zeroed before */
    void (*read)(struct reader *r, const struct at *at, void *ret);
};

/* A list, needed or empty when left out. NULL when there are no elements. */
void *field_list(struct object *o, const char *key, const struct list_of *of, int32_t *ret_count);
void *field_list_or_none(struct object *o, const char *key, const struct list_of *of,
                         int32_t *ret_count);
void *list_at(struct reader *r, const struct at *at, const struct list_of *of, int32_t *ret_count);

/* Elements of the list that are read: 0 when it is not one, at most limit. */
int32_t list_count(const struct at *at, int32_t limit);

/* ---- typed values (value.c) ------------------------------------------------------------------ */

/* A word of a table that ends with {NULL, 0}. */
struct word {
    const char *word;
    int value;
};

enum sign { ANY_SIGN, FROM_ZERO, ABOVE_ZERO };

/* A text: NFC, on one line, not blank, at most FORMAT_TEXT_MAX bytes. NULL after a problem. */
const char *text_at(struct reader *r, const struct at *at);
const char *id_at(struct reader *r, const struct at *at);
/* Decimals as an integer of 10^-decimals, at most `max` of them either way; 0 after a hole. */
int64_t decimal_at(struct reader *r, const struct at *at, unsigned decimals, int64_t max,
                   enum sign sign);
int64_t points_at(struct reader *r, const struct at *at, enum sign sign);
int64_t value_at(struct reader *r, const struct at *at, unsigned decimals);
int32_t count_at(struct reader *r, const struct at *at, int32_t min, int32_t max);
struct td_fraction share_at(struct reader *r, const struct at *at);
struct td_date date_at(struct reader *r, const struct at *at);
/* "MM-DD". False after a hole. */
bool day_at(struct reader *r, const struct at *at, int32_t *ret_month, int32_t *ret_day);
int word_at(struct reader *r, const struct at *at, const struct word *words);
/* The index of the text here among the names; TD_NONE after a hole. `noun` is a message id. */
int32_t ref_at(struct reader *r, const struct at *at, const struct names *names, const char *noun);
/* The year of a label: "2024", or "2022-2023" (2022) where `school`. 0 after a hole. */
int32_t year_label_at(struct reader *r, const struct at *at, bool school, const char **ret_label);

/* Fields. Without `_or` they are needed. A text that is wrong is "", an optional one NULL. */
const char *field_text(struct object *o, const char *key);
const char *field_text_or_none(struct object *o, const char *key);
const char *field_id(struct object *o, const char *key);
const char *field_clause(struct object *o);
int64_t field_points(struct object *o, const char *key, enum sign sign);
int64_t field_points_or(struct object *o, const char *key, enum sign sign, int64_t otherwise);
int32_t field_count(struct object *o, const char *key, int32_t min, int32_t max);
int32_t field_count_or(struct object *o, const char *key, int32_t min, int32_t max,
                       int32_t otherwise);
struct td_fraction field_share(struct object *o, const char *key);
struct td_fraction field_share_or(struct object *o, const char *key, struct td_fraction otherwise);
struct td_date field_date(struct object *o, const char *key);
struct td_date field_date_or_none(struct object *o, const char *key);
int field_word(struct object *o, const char *key, const struct word *words);
int field_word_or(struct object *o, const char *key, const struct word *words, int otherwise);
bool field_bool(struct object *o, const char *key);
bool field_bool_or(struct object *o, const char *key, bool otherwise);
int32_t field_ref(struct object *o, const char *key, const struct names *names, const char *noun);
const char *const *field_texts(struct object *o, const char *key, int32_t limit,
                               int32_t *ret_count);
const char *const *field_texts_or_none(struct object *o, const char *key, int32_t limit,
                                       int32_t *ret_count);

/* ---- names (names.c) ------------------------------------------------------------------------- */

/* Ids of a list, found by hash. The texts are not copied. */
struct names {
    const char **ids; /* [count]; NULL: that one has none */
    int32_t *slots;   /* index + 1, or 0 */
    uint32_t mask;
    int32_t count;
};

/* Room for `limit` names. */
void names_init(struct names *names, struct reader *r, int32_t limit);

/* Add the next index's id (NULL: none). TD_NONE, or the index that has the same id already. */
int32_t names_add(struct names *names, const char *id);

int32_t names_find(const struct names *names, const char *id);

/* The names of a list of objects by this key of theirs; a repeated one is a problem. At most
 * `limit` are taken. A place without a list gives no names. */
void names_of_list(struct names *names, struct reader *r, const struct at *list, const char *key,
                   int32_t limit);

/* The id stands twice. */
void twice_at(struct reader *r, const struct at *at, const char *id);

/* What to do about a text that is not one of these: the nearest of them, or all when they are few.
 * NULLs among them are skipped. */
struct td_message remedy_of(struct reader *r, const char *text, const char *const *known,
                            size_t count);

#endif
