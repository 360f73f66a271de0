/*
 * A regulation in full, as its file states it: the tree of criteria with its sums, stages, awards.
 */
#ifndef WEB_RULES_RULES_PAGE_H
#define WEB_RULES_RULES_PAGE_H

#include "office/rules.h"
#include "web/web.h"

/* A section, criterion or item. */
struct rules_line {
    const struct td_node *node;
    struct td_decimal points;
    struct td_decimal sum; /* of what is below it, when has_sum */
    bool has_sum;
    bool sum_right;
    struct td_message way;  /* of an item */
    struct td_message from; /* where its value comes from, when that isn't the sheets */
};

struct rules_page {
    struct layout layout;
    struct layout_crumb crumbs[1];
    const struct rules_entry *entry;
    const struct td_regulation *regulation;
    const struct rules_line *lines;
    const struct td_problems *notices; /* what a person should look at */
    struct td_decimal total;           /* of the scale */
    struct td_decimal sum;             /* of its sections, with a bonus that is part of it */
    bool sum_right;
};

/* Who scores at a stage; how an award is decided; in words. */
struct td_message rules_rater(const struct td_stage *stage) __attribute__((nonnull));
struct td_message rules_how(const struct td_award *award) __attribute__((nonnull));

int rules_show(struct http_exchange *x);

#endif
