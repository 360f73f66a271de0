#!/usr/bin/env python3
"""When a command that used a secret has ended, nothing of it remains in its memory: not in what was
freed, and not on the stack. REMAINS_LIBRARY is remains.c, which searches."""

import hashlib
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

import bel
from tool import THIDUA, thidua

LIBRARY = os.environ["REMAINS_LIBRARY"]
Q = 78571733251071885079927659812671450121821421258408794611510081919805623223441


def number(value):
    """Its digits, and its bytes as they may lie in memory."""
    return [str(value).encode(), value.to_bytes(32, "big"), value.to_bytes(32, "little")]


class Remains(unittest.TestCase):
    def setUp(self):
        self.work = tempfile.TemporaryDirectory()
        self.folder = pathlib.Path(self.work.name)
        self.addCleanup(self.work.cleanup)
        self.election = self.folder / "e"
        self.assertEqual(thidua("demo", self.election, "--voters", 1).returncode, 0)
        [self.archive] = self.election.glob("*.bel")
        self.key = int((self.election / "trustee1.privkey").read_text().strip().strip('"'))
        self.cards = self.election / "cards.txt"
        self.card = self.cards.read_text().strip()
        self.secret = int.from_bytes(hashlib.pbkdf2_hmac(
            "sha256", self.card.encode(), self.archive.stem.encode(), 1000), "big") % Q

    def cut(self, count):
        """As it was after that many events."""
        timestamp, events = bel.read(self.archive)
        self.archive.write_bytes(bel.write(timestamp, events[:count]))

    def end(self):
        return bel.code(self.archive)

    def remains(self, secrets, *words, ends=0, lines=None, given=None):
        """What of the secrets remains when thidua ballot … has ended, and of the lines that it
        wrote to a file."""
        kept = self.folder / "secrets"
        kept.write_bytes(b"".join(bytes([len(s)]) + bytes(b ^ 255 for b in s) for s in secrets))
        found = self.folder / "found"
        done = subprocess.run(
            [THIDUA, "ballot", *map(str, words)], capture_output=True, check=False, timeout=120,
            input=given,
            env=os.environ | {"LD_PRELOAD": LIBRARY, "REMAINS": str(kept),
                              "REMAINS_LINES": str(lines or "/dev/null"),
                              "REMAINS_FOUND": str(found)})
        self.assertEqual(done.returncode, ends, done.stderr)
        what = found.read_text(encoding="utf-8").splitlines()
        self.assertEqual(what.pop(), "searched")
        return what

    def test_the_search_finds_what_is_there(self):
        self.assertNotEqual(self.remains([b"a name that is there"], "verify",
                                         "a name that is there", ends=1), [])
        (self.folder / "lines").write_text("some line\na name that is there\n", encoding="ascii")
        self.assertNotEqual(self.remains([], "verify", "a name that is there", ends=1,
                                         lines=self.folder / "lines"), [])

    def test_a_trustee_makes_a_key(self):
        self.assertEqual(self.remains([], "trustee-key", self.folder / "k",
                                      lines=self.folder / "k.privkey"), [])

    def test_a_trustee_decrypts(self):
        self.cut(4)
        self.assertEqual(self.remains(number(self.key), "trustee-decrypt", self.election,
                                      self.election / "trustee1.privkey", "--end", self.end()), [])

    def test_a_trustee_brings_what_is_no_key(self):
        self.cut(4)
        bad = self.folder / "bad"
        bad.write_text(f'"{self.key}";', encoding="ascii")
        self.assertEqual(self.remains(number(self.key), "trustee-decrypt", self.election, bad,
                                      "--end", self.end(), ends=1), [])

    def test_a_stranger_brings_a_key(self):
        self.cut(4)
        other = self.folder / "other"
        other.write_text(f'"{self.key - 1}"', encoding="ascii")
        self.assertEqual(self.remains(number(self.key - 1), "trustee-decrypt", self.election, other,
                                      "--end", self.end(), ends=1), [])

    def test_a_voter_votes(self):
        self.cut(1)
        choices = b"[[0,1,0,0,1,0],[1,0,0,0],[0,1],[1,0]]"
        self.assertEqual(self.remains(
            [self.card.encode(), *number(self.secret), choices,
             bytes(int(c) for c in choices.decode() if c in "01")], "vote", self.election,
            "--card", self.cards, "--choices", "-", given=choices + b"\n"), [])

    def test_a_voter_mistakes_the_card(self):
        self.cut(1)
        bad = self.folder / "bad"
        bad.write_text(self.card + "x", encoding="ascii")
        self.assertEqual(self.remains(
            [self.card.encode()], "vote", self.election, "--card", bad, "--choices",
            "[[1,0,0,0,0,0],[1,0,0,0],[0,0],[0,0]]", ends=1), [])

    def test_a_registrar_makes_cards(self):
        self.assertEqual(self.remains(
            [], "cards", self.archive.stem, "--voters", 30, "--cards", self.folder / "cards",
            "--public", self.folder / "public", lines=self.folder / "cards"), [])

    def test_a_registrar_uses_cards_again(self):
        self.assertEqual(self.remains(
            [self.card.encode(), *number(self.secret)], "cards", self.archive.stem, "--from",
            self.cards, "--public", self.folder / "public"), [])
        bad = self.folder / "bad"
        bad.write_text(self.card + "\nnone\n", encoding="ascii")
        self.assertEqual(self.remains(
            [self.card.encode(), *number(self.secret)], "cards", self.archive.stem, "--from", bad,
            "--public", self.folder / "public2", ends=1), [])


if __name__ == "__main__":
    sys.exit(unittest.main())
