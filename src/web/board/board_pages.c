/*
 * The year's page, and opening its sheets to all members (USE-4).
 */
#include "web/board/board.h"

#include "web/sheet/sheet_page.h"
#include "web/templates.h"

#include "base/banned.h"

static bool is_closed(const struct sheet_brief *sheet)
{
    return sheet->state == SHEET_SUBMITTED || sheet->state == SHEET_ABSTAINED;
}

struct badge board_badge(const struct sheet_brief *sheet)
{
    if (is_closed(sheet) || (sheet->visible && sheet->state == SHEET_PREPARED)) {
        return sheet_badge(sheet->state);
    }
    if (sheet->visible && sheet->begun) {
        return (struct badge){BADGE_WAITING, TD_MESSAGE("{0}/{1} items", TD_COUNT(sheet->filled),
                                                        TD_COUNT(sheet->fillable))};
    }
    return (struct badge){BADGE_QUIET, TD_WORDS("Not submitted yet")};
}

const char *board_rater(const struct sheet_board *board, const struct sheet_brief *sheet)
{
    const struct td_stage *stage = &board->regulation->stages[sheet->stage];
    return stage_by_members(stage) ? board->year->members[sheet->rater].name : stage->title;
}

bool board_on_behalf(const struct sheet_board *board, const struct sheet_brief *sheet)
{
    return year_acts(board->year, sheet->proxy) && !year_acts(board->year, sheet->rater);
}

static bool may_release(const struct bloc_year *year)
{
    bool head = year->head != TD_NONE && year->members[year->head].leads;
    return !year->released && (year->keeps || head);
}

static int arrange(struct web *web, struct board_page *page)
{
    const struct sheet_board *b = &page->board;
    int32_t stages = b->regulation->stage_count;
    page->cells = td_arena_zeroed(web->arena, (size_t)b->year->member_count * (size_t)stages,
                                  sizeof *page->cells);
    page->rater_names = td_arena_zeroed(web->arena, (size_t)b->count, sizeof *page->rater_names);
    if (page->cells == NULL || page->rater_names == NULL) {
        return TD_E_MEMORY;
    }
    for (int32_t i = 0; i < b->count; i++) {
        const struct sheet_brief *s = &b->sheets[i];
        struct board_cell *cell = &page->cells[s->unit * stages + s->stage];
        cell->first = cell->count == 0 ? i : cell->first;
        cell->count++;
        cell->closed += is_closed(s);
        page->owed += s->owed;
        page->rater_names[i] = board_rater(b, s);
    }
    return TD_OK;
}

static struct layout_flash flash_of(const struct http_exchange *x)
{
    if (http_query(x, "released") == NULL) {
        return (struct layout_flash){0};
    }
    return (struct layout_flash){.kind = LAYOUT_FLASH_SAVED,
                                 .message = TD_WORDS("The sheets are open to all members.")};
}

int board_show(struct http_exchange *x)
{
    struct web *web = web_of(x);
    struct board_page page = {
        .nothing = {.icon = ICON("clipboard-list"),
                    .title = TD_WORDS("The year has no rules yet"),
                    .hint = TD_WORDS("The officer of the authority chooses the rules that score "
                                     "it; then each unit finds its sheets here.")},
    };
    struct html h = web_html(web);
    int status = sheet_board(web->office, web->actor, web->arena, http_param(x, "home"),
                             http_param(x, "year"), &page.board);
    if (status == TD_OK && page.board.regulation != NULL) {
        status = arrange(web, &page);
    }
    if (status != TD_OK) {
        return web_answer(web, status);
    }
    const struct bloc_year *year = page.board.year;
    page.may_release = page.board.regulation != NULL && may_release(year);
    web_layout(web, &page.layout,
               TD_MESSAGE("{0}, {1}", TD_TEXT(year->bloc_name), TD_TEXT(year->label)));
    page.layout.lead = layout_text(year->authority_name);
    page.layout.flash = flash_of(x);
    page.crumbs[0] = (struct layout_crumb){TD_WORDS("Home"), "/"};
    page.layout.crumbs = page.crumbs;
    page.layout.crumb_count = 1;
    board_page_html(&h, &page);
    return TD_OK;
}

/* ---- opening the sheets ---------------------------------------------------------------------- */

static const char *year_path(struct web *web, const char *more)
{
    struct buf path;
    buf_init(&path, 256);
    buf_printf(&path, "/h/%s/years/%s%s", http_param(web->x, "home"), http_param(web->x, "year"),
               more);
    const char *text =
        buf_ok(&path) ? td_arena_text(web->arena, buf_string(&path), buf_length(&path)) : NULL;
    buf_release(&path);
    return text == NULL ? "/" : text;
}

int release_ask(struct http_exchange *x)
{
    struct web *web = web_of(x);
    struct release_page page = {0};
    struct sheet_board board = {0};
    struct html h = web_html(web);
    int status = sheet_board(web->office, web->actor, web->arena, http_param(x, "home"),
                             http_param(x, "year"), &board);
    if (status == TD_OK && !may_release(board.year)) {
        status = OFFICE_FORBIDDEN;
    }
    if (status != TD_OK) {
        return web_answer(web, status);
    }
    for (int32_t i = 0; i < board.count; i++) {
        page.open += !is_closed(&board.sheets[i]);
    }
    page.year = board.year;
    web_layout(web, &page.layout, TD_WORDS("Open the sheets to all members"));
    page.crumbs[0] = (struct layout_crumb){TD_WORDS("Home"), "/"};
    page.crumbs[1] = (struct layout_crumb){
        TD_MESSAGE("{0}, {1}", TD_TEXT(board.year->bloc_name), TD_TEXT(board.year->label)),
        year_path(web, "")};
    page.layout.crumbs = page.crumbs;
    page.layout.crumb_count = 2;
    release_page_html(&h, &page);
    return TD_OK;
}

int release_do(struct http_exchange *x)
{
    struct web *web = web_of(x);
    int status = year_release(web->office, web->actor, web->arena, http_param(x, "home"),
                              http_param(x, "year"));
    if (status != TD_OK) {
        return web_answer(web, status);
    }
    http_redirect(x, year_path(web, "?released=yes"));
    return TD_OK;
}
