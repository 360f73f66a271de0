/*
 * thidua year import: a year that exists as a file becomes a year of an authority.
 */
#include "cli/place.h"
#include "office/authority.h"
#include "office/import.h"

#include <string.h>

#include "base/banned.h"

/* The home of an authority: ids are unique among all homes. */
static int find_home(struct cli *cli, struct place *place, const char *authority_id,
                     struct td_problems *problems, const char **ret)
{
    struct authority *rows = NULL;
    size_t count = 0;
    int status = authority_list(place->office, &place->program, cli->arena, &rows, &count);
    for (size_t i = 0; status == TD_OK && i < count; i++) {
        if (strcmp(rows[i].authority_id, authority_id) == 0) {
            *ret = rows[i].home_id;
            return TD_OK;
        }
    }
    if (status != TD_OK) {
        return status;
    }
    td_problem_add(problems, TD_ERROR, "--of", TD_WORDS("there is no such authority"),
                   TD_WORDS("its page on the web shows its id in the address"));
    return OFFICE_REFUSED;
}

static int import(struct cli *cli, struct place *place, struct td_problems *problems,
                  const char **ret_year)
{
    struct import in = {.authority_id = cli_value(cli, "of"),
                        .year_path = cli_value(cli, "year"),
                        .regulation_path = cli_value(cli, "regulation")};
    int status = find_home(cli, place, in.authority_id, problems, &in.home_id);
    if (status == TD_OK) {
        status = import_year(place->office, &place->program, cli->arena, &in, problems, ret_year);
    }
    return status;
}

enum cli_exit cmd_year_import(struct cli *cli)
{
    struct place place;
    struct td_problems problems = TD_PROBLEMS(cli->arena, NULL);
    const char *year_id = NULL;

    enum cli_exit exit = place_open(cli, PLACE_AS_IT_IS, &place);
    if (exit == CLI_OK) {
        int status = import(cli, &place, &problems, &year_id);
        exit = status == TD_OK ? CLI_OK : place_failed(cli, status, &problems);
    }
    if (exit == CLI_OK) {
        print_sentence(cli, cli->out, TD_MESSAGE("Taken in as year {0}", TD_TEXT(year_id)));
    }
    place_close(&place);
    return exit;
}
