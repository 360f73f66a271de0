/*
 * The log of requests: one line of JSON for each, written by one write(2).
 *
 * A line names the route and not the path, and nothing else of what was sent: no query, field,
 * cookie or header can reach it, because none is passed here.
 */
#ifndef HTTP_LOG_H
#define HTTP_LOG_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct request_log {
    int fd; /* -1: none */
    atomic_ulong dropped;
};

struct request_line {
    const char *id, *route, *method, *peer;
    int status; /* 0: the connection ended before there was one */
    int64_t duration_us;
    size_t bytes; /* of the answer's body */
    bool cut;     /* the answer did not leave as a whole */
};

/* Never blocks: when whoever reads the log is too slow, the line is dropped, and the next that is
 * written says how many were. */
void log_request(struct request_log *log, const struct request_line *line) __attribute__((nonnull));

#endif
