"""The JSON Schemas of regulations/schema against the shipped files, and against wrong ones.

The schemas say the shape of single fields; what must hold beyond it (sums, references) is the
program's to check. Run alone: python3 tests/engine/test_schemas.py
"""

import copy
import json
import os
import pathlib
import subprocess
import unittest
import warnings

import jsonschema

ROOT = pathlib.Path(__file__).resolve().parents[2]
SCHEMAS = ROOT / "regulations" / "schema"
PROGRAM = os.environ.get("THIDUA")


def validator(kind):
    """The validator of 'regulation', 'frame', 'year' or 'result'."""
    path = SCHEMAS / f"{kind}.schema.json"
    schema = json.loads(path.read_text(encoding="utf-8"))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        resolver = jsonschema.RefResolver(path.as_uri(), schema)
        return jsonschema.Draft202012Validator(schema, resolver=resolver)


def data_files():
    for folder in ("regulations", "examples"):
        for path in sorted((ROOT / folder).rglob("*.json")):
            if path.parent != SCHEMAS:
                yield path


def kind_of(document):
    return document["format"].removeprefix("thidua-").split("/")[0]


GOOD_REGULATION = {
    "format": "thidua-regulation/1", "id": "mau", "version": 1, "title": "Quy chế", "note": None,
    "authority": "UBND", "calendar": "school_year", "school_year_starts": "08-01",
    "frame": "khung", "variant": "none", "year": "2024-2025", "issued": None,
    "sources": [{"id": "S", "title": "Nguồn"}],
    "legal_bases": [{"cite": "Luật", "from": "2024-01-01", "until": None}],
    "points": {"total": "100", "item_decimals": 2, "total_decimals": 2, "rank_by": "percent"},
    "criteria": [
        {"id": "I", "title": "Mục I", "points": "60", "clause": "S 1", "children": [
            {"id": "I.1", "title": "a", "points": "10", "way": {"kind": "direct", "step": "0.5"}},
            {"id": "I.2", "title": "b", "points": "10", "way": {"kind": "plan", "better": "lower"}},
            {"id": "I.3", "title": "c", "points": "10", "from": "results", "when_none": "left_out",
             "way": {"kind": "tiers", "decimals": 1, "tiers": [
                 {"points": "10", "at": "0"}, {"points": "5", "above": "0", "to": "12.5"}]}},
            {"id": "I.4", "title": "d", "points": "10", "way": {"kind": "checklist", "parts": [
                {"id": "a", "title": "a", "points": "10"}]}},
            {"id": "I.5", "title": "e", "points": "10", "way": {"kind": "count", "each": "2"}},
            {"id": "I.6", "title": "f", "points": "10", "way": {"kind": "plus_minus", "events": [
                {"id": "good", "title": "g", "points": "2"},
                {"id": "bad", "title": "b", "points": "-2"}], "start": "5"}}]},
        {"id": "II", "title": "Mục II", "points": "20", "from": "outside",
         "way": {"kind": "rank", "places": ["20", "10"], "after": "5"}},
        {"id": "III", "title": "Mục III", "points": "20", "from": "results",
         "way": {"kind": "leader", "on_target": "1/2"}}],
    "stages": [{"id": "self", "title": "Tự chấm", "rater": "self", "duty": "d"},
               {"id": "head", "title": "Thẩm định", "rater": "head", "for_head": "deputy",
                "optional": True, "reason_when_different_from": "self"}],
    "combine": {"kind": "weighted", "parts": [
        {"stages": ["self"], "weight": "30%"},
        {"stages": ["head"], "weight": "0.7", "drop": {"highest": 1}}]},
    "bonus": {"cap": "5", "in_total": True, "parts": [
        {"id": "o", "title": "Vượt", "kind": "over_plan", "section": "I", "points": "1",
         "per": "1%", "step": "whole", "cap_each": "10%"},
        {"id": "w", "title": "Thưởng", "kind": "awarded", "by": "head", "cap": "5"}]},
    "deductions": {"list": [{"id": "l", "title": "Thư", "each": "10", "needs": "letter",
                             "issuers": ["UBND"], "who": "head", "once": True}]},
    "facts": [{"id": "f", "title": "F", "by": "X", "grades": "no_yes", "unreported": "no"},
              {"id": "g", "title": "G", "duty": "d", "note": None},
              {"id": "h", "title": "H", "by": "X", "as_of": "11-30", "grades": [
                  {"id": "x", "title": "X"}, {"id": "y", "title": "Y"}]}],
    "eligibility": [{"id": "r", "outcome": "lowered", "levels": 2, "reason": "vì", "when": {
        "any": [{"fact": "f", "is": "yes"}, {"not": {"fact": "h", "at_least": "x"}}]}}],
    "awards": [
        {"id": "c", "title": "Cờ", "how": "score", "at_least": "90%",
         "when": {"fact": "h", "is": "x"}, "quota": {"kind": "authority", "counts": ["c"]}},
        {"id": "b", "title": "Bằng khen", "how": "vote", "by": "head",
         "quota": {"kind": "share", "share": "30%", "round": "down"}},
        {"id": "p", "title": "P", "how": "pick", "by": "council", "among": "c",
         "quota": {"kind": "seats", "seats": 1}}],
    "selection": {"at_least": "90", "priority": {"fact": "f", "is": "no"}},
    "votes": {"honour": {"majority": "1/2", "strictly_more": True, "of": "members"}},
    "disagreement": {"escalate_to": "council"},
    "duties": [{"id": "d", "title": "D", "who": "member", "to": ["head"],
                "due": {"calendar_year": {"before": "03-31"}, "school_year": {"by": "10-31"}}},
               {"id": "e", "title": "E", "who": "head", "due": {"monthly": [20, 25]}}],
    "meetings": [{"id": "m", "title": "M", "due": {"in_month": 12}, "quorum": "2/3",
                  "after": [{"duty": "d", "days": 5}]}],
}

GOOD_FRAME = {
    "format": "thidua-frame/1", "id": "khung", "version": 1, "title": "Khung", "authority": "UBND",
    "sources": [{"id": "S", "title": "Nguồn"}],
    "points": {"total": "100", "item_decimals": 2, "total_decimals": 2},
    "sections": [
        {"id": "I", "title": "I", "points": "50", "max_added": "30%", "variants": [
            {"id": "A", "title": "huyện", "criteria": [{"id": "I.1", "title": "a"}]},
            {"id": "none", "title": "xã", "criteria": []}]},
        {"id": "II", "title": "II", "points": "30", "criteria": [{"id": "II.1", "title": "a"}]},
        {"id": "III", "title": "III", "points": "20", "fixed": True, "criteria": [
            {"id": "III.1", "title": "a", "points": "20", "way": {"kind": "direct"}}]}],
}

GOOD_YEAR = {
    "format": "thidua-year/1", "title": "Năm", "regulation": "r.json", "year": "2024-2025",
    "as_of": "2025-06-01", "bloc": {"id": "k", "name": "Khối", "kind": "territorial"},
    "members": [{"code": "A", "name": "A", "role": "head"}, {"code": "B", "name": "B"}],
    "panels": {"to": ["Ông A"]},
    "targets": [{"unit": "A", "item": "I.2", "target": "100", "basis": "assigned"}],
    "results": [{"unit": "A", "item": "I.3", "value": "1.5"}],
    "outside": [{"item": "II", "rater": "Sở", "values": {"A": "9.5", "B": None}}],
    "not_arisen": [{"unit": "A", "item": "I.5", "reason": "không có"}],
    "sheets": [{"stage": "self", "unit": "A", "submitted": "2025-05-01", "values": {
        "I.1": "9.5", "I.4": ["a"], "I.5": 3, "I.6": {"good": 1}, "I.2": None}},
               {"stage": "head", "rater": "B", "unit": "A", "abstained": "bận"}],
    "settled": [{"stage": "head", "rater": "A", "unit": "B", "decision": "count_without",
                 "reason": "vắng", "by": "A", "date": "2025-05-10"}],
    "decisions": [{"unit": "A", "item": "I.3", "points": "5", "reason": "không có mức",
                   "by": "council", "date": "2025-05-20"}],
    "bonuses": [{"part": "w", "unit": "A", "points": "3", "reason": "r"}],
    "deductions": [{"deduction": "l", "unit": "A", "date": "2025-03-01", "letter": {
        "number": "12", "date": "2025-03-01", "issuer": "UBND", "subject": "emulation"}}],
    "facts": [{"fact": "f", "units": "others", "grade": "no", "source": "s"}],
    "done": [{"duty": "d", "units": ["A"], "date": "2024-10-02"}],
    "excused": [{"duty": "d", "units": "all", "reason": "bão"}],
    "extensions": [{"duty": "d", "units": "all", "until": "2024-12-15", "reason": "bão"}],
    "quotas": [{"award": "c", "seats": 1}], "nominations": [{"award": "b", "units": ["A"]}],
    "picks": [{"award": "p", "unit": "A"}],
    "meetings": [{"meeting": "m", "date": "2025-06-01", "present": ["A", "B"]}],
    "votes": [{"about": "honour", "award": "b", "meeting": "m", "method": "hands", "valid": 2,
               "votes": {"A": 2}}],
}

GOOD = {"regulation": GOOD_REGULATION, "frame": GOOD_FRAME, "year": GOOD_YEAR}

# (file, pointer, wrong value): each alone makes the good file invalid. GONE deletes the key.
GONE = object()
WRONG = [
    *(("regulation", "/" + key, GONE) for key in (
        "format", "id", "version", "title", "authority", "calendar", "sources", "points",
        "criteria", "stages", "combine", "awards", "frame", "variant")),
    ("regulation", "/format", "thidua-regulation/2"),
    ("regulation", "/unknown", 1),
    ("regulation", "/title", None),
    ("regulation", "/title", ""),
    ("regulation", "/id", ".a"),
    ("regulation", "/id", "a" * 65),
    ("regulation", "/version", "1"),
    ("regulation", "/version", 1.5),
    ("regulation", "/version", 0),
    ("regulation", "/year", "24"),
    ("regulation", "/issued", "2024-13-01"),
    ("regulation", "/calendar", "calendar_year"),
    ("regulation", "/school_year_starts", "9-1"),
    ("regulation", "/legal_bases/0/from", GONE),
    ("regulation", "/points/total", 100),
    ("regulation", "/points/total", "0"),
    ("regulation", "/points/total", "1e3"),
    ("regulation", "/points/total", "100,5"),
    ("regulation", "/points/item_decimals", 5),
    ("regulation", "/points/item_round", "nearest"),
    ("regulation", "/points/rank_by", "name"),
    ("regulation", "/criteria", []),
    ("regulation", "/criteria/0/points", 60),
    ("regulation", "/criteria/0/points", "-60"),
    ("regulation", "/criteria/0/points", "+60"),
    ("regulation", "/criteria/0/points", "60."),
    ("regulation", "/criteria/0/points", ".5"),
    ("regulation", "/criteria/0/way", {"kind": "direct"}),
    ("regulation", "/criteria/0/children", GONE),
    ("regulation", "/criteria/0/when_none", "full"),
    ("regulation", "/criteria/0/children/0/way", GONE),
    ("regulation", "/criteria/0/children/0/way/kind", "guess"),
    ("regulation", "/criteria/0/children/0/way/step", "0"),
    ("regulation", "/criteria/0/children/0/way/places", ["1"]),
    ("regulation", "/criteria/0/children/0/from", "outside"),
    ("regulation", "/criteria/0/children/0/when_none", "half"),
    ("regulation", "/criteria/0/children/1/way/better", "same"),
    ("regulation", "/criteria/0/children/2/way/decimals", 10),
    ("regulation", "/criteria/0/children/2/way/tiers/1/from", "0"),
    ("regulation", "/criteria/0/children/2/way/tiers/0/to", "0"),
    ("regulation", "/criteria/0/children/2/way/tiers/0/at", GONE),
    ("regulation", "/criteria/0/children/2/way/tiers", []),
    ("regulation", "/criteria/0/children/3/way/parts", []),
    ("regulation", "/criteria/0/children/3/way/parts/0/points", "-1"),
    ("regulation", "/criteria/0/children/4/way/each", GONE),
    ("regulation", "/criteria/0/children/5/way/events/0/points", 2),
    ("regulation", "/criteria/1/from", "sheets"),
    ("regulation", "/criteria/1/from", GONE),
    ("regulation", "/criteria/1/way/places", []),
    ("regulation", "/criteria/2/way/on_target", "1/0"),
    ("regulation", "/criteria/2/way/on_target", "a half"),
    ("regulation", "/stages/0/rater", "nobody"),
    ("regulation", "/stages/0/for_head", "deputy"),
    ("regulation", "/stages", []),
    ("regulation", "/combine/kind", "median"),
    ("regulation", "/combine/parts/0/weight", 0.3),
    ("regulation", "/combine/parts/1/drop/highest", -1),
    ("regulation", "/combine/stages", ["self"]),
    ("regulation", "/bonus/parts/0/per", "1 %"),
    ("regulation", "/bonus/parts/0/step", GONE),
    ("regulation", "/bonus/parts/1/section", "I"),
    ("regulation", "/deductions/list/0/needs", "finding"),
    ("regulation", "/deductions/list/0/once", "yes"),
    ("regulation", "/facts/0/grades", "yes"),
    ("regulation", "/facts/0/by", GONE),
    ("regulation", "/facts/1/unreported", "no"),
    ("regulation", "/facts/2/grades/0", "x"),
    ("regulation", "/eligibility/0/outcome", "excluded"),
    ("regulation", "/eligibility/0/reason", GONE),
    ("regulation", "/eligibility/0/when", {"fact": "f", "is": "yes", "at_most": "no"}),
    ("regulation", "/eligibility/0/when", {"all": []}),
    ("regulation", "/eligibility/0/when", {}),
    ("regulation", "/awards/0/how", "luck"),
    ("regulation", "/awards/0/at_least", 900),
    ("regulation", "/awards/0/quota/seats", 1),
    ("regulation", "/awards/0/among", "b"),
    ("regulation", "/awards/1/quota/round", GONE),
    ("regulation", "/awards/2/among", GONE),
    ("regulation", "/awards/2/quota/seats", "1"),
    ("regulation", "/selection/priority/is", GONE),
    ("regulation", "/selection/vote_on_equal", "never"),
    ("regulation", "/votes/honour/of", "everyone"),
    ("regulation", "/votes/honour/majority", "half"),
    ("regulation", "/duties/0/due/calendar_year/before", "31-03"),
    ("regulation", "/duties/1/due/monthly", [20]),
    ("regulation", "/duties/1/due", {"before": "03-31", "by": "03-31"}),
    ("regulation", "/meetings/0/due/in_month", 13),
    ("regulation", "/meetings/0/quorum", "two thirds"),
    ("regulation", "/meetings/0/after/0/meeting", "m"),
    ("frame", "/calendar", "calendar_year"),
    ("frame", "/criteria", []),
    ("frame", "/sections", []),
    ("frame", "/sections/0/variants/0/criteria/0/points", "10"),
    ("frame", "/sections/0/criteria", []),
    ("frame", "/sections/1/criteria", GONE),
    ("frame", "/sections/1/max_added", 30),
    ("frame", "/sections/2/fixed", False),
    ("frame", "/sections/2/max_added", "30%"),
    ("frame", "/sections/2/criteria/0/way", GONE),
    *(("year", "/" + key, GONE) for key in (
        "format", "title", "regulation", "year", "as_of", "bloc", "members")),
    ("year", "/year", 2024),
    ("year", "/as_of", "2025-6-1"),
    ("year", "/as_of", "1825-06-01"),
    ("year", "/regulation_sha256", "abc"),
    ("year", "/bloc/kind", "round"),
    ("year", "/members", []),
    ("year", "/members/0/role", "king"),
    ("year", "/members/0/code", "A B"),
    ("year", "/panels/to", ["Ông A", "Ông A"]),
    ("year", "/targets/0/target", 100),
    ("year", "/targets/0/basis", "dream"),
    ("year", "/outside/0/values/A", 9.5),
    ("year", "/not_arisen/0/reason", GONE),
    ("year", "/sheets/0/values/I.1", "9,5"),
    ("year", "/sheets/0/values/I.1", "1e1"),
    ("year", "/sheets/0/values/I.5", -1),
    ("year", "/sheets/0/values/I.5", 1.5),
    ("year", "/sheets/0/values/I.6/good", "1"),
    ("year", "/sheets/0/abstained", "bận"),
    ("year", "/sheets/0/unit", GONE),
    ("year", "/sheets/0/submitted", "2025-02-32"),
    ("year", "/settled/0/decision", "guess"),
    ("year", "/decisions/0/by", GONE),
    ("year", "/decisions/0/reason", ""),
    ("year", "/decisions/0/points", 5),
    ("year", "/bonuses/0/points", "-3"),
    ("year", "/deductions/0/letter", "12/UBND"),
    ("year", "/facts/0/units", "all"),
    ("year", "/facts/0/units", "A"),
    ("year", "/facts/0/units", []),
    ("year", "/done/0/date", GONE),
    ("year", "/quotas/0/seats", "1"),
    ("year", "/quotas/0/seats", -1),
    ("year", "/picks/0/unit", ["A"]),
    ("year", "/meetings/0/present", ["A", "A"]),
    ("year", "/votes/0/about", "weather"),
    ("year", "/votes/0/votes/A", -1),
    ("year", "/votes/0/votes", {}),
    ("year", "/votes/0/method", "secret"),
    ("year", "/votes/0/valid", GONE),
    ("year", "/settled/0/reason", GONE),
    ("year", "/bonuses/0/reason", GONE),
    ("regulation", "/votes/honour/strictly_more", GONE),
]


def changed(document, pointer, value):
    document = copy.deepcopy(document)
    *path, last = [int(key) if key.isdigit() else key for key in pointer.split("/")[1:]]
    place = document
    for key in path:
        place = place[key]
    if value is GONE:
        del place[last]
    else:
        place[last] = value
    return document


class Schemas(unittest.TestCase):
    def assertValid(self, kind, document, name):
        errors = [f"/{'/'.join(map(str, e.absolute_path))}: {e.message[:300]}"
                  for e in validator(kind).iter_errors(document)]
        self.assertEqual(errors, [], name)

    def test_schemas_are_schemas(self):
        for path in sorted(SCHEMAS.glob("*.schema.json")):
            with self.subTest(path.name):
                schema = json.loads(path.read_text(encoding="utf-8"))
                jsonschema.Draft202012Validator.check_schema(schema)

    def test_objects_are_closed(self):
        """Every object says what other keys it takes: none, or what they hold."""
        def walk(place, where):
            if isinstance(place, list):
                place = dict(enumerate(place))
            if not isinstance(place, dict):
                return
            if "object" in (place.get("type") or ""):  # a name, or a list of names
                self.assertIn("additionalProperties", place, where)
            for key, part in place.items():
                if key not in ("if", "then", "else", "not"):
                    walk(part, f"{where}/{key}")
        for path in sorted(SCHEMAS.glob("*.schema.json")):
            walk(json.loads(path.read_text(encoding="utf-8")), path.name)

    def test_shipped_files(self):
        for path in data_files():
            with self.subTest(str(path.relative_to(ROOT))):
                document = json.loads(path.read_text(encoding="utf-8"))
                self.assertValid(kind_of(document), document, path)

    def test_good(self):
        for kind, document in GOOD.items():
            self.assertValid(kind, document, kind)

    def test_wrong(self):
        validators = {kind: validator(kind) for kind in GOOD}
        for kind, pointer, value in WRONG:
            with self.subTest(kind=kind, pointer=pointer, value=str(value)[:40]):
                document = changed(GOOD[kind], pointer, value)
                self.assertFalse(validators[kind].is_valid(document))

    @unittest.skipUnless(PROGRAM, "THIDUA names no program")
    def test_results(self):
        for path in data_files():
            if kind_of(json.loads(path.read_text(encoding="utf-8"))) != "year":
                continue
            with self.subTest(str(path.relative_to(ROOT))):
                run = subprocess.run([PROGRAM, "score", "--year", str(path), "--format", "json"],
                                     stdout=subprocess.PIPE, timeout=20, check=False)
                self.assertIn(run.returncode, (0, 3))
                self.assertValid("result", json.loads(run.stdout), path)


if __name__ == "__main__":
    unittest.main()
