/*
 * What tests of this room share: a group, and numbers from their digits.
 */
#ifndef BALLOT_TEST_H
#define BALLOT_TEST_H

#include "ballot/group.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static inline int group_setup(void **state)
{
    *state = group_new();
    return *state == NULL;
}

static inline int group_teardown(void **state)
{
    group_free(*state);
    return 0;
}

static inline struct scalar scalar_of(const char *digits)
{
    struct scalar x;

    assert_true(scalar_read(digits, strlen(digits), &x));
    return x;
}

static inline struct element element_of(struct group *group, const char *digits)
{
    struct element x;

    assert_true(element_read(group, digits, strlen(digits), &x));
    return x;
}

/* g^x of a small x */
static inline struct element power_of(struct group *group, unsigned x)
{
    struct scalar exponent;
    struct element ret;

    scalar_small(x, &exponent);
    group_raise_secret(group, &exponent, &ret);
    return ret;
}

#endif
