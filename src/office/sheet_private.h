/*
 * What the files of sheets and results share.
 */
#ifndef OFFICE_SHEET_PRIVATE_H
#define OFFICE_SHEET_PRIVATE_H

#include "format/format.h"
#include "office/rules.h"
#include "office/scope.h"
#include "office/sheet.h"

/* A sheet's key as the program writes it into the database: "body", "panel.3" or a unit_id. */
const char *rater_text(struct td_arena *arena, const struct bloc_year *year,
                       const struct td_regulation *regulation, int32_t stage, int32_t rater);

/* The rater that a text names, as struct td_sheet has it, when the regulation expects such a sheet
 * about the unit; otherwise TD_NONE. panel_count: raters of the stage's panel. */
int32_t rater_of(const struct bloc_year *year, const struct td_regulation *regulation,
                 int32_t stage, int32_t unit, const char *text, int32_t panel_count);

/* The same without a unit: the rater alone. */
int32_t rater_index(const struct bloc_year *year, const struct td_regulation *regulation,
                    int32_t stage, const char *text, int32_t panel_count);

/* May the actor write on sheets of this rater; and submit them? */
bool rater_writes(const struct bloc_year *year, const struct td_regulation *regulation,
                  int32_t stage, int32_t rater);
bool rater_submits(const struct bloc_year *year, const struct td_regulation *regulation,
                   int32_t stage, int32_t rater);

/* USE-10: the member whose office may enter a paper sheet of this rater: the head, and for the head
 * the deputy; or TD_NONE. */
int32_t rater_proxy(const struct bloc_year *year, const struct td_regulation *regulation,
                    int32_t stage, int32_t rater);

/* The member who scores a HEAD stage's sheet about the unit, or TD_NONE. */
int32_t head_rater(const struct bloc_year *year, const struct td_stage *stage, int32_t unit);

enum sheet_state sheet_state_of(const char *word);
const char *sheet_state_word(enum sheet_state state);

/* The year as the engine has it, but for sheets, targets and what did not arise: members, roles,
 * and the lists that are kept as they came. OFFICE_REFUSED with problems when they don't fit. */
int year_read_lists(struct db_tx *tx, struct office *office, const struct bloc_year *year,
                    const struct td_regulation *regulation, struct td_problems *problems,
                    struct td_year **ret, const struct format_part **ret_parts,
                    int32_t *ret_part_count) TD_MUST_CHECK;

/* Raters of each panel stage, without anything else of the year. */
int panels_read(struct db_tx *tx, struct office *office, const struct bloc_year *year,
                const struct td_regulation *regulation, int32_t ret_counts[static TD_STAGES_MAX])
    TD_MUST_CHECK;

/* The board with the sheets about one unit only ("": all), and the rules (NULL: none chosen). */
int sheet_board_of_unit(struct db_tx *tx, struct office *office, const struct actor *actor,
                        const char *home_id, const char *year_id, const char *only_unit,
                        struct sheet_board *ret, const struct rules **ret_rules) TD_MUST_CHECK;

/* Room for what a sheet of s->regulation holds, empty; targets, and what did not arise, of its unit
 * (s->key); and what is on the sheet. */
int sheet_allocate(struct td_arena *arena, struct sheet *s) TD_MUST_CHECK;
int sheet_read_unit(struct db_tx *tx, const struct rules *rules, struct sheet *s) TD_MUST_CHECK;
int sheet_read_cells(struct db_tx *tx, const struct rules *rules, const char *sheet_id,
                     struct sheet *s) TD_MUST_CHECK;
const char *sheet_rater_name(const struct sheet *s);

/* Open a sheet for this actor: what sheet_get answers. */
struct sheet_opened {
    struct sheet *sheet;
    const char *sheet_id; /* NULL: not begun */
    const struct rules *rules;
};
int sheet_open(struct db_tx *tx, struct office *office, const struct actor *actor,
               const struct sheet_key *key, struct sheet_opened *ret) TD_MUST_CHECK;

/* The item's cells out of a row of inputs. A plus-and-minus item has a value once one of its events
 * has; the others are then none. */
void item_cells(const struct td_item *item, const int64_t *row, int64_t ret[static TD_PARTS_MAX]);

/* Points, sums and counts of what is entered, after cells or targets changed. */
void sheet_compute(struct sheet *sheet);

/* Begin the sheet if it isn't there: opened->sheet_id is set. */
int sheet_begin(struct db_tx *tx, struct office *office, const struct actor *actor,
                struct sheet_opened *opened) TD_MUST_CHECK;

/* One line of the audit: the year's chain, for the rater's unit. */
int sheet_record(struct db_tx *tx, struct office *office, const struct actor *actor,
                 const struct sheet_opened *opened, const char *verb, const char *object,
                 const char *old, const char *new) TD_MUST_CHECK;

#endif
