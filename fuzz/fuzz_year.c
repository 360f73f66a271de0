/*
 * Any bytes as a year under one regulation that has every way of scoring, every kind of rater and
 * every kind of award; when it is read, it is scored, explained and written.
 */
#include "format/format.h"

#include <stdlib.h>
#include <string.h>

#include "base/banned.h"

#define ARENA_MAX (32u << 20)
#define RESULT_MAX (4u << 20)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* clang-format off */
static const char RULES[] =
"{'format':'thidua-regulation/1','id':'f','version':1,'title':'f','authority':'f',"
"'calendar':'calendar_year','sources':[{'id':'0','title':'s'}],'points':{'total':'75',"
"'item_decimals':2,'total_decimals':2,'rank_by':'percent','above_total':true},'criteria':["
"{'id':'p','title':'p','points':'10','from':'results','when_none':'left_out','way':{'kind':"
"'plan'}},"
"{'id':'t','title':'t','points':'10','way':{'kind':'tiers','tiers':[{'points':'10','from':'50'},"
"{'points':'2','below':'40'}]}},"
"{'id':'r','title':'r','points':'10','from':'outside','way':{'kind':'rank','places':['10','5']}},"
"{'id':'l','title':'l','points':'10','from':'results','way':{'kind':'leader'}},"
"{'id':'d','title':'d','points':'10','when_none':'full','way':{'kind':'direct','step':'0.25'}},"
"{'id':'c','title':'c','points':'10','way':{'kind':'checklist','parts':[{'id':'a','title':'a',"
"'points':'4'},{'id':'b','title':'b','points':'6'}]}},"
"{'id':'n','title':'n','points':'5','when_none':'zero','way':{'kind':'count','each':'0.3'}},"
"{'id':'m','title':'m','points':'10','way':{'kind':'plus_minus','start':'5','events':["
"{'id':'u','title':'u','points':'2'},{'id':'v','title':'v','points':'-3'}]}}],"
"'stages':[{'id':'self','title':'s','rater':'self'},{'id':'cross','title':'c','rater':'others'},"
"{'id':'head','title':'h','rater':'head','for_head':'deputy','reason_when_different_from':'self'},"
"{'id':'panel','title':'p','rater':'panel'},{'id':'body','title':'b','rater':'body'}],"
"'combine':{'kind':'weighted','parts':[{'stages':['self','head'],'weight':'1/3'},"
"{'stages':['cross','panel','body'],'weight':'2/3','drop':{'highest':1,'lowest':1}}]},"
"'bonus':{'cap':'9','parts':[{'id':'o','title':'o','kind':'over_plan','section':'p','points':'1',"
"'per':'1%','step':'proportional'},{'id':'w','title':'w','kind':'awarded','by':'x','cap':'5'}]},"
"'deductions':{'cap':'20','list':[{'id':'l','title':'l','each':'3','needs':'letter','issuers':"
"['i']},"
"{'id':'d','title':'d','each':'2','needs':'duty'},{'id':'f','title':'f','each':'1',"
"'needs':'finding','who':'head','once':true}]},";

static const char MORE_RULES[] =
"'facts':[{'id':'g','title':'g','by':'x','grades':[{'id':'a','title':'a'},{'id':'b','title':'b'},"
"{'id':'c','title':'c'}]},{'id':'y','title':'y','by':'x','grades':'no_yes','unreported':'no'},"
"{'id':'q','title':'q','duty':'reg'}],"
"'eligibility':[{'id':'1','outcome':'excluded','when':{'fact':'q','is':'not_done'},'reason':'r'},"
"{'id':'2','outcome':'deferred','when':{'any':[{'fact':'y','is':'yes'},{'not':{'fact':'g',"
"'at_least':'b'}}]},'reason':'r'},{'id':'3','outcome':'lowered','when':{'fact':'g','is':'b'},"
"'unless':{'fact':'q','is':'done'},'reason':'r'}],"
"'awards':[{'id':'top','title':'t','how':'pick','by':'x','among':'flag','quota':{'kind':"
"'unlimited'}},"
"{'id':'flag','title':'f','how':'score','at_least':'50%','quota':{'kind':'authority'}},"
"{'id':'two','title':'t','how':'score','quota':{'kind':'seats','seats':1}},"
"{'id':'vote','title':'v','how':'vote','by':'head','quota':{'kind':'share','share':'50%',"
"'round':'up','counts':['vote','two']}}],"
"'selection':{'lowered_floor':'lowest','priority':{'fact':'y','is':'no'}},"
"'votes':{'honour':{'majority':'1/2','strictly_more':true,'of':'issued'}},"
"'duties':[{'id':'reg','title':'r','who':'member','due':{'before':'03-31'}},"
"{'id':'rep','title':'r','who':'member','due':{'before_meeting':'end','days':5}},"
"{'id':'mon','title':'m','who':'member','due':{'monthly':[20,25]}}],"
"'meetings':[{'id':'end','title':'e','due':{'in_month':12},'quorum':'2/3'}]}";
/* clang-format on */

/* Not assert, which a build may leave out. */
static void require(bool holds)
{
    if (!holds) {
        abort();
    }
}

static void say(void *context, const struct td_message *message, struct buf *out)
{
    (void)context;
    buf_text(out, message->id);
    for (int i = 0; i < TD_MESSAGE_ARGS; i++) {
        const struct td_arg *arg = &message->args[i];
        if (arg->kind == TD_ARG_TEXT || arg->kind == TD_ARG_TERM) {
            buf_text(out, arg->text);
        }
    }
}

/* The rules, read once and kept: every run has the same. */
static const struct td_regulation *rules(void)
{
    static struct td_regulation *regulation;
    static struct td_arena *arena;
    static char text[sizeof RULES + sizeof MORE_RULES];

    if (regulation == NULL) {
        arena = td_arena_new(ARENA_MAX);
        require(arena != NULL);
        struct td_problems problems = TD_PROBLEMS(arena, NULL);
        memcpy(text, RULES, sizeof RULES - 1);
        memcpy(text + sizeof RULES - 1, MORE_RULES, sizeof MORE_RULES);
        for (char *c = text; *c != '\0'; c++) {
            *c = *c == '\'' ? '"' : *c;
        }
        int status = format_regulation_parse(text, strlen(text), arena, &problems, &regulation);
        require(status == TD_OK);
    }
    return regulation;
}

static void explain_step(const struct td_step *step, struct buf *out, int depth)
{
    for (; step != NULL && depth < 32; step = step->next) {
        require(step->text.id != NULL);
        say(NULL, &step->text, out);
        explain_step(step->child, out, depth + 1);
    }
}

static void score(const struct td_regulation *regulation, const struct td_year *year,
                  struct td_arena *arena)
{
    static const struct format_speech speech = {.say = say};
    struct td_result *result = NULL;
    struct td_step *step = NULL;
    struct buf out;

    int status = td_score(regulation, year, arena, &result);
    require(status == TD_OK || status == TD_E_MEMORY);
    if (status < 0) {
        return;
    }
    require(!result->final || result->open == NULL);
    buf_init(&out, RESULT_MAX);
    status = format_result_write(regulation, year, result, &speech, &out);
    require(status == TD_OK || status == TD_E_RANGE);
    buf_clear(&out);
    status = format_result_csv(regulation, year, result, &speech, &out);
    require(status == TD_OK || status == TD_E_RANGE);
    buf_clear(&out);
    for (int32_t unit = 0; unit < year->member_count && unit < 4; unit++) {
        status = td_explain(regulation, year, result, unit, arena, &step);
        require(status == TD_OK || status == TD_E_MEMORY);
        if (status == TD_OK) {
            explain_step(step, &out, 0);
        }
    }
    buf_release(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct td_regulation *regulation = rules();
    struct td_arena *arena = td_arena_new(ARENA_MAX);
    struct td_year *year = NULL;

    require(arena != NULL);
    struct td_problems problems = TD_PROBLEMS(arena, NULL);
    int status = format_year_parse((const char *)data, size, regulation, arena, &problems, &year);
    require(status == TD_OK || status == TD_E_INVALID || status == TD_E_MEMORY);
    require((status == TD_OK) == (year != NULL));
    require((status == TD_OK) <= (problems.errors == 0));
    if (status == TD_OK) {
        score(regulation, year, arena);
    }
    td_arena_free(arena);
    return 0;
}
