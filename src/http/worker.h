/*
 * A bounded pool of threads that run exchanges, so that a handler may simply block.
 *
 * A queue without a bound only turns overload into waiting that nobody waits out; here a further
 * exchange is refused at once, and the client is told to come back. Nor is one run that has waited
 * too long: when every handler waits for a database that is away, those behind it are answered
 * together, and not one after the other.
 */
#ifndef HTTP_WORKER_H
#define HTTP_WORKER_H

#include "http/exchange.h"

struct worker_pool;

/* What a worker does with an exchange. The exchange is not touched here afterwards. */
typedef void worker_run(struct http_exchange *x);

struct worker_options {
    int threads;
    int queue_max; /* exchanges that may wait */
    int wait_s;    /* so long; then it is refused */
    worker_run *run, *refuse;
};

/* Start the threads. TD_E_MEMORY, also when the machine gives no thread. */
int worker_pool_new(const struct worker_options *options, struct worker_pool **ret) TD_MUST_CHECK
    __attribute__((nonnull));

/* Let an exchange wait for a worker. False, with nothing done: too many wait, or it is closed. */
bool worker_pool_submit(struct worker_pool *pool, struct http_exchange *x) TD_MUST_CHECK
    __attribute__((nonnull));

/* Take no more, and refuse all that wait; what runs goes on. */
void worker_pool_close(struct worker_pool *pool) __attribute__((nonnull));

/* Wait until what runs has ended, then free. It must be closed. NULL is allowed. */
void worker_pool_free(struct worker_pool *pool);

/* The same for some that may be NULL; freeing leaves NULL. */
void worker_pools_close(struct worker_pool **pools, int count) __attribute__((nonnull));
void worker_pools_free(struct worker_pool **pools, int count) __attribute__((nonnull));

#endif
