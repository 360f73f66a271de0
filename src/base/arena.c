/*
 * Memory by unit of work: chunks from the heap, handed out by moving a pointer.
 *
 * The chunks form a list. Those up to `current` are in use; those after it were given back by a
 * rewind and wait for reuse, so that work repeated in a loop asks the heap for nothing. Chunks grow
 * from FIRST_CHUNK by doubling to LARGEST_CHUNK; what needs more gets a chunk of its own size.
 */
#include "thidua/arena.h"

#include <assert.h>
#include <stdalign.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#if defined(__SANITIZE_ADDRESS__)
#define ARENA_POISONS 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ARENA_POISONS 1
#endif
#endif

/* The gap keeps neighbours apart, so that running over the end of one is seen too. */
#ifdef ARENA_POISONS
#include <sanitizer/asan_interface.h>
#define GAP alignof(max_align_t)
#define POISON(start, n) ASAN_POISON_MEMORY_REGION((start), (n))
#define UNPOISON(start, n) ASAN_UNPOISON_MEMORY_REGION((start), (n))
#else
#define GAP ((size_t)0)
#define POISON(start, n) ((void)(start), (void)(n))
#define UNPOISON(start, n) ((void)(start), (void)(n))
#endif

#include "base/banned.h"

#define ALIGNMENT alignof(max_align_t)
#define FIRST_CHUNK ((size_t)4 * 1024)
#define LARGEST_CHUNK ((size_t)1024 * 1024)

struct chunk {
    struct chunk *next;
    size_t size;   /* bytes of data */
    size_t before; /* bytes handed out from the chunks before it, while it is in use */
    alignas(max_align_t) char data[];
};

struct td_arena {
    alignas(max_align_t) char *at; /* the next byte to hand out; NULL before the first chunk */
    size_t left;                   /* bytes from there to the end of the current chunk */
    struct chunk *current;         /* NULL before the first chunk */
    struct chunk *first;
    size_t limit;
    size_t held; /* bytes taken from the heap, bookkeeping included */
    size_t next_size;
};

struct td_arena *td_arena_new(size_t limit)
{
    struct td_arena *arena = malloc(sizeof(*arena));

    if (arena == NULL) {
        return NULL;
    }
    *arena = (struct td_arena){
        .limit = limit,
        .held = sizeof(*arena),
        .next_size = FIRST_CHUNK,
    };
    return arena;
}

/* Give a list of chunks back to the heap. */
static void free_chunks(struct td_arena *arena, struct chunk *chunk)
{
    while (chunk != NULL) {
        struct chunk *next = chunk->next;
        arena->held -= sizeof(*chunk) + chunk->size;
        free(chunk);
        chunk = next;
    }
}

void td_arena_free(struct td_arena *arena)
{
    if (arena == NULL) {
        return;
    }
    free_chunks(arena, arena->first);
    free(arena);
}

/* The link to the first chunk that waits for reuse. */
static struct chunk **waiting(struct td_arena *arena)
{
    return arena->current != NULL ? &arena->current->next : &arena->first;
}

/* Take the first waiting chunk with at least `room` bytes out of the list; NULL if none has. */
static struct chunk *reuse_chunk(struct td_arena *arena, size_t room)
{
    for (struct chunk **link = waiting(arena); *link != NULL; link = &(*link)->next) {
        struct chunk *chunk = *link;
        if (chunk->size >= room) {
            *link = chunk->next;
            return chunk;
        }
    }
    return NULL;
}

/* A chunk from the heap with at least `room` bytes; NULL when limit or machine don't allow it. */
static struct chunk *new_chunk(struct td_arena *arena, size_t room)
{
    if (room > SIZE_MAX - sizeof(struct chunk)) {
        return NULL;
    }
    size_t least = sizeof(struct chunk) + room;
    size_t allowed = arena->limit > arena->held ? arena->limit - arena->held : 0;
    if (least > allowed) {
        /* What waits for reuse is too small, or it would have been taken; it still counts. */
        struct chunk **spare = waiting(arena);
        free_chunks(arena, *spare);
        *spare = NULL;
        allowed = arena->limit > arena->held ? arena->limit - arena->held : 0;
        if (least > allowed) {
            return NULL;
        }
    }
    size_t bytes = least > arena->next_size ? least : arena->next_size;
    if (bytes > allowed) {
        bytes = allowed;
    }
    struct chunk *chunk = malloc(bytes);
    if (chunk == NULL) {
        return NULL;
    }
    chunk->size = bytes - sizeof(*chunk);
    POISON(chunk->data, chunk->size);
    arena->held += bytes;
    if (arena->next_size < LARGEST_CHUNK) {
        arena->next_size *= 2;
    }
    return chunk;
}

/* Make the current chunk one with at least `room` bytes left. */
__attribute__((noinline, cold)) static bool grow(struct td_arena *arena, size_t room)
{
    struct chunk *chunk = reuse_chunk(arena, room);

    if (chunk == NULL) {
        chunk = new_chunk(arena, room);
        if (chunk == NULL) {
            return false;
        }
    }
    chunk->before = td_arena_used(arena);
    struct chunk **link = waiting(arena);
    chunk->next = *link;
    *link = chunk;
    arena->current = chunk;
    arena->at = chunk->data;
    arena->left = chunk->size;
    return true;
}

void *td_arena_alloc(struct td_arena *arena, size_t count, size_t size)
{
    size_t bytes = 0;

    if (__builtin_mul_overflow(count, size, &bytes) || bytes > SIZE_MAX - GAP - ALIGNMENT) {
        return NULL;
    }
    if (bytes == 0) {
        /* One past the arena's own struct: aligned, not NULL, and nobody's to read. */
        return arena + 1;
    }
    size_t room = ((bytes + ALIGNMENT - 1) & ~(ALIGNMENT - 1)) + GAP;
    if (__builtin_expect(room > arena->left, 0) && !grow(arena, room)) {
        return NULL;
    }
    void *start = arena->at;
    arena->at += room;
    arena->left -= room;
    UNPOISON(start, bytes);
    return start;
}

void *td_arena_zeroed(struct td_arena *arena, size_t count, size_t size)
{
    void *start = td_arena_alloc(arena, count, size);

    if (start != NULL && count * size > 0) {
        memset(start, 0, count * size);
    }
    return start;
}

char *td_arena_text(struct td_arena *arena, const char *bytes, size_t n)
{
    if (n == SIZE_MAX) {
        return NULL;
    }
    char *text = td_arena_alloc(arena, n + 1, 1);
    if (text == NULL) {
        return NULL;
    }
    if (n > 0) {
        memcpy(text, bytes, n);
    }
    text[n] = '\0';
    return text;
}

size_t td_arena_used(const struct td_arena *arena)
{
    const struct chunk *chunk = arena->current;

    return chunk == NULL ? 0 : chunk->before + (chunk->size - arena->left);
}

struct td_mark td_arena_mark(struct td_arena *arena)
{
    struct chunk *chunk = arena->current;

    return (struct td_mark){
        .chunk = chunk,
        .used = chunk == NULL ? 0 : chunk->size - arena->left,
    };
}

void td_arena_rewind(struct td_arena *arena, struct td_mark mark)
{
    struct chunk *chunk = mark.chunk;

    if (arena->current == NULL) {
        assert(chunk == NULL);
        return;
    }
#ifdef ARENA_POISONS
    struct chunk *end = arena->current->next;
    for (struct chunk *later = chunk == NULL ? arena->first : chunk->next; later != end;
         later = later->next) {
        assert(later != NULL); /* otherwise the mark was not of a place before this one */
        POISON(later->data, later->size);
    }
#endif
    arena->current = chunk;
    if (chunk == NULL) {
        arena->at = NULL;
        arena->left = 0;
        return;
    }
    assert(mark.used <= chunk->size);
    arena->at = chunk->data + mark.used;
    arena->left = chunk->size - mark.used;
    POISON(arena->at, arena->left);
}
