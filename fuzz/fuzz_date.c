/*
 * Any bytes as a date: what is read must print as it was written, and count there and back.
 */
#include "thidua/date.h"

#include <stdlib.h>
#include <string.h>

#include "base/banned.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Not assert, which a build may leave out. */
static void require(bool holds)
{
    if (!holds) {
        abort();
    }
}

static void check_add(struct td_date date, int days)
{
    struct td_date there = {0};
    struct td_date back = {0};

    if (td_date_add(date, days, &there) != TD_OK) {
        return;
    }
    require(td_date_serial(there) == td_date_serial(date) + days);
    require(there.day >= 1 && there.day <= td_days_in_month(there.year, there.month));
    int order = td_date_compare(there, date);
    require((order > 0) == (days > 0) && (order < 0) == (days < 0));
    require(td_date_add(there, -days, &back) == TD_OK);
    require(td_date_compare(back, date) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct td_date date = {0};
    char printed[TD_DATE_TEXT];

    /* The first four bytes are a number of days to add, the rest is the text. */
    int32_t days = 0;
    if (size < sizeof(days)) {
        return 0;
    }
    memcpy(&days, data, sizeof(days));
    const char *text = (const char *)data + sizeof(days);
    size_t n = size - sizeof(days);

    if (td_date_parse(text, n, &date) != TD_OK) {
        return 0;
    }
    require(td_date_is_set(date));
    require(td_date_print(date, printed) == n && memcmp(printed, text, n) == 0);
    require(td_date_serial(date) >= 0);
    check_add(date, days % 3000000); /* more than all the years have, and its negative fits */
    check_add(date, 1);
    check_add(date, -1);
    return 0;
}
