/*
 * thidua audit verify: does the record of changes still hold?
 */
#include "cli/place.h"
#include "office/audit.h"

#include "base/banned.h"

static struct td_message words_of(enum audit_fault fault)
{
    switch (fault) {
    case AUDIT_ALTERED:
        return TD_WORDS("the entry was altered");
    case AUDIT_MISSING:
        return TD_WORDS("an entry is missing");
    case AUDIT_REORDERED:
        return TD_WORDS("the entry does not follow the one before it");
    case AUDIT_PAYLOAD:
        return TD_WORDS("what the entry says was there before or after was altered");
    }
    return (struct td_message){0};
}

static enum cli_exit verify(struct cli *cli, struct place *place)
{
    struct audit_report report;

    int status = audit_verify(place->office, cli->arena, &report);
    if (status != TD_OK) {
        return place_failed(cli, status, NULL);
    }
    for (const struct audit_finding *f = report.first; f != NULL; f = f->next) {
        fprintf(cli->out, "%s/%s/%lld: ", f->home_id, f->chain, (long long)f->seq);
        print_sentence(cli, cli->out, words_of(f->fault));
    }
    print_sentence(cli, cli->out,
                   TD_MESSAGE("Chains: {0}; entries: {1}; erased by law: {2}",
                              TD_COUNT(report.chains), TD_COUNT(report.entries),
                              TD_COUNT(report.erased)));
    print_sentence(cli, cli->out,
                   report.first == NULL
                       ? TD_WORDS("The record holds.")
                       : TD_WORDS("The record does not hold: keep this database as it is, "
                                  "and compare it with your copies."));
    return report.first == NULL ? CLI_OK : CLI_BAD_INPUT;
}

enum cli_exit cmd_audit_verify(struct cli *cli)
{
    struct place place;

    enum cli_exit exit = place_open(cli, PLACE_AS_IT_IS, &place);
    if (exit == CLI_OK) {
        exit = verify(cli, &place);
    }
    place_close(&place);
    return exit;
}
