#!/usr/bin/env python3
"""What a page costs in our web server beside a bare epoll loop that gives the same page.

    bench/room.py [BUILD] [ROUNDS]

In turns, and the figure is CPU time of the server for each request, which other work on the machine
moves little. Needs wrk.
"""
import sys
from pathlib import Path

from common import median
from served import Process, cost

SERVERS = {"bare epoll loop": ["bare"], "thidua, 1 thread": ["thidua", "1"],
           "thidua, 2 threads": ["thidua", "2"]}


def measure(build, rounds, seconds=2):
    """Microseconds of CPU a request, lists by server."""
    program = str(Path(build) / "bench" / "bench_http")
    found = {name: [] for name in SERVERS}
    for _ in range(rounds):
        for name, words in SERVERS.items():
            with Process([program, *words]) as server:
                found[name].append(cost(server, "/page", connections=32, seconds=seconds))
    return found


def main(arguments):
    found = measure(arguments[0] if arguments else "build/release",
                    int(arguments[1]) if len(arguments) > 1 else 5)
    least = median(found["bare epoll loop"])
    print(f"{'server':20} {'us CPU/request':>15} {'ratio':>6}")
    for name, runs in found.items():
        print(f"{name:20} {median(runs):15.1f} {median(runs) / least:6.2f}")


if __name__ == "__main__":
    main(sys.argv[1:])
