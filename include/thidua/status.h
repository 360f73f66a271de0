/*
 * What a function of the library answers. Zero is success; every failure is negative and must be
 * looked at. Detail (which place, what is wrong, what to do) is never in the number: it is a
 * struct td_problem, see problem.h.
 */
#ifndef THIDUA_STATUS_H
#define THIDUA_STATUS_H

enum td_status {
    TD_OK = 0,
    TD_E_MEMORY = -1,   /* the arena's limit is reached, or the machine has no memory */
    TD_E_INVALID = -2,  /* the input contradicts the contract of the header; problems say where */
    TD_E_SYNTAX = -3,   /* text that is not of the form asked for */
    TD_E_RANGE = -4,    /* a number or date outside what can be held, or an overflow */
    TD_E_DECIMALS = -5, /* more decimals than the place allows */
    TD_E_IO = -6,       /* a file could not be read or written (only above the engine) */
};

#define TD_MUST_CHECK __attribute__((warn_unused_result))

#endif
