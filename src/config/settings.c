/*
 * The table of settings.
 */
#include "config/config.h"

#include <string.h>

#include "base/banned.h"

#define MINUTE INT64_C(60000)
#define DAY (INT64_C(1440) * MINUTE)

const struct config_setting config_settings[CONFIG_KEYS] = {
    [CONFIG_LISTEN] = {.name = "listen",
                       .kind = CONFIG_TEXT,
                       .initial = "127.0.0.1",
                       .summary = TD_ID("address to listen at; 0.0.0.0 or :: is every network")},
    [CONFIG_PORT] = {.name = "port",
                     .kind = CONFIG_NUMBER,
                     .initial = "8080",
                     .most = 65535,
                     .summary = TD_ID("port to listen at; 0 takes any free one")},
    [CONFIG_DATA] = {.name = "data",
                     .kind = CONFIG_PATH,
                     .initial = "",
                     .summary = TD_ID("folder of the data; default $XDG_DATA_HOME/thidua or "
                                      "~/.local/share/thidua")},
    [CONFIG_DATABASE] = {.name = "database",
                         .kind = CONFIG_TEXT,
                         .initial = "",
                         .secret = true,
                         .summary = TD_ID("database: postgresql://… or the path of a SQLite file; "
                                          "default thidua.db in the data folder")},
    [CONFIG_ELECTIONS] = {.name = "elections",
                          .kind = CONFIG_PATH,
                          .initial = "",
                          .summary = TD_ID("folder of the secret ballots that are shown; default "
                                           "elections in the data folder")},
    [CONFIG_TLS_CERTIFICATE] = {.name = "tls_certificate",
                                .kind = CONFIG_PATH,
                                .initial = "",
                                .summary = TD_ID("certificate for HTTPS, a PEM file")},
    [CONFIG_TLS_KEY] = {.name = "tls_key",
                        .kind = CONFIG_PATH,
                        .initial = "",
                        .summary = TD_ID("private key of the certificate, a PEM file")},
    [CONFIG_TRUSTED_PROXY] = {.name = "trusted_proxy",
                              .kind = CONFIG_TEXT,
                              .initial = "",
                              .summary = TD_ID("address of the proxy before the server, whose "
                                               "X-Forwarded headers are believed")},
    [CONFIG_PLAIN_NETWORK] = {.name = "plain_network",
                              .kind = CONFIG_BOOL,
                              .initial = "no",
                              .summary = TD_ID("serve a network without HTTPS: passwords can be "
                                               "read on the way")},
    [CONFIG_WORKERS] = {.name = "workers",
                        .kind = CONFIG_NUMBER,
                        .initial = "0",
                        .most = 256,
                        .summary = TD_ID("pages read at once; 0 chooses by the machine")},
    [CONFIG_WRITERS] = {.name = "writers",
                        .kind = CONFIG_NUMBER,
                        .initial = "0",
                        .most = 256,
                        .summary = TD_ID("forms worked on at once; 0 is 32, which wait for the "
                                         "disk together")},
    [CONFIG_KEPT_SHEETS] = {.name = "kept_sheets",
                            .kind = CONFIG_NUMBER,
                            .initial = "4096",
                            .most = 65536,
                            .summary = TD_ID("submitted sheets kept in memory between two looks "
                                             "at them; 0 keeps none")},
    [CONFIG_SESSION_IDLE] = {.name = "session_idle",
                             .kind = CONFIG_DURATION,
                             .initial = "8h",
                             .least = MINUTE,
                             .most = INT64_C(30) * DAY,
                             .summary = TD_ID("who does nothing for so long is signed out")},
    [CONFIG_SESSION_ABSOLUTE] = {.name = "session_absolute",
                                 .kind = CONFIG_DURATION,
                                 .initial = "7d",
                                 .least = MINUTE,
                                 .most = INT64_C(90) * DAY,
                                 .summary = TD_ID("who signed in so long ago is signed out")},
    [CONFIG_TIME_ZONE] = {.name = "time_zone",
                          .kind = CONFIG_OFFSET,
                          .initial = "+07:00",
                          .summary = TD_ID("offset from UTC, which says when a day begins")},
    [CONFIG_LANGUAGE] = {.name = "language",
                         .kind = CONFIG_CHOICE,
                         .initial = "vi",
                         .choices = "vi|en",
                         .summary = TD_ID("language for who shows no preference")},
    [CONFIG_LOG] = {.name = "log",
                    .kind = CONFIG_TEXT,
                    .initial = "stderr",
                    .summary = TD_ID("a line for each request goes to: stderr, none, or a file")},
};

static void rename_to(const char *name, const char *prefix, bool capitals, char dash,
                      char out[static CONFIG_NAME])
{
    size_t n = strlen(prefix);
    memcpy(out, prefix, n);
    for (; *name != '\0' && n + 1 < CONFIG_NAME; name++) {
        bool small = *name >= 'a' && *name <= 'z';
        out[n++] = *name == '_' ? dash : capitals && small ? (char)(*name - 'a' + 'A') : *name;
    }
    out[n] = '\0';
}

void config_environment_name(const struct config_setting *setting, char out[static CONFIG_NAME])
{
    rename_to(setting->name, "THIDUA_", true, '_', out);
}

void config_flag_name(const struct config_setting *setting, char out[static CONFIG_NAME])
{
    rename_to(setting->name, "", false, '-', out);
}

/* Letters to add, leave out or change to make one name of the other. */
static size_t distance(const char *a, const char *b)
{
    size_t row[CONFIG_NAME];
    size_t n = strlen(b);

    if (n >= CONFIG_NAME || strlen(a) >= CONFIG_NAME) {
        return CONFIG_NAME;
    }
    for (size_t k = 0; k <= n; k++) {
        row[k] = k;
    }
    for (size_t i = 0; a[i] != '\0'; i++) {
        size_t corner = row[0];
        row[0] = i + 1;
        for (size_t k = 1; k <= n; k++) {
            size_t best = corner + (a[i] != b[k - 1]);
            corner = row[k];
            best = row[k] + 1 < best ? row[k] + 1 : best;
            row[k] = row[k - 1] + 1 < best ? row[k - 1] + 1 : best;
        }
    }
    return row[n];
}

const struct config_setting *config_nearest(const char *name)
{
    const struct config_setting *nearest = NULL;
    size_t least = strlen(name) / 3 + 2; /* further off it is another word */

    for (size_t i = 0; i < CONFIG_KEYS; i++) {
        size_t d = distance(name, config_settings[i].name);
        if (d < least) {
            least = d;
            nearest = &config_settings[i];
        }
    }
    return nearest;
}
