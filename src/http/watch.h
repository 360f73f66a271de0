/*
 * Connections and by when they must have got on.
 *
 * libmicrohttpd ends a connection that is silent for its timeout. One that sends a byte every few
 * seconds never is: so each connection has a deadline for what it is about, and one thread cuts
 * those that miss it.
 */
#ifndef HTTP_WATCH_H
#define HTTP_WATCH_H

#include "thidua/status.h"

#include <stdbool.h>
#include <stdint.h>

struct watch;
struct watched;

/* Microseconds of a clock that never goes back. */
int64_t watch_now(void);

/* TD_E_MEMORY, also when the machine gives no thread. */
int watch_new(struct watch **ret) TD_MUST_CHECK __attribute__((nonnull));
/* All connections must be gone. NULL is allowed. */
void watch_free(struct watch *watch);

/* A connection that has begun, to be cut at the deadline (of watch_now). NULL: no memory; the other
 * functions allow that. It must be removed before its descriptor is closed. */
struct watched *watch_add(struct watch *watch, int fd, int64_t deadline) __attribute__((nonnull));
void watch_remove(struct watch *watch, struct watched *connection) __attribute__((nonnull(1)));

/* Another deadline; 0: none. */
void watch_set(struct watched *connection, int64_t deadline);

/* Whether a connection has sent something that nobody has read yet. */
bool watch_unread(struct watch *watch) __attribute__((nonnull));

#endif
