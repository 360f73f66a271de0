/*
 * Authorities, units, blocs, years and regulations: who keeps what, what is refused, and what two
 * who write at once are told.
 */
#include "office_test.h"

#include "office/authority.h"
#include "office/rules.h"
#include "office/year.h"

#define REGULATION "regulations/hai-phong-2024/regulation.json"

/* A province with a district below it, two units, and a bloc of the province; another home. */
struct town {
    struct fixture *f;
    struct td_problems problems;
    const char *home, *province, *district, *other_home, *other;
    const char *first, *second; /* units */
    const char *bloc;
    struct actor_role roles[5];
    struct actor admin, officer, district_officer, other_officer, observer, leader, nobody;
};

static struct actor actor_with(struct actor_role *role, enum office_role kind, const char *home,
                               const char *scope)
{
    *role = (struct actor_role){
        .role = kind, .home_id = home, .scope_id = scope, .scope_name = "phạm vi"};
    return (struct actor){.account_id = "program",
                          .login = "lan",
                          .name = "Lan",
                          .language = "vi",
                          .roles = role,
                          .role_count = 1};
}

static struct td_problems *fresh(struct town *t)
{
    t->problems = TD_PROBLEMS(t->f->arena, NULL);
    return &t->problems;
}

/* Is the one problem at this field? */
static void assert_refused_at(const struct town *t, const char *field)
{
    assert_non_null(t->problems.first);
    assert_string_equal(t->problems.first->where, field);
    assert_non_null(t->problems.first->remedy.id);
    assert_null(t->problems.first->next);
}

static int add_authority(struct town *t, const struct actor *actor, const char *home,
                         const char *parent, const char *name, const char **ret_home,
                         const char **ret)
{
    return authority_save(t->f->office, actor, t->f->arena,
                          &(struct authority){.home_id = home,
                                              .parent_id = parent,
                                              .name = name,
                                              .council = "Hội đồng",
                                              .standing_office = "Sở Nội vụ"},
                          fresh(t), ret_home, ret);
}

static int add_unit(struct town *t, const struct actor *actor, const char *code, const char **ret)
{
    return unit_save(t->f->office, actor, t->f->arena,
                     &(struct unit){.home_id = t->home,
                                    .authority_id = t->province,
                                    .code = code,
                                    .name = "Sở Công Thương"},
                     fresh(t), ret);
}

static int add_bloc(struct town *t, const struct actor *actor, struct td_date since,
                    const char **ret)
{
    return bloc_save(t->f->office, actor, t->f->arena,
                     &(struct bloc){.home_id = t->home,
                                    .name = "Khối kinh tế",
                                    .authority_id = t->province,
                                    .since = since},
                     fresh(t), ret);
}

static struct td_date day(int year, int month, int of_month)
{
    struct td_date date = {0};
    assert_int_equal(td_date_make(year, month, of_month, &date), TD_OK);
    return date;
}

static void town_init(struct town *t, struct fixture *f)
{
    *t = (struct town){.f = f};
    t->admin = (struct actor){.account_id = "program",
                              .login = "admin",
                              .name = "Admin",
                              .language = "vi",
                              .administrator = true};
    t->nobody = t->admin;
    t->nobody.administrator = false;
    assert_int_equal(add_authority(t, &t->admin, NULL, NULL, "UBND tỉnh", &t->home, &t->province),
                     TD_OK);
    assert_int_equal(
        add_authority(t, &t->admin, NULL, NULL, "UBND nơi khác", &t->other_home, &t->other), TD_OK);
    t->officer = actor_with(&t->roles[0], OFFICE_OFFICER, t->home, t->province);
    assert_int_equal(
        add_authority(t, &t->officer, t->home, t->province, "UBND huyện", &t->home, &t->district),
        TD_OK);
    t->district_officer = actor_with(&t->roles[1], OFFICE_OFFICER, t->home, t->district);
    t->other_officer = actor_with(&t->roles[2], OFFICE_OFFICER, t->other_home, t->other);
    t->observer = actor_with(&t->roles[3], OFFICE_OBSERVER, t->home, t->province);
    assert_int_equal(add_unit(t, &t->officer, "SCT", &t->first), TD_OK);
    assert_int_equal(add_unit(t, &t->officer, "SNV", &t->second), TD_OK);
    t->leader = actor_with(&t->roles[4], OFFICE_LEADER, t->home, t->first);
    assert_int_equal(add_bloc(t, &t->officer, day(2024, 1, 1), &t->bloc), TD_OK);
}

static int begin_year(struct town *t, const struct actor *actor, const char *label,
                      const char *copy_from, const char **ret)
{
    return year_create(t->f->office, actor, t->f->arena, t->home, t->bloc, label, copy_from,
                       fresh(t), ret);
}

static struct bloc_year *year_of(struct town *t, const char *year_id)
{
    struct bloc_year *year = NULL;
    assert_int_equal(year_get(t->f->office, &t->officer, t->f->arena, t->home, year_id, &year),
                     TD_OK);
    return year;
}

static char *regulation_text(const struct town *t, size_t *ret_n)
{
    char *text = td_arena_alloc(t->f->arena, 1 << 20, 1);
    FILE *file = fopen(REGULATION, "rb");
    assert_non_null(file);
    assert_non_null(text);
    *ret_n = fread(text, 1, 1 << 20, file);
    assert_int_equal(fclose(file), 0);
    assert_true(*ret_n > 1000 && *ret_n < 1 << 20);
    return text;
}

static int load(struct town *t, const struct actor *actor, const char *authority, const char **ret)
{
    size_t n = 0;
    const char *text = regulation_text(t, &n);
    return rules_load(t->f->office, actor, t->f->arena, t->home, authority, text, n, fresh(t), ret);
}

/* ---- authorities ----------------------------------------------------------------------------- */

static void test_authority__is_kept_by_its_officers_and_those_above(struct fixture *f)
{
    struct town t;
    struct authority *rows = NULL, one;
    size_t count = 0;
    const char *home = NULL, *id = NULL;
    town_init(&t, f);
    const struct {
        const struct actor *actor;
        size_t count;
        int province, district;
    } cases[] = {
        {&t.officer, 2, TD_OK, TD_OK},
        {&t.district_officer, 1, OFFICE_NOT_FOUND, TD_OK},
        {&t.other_officer, 1, OFFICE_NOT_FOUND, OFFICE_NOT_FOUND},
        {&t.observer, 0, OFFICE_NOT_FOUND, OFFICE_NOT_FOUND},
        {&t.leader, 0, OFFICE_NOT_FOUND, OFFICE_NOT_FOUND},
        {&t.nobody, 0, OFFICE_NOT_FOUND, OFFICE_NOT_FOUND},
        {&t.admin, 3, TD_OK, TD_OK},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct actor *actor = cases[i].actor;
        assert_int_equal(authority_list(f->office, actor, f->arena, &rows, &count), TD_OK);
        assert_int_equal(count, cases[i].count);
        assert_int_equal(authority_get(f->office, actor, f->arena, t.home, t.province, &one),
                         cases[i].province);
        assert_int_equal(authority_get(f->office, actor, f->arena, t.home, t.district, &one),
                         cases[i].district);
    }
    const char *const names[] = {"Xã 1", "Xã 2", "Xã 3", "Xã 4", "Xã 5", "Xã 6", "Xã 7"};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct actor *actor = cases[i].actor;
        if (!actor->administrator) {
            assert_int_equal(add_authority(&t, actor, NULL, NULL, "Gốc", &home, &id),
                             OFFICE_FORBIDDEN);
            assert_int_equal(add_authority(&t, actor, t.home, t.district, names[i], &home, &id) ==
                                 TD_OK,
                             cases[i].district == TD_OK);
        }
    }
    audit_entries(f);
}
BOTH_ENGINES(test_authority__is_kept_by_its_officers_and_those_above)

static void test_authority__names_are_checked_and_conflicts_told(struct fixture *f)
{
    struct town t;
    struct authority a = {0};
    const char *home = NULL, *id = NULL;
    town_init(&t, f);
    int64_t entries = audit_entries(f);
    assert_int_equal(add_authority(&t, &t.officer, t.home, t.province, "  ", &home, &id),
                     OFFICE_REFUSED);
    assert_refused_at(&t, "name");
    assert_int_equal(authority_get(f->office, &t.officer, f->arena, t.home, t.province, &a), TD_OK);
    a.name = "UBND thành phố";
    assert_int_equal(authority_save(f->office, &t.officer, f->arena, &a, fresh(&t), &home, &id),
                     TD_OK);
    a.name = "muộn hơn";
    assert_int_equal(authority_save(f->office, &t.officer, f->arena, &a, fresh(&t), &home, &id),
                     OFFICE_CONFLICT);
    assert_int_equal(
        authority_save(f->office, &t.district_officer, f->arena, &a, fresh(&t), &home, &id),
        OFFICE_NOT_FOUND);
    assert_int_equal(authority_get(f->office, &t.officer, f->arena, t.home, t.province, &a), TD_OK);
    assert_string_equal(a.name, "UBND thành phố");
    assert_int_equal(audit_entries(f), entries + 1);
}
BOTH_ENGINES(test_authority__names_are_checked_and_conflicts_told)

/* So a form that is sent twice has one effect. */
static void test_authority__none_beside_it_has_its_name(struct fixture *f)
{
    struct town t;
    struct authority a = {0};
    const char *home = NULL, *id = NULL;
    town_init(&t, f);
    assert_int_equal(add_authority(&t, &t.officer, t.home, t.province, "Huyện B", &home, &id),
                     TD_OK);
    int64_t entries = audit_entries(f);
    assert_int_equal(add_authority(&t, &t.officer, t.home, t.province, "Huyện B", &home, &id),
                     OFFICE_REFUSED);
    assert_refused_at(&t, "name");
    assert_int_equal(authority_get(f->office, &t.officer, f->arena, t.home, t.district, &a), TD_OK);
    a.name = "Huyện B";
    assert_int_equal(authority_save(f->office, &t.officer, f->arena, &a, fresh(&t), &home, &id),
                     OFFICE_REFUSED);
    assert_refused_at(&t, "name");
    assert_int_equal(authority_get(f->office, &t.officer, f->arena, t.home, t.province, &a), TD_OK);
    assert_int_equal(add_authority(&t, &t.admin, NULL, NULL, a.name, &home, &id), OFFICE_REFUSED);
    assert_refused_at(&t, "name");
    assert_int_equal(audit_entries(f), entries);
    /* Elsewhere the same name is another authority's. */
    assert_int_equal(add_authority(&t, &t.officer, t.home, t.district, "Huyện B", &home, &id),
                     TD_OK);
    assert_int_equal(add_authority(&t, &t.admin, NULL, NULL, "Huyện B", &home, &id), TD_OK);
    /* An officer isn't told of another home's names, even by a refusal. */
    a.name = "UBND nơi khác";
    assert_int_equal(authority_save(f->office, &t.officer, f->arena, &a, fresh(&t), &home, &id),
                     TD_OK);
}
BOTH_ENGINES(test_authority__none_beside_it_has_its_name)

/* ---- units and blocs ------------------------------------------------------------------------- */

static void test_unit__is_one_under_its_short_name(struct fixture *f)
{
    struct town t;
    struct unit *rows = NULL, unit;
    size_t count = 0;
    const char *id = NULL;
    town_init(&t, f);
    assert_int_equal(add_unit(&t, &t.officer, "SCT", &id), OFFICE_REFUSED);
    assert_refused_at(&t, "code");
    assert_int_equal(add_unit(&t, &t.officer, "Sở", &id), OFFICE_REFUSED);
    assert_refused_at(&t, "code");
    const struct actor *const strangers[] = {
        &t.district_officer, &t.other_officer, &t.observer, &t.leader, &t.nobody, &t.admin, NULL};
    for (size_t i = 0; strangers[i] != NULL; i++) {
        const struct actor *actor = strangers[i];
        assert_int_equal(add_unit(&t, actor, "STC", &id), OFFICE_NOT_FOUND);
        assert_int_equal(unit_get(f->office, actor, f->arena, t.home, t.first, &unit),
                         OFFICE_NOT_FOUND);
        assert_int_equal(unit_list(f->office, actor, f->arena, t.home, t.province, &rows, &count),
                         OFFICE_NOT_FOUND);
    }
    assert_int_equal(unit_get(f->office, &t.officer, f->arena, t.home, t.first, &unit), TD_OK);
    unit.name = "Sở Công Thương tỉnh";
    assert_int_equal(unit_save(f->office, &t.officer, f->arena, &unit, fresh(&t), &id), TD_OK);
    assert_int_equal(unit_save(f->office, &t.officer, f->arena, &unit, fresh(&t), &id),
                     OFFICE_CONFLICT);
    assert_int_equal(unit_list(f->office, &t.officer, f->arena, t.home, t.province, &rows, &count),
                     TD_OK);
    assert_int_equal(count, 2);
    audit_entries(f);
}
BOTH_ENGINES(test_unit__is_one_under_its_short_name)

/* Đ after D and before E, whatever the database thinks of it. */
static void test_unit__stands_in_the_alphabet(struct fixture *f)
{
    static const char *const names[] = {"Sở Ô", "Sở Y tế", "Sở Đất đai", "Sở Em", "Sở Dân tộc"};
    static const char *const in_order[] = {"Sở Dân tộc", "Sở Đất đai", "Sở Em", "Sở Ô", "Sở Y tế"};
    struct town t;
    struct unit *rows = NULL;
    size_t count = 0, found = 0;
    const char *id = NULL;
    town_init(&t, f);
    for (size_t i = 0; i < 5; i++) {
        char code[] = {'Q', (char)('A' + (int)i), '\0'};
        const struct unit unit = {
            .home_id = t.home, .authority_id = t.province, .code = code, .name = names[i]};
        assert_int_equal(unit_save(f->office, &t.officer, f->arena, &unit, fresh(&t), &id), TD_OK);
    }
    assert_int_equal(unit_list(f->office, &t.officer, f->arena, t.home, t.province, &rows, &count),
                     TD_OK);
    for (size_t i = 0; i < count; i++) {
        if (rows[i].code[0] == 'Q') {
            assert_true(found < 5);
            assert_string_equal(rows[i].name, in_order[found]);
            found++;
        }
    }
    assert_int_equal(found, 5);
}
BOTH_ENGINES(test_unit__stands_in_the_alphabet)

static void test_bloc__is_delegated_from_a_day_on(struct fixture *f)
{
    struct town t;
    struct bloc bloc, *rows = NULL;
    size_t count = 0;
    const char *id = NULL;
    town_init(&t, f);
    assert_int_equal(add_bloc(&t, &t.officer, (struct td_date){0}, &id), OFFICE_REFUSED);
    assert_refused_at(&t, "name");
    assert_int_equal(add_bloc(&t, &t.officer, day(2030, 1, 1), &id), OFFICE_REFUSED);
    assert_refused_at(&t, "since");
    assert_int_equal(add_bloc(&t, &t.district_officer, (struct td_date){0}, &id), OFFICE_NOT_FOUND);
    assert_int_equal(bloc_get(f->office, &t.district_officer, f->arena, t.home, t.bloc, &bloc),
                     OFFICE_NOT_FOUND);
    assert_int_equal(bloc_get(f->office, &t.officer, f->arena, t.home, t.bloc, &bloc), TD_OK);
    assert_int_equal(td_date_compare(bloc.since, day(2024, 1, 1)), 0);

    bloc.authority_id = t.district;
    bloc.since = day(2023, 12, 31); /* would never count: the province's begins later */
    assert_int_equal(bloc_save(f->office, &t.officer, f->arena, &bloc, fresh(&t), &id),
                     OFFICE_REFUSED);
    assert_refused_at(&t, "since");
    bloc.since = day(2024, 6, 1);
    assert_int_equal(bloc_save(f->office, &t.officer, f->arena, &bloc, fresh(&t), &id), TD_OK);
    assert_int_equal(bloc_save(f->office, &t.officer, f->arena, &bloc, fresh(&t), &id),
                     OFFICE_CONFLICT);
    assert_int_equal(bloc_get(f->office, &t.district_officer, f->arena, t.home, t.bloc, &bloc),
                     TD_OK);
    assert_string_equal(bloc.authority_id, t.district);
    assert_int_equal(td_date_compare(bloc.since, day(2024, 6, 1)), 0);
    assert_int_equal(bloc_list(f->office, &t.officer, f->arena, t.home, t.province, &rows, &count),
                     TD_OK);
    assert_int_equal(count, 0);

    /* The district can't hand it to whom it doesn't keep. */
    bloc.authority_id = t.province;
    assert_int_equal(bloc_save(f->office, &t.district_officer, f->arena, &bloc, fresh(&t), &id),
                     OFFICE_NOT_FOUND);
    audit_entries(f);
}
BOTH_ENGINES(test_bloc__is_delegated_from_a_day_on)

/* ---- years ----------------------------------------------------------------------------------- */

static void test_year__begins_once_and_as_a_copy(struct fixture *f)
{
    static const char *const wrong[] = {"", "24", "2024-2026", "2024-2025 ", "năm"};
    struct town t;
    const char *id = NULL, *next = NULL;
    town_init(&t, f);
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        assert_int_equal(begin_year(&t, &t.officer, wrong[i], NULL, &id), OFFICE_REFUSED);
        assert_refused_at(&t, "label");
    }
    const struct actor *const strangers[] = {
        &t.district_officer, &t.other_officer, &t.observer, &t.leader, &t.nobody, &t.admin, NULL};
    for (size_t i = 0; strangers[i] != NULL; i++) {
        assert_int_equal(begin_year(&t, strangers[i], "2024", NULL, &id), OFFICE_NOT_FOUND);
    }
    assert_int_equal(begin_year(&t, &t.officer, "2024", NULL, &id), TD_OK);
    assert_int_equal(begin_year(&t, &t.officer, "2024", NULL, &next), OFFICE_REFUSED);
    assert_refused_at(&t, "label");
    const char *const units[] = {t.second, t.first};
    assert_int_equal(year_set_members(f->office, &t.officer, f->arena, t.home, id,
                                      year_of(&t, id)->version, units, 2, fresh(&t)),
                     TD_OK);
    assert_int_equal(begin_year(&t, &t.officer, "2025-2026", id, &next), TD_OK);
    struct bloc_year *year = year_of(&t, next);
    assert_int_equal(year->member_count, 2);
    assert_string_equal(year->members[0].unit_id, t.second);
    assert_int_equal(year->first_year, 2025);
    assert_int_equal(year->term_count, 0);

    /* Another bloc's members and rules are none of this one's. */
    const struct bloc another = {.home_id = t.home,
                                 .name = "Khối văn xã",
                                 .authority_id = t.province,
                                 .since = day(2024, 1, 1)};
    assert_int_equal(bloc_save(f->office, &t.officer, f->arena, &another, fresh(&t), &t.bloc),
                     TD_OK);
    assert_int_equal(begin_year(&t, &t.officer, "2025", id, &next), OFFICE_REFUSED);
    assert_refused_at(&t, "copy_from");
    assert_int_equal(begin_year(&t, &t.officer, "2025", NULL, &next), TD_OK);
    assert_int_equal(begin_year(&t, &t.officer, "2026", next, &next), TD_OK);
    audit_entries(f);
}
BOTH_ENGINES(test_year__begins_once_and_as_a_copy)

static void test_year__members_and_terms(struct fixture *f)
{
    struct town t;
    const char *id = NULL;
    town_init(&t, f);
    assert_int_equal(begin_year(&t, &t.officer, "2024", NULL, &id), TD_OK);
    int64_t seen = year_of(&t, id)->version;
    const char *const units[] = {t.first, t.second};
    const char *const unknown[] = {t.bloc};
    assert_int_equal(
        year_set_members(f->office, &t.officer, f->arena, t.home, id, seen, unknown, 1, fresh(&t)),
        OFFICE_NOT_FOUND);
    assert_int_equal(
        year_set_members(f->office, &t.officer, f->arena, t.home, id, seen, units, 2, fresh(&t)),
        TD_OK);
    assert_int_equal(
        year_set_members(f->office, &t.officer, f->arena, t.home, id, seen, units, 1, fresh(&t)),
        OFFICE_CONFLICT);
    assert_int_equal(year_of(&t, id)->member_count, 2);

    assert_int_equal(year_set_term(f->office, &t.officer, f->arena, t.home, id, false, "",
                                   (struct td_date){0}, fresh(&t)),
                     OFFICE_REFUSED);
    assert_string_equal(t.problems.first->where, "unit");
    assert_string_equal(t.problems.last->where, "since");
    assert_int_equal(year_set_term(f->office, &t.officer, f->arena, t.home, id, false, t.first,
                                   day(2024, 1, 1), fresh(&t)),
                     TD_OK);
    assert_int_equal(year_set_term(f->office, &t.officer, f->arena, t.home, id, false, t.second,
                                   day(2024, 7, 1), fresh(&t)),
                     TD_OK);
    assert_int_equal(year_set_term(f->office, &t.officer, f->arena, t.home, id, true, t.first,
                                   day(2024, 7, 1), fresh(&t)),
                     TD_OK);
    const struct bloc_year *year = year_of(&t, id);
    assert_int_equal(year->term_count, 3);
    assert_int_equal(td_date_compare(year->terms[0].until, day(2024, 6, 30)), 0);
    assert_string_equal(year->members[year->head].unit_id, t.second);
    assert_string_equal(year->members[year->deputy].unit_id, t.first);

    /* One that is entered late, between two that are there, ends where the next begins. */
    assert_int_equal(year_set_term(f->office, &t.officer, f->arena, t.home, id, false, t.second,
                                   day(2024, 3, 1), fresh(&t)),
                     TD_OK);
    year = year_of(&t, id);
    assert_int_equal(td_date_compare(year->terms[0].until, day(2024, 2, 29)), 0);
    assert_int_equal(td_date_compare(year->terms[1].since, day(2024, 3, 1)), 0);
    assert_int_equal(td_date_compare(year->terms[1].until, day(2024, 6, 30)), 0);

    /* Who has a term stays a member. */
    assert_int_equal(year_set_members(f->office, &t.officer, f->arena, t.home, id, year->version,
                                      units, 1, fresh(&t)),
                     OFFICE_REFUSED);
    assert_refused_at(&t, "members");
    assert_int_equal(year_of(&t, id)->member_count, 2);

    /* The leader of a member sees the year, and doesn't keep it; an observer likewise. */
    struct bloc_year *seen_year = NULL;
    assert_int_equal(year_get(f->office, &t.leader, f->arena, t.home, id, &seen_year), TD_OK);
    assert_false(seen_year->keeps);
    const struct actor *const readers[] = {&t.leader, &t.observer};
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(year_set_members(f->office, readers[i], f->arena, t.home, id,
                                          year->version, units, 2, fresh(&t)),
                         OFFICE_FORBIDDEN);
        assert_int_equal(year_set_term(f->office, readers[i], f->arena, t.home, id, false, t.first,
                                       day(2024, 8, 1), fresh(&t)),
                         OFFICE_FORBIDDEN);
    }
    assert_int_equal(year_get(f->office, &t.other_officer, f->arena, t.home, id, &seen_year),
                     OFFICE_NOT_FOUND);
    audit_entries(f);
}
BOTH_ENGINES(test_year__members_and_terms)

/* ---- regulations ----------------------------------------------------------------------------- */

static void test_rules__are_kept_whole_or_not_at_all(struct fixture *f)
{
    struct town t;
    struct rules_entry *rows = NULL;
    size_t count = 0;
    const char *id = NULL, *again = NULL;
    town_init(&t, f);
    assert_int_equal(
        rules_load(f->office, &t.officer, f->arena, t.home, t.province, "{}", 2, fresh(&t), &id),
        OFFICE_REFUSED);
    assert_int_equal(t.problems.errors, 1);
    assert_non_null(t.problems.first->remedy.id);
    assert_int_equal(rules_list(f->office, &t.officer, f->arena, t.home, t.province, &rows, &count),
                     TD_OK);
    assert_int_equal(count, 0);
    const struct actor *const strangers[] = {
        &t.district_officer, &t.other_officer, &t.observer, &t.leader, &t.nobody, &t.admin, NULL};
    for (size_t i = 0; strangers[i] != NULL; i++) {
        assert_int_equal(load(&t, strangers[i], t.province, &id), OFFICE_NOT_FOUND);
    }
    assert_int_equal(load(&t, &t.officer, t.province, &id), TD_OK);
    assert_int_equal(load(&t, &t.officer, t.province, &again), TD_OK);
    assert_string_equal(id, again);
    assert_int_equal(rules_list(f->office, &t.officer, f->arena, t.home, t.province, &rows, &count),
                     TD_OK);
    assert_int_equal(count, 1);
    audit_entries(f);
}
BOTH_ENGINES(test_rules__are_kept_whole_or_not_at_all)

static int read_rules(struct town *t, const struct actor *actor, const char *id)
{
    const struct td_regulation *regulation = NULL;
    struct rules_entry entry;
    return rules_get(t->f->office, actor, t->f->arena, t->home, id, &entry, &regulation);
}

static int set_rules(struct town *t, const struct actor *actor, const char *year, const char *id)
{
    return year_set_rules(t->f->office, actor, t->f->arena, t->home, year,
                          year_of(t, year)->version, id, day(2024, 12, 31), fresh(t));
}

static void test_rules__of_above_score_below_and_not_the_other_way(struct fixture *f)
{
    struct town t;
    struct rules_entry *rows = NULL;
    size_t count = 0;
    const char *above = NULL, *below = NULL, *year = NULL, *id = NULL;
    struct bloc bloc;
    town_init(&t, f);
    assert_int_equal(load(&t, &t.officer, t.province, &above), TD_OK);
    assert_int_equal(load(&t, &t.district_officer, t.district, &below), TD_OK);
    assert_int_equal(begin_year(&t, &t.officer, "2024", NULL, &year), TD_OK);
    assert_int_equal(set_rules(&t, &t.officer, year, below), OFFICE_NOT_FOUND);
    assert_int_equal(set_rules(&t, &t.observer, year, above), OFFICE_FORBIDDEN);

    assert_int_equal(bloc_get(f->office, &t.officer, f->arena, t.home, t.bloc, &bloc), TD_OK);
    bloc.authority_id = t.district;
    bloc.since = day(2024, 6, 1);
    assert_int_equal(bloc_save(f->office, &t.officer, f->arena, &bloc, fresh(&t), &id), TD_OK);
    assert_int_equal(
        rules_choices(f->office, &t.district_officer, f->arena, t.home, t.district, &rows, &count),
        TD_OK);
    assert_int_equal(count, 2);
    assert_string_equal(rows[0].regulation_id, below);
    assert_string_equal(rows[1].regulation_id, above);
    assert_int_equal(
        rules_choices(f->office, &t.district_officer, f->arena, t.home, t.province, &rows, &count),
        OFFICE_NOT_FOUND);
    assert_int_equal(set_rules(&t, &t.district_officer, year, above), TD_OK);
    assert_int_equal(td_date_compare(year_of(&t, year)->as_of, day(2024, 12, 31)), 0);
    assert_int_equal(year_set_rules(f->office, &t.officer, f->arena, t.home, year, 1, below,
                                    (struct td_date){0}, fresh(&t)),
                     OFFICE_CONFLICT);

    /* Officers below, and the members of a year that it scores, read it. */
    assert_int_equal(read_rules(&t, &t.officer, above), TD_OK);
    assert_int_equal(read_rules(&t, &t.district_officer, above), TD_OK);
    assert_int_equal(read_rules(&t, &t.leader, above), OFFICE_NOT_FOUND);
    const char *const units[] = {t.first};
    assert_int_equal(year_set_members(f->office, &t.officer, f->arena, t.home, year,
                                      year_of(&t, year)->version, units, 1, fresh(&t)),
                     TD_OK);
    assert_int_equal(read_rules(&t, &t.leader, above), TD_OK);
    assert_int_equal(read_rules(&t, &t.leader, below), OFFICE_NOT_FOUND);
    assert_int_equal(read_rules(&t, &t.other_officer, above), OFFICE_NOT_FOUND);
    assert_int_equal(read_rules(&t, &t.nobody, above), OFFICE_NOT_FOUND);
    audit_entries(f);
}
BOTH_ENGINES(test_rules__of_above_score_below_and_not_the_other_way)

int main(void)
{
    const struct CMUnitTest tests[] = {
        RUN_BOTH(test_authority__is_kept_by_its_officers_and_those_above),
        RUN_BOTH(test_authority__names_are_checked_and_conflicts_told),
        RUN_BOTH(test_authority__none_beside_it_has_its_name),
        RUN_BOTH(test_unit__is_one_under_its_short_name),
        RUN_BOTH(test_unit__stands_in_the_alphabet),
        RUN_BOTH(test_bloc__is_delegated_from_a_day_on),
        RUN_BOTH(test_year__begins_once_and_as_a_copy),
        RUN_BOTH(test_year__members_and_terms),
        RUN_BOTH(test_rules__are_kept_whole_or_not_at_all),
        RUN_BOTH(test_rules__of_above_score_below_and_not_the_other_way),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
