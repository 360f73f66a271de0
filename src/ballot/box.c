/*
 * The ballot box: see box.h.
 */
#include "ballot/box.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/banned.h"

#define TEXT_MAX ARCHIVE_DATA_MAX
#define SMALL 1000
#define PATH_BYTES 4096
#define PAPER_MEMORY_MAX ((size_t)64 * 1024 * 1024) /* of one ballot while it is read */
/* The file's bytes and a little for each event, while they are caught up with. */
#define NEWS_MEMORY_MAX (2 * ARCHIVE_MAX)
/* Events that may be checked under the lock, and how often more than these are read without it. */
#define FEW_EVENTS 8
#define AHEAD_ROUNDS 8
/* What comes after the ballots, at most: for each slot its text in the sum, in each decryption and
 * in the result; and the headers of these records. */
#define SUM_BYTES ((size_t)1400)
#define DECRYPTION_BYTES ((size_t)1000)
#define COUNT_BYTES ((size_t)16)
#define END_RECORDS_BYTES ((size_t)64 * 1024)

/* ---- refusals -------------------------------------------------------------------------------- */

static struct refusal refuse(const char *code, struct td_message what)
{
    return (struct refusal){code, what};
}

static struct refusal no_memory(void)
{
    return refuse(BOX_CODE_MEMORY, TD_WORDS("there is no memory for it"));
}

struct refusal box_refusal(int status)
{
    switch (status) {
    case TD_OK:
        return (struct refusal){0};
    case TD_E_MEMORY:
        return no_memory();
    case TD_E_INVALID:
        return refuse(BOX_CODE_DAMAGED,
                      TD_WORDS("the archive does not hold; thidua ballot verify says why"));
    case TD_E_RANGE:
        return refuse(BOX_CODE_STORAGE, TD_WORDS("the archive is full"));
    case ARCHIVE_BUSY:
    case ARCHIVE_TAKEN_BACK:
        return refuse(BOX_CODE_BUSY, TD_WORDS("another program is writing to the archive"));
    default:
        return refuse(BOX_CODE_STORAGE, TD_WORDS("the archive can't be written"));
    }
}

struct refusal box_closed(void)
{
    return refuse(BOX_CODE_CLOSED, TD_WORDS("the election is closed: no more ballots are taken"));
}

static struct refusal not_now(const struct box *box)
{
    struct td_message phase = ledger_phase_words(box->ledger.phase);

    return refuse(BOX_CODE_NOT_NOW, TD_MESSAGE("not now: {0}", TD_TERM(phase.id)));
}

/* ---- what the archive says ------------------------------------------------------------------- */

static void keep_place(struct box *box, enum box_piece piece, const struct archive_part *part,
                       const char *bytes, size_t start)
{
    box->pieces[piece].at = start + (size_t)(part->bytes - bytes);
    box->pieces[piece].n = part->n;
}

static int take_event(struct box *box, const struct archive_event *event, const char *bytes,
                      size_t start)
{
    if (!ledger_take(&box->ledger, event)) {
        return TD_E_MEMORY;
    }
    if (event->type == ARCHIVE_SETUP) {
        for (unsigned i = 0; i < 3; i++) {
            keep_place(box, (enum box_piece)(BOX_ELECTION + i), &event->parts[i], bytes, start);
        }
    } else if (event->type == ARCHIVE_ENCRYPTED_TALLY) {
        keep_place(box, BOX_TALLY, &event->parts[0], bytes, start);
    }
    return box->ledger.finding_count > 0 ? TD_E_INVALID : TD_OK;
}

/* What was read and is wrong, or could not be kept, can't be unread: the box is of no use then. */
static int take_news(struct box *box, const struct archive *news, size_t start)
{
    int status = TD_OK;

    for (size_t i = 0; status == TD_OK && i < news->event_count; i++) {
        status = take_event(box, &news->events[i], news->bytes, start);
    }
    box->is_damaged = status == TD_E_INVALID;
    box->useless = status == TD_E_INVALID ? TD_OK : status;
    return status;
}

/* Under the lock. */
static int catch_up(struct box *box)
{
    struct td_arena *arena = td_arena_new(NEWS_MEMORY_MAX);
    size_t start = box->writer.length;
    struct archive news;

    if (arena == NULL) {
        return TD_E_MEMORY;
    }
    int status = archive_catch_up(&box->writer, box->path, arena, &news);
    box->useless = status == ARCHIVE_TAKEN_BACK ? status : TD_OK;
    if (status == TD_OK) {
        status = take_news(box, &news, start);
    }
    td_arena_free(arena);
    return status;
}

/* Without the lock, until there is little that it need be held for. */
static int read_ahead(struct box *box)
{
    size_t count = FEW_EVENTS + 1;
    int status = TD_OK;

    for (int i = 0; status == TD_OK && count > FEW_EVENTS && i < AHEAD_ROUNDS; i++) {
        struct td_arena *arena = td_arena_new(NEWS_MEMORY_MAX);
        size_t start = box->writer.length;
        struct archive news;
        if (arena == NULL) {
            return TD_E_MEMORY;
        }
        status = archive_read_ahead(&box->writer, arena, &news);
        if (status == TD_OK) {
            status = take_news(box, &news, start);
        }
        count = news.event_count;
        td_arena_free(arena);
    }
    return status;
}

static int begin(struct box *box)
{
    if (box->is_damaged) {
        return TD_E_INVALID;
    }
    if (box->useless != TD_OK) {
        return box->useless;
    }
    if (!group_ok(box->ledger.group)) {
        return TD_E_MEMORY;
    }
    int status = read_ahead(box);
    if (status == TD_OK) {
        status = archive_lock(&box->writer, box->path);
    }
    if (status == TD_OK) {
        status = catch_up(box);
        if (status != TD_OK) {
            archive_unlock(&box->writer);
        }
    }
    return status;
}

/* Is all that is known there, and on the disk, and no more? */
static bool is_current(const struct box *box)
{
    return !box->is_damaged && box->useless == TD_OK && archive_is_current(&box->writer, box->path);
}

struct refusal box_look(struct box *box)
{
    if (is_current(box)) {
        return (struct refusal){0};
    }
    int status = begin(box);
    if (status == TD_OK) {
        archive_unlock(&box->writer);
    }
    return box_refusal(status);
}

struct refusal box_piece(struct box *box, enum box_piece piece, struct buf *to)
{
    struct td_mark mark = td_arena_mark(box->ledger.scratch);
    const char *bytes = NULL;
    size_t n = box->pieces[piece].n;

    if (n == 0) {
        return not_now(box);
    }
    int status = archive_piece(&box->writer, box->pieces[piece].at, n, box->ledger.scratch, &bytes);
    if (status == TD_OK) {
        buf_add(to, bytes, n);
    }
    td_arena_rewind(box->ledger.scratch, mark);
    return box_refusal(status);
}

/* An event that is no ballot, under the lock: written, then read as anybody reads it. */
static struct refusal add(struct box *box, enum archive_event_type type,
                          const struct buf *const *parts, size_t part_count)
{
    struct archive_writer before = box->writer;

    for (size_t i = 0; i < part_count; i++) {
        if (!buf_ok(parts[i])) {
            return no_memory();
        }
    }
    int status = group_ok(box->ledger.group) ? archive_append(&box->writer, type, parts, part_count)
                                             : TD_E_MEMORY;
    if (status == TD_OK) {
        box->writer = before;
        status = catch_up(box);
    }
    return box_refusal(status);
}

static int start(struct box *box, struct group *group, struct td_arena *arena)
{
    *box = (struct box){.writer.fd = -1, .limit = ARCHIVE_MAX};
    ledger_init(&box->ledger, group, arena);
    box->ledger.scratch = td_arena_new(PAPER_MEMORY_MAX);
    return box->ledger.scratch == NULL ? TD_E_MEMORY : TD_OK;
}

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

/* The setting that isn't in the archive. It is there before the archive has its name. */
static int keep_once(const struct box_setup *setup)
{
    char path[PATH_BYTES];
    int n = snprintf(path, sizeof path, "%s/" ONCE_FILE, setup->folder);

    if (n < 0 || (size_t)n >= sizeof path) {
        return TD_E_IO;
    }
    if (!setup->is_once) {
        /* Left, perhaps, by an opening that did not come to its end. */
        return unlink(path) < 0 && access(path, F_OK) == 0 ? TD_E_IO : TD_OK;
    }
    int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0644);
    if (fd < 0) {
        return TD_E_IO;
    }
    bool kept = fsync(fd) == 0;
    return close(fd) == 0 && kept ? TD_OK : TD_E_IO;
}

static bool is_once(const char *path)
{
    const char *slash = strrchr(path, '/');
    int n = slash == NULL ? 0 : (int)(slash - path) + 1;
    char once[PATH_BYTES];

    n = snprintf(once, sizeof once, "%.*s" ONCE_FILE, n, path);
    return n > 0 && (size_t)n < sizeof once && access(once, F_OK) == 0;
}

/* Having locked the folder. */
static int create(struct box *box, const struct box_setup *setup, const struct buf *const *parts)
{
    const char *uuid = setup->election->uuid;
    char path[PATH_BYTES];
    int n = snprintf(path, sizeof path, "%s/%s.bel", setup->folder, uuid);

    if (n < 0 || (size_t)n >= sizeof path) {
        return TD_E_IO;
    }
    box->path = td_arena_text(box->ledger.arena, path, (size_t)n);
    if (box->path == NULL) {
        return TD_E_MEMORY;
    }
    if (access(path, F_OK) == 0) {
        return TD_E_IO;
    }
    int status = archive_create(setup->folder, uuid, setup->now, &box->writer);
    if (status == TD_OK) {
        status = archive_append(&box->writer, ARCHIVE_SETUP, parts, 4);
    }
    if (status == TD_OK) {
        /* What was written is judged as it will be judged when it is read. */
        struct archive_writer unread = {.fd = box->writer.fd};
        box->writer = unread;
        status = catch_up(box);
    }
    if (status == TD_OK) {
        status = keep_once(setup);
    }
    return status == TD_OK ? archive_publish(setup->folder, uuid) : status;
}

int box_create(struct box *box, struct group *group, struct td_arena *arena,
               const struct box_setup *setup)
{
    struct buf texts[4];
    const struct buf *parts[4];
    int status = start(box, group, arena), folder = -1;

    box->is_once = setup->is_once;
    if (status != TD_OK || !election_valid(setup->election)) {
        return status != TD_OK ? status : TD_E_INVALID;
    }
    for (size_t i = 0; i < 4; i++) {
        buf_init(&texts[i], TEXT_MAX);
        parts[i] = &texts[i];
    }
    texts_of(group, setup, texts);
    status = group_ok(group) ? archive_lock_folder(setup->folder, &folder) : TD_E_MEMORY;
    if (status == TD_OK) {
        status = create(box, setup, parts);
        archive_unlock(&box->writer);
        (void)close(folder);
    }
    for (size_t i = 0; i < 4; i++) {
        buf_release(&texts[i]);
    }
    return status;
}

int box_open(struct box *box, struct group *group, struct td_arena *arena, const char *path)
{
    int status = start(box, group, arena);

    if (status == TD_OK) {
        box->path = td_arena_text(arena, path, strlen(path));
        status = box->path == NULL ? TD_E_MEMORY : archive_open(path, &box->writer);
    }
    if (status == TD_OK) {
        box->is_once = is_once(path);
        status = begin(box);
    }
    if (status == TD_OK) {
        archive_unlock(&box->writer);
    }
    return status;
}

void box_close(struct box *box)
{
    archive_close(&box->writer);
    td_arena_free(box->ledger.scratch);
    box->ledger.scratch = NULL;
}

/* ---- ballots --------------------------------------------------------------------------------- */

static const char *code_of(enum paper_fault fault)
{
    switch (fault) {
    case PAPER_RIGHT:
        break;
    case PAPER_FOREIGN:
        return BOX_CODE_FOREIGN;
    case PAPER_FORM:
        return BOX_CODE_FORM;
    case PAPER_STRANGER:
        return BOX_CODE_NOT_IN_LIST;
    case PAPER_ELEMENT:
        return BOX_CODE_ELEMENT;
    case PAPER_SIGNATURE:
        return BOX_CODE_SIGNATURE;
    case PAPER_BIT:
    case PAPER_SUM:
    case PAPER_BLANK:
        return BOX_CODE_PROOF;
    case PAPER_MEMORY:
        return BOX_CODE_MEMORY;
    }
    return NULL;
}

/* What is said of a tracker; nothing when its ballot isn't there and voting is open. */
static struct refusal foresee(const struct box *box, const char *tracker, bool *ret_counts)
{
    const struct ledger_ballot *same = ledger_find_ballot(&box->ledger, tracker);

    *ret_counts = same != NULL && !same->is_replaced;
    if (*ret_counts) {
        return (struct refusal){0};
    }
    if (same != NULL) {
        return refuse(BOX_CODE_REPLAYED, TD_WORDS("this ballot is there already, and was replaced "
                                                  "by a later one"));
    }
    if (box->ledger.phase != LEDGER_VOTING) {
        return box_closed();
    }
    return (struct refusal){0};
}

struct refusal box_foresee(const struct box *box, const char *bytes, size_t n,
                           char ret_tracker[static DIGEST_BASE64], bool *ret_counts)
{
    *ret_counts = false;
    return digest_base64(bytes, n, ret_tracker) ? foresee(box, ret_tracker, ret_counts)
                                                : no_memory();
}

struct refusal box_check(const struct box *box, struct group *group, struct td_arena *arena,
                         const char *bytes, size_t n, struct paper *ret)
{
    const struct ledger *ledger = &box->ledger;

    if (n > PAPER_TEXT_MAX) {
        return refuse(BOX_CODE_FORM, paper_words(PAPER_FORM));
    }
    enum paper_fault fault =
        paper_read(group, arena, &ledger->election, &ledger->credentials, bytes, n, ret);
    return refuse(code_of(fault), paper_words(fault));
}

/* Under the lock: what the others that are there say to it. */
static struct refusal judge(const struct box *box, const struct paper *paper, bool *ret_is_there)
{
    const struct ledger *ledger = &box->ledger;
    struct refusal refusal = foresee(box, paper->tracker, ret_is_there);
    size_t index = 0;

    if (refusal.code != NULL || *ret_is_there) {
        return refusal;
    }
    if (!credentials_hold(&ledger->credentials, &paper->credential, &index)) {
        return refuse(BOX_CODE_NOT_IN_LIST, paper_words(PAPER_STRANGER));
    }
    if (box->is_once && ledger->latest[index] != 0) {
        return refuse(BOX_CODE_VOTED, TD_WORDS("this card has voted"));
    }
    if (ledger->ballots_of[index] >= BOX_CARD_MAX) {
        return refuse(BOX_CODE_TOO_OFTEN, TD_WORDS("this card has voted too often"));
    }
    return (struct refusal){0};
}

/* Is there room for a ballot, and after it for all that comes when voting has ended? Otherwise one
 * card could keep the election from having a result. */
static bool has_room(const struct box *box, size_t n)
{
    size_t slot = SUM_BYTES + TRUSTEES_MAX * DECRYPTION_BYTES + COUNT_BYTES;
    size_t need = election_slots(&box->ledger.election) * slot + END_RECORDS_BYTES;

    return n <= PAPER_TEXT_MAX &&
           box->writer.length + n + 4 * (size_t)ARCHIVE_BLOCK + need <= box->limit;
}

/* Counted once it is written. */
static int append_ballot(struct box *box, const struct paper *kept, const char *bytes, size_t n)
{
    struct buf text;
    const struct buf *parts[] = {&text};

    buf_init(&text, n);
    buf_add(&text, bytes, n);
    int status =
        buf_ok(&text) ? archive_append(&box->writer, ARCHIVE_BALLOT, parts, 1) : TD_E_MEMORY;
    buf_release(&text);
    if (status == TD_OK) {
        ledger_accept(&box->ledger, kept);
        ledger_pass(&box->ledger, box->writer.head);
    }
    return status;
}

static struct refusal write_ballot(struct box *box, const struct paper *paper, const char *bytes,
                                   size_t n)
{
    struct ledger *ledger = &box->ledger;
    struct paper kept;

    if (!has_room(box, n)) {
        return box_refusal(TD_E_RANGE);
    }
    /* Memory first: what is written must be counted. What isn't written gives it back. */
    if (!ledger_make_room(ledger)) {
        return no_memory();
    }
    struct td_mark mark = td_arena_mark(ledger->arena);
    int status =
        ledger_keep(ledger, paper, &kept) ? append_ballot(box, &kept, bytes, n) : TD_E_MEMORY;
    if (status != TD_OK) {
        td_arena_rewind(ledger->arena, mark);
    }
    return box_refusal(status);
}

struct refusal box_cast(struct box *box, const struct paper *paper, const char *bytes, size_t n)
{
    bool is_there = false;
    int status = begin(box);

    if (status != TD_OK) {
        return box_refusal(status);
    }
    struct refusal refusal = judge(box, paper, &is_there);
    if (refusal.code == NULL && !is_there) {
        refusal = write_ballot(box, paper, bytes, n);
    }
    archive_unlock(&box->writer);
    return refusal;
}

struct refusal box_take(struct box *box, const char *bytes, size_t n,
                        char ret_tracker[static DIGEST_BASE64])
{
    struct ledger *ledger = &box->ledger;
    struct td_mark mark = td_arena_mark(ledger->scratch);
    struct paper paper = {0};
    bool counts = false;
    struct refusal refusal = box_foresee(box, bytes, n, ret_tracker, &counts);

    if (refusal.code != NULL) {
        return refusal;
    }
    refusal = box_check(box, ledger->group, ledger->scratch, bytes, n, &paper);
    if (refusal.code == NULL) {
        refusal = box_cast(box, &paper, bytes, n);
        memcpy(ret_tracker, paper.tracker, DIGEST_BASE64);
    }
    td_arena_rewind(ledger->scratch, mark);
    return refusal;
}

/* ---- after them ------------------------------------------------------------------------------ */

/* One operation: in the phase that it needs, under the lock. */
static struct refusal in_phase(struct box *box, enum ledger_phase phase,
                               struct refusal (*run)(struct box *box))
{
    int status = begin(box);

    if (status != TD_OK) {
        return box_refusal(status);
    }
    struct refusal refusal = not_now(box);
    if (box->writer.cut > 0) {
        /* It may have been the last ballot of all, whose voter can't vote again after this. */
        refusal = refuse(BOX_CODE_NOT_NOW,
                         TD_WORDS("half a record was cut off the archive's end just now, and "
                                  "nothing else was done: look at that, then try again"));
    } else if (box->ledger.phase == phase) {
        refusal = run(box);
    }
    archive_unlock(&box->writer);
    return refusal;
}

static struct refusal write_end(struct box *box)
{
    return add(box, ARCHIVE_END_BALLOTS, NULL, 0);
}

struct refusal box_end(struct box *box)
{
    return in_phase(box, LEDGER_VOTING, write_end);
}

static struct refusal write_sum(struct box *box)
{
    struct ledger *ledger = &box->ledger;
    char name[DIGEST_HEX] = "";
    struct buf sum, record;

    buf_init(&sum, TEXT_MAX);
    buf_init(&record, SMALL);
    tally_write(ledger->group, &ledger->election, &ledger->tally, &sum);
    struct refusal refusal = no_memory();
    if (buf_ok(&sum) && group_ok(ledger->group) &&
        digest_hex(buf_string(&sum), buf_length(&sum), name)) {
        const struct buf *parts[] = {&sum, &record};
        archive_tally_text(ledger->tally.count, name, &record);
        refusal = add(box, ARCHIVE_ENCRYPTED_TALLY, parts, 2);
    }
    buf_release(&sum);
    buf_release(&record);
    return refusal;
}

struct refusal box_sum(struct box *box)
{
    return in_phase(box, LEDGER_CLOSED, write_sum);
}

struct refusal box_expect(const struct box *box, struct box_part *ret)
{
    const struct ledger *ledger = &box->ledger;

    *ret = (struct box_part){0};
    if (ledger->phase != LEDGER_DECRYPTING && ledger->phase != LEDGER_FINISHED) {
        return not_now(box);
    }
    memcpy(ret->is_known, ledger->is_decrypted, sizeof ret->is_known);
    return (struct refusal){0};
}

struct refusal box_check_part(const struct box *box, struct group *group, struct td_arena *arena,
                              const char *bytes, size_t n, struct box_part *part)
{
    const struct ledger *ledger = &box->ledger;
    const struct election *election = &ledger->election;
    const struct decryption *decryption = &part->decryption;
    bool right =
        n <= TEXT_MAX && decryption_parse(group, arena, election, bytes, n, &part->decryption);

    part->trustee = 0;
    for (unsigned i = 0; right && part->trustee == 0 && i < ledger->trustees.count; i++) {
        const struct trustee *trustee = &ledger->trustees.items[i];
        bool is_its = part->is_known[i]
                          ? decryption_recognise(group, election, &ledger->tally, trustee,
                                                 &ledger->decryptions[i], decryption)
                          : decryption_check(group, election, &ledger->tally, trustee, decryption);
        part->trustee = is_its ? i + 1 : 0;
    }
    if (!group_ok(group)) {
        return no_memory();
    }
    if (part->trustee == 0) {
        return refuse(BOX_CODE_NOBODYS,
                      TD_WORDS("this is not the decryption of a trustee of this election"));
    }
    return (struct refusal){0};
}

/* Counted once it is written: it was checked, so it isn't again. */
static int append_part(struct box *box, const struct box_part *part, const char *bytes, size_t n,
                       const struct decryption *kept)
{
    char name[DIGEST_HEX] = "";
    struct buf text, record;
    const struct buf *parts[] = {&text, &record};

    if (!digest_hex(bytes, n, name)) {
        return TD_E_MEMORY;
    }
    buf_init(&text, n);
    buf_init(&record, SMALL);
    buf_add(&text, bytes, n);
    archive_decryption_text(part->trustee, name, &record);
    int status = buf_ok(&text) && buf_ok(&record)
                     ? archive_append(&box->writer, ARCHIVE_PARTIAL_DECRYPTION, parts, 2)
                     : TD_E_MEMORY;
    buf_release(&text);
    buf_release(&record);
    if (status == TD_OK) {
        ledger_accept_decryption(&box->ledger, part->trustee, kept);
        ledger_pass(&box->ledger, box->writer.head);
    }
    return status;
}

static struct refusal write_part(struct box *box, const struct box_part *part, const char *bytes,
                                 size_t n)
{
    struct ledger *ledger = &box->ledger;
    struct td_mark mark = td_arena_mark(ledger->arena);
    struct decryption kept;

    int status = ledger_keep_decryption(ledger, &part->decryption, &kept)
                     ? append_part(box, part, bytes, n, &kept)
                     : TD_E_MEMORY;
    if (status != TD_OK) {
        td_arena_rewind(ledger->arena, mark);
    }
    return box_refusal(status);
}

struct refusal box_add_part(struct box *box, const struct box_part *part, const char *bytes,
                            size_t n)
{
    const struct ledger *ledger = &box->ledger;
    struct refusal refusal = {0};

    if (ledger->is_decrypted[part->trustee - 1] && is_current(box)) {
        return refusal;
    }
    int status = begin(box);
    if (status != TD_OK) {
        return box_refusal(status);
    }
    if (!ledger->is_decrypted[part->trustee - 1]) {
        refusal =
            ledger->phase == LEDGER_DECRYPTING ? write_part(box, part, bytes, n) : not_now(box);
    }
    archive_unlock(&box->writer);
    return refusal;
}

struct refusal box_decrypt(struct box *box, const char *bytes, size_t n, unsigned *ret_trustee)
{
    struct ledger *ledger = &box->ledger;
    struct td_mark mark = td_arena_mark(ledger->scratch);
    struct refusal refusal = box_look(box);
    struct box_part part = {0};

    if (refusal.code == NULL) {
        refusal = box_expect(box, &part);
    }
    if (refusal.code == NULL) {
        refusal = box_check_part(box, ledger->group, ledger->scratch, bytes, n, &part);
    }
    if (refusal.code == NULL) {
        refusal = box_add_part(box, &part, bytes, n);
    }
    td_arena_rewind(ledger->scratch, mark);
    *ret_trustee = part.trustee;
    return refusal;
}

static struct refusal write_result(struct box *box)
{
    struct ledger *ledger = &box->ledger;
    size_t missing = ledger_missing(ledger);
    struct buf text;
    const struct buf *parts[] = {&text};

    if (missing != 0) {
        return refuse(BOX_CODE_NOT_NOW,
                      TD_MESSAGE("the decryption by trustee {0} is missing", TD_COUNT(missing)));
    }
    if (!ledger_count(ledger)) {
        return refuse(BOX_CODE_DAMAGED, TD_WORDS("the decryptions give no result"));
    }
    buf_init(&text, TEXT_MAX);
    counts_write(&ledger->election, ledger->counts, &text);
    struct refusal refusal = add(box, ARCHIVE_RESULT, parts, 1);
    buf_release(&text);
    return refusal;
}

struct refusal box_result(struct box *box)
{
    return in_phase(box, LEDGER_DECRYPTING, write_result);
}
