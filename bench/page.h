/*
 * The page that both servers of bench_http give: whatever is rendered here is measured in both, so
 * that the difference is the server's alone.
 */
#ifndef BENCH_PAGE_H
#define BENCH_PAGE_H

#include "base/buf.h"

#define PAGE_MAX ((size_t)256 * 1024)

/* Append the page: a table of 60 rows, some 19 kB, rendered anew each time. */
void page_render(struct buf *body);

#endif
