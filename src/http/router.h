/*
 * From a path to its route: the table of routes compiled to a tree of segments at start, so that
 * finding one costs the path's segments and not the table's length.
 */
#ifndef HTTP_ROUTER_H
#define HTTP_ROUTER_H

#include "http/http.h"

struct router;

/* Compile and check the table. On TD_E_INVALID *reterr says which route is wrong and how: without
 * permission, name, handler or a pattern that can be read, a name or a pattern that is there
 * twice, too large a body. TD_E_MEMORY. The table must outlive the router. */
int router_new(const struct http_route *routes, struct router **ret, char reterr[static 256])
    TD_MUST_CHECK __attribute__((nonnull));

/* NULL is allowed. */
void router_free(struct router *router);

struct router_match {
    const struct http_route *get, *post; /* of the path; both NULL: it is not there */
    const char *values[HTTP_PARAMS_MAX]; /* into the path: begin of each parameter … */
    size_t lengths[HTTP_PARAMS_MAX];     /* … and its length */
    size_t count;
};

/* What lies at a path. Where a literal and a parameter both fit a segment, the literal is tried
 * first. False when nothing does. */
bool router_find(const struct router *router, const char *path, struct router_match *ret)
    __attribute__((nonnull));

/* The index of a parameter in the route's pattern, or -1. */
int router_param(const struct http_route *route, const char *name) __attribute__((nonnull));

#endif
