/*
 * What is needed before the server can be started: the socket that it listens on, and the files of
 * TLS.
 */
#ifndef HTTP_LISTEN_H
#define HTTP_LISTEN_H

#include "http/http.h"

#define LISTEN_ERROR 256 /* bytes of a reterr */

/* Listen on an address. One that can be reached from the network is refused unless it is `guarded`
 * (HTTP_START_EXPOSED). *ret is a descriptor, non-blocking, or -1. */
enum http_start listen_open(const char *address, uint16_t port, bool guarded, int *ret,
                            char reterr[static LISTEN_ERROR]) TD_MUST_CHECK
    __attribute__((nonnull));

/* The port that a socket listens on, 0 when it does not. */
uint16_t listen_port(int fd);

/* Read a PEM file. False: it can't be read, or is empty or far too large. */
bool listen_read_pem(const char *path, struct buf *ret, char reterr[static LISTEN_ERROR])
    TD_MUST_CHECK __attribute__((nonnull));

/* Overwrite what a buffer holds, then release it. */
void listen_wipe(struct buf *secret) __attribute__((nonnull));

#endif
