/*
 * What the handlers of this folder share.
 */
#ifndef WEB_RESULT_RESULT_VIEW_H
#define WEB_RESULT_RESULT_VIEW_H

#include "web/result/result_pages.h"
#include "web/web.h"

/* The year of the address, scored. A status of result_get, or TD_E_MEMORY. */
int result_view(struct web *web, struct result_view *ret) TD_MUST_CHECK;

/* The frame, with the way back; below: the page stands below the results and leads back to them. */
int result_layout(struct web *web, struct layout *layout, const struct bloc_year *year,
                  struct td_message title, bool below) TD_MUST_CHECK;

/* The bars and the points of the sections; the result is there. */
int result_draw(struct web *web, struct result_page *page) TD_MUST_CHECK;

/* Where there is no result, the results' page says why. */
int result_go_back(struct web *web, const struct result_view *view) TD_MUST_CHECK;

#endif
