/*
 * Voting cards as a sheet to print and to cut: a file of HTML that needs nothing else.
 */
#ifndef CLI_BALLOT_SHEET_H
#define CLI_BALLOT_SHEET_H

#include "ballot/credential.h"
#include "cli/cli.h"

#define SHEET_ADDRESS_MAX 200

/* Is it where a card can lead: http:// or https://, and plain characters? */
bool sheet_address_valid(const char *address) TD_MUST_CHECK __attribute__((nonnull));

/* The sheet of `count` cards, each CARD_TEXT bytes, for voters who open `address`, which is valid:
 * the text of each, and its QR code. It says what every card says, and is therefore to be wiped.
 * False when the machine has no memory for it. */
bool sheet_write(struct cli *cli, const char *address, const char *cards, size_t count,
                 struct buf *to) TD_MUST_CHECK __attribute__((nonnull));

#endif
