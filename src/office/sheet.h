/*
 * Score sheets (SCO-1, SCO-2, SCO-12, USE-3, USE-4, USE-10): one rater's scores of one unit.
 *
 * A sheet is named by its year, stage, rater and unit; it exists from the first thing written on
 * it. The officer of the rater's unit writes and prepares; its leader may also write, and submits
 * or returns. What the authority's body or a panel scores is written and submitted by the
 * authority's officers. A submitted sheet doesn't change.
 *
 * On behalf. A sheet that comes on paper and isn't begun may be entered by the head's unit, or
 * where the head itself is the rater by the deputy's (USE-4): its officer and leader then write,
 * prepare and submit as the rater's own do, who may go on too. The sheet says whose it is, who
 * entered it, and from which paper. Who may enter a sheet can so tell whether it is begun.
 *
 * Sealing. A member sees another rater's sheet once every sheet that the member owes this year is
 * submitted or abstained from, or once the head has released all. Until then it does not exist for
 * him, except that it was submitted.
 *
 * Two people on one sheet: every cell and note has a version; who saves over a version that he
 * hasn't seen is answered OFFICE_CONFLICT with both values, and nothing is saved.
 */
#ifndef OFFICE_SHEET_H
#define OFFICE_SHEET_H

#include "office/year.h"

#define SHEET_NOTE_MAX 2000 /* bytes of a note, and of an evidence reference */

struct sheet_key {
    const char *home_id, *year_id;
    const char *stage; /* the regulation's id of the stage */
    const char *rater; /* a member's unit_id, "body", or "panel.N" with N from 0 */
    const char *unit;  /* the unit_id of whom it scores */
};

enum sheet_state { SHEET_DRAFT, SHEET_PREPARED, SHEET_SUBMITTED, SHEET_ABSTAINED };

/* A sheet that the regulation expects, with how far it is. */
struct sheet_brief {
    struct sheet_key key;
    int32_t stage, rater, unit; /* indices: of the stage; the rater as struct td_sheet has it */
    enum sheet_state state;     /* DRAFT when nothing was written yet */
    bool begun;
    const char *sheet_id; /* NULL: not begun */
    bool owed;            /* the actor is to write, submit or return it */
    bool visible;         /* the actor may open it */
    int32_t proxy;        /* the member who enters it on the rater's behalf; or TD_NONE: nobody, or
                             not for the actor to see */
    bool seals;           /* it is owed by the actor's own unit: while it is, others' are sealed */
    bool may_enter;       /* the actor may begin to enter it on the rater's behalf */
    int32_t filled, fillable;
    int64_t total;      /* of what is entered; 0 unless visible */
    const char *remark; /* why it was returned or abstained from; NULL unless visible */
    struct td_date submitted;
    int64_t version; /* 0: not begun */
    struct instant changed;
};

/* Every sheet that the year expects, by unit, stage and rater. */
struct sheet_board {
    struct bloc_year *year;
    const struct td_regulation *regulation; /* NULL: none chosen, then there are no sheets */
    struct sheet_brief *sheets;
    int32_t count;
    bool sealed; /* the actor doesn't see others' sheets yet */
};
int sheet_board(struct office *office, const struct actor *actor, struct td_arena *arena,
                const char *home_id, const char *year_id, struct sheet_board *ret) TD_MUST_CHECK;
int sheet_board_open(struct db_tx *tx, struct office *office, const struct actor *actor,
                     const char *home_id, const char *year_id, struct sheet_board *ret)
    TD_MUST_CHECK;

/* Do members score at this stage, and not the authority's body or a panel? */
static inline bool stage_by_members(const struct td_stage *stage)
{
    return stage->rater == TD_RATER_SELF || stage->rater == TD_RATER_OTHERS ||
           stage->rater == TD_RATER_HEAD;
}

/* The last day for a stage's sheets: that of the stage's duty. Not set where the regulation gives
 * no duty or day. The board has a regulation. */
struct td_date sheet_due(const struct sheet_board *board, int32_t stage);

/* All sheets about one unit side by side (USE-5): the points of each item on each sheet. */
struct sheet_column {
    const struct sheet_brief *brief;
    const char *rater_name;
    const struct td_item_points *points; /* [item_count]; NULL: nothing to show: not begun, not
                                            submitted yet, abstained, or sealed */
    const int64_t *sums;                 /* [node_count] */
    int64_t total;
};
struct sheet_grid {
    struct bloc_year *year;
    const struct td_regulation *regulation; /* NULL: none chosen, then there are no columns */
    int32_t unit;
    const char *const *not_arisen; /* [item_count]: why the item did not arise; or NULL */
    struct sheet_column *columns;  /* by stage and rater */
    int32_t column_count;
    bool sealed; /* some columns are not for the actor yet */
};
int sheet_grid_get(struct office *office, const struct actor *actor, struct td_arena *arena,
                   const char *home_id, const char *year_id, const char *unit_id,
                   struct sheet_grid *ret) TD_MUST_CHECK;

struct sheet_note {
    const char *note, *evidence; /* "" when there is none */
    int64_t version;             /* 0: never written */
};

/* A sheet as it is written on. Arrays are by item, node or cell of the regulation. */
struct sheet {
    struct sheet_key key;
    struct bloc_year *year;
    const struct td_regulation *regulation;
    int32_t stage, rater, unit; /* as in struct sheet_brief */
    const char *rater_name;
    enum sheet_state state;
    int64_t version;    /* 0: nothing was written yet */
    const char *remark; /* why it was returned or abstained from; or NULL */
    struct td_date submitted;
    struct instant changed;
    const char *changed_by;        /* the name of who wrote last; or NULL */
    const char *proxy_id;          /* the unit_id of who enters it on the rater's behalf; or NULL */
    const char *proxy_name;        /* … its name */
    const char *paper;             /* … and the paper it came on, in words */
    int64_t *cells;                /* [cell_count] or TD_EMPTY */
    int64_t *versions;             /* [cell_count]; 0: never written */
    struct sheet_note *notes;      /* [item_count] */
    int64_t *targets;              /* [item_count] or TD_EMPTY: the unit's, the same on every
                                         sheet */
    const char **not_arisen;       /* [item_count]: why the item did not arise; or NULL */
    struct td_item_points *points; /* [item_count] */
    int64_t *sums;                 /* [node_count]: points of what is entered below it */
    int64_t total;                 /* of the whole sheet */
    int32_t filled, fillable;      /* items with a value, and items that need one */
    bool acts;                     /* it is the actor's to write or to submit, in some state */
    bool may_write;                /* now, in this state */
    bool may_prepare, may_submit, may_return, may_abstain;
    bool may_set_targets; /* on the unit's own sheet */
    bool may_enter;       /* begin to enter it on the rater's behalf */
};
int sheet_get(struct office *office, const struct actor *actor, struct td_arena *arena,
              const struct sheet_key *key, struct sheet **ret) TD_MUST_CHECK;

/* By what a sheet's form is read before it is saved: nothing of what is on the sheet. Who sees the
 * year is answered it, of every sheet; sheet_get and sheet_save look at whose the sheet is. */
struct sheet_head {
    const struct td_regulation *regulation;
    int64_t version; /* 0: nothing was written yet */
};
int sheet_head_get(struct office *office, const struct actor *actor, struct td_arena *arena,
                   const struct sheet_key *key, struct sheet_head *ret) TD_MUST_CHECK;

enum sheet_input_kind {
    SHEET_VALUE,  /* a number: the value of DIRECT, PLAN, TIERS, RANK; the count of COUNT; with
                    `part` the count of a PLUS_MINUS event */
    SHEET_CHECKS, /* the parts met of a CHECKLIST; none is a score of zero */
    SHEET_CLEAR,  /* nothing: empty again */
    SHEET_REMARK, /* note and evidence beside the item */
    SHEET_TARGET, /* the unit's target; number, or `clear` */
};

struct sheet_input {
    enum sheet_input_kind kind;
    const char *item; /* id */
    const char *part; /* event id of a PLUS_MINUS item; otherwise NULL */
    struct td_decimal number;
    bool clear; /* TARGET: there is none */
    const char *const *checks;
    int32_t check_count;
    const char *note, *evidence;
    int64_t seen; /* the version that was on the page; 0: nothing was there */
};

/* Where two wrote: the cell's value now, and who wrote it. */
struct sheet_clash {
    int32_t input; /* index into the inputs */
    int64_t value, version;
    const char *note, *evidence; /* of a REMARK */
    const char *by;
    struct instant at;
    struct sheet_clash *next;
};

struct sheet_saved {
    struct sheet *sheet;         /* as it is after saving; or, after a clash, as it is now */
    struct sheet_clash *clashes; /* OFFICE_CONFLICT */
    struct instant at;
};

/* Save inputs, all or none; what says the same as what is there is not written again.
 * OFFICE_REFUSED: each problem's `where` is the index of the input, in
 * decimal. OFFICE_CONFLICT: `clashes`. OFFICE_FORBIDDEN: not in this state, or not by this
 * actor; but inputs that are all there already are TD_OK in every state, so that a form may be sent
 * twice. */
int sheet_save(struct office *office, const struct actor *actor, struct td_arena *arena,
               const struct sheet_key *key, const struct sheet_input *inputs, size_t count,
               struct td_problems *problems, struct sheet_saved *ret) TD_MUST_CHECK;

enum sheet_move {
    SHEET_PREPARE, /* DRAFT to PREPARED: for the leader to look at */
    SHEET_SUBMIT,  /* DRAFT or PREPARED to SUBMITTED; items left empty are refused */
    SHEET_RETURN,  /* PREPARED to DRAFT, with a remark */
    SHEET_ABSTAIN, /* DRAFT or PREPARED to ABSTAINED, with a reason (USE-4) */
    SHEET_ENTER,   /* begin it on the rater's behalf; the remark says which paper (USE-10) */
};

/* May the actor for whom the sheet was opened move it so? */
bool sheet_may(const struct sheet *sheet, enum sheet_move move) __attribute__((nonnull));

/* Does the move need a remark: a reason, or which paper? */
bool sheet_move_asks(enum sheet_move move);

/* Is the sheet where the move leads, with the same remark (NULL: none was given)? So it is after a
 * form that was sent twice. */
bool sheet_is_moved(const struct sheet *sheet, enum sheet_move move, const char *remark)
    __attribute__((nonnull(1)));

/* OFFICE_CONFLICT: the sheet isn't the one that was seen any more. Problems' fields: "remark", or
 * an item's id. */
int sheet_move(struct office *office, const struct actor *actor, struct td_arena *arena,
               const struct sheet_key *key, enum sheet_move move, const char *remark,
               int64_t seen_version, struct td_problems *problems) TD_MUST_CHECK;

#endif
