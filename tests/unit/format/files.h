/*
 * Small files for the tests of src/format, and edits of them. JSON stands in C strings with ' for
 * ", so that it can be read.
 */
#ifndef TEST_FORMAT_FILES_H
#define TEST_FORMAT_FILES_H

#include "format/format.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define ARENA_MAX (16u << 20)

/* clang-format off */
/* In pieces: a compiler need not take longer ones. */
static const char *const REGULATION[] = {
"{'format': 'thidua-regulation/1', 'id': 'test-2024', 'version': 3, 'title': 'Quy chế thử',"
" 'authority': 'UBND tỉnh', 'frame': 'khung', 'variant': 'B', 'issued': '2024-03-20',"
" 'year': '2024', 'calendar': 'calendar_year', 'notes': ['một', 'hai'],"
" 'sources': [{'id': '000', 'title': 'Quy chế'}, {'id': '003', 'title': 'Hướng dẫn'}],"
" 'legal_bases': [{'cite': 'Luật 06/2022/QH15', 'from': '2024-01-01'},"
"                 {'cite': 'NĐ 98/2023', 'from': '2024-01-01', 'until': '2025-07-01'}],"
" 'points': {'total': '100', 'item_decimals': 2, 'item_round': 'half_even', 'total_decimals': 1,"
"            'total_round': 'down', 'rank_by': 'percent', 'above_total': true},"
" 'criteria': ["
"  {'id': 'I', 'number': '1', 'title': 'Kinh tế', 'points': '60', 'clause': '003 I', 'children': ["
"   {'id': 'I.1', 'title': 'Thu ngân sách', 'points': '20', 'example': true, 'from': 'results',"
"    'way': {'kind': 'plan', 'better': 'lower', 'unit': 'tỷ đồng', 'decimals': 1}},"
"   {'id': 'I.2', 'title': 'Hồ sơ', 'points': '10', 'added': true, 'when_none': 'left_out',"
"    'way': {'kind': 'tiers', 'unit': '%', 'decimals': 0, 'tiers': ["
"     {'points': '10', 'at': '100', 'title': 'đủ'}, {'points': '5', 'from': '50', 'below': '100'},"
"     {'points': '0', 'above': '0', 'below': '50'}, {'points': '0', 'to': '0'}]}},"
"   {'id': 'I.3', 'title': 'Chỉ số', 'points': '15', 'from': 'outside', 'way': {'kind': 'rank',"
"    'better': 'higher', 'unit': 'điểm', 'decimals': 2, 'places': ['15', '10.5', '5'],"
"    'after': '1'}},"
"   {'id': 'I.4', 'title': 'Dẫn đầu', 'points': '15', 'from': 'results',"
"    'way': {'kind': 'leader', 'on_target': '60%'}}]},"
"  {'id': 'II', 'title': 'Phong trào', 'points': '35', 'children': ["
"   {'id': 'II.1', 'title': 'Chấm', 'points': '10', 'way': {'kind': 'direct', 'step': '0.5'}},"
"   {'id': 'II.2', 'title': 'Việc', 'points': '10', 'when_none': 'full', 'way': {'kind':"
"    'checklist', 'parts': [{'id': 'a', 'title': 'A', 'points': '4'},"
"                           {'id': 'b', 'title': 'B', 'points': '6'}]}},"
"   {'id': 'II.3', 'title': 'Mô hình', 'points': '5', 'when_none': 'zero',"
"    'way': {'kind': 'count', 'each': '1.25', 'unit': 'mô hình'}},"
"   {'id': 'II.4', 'title': 'Cộng trừ', 'points': '10', 'way': {'kind': 'plus_minus', 'start': '5',"
"    'floor': '1', 'events': [{'id': 'plus', 'title': 'Cộng', 'points': '2'},"
"                             {'id': 'minus', 'title': 'Trừ', 'points': '-1.5'}]}}]}],",
" 'stages': [{'id': 'self', 'title': 'Tự chấm', 'rater': 'self'},"
"  {'id': 'cross', 'title': 'Chấm chéo', 'rater': 'others', 'clause': '000 Đ10'},"
"  {'id': 'review', 'title': 'Thẩm định', 'rater': 'head', 'for_head': 'deputy', 'optional': true,"
"   'reason_when_different_from': 'self'},"
"  {'id': 'panel', 'title': 'Tổ chấm', 'rater': 'panel'},"
"  {'id': 'council', 'title': 'Hội đồng', 'rater': 'body', 'optional': true}],"
" 'combine': {'kind': 'weighted', 'clause': '000 Đ11', 'parts': ["
"  {'stages': ['self'], 'weight': '30%'},"
"  {'stages': ['cross', 'panel'], 'weight': '7/10', 'drop': {'highest': 1, 'lowest': 1}}]},"
" 'bonus': {'cap': '5', 'in_total': true, 'clause': '003 II.2', 'parts': ["
"  {'id': 'over', 'title': 'Vượt', 'kind': 'over_plan', 'section': 'I', 'points': '1', 'per': '1%',"
"   'step': 'proportional', 'cap_each': '10%', 'cap': '3'},"
"  {'id': 'bloc', 'title': 'Khối', 'kind': 'awarded', 'by': 'head', 'cap': '2'}]},"
" 'deductions': {'cap': '20', 'list': ["
"  {'id': 'criticism', 'title': 'Phê bình', 'each': '10', 'needs': 'letter', 'cap': '15',"
"   'issuers': ['Chủ tịch', 'Ban'], 'subjects': ['emulation']},"
"  {'id': 'breach', 'title': 'Vi phạm', 'each': '5', 'needs': 'duty'},"
"  {'id': 'late', 'title': 'Chậm', 'each': '2.5', 'needs': 'finding', 'who': 'head',"
"   'once': true}]},"
" 'facts': [{'id': 'party', 'title': 'Đảng', 'by': 'Ban Tổ chức', 'as_of': '11-30',"
"   'grades': [{'id': 'excellent', 'title': 'Xuất sắc'}, {'id': 'good', 'title': 'Tốt'},"
"              {'id': 'fair', 'title': 'Hoàn thành'}]},"
"  {'id': 'prosecuted', 'title': 'Khởi tố', 'by': 'CA', 'grades': 'no_yes', 'unreported': 'no'},"
"  {'id': 'women', 'title': 'Nữ', 'by': 'SNV', 'grades': 'yes_no'},"
"  {'id': 'registered', 'title': 'Đăng ký', 'duty': 'registration'}],"
" 'eligibility': ["
"  {'id': 'a', 'outcome': 'excluded', 'when': {'fact': 'registered', 'is': 'not_done'},"
"   'reason': 'Không đăng ký', 'clause': '003 II.2.5a'},"
"  {'id': 'b', 'outcome': 'deferred', 'when': {'all': [{'fact': 'party', 'at_most': 'fair'},"
"   {'any': [{'fact': 'prosecuted', 'is': 'yes'}, {'not': {'fact': 'party', 'at_least':"
"   'good'}}]}]}, 'unless': {'fact': 'women', 'is': 'yes'}, 'reason': 'Chờ'},"
"  {'id': 'c', 'outcome': 'lowered', 'levels': 2, 'when': {'fact': 'party', 'is': 'good'},"
"   'reason': 'Hạ'}],",
" 'awards': ["
"  {'id': 'government', 'title': 'Cờ CP', 'how': 'pick', 'by': 'council', 'among': 'flag',"
"   'quota': {'kind': 'unlimited'}},"
"  {'id': 'flag', 'title': 'Cờ', 'how': 'score', 'at_least': '90.5%',"
"   'when': {'fact': 'party', 'is': 'excellent'}, 'quota': {'kind': 'authority'}},"
"  {'id': 'seats', 'title': 'Bằng khen', 'how': 'score', 'at_least': '80.5',"
"   'quota': {'kind': 'seats', 'seats': 2}},"
"  {'id': 'merit', 'title': 'Suy tôn', 'how': 'vote', 'by': 'head', 'quota': {'kind': 'share',"
"   'share': '30%', 'round': 'down', 'counts': ['merit', 'flag']}}],"
" 'selection': {'at_least': '50', 'lowered_floor': 'lowest', 'vote_on_equal': 'always',"
"  'priority': {'fact': 'women', 'is': 'yes', 'clause': '003 x'}, 'clause': '003 III.2.2'},"
" 'votes': {'tie': {'majority': '0', 'of': 'present'}, 'honour': {'majority': '1/2',"
"  'strictly_more': true, 'of': 'members', 'clause': '000 Đ9.1'}},"
" 'disagreement': {'escalate_to': 'council'},"
" 'duties': ["
"  {'id': 'registration', 'title': 'Đăng ký', 'who': 'member', 'to': ['head', 'office'],"
"   'due': {'before': '03-31'}},"
"  {'id': 'report', 'title': 'Báo cáo', 'who': 'head', 'due': {'by': '2024-06-07'},"
"   'printed': '2023-06-07'},"
"  {'id': 'letters', 'title': 'Thư', 'who': 'head', 'due': {'monthly': [20, 25]}},"
"  {'id': 'notify', 'title': 'Thông báo', 'who': 'head', 'due': {'before_meeting': 'yearend',"
"   'days': 5}},"
"  {'id': 'both', 'title': 'Cả hai', 'who': 'head', 'due': {'calendar_year': {'in_quarter': 2},"
"   'school_year': {'in_month': 1}}}],"
" 'meetings': [{'id': 'preparatory', 'title': 'Trù bị', 'optional': true},"
"  {'id': 'yearend', 'title': 'Tổng kết', 'due': {'in_month': 12}, 'quorum': '2/3',"
"   'place': 'head', 'composition': ['a', 'b'], 'consent_of': 'council',"
"   'after': [{'duty': 'notify', 'days': 5}, {'meeting': 'preparatory', 'days': 1}]}]}", NULL};

static const char *const YEAR[] = {
"{'format': 'thidua-year/1', 'title': 'Năm thử', 'notes': ['ví dụ'],"
" 'regulation': 'regulation.json', 'year': '2024', 'as_of': '2024-12-20',"
" 'bloc': {'id': 'khoi', 'name': 'Khối', 'kind': 'territorial'},"
" 'members': [{'code': 'A', 'name': 'Đơn vị A', 'role': 'head'},"
"  {'code': 'B', 'name': 'Đơn vị B', 'role': 'deputy'}, {'code': 'C', 'name': 'Đơn vị C'}],"
" 'panels': {'panel': ['Ông X', 'Bà Y']},"
" 'targets': [{'unit': 'A', 'item': 'I.1', 'target': '100.5', 'basis': 'council'},"
"             {'unit': 'B', 'item': 'I.4', 'target': '7'}],"
" 'results': [{'unit': 'A', 'item': 'I.1', 'value': '99', 'source': 's', 'date': '2024-12-01'},"
"             {'unit': 'C', 'item': 'I.4', 'value': '3.25'}],"
" 'outside': [{'item': 'I.3', 'rater': 'Sở Nội vụ', 'values': {'A': '9.5', 'C': '9'}},"
"             {'item': 'I.3', 'rater': 'Sở Y tế', 'values': {'B': '8'}}],"
" 'not_arisen': [{'unit': 'B', 'item': 'I.2', 'reason': 'Không có hồ sơ'}],"
" 'sheets': ["
"  {'stage': 'panel', 'rater': 'Bà Y', 'unit': 'A', 'abstained': 'vắng'},"
"  {'stage': 'self', 'unit': 'A', 'submitted': '2024-12-05', 'values': {'I.2': '100',"
"   'II.1': '9.5', 'II.2': ['a', 'b'], 'II.3': 3, 'II.4': {'plus': 2}}},"
"  {'stage': 'cross', 'rater': 'C', 'unit': 'A', 'submitted': '2024-12-06',"
"   'values': {'II.1': '0'}},"
"  {'stage': 'review', 'unit': 'A', 'submitted': '2024-12-07', 'values': {'II.1': '9'},"
"   'reasons': {'II.1': 'thiếu minh chứng'}},"
"  {'stage': 'review', 'unit': 'B', 'values': {'II.2': []}},"
"  {'stage': 'council', 'unit': 'C'}],",
" 'settled': [{'stage': 'cross', 'rater': 'B', 'unit': 'A', 'decision': 'count_without',"
"   'reason': 'bận', 'by': 'head', 'date': '2024-12-10'},"
"  {'stage': 'cross', 'rater': 'C', 'decision': 'wait', 'reason': 'chờ'}],"
" 'decisions': [{'unit': 'A', 'item': 'II.1', 'points': '8.5', 'reason': 'đã họp', 'by': 'HĐ',"
"   'date': '2024-12-15'}],"
" 'bonuses': [{'part': 'bloc', 'unit': 'A', 'points': '1.5', 'reason': 'tốt', 'by': 'head',"
"   'date': '2024-12-10'}],"
" 'deductions': ["
"  {'deduction': 'criticism', 'unit': 'C', 'date': '2024-05-01', 'letter': {'number': '12/UBND',"
"   'date': '2024-05-01', 'issuer': 'Chủ tịch', 'subject': 'emulation'}},"
"  {'deduction': 'breach', 'unit': 'C', 'duty': 'report'},"
"  {'deduction': 'breach', 'unit': 'B', 'duty': 'không dự hội thao'},"
"  {'deduction': 'late', 'unit': 'A', 'finding': 'chậm'}],"
" 'facts': [{'fact': 'party', 'units': ['A', 'C'], 'grade': 'excellent', 'source': 'BC 12',"
"   'date': '2024-12-01', 'as_of': '2024-11-30', 'by': 'SNV'},"
"  {'fact': 'prosecuted', 'units': 'others', 'grade': 'no'}],"
" 'done': [{'duty': 'registration', 'units': 'others', 'date': '2024-03-15'},"
"          {'duty': 'registration', 'units': ['C'], 'date': '2024-04-02'}],"
" 'excused': [{'duty': 'report', 'units': ['B'], 'reason': 'bão', 'by': 'head'}],"
" 'extensions': [{'duty': 'registration', 'units': 'all', 'until': '2024-04-15', 'reason': 'r',"
"                 'by': 'head'}],"
" 'quotas': [{'award': 'flag', 'seats': 1, 'source': 'CV 1'}],"
" 'nominations': [{'award': 'merit', 'units': ['A', 'B'], 'by': 'head'}],"
" 'picks': [{'award': 'government', 'unit': 'A', 'by': 'council', 'source': 'TTr'}],"
" 'meetings': [{'meeting': 'yearend', 'date': '2024-12-20', 'present': ['A', 'B', 'C']}],"
" 'votes': [{'about': 'honour', 'award': 'merit', 'meeting': 'yearend', 'method': 'secret',"
"   'issued': 3, 'not_returned': 1, 'collected': 2, 'valid': 2, 'invalid': 0,"
"   'votes': {'A': 2, 'B': 1}}]}", NULL};
/* clang-format on */

/* The pieces in one, with " for '. The caller frees it. */
static inline char *joined(const char *const *pieces)
{
    size_t n = 0;
    for (const char *const *piece = pieces; *piece != NULL; piece++) {
        n += strlen(*piece);
    }
    char *text = malloc(n + 1);
    assert_non_null(text);
    char *end = text;
    for (const char *const *piece = pieces; *piece != NULL; piece++) {
        memcpy(end, *piece, strlen(*piece));
        end += strlen(*piece);
    }
    *end = '\0';
    for (char *c = text; *c != '\0'; c++) {
        if (*c == '\'') {
            *c = '"';
        }
    }
    return text;
}

/* The same with the first `from` (NULL: nothing) replaced by `to`. */
static inline char *edited(const char *const *pieces, const char *from, const char *to)
{
    char *text = joined(pieces);
    if (from == NULL) {
        return text;
    }
    char *old = joined((const char *const[]){from, NULL});
    char *new = joined((const char *const[]){to, NULL});
    char *at = strstr(text, old);
    if (at == NULL) {
        print_error("not in the file: %s\n", from);
        free(old);
        free(new);
        fail();
        return text;
    }
    *at = '\0';
    const char *const with[] = {text, new, at + strlen(old), NULL};
    char *copy = joined(with);
    free(text);
    free(old);
    free(new);
    return copy;
}

static inline void print_problems(const struct td_problems *problems)
{
    for (const struct td_problem *p = problems->first; p != NULL; p = p->next) {
        print_error("  %s: %s | %s\n", p->where, p->what.id,
                    p->remedy.id == NULL ? "" : p->remedy.id);
    }
}

/* Is there an error at this place whose id contains these words? */
static inline const struct td_problem *problem_found(const struct td_problems *problems,
                                                     const char *where, const char *words)
{
    for (const struct td_problem *p = problems->first; p != NULL; p = p->next) {
        if (p->severity == TD_ERROR && strcmp(p->where, where) == 0 &&
            strstr(p->what.id, words) != NULL) {
            return p;
        }
    }
    return NULL;
}

/* Does the message or its arguments hold this text? */
static inline int message_holds(const struct td_message *message, const char *text)
{
    int holds = message->id != NULL && strstr(message->id, text) != NULL;
    for (int i = 0; i < TD_MESSAGE_ARGS; i++) {
        const struct td_arg *arg = &message->args[i];
        if ((arg->kind == TD_ARG_TEXT || arg->kind == TD_ARG_TERM) &&
            strstr(arg->text, text) != NULL) {
            holds = 1;
        }
    }
    return holds;
}

/* One edit of a good file, and the problem that it makes. */
struct slip {
    const char *from, *to;
    const char *where;  /* of the problem */
    const char *words;  /* of its message id */
    const char *remedy; /* in the remedy, or NULL */
};

static inline void assert_slip(const struct slip *slip, int e, const struct td_problems *problems)
{
    const struct td_problem *found = problem_found(problems, slip->where, slip->words);

    if (e != TD_E_INVALID || found == NULL ||
        (slip->remedy != NULL && !message_holds(&found->remedy, slip->remedy))) {
        print_error("%s -> %s: status %d, wanted %s: %s (%s)\n", slip->from, slip->to, e,
                    slip->where, slip->words, slip->remedy == NULL ? "" : slip->remedy);
        print_problems(problems);
        fail();
    }
}

#endif
