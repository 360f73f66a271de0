/*
 * thidua ballot setup | cards | trustee-key | open: until the first ballot.
 *
 * Each is run by another person, on another machine: what goes from one to the next are files that
 * hold no secret. Cards and keys stay where they are made.
 */
#include "cli/ballot_files.h"
#include "cli/ballot_sheet.h"

#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/banned.h"

#define LIST_MAX ((size_t)16 * 1024 * 1024)
#define SHEET_CARD_MAX ((size_t)16 * 1024)
#define PATH_MAX_BYTES 4096
#define CARDS_MAX ((size_t)CREDENTIALS_MAX * (CARD_TEXT + 1)) /* lines may end in \r\n */
#define LEAST_TRUSTEES 2

/* Text into a new file of the folder. */
static bool put(struct cli *cli, const char *folder, const char *name, const char *bytes, size_t n)
{
    const char *path = path_joined(cli->arena, folder, name);
    struct buf text;

    buf_init(&text, n);
    buf_add(&text, bytes, n);
    bool done = path != NULL && file_keep(path, &text, FILE_PUBLIC);
    buf_release(&text);
    return done;
}

/* ---- setup ----------------------------------------------------------------------------------- */

static enum cli_exit set_up(struct cli *cli, struct group *group)
{
    const char *folder = cli->operands[0], *text = NULL;
    char uuid[TOKEN_TEXT];
    struct election election;
    size_t n = 0;

    if (!file_take(cli, cli_value(cli, "questions"), &text, &n)) {
        return CLI_BAD_INPUT;
    }
    token_new(group, uuid);
    if (!group_ok(group)) {
        return exit_of_status(cli, TD_E_MEMORY);
    }
    if (!draft_take(cli, group, text, n, uuid, &election)) {
        return CLI_BAD_INPUT;
    }
    struct stat st;
    if (mkdir(folder, 0700) < 0 && stat(folder, &st) < 0) {
        return cannot_write(cli, folder);
    }
    const char *draft = path_joined(cli->arena, folder, DRAFT_FILE);
    if (draft == NULL || !put(cli, folder, DRAFT_FILE, text, n)) {
        return cannot_write(cli, folder);
    }
    if (!put(cli, folder, UUID_FILE, uuid, strlen(uuid))) {
        (void)unlink(draft);
        return cannot_write(cli, folder);
    }
    print_sentence(
        cli, cli->out,
        TD_MESSAGE("The election's identifier is {0}: the registrar needs it.", TD_TEXT(uuid)));
    return CLI_OK;
}

/* ---- cards ----------------------------------------------------------------------------------- */

static bool is_among(const char *card, const struct buf *cards)
{
    for (size_t at = 0; at < buf_length(cards); at += CARD_TEXT) {
        if (memcmp(buf_string(cards) + at, card, CARD_TEXT) == 0) {
            return true;
        }
    }
    return false;
}

/* The line's card, after those before it. What is wrong with it, if anything. */
static struct td_message add_card(const char *line, size_t length, size_t number, struct buf *to)
{
    struct td_message wrong = {0};
    char card[CARD_TEXT] = "";

    if (length == CARD_TEXT - 1) {
        memcpy(card, line, length);
    }
    if (!card_valid(card)) {
        wrong = TD_MESSAGE("line {0} is no card", TD_COUNT(number));
    } else if (is_among(card, to)) {
        wrong = TD_MESSAGE("line {0} repeats an earlier card", TD_COUNT(number));
    }
    buf_add(to, card, sizeof card);
    explicit_bzero(card, sizeof card);
    return wrong;
}

/* Every line that isn't empty is a card. */
static struct td_message add_cards(const char *text, struct buf *to)
{
    struct td_message wrong = {0};

    for (size_t number = 1; wrong.id == NULL && *text != '\0'; number++) {
        size_t line = strcspn(text, "\n");
        size_t length = line > 0 && text[line - 1] == '\r' ? line - 1 : line;
        if (length > 0) {
            wrong = add_card(text, length, number, to);
        }
        text += line + (text[line] == '\n' ? 1 : 0);
    }
    if (wrong.id == NULL && buf_length(to) == 0) {
        wrong = TD_WORDS("there is no card in it");
    } else if (wrong.id == NULL && buf_length(to) > (size_t)CREDENTIALS_MAX * CARD_TEXT) {
        wrong = TD_MESSAGE("there are more than {0} cards in it", TD_COUNT(CREDENTIALS_MAX));
    }
    return wrong;
}

/* Cards made before, one a line. */
static bool old_cards(struct cli *cli, const char *path, struct buf *to)
{
    struct td_message wrong = {0};
    struct buf text;

    buf_init_secret(&text, CARDS_MAX);
    bool done = file_take_secret(cli, path, &text);
    if (done) {
        wrong = add_cards(buf_string(&text), to);
        done = wrong.id == NULL;
    }
    if (wrong.id != NULL) {
        (void)bad_file(cli, path, wrong);
    }
    buf_release(&text);
    return done;
}

static bool new_cards(struct cli *cli, struct group *group, size_t count, struct buf *to)
{
    for (size_t i = 0; i < count; i++) {
        char card[CARD_TEXT];
        card_new(group, card);
        buf_add(to, card, sizeof card);
        explicit_bzero(card, sizeof card);
    }
    if (!buf_ok(to) || !group_ok(group)) {
        (void)exit_of_status(cli, TD_E_MEMORY);
        return false;
    }
    return true;
}

static bool write_cards(const char *path, const char *cards, size_t count)
{
    struct buf text;

    buf_init_secret(&text, count * CARD_TEXT);
    for (size_t i = 0; i < count; i++) {
        buf_printf(&text, "%s\n", cards + i * CARD_TEXT);
    }
    bool kept = file_keep(path, &text, FILE_SECRET);
    buf_release(&text);
    return kept;
}

static enum cli_exit write_public(struct cli *cli, struct group *group, const char *cards,
                                  size_t count)
{
    const char *path = cli_value(cli, "public"), *uuid = cli->operands[0];
    struct credentials credentials = {count, NULL};
    struct buf text;

    credentials.items = td_arena_alloc(cli->arena, count, sizeof *credentials.items);
    if (credentials.items == NULL) {
        return exit_of_status(cli, TD_E_MEMORY);
    }
    for (size_t i = 0; i < count; i++) {
        struct scalar secret;
        card_secret(group, cards + i * CARD_TEXT, uuid, &secret);
        group_raise_secret(group, &secret, &credentials.items[i]);
        scalar_wipe(&secret);
    }
    credentials_sort(&credentials);
    buf_init(&text, LIST_MAX);
    credentials_write(group, &credentials, &text);
    bool kept = group_ok(group) && file_keep(path, &text, FILE_PUBLIC);
    buf_release(&text);
    return kept ? CLI_OK : cannot_write(cli, path);
}

/* The cards as a sheet to print, when one is wanted. */
static bool write_sheet(struct cli *cli, const char *cards, size_t count)
{
    const char *path = cli_value(cli, "sheet"), *address = cli_value(cli, "address");
    struct buf text;

    if (path == NULL) {
        return true;
    }
    buf_init_secret(&text, (count + 1) * SHEET_CARD_MAX);
    bool kept =
        sheet_write(cli, address, cards, count, &text) && file_keep(path, &text, FILE_SECRET);
    buf_release(&text);
    return kept;
}

/* What the cards are written to: their file, the sheet, the public list. All or none: what is left
 * would keep its name taken, and hold secrets of no use. */
static enum cli_exit write_all(struct cli *cli, struct group *group, const char *cards,
                               size_t count)
{
    const char *keep = cli_value(cli, "cards"), *sheet = cli_value(cli, "sheet");

    if (keep != NULL && !write_cards(keep, cards, count)) {
        return cannot_write(cli, keep);
    }
    bool has_sheet = write_sheet(cli, cards, count);
    enum cli_exit exit =
        has_sheet ? write_public(cli, group, cards, count) : cannot_write(cli, sheet);
    if (exit != CLI_OK && keep != NULL) {
        (void)unlink(keep);
    }
    if (exit != CLI_OK && has_sheet && sheet != NULL) {
        (void)unlink(sheet);
    }
    return exit;
}

static enum cli_exit cards(struct cli *cli, struct group *group)
{
    const char *address = cli_value(cli, "address");
    const char *from = cli_value(cli, "from"), *keep = cli_value(cli, "cards");
    uint64_t count = 0;
    struct buf all;

    if (!token_valid(cli->operands[0])) {
        return bad_usage(cli, TD_WORDS("thidua: this is not an election's identifier"));
    }
    if (!number_option(cli, "voters", 1, CREDENTIALS_MAX, &count)) {
        return CLI_BAD_USAGE;
    }
    if ((from == NULL) == (count == 0) || (from == NULL) != (keep != NULL)) {
        return bad_usage(cli,
                         TD_WORDS("thidua: give --voters and --cards for new cards, or --from"));
    }
    if ((cli_value(cli, "sheet") == NULL) != (address == NULL) ||
        (address != NULL && !sheet_address_valid(address))) {
        return bad_usage(cli, TD_WORDS("thidua: --sheet needs --address, where voters vote, as in "
                                       "https://thidua.example.vn/ballot"));
    }
    buf_init_secret(&all, CARDS_MAX);
    bool there = from != NULL ? old_cards(cli, from, &all) : new_cards(cli, group, count, &all);
    enum cli_exit exit = CLI_BAD_INPUT;
    if (there) {
        exit = buf_ok(&all) ? write_all(cli, group, buf_string(&all), buf_length(&all) / CARD_TEXT)
                            : exit_of_status(cli, TD_E_MEMORY);
    }
    buf_release(&all);
    return exit;
}

/* ---- trustee-key ----------------------------------------------------------------------------- */

/* Both halves, or none: half a key is of no use, and would keep its name taken. */
static enum cli_exit keep_key(struct cli *cli, const struct buf *private_text,
                              const struct buf *public_text)
{
    struct buf private_path, public_path;
    enum cli_exit exit = CLI_OK;

    buf_init(&private_path, PATH_MAX_BYTES);
    buf_init(&public_path, PATH_MAX_BYTES);
    buf_printf(&private_path, "%s.privkey", cli->operands[0]);
    buf_printf(&public_path, "%s.pubkey", cli->operands[0]);
    if (!buf_ok(&private_path) || !buf_ok(&public_path)) {
        exit = cannot_write(cli, cli->operands[0]);
    } else if (!file_keep(buf_string(&private_path), private_text, FILE_SECRET)) {
        exit = cannot_write(cli, buf_string(&private_path));
    } else if (!file_keep(buf_string(&public_path), public_text, FILE_PUBLIC)) {
        (void)unlink(buf_string(&private_path));
        exit = cannot_write(cli, buf_string(&public_path));
    }
    buf_release(&private_path);
    buf_release(&public_path);
    return exit;
}

static enum cli_exit trustee_key(struct cli *cli, struct group *group)
{
    struct scalar secret;
    struct trustee trustee;
    struct buf private_text, public_text;

    buf_init_secret(&private_text, SCALAR_DIGITS + 3);
    buf_init(&public_text, 5000);
    trustee_new(group, &secret, &trustee);
    trustee_secret_write(&secret, &private_text);
    trustee_write(group, &trustee, &public_text);
    scalar_wipe(&secret);
    enum cli_exit exit = group_ok(group) && buf_ok(&private_text) && buf_ok(&public_text)
                             ? keep_key(cli, &private_text, &public_text)
                             : exit_of_status(cli, TD_E_MEMORY);
    if (exit == CLI_OK) {
        print_sentence(cli, cli->out,
                       TD_WORDS("Keep the file that ends in .privkey, and a printed copy of it, "
                                "where nobody else comes: without it there is no result."));
    }
    buf_release(&private_text);
    buf_release(&public_text);
    return exit;
}

/* ---- open ------------------------------------------------------------------------------------ */

static bool read_trustees(struct cli *cli, struct group *group, struct trustees *ret)
{
    for (int i = 1; i < cli->operand_count; i++) {
        if (!trustee_take(cli, group, cli->operands[i], &ret->items[ret->count++])) {
            return false;
        }
    }
    return true;
}

static bool read_draft(struct cli *cli, struct group *group, struct election *ret)
{
    const char *folder = cli->operands[0], *uuid = NULL, *text = NULL;
    const char *uuid_path = path_joined(cli->arena, folder, UUID_FILE);
    const char *draft_path = path_joined(cli->arena, folder, DRAFT_FILE);
    size_t uuid_n = 0, n = 0;

    if (uuid_path == NULL || draft_path == NULL || !file_take(cli, uuid_path, &uuid, &uuid_n) ||
        !file_take(cli, draft_path, &text, &n)) {
        return false;
    }
    uuid = td_arena_text(cli->arena, uuid, uuid_n);
    if (uuid == NULL) {
        (void)exit_of_status(cli, TD_E_MEMORY);
        return false;
    }
    return draft_take(cli, group, text, n, uuid, ret);
}

static enum cli_exit open_box(struct cli *cli, struct group *group)
{
    struct trustee keys[TRUSTEES_MAX];
    struct trustees trustees = {0, keys};
    struct credentials credentials;
    struct election election;
    struct box box;

    if (!read_draft(cli, group, &election) || !read_trustees(cli, group, &trustees) ||
        !credentials_take(cli, group, cli_value(cli, "public"), &credentials)) {
        return CLI_BAD_INPUT;
    }
    struct box_setup setup = {.folder = cli->operands[0],
                              .now = time(NULL),
                              .election = &election,
                              .trustees = &trustees,
                              .credentials = &credentials,
                              .is_once = cli_value(cli, "once") != NULL};
    enum cli_exit exit =
        exit_of_opening(cli, cli->operands[0], box_create(&box, group, cli->arena, &setup));
    box_close(&box);
    if (exit != CLI_OK) {
        return exit;
    }
    print_sentence(cli, cli->out,
                   TD_MESSAGE("The election {0} is open. Fingerprint: {1}", TD_TEXT(election.uuid),
                              TD_TEXT(box.ledger.election.fingerprint)));
    for (int i = 1; i < cli->operand_count; i++) {
        print_sentence(
            cli, cli->out,
            TD_MESSAGE("Trustee {0}: {1}", TD_COUNT((size_t)i), TD_TEXT(cli->operands[i])));
    }
    print_sentence(cli, cli->out,
                   TD_MESSAGE("For the minutes, the setup's code: {0}", TD_TEXT(box.writer.head)));
    return CLI_OK;
}

/* ---- the commands ---------------------------------------------------------------------------- */

enum cli_exit cmd_ballot_setup(struct cli *cli)
{
    return cli->operand_count == 1
               ? with_group(cli, set_up)
               : bad_usage(cli, TD_WORDS("thidua: give the folder of one election"));
}

enum cli_exit cmd_ballot_cards(struct cli *cli)
{
    return cli->operand_count == 1
               ? with_group(cli, cards)
               : bad_usage(cli, TD_WORDS("thidua: give the identifier of one election"));
}

enum cli_exit cmd_ballot_trustee_key(struct cli *cli)
{
    return cli->operand_count == 1
               ? with_group(cli, trustee_key)
               : bad_usage(cli, TD_WORDS("thidua: give a name for the key's files"));
}

enum cli_exit cmd_ballot_open(struct cli *cli)
{
    if (cli->operand_count < 1 + LEAST_TRUSTEES || cli->operand_count > 1 + TRUSTEES_MAX) {
        return bad_usage(cli,
                         TD_MESSAGE("thidua: give the election's folder and the public keys of {0} "
                                    "to {1} trustees",
                                    TD_COUNT(LEAST_TRUSTEES), TD_COUNT(TRUSTEES_MAX)));
    }
    return with_group(cli, open_box);
}
