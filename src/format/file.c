/*
 * A file's bytes, of any file that a person may name: a regular file only, and not a greater one
 * than memory should hold.
 */
#include "format/parts.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/banned.h"

static int refuse(struct td_problems *problems, int status, struct td_message what,
                  struct td_message remedy)
{
    td_problem_add(problems, TD_ERROR, "", what, remedy);
    return status;
}

static int refuse_errno(struct td_problems *problems, int error)
{
    const char *name = strerrorname_np(error);

    switch (error) {
    case ENOMEM:
        return TD_E_MEMORY;
    case ENOENT:
    case ENOTDIR:
        return refuse(problems, TD_E_IO, TD_WORDS("there is no such file"),
                      TD_WORDS("look at the path"));
    case EACCES:
    case EPERM:
        return refuse(problems, TD_E_IO, TD_WORDS("the file may not be read"),
                      TD_WORDS("ask for permission to read it"));
    default:
        return refuse(
            problems, TD_E_IO,
            TD_MESSAGE("the file can't be read ({0})", TD_TEXT(name == NULL ? "?" : name)),
            NO_REMEDY);
    }
}

/* Read to the end, which may come before or after the size that fstat gave. */
static int read_all(int fd, struct td_problems *problems, size_t size, char **ret_bytes,
                    size_t *ret_n)
{
    size_t room = size + 1;
    size_t n = 0;
    char *bytes = malloc(room);

    if (bytes == NULL) {
        return TD_E_MEMORY;
    }
    for (;;) {
        ssize_t got = read(fd, bytes + n, room - n);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got < 0) {
            int error = errno;
            free(bytes);
            return refuse_errno(problems, error);
        }
        n += (size_t)got;
        if (got == 0) {
            *ret_bytes = bytes;
            *ret_n = n;
            return TD_OK;
        }
        if (n == room) { /* it grew meanwhile */
            free(bytes);
            return refuse(problems, TD_E_IO, TD_WORDS("the file changed while it was read"),
                          TD_WORDS("try again"));
        }
    }
}

int file_read(const char *path, struct td_problems *problems, char **ret_bytes, size_t *ret_n)
{
    struct stat st;
    /* O_NONBLOCK: a pipe without a writer must not hold the program. */
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);

    if (fd < 0) {
        return refuse_errno(problems, errno);
    }
    int status = TD_OK;
    if (fstat(fd, &st) < 0) {
        status = refuse_errno(problems, errno);
    } else if (!S_ISREG(st.st_mode)) {
        status = refuse(problems, TD_E_IO, TD_WORDS("this is not a regular file"), NO_REMEDY);
    } else if (st.st_size > (off_t)FORMAT_FILE_MAX) {
        status = refuse(
            problems, TD_E_INVALID,
            TD_MESSAGE("the file is longer than the limit of {0} bytes", TD_COUNT(FORMAT_FILE_MAX)),
            NO_REMEDY);
    } else {
        status = read_all(fd, problems, (size_t)st.st_size, ret_bytes, ret_n);
    }
    (void)close(fd);
    return status;
}

int format_file_read(const char *path, struct td_arena *arena, struct td_problems *problems,
                     const char **ret_bytes, size_t *ret_n)
{
    char *bytes = NULL;
    size_t n = 0;
    int status = file_read(path, problems, &bytes, &n);

    if (status < 0) {
        return status;
    }
    const char *kept = td_arena_text(arena, bytes, n);
    free(bytes);
    if (kept == NULL) {
        return TD_E_MEMORY;
    }
    *ret_bytes = kept;
    *ret_n = n;
    return TD_OK;
}
