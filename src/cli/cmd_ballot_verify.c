/*
 * thidua ballot verify: the audit of an election by whoever has its archive.
 */
#include "ballot/ballot.h"
#include "cli/ballot_files.h"

#include <stdlib.h>
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

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Sorted, as everybody looks for one: the order of arrival would tell whose it is to whoever sees
 * them point at their lines. */
static void print_sorted(struct cli *cli, const struct ledger *ledger, bool is_replaced)
{
    const char **trackers = td_arena_alloc(cli->arena, ledger->ballot_count, sizeof *trackers);
    size_t n = 0;

    if (trackers == NULL) {
        (void)exit_of_status(cli, TD_E_MEMORY);
        return;
    }
    for (size_t i = 0; i < ledger->ballot_count; i++) {
        if (ledger->ballots[i].is_replaced == is_replaced) {
            trackers[n++] = ledger->ballots[i].paper.tracker;
        }
    }
    qsort(trackers, n, sizeof *trackers, by_text);
    for (size_t i = 0; i < n; i++) {
        fprintf(cli->out, "  %s\n", trackers[i]);
    }
}

static void print_trackers(struct cli *cli, const struct ledger *ledger)
{
    print_sentence(cli, cli->out, TD_WORDS("Trackers of the ballots that count:"));
    print_sorted(cli, ledger, false);
    if (ledger_voters(ledger) < ledger->ballot_count) {
        print_sentence(cli, cli->out,
                       TD_WORDS("Trackers of ballots that do NOT count, as a later ballot of the "
                                "same card replaced each:"));
        print_sorted(cli, ledger, true);
    }
}

/* What stands in the minutes; of the last event, what a later copy must go on from. */
static void print_codes(struct cli *cli, const struct ledger *ledger)
{
    print_sentence(cli, cli->out, TD_MESSAGE("Setup's code: {0}", TD_TEXT(ledger->setup)));
    if (ledger->end[0] != '\0') {
        print_sentence(cli, cli->out, TD_MESSAGE("End's code: {0}", TD_TEXT(ledger->end)));
    }
    print_sentence(cli, cli->out, TD_MESSAGE("Last event's code: {0}", TD_TEXT(ledger->head)));
}

/* What whoever made them brings, to compare it with what the election has. */
struct keys {
    size_t count;
    char **paths;
    const struct trustee *trustees;
    const char *public_path; /* NULL: the cards are not compared */
    struct credentials credentials;
    bool is_same_list;
};

static void print_keys(struct cli *cli, const struct ledger *ledger, const struct keys *keys)
{
    for (size_t i = 0; i < keys->count; i++) {
        size_t number = trustees_find(&ledger->trustees, &keys->trustees[i].public_key);
        if (number > 0) {
            print_sentence(
                cli, cli->out,
                TD_MESSAGE("Trustee {0}: {1}", TD_COUNT(number), TD_TEXT(keys->paths[i])));
        }
    }
    if (keys->is_same_list) {
        print_sentence(cli, cli->out,
                       TD_MESSAGE("The list of cards is that of {0}.", TD_TEXT(keys->public_path)));
    }
}

static void print_checked(struct cli *cli, const struct ledger *ledger,
                          const struct archive_file *file, const struct verify_options *options,
                          const struct keys *keys)
{
    size_t voters = ledger_voters(ledger);

    print_sentence(cli, cli->out,
                   TD_MESSAGE("Election {0}: {1}", TD_TEXT(ledger->election.uuid),
                              TD_TEXT(ledger->election.name)));
    print_sentence(cli, cli->out,
                   TD_MESSAGE("Fingerprint: {0}", TD_TEXT(ledger->election.fingerprint)));
    print_codes(cli, ledger);
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
    print_keys(cli, ledger, keys);
    print_trackers(cli, ledger);
}

static enum cli_exit print_report(struct cli *cli, const struct ledger *ledger,
                                  const struct archive_file *file,
                                  const struct verify_options *options, const struct keys *keys)
{
    if (ledger->phase != LEDGER_EMPTY) {
        print_checked(cli, ledger, file, options, keys);
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

static bool keys_take(struct cli *cli, struct group *group, struct keys *ret)
{
    *ret = (struct keys){.count = (size_t)cli->operand_count - 1,
                         .paths = cli->operands + 1,
                         .public_path = cli_value(cli, "public")};
    struct trustee *trustees = td_arena_zeroed(cli->arena, ret->count, sizeof *trustees);

    if (trustees == NULL) {
        (void)exit_of_status(cli, TD_E_MEMORY);
        return false;
    }
    ret->trustees = trustees;
    for (size_t i = 0; i < ret->count; i++) {
        if (!trustee_take(cli, group, ret->paths[i], &trustees[i])) {
            return false;
        }
    }
    return ret->public_path == NULL ||
           credentials_take(cli, group, ret->public_path, &ret->credentials);
}

/* The same cards, in whatever order? */
static bool is_same_list(struct ledger *ledger, struct credentials *given)
{
    const struct credentials *listed = &ledger->credentials;
    size_t n = listed->count;
    struct credentials sorted = {n, td_arena_alloc(ledger->arena, n, sizeof *sorted.items)};

    if (sorted.items == NULL) {
        group_fail(ledger->group);
        return false;
    }
    memcpy(sorted.items, listed->items, n * sizeof *sorted.items);
    credentials_sort(&sorted);
    credentials_sort(given);
    bool same = given->count == n;
    for (size_t i = 0; same && i < n; i++) {
        same = element_equal(&given->items[i], &sorted.items[i]);
    }
    return same;
}

/* Is it the election of those who made its keys and its cards? Whoever opened it could have taken
 * others, which prove themselves just as well. */
static void check_keys(struct ledger *ledger, struct keys *keys)
{
    if (ledger->phase == LEDGER_EMPTY) {
        return;
    }
    for (size_t i = 0; i < keys->count; i++) {
        if (trustees_find(&ledger->trustees, &keys->trustees[i].public_key) == 0) {
            ledger_find(ledger, NULL,
                        TD_MESSAGE("{0} is not the key of any of the election's trustees",
                                   TD_TEXT(keys->paths[i])));
        }
    }
    keys->is_same_list = keys->public_path != NULL && is_same_list(ledger, &keys->credentials);
    if (keys->public_path != NULL && !keys->is_same_list) {
        ledger_find(ledger, NULL,
                    TD_MESSAGE("the election's list of cards is not that of {0}",
                               TD_TEXT(keys->public_path)));
    }
}

static enum cli_exit verify(struct cli *cli, struct group *group)
{
    struct verify_options options = {0};
    struct archive_file file, earlier;
    struct ledger ledger;
    const char *folder = cli_value(cli, "earlier");
    struct keys keys;
    char setup[DIGEST_HEX], end[DIGEST_HEX];
    uint64_t issued = 0;

    if (!number_option(cli, "issued", 0, CREDENTIALS_MAX, &issued) ||
        !code_option(cli, "setup", setup) || !code_option(cli, "end", end)) {
        return CLI_BAD_USAGE;
    }
    options.is_issued = cli_value(cli, "issued") != NULL;
    options.issued = (size_t)issued;
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
    if (!keys_take(cli, group, &keys)) {
        return CLI_BAD_INPUT;
    }
    if (!verify_archive(group, cli->arena, file.bytes, file.n, &options, &ledger)) {
        return exit_of_status(cli, TD_E_MEMORY);
    }
    check_once(&ledger, file.is_once || cli_value(cli, "once") != NULL);
    check_minutes(&ledger, setup, end);
    check_keys(&ledger, &keys);
    if (!group_ok(group)) {
        return exit_of_status(cli, TD_E_MEMORY);
    }
    return print_report(cli, &ledger, &file, &options, &keys);
}

enum cli_exit cmd_ballot_verify(struct cli *cli)
{
    return cli->operand_count >= 1
               ? with_group(cli, verify)
               : bad_usage(cli, TD_WORDS("thidua: give the election's folder, and the public keys "
                                         "that must be among its trustees'"));
}
