/*
 * Memory by unit of work.
 *
 * The caller makes an arena, hands it to the engine, reads what comes back, and frees the arena:
 * everything the engine returns lives in it and nothing is freed piece by piece. An arena has a
 * limit in bytes, given at birth, so that a hostile input cannot take the machine; when the limit
 * is reached an allocation returns NULL and the engine's functions return TD_E_MEMORY.
 *
 * An arena belongs to one thread at a time. In sanitizer builds memory that was rewound or freed
 * is poisoned, so a dangling pointer is reported where it is used, and so is a small gap after each
 * allocation, so that running over its end is reported too; the gaps count against the limit.
 */
#ifndef THIDUA_ARENA_H
#define THIDUA_ARENA_H

#include <stddef.h>

struct td_arena;

/* A place in an arena to which it can be rewound. Opaque; valid for the arena that gave it. */
struct td_mark {
    void *chunk;
    size_t used;
};

/* A new arena that will hand out at most `limit` bytes (its own bookkeeping included).
 * NULL when the machine has no memory. */
struct td_arena *td_arena_new(size_t limit);

/* Free the arena and all that lives in it. NULL is allowed. */
void td_arena_free(struct td_arena *arena);

/* `count` objects of `size` bytes, aligned for any type, not initialised. NULL when the limit is
 * reached, when count * size overflows, or when the machine has no memory. count 0 gives a valid
 * pointer to nothing. */
void *td_arena_alloc(struct td_arena *arena, size_t count, size_t size)
    __attribute__((warn_unused_result, nonnull(1)));

/* The same, filled with zero bytes. */
void *td_arena_zeroed(struct td_arena *arena, size_t count, size_t size)
    __attribute__((warn_unused_result, nonnull(1)));

/* A NUL-terminated copy of `n` bytes. NULL as above. */
char *td_arena_text(struct td_arena *arena, const char *bytes, size_t n)
    __attribute__((warn_unused_result, nonnull(1)));

/* Bytes handed out and not given back by a rewind, rounded up as alignment asks. */
size_t td_arena_used(const struct td_arena *arena) __attribute__((nonnull(1)));

/* Remember this place; give back all that was allocated after it. Marks must be rewound in the
 * reverse order of their making; some may be left out. Memory stays with the arena for later use:
 * work that is repeated after a rewind asks the machine for nothing. */
struct td_mark td_arena_mark(struct td_arena *arena) __attribute__((nonnull(1)));
void td_arena_rewind(struct td_arena *arena, struct td_mark mark) __attribute__((nonnull(1)));

#endif
