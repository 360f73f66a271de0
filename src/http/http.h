/*
 * The web server: requests in, answers out. Nothing here knows offices, pages or the database.
 *
 * libmicrohttpd's epoll threads parse; they answer assets, /healthz and every refusal by
 * themselves. Every other request waits, suspended, for a worker, where its handler runs as a plain
 * blocking function. There are three bounded pools, each with a queue of its own; when too many
 * wait in one the answer is 503, and the others go on. GET has `workers`. POST has `writers`, more
 * than there are cores, as they wait for the disk. Work that is slow by nature (password hashing,
 * exports) has `slow_workers`, whatever its method, so that it never keeps pages waiting: a route
 * says which.
 *
 * Lifetime. A request has one arena, freed when its answer has left. Handlers never free.
 */
#ifndef HTTP_HTTP_H
#define HTTP_HTTP_H

#include "base/buf.h"
#include "thidua/arena.h"
#include "thidua/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum http_method { HTTP_GET, HTTP_POST }; /* HEAD is answered as GET without its body */

/* ---- routes: a table given by the program above ---------------------------------------------- */

struct http_exchange;

/* Fills in the exchange's answer. TD_OK, or a negative status that http_app.failed turns into a
 * page. */
typedef int http_handler(struct http_exchange *x);

#define HTTP_PARAMS_MAX 6

/* How a route differs from most; added up. */
enum http_how {
    HTTP_SLOW = 1, /* runs in the slow pool */
    HTTP_RAW = 2,  /* a POST's body is no form: the handler reads it by http_sent */
    /* The server keeps nothing of who asked: no line in the log says that anybody was here, or
     * when. What the program's gate would remember of a visitor is left out too. Nor has a line
     * what is no route but begins with the first segment of one that is so: a mistyped address. */
    HTTP_UNLOGGED = 4,
};

struct http_route {
    enum http_method method;
    const char *pattern; /* "/blocs/{bloc}/years/{year}": a parameter is one whole segment of
                            [A-Za-z0-9._~-], 1..64 bytes */
    const char *name;    /* for logs and tests: "year_show"; unique */
    const char *summary; /* message id: what it is for */
    int permission;      /* the program's own; 0 is refused by http_server_start */
    size_t body_max;     /* bytes of a POST's body; 0: HTTP_BODY_MAX */
    unsigned how;        /* of enum http_how */
    http_handler *handler;
};

#define HTTP_BODY_MAX ((size_t)256 * 1024)         /* of a form, when the route says nothing */
#define HTTP_UPLOAD_MAX ((size_t)64 * 1024 * 1024) /* no route may ask for more */
#define HTTP_HEADER_MAX ((size_t)32 * 1024)        /* request line and headers together: 431 */
#define HTTP_FIELDS_MAX 4096                       /* fields of a form or query: 400 */

/* What was wrong before a handler could run, or when none exists. */
enum http_failure {
    HTTP_BAD_REQUEST = 400, /* malformed, or text that is not UTF-8 */
    HTTP_NOT_FOUND = 404,
    HTTP_NOT_ALLOWED = 405, /* the path exists with another method */
    HTTP_TOO_LARGE = 413,
    HTTP_BAD_TYPE = 415, /* a POST that is neither urlencoded nor multipart, where one should be */
    HTTP_HEADERS_LARGE = 431,
    HTTP_INTERNAL = 500,
    HTTP_BUSY = 503, /* queue full or too slow, too many large bodies at once, or stopping */
};

struct http_asset {
    const char *path, *type;
    const unsigned char *bytes;
    size_t n;
    const unsigned char *gzip; /* or NULL */
    size_t gzip_n;
};

struct http_app {
    const struct http_route *routes; /* ended by one without a name */
    void *context;                   /* http_context(x) */
    /* Runs on the worker before the handler: session, permission, CSRF. TD_OK goes on; anything
     * else: the answer is already filled in and the handler is not run. */
    int (*gate)(struct http_exchange *x, const struct http_route *route);
    /* Fills in a page for a failure, or for a handler's negative status (then failure is
     * HTTP_INTERNAL and status says which). The answer is empty with its status already set. Called
     * on an epoll thread for failures that come before a worker, or by http_server_stop, so it must
     * not block; neither query nor form were read then, and both seem empty. NULL: a line of plain
     * text. */
    void (*failed)(struct http_exchange *x, enum http_failure failure, int status);
    /* An asset for a whole path, which begins with /assets/, or NULL. The path holds a hash of the
     * bytes: it is the ETag, and browsers keep the asset for a year without asking. */
    const struct http_asset *(*asset)(const char *path);
    /* /healthz: true is 200, false 503. Called on an epoll thread: must not block. */
    bool (*healthy)(void *context);
};

/* ---- the exchange: what a handler reads ------------------------------------------------------ */

/* All texts are valid UTF-8 in NFC without control characters other than line ends and tabs; a
 * query or form with anything else was refused (400) before the handler, and a header or cookie
 * with anything else seems absent: cookies may come from other programs on the same host, and
 * must not lock a user out. They live as long as the request. */

struct td_arena *http_arena(struct http_exchange *x) __attribute__((nonnull, returns_nonnull));
void *http_context(struct http_exchange *x) __attribute__((nonnull));
/* A place for the program above: set by its gate, read by its handlers. */
void http_set_data(struct http_exchange *x, void *data) __attribute__((nonnull(1)));
void *http_data(struct http_exchange *x) __attribute__((nonnull));

const char *http_id(const struct http_exchange *x); /* 16 hex digits; in the log, in X-Request-Id */
enum http_method http_request_method(const struct http_exchange *x);
const char *http_path(const struct http_exchange *x);   /* "/blocs/7", without query */
const char *http_target(const struct http_exchange *x); /* path and query as sent */
/* The client's address as text: the connection's, or the one that a trusted proxy names. */
const char *http_peer(const struct http_exchange *x);
bool http_is_secure(const struct http_exchange *x);   /* TLS here or at the trusted proxy */
const char *http_host(const struct http_exchange *x); /* as sent; "" in HTTP/1.0 without one */

const char *http_param(const struct http_exchange *x, const char *name);  /* of the pattern */
const char *http_query(const struct http_exchange *x, const char *name);  /* first, or NULL */
const char *http_field(const struct http_exchange *x, const char *name);  /* of the form, or NULL */
const char *http_cookie(const struct http_exchange *x, const char *name); /* or NULL */
const char *http_header(const struct http_exchange *x, const char *name); /* or NULL */

struct http_pair {
    const char *name, *value;
};
/* All fields of the form, in the order sent. */
const struct http_pair *http_fields(const struct http_exchange *x, size_t *ret_count);

/* The body as it was sent, where the route is HTTP_RAW; never NULL. */
const char *http_sent(const struct http_exchange *x, size_t *ret_n);

/* A file of a multipart form; bytes as sent (not checked for UTF-8). */
struct http_file {
    const char *name;     /* of the field */
    const char *filename; /* its last component, plain text (utf8_plain), never empty */
    const char *bytes;
    size_t n;
};
/* The first file of the field, or NULL: also when the user chose none. */
const struct http_file *http_upload(const struct http_exchange *x, const char *name);
/* All files, in the order sent: a field may hold several. */
const struct http_file *http_uploads(const struct http_exchange *x, size_t *ret_count);

/* ---- the exchange: what a handler fills in --------------------------------------------------- */

/* The body; its maximum is HTTP_ANSWER_MAX. Starts empty, with status 200 and type
 * "text/html; charset=utf-8". Every answer carries the security headers (CSP, nosniff, referrer
 * policy, frame-ancestors) and, unless changed, Cache-Control: no-store. */
#define HTTP_ANSWER_MAX ((size_t)64 * 1024 * 1024)
struct buf *http_body(struct http_exchange *x) __attribute__((nonnull, returns_nonnull));
void http_set_status(struct http_exchange *x, int status); /* 200..599 */
void http_set_type(struct http_exchange *x, const char *type);
/* Send the first n bytes of a file in place of the body. The descriptor is the server's from then
 * on; those bytes must not change while they are sent. */
void http_set_file(struct http_exchange *x, int fd, size_t n);
/* A header, in place of one of the same name. The value must have no line end or other control
 * character, and the headers that frame the answer (Content-Length, Connection, …) are the
 * server's: a bug otherwise, refused with 500. The value is copied. */
void http_set_header(struct http_exchange *x, const char *name, const char *value);
/* HttpOnly, SameSite=Lax, Path=/, Secure when http_is_secure; max_age 0: for this visit only,
 * negative: forget it. */
void http_set_cookie(struct http_exchange *x, const char *name, const char *value, int max_age);
/* 303 to a path of this server ("/…", not "//"; anything else goes to "/"). Empties the body. */
void http_redirect(struct http_exchange *x, const char *path);

/* ---- the server ------------------------------------------------------------------------------ */

struct http_options {
    const char *listen; /* an IPv4 or IPv6 address */
    uint16_t port;      /* 0: any free one, see http_server_port */
    int threads;        /* epoll threads; 0: as many as cores, at most 4 */
    int workers;        /* of GET; 0: twice the cores, at least 4 */
    int writers;        /* of POST: they wait for the disk, and share what they wait for; 0: 32 */
    int slow_workers;   /* 0: as many as cores */
    int queue_max;      /* requests that may wait for each of these kinds of workers */
    int queue_wait_s;   /* so long; then the answer is 503 */
    int connections_max;
    int connections_per_address; /* 0: no limit. Not held when there is a trusted_proxy, whose they
                                    all are */
    int timeout_s; /* of a silent connection; twice that for a whole request head, and a body or
                      an answer may take that and a second for every 16 KiB */
    const char *tls_certificate, *tls_key; /* PEM files; both or neither */
    const char *trusted_proxy; /* address whose X-Forwarded-For/-Proto is believed; or NULL */
    bool plain_network;        /* allow a network address without TLS and proxy */
    int log_fd;                /* structured log, one line a request; -1: none */
};

#define HTTP_OPTIONS                                                                               \
    ((struct http_options){.listen = "127.0.0.1",                                                  \
                           .port = 8080,                                                           \
                           .queue_max = 256,                                                       \
                           .queue_wait_s = 15,                                                     \
                           .connections_max = 1000,                                                \
                           .connections_per_address = 200,                                         \
                           .timeout_s = 30,                                                        \
                           .log_fd = 2})

enum http_start {
    HTTP_STARTED = 0,
    HTTP_START_ADDRESS = 1, /* the address can't be used, or the port is taken */
    HTTP_START_EXPOSED = 2, /* a network address without TLS, trusted proxy or plain_network */
    HTTP_START_TLS = 3,     /* certificate or key can't be read or don't fit */
    HTTP_START_ROUTES = 4,  /* a route without permission, two with one name or pattern, … */
    HTTP_START_MEMORY = 5,
};

struct http_server;

/* Listens and answers when it returns HTTP_STARTED; otherwise reterr says why, in English. The
 * app's tables and the options' texts must outlive the server. */
enum http_start http_server_start(const struct http_app *app, const struct http_options *options,
                                  struct http_server **ret, char reterr[static 256]) TD_MUST_CHECK;
uint16_t http_server_port(const struct http_server *server);

/* Takes no new connections, answers 503 to requests that wait for a worker, lets what runs end and
 * leave (at most grace_s seconds), then frees. A handler that runs longer than the grace is waited
 * for, since a thread can't be taken down safely, but its answer is dropped. NULL is allowed. */
void http_server_stop(struct http_server *server, int grace_s);

#endif
