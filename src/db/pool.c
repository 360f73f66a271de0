/*
 * Which connections are taken: the part of a pool that both engines share.
 */
#include "db/driver.h"

#include <errno.h>
#include <string.h>
#include <time.h>

#include "base/banned.h"

int64_t db_now_ms(void)
{
    struct timespec now;

    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int db_pool_init(struct db_pool *pool, int count, int waiting_max)
{
    pthread_condattr_t monotonic;

    memset(pool, 0, sizeof *pool);
    pool->count = count;
    pool->waiting_max = waiting_max;
    if (pthread_condattr_init(&monotonic) != 0) {
        return TD_E_MEMORY;
    }
    (void)pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    int failed = pthread_cond_init(&pool->freed, &monotonic);
    (void)pthread_condattr_destroy(&monotonic);
    if (failed != 0) {
        return TD_E_MEMORY;
    }
    if (pthread_mutex_init(&pool->lock, NULL) != 0) {
        (void)pthread_cond_destroy(&pool->freed);
        return TD_E_MEMORY;
    }
    return TD_OK;
}

void db_pool_release(struct db_pool *pool)
{
    (void)pthread_cond_destroy(&pool->freed);
    (void)pthread_mutex_destroy(&pool->lock);
}

static int free_slot(const struct db_pool *pool)
{
    for (int slot = 0; slot < pool->count; slot++) {
        if (!pool->taken[slot]) {
            return slot;
        }
    }
    return -1;
}

int db_pool_take(struct db_pool *pool, int wait_ms, int *ret_slot)
{
    int64_t end = db_now_ms() + wait_ms;
    struct timespec until = {.tv_sec = end / 1000, .tv_nsec = end % 1000 * 1000000};
    int status = TD_OK;

    (void)pthread_mutex_lock(&pool->lock);
    int slot = free_slot(pool);
    if (slot < 0 && pool->waiting >= pool->waiting_max) {
        status = DB_E_BUSY;
    }
    pool->waiting++;
    while (slot < 0 && status == TD_OK) {
        if (pthread_cond_timedwait(&pool->freed, &pool->lock, &until) == ETIMEDOUT) {
            status = DB_E_BUSY;
        }
        slot = free_slot(pool);
    }
    pool->waiting--;
    if (slot >= 0) {
        pool->taken[slot] = true;
        *ret_slot = slot;
        status = TD_OK;
    }
    (void)pthread_mutex_unlock(&pool->lock);
    return status;
}

void db_pool_give(struct db_pool *pool, int slot)
{
    (void)pthread_mutex_lock(&pool->lock);
    pool->taken[slot] = false;
    /* All, because db_pool_drain waits on the same condition. */
    (void)pthread_cond_broadcast(&pool->freed);
    (void)pthread_mutex_unlock(&pool->lock);
}

void db_pool_drain(struct db_pool *pool)
{
    (void)pthread_mutex_lock(&pool->lock);
    for (int slot = 0; slot < pool->count; slot++) {
        while (pool->taken[slot]) {
            (void)pthread_cond_wait(&pool->freed, &pool->lock);
        }
    }
    (void)pthread_mutex_unlock(&pool->lock);
}
