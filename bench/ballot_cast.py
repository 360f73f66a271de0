#!/usr/bin/env python3
"""40 voters bring their ballots at once: is the server limited by proofs, or by locks?

    bench/ballot_cast.py [BUILD]

The time that the server's threads computed, or waited for a core that others had, over the
wall-clock time of the burst: how many cores it kept busy, or would have kept if they had been free.
A thread that waits for a lock or the disk doesn't count. Beside it, the CPU time of checking the
same ballots without any server (thidua ballot verify of all, less that of none): what the burst
can't do without.
"""
import concurrent.futures
import http.client
import json
import os
import sys
import tempfile
import time
from pathlib import Path

from common import median, note, table

ROOT = Path(__file__).resolve().parents[1]
VOTERS = 40
DRAFT = {"description": "Đo", "name": "Năm trong mười", "questions": [
    {"answers": [f"Đơn vị {i}" for i in range(10)], "blank": True, "min": 1, "max": 5,
     "question": "Chọn nhiều nhất năm"}]}
CHOICES = "[[0,1,0,1,0,1,0,1,0,1,0]]"


def ran(pid):
    """Seconds that its threads computed, and that they waited for a core."""
    tasks = [task.read_text().split() for task in Path(f"/proc/{pid}/task").glob("*/schedstat")]
    return [sum(int(task[i]) for task in tasks) / 1e9 for i in (0, 1)]


def children():
    times = os.times()
    return times.children_user + times.children_system


def verify(polling, election):
    """CPU seconds of an audit."""
    before = children()
    done = polling.thidua("verify", election.folder)
    if done.returncode != 3:
        raise RuntimeError(done.stdout)
    return children() - before


def burst(server, ballots):
    """All at once: seconds of CPU, of waiting for a core, and wall-clock."""
    connections = [http.client.HTTPConnection("127.0.0.1", server.port, timeout=120)
                   for _ in ballots]
    for connection in connections:
        connection.connect()

    def cast(pair):
        connection, ballot = pair
        connection.request("POST", server.election.at + "/ballots", ballot,
                           {"Content-Type": "application/json"})
        answer = connection.getresponse()
        return answer.status, answer.read()

    with concurrent.futures.ThreadPoolExecutor(len(ballots)) as pool:
        before, start = ran(server.process.pid), time.monotonic()
        answers = list(pool.map(cast, zip(connections, ballots)))
        wall = time.monotonic() - start
        after = ran(server.process.pid)
    for connection in connections:
        connection.close()
    if any(status != 200 for status, _ in answers):
        raise RuntimeError(answers)
    return after[0] - before[0], after[1] - before[1], wall


def measure(build, rounds=3):
    os.environ["THIDUA"] = str(Path(build) / "thidua")
    sys.path.insert(0, str(ROOT / "tests" / "ballot"))
    import polling  # which asks the environment for the program
    found = {"cpu": [], "waited": [], "wall": [], "proofs": [], "cores": os.cpu_count()}
    with tempfile.TemporaryDirectory(prefix="thidua-bench-") as home:
        election = polling.Election(home, voters=VOTERS, draft=DRAFT).open()
        opened = election.path.read_bytes()
        ballots = [election.ballot(card, CHOICES) for card in election.cards]
        found["bytes"] = len(ballots[0])
        for _ in range(rounds):
            election.path.write_bytes(opened)
            none = verify(polling, election)
            server = polling.Server(election, "--log", "none")
            if server.get("/trackers")[0] != 200:  # it is opened before the burst
                raise RuntimeError("no election")
            cpu, waited, wall = burst(server, ballots)
            server.stop()
            found["cpu"].append(cpu)
            found["waited"].append(waited)
            found["wall"].append(wall)
            found["proofs"].append(verify(polling, election) - none)
    return found


def targets(found):
    busy = median([(cpu + waited) / wall for cpu, waited, wall in
                   zip(found["cpu"], found["waited"], found["wall"])])
    dear = median(found["cpu"]) / median(found["proofs"])
    cores = found["cores"]
    return [(f"threads that compute, or wait for a core, while {VOTERS} ballots are cast at once",
             f"≥ {cores}, the cores", f"{busy:.2f}", busy >= cores),
            ("the server's CPU then, in times of the proofs' alone", "≤ 1.2", f"{dear:.2f}",
             dear <= 1.2)]


def part(found):
    rows = [[name, f"{min(runs) * 1000:.0f}", f"{median(runs) * 1000:.0f}"] for name, runs in
            (("the burst, wall-clock", found["wall"]), ("the server's CPU in it", found["cpu"]),
             ("its threads' wait for a core that others had", found["waited"]),
             ("CPU of checking these ballots alone", found["proofs"]))]
    return f"""## Casting ballots

{VOTERS} voters send their ballots at once, each for at most five of ten candidates
({found["bytes"]:,} bytes); ms, in {len(found["wall"])} rounds. Each ballot is checked, written and
synced before its tracker is answered.

{table(["", "ms, min", "median"], rows)}"""


def main(args):
    build = Path(args[0] if args else ROOT / "build" / "release").resolve()
    note(f"{VOTERS} ballots at once")
    found = measure(build)
    print(part(found))
    for what, needed, measured, met in targets(found):
        print(f"{what}: {needed}: {measured}: {'met' if met else 'missed'}")
    print(json.dumps(found))


if __name__ == "__main__":
    main(sys.argv[1:])
