/*
 * thidua ballot verify: the audit of an election by whoever has its archive.
 */
#include "ballot/ballot.h"
#include "cli/ballot_files.h"

#include <string.h>

#include "base/banned.h"

static void print_finding(struct cli *cli, const struct finding *finding)
{
    struct td_message what = finding->what;
    const char *words = message_text(cli, &what);

    if (finding->type == NULL) {
        print_sentence(cli, cli->out, TD_MESSAGE("Wrong: {0}", TD_TEXT(words)));
    } else {
        print_sentence(cli, cli->out,
                       TD_MESSAGE("Wrong at event {0} ({1}): {2}", TD_COUNT(finding->height),
                                  TD_TEXT(finding->type), TD_TEXT(words)));
    }
}

static void print_count(struct cli *cli, const char *name, size_t count)
{
    fputs("  ", cli->out);
    print_column(cli->out, name, CLI_WIDTH - 12, false);
    fprintf(cli->out, "%10zu\n", count);
}

/* Each slot with its count, under its question. */
static void print_result(struct cli *cli, const struct ledger *ledger)
{
    const unsigned *counts = ledger->counts;

    for (size_t i = 0; i < ledger->election.question_count; i++) {
        const struct question *question = &ledger->election.questions[i];
        size_t slot = 0, none = 0;
        fprintf(cli->out, "\n%s\n", question->text);
        if (question->blank) {
            print_count(cli, language_text(cli->language, TD_ID("blank ballots")), counts[slot++]);
        }
        for (size_t j = 0; j < question->answer_count; j++) {
            print_count(cli, question->answers[j], counts[slot++]);
        }
        if (question_none(question, counts, ledger_voters(ledger), &none)) {
            print_count(cli, language_text(cli->language, TD_ID("no choice")), none);
        }
        counts += slot;
    }
}

static void print_trackers(struct cli *cli, const struct ledger *ledger)
{
    print_sentence(cli, cli->out, TD_WORDS("Trackers of the ballots:"));
    for (size_t i = 0; i < ledger->ballot_count; i++) {
        const struct ledger_ballot *ballot = &ledger->ballots[i];
        fprintf(cli->out, "  %s", ballot->paper.tracker);
        if (ballot->is_replaced) {
            fputs("  ", cli->out);
            print_message(cli, cli->out, TD_WORDS("replaced by a later ballot of the same card"));
        }
        fputc('\n', cli->out);
    }
}

/* What stands in the minutes; of the last event, what a later copy must go on from. */
static void print_codes(struct cli *cli, const struct ledger *ledger,
                        const struct archive_file *file)
{
    struct archive archive;

    print_sentence(cli, cli->out, TD_MESSAGE("Setup's code: {0}", TD_TEXT(ledger->setup)));
    if (ledger->end[0] != '\0') {
        print_sentence(cli, cli->out, TD_MESSAGE("End's code: {0}", TD_TEXT(ledger->end)));
    }
    if (archive_read(cli->arena, file->bytes, file->n, &archive) != ARCHIVE_MEMORY &&
        archive.event_count > 0) {
        print_sentence(cli, cli->out,
                       TD_MESSAGE("Last event's code: {0}",
                                  TD_TEXT(archive.events[archive.event_count - 1].name)));
    }
}

static void print_checked(struct cli *cli, const struct ledger *ledger,
                          const struct archive_file *file, const struct verify_options *options)
{
    size_t voters = ledger_voters(ledger);

    print_sentence(cli, cli->out,
                   TD_MESSAGE("Election {0}: {1}", TD_TEXT(ledger->election.uuid),
                              TD_TEXT(ledger->election.name)));
    print_sentence(cli, cli->out,
                   TD_MESSAGE("Fingerprint: {0}", TD_TEXT(ledger->election.fingerprint)));
    print_codes(cli, ledger, file);
    print_sentence(cli, cli->out,
                   file->is_once ? TD_WORDS("A card votes once: so says the file once beside the "
                                            "archive.")
                                 : TD_WORDS("A later ballot of a card replaces the earlier one: "
                                            "there is no file once beside the archive."));
    print_sentence(cli, cli->out,
                   TD_MESSAGE("Checked: {0} events, {1} trustees, {2} ballots with every proof "
                              "and signature",
                              TD_COUNT(ledger->height), TD_COUNT(ledger->trustees.count),
                              TD_COUNT(ledger->ballot_count)));
    print_sentence(
        cli, cli->out,
        TD_MESSAGE("Cards: {0}; cards that voted: {1}; ballots replaced: {2}; refused: {3}",
                   TD_COUNT(ledger->credentials.count), TD_COUNT(voters),
                   TD_COUNT(ledger->ballot_count - voters), TD_COUNT(ledger->refused)));
    if (options->is_issued) {
        print_sentence(cli, cli->out,
                       TD_MESSAGE("Cards handed out: {0}", TD_COUNT(options->issued)));
    }
    print_trackers(cli, ledger);
}

static enum cli_exit print_report(struct cli *cli, const struct ledger *ledger,
                                  const struct archive_file *file,
                                  const struct verify_options *options)
{
    if (ledger->phase != LEDGER_EMPTY) {
        print_checked(cli, ledger, file, options);
    }
    for (const struct finding *f = ledger->first; f != NULL; f = f->next) {
        print_finding(cli, f);
    }
    if (ledger->finding_count > 0) {
        print_sentence(cli, cli->out,
                       TD_MESSAGE("The archive does not pass: {0} findings. Keep this archive "
                                  "as it is, and compare it with your copies.",
                                  TD_COUNT(ledger->finding_count)));
        return CLI_BAD_INPUT;
    }
    if (options->earlier != NULL) {
        print_sentence(cli, cli->out, TD_WORDS("The archive continues the earlier copy."));
    }
    if (ledger->phase != LEDGER_FINISHED) {
        struct td_message phase = ledger_phase_words(ledger->phase);
        print_sentence(cli, cli->out,
                       TD_MESSAGE("Everything so far holds, but {0}.", TD_TERM(phase.id)));
        return CLI_NOT_FINAL;
    }
    print_result(cli, ledger);
    fputc('\n', cli->out);
    print_sentence(cli, cli->out, TD_WORDS("Everything holds."));
    return CLI_OK;
}

/* --issued, when it is given. */
static bool read_issued(struct cli *cli, struct verify_options *options)
{
    const char *text = cli_value(cli, "issued");
    struct td_decimal count;

    if (text == NULL) {
        return true;
    }
    if (td_decimal_parse(text, strlen(text), 0, &count) < 0 || count.units < 0) {
        print_sentence(cli, cli->err, TD_WORDS("thidua: --issued needs a number of cards"));
        return false;
    }
    options->is_issued = true;
    options->issued = (size_t)count.units;
    return true;
}

static void check_once(struct ledger *ledger, bool is_once)
{
    for (size_t i = 0; is_once && i < ledger->ballot_count; i++) {
        if (ledger->ballots[i].is_replaced) {
            ledger_find(ledger, NULL,
                        TD_MESSAGE("a card votes once, and the ballot {0} was replaced by a later "
                                   "one of the same card",
                                   TD_TEXT(ledger->ballots[i].paper.tracker)));
        }
    }
}

/* Is it the election of the minutes? */
static void check_minutes(struct ledger *ledger, const char *setup, const char *end)
{
    if (!code_names(setup, ledger->setup)) {
        ledger_find(ledger, NULL,
                    TD_MESSAGE("the setup's code is not {0}, which stands in the minutes: the "
                               "questions, the trustees or the list of cards are others",
                               TD_TEXT(setup)));
    }
    if (!code_names(end, ledger->end)) {
        ledger_find(ledger, NULL,
                    TD_MESSAGE("the end's code is not {0}, which stands in the minutes: the "
                               "ballots are others, or voting has not ended",
                               TD_TEXT(end)));
    }
}

static enum cli_exit verify(struct cli *cli, struct group *group)
{
    struct verify_options options = {0};
    struct archive_file file, earlier;
    struct ledger ledger;
    const char *folder = cli_value(cli, "earlier");
    char setup[DIGEST_HEX], end[DIGEST_HEX];

    if (!read_issued(cli, &options) || !code_option(cli, "setup", setup) ||
        !code_option(cli, "end", end)) {
        return CLI_BAD_USAGE;
    }
    if (!archive_file_load(cli, cli->operands[0], &file)) {
        return CLI_BAD_INPUT;
    }
    options.uuid = file.uuid;
    if (folder != NULL) {
        if (!archive_file_load(cli, folder, &earlier)) {
            return CLI_BAD_INPUT;
        }
        options.earlier = earlier.bytes;
        options.earlier_n = earlier.n;
    }
    if (!verify_archive(group, cli->arena, file.bytes, file.n, &options, &ledger)) {
        return exit_of_status(cli, TD_E_MEMORY);
    }
    check_once(&ledger, file.is_once || cli_value(cli, "once") != NULL);
    check_minutes(&ledger, setup, end);
    return print_report(cli, &ledger, &file, &options);
}

enum cli_exit cmd_ballot_verify(struct cli *cli)
{
    if (cli->operand_count != 1) {
        print_sentence(cli, cli->err, TD_WORDS("thidua: give the folder of one election"));
        return CLI_BAD_USAGE;
    }
    return with_group(cli, verify);
}
