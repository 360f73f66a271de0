/*
 * The list of what is wrong with an input. It is filled from wherever something is found, so adding
 * never fails for the caller: what can't be kept is counted, and a full arena is remembered.
 */
#include "thidua/problem.h"

#include "base/banned.h"

void td_problem_add(struct td_problems *list, enum td_severity severity, const char *where,
                    struct td_message what, struct td_message remedy)
{
    size_t *found = severity == TD_ERROR ? &list->errors : &list->notices;

    *found += 1;
    /* Each severity has its own limit, so that notices never crowd out the errors for which an
     * input is refused. */
    if (*found > TD_PROBLEMS_LIMIT) {
        return;
    }
    struct td_problem *problem = td_arena_alloc(list->arena, 1, sizeof(*problem));
    if (problem == NULL) {
        list->full = true;
        return;
    }
    *problem = (struct td_problem){
        .severity = severity,
        .file = list->file,
        .where = where != NULL ? where : "",
        .what = what,
        .remedy = remedy,
    };
    if (list->last == NULL) {
        list->first = problem;
    } else {
        list->last->next = problem;
    }
    list->last = problem;
}
