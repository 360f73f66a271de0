/*
 * Accounts, links, roles and sessions, on both engines.
 */
#include "office_test.h"

#include <pthread.h>
#include <stdatomic.h>

static struct account_link make(struct fixture *f, const char *login, bool administrator)
{
    struct td_problems problems = TD_PROBLEMS(f->arena, NULL);
    const struct account_new in = {
        .login = login, .name = "Nguyễn Văn A", .language = "vi", .administrator = administrator};
    struct account_link link;

    assert_int_equal(account_create(f->office, &f->program, &in, &problems, &link), TD_OK);
    return link;
}

static int use_link(struct fixture *f, const char *token, const char *password)
{
    struct td_problems problems = TD_PROBLEMS(f->arena, NULL);
    int status = account_link_use(f->office, token, password, &problems);

    assert_int_equal(problems.errors > 0, status == OFFICE_REFUSED);
    return status;
}

static void make_ready(struct fixture *f, const char *login)
{
    struct account_link link = make(f, login, false);

    assert_int_equal(use_link(f, link.token, PASSWORD), TD_OK);
}

static int sign_in_from(struct fixture *f, const char *login, const char *password,
                        const char *address, struct session_begun *ret)
{
    return session_begin(
        f->office,
        &(struct session_begin_in){.login = login, .password = password, .address = address},
        f->arena, ret);
}

static int sign_in(struct fixture *f, const char *login, const char *password,
                   struct session_begun *ret)
{
    return sign_in_from(f, login, password, "192.0.2.1", ret);
}

static int find(struct fixture *f, const char *token, const struct actor **ret)
{
    return session_find(f->office, token, f->arena, ret);
}

/* ---- links and passwords --------------------------------------------------------------------- */

static void test_account__link_works_once_and_in_time(struct fixture *f)
{
    struct account_link link = make(f, "Lan.Anh", false);
    struct account_link_owner owner;

    assert_string_equal(link.login, "lan.anh");
    assert_int_equal(account_link_find(f->office, link.token, f->arena, &owner), TD_OK);
    assert_string_equal(owner.login, "lan.anh");
    assert_int_equal(use_link(f, link.token, "too short"), OFFICE_REFUSED);
    assert_int_equal(use_link(f, link.token, PASSWORD), TD_OK);
    assert_int_equal(use_link(f, link.token, PASSWORD), OFFICE_NOT_FOUND);
    assert_int_equal(account_link_find(f->office, link.token, f->arena, &owner), OFFICE_NOT_FOUND);

    link = make(f, "binh", false);
    f->now += ACCOUNT_LINK_MS - 1;
    assert_int_equal(account_link_find(f->office, link.token, f->arena, &owner), TD_OK);
    f->now += 1;
    assert_int_equal(account_link_find(f->office, link.token, f->arena, &owner), OFFICE_NOT_FOUND);
    assert_int_equal(use_link(f, link.token, PASSWORD), OFFICE_NOT_FOUND);
}
BOTH_ENGINES(test_account__link_works_once_and_in_time)

static void test_account__password_is_long_and_not_the_login(struct fixture *f)
{
    struct account_link link = make(f, "administrator.two", false);

    assert_int_equal(use_link(f, link.token, "ếếếếếếếếế"), OFFICE_REFUSED);
    assert_int_equal(use_link(f, link.token, "Administrator.Two"), OFFICE_REFUSED);
    assert_int_equal(use_link(f, link.token, "ếếếếếếếếếế"), TD_OK);
}
BOTH_ENGINES(test_account__password_is_long_and_not_the_login)

static void test_account__a_login_is_one_persons(struct fixture *f)
{
    struct td_problems problems = TD_PROBLEMS(f->arena, NULL);
    struct account_new in = {.login = "LAN", .name = "Lan", .language = "vi"};
    struct account_link link;
    static const char *const wrong[] = {"", "a", "1a", "a b", "é1", "a/b"};

    make_ready(f, "lan");
    int64_t entries = audit_entries(f);
    assert_int_equal(account_create(f->office, &f->program, &in, &problems, &link), OFFICE_REFUSED);
    assert_string_equal(problems.first->where, "login");
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        in.login = wrong[i];
        assert_int_equal(account_create(f->office, &f->program, &in, &problems, &link),
                         OFFICE_REFUSED);
    }
    in = (struct account_new){.login = "an", .name = " ", .language = "vi"};
    assert_int_equal(account_create(f->office, &f->program, &in, &problems, &link), OFFICE_REFUSED);
    in = (struct account_new){.login = "an", .name = "An", .language = "fr"};
    assert_int_equal(account_create(f->office, &f->program, &in, &problems, &link), OFFICE_REFUSED);
    assert_int_equal(audit_entries(f), entries);
}
BOTH_ENGINES(test_account__a_login_is_one_persons)

static void test_account__only_administrators_manage(struct fixture *f)
{
    struct td_problems problems = TD_PROBLEMS(f->arena, NULL);
    const struct actor nobody = {.account_id = "x", .login = "x", .name = "x", .language = "vi"};
    const struct account_new in = {.login = "an", .name = "An", .language = "vi"};
    const struct account_role_change role = {
        .login = "lan", .role = OFFICE_LEADER, .scope_id = "u"};
    struct account_installation installation;
    const struct account *list = NULL;
    struct account_link link;
    size_t count = 0;

    make_ready(f, "lan");
    assert_int_equal(account_create(f->office, &nobody, &in, &problems, &link), OFFICE_FORBIDDEN);
    assert_int_equal(account_reset(f->office, &nobody, "lan", f->arena, &link), OFFICE_FORBIDDEN);
    assert_int_equal(account_active_set(f->office, &nobody, "lan", false, &problems),
                     OFFICE_FORBIDDEN);
    assert_int_equal(account_role_set(f->office, &nobody, &role, &problems), OFFICE_FORBIDDEN);
    assert_int_equal(account_list(f->office, &nobody, "", 10, f->arena, &list, &count),
                     OFFICE_FORBIDDEN);
    assert_int_equal(account_install(f->office, &nobody, f->arena, &installation),
                     OFFICE_FORBIDDEN);
}
BOTH_ENGINES(test_account__only_administrators_manage)

/* ---- sessions -------------------------------------------------------------------------------- */

static void test_session__ends_when_idle_and_when_old(struct fixture *f)
{
    const struct actor *actor = NULL;
    struct session_begun begun;

    make_ready(f, "lan");
    assert_int_equal(sign_in(f, "LAN", PASSWORD, &begun), TD_OK);
    assert_int_equal(find(f, begun.token, &actor), TD_OK);
    assert_string_equal(actor->login, "lan");
    f->now += 8 * HOUR - 1;
    assert_int_equal(find(f, begun.token, &actor), TD_OK);
    f->now += 8 * HOUR - 1;
    assert_int_equal(find(f, begun.token, &actor), TD_OK);
    f->now += 8 * HOUR;
    assert_int_equal(find(f, begun.token, &actor), OFFICE_NOT_FOUND);

    assert_int_equal(sign_in(f, "lan", PASSWORD, &begun), TD_OK);
    for (int i = 0; i < 7 * 24 / 7; i++) {
        assert_int_equal(find(f, begun.token, &actor), TD_OK);
        f->now += 7 * HOUR;
    }
    assert_int_equal(find(f, begun.token, &actor), OFFICE_NOT_FOUND);
    assert_int_equal(find(f, "", &actor), OFFICE_NOT_FOUND);
    assert_int_equal(session_sweep(f->office, f->arena), TD_OK);
}
BOTH_ENGINES(test_session__ends_when_idle_and_when_old)

static void test_session__seen_is_written_once_a_minute(struct fixture *f)
{
    const struct actor *actor = NULL;
    struct session_begun begun;

    make_ready(f, "lan");
    assert_int_equal(sign_in(f, "lan", PASSWORD, &begun), TD_OK);
    (void)db_fail_statement(f->db, 0, TD_OK);
    assert_int_equal(find(f, begun.token, &actor), TD_OK);
    long reading = db_fail_statement(f->db, 0, TD_OK);
    f->now += MINUTE - 1;
    assert_int_equal(find(f, begun.token, &actor), TD_OK);
    assert_int_equal(db_fail_statement(f->db, 0, TD_OK), reading);
    f->now += 1;
    assert_int_equal(find(f, begun.token, &actor), TD_OK);
    assert_true(db_fail_statement(f->db, 0, TD_OK) > reading);
    assert_int_equal(find(f, begun.token, &actor), TD_OK);
    assert_int_equal(db_fail_statement(f->db, 0, TD_OK), reading);
}
BOTH_ENGINES(test_session__seen_is_written_once_a_minute)

static void test_session__all_end_with_the_password(struct fixture *f)
{
    struct td_problems problems = TD_PROBLEMS(f->arena, NULL);
    const struct actor *actor = NULL;
    struct session_begun one, other;
    struct account_link link;
    struct account_password_change change = {.old = "not it", .password = "another long password"};

    make_ready(f, "lan");
    assert_int_equal(sign_in(f, "lan", PASSWORD, &one), TD_OK);
    assert_int_equal(sign_in(f, "lan", PASSWORD, &other), TD_OK);
    assert_int_equal(find(f, one.token, &actor), TD_OK);
    change.token = one.token;
    assert_int_equal(account_password_change(f->office, actor, &change, &problems), OFFICE_REFUSED);
    assert_string_equal(problems.first->where, "old");
    change.old = PASSWORD;
    assert_int_equal(account_password_change(f->office, actor, &change, &problems), TD_OK);
    assert_int_equal(find(f, one.token, &actor), TD_OK);
    assert_int_equal(find(f, other.token, &actor), OFFICE_NOT_FOUND);

    assert_int_equal(account_reset(f->office, &f->program, "Lan", f->arena, &link), TD_OK);
    assert_int_equal(find(f, one.token, &actor), OFFICE_NOT_FOUND);
    assert_int_equal(sign_in(f, "lan", change.password, &one), OFFICE_REFUSED);
    assert_int_equal(use_link(f, link.token, PASSWORD), TD_OK);
    assert_int_equal(sign_in(f, "lan", PASSWORD, &one), TD_OK);

    assert_int_equal(account_active_set(f->office, &f->program, "lan", false, &problems), TD_OK);
    assert_int_equal(find(f, one.token, &actor), OFFICE_NOT_FOUND);
    assert_int_equal(sign_in(f, "lan", PASSWORD, &one), OFFICE_REFUSED);
    assert_int_equal(one.wait_s, 0);
    (void)audit_entries(f);
}
BOTH_ENGINES(test_session__all_end_with_the_password)

static void test_session__guessing_waits_longer_and_longer(struct fixture *f)
{
    struct session_begun begun;
    int last = 0;

    make_ready(f, "lan");
    for (int i = 0; i < SESSION_SUBJECT_FREE; i++) {
        assert_int_equal(sign_in(f, "lan", "wrong", &begun), OFFICE_REFUSED);
        assert_int_equal(begun.wait_s, 0);
    }
    for (int i = 0; i < 12; i++) {
        assert_int_equal(sign_in(f, "lan", PASSWORD, &begun), OFFICE_REFUSED);
        assert_true(begun.wait_s > last || begun.wait_s == SESSION_WAIT_MAX_MS / 1000);
        last = begun.wait_s;
        f->now += last * SECOND;
        assert_int_equal(sign_in(f, "lan", "wrong", &begun), OFFICE_REFUSED);
        assert_int_equal(begun.wait_s, 0);
    }
    assert_int_equal(last, SESSION_WAIT_MAX_MS / 1000);
    f->now += last * SECOND;
    assert_int_equal(sign_in(f, "lan", PASSWORD, &begun), TD_OK);
    assert_int_equal(sign_in(f, "lan", "wrong", &begun), OFFICE_REFUSED);
    assert_int_equal(begun.wait_s, 0);
}
BOTH_ENGINES(test_session__guessing_waits_longer_and_longer)

static void test_session__an_address_is_slowed_with_its_network(struct fixture *f)
{
    struct session_begun begun;
    char login[32], address[64];

    make_ready(f, "lan");
    for (int i = 0; i < SESSION_ADDRESS_FREE; i++) {
        (void)snprintf(login, sizeof login, "nobody%d", i);
        (void)snprintf(address, sizeof address, "2001:db8::%x", (unsigned)i);
        assert_int_equal(sign_in_from(f, login, "wrong", address, &begun), OFFICE_REFUSED);
        assert_int_equal(begun.wait_s, 0);
    }
    assert_int_equal(sign_in_from(f, "lan", PASSWORD, "2001:db8::ffff", &begun), OFFICE_REFUSED);
    assert_true(begun.wait_s > 0);
    assert_int_equal(sign_in_from(f, "lan", PASSWORD, "2001:db8:0:1::1", &begun), TD_OK);
}
BOTH_ENGINES(test_session__an_address_is_slowed_with_its_network)

static void test_session__ends_at_sign_out(struct fixture *f)
{
    const struct actor *actor = NULL;
    struct session_begun begun;

    make_ready(f, "lan");
    assert_int_equal(sign_in(f, "lan", PASSWORD, &begun), TD_OK);
    assert_int_equal(find(f, begun.token, &actor), TD_OK);
    int64_t entries = audit_entries(f);
    assert_int_equal(session_end(f->office, actor, begun.token, f->arena), TD_OK);
    assert_int_equal(find(f, begun.token, &actor), OFFICE_NOT_FOUND);
    assert_int_equal(audit_entries(f), entries + 1);
    assert_int_equal(session_end(f->office, actor, begun.token, f->arena), TD_OK);
    assert_int_equal(audit_entries(f), entries + 1);
}
BOTH_ENGINES(test_session__ends_at_sign_out)

/* ---- the installation ------------------------------------------------------------------------ */

static void test_install__first_administrator_until_there_is_one(struct fixture *f)
{
    struct account_installation first, second, third;

    assert_int_equal(account_install(f->office, &f->program, f->arena, &first), TD_OK);
    assert_true(first.created && first.has_link);
    assert_int_equal(account_install(f->office, &f->program, f->arena, &second), TD_OK);
    assert_true(!second.created && second.has_link);
    assert_string_equal(second.link.login, "admin");
    assert_int_equal(use_link(f, first.link.token, PASSWORD), TD_OK);
    assert_int_equal(use_link(f, second.link.token, PASSWORD), OFFICE_NOT_FOUND);
    assert_int_equal(account_install(f->office, &f->program, f->arena, &third), TD_OK);
    assert_true(!third.created && !third.has_link);
    (void)audit_entries(f);
}
BOTH_ENGINES(test_install__first_administrator_until_there_is_one)

/* ---- failures -------------------------------------------------------------------------------- */

static void test_session__is_found_while_nothing_can_be_written(struct fixture *f)
{
    const struct actor *actor = NULL;
    struct session_begun begun;

    make_ready(f, "lan");
    assert_int_equal(sign_in(f, "lan", PASSWORD, &begun), TD_OK);
    (void)db_fail_statement(f->db, 0, TD_OK);
    assert_int_equal(find(f, begun.token, &actor), TD_OK);
    long reading = db_fail_statement(f->db, 0, TD_OK);
    f->now += 2 * MINUTE;
    (void)db_fail_statement(f->db, reading + 1, DB_E_READONLY);
    assert_int_equal(find(f, begun.token, &actor), TD_OK);
    /* Nobody tries again for a minute; and then it is written. */
    f->now += MINUTE - 1;
    (void)db_fail_statement(f->db, 0, TD_OK);
    assert_int_equal(find(f, begun.token, &actor), TD_OK);
    assert_int_equal(db_fail_statement(f->db, 0, TD_OK), reading);
    f->now += 1;
    assert_int_equal(find(f, begun.token, &actor), TD_OK);
    assert_true(db_fail_statement(f->db, 0, TD_OK) > reading);
    f->now += 8 * HOUR - 1;
    assert_int_equal(find(f, begun.token, &actor), TD_OK);
    (void)db_fail_statement(f->db, 1, DB_E_AWAY);
    assert_int_equal(find(f, begun.token, &actor), DB_E_AWAY);
}
ON_ENGINE(test_session__is_found_while_nothing_can_be_written, sqlite, DB_SQLITE)

#define READERS 4

struct reader {
    struct fixture *f;
    struct session_begun begun;
    int status;
    atomic_int *done;
};

static void *read_a_page(void *data)
{
    struct reader *reader = data;
    struct td_arena *arena = td_arena_new((size_t)1024 * 1024);
    const struct actor *actor = NULL;

    reader->status = arena == NULL
                         ? TD_E_MEMORY
                         : session_find(reader->f->office, reader->begun.token, arena, &actor);
    td_arena_free(arena);
    atomic_fetch_add(reader->done, 1);
    return NULL;
}

static int hold_writes(struct db_tx *tx, void *data)
{
    atomic_int *state = data;

    (void)tx;
    atomic_store(state, 1);
    while (atomic_load(state) == 1) {
        (void)usleep(1000);
    }
    return TD_OK;
}

struct holder {
    struct fixture *f;
    atomic_int state; /* 1 while it holds */
};

static void *write_long(void *data)
{
    struct holder *holder = data;
    struct td_arena *arena = td_arena_new((size_t)1024 * 1024);
    int status = arena == NULL
                     ? TD_E_MEMORY
                     : db_transact(holder->f->db, DB_WRITE, arena, hold_writes, &holder->state);

    td_arena_free(arena);
    atomic_store(&holder->state, status == TD_OK ? 3 : 4);
    return NULL;
}

/* The one thread that writes stands still, as on a frozen disk: all pages but one are read. */
static void test_session__one_waits_for_a_stalled_disk(struct fixture *f)
{
    struct holder holder = {.f = f};
    struct reader readers[READERS];
    pthread_t threads[READERS], writing;
    atomic_int done = 0;

    make_ready(f, "lan");
    for (int i = 0; i < READERS; i++) {
        readers[i] = (struct reader){.f = f, .done = &done};
        assert_int_equal(sign_in(f, "lan", PASSWORD, &readers[i].begun), TD_OK);
    }
    f->now += 2 * MINUTE;
    assert_int_equal(pthread_create(&writing, NULL, write_long, &holder), 0);
    while (atomic_load(&holder.state) == 0) {
        (void)usleep(1000);
    }
    for (int i = 0; i < READERS; i++) {
        assert_int_equal(pthread_create(&threads[i], NULL, read_a_page, &readers[i]), 0);
    }
    /* The one that waits can't be done before it is let go; when the others wait too, they never
     * are. */
    for (int i = 0; i < 30000 && atomic_load(&done) < READERS - 1; i++) {
        (void)usleep(1000);
    }
    int before = atomic_load(&done);
    atomic_store(&holder.state, 2);
    for (int i = 0; i < READERS; i++) {
        assert_int_equal(pthread_join(threads[i], NULL), 0);
        assert_int_equal(readers[i].status, TD_OK);
    }
    assert_int_equal(pthread_join(writing, NULL), 0);
    assert_int_equal(atomic_load(&holder.state), 3);
    assert_int_equal(before, READERS - 1);
}
ON_ENGINE(test_session__one_waits_for_a_stalled_disk, sqlite, DB_SQLITE)

int main(void)
{
    const struct CMUnitTest tests[] = {
        RUN_BOTH(test_account__link_works_once_and_in_time),
        RUN_BOTH(test_account__password_is_long_and_not_the_login),
        RUN_BOTH(test_account__a_login_is_one_persons),
        RUN_BOTH(test_account__only_administrators_manage),
        RUN_BOTH(test_session__ends_when_idle_and_when_old),
        RUN_BOTH(test_session__seen_is_written_once_a_minute),
        RUN_BOTH(test_session__all_end_with_the_password),
        RUN_BOTH(test_session__guessing_waits_longer_and_longer),
        RUN_BOTH(test_session__an_address_is_slowed_with_its_network),
        RUN_BOTH(test_session__ends_at_sign_out),
        RUN_BOTH(test_install__first_administrator_until_there_is_one),
        cmocka_unit_test(test_session__is_found_while_nothing_can_be_written__sqlite),
        cmocka_unit_test(test_session__one_waits_for_a_stalled_disk__sqlite),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
