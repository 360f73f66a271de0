/*
 * The parts of a year, one reader each, and what they share while one file is read.
 */
#ifndef FORMAT_YEAR_H
#define FORMAT_YEAR_H

#include "format/json.h"

#define YEAR_LIST_MAX 1000000 /* entries of a list of the year */

/* `reader` comes first, as in struct regulation_reader. The names of what the regulation has are
 * numbered as in the regulation. */
struct year_reader {
    struct reader reader;
    const struct td_regulation *regulation;
    struct td_year *year;
    struct names members, items, stages, bonuses, deductions, facts, duties, awards, meetings;
    struct names panels[TD_STAGES_MAX];
    struct names held; /* meetings of the year, by the id of their meeting; the first of each */
};

static inline struct year_reader *year_reader(struct reader *r)
{
    return (struct year_reader *)r;
}

/* Units that one entry stands for: a list, or a word for which `units` is the one TD_NONE. */
struct units {
    const int32_t *units;
    int32_t count;
};

int32_t unit_field(struct object *o, const char *key);
int32_t item_field(struct object *o);
struct units units_field(struct object *o, const char *word);

/* figures_read.c: values of items, and the figures that don't come from sheets. */

/* The cells of an item from the value here; false after a problem. */
bool cells_at(struct reader *r, const struct at *at, const struct td_item *item, int64_t *cells);
/* `count` cells that are TD_EMPTY. NULL when the arena is full. */
int64_t *cells_new(struct reader *r, size_t count);
void figures_read(struct year_reader *in, struct object *root);

/* sheet_read.c */
void sheets_read(struct year_reader *in, struct object *root);
void settled_read(struct year_reader *in, struct object *root);

/* entries_read.c: decisions, bonuses, deductions, facts, duties done, excused and extended. */
void entries_read(struct year_reader *in, struct object *root);

/* choices_read.c: quotas, nominations, picks, meetings held, votes. */
void choices_read(struct year_reader *in, struct object *root);

#endif
