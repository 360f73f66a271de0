/*
 * Two servers of one page: `bench_http thidua THREADS` is the http room, `bench_http bare` a bare
 * epoll loop that reads a request up to its empty line and writes the page, which is about the
 * least that any server does. bench/http.py drives both.
 *
 * The port is printed; SIGTERM ends either.
 */
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "http/http.h"

#include "page.h"

#include "base/banned.h"

#define REQUEST_MAX 4096
#define CONNECTIONS_MAX 1024
#define EVENTS 64

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

struct client {
    char request[REQUEST_MAX];
    size_t n;
};

static struct client clients[CONNECTIONS_MAX];

/* Write all; the sockets block, as a page fits their buffers. */
static bool send_all(int fd, const char *bytes, size_t n)
{
    while (n > 0) {
        ssize_t sent = send(fd, bytes, n, MSG_NOSIGNAL);
        if (sent <= 0) {
            return false;
        }
        bytes += sent;
        n -= (size_t)sent;
    }
    return true;
}

static bool answer(int fd, struct buf *out, struct buf *body)
{
    buf_clear(body);
    page_render(body);
    buf_clear(out);
    buf_printf(out,
               "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n"
               "Content-Length: %zu\r\n\r\n",
               buf_length(body));
    buf_add(out, buf_string(body), buf_length(body));
    return buf_ok(out) && send_all(fd, buf_string(out), buf_length(out));
}

/* False: the connection is over. */
static bool serve_client(int fd, struct buf *out, struct buf *body)
{
    struct client *client = &clients[fd];
    ssize_t n = recv(fd, client->request + client->n, REQUEST_MAX - client->n, 0);

    if (n <= 0) {
        return false;
    }
    client->n += (size_t)n;
    if (memmem(client->request, client->n, "\r\n\r\n", 4) == NULL) {
        return client->n < REQUEST_MAX;
    }
    client->n = 0;
    return answer(fd, out, body);
}

static void add(int epoll, int fd)
{
    struct epoll_event event = {.events = EPOLLIN, .data.fd = fd};

    (void)epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event);
}

static void accept_client(int epoll, int listener)
{
    const int yes = 1;
    int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);

    if (fd < 0) {
        return;
    }
    if (fd >= CONNECTIONS_MAX) {
        (void)close(fd);
        return;
    }
    (void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof(yes));
    clients[fd].n = 0;
    add(epoll, fd);
}

static int serve_bare(void)
{
    struct sockaddr_in where = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof(where);
    struct epoll_event events[EVENTS];
    struct buf out;
    struct buf body;
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    int epoll = epoll_create1(EPOLL_CLOEXEC);

    if (epoll < 0 || bind(listener, (const struct sockaddr *)&where, length) != 0 ||
        listen(listener, 511) != 0 ||
        getsockname(listener, (struct sockaddr *)&where, &length) != 0) {
        return EXIT_FAILURE;
    }
    buf_init(&out, PAGE_MAX * 2);
    buf_init(&body, PAGE_MAX);
    (void)printf("%u\n", (unsigned)ntohs(where.sin_port));
    (void)fflush(stdout);
    add(epoll, listener);
    for (;;) {
        int count = epoll_wait(epoll, events, EVENTS, -1);
        for (int i = 0; i < count; i++) {
            int fd = events[i].data.fd;
            if (fd == listener) {
                accept_client(epoll, listener);
            } else if (!serve_client(fd, &out, &body)) {
                (void)close(fd);
            }
        }
    }
}

int main(int argc, char **argv)
{
    if (argc == 2 && strcmp(argv[1], "bare") == 0) {
        return serve_bare();
    }
    if (argc == 3 && strcmp(argv[1], "thidua") == 0) {
        return serve_by_room(argv[2][0] - '0');
    }
    (void)fprintf(stderr, "usage: bench_http bare | thidua THREADS\n");
    return EXIT_FAILURE;
}
