#!/usr/bin/env python3
"""Which branches of src/engine no test takes, and why that is right.

    tools/coverage.py [--no-run]

A percentage hides what is missing behind what is easy. So every branch that the tests don't take
stands in tests/engine/uncovered.txt with its reason; this program builds with gcov in
build/coverage, runs the tests of the engine and the command line, and fails when an uncovered
branch has no reason there, and when an entry is no longer true. The list names lines by their
text, not by their number. --no-run looks again at the counts of the last run.
"""
import argparse
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BUILD = ROOT / "build" / "coverage"
LIST = ROOT / "tests" / "engine" / "uncovered.txt"
ENGINE = "src/engine/"
PROPERTY_SEEDS = "300"


class Entry:
    """One line of the list: file, a line's text, branches, and why no test takes them."""

    def __init__(self, line, words):
        self.line = line
        parts = [part.strip() for part in words.rsplit(" | ", 2)]
        file, colon, text = parts[0].partition(": ")
        if len(parts) != 3 or not colon:
            raise ValueError(f"line {line}: write FILE: TEXT OF THE LINE | BRANCHES | REASON")
        self.file, self.text, self.reason = file, text.strip(), parts[2]
        if len(self.reason) < 10:
            raise ValueError(f"line {line}: say why")
        self.branches = None if parts[1] == "*" else {int(n) for n in parts[1].split(",")}
        self.pattern = re.compile(".*".join(map(re.escape, self.text.split("…"))))
        self.used = set()

    def covers(self, file, text, branch):
        if self.file not in ("*", file) or not self.pattern.fullmatch(text) \
                or (self.branches is not None and branch not in self.branches):
            return False
        self.used.add(branch)
        return True

    def stale(self):
        """What it says and is not so, in words; None when all of it is."""
        if not self.used:
            return f"line {self.line}: no such branch is uncovered: {self.file}: {self.text}"
        left = (self.branches or set()) - self.used
        if left:
            return (f"line {self.line}: branch {', '.join(map(str, sorted(left)))} is covered, or "
                    f"is no more: {self.file}: {self.text}")
        return None


def read_list(text):
    return [Entry(number, line) for number, line in enumerate(text.splitlines(), 1)
            if line.strip() and not line.startswith("#")]


def uncovered(report, sources):
    """(file, line number, the line's text, branch) of each branch that a gcovr report has at 0."""
    for file in report["files"]:
        name = file["file"]
        lines = sources(name).splitlines()
        for line in file["lines"]:
            text = " ".join(lines[line["line_number"] - 1].split())
            for number, branch in enumerate(line["branches"]):
                if branch["count"] == 0:
                    yield name.removeprefix(ENGINE), line["line_number"], text, number


def compare(branches, entries):
    """What is wrong with the list, in words."""
    wrong = []
    for file, number, text, branch in branches:
        # All that fit, so that none is called stale because another came before it.
        if not [entry for entry in entries if entry.covers(file, text, branch)]:
            wrong.append(f"no reason (line {number}): {file}: {text} | {branch} |")
    return wrong + [entry.stale() for entry in entries if entry.stale()]


def share(counts):
    counts = list(counts)
    taken = sum(count > 0 for count in counts)
    return f"{taken} of {len(counts)} ({100 * taken / len(counts) if counts else 100:.1f}%)"


def summary(report):
    every_line, every_branch = [], []
    for file in report["files"]:
        lines = [line["count"] for line in file["lines"] if not line.get("gcovr/noncode")]
        branches = [b["count"] for line in file["lines"] for b in line["branches"]]
        yield f"{file['file']}: lines {share(lines)}, branches {share(branches)}"
        every_line += lines
        every_branch += branches
    yield f"{ENGINE}: lines {share(every_line)}, branches {share(every_branch)}"


def must(words, **options):
    done = subprocess.run(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          cwd=ROOT, check=False, **options)
    if done.returncode != 0:
        raise SystemExit(f"{' '.join(words)}:\n{done.stdout[-6000:]}")
    return done.stdout


def run():
    """Build, and run the tests; do they pass?"""
    if not (BUILD / "build.ninja").is_file():
        shutil.rmtree(BUILD, ignore_errors=True)
        must(["meson", "setup", str(BUILD), "-Db_coverage=true", "-Doptimization=0",
              "-Dwerror=false", "-Dcheck_catalogues=false"], env={**os.environ, "CC": "gcc"})
    must(["ninja", "-C", str(BUILD)])
    for counts in BUILD.rglob("*.gcda"):
        counts.unlink()
    tests = json.loads(must(["meson", "introspect", "--tests", str(BUILD)]))
    names = [test["name"] for test in tests if test["name"].startswith(("engine/", "cli/"))
             and not any(suite.endswith("long") for suite in test["suite"])]
    done = subprocess.run(["meson", "test", "-C", str(BUILD), "--no-rebuild", "--print-errorlogs",
                           "--timeout-multiplier", "10", *names],
                          env={**os.environ, "THIDUA_SEEDS": PROPERTY_SEEDS}, cwd=ROOT,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    if done.returncode != 0:
        print(done.stdout[-6000:])
    return done.returncode == 0


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--no-run", action="store_true")
    given = parser.parse_args()
    passed = given.no_run or run()
    output = BUILD / "coverage.json"
    must(["gcovr", "--root", str(ROOT), "--filter", ENGINE, "--json", str(output), str(BUILD)])
    report = json.loads(output.read_text(encoding="utf-8"))
    report["files"] = [file for file in report["files"] if file["lines"]]
    if not report["files"]:
        raise SystemExit("gcovr found no counts")
    try:
        entries = read_list(LIST.read_text(encoding="utf-8"))
    except ValueError as fault:
        raise SystemExit(f"{LIST.relative_to(ROOT)}: {fault}") from None
    branches = sorted(uncovered(report,
                                lambda name: (ROOT / name).read_text(encoding="utf-8")))
    wrong = compare(branches, entries)
    for line in wrong:
        print(line)
    for line in summary(report):
        print(line)
    if not passed:
        print("tests fail")
    print(f"uncovered branches: {len(branches)}, without a reason or stale: {len(wrong)}")
    return 1 if wrong or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
