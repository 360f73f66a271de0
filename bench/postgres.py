#!/usr/bin/env python3
"""PostgreSQL's sum over a nation's scores beside the engine's whole pass, in turns.

    bench/postgres.py BENCH_ENGINE REGULATION [--runs N]

A private cluster in a temporary folder, reached by its socket only and removed at the end, gets one
row for each score: (unit, rater, item, points), 25.2 million rows. Each round then times

    SELECT unit, sum(points) FROM score GROUP BY unit

warm (all of the table in shared buffers), once in one process and once with the parallel workers
that PostgreSQL takes by default, and the engine's pass over the same number of scores: score, rank
and select. Each by the clock on the wall, and where one process does it also by its CPU time, which
other work on the machine disturbs less. Prints one JSON object with every figure, in milliseconds.
"""
import argparse
import json
import os
import pwd
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from common import median

# Small enough to live in memory; without fsync, since nothing here is to survive.
SETTINGS = {
    "listen_addresses": "''",
    "shared_buffers": "'2GB'",
    "work_mem": "'256MB'",
    "maintenance_work_mem": "'512MB'",
    "max_wal_size": "'4GB'",
    "fsync": "off",
    "autovacuum": "off",
}
SUM = "SELECT unit, sum(points) AS points FROM score GROUP BY unit"
# The sums stay in the server: no time goes into sending 60,000 rows.
TIMED = f"SELECT count(*), sum(points) FROM ({SUM}) AS sums;"


def programs():
    """The folder of initdb and postgres, which Debian keeps off the path."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"),
                   key=lambda path: int(path.parts[4]))
    if found:
        return found[-1].parent
    initdb = shutil.which("initdb")
    if initdb is None:
        sys.exit("postgres.py: there is no PostgreSQL; script/bootstrap bench installs it")
    return Path(initdb).parent


class Cluster:
    """A private cluster; as root its programs run as the user postgres."""

    def __init__(self):
        self.bin = programs()
        self.folder = tempfile.mkdtemp(prefix="thidua-bench-")
        self.user = {}
        if os.geteuid() == 0:
            postgres = pwd.getpwnam("postgres")
            os.chown(self.folder, postgres.pw_uid, postgres.pw_gid)
            self.user = {"user": postgres.pw_uid, "group": postgres.pw_gid, "extra_groups": []}

    def run(self, program, *arguments):
        subprocess.run([self.bin / program, *arguments], check=True, cwd=self.folder,
                       stdout=subprocess.DEVNULL, env={**os.environ, "LC_ALL": "C"}, **self.user)

    def __enter__(self):
        data = f"{self.folder}/data"
        try:
            self.run("initdb", "-D", data, "-U", "bench", "-A", "trust", "-E", "UTF8",
                     "--locale=C", "--no-sync")
            options = " ".join(f"-c {name}={value}" for name, value in SETTINGS.items())
            self.run("pg_ctl", "-D", data, "-w", "-s", "-l", f"{self.folder}/log",
                     "-o", f"{options} -c unix_socket_directories={self.folder}", "start")
        except BaseException:
            shutil.rmtree(self.folder, ignore_errors=True)
            raise
        return self

    def __exit__(self, *unused):
        try:
            self.run("pg_ctl", "-D", f"{self.folder}/data", "-w", "-s", "-m", "immediate", "stop")
        finally:
            shutil.rmtree(self.folder, ignore_errors=True)

    def psql(self, *arguments):
        return [str(self.bin / "psql"), "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1",
                "-h", self.folder, "-U", "bench", "-d", "postgres", *arguments]

    def ask(self, *commands):
        words = [word for command in commands for word in ("-c", command)]
        answer = subprocess.run(self.psql(*words), check=True, stdout=subprocess.PIPE, text=True)
        return answer.stdout.strip()


class Session:
    """One connection that stays, with the server's answers timed by psql."""

    def __init__(self, cluster):
        self.process = subprocess.Popen(cluster.psql(), stdin=subprocess.PIPE, text=True,
                                        stdout=subprocess.PIPE, env={**os.environ, "LC_ALL": "C"})
        self.send("SELECT pg_backend_pid();\n")
        self.server = int(self.process.stdout.readline())
        self.send("\\timing on\n")

    def cpu(self):
        """Milliseconds of CPU that this connection's server process has taken."""
        fields = Path(f"/proc/{self.server}/stat").read_text(encoding="utf-8").rsplit(")", 1)[1]
        user, system = fields.split()[11:13]
        return (int(user) + int(system)) * 1000 / os.sysconf("SC_CLK_TCK")

    def send(self, text):
        self.process.stdin.write(text)
        self.process.stdin.flush()

    def timed(self, command):
        """The answer's one line, and its milliseconds: wall clock and CPU."""
        before = self.cpu()
        self.send(command + "\n")
        answer = self.process.stdout.readline().strip()
        wall = self.time()
        return answer, wall, self.cpu() - before

    def time(self):
        match = re.match(r"Time: ([0-9.]+) ms", self.process.stdout.readline())
        if match is None:
            sys.exit("postgres.py: psql gave no time")
        return float(match.group(1))

    def set(self, setting):
        self.send(f"{setting};\n")
        self.time()

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def load(cluster, engine):
    """The rows into an unlogged table; answers what bench_engine says they are."""
    cluster.ask("CREATE UNLOGGED TABLE score (unit int4 NOT NULL, rater int2 NOT NULL, "
                "item int2 NOT NULL, points int4 NOT NULL)")
    rows = subprocess.Popen([engine, "rows"], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    subprocess.run(cluster.psql("-c", "COPY score FROM STDIN (FORMAT binary)"), check=True,
                   stdin=rows.stdout)
    rows.stdout.close()
    said = json.loads(rows.stderr.read())
    if rows.wait() != 0:
        sys.exit("postgres.py: bench_engine rows failed")
    cluster.ask("VACUUM (FREEZE, ANALYZE) score")
    return said


def measure(cluster, engine, regulation, runs):
    rows = load(cluster, engine)
    expected = f"{rows['units']}|{rows['sum']}"
    session = Session(cluster)
    passes = subprocess.Popen([engine, "passes", regulation], stdin=subprocess.PIPE, text=True,
                              stdout=subprocess.PIPE)
    passes.stdout.readline()
    figures = {name: [] for name in ("serial", "serial_cpu", "parallel", "mix", "mix_cpu",
                                     "direct_cpu", "plain_cpu")}
    for run in range(runs + 1):
        times = {}
        for name, setting in (("serial", "SET max_parallel_workers_per_gather = 0"),
                              ("parallel", "RESET max_parallel_workers_per_gather")):
            session.set(setting)
            answer, times[name], cpu = session.timed(TIMED)
            if name == "serial":
                times["serial_cpu"] = cpu
            if answer != expected:
                sys.exit(f"postgres.py: the sums are {answer}, not {expected}")
        passes.stdin.write("\n")
        passes.stdin.flush()
        line = json.loads(passes.stdout.readline())
        times["mix"] = line["mix_wall_ns"] / 1e6
        for name in ("mix", "direct", "plain"):
            times[f"{name}_cpu"] = line[f"{name}_ns"] / 1e6
        for name, value in times.items():
            if run > 0:  # the first round fills the caches
                figures[name].append(value)
    session.close()
    passes.stdin.close()
    passes.wait()
    return {
        "rows": rows["rows"],
        "units": rows["units"],
        "scores": line["scores"],
        "version": cluster.ask("SHOW server_version"),
        "table_mb": int(cluster.ask("SELECT pg_table_size('score') / 1000000")),
        "workers": int(cluster.ask("SHOW max_parallel_workers_per_gather")),
        "shared_buffers": cluster.ask("SHOW shared_buffers"),
        "ms": figures,
        "ratio_cpu": median(figures["serial_cpu"]) / median(figures["mix_cpu"]),
        "ratio_serial": median(figures["serial"]) / median(figures["mix"]),
        "ratio_parallel": median(figures["parallel"]) / median(figures["mix"]),
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("engine")
    parser.add_argument("regulation")
    parser.add_argument("--runs", type=int, default=7)
    arguments = parser.parse_args()
    with Cluster() as cluster:
        print(json.dumps(measure(cluster, arguments.engine, arguments.regulation, arguments.runs)))


if __name__ == "__main__":
    main()
