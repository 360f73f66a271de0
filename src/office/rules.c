/*
 * Regulations: taken once, kept byte for byte, read once (law 9).
 */
#include "office/rules.h"

#include "format/format.h"
#include "office/office_private.h"
#include "office/scope.h"

#include <stdlib.h>
#include <string.h>

#include "base/banned.h"

/* ---- the cache ------------------------------------------------------------------------------- */

/* A text never changes, so what was read of it holds for ever. */
struct rules_cached {
    char sha256[FORMAT_SHA256_TEXT];
    struct td_arena *arena;
    struct td_regulation *regulation;
    struct rules rules;
    struct rules_cached *next;
};

#define RULES_MEMORY ((size_t)64 * 1024 * 1024) /* of one regulation as it is read */

static const struct rules *cache_find(struct office *office, const char *sha256)
{
    const struct rules *found = NULL;
    pthread_mutex_lock(&office->rules_lock);
    for (struct rules_cached *c = office->rules; c != NULL && found == NULL; c = c->next) {
        if (strcmp(c->sha256, sha256) == 0) {
            found = &c->rules;
        }
    }
    pthread_mutex_unlock(&office->rules_lock);
    return found;
}

/* Two that read the same text at once: the first is kept. */
static const struct rules *cache_add(struct office *office, struct rules_cached *new)
{
    const struct rules *kept = &new->rules;
    pthread_mutex_lock(&office->rules_lock);
    for (struct rules_cached *c = office->rules; c != NULL && new != NULL; c = c->next) {
        if (strcmp(c->sha256, new->sha256) == 0) {
            kept = &c->rules;
            td_arena_free(new->arena);
            free(new);
            new = NULL;
        }
    }
    if (new != NULL) {
        new->next = office->rules;
        office->rules = new;
    }
    pthread_mutex_unlock(&office->rules_lock);
    return kept;
}

void rules_release(struct office *office)
{
    while (office->rules != NULL) {
        struct rules_cached *next = office->rules->next;
        td_arena_free(office->rules->arena);
        free(office->rules);
        office->rules = next;
    }
}

const char *rules_item_id(const struct td_regulation *regulation, int32_t item)
{
    return regulation->nodes[regulation->items[item].node].id;
}

int32_t rules_stage(const struct td_regulation *regulation, const char *id)
{
    for (int32_t i = 0; i < regulation->stage_count; i++) {
        if (strcmp(regulation->stages[i].id, id) == 0) {
            return i;
        }
    }
    return TD_NONE;
}

static int by_item_id(const void *a, const void *b, void *regulation)
{
    return strcmp(rules_item_id(regulation, *(const int32_t *)a),
                  rules_item_id(regulation, *(const int32_t *)b));
}

static int index_items(struct rules_cached *new)
{
    int32_t count = new->regulation->item_count;
    int32_t *by_id = td_arena_alloc(new->arena, (size_t)count, sizeof *by_id);
    if (by_id == NULL) {
        return TD_E_MEMORY;
    }
    for (int32_t i = 0; i < count; i++) {
        by_id[i] = i;
    }
    qsort_r(by_id, (size_t)count, sizeof *by_id, by_item_id, new->regulation);
    new->rules = (struct rules){.regulation = new->regulation, .by_id = by_id};
    return TD_OK;
}

/* Where the id is in by_id, or TD_NONE. */
static int32_t place_of(const struct rules *rules, const char *id)
{
    int32_t low = 0, high = rules->regulation->item_count;
    while (low < high) {
        int32_t middle = low + (high - low) / 2;
        int order = strcmp(rules_item_id(rules->regulation, rules->by_id[middle]), id);
        if (order == 0) {
            return middle;
        }
        if (order < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return TD_NONE;
}

int32_t rules_item(const struct rules *rules, const char *id)
{
    int32_t place = place_of(rules, id);
    return place == TD_NONE ? TD_NONE : rules->by_id[place];
}

int32_t rules_item_after(const struct rules *rules, const char *id, int32_t *place)
{
    int32_t next = *place + 1;
    if (next >= rules->regulation->item_count ||
        strcmp(rules_item_id(rules->regulation, rules->by_id[next]), id) != 0) {
        next = place_of(rules, id);
    }
    if (next == TD_NONE) {
        return TD_NONE;
    }
    *place = next;
    return rules->by_id[next];
}

static int cache_read(struct office *office, const char *sha256, struct db_blob document,
                      const struct rules **ret)
{
    struct rules_cached *new = calloc(1, sizeof *new);
    if (new == NULL) {
        return TD_E_MEMORY;
    }
    new->arena = td_arena_new(RULES_MEMORY);
    if (new->arena == NULL) {
        free(new);
        return TD_E_MEMORY;
    }
    struct td_problems problems = TD_PROBLEMS(new->arena, NULL);
    int status = format_regulation_parse(document.bytes, document.n, new->arena, &problems,
                                         &new->regulation);
    if (status == TD_OK) {
        status = index_items(new);
    }
    if (status < 0) {
        td_arena_free(new->arena);
        free(new);
        /* It was accepted once: a program that can't read it any more is at fault. */
        return status == TD_E_MEMORY ? status : DB_E_BUG;
    }
    memcpy(new->sha256, sha256, FORMAT_SHA256_TEXT);
    *ret = cache_add(office, new);
    return TD_OK;
}

int rules_of(struct db_tx *tx, struct office *office, const char *home_id,
             const char *regulation_id, const struct rules **ret)
{
    struct regulation_row row = {0};
    struct regulation_document_row text = {0};
    bool found = false;
    int status = q_regulation_one(
        tx, &(struct regulation_one_in){.home_id = home_id, .regulation_id = regulation_id}, &row,
        &found);
    if (status != TD_OK || !found) {
        return status != TD_OK ? status : OFFICE_NOT_FOUND;
    }
    if (strlen(row.sha256) != FORMAT_SHA256_TEXT - 1) {
        return DB_E_BUG;
    }
    *ret = cache_find(office, row.sha256);
    if (*ret != NULL) {
        return TD_OK;
    }
    status = q_regulation_document(
        tx, &(struct regulation_document_in){.home_id = home_id, .regulation_id = regulation_id},
        &text, &found);
    if (status != TD_OK || !found) {
        return status != TD_OK ? status : OFFICE_NOT_FOUND;
    }
    return cache_read(office, row.sha256, text.document, ret);
}

/* ---- reading --------------------------------------------------------------------------------- */

static struct rules_entry of_row(const struct regulation_row *row)
{
    return (struct rules_entry){.home_id = row->home_id,
                                .regulation_id = row->regulation_id,
                                .authority_id = row->authority_id,
                                .authority_name = row->authority_name,
                                .name = row->name,
                                .version = row->version,
                                .title = row->title,
                                .sha256 = row->sha256,
                                .loaded = {.ms = row->loaded}};
}

struct reading {
    struct office *office;
    const struct actor *actor;
    const char *home_id, *authority_id, *regulation_id;
    struct rules_entry *rows;
    size_t count;
    const struct rules *rules;
};

/* Adds an authority's regulations. */
static int list_add(struct db_tx *tx, struct reading *r, const char *authority_id)
{
    struct regulation_row *rows = NULL;
    size_t count = 0;
    int status = q_regulation_of_authority(
        tx,
        &(struct regulation_of_authority_in){.home_id = r->home_id, .authority_id = authority_id},
        &rows, &count);
    if (status != TD_OK) {
        return status;
    }
    struct rules_entry *all = td_arena_alloc(db_arena(tx), r->count + count, sizeof *all);
    if (all == NULL) {
        return TD_E_MEMORY;
    }
    if (r->count > 0) {
        memcpy(all, r->rows, r->count * sizeof *all);
    }
    r->rows = all;
    for (size_t i = 0; i < count; i++) {
        r->rows[r->count++] = of_row(&rows[i]);
    }
    return TD_OK;
}

static int list_work(struct db_tx *tx, void *data)
{
    struct reading *r = data;
    r->rows = NULL;
    r->count = 0;
    int status = scope_need(tx, r->actor, r->home_id, r->authority_id);
    return status == TD_OK ? list_add(tx, r, r->authority_id) : status;
}

static int list(struct reading *r, db_use_case *work, struct td_arena *arena,
                struct rules_entry **ret, size_t *ret_count)
{
    int status = db_transact(office_db(r->office), DB_READ, arena, work, r);
    if (status == TD_OK) {
        *ret = r->rows;
        *ret_count = r->count;
    }
    return status;
}

int rules_list(struct office *office, const struct actor *actor, struct td_arena *arena,
               const char *home_id, const char *authority_id, struct rules_entry **ret,
               size_t *ret_count)
{
    struct reading r = {
        .office = office, .actor = actor, .home_id = home_id, .authority_id = authority_id};
    return list(&r, list_work, arena, ret, ret_count);
}

static int choices_work(struct db_tx *tx, void *data)
{
    struct reading *r = data;
    struct authority_row *rows = NULL;
    size_t count = 0;
    int status = list_work(tx, r);
    if (status == TD_OK) {
        status = q_authority_of_home(tx, &(struct authority_of_home_in){.home_id = r->home_id},
                                     &rows, &count);
    }
    for (size_t i = 0; status == TD_OK && i < count; i++) {
        if (strcmp(rows[i].authority_id, r->authority_id) != 0 &&
            scope_above(rows, count, rows[i].authority_id, r->authority_id)) {
            status = list_add(tx, r, rows[i].authority_id);
        }
    }
    return status;
}

int rules_choices(struct office *office, const struct actor *actor, struct td_arena *arena,
                  const char *home_id, const char *authority_id, struct rules_entry **ret,
                  size_t *ret_count)
{
    struct reading r = {
        .office = office, .actor = actor, .home_id = home_id, .authority_id = authority_id};
    return list(&r, choices_work, arena, ret, ret_count);
}

int rules_fit(struct db_tx *tx, const char *home_id, const char *owner, const char *authority_id,
              bool *ret)
{
    struct authority_row *rows = NULL;
    size_t count = 0;
    int status =
        q_authority_of_home(tx, &(struct authority_of_home_in){.home_id = home_id}, &rows, &count);
    if (status == TD_OK) {
        *ret = scope_above(rows, count, owner, authority_id);
    }
    return status;
}

/* Is the actor an officer of an authority below the regulation's? */
static int keeps_below(struct db_tx *tx, const struct reading *r, const char *owner, bool *ret)
{
    int status = TD_OK;
    *ret = false;
    for (int32_t i = 0; status == TD_OK && !*ret && i < r->actor->role_count; i++) {
        const struct actor_role *role = &r->actor->roles[i];
        if (role->role == OFFICE_OFFICER && strcmp(role->home_id, r->home_id) == 0) {
            status = rules_fit(tx, r->home_id, owner, role->scope_id, ret);
        }
    }
    return status;
}

/* Is a unit of the actor's scored by the regulation? */
static int scores_actor(struct db_tx *tx, const struct reading *r, bool *ret)
{
    int status = TD_OK;
    *ret = false;
    for (int32_t i = 0; status == TD_OK && !*ret && i < r->actor->role_count; i++) {
        const struct actor_role *role = &r->actor->roles[i];
        struct regulation_scores_unit_row row = {0};
        bool found = false;
        if (strcmp(role->home_id, r->home_id) == 0 &&
            (role->role == OFFICE_LEADER || role->role == OFFICE_UNIT_OFFICER)) {
            status = q_regulation_scores_unit(
                tx,
                &(struct regulation_scores_unit_in){.home_id = r->home_id,
                                                    .regulation_id = r->regulation_id,
                                                    .unit_id = role->scope_id},
                &row, &found);
            *ret = found && row.years > 0;
        }
    }
    return status;
}

static int get_work(struct db_tx *tx, void *data)
{
    struct reading *r = data;
    struct regulation_row row = {0};
    struct scope scope = {.keeps = false};
    bool found = false, scores = false;
    int status = q_regulation_one(
        tx, &(struct regulation_one_in){.home_id = r->home_id, .regulation_id = r->regulation_id},
        &row, &found);
    if (status != TD_OK || !found) {
        return status != TD_OK ? status : OFFICE_NOT_FOUND;
    }
    status = scope_of(tx, r->actor, r->home_id, row.authority_id, &scope);
    if (status == TD_OK && !scope.keeps && !scope.observes) {
        status = scores_actor(tx, r, &scores);
        if (status == TD_OK && !scores) {
            status = keeps_below(tx, r, row.authority_id, &scores);
        }
        if (status == TD_OK && !scores) {
            status = OFFICE_NOT_FOUND;
        }
    }
    if (status != TD_OK) {
        return status;
    }
    r->rows = td_arena_alloc(db_arena(tx), 1, sizeof *r->rows);
    if (r->rows == NULL) {
        return TD_E_MEMORY;
    }
    *r->rows = of_row(&row);
    return rules_of(tx, r->office, r->home_id, r->regulation_id, &r->rules);
}

int rules_get(struct office *office, const struct actor *actor, struct td_arena *arena,
              const char *home_id, const char *regulation_id, struct rules_entry *ret_entry,
              const struct td_regulation **ret)
{
    struct reading r = {
        .office = office, .actor = actor, .home_id = home_id, .regulation_id = regulation_id};
    int status = db_transact(office_db(office), DB_READ, arena, get_work, &r);
    if (status == TD_OK) {
        *ret = r.rules->regulation;
        if (ret_entry != NULL) {
            *ret_entry = *r.rows;
        }
    }
    return status;
}

/* ---- taking ---------------------------------------------------------------------------------- */

struct taking {
    struct office *office;
    const struct actor *actor;
    const char *home_id, *authority_id, *new_id, *regulation_id;
    const struct td_regulation *regulation;
    struct db_blob document;
};

static int load_work(struct db_tx *tx, void *data)
{
    struct taking *t = data;
    struct regulation_by_sha256_row there = {0};
    bool found = false;
    int status = scope_need(tx, t->actor, t->home_id, t->authority_id);
    if (status == TD_OK) {
        status = q_regulation_by_sha256(
            tx,
            &(struct regulation_by_sha256_in){.home_id = t->home_id,
                                              .authority_id = t->authority_id,
                                              .sha256 = t->regulation->sha256},
            &there, &found);
    }
    if (status != TD_OK || found) {
        t->regulation_id = found ? there.regulation_id : NULL;
        return status;
    }
    t->regulation_id = t->new_id;
    status = q_regulation_insert(tx,
                                 &(struct regulation_insert_in){.home_id = t->home_id,
                                                                .regulation_id = t->new_id,
                                                                .authority_id = t->authority_id,
                                                                .name = t->regulation->id,
                                                                .version = t->regulation->version,
                                                                .title = t->regulation->title,
                                                                .sha256 = t->regulation->sha256,
                                                                .document = t->document,
                                                                .loaded = office_now(t->office).ms},
                                 NULL);
    if (status != TD_OK) {
        return status;
    }
    return audit_write(tx, t->office, t->actor,
                       &(struct audit_change){.home_id = t->home_id,
                                              .chain = AUDIT_HOME,
                                              .for_id = t->authority_id,
                                              .verb = "regulation.load",
                                              .object = t->new_id,
                                              .new = t->regulation->sha256});
}

int rules_load(struct office *office, const struct actor *actor, struct td_arena *arena,
               const char *home_id, const char *authority_id, const char *bytes, size_t n,
               struct td_problems *problems, const char **ret_id)
{
    struct td_regulation *regulation = NULL;
    struct taking t = {.office = office,
                       .actor = actor,
                       .home_id = home_id,
                       .authority_id = authority_id,
                       .document = {.bytes = bytes, .n = n}};
    int status = format_regulation_parse(bytes, n, arena, problems, &regulation);
    if (status < 0) {
        return status == TD_E_INVALID ? OFFICE_REFUSED : status;
    }
    t.regulation = regulation;
    status = office_id(arena, &t.new_id);
    if (status == TD_OK) {
        status = db_transact(office_db(office), DB_WRITE, arena, load_work, &t);
    }
    if (status == TD_OK) {
        *ret_id = t.regulation_id;
    }
    return status;
}
