/*
 * What tools/statements.py makes of queries/ and migrations/: two tables, and the functions on
 * which the typed ones of db/queries.h stand. Use cases include db/queries.h; this header is for
 * the generated code, the drivers, and tests that visit every statement.
 *
 * A statement's values are read from and written to plain structs, by the offsets in its fields: a
 * row goes from the engine into the arena without anything between.
 */
#ifndef DB_STATEMENT_H
#define DB_STATEMENT_H

#include "db/db.h"

enum db_type {
    DB_INT,  /* int64_t */
    DB_BOOL, /* bool; 0 or 1 in the database */
    DB_TEXT, /* const char *, NUL-terminated UTF-8 */
    DB_BLOB, /* struct db_blob */
};

struct db_field {
    const char *name;
    enum db_type type;
    bool nullable;
    size_t offset; /* in the struct of what goes in or comes out */
};

enum db_result { DB_NONE, DB_ONE, DB_MANY, DB_EACH };

struct db_statement {
    const char *name;
    const char *sql;               /* for both engines; parameters are $1..$N */
    const char *scan;              /* why it reads a whole table; NULL: it doesn't */
    const struct db_field *params; /* $1 first */
    const struct db_field *columns;
    int param_count;
    int column_count;
    enum db_result result;
    size_t row_size;
    bool writes;
    int index; /* its own place in db_statements */
};

extern const struct db_statement db_statements[];
extern const int db_statement_count;

struct db_migration {
    int64_t number; /* 0: the table of migrations itself, run every time */
    const char *name;
    const char *sha256; /* of the file, in hex */
    const char *sqlite; /* the text for each engine */
    const char *postgres;
};

/* In the order of their numbers; the first has number 0. */
extern const struct db_migration db_migrations[];
extern const int db_migration_count;

/* Run a statement; `in` is its struct, NULL when it has none. */
int db_run_none(struct db_tx *tx, const struct db_statement *statement, const void *in,
                int64_t *ret_changed) TD_MUST_CHECK __attribute__((nonnull(1, 2)));
int db_run_one(struct db_tx *tx, const struct db_statement *statement, const void *in, void *ret,
               bool *ret_found) TD_MUST_CHECK __attribute__((nonnull(1, 2, 4, 5)));
int db_run_many(struct db_tx *tx, const struct db_statement *statement, const void *in, void **ret,
                size_t *ret_count) TD_MUST_CHECK __attribute__((nonnull(1, 2, 4, 5)));

/* Its rows one by one, into the same struct: texts and blobs are the engine's and live until the
 * next. Between begin, when it answered TD_OK, and end another statement is DB_E_BUG. End is told
 * how it went, and answers that or a failure it met. */
int db_each_begin(struct db_tx *tx, const struct db_statement *statement, const void *in)
    TD_MUST_CHECK __attribute__((nonnull(1, 2)));
int db_each_next(struct db_tx *tx, const struct db_statement *statement, void *row, bool *ret_found)
    TD_MUST_CHECK __attribute__((nonnull));
int db_each_end(struct db_tx *tx, const struct db_statement *statement, int status) TD_MUST_CHECK
    __attribute__((nonnull));

/* For tests: prepare it without running it, and compare what it takes and answers with what its
 * comment declares. *ret_plan gets SQLite's query plan, a line for each step; "" on PostgreSQL. */
int db_inspect(struct db_tx *tx, const struct db_statement *statement, const char **ret_plan)
    TD_MUST_CHECK __attribute__((nonnull));

#endif
