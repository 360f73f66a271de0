/*
 * Any bytes as a regulation and as a frame: refused with problems, or read, checked and compared.
 */
#include "format/format.h"

#include <stdlib.h>
#include <string.h>

#include "base/banned.h"

#define ARENA_MAX (16u << 20)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Not assert, which a build may leave out. */
static void require(bool holds)
{
    if (!holds) {
        abort();
    }
}

/* What was refused says why, at a place in the file; what was read has no error. */
static void check_problems(int status, const struct td_problems *problems)
{
    size_t errors = 0;

    for (const struct td_problem *p = problems->first; p != NULL; p = p->next) {
        require(p->what.id != NULL && p->where != NULL);
        require(p->where[0] == '\0' || p->where[0] == '/');
        errors += p->severity == TD_ERROR;
    }
    require(status != TD_OK || problems->errors == 0);
    require(status != TD_E_INVALID || errors > 0);
    require(status == TD_OK || status == TD_E_INVALID || status == TD_E_MEMORY);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *bytes = (const char *)data;
    struct td_arena *arena = td_arena_new(ARENA_MAX);
    struct td_regulation *regulation = NULL;
    struct td_frame *frame = NULL;

    require(arena != NULL);
    struct td_problems problems = TD_PROBLEMS(arena, NULL);
    int status = format_regulation_parse(bytes, size, arena, &problems, &regulation);
    check_problems(status, &problems);
    require((status == TD_OK) == (regulation != NULL));

    struct td_problems frame_problems = TD_PROBLEMS(arena, NULL);
    status = format_frame_parse(bytes, size, arena, &frame_problems, &frame);
    check_problems(status, &frame_problems);
    require((status == TD_OK) == (frame != NULL));
    td_arena_free(arena);
    return 0;
}
