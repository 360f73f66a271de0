/*
 * A bare epoll loop on a loopback port: it reads a request up to its empty line and writes what it
 * is given, which is about the least that any web server does. The limit that others are held
 * against.
 */
#ifndef BENCH_LOOP_H
#define BENCH_LOOP_H

#include "base/buf.h"

/* Append the body of the answer, whatever was asked. */
typedef void loop_render(void *context, struct buf *body);

/* Print the port, and serve until the process is ended. The body has at most `body_max` bytes.
 * False: it could not begin. */
bool loop_serve(loop_render *render, void *context, size_t body_max);

#endif
