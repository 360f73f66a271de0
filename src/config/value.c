/*
 * From a setting's text to its value.
 */
#include "config/config.h"

#include <string.h>

#include "base/banned.h"

/* Digits only, at least one; at most 9 of them, so that nothing overflows. *ret_rest is what
 * follows. */
static bool digits(const char *text, int64_t *ret, const char **ret_rest)
{
    size_t n = strspn(text, "0123456789");
    int64_t value = 0;
    for (size_t i = 0; i < n && i < 9; i++) {
        value = value * 10 + (text[i] - '0');
    }
    *ret = value;
    *ret_rest = text + n;
    return n > 0 && n <= 9;
}

static bool read_number(const char *text, int64_t *ret)
{
    const char *rest = text;
    return digits(text, ret, &rest) && *rest == '\0';
}

static bool read_bool(const char *text, int64_t *ret)
{
    *ret = strcmp(text, "yes") == 0;
    return *ret == 1 || strcmp(text, "no") == 0;
}

static bool read_duration(const char *text, int64_t *ret)
{
    static const struct {
        const char *unit;
        int64_t ms;
    } units[] = {{"s", 1000}, {"m", 60000}, {"h", 3600000}, {"d", 86400000}};
    const char *rest = text;

    if (!digits(text, ret, &rest)) {
        return false;
    }
    for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
        if (strcmp(rest, units[i].unit) == 0) {
            *ret *= units[i].ms;
            return true;
        }
    }
    return false;
}

/* "+07:00": sign, two digits, colon, two digits; at most 14 hours. */
static bool read_offset(const char *text, int64_t *ret)
{
    const char *rest = text;
    int64_t hours = 0, minutes = 0;

    if (strlen(text) != 6 || (text[0] != '+' && text[0] != '-') || text[3] != ':' ||
        !digits(text + 1, &hours, &rest) || rest != text + 3 ||
        !digits(text + 4, &minutes, &rest) || rest != text + 6 || hours > 14 || minutes > 59) {
        return false;
    }
    *ret = (hours * 60 + minutes) * (text[0] == '-' ? -1 : 1);
    return true;
}

static bool is_choice(const char *choices, const char *text)
{
    size_t n = strlen(text);
    for (const char *c = choices; n > 0; c++) {
        size_t word = strcspn(c, "|");
        if (word == n && strncmp(c, text, n) == 0) {
            return true;
        }
        c += word;
        if (*c == '\0') {
            break;
        }
    }
    return false;
}

bool config_value(const struct config_setting *setting, const char *text, int64_t *ret_number,
                  struct td_message *ret_what)
{
    int64_t number = 0;
    bool fits = true;

    switch (setting->kind) {
    case CONFIG_TEXT:
    case CONFIG_PATH:
        break;
    case CONFIG_NUMBER:
        fits = read_number(text, &number) && number >= setting->least && number <= setting->most;
        *ret_what = TD_MESSAGE("{0} is a whole number from {1} to {2}", TD_TEXT(setting->name),
                               TD_COUNT(setting->least), TD_COUNT(setting->most));
        break;
    case CONFIG_BOOL:
        fits = read_bool(text, &number);
        *ret_what = TD_MESSAGE("{0} is yes or no", TD_TEXT(setting->name));
        break;
    case CONFIG_DURATION:
        fits = read_duration(text, &number) && number >= setting->least && number <= setting->most;
        *ret_what = TD_MESSAGE("{0} is a time such as 30m, 8h or 7d, from {1} minute to {2} days",
                               TD_TEXT(setting->name), TD_COUNT(setting->least / 60000),
                               TD_COUNT(setting->most / 86400000));
        break;
    case CONFIG_OFFSET:
        fits = read_offset(text, &number);
        *ret_what = TD_MESSAGE("{0} is an offset such as +07:00", TD_TEXT(setting->name));
        break;
    case CONFIG_CHOICE:
        fits = is_choice(setting->choices, text);
        *ret_what =
            TD_MESSAGE("{0} is one of {1}", TD_TEXT(setting->name), TD_TEXT(setting->choices));
        break;
    }
    *ret_number = number;
    return fits;
}
