#!/usr/bin/env python3
"""Every way of tampering with an election that we could think of: our audit rejects each and names
it, and beside it stands what belenios-tool 2.0 says, so that a change of either is seen.

Each row: what is done, the words by which our audit names it, and whether belenios-tool lets it
pass. The lie is consistent wherever it can be: the archive is named and chained anew.
"""

import json
import pathlib
import random
import re
import sys
import tempfile
import unittest

import bel
import cheat
from cheat import P, Q
from tool import KNOWN, belenios, belenios_accepts, thidua

UUID = "fP9BVSbsHhY5kc"
ARCHIVE = KNOWN / f"{UUID}.bel"
TIMESTAMP, EVENTS = bel.read(ARCHIVE)
BYTES = ARCHIVE.read_bytes()
# Where things stand among the events.
SETUP, BALLOTS, END, TALLY, DECRYPTIONS, RESULT = 0, range(1, 6), 6, 7, range(8, 11), 11
ELECTION = json.loads(EVENTS[SETUP][1][0])
CARDS = [cheat.secret_of(line.split()[-1], UUID)
         for line in (KNOWN / "cards.txt").read_text(encoding="ascii").splitlines()]
# The card's secret of each ballot.
SECRETS = [next(secret for secret in CARDS if pow(cheat.G, secret, P) == int(
    json.loads(EVENTS[i][1][0])["credential"])) for i in BALLOTS]


def chained(events):
    return bel.write(TIMESTAMP, events)


def with_event(index, parts, kind=None):
    events = list(EVENTS)
    events[index] = (kind or events[index][0], parts)
    return chained(events)


def ballot(change, index=1):
    """The archive with the change made to a ballot's JSON."""
    value = json.loads(EVENTS[index][1][0])
    change(value)
    return with_event(index, [bel.compact(value)])


def ballot_text(pattern, replacement, index=1):
    text = EVENTS[index][1][0].decode()
    changed = re.sub(pattern, replacement, text, count=1)
    assert changed != text
    return with_event(index, [changed.encode()])


def setup(election=None, trustees=None, credentials=None):
    old = EVENTS[SETUP][1]
    return with_event(SETUP, bel.setup_of(
        old[0] if election is None else election, old[1] if trustees is None else trustees,
        old[2] if credentials is None else credentials))


def election(change):
    value = json.loads(EVENTS[SETUP][1][0])
    change(value)
    return setup(election=bel.compact(value))


def trustees(change):
    value = json.loads(EVENTS[SETUP][1][1])
    change(value)
    return setup(trustees=bel.compact(value))


def credentials(change):
    value = json.loads(EVENTS[SETUP][1][2])
    change(value)
    return setup(credentials=bel.compact(value))


def decryption(change, owner=1):
    value = json.loads(EVENTS[7 + owner][1][0])
    change(value)
    return with_event(7 + owner, bel.decryption_of(owner, bel.compact(value)))


def plus_one(holder, key, modulus=Q):
    holder[key] = str((int(holder[key]) + 1) % modulus)


def swapped(a, b):
    events = list(EVENTS)
    events[a], events[b] = events[b], events[a]
    return chained(events)


def without(*indexes):
    return chained([event for i, event in enumerate(EVENTS) if i not in indexes])


def answers(value, *path):
    found = value["answers"]
    for step in path:
        found = found[step]
    return found


def swap(items, a, b):
    items[a], items[b] = items[b], items[a]


def negated(holder, key):
    """Not in the group of order q any more: -1 has order 2."""
    holder[key] = str(P - int(holder[key]))


def flip(at):
    data = bytearray(BYTES)
    data[at] ^= 1
    return bytes(data)


def resigned(change, index=1, secret=None):
    """The archive with a ballot changed and signed again by its voter, or by another."""
    value = json.loads(EVENTS[index][1][0])
    change(value)
    return with_event(index, [cheat.signed(value, secret or SECRETS[index - 1])])


def again(data):
    """The same choices signed once more: another ballot of the same card."""
    return cheat.signed(json.loads(data), SECRETS[0])


def other_election(folder):
    """The events of one with the same questions."""
    draft = {key: ELECTION[key] for key in ("description", "name", "questions")}
    path = pathlib.Path(folder) / "q.json"
    path.write_text(json.dumps(draft, ensure_ascii=False), encoding="utf-8")
    done = thidua("demo", pathlib.Path(folder) / "e", "--questions", path, "--voters", 1,
                  "--trustees", 3)
    assert done.returncode == 0, done.stderr
    [archive] = (pathlib.Path(folder) / "e").glob("*.bel")
    return bel.read(archive)[1]


def foreign():
    with tempfile.TemporaryDirectory() as folder:
        return with_event(1, other_election(folder)[1][1])


def other_decryption():
    """By the first trustee of another election."""
    with tempfile.TemporaryDirectory() as folder:
        return other_election(folder)[4][1][0]


def outside_factor(value):
    alphas = [[int(slot["alpha"]) for slot in answer] for answer in json.loads(EVENTS[TALLY][1][0])]
    key = int((KNOWN / "trustee1.privkey").read_text(encoding="ascii").strip().strip('"'))
    cheat.decryption(value, json.loads(EVENTS[1][1][0])["election_hash"], key, alphas, (0, 2))


def edited(at, **fields):
    """The archive with other words in an event, whose followers name it as it is."""
    return bel.write(TIMESTAMP, EVENTS,
                     lambda event: event.update(fields) if event["height"] == at else None)


def finished(events):
    """An archive of these events, summed and decrypted by belenios-tool with all trustees' keys."""
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / f"{UUID}.bel"
        path.write_bytes(chained(events))

        def add(kind, data):
            belenios("archive", "add-event", f"--type={kind}", folder=folder, data=data)

        add("EncryptedTally", belenios("election", "compute-encrypted-tally", folder=folder))
        for i in (1, 2, 3):
            add("PartialDecryption", belenios(
                "election", "decrypt", "--privkey", KNOWN / f"trustee{i}.privkey",
                "--trustee-id", i, folder=folder))
        add("Result", belenios("election", "compute-result", folder=folder))
        return path.read_bytes()


def late_ballot():
    """Ballots before the end vanish from its sum when one follows the end."""
    return finished(EVENTS[:5] + [EVENTS[END], EVENTS[5]])


# (what, bytes, our words, does belenios-tool let it pass?)
def cases():
    first = EVENTS[1][1][0]
    tally = EVENTS[TALLY][1][0]
    yield "a byte of the first header", flip(140), "begin as an archive", False
    yield "a digit of a ballot", flip(BYTES.index(first) + 700), "record was altered", False
    yield "a byte of padding", flip(BYTES.index(first) + len(first) + 3), \
        "header of a record", False
    yield "cut in a ballot", BYTES[:BYTES.index(first) + 99], "middle of a record", False
    yield "tar's two zero blocks", BYTES + bytes(1024), "header of a record|was altered", False
    yield "foreign data at the end", BYTES + bel.record(bel.sha(b"1") + ".data.json", b"1",
                                                        TIMESTAMP), "before its event", False
    yield "another timestamp", bel.write(TIMESTAMP + 1, EVENTS)[:512] + BYTES[512:], \
        "begin as", False

    yield "an answer's words", election(lambda e: e["questions"][0]["answers"].reverse()), \
        "another election", False
    yield "max of a question", election(lambda e: e["questions"][0].update(max=5)), \
        "another election", False
    yield "the election's key", election(lambda e: plus_one(e, "public_key", P)), \
        "election is not written", False
    yield "the key of two of three trustees", election(lambda e: e.update(
        public_key=str(int(json.loads(EVENTS[0][1][1])[0][1]["public_key"])
                       * int(json.loads(EVENTS[0][1][1])[1][1]["public_key"]) % P))), \
        "not that of its trustees", False
    yield "another group", election(lambda e: e.update(group="RFC-3526-2048")), \
        "election is not written", False
    yield "a trustee's proof", trustees(lambda t: plus_one(t[0][1]["pok"], "response")), \
        "trustee's key or its proof", False
    yield "a trustee left out", trustees(lambda t: t.pop()), "not that of its trustees", False
    yield "a trustee twice", trustees(lambda t: t.append(t[0])), "trustee's key", False
    yield "a credential left out", credentials(lambda c: c.remove(
        json.loads(first)["credential"])), "not one of this election", False
    yield "a credential twice", credentials(lambda c: c.append(c[0])), "stands there twice", False
    yield "a credential outside the group", credentials(lambda c: negated(c, 4)), \
        "a credential is wrong", False

    yield "a blank in a ballot", ballot_text('":"', '": "'), "not the text of a ballot", False
    yield "a zero before a number", ballot_text('"alpha":"', '"alpha":"0'), "not the text", False
    yield "a response above q", ballot(lambda b: answers(b, 0, "individual_proofs", 0, 0).update(
        response=str(int(answers(b, 0, "individual_proofs", 0, 0)["response"]) + Q))), \
        "not the text of a ballot", False
    yield "a field more", ballot(lambda b: b.update(more="1")), "not the text of a ballot", False
    yield "an answer less", ballot(lambda b: b["answers"].pop()), "not the text of a ballot", False
    yield "another election's uuid", ballot(lambda b: b.update(election_uuid="x" * 14)), \
        "another election", False
    yield "another fingerprint", ballot(lambda b: b.update(election_hash="A" * 43)), \
        "another election", False
    yield "alpha outside the group", ballot(
        lambda b: negated(answers(b, 0, "choices", 0), "alpha")), "not the text", False
    yield "another voter's credential", ballot(lambda b: b.update(
        credential=json.loads(EVENTS[2][1][0])["credential"])), "not the text", False
    yield "the signature's response", ballot(
        lambda b: plus_one(b["signature"]["proof"], "response")), "not signed", False
    yield "another's signature", ballot(lambda b: b["signature"].update(
        proof=json.loads(EVENTS[2][1][0])["signature"]["proof"])), "not signed", False
    yield "the signed hash", ballot(lambda b: b["signature"].update(hash="A" * 43)), \
        "not the text", False

    # The voter's own program: what is signed again shows what is behind the signature.
    yield "alpha outside the group, signed", resigned(
        lambda b: negated(answers(b, 0, "choices", 0), "alpha")), "not one of the group", False
    yield "beta outside the group, signed", resigned(
        lambda b: negated(answers(b, 1, "choices", 1), "beta")), "not one of the group", False
    yield "alpha 0, signed", resigned(
        lambda b: answers(b, 0, "choices", 0).update(alpha="0")), "not one of the group", False
    yield "alpha outside the group, all proofs holding", with_event(1, [cheat.outside(
        first, ELECTION, SECRETS[0], 1)]), "not one of the group", False
    yield "a ciphertext of another slot, signed", resigned(
        lambda b: swap(answers(b, 0, "choices"), 1, 2)), "proved to be yes or no", False
    yield "a proof of a choice, signed", resigned(lambda b: plus_one(
        answers(b, 0, "individual_proofs", 2, 1), "challenge")), "proved to be yes or no", False
    yield "proofs of choices swapped, signed", resigned(
        lambda b: swap(answers(b, 0, "individual_proofs"), 1, 2)), "proved to be yes or no", False
    yield "branches of a proof swapped, signed", resigned(
        lambda b: swap(answers(b, 0, "individual_proofs", 1), 0, 1)), "to be yes or no", False
    yield "the proof of the sum, signed", resigned(lambda b: plus_one(
        answers(b, 0, "overall_proof", 0), "response")), "number of choices", False
    yield "a branch of the sum swapped, signed", resigned(
        lambda b: swap(answers(b, 1, "overall_proof"), 0, 1)), "number of choices", False
    yield "the proof of blank, signed", resigned(lambda b: plus_one(
        answers(b, 0, "blank_proof", 1), "challenge")), "either blank or not", False
    yield "another voter's answers, signed", resigned(lambda b: b.update(
        answers=json.loads(EVENTS[2][1][0])["answers"])), "proved to be yes or no", False
    yield "another's ballot under one's own name, signed", resigned(
        lambda b: b.update(credential=json.loads(first)["credential"]), 2, SECRETS[0]), \
        "proved to be yes or no", False
    yield "signed with another card", resigned(lambda b: None, 1, SECRETS[1]), "not signed", False
    yield "a ballot of another election with the same questions", foreign(), \
        "another election", False
    yield "an earlier choice brought back after a later one", chained(
        EVENTS[:2] + [("Ballot", [again(first)])] + EVENTS[1:2] + EVENTS[2:]), \
        "there already", True

    yield "the same ballot again", chained(EVENTS[:5] + [EVENTS[1]] + EVENTS[5:]), \
        "there already", True
    yield "a ballot dropped after the sum", without(3), "sum is not that", False
    yield "a ballot after the end", chained(EVENTS[:END] + [EVENTS[END], EVENTS[1]]
                                            + EVENTS[TALLY:]), "after the end", False
    yield "ballots hidden by one after the end", late_ballot(), "after the end", True
    yield "a ballot after the result", chained(EVENTS + [EVENTS[1]]), "after the end", False
    yield "no end of voting", without(END), "can't stand here", True
    yield "two ends", chained(EVENTS[:TALLY] + [EVENTS[END]] + EVENTS[TALLY:]), \
        "can't stand here", True
    yield "two setups", chained([EVENTS[0]] + EVENTS), "can't stand here", True
    yield "no setup", without(SETUP), "is not set up", False
    yield "a decryption before the sum", swapped(TALLY, 8), "can't stand here", False

    yield "the number in the sum", with_event(TALLY, bel.tally_of(4, tally)), \
        "number of ballots", True
    yield "the sum, another ballot's", with_event(TALLY, bel.tally_of(5, bel.compact(
        [json.loads(first)["answers"][i]["choices"] for i in (0, 1)]))), "sum is not that", True
    yield "a decryption's factor", decryption(
        lambda d: plus_one(d["decryption_factors"][0], 0, P)), "trustee 1 is wrong", False
    yield "a decryption's proof", decryption(
        lambda d: plus_one(d["decryption_proofs"][0][0], "challenge")), "trustee 1 is wrong", False
    yield "factors swapped", decryption(
        lambda d: swap(d["decryption_factors"][0], 0, 1)), "trustee 1 is wrong", False
    yield "a factor outside the group, its proof holding", decryption(outside_factor), \
        "trustee 1 is wrong", False
    yield "a decryption of another sum", with_event(8, bel.decryption_of(1, other_decryption())), \
        "trustee 1 is wrong", False
    yield "a factor less", decryption(
        lambda d: d["decryption_factors"][0].pop()), "trustee 1 is wrong", False
    yield "another trustee's decryption", with_event(
        8, bel.decryption_of(1, EVENTS[9][1][0])), "trustee 1 is wrong", False
    yield "a decryption left out", without(9), "decryption by trustee 2", False
    yield "a decryption twice", chained(EVENTS[:9] + [EVENTS[8]] + EVENTS[9:]), \
        "second decryption", True
    yield "owners swapped", chained(
        EVENTS[:8] + [("PartialDecryption", bel.decryption_of(2, EVENTS[8][1][0])),
                      ("PartialDecryption", bel.decryption_of(1, EVENTS[9][1][0]))]
        + EVENTS[10:]), "is wrong", False
    yield "a fourth trustee", with_event(8, bel.decryption_of(4, EVENTS[8][1][0])), \
        "no trustee", False
    yield "the result", with_event(RESULT, [b'{"result":[[1,1,1,1,3,3],[2,2]]}']), \
        "not what the decryptions give", False
    yield "the result of one question", with_event(
        RESULT, [b'{"result":[[1,1,1,1,3,3]]}']), "not what the decryptions give", False
    yield "a second result", chained(EVENTS + [EVENTS[RESULT]]), "can't stand here", True
    yield "the result left out", without(RESULT), "not yet decrypted", True

    yield "an event's parent", edited(3, parent="0" * 64), "doesn't follow the one before", False
    yield "an event's height", edited(3, height=7), "not written as it should be", False
    yield "an event's type", edited(3, type="Note"), "not written as it should be", False
    yield "an event's payload", edited(3, payload="0" * 64), "not those that it names", False
    yield "a word more in an event", edited(3, note="x"), "not written as it should be", False
    yield "a payload at the end of voting", edited(END, payload="0" * 64), \
        "not written as it should be", False
    yield "data that no event names", chained(
        EVENTS[:3] + [("Ballot", [b"x", EVENTS[3][1][0]])] + EVENTS[4:]), \
        "not those that it names", False
    yield "the setup's data in another order", with_event(
        SETUP, [EVENTS[0][1][1], EVENTS[0][1][0], *EVENTS[0][1][2:]]), "in this order", False
    yield "an event without its data", with_event(3, []), "not those that it names", False
    yield "no events", chained([]), "holds no election", False
    yield "nothing", b"", "begin as", False


class Tamper(unittest.TestCase):
    def setUp(self):
        self.work = tempfile.TemporaryDirectory()
        self.folder = pathlib.Path(self.work.name)
        self.addCleanup(self.work.cleanup)

    def audit(self, data, *words):
        (self.folder / f"{UUID}.bel").write_bytes(data)
        return thidua("verify", self.folder, *words)

    def test_the_untouched_archive_holds(self):
        self.assertEqual(chained(EVENTS), BYTES)
        done = self.audit(BYTES)
        self.assertEqual(done.returncode, 0, done.stdout)
        self.assertTrue(belenios_accepts(self.folder))

    def test_each_is_rejected_and_named(self):
        count = 0
        for what, data, words, passes in cases():
            with self.subTest(what=what):
                count += 1
                done = self.audit(data)
                # Without its result an election is only not finished.
                code = 3 if what == "the result left out" else 1
                self.assertEqual(done.returncode, code, done.stdout + done.stderr)
                self.assertRegex(done.stdout, words)
                self.assertEqual(belenios_accepts(self.folder), passes)
        self.assertGreaterEqual(count, 80)

    def test_single_bits_anywhere(self):
        rng = random.Random(1)
        for _ in range(60):
            data = bytearray(BYTES)
            at = rng.randrange(len(data))
            data[at] ^= 1 << rng.randrange(8)
            with self.subTest(at=at):
                self.assertEqual(self.audit(bytes(data)).returncode, 1)

    def test_an_earlier_copy_is_continued(self):
        with tempfile.TemporaryDirectory() as folder:
            copy = pathlib.Path(folder) / f"{UUID}.bel"
            copy.write_bytes(chained(EVENTS[:4]))
            done = self.audit(BYTES, "--earlier", folder)
            self.assertEqual(done.returncode, 0)
            self.assertIn("continues the earlier copy", done.stdout)
            copy.write_bytes(chained(EVENTS[:4]) + b"half a record")
            self.assertEqual(self.audit(BYTES, "--earlier", folder).returncode, 0)
            # A ballot dropped while voting goes on, and the chain written anew.
            done = self.audit(without(2, *range(END, RESULT + 1)), "--earlier", folder)
            self.assertEqual(done.returncode, 1)
            self.assertIn("rewritten", done.stdout)
            copy.write_bytes(b"nothing")
            self.assertIn("not an archive", self.audit(BYTES, "--earlier", folder).stdout)

    def test_an_earlier_copy_knows_the_order(self):
        with tempfile.TemporaryDirectory() as folder:
            copy = pathlib.Path(folder) / f"{UUID}.bel"
            for what, events in (
                    ("reordered", EVENTS[:1] + EVENTS[2:3] + EVENTS[1:2] + EVENTS[3:]),
                    ("voted again in a voter's name", EVENTS[:1] + [("Ballot", [again(
                        EVENTS[1][1][0])])] + EVENTS[2:]),
                    ("the end taken back", EVENTS[:END])):
                with self.subTest(what=what):
                    copy.write_bytes(chained(EVENTS[:END + 1]))
                    done = self.audit(chained(events), "--earlier", folder)
                    self.assertEqual(done.returncode, 1)
                    self.assertIn("rewritten", done.stdout)

    def test_the_codes_of_the_minutes(self):
        (self.folder / f"{UUID}.bel").write_bytes(BYTES)
        setup, end, last = (bel.code(self.folder / f"{UUID}.bel", kind)
                            for kind in ("Setup", "EndBallots", "Result"))
        done = self.audit(BYTES, "--setup", setup, "--end", end[:16])
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        for words in (f"Setup's code: {setup}", f"End's code: {end}", f"Last event's code: {last}"):
            self.assertIn(words, done.stdout)
        # As it stands on the screen, and as somebody may type it.
        grouped = " ".join(end[i:i + 4] for i in range(0, 64, 4))
        for typed in (grouped, grouped.replace(" ", "-")):
            self.assertEqual(self.audit(BYTES, "--end", typed).returncode, 0)
        self.assertEqual(self.audit(BYTES, "--end", end.upper()).returncode, 0)
        for wrong in (end[:15], end + "0", "x" * 16, ""):
            self.assertEqual(self.audit(BYTES, "--end", wrong).returncode, 2, wrong)
            self.assertEqual(self.audit(BYTES, "--setup", wrong).returncode, 2, wrong)
        # What agrees with itself, and is not the election of the minutes.
        data = finished(EVENTS[:3] + EVENTS[4:END + 1])
        self.assertEqual(self.audit(data).returncode, 0)
        done = self.audit(data, "--setup", setup, "--end", end)
        self.assertEqual(done.returncode, 1)
        self.assertIn("the end's code is not " + end, done.stdout)
        self.assertNotIn("the setup's code is not", done.stdout)
        done = self.audit(chained(EVENTS[:END]), "--end", end)
        self.assertEqual(done.returncode, 1)
        self.assertIn("voting has not ended", done.stdout)
        # One card more on the list: what follows is right, by itself.
        more = bel.compact(sorted([*json.loads(EVENTS[SETUP][1][2]), str(cheat.G)], key=int))
        data = bel.write(TIMESTAMP, [("Setup", bel.setup_of(*EVENTS[SETUP][1][:2], more))]
                         + EVENTS[1:])
        self.assertEqual(self.audit(data).returncode, 0)
        done = self.audit(data, "--setup", setup)
        self.assertEqual(done.returncode, 1)
        self.assertIn("the setup's code is not " + setup, done.stdout)

    def test_more_ballots_than_cards(self):
        done = self.audit(BYTES, "--issued", 5)
        self.assertEqual(done.returncode, 0)
        self.assertIn("Cards handed out: 5", done.stdout)
        done = self.audit(BYTES, "--issued", 4)
        self.assertEqual(done.returncode, 1)
        self.assertIn("5 cards voted, and only 4 were handed out", done.stdout)

    def test_wrong_use(self):
        self.assertEqual(thidua("verify").returncode, 2)
        self.assertEqual(thidua("verify", self.folder / "none").returncode, 1)
        self.assertEqual(thidua("verify", self.folder).returncode, 1)
        self.assertEqual(self.audit(BYTES, "--issued", "x").returncode, 2)
        (self.folder / "AAAAAAAAAAAAAA.bel").write_bytes(BYTES)
        self.assertEqual(thidua("verify", self.folder).returncode, 1)
        (self.folder / f"{UUID}.bel").unlink()
        self.assertIn("another election", thidua("verify", self.folder).stdout)


if __name__ == "__main__":
    sys.exit(unittest.main())
