/*
 * thidua ballot vote | cast | close | tally | trustee-decrypt | result: from the first ballot to
 * the result.
 *
 * vote and trustee-decrypt are run by a voter and by a trustee, with a copy of the archive and a
 * secret of their own, and print what they give away; the others are run where the archive is.
 */
#include "cli/ballot_files.h"

#include <string.h>

#include "base/banned.h"

#define OUTPUT_MAX ((size_t)16 * 1024 * 1024)
#define CHOICES_MAX ((size_t)QUESTIONS_MAX * (2 * ANSWERS_MAX + 4))
#define SECRET_MAX 200 /* of a file with one card or one key */

/* ---- with a secret and a copy of the archive ------------------------------------------------- */

/* The copy, checked as whoever trusts nobody should. */
static bool audit(struct cli *cli, struct group *group, struct ledger *ret)
{
    struct verify_options options = {0};
    struct archive_file file;

    if (!archive_file_load(cli, cli->operands[0], &file)) {
        return false;
    }
    options.uuid = file.uuid;
    if (!verify_archive(group, cli->arena, file.bytes, file.n, &options, ret)) {
        (void)exit_of_status(cli, TD_E_MEMORY);
        return false;
    }
    if (ret->finding_count > 0) {
        (void)bad_input(cli, TD_WORDS("the archive does not hold; thidua ballot verify says why"));
        return false;
    }
    return true;
}

/* [[0,1,0],[1]]: for each question, for each slot. */
static bool scan_choices(struct scan scan, const struct election *election, bool *ret)
{
    for (size_t i = 0; i < election->question_count; i++) {
        scan_literal(&scan, i == 0 ? "[[" : ",[");
        for (size_t j = 0; j < question_slots(&election->questions[i]); j++) {
            if (j > 0) {
                scan_literal(&scan, ",");
            }
            *ret++ = scan_count(&scan, 1) == 1;
        }
        scan_literal(&scan, "]");
    }
    scan_literal(&scan, "]");
    return scan_done(&scan);
}

/* "-" is for standard input: the system shows a command's words to its other users. */
static bool read_choices(struct cli *cli, struct group *group, const struct election *election,
                         bool *ret)
{
    const char *given = cli_value(cli, "choices");
    struct buf text;

    if (strcmp(given, "-") != 0) {
        return scan_choices(scan_of(group, cli->arena, given, strlen(given)), election, ret);
    }
    buf_init_secret(&text, CHOICES_MAX);
    bool done = file_take_secret(cli, "/dev/stdin", &text) &&
                scan_choices(scan_of(group, cli->arena, buf_string(&text), buf_length(&text)),
                             election, ret);
    buf_release(&text);
    return done;
}

static bool read_card(struct cli *cli, struct group *group, const char *uuid, struct scalar *ret)
{
    struct buf text;

    buf_init_secret(&text, SECRET_MAX);
    bool done = file_take_secret(cli, cli_value(cli, "card"), &text);
    if (done) {
        done = card_valid(buf_string(&text));
        if (done) {
            card_secret(group, buf_string(&text), uuid, ret);
        } else {
            (void)bad_input(cli, TD_WORDS("the card is not copied right: look at each character"));
        }
    }
    buf_release(&text);
    return done;
}

static bool read_key(struct cli *cli, struct group *group, struct scalar *ret)
{
    struct buf text;

    buf_init_secret(&text, SECRET_MAX);
    bool done = file_take_secret(cli, cli->operands[1], &text);
    if (done) {
        done = trustee_secret_read(group, buf_string(&text), buf_length(&text), ret);
        if (!done) {
            (void)bad_input(cli, TD_WORDS("this file holds no trustee's private key"));
        }
    }
    buf_release(&text);
    return done;
}

static enum cli_exit print_paper(struct cli *cli, struct group *group,
                                 const struct election *election, const struct scalar *card,
                                 const bool *choices)
{
    char tracker[DIGEST_BASE64];
    struct buf text;

    buf_init(&text, OUTPUT_MAX);
    int status = paper_make(group, cli->arena, election, card, choices, &text, tracker);
    if (status == TD_OK) {
        fprintf(cli->out, "%s\n", buf_string(&text));
        print_sentence(cli, cli->err, TD_MESSAGE("Your tracker: {0}", TD_TEXT(tracker)));
    }
    buf_release(&text);
    return exit_of_status(cli, status);
}

static enum cli_exit make_paper(struct cli *cli, struct group *group, struct ledger *ledger,
                                const struct scalar *card)
{
    const struct election *election = &ledger->election;
    size_t n = election_slots(election);
    bool *choices = td_arena_zeroed(cli->arena, n, sizeof *choices);
    enum cli_exit exit = CLI_BAD_INPUT;

    if (choices == NULL) {
        return exit_of_status(cli, TD_E_MEMORY);
    }
    if (read_choices(cli, group, election, choices) && choices_valid(election, choices)) {
        exit = print_paper(cli, group, election, card, choices);
    } else {
        (void)bad_input(cli, TD_WORDS("the questions don't allow these choices"));
    }
    explicit_bzero(choices, n * sizeof *choices);
    return exit;
}

static enum cli_exit vote(struct cli *cli, struct group *group)
{
    struct ledger ledger;
    struct element credential;
    struct scalar card;

    if (!audit(cli, group, &ledger) || !read_card(cli, group, ledger.election.uuid, &card)) {
        return CLI_BAD_INPUT;
    }
    group_raise_secret(group, &card, &credential);
    enum cli_exit exit =
        credentials_hold(&ledger.credentials, &credential, NULL)
            ? make_paper(cli, group, &ledger, &card)
            : bad_input(cli, TD_WORDS("the ballot's card is not one of this election"));
    scalar_wipe(&card);
    return exit;
}

/* Whose key it is, from 1; 0: no trustee's of this election. */
static size_t trustee_of(struct group *group, const struct trustees *trustees,
                         const struct scalar *secret)
{
    struct element key;

    group_raise_secret(group, secret, &key);
    return trustees_find(trustees, &key);
}

static enum cli_exit print_decryption(struct cli *cli, struct group *group, struct ledger *ledger,
                                      const struct scalar *secret)
{
    size_t number = trustee_of(group, &ledger->trustees, secret);
    struct buf part;

    if (number == 0) {
        return bad_input(cli, TD_WORDS("this key is not one of this election's trustees"));
    }
    buf_init(&part, OUTPUT_MAX);
    int status =
        decryption_make(group, cli->arena, &ledger->election, &ledger->tally, secret, &part);
    if (status == TD_OK) {
        fprintf(cli->out, "%s\n", buf_string(&part));
        print_sentence(cli, cli->err,
                       TD_MESSAGE("Decrypted by trustee {0}: the sum of {1} ballots; the list has "
                                  "{2} cards. Compare both with the minutes before you hand this "
                                  "over.",
                                  TD_COUNT(number), TD_COUNT(ledger_voters(ledger)),
                                  TD_COUNT(ledger->credentials.count)));
    }
    buf_release(&part);
    return exit_of_status(cli, status);
}

/* An archive that agrees with itself may still be another than the one that was closed before
 * everybody: with other ballots, so that the sum tells how one card voted. The end's code stands
 * in the minutes, and is that of one list of cards and one row of ballots. */
static enum cli_exit trustee_decrypt(struct cli *cli, struct group *group)
{
    char code[DIGEST_HEX];
    struct ledger ledger;
    struct scalar secret;

    if (!code_option(cli, "end", code)) {
        return CLI_BAD_USAGE;
    }
    if (!audit(cli, group, &ledger)) {
        return CLI_BAD_INPUT;
    }
    if (ledger.phase != LEDGER_DECRYPTING) {
        return bad_input(cli, ledger_phase_words(ledger.phase));
    }
    if (!code_names(code, ledger.end)) {
        return bad_input(cli, TD_MESSAGE("this archive's end has the code {0}, and not {1}: these "
                                         "are other ballots than those of the minutes; nothing is "
                                         "decrypted",
                                         TD_TEXT(ledger.end), TD_TEXT(code)));
    }
    if (!read_key(cli, group, &secret)) {
        return CLI_BAD_INPUT;
    }
    enum cli_exit exit = print_decryption(cli, group, &ledger, &secret);
    scalar_wipe(&secret);
    return exit;
}

/* ---- where the archive is -------------------------------------------------------------------- */

/* Leave the box. Was something cut off its archive's end, by box_open or later? It holds all the
 * same, but somebody should look. */
static void leave_box(struct cli *cli, struct box *box)
{
    if (box->writer.cut > 0) {
        (void)bad_file(cli, box->path, archive_cut_words(box->writer.cut));
    }
    box_close(box);
}

static bool open_box(struct cli *cli, struct group *group, struct box *ret)
{
    struct archive_file file;

    if (!archive_file_find(cli, cli->operands[0], &file)) {
        return false;
    }
    int status = box_open(ret, group, cli->arena, file.path);
    if (status == TD_OK) {
        return true;
    }
    if (status == TD_E_IO) {
        (void)bad_file(cli, file.path,
                       TD_WORDS("it can't be read and written: look at its permissions and those "
                                "of its folder, whether it is a link, and at the disk"));
    } else if (status == ARCHIVE_BUSY) {
        (void)bad_file(cli, file.path,
                       TD_WORDS("another program is writing to the archive; try again"));
    } else {
        (void)bad_file(cli, file.path, box_refusal(status).what);
    }
    leave_box(cli, ret);
    return false;
}

/* The same for what can't be undone. What opening cut off may have been the last ballot of all,
 * acknowledged and then damaged: before its voter can no longer vote, somebody is to look. */
static bool open_whole_box(struct cli *cli, struct group *group, struct box *ret)
{
    if (!open_box(cli, group, ret)) {
        return false;
    }
    if (ret->writer.cut == 0) {
        return true;
    }
    bool is_voting = ret->ledger.phase == LEDGER_VOTING;
    leave_box(cli, ret);
    (void)bad_input(
        cli, is_voting ? TD_WORDS("nothing else was done: look whether a voter's tracker is "
                                  "missing in the list, and let that voter vote again; then run "
                                  "this command again")
                       : TD_WORDS("nothing else was done: run this command again"));
    return false;
}

static bool cast_one(struct cli *cli, struct box *box, const char *path)
{
    char tracker[DIGEST_BASE64];
    const char *text = NULL;
    size_t n = 0;

    if (!file_take(cli, path, &text, &n)) {
        return false;
    }
    struct refusal refusal = box_take(box, text, n, tracker);
    if (refusal.code != NULL) {
        (void)bad_file(cli, path, refusal.what);
        return false;
    }
    print_sentence(cli, cli->out,
                   TD_MESSAGE("The ballot is in the archive. Tracker: {0}", TD_TEXT(tracker)));
    (void)fflush(cli->out); /* who waits for it hears now, not when all are there */
    return true;
}

static enum cli_exit cast(struct cli *cli, struct group *group)
{
    enum cli_exit exit = CLI_OK;
    struct box box;

    if (!open_box(cli, group, &box)) {
        return CLI_BAD_INPUT;
    }
    for (int i = 1; i < cli->operand_count; i++) {
        exit = cast_one(cli, &box, cli->operands[i]) ? exit : CLI_BAD_INPUT;
    }
    leave_box(cli, &box);
    return exit;
}

static enum cli_exit close_voting(struct cli *cli, struct group *group)
{
    struct box box;

    if (!open_whole_box(cli, group, &box)) {
        return CLI_BAD_INPUT;
    }
    struct refusal refusal = box_end(&box);
    if (refusal.code == NULL) {
        print_sentence(
            cli, cli->out,
            TD_MESSAGE("Voting has ended. Cards that voted: {0}. For the minutes, the end's "
                       "code: {1}",
                       TD_COUNT(ledger_voters(&box.ledger)), TD_TEXT(box.writer.head)));
    }
    leave_box(cli, &box);
    return refusal.code == NULL ? CLI_OK : bad_input(cli, refusal.what);
}

static enum cli_exit tally(struct cli *cli, struct group *group)
{
    struct box box;

    if (!open_whole_box(cli, group, &box)) {
        return CLI_BAD_INPUT;
    }
    struct refusal refusal = box_sum(&box);
    leave_box(cli, &box);
    if (refusal.code != NULL) {
        return bad_input(cli, refusal.what);
    }
    print_sentence(cli, cli->out,
                   TD_WORDS("The ballots are summed. Now every trustee decrypts with a copy of the "
                            "archive."));
    return CLI_OK;
}

static bool take_decryption(struct cli *cli, struct box *box, const char *path)
{
    const char *text = NULL;
    unsigned trustee = 0;
    size_t n = 0;

    if (!file_take(cli, path, &text, &n)) {
        return false;
    }
    struct refusal refusal = box_decrypt(box, text, n, &trustee);
    if (refusal.code != NULL) {
        (void)bad_file(cli, path, refusal.what);
    }
    return refusal.code == NULL;
}

/* Those that are right are taken, whatever the others are; a result is for who has looked at all
 * of them. */
static enum cli_exit result_of(struct cli *cli, struct box *box)
{
    enum cli_exit exit = CLI_OK;

    for (int i = 1; i < cli->operand_count; i++) {
        exit = take_decryption(cli, box, cli->operands[i]) ? exit : CLI_BAD_INPUT;
    }
    if (exit == CLI_OK) {
        struct refusal refusal = box_result(box);
        exit = refusal.code == NULL ? CLI_OK : bad_input(cli, refusal.what);
    }
    return exit;
}

static enum cli_exit result(struct cli *cli, struct group *group)
{
    struct box box;

    if (!open_whole_box(cli, group, &box)) {
        return CLI_BAD_INPUT;
    }
    enum cli_exit exit = result_of(cli, &box);
    leave_box(cli, &box);
    if (exit == CLI_OK) {
        print_sentence(cli, cli->out,
                       TD_MESSAGE("The result is in the archive. Now audit it: thidua ballot "
                                  "verify {0}",
                                  TD_TEXT(cli->operands[0])));
    }
    return exit;
}

/* ---- the commands ---------------------------------------------------------------------------- */

static enum cli_exit in_folder(struct cli *cli, enum cli_exit (*run)(struct cli *, struct group *))
{
    return cli->operand_count == 1
               ? with_group(cli, run)
               : bad_usage(cli, TD_WORDS("thidua: give the folder of one election"));
}

enum cli_exit cmd_ballot_vote(struct cli *cli)
{
    return in_folder(cli, vote);
}

enum cli_exit cmd_ballot_close(struct cli *cli)
{
    return in_folder(cli, close_voting);
}

enum cli_exit cmd_ballot_tally(struct cli *cli)
{
    return in_folder(cli, tally);
}

enum cli_exit cmd_ballot_cast(struct cli *cli)
{
    return cli->operand_count >= 2
               ? with_group(cli, cast)
               : bad_usage(cli,
                           TD_WORDS("thidua: give the election's folder and the ballots' files"));
}

enum cli_exit cmd_ballot_trustee_decrypt(struct cli *cli)
{
    return cli->operand_count == 2
               ? with_group(cli, trustee_decrypt)
               : bad_usage(cli, TD_WORDS("thidua: give the election's folder and the private key's "
                                         "file"));
}

enum cli_exit cmd_ballot_result(struct cli *cli)
{
    return cli->operand_count >= 1
               ? with_group(cli, result)
               : bad_usage(cli, TD_WORDS("thidua: give the election's folder and the decryptions' "
                                         "files"));
}
