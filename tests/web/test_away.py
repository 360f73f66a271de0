#!/usr/bin/env python3
"""A database server that is away: frozen, stopped, taking no writes, or losing answers to COMMIT.

Runs on PostgreSQL, when tests/postgres.py gives one.
"""
import concurrent.futures
import contextlib
import json
import os
import pathlib
import re
import signal
import socket
import subprocess
import threading
import time
import unittest

import demo
from days import PATIENCE, TITLES, Days, fetch


class Cluster:
    """tests/postgres.py's own, frozen and stopped."""

    def __init__(self):
        self.ctl_words = os.environ["THIDUA_POSTGRES_CTL"].split()
        pid = pathlib.Path(os.environ["THIDUA_POSTGRES_DATA"], "postmaster.pid")
        self.pid_file = pid

    def ctl(self, *words):
        subprocess.run([*self.ctl_words, *words], check=True, cwd="/", stdout=subprocess.DEVNULL)

    def signal(self, number):
        """To the server and all that it has begun."""
        head = self.pid_file.read_text(encoding="ascii").split()[0]
        begun = pathlib.Path(f"/proc/{head}/task/{head}/children").read_text(encoding="ascii")
        for pid in [head, *begun.split()]:
            with contextlib.suppress(ProcessLookupError):
                os.kill(int(pid), number)


@unittest.skipUnless(demo.POSTGRES, "no PostgreSQL: run by tests/postgres.py")
class Away(Days):
    engine = "postgres"

    def setUp(self):
        super().setUp()
        self.cluster = Cluster()
        self.server = self.serve("--log", "none")
        self.client = self.writer(self.server, "SEN")
        number = str(int(self.there(self.client)["value"] or 0) + 1)
        self.assertEqual(self.save(self.client, self.there(self.client), number).status, 200)
        self.before = self.there(self.client)

    def within(self, work, *arguments):
        begin = time.monotonic()
        answer = work(*arguments)
        self.assertLess(time.monotonic() - begin, PATIENCE)
        return answer

    def health(self, status):
        end = time.monotonic() + PATIENCE
        while self.client.get("/healthz").status != status:
            self.assertLess(time.monotonic(), end, f"/healthz is never {status}")
            time.sleep(0.2)

    def works_again(self):
        """By itself, without a restart; connecting may need another try."""
        end = time.monotonic() + PATIENCE
        while self.client.get("/").status != 200:
            self.assertLess(time.monotonic(), end, "it stays away")
            time.sleep(0.2)
        self.recovery(self.client, self.before)
        self.health(200)

    def test_frozen(self):
        self.cluster.signal(signal.SIGSTOP)
        try:
            self.within(lambda: self.check_json(self.save(self.client, self.before, "99"), 503))
            self.within(lambda: self.check_page(self.client.get(self.client.sheet), 503))
            self.health(503)
            # Also when many come at once: none waits for all the others' deadlines.
            cookies = "; ".join(f"{k}={v}" for k, v in self.client.cookies.items())
            with concurrent.futures.ThreadPoolExecutor(120) as pool:
                many = [pool.submit(fetch, self.server.port, "127.0.0.2", "/",
                                    {"Cookie": cookies}, 3 * PATIENCE) for _ in range(120)]
                answers = [one.result() for one in many]
            for status, again, text, took in answers:
                self.assertEqual(status, 503)
                self.assertTrue(int(again) > 0)
                self.assertIn(TITLES[503], text)
                self.assertLess(took, PATIENCE)
        finally:
            self.cluster.signal(signal.SIGCONT)
        self.works_again()

    def test_stopped(self):
        self.cluster.ctl("stop", "-m", "immediate")
        try:
            self.outage(self.server, self.client, self.before, can_read=False)
            self.health(503)
        finally:
            self.cluster.ctl("start")
        self.works_again()

    def test_takes_no_writes(self):
        """As a server that became a standby."""
        name = self.demo.url.rsplit("/", 1)[1]
        end_all = ("SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                   f"WHERE datname = '{name}' AND pid <> pg_backend_pid()")
        setting = "default_transaction_read_only"
        demo.Demo.psql(demo.POSTGRES, f"ALTER DATABASE {name} SET {setting} = on", end_all)
        try:
            self.outage(self.server, self.client, self.before, can_read=False)
        finally:
            demo.Demo.psql(demo.POSTGRES, f"ALTER DATABASE {name} RESET {setting}", end_all)
        self.works_again()


class Line:
    """Between the server and PostgreSQL: loses the answer to a COMMIT, when it is told to."""

    def __init__(self):
        self.losing = False
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        with contextlib.suppress(OSError):
            while True:
                near, _ = self.listener.accept()
                far = socket.create_connection(
                    ("127.0.0.1", int(os.environ["THIDUA_POSTGRES_PORT"])))
                cut = threading.Event()
                for source, sink, asks in ((near, far, True), (far, near, False)):
                    threading.Thread(target=self.carry, args=(source, sink, asks, cut),
                                     daemon=True).start()

    def carry(self, source, sink, asks, cut):
        writes = False
        with contextlib.suppress(OSError):
            while data := source.recv(1 << 16):
                if asks and b"BEGIN" in data:
                    writes = b"READ WRITE" in data
                if asks and self.losing and writes and b"COMMIT\0" in data:
                    self.losing = False
                    cut.set()
                if not asks and cut.is_set() and b"COMMIT\0" in data:
                    break  # it was done; nobody hears of it
                sink.sendall(data)
        for end in (source, sink):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def close(self):
        self.listener.close()


@unittest.skipUnless(demo.POSTGRES, "no PostgreSQL: run by tests/postgres.py")
class LostAnswer(Days):
    """The rows are there, but the answer to COMMIT never came. What can be written again is; of the
    rest nobody knows, and the page says just that."""
    engine = "postgres"

    def setUp(self):
        super().setUp()
        self.line = Line()
        self.addCleanup(self.line.close)
        name = self.demo.url.rsplit("/", 1)[1]
        database = f"postgres://thidua@127.0.0.1:{self.line.port}/{name}"
        self.server = self.serve("--database", database)

    def once(self, client, path, fields, verb, known=False):
        """Done, recorded once, and not said to be undone."""
        count = f"SELECT COUNT(*) FROM audit_entry WHERE verb = '{verb}'"
        token = client.token("/password")
        before = self.demo.query(count)[0][0]
        with self.subTest(verb=verb):
            self.line.losing = True
            if isinstance(fields, bytes):
                body, kind = demo.multipart([(b'name="csrf"', token.encode()),
                                             (b'name="file"; filename="r.json"', fields)])
                answer = client.request("POST", path, body, kind)
            else:
                answer = client.post(path, fields, token=token)
            self.assertFalse(self.line.losing, "nothing was lost")
            self.assertEqual(self.demo.query(count)[0][0], before + 1)
            if known or answer.status == 303:
                self.assertEqual(answer.status, 303)
            else:
                self.check_page(answer, 503)
                self.assertIn("chưa rõ việc này đã được lưu hay chưa", answer.text)
                self.assertNotIn("chưa lưu", answer.text.lower())
            # Done once more, as the page advises, it has no second effect.
            if isinstance(fields, dict):
                again = client.post(path, fields, token=token)
                self.assertIn(again.status, {303, 409, 422})
                self.assertEqual(self.demo.query(count)[0][0], before + 1)
        self.line.losing = False

    def test_what_is_made(self):
        officer = self.server.enter("hadong.chuyenvien")
        (home, authority), = self.demo.query(
            "SELECT home_id, authority_id FROM authority WHERE name LIKE '%Hà Đông%'")
        (bloc,), = self.demo.query(f"SELECT bloc_id FROM bloc WHERE home_id = '{home}'")
        at = f"/h/{home}/authorities/{authority}"
        self.once(officer, at + "/below", {"name": "Phường Mất", "council": "Hội đồng",
                                           "standing_office": "Phòng"}, "authority.create")
        self.once(officer, at + "/units", {"name": "Đơn vị Mất", "code": "MAT"}, "unit.create")
        self.once(officer, at + "/blocs", {"name": "Khối Mất", "kind": "sectoral", "since": ""},
                  "bloc.create")
        self.once(officer, f"/h/{home}/blocs/{bloc}/years", {"label": "2033", "copy_from": ""},
                  "year.create")
        rules = json.loads(pathlib.Path(
            demo.ROOT, "regulations/ha-dong-2024/regulation.json").read_text(encoding="utf-8"))
        rules["title"] += " (mất)"
        self.once(officer, at + "/rules", json.dumps(rules).encode(), "regulation.load",
                  known=True)

    def test_what_is_written(self):
        client = self.writer(self.server, "LAN")
        self.once(client, client.sheet + "/save", self.fields(self.there(client), "8"), "cell.set",
                  known=True)
        self.assertEqual(self.there(client)["value"], "8")
        self.assertEqual(client.post(client.sheet + "/save",
                                     demo.filled(client.get(client.sheet).text),
                                     token=client.form).status, 409)

    def test_what_is_changed(self):
        """Whose version has gone on is shown what is there."""
        client = self.writer(self.server, "CUC")
        typed = demo.filled(client.get(client.sheet).text)
        self.assertEqual(client.post(client.sheet + "/save", typed, token=client.form).status, 303)
        page = client.get(client.sheet).text
        seen = re.search(r'name="seen" value="(\d+)"', page).group(1)
        self.once(client, client.sheet + "/move", {"move": "prepare", "seen": seen},
                  "sheet.prepare")
        officer = self.server.enter("hadong.chuyenvien")
        (home, unit, version), = self.demo.query(
            "SELECT home_id, unit_id, version FROM unit WHERE code = 'CUC'")
        self.once(officer, f"/h/{home}/units/{unit}",
                  {"name": "UBND phường Cúc", "code": "CUC", "version": version}, "unit.change")
        (year,), = self.demo.query("SELECT year_id FROM year WHERE label = '2025'")
        self.once(officer, f"/h/{home}/years/{year}/release", {}, "year.release", known=True)


if __name__ == "__main__":
    demo.at_root()
    unittest.main()
