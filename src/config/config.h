/*
 * The settings of an installation: one table, from which the file's reader, the environment's
 * names, the flags, the sample and the guide all come.
 *
 * A setting is taken from the command line's flag (--trusted-proxy), else from the environment
 * (THIDUA_TRUSTED_PROXY), else from the file (trusted_proxy = …), else it has its default. What is
 * wrong is refused with its place and the remedy, all at once; nothing is guessed, and no name is
 * passed over because it was mistyped.
 */
#ifndef CONFIG_CONFIG_H
#define CONFIG_CONFIG_H

#include "base/buf.h"
#include "thidua/problem.h"

#define CONFIG_FILE_MAX ((size_t)64 * 1024)

enum config_key {
    CONFIG_LISTEN,
    CONFIG_PORT,
    CONFIG_DATA,
    CONFIG_DATABASE,
    CONFIG_ELECTIONS,
    CONFIG_TLS_CERTIFICATE,
    CONFIG_TLS_KEY,
    CONFIG_TRUSTED_PROXY,
    CONFIG_PLAIN_NETWORK,
    CONFIG_WORKERS,
    CONFIG_WRITERS,
    CONFIG_KEPT_SHEETS,
    CONFIG_SESSION_IDLE,
    CONFIG_SESSION_ABSOLUTE,
    CONFIG_TIME_ZONE,
    CONFIG_LANGUAGE,
    CONFIG_LOG,
    CONFIG_KEYS,
};

enum config_kind {
    CONFIG_TEXT,
    CONFIG_PATH,     /* in a file, relative to the file's folder */
    CONFIG_NUMBER,   /* whole, least..most */
    CONFIG_BOOL,     /* yes or no; the number is 1 or 0 */
    CONFIG_DURATION, /* 45s, 30m, 8h, 7d; the number is milliseconds */
    CONFIG_OFFSET,   /* +07:00; the number is minutes east of UTC */
    CONFIG_CHOICE,   /* one of the choices */
};

struct config_setting {
    const char *name; /* "trusted_proxy" */
    enum config_kind kind;
    const char *initial; /* as it would be written; "": none */
    const char *summary; /* message id */
    int64_t least, most; /* of NUMBER, DURATION (ms) */
    const char *choices; /* of CHOICE: "vi|en" */
    bool secret;         /* never printed */
};

/* The table, CONFIG_KEYS of them. */
extern const struct config_setting config_settings[];

struct config {
    const char *texts[CONFIG_KEYS]; /* never NULL; "" where nothing is set */
    int64_t numbers[CONFIG_KEYS];   /* of NUMBER, BOOL, DURATION and OFFSET */
};

#define CONFIG_NAME 64

/* "THIDUA_TRUSTED_PROXY" and "trusted-proxy". */
void config_environment_name(const struct config_setting *setting, char out[static CONFIG_NAME]);
void config_flag_name(const struct config_setting *setting, char out[static CONFIG_NAME]);

/* Where values come from. */
struct config_sources {
    const char *file;   /* path, or NULL */
    bool file_required; /* otherwise one that isn't there is passed over */
    const char *(*environment)(void *context, const char *name); /* NULL when not set */
    const char *(*flag)(void *context, const char *name);        /* likewise */
    void *context;
};

/* Read them all. TD_OK; TD_E_INVALID, the problems say what; TD_E_MEMORY. */
int config_read(const struct config_sources *sources, struct td_problems *problems,
                struct config *ret) TD_MUST_CHECK __attribute__((nonnull));

/* Read a value as its setting asks. The number is set for the kinds that have one. A refusal says
 * in *ret_what what the value can be. */
bool config_value(const struct config_setting *setting, const char *text, int64_t *ret_number,
                  struct td_message *ret_what) __attribute__((nonnull, warn_unused_result));

/* The setting whose name is nearest to a mistyped one, or NULL when none is near. */
const struct config_setting *config_nearest(const char *name) __attribute__((nonnull));

#endif
