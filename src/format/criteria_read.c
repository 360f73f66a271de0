/*
 * The tree of criteria, read in the order of the paper: a parent before its children.
 */
#include "format/parts.h"

#include "base/banned.h"

static const struct word SOURCE_WORDS[] = {
    {"sheets", TD_FROM_SHEETS},
    {"results", TD_FROM_RESULTS},
    {"outside", TD_FROM_OUTSIDE},
    {NULL, 0},
};

static const struct word WHEN_NONE_WORDS[] = {
    {"full", TD_WHEN_NONE_FULL},
    {"zero", TD_WHEN_NONE_ZERO},
    {"left_out", TD_WHEN_NONE_LEFT_OUT},
    {NULL, 0},
};

static struct at children_of(const struct at *node)
{
    return member_of(node, "children", json_object_get(node->json, "children"));
}

/* Nodes of a list and all below it, TD_NODES_MAX + 1 when there are more. */
int32_t criteria_count(const struct at *list, int32_t depth)
{
    int32_t count = list_count(list, TD_NODES_MAX + 1);
    int32_t sum = count;

    if (depth >= TD_DEPTH_MAX) {
        return 0;
    }
    for (int32_t i = 0; i < count && sum <= TD_NODES_MAX; i++) {
        struct at node = element_of(list, (size_t)i);
        struct at children = children_of(&node);
        sum += criteria_count(&children, depth + 1);
    }
    return sum > TD_NODES_MAX ? TD_NODES_MAX + 1 : sum;
}

void criteria_begin(struct regulation_reader *in, int32_t count)
{
    static const struct at whole = {.above = NULL};
    struct td_regulation *regulation = in->regulation;

    if (count > TD_NODES_MAX) {
        hole_at(&in->reader, &whole,
                TD_MESSAGE("there are more criteria than the limit of {0}", TD_COUNT(TD_NODES_MAX)),
                NO_REMEDY);
        count = TD_NODES_MAX;
    }
    regulation->nodes = reader_alloc(&in->reader, (size_t)count, sizeof *regulation->nodes);
    regulation->items = reader_alloc(&in->reader, (size_t)count, sizeof *regulation->items);
    names_init(&in->nodes, &in->reader, count);
}

static void gather(struct regulation_reader *in, const struct at *list, int32_t depth)
{
    int32_t count = list_count(list, TD_NODES_MAX);

    if (depth >= TD_DEPTH_MAX) {
        return;
    }
    for (int32_t i = 0; i < count && in->nodes.count < TD_NODES_MAX; i++) {
        struct at node = element_of(list, (size_t)i);
        struct at id = member_of(&node, "id", json_object_get(node.json, "id"));
        const char *text = json_string_value(id.json);
        if (names_add(&in->nodes, text) != TD_NONE) {
            twice_at(&in->reader, &id, text);
        }
        struct at children = children_of(&node);
        gather(in, &children, depth + 1);
    }
}

/* In the order in which criteria_read numbers the nodes. */
void criteria_names(struct regulation_reader *in, const struct at *list)
{
    gather(in, list, 0);
}

static void read_item(struct regulation_reader *in, struct object *o, int32_t index)
{
    struct td_regulation *regulation = in->regulation;
    struct td_node *node = &regulation->nodes[index];
    struct object way;

    node->item = regulation->item_count++;
    struct td_item *item = &regulation->items[node->item];
    *item = (struct td_item){.node = index, .points = node->points, .cells = 1};
    item->source = (enum td_source)field_word_or(o, "from", SOURCE_WORDS, TD_FROM_SHEETS);
    item->when_none =
        (enum td_when_none)field_word_or(o, "when_none", WHEN_NONE_WORDS, TD_WHEN_NONE_UNSAID);
    if (field_object(o, "way", true, &way)) {
        way_read(&in->reader, &way, item);
        object_close(&way);
    }
}

static void read_list(struct regulation_reader *in, const struct at *list, int32_t parent,
                      bool points);

/* A node has children, or is an item; where a frame leaves the points open it may be neither. */
static void read_node(struct regulation_reader *in, const struct at *at, int32_t parent,
                      bool points)
{
    struct td_regulation *regulation = in->regulation;
    struct reader *r = &in->reader;
    int32_t index = regulation->node_count++;
    struct td_node *node = &regulation->nodes[index];
    struct object o;

    *node = (struct td_node){.id = "", .title = "", .parent = parent, .item = TD_NONE};
    node->depth = parent == TD_NONE ? 0 : regulation->nodes[parent].depth + 1;
    node->points = points ? 0 : TD_NONE;
    if (!object_open(&o, r, at)) {
        return;
    }
    node->where = where_of(r, at);
    node->id = field_id(&o, "id");
    node->title = field_text(&o, "title");
    node->number = field_text_or_none(&o, "number");
    node->clause = field_clause(&o);
    if (points) {
        node->points = field_points(&o, "points", FROM_ZERO);
    }
    if (!in->frame) {
        node->example = field_bool_or(&o, "example", false);
        node->added = field_bool_or(&o, "added", false);
    }
    struct at children = field(&o, "children");
    if (children.json != NULL) {
        read_list(in, &children, index, points);
    } else if (points) {
        read_item(in, &o, index);
    }
    object_close(&o);
}

static void read_list(struct regulation_reader *in, const struct at *list, int32_t parent,
                      bool points)
{
    struct reader *r = &in->reader;
    struct td_regulation *regulation = in->regulation;

    if (!json_is_array(list->json)) {
        mistyped_at(r, list, TD_ID("a list in brackets"), NO_REMEDY);
        return;
    }
    if (parent != TD_NONE && regulation->nodes[parent].depth + 1 >= TD_DEPTH_MAX) {
        hole_at(r, list,
                TD_MESSAGE("criteria are nested deeper than the limit of {0} levels",
                           TD_COUNT(TD_DEPTH_MAX)),
                NO_REMEDY);
        return;
    }
    size_t count = json_array_size(list->json);
    if (count == 0 && parent != TD_NONE) {
        hole_at(r, list, TD_WORDS("the list of children is empty"),
                TD_WORDS("leave it out and say how the item is scored"));
    }
    for (size_t i = 0; i < count && regulation->node_count < TD_NODES_MAX && !r->full; i++) {
        struct at node = element_of(list, i);
        read_node(in, &node, parent, points);
    }
}

void criteria_read(struct regulation_reader *in, const struct at *list, bool points)
{
    if (in->regulation->nodes != NULL && in->regulation->items != NULL) {
        read_list(in, list, TD_NONE, points);
    }
}
