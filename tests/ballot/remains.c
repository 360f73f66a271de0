/*
 * Loaded before a program (LD_PRELOAD): when that ends, its memory is searched for secrets, what
 * was freed and the stack too. What remains there was not wiped.
 *
 * REMAINS names a file of secrets, each a byte for its length and then its bytes inverted, so that
 * the search itself doesn't put one into the memory; REMAINS_LINES one that the program wrote, each
 * of its lines a secret. What is found goes to the file REMAINS_FOUND: a line for each place.
 */
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/banned.h"

#define SECRETS_MAX ((size_t)4096)

struct secrets {
    unsigned char bytes[SECRETS_MAX]; /* as in REMAINS */
    size_t size;
};

/* The file's bytes; no library keeps a copy. */
static size_t take(const char *name, unsigned char *to, size_t room)
{
    const char *path = getenv(name);
    int fd = path == NULL ? -1 : open(path, O_RDONLY | O_CLOEXEC);
    ssize_t n = fd < 0 ? 0 : read(fd, to, room);

    (void)close(fd);
    if (n < 0 || (size_t)n == room) {
        abort();
    }
    return (size_t)n;
}

/* Each line, without quotes around it, becomes a length and bytes inverted; the length stands where
 * the end of what is before it stood. */
static void take_lines(struct secrets *secrets)
{
    unsigned char *length = secrets->bytes + secrets->size, *line = length + 1;
    size_t n = take("REMAINS_LINES", line, SECRETS_MAX - secrets->size - 1);

    for (size_t i = 0; i <= n; i++) {
        unsigned char *at = secrets->bytes + secrets->size + 1 + i;
        if (i == n || *at == '\n' || *at == '"') {
            *length = (unsigned char)(at - length - 1);
            length = at;
        } else {
            *at = (unsigned char)~*at;
        }
    }
    secrets->size += n + 1;
}

static bool is_inverted(const unsigned char *at, const unsigned char *secret, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if ((at[i] ^ secret[i]) != 0xff) {
            return false;
        }
    }
    return true;
}

static void search(const unsigned char *from, const unsigned char *to,
                   const struct secrets *secrets, const char *where, FILE *found)
{
    int number = 0;

    for (size_t i = 0; i < secrets->size; i += 1U + secrets->bytes[i], number++) {
        size_t n = secrets->bytes[i];
        for (const unsigned char *at = from; n > 0 && at + n <= to; at++) {
            if (is_inverted(at, secrets->bytes + i + 1, n)) {
                fprintf(found, "secret %d in %s\n", number, where);
            }
        }
    }
}

static const char *read_address(const char *hex, const unsigned char **ret)
{
    static const char digits[] = "0123456789abcdef";
    uintptr_t address = 0;

    for (; *hex != '\0' && strchr(digits, *hex) != NULL; hex++) {
        address = address * 16 + (uintptr_t)(strchr(digits, *hex) - digits);
    }
    memcpy(ret, &address, sizeof *ret);
    return hex;
}

/* Every part of the memory that can be written. */
static void search_all(const struct secrets *secrets, FILE *maps, FILE *found)
{
    char line[1024];

    while (fgets(line, sizeof line, maps) != NULL) {
        const unsigned char *from = NULL, *to = NULL;
        const char *rest = read_address(line, &from);
        rest = read_address(rest + 1, &to);
        if (strncmp(rest, " rw", 3) == 0) {
            line[strcspn(line, "\n")] = '\0';
            search(from, to, secrets, line + strcspn(line, "/["), found);
        }
    }
}

__attribute__((destructor)) static void remains_search(void)
{
    static struct secrets secrets;
    const char *path = getenv("REMAINS_FOUND");
    FILE *found = path == NULL ? NULL : fopen(path, "we");
    FILE *maps = fopen("/proc/self/maps", "re");

    if (found == NULL || maps == NULL) {
        abort();
    }
    secrets.size = take("REMAINS", secrets.bytes, SECRETS_MAX / 2);
    take_lines(&secrets);
    search_all(&secrets, maps, found);
    fprintf(found, "searched\n");
    (void)fclose(maps);
    (void)fclose(found);
}
