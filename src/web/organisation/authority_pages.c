/*
 * Authorities: the list of those that the actor keeps, each one's page, and the forms to add or
 * change one.
 */
#include "web/organisation/organisation.h"

#include "web/templates.h"

#include <string.h>

#include "base/banned.h"

/* ---- the list -------------------------------------------------------------------------------- */

static bool is_officer_of(const struct actor *actor, const struct authority *authority)
{
    for (int32_t i = 0; i < actor->role_count; i++) {
        const struct actor_role *role = &actor->roles[i];
        if (role->role == OFFICE_OFFICER && strcmp(role->home_id, authority->home_id) == 0 &&
            strcmp(role->scope_id, authority->authority_id) == 0) {
            return true;
        }
    }
    return false;
}

static const struct authority *above(const struct authority *rows, size_t count,
                                     const struct authority *authority)
{
    for (size_t i = 0; authority->parent_id != NULL && i < count; i++) {
        if (strcmp(rows[i].home_id, authority->home_id) == 0 &&
            strcmp(rows[i].authority_id, authority->parent_id) == 0) {
            return &rows[i];
        }
    }
    return NULL;
}

/* An administrator's list holds authorities that only others keep. */
static bool is_kept(const struct actor *actor, const struct authority *rows, size_t count,
                    const struct authority *authority)
{
    for (size_t level = 0; authority != NULL && level <= count; level++) {
        if (is_officer_of(actor, authority)) {
            return true;
        }
        authority = above(rows, count, authority);
    }
    return false;
}

int organisation_show(struct http_exchange *x)
{
    struct web *web = web_of(x);
    struct authority *authorities = NULL;
    struct organisation_page page = {.administrates = web->actor->administrator};
    int status = authority_list(web->office, web->actor, web->arena, &authorities, &page.count);
    if (status == TD_OK && page.count == 0 && !page.administrates) {
        status = OFFICE_FORBIDDEN;
    }
    if (status != TD_OK) {
        return web_answer(web, status);
    }
    struct organisation_row *rows = td_arena_alloc(web->arena, page.count, sizeof *rows);
    if (rows == NULL) {
        return TD_E_MEMORY;
    }
    for (size_t i = 0; i < page.count; i++) {
        rows[i] = (struct organisation_row){
            .authority = &authorities[i],
            .keeps = is_kept(web->actor, authorities, page.count, &authorities[i])};
    }
    page.rows = rows;
    web_layout(web, &page.layout, TD_WORDS("Organisation"));
    web_saved(web, &page.layout);
    page.layout.lead = TD_WORDS("Authorities, their units, clusters and blocs, and the regulations "
                                "by which they score.");
    struct layout_action add = {.label = TD_WORDS("Add a first authority"),
                                .href = "/organisation/new",
                                .icon = ICON("plus")};
    if (page.administrates && page.count > 0) {
        page.layout.action = add;
    }
    page.nothing = (struct empty_state){
        .icon = ICON("building-bank"),
        .title = TD_WORDS("There is no authority yet"),
        .hint = TD_WORDS("Begin with the authority at the top, for example the People's Committee "
                         "of the province."),
        .action = add};
    struct html h = web_html(web);
    organisation_page_html(&h, &page);
    return TD_OK;
}

/* ---- forms ----------------------------------------------------------------------------------- */

static void fill(struct form_page *page, const struct authority *typed)
{
    form_add_field(page, "name", TD_WORDS("Name of the authority"), typed->name)->hint =
        TD_WORDS("As papers name it, for example: People's Committee of the province.");
    form_add_field(page, "council", TD_WORDS("Emulation and Commendation Council"), typed->council)
        ->hint = TD_WORDS("As papers name it.");
    form_add_field(page, "standing_office", TD_WORDS("Standing office of the council"),
                   typed->standing_office)
        ->hint = TD_WORDS("For example: Department of Home Affairs.");
}

static struct authority typed_authority(struct web *web)
{
    return (struct authority){.name = typed_text(web, "name"),
                              .council = typed_text(web, "council"),
                              .standing_office = typed_text(web, "standing_office"),
                              .version = typed_number(web, "version")};
}

static struct form_page root_page(struct web *web, const struct authority *typed)
{
    struct form_page page = {.action = "/organisation/new",
                             .back = "/organisation",
                             .submit = TD_WORDS("Add the authority")};
    web_layout(web, &page.layout, TD_WORDS("A first authority"));
    page.layout.lead =
        TD_WORDS("The authority at the top, with everything below it kept apart from others.");
    fill(&page, typed);
    return page;
}

int authority_root_form(struct http_exchange *x)
{
    struct web *web = web_of(x);
    const struct td_problems none = {0};
    struct form_page page =
        root_page(web, &(struct authority){.name = "", .council = "", .standing_office = ""});
    form_show(web, &page, &none);
    return TD_OK;
}

int authority_root_add(struct http_exchange *x)
{
    struct web *web = web_of(x);
    struct td_problems problems = TD_PROBLEMS(web->arena, NULL);
    const struct authority typed = typed_authority(web);
    const char *home = NULL, *id = NULL;
    int status = authority_save(web->office, web->actor, web->arena, &typed, &problems, &home, &id);
    struct form_page page = root_page(web, &typed);
    return form_end(web, &page, status, &problems, "/organisation?saved=1");
}

/* The authority that the address names, when the actor keeps it. */
static int named(struct web *web, struct authority *ret)
{
    return authority_get(web->office, web->actor, web->arena, http_param(web->x, "home"),
                         http_param(web->x, "authority"), ret);
}

static const char *path_of(struct web *web, const char *home_id, const char *authority_id)
{
    return web_path(web, "/h/", home_id, "/authorities/", authority_id);
}

static struct form_page below_page(struct web *web, const struct authority *parent,
                                   const struct authority *typed)
{
    const char *path = path_of(web, parent->home_id, parent->authority_id);
    struct form_page page = {.action = web_path(web, path, "/below"),
                             .back = path,
                             .submit = TD_WORDS("Add the authority")};
    web_layout(web, &page.layout, TD_MESSAGE("An authority below {0}", TD_TEXT(parent->name)));
    fill(&page, typed);
    return page;
}

int authority_below_form(struct http_exchange *x)
{
    struct web *web = web_of(x);
    const struct td_problems none = {0};
    struct authority parent = {0};
    int status = named(web, &parent);
    if (status != TD_OK) {
        return web_answer(web, status);
    }
    struct form_page page = below_page(
        web, &parent, &(struct authority){.name = "", .council = "", .standing_office = ""});
    form_show(web, &page, &none);
    return TD_OK;
}

int authority_below_add(struct http_exchange *x)
{
    struct web *web = web_of(x);
    struct td_problems problems = TD_PROBLEMS(web->arena, NULL);
    struct authority parent = {0}, typed = typed_authority(web);
    const char *home = NULL, *id = NULL;
    int status = named(web, &parent);
    if (status != TD_OK) {
        return web_answer(web, status);
    }
    typed.home_id = parent.home_id;
    typed.parent_id = parent.authority_id;
    status = authority_save(web->office, web->actor, web->arena, &typed, &problems, &home, &id);
    struct form_page page = below_page(web, &parent, &typed);
    return form_end(web, &page, status, &problems,
                    web_path(web, path_of(web, parent.home_id, id), "?saved=1"));
}

static struct form_page edit_page(struct web *web, const struct authority *stored,
                                  const struct authority *typed)
{
    const char *path = path_of(web, stored->home_id, stored->authority_id);
    struct form_page page = {.action = web_path(web, path, "/edit"),
                             .back = path,
                             .submit = TD_WORDS("Save"),
                             .version = typed->version,
                             .stored = stored->version};
    web_layout(web, &page.layout, TD_WORDS("Change the authority"));
    fill(&page, typed);
    page.lines[0].stored = form_stored(typed->name, stored->name);
    page.lines[1].stored = form_stored(typed->council, stored->council);
    page.lines[2].stored = form_stored(typed->standing_office, stored->standing_office);
    return page;
}

int authority_edit_form(struct http_exchange *x)
{
    struct web *web = web_of(x);
    const struct td_problems none = {0};
    struct authority stored = {0};
    int status = named(web, &stored);
    if (status != TD_OK) {
        return web_answer(web, status);
    }
    struct form_page page = edit_page(web, &stored, &stored);
    form_show(web, &page, &none);
    return TD_OK;
}

int authority_edit(struct http_exchange *x)
{
    struct web *web = web_of(x);
    struct td_problems problems = TD_PROBLEMS(web->arena, NULL);
    struct authority stored = {0}, typed = typed_authority(web);
    const char *home = NULL, *id = NULL;
    int status = named(web, &stored);
    if (status != TD_OK) {
        return web_answer(web, status);
    }
    typed.home_id = stored.home_id;
    typed.authority_id = stored.authority_id;
    status = authority_save(web->office, web->actor, web->arena, &typed, &problems, &home, &id);
    struct form_page page = edit_page(web, &stored, &typed);
    return form_end(web, &page, status, &problems,
                    web_path(web, path_of(web, stored.home_id, stored.authority_id), "?saved=1"));
}

/* ---- one authority --------------------------------------------------------------------------- */

static int read_lists(struct web *web, struct authority_page *page)
{
    const char *home = page->authority->home_id, *id = page->authority->authority_id;
    struct unit *units = NULL;
    struct bloc *blocs = NULL;
    struct rules_entry *rules = NULL;
    int status =
        unit_list(web->office, web->actor, web->arena, home, id, &units, &page->unit_count);
    if (status == TD_OK) {
        status =
            bloc_list(web->office, web->actor, web->arena, home, id, &blocs, &page->bloc_count);
    }
    if (status == TD_OK) {
        status =
            rules_list(web->office, web->actor, web->arena, home, id, &rules, &page->rules_count);
    }
    page->units = units;
    page->blocs = blocs;
    page->rules = rules;
    return status;
}

/* The page; with what was wrong with a file that was sent. */
static int show(struct web *web, const struct td_problems *refused, struct td_message file_error)
{
    struct authority authority = {0};
    static const struct layout_crumb crumbs[] = {{{.id = TD_ID("Organisation")}, "/organisation"}};
    struct authority_page page = {
        .authority = &authority, .refused = refused, .file_error = file_error};
    int status = named(web, &authority);
    if (status == TD_OK) {
        status = read_lists(web, &page);
    }
    if (status != TD_OK) {
        return web_answer(web, status);
    }
    page.path = path_of(web, authority.home_id, authority.authority_id);
    web_layout(web, &page.layout, layout_text(authority.name));
    page.layout.crumbs = crumbs;
    page.layout.crumb_count = 1;
    if (authority.parent_id != NULL) {
        page.layout.lead = TD_MESSAGE("Below {0}", TD_TEXT(authority.parent_name));
    }
    page.layout.action = (struct layout_action){.label = TD_WORDS("Change"),
                                                .href = web_path(web, page.path, "/edit"),
                                                .icon = ICON("pencil")};
    if (refused != NULL || file_error.id != NULL) {
        http_set_status(web->x, 422);
        page.layout.flash = (struct layout_flash){
            .kind = LAYOUT_FLASH_REFUSED,
            .message = TD_WORDS("The file was not taken; nothing was saved. See below, at "
                                "Regulations, what is wrong with it."),
        };
    }
    web_saved(web, &page.layout);
    struct html h = web_html(web);
    authority_page_html(&h, &page);
    return TD_OK;
}

int authority_show(struct http_exchange *x)
{
    return show(web_of(x), NULL, (struct td_message){0});
}

int rules_add(struct http_exchange *x)
{
    struct web *web = web_of(x);
    const struct http_file *file = http_upload(x, "file");
    const char *id = NULL;
    if (file == NULL) {
        return show(web, NULL, TD_WORDS("Choose the regulation's file first."));
    }
    struct td_problems problems = TD_PROBLEMS(web->arena, file->filename);
    int status = rules_load(web->office, web->actor, web->arena, http_param(x, "home"),
                            http_param(x, "authority"), file->bytes, file->n, &problems, &id);
    if (status == OFFICE_REFUSED) {
        return show(web, &problems, (struct td_message){0});
    }
    if (status != TD_OK) {
        return web_answer(web, status);
    }
    http_redirect(x, web_path(web, "/h/", http_param(x, "home"), "/rules/", id, "?saved=1"));
    return TD_OK;
}
