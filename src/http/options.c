/*
 * Sizes that nobody chose: as many threads as this machine is good for.
 */
#include "http/options.h"

#include <unistd.h>

#include "base/banned.h"

#define THREADS_MAX 64

static int cores(void)
{
    long n = sysconf(_SC_NPROCESSORS_ONLN);

    return n < 1 ? 1 : n > THREADS_MAX ? THREADS_MAX : (int)n;
}

void options_complete(struct http_options *options)
{
    int n = cores();

    if (options->threads <= 0) {
        options->threads = n < 4 ? n : 4;
    }
    if (options->workers <= 0) {
        options->workers = n * 2 < 4 ? 4 : n * 2;
    }
    if (options->slow_workers <= 0) {
        options->slow_workers = n;
    }
    if (options->writers <= 0) {
        options->writers = 32;
    }
    if (options->connections_max < options->threads) {
        options->connections_max = options->threads;
    }
    if (options->queue_max <= 0) {
        options->queue_max = HTTP_OPTIONS.queue_max;
    }
    if (options->queue_wait_s <= 0) {
        options->queue_wait_s = HTTP_OPTIONS.queue_wait_s;
    }
    if (options->timeout_s <= 0) {
        options->timeout_s = HTTP_OPTIONS.timeout_s;
    }
}
