/*
 * The folders of a directory that hold elections: see hall_folder.h.
 */
#include "ballot/hall_folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/banned.h"

#define PATH_BYTES 4096
#define DRAFT_MAX ((off_t)8 * 1024 * 1024)
#define TAIL_BYTES ((size_t)2 * ARCHIVE_BLOCK)

static bool join(const char *folder, const char *name, char ret[static PATH_BYTES])
{
    int n = snprintf(ret, PATH_BYTES, "%s/%s", folder, name);

    return n >= 0 && n < PATH_BYTES;
}

/* The identifier that the folder's file holds. */
static bool uuid_of(const char *folder, char ret[static TOKEN_TEXT + 1])
{
    char path[PATH_BYTES];
    int fd = join(folder, UUID_FILE, path)
                 ? open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
                 : -1;

    if (fd < 0) {
        return false;
    }
    memset(ret, '\0', TOKEN_TEXT + 1);
    ssize_t got = read(fd, ret, TOKEN_TEXT);
    (void)close(fd);
    ret[strcspn(ret, "\r\n")] = '\0';
    return got > 0 && token_valid(ret);
}

/* TD_E_IO: it is no folder of an election. */
static int look(struct td_arena *arena, const char *path, struct hall_folder *ret)
{
    char uuid[TOKEN_TEXT + 1], name[TOKEN_TEXT + sizeof ".bel"], archive[PATH_BYTES];

    if (!uuid_of(path, uuid)) {
        return TD_E_IO;
    }
    (void)snprintf(name, sizeof name, "%s.bel", uuid);
    if (!join(path, name, archive)) {
        return TD_E_IO;
    }
    ret->path = td_arena_text(arena, path, strlen(path));
    ret->uuid = td_arena_text(arena, uuid, strlen(uuid));
    ret->archive = td_arena_text(arena, archive, strlen(archive));
    ret->is_open = access(archive, F_OK) == 0;
    return ret->path == NULL || ret->uuid == NULL || ret->archive == NULL ? TD_E_MEMORY : TD_OK;
}

/* The next folder of an election; its texts are in the arena. TD_E_IO: there is none. */
static int next_folder(DIR *dir, const char *directory, struct td_arena *arena,
                       struct hall_folder *ret)
{
    for (const struct dirent *entry = readdir(dir); entry != NULL; entry = readdir(dir)) {
        char path[PATH_BYTES];
        int status = entry->d_name[0] != '.' && join(directory, entry->d_name, path)
                         ? look(arena, path, ret)
                         : TD_E_IO;
        if (status != TD_E_IO) {
            return status;
        }
    }
    return TD_E_IO;
}

int hall_folders(const char *directory, struct td_arena *arena, struct hall_folder **ret,
                 size_t *ret_count, size_t *ret_more)
{
    DIR *dir = opendir(directory);
    struct hall_folder folder;

    *ret_count = 0;
    *ret_more = 0;
    *ret = td_arena_zeroed(arena, HALL_FOLDERS, sizeof **ret);
    int status = *ret == NULL ? TD_E_MEMORY : TD_OK;
    while (dir != NULL && status == TD_OK) {
        struct td_mark mark = td_arena_mark(arena);
        status = next_folder(dir, directory, arena, &folder);
        if (status != TD_OK) {
            break;
        }
        if (*ret_count < HALL_FOLDERS) {
            (*ret)[(*ret_count)++] = folder;
        } else {
            ++*ret_more;
            td_arena_rewind(arena, mark);
        }
    }
    if (dir != NULL) {
        (void)closedir(dir);
    }
    return status == TD_E_MEMORY ? status : TD_OK;
}

int hall_folder_find(const char *directory, const char *uuid, struct td_arena *arena,
                     struct hall_folder *ret, size_t *ret_count)
{
    DIR *dir = opendir(directory);
    struct hall_folder folder;
    int status = TD_OK;

    *ret_count = 0;
    if (dir == NULL) {
        return errno == ENOENT || errno == ENOTDIR ? TD_OK : TD_E_IO;
    }
    while (status == TD_OK) {
        struct td_mark mark = td_arena_mark(arena);
        status = next_folder(dir, directory, arena, &folder);
        bool is_it = status == TD_OK && strcmp(folder.uuid, uuid) == 0;
        if (is_it && ++*ret_count == 1) {
            *ret = folder;
        } else {
            td_arena_rewind(arena, mark);
        }
    }
    (void)closedir(dir);
    return status == TD_E_MEMORY ? status : TD_OK;
}

int hall_folder_draft(const struct hall_folder *folder, struct group *group, struct td_arena *arena,
                      struct election *ret)
{
    char path[PATH_BYTES];
    const char *text = NULL;
    struct stat st;
    size_t n = 0;

    if (!join(folder->path, DRAFT_FILE, path) || stat(path, &st) < 0 || st.st_size > DRAFT_MAX) {
        return TD_E_IO;
    }
    int status = archive_load(path, arena, &text, &n);
    if (status == TD_OK && !election_draft(group, arena, text, n, folder->uuid, ret)) {
        status = group_ok(group) ? TD_E_INVALID : TD_E_MEMORY;
    }
    return status;
}

enum ledger_phase hall_folder_phase(const struct hall_folder *folder)
{
    static const enum ledger_phase after[ARCHIVE_TYPES] = {
        [ARCHIVE_SETUP] = LEDGER_VOTING,
        [ARCHIVE_BALLOT] = LEDGER_VOTING,
        [ARCHIVE_END_BALLOTS] = LEDGER_CLOSED,
        [ARCHIVE_ENCRYPTED_TALLY] = LEDGER_DECRYPTING,
        [ARCHIVE_PARTIAL_DECRYPTION] = LEDGER_DECRYPTING,
        [ARCHIVE_RESULT] = LEDGER_FINISHED,
    };
    char tail[TAIL_BYTES + 1] = "", type[64];
    int fd =
        folder->is_open ? open(folder->archive, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY) : -1;
    struct stat st;
    enum ledger_phase phase = fd < 0 ? LEDGER_EMPTY : LEDGER_VOTING;

    if (fd < 0) {
        return phase;
    }
    if (fstat(fd, &st) == 0 && st.st_size > (off_t)TAIL_BYTES &&
        pread(fd, tail, TAIL_BYTES, st.st_size - (off_t)TAIL_BYTES) == (ssize_t)TAIL_BYTES) {
        for (unsigned i = 0; i < ARCHIVE_TYPES; i++) {
            (void)snprintf(type, sizeof type, "\"type\":\"%s\"",
                           archive_type_name((enum archive_event_type)i));
            if (strstr(tail + ARCHIVE_BLOCK, type) != NULL) {
                phase = after[i];
            }
        }
    }
    (void)close(fd);
    return phase;
}
