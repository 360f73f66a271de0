/*
 * The files of an election's folder: see ballot_files.h.
 */
#include "cli/ballot_files.h"

#include "format/format.h"

#include <dirent.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/banned.h"

#define SUFFIX ".bel"
#define PATH_MAX_BYTES 4096

enum cli_exit with_group(struct cli *cli, enum cli_exit (*run)(struct cli *, struct group *))
{
    struct group *group = group_new();
    enum cli_exit exit = group == NULL ? exit_of_status(cli, TD_E_MEMORY) : run(cli, group);

    group_free(group);
    return exit;
}

enum cli_exit bad_usage(struct cli *cli, struct td_message what)
{
    print_sentence(cli, cli->err, what);
    help_of(cli, cli->command, cli->err);
    return CLI_BAD_USAGE;
}

enum cli_exit bad_input(struct cli *cli, struct td_message what)
{
    print_sentence(cli, cli->err, TD_MESSAGE("thidua: {0}", TD_TEXT(message_text(cli, &what))));
    return CLI_BAD_INPUT;
}

enum cli_exit bad_file(struct cli *cli, const char *path, struct td_message what)
{
    print_sentence(
        cli, cli->err,
        TD_MESSAGE("thidua: {0}: {1}", TD_TEXT(path), TD_TEXT(message_text(cli, &what))));
    return CLI_BAD_INPUT;
}

bool draft_take(struct cli *cli, struct group *group, const char *text, size_t n, const char *uuid,
                struct election *ret)
{
    struct td_message wrong = TD_WORDS("the questions are not written as they should be");

    if (election_draft(group, cli->arena, text, n, uuid, ret)) {
        wrong = election_misleads(ret);
    }
    if (wrong.id != NULL) {
        (void)bad_input(cli, wrong);
    }
    return wrong.id == NULL;
}

enum cli_exit cannot_write(struct cli *cli, const char *path)
{
    print_sentence(cli, cli->err,
                   TD_MESSAGE("thidua: {0} can't be written, or is there already", TD_TEXT(path)));
    return CLI_BAD_INPUT;
}

enum cli_exit exit_of_opening(struct cli *cli, const char *folder, int status)
{
    switch (status) {
    case TD_OK:
        return CLI_OK;
    case TD_E_IO:
        return cannot_write(cli, folder);
    case TD_E_INVALID:
        return bad_input(cli, TD_WORDS("the trustees' keys or the credentials are wrong"));
    case ARCHIVE_UNSURE:
        (void)bad_input(cli, TD_WORDS("the election is open, but the disk answered with an error: "
                                      "after a power cut its archive may be gone"));
        return CLI_OK;
    default:
        return bad_input(cli, box_refusal(status).what);
    }
}

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

const char *path_joined(struct td_arena *arena, const char *folder, const char *name)
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
        ret->path = path_joined(cli->arena, folder, name);
        ret->uuid = td_arena_text(cli->arena, name, strlen(name) - strlen(SUFFIX));
    }
    const char *once = path_joined(cli->arena, folder, ONCE_FILE);
    if (ret->path == NULL || ret->uuid == NULL || once == NULL) {
        (void)exit_of_status(cli, TD_E_MEMORY);
        return false;
    }
    ret->is_once = access(once, F_OK) == 0;
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

bool file_keep(const char *path, const struct buf *text, enum file_mode mode)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, (mode_t)mode);

    if (fd < 0) {
        return false;
    }
    bool kept =
        buf_ok(text) && archive_write_at(fd, 0, buf_string(text), buf_length(text)) == TD_OK;
    kept = close(fd) == 0 && kept && archive_sync_folder_of(path) == TD_OK;
    if (!kept) {
        (void)unlink(path);
    }
    return kept;
}

bool file_take(struct cli *cli, const char *path, const char **ret_text, size_t *ret_n)
{
    struct td_problems problems = TD_PROBLEMS(cli->arena, path);

    if (format_file_read(path, cli->arena, &problems, ret_text, ret_n) != TD_OK) {
        print_problems(cli, cli->err, &problems);
        return false;
    }
    while (*ret_n > 0 && ((*ret_text)[*ret_n - 1] == '\n' || (*ret_text)[*ret_n - 1] == '\r')) {
        --*ret_n;
    }
    return true;
}

static bool read_secret(const char *path, struct buf *to)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    char bytes[256];
    ssize_t n = fd < 0 ? -1 : read(fd, bytes, sizeof bytes);

    while (n > 0) {
        buf_add(to, bytes, (size_t)n);
        n = buf_ok(to) ? read(fd, bytes, sizeof bytes) : -1;
    }
    explicit_bzero(bytes, sizeof bytes);
    if (fd >= 0) {
        (void)close(fd);
    }
    return n == 0;
}

bool file_take_secret(struct cli *cli, const char *path, struct buf *to)
{
    if (!read_secret(path, to)) {
        print_sentence(cli, cli->err, TD_MESSAGE("thidua: {0} can't be read", TD_TEXT(path)));
        return false;
    }
    size_t n = buf_length(to);
    while (n > 0 && strchr("\r\n", buf_string(to)[n - 1]) != NULL) {
        n--;
    }
    buf_shorten(to, n);
    return true;
}

bool trustee_take(struct cli *cli, struct group *group, const char *path, struct trustee *ret)
{
    const char *text = NULL;
    size_t n = 0;

    if (!file_take(cli, path, &text, &n)) {
        return false;
    }
    if (!trustee_read(group, text, n, ret)) {
        print_sentence(cli, cli->err,
                       TD_MESSAGE("thidua: {0} is no trustee's key with its proof", TD_TEXT(path)));
        return false;
    }
    return true;
}

bool credentials_take(struct cli *cli, struct group *group, const char *path,
                      struct credentials *ret)
{
    const char *text = NULL;
    size_t n = 0;

    if (!file_take(cli, path, &text, &n)) {
        return false;
    }
    if (!credentials_read(group, cli->arena, text, n, ret)) {
        print_sentence(cli, cli->err,
                       TD_MESSAGE("thidua: {0} is no list of credentials", TD_TEXT(path)));
        return false;
    }
    return true;
}

bool number_option(struct cli *cli, const char *name, uint64_t least, uint64_t most, uint64_t *ret)
{
    const char *text = cli_value(cli, name);
    struct td_decimal value;

    if (text == NULL) {
        return true;
    }
    if (td_decimal_parse(text, strlen(text), 0, &value) < 0 || value.units < 0 ||
        (uint64_t)value.units < least || (uint64_t)value.units > most) {
        print_sentence(cli, cli->err,
                       TD_MESSAGE("thidua: --{0} needs a number from {1} to {2}", TD_TEXT(name),
                                  TD_COUNT(least), TD_COUNT(most)));
        return false;
    }
    *ret = (uint64_t)value.units;
    return true;
}

static bool read_code(const char *text, char ret[static DIGEST_HEX])
{
    size_t n = 0;

    for (; *text != '\0'; text++) {
        if (*text == ' ' || *text == '-') {
            continue;
        }
        if (n == DIGEST_HEX - 1 || strchr("0123456789abcdefABCDEF", *text) == NULL) {
            return false;
        }
        ret[n++] = *text >= 'A' && *text <= 'F' ? (char)(*text - 'A' + 'a') : *text;
    }
    ret[n] = '\0';
    return n >= CODE_LEAST;
}

bool code_option(struct cli *cli, const char *name, char ret[static DIGEST_HEX])
{
    const char *text = cli_value(cli, name);

    ret[0] = '\0';
    if (text == NULL || read_code(text, ret)) {
        return true;
    }
    print_sentence(cli, cli->err,
                   TD_MESSAGE("thidua: --{0} needs a code from the minutes, at least its first {1} "
                              "digits",
                              TD_TEXT(name), TD_COUNT(CODE_LEAST)));
    return false;
}

bool code_names(const char *code, const char *name)
{
    return strncmp(code, name, strlen(code)) == 0;
}
