/*
 * A request and its answer, as the files of this room see them; others see http.h.
 *
 * server.c fills in what was sent (head, body), request.c and form.c read it, a handler fills in
 * the answer through response.c, and server.c sends it. One thread at a time has the exchange: the
 * epoll thread until it is queued, the worker that runs it, then the epoll thread again.
 */
#ifndef HTTP_EXCHANGE_H
#define HTTP_EXCHANGE_H

#include "http/form.h"
#include "http/http.h"

#include <netinet/in.h>
#include <pthread.h>

#define HTTP_ID 17 /* 16 hex digits and NUL */
#define HTTP_ASSETS "/assets/"

struct http_answer {
    int status;
    const char *type;
    struct buf body;
    struct http_line *lines;        /* headers and cookies, the last set first */
    int broken;                     /* TD_OK, or why what the handler set can't be sent */
    const struct http_asset *asset; /* sent instead of the body */
    bool gzip;                      /* … in its packed form */
    int file; /* a descriptor + 1, sent instead of the body; 0: none; -1: given away */
    size_t file_n;
};

struct http_line {
    struct http_line *next;
    const char *name, *value;
};

struct http_exchange {
    struct http_exchange *next; /* in the pool or in a queue */
    const struct http_app *app;
    void *server, *connection; /* server.c's; connection is libmicrohttpd's */
    void *watched;             /* its connection, for watch.c */
    void *data;                /* the program's */
    struct td_arena *arena;
    struct td_mark start;
    int64_t began_us, queued_us;
    char id[HTTP_ID];

    /* What was sent. */
    const char *target, *path, *query; /* query: as sent, without '?'; "" when there is none */
    const char *host;
    char peer[INET6_ADDRSTRLEN];
    bool secure, head, read_head, in_work;
    enum http_method method;
    const struct http_pair *headers; /* as sent */
    size_t header_count;
    const struct http_route *route; /* NULL: none */
    const char *params[HTTP_PARAMS_MAX];
    struct buf sent; /* the body */
    size_t sent_max, dropped;
    size_t charged;            /* bytes of the server's allowance for large bodies */
    enum http_failure refused; /* to be answered when the body has been read; 0: none */
    bool close;                /* the connection ends with this answer */
    struct form query_form, form;

    struct http_answer answer;
};

/* ---- exchange.c ------------------------------------------------------------------------------ */

/* Exchanges that wait for reuse with the memory that they have. */
struct exchange_pool {
    pthread_mutex_t lock;
    struct http_exchange *first;
    size_t waiting;
    uint64_t seed; /* of ids */
    uint64_t count;
};

/* TD_E_IO when the machine gives no randomness. */
int exchange_pool_init(struct exchange_pool *pool) TD_MUST_CHECK __attribute__((nonnull));
void exchange_pool_release(struct exchange_pool *pool) __attribute__((nonnull));

/* An empty exchange with a new id; NULL when there is no memory. */
struct http_exchange *exchange_take(struct exchange_pool *pool) __attribute__((nonnull));
/* Give it back: its texts are gone, and so is what was large. */
void exchange_return(struct exchange_pool *pool, struct http_exchange *x) __attribute__((nonnull));

/* What the log calls it: its route's name, or what stands for one. */
const char *exchange_name(const struct http_exchange *x) __attribute__((nonnull));
/* Has it no line in the log? Routes that are HTTP_UNLOGGED; what has no route but begins with the
 * same segment as one of them; and all assets. */
bool exchange_is_unlogged(const struct http_exchange *x) __attribute__((nonnull));

/* ---- request.c ------------------------------------------------------------------------------- */

/* Take the target apart. HTTP_BAD_REQUEST when it isn't a path of printable ASCII, or tries to
 * climb ("..", "//", "\", "%00"); TD_OK otherwise. */
int request_set_target(struct http_exchange *x, const char *target) TD_MUST_CHECK
    __attribute__((nonnull));

/* What is against the rules in the head: two Content-Length or Host, both Content-Length and
 * Transfer-Encoding, no Host, … TD_OK or HTTP_BAD_REQUEST. Sets x->host; *ret_length gets the
 * declared length of the body, 0 when there is none, and SIZE_MAX when it comes in chunks. */
int request_check_head(struct http_exchange *x, const char *version, size_t *ret_length)
    TD_MUST_CHECK __attribute__((nonnull));

/* Set the route and its parameters. TD_OK without a route: /healthz or an asset. Otherwise
 * HTTP_NOT_FOUND, HTTP_NOT_ALLOWED (also when the method is not a known one), HTTP_INTERNAL. */
struct router;
int request_find_route(struct http_exchange *x, const struct router *router, bool known)
    TD_MUST_CHECK __attribute__((nonnull));

/* Believe what the trusted proxy (NULL: none) says of the client and of TLS. TD_E_MEMORY. */
int request_forwarded(struct http_exchange *x, const char *proxy) TD_MUST_CHECK
    __attribute__((nonnull(1)));

/* Read query and form. TD_OK, HTTP_BAD_REQUEST, HTTP_BAD_TYPE or HTTP_TOO_LARGE. */
int request_read(struct http_exchange *x) TD_MUST_CHECK __attribute__((nonnull));

/* The first header of a name, as sent, or NULL. */
const char *request_header(const struct http_exchange *x, const char *name)
    __attribute__((nonnull));

/* The first cookie of a name in one Cookie header. NULL: none, or not fit to be read. */
const char *cookie_find(struct td_arena *arena, const char *header, const char *name)
    __attribute__((nonnull));

/* ---- response.c ------------------------------------------------------------------------------ */

/* Empty the answer and give it a status. */
void response_reset(struct http_exchange *x, int status) __attribute__((nonnull));

/* Fill in the page of a failure. */
void response_fail(struct http_exchange *x, enum http_failure failure, int status)
    __attribute__((nonnull));

/* After the handler: an answer that can't be sent as it is becomes a failure's page. */
void response_settle(struct http_exchange *x) __attribute__((nonnull));

/* Answer with an asset, or with 304 when the browser has it. */
void response_asset(struct http_exchange *x, const struct http_asset *asset)
    __attribute__((nonnull));

/* Close the file that was to be sent, if any. */
void response_drop_file(struct http_exchange *x) __attribute__((nonnull));

/* The bytes to send; NULL where a file is sent. */
const char *response_bytes(const struct http_exchange *x, size_t *ret_n) __attribute__((nonnull));

/* Hand out each header of the answer, the security headers among them. */
typedef void response_emit(void *to, const char *name, const char *value);
void response_headers(struct http_exchange *x, response_emit *emit, void *to)
    __attribute__((nonnull(1, 2)));

/* Whether an Accept-Encoding allows gzip. */
bool response_accepts_gzip(const char *accept) __attribute__((nonnull));

#endif
