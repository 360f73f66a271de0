/*
 * The socket to listen on, and the files of TLS: see listen.h. The socket is opened here and not by
 * libmicrohttpd, so that a port that is taken and a certificate that is wrong can be told apart.
 */
#include "http/listen.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "http/address.h"

#include "base/banned.h"

#define BACKLOG 511

enum http_start listen_open(const char *address, uint16_t port, bool guarded, int *ret,
                            char reterr[static LISTEN_ERROR])
{
    struct sockaddr_storage where;
    socklen_t length = 0;
    const int yes = 1;
    const int no = 0;

    *ret = -1;
    if (!address_parse(address, port, &where, &length)) {
        (void)snprintf(reterr, LISTEN_ERROR, "%.64s is no IPv4 or IPv6 address", address);
        return HTTP_START_ADDRESS;
    }
    if (!guarded && !address_is_loopback(&where)) {
        (void)snprintf(reterr, LISTEN_ERROR,
                       "%.64s can be reached from the network: set a TLS certificate, name a "
                       "trusted proxy, or allow plain HTTP",
                       address);
        return HTTP_START_EXPOSED;
    }
    int fd = socket(where.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd >= 0) {
        (void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
        if (where.ss_family == AF_INET6) {
            (void)setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &no, sizeof(no));
        }
    }
    if (fd < 0 || bind(fd, (const struct sockaddr *)&where, length) != 0 ||
        listen(fd, BACKLOG) != 0) {
        char why[128] = "";
        (void)snprintf(reterr, LISTEN_ERROR, "%.64s port %u: %s", address, (unsigned)port,
                       strerror_r(errno, why, sizeof(why)));
        if (fd >= 0) {
            (void)close(fd);
        }
        return HTTP_START_ADDRESS;
    }
    *ret = fd;
    return HTTP_STARTED;
}

uint16_t listen_port(int fd)
{
    struct sockaddr_in6 where = {0}; /* the port lies at the same place in both families */
    socklen_t length = sizeof(where);

    if (fd < 0 || getsockname(fd, (struct sockaddr *)&where, &length) != 0) {
        return 0;
    }
    return ntohs(where.sin6_port);
}

bool listen_read_pem(const char *path, struct buf *ret, char reterr[static LISTEN_ERROR])
{
    char block[4096];
    char why[128] = "";
    ssize_t n = 0;

    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    while (fd >= 0 && buf_ok(ret) && (n = read(fd, block, sizeof(block))) > 0) {
        buf_add(ret, block, (size_t)n);
    }
    bool done = fd >= 0 && n == 0 && buf_ok(ret) && buf_length(ret) > 0;
    if (!done) {
        (void)snprintf(reterr, LISTEN_ERROR, "%.128s: %s", path,
                       fd < 0 || n < 0 ? strerror_r(errno, why, sizeof(why)) : "is no PEM file");
    }
    if (fd >= 0) {
        (void)close(fd);
    }
    explicit_bzero(block, sizeof(block));
    return done;
}

void listen_wipe(struct buf *secret)
{
    if (secret->bytes != NULL) {
        explicit_bzero(secret->bytes, secret->capacity);
    }
    buf_release(secret);
}
