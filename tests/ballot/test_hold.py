#!/usr/bin/env python3
"""An election held by commands, each by its own person: in part with belenios-tool; refusals; and
killing the program while it takes ballots."""

import fcntl
import base64
import hashlib
import json
import os
import pathlib
import random
import resource
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


def tracker_of(ballot):
    return base64.b64encode(hashlib.sha256(ballot).digest()).decode().rstrip("=")


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
        # Whoever made a key or the cards finds them in the archive, and another's not.
        keys = self.home / "t2.pubkey", self.home / "t1.pubkey"
        done = thidua("verify", self.folder, *keys, "--public", self.home / "public")
        self.assertEqual(done.returncode, 3, done.stdout)
        self.assertIn(f"Trustee 2: {keys[0]}\nTrustee 1: {keys[1]}\nThe list of cards is that of "
                      f"{self.home / 'public'}.\n", done.stdout)
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
        said = self.run_ok("verify", self.folder, "--earlier", copy)
        self.assertIn("ballots replaced: 1", said)
        # What counts, and apart from it what doesn't; neither in the order of arrival.
        replaced, *counting = (tracker_of(data[0]) for kind, data in bel.read(path)[1]
                               if kind == "Ballot")
        self.assertIn("Trackers of the ballots that count:\n"
                      + "".join(f"  {tracker}\n" for tracker in sorted(counting))
                      + "Trackers of ballots that do NOT count, as a later ballot of the same card "
                      f"replaced each:\n  {replaced}\nThe archive continues", said)

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
        # It may have been a ballot that was acknowledged: voting goes on until somebody has looked.
        closed = thidua("close", self.folder)
        self.assertEqual((closed.returncode, closed.stdout), (1, ""))
        self.assertIn(f"{path}: half a record was cut off", closed.stderr)
        self.assertIn("beside it in .cut-1", closed.stderr)
        self.assertIn("let that voter vote again; then run this command again", closed.stderr)
        self.assertEqual((path.parent / f"{path.name}.cut-1").read_bytes(), whole[opened:-100])
        self.assertEqual(path.read_bytes(), whole[:opened])
        self.run_ok("cast", self.folder, self.ballot(card, "[[0,1,0,0],[1,0]]"))
        closed = thidua("close", self.folder)
        self.assertEqual((closed.returncode, closed.stderr), (0, ""))
        self.assertIn("Cards that voted: 1.", closed.stdout)
        # Nor do the commands after it go on at once, though nobody can vote again.
        ended = path.read_bytes()
        self.run_ok("tally", self.folder)
        for words in (("tally", self.folder), ("result", self.folder)):
            path.write_bytes(path.read_bytes()[:-100] if words[0] == "tally" else ended + b"x")
            done = thidua(*words)
            self.assertEqual((done.returncode, done.stdout), (1, ""))
            self.assertIn("nothing else was done: run this command again", done.stderr)
            self.assertEqual(path.read_bytes(), ended)
        self.assertEqual(thidua("tally", self.folder).stderr, "")
        self.assertEqual(thidua("verify", self.folder).returncode, 3)

    def test_each_file_is_named_and_the_rest_is_taken(self):
        cards = self.open()
        first = self.ballot(cards[0], "[[0,1,0,1],[1,0]]", "first")
        last = self.ballot(cards[1], "[[1,0,0,0],[0,0]]", "last")
        bad, missing = self.file("bad", "{}"), self.home / "missing"
        done = thidua("cast", self.folder, first, bad, missing, last)
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertEqual(done.stdout.count("Tracker"), 2)
        self.assertIn(f"thidua: {bad}: this is not the text of a ballot", done.stderr)
        self.assertIn(str(missing), done.stderr)
        self.run_ok("close", self.folder)
        self.run_ok("tally", self.folder)
        [path] = self.folder.glob("*.bel")
        keys = [self.home / f"t{i}.privkey" for i in (1, 2)]
        parts = [self.file(key.stem, self.run_ok("trustee-decrypt", self.folder, key, "--end",
                                                 bel.code(path))) for key in keys]
        done = thidua("result", self.folder, parts[0], bad, parts[1])
        self.assertEqual((done.returncode, done.stdout), (1, ""))
        self.assertIn(f"thidua: {bad}: this is not the decryption of a trustee", done.stderr)
        # The others are there: with nothing more the result is.
        self.run_ok("result", self.folder)

    def test_an_archive_of_others_keys_or_cards_is_found(self):
        """Whoever opened it proves the own keys and cards just as well."""
        self.open()
        self.run_ok("trustee-key", self.home / "mine")
        uuid = (self.folder / "uuid").read_text()
        self.run_ok("cards", uuid, "--voters", 3, "--cards", self.home / "cards2",
                    "--public", self.home / "public2")
        key, cards = self.home / "mine.pubkey", self.home / "public2"
        done = thidua("verify", self.folder, self.home / "t1.pubkey", key, "--public", cards)
        self.assertEqual(done.returncode, 1, done.stdout)
        self.assertIn(f"Wrong: {key} is not the key of any of the election's trustees",
                      done.stdout)
        self.assertIn(f"Wrong: the election's list of cards is not that of {cards}", done.stdout)
        self.assertIn(f"Trustee 1: {self.home / 't1.pubkey'}", done.stdout)
        self.assertIn("2 findings", done.stdout)
        # A list that is longer, or shorter, is another too.
        listed = json.loads((self.home / "public").read_text())
        for wrong in (listed[:-1], listed + json.loads(cards.read_text())[:1]):
            done = thidua("verify", self.folder, "--public",
                          self.file("wrong", json.dumps(wrong, separators=(",", ":"))))
            self.assertEqual(done.returncode, 1, done.stdout)
            self.assertIn("list of cards is not that of", done.stdout)
        self.refused("no trustee's key", "verify", self.folder, cards)
        self.refused("no list of credentials", "verify", self.folder, "--public", key)
        self.refused(str(self.home / "gone"), "verify", self.folder, self.home / "gone")

    def test_questions_that_mislead_are_refused(self):
        def refused(words, change):
            draft = json.loads(json.dumps(DRAFT))
            change(draft)
            self.refused(words, "setup", self.folder, "--questions",
                         self.file("q.json", json.dumps(draft, ensure_ascii=False)))
            self.assertFalse(self.folder.exists())

        refused("question 1 has the answer “Sở A” twice",
                lambda d: d["questions"][0].update(answers=["Sở A", "Sở B", "Sở A"]))
        refused("question 2: answer 1 has no text",
                lambda d: d["questions"][1].update(answers=["", "Không"]))
        refused("question 2: max is 0", lambda d: d["questions"][1].update(max=0))
        refused("question 1 has no text", lambda d: d["questions"][0].update(question=""))
        refused("the election has no name", lambda d: d.update(name=""))
        refused("not written as they should be", lambda d: d["questions"][0].update(max=4))

    def test_cards_of_an_earlier_round_are_looked_at(self):
        self.open()
        card, *others = (self.home / "cards").read_text().split()
        for text, words in (("", "there is no card in it"), ("\n\n", "there is no card in it"),
                            ("\n".join([card, "", *others, card]), "line 5 repeats an earlier"),
                            (f"{card}\r\n{card[:-1]}", "line 2 is no card"),
                            (f"{card}\r{others[0]}", "line 1 is no card")):
            old = self.file("old", text)
            self.refused(f"{old}: {words}", "cards", (self.folder / "uuid").read_text(), "--from",
                         old, "--public", self.home / "new")
            self.assertFalse((self.home / "new").exists())

    def test_a_key_is_there_as_a_whole_or_not_at_all(self):
        name = self.home / "t"
        halves = [self.home / f"t.{end}" for end in ("privkey", "pubkey")]
        for there in halves:
            there.write_text("")
            self.refused(f"{there} can't be written", "trustee-key", name)
            self.assertEqual([half for half in halves if half.exists()], [there])
            there.unlink()

        def full(bytes_left):
            """As on a disk that has so much room for each file."""
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (bytes_left, bytes_left))

        for room, half in ((30, halves[0]), (300, halves[1])):
            done = subprocess.run([THIDUA, "ballot", "trustee-key", name, "--language", "en"],
                                  capture_output=True, text=True, timeout=300, check=False,
                                  preexec_fn=lambda room=room: full(room))
            self.assertEqual(done.returncode, 1, done.stderr)
            self.assertIn(f"{half} can't be written", done.stderr)
            self.assertFalse(any(half.exists() for half in halves))
        self.run_ok("trustee-key", name)

    def test_why_the_archive_cannot_be_used(self):
        self.open()
        [path] = self.folder.glob("*.bel")
        with path.open("rb") as locked:
            fcntl.flock(locked, fcntl.LOCK_EX)
            self.refused("another program is writing to the archive; try again", "close",
                         self.folder)
        path.rename(self.home / "elsewhere")
        path.symlink_to(self.home / "elsewhere")
        self.refused("it can't be read and written: look at its permissions", "close", self.folder)

    def test_a_disk_that_errs_is_no_want_of_memory(self):
        """The folder's sync fails once, after the archive has its name."""
        done = subprocess.run([os.environ["THIDUA_UNSYNCED"], "ballot", "demo", self.folder,
                               "--language", "en"],
                              capture_output=True, text=True, timeout=300, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(done.stderr, "thidua: the election is open, but the disk answered with an "
                         "error: after a power cut its archive may be gone\n")
        self.run_ok("verify", self.folder)

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
            closed = thidua("close", self.folder)
            if "cut off" in closed.stderr:
                self.assertEqual(closed.returncode, 1)
                closed = thidua("close", self.folder)
            self.assertEqual(closed.returncode, 0, closed.stderr)
            audit = thidua("verify", self.folder)
            self.assertEqual(audit.returncode, 3, audit.stdout)
            there = len(bel.read(path)[1]) - 2
            self.assertIn(there, (acknowledged, acknowledged + 1))
            for (_, [data]), ballot in zip(bel.read(path)[1][1:-1], ballots):
                self.assertEqual(data, ballot.read_bytes().strip())


if __name__ == "__main__":
    sys.exit(unittest.main())
