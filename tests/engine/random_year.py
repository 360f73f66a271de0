#!/usr/bin/env python3
"""Random small regulations and years, valid by construction, the same for the same seed.

    python3 tests/engine/random_year.py SEED FOLDER

writes FOLDER/regulation.json and FOLDER/year.json. Every feature of the two formats comes with some
probability; about half of the years are complete, so that awards are selected, and inputs come
from few different values, so that units are often equal.
"""

import datetime
import json
import pathlib
import random
import sys
from fractions import Fraction

import reference

ROUNDS = ("half_up", "half_even", "down", "up")


class Maker:
    def __init__(self, seed):
        self.random = random.Random(f"thidua {seed}")
        self.clean = self.chance(0.6)   # every score is complete
        self.known = self.chance(0.5)   # facts, quotas and meetings are complete
        self.plain = self.chance(0.4)   # few kinds of items, so that scores are often equal
        self.names = 0

    def chance(self, p):
        return self.random.random() < p

    def gap(self, p):
        """Is a part of a score missing here?"""
        return not self.clean and self.chance(p)

    def untold(self, p):
        """Is something else missing here?"""
        return not self.known and self.chance(p)

    def pick(self, *choices):
        return self.random.choice(choices)

    def some(self, choices, least=0):
        choices = list(choices)
        return self.random.sample(choices, self.random.randint(min(least, len(choices)),
                                                               len(choices)))

    def decimal(self, low, high, decimals):
        """A decimal string between two whole numbers; often with fewer decimals than allowed."""
        decimals = self.random.randint(0, decimals)
        units = self.random.randint(low * 10 ** decimals, high * 10 ** decimals)
        return reference.fixed(Fraction(units, 10 ** decimals), decimals)

    def new(self, prefix):
        self.names += 1
        return f"{prefix}{self.names}"

    def maybe(self, p, **keys):
        return keys if self.chance(p) else {}

    # ---- the regulation ----

    def regulation(self):
        r = self.r = {"format": "thidua-regulation/1", "id": "ngau-nhien", "version": 1,
                      "title": "Quy chế ngẫu nhiên", "authority": "UBND tỉnh",
                      "sources": [{"id": "S", "title": "Nguồn"}],
                      "calendar": self.pick("calendar_year", "calendar_year", "school_year")}
        self.decimals = self.random.randint(0, 3)
        self.rank_by = self.pick("exact", "exact", "shown", "percent")
        self.kind = self.pick("mean_of_sheets", "mean_of_sheets", "last_of", "weighted")
        if self.rank_by == "percent" and self.chance(0.5):
            self.kind = "last_of"
        self.above_total = self.chance(0.2)
        r["points"] = {"total": None, "item_decimals": self.decimals,
                       "total_decimals": self.random.randint(0, 3), "rank_by": self.rank_by,
                       **self.maybe(0.6, item_round=self.pick(*ROUNDS)),
                       **self.maybe(0.6, total_round=self.pick(*ROUNDS)),
                       **({"above_total": True} if self.above_total else {})}
        self.items = {}
        r["criteria"] = [self.node(1) for _ in range(self.random.randint(1, 3))]
        if not any(Fraction(node["points"]) >= 10 for node in self.items.values()):
            r["criteria"].append({"id": self.new("n"), "title": "Tiêu chí", "points": "20",
                                  "way": {"kind": "direct"}})
            self.items[r["criteria"][-1]["id"]] = r["criteria"][-1]
        total = sum(Fraction(node["points"]) for node in r["criteria"])
        self.stages()
        self.facts_and_duties()
        if self.chance(0.45):
            total += self.bonus(total)
        r["points"]["total"] = reference.exactly(total)
        self.total = total
        if self.chance(0.4):
            self.deductions()
        self.eligibility()
        self.awards()
        return r

    def node(self, depth):
        node = {"id": self.new("n"), "title": "Tiêu chí", **self.maybe(0.3, clause="S 1"),
                **self.maybe(0.1, number="1.")}
        if depth < 3 and self.chance(0.35):
            node["children"] = [self.node(depth + 1) for _ in range(self.random.randint(1, 3))]
            node["points"] = reference.exactly(sum((Fraction(c["points"])
                                                    for c in node["children"]), Fraction(0)))
            return node
        self.item(node)
        self.items[node["id"]] = node
        return node

    def item(self, node):
        points = self.pick("10", "20", "30", self.decimal(1, 40, self.decimals))
        node["points"] = points
        if not Fraction(points):
            node["points"] = points = "10"
        kinds = ["direct", "count"] if self.plain else [
            "direct", "plan", "plan", "tiers", "checklist", "count", "plus_minus", "rank"]
        if self.rank_by == "percent" and not self.plain:
            kinds += ["leader", "leader"]
        kind = self.random.choice(kinds)
        source = self.pick("sheets", "sheets", "results")
        way = node["way"] = {"kind": kind}
        if kind == "rank":
            source = self.pick("results", "outside")
        if kind == "leader" and self.kind != "last_of":
            source = "results"
        if source != "sheets" or self.chance(0.1):
            node["from"] = source
        if self.chance(0.5):
            node["when_none"] = self.pick("full", "zero",
                                          "left_out" if self.rank_by == "percent" else "zero")
        if kind in ("plan", "tiers", "rank", "leader"):
            way.update(self.maybe(0.5, decimals=self.random.randint(0, 3)),
                       **self.maybe(0.3, unit="%"))
        if kind in ("plan", "rank"):
            way.update(self.maybe(0.5, better=self.pick("higher", "lower")))
        full = Fraction(points)
        if kind == "direct" and self.chance(0.5):
            way["step"] = self.pick("1", "0.5") if self.decimals else "1"
        elif kind == "tiers":
            way["tiers"] = self.tiers(full, way.get("decimals", 2))
        elif kind == "checklist":
            way["parts"] = self.parts(full)
        elif kind == "count":
            way["each"] = self.pick("1", "2", self.decimal(1, 5, self.decimals))
        elif kind == "plus_minus":
            way["events"] = [{"id": self.new("e"), "title": "Việc", "points": self.pick(
                "1", "2", "-1", "-3", "0.5" if self.decimals else "5")}
                for _ in range(self.random.randint(1, 4))]
            if self.chance(0.6):
                way["start"] = self.amount(full)
            if self.chance(0.3):
                way["floor"] = self.amount(Fraction(way.get("start", "0")))
        elif kind == "rank":
            places = sorted((self.amount(full) for _ in range(self.random.randint(0, 4))),
                            key=Fraction, reverse=True)
            way["places"] = [points] + places
            if self.chance(0.5):
                way["after"] = self.amount(Fraction(way["places"][-1]))
        elif kind == "leader" and self.chance(0.5):
            way["on_target"] = self.pick("50%", "1/3", "0.7", "0")

    def amount(self, full):
        """Points from 0 to full."""
        units = int(full * 10 ** self.decimals)
        return reference.exactly(Fraction(self.random.randint(0, units), 10 ** self.decimals))

    def parts(self, full):
        units = int(full * 10 ** self.decimals)
        count = min(units - 1, self.random.randint(0, 4))
        cuts = sorted(self.random.sample(range(1, units), count))
        sizes = [b - a for a, b in zip([0] + cuts, cuts + [units])]
        return [{"id": self.new("p"), "title": "Phần",
                 "points": reference.exactly(Fraction(s, 10 ** self.decimals))} for s in sizes]

    def tiers(self, full, decimals):
        """Neighbouring intervals, some left out (a gap) and some a single value."""
        count = self.random.randint(1, 4)
        edges = sorted(self.random.sample(range(0, 12), count + 1))
        points = [reference.exactly(full)] + [self.amount(full) for _ in range(count)]
        if self.chance(0.7):  # one way up, or one way down
            points.sort(key=Fraction, reverse=self.chance(0.5))
        tiers, closed = [], self.chance(0.5)  # is the edge the lower neighbour's?
        for i in range(count):
            if i > 0 and self.gap(0.2) and tiers:
                continue
            tier = {"points": points[i]}
            if i > 0 or self.chance(0.4):
                tier["above" if closed and i > 0 else "from"] = str(edges[i])
            if i < count - 1 or self.chance(0.4) or len(tier) == 1:
                tier["to" if closed else "below"] = str(edges[i + 1])
            tiers.append(tier)
        if self.chance(0.2) and "below" in tiers[-1]:
            tiers.append({"points": points[-1], "at": tiers[-1]["below"]})
        if all(Fraction(t["points"]) != full for t in tiers):
            tiers[0]["points"] = reference.exactly(full)
        self.random.shuffle(tiers)
        return tiers

    def stages(self):
        if self.kind == "last_of":
            raters = self.pick(["self"], ["self", "head"], ["self", "body"],
                               ["self", "head", "body"])
        else:
            raters = self.pick(["self"], ["self", "others"], ["self", "others"],
                               ["others", "body"], ["panel"], ["self", "panel", "head"],
                               ["self", "others", "body"])
        stages = []
        for rater in raters:
            stage = {"id": "s-" + rater, "title": "Bước", "rater": rater}
            if rater == "head" and self.chance(0.7):
                stage["for_head"] = "deputy"
            if stages and self.kind == "last_of" and self.chance(0.4):
                stage["optional"] = True
            if stages and rater in ("head", "body") and stages[0]["rater"] == "self" and \
                    self.chance(0.4):
                stage["reason_when_different_from"] = stages[0]["id"]
            stages.append(stage)
        self.r["stages"] = stages
        names = [stage["id"] for stage in stages]

        def drop():
            return self.maybe(0.25, drop={"highest": self.random.randint(0, 1),
                                          "lowest": self.random.randint(0, 1)})
        if self.kind == "weighted":
            cut = self.random.randint(1, len(names))
            parts = [p for p in (names[:cut], names[cut:]) if p]
            weights = self.pick(["30%", "70%"], ["1/3", "2/3"], ["0.5", "0.5"])
            self.r["combine"] = {"kind": "weighted", "parts": [
                {"stages": part, "weight": weight, **drop()}
                for part, weight in zip(parts, weights if len(parts) == 2 else ["1"])]}
        else:
            self.r["combine"] = {"kind": self.kind, "stages": names,
                                 **(drop() if self.kind == "mean_of_sheets" else {})}

    def bonus(self, total):
        """The bonus; answers what it adds to the scale."""
        settled = [i for i, n in self.items.items() if n["way"]["kind"] == "plan" and (
            self.kind == "last_of" or n.get("from") == "results")]
        parts = []
        for item in settled[:2]:
            if self.chance(0.7):
                parts.append({"id": self.new("b"), "title": "Vượt kế hoạch", "kind": "over_plan",
                              "section": item, "points": "1", "per": self.pick("1%", "5%", "1/3"),
                              "step": self.pick("whole", "proportional"),
                              **self.pick({"cap_each": "10%"}, {"cap": "2"}, {"cap": "7"},
                                          {"cap_each": "0.25", "cap": "3"})})
        if not parts or self.chance(0.5):
            parts.append({"id": self.new("b"), "title": "Thưởng", "kind": "awarded", "by": "head",
                          "cap": self.pick("3", "5")})
        bonus = self.r["bonus"] = {"parts": parts}
        if self.chance(0.6):
            bonus["cap"] = self.pick("2", "5", "10")
            if self.chance(0.5):
                bonus["in_total"] = True
                return Fraction(bonus["cap"])
        return Fraction(0)

    def deductions(self):
        kinds = []
        for _ in range(self.random.randint(1, 3)):
            needs = self.pick("letter", "duty", "finding")
            kinds.append({"id": self.new("d"), "title": "Trừ", "needs": needs,
                          "each": self.pick("1", "2", "5"), **self.maybe(0.3, once=True),
                          **self.maybe(0.3, cap=self.pick("3", "7")),
                          **self.maybe(0.2, who="head"),
                          **(self.maybe(0.7, issuers=["Chủ tịch UBND tỉnh", "Tỉnh ủy"])
                             if needs == "letter" else {}),
                          **(self.maybe(0.5, subjects=["emulation"])
                             if needs == "letter" else {})})
        self.r["deductions"] = {"list": kinds, **self.maybe(0.3, cap=self.pick("4", "9"))}

    def facts_and_duties(self):
        self.duties, self.facts, self.meetings = [], {}, []
        if self.chance(0.5):
            self.meetings.append({"id": "yearend", "title": "Tổng kết", "due": {"in_month": 12},
                                  **self.maybe(0.7, quorum=self.pick("2/3", "50%"))})
            self.r["meetings"] = self.meetings
        school = self.r["calendar"] == "school_year"
        for _ in range(self.random.randint(0, 2)):
            due = self.pick({"before": "03-31"}, {"by": "10-15"}, {"in_month": 2},
                            {"calendar_year": {"by": "05-01"}, "school_year": {"before": "11-01"}},
                            {"in_month": 4} if school else {"in_quarter": 2},
                            {"before_meeting": "yearend", "days": 5} if self.meetings else None)
            duty = {"id": self.new("du"), "title": "Việc phải làm", "who": "member",
                    "to": ["head"], "due": due}
            self.duties.append(duty)
            fact = {"id": self.new("f"), "title": "Đã làm", "duty": duty["id"]}
            self.facts[fact["id"]] = (fact, ["done", "excused", "late", "not_done"])
        if self.duties:
            self.r["duties"] = self.duties
        for _ in range(self.random.randint(0, 3)):
            grades = self.pick("no_yes", "yes_no", ["good", "fair", "poor"])
            names = grades.split("_") if isinstance(grades, str) else grades
            fact = {"id": self.new("f"), "title": "Sự việc", "by": "Ban Tổ chức",
                    "grades": grades if isinstance(grades, str) else [
                        {"id": g, "title": g} for g in grades],
                    **self.maybe(0.4, unreported=names[0])}
            self.facts[fact["id"]] = (fact, names)
        if self.facts:
            self.r["facts"] = [fact for fact, _ in self.facts.values()]

    def condition(self, depth=0):
        if depth < 2 and self.chance(0.4):
            return self.pick(lambda: {"all": [self.condition(depth + 1) for _ in range(2)]},
                             lambda: {"any": [self.condition(depth + 1) for _ in range(2)]},
                             lambda: {"not": self.condition(depth + 1)})()
        fact = self.random.choice(list(self.facts))
        names = self.facts[fact][1]
        return {"fact": fact, **self.pick({"is": names[-1]}, {"at_most": names[-1]},
                                          {"is": self.random.choice(names)},
                                          {"at_least": names[0]})}

    def eligibility(self):
        if self.facts and self.chance(0.6):
            self.r["eligibility"] = [
                {"id": self.new("r"), "outcome": outcome, "reason": "Lý do",
                 "when": self.condition(), **self.maybe(0.25, unless=self.condition()),
                 **(self.maybe(0.4, levels=self.random.randint(1, 2))
                    if outcome == "lowered" else {})}
                for outcome in (self.pick("excluded", "deferred", "lowered", "lowered")
                                for _ in range(self.random.randint(1, 3)))]

    def awards(self):
        count = self.random.randint(1, 4) if self.chance(0.9) else 0
        names = [self.new("a") for _ in range(count)]
        hows = [self.pick("score", "score", "score", "vote", "pick") for _ in names]
        others = [n for n, how in zip(names, hows) if how != "pick"]
        awards = self.r["awards"] = []
        for name, how in zip(names, hows):
            if how == "pick" and not others:
                how = "score"
            quota = self.pick({"kind": "authority"}, {"kind": "unlimited"},
                              {"kind": "seats", "seats": self.random.randint(0, 3)},
                              {"kind": "seats", "seats": 1},
                              {"kind": "share", "share": self.pick("30%", "1/2", "0.2"),
                               "round": self.pick(*ROUNDS)})
            if how == "pick":
                quota = self.pick({"kind": "unlimited"}, {"kind": "seats", "seats": 1},
                                  {"kind": "authority"})
            elif quota["kind"] != "unlimited" and self.chance(0.25):
                quota["counts"] = sorted({name} | {
                    a["id"] for a in awards if a["how"] == how and self.chance(0.6)})
            award = {"id": name, "title": "Danh hiệu", "how": how, "quota": quota}
            if how != "score":
                award["by"] = "council"
            if how == "pick":
                award["among"] = self.random.choice(others)
            if self.chance(0.35):
                award["at_least"] = (self.pick("50%", "80%") if self.rank_by == "percent"
                                     else reference.exactly(self.level()))
            if self.facts and self.chance(0.2):
                award["when"] = self.condition()
            awards.append(award)
        selection = {**self.maybe(0.3, at_least=reference.exactly(self.level())),
                     **self.maybe(0.4, lowered_floor=self.pick("none", "lowest")),
                     **self.maybe(0.3, vote_on_equal=self.pick("always", "when_decisive"))}
        if self.facts and self.chance(0.3):
            fact = self.random.choice(list(self.facts))
            selection["priority"] = {"fact": fact, "is": self.random.choice(self.facts[fact][1])}
        if selection or self.chance(0.2):
            self.r["selection"] = selection

        def rule():
            return {"majority": self.pick("0", "1/2", "1/2", "2/3"),
                    "strictly_more": self.chance(0.5),
                    "of": self.pick("members", "valid", "collected", "issued")}
        if any(a["how"] == "vote" for a in awards):
            self.r["votes"] = {"honour": rule()}
        if self.chance(0.5):
            self.r.setdefault("votes", {})["tie"] = rule()

    def level(self):
        return Fraction(int(self.total * self.random.randint(2, 8) / 10))

    # ---- the year ----

    def year(self):
        count = self.random.randint(2, 6)
        codes = self.random.sample(["BQL", "SCT", "NN", "SDL", "XD", "GT", "TN", "KH"], count)
        self.units = codes
        roles = ["head", "deputy"] + [None] * count
        self.random.shuffle(roles[2:])
        members = [{"code": c, "name": f"Đơn vị {c}", **({"role": r} if r else {})}
                   for c, r in zip(codes, roles)]
        self.head = codes[0]
        self.random.shuffle(members)
        school = self.r["calendar"] == "school_year"
        self.first = datetime.date(2024, 9 if school else 1, 1)
        self.as_of = self.first + datetime.timedelta(
            days=self.random.randint(100, 350) if self.chance(0.2) else 360)
        y = self.y = {"format": "thidua-year/1", "title": "Năm ngẫu nhiên",
                      "regulation": "regulation.json", "as_of": str(self.as_of),
                      "year": "2024-2025" if school else "2024",
                      "bloc": {"id": "khoi", "name": "Khối", "kind": "sectoral"},
                      "members": members}
        self.panels = {s["id"]: [f"Ông {n}" for n in "ABCD"[:self.random.randint(1, 4)]]
                       for s in self.r["stages"] if s["rater"] == "panel"}
        if self.panels:
            y["panels"] = self.panels
        self.none = {(u, i) for u in codes for i, node in self.items.items()
                     if self.chance(0.06) and ("when_none" in node or not self.clean)}
        y["not_arisen"] = [{"unit": u, "item": i, "reason": "không phát sinh"}
                           for u, i in sorted(self.none)]
        self.results_and_targets()
        self.sheets()
        self.process()
        for part in self.r.get("bonus", {}).get("parts", []):
            if part["kind"] == "awarded":
                y.setdefault("bonuses", []).extend(
                    {"part": part["id"], "unit": u, "points": self.pick("1", part["cap"]),
                     "reason": "thành tích", "by": "head", "date": self.some_day()}
                    for u in codes if self.chance(0.5))
        y["decisions"] = [
            {"unit": u, "item": i, "points": self.amount(Fraction(node["points"])),
             "reason": "họp trù bị thống nhất", "by": "Hội đồng", "date": self.some_day()}
            for u in codes for i, node in self.items.items()
            if not self.plain and self.chance(0.02 if self.clean else 0.06)]
        self.charge()
        self.selection_data()
        for key in [k for k, v in y.items() if v == []]:
            del y[key]
        return y

    def some_day(self):
        days = (self.as_of - self.first).days
        return str(self.first + datetime.timedelta(days=self.random.randint(0, days)))

    def value(self, node, unit):
        """An input; the same few values come again and again."""
        way = node["way"]
        kind = way["kind"]
        if kind == "direct":
            step = Fraction(way.get("step", Fraction(1, 10 ** self.decimals)))
            full = int(Fraction(node["points"]) / step)
            steps = self.random.choice([full, full // 2, self.random.randint(0, full)])
            return reference.exactly(steps * step)
        if kind in ("plan", "leader"):
            low = -2 if self.chance(0.03) else 0
            return self.pick("50", "100", "110", self.decimal(low, 130, way.get("decimals", 2)))
        if kind == "tiers":
            if self.clean:  # never in a gap
                edges = [t.get("from") or t.get("to") or t.get("at") for t in way["tiers"]]
                edges = [e for e in edges if e is not None]
                if edges:
                    return self.random.choice(edges)
            return self.decimal(0, 13, way.get("decimals", 2))
        if kind == "rank":
            return self.pick("1", "2", self.decimal(0, 9, way.get("decimals", 2)))
        if kind == "checklist":
            return self.some(p["id"] for p in way["parts"])
        if kind == "count":
            return self.random.randint(0, 6)
        return {e["id"]: self.random.randint(0, 3) for e in way["events"] if self.chance(0.7)}

    def results_and_targets(self):
        y = self.y
        y["targets"], y["results"], y["outside"] = [], [], []
        for item, node in self.items.items():
            kind, source = node["way"]["kind"], node.get("from", "sheets")
            if source == "outside":
                for name in ["Sở Nội vụ", "Báo", "Cục Thống kê"][:self.random.randint(1, 3)]:
                    y["outside"].append({"item": item, "rater": name, "values": {
                        u: self.value(node, u) for u in self.units
                        if (u, item) not in self.none and not self.gap(0.05)}})
            for unit in self.units:
                if kind in ("plan", "leader") and not self.gap(0.05) and not (
                        kind == "leader" and self.chance(0.3)):
                    lower = node["way"].get("better") == "lower"
                    y["targets"].append({
                        "unit": unit, "item": item,
                        "target": "0" if lower and self.chance(0.1) else
                        self.pick("100", "80", self.decimal(1, 130,
                                                            node["way"].get("decimals", 2))),
                        **self.maybe(0.3, basis="assigned")})
                has_target = any(t["unit"] == unit and t["item"] == item for t in y["targets"])
                if source == "results" and (unit, item) not in self.none and not self.gap(0.05) \
                        and not (kind == "leader" and not has_target and self.chance(0.4)):
                    y["results"].append({"unit": unit, "item": item,
                                         "value": self.value(node, unit), "source": "báo cáo"})

    def sheets(self):
        y, rater_of = self.y, reference.Reference(self.r, self.y)
        y["sheets"], y["settled"] = [], []
        on_sheets = {i: n for i, n in self.items.items() if n.get("from", "sheets") == "sheets"}
        for unit in self.units:
            if unit == self.units[0] or not (self.plain and self.chance(0.6)):
                first = {i: self.value(n, unit) for i, n in on_sheets.items()}
            for stage in self.r["stages"]:
                for rater in rater_of.raters(stage["id"], unit):
                    sheet = {"stage": stage["id"], "unit": unit}
                    if stage["rater"] in ("others", "panel") or (
                            stage["rater"] == "head" and self.chance(0.5)):
                        sheet["rater"] = rater
                    if self.gap(0.05) or (stage.get("optional") and self.chance(0.4)):
                        continue
                    if self.chance(0.05) and len(self.r["stages"]) > 1:
                        if self.chance(0.5):
                            y["sheets"].append({**sheet, "abstained": "không đủ thông tin"})
                        else:
                            y["settled"].append({
                                **sheet, "decision": "count_without" if self.chance(0.8)
                                or self.clean else "wait",
                                "reason": "vắng", "by": "head", "date": self.some_day()})
                        continue
                    same = self.plain or self.chance(0.6)
                    values = {i: first[i] if same or self.chance(0.5) else self.value(n, unit)
                              for i, n in on_sheets.items()
                              if not self.gap(0.03) and ((unit, i) not in self.none
                                                         or self.chance(0.5))}
                    values = {i: v for i, v in values.items() if not (
                        on_sheets[i]["way"]["kind"] == "leader" and self.chance(0.2)
                        and not any(t["unit"] == unit and t["item"] == i for t in y["targets"]))}
                    if not self.gap(0.03):
                        sheet["submitted"] = self.some_day()
                    sheet["values"] = values
                    if not self.gap(0.7):
                        sheet["reasons"] = {i: "xét lại" for i in values}
                    y["sheets"].append(sheet)
        self.random.shuffle(y["sheets"])

    def process(self):
        y = self.y
        for key in ("done", "excused", "extensions", "facts"):
            y[key] = []
        for duty in self.duties:
            late = [u for u in self.units if self.chance(0.2)]
            for unit in late:
                kind = self.pick("done", "excused", "both", "nothing")
                if kind in ("done", "both"):
                    y["done"].append({"duty": duty["id"], "units": [unit],
                                      "date": self.some_day()})
                if kind in ("excused", "both"):
                    y["excused"].append({"duty": duty["id"], "units": [unit],
                                         "reason": "bão", "by": "head"})
            rest = [u for u in self.units if u not in late]
            if rest and not self.untold(0.2):
                day = self.pick(str(self.first + datetime.timedelta(days=10)), self.some_day())
                y["done"].append({"duty": duty["id"], "units": rest, "date": day})
            last = reference.Reference(self.r, y).due_day(duty)
            if self.chance(0.2) and "before_meeting" not in (duty["due"] or {}):
                until = (last or self.first) + datetime.timedelta(days=self.random.randint(0, 60))
                y["extensions"].append({"duty": duty["id"], "units": self.pick("all", [
                    self.units[-1]]), "until": str(until), "reason": "bão", "by": "head"})
        for fact, (about, names) in self.facts.items():
            if "duty" in about:
                continue
            unusual = [u for u in self.units if self.chance(0.2)]
            for unit in unusual:
                if not self.untold(0.4):
                    y["facts"].append({"fact": fact, "units": [unit], "source": "công văn",
                                       "date": self.some_day(),
                                       "grade": self.random.choice(names)})
            if not self.untold(0.4) and len(unusual) < len(self.units):
                y["facts"].append({"fact": fact, "units": "others", "grade": names[0],
                                   "source": "công văn", "date": self.some_day()})

    def charge(self):
        entries = self.y["deductions"] = []
        for kind in self.r.get("deductions", {}).get("list", []):
            for unit in ([self.head] if kind.get("who") == "head" else self.units):
                while self.chance(0.3):
                    entry = {"deduction": kind["id"], "unit": unit, "date": self.some_day()}
                    if kind["needs"] == "letter":
                        entry["letter"] = {
                            "number": "12/UBND", "date": self.some_day(),
                            "issuer": self.pick("Chủ tịch UBND tỉnh", "Tỉnh ủy", "Sở Xây dựng"),
                            "subject": self.pick("emulation", "emulation", "land")}
                    elif kind["needs"] == "duty":
                        entry["duty"] = self.duties[0]["id"] if self.duties else "hội thao"
                    else:
                        entry["finding"] = "chậm tổng hợp"
                    entries.append(entry)

    def selection_data(self):
        y = self.y
        for key in ("quotas", "nominations", "picks", "meetings", "votes"):
            y[key] = []
        if self.meetings and not self.untold(0.2):
            present = self.some(self.units, least=(0 if self.chance(0.2)
                                                   else (2 * len(self.units) + 2) // 3))
            y["meetings"].append({"meeting": "yearend", "date": str(self.as_of),
                                  **({} if self.untold(0.1) else {"present": present})})
        able = [u["code"] for u in reference.score(self.r, y)["units"]
                if u["outcome"] in ("eligible", "lowered")]
        for award in self.r["awards"]:
            if award["quota"]["kind"] == "authority" and not self.untold(0.15):
                y["quotas"].append({"award": award["id"], "seats": self.random.randint(0, 3),
                                    "source": "công văn"})
            if award["how"] == "vote":
                if self.chance(0.5):
                    y["nominations"].append({"award": award["id"], "by": "head",
                                             "units": self.some(self.units, least=1)})
                if not self.untold(0.3):
                    y["votes"].append(self.vote("honour", award["id"],
                                                self.some(able if able and self.chance(0.8)
                                                          else self.units, least=1)))
            if award["how"] == "pick" and self.chance(0.6):
                units = able if able and self.chance(0.9) else self.units
                y["picks"] += [{"award": award["id"], "by": "council", "unit": u}
                               for u in self.random.sample(units, min(len(units), self.pick(
                                   1, 1, 2)))]
        for _ in range(3):  # ties are found out by scoring, then voted on
            if not self.chance(0.6):
                break
            voted = [(v["award"], sorted(v["votes"])) for v in y["votes"] if v["about"] == "tie"]
            for tie in reference.score(self.r, y)["ties"]:
                if (tie["award"], sorted(tie["units"])) not in voted or self.chance(0.3):
                    y["votes"].append(self.vote("tie", tie["award"], tie["units"]))

    def vote(self, about, award, units):
        meeting = self.maybe(0.5 if self.y["meetings"] else 0, meeting="yearend")
        voters = self.y["meetings"][0].get("present", self.units) if meeting else self.units
        issued = len(voters)
        not_returned = 1 if issued and self.chance(0.1) else 0
        collected = issued - not_returned
        invalid = 1 if collected and self.chance(0.1) else 0
        valid = collected - invalid
        return {"about": about, "award": award, "method": "secret", "issued": issued,
                "not_returned": not_returned, "collected": collected, "valid": valid,
                "invalid": invalid, **meeting,
                "votes": {u: self.random.choice([valid, valid, self.random.randint(0, valid)])
                          if about == "honour" else self.random.randint(0, valid)
                          for u in sorted(units)}}


def make(seed):
    """(regulation, year) of a seed."""
    maker = Maker(seed)
    return maker.regulation(), maker.year()


def write(folder, regulation, year):
    """Answers the year's path."""
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    for name, document in (("regulation.json", regulation), ("year.json", year)):
        (folder / name).write_text(json.dumps(document, ensure_ascii=False, indent=1) + "\n",
                                   encoding="utf-8")
    return folder / "year.json"


if __name__ == "__main__":
    print(write(sys.argv[2], *make(sys.argv[1])))
