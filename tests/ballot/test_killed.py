#!/usr/bin/env python3
"""kill -9 while ballots are cast: is every acknowledged one in the archive, and no half one?

test_killed.py [ROUNDS]

In each of ROUNDS rounds (20) the election begins anew, six voters bring their ballots to the server
at once, and it is killed at a random instant. The next server must show each tracker that a voter
was given; then the election is closed by command, and both our audit and belenios-tool must find
that all holds. Every other round the ballots are brought by `thidua ballot cast`, which is killed.
"""

import http.client
import random
import re
import subprocess
import sys
import tempfile
import threading
import time

import bel
from polling import Election, Server, run
from tool import THIDUA, belenios_accepts, thidua

VOTERS = 6
CASTS = 3  # of each card: the last counts


class Voter(threading.Thread):
    def __init__(self, server, ballots, told):
        super().__init__()
        self.server, self.ballots, self.told = server, ballots, told
        self.taken, self.refused = [], None

    def run(self):
        for ballot in self.ballots:
            try:
                status, said = self.server.cast(ballot)
            except (OSError, http.client.HTTPException, ValueError):
                return  # it was killed
            if status != 200:
                self.refused = f"{status}: {said}"
                return
            self.taken.append((said["tracker"], ballot))
            self.told.release()


def by_server(election, ballots, after, pause):
    """[(tracker, ballot)…] that were acknowledged: killed a moment after so many of them."""
    server, told = Server(election, "--log", "none"), threading.Semaphore(0)
    voters = [Voter(server, mine, told) for mine in ballots]
    for voter in voters:
        voter.start()
    for _ in range(after):
        told.acquire(timeout=60)
    time.sleep(pause)
    server.kill()
    for voter in voters:
        voter.join()
    refused = [voter.refused for voter in voters if voter.refused]
    if refused:
        raise AssertionError(refused)
    # The next server goes on, and shows the last of each card.
    server = Server(election, "--log", "none")
    shown = server.trackers()
    server.stop()
    for voter in voters:
        if len(voter.taken) == CASTS and voter.taken[-1][0] not in shown:
            raise AssertionError(f"{voter.taken[-1][0]} is not shown")
    return [pair for voter in voters for pair in voter.taken]


def by_command(election, ballots, after, pause):
    paths = []
    for n in range(CASTS):
        for i, mine in enumerate(ballots):
            path = election.home / f"ballot{n}-{i}"
            path.write_bytes(mine[n])
            paths.append(path)
    with subprocess.Popen([THIDUA, "ballot", "cast", election.folder, *paths, "--language", "en"],
                          stdout=subprocess.PIPE, text=True) as process:
        said = "".join(process.stdout.readline() for _ in range(after))
        time.sleep(pause)
        process.kill()
        said += process.stdout.read()
    found = re.findall("Tracker: (.*)", said)
    return [(tracker, path.read_bytes()) for tracker, path in zip(found, paths)]


def check(election, taken):
    closed = thidua("close", election.folder)
    if closed.returncode == 1 and "cut off" in closed.stderr:
        run("close", election.folder)
    elif closed.returncode != 0:
        raise AssertionError(closed.stderr)
    there = [parts[0] for kind, parts in bel.read(election.path)[1] if kind == "Ballot"]
    for tracker, ballot in taken:
        if ballot not in there:
            raise AssertionError(f"{tracker} was acknowledged, and is not there")
    if len(set(there)) != len(there):
        raise AssertionError("a ballot is there twice")
    status, said = election.audit()
    if status != 3 or not belenios_accepts(election.folder):
        raise AssertionError(said)
    return len(there)


def main(rounds):
    chance = random.Random(rounds)
    total, beyond, begun = 0, 0, 0
    with tempfile.TemporaryDirectory(prefix="thidua-killed-") as home:
        election = Election(home, voters=VOTERS).open()
        opened = election.path.read_bytes()
        ballots = [[election.ballot(card) for _ in range(CASTS)] for card in election.cards]
        for number in range(rounds):
            way = by_server if number % 2 == 0 else by_command
            election.path.write_bytes(opened)
            taken = way(election, ballots, chance.randrange(VOTERS * CASTS - 4),
                        chance.uniform(0, 0.05))
            there = check(election, taken)
            total += len(taken)
            beyond += there - len(taken)
            begun += 0 < there < VOTERS * CASTS
    # Nothing is shown by rounds in which nothing was taken, or all.
    if total < rounds or begun < rounds // 3:
        sys.exit(f"test_killed.py: {total} ballots taken, {begun} rounds cut within: shows nothing")
    print(f"{rounds} kills, {begun} within the casting; {total} acknowledged ballots, all there; "
          f"{beyond} more that nobody was told of")
    return 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 20))
