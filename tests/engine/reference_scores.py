"""The first half of the reference: from sheets, results and targets to each unit's score.

Plain Python with exact fractions, written from the requirements alone; see reference.py.
Read it from the bottom: `Scores.score` is one unit's score.
"""

import json
import math
import pathlib
import unicodedata
from fractions import Fraction


# ---- reading ----------------------------------------------------------------------------------

def tidy(value):
    """Texts in NFC; a key whose value is null is a key left out."""
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value)
    if isinstance(value, list):
        return [tidy(part) for part in value]
    if isinstance(value, dict):
        return {tidy(key): tidy(part) for key, part in value.items() if part is not None}
    return value


def read(path):
    return tidy(json.loads(pathlib.Path(path).read_text(encoding="utf-8")))


def share(text):
    """30%, 2/3, 0.3"""
    return Fraction(text[:-1]) / 100 if text.endswith("%") else Fraction(text)


# ---- numbers (SCO-6) --------------------------------------------------------------------------

def rounded(value, decimals, mode):
    """To so many decimals. Signs are symmetric: half_up goes away from zero at a half."""
    scaled = abs(value) * 10 ** decimals
    whole = math.floor(scaled)
    rest = scaled - whole
    if mode == "up":
        whole += rest > 0
    elif mode == "half_up":
        whole += rest >= Fraction(1, 2)
    elif mode == "half_even":
        whole += rest > Fraction(1, 2) or (rest == Fraction(1, 2) and whole % 2 == 1)
    return Fraction(whole if value >= 0 else -whole, 10 ** decimals)


def fixed(value, decimals):
    """A value that has at most these decimals, printed with exactly these."""
    units = value * 10 ** decimals
    assert units.denominator == 1
    digits = str(abs(units.numerator)).rjust(decimals + 1, "0")
    sign = "-" if units < 0 else ""
    return sign + (f"{digits[:-decimals]}.{digits[-decimals:]}" if decimals else digits)


def exactly(value):
    """A decimal where it ends within nine digits, otherwise a/b in lowest terms."""
    for decimals in range(10):
        if (value * 10 ** decimals).denominator == 1:
            return fixed(value, decimals)
    return f"{value.numerator}/{value.denominator}"


# ---- scores ----------------------------------------------------------------------------------

class Scores:
    def __init__(self, regulation, year):
        self.regulation, self.year = regulation, year
        points = regulation["points"]
        self.total = Fraction(points["total"])
        self.item_decimals = points["item_decimals"]
        self.item_round = points.get("item_round", "half_up")
        self.rank_by = points.get("rank_by", "exact")
        self.units = [member["code"] for member in year["members"]]
        role = {m["role"]: m["code"] for m in year["members"] if "role" in m}
        self.head, self.deputy = role.get("head"), role.get("deputy")

        self.items = {}    # id: leaf node, in the order of the paper
        self.above = {}    # item id: ids of the nodes above it and its own
        self.walk(regulation["criteria"], ())
        self.stages = {stage["id"]: stage for stage in regulation["stages"]}
        self.facts = {fact["id"]: fact for fact in regulation.get("facts", [])}

        self.targets = {(t["unit"], t["item"]): Fraction(t["target"])
                        for t in year.get("targets", [])}
        self.figures = {(r["unit"], r["item"]): r["value"] for r in year.get("results", [])}
        self.not_arisen = {(n["unit"], n["item"]) for n in year.get("not_arisen", [])}
        self.decided = {(d["unit"], d["item"]): Fraction(d["points"])
                        for d in year.get("decisions", [])}

        self.open = []             # what keeps the result from being final, each thing once
        self.provisional = set()   # units whose score something open bears on
        self.sheets = self.read_sheets()

    def walk(self, nodes, above):
        for node in nodes:
            path = above + (node["id"],)
            if "way" in node:
                self.items[node["id"]] = node
                self.above[node["id"]] = path
            else:
                self.walk(node["children"], path)

    def ask(self, kind, **about):
        """Something stays open."""
        entry = {"kind": kind, **{k: v for k, v in about.items() if v is not None}}
        if entry not in self.open:
            self.open.append(entry)

    def ask_score(self, kind, unit, **about):
        """Something stays open that bears on the unit's score."""
        self.ask(kind, unit=unit, **about)
        self.provisional.add(unit)

    def quantised(self, points):
        return rounded(points, self.item_decimals, self.item_round)

    def source(self, item):
        return self.items[item].get("from", "sheets")

    # -- sheets (SCO-1..3, SCO-8) --

    def raters(self, stage, unit):
        """Who should write a sheet about the unit in the stage; None stands for a body."""
        kind = self.stages[stage]["rater"]
        if kind == "self":
            return [unit]
        if kind == "others":
            return [u for u in self.units if u != unit]
        if kind == "head":
            deputised = unit == self.head and self.stages[stage].get("for_head") == "deputy"
            return [self.deputy if deputised else self.head]
        if kind == "panel":
            return self.year.get("panels", {}).get(stage, [])
        return [None]

    def single_rater(self, stage, unit, rater):
        """A sheet's rater may be left out where only one can have written it."""
        if self.stages[stage]["rater"] in ("self", "head", "body"):
            return self.raters(stage, unit)[0]
        return rater

    def read_sheets(self):
        sheets = {}
        for sheet in self.year.get("sheets", []):
            stage, unit = sheet["stage"], sheet["unit"]
            sheets[stage, self.single_rater(stage, unit, sheet.get("rater")), unit] = sheet
        return sheets

    def counted_without(self, stage, rater, unit):
        return any(s["decision"] == "count_without" and s["stage"] == stage
                   and s.get("unit", unit) == unit
                   and self.single_rater(stage, unit, s.get("rater")) == rater
                   for s in self.year.get("settled", []))

    def state(self, stage, rater, unit):
        """'there', 'without' (abstained, or settled to count without) or 'missing'."""
        sheet = self.sheets.get((stage, rater, unit), {})
        if "submitted" in sheet:
            return "there"
        if "abstained" in sheet or self.counted_without(stage, rater, unit):
            return "without"
        return "missing"

    def sheets_of(self, stages, unit):
        """(keys of the submitted sheets, how many should be, whether one is missing)."""
        there, expected, missing = [], 0, False
        for stage in stages:
            for rater in self.raters(stage, unit):
                state = self.state(stage, rater, unit)
                if state == "there":
                    there.append((stage, rater, unit))
                elif state == "missing":
                    if self.stages[stage].get("optional"):
                        continue
                    self.ask_score("sheet", unit, stage=stage, rater=rater)
                    missing = True
                expected += 1
        return there, expected, missing

    def settled_sheet(self, unit):
        """With last_of: the sheet of the last stage listed that has one."""
        for stage in reversed(self.regulation["combine"]["stages"]):
            key = (stage, self.raters(stage, unit)[0], unit)
            if self.state(*key) == "there":
                return key
        return None

    # -- what an item is worth (CRI-4, SCO-9, SCO-12, SCO-13) --

    def by_way(self, item, unit, value, ask):
        """Points of a value that is there, before rounding. ask(kind) when they can't be told."""
        way, full = self.items[item]["way"], Fraction(self.items[item]["points"])
        kind = way["kind"]
        if kind == "direct":
            return Fraction(value)
        if kind == "plan":
            actual, target = Fraction(value), self.targets.get((unit, item))
            lower = way.get("better") == "lower"
            if target is None or target < 0 or (target == 0 and not lower):
                return ask("target")
            if lower:
                return full if actual <= target else full * target / actual
            return full * max(Fraction(0), min(Fraction(1), actual / target))
        if kind == "tiers":
            for tier in way["tiers"]:
                if self.holds(tier, Fraction(value)):
                    return Fraction(tier["points"])
            return ask("tier")
        if kind == "checklist":
            return sum((Fraction(p["points"]) for p in way["parts"] if p["id"] in value),
                       Fraction(0))
        if kind == "count":
            return min(full, value * Fraction(way["each"]))
        if kind == "plus_minus":
            points = Fraction(way.get("start", "0"))
            for event in way["events"]:
                points += value.get(event["id"], 0) * Fraction(event["points"])
            return max(Fraction(way.get("floor", "0")), min(full, points))
        raise ValueError(kind)

    @staticmethod
    def holds(tier, value):
        if "at" in tier:
            return value == Fraction(tier["at"])
        return (("from" not in tier or value >= Fraction(tier["from"]))
                and ("above" not in tier or value > Fraction(tier["above"]))
                and ("to" not in tier or value <= Fraction(tier["to"]))
                and ("below" not in tier or value < Fraction(tier["below"])))

    def left_out(self, item, unit):
        """The item gives no points and the unit's maximum is lower by its points."""
        if (unit, item) in self.decided:
            return False
        if (unit, item) in self.not_arisen:
            return self.items[item].get("when_none") == "left_out"
        if self.items[item]["way"]["kind"] == "leader" and (unit, item) not in self.targets:
            return self.one_value(item, unit) is None and not self.unwritten(item, unit)
        return False

    def common_points(self, item, unit):
        """Points that are the same on every sheet about the unit; None: each sheet has its own."""
        node = self.items[item]
        if (unit, item) in self.decided:  # SCO-3: whatever the sheets say
            return self.decided[unit, item]
        if (unit, item) in self.not_arisen:
            if "when_none" not in node:
                self.ask_score("not_arisen", unit, item=item)
            return Fraction(node["points"]) if node.get("when_none") == "full" else Fraction(0)
        kind = node["way"]["kind"]
        if kind == "rank":
            return self.rank_points(item, unit)
        if kind == "leader":
            return self.quantised(self.leader_points(item, unit))
        if self.source(item) == "sheets":
            return None
        if (unit, item) not in self.figures:
            self.ask_score("result", unit, item=item)
            return Fraction(0)
        points = self.by_way(item, unit, self.figures[unit, item],
                             lambda kind: self.ask_score(kind, unit, item=item))
        return self.quantised(points or Fraction(0))

    def points_on_sheet(self, item, key):
        stage, rater, unit = key
        value = self.sheets[key].get("values", {}).get(item)

        def ask(kind):
            self.ask_score(kind, unit, stage=stage, rater=rater, item=item)

        points = ask("empty") if value is None else self.by_way(item, unit, value, ask)
        return self.quantised(points or Fraction(0))

    def sheet_total(self, key):
        """Points of the items that each sheet values for itself."""
        return sum((self.points_on_sheet(item, key) for item in self.items
                    if self.common_points(item, key[2]) is None), Fraction(0))

    # -- items that depend on other units (SCO-9a, SCO-9c) --

    def unwritten(self, item, unit):
        """No sheet that could hold the value is there."""
        return self.source(item) == "sheets" and self.settled_sheet(unit) is None

    def one_value(self, item, unit):
        """The one settled value of the unit, or None."""
        source, value = self.source(item), None
        if source == "results":
            value = self.figures.get((unit, item))
        elif source == "sheets":
            key = self.settled_sheet(unit)
            value = self.sheets[key].get("values", {}).get(item) if key else None
        else:
            lists = [o["values"] for o in self.year.get("outside", []) if o["item"] == item]
            if lists and all(unit in values for values in lists):
                value = sum(Fraction(values[unit]) for values in lists) / len(lists)
        return None if value is None else Fraction(value)

    def compared(self, item):
        """{unit: value} of the units that take part in the bloc's comparison."""
        arisen = [u for u in self.units if (u, item) not in self.not_arisen
                  and (u, item) not in self.decided]
        values = {u: self.one_value(item, u) for u in arisen}
        known = {u: v for u, v in values.items() if v is not None}
        leader = self.items[item]["way"]["kind"] == "leader"
        missing = [u for u in arisen if u not in known and (
            not leader or (u, item) in self.targets or self.unwritten(item, u))]
        for unit in missing:
            if self.source(item) != "sheets":
                self.ask_score("result", unit, item=item)
            elif self.settled_sheet(unit) is not None:
                stage, rater, _ = self.settled_sheet(unit)
                self.ask_score("empty", unit, stage=stage, rater=rater, item=item)
        if missing:
            self.provisional.update(u for u in arisen if u in known or u in missing)
        return known

    def rank_points(self, item, unit):
        values, way = self.compared(item), self.items[item]["way"]
        if unit not in values:
            return Fraction(0)
        lower = way.get("better") == "lower"
        before = sum(1 for v in values.values()
                     if (v < values[unit] if lower else v > values[unit]))
        places = way["places"]
        return Fraction(places[before] if before < len(places) else way.get("after", "0"))

    def leader_points(self, item, unit):
        values, full = self.compared(item), Fraction(self.items[item]["points"])
        half = share(self.items[item]["way"].get("on_target", "50%"))
        if unit not in values:
            return Fraction(0)
        target = {u: self.targets[u, item] for u in values if (u, item) in self.targets}
        if unit not in target:
            best = max(v for u, v in values.items() if u not in target)
            return full * max(values[unit], Fraction(0)) / best if best > 0 else Fraction(0)
        excess = {u: (values[u] - target[u]) / target[u] for u in target}
        if excess[unit] <= 0:
            return half * full * max(Fraction(0), values[unit] / target[unit])
        return half * full + (1 - half) * full * excess[unit] / max(excess.values())

    # -- from sheets to a total (SCO-2, SCO-4, SCO-5, SCO-9d, SCO-9e) --

    def mean(self, part, unit):
        """(mean, sheets there, sheets expected) of one part."""
        there, expected, missing = self.sheets_of(part["stages"], unit)
        totals = sorted(self.sheet_total(key) for key in there)
        highest = part.get("drop", {}).get("highest", 0)
        lowest = part.get("drop", {}).get("lowest", 0)
        if len(totals) > highest + lowest:
            totals = totals[lowest:len(totals) - highest]
        elif totals or not missing:
            self.open.append({"kind": "raters", "unit": unit})  # once for each part
            self.provisional.add(unit)
        return (sum(totals) / Fraction(len(totals)) if totals else Fraction(0),
                len(there), expected)

    def combined(self, unit):
        combine = self.regulation["combine"]
        if combine["kind"] == "weighted":
            parts = [(share(p["weight"]), *self.mean(p, unit)) for p in combine["parts"]]
            return (sum((weight * mean for weight, mean, _, _ in parts), Fraction(0)),
                    sum(there for _, _, there, _ in parts),
                    sum(expected for _, _, _, expected in parts))
        if combine["kind"] == "mean_of_sheets":
            return self.mean(combine, unit)
        there, _, missing = self.sheets_of(combine["stages"], unit)
        key = self.settled_sheet(unit)
        if key is None and not missing:
            self.ask_score("raters", unit)
        return (self.sheet_total(key) if key else Fraction(0)), int(key is not None), 1

    def over_plan(self, part, unit):
        gained = Fraction(0)
        for item, node in self.items.items():
            if node["way"]["kind"] != "plan" or part["section"] not in self.above[item] or \
                    (unit, item) in self.not_arisen or (unit, item) in self.decided:
                continue
            if self.source(item) == "sheets" and self.regulation["combine"]["kind"] != "last_of":
                continue
            actual, target = self.one_value(item, unit), self.targets.get((unit, item))
            if actual is None or target is None or target <= 0:
                continue
            over = (actual - target) / target
            if node["way"].get("better") == "lower":
                over = -over
            if over <= 0:
                continue
            steps = over / share(part["per"])
            if part["step"] == "whole":
                steps = Fraction(math.floor(steps))
            points = steps * Fraction(part["points"])
            if "cap_each" in part:
                points = min(points, share(part["cap_each"]) * Fraction(node["points"]))
            gained += self.quantised(points)
        return gained

    def bonus(self, unit):
        bonus = self.regulation.get("bonus", {"parts": []})
        total = Fraction(0)
        for part in bonus["parts"]:
            if part["kind"] == "over_plan":
                points = self.over_plan(part, unit)
            else:
                points = sum((Fraction(b["points"]) for b in self.year.get("bonuses", [])
                              if b["part"] == part["id"] and b["unit"] == unit), Fraction(0))
            total += min(points, Fraction(part["cap"])) if "cap" in part else points
        return min(total, Fraction(bonus["cap"])) if "cap" in bonus else total

    def counts(self, deduction, entry):
        """Does what stands behind the entry make it count?"""
        if deduction.get("who") == "head" and entry["unit"] != self.head:
            return False
        if deduction["needs"] != "letter":
            return True
        letter = entry.get("letter")
        return letter is not None and all(
            letter.get(key) in deduction[key + "s"] for key in ("issuer", "subject")
            if key + "s" in deduction)

    def deducted(self, unit):
        deductions = self.regulation.get("deductions", {"list": []})
        total = Fraction(0)
        for deduction in deductions["list"]:
            times = sum(1 for entry in self.year.get("deductions", [])
                        if entry["unit"] == unit and entry["deduction"] == deduction["id"]
                        and self.counts(deduction, entry))
            if deduction.get("once"):
                times = min(times, 1)
            points = times * Fraction(deduction["each"])
            total += min(points, Fraction(deduction["cap"])) if "cap" in deduction else points
        return min(total, Fraction(deductions["cap"])) if "cap" in deductions else total

    def ask_reasons(self):
        """A reviewed value that counts and differs needs a reason (SCO-3)."""
        last_of = self.regulation["combine"]["kind"] == "last_of"
        for (stage, rater, unit), sheet in self.sheets.items():
            other = self.stages[stage].get("reason_when_different_from")
            if other is None or "submitted" not in sheet or \
                    (last_of and self.settled_sheet(unit) != (stage, rater, unit)):
                continue
            first = self.sheets.get((other, self.raters(other, unit)[0], unit), {})
            if "submitted" not in first:
                continue
            for item, node in self.items.items():
                one, two = (s.get("values", {}).get(item) for s in (first, sheet))
                if self.source(item) == "sheets" and (unit, item) not in self.not_arisen and \
                        (unit, item) not in self.decided and \
                        two is not None and \
                        (one is None or self.plain(node, one) != self.plain(node, two)) and \
                        not sheet.get("reasons", {}).get(item):
                    self.ask_score("reason", unit, stage=stage, rater=rater, item=item)

    @staticmethod
    def plain(node, value):
        if isinstance(value, str):
            return Fraction(value)
        if isinstance(value, list):
            return set(value)
        if isinstance(value, dict):
            return [value.get(event["id"], 0) for event in node["way"]["events"]]
        return value

    def score(self, unit):
        points, counted, expected = self.combined(unit)
        for item in self.items:  # in every sheet's total the same, and known without any sheet
            points += self.common_points(item, unit) or 0
        bonus, deducted = self.bonus(unit), self.deducted(unit)
        points += bonus
        if not self.regulation["points"].get("above_total"):
            points = min(points, self.total)
        points -= deducted
        scale = self.regulation["points"]
        shown = rounded(points, scale["total_decimals"], scale.get("total_round", "half_up"))
        maximum = self.total - sum((Fraction(node["points"]) for item, node in self.items.items()
                                    if self.left_out(item, unit)), Fraction(0))
        return {"exact": points, "shown": shown, "maximum": maximum, "counted": counted,
                "share": points / maximum if maximum > 0 else Fraction(0),
                "expected": expected, "bonus": bonus, "deducted": deducted}
