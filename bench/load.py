"""The server under strain: half-open connections, a storm of sign-ins, memory, a start."""
import re
import socket
import threading
import time
import urllib.parse
from pathlib import Path

from common import median
from served import Client, Load, cost, resident_kb

HALF_OPEN = 200
CONNECTIONS = 16  # under which memory is looked at
STORMING = 32
PASSWORD = "bốn từ không ai đoán"
LINK = re.compile(r"http://\S+?(/link/[A-Za-z0-9_-]{43})")


def quantile(load, name):
    """A latency of wrk's, in milliseconds: "50%", "99%"."""
    value, unit = re.search(rf"^\s+{name}\s+([\d.]+)(us|ms|s)$", load.said, re.M).groups()
    return float(value) * {"us": 0.001, "ms": 1, "s": 1000}[unit]


def latency(server, path, cookie, seconds):
    load = Load(server.port, path, cookie, connections=2, seconds=seconds, latency=True)
    return quantile(load, "50%"), quantile(load, "99%")


# ---- half-open connections ----------------------------------------------------------------------

def begin_requests(port):
    """From many addresses: of one address the server takes only so many."""
    found = []
    for at in range(HALF_OPEN):
        one = socket.create_connection(("127.0.0.1", port),
                                       source_address=(f"127.0.1.{at % 50 + 1}", 0))
        one.sendall(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ")
        found.append(one)
    return found


def half_open(site, server, rounds, seconds):
    """CPU and p50 of the grid, alone and beside 200 requests that never end, in turns."""
    cookie = server.enter().cookie()
    found = {"alone": [], "beside": []}
    for _ in range(rounds):
        for name in found:
            slow = begin_requests(server.port) if name == "beside" else []
            us = cost(server, site.grid(), cookie, seconds=seconds)
            p50, _ = latency(server, site.grid(), cookie, seconds)
            found[name].append((us, p50))
            for one in slow:
                one.close()
    alone, beside = ([median([run[at] for run in found[name]]) for at in (0, 1)] for name in found)
    return {"us": [alone[0], beside[0]], "p50_ms": [alone[1], beside[1]]}


# ---- a storm of sign-ins ------------------------------------------------------------------------

def accounts(site):
    """People with passwords; the links by which they choose them."""
    return {f"bao-{at}": LINK.search(site.run("account", "add", f"bao-{at}", "--name",
                                              "Người đăng nhập")).group(1)
            for at in range(STORMING)}


def choose(server, link):
    client = Client(server.port)
    status, _ = client.request("POST", link, {"password": PASSWORD, "again": PASSWORD,
                                              "csrf": client.token(link)})
    if status != 303:
        raise SystemExit(f"bench: a password was not taken: {status}")


class Storm:
    """32 people, each from an address of its own, who sign in again and again."""

    def __init__(self, server, logins):
        self.server = server
        self.logins = list(logins)
        self.answers = {}
        self.ended = False
        self.lock = threading.Lock()

    def one(self, at):
        client = Client(self.server.port)
        fields = urllib.parse.urlencode({"login": self.logins[at], "password": PASSWORD,
                                         "csrf": client.token("/sign-in")}).encode()
        head = (f"POST /sign-in HTTP/1.1\r\nHost: 127.0.0.1:{client.port}\r\n"
                f"Cookie: {client.cookie()}\r\nConnection: close\r\n"
                "Content-Type: application/x-www-form-urlencoded\r\n"
                f"Content-Length: {len(fields)}\r\n\r\n").encode()
        while not self.ended:
            with socket.create_connection(("127.0.0.1", client.port), timeout=60,
                                          source_address=(f"127.0.0.{at + 10}", 0)) as one:
                one.sendall(head + fields)
                status = one.recv(64 * 1024).split(b" ")[1].decode()
            with self.lock:
                self.answers[status] = self.answers.get(status, 0) + 1

    def __enter__(self):
        self.began = time.monotonic()
        self.threads = [threading.Thread(target=self.one, args=(at,))
                        for at in range(len(self.logins))]
        for thread in self.threads:
            thread.start()
        time.sleep(0.5)
        return self

    def __exit__(self, *_):
        self.ended = True
        for thread in self.threads:
            thread.join()
        self.rate = self.answers.get("303", 0) / (time.monotonic() - self.began)


def storm(site, server, links, seconds):
    """p50 and p99 of the year's page, alone and while they sign in."""
    cookie = server.enter().cookie()
    for link in links.values():
        choose(server, link)
    alone = latency(server, site.path(), cookie, seconds)
    with Storm(server, links) as blowing:
        beside = latency(server, site.path(), cookie, seconds)
    if blowing.answers.get("303", 0) < STORMING:
        raise SystemExit(f"bench: the storm's sign-ins were answered {blowing.answers}")
    return {"p50_ms": [alone[0], beside[0]], "p99_ms": [alone[1], beside[1]],
            "sign_ins": blowing.rate, "answers": blowing.answers}


# ---- memory, start ------------------------------------------------------------------------------

MIX = """local paths, at = {{{paths}}}, 0
request = function()
  at = at % #paths + 1
  return wrk.format("GET", paths[at])
end
"""


def memory(site, requests):
    """Resident kilobytes under pages in turn: at rest, and about every tenth of `requests`, until
    three times as many; of those the ones at rest, after a tenth, and after `requests`."""
    paths = [site.grid(), site.path(), site.path("/results"), "/", "/organisation"]
    script = Path(site.folder, "mix.lua")
    script.write_text(MIX.format(paths=", ".join(f'"{path}"' for path in paths)), encoding="ascii")
    with site.serve() as server:
        client = server.enter()
        for path in paths:
            client.get(path)
        time.sleep(0.5)
        samples, done = [(0, resident_kb(server.pid))], 0
        while done < 3 * requests:
            done += Load(server.port, "/", client.cookie(), connections=CONNECTIONS, seconds=1,
                         script=script).requests
            if done - samples[-1][0] >= requests // 10:
                samples.append((done, resident_kb(server.pid)))
    kb = [next(at for number, at in samples if number >= least)
          for least in (0, requests // 10, requests)]
    return {"kb": kb, "samples": samples}


def start(site, runs):
    """Milliseconds from the program's start to its first page."""
    found = []
    for _ in range(runs):
        begin = time.monotonic()
        with site.serve() as server:
            Client(server.port).get("/sign-in")
            found.append((time.monotonic() - begin) * 1000)
    return found
