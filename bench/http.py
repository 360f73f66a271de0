#!/usr/bin/env python3
"""What a page costs in our web server beside a bare epoll loop that gives the same page.

    bench/http.py [BUILD] [ROUNDS]

Rounds are interleaved, and the figure is CPU time of the server for each request, which other work
on the machine moves little; requests a second are shown beside it. Needs wrk.
"""
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from common import median  # noqa: E402

SERVERS = {"bare epoll loop": ["bare"], "thidua, 1 thread": ["thidua", "1"],
           "thidua, 2 threads": ["thidua", "2"]}


def cpu_seconds(pid):
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def measure(program, arguments):
    """One run: CPU microseconds of the server a request, requests a second."""
    server = subprocess.Popen([program, *arguments], stdout=subprocess.PIPE, text=True)
    try:
        port = int(server.stdout.readline())
        before = cpu_seconds(server.pid)
        done = subprocess.run(["wrk", "-t1", "-c32", "-d2s", f"http://127.0.0.1:{port}/page"],
                              capture_output=True, text=True, check=True)
        spent = cpu_seconds(server.pid) - before
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait()
        server.stdout.close()
    requests = int(re.search(r"(\d+) requests in", done.stdout).group(1))
    if "Non-2xx" in done.stdout or "Socket errors" in done.stdout:
        raise SystemExit(done.stdout)
    rate = float(re.search(r"Requests/sec:\s+([\d.]+)", done.stdout).group(1))
    return spent * 1e6 / requests, rate


def main(arguments):
    build = arguments[0] if arguments else "build/release"
    rounds = int(arguments[1]) if len(arguments) > 1 else 5
    program = str(Path(build) / "bench" / "bench_http")
    results = {name: [] for name in SERVERS}
    for _ in range(rounds):
        for name, words in SERVERS.items():
            results[name].append(measure(program, words))
    least = median([cpu for cpu, _ in results["bare epoll loop"]])
    print(f"{'server':20} {'us CPU/request':>15} {'ratio':>6} {'requests/s':>11}")
    for name, runs in results.items():
        cpu, rate = median([run[0] for run in runs]), median([run[1] for run in runs])
        print(f"{name:20} {cpu:15.1f} {cpu / least:6.2f} {rate:11.0f}")


if __name__ == "__main__":
    main(sys.argv[1:])
