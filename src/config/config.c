/*
 * Reading the settings from their sources, the weakest first.
 */
#include "config/config.h"

#include "base/utf8.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/banned.h"

struct reading {
    struct td_problems *problems;
    struct config *config;
    const char *folder;            /* of the file, ending in '/', or "" */
    const char *seen[CONFIG_KEYS]; /* the line where the file says it */
    bool memory_out;
};

static const char *copy(struct reading *r, const char *text, size_t n)
{
    char *kept = td_arena_text(r->problems->arena, text, n);
    if (kept == NULL) {
        r->memory_out = true;
        return "";
    }
    return kept;
}

static void refuse(struct reading *r, const char *where, struct td_message what,
                   struct td_message remedy)
{
    td_problem_add(r->problems, TD_ERROR, where, what, remedy);
}

/* A value, from wherever; `where` must live as long as the problems. */
static void set(struct reading *r, size_t key, const char *text, const char *where)
{
    const struct config_setting *setting = &config_settings[key];
    struct td_message remedy = {0};
    int64_t number = 0;

    if (!utf8_plain(text, strlen(text))) {
        refuse(r, where,
               TD_MESSAGE("{0} holds characters that can't be seen", TD_TEXT(setting->name)),
               TD_WORDS("type the value anew"));
        return;
    }
    if (!config_value(setting, text, &number, &remedy)) {
        /* The value of a secret setting is not repeated. */
        refuse(r, where,
               TD_MESSAGE("{0} can't be “{1}”", TD_TEXT(setting->name),
                          TD_TEXT(setting->secret ? "…" : text)),
               remedy);
        return;
    }
    r->config->texts[key] = text;
    r->config->numbers[key] = number;
}

static size_t find_key(const char *name)
{
    size_t key = 0;
    while (key < CONFIG_KEYS && strcmp(config_settings[key].name, name) != 0) {
        key++;
    }
    return key;
}

/* ---- the file -------------------------------------------------------------------------------- */

static const char *const blanks = " \t\r";

/* The text without blanks around it. */
static const char *trimmed(struct reading *r, const char *text, size_t n)
{
    while (n > 0 && strchr(blanks, *text) != NULL) {
        text++;
        n--;
    }
    while (n > 0 && strchr(blanks, text[n - 1]) != NULL) {
        n--;
    }
    return copy(r, text, n);
}

static const char *in_folder(struct reading *r, const char *path)
{
    size_t n = strlen(r->folder);
    size_t m = strlen(path);
    if (path[0] == '/' || path[0] == '\0' || n == 0) {
        return path;
    }
    char *whole = td_arena_alloc(r->problems->arena, n + m + 1, 1);
    if (whole == NULL) {
        r->memory_out = true;
        return path;
    }
    memcpy(whole, r->folder, n);
    memcpy(whole + n, path, m + 1);
    return whole;
}

static void read_setting(struct reading *r, const char *line, size_t equals, size_t n,
                         const char *where)
{
    const char *name = trimmed(r, line, equals);
    const char *value = trimmed(r, line + equals + 1, n - equals - 1);
    size_t key = find_key(name);

    if (key == CONFIG_KEYS) {
        const struct config_setting *near = config_nearest(name);
        refuse(r, where, TD_MESSAGE("there is no setting “{0}”", TD_TEXT(name)),
               near != NULL ? TD_MESSAGE("is {0} meant?", TD_TEXT(near->name))
                            : TD_WORDS("thidua config sample shows all settings"));
    } else if (r->seen[key] != NULL) {
        refuse(r, where,
               TD_MESSAGE("{0} is set in line {1} already", TD_TEXT(name), TD_TEXT(r->seen[key])),
               TD_WORDS("leave one of them out"));
    } else {
        r->seen[key] = where;
        set(r, key, config_settings[key].kind == CONFIG_PATH ? in_folder(r, value) : value, where);
    }
}

static void read_line(struct reading *r, const char *line, size_t n, size_t number)
{
    char digits[24];
    size_t start = 0;

    while (start < n && strchr(blanks, line[start]) != NULL) {
        start++;
    }
    if (start == n || line[start] == '#') {
        return;
    }
    int length = snprintf(digits, sizeof(digits), "%zu", number);
    const char *where = copy(r, digits, (size_t)length);
    const char *equals = memchr(line, '=', n);
    if (equals == NULL) {
        refuse(r, where, TD_WORDS("this line is no setting"),
               TD_WORDS("write name = value, or # before a comment"));
        return;
    }
    read_setting(r, line, (size_t)(equals - line), n, where);
}

static void read_lines(struct reading *r, const char *text, size_t n)
{
    size_t number = 1;
    for (size_t from = 0; from < n; number++) {
        const char *end = memchr(text + from, '\n', n - from);
        size_t length = end == NULL ? n - from : (size_t)(end - text) - from;
        read_line(r, text + from, length, number);
        from += length + 1;
    }
}

static int read_file(struct reading *r, const struct config_sources *sources)
{
    char *text = td_arena_alloc(r->problems->arena, CONFIG_FILE_MAX + 1, 1);
    if (text == NULL) {
        return TD_E_MEMORY;
    }
    FILE *file = fopen(sources->file, "re");
    if (file == NULL && !sources->file_required && (errno == ENOENT || errno == ENOTDIR)) {
        return TD_OK;
    }
    if (file == NULL) {
        const char *error = strerrorname_np(errno);
        refuse(r, "",
               TD_MESSAGE("the file can't be read ({0})", TD_TEXT(error == NULL ? "?" : error)),
               TD_WORDS("look at the path"));
        return TD_OK;
    }
    size_t n = fread(text, 1, CONFIG_FILE_MAX + 1, file);
    bool broken = ferror(file) != 0;
    fclose(file);
    if (broken || n > CONFIG_FILE_MAX || !utf8_valid(text, n) || memchr(text, '\0', n) != NULL) {
        refuse(r, "", TD_WORDS("this is no file of settings"),
               TD_WORDS("a file of settings is UTF-8 text of at most 64 KiB"));
        return TD_OK;
    }
    const char *slash = strrchr(sources->file, '/');
    r->folder = slash == NULL ? "" : copy(r, sources->file, (size_t)(slash - sources->file) + 1);
    read_lines(r, text, n);
    return TD_OK;
}

/* ---- all of them ----------------------------------------------------------------------------- */

static void read_environment(struct reading *r, const struct config_sources *sources)
{
    char name[CONFIG_NAME];
    for (size_t key = 0; key < CONFIG_KEYS; key++) {
        config_environment_name(&config_settings[key], name);
        const char *value = sources->environment(sources->context, name);
        if (value != NULL) {
            set(r, key, value, copy(r, name, strlen(name)));
        }
    }
}

static void read_flags(struct reading *r, const struct config_sources *sources)
{
    char name[CONFIG_NAME + 2] = "--";
    for (size_t key = 0; key < CONFIG_KEYS; key++) {
        config_flag_name(&config_settings[key], name + 2);
        const char *value = sources->flag(sources->context, name + 2);
        if (value != NULL) {
            set(r, key, value, copy(r, name, strlen(name)));
        }
    }
}

/* What must hold between settings. */
static void check(struct reading *r)
{
    const struct config *c = r->config;
    if ((c->texts[CONFIG_TLS_CERTIFICATE][0] == '\0') != (c->texts[CONFIG_TLS_KEY][0] == '\0')) {
        refuse(r, "", TD_WORDS("only one of tls_certificate and tls_key is set"),
               TD_WORDS("set both, or neither"));
    }
    if (c->numbers[CONFIG_SESSION_IDLE] > c->numbers[CONFIG_SESSION_ABSOLUTE]) {
        refuse(r, "", TD_WORDS("session_idle is longer than session_absolute"),
               TD_WORDS("no session lasts so long: make session_idle shorter"));
    }
}

int config_read(const struct config_sources *sources, struct td_problems *problems,
                struct config *ret)
{
    struct reading r = {.problems = problems, .config = ret, .folder = ""};
    const char *file = problems->file;
    size_t before = problems->errors;
    int status = TD_OK;

    for (size_t key = 0; key < CONFIG_KEYS; key++) {
        set(&r, key, config_settings[key].initial, "");
    }
    if (sources->file != NULL) {
        problems->file = sources->file;
        status = read_file(&r, sources);
        problems->file = file;
    }
    read_environment(&r, sources);
    read_flags(&r, sources);
    if (problems->errors == before) {
        check(&r);
    }
    if (status != TD_OK || r.memory_out) {
        return TD_E_MEMORY;
    }
    return problems->errors == before ? TD_OK : TD_E_INVALID;
}
