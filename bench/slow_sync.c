/*
 * A disk whose sync takes longer, for programs that are started with it: LD_PRELOAD names this
 * library, and SLOW_SYNC_US says how many microseconds each fsync and fdatasync takes more. The
 * thread sleeps meanwhile, as it does while a disk works.
 */
#include <dlfcn.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/banned.h"

int fsync(int fd);
int fdatasync(int fd);

static void wait_longer(void)
{
    const char *said = getenv("SLOW_SYNC_US");
    long us = 0;
    for (const char *at = said == NULL ? "" : said; *at >= '0' && *at <= '9'; at++) {
        us = us * 10 + (*at - '0');
    }
    struct timespec rest = {.tv_sec = us / 1000000, .tv_nsec = us % 1000000 * 1000};

    while (nanosleep(&rest, &rest) != 0 && errno == EINTR) {
    }
}

static int sync_by(const char *name, int fd)
{
    int (*real)(int) = NULL;
    void *found = dlsym(RTLD_NEXT, name);

    if (found == NULL) {
        abort();
    }
    /* What POSIX asks of dlsym and C has no cast for. */
    memcpy(&real, &found, sizeof(real));
    int answer = real(fd);
    wait_longer();
    return answer;
}

int fsync(int fd)
{
    return sync_by("fsync", fd);
}

int fdatasync(int fd)
{
    return sync_by("fdatasync", fd);
}
