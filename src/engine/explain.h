/*
 * What the two files of the explanation share.
 */
#ifndef ENGINE_EXPLAIN_H
#define ENGINE_EXPLAIN_H

#include "engine/engine.h"

struct telling {
    struct run run;
    const struct td_result *result;
    int32_t unit;
    struct td_step spare; /* stands in for a step that couldn't be allocated */
};

/* A step below `parent`, after those that are there. Never NULL. */
struct td_step *step_add(struct telling *t, struct td_step *parent, struct td_message text,
                         const char *clause);

/* part / whole as percent with two decimals, rounded down: 0.999…% never reads as 1%. */
struct td_arg percent_arg(int64_t part, int64_t whole);

struct td_arg units_arg(const struct telling *t, int64_t units);

/* The number as printed, or the id. */
const char *node_number(const struct td_node *node);

/* Does anything below the node belong to a sheet, or (on_sheet false) to the settled figures? */
bool node_is_told(const struct telling *t, int32_t node, bool on_sheet);

/* Tell one item of a sheet, or (sheet NULL) of the settled figures; answers its points. */
int64_t tell_item(struct telling *t, struct td_step *into, const struct td_sheet *sheet,
                  int32_t item);

#endif
