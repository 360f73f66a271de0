/*
 * The whole program with chance and clock taken away, for test_traces.py: the same requests leave
 * the same bytes, so that whatever differs between two runs comes from what differed in them.
 *
 * It is linked from the program's own objects; the linker puts these functions in the place of the
 * ones that they name (ld --wrap). Random bytes come from a counter; it is always the same moment;
 * and the log's lines say that every request took no time. The clock by which waits end goes on.
 */
#include "http/log.h"

#include <stdatomic.h>
#include <stdint.h>
#include <sys/random.h>
#include <time.h>

#define NOW 1769846400 /* 2026-01-31 */

/* The names are the linker's. NOLINTBEGIN(bugprone-reserved-identifier,cert-*) */
ssize_t __wrap_getrandom(void *bytes, size_t n, unsigned flags);
int __real_clock_gettime(clockid_t clock, struct timespec *ret);
int __wrap_clock_gettime(clockid_t clock, struct timespec *ret);
time_t __wrap_time(time_t *ret);
void __real_log_request(struct request_log *log, const struct request_line *line);
void __wrap_log_request(struct request_log *log, const struct request_line *line);

static atomic_uint_fast64_t drawn;

ssize_t __wrap_getrandom(void *bytes, size_t n, unsigned flags)
{
    unsigned char *to = bytes;

    (void)flags;
    for (size_t i = 0; i < n; i++) {
        uint64_t x = atomic_fetch_add(&drawn, 1) * UINT64_C(0x9E3779B97F4A7C15);
        to[i] = (unsigned char)(x >> 56);
    }
    return (ssize_t)n;
}

int __wrap_clock_gettime(clockid_t clock, struct timespec *ret)
{
    if (clock != CLOCK_REALTIME) {
        return __real_clock_gettime(clock, ret);
    }
    *ret = (struct timespec){.tv_sec = NOW};
    return 0;
}

time_t __wrap_time(time_t *ret)
{
    if (ret != NULL) {
        *ret = NOW;
    }
    return NOW;
}

void __wrap_log_request(struct request_log *log, const struct request_line *line)
{
    struct request_line same = *line;

    same.duration_us = 0;
    __real_log_request(log, &same);
}
/* NOLINTEND(bugprone-reserved-identifier,cert-*) */
