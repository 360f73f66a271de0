/*
 * The table of routes as a tree: a node is a place in the path, its children the segments that may
 * follow. Which parameter is called what is the route's matter: two routes may give the same
 * segment different names.
 */
#include "http/router.h"

#include <stdio.h>
#include <string.h>

#include "base/banned.h"

#define TREE_MAX ((size_t)8 * 1024 * 1024)
#define SEGMENTS_MAX 16
#define PARAM_MAX 64
#define ERROR_MAX 256

#define UNRESERVED "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._~-"

struct node {
    const char *segment; /* not NUL-terminated */
    size_t n;
    struct node *next;  /* the next literal of the same parent */
    struct node *first; /* literals that may follow */
    struct node *param; /* a parameter that may follow */
    const struct http_route *get, *post;
};

struct router {
    struct td_arena *arena;
    struct node root;
};

static int refuse(char *reterr, const struct http_route *route, const char *why)
{
    (void)snprintf(reterr, ERROR_MAX, "route %s: %s", route->name, why);
    return TD_E_INVALID;
}

static bool is_name(const char *text, size_t n)
{
    return n > 0 && n <= PARAM_MAX && strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789_") >= n;
}

static bool is_param(const char *segment, size_t n)
{
    return n > 2 && segment[0] == '{' && segment[n - 1] == '}' && is_name(segment + 1, n - 2);
}

/* One to 64 unreserved characters; "." and ".." never. */
static bool is_value(const char *text, size_t n)
{
    bool dots = (n == 1 || n == 2) && strncmp(text, "..", n) == 0;

    return n > 0 && n <= PARAM_MAX && !dots && strspn(text, UNRESERVED) >= n;
}

/* The child that stands for a segment of a pattern, made when there is none. */
static struct node *child(struct td_arena *arena, struct node *parent, const char *segment,
                          size_t n)
{
    bool param = segment[0] == '{';

    if (param && parent->param != NULL) {
        return parent->param;
    }
    for (struct node *node = param ? NULL : parent->first; node != NULL; node = node->next) {
        if (node->n == n && memcmp(node->segment, segment, n) == 0) {
            return node;
        }
    }
    struct node *node = td_arena_zeroed(arena, 1, sizeof(*node));
    if (node == NULL) {
        return NULL;
    }
    if (param) {
        parent->param = node;
    } else {
        node->segment = segment;
        node->n = n;
        node->next = parent->first;
        parent->first = node;
    }
    return node;
}

static int add_route(struct router *router, const struct http_route *route, char *reterr)
{
    struct node *node = &router->root;
    size_t params = 0;
    size_t segments = 0;

    for (const char *at = route->pattern; strcmp(at, "/") != 0 && *at != '\0';) {
        at++;
        size_t n = strcspn(at, "/");
        bool param = is_param(at, n);
        params += param ? 1 : 0;
        segments++;
        if ((!param && !is_value(at, n)) || params > HTTP_PARAMS_MAX || segments > SEGMENTS_MAX) {
            return refuse(reterr, route, "its pattern can't be read");
        }
        node = child(router->arena, node, at, n);
        if (node == NULL) {
            return TD_E_MEMORY;
        }
        at += n;
        if (strcmp(at, "/") == 0) {
            return refuse(reterr, route, "its pattern ends with /");
        }
    }
    const struct http_route **slot = route->method == HTTP_GET ? &node->get : &node->post;
    if (*slot != NULL) {
        return refuse(reterr, route, "another route has its method and pattern");
    }
    *slot = route;
    return TD_OK;
}

static int check_route(const struct http_route *routes, const struct http_route *route,
                       char *reterr)
{
    if (!is_name(route->name, strlen(route->name))) {
        return refuse(reterr, route, "its name is not of a-z, 0-9 and _");
    }
    for (const struct http_route *other = routes; other != route; other++) {
        if (strcmp(other->name, route->name) == 0) {
            return refuse(reterr, route, "another route has its name");
        }
    }
    if (route->permission == 0) {
        return refuse(reterr, route, "it has no permission");
    }
    if (route->handler == NULL) {
        return refuse(reterr, route, "it has no handler");
    }
    if (route->method != HTTP_GET && route->method != HTTP_POST) {
        return refuse(reterr, route, "its method is neither GET nor POST");
    }
    if (route->body_max > HTTP_UPLOAD_MAX) {
        return refuse(reterr, route, "its bodies are larger than any may be");
    }
    if (route->pattern == NULL || route->pattern[0] != '/') {
        return refuse(reterr, route, "its pattern doesn't begin with /");
    }
    /* These the server answers itself. */
    if (strcmp(route->pattern, "/healthz") == 0 || strncmp(route->pattern, "/assets/", 8) == 0) {
        return refuse(reterr, route, "its pattern is the server's own");
    }
    return TD_OK;
}

int router_new(const struct http_route *routes, struct router **ret, char reterr[static 256])
{
    struct td_arena *arena = td_arena_new(TREE_MAX);
    struct router *router = arena != NULL ? td_arena_zeroed(arena, 1, sizeof(*router)) : NULL;
    int status = router != NULL ? TD_OK : TD_E_MEMORY;

    if (router != NULL) {
        router->arena = arena;
    }
    for (const struct http_route *route = routes; status == TD_OK && route->name != NULL; route++) {
        status = check_route(routes, route, reterr);
        if (status == TD_OK) {
            status = add_route(router, route, reterr);
        }
    }
    if (status != TD_OK) {
        td_arena_free(arena);
        return status;
    }
    *ret = router;
    return TD_OK;
}

void router_free(struct router *router)
{
    if (router != NULL) {
        td_arena_free(router->arena);
    }
}

/* Find the rest of a path below a node. The depth of the recursion is that of the tree. */
static const struct node *find(const struct node *node, const char *path, struct router_match *m)
{
    if (*path == '\0') {
        return node->get != NULL || node->post != NULL ? node : NULL;
    }
    const char *segment = path + 1;
    size_t n = strcspn(segment, "/");
    for (const struct node *next = node->first; next != NULL; next = next->next) {
        if (next->n == n && memcmp(next->segment, segment, n) == 0) {
            const struct node *found = find(next, segment + n, m);
            if (found != NULL) {
                return found;
            }
            break;
        }
    }
    if (node->param == NULL || !is_value(segment, n)) {
        return NULL;
    }
    size_t count = m->count++;
    m->values[count] = segment;
    m->lengths[count] = n;
    const struct node *found = find(node->param, segment + n, m);
    if (found == NULL) {
        m->count = count;
    }
    return found;
}

bool router_find(const struct router *router, const char *path, struct router_match *ret)
{
    *ret = (struct router_match){0};
    const struct node *node = find(&router->root, strcmp(path, "/") == 0 ? "" : path, ret);

    if (node == NULL) {
        return false;
    }
    ret->get = node->get;
    ret->post = node->post;
    return true;
}

int router_param(const struct http_route *route, const char *name)
{
    size_t n = strlen(name);
    int index = 0;

    for (const char *at = strchr(route->pattern, '{'); at != NULL; at = strchr(at + 1, '{')) {
        if (strncmp(at + 1, name, n) == 0 && at[1 + n] == '}') {
            return index;
        }
        index++;
    }
    return -1;
}
