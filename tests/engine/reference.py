#!/usr/bin/env python3
"""A second opinion on `thidua score`: slow, plain, and written from the requirements alone.

It reads a year file and its regulation and computes scores, ranks, outcomes, proposals and what is
still open, with Python's exact fractions. It shares no code with the program and takes files that
are valid as given: finding mistakes in them is the program's work, not this one's.

    python3 tests/engine/reference.py YEAR.json [REGULATION.json]

reference_scores.py gives each unit's score; here are facts, eligibility, votes and selection.
Read it from the bottom: `Reference.result` is one scoring run.
"""

import calendar
import datetime
import json
import math
import pathlib
import sys
from fractions import Fraction

from reference_scores import Scores, exactly, fixed, read, rounded, share, tidy


def day_of(text):
    return datetime.date.fromisoformat(text)


# ---- three-valued logic (ELI-5): True, False, None for "not known yet" -------------------------

def both(values):
    values = list(values)
    return False if False in values else None if None in values else True


def either(values):
    values = list(values)
    return True if True in values else None if None in values else False


def opposite(value):
    return None if value is None else not value


# ---- votes (MTG-5) ----------------------------------------------------------------------------

def elect(rule, base, votes, seats):
    """(elected, tied at the last seat, seats they compete for); seats None: no limit."""
    majority = share(rule["majority"])
    least = majority * base

    def reached(count):
        return count > 0 and (count > least if rule.get("strictly_more") else count >= least)

    able = sorted((u for u in votes if reached(votes[u])), key=lambda u: -votes[u])
    if seats is None or len(able) <= seats:
        return able, [], 0
    if seats == 0:
        return [], [], 0
    edge = votes[able[seats - 1]]
    if votes[able[seats]] != edge:
        return able[:seats], [], 0
    elected = [u for u in able if votes[u] > edge]
    return elected, [u for u in able if votes[u] == edge], seats - len(elected)


# ---- one scoring run --------------------------------------------------------------------------

class Reference(Scores):

    # -- duties and facts (CYC-2, CYC-5, ELI-5) --

    def in_year(self, text):
        """A day of the emulation year as a date."""
        if len(text) == 10:
            return day_of(text)
        month, day = int(text[:2]), int(text[3:])
        year = int(self.year["year"][:4])
        if self.regulation["calendar"] == "school_year" and \
                text < self.regulation.get("school_year_starts", "09-01"):
            year += 1
        return datetime.date(year, month, day)

    def last_of_month(self, month):
        first = self.in_year(f"{month:02}-01")
        return first.replace(day=calendar.monthrange(first.year, month)[1])

    def due_day(self, duty):
        due = duty.get("due")
        if due is not None and "calendar_year" in due:
            due = due[self.regulation["calendar"]]
        if due is None:
            return None
        if "before" in due:
            return self.in_year(due["before"]) - datetime.timedelta(days=1)
        if "by" in due:
            return self.in_year(due["by"])
        if "in_month" in due:
            return self.last_of_month(due["in_month"])
        if "in_quarter" in due:
            return self.last_of_month(3 * due["in_quarter"])
        if "before_meeting" in due:
            for meeting in self.year.get("meetings", []):
                if meeting["meeting"] == due["before_meeting"]:
                    return day_of(meeting["date"]) - datetime.timedelta(days=due["days"])
        return None

    @staticmethod
    def about(entries, unit):
        """Entries about the unit: its own, otherwise those for the others; and those for all."""
        own = [e for e in entries if unit in e["units"] and not isinstance(e["units"], str)]
        others = [e for e in entries if e["units"] == "others"]
        return (own or others) + [e for e in entries if e["units"] == "all"]

    def process(self, what, duty, unit):
        return self.about([e for e in self.year.get(what, []) if e["duty"] == duty], unit)

    def standing(self, duty_id, unit):
        duty = next(d for d in self.regulation["duties"] if d["id"] == duty_id)
        as_of, last = day_of(self.year["as_of"]), self.due_day(duty)
        for extension in self.process("extensions", duty_id, unit):
            until = day_of(extension["until"])
            last = until if last is None else max(last, until)
        entries = self.process("done", duty_id, unit)
        excused = self.process("excused", duty_id, unit)
        if any(unit in e["units"] for e in excused if isinstance(e["units"], list)):
            entries = [e for e in entries if e["units"] != "others"]
        done = [day_of(e["date"]) for e in entries]
        done = [day for day in done if day <= as_of]
        if done and (last is None or min(done) <= last):
            return "done"
        if excused:
            return "excused"
        if done:
            return "late"
        return None if last is None or as_of <= last else "not_done"

    def grades(self, fact):
        fact = self.facts[fact]
        if "duty" in fact:
            return ["done", "excused", "late", "not_done"]
        if isinstance(fact["grades"], str):
            return fact["grades"].split("_")
        return [grade["id"] for grade in fact["grades"]]

    def grade(self, fact, unit):
        """The unit's grade of the fact, or None."""
        if "duty" in self.facts[fact]:
            return self.standing(self.facts[fact]["duty"], unit)
        entries = self.about([e for e in self.year.get("facts", []) if e["fact"] == fact], unit)
        return entries[-1]["grade"] if entries else self.facts[fact].get("unreported")

    def test(self, condition, unit):
        if condition is None:
            return True
        if "all" in condition:
            return both(self.test(part, unit) for part in condition["all"])
        if "any" in condition:
            return either(self.test(part, unit) for part in condition["any"])
        if "not" in condition:
            return opposite(self.test(condition["not"], unit))
        grade = self.grade(condition["fact"], unit)
        if grade is None:
            return None
        place = self.grades(condition["fact"]).index
        if "is" in condition:
            return grade == condition["is"]
        if "at_least" in condition:
            return place(grade) <= place(condition["at_least"])
        return place(grade) >= place(condition["at_most"])

    def unknown_facts(self, condition, unit):
        """The facts that keep the condition from being known."""
        if condition is None or self.test(condition, unit) is not None:
            return set()
        if "fact" in condition:
            return {condition["fact"]}
        parts = condition.get("all") or condition.get("any") or [condition["not"]]
        return set().union(*(self.unknown_facts(part, unit) for part in parts))

    def ask_facts(self, condition, unit):
        for fact in sorted(self.unknown_facts(condition, unit)):
            self.ask("fact", unit=unit, fact=fact)

    # -- eligibility (ELI-1..5) --

    def reaches(self, unit, least):
        """Is the score at least so much? The same value is compared as in ranking."""
        if least is None:
            return True
        score = self.scores[unit]
        value = score["shown"] if self.rank_by == "shown" else score["exact"]
        if least.endswith("%"):
            return score["maximum"] > 0 and value / score["maximum"] >= share(least)
        return value >= Fraction(least)

    def below_threshold(self, unit):
        if not self.reaches(unit, self.regulation.get("selection", {}).get("at_least")):
            return True
        awards = [a for a in self.regulation["awards"] if a["how"] in ("score", "vote")]
        return bool(awards) and all(
            "at_least" in a and not self.reaches(unit, a["at_least"]) for a in awards)

    def outcome(self, unit):
        holds, unknown = set(), []
        self.levels[unit] = 0
        for rule in self.regulation.get("eligibility", []):
            spared = self.test(rule["unless"], unit) if "unless" in rule else False
            held = both([self.test(rule["when"], unit), opposite(spared)])
            if held:
                holds.add(rule["outcome"])
                if rule["outcome"] == "lowered":
                    self.levels[unit] = max(self.levels[unit], rule.get("levels", 1))
            elif held is None:
                unknown.append(rule)
        if "excluded" in holds:
            return "excluded"
        for rule in unknown:
            self.ask_facts(rule["when"], unit)
            self.ask_facts(rule.get("unless"), unit)
        if "deferred" in holds:
            return "deferred"
        if unknown:
            return "pending"
        if self.below_threshold(unit):
            return "below_threshold"
        return "lowered" if "lowered" in holds else "eligible"

    # -- ranking --

    def key(self, unit):
        score = self.scores[unit]
        return score["share"] if self.rank_by == "percent" else score[self.rank_by]

    def rank(self, unit):
        return 1 + sum(1 for other in self.units if self.key(other) > self.key(unit))

    # -- votes --

    def base(self, vote, rule):
        """What 100 percent is, or None when it was not counted."""
        if rule["of"] == "members":
            return len(self.units)
        if rule["of"] == "present":
            present = self.present(vote)
            return None if present is None else len(present)
        return vote.get(rule["of"])

    def present(self, vote):
        for meeting in self.year.get("meetings", []):
            if meeting["meeting"] == vote.get("meeting"):
                return meeting.get("present")
        return None

    def quorate(self, vote):
        for meeting in self.regulation.get("meetings", []):
            if meeting["id"] == vote.get("meeting") and "quorum" in meeting:
                present = self.present(vote)
                return present is not None and \
                    len(present) >= share(meeting["quorum"]) * len(self.units)
        return True

    def rule(self, about):
        return self.regulation.get("votes", {}).get(about, {"majority": "0", "of": "valid"})

    def adds_up(self, vote):
        """issued = collected + not returned, collected = valid + invalid, one unit one vote."""
        present = self.present(vote)
        count = {key: vote.get(key) for key in ("issued", "not_returned", "collected", "valid",
                                                "invalid")}

        def sums(whole, *parts):
            numbers = [count[key] for key in (whole, *parts)]
            return None in numbers or numbers[0] == sum(numbers[1:])
        most = max(number for number in [*count.values(), 0] if number is not None)
        return (sums("issued", "collected", "not_returned")
                and sums("collected", "valid", "invalid")
                and max(vote["votes"].values()) <= (most if count["valid"] is None
                                                    else count["valid"])
                and most <= len(self.units if present is None else present))

    def tally(self, vote, seats):
        """(elected, tied, seats they compete for), or None when the vote doesn't count."""
        rule = self.rule(vote["about"])
        base = self.base(vote, rule)
        if not base or not self.adds_up(vote) or not self.quorate(vote):
            self.ask("vote", award=vote["award"])
            return None
        return elect(rule, base, vote["votes"], seats)

    def settle_tie(self, award, units, seats):
        """Who gets the seats that equal units compete for, by a vote; what stays is a tie."""
        elected = []
        while seats > 0 and units:
            votes = [v for v in self.year.get("votes", []) if v["about"] == "tie"
                     and v["award"] == award["id"] and set(v["votes"]) == set(units)]
            counted = self.tally(votes[-1], seats) if votes else None  # the last one stands
            if counted is None or not (counted[0] or counted[1]):
                break
            before = set(units)
            chosen, tied, _ = counted
            elected, seats = elected + chosen, seats - len(chosen)
            units = [u for u in units if (u in tied if tied else u not in chosen)]
            if set(units) == before:
                break  # otherwise a run-off between those that are left may follow
        if seats > 0 and units:
            self.ties.append({"award": award["id"], "seats": seats, "units": units})
            self.ask("tie", award=award["id"])
            return elected, False
        return elected, True

    # -- selection (AWD-1..5, AWD-7) --

    def seats(self, award):
        """Seats left: a number, math.inf, or None when the authority has not said."""
        quota = award["quota"]
        if quota["kind"] == "unlimited":
            return math.inf
        if quota["kind"] == "authority":
            entries = [q for q in self.year.get("quotas", []) if q["award"] == award["id"]]
            if not entries:
                return None
            seats = entries[-1]["seats"]
        elif quota["kind"] == "seats":
            seats = quota["seats"]
        else:
            seats = int(rounded(share(quota["share"]) * len(self.units), 0, quota["round"]))
        counted = quota.get("counts", [award["id"]])
        return max(0, seats - sum(1 for a, _ in self.proposals if a in counted))

    def qualified(self, unit, award):
        """Does the unit reach the award? None: a fact of its own is not known."""
        return both([
            self.outcomes[unit] in ("eligible", "lowered", "pending"),
            self.reaches(unit, self.regulation.get("selection", {}).get("at_least")),
            self.reaches(unit, award.get("at_least")), self.test(award.get("when"), unit)])

    def propose(self, award, unit):
        if (award["id"], unit) not in self.proposals:
            self.proposals.append((award["id"], unit))

    def by_score(self, award, below):
        """Fill one award from the highest score down. False: the awards below it must wait."""
        seats = self.seats(award)
        if seats is None:
            self.ask("quota", award=award["id"])
            return False
        selection = self.regulation.get("selection", {})
        keeps = not below and selection.get("lowered_floor") == "lowest"
        for value in sorted({self.key(u) for u in self.units}, reverse=True):
            if seats == 0:
                break
            group = [u for u in self.units if self.key(u) == value and u not in self.given
                     and self.qualified(u, award) is not False]
            waiting = [u for u in group
                       if self.outcomes[u] == "pending" or self.qualified(u, award) is None]
            for unit in waiting:
                self.ask_facts(award.get("when"), unit)
                self.ask("selection", unit=unit, award=award["id"])
            if waiting:
                return False
            contenders = []
            for unit in group:
                if self.given_up.get(unit, 0) < self.levels[unit] and not keeps:
                    self.given_up[unit] = self.given_up.get(unit, 0) + 1  # ELI-3
                else:
                    contenders.append(unit)
            taken, settled = self.contest(award, contenders, seats)
            for unit in taken:
                self.propose(award, unit)
                self.given.add(unit)
            seats -= len(taken)
            if not settled:
                if any(self.seats(lower) != 0 for lower in below):
                    self.ask("selection")
                return False
        return True

    def contest(self, award, units, seats):
        """(the equal units that get a seat, whether that settles it)."""
        selection = self.regulation.get("selection", {})
        if len(units) <= seats:
            if selection.get("vote_on_equal") == "always" and len(units) > 1:
                return self.settle_tie(award, units, len(units))
            return units, True
        first = []
        if "priority" in selection:
            fact, grade = selection["priority"]["fact"], selection["priority"]["is"]
            unknown = [u for u in units if self.grade(fact, u) is None]
            for unit in unknown:
                self.ask("fact", unit=unit, fact=fact)
            if not unknown:
                preferred = [u for u in units if self.grade(fact, u) == grade]
                if len(preferred) > seats:
                    units = preferred
                else:
                    first, units = preferred, [u for u in units if u not in preferred]
        seats -= len(first)
        if seats == 0:
            return first, True
        elected, settled = self.settle_tie(award, units, seats)
        return first + elected, settled

    def by_vote(self, award):
        """AWD-4: the conference honours."""
        seats = self.seats(award)
        if seats is None:
            self.ask("quota", award=award["id"])
            return
        vote = next((v for v in self.year.get("votes", [])
                     if v["about"] == "honour" and v["award"] == award["id"]), None)
        if vote is None:
            nominated = any(n["award"] == award["id"] for n in self.year.get("nominations", []))
            if seats > 0 and (nominated or seats < math.inf):
                self.ask("honour", award=award["id"])
            return
        counted = self.tally(vote, None if seats == math.inf else seats)
        if counted is None:
            return
        elected, tied, left = counted
        if tied:
            tied = [u for u in self.units if u in tied]
            elected = elected + self.settle_tie(award, tied, left)[0]
        for unit in elected:
            if self.outcomes[unit] == "pending" or not self.qualified(unit, award):
                if self.qualified(unit, award) is None:
                    self.ask_facts(award.get("when"), unit)
                self.ask("vote", unit=unit, award=award["id"])
            else:
                self.propose_lowered(award, unit)

    def propose_lowered(self, award, unit):
        """Propose an elected unit, so many vote awards down as it is lowered."""
        ladder = [a for a in self.regulation["awards"] if a["how"] == "vote"]
        place = ladder.index(award) + self.levels[unit]
        if place < len(ladder):
            self.propose(ladder[place], unit)
        elif self.regulation.get("selection", {}).get("lowered_floor") == "lowest":
            self.propose(ladder[-1], unit)

    def by_pick(self, award):
        """AWD-5: a body picks among the units qualified, or elected, for another award."""
        among = next(a for a in self.regulation["awards"] if a["id"] == award["among"])
        picks = [p["unit"] for p in self.year.get("picks", []) if p["award"] == award["id"]]
        good = []
        for unit in picks:
            if self.outcomes[unit] == "eligible" and self.qualified(unit, award) and \
                    self.qualified(unit, among) and \
                    (among["how"] != "vote" or (among["id"], unit) in self.proposals):
                good.append(unit)
            else:
                self.ask("vote", unit=unit, award=award["id"])
        seats = self.seats(award) if picks else 0
        if seats is None:
            self.ask("quota", award=award["id"])
        elif len(good) > seats:
            self.ask("vote", award=award["id"])
        else:
            for unit in good:
                self.propose(award, unit)

    def select(self):
        by_score = [a for a in self.regulation["awards"] if a["how"] == "score"]
        goes_on = True
        if by_score and self.provisional:
            self.ask("selection")
            goes_on = False
        for award in self.regulation["awards"]:
            if award["how"] == "score":
                goes_on = goes_on and self.by_score(
                    award, by_score[by_score.index(award) + 1:])
            elif award["how"] == "vote":
                self.by_vote(award)
        for award in self.regulation["awards"]:
            if award["how"] == "pick":
                self.by_pick(award)

    # -- the whole --

    def result(self):
        self.scores = {unit: self.score(unit) for unit in self.units}
        self.ask_reasons()
        self.levels = {}
        self.outcomes = {unit: self.outcome(unit) for unit in self.units}
        self.proposals, self.ties = [], []
        self.given, self.given_up = set(), {}  # units with an award by score; seats given up
        self.select()
        scale = self.regulation["points"]
        return {
            "final": not self.open,
            "pending": self.open,
            "units": [{
                "code": unit,
                "score": {"exact": exactly(score["exact"]),
                          "shown": fixed(score["shown"], scale["total_decimals"])},
                "rank": self.rank(unit), "outcome": self.outcomes[unit],
                "provisional": unit in self.provisional,
                "sheets": {"counted": score["counted"], "expected": score["expected"]},
                "maximum": exactly(score["maximum"]),
                "percent": fixed(rounded(100 * score["share"], 2, "half_up"), 2),
                "bonus": exactly(score["bonus"]), "deducted": exactly(score["deducted"]),
            } for unit in sorted(self.units, key=self.rank) for score in [self.scores[unit]]],
            "proposals": [{"award": award, "unit": unit} for award, unit in self.proposals],
            "ties": self.ties,
        }


def score(regulation, year):
    """The result of two documents as read from their files."""
    return Reference(tidy(regulation), tidy(year)).result()


def score_files(year_path, regulation_path=None):
    year = read(year_path)
    regulation = regulation_path or pathlib.Path(year_path).parent / year["regulation"]
    return score(read(regulation), year)


if __name__ == "__main__":
    print(json.dumps(score_files(*sys.argv[1:3]), ensure_ascii=False, indent=1))
