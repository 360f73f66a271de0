/*
 * Connections to PostgreSQL: making them, waiting for answers no longer than a deadline, and what
 * an error means.
 *
 * libpq has no deadline for an answer, and the kernel of a frozen server goes on acknowledging what
 * it is sent. So answers are waited for by poll, and a connection whose answer is late is closed:
 * what it would say later must not be taken for the answer of another question.
 */
#include "db/postgres.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/banned.h"

/* libpq takes nothing below, for each host. */
#define CONNECT_SECONDS "2"
#define OLDEST_SERVER 150000

/* ---- the connection string ------------------------------------------------------------------- */

static bool is_ports(const char *text)
{
    return text == NULL || strspn(text, "0123456789,") == strlen(text);
}

static bool is_plain(const char *text)
{
    return text == NULL || strpbrk(text, "@") == NULL;
}

/* A password with an unescaped @, : or / would be read as part of a host, a port or a database, and
 * so come into messages. */
static int check_part(const PQconninfoOption *option, struct db_detail *reterr)
{
    bool is_port = strcmp(option->keyword, "port") == 0;
    bool is_name = strcmp(option->keyword, "host") == 0 || strcmp(option->keyword, "dbname") == 0;

    if ((is_port && !is_ports(option->val)) || (is_name && !is_plain(option->val))) {
        db_detail_set(reterr,
                      "the %s in the connection string can't be read; write @, : and / in "
                      "a password as %%40, %%3A and %%2F",
                      option->keyword);
        return TD_E_SYNTAX;
    }
    return TD_OK;
}

static void set_default(struct postgres *postgres, size_t *count, const char *keyword,
                        const char *value)
{
    for (size_t i = 0; i < *count; i++) {
        if (strcmp(postgres->keywords[i], keyword) == 0) {
            return;
        }
    }
    postgres->keywords[*count] = keyword;
    postgres->values[*count] = value;
    *count += 1;
}

int postgres_configure(struct postgres *postgres, const char *url, struct db_detail *reterr)
{
    enum { DEFAULTS = 4 };
    size_t options = 0;
    size_t count = 0;

    postgres->conninfo = PQconninfoParse(url, NULL);
    if (postgres->conninfo == NULL) {
        /* libpq's words would quote it, the password perhaps included. */
        db_detail_set(reterr, "the connection string can't be read");
        return TD_E_SYNTAX;
    }
    while (postgres->conninfo[options].keyword != NULL) {
        options++;
    }
    postgres->keywords = calloc(options + DEFAULTS + 1, sizeof *postgres->keywords);
    postgres->values = calloc(options + DEFAULTS + 1, sizeof *postgres->values);
    if (postgres->keywords == NULL || postgres->values == NULL) {
        return TD_E_MEMORY;
    }
    for (size_t i = 0; i < options; i++) {
        const PQconninfoOption *option = &postgres->conninfo[i];
        int status = check_part(option, reterr);

        if (status != TD_OK) {
            return status;
        }
        if (option->val != NULL) {
            set_default(postgres, &count, option->keyword, option->val);
        }
    }
    set_default(postgres, &count, "target_session_attrs", "read-write");
    set_default(postgres, &count, "connect_timeout", CONNECT_SECONDS);
    set_default(postgres, &count, "client_encoding", "UTF8");
    set_default(postgres, &count, "application_name", "thidua");
    return TD_OK;
}

/* ---- connect --------------------------------------------------------------------------------- */

/* What the server says beside its answers. A warning at COMMIT, such as that of a wait for the
 * standby that was cancelled, means that rows may not be durable. */
static void receive_notice(void *data, const PGresult *notice)
{
    struct postgres_connection *c = data;
    const char *severity = PQresultErrorField(notice, PG_DIAG_SEVERITY_NONLOCALIZED);

    if (c->is_committing && (severity == NULL || strcmp(severity, "WARNING") == 0)) {
        db_detail_set(&c->warning, "at COMMIT: %s", PQresultErrorMessage(notice));
    }
}

void postgres_clear(struct postgres_connection *c)
{
    PQclear(c->result);
    c->result = NULL;
}

void postgres_disconnect(struct postgres_connection *c)
{
    postgres_clear(c);
    PQfinish(c->pg);
    free(c->prepared);
    c->pg = NULL;
    c->prepared = NULL;
}

static int check_server(struct postgres_connection *c, struct db_detail *detail)
{
    const char *encoding = PQparameterStatus(c->pg, "server_encoding");

    if (PQserverVersion(c->pg) < OLDEST_SERVER) {
        db_detail_set(detail, "the server is older than PostgreSQL 15");
        return DB_E_VERSION;
    }
    if (encoding == NULL || strcmp(encoding, "UTF8") != 0) {
        db_detail_set(detail, "the database's encoding is %s; make one with UTF8",
                      encoding == NULL ? "unknown" : encoding);
        return DB_E_VERSION;
    }
    return TD_OK;
}

int postgres_connect(struct postgres *postgres, struct postgres_connection *c,
                     struct db_detail *detail)
{
    int generation = atomic_load(&postgres->generation);

    if (c->pg != NULL && c->generation == generation) {
        return TD_OK;
    }
    postgres_disconnect(c);
    c->generation = generation;
    c->prepared = calloc((size_t)db_statement_count, sizeof *c->prepared);
    /* connect_timeout holds for the whole of connecting, so this needs no deadline of ours. */
    c->pg = PQconnectdbParams(postgres->keywords, postgres->values, 0);
    if (c->pg == NULL || c->prepared == NULL) {
        postgres_disconnect(c);
        return TD_E_MEMORY;
    }
    (void)PQsetNoticeReceiver(c->pg, receive_notice, c);
    int status = TD_OK;
    if (PQstatus(c->pg) != CONNECTION_OK || PQsetnonblocking(c->pg, 1) != 0) {
        db_detail_set(detail, "%s", PQerrorMessage(c->pg));
        status = DB_E_AWAY;
    } else {
        status = check_server(c, detail);
    }
    if (status != TD_OK) {
        postgres_disconnect(c);
    }
    return status;
}

/* ---- what an error means --------------------------------------------------------------------- */

struct meaning {
    const char *state; /* a SQLSTATE or its beginning */
    int status;
    enum postgres_repeat repeat;
};

/* The first that fits. */
static const struct meaning MEANINGS[] = {
    {"40001", DB_E_BUSY, REPEAT_CONFLICT}, /* serialization failure */
    {"40P01", DB_E_BUSY, REPEAT_CONFLICT}, /* deadlock */
    {"55P03", DB_E_BUSY, REPEAT_CONFLICT}, /* lock not available */
    {"23505", DB_E_UNIQUE, REPEAT_NO},     /* unique violation */
    {"23503", DB_E_REFERENCE, REPEAT_NO},  /* foreign key violation */
    {"53100", DB_E_FULL, REPEAT_NO},       /* disk full */
    {"53", DB_E_AWAY, REPEAT_NO},          /* other resources: memory, connections */
    {"25006", DB_E_READONLY, REPEAT_LOST}, /* read-only: a primary became a standby */
    {"57014", DB_E_AWAY, REPEAT_NO},       /* cancelled, from outside */
    {"57P", DB_E_AWAY, REPEAT_LOST},       /* shutting down, crashed, starting */
    {"25P03", DB_E_AWAY, REPEAT_LOST},     /* idle for too long */
    {"08", DB_E_AWAY, REPEAT_LOST},        /* connection */
    {"58", DB_E_BROKEN, REPEAT_NO},        /* the server's disk */
    {"XX001", DB_E_BROKEN, REPEAT_NO},     /* damaged data */
    {"XX002", DB_E_BROKEN, REPEAT_NO},     /* damaged index */
    {"", DB_E_BUG, REPEAT_NO},
};

static struct meaning meaning_of(const char *state)
{
    size_t i = 0;

    while (strncmp(state, MEANINGS[i].state, strlen(MEANINGS[i].state)) != 0) {
        i++;
    }
    return MEANINGS[i];
}

static int lost(struct postgres *postgres, struct postgres_connection *c, struct db_detail *detail)
{
    db_detail_set(detail, "the connection was lost: %s", PQerrorMessage(c->pg));
    c->repeat = REPEAT_LOST;
    atomic_fetch_add(&postgres->generation, 1);
    postgres_disconnect(c);
    return DB_E_AWAY;
}

static int failed(struct postgres *postgres, struct postgres_connection *c,
                  struct db_detail *detail)
{
    const char *state = PQresultErrorField(c->result, PG_DIAG_SQLSTATE);

    if (PQstatus(c->pg) == CONNECTION_BAD) {
        return lost(postgres, c, detail);
    }
    struct meaning meaning = meaning_of(state == NULL ? "" : state);
    db_detail_set(detail, "%s: %s", state == NULL ? "?" : state, PQresultErrorMessage(c->result));
    c->repeat = meaning.repeat;
    if (meaning.repeat == REPEAT_LOST) {
        /* Its server is of no use: connecting anew finds the primary. */
        atomic_fetch_add(&postgres->generation, 1);
        postgres_disconnect(c);
    }
    return meaning.status;
}

/* ---- wait for an answer ---------------------------------------------------------------------- */

enum answer { ANSWER_READY, ANSWER_LATE, ANSWER_LOST };

/* Until PQgetResult doesn't wait. */
static enum answer wait_ready(PGconn *pg, int64_t end)
{
    int unsent = PQflush(pg);

    while (unsent > 0 || PQisBusy(pg)) {
        short events = unsent > 0 ? POLLIN | POLLOUT : POLLIN;
        struct pollfd fd = {.fd = PQsocket(pg), .events = events};
        int64_t left = end - db_now_ms();

        if (unsent < 0 || fd.fd < 0) {
            return ANSWER_LOST;
        }
        int ready = left <= 0 ? 0 : poll(&fd, 1, (int)left);
        if (ready == 0) {
            return ANSWER_LATE;
        }
        if (ready < 0 && errno != EINTR) {
            return ANSWER_LOST;
        }
        if (ready > 0 && (fd.revents & ~POLLOUT) != 0 && PQconsumeInput(pg) == 0) {
            return ANSWER_LOST;
        }
        unsent = PQflush(pg);
    }
    return unsent < 0 ? ANSWER_LOST : ANSWER_READY;
}

static bool is_error(const PGresult *result)
{
    ExecStatusType status = PQresultStatus(result);

    return status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK;
}

int postgres_await(struct postgres *postgres, struct postgres_connection *c, int sent,
                   int deadline_ms, struct db_detail *detail)
{
    int64_t end = db_now_ms() + deadline_ms;

    postgres_clear(c);
    if (sent == 0) {
        return lost(postgres, c, detail);
    }
    for (;;) {
        switch (wait_ready(c->pg, end)) {
        case ANSWER_READY:
            break;
        case ANSWER_LATE:
            db_detail_set(detail, "no answer within %d ms", deadline_ms);
            c->repeat = REPEAT_NO;
            postgres_disconnect(c);
            return DB_E_AWAY;
        case ANSWER_LOST:
            return lost(postgres, c, detail);
        }
        PGresult *result = PQgetResult(c->pg);
        if (result == NULL) {
            break;
        }
        /* Of several, as of a script: the first error, or the last answer. */
        if (c->result != NULL && is_error(c->result)) {
            PQclear(result);
        } else {
            postgres_clear(c);
            c->result = result;
        }
    }
    if (c->result == NULL) {
        return lost(postgres, c, detail);
    }
    return is_error(c->result) ? failed(postgres, c, detail) : TD_OK;
}
