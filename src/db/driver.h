/*
 * Between db.c, which knows what a use case and a statement are, and the two drivers, which know
 * an engine each. Only files of this folder include it.
 */
#ifndef DB_DRIVER_H
#define DB_DRIVER_H

#include "db/statement.h"

#include <pthread.h>
#include <stdatomic.h>

/* A use case on its way through a driver. */
struct db_job {
    enum db_mode mode;
    struct td_arena *arena;
    db_use_case *work;
    void *data;
    int deadline_ms; /* for one statement */
    struct db_detail detail;
};

struct db_tx {
    struct db *db;
    struct db_job *job;
    void *connection; /* the driver's */
    int status;       /* TD_OK, or the first failure */
    bool no_table;    /* it failed for want of a table */
    bool each;        /* between db_each_begin and db_each_end: bytes of rows aren't copied */
};

/* One value of a row. What bytes point to lives until the next step. */
struct db_value {
    bool is_null;
    int64_t number;
    const void *bytes;
    size_t n;
};

/* Functions that take a tx record a failure by db_fail and answer it. */
struct db_driver {
    void (*close)(struct db *db);
    int (*transact)(struct db *db, struct db_job *job);
    /* Run with what was bound by the fields' offsets in `in`, which db.c has checked. */
    int (*start)(struct db_tx *tx, const struct db_statement *statement, const void *in);
    int (*step)(struct db_tx *tx, const struct db_statement *statement, bool *ret_row);
    /* The row that was stepped to, into its struct: each column by db_put. */
    int (*row)(struct db_tx *tx, const struct db_statement *statement, char *row);
    /* How many rows a SELECT answered, when that is known before they are read; else 0. */
    size_t (*count)(struct db_tx *tx, const struct db_statement *statement);
    /* After start succeeded, whatever came then. Answers the rows that were changed. */
    int64_t (*finish)(struct db_tx *tx, const struct db_statement *statement);
    int (*script)(struct db_tx *tx, const struct db_migration *migration);
    int (*inspect)(struct db_tx *tx, const struct db_statement *statement, const char **ret_plan);
};

struct db {
    const struct db_driver *driver;
    enum db_engine engine;
    struct db_options options;
    atomic_long run;     /* statements since the last db_fail_statement */
    atomic_long fail_in; /* the statement that fails, counted from now; 0 or less: none */
    atomic_int fail_status;
    atomic_bool lose_answer; /* of the next COMMIT */
};

int sqlite_open(const char *path, const struct db_options *options, struct db **ret,
                struct db_detail *reterr) TD_MUST_CHECK;
int postgres_open(const char *url, const struct db_options *options, struct db **ret,
                  struct db_detail *reterr) TD_MUST_CHECK;

/* Record a failure with its detail, unless there is one already, and answer the recorded one. */
int db_fail(struct db_tx *tx, int status, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

void db_detail_set(struct db_detail *detail, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* db_transact with another deadline for a statement. */
int db_transact_within(struct db *db, enum db_mode mode, struct td_arena *arena, db_use_case *work,
                       void *data, int deadline_ms) TD_MUST_CHECK;

/* Run the use case of tx->job, from the beginning: what db_transact is to answer unless the
 * transaction fails after. */
int db_job_run(struct db_tx *tx);

/* A statement or COMMIT is due: TD_OK, or the failure that a test has asked for. */
int db_due(struct db *db, struct db_detail *detail) TD_MUST_CHECK;

/* Put a value where its field is in a row's struct, what it points to copied into the arena unless
 * rows are handed on one by one. Texts must end with a NUL, which isn't counted. */
int db_put(struct db_tx *tx, const struct db_statement *statement, const struct db_field *field,
           const struct db_value *value, char *row);

/* The same of a text that is there. */
int db_put_text(struct db_tx *tx, const struct db_statement *statement,
                const struct db_field *field, const char *text, size_t n, char *row);

/* The fields of a struct that goes in. */
int64_t db_field_number(const struct db_field *field, const void *in);
const void *db_field_bytes(const struct db_field *field, const void *in, size_t *ret_n);

int64_t db_now_ms(void);

/* ---- pool ------------------------------------------------------------------------------------ */

#define DB_POOL_MAX 64

/* Which of a fixed number of connections are taken. The lowest free one is given, so that the
 * fewest are in use and those are warm. */
struct db_pool {
    pthread_mutex_t lock;
    pthread_cond_t freed;
    int count;
    int waiting;
    int waiting_max;
    bool taken[DB_POOL_MAX];
};

int db_pool_init(struct db_pool *pool, int count, int waiting_max) TD_MUST_CHECK;
void db_pool_release(struct db_pool *pool);
/* DB_E_BUSY when too many wait already, or none becomes free in time. */
int db_pool_take(struct db_pool *pool, int wait_ms, int *ret_slot) TD_MUST_CHECK;
void db_pool_give(struct db_pool *pool, int slot);
/* Wait until none is taken. */
void db_pool_drain(struct db_pool *pool);

#endif
