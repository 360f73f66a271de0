/*
 * The database behind the offices: one interface, two drivers.
 *
 * SQLite is the default: a file, WAL, every COMMIT synced. PostgreSQL 15 or later serves a province
 * or the nation. The program above sees use cases only: db_transact runs a function inside one
 * transaction and answers when its rows are durable, or when nothing of it happened.
 *
 *     static int rename_unit(struct db_tx *tx, void *data)
 *     {
 *         struct rename *r = data;
 *         return unit_rename(tx, &(struct unit_rename_in){.home_id = r->home, .name = r->name});
 *     }
 *     status = db_transact(db, DB_WRITE, arena, rename_unit, &r);
 *
 * The function may be run more than once: on PostgreSQL after a serialization failure or a lost
 * connection, at COMMIT too, when nobody knows whether the rows are there. So it has no effect but
 * rows, writes the same rows when they are there already (ON CONFLICT DO UPDATE), writes what it
 * answers into `data` afresh each time, and allocates from db_arena(tx) only, which is rewound
 * before it is run again. Where it can't write the same (a key is taken, a version was seen by
 * others), it fails or refuses when it meets its own rows: after a lost COMMIT that is answered as
 * DB_E_AWAY. On SQLite it runs on another thread; it starts no transaction itself.
 *
 * Writes. On SQLite one thread writes: it takes the use cases that wait, runs each in a savepoint
 * of its own, commits them together, and only then answers; a COMMIT that fails fails them all.
 * Readers never wait for it. On PostgreSQL each runs SERIALIZABLE on a connection of the pool.
 *
 * Failures. Expected ones (a key that is taken), those of the environment (away, full, read-only)
 * and bugs have different numbers. Once a statement of a transaction has failed, the others answer
 * the same failure without being run, and the transaction is rolled back whatever the use case
 * answers: it returns the first it meets. After an outage at COMMIT the rows may be there all the
 * same: on PostgreSQL when it is DB_E_AWAY; on SQLite should the machine fail before anything else
 * is written, and no reader sees them until it does.
 */
#ifndef DB_DB_H
#define DB_DB_H

#include "thidua/arena.h"
#include "thidua/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Beside TD_OK and TD_E_MEMORY. */
enum db_status {
    DB_E_UNIQUE = -32,    /* expected: a unique key is taken */
    DB_E_REFERENCE = -33, /* expected: what is referred to isn't there, or is still referred to */
    DB_E_AWAY = -40,      /* can't be reached, or did not answer in time; may be tried again */
    DB_E_BUSY = -41,      /* others were in the way at every try, or too many wait; may be tried */
    DB_E_FULL = -42,      /* no room on the disk */
    DB_E_READONLY = -43,  /* the disk, the file or the server takes no writes */
    DB_E_BROKEN = -44,    /* the disk failed, or the file is damaged */
    DB_E_VERSION = -45,   /* the schema is older or newer than this program, or was altered */
    DB_E_EMPTY = -46,     /* nothing of this program is in the database yet */
    DB_E_BUG = -49,       /* a statement is wrong, or a rule of the schema was broken */
};

/* Is it the environment's fault (503, not acknowledged), not the user's and not ours? */
bool db_is_outage(int status);

/* An integer that is NULL in the database. */
#define DB_NULL INT64_MIN

struct db_blob {
    const void *bytes; /* NULL: NULL in the database */
    size_t n;
};

struct db;
struct db_tx;

enum db_engine { DB_SQLITE, DB_POSTGRES };

enum db_mode {
    DB_READ,  /* one snapshot; statements that write fail as DB_E_BUG */
    DB_WRITE, /* SERIALIZABLE, or BEGIN IMMEDIATE */
};

struct db_options {
    int readers;     /* transactions that read at once, each with a connection; 1..64 */
    int writers;     /* the same for writes, PostgreSQL only; 1..64 */
    int queue_max;   /* writes that may wait; a further one fails with DB_E_BUSY */
    int deadline_ms; /* for one statement, its answer included; PostgreSQL, and SQLite's wait for
                           another process's lock. Also for a connection of the pool to become
                           free, and for all repeats of a use case together */
    bool create;     /* SQLite: make the file when there is none, mode 0600 */
};

#define DB_OPTIONS                                                                                 \
    ((struct db_options){                                                                          \
        .readers = 4, .writers = 4, .queue_max = 1024, .deadline_ms = 5000, .create = true})

/* Why something failed, in the words of the engine: for the log, never for the page. */
#define DB_DETAIL 512
struct db_detail {
    char text[DB_DETAIL];
};

/* Open "postgres://…", "postgresql://…" or a libpq "host=…" string (several hosts may stand in it;
 * target_session_attrs=read-write, and connect_timeout=2 for each host, are added when they
 * aren't there); anything else is the path of a SQLite file. Nothing is migrated. On failure
 * *reterr says why. The url may hold a password: it is never logged and never part of *reterr. */
int db_open(const char *url, const struct db_options *options, struct db **ret,
            struct db_detail *reterr) TD_MUST_CHECK __attribute__((nonnull));

/* Waits for what runs and for writes that were accepted; then closes. NULL is allowed. */
void db_close(struct db *db);

enum db_engine db_engine(const struct db *db) __attribute__((nonnull));

/* A use case inside a transaction. TD_OK commits; anything else rolls back and is answered by
 * db_transact as it is. Positive numbers are the caller's own. */
typedef int db_use_case(struct db_tx *tx, void *data);

int db_transact(struct db *db, enum db_mode mode, struct td_arena *arena, db_use_case *work,
                void *data) TD_MUST_CHECK __attribute__((nonnull(1, 3, 4)));

/* The arena given to db_transact. */
struct td_arena *db_arena(struct db_tx *tx) __attribute__((nonnull, returns_nonnull));

/* The last failure's detail of a transaction on this thread, for the log; "" when there is none. */
const char *db_last_detail(void);

/* ---- schema ---------------------------------------------------------------------------------- */

/* Bring the schema up to this program's, one transaction a migration. *ret_applied gets how many
 * were applied. DB_E_VERSION when the database knows a migration that this program doesn't, or one
 * whose text differs from what was applied. */
int db_migrate(struct db *db, int *ret_applied, struct db_detail *reterr) TD_MUST_CHECK
    __attribute__((nonnull));

/* TD_OK when the schema is exactly this program's; DB_E_VERSION otherwise, with *ret_behind saying
 * how many migrations are missing (0 when it is newer or altered). DB_E_EMPTY, behind by all, where
 * none was ever applied. */
int db_check_schema(struct db *db, int *ret_behind, struct db_detail *reterr) TD_MUST_CHECK
    __attribute__((nonnull));

/* ---- for tests ------------------------------------------------------------------------------- */

/* From now on the nth statement run (1: the next one; COMMIT counts as one in transactions that
 * write) fails with `status`, once, and the use case isn't repeated; 0 turns it off. Answers how
 * many statements were run since the last call. tests/faults.h uses it. */
long db_fail_statement(struct db *db, long nth, int status) __attribute__((nonnull));

/* PostgreSQL: the next COMMIT of a transaction that writes is done, and its answer lost. */
void db_lose_answer(struct db *db) __attribute__((nonnull));

#endif
