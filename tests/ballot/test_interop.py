#!/usr/bin/env python3
"""Elections of ours checked by belenios-tool, and elections of its by ours.

BALLOT_RUNS is how many of each (5); the seed of each run is printed when it fails.
"""

import json
import os
import pathlib
import random
import re
import sys
import tempfile
import unittest

import bel
from tool import belenios, belenios_accepts, thidua

RUNS = int(os.environ.get("BALLOT_RUNS", "5"))


KINDS = ["each", "some", "one", "for or against"]


def question(rng, kind, n):
    answers = [f"Đơn vị \"{i + 1}\" \\ số" for i in range(n)]
    return {
        "each": {"answers": answers, "min": 0, "max": n},
        "some": {"answers": answers, "blank": True, "min": 1, "max": rng.randint(1, n)},
        "one": {"answers": answers, "blank": True, "min": 1, "max": 1},
        "for or against": {"answers": ["Có", "Không"], "min": 0, "max": 1},
    }[kind] | {"question": f"Câu hỏi: {kind}"}


def shape(rng, seed):
    """How many vote and decrypt, and about what: small ones in all their kinds, the most voters,
    the most candidates, and then anything between, in the sizes that a test has time for."""
    voters, sizes = [(3, [1, 2]), (41, [2]), (3, [40]), (12, [3, 5]), (7, [8, 1])][seed % 5]
    if seed >= 5:
        voters = rng.randint(3, 41)
        sizes = [rng.randint(1, min(40, 200 // voters)) for _ in range(rng.randint(1, 3))]
    asked = [question(rng, KINDS[(seed + i) % len(KINDS)], n) for i, n in enumerate(sizes)]
    draft = {"description": "Thử", "name": "Bầu cử thử", "questions": asked}
    return voters, 2 + seed % 2, draft


def choices(rng, draft):
    """One voter's, as belenios-tool takes them."""
    vote = []
    for question in draft["questions"]:
        n = len(question["answers"])
        blank = question.get("blank", False)
        if blank and rng.random() < 0.3:
            vote.append([1] + [0] * n)
            continue
        picked = rng.sample(range(n), rng.randint(question["min"], question["max"]))
        vote.append([0] * blank + [int(i in picked) for i in range(n)])
    return vote


class Demo:
    """What `thidua ballot demo` has its voters choose: splitmix64 of the seed, and nothing else."""

    def __init__(self, seed):
        self.state = seed

    def draw(self, below):
        mask = 2 ** 64 - 1
        z = self.state = self.state + 0x9E3779B97F4A7C15 & mask
        z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9 & mask
        z = (z ^ z >> 27) * 0x94D049BB133111EB & mask
        return 0 if below < 2 else (z ^ z >> 31) % below

    def choose(self, draft):
        vote = []
        for question in draft["questions"]:
            n, blank = len(question["answers"]), question.get("blank", False)
            if blank and self.draw(5) == 0:
                vote.append([1] + [0] * n)
                continue
            count = question["min"] + self.draw(question["max"] - question["min"] + 1)
            picked = set()
            while len(picked) < count:
                picked.add(self.draw(n))
            vote.append([0] * blank + [int(i in picked) for i in range(n)])
        return vote

    def sums(self, draft, voters):
        votes = {}
        for i in range(voters + voters // 5):
            voter = i if i < voters else self.draw(voters)
            votes[voter] = self.choose(draft)
        return [[sum(column) for column in zip(*votes_of)] for votes_of in zip(*votes.values())]


def result_of(folder):
    [path] = pathlib.Path(folder).glob("*.bel")
    return json.loads(bel.read(path)[1][-1][1][0])["result"]


class Interop(unittest.TestCase):
    def test_ours_are_right_for_belenios_tool(self):
        for seed in range(RUNS):
            with self.subTest(seed=seed), tempfile.TemporaryDirectory() as folder:
                self.ours(random.Random(seed), seed, pathlib.Path(folder))

    def ours(self, rng, seed, folder):
        voters, trustees, draft = shape(rng, seed)
        (folder / "q.json").write_text(json.dumps(draft, ensure_ascii=False, indent=1))
        made = thidua("demo", folder / "e", "--questions", folder / "q.json", "--seed", seed,
                      "--voters", voters, "--trustees", trustees)
        self.assertEqual(made.returncode, 0, made.stderr)
        audit = thidua("verify", folder / "e")
        self.assertEqual(audit.returncode, 0, audit.stdout + audit.stderr)
        self.assertIn(f"cards that voted: {voters}; ballots replaced: {voters // 5};",
                      audit.stdout)
        self.assertTrue(belenios_accepts(folder / "e"))
        # The voters' choices are known, so what comes out is known too.
        self.assertEqual(result_of(folder / "e"), Demo(seed).sums(draft, voters))

        # What it computes from the same decryptions is what we computed.
        [path] = (folder / "e").glob("*.bel")
        timestamp, events = bel.read(path)
        path.write_bytes(bel.write(timestamp, events[:-1]))
        theirs = belenios("election", "compute-result", folder=folder / "e")
        self.assertEqual(theirs.strip(), events[-1][1][0])
        audit = thidua("verify", folder / "e")
        self.assertEqual(audit.returncode, 3, audit.stdout)

    def test_those_of_belenios_tool_are_right_for_us(self):
        for seed in range(RUNS):
            with self.subTest(seed=seed), tempfile.TemporaryDirectory() as folder:
                self.theirs(random.Random(seed), seed, pathlib.Path(folder))

    def theirs(self, rng, seed, folder):
        voters, trustees, draft = shape(rng, seed)
        cards, keys = self.set_up_theirs(min(voters, 6), trustees, folder, draft)
        votes = {card: None for card in cards}
        for card in cards + rng.sample(cards, 1):
            votes[card] = choices(rng, draft)
            (folder / "card").write_text(card)
            (folder / "choice").write_text(json.dumps(votes[card]))
            ballot = belenios("election", "generate-ballot", "--privcred", "card", "--ballot",
                              "choice", folder=folder)
            self.event(folder, "Ballot", ballot)
        self.event(folder, "EndBallots", b"")
        self.event(folder, "EncryptedTally",
                   belenios("election", "compute-encrypted-tally", folder=folder))
        for index, key in enumerate(keys):
            self.event(folder, "PartialDecryption",
                       belenios("election", "decrypt", "--privkey", key, "--trustee-id",
                                index + 1, folder=folder))
        self.event(folder, "Result", belenios("election", "compute-result", folder=folder))

        audit = thidua("verify", folder, "--issued", len(cards))
        self.assertEqual(audit.returncode, 0, audit.stdout + audit.stderr)
        sums = [[sum(column) for column in zip(*votes_of)] for votes_of in zip(*votes.values())]
        self.assertEqual(result_of(folder), sums)
        counted = [int(n) for n in re.findall(r"^  (?!no choice ).* {3}(\d+)$", audit.stdout, re.M)]
        self.assertEqual(counted, [n for question in sums for n in question])
        self.assertIn(f"cards that voted: {len(cards)}; ballots replaced: 1", audit.stdout)
        audit = thidua("verify", folder, "--issued", len(cards) - 1)
        self.assertEqual(audit.returncode, 1)
        self.assertIn("handed out", audit.stdout)

    def event(self, folder, kind, data):
        belenios("archive", "add-event", f"--type={kind}", folder=folder, data=data)

    def set_up_theirs(self, voters, trustees, folder, draft):
        """The cards, and the names of the files of the trustees' keys."""
        uuid = belenios("setup", "generate-token", folder=folder).decode().strip()
        (folder / "voters.txt").write_text(
            "".join(f"u{i}@x.vn,u{i}\n" for i in range(voters)))
        (folder / "q.json").write_text(json.dumps(draft, ensure_ascii=False))
        common = ["--group", "BELENIOS-2048"]
        belenios("setup", "generate-credentials", "--uuid", uuid, *common, "--file", "voters.txt",
                 folder=folder)
        [path] = folder.glob("*.pubcreds")
        path.rename(folder / "public_creds.json")
        [path] = folder.glob("*.privcreds")
        cards = [line.split()[-1] for line in path.read_text().splitlines()]
        for _ in range(trustees):
            belenios("setup", "generate-trustee-key", *common, folder=folder)
        keys = sorted(folder.glob("*.privkey"))
        (folder / "public_keys.jsons").write_text(
            "".join(key.with_suffix(".pubkey").read_text().strip() + "\n" for key in keys))
        belenios("setup", "make-trustees", folder=folder)
        belenios("setup", "make-election", "--uuid", uuid, *common, "--template", "q.json",
                 folder=folder)
        belenios("archive", "init", folder=folder)
        for name in ("election.json", "trustees.json", "public_creds.json"):
            (folder / name).unlink()
        return cards, keys

    # ---- both in one election -----------------------------------------------------------------

    def run_ok(self, *words):
        done = thidua(*words)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        return done.stdout

    def our_ballot(self, folder, card, vote):
        (folder / "card").write_text(card)
        return self.run_ok("vote", folder, "--card", folder / "card", "--choices",
                           json.dumps(vote, separators=(",", ":")))

    def their_ballot(self, folder, card, vote):
        (folder / "card").write_text(card)
        (folder / "choice").write_text(json.dumps(vote))
        return belenios("election", "generate-ballot", "--privcred", "card", "--ballot", "choice",
                        folder=folder).decode()

    def both_accept(self, folder, votes):
        self.assertTrue(belenios_accepts(folder))
        self.run_ok("verify", folder)
        self.assertEqual(result_of(folder), [[sum(column) for column in zip(*votes_of)]
                                             for votes_of in zip(*votes)])

    def test_our_ballots_and_decryptions_in_an_election_of_belenios_tool(self):
        rng = random.Random(100)
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name)
            draft = {"description": "Thử", "name": "Bầu", "questions": [
                question(rng, kind, n) for kind, n in zip(KINDS, (3, 4, 2, 2))]}
            cards, keys = self.set_up_theirs(4, 3, folder, draft)
            votes = [choices(rng, draft) for _ in cards]
            for i, (card, vote) in enumerate(zip(cards, votes)):
                made = (self.our_ballot if i % 2 == 0 else self.their_ballot)(folder, card, vote)
                self.event(folder, "Ballot", made.encode())
            self.event(folder, "EndBallots", b"")
            self.event(folder, "EncryptedTally",
                       belenios("election", "compute-encrypted-tally", folder=folder))
            for index, key in enumerate(keys):
                part = (belenios("election", "decrypt", "--privkey", key, "--trustee-id", 2,
                                 folder=folder) if index == 1 else
                        self.as_theirs(index + 1,
                                       self.run_ok("trustee-decrypt", folder, key, "--end",
                                                   self.end(folder)).strip()))
                self.event(folder, "PartialDecryption", part)
            self.event(folder, "Result", belenios("election", "compute-result", folder=folder))
            self.both_accept(folder, votes)

    @staticmethod
    def end(folder):
        [path] = folder.glob("*.bel")
        return bel.code(path)

    @staticmethod
    def as_theirs(owner, part):
        """A decryption as their add-event takes it: with the record that names it."""
        return b"\n".join(bel.decryption_of(owner, part.encode())) + b"\n"

    def test_their_ballots_and_decryptions_in_an_election_of_ours(self):
        rng = random.Random(101)
        with tempfile.TemporaryDirectory() as name:
            home = pathlib.Path(name)
            folder = home / "e"
            draft = {"description": "Thử", "name": "Bầu", "questions": [
                question(rng, kind, n) for kind, n in zip(KINDS, (2, 5, 3, 2))]}
            (home / "q.json").write_text(json.dumps(draft, ensure_ascii=False))
            self.run_ok("setup", folder, "--questions", home / "q.json")
            self.run_ok("cards", (folder / "uuid").read_text(), "--voters", 4, "--cards",
                        home / "cards", "--public", home / "public")
            # One trustee makes a key with each program.
            self.run_ok("trustee-key", home / "ours")
            belenios("setup", "generate-trustee-key", "--group", "BELENIOS-2048", folder=home)
            [theirs] = [path for path in home.glob("*.privkey") if path.stem != "ours"]
            self.run_ok("open", folder, home / "ours.pubkey", theirs.with_suffix(".pubkey"),
                        "--public", home / "public")
            cards = (home / "cards").read_text().split()
            votes = [choices(rng, draft) for _ in cards]
            for i, (card, vote) in enumerate(zip(cards, votes)):
                made = (self.our_ballot if i % 2 == 0 else self.their_ballot)(folder, card, vote)
                (home / "ballot").write_text(made)
                self.run_ok("cast", folder, home / "ballot")
            self.run_ok("close", folder)
            self.run_ok("tally", folder)
            # And each decrypts with the other one.
            (home / "d2").write_text(self.run_ok(
                "trustee-decrypt", folder, theirs, "--end", self.end(folder)))
            part = belenios("election", "decrypt", "--privkey", home / "ours.privkey",
                            "--trustee-id", 1, folder=folder)
            (home / "d1").write_bytes(part.splitlines()[0])
            self.run_ok("result", folder, home / "d1", home / "d2")
            self.both_accept(folder, votes)

    def test_the_runs_are_of_every_shape(self):
        voters, trustees, drafts = zip(*(shape(random.Random(seed), seed)
                                         for seed in range(RUNS)))
        asked = [q for draft in drafts for q in draft["questions"]]
        sizes = {len(q["answers"]) for q in asked}
        self.assertEqual((min(voters), max(voters), min(sizes), max(sizes)), (3, 41, 1, 40))
        self.assertEqual(set(trustees), {2, 3})
        self.assertEqual({q["question"] for q in asked}, {f"Câu hỏi: {kind}" for kind in KINDS})


if __name__ == "__main__":
    sys.exit(unittest.main())
