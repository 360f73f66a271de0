/*
 * thidua demo: a database for trying things out, apart from any office's.
 */
#include "cli/place.h"
#include "office/demo.h"

#include "base/banned.h"

enum cli_exit cmd_demo(struct cli *cli)
{
    struct place place;
    struct td_problems problems = TD_PROBLEMS(cli->arena, NULL);
    const char *folder = cli_value(cli, "from");

    enum cli_exit exit = place_open(cli, PLACE_READY, &place);
    if (exit == CLI_OK) {
        int status =
            demo_install(place.office, folder == NULL ? "." : folder, cli->arena, &problems);
        if (status == OFFICE_FORBIDDEN) {
            fputs("thidua: ", cli->err);
            print_sentence(cli, cli->err,
                           TD_MESSAGE("{0} holds an office's data and can't become a demonstration",
                                      TD_TEXT(place.where)));
            fputs("    → ", cli->err);
            print_sentence(cli, cli->err, TD_WORDS("Choose another folder with --data."));
            exit = CLI_BAD_INPUT;
        } else if (status != TD_OK) {
            exit = place_failed(cli, status, &problems);
        }
    }
    if (exit == CLI_OK) {
        print_sentence(cli, cli->out, TD_MESSAGE("Demonstration: {0}", TD_TEXT(place.where)));
    }
    place_close(&place);
    return exit;
}
