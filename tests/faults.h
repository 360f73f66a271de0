/*
 * All or nothing: a use case with a failure at each of its statements in turn, COMMIT included.
 *
 *     assert_int_equal(fail_each_statement(db, DB_E_FULL, run, check, &fixture), 3);
 *
 * `run` does it, by db_transact or anything above, and answers TD_OK when it was done. `check` says
 * by assertions whether nothing of it is there (is_done false), after each failure, or all of it,
 * at the end. Both reach the database through `data`; nobody else may use it meanwhile.
 */
#ifndef TESTS_FAULTS_H
#define TESTS_FAULTS_H

#include "db/db.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

typedef int fault_run(void *data);
typedef void fault_check(void *data, bool is_done);

/* How many statements it has; that each of them failed once was seen. */
static inline long fail_each_statement(struct db *db, int status, fault_run *run,
                                       fault_check *check, void *data)
{
    enum { STATEMENTS_MAX = 100000 };

    for (long n = 1; n < STATEMENTS_MAX; n++) {
        (void)db_fail_statement(db, n, status);
        int answer = run(data);
        long statements = db_fail_statement(db, 0, TD_OK);

        if (statements < n) {
            /* The failure was never reached. */
            assert_int_equal(answer, TD_OK);
            check(data, true);
            return statements;
        }
        if (answer == TD_OK) {
            fail_msg("statement %ld failed, and nobody noticed", n);
        }
        check(data, false);
    }
    fail_msg("it has no end");
    return 0;
}

#endif
