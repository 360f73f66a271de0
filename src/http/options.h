/*
 * What an http_options leaves open is chosen when the server starts.
 */
#ifndef HTTP_OPTIONS_H
#define HTTP_OPTIONS_H

#include "http/http.h"

/* Fill in what is 0 or below: threads and workers by the machine's cores, the rest as HTTP_OPTIONS
 * has it. There are at least as many connections as threads. */
void options_complete(struct http_options *options) __attribute__((nonnull));

#endif
