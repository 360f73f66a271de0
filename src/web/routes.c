/*
 * THE table of routes: every address that the server answers, who may use it, and which function
 * does. A route without a permission doesn't start.
 */
#include "web/board/board.h"
#include "web/demo/demo.h"
#include "web/home/home.h"
#include "web/result/result_pages.h"
#include "web/sheet/sheet_page.h"
#include "web/sign/sign.h"
#include "web/web.h"

#include "base/banned.h"

#define SHEET "/h/{home}/years/{year}/sheets/{stage}/{rater}/{unit}"
/* Notes and evidence of every item, as loaded and as typed. */
#define SHEET_BODY_MAX ((size_t)4 * 1024 * 1024)

const struct http_route web_routes[] = {
    {HTTP_GET, "/", "home", TD_ID("what is to be done, and by when"), WEB_SIGNED_IN, 0, false,
     home_show},

    {HTTP_GET, "/h/{home}/years/{year}", "year_show", TD_ID("a year: who owes what"),
     WEB_MEMBER_OF_HOME, 0, false, board_show},
    {HTTP_GET, "/h/{home}/years/{year}/release", "release_ask",
     TD_ID("the question before sheets are opened"), WEB_MEMBER_OF_HOME, 0, false, release_ask},
    {HTTP_POST, "/h/{home}/years/{year}/release", "release", TD_ID("open sheets to all members"),
     WEB_MEMBER_OF_HOME, 0, false, release_do},
    {HTTP_GET, SHEET, "sheet_show", TD_ID("a score sheet"), WEB_MEMBER_OF_HOME, 0, false,
     sheet_show},
    {HTTP_POST, SHEET "/save", "sheet_save", TD_ID("save what is typed on a sheet"),
     WEB_MEMBER_OF_HOME, SHEET_BODY_MAX, false, sheet_save_form},
    {HTTP_POST, SHEET "/move", "sheet_move", TD_ID("prepare, submit, return or close a sheet"),
     WEB_MEMBER_OF_HOME, SHEET_BODY_MAX, false, sheet_move_form},

    {HTTP_GET, "/sign-in", "sign_in_show", TD_ID("the form to sign in"), WEB_ANYONE, 0, false,
     sign_in_show},
    {HTTP_POST, "/sign-in", "sign_in", TD_ID("sign in"), WEB_ANYONE, 0, true, sign_in},
    {HTTP_POST, "/sign-out", "sign_out", TD_ID("sign out"), WEB_SIGNED_IN, 0, false, sign_out},
    {HTTP_GET, "/link/{token}", "link_show", TD_ID("the form to choose a password"), WEB_ANYONE, 0,
     false, link_show},
    {HTTP_POST, "/link/{token}", "link_use", TD_ID("set the password, once"), WEB_ANYONE, 0, true,
     link_use},
    {HTTP_GET, "/password", "password_show", TD_ID("the form to change the password"),
     WEB_SIGNED_IN, 0, false, password_show},
    {HTTP_POST, "/password", "password_change", TD_ID("change the password"), WEB_SIGNED_IN, 0,
     true, password_change},
    {HTTP_POST, "/language", "language_choose", TD_ID("choose the language of pages"), WEB_ANYONE,
     0, false, language_choose},

    {HTTP_GET, "/demo", "demo_show", TD_ID("the demonstration's accounts"), WEB_ANYONE, 0, false,
     demo_show},
    {HTTP_POST, "/demo", "demo_go", TD_ID("enter the demonstration"), WEB_ANYONE, 0, false,
     demo_go},

    {HTTP_GET, "/h/{home}/years/{year}/results", "result_show",
     TD_ID("the ranking of a year, and what is open"), WEB_MEMBER_OF_HOME, 0, false, result_show},
    {HTTP_GET, "/h/{home}/years/{year}/results/print", "result_print",
     TD_ID("the scores of a year for paper"), WEB_MEMBER_OF_HOME, 0, false, result_show_print},
    {HTTP_GET, "/h/{home}/years/{year}/results/file", "result_file", TD_ID("a year as a file"),
     WEB_MEMBER_OF_HOME, 0, true, result_send_file},
    {HTTP_GET, "/h/{home}/years/{year}/results/{unit}", "result_unit",
     TD_ID("why a unit has its score"), WEB_MEMBER_OF_HOME, 0, false, result_show_unit},
    {HTTP_GET, "/h/{home}/years/{year}/results/{unit}/grid", "result_grid",
     TD_ID("all sheets about a unit side by side"), WEB_MEMBER_OF_HOME, 0, false, result_show_grid},

    {.name = NULL},
};
