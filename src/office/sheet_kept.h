/*
 * The cells of sheets in force, kept in memory between two looks at them.
 *
 * Nothing here decides who may see a sheet: whoever asks has just read, in the same transaction,
 * that the sheet is there, for whom, and in which version.
 */
#ifndef OFFICE_SHEET_KEPT_H
#define OFFICE_SHEET_KEPT_H

#include "office/rules.h"
#include "office/sheet.h"

struct sheets_kept;

int sheets_kept_new(struct sheets_kept **ret) TD_MUST_CHECK __attribute__((nonnull));
void sheets_kept_free(struct sheets_kept *kept); /* NULL is allowed */

/* All cells of a sheet by these rules, when they are kept; otherwise false, and ret_cells is as
 * before. A draft is never kept. */
bool sheet_recall(struct office *office, const struct rules *rules, const struct sheet_brief *brief,
                  int64_t *ret_cells) TD_MUST_CHECK __attribute__((nonnull));

/* Keep them, if there is room. Only from a transaction that reads: what another wrote and took back
 * never was. */
void sheet_remember(struct office *office, const struct rules *rules,
                    const struct sheet_brief *brief, const int64_t *cells) __attribute__((nonnull));

#endif
