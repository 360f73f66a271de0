/*
 * What the engine says: message ids with typed arguments.
 *
 * The engine has no language. A message is an English template with places {0}..{5}, which is also
 * its id in the catalogues (gettext), and the arguments for those places. Whoever shows it looks
 * the id up in the reader's language and prints each argument as that language does: 945.43 is
 * "945,43" in Vietnamese. src/language does so for this program.
 */
#ifndef THIDUA_MESSAGE_H
#define THIDUA_MESSAGE_H

#include "thidua/date.h"
#include "thidua/decimal.h"

#define TD_MESSAGE_ARGS 6

enum td_arg_kind {
    TD_ARG_NONE,
    TD_ARG_TEXT,     /* words of the data, shown as they are */
    TD_ARG_TERM,     /* an English message id, looked up in the catalogue */
    TD_ARG_COUNT,    /* a whole number */
    TD_ARG_DECIMAL,  /* shown with exactly its decimals */
    TD_ARG_FRACTION, /* shown exactly: a decimal where it ends, otherwise a/b */
    TD_ARG_PERCENT,  /* a fraction of one, shown as percent: 3/10 is 30% */
    TD_ARG_DATE,
};

struct td_arg {
    enum td_arg_kind kind;
    union {
        const char *text; /* TEXT and TERM: NUL-terminated UTF-8, lives as long as the message */
        int64_t count;
        struct td_decimal decimal;
        struct td_fraction fraction; /* FRACTION and PERCENT */
        struct td_date date;
    };
};

/* id NULL means "no message". Arguments beyond the last used have kind TD_ARG_NONE. */
struct td_message {
    const char *id;
    struct td_arg args[TD_MESSAGE_ARGS];
};

/* Marks a literal as a message id for the catalogues; its value is the literal. */
#define TD_ID(literal) literal

#define TD_TEXT(x) ((struct td_arg){.kind = TD_ARG_TEXT, .text = (x)})
#define TD_TERM(x) ((struct td_arg){.kind = TD_ARG_TERM, .text = (x)})
#define TD_COUNT(x) ((struct td_arg){.kind = TD_ARG_COUNT, .count = (int64_t)(x)})
#define TD_DECIMAL(x) ((struct td_arg){.kind = TD_ARG_DECIMAL, .decimal = (x)})
#define TD_FRACTION(x) ((struct td_arg){.kind = TD_ARG_FRACTION, .fraction = (x)})
#define TD_PERCENT(x) ((struct td_arg){.kind = TD_ARG_PERCENT, .fraction = (x)})
#define TD_DATE(x) ((struct td_arg){.kind = TD_ARG_DATE, .date = (x)})

/* TD_MESSAGE("{0} has no sheet by {1}", TD_TEXT(unit), TD_TEXT(rater)); TD_WORDS("the same without
 * arguments"). */
#define TD_MESSAGE(literal, ...) ((struct td_message){.id = (literal), .args = {__VA_ARGS__}})
#define TD_WORDS(literal) ((struct td_message){.id = (literal)})

#endif
