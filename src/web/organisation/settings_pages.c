/*
 * A year's settings: who is in it, who leads it since when, and which regulation scores it.
 */
#include "web/organisation/organisation.h"

#include "web/templates.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/banned.h"

void organisation_mark_field(struct field *field, const struct td_problems *problems)
{
    struct td_message remedy = web_problem_remedy(problems, field->name);
    field->error = web_problem(problems, field->name);
    field->hint = remedy.id != NULL ? remedy : field->hint;
}

void organisation_mark_choice(struct choice_field *field, const struct td_problems *problems)
{
    struct td_message remedy = web_problem_remedy(problems, field->name);
    field->error = web_problem(problems, field->name);
    field->hint = remedy.id != NULL ? remedy : field->hint;
}

static int named(struct web *web, struct bloc_year **ret)
{
    int status = year_get(web->office, web->actor, web->arena, http_param(web->x, "home"),
                          http_param(web->x, "year"), ret);
    return status == TD_OK && !(*ret)->keeps ? OFFICE_FORBIDDEN : status;
}

/* ---- the page -------------------------------------------------------------------------------- */

static bool is_ticked(struct web *web, const char *unit_id)
{
    size_t n = 0;
    const struct http_pair *fields = http_fields(web->x, &n);
    for (size_t i = 0; i < n; i++) {
        if (strcmp(fields[i].name, "member") == 0 && strcmp(fields[i].value, unit_id) == 0) {
            return true;
        }
    }
    return false;
}

/* position: 1 for the first member, 0 for none. A refused list stands as it was typed. */
static int add_row(struct web *web, struct settings_page *page, struct settings_row *row,
                   int32_t position)
{
    char text[16] = "";
    row->order_name = web_path(web, "order-", row->unit_id);
    if (page->members_error.id != NULL) {
        row->is_member = is_ticked(web, row->unit_id);
        row->order = typed_text(web, row->order_name);
    } else {
        row->is_member = position > 0;
        if (row->is_member) {
            (void)snprintf(text, sizeof text, "%d", position);
        }
        row->order = td_arena_text(web->arena, text, strlen(text));
    }
    page->row_count++;
    return row->order == NULL ? TD_E_MEMORY : TD_OK;
}

/* Members in their order, then the authority's other units. */
static int fill_rows(struct web *web, struct settings_page *page)
{
    const struct bloc_year *year = page->year;
    struct unit *units = NULL;
    size_t count = 0;
    int status = unit_list(web->office, web->actor, web->arena, year->home_id, year->authority_id,
                           &units, &count);
    if (status != TD_OK) {
        return status;
    }
    struct settings_row *rows =
        td_arena_zeroed(web->arena, count + (size_t)year->member_count, sizeof *rows);
    if (rows == NULL) {
        return TD_E_MEMORY;
    }
    page->rows = rows;
    for (int32_t i = 0; status == TD_OK && i < year->member_count; i++) {
        const struct year_member *m = &year->members[i];
        struct settings_row *row = &rows[page->row_count];
        *row = (struct settings_row){.unit_id = m->unit_id, .code = m->code, .name = m->name};
        status = add_row(web, page, row, i + 1);
    }
    for (size_t i = 0; status == TD_OK && i < count; i++) {
        const struct unit *u = &units[i];
        struct settings_row *row = &rows[page->row_count];
        if (year_member_of(year, u->unit_id) == TD_NONE) {
            *row = (struct settings_row){.unit_id = u->unit_id, .code = u->code, .name = u->name};
            status = add_row(web, page, row, 0);
        }
    }
    return status;
}

static int fill_terms(struct web *web, struct settings_page *page)
{
    static const struct choice roles[] = {
        {"head", {.id = TD_ID("head")}},
        {"deputy", {.id = TD_ID("deputy")}},
    };
    const struct bloc_year *year = page->year;
    struct choice *units = td_arena_alloc(web->arena, (size_t)year->member_count, sizeof *units);
    if (units == NULL) {
        return TD_E_MEMORY;
    }
    for (int32_t i = 0; i < year->member_count; i++) {
        units[i] = (struct choice){year->members[i].unit_id, layout_text(year->members[i].name)};
    }
    const char *role = typed_text(web, "role"), *unit = typed_text(web, "unit");
    page->role = (struct choice_field){.name = "role",
                                       .label = TD_WORDS("Office"),
                                       .value = *role == '\0' ? "head" : role,
                                       .choices = roles,
                                       .count = sizeof roles / sizeof *roles,
                                       .is_required = true};
    page->unit = (struct choice_field){.name = "unit",
                                       .label = TD_WORDS("Unit"),
                                       .value = *unit == '\0' ? NULL : unit,
                                       .choices = units,
                                       .count = (size_t)year->member_count,
                                       .is_required = true};
    page->since = (struct field){.name = "since",
                                 .label = TD_WORDS("Since"),
                                 .type = "date",
                                 .value = typed_text(web, "since"),
                                 .hint = TD_WORDS("The term before it ends the day before."),
                                 .is_required = true};
    return TD_OK;
}

static int fill_rules(struct web *web, struct settings_page *page)
{
    const struct bloc_year *year = page->year;
    struct rules_entry *entries = NULL;
    size_t count = 0;
    int status = rules_choices(web->office, web->actor, web->arena, year->home_id,
                               year->authority_id, &entries, &count);
    if (status != TD_OK) {
        return status;
    }
    struct choice *choices = td_arena_alloc(web->arena, count, sizeof *choices);
    if (choices == NULL) {
        return TD_E_MEMORY;
    }
    for (size_t i = 0; i < count; i++) {
        choices[i] = (struct choice){entries[i].regulation_id,
                                     TD_MESSAGE("{0} (version {1}, {2})", TD_TEXT(entries[i].title),
                                                TD_COUNT(entries[i].version),
                                                TD_TEXT(entries[i].authority_name))};
    }
    const char *typed = http_field(web->x, "as_of");
    const char *chosen = http_field(web->x, "regulation");
    page->regulation = (struct choice_field){
        .name = "regulation",
        .label = TD_WORDS("Regulation that scores the year"),
        .value = chosen != NULL && *chosen != '\0' ? chosen : year->regulation_id,
        .choices = choices,
        .count = count,
        .is_required = true};
    page->as_of = (struct field){
        .name = "as_of",
        .label = TD_WORDS("Day on which the year is judged"),
        .type = "date",
        .value = typed != NULL ? typed : typed_day_value(web, year->as_of),
        .hint = TD_WORDS("Left empty: the day on which one looks, until the year is closed.")};
    return TD_OK;
}

static void title(struct web *web, struct settings_page *page)
{
    const struct bloc_year *year = page->year;
    struct layout_crumb *crumbs = td_arena_zeroed(web->arena, 2, sizeof *crumbs);
    web_layout(web, &page->layout, TD_MESSAGE("Settings of the year {0}", TD_TEXT(year->label)));
    page->layout.lead = layout_text(year->bloc_name);
    if (crumbs != NULL) {
        crumbs[0] = (struct layout_crumb){layout_text(year->authority_name), page->authority_path};
        crumbs[1] =
            (struct layout_crumb){layout_text(year->bloc_name),
                                  web_path(web, "/h/", year->home_id, "/blocs/", year->bloc_id)};
        page->layout.crumbs = crumbs;
        page->layout.crumb_count = 2;
    }
    web_saved(web, &page->layout);
}

/* The page as the year is now; of a refused form with what was typed and the problems. */
static int show(struct web *web, const struct td_problems *problems, struct td_message refusal)
{
    struct bloc_year *year = NULL;
    struct settings_page page = {0};
    int status = named(web, &year);
    page.year = year;
    page.members_error = web_problem(problems, "members");
    page.members_remedy = web_problem_remedy(problems, "members");
    status = status == TD_OK ? fill_rows(web, &page) : status;
    status = status == TD_OK ? fill_terms(web, &page) : status;
    status = status == TD_OK ? fill_rules(web, &page) : status;
    if (status != TD_OK) {
        return web_answer(web, status);
    }
    page.path = web_path(web, "/h/", year->home_id, "/years/", year->year_id, "/settings");
    page.authority_path = web_path(web, "/h/", year->home_id, "/authorities/", year->authority_id);
    organisation_mark_choice(&page.unit, problems);
    organisation_mark_field(&page.since, problems);
    organisation_mark_choice(&page.regulation, problems);
    organisation_mark_field(&page.as_of, problems);
    if (refusal.id != NULL) {
        page.layout.flash = (struct layout_flash){.kind = LAYOUT_FLASH_REFUSED, .message = refusal};
    }
    title(web, &page);
    struct html h = web_html(web);
    settings_page_html(&h, &page);
    return TD_OK;
}

int settings_show(struct http_exchange *x)
{
    const struct td_problems none = {0};
    return show(web_of(x), &none, (struct td_message){0});
}

/* How every form of the page ends. */
static int finish(struct web *web, int status, const struct td_problems *problems)
{
    const char *home = http_param(web->x, "home"), *year = http_param(web->x, "year");
    if (status == OFFICE_REFUSED) {
        http_set_status(web->x, 422);
        return show(web, problems,
                    TD_WORDS("Nothing was saved yet: please correct the marked lines."));
    }
    if (status == OFFICE_CONFLICT) {
        http_set_status(web->x, 409);
        return show(web, problems,
                    TD_WORDS("Someone else changed the year's settings while you were choosing. "
                             "Nothing of yours was saved. Below are the settings as they are now: "
                             "look at them, choose again and save."));
    }
    if (status != TD_OK) {
        return web_answer(web, status);
    }
    http_redirect(web->x, web_path(web, "/h/", home, "/years/", year, "/settings?saved=1"));
    return TD_OK;
}

/* ---- members --------------------------------------------------------------------------------- */

struct chosen {
    const char *unit_id;
    int64_t order; /* as typed; what has none comes last */
    int32_t sent;  /* as the page had it, among equals */
};

static int by_order(const void *a, const void *b)
{
    const struct chosen *left = a, *right = b;
    if (left->order != right->order) {
        return left->order < right->order ? -1 : 1;
    }
    return left->sent - right->sent;
}

static int read_members(struct web *web, const char *const **ret, int32_t *ret_count)
{
    size_t n = 0;
    int32_t count = 0;
    const struct http_pair *fields = http_fields(web->x, &n);
    struct chosen *chosen = td_arena_alloc(web->arena, n, sizeof *chosen);
    const char **ids = td_arena_alloc(web->arena, n, sizeof *ids);
    if (chosen == NULL || ids == NULL) {
        return TD_E_MEMORY;
    }
    for (size_t i = 0; i < n; i++) {
        if (strcmp(fields[i].name, "member") == 0) {
            int64_t order = typed_number(web, web_path(web, "order-", fields[i].value));
            chosen[count] = (struct chosen){fields[i].value, order == 0 ? INT64_MAX : order, count};
            count++;
        }
    }
    if (count > 0) {
        qsort(chosen, (size_t)count, sizeof *chosen, by_order);
    }
    for (int32_t i = 0; i < count; i++) {
        ids[i] = chosen[i].unit_id;
    }
    *ret = ids;
    *ret_count = count;
    return TD_OK;
}

int settings_members(struct http_exchange *x)
{
    struct web *web = web_of(x);
    struct td_problems problems = TD_PROBLEMS(web->arena, NULL);
    const char *const *ids = NULL;
    int32_t count = 0;
    int status = read_members(web, &ids, &count);
    if (status == TD_OK) {
        status = year_set_members(web->office, web->actor, web->arena, http_param(x, "home"),
                                  http_param(x, "year"), typed_number(web, "version"), ids, count,
                                  &problems);
    }
    return finish(web, status, &problems);
}

/* ---- head, deputy, rules --------------------------------------------------------------------- */

int settings_term(struct http_exchange *x)
{
    struct web *web = web_of(x);
    struct td_problems problems = TD_PROBLEMS(web->arena, NULL);
    struct td_date since = {0};
    int status = OFFICE_REFUSED;
    if (typed_day(web, "since", &problems, &since)) {
        status =
            year_set_term(web->office, web->actor, web->arena, http_param(x, "home"),
                          http_param(x, "year"), strcmp(typed_text(web, "role"), "deputy") == 0,
                          typed_text(web, "unit"), since, &problems);
    }
    return finish(web, status, &problems);
}

int settings_rules(struct http_exchange *x)
{
    struct web *web = web_of(x);
    struct td_problems problems = TD_PROBLEMS(web->arena, NULL);
    struct td_date as_of = {0};
    const char *regulation = typed_text(web, "regulation");
    int status = OFFICE_REFUSED;
    if (*regulation == '\0') {
        td_problem_add(&problems, TD_ERROR, "regulation", TD_WORDS("this is empty"),
                       TD_WORDS("choose one"));
    }
    if (typed_day(web, "as_of", &problems, &as_of) && *regulation != '\0') {
        status = year_set_rules(web->office, web->actor, web->arena, http_param(x, "home"),
                                http_param(x, "year"), typed_number(web, "version"), regulation,
                                as_of, &problems);
    }
    return finish(web, status, &problems);
}
