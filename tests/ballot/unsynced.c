/*
 * The whole program on a disk that errs once, for test_hold.py: the first fsync of a folder in
 * which an archive lies fails, as it does when the archive has just been given its name.
 */
#include <dirent.h>
#include <errno.h>
#include <fnmatch.h>
#include <stdbool.h>
#include <stdio.h>
#include <unistd.h>

/* The names are the linker's. NOLINTBEGIN(bugprone-reserved-identifier,cert-*) */
int __real_fsync(int fd);
int __wrap_fsync(int fd);

static bool holds_archive(int fd)
{
    char path[64];
    bool found = false;

    (void)snprintf(path, sizeof path, "/proc/self/fd/%d/.", fd);
    DIR *dir = opendir(path);
    if (dir == NULL) {
        return false;
    }
    for (const struct dirent *entry = readdir(dir); entry != NULL; entry = readdir(dir)) {
        found = found || fnmatch("*.bel", entry->d_name, FNM_PERIOD) == 0;
    }
    (void)closedir(dir);
    return found;
}

int __wrap_fsync(int fd)
{
    static bool has_erred;

    if (!has_erred && holds_archive(fd)) {
        has_erred = true;
        errno = EIO;
        return -1;
    }
    return __real_fsync(fd);
}
/* NOLINTEND(bugprone-reserved-identifier,cert-*) */
