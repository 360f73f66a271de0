/*
 * Between the SQLite driver's two files: connections and statements (sqlite.c), and the thread that
 * writes (sqlite_writer.c). The only header that includes sqlite3.h.
 */
#ifndef DB_SQLITE_H
#define DB_SQLITE_H

#include "db/driver.h"

#include <sqlite3.h>

struct sqlite_connection {
    sqlite3 *handle;                /* NULL: not opened yet */
    sqlite3_stmt *begin, *rollback; /* of a reader */
    sqlite3_stmt **statements;      /* prepared at first use; by struct db_statement's index */
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

/* Start the thread that writes, with its connection; on failure it isn't there. */
int sqlite_writer_start(struct sqlite *sqlite) TD_MUST_CHECK;

/* Write what waits, then end the thread. */
void sqlite_writer_stop(struct sqlite *sqlite);

/* Wait for one's turn and the answer. */
int sqlite_write(struct sqlite *sqlite, struct db_job *job) TD_MUST_CHECK;

#endif
