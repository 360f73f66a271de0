/*
 * The year as a file: with its regulation, `thidua score --year` says the same anywhere.
 */
#include "web/result/result_view.h"

#include <stdio.h>

#include "base/banned.h"

int result_send_file(struct http_exchange *x)
{
    struct web *web = web_of(x);
    const char *home = http_param(x, "home"), *year_id = http_param(x, "year");
    struct bloc_year *year = NULL;
    int status = year_get(web->office, web->actor, web->arena, home, year_id, &year);
    if (status == TD_OK) {
        status = result_export(web->office, web->actor, web->arena, home, year_id, http_body(x));
    }
    if (status != TD_OK) {
        buf_clear(http_body(x));
        return web_answer(web, status);
    }
    /* A label is digits and a dash. */
    char name[64];
    (void)snprintf(name, sizeof name, "attachment; filename=\"year-%s.json\"", year->label);
    http_set_type(x, "application/json; charset=utf-8");
    http_set_header(x, "Content-Disposition", name);
    return TD_OK;
}
