/*
 * The results of a year (SCO-7, SCO-8, SCO-11): the ranking with what is still open, the
 * explanation of one unit's score, all sheets about a unit side by side, the summary for paper, and
 * the year as a file.
 */
#ifndef WEB_RESULT_RESULT_PAGES_H
#define WEB_RESULT_RESULT_PAGES_H

#include "http/http.h"
#include "office/result.h"
#include "office/settle.h"
#include "web/chart/chart.h"
#include "web/layout/layout.h"

#define RESULT_GROUPS_MAX (TD_OPEN_VOTE + 1)
#define RESULT_FOLD 6 /* lists as long as this are folded */

/* What is open of one kind. */
struct result_group {
    struct td_message title;
    enum td_open_kind kind;
    int32_t count;
};

/* Sheets of a stage. */
struct result_stage {
    const char *title;
    int32_t expected, submitted, abstained;
};

/* What every page of this folder shows. */
struct result_view {
    struct layout layout;
    const char *year_href; /* "/h/{home}/years/{year}" */
    struct result result;
    struct td_problems problems; /* why the year can't be scored */
    struct td_date today;
};

struct web;

struct result_page {
    struct web *web;
    struct result_view view;
    struct result_group groups[RESULT_GROUPS_MAX];
    int32_t group_count;
    struct result_stage stages[TD_STAGES_MAX];
    struct chart_bar *bars;             /* by member */
    const struct td_node **sections;    /* of the criteria */
    struct td_fraction *section_points; /* [member * section_count + section] */
    int32_t section_count;
    bool any_bonus, any_deducted;
    int32_t owed; /* sheets that keep the actor from seeing scores */
};

struct result_unit_page {
    struct result_view view;
    int32_t unit;
    const struct td_step *root;
    bool open_all; /* for printing */
};

/* All sheets about one unit side by side. view.result has the board's year and the regulation
 * only: the page scores nothing. */
struct result_grid_page {
    struct result_view view;
    struct sheet_grid grid;
    const char **aside; /* [node]: message id of why the item isn't on sheets; or NULL */
    bool any_elsewhere, any_unknown;
};

int result_show(struct http_exchange *x);
int result_show_unit(struct http_exchange *x);
int result_show_grid(struct http_exchange *x);
int result_settle_form(struct http_exchange *x);
int result_settle(struct http_exchange *x);
int result_show_print(struct http_exchange *x);
int result_send_file(struct http_exchange *x);

/* ---- for the templates ----------------------------------------------------------------------- */

/* Item units as points. */
struct td_decimal result_points(const struct td_regulation *regulation, int64_t units);
/* Where it is decided about a missing sheet (unit TD_NONE: about any of the rater's); NULL when the
 * reader doesn't decide. */
const char *result_settle_href(const struct result_page *page, int32_t stage, int32_t rater,
                               int32_t unit);
const char *result_settled_rater(const struct result *result, const struct td_settled *settled);
/* The rater above a column, in short. */
const char *result_rater(const struct sheet_grid *grid, const struct sheet_column *column);

/* What a section gave the unit, rounded as the total is: rounded ones need not add up to it. */
struct td_decimal result_section(const struct result_page *page, int32_t unit, int32_t section);
/* The share of the unit's maximum, in percent, rounded as the total is. */
struct td_decimal result_percent(const struct td_regulation *regulation,
                                 const struct td_unit_result *unit);
struct badge result_badge(const struct td_unit_result *unit);
/* The n-th award proposed for the unit, or NULL. */
const char *result_award(const struct result *result, int32_t unit, int32_t n);
/* A number of a date as Decree 30 writes it: below `from` with a zero before it. */
const char *result_two_digits(int number, int from) __attribute__((returns_nonnull));
bool result_any_provisional(const struct td_result *result);
bool result_has_proposal(const struct td_result *result, int32_t award);

#endif
