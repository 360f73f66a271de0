/*
 * All rows of a database as one digest: did a use case leave anything behind? They are read by
 * rows.py beside this file, in a process of its own, so that no statement of the program is counted
 * or can fail for it.
 */
#ifndef TESTS_UNIT_OFFICE_ROWS_H
#define TESTS_UNIT_OFFICE_ROWS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#define ROWS_DIGEST 65

struct rows {
    char folder[64];
    char answers[96];
    FILE *ask, *answer;
};

static inline void rows_open(struct rows *r, const char *url)
{
    char line[1024];

    (void)snprintf(r->folder, sizeof r->folder, "%s/thidua-rows-XXXXXX", P_tmpdir);
    assert_non_null(mkdtemp(r->folder));
    (void)snprintf(r->answers, sizeof r->answers, "%s/answers", r->folder);
    assert_int_equal(mkfifo(r->answers, 0600), 0);
    (void)snprintf(line, sizeof line, "exec python3 tests/unit/office/rows.py '%s' '%s'", url,
                   r->answers);
    r->ask = (popen)(line, "w");
    assert_non_null(r->ask);
    r->answer = fopen(r->answers, "r");
    assert_non_null(r->answer);
}

static inline void rows_digest(struct rows *r, char ret[static ROWS_DIGEST])
{
    assert_true(fputs("digest\n", r->ask) >= 0 && fflush(r->ask) == 0);
    assert_int_equal(fread(ret, 1, ROWS_DIGEST, r->answer), ROWS_DIGEST);
    assert_int_equal(ret[ROWS_DIGEST - 1], '\n');
    ret[ROWS_DIGEST - 1] = '\0';
}

static inline void rows_close(struct rows *r)
{
    assert_int_equal(pclose(r->ask), 0);
    assert_int_equal(fclose(r->answer), 0);
    assert_int_equal(unlink(r->answers), 0);
    assert_int_equal(rmdir(r->folder), 0);
}

#endif
