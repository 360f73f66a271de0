/*
 * Addresses: where to listen, whose connection it is, and whom to believe about it.
 */
#ifndef HTTP_ADDRESS_H
#define HTTP_ADDRESS_H

#include "http/http.h"

#include <netinet/in.h>
#include <sys/socket.h>

#define ADDRESS_TEXT INET6_ADDRSTRLEN

/* Read an IPv4 or IPv6 address ("[…]" around the latter is allowed). False: it is none. An IPv6
 * address that holds an IPv4 one becomes that. */
bool address_parse(const char *text, uint16_t port, struct sockaddr_storage *ret,
                   socklen_t *ret_length) __attribute__((nonnull));

/* As text, without port; "?" for other families. An IPv4 address within IPv6 as IPv4. */
void address_print(const struct sockaddr *address, char ret[static ADDRESS_TEXT])
    __attribute__((nonnull));

/* Whether it can be reached from this machine only. */
bool address_is_loopback(const struct sockaddr_storage *address) __attribute__((nonnull));

/* Whether a Host header names this machine to itself: localhost, 127.…, [::1]. */
bool host_is_loopback(const char *host) __attribute__((nonnull));

/* The client behind a connection. Only when the connection is the trusted proxy's (its text as
 * address_print writes it), X-Forwarded-For is believed: its last hop that isn't the proxy. Each
 * header of that name is given in the order sent. */
struct forwarded {
    const char *proxy; /* NULL: nobody is trusted */
    const char *const *chain;
    size_t chain_count;
};
void address_client(const struct forwarded *forwarded, char peer[static ADDRESS_TEXT])
    __attribute__((nonnull));

#endif
