/*
 * The screens of the organisation: authorities, units, blocs and their years, a year's settings.
 */
#ifndef WEB_ORGANISATION_ORGANISATION_H
#define WEB_ORGANISATION_ORGANISATION_H

#include "office/authority.h"
#include "office/rules.h"
#include "office/year.h"
#include "web/form.h"

/* An authority in the list, and how the actor may go on from it. */
struct organisation_row {
    const struct authority *authority;
    bool keeps; /* the actor is its officer, or of one above it */
};

struct organisation_page {
    struct layout layout;
    const struct organisation_row *rows;
    size_t count;
    bool administrates;
    struct empty_state nothing;
};

struct authority_page {
    struct layout layout;
    const char *path; /* of the authority */
    const struct authority *authority;
    const struct unit *units;
    size_t unit_count;
    const struct bloc *blocs;
    size_t bloc_count;
    const struct rules_entry *rules;
    size_t rules_count;
    const struct td_problems *refused; /* of a file that was sent; NULL: none was */
    struct td_message file_error;      /* no file was sent */
};

struct bloc_page {
    struct layout layout;
    const char *path;
    const struct bloc *bloc;
    const struct year_brief *years;
    size_t year_count;
    struct empty_state nothing;
};

/* A unit that may be chosen as a member. */
struct settings_row {
    const char *unit_id, *code, *name;
    const char *order_name; /* of the field that says its place: "order-…" */
    const char *order;      /* its value */
    bool is_member;
};

struct settings_page {
    struct layout layout;
    const char *path;
    const struct bloc_year *year;
    const struct settings_row *rows;
    size_t row_count;
    struct td_message members_error, members_remedy;
    struct choice_field role, unit, regulation;
    struct field since, as_of;
    const char *authority_path; /* where units and regulations are added */
};

/* The problem of a field beside a part of a page that has several forms. */
void organisation_mark_field(struct field *field, const struct td_problems *problems)
    __attribute__((nonnull));
void organisation_mark_choice(struct choice_field *field, const struct td_problems *problems)
    __attribute__((nonnull));

int organisation_show(struct http_exchange *x);
int authority_root_form(struct http_exchange *x);
int authority_root_add(struct http_exchange *x);

int authority_show(struct http_exchange *x);
int authority_edit_form(struct http_exchange *x);
int authority_edit(struct http_exchange *x);
int authority_below_form(struct http_exchange *x);
int authority_below_add(struct http_exchange *x);
int rules_add(struct http_exchange *x);

int unit_add_form(struct http_exchange *x);
int unit_add(struct http_exchange *x);
int unit_edit_form(struct http_exchange *x);
int unit_edit(struct http_exchange *x);

int bloc_add_form(struct http_exchange *x);
int bloc_add(struct http_exchange *x);
int bloc_show(struct http_exchange *x);
int bloc_edit_form(struct http_exchange *x);
int bloc_edit(struct http_exchange *x);
int year_add_form(struct http_exchange *x);
int year_add(struct http_exchange *x);

int settings_show(struct http_exchange *x);
int settings_members(struct http_exchange *x);
int settings_term(struct http_exchange *x);
int settings_rules(struct http_exchange *x);

#endif
