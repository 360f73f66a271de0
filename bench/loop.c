/*
 * See loop.h. One thread, and sockets that block when they are written to: a page fits their
 * buffers.
 */
#include "loop.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/banned.h"

#define REQUEST_MAX 4096
#define CONNECTIONS_MAX 1024
#define EVENTS 64
#define HEAD_MAX 512 /* of an answer, without its body */

struct client {
    char request[REQUEST_MAX];
    size_t n;
};

static struct client clients[CONNECTIONS_MAX];

struct loop {
    loop_render *render;
    void *context;
    struct buf out, body;
};

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

static bool answer(struct loop *loop, int fd)
{
    struct buf *body = &loop->body, *out = &loop->out;

    buf_clear(body);
    loop->render(loop->context, body);
    buf_clear(out);
    buf_printf(out,
               "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n"
               "Content-Length: %zu\r\n\r\n",
               buf_length(body));
    buf_add(out, buf_string(body), buf_length(body));
    return buf_ok(out) && send_all(fd, buf_string(out), buf_length(out));
}

/* False: the connection is over. */
static bool serve_client(struct loop *loop, int fd)
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
    return answer(loop, fd);
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

bool loop_serve(loop_render *render, void *context, size_t body_max)
{
    struct sockaddr_in where = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof(where);
    struct epoll_event events[EVENTS];
    struct loop loop = {.render = render, .context = context};
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    int epoll = epoll_create1(EPOLL_CLOEXEC);

    if (epoll < 0 || bind(listener, (const struct sockaddr *)&where, length) != 0 ||
        listen(listener, 511) != 0 ||
        getsockname(listener, (struct sockaddr *)&where, &length) != 0) {
        return false;
    }
    buf_init(&loop.out, body_max + HEAD_MAX);
    buf_init(&loop.body, body_max);
    (void)printf("%u\n", (unsigned)ntohs(where.sin_port));
    (void)fflush(stdout);
    add(epoll, listener);
    for (;;) {
        int count = epoll_wait(epoll, events, EVENTS, -1);
        for (int i = 0; i < count; i++) {
            int fd = events[i].data.fd;
            if (fd == listener) {
                accept_client(epoll, listener);
            } else if (!serve_client(&loop, fd)) {
                (void)close(fd);
            }
        }
    }
}
