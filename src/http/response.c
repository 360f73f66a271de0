/*
 * The answer: what a handler may set, the headers that every answer carries, and the pages of
 * failures. A bug in a handler, such as a line end in a header, becomes a failure's page: nothing
 * that is half right leaves.
 */
#include "http/exchange.h"

#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "http/address.h"

#include "base/banned.h"

#define LOCATION_MAX 2048
#define ASSET_AGE "public, max-age=31536000, immutable"

static const struct http_pair always[] = {
    {"Content-Security-Policy",
     "default-src 'none'; style-src 'self'; script-src 'self'; font-src 'self'; "
     "img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; "
     "frame-ancestors 'none'"},
    {"X-Content-Type-Options", "nosniff"},
    {"Referrer-Policy", "same-origin"},
    {"Cross-Origin-Opener-Policy", "same-origin"},
    {"Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"},
    {"Cache-Control", "no-store"},
};
#define ALWAYS_COUNT (sizeof(always) / sizeof(always[0]))

/* Those that frame the message or have a function of their own. */
static bool is_ours(const char *name)
{
    static const char *const ours[] = {
        "Connection", "Content-Length", "Content-Type", "Date",         "Keep-Alive",
        "Set-Cookie", "Trailer",        "Upgrade",      "X-Request-Id", "Transfer-Encoding",
    };

    for (size_t i = 0; i < sizeof(ours) / sizeof(ours[0]); i++) {
        if (strcasecmp(ours[i], name) == 0) {
            return true;
        }
    }
    return false;
}

static bool is_token(const char *text)
{
    size_t n = strspn(text, "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyz"
                            "ABCDEFGHIJKLMNOPQRSTUVWXYZ");

    return n > 0 && text[n] == '\0';
}

static bool is_printable(const char *text)
{
    for (const char *c = text; *c != '\0'; c++) {
        if (((unsigned char)*c < 0x20 && *c != '\t') || *c == 0x7F) {
            return false;
        }
    }
    return true;
}

static void break_answer(struct http_exchange *x, int status)
{
    if (x->answer.broken == TD_OK) {
        x->answer.broken = status;
    }
}

static struct http_line *find_line(const struct http_exchange *x, const char *name)
{
    struct http_line *line = x->answer.lines;

    while (line != NULL && strcasecmp(line->name, name) != 0) {
        line = line->next;
    }
    return line;
}

/* Append a header; name and value must live as long as the exchange. */
static void add_line(struct http_exchange *x, const char *name, const char *value)
{
    struct http_line *line = td_arena_alloc(x->arena, 1, sizeof(*line));
    struct http_line **end = &x->answer.lines;

    if (line == NULL || value == NULL) {
        break_answer(x, TD_E_MEMORY);
        return;
    }
    *line = (struct http_line){.name = name, .value = value};
    while (*end != NULL) {
        end = &(*end)->next;
    }
    *end = line;
}

/* Set a header whose texts are known to be good. */
static void set_line(struct http_exchange *x, const char *name, const char *value)
{
    struct http_line *line = find_line(x, name);

    if (line == NULL) {
        add_line(x, name, value);
    } else if (value == NULL) {
        break_answer(x, TD_E_MEMORY);
    } else {
        line->value = value;
    }
}

/* ---- what handlers set ----------------------------------------------------------------------- */

struct buf *http_body(struct http_exchange *x)
{
    return &x->answer.body;
}

void http_set_status(struct http_exchange *x, int status)
{
    if (status < 200 || status > 599) {
        break_answer(x, TD_E_INVALID);
        return;
    }
    x->answer.status = status;
}

void http_set_type(struct http_exchange *x, const char *type)
{
    if (type[0] == '\0' || !is_printable(type)) {
        break_answer(x, TD_E_INVALID);
        return;
    }
    x->answer.type = td_arena_text(x->arena, type, strlen(type));
    if (x->answer.type == NULL) {
        break_answer(x, TD_E_MEMORY);
    }
}

void http_set_header(struct http_exchange *x, const char *name, const char *value)
{
    if (!is_token(name) || is_ours(name) || !is_printable(value)) {
        break_answer(x, TD_E_INVALID);
        return;
    }
    const char *kept = td_arena_text(x->arena, name, strlen(name));
    if (kept == NULL) {
        break_answer(x, TD_E_MEMORY);
        return;
    }
    set_line(x, kept, td_arena_text(x->arena, value, strlen(value)));
}

/* The line that sets a cookie of this name already, or NULL. */
static struct http_line *find_cookie(const struct http_exchange *x, const char *name)
{
    size_t n = strlen(name);

    for (struct http_line *line = x->answer.lines; line != NULL; line = line->next) {
        if (strcmp(line->name, "Set-Cookie") == 0 && strncmp(line->value, name, n) == 0 &&
            line->value[n] == '=') {
            return line;
        }
    }
    return NULL;
}

void http_set_cookie(struct http_exchange *x, const char *name, const char *value, int max_age)
{
    struct buf text;

    /* RFC 6265, 4.1.1 */
    if (!is_token(name) || !is_printable(value) || strpbrk(value, " \t\",;\\") != NULL) {
        break_answer(x, TD_E_INVALID);
        return;
    }
    for (const char *c = value; *c != '\0'; c++) {
        if ((unsigned char)*c >= 0x80) {
            break_answer(x, TD_E_INVALID);
            return;
        }
    }
    buf_init(&text, HTTP_HEADER_MAX);
    buf_printf(&text, "%s=%s; Path=/; HttpOnly; SameSite=Lax", name, max_age < 0 ? "" : value);
    if (x->secure) {
        buf_text(&text, "; Secure");
    }
    if (max_age != 0) {
        buf_printf(&text, "; Max-Age=%d", max_age < 0 ? 0 : max_age);
    }
    const char *line = NULL;
    if (buf_ok(&text)) {
        line = td_arena_text(x->arena, buf_string(&text), buf_length(&text));
    }
    buf_release(&text);
    struct http_line *before = find_cookie(x, name);
    if (before != NULL && line != NULL) {
        before->value = line;
    } else {
        add_line(x, "Set-Cookie", line);
    }
}

/* A path of this server in printable ASCII: no browser takes it for another host. */
static bool is_local(const char *path)
{
    size_t n = strlen(path);

    if (path[0] != '/' || path[1] == '/' || n > LOCATION_MAX || strchr(path, '\\') != NULL) {
        return false;
    }
    for (size_t i = 0; i < n; i++) {
        if ((unsigned char)path[i] <= 0x20 || (unsigned char)path[i] >= 0x7F) {
            return false;
        }
    }
    return true;
}

void response_drop_file(struct http_exchange *x)
{
    if (x->answer.file > 0) {
        (void)close(x->answer.file - 1);
    }
    x->answer.file = 0;
}

void http_set_file(struct http_exchange *x, int fd, size_t n)
{
    response_drop_file(x);
    x->answer.file = fd + 1;
    x->answer.file_n = n;
}

void http_redirect(struct http_exchange *x, const char *path)
{
    buf_clear(&x->answer.body);
    x->answer.status = 303;
    http_set_header(x, "Location", is_local(path) ? path : "/");
}

/* ---- what the server makes of it ------------------------------------------------------------- */

void response_reset(struct http_exchange *x, int status)
{
    buf_clear(&x->answer.body);
    x->answer.status = status;
    x->answer.type = "text/html; charset=utf-8";
    x->answer.lines = NULL;
    x->answer.broken = TD_OK;
    x->answer.asset = NULL;
    x->answer.gzip = false;
    response_drop_file(x);
}

static int answer_status(const struct http_exchange *x)
{
    return x->answer.broken != TD_OK ? x->answer.broken : buf_status(&x->answer.body);
}

/* What needs neither memory nor the program. */
static void plain_failure(struct http_exchange *x, int failure)
{
    buf_release(&x->answer.body);
    response_reset(x, failure);
    x->answer.type = "text/plain; charset=utf-8";
}

void response_fail(struct http_exchange *x, enum http_failure failure, int status)
{
    response_reset(x, (int)failure);
    if (x->app->failed == NULL) {
        plain_failure(x, (int)failure);
        buf_printf(&x->answer.body, "%d\n", (int)failure);
    } else {
        x->app->failed(x, failure, status);
    }
    if (answer_status(x) != TD_OK) {
        plain_failure(x, (int)failure);
    }
    if (failure == HTTP_BUSY) {
        set_line(x, "Retry-After", "5");
    }
}

void response_settle(struct http_exchange *x)
{
    int status = answer_status(x);

    if (status != TD_OK) {
        response_fail(x, HTTP_INTERNAL, status);
    }
}

/* ---- assets ---------------------------------------------------------------------------------- */

bool response_accepts_gzip(const char *accept)
{
    for (const char *at = accept; *at != '\0';) {
        at += strspn(at, ", \t");
        size_t n = strcspn(at, ",");
        bool named = strncasecmp(at, "gzip", 4) == 0 && (n == 4 || strchr("; \t", at[4]) != NULL);
        if (named) {
            const char *q = memchr(at, '=', n);
            /* Refused by q=0, q=0.0 … */
            return q == NULL || strspn(q + 1, "0.") < strcspn(q + 1, ", \t");
        }
        at += n;
    }
    return false;
}

void response_asset(struct http_exchange *x, const struct http_asset *asset)
{
    const char *accept = request_header(x, "Accept-Encoding");
    const char *known = request_header(x, "If-None-Match");
    const char *slash = strrchr(asset->path, '/');
    struct buf etag;

    response_reset(x, 200);
    x->answer.type = asset->type;
    x->answer.asset = asset;
    x->answer.gzip = asset->gzip != NULL && accept != NULL && response_accepts_gzip(accept);

    buf_init(&etag, HTTP_HEADER_MAX);
    buf_printf(&etag, "\"%s%s\"", slash != NULL ? slash + 1 : asset->path,
               x->answer.gzip ? "-gzip" : "");
    if (buf_ok(&etag) && known != NULL &&
        (strcmp(known, "*") == 0 || strstr(known, buf_string(&etag)) != NULL)) {
        x->answer.status = 304;
        x->answer.asset = NULL;
    }
    set_line(x, "ETag", td_arena_text(x->arena, buf_string(&etag), buf_length(&etag)));
    set_line(x, "Cache-Control", ASSET_AGE);
    if (asset->gzip != NULL) {
        set_line(x, "Vary", "Accept-Encoding");
    }
    if (x->answer.gzip && x->answer.status == 200) {
        set_line(x, "Content-Encoding", "gzip");
    }
    buf_release(&etag);
    response_settle(x);
}

const char *response_bytes(const struct http_exchange *x, size_t *ret_n)
{
    const struct http_asset *asset = x->answer.asset;

    if (asset != NULL) {
        *ret_n = x->answer.gzip ? asset->gzip_n : asset->n;
        return (const char *)(x->answer.gzip ? asset->gzip : asset->bytes);
    }
    if (x->answer.file != 0) {
        *ret_n = x->answer.file_n;
        return NULL;
    }
    *ret_n = buf_length(&x->answer.body);
    return buf_string(&x->answer.body);
}

void response_headers(struct http_exchange *x, response_emit *emit, void *to)
{
    for (size_t i = 0; i < ALWAYS_COUNT; i++) {
        if (find_line(x, always[i].name) == NULL) {
            emit(to, always[i].name, always[i].value);
        }
    }
    if (x->secure && !host_is_loopback(x->host)) {
        emit(to, "Strict-Transport-Security", "max-age=31536000");
    }
    emit(to, "X-Request-Id", x->id);
    if (x->answer.status != 303 && x->answer.status != 304) {
        emit(to, "Content-Type", x->answer.type);
    }
    for (const struct http_line *line = x->answer.lines; line != NULL; line = line->next) {
        emit(to, line->name, line->value);
    }
}
