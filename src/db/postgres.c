/*
 * PostgreSQL: statements in the binary protocol, and transactions that are run again when others
 * were in the way or the connection was lost.
 *
 * After a connection is lost at COMMIT nobody knows whether the rows are there. The use case is run
 * again all the same: it may be repeated, and writes the same rows (ON CONFLICT DO UPDATE). What it
 * refuses then it may refuse for its own rows, so that is no answer.
 */
#include "db/postgres.h"

#include <endian.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

#include "base/banned.h"

/* The types' numbers in PostgreSQL's catalogue, which never change. */
enum { OID_BOOL = 16, OID_BYTEA = 17, OID_INT8 = 20, OID_INT2 = 21, OID_INT4 = 23, OID_TEXT = 25 };

enum {
    TRIES_MAX = 20,
    PAUSE_MAX_MS = 250,
    PARAMS_MAX = 64, /* tools/statements.py refuses more */
    BINARY = 1,
};

static struct postgres *postgres_of(struct db_tx *tx)
{
    return (struct postgres *)tx->db;
}

/* ---- statements ------------------------------------------------------------------------------ */

/* Wait for a statement's answer; its name goes before what the server says. */
static int await_statement(struct db_tx *tx, const char *name, int sent)
{
    struct db_detail detail = {""};
    struct postgres_connection *c = tx->connection;
    int status = postgres_await(postgres_of(tx), c, sent, tx->job->deadline_ms, &detail);

    if (status == TD_OK) {
        return TD_OK;
    }
    if (status == DB_E_READONLY && tx->job->mode == DB_READ) {
        /* It was ours to declare that it reads. */
        c->repeat = REPEAT_NO;
        status = DB_E_BUG;
    }
    tx->no_table = tx->no_table || strncmp(detail.text, "42P01", 5) == 0;
    return db_fail(tx, status, "%s: %s", name, detail.text);
}

static void name_of(const struct db_statement *statement, char name[static 16])
{
    struct db_detail detail;

    db_detail_set(&detail, "s%d", statement->index);
    memcpy(name, detail.text, 16);
}

/* A statement after a failure that cost the connection would have nobody to ask. */
static int prepare(struct db_tx *tx, const struct db_statement *statement, const char *name)
{
    static const Oid types[] = {
        [DB_INT] = OID_INT8, [DB_BOOL] = OID_INT8, [DB_TEXT] = OID_TEXT, [DB_BLOB] = OID_BYTEA};
    struct postgres_connection *c = tx->connection;
    Oid oids[PARAMS_MAX];

    if (c->prepared[statement->index]) {
        return TD_OK;
    }
    for (int i = 0; i < statement->param_count; i++) {
        oids[i] = types[statement->params[i].type];
    }
    int sent = PQsendPrepare(c->pg, name, statement->sql, statement->param_count, oids);
    int status = await_statement(tx, statement->name, sent);
    if (status == TD_OK) {
        c->prepared[statement->index] = true;
        postgres_clear(c);
    }
    return status;
}

static int postgres_start(struct db_tx *tx, const struct db_statement *statement, const void *in)
{
    struct postgres_connection *c = tx->connection;
    const char *values[PARAMS_MAX];
    int lengths[PARAMS_MAX];
    int formats[PARAMS_MAX];
    uint64_t numbers[PARAMS_MAX];
    char name[16];

    name_of(statement, name);
    int status = prepare(tx, statement, name);
    if (status != TD_OK) {
        return status;
    }
    for (int i = 0; i < statement->param_count; i++) {
        const struct db_field *field = &statement->params[i];
        size_t n = sizeof numbers[i];

        if (field->type == DB_INT || field->type == DB_BOOL) {
            int64_t number = db_field_number(field, in);

            numbers[i] = htobe64((uint64_t)number);
            values[i] = field->nullable && number == DB_NULL ? NULL : (const char *)&numbers[i];
        } else {
            values[i] = db_field_bytes(field, in, &n);
        }
        if (n > INT32_MAX) {
            return db_fail(tx, DB_E_BUG, "%s: “%s” is too long", statement->name, field->name);
        }
        lengths[i] = (int)n;
        formats[i] = BINARY;
    }
    c->row = -1;
    return await_statement(
        tx, statement->name,
        PQsendQueryPrepared(c->pg, name, statement->param_count, values, lengths, formats, BINARY));
}

static int postgres_step(struct db_tx *tx, const struct db_statement *statement, bool *ret_row)
{
    struct postgres_connection *c = tx->connection;

    if (PQnfields(c->result) != statement->column_count) {
        return db_fail(tx, DB_E_BUG, "%s: answers %d columns, “out:” has %d", statement->name,
                       PQnfields(c->result), statement->column_count);
    }
    c->row++;
    *ret_row = c->row < PQntuples(c->result);
    return TD_OK;
}

static size_t postgres_count(struct db_tx *tx, const struct db_statement *statement)
{
    const struct postgres_connection *c = tx->connection;

    (void)statement;
    return (size_t)PQntuples(c->result);
}

static bool is_number_type(Oid oid)
{
    return oid == OID_INT8 || oid == OID_INT4 || oid == OID_INT2 || oid == OID_BOOL;
}

static bool fits(enum db_type type, Oid oid)
{
    switch (type) {
    case DB_INT:
    case DB_BOOL:
        return is_number_type(oid);
    case DB_TEXT:
        return oid == OID_TEXT;
    case DB_BLOB:
        return oid == OID_BYTEA;
    }
    return false;
}

/* A big-endian number of 1, 2, 4 or 8 bytes; bool is 0 or 1. */
static int64_t read_number(const unsigned char *bytes, int n)
{
    /* Begin with the sign. */
    uint64_t number = n > 0 && (bytes[0] & 0x80) != 0 ? UINT64_MAX : 0;

    for (int i = 0; i < n; i++) {
        number = number << 8 | bytes[i];
    }
    return (int64_t)number;
}

static int postgres_column(struct db_tx *tx, const struct db_statement *statement, int column,
                           struct db_value *ret)
{
    const struct postgres_connection *c = tx->connection;
    const struct db_field *field = &statement->columns[column];
    Oid oid = PQftype(c->result, column);

    if (!fits(field->type, oid)) {
        return db_fail(tx, DB_E_BUG, "%s: “%s” has PostgreSQL's type %u", statement->name,
                       field->name, oid);
    }
    if (PQgetisnull(c->result, c->row, column) != 0) {
        ret->is_null = true;
        return TD_OK;
    }
    const char *bytes = PQgetvalue(c->result, c->row, column);
    int n = PQgetlength(c->result, c->row, column);
    if (is_number_type(oid)) {
        ret->number = read_number((const unsigned char *)bytes, n);
    } else {
        ret->bytes = bytes;
        ret->n = (size_t)n;
    }
    return TD_OK;
}

static int postgres_row(struct db_tx *tx, const struct db_statement *statement, char *row)
{
    int status = TD_OK;

    for (int i = 0; i < statement->column_count && status == TD_OK; i++) {
        struct db_value value = {0};

        status = postgres_column(tx, statement, i, &value);
        if (status == TD_OK) {
            status = db_put(tx, statement, &statement->columns[i], &value, row);
        }
    }
    return status;
}

static int64_t postgres_finish(struct db_tx *tx, const struct db_statement *statement)
{
    struct postgres_connection *c = tx->connection;
    int64_t changed = 0;

    (void)statement;
    /* Digits, or nothing for a statement that changes no rows. */
    for (const char *at = PQcmdTuples(c->result); *at != '\0'; at++) {
        changed = changed * 10 + (*at - '0');
    }
    postgres_clear(c);
    return changed;
}

static int postgres_script(struct db_tx *tx, const struct db_migration *migration)
{
    struct postgres_connection *c = tx->connection;
    int status = await_statement(tx, migration->name, PQsendQuery(c->pg, migration->postgres));

    postgres_clear(c);
    return status;
}

static int postgres_inspect(struct db_tx *tx, const struct db_statement *statement,
                            const char **ret_plan)
{
    struct postgres_connection *c = tx->connection;
    char name[16];

    name_of(statement, name);
    int status = prepare(tx, statement, name);
    if (status == TD_OK) {
        status = await_statement(tx, statement->name, PQsendDescribePrepared(c->pg, name));
    }
    if (status != TD_OK) {
        return status;
    }
    if (PQnparams(c->result) != statement->param_count ||
        PQnfields(c->result) != statement->column_count) {
        return db_fail(tx, DB_E_BUG, "%s: answers %d columns, “out:” has %d", statement->name,
                       PQnfields(c->result), statement->column_count);
    }
    for (int i = 0; i < statement->column_count; i++) {
        const struct db_field *field = &statement->columns[i];

        if (!fits(field->type, PQftype(c->result, i))) {
            return db_fail(tx, DB_E_BUG, "%s: “%s” has PostgreSQL's type %u", statement->name,
                           field->name, PQftype(c->result, i));
        }
    }
    postgres_clear(c);
    *ret_plan = "";
    return TD_OK;
}

/* ---- transactions ---------------------------------------------------------------------------- */

static int exec(struct db_tx *tx, const char *sql)
{
    struct postgres_connection *c = tx->connection;

    return await_statement(tx, sql, PQsendQuery(c->pg, sql));
}

static int commit(struct db_tx *tx)
{
    struct postgres_connection *c = tx->connection;
    struct db_detail detail;

    if (tx->job->mode == DB_WRITE) {
        int status = db_due(tx->db, &detail);

        if (status != TD_OK) {
            return db_fail(tx, status, "COMMIT: %s", detail.text);
        }
    }
    c->warning.text[0] = '\0';
    c->is_committing = true;
    int status = exec(tx, "COMMIT");
    c->is_committing = false;
    if (status == TD_OK && tx->job->mode == DB_WRITE &&
        atomic_exchange(&tx->db->lose_answer, false)) {
        status = db_fail(tx, DB_E_AWAY, "the answer was lost because a test asked for it");
        c->repeat = REPEAT_LOST;
        postgres_disconnect(c);
    }
    if (status != TD_OK) {
        if (c->repeat == REPEAT_LOST && tx->job->mode == DB_WRITE) {
            c->repeat = REPEAT_UNSURE;
        }
        return status;
    }
    if (c->warning.text[0] != '\0') {
        return db_fail(tx, DB_E_AWAY, "%s", c->warning.text);
    }
    /* COMMIT of a transaction that had failed answers ROLLBACK, and no error. */
    if (strcmp(PQcmdStatus(c->result), "COMMIT") != 0) {
        return db_fail(tx, DB_E_BUG, "COMMIT answered %s", PQcmdStatus(c->result));
    }
    return TD_OK;
}

/* Leave the connection without a transaction, or closed. */
static void clean_up(struct db_tx *tx)
{
    struct postgres_connection *c = tx->connection;
    struct db_detail ignored;

    postgres_clear(c);
    if (c->pg != NULL && PQtransactionStatus(c->pg) != PQTRANS_IDLE &&
        postgres_await(postgres_of(tx), c, PQsendQuery(c->pg, "ROLLBACK"), tx->job->deadline_ms,
                       &ignored) != TD_OK) {
        postgres_disconnect(c);
    }
    postgres_clear(c);
}

/* Run the use case once. *ret_repeat says whether it may be run again for its failure. */
static int attempt(struct postgres *postgres, struct postgres_connection *c, struct db_job *job,
                   enum postgres_repeat *ret_repeat)
{
    struct db_tx tx = {.db = &postgres->db, .job = job, .connection = c};

    c->repeat = REPEAT_NO;
    int status =
        exec(&tx, job->mode == DB_WRITE ? "BEGIN ISOLATION LEVEL SERIALIZABLE READ WRITE"
                                        : "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
    if (status == TD_OK) {
        status = db_job_run(&tx);
    }
    if (status == TD_OK) {
        status = commit(&tx);
    }
    /* Whatever the use case made of such a failure: it did not happen. */
    *ret_repeat = c->repeat;
    if (*ret_repeat != REPEAT_NO) {
        status = tx.status;
    }
    clean_up(&tx);
    return status;
}

/* Longer each time, and not the same for two that met. */
static void pause_before(int try)
{
    unsigned int random = 0;
    unsigned int limit = try < 8 ? 1U <<
    try : PAUSE_MAX_MS
        ;

    if (getrandom(&random, sizeof random, GRND_NONBLOCK) != (ssize_t)sizeof random) {
        random = (unsigned int)db_now_ms();
    }
    unsigned int us = limit * 500 + random % (limit * 500);
    struct timespec time = {.tv_sec = 0, .tv_nsec = (long)us * 1000};
    (void)nanosleep(&time, NULL);
}

static int run(struct postgres *postgres, struct postgres_connection *c, struct db_job *job)
{
    struct td_mark mark = td_arena_mark(job->arena);
    int64_t end = db_now_ms() + job->deadline_ms;
    bool was_lost = false, is_unsure = false;

    for (int try = 1;; try++) {
        enum postgres_repeat repeat = REPEAT_NO;
        int status = postgres_connect(postgres, c, &job->detail);

        if (status == TD_OK) {
            status = attempt(postgres, c, job, &repeat);
        } else if (status == DB_E_AWAY && was_lost) {
            /* The server was there a moment ago: another may be taking its place. */
            repeat = REPEAT_LOST;
        }
        is_unsure = is_unsure || repeat == REPEAT_UNSURE;
        was_lost = was_lost || repeat == REPEAT_LOST || repeat == REPEAT_UNSURE;
        if (repeat == REPEAT_NO || try == TRIES_MAX || db_now_ms() > end) {
            if (is_unsure && status != TD_OK && !db_is_outage(status)) {
                db_detail_set(&job->detail, "the connection was lost at COMMIT");
            }
            return is_unsure && status != TD_OK ? DB_E_AWAY : status;
        }
        td_arena_rewind(job->arena, mark);
        pause_before(try);
    }
}

static int postgres_transact(struct db *db, struct db_job *job)
{
    struct postgres *postgres = (struct postgres *)db;
    int slot = 0;
    int status = db_pool_take(&postgres->pools[job->mode], job->deadline_ms, &slot);

    if (status != TD_OK) {
        db_detail_set(&job->detail, "no connection became free");
        return status;
    }
    status = run(postgres, &postgres->connections[job->mode][slot], job);
    db_pool_give(&postgres->pools[job->mode], slot);
    return status;
}

/* ---- open and close -------------------------------------------------------------------------- */

static void postgres_free(struct postgres *postgres)
{
    for (int mode = DB_READ; mode <= DB_WRITE; mode++) {
        for (int slot = 0; slot < DB_POOL_MAX; slot++) {
            postgres_disconnect(&postgres->connections[mode][slot]);
        }
    }
    PQconninfoFree(postgres->conninfo);
    free(postgres->keywords);
    free(postgres->values);
    free(postgres);
}

static void postgres_close(struct db *db)
{
    struct postgres *postgres = (struct postgres *)db;

    for (int mode = DB_READ; mode <= DB_WRITE; mode++) {
        db_pool_drain(&postgres->pools[mode]);
        db_pool_release(&postgres->pools[mode]);
    }
    postgres_free(postgres);
}

static const struct db_driver postgres_driver = {
    .close = postgres_close,
    .transact = postgres_transact,
    .start = postgres_start,
    .step = postgres_step,
    .row = postgres_row,
    .count = postgres_count,
    .finish = postgres_finish,
    .script = postgres_script,
    .inspect = postgres_inspect,
};

int postgres_open(const char *url, const struct db_options *options, struct db **ret,
                  struct db_detail *reterr)
{
    struct postgres *postgres = calloc(1, sizeof *postgres);

    if (postgres == NULL) {
        return TD_E_MEMORY;
    }
    postgres->db.driver = &postgres_driver;
    postgres->db.engine = DB_POSTGRES;
    postgres->db.options = *options;
    int status = postgres_configure(postgres, url, reterr);
    if (status == TD_OK) {
        /* A wrong address or password is told now, and not to the first user. */
        status = postgres_connect(postgres, &postgres->connections[DB_READ][0], reterr);
    }
    if (status == TD_OK) {
        status = db_pool_init(&postgres->pools[DB_READ], options->readers, options->queue_max);
    }
    if (status == TD_OK) {
        status = db_pool_init(&postgres->pools[DB_WRITE], options->writers, options->queue_max);
        if (status != TD_OK) {
            db_pool_release(&postgres->pools[DB_READ]);
        }
    }
    if (status != TD_OK) {
        postgres_free(postgres);
        return status;
    }
    *ret = &postgres->db;
    return TD_OK;
}
