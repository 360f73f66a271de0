/*
 * What both engines share: transactions as use cases, statements as structs in and out, failures.
 */
#include "db/driver.h"

#include "base/utf8.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/banned.h"

/* The two things that belong to a thread and not to a database: what its last transaction said, and
 * whether it is inside one. */
static _Thread_local struct db_detail last_detail;
static _Thread_local bool inside;

/* ---- failures -------------------------------------------------------------------------------- */

bool db_is_outage(int status)
{
    return status <= DB_E_AWAY && status >= DB_E_BROKEN;
}

static void set_detail(struct db_detail *detail, const char *format, va_list arguments)
    __attribute__((format(printf, 2, 0)));

static void set_detail(struct db_detail *detail, const char *format, va_list arguments)
{
    (void)vsnprintf(detail->text, sizeof detail->text, format, arguments);
    /* One line of the log, whatever the engine said. */
    for (char *at = detail->text; *at != '\0'; at++) {
        if (*at == '\n') {
            *at = at[1] == '\0' ? '\0' : ' ';
        }
    }
}

void db_detail_set(struct db_detail *detail, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    set_detail(detail, format, arguments);
    va_end(arguments);
}

int db_fail(struct db_tx *tx, int status, const char *format, ...)
{
    va_list arguments;

    if (tx->status != TD_OK) {
        return tx->status;
    }
    tx->status = status;
    va_start(arguments, format);
    set_detail(&tx->job->detail, format, arguments);
    va_end(arguments);
    return status;
}

const char *db_last_detail(void)
{
    return last_detail.text;
}

int db_due(struct db *db, struct db_detail *detail)
{
    atomic_fetch_add(&db->run, 1);
    if (atomic_load(&db->fail_in) <= 0 || atomic_fetch_sub(&db->fail_in, 1) != 1) {
        return TD_OK;
    }
    db_detail_set(detail, "failed because a test asked for it");
    return atomic_load(&db->fail_status);
}

long db_fail_statement(struct db *db, long nth, int status)
{
    atomic_store(&db->fail_status, status);
    atomic_store(&db->fail_in, nth);
    return atomic_exchange(&db->run, 0);
}

void db_lose_answer(struct db *db)
{
    atomic_store(&db->lose_answer, true);
}

/* ---- open and close -------------------------------------------------------------------------- */

static bool is_postgres(const char *url)
{
    static const char *const beginnings[] = {"postgres://", "postgresql://",
                                             "host=", "hostaddr=", "service="};

    for (size_t i = 0; i < sizeof beginnings / sizeof *beginnings; i++) {
        if (strncmp(url, beginnings[i], strlen(beginnings[i])) == 0) {
            return true;
        }
    }
    return false;
}

int db_open(const char *url, const struct db_options *options, struct db **ret,
            struct db_detail *reterr)
{
    reterr->text[0] = '\0';
    if (options->readers < 1 || options->readers > DB_POOL_MAX || options->writers < 1 ||
        options->writers > DB_POOL_MAX || options->queue_max < 1 || options->deadline_ms < 1) {
        db_detail_set(reterr,
                      "readers and writers must be 1 to %d, queue_max and deadline_ms at "
                      "least 1",
                      DB_POOL_MAX);
        return TD_E_INVALID;
    }
    return is_postgres(url) ? postgres_open(url, options, ret, reterr)
                            : sqlite_open(url, options, ret, reterr);
}

void db_close(struct db *db)
{
    if (db != NULL) {
        db->driver->close(db);
    }
}

enum db_engine db_engine(const struct db *db)
{
    return db->engine;
}

/* ---- transactions ---------------------------------------------------------------------------- */

int db_transact(struct db *db, enum db_mode mode, struct td_arena *arena, db_use_case *work,
                void *data)
{
    return db_transact_within(db, mode, arena, work, data, db->options.deadline_ms);
}

int db_transact_within(struct db *db, enum db_mode mode, struct td_arena *arena, db_use_case *work,
                       void *data, int deadline_ms)
{
    struct db_job job = {
        .mode = mode, .arena = arena, .work = work, .data = data, .deadline_ms = deadline_ms};

    if (inside) {
        db_detail_set(&last_detail, "a transaction inside another");
        return DB_E_BUG;
    }
    int status = db->driver->transact(db, &job);
    last_detail = job.detail;
    return status;
}

int db_job_run(struct db_tx *tx)
{
    bool was_inside = inside;

    tx->job->detail.text[0] = '\0';
    inside = true;
    int status = tx->job->work(tx, tx->job->data);
    inside = was_inside;
    /* A use case that overlooks a failure must not be committed. */
    return status == TD_OK ? tx->status : status;
}

struct td_arena *db_arena(struct db_tx *tx)
{
    return tx->job->arena;
}

/* ---- what goes in ---------------------------------------------------------------------------- */

static const void *place(const struct db_field *field, const void *in)
{
    return (const char *)in + field->offset;
}

int64_t db_field_number(const struct db_field *field, const void *in)
{
    if (field->type == DB_BOOL) {
        return *(const bool *)place(field, in) ? 1 : 0;
    }
    return *(const int64_t *)place(field, in);
}

const void *db_field_bytes(const struct db_field *field, const void *in, size_t *ret_n)
{
    if (field->type == DB_TEXT) {
        const char *text = *(const char *const *)place(field, in);

        *ret_n = text == NULL ? 0 : strlen(text);
        return text;
    }
    const struct db_blob *blob = place(field, in);
    *ret_n = blob->n;
    return blob->bytes;
}

static bool field_is_null(const struct db_field *field, const void *in)
{
    size_t n = 0;

    if (field->type == DB_INT) {
        return db_field_number(field, in) == DB_NULL;
    }
    return field->type != DB_BOOL && db_field_bytes(field, in, &n) == NULL;
}

/* What the engines would take differently, or not take. */
static int check_in(struct db_tx *tx, const struct db_statement *statement, const void *in)
{
    for (int i = 0; i < statement->param_count; i++) {
        const struct db_field *field = &statement->params[i];
        size_t n = 0;

        if (field_is_null(field, in)) {
            if (!field->nullable) {
                return db_fail(tx, DB_E_BUG, "%s: “%s” is NULL", statement->name, field->name);
            }
        } else if (field->type == DB_TEXT) {
            const char *text = db_field_bytes(field, in, &n);

            if (!utf8_valid(text, n)) {
                return db_fail(tx, DB_E_BUG, "%s: “%s” is not UTF-8", statement->name, field->name);
            }
        }
    }
    return TD_OK;
}

static int start(struct db_tx *tx, const struct db_statement *statement, const void *in)
{
    struct db_detail detail;

    if (tx->status != TD_OK) {
        return tx->status;
    }
    if (statement->writes && tx->job->mode == DB_READ) {
        return db_fail(tx, DB_E_BUG, "%s: writes in a transaction that reads", statement->name);
    }
    if (tx->each) {
        return db_fail(tx, DB_E_BUG, "%s: while another hands on its rows", statement->name);
    }
    int status = check_in(tx, statement, in);
    if (status != TD_OK) {
        return status;
    }
    status = db_due(tx->db, &detail);
    if (status != TD_OK) {
        return db_fail(tx, status, "%s: %s", statement->name, detail.text);
    }
    return tx->db->driver->start(tx, statement, in);
}

/* ---- what comes out -------------------------------------------------------------------------- */

int db_put_text(struct db_tx *tx, const struct db_statement *statement,
                const struct db_field *field, const char *text, size_t n, char *row)
{
    if (memchr(text, '\0', n) != NULL) {
        return db_fail(tx, DB_E_BUG, "%s: “%s” holds a NUL", statement->name, field->name);
    }
    if (!tx->each) {
        text = td_arena_text(tx->job->arena, text, n);
    }
    *(const char **)(void *)(row + field->offset) = text;
    return text != NULL
               ? TD_OK
               : db_fail(tx, TD_E_MEMORY, "%s: no memory for “%s”", statement->name, field->name);
}

static int put_blob(struct db_tx *tx, const struct db_statement *statement,
                    const struct db_field *field, const struct db_value *value, void *to)
{
    struct db_blob blob = {.bytes = value->bytes, .n = value->n};

    if (!tx->each) {
        blob.bytes = td_arena_text(tx->job->arena, value->bytes, value->n);
    }
    *(struct db_blob *)to = blob;
    return blob.bytes != NULL
               ? TD_OK
               : db_fail(tx, TD_E_MEMORY, "%s: no memory for “%s”", statement->name, field->name);
}

int db_put(struct db_tx *tx, const struct db_statement *statement, const struct db_field *field,
           const struct db_value *value, char *row)
{
    void *to = row + field->offset;

    if (value->is_null && !field->nullable) {
        return db_fail(tx, DB_E_BUG, "%s: “%s” is NULL", statement->name, field->name);
    }
    switch (field->type) {
    case DB_INT:
        *(int64_t *)to = value->is_null ? DB_NULL : value->number;
        return TD_OK;
    case DB_BOOL:
        if (value->number != 0 && value->number != 1) {
            return db_fail(tx, DB_E_BUG, "%s: “%s” is not 0 or 1", statement->name, field->name);
        }
        *(bool *)to = value->number == 1;
        return TD_OK;
    case DB_TEXT:
        if (value->is_null) {
            *(const char **)to = NULL;
            return TD_OK;
        }
        return db_put_text(tx, statement, field, value->bytes, value->n, row);
    case DB_BLOB:
    default:
        if (value->is_null) {
            *(struct db_blob *)to = (struct db_blob){.bytes = NULL};
            return TD_OK;
        }
        return put_blob(tx, statement, field, value, to);
    }
}

int db_run_none(struct db_tx *tx, const struct db_statement *statement, const void *in,
                int64_t *ret_changed)
{
    bool row = true;
    int status = start(tx, statement, in);

    if (status != TD_OK) {
        return status;
    }
    while (status == TD_OK && row) {
        status = tx->db->driver->step(tx, statement, &row);
    }
    int64_t changed = tx->db->driver->finish(tx, statement);
    if (status == TD_OK && ret_changed != NULL) {
        *ret_changed = changed;
    }
    return status;
}

int db_run_one(struct db_tx *tx, const struct db_statement *statement, const void *in, void *ret,
               bool *ret_found)
{
    bool row = false;
    int status = start(tx, statement, in);

    *ret_found = false;
    if (status != TD_OK) {
        return status;
    }
    status = tx->db->driver->step(tx, statement, &row);
    if (status == TD_OK && row) {
        status = tx->db->driver->row(tx, statement, ret);
        *ret_found = status == TD_OK;
    }
    if (status == TD_OK && row) {
        status = tx->db->driver->step(tx, statement, &row);
        if (status == TD_OK && row) {
            *ret_found = false;
            status = db_fail(tx, DB_E_BUG, "%s: more than one row", statement->name);
        }
    }
    (void)tx->db->driver->finish(tx, statement);
    return status;
}

/* Room for more rows, or NULL: for all at once where their number is known, else by doubling. */
static char *grow(struct db_tx *tx, const struct db_statement *statement, size_t count,
                  size_t *capacity, const char *rows)
{
    size_t wanted = *capacity == 0 ? tx->db->driver->count(tx, statement) : *capacity * 2;

    wanted = wanted == 0 ? 8 : wanted;
    char *more = td_arena_alloc(tx->job->arena, wanted, statement->row_size);
    if (more == NULL) {
        (void)db_fail(tx, TD_E_MEMORY, "%s: no memory for %zu rows", statement->name, wanted);
        return NULL;
    }
    if (count > 0) {
        memcpy(more, rows, count * statement->row_size);
    }
    *capacity = wanted;
    return more;
}

int db_run_many(struct db_tx *tx, const struct db_statement *statement, const void *in, void **ret,
                size_t *ret_count)
{
    size_t count = 0;
    size_t capacity = 0;
    char *rows = NULL;
    bool row = true;
    int status = start(tx, statement, in);

    *ret = NULL;
    *ret_count = 0;
    if (status != TD_OK) {
        return status;
    }
    for (;;) {
        status = tx->db->driver->step(tx, statement, &row);
        if (status != TD_OK || !row) {
            break;
        }
        if (count == capacity) {
            rows = grow(tx, statement, count, &capacity, rows);
        }
        status = rows == NULL
                     ? tx->status
                     : tx->db->driver->row(tx, statement, rows + count * statement->row_size);
        if (status != TD_OK) {
            break;
        }
        count++;
    }
    (void)tx->db->driver->finish(tx, statement);
    if (status == TD_OK) {
        *ret = rows;
        *ret_count = count;
    }
    return status;
}

int db_each_begin(struct db_tx *tx, const struct db_statement *statement, const void *in)
{
    int status = start(tx, statement, in);

    tx->each = status == TD_OK;
    return status;
}

int db_each_next(struct db_tx *tx, const struct db_statement *statement, void *row, bool *ret_found)
{
    int status = tx->db->driver->step(tx, statement, ret_found);

    return status == TD_OK && *ret_found ? tx->db->driver->row(tx, statement, row) : status;
}

int db_each_end(struct db_tx *tx, const struct db_statement *statement, int status)
{
    (void)tx->db->driver->finish(tx, statement);
    tx->each = false;
    /* Who took a row may have overlooked a failure. */
    return status == TD_OK ? tx->status : status;
}

int db_inspect(struct db_tx *tx, const struct db_statement *statement, const char **ret_plan)
{
    return tx->status != TD_OK ? tx->status : tx->db->driver->inspect(tx, statement, ret_plan);
}
