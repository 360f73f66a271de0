/*
 * The first page after signing in: what waits for the reader, by when, one button each.
 */
#include "web/home/home.h"

#include "web/board/board.h"
#include "web/templates.h"
#include "web/web.h"

#include <string.h>

#include "base/banned.h"

struct td_message home_role(const struct actor_role *role)
{
    switch (role->role) {
    case OFFICE_OFFICER:
        return TD_MESSAGE("officer, {0}", TD_TEXT(role->scope_name));
    case OFFICE_OBSERVER:
        return TD_MESSAGE("observer, {0}", TD_TEXT(role->scope_name));
    case OFFICE_LEADER:
        return TD_MESSAGE("leader, {0}", TD_TEXT(role->scope_name));
    case OFFICE_UNIT_OFFICER:
        return TD_MESSAGE("emulation officer, {0}", TD_TEXT(role->scope_name));
    }
    return (struct td_message){0};
}

/* Years whose sheets are looked at, and tasks that are listed, so that the page stays a page. */
#define YEARS_MAX 20
#define TASKS_MAX 60

/* Is it this reader's turn? A prepared sheet waits for the leader alone, and one that the rules
 * leave open for nobody until it is begun. */
static bool waits(const struct sheet_board *board, const struct sheet_brief *sheet)
{
    const struct td_stage *stage = &board->regulation->stages[sheet->stage];
    const struct year_member *members = board->year->members;
    bool submits = !stage_by_members(stage) || members[sheet->rater].leads ||
                   (sheet->proxy != TD_NONE && members[sheet->proxy].leads);
    return sheet->owed && (sheet->state == SHEET_DRAFT || submits);
}

static int add_year(struct web *web, struct home_page *page, const struct year_brief *year)
{
    struct sheet_board board = {0};
    int status =
        sheet_board(web->office, web->actor, web->arena, year->home_id, year->year_id, &board);
    if (status != TD_OK) {
        return status == OFFICE_NOT_FOUND ? TD_OK : status; /* gone since the list was read */
    }
    for (int32_t i = 0; i < board.count; i++) {
        const struct sheet_brief *sheet = &board.sheets[i];
        if (!waits(&board, sheet)) {
            continue;
        }
        if (page->task_count == TASKS_MAX) {
            page->more++;
            continue;
        }
        page->tasks[page->task_count++] = (struct home_task){
            .sheet = sheet,
            .year = year,
            .unit = board.year->members[sheet->unit].name,
            .stage = board.regulation->stages[sheet->stage].title,
            .behalf = board_on_behalf(&board, sheet) ? board_rater(&board, sheet) : NULL,
            .due = sheet_due(&board, sheet->stage),
            .state = board_badge(sheet)};
    }
    return TD_OK;
}

/* What has a day comes first, the earliest first; the rest as it came. */
static void order_tasks(struct home_page *page)
{
    for (int32_t i = 1; i < page->task_count; i++) {
        struct home_task task = page->tasks[i];
        int32_t k = i;
        while (k > 0 && td_date_is_set(task.due) &&
               (!td_date_is_set(page->tasks[k - 1].due) ||
                td_date_compare(task.due, page->tasks[k - 1].due) < 0)) {
            page->tasks[k] = page->tasks[k - 1];
            k--;
        }
        page->tasks[k] = task;
    }
}

static bool keeps_something(const struct actor *actor)
{
    bool keeps = actor->administrator;
    for (int32_t i = 0; i < actor->role_count; i++) {
        keeps = keeps || actor->roles[i].role == OFFICE_OFFICER;
    }
    return keeps;
}

static struct empty_state nothing_for(const struct home_page *page)
{
    struct empty_state empty = {.icon = ICON("user-circle"),
                                .title = TD_WORDS("Your account has no role yet"),
                                .hint = TD_WORDS("An administrator gives roles in an authority or "
                                                 "a unit.")};
    if (page->keeps) {
        empty.icon = ICON("building");
        empty.title = TD_WORDS("There is no year yet");
        empty.hint = TD_WORDS("Begin with the authority: its units, its clusters and blocs, the "
                              "rules, then the year.");
        empty.action = (struct layout_action){.label = TD_WORDS("Go to the organisation"),
                                              .href = "/organisation",
                                              .icon = ICON("building")};
    } else if (page->actor->role_count > 0) {
        empty.icon = ICON("clipboard-list");
        empty.title = TD_WORDS("There is nothing to score yet");
        empty.hint = TD_WORDS("Sheets appear here when your unit is a member of a year. The "
                              "authority's officer adds it.");
    }
    return empty;
}

int home_show(struct http_exchange *x)
{
    struct web *web = web_of(x);
    struct home_page page = {.actor = web->actor, .keeps = keeps_something(web->actor)};
    struct html h = web_html(web);
    page.tasks = td_arena_alloc(web->arena, TASKS_MAX, sizeof *page.tasks);
    int status = page.tasks == NULL ? TD_E_MEMORY
                                    : year_list(web->office, web->actor, web->arena, YEARS_MAX,
                                                &page.years, &page.year_count);
    for (size_t i = 0; status == TD_OK && i < page.year_count; i++) {
        status = add_year(web, &page, &page.years[i]);
    }
    if (status != TD_OK) {
        return web_answer(web, status);
    }
    order_tasks(&page);
    page.nothing = nothing_for(&page);
    web_layout(web, &page.layout, TD_MESSAGE("Hello, {0}", TD_TEXT(web->actor->name)));
    home_page_html(&h, &page);
    return TD_OK;
}
