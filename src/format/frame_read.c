/*
 * A frame: what regulations share, with sections that give criteria to kinds of blocs.
 */
#include "format/parts.h"

#include <stdlib.h>
#include <string.h>

#include "base/banned.h"

#define SECTIONS_MAX 64
#define VARIANTS_MAX 64

struct frame_reader {
    struct regulation_reader in; /* first, as struct reader is first in it */
    struct td_frame *frame;
    bool fixed; /* of the section that is being read */
};

static struct frame_reader *frame_reader(struct reader *r)
{
    return (struct frame_reader *)r;
}

/* ---- counting -------------------------------------------------------------------------------- */

static struct at child(const struct at *at, const char *key)
{
    return member_of(at, key, json_object_get(at->json, key));
}

/* Criteria of all sections and variants. */
static int32_t count_all(const struct at *sections)
{
    int32_t sum = 0;

    for (int32_t i = 0; i < list_count(sections, SECTIONS_MAX); i++) {
        struct at section = element_of(sections, (size_t)i);
        struct at variants = child(&section, "variants");
        struct at criteria = child(&section, "criteria");
        if (variants.json == NULL) {
            sum += criteria_count(&criteria, 0);
            continue;
        }
        for (int32_t k = 0; k < list_count(&variants, VARIANTS_MAX); k++) {
            struct at variant = element_of(&variants, (size_t)k);
            struct at list = child(&variant, "criteria");
            sum += criteria_count(&list, 0);
        }
    }
    return sum;
}

/* ---- sections -------------------------------------------------------------------------------- */

/* Criteria of a variant; an id may come again in another variant, not in the same. */
static void read_given(struct reader *r, struct object *o, struct td_variant *variant)
{
    struct regulation_reader *in = regulation_reader(r);
    struct names names = in->nodes;
    struct at list = field_needed(o, "criteria");

    variant->first_node = in->regulation->node_count;
    if (list.json != NULL) {
        names_init(&in->nodes, r, criteria_count(&list, 0));
        criteria_names(in, &list);
        in->nodes = names;
        criteria_read(in, &list, frame_reader(r)->fixed);
    }
    variant->node_count = in->regulation->node_count - variant->first_node;
}

static void read_variant(struct reader *r, const struct at *at, void *ret)
{
    struct td_variant *variant = ret;
    struct object o;

    variant->title = "";
    if (!object_open(&o, r, at)) {
        return;
    }
    variant->id = field_id(&o, "id");
    variant->title = field_text(&o, "title");
    variant->clause = field_clause(&o);
    read_given(r, &o, variant);
    object_close(&o);
}

static void read_variants(struct reader *r, struct object *o, struct td_frame_section *section)
{
    static const struct list_of variants = {VARIANTS_MAX, sizeof(struct td_variant), read_variant};
    struct at list = field(o, "variants");
    struct names names;

    if (list.json != NULL) {
        names_of_list(&names, r, &list, "id", VARIANTS_MAX);
        section->variants = list_at(r, &list, &variants, &section->variant_count);
        return;
    }
    struct td_variant *only = reader_alloc(r, 1, sizeof *only);
    if (only != NULL) {
        read_given(r, o, only);
        section->variants = only;
        section->variant_count = 1;
    }
}

static void read_section(struct reader *r, const struct at *at, void *ret)
{
    struct td_frame_section *section = ret;
    struct object o;

    *section = (struct td_frame_section){.id = "", .title = "", .max_added = {0, 1}};
    if (!object_open(&o, r, at)) {
        return;
    }
    section->where = where_of(r, at);
    section->id = field_id(&o, "id");
    section->title = field_text(&o, "title");
    section->clause = field_clause(&o);
    (void)field_text_or_none(&o, "number"); /* as printed */
    section->points = field_points(&o, "points", FROM_ZERO);
    section->fixed = field_bool_or(&o, "fixed", false);
    if (!section->fixed) {
        section->max_added = field_share_or(&o, "max_added", (struct td_fraction){0, 1});
    }
    frame_reader(r)->fixed = section->fixed;
    read_variants(r, &o, section);
    object_close(&o);
}

static void read_sections(struct frame_reader *f, struct object *root)
{
    static const struct list_of sections = {SECTIONS_MAX, sizeof(struct td_frame_section),
                                            read_section};
    struct regulation_reader *in = &f->in;
    struct at list = field_needed(root, "sections");

    if (list.json == NULL) {
        return;
    }
    criteria_begin(in, count_all(&list));
    /* An over-plan bonus names a section; there are no other nodes that it could name. */
    names_of_list(&in->nodes, &in->reader, &list, "id", SECTIONS_MAX);
    f->frame->sections = list_at(&in->reader, &list, &sections, &f->frame->section_count);
}

/* ---- a frame --------------------------------------------------------------------------------- */

static void read_frame(struct frame_reader *f, const struct at *at)
{
    struct regulation_reader *in = &f->in;
    struct object root;

    if (!object_open(&root, &in->reader, at) || !format_is(&root, "thidua-frame/1")) {
        return;
    }
    regulation_begin(in, &root);
    regulation_head_read(in, &root);
    read_sections(f, &root);
    regulation_rest_read(in, &root);
    object_close(&root);
}

int format_frame_parse(const char *bytes, size_t n, struct td_arena *arena,
                       struct td_problems *problems, struct td_frame **ret)
{
    struct frame_reader f = {.in = {.frame = true}};
    struct reader *r = &f.in.reader;
    char sha256[FORMAT_SHA256_TEXT];
    struct at root;

    reader_init(r, arena, problems);
    f.frame = reader_alloc(r, 1, sizeof *f.frame);
    if (f.frame == NULL || format_sha256(bytes, n, sha256) < 0) {
        return TD_E_MEMORY;
    }
    f.in.regulation = &f.frame->common;
    f.in.regulation->sha256 = reader_text(r, sha256, FORMAT_SHA256_TEXT - 1);
    if (!reader_load(r, bytes, n, &root)) {
        return reader_status(r);
    }
    read_frame(&f, &root);
    json_decref(root.json);
    int e = reader_status(r);
    if (e == TD_OK) {
        td_regulation_lay_out(f.in.regulation);
        *ret = f.frame;
    }
    return e;
}

int format_frame_read(const char *path, struct td_arena *arena, struct td_problems *problems,
                      struct td_frame **ret)
{
    const char *file = problems->file;
    char *bytes = NULL;
    size_t n = 0;
    const char *own = td_arena_text(arena, path, strlen(path));

    if (own == NULL) {
        return TD_E_MEMORY;
    }
    problems->file = own;
    int e = file_read(path, problems, &bytes, &n);
    if (e == TD_OK) {
        e = format_frame_parse(bytes, n, arena, problems, ret);
        free(bytes);
    }
    problems->file = file;
    return e;
}
