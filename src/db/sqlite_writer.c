/*
 * The one thread that writes to a SQLite file.
 *
 * A durable COMMIT costs a sync of the disk, whatever was written. So all use cases that wait share
 * one: each runs in a savepoint of its own, so that one that fails takes only its own rows back,
 * and nobody gets an answer before the COMMIT of all.
 */
#include "db/sqlite.h"

#include "base/banned.h"

/* More would let the first of a group wait long, and save next to nothing. */
#define GROUP_MAX 64

/* ---- a group --------------------------------------------------------------------------------- */

/* Run one use case in its savepoint. A failure of the answer's *ret_group is the whole group's. */
static int run_request(struct sqlite *sqlite, struct db_job *job, int *ret_group)
{
    struct sqlite_connection *c = &sqlite->writer.connection;
    struct db_tx tx = {.db = &sqlite->db, .job = job, .connection = c};
    struct db_detail detail;

    *ret_group = sqlite_control(c, CONTROL_SAVEPOINT, &job->detail);
    if (*ret_group != TD_OK) {
        return *ret_group;
    }
    int status = db_job_run(&tx);
    if (sqlite3_get_autocommit(c->handle) != 0) {
        /* A full disk or a failing one: SQLite took everything back by itself. */
        *ret_group = tx.status != TD_OK ? tx.status : DB_E_BROKEN;
        return *ret_group;
    }
    if (status != TD_OK) {
        *ret_group = sqlite_control(c, CONTROL_ROLLBACK_TO, &detail);
    }
    if (*ret_group == TD_OK) {
        *ret_group = sqlite_control(c, CONTROL_RELEASE, &detail);
    }
    if (*ret_group != TD_OK) {
        job->detail = detail;
    }
    return status;
}

/* Fill in each request's status. */
static void run_group(struct sqlite *sqlite, struct sqlite_request *const *group, int count)
{
    struct sqlite_connection *c = &sqlite->writer.connection;
    struct db_detail detail = {""};
    int good = 0;
    int whole = sqlite_control(c, CONTROL_BEGIN_IMMEDIATE, &detail);

    for (int i = 0; i < count && whole == TD_OK; i++) {
        group[i]->status = run_request(sqlite, group[i]->job, &whole);
        good += group[i]->status == TD_OK;
        if (whole != TD_OK) {
            detail = group[i]->job->detail;
        }
    }
    if (whole == TD_OK && good > 0) {
        whole = db_due(&sqlite->db, &detail);
        if (whole == TD_OK) {
            whole = sqlite_control(c, CONTROL_COMMIT, &detail);
        }
    }
    if (sqlite3_get_autocommit(c->handle) == 0) {
        struct db_detail ignored;
        /* Nothing is left to undo when this fails: the next BEGIN would say so. */
        int status = sqlite_control(c, CONTROL_ROLLBACK, &ignored);
        (void)status;
    }
    if (whole != TD_OK) {
        /* None was acknowledged; and what one failed by may have been a row of another. */
        for (int i = 0; i < count; i++) {
            group[i]->status = whole;
            group[i]->job->detail = detail;
        }
    }
}

/* ---- the thread ------------------------------------------------------------------------------ */

/* With the lock held: take the requests that wait, in their order. */
static int take_group(struct sqlite_writer *w, struct sqlite_request **group)
{
    int count = 0;

    while (count < GROUP_MAX && w->first != NULL) {
        group[count] = w->first;
        w->first = w->first->next;
        count++;
    }
    if (w->first == NULL) {
        w->last = &w->first;
    }
    w->waiting -= count;
    return count;
}

static void *writer_main(void *data)
{
    struct sqlite *sqlite = data;
    struct sqlite_writer *w = &sqlite->writer;
    struct sqlite_request *group[GROUP_MAX];

    (void)pthread_mutex_lock(&w->lock);
    for (;;) {
        while (w->first == NULL && !w->is_ending) {
            (void)pthread_cond_wait(&w->wanted, &w->lock);
        }
        int count = take_group(w, group);
        if (count == 0) {
            break;
        }
        (void)pthread_mutex_unlock(&w->lock);
        run_group(sqlite, group, count);
        (void)pthread_mutex_lock(&w->lock);
        for (int i = 0; i < count; i++) {
            group[i]->is_done = true;
            (void)pthread_cond_signal(&group[i]->done);
        }
    }
    (void)pthread_mutex_unlock(&w->lock);
    return NULL;
}

int sqlite_write(struct sqlite *sqlite, struct db_job *job)
{
    struct sqlite_writer *w = &sqlite->writer;
    struct sqlite_request request = {.job = job};

    if (pthread_cond_init(&request.done, NULL) != 0) {
        return TD_E_MEMORY;
    }
    (void)pthread_mutex_lock(&w->lock);
    if (w->waiting >= sqlite->db.options.queue_max) {
        db_detail_set(&job->detail, "%d writes wait already", w->waiting);
        request.status = DB_E_BUSY;
        request.is_done = true;
    } else {
        *w->last = &request;
        w->last = &request.next;
        w->waiting++;
        (void)pthread_cond_signal(&w->wanted);
    }
    while (!request.is_done) {
        (void)pthread_cond_wait(&request.done, &w->lock);
    }
    (void)pthread_mutex_unlock(&w->lock);
    (void)pthread_cond_destroy(&request.done);
    return request.status;
}

int sqlite_writer_start(struct sqlite *sqlite)
{
    struct sqlite_writer *w = &sqlite->writer;

    w->last = &w->first;
    if (pthread_mutex_init(&w->lock, NULL) != 0) {
        return TD_E_MEMORY;
    }
    if (pthread_cond_init(&w->wanted, NULL) != 0) {
        (void)pthread_mutex_destroy(&w->lock);
        return TD_E_MEMORY;
    }
    if (pthread_create(&w->thread, NULL, writer_main, sqlite) != 0) {
        (void)pthread_cond_destroy(&w->wanted);
        (void)pthread_mutex_destroy(&w->lock);
        return TD_E_MEMORY;
    }
    return TD_OK;
}

void sqlite_writer_stop(struct sqlite *sqlite)
{
    struct sqlite_writer *w = &sqlite->writer;

    (void)pthread_mutex_lock(&w->lock);
    w->is_ending = true;
    (void)pthread_cond_signal(&w->wanted);
    (void)pthread_mutex_unlock(&w->lock);
    (void)pthread_join(w->thread, NULL);
    (void)pthread_cond_destroy(&w->wanted);
    (void)pthread_mutex_destroy(&w->lock);
}
