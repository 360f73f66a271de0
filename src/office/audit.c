/*
 * The audit chain: writing an entry, and checking all of them. audit.h specifies what is hashed.
 */
#include "office/audit.h"

#include "base/buf.h"
#include "db/queries.h"
#include "format/format.h"
#include "office/secret.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/banned.h"

/* The longest text whose hash is taken: a payload is a few lines, and a form is at most 256 KiB. */
#define HASHED_MAX ((size_t)4 * 1024 * 1024)
#define SALT_TEXT 33
#define VERIFY_BATCH 500
#define VERIFY_MEMORY ((size_t)64 * 1024 * 1024)

static const char first_hash[] = "0000000000000000000000000000000000000000000000000000000000000000";

/* ---- the canonical form ---------------------------------------------------------------------- */

static void field(struct buf *out, const char *text)
{
    buf_printf(out, "%zu:", strlen(text));
    buf_text(out, text);
    buf_char(out, '\n');
}

static void optional_field(struct buf *out, const char *text)
{
    if (text == NULL) {
        buf_text(out, "-\n");
    } else {
        field(out, text);
    }
}

static void number_field(struct buf *out, int64_t number)
{
    char text[24];
    snprintf(text, sizeof(text), "%" PRId64, number);
    field(out, text);
}

/* The hash of what was gathered; releases it. */
static int finish(struct buf *text, char out[static FORMAT_SHA256_TEXT])
{
    int status = buf_status(text);
    if (status == TD_OK) {
        status = format_sha256(buf_string(text), buf_length(text), out);
    }
    buf_release(text);
    return status;
}

static int hash_payload(const char *salt, const char *old, const char *new,
                        char out[static FORMAT_SHA256_TEXT])
{
    struct buf text;
    buf_init(&text, HASHED_MAX);
    buf_text(&text, "thidua-payload/1\n");
    field(&text, salt);
    optional_field(&text, old);
    optional_field(&text, new);
    return finish(&text, out);
}

static int hash_entry(const struct audit_entry_add_in *entry, char out[static FORMAT_SHA256_TEXT])
{
    struct buf text;
    buf_init(&text, HASHED_MAX);
    buf_text(&text, "thidua-audit/1\n");
    field(&text, entry->home_id);
    field(&text, entry->chain);
    number_field(&text, entry->seq);
    number_field(&text, entry->at);
    field(&text, entry->account_id);
    field(&text, entry->for_id);
    field(&text, entry->verb);
    field(&text, entry->object);
    field(&text, entry->payload_hash);
    field(&text, entry->previous_hash);
    return finish(&text, out);
}

/* ---- writing --------------------------------------------------------------------------------- */

int audit_write(struct db_tx *tx, const struct office *office, const struct actor *actor,
                const struct audit_change *change)
{
    struct audit_head_row head = {.seq = 0, .hash = first_hash};
    char salt[SALT_TEXT], payload_hash[FORMAT_SHA256_TEXT], hash[FORMAT_SHA256_TEXT];
    bool found = false;

    int status = q_audit_head(
        tx, &(struct audit_head_in){.home_id = change->home_id, .chain = change->chain}, &head,
        &found);
    if (status == TD_OK && !found) {
        head = (struct audit_head_row){.seq = 0, .hash = first_hash};
    }
    if (status == TD_OK) {
        status = secret_id(salt, sizeof(salt));
    }
    if (status == TD_OK) {
        status = hash_payload(salt, change->old, change->new, payload_hash);
    }
    if (status != TD_OK) {
        return status;
    }
    struct audit_entry_add_in entry = {
        .home_id = change->home_id,
        .chain = change->chain,
        .seq = head.seq + 1,
        .at = office_now(office).ms,
        .account_id = actor->account_id,
        .for_id = change->for_id == NULL ? "" : change->for_id,
        .verb = change->verb,
        .object = change->object,
        .payload_hash = payload_hash,
        .previous_hash = head.hash,
        .hash = hash,
    };
    status = hash_entry(&entry, hash);
    if (status == TD_OK) {
        status = q_audit_entry_add(tx, &entry, NULL);
    }
    if (status == TD_OK) {
        status = q_audit_payload_add(tx,
                                     &(struct audit_payload_add_in){.home_id = change->home_id,
                                                                    .chain = change->chain,
                                                                    .seq = entry.seq,
                                                                    .salt = salt,
                                                                    .old_text = change->old,
                                                                    .new_text = change->new},
                                     NULL);
    }
    if (status == TD_OK) {
        status = q_audit_head_set(
            tx,
            &(struct audit_head_set_in){
                .home_id = change->home_id, .chain = change->chain, .seq = entry.seq, .hash = hash},
            NULL);
    }
    return status;
}

/* ---- checking -------------------------------------------------------------------------------- */

/* Where the check stands: the last entry that was read, and what its chain is to go on with. */
struct walk {
    struct td_arena *arena; /* of the findings */
    struct audit_report *report;
    struct audit_finding *last;
    const char *home_id, *chain; /* "" before the first */
    int64_t seq;
    char hash[FORMAT_SHA256_TEXT];
};

static const char *keep(struct walk *w, const char *text)
{
    return td_arena_text(w->arena, text, strlen(text));
}

static int find(struct walk *w, enum audit_fault fault, const char *home_id, const char *chain,
                int64_t seq)
{
    struct audit_finding *finding = td_arena_zeroed(w->arena, 1, sizeof(*finding));
    if (finding == NULL) {
        return TD_E_MEMORY;
    }
    *finding = (struct audit_finding){
        .fault = fault, .home_id = keep(w, home_id), .chain = keep(w, chain), .seq = seq};
    if (finding->home_id == NULL || finding->chain == NULL) {
        return TD_E_MEMORY;
    }
    if (w->last == NULL) {
        w->report->first = finding;
    } else {
        w->last->next = finding;
    }
    w->last = finding;
    return TD_OK;
}

/* No further entry: is the last one that which the head recorded? */
static int end_chain(struct db_tx *tx, struct walk *w)
{
    struct audit_head_row head = {0};
    bool found = false;

    if (w->seq == 0) {
        return TD_OK;
    }
    int status = q_audit_head(tx, &(struct audit_head_in){.home_id = w->home_id, .chain = w->chain},
                              &head, &found);
    if (status != TD_OK) {
        return status;
    }
    if (!found || head.seq != w->seq) {
        return find(w, AUDIT_MISSING, w->home_id, w->chain, found ? head.seq : w->seq);
    }
    if (strcmp(head.hash, w->hash) != 0) {
        return find(w, AUDIT_ALTERED, w->home_id, w->chain, w->seq);
    }
    return TD_OK;
}

static int begin_chain(struct walk *w, const char *home_id, const char *chain)
{
    w->home_id = keep(w, home_id);
    w->chain = keep(w, chain);
    w->seq = 0;
    memcpy(w->hash, first_hash, sizeof(first_hash));
    w->report->chains++;
    return w->home_id == NULL || w->chain == NULL ? TD_E_MEMORY : TD_OK;
}

static int check_payload(struct walk *w, const struct audit_entries_after_row *e)
{
    char hash[FORMAT_SHA256_TEXT];
    if (e->salt == NULL) {
        w->report->erased++;
        return TD_OK;
    }
    int status = hash_payload(e->salt, e->old_text, e->new_text, hash);
    if (status == TD_OK && strcmp(hash, e->payload_hash) != 0) {
        status = find(w, AUDIT_PAYLOAD, e->home_id, e->chain, e->seq);
    }
    return status;
}

/* An entry whose number is skipped to can't be asked what it follows: what it follows is gone. */
static int check_link(struct walk *w, const struct audit_entries_after_row *e)
{
    if (e->seq != w->seq + 1) {
        return find(w, AUDIT_MISSING, e->home_id, e->chain, w->seq + 1);
    }
    if (strcmp(e->previous_hash, w->hash) != 0) {
        return find(w, AUDIT_REORDERED, e->home_id, e->chain, e->seq);
    }
    return TD_OK;
}

static int check_fields(struct walk *w, const struct audit_entries_after_row *e)
{
    const struct audit_entry_add_in entry = {
        .home_id = e->home_id,
        .chain = e->chain,
        .seq = e->seq,
        .at = e->at,
        .account_id = e->account_id,
        .for_id = e->for_id,
        .verb = e->verb,
        .object = e->object,
        .payload_hash = e->payload_hash,
        .previous_hash = e->previous_hash,
    };
    char hash[FORMAT_SHA256_TEXT];
    int status = hash_entry(&entry, hash);
    if (status == TD_OK && strcmp(hash, e->hash) != 0) {
        status = find(w, AUDIT_ALTERED, e->home_id, e->chain, e->seq);
    }
    return status;
}

static int check_batch(struct db_tx *tx, struct walk *w, const struct audit_entries_after_row *rows,
                       size_t count)
{
    int status = TD_OK;
    for (size_t i = 0; i < count && status == TD_OK; i++) {
        const struct audit_entries_after_row *e = &rows[i];
        if (w->seq == 0 || strcmp(w->home_id, e->home_id) != 0 || strcmp(w->chain, e->chain) != 0) {
            status = end_chain(tx, w);
            status = status == TD_OK ? begin_chain(w, e->home_id, e->chain) : status;
        }
        if (status == TD_OK) {
            status = check_link(w, e);
        }
        if (status == TD_OK) {
            status = check_fields(w, e);
        }
        if (status == TD_OK) {
            status = check_payload(w, e);
        }
        w->seq = e->seq;
        snprintf(w->hash, sizeof(w->hash), "%s", e->hash);
        w->report->entries++;
    }
    return status;
}

static int check_entries(struct db_tx *tx, struct walk *w)
{
    size_t count = VERIFY_BATCH;
    int status = TD_OK;
    while (status == TD_OK && count == VERIFY_BATCH) {
        struct td_mark mark = td_arena_mark(db_arena(tx));
        struct audit_entries_after_row *rows = NULL;
        status = q_audit_entries_after(
            tx,
            &(struct audit_entries_after_in){
                .home_id = w->home_id, .chain = w->chain, .seq = w->seq, .count = VERIFY_BATCH},
            &rows, &count);
        if (status == TD_OK) {
            status = check_batch(tx, w, rows, count);
        }
        td_arena_rewind(db_arena(tx), mark);
    }
    return status == TD_OK ? end_chain(tx, w) : status;
}

/* A head whose entries are all gone. */
static int check_heads(struct db_tx *tx, struct walk *w)
{
    struct td_mark mark = td_arena_mark(db_arena(tx));
    const char *home_id = "", *chain = "";
    size_t count = VERIFY_BATCH;
    int status = TD_OK;
    while (status == TD_OK && count == VERIFY_BATCH) {
        struct audit_heads_after_row *rows = NULL;
        status = q_audit_heads_after(tx,
                                     &(struct audit_heads_after_in){
                                         .home_id = home_id, .chain = chain, .count = VERIFY_BATCH},
                                     &rows, &count);
        for (size_t i = 0; i < count && status == TD_OK; i++) {
            if (!rows[i].has_entry) {
                w->report->chains++;
                status = find(w, AUDIT_MISSING, rows[i].home_id, rows[i].chain, rows[i].seq);
            }
        }
        if (status == TD_OK && count > 0) {
            home_id = keep(w, rows[count - 1].home_id);
            chain = keep(w, rows[count - 1].chain);
            status = home_id == NULL || chain == NULL ? TD_E_MEMORY : TD_OK;
        }
        td_arena_rewind(db_arena(tx), mark);
    }
    return status;
}

/* One snapshot for all, so that what is written meanwhile doesn't look like a fault. */
static int verify(struct db_tx *tx, void *data)
{
    struct walk *w = data;
    *w->report = (struct audit_report){0};
    w->last = NULL;
    w->home_id = "";
    w->chain = "";
    w->seq = 0;
    int status = check_entries(tx, w);
    return status == TD_OK ? check_heads(tx, w) : status;
}

int audit_verify(struct office *office, struct td_arena *arena, struct audit_report *ret)
{
    struct td_arena *rows = td_arena_new(VERIFY_MEMORY);
    if (rows == NULL) {
        return TD_E_MEMORY;
    }
    struct walk w = {.arena = arena, .report = ret};
    int status = db_transact(office_db(office), DB_READ, rows, verify, &w);
    td_arena_free(rows);
    return status;
}
