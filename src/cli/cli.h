/*
 * The command line: a table of commands with their options, from which parsing, help, the manual
 * page and the shell completion all come.
 */
#ifndef CLI_CLI_H
#define CLI_CLI_H

#include "base/buf.h"
#include "language/language.h"
#include "thidua/thidua.h"

#include <stdio.h>

/* How a command ends. */
enum cli_exit {
    CLI_OK = 0,
    CLI_BAD_INPUT = 1, /* a file can't be read or is refused */
    CLI_BAD_USAGE = 2, /* the command line itself */
    CLI_NOT_FINAL = 3, /* computed, and something is still open */
    CLI_INTERNAL = 4,  /* memory, or output that can't be written */
    CLI_AWAY = 5,      /* the database can't be used, or the address not be listened at */
};

#define CLI_OPTIONS_MAX 20
#define CLI_WIDTH 100 /* columns of what is printed for people */

struct cli_option {
    const char *name;     /* "year", used as --year */
    const char *argument; /* "FILE"; NULL: takes none, its value is "yes" when it is given */
    const char *summary;  /* message id; NULL: that of the setting (config/config.h) of this name */
    bool required;
    const char *const *choices; /* NULL-ended words that it may be, or NULL: any */
};

struct cli;

struct cli_command {
    const char *group; /* "regulation" of "regulation check", or NULL */
    const char *name;
    const char *operands;             /* "FILE…", or NULL: takes none */
    const char *summary;              /* message id */
    const struct cli_option *options; /* ended by one without a name */
    enum cli_exit (*run)(struct cli *cli);
};

struct cli {
    const struct language *language;
    struct td_arena *arena;
    FILE *out, *err;
    const struct cli_command *command;
    const char *values[CLI_OPTIONS_MAX]; /* of the command's options, by index; NULL: not given */
    char **operands;
    int operand_count;
};

/* The table; ended by a command without a name. */
extern const struct cli_command cli_commands[];

/* Options of every command; ended likewise. */
extern const struct cli_option cli_common_options[];

enum cli_exit cli_run(int argc, char **argv, FILE *out, FILE *err);

/* The value of an option of the command, or NULL. */
const char *cli_value(const struct cli *cli, const char *name);

/* ---- the commands ---------------------------------------------------------------------------- */

enum cli_exit cmd_regulation_check(struct cli *cli);
enum cli_exit cmd_regulation_conform(struct cli *cli);
enum cli_exit cmd_score(struct cli *cli);
enum cli_exit cmd_serve(struct cli *cli);
enum cli_exit cmd_demo(struct cli *cli);
enum cli_exit cmd_init(struct cli *cli);
enum cli_exit cmd_routes(struct cli *cli);
enum cli_exit cmd_year_import(struct cli *cli);
enum cli_exit cmd_migrate(struct cli *cli);
enum cli_exit cmd_account_add(struct cli *cli);
enum cli_exit cmd_account_reset(struct cli *cli);
enum cli_exit cmd_account_role(struct cli *cli);
enum cli_exit cmd_account_close(struct cli *cli);
enum cli_exit cmd_account_open(struct cli *cli);
enum cli_exit cmd_account_list(struct cli *cli);
enum cli_exit cmd_audit_verify(struct cli *cli);
enum cli_exit cmd_ballot_setup(struct cli *cli);
enum cli_exit cmd_ballot_cards(struct cli *cli);
enum cli_exit cmd_ballot_trustee_key(struct cli *cli);
enum cli_exit cmd_ballot_open(struct cli *cli);
enum cli_exit cmd_ballot_vote(struct cli *cli);
enum cli_exit cmd_ballot_cast(struct cli *cli);
enum cli_exit cmd_ballot_close(struct cli *cli);
enum cli_exit cmd_ballot_tally(struct cli *cli);
enum cli_exit cmd_ballot_trustee_decrypt(struct cli *cli);
enum cli_exit cmd_ballot_result(struct cli *cli);
enum cli_exit cmd_ballot_demo(struct cli *cli);
enum cli_exit cmd_ballot_verify(struct cli *cli);
enum cli_exit cmd_config_sample(struct cli *cli);
enum cli_exit cmd_help(struct cli *cli);
enum cli_exit cmd_manual(struct cli *cli);
enum cli_exit cmd_completion(struct cli *cli);

/* What an option is for: a message id. */
const char *option_summary(const struct cli_option *option);

void help_of(struct cli *cli, const struct cli_command *command, FILE *to);
void help_overview(struct cli *cli, FILE *to);

/* ---- printing (print.c) ---------------------------------------------------------------------- */

/* A message in the reader's language, on a line of its own. */
void print_sentence(struct cli *cli, FILE *to, struct td_message message);

/* A message in the reader's language. */
void print_message(struct cli *cli, FILE *to, struct td_message message);

/* The same as text in the arena; "" when memory is out. */
const char *message_text(struct cli *cli, const struct td_message *message);

/* Words, wrapped at CLI_WIDTH: the first line after `lead`, the others after `hang` columns. */
void print_wrapped(FILE *to, const char *lead, int hang, const char *words);

/* `text` in exactly `columns` columns, cut with … or filled with blanks. */
void print_column(FILE *to, const char *text, int columns, bool right);

/* Every problem of a list, with file, place, what and remedy. */
void print_problems(struct cli *cli, FILE *to, const struct td_problems *problems);

/* The exit for a reader's status; reports what the problems don't say. */
enum cli_exit exit_of_status(struct cli *cli, int status);

#endif
