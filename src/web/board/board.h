/*
 * A bloc's year as its people see it: who is in it, what the reader is to score, and who owes what.
 */
#ifndef WEB_BOARD_BOARD_H
#define WEB_BOARD_BOARD_H

#include "office/sheet.h"
#include "web/layout/layout.h"
#include "web/web.h"

/* The sheets about one unit in one stage. */
struct board_cell {
    int32_t first, count; /* of the board's sheets */
    int32_t closed;       /* submitted or abstained from */
};

struct board_page {
    struct layout layout;
    struct layout_crumb crumbs[1];
    struct sheet_board board;
    struct board_cell *cells; /* [unit * stages + stage] */
    const char **rater_names; /* by sheet */
    int32_t owed;
    bool may_release;
    struct empty_state nothing;
};

struct release_page {
    struct layout layout;
    struct layout_crumb crumbs[2];
    const struct bloc_year *year;
    int32_t open; /* sheets that are not submitted */
};

/* How far a sheet is, for who may know no more than whether it was submitted. */
struct badge board_badge(const struct sheet_brief *sheet);

/* Who scores a sheet, in a name: the member's, or the stage's title. */
const char *board_rater(const struct sheet_board *board, const struct sheet_brief *sheet);

/* Does the reader enter it for another unit? */
bool board_on_behalf(const struct sheet_board *board, const struct sheet_brief *sheet);

int board_show(struct http_exchange *x);
int release_ask(struct http_exchange *x);
int release_do(struct http_exchange *x);

#endif
