/*
 * thidua init, thidua migrate: a database and its first administrator.
 */
#include "cli/place.h"

#include "base/banned.h"

enum cli_exit cmd_init(struct cli *cli)
{
    struct place place;
    struct account_installation found;

    enum cli_exit exit = place_open(cli, PLACE_READY, &place);
    if (exit == CLI_OK) {
        int status = account_install(place.office, &place.program, cli->arena, &found);
        exit = status == TD_OK ? CLI_OK : place_failed(cli, status, NULL);
    }
    if (exit == CLI_OK) {
        print_sentence(cli, cli->out, TD_MESSAGE("Database: {0}", TD_TEXT(place.where)));
        print_sentence(cli, cli->out,
                       found.created
                           ? TD_WORDS("The database is ready.")
                           : TD_WORDS("The database was made before; nothing of it was changed."));
        if (found.has_link) {
            place_print_link(cli, &place, &found.link, 0);
        } else {
            print_sentence(cli, cli->out,
                           TD_WORDS("There is an administrator with a password already."));
        }
    }
    place_close(&place);
    return exit;
}

enum cli_exit cmd_migrate(struct cli *cli)
{
    struct place place;

    enum cli_exit exit = place_open(cli, PLACE_MIGRATED, &place);
    if (exit == CLI_OK) {
        print_sentence(cli, cli->out, TD_MESSAGE("Database: {0}", TD_TEXT(place.where)));
        print_sentence(cli, cli->out,
                       place.applied == 0
                           ? TD_WORDS("The database is of this version already.")
                           : TD_MESSAGE("Steps applied: {0}", TD_COUNT(place.applied)));
    }
    place_close(&place);
    return exit;
}
