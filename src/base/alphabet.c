/*
 * Vietnamese order: see alphabet.h.
 */
#include "base/alphabet.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unicode/ucol.h>

#include "base/banned.h"

/* Made once: a collator may be asked by all threads once it is no longer changed. */
static UCollator *vietnamese;

static void end_collator(void)
{
    ucol_close(vietnamese);
}

static void make_collator(void)
{
    UErrorCode error = U_ZERO_ERROR;
    UCollator *new = ucol_open("vi", &error);

    ucol_setAttribute(new, UCOL_NUMERIC_COLLATION, UCOL_ON, &error);
    if (U_SUCCESS(error) && atexit(end_collator) == 0) {
        vietnamese = new;
    } else if (new != NULL) {
        ucol_close(new);
    }
}

int alphabet_compare(const char *a, const char *b)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    UErrorCode error = U_ZERO_ERROR;
    UCollationResult order = UCOL_EQUAL;

    (void)pthread_once(&once, make_collator);
    /* Without memory for the alphabet a list is still a list. */
    if (vietnamese != NULL) {
        order = ucol_strcollUTF8(vietnamese, a, -1, b, -1, &error);
    }
    return order != UCOL_EQUAL && U_SUCCESS(error) ? (int)order : strcmp(a, b);
}
