/*
 * The installation that a command works on: its settings, its database, its office.
 */
#ifndef CLI_PLACE_H
#define CLI_PLACE_H

#include "cli/cli.h"
#include "config/config.h"
#include "office/account.h"
#include "office/office.h"

enum place_wish {
    PLACE_AS_IT_IS, /* the database must be there, of this version */
    PLACE_NEW,      /* made when there is none, and brought to this version then */
    PLACE_MIGRATED, /* must be there; brought to this version */
    PLACE_READY,    /* made when there is none; brought to this version in any case */
};

struct place {
    struct config config;
    struct db *db;
    struct office *office;
    struct actor program;  /* who a command acts as */
    const char *elections; /* the folder of secret ballots; it need not be there */
    const char *where;     /* the database, in words that hold no password */
    bool is_new;           /* the file was made just now */
    int applied;           /* migrations */
};

/* Read the settings and open. CLI_OK, or what to end with; what is wrong has been said. */
enum cli_exit place_open(struct cli *cli, enum place_wish wish, struct place *ret);
void place_close(struct place *place); /* after any place_open */

/* Only the settings. */
enum cli_exit place_settings(struct cli *cli, struct config *ret);

/* What a use case or the database answered, when that is not TD_OK, in words. */
enum cli_exit place_failed(struct cli *cli, int status, const struct td_problems *problems);

/* Show a one-time link: the address that the settings give, port instead of theirs unless 0. */
void place_print_link(struct cli *cli, const struct place *place, const struct account_link *link,
                      unsigned port);

/* "http://127.0.0.1:8080", in the arena. */
const char *place_address(struct cli *cli, const struct config *config, unsigned port);

#endif
