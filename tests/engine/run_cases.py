#!/usr/bin/env python3
"""Run the cases of tests/engine/cases: clauses of the sources with the arithmetic done by hand.

A case is a text that an expert can read and add to; README.md beside it says how. Each case names a
regulation and a year, each with an optional merge patch (RFC 7386), and what must come out. The
program is run as a user runs it, so a case goes the whole way from files to words.

    run_cases.py --program PATH [--list] [CASE…]
"""

import argparse
import copy
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
CASES = ROOT / "tests" / "engine" / "cases"
EXPECTATIONS = ("score", "shown", "rank", "outcome", "reason", "proposal", "tie", "open", "final",
                "not", "provisional", "sheets", "maximum", "percent", "notice", "error", "warning",
                "explain", "due", "conforms", "breach")


class CaseError(Exception):
    """The case's text is wrong, or what it expects did not come."""


def read_case(path):
    """The case as a list of (key, value), continuation lines joined by a line end."""
    entries = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if line.startswith("#") or not line.strip():
            continue
        if line.startswith("  "):
            if not entries:
                raise CaseError(f"line {number}: a continuation of nothing")
            entries[-1][1] += "\n" + line.strip()
            continue
        key, colon, value = line.partition(":")
        if not colon:
            raise CaseError(f"line {number}: no key")
        entries.append([key.strip(), value.strip()])
    return [(key, value) for key, value in entries]


def merge(target, patch):
    """RFC 7386."""
    if not isinstance(patch, dict):
        return patch
    result = copy.deepcopy(target) if isinstance(target, dict) else {}
    for key, value in patch.items():
        if value is None:
            result.pop(key, None)
        else:
            result[key] = merge(result.get(key), value)
    return result


class Case:
    def __init__(self, path):
        self.path = path
        self.files = {}
        self.expected = []
        self.clauses = []
        self.program = None
        last = None
        for key, value in read_case(path):
            if key in ("regulation", "year", "frame"):
                source = json.loads((ROOT / value).read_text(encoding="utf-8"))
                self.files[key] = source
                last = key
            elif key == "change":
                if last is None:
                    raise CaseError("a change of nothing")
                self.files[last] = merge(self.files[last], json.loads(value))
            elif key == "expect":
                self.expected.append(value.replace("\n", " "))
            elif key == "clause":
                self.clauses.append(value)
            elif key not in ("serves", "quote", "by hand", "note"):
                raise CaseError(f"unknown key “{key}”")
        for needed in ("clause",):
            if not any(key == needed for key, _ in read_case(path)):
                raise CaseError(f"no “{needed}”")
        if not self.expected:
            raise CaseError("nothing is expected")

    # -- running ---------------------------------------------------------------------------------

    def run(self, *words):
        done = subprocess.run([self.program, *words, "--language", "en"], capture_output=True,
                              text=True, timeout=60, check=False)
        if done.returncode < 0 or done.returncode > 3:
            raise CaseError(f"thidua {' '.join(words)} ended with {done.returncode}:\n"
                            f"{done.stderr}")
        return done

    def write(self, folder):
        for name, content in self.files.items():
            if name == "year" and "regulation" in self.files:
                content = dict(content, regulation="regulation.json")
            (folder / f"{name}.json").write_text(json.dumps(content, ensure_ascii=False),
                                                 encoding="utf-8")

    def check(self, program):
        self.program = program
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name)
            self.write(folder)
            self.regulation_path = str(folder / "regulation.json")
            self.year_path = str(folder / "year.json")
            self.frame_path = str(folder / "frame.json")
            self.scored = self.result = self.checked = None
            if "year" in self.files:
                self.scored = self.run("score", "--year", self.year_path, "--format", "json")
                if self.scored.returncode != 1:
                    self.result = json.loads(self.scored.stdout)
            faults = []
            for expectation in self.expected:
                try:
                    self.expect(expectation)
                except CaseError as fault:
                    faults.append(f"    {expectation}\n        {fault}")
            refused = [e for e in self.expected if e.startswith("error")]
            if self.scored is not None and self.result is None and not refused:
                faults.append(f"    the year was refused:\n{self.scored.stderr}")
            if faults:
                raise CaseError("\n".join(faults))

    # -- expectations ----------------------------------------------------------------------------

    def expect(self, text):
        word = text.split()[0]
        if word not in EXPECTATIONS:
            raise CaseError(f"unknown expectation “{word}”")
        getattr(self, "expect_" + word)(text[len(word):].strip())

    def need(self):
        if self.result is None:
            raise CaseError("there is no result: " + (self.scored.stderr if self.scored else ""))
        return self.result

    def unit(self, code):
        for unit in self.need()["units"]:
            if unit["code"] == code:
                return unit
        raise CaseError(f"no unit {code}")

    @staticmethod
    def same(got, wanted):
        if got != wanted:
            raise CaseError(f"got {got!r}")

    def value(self, text, find):
        code, equals, wanted = text.partition("=")
        if not equals:
            raise CaseError("no “=”")
        self.same(str(find(self.unit(code.strip()))), wanted.strip())

    def expect_score(self, text):
        self.value(text, lambda u: u["score"]["exact"])

    def expect_shown(self, text):
        self.value(text, lambda u: u["score"]["shown"])

    def expect_rank(self, text):
        self.value(text, lambda u: u["rank"])

    def expect_outcome(self, text):
        self.value(text, lambda u: u["outcome"])

    def expect_maximum(self, text):
        self.value(text, lambda u: u["maximum"])

    def expect_percent(self, text):
        self.value(text, lambda u: u["percent"])

    def expect_sheets(self, text):
        self.value(text, lambda u: f"{u['sheets']['counted']} of {u['sheets']['expected']}")

    def expect_provisional(self, text):
        self.same(self.unit(text)["provisional"], True)

    def expect_reason(self, text):
        code, _, words = text.partition("~")
        reasons = [f"{r['outcome']} {r['text']} {r.get('clause') or ''}"
                   for r in self.unit(code.strip())["reasons"]]
        if not any(words.strip() in reason for reason in reasons):
            raise CaseError(f"got {reasons}")

    def expect_proposal(self, text):
        award, _, units = text.partition("=")
        wanted = sorted(u.strip() for u in units.split(",") if u.strip() not in ("", "none"))
        self.same(sorted(p["unit"] for p in self.need()["proposals"]
                         if p["award"] == award.strip()), wanted)

    def expect_tie(self, text):
        match = re.fullmatch(r"(\S+)(?: seats (\d+))?\s*=\s*(.*)", text)
        if match is None:
            raise CaseError("write: tie AWARD seats N = A, B")
        award, seats, units = match.groups()
        wanted = sorted(u.strip() for u in units.split(",") if u.strip() not in ("", "none"))
        ties = [t for t in self.need()["ties"] if t["award"] == award]
        self.same(sorted(u for t in ties for u in t["units"]), wanted)
        if seats is not None:
            self.same([t["seats"] for t in ties], [int(seats)])

    def expect_open(self, text):
        """open KIND [UNIT] [~ words of its text or clause], or: open none"""
        words, _, said = text.partition("~")
        kind, _, unit = words.strip().partition(" ")
        pending = [(p["kind"], p.get("unit"), f"{p['text']} {p.get('clause') or ''}")
                   for p in self.need()["pending"]]
        if kind == "none":
            self.same(pending, [])
        elif not any(kind == is_kind and unit.strip() in ("", is_unit) and said.strip() in told
                     for is_kind, is_unit, told in pending):
            raise CaseError(f"got {pending}")

    def expect_final(self, _):
        if not self.need()["final"]:
            raise CaseError(f"still open: {[p['text'] for p in self.need()['pending']]}")
        self.same(self.scored.returncode, 0)

    def expect_not(self, text):
        if text.startswith("provisional "):
            self.same(self.unit(text.removeprefix("provisional ").strip())["provisional"], False)
            return
        if text != "final":
            raise CaseError("write: not final, or: not provisional UNIT")
        self.same(self.need()["final"], False)
        self.same(self.scored.returncode, 3)

    def expect_notice(self, text):
        notices = [n["text"] for n in self.need()["notices"]]
        if not any(text.lstrip("~ ") in notice for notice in notices):
            raise CaseError(f"got {notices}")

    def expect_explain(self, text):
        code, _, words = text.partition("~")
        told = self.run("score", "--year", self.year_path, "--explain", code.strip()).stdout
        # Long lines are wrapped for people; for comparing they are one line again.
        if words.strip() not in re.sub(r"\s+", " ", told):
            raise CaseError(f"the explanation doesn't say so:\n{told}")

    def problems(self, severity):
        if self.scored is not None:
            told = self.scored.stderr
        else:
            done = self.run("regulation", "check", self.regulation_path)
            told = done.stderr + done.stdout
        found = re.findall(rf"^\S*\.json:(\S*): {severity}: (.*)$", told, re.M)
        return found, told

    def expect_problem(self, severity, text):
        place, _, words = text.partition("~")
        found, told = self.problems(severity)
        if not any(where == place.strip() and words.strip() in what for where, what in found):
            raise CaseError(f"got {told}")

    def expect_error(self, text):
        self.expect_problem("error", text)

    def expect_warning(self, text):
        self.expect_problem("notice", text)

    def expect_due(self, text):
        """due DUTY [in YEAR] = FIRST .. LAST; the year is the case's own when not given."""
        duty, _, wanted = text.partition("=")
        duty, _, year = duty.strip().partition(" in ")
        regulation = self.files["regulation"]
        year = year or regulation.get("year") or self.files.get("year", {}).get("year", "")
        told = self.run("regulation", "check", self.regulation_path, "--year", year[:4]).stdout
        titles = [d["title"] for d in regulation.get("duties", []) + regulation.get("meetings", [])
                  if d["id"] == duty]
        for line in told.splitlines():
            listed = line[:-26].strip().rstrip("…")
            if listed and any(title.startswith(listed) for title in titles):
                self.same(line[-26:].strip(), wanted.strip())
                return
        raise CaseError("the duty is not listed")

    def conform(self):
        return self.run("regulation", "conform", self.regulation_path, "--frame", self.frame_path)

    def expect_conforms(self, _):
        done = self.conform()
        if done.returncode != 0:
            raise CaseError(done.stderr)

    def expect_breach(self, text):
        place, _, words = text.partition("~")
        told = self.conform().stderr
        found = re.findall(r"^\S*\.json:(\S*): error: (.*)$", told, re.M)
        if not any(where == place.strip() and words.strip() in what for where, what in found):
            raise CaseError(f"got {told}")


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", default=os.environ.get("THIDUA"))
    parser.add_argument("--list", action="store_true", help="clauses and the cases that show them")
    parser.add_argument("--stop", action="store_true", help="stop at the first failure")
    parser.add_argument("cases", nargs="*")
    given = parser.parse_args()
    paths = [pathlib.Path(c) for c in given.cases] or sorted(CASES.glob("*.case"))
    passed = failed = 0
    for path in paths:
        try:
            case = Case(path)
            if given.list:
                print(f"{'; '.join(case.clauses)}: {path.name}")
                continue
            case.check(given.program)
            passed += 1
        except (CaseError, json.JSONDecodeError, KeyError, OSError) as fault:
            failed += 1
            print(f"{path.name}: {type(fault).__name__ if not isinstance(fault, CaseError) else ''}"
                  f"\n{fault}")
            if given.stop:
                break
    if not given.list:
        print(f"cases: {passed} passed, {failed} failed")
    return 1 if failed or (not passed and not given.list) else 0


if __name__ == "__main__":
    sys.exit(main())
