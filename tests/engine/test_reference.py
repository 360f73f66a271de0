"""The reference on its own, against sums done by hand."""

import types
import unittest
from fractions import Fraction

import reference
import run_cases


def item(name, points, kind="direct", source=None, when_none=None, **way):
    return {"id": name, "title": name, "points": points, "way": {"kind": kind, **way},
            "from": source, "when_none": when_none}


def regulation(criteria, stages=("self",), combine=None, points=None, **more):
    total = sum((Fraction(node["points"]) for node in criteria), Fraction(0))
    stages = [{"id": s, "title": s, "rater": s} if isinstance(s, str) else s for s in stages]
    names = [stage["id"] for stage in stages]
    return {"calendar": "calendar_year", "criteria": criteria, "stages": stages, "awards": [],
            "points": {"total": str(total), "item_decimals": 2, "total_decimals": 2,
                       **(points or {})},
            "combine": combine or {"kind": "mean_of_sheets", "stages": names}, **more}


def year(units, sheets=(), **more):
    """sheets: (stage, rater, unit, values)"""
    roles = ["head", "deputy"] + [None] * len(units)
    return {"year": "2024", "as_of": "2024-12-20",
            "members": [{"code": u, "name": u, "role": r} for u, r in zip(units, roles)],
            "sheets": [{"stage": s, "rater": r, "unit": u, "submitted": "2024-12-01", "values": v}
                       for s, r, u, v in sheets], **more}


def own(values, **more):
    """A year in which every unit has only its own sheet, with one item X."""
    return year(list(values), [("self", None, u, {"X": v}) for u, v in values.items()], **more)


class Numbers(unittest.TestCase):
    def test_rounding_is_symmetric(self):
        for text, mode, want in (
                ("0.125", "half_up", "0.13"), ("-0.125", "half_up", "-0.13"),
                ("0.125", "half_even", "0.12"), ("0.135", "half_even", "0.14"),
                ("0.129", "down", "0.12"), ("-0.129", "down", "-0.12"),
                ("0.121", "up", "0.13"), ("-0.121", "up", "-0.13"), ("0.12", "up", "0.12")):
            self.assertEqual(reference.rounded(Fraction(text), 2, mode), Fraction(want), text)

    def test_printing(self):
        self.assertEqual(reference.exactly(Fraction(6543, 7)), "6543/7")
        self.assertEqual(reference.exactly(Fraction(1891, 2)), "945.5")
        self.assertEqual(reference.exactly(Fraction(-1, 8)), "-0.125")
        self.assertEqual(reference.fixed(Fraction(5, 100), 2), "0.05")
        self.assertEqual(reference.fixed(Fraction(-7), 0), "-7")

    def test_shares(self):
        self.assertEqual(reference.share("30%"), Fraction(3, 10))
        self.assertEqual(reference.share("2/3"), Fraction(2, 3))
        self.assertEqual(reference.share("0.3"), Fraction(3, 10))


class Scores(unittest.TestCase):
    def check(self, rules, happened, **want):
        """want: unit=exact score, or unit=(exact, kinds of what is open about it)"""
        result = reference.score(rules, happened)
        got = {u["code"]: u for u in result["units"]}
        for unit, score in want.items():
            score, kinds = score if isinstance(score, tuple) else (score, [])
            self.assertEqual(got[unit]["score"]["exact"], score, unit)
            self.assertEqual(sorted(p["kind"] for p in result["pending"]
                                    if p.get("unit") == unit), kinds, unit)
        return result

    def test_self_and_others(self):
        """SCO-2: (self + n-1 others) / n"""
        rules = regulation([item("X", "100")], ("self", "others"))
        happened = year("ABC", [
            ("self", None, "A", {"X": "90"}), ("others", "B", "A", {"X": "80"}),
            ("others", "C", "A", {"X": "81"}), ("self", None, "B", {"X": "70"}),
            ("others", "A", "B", {"X": "0"}), ("others", "C", "B", {})])
        result = self.check(rules, happened, A="251/3", B=("70/3", ["empty"]),
                            C=("0", ["sheet"] * 3))
        self.assertEqual([u["rank"] for u in result["units"]], [1, 2, 3])
        self.assertEqual(result["units"][0]["score"]["shown"], "83.67")
        self.assertEqual(result["units"][0]["sheets"], {"counted": 3, "expected": 3})
        self.assertFalse(result["final"])

    def test_missing_sheet_is_settled(self):
        """SCO-8: counted without, or abstained: the divisor is stated"""
        rules = regulation([item("X", "100")], ("self", "others"))
        sheets = [("self", None, "A", {"X": "90"}), ("others", "B", "A", {"X": "80"}),
                  ("self", None, "B", {"X": "50"})]
        happened = year("AB", sheets[:1] + sheets[2:])
        happened["sheets"].append({"stage": "others", "rater": "B", "unit": "A", "abstained": "x"})
        happened["settled"] = [{"stage": "others", "rater": "A", "decision": "count_without"}]
        result = self.check(rules, happened, A="90", B="50")
        self.assertEqual(result["units"][0]["sheets"], {"counted": 1, "expected": 2})
        self.assertTrue(result["final"])
        happened["settled"][0]["decision"] = "wait"
        self.check(rules, happened, A="90", B=("50", ["sheet"]))

    def test_weighted_and_drop(self):
        """SCO-9e: 30% self, 70% others without the highest and the lowest"""
        rules = regulation([item("X", "100")], ("self", "others"), {"kind": "weighted", "parts": [
            {"stages": ["self"], "weight": "30%"},
            {"stages": ["others"], "weight": "7/10", "drop": {"highest": 1, "lowest": 1}}]})
        sheets = [("self", None, "A", {"X": "100"})] + [
            ("others", r, "A", {"X": v}) for r, v in zip("BCDE", ("10", "80", "61", "99"))]
        # 30 + 0.7 * (80 + 61) / 2 = 79.35
        self.check(rules, year("ABCDE", sheets), A="79.35")
        # two sheets left: too few to drop two; 30 + 0.7 * (10 + 80) / 2 = 61.5
        self.check(rules, year("ABCDE", sheets[:3]), A=("61.5", ["raters", "sheet", "sheet"]))

    def test_last_of(self):
        stages = ("self", {"id": "review", "rater": "head", "for_head": "deputy",
                           "reason_when_different_from": "self"},
                  {"id": "council", "rater": "body", "optional": True})
        rules = regulation([item("X", "100")], stages, {"kind": "last_of", "stages": [
            "self", "review", "council"]})
        happened = year("ABC", [
            ("self", None, "A", {"X": "90"}), ("review", "B", "A", {"X": "85"}),
            ("self", None, "B", {"X": "70"}), ("review", "A", "B", {"X": "70.0"}),
            ("self", None, "C", {"X": "60"}), ("council", None, "C", {"X": "50"})])
        self.check(rules, happened, A=("85", ["reason"]), B="70", C=("50", ["sheet"]))

    def test_plan(self):
        rules = regulation([item("X", "30", "plan")])
        self.check(rules, own({"A": "50", "B": "120", "C": "-5", "D": "1"}, targets=[
            {"unit": u, "item": "X", "target": "70"} for u in "ABC"]),
            A="21.43", B="30", C="0", D=("0", ["target"]))
        rules = regulation([item("X", "30", "plan", better="lower")])
        self.check(rules, own({"A": "90", "B": "0", "C": "3"}, targets=[
            {"unit": u, "item": "X", "target": "0" if u == "C" else "70"} for u in "ABC"]),
            A="23.33", B="30", C="0")

    def test_tiers(self):
        """SCO-9f: bands with a gap between 90 and 91"""
        rules = regulation([item("X", "20", "tiers", tiers=[
            {"from": "91", "to": "100", "points": "20"}, {"from": "70", "to": "90", "points": "15"},
            {"above": "10", "below": "70", "points": "5"}, {"at": "0", "points": "1"}])])
        self.check(rules, own({"A": "91", "B": "90", "C": "90.5", "D": "70", "E": "10", "F": "0"}),
                   A="20", B="15", C=("0", ["tier"]), D="15", E=("0", ["tier"]), F="1")

    def test_checklist_count_plus_minus(self):
        parts = [{"id": "a", "points": "3"}, {"id": "b", "points": "1.5"}]
        self.check(regulation([item("X", "4.5", "checklist", parts=parts)]),
                   own({"A": ["a", "b"], "B": ["b"], "C": [], "D": None}),
                   A="4.5", B="1.5", C="0", D=("0", ["empty"]))
        self.check(regulation([item("X", "10", "count", each="2.5")]),
                   own({"A": 3, "B": 9, "C": 0}), A="7.5", B="10", C="0")
        events = [{"id": "p", "points": "2"}, {"id": "m", "points": "-3"}]
        self.check(regulation([item("X", "10", "plus_minus", events=events, start="5",
                                    floor="1")]),
                   own({"A": {"p": 1}, "B": {"p": 9, "m": 1}, "C": {"m": 2}, "D": {}}),
                   A="7", B="10", C="1", D="5")

    def test_rank(self):
        """SCO-9c: means of outside raters, then places; equal values take the highest place"""
        rules = regulation([item("X", "60", "rank", "outside", places=["60", "45", "30"],
                                 after="15")])
        happened = own({u: None for u in "ABCDE"}, outside=[
            {"item": "X", "rater": "1", "values": dict(zip("ABCDE", ("9", "8", "9", "1", "2")))},
            {"item": "X", "rater": "2", "values": dict(zip("ABCDE", ("8", "9", "9", "1", "2")))}])
        self.check(rules, happened, C="60", A="45", B="45", E="15", D="15")
        del happened["outside"][0]["values"]["C"]
        result = self.check(rules, happened, A="60", B="60", C=("0", ["result"]), E="30", D="15")
        self.assertTrue(all(unit["provisional"] for unit in result["units"]))

    def test_leader(self):
        """SCO-9a: relative to the leader, half the points on target"""
        rules = regulation([item("X", "10", "leader", "results"), item("Y", "90")],
                           points={"rank_by": "percent"})
        actual = {"A": "80", "B": "100", "C": "110", "D": "140", "E": "30", "F": "20"}
        happened = year("ABCDEFG", [("self", None, u, {"Y": "45"}) for u in "ABCDEFG"],
                        results=[{"unit": u, "item": "X", "value": v} for u, v in actual.items()],
                        targets=[{"unit": u, "item": "X", "target": "100"} for u in "ABCD"])
        # A 5 * 0.8; B 5; C 5 + 5 * 10/40; D all; E all (best without target); F 10 * 20/30
        result = self.check(rules, happened, A="49", B="50", C="51.25", D="55", E="55",
                            F="51.67", G="45")
        last = [u for u in result["units"] if u["code"] == "G"][0]
        self.assertEqual((last["maximum"], last["percent"], last["rank"]), ("90", "50.00", 5))

    def test_not_arisen(self):
        """SCO-13: full, zero, left out; otherwise the question stays open"""
        rules = regulation([item("F", "10", when_none="full"), item("Z", "10", when_none="zero"),
                            item("L", "10", when_none="left_out"), item("U", "10")],
                           points={"rank_by": "percent"})
        full = dict.fromkeys("FZLU", "8")
        happened = year("ABCDE", [("self", None, u, full) for u in "ABCDE"], not_arisen=[
            {"unit": u, "item": i} for u, i in zip("ABCD", "FZLU")])
        result = self.check(rules, happened, A="34", B="24", C="24", D=("24", ["not_arisen"]),
                            E="32")
        self.assertEqual({u["code"]: u["percent"] for u in result["units"]},
                         {"A": "85.00", "E": "80.00", "C": "80.00", "B": "60.00", "D": "60.00"})

    def test_bonus(self):
        """SCO-4: 1 point for each whole 1% over, 10% of the item's points each, nested caps"""
        rules = regulation(
            [item("P", "50", "plan", "results"), item("Q", "100", "plan", "results"),
             item("Y", "50")],
            bonus={"cap": "14", "parts": [
                {"id": "o", "kind": "over_plan", "section": "P", "points": "1", "per": "1%",
                 "step": "whole", "cap_each": "10%"},
                {"id": "q", "kind": "over_plan", "section": "Q", "points": "1", "per": "1%",
                 "step": "proportional", "cap": "9"},
                {"id": "w", "kind": "awarded", "by": "head", "cap": "5"}]})
        results = {"A": ("103.9", "103.9"), "B": ("200", "200")}
        happened = year("AB", [("self", None, u, {"Y": "20"}) for u in "AB"], results=[
            {"unit": u, "item": i, "value": v}
            for u, both in results.items() for i, v in zip("PQ", both)],
            targets=[{"unit": u, "item": i, "target": "100"} for u in "AB" for i in "PQ"],
            bonuses=[{"part": "w", "unit": "B", "points": "5"}])
        # A 150 + 20 + 3 + 3.9; B 150 + 20 + min(14, 5 + 9 + 5)
        self.check(rules, happened, A="176.9", B="184")
        happened["sheets"][1]["values"]["Y"] = "50"
        self.check(rules, happened, B="200")
        rules["points"]["above_total"] = True
        self.check(rules, happened, B="214")

    def test_deductions(self):
        """SCO-5: a letter counts only from a listed issuer on a listed subject"""
        rules = regulation([item("X", "100")], deductions={"cap": "32", "list": [
            {"id": "l", "each": "10", "needs": "letter", "issuers": ["Tỉnh"],
             "subjects": ["emulation"], "cap": "15"},
            {"id": "d", "each": "5", "needs": "duty", "once": True},
            {"id": "h", "each": "10", "needs": "finding", "who": "head"}]})

        def letter(unit, issuer, subject):
            return {"deduction": "l", "unit": unit,
                    "letter": {"issuer": issuer, "subject": subject}}
        happened = own({"A": "100", "B": "100", "C": "9"}, deductions=[
            letter("A", "Tỉnh", "emulation"), letter("A", "Tỉnh", "emulation"),
            letter("B", "Tỉnh", "weather"), letter("B", "Huyện", "emulation"),
            {"deduction": "d", "unit": "A", "duty": "x"},
            {"deduction": "d", "unit": "A", "duty": "y"},
            {"deduction": "h", "unit": "A", "finding": "z"},
            {"deduction": "h", "unit": "A", "finding": "z"}, letter("C", "Tỉnh", "emulation")])
        # A: min(15, 20) + 5 + 20 = 40, at most 32
        self.check(rules, happened, A="68", B="100", C="-1")


class Outcomes(unittest.TestCase):
    FACTS = [{"id": f, "by": "X", "grades": "no_yes"} for f in ("a", "b")]

    def outcomes(self, rule, facts, **more):
        rules = regulation([item("X", "100")], facts=self.FACTS, awards=[], **more,
                           eligibility=[{"id": "r", "outcome": "excluded", "reason": "", **rule}])
        happened = own({"A": "50"}, facts=[
            {"fact": f, "units": "others", "grade": g} for f, g in facts.items()])
        result = reference.score(rules, happened)
        return result["units"][0]["outcome"], sorted(p.get("fact") for p in result["pending"])

    def test_unknown_facts_decide_only_where_they_matter(self):
        a, b = {"fact": "a", "is": "yes"}, {"fact": "b", "is": "yes"}
        for rule, facts, want in (
                ({"when": {"all": [a, b]}}, {"a": "no"}, ("eligible", [])),
                ({"when": {"all": [a, b]}}, {"a": "yes"}, ("pending", ["b"])),
                ({"when": {"any": [a, b]}}, {"a": "yes"}, ("excluded", [])),
                ({"when": {"any": [a, b]}}, {}, ("pending", ["a", "b"])),
                ({"when": {"not": a}}, {}, ("pending", ["a"])),
                ({"when": a, "unless": b}, {"a": "yes"}, ("pending", ["b"])),
                ({"when": a, "unless": b}, {"a": "no"}, ("eligible", [])),
                ({"when": a, "unless": b}, {"b": "yes"}, ("eligible", [])),
                ({"when": a, "unless": b}, {"a": "yes", "b": "no"}, ("excluded", []))):
            self.assertEqual(self.outcomes(rule, facts), want, (rule, facts))

    def test_threshold(self):
        rule = {"when": {"fact": "a", "is": "yes"}}
        for least, want in (("50", "eligible"), ("50.01", "below_threshold")):
            self.assertEqual(self.outcomes(rule, {"a": "no"}, selection={"at_least": least}),
                             (want, []))

    def test_duties(self):
        """CYC-2: before the day excludes it; CYC-5: extensions and excuses"""
        rules = regulation(
            [item("X", "1")], facts=[{"id": "f", "duty": "d"}],
            duties=[{"id": "d", "who": "member", "due": {"before": "03-31"}}])

        def grade(as_of="2024-12-20", **process):
            happened = own({"A": "1"}, as_of=as_of, **{
                what: [{"duty": "d", "units": "others", **entry}]
                for what, entry in process.items()})
            run = reference.Reference(rules, happened)
            return run.grade("f", "A")
        self.assertEqual(grade(done={"date": "2024-03-30"}), "done")
        self.assertEqual(grade(done={"date": "2024-03-31"}), "late")
        self.assertEqual(grade(done={"date": "2024-03-31"}, extensions={"until": "2024-03-31"}),
                         "done")
        self.assertEqual(grade(), "not_done")
        self.assertEqual(grade(as_of="2024-03-31"), "not_done")
        self.assertEqual(grade(as_of="2024-03-30"), None)
        self.assertEqual(grade(excused={}), "excused")
        rules["duties"][0]["due"] = {"in_month": 2}
        self.assertEqual(grade(done={"date": "2024-02-29"}), "done")
        rules["duties"][0]["due"] = {"in_quarter": 1}
        self.assertEqual(grade(done={"date": "2024-04-01"}), "late")
        rules["calendar"] = "school_year"
        rules["duties"][0]["due"] = {"school_year": {"by": "01-31"},
                                      "calendar_year": {"by": "01-01"}}
        self.assertEqual(grade(as_of="2025-01-31"), None)


class Selection(unittest.TestCase):
    def run_year(self, scores, awards, facts=(), votes=(), rules=(), selection=None, **more):
        settings = regulation(
            [item("X", "100")], facts=[{"id": "f", "by": "X", "grades": "no_yes",
                                        "unreported": "no"}],
            awards=awards, selection=selection, votes={"honour": {
                "majority": "1/2", "strictly_more": True, "of": "members"}},
            eligibility=[{"id": r, "outcome": r, "reason": "", "when": {"fact": "f", "is": "yes"}}
                         for r in rules])
        happened = own(scores, votes=list(votes), facts=[
            {"fact": "f", "units": [u], "grade": "yes"} for u in facts], **more)
        result = reference.score(settings, happened)
        return ([p["award"] + p["unit"] for p in result["proposals"]],
                [(t["award"], t["seats"], "".join(t["units"])) for t in result["ties"]],
                [p["kind"] for p in result["pending"]])

    @staticmethod
    def award(name, seats, how="score", **more):
        return {"id": name, "how": how, "quota": {"kind": "seats", "seats": seats}, **more}

    def test_top_down(self):
        one, two = self.award("f", 1), self.award("m", 2, at_least="80")
        self.assertEqual(self.run_year({"A": "90", "B": "95", "C": "80", "D": "79"}, [one, two]),
                         (["fB", "mA", "mC"], [], []))

    def test_share_of_members(self):
        """AWD-2: 30% of 7 is 2"""
        award = {"id": "m", "how": "score", "quota": {"kind": "share", "share": "30%",
                                                      "round": "down"}}
        scores = {u: str(90 - i) for i, u in enumerate("ABCDEFG")}
        self.assertEqual(self.run_year(scores, [award])[0], ["mA", "mB"])

    def test_tie_and_vote(self):
        awards = [self.award("f", 1), self.award("m", 1)]
        scores = {"A": "90", "B": "90", "C": "90", "D": "10"}
        self.assertEqual(self.run_year(scores, awards),
                         ([], [("f", 1, "ABC")], ["tie", "selection"]))
        vote = {"about": "tie", "award": "f", "method": "secret", "valid": 4,
                "votes": {"A": 1, "B": 2, "C": 1}}
        self.assertEqual(self.run_year(scores, awards, votes=[vote]),
                         (["fB"], [("m", 1, "AC")], ["tie"]))

    def test_equal_scores_with_enough_seats(self):
        awards, scores = [self.award("f", 2)], {"A": "90", "B": "90", "C": "1"}
        self.assertEqual(self.run_year(scores, awards), (["fA", "fB"], [], []))
        self.assertEqual(self.run_year(scores, awards, selection={"vote_on_equal": "always"}),
                         ([], [("f", 2, "AB")], ["tie"]))

    def test_priority(self):
        """AWD-7"""
        selection = {"priority": {"fact": "f", "is": "yes"}}
        scores = {"A": "90", "B": "90", "C": "90"}
        self.assertEqual(self.run_year(scores, [self.award("x", 1)], "B", selection=selection),
                         (["xB"], [], []))
        self.assertEqual(self.run_year(scores, [self.award("x", 2)], "B", selection=selection),
                         (["xB"], [("x", 1, "AC")], ["tie"]))
        self.assertEqual(self.run_year(scores, [self.award("x", 1)], "AB", selection=selection),
                         ([], [("x", 1, "AB")], ["tie"]))

    def test_lowered(self):
        """ELI-3"""
        awards, scores = [self.award("f", 1), self.award("m", 1)], {"A": "90", "B": "80"}
        self.assertEqual(self.run_year(scores, awards, "A", rules=["lowered"])[0], ["fB", "mA"])
        self.assertEqual(self.run_year(scores, awards[:1], "A", rules=["lowered"])[0], ["fB"])
        self.assertEqual(self.run_year(scores, awards[:1], "A", rules=["lowered"],
                                       selection={"lowered_floor": "lowest"})[0], ["fA"])

    def test_excluded_and_quota(self):
        award = {"id": "f", "how": "score", "quota": {"kind": "authority"}}
        scores = {"A": "90", "B": "80"}
        self.assertEqual(self.run_year(scores, [award], "A", rules=["excluded"]),
                         ([], [], ["quota"]))
        self.assertEqual(self.run_year(scores, [award], "A", rules=["excluded"], quotas=[
            {"award": "f", "seats": 1}])[0], ["fB"])

    def test_honour(self):
        """AWD-4: more than half of all members"""
        award = self.award("f", 1, "vote", by="head")
        scores = {"A": "90", "B": "80", "C": "70"}
        self.assertEqual(self.run_year(scores, [award]), ([], [], ["honour"]))
        vote = {"about": "honour", "award": "f", "method": "hands", "valid": 3}
        self.assertEqual(self.run_year(scores, [award], votes=[{**vote, "votes": {
            "A": 1, "B": 2}}]), (["fB"], [], []))
        self.assertEqual(self.run_year(scores, [award], votes=[{**vote, "votes": {
            "A": 1, "B": 1, "C": 1}}]), ([], [], []))
        self.assertEqual(self.run_year(scores, [award], "B", rules=["deferred"], votes=[{
            **vote, "votes": {"B": 3}}]), ([], [], ["vote"]))

    def test_pick(self):
        """AWD-5"""
        awards = [self.award("g", 1, "pick", by="council", among="f"),
                  self.award("f", 1, at_least="85")]
        scores = {"A": "90", "B": "80"}
        self.assertEqual(self.run_year(scores, awards, picks=[{"award": "g", "unit": "A"}]),
                         (["fA", "gA"], [], []))
        self.assertEqual(self.run_year(scores, awards, picks=[{"award": "g", "unit": "B"}]),
                         (["fA"], [], ["vote"]))


class Cases(unittest.TestCase):
    """The clauses of the sources worked out by hand: tests/engine/cases."""

    # what only the program says: refusals, notices, words
    OTHERS = ("error", "warning", "explain", "due", "conforms", "breach", "reason", "notice")

    def test_cases(self):
        for path in sorted(run_cases.CASES.glob("*.case")):
            case = run_cases.Case(path)
            # of an open question the reference knows the kind and the unit, not the words
            expected = [e.partition("~")[0] if e.startswith("open") else e for e in case.expected
                        if e.split()[0] not in self.OTHERS]
            if "year" not in case.files or any(e.startswith("error") for e in case.expected):
                continue
            case.result = reference.score(case.files["regulation"], case.files["year"])
            for pending in case.result["pending"]:
                pending["text"] = pending["kind"]
            case.scored = types.SimpleNamespace(
                returncode=0 if case.result["final"] else 3, stderr="")
            for expectation in expected:
                with self.subTest(case=path.name, expect=expectation):
                    try:
                        case.expect(expectation)
                    except run_cases.CaseError as fault:
                        self.fail(str(fault))


if __name__ == "__main__":
    unittest.main()
