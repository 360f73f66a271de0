/*
 * Between the SQLite driver's two files: connections and statements (sqlite.c), and the thread that
 * writes (sqlite_writer.c). The only header that includes sqlite3.h.
 */
#ifndef DB_SQLITE_H
#define DB_SQLITE_H

#include "db/driver.h"

#include <sqlite3.h>

/* What is run around statements. */
enum sqlite_control {
    CONTROL_BEGIN,           /* of a reader */
    CONTROL_BEGIN_IMMEDIATE, /* of a group */
    CONTROL_SAVEPOINT,       /* of a use case in it */
    CONTROL_RELEASE,
    CONTROL_ROLLBACK_TO,
    CONTROL_COMMIT,
    CONTROL_ROLLBACK,
    CONTROLS
};

struct sqlite_connection {
    sqlite3 *handle; /* NULL: not opened yet */
    /* Both prepared at first use; the statements by struct db_statement's index. */
    sqlite3_stmt *controls[CONTROLS];
    sqlite3_stmt **statements;
};

/* A use case that waits to be written; on the stack of the thread that waits for its answer. */
struct sqlite_request {
    struct db_job *job;
    int status;
    bool is_done;
    pthread_cond_t done;
    struct sqlite_request *next;
};

struct sqlite_writer {
    struct sqlite_connection connection;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t wanted; /* there is a request, or an end */
    struct sqlite_request *first;
    struct sqlite_request **last;
    int waiting;
    bool is_ending;
};

struct sqlite {
    struct db db; /* first: the drivers' functions get it */
    char *path;   /* absolute */
    struct db_pool pool;
    struct sqlite_connection readers[DB_POOL_MAX];
    struct sqlite_writer writer;
};

/* TD_OK, or what a result code of SQLite means to a writer. */
int sqlite_status(int code) TD_MUST_CHECK;

/* Run SQL without parameters or answers. */
int sqlite_exec(struct sqlite_connection *c, const char *sql, struct db_detail *detail)
    TD_MUST_CHECK;

int sqlite_control(struct sqlite_connection *c, enum sqlite_control which, struct db_detail *detail)
    TD_MUST_CHECK;

/* Start the thread that writes, with its connection; on failure it isn't there. */
int sqlite_writer_start(struct sqlite *sqlite) TD_MUST_CHECK;

/* Write what waits, then end the thread. */
void sqlite_writer_stop(struct sqlite *sqlite);

/* Wait for one's turn and the answer. */
int sqlite_write(struct sqlite *sqlite, struct db_job *job) TD_MUST_CHECK;

#endif
