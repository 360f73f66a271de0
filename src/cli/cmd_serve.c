/*
 * thidua serve: the pages, until it is told to stop.
 *
 * Threads of the server answer; this one waits for signals, asks every few seconds whether the
 * database can be used (what /healthz says must not wait for it), and now and then sweeps out
 * sessions that are over.
 */
#include "cli/place.h"
#include "office/session.h"
#include "web/asset.h"
#include "web/web.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "base/banned.h"

#define LOOK_S 5
#define SWEEP_EVERY 120 /* looks */
#define GRACE_S 10

/* ---- while it runs --------------------------------------------------------------------------- */

static int look(struct db_tx *tx, void *data)
{
    (void)tx;
    (void)data;
    return TD_OK;
}

/* An outage is worth a line when it begins and when it ends. */
static void look_at_database(struct cli *cli, struct place *place, struct web_site *site)
{
    struct td_mark mark = td_arena_mark(cli->arena);
    int status = db_transact(place->db, DB_READ, cli->arena, look, NULL);
    bool away = status != TD_OK;

    td_arena_rewind(cli->arena, mark);
    if (away != atomic_exchange(&site->is_away, away)) {
        fputs("thidua: ", cli->err);
        print_sentence(cli, cli->err,
                       away ? TD_WORDS("the database can't be used")
                            : TD_WORDS("the database is back"));
        if (away) {
            fprintf(cli->err, "    %s\n", db_last_detail());
        }
    }
}

/* What voters are told only as "not just now". Nobody's address belongs to it, and no ballot. */
static void look_at_elections(struct cli *cli, struct web_site *site)
{
    struct td_mark mark = td_arena_mark(cli->arena);
    char uuid[TOKEN_TEXT];
    struct td_message what;

    if (hall_failure(site->hall, uuid, &what)) {
        print_sentence(cli, cli->err,
                       TD_MESSAGE("thidua: secret ballot {0}: {1}", TD_TEXT(uuid),
                                  TD_TEXT(message_text(cli, &what))));
    }
    td_arena_rewind(cli->arena, mark);
}

static void sweep(struct cli *cli, struct place *place)
{
    struct td_mark mark = td_arena_mark(cli->arena);
    int status = session_sweep(place->office, cli->arena);

    if (status != TD_OK && !db_is_outage(status)) {
        fprintf(cli->err, "thidua: %s\n", db_last_detail());
    }
    td_arena_rewind(cli->arena, mark);
}

static void wait_for_end(struct cli *cli, struct place *place, struct web_site *site,
                         const sigset_t *ends)
{
    const struct timespec pause = {.tv_sec = LOOK_S};

    for (unsigned looks = 0;; looks++) {
        if (looks % SWEEP_EVERY == 0) {
            sweep(cli, place);
        }
        int signal = sigtimedwait(ends, NULL, &pause);
        if (signal > 0) {
            return;
        }
        look_at_database(cli, place, site);
        look_at_elections(cli, site);
    }
}

/* ---- starting -------------------------------------------------------------------------------- */

/* -1 for none; -2 when the file can't be written. */
static int open_log(const char *where)
{
    if (strcmp(where, "none") == 0) {
        return -1;
    }
    if (strcmp(where, "stderr") == 0 || where[0] == '\0') {
        return STDERR_FILENO;
    }
    int fd = open(where, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0640);
    return fd < 0 ? -2 : fd;
}

static const char *unless_empty(const char *text)
{
    return text[0] == '\0' ? NULL : text;
}

static struct http_options options_of(const struct config *config, int log_fd)
{
    struct http_options options = HTTP_OPTIONS;
    options.listen = config->texts[CONFIG_LISTEN];
    options.port = (uint16_t)config->numbers[CONFIG_PORT];
    options.workers = (int)config->numbers[CONFIG_WORKERS];
    options.writers = (int)config->numbers[CONFIG_WRITERS];
    options.tls_certificate = unless_empty(config->texts[CONFIG_TLS_CERTIFICATE]);
    options.tls_key = unless_empty(config->texts[CONFIG_TLS_KEY]);
    options.trusted_proxy = unless_empty(config->texts[CONFIG_TRUSTED_PROXY]);
    options.plain_network = config->numbers[CONFIG_PLAIN_NETWORK] != 0;
    options.log_fd = log_fd;
    return options;
}

/* What is to be done so that it starts. */
static struct td_message remedy_of(enum http_start start)
{
    switch (start) {
    case HTTP_START_ADDRESS:
        return TD_WORDS("Choose another port with --port, or another address with --listen.");
    case HTTP_START_EXPOSED:
        return TD_WORDS(
            "Set tls_certificate and tls_key, or trusted_proxy; without HTTPS passwords "
            "can be read on the way, unless plain_network = yes says that this is "
            "known.");
    case HTTP_START_TLS:
        return TD_WORDS("Look at tls_certificate and tls_key.");
    case HTTP_STARTED:
    case HTTP_START_ROUTES:
    case HTTP_START_MEMORY:
        break;
    }
    return (struct td_message){0};
}

static enum cli_exit did_not_start(struct cli *cli, enum http_start start, const char *why)
{
    struct td_message remedy = remedy_of(start);
    fprintf(cli->err, "thidua: %s\n", why);
    if (remedy.id != NULL) {
        fputs("    → ", cli->err);
        print_sentence(cli, cli->err, remedy);
    }
    return start == HTTP_START_MEMORY || start == HTTP_START_ROUTES ? CLI_INTERNAL : CLI_AWAY;
}

/* Where everything is, for whoever started it. */
static void announce(struct cli *cli, const struct place *place, unsigned port,
                     struct account_installation *found)
{
    print_sentence(cli, cli->out, TD_MESSAGE("Database: {0}", TD_TEXT(place->where)));
    print_sentence(cli, cli->out,
                   TD_MESSAGE("Address: {0}", TD_TEXT(place_address(cli, &place->config, port))));
    if (found->has_link) {
        place_print_link(cli, place, &found->link, port);
        secret_wipe(found->link.token, sizeof(found->link.token));
    }
    print_sentence(cli, cli->out, TD_WORDS("Stop with Ctrl-C."));
    fflush(cli->out);
}

static enum cli_exit run(struct cli *cli, struct place *place, struct account_installation *found,
                         int log_fd, const sigset_t *ends)
{
    const char *code = place->config.texts[CONFIG_LANGUAGE];
    struct web_site site = {.office = place->office,
                            .hall = hall_new(place->elections),
                            .language = language_find(code),
                            .is_demo = found->is_demo};
    const struct http_app app = {.routes = web_routes,
                                 .context = &site,
                                 .gate = web_gate,
                                 .failed = web_failed,
                                 .asset = asset_find,
                                 .healthy = web_healthy};
    const struct http_options options = options_of(&place->config, log_fd);
    struct http_server *server = NULL;
    char why[256] = "";
    if (site.hall == NULL) {
        return exit_of_status(cli, TD_E_MEMORY);
    }
    enum cli_exit exit = CLI_OK;
    enum http_start start = http_server_start(&app, &options, &server, why);
    if (start == HTTP_STARTED) {
        announce(cli, place, http_server_port(server), found);
        wait_for_end(cli, place, &site, ends);
        http_server_stop(server, GRACE_S);
    } else {
        exit = did_not_start(cli, start, why);
    }
    hall_free(site.hall);
    return exit;
}

static enum cli_exit serve(struct cli *cli, struct place *place, const sigset_t *ends)
{
    struct account_installation found;
    const char *log = place->config.texts[CONFIG_LOG];

    int status = account_install(place->office, &place->program, cli->arena, &found);
    if (status != TD_OK) {
        return place_failed(cli, status, NULL);
    }
    int log_fd = open_log(log);
    if (log_fd == -2) {
        const char *name = strerrorname_np(errno);
        fputs("thidua: ", cli->err);
        print_sentence(cli, cli->err,
                       TD_MESSAGE("the log {0} can't be written ({1})", TD_TEXT(log),
                                  TD_TEXT(name == NULL ? "?" : name)));
        return CLI_AWAY;
    }
    enum cli_exit exit = run(cli, place, &found, log_fd, ends);
    if (log_fd > STDERR_FILENO) {
        close(log_fd);
    }
    return exit;
}

enum cli_exit cmd_serve(struct cli *cli)
{
    struct place place;
    sigset_t ends;

    /* Before there are threads, those of the database included, which inherit it. */
    sigemptyset(&ends);
    sigaddset(&ends, SIGTERM);
    sigaddset(&ends, SIGINT);
    pthread_sigmask(SIG_BLOCK, &ends, NULL);
    signal(SIGPIPE, SIG_IGN);
    /* A file that may not grow is as a full disk: the write fails, and that is answered. */
    signal(SIGXFSZ, SIG_IGN);

    enum cli_exit exit = place_open(cli, PLACE_NEW, &place);
    if (exit == CLI_OK) {
        exit = serve(cli, &place, &ends);
    }
    place_close(&place);
    return exit;
}
