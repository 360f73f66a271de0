/*
 * The events of an archive until voting ends: see ledger.h.
 */
#include "ballot/ledger.h"

#include <string.h>

#include "base/banned.h"

#define SMALL 1000

struct td_message ledger_phase_words(enum ledger_phase phase)
{
    switch (phase) {
    case LEDGER_EMPTY:
        return TD_WORDS("the election is not set up");
    case LEDGER_VOTING:
        return TD_WORDS("the election is open: ballots are taken");
    case LEDGER_CLOSED:
        return TD_WORDS("the election is closed and not yet counted");
    case LEDGER_DECRYPTING:
        return TD_WORDS("the ballots are summed and not yet decrypted");
    case LEDGER_FINISHED:
        return TD_WORDS("the election is finished");
    }
    return (struct td_message){0};
}

void ledger_init(struct ledger *ledger, struct group *group, struct td_arena *arena)
{
    *ledger = (struct ledger){.group = group, .arena = arena};
}

void ledger_find(struct ledger *ledger, const char *type, struct td_message what)
{
    struct finding *finding = td_arena_alloc(ledger->arena, 1, sizeof *finding);

    ledger->finding_count++;
    if (finding == NULL) {
        group_fail(ledger->group);
        return;
    }
    *finding = (struct finding){.height = ledger->height, .type = type, .what = what};
    if (ledger->last == NULL) {
        ledger->first = finding;
    } else {
        ledger->last->next = finding;
    }
    ledger->last = finding;
}

bool ledger_same(struct ledger *ledger, const struct archive_part *part, const struct buf *text)
{
    if (!buf_ok(text)) {
        group_fail(ledger->group);
        return false;
    }
    return part->n == buf_length(text) && memcmp(part->bytes, buf_string(text), part->n) == 0;
}

/* ---- setup ----------------------------------------------------------------------------------- */

static bool setup_named(struct ledger *ledger, const struct archive_part *parts)
{
    struct buf text;

    buf_init(&text, SMALL);
    archive_setup_text(parts[0].name, parts[1].name, parts[2].name, &text);
    bool same = ledger_same(ledger, &parts[3], &text);
    buf_release(&text);
    return same;
}

static void take_setup(struct ledger *ledger, const struct archive_event *event)
{
    const char *type = archive_type_name(event->type);
    const struct archive_part *parts = event->parts;
    struct group *group = ledger->group;
    struct element key;

    if (!setup_named(ledger, parts)) {
        ledger_find(ledger, type,
                    TD_WORDS("the data are not the election, trustees and "
                             "credentials, in this order"));
        return;
    }
    if (!election_read(group, ledger->arena, parts[0].bytes, parts[0].n, &ledger->election)) {
        ledger_find(ledger, type, TD_WORDS("the election is not written as it should be"));
        return;
    }
    if (!trustees_read(group, ledger->arena, parts[1].bytes, parts[1].n, &ledger->trustees)) {
        ledger_find(ledger, type, TD_WORDS("a trustee's key or its proof is wrong"));
        return;
    }
    if (!credentials_read(group, ledger->arena, parts[2].bytes, parts[2].n, &ledger->credentials)) {
        ledger_find(ledger, type, TD_WORDS("a credential is wrong or stands there twice"));
        return;
    }
    ledger->latest =
        td_arena_zeroed(ledger->arena, ledger->credentials.count, sizeof *ledger->latest);
    ledger->ballots_of =
        td_arena_zeroed(ledger->arena, ledger->credentials.count, sizeof *ledger->ballots_of);
    if (ledger->latest == NULL || ledger->ballots_of == NULL) {
        group_fail(group);
        return;
    }
    trustees_key(group, &ledger->trustees, &key);
    if (!element_equal(&key, &ledger->election.public_key)) {
        ledger_find(ledger, type, TD_WORDS("the election's key is not that of its trustees"));
    }
    ledger->phase = LEDGER_VOTING;
}

/* ---- ballots --------------------------------------------------------------------------------- */

/* Each ballot lies in the archive under its hash; the same text has the same tracker. */
const struct ledger_ballot *ledger_find_ballot(const struct ledger *ledger, const char *tracker)
{
    for (size_t i = 0; i < ledger->ballot_count; i++) {
        if (strcmp(ledger->ballots[i].paper.tracker, tracker) == 0) {
            return &ledger->ballots[i];
        }
    }
    return NULL;
}

static struct td_message judge(struct ledger *ledger, struct td_arena *arena,
                               const struct archive_part *part, struct paper *ret)
{
    enum paper_fault fault = paper_read(ledger->group, arena, &ledger->election,
                                        &ledger->credentials, part->bytes, part->n, ret);

    if (fault != PAPER_RIGHT) {
        return paper_words(fault);
    }
    if (ledger_find_ballot(ledger, ret->tracker) != NULL) {
        return TD_WORDS("this ballot is there already");
    }
    return (struct td_message){0};
}

bool ledger_make_room(struct ledger *ledger)
{
    if (ledger->ballot_count < ledger->ballot_room) {
        return true;
    }
    size_t room = ledger->ballot_room == 0 ? 64 : ledger->ballot_room * 2;
    struct ledger_ballot *ballots = td_arena_alloc(ledger->arena, room, sizeof *ballots);
    if (ballots == NULL) {
        group_fail(ledger->group);
        return false;
    }
    if (ledger->ballot_count > 0) {
        memcpy(ballots, ledger->ballots, ledger->ballot_count * sizeof *ballots);
    }
    ledger->ballots = ballots;
    ledger->ballot_room = room;
    return true;
}

bool ledger_keep(struct ledger *ledger, const struct paper *paper, struct paper *ret)
{
    const struct election *election = &ledger->election;
    struct paper_answer *answers =
        td_arena_zeroed(ledger->arena, election->question_count, sizeof *answers);

    *ret = *paper;
    ret->answers = answers;
    for (size_t i = 0; answers != NULL && i < election->question_count; i++) {
        size_t n = question_slots(&election->questions[i]);
        answers[i].slots = td_arena_alloc(ledger->arena, n, sizeof *answers[i].slots);
        if (answers[i].slots == NULL) {
            return false;
        }
        memcpy(answers[i].slots, paper->answers[i].slots, n * sizeof *answers[i].slots);
    }
    return answers != NULL;
}

void ledger_accept(struct ledger *ledger, const struct paper *kept)
{
    size_t index = 0;

    if (!credentials_hold(&ledger->credentials, &kept->credential, &index) ||
        !ledger_make_room(ledger)) {
        return;
    }
    if (ledger->latest[index] != 0) {
        ledger->ballots[ledger->latest[index] - 1].is_replaced = true;
    }
    ledger->ballots[ledger->ballot_count++] =
        (struct ledger_ballot){.paper = *kept, .height = ledger->height};
    ledger->latest[index] = ledger->ballot_count;
    ledger->ballots_of[index]++;
}

static void take_ballot(struct ledger *ledger, const struct archive_event *event)
{
    struct td_arena *arena = ledger->scratch != NULL ? ledger->scratch : ledger->arena;
    struct td_mark mark = td_arena_mark(arena);
    struct paper paper = {0}, kept;

    struct td_message fault = judge(ledger, arena, &event->parts[0], &paper);
    if (fault.id == NULL && ledger->scratch == NULL) {
        ledger_accept(ledger, &paper);
        return;
    }
    if (fault.id == NULL && ledger_make_room(ledger) && ledger_keep(ledger, &paper, &kept)) {
        ledger_accept(ledger, &kept);
    } else if (fault.id == NULL) {
        group_fail(ledger->group);
    }
    td_arena_rewind(arena, mark);
    /* After the rewinding: a finding stays. */
    if (fault.id != NULL) {
        ledger->refused++;
        ledger_find(ledger, archive_type_name(event->type), fault);
    }
}

size_t ledger_voters(const struct ledger *ledger)
{
    size_t n = 0;

    for (size_t i = 0; i < ledger->ballot_count; i++) {
        n += !ledger->ballots[i].is_replaced;
    }
    return n;
}

/* ---- the order of events --------------------------------------------------------------------- */

static bool is_in_place(const struct ledger *ledger, enum archive_event_type type)
{
    static const enum ledger_phase needs[ARCHIVE_TYPES] = {
        [ARCHIVE_SETUP] = LEDGER_EMPTY,
        [ARCHIVE_BALLOT] = LEDGER_VOTING,
        [ARCHIVE_END_BALLOTS] = LEDGER_VOTING,
        [ARCHIVE_ENCRYPTED_TALLY] = LEDGER_CLOSED,
        [ARCHIVE_PARTIAL_DECRYPTION] = LEDGER_DECRYPTING,
        [ARCHIVE_RESULT] = LEDGER_DECRYPTING,
    };
    return ledger->phase == needs[type];
}

static void take_in_place(struct ledger *ledger, const struct archive_event *event)
{
    switch (event->type) {
    case ARCHIVE_SETUP:
        take_setup(ledger, event);
        break;
    case ARCHIVE_BALLOT:
        take_ballot(ledger, event);
        break;
    case ARCHIVE_END_BALLOTS:
        ledger_sum(ledger);
        break;
    case ARCHIVE_ENCRYPTED_TALLY:
        ledger_take_tally(ledger, event);
        break;
    case ARCHIVE_PARTIAL_DECRYPTION:
        ledger_take_decryption(ledger, event);
        break;
    case ARCHIVE_RESULT:
        ledger_take_result(ledger, event);
        break;
    case ARCHIVE_TYPES:
        break;
    }
}

void ledger_pass(struct ledger *ledger, const char *name)
{
    memcpy(ledger->head, name, sizeof ledger->head);
    ledger->height++;
}

bool ledger_take(struct ledger *ledger, const struct archive_event *event)
{
    if (ledger->phase == LEDGER_EMPTY && ledger->finding_count > 0) {
        /* Without an election nothing can be said about the rest. */
    } else if (is_in_place(ledger, event->type)) {
        take_in_place(ledger, event);
        if (event->type == ARCHIVE_SETUP) {
            memcpy(ledger->setup, event->name, sizeof ledger->setup);
        } else if (event->type == ARCHIVE_END_BALLOTS) {
            memcpy(ledger->end, event->name, sizeof ledger->end);
        }
    } else if (event->type == ARCHIVE_BALLOT && ledger->phase != LEDGER_EMPTY) {
        ledger->refused++;
        ledger_find(ledger, archive_type_name(event->type),
                    TD_WORDS("a ballot after the end of voting"));
    } else {
        ledger_find(ledger, archive_type_name(event->type),
                    TD_MESSAGE("this event can't stand here: {0}",
                               TD_TERM(ledger_phase_words(ledger->phase).id)));
    }
    ledger_pass(ledger, event->name);
    return group_ok(ledger->group);
}
