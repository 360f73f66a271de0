/*
 * Threads that run exchanges: see worker.h.
 */
#include "http/worker.h"

#include "http/watch.h"

#include <stdlib.h>

#include "base/banned.h"

#define SECOND INT64_C(1000000)

struct worker_pool {
    pthread_mutex_t lock;
    pthread_cond_t work;
    struct http_exchange *first;
    struct http_exchange **end; /* the link to set for the next */
    int waiting;
    bool closed;
    struct worker_options options;
    int thread_count;
    pthread_t threads[];
};

/* The next exchange to run; NULL when the pool is closed. */
static struct http_exchange *next_exchange(struct worker_pool *pool)
{
    (void)pthread_mutex_lock(&pool->lock);
    while (pool->first == NULL && !pool->closed) {
        (void)pthread_cond_wait(&pool->work, &pool->lock);
    }
    struct http_exchange *x = pool->first;
    if (x != NULL) {
        pool->first = x->next;
        if (pool->first == NULL) {
            pool->end = &pool->first;
        }
        pool->waiting--;
        x->next = NULL;
    }
    (void)pthread_mutex_unlock(&pool->lock);
    return x;
}

static void *work(void *data)
{
    struct worker_pool *pool = data;
    struct http_exchange *x = NULL;

    while ((x = next_exchange(pool)) != NULL) {
        bool late = watch_now() - x->queued_us > pool->options.wait_s * SECOND;
        (late ? pool->options.refuse : pool->options.run)(x);
    }
    return NULL;
}

int worker_pool_new(const struct worker_options *options, struct worker_pool **ret)
{
    struct worker_pool *pool =
        calloc(1, sizeof(*pool) + (size_t)options->threads * sizeof(pool->threads[0]));

    if (pool == NULL) {
        return TD_E_MEMORY;
    }
    pool->end = &pool->first;
    pool->options = *options;
    (void)pthread_mutex_init(&pool->lock, NULL);
    (void)pthread_cond_init(&pool->work, NULL);
    for (int i = 0; i < options->threads; i++) {
        if (pthread_create(&pool->threads[i], NULL, work, pool) != 0) {
            worker_pool_close(pool);
            worker_pool_free(pool);
            return TD_E_MEMORY;
        }
        pool->thread_count++;
    }
    *ret = pool;
    return TD_OK;
}

bool worker_pool_submit(struct worker_pool *pool, struct http_exchange *x)
{
    x->queued_us = watch_now();
    (void)pthread_mutex_lock(&pool->lock);
    bool accepted = !pool->closed && pool->waiting < pool->options.queue_max;
    if (accepted) {
        x->next = NULL;
        *pool->end = x;
        pool->end = &x->next;
        pool->waiting++;
        (void)pthread_cond_signal(&pool->work);
    }
    (void)pthread_mutex_unlock(&pool->lock);
    return accepted;
}

void worker_pool_close(struct worker_pool *pool)
{
    (void)pthread_mutex_lock(&pool->lock);
    struct http_exchange *waiting = pool->first;
    pool->first = NULL;
    pool->end = &pool->first;
    pool->waiting = 0;
    pool->closed = true;
    (void)pthread_cond_broadcast(&pool->work);
    (void)pthread_mutex_unlock(&pool->lock);

    while (waiting != NULL) {
        struct http_exchange *x = waiting;
        waiting = x->next;
        x->next = NULL;
        pool->options.refuse(x);
    }
}

void worker_pool_free(struct worker_pool *pool)
{
    if (pool == NULL) {
        return;
    }
    for (int i = 0; i < pool->thread_count; i++) {
        (void)pthread_join(pool->threads[i], NULL);
    }
    (void)pthread_cond_destroy(&pool->work);
    (void)pthread_mutex_destroy(&pool->lock);
    free(pool);
}

void worker_pools_close(struct worker_pool **pools, int count)
{
    for (int i = 0; i < count; i++) {
        if (pools[i] != NULL) {
            worker_pool_close(pools[i]);
        }
    }
}

void worker_pools_free(struct worker_pool **pools, int count)
{
    for (int i = 0; i < count; i++) {
        worker_pool_free(pools[i]);
        pools[i] = NULL;
    }
}
