/*
 * Two servers of one page: `bench_http thidua THREADS` is the http room, `bench_http bare` a bare
 * epoll loop. bench/room.py drives both.
 *
 * The port is printed; SIGTERM ends either.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "http/http.h"

#include "loop.h"
#include "page.h"

#include "base/banned.h"

/* ---- the http room --------------------------------------------------------------------------- */

static int give_page(struct http_exchange *x)
{
    page_render(http_body(x));
    return TD_OK;
}

static int serve_by_room(int threads)
{
    static const struct http_route routes[] = {
        {HTTP_GET, "/page", "page", "The page", 1, 0, false, give_page},
        {.name = NULL},
    };
    struct http_app app = {.routes = routes};
    struct http_options options = HTTP_OPTIONS;
    struct http_server *server = NULL;
    char why[256] = "";
    sigset_t stop;
    int which = 0;

    options.port = 0;
    options.threads = threads;
    options.log_fd = -1;
    (void)sigemptyset(&stop);
    (void)sigaddset(&stop, SIGTERM);
    (void)sigprocmask(SIG_BLOCK, &stop, NULL);
    if (http_server_start(&app, &options, &server, why) != HTTP_STARTED) {
        (void)fprintf(stderr, "%s\n", why);
        return EXIT_FAILURE;
    }
    (void)printf("%u\n", (unsigned)http_server_port(server));
    (void)fflush(stdout);
    (void)sigwait(&stop, &which);
    http_server_stop(server, 1);
    return EXIT_SUCCESS;
}

/* ---- the bare loop --------------------------------------------------------------------------- */

static void render(void *context, struct buf *body)
{
    (void)context;
    page_render(body);
}

int main(int argc, char **argv)
{
    if (argc == 2 && strcmp(argv[1], "bare") == 0) {
        return loop_serve(render, NULL, PAGE_MAX) ? EXIT_SUCCESS : EXIT_FAILURE;
    }
    if (argc == 3 && strcmp(argv[1], "thidua") == 0) {
        return serve_by_room(argv[2][0] - '0');
    }
    (void)fprintf(stderr, "usage: bench_http bare | thidua THREADS\n");
    return EXIT_FAILURE;
}
