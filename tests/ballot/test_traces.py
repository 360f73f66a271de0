#!/usr/bin/env python3
"""Secrecy as non-interference: who brings which ballot leaves no trace in what the server keeps.

An election is held twice from the same beginning, by a program without chance and clock (fixed.c).
The ballots of two cards arrive in the same order; but in the second run the two voters have
changed their cards. They differ in all that a server could see: address, browser, language,
account, session, pace. Then all that it keeps must be the same: the database, every file's bytes,
the log. The order of arrival itself is public, and kept.
"""

import hashlib
import os
import pathlib
import re
import shutil
import sqlite3
import sys
import tempfile
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "web"))
import demo  # noqa: E402
from polling import Election, Server  # noqa: E402

FIXED = os.environ["THIDUA_FIXED"]


class Voter:
    def __init__(self, address, agent, language, login, pace):
        self.address, self.login, self.pace = address, login, pace
        self.headers = {"User-Agent": agent, "Accept-Language": language}

    def sign_in(self, server):
        client = demo.Client(server.port)
        assert client.post("/demo", {"login": self.login}).status == 303
        self.headers["Cookie"] = "; ".join(f"{k}={v}" for k, v in client.cookies.items())

    def get(self, server, path):
        status, body = server.ask("GET", path, headers=self.headers, source=self.address)
        assert status == 200, (path, status, body)
        time.sleep(self.pace)
        return body

    def vote(self, server, ballot):
        at = server.election.at
        self.get(server, "/ballot")
        page = self.get(server, at).decode()
        for asset in re.findall(r'(?:src|href)="(/assets/[^"#]+)', page):
            self.get(server, asset)
        self.get(server, at + "/election.json")
        # What is mistyped, or asked for in a way that isn't there, tells as much as the rest.
        for method, path, right in (("GET", "/ballot/x/y/z", 404), ("GET", at + "/x", 404),
                                    ("GET", at + "/ballots", 405), ("DELETE", at, 405),
                                    ("GET", at + "/../x", 400), ("GET", at + "?card=%zz", 400)):
            status, _ = server.ask(method, path, None, self.headers, self.address)
            assert status == right, (method, path, status)
        status, said = server.ask("POST", at + "/ballots", ballot, self.headers, self.address)
        assert status == 200, said
        time.sleep(self.pace)
        assert said["tracker"] in self.get(server, at + "/trackers").decode()


class Traces(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        place = demo.Demo()
        cls.addClassCleanup(place.remove)
        cls.work = tempfile.TemporaryDirectory(prefix="thidua-traces-")
        cls.addClassCleanup(cls.work.cleanup)
        cls.home = pathlib.Path(cls.work.name)
        shutil.copytree(place.data, cls.home / "data")
        cls.election = Election(cls.home).open()
        cls.ballots = [cls.election.ballot(card) for card in cls.election.cards[:2]]
        cls.voters = [
            Voter("127.0.0.2", "One/1.0 (phone)", "vi", "haiphong.chuyenvien", 0.02),
            Voter("127.0.0.3", "Two/7.3 (desk)", "en", "bacgiang.chuyenvien", 0.15)]
        server = Server(cls.election)
        for voter in cls.voters:
            voter.sign_in(server)
        server.stop()

    def hold(self, name, voters, more=None):
        """The election held by these voters in this order: all that is kept of it."""
        election = self.election
        folder = self.home / name
        shutil.copytree(self.home / "data", folder)
        for path in folder.rglob("*"):
            os.utime(path, (1, 1))
        data, election.data = election.data, folder
        server = Server(election, "--log", folder / "log", program=FIXED)
        election.data = data
        for voter, ballot in zip(voters, self.ballots):
            self.assertEqual(server.ask("GET", "/healthz")[0], 200)
            voter.vote(server, ballot)
            if more is not None:
                more(server, voter)
        server.stop()
        return self.kept(folder)

    def kept(self, folder):
        kept = {}
        for path in sorted(folder.rglob("*")):
            name = str(path.relative_to(folder))
            if path.is_file() and not name.startswith("thidua.db"):
                kept[name] = path.read_bytes()
                # When isn't compared, the clock of files being the machine's; whether at all is.
                kept[name] += b"" if path.stat().st_mtime == 1 else b" written"
        with sqlite3.connect(folder / "thidua.db") as connection:
            kept["database"] = "\n".join(connection.iterdump()).encode()
        connection.close()
        return kept

    def differing(self, one, other):
        self.assertEqual(list(one), list(other))
        return [name for name in one if one[name] != other[name]]

    def test_who_brought_which_ballot_leaves_no_trace(self):
        one = self.hold("one", self.voters)
        other = self.hold("other", self.voters[::-1])
        self.assertEqual(self.differing(one, other), [])
        # It was no empty comparison: both ballots are kept, and requests are logged.
        archive, = (data for name, data in one.items() if name.endswith(".bel"))
        for ballot in self.ballots:
            self.assertIn(hashlib.sha256(ballot).hexdigest().encode(), archive)
        self.assertEqual([name.split(".")[-1] for name, data in one.items()
                          if data.endswith(b" written")], ["bel", "log"])
        self.assertEqual(re.findall(rb'"route":"(\w+)".*"peer":"([\d.]+)"', one["log"]),
                         [(b"healthz", b"127.0.0.1")] * 2)
        self.assertGreater(len(one["database"]), 100_000)
        for word in (b"127.0.0.2", b"127.0.0.3", b"One/1.0", b"Two/7.3"):
            for name, data in one.items():
                self.assertNotIn(word, data, name)

    def test_an_ordinary_page_does_leave_one(self):
        """The same comparison sees what a route keeps that is not made so."""
        def look(server, voter):
            voter.get(server, "/")
        one = self.hold("control-one", self.voters, look)
        other = self.hold("control-other", self.voters[::-1], look)
        self.assertEqual(self.differing(one, other), ["log"])
        self.assertIn(b"127.0.0.2", one["log"])


if __name__ == "__main__":
    sys.exit(unittest.main())
