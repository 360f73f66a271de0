/*
 * People who fill in sheets as fast as they are answered: each has a connection and a sheet of its
 * own, saves one cell, and saves the next when that one is acknowledged.
 *
 *     save_clients PORT SECONDS CELL... < clients
 *
 * A line of clients is "PATH COOKIE TOKEN", with tabs between; PATH is the sheet's, CELL a field of
 * its form, empty at the start. Prints one JSON object; any answer but 200 ends it.
 */
#include <arpa/inet.h>
#include <inttypes.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/buf.h"

#include "base/banned.h"

#define CLIENTS_MAX 256
#define SAVES_MAX ((size_t)4 * 1024 * 1024)
#define ANSWER_MAX ((size_t)256 * 1024)
#define VALUES 15 /* whole points from 1: no item of the year has less than 15 */

struct client {
    char *path, *cookie, *token;
    int fd;
    int64_t saves;
    int64_t sent_at; /* ns */
    struct buf answer;
};

struct clients {
    struct client all[CLIENTS_MAX];
    int count;
    int port, epoll;
    char **cells;
    int cell_count;
    int64_t *took; /* ns, of each acknowledged save */
    size_t took_count;
};

static void stop(const char *why, const char *more)
{
    (void)fprintf(stderr, "save_clients: %s %s\n", why, more);
    exit(EXIT_FAILURE);
}

static int64_t now_ns(void)
{
    struct timespec now;

    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static int whole(const char *digits)
{
    int value = 0;

    for (; *digits >= '0' && *digits <= '9'; digits++) {
        value = value * 10 + (*digits - '0');
    }
    return value;
}

/* ---- saving ---------------------------------------------------------------------------------- */

/* The next cell; a cell has been saved as often as the client came round to it before. */
static void save(struct clients *c, struct client *client)
{
    const char *cell = c->cells[client->saves % c->cell_count];
    int64_t seen = client->saves / c->cell_count;
    struct buf body, request;

    buf_init(&body, 4096);
    buf_printf(&body, "csrf=%s&%s=%" PRId64 "&s%s=%" PRId64, client->token, cell,
               1 + (client->saves + seen) % VALUES, cell, seen);
    buf_init(&request, 8192);
    buf_printf(&request,
               "POST %s/save HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nCookie: %s\r\n"
               "Accept: application/json\r\nContent-Type: application/x-www-form-urlencoded\r\n"
               "Content-Length: %zu\r\n\r\n%s",
               client->path, c->port, client->cookie, buf_length(&body), buf_string(&body));
    size_t n = buf_length(&request);
    buf_clear(&client->answer);
    client->sent_at = now_ns();
    if (!buf_ok(&request) ||
        send(client->fd, buf_string(&request), n, MSG_NOSIGNAL) != (ssize_t)n) {
        stop("a request can't be sent", client->path);
    }
    buf_release(&body);
    buf_release(&request);
}

/* Is the answer whole? */
static bool is_whole(const struct buf *answer)
{
    const char *text = buf_string(answer);
    const char *end = strstr(text, "\r\n\r\n");
    const char *length = strcasestr(text, "\r\nContent-Length: ");

    if (end == NULL) {
        return false;
    }
    if (strncmp(text, "HTTP/1.1 200 ", 13) != 0 || length == NULL || length > end) {
        stop("a save was answered:", text);
    }
    length += strlen("\r\nContent-Length: ");
    return buf_length(answer) - (size_t)(end + 4 - text) >= (size_t)whole(length);
}

static bool receive(struct clients *c, struct client *client)
{
    char bytes[16 * 1024];
    ssize_t n = recv(client->fd, bytes, sizeof(bytes), 0);

    if (n <= 0) {
        stop("a connection broke", client->path);
    }
    buf_add(&client->answer, bytes, (size_t)n);
    if (!is_whole(&client->answer)) {
        return false;
    }
    if (c->took_count == SAVES_MAX) {
        stop("more saves than there is room for", "");
    }
    c->took[c->took_count++] = now_ns() - client->sent_at;
    client->saves++;
    return true;
}

/* ---- the whole ------------------------------------------------------------------------------- */

static void read_clients(struct clients *c)
{
    char *line = NULL;
    size_t room = 0;

    while (getline(&line, &room, stdin) > 0) {
        char *rest = line;
        if (c->count == CLIENTS_MAX) {
            stop("too many clients", "");
        }
        struct client *client = &c->all[c->count++];
        line[strcspn(line, "\n")] = '\0';
        client->path = strdup(strsep(&rest, "\t"));
        client->cookie = rest == NULL ? NULL : strdup(strsep(&rest, "\t"));
        client->token = rest == NULL ? NULL : strdup(rest);
        if (client->token == NULL) {
            stop("a client is not well written", line);
        }
        buf_init(&client->answer, ANSWER_MAX);
    }
    free(line);
}

static void connect_all(struct clients *c)
{
    struct sockaddr_in where = {.sin_family = AF_INET,
                                .sin_port = htons((uint16_t)c->port),
                                .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    const int yes = 1;

    c->epoll = epoll_create1(EPOLL_CLOEXEC);
    for (int i = 0; i < c->count; i++) {
        struct epoll_event event = {.events = EPOLLIN, .data.ptr = &c->all[i]};
        int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        if (connect(fd, (const struct sockaddr *)&where, sizeof(where)) != 0 ||
            setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof(yes)) != 0 ||
            epoll_ctl(c->epoll, EPOLL_CTL_ADD, fd, &event) != 0) {
            stop("can't connect", "");
        }
        c->all[i].fd = fd;
    }
}

static int by_size(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

int main(int argc, char **argv)
{
    static struct clients c;
    struct epoll_event events[CLIENTS_MAX];

    if (argc < 4) {
        stop("usage: save_clients PORT SECONDS CELL... < clients", "");
    }
    c.port = whole(argv[1]);
    c.cells = argv + 3;
    c.cell_count = argc - 3;
    c.took = calloc(SAVES_MAX, sizeof(*c.took));
    read_clients(&c);
    connect_all(&c);
    int64_t begin = now_ns(), end = begin + (int64_t)whole(argv[2]) * 1000000000;
    for (int i = 0; i < c.count; i++) {
        save(&c, &c.all[i]);
    }
    /* The last save of each is waited for, so that none is cut off. */
    for (int waiting = c.count; waiting > 0;) {
        int n = epoll_wait(c.epoll, events, CLIENTS_MAX, 10000);
        if (n <= 0) {
            stop("no answer for ten seconds", "");
        }
        for (int i = 0; i < n; i++) {
            struct client *client = events[i].data.ptr;
            if (!receive(&c, client)) {
                continue;
            }
            if (now_ns() < end) {
                save(&c, client);
            } else {
                waiting--;
            }
        }
    }
    int64_t took = now_ns() - begin;
    qsort(c.took, c.took_count, sizeof(*c.took), by_size);
    (void)printf("{\"clients\": %d, \"cells\": %zu, \"ns\": %" PRId64 ", \"p50_ns\": %" PRId64
                 ", \"p99_ns\": %" PRId64 "}\n",
                 c.count, c.took_count, took, c.took[c.took_count / 2],
                 c.took[c.took_count * 99 / 100]);
    return EXIT_SUCCESS;
}
