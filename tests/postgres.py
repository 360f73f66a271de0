#!/usr/bin/env python3
"""Runs a command with a PostgreSQL of its own.

tests/postgres.py [--durable] COMMAND...

A throw-away cluster in a temporary folder, on a socket there and on a free loopback port, is there
while the command runs, and is removed after it, whatever happens. The command finds

    THIDUA_POSTGRES       a connection string for its database
    THIDUA_POSTGRES_DATA  the cluster's folder
    THIDUA_POSTGRES_CTL   a command that takes pg_ctl's word: "stop -m immediate", "start", ...

Without --durable the cluster doesn't sync its files, which no test of the program can see. It
doesn't resolve deadlocks: the program locks in one order, and where it doesn't, its deadline says
so.
"""
import os
import pwd
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

SETTINGS = {
    "shared_buffers": "16MB",
    "max_connections": "200",
    "deadlock_timeout": "60s",
    "autovacuum": "off",
    "log_min_messages": "fatal",
    "logging_collector": "off",
}
UNSYNCED = {"fsync": "off", "full_page_writes": "off"}


def programs():
    """The folder of initdb and postgres, which Debian keeps off the path."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"),
                   key=lambda path: int(path.parts[4]))
    if found:
        return found[-1].parent
    initdb = shutil.which("initdb")
    if initdb is None:
        sys.exit("tests/postgres.py: there is no PostgreSQL; script/bootstrap test installs it")
    return Path(initdb).parent


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Cluster:
    """A private cluster; as root its programs run as the user postgres."""

    def __init__(self, durable):
        self.bin = programs()
        self.folder = tempfile.mkdtemp(prefix="thidua-test-")
        self.data = f"{self.folder}/data"
        self.settings = {**SETTINGS, **({} if durable else UNSYNCED)}
        self.user = []
        # Its socket's folder must be passable, its data are its own.
        os.chmod(self.folder, 0o755)
        if os.geteuid() == 0:
            postgres = pwd.getpwnam("postgres")
            os.chown(self.folder, postgres.pw_uid, postgres.pw_gid)
            self.user = ["setpriv", f"--reuid={postgres.pw_uid}", f"--regid={postgres.pw_gid}",
                         "--clear-groups"]

    def command(self, program, *arguments):
        return [*self.user, str(self.bin / program), *arguments]

    def run(self, program, *arguments):
        done = subprocess.run(self.command(program, *arguments), cwd=self.folder,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        if done.returncode != 0:
            log = Path(self.folder, "log")
            words = log.read_text(encoding="utf-8") if log.exists() else ""
            raise SystemExit(f"tests/postgres.py: {program} failed\n{done.stdout}{words}")

    def start(self):
        self.run("initdb", "-D", self.data, "-U", "thidua", "-A", "trust", "-E", "UTF8",
                 "--locale=C.UTF-8", "--no-sync")
        settings = {**self.settings, "listen_addresses": "'127.0.0.1'",
                    "unix_socket_directories": f"'{self.folder}'"}
        with open(f"{self.data}/postgresql.conf", "a", encoding="utf-8") as file:
            file.writelines(f"{name} = {value}\n" for name, value in settings.items())
        for _ in range(5):  # another may take the port between the look and the start
            self.port = free_port()
            with open(f"{self.data}/postgresql.auto.conf", "w", encoding="utf-8") as file:
                file.write(f"port = {self.port}\n")
            try:
                self.run(*self.ctl("start"))
                return
            except SystemExit as problem:
                last = problem
        raise last

    def ctl(self, *words):
        return ["pg_ctl", "-D", self.data, "-w", "-s", "-l", f"{self.folder}/log", *words]

    def remove(self):
        try:
            subprocess.run(self.command(*self.ctl("stop", "-m", "immediate")), cwd="/",
                           stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=30)
        finally:
            shutil.rmtree(self.folder, ignore_errors=True)

    def environment(self):
        socket_folder = re.sub("/", "%2F", self.folder)
        return {**os.environ,
                "THIDUA_POSTGRES": f"postgres://thidua@{socket_folder}:{self.port}/postgres",
                "THIDUA_POSTGRES_PORT": str(self.port),
                "THIDUA_POSTGRES_DATA": self.data,
                "THIDUA_POSTGRES_CTL": shlex.join(self.command(*self.ctl())),
                "THIDUA_PSQL": shlex.join([str(self.bin / "psql"), "-X", "-q", "-A", "-t",
                                           "-h", self.folder, "-p", str(self.port),
                                           "-U", "thidua", "-d", "postgres"])}


def interrupted(number, frame):
    raise SystemExit(128 + number)


def main(args):
    durable = args[:1] == ["--durable"]
    command = args[1:] if durable else args
    if not command:
        raise SystemExit(__doc__)
    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
        signal.signal(number, interrupted)
    cluster = Cluster(durable)
    try:
        cluster.start()
        return subprocess.run(command, env=cluster.environment()).returncode
    finally:
        cluster.remove()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
