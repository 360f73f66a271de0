/*
 * The escapers, and numbers without printf: a page is mostly numbers, and printf would take half
 * of its time. Each value is put together in a small array and added at once.
 */
#include "web/html.h"

#include <string.h>

#include "base/banned.h"

/* --- Text ---------------------------------------------------------------------------------- */

/* One escaping for text and for quoted attributes: the five characters that mean something in
 * either. */
static const char *entity(char c)
{
    switch (c) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    case '\'':
    default:
        return "&#39;";
    }
}

/* At most n bytes of a text that ends with a NUL there or later. */
static void put_escaped(struct html *h, const char *text, size_t n)
{
    while (n > 0) {
        size_t plain = strcspn(text, "&<>\"'");
        if (plain >= n) {
            buf_add(h->out, text, n);
            return;
        }
        buf_add(h->out, text, plain);
        buf_text(h->out, entity(text[plain]));
        text += plain + 1;
        n -= plain + 1;
    }
}

void html_text(struct html *h, const char *text)
{
    if (text != NULL) {
        put_escaped(h, text, strlen(text));
    }
}

void html_words(struct html *h, const char *id)
{
    html_text(h, language_text(h->language, id));
}

/* An argument: text and terms are escaped, everything else is digits and signs. */
static void put_argument(struct html *h, const struct td_arg *arg)
{
    if (arg->kind == TD_ARG_TEXT) {
        html_text(h, arg->text);
    } else if (arg->kind == TD_ARG_TERM && arg->text != NULL) {
        html_words(h, arg->text);
    } else if (arg->kind == TD_ARG_DATE && !td_date_is_set(arg->date)) {
        html_words(h, TD_ID("no date"));
    } else {
        language_argument(h->language, arg, h->out);
    }
}

/* As language_message, but escaped as it goes. */
void html_message(struct html *h, struct td_message message)
{
    if (message.id == NULL) {
        return;
    }
    const char *text = language_text(h->language, message.id);
    while (*text != '\0') {
        size_t plain = strcspn(text, "{}");
        put_escaped(h, text, plain);
        text += plain;
        if (*text == '\0') {
            break;
        }
        bool is_place = text[0] == '{' && text[1] >= '0' && text[1] < '0' + TD_MESSAGE_ARGS &&
                        text[2] == '}' && message.args[text[1] - '0'].kind != TD_ARG_NONE;
        if (is_place) {
            put_argument(h, &message.args[text[1] - '0']);
            text += 3;
        } else {
            buf_char(h->out, text[0]);
            text += text[1] == text[0] ? 2 : 1;
        }
    }
}

void html_csrf(struct html *h)
{
    html_static(h, "<input type=\"hidden\" name=\"" HTML_CSRF_NAME "\" value=\"");
    html_text(h, h->csrf);
    html_static(h, "\">");
}

/* --- Numbers ------------------------------------------------------------------------------- */

#define WHOLE_TEXT 24 /* a sign, 20 digits, NUL */

/* The digits of a number before `end`, at least `least` of them; answers where they begin. */
static char *digits_before(char *end, unsigned long long value, int least)
{
    do {
        *--end = (char)('0' + value % 10);
        value /= 10;
        least--;
    } while (value != 0 || least > 0);
    return end;
}

static unsigned long long magnitude(long long value)
{
    return value < 0 ? 0 - (unsigned long long)value : (unsigned long long)value;
}

void html_unsigned(struct html *h, unsigned long long value)
{
    char text[WHOLE_TEXT];
    char *start = digits_before(text + sizeof(text), value, 1);

    buf_add(h->out, start, (size_t)(text + sizeof(text) - start));
}

/* Digit by digit from the last one: a page has hundreds, and a division by a power that isn't known
 * would cost more than all of it. `group` '\0' puts nothing between thousands. */
static void put_decimal(struct html *h, struct td_decimal value, char point, char group)
{
    char text[2 * TD_DECIMAL_TEXT];
    char *end = text + sizeof(text);
    char *at = end;
    unsigned decimals = value.decimals <= TD_DECIMALS_MAX ? value.decimals : TD_DECIMALS_MAX;
    unsigned long long units = magnitude(value.units);

    if (decimals > 0) {
        for (unsigned i = 0; i < decimals; i++, units /= 10) {
            *--at = (char)('0' + units % 10);
        }
        *--at = point;
    }
    unsigned in_group = 0;
    do {
        if (in_group == 3 && group != '\0') {
            *--at = group;
            in_group = 0;
        }
        *--at = (char)('0' + units % 10);
        units /= 10;
        in_group++;
    } while (units != 0);
    if (value.units < 0) {
        *--at = '-';
    }
    buf_add(h->out, at, (size_t)(end - at));
}

void html_whole(struct html *h, long long value)
{
    put_decimal(h, (struct td_decimal){.units = value}, '.', '\0');
}

void html_decimal(struct html *h, struct td_decimal value)
{
    bool comma = language_decimal_comma(h->language);

    put_decimal(h, value, comma ? ',' : '.', comma ? '.' : ',');
}

void html_decimal_input(struct html *h, struct td_decimal value)
{
    put_decimal(h, value, language_decimal_comma(h->language) ? ',' : '.', '\0');
}

void html_decimal_plain(struct html *h, struct td_decimal value)
{
    put_decimal(h, value, '.', '\0');
}

void html_fraction(struct html *h, struct td_fraction value)
{
    language_fraction(h->language, value, h->out);
}

/* --- Days and hours ------------------------------------------------------------------------ */

void html_date(struct html *h, struct td_date value)
{
    if (td_date_is_set(value)) {
        language_date(h->language, value, h->out);
    }
}

void html_date_plain(struct html *h, struct td_date value)
{
    char text[TD_DATE_TEXT];
    size_t n = td_date_print(value, text);

    buf_add(h->out, text, n);
}

#define CLOCK_LENGTH 5

static void print_clock(struct instant_civil civil, char out[static CLOCK_LENGTH])
{
    digits_before(out + 2, civil.hour, 2);
    out[2] = ':';
    digits_before(out + CLOCK_LENGTH, civil.minute, 2);
}

void html_clock(struct html *h, struct html_clock value)
{
    struct instant_civil civil = instant_civil(value.instant, INSTANT_VIET_NAM);
    char text[CLOCK_LENGTH];

    if (td_date_is_set(civil.date)) {
        print_clock(civil, text);
        buf_add(h->out, text, sizeof(text));
    }
}

void html_instant(struct html *h, struct instant value)
{
    struct td_date date = instant_civil(value, INSTANT_VIET_NAM).date;

    if (td_date_is_set(date)) {
        html_clock(h, (struct html_clock){value});
        buf_char(h->out, ' ');
        html_date(h, date);
    }
}

void html_instant_plain(struct html *h, struct instant value)
{
    char text[INSTANT_TEXT];
    size_t n = instant_print(value, INSTANT_VIET_NAM, text);

    buf_add(h->out, text, n);
}

/* --- URLs ---------------------------------------------------------------------------------- */

static bool has_prefix(const char *text, const char *prefix)
{
    return strncmp(text, prefix, strlen(prefix)) == 0;
}

static bool is_local(const char *url)
{
    return (url[0] == '/' && url[1] != '/') || url[0] == '#' || url[0] == '?';
}

/* Browsers drop tabs and line ends, trim blanks, and read a backslash as a slash. */
static bool is_clean(const char *url)
{
    for (; *url != '\0'; url++) {
        unsigned char c = (unsigned char)*url;
        if (c <= ' ' || c == 0x7f || c == '\\') {
            return false;
        }
    }
    return true;
}

static bool is_link(const char *url)
{
    return is_local(url) || has_prefix(url, "https://") || has_prefix(url, "mailto:");
}

void html_url_local(struct html *h, const char *url)
{
    html_text(h, url != NULL && is_local(url) && is_clean(url) ? url : "#");
}

void html_url(struct html *h, const char *url)
{
    html_text(h, url != NULL && is_link(url) && is_clean(url) ? url : "#");
}

void html_url_base(struct html *h, const char *url)
{
    if (url == NULL || !is_link(url) || !is_clean(url)) {
        url = "#";
    }
    size_t length = strlen(url);
    put_escaped(h, url, url[length - 1] == '/' ? length - 1 : length);
}

static bool is_unreserved(unsigned char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           (c != '\0' && strchr("-._~", c) != NULL);
}

void html_url_text(struct html *h, const char *text)
{
    static const char hex[] = "0123456789ABCDEF";

    if (text == NULL) {
        return;
    }
    if (strcmp(text, ".") == 0 || strcmp(text, "..") == 0) {
        buf_char(h->out, '_');
        return;
    }
    while (*text != '\0') {
        size_t plain = 0;
        while (is_unreserved((unsigned char)text[plain])) {
            plain++;
        }
        buf_add(h->out, text, plain);
        text += plain;
        if (*text != '\0') {
            unsigned char c = (unsigned char)*text;
            char escaped[3] = {'%', hex[c >> 4], hex[c & 15]};
            buf_add(h->out, escaped, sizeof(escaped));
            text++;
        }
    }
}

/* --- Arguments of {t …} -------------------------------------------------------------------- */

/* NOLINTBEGIN(readability-non-const-parameter): one of them is called by type, so all are alike. */
struct td_arg html_arg_arg(struct html *h, struct td_arg value, char room[static HTML_ARG_TEXT])
{
    (void)h;
    (void)room;
    return value;
}

struct td_arg html_arg_text(struct html *h, const char *value, char room[static HTML_ARG_TEXT])
{
    (void)h;
    (void)room;
    return TD_TEXT(value);
}

struct td_arg html_arg_decimal(struct html *h, struct td_decimal value,
                               char room[static HTML_ARG_TEXT])
{
    (void)h;
    (void)room;
    return TD_DECIMAL(value);
}

struct td_arg html_arg_fraction(struct html *h, struct td_fraction value,
                                char room[static HTML_ARG_TEXT])
{
    (void)h;
    (void)room;
    return TD_FRACTION(value);
}

struct td_arg html_arg_date(struct html *h, struct td_date value, char room[static HTML_ARG_TEXT])
{
    (void)h;
    (void)room;
    return TD_DATE(value);
}

/* NOLINTEND(readability-non-const-parameter) */

struct td_arg html_arg_clock(struct html *h, struct html_clock value,
                             char room[static HTML_ARG_TEXT])
{
    struct instant_civil civil = instant_civil(value.instant, INSTANT_VIET_NAM);

    (void)h;
    room[0] = '\0';
    if (td_date_is_set(civil.date)) {
        print_clock(civil, room);
        room[CLOCK_LENGTH] = '\0';
    }
    return TD_TEXT(room);
}

struct td_arg html_arg_instant(struct html *h, struct instant value,
                               char room[static HTML_ARG_TEXT])
{
    struct buf text;
    struct html words = {.out = &text, .language = h->language};

    buf_init(&text, HTML_ARG_TEXT - 1);
    html_instant(&words, value);
    room[0] = '\0';
    if (buf_ok(&text)) {
        memcpy(room, buf_string(&text), buf_length(&text) + 1);
    }
    buf_release(&text);
    return TD_TEXT(room);
}

struct td_arg html_arg_unsigned(struct html *h, unsigned long long value,
                                char room[static HTML_ARG_TEXT])
{
    (void)h;
    room[HTML_ARG_TEXT - 1] = '\0';
    return TD_TEXT(digits_before(room + HTML_ARG_TEXT - 1, value, 1));
}

struct td_arg html_arg_whole(struct html *h, long long value, char room[static HTML_ARG_TEXT])
{
    (void)h;
    room[HTML_ARG_TEXT - 1] = '\0';
    char *start = digits_before(room + HTML_ARG_TEXT - 1, magnitude(value), 1);
    if (value < 0) {
        *--start = '-';
    }
    return TD_TEXT(start);
}
