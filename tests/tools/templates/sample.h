/*
 * What the templates of this test show.
 */
#ifndef TESTS_TOOLS_TEMPLATES_SAMPLE_H
#define TESTS_TOOLS_TEMPLATES_SAMPLE_H

#include "web/html.h"

#include <stdbool.h>

struct sample {
    const char *name;
    const char *link;
    int count;
    bool is_late;
    struct td_message title;
    struct td_decimal points;
    struct td_date day;
    struct instant saved;
};

#endif
