#!/usr/bin/env python3
"""The pages: what they cost, beside whom, and whether they hold under strain.

    bench/web.py [BUILD] [--quick]

Prints the tables that bench/run puts into RESULTS.md. --quick takes few and short rounds, and 400
blocs for 4,000.
"""
import argparse
import sys
from pathlib import Path

import autosave
import grid
import load
import room
from common import median, note, table
from served import Site, cost
from spread import HOMES, spread

FULL = {"rounds": 5, "seconds": 2, "saves": 4, "blocs": 4000, "requests": 100000, "starts": 20}
QUICK = {"rounds": 2, "seconds": 1, "saves": 2, "blocs": 400, "requests": 10000, "starts": 5}


# ---- measuring ----------------------------------------------------------------------------------

def measure_blocs(build, size):
    """CPU of pages with one bloc and with many, in turns: {page: [one, many]}."""
    with Site(build) as one, Site(build) as many:
        one.fill()
        spread(many.fill(), size["blocs"])
        with one.serve() as first, many.serve() as second:
            pairs = [(site, server, server.enter().cookie())
                     for site, server in ((one, first), (many, second))]
            found = {}
            for page in ("grid", "year", "home"):
                runs = [[], []]
                for _ in range(size["rounds"]):
                    for at, (site, server, cookie) in enumerate(pairs):
                        path = {"grid": site.grid(), "year": site.path(), "home": "/"}[page]
                        runs[at].append(cost(server, path, cookie, seconds=size["seconds"]))
                found[page] = [median(run) for run in runs]
    return found


def measure(build, quick=False):
    size = QUICK if quick else FULL
    found = {"size": size}
    note("the http room beside a bare epoll loop")
    found["room"] = room.measure(build, size["rounds"], size["seconds"])
    with Site(build) as site:
        site.fill()
        note("the grid beside a bare epoll loop, Fossil and nginx")
        found["grid"] = grid.measure(build, site, size["rounds"], size["seconds"])
        note("start, half-open connections, a storm of sign-ins, memory")
        found["start"] = load.start(site, size["starts"])
        links = load.accounts(site)
        with site.serve() as server:
            found["half_open"] = load.half_open(site, server, size["rounds"], size["seconds"])
            found["storm"] = load.storm(site, server, links, 4 * size["seconds"])
        found["memory"] = load.memory(site, size["requests"])
    note("saving, on SQLite and on PostgreSQL")
    found["save"] = autosave.measure(build, size["rounds"], size["saves"])
    note(f"pages with 1 and with {size['blocs']:,} blocs")
    found["blocs"] = measure_blocs(build, size)
    return found


# ---- what is needed -----------------------------------------------------------------------------

def targets(found):
    to_bare, from_fossil = found["grid"]["to_bare"], found["grid"]["from_fossil"]
    slow = autosave.SLOWER_US[-1]
    to_loop = found["save"]["pairs"][slow]["to_bare"]
    half, storm, kb = found["half_open"], found["storm"], found["memory"]["kb"]
    started = median(found["start"])
    blocs = max(many / one for one, many in found["blocs"].values())
    slower = max(half["us"][1] / half["us"][0], half["p50_ms"][1] / half["p50_ms"][0])
    stormy = storm["p50_ms"][1] / storm["p50_ms"][0]
    return [
        ("the 60 × 7 grid's CPU, in times of a bare epoll loop's", "≤ 1.6", f"{to_bare:.2f}",
         to_bare <= 1.6),
        ("CPU of a wiki page of Fossil's of like size, in times of the grid's", "≥ 30",
         f"{from_fossil:.1f}", from_fossil >= 30),
        ("saves of 64 people, in times of a bare loop with a commit for each, a sync "
         f"{slow / 1000:g} ms longer (simulated)", "≥ 3", f"{to_loop:.2f}", to_loop >= 3),
        (f"the grid beside {load.HALF_OPEN} half-open connections: CPU or p50, in times of alone",
         "≤ 1.2", f"{slower:.2f}", slower <= 1.2),
        ("p50 of a page in a storm of sign-ins, in times of alone", "≤ 1.5", f"{stormy:.2f}",
         stormy <= 1.5),
        ("memory of the server at rest", "< 40 MiB", f"{kb[0] / 1024:.1f} MiB", kb[0] < 40 * 1024),
        (f"its growth over the last nine tenths of {found['size']['requests']:,} requests",
         "≤ 2 MiB", f"{(kb[2] - kb[1]) / 1024:.1f} MiB", kb[2] - kb[1] <= 2048),
        ("start to first page, median", "< 100 ms", f"{started:.1f} ms", started < 100),
        (f"a page's CPU with {found['size']['blocs']:,} blocs, in times of one bloc's, dearest",
         "≤ 1.3", f"{blocs:.2f}", blocs <= 1.3),
    ]


# ---- tables -------------------------------------------------------------------------------------

def part_grid(found):
    words = {"thidua": "thidua: signed in, permissions checked",
             "anew": "thidua keeping no sheets: every cell read anew",
             "bare": "bare epoll loop, the same rows",
             "wiki": "Fossil: a wiki page",
             "fossil": "Fossil: a report of tickets",
             "nginx": "nginx: our page as a file"}
    ours, loop = median(found["us"]["thidua"]), median(found["us"]["bare"])
    rows = [[words[name], f"{found['bytes'][name]:,}", f"{min(runs):.1f}", f"{median(runs):.1f}",
             f"{median(runs) / ours:.2f}", f"{median(runs) / loop:.2f}"]
            for name, runs in found["us"].items()]
    return f"""## The 60 × 7 grid

All sheets about one unit side by side, out of SQLite; µs of the server's CPU a request (user and
system, children included) under wrk, in turns, {len(found['us']['bare'])} rounds. The bare loop
runs the same statements for the rows and checks nobody; every figure on its page was held against
ours. Fossil shows someone signed in {grid.LINES} rows of the same table on a wiki page, which is
the page of like size of the first table above, and a report of {grid.TICKETS} tickets, a table out
of SQLite. The loop reads the cells with every request; so do we with `--kept-sheets 0`, and
otherwise when a submitted sheet is looked at for the first time.

{table(["", "bytes", "µs, min", "median", "in ours", "in the loop's"], rows)}
Where every cell is read anew it goes, in instructions (callgrind): half to the 420 cells, as in the
loop, an eighth of the whole being that they become checked structs; the year, its members, the
sheets and who may see them are a tenth, the session 3 %, the HTML a sixth, points and sums 4 %. The
rest is HTTP, and handing the request from the thread that reads it to a worker and back.
"""


def part_room(found):
    rows = [[name, f"{min(runs):.1f}", f"{median(runs):.1f}"] for name, runs in found.items()]
    return f"""## The http room

A page of 19 kB without a database, by our web server and by a bare epoll loop; µs of CPU a request.

{table(["", "µs, min", "median"], rows)}"""


def part_save(found):
    rows = []
    for name, words in (("sqlite", "SQLite"), ("postgres", "PostgreSQL")):
        for count, line in found[name].items():
            rows.append([f"{words}, {count}", f"{line['rate']:,.0f}", f"{line['p50_ms']:.1f}",
                         f"{line['p99_ms']:.1f}"])
    rows.append(["bare loop on SQLite", f"{found['bare']:,.0f}", "", ""])
    pairs = [["as it is" if us == 0 else f"{us / 1000:g} ms longer, simulated",
              f"{pair['many']['rate']:,.0f}", f"{pair['many']['p50_ms']:.1f}",
              f"{pair['many']['p99_ms']:.1f}", f"{pair['bare']:,.0f}", f"{pair['to_bare']:.2f}"]
             for us, pair in found["pairs"].items()]
    return f"""## Saving

People who save one cell after the other, each on a sheet of their own in {autosave.YEARS} blocs:
signed in, permissions and versions checked, recorded in the audit, and acknowledged only when it is
on the disk. The bare loop writes the cell's row alone, with a commit for each, in the same file
with the same settings; it and the 64 took turns.

{table(["people", "cells a second", "p50, ms", "p99, ms"], rows)}
What a sync of the disk costs decides everything here. The loop's rate tells what it cost in this
run: {1e6 / found['bare']:,.0f} µs a commit, all in all. Where that is less than the CPU that a save
takes with its HTTP, permissions and audit, the loop wins by doing less, and nothing can be shared.
So both ran again where each fsync and fdatasync takes longer: **simulated**, by a library
(`bench/slow_sync.c`) that sleeps after the real one. The table of what is needed looks at the
slowest.

{table(["64 people, and a sync", "cells a second", "p50, ms", "p99, ms", "bare loop", "ratio"],
       pairs)}"""


def part_strain(found):
    half, storm = found["half_open"], found["storm"]
    samples = found["memory"]["samples"]
    rows = [["the grid's CPU, µs", f"{half['us'][0]:.1f}", f"{half['us'][1]:.1f}"],
            ["the grid's p50, ms", *(f"{value:.2f}" for value in half["p50_ms"])],
            ["the year's page in the storm: p50, ms", *(f"{v:.2f}" for v in storm["p50_ms"])],
            ["– p99, ms", *(f"{value:.2f}" for value in storm["p99_ms"])]]
    return f"""## Strain

{load.HALF_OPEN} connections that began a request and never end it; a storm of {load.STORMING}
people, each with an account and an address of their own, who sign in again and again with the right
password ({storm['sign_ins']:.1f} sign-ins a second got through). Argon2id takes its memory and its
cores: what remains of them is the pages'.

{table(["", "alone", "beside it"], rows)}
Start to first page: {min(found['start']):.1f} ms at least, {median(found['start']):.1f} ms median,
{max(found['start']):.1f} ms at most.

Memory of the server, resident, while {load.CONNECTIONS} connections ask for the grid, the year, its
results, home and the organisation in turn. What grows at first is what is kept for the next
request: of each connection an arena and a page, of each reader SQLite's pages and statements.

{table(["requests", "MiB"], [[f"{done:,}", f"{at / 1024:.1f}"] for done, at in samples])}"""


def part_blocs(found):
    rows = [[page, f"{one:.1f}", f"{many:.1f}", f"{many / one:.2f}"]
            for page, (one, many) in found["blocs"].items()]
    return f"""## One bloc and {found['size']['blocs']:,}

Each with its year, members, 49 sheets and 2,940 cells, spread over {HOMES} homes beside the first;
the same officer looks at the same bloc. µs of CPU a request, in turns, medians.

{table(["page", "1 bloc", f"{found['size']['blocs']:,} blocs", "ratio"], rows)}"""


def parts(found):
    return [part_grid(found["grid"]), part_room(found["room"]), part_save(found["save"]),
            part_strain(found), part_blocs(found)]


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("build", nargs="?", default="build/release", type=Path)
    parser.add_argument("--quick", action="store_true")
    arguments = parser.parse_args()
    found = measure(arguments.build.resolve(), arguments.quick)
    rows = targets(found)
    print(table(["", "needed", "measured", ""],
                [[what, needed, measured, "met" if met else "**missed**"]
                 for what, needed, measured, met in rows]))
    print("\n".join(parts(found)))
    sys.exit(0 if all(met for *_, met in rows) else 1)


if __name__ == "__main__":
    main()
