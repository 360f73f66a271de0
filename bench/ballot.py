#!/usr/bin/env python3
"""The audit of a secret ballot: thidua beside belenios-tool, whole processes on the same archives.

    bench/ballot.py THIDUA [--runs N]

Has `thidua ballot demo` hold elections of 5 and of 40 voters, and audits each with
`thidua ballot verify` and with `belenios-tool election verify`, in turns. What a ballot costs more
is a 35th of the difference. Prints one JSON object, times in milliseconds.
"""
import argparse
import json
import os
import sys
import tempfile
import time
from pathlib import Path

from common import median

FEW, MANY = 5, 40


def spend(arguments):
    """Run a program that must end well; its CPU and wall-clock time in milliseconds."""
    quiet = [(os.POSIX_SPAWN_OPEN, fd, os.devnull, os.O_WRONLY, 0) for fd in (1, 2)]
    begin = time.monotonic()
    pid = os.posix_spawnp(arguments[0], arguments, os.environ | {"BELENIOS_USE_URANDOM": "1"},
                          file_actions=quiet)
    _, status, usage = os.wait4(pid, 0)
    wall = time.monotonic() - begin
    if os.waitstatus_to_exitcode(status) != 0:
        sys.exit(f"ballot.py: {' '.join(arguments)} ended with {os.waitstatus_to_exitcode(status)}")
    return {"cpu": (usage.ru_utime + usage.ru_stime) * 1000, "wall": wall * 1000}


def marginal(program):
    return (median(program[str(MANY)]["cpu"]) - median(program[str(FEW)]["cpu"])) / (MANY - FEW)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("thidua")
    parser.add_argument("--runs", type=int, default=9)
    arguments = parser.parse_args()
    thidua = os.path.abspath(arguments.thidua)
    took = {name: {str(voters): {"cpu": [], "wall": []} for voters in (FEW, MANY)}
            for name in ("thidua", "belenios")}
    with tempfile.TemporaryDirectory(prefix="thidua-bench-") as folder:
        size = {}
        for voters in (FEW, MANY):
            election = str(Path(folder, str(voters)))
            spend([thidua, "ballot", "demo", election, "--voters", str(voters), "--seed", "1"])
            size[str(voters)] = sum(path.stat().st_size for path in Path(election).glob("*.bel"))
        for _ in range(arguments.runs):
            for voters in (FEW, MANY):
                election = str(Path(folder, str(voters)))
                for name, command in (
                        ("thidua", [thidua, "ballot", "verify", election]),
                        ("belenios", ["belenios-tool", "election", "verify", "--dir", election])):
                    for kind, value in spend(command).items():
                        took[name][str(voters)][kind].append(value)
    ours, theirs = marginal(took["thidua"]), marginal(took["belenios"])
    print(json.dumps({
        "few": FEW, "many": MANY, "bytes": size, "took": took,
        "ballot_ms": {"thidua": ours, "belenios": theirs}, "ratio_ballot": theirs / ours,
        **{f"ratio_{kind}": median(took["belenios"][str(MANY)][kind])
           / median(took["thidua"][str(MANY)][kind]) for kind in ("cpu", "wall")},
    }))


if __name__ == "__main__":
    main()
