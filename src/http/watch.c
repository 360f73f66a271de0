/*
 * Deadlines of connections: see watch.h. A missed one is answered by shutting the socket down; the
 * thread that serves the connection sees its end and cleans up, as when the client had gone.
 */
#include "http/watch.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <time.h>

#include "base/banned.h"

struct watched {
    struct watched *next, *previous;
    int fd;
    _Atomic int64_t deadline;
};

struct watch {
    pthread_mutex_t lock;
    pthread_cond_t stop;
    struct watched *first;
    bool stopping;
    pthread_t thread;
};

int64_t watch_now(void)
{
    struct timespec now = {0};

    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static void cut_late(const struct watch *watch)
{
    int64_t now = watch_now();

    for (struct watched *c = watch->first; c != NULL; c = c->next) {
        int64_t deadline = atomic_load(&c->deadline);
        if (deadline != 0 && deadline < now) {
            (void)shutdown(c->fd, SHUT_RDWR);
            atomic_store(&c->deadline, 0);
        }
    }
}

static void *watch_run(void *data)
{
    struct watch *watch = data;

    (void)pthread_mutex_lock(&watch->lock);
    while (!watch->stopping) {
        struct timespec until = {0};
        (void)clock_gettime(CLOCK_MONOTONIC, &until);
        until.tv_sec++;
        (void)pthread_cond_timedwait(&watch->stop, &watch->lock, &until);
        cut_late(watch);
    }
    (void)pthread_mutex_unlock(&watch->lock);
    return NULL;
}

int watch_new(struct watch **ret)
{
    struct watch *watch = calloc(1, sizeof(*watch));
    pthread_condattr_t clock;

    if (watch == NULL) {
        return TD_E_MEMORY;
    }
    (void)pthread_mutex_init(&watch->lock, NULL);
    (void)pthread_condattr_init(&clock);
    (void)pthread_condattr_setclock(&clock, CLOCK_MONOTONIC);
    (void)pthread_cond_init(&watch->stop, &clock);
    (void)pthread_condattr_destroy(&clock);
    if (pthread_create(&watch->thread, NULL, watch_run, watch) != 0) {
        (void)pthread_cond_destroy(&watch->stop);
        (void)pthread_mutex_destroy(&watch->lock);
        free(watch);
        return TD_E_MEMORY;
    }
    *ret = watch;
    return TD_OK;
}

void watch_free(struct watch *watch)
{
    if (watch == NULL) {
        return;
    }
    (void)pthread_mutex_lock(&watch->lock);
    watch->stopping = true;
    (void)pthread_cond_signal(&watch->stop);
    (void)pthread_mutex_unlock(&watch->lock);
    (void)pthread_join(watch->thread, NULL);
    (void)pthread_cond_destroy(&watch->stop);
    (void)pthread_mutex_destroy(&watch->lock);
    free(watch);
}

struct watched *watch_add(struct watch *watch, int fd, int64_t deadline)
{
    struct watched *c = calloc(1, sizeof(*c));

    if (c == NULL) {
        return NULL;
    }
    c->fd = fd;
    atomic_init(&c->deadline, deadline);
    (void)pthread_mutex_lock(&watch->lock);
    c->next = watch->first;
    if (c->next != NULL) {
        c->next->previous = c;
    }
    watch->first = c;
    (void)pthread_mutex_unlock(&watch->lock);
    return c;
}

void watch_remove(struct watch *watch, struct watched *connection)
{
    if (connection == NULL) {
        return;
    }
    (void)pthread_mutex_lock(&watch->lock);
    if (connection->next != NULL) {
        connection->next->previous = connection->previous;
    }
    if (connection->previous != NULL) {
        connection->previous->next = connection->next;
    } else {
        watch->first = connection->next;
    }
    (void)pthread_mutex_unlock(&watch->lock);
    free(connection);
}

void watch_set(struct watched *connection, int64_t deadline)
{
    if (connection != NULL) {
        atomic_store(&connection->deadline, deadline);
    }
}

bool watch_unread(struct watch *watch)
{
    bool found = false;

    (void)pthread_mutex_lock(&watch->lock);
    for (const struct watched *c = watch->first; c != NULL && !found; c = c->next) {
        int n = 0;
        found = ioctl(c->fd, FIONREAD, &n) == 0 && n > 0;
    }
    (void)pthread_mutex_unlock(&watch->lock);
    return found;
}
