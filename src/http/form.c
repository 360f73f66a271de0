/*
 * Queries and forms: see form.h. Percent encoding is undone, every text is checked and normalised,
 * repeated fields stay in the order sent, and files are byte for byte what was sent.
 */
#include "http/form.h"

#include <string.h>
#include <strings.h>

#include "base/utf8.h"

#include "base/banned.h"

#define FIRST_ROOM 16
#define BOUNDARY_MAX 70                  /* RFC 2046, 5.1.1 */
#define PART_HEAD_MAX ((size_t)8 * 1024) /* of one part's headers */
#define DISPOSITION "content-disposition"

static bool has_controls(const char *bytes, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        unsigned char c = (unsigned char)bytes[i];
        if ((c < 0x20 && c != '\t' && c != '\n' && c != '\r') || c == 0x7F) {
            return true;
        }
        /* U+0080 to U+009F */
        if (c == 0xC2 && i + 1 < n && (unsigned char)bytes[i + 1] < 0xA0) {
            return true;
        }
    }
    return false;
}

int form_text(struct td_arena *arena, const char *bytes, size_t n, const char **ret)
{
    if (has_controls(bytes, n)) {
        return TD_E_SYNTAX;
    }
    return utf8_nfc(arena, bytes, n, ret);
}

/* The list with room for one more; NULL when memory is short. */
static void *grown(struct td_arena *arena, void *list, size_t count, size_t *room, size_t size)
{
    if (count < *room) {
        return list;
    }
    size_t more = *room == 0 ? FIRST_ROOM : *room * 2;
    void *longer = td_arena_alloc(arena, more, size);
    if (longer == NULL) {
        return NULL;
    }
    if (count > 0) {
        memcpy(longer, list, count * size);
    }
    *room = more;
    return longer;
}

static int add_pair(struct form *form, struct td_arena *arena, const char *name, const char *value)
{
    if (form->pair_count + form->file_count >= HTTP_FIELDS_MAX) {
        return TD_E_RANGE;
    }
    struct http_pair *pairs =
        grown(arena, form->pairs, form->pair_count, &form->pair_room, sizeof(*pairs));
    if (pairs == NULL) {
        return TD_E_MEMORY;
    }
    form->pairs = pairs;
    form->pairs[form->pair_count++] = (struct http_pair){.name = name, .value = value};
    return TD_OK;
}

static int add_file(struct form *form, struct td_arena *arena, const struct http_file *file)
{
    if (form->pair_count + form->file_count >= HTTP_FIELDS_MAX) {
        return TD_E_RANGE;
    }
    struct http_file *files =
        grown(arena, form->files, form->file_count, &form->file_room, sizeof(*files));
    if (files == NULL) {
        return TD_E_MEMORY;
    }
    form->files = files;
    form->files[form->file_count++] = *file;
    return TD_OK;
}

const char *form_value(const struct form *form, const char *name)
{
    for (size_t i = 0; i < form->pair_count; i++) {
        if (strcmp(form->pairs[i].name, name) == 0) {
            return form->pairs[i].value;
        }
    }
    return NULL;
}

/* ---- urlencoded ------------------------------------------------------------------------------ */

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    c = (char)(c | 0x20);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static int decode(struct td_arena *arena, const char *bytes, size_t n, const char **ret)
{
    char *plain = td_arena_alloc(arena, n + 1, 1);
    size_t length = 0;

    if (plain == NULL) {
        return TD_E_MEMORY;
    }
    for (size_t i = 0; i < n; i++) {
        char c = bytes[i];
        if (c == '+') {
            c = ' ';
        } else if (c == '%') {
            int high = i + 2 < n ? hex_digit(bytes[i + 1]) : -1;
            int low = high >= 0 ? hex_digit(bytes[i + 2]) : -1;
            if (low < 0) {
                return TD_E_SYNTAX;
            }
            c = (char)(high * 16 + low);
            i += 2;
        }
        plain[length++] = c;
    }
    return form_text(arena, plain, length, ret);
}

/* One "name=value"; a name alone has an empty value. */
static int read_pair(struct form *form, struct td_arena *arena, const char *bytes, size_t n)
{
    const char *equals = memchr(bytes, '=', n);
    size_t name_length = equals != NULL ? (size_t)(equals - bytes) : n;
    const char *name = NULL;
    const char *value = "";

    int status = decode(arena, bytes, name_length, &name);
    if (status == TD_OK && equals != NULL) {
        status = decode(arena, equals + 1, n - name_length - 1, &value);
    }
    return status == TD_OK ? add_pair(form, arena, name, value) : status;
}

int form_read_urlencoded(struct form *form, struct td_arena *arena, const char *bytes, size_t n)
{
    while (n > 0) {
        const char *end = memchr(bytes, '&', n);
        size_t length = end != NULL ? (size_t)(end - bytes) : n;
        if (length > 0) {
            int status = read_pair(form, arena, bytes, length);
            if (status != TD_OK) {
                return status;
            }
        }
        if (end == NULL) {
            break;
        }
        bytes += length + 1;
        n -= length + 1;
    }
    return TD_OK;
}

/* ---- header parameters ----------------------------------------------------------------------- */

static bool is_token(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           (c != '\0' && strchr("!#$%&'*+-.^_`|~", c) != NULL);
}

static const char *skip_blanks(const char *at)
{
    while (*at == ' ' || *at == '\t') {
        at++;
    }
    return at;
}

struct parameter {
    const char *name;
    size_t name_length;
    char *value;
    size_t n;
};

/* Read one `; name=value` or `; name="value"`. *at moves behind it. TD_E_RANGE at the end. */
static int next_parameter(struct td_arena *arena, const char **at, struct parameter *ret)
{
    const char *c = skip_blanks(*at);

    if (*c == '\0') {
        return TD_E_RANGE;
    }
    if (*c != ';') {
        return TD_E_SYNTAX;
    }
    c = skip_blanks(c + 1);
    if (*c == '\0') {
        return TD_E_RANGE;
    }
    ret->name = c;
    while (is_token(*c)) {
        c++;
    }
    ret->name_length = (size_t)(c - ret->name);
    if (ret->name_length == 0 || *c != '=') {
        return TD_E_SYNTAX;
    }
    c++;
    ret->value = td_arena_alloc(arena, strlen(c) + 1, 1);
    ret->n = 0;
    if (ret->value == NULL) {
        return TD_E_MEMORY;
    }
    if (*c == '"') {
        /* Browsers write a quote as %22, others as \"; a backslash before anything else is a
         * backslash, as in the paths of old Windows browsers. */
        for (c++; *c != '"'; c++) {
            if (*c == '\\' && c[1] == '"') {
                c++;
            }
            if (*c == '\0') {
                return TD_E_SYNTAX;
            }
            ret->value[ret->n++] = *c;
        }
        c++;
    } else {
        while (is_token(*c)) {
            ret->value[ret->n++] = *c++;
        }
    }
    ret->value[ret->n] = '\0';
    *at = c;
    return TD_OK;
}

static bool is_named(const struct parameter *parameter, const char *name)
{
    return parameter->name_length == strlen(name) &&
           strncasecmp(parameter->name, name, parameter->name_length) == 0;
}

static bool is_boundary(const char *text, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        char c = text[i];
        bool alnum = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        if (!alnum && strchr("'()+_,-./:=? ", c) == NULL) {
            return false;
        }
    }
    return n > 0 && n <= BOUNDARY_MAX && text[n - 1] != ' ';
}

int form_type(struct td_arena *arena, const char *content_type, enum form_type *ret,
              const char **ret_boundary)
{
    static const char urlencoded[] = "application/x-www-form-urlencoded";
    static const char multipart[] = "multipart/form-data";
    struct parameter parameter = {0};
    enum form_type type = FORM_NONE;
    const char *boundary = NULL;
    const char *at = skip_blanks(content_type);

    *ret = FORM_NONE;
    if (strncasecmp(at, urlencoded, strlen(urlencoded)) == 0) {
        type = FORM_URLENCODED;
        at += strlen(urlencoded);
    } else if (strncasecmp(at, multipart, strlen(multipart)) == 0) {
        type = FORM_MULTIPART;
        at += strlen(multipart);
    } else {
        return TD_OK;
    }
    int status = TD_OK;
    while ((status = next_parameter(arena, &at, &parameter)) == TD_OK) {
        if (is_named(&parameter, "charset") && strcasecmp(parameter.value, "utf-8") != 0) {
            return TD_OK;
        }
        if (is_named(&parameter, "boundary")) {
            if (boundary != NULL || !is_boundary(parameter.value, parameter.n)) {
                return TD_OK;
            }
            boundary = parameter.value;
        }
    }
    if (status == TD_E_MEMORY) {
        return status;
    }
    if (status == TD_E_RANGE && (type == FORM_URLENCODED || boundary != NULL)) {
        *ret = type;
        *ret_boundary = boundary;
    }
    return TD_OK;
}

/* ---- multipart ------------------------------------------------------------------------------- */

/* Undo what browsers do to a name in a quoted string (WHATWG: %22, %0D, %0A; nothing else). */
static void unquote(char *text, size_t *n)
{
    size_t length = 0;

    for (size_t i = 0; i < *n; i++) {
        char c = text[i];
        if (c == '%' && i + 2 < *n) {
            const char *code = text + i + 1;
            bool quote = strncasecmp(code, "22", 2) == 0;
            bool line = strncasecmp(code, "0D", 2) == 0 || strncasecmp(code, "0A", 2) == 0;
            if (quote || line) {
                c = (char)(hex_digit(code[0]) * 16 + hex_digit(code[1]));
                i += 2;
            }
        }
        text[length++] = c;
    }
    text[length] = '\0';
    *n = length;
}

/* The last component of a path, without what can't be seen: users can't help what their systems
 * put into names, so it is left out and not refused. */
static int plain_filename(struct td_arena *arena, const char *sent, size_t n, const char **ret)
{
    const char *text = NULL;
    size_t length = 0;

    int status = utf8_nfc(arena, sent, n, &text);
    if (status != TD_OK) {
        return status;
    }
    for (const char *c = text; *c != '\0'; c++) {
        if (*c == '/' || *c == '\\') {
            text = c + 1;
        }
    }
    char *plain = td_arena_alloc(arena, strlen(text) + 1, 1);
    if (plain == NULL) {
        return TD_E_MEMORY;
    }
    while (*text != '\0') {
        size_t bytes = 1;
        while (((unsigned char)text[bytes] & 0xC0) == 0x80) {
            bytes++;
        }
        if (utf8_plain(text, bytes)) {
            memcpy(plain + length, text, bytes);
            length += bytes;
        }
        text += bytes;
    }
    plain[length] = '\0';
    bool usable = strcmp(plain, "") != 0 && strcmp(plain, ".") != 0 && strcmp(plain, "..") != 0;
    *ret = usable ? plain : "file";
    return TD_OK;
}

struct part {
    const char *name;     /* NULL: no Content-Disposition seen */
    const char *filename; /* NULL: a text field; "": a file field for which none was chosen */
};

static int read_disposition(struct td_arena *arena, const char *value, struct part *part)
{
    static const char kind[] = "form-data";
    struct parameter parameter = {0};
    const char *at = skip_blanks(value);

    if (part->name != NULL || strncasecmp(at, kind, strlen(kind)) != 0) {
        return TD_E_SYNTAX;
    }
    at += strlen(kind);
    int status = TD_OK;
    while ((status = next_parameter(arena, &at, &parameter)) == TD_OK) {
        unquote(parameter.value, &parameter.n);
        if (is_named(&parameter, "name")) {
            status = form_text(arena, parameter.value, parameter.n, &part->name);
        } else if (is_named(&parameter, "filename")) {
            part->filename = "";
            if (parameter.n > 0) {
                status = plain_filename(arena, parameter.value, parameter.n, &part->filename);
            }
        }
        if (status != TD_OK) {
            return status;
        }
    }
    if (status != TD_E_RANGE) {
        return status;
    }
    return part->name != NULL ? TD_OK : TD_E_SYNTAX;
}

/* Read one line of a part's headers. Content-Type and others are of no use here. */
static int read_part_header(struct td_arena *arena, const char *line, size_t n, struct part *part)
{
    const char *colon = memchr(line, ':', n);

    if (colon == NULL || memchr(line, '\0', n) != NULL) {
        return TD_E_SYNTAX;
    }
    if ((size_t)(colon - line) != strlen(DISPOSITION) ||
        strncasecmp(line, DISPOSITION, strlen(DISPOSITION)) != 0) {
        return TD_OK;
    }
    const char *value = td_arena_text(arena, colon + 1, n - (size_t)(colon + 1 - line));
    return value != NULL ? read_disposition(arena, value, part) : TD_E_MEMORY;
}

/* Read one part: its headers, an empty line, its content. */
static int read_part(struct form *form, struct td_arena *arena, const char *bytes, size_t n)
{
    const char *end = bytes + n;
    const char *at = bytes;
    struct part part = {0};

    for (;;) {
        size_t room = (size_t)(end - at);
        size_t seen = (size_t)(at - bytes);
        size_t within = PART_HEAD_MAX - seen < room ? PART_HEAD_MAX - seen : room;
        const char *line_end = memmem(at, within, "\r\n", 2);
        if (line_end == NULL) {
            return TD_E_SYNTAX;
        }
        if (line_end == at) {
            at += 2;
            break;
        }
        int status = read_part_header(arena, at, (size_t)(line_end - at), &part);
        if (status != TD_OK) {
            return status;
        }
        at = line_end + 2;
    }
    if (part.name == NULL) {
        return TD_E_SYNTAX;
    }
    size_t length = (size_t)(end - at);
    if (part.filename == NULL) {
        const char *value = NULL;
        int status = form_text(arena, at, length, &value);
        return status == TD_OK ? add_pair(form, arena, part.name, value) : status;
    }
    if (part.filename[0] == '\0' && length == 0) {
        return TD_OK; /* a file field that the user left alone */
    }
    struct http_file file = {
        .name = part.name,
        .filename = part.filename[0] != '\0' ? part.filename : "file",
        .bytes = at,
        .n = length,
    };
    return add_file(form, arena, &file);
}

int form_read_multipart(struct form *form, struct td_arena *arena, const char *boundary,
                        const char *bytes, size_t n)
{
    const char *end = bytes + n;
    size_t delimiter_length = strlen(boundary) + 4;
    char *delimiter = td_arena_alloc(arena, delimiter_length + 1, 1);

    if (delimiter == NULL) {
        return TD_E_MEMORY;
    }
    memcpy(delimiter, "\r\n--", 4);
    memcpy(delimiter + 4, boundary, delimiter_length - 4 + 1);
    /* Browsers send nothing before the first delimiter, which then has no line end before it. */
    if (n < delimiter_length - 2 || memcmp(bytes, delimiter + 2, delimiter_length - 2) != 0) {
        return TD_E_SYNTAX;
    }
    const char *at = bytes + delimiter_length - 2;
    for (;;) {
        if (end - at >= 2 && memcmp(at, "--", 2) == 0) {
            return TD_OK; /* what follows the last delimiter means nothing */
        }
        while (at < end && (*at == ' ' || *at == '\t')) {
            at++;
        }
        if (end - at < 2 || memcmp(at, "\r\n", 2) != 0) {
            return TD_E_SYNTAX;
        }
        at += 2;
        const char *next = memmem(at, (size_t)(end - at), delimiter, delimiter_length);
        if (next == NULL) {
            return TD_E_SYNTAX; /* cut off */
        }
        int status = read_part(form, arena, at, (size_t)(next - at));
        if (status != TD_OK) {
            return status;
        }
        at = next + delimiter_length;
    }
}
