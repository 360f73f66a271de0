/*
 * From a command's options to an open database: one way for all commands.
 */
#include "cli/place.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/banned.h"

#define SYSTEM_CONFIG "/etc/thidua/thidua.conf"
#define CONFIG_NAME_IN_HOME "thidua/thidua.conf"
#define DATA_NAME "thidua"
#define ELECTIONS_NAME "elections"
#define DATABASE_NAME "thidua.db"

static const char *from_environment(void *context, const char *name)
{
    (void)context;
    return getenv(name);
}

static const char *from_flag(void *context, const char *name)
{
    return cli_value(context, name);
}

static const char *joined(struct cli *cli, const char *folder, const char *name)
{
    size_t n = strlen(folder) + 1 + strlen(name) + 1;
    char *path = td_arena_alloc(cli->arena, n, 1);
    if (path != NULL) {
        snprintf(path, n, "%s/%s", folder, name);
    }
    return path;
}

/* A folder as the XDG Base Directory Specification has it: relative ones don't count. NULL when
 * there is no home either. */
static const char *xdg(struct cli *cli, const char *variable, const char *in_home)
{
    const char *folder = getenv(variable);
    const char *home = getenv("HOME");
    if (folder != NULL && folder[0] == '/') {
        return folder;
    }
    return home != NULL && home[0] == '/' ? joined(cli, home, in_home) : NULL;
}

static const char *config_file(struct cli *cli, bool *ret_required)
{
    const char *given = cli_value(cli, "config");
    const char *folder = xdg(cli, "XDG_CONFIG_HOME", ".config");
    const char *own = folder == NULL ? NULL : joined(cli, folder, CONFIG_NAME_IN_HOME);

    *ret_required = given != NULL;
    if (given != NULL) {
        return given;
    }
    return own != NULL && access(own, F_OK) == 0 ? own : SYSTEM_CONFIG;
}

enum cli_exit place_settings(struct cli *cli, struct config *ret)
{
    struct td_problems problems = TD_PROBLEMS(cli->arena, NULL);
    struct config_sources sources = {
        .environment = from_environment, .flag = from_flag, .context = cli};

    sources.file = config_file(cli, &sources.file_required);
    int status = config_read(&sources, &problems, ret);
    print_problems(cli, cli->err, &problems);
    return exit_of_status(cli, status);
}

/* ---- where the data are ---------------------------------------------------------------------- */

/* The folder and those above it, for its owner only. */
static bool make_folders(struct cli *cli, const char *path)
{
    char *part = td_arena_text(cli->arena, path, strlen(path));
    if (part == NULL) {
        errno = ENOMEM;
        return false;
    }
    for (char *slash = part + 1; (slash = strchr(slash, '/')) != NULL; slash++) {
        *slash = '\0';
        if (mkdir(part, 0700) != 0 && errno != EEXIST && access(part, F_OK) != 0) {
            return false;
        }
        *slash = '/';
    }
    return mkdir(part, 0700) == 0 || errno == EEXIST;
}

/* The folder of the data; NULL when nothing says where it is. */
static const char *data_of(struct cli *cli, const struct config *config)
{
    const char *data = config->texts[CONFIG_DATA];

    if (data[0] != '\0') {
        return data;
    }
    const char *folder = xdg(cli, "XDG_DATA_HOME", ".local/share");
    return folder == NULL ? NULL : joined(cli, folder, DATA_NAME);
}

/* Where the database is; NULL after a word on why that can't be known. */
static const char *database_of(struct cli *cli, const struct config *config, bool create)
{
    const char *data = data_of(cli, config);

    if (config->texts[CONFIG_DATABASE][0] != '\0') {
        return config->texts[CONFIG_DATABASE];
    }
    if (data == NULL) {
        print_sentence(cli, cli->err,
                       TD_WORDS("thidua: nothing says where the data are; give --data FOLDER"));
        return NULL;
    }
    if (create && !make_folders(cli, data)) {
        const char *name = strerrorname_np(errno);
        print_sentence(cli, cli->err,
                       TD_MESSAGE("thidua: the folder {0} can't be made ({1})", TD_TEXT(data),
                                  TD_TEXT(name == NULL ? "?" : name)));
        return NULL;
    }
    return joined(cli, data, DATABASE_NAME);
}

/* "" when there is no folder of data either: no election is shown then. */
static const char *elections_of(struct cli *cli, const struct config *config)
{
    const char *data = data_of(cli, config), *folder = NULL;

    if (config->texts[CONFIG_ELECTIONS][0] != '\0') {
        return config->texts[CONFIG_ELECTIONS];
    }
    folder = data == NULL ? NULL : joined(cli, data, ELECTIONS_NAME);
    return folder == NULL ? "" : folder;
}

/* ---- opening --------------------------------------------------------------------------------- */

static enum cli_exit complain(struct cli *cli, struct td_message message,
                              const struct db_detail *detail)
{
    fputs("thidua: ", cli->err);
    print_sentence(cli, cli->err, message);
    if (detail->text[0] != '\0') {
        fprintf(cli->err, "    %s\n", detail->text);
    }
    return CLI_AWAY;
}

static enum cli_exit migrate(struct cli *cli, struct place *place)
{
    struct db_detail detail = {{0}};
    int status = db_migrate(place->db, &place->applied, &detail);

    if (status == DB_E_VERSION) {
        return complain(cli,
                        TD_WORDS("the database was made by a newer version of the program, or was "
                                 "altered"),
                        &detail);
    }
    if (status != TD_OK) {
        return complain(cli, TD_WORDS("the database could not be brought to this version"),
                        &detail);
    }
    return CLI_OK;
}

static enum cli_exit check(struct cli *cli, struct place *place)
{
    struct db_detail detail = {{0}};
    int behind = 0;
    int status = db_check_schema(place->db, &behind, &detail);

    if (status == DB_E_EMPTY) {
        detail.text[0] = '\0';
        return complain(cli, TD_WORDS("the database is still empty; run thidua init"), &detail);
    }
    if (status == DB_E_VERSION && behind > 0) {
        detail.text[0] = '\0';
        return complain(cli,
                        TD_WORDS("the database is of an older version; make a copy of it, then run "
                                 "thidua migrate"),
                        &detail);
    }
    if (status == DB_E_VERSION) {
        return complain(cli,
                        TD_WORDS("the database was made by a newer version of the program, or was "
                                 "altered"),
                        &detail);
    }
    return status == TD_OK ? CLI_OK
                           : complain(cli, TD_WORDS("the database can't be read"), &detail);
}

static enum cli_exit open_office(struct cli *cli, struct place *place)
{
    const struct config *c = &place->config;
    const struct office_settings settings = {
        .zone_minutes = (int)c->numbers[CONFIG_TIME_ZONE],
        .session_idle_ms = c->numbers[CONFIG_SESSION_IDLE],
        .session_absolute_ms = c->numbers[CONFIG_SESSION_ABSOLUTE],
        .kept_sheets = (int)c->numbers[CONFIG_KEPT_SHEETS],
    };
    int status = office_new(place->db, &place->office);
    if (status != TD_OK) {
        return place_failed(cli, status, NULL);
    }
    office_configure(place->office, &settings);
    return CLI_OK;
}

enum cli_exit place_open(struct cli *cli, enum place_wish wish, struct place *ret)
{
    struct db_options options = DB_OPTIONS;
    struct db_detail detail = {{0}};

    *ret = (struct place){.program = OFFICE_PROGRAM};
    options.create = wish == PLACE_NEW || wish == PLACE_READY;
    enum cli_exit exit = place_settings(cli, &ret->config);
    if (exit != CLI_OK) {
        return exit;
    }
    const char *database = database_of(cli, &ret->config, options.create);
    if (database == NULL) {
        return CLI_AWAY;
    }
    ret->elections = elections_of(cli, &ret->config);
    bool was_there = access(database, F_OK) == 0;
    int status = db_open(database, &options, &ret->db, &detail);
    if (status != TD_OK) {
        return complain(cli, TD_WORDS("the database can't be opened"), &detail);
    }
    bool is_file = db_engine(ret->db) == DB_SQLITE;
    ret->where = is_file ? database : "PostgreSQL";
    ret->is_new = is_file && !was_there;
    bool migrates =
        wish == PLACE_MIGRATED || wish == PLACE_READY || (wish == PLACE_NEW && ret->is_new);
    exit = migrates ? migrate(cli, ret) : check(cli, ret);
    return exit == CLI_OK ? open_office(cli, ret) : exit;
}

void place_close(struct place *place)
{
    office_free(place->office);
    db_close(place->db);
}

enum cli_exit place_failed(struct cli *cli, int status, const struct td_problems *problems)
{
    struct db_detail detail = {{0}};

    if (problems != NULL && problems->errors > 0) {
        print_problems(cli, cli->err, problems);
        return CLI_BAD_INPUT;
    }
    if (status == OFFICE_NOT_FOUND) {
        fputs("thidua: ", cli->err);
        print_sentence(cli, cli->err, TD_WORDS("no account has this login name"));
        return CLI_BAD_INPUT;
    }
    if (status == TD_E_MEMORY) {
        fputs("thidua: ", cli->err);
        print_sentence(cli, cli->err, TD_WORDS("there is not enough memory"));
        return CLI_INTERNAL;
    }
    snprintf(detail.text, sizeof(detail.text), "%s", db_last_detail());
    return complain(cli, TD_WORDS("the database could not do it; nothing was changed"), &detail);
}

/* ---- addresses ------------------------------------------------------------------------------- */

const char *place_address(struct cli *cli, const struct config *config, unsigned port)
{
    const char *listen = config->texts[CONFIG_LISTEN];
    bool secure = config->texts[CONFIG_TLS_CERTIFICATE][0] != '\0';
    bool every = strcmp(listen, "0.0.0.0") == 0 || strcmp(listen, "::") == 0;
    bool six = !every && strchr(listen, ':') != NULL;
    char text[256];

    if (port == 0) {
        port = (unsigned)config->numbers[CONFIG_PORT];
    }
    int n = snprintf(text, sizeof(text), "%s://%s%s%s:%u", secure ? "https" : "http",
                     six ? "[" : "", every ? "localhost" : listen, six ? "]" : "", port);
    const char *kept =
        n < 0 || (size_t)n >= sizeof(text) ? NULL : td_arena_text(cli->arena, text, (size_t)n);
    return kept == NULL ? "" : kept;
}

void place_print_link(struct cli *cli, const struct place *place, const struct account_link *link,
                      unsigned port)
{
    const struct instant_civil end =
        instant_civil(link->expires, (int)place->config.numbers[CONFIG_TIME_ZONE]);

    print_sentence(cli, cli->out,
                   TD_MESSAGE("One-time link for {0}, until {1}; open it to choose the password:",
                              TD_TEXT(link->login), TD_DATE(end.date)));
    fprintf(cli->out, "    %s/link/%s\n", place_address(cli, &place->config, port), link->token);
}
