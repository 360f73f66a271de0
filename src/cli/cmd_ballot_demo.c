/*
 * thidua ballot demo: a whole election with invented voters, made as a real one is, in one run.
 *
 * The seed chooses what the voters choose, and nothing else: keys, cards and nonces are random as
 * always. The folder keeps the archive, and beside it the cards and the trustees' keys, so that
 * everything can be tried again with other programs; a real election's lie with their owners.
 */
#include "cli/ballot_files.h"
#include "format/format.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/banned.h"

#define DEMO_VOTERS 7
#define DEMO_TRUSTEES 3
#define BALLOT_MAX ((size_t)16 * 1024 * 1024)
#define SECRET_MAX 200

static const char demo_questions[] =
    "{\"description\":\"Hội nghị tổng kết khối thi đua (thử)\",\"name\":\"Bỏ phiếu kín (thử)\","
    "\"questions\":["
    "{\"answers\":[\"Sở A\",\"Sở B\",\"Sở C\",\"Sở D\",\"Sở E\"],\"blank\":true,\"min\":1,"
    "\"max\":3,\"question\":\"Đề nghị tặng Cờ thi đua: chọn không quá 3\"},"
    "{\"answers\":[\"Sở A\",\"Sở B\",\"Sở C\"],\"blank\":true,\"min\":1,\"max\":1,"
    "\"question\":\"Bầu Khối trưởng: chọn một\"},"
    "{\"answers\":[\"Sở D\",\"Sở E\"],\"min\":0,\"max\":2,"
    "\"question\":\"Đề nghị tặng Bằng khen: đồng ý với từng đơn vị\"},"
    "{\"answers\":[\"Tán thành\",\"Không tán thành\"],\"min\":0,\"max\":1,"
    "\"question\":\"Tỉnh X gia nhập khối (để trống: không có ý kiến)\"}]}";

struct demo {
    struct cli *cli;
    struct group *group;
    struct td_arena *arena;
    const char *folder;
    size_t voters, trustee_count;
    uint64_t random;   /* of the choices only */
    const char *draft; /* the questions as they were written */
    size_t draft_n;
    struct election election;
    char uuid[TOKEN_TEXT];
    char (*cards)[CARD_TEXT];
    struct scalar secrets[TRUSTEES_MAX];
    struct box box;
};

/* splitmix64: the same choices for the same seed, on every machine. */
static uint64_t draw(struct demo *demo, uint64_t below)
{
    uint64_t z = demo->random += UINT64_C(0x9E3779B97F4A7C15);

    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return below < 2 ? 0 : (z ^ (z >> 31)) % below;
}

/* Choices that the questions allow. */
static void choose(struct demo *demo, bool *choices)
{
    for (size_t i = 0; i < demo->election.question_count; i++) {
        const struct question *question = &demo->election.questions[i];
        size_t slots = question_slots(question);
        size_t first = question->blank ? 1 : 0;
        memset(choices, 0, slots * sizeof *choices);
        if (question->blank && draw(demo, 5) == 0) {
            choices[0] = true;
            choices += slots;
            continue;
        }
        size_t left = question->min + draw(demo, question->max - question->min + 1);
        while (left > 0) {
            size_t at = first + draw(demo, question->answer_count);
            left -= choices[at] ? 0 : 1;
            choices[at] = true;
        }
        choices += slots;
    }
}

/* ---- files ----------------------------------------------------------------------------------- */

static bool keep(struct demo *demo, const char *name, const struct buf *text, enum file_mode mode)
{
    const char *path = path_joined(demo->arena, demo->folder, name);

    return path != NULL && buf_ok(text) && file_keep(path, text, mode);
}

/* What `thidua ballot setup` leaves: so it is shown by a server, like any other. */
static bool keep_setup(struct demo *demo)
{
    struct buf text;

    buf_init(&text, demo->draft_n + TOKEN_TEXT);
    buf_text(&text, demo->uuid);
    bool kept = keep(demo, UUID_FILE, &text, FILE_PUBLIC);
    buf_clear(&text);
    buf_add(&text, demo->draft, demo->draft_n);
    kept = kept && keep(demo, DRAFT_FILE, &text, FILE_PUBLIC);
    buf_release(&text);
    return kept;
}

static bool keep_cards(struct demo *demo)
{
    struct buf text;

    buf_init_secret(&text, demo->voters * CARD_TEXT);
    for (size_t i = 0; i < demo->voters; i++) {
        buf_printf(&text, "%s\n", demo->cards[i]);
    }
    bool kept = keep(demo, "cards.txt", &text, FILE_SECRET);
    buf_release(&text);
    return kept;
}

static bool keep_key(struct demo *demo, size_t index)
{
    char name[64];
    struct buf text;

    (void)snprintf(name, sizeof name, "trustee%zu.privkey", index + 1);
    buf_init_secret(&text, SECRET_MAX);
    trustee_secret_write(&demo->secrets[index], &text);
    bool kept = keep(demo, name, &text, FILE_SECRET);
    buf_release(&text);
    return kept;
}

/* ---- the election ---------------------------------------------------------------------------- */

static bool draft(struct demo *demo)
{
    const char *path = cli_value(demo->cli, "questions"), *text = demo_questions;
    size_t n = strlen(demo_questions);

    token_new(demo->group, demo->uuid);
    if (path != NULL) {
        struct td_problems problems = TD_PROBLEMS(demo->arena, path);
        if (format_file_read(path, demo->arena, &problems, &text, &n) != TD_OK) {
            print_problems(demo->cli, demo->cli->err, &problems);
            return false;
        }
    }
    demo->draft = text;
    demo->draft_n = n;
    return draft_take(demo->cli, demo->group, text, n, demo->uuid, &demo->election);
}

static int make_cards(struct demo *demo, struct credentials *ret)
{
    ret->count = demo->voters;
    ret->items = td_arena_alloc(demo->arena, demo->voters, sizeof *ret->items);
    demo->cards = td_arena_alloc(demo->arena, demo->voters, sizeof *demo->cards);
    if (ret->items == NULL || demo->cards == NULL) {
        return TD_E_MEMORY;
    }
    for (size_t i = 0; i < demo->voters; i++) {
        struct scalar secret;
        card_new(demo->group, demo->cards[i]);
        card_secret(demo->group, demo->cards[i], demo->uuid, &secret);
        group_raise_secret(demo->group, &secret, &ret->items[i]);
        scalar_wipe(&secret);
    }
    return keep_cards(demo) ? TD_OK : TD_E_IO;
}

static int set_up(struct demo *demo)
{
    struct trustee keys[TRUSTEES_MAX];
    struct trustees trustees = {demo->trustee_count, keys};
    struct credentials credentials;
    struct box_setup setup = {.folder = demo->folder,
                              .now = time(NULL),
                              .election = &demo->election,
                              .trustees = &trustees,
                              .credentials = &credentials};

    if (!keep_setup(demo)) {
        return TD_E_IO;
    }
    for (size_t i = 0; i < demo->trustee_count; i++) {
        trustee_new(demo->group, &demo->secrets[i], &keys[i]);
        if (!keep_key(demo, i)) {
            return TD_E_IO;
        }
    }
    int status = make_cards(demo, &credentials);
    return status == TD_OK ? box_create(&demo->box, demo->group, demo->arena, &setup) : status;
}

static struct td_message vote(struct demo *demo, size_t voter)
{
    struct td_mark mark = td_arena_mark(demo->arena);
    struct td_message wrong = TD_WORDS("there is no memory for it");
    const struct election *election = &demo->box.ledger.election;
    bool *choices = td_arena_alloc(demo->arena, election_slots(election), sizeof *choices);
    char tracker[DIGEST_BASE64];
    struct scalar secret;
    struct buf text;

    buf_init(&text, BALLOT_MAX);
    if (choices != NULL) {
        choose(demo, choices);
        card_secret(demo->group, demo->cards[voter], demo->uuid, &secret);
        int status =
            paper_make(demo->group, demo->arena, election, &secret, choices, &text, tracker);
        scalar_wipe(&secret);
        td_arena_rewind(demo->arena, mark);
        if (status == TD_OK) {
            wrong = box_take(&demo->box, buf_string(&text), buf_length(&text), tracker).what;
        }
    }
    buf_release(&text);
    return wrong;
}

static struct td_message decrypt(struct demo *demo, size_t index)
{
    const struct ledger *ledger = &demo->box.ledger;
    struct td_message wrong = TD_WORDS("there is no memory for it");
    struct buf text;

    buf_init(&text, BALLOT_MAX);
    if (decryption_make(demo->group, demo->arena, &ledger->election, &ledger->tally,
                        &demo->secrets[index], &text) == TD_OK) {
        unsigned trustee = 0;
        wrong = box_decrypt(&demo->box, buf_string(&text), buf_length(&text), &trustee).what;
    }
    buf_release(&text);
    return wrong;
}

/* Everybody votes once, a fifth of them once more; then the end, the sum, the result. */
static struct td_message hold(struct demo *demo)
{
    struct td_message wrong = {0};

    for (size_t i = 0; wrong.id == NULL && i < demo->voters + demo->voters / 5; i++) {
        wrong = vote(demo, i < demo->voters ? i : draw(demo, demo->voters));
    }
    if (wrong.id == NULL) {
        wrong = box_end(&demo->box).what;
    }
    if (wrong.id == NULL) {
        wrong = box_sum(&demo->box).what;
    }
    for (size_t i = 0; wrong.id == NULL && i < demo->trustee_count; i++) {
        wrong = decrypt(demo, i);
    }
    return wrong.id == NULL ? box_result(&demo->box).what : wrong;
}

static enum cli_exit run(struct demo *demo)
{
    if (mkdir(demo->folder, 0700) < 0 && access(demo->folder, W_OK) < 0) {
        print_sentence(demo->cli, demo->cli->err,
                       TD_MESSAGE("thidua: the folder {0} can't be made", TD_TEXT(demo->folder)));
        return CLI_BAD_INPUT;
    }
    if (!draft(demo)) {
        return CLI_BAD_INPUT;
    }
    enum cli_exit exit = exit_of_opening(demo->cli, demo->folder, set_up(demo));
    if (exit != CLI_OK) {
        return exit;
    }
    struct td_message wrong = hold(demo);
    if (wrong.id != NULL) {
        print_sentence(demo->cli, demo->cli->err, wrong);
        return CLI_INTERNAL;
    }
    print_sentence(demo->cli, demo->cli->out,
                   TD_MESSAGE("The election {0} is in {1}. Now audit it: thidua ballot verify {1}",
                              TD_TEXT(demo->uuid), TD_TEXT(demo->folder)));
    return CLI_OK;
}

enum cli_exit cmd_ballot_demo(struct cli *cli)
{
    uint64_t voters = DEMO_VOTERS, trustees = DEMO_TRUSTEES, seed = 1;
    struct demo demo = {.cli = cli, .arena = cli->arena, .box.writer.fd = -1};

    if (cli->operand_count != 1) {
        return bad_usage(cli, TD_WORDS("thidua: give the folder of one election"));
    }
    if (!number_option(cli, "voters", 1, CREDENTIALS_MAX, &voters) ||
        !number_option(cli, "trustees", 1, TRUSTEES_MAX, &trustees) ||
        !number_option(cli, "seed", 0, INT64_MAX, &seed)) {
        return CLI_BAD_USAGE;
    }
    demo.folder = cli->operands[0];
    demo.voters = (size_t)voters;
    demo.trustee_count = (size_t)trustees;
    demo.random = seed;
    demo.group = group_new();
    enum cli_exit exit = demo.group == NULL ? exit_of_status(cli, TD_E_MEMORY) : run(&demo);
    box_close(&demo.box);
    explicit_bzero(demo.secrets, sizeof demo.secrets);
    if (demo.cards != NULL) {
        explicit_bzero(demo.cards, demo.voters * sizeof *demo.cards);
    }
    group_free(demo.group);
    return exit;
}
