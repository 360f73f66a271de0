/*
 * A year to score in browser tests: sheet_year DATABASE REGULATION makes it with the use cases, and
 * prints its ids, one a line: home, authority, year, then the units.
 */
#include "../unit/office/year_test.h"

#include <stdlib.h>

int main(int argc, char **argv)
{
    struct db_options options = DB_OPTIONS;
    struct db_detail detail = {0};
    struct td_arena *arena = td_arena_new((size_t)64 * 1024 * 1024);
    struct td_problems problems = TD_PROBLEMS(arena, NULL);
    const struct actor program = OFFICE_PROGRAM;
    struct office *office = NULL;
    struct db *db = NULL;
    struct made_year y = {0};
    if (argc != 3 || arena == NULL || db_open(argv[1], &options, &db, &detail) != TD_OK ||
        office_new(db, &office) != TD_OK) {
        fprintf(stderr, "sheet_year DATABASE REGULATION: %s\n", detail.text);
        return EXIT_FAILURE;
    }
    int status = make_year(office, &program, arena, argv[2], &problems, &y);
    if (status == TD_OK) {
        printf("%s\n%s\n%s\n", y.home_id, y.authority_id, y.year_id);
        for (int i = 0; i < YEAR_UNITS; i++) {
            printf("%s\n", y.units[i]);
        }
    } else {
        fprintf(stderr, "no year: %d %s\n", status,
                problems.first == NULL ? "" : problems.first->what.id);
    }
    office_free(office);
    db_close(db);
    td_arena_free(arena);
    return status == TD_OK ? EXIT_SUCCESS : EXIT_FAILURE;
}
