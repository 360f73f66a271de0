/*
 * What the commands of an election share: the files of its folder.
 */
#ifndef CLI_BALLOT_FILES_H
#define CLI_BALLOT_FILES_H

#include "ballot/ballot.h"
#include "cli/cli.h"

/* Run a command with a group of its own. */
enum cli_exit with_group(struct cli *cli, enum cli_exit (*run)(struct cli *, struct group *));

struct archive_file {
    const char *path; /* folder/uuid.bel */
    const char *uuid;
    bool is_once; /* beside it lies the file "once": a card votes once */
    const char *bytes;
    size_t n;
};

/* The one archive of a folder, by its name. False when there is none, or are several; said. */
bool archive_file_find(struct cli *cli, const char *folder, struct archive_file *ret) TD_MUST_CHECK;
/* The same, with its bytes. */
bool archive_file_load(struct cli *cli, const char *folder, struct archive_file *ret) TD_MUST_CHECK;

/* "folder/name", in the arena; NULL when there is no memory. */
const char *path_joined(struct td_arena *arena, const char *folder, const char *name);

enum file_mode {
    FILE_SECRET = 0600,
    FILE_PUBLIC = 0644,
};

/* Write a new file. False when it is there already, or can't be written. */
bool file_keep(const char *path, const struct buf *text, enum file_mode mode) TD_MUST_CHECK;

/* A file's text without the line ends after it, in the arena. False when it can't be read; said. */
bool file_take(struct cli *cli, const char *path, const char **ret_text, size_t *ret_n)
    TD_MUST_CHECK;

/* The same for a secret, into an empty buffer of buf_init_secret: nothing else has it in memory. */
bool file_take_secret(struct cli *cli, const char *path, struct buf *to) TD_MUST_CHECK;

/* The number that an option is, from least to most; *ret stays when it is not given. False when it
 * is none; said. */
bool number_option(struct cli *cli, const char *name, uint64_t least, uint64_t most, uint64_t *ret)
    TD_MUST_CHECK;

/* A code as it stands in the minutes, which names an event: at least this many of its first digits
 * are asked for, 64 bits, which nobody finds a second event for. */
#define CODE_LEAST 16

/* The option's code without blanks and hyphens, in lower case; "" when it is not given. False when
 * it is none; said. */
bool code_option(struct cli *cli, const char *name, char ret[static DIGEST_HEX]) TD_MUST_CHECK;

/* Does the event's name, "" when there is none, begin with the code? */
bool code_names(const char *code, const char *name) TD_MUST_CHECK;

#endif
