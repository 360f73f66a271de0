/*
 * The files of an election's folder: see ballot_files.h.
 */
#include "cli/ballot_files.h"

#include <dirent.h>
#include <string.h>

#include "base/banned.h"

#define SUFFIX ".bel"
#define PATH_MAX_BYTES 4096

static bool is_archive(const char *name)
{
    size_t n = strlen(name), suffix = strlen(SUFFIX);

    return n > suffix && name[0] != '.' && strcmp(name + n - suffix, SUFFIX) == 0;
}

/* How many archives; the name of the last is kept in the arena. */
static size_t count_archives(DIR *dir, struct td_arena *arena, const char **ret_name)
{
    size_t count = 0;

    for (const struct dirent *entry = readdir(dir); entry != NULL; entry = readdir(dir)) {
        if (is_archive(entry->d_name)) {
            count++;
            *ret_name = td_arena_text(arena, entry->d_name, strlen(entry->d_name));
        }
    }
    return count;
}

static const char *joined(struct td_arena *arena, const char *folder, const char *name)
{
    struct buf path;

    buf_init(&path, PATH_MAX_BYTES);
    buf_printf(&path, "%s/%s", folder, name);
    const char *text =
        buf_ok(&path) ? td_arena_text(arena, buf_string(&path), buf_length(&path)) : NULL;
    buf_release(&path);
    return text;
}

bool archive_file_find(struct cli *cli, const char *folder, struct archive_file *ret)
{
    DIR *dir = opendir(folder);
    const char *name = NULL;

    *ret = (struct archive_file){0};
    if (dir == NULL) {
        print_sentence(cli, cli->err,
                       TD_MESSAGE("thidua: the folder {0} can't be read", TD_TEXT(folder)));
        return false;
    }
    size_t count = count_archives(dir, cli->arena, &name);
    (void)closedir(dir);
    if (count != 1) {
        print_sentence(cli, cli->err,
                       TD_MESSAGE("thidua: {0} holds {1} archives (.bel); one is needed",
                                  TD_TEXT(folder), TD_COUNT(count)));
        return false;
    }
    if (name != NULL) {
        ret->path = joined(cli->arena, folder, name);
        ret->uuid = td_arena_text(cli->arena, name, strlen(name) - strlen(SUFFIX));
    }
    if (ret->path == NULL || ret->uuid == NULL) {
        (void)exit_of_status(cli, TD_E_MEMORY);
        return false;
    }
    return true;
}

bool archive_file_load(struct cli *cli, const char *folder, struct archive_file *ret)
{
    if (!archive_file_find(cli, folder, ret)) {
        return false;
    }
    int status = archive_load(ret->path, cli->arena, &ret->bytes, &ret->n);
    if (status == TD_E_MEMORY) {
        (void)exit_of_status(cli, status);
    } else if (status != TD_OK) {
        print_sentence(cli, cli->err, TD_MESSAGE("thidua: {0} can't be read", TD_TEXT(ret->path)));
    }
    return status == TD_OK;
}
