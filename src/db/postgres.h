/*
 * Between the PostgreSQL driver's two files: connections, which know of deadlines and of what an
 * error means (postgres_connection.c), and statements and transactions (postgres.c). The only
 * header that includes libpq-fe.h.
 */
#ifndef DB_POSTGRES_H
#define DB_POSTGRES_H

#include "db/driver.h"

#include <libpq-fe.h>

/* Whether a use case that failed is run again. */
enum postgres_repeat {
    REPEAT_NO,
    REPEAT_CONFLICT, /* others were in the way */
    REPEAT_LOST,     /* the connection was lost, or its server takes no writes any more */
    REPEAT_UNSURE,   /* the same at COMMIT: the rows may be there */
};

struct postgres_connection {
    PGconn *pg;     /* NULL: not connected */
    bool *prepared; /* on this connection; by struct db_statement's index */
    int generation;
    enum postgres_repeat repeat; /* why the current transaction failed */
    bool is_committing;
    struct db_detail warning; /* a warning at COMMIT; "" is none */
    PGresult *result;         /* of the statement that runs */
    int row;
};

struct postgres {
    struct db db; /* first: the drivers' functions get it */
    const char **keywords;
    const char **values;
    PQconninfoOption *conninfo; /* owns what those point to */
    struct db_pool pools[2];    /* by enum db_mode */
    struct postgres_connection connections[2][DB_POOL_MAX];
    /* Counts lost connections: those made before the last loss are most likely lost too. */
    atomic_int generation;
};

/* Read the connection string. */
int postgres_configure(struct postgres *postgres, const char *url, struct db_detail *reterr)
    TD_MUST_CHECK;

/* Connect, unless it is connected since the last loss. DB_E_AWAY. */
int postgres_connect(struct postgres *postgres, struct postgres_connection *c,
                     struct db_detail *detail) TD_MUST_CHECK;

void postgres_disconnect(struct postgres_connection *c);

/* After a PQsend… that answered `sent`: wait for the answer, at most deadline_ms, and keep it in
 * c->result. Fails with what the answer means; a connection that was lost or late is closed. */
int postgres_await(struct postgres *postgres, struct postgres_connection *c, int sent,
                   int deadline_ms, struct db_detail *detail) TD_MUST_CHECK;

void postgres_clear(struct postgres_connection *c);

#endif
