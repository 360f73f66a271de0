/*
 * Clusters and blocs: the forms to add and to change one, which is also how it is delegated; its
 * page, and beginning a year.
 */
#include "web/organisation/organisation.h"

#include "web/templates.h"

#include <string.h>

#include "base/banned.h"

static const struct choice kinds[] = {
    {"territorial", {.id = TD_ID("cluster (by territory)")}},
    {"sectoral", {.id = TD_ID("bloc (by sector)")}},
};

/* What was typed; the day also as it was typed. */
struct typed_bloc {
    struct bloc bloc;
    const char *kind, *since;
};

static struct typed_bloc read_typed(struct web *web, struct td_problems *problems, bool *ret_right)
{
    struct typed_bloc typed = {
        .bloc = {.home_id = http_param(web->x, "home"),
                 .name = typed_text(web, "name"),
                 .authority_id = typed_text(web, "authority"),
                 .version = typed_number(web, "version")},
        .kind = typed_text(web, "kind"),
        .since = typed_text(web, "since"),
    };
    typed.bloc.territorial = strcmp(typed.kind, "territorial") == 0;
    *ret_right = typed_day(web, "since", problems, &typed.bloc.since);
    if (!typed.bloc.territorial && strcmp(typed.kind, "sectoral") != 0) {
        td_problem_add(problems, TD_ERROR, "kind", TD_WORDS("this is empty"),
                       TD_WORDS("choose one"));
        *ret_right = false;
    }
    return typed;
}

/* The authorities of the home that the actor keeps, as choices. */
static int authority_choices(struct web *web, const struct choice **ret, size_t *ret_count)
{
    const char *home = http_param(web->x, "home");
    struct authority *rows = NULL;
    size_t count = 0;
    int status = authority_list(web->office, web->actor, web->arena, &rows, &count);
    if (status != TD_OK) {
        return status;
    }
    struct choice *choices = td_arena_alloc(web->arena, count, sizeof *choices);
    if (choices == NULL) {
        return TD_E_MEMORY;
    }
    *ret_count = 0;
    for (size_t i = 0; i < count; i++) {
        if (strcmp(rows[i].home_id, home) == 0) {
            choices[(*ret_count)++] =
                (struct choice){rows[i].authority_id, layout_text(rows[i].name)};
        }
    }
    *ret = choices;
    return TD_OK;
}

static void fill_name(struct form_page *page, const struct typed_bloc *typed)
{
    form_add_field(page, "name", TD_WORDS("Name of the cluster or bloc"), typed->bloc.name)->hint =
        TD_WORDS("As papers name it, for example: Bloc of economic departments.");
    form_add_choice(page, "kind", TD_WORDS("Kind"), typed->kind, kinds,
                    sizeof kinds / sizeof *kinds);
}

/* ---- a new one ------------------------------------------------------------------------------- */

static int named_authority(struct web *web, struct authority *ret)
{
    return authority_get(web->office, web->actor, web->arena, http_param(web->x, "home"),
                         http_param(web->x, "authority"), ret);
}

static struct form_page add_page(struct web *web, const struct authority *authority,
                                 const struct typed_bloc *typed)
{
    const char *path =
        web_path(web, "/h/", authority->home_id, "/authorities/", authority->authority_id);
    struct form_page page = {
        .action = web_path(web, path, "/blocs"), .back = path, .submit = TD_WORDS("Add it")};
    web_layout(web, &page.layout, TD_WORDS("A new cluster or bloc"));
    page.layout.lead = layout_text(authority->name);
    fill_name(&page, typed);
    struct field *since = form_add_field(
        &page, "since", TD_WORDS("The authority answers for it since"), typed->since);
    since->type = "date";
    since->is_required = false;
    since->hint = TD_WORDS("Left empty: today.");
    return page;
}

int bloc_add_form(struct http_exchange *x)
{
    struct web *web = web_of(x);
    const struct td_problems none = {0};
    struct authority authority = {0};
    int status = named_authority(web, &authority);
    if (status != TD_OK) {
        return web_answer(web, status);
    }
    struct form_page page =
        add_page(web, &authority,
                 &(struct typed_bloc){.bloc = {.name = ""}, .kind = "sectoral", .since = ""});
    form_show(web, &page, &none);
    return TD_OK;
}

int bloc_add(struct http_exchange *x)
{
    struct web *web = web_of(x);
    struct td_problems problems = TD_PROBLEMS(web->arena, NULL);
    struct authority authority = {0};
    const char *id = NULL;
    bool right = false;
    struct typed_bloc typed = read_typed(web, &problems, &right);
    int status = named_authority(web, &authority);
    if (status != TD_OK) {
        return web_answer(web, status);
    }
    typed.bloc.authority_id = authority.authority_id;
    status = right ? bloc_save(web->office, web->actor, web->arena, &typed.bloc, &problems, &id)
                   : OFFICE_REFUSED;
    struct form_page page = add_page(web, &authority, &typed);
    return form_end(web, &page, status, &problems,
                    web_path(web, "/h/", authority.home_id, "/blocs/", id, "?saved=1"));
}

/* ---- one that is there ----------------------------------------------------------------------- */

static int named(struct web *web, struct bloc *ret)
{
    return bloc_get(web->office, web->actor, web->arena, http_param(web->x, "home"),
                    http_param(web->x, "bloc"), ret);
}

static const char *path_of(struct web *web, const struct bloc *bloc)
{
    return web_path(web, "/h/", bloc->home_id, "/blocs/", bloc->bloc_id);
}

static int add_crumbs(struct web *web, const struct bloc *bloc, struct layout *layout)
{
    struct layout_crumb *crumbs = td_arena_zeroed(web->arena, 2, sizeof *crumbs);
    if (crumbs == NULL) {
        return TD_E_MEMORY;
    }
    crumbs[0] = (struct layout_crumb){TD_WORDS("Organisation"), "/organisation"};
    crumbs[1] = (struct layout_crumb){
        layout_text(bloc->authority_name),
        web_path(web, "/h/", bloc->home_id, "/authorities/", bloc->authority_id)};
    layout->crumbs = crumbs;
    layout->crumb_count = 2;
    return TD_OK;
}

int bloc_show(struct http_exchange *x)
{
    struct web *web = web_of(x);
    struct bloc bloc = {0};
    struct bloc_page page = {.bloc = &bloc};
    struct year_brief *years = NULL;
    int status = named(web, &bloc);
    if (status == TD_OK) {
        status = year_list_of_bloc(web->office, web->actor, web->arena, bloc.home_id, bloc.bloc_id,
                                   &years, &page.year_count);
    }
    if (status == TD_OK) {
        status = add_crumbs(web, &bloc, &page.layout);
    }
    if (status != TD_OK) {
        return web_answer(web, status);
    }
    page.years = years;
    page.path = path_of(web, &bloc);
    web_layout(web, &page.layout, layout_text(bloc.name));
    page.layout.lead =
        bloc.territorial ? TD_WORDS("Emulation cluster") : TD_WORDS("Emulation bloc");
    struct layout_action begin = {.label = TD_WORDS("Begin a year"),
                                  .href = web_path(web, page.path, "/years"),
                                  .icon = ICON("plus")};
    if (page.year_count > 0) {
        page.layout.action = begin;
    }
    page.nothing = (struct empty_state){
        .icon = ICON("calendar"),
        .title = TD_WORDS("No year yet"),
        .hint = TD_WORDS("A year has its members, its head and deputy, and the regulation by which "
                         "it is scored."),
        .action = begin};
    web_saved(web, &page.layout);
    struct html h = web_html(web);
    bloc_page_html(&h, &page);
    return TD_OK;
}

static int edit_page(struct web *web, const struct bloc *stored, const struct typed_bloc *typed,
                     struct form_page *ret)
{
    const struct choice *choices = NULL;
    size_t count = 0;
    int status = authority_choices(web, &choices, &count);
    if (status != TD_OK) {
        return status;
    }
    const char *path = path_of(web, stored);
    *ret = (struct form_page){.action = web_path(web, path, "/edit"),
                              .back = path,
                              .submit = TD_WORDS("Save"),
                              .version = typed->bloc.version,
                              .stored = stored->version};
    web_layout(web, &ret->layout, TD_WORDS("Change the cluster or bloc"));
    fill_name(ret, typed);
    form_add_choice(ret, "authority", TD_WORDS("Authority that answers for it"),
                    typed->bloc.authority_id, choices, count)
        ->hint = TD_WORDS("Choosing another one delegates the cluster or bloc to it.");
    struct field *since =
        form_add_field(ret, "since", TD_WORDS("Another authority counts since"), typed->since);
    since->type = "date";
    since->is_required = false;
    since->hint = TD_WORDS("Only when the authority changes. Left empty: today. What was before "
                           "stays with the authority of that time.");
    ret->lines[0].stored = form_stored(typed->bloc.name, stored->name);
    if (typed->bloc.territorial != stored->territorial) {
        ret->lines[1].stored =
            TD_MESSAGE("Stored now: {0}", TD_TERM(kinds[stored->territorial ? 0 : 1].label.id));
    }
    if (strcmp(typed->bloc.authority_id, stored->authority_id) != 0) {
        ret->lines[2].stored = TD_MESSAGE("Stored now: {0}", TD_TEXT(stored->authority_name));
    }
    return TD_OK;
}

int bloc_edit_form(struct http_exchange *x)
{
    struct web *web = web_of(x);
    const struct td_problems none = {0};
    struct bloc stored = {0};
    struct form_page page;
    int status = named(web, &stored);
    if (status == TD_OK) {
        status =
            edit_page(web, &stored,
                      &(struct typed_bloc){.bloc = stored,
                                           .kind = stored.territorial ? "territorial" : "sectoral",
                                           .since = ""},
                      &page);
    }
    if (status != TD_OK) {
        return web_answer(web, status);
    }
    form_show(web, &page, &none);
    return TD_OK;
}

int bloc_edit(struct http_exchange *x)
{
    struct web *web = web_of(x);
    struct td_problems problems = TD_PROBLEMS(web->arena, NULL);
    struct bloc stored = {0};
    const char *id = NULL;
    bool right = false;
    struct typed_bloc typed = read_typed(web, &problems, &right);
    struct form_page page = {0};
    int status = named(web, &stored);
    if (status == TD_OK) {
        typed.bloc.bloc_id = stored.bloc_id;
        status = right ? bloc_save(web->office, web->actor, web->arena, &typed.bloc, &problems, &id)
                       : OFFICE_REFUSED;
    }
    if (status == OFFICE_REFUSED || status == OFFICE_CONFLICT) {
        int drawn = edit_page(web, &stored, &typed, &page);
        status = drawn == TD_OK ? status : drawn;
    }
    return form_end(web, &page, status, &problems,
                    web_path(web, path_of(web, &stored), "?saved=1"));
}

/* ---- years ----------------------------------------------------------------------------------- */

static int begin_page(struct web *web, const struct bloc *bloc, const char *label,
                      const char *copy_from, struct form_page *ret)
{
    struct year_brief *years = NULL;
    size_t count = 0;
    int status = year_list_of_bloc(web->office, web->actor, web->arena, bloc->home_id,
                                   bloc->bloc_id, &years, &count);
    struct choice *choices =
        status == TD_OK ? td_arena_alloc(web->arena, count, sizeof *choices) : NULL;
    if (choices == NULL) {
        return status == TD_OK ? TD_E_MEMORY : status;
    }
    for (size_t i = 0; i < count; i++) {
        choices[i] = (struct choice){years[i].year_id, layout_text(years[i].label)};
    }
    const char *path = path_of(web, bloc);
    *ret = (struct form_page){.action = web_path(web, path, "/years"),
                              .back = path,
                              .submit = TD_WORDS("Begin the year")};
    web_layout(web, &ret->layout, TD_WORDS("Begin a year"));
    ret->layout.lead = layout_text(bloc->name);
    form_add_field(ret, "label", TD_WORDS("Emulation year"), label)->hint =
        TD_WORDS("Write 2024, or 2024-2025 for a school year.");
    if (count > 0) {
        struct choice_field *from =
            form_add_choice(ret, "copy_from", TD_WORDS("Take members and regulation from"),
                            copy_from, choices, count);
        from->is_required = false;
        from->hint = TD_WORDS("Everything can be changed afterwards. Not chosen: begin empty.");
    }
    return TD_OK;
}

static int show_begin(struct web *web, const struct bloc *bloc, const char *label,
                      const char *copy_from, const struct td_problems *problems)
{
    struct form_page page;
    int status = begin_page(web, bloc, label, copy_from, &page);
    if (status != TD_OK) {
        return web_answer(web, status);
    }
    form_show(web, &page, problems);
    return TD_OK;
}

int year_add_form(struct http_exchange *x)
{
    struct web *web = web_of(x);
    const struct td_problems none = {0};
    struct bloc bloc = {0};
    int status = named(web, &bloc);
    return status == TD_OK ? show_begin(web, &bloc, "", "", &none) : web_answer(web, status);
}

int year_add(struct http_exchange *x)
{
    struct web *web = web_of(x);
    struct td_problems problems = TD_PROBLEMS(web->arena, NULL);
    struct bloc bloc = {0};
    const char *label = typed_text(web, "label"), *copy_from = typed_text(web, "copy_from");
    const char *id = NULL;
    int status = named(web, &bloc);
    if (status == TD_OK) {
        status = year_create(web->office, web->actor, web->arena, bloc.home_id, bloc.bloc_id, label,
                             *copy_from == '\0' ? NULL : copy_from, &problems, &id);
    }
    if (status == OFFICE_REFUSED) {
        return show_begin(web, &bloc, label, copy_from, &problems);
    }
    if (status != TD_OK) {
        return web_answer(web, status);
    }
    http_redirect(x, web_path(web, "/h/", bloc.home_id, "/years/", id, "/settings?saved=1"));
    return TD_OK;
}
