/*
 * What a person should look at in a year that is otherwise in order: meetings without a quorum or
 * too close to what had to come before (MTG-1, MTG-2, CYC-2), letters that don't count (SCO-5), and
 * legal bases no longer in force (LAW-1). Notices keep nothing from being final.
 */
#include "engine/engine.h"

#include "base/banned.h"

static struct td_date duty_done(const struct td_year *year, int32_t duty)
{
    struct td_date done = {0};
    for (int32_t i = 0; i < year->process_count; i++) {
        const struct td_process *p = &year->process[i];
        if (p->kind == TD_PROCESS_DONE && p->duty == duty &&
            (!td_date_is_set(done) || td_date_compare(p->date, done) > 0)) {
            done = p->date; /* the last unit's: all had to be in time */
        }
    }
    return done;
}

static void look_at_distance(struct run *run, const struct td_meeting *meeting, struct td_date held,
                             const struct td_distance *distance)
{
    const struct td_regulation *reg = run->regulation;
    bool duty = distance->duty != TD_NONE;
    const char *title =
        duty ? reg->duties[distance->duty].title : reg->meetings[distance->meeting].title;
    struct td_date before =
        duty ? duty_done(run->year, distance->duty) : held_on(run->year, distance->meeting);
    struct td_date latest;
    if (td_date_add(held, -distance->days, &latest) < 0) {
        return;
    }
    if (!td_date_is_set(before)) {
        bool optional = !duty && reg->meetings[distance->meeting].optional;
        if (!optional) {
            run_notice(run,
                       TD_MESSAGE("“{0}” was held on {1}, and nothing says that “{2}” came before",
                                  TD_TEXT(meeting->title), TD_DATE(held), TD_TEXT(title)),
                       meeting->clause);
        }
    } else if (td_date_compare(before, latest) > 0) {
        run_notice(run,
                   TD_MESSAGE("“{0}” came on {1}; it had to come at the latest on {2}, {3} days "
                              "before “{4}”",
                              TD_TEXT(title), TD_DATE(before), TD_DATE(latest),
                              TD_COUNT(distance->days), TD_TEXT(meeting->title)),
                   meeting->clause);
    }
}

static void look_at_meeting(struct run *run, const struct td_meeting_held *held)
{
    const struct td_regulation *reg = run->regulation;
    const struct td_meeting *meeting = &reg->meetings[held->meeting];
    if (held->present_count != TD_NONE &&
        !td_quorum_reached(meeting->quorum, run->year->member_count, held->present_count)) {
        run_notice(run,
                   TD_MESSAGE("“{0}” had {1} of {2} members present: below the quorum of {3}",
                              TD_TEXT(meeting->title), TD_COUNT(held->present_count),
                              TD_COUNT(run->year->member_count), TD_FRACTION(meeting->quorum)),
                   meeting->clause);
    }
    struct td_date first, last;
    td_due_days(reg, &meeting->due, run->year->year, 12, (struct td_date){0}, &first, &last);
    if (td_date_is_set(last) && td_date_compare(held->date, last) > 0) {
        run_notice(run,
                   TD_MESSAGE("“{0}” was held on {1}; it was due by {2}", TD_TEXT(meeting->title),
                              TD_DATE(held->date), TD_DATE(last)),
                   meeting->clause);
    }
    for (int32_t i = 0; i < meeting->after_count; i++) {
        look_at_distance(run, meeting, held->date, &meeting->after[i]);
    }
}

static void look_at_deduction(struct run *run, const struct td_deduction_entry *entry)
{
    const char *refused = deduction_refused(run, entry);
    const struct td_deduction *d = &run->regulation->deductions[entry->deduction];
    if (refused != NULL) {
        run_notice(run,
                   TD_MESSAGE("{0}: the deduction “{1}” is {2}",
                              TD_TEXT(run->year->members[entry->unit].name), TD_TEXT(d->title),
                              TD_TERM(refused)),
                   d->clause);
    }
}

static void look_at_basis(struct run *run, const struct td_legal_basis *basis)
{
    bool ended =
        td_date_is_set(basis->until) && td_date_compare(run->year->as_of, basis->until) > 0;
    if (ended) {
        run_notice(run,
                   TD_MESSAGE("The legal basis “{0}” was in force until {1}; the year is judged on "
                              "{2}",
                              TD_TEXT(basis->cite), TD_DATE(basis->until),
                              TD_DATE(run->year->as_of)),
                   NULL);
    }
}

void look_at_year(struct run *run)
{
    for (int32_t i = 0; i < run->year->meeting_count; i++) {
        look_at_meeting(run, &run->year->meetings[i]);
    }
    for (int32_t i = 0; i < run->year->deduction_count; i++) {
        look_at_deduction(run, &run->year->deductions[i]);
    }
    for (int32_t i = 0; i < run->regulation->base_count; i++) {
        look_at_basis(run, &run->regulation->bases[i]);
    }
}
