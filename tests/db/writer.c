/*
 * What tests/db/kill.py kills: threads that write, and say each use case that was acknowledged.
 *
 *     writer URL write ROUND    use cases until it is killed; a line "ROUND.THREAD.N" for each
 *     writer URL show           a line for each use case that is there and for each half of one
 */
#include "db/db.h"

#include "test_queries.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/banned.h"

enum { THREADS = 8, STEPS = 3 };

struct load {
    struct db *db;
    const char *round;
    int thread;
    char name[64];
};

/* STEPS counters; whole or not at all. */
static int write_work(struct db_tx *tx, void *data)
{
    const struct load *load = data;
    int status = TD_OK;

    for (int i = 0; i < STEPS && status == TD_OK; i++) {
        char name[80];

        (void)snprintf(name, sizeof name, "%s.%d", load->name, i);
        status = q_counter_set(
            tx, &(struct counter_set_in){.home_id = "kill", .name = name, .value = i}, NULL);
    }
    return status;
}

static void *write_main(void *data)
{
    struct load *load = data;
    struct td_arena *arena = td_arena_new((size_t)1024 * 1024);

    for (int n = 0; arena != NULL; n++) {
        char line[80];
        int length = 0;

        (void)snprintf(load->name, sizeof load->name, "%s.%d.%d", load->round, load->thread, n);
        if (db_transact(load->db, DB_WRITE, arena, write_work, load) == TD_OK) {
            length = snprintf(line, sizeof line, "%s\n", load->name);
        }
        /* One call, so that lines of threads don't mix; it can't be lost after. */
        if (length > 0 && write(STDOUT_FILENO, line, (size_t)length) != length) {
            break;
        }
    }
    return NULL;
}

static int show_work(struct db_tx *tx, void *data)
{
    struct counter_list_row *rows = NULL;
    size_t count = 0;
    int status = q_counter_list(tx, &(struct counter_list_in){.home_id = "kill"}, &rows, &count);

    (void)data;
    for (size_t i = 0; i < count && status == TD_OK; i++) {
        (void)puts(rows[i].name);
    }
    return status;
}

int main(int argc, char **argv)
{
    struct db *db = NULL;
    struct db_detail detail;
    int applied = 0;

    if (argc < 3 || db_open(argv[1], &DB_OPTIONS, &db, &detail) != TD_OK) {
        (void)fprintf(stderr, "writer: %s\n", argc < 3 ? "URL write|show [ROUND]" : detail.text);
        return 2;
    }
    if (db_migrate(db, &applied, &detail) != TD_OK) {
        (void)fprintf(stderr, "writer: %s\n", detail.text);
        return 1;
    }
    if (strcmp(argv[2], "show") == 0) {
        struct td_arena *arena = td_arena_new((size_t)1 << 30);
        int status = arena == NULL ? TD_E_MEMORY : db_transact(db, DB_READ, arena, show_work, NULL);

        td_arena_free(arena);
        db_close(db);
        return status == TD_OK ? 0 : 1;
    }
    struct load loads[THREADS];
    pthread_t threads[THREADS];
    for (int i = 0; i < THREADS; i++) {
        loads[i] = (struct load){.db = db, .round = argv[3], .thread = i};
        if (pthread_create(&threads[i], NULL, write_main, &loads[i]) != 0) {
            return 1;
        }
    }
    for (int i = 0; i < THREADS; i++) {
        (void)pthread_join(threads[i], NULL);
    }
    return 0;
}
