/*
 * Single values: texts, decimals, shares, days, words and references, each checked for its form.
 */
#include "format/json.h"

#include "base/utf8.h"
#include "base/wide.h"

#include <string.h>

#include "base/banned.h"

#define SAID_MAX 120 /* bytes of a wrong text that a message repeats */

/* The text here as a message may show it: cut where it is long, nothing where it can't be shown. */
static const char *said(struct reader *r, const struct at *at)
{
    const char *text = json_string_value(at->json);
    size_t n = json_string_length(at->json);

    if (text == NULL || !reader_listens(r) || !utf8_plain(text, n)) {
        return "";
    }
    if (n <= SAID_MAX) {
        return reader_text(r, text, n);
    }
    n = SAID_MAX;
    while (n > 0 && ((unsigned char)text[n] & 0xC0) == 0x80) {
        n--;
    }
    char *copy = reader_alloc(r, n + sizeof "…", 1);
    if (copy == NULL) {
        return "";
    }
    memcpy(copy, text, n);
    memcpy(copy + n, "…", sizeof "…");
    return copy;
}

static bool is_text(struct reader *r, const struct at *at, struct td_message remedy)
{
    if (json_is_string(at->json)) {
        return true;
    }
    mistyped_at(r, at, TD_ID("a text in quotes"), json_is_number(at->json) ? remedy : NO_REMEDY);
    return false;
}

/* ---- texts ----------------------------------------------------------------------------------- */

static bool ascii_line(const char *text, size_t n, bool *ret_blank)
{
    unsigned char ink = 0;

    for (size_t i = 0; i < n; i++) {
        unsigned char c = (unsigned char)text[i];
        if (c < 0x20 || c > 0x7E) {
            return false;
        }
        ink |= c ^ 0x20;
    }
    *ret_blank = ink == 0;
    return true;
}

const char *text_at(struct reader *r, const struct at *at)
{
    bool blank = false;

    if (!is_text(r, at, TD_WORDS("put it in quotes"))) {
        return NULL;
    }
    const char *text = json_string_value(at->json);
    size_t n = json_string_length(at->json);
    if (n > FORMAT_TEXT_MAX) {
        problem_at(r, at,
                   TD_MESSAGE("the text has {0} bytes, more than the limit of {1}", TD_COUNT(n),
                              TD_COUNT(FORMAT_TEXT_MAX)),
                   NO_REMEDY);
        return NULL;
    }
    if (ascii_line(text, n, &blank)) {
        if (blank) {
            problem_at(r, at, TD_WORDS("the text is blank"),
                       TD_WORDS("fill it in, or leave the key out where it is optional"));
            return NULL;
        }
        return reader_text(r, text, n);
    }
    if (!utf8_plain(text, n)) {
        problem_at(r, at, TD_WORDS("the text holds characters that can't be seen"),
                   TD_WORDS("take out line ends, tabs and invisible marks"));
        return NULL;
    }
    const char *composed = NULL;
    int e = r->full ? TD_E_MEMORY : utf8_nfc(r->arena, text, n, &composed);
    if (e == TD_E_MEMORY) {
        r->full = true;
        return "";
    }
    if (e < 0) {
        problem_at(r, at, TD_WORDS("the text has too many marks on one letter"), NO_REMEDY);
        return NULL;
    }
    return composed;
}

static bool id_formed(const char *id, size_t n)
{
    if (n == 0 || n > FORMAT_ID_MAX || strchr("_.-", id[0]) != NULL) {
        return false;
    }
    for (size_t i = 0; i < n; i++) {
        char c = id[i];
        if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
              c == '_' || c == '.' || c == '-')) {
            return false;
        }
    }
    return true;
}

const char *id_at(struct reader *r, const struct at *at)
{
    if (!is_text(r, at, TD_WORDS("put it in quotes"))) {
        return NULL;
    }
    const char *id = json_string_value(at->json);
    size_t n = json_string_length(at->json);
    if (!id_formed(id, n)) {
        problem_at(r, at, TD_MESSAGE("“{0}” can't be an id", TD_TEXT(said(r, at))),
                   TD_MESSAGE("use letters a to z, digits, and _ . - after the first; at most {0}",
                              TD_COUNT(FORMAT_ID_MAX)));
        return NULL;
    }
    return reader_text(r, id, n);
}

/* ---- numbers --------------------------------------------------------------------------------- */

static void bad_decimal(struct reader *r, const struct at *at, int e, unsigned decimals)
{
    struct td_arg text = TD_TEXT(said(r, at));

    if (e == TD_E_DECIMALS && decimals == 0) {
        hole_at(r, at, TD_MESSAGE("“{0}” has decimals; here none are allowed", text), NO_REMEDY);
    } else if (e == TD_E_DECIMALS) {
        hole_at(r, at,
                TD_MESSAGE("“{0}” has more decimals than the {1} allowed here", text,
                           TD_COUNT(decimals)),
                NO_REMEDY);
    } else if (e == TD_E_RANGE) {
        hole_at(r, at, TD_MESSAGE("“{0}” is too great a number", text), NO_REMEDY);
    } else {
        hole_at(r, at, TD_MESSAGE("“{0}” is not a decimal number", text),
                TD_WORDS("write digits with a point before decimals, nothing else: “12.5”"));
    }
}

int64_t decimal_at(struct reader *r, const struct at *at, unsigned decimals, int64_t max,
                   enum sign sign)
{
    struct td_decimal value;

    if (!is_text(r, at, TD_WORDS("put the number in quotes"))) {
        return 0;
    }
    int e = td_decimal_parse(json_string_value(at->json), json_string_length(at->json), decimals,
                             &value);
    if (e == TD_OK) {
        e = td_decimal_rescale(value, decimals, TD_ROUND_DOWN, &value);
    }
    if (e < 0) {
        bad_decimal(r, at, e, decimals);
        return 0;
    }
    if (value.units > max || value.units < -max) {
        struct td_decimal limit = {.units = max, .decimals = (uint8_t)decimals};
        hole_at(
            r, at,
            TD_MESSAGE("“{0}” is beyond the limit of {1}", TD_TEXT(said(r, at)), TD_DECIMAL(limit)),
            NO_REMEDY);
        return 0;
    }
    if (sign != ANY_SIGN && value.units < 0) {
        hole_at(r, at, TD_MESSAGE("“{0}” is negative", TD_TEXT(said(r, at))), NO_REMEDY);
        return 0;
    }
    if (sign == ABOVE_ZERO && value.units == 0) {
        hole_at(r, at, TD_WORDS("this must be above zero"), NO_REMEDY);
    }
    return value.units;
}

int64_t points_at(struct reader *r, const struct at *at, enum sign sign)
{
    return decimal_at(r, at, r->item_decimals, TD_POINTS_MAX * wide_power_of_ten(r->item_decimals),
                      sign);
}

int64_t value_at(struct reader *r, const struct at *at, unsigned decimals)
{
    return decimal_at(r, at, decimals, TD_VALUE_MAX, ANY_SIGN);
}

int32_t count_at(struct reader *r, const struct at *at, int32_t min, int32_t max)
{
    if (!json_is_integer(at->json)) {
        mistyped_at(r, at, TD_ID("a whole number without quotes"),
                    json_is_string(at->json) ? TD_WORDS("leave out the quotes") : NO_REMEDY);
        return min;
    }
    json_int_t count = json_integer_value(at->json);
    if (count < min || count > max) {
        hole_at(r, at,
                TD_MESSAGE("{0} is not between {1} and {2}", TD_COUNT(count), TD_COUNT(min),
                           TD_COUNT(max)),
                NO_REMEDY);
        return min;
    }
    return (int32_t)count;
}

struct td_fraction share_at(struct reader *r, const struct at *at)
{
    static const struct td_fraction zero = {0, 1};
    struct td_fraction share;

    if (!is_text(r, at, TD_WORDS("put the share in quotes"))) {
        return zero;
    }
    if (td_fraction_parse(json_string_value(at->json), json_string_length(at->json), &share) < 0) {
        hole_at(r, at, TD_MESSAGE("“{0}” is not a share", TD_TEXT(said(r, at))),
                TD_WORDS("write “30%”, “2/3” or “0.3”"));
        return zero;
    }
    if (share.num < 0 || share.num > share.den) {
        hole_at(r, at, TD_MESSAGE("“{0}” is not between 0 and 100%", TD_TEXT(said(r, at))),
                NO_REMEDY);
        return zero;
    }
    return share;
}

/* ---- days ------------------------------------------------------------------------------------ */

struct td_date date_at(struct reader *r, const struct at *at)
{
    struct td_date date = {0};

    if (!is_text(r, at, TD_WORDS("put it in quotes"))) {
        return date;
    }
    int e = td_date_parse(json_string_value(at->json), json_string_length(at->json), &date);
    if (e == TD_E_RANGE) {
        hole_at(r, at, TD_MESSAGE("there is no day “{0}”", TD_TEXT(said(r, at))), NO_REMEDY);
        return (struct td_date){0};
    }
    if (e < 0) {
        hole_at(r, at, TD_MESSAGE("“{0}” is not a date", TD_TEXT(said(r, at))),
                TD_WORDS("write year, month and day: “2024-12-08”"));
        return (struct td_date){0};
    }
    return date;
}

static bool digits(const char *text, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (text[i] < '0' || text[i] > '9') {
            return false;
        }
    }
    return true;
}

bool day_at(struct reader *r, const struct at *at, int32_t *ret_month, int32_t *ret_day)
{
    if (!is_text(r, at, TD_WORDS("put it in quotes"))) {
        return false;
    }
    const char *text = json_string_value(at->json);
    if (json_string_length(at->json) != 5 || !digits(text, 2) || text[2] != '-' ||
        !digits(text + 3, 2)) {
        hole_at(r, at, TD_MESSAGE("“{0}” is not a day of the year", TD_TEXT(said(r, at))),
                TD_WORDS("write month and day: “03-31”"));
        return false;
    }
    int32_t month = (text[0] - '0') * 10 + text[1] - '0';
    int32_t day = (text[3] - '0') * 10 + text[4] - '0';
    struct td_date date;
    if (td_date_make(2024, month, day, &date) < 0) { /* a leap year: it has every day */
        hole_at(r, at, TD_MESSAGE("there is no day “{0}”", TD_TEXT(said(r, at))), NO_REMEDY);
        return false;
    }
    *ret_month = month;
    *ret_day = day;
    return true;
}

static int32_t four_digits(const char *text)
{
    int32_t year = 0;

    for (int i = 0; i < 4; i++) {
        year = year * 10 + text[i] - '0';
    }
    return year;
}

int32_t year_label_at(struct reader *r, const struct at *at, bool school, const char **ret_label)
{
    *ret_label = "";
    if (!is_text(r, at, TD_WORDS("put it in quotes"))) {
        return 0;
    }
    const char *text = json_string_value(at->json);
    size_t n = json_string_length(at->json);
    bool calendar_form = n == 4 && digits(text, 4);
    bool school_form = n == 9 && digits(text, 4) && text[4] == '-' && digits(text + 5, 4);
    if (!(school ? school_form : calendar_form)) {
        hole_at(r, at, TD_MESSAGE("“{0}” is not a year here", TD_TEXT(said(r, at))),
                school ? TD_WORDS("write the school year's two years: “2022-2023”")
                       : TD_WORDS("write the calendar year: “2024”"));
        return 0;
    }
    int32_t year = four_digits(text);
    if (year < TD_YEAR_MIN || year >= TD_YEAR_MAX ||
        (school && four_digits(text + 5) != year + 1)) {
        hole_at(r, at, TD_MESSAGE("“{0}” is not a year here", TD_TEXT(said(r, at))),
                school ? TD_WORDS("the second year follows the first") : NO_REMEDY);
        return 0;
    }
    *ret_label = reader_text(r, text, n);
    return year;
}

/* ---- words and references -------------------------------------------------------------------- */

int word_at(struct reader *r, const struct at *at, const struct word *words)
{
    const char *known[OBJECT_KEYS_MAX];
    size_t count = 0;

    if (!is_text(r, at, NO_REMEDY)) {
        return words[0].value;
    }
    const char *text = json_string_value(at->json);
    for (const struct word *w = words; w->word != NULL; w++) {
        if (strcmp(w->word, text) == 0) {
            return w->value;
        }
        if (count < OBJECT_KEYS_MAX) {
            known[count++] = w->word;
        }
    }
    hole_at(r, at, TD_MESSAGE("“{0}” is not one of the words allowed here", TD_TEXT(said(r, at))),
            remedy_of(r, text, known, count));
    return words[0].value;
}

int32_t ref_at(struct reader *r, const struct at *at, const struct names *names, const char *noun)
{
    if (!is_text(r, at, TD_WORDS("put it in quotes"))) {
        return TD_NONE;
    }
    const char *text = json_string_value(at->json);
    int32_t index = names_find(names, text);
    bool blank = false;
    if (index == TD_NONE && !ascii_line(text, json_string_length(at->json), &blank)) {
        const char *composed = text_at(r, at); /* names are in NFC, this one may not be */
        if (composed == NULL) {
            r->holes++;
            return TD_NONE;
        }
        index = names_find(names, composed);
    }
    if (index == TD_NONE) {
        hole_at(r, at, TD_MESSAGE("there is no {0} “{1}”", TD_TERM(noun), TD_TEXT(said(r, at))),
                names->ids == NULL ? NO_REMEDY
                                   : remedy_of(r, text, names->ids, (size_t)names->count));
    }
    return index;
}

/* ---- fields ---------------------------------------------------------------------------------- */

const char *field_text(struct object *o, const char *key)
{
    struct at at = field(o, key);

    if (at.json == NULL) {
        problem_at(o->r, &o->at, TD_MESSAGE("the key “{0}” is missing", TD_TEXT(key)),
                   TD_WORDS("add it; nothing is guessed"));
        return "";
    }
    const char *text = text_at(o->r, &at);
    return text == NULL ? "" : text;
}

const char *field_text_or_none(struct object *o, const char *key)
{
    struct at at = field(o, key);

    return at.json == NULL ? NULL : text_at(o->r, &at);
}

const char *field_id(struct object *o, const char *key)
{
    struct at at = field_needed(o, key);
    const char *id = at.json == NULL ? NULL : id_at(o->r, &at);

    return id == NULL ? "" : id;
}

const char *field_clause(struct object *o)
{
    struct reader *r = o->r;
    struct at at = field(o, "clause");
    const char *clause = at.json == NULL ? NULL : text_at(r, &at);
    char source[FORMAT_ID_MAX + 1];

    if (clause == NULL || r->sources == NULL) {
        return clause;
    }
    size_t n = strcspn(clause, " ");
    if (n <= FORMAT_ID_MAX) {
        memcpy(source, clause, n);
        source[n] = '\0';
        if (names_find(r->sources, source) != TD_NONE) {
            return clause;
        }
    } else {
        source[0] = '\0';
    }
    problem_at(r, &at,
               TD_MESSAGE("the clause “{0}” begins with no source's id", TD_TEXT(said(r, &at))),
               remedy_of(r, source, r->sources->ids, (size_t)r->sources->count));
    return clause;
}

int64_t field_points(struct object *o, const char *key, enum sign sign)
{
    struct at at = field_needed(o, key);

    return at.json == NULL ? 0 : points_at(o->r, &at, sign);
}

int64_t field_points_or(struct object *o, const char *key, enum sign sign, int64_t otherwise)
{
    struct at at = field(o, key);

    return at.json == NULL ? otherwise : points_at(o->r, &at, sign);
}

int32_t field_count(struct object *o, const char *key, int32_t min, int32_t max)
{
    struct at at = field_needed(o, key);

    return at.json == NULL ? min : count_at(o->r, &at, min, max);
}

int32_t field_count_or(struct object *o, const char *key, int32_t min, int32_t max,
                       int32_t otherwise)
{
    struct at at = field(o, key);

    return at.json == NULL ? otherwise : count_at(o->r, &at, min, max);
}

struct td_fraction field_share(struct object *o, const char *key)
{
    static const struct td_fraction zero = {0, 1};
    struct at at = field_needed(o, key);

    return at.json == NULL ? zero : share_at(o->r, &at);
}

struct td_fraction field_share_or(struct object *o, const char *key, struct td_fraction otherwise)
{
    struct at at = field(o, key);

    return at.json == NULL ? otherwise : share_at(o->r, &at);
}

struct td_date field_date(struct object *o, const char *key)
{
    static const struct td_date none = {0};
    struct at at = field_needed(o, key);

    return at.json == NULL ? none : date_at(o->r, &at);
}

struct td_date field_date_or_none(struct object *o, const char *key)
{
    static const struct td_date none = {0};
    struct at at = field(o, key);

    return at.json == NULL ? none : date_at(o->r, &at);
}

int field_word(struct object *o, const char *key, const struct word *words)
{
    struct at at = field_needed(o, key);

    return at.json == NULL ? words[0].value : word_at(o->r, &at, words);
}

int field_word_or(struct object *o, const char *key, const struct word *words, int otherwise)
{
    struct at at = field(o, key);

    return at.json == NULL ? otherwise : word_at(o->r, &at, words);
}

static bool bool_at(struct reader *r, const struct at *at)
{
    if (!json_is_boolean(at->json)) {
        mistyped_at(r, at, TD_ID("true or false"), NO_REMEDY);
    }
    return json_is_true(at->json);
}

bool field_bool(struct object *o, const char *key)
{
    struct at at = field_needed(o, key);

    return at.json != NULL && bool_at(o->r, &at);
}

bool field_bool_or(struct object *o, const char *key, bool otherwise)
{
    struct at at = field(o, key);

    return at.json == NULL ? otherwise : bool_at(o->r, &at);
}

int32_t field_ref(struct object *o, const char *key, const struct names *names, const char *noun)
{
    struct at at = field_needed(o, key);

    return at.json == NULL ? TD_NONE : ref_at(o->r, &at, names, noun);
}

static void read_text(struct reader *r, const struct at *at, void *ret)
{
    const char *text = text_at(r, at);

    *(const char **)ret = text == NULL ? "" : text;
}

const char *const *field_texts(struct object *o, const char *key, int32_t limit, int32_t *ret_count)
{
    const struct list_of texts = {limit, sizeof(const char *), read_text};

    return field_list(o, key, &texts, ret_count);
}

const char *const *field_texts_or_none(struct object *o, const char *key, int32_t limit,
                                       int32_t *ret_count)
{
    const struct list_of texts = {limit, sizeof(const char *), read_text};

    return field_list_or_none(o, key, &texts, ret_count);
}
