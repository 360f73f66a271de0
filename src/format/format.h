/*
 * Regulations, frames, years and results as files.
 *
 * docs/regulation-format.md and docs/year-format.md describe the files; include/thidua the
 * structures that come of them. Reading goes in two steps that end in one list of problems: first
 * the shape (JSON, keys, types, decimals, references, limits), here; then, when every value could
 * be read, what must hold between them, by td_regulation_check and td_year_check of the engine.
 *
 * What is read lives in the caller's arena; so do the problems' places and texts. A file that has
 * an error is refused as a whole: *ret is set on success only. Every function answers
 *
 *     TD_OK          read; there may be notices
 *     TD_E_INVALID   refused; the problems say where and why, all at once
 *     TD_E_IO        a file could not be read; one problem says which and why
 *     TD_E_MEMORY    the arena is full, or the machine has no memory; the problems may be partial
 *
 * unless it says otherwise. `problems` must have been made with the same arena. Its `file` is set
 * to the file being read while that file is read, and put back afterwards. Functions that take
 * bytes leave it as it is.
 *
 * Nothing here prints, ends the program, looks at a clock or a locale, or keeps anything between
 * two calls.
 */
#ifndef FORMAT_FORMAT_H
#define FORMAT_FORMAT_H

#include "base/buf.h"
#include "thidua/thidua.h"

#define FORMAT_FILE_MAX ((size_t)64 * 1024 * 1024) /* bytes of a file; a longer one is refused */
#define FORMAT_TEXT_MAX 4096                       /* bytes of one text in a file */
#define FORMAT_ID_MAX 64                           /* bytes of an id */
#define FORMAT_SHA256_TEXT 65                      /* room for a SHA-256 in hex, NUL included */

/* ---- reading --------------------------------------------------------------------------------- */

/* A regulation, checked, with the SHA-256 of its bytes. */
int format_regulation_read(const char *path, struct td_arena *arena, struct td_problems *problems,
                           struct td_regulation **ret) TD_MUST_CHECK __attribute__((nonnull));
int format_regulation_parse(const char *bytes, size_t n, struct td_arena *arena,
                            struct td_problems *problems, struct td_regulation **ret) TD_MUST_CHECK
    __attribute__((nonnull));

/* A frame. Its sections are not nodes of `common`: the top nodes of a variant have no parent, and
 * an over-plan bonus part's `section` is an index into sections[]. `common.calendar` is not said by
 * a frame; due days that differ by calendar are those of the calendar year. */
int format_frame_read(const char *path, struct td_arena *arena, struct td_problems *problems,
                      struct td_frame **ret) TD_MUST_CHECK __attribute__((nonnull));
int format_frame_parse(const char *bytes, size_t n, struct td_arena *arena,
                       struct td_problems *problems, struct td_frame **ret) TD_MUST_CHECK
    __attribute__((nonnull));

/* A year and the regulation it names, by a path relative to the year's file; or the regulation at
 * `regulation_path` instead, when that is not NULL. A regulation other than the one that the year
 * pins by regulation_sha256 is refused in either case. Problems carry the file they were found in.
 * *ret_regulation and *ret_year are set on success only. */
int format_year_read(const char *path, const char *regulation_path, struct td_arena *arena,
                     struct td_problems *problems, struct td_regulation **ret_regulation,
                     struct td_year **ret_year) TD_MUST_CHECK
    __attribute__((nonnull(1, 3, 4, 5, 6)));

/* A year under a regulation already read. The path in the file is not followed; the pin is
 * checked when the regulation has a sha256. */
int format_year_parse(const char *bytes, size_t n, const struct td_regulation *regulation,
                      struct td_arena *arena, struct td_problems *problems, struct td_year **ret)
    TD_MUST_CHECK __attribute__((nonnull));

/* The bytes of a regular file of at most FORMAT_FILE_MAX, in the arena, with a NUL after them. */
int format_file_read(const char *path, struct td_arena *arena, struct td_problems *problems,
                     const char **ret_bytes, size_t *ret_n) TD_MUST_CHECK __attribute__((nonnull));

/* SHA-256 of n bytes as 64 lower-case hex digits. TD_OK or TD_E_MEMORY (the library of ciphers
 * can't be started). */
int format_sha256(const char *bytes, size_t n, char out[static FORMAT_SHA256_TEXT]) TD_MUST_CHECK
    __attribute__((nonnull));

/* One of a year's lists (facts, votes, …) as JSON. */
struct format_part {
    const char *key;  /* as in the file */
    const char *json; /* compact */
};

/* What a year's file says beside its regulation, bloc, members, targets, what did not arise and
 * sheets: its other keys with their values as they stand. Nothing is checked but that it is
 * JSON. */
int format_year_parts(const char *bytes, size_t n, struct td_arena *arena,
                      struct td_problems *problems, struct format_part **ret, int32_t *ret_count)
    TD_MUST_CHECK __attribute__((nonnull));

/* ---- writing --------------------------------------------------------------------------------- */

/* How a message becomes text in the reader's language. Whoever has a language (the command line,
 * the server) gives this to the writers, so that they need none. */
struct format_speech {
    void (*say)(void *context, const struct td_message *message, struct buf *out);
    void *context;
    bool decimal_comma; /* the language writes 945,43; its spreadsheets part cells with ';' */
};

/* The result as thidua-result/1: JSON, two spaces a level, a line end last. The same input gives
 * the same bytes. `out` is appended to. TD_OK, TD_E_MEMORY, or TD_E_RANGE when out's maximum is
 * reached; what was appended is then not whole. */
int format_result_write(const struct td_regulation *regulation, const struct td_year *year,
                        const struct td_result *result, const struct format_speech *speech,
                        struct buf *out) TD_MUST_CHECK __attribute__((nonnull));

/* A year as thidua-year/1: regulation ("regulation.json", with its SHA-256), bloc, members,
 * targets, what did not arise and sheets from the structure, everything else from the parts, which
 * come from format_year_parts. `out` is appended to. Errors as above. */
int format_year_write(const struct td_regulation *regulation, const struct td_year *year,
                      const struct format_part *parts, int32_t count, struct buf *out) TD_MUST_CHECK
    __attribute__((nonnull(1, 2, 5)));

/* The result as a table for spreadsheets: CSV as RFC 4180 has it, in UTF-8 with a byte-order mark
 * so that Excel reads it as such; a line of heads, then one line a unit in rank order: rank, code,
 * name, exact score, score shown, whether it is provisional, outcome, reasons, proposals. In a
 * language with a decimal comma cells are parted by ';', as its spreadsheets expect. A text that a
 * spreadsheet would take for a formula gets an apostrophe before it, and a fraction is written
 * "6543 ÷ 7" since "6543/7" would be taken for a date. Errors as above. */
int format_result_csv(const struct td_regulation *regulation, const struct td_year *year,
                      const struct td_result *result, const struct format_speech *speech,
                      struct buf *out) TD_MUST_CHECK __attribute__((nonnull));

#endif
