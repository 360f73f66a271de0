/*
 * Results as JSON and CSV: exact bytes of a result made by hand, and of one that the engine makes.
 */
#include "files.h"

/* The id as it is; a text argument after it. */
static void say(void *context, const struct td_message *message, struct buf *out)
{
    (void)context;
    buf_text(out, message->id);
    for (int i = 0; i < TD_MESSAGE_ARGS; i++) {
        if (message->args[i].kind == TD_ARG_TEXT) {
            buf_text(out, " ");
            buf_text(out, message->args[i].text);
        }
    }
}

static const struct format_speech SPEECH = {.say = say};

/* ---- by hand --------------------------------------------------------------------------------- */

static const struct td_member MEMBERS[] = {{.code = "A", .name = "Đơn vị \"A\", một"},
                                           {.code = "B", .name = "=B"}};
static const struct td_award AWARDS[] = {{.id = "flag", .title = "Cờ"},
                                         {.id = "merit", .title = "Bằng khen"}};
static const struct td_stage STAGES[] = {{.id = "self", .rater = TD_RATER_SELF},
                                         {.id = "panel", .rater = TD_RATER_PANEL}};
static const char *const PANEL[] = {"Ông X"};
static struct td_node nodes[] = {{.id = "I.1"}};
static struct td_item items[] = {{.node = 0}};

static const struct td_regulation MADE = {
    .id = "r",
    .version = 2,
    .sha256 = "00",
    .scale = {.item_decimals = 2, .total_decimals = 2},
    .nodes = nodes,
    .node_count = 1,
    .items = items,
    .item_count = 1,
    .stages = STAGES,
    .stage_count = 2,
    .awards = AWARDS,
    .award_count = 2,
};

static const struct td_year MADE_YEAR = {
    .label = "2024",
    .bloc_id = "khoi",
    .members = MEMBERS,
    .member_count = 2,
    .panel = {[1] = PANEL},
    .panel_count = {[1] = 1},
};

static struct td_open opens[] = {
    {.kind = TD_OPEN_SHEET,
     .unit = 1,
     .stage = 1,
     .rater = 0,
     .item = TD_NONE,
     .fact = TD_NONE,
     .award = TD_NONE,
     .text = {.id = "missing"},
     .clause = "003 I",
     .next = &opens[1]},
    {.kind = TD_OPEN_EMPTY,
     .unit = 0,
     .stage = 0,
     .rater = 0,
     .item = 0,
     .fact = TD_NONE,
     .award = 1,
     .text = {.id = "empty", .args = {{.kind = TD_ARG_TEXT, .text = "\t\"x\""}}}},
};

static struct td_reason reasons[] = {
    {.outcome = TD_LOWERED, .words = "Hạ, một mức", .clause = "003 II", .next = &reasons[1]},
    {.outcome = TD_BELOW_THRESHOLD, .text = {.id = "below"}},
};

static struct td_open notice = {.text = {.id = "look"}, .clause = "003 III"};
static struct td_unit_result units[] = {
    {.exact = {6543, 7},
     .shown = {.units = 93471, .decimals = 2},
     .maximum = {1000, 1},
     .percent = {654300, 7000},
     .provisional = true,
     .counted = 6,
     .expected = 7,
     .bonus = 150,
     .deducted = 0,
     .rank = 2,
     .outcome = TD_LOWERED,
     .reasons = reasons},
    {.exact = {1891, 2},
     .shown = {.units = 94550, .decimals = 2},
     .maximum = {1000, 1},
     .percent = {18911, 200},
     .counted = 7,
     .expected = 7,
     .rank = 1,
     .outcome = TD_ELIGIBLE},
};
static int32_t order[] = {1, 0};
static const int32_t TIED[] = {1, 0};
static struct td_tie ties[] = {{.award = 1, .seats = 1, .units = TIED, .unit_count = 2}};
static struct td_proposal proposals[] = {{.award = 0, .unit = 1}, {.award = 1, .unit = 1}};

static const struct td_result RESULT = {
    .units = units,
    .order = order,
    .unit_count = 2,
    .open = opens,
    .proposals = proposals,
    .proposal_count = 2,
    .ties = ties,
    .tie_count = 1,
    .notices = &notice,
};

/* clang-format off */
static const char *const JSON[] = {
"{\n"
"  'format': 'thidua-result/1',\n"
"  'regulation': {\n    'id': 'r',\n    'version': 2,\n    'sha256': '00'\n  },\n"
"  'bloc': 'khoi',\n"
"  'year': '2024',\n"
"  'final': false,\n"
"  'pending': [\n"
"    {\n      'kind': 'sheet',\n      'unit': 'B',\n      'stage': 'panel',\n"
"      'rater': 'Ông X',\n      'text': 'missing',\n      'clause': '003 I'\n    },\n"
"    {\n      'kind': 'empty',\n      'unit': 'A',\n      'stage': 'self',\n"
"      'rater': 'A',\n      'item': 'I.1',\n      'award': 'merit',\n"
"      'text': 'empty \\t\\\"x\\\"'\n    }\n"
"  ],\n"
"  'units': [\n"
"    {\n      'code': 'B',\n      'name': '=B',\n"
"      'score': {\n        'exact': '945.5',\n        'shown': '945.50'\n      },\n"
"      'rank': 1,\n      'outcome': 'eligible',\n      'reasons': [],\n"
"      'provisional': false,\n"
"      'sheets': {\n        'counted': 7,\n        'expected': 7\n      },\n"
"      'maximum': '1000',\n      'percent': '94.56',\n      'bonus': '0',\n"
"      'deducted': '0'\n    },\n"
"    {\n      'code': 'A',\n      'name': 'Đơn vị \\\"A\\\", một',\n"
"      'score': {\n        'exact': '6543/7',\n        'shown': '934.71'\n      },\n"
"      'rank': 2,\n      'outcome': 'lowered',\n      'reasons': [\n"
"        {\n          'outcome': 'lowered',\n          'text': 'Hạ, một mức',\n"
"          'clause': '003 II'\n        },\n"
"        {\n          'outcome': 'below_threshold',\n          'text': 'below'\n        }\n"
"      ],\n"
"      'provisional': true,\n"
"      'sheets': {\n        'counted': 6,\n        'expected': 7\n      },\n"
"      'maximum': '1000',\n      'percent': '93.47',\n      'bonus': '1.5',\n"
"      'deducted': '0'\n    }\n"
"  ],\n"
"  'proposals': [\n    {\n      'award': 'flag',\n      'unit': 'B'\n    },\n"
"    {\n      'award': 'merit',\n      'unit': 'B'\n    }\n  ],\n"
"  'ties': [\n    {\n      'award': 'merit',\n      'seats': 1,\n      'units': [\n"
"        'B',\n        'A'\n      ]\n    }\n  ],\n"
"  'notices': [\n    {\n      'text': 'look',\n      'clause': '003 III'\n    }\n  ]\n"
"}\n", NULL};
/* clang-format on */

static void test_json__is_these_bytes(void **state)
{
    char *wanted = joined(JSON);
    struct buf out;

    (void)state;
    buf_init(&out, 1u << 20);
    assert_int_equal(format_result_write(&MADE, &MADE_YEAR, &RESULT, &SPEECH, &out), TD_OK);
    assert_string_equal(buf_string(&out), wanted);
    buf_release(&out);
    free(wanted);
}

static void test_json__has_a_maximum(void **state)
{
    struct buf out;

    (void)state;
    buf_init(&out, 100);
    assert_int_equal(format_result_write(&MADE, &MADE_YEAR, &RESULT, &SPEECH, &out), TD_E_RANGE);
    buf_release(&out);
    buf_init(&out, 100);
    assert_int_equal(format_result_csv(&MADE, &MADE_YEAR, &RESULT, &SPEECH, &out), TD_E_RANGE);
    buf_release(&out);
}

static void test_csv__is_these_bytes(void **state)
{
    static const char wanted[] =
        "\xEF\xBB\xBFRank,Code,Unit,Exact score,Score,Provisional,Outcome,Reasons,Proposed for\r\n"
        "1,B,'=B,945.5,945.50,,eligible,,\"Cờ; Bằng khen\"\r\n"
        "2,A,\"Đơn vị \"\"A\"\", một\",6543 ÷ 7,934.71,yes,lowered,\"Hạ, một mức [003 II]; "
        "below\",\r\n";
    struct buf out;

    (void)state;
    buf_init(&out, 1u << 20);
    assert_int_equal(format_result_csv(&MADE, &MADE_YEAR, &RESULT, &SPEECH, &out), TD_OK);
    assert_string_equal(buf_string(&out), wanted);
    buf_release(&out);
}

/* ---- by the engine --------------------------------------------------------------------------- */

static void test_engine__same_input_gives_same_bytes(void **state)
{
    struct td_arena *arena = td_arena_new(ARENA_MAX);
    struct td_problems problems = TD_PROBLEMS(arena, NULL);
    struct td_regulation *regulation = NULL;
    struct td_year *year = NULL;
    struct td_result *result = NULL;
    char *rules = joined(REGULATION);
    char *text = joined(YEAR);
    struct buf out[2];

    (void)state;
    for (int i = 0; i < 2; i++) {
        assert_int_equal(
            format_regulation_parse(rules, strlen(rules), arena, &problems, &regulation), TD_OK);
        assert_int_equal(format_year_parse(text, strlen(text), regulation, arena, &problems, &year),
                         TD_OK);
        assert_int_equal(td_score(regulation, year, arena, &result), TD_OK);
        buf_init(&out[i], 1u << 20);
        assert_int_equal(format_result_write(regulation, year, result, &SPEECH, &out[i]), TD_OK);
        assert_int_equal(format_result_csv(regulation, year, result, &SPEECH, &out[i]), TD_OK);
    }
    assert_string_equal(buf_string(&out[0]), buf_string(&out[1]));
    assert_non_null(strstr(buf_string(&out[0]), "\"final\": false"));
    buf_release(&out[0]);
    buf_release(&out[1]);
    free(rules);
    free(text);
    td_arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_json__is_these_bytes),
        cmocka_unit_test(test_json__has_a_maximum),
        cmocka_unit_test(test_csv__is_these_bytes),
        cmocka_unit_test(test_engine__same_input_gives_same_bytes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
