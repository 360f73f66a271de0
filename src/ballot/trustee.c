/*
 * Trustees: see trustee.h.
 */
#include "ballot/trustee.h"

#include "ballot/scan.h"

#include "base/banned.h"

#define PREFIX_MAX 1000

static void pok_prefix(struct group *group, const struct element *public_key, struct buf *prefix)
{
    buf_init(prefix, PREFIX_MAX);
    buf_text(prefix, "pok|" GROUP_NAME "|");
    element_write(group, public_key, prefix);
    buf_char(prefix, '|');
    if (!buf_ok(prefix)) {
        group_fail(group);
    }
}

void trustee_new(struct group *group, struct scalar *ret_secret, struct trustee *ret)
{
    struct buf prefix;

    scalar_random(group, ret_secret);
    group_raise_secret(group, ret_secret, &ret->public_key);
    pok_prefix(group, &ret->public_key, &prefix);
    proof_know_make(group, buf_string(&prefix), ret_secret, &ret->pok);
    buf_release(&prefix);
}

static bool is_right(struct group *group, const struct trustee *trustee)
{
    struct buf prefix;
    struct element one;

    element_one(&one);
    if (element_equal(&trustee->public_key, &one) || !element_member(group, &trustee->public_key)) {
        return false;
    }
    pok_prefix(group, &trustee->public_key, &prefix);
    bool right = proof_know_check(group, buf_string(&prefix), &trustee->public_key, &trustee->pok);
    buf_release(&prefix);
    return right;
}

void trustee_write(struct group *group, const struct trustee *trustee, struct buf *to)
{
    buf_text(to, "{\"pok\":");
    proof_write(&trustee->pok, to);
    buf_text(to, ",\"public_key\":\"");
    element_write(group, &trustee->public_key, to);
    buf_text(to, "\"}");
}

static void scan_trustee(struct scan *scan, struct trustee *ret)
{
    scan_literal(scan, "{\"pok\":");
    proof_scan(scan, &ret->pok);
    scan_literal(scan, ",\"public_key\":");
    scan_element(scan, &ret->public_key);
    scan_literal(scan, "}");
}

bool trustee_read(struct group *group, const char *bytes, size_t n, struct trustee *ret)
{
    struct scan scan = scan_of(group, NULL, bytes, n);

    scan_trustee(&scan, ret);
    return scan_done(&scan) && is_right(group, ret);
}

void trustees_write(struct group *group, const struct trustees *trustees, struct buf *to)
{
    for (size_t i = 0; i < trustees->count; i++) {
        buf_text(to, i == 0 ? "[[\"Single\"," : ",[\"Single\",");
        trustee_write(group, &trustees->items[i], to);
        buf_char(to, ']');
    }
    buf_char(to, ']');
}

static bool all_right(struct group *group, const struct trustees *trustees)
{
    for (size_t i = 0; i < trustees->count; i++) {
        const struct trustee *trustee = &trustees->items[i];
        for (size_t j = 0; j < i; j++) {
            if (element_equal(&trustees->items[j].public_key, &trustee->public_key)) {
                return false;
            }
        }
        if (!is_right(group, trustee)) {
            return false;
        }
    }
    return true;
}

bool trustees_read(struct group *group, struct td_arena *arena, const char *bytes, size_t n,
                   struct trustees *ret)
{
    struct scan scan = scan_of(group, arena, bytes, n);

    *ret = (struct trustees){0, td_arena_alloc(arena, TRUSTEES_MAX, sizeof *ret->items)};
    if (ret->items == NULL) {
        return false;
    }
    scan_literal(&scan, "[");
    do {
        scan_literal(&scan, "[\"Single\",");
        scan_trustee(&scan, &ret->items[ret->count++]);
        scan_literal(&scan, "]");
    } while (ret->count < TRUSTEES_MAX && scan_try(&scan, ","));
    scan_literal(&scan, "]");
    return scan_done(&scan) && all_right(group, ret);
}

size_t trustees_find(const struct trustees *trustees, const struct element *key)
{
    for (size_t i = 0; i < trustees->count; i++) {
        if (element_equal(&trustees->items[i].public_key, key)) {
            return i + 1;
        }
    }
    return 0;
}

void trustees_key(struct group *group, const struct trustees *trustees, struct element *ret)
{
    element_one(ret);
    for (size_t i = 0; i < trustees->count; i++) {
        group_multiply(group, ret, &trustees->items[i].public_key, ret);
    }
}

void trustee_secret_write(const struct scalar *secret, struct buf *to)
{
    buf_char(to, '"');
    scalar_write(secret, to);
    buf_char(to, '"');
}

bool trustee_secret_read(struct group *group, const char *bytes, size_t n, struct scalar *ret)
{
    struct scan scan = scan_of(group, NULL, bytes, n);

    scan_scalar(&scan, ret);
    bool done = scan_done(&scan);
    if (!done) {
        scalar_wipe(ret);
    }
    return done;
}
