/*
 * Options that are settings are explained once, in the table of settings.
 */
#include "cli/cli.h"
#include "config/config.h"

#include <string.h>

#include "base/banned.h"

const char *option_summary(const struct cli_option *option)
{
    char flag[CONFIG_NAME];
    if (option->summary != NULL) {
        return option->summary;
    }
    for (size_t i = 0; i < CONFIG_KEYS; i++) {
        config_flag_name(&config_settings[i], flag);
        if (strcmp(flag, option->name) == 0) {
            return config_settings[i].summary;
        }
    }
    return "";
}
