/*
 * Replays a corpus without libFuzzer: every file given as an argument, and every file of a folder
 * given, is handed once to the fuzz target. So what was ever found stays an ordinary test, on any
 * compiler.
 */
#include <dirent.h>
#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/buf.h"

#include "base/banned.h"

#define INPUT_MAX ((size_t)16 * 1024 * 1024)
#define PATH_BYTES_MAX ((size_t)4096)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Say what failed on the path, with the system's reason; answers false. */
static bool complain(const char *path)
{
    (void)fprintf(stderr, "%s: %s\n", path, strerror(errno));
    return false;
}

/* Hand over an exact copy, so that a sanitizer sees the first byte read beyond it. */
static bool run_bytes(const char *path, const char *bytes, size_t n)
{
    uint8_t *copy = malloc(n > 0 ? n : 1);

    if (copy == NULL) {
        return complain(path);
    }
    if (n > 0) {
        memcpy(copy, bytes, n);
    }
    (void)LLVMFuzzerTestOneInput(copy, n);
    free(copy);
    return true;
}

static bool run_file(const char *path)
{
    struct buf input;
    char block[4096];
    size_t n = 0;

    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        return complain(path);
    }
    buf_init(&input, INPUT_MAX);
    while ((n = fread(block, 1, sizeof(block), file)) > 0) {
        buf_add(&input, block, n);
    }
    bool done = false;
    if (ferror(file) != 0) {
        done = complain(path);
    } else if (!buf_ok(&input)) {
        (void)fprintf(stderr, "%s: too large\n", path);
    } else {
        done = run_bytes(path, buf_string(&input), buf_length(&input));
    }
    buf_release(&input);
    (void)fclose(file);
    return done;
}

/* Run a file, or the files of a folder (not of folders in it); counts them in *files. */
static bool run_path(const char *path, bool within_folder, size_t *files)
{
    struct stat status;

    if (stat(path, &status) != 0) {
        return complain(path);
    }
    if (!S_ISDIR(status.st_mode)) {
        *files += 1;
        return run_file(path);
    }
    if (within_folder) {
        return true;
    }
    DIR *folder = opendir(path);
    if (folder == NULL) {
        return complain(path);
    }
    bool done = true;
    const struct dirent *entry = NULL;
    while ((entry = readdir(folder)) != NULL) {
        if (entry->d_name[0] == '.') {
            continue;
        }
        struct buf name;
        buf_init(&name, PATH_BYTES_MAX);
        buf_printf(&name, "%s/%s", path, entry->d_name);
        done = buf_ok(&name) && run_path(buf_string(&name), true, files) && done;
        buf_release(&name);
    }
    (void)closedir(folder);
    return done;
}

int main(int argc, char **argv)
{
    size_t files = 0;
    bool done = true;

    for (int i = 1; i < argc; i++) {
        done = run_path(argv[i], false, &files) && done;
    }
    (void)printf("%zu inputs\n", files);
    return done ? EXIT_SUCCESS : EXIT_FAILURE;
}
