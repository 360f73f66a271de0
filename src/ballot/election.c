/*
 * An election as text: see election.h.
 */
#include "ballot/election.h"

#include "ballot/credential.h"
#include "base/utf8.h"

#include <string.h>

#include "base/banned.h"

size_t question_slots(const struct question *question)
{
    return question->answer_count + (question->blank ? 1 : 0);
}

size_t election_slots(const struct election *election)
{
    size_t n = 0;

    for (size_t i = 0; i < election->question_count; i++) {
        n += question_slots(&election->questions[i]);
    }
    return n;
}

bool question_none(const struct question *question, const unsigned *counts, size_t ballots,
                   size_t *ret_none)
{
    size_t chosen = 0;

    for (size_t i = 0; i < question_slots(question); i++) {
        chosen += counts[i];
    }
    *ret_none = ballots - chosen;
    return question->min == 0 && question->max <= 1 && chosen <= ballots;
}

static bool text_valid(const char *text)
{
    return strlen(text) <= ELECTION_TEXT_MAX && utf8_plain(text, strlen(text));
}

static bool question_valid(const struct question *question)
{
    if (question->answer_count == 0 || question->answer_count > ANSWERS_MAX ||
        question->min > question->max || question->max > question->answer_count ||
        !text_valid(question->text)) {
        return false;
    }
    for (size_t i = 0; i < question->answer_count; i++) {
        if (!text_valid(question->answers[i])) {
            return false;
        }
    }
    return true;
}

bool election_valid(const struct election *election)
{
    if (!token_valid(election->uuid) || !text_valid(election->name) ||
        !text_valid(election->description) || election->question_count == 0 ||
        election->question_count > QUESTIONS_MAX ||
        (election->administrator != NULL && !text_valid(election->administrator)) ||
        (election->credential_authority != NULL && !text_valid(election->credential_authority))) {
        return false;
    }
    for (size_t i = 0; i < election->question_count; i++) {
        if (!question_valid(&election->questions[i])) {
            return false;
        }
    }
    return election_slots(election) <= SLOTS_MAX;
}

/* ---- writing --------------------------------------------------------------------------------- */

static void add_string(struct buf *to, const char *before, const char *text)
{
    buf_text(to, before);
    buf_char(to, '"');
    for (const char *c = text; *c != '\0'; c++) {
        if (*c == '"' || *c == '\\') {
            buf_char(to, '\\');
        }
        buf_char(to, *c);
    }
    buf_char(to, '"');
}

static void question_write(const struct question *question, struct buf *to)
{
    for (size_t i = 0; i < question->answer_count; i++) {
        add_string(to, i == 0 ? "{\"answers\":[" : ",", question->answers[i]);
    }
    buf_text(to, question->blank ? "],\"blank\":true" : "]");
    buf_printf(to, ",\"min\":%u,\"max\":%u", question->min, question->max);
    add_string(to, ",\"question\":", question->text);
    buf_char(to, '}');
}

void election_write(struct group *group, const struct election *election, struct buf *to)
{
    add_string(to, "{\"version\":1,\"description\":", election->description);
    add_string(to, ",\"name\":", election->name);
    buf_text(to, ",\"group\":\"" GROUP_NAME "\",\"public_key\":\"");
    element_write(group, &election->public_key, to);
    buf_text(to, "\",\"questions\":[");
    for (size_t i = 0; i < election->question_count; i++) {
        if (i > 0) {
            buf_char(to, ',');
        }
        question_write(&election->questions[i], to);
    }
    add_string(to, "],\"uuid\":", election->uuid);
    if (election->administrator != NULL) {
        add_string(to, ",\"administrator\":", election->administrator);
    }
    if (election->credential_authority != NULL) {
        add_string(to, ",\"credential_authority\":", election->credential_authority);
    }
    buf_char(to, '}');
}

/* ---- reading --------------------------------------------------------------------------------- */

static void question_scan(struct scan *scan, struct question *ret)
{
    *ret = (struct question){.text = ""};
    ret->answers = td_arena_alloc(scan->arena, ANSWERS_MAX, sizeof *ret->answers);
    if (ret->answers == NULL) {
        group_fail(scan->group);
        scan->failed = true;
        return;
    }
    scan_literal(scan, "{\"answers\":[");
    do {
        ret->answers[ret->answer_count++] = scan_string(scan, ELECTION_TEXT_MAX);
    } while (ret->answer_count < ANSWERS_MAX && scan_try(scan, ","));
    scan_literal(scan, "]");
    ret->blank = scan_try(scan, ",\"blank\":true");
    if (!ret->blank && scan_try(scan, ",\"blank\":false")) {
        ret->blank = false;
    }
    scan_literal(scan, ",\"min\":");
    ret->min = scan_count(scan, ANSWERS_MAX);
    scan_literal(scan, ",\"max\":");
    ret->max = scan_count(scan, ANSWERS_MAX);
    scan_literal(scan, ",\"question\":");
    ret->text = scan_string(scan, ELECTION_TEXT_MAX);
    scan_literal(scan, "}");
}

static void scan_questions(struct scan *scan, struct election *ret)
{
    scan_literal(scan, ",\"questions\":[");
    do {
        question_scan(scan, &ret->questions[ret->question_count++]);
    } while (ret->question_count < QUESTIONS_MAX && scan_try(scan, ","));
    scan_literal(scan, "]");
}

static void election_scan(struct scan *scan, struct election *ret)
{
    scan_literal(scan, "{\"version\":1,\"description\":");
    ret->description = scan_string(scan, ELECTION_TEXT_MAX);
    scan_literal(scan, ",\"name\":");
    ret->name = scan_string(scan, ELECTION_TEXT_MAX);
    scan_literal(scan, ",\"group\":\"" GROUP_NAME "\",\"public_key\":");
    scan_element(scan, &ret->public_key);
    scan_questions(scan, ret);
    scan_literal(scan, ",\"uuid\":");
    ret->uuid = scan_string(scan, TOKEN_TEXT - 1);
    if (scan_try(scan, ",\"administrator\":")) {
        ret->administrator = scan_string(scan, ELECTION_TEXT_MAX);
    }
    if (scan_try(scan, ",\"credential_authority\":")) {
        ret->credential_authority = scan_string(scan, ELECTION_TEXT_MAX);
    }
    scan_literal(scan, "}");
}

bool election_read(struct group *group, struct td_arena *arena, const char *bytes, size_t n,
                   struct election *ret)
{
    struct scan scan = scan_of(group, arena, bytes, n);
    struct element one;

    *ret = (struct election){.uuid = ""};
    ret->questions = td_arena_alloc(arena, QUESTIONS_MAX, sizeof *ret->questions);
    if (ret->questions == NULL || !digest_base64(bytes, n, ret->fingerprint)) {
        group_fail(group);
        return false;
    }
    element_one(&one);
    election_scan(&scan, ret);
    return scan_done(&scan) && election_valid(ret) && !element_equal(&ret->public_key, &one) &&
           element_member(group, &ret->public_key);
}

/* ---- a draft --------------------------------------------------------------------------------- */

/* Nothing but blanks, those of typesetters too? */
static bool is_blank(const char *text)
{
    static const char *const blanks[] = {" ", "\u00a0", "\u2007", "\u202f", "\u3000"};
    size_t n = 1;

    while (*text != '\0' && n > 0) {
        n = 0;
        for (size_t i = 0; n == 0 && i < sizeof blanks / sizeof *blanks; i++) {
            size_t length = strlen(blanks[i]);
            n = strncmp(text, blanks[i], length) == 0 ? length : 0;
        }
        text += n;
    }
    return *text == '\0';
}

/* Does an earlier answer of the question have the same words? */
static bool is_repeated(const struct question *question, size_t index)
{
    for (size_t i = 0; i < index; i++) {
        if (strcmp(question->answers[i], question->answers[index]) == 0) {
            return true;
        }
    }
    return false;
}

static struct td_message question_misleads(const struct question *question, size_t number)
{
    if (is_blank(question->text)) {
        return TD_MESSAGE("question {0} has no text", TD_COUNT(number));
    }
    for (size_t i = 0; i < question->answer_count; i++) {
        if (is_blank(question->answers[i])) {
            return TD_MESSAGE("question {0}: answer {1} has no text", TD_COUNT(number),
                              TD_COUNT(i + 1));
        }
        if (is_repeated(question, i)) {
            return TD_MESSAGE("question {0} has the answer “{1}” twice", TD_COUNT(number),
                              TD_TEXT(question->answers[i]));
        }
    }
    if (question->max == 0) {
        return TD_MESSAGE("question {0}: max is 0, so that nothing can be chosen",
                          TD_COUNT(number));
    }
    return (struct td_message){0};
}

struct td_message election_misleads(const struct election *election)
{
    struct td_message wrong = {0};

    if (election->question_count > 0 && is_blank(election->name)) {
        return TD_WORDS("the election has no name");
    }
    for (size_t i = 0; wrong.id == NULL && i < election->question_count; i++) {
        wrong = question_misleads(&election->questions[i], i + 1);
    }
    return wrong;
}

/* The text without blanks outside of its strings. NULL when there is no memory. */
static char *without_blanks(struct td_arena *arena, const char *bytes, size_t n, size_t *ret_n)
{
    char *text = td_arena_alloc(arena, n + 1, 1);
    bool inside = false;
    size_t kept = 0;

    for (size_t i = 0; text != NULL && i < n; i++) {
        bool escaped = inside && bytes[i] == '\\' && i + 1 < n;
        if (bytes[i] == '"') {
            inside = !inside;
        }
        if (inside || strchr(" \t\r\n", bytes[i]) == NULL || bytes[i] == '\0') {
            text[kept++] = bytes[i];
        }
        if (escaped) {
            text[kept++] = bytes[++i];
        }
    }
    *ret_n = kept;
    return text;
}

bool election_draft(struct group *group, struct td_arena *arena, const char *bytes, size_t n,
                    const char *uuid, struct election *ret)
{
    size_t kept = 0;
    const char *text = without_blanks(arena, bytes, n, &kept);

    *ret = (struct election){.uuid = uuid};
    ret->questions = td_arena_alloc(arena, QUESTIONS_MAX, sizeof *ret->questions);
    if (text == NULL || ret->questions == NULL) {
        group_fail(group);
        return false;
    }
    struct scan scan = scan_of(group, arena, text, kept);
    scan_literal(&scan, "{\"description\":");
    ret->description = scan_string(&scan, ELECTION_TEXT_MAX);
    scan_literal(&scan, ",\"name\":");
    ret->name = scan_string(&scan, ELECTION_TEXT_MAX);
    scan_questions(&scan, ret);
    scan_literal(&scan, "}");
    return scan_done(&scan) && election_valid(ret);
}
