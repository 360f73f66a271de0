"""Runs the program and lays its result beside the reference's."""

import json
import os
import subprocess
from collections import Counter

PROGRAM = os.environ.get("THIDUA")
SECONDS = 5

OF_UNIT = ("code", "score", "rank", "outcome", "provisional", "sheets", "maximum", "percent",
           "bonus", "deducted")
OF_OPEN = ("kind", "unit", "stage", "rater", "item", "fact", "award")


class Refused(Exception):
    """The program found the input wrong; its message."""


def score(year, *options):
    """The program's result of a year file."""
    run = subprocess.run([PROGRAM, "score", "--year", str(year), "--format", "json",
                          "--language", "en", *options],
                         stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=SECONDS * 4,
                         check=False)
    if run.returncode not in (0, 3):
        raise Refused(f"exit {run.returncode}: {run.stderr.decode(errors='replace')[:2000]}")
    result = json.loads(run.stdout)
    if result["final"] != (run.returncode == 0):
        raise Refused(f"exit {run.returncode}, but final is {result['final']}")
    return result


def differences(program, reference):
    """What two results say differently, in words; empty when they agree."""
    said = []

    def same(what, ours, theirs):
        if ours != theirs:
            said.append(f"{what}: program {ours}, reference {theirs}")

    same("final", program["final"], reference["final"])
    same("order of units", [u["code"] for u in program["units"]],
         [u["code"] for u in reference["units"]])
    theirs = {unit["code"]: unit for unit in reference["units"]}
    for unit in program["units"]:
        for key in OF_UNIT:
            same(f"{unit['code']} {key}", unit.get(key), theirs.get(unit["code"], {}).get(key))

    def opened(result):
        # not_arisen is a matter of the unit, whichever sheet it showed on
        return Counter(tuple(entry.get(key) for key in OF_OPEN
                             if entry["kind"] != "not_arisen" or key not in ("stage", "rater"))
                       for entry in result["pending"])
    for entry, count in (opened(program) - opened(reference)).items():
        said.append(f"pending only in the program: {named(entry)} {count}")
    for entry, count in (opened(reference) - opened(program)).items():
        said.append(f"pending only in the reference: {named(entry)} {count}")

    def proposed(result):
        return sorted((p["award"], p["unit"]) for p in result["proposals"])
    same("proposals", proposed(program), proposed(reference))

    def tied(result):
        return sorted((t["award"], t["seats"], sorted(t["units"])) for t in result["ties"])
    same("ties", tied(program), tied(reference))
    return said


def named(entry):
    return ", ".join(str(value) for value in entry if value is not None)
