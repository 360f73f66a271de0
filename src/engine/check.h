/*
 * What the checks share: where they are and how they tell.
 */
#ifndef ENGINE_CHECK_H
#define ENGINE_CHECK_H

#include "thidua/thidua.h"

struct checking {
    const struct td_regulation *regulation;
    struct td_problems *problems;
};

void check_error(struct checking *c, const char *where, struct td_message what,
                 struct td_message remedy);
void check_notice(struct checking *c, const char *where, struct td_message what,
                  struct td_message remedy);

/* Points as an argument of a message. */
struct td_arg points_arg(const struct checking *c, int64_t units);

/* One item by its way of scoring (check_item.c). */
void check_item(struct checking *c, const struct td_item *item);

#endif
