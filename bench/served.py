"""A site to measure: the program on a demonstration with an invented year of sixty items.

A site is a folder and a server. Its people enter by the demonstration's open door: signing in costs
a tenth of a second by design and is measured by itself.
"""
import http.client
import json
import os
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import urllib.parse
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OFFICER = "haiphong.chuyenvien"
TICKS = os.sysconf("SC_CLK_TCK")


def cpu_seconds(pid):
    """Of a process, with its children that have ended."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()
    return sum(int(field) for field in fields[11:15]) / TICKS


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def resident_kb(pid):
    return int(re.search(r"VmRSS:\s+(\d+)",
                         Path(f"/proc/{pid}/status").read_text(encoding="ascii")).group(1))


class Process:
    """A server that says its port, and what it costs."""

    def __init__(self, command, port=None, **options):
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                                        text=True, **options)
        self.pid = self.process.pid
        self.port = port or int(self.process.stdout.readline())

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGTERM)
        self.process.communicate(timeout=60)


class Client:
    """Who has entered a site: cookies, and the token of forms."""

    def __init__(self, port):
        self.port = port
        self.cookies = {}

    def cookie(self):
        return "; ".join(f"{name}={value}" for name, value in self.cookies.items())

    def request(self, method, path, fields=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        headers = {"Cookie": self.cookie()}
        body = None
        if fields is not None:
            body = urllib.parse.urlencode(fields)
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        text = answer.read().decode()
        for line in answer.headers.get_all("Set-Cookie") or []:
            name, value = line.split(";")[0].split("=", 1)
            self.cookies[name] = value
            if "Max-Age=0" in line:
                del self.cookies[name]
        connection.close()
        return answer.status, text

    def get(self, path):
        status, text = self.request("GET", path)
        if status != 200:
            raise SystemExit(f"bench: {path} answered {status}")
        return text

    def token(self, path):
        return re.search(r'name="csrf" value="([0-9a-f]{64})"', self.get(path)).group(1)

    def enter(self, login):
        status, text = self.request("POST", "/demo", {"login": login, "csrf": self.token("/demo")})
        if status != 303:
            raise SystemExit(f"bench: {login} may not enter: {status} {text[:200]}")
        return self


class Site:
    """A folder with the demonstration's data and the invented year; removed at the end."""

    def __init__(self, build, postgres=None, folder=None):
        self.program = str(Path(build) / "thidua")
        self.folder = tempfile.mkdtemp(prefix="thidua-bench-", dir=folder)
        self.data = f"{self.folder}/data"
        self.postgres = postgres
        self.place = ["--database", postgres] if postgres else ["--data", self.data]
        kept = {name: value for name, value in os.environ.items() if not name.startswith("THIDUA")}
        self.environment = {**kept, "HOME": self.folder,
                            "XDG_CONFIG_HOME": self.folder + "/config"}

    def __enter__(self):
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.folder, ignore_errors=True)

    def run(self, *words):
        done = subprocess.run([self.program, *words, *self.place, "--language", "en"],
                              stdout=subprocess.PIPE, text=True, cwd=ROOT, env=self.environment,
                              check=True)
        return done.stdout

    def fill(self, sheets=True):
        """The demonstration, and the invented year under the authority of OFFICER."""
        self.run("demo", "--from", str(ROOT))
        subprocess.run([sys.executable, str(ROOT / "tests" / "sixty_year.py"), self.folder,
                        *(["--sheets"] if sheets else [])], check=True)
        self.authority, = self.rows(
            "SELECT r.scope_id FROM account a JOIN account_role r ON r.account_id = a.account_id "
            f"WHERE a.login = '{OFFICER}'")[0]
        self.year = self.take_in()
        self.home, = self.rows(f"SELECT home_id FROM year WHERE year_id = '{self.year}'")[0]
        self.units = [unit for unit, in self.rows(
            f"SELECT unit_id FROM member WHERE year_id = '{self.year}' ORDER BY position")]
        self.regulation = json.loads(Path(self.folder, "regulation.json").read_text("utf-8"))
        return self

    def take_in(self):
        """The invented year once more, as a bloc of its own; its id."""
        said = self.run("year", "import", "--of", self.authority, "--year",
                        self.folder + "/year.json", "--regulation",
                        self.folder + "/regulation.json")
        return said.split()[-1]

    def rows(self, sql):
        """What a statement answers, as tuples of texts and numbers."""
        if self.postgres:
            done = subprocess.run(["psql", self.postgres, "-XqAt", "-F", "\t", "-c", sql],
                                  stdout=subprocess.PIPE, text=True, check=True)
            return [tuple(line.split("\t")) for line in done.stdout.splitlines()]
        connection = sqlite3.connect(self.data + "/thidua.db")
        try:
            return connection.execute(sql).fetchall()
        finally:
            connection.close()

    def serve(self, *words):
        server = subprocess.Popen([self.program, "serve", "--port", "0", "--language", "en",
                                   *self.place, *words], stdout=subprocess.PIPE,
                                  stderr=subprocess.DEVNULL, text=True, env=self.environment)
        return Server(server)

    def path(self, rest=""):
        return f"/h/{self.home}/years/{self.year}{rest}"

    def grid(self):
        return self.path(f"/results/{self.units[0]}/grid")


class Server(Process):
    """`thidua serve`, ready."""

    def __init__(self, process):  # pylint: disable=super-init-not-called
        self.process = process
        self.pid = process.pid
        self.port = None
        for line in process.stdout:
            found = re.search(r"http://\S+:(\d+)", line)
            if found and self.port is None:
                self.port = int(found.group(1))
            if line.startswith("Stop with"):
                break
        if self.port is None:
            raise SystemExit("bench: the server did not start")

    def enter(self, login=OFFICER):
        return Client(self.port).enter(login)


class Load:
    """One run of wrk against a path."""

    def __init__(self, port, path, cookie="", connections=16, seconds=2, latency=False,
                 script=None):
        header = ["-H", f"Cookie: {cookie}"] if cookie else []
        done = subprocess.run(["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", *header,
                               *(["--latency"] if latency else []),
                               *(["-s", str(script)] if script else []),
                               f"http://127.0.0.1:{port}{path}"],
                              stdout=subprocess.PIPE, text=True, check=True)
        if "Non-2xx" in done.stdout or "Socket errors" in done.stdout:
            raise SystemExit(f"bench: {path}: {done.stdout}")
        self.requests = int(re.search(r"(\d+) requests in", done.stdout).group(1))
        self.rate = float(re.search(r"Requests/sec:\s+([\d.]+)", done.stdout).group(1))
        self.said = done.stdout


def cost(server, path, cookie="", **options):
    """Microseconds of the server's CPU a request."""
    before = cpu_seconds(server.pid)
    load = Load(server.port, path, cookie, **options)
    return (cpu_seconds(server.pid) - before) * 1e6 / load.requests
