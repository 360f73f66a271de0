/*
 * Regulations that were loaded (CRI-1, law 9): kept byte for byte, never changed; an amendment is
 * another one. A year says which one scores it.
 */
#ifndef OFFICE_RULES_H
#define OFFICE_RULES_H

#include "office/office.h"
#include "thidua/thidua.h"

struct rules_entry {
    const char *home_id, *regulation_id;
    const char *authority_id, *authority_name;
    const char *name; /* the id that the file gives itself */
    int64_t version;  /* likewise */
    const char *title;
    const char *sha256;
    struct instant loaded;
};

/* Regulations of an authority that the actor keeps, the latest first. */
int rules_list(struct office *office, const struct actor *actor, struct td_arena *arena,
               const char *home_id, const char *authority_id, struct rules_entry **ret,
               size_t *ret_count) TD_MUST_CHECK;

/* Regulations that may score a year of a bloc of the authority: its own, and those of the
 * authorities above it; the authority's first. The actor keeps the authority. */
int rules_choices(struct office *office, const struct actor *actor, struct td_arena *arena,
                  const char *home_id, const char *authority_id, struct rules_entry **ret,
                  size_t *ret_count) TD_MUST_CHECK;

/* Take a file. OFFICE_REFUSED: the problems say where in the file (JSON pointers). The same bytes
 * again answer the regulation that is there. */
int rules_load(struct office *office, const struct actor *actor, struct td_arena *arena,
               const char *home_id, const char *authority_id, const char *bytes, size_t n,
               struct td_problems *problems, const char **ret_id) TD_MUST_CHECK;

/* One regulation, for the officers of its authority, of those above and below it, and for the
 * members of every year that it scores. *ret_entry may be NULL. The structure is the office's and
 * lives as long as it. */
int rules_get(struct office *office, const struct actor *actor, struct td_arena *arena,
              const char *home_id, const char *regulation_id, struct rules_entry *ret_entry,
              const struct td_regulation **ret) TD_MUST_CHECK;

/* May the regulation of `owner` score a year of a bloc of `authority_id`: is it that one's, or of
 * one above it? */
int rules_fit(struct db_tx *tx, const char *home_id, const char *owner, const char *authority_id,
              bool *ret) TD_MUST_CHECK;

/* A regulation as the other use cases use it. */
struct rules {
    const struct td_regulation *regulation;
    const int32_t *by_id; /* [item_count]: items in the order of their ids' bytes */
};

/* The regulation inside another use case, from the office's cache. TD_OK, OFFICE_NOT_FOUND or a
 * failure. No permission is asked. */
int rules_of(struct db_tx *tx, struct office *office, const char *home_id,
             const char *regulation_id, const struct rules **ret) TD_MUST_CHECK;

/* The item with this id, or TD_NONE. */
int32_t rules_item(const struct rules *rules, const char *id) __attribute__((nonnull));

/* The same where many are looked up, most of the time in the order of their ids, as tables have
 * them: `place` is where the last was, TD_NONE before the first. */
int32_t rules_item_after(const struct rules *rules, const char *id, int32_t *place)
    __attribute__((nonnull));

/* The item's id. */
const char *rules_item_id(const struct td_regulation *regulation, int32_t item)
    __attribute__((nonnull, returns_nonnull));

/* The stage with this id, or TD_NONE. */
int32_t rules_stage(const struct td_regulation *regulation, const char *id)
    __attribute__((nonnull));

#endif
