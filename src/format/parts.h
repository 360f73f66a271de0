/*
 * The parts of a regulation, one reader each, and what they share while one file is read.
 *
 * References may point forward in the file (a duty to a meeting, an award's quota to a later
 * award), so the ids of all lists are gathered first and every part is then read once.
 */
#ifndef FORMAT_PARTS_H
#define FORMAT_PARTS_H

#include "format/json.h"

/* `reader` comes first: the readers of list elements are given it and come back here. */
struct regulation_reader {
    struct reader reader;
    struct td_regulation *regulation;
    bool frame; /* a frame is read: sections are not nodes, and points may be left to the bloc */
    struct names sources, stages, nodes, awards, facts, duties, meetings;
};

static inline struct regulation_reader *regulation_reader(struct reader *r)
{
    return (struct regulation_reader *)r;
}

/* regulation_read.c: what regulations and frames have in common, around their criteria. */
void regulation_begin(struct regulation_reader *in, struct object *root);
void regulation_head_read(struct regulation_reader *in, struct object *root);
void regulation_rest_read(struct regulation_reader *in, struct object *root);

/* criteria_read.c */
int32_t criteria_count(const struct at *list, int32_t depth);
/* Make room for `count` nodes in all; then read lists of top criteria one after the other.
 * `points`: every node states its points and way; otherwise the frame leaves them open. */
void criteria_begin(struct regulation_reader *in, int32_t count);
void criteria_names(struct regulation_reader *in, const struct at *list);
void criteria_read(struct regulation_reader *in, const struct at *list, bool points);

/* way_read.c: the way of scoring of one item. */
void way_read(struct reader *r, struct object *way, struct td_item *item);
extern const struct word ROUND_WORDS[];

/* stages_read.c */
void stages_read(struct regulation_reader *in, struct object *root);
void combine_read(struct regulation_reader *in, struct object *root);

/* bonus_read.c */
void bonus_read(struct regulation_reader *in, struct object *root);
void deductions_read(struct regulation_reader *in, struct object *root);

/* eligibility_read.c */
void facts_read(struct regulation_reader *in, struct object *root);
void eligibility_read(struct regulation_reader *in, struct object *root);
/* A condition, or NULL when it is left out. */
const struct td_condition *condition_field(struct object *o, const char *key, bool needed);
/* The grade of a fact by its id; TD_NONE after a hole, or when the fact is TD_NONE. */
int32_t grade_at(struct reader *r, const struct at *at, int32_t fact);

/* awards_read.c */
void awards_read(struct regulation_reader *in, struct object *root);
void selection_read(struct regulation_reader *in, struct object *root);
void votes_read(struct regulation_reader *in, struct object *root);

/* duties_read.c */
void duties_read(struct regulation_reader *in, struct object *root);
void meetings_read(struct regulation_reader *in, struct object *root);

/* file.c: the bytes of a regular file of at most FORMAT_FILE_MAX. On success *ret_bytes is the
 * heap's and goes to free(). TD_OK, TD_E_IO or TD_E_INVALID with a problem, TD_E_MEMORY. */
int file_read(const char *path, struct td_problems *problems, char **ret_bytes, size_t *ret_n)
    TD_MUST_CHECK;

#endif
