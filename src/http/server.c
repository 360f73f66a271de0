/*
 * The server itself, and the only file that knows libmicrohttpd: what its epoll threads call, how
 * an exchange goes to the workers and comes back, starting and stopping.
 *
 * An exchange is made when the request line has been read and returned when libmicrohttpd says that
 * the request is over; between them its connection may be suspended, waiting for a worker. The
 * answer is sent from the exchange's own memory, which libmicrohttpd doesn't copy.
 */
#include "http/http.h"

#include <microhttpd.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "http/address.h"
#include "http/exchange.h"
#include "http/listen.h"
#include "http/log.h"
#include "http/options.h"
#include "http/router.h"
#include "http/watch.h"
#include "http/worker.h"

#include "base/banned.h"

#define SECOND INT64_C(1000000)
#define RATE ((size_t)16 * 1024) /* bytes a second that a body or answer must make */
/* A body that is refused is read to its end up to here, so that the browser sees the answer and not
 * a broken connection; beyond, it is not. */
#define DISCARD_MAX HTTP_UPLOAD_MAX
/* All bodies above HTTP_BODY_MAX together: strangers can send them, and they lie in memory. */
#define LARGE_MAX ((size_t)256 * 1024 * 1024)
/* A head somewhat too large is refused by us, with a page. All is cleared before each request. */
#define CONNECTION_MEMORY (HTTP_HEADER_MAX + (size_t)16 * 1024)
#define PEM_MAX ((size_t)1024 * 1024)
#define ERROR_MAX 256
#define TLS_PRIORITIES "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2"

enum { PAGES, WRITES, SLOW, POOLS };

struct http_server {
    const struct http_app *app;
    struct http_options options;
    struct router *router;
    struct exchange_pool exchanges;
    bool has_exchanges;
    struct worker_pool *pools[POOLS];
    struct request_log log;
    struct watch *watch;
    struct MHD_Daemon *daemon;
    int listener;
    uint16_t port;
    char proxy[ADDRESS_TEXT];
    bool has_proxy;
    struct buf certificate, key;
    atomic_bool stopping;
    atomic_size_t in_flight, large;
    pthread_t starter;
    char why[ERROR_MAX]; /* what libmicrohttpd said to the thread that started it */
};

/* ---- one exchange ---------------------------------------------------------------------------- */

static int64_t deadline_for(const struct http_server *server, size_t bytes)
{
    return watch_now() + server->options.timeout_s * SECOND + (int64_t)(bytes / RATE) * SECOND;
}

static void emit_header(void *to, const char *name, const char *value)
{
    /* A header that can't be added for want of memory is missed by nobody but a security scanner;
     * the answer is still whole. */
    (void)MHD_add_response_header(to, name, value);
}

static void allow_methods(const struct http_server *server, const struct http_exchange *x,
                          struct MHD_Response *response)
{
    struct router_match match;

    if (x->answer.status != HTTP_NOT_ALLOWED) {
        return;
    }
    bool found = router_find(server->router, x->path, &match);
    bool get = !found || match.get != NULL;
    bool post = found && match.post != NULL;
    (void)MHD_add_response_header(response, "Allow",
                                  get && post ? "GET, HEAD, POST"
                                  : get       ? "GET, HEAD"
                                              : "POST");
}

/* For parameters of libmicrohttpd that are only read, and not const. */
static void *unconst(const char *bytes)
{
    union {
        const char *given;
        void *taken;
    } memory = {.given = bytes};

    return memory.taken;
}

/* Queue the answer that is filled in. */
static enum MHD_Result send_answer(struct http_server *server, struct http_exchange *x)
{
    size_t n = 0;
    const char *bytes = response_bytes(x, &n);
    struct MHD_Response *response =
        x->answer.file > 0
            ? MHD_create_response_from_fd(n, x->answer.file - 1)
            : MHD_create_response_from_buffer(n, unconst(bytes), MHD_RESPMEM_PERSISTENT);

    if (response == NULL) {
        return MHD_NO;
    }
    x->answer.file = x->answer.file > 0 ? -1 : 0; /* libmicrohttpd's now */
    response_headers(x, emit_header, response);
    allow_methods(server, x, response);
    if (x->close || atomic_load(&server->stopping)) {
        (void)MHD_add_response_header(response, "Connection", "close");
    }
    watch_set(x->watched, deadline_for(server, n));
    enum MHD_Result result =
        MHD_queue_response(x->connection, (unsigned)x->answer.status, response);
    MHD_destroy_response(response);
    return result;
}

static enum MHD_Result send_failure(struct http_server *server, struct http_exchange *x)
{
    response_fail(x, x->refused, 0);
    return send_answer(server, x);
}

/* ---- on a worker ----------------------------------------------------------------------------- */

static void run_exchange(struct http_exchange *x)
{
    int status = request_read(x);

    if (status != TD_OK) {
        response_fail(x, (enum http_failure)status, 0);
    } else {
        response_reset(x, 200);
        if (x->app->gate == NULL || x->app->gate(x, x->route) == TD_OK) {
            status = x->route->handler(x);
            if (status != TD_OK) {
                response_fail(x, HTTP_INTERNAL, status);
            }
        }
        response_settle(x);
    }
    MHD_resume_connection(x->connection);
}

/* For those that wait too long, or when the server stops. */
static void refuse_exchange(struct http_exchange *x)
{
    response_fail(x, HTTP_BUSY, 0);
    MHD_resume_connection(x->connection);
}

/* ---- on an epoll thread ---------------------------------------------------------------------- */

static enum MHD_Result count_header(void *cls, enum MHD_ValueKind kind, const char *name,
                                    const char *value)
{
    (void)kind;
    (void)name;
    (void)value;
    *(size_t *)cls += 1;
    return MHD_YES;
}

struct header_list {
    struct td_arena *arena;
    struct http_pair *pairs;
    size_t count;
    bool full;
};

static enum MHD_Result keep_header(void *cls, enum MHD_ValueKind kind, const char *name,
                                   const char *value)
{
    struct header_list *list = cls;
    size_t n = value != NULL ? strlen(value) : 0;
    size_t all = n;

    (void)kind;
    while (n > 0 && (value[n - 1] == ' ' || value[n - 1] == '\t')) {
        n--;
    }
    if (n < all || value == NULL) {
        value = td_arena_text(list->arena, value, n);
        list->full = list->full || value == NULL;
    }
    list->pairs[list->count++] = (struct http_pair){name, value};
    return MHD_YES;
}

/* The headers stay where libmicrohttpd has them, which is until the request is over, but for those
 * whose blanks at the end it has left. */
static bool collect_headers(struct http_exchange *x)
{
    size_t count = 0;
    struct header_list list = {.arena = x->arena};

    (void)MHD_get_connection_values(x->connection, MHD_HEADER_KIND, count_header, &count);
    list.pairs = td_arena_alloc(x->arena, count, sizeof(*list.pairs));
    if (list.pairs == NULL) {
        return false;
    }
    (void)MHD_get_connection_values(x->connection, MHD_HEADER_KIND, keep_header, &list);
    x->headers = list.pairs;
    x->header_count = list.count;
    return !list.full;
}

/* The address at the other end of the connection. */
static void find_peer(struct http_exchange *x)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(x->connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);

    memcpy(x->peer, "?", 2);
    if (info != NULL && info->client_addr != NULL) {
        address_print(info->client_addr, x->peer);
    }
}

/* Judge the head; TD_OK or a failure. *ret_length gets the declared length of the body. */
static int judge(struct http_server *server, struct http_exchange *x, const char *method,
                 const char *version, size_t *ret_length)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(x->connection, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE);
    bool known = true;
    int target = (int)x->refused;

    x->head = strcmp(method, "HEAD") == 0;
    if (strcmp(method, "POST") == 0) {
        x->method = HTTP_POST;
    } else if (strcmp(method, "GET") != 0 && !x->head) {
        x->method = HTTP_POST; /* as far as a body goes */
        known = false;
    }
    *ret_length = 0;
    find_peer(x);
    x->secure = server->options.tls_certificate != NULL;
    if (!collect_headers(x) ||
        request_forwarded(x, server->has_proxy ? server->proxy : NULL) != TD_OK) {
        x->close = true;
        return HTTP_INTERNAL;
    }
    if (info == NULL || info->header_size > HTTP_HEADER_MAX) {
        x->close = true;
        return HTTP_HEADERS_LARGE;
    }
    int status = request_check_head(x, version, ret_length);
    if (status != TD_OK || target != TD_OK) {
        x->close = true;
        return status != TD_OK ? status : target;
    }
    status = request_find_route(x, server->router, known);
    if (status != TD_OK) {
        return status;
    }
    if (atomic_load(&server->stopping)) {
        return HTTP_BUSY;
    }
    if (x->method == HTTP_POST) {
        x->sent_max = x->route->body_max != 0 ? x->route->body_max : HTTP_BODY_MAX;
        if (*ret_length != SIZE_MAX && *ret_length > x->sent_max) {
            x->close = true;
            return HTTP_TOO_LARGE;
        }
    }
    return TD_OK;
}

/* The head is there, a body may follow. */
static enum MHD_Result begin(struct http_server *server, struct http_exchange *x,
                             const char *method, const char *version)
{
    size_t length = 0;
    int status = judge(server, x, method, version, &length);

    x->read_head = true;
    x->refused = (enum http_failure)status;
    size_t most = status == TD_OK ? x->sent_max : DISCARD_MAX;
    watch_set(x->watched, deadline_for(server, length < most ? length : most));
    if (status == TD_OK) {
        return MHD_YES;
    }
    /* What makes no sense has no body whose end can be known; and a client that asks first, or one
     * with very much to say, is told at once. */
    bool waits = request_header(x, "Expect") != NULL;
    bool large = length != SIZE_MAX && length > DISCARD_MAX;
    if (status == HTTP_BAD_REQUEST || status == HTTP_HEADERS_LARGE || waits || large) {
        x->close = true;
        return send_failure(server, x);
    }
    return MHD_YES;
}

/* Answer a body as refused, once it has been read; what is there of it is let go. */
static void refuse_body(struct http_server *server, struct http_exchange *x,
                        enum http_failure failure)
{
    atomic_fetch_sub(&server->large, x->charged);
    x->charged = 0;
    x->dropped = buf_length(&x->sent);
    buf_release(&x->sent);
    x->refused = failure;
    x->close = true;
}

static enum MHD_Result take_body(struct http_server *server, struct http_exchange *x,
                                 const char *bytes, size_t n)
{
    size_t length = buf_length(&x->sent);

    if (x->refused == 0 && n > x->sent_max - length) {
        refuse_body(server, x, HTTP_TOO_LARGE);
    }
    if (x->refused == 0 && length + n > HTTP_BODY_MAX) {
        x->charged += n;
        if (atomic_fetch_add(&server->large, n) + n > LARGE_MAX) {
            refuse_body(server, x, HTTP_BUSY);
        }
    }
    if (x->refused == 0) {
        buf_add(&x->sent, bytes, n);
        if (!buf_ok(&x->sent)) {
            refuse_body(server, x, HTTP_BUSY);
        }
    }
    if (x->refused != 0) {
        x->dropped += n;
    }
    return x->dropped <= DISCARD_MAX ? MHD_YES : MHD_NO;
}

static enum MHD_Result send_health(struct http_server *server, struct http_exchange *x)
{
    bool healthy = server->app->healthy == NULL || server->app->healthy(server->app->context);

    response_reset(x, healthy ? 200 : HTTP_BUSY);
    x->answer.type = "text/plain; charset=utf-8";
    buf_text(&x->answer.body, healthy ? "ok\n" : "not ready\n");
    return send_answer(server, x);
}

/* All of the request is there. */
static enum MHD_Result dispatch(struct http_server *server, struct http_exchange *x)
{
    if (x->refused != 0) {
        return send_failure(server, x);
    }
    if (x->route == NULL) {
        if (strncmp(x->path, HTTP_ASSETS, strlen(HTTP_ASSETS)) != 0) {
            return send_health(server, x);
        }
        const struct http_asset *asset =
            server->app->asset != NULL ? server->app->asset(x->path) : NULL;
        if (asset == NULL) {
            x->refused = HTTP_NOT_FOUND;
            return send_failure(server, x);
        }
        response_asset(x, asset);
        return send_answer(server, x);
    }
    watch_set(x->watched, 0);
    x->in_work = true;
    /* Suspended first: a worker may be done before this function returns. */
    MHD_suspend_connection(x->connection);
    bool slow = (x->route->how & HTTP_SLOW) != 0;
    int pool = slow ? SLOW : x->route->method == HTTP_POST ? WRITES : PAGES;
    if (!worker_pool_submit(server->pools[pool], x)) {
        refuse_exchange(x);
    }
    return MHD_YES;
}

/* libmicrohttpd calls it when the head is there, for every piece of a body, when all is there, and
 * after a suspended connection was resumed. */
static enum MHD_Result on_request(void *cls, struct MHD_Connection *connection, const char *url,
                                  const char *method, const char *version, const char *bytes,
                                  size_t *n, void **request)
{
    struct http_server *server = cls;
    struct http_exchange *x = *request;

    (void)connection;
    (void)url;
    if (x == NULL) {
        return MHD_NO; /* there was no memory for one */
    }
    if (!x->read_head) {
        return begin(server, x, method, version);
    }
    if (*n > 0) {
        size_t sent = *n;
        *n = 0;
        return take_body(server, x, bytes, sent);
    }
    return x->in_work ? send_answer(server, x) : dispatch(server, x);
}

/* The request line is there, with the target as sent. */
static void *on_target(void *cls, const char *target, struct MHD_Connection *connection)
{
    struct http_server *server = cls;
    struct http_exchange *x = exchange_take(&server->exchanges);

    if (x == NULL) {
        return NULL;
    }
    atomic_fetch_add(&server->in_flight, 1);
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    x->app = server->app;
    x->server = server;
    x->connection = connection;
    x->watched = info != NULL ? info->socket_context : NULL;
    x->began_us = watch_now();
    x->host = "";
    x->refused = (enum http_failure)request_set_target(x, target);
    return x;
}

static void log_exchange(struct http_server *server, const struct http_exchange *x, bool cut)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(x->connection, MHD_CONNECTION_INFO_HTTP_STATUS);
    size_t n = 0;

    if (exchange_is_unlogged(x)) {
        return;
    }
    if (x->answer.status != 0) {
        (void)response_bytes(x, &n);
    }
    const char *method = x->head ? "HEAD" : x->method == HTTP_GET ? "GET" : "POST";
    bool other = x->read_head && x->refused == HTTP_NOT_ALLOWED && x->method == HTTP_POST;
    struct request_line line = {
        .id = x->id,
        .route = exchange_name(x),
        .method = !x->read_head || other ? "-" : method,
        .peer = x->peer[0] != '\0' ? x->peer : "?",
        .status = x->answer.status != 0 ? x->answer.status
                  : info != NULL        ? (int)info->http_status
                                        : 0,
        .duration_us = watch_now() - x->began_us,
        .bytes = x->head ? 0 : n,
        .cut = cut,
    };
    log_request(&server->log, &line);
}

/* The answer has left, or never will. */
static void on_completed(void *cls, struct MHD_Connection *connection, void **request,
                         enum MHD_RequestTerminationCode how)
{
    struct http_server *server = cls;
    struct http_exchange *x = *request;

    (void)connection;
    if (x == NULL) {
        return;
    }
    *request = NULL;
    log_exchange(server, x, how != MHD_REQUEST_TERMINATED_COMPLETED_OK);
    watch_set(x->watched, deadline_for(server, 0) + server->options.timeout_s * SECOND);
    atomic_fetch_sub(&server->large, x->charged);
    exchange_return(&server->exchanges, x);
    atomic_fetch_sub(&server->in_flight, 1);
}

static void on_connection(void *cls, struct MHD_Connection *connection, void **context,
                          enum MHD_ConnectionNotificationCode what)
{
    struct http_server *server = cls;
    const int yes = 1;

    if (what == MHD_CONNECTION_NOTIFY_CLOSED) {
        watch_remove(server->watch, *context);
        *context = NULL;
        return;
    }
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    if (info == NULL) {
        return;
    }
    (void)setsockopt(info->connect_fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof(yes));
    *context = watch_add(server->watch, info->connect_fd,
                         deadline_for(server, 0) + server->options.timeout_s * SECOND);
}

/* Targets are taken apart by request.c; libmicrohttpd is not to change them. */
static size_t leave_escaped(void *cls, struct MHD_Connection *connection, char *text)
{
    (void)cls;
    (void)connection;
    return strlen(text);
}

/* What libmicrohttpd says is wanted when it can't be started; its own threads speak of single
 * connections, which the log of requests does better. */
__attribute__((format(printf, 2, 0))) static void on_words(void *cls, const char *format,
                                                           va_list args)
{
    struct http_server *server = cls;

    if (pthread_equal(pthread_self(), server->starter) && server->why[0] == '\0') {
        (void)vsnprintf(server->why, sizeof(server->why), format, args);
        server->why[strcspn(server->why, "\n")] = '\0';
    }
}

/* ---- starting -------------------------------------------------------------------------------- */

static enum http_start read_tls(struct http_server *server, char *reterr)
{
    const struct http_options *options = &server->options;

    if ((options->tls_certificate == NULL) != (options->tls_key == NULL)) {
        (void)snprintf(reterr, ERROR_MAX, "TLS needs both a certificate and a key");
        return HTTP_START_TLS;
    }
    if (options->tls_certificate == NULL) {
        return HTTP_STARTED;
    }
    if (MHD_is_feature_supported(MHD_FEATURE_TLS) != MHD_YES) {
        (void)snprintf(reterr, ERROR_MAX, "this libmicrohttpd has no TLS");
        return HTTP_START_TLS;
    }
    bool read = listen_read_pem(options->tls_certificate, &server->certificate, reterr) &&
                listen_read_pem(options->tls_key, &server->key, reterr);
    return read ? HTTP_STARTED : HTTP_START_TLS;
}

static enum http_start start_daemon(struct http_server *server, char *reterr)
{
    const struct http_options *options = &server->options;
    bool tls = options->tls_certificate != NULL;
    unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_TURBO |
                     MHD_USE_ERROR_LOG | (tls ? MHD_USE_TLS : 0U);
    struct MHD_OptionItem more[8] = {{MHD_OPTION_END, 0, NULL}};
    size_t count = 0;

    if (options->threads > 1) {
        more[count++] =
            (struct MHD_OptionItem){MHD_OPTION_THREAD_POOL_SIZE, options->threads, NULL};
    }
    if (!server->has_proxy && options->connections_per_address > 0) {
        more[count++] = (struct MHD_OptionItem){MHD_OPTION_PER_IP_CONNECTION_LIMIT,
                                                options->connections_per_address, NULL};
    }
    if (tls) {
        more[count++] = (struct MHD_OptionItem){MHD_OPTION_HTTPS_MEM_CERT, 0,
                                                unconst(buf_string(&server->certificate))};
        more[count++] =
            (struct MHD_OptionItem){MHD_OPTION_HTTPS_MEM_KEY, 0, unconst(buf_string(&server->key))};
        static char priorities[] = TLS_PRIORITIES;
        more[count++] = (struct MHD_OptionItem){MHD_OPTION_HTTPS_PRIORITIES, 0, priorities};
    }
    more[count] = (struct MHD_OptionItem){MHD_OPTION_END, 0, NULL};

    struct MHD_Daemon *daemon = MHD_start_daemon(
        flags, 0, NULL, NULL, on_request, server, MHD_OPTION_EXTERNAL_LOGGER, on_words, server,
        MHD_OPTION_LISTEN_SOCKET, server->listener, MHD_OPTION_URI_LOG_CALLBACK, on_target, server,
        MHD_OPTION_NOTIFY_COMPLETED, on_completed, server, MHD_OPTION_NOTIFY_CONNECTION,
        on_connection, server, MHD_OPTION_UNESCAPE_CALLBACK, leave_escaped, NULL,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)CONNECTION_MEMORY, MHD_OPTION_CONNECTION_LIMIT,
        (unsigned)options->connections_max, MHD_OPTION_CONNECTION_TIMEOUT,
        (unsigned)options->timeout_s, MHD_OPTION_ARRAY, more, MHD_OPTION_END);
    if (daemon == NULL) {
        (void)snprintf(reterr, ERROR_MAX, "%s",
                       server->why[0] != '\0' ? server->why : "the server can't be started");
        return tls ? HTTP_START_TLS : HTTP_START_MEMORY;
    }
    server->daemon = daemon;
    server->listener = -1; /* the daemon's now */
    return HTTP_STARTED;
}

static void free_server(struct http_server *server)
{
    if (server->listener >= 0) {
        (void)close(server->listener);
    }
    worker_pools_free(server->pools, POOLS);
    watch_free(server->watch);
    if (server->has_exchanges) {
        exchange_pool_release(&server->exchanges);
    }
    router_free(server->router);
    listen_wipe(&server->certificate);
    listen_wipe(&server->key);
    free(server);
}

/* What needs nothing of the others, in the order in which it is to be complained of. */
static enum http_start prepare(struct http_server *server, char *reterr)
{
    struct sockaddr_storage proxy;
    socklen_t length = 0;
    const char *trusted = server->options.trusted_proxy;

    int status = router_new(server->app->routes, &server->router, reterr);
    if (status == TD_E_MEMORY) {
        return HTTP_START_MEMORY;
    }
    if (status != TD_OK) {
        return HTTP_START_ROUTES;
    }
    if (trusted != NULL) {
        if (!address_parse(trusted, 0, &proxy, &length)) {
            (void)snprintf(reterr, ERROR_MAX, "trusted proxy: %.64s is no address", trusted);
            return HTTP_START_ADDRESS;
        }
        address_print((const struct sockaddr *)&proxy, server->proxy);
        server->has_proxy = true;
    }
    enum http_start start = read_tls(server, reterr);
    if (start == HTTP_STARTED) {
        bool guarded = server->options.tls_certificate != NULL || server->has_proxy ||
                       server->options.plain_network;
        start = listen_open(server->options.listen, server->options.port, guarded,
                            &server->listener, reterr);
        server->port = listen_port(server->listener);
    }
    return start;
}

static enum http_start start_threads(struct http_server *server, char *reterr)
{
    const struct http_options *options = &server->options;
    const int threads[POOLS] = {options->workers, options->writers, options->slow_workers};

    server->has_exchanges = exchange_pool_init(&server->exchanges) == TD_OK;
    struct worker_options pool = {.queue_max = options->queue_max,
                                  .wait_s = options->queue_wait_s,
                                  .run = run_exchange,
                                  .refuse = refuse_exchange};
    bool made = server->has_exchanges && watch_new(&server->watch) == TD_OK;
    for (int i = 0; i < POOLS; i++) {
        pool.threads = threads[i];
        made = made && worker_pool_new(&pool, &server->pools[i]) == TD_OK;
    }
    enum http_start start = made ? start_daemon(server, reterr) : HTTP_START_MEMORY;

    if (start != HTTP_STARTED) {
        /* Nothing was submitted yet. */
        worker_pools_close(server->pools, POOLS);
    }
    return start;
}

enum http_start http_server_start(const struct http_app *app, const struct http_options *options,
                                  struct http_server **ret, char reterr[static 256])
{
    struct http_server *server = calloc(1, sizeof(*server));
    sigset_t all;
    sigset_t before;

    (void)snprintf(reterr, ERROR_MAX, "no memory, or no more threads");
    if (server == NULL) {
        return HTTP_START_MEMORY;
    }
    server->app = app;
    server->options = *options;
    server->listener = -1;
    server->starter = pthread_self();
    server->log.fd = options->log_fd;
    buf_init(&server->certificate, PEM_MAX);
    buf_init(&server->key, PEM_MAX);
    options_complete(&server->options);

    enum http_start start = prepare(server, reterr);
    if (start == HTTP_STARTED) {
        /* Signals are the program's matter, not that of a thread of ours; but for those that a
         * bug raises in the thread itself. */
        (void)sigfillset(&all);
        (void)sigdelset(&all, SIGSEGV);
        (void)sigdelset(&all, SIGBUS);
        (void)sigdelset(&all, SIGFPE);
        (void)sigdelset(&all, SIGILL);
        (void)sigdelset(&all, SIGABRT);
        (void)pthread_sigmask(SIG_SETMASK, &all, &before);
        start = start_threads(server, reterr);
        (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
    }
    if (start != HTTP_STARTED) {
        free_server(server);
        return start;
    }
    reterr[0] = '\0';
    *ret = server;
    return HTTP_STARTED;
}

uint16_t http_server_port(const struct http_server *server)
{
    return server->port;
}

/* ---- stopping -------------------------------------------------------------------------------- */

static void rest(void)
{
    const struct timespec moment = {.tv_nsec = 10000000};

    (void)nanosleep(&moment, NULL);
}

/* Wait until no request is in the house, or until `deadline`. What a client has sent and nobody has
 * read is a request too; looked at twice, as it may be in the hands of a thread. */
static void wait_for_quiet(struct http_server *server, int64_t deadline)
{
    int quiet = 0;

    while (quiet < 3 && watch_now() < deadline) {
        bool busy = atomic_load(&server->in_flight) > 0 || watch_unread(server->watch);
        quiet = busy ? 0 : quiet + 1;
        rest();
    }
}

void http_server_stop(struct http_server *server, int grace_s)
{
    if (server == NULL) {
        return;
    }
    int64_t deadline = watch_now() + (grace_s > 0 ? grace_s : 0) * SECOND;
    atomic_store(&server->stopping, true);
    server->listener = MHD_quiesce_daemon(server->daemon);
    if (server->listener >= 0) {
        /* Who comes now is refused, and may go to another server, instead of waiting in vain. */
        (void)shutdown(server->listener, SHUT_RDWR);
    }
    worker_pools_close(server->pools, POOLS);
    wait_for_quiet(server, deadline);
    /* libmicrohttpd can't be stopped while a connection is suspended, which is while a handler
     * runs; and a thread can't be ended from outside. */
    worker_pools_free(server->pools, POOLS);
    MHD_stop_daemon(server->daemon);
    free_server(server);
}
