"""Saving a cell, durably: 1, 16 and 64 people at once, beside a bare loop of commits.

What a commit costs is the disk's sync, and disks differ a hundredfold. So 64 people and the loop
are measured on the disk as it is, and again where each sync takes longer (slow_sync.c).
"""
import json
import os
import subprocess
import sys
from pathlib import Path

from common import median
from grid import statement
from served import ROOT, Site

CLIENTS = (1, 16, 64)
SLOWER_US = (220, 2000)  # what a sync takes more where it is simulated: a good disk, a common one
YEARS = 10  # blocs over which the clients are spread
ITEMS = [f"{section}.{at}" for section in ("I", "II", "III", "IV", "V", "VI")
         for at in range(1, 11)]


def prepare(build, postgres=None):
    """A site with empty sheets in several blocs, and a leader for each unit."""
    site = Site(build, postgres).fill(sheets=False)
    site.years = [site.year] + [site.take_in() for _ in range(YEARS - 1)]
    for at, unit in enumerate(site.units):
        site.run("account", "add", f"don-vi-{at}", "--name", "Thủ trưởng (ví dụ)", "--role",
                 "leader", "--of", unit)
    return site


def clients(site, server, count, skipped):
    """A line for each: a sheet that nobody has written on, a session of its own, its token."""
    people = len(site.units)
    for at in range(skipped, skipped + count):
        year, rater = site.years[at % YEARS], at // YEARS % people
        about = site.units[(rater + at // (YEARS * people)) % people]
        stage = "self" if about == site.units[rater] else "cross"
        path = f"/h/{site.home}/years/{year}/sheets/{stage}/{site.units[rater]}/{about}"
        client = server.enter(f"don-vi-{rater}")
        yield f"{path}\t{client.cookie()}\t{client.token(path)}\n"


class Saving:
    """Runs of clients on a site; each client on a sheet that none had before."""

    def __init__(self, build, site):
        self.build, self.site, self.used, self.cells = build, site, 0, 0

    def run(self, server, count, seconds):
        lines = "".join(clients(self.site, server, count, self.used))
        self.used += count
        done = subprocess.run(
            [str(Path(self.build) / "bench" / "save_clients"), str(server.port), str(seconds),
             *(f"v:{item}" for item in ITEMS)],
            input=lines, stdout=subprocess.PIPE, text=True, check=True)
        said = json.loads(done.stdout)
        self.cells += said["cells"]
        return {"rate": said["cells"] * 1e9 / said["ns"],
                "p50_ms": said["p50_ns"] / 1e6, "p99_ms": said["p99_ns"] / 1e6}

    def check(self):
        """Whatever was acknowledged is on the record."""
        kept, = self.site.rows("SELECT COUNT(*) FROM audit_entry WHERE verb = 'cell.set'")[0]
        if int(kept) < self.cells:
            raise SystemExit(f"bench: {self.cells} cells were acknowledged, {kept} are recorded")


def slowed(build, environment, us):
    """An environment whose programs' syncs take longer."""
    if us == 0:
        return environment
    return {**environment, "SLOW_SYNC_US": str(us),
            "LD_PRELOAD": str(Path(build).resolve() / "bench" / "slow_sync.so")}


def bare(build, site, seconds):
    """Rows a second, each with a commit of its own, in the site's file; its server is gone."""
    sheet, account = site.rows("SELECT sheet_id, changed_by FROM sheet "
                               f"WHERE year_id = '{site.year}' ORDER BY sheet_id LIMIT 1")[0]
    done = subprocess.run(
        [str(Path(build) / "bench" / "durable_loop"), site.data + "/thidua.db",
         statement("cell_put"), str(seconds), site.home, site.year, sheet, account, *ITEMS],
        stdout=subprocess.PIPE, text=True, check=True, env=site.environment)
    said = json.loads(done.stdout)
    return said["rows"] * 1e9 / said["ns"]


def in_turns(build, site, saving, rounds, seconds):
    """64 people and the bare loop in turns, since the price of a sync changes with the hour."""
    many, alone = [], []
    for _ in range(rounds):
        with site.serve() as server:
            many.append(saving.run(server, CLIENTS[-1], seconds))
        saving.check()
        alone.append(bare(build, site, seconds))
    return {"many": {key: median([run[key] for run in many]) for key in many[0]},
            "bare": median(alone),
            "to_bare": median([run["rate"] / loop for run, loop in zip(many, alone)])}


def on_sqlite(build, rounds, seconds):
    found, pairs = {}, {}
    for us in (0, *SLOWER_US):
        with prepare(build) as site:
            site.environment = slowed(build, site.environment, us)
            saving = Saving(build, site)
            if us == 0:
                with site.serve() as server:
                    for count in CLIENTS[:-1]:
                        found[str(count)] = saving.run(server, count, seconds)
            pairs[us] = in_turns(build, site, saving, min(rounds, 5), seconds)
    found[str(CLIENTS[-1])] = pairs[0]["many"]
    return {"sqlite": found, "bare": pairs[0]["bare"], "pairs": pairs}


def on_postgres(build, seconds):
    """With a PostgreSQL of its own that syncs its files."""
    code = f"import json, autosave; print(json.dumps(autosave.there({str(build)!r}, {seconds})))"
    done = subprocess.run(
        [str(ROOT / "tests" / "postgres.py"), "--durable", sys.executable, "-c", code],
        stdout=subprocess.PIPE, text=True, check=True,
        env={**os.environ, "PYTHONPATH": str(ROOT / "bench")})
    return json.loads(done.stdout)


def there(build, seconds):
    """On the PostgreSQL that tests/postgres.py has started."""
    with prepare(build, os.environ["THIDUA_POSTGRES"]) as site:
        saving = Saving(build, site)
        with site.serve() as server:
            found = {str(count): saving.run(server, count, seconds) for count in CLIENTS}
        saving.check()
        return found


def measure(build, rounds, seconds):
    return {**on_sqlite(build, rounds, seconds), "postgres": on_postgres(build, seconds)}
