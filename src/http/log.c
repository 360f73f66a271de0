/*
 * The log of requests: see log.h.
 *
 *     {"time":"2026-01-31T08:15:00.123Z","id":"…","route":"year_show","method":"GET","status":200,
 *      "us":812,"bytes":19158,"peer":"192.0.2.7"}
 */
#include "http/log.h"

#include <poll.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "base/banned.h"

/* Within PIPE_BUF: a write to a pipe is whole, and doesn't wait when poll says that it is ready. */
#define LINE_MAX_BYTES 512

static bool is_ready(int fd)
{
    struct pollfd ready = {.fd = fd, .events = POLLOUT};

    return poll(&ready, 1, 0) == 1 && (ready.revents & POLLOUT) != 0;
}

void log_request(struct request_log *log, const struct request_line *line)
{
    char text[LINE_MAX_BYTES];
    char time[32] = "";
    char note[64] = "";
    struct timespec now = {0};
    struct tm utc = {0};

    if (log->fd < 0) {
        return;
    }
    if (!is_ready(log->fd)) {
        atomic_fetch_add(&log->dropped, 1);
        return;
    }
    (void)clock_gettime(CLOCK_REALTIME, &now);
    (void)gmtime_r(&now.tv_sec, &utc);
    (void)strftime(time, sizeof(time), "%Y-%m-%dT%H:%M:%S", &utc);
    unsigned long dropped = atomic_exchange(&log->dropped, 0);
    if (dropped > 0) {
        (void)snprintf(note, sizeof(note), ",\"dropped\":%lu", dropped);
    }
    int n = snprintf(text, sizeof(text),
                     "{\"time\":\"%s.%03ldZ\",\"id\":\"%s\",\"route\":\"%s\",\"method\":\"%s\","
                     "\"status\":%d,\"us\":%lld,\"bytes\":%zu,\"peer\":\"%s\"%s%s}\n",
                     time, now.tv_nsec / 1000000, line->id, line->route, line->method, line->status,
                     (long long)line->duration_us, line->bytes, line->peer,
                     line->cut ? ",\"cut\":true" : "", note);
    if (n <= 0 || (size_t)n >= sizeof(text) || write(log->fd, text, (size_t)n) != n) {
        atomic_fetch_add(&log->dropped, dropped + 1);
    }
}
