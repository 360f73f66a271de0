/*
 * thidua config sample: a file of settings to begin with, from the table of settings.
 */
#include "cli/cli.h"
#include "config/config.h"

#include "base/banned.h"

enum cli_exit cmd_config_sample(struct cli *cli)
{
    char name[CONFIG_NAME];

    print_wrapped(
        cli->out, "# ", 0,
        language_text(cli->language,
                      TD_ID("Settings of thidua. Remove the # before a line to change it.")));
    for (size_t i = 0; i < CONFIG_KEYS; i++) {
        const struct config_setting *s = &config_settings[i];
        config_environment_name(s, name);
        fprintf(cli->out, "\n# %s\n# %s\n#%s =%s%s\n", language_text(cli->language, s->summary),
                name, s->name, s->initial[0] == '\0' ? "" : " ", s->initial);
    }
    return CLI_OK;
}
