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

static const char *const roles[] = {"officer", "observer", "leader", "unit_officer", NULL};
static const char *const tongues[] = {"vi", "en", NULL};

#define ROLES "officer|observer|leader|unit_officer"

/* Where the data are: of every command that works on them. */
#define PLACE_OPTIONS                                                                              \
    {"config", "FILE", TD_ID("file of settings"), false, NULL},                                    \
        {"data", "FOLDER", NULL, false, NULL},                                                     \
    {                                                                                              \
        "database", "URL", NULL, false, NULL                                                       \
    }

static const struct cli_option place_options[] = {
    PLACE_OPTIONS,
    {0},
};

static const struct cli_option demo_options[] = {
    PLACE_OPTIONS,
    {"from", "FOLDER", TD_ID("where examples/ and regulations/ are; default here"), false, NULL},
    {0},
};

static const struct cli_option import_options[] = {
    PLACE_OPTIONS,
    {"of", "AUTHORITY", TD_ID("the id of the authority that answers for the bloc"), true, NULL},
    {"year", "FILE", TD_ID("the year: members, sheets, facts, votes"), true, NULL},
    {"regulation", "FILE", TD_ID("the regulation that scores it"), true, NULL},
    {0},
};

static const struct cli_option serve_options[] = {
    PLACE_OPTIONS,
    {"listen", "ADDRESS", NULL, false, NULL},
    {"port", "PORT", NULL, false, NULL},
    {"elections", "FOLDER", NULL, false, NULL},
    {"tls-certificate", "FILE", NULL, false, NULL},
    {"tls-key", "FILE", NULL, false, NULL},
    {"trusted-proxy", "ADDRESS", NULL, false, NULL},
    {"plain-network", "yes|no", NULL, false, NULL},
    {"workers", "NUMBER", NULL, false, NULL},
    {"writers", "NUMBER", NULL, false, NULL},
    {"kept-sheets", "NUMBER", NULL, false, NULL},
    {"session-idle", "TIME", NULL, false, NULL},
    {"session-absolute", "TIME", NULL, false, NULL},
    {"time-zone", "OFFSET", NULL, false, NULL},
    {"log", "WHERE", NULL, false, NULL},
    {0},
};

static const struct cli_option account_add_options[] = {
    {"name", "NAME", TD_ID("the person's name"), true, NULL},
    {"administrator", NULL, TD_ID("may manage accounts"), false, NULL},
    {"role", ROLES, TD_ID("what the account may do; with --of"), false, roles},
    {"of", "ID", TD_ID("the authority's or unit's id for which the role is"), false, NULL},
    {"pages", "vi|en", TD_ID("language of the account's pages; default vi"), false, tongues},
    PLACE_OPTIONS,
    {0},
};

static const struct cli_option account_role_options[] = {
    {"role", ROLES, TD_ID("what the account may do; with --of"), true, roles},
    {"of", "ID", TD_ID("the authority's or unit's id for which the role is"), true, NULL},
    {"remove", NULL, TD_ID("take the role away"), false, NULL},
    PLACE_OPTIONS,
    {0},
};

static const struct cli_option ballot_setup_options[] = {
    {"questions", "FILE", TD_ID("the questions"), true, NULL},
    {0},
};

static const struct cli_option ballot_cards_options[] = {
    {"public", "FILE", TD_ID("where the public list is written, which the server gets"), true,
     NULL},
    {"voters", "NUMBER", TD_ID("how many new cards are made; with --cards"), false, NULL},
    {"cards", "FILE", TD_ID("where the new cards are written, to be printed and shuffled"), false,
     NULL},
    {"from", "FILE", TD_ID("cards of an earlier round, which serve again"), false, NULL},
    {"sheet", "FILE", TD_ID("where the cards are written as a page to print; with --address"),
     false, NULL},
    {"address", "URL", TD_ID("where voters vote: it stands on the printed cards"), false, NULL},
    {0},
};

static const struct cli_option ballot_open_options[] = {
    {"public", "FILE", TD_ID("the public list of the voting cards"), true, NULL},
    {"once", NULL, TD_ID("refuse a second ballot of a card instead of replacing the first"), false,
     NULL},
    {0},
};

static const struct cli_option ballot_vote_options[] = {
    {"card", "FILE", TD_ID("the file that holds the voting card"), true, NULL},
    {"choices", "LIST",
     TD_ID("for each question and answer 0 or 1, as in [[0,1,0],[1]]; - reads them from standard "
           "input"),
     true, NULL},
    {0},
};

static const struct cli_option ballot_decrypt_options[] = {
    {"end", "CODE",
     TD_ID("the end's code from the minutes, at least its first 32 digits: which ballots are "
           "decrypted"),
     true, NULL},
    {0},
};

static const struct cli_option ballot_demo_options[] = {
    {"voters", "NUMBER", TD_ID("how many cards vote; default 7"), false, NULL},
    {"trustees", "NUMBER", TD_ID("how many trustees decrypt; default 3"), false, NULL},
    {"questions", "FILE", TD_ID("the questions; default: one of each kind"), false, NULL},
    {"seed", "NUMBER", TD_ID("what the voters' choices are drawn from; default 1"), false, NULL},
    {0},
};

static const struct cli_option ballot_verify_options[] = {
    {"earlier", "FOLDER", TD_ID("an earlier copy of the election, which this must continue"), false,
     NULL},
    {"public", "FILE", TD_ID("the public list of the voting cards, which the election's must be"),
     false, NULL},
    {"issued", "NUMBER", TD_ID("how many voting cards were handed out"), false, NULL},
    {"setup", "CODE", TD_ID("the setup's code from the minutes, at least its first 32 digits"),
     false, NULL},
    {"end", "CODE", TD_ID("the end's code from the minutes, at least its first 32 digits"), false,
     NULL},
    {"once", NULL, TD_ID("a second ballot of a card is wrong, also without the file once"), false,
     NULL},
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
        .name = "init",
        .summary = TD_ID("make the database and the first administrator's one-time link"),
        .options = place_options,
        .run = cmd_init,
    },
    {
        .name = "demo",
        .summary = TD_ID("make a database for trying things out: three example years, an account "
                         "for every role, no passwords"),
        .options = demo_options,
        .run = cmd_demo,
    },
    {
        .name = "serve",
        .summary = TD_ID("serve the pages; makes what is missing when there is no data yet"),
        .options = serve_options,
        .run = cmd_serve,
    },
    {
        .name = "migrate",
        .summary = TD_ID("bring the database up to this version of the program"),
        .options = place_options,
        .run = cmd_migrate,
    },
    {
        .group = "year",
        .name = "import",
        .summary = TD_ID("take a year that exists as a file into an authority"),
        .options = import_options,
        .run = cmd_year_import,
    },
    {
        .name = "routes",
        .summary = TD_ID("list every address of the server and who may use it"),
        .options = no_options,
        .run = cmd_routes,
    },
    {
        .group = "account",
        .name = "add",
        .operands = "LOGIN",
        .summary = TD_ID("make an account and its one-time link"),
        .options = account_add_options,
        .run = cmd_account_add,
    },
    {
        .group = "account",
        .name = "reset",
        .operands = "LOGIN",
        .summary = TD_ID("make a new one-time link; password and sessions end"),
        .options = place_options,
        .run = cmd_account_reset,
    },
    {
        .group = "account",
        .name = "role",
        .operands = "LOGIN",
        .summary = TD_ID("give a role, or take it away"),
        .options = account_role_options,
        .run = cmd_account_role,
    },
    {
        .group = "account",
        .name = "close",
        .operands = "LOGIN",
        .summary = TD_ID("let the account sign in no more"),
        .options = place_options,
        .run = cmd_account_close,
    },
    {
        .group = "account",
        .name = "open",
        .operands = "LOGIN",
        .summary = TD_ID("let a closed account sign in again"),
        .options = place_options,
        .run = cmd_account_open,
    },
    {
        .group = "account",
        .name = "list",
        .summary = TD_ID("show the accounts"),
        .options = place_options,
        .run = cmd_account_list,
    },
    {
        .group = "audit",
        .name = "verify",
        .summary = TD_ID("check that no record of a change was altered"),
        .options = place_options,
        .run = cmd_audit_verify,
    },
    {
        .group = "ballot",
        .name = "setup",
        .operands = "FOLDER",
        .summary = TD_ID("begin a secret ballot: its questions and its identifier"),
        .options = ballot_setup_options,
        .run = cmd_ballot_setup,
    },
    {
        .group = "ballot",
        .name = "cards",
        .operands = "IDENTIFIER",
        .summary = TD_ID("make voting cards, or use those of an earlier round again"),
        .options = ballot_cards_options,
        .run = cmd_ballot_cards,
    },
    {
        .group = "ballot",
        .name = "trustee-key",
        .operands = "NAME",
        .summary = TD_ID("make a trustee's key: NAME.privkey and NAME.pubkey"),
        .options = no_options,
        .run = cmd_ballot_trustee_key,
    },
    {
        .group = "ballot",
        .name = "open",
        .operands = "FOLDER KEY…",
        .summary = TD_ID("open a secret ballot with its trustees' public keys"),
        .options = ballot_open_options,
        .run = cmd_ballot_open,
    },
    {
        .group = "ballot",
        .name = "vote",
        .operands = "FOLDER",
        .summary = TD_ID("print an encrypted ballot: for a voter, with a copy of the archive"),
        .options = ballot_vote_options,
        .run = cmd_ballot_vote,
    },
    {
        .group = "ballot",
        .name = "cast",
        .operands = "FOLDER BALLOT…",
        .summary = TD_ID("take encrypted ballots into the archive"),
        .options = no_options,
        .run = cmd_ballot_cast,
    },
    {
        .group = "ballot",
        .name = "close",
        .operands = "FOLDER",
        .summary = TD_ID("end the voting"),
        .options = no_options,
        .run = cmd_ballot_close,
    },
    {
        .group = "ballot",
        .name = "tally",
        .operands = "FOLDER",
        .summary = TD_ID("sum the encrypted ballots"),
        .options = no_options,
        .run = cmd_ballot_tally,
    },
    {
        .group = "ballot",
        .name = "trustee-decrypt",
        .operands = "FOLDER KEY",
        .summary = TD_ID("print a trustee's part of the decryption, with a copy of the archive"),
        .options = ballot_decrypt_options,
        .run = cmd_ballot_trustee_decrypt,
    },
    {
        .group = "ballot",
        .name = "result",
        .operands = "FOLDER DECRYPTION…",
        .summary = TD_ID("take the trustees' decryptions and compute the result"),
        .options = no_options,
        .run = cmd_ballot_result,
    },
    {
        .group = "ballot",
        .name = "demo",
        .operands = "FOLDER",
        .summary = TD_ID("run a whole secret ballot with invented voters, and leave its archive"),
        .options = ballot_demo_options,
        .run = cmd_ballot_demo,
    },
    {
        .group = "ballot",
        .name = "verify",
        .operands = "FOLDER [KEY…]",
        .summary =
            TD_ID("audit a secret ballot: every proof, the sum, the result; and whether each "
                  "KEY is that of one of its trustees"),
        .options = ballot_verify_options,
        .run = cmd_ballot_verify,
    },
    {
        .group = "config",
        .name = "sample",
        .summary = TD_ID("print a file of settings with every setting explained"),
        .options = no_options,
        .run = cmd_config_sample,
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
