/*
 * Addresses: see address.h. Nothing here asks a name server.
 */
#include "http/address.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/banned.h"

static void from_ipv4(struct in_addr ip, uint16_t port, struct sockaddr_storage *ret,
                      socklen_t *ret_length)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr = ip};

    memset(ret, 0, sizeof(*ret));
    memcpy(ret, &address, sizeof(address));
    *ret_length = sizeof(address);
}

/* The IPv4 address within an IPv6 one. */
static struct in_addr mapped(const struct in6_addr *ip)
{
    struct in_addr v4 = {0};

    memcpy(&v4, ip->s6_addr + 12, sizeof(v4));
    return v4;
}

bool address_parse(const char *text, uint16_t port, struct sockaddr_storage *ret,
                   socklen_t *ret_length)
{
    char plain[ADDRESS_TEXT] = "";
    struct in_addr v4 = {0};
    struct in6_addr v6 = {0};
    size_t n = strlen(text);
    bool brackets = n > 2 && text[0] == '[' && text[n - 1] == ']';

    if (brackets) {
        text++;
        n -= 2;
    }
    if (n == 0 || n >= sizeof(plain)) {
        return false;
    }
    (void)snprintf(plain, sizeof(plain), "%.*s", (int)n, text);
    if (!brackets && inet_pton(AF_INET, plain, &v4) == 1) {
        from_ipv4(v4, port, ret, ret_length);
        return true;
    }
    if (inet_pton(AF_INET6, plain, &v6) != 1) {
        return false;
    }
    if (IN6_IS_ADDR_V4MAPPED(&v6)) {
        from_ipv4(mapped(&v6), port, ret, ret_length);
        return true;
    }
    struct sockaddr_in6 address = {
        .sin6_family = AF_INET6, .sin6_port = htons(port), .sin6_addr = v6};
    memset(ret, 0, sizeof(*ret));
    memcpy(ret, &address, sizeof(address));
    *ret_length = sizeof(address);
    return true;
}

void address_print(const struct sockaddr *address, char ret[static ADDRESS_TEXT])
{
    const char *text = NULL;

    if (address->sa_family == AF_INET) {
        struct sockaddr_in v4;
        memcpy(&v4, address, sizeof(v4));
        text = inet_ntop(AF_INET, &v4.sin_addr, ret, ADDRESS_TEXT);
    } else if (address->sa_family == AF_INET6) {
        struct sockaddr_in6 v6;
        memcpy(&v6, address, sizeof(v6));
        struct in_addr v4 = mapped(&v6.sin6_addr);
        text = IN6_IS_ADDR_V4MAPPED(&v6.sin6_addr)
                   ? inet_ntop(AF_INET, &v4, ret, ADDRESS_TEXT)
                   : inet_ntop(AF_INET6, &v6.sin6_addr, ret, ADDRESS_TEXT);
    }
    if (text == NULL) {
        memcpy(ret, "?", 2);
    }
}

bool address_is_loopback(const struct sockaddr_storage *address)
{
    if (address->ss_family == AF_INET) {
        struct sockaddr_in v4;
        memcpy(&v4, address, sizeof(v4));
        return (ntohl(v4.sin_addr.s_addr) >> 24) == 127;
    }
    if (address->ss_family == AF_INET6) {
        struct sockaddr_in6 v6;
        memcpy(&v6, address, sizeof(v6));
        return IN6_IS_ADDR_LOOPBACK(&v6.sin6_addr);
    }
    return false;
}

bool host_is_loopback(const char *host)
{
    static const char name[] = "localhost";
    size_t n = strlen(name);
    char plain[ADDRESS_TEXT] = "";
    struct sockaddr_storage address;
    socklen_t length = 0;

    if (strncasecmp(host, name, n) == 0 && (host[n] == '\0' || host[n] == ':')) {
        return true;
    }
    size_t end = host[0] == '[' ? strcspn(host, "]") + 1 : strcspn(host, ":");
    if (end >= sizeof(plain)) {
        return false;
    }
    memcpy(plain, host, end);
    return address_parse(plain, 0, &address, &length) && address_is_loopback(&address);
}

/* One hop of a chain in its normal text; false when it is no address. */
static bool read_hop(const char *hop, size_t n, char ret[static ADDRESS_TEXT])
{
    char text[ADDRESS_TEXT + 2] = "";
    struct sockaddr_storage address;
    socklen_t length = 0;

    if (n >= sizeof(text)) {
        return false;
    }
    memcpy(text, hop, n);
    if (!address_parse(text, 0, &address, &length)) {
        return false;
    }
    address_print((const struct sockaddr *)&address, ret);
    return true;
}

void address_client(const struct forwarded *forwarded, char peer[static ADDRESS_TEXT])
{
    char hop[ADDRESS_TEXT] = "";

    if (forwarded->proxy == NULL || strcmp(peer, forwarded->proxy) != 0) {
        return;
    }
    for (size_t i = forwarded->chain_count; i-- > 0;) {
        const char *chain = forwarded->chain[i];
        const char *end = chain + strlen(chain);
        for (;;) {
            const char *from = end;
            while (from > chain && from[-1] != ',') {
                from--;
            }
            const char *first = from + strspn(from, " \t");
            const char *last = end;
            while (last > first && (last[-1] == ' ' || last[-1] == '\t')) {
                last--;
            }
            /* What stands before something unreadable was written by nobody whom we know. */
            if (first >= last || !read_hop(first, (size_t)(last - first), hop)) {
                return;
            }
            if (strcmp(hop, forwarded->proxy) != 0) {
                memcpy(peer, hop, sizeof(hop));
                return;
            }
            if (from == chain) {
                break;
            }
            end = from - 1;
        }
    }
}
