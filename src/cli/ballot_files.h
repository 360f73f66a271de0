/*
 * What the commands of an election share: the files of its folder.
 */
#ifndef CLI_BALLOT_FILES_H
#define CLI_BALLOT_FILES_H

#include "ballot/ballot.h"
#include "cli/cli.h"

/* Run a command with a group of its own. */
enum cli_exit with_group(struct cli *cli, enum cli_exit (*run)(struct cli *, struct group *));

/* Something is wrong with the command's words: say it, with the command's help. */
enum cli_exit bad_usage(struct cli *cli, struct td_message what);
/* Something is wrong with what was given. */
enum cli_exit bad_input(struct cli *cli, struct td_message what);
/* The same, of a file. */
enum cli_exit bad_file(struct cli *cli, const char *path, struct td_message what);

/* The questions that somebody wrote, by which nobody is to be misled. False: it was said what is
 * wrong. */
bool draft_take(struct cli *cli, struct group *group, const char *text, size_t n, const char *uuid,
                struct election *ret);

/* How box_create ended, said where it isn't TD_OK. CLI_OK: the election is open. */
enum cli_exit exit_of_opening(struct cli *cli, const char *folder, int status);

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

/* Write a new file, and have it and its name on the disk. False when it is there already, or can't
 * be written, and then nothing is left of it. */
bool file_keep(const char *path, const struct buf *text, enum file_mode mode) TD_MUST_CHECK;
/* Say so. */
enum cli_exit cannot_write(struct cli *cli, const char *path);

/* A file's text without the line ends after it, in the arena. False when it can't be read; said. */
bool file_take(struct cli *cli, const char *path, const char **ret_text, size_t *ret_n)
    TD_MUST_CHECK;

/* The same for a secret, into an empty buffer of buf_init_secret: nothing else has it in memory. */
bool file_take_secret(struct cli *cli, const char *path, struct buf *to) TD_MUST_CHECK;

/* A trustee's public key from a file. False when it is none; said. */
bool trustee_take(struct cli *cli, struct group *group, const char *path, struct trustee *ret)
    TD_MUST_CHECK;
/* The public list of the cards from a file. False when it is none; said. */
bool credentials_take(struct cli *cli, struct group *group, const char *path,
                      struct credentials *ret) TD_MUST_CHECK;

/* The number that an option is, from least to most; *ret stays when it is not given. False when it
 * is none; said. */
bool number_option(struct cli *cli, const char *name, uint64_t least, uint64_t most, uint64_t *ret)
    TD_MUST_CHECK;

/* A code as it stands in the minutes, which names an event: at least this many of its first digits
 * are asked for. 128 bits: whoever prepares both of two archives finds two that agree in n bits
 * after some 2^(n/2) tries. */
#define CODE_LEAST 32

/* The option's code without blanks and hyphens, in lower case; "" when it is not given. False when
 * it is none; said. */
bool code_option(struct cli *cli, const char *name, char ret[static DIGEST_HEX]) TD_MUST_CHECK;

/* Does the event's name, "" when there is none, begin with the code? */
bool code_names(const char *code, const char *name) TD_MUST_CHECK;

#endif
