#!/usr/bin/env python3
"""The secret ballot as browsers and other programs meet it: every code, and its bad days."""

import concurrent.futures
import datetime
import fcntl
import json
import os
import pathlib
import re
import resource
import shutil
import socket
import sys
import tempfile
import threading
import time
import unittest

import bel
import forge
from polling import Election, Server, copied, run
from tool import belenios_accepts


class Serve(unittest.TestCase):
    def setUp(self):
        self.work = tempfile.TemporaryDirectory(prefix="thidua-ballot-")
        self.addCleanup(self.work.cleanup)

    def held(self, *more, voters=3, is_open=True, before=()):
        election = Election(self.work.name, "one", voters, None, *more)
        if is_open:
            election.open()
        server = Server(election, before=before)
        self.addCleanup(server.stop)
        return election, server

    def assert_refused(self, answer, status, code):
        self.assertEqual((answer[0], answer[1].get("code")), (status, code), answer)
        self.assertTrue(answer[1]["message"][0].isupper() and answer[1]["message"].endswith("."))

    def assert_taken(self, answer):
        self.assertEqual(answer[0], 200, answer)
        self.assertEqual(list(answer[1]), ["tracker"])
        return answer[1]["tracker"]

    # ---- a whole election ------------------------------------------------------------------------

    def test_from_setup_to_result(self):
        election, server = self.held(is_open=False)
        self.assertIn(election.uuid, server.ask("GET", "/ballot")[1].decode())
        self.assertEqual(server.get("")[0], 200)
        self.assertEqual(server.get("/cards")[0], 200)
        for name in ("election.json", "trustees.json", "credentials.json", "tally.json",
                     "archive"):
            self.assert_refused(server.get("/" + name), 404, "not_open")
        self.assert_refused(server.cast(b"{}"), 409, "not_open")
        election.open()  # by command, while the server runs

        setup = bel.read(election.path)[1][0][1]
        for name, data in zip(("election.json", "trustees.json", "credentials.json"), setup):
            self.assertEqual(server.get("/" + name), (200, json.loads(data)))
        self.assert_refused(server.get("/tally.json"), 404, "not_now")
        trackers = [self.assert_taken(server.cast(election.ballot(card)))
                    for card in election.cards]
        self.assertEqual(server.trackers(), sorted(trackers))
        first = election.ballot(election.cards[0], "[[1,0,0]]")
        again = self.assert_taken(server.cast(first))
        self.assertEqual(server.trackers(), sorted([again, *trackers[1:]]))
        status, archive = server.get("/archive")
        self.assertEqual((status, archive), (200, election.path.read_bytes()))
        self.assertEqual(server.last.headers["Content-Type"], "application/x-tar")
        self.assertIn(f'filename="{election.uuid}.bel"',
                      server.last.headers["Content-Disposition"])

        self.assert_refused(server.ask("POST", election.at + "/decryptions", b"{}"), 409,
                            "not_now")
        run("close", election.folder)
        run("tally", election.folder)
        self.assertEqual(server.get("/tally.json"),
                         (200, json.loads(bel.read(election.path)[1][-1][1][0])))
        parts = [election.decryption(i) for i in (0, 1)]
        for i, missing in ((0, "Trustee 1"), (0, "Trustee 2"), (1, "Trustee 2"), (1, None)):
            shown = re.findall(r"(Trustee \d): still missing", server.get("")[1].decode())
            self.assertEqual(shown[:1], [missing] if missing else [])
            self.assertEqual(server.ask("POST", election.at + "/decryptions", parts[i]),
                             (200, {"trustee": i + 1}))
        # It is known by its factors and first proof, whatever has become of the others.
        ends = election.path.read_bytes()
        again = re.sub(rb'"response":"\d+"}]]}$', b'"response":"5"}]]}', parts[0])
        self.assertNotEqual(again, parts[0])
        self.assertEqual(server.ask("POST", election.at + "/decryptions", again),
                         (200, {"trustee": 1}))
        self.assertEqual(election.path.read_bytes(), ends)
        self.assert_refused(server.ask("POST", election.at + "/decryptions", b"{}"), 422,
                            "nobodys")
        page = re.sub(r"\s+", " ", server.get("")[1].decode())
        self.assertRegex(page, r"Sở A</th><td>2<")
        self.assertEqual(election.audit()[0], 0)
        self.assertTrue(belenios_accepts(election.folder))

    # ---- what is refused -------------------------------------------------------------------------

    def test_the_page_knows_each_code(self):
        """What has another code is taken for a proxy's answer."""
        codes = set()
        for path in ("src/ballot/box.h", "src/ballot/hall.h", "src/web/ballot/ballot_data.c"):
            codes |= set(re.findall(r'#define \w*CODE_\w+ "(\w+)"', pathlib.Path(path).read_text()))
        self.assertGreater(len(codes), 15)
        page = pathlib.Path("assets/ballot/page.js").read_text()
        known, = re.findall(r"const CODES = new Set\(\[(.*?)\]\)", page, re.S)
        self.assertEqual(set(re.findall(r'"(\w+)"', known)), codes)
        manual = pathlib.Path("docs/ballot.md").read_text()
        told = re.findall(r"^\| ((?:`\w+` ?)+)\| \d", manual, re.M)
        self.assertEqual(set(re.findall(r"`(\w+)`", " ".join(told))), codes)

    def test_each_refusal(self):
        election, server = self.held()
        other = Election(self.work.name, "two").open()
        right = election.ballot(election.cards[0])
        before = election.path.read_bytes()

        def changed(pattern, to):
            text, n = re.subn(pattern, to, right.decode(), count=1)
            self.assertEqual(n, 1)
            return text.encode()

        def signed(ballot):
            return forge.signed(election.uuid, election.cards[0], ballot)

        self.assert_refused(server.cast(b"{}"), 422, "form")
        self.assert_refused(server.cast(b""), 422, "form")
        self.assert_refused(server.cast(right + b"\n"), 422, "form")
        self.assert_refused(server.cast(right.replace(b":", b": ", 1)), 422, "form")
        self.assert_refused(server.cast(other.ballot(other.cards[0])), 422, "foreign")
        # Whoever changes a ballot can't sign it; the card itself can, and it is still wrong.
        unsigned = changed(r'"alpha":"\d+"', '"alpha":"5"')
        self.assert_refused(server.cast(unsigned), 422, "form")
        self.assert_refused(server.cast(signed(unsigned)), 422, "element")
        self.assert_refused(server.cast(signed(changed(r'"response":"\d+"', '"response":"5"'))),
                            422, "proof")
        self.assert_refused(server.cast(changed(r'"response":"\d+"}}}$', '"response":"5"}}}')),
                            422, "signature")
        card, ballot = self.stranger(election)
        self.assert_refused(server.cast(ballot), 422, "not_in_list")
        # A card that isn't listed costs the server little: its proofs are not looked at.
        ballot = re.sub(rb'"response":"\d+"', b'"response":"5"', ballot, count=1)
        self.assert_refused(server.cast(forge.signed(election.uuid, card, ballot)), 422,
                            "not_in_list")
        self.assert_refused(server.ask("POST", "/ballot/fP9BVSbsHhY5kc/ballots", right), 404,
                            "unknown")
        self.assert_refused(server.cast(right, **{"Sec-Fetch-Site": "cross-site"}), 403, "origin")
        self.assert_refused(server.cast(right, Origin="http://elsewhere.example"), 403, "origin")
        self.assert_refused(server.cast(right, **{"Content-Type": "text/plain"}), 415, "type")
        self.assert_refused(server.cast(b"x" * 3_000_000), 413, "form")
        self.assertEqual(election.path.read_bytes(), before)

        # The forger signs rightly: it is what it signs that was refused.
        self.assert_taken(server.cast(signed(right)))
        self.assert_taken(server.cast(right, Origin=f"http://127.0.0.1:{server.port}"))
        self.assertEqual(server.last.headers.get_all("Set-Cookie"), None)
        later = election.ballot(election.cards[0], "[[1,0,0]]")
        self.assert_taken(server.cast(later, **{"Sec-Fetch-Site": "same-origin"}))
        self.assert_refused(server.cast(right), 409, "replayed")
        for language, word in (("vi", "Máy chủ"), ("en", "The server")):
            said = server.cast(b"{}", **{"Accept-Language": language})[1]["message"]
            self.assertIn(word, said)
        run("close", election.folder)
        self.assert_refused(server.cast(election.ballot(election.cards[1])), 409, "closed")
        # Who sends it again is told that another one counts, which may be a thief's.
        self.assert_refused(server.cast(right), 409, "replayed")

    def stranger(self, election):
        """A card, and a ballot that is all right but for it: made with a copy in which another list
        stands, which the fingerprint doesn't cover."""
        folder = copied(election, self.work.name + "/copy")
        [path] = folder.glob("*.bel")
        run("cards", election.uuid, "--voters", 1, "--cards", self.work.name + "/cards",
            "--public", self.work.name + "/public")
        timestamp, [(_, setup), *_] = bel.read(path)
        listed = pathlib.Path(self.work.name, "public").read_bytes().strip()
        path.write_bytes(bel.write(timestamp, [("Setup", bel.setup_of(*setup[:2], listed))]))
        card = pathlib.Path(self.work.name, "cards").read_text().strip()
        return card, election.ballot(card, archive=folder)

    def test_once(self):
        election, server = self.held("--once")
        first = election.ballot(election.cards[0])
        tracker = self.assert_taken(server.cast(first))
        self.assert_refused(server.cast(election.ballot(election.cards[0])), 409, "voted")
        self.assertEqual(self.assert_taken(server.cast(first)), tracker)
        self.assertEqual(server.trackers(), [tracker])

    # ---- bad days --------------------------------------------------------------------------------

    def test_two_clicks_at_once(self):
        election, server = self.held()
        ballot = election.ballot(election.cards[0])
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            answers = list(pool.map(server.cast, [ballot, ballot]))
        self.assertEqual(self.assert_taken(answers[0]), self.assert_taken(answers[1]))
        self.assertEqual(len(bel.read(election.path)[1]), 2)

    def test_cut_between_cast_and_tracker(self):
        election, server = self.held()
        ballot = election.ballot(election.cards[0])
        with socket.create_connection(("127.0.0.1", server.port)) as sock:
            sock.sendall(b"POST %s/ballots HTTP/1.1\r\nHost: x\r\nContent-Type: application/json"
                         b"\r\nContent-Length: %d\r\n\r\n%s"
                         % (election.at.encode(), len(ballot), ballot))
        while len(bel.read(election.path)[1]) < 2:
            time.sleep(0.05)
        run("close", election.folder)
        # Sent again, though voting has ended meanwhile: it counts, and this is its tracker.
        self.assertIn(self.assert_taken(server.cast(ballot)), server.trackers())
        self.assert_refused(server.cast(election.ballot(election.cards[1])), 409, "closed")
        self.assertEqual(len(bel.read(election.path)[1]), 3)

    def test_the_archive_is_away(self):
        election, server = self.held()
        ballot = election.ballot(election.cards[0])
        self.assert_taken(server.cast(ballot))
        away = election.path.with_suffix(".away")
        second = election.ballot(election.cards[1])
        third = election.ballot(election.cards[2])
        election.path.rename(away)
        self.assert_refused(server.cast(second), 503, "storage")
        away.rename(election.path)
        self.assert_taken(server.cast(second))
        # A copy in its place goes on; an older one must not.
        older = election.path.read_bytes()
        self.assert_taken(server.cast(third))
        whole = election.path.read_bytes()
        election.path.unlink()
        election.path.write_bytes(older)
        self.assert_refused(server.cast(ballot), 503, "damaged")
        election.path.write_bytes(whole[:-1] + b"x")
        self.assert_refused(server.cast(ballot), 503, "damaged")
        election.path.unlink()
        election.path.write_bytes(whole)
        self.assert_taken(server.cast(ballot))
        self.assertEqual(len(server.trackers()), 3)
        for _ in range(100):
            if "secret ballot" in server.words():
                break
            time.sleep(0.1)
        self.assertIn(f"secret ballot {election.uuid}: ", server.words())

    def test_the_folder_is_moved(self):
        """It is found by its identifier, and the log says which has lost its archive."""
        election, server = self.held()
        tracker = self.assert_taken(server.cast(election.ballot(election.cards[0])))
        second = election.ballot(election.cards[1])
        moved = election.folder.with_name("moved")
        election.folder.rename(moved)
        self.assertEqual(server.trackers(), [tracker])
        self.assertEqual(len({tracker, self.assert_taken(server.cast(second))}), 2)
        self.assertIn(election.uuid, server.ask("GET", "/ballot")[1].decode())
        [path] = moved.glob("*.bel")
        path.rename(path.with_suffix(".away"))
        self.assertEqual(server.get("")[0], 503)
        for _ in range(100):
            if "not in its folder" in server.words():
                break
            time.sleep(0.1)
        self.assertIn(f"secret ballot {election.uuid}: the archive is not in its folder any more",
                      server.words())
        path.with_suffix(".away").rename(path)
        self.assertEqual(len(server.trackers()), 2)
        shutil.rmtree(moved)
        self.assertEqual(server.get("")[0], 404)
        self.assert_refused(server.cast(second), 404, "unknown")

    def test_a_full_disk(self):
        election = Election(self.work.name).open()
        ballots = [election.ballot(card) for card in election.cards]
        room = len(election.path.read_bytes()) + 8000
        server = Server(election, before=(
            sys.executable, "-c", "import os, resource, signal, sys; "
            "signal.signal(signal.SIGXFSZ, signal.SIG_IGN); "
            "os.execv(sys.argv[1], sys.argv[1:])"))
        self.addCleanup(server.stop)
        self.assert_taken(server.cast(ballots[0]))
        whole = election.path.read_bytes()
        limit = resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, (room, room * 100))
        self.assert_refused(server.cast(ballots[1]), 503, "storage")
        # What was half written is gone, and the ballot isn't counted.
        self.assertEqual(election.path.read_bytes(), whole)
        self.assertEqual(len(server.trackers()), 1)
        resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, (room * 100, room * 100))
        self.assertNotEqual(limit, None)
        self.assert_taken(server.cast(ballots[1]))
        self.assertEqual(len(server.trackers()), 2)

    def test_another_program_keeps_the_lock(self):
        election, server = self.held()
        ballot = election.ballot(election.cards[0])
        with open(election.path, "rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            self.assert_refused(server.cast(ballot), 503, "busy")
            self.assertIsNotNone(server.last.headers["Retry-After"])
        self.assert_taken(server.cast(ballot))

    def test_many_at_once_and_closed_meanwhile(self):
        """40 voters; an election closed by command among them: who has a tracker is counted."""
        election, server = self.held(voters=40)
        ballots = [election.ballot(card) for card in election.cards]
        taken, refused = {}, []
        lock = threading.Lock()
        several = threading.Event()

        def cast(ballot):
            status, said = server.cast(ballot)
            with lock:
                if status == 200:
                    taken[said["tracker"]] = ballot
                else:
                    refused.append((status, said["code"]))
                if len(taken) >= 10:
                    several.set()

        with concurrent.futures.ThreadPoolExecutor(40) as pool:
            waits = [pool.submit(cast, ballot) for ballot in ballots]
            self.assertTrue(several.wait(60))
            run("close", election.folder)
            for wait in waits:
                wait.result()
        self.assertEqual(len(taken) + len(refused), 40)
        self.assertEqual(set(refused) - {(409, "closed")}, set())
        self.assertEqual(sorted(taken), server.trackers())
        events = bel.read(election.path)[1]
        self.assertEqual([kind for kind, _ in events[1:]],
                         ["Ballot"] * len(taken) + ["EndBallots"])
        self.assertEqual({data for _, [data] in events[1:-1]}, set(taken.values()))
        self.assertEqual(election.audit()[0], 3)
        self.assertTrue(belenios_accepts(election.folder))

    def test_two_servers_and_a_command(self):
        """They share the archive: each sees what the others took."""
        election, server = self.held()
        second = Server(election)
        self.addCleanup(second.stop)
        first = election.ballot(election.cards[0])
        trackers = [self.assert_taken(server.cast(first)),
                    self.assert_taken(second.cast(election.ballot(election.cards[1])))]
        path = pathlib.Path(self.work.name, "b")
        path.write_bytes(election.ballot(election.cards[2]))
        trackers.append(re.search("Tracker: (.*)", run("cast", election.folder, path)).group(1))
        self.assertEqual(self.assert_taken(second.cast(first)), trackers[0])
        for one in (server, second):
            self.assertEqual(one.trackers(), sorted(trackers))
        self.assertEqual(election.audit()[0], 3)

    def test_the_servers_clock_set_back(self):
        """Between two ballots, by months: by a program whose clock stands still (fixed.c)."""
        election, server = self.held()
        first = self.assert_taken(server.cast(election.ballot(election.cards[0])))
        server.stop()
        log = election.home / "log"
        server = Server(election, "--log", log, program=os.environ["THIDUA_FIXED"])
        self.addCleanup(server.stop)
        self.assertEqual(server.ask("GET", "/healthz")[0], 200)
        self.assertEqual(server.trackers(), [first])
        second = self.assert_taken(server.cast(election.ballot(election.cards[1])))
        self.assertEqual(server.trackers(), sorted([first, second]))
        server.stop()
        [at] = re.findall(r'"time":"([^"]+)Z".*"route":"healthz"', log.read_text())
        at = datetime.datetime.fromisoformat(at + "+00:00").timestamp()
        self.assertLess(at, bel.read(election.path)[0] - 86400)
        run("close", election.folder)
        self.assertEqual(election.audit()[0], 3)
        self.assertTrue(belenios_accepts(election.folder))

    def test_an_archive_of_the_future(self):
        """No time is compared with another: it is gone on with."""
        election, server = self.held()
        server.stop()
        events = bel.read(election.path)[1]
        election.path.write_bytes(bel.write(4_000_000_000, events))
        server = Server(election)
        self.addCleanup(server.stop)
        self.assert_taken(server.cast(election.ballot(election.cards[0])))
        run("close", election.folder)
        self.assertEqual(election.audit()[0], 3)


if __name__ == "__main__":
    sys.exit(unittest.main())
