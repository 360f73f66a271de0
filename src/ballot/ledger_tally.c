/*
 * The events from the end of voting to the result: see ledger.h. What an event says is compared
 * with what we compute; from then on our own figures count.
 */
#include "ballot/ledger.h"

#include <string.h>

#include "base/banned.h"

#define SMALL 1000
#define TALLY_MAX ((size_t)16 * 1024 * 1024)

void ledger_sum(struct ledger *ledger)
{
    if (!tally_init(ledger->arena, &ledger->election, &ledger->tally)) {
        group_fail(ledger->group);
        return;
    }
    for (size_t i = 0; i < ledger->ballot_count; i++) {
        if (!ledger->ballots[i].is_replaced) {
            tally_add(ledger->group, &ledger->election, &ledger->ballots[i].paper, &ledger->tally);
        }
    }
    ledger->phase = LEDGER_CLOSED;
}

void ledger_take_tally(struct ledger *ledger, const struct archive_event *event)
{
    const char *type = archive_type_name(event->type);
    struct buf text;

    buf_init(&text, TALLY_MAX);
    tally_write(ledger->group, &ledger->election, &ledger->tally, &text);
    if (!ledger_same(ledger, &event->parts[0], &text)) {
        ledger_find(ledger, type, TD_WORDS("the encrypted sum is not that of the ballots"));
    }
    buf_clear(&text);
    archive_tally_text(ledger->tally.count, event->parts[0].name, &text);
    if (!ledger_same(ledger, &event->parts[1], &text)) {
        ledger_find(ledger, type, TD_WORDS("the number of ballots in the sum is not right"));
    }
    buf_release(&text);
    ledger->phase = LEDGER_DECRYPTING;
}

/* Whose decryption the record says it is, from 1; 0 when it is nobody's. */
static unsigned owner_of(struct ledger *ledger, const struct archive_event *event)
{
    unsigned owner = 0;
    struct buf text;

    buf_init(&text, SMALL);
    for (unsigned i = 1; owner == 0 && i <= ledger->trustees.count; i++) {
        buf_clear(&text);
        archive_decryption_text(i, event->parts[0].name, &text);
        if (ledger_same(ledger, &event->parts[1], &text)) {
            owner = i;
        }
    }
    buf_release(&text);
    return owner;
}

void ledger_take_decryption(struct ledger *ledger, const struct archive_event *event)
{
    const char *type = archive_type_name(event->type);
    unsigned owner = owner_of(ledger, event);

    if (owner == 0) {
        ledger_find(ledger, type, TD_WORDS("the decryption is of no trustee of this election"));
        return;
    }
    if (ledger->is_decrypted[owner - 1]) {
        ledger_find(ledger, type,
                    TD_MESSAGE("a second decryption by trustee {0}", TD_COUNT(owner)));
        return;
    }
    if (!decryption_read(ledger->group, ledger->arena, &ledger->election, &ledger->tally,
                         &ledger->trustees.items[owner - 1], event->parts[0].bytes,
                         event->parts[0].n, &ledger->decryptions[owner - 1])) {
        ledger_find(ledger, type,
                    TD_MESSAGE("the decryption by trustee {0} is wrong", TD_COUNT(owner)));
        return;
    }
    ledger->is_decrypted[owner - 1] = true;
}

bool ledger_keep_decryption(struct ledger *ledger, const struct decryption *decryption,
                            struct decryption *ret)
{
    size_t n = election_slots(&ledger->election);

    ret->factors = td_arena_alloc(ledger->arena, n, sizeof *ret->factors);
    ret->proofs = td_arena_alloc(ledger->arena, n, sizeof *ret->proofs);
    if (ret->factors == NULL || ret->proofs == NULL) {
        return false;
    }
    memcpy(ret->factors, decryption->factors, n * sizeof *ret->factors);
    memcpy(ret->proofs, decryption->proofs, n * sizeof *ret->proofs);
    return true;
}

void ledger_accept_decryption(struct ledger *ledger, unsigned trustee,
                              const struct decryption *kept)
{
    ledger->decryptions[trustee - 1] = *kept;
    ledger->is_decrypted[trustee - 1] = true;
}

size_t ledger_missing(const struct ledger *ledger)
{
    for (size_t i = 0; i < ledger->trustees.count; i++) {
        if (!ledger->is_decrypted[i]) {
            return i + 1;
        }
    }
    return 0;
}

bool ledger_count(struct ledger *ledger)
{
    unsigned *counts =
        td_arena_zeroed(ledger->arena, election_slots(&ledger->election), sizeof *counts);

    if (counts == NULL) {
        group_fail(ledger->group);
        return false;
    }
    if (ledger->phase < LEDGER_DECRYPTING || ledger_missing(ledger) != 0 ||
        !result_compute(ledger->group, &ledger->election, &ledger->tally, ledger->decryptions,
                        ledger->trustees.count, counts)) {
        return false;
    }
    ledger->counts = counts;
    return true;
}

void ledger_take_result(struct ledger *ledger, const struct archive_event *event)
{
    const char *type = archive_type_name(event->type);
    size_t missing = ledger_missing(ledger);
    struct buf text;

    ledger->phase = LEDGER_FINISHED;
    if (missing != 0) {
        ledger_find(
            ledger, type,
            TD_MESSAGE("a result without a right decryption by trustee {0}", TD_COUNT(missing)));
        return;
    }
    if (!ledger_count(ledger)) {
        ledger_find(ledger, type, TD_WORDS("the decryptions give no result"));
        return;
    }
    buf_init(&text, TALLY_MAX);
    counts_write(&ledger->election, ledger->counts, &text);
    if (!ledger_same(ledger, &event->parts[0], &text)) {
        ledger_find(ledger, type, TD_WORDS("the result is not what the decryptions give"));
    }
    buf_release(&text);
}
