/*
 * The folders of a directory that hold elections: see hall_folder.h.
 */
#include "ballot/hall_folder.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/banned.h"

#define PATH_BYTES 4096
#define DRAFT_MAX ((off_t)8 * 1024 * 1024)
#define TAIL_BYTES ((size_t)2 * ARCHIVE_BLOCK)

static const char *joined(struct td_arena *arena, const char *folder, const char *name)
{
    char path[PATH_BYTES];
    int n = snprintf(path, sizeof path, "%s/%s", folder, name);

    return n < 0 || (size_t)n >= sizeof path ? NULL : td_arena_text(arena, path, (size_t)n);
}

/* The identifier that the folder's file holds, or NULL. */
static const char *uuid_of(struct td_arena *arena, const char *folder)
{
    const char *path = joined(arena, folder, UUID_FILE);
    char text[TOKEN_TEXT + 1] = "";
    int fd = path == NULL ? -1 : open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);

    if (fd < 0) {
        return NULL;
    }
    ssize_t got = read(fd, text, TOKEN_TEXT);
    (void)close(fd);
    text[strcspn(text, "\r\n")] = '\0';
    return got > 0 && token_valid(text) ? td_arena_text(arena, text, strlen(text)) : NULL;
}

static bool look(struct td_arena *arena, const char *path, struct hall_folder *ret)
{
    char name[TOKEN_TEXT + sizeof ".bel"];

    ret->path = path;
    ret->uuid = uuid_of(arena, path);
    if (ret->uuid == NULL) {
        return false;
    }
    (void)snprintf(name, sizeof name, "%s.bel", ret->uuid);
    ret->archive = joined(arena, path, name);
    ret->is_open = ret->archive != NULL && access(ret->archive, F_OK) == 0;
    return ret->archive != NULL;
}

/* The next folder of an election; its texts are in the arena. False: there is none. */
static bool next_folder(DIR *dir, const char *directory, struct td_arena *arena,
                        struct hall_folder *ret)
{
    for (const struct dirent *entry = readdir(dir); entry != NULL; entry = readdir(dir)) {
        struct td_mark mark = td_arena_mark(arena);
        const char *path = entry->d_name[0] == '.' ? NULL : joined(arena, directory, entry->d_name);
        if (path != NULL && look(arena, path, ret)) {
            return true;
        }
        td_arena_rewind(arena, mark);
    }
    return false;
}

int hall_folders(const char *directory, struct td_arena *arena, struct hall_folder **ret,
                 size_t *ret_count, size_t *ret_more)
{
    DIR *dir = opendir(directory);
    struct hall_folder folder;

    *ret_count = 0;
    *ret_more = 0;
    *ret = td_arena_zeroed(arena, HALL_FOLDERS, sizeof **ret);
    while (dir != NULL && *ret != NULL) {
        struct td_mark mark = td_arena_mark(arena);
        if (!next_folder(dir, directory, arena, &folder)) {
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
    return *ret == NULL ? TD_E_MEMORY : TD_OK;
}

size_t hall_folder_find(const char *directory, const char *uuid, struct td_arena *arena,
                        struct hall_folder *ret)
{
    DIR *dir = opendir(directory);
    struct hall_folder folder;
    size_t count = 0;

    while (dir != NULL) {
        struct td_mark mark = td_arena_mark(arena);
        if (!next_folder(dir, directory, arena, &folder)) {
            break;
        }
        bool is_it = strcmp(folder.uuid, uuid) == 0;
        if (is_it && ++count == 1) {
            *ret = folder;
        } else {
            td_arena_rewind(arena, mark);
        }
    }
    if (dir != NULL) {
        (void)closedir(dir);
    }
    return count;
}

bool hall_folder_draft(const struct hall_folder *folder, struct group *group,
                       struct td_arena *arena, struct election *ret)
{
    const char *path = joined(arena, folder->path, DRAFT_FILE), *text = NULL;
    struct stat st;
    size_t n = 0;

    return path != NULL && stat(path, &st) == 0 && st.st_size <= DRAFT_MAX &&
           archive_load(path, arena, &text, &n) == TD_OK &&
           election_draft(group, arena, text, n, folder->uuid, ret);
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
    int fd = folder->is_open ? open(folder->archive, O_RDONLY | O_CLOEXEC) : -1;
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
