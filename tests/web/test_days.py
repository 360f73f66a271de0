#!/usr/bin/env python3
"""Bad days and bad input, met through the real server.

A disk that is full or takes no writes, more requests than there are workers, bodies that are too
large or no text, forms of another session, and forms sent twice at once. A database server that is
away is in test_away.py.

Runs on SQLite, and on PostgreSQL too when tests/postgres.py gives one. What needs a disk of its own
mounts one for the server only, which some machines allow nobody; that is then skipped, and the
limit on a file's size, which needs no rights, still stands for it.
"""
import concurrent.futures
import contextlib
import itertools
import json
import os
import pathlib
import re
import resource
import shutil
import sqlite3
import subprocess
import threading
import time
import unittest
import urllib.parse

import demo
from days import INTERNAL, ITEM, JSON, PATIENCE, TITLES, Days, fetch, visible

HERE = {"Sec-Fetch-Site": "same-origin"}


# ---- the disk ------------------------------------------------------------------------------------

def in_a_mount(*commands):
    """Words before a program, with which it has mounts of its own; None where that is forbidden."""
    script = " && ".join([*commands, 'exec "$@"'])
    for words in (["unshare", "--mount"], ["unshare", "--map-root-user", "--mount"]):
        before = [*words, "sh", "-c", script, "sh"]
        if subprocess.run([*before, "true"], capture_output=True).returncode == 0:
            return before
    return None


class Disk(Days):
    """What only a file can meet."""

    def setUp(self):
        # Each test harms a database of its own.
        self.demo = demo.Demo()
        self.addCleanup(self.demo.remove)
        super().setUp()

    def test_a_file_that_may_not_grow(self):
        server = self.serve("--log", "none")
        client = self.writer(server, "SEN")
        self.assertEqual(self.save(client, self.there(client), "1").status, 200)
        before, state = self.there(client), self.state()
        limits = resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE)
        resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, (0, limits[1]))
        self.outage(server, client, before, can_read=True)
        resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, limits)
        self.assertEqual(self.state(), state)
        self.recovery(client, before)

    def test_a_full_disk(self):
        folder = self.demo.folder + "/disk"
        os.mkdir(folder)
        before = in_a_mount(f"mount -t tmpfs -o size=4m tmpfs {folder}",
                            f"cp {self.demo.file} {folder}/thidua.db")
        if before is None:
            self.skipTest("this machine lets nobody mount a small disk")
        server = self.serve("--log", "none", before=before, data=folder)
        disk = pathlib.Path(f"/proc/{server.process.pid}/root{folder}")
        client = self.writer(server, "SEN")
        self.assertEqual(self.save(client, self.there(client), "1").status, 200)
        before = self.there(client)
        with open(disk / "filler", "wb", buffering=0) as filler:
            with contextlib.suppress(OSError):
                while True:
                    filler.write(bytes(4096))
        # What the log of writes has room for already may still be written.
        number = 1
        while (answer := self.save(client, self.there(client), str(number + 1))).status == 200:
            number += 1
            self.assertLess(number, 2000, "the disk is never full")
        self.check_json(answer, 503)
        before = self.there(client)
        self.assertEqual(before["value"], str(number))
        self.outage(server, client, before, can_read=True)
        (disk / "filler").unlink()
        self.recovery(client, before)
        # The record of that disk, which is gone with the server.
        copy = self.demo.data + "/copy.db"
        for end in ("", "-wal"):
            shutil.copy(disk / ("thidua.db" + end), copy + end)
        self.demo.run("audit", "verify", "--database", copy, place=False)

    def test_a_file_that_takes_no_writes_any_more(self):
        """While the server has it open; the kernel says so for a file that may not change."""
        server = self.serve("--log", "none")
        client = self.writer(server, "SEN")
        self.assertEqual(self.save(client, self.there(client), "1").status, 200)
        before, state = self.there(client), self.state()
        files = [self.demo.file, self.demo.file + "-wal"]
        self.addCleanup(subprocess.run, ["chattr", "-i", *files], capture_output=True)
        if subprocess.run(["chattr", "+i", *files], capture_output=True).returncode != 0:
            self.skipTest("this machine lets nobody make a file immutable")
        self.outage(server, client, before, can_read=True)
        subprocess.run(["chattr", "-i", *files], check=True)
        self.assertEqual(self.state(), state)
        self.recovery(client, before)

    def test_a_disk_that_turns_read_only(self):
        """As a disk does that meets an error: for those too who write on it already."""
        folder, image = self.demo.folder + "/disk", self.demo.folder + "/image"
        os.mkdir(folder)
        with open(image, "wb") as file:
            file.truncate(64 << 20)
        mount = f"mount -o loop,errors=remount-ro {image} {folder}"
        before = shutil.which("mkfs.ext4") and in_a_mount(
            f"mkfs.ext4 -q -F {image}", mount, f"cp {self.demo.file} {folder}/thidua.db",
            f"sync -f {folder}")
        if not before:
            self.skipTest("this machine lets nobody mount a disk of one's own")
        server = self.serve("--log", "none", before=before, data=folder)
        client = self.writer(server, "SEN")
        self.assertEqual(self.save(client, self.there(client), "1").status, 200)
        before = self.there(client)
        root = pathlib.Path(f"/proc/{server.process.pid}/root{folder}")
        device = os.stat(root).st_dev
        name = os.path.basename(os.path.realpath(
            f"/sys/dev/block/{os.major(device)}:{os.minor(device)}"))
        pathlib.Path(f"/sys/fs/ext4/{name}/trigger_fs_error").write_text("test", encoding="ascii")
        with self.assertRaises(OSError):
            (root / "probe").write_text("", encoding="ascii")
        self.outage(server, client, before, can_read=True)
        server.stop()
        # The disk, repaired, and a server that begins with what had been answered.
        subprocess.run(["e2fsck", "-fy", image], capture_output=True)
        server = self.serve(before=in_a_mount(mount), data=folder)
        disk = pathlib.Path(f"/proc/{server.process.pid}/root{folder}")
        client = self.writer(server, "SEN")
        self.recovery(client, before)
        copy = self.demo.data + "/copy.db"
        for end in ("", "-wal"):
            shutil.copy(disk / ("thidua.db" + end), copy + end)
        self.demo.run("audit", "verify", "--database", copy, place=False)

    def refused_start(self, *before):
        """It doesn't start, and says what is wrong in words."""
        done = subprocess.run([*before, demo.PROGRAM, "serve", "--port", "0", *self.demo.place],
                              capture_output=True, text=True, env=self.demo.environment, timeout=60)
        self.assertEqual(done.returncode, 5, done.stdout + done.stderr)
        self.assertIn("không mở được cơ sở dữ liệu", done.stderr)
        self.assertNotIn("Ctrl-C", done.stdout)

    def test_a_read_only_disk(self):
        before = in_a_mount(f"mount --bind {self.demo.data} {self.demo.data}",
                            f"mount -o remount,bind,ro {self.demo.data}")
        if before is None:
            self.skipTest("this machine lets nobody mount a read-only disk")
        state = self.state()
        self.refused_start(*before)
        self.assertEqual(self.state(), state)
        self.recovery_after_start()

    def test_a_file_of_another(self):
        """May be read, not written."""
        before = []
        if os.geteuid() == 0:
            before = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
            readable = subprocess.run([*before, demo.PROGRAM, "--version"], capture_output=True)
            if readable.returncode != 0:
                self.skipTest("another user can't run the program where it was built")
        modes = {self.demo.folder: 0o755, self.demo.data: 0o555, self.demo.file: 0o444}
        for path, mode in modes.items():
            os.chmod(path, mode)
        self.refused_start(*before)
        for path in modes:
            os.chmod(path, 0o600 if path == self.demo.file else 0o700)
        self.recovery_after_start()

    def recovery_after_start(self):
        server = self.serve()
        client = self.writer(server, "SEN")
        self.recovery(client, self.there(client))

    def test_a_lock_of_another_program(self):
        server = self.serve()
        client = self.writer(server, "SEN")
        self.assertEqual(self.save(client, self.there(client), "1").status, 200)
        before = self.there(client)
        connection = sqlite3.connect(self.demo.file, isolation_level=None)
        connection.execute("BEGIN IMMEDIATE")
        begin = time.monotonic()
        self.check_json(self.save(client, before, "2"), 503)
        self.assertLess(time.monotonic() - begin, PATIENCE)
        self.assertEqual(self.there(client), before, "pages are read all the same")
        connection.execute("ROLLBACK")
        connection.close()
        self.recovery(client, before)


# ---- more than can be served ---------------------------------------------------------------------

class Queue(Days):
    SENT, WAIT = 290, 256  # so many may wait; an address may hold 200 connections

    def test_a_full_queue(self):
        # One worker for forms, which waits for the lock of another program.
        server = self.serve("--writers", "1")
        client = self.writer(server, "SEN")
        for _ in range(5):
            if self.fill(server, client):
                return
        self.fail("this machine is too slow to fill the queue before the lock's deadline")

    def fill(self, server, client):
        """False when the worker gave up waiting before all were sent."""
        asset = re.search(r'"(/assets/[^"]+\.css)"', client.get("/").text).group(1)
        cookies = {"Cookie": "; ".join(f"{k}={v}" for k, v in client.cookies.items())}
        form = {**cookies, "Content-Type": "application/x-www-form-urlencoded"}
        before = self.there(client)
        number = str(int(before["value"] or 0) + 1)
        connection = sqlite3.connect(self.demo.file, isolation_level=None)
        connection.execute("BEGIN IMMEDIATE")
        with concurrent.futures.ThreadPoolExecutor(300) as pool:
            saved = pool.submit(self.save, client, before, number)
            time.sleep(0.5)
            # Forms without their token: cheap to answer, once it is their turn.
            forms = [pool.submit(fetch, server.port, f"127.0.0.{2 + n % 2}", "/language", form, 60,
                                 "language=vi") for n in range(self.SENT)]
            some = itertools.islice(concurrent.futures.as_completed(forms), self.SENT - self.WAIT)
            refused = [one.result() for one in some]
            # What needs no such worker is answered meanwhile: pages, too.
            others = [fetch(server.port, "127.0.0.4", path, cookies, 60)
                      for path in ("/healthz", asset, "/")]
            in_time = not saved.done()
            connection.execute("ROLLBACK")
            connection.close()
            statuses = [one.result()[0] for one in forms]
        if not in_time:
            return False
        for status, again, text, _ in refused:
            self.assertEqual((status, again), (503, "5"))
            self.assertIn(TITLES[503], text)
            self.assertNotRegex(visible(text), INTERNAL)
        self.assertEqual([status for status, _, _, _ in others], [200, 200, 200])
        self.assertEqual(saved.result().status, 200)
        self.assertEqual((statuses.count(403), statuses.count(503)),
                         (self.WAIT, self.SENT - self.WAIT))
        self.assertEqual(self.there(client)["value"], number)
        return True


# ---- what is sent --------------------------------------------------------------------------------

class Input(Days):
    def setUp(self):
        super().setUp()
        self.server = self.serve()
        self.client = self.writer(self.server, "SEN")
        self.officer = self.server.enter("hadong.chuyenvien")
        self.officer.form = self.officer.token("/password")
        (home, authority), = self.demo.query(
            "SELECT home_id, authority_id FROM authority WHERE name LIKE '%Hà Đông%'")
        self.authority = f"/h/{home}/authorities/{authority}"
        self.before = self.state()

    def unchanged(self):
        self.assertEqual(self.state(), self.before)

    def send(self, client, path, body, **headers):
        return client.request("POST", path, body, headers)

    def test_bodies_that_are_too_large(self):
        form = f"csrf={self.client.form}&".encode()
        for path, size in ((self.client.sheet + "/save", 4 << 20), ("/language", 256 << 10)):
            body = form + b"language=" + b"x" * size
            self.check_page(self.send(self.client, path, body), 413)
            self.check_json(self.send(self.client, path, body, **JSON), 413)
        body, kind = demo.multipart([(b'name="csrf"', self.officer.form.encode()),
                                (b'name="file"; filename="r.json"', b" " * (8 << 20))])
        self.check_page(self.send(self.officer, self.authority + "/rules", body, **kind), 413)
        self.unchanged()

    def test_text_that_is_none(self):
        """Bytes that are no UTF-8, controls, and percent signs that say nothing."""
        for bad in (b"%FF%FE", b"\xff\xfe", b"%C0%AF", b"%ED%A0%80", b"a%00b", b"%1B[2J", b"%0"):
            body = f"csrf={self.client.form}&n%3A{ITEM}=".encode() + bad
            with self.subTest(bad=bad):
                path = self.client.sheet + "/save"
                self.check_page(self.send(self.client, path, body), 400)
                self.check_json(self.send(self.client, path, body, **JSON), 400)
                body, kind = demo.multipart([(b'name="csrf"', self.officer.form.encode()),
                                        (b'name="name"', urllib.parse.unquote_to_bytes(bad)),
                                        (b'name="code"', b"ABC")])
                if bad != b"%0":
                    answer = self.send(self.officer, self.authority + "/units", body, **kind)
                    self.check_page(answer, 400)
        self.check_page(self.client.get("/sign-in?next=%FF"), 400)
        answer = self.send(self.client, self.client.sheet + "/save", b"{}",
                           **{"Content-Type": "application/json"})
        self.assertEqual(answer.status, 415)
        self.assertIn(TITLES[400], answer.text)
        self.unchanged()

    def test_files_that_are_no_regulation(self):
        real = pathlib.Path(demo.ROOT, "regulations/ha-dong-2024/regulation.json").read_bytes()
        for name, data in ((b"r.json", b""), (b"r.json", b"PK\x03\x04" + bytes(range(256)) * 40),
                           (b"r.json", real[:1000]), (b"r.json", real.replace(b"e", b"\xff", 50)),
                           (b"r.json", real.replace(b"i", b"\x00", 50)), (b"r.json", b"[" * 5000),
                           (b"r.json", b"\xff\xfe" + real.decode().encode("utf-16-le"))):
            body, kind = demo.multipart([(b'name="csrf"', self.officer.form.encode()),
                                    (b'name="file"; filename="' + name + b'"', data)])
            with self.subTest(data=data[:20]):
                answer = self.send(self.officer, self.authority + "/rules", body, **kind)
                self.assertEqual(answer.status, 422, answer.text)
                self.assertIn("chưa lưu gì cả", answer.text)
                self.assertNotRegex(visible(answer.text), INTERNAL)
        body, kind = demo.multipart([(b'name="csrf"', self.officer.form.encode()),
                                (b'name="file"; filename="\xff.json"', real)])
        answer = self.send(self.officer, self.authority + "/rules", body, **kind)
        self.check_page(answer, 400)
        self.unchanged()

    def test_forms_of_another_session(self):
        path, there = self.client.sheet + "/save", self.there(self.client)
        old = self.client.form
        # The same person, signed in again elsewhere: the token of the other session is another.
        again = self.writer(self.server, "SEN")
        self.before = self.state()
        for token in (old, "0" * 64, old[:-1], False):
            answer = again.post(path, self.fields(there, "7"), token=token or False, **HERE)
            self.check_kept(answer, 403, "7")
            self.assertIn("Biểu mẫu này đã hết hạn. Chưa thay đổi gì cả.", answer.text)
            # What may be another site's form is not offered again with a token that holds.
            for elsewhere in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "http://elsewhere.vn"},
                              {}):
                answer = again.post(path, self.fields(there, "7"), token=token or False,
                                    **elsewhere)
                self.check_page(answer, 403)
                self.assertNotIn('value="7"', answer.text)
            answer = again.post(path, self.fields(there, "7"), token=token or False, **JSON)
            self.check_json(answer, 403)
        self.unchanged()

    def test_a_session_lost_while_cells_are_saved(self):
        there = self.there(self.client)
        self.assertEqual(self.save(self.client, there, "3").status, 200)
        there = self.there(self.client)
        cookies = dict(self.client.cookies)
        self.assertEqual(self.client.post("/sign-out", {}, token=self.client.form).status, 303)
        self.client.cookies = cookies
        state = self.state()
        self.check_json(self.save(self.client, there, "4"), 401)
        self.check_kept(self.save(self.client, there, "4", **HERE, Accept="text/html"), 401, "4")
        self.assertEqual(self.state(), state)
        # What is still on the page is saved by the next session, with the versions seen before.
        again = self.writer(self.server, "SEN")
        self.assertEqual(self.save(again, there, "4").status, 200)
        self.assertEqual(self.there(again)["value"], "4")


# ---- the same thing twice ------------------------------------------------------------------------

class Twice(Days):
    """The same form, sent several times at the same moment, as by a button pressed twice."""
    TIMES = 6

    def setUp(self):
        super().setUp()
        self.server = self.serve()

    def at_once(self, client, path, body, headers=None):
        barrier = threading.Barrier(self.TIMES)

        def send():
            one = demo.Client(self.server.port)
            one.cookies = dict(client.cookies)
            barrier.wait()
            return one.request("POST", path, body, headers)
        with concurrent.futures.ThreadPoolExecutor(self.TIMES) as pool:
            sent = [pool.submit(send) for _ in range(self.TIMES)]
            answers = [one.result() for one in sent]
        return sorted(answers, key=lambda answer: answer.status)

    def one_effect(self, client, path, fields, count, others):
        """One is done; the others are told so on a page that makes sense."""
        token = client.token("/password")
        before = self.demo.query(count)[0][0]
        answers = self.at_once(client, path, urllib.parse.urlencode({**fields, "csrf": token}))
        statuses = [answer.status for answer in answers]
        self.assertEqual(self.demo.query(count)[0][0], before + 1, statuses)
        self.assertEqual(statuses[0], 303)
        for answer in answers[1:]:
            self.assertIn(answer.status, others)
            if answer.status != 303:
                self.assertIn('lang="vi"', answer.text)
                self.assertNotRegex(visible(answer.text), INTERNAL)
        return answers

    def test_creation_forms(self):
        officer = self.server.enter("hadong.chuyenvien")
        (home, authority), = self.demo.query(
            "SELECT home_id, authority_id FROM authority WHERE name LIKE '%Hà Đông%'")
        (bloc,), = self.demo.query(f"SELECT bloc_id FROM bloc WHERE home_id = '{home}'")
        at = f"/h/{home}/authorities/{authority}"
        forms = {
            "authority": (at + "/below", {"name": "Phường Đôi", "council": "Hội đồng",
                                          "standing_office": "Văn phòng"}),
            "unit": (at + "/units", {"name": "Đơn vị Đôi", "code": "DOI"}),
            "bloc": (at + "/blocs", {"name": "Khối Đôi", "kind": "sectoral", "since": ""}),
            "year": (f"/h/{home}/blocs/{bloc}/years", {"label": "2031", "copy_from": ""}),
        }
        for table, (path, fields) in forms.items():
            with self.subTest(table=table):
                answers = self.one_effect(officer, path, fields,
                                          f"SELECT COUNT(*) FROM {table}", {422})
                for answer in answers[1:]:
                    self.assertIn('aria-invalid="true"', answer.text)

    def test_a_first_authority(self):
        link = re.search(r"/link/\S+", self.demo.run("account", "add", "quantri", "--name",
                                                     "Quản trị", "--administrator")).group()
        client = demo.Client(self.server.port)
        password = "bốn từ không ai đoán"
        client.post(link, {"password": password, "again": password})
        self.assertEqual(client.sign_in("quantri", password).status, 303)
        self.one_effect(client, "/organisation/new",
                        {"name": "Tỉnh Đôi", "council": "Hội đồng", "standing_office": "Sở"},
                        "SELECT COUNT(*) FROM home", {422})

    def test_a_file_sent_twice(self):
        officer = self.server.enter("hadong.chuyenvien")
        (home, authority), = self.demo.query(
            "SELECT home_id, authority_id FROM authority WHERE name LIKE '%Hà Đông%'")
        rules = json.loads(pathlib.Path(
            demo.ROOT, "regulations/ha-dong-2024/regulation.json").read_text(encoding="utf-8"))
        rules["title"] += " (lần hai)"
        body, kind = demo.multipart([
            (b'name="csrf"', officer.token("/password").encode()),
            (b'name="file"; filename="r.json"', json.dumps(rules).encode())])
        count = "SELECT COUNT(*) FROM regulation"
        before = self.demo.query(count)[0][0]
        answers = self.at_once(officer, f"/h/{home}/authorities/{authority}/rules", body, kind)
        self.assertEqual(self.demo.query(count)[0][0], before + 1)
        # The same file is the same regulation: all are led to it.
        self.assertEqual([answer.status for answer in answers], [303] * self.TIMES)
        self.assertEqual(len({answer.headers["Location"] for answer in answers}), 1)

    def test_cells(self):
        client = self.writer(self.server, "DAO")
        answers = self.one_effect(
            client, client.sheet + "/save", self.fields(self.there(client), "5"),
            "SELECT COUNT(*) FROM audit_entry WHERE verb = 'cell.set'", {303, 409})
        self.assertEqual(self.there(client)["value"], "5")
        for answer in answers[1:]:
            # All say the same: those that came later find it as they want it.
            self.assertEqual(answer.status, 303)

    def test_moves(self):
        """A sheet is prepared, with what was typed in the same form, and submitted, each once."""
        client = self.writer(self.server, "MAI")
        leader = self.server.enter("hadong.mai.lanhdao")
        typed = demo.filled(client.get(client.sheet).text)
        for who, fields in ((client, {"move": "prepare", **typed}),
                            (leader, {"move": "submit", "sure": "yes"})):
            sheet = who.get(client.sheet).text
            fields["seen"] = re.search(r'name="seen" value="(\d+)"', sheet).group(1)
            count = f"SELECT COUNT(*) FROM audit_entry WHERE verb = 'sheet.{fields['move']}'"
            # Those that came later find it done as they want it; or, where the first was about to
            # be, the sheet as it is now.
            answers = self.one_effect(who, client.sheet + "/move", fields, count, {303, 409})
            for answer in answers[1:]:
                self.assertTrue(answer.status == 303 or "sheet-form" in answer.text)

    def test_a_release(self):
        officer = self.server.enter("hadong.chuyenvien")
        (home, year), = self.demo.query("SELECT home_id, year_id FROM year WHERE label = '2025'")
        self.one_effect(officer, f"/h/{home}/years/{year}/release", {},
                        "SELECT COUNT(*) FROM audit_entry WHERE verb = 'year.release'", {303})


# ---- PostgreSQL ----------------------------------------------------------------------------------

@unittest.skipUnless(demo.POSTGRES, "no PostgreSQL: run by tests/postgres.py")
class InputOnPostgres(Input):
    engine = "postgres"


@unittest.skipUnless(demo.POSTGRES, "no PostgreSQL: run by tests/postgres.py")
class TwiceOnPostgres(Twice):
    engine = "postgres"


if __name__ == "__main__":
    demo.at_root()
    unittest.main()
