/*
 * Sheets in memory: one in force never changes (law 9), so what was read of it holds until its
 * version is another.
 *
 * The grid and the ranking are looked at often and by everybody, and most sheets on them are
 * submitted: without this each look reads every cell again. The database still says with every look
 * which sheets there are, who may see them and which version is in force; only cells are kept.
 *
 * Each sheet has one place, by its id; a sheet that wants a taken place takes it. So memory has a
 * limit, and making room needs no search.
 */
#include "office/sheet_kept.h"

#include "office/office_private.h"

#include <stdlib.h>
#include <string.h>

#include "base/banned.h"

#define CELLS_MAX 512 /* of a sheet that is kept */

struct kept {
    char sheet_id[OFFICE_ID_TEXT];
    int64_t version;
    /* Tells two apart that had one version, when an older copy of the database came back. */
    struct instant changed;
    const struct rules *rules; /* where each cell stands; lives as long as the office */
    int64_t cells[];
};

/* As many places as the setting says are used; others are never touched, and so take no memory. */
struct sheets_kept {
    pthread_mutex_t lock;
    struct kept *places[OFFICE_KEPT_MAX]; /* a sheet's is by the hash of its id */
};

int sheets_kept_new(struct sheets_kept **ret)
{
    struct sheets_kept *new = calloc(1, sizeof *new);
    if (new == NULL) {
        return TD_E_MEMORY;
    }
    (void)pthread_mutex_init(&new->lock, NULL);
    *ret = new;
    return TD_OK;
}

void sheets_kept_free(struct sheets_kept *kept)
{
    if (kept == NULL) {
        return;
    }
    for (size_t i = 0; i < OFFICE_KEPT_MAX; i++) {
        free(kept->places[i]);
    }
    (void)pthread_mutex_destroy(&kept->lock);
    free(kept);
}

static bool in_force(const struct sheet_brief *brief)
{
    return brief->state == SHEET_SUBMITTED || brief->state == SHEET_ABSTAINED;
}

/* The place of a sheet; NULL when the setting gives none. The lock is held. */
static struct kept **place_of(struct office *office, const char *sheet_id)
{
    size_t hash = 0, count = (size_t)office->settings.kept_sheets;
    /* Ids are random: any hash spreads them. */
    for (const char *c = sheet_id; *c != '\0'; c++) {
        hash = hash * 31 + (unsigned char)*c;
    }
    return count == 0 ? NULL : &office->sheets->places[hash % count];
}

static bool is_of(const struct kept *k, const struct rules *rules, const struct sheet_brief *brief)
{
    return k != NULL && k->version == brief->version && k->changed.ms == brief->changed.ms &&
           k->rules == rules && strcmp(k->sheet_id, brief->sheet_id) == 0;
}

bool sheet_recall(struct office *office, const struct rules *rules, const struct sheet_brief *brief,
                  int64_t *ret_cells)
{
    struct sheets_kept *kept = office->sheets;
    if (!in_force(brief)) {
        return false;
    }
    (void)pthread_mutex_lock(&kept->lock);
    struct kept **place = place_of(office, brief->sheet_id);
    bool found = place != NULL && is_of(*place, rules, brief);
    if (found) {
        memcpy(ret_cells, (*place)->cells,
               (size_t)rules->regulation->cell_count * sizeof *ret_cells);
    }
    (void)pthread_mutex_unlock(&kept->lock);
    return found;
}

void sheet_remember(struct office *office, const struct rules *rules,
                    const struct sheet_brief *brief, const int64_t *cells)
{
    struct sheets_kept *kept = office->sheets;
    size_t id = strlen(brief->sheet_id), count = (size_t)rules->regulation->cell_count;
    if (!in_force(brief) || count > CELLS_MAX || id >= OFFICE_ID_TEXT) {
        return;
    }
    struct kept *new = malloc(sizeof *new + count * sizeof *cells);
    if (new == NULL) {
        return; /* it is read again next time */
    }
    *new = (struct kept){.version = brief->version, .changed = brief->changed, .rules = rules};
    memcpy(new->sheet_id, brief->sheet_id, id);
    memcpy(new->cells, cells, count * sizeof *cells);

    struct kept *gone = new;
    (void)pthread_mutex_lock(&kept->lock);
    struct kept **place = place_of(office, brief->sheet_id);
    if (place != NULL) {
        gone = *place;
        *place = new;
    }
    (void)pthread_mutex_unlock(&kept->lock);
    free(gone);
}
