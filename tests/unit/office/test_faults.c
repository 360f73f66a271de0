/*
 * Every use case that writes, with each of its statements failing in turn, COMMIT included: nothing
 * of it is there then, in no table; and it works, and is on the record, as soon as nothing fails.
 *
 * A new use case is one line in `use_cases`; tests/tools/test_use_cases.py says which is missing.
 * They run in this order, one after the other, on one database.
 */
#include "bench.h"
#include "faults.h"
#include "rows.h"

#include "base/buf.h"
#include "office/demo.h"
#include "office/import.h"
#include "office/result.h"
#include "office/settle.h"

#define OTHER_PASSWORD "yet another password"
#define FILE_MAX ((size_t)1024 * 1024)

/* What the use cases leave to those after them. */
struct world {
    struct bench b;
    struct rows rows;
    struct td_problems problems;
    struct account_link link;
    struct session_begun begun;
    const char *home, *authority; /* another root */
    const char *below;            /* an authority below the first */
    const char *unit, *bloc, *year;
};

static struct td_problems *fresh(struct world *w)
{
    w->problems = TD_PROBLEMS(w->b.f->arena, NULL);
    return &w->problems;
}

static int signed_in(struct world *w, const struct actor **ret)
{
    return session_find(w->b.f->office, w->begun.token, w->b.f->arena, ret);
}

static int read_file(struct world *w, const char *path, const char **ret, size_t *ret_n)
{
    char *bytes = td_arena_alloc(w->b.f->arena, FILE_MAX, 1);
    FILE *file = fopen(path, "rb");
    assert_non_null(bytes);
    assert_non_null(file);
    *ret_n = fread(bytes, 1, FILE_MAX, file);
    assert_int_equal(fclose(file), 0);
    assert_true(*ret_n > 0 && *ret_n < FILE_MAX);
    *ret = bytes;
    return TD_OK;
}

/* ---- accounts and sessions ------------------------------------------------------------------- */

static int install(struct world *w)
{
    struct account_installation found;
    return account_install(w->b.f->office, &w->b.f->program, w->b.f->arena, &found);
}

static int create_account(struct world *w)
{
    const struct account_new in = {
        .login = "lan", .name = "Lan", .language = "vi", .administrator = true};
    return account_create(w->b.f->office, &w->b.f->program, &in, fresh(w), &w->link);
}

static int use_link(struct world *w)
{
    return account_link_use(w->b.f->office, w->link.token, PASSWORD, fresh(w));
}

/* Two transactions: the attempt is counted first, and stays counted. */
static int begin_session(struct world *w)
{
    w->b.f->now += 16 * MINUTE; /* so that counted attempts don't add up */
    return session_begin(
        w->b.f->office,
        &(struct session_begin_in){.login = "lan", .password = PASSWORD, .address = "192.0.2.1"},
        w->b.f->arena, &w->begun);
}

static int change_password(struct world *w)
{
    const struct account_password_change change = {
        .old = PASSWORD, .password = OTHER_PASSWORD, .token = w->begun.token};
    const struct actor *actor = NULL;
    int status = signed_in(w, &actor);
    return status == TD_OK ? account_password_change(w->b.f->office, actor, &change, fresh(w))
                           : status;
}

static int set_language(struct world *w)
{
    const struct actor *actor = NULL;
    int status = signed_in(w, &actor);
    return status == TD_OK ? account_language_set(w->b.f->office, actor, "en", w->b.f->arena)
                           : status;
}

static int change_role(struct world *w, bool remove)
{
    return account_role_set(w->b.f->office, &w->b.f->program,
                            &(struct account_role_change){.login = "lan",
                                                          .role = OFFICE_LEADER,
                                                          .home_id = w->b.y.home_id,
                                                          .scope_id = w->b.y.units[0],
                                                          .remove = remove},
                            fresh(w));
}

static int give_role(struct world *w)
{
    return change_role(w, false);
}

static int take_role(struct world *w)
{
    return change_role(w, true);
}

static int end_session(struct world *w)
{
    const struct actor *actor = NULL;
    int status = signed_in(w, &actor);
    return status == TD_OK ? session_end(w->b.f->office, actor, w->begun.token, w->b.f->arena)
                           : status;
}

static int reset_account(struct world *w)
{
    return account_reset(w->b.f->office, &w->b.f->program, "lan", w->b.f->arena, &w->link);
}

static int close_account(struct world *w)
{
    return account_active_set(w->b.f->office, &w->b.f->program, "lan", false, fresh(w));
}

/* Only links are left of what can be over. */
static int sweep_sessions(struct world *w)
{
    w->b.f->now += 2 * ACCOUNT_LINK_MS;
    return session_sweep(w->b.f->office, w->b.f->arena);
}

/* ---- the organisation ------------------------------------------------------------------------ */

static int create_root(struct world *w)
{
    const struct authority a = {
        .name = "UBND tỉnh", .council = "Hội đồng", .standing_office = "Sở Nội vụ"};
    return authority_save(w->b.f->office, &w->b.f->program, w->b.f->arena, &a, fresh(w), &w->home,
                          &w->authority);
}

static int create_below(struct world *w)
{
    const struct authority a = {.home_id = w->b.y.home_id,
                                .parent_id = w->b.y.authority_id,
                                .name = "UBND phường",
                                .council = "Hội đồng",
                                .standing_office = "Văn phòng"};
    const char *home = NULL;
    return authority_save(w->b.f->office, &w->b.keeper, w->b.f->arena, &a, fresh(w), &home,
                          &w->below);
}

static int change_authority(struct world *w)
{
    struct authority a = {0};
    const char *home = NULL, *id = NULL;
    int status = authority_get(w->b.f->office, &w->b.keeper, w->b.f->arena, w->b.y.home_id,
                               w->b.y.authority_id, &a);
    a.name = "UBND thành phố";
    return status == TD_OK ? authority_save(w->b.f->office, &w->b.keeper, w->b.f->arena, &a,
                                            fresh(w), &home, &id)
                           : status;
}

static int create_unit(struct world *w)
{
    const struct unit unit = {.home_id = w->b.y.home_id,
                              .authority_id = w->b.y.authority_id,
                              .code = "CUC",
                              .name = "UBND phường Hoa Cúc"};
    return unit_save(w->b.f->office, &w->b.keeper, w->b.f->arena, &unit, fresh(w), &w->unit);
}

static int change_unit(struct world *w)
{
    struct unit unit = {0};
    const char *id = NULL;
    int status = unit_get(w->b.f->office, &w->b.keeper, w->b.f->arena, w->b.y.home_id,
                          w->b.y.units[2], &unit);
    unit.name = "UBND phường Mai";
    return status == TD_OK
               ? unit_save(w->b.f->office, &w->b.keeper, w->b.f->arena, &unit, fresh(w), &id)
               : status;
}

static int create_bloc(struct world *w)
{
    const struct bloc bloc = {
        .home_id = w->b.y.home_id, .name = "Khối trường học", .authority_id = w->b.y.authority_id};
    return bloc_save(w->b.f->office, &w->b.keeper, w->b.f->arena, &bloc, fresh(w), &w->bloc);
}

static int change_bloc(struct world *w, const char *name, const char *authority)
{
    struct bloc bloc = {0};
    const char *id = NULL;
    int status =
        bloc_get(w->b.f->office, &w->b.keeper, w->b.f->arena, w->b.y.home_id, w->bloc, &bloc);
    bloc.name = name;
    bloc.authority_id = authority;
    bloc.since = office_today(w->b.f->office);
    return status == TD_OK
               ? bloc_save(w->b.f->office, &w->b.keeper, w->b.f->arena, &bloc, fresh(w), &id)
               : status;
}

static int rename_bloc(struct world *w)
{
    return change_bloc(w, "Khối các trường", w->b.y.authority_id);
}

static int delegate_bloc(struct world *w)
{
    return change_bloc(w, "Khối các trường", w->below);
}

/* ---- years and rules ------------------------------------------------------------------------- */

static int create_year(struct world *w)
{
    const char *id = NULL;
    return year_create(w->b.f->office, &w->b.keeper, w->b.f->arena, w->b.y.home_id, w->bloc,
                       "2024-2025", NULL, fresh(w), &id);
}

static int copy_year(struct world *w)
{
    return year_create(w->b.f->office, &w->b.keeper, w->b.f->arena, w->b.y.home_id, w->b.y.bloc_id,
                       "2025", w->b.y.year_id, fresh(w), &w->year);
}

static int copied_version(struct world *w, int64_t *ret)
{
    struct bloc_year *year = NULL;
    int status =
        year_get(w->b.f->office, &w->b.keeper, w->b.f->arena, w->b.y.home_id, w->year, &year);
    *ret = status == TD_OK ? year->version : 0;
    return status;
}

static int set_members(struct world *w)
{
    const char *const units[] = {w->unit, w->b.y.units[0], w->b.y.units[1]};
    int64_t seen = 0;
    int status = copied_version(w, &seen);
    return status == TD_OK ? year_set_members(w->b.f->office, &w->b.keeper, w->b.f->arena,
                                              w->b.y.home_id, w->year, seen, units, 3, fresh(w))
                           : status;
}

static int set_term(struct world *w, struct td_date since, int unit)
{
    return year_set_term(w->b.f->office, &w->b.keeper, w->b.f->arena, w->b.y.home_id, w->year,
                         false, w->b.y.units[unit], since, fresh(w));
}

static int set_head(struct world *w)
{
    return set_term(w, (struct td_date){2025, 1, 1}, 0);
}

/* The term before ends. */
static int set_next_head(struct world *w)
{
    return set_term(w, (struct td_date){2025, 7, 1}, 1);
}

static int set_rules(struct world *w)
{
    int64_t seen = 0;
    int status = copied_version(w, &seen);
    return status == TD_OK
               ? year_set_rules(w->b.f->office, &w->b.keeper, w->b.f->arena, w->b.y.home_id,
                                w->year, seen, NULL, (struct td_date){2025, 12, 31}, fresh(w))
               : status;
}

static int load_rules(struct world *w)
{
    const char *bytes = NULL, *id = NULL;
    size_t n = 0;
    int status = read_file(w, RULES, &bytes, &n);
    return status == TD_OK ? rules_load(w->b.f->office, &w->b.f->program, w->b.f->arena, w->home,
                                        w->authority, bytes, n, fresh(w), &id)
                           : status;
}

/* The first year as a file, into the other home; its regulation is there already, which would stay
 * otherwise. */
static int import(struct world *w)
{
    char path[128];
    const struct import in = {.home_id = w->home,
                              .authority_id = w->authority,
                              .year_path = path,
                              .regulation_path = RULES};
    const char *id = NULL;
    struct buf out;
    buf_init(&out, FILE_MAX);
    int status = result_export(w->b.f->office, &w->b.keeper, w->b.f->arena, w->b.y.home_id,
                               w->b.y.year_id, &out);
    if (status == TD_OK) {
        (void)snprintf(path, sizeof path, "%s/year.json", w->rows.folder);
        FILE *file = fopen(path, "wb");
        assert_non_null(file);
        assert_int_equal(fwrite(buf_string(&out), 1, buf_length(&out), file), buf_length(&out));
        assert_int_equal(fclose(file), 0);
        status = import_year(w->b.f->office, &w->b.f->program, w->b.f->arena, &in, fresh(w), &id);
        assert_int_equal(unlink(path), 0);
    }
    buf_release(&out);
    return status;
}

static int release(struct world *w)
{
    return year_release(w->b.f->office, &w->b.leader, w->b.f->arena, w->b.y.home_id,
                        w->b.y.year_id);
}

/* ---- sheets ---------------------------------------------------------------------------------- */

static int save_sheet(struct world *w)
{
    const struct sheet_input inputs[] = {
        value("III.1", 90, 0, 0),
        {.kind = SHEET_REMARK, .item = "III.1", .note = "vì sao", .evidence = "BC-01"},
        {.kind = SHEET_TARGET, .item = "I.1", .number = {1, 0}},
    };
    struct sheet_key key = own(&w->b, 0);
    struct sheet_saved saved;
    return sheet_save(w->b.f->office, &w->b.officer, w->b.f->arena, &key, inputs, 3, fresh(w),
                      &saved);
}

/* Whatever is on the sheet now. */
static int move_sheet(struct world *w, const struct actor *actor, const struct sheet_key *key,
                      enum sheet_move way)
{
    struct sheet *sheet = NULL;
    int status = sheet_get(w->b.f->office, actor, w->b.f->arena, key, &sheet);
    return status == TD_OK ? sheet_move(w->b.f->office, actor, w->b.f->arena, key, way, "lý do",
                                        sheet->version, fresh(w))
                           : status;
}

static int move_own(struct world *w, const struct actor *actor, enum sheet_move way)
{
    struct sheet_key key = own(&w->b, 0);
    return move_sheet(w, actor, &key, way);
}

static int prepare(struct world *w)
{
    return move_own(w, &w->b.officer, SHEET_PREPARE);
}

static int return_prepared(struct world *w)
{
    return move_own(w, &w->b.leader, SHEET_RETURN);
}

static int submit(struct world *w)
{
    return move_own(w, &w->b.leader, SHEET_SUBMIT);
}

static int abstain(struct world *w)
{
    struct sheet_key key = own(&w->b, 2);
    key.stage = "review";
    key.rater = w->b.y.units[0];
    return move_sheet(w, &w->b.leader, &key, SHEET_ABSTAIN);
}

/* What becomes of a sheet that is missing. */
static int settle(struct world *w)
{
    struct sheet_key key = own(&w->b, 1);
    const struct settlement settlement = {
        .unit = key.unit, .count_without = true, .reason = "vì sao", .by = "Hội nghị"};
    return settling_save(w->b.f->office, &w->b.keeper, w->b.f->arena, &key, &settlement, fresh(w));
}

/* ---- each of them ---------------------------------------------------------------------------- */

static const struct use_case {
    const char *name;
    int (*run)(struct world *);
} use_cases[] = {
    {"the installation begins", install},
    {"an account is created", create_account},
    {"a password is chosen", use_link},
    {"a session begins", begin_session},
    {"a language is set", set_language},
    {"a password is changed", change_password},
    {"a role is given", give_role},
    {"a role is taken", take_role},
    {"a session ends", end_session},
    {"an account is reset", reset_account},
    {"an account is closed", close_account},
    {"what is over is swept", sweep_sessions},
    {"a root authority is created", create_root},
    {"an authority is created", create_below},
    {"an authority is changed", change_authority},
    {"a unit is created", create_unit},
    {"a unit is changed", change_unit},
    {"a bloc is created", create_bloc},
    {"a bloc is renamed", rename_bloc},
    {"a bloc is delegated", delegate_bloc},
    {"a year is created", create_year},
    {"a year is copied", copy_year},
    {"members are set", set_members},
    {"a head is set", set_head},
    {"the next head is set", set_next_head},
    {"rules are set", set_rules},
    {"rules are loaded", load_rules},
    {"a sheet is saved", save_sheet},
    {"a sheet is prepared", prepare},
    {"a sheet is returned", return_prepared},
    {"a sheet is submitted", submit},
    {"a sheet is abstained from", abstain},
    {"a missing sheet is settled", settle},
    {"a year is imported", import},
    {"a year is released", release},
};

struct trial {
    struct world *w;
    const struct use_case *use_case;
    char before[ROWS_DIGEST];
    int64_t entries;
    struct td_mark mark;
};

static int run_trial(void *data)
{
    struct trial *t = data;
    return t->use_case->run(t->w);
}

static void check_trial(void *data, bool is_done)
{
    const struct trial *t = data;
    char after[ROWS_DIGEST];

    rows_digest(&t->w->rows, after);
    bool same = strcmp(t->before, after) == 0;
    bool counted = t->use_case->run == begin_session;
    if (is_done && same) {
        fail_msg("%s: nothing is there", t->use_case->name);
    }
    if (!is_done && !same && !counted) {
        fail_msg("%s: half of it is there", t->use_case->name);
    }
    bool recorded = audit_entries(t->w->b.f) > t->entries;
    if (recorded != (is_done && t->use_case->run != sweep_sessions)) {
        fail_msg("%s: the record says otherwise", t->use_case->name);
    }
    if (!is_done) {
        td_arena_rewind(t->w->b.f->arena, t->mark);
    }
}

static void try_use_case(struct world *w, const struct use_case *use_case)
{
    struct trial t = {.w = w, .use_case = use_case, .entries = audit_entries(w->b.f)};

    rows_digest(&w->rows, t.before);
    t.mark = td_arena_mark(w->b.f->arena);
    assert_true(fail_each_statement(w->b.f->db, DB_E_FULL, run_trial, check_trial, &t) > 1);
}

static void test_faults__every_use_case_is_whole_or_nothing(struct fixture *f)
{
    struct world w;

    set_up(&w.b, f);
    rows_open(&w.rows, f->place.url);
    for (size_t i = 0; i < sizeof use_cases / sizeof *use_cases; i++) {
        if (use_cases[i].run == prepare) {
            fill(&w.b);
        }
        try_use_case(&w, &use_cases[i]);
    }
    rows_close(&w.rows);
}
BOTH_ENGINES(test_faults__every_use_case_is_whole_or_nothing)

/* Installing it is many use cases: test_demo.c cuts that short. */
static int enter_demo(struct world *w)
{
    return demo_enter(w->b.f->office, "hadong.chuyenvien", w->b.f->arena, &w->begun);
}

static void test_faults__a_demonstration_is_entered_or_not(struct fixture *f)
{
    struct world w = {.b.f = f};

    assert_int_equal(demo_install(f->office, ".", f->arena, fresh(&w)), TD_OK);
    rows_open(&w.rows, f->place.url);
    try_use_case(&w, &(struct use_case){"a demonstration is entered", enter_demo});
    rows_close(&w.rows);
}
BOTH_ENGINES(test_faults__a_demonstration_is_entered_or_not)

/* PostgreSQL has done it and can't say so: it is run again. Then it is done once, or nobody is told
 * that it was refused. */
static void test_faults__a_lost_answer_is_no_refusal(struct fixture *f)
{
    struct world w;
    struct unit *units = NULL;
    size_t count = 0;

    set_up(&w.b, f);
    db_lose_answer(f->db);
    assert_int_equal(save_sheet(&w), TD_OK);
    assert_int_equal(get(&w.b, &w.b.officer)->filled, 1);
    db_lose_answer(f->db);
    assert_int_equal(release(&w), TD_OK);
    db_lose_answer(f->db);
    assert_int_equal(create_unit(&w), DB_E_AWAY);
    assert_int_equal(unit_list(f->office, &w.b.keeper, f->arena, w.b.y.home_id, w.b.y.authority_id,
                               &units, &count),
                     TD_OK);
    assert_int_equal(count, YEAR_UNITS + 1);
    assert_int_equal(create_unit(&w), OFFICE_REFUSED);
    (void)audit_entries(f);
}
ON_ENGINE(test_faults__a_lost_answer_is_no_refusal, postgres, DB_POSTGRES)

int main(void)
{
    const struct CMUnitTest tests[] = {
        RUN_BOTH(test_faults__every_use_case_is_whole_or_nothing),
        RUN_BOTH(test_faults__a_demonstration_is_entered_or_not),
        cmocka_unit_test(test_faults__a_lost_answer_is_no_refusal__postgres),
    };

    return cmocka_run_group_tests_name("faults", tests, NULL, NULL);
}
