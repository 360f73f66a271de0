#!/usr/bin/env python3
"""How long a voter waits for the ballot to be encrypted, in Chromium.

    bench/voter.py

bench/ballot_browser.mjs measures it; this says what is needed, and makes the table.
"""
import json
import subprocess
from pathlib import Path

from common import median, note, table

SLOW = 4  # times slower, as the processor of a phone


def measure():
    script = Path(__file__).parent / "ballot_browser.mjs"
    done = subprocess.run(["node", str(script)], stdout=subprocess.PIPE, check=True, text=True)
    return {line["slower"]: line["ms"] for line in map(json.loads, done.stdout.splitlines())}


def targets(found):
    ms = median(found[SLOW])
    return [("a ballot of 5 of 10 candidates in Chromium, the processor "
             f"{SLOW} times slower (simulated)", "< 1,000 ms", f"{ms:.0f} ms", ms < 1000)]


def part(found):
    rows = [[str(slower), f"{min(ms):.0f}", f"{median(ms):.0f}", f"{max(ms):.0f}"]
            for slower, ms in found.items()]
    return f"""## The voter's page

A ballot for 5 of 10 candidates, blank allowed, made by the page's own modules in Chromium: each
slot encrypted, every proof, the signature; ms. Each run is a page opened anew, its tables not yet
made. The processor is slowed by Chromium, which simulates a weaker device; no phone was measured.

{table(["times slower", "min", "median", "max"], rows)}"""


def main():
    note("the voter's page")
    found = measure()
    print(part(found))
    for what, needed, measured, met in targets(found):
        print(f"{what}: {needed}: {measured}: {'met' if met else 'missed'}")


if __name__ == "__main__":
    main()
