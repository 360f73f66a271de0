/*
 * A bare loop of durable saves: one row and one commit after the other, by the statement and with
 * the settings that the program has, and nothing else of what it does.
 *
 *     durable_loop DATABASE SQL SECONDS HOME YEAR SHEET ACCOUNT ITEM...
 *
 * Prints one JSON object.
 */
#include <inttypes.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/banned.h"

static void stop(const char *why)
{
    (void)fprintf(stderr, "durable_loop: %s\n", why);
    exit(EXIT_FAILURE);
}

static int64_t now_ns(void)
{
    struct timespec now;

    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static void bind_text(sqlite3_stmt *s, const char *name, const char *text)
{
    int at = sqlite3_bind_parameter_index(s, name);
    if (at == 0 || sqlite3_bind_text(s, at, text, -1, SQLITE_STATIC) != SQLITE_OK) {
        stop(name);
    }
}

static void bind_number(sqlite3_stmt *s, const char *name, int64_t number)
{
    int at = sqlite3_bind_parameter_index(s, name);
    if (at == 0 || sqlite3_bind_int64(s, at, number) != SQLITE_OK) {
        stop(name);
    }
}

int main(int argc, char **argv)
{
    sqlite3 *db = NULL;
    sqlite3_stmt *put = NULL;
    int64_t rows = 0;

    if (argc < 9) {
        stop("wrong arguments: see the head of its source");
    }
    if (sqlite3_open_v2(argv[1], &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL) !=
            SQLITE_OK ||
        sqlite3_exec(db,
                     "PRAGMA journal_mode = WAL; PRAGMA synchronous = EXTRA; "
                     "PRAGMA foreign_keys = ON",
                     NULL, NULL, NULL) != SQLITE_OK ||
        sqlite3_prepare_v3(db, argv[2], -1, SQLITE_PREPARE_PERSISTENT, &put, NULL) != SQLITE_OK) {
        stop(sqlite3_errmsg(db));
    }
    int items = argc - 8;
    int64_t begin = now_ns(), now = begin;
    int64_t end = begin + (int64_t)(argv[3][0] - '0') * 1000000000;
    bind_text(put, ":home_id", argv[4]);
    bind_text(put, ":year_id", argv[5]);
    bind_text(put, ":sheet_id", argv[6]);
    bind_text(put, ":changed_by", argv[7]);
    bind_number(put, ":part", 0);
    for (; now < end; now = now_ns()) {
        bind_text(put, ":item", argv[8 + rows % items]);
        bind_number(put, ":value", rows % 1500);
        bind_number(put, ":changed", now);
        if (sqlite3_step(put) != SQLITE_DONE || sqlite3_reset(put) != SQLITE_OK) {
            stop(sqlite3_errmsg(db));
        }
        rows++;
    }
    (void)printf("{\"rows\": %" PRId64 ", \"ns\": %" PRId64 "}\n", rows, now - begin);
    (void)sqlite3_finalize(put);
    (void)sqlite3_close(db);
    return EXIT_SUCCESS;
}
