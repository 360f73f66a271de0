/*
 * A frame (khung tiêu chí): what an authority fixes for all its blocs' regulations, and whether a
 * regulation conforms to it (CRI-2, 003 II.1).
 */
#ifndef THIDUA_FRAME_H
#define THIDUA_FRAME_H

#include "thidua/regulation.h"

/* The criteria that a section gives to one kind of bloc. */
struct td_variant {
    const char *id;    /* "A"; "none": the frame gives this kind of bloc no criteria */
    const char *title; /* which blocs */
    const char *clause;
    int32_t first_node, node_count; /* of the frame's nodes; top ones are criteria of the section */
};

struct td_frame_section {
    const char *id;
    const char *title;
    const char *clause;
    const char *where;
    int64_t points;               /* bind */
    struct td_fraction max_added; /* criteria added, of those given: 3/10; {0,1} none */
    bool fixed;                   /* to the item: points and ways bind */
    const struct td_variant *variants;
    int32_t variant_count; /* a section without variants has one, with id NULL */
};

/* `common` holds what has the same shape as in a regulation: identity, scale, nodes (of all
 * variants), bonus, deductions, facts, rules, awards, selection, meetings, duties. Points of nodes
 * in sections that are not fixed are TD_NONE where the frame leaves them to the bloc. */
struct td_frame {
    struct td_regulation common;
    const struct td_frame_section *sections;
    int32_t section_count;
};

/* Every breach of the frame is added to `problems`, placed in the regulation's file. TD_OK when
 * there is none, TD_E_INVALID, TD_E_MEMORY. */
int td_frame_conform(const struct td_frame *frame, const struct td_regulation *regulation,
                     struct td_problems *problems) TD_MUST_CHECK __attribute__((nonnull));

#endif
