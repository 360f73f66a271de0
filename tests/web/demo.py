"""A demonstration of one's own, on SQLite or PostgreSQL: its database, its server, its people.

THIDUA names the program. With PostgreSQL the connection string is tests/postgres.py's; every Demo
then has a database of its own in that cluster.
"""
import hashlib
import itertools
import json
import os
import pathlib
import re
import signal
import sqlite3
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "cli"))
import test_server  # noqa: E402

PROGRAM = test_server.PROGRAM
POSTGRES = test_server.POSTGRES
Client = test_server.Client
ROOT = pathlib.Path(__file__).resolve().parents[2]


def quoted(text):
    return "'" + text.replace("'", "''") + "'"


class Demo:
    """A demonstration's database and the program's commands on it."""
    numbers = itertools.count(1)

    def __init__(self, engine="sqlite"):
        self.engine = engine
        self.folder = tempfile.mkdtemp(prefix="thidua-demo-")
        self.environment = test_server.clean_environment(self.folder)
        self.data = self.folder + "/data"
        self.file = self.data + "/thidua.db"
        self.place = ["--data", self.data]
        if engine == "postgres":
            name = f"demo_{next(self.numbers)}"
            self.url = re.sub(r"/[^/]*$", "/" + name, POSTGRES)
            self.psql(POSTGRES, "SET client_min_messages = error",
                      f"DROP DATABASE IF EXISTS {name} WITH (FORCE)", f"CREATE DATABASE {name}")
            self.place = ["--database", self.url]
        self.run("demo", "--from", str(ROOT))

    def remove(self):
        subprocess.run(["rm", "-rf", self.folder], check=True)

    @staticmethod
    def psql(url, *statements):
        words = [word for statement in statements for word in ("-c", statement)]
        done = subprocess.run(["psql", url, "-XqAt", "-v", "ON_ERROR_STOP=1", *words],
                              capture_output=True, text=True)
        if done.returncode != 0:
            raise AssertionError(done.stderr)
        return done.stdout

    def query(self, sql):
        """Rows as tuples."""
        if self.engine == "postgres":
            # An array of each row, in the order of its columns.
            found = self.psql(self.url, f"SELECT row_to_json(found) FROM ({sql}) found")
            return [tuple(json.loads(line).values()) for line in found.splitlines()]
        connection = sqlite3.connect(f"file:{self.file}?mode=ro", uri=True)
        try:
            return connection.execute(sql).fetchall()
        finally:
            connection.close()

    def write(self, *statements):
        if self.engine == "postgres":
            self.psql(self.url, *statements)
            return
        connection = sqlite3.connect(self.file)
        try:
            with connection:
                for statement in statements:
                    connection.execute(statement)
        finally:
            connection.close()

    def run(self, *words, place=True, code=0):
        done = subprocess.run([PROGRAM, *words, *(self.place if place else [])],
                              capture_output=True, text=True, env=self.environment, timeout=120)
        if done.returncode != code:
            raise AssertionError(f"{words}: {done.returncode}\n{done.stdout}{done.stderr}")
        return done.stdout


class Server:
    """The demonstration, served. Its log is read when it has ended."""

    def __init__(self, demo, *words, before=(), data=None):
        self.log = tempfile.TemporaryFile()
        place = ["--data", data] if data else demo.place
        self.process = subprocess.Popen(
            [*before, PROGRAM, "serve", "--port", "0", *place, *words],
            stdout=subprocess.PIPE, stderr=self.log, text=True, env=demo.environment)
        said = ""
        for line in self.process.stdout:
            said += line
            if "Ctrl-C" in line:
                break
        found = re.search(r"http://127\.0\.0\.1:(\d+)", said)
        if "Ctrl-C" not in said or found is None:
            self.process.kill()
            self.process.wait()
            raise AssertionError(f"the server did not start: {said}{self.words()}")
        self.port = int(found.group(1))

    def words(self):
        self.log.seek(0)
        return self.log.read().decode()

    def kill(self):
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()
        self.log.close()

    def stop(self):
        """A leak or a race that a sanitizer found shows in how it ends."""
        if self.process.returncode is not None:
            return
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(timeout=120)
        words = self.words()
        self.process.stdout.close()
        self.log.close()
        if code != 0 or "Sanitizer" in words:
            raise AssertionError(f"the server ended with {code}\n{words}")

    def enter(self, login):
        client = Client(self.port)
        answer = client.post("/demo", {"login": login})
        if answer.status != 303:
            raise AssertionError(f"{login}: {answer.status}")
        return client


def engines():
    """The engines that this run can have."""
    return ["sqlite", "postgres"] if POSTGRES else ["sqlite"]


def at_root():
    os.chdir(ROOT)


# ---- what is in it -------------------------------------------------------------------------------

# Kept by signing in and out, and by looking.
NOT_COUNTED = {"session", "throttle"}


def tables(place):
    found = place.query(
        "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name"
        if place.engine == "sqlite" else
        "SELECT CAST(tablename AS text) FROM pg_tables WHERE schemaname = 'public' "
        "ORDER BY tablename")
    return [name for name, in found]


def text_columns(place, table):
    found = place.query(
        f"SELECT name FROM pragma_table_info('{table}') WHERE type = 'TEXT'"
        if place.engine == "sqlite" else
        "SELECT CAST(column_name AS text) FROM information_schema.columns "
        f"WHERE table_name = '{table}' AND data_type = 'text'")
    return [name for name, in found]


def digests(place):
    """All that the database holds, as a hash of each table."""
    names = [name for name in tables(place) if name not in NOT_COUNTED]
    if place.engine == "postgres":
        return place.query(" UNION ALL ".join(
            f"SELECT '{name}' AS name, (SELECT md5(string_agg(CAST(t AS text), '|' "
            f"ORDER BY CAST(t AS text))) FROM {name} t) AS hash" for name in names))
    return [(name, hashlib.sha256(repr(sorted(place.query(f"SELECT * FROM {name}"),
                                              key=repr)).encode()).hexdigest())
            for name in names]


# ---- what is sent --------------------------------------------------------------------------------

def multipart(parts):
    """(disposition, bytes) as a body and its type."""
    body = b"".join(b"--limit\r\nContent-Disposition: form-data; " + head + b"\r\n\r\n" + data +
                    b"\r\n" for head, data in parts) + b"--limit--\r\n"
    return body, {"Content-Type": "multipart/form-data; boundary=limit"}


def filled(page):
    """For every item of a sheet's page something that it takes."""
    fields = {}
    for name in re.findall(r'name="([vt]:[^"]+)"', page):
        fields[name] = "1"
    for name in re.findall(r'name="(c:[^"]+:none)"', page):
        fields[name] = "yes"
        fields["s" + name.removesuffix(":none")] = "0"
    return fields
