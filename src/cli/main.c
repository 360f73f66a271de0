/*
 * From the command line to a command. The only place where the program's exit status is decided.
 */
#include "cli/cli.h"

#include <string.h>

#include "base/banned.h"

/* Memory that one command may use: a file of the largest size, read into structures. */
#define COMMAND_MEMORY ((size_t)2 * 1024 * 1024 * 1024)

const char *cli_value(const struct cli *cli, const char *name)
{
    const struct cli_option *options = cli->command->options;
    for (int i = 0; options[i].name != NULL; i++) {
        if (strcmp(options[i].name, name) == 0) {
            return cli->values[i];
        }
    }
    return NULL;
}

static enum cli_exit misuse(struct cli *cli, struct td_message message)
{
    fputs("thidua: ", cli->err);
    print_message(cli, cli->err, message);
    fputc('\n', cli->err);
    if (cli->command != NULL) {
        help_of(cli, cli->command, cli->err);
    } else {
        print_message(cli, cli->err, TD_WORDS("Try: thidua --help"));
        fputc('\n', cli->err);
    }
    return CLI_BAD_USAGE;
}

static bool is_choice(const struct cli_option *option, const char *value)
{
    bool found = option->choices == NULL;
    for (int i = 0; option->choices != NULL && option->choices[i] != NULL; i++) {
        found = found || strcmp(option->choices[i], value) == 0;
    }
    return found;
}

/* Does the word name the option? "--year" or "--year=FILE"; *ret_value is what follows '='. */
static bool names_option(const struct cli_option *option, const char *word, const char **ret_value)
{
    size_t n = strlen(option->name);
    if (strncmp(word, "--", 2) != 0 || strncmp(word + 2, option->name, n) != 0 ||
        (word[2 + n] != '\0' && word[2 + n] != '=')) {
        return false;
    }
    *ret_value = word[2 + n] == '=' ? word + 3 + n : NULL;
    return true;
}

static const struct cli_option *find_option(const struct cli_option *options, const char *word,
                                            const char **ret_value)
{
    for (; options->name != NULL; options++) {
        if (names_option(options, word, ret_value)) {
            return options;
        }
    }
    return NULL;
}

/* The language is needed to say what is wrong with the rest, so it is looked for first. */
static void choose_language(struct cli *cli, int argc, char **argv)
{
    const char *value = NULL;
    cli->language = language_find("vi");
    for (int i = 1; i < argc; i++) {
        if (names_option(&cli_common_options[0], argv[i], &value)) {
            const char *code = value != NULL ? value : i + 1 < argc ? argv[i + 1] : "";
            const struct language *found = language_find(code);
            cli->language = found != NULL ? found : cli->language;
        }
    }
}

/* The command that argv[1..] names; *ret_words gets how many words its name has. */
static const struct cli_command *find_command(int argc, char **argv, int *ret_words)
{
    for (const struct cli_command *c = cli_commands; c->name != NULL; c++) {
        int words = c->group == NULL ? 1 : 2;
        if (argc > words && (c->group == NULL || strcmp(argv[1], c->group) == 0) &&
            strcmp(argv[words], c->name) == 0) {
            *ret_words = words;
            return c;
        }
    }
    return NULL;
}

/* Options into cli->values, the other words into cli->operands (which reuse argv's room). */
static enum cli_exit read_words(struct cli *cli, int argc, char **argv, int from)
{
    const struct cli_option *options = cli->command->options;
    bool only_operands = false;
    cli->operands = argv + from;
    for (int i = from; i < argc; i++) {
        char *word = argv[i];
        if (only_operands || word[0] != '-' || word[1] == '\0') {
            cli->operands[cli->operand_count++] = word;
            continue;
        }
        if (strcmp(word, "--") == 0) {
            only_operands = true;
            continue;
        }
        const char *value = NULL;
        const struct cli_option *option = find_option(options, word, &value);
        bool common = option == NULL;
        if (common) {
            option = find_option(cli_common_options, word, &value);
        }
        if (option == NULL) {
            return misuse(cli, TD_MESSAGE("unknown option {0}", TD_TEXT(word)));
        }
        if (option->argument == NULL && value != NULL) {
            return misuse(cli, TD_MESSAGE("--{0} takes no value", TD_TEXT(option->name)));
        }
        if (option->argument == NULL) {
            value = "yes";
        } else if (value == NULL && i + 1 < argc) {
            value = argv[++i];
        }
        if (value == NULL) {
            return misuse(cli, TD_MESSAGE("{0} needs a value: {1}", TD_TEXT(word),
                                          TD_TEXT(option->argument)));
        }
        if (!is_choice(option, value)) {
            return misuse(cli, TD_MESSAGE("--{0} can be {1}, not “{2}”", TD_TEXT(option->name),
                                          TD_TEXT(option->argument), TD_TEXT(value)));
        }
        if (!common) {
            cli->values[option - options] = value;
        }
    }
    return CLI_OK;
}

static enum cli_exit check_words(struct cli *cli)
{
    const struct cli_option *options = cli->command->options;
    for (int i = 0; options[i].name != NULL; i++) {
        if (options[i].required && cli->values[i] == NULL) {
            return misuse(cli, TD_MESSAGE("--{0} is needed", TD_TEXT(options[i].name)));
        }
    }
    if (cli->command->operands == NULL && cli->operand_count > 0) {
        return misuse(cli, TD_MESSAGE("unexpected word “{0}”", TD_TEXT(cli->operands[0])));
    }
    return CLI_OK;
}

static enum cli_exit dispatch(struct cli *cli, int argc, char **argv)
{
    int words = 0;
    if (argc < 2 || strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0) {
        help_overview(cli, argc < 2 ? cli->err : cli->out);
        return argc < 2 ? CLI_BAD_USAGE : CLI_OK;
    }
    if (strcmp(argv[1], "--version") == 0) {
        fprintf(cli->out, "thidua %s\n", THIDUA_VERSION);
        return CLI_OK;
    }
    const struct cli_command *command = find_command(argc, argv, &words);
    if (command == NULL) {
        return misuse(cli, TD_MESSAGE("unknown command “{0}”", TD_TEXT(argv[1])));
    }
    cli->command = command;
    for (int i = words + 1; i < argc; i++) {
        if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0) {
            help_of(cli, command, cli->out);
            return CLI_OK;
        }
    }
    enum cli_exit status = read_words(cli, argc, argv, words + 1);
    if (status == CLI_OK) {
        status = check_words(cli);
    }
    return status == CLI_OK ? command->run(cli) : status;
}

enum cli_exit cli_run(int argc, char **argv, FILE *out, FILE *err)
{
    struct cli cli = {.out = out, .err = err};
    choose_language(&cli, argc, argv);
    cli.arena = td_arena_new(COMMAND_MEMORY);
    if (cli.arena == NULL) {
        return CLI_INTERNAL;
    }
    enum cli_exit status = dispatch(&cli, argc, argv);
    td_arena_free(cli.arena);
    if (fflush(out) != 0 || ferror(out)) {
        fprintf(err, "thidua: %s\n",
                language_text(cli.language, TD_ID("the output could not be written")));
        return CLI_INTERNAL;
    }
    return status;
}

int main(int argc, char **argv)
{
    return (int)cli_run(argc, argv, stdout, stderr);
}
