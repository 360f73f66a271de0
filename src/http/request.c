/*
 * What was sent, read and judged: the target, the head of the message, query, form and cookies.
 *
 * libmicrohttpd lets in what must not pass: two lengths, a length beside chunks, names with blanks.
 * A proxy before us may read such a message otherwise than we do, and what one takes for a body the
 * other takes for the next request. So the head is checked here again, and strictly.
 *
 * What can't be seen from here: libmicrohttpd 0.9.75 takes a line that begins with ':' or a NUL for
 * the end of the head. No proxy worth its name passes such a line on.
 */
#include "http/exchange.h"

#include <string.h>
#include <strings.h>

#include "http/address.h"
#include "http/router.h"

#include "base/banned.h"

#define LENGTH_DIGITS_MAX 15 /* so that a length can't overflow */

/* ---- target ---------------------------------------------------------------------------------- */

/* "%" and two hex digits, and not those of a control character, '/' or '\'. */
static bool escape_is_harmless(const char *percent)
{
    unsigned code = 0;

    for (int i = 1; i <= 2; i++) {
        char c = percent[i];
        bool digit = c >= '0' && c <= '9';
        char letter = (char)(c | 0x20);
        if (!digit && (letter < 'a' || letter > 'f')) {
            return false;
        }
        code = code * 16 + (unsigned)(digit ? c - '0' : letter - 'a' + 10);
    }
    return code >= 0x20 && code != 0x7F && code != '/' && code != '\\';
}

static bool path_climbs(const char *path)
{
    for (const char *slash = path; slash != NULL; slash = strchr(slash + 1, '/')) {
        size_t n = strcspn(slash + 1, "/");
        bool dot = n == 1 && slash[1] == '.';
        bool dots = n == 2 && slash[1] == '.' && slash[2] == '.';
        bool empty = n == 0 && slash[1] == '/';
        if (dot || dots || empty) {
            return true;
        }
    }
    return false;
}

int request_set_target(struct http_exchange *x, const char *target)
{
    size_t n = strlen(target);
    size_t path_length = strcspn(target, "?");

    x->query = "";
    x->path = "";
    x->target = td_arena_text(x->arena, target, n);
    if (x->target == NULL) {
        x->target = "";
        return HTTP_INTERNAL;
    }
    x->path = td_arena_text(x->arena, target, path_length);
    if (x->path == NULL) {
        x->path = "";
        return HTTP_INTERNAL;
    }
    x->query = target[path_length] == '?' ? x->target + path_length + 1 : "";
    for (const char *c = target; *c != '\0'; c++) {
        if ((unsigned char)*c <= 0x20 || (unsigned char)*c >= 0x7F) {
            return HTTP_BAD_REQUEST;
        }
    }
    for (const char *c = x->path; *c != '\0'; c++) {
        if (*c == '\\' || *c == '#' || (*c == '%' && !escape_is_harmless(c))) {
            return HTTP_BAD_REQUEST;
        }
    }
    return x->path[0] != '/' || path_climbs(x->path) ? HTTP_BAD_REQUEST : TD_OK;
}

/* ---- head ------------------------------------------------------------------------------------ */

const char *request_header(const struct http_exchange *x, const char *name)
{
    for (size_t i = 0; i < x->header_count; i++) {
        if (strcasecmp(x->headers[i].name, name) == 0) {
            return x->headers[i].value;
        }
    }
    return NULL;
}

static size_t count_headers(const struct http_exchange *x, const char *name)
{
    size_t count = 0;

    for (size_t i = 0; i < x->header_count; i++) {
        count += strcasecmp(x->headers[i].name, name) == 0 ? 1 : 0;
    }
    return count;
}

/* A name of token characters (RFC 9110, 5.6.2): no blank before the colon. */
static bool names_are_tokens(const struct http_exchange *x)
{
    for (size_t i = 0; i < x->header_count; i++) {
        const char *name = x->headers[i].name;
        size_t n = strspn(name, "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyz"
                                "ABCDEFGHIJKLMNOPQRSTUVWXYZ");
        if (n == 0 || name[n] != '\0') {
            return false;
        }
    }
    return true;
}

/* A name or address, perhaps with a port; nothing that could change a link made of it. */
static bool is_host(const char *host)
{
    size_t n = strspn(host, "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                            "-._:[]");

    return n > 0 && n <= 255 && host[n] == '\0';
}

static bool read_length(const char *text, size_t *ret)
{
    size_t n = strspn(text, "0123456789");

    if (n == 0 || n > LENGTH_DIGITS_MAX || text[n] != '\0') {
        return false;
    }
    *ret = 0;
    for (size_t i = 0; i < n; i++) {
        *ret = *ret * 10 + (size_t)(text[i] - '0');
    }
    return true;
}

int request_check_head(struct http_exchange *x, const char *version, size_t *ret_length)
{
    bool http_1_1 = strcmp(version, "HTTP/1.1") == 0;
    size_t hosts = count_headers(x, "Host");
    size_t lengths = count_headers(x, "Content-Length");
    size_t codings = count_headers(x, "Transfer-Encoding");
    const char *host = request_header(x, "Host");

    *ret_length = 0;
    x->host = "";
    if (!http_1_1 && strcmp(version, "HTTP/1.0") != 0) {
        return HTTP_BAD_REQUEST;
    }
    if (!names_are_tokens(x) || hosts > 1 || (http_1_1 && hosts == 0) ||
        (host != NULL && !is_host(host))) {
        return HTTP_BAD_REQUEST;
    }
    x->host = host != NULL ? host : "";
    if (lengths > 1 || codings > 1 || (lengths > 0 && codings > 0) || (codings > 0 && !http_1_1)) {
        return HTTP_BAD_REQUEST;
    }
    if (codings > 0) {
        if (strcasecmp(request_header(x, "Transfer-Encoding"), "chunked") != 0) {
            return HTTP_BAD_REQUEST;
        }
        *ret_length = SIZE_MAX;
    }
    if (lengths > 0 && !read_length(request_header(x, "Content-Length"), ret_length)) {
        return HTTP_BAD_REQUEST;
    }
    /* No program of ours sends a body with GET, and what it would mean is nowhere said. */
    return x->method == HTTP_GET && *ret_length > 0 ? HTTP_BAD_REQUEST : TD_OK;
}

int request_forwarded(struct http_exchange *x, const char *proxy)
{
    struct forwarded forwarded = {.proxy = proxy};

    if (proxy == NULL || strcmp(x->peer, proxy) != 0) {
        return TD_OK;
    }
    const char **chain = td_arena_alloc(x->arena, x->header_count, sizeof(*chain));
    if (chain == NULL) {
        return TD_E_MEMORY;
    }
    for (size_t i = 0; i < x->header_count; i++) {
        if (strcasecmp(x->headers[i].name, "X-Forwarded-For") == 0) {
            chain[forwarded.chain_count++] = x->headers[i].value;
        }
    }
    forwarded.chain = chain;
    address_client(&forwarded, x->peer);
    const char *scheme = request_header(x, "X-Forwarded-Proto");
    x->secure = x->secure || (scheme != NULL && strcasecmp(scheme, "https") == 0);
    return TD_OK;
}

/* ---- route ----------------------------------------------------------------------------------- */

int request_find_route(struct http_exchange *x, const struct router *router, bool known)
{
    struct router_match match;
    bool own =
        strncmp(x->path, HTTP_ASSETS, strlen(HTTP_ASSETS)) == 0 || strcmp(x->path, "/healthz") == 0;

    if (own) {
        return known && x->method == HTTP_GET ? TD_OK : HTTP_NOT_ALLOWED;
    }
    if (!router_find(router, x->path, &match)) {
        return HTTP_NOT_FOUND;
    }
    const struct http_route *route = x->method == HTTP_GET ? match.get : match.post;
    if (!known || route == NULL) {
        return HTTP_NOT_ALLOWED;
    }
    x->route = route;
    for (size_t i = 0; i < match.count; i++) {
        x->params[i] = td_arena_text(x->arena, match.values[i], match.lengths[i]);
        if (x->params[i] == NULL) {
            return HTTP_INTERNAL;
        }
    }
    return TD_OK;
}

const char *http_param(const struct http_exchange *x, const char *name)
{
    int index = x->route != NULL ? router_param(x->route, name) : -1;

    return index >= 0 ? x->params[index] : NULL;
}

/* ---- query and form -------------------------------------------------------------------------- */

static int failure_of(int status)
{
    if (status == TD_OK) {
        return TD_OK;
    }
    return status == TD_E_MEMORY ? HTTP_TOO_LARGE : HTTP_BAD_REQUEST;
}

static int read_form(struct http_exchange *x)
{
    const char *type = request_header(x, "Content-Type");
    const char *bytes = buf_string(&x->sent);
    size_t n = buf_length(&x->sent);
    enum form_type kind = FORM_NONE;
    const char *boundary = NULL;

    if (type == NULL) {
        return n == 0 ? TD_OK : HTTP_BAD_TYPE;
    }
    int status = form_type(x->arena, type, &kind, &boundary);
    if (status != TD_OK) {
        return failure_of(status);
    }
    switch (kind) {
    case FORM_URLENCODED:
        return failure_of(form_read_urlencoded(&x->form, x->arena, bytes, n));
    case FORM_MULTIPART:
        return failure_of(form_read_multipart(&x->form, x->arena, boundary, bytes, n));
    case FORM_NONE:
        break;
    }
    return HTTP_BAD_TYPE;
}

int request_read(struct http_exchange *x)
{
    int status = form_read_urlencoded(&x->query_form, x->arena, x->query, strlen(x->query));

    if (status != TD_OK) {
        return failure_of(status);
    }
    bool is_form = x->method == HTTP_POST && (x->route->how & HTTP_RAW) == 0;
    return is_form ? read_form(x) : TD_OK;
}

/* ---- cookies --------------------------------------------------------------------------------- */

const char *cookie_find(struct td_arena *arena, const char *header, const char *name)
{
    size_t name_length = strlen(name);

    for (const char *at = header; *at != '\0';) {
        at += strspn(at, " \t;");
        size_t n = strcspn(at, ";");
        const char *end = at + n;
        if (n > name_length && at[name_length] == '=' && memcmp(at, name, name_length) == 0) {
            const char *value = at + name_length + 1;
            while (end > value && (end[-1] == ' ' || end[-1] == '\t')) {
                end--;
            }
            if (end - value >= 2 && *value == '"' && end[-1] == '"') {
                value++;
                end--;
            }
            const char *text = NULL;
            return form_text(arena, value, (size_t)(end - value), &text) == TD_OK ? text : NULL;
        }
        at += n;
    }
    return NULL;
}

/* ---- what handlers ask ----------------------------------------------------------------------- */

enum http_method http_request_method(const struct http_exchange *x)
{
    return x->method;
}

const char *http_path(const struct http_exchange *x)
{
    return x->path;
}

const char *http_target(const struct http_exchange *x)
{
    return x->target;
}

const char *http_peer(const struct http_exchange *x)
{
    return x->peer;
}

bool http_is_secure(const struct http_exchange *x)
{
    return x->secure;
}

const char *http_host(const struct http_exchange *x)
{
    return x->host;
}

const char *http_sent(const struct http_exchange *x, size_t *ret_n)
{
    *ret_n = buf_length(&x->sent);
    return buf_string(&x->sent);
}

const char *http_query(const struct http_exchange *x, const char *name)
{
    return form_value(&x->query_form, name);
}

const char *http_field(const struct http_exchange *x, const char *name)
{
    return form_value(&x->form, name);
}

const struct http_pair *http_fields(const struct http_exchange *x, size_t *ret_count)
{
    *ret_count = x->form.pair_count;
    return x->form.pairs;
}

const struct http_file *http_upload(const struct http_exchange *x, const char *name)
{
    for (size_t i = 0; i < x->form.file_count; i++) {
        if (strcmp(x->form.files[i].name, name) == 0) {
            return &x->form.files[i];
        }
    }
    return NULL;
}

const struct http_file *http_uploads(const struct http_exchange *x, size_t *ret_count)
{
    *ret_count = x->form.file_count;
    return x->form.files;
}

const char *http_cookie(const struct http_exchange *x, const char *name)
{
    for (size_t i = 0; i < x->header_count; i++) {
        if (strcasecmp(x->headers[i].name, "Cookie") == 0) {
            const char *value = cookie_find(x->arena, x->headers[i].value, name);
            if (value != NULL) {
                return value;
            }
        }
    }
    return NULL;
}

const char *http_header(const struct http_exchange *x, const char *name)
{
    const char *sent = request_header(x, name);
    const char *text = NULL;

    if (sent == NULL || form_text(x->arena, sent, strlen(sent), &text) != TD_OK) {
        return NULL;
    }
    return text;
}
