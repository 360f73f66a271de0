#!/usr/bin/env python3
"""The pages' code (assets/ballot, run by node) against both programs: its cards, keys, ballots and
decryptions in elections of thidua and of belenios-tool."""

import json
import os
import pathlib
import random
import subprocess
import sys
import tempfile
import unittest

import bel
import test_tamper
from test_interop import KINDS, choices, question, result_of
from tool import KNOWN, belenios, belenios_accepts, thidua

ROLE = pathlib.Path(__file__).resolve().parent / "role.mjs"
RUNS = int(os.environ.get("BALLOT_RUNS", "5"))


# Of the archives that the audit refuses, those that a trustee's page decrypts, and why it may.
DECRYPTED = {
    # Nothing of these is data, and no code names them.
    "a byte of the first header", "a byte of padding", "another timestamp",
    # They follow the sum, which the page computes itself.
    "a decryption's factor", "a decryption's proof", "factors swapped",
    "a factor outside the group, its proof holding", "a decryption of another sum", "a factor less",
    "another trustee's decryption", "a decryption left out", "a decryption twice", "owners swapped",
    "a fourth trustee", "the result", "the result of one question", "the result left out",
}


def role(*words, text=None):
    done = subprocess.run(["node", ROLE, *map(str, words)], capture_output=True, text=True,
                          input=text, timeout=300, check=True)
    return done.stdout


def data_of(folder, kind, part=0):
    """A part of the first event of a kind."""
    [path] = pathlib.Path(folder).glob("*.bel")
    return next(parts[part] for type_, parts in bel.read(path)[1] if type_ == kind)


def known_cards():
    return (KNOWN / "cards.txt").read_text().split()[1::2]


class BrowserCode(unittest.TestCase):
    def setUp(self):
        self.work = tempfile.TemporaryDirectory()
        self.addCleanup(self.work.cleanup)
        self.home = pathlib.Path(self.work.name)

    def run_ok(self, *words):
        done = thidua(*words)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        return done.stdout

    def file(self, name, data):
        (self.home / name).write_bytes(data if isinstance(data, bytes) else data.encode())
        return self.home / name

    def vote(self, folder, card, vote):
        election = self.file("election.json", data_of(folder, "Setup"))
        return role("vote", election, card, json.dumps(vote))

    def test_a_whole_election_of_ours(self):
        for seed in range(RUNS):
            with self.subTest(seed=seed):
                self.ours(random.Random(seed), seed, self.home / f"e{seed}")

    def ours(self, rng, seed, folder):
        asked = [question(rng, KINDS[(seed + i) % len(KINDS)], n) for i, n in enumerate([2, 5])]
        draft = {"description": "Thử", "name": "Bầu cử thử", "questions": asked}
        self.run_ok("setup", folder, "--questions",
                    self.file("q.json", json.dumps(draft, ensure_ascii=False)))
        made = json.loads(role("cards", (folder / "uuid").read_text(), rng.randint(3, 6)))
        for name in ("a", "b"):
            role("key", folder / name)
        self.run_ok("open", folder, folder / "a.pubkey", folder / "b.pubkey", "--public",
                    self.file("public", made["public"]))
        votes = {card: choices(rng, draft) for card in made["cards"]}
        again = rng.choice(made["cards"])
        for card in [again, *made["cards"]]:
            self.run_ok("cast", folder, self.file("ballot", self.vote(folder, card, votes[card])))
        self.run_ok("close", folder)
        self.run_ok("tally", folder)
        tally = self.file("tally.json", data_of(folder, "EncryptedTally"))
        election = self.file("election.json", data_of(folder, "Setup"))
        parts = [self.file(name, role("decrypt", election, tally, folder / f"{name}.privkey"))
                 for name in ("a", "b")]
        self.run_ok("result", folder, *parts)
        self.run_ok("verify", folder, "--issued", len(made["cards"]))
        self.assertTrue(belenios_accepts(folder))
        sums = [[sum(column) for column in zip(*votes_of)] for votes_of in zip(*votes.values())]
        self.assertEqual(result_of(folder), sums)

    def test_a_ballot_and_a_decryption_for_an_election_of_others(self):
        folder = self.home / "theirs"
        folder.mkdir()
        known = bel.read(KNOWN / "fP9BVSbsHhY5kc.bel")
        path = folder / "fP9BVSbsHhY5kc.bel"
        path.write_bytes(bel.write(known[0], known[1][:1]))
        card = known_cards()[0]
        ballot = self.vote(folder, card, [[0, 1, 0, 1, 0, 1], [0, 1]])
        belenios("archive", "add-event", "--type=Ballot", folder=folder, data=ballot.encode())
        belenios("archive", "add-event", "--type=EndBallots", folder=folder, data=b"")
        belenios("archive", "add-event", "--type=EncryptedTally", folder=folder,
                 data=belenios("election", "compute-encrypted-tally", folder=folder))
        election = self.file("election.json", data_of(folder, "Setup"))
        tally = self.file("tally.json", data_of(folder, "EncryptedTally"))
        for i in (1, 2, 3):
            part = role("decrypt", election, tally, KNOWN / f"trustee{i}.privkey")
            owner = json.dumps({"owner": i, "payload": bel.sha(part.encode())},
                               separators=(",", ":"))
            belenios("archive", "add-event", "--type=PartialDecryption", folder=folder,
                     data=f"{part}\n{owner}\n".encode())
        belenios("archive", "add-event", "--type=Result", folder=folder,
                 data=belenios("election", "compute-result", folder=folder))
        self.assertTrue(belenios_accepts(folder))
        self.run_ok("verify", folder)
        self.assertEqual(result_of(folder), [[0, 1, 0, 1, 0, 1], [0, 1]])

    def test_a_trustees_page_decrypts_no_tampered_archive(self):
        names = {}
        for i, (what, data, *_) in enumerate(test_tamper.cases()):
            names[str(self.file(f"{i}.bel", data))] = what
        names[str(test_tamper.ARCHIVE)] = "the untouched one"
        faults = json.loads(role("audit", *names))
        self.assertEqual(len(set(names.values())), len(faults))
        self.assertGreaterEqual(len(faults), 80)
        self.assertEqual({names[path] for path, fault in faults.items() if fault == ""},
                         DECRYPTED | {"the untouched one"})

    def test_the_same_cards_give_the_list_that_the_command_gives(self):
        cards = "\n".join(known_cards())
        self.run_ok("cards", "3VfgFgLynFTL9M", "--from", self.file("cards", cards), "--public",
                    self.home / "public")
        self.assertEqual((self.home / "public").read_text().strip(),
                         role("public", "3VfgFgLynFTL9M", text=cards))


if __name__ == "__main__":
    sys.exit(unittest.main())
