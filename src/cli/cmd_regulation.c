/*
 * thidua regulation check | conform: a regulation as an officer reads it, with its sums, and every
 * problem at once.
 */
#include "cli/cli.h"
#include "format/format.h"

#include <string.h>

#include "base/banned.h"

static enum cli_exit worse(enum cli_exit a, enum cli_exit b)
{
    return a > b ? a : b;
}

static const char *points_text(struct cli *cli, const struct td_regulation *reg, int64_t units)
{
    struct td_fraction points = {0, 1};
    struct td_decimal decimal = {.units = units, .decimals = reg->scale.item_decimals};
    if (td_fraction_of_decimal(decimal, &points) < 0) {
        return "";
    }
    struct td_message message = TD_MESSAGE("{0}", TD_FRACTION(points));
    return message_text(cli, &message);
}

static void print_node(struct cli *cli, const struct td_regulation *reg, int32_t index)
{
    const struct td_node *node = &reg->nodes[index];
    const char *label = node->number != NULL ? node->number : node->id;
    struct td_message text =
        node->example ? TD_MESSAGE("{0}. {1} (example)", TD_TEXT(label), TD_TEXT(node->title))
        : node->added ? TD_MESSAGE("{0}. {1} (added)", TD_TEXT(label), TD_TEXT(node->title))
                      : TD_MESSAGE("{0}. {1}", TD_TEXT(label), TD_TEXT(node->title));
    int indent = 2 * (node->depth + 1);
    fprintf(cli->out, "%*s", indent, "");
    print_column(cli->out, message_text(cli, &text), CLI_WIDTH - indent - 10, false);
    print_column(cli->out, points_text(cli, reg, node->points), 10, true);
    fputc('\n', cli->out);
}

/* A duty or meeting of the year with its days. */
static void print_due(struct cli *cli, const struct td_regulation *reg, const char *title,
                      const struct td_when_due *due, int32_t year)
{
    struct td_date first, last;
    td_due_days(reg, due, year, 12, (struct td_date){0}, &first, &last);
    fputs("  ", cli->out);
    print_column(cli->out, title, CLI_WIDTH - 28, false);
    fputs("  ", cli->out);
    if (td_date_is_set(last)) {
        print_message(cli, cli->out, TD_MESSAGE("{0} .. {1}", TD_DATE(first), TD_DATE(last)));
    }
    fputc('\n', cli->out);
}

/* The year's calendar: of the regulation's own year, or of the one asked for. */
static void print_calendar(struct cli *cli, const struct td_regulation *reg, int32_t year)
{
    if (year == 0 || reg->duty_count + reg->meeting_count == 0) {
        return;
    }
    print_message(cli, cli->out, TD_WORDS("Duties and meetings of the year:"));
    fputc('\n', cli->out);
    for (int32_t i = 0; i < reg->duty_count; i++) {
        print_due(cli, reg, reg->duties[i].title, &reg->duties[i].due, year);
    }
    for (int32_t i = 0; i < reg->meeting_count; i++) {
        print_due(cli, reg, reg->meetings[i].title, &reg->meetings[i].due, year);
    }
}

static void print_regulation(struct cli *cli, const struct td_regulation *reg, int32_t year)
{
    fprintf(cli->out, "%s\n", reg->title);
    fprintf(cli->out, "%s, ", reg->id);
    print_message(cli, cli->out,
                  TD_MESSAGE("version {0}; {1}; SHA-256 {2}", TD_COUNT(reg->version),
                             TD_TEXT(reg->authority), TD_TEXT(reg->sha256)));
    fputc('\n', cli->out);
    for (int32_t i = 0; i < reg->note_count; i++) {
        print_wrapped(cli->out, "  * ", 4, reg->notes[i]);
    }
    for (int32_t i = 0; i < reg->node_count; i++) {
        struct td_mark mark = td_arena_mark(cli->arena);
        print_node(cli, reg, i);
        td_arena_rewind(cli->arena, mark);
    }
    struct td_message total = TD_WORDS("The scale");
    struct td_message bonus = TD_WORDS("Bonus, at most");
    if (reg->bonus.cap != TD_NONE) {
        fputs("  ", cli->out);
        print_column(cli->out, message_text(cli, &bonus), CLI_WIDTH - 12, false);
        print_column(cli->out, points_text(cli, reg, reg->bonus.cap), 10, true);
        fputc('\n', cli->out);
    }
    fputs("  ", cli->out);
    print_column(cli->out, message_text(cli, &total), CLI_WIDTH - 12, false);
    print_column(cli->out, points_text(cli, reg, reg->scale.total), 10, true);
    fputc('\n', cli->out);
    print_calendar(cli, reg, year != 0 ? year : reg->year);
}

static enum cli_exit need_files(struct cli *cli)
{
    if (cli->operand_count > 0) {
        return CLI_OK;
    }
    help_of(cli, cli->command, cli->err);
    return CLI_BAD_USAGE;
}

enum cli_exit cmd_regulation_check(struct cli *cli)
{
    enum cli_exit status = need_files(cli);
    const char *label = cli_value(cli, "year");
    struct td_decimal year = {0};
    if (label != NULL && (td_decimal_parse(label, strlen(label), 0, &year) < 0 ||
                          year.units < TD_YEAR_MIN || year.units > TD_YEAR_MAX - 1)) {
        fputs("thidua: ", cli->err);
        print_message(cli, cli->err, TD_MESSAGE("“{0}” is not a year", TD_TEXT(label)));
        fputc('\n', cli->err);
        return CLI_BAD_USAGE;
    }
    for (int i = 0; i < cli->operand_count; i++) {
        struct td_mark mark = td_arena_mark(cli->arena);
        struct td_problems problems = TD_PROBLEMS(cli->arena, cli->operands[i]);
        struct td_regulation *reg = NULL;
        int read = format_regulation_read(cli->operands[i], cli->arena, &problems, &reg);
        if (read == TD_OK) {
            print_regulation(cli, reg, (int32_t)year.units);
        }
        fflush(cli->out);
        print_problems(cli, read == TD_OK ? cli->out : cli->err, &problems);
        status = worse(status, exit_of_status(cli, read));
        td_arena_rewind(cli->arena, mark);
    }
    return status;
}

enum cli_exit cmd_regulation_conform(struct cli *cli)
{
    const char *frame_path = cli_value(cli, "frame");
    struct td_problems problems = TD_PROBLEMS(cli->arena, frame_path);
    struct td_frame *frame = NULL;
    enum cli_exit status = need_files(cli);
    if (status != CLI_OK) {
        return status;
    }
    int read = format_frame_read(frame_path, cli->arena, &problems, &frame);
    print_problems(cli, cli->err, &problems);
    if (read < 0) {
        return exit_of_status(cli, read);
    }
    for (int i = 0; i < cli->operand_count; i++) {
        struct td_mark mark = td_arena_mark(cli->arena);
        const char *path = cli->operands[i];
        struct td_problems found = TD_PROBLEMS(cli->arena, path);
        struct td_regulation *reg = NULL;
        read = format_regulation_read(path, cli->arena, &found, &reg);
        if (read == TD_OK) {
            found = TD_PROBLEMS(cli->arena, path);
            read = td_frame_conform(frame, reg, &found);
        }
        print_problems(cli, cli->err, &found);
        if (read == TD_OK) {
            fprintf(cli->out, "%s: ", path);
            print_message(cli, cli->out,
                          TD_MESSAGE("conforms to {0}", TD_TEXT(frame->common.title)));
            fputc('\n', cli->out);
        }
        status = worse(status, exit_of_status(cli, read));
        td_arena_rewind(cli->arena, mark);
    }
    return status;
}
