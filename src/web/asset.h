/*
 * Files that pages load: stylesheet, script, icons, fonts, licences. They are in the program, under
 * names that change with their contents, so a browser may keep them for ever.
 *
 * A page names them by the macros of the generated web/assets.h (ASSET_APP_CSS), so one that is
 * missing does not compile.
 */
#ifndef WEB_ASSET_H
#define WEB_ASSET_H

#include "http/http.h"

#include <stddef.h>

/* The asset of a path, or NULL. Lives for ever. */
const struct http_asset *asset_find(const char *path) __attribute__((nonnull));

/* All of them, sorted by path: the table that asset_find looks into. */
extern const struct http_asset assets[];
extern const size_t assets_count;

#endif
