/*
 * Exchanges and their pool. A page needs an arena and a buffer of some kilobytes; they are kept for
 * the next request, and only what a large upload or export took goes back to the machine.
 */
#include "http/exchange.h"

#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "base/banned.h"

#define ARENA_MAX ((size_t)64 * 1024 * 1024)
#define KEPT_MAX ((size_t)512 * 1024) /* of an arena or a buffer that waits for reuse */
#define WAITING_MAX ((size_t)16) /* that wait for reuse: what a burst needed beyond goes back */

int exchange_pool_init(struct exchange_pool *pool)
{
    *pool = (struct exchange_pool){0};
    if (getrandom(&pool->seed, sizeof(pool->seed), 0) != (ssize_t)sizeof(pool->seed)) {
        return TD_E_IO;
    }
    return pthread_mutex_init(&pool->lock, NULL) == 0 ? TD_OK : TD_E_MEMORY;
}

static void exchange_free(struct http_exchange *x)
{
    buf_release(&x->sent);
    buf_release(&x->answer.body);
    td_arena_free(x->arena);
    free(x);
}

void exchange_pool_release(struct exchange_pool *pool)
{
    while (pool->first != NULL) {
        struct http_exchange *x = pool->first;
        pool->first = x->next;
        exchange_free(x);
    }
    (void)pthread_mutex_destroy(&pool->lock);
}

static struct http_exchange *exchange_new(void)
{
    struct http_exchange *x = calloc(1, sizeof(*x));

    if (x == NULL) {
        return NULL;
    }
    x->arena = td_arena_new(ARENA_MAX);
    if (x->arena == NULL) {
        free(x);
        return NULL;
    }
    x->start = td_arena_mark(x->arena);
    buf_init(&x->answer.body, HTTP_ANSWER_MAX);
    buf_init(&x->sent, HTTP_UPLOAD_MAX);
    return x;
}

/* Distinct numbers that look like chance (the mixing of splitmix64). */
static uint64_t mixed(uint64_t n)
{
    n *= UINT64_C(0x9E3779B97F4A7C15);
    n = (n ^ (n >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    n = (n ^ (n >> 27)) * UINT64_C(0x94D049BB133111EB);
    return n ^ (n >> 31);
}

static void print_id(uint64_t n, char *ret)
{
    for (int i = 0; i < HTTP_ID - 1; i++) {
        ret[i] = "0123456789abcdef"[(n >> (60 - 4 * i)) & 15];
    }
    ret[HTTP_ID - 1] = '\0';
}

struct http_exchange *exchange_take(struct exchange_pool *pool)
{
    (void)pthread_mutex_lock(&pool->lock);
    struct http_exchange *x = pool->first;
    if (x != NULL) {
        pool->first = x->next;
        pool->waiting--;
    }
    uint64_t id = pool->seed + pool->count++;
    (void)pthread_mutex_unlock(&pool->lock);

    if (x == NULL) {
        x = exchange_new();
    }
    if (x != NULL) {
        x->next = NULL;
        print_id(mixed(id), x->id);
    }
    return x;
}

/* Empty a buffer; memory beyond what pages need goes back. */
static void buf_empty(struct buf *buf)
{
    if (buf->capacity > KEPT_MAX) {
        buf_release(buf);
    }
    buf_clear(buf);
}

void exchange_return(struct exchange_pool *pool, struct http_exchange *x)
{
    bool large = td_arena_used(x->arena) > KEPT_MAX;
    response_drop_file(x);
    struct http_exchange kept = {.arena = x->arena, .start = x->start, .sent = x->sent};

    kept.answer.body = x->answer.body;
    *x = kept;
    if (large) {
        exchange_free(x);
        return;
    }
    td_arena_rewind(x->arena, x->start);
    buf_empty(&x->sent);
    buf_empty(&x->answer.body);

    (void)pthread_mutex_lock(&pool->lock);
    bool full = pool->waiting >= WAITING_MAX;
    if (!full) {
        x->next = pool->first;
        pool->first = x;
        pool->waiting++;
    }
    (void)pthread_mutex_unlock(&pool->lock);
    if (full) {
        exchange_free(x);
    }
}

const char *exchange_name(const struct http_exchange *x)
{
    if (x->route != NULL) {
        return x->route->name;
    }
    if (!x->read_head || x->refused != 0) {
        return "-";
    }
    return strcmp(x->path, "/healthz") == 0 ? "healthz" : "asset";
}

/* A mistyped address, or a method that an address doesn't have, tells as much as a right one. */
static bool is_below_unlogged(const struct http_exchange *x)
{
    size_t n = x->path[0] == '/' ? 1 + strcspn(x->path + 1, "/") : 0;

    if (n <= 1) {
        return false;
    }
    for (const struct http_route *route = x->app->routes; route->name != NULL; route++) {
        if ((route->how & HTTP_UNLOGGED) != 0 && strncmp(route->pattern, x->path, n) == 0 &&
            (route->pattern[n] == '/' || route->pattern[n] == '\0')) {
            return true;
        }
    }
    return false;
}

bool exchange_is_unlogged(const struct http_exchange *x)
{
    if (x->route != NULL) {
        return (x->route->how & HTTP_UNLOGGED) != 0;
    }
    if (is_below_unlogged(x)) {
        return true;
    }
    /* What an unlogged page loads would tell who opened it, and when. */
    return x->read_head && x->refused == 0 &&
           strncmp(x->path, HTTP_ASSETS, strlen(HTTP_ASSETS)) == 0;
}

struct td_arena *http_arena(struct http_exchange *x)
{
    return x->arena;
}

void *http_context(struct http_exchange *x)
{
    return x->app->context;
}

void http_set_data(struct http_exchange *x, void *data)
{
    x->data = data;
}

void *http_data(struct http_exchange *x)
{
    return x->data;
}

const char *http_id(const struct http_exchange *x)
{
    return x->id;
}
