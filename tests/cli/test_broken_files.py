"""Broken files: the shipped ones and random ones, mutated in hundreds of ways.

    THIDUA=build/dev/thidua python3 tests/cli/test_broken_files.py [--mutants N] [--first S]

Whatever is done to a file, the program ends within seconds with exit 0, 1 or 3, never by a signal.
When it refuses the file it names the file and the place; when it still accepts it, the result is
the reference's.
"""

import argparse
import concurrent.futures
import copy
import json
import os
import pathlib
import random
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "engine"))

import compare  # noqa: E402
import random_year  # noqa: E402
import reference  # noqa: E402

MUTANTS, FIRST = int(os.environ.get("THIDUA_MUTANTS", "600")), 0
SHOWN = 12
RANDOM_YEARS = 25

# file, place and message; the place is a JSON pointer (empty: the whole file)
PLACE = re.compile(r"^[^\s:][^:]*:(/\S*|): \w", re.M)
TRACE = re.compile(r"Sanitizer|runtime error|Traceback|Assertion|core dumped|\(null\)")

WRONG_TYPES = [1, -1, 0, 1.5, True, False, [], {}, "", "x", [1], {"x": 1}, ["x"], [[]], [None],
               10 ** 30, -10 ** 30, 2 ** 63, 1e308]
BAD_DECIMALS = ["1,5", "1.", ".5", "+1", " 1", "1 ", "1e3", "0x10", "NaN", "inf", "--1", "-",
                "1.2.3", "1_000", "1.0000000001", "१२", "１２", "1\u00a0000", "½", "5%%", "%"]
HUGE = ["9" * 18, "9" * 19, "9" * 20, "9" * 400, "-" + "9" * 19, "0." + "3" * 9, "0." + "3" * 200,
        "9" * 17 + ".9999", "1/" + "9" * 18, "9" * 18 + "/7", "1/0", "0/0", "1000000.0001",
        "99999999999999999%", "00000000000000000000001"]
DATES = ["2024-02-30", "2023-02-29", "0000-00-00", "9999-12-31", "1900-01-01", "2024-1-1",
         "24-01-01", "2024-13-01", "2024-12-32", "2024/12/01", "2024-12-01T00:00", "12-01", "02-29"]
BOMB = 200000


# ---- what is mutated ----------------------------------------------------------------------------

def places(document):
    """(container, key) of everything inside a document."""
    found, stack = [], [document]
    while stack:
        container = stack.pop()
        keys = container if isinstance(container, dict) else range(len(container))
        for key in keys:
            found.append((container, key))
            if isinstance(container[key], (dict, list)):
                stack.append(container[key])
    return found


def of_type(document, kind):
    return [(c, k) for c, k in places(document) if isinstance(c[k], kind)
            and not isinstance(c[k], bool)]


def number_like(text):
    return re.fullmatch(r"-?[0-9]+([./][0-9]+)?%?", text) is not None


def delete_key(document, rng):
    container, key = rng.choice(places(document))
    del container[key]


def wrong_type(document, rng):
    container, key = rng.choice(places(document))
    container[key] = copy.deepcopy(rng.choice(WRONG_TYPES))


def null(document, rng):
    container, key = rng.choice(places(document))
    container[key] = None


def unknown_key(document, rng):
    containers = [c for c, k in places(document) if isinstance(c, dict)]
    containers = [c for c in containers if not all(re.fullmatch(r"[A-Z].*|.*\d.*", k) for k in c)]
    rng.choice(containers)[rng.choice(["unknown", "Title", "pts", "titel", "", "$ref"])] = "x"


def bad_decimal(document, rng):
    numbers = [(c, k) for c, k in of_type(document, str) if number_like(c[k])]
    container, key = rng.choice(numbers or places(document))
    container[key] = rng.choice(BAD_DECIMALS)


def huge_number(document, rng):
    numbers = [(c, k) for c, k in places(document)
               if isinstance(c[k], int) or (isinstance(c[k], str) and number_like(c[k]))]
    container, key = rng.choice(numbers)
    container[key] = rng.choice([10 ** 9, 2 ** 31, 2 ** 63 - 1, 2 ** 64, -2 ** 63]) \
        if isinstance(container[key], int) else rng.choice(HUGE)


def other_number(document, rng):
    numbers = [(c, k) for c, k in places(document)
               if isinstance(c[k], int) or (isinstance(c[k], str) and number_like(c[k]))]
    container, key = rng.choice(numbers)
    value = rng.choice([0, 1, 2, 3, 7, 10, 100, -1])
    container[key] = value if isinstance(container[key], int) else str(value)


def bad_date(document, rng):
    dates = [(c, k) for c, k in of_type(document, str)
             if re.fullmatch(r"(\d{4}-)?\d\d-\d\d", c[k])]
    container, key = rng.choice(dates or of_type(document, str))
    container[key] = rng.choice(DATES)


def wrong_reference(document, rng):
    texts = of_type(document, str)
    container, key = rng.choice(texts)
    other, where = rng.choice(texts)
    container[key] = rng.choice([other[where], "nobody", container[key] + "x"])


def number_for_string(document, rng):
    numbers = [(c, k) for c, k in of_type(document, str) if number_like(c[k])]
    container, key = rng.choice(numbers or of_type(document, str))
    try:
        container[key] = json.loads(container[key].rstrip("%"))
    except ValueError:
        container[key] = 1


def swap_elements(document, rng):
    lists = [c[k] for c, k in of_type(document, list) if len(c[k]) > 1]
    chosen = rng.choice(lists)
    i, j = rng.sample(range(len(chosen)), 2)
    chosen[i], chosen[j] = chosen[j], chosen[i]


def swap_lists(document, rng):
    (c1, k1), (c2, k2) = (rng.choice(of_type(document, list)) for _ in range(2))
    c1[k1], c2[k2] = copy.deepcopy(c2[k2]), copy.deepcopy(c1[k1])


def repeat_element(document, rng):
    lists = [c[k] for c, k in of_type(document, list) if c[k]]
    chosen = rng.choice(lists)
    chosen.append(copy.deepcopy(rng.choice(chosen)))


def many_elements(document, rng):
    lists = [c[k] for c, k in of_type(document, list) if c[k]]
    chosen = rng.choice(lists)
    chosen.extend(copy.deepcopy(chosen[-1]) for _ in range(3000))


def deep_criteria(document, rng):
    key = "criteria" if "criteria" in document else "members"
    for _ in range(rng.choice([7, 8, 30, 60])):
        document[key] = [{"id": "x", "title": "x", "points": "1", "children": document[key]}]


def long_text(document, rng):
    container, key = rng.choice(of_type(document, str))
    container[key] = rng.choice(["x" * 65, "ơ" * 100000, "a\u0000b", "\u202e", "e\u0302", "../..",
                                 "%s%n", "\ud800", "\x1b[2J", "a\nb"])


TREE = [delete_key, wrong_type, null, unknown_key, bad_decimal, huge_number, other_number, bad_date,
        wrong_reference, number_for_string, swap_elements, swap_lists, repeat_element,
        many_elements, deep_criteria, long_text]


def truncated(data, rng):
    return data[:rng.randrange(len(data.rstrip()))]


def bad_utf8(data, rng):
    quotes = [i for i, byte in enumerate(data) if byte == ord('"')]
    at = rng.choice(quotes[::2]) + 1
    return data[:at] + rng.choice([b"\xff", b"\xc0\xaf", b"\xed\xa0\x80", b"\xe1\xbb",
                                   b"\xf8\x88\x80\x80\x80"]) + data[at:]


def duplicate_key(data, rng):
    keys = list(re.finditer(rb'("[\w.-]+": )("[^"\\]*"|\d+|true|false),', data))
    found = rng.choice(keys)
    return data[:found.start()] + found[0] + b" " + data[found.start():]


def bomb(data, rng):
    values = list(re.finditer(rb'": ("[^"\\]*"|\d+)', data))
    found = rng.choice(values)
    opening, closing = rng.choice([(b"[", b"]"), (b'{"a":', b"}")])
    depth = rng.choice([BOMB, 3000])
    return (data[:found.start(1)] + opening * depth + b"1" + closing * depth
            + data[found.end(1):])


def garbage(data, rng):
    return rng.choice([b"", b" ", b"\xef\xbb\xbf" + data, data + b"x", data + data,
                       b"// c\n" + data, data.replace(b",", b",,", 1), b"\x00" * 100,
                       b"[1]", b"null", b'"x"', b"{}", data.replace(b'"', b"'"),
                       data.rstrip()[:-1] + b",}"])


def flipped(data, rng):
    data = bytearray(data)
    for _ in range(rng.randint(1, 4)):
        data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)
    return bytes(data)


TEXT = [truncated, bad_utf8, duplicate_key, bomb, garbage, flipped]

REFUSED = {"unknown_key", "bad_utf8", "duplicate_key", "bomb", "truncated"}


# ---- running -----------------------------------------------------------------------------------

class BrokenFiles(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        if not compare.PROGRAM:
            raise unittest.SkipTest("THIDUA names no program")
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="thidua-broken-"))
        for name in ("regulations", "examples"):
            shutil.copytree(ROOT / name, cls.folder / name)
        for seed in range(RANDOM_YEARS):
            random_year.write(cls.folder / "random" / str(seed), *random_year.make(seed))
        cls.years, cls.regulations, cls.frames = [], {}, {}
        for path in sorted(cls.folder.rglob("*.json")):
            if path.parent.name == "schema":
                continue
            form = json.loads(path.read_text(encoding="utf-8"))["format"]
            if form.startswith("thidua-year"):
                cls.years.append(path)
            elif form.startswith("thidua-regulation"):
                cls.regulations[path.resolve()] = []
            else:
                cls.frames[path.resolve()] = []
        ids = {json.loads(frame.read_text(encoding="utf-8"))["id"]: frame for frame in cls.frames}
        for path in cls.years:
            named = json.loads(path.read_text(encoding="utf-8"))["regulation"]
            cls.regulations[(path.parent / named).resolve()].append(path)
        for path in cls.regulations:
            frame = json.loads(path.read_text(encoding="utf-8")).get("frame")
            if frame in ids:
                cls.frames[ids[frame]].append(path)
        cls.failed = False

    @classmethod
    def tearDownClass(cls):
        if not cls.failed:
            shutil.rmtree(cls.folder)

    def run_program(self, arguments, path, wrong):
        """Exit status; what is wrong with how it ended goes to `wrong`."""
        try:
            run = subprocess.run([compare.PROGRAM, *map(str, arguments), "--language", "en"],
                                 stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                 stdin=subprocess.DEVNULL, timeout=compare.SECONDS, check=False)
        except subprocess.TimeoutExpired:
            wrong.append(f"no end after {compare.SECONDS} s")
            return None, b""
        said = (run.stderr + run.stdout).decode(errors="replace")
        if run.returncode not in (0, 1, 3):
            wrong.append(f"exit {run.returncode}: {said[-1500:]}")
        if TRACE.search(run.stderr.decode(errors="replace")):
            wrong.append(f"a trace: {said[-1500:]}")
        if run.returncode == 1:
            if not PLACE.search(said):
                wrong.append(f"no place in: {said[:600]}")
        if run.returncode == 1 and run.stdout and b'"thidua-result' in run.stdout:
            wrong.append("exit 1 with a result")
        return run.returncode, run.stdout

    def compare_year(self, year, regulation, path, wrong):
        """Score, and compare with the reference when the files are accepted."""
        arguments = ["score", "--year", year, "--format", "json"]
        if regulation is not None:
            arguments += ["--regulation", regulation]
        status, output = self.run_program(arguments, path, wrong)
        if status not in (0, 3):
            return status
        try:
            expected = reference.score_files(year, regulation)
        except Exception as error:  # accepted by the program, not understood by the reference
            wrong.append(f"accepted, but the reference says {type(error).__name__}: {error}")
            return status
        wrong += compare.differences(json.loads(output), expected)
        return status

    def one(self, seed):
        rng = random.Random(f"broken {seed}")
        kind = rng.choice([self.years] * 4 + [list(self.regulations)] * 3
                          + [list(self.frames) or self.years])
        shipped = [path for path in kind if "random" not in path.parts]
        original = rng.choice(shipped if shipped and rng.random() < 0.5 else kind)
        data = original.read_bytes()
        mutate = rng.choice(TREE + TEXT)
        if mutate in TREE:
            document = json.loads(data)
            for _ in range(rng.choice([1, 1, 1, 2, 3])):
                try:
                    mutate(document, rng)
                except (IndexError, TypeError, KeyError, AttributeError):
                    pass  # nothing of the kind in this file
            data = json.dumps(document, ensure_ascii=False, indent=1).encode(
                errors="surrogatepass")
        else:
            data = mutate(data, rng)
        if data == original.read_bytes():
            return []
        path = original.parent / f"mutant-{seed}.json"
        path.write_bytes(data)
        wrong, name = [], mutate.__name__
        if original in self.years:
            status = self.compare_year(path, None, path, wrong)
        elif original in self.regulations:
            status, _ = self.run_program(["regulation", "check", path], path, wrong)
            for year in self.regulations[original][:1]:
                scored = self.compare_year(year, path, path if status == 1 else year, wrong)
                if status == 1 and scored != 1:
                    wrong.append(f"check refuses it, score ends with {scored}")
        else:
            status, _ = self.run_program(["regulation", "check", path], path, wrong)
            for regulation in self.frames[original][:1]:
                status, _ = self.run_program(["regulation", "conform", regulation,
                                              "--frame", path], path if status else regulation,
                                             wrong)
        if name in REFUSED and status != 1:
            wrong.append(f"accepted, exit {status}")
        if not wrong:
            path.unlink()
        return [f"{name} of {original.relative_to(self.folder.resolve())}: {path}"] + wrong \
            if wrong else []

    def test_mutants(self):
        seeds = range(FIRST, FIRST + MUTANTS)
        with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
            failures = [(seed, wrong) for seed, wrong in zip(seeds, pool.map(self.one, seeds))
                        if wrong]
        if failures:
            type(self).failed = True
            for seed, wrong in failures[:SHOWN]:
                print(f"mutant {seed}: " + "\n    ".join(wrong[:8]), file=sys.stderr)
            self.fail(f"{len(failures)} of {MUTANTS} mutants: "
                      + " ".join(str(seed) for seed, _ in failures[:60]))

    def test_missing_files(self):
        for arguments in (["score", "--year", "/nonexistent/year.json"],
                          ["regulation", "check", "/nonexistent/regulation.json"],
                          ["score", "--year", str(self.folder)]):
            run = subprocess.run([compare.PROGRAM, *arguments], stdout=subprocess.PIPE,
                                 stderr=subprocess.PIPE, timeout=compare.SECONDS, check=False)
            self.assertEqual(run.returncode, 1, arguments)
            self.assertIn(arguments[-1].encode(), run.stderr, arguments)


if __name__ == "__main__":
    options = argparse.ArgumentParser(add_help=False)
    options.add_argument("--mutants", type=int, default=MUTANTS)
    options.add_argument("--first", type=int, default=FIRST)
    chosen, rest = options.parse_known_args()
    FIRST, MUTANTS = chosen.first, chosen.mutants
    unittest.main(argv=sys.argv[:1] + rest)
