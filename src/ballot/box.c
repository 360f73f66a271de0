/*
 * The ballot box: see box.h.
 */
#include "ballot/box.h"

#include <string.h>

#include "base/banned.h"

#define TEXT_MAX ARCHIVE_DATA_MAX
#define SMALL 1000

static const struct td_message no_memory = {.id = TD_ID("there is no memory for it")};

/* ---- making one ------------------------------------------------------------------------------ */

static void texts_of(struct group *group, const struct box_setup *setup, struct buf texts[4])
{
    struct election election = *setup->election;
    char names[3][DIGEST_HEX];

    trustees_key(group, setup->trustees, &election.public_key);
    credentials_sort(setup->credentials);
    election_write(group, &election, &texts[0]);
    trustees_write(group, setup->trustees, &texts[1]);
    credentials_write(group, setup->credentials, &texts[2]);
    for (size_t i = 0; i < 3; i++) {
        if (!buf_ok(&texts[i]) ||
            !digest_hex(buf_string(&texts[i]), buf_length(&texts[i]), names[i])) {
            group_fail(group);
        }
    }
    archive_setup_text(names[0], names[1], names[2], &texts[3]);
}

/* A written event and its data, as the ledger takes them; they are copied into the arena. */
static bool take(struct box *box, enum archive_event_type type, const struct buf *const *parts,
                 size_t part_count)
{
    struct archive_event event = {.type = type, .part_count = part_count};
    size_t before = box->ledger.finding_count;

    for (size_t i = 0; i < part_count; i++) {
        struct archive_part *part = &event.parts[i];
        part->n = buf_length(parts[i]);
        part->bytes = td_arena_text(box->ledger.arena, buf_string(parts[i]), part->n);
        if (part->bytes == NULL || !digest_hex(part->bytes, part->n, part->name)) {
            return false;
        }
    }
    return ledger_take(&box->ledger, &event) && box->ledger.finding_count == before;
}

static int create(struct box *box, const struct box_setup *setup, const struct buf *const *parts)
{
    int status = TD_OK;

    /* The ledger judges what was written as it will judge it when it is read. */
    if (!take(box, ARCHIVE_SETUP, parts, 4)) {
        return group_ok(box->ledger.group) ? TD_E_INVALID : TD_E_MEMORY;
    }
    status = archive_create(setup->folder, setup->election->uuid, setup->now, &box->writer);
    return status == TD_OK ? archive_append(&box->writer, ARCHIVE_SETUP, parts, 4) : status;
}

int box_create(struct box *box, struct group *group, struct td_arena *arena,
               const struct box_setup *setup)
{
    struct buf texts[4];
    const struct buf *parts[4];

    *box = (struct box){.writer.fd = -1};
    ledger_init(&box->ledger, group, arena);
    if (!election_valid(setup->election)) {
        return TD_E_INVALID;
    }
    for (size_t i = 0; i < 4; i++) {
        buf_init(&texts[i], TEXT_MAX);
        parts[i] = &texts[i];
    }
    texts_of(group, setup, texts);
    int status = group_ok(group) ? create(box, setup, parts) : TD_E_MEMORY;
    for (size_t i = 0; i < 4; i++) {
        buf_release(&texts[i]);
    }
    return status;
}

int box_open(struct box *box, struct group *group, struct td_arena *arena, const char *path)
{
    struct archive archive;

    *box = (struct box){.writer.fd = -1};
    ledger_init(&box->ledger, group, arena);
    int status = archive_open(path, arena, &box->writer, &archive);
    for (size_t i = 0; status == TD_OK && i < archive.event_count; i++) {
        if (!ledger_take(&box->ledger, &archive.events[i])) {
            status = TD_E_MEMORY;
        }
    }
    return status == TD_OK && box->ledger.finding_count > 0 ? TD_E_INVALID : status;
}

void box_close(struct box *box)
{
    archive_close(&box->writer);
}

/* ---- taking ---------------------------------------------------------------------------------- */

static struct td_message append(struct box *box, enum archive_event_type type,
                                const struct buf *const *parts, size_t part_count)
{
    for (size_t i = 0; i < part_count; i++) {
        if (!buf_ok(parts[i])) {
            return no_memory;
        }
    }
    switch (archive_append(&box->writer, type, parts, part_count)) {
    case TD_OK:
        return (struct td_message){0};
    case TD_E_MEMORY:
        return no_memory;
    default:
        return TD_WORDS("the archive can't be written");
    }
}

/* Written: now it counts here too. What the ledger doesn't take as right was not to be written. */
static struct td_message add(struct box *box, enum archive_event_type type,
                             const struct buf *const *parts, size_t part_count)
{
    struct td_message wrong = append(box, type, parts, part_count);

    if (wrong.id == NULL && !take(box, type, parts, part_count)) {
        return no_memory;
    }
    return wrong;
}

static struct td_message not_now(const struct box *box)
{
    struct td_message phase = ledger_phase_words(box->ledger.phase);

    return TD_MESSAGE("not now: {0}", TD_TERM(phase.id));
}

struct td_message box_cast(struct box *box, const char *bytes, size_t n,
                           char ret_tracker[static DIGEST_BASE64])
{
    struct ledger *ledger = &box->ledger;
    struct paper paper = {0};
    struct buf text;
    size_t index = 0;

    if (n > TEXT_MAX) {
        return paper_words(PAPER_FORM);
    }
    struct td_message wrong = ledger_judge(ledger, bytes, n, &paper);
    if (wrong.id != NULL) {
        return wrong;
    }
    if (box->is_once && credentials_hold(&ledger->credentials, &paper.credential, &index) &&
        ledger->latest[index] != 0) {
        return TD_WORDS("this card has voted");
    }
    buf_init(&text, n);
    buf_add(&text, bytes, n);
    const struct buf *parts[] = {&text};
    wrong = append(box, ARCHIVE_BALLOT, parts, 1);
    buf_release(&text);
    if (wrong.id == NULL) {
        ledger_accept(ledger, &paper);
        ledger->height++;
        memcpy(ret_tracker, paper.tracker, DIGEST_BASE64);
    }
    return wrong.id == NULL && !group_ok(ledger->group) ? no_memory : wrong;
}

struct td_message box_end(struct box *box)
{
    return box->ledger.phase == LEDGER_VOTING ? add(box, ARCHIVE_END_BALLOTS, NULL, 0)
                                              : not_now(box);
}

struct td_message box_sum(struct box *box)
{
    struct ledger *ledger = &box->ledger;
    char name[DIGEST_HEX] = "";
    struct buf sum, record;

    if (ledger->phase != LEDGER_CLOSED) {
        return not_now(box);
    }
    buf_init(&sum, TEXT_MAX);
    buf_init(&record, SMALL);
    tally_write(ledger->group, &ledger->election, &ledger->tally, &sum);
    struct td_message wrong = no_memory;
    if (buf_ok(&sum) && group_ok(ledger->group) &&
        digest_hex(buf_string(&sum), buf_length(&sum), name)) {
        const struct buf *parts[] = {&sum, &record};
        archive_tally_text(ledger->tally.count, name, &record);
        wrong = add(box, ARCHIVE_ENCRYPTED_TALLY, parts, 2);
    }
    buf_release(&sum);
    buf_release(&record);
    return wrong;
}

/* Whose it is, from 1; 0: nobody's. A trustee that decrypted already is not asked again. */
static unsigned owner_of(struct box *box, const char *bytes, size_t n)
{
    struct ledger *ledger = &box->ledger;
    unsigned owner = 0;

    for (unsigned i = 0; owner == 0 && i < ledger->trustees.count; i++) {
        struct decryption decryption;
        if (!ledger->is_decrypted[i] &&
            decryption_read(ledger->group, ledger->arena, &ledger->election, &ledger->tally,
                            &ledger->trustees.items[i], bytes, n, &decryption)) {
            owner = i + 1;
        }
    }
    return owner;
}

struct td_message box_decrypt(struct box *box, const char *bytes, size_t n)
{
    char name[DIGEST_HEX] = "";
    struct buf text, record;

    if (box->ledger.phase != LEDGER_DECRYPTING) {
        return not_now(box);
    }
    unsigned owner = owner_of(box, bytes, n);
    if (owner == 0 || !digest_hex(bytes, n, name)) {
        return TD_WORDS("this is the decryption of no trustee who has still to decrypt");
    }
    buf_init(&text, n);
    buf_init(&record, SMALL);
    buf_add(&text, bytes, n);
    archive_decryption_text(owner, name, &record);
    const struct buf *parts[] = {&text, &record};
    struct td_message wrong = add(box, ARCHIVE_PARTIAL_DECRYPTION, parts, 2);
    buf_release(&text);
    buf_release(&record);
    return wrong;
}

struct td_message box_result(struct box *box)
{
    struct ledger *ledger = &box->ledger;
    struct buf text;

    if (ledger->phase != LEDGER_DECRYPTING) {
        return not_now(box);
    }
    size_t missing = ledger_missing(ledger);
    if (missing != 0) {
        return TD_MESSAGE("the decryption by trustee {0} is missing", TD_COUNT(missing));
    }
    if (!ledger_count(ledger)) {
        return TD_WORDS("the decryptions give no result");
    }
    buf_init(&text, TEXT_MAX);
    counts_write(&ledger->election, ledger->counts, &text);
    const struct buf *parts[] = {&text};
    struct td_message wrong = add(box, ARCHIVE_RESULT, parts, 1);
    buf_release(&text);
    return wrong;
}
