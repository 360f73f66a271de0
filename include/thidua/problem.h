/*
 * What is wrong with an input, and where: every problem of a file at once, up to a limit.
 */
#ifndef THIDUA_PROBLEM_H
#define THIDUA_PROBLEM_H

#include "thidua/arena.h"
#include "thidua/message.h"

#define TD_PROBLEMS_LIMIT 100 /* kept of each severity; the rest are counted */

enum td_severity {
    TD_ERROR,  /* the input is refused */
    TD_NOTICE, /* the input stands; a person should look */
};

struct td_problem {
    enum td_severity severity;
    const char *file;         /* path as the user gave it, or NULL inside the engine */
    const char *where;        /* JSON pointer, e.g. "/criteria/0/points"; "" is the whole file */
    struct td_message what;   /* what is wrong */
    struct td_message remedy; /* what to do about it; id NULL when there is nothing to add */
    struct td_problem *next;
};

/* A list in the order of finding. Start from TD_PROBLEMS(arena, file). */
struct td_problems {
    struct td_arena *arena;
    const char *file; /* given to each problem that is added */
    struct td_problem *first;
    struct td_problem *last;
    size_t errors;  /* all errors found, those beyond the limit included */
    size_t notices; /* likewise */
    bool full;      /* the arena was full: the list is not complete */
};

#define TD_PROBLEMS(arena_, file_) ((struct td_problems){.arena = (arena_), .file = (file_)})

/* Add a problem. `where`, and the texts of the messages, must live as long as the list; where NULL
 * means the whole file. */
void td_problem_add(struct td_problems *list, enum td_severity severity, const char *where,
                    struct td_message what, struct td_message remedy);

#endif
