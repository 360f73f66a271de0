/*
 * thidua score: a bloc's year scored, ranked and proposed, as a table, JSON or CSV, and one unit's
 * score explained.
 */
#include "base/utf8.h"
#include "cli/cli.h"
#include "format/format.h"

#include <string.h>

#include "base/banned.h"

#define RESULT_MAX ((size_t)256 * 1024 * 1024)

struct scoring {
    struct td_regulation *regulation;
    struct td_year *year;
    struct td_result *result;
};

/* ---- the table ------------------------------------------------------------------------------- */

#define RANK_COLUMNS 5
#define SCORE_COLUMNS 12
#define PERCENT_COLUMNS 13
#define OUTCOME_COLUMNS 20

static int widest(const struct scoring *s, bool code, int least, int most)
{
    int width = least;
    for (int32_t i = 0; i < s->year->member_count; i++) {
        const struct td_member *member = &s->year->members[i];
        int own = (int)utf8_width(code ? member->code : member->name);
        width = own > width ? own : width;
    }
    return width > most ? most : width;
}

static void print_heads(struct cli *cli, int code, int name, int percent)
{
    print_column(cli->out, language_text(cli->language, TD_ID("Rank")), RANK_COLUMNS, false);
    fputc(' ', cli->out);
    print_column(cli->out, language_text(cli->language, TD_ID("Code")), code, false);
    fputc(' ', cli->out);
    print_column(cli->out, language_text(cli->language, TD_ID("Unit")), name, false);
    fputc(' ', cli->out);
    print_column(cli->out, language_text(cli->language, TD_ID("Score")), SCORE_COLUMNS, true);
    if (percent > 0) {
        print_column(cli->out, language_text(cli->language, TD_ID("Of maximum")), percent, true);
    }
    fprintf(cli->out, "  %s\n", language_text(cli->language, TD_ID("Outcome")));
    for (int i = 0; i < RANK_COLUMNS + code + name + SCORE_COLUMNS + percent + OUTCOME_COLUMNS + 5;
         i++) {
        fputs("─", cli->out);
    }
    fputc('\n', cli->out);
}

static void print_unit(struct cli *cli, const struct scoring *s, int32_t unit, int code, int name)
{
    const struct td_unit_result *result = &s->result->units[unit];
    struct td_message rank = TD_MESSAGE("{0}", TD_COUNT(result->rank));
    struct td_message score = result->provisional ? TD_MESSAGE("({0})", TD_DECIMAL(result->shown))
                                                  : TD_MESSAGE("{0}", TD_DECIMAL(result->shown));
    print_column(cli->out, message_text(cli, &rank), RANK_COLUMNS - 1, true);
    fputs("  ", cli->out);
    print_column(cli->out, s->year->members[unit].code, code, false);
    fputc(' ', cli->out);
    print_column(cli->out, s->year->members[unit].name, name, false);
    fputc(' ', cli->out);
    print_column(cli->out, message_text(cli, &score), SCORE_COLUMNS, true);
    if (s->regulation->scale.rank_by == TD_RANK_BY_PERCENT) {
        struct td_decimal percent = {0};
        int status = td_fraction_round(result->percent, 2, TD_ROUND_HALF_UP, &percent);
        struct td_message share = TD_MESSAGE("{0}%", TD_DECIMAL(percent));
        print_column(cli->out, status == TD_OK ? message_text(cli, &share) : "", PERCENT_COLUMNS,
                     true);
    }
    fprintf(cli->out, "  %s\n", language_text(cli->language, td_outcome_text(result->outcome)));
}

static void print_line(struct cli *cli, const char *lead, struct td_message text,
                       const char *clause)
{
    struct td_mark mark = td_arena_mark(cli->arena);
    struct td_message cited = TD_MESSAGE("{0} [{1}]", TD_TEXT(message_text(cli, &text)),
                                         TD_TEXT(clause == NULL ? "" : clause));
    print_wrapped(cli->out, lead, (int)utf8_width(lead),
                  message_text(cli, clause == NULL ? &text : &cited));
    td_arena_rewind(cli->arena, mark);
}

static void print_head(struct cli *cli, const char *id)
{
    fprintf(cli->out, "\n%s\n", language_text(cli->language, id));
}

static void print_reasons(struct cli *cli, const struct scoring *s)
{
    bool any = false;
    for (int32_t i = 0; i < s->result->unit_count; i++) {
        int32_t unit = s->result->order[i];
        for (const struct td_reason *r = s->result->units[unit].reasons; r != NULL; r = r->next) {
            if (!any) {
                print_head(cli, TD_ID("Reasons:"));
                any = true;
            }
            struct td_message words = TD_MESSAGE("{0}", TD_TEXT(r->words));
            const char *reason = message_text(cli, r->words != NULL ? &words : &r->text);
            print_line(cli, "  - ",
                       TD_MESSAGE("{0}, {1}: {2}", TD_TEXT(s->year->members[unit].code),
                                  TD_TERM(td_outcome_text(r->outcome)), TD_TEXT(reason)),
                       r->clause);
        }
    }
}

static void print_proposals(struct cli *cli, const struct scoring *s)
{
    for (int32_t i = 0; i < s->result->proposal_count; i++) {
        const struct td_proposal *p = &s->result->proposals[i];
        const struct td_award *award = &s->regulation->awards[p->award];
        if (i == 0) {
            print_head(cli, TD_ID("Proposals:"));
        }
        struct td_arg title = TD_TEXT(award->title);
        struct td_arg name = TD_TEXT(s->year->members[p->unit].name);
        print_line(cli, "  - ",
                   p->by_vote ? TD_MESSAGE("{0}: {1} (by vote)", title, name)
                              : TD_MESSAGE("{0}: {1}", title, name),
                   award->clause);
    }
    for (int32_t i = 0; i < s->result->tie_count; i++) {
        const struct td_tie *tie = &s->result->ties[i];
        const struct td_award *award = &s->regulation->awards[tie->award];
        if (i == 0) {
            print_head(cli, TD_ID("To be put to a vote:"));
        }
        print_line(cli, "  - ",
                   TD_MESSAGE("{0}: {1} seats, to be given among", TD_TEXT(award->title),
                              TD_COUNT(tie->seats)),
                   award->clause);
        for (int32_t k = 0; k < tie->unit_count; k++) {
            print_wrapped(cli->out, "      · ", 8, s->year->members[tie->units[k]].name);
        }
    }
}

static void print_opens(struct cli *cli, const char *head, const struct td_open *open)
{
    if (open != NULL) {
        print_head(cli, head);
    }
    for (; open != NULL; open = open->next) {
        print_line(cli, "  - ", open->text, open->clause);
    }
}

static void print_table(struct cli *cli, const struct scoring *s)
{
    int code = widest(s, true, 4, 12);
    int percent = s->regulation->scale.rank_by == TD_RANK_BY_PERCENT ? PERCENT_COLUMNS : 0;
    int name =
        widest(s, false, 10,
               CLI_WIDTH - RANK_COLUMNS - code - SCORE_COLUMNS - percent - OUTCOME_COLUMNS - 5);
    print_wrapped(cli->out, "", 0, s->year->title);
    print_wrapped(cli->out, "", 0, s->regulation->title);
    for (int32_t i = 0; i < s->year->note_count; i++) {
        print_wrapped(cli->out, "  * ", 4, s->year->notes[i]);
    }
    fputc('\n', cli->out);
    print_heads(cli, code, name, percent);
    for (int32_t i = 0; i < s->result->unit_count; i++) {
        print_unit(cli, s, s->result->order[i], code, name);
    }
    print_reasons(cli, s);
    print_proposals(cli, s);
    print_opens(cli, TD_ID("Not final; still open:"), s->result->open);
    print_opens(cli, TD_ID("To be looked at:"), s->result->notices);
    fputc('\n', cli->out);
    print_wrapped(cli->out, "", 0,
                  language_text(cli->language,
                                s->result->final
                                    ? TD_ID("The result is final.")
                                    : TD_ID("The result is not final. Scores in brackets are of "
                                            "what is known.")));
}

/* ---- the explanation ------------------------------------------------------------------------- */

static void print_steps(struct cli *cli, const struct td_step *step, int depth)
{
    char lead[64];
    snprintf(lead, sizeof(lead), "%*s- ", 2 * depth, "");
    for (; step != NULL; step = step->next) {
        print_line(cli, lead, step->text, step->clause);
        print_steps(cli, step->child, depth + 1);
    }
}

/* What the marks of clauses stand for: "[003 II.2.3a]". */
static void print_sources(struct cli *cli, const struct td_regulation *regulation)
{
    for (int32_t i = 0; i < regulation->source_count; i++) {
        if (i == 0) {
            print_head(cli, TD_ID("Sources of the clauses in brackets:"));
        }
        const struct td_source_text *source = &regulation->sources[i];
        print_line(cli, "  - ", TD_MESSAGE("{0}: {1}", TD_TEXT(source->id), TD_TEXT(source->title)),
                   NULL);
    }
}

static int32_t find_unit(const struct td_year *year, const char *code)
{
    for (int32_t unit = 0; unit < year->member_count; unit++) {
        if (strcmp(year->members[unit].code, code) == 0) {
            return unit;
        }
    }
    return TD_NONE;
}

static int explain(struct cli *cli, const struct scoring *s, int32_t unit)
{
    struct td_step *root = NULL;
    int status = td_explain(s->regulation, s->year, s->result, unit, cli->arena, &root);
    if (status < 0) {
        return status;
    }
    fputc('\n', cli->out);
    print_line(cli, "", root->text, root->clause);
    print_steps(cli, root->child, 0);
    print_sources(cli, s->regulation);
    return TD_OK;
}

/* ---- the command ----------------------------------------------------------------------------- */

static void say(void *context, const struct td_message *message, struct buf *out)
{
    language_message(context, message, out);
}

static int write_as(struct cli *cli, const struct scoring *s, bool json)
{
    struct buf out;
    /* The writer hands the context back as it is; the language itself is never changed. */
    union {
        const void *given;
        void *kept;
    } language = {.given = cli->language};
    struct format_speech speech = {
        .say = say,
        .context = language.kept,
        .decimal_comma = language_decimal_comma(cli->language),
    };
    buf_init(&out, RESULT_MAX);
    int status = json ? format_result_write(s->regulation, s->year, s->result, &speech, &out)
                      : format_result_csv(s->regulation, s->year, s->result, &speech, &out);
    if (status == TD_OK) {
        fwrite(buf_string(&out), 1, buf_length(&out), cli->out);
    }
    buf_release(&out);
    return status;
}

static enum cli_exit unknown_unit(struct cli *cli, const struct scoring *s, const char *code)
{
    fputs("thidua: ", cli->err);
    print_message(cli, cli->err,
                  TD_MESSAGE("no unit has the code “{0}”; there are:", TD_TEXT(code)));
    for (int32_t unit = 0; unit < s->year->member_count; unit++) {
        fprintf(cli->err, " %s", s->year->members[unit].code);
    }
    fputc('\n', cli->err);
    return CLI_BAD_USAGE;
}

enum cli_exit cmd_score(struct cli *cli)
{
    const char *path = cli_value(cli, "year");
    const char *format = cli_value(cli, "format");
    const char *code = cli_value(cli, "explain");
    bool table = format == NULL || strcmp(format, "table") == 0;
    struct scoring s = {0};
    if (code != NULL && !table) {
        fputs("thidua: ", cli->err);
        print_message(cli, cli->err, TD_WORDS("--explain goes with --format table"));
        fputc('\n', cli->err);
        return CLI_BAD_USAGE;
    }
    struct td_problems problems = TD_PROBLEMS(cli->arena, path);
    int status = format_year_read(path, cli_value(cli, "regulation"), cli->arena, &problems,
                                  &s.regulation, &s.year);
    print_problems(cli, cli->err, &problems);
    if (status < 0) {
        return exit_of_status(cli, status);
    }
    int32_t unit = code == NULL ? TD_NONE : find_unit(s.year, code);
    if (code != NULL && unit == TD_NONE) {
        return unknown_unit(cli, &s, code);
    }
    status = td_score(s.regulation, s.year, cli->arena, &s.result);
    if (status < 0) {
        return exit_of_status(cli, status);
    }
    if (table) {
        print_table(cli, &s);
    } else {
        status = write_as(cli, &s, strcmp(format, "json") == 0);
    }
    if (status == TD_OK && table && unit != TD_NONE) {
        status = explain(cli, &s, unit);
    }
    if (status < 0) {
        return exit_of_status(cli, status);
    }
    return s.result->final ? CLI_OK : CLI_NOT_FINAL;
}
