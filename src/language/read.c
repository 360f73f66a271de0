/*
 * Numbers as people type and paste them: 12,5 and 12.5, 1.250,5 and 1 250. What two people would
 * read differently is refused, because a score is not a guess.
 */
#include "language/language.h"

#include <string.h>

#include "base/banned.h"

#define GROUPS_MAX 8
#define TEXT_MAX 40

/* Runs of digits with one sign between each two. */
struct groups {
    const char *digits[GROUPS_MAX];
    size_t length[GROUPS_MAX];
    char sign[GROUPS_MAX]; /* before the group; '.', ',' or ' ' */
    size_t count;
    bool negative;
};

/* The bytes of a blank at the text: an ordinary one, or one that doesn't break. */
static size_t blank(const char *text)
{
    static const char *const blanks[] = {" ", "\t", "\xc2\xa0", "\xe2\x80\xaf"};
    for (size_t i = 0; i < sizeof blanks / sizeof *blanks; i++) {
        size_t n = strlen(blanks[i]);
        if (strncmp(text, blanks[i], n) == 0) {
            return n;
        }
    }
    return 0;
}

static const char *skip_blanks(const char *text)
{
    size_t n = 0;
    while ((n = blank(text)) > 0) {
        text += n;
    }
    return text;
}

static const char *read_sign(const char *text, bool *ret_negative)
{
    static const char *const signs[] = {"-", "\xe2\x88\x92"};
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++) {
        size_t n = strlen(signs[i]);
        if (strncmp(text, signs[i], n) == 0) {
            *ret_negative = true;
            return skip_blanks(text + n);
        }
    }
    return text;
}

static bool split(const char *text, struct groups *g)
{
    *g = (struct groups){0};
    text = read_sign(skip_blanks(text), &g->negative);
    for (;;) {
        size_t n = strspn(text, "0123456789");
        if (n == 0 || g->count == GROUPS_MAX) {
            return false;
        }
        g->digits[g->count] = text;
        g->length[g->count] = n;
        g->count++;
        text += n;
        if (*skip_blanks(text) == '\0') {
            return true;
        }
        size_t width = blank(text);
        if (width == 0 && *text != '.' && *text != ',') {
            return false;
        }
        if (g->count < GROUPS_MAX) {
            g->sign[g->count] = width > 0 ? ' ' : *text;
        }
        text += width > 0 ? width : 1;
    }
}

static size_t signs(const struct groups *g, char sign)
{
    size_t count = 0;
    for (size_t i = 1; i < g->count; i++) {
        count += g->sign[i] == sign;
    }
    return count;
}

/* Do the first `count` groups stand as thousands do: 1 to 3 digits, then three each? */
static bool are_thousands(const struct groups *g, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        if (g->length[i] != 3 || g->sign[i] != g->sign[1]) {
            return false;
        }
    }
    return count == 1 || (g->length[0] <= 3 && g->digits[0][0] != '0');
}

/* How many groups stand before the decimal point; all of them when there is none. */
static int whole_groups(const struct groups *g, char point, size_t *ret)
{
    char last = g->sign[g->count - 1];
    size_t dots = signs(g, '.'), commas = signs(g, ','), blanks = signs(g, ' ');
    *ret = g->count;
    if (g->count == 1 || (dots + commas == 0)) {
        return TD_OK;
    }
    if (dots + commas > 1 && (dots == 0 || commas == 0)) {
        return blanks == 0 ? TD_OK : TD_E_SYNTAX; /* 1.250.000 */
    }
    if (last == ' ' || (last == '.' ? dots : commas) != 1) {
        return TD_E_SYNTAX;
    }
    *ret = g->count - 1;
    bool alone = g->count == 2;
    if (alone && last != point && g->length[1] == 3 && are_thousands(g, 2)) {
        return TD_E_INVALID; /* 1.250: a thousand and more, or one and a quarter? */
    }
    return TD_OK;
}

int language_read_decimal(const struct language *language, const char *text, struct td_decimal *ret)
{
    char plain[TEXT_MAX];
    size_t n = 0, whole = 0;
    struct groups g;
    if (!split(text, &g)) {
        return TD_E_SYNTAX;
    }
    int status = whole_groups(&g, language_decimal_comma(language) ? ',' : '.', &whole);
    if (status != TD_OK) {
        return status;
    }
    if (!are_thousands(&g, whole)) {
        return TD_E_SYNTAX;
    }
    if (g.negative) {
        plain[n++] = '-';
    }
    for (size_t i = 0; i < g.count; i++) {
        if (n + g.length[i] + 1 > sizeof plain) {
            return TD_E_RANGE;
        }
        if (i == whole) {
            plain[n++] = '.';
        }
        memcpy(plain + n, g.digits[i], g.length[i]);
        n += g.length[i];
    }
    return td_decimal_parse(plain, n, TD_DECIMALS_MAX, ret);
}
