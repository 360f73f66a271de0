/*
 * A small bloc's year, made with the use cases: an authority, three units, head and deputy, and the
 * rules of regulations/ha-dong-2024. For tests of sheets, here and in the browser.
 */
#ifndef TESTS_UNIT_OFFICE_YEAR_TEST_H
#define TESTS_UNIT_OFFICE_YEAR_TEST_H

#include "office/authority.h"
#include "office/rules.h"
#include "office/year.h"

#include <stdio.h>

#define YEAR_UNITS 3
#define YEAR_RULES_MAX ((size_t)256 * 1024)

struct made_year {
    const char *home_id, *authority_id, *bloc_id, *year_id;
    const char *units[YEAR_UNITS]; /* the first is the head, the second the deputy */
};

static int make_units(struct office *office, const struct actor *actor, struct td_arena *arena,
                      struct td_problems *problems, struct made_year *y)
{
    static const char *const codes[] = {"SEN", "DAO", "MAI"};
    static const char *const names[] = {"UBND phường Hoa Sen", "UBND phường Hoa Đào",
                                        "UBND phường Hoa Mai"};
    int status = TD_OK;
    for (int i = 0; status == TD_OK && i < YEAR_UNITS; i++) {
        const struct unit unit = {.home_id = y->home_id,
                                  .authority_id = y->authority_id,
                                  .code = codes[i],
                                  .name = names[i]};
        status = unit_save(office, actor, arena, &unit, problems, &y->units[i]);
    }
    return status;
}

static int make_rules(struct office *office, const struct actor *actor, struct td_arena *arena,
                      const char *path, struct td_problems *problems, struct made_year *y)
{
    char *bytes = td_arena_alloc(arena, YEAR_RULES_MAX, 1);
    const char *rules_id = NULL;
    struct bloc_year *year = NULL;
    FILE *file = fopen(path, "rb");
    if (file == NULL || bytes == NULL) {
        return TD_E_MEMORY;
    }
    size_t n = fread(bytes, 1, YEAR_RULES_MAX, file);
    fclose(file);
    int status = rules_load(office, actor, arena, y->home_id, y->authority_id, bytes, n, problems,
                            &rules_id);
    if (status == TD_OK) {
        status = year_get(office, actor, arena, y->home_id, y->year_id, &year);
    }
    return status != TD_OK ? status
                           : year_set_rules(office, actor, arena, y->home_id, y->year_id,
                                            year->version, rules_id, (struct td_date){0}, problems);
}

static int make_members(struct office *office, const struct actor *actor, struct td_arena *arena,
                        struct td_problems *problems, struct made_year *y)
{
    const struct td_date since = {2024, 1, 1};
    struct bloc_year *year = NULL;
    int status = year_get(office, actor, arena, y->home_id, y->year_id, &year);
    if (status == TD_OK) {
        status = year_set_members(office, actor, arena, y->home_id, y->year_id, year->version,
                                  y->units, YEAR_UNITS, problems);
    }
    for (int i = 0; status == TD_OK && i < 2; i++) {
        status = year_set_term(office, actor, arena, y->home_id, y->year_id, i == 1, y->units[i],
                               since, problems);
    }
    return status;
}

static int make_year(struct office *office, const struct actor *actor, struct td_arena *arena,
                     const char *rules_path, struct td_problems *problems, struct made_year *y)
{
    const struct authority authority = {.name = "UBND quận Hà Đông",
                                        .council = "Hội đồng TĐKT quận",
                                        .standing_office = "Phòng Nội vụ"};
    int status =
        authority_save(office, actor, arena, &authority, problems, &y->home_id, &y->authority_id);
    if (status == TD_OK) {
        status = make_units(office, actor, arena, problems, y);
    }
    if (status == TD_OK) {
        const struct bloc bloc = {.home_id = y->home_id,
                                  .name = "Cụm thi đua các phường",
                                  .territorial = true,
                                  .authority_id = y->authority_id,
                                  .since = {2024, 1, 1}};
        status = bloc_save(office, actor, arena, &bloc, problems, &y->bloc_id);
    }
    if (status == TD_OK) {
        status = year_create(office, actor, arena, y->home_id, y->bloc_id, "2024", NULL, problems,
                             &y->year_id);
    }
    if (status == TD_OK) {
        status = make_members(office, actor, arena, problems, y);
    }
    return status == TD_OK ? make_rules(office, actor, arena, rules_path, problems, y) : status;
}

#endif
