/*
 * Help, the manual page and the shell completion, all from the table of commands.
 */
#include "cli/cli.h"

#include <string.h>

#include "base/banned.h"

static const char *words(const struct cli *cli, const char *id)
{
    return language_text(cli->language, id);
}

static void print_name(const struct cli_command *command, FILE *to)
{
    fprintf(to, "%s%s%s", command->group == NULL ? "" : command->group,
            command->group == NULL ? "" : " ", command->name);
}

static const char *argument_of(const struct cli_option *option)
{
    return option->argument == NULL ? "" : option->argument;
}

static void print_usage(const struct cli_command *command, FILE *to)
{
    fputs("thidua ", to);
    print_name(command, to);
    for (const struct cli_option *o = command->options; o->name != NULL; o++) {
        fprintf(to, o->required ? " --%s%s%s" : " [--%s%s%s]", o->name,
                o->argument == NULL ? "" : " ", argument_of(o));
    }
    if (command->operands != NULL) {
        fprintf(to, " %s", command->operands);
    }
}

static void print_option(const struct cli *cli, const struct cli_option *option, FILE *to)
{
    char name[64];
    snprintf(name, sizeof(name), "--%s %s", option->name, argument_of(option));
    fprintf(to, "  %-26s %s\n", name, words(cli, option_summary(option)));
}

void help_of(struct cli *cli, const struct cli_command *command, FILE *to)
{
    fprintf(to, "%s: ", words(cli, TD_ID("usage")));
    print_usage(command, to);
    fprintf(to, "\n  %s\n", words(cli, command->summary));
    for (const struct cli_option *o = command->options; o->name != NULL; o++) {
        print_option(cli, o, to);
    }
    for (const struct cli_option *o = cli_common_options; o->name != NULL; o++) {
        print_option(cli, o, to);
    }
}

static const char *const exits[] = {
    TD_ID("0 done; 1 a file can't be read or is refused; 2 wrong use; 3 computed, not final yet; "
          "4 no memory or no room to write; 5 the database or the address can't be used"),
};

void help_overview(struct cli *cli, FILE *to)
{
    fprintf(to, "thidua %s: %s\n\n", THIDUA_VERSION,
            words(cli, TD_ID("emulation clusters and blocs, scored exactly and explained")));
    for (const struct cli_command *c = cli_commands; c->name != NULL; c++) {
        fputs("  ", to);
        print_usage(c, to);
        fprintf(to, "\n      %s\n", words(cli, c->summary));
    }
    fprintf(to, "\n%s\n", words(cli, TD_ID("For every command:")));
    for (const struct cli_option *o = cli_common_options; o->name != NULL; o++) {
        print_option(cli, o, to);
    }
    fprintf(to, "\n%s:\n", words(cli, TD_ID("Exit status")));
    print_wrapped(to, "  ", 2, words(cli, exits[0]));
}

enum cli_exit cmd_help(struct cli *cli)
{
    if (cli->operand_count == 0) {
        help_overview(cli, cli->out);
        return CLI_OK;
    }
    bool any = false;
    const char *last = cli->operands[cli->operand_count - 1];
    for (const struct cli_command *c = cli_commands; c->name != NULL; c++) {
        bool group = cli->operand_count == 1 && c->group != NULL && strcmp(c->group, last) == 0;
        if (group || strcmp(c->name, last) == 0) {
            help_of(cli, c, cli->out);
            any = true;
        }
    }
    if (!any) {
        fputs("thidua: ", cli->err);
        print_message(cli, cli->err, TD_MESSAGE("unknown command “{0}”", TD_TEXT(last)));
        fputc('\n', cli->err);
    }
    return any ? CLI_OK : CLI_BAD_USAGE;
}

/* roff takes '-' for a hyphen and a line's leading '.' for a request. */
static void roff(FILE *to, const char *text)
{
    for (; *text != '\0'; text++) {
        if (*text == '-' || *text == '\\') {
            fputc('\\', to);
        }
        fputc(*text, to);
    }
}

enum cli_exit cmd_manual(struct cli *cli)
{
    FILE *to = cli->out;
    fprintf(to, ".TH THIDUA 1 \"\" \"thidua %s\"\n.SH %s\nthidua \\- ", THIDUA_VERSION,
            words(cli, TD_ID("NAME")));
    roff(to, words(cli, TD_ID("emulation clusters and blocs, scored exactly and explained")));
    fprintf(to, "\n.SH %s\n", words(cli, TD_ID("COMMANDS")));
    for (const struct cli_command *c = cli_commands; c->name != NULL; c++) {
        fputs(".TP\n.B thidua ", to);
        print_name(c, to);
        for (const struct cli_option *o = c->options; o->name != NULL; o++) {
            fputs(o->required ? " \\-\\-" : " [\\-\\-", to);
            roff(to, o->name);
            fprintf(to, o->required ? "%s%s" : "%s%s]", o->argument == NULL ? "" : " ",
                    argument_of(o));
        }
        fprintf(to, " %s\n", c->operands == NULL ? "" : c->operands);
        roff(to, words(cli, c->summary));
        fputc('\n', to);
        for (const struct cli_option *o = c->options; o->name != NULL; o++) {
            fputs(".RS\n.TP\n.B \\-\\-", to);
            roff(to, o->name);
            fprintf(to, " \\fI%s\\fR\n", argument_of(o));
            roff(to, words(cli, option_summary(o)));
            fputs("\n.RE\n", to);
        }
    }
    fprintf(to, ".SH %s\n", words(cli, TD_ID("OPTIONS")));
    for (const struct cli_option *o = cli_common_options; o->name != NULL; o++) {
        fprintf(to, ".TP\n.B \\-\\-%s \\fI%s\\fR\n", o->name, o->argument);
        roff(to, words(cli, option_summary(o)));
        fputc('\n', to);
    }
    fprintf(to, ".SH %s\n", words(cli, TD_ID("EXIT STATUS")));
    roff(to, words(cli, exits[0]));
    fputc('\n', to);
    return CLI_OK;
}

static void complete_options(const struct cli_option *options, FILE *to)
{
    for (; options->name != NULL; options++) {
        fprintf(to, " --%s", options->name);
    }
}

static void complete_choices(const struct cli_option *options, FILE *to)
{
    for (; options->name != NULL; options++) {
        if (options->choices == NULL) {
            continue;
        }
        fprintf(to, "    --%s) COMPREPLY=($(compgen -W '", options->name);
        for (int i = 0; options->choices[i] != NULL; i++) {
            fprintf(to, "%s%s", i == 0 ? "" : " ", options->choices[i]);
        }
        fputs("' -- \"$word\")); return;;\n", to);
    }
}

enum cli_exit cmd_completion(struct cli *cli)
{
    FILE *to = cli->out;
    fputs("_thidua() {\n  local word=\"${COMP_WORDS[COMP_CWORD]}\" "
          "before=\"${COMP_WORDS[COMP_CWORD-1]}\" words=''\n  case \"$before\" in\n",
          to);
    complete_choices(cli_common_options, to);
    for (const struct cli_command *c = cli_commands; c->name != NULL; c++) {
        complete_choices(c->options, to);
    }
    fputs("  esac\n  case \"${COMP_WORDS[*]:1:COMP_CWORD-1} \" in\n", to);
    for (const struct cli_command *c = cli_commands; c->name != NULL; c++) {
        fputs("    \"", to);
        print_name(c, to);
        fputs(" \"*) words='", to);
        complete_options(c->options, to);
        complete_options(cli_common_options, to);
        fputs("';;\n", to);
    }
    const char *group = "";
    for (const struct cli_command *c = cli_commands; c->name != NULL; c++) {
        if (c->group != NULL && strcmp(group, c->group) != 0) {
            group = c->group;
            fprintf(to, "    \"%s \"*) words='", group);
            for (const struct cli_command *d = cli_commands; d->name != NULL; d++) {
                if (d->group != NULL && strcmp(d->group, group) == 0) {
                    fprintf(to, " %s", d->name);
                }
            }
            fputs("';;\n", to);
        }
    }
    fputs("    *) words='--help --version", to);
    group = "";
    for (const struct cli_command *c = cli_commands; c->name != NULL; c++) {
        if (c->group == NULL) {
            fprintf(to, " %s", c->name);
        } else if (strcmp(group, c->group) != 0) {
            group = c->group;
            fprintf(to, " %s", group);
        }
    }
    fputs("';;\n  esac\n  COMPREPLY=($(compgen -W \"$words\" -- \"$word\"))\n"
          "  [ ${#COMPREPLY[@]} -gt 0 ] || COMPREPLY=($(compgen -f -- \"$word\"))\n}\n"
          "complete -o filenames -F _thidua thidua\n",
          to);
    return CLI_OK;
}
