/*
 * A small web server of the http room's own, for tests/http/: one route for each thing that a
 * handler can do, options as name=value arguments. It says its port on stdout, serves until
 * SIGTERM, and then stops with the grace given; SIGUSR1 lets go what /hold holds. Ends with the
 * number of enum http_start when it can't start.
 */
#include "http/http.h"

#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static void print_text(struct buf *body, const char *label, const char *text)
{
    buf_printf(body, "%s=%s\n", label, text != NULL ? text : "(none)");
}

static long number(const char *text)
{
    long n = 0;

    for (const char *c = text != NULL ? text : "0"; *c >= '0' && *c <= '9'; c++) {
        n = n * 10 + (*c - '0');
    }
    return n;
}

static void pause_ms(long ms)
{
    struct timespec time = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000};

    (void)nanosleep(&time, NULL);
}

static int home(struct http_exchange *x)
{
    buf_text(http_body(x), "home\n");
    return TD_OK;
}

static int hello(struct http_exchange *x)
{
    print_text(http_body(x), "first", http_param(x, "first"));
    print_text(http_body(x), "second", http_param(x, "second"));
    print_text(http_body(x), "absent", http_param(x, "absent"));
    print_text(http_body(x), "data", http_data(x));
    return TD_OK;
}

static int echo(struct http_exchange *x)
{
    struct buf *body = http_body(x);
    size_t count = 0;
    const struct http_pair *pairs = http_fields(x, &count);

    print_text(body, "method", http_request_method(x) == HTTP_GET ? "GET" : "POST");
    print_text(body, "path", http_path(x));
    print_text(body, "target", http_target(x));
    print_text(body, "peer", http_peer(x));
    print_text(body, "secure", http_is_secure(x) ? "yes" : "no");
    print_text(body, "host", http_host(x));
    print_text(body, "id", http_id(x));
    print_text(body, "query", http_query(x, "q"));
    print_text(body, "cookie", http_cookie(x, "c"));
    print_text(body, "header", http_header(x, "x-test"));
    for (size_t i = 0; i < count; i++) {
        print_text(body, pairs[i].name, pairs[i].value);
    }
    const struct http_file *files = http_uploads(x, &count);
    for (size_t i = 0; i < count; i++) {
        buf_printf(body, "file %s %s %zu\n", files[i].name, files[i].filename, files[i].n);
    }
    return TD_OK;
}

static int bounce(struct http_exchange *x)
{
    const struct http_file *file = http_upload(x, "file");

    if (file != NULL) {
        http_set_type(x, "application/octet-stream");
        buf_add(http_body(x), file->bytes, file->n);
    }
    return TD_OK;
}

static int wait_a_while(struct http_exchange *x)
{
    pause_ms(number(http_query(x, "ms")));
    buf_text(http_body(x), "waited\n");
    return TD_OK;
}

/* Handlers that a test holds until it lets them go, so that it need not race with them. */
static atomic_int held;
static atomic_bool let_go;

static int hold(struct http_exchange *x)
{
    atomic_fetch_add(&held, 1);
    while (!atomic_load(&let_go)) {
        pause_ms(5);
    }
    buf_text(http_body(x), "held\n");
    return TD_OK;
}

/* How many were held so far. */
static int count_held(struct http_exchange *x)
{
    buf_printf(http_body(x), "%d", atomic_load(&held));
    return TD_OK;
}

/* SIGUSR1: also when the server is stopping, and takes no request any more. */
static void release(int number)
{
    (void)number;
    atomic_store(&let_go, true);
}

static int fail(struct http_exchange *x)
{
    http_set_status(x, 201);
    http_set_header(x, "X-Half", "done");
    buf_text(http_body(x), "half of a pa");
    return -77;
}

static int big(struct http_exchange *x)
{
    static const char line[64] = "a line of some length, to fill a page with many of its kind.\n";

    for (long n = number(http_query(x, "n")); n > 0; n -= (long)sizeof(line)) {
        buf_add(http_body(x), line, n < (long)sizeof(line) ? (size_t)n : sizeof(line));
    }
    return TD_OK;
}

static int split(struct http_exchange *x)
{
    http_set_header(x, "X-Split", "a\r\nSet-Cookie: stolen=1");
    buf_text(http_body(x), "never seen");
    return TD_OK;
}

static int cookies(struct http_exchange *x)
{
    http_set_cookie(x, "visit", "v1", 0);
    http_set_cookie(x, "kept", "k1", 3600);
    http_set_cookie(x, "gone", "g1", -1);
    http_set_header(x, "Cache-Control", "private");
    return TD_OK;
}

static int redirect(struct http_exchange *x)
{
    const char *to = http_query(x, "to");

    buf_text(http_body(x), "not seen");
    http_redirect(x, to != NULL ? to : "/echo");
    return TD_OK;
}

static int hungry(struct http_exchange *x)
{
    if (td_arena_alloc(http_arena(x), 66560, 1024) == NULL) {
        return TD_E_MEMORY;
    }
    return TD_OK;
}

/* The body as it was sent, and how long it was. */
static int raw(struct http_exchange *x)
{
    size_t n = 0;
    const char *bytes = http_sent(x, &n);

    buf_printf(http_body(x), "%zu ", n);
    buf_add(http_body(x), bytes, n);
    return TD_OK;
}

/* This program's own file, of which the first bytes are known. ?fail=1: it changes its mind. */
static int file(struct http_exchange *x)
{
    int fd = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);

    buf_text(http_body(x), "not seen");
    http_set_file(x, fd, 1000);
    return http_query(x, "fail") != NULL ? TD_E_IO : TD_OK;
}

enum { ANYONE = 1 };

static const struct http_route routes[] = {
    {HTTP_GET, "/", "home", "Home", ANYONE, 0, 0, home},
    {HTTP_GET, "/hello/{first}", "hello", "Greets", ANYONE, 0, 0, hello},
    {HTTP_GET, "/hello/{first}/again/{second}", "again", "Greets", ANYONE, 0, 0, hello},
    {HTTP_GET, "/echo", "echo", "Repeats", ANYONE, 0, 0, echo},
    {HTTP_POST, "/echo", "echo_form", "Repeats", ANYONE, 0, 0, echo},
    {HTTP_POST, "/small", "small", "Takes little", ANYONE, 1000, 0, echo},
    {HTTP_POST, "/upload", "upload", "Returns", ANYONE, HTTP_UPLOAD_MAX, 0, bounce},
    {HTTP_GET, "/wait", "wait", "Waits", ANYONE, 0, 0, wait_a_while},
    {HTTP_POST, "/wait", "wait_form", "Waits", ANYONE, 0, 0, wait_a_while},
    {HTTP_GET, "/hold", "hold", "Waits to be let go", ANYONE, 0, 0, hold},
    {HTTP_POST, "/hold", "hold_form", "Waits to be let go", ANYONE, 0, 0, hold},
    {HTTP_GET, "/held", "held", "Counts", ANYONE, 0, HTTP_SLOW, count_held},
    {HTTP_POST, "/only-post", "only_post", "Posts", ANYONE, 0, 0, echo},
    {HTTP_GET, "/slow", "slow", "Waits", ANYONE, 0, HTTP_SLOW, wait_a_while},
    {HTTP_GET, "/fail", "fail", "Fails", ANYONE, 0, 0, fail},
    {HTTP_GET, "/big", "big", "Is large", ANYONE, 0, 0, big},
    {HTTP_GET, "/split", "split", "Breaks a header", ANYONE, 0, 0, split},
    {HTTP_GET, "/cookies", "cookies", "Sets cookies", ANYONE, 0, 0, cookies},
    {HTTP_GET, "/redirect", "redirect", "Goes on", ANYONE, 0, 0, redirect},
    {HTTP_GET, "/hungry", "hungry", "Wants memory", ANYONE, 0, 0, hungry},
    {HTTP_POST, "/raw", "raw", "Repeats bytes", ANYONE, 5000, HTTP_RAW, raw},
    {HTTP_GET, "/file", "file", "Sends a file", ANYONE, 0, 0, file},
    {HTTP_GET, "/quiet", "quiet", "Leaves no line", ANYONE, 0, HTTP_UNLOGGED, home},
    {HTTP_POST, "/quiet", "quiet_raw", "Leaves no line", ANYONE, 1000, HTTP_UNLOGGED | HTTP_RAW,
     raw},
    {.name = NULL},
};

static const struct http_route without_permission[] = {
    {HTTP_GET, "/", "home", "Home", 0, 0, 0, home},
    {.name = NULL},
};

static const struct http_route doubled[] = {
    {HTTP_GET, "/a/{x}", "one", "One", ANYONE, 0, 0, home},
    {HTTP_GET, "/a/{y}", "two", "Two", ANYONE, 0, 0, home},
    {.name = NULL},
};

static int gate(struct http_exchange *x, const struct http_route *route)
{
    http_set_data(x, http_context(x));
    if (route->permission == ANYONE && http_header(x, "X-Stranger") == NULL) {
        return TD_OK;
    }
    http_set_status(x, 403);
    buf_text(http_body(x), "not you\n");
    return -1;
}

static void failed(struct http_exchange *x, enum http_failure failure, int status)
{
    buf_printf(http_body(x), "failed %d %d\n", (int)failure, status);
}

static const struct http_asset *asset(const char *path)
{
    static const struct http_asset style = {
        .path = "/assets/app.0123abcd.css",
        .type = "text/css",
        .bytes = (const unsigned char *)"body { color: black }",
        .n = 21,
        .gzip = (const unsigned char *)"(packed)",
        .gzip_n = 8,
    };

    return strcmp(path, style.path) == 0 ? &style : NULL;
}

static bool healthy(void *context)
{
    return strcmp(context, "well") == 0;
}

struct setting {
    const char *name;
    int *number;
    const char **text;
};

/* Read one name=value. */
static bool set(const struct setting *settings, const char *argument)
{
    const char *equals = strchr(argument, '=');

    for (const struct setting *s = settings; equals != NULL && s->name != NULL; s++) {
        size_t n = strlen(s->name);
        if (n == (size_t)(equals - argument) && strncmp(s->name, argument, n) == 0) {
            if (s->number != NULL) {
                *s->number = (int)number(equals + 1);
            } else {
                *s->text = equals + 1;
            }
            return true;
        }
    }
    (void)fprintf(stderr, "what is %s?\n", argument);
    return false;
}

int main(int argc, char **argv)
{
    struct http_options options = HTTP_OPTIONS;
    char well[] = "well";
    char ill[] = "ill";
    struct http_app app = {routes, well, gate, failed, asset, healthy};
    struct http_server *server = NULL;
    char why[256] = "";
    int port = 0;
    int grace = 5;
    int plain = 0;
    int sick = 0;
    const char *table = "";
    const struct setting settings[] = {
        {"listen", NULL, &options.listen},
        {"port", &port, NULL},
        {"threads", &options.threads, NULL},
        {"workers", &options.workers, NULL},
        {"writers", &options.writers, NULL},
        {"slow_workers", &options.slow_workers, NULL},
        {"queue", &options.queue_max, NULL},
        {"queue_wait", &options.queue_wait_s, NULL},
        {"connections", &options.connections_max, NULL},
        {"per_address", &options.connections_per_address, NULL},
        {"timeout", &options.timeout_s, NULL},
        {"certificate", NULL, &options.tls_certificate},
        {"key", NULL, &options.tls_key},
        {"proxy", NULL, &options.trusted_proxy},
        {"plain", &plain, NULL},
        {"grace", &grace, NULL},
        {"sick", &sick, NULL},
        {"routes", NULL, &table},
        {NULL, NULL, NULL},
    };
    for (int i = 1; i < argc; i++) {
        if (!set(settings, argv[i])) {
            return 64;
        }
    }
    options.port = (uint16_t)port;
    options.plain_network = plain != 0;
    app.context = sick != 0 ? ill : well;
    app.routes = strcmp(table, "doubled") == 0              ? doubled
                 : strcmp(table, "without_permission") == 0 ? without_permission
                                                            : routes;

    const struct sigaction on_release = {.sa_handler = release};
    sigset_t stop;
    int which = 0;
    (void)sigaction(SIGUSR1, &on_release, NULL);
    (void)sigemptyset(&stop);
    (void)sigaddset(&stop, SIGTERM);
    (void)pthread_sigmask(SIG_BLOCK, &stop, NULL);
    enum http_start start = http_server_start(&app, &options, &server, why);
    if (start != HTTP_STARTED) {
        (void)fprintf(stderr, "%s\n", why);
        return (int)start;
    }
    (void)printf("port %u\n", (unsigned)http_server_port(server));
    (void)fflush(stdout);
    (void)sigwait(&stop, &which);
    http_server_stop(server, grace);
    return EXIT_SUCCESS;
}
