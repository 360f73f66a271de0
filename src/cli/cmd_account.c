/*
 * thidua account …: accounts from the server's command line, for whoever can't sign in, or has
 * many to make.
 */
#include "cli/place.h"

#include <string.h>

#include "base/banned.h"

#define LIST_BATCH 200

/* The one operand, or NULL after a word. */
static const char *login_of(struct cli *cli)
{
    if (cli->operand_count == 1) {
        return cli->operands[0];
    }
    fputs("thidua: ", cli->err);
    print_sentence(cli, cli->err, TD_WORDS("one LOGIN is needed"));
    help_of(cli, cli->command, cli->err);
    return NULL;
}

static enum cli_exit set_role(struct cli *cli, struct place *place, const char *login)
{
    struct td_problems problems = TD_PROBLEMS(cli->arena, NULL);
    struct account_role_change change = {.login = login,
                                         .scope_id = cli_value(cli, "of"),
                                         .remove = cli_value(cli, "remove") != NULL};

    if (!office_role_find(cli_value(cli, "role"), &change.role)) {
        return CLI_BAD_USAGE;
    }
    int status = account_role_set(place->office, &place->program, &change, &problems);
    return status == TD_OK ? CLI_OK : place_failed(cli, status, &problems);
}

static enum cli_exit add(struct cli *cli, struct place *place, const char *login)
{
    struct td_problems problems = TD_PROBLEMS(cli->arena, NULL);
    const char *pages = cli_value(cli, "pages");
    const struct account_new new = {
        .login = login,
        .name = cli_value(cli, "name"),
        .language = pages == NULL ? "vi" : pages,
        .administrator = cli_value(cli, "administrator") != NULL,
    };
    struct account_link link;

    int status = account_create(place->office, &place->program, &new, &problems, &link);
    if (status != TD_OK) {
        return place_failed(cli, status, &problems);
    }
    place_print_link(cli, place, &link, 0);
    secret_wipe(link.token, sizeof(link.token));
    if (cli_value(cli, "role") == NULL) {
        return CLI_OK;
    }
    enum cli_exit exit = set_role(cli, place, login);
    if (exit != CLI_OK) {
        print_sentence(
            cli, cli->err,
            TD_WORDS("The account was made, without a role; give one with thidua account role."));
    }
    return exit;
}

enum cli_exit cmd_account_add(struct cli *cli)
{
    struct place place;
    const char *login = login_of(cli);

    if (login == NULL) {
        return CLI_BAD_USAGE;
    }
    if ((cli_value(cli, "role") == NULL) != (cli_value(cli, "of") == NULL)) {
        fputs("thidua: ", cli->err);
        print_sentence(cli, cli->err, TD_WORDS("--role and --of belong together"));
        return CLI_BAD_USAGE;
    }
    enum cli_exit exit = place_open(cli, PLACE_AS_IT_IS, &place);
    if (exit == CLI_OK) {
        exit = add(cli, &place, login);
    }
    place_close(&place);
    return exit;
}

enum cli_exit cmd_account_reset(struct cli *cli)
{
    struct place place;
    struct account_link link;
    const char *login = login_of(cli);

    if (login == NULL) {
        return CLI_BAD_USAGE;
    }
    enum cli_exit exit = place_open(cli, PLACE_AS_IT_IS, &place);
    if (exit == CLI_OK) {
        int status = account_reset(place.office, &place.program, login, cli->arena, &link);
        exit = status == TD_OK ? CLI_OK : place_failed(cli, status, NULL);
    }
    if (exit == CLI_OK) {
        place_print_link(cli, &place, &link, 0);
        secret_wipe(link.token, sizeof(link.token));
    }
    place_close(&place);
    return exit;
}

enum cli_exit cmd_account_role(struct cli *cli)
{
    struct place place;
    const char *login = login_of(cli);

    if (login == NULL) {
        return CLI_BAD_USAGE;
    }
    enum cli_exit exit = place_open(cli, PLACE_AS_IT_IS, &place);
    if (exit == CLI_OK) {
        exit = set_role(cli, &place, login);
    }
    place_close(&place);
    return exit;
}

static enum cli_exit activate(struct cli *cli, bool active)
{
    struct place place;
    struct td_problems problems = TD_PROBLEMS(cli->arena, NULL);
    const char *login = login_of(cli);

    if (login == NULL) {
        return CLI_BAD_USAGE;
    }
    enum cli_exit exit = place_open(cli, PLACE_AS_IT_IS, &place);
    if (exit == CLI_OK) {
        int status = account_active_set(place.office, &place.program, login, active, &problems);
        exit = status == TD_OK ? CLI_OK : place_failed(cli, status, &problems);
    }
    place_close(&place);
    return exit;
}

enum cli_exit cmd_account_close(struct cli *cli)
{
    return activate(cli, false);
}

enum cli_exit cmd_account_open(struct cli *cli)
{
    return activate(cli, true);
}

static struct td_message state_of(const struct account *account)
{
    if (!account->active) {
        return TD_WORDS("closed");
    }
    return account->has_password ? TD_WORDS("active") : TD_WORDS("no password yet");
}

static void print_account(struct cli *cli, const struct account *account)
{
    struct td_message state = state_of(account);

    print_column(cli->out, account->login, 20, false);
    fputc(' ', cli->out);
    print_column(cli->out, account->name, 30, false);
    fputc(' ', cli->out);
    print_message(cli, cli->out, state);
    if (account->administrator) {
        fputs(", ", cli->out);
        print_message(cli, cli->out, TD_WORDS("administrator"));
    }
    fputc('\n', cli->out);
    for (int32_t i = 0; i < account->role_count; i++) {
        const struct actor_role *role = &account->roles[i];
        fprintf(cli->out, "    %s %s %s\n", office_role_name(role->role), role->scope_id,
                role->scope_name);
    }
}

static enum cli_exit list(struct cli *cli, struct place *place)
{
    char after[128] = "";
    size_t count = LIST_BATCH;
    int status = TD_OK;

    while (status == TD_OK && count == LIST_BATCH) {
        struct td_mark mark = td_arena_mark(cli->arena);
        const struct account *accounts = NULL;
        status = account_list(place->office, &place->program, after, LIST_BATCH, cli->arena,
                              &accounts, &count);
        for (size_t i = 0; status == TD_OK && i < count; i++) {
            print_account(cli, &accounts[i]);
            snprintf(after, sizeof(after), "%s", accounts[i].login);
        }
        td_arena_rewind(cli->arena, mark);
    }
    return status == TD_OK ? CLI_OK : place_failed(cli, status, NULL);
}

enum cli_exit cmd_account_list(struct cli *cli)
{
    struct place place;

    enum cli_exit exit = place_open(cli, PLACE_AS_IT_IS, &place);
    if (exit == CLI_OK) {
        exit = list(cli, &place);
    }
    place_close(&place);
    return exit;
}
