/*
 * The table of commands. Adding one is adding a row here and its function in a cmd_*.c.
 */
#include "cli/cli.h"

#include "base/banned.h"

static const char *const formats[] = {"table", "json", "csv", NULL};
static const char *const languages[] = {"vi", "en", NULL};
static const char *const shells[] = {"bash", NULL};

const struct cli_option cli_common_options[] = {
    {"language", "vi|en", TD_ID("language of messages; default vi"), false, languages},
    {0},
};

static const struct cli_option no_options[] = {
    {0},
};

static const struct cli_option check_options[] = {
    {"year", "YYYY", TD_ID("show the days of duties and meetings in this (first) year"), false,
     NULL},
    {0},
};

static const struct cli_option conform_options[] = {
    {"frame", "FILE", TD_ID("the frame to check against"), true, NULL},
    {0},
};

static const struct cli_option score_options[] = {
    {"year", "FILE", TD_ID("the year: members, sheets, facts, votes"), true, NULL},
    {"regulation", "FILE", TD_ID("a regulation instead of the one that the year names"), false,
     NULL},
    {"format", "table|json|csv", TD_ID("form of the result; default table"), false, formats},
    {"explain", "UNIT", TD_ID("explain the score of the unit with this code"), false, NULL},
    {0},
};

static const struct cli_option completion_options[] = {
    {"shell", "bash", TD_ID("the shell; default bash"), false, shells},
    {0},
};

const struct cli_command cli_commands[] = {
    {
        .group = "regulation",
        .name = "check",
        .operands = "FILE…",
        .summary = TD_ID("show a regulation's criteria with their sums, and every problem"),
        .options = check_options,
        .run = cmd_regulation_check,
    },
    {
        .group = "regulation",
        .name = "conform",
        .operands = "FILE…",
        .summary = TD_ID("check regulations against their frame"),
        .options = conform_options,
        .run = cmd_regulation_conform,
    },
    {
        .name = "score",
        .summary = TD_ID("score, rank and propose awards for a bloc's year"),
        .options = score_options,
        .run = cmd_score,
    },
    {
        .name = "help",
        .operands = "COMMAND",
        .summary = TD_ID("help on a command"),
        .options = no_options,
        .run = cmd_help,
    },
    {
        .name = "manual",
        .summary = TD_ID("print the manual page (roff)"),
        .options = no_options,
        .run = cmd_manual,
    },
    {
        .name = "completion",
        .summary = TD_ID("print the completion script for a shell"),
        .options = completion_options,
        .run = cmd_completion,
    },
    {0},
};
