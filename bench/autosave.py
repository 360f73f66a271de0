"""Saving a cell, durably: 1, 16 and 64 people at once, beside a bare loop of commits."""
import json
import os
import subprocess
import sys
from pathlib import Path

from common import median
from grid import statement
from served import ROOT, Site

CLIENTS = (1, 16, 64)
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


def bare(build, site, seconds):
    """Rows a second, each with a commit of its own, in the site's file; its server is gone."""
    sheet, account = site.rows("SELECT sheet_id, changed_by FROM sheet "
                               f"WHERE year_id = '{site.year}' ORDER BY sheet_id LIMIT 1")[0]
    done = subprocess.run(
        [str(Path(build) / "bench" / "durable_loop"), site.data + "/thidua.db",
         statement("cell_put"), str(seconds), site.home, site.year, sheet, account, *ITEMS],
        stdout=subprocess.PIPE, text=True, check=True)
    said = json.loads(done.stdout)
    return said["rows"] * 1e9 / said["ns"]


def on_sqlite(build, rounds, seconds):
    """64 people and the bare loop in turns, since the price of a sync changes with the hour."""
    found, ratios = {}, []
    with prepare(build) as site:
        saving = Saving(build, site)
        with site.serve() as server:
            for count in CLIENTS[:-1]:
                found[str(count)] = saving.run(server, count, seconds)
        many, alone = [], []
        for _ in range(min(rounds, 5)):
            with site.serve() as server:
                many.append(saving.run(server, CLIENTS[-1], seconds))
            saving.check()
            alone.append(bare(build, site, seconds))
            ratios.append(many[-1]["rate"] / alone[-1])
    found[str(CLIENTS[-1])] = {key: median([run[key] for run in many]) for key in many[0]}
    return {"sqlite": found, "bare": median(alone), "to_bare": median(ratios)}


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
