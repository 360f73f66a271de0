/*
 * SQLite: a file in WAL mode with synchronous FULL. Connections, statements, and transactions that
 * read; those that write are in sqlite_writer.c.
 */
#include "db/sqlite.h"

#include "base/buf.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/banned.h"

#define PLAN_MAX ((size_t)64 * 1024)
/* What a reader keeps of the file, in KiB: about what one request reads. After a write it is stale,
 * so the default, four times as much, would mostly be memory for nothing. */
#define READER_CACHE "PRAGMA cache_size = -512"

/* ---- failures -------------------------------------------------------------------------------- */

int sqlite_status(int code)
{
    switch (code & 0xff) {
    case SQLITE_OK:
    case SQLITE_ROW:
    case SQLITE_DONE:
        return TD_OK;
    case SQLITE_CONSTRAINT:
        if (code == SQLITE_CONSTRAINT_FOREIGNKEY) {
            return DB_E_REFERENCE;
        }
        return code == SQLITE_CONSTRAINT_UNIQUE || code == SQLITE_CONSTRAINT_PRIMARYKEY ||
                       code == SQLITE_CONSTRAINT_ROWID
                   ? DB_E_UNIQUE
                   : DB_E_BUG;
    case SQLITE_NOMEM:
        return TD_E_MEMORY;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return DB_E_BUSY;
    case SQLITE_FULL:
        return DB_E_FULL;
    case SQLITE_READONLY:
    case SQLITE_PERM:
        return DB_E_READONLY;
    case SQLITE_CANTOPEN:
        return DB_E_AWAY;
    case SQLITE_IOERR:
        return code == SQLITE_IOERR_NOMEM ? TD_E_MEMORY : DB_E_BROKEN;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        return DB_E_BROKEN;
    default:
        return DB_E_BUG;
    }
}

static int fail(struct db_tx *tx, const struct db_statement *statement, int code)
{
    struct sqlite_connection *c = tx->connection;
    const char *words = sqlite3_errmsg(c->handle);
    int status = sqlite_status(code);

    if (code == SQLITE_READONLY && tx->job->mode == DB_READ) {
        status = DB_E_BUG;
    }
    /* SQLite has no number for it. */
    tx->no_table = tx->no_table || strncmp(words, "no such table", 13) == 0;
    return db_fail(tx, status == TD_OK ? DB_E_BUG : status, "%s: %s (%d)", statement->name, words,
                   code);
}

int sqlite_exec(struct sqlite_connection *c, const char *sql, struct db_detail *detail)
{
    int code = sqlite3_exec(c->handle, sql, NULL, NULL, NULL);

    if (code != SQLITE_OK) {
        code = sqlite3_extended_errcode(c->handle);
        db_detail_set(detail, "%.40s: %s (%d)", sql, sqlite3_errmsg(c->handle), code);
    }
    return sqlite_status(code);
}

int sqlite_control(struct sqlite_connection *c, enum sqlite_control which, struct db_detail *detail)
{
    static const char *const texts[] = {
        [CONTROL_BEGIN] = "BEGIN",
        [CONTROL_BEGIN_IMMEDIATE] = "BEGIN IMMEDIATE",
        [CONTROL_SAVEPOINT] = "SAVEPOINT use_case",
        [CONTROL_RELEASE] = "RELEASE use_case",
        [CONTROL_ROLLBACK_TO] = "ROLLBACK TO use_case",
        [CONTROL_COMMIT] = "COMMIT",
        [CONTROL_ROLLBACK] = "ROLLBACK",
    };
    sqlite3_stmt **at = &c->controls[which];
    int code = SQLITE_OK;

    if (*at == NULL) {
        code = sqlite3_prepare_v3(c->handle, texts[which], -1, SQLITE_PREPARE_PERSISTENT, at, NULL);
    }
    if (code == SQLITE_OK) {
        (void)sqlite3_step(*at); /* reset answers what it met */
        code = sqlite3_reset(*at);
    }
    if (code != SQLITE_OK) {
        db_detail_set(detail, "%s: %s (%d)", texts[which], sqlite3_errmsg(c->handle), code);
    }
    return sqlite_status(code);
}

/* ---- connections ----------------------------------------------------------------------------- */

static void connection_close(struct sqlite_connection *c)
{
    for (int i = 0; c->statements != NULL && i < db_statement_count; i++) {
        (void)sqlite3_finalize(c->statements[i]);
    }
    free(c->statements);
    for (int i = 0; i < CONTROLS; i++) {
        (void)sqlite3_finalize(c->controls[i]);
    }
    (void)sqlite3_close(c->handle);
    *c = (struct sqlite_connection){.handle = NULL};
}

/* The journal's mode is a property of the file; it answers what it is now. */
static int set_wal(struct sqlite_connection *c, struct db_detail *detail)
{
    sqlite3_stmt *statement = NULL;
    int code = sqlite3_prepare_v2(c->handle, "PRAGMA journal_mode = WAL", -1, &statement, NULL);

    if (code == SQLITE_OK) {
        code = sqlite3_step(statement);
    }
    bool is_wal =
        code == SQLITE_ROW && strcmp((const char *)sqlite3_column_text(statement, 0), "wal") == 0;
    code = sqlite3_finalize(statement);
    if (code != SQLITE_OK) {
        db_detail_set(detail, "%s (%d)", sqlite3_errmsg(c->handle), code);
        return sqlite_status(code);
    }
    if (!is_wal) {
        db_detail_set(detail, "the file system doesn't bear a write-ahead log");
        return DB_E_READONLY;
    }
    return TD_OK;
}

static int configure(const struct sqlite *sqlite, struct sqlite_connection *c, bool is_reader,
                     struct db_detail *detail)
{
    static const char *const settings[] = {
        /* As FULL where there is a write-ahead log. Until there is, it also syncs the folder after
         * a journal is deleted: one that came back after a power cut would undo the change to the
         * log, and the log's rows would be gone. */
        "PRAGMA synchronous = EXTRA",
        "PRAGMA foreign_keys = ON",
        "PRAGMA trusted_schema = OFF",
    };
    int status = TD_OK;

    (void)sqlite3_extended_result_codes(c->handle, 1);
    (void)sqlite3_busy_timeout(c->handle, sqlite->db.options.deadline_ms);
    if (sqlite3_db_config(c->handle, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL) != SQLITE_OK) {
        return DB_E_BUG;
    }
    if (sqlite3_db_readonly(c->handle, "main") == 1) {
        db_detail_set(detail, "%s can't be written to", sqlite->path);
        return DB_E_READONLY;
    }
    for (size_t i = 0; i < sizeof settings / sizeof *settings && status == TD_OK; i++) {
        status = sqlite_exec(c, settings[i], detail);
    }
    if (status == TD_OK) {
        /* It reads the file, and says so when that is no database. */
        status =
            sqlite_exec(c, is_reader ? "PRAGMA query_only = ON" : "PRAGMA schema_version", detail);
    }
    if (status == TD_OK && is_reader) {
        status = sqlite_exec(c, READER_CACHE, detail);
    }
    return status == TD_OK && !is_reader ? set_wal(c, detail) : status;
}

static int connection_open(const struct sqlite *sqlite, struct sqlite_connection *c, bool is_reader,
                           struct db_detail *detail)
{
    /* One thread uses a connection at a time: its own locks would be for nothing. */
    int code = sqlite3_open_v2(sqlite->path, &c->handle,
                               SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL);
    int status = sqlite_status(code);

    if (status != TD_OK) {
        db_detail_set(detail, "%s: %s (%d)", sqlite->path, sqlite3_errmsg(c->handle), code);
    } else {
        c->statements = calloc((size_t)db_statement_count, sizeof(void *));
        status = c->statements == NULL ? TD_E_MEMORY : configure(sqlite, c, is_reader, detail);
    }
    if (status != TD_OK) {
        connection_close(c);
    }
    return status;
}

/* ---- statements ------------------------------------------------------------------------------ */

static int prepare(struct db_tx *tx, const struct db_statement *statement)
{
    struct sqlite_connection *c = tx->connection;
    sqlite3_stmt **at = &c->statements[statement->index];

    if (*at != NULL) {
        return TD_OK;
    }
    int code =
        sqlite3_prepare_v3(c->handle, statement->sql, -1, SQLITE_PREPARE_PERSISTENT, at, NULL);
    if (code != SQLITE_OK) {
        return fail(tx, statement, code);
    }
    if (sqlite3_bind_parameter_count(*at) != statement->param_count ||
        sqlite3_column_count(*at) != statement->column_count) {
        int columns = sqlite3_column_count(*at);

        (void)sqlite3_finalize(*at);
        *at = NULL;
        return db_fail(tx, DB_E_BUG, "%s: answers %d columns, “out:” has %d", statement->name,
                       columns, statement->column_count);
    }
    return TD_OK;
}

static sqlite3_stmt *prepared(struct db_tx *tx, const struct db_statement *statement)
{
    struct sqlite_connection *c = tx->connection;

    return c->statements[statement->index];
}

/* $N is numbered by first appearance, which is how SQLite numbers too. */
static int bind(sqlite3_stmt *s, int number, const struct db_field *field, const void *in)
{
    size_t n = 0;

    if (field->type == DB_INT || field->type == DB_BOOL) {
        int64_t value = db_field_number(field, in);

        return field->nullable && value == DB_NULL ? sqlite3_bind_null(s, number)
                                                   : sqlite3_bind_int64(s, number, value);
    }
    const void *bytes = db_field_bytes(field, in, &n);
    if (bytes == NULL) {
        return sqlite3_bind_null(s, number);
    }
    /* Static: what goes in outlives the statement's run. */
    return field->type == DB_TEXT
               ? sqlite3_bind_text64(s, number, bytes, n, SQLITE_STATIC, SQLITE_UTF8)
               : sqlite3_bind_blob64(s, number, bytes, n, SQLITE_STATIC);
}

static int64_t sqlite_finish(struct db_tx *tx, const struct db_statement *statement)
{
    struct sqlite_connection *c = tx->connection;
    sqlite3_stmt *s = prepared(tx, statement);

    (void)sqlite3_reset(s);
    (void)sqlite3_clear_bindings(s);
    return statement->writes ? sqlite3_changes64(c->handle) : 0;
}

static int sqlite_start(struct db_tx *tx, const struct db_statement *statement, const void *in)
{
    int status = prepare(tx, statement);

    if (status != TD_OK) {
        return status;
    }
    for (int i = 0; i < statement->param_count; i++) {
        int code = bind(prepared(tx, statement), i + 1, &statement->params[i], in);

        if (code != SQLITE_OK) {
            status = fail(tx, statement, code);
            (void)sqlite_finish(tx, statement);
            return status;
        }
    }
    return TD_OK;
}

static int sqlite_step(struct db_tx *tx, const struct db_statement *statement, bool *ret_row)
{
    int code = sqlite3_step(prepared(tx, statement));

    *ret_row = code == SQLITE_ROW;
    return code == SQLITE_ROW || code == SQLITE_DONE ? TD_OK : fail(tx, statement, code);
}

static size_t sqlite_count(struct db_tx *tx, const struct db_statement *statement)
{
    (void)tx;
    (void)statement;
    return 0;
}

static int sqlite_column(struct db_tx *tx, const struct db_statement *statement,
                         const struct db_field *field, sqlite3_value *value, char *row)
{
    static const int wanted[] = {[DB_INT] = SQLITE_INTEGER,
                                 [DB_BOOL] = SQLITE_INTEGER,
                                 [DB_TEXT] = SQLITE_TEXT,
                                 [DB_BLOB] = SQLITE_BLOB};
    int type = sqlite3_value_type(value);
    struct db_value found = {.is_null = type == SQLITE_NULL};

    if (!found.is_null && type != wanted[field->type]) {
        return db_fail(tx, DB_E_BUG, "%s: “%s” has SQLite's type %d", statement->name, field->name,
                       type);
    }
    if (type == SQLITE_INTEGER) {
        found.number = sqlite3_value_int64(value);
    } else if (!found.is_null) {
        found.bytes = type == SQLITE_TEXT ? (const void *)sqlite3_value_text(value)
                                          : sqlite3_value_blob(value);
        found.n = (size_t)sqlite3_value_bytes(value);
        if (found.bytes == NULL && (found.n > 0 || type == SQLITE_TEXT)) {
            return fail(tx, statement, SQLITE_NOMEM);
        }
        if (found.bytes == NULL) {
            found.bytes = ""; /* a blob without bytes is not NULL */
        }
    }
    return db_put(tx, statement, field, &found, row);
}

/* SQLite calls the value of a column unprotected: no lock keeps other threads from its statement.
 * Here none is needed: a connection has no locks at all (SQLITE_OPEN_NOMUTEX), and from this row to
 * the next step or reset, until when the value lives, one thread has it. One call finds the value,
 * where sqlite3_column_type and sqlite3_column_int64 would each find it anew. */
static int sqlite_row(struct db_tx *tx, const struct db_statement *statement, char *row)
{
    sqlite3_stmt *s = prepared(tx, statement);
    int status = TD_OK;

    for (int i = 0; i < statement->column_count && status == TD_OK; i++) {
        const struct db_field *field = &statement->columns[i];
        sqlite3_value *value = sqlite3_column_value(s, i);
        int type = sqlite3_value_type(value);
        const char *text = NULL;

        /* Pages read thousands of numbers and ids: those first, what is rare and wrong after. */
        if (type == SQLITE_INTEGER && field->type == DB_INT) {
            *(int64_t *)(void *)(row + field->offset) = sqlite3_value_int64(value);
            continue;
        }
        if (type == SQLITE_TEXT && field->type == DB_TEXT) {
            text = (const char *)sqlite3_value_text(value);
        }
        status = text != NULL ? db_put_text(tx, statement, field, text,
                                            (size_t)sqlite3_value_bytes(value), row)
                              : sqlite_column(tx, statement, field, value, row);
    }
    return status;
}

static int sqlite_script(struct db_tx *tx, const struct db_migration *migration)
{
    struct db_detail detail;
    int status = sqlite_exec(tx->connection, migration->sqlite, &detail);

    return status == TD_OK ? TD_OK : db_fail(tx, status, "%s: %s", migration->name, detail.text);
}

/* The plan, a line for each step, in the arena. */
static const char *plan_of(struct db_tx *tx, sqlite3_stmt *explain)
{
    struct buf plan;
    const char *copy = NULL;

    buf_init(&plan, PLAN_MAX);
    while (sqlite3_step(explain) == SQLITE_ROW) {
        buf_text(&plan, (const char *)sqlite3_column_text(explain, 3));
        buf_char(&plan, '\n');
    }
    if (buf_ok(&plan)) {
        copy = td_arena_text(tx->job->arena, buf_string(&plan), buf_length(&plan));
    }
    buf_release(&plan);
    return copy;
}

static int sqlite_inspect(struct db_tx *tx, const struct db_statement *statement,
                          const char **ret_plan)
{
    struct sqlite_connection *c = tx->connection;
    sqlite3_stmt *explain = NULL;
    int status = prepare(tx, statement);

    if (status != TD_OK) {
        return status;
    }
    char *sql = sqlite3_mprintf("EXPLAIN QUERY PLAN %s", statement->sql);
    if (sql == NULL) {
        return fail(tx, statement, SQLITE_NOMEM);
    }
    int code = sqlite3_prepare_v2(c->handle, sql, -1, &explain, NULL);
    sqlite3_free(sql);
    if (code != SQLITE_OK) {
        return fail(tx, statement, code);
    }
    *ret_plan = plan_of(tx, explain);
    (void)sqlite3_finalize(explain);
    return *ret_plan == NULL ? db_fail(tx, TD_E_MEMORY, "no memory for a plan") : TD_OK;
}

/* ---- transactions ---------------------------------------------------------------------------- */

static int read_on(struct sqlite *sqlite, struct sqlite_connection *c, struct db_job *job)
{
    struct db_tx tx = {.db = &sqlite->db, .job = job, .connection = c};
    struct db_detail ignored;

    if (c->handle == NULL) {
        int status = connection_open(sqlite, c, true, &job->detail);

        if (status != TD_OK) {
            return status;
        }
    }
    int status = sqlite_control(c, CONTROL_BEGIN, &job->detail);
    if (status != TD_OK) {
        return status;
    }
    status = db_job_run(&tx);
    /* It read only: COMMIT and ROLLBACK are the same, and can't fail in a way that matters. */
    if (sqlite3_get_autocommit(c->handle) == 0 &&
        sqlite_control(c, CONTROL_ROLLBACK, &ignored) != TD_OK) {
        connection_close(c);
    }
    return status;
}

static int sqlite_transact(struct db *db, struct db_job *job)
{
    struct sqlite *sqlite = (struct sqlite *)db;
    int slot = 0;

    if (job->mode == DB_WRITE) {
        return sqlite_write(sqlite, job);
    }
    int status = db_pool_take(&sqlite->pool, job->deadline_ms, &slot);
    if (status != TD_OK) {
        db_detail_set(&job->detail, "no connection became free to read with");
        return status;
    }
    status = read_on(sqlite, &sqlite->readers[slot], job);
    db_pool_give(&sqlite->pool, slot);
    return status;
}

/* ---- open and close -------------------------------------------------------------------------- */

static void sqlite_free(struct sqlite *sqlite)
{
    for (int i = 0; i < DB_POOL_MAX; i++) {
        connection_close(&sqlite->readers[i]);
    }
    connection_close(&sqlite->writer.connection);
    free(sqlite->path);
    free(sqlite);
}

static void sqlite_close(struct db *db)
{
    struct sqlite *sqlite = (struct sqlite *)db;

    sqlite_writer_stop(sqlite);
    db_pool_drain(&sqlite->pool);
    db_pool_release(&sqlite->pool);
    sqlite_free(sqlite);
}

static const struct db_driver sqlite_driver = {
    .close = sqlite_close,
    .transact = sqlite_transact,
    .start = sqlite_start,
    .step = sqlite_step,
    .row = sqlite_row,
    .count = sqlite_count,
    .finish = sqlite_finish,
    .script = sqlite_script,
    .inspect = sqlite_inspect,
};

/* A new file must outlive a power cut as its rows do. */
static int sync_folder(const char *path)
{
    const char *slash = strrchr(path, '/');
    /* With its slash, so that "/x" gives "/". */
    char *name = slash == NULL ? strdup(".") : strndup(path, (size_t)(slash - path) + 1);

    if (name == NULL) {
        return -1;
    }
    int folder = open(name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    free(name);
    if (folder < 0) {
        return -1;
    }
    int failed = fsync(folder);
    (void)close(folder);
    return failed;
}

static int create_file(const char *path, struct db_detail *reterr)
{
    int file = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR);
    int error = errno;

    if (file >= 0) {
        (void)close(file);
        if (sync_folder(path) != 0) {
            db_detail_set(reterr, "%s: its folder can't be synced", path);
            return DB_E_BROKEN;
        }
        return TD_OK;
    }
    switch (error) {
    case EEXIST:
        return TD_OK;
    case ENOENT:
    case ENOTDIR:
        db_detail_set(reterr, "%s: its folder doesn't exist; make it first", path);
        return DB_E_AWAY;
    case ENOSPC:
    case EDQUOT:
        db_detail_set(reterr, "%s: no room on the disk", path);
        return DB_E_FULL;
    default:
        db_detail_set(reterr, "%s can't be made: %s", path, strerrordesc_np(error));
        return DB_E_READONLY;
    }
}

/* Counting its memory would cost all threads a common lock at every allocation. What fails here has
 * no effect but that lock. */
static void configure_library(void)
{
    (void)sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

int sqlite_open(const char *path, const struct db_options *options, struct db **ret,
                struct db_detail *reterr)
{
    /* It is the process's, and must not be set while another thread opens a file. */
    static pthread_once_t configured = PTHREAD_ONCE_INIT;
    int status = options->create ? create_file(path, reterr) : TD_OK;

    if (status != TD_OK) {
        return status;
    }
    (void)pthread_once(&configured, configure_library);
    struct sqlite *sqlite = calloc(1, sizeof *sqlite);
    if (sqlite == NULL) {
        return TD_E_MEMORY;
    }
    sqlite->db.driver = &sqlite_driver;
    sqlite->db.engine = DB_SQLITE;
    sqlite->db.options = *options;
    /* Readers are opened later, perhaps from another working directory. */
    sqlite->path = realpath(path, NULL);
    if (sqlite->path == NULL) {
        db_detail_set(reterr, "there is no file %s", path);
        status = DB_E_AWAY;
    }
    if (status == TD_OK) {
        status = connection_open(sqlite, &sqlite->writer.connection, false, reterr);
    }
    if (status == TD_OK) {
        /* Reads are short: as many may wait as there are threads. */
        status = db_pool_init(&sqlite->pool, options->readers, 1 << 20);
    }
    if (status == TD_OK) {
        status = sqlite_writer_start(sqlite);
        if (status != TD_OK) {
            db_pool_release(&sqlite->pool);
        }
    }
    if (status != TD_OK) {
        sqlite_free(sqlite);
        return status;
    }
    *ret = &sqlite->db;
    return TD_OK;
}
