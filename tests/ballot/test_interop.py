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


def questions(rng):
    """One to three questions of any kind."""
    found = []
    for _ in range(rng.randint(1, 3)):
        n = rng.choice([1, 2, 3, 5, 8])
        answers = [f"Đơn vị \"{i + 1}\" \\ số" for i in range(n)]
        kind = rng.choice(["each", "some", "one", "for or against"])
        most = rng.randint(1, n)
        found.append({
            "each": {"answers": answers, "min": 0, "max": n},
            "some": {"answers": answers, "blank": True, "min": 1, "max": most},
            "one": {"answers": answers, "blank": True, "min": 1, "max": 1},
            "for or against": {"answers": ["Có", "Không"], "min": 0, "max": 1},
        }[kind] | {"question": f"Câu hỏi: {kind}"})
    return {"description": "Thử", "name": "Bầu cử thử", "questions": found}


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


def result_of(folder):
    [path] = pathlib.Path(folder).glob("*.bel")
    return json.loads(bel.read(path)[1][-1][1][0])["result"]


class Interop(unittest.TestCase):
    def test_ours_are_right_for_belenios_tool(self):
        for seed in range(RUNS):
            with self.subTest(seed=seed), tempfile.TemporaryDirectory() as folder:
                self.ours(random.Random(seed), seed, pathlib.Path(folder))

    def ours(self, rng, seed, folder):
        (folder / "q.json").write_text(json.dumps(questions(rng), ensure_ascii=False, indent=1))
        made = thidua("demo", folder / "e", "--questions", folder / "q.json", "--seed", seed,
                      "--voters", rng.randint(3, 12), "--trustees", rng.randint(1, 3))
        self.assertEqual(made.returncode, 0, made.stderr)
        audit = thidua("verify", folder / "e")
        self.assertEqual(audit.returncode, 0, audit.stdout + audit.stderr)
        self.assertTrue(belenios_accepts(folder / "e"))

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
                self.theirs(random.Random(seed), pathlib.Path(folder))

    def theirs(self, rng, folder):
        draft = questions(rng)
        cards, keys = self.set_up_theirs(rng, folder, draft)
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
        counted = [int(n) for n in re.findall(r"^  .* {3}(\d+)$", audit.stdout, re.M)]
        self.assertEqual(counted, [n for question in sums for n in question])
        self.assertIn(f"cards that voted: {len(cards)}; ballots replaced: 1", audit.stdout)
        audit = thidua("verify", folder, "--issued", len(cards) - 1)
        self.assertEqual(audit.returncode, 1)
        self.assertIn("handed out", audit.stdout)

    def event(self, folder, kind, data):
        belenios("archive", "add-event", f"--type={kind}", folder=folder, data=data)

    def set_up_theirs(self, rng, folder, draft):
        """The cards, and the names of the files of the trustees' keys."""
        uuid = belenios("setup", "generate-token", folder=folder).decode().strip()
        voters = "".join(f"u{i}@x.vn,u{i}\n" for i in range(rng.randint(3, 6)))
        (folder / "voters.txt").write_text(voters)
        (folder / "q.json").write_text(json.dumps(draft, ensure_ascii=False))
        common = ["--group", "BELENIOS-2048"]
        belenios("setup", "generate-credentials", "--uuid", uuid, *common, "--file", "voters.txt",
                 folder=folder)
        [path] = folder.glob("*.pubcreds")
        path.rename(folder / "public_creds.json")
        [path] = folder.glob("*.privcreds")
        cards = [line.split()[-1] for line in path.read_text().splitlines()]
        for _ in range(rng.randint(1, 3)):
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


if __name__ == "__main__":
    sys.exit(unittest.main())
