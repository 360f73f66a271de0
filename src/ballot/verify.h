/*
 * The audit of an election: is everything in its archive as it should be?
 *
 * It needs the archive only, and believes nothing of it. It also finds what `belenios-tool` 2.0
 * lets pass: ballots after the end and what hides behind them; a wrong sum or a wrong number of
 * ballots in it; a missing end of voting; the same ballot again, and two credentials alike; and,
 * given an earlier copy, a chain that was rewritten.
 */
#ifndef BALLOT_VERIFY_H
#define BALLOT_VERIFY_H

#include "ballot/ledger.h"

struct verify_options {
    const char *uuid;    /* from the file's name; NULL: not compared */
    const char *earlier; /* an earlier copy's bytes, or NULL */
    size_t earlier_n;
    bool is_issued; /* were the cards that were handed out counted? */
    size_t issued;
};

/* Audit the bytes of an archive, which must live as long as ret. What is wrong are ret's findings;
 * everything holds when there are none. When ret->phase is not LEDGER_FINISHED, what is there holds
 * so far. False when memory ran out: then nothing is known. */
bool verify_archive(struct group *group, struct td_arena *arena, const char *bytes, size_t n,
                    const struct verify_options *options, struct ledger *ret) TD_MUST_CHECK
    __attribute__((nonnull));

#endif
