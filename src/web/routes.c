/*
 * THE table of routes: every address that the server answers, who may use it, and which function
 * does. A route without a permission doesn't start.
 */
#include "web/board/board.h"
#include "web/demo/demo.h"
#include "web/home/home.h"
#include "web/organisation/organisation.h"
#include "web/result/result_pages.h"
#include "web/rules/rules_page.h"
#include "web/sheet/sheet_page.h"
#include "web/sign/sign.h"
#include "web/web.h"

#include "base/banned.h"

#define SHEET "/h/{home}/years/{year}/sheets/{stage}/{rater}/{unit}"
/* Notes and evidence of every item, as loaded and as typed. */
#define SHEET_BODY_MAX ((size_t)4 * 1024 * 1024)
#define RULES_BODY ((size_t)8 * 1024 * 1024) /* of a regulation's file */

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
    {HTTP_GET, SHEET "/settle", "settle_form", TD_ID("the form to decide about a missing sheet"),
     WEB_MEMBER_OF_HOME, 0, false, result_settle_form},
    {HTTP_POST, SHEET "/settle", "settle", TD_ID("decide about a missing sheet"),
     WEB_MEMBER_OF_HOME, 0, false, result_settle},

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
    {HTTP_GET, "/organisation", "organisation", TD_ID("the authorities that one keeps"),
     WEB_SIGNED_IN, 0, false, organisation_show},
    {HTTP_GET, "/organisation/new", "authority_root_form", TD_ID("the form for a first authority"),
     WEB_ADMINISTRATOR, 0, false, authority_root_form},
    {HTTP_POST, "/organisation/new", "authority_root_add", TD_ID("add a first authority"),
     WEB_ADMINISTRATOR, 0, false, authority_root_add},
    {HTTP_GET, "/h/{home}/authorities/{authority}", "authority",
     TD_ID("an authority with its units, blocs and regulations"), WEB_OFFICER, 0, false,
     authority_show},
    {HTTP_GET, "/h/{home}/authorities/{authority}/edit", "authority_edit_form",
     TD_ID("the form to change an authority"), WEB_OFFICER, 0, false, authority_edit_form},
    {HTTP_POST, "/h/{home}/authorities/{authority}/edit", "authority_edit",
     TD_ID("change an authority"), WEB_OFFICER, 0, false, authority_edit},
    {HTTP_GET, "/h/{home}/authorities/{authority}/below", "authority_below_form",
     TD_ID("the form for an authority below"), WEB_OFFICER, 0, false, authority_below_form},
    {HTTP_POST, "/h/{home}/authorities/{authority}/below", "authority_below_add",
     TD_ID("add an authority below"), WEB_OFFICER, 0, false, authority_below_add},
    {HTTP_POST, "/h/{home}/authorities/{authority}/rules", "rules_add", TD_ID("load a regulation"),
     WEB_OFFICER, RULES_BODY, false, rules_add},
    {HTTP_GET, "/h/{home}/authorities/{authority}/units", "unit_add_form",
     TD_ID("the form for a new unit"), WEB_OFFICER, 0, false, unit_add_form},
    {HTTP_POST, "/h/{home}/authorities/{authority}/units", "unit_add", TD_ID("add a unit"),
     WEB_OFFICER, 0, false, unit_add},
    {HTTP_GET, "/h/{home}/units/{unit}", "unit_edit_form", TD_ID("the form to change a unit"),
     WEB_OFFICER, 0, false, unit_edit_form},
    {HTTP_POST, "/h/{home}/units/{unit}", "unit_edit", TD_ID("change a unit"), WEB_OFFICER, 0,
     false, unit_edit},
    {HTTP_GET, "/h/{home}/authorities/{authority}/blocs", "bloc_add_form",
     TD_ID("the form for a new cluster or bloc"), WEB_OFFICER, 0, false, bloc_add_form},
    {HTTP_POST, "/h/{home}/authorities/{authority}/blocs", "bloc_add",
     TD_ID("add a cluster or bloc"), WEB_OFFICER, 0, false, bloc_add},
    {HTTP_GET, "/h/{home}/blocs/{bloc}", "bloc", TD_ID("a cluster or bloc with its years"),
     WEB_OFFICER, 0, false, bloc_show},
    {HTTP_GET, "/h/{home}/blocs/{bloc}/edit", "bloc_edit_form",
     TD_ID("the form to change a cluster or bloc"), WEB_OFFICER, 0, false, bloc_edit_form},
    {HTTP_POST, "/h/{home}/blocs/{bloc}/edit", "bloc_edit",
     TD_ID("change a cluster or bloc, or delegate it"), WEB_OFFICER, 0, false, bloc_edit},
    {HTTP_GET, "/h/{home}/blocs/{bloc}/years", "year_add_form", TD_ID("the form to begin a year"),
     WEB_OFFICER, 0, false, year_add_form},
    {HTTP_POST, "/h/{home}/blocs/{bloc}/years", "year_add", TD_ID("begin a year"), WEB_OFFICER, 0,
     false, year_add},
    {HTTP_GET, "/h/{home}/years/{year}/settings", "settings",
     TD_ID("who is in a year, who leads it, and which rules score it"), WEB_OFFICER, 0, false,
     settings_show},
    {HTTP_POST, "/h/{home}/years/{year}/settings/members", "settings_members",
     TD_ID("choose the members"), WEB_OFFICER, 0, false, settings_members},
    {HTTP_POST, "/h/{home}/years/{year}/settings/terms", "settings_term",
     TD_ID("begin a term of head or deputy"), WEB_OFFICER, 0, false, settings_term},
    {HTTP_POST, "/h/{home}/years/{year}/settings/rules", "settings_rules",
     TD_ID("choose the regulation"), WEB_OFFICER, 0, false, settings_rules},
    {HTTP_GET, "/h/{home}/rules/{regulation}", "rules", TD_ID("a regulation in full"),
     WEB_MEMBER_OF_HOME, 0, false, rules_show},

    {.name = NULL},
};
