#!/usr/bin/env python3
"""An election held by commands, each by its own person: in part with belenios-tool; refusals; and
killing the program while it takes ballots."""

import json
import pathlib
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest

import bel
from tool import THIDUA, belenios, belenios_accepts, thidua

DRAFT = {"description": "Thử", "name": "Bầu thử", "questions": [
    {"answers": ["Sở A", "Sở B", "Sở C"], "blank": True, "min": 1, "max": 2, "question": "Cờ?"},
    {"answers": ["Có", "Không"], "min": 0, "max": 1, "question": "Gia nhập?"}]}


class Hold(unittest.TestCase):
    def setUp(self):
        self.work = tempfile.TemporaryDirectory()
        self.addCleanup(self.work.cleanup)
        self.home = pathlib.Path(self.work.name)
        self.folder = self.home / "election"

    def run_ok(self, *words):
        done = thidua(*words)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        return done.stdout

    def refused(self, words, *command):
        done = thidua(*command)
        self.assertEqual(done.returncode, 1, done.stdout + done.stderr)
        self.assertIn(words, done.stderr)

    def file(self, name, text):
        (self.home / name).write_text(text)
        return self.home / name

    def open(self, voters=3, *more):
        """Set up and open: the cards."""
        questions = self.file("q.json", json.dumps(DRAFT, ensure_ascii=False, indent=2))
        self.run_ok("setup", self.folder, "--questions", questions)
        uuid = (self.folder / "uuid").read_text()
        self.run_ok("cards", uuid, "--voters", voters, "--cards", self.home / "cards",
                    "--public", self.home / "public")
        for i in (1, 2):
            self.run_ok("trustee-key", self.home / f"t{i}")
        said = self.run_ok("open", self.folder, self.home / "t1.pubkey", self.home / "t2.pubkey",
                           "--public", self.home / "public", *more)
        for i in (1, 2):
            self.assertIn(f"Trustee {i}: {self.home / f't{i}.pubkey'}\n", said)
        return (self.home / "cards").read_text().split()

    def ballot(self, card, choices, name="ballot"):
        made = thidua("vote", self.folder, "--card", self.file("card", card + "\n"),
                      "--choices", choices)
        self.assertEqual(made.returncode, 0, made.stderr)
        return self.file(name, made.stdout)

    def theirs(self, card, choices):
        self.file("card", card)
        made = belenios("election", "generate-ballot", "--privcred", self.home / "card",
                        "--ballot", self.file("choices", choices), folder=self.folder)
        return self.file("ballot", made.decode())

    def test_from_questions_to_result(self):
        cards = self.open()
        self.assertEqual((self.home / "cards").stat().st_mode & 0o777, 0o600)
        self.assertEqual((self.home / "t1.privkey").stat().st_mode & 0o777, 0o600)
        first = self.ballot(cards[0], "[[0,1,0,1],[1,0]]", "first")
        self.run_ok("cast", self.folder, first)
        # Sent again it is counted as it was: whoever didn't see the tracker sees it now.
        [path] = self.folder.glob("*.bel")
        before = path.read_bytes()
        self.assertIn("Tracker", self.run_ok("cast", self.folder, first))
        self.assertEqual(path.read_bytes(), before)
        self.run_ok("cast", self.folder, self.theirs(cards[1], "[[1,0,0,0],[0,0]]"))
        again = self.ballot(cards[0], "[[0,1,0,0],[0,1]]")
        self.run_ok("cast", self.folder, again)
        self.refused("there already", "cast", self.folder, first)

        self.refused("open: ballots are taken", "tally", self.folder)
        late = self.ballot(cards[2], "[[0,0,1,0],[1,0]]", "late")
        self.run_ok("close", self.folder)
        self.refused("no more ballots", "cast", self.folder, late)
        self.refused("not now", "close", self.folder)
        self.run_ok("tally", self.folder)

        copy = self.home / "copy"
        copy.mkdir()
        shutil.copy(path, copy)
        end = bel.code(path)
        made = thidua("trustee-decrypt", copy, self.home / "t1.privkey", "--end", end[:32])
        self.assertEqual(made.returncode, 0, made.stderr)
        self.assertIn("trustee 1: the sum of 2 ballots; the list has 3 cards", made.stderr)
        ours = self.file("d1", made.stdout)
        self.refused("trustee 2 is missing", "result", self.folder, ours)
        other = self.file("d2", belenios(
            "election", "decrypt", "--privkey", self.home / "t2.privkey", "--trustee-id", 2,
            folder=copy).decode().splitlines()[0])
        self.refused("trustee 2 is missing", "result", self.folder, ours)
        self.refused("not the decryption of a trustee", "result", self.folder, first)
        self.run_ok("result", self.folder, other)
        self.assertEqual(bel.read(path)[1][-1][1][0], b'{"result":[[1,1,0,0],[0,1]]}')
        self.assertTrue(belenios_accepts(self.folder))
        self.assertIn("ballots replaced: 1", self.run_ok("verify", self.folder, "--earlier", copy))

    def test_nobody_decrypts_what_was_padded(self):
        """The same voters, and one ballot more, or one less: the archive agrees with itself, and
        the difference of the sums would tell how one card voted."""
        cards = self.open()
        self.run_ok("cast", self.folder, self.ballot(cards[0], "[[0,1,0,1],[1,0]]"))
        [path] = self.folder.glob("*.bel")
        padded = self.home / "padded"
        padded.mkdir()
        shutil.copy(path, padded)
        self.run_ok("cast", self.folder, self.ballot(cards[1], "[[0,1,0,0],[0,1]]"))
        self.run_ok("cast", padded, self.ballot(cards[2], "[[1,0,0,0],[0,0]]"))
        for folder in (self.folder, padded):
            self.run_ok("close", folder)
            self.run_ok("tally", folder)
            self.assertEqual(thidua("verify", folder).returncode, 3)
        key, end = self.home / "t1.privkey", bel.code(path)
        other = bel.code(padded / path.name)
        self.assertIn(f"End's code: {end}", thidua("verify", self.folder).stdout)
        self.run_ok("trustee-decrypt", self.folder, key, "--end", end)
        done = thidua("trustee-decrypt", padded, key, "--end", end)
        self.assertEqual((done.returncode, done.stdout), (1, ""))
        self.assertIn(f"has the code {other}, and not {end}", done.stderr)
        for wrong in ((), ("--end", end[:31]), ("--end", end[:31] + "g")):
            done = thidua("trustee-decrypt", padded, key, *wrong)
            self.assertEqual((done.returncode, done.stdout), (2, ""))
        # Nor does a key decrypt that is no trustee's of this election.
        self.run_ok("trustee-key", self.home / "stranger")
        done = thidua("trustee-decrypt", self.folder, self.home / "stranger.privkey", "--end", end)
        self.assertEqual((done.returncode, done.stdout), (1, ""))
        self.assertIn("not one of this election's trustees", done.stderr)

    def test_once(self):
        """The setting is the election's, and so is what whoever casts has to obey."""
        cards = self.open(2, "--once")
        first = self.ballot(cards[0], "[[0,1,0,1],[1,0]]", "first")
        self.run_ok("cast", self.folder, first)
        again = self.ballot(cards[0], "[[0,1,0,0],[0,1]]")
        self.refused("has voted", "cast", self.folder, again)
        self.run_ok("cast", self.folder, first)
        self.run_ok("cast", self.folder, self.ballot(cards[1], "[[0,1,0,0],[0,1]]"))
        self.run_ok("close", self.folder)
        self.assertTrue(belenios_accepts(self.folder))
        done = thidua("verify", self.folder)
        self.assertEqual(done.returncode, 3, done.stdout)
        self.assertIn("ballots replaced: 0", done.stdout)
        self.assertIn("A card votes once", done.stdout)

    def test_once_is_audited(self):
        """Who takes ballots without the file takes two of a card; the audit finds the second."""
        cards = self.open(2, "--once")
        [path] = self.folder.glob("*.bel")
        (self.folder / "once").unlink()
        first = self.ballot(cards[0], "[[0,1,0,1],[1,0]]", "first")
        tracker = self.run_ok("cast", self.folder, first).split()[-1]
        self.run_ok("cast", self.folder, self.ballot(cards[0], "[[0,1,0,0],[0,1]]"))
        done = thidua("verify", self.folder)
        self.assertEqual(done.returncode, 3, done.stdout)
        self.assertIn("A later ballot of a card replaces the earlier one", done.stdout)
        for more in (("--once",), ()):
            if not more:
                (self.folder / "once").touch()
            done = thidua("verify", self.folder, *more)
            self.assertEqual(done.returncode, 1, done.stdout)
            self.assertIn(f"the ballot {tracker} was replaced by a later one", done.stdout)

    def test_cards_serve_another_round(self):
        cards = self.open()
        self.folder = self.home / "second"
        self.run_ok("setup", self.folder, "--questions", self.home / "q.json")
        uuid = (self.folder / "uuid").read_text()
        self.run_ok("cards", uuid, "--from", self.home / "cards", "--public",
                    self.home / "public2")
        self.run_ok("open", self.folder, self.home / "t1.pubkey", self.home / "t2.pubkey",
                    "--public", self.home / "public2")
        self.run_ok("cast", self.folder, self.ballot(cards[0], "[[1,0,0,0],[0,0]]"))
        listed = json.loads((self.home / "public2").read_text())
        self.assertEqual([int(x) for x in listed], sorted(int(x) for x in listed))
        # A ballot of the first round is none of the second.
        second, self.folder = self.folder, self.home / "election"
        self.refused("another election", "cast", second,
                     self.ballot(cards[1], "[[1,0,0,0],[0,0]]"))

    def test_what_is_refused(self):
        cards = self.open()
        self.refused("not copied right", "vote", self.folder, "--card",
                     self.file("card", cards[0][:-1] + ("2" if cards[0][-1] != "2" else "3")),
                     "--choices", "[[1,0,0,0],[0,0]]")
        self.refused("not one of this election", "vote", self.folder, "--card",
                     self.file("card", "9wm-tBf-Tz1-Rdg-CGr"), "--choices", "[[1,0,0,0],[0,0]]")
        for choices in ("[[1,1,0,0],[0,0]]", "[[0,0,0,0],[0,0]]", "[[0,1,1,1],[0,0]]", "[[1]]",
                        "[[0,2,0,0],[0,0]]", ""):
            self.refused("don't allow", "vote", self.folder, "--card",
                         self.file("card", cards[0]), "--choices", choices)
        self.refused("not the text", "cast", self.folder, self.file("no", "{}"))
        self.refused("no trustee's key", "open", self.folder, self.home / "t1.pubkey",
                     self.file("bad", "{}"), "--public", self.home / "public")
        self.assertEqual(thidua("open", self.folder, self.home / "t1.pubkey", "--public",
                                self.home / "public").returncode, 2)
        self.refused("is there already", "open", self.folder, self.home / "t1.pubkey",
                     self.home / "t2.pubkey", "--public", self.home / "public")

    def test_what_is_cut_off_is_told(self):
        """An archive that ends within a record: whoever runs the next command hears of it."""
        [card, *_] = self.open()
        [path] = self.folder.glob("*.bel")
        self.run_ok("cast", self.folder, self.ballot(card, "[[0,1,0,0],[1,0]]"))
        whole = path.read_bytes()
        opened = len(bel.write(*self.setup_of(path)))
        path.write_bytes(whole[:-100])
        closed = thidua("close", self.folder)
        self.assertEqual(closed.returncode, 0, closed.stderr)
        self.assertIn("Cards that voted: 0.", closed.stdout)
        self.assertIn(f"{path}: half a record was cut off", closed.stderr)
        self.assertEqual((path.parent / f"{path.name}.cut-1").read_bytes(), whole[opened:-100])
        self.assertEqual(thidua("tally", self.folder).stderr, "")
        self.assertEqual(thidua("verify", self.folder).returncode, 3)

    @staticmethod
    def setup_of(path):
        timestamp, events = bel.read(path)
        return timestamp, events[:1]

    def test_kill_at_any_instant(self):
        """No acknowledged ballot is lost, and none is half there."""
        cards = self.open(voters=6)
        ballots = [self.ballot(card, "[[0,1,0,0],[1,0]]", f"b{i}")
                   for i, card in enumerate(cards)]
        [path] = self.folder.glob("*.bel")
        rng, opened = random.Random(7), path.read_bytes()
        for _ in range(20):
            path.write_bytes(opened)
            with subprocess.Popen([THIDUA, "ballot", "cast", self.folder, *ballots, "--language",
                                   "en"], stdout=subprocess.PIPE, text=True,
                                  stderr=subprocess.DEVNULL) as process:
                time.sleep(rng.uniform(0, 0.8))
                process.send_signal(signal.SIGKILL)
                acknowledged = process.stdout.read().count("Tracker")
            # Going on cuts off what is half there; then all holds, and what was said is there.
            self.run_ok("close", self.folder)
            audit = thidua("verify", self.folder)
            self.assertEqual(audit.returncode, 3, audit.stdout)
            there = len(bel.read(path)[1]) - 2
            self.assertIn(there, (acknowledged, acknowledged + 1))
            for (_, [data]), ballot in zip(bel.read(path)[1][1:-1], ballots):
                self.assertEqual(data, ballot.read_bytes().strip())


if __name__ == "__main__":
    sys.exit(unittest.main())
