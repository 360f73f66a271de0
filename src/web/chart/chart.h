/*
 * Charts, drawn on the server as SVG: lengths are thousandths of the widest, so that a bar is as
 * right on a phone as on paper. The figures stand beside a chart as text; it is hidden from screen
 * readers.
 */
#ifndef WEB_CHART_CHART_H
#define WEB_CHART_CHART_H

#include "thidua/decimal.h"

#define CHART_FULL 1000
#define CHART_PARTS_MAX 34 /* further ones are drawn as one with the last */
#define CHART_SHADES 6

/* Colour repeats what the order and the outline say: paper is often black and white. */
enum chart_tone {
    CHART_SHADE, /* full; the n-th has the n-th shade, then they begin again */
    CHART_EXTRA, /* added to it: another colour */
    CHART_LOST,  /* taken away: an outline only */
};

struct chart_part {
    enum chart_tone tone;
    int32_t shade;
    int32_t from, width; /* of CHART_FULL */
};

/* A bar of parts one after the other: {% call chart_bar(&bar) %}. */
struct chart_bar {
    struct chart_part parts[CHART_PARTS_MAX];
    int32_t count, end;
};

/* How long a value is where `full` is the whole width: 0 below zero, CHART_FULL above. */
int32_t chart_length(struct td_fraction value, struct td_fraction full);

/* Add a part up to `to`, seen from the beginning of the bar; n counts the shades from 0. One
 * without a width is left out. */
void chart_add(struct chart_bar *bar, enum chart_tone tone, int32_t n, int32_t to)
    __attribute__((nonnull));

const char *chart_class(enum chart_tone tone, int32_t n) __attribute__((returns_nonnull));

#endif
