/*
 * A year: its bloc and members, the regulation it names, and the order in which its parts are
 * read.
 */
#include "format/parts.h"
#include "format/year.h"

#include <stdlib.h>
#include <string.h>

#include "base/banned.h"

#define NOTES_MAX 256

enum role { NO_ROLE, HEAD, DEPUTY };

static const struct word ROLE_WORDS[] = {
    {"head", HEAD},
    {"deputy", DEPUTY},
    {NULL, 0},
};

static const struct word KIND_WORDS[] = {
    {"sectoral", false},
    {"territorial", true},
    {NULL, 0},
};

/* ---- names of the regulation ----------------------------------------------------------------- */

#define NAMES_OF(in, names, array, count)                                                          \
    do {                                                                                           \
        names_init((names), &(in)->reader, (count));                                               \
        for (int32_t i_ = 0; i_ < (count); i_++) {                                                 \
            (void)names_add((names), (array)[i_].id);                                              \
        }                                                                                          \
    } while (0)

static void name_regulation(struct year_reader *in)
{
    const struct td_regulation *regulation = in->regulation;

    NAMES_OF(in, &in->stages, regulation->stages, regulation->stage_count);
    NAMES_OF(in, &in->bonuses, regulation->bonus.parts, regulation->bonus.part_count);
    NAMES_OF(in, &in->deductions, regulation->deductions, regulation->deduction_count);
    NAMES_OF(in, &in->facts, regulation->facts, regulation->fact_count);
    NAMES_OF(in, &in->duties, regulation->duties, regulation->duty_count);
    NAMES_OF(in, &in->awards, regulation->awards, regulation->award_count);
    NAMES_OF(in, &in->meetings, regulation->meetings, regulation->meeting_count);
    names_init(&in->items, &in->reader, regulation->item_count);
    for (int32_t i = 0; i < regulation->item_count; i++) {
        (void)names_add(&in->items, regulation->nodes[regulation->items[i].node].id);
    }
    in->reader.item_decimals = regulation->scale.item_decimals;
}

/* ---- the bloc -------------------------------------------------------------------------------- */

static void read_bloc(struct year_reader *in, struct object *root)
{
    struct td_year *year = in->year;
    struct object o;

    year->bloc_id = year->bloc_name = "";
    if (!field_object(root, "bloc", true, &o)) {
        return;
    }
    year->bloc_id = field_id(&o, "id");
    year->bloc_name = field_text(&o, "name");
    year->territorial = field_word(&o, "kind", KIND_WORDS);
    object_close(&o);
}

static void take_role(struct reader *r, const struct at *at, int32_t *holder, const char *role)
{
    if (*holder != TD_NONE) {
        const char *code = year_reader(r)->members.ids[*holder];
        code = code == NULL ? "" : reader_text(r, code, strlen(code));
        hole_at(r, at, TD_MESSAGE("{0} has the role “{1}” already", TD_TEXT(code), TD_TEXT(role)),
                TD_WORDS("a bloc has one head and one deputy"));
    }
    *holder = (int32_t)at->index;
}

static void read_member(struct reader *r, const struct at *at, void *ret)
{
    struct year_reader *in = year_reader(r);
    struct td_member *member = ret;
    struct object o;

    member->code = member->name = "";
    if (!object_open(&o, r, at)) {
        return;
    }
    member->where = where_of(r, at);
    member->code = field_id(&o, "code");
    member->name = field_text(&o, "name");
    switch (field_word_or(&o, "role", ROLE_WORDS, NO_ROLE)) {
    case HEAD:
        take_role(r, at, &in->year->head, "head");
        break;
    case DEPUTY:
        take_role(r, at, &in->year->deputy, "deputy");
        break;
    default:
        break;
    }
    object_close(&o);
}

static void read_members(struct year_reader *in, struct object *root)
{
    static const struct list_of members = {TD_MEMBERS_MAX, sizeof(struct td_member), read_member};
    struct at list = field_needed(root, "members");

    in->year->head = in->year->deputy = TD_NONE;
    names_of_list(&in->members, &in->reader, &list, "code", TD_MEMBERS_MAX);
    if (list.json == NULL) {
        return;
    }
    in->year->members = list_at(&in->reader, &list, &members, &in->year->member_count);
    if (in->year->member_count == 0 && json_is_array(list.json)) {
        hole_at(&in->reader, &list, TD_WORDS("the bloc has no members"), NO_REMEDY);
    }
}

/* ---- panels ---------------------------------------------------------------------------------- */

static void read_rater_name(struct reader *r, const struct at *at, void *ret)
{
    const char *name = text_at(r, at);

    *(const char **)ret = name == NULL ? "" : name;
}

static void read_panel(struct year_reader *in, const struct at *at)
{
    static const struct list_of raters = {TD_MEMBERS_MAX, sizeof(const char *), read_rater_name};
    struct reader *r = &in->reader;
    int32_t stage = names_find(&in->stages, at->key);

    if (stage == TD_NONE || in->regulation->stages[stage].rater != TD_RATER_PANEL) {
        hole_at(r, at, TD_WORDS("there is no panel stage of this id"),
                remedy_of(r, at->key, in->stages.ids, (size_t)in->stages.count));
        return;
    }
    if (at->json == NULL) {
        return;
    }
    int32_t count;
    const char **names = list_at(r, at, &raters, &count);
    names_init(&in->panels[stage], r, count);
    for (int32_t i = 0; i < count; i++) {
        if (names_add(&in->panels[stage], names[i]) != TD_NONE) {
            struct at rater = element_of(at, (size_t)i);
            twice_at(r, &rater, names[i]);
        }
    }
    in->year->panel[stage] = names;
    in->year->panel_count[stage] = count;
}

static void read_panels(struct year_reader *in, struct object *root)
{
    struct at panels = field(root, "panels");
    const char *stage = NULL;
    json_t *json = NULL;

    if (panels.json == NULL) {
        return;
    }
    if (!json_is_object(panels.json)) {
        mistyped_at(&in->reader, &panels, TD_ID("an object in braces"),
                    TD_WORDS("give each panel stage's id and the list of its raters"));
        return;
    }
    json_object_foreach(panels.json, stage, json)
    {
        struct at at = member_of(&panels, stage, json);
        read_panel(in, &at);
    }
}

/* ---- the regulation that the year names ------------------------------------------------------ */

static bool hex_formed(const char *text)
{
    return text != NULL && strlen(text) == FORMAT_SHA256_TEXT - 1 &&
           strspn(text, "0123456789abcdef") == FORMAT_SHA256_TEXT - 1;
}

static void check_pin(struct year_reader *in, struct object *root)
{
    struct at pin = field(root, "regulation_sha256");
    const char *text = json_string_value(pin.json);
    const char *own = in->regulation->sha256;

    if (pin.json == NULL) {
        return;
    }
    if (!hex_formed(text)) {
        hole_at(&in->reader, &pin, TD_WORDS("this is not a SHA-256"),
                TD_WORDS("write its 64 digits 0-9 and a-f"));
    } else if (own != NULL && strcmp(text, own) != 0) {
        hole_at(&in->reader, &pin,
                TD_WORDS("the regulation's text is not the one that this year was made with"),
                TD_MESSAGE("find that text; the one at hand has the SHA-256 {0}", TD_TEXT(own)));
    }
}

/* The path of the regulation, beside the year's file; NULL after a problem. */
static const char *regulation_path(struct reader *r, struct object *root, const char *year_path)
{
    struct at at = field_needed(root, "regulation");

    if (at.json == NULL || text_at(r, &at) == NULL) {
        return NULL;
    }
    /* As it is written: a file's name is bytes, not text in NFC. */
    const char *path = json_string_value(at.json);
    if (path[0] == '/') {
        hole_at(r, &at, TD_WORDS("the path does not begin at this file's folder"),
                TD_WORDS("write it relative to this file: “../regulation.json”"));
        return NULL;
    }
    const char *slash = strrchr(year_path, '/');
    size_t folder = slash == NULL ? 0 : (size_t)(slash - year_path) + 1;
    size_t n = strlen(path);
    char *joined = reader_alloc(r, folder + n + 1, 1);
    if (joined != NULL) {
        memcpy(joined, year_path, folder);
        memcpy(joined + folder, path, n + 1);
    }
    return joined;
}

/* ---- a year ---------------------------------------------------------------------------------- */

static void read_year(struct year_reader *in, struct object *root)
{
    struct td_year *year = in->year;
    struct reader *r = &in->reader;

    name_regulation(in);
    check_pin(in, root);
    year->title = field_text(root, "title");
    year->notes = field_texts_or_none(root, "notes", NOTES_MAX, &year->note_count);
    year->label = "";
    struct at label = field_needed(root, "year");
    if (label.json != NULL) {
        bool school = in->regulation->calendar == TD_SCHOOL_YEAR;
        year->year = year_label_at(r, &label, school, &year->label);
    }
    year->as_of = field_date(root, "as_of");
    read_bloc(in, root);
    read_members(in, root);
    read_panels(in, root);
    figures_read(in, root);
    sheets_read(in, root);
    settled_read(in, root);
    entries_read(in, root);
    choices_read(in, root);
    object_close(root);
}

static int check(struct year_reader *in)
{
    if (!reader_whole(&in->reader)) {
        return reader_status(&in->reader);
    }
    int e = td_year_check(in->regulation, in->year, in->reader.problems);
    int status = reader_status(&in->reader);

    return e == TD_E_MEMORY || status == TD_OK ? e : status;
}

static int begin(struct year_reader *in, struct td_arena *arena, struct td_problems *problems)
{
    *in = (struct year_reader){.regulation = NULL};
    reader_init(&in->reader, arena, problems);
    in->year = reader_alloc(&in->reader, 1, sizeof *in->year);
    return in->year == NULL ? TD_E_MEMORY : TD_OK;
}

int format_year_parse(const char *bytes, size_t n, const struct td_regulation *regulation,
                      struct td_arena *arena, struct td_problems *problems, struct td_year **ret)
{
    struct year_reader in;
    struct object root;
    struct at at;

    if (begin(&in, arena, problems) < 0) {
        return TD_E_MEMORY;
    }
    in.regulation = regulation;
    if (!reader_load(&in.reader, bytes, n, &at)) {
        return reader_status(&in.reader);
    }
    if (object_open(&root, &in.reader, &at) && format_is(&root, "thidua-year/1")) {
        (void)field_text(&root, "regulation");
        read_year(&in, &root);
    }
    json_decref(at.json);
    int e = check(&in);
    if (e == TD_OK) {
        *ret = in.year;
    }
    return e;
}

/* Read the regulation and then the year, whose JSON is loaded. */
static int read_both(struct year_reader *in, const struct at *at, const char *path,
                     const char *other_path, struct td_regulation **ret_regulation)
{
    struct reader *r = &in->reader;
    struct object root;

    if (!object_open(&root, r, at) || !format_is(&root, "thidua-year/1")) {
        return reader_status(r);
    }
    const char *named = regulation_path(r, &root, path);
    const char *regulation = other_path == NULL ? named : other_path;
    if (regulation == NULL || r->full) {
        return reader_status(r);
    }
    int e = format_regulation_read(regulation, r->arena, r->problems, ret_regulation);
    if (e < 0) {
        return e;
    }
    in->regulation = *ret_regulation;
    read_year(in, &root);
    return check(in);
}

int format_year_read(const char *path, const char *regulation_path, struct td_arena *arena,
                     struct td_problems *problems, struct td_regulation **ret_regulation,
                     struct td_year **ret_year)
{
    struct td_regulation *regulation = NULL;
    const char *file = problems->file;
    const char *own = td_arena_text(arena, path, strlen(path));
    struct year_reader in;
    char *bytes = NULL;
    size_t n = 0;
    struct at at;

    if (own == NULL || begin(&in, arena, problems) < 0) {
        return TD_E_MEMORY;
    }
    problems->file = own;
    int e = file_read(path, problems, &bytes, &n);
    if (e == TD_OK) {
        bool loaded = reader_load(&in.reader, bytes, n, &at);
        free(bytes);
        e = reader_status(&in.reader);
        if (loaded) {
            e = read_both(&in, &at, path, regulation_path, &regulation);
            json_decref(at.json);
        }
    }
    problems->file = file;
    if (e == TD_OK) {
        *ret_regulation = regulation;
        *ret_year = in.year;
    }
    return e;
}
