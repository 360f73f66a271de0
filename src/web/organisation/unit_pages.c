/*
 * Units: the forms to add and to change one.
 */
#include "web/organisation/organisation.h"

#include "base/banned.h"

static const char *authority_path(struct web *web, const char *authority_id)
{
    return web_path(web, "/h/", http_param(web->x, "home"), "/authorities/", authority_id);
}

static void fill(struct form_page *page, const struct unit *typed)
{
    form_add_field(page, "name", TD_WORDS("Name of the unit"), typed->name);
    form_add_field(page, "code", TD_WORDS("Short name"), typed->code)->hint =
        TD_WORDS("A few letters for tables, for example SCT. Each unit has its own.");
}

static struct unit typed_unit(struct web *web)
{
    return (struct unit){.home_id = http_param(web->x, "home"),
                         .name = typed_text(web, "name"),
                         .code = typed_text(web, "code"),
                         .version = typed_number(web, "version")};
}

static struct form_page add_page(struct web *web, const struct authority *authority,
                                 const struct unit *typed)
{
    const char *path = authority_path(web, authority->authority_id);
    struct form_page page = {
        .action = web_path(web, path, "/units"), .back = path, .submit = TD_WORDS("Add the unit")};
    web_layout(web, &page.layout, TD_WORDS("A new unit"));
    page.layout.lead = layout_text(authority->name);
    web_saved(web, &page.layout);
    fill(&page, typed);
    return page;
}

static int named_authority(struct web *web, struct authority *ret)
{
    return authority_get(web->office, web->actor, web->arena, http_param(web->x, "home"),
                         http_param(web->x, "authority"), ret);
}

int unit_add_form(struct http_exchange *x)
{
    struct web *web = web_of(x);
    const struct td_problems none = {0};
    struct authority authority = {0};
    int status = named_authority(web, &authority);
    if (status != TD_OK) {
        return web_answer(web, status);
    }
    struct form_page page = add_page(web, &authority, &(struct unit){.name = "", .code = ""});
    form_show(web, &page, &none);
    return TD_OK;
}

int unit_add(struct http_exchange *x)
{
    struct web *web = web_of(x);
    struct td_problems problems = TD_PROBLEMS(web->arena, NULL);
    struct authority authority = {0};
    struct unit typed = typed_unit(web);
    const char *id = NULL;
    int status = named_authority(web, &authority);
    if (status != TD_OK) {
        return web_answer(web, status);
    }
    typed.authority_id = authority.authority_id;
    status = unit_save(web->office, web->actor, web->arena, &typed, &problems, &id);
    struct form_page page = add_page(web, &authority, &typed);
    return form_end(web, &page, status, &problems,
                    web_path(web, authority_path(web, authority.authority_id), "?saved=1"));
}

static struct form_page edit_page(struct web *web, const struct unit *stored,
                                  const struct unit *typed)
{
    struct form_page page = {.action =
                                 web_path(web, "/h/", stored->home_id, "/units/", stored->unit_id),
                             .back = authority_path(web, stored->authority_id),
                             .submit = TD_WORDS("Save"),
                             .version = typed->version,
                             .stored = stored->version};
    web_layout(web, &page.layout, TD_WORDS("Change the unit"));
    page.layout.lead = layout_text(stored->authority_name);
    fill(&page, typed);
    page.lines[0].stored = form_stored(typed->name, stored->name);
    page.lines[1].stored = form_stored(typed->code, stored->code);
    return page;
}

static int named(struct web *web, struct unit *ret)
{
    return unit_get(web->office, web->actor, web->arena, http_param(web->x, "home"),
                    http_param(web->x, "unit"), ret);
}

int unit_edit_form(struct http_exchange *x)
{
    struct web *web = web_of(x);
    const struct td_problems none = {0};
    struct unit stored = {0};
    int status = named(web, &stored);
    if (status != TD_OK) {
        return web_answer(web, status);
    }
    struct form_page page = edit_page(web, &stored, &stored);
    form_show(web, &page, &none);
    return TD_OK;
}

int unit_edit(struct http_exchange *x)
{
    struct web *web = web_of(x);
    struct td_problems problems = TD_PROBLEMS(web->arena, NULL);
    struct unit stored = {0}, typed = typed_unit(web);
    const char *id = NULL;
    int status = named(web, &stored);
    if (status != TD_OK) {
        return web_answer(web, status);
    }
    typed.unit_id = stored.unit_id;
    status = unit_save(web->office, web->actor, web->arena, &typed, &problems, &id);
    struct form_page page = edit_page(web, &stored, &typed);
    return form_end(web, &page, status, &problems,
                    web_path(web, authority_path(web, stored.authority_id), "?saved=1"));
}
