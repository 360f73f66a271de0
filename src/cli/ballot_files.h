/*
 * What the commands of an election share: the files of its folder.
 */
#ifndef CLI_BALLOT_FILES_H
#define CLI_BALLOT_FILES_H

#include "ballot/ballot.h"
#include "cli/cli.h"

struct archive_file {
    const char *path; /* folder/uuid.bel */
    const char *uuid;
    const char *bytes;
    size_t n;
};

/* The one archive of a folder, by its name. False when there is none, or are several; said. */
bool archive_file_find(struct cli *cli, const char *folder, struct archive_file *ret) TD_MUST_CHECK;
/* The same, with its bytes. */
bool archive_file_load(struct cli *cli, const char *folder, struct archive_file *ret) TD_MUST_CHECK;

#endif
