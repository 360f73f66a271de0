"""The program against the reference, and against what must hold for any year.

    THIDUA=build/dev/thidua python3 tests/engine/test_properties.py [--seeds N] [--first S] [--long]

A failing seed is printed and its files are kept in a temporary folder; random_year.py SEED FOLDER
makes them again.
"""

import argparse
import concurrent.futures
import copy
import os
import pathlib
import random
import shutil
import sys
import tempfile
import unittest
from fractions import Fraction

import compare
import random_year
import reference

SEEDS, FIRST = int(os.environ.get("THIDUA_SEEDS", "300")), 0
SHOWN = 10


def shuffled(year, regulation, rng):
    """The same year with its lists in another order; votes stand in the order they were taken."""
    year = copy.deepcopy(year)
    for key, value in year.items():
        if isinstance(value, list) and key != "votes":
            rng.shuffle(value)
    for raters in year.get("panels", {}).values():
        rng.shuffle(raters)
    for entry in year.get("facts", []) + year.get("done", []) + year.get("nominations", []):
        if isinstance(entry["units"], list):
            rng.shuffle(entry["units"])
    for meeting in year.get("meetings", []):
        rng.shuffle(meeting.get("present", []))
    for vote in year.get("votes", []):
        names = list(vote["votes"].items())
        rng.shuffle(names)
        vote["votes"] = dict(names)
    return year


def by_unit(result):
    """A result without the order in which equal units stand."""
    result = {key: result[key] for key in ("final", "units", "proposals", "ties", "pending")}
    result["units"] = sorted(result["units"], key=lambda u: u["code"])
    for unit in result["units"]:
        unit["reasons"] = sorted(map(str, unit.get("reasons", [])))
    result["proposals"] = sorted(map(str, result["proposals"]))
    result["ties"] = sorted((t["award"], t["seats"], sorted(t["units"])) for t in result["ties"])
    result["pending"] = sorted(str([p.get(key) for key in compare.OF_OPEN])
                               for p in result["pending"])
    return result


def better(node, value, target, rng):
    """A better input for the item than the value, or None where there is none to be sure of."""
    way, full = node["way"], Fraction(node["points"])
    kind = way["kind"]
    lower = way.get("better") == "lower"
    if kind == "direct":
        return node["points"] if Fraction(node["points"]) % Fraction(way.get("step", "0.0001")) \
            == 0 and Fraction(value) < full else None
    if kind in ("plan", "rank", "leader"):
        if kind == "plan" and target is None:
            return None
        step = rng.choice([1, 5, 40])
        return reference.exactly(Fraction(value) + (-step if lower else step))
    if kind == "count":
        return value + rng.randint(1, 3)
    if kind == "checklist":
        left = [p["id"] for p in way["parts"] if p["id"] not in value]
        return value + left[:1] if left else None
    if kind == "plus_minus":
        event = rng.choice(way["events"])
        change = 1 if Fraction(event["points"]) > 0 else -1
        count = value.get(event["id"], 0) + change
        return {**value, event["id"]: count} if count >= 0 else None
    held = [t for t in way["tiers"] if reference.Reference.holds(t, Fraction(value))]
    above = [t for t in way["tiers"] if held and "at" not in t and "from" in t
             and Fraction(t["points"]) >= Fraction(held[0]["points"])]
    return rng.choice(above)["from"] if above else None


class Properties(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        if not compare.PROGRAM:
            raise unittest.SkipTest("THIDUA names no program")
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="thidua-properties-"))
        cls.failed = False
        with concurrent.futures.ProcessPoolExecutor() as pool:
            made = pool.map(random_year.make, range(FIRST, FIRST + SEEDS), chunksize=8)
            cls.years = dict(zip(range(FIRST, FIRST + SEEDS), made))

    @classmethod
    def tearDownClass(cls):
        if not cls.failed:
            shutil.rmtree(cls.folder)

    def each_seed(self, what, check):
        """check(regulation, year, path, rng) answers what is wrong, in words."""
        def one(seed):
            regulation, year = self.years[seed]
            path = random_year.write(self.folder / f"{what}-{seed}", regulation, year)
            try:
                wrong = check(regulation, year, path, random.Random(seed))
            except compare.Refused as refused:
                wrong = [str(refused)]
            if not wrong:
                shutil.rmtree(path.parent)
            return wrong
        with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
            failures = [(seed, wrong) for seed, wrong in zip(self.years, pool.map(one, self.years))
                        if wrong]
        if failures:
            type(self).failed = True
            for seed, wrong in failures[:SHOWN]:
                print(f"seed {seed}, files in {self.folder}/{what}-{seed}", file=sys.stderr)
                for line in wrong[:12]:
                    print(f"    {line}", file=sys.stderr)
            self.fail(f"{len(failures)} of {len(self.years)} seeds: "
                      + " ".join(str(seed) for seed, _ in failures[:40]))

    def test_against_reference(self):
        def check(regulation, year, path, _):
            return compare.differences(compare.score(path), reference.score(regulation, year))
        self.each_seed("reference", check)

    def test_order_of_lists(self):
        """Members, sheets and raters in another order: the same for every unit."""
        def check(regulation, year, path, rng):
            first = by_unit(compare.score(path))
            other = shuffled(year, regulation, rng)
            random_year.write(path.parent, regulation, other)
            second = by_unit(compare.score(path))
            random_year.write(path.parent, regulation, year)
            (path.parent / "shuffled.json").write_text(
                reference.json.dumps(other, ensure_ascii=False, indent=1), encoding="utf-8")
            return [f"{key}: {first[key]} and {second[key]}" for key in first
                    if first[key] != second[key]]
        self.each_seed("order", check)

    def test_same_bytes(self):
        def check(_regulation, _year, path, _):
            runs = {compare.subprocess.run(
                [compare.PROGRAM, "score", "--year", str(path), "--format", "json"],
                capture_output=True, check=False).stdout for _ in range(2)}
            return [] if len(runs) == 1 else ["two runs, two results"]
        self.each_seed("bytes", check)

    def test_invariants(self):
        """Caps, sums, quotas: what holds whatever the year is."""
        def check(regulation, year, path, _):
            result = compare.score(path)
            wrong = []

            def holds(what, condition):
                if not condition:
                    wrong.append(what)
            total = Fraction(regulation["points"]["total"])
            cap = regulation.get("bonus", {}).get("cap")
            off = regulation.get("deductions", {}).get("cap")
            for unit in result["units"]:
                name, score = unit["code"], Fraction(unit["score"]["exact"])
                bonus, deducted = Fraction(unit["bonus"]), Fraction(unit["deducted"])
                maximum = Fraction(unit["maximum"])
                holds(f"{name}: score {score} above {total}",
                      score <= total - deducted or regulation["points"].get("above_total"))
                holds(f"{name}: score below bonus and deductions alone",
                      score >= min(bonus, total) - deducted)
                holds(f"{name}: maximum", 0 <= maximum <= total)
                holds(f"{name}: bonus {bonus}", 0 <= bonus and (not cap or bonus <= Fraction(cap)))
                holds(f"{name}: deducted", 0 <= deducted and (not off or deducted <= Fraction(off)))
                holds(f"{name}: sheets", unit["sheets"]["counted"] <= unit["sheets"]["expected"])
                holds(f"{name}: shown", abs(Fraction(unit["score"]["shown"]) - score)
                      < Fraction(1, 10 ** regulation["points"]["total_decimals"]))
                if unit["outcome"] not in ("eligible", "lowered"):
                    holds(f"{name} is {unit['outcome']} and proposed",
                          name not in [p["unit"] for p in result["proposals"]])
            ranks = [unit["rank"] for unit in result["units"]]
            holds("ranks", all(rank == 1 + sum(r < rank for r in ranks) for rank in ranks)
                  and ranks == sorted(ranks))
            holds("final", result["final"] == (not result["pending"]))
            holds("provisional but final", not (result["final"] and any(
                unit["provisional"] for unit in result["units"])))
            by_score = [a["id"] for a in regulation["awards"] if a["how"] == "score"]
            taken = [p["unit"] for p in result["proposals"] if p["award"] in by_score]
            holds("one unit, two awards by score", len(taken) == len(set(taken)))
            for award in regulation["awards"]:
                units = [p["unit"] for p in result["proposals"] if p["award"] == award["id"]]
                holds(f"{award['id']}: a unit twice", len(units) == len(set(units)))
                seats = award["quota"].get("seats")
                if award["how"] == "score" and seats is not None:
                    holds(f"{award['id']}: {len(units)} for {seats} seats", len(units) <= seats)
            for tie in result["ties"]:
                holds("a tie for no seat", tie["seats"] > 0 and tie["units"])
            return wrong
        self.each_seed("invariants", check)

    def test_better_input(self):
        """A unit's own better input never lowers its score, others' inputs as they are."""
        def check(regulation, year, path, rng):
            items = reference.Reference(regulation, year).items
            targets = {(t["unit"], t["item"]): t["target"] for t in year.get("targets", [])}
            inputs = [(entry["unit"], entry["item"], entry, "value")
                      for entry in year.get("results", [])]
            for sheet in year.get("sheets", []):
                inputs += [(sheet["unit"], item, sheet["values"], item)
                           for item in sheet.get("values", {})]
            inputs = [(unit, item, place, key) for unit, item, place, key in inputs
                      if items[item]["way"]["kind"] != "tiers" or self.monotone(items[item])]
            if not inputs:
                return []
            before = {u["code"]: u for u in compare.score(path)["units"]}
            wrong = []
            for unit, item, place, key in rng.sample(inputs, min(3, len(inputs))):
                old = place[key]
                new = better(items[item], old, targets.get((unit, item)), rng)
                if new is None:
                    continue
                place[key] = new
                random_year.write(path.parent, regulation, year)
                after = {u["code"]: u for u in compare.score(path)["units"]}
                if Fraction(after[unit]["score"]["exact"]) < Fraction(
                        before[unit]["score"]["exact"]):
                    wrong.append(f"{unit} {item}: {old} to {new}: {before[unit]['score']} to "
                                 f"{after[unit]['score']}")
                place[key] = old
            random_year.write(path.parent, regulation, year)
            return wrong
        self.each_seed("better", check)

    @staticmethod
    def monotone(node):
        """Do higher values give at least as many points, in every tier?"""
        tiers = sorted(node["way"]["tiers"], key=lambda t: Fraction(
            t.get("from") or t.get("above") or t.get("at") or "-1"))
        points = [Fraction(t["points"]) for t in tiers]
        return points == sorted(points)


if __name__ == "__main__":
    options = argparse.ArgumentParser(add_help=False)
    options.add_argument("--seeds", type=int)
    options.add_argument("--first", type=int, default=FIRST)
    options.add_argument("--long", action="store_true")
    chosen, rest = options.parse_known_args()
    FIRST, SEEDS = chosen.first, chosen.seeds or (5000 if chosen.long else SEEDS)
    unittest.main(argv=sys.argv[:1] + rest)
