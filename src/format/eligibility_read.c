/*
 * Facts about units, conditions over them, and the rules that exclude, defer or lower.
 */
#include "format/parts.h"

#include <string.h>

#include "base/banned.h"

#define CONDITION_DEPTH_MAX 8

/* Titles of grades that the format itself gives are message ids: "no" is shown in the reader's
 * language. */
static const struct td_grade NO_YES[] = {{"no", TD_ID("no")}, {"yes", TD_ID("yes")}};
static const struct td_grade YES_NO[] = {{"yes", TD_ID("yes")}, {"no", TD_ID("no")}};

static const struct td_grade DUTY_GRADES[] = {
    [TD_DUTY_DONE] = {"done", TD_ID("done")},
    [TD_DUTY_EXCUSED] = {"excused", TD_ID("excused")},
    [TD_DUTY_LATE] = {"late", TD_ID("late")},
    [TD_DUTY_NOT_DONE] = {"not_done", TD_ID("not done")},
};

static const struct word OUTCOME_WORDS[] = {
    {"excluded", TD_EXCLUDED},
    {"deferred", TD_DEFERRED},
    {"lowered", TD_LOWERED},
    {NULL, 0},
};

/* ---- facts ----------------------------------------------------------------------------------- */

static void read_grade(struct reader *r, const struct at *at, void *ret)
{
    struct td_grade *grade = ret;
    struct object o;

    grade->id = grade->title = "";
    if (!object_open(&o, r, at)) {
        return;
    }
    grade->id = field_id(&o, "id");
    grade->title = field_text(&o, "title");
    object_close(&o);
}

static void read_grades(struct reader *r, struct object *o, struct td_fact *fact)
{
    static const struct list_of grades = {TD_PARTS_MAX, sizeof(struct td_grade), read_grade};
    struct at at = field_needed(o, "grades");
    const char *word = json_string_value(at.json);
    struct names names;

    if (at.json == NULL) {
        return;
    }
    if (word != NULL && strcmp(word, "no_yes") == 0) {
        fact->grades = NO_YES;
        fact->grade_count = 2;
    } else if (word != NULL && strcmp(word, "yes_no") == 0) {
        fact->grades = YES_NO;
        fact->grade_count = 2;
    } else if (json_is_array(at.json)) {
        names_of_list(&names, r, &at, "id", TD_PARTS_MAX);
        fact->grades = list_at(r, &at, &grades, &fact->grade_count);
    } else {
        mistyped_at(r, &at, TD_ID("a list in brackets"),
                    TD_WORDS("list the grades from the best, or write “no_yes” or “yes_no”"));
    }
}

static int32_t grade_of_fact(struct reader *r, const struct at *at, const struct td_fact *fact)
{
    const char *known[TD_PARTS_MAX];
    const char *text = json_string_value(at->json);

    if (text == NULL) {
        mistyped_at(r, at, TD_ID("a text in quotes"), NO_REMEDY);
        return TD_NONE;
    }
    for (int32_t i = 0; i < fact->grade_count; i++) {
        known[i] = fact->grades[i].id;
        if (strcmp(known[i], text) == 0) {
            return i;
        }
    }
    hole_at(r, at, TD_MESSAGE("the fact “{0}” has no grade of this id", TD_TEXT(fact->title)),
            remedy_of(r, text, known, (size_t)fact->grade_count));
    return TD_NONE;
}

int32_t grade_at(struct reader *r, const struct at *at, int32_t fact)
{
    const struct td_regulation *regulation = regulation_reader(r)->regulation;

    return fact == TD_NONE ? TD_NONE : grade_of_fact(r, at, &regulation->facts[fact]);
}

static void read_as_of(struct reader *r, struct object *o, struct td_fact *fact)
{
    struct at at = field(o, "as_of");
    int32_t month;
    int32_t day;

    if (at.json != NULL && day_at(r, &at, &month, &day)) {
        fact->as_of = text_at(r, &at);
    }
}

static void read_fact(struct reader *r, const struct at *at, void *ret)
{
    struct td_fact *fact = ret;
    struct object o;

    *fact = (struct td_fact){.id = "", .title = "", .duty = TD_NONE, .unreported = TD_NONE};
    if (!object_open(&o, r, at)) {
        return;
    }
    fact->where = where_of(r, at);
    fact->id = field_id(&o, "id");
    fact->title = field_text(&o, "title");
    fact->clause = field_clause(&o);
    struct at duty = field(&o, "duty");
    if (duty.json != NULL) {
        fact->duty = ref_at(r, &duty, &regulation_reader(r)->duties, TD_ID("duty"));
        fact->grades = DUTY_GRADES;
        fact->grade_count = sizeof DUTY_GRADES / sizeof *DUTY_GRADES;
    } else {
        fact->by = field_text(&o, "by");
        read_as_of(r, &o, fact);
        read_grades(r, &o, fact);
        struct at unreported = field(&o, "unreported");
        if (unreported.json != NULL) {
            fact->unreported = grade_of_fact(r, &unreported, fact);
        }
    }
    object_close(&o);
}

void facts_read(struct regulation_reader *in, struct object *root)
{
    static const struct list_of facts = {TD_RULES_MAX, sizeof(struct td_fact), read_fact};
    struct td_regulation *regulation = in->regulation;

    regulation->facts = field_list_or_none(root, "facts", &facts, &regulation->fact_count);
    if (regulation->fact_count < in->facts.count) { /* the arena is full */
        in->facts.slots = NULL;
    }
}

/* ---- conditions ------------------------------------------------------------------------------ */

static void read_condition(struct reader *r, const struct at *at, struct td_condition *condition,
                           int32_t depth);

static void read_parts(struct reader *r, const struct at *list, struct td_condition *condition,
                       int32_t depth)
{
    if (!json_is_array(list->json) || json_array_size(list->json) == 0) {
        mistyped_at(r, list, TD_ID("a list in brackets that is not empty"), NO_REMEDY);
        return;
    }
    if (json_array_size(list->json) > TD_PARTS_MAX) {
        hole_at(r, list,
                TD_MESSAGE("the list has {0} entries, more than the limit of {1}",
                           TD_COUNT(json_array_size(list->json)), TD_COUNT(TD_PARTS_MAX)),
                NO_REMEDY);
        return;
    }
    int32_t count = list_count(list, TD_PARTS_MAX);
    struct td_condition *parts = reader_alloc(r, (size_t)count, sizeof *parts);
    if (parts == NULL) {
        return;
    }
    condition->parts = parts;
    condition->part_count = count;
    for (int32_t i = 0; i < count; i++) {
        struct at part = element_of(list, (size_t)i);
        read_condition(r, &part, &parts[i], depth + 1);
    }
}

static void read_not(struct reader *r, const struct at *at, struct td_condition *condition,
                     int32_t depth)
{
    struct td_condition *part = reader_alloc(r, 1, sizeof *part);

    if (part != NULL) {
        condition->parts = part;
        condition->part_count = 1;
        read_condition(r, at, part, depth + 1);
    }
}

static void read_fact_test(struct reader *r, struct object *o, struct td_condition *condition)
{
    static const char *const keys[] = {
        [TD_TEST_IS] = "is", [TD_TEST_AT_LEAST] = "at_least", [TD_TEST_AT_MOST] = "at_most"};
    int tests = 0;

    condition->fact = field_ref(o, "fact", &regulation_reader(r)->facts, TD_ID("fact"));
    for (int i = TD_TEST_IS; i <= TD_TEST_AT_MOST; i++) {
        struct at grade = field(o, keys[i]);
        if (grade.json != NULL) {
            tests++;
            condition->test = (enum td_test)i;
            condition->grade = grade_at(r, &grade, condition->fact);
        }
    }
    if (tests != 1) {
        hole_at(r, &o->at, TD_WORDS("a condition on a fact has one test"),
                TD_WORDS("give one of “is”, “at_least”, “at_most”"));
    }
}

static void read_condition(struct reader *r, const struct at *at, struct td_condition *condition,
                           int32_t depth)
{
    struct object o;

    *condition = (struct td_condition){.fact = TD_NONE, .grade = TD_NONE};
    if (depth >= CONDITION_DEPTH_MAX) {
        hole_at(r, at,
                TD_MESSAGE("conditions are nested deeper than the limit of {0} levels",
                           TD_COUNT(CONDITION_DEPTH_MAX)),
                NO_REMEDY);
        return;
    }
    if (!object_open(&o, r, at)) {
        return;
    }
    struct at all = field(&o, "all");
    struct at any = field(&o, "any");
    struct at negated = field(&o, "not");
    if (all.json != NULL) {
        condition->test = TD_TEST_ALL;
        o.asked_count = 1; /* its siblings are not known beside it */
        read_parts(r, &all, condition, depth);
    } else if (any.json != NULL) {
        condition->test = TD_TEST_ANY;
        o.asked_count = 2;
        read_parts(r, &any, condition, depth);
    } else if (negated.json != NULL) {
        condition->test = TD_TEST_NOT;
        read_not(r, &negated, condition, depth);
    } else {
        read_fact_test(r, &o, condition);
    }
    object_close(&o);
}

const struct td_condition *condition_field(struct object *o, const char *key, bool needed)
{
    struct at at = needed ? field_needed(o, key) : field(o, key);

    if (at.json == NULL) {
        return NULL;
    }
    struct td_condition *condition = reader_alloc(o->r, 1, sizeof *condition);
    if (condition != NULL) {
        read_condition(o->r, &at, condition, 0);
    }
    return condition;
}

/* ---- rules ----------------------------------------------------------------------------------- */

static void read_rule(struct reader *r, const struct at *at, void *ret)
{
    struct td_rule *rule = ret;
    struct object o;

    rule->id = rule->reason = "";
    if (!object_open(&o, r, at)) {
        return;
    }
    rule->where = where_of(r, at);
    rule->id = field_id(&o, "id");
    rule->reason = field_text(&o, "reason");
    rule->clause = field_clause(&o);
    rule->outcome = (enum td_outcome)field_word(&o, "outcome", OUTCOME_WORDS);
    if (rule->outcome == TD_LOWERED) {
        rule->levels = field_count_or(&o, "levels", 1, TD_AWARDS_MAX, 1);
    }
    rule->when = condition_field(&o, "when", true);
    rule->unless = condition_field(&o, "unless", false);
    object_close(&o);
}

void eligibility_read(struct regulation_reader *in, struct object *root)
{
    static const struct list_of rules = {TD_RULES_MAX, sizeof(struct td_rule), read_rule};
    struct names names;
    struct at list = field(root, "eligibility");

    if (list.json != NULL) {
        names_of_list(&names, &in->reader, &list, "id", TD_RULES_MAX);
        in->regulation->rules = list_at(&in->reader, &list, &rules, &in->regulation->rule_count);
    }
}
