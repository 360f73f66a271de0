/*
 * Settings: their order, their forms, and what is said of each that is wrong.
 */
#include "config/config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

struct source {
    const char *environment[4], *flags[4]; /* name and value by turns */
};

static const char *look(const char *const *pairs, const char *name)
{
    for (int i = 0; i < 4 && pairs[i] != NULL; i += 2) {
        if (strcmp(pairs[i], name) == 0) {
            return pairs[i + 1];
        }
    }
    return NULL;
}

static const char *environment(void *context, const char *name)
{
    return look(((const struct source *)context)->environment, name);
}

static const char *flag(void *context, const char *name)
{
    return look(((const struct source *)context)->flags, name);
}

static int read_with(struct td_arena *arena, const char *text, struct source *source,
                     struct td_problems *problems, struct config *ret)
{
    char path[] = P_tmpdir "/thidua-config-XXXXXX";
    int fd = mkstemp(path);
    struct config_sources sources = {.file = path,
                                     .file_required = true,
                                     .environment = environment,
                                     .flag = flag,
                                     .context = source};

    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, strlen(text)), strlen(text));
    assert_int_equal(close(fd), 0);
    *problems = TD_PROBLEMS(arena, NULL);
    int status = config_read(&sources, problems, ret);
    assert_null(problems->file);
    assert_int_equal(unlink(path), 0);
    return status;
}

static void test_config__flag_beats_environment_beats_file_beats_default(void **state)
{
    struct td_arena *arena = td_arena_new(1 << 20);
    struct source source = {.environment = {"THIDUA_PORT", "2", "THIDUA_WORKERS", "7"},
                            .flags = {"port", "3", "trusted-proxy", "10.0.0.1"}};
    struct td_problems problems;
    struct config config;

    (void)state;
    assert_int_equal(read_with(arena,
                               "port = 1\nworkers=5\n\t# x = y\n log =  a b \r\n"
                               "tls_key = k.pem\ntls_certificate = /c.pem",
                               &source, &problems, &config),
                     TD_OK);
    assert_int_equal(config.numbers[CONFIG_PORT], 3);
    assert_int_equal(config.numbers[CONFIG_WORKERS], 7);
    assert_string_equal(config.texts[CONFIG_LOG], "a b");
    assert_string_equal(config.texts[CONFIG_TRUSTED_PROXY], "10.0.0.1");
    assert_string_equal(config.texts[CONFIG_TLS_KEY], P_tmpdir "/k.pem");
    assert_string_equal(config.texts[CONFIG_TLS_CERTIFICATE], "/c.pem");
    assert_int_equal(config.numbers[CONFIG_SESSION_IDLE], 8 * 3600 * 1000);
    assert_int_equal(config.numbers[CONFIG_TIME_ZONE], 7 * 60);
    assert_string_equal(config.texts[CONFIG_LANGUAGE], "vi");
    td_arena_free(arena);
}

static void test_config__all_that_is_wrong_at_once(void **state)
{
    struct td_arena *arena = td_arena_new(1 << 20);
    struct source source = {.environment = {"THIDUA_LANGUAGE", "fr"}, .flags = {"port", "-1"}};
    static const char *const where[] = {"1", "2", "4", "5", "THIDUA_LANGUAGE", "--port"};
    struct td_problems problems;
    struct config config;

    (void)state;
    assert_int_equal(read_with(arena, "prt = 1\nport = 65536\nlog = x\nlog = y\nwhat\n", &source,
                               &problems, &config),
                     TD_E_INVALID);
    const struct td_problem *p = problems.first;
    for (size_t i = 0; i < sizeof where / sizeof *where; i++, p = p->next) {
        assert_non_null(p);
        assert_string_equal(p->where, where[i]);
        assert_non_null(p->remedy.id);
    }
    assert_null(p);
    assert_string_equal(problems.first->remedy.args[0].text, "port");
    td_arena_free(arena);
}

static void test_config__settings_that_do_not_go_together(void **state)
{
    struct td_arena *arena = td_arena_new(1 << 20);
    struct source source = {0};
    struct td_problems problems;
    struct config config;

    (void)state;
    assert_int_equal(read_with(arena, "tls_key = k\n", &source, &problems, &config), TD_E_INVALID);
    assert_int_equal(read_with(arena, "session_idle = 8d\n", &source, &problems, &config),
                     TD_E_INVALID);
    td_arena_free(arena);
}

static void test_config__secrets_are_not_repeated(void **state)
{
    struct td_arena *arena = td_arena_new(1 << 20);
    struct source source = {0};
    struct td_problems problems;
    struct config config;

    (void)state;
    assert_int_equal(read_with(arena, "database = hid\001den\n", &source, &problems, &config),
                     TD_E_INVALID);
    for (int i = 0; i < TD_MESSAGE_ARGS; i++) {
        const struct td_arg *arg = &problems.first->what.args[i];
        assert_true(arg->kind != TD_ARG_TEXT || strstr(arg->text, "hid") == NULL);
    }
    td_arena_free(arena);
}

static void test_config__forms_of_values(void **state)
{
    static const struct {
        enum config_key key;
        const char *text;
        bool fits;
        int64_t number;
    } cases[] = {
        {CONFIG_PORT, "0", true, 0},
        {CONFIG_PORT, "65535", true, 65535},
        {CONFIG_PORT, "", false, 0},
        {CONFIG_PORT, " 1", false, 0},
        {CONFIG_PORT, "+1", false, 0},
        {CONFIG_PORT, "1x", false, 0},
        {CONFIG_PORT, "18446744073709551617", false, 0},
        {CONFIG_PLAIN_NETWORK, "yes", true, 1},
        {CONFIG_PLAIN_NETWORK, "no", true, 0},
        {CONFIG_PLAIN_NETWORK, "true", false, 0},
        {CONFIG_SESSION_IDLE, "90s", true, 90000},
        {CONFIG_SESSION_IDLE, "30m", true, 1800000},
        {CONFIG_SESSION_IDLE, "30d", true, INT64_C(2592000000)},
        {CONFIG_SESSION_IDLE, "31d", false, 0},
        {CONFIG_SESSION_IDLE, "59s", false, 0},
        {CONFIG_SESSION_IDLE, "8", false, 0},
        {CONFIG_SESSION_IDLE, "8hh", false, 0},
        {CONFIG_SESSION_IDLE, "h", false, 0},
        {CONFIG_TIME_ZONE, "+07:00", true, 420},
        {CONFIG_TIME_ZONE, "-03:30", true, -210},
        {CONFIG_TIME_ZONE, "07:00", false, 0},
        {CONFIG_TIME_ZONE, "+7:00", false, 0},
        {CONFIG_TIME_ZONE, "+15:00", false, 0},
        {CONFIG_TIME_ZONE, "+07:60", false, 0},
        {CONFIG_LANGUAGE, "en", true, 0},
        {CONFIG_LANGUAGE, "e", false, 0},
        {CONFIG_LANGUAGE, "vi|en", false, 0},
        {CONFIG_LANGUAGE, "", false, 0},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct td_message what = {0};
        int64_t number = -1;
        bool fits = config_value(&config_settings[cases[i].key], cases[i].text, &number, &what);
        if (fits != cases[i].fits || (fits && number != cases[i].number)) {
            fail_msg("“%s”: %d %lld", cases[i].text, fits, (long long)number);
        }
    }
}

static void test_config__names(void **state)
{
    char name[CONFIG_NAME];

    (void)state;
    config_environment_name(&config_settings[CONFIG_TLS_CERTIFICATE], name);
    assert_string_equal(name, "THIDUA_TLS_CERTIFICATE");
    config_flag_name(&config_settings[CONFIG_TLS_CERTIFICATE], name);
    assert_string_equal(name, "tls-certificate");
    assert_string_equal(config_nearest("prot")->name, "port");
    assert_string_equal(config_nearest("session_idel")->name, "session_idle");
    assert_null(config_nearest("something_else_entirely"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_config__flag_beats_environment_beats_file_beats_default),
        cmocka_unit_test(test_config__all_that_is_wrong_at_once),
        cmocka_unit_test(test_config__settings_that_do_not_go_together),
        cmocka_unit_test(test_config__secrets_are_not_repeated),
        cmocka_unit_test(test_config__forms_of_values),
        cmocka_unit_test(test_config__names),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
