/*
 * The schema: which migrations are in the database, and applying those that aren't.
 *
 * Each is applied in a transaction of its own that first takes the lock, the row 0 of their table,
 * and then looks again: of two servers that start at once one applies it and the other finds it
 * there.
 */
#include "db/driver.h"

#include "db/queries.h"

#include <string.h>
#include <time.h>

#include "base/banned.h"

/* Many rows may have to be rewritten. */
#define MIGRATION_MS (10 * 60 * 1000)

#define ARENA_MAX ((size_t)4 * 1024 * 1024)

struct migration_work {
    int applied; /* migrations in the database, without 0 */
    bool is_altered;
    bool has_applied; /* one was applied just now */
    struct db_detail detail;
};

/* Compare what was applied with what this program holds. */
static int look(struct db_tx *tx, struct migration_work *work)
{
    struct migration_list_row *rows = NULL;
    size_t count = 0;
    int status = q_migration_list(tx, &rows, &count);

    work->is_altered = false;
    work->applied = 0;
    if (status != TD_OK) {
        return status;
    }
    for (size_t i = 0; i < count; i++) {
        int64_t number = rows[i].number;

        if (number >= db_migration_count) {
            db_detail_set(&work->detail,
                          "the database has migration %04d (%s), which this program doesn't know; "
                          "use the program that made it, or a newer one",
                          (int)number, rows[i].name);
            work->is_altered = true;
            return TD_OK;
        }
        if (number != (int64_t)i + 1 || strcmp(rows[i].sha256, db_migrations[number].sha256) != 0) {
            db_detail_set(&work->detail,
                          "migration %04d (%s) is not the one that was applied to the database",
                          (int)number, rows[i].name);
            work->is_altered = true;
            return TD_OK;
        }
    }
    work->applied = (int)count;
    return TD_OK;
}

static int look_only(struct db_tx *tx, void *data)
{
    struct migration_work *work = data;
    int status = look(tx, work);

    /* A database where nothing was ever applied. */
    return tx->no_table ? DB_E_EMPTY : status;
}

static int apply_next(struct db_tx *tx, void *data)
{
    struct migration_work *work = data;
    int64_t now = (int64_t)time(NULL);

    work->has_applied = false;
    int status = tx->db->driver->script(tx, &db_migrations[0]);
    if (status == TD_OK) {
        status = q_migration_lock(tx, &(struct migration_lock_in){.applied = now}, NULL);
    }
    if (status == TD_OK) {
        status = look(tx, work);
    }
    if (status != TD_OK || work->is_altered || work->applied + 1 == db_migration_count) {
        return status;
    }
    const struct db_migration *next = &db_migrations[work->applied + 1];
    status = tx->db->driver->script(tx, next);
    if (status != TD_OK) {
        return status;
    }
    work->has_applied = true;
    return q_migration_add(
        tx,
        &(struct migration_add_in){
            .number = next->number, .name = next->name, .sha256 = next->sha256, .applied = now},
        NULL);
}

int db_migrate(struct db *db, int *ret_applied, struct db_detail *reterr)
{
    struct td_arena *arena = td_arena_new(ARENA_MAX);
    struct migration_work work = {.has_applied = true};
    struct td_mark mark;
    int status = TD_OK;
    int again = 3;

    *ret_applied = 0;
    reterr->text[0] = '\0';
    if (arena == NULL) {
        return TD_E_MEMORY;
    }
    mark = td_arena_mark(arena);
    while (status == TD_OK && work.has_applied) {
        td_arena_rewind(arena, mark);
        status = db_transact_within(db, DB_WRITE, arena, apply_next, &work, MIGRATION_MS);
        if (status == TD_OK && work.has_applied) {
            *ret_applied += 1;
        } else if (status == DB_E_UNIQUE && again > 0) {
            /* PostgreSQL, when two servers make the table of migrations at once. */
            again--;
            work.has_applied = true;
            status = TD_OK;
        }
    }
    if (status == TD_OK && work.is_altered) {
        *reterr = work.detail;
        status = DB_E_VERSION;
    } else if (status != TD_OK) {
        db_detail_set(reterr, "%s", db_last_detail());
    }
    td_arena_free(arena);
    return status;
}

int db_check_schema(struct db *db, int *ret_behind, struct db_detail *reterr)
{
    struct td_arena *arena = td_arena_new(ARENA_MAX);
    struct migration_work work = {0};

    *ret_behind = 0;
    reterr->text[0] = '\0';
    if (arena == NULL) {
        return TD_E_MEMORY;
    }
    int status = db_transact(db, DB_READ, arena, look_only, &work);
    td_arena_free(arena);
    if (status != TD_OK && status != DB_E_EMPTY) {
        db_detail_set(reterr, "%s", db_last_detail());
        return status;
    }
    if (work.is_altered) {
        *reterr = work.detail;
        return DB_E_VERSION;
    }
    *ret_behind = db_migration_count - 1 - work.applied;
    if (status == TD_OK && *ret_behind == 0) {
        return TD_OK;
    }
    db_detail_set(reterr, "%d migrations are missing; run “thidua migrate”", *ret_behind);
    return status == DB_E_EMPTY ? DB_E_EMPTY : DB_E_VERSION;
}
