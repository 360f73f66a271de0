#!/usr/bin/env python3
"""The command line as its users meet it: exit statuses, forms of the result, help, wrong use."""

import csv
import io
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unicodedata
import unittest

PROGRAM = os.environ["THIDUA"]
ROOT = pathlib.Path(__file__).resolve().parents[2]
HAI_PHONG = "examples/hai-phong-2024/year.json"
BAC_GIANG = "examples/bac-giang-2022/year.json"
HA_DONG = "examples/ha-dong-2024/year.json"


def run(*words, **options):
    return subprocess.run([PROGRAM, *words], capture_output=True, text=True, cwd=ROOT, timeout=60,
                          check=False, **options)


def columns(text):
    wide = sum(unicodedata.east_asian_width(c) in "WF" for c in text)
    return len(text) - sum(unicodedata.combining(c) != 0 for c in text) + wide


class Score(unittest.TestCase):
    def test_hai_phong_is_final(self):
        done = run("score", "--year", HAI_PHONG)
        self.assertEqual(done.returncode, 0)
        self.assertIn("Sở Công Thương", done.stdout)
        self.assertIn("Kết quả chính thức", done.stdout)

    def test_bac_giang_is_not_final(self):
        done = run("score", "--year", BAC_GIANG, "--language", "en")
        self.assertEqual(done.returncode, 3)
        self.assertIn("not final", done.stdout)

    def test_the_invented_year_of_sixty_items(self):
        with tempfile.TemporaryDirectory() as folder:
            for words, code in ((["--sheets"], 0), ([], 3)):
                subprocess.run([sys.executable, ROOT / "tests/sixty_year.py", folder, *words],
                               check=True)
                done = run("score", "--year", folder + "/year.json", "--format", "json")
                self.assertEqual(done.returncode, code, done.stdout + done.stderr)
                self.assertEqual(len(json.loads(done.stdout)["units"]), 7)

    def test_the_table_fits_100_columns(self):
        for year in (HAI_PHONG, BAC_GIANG, HA_DONG):
            for language in ("vi", "en"):
                done = run("score", "--year", year, "--language", language)
                long = [line for line in done.stdout.splitlines() if columns(line) > 100]
                self.assertEqual(long, [])

    def test_json(self):
        for year in (HAI_PHONG, BAC_GIANG, HA_DONG):
            result = json.loads(run("score", "--year", year, "--format", "json").stdout)
            self.assertEqual(result["format"], "thidua-result/1")
            self.assertEqual(sorted(result["regulation"]), ["id", "sha256", "version"])
            ranks = [unit["rank"] for unit in result["units"]]
            self.assertEqual(ranks, sorted(ranks))

    def test_the_sha256_is_that_of_the_file(self):
        path = ROOT / "regulations/hai-phong-2024/regulation.json"
        wanted = subprocess.run(["sha256sum", path], capture_output=True, text=True, check=True)
        result = json.loads(run("score", "--year", HAI_PHONG, "--format", "json").stdout)
        self.assertEqual(result["regulation"]["sha256"], wanted.stdout.split()[0])

    def test_the_same_input_gives_the_same_bytes(self):
        for form in ("json", "csv", "table"):
            first = run("score", "--year", BAC_GIANG, "--format", form).stdout
            second = run("score", "--year", BAC_GIANG, "--format", form,
                         env={**os.environ, "LC_ALL": "vi_VN.UTF-8", "TZ": "Asia/Tokyo"}).stdout
            self.assertEqual(first, second)

    def test_csv_opens_in_excel(self):
        done = subprocess.run([PROGRAM, "score", "--year", HAI_PHONG, "--format", "csv"],
                              capture_output=True, cwd=ROOT, check=False)
        self.assertTrue(done.stdout.startswith(b"\xef\xbb\xbf"))
        rows = list(csv.reader(io.StringIO(done.stdout.decode("utf-8-sig")), delimiter=";"))
        self.assertEqual(len(rows), 8)
        self.assertEqual(rows[1][1:5], ["SCT", "Sở Công Thương", "6774 ÷ 7", "967,71"])
        rows = list(csv.reader(io.StringIO(run("score", "--year", HAI_PHONG, "--format", "csv",
                                               "--language", "en").stdout)))
        self.assertEqual(rows[1][4], "967.71")

    def test_another_regulation(self):
        done = run("score", "--year", HAI_PHONG, "--regulation",
                   "regulations/ha-dong-2024/regulation.json", "--language", "en")
        self.assertEqual(done.returncode, 1)
        self.assertIn("year.json:/", done.stderr)

    def test_explain(self):
        done = run("score", "--year", HAI_PHONG, "--explain", "SCT", "--language", "en")
        self.assertEqual(done.returncode, 0)
        self.assertIn("Mean of 7 sheets (of 7 in all)", done.stdout)
        self.assertIn("[000 Đ10.4]", done.stdout)

    def test_explain_an_unknown_unit(self):
        done = run("score", "--year", HAI_PHONG, "--explain", "XYZ")
        self.assertEqual(done.returncode, 2)
        self.assertIn("SCT", done.stderr)

    def test_a_missing_file(self):
        done = run("score", "--year", "nowhere.json")
        self.assertEqual(done.returncode, 1)
        self.assertIn("nowhere.json", done.stderr)

    def test_a_folder(self):
        self.assertEqual(run("score", "--year", "examples").returncode, 1)

    def test_output_that_cannot_be_written(self):
        with open("/dev/full", "w", encoding="utf-8") as full:
            done = subprocess.run([PROGRAM, "score", "--year", HAI_PHONG], stdout=full,
                                  stderr=subprocess.PIPE, text=True, cwd=ROOT, check=False)
        self.assertEqual(done.returncode, 4)
        self.assertNotEqual(done.stderr, "")


class Regulation(unittest.TestCase):
    def test_every_regulation_is_good(self):
        paths = [str(p) for p in sorted((ROOT / "regulations").rglob("*.json"))
                 if "schema" not in p.parts and p.name != "frame.json"]
        self.assertGreater(len(paths), 10)
        done = run("regulation", "check", *paths)
        self.assertEqual((done.returncode, done.stderr), (0, ""))

    def test_the_tree_shows_its_sums(self):
        done = run("regulation", "check", "regulations/bac-giang-2022/variant-a.json")
        for points in ("550", "200", "1.000"):
            self.assertIn(points, done.stdout)

    def test_variants_conform_to_their_frame(self):
        paths = [f"regulations/bac-giang-2022/variant-{v}.json" for v in "abcd"]
        done = run("regulation", "conform", *paths, "--frame",
                   "regulations/bac-giang-2022/frame.json")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertEqual(len(done.stdout.splitlines()), 4)

    def test_another_regulation_does_not_conform(self):
        done = run("regulation", "conform", "regulations/ha-dong-2024/regulation.json", "--frame",
                   "regulations/bac-giang-2022/frame.json", "--language", "en")
        self.assertEqual(done.returncode, 1)
        self.assertIn("another frame", done.stderr)

    def test_all_files_are_checked_and_the_worst_counts(self):
        with tempfile.NamedTemporaryFile("w", suffix=".json") as broken:
            broken.write("{}")
            broken.flush()
            done = run("regulation", "check", broken.name,
                       "regulations/hai-phong-2024/regulation.json")
        self.assertEqual(done.returncode, 1)
        self.assertIn("hai-phong-kinh-te-2024", done.stdout)

    def test_a_year_that_is_none(self):
        done = run("regulation", "check", "regulations/ha-dong-2024/regulation.json", "--year",
                   "soon")
        self.assertEqual(done.returncode, 2)


class Usage(unittest.TestCase):
    def test_wrong_use_is_2_and_says_what_to_do(self):
        for words in ([], ["frobnicate"], ["score"], ["score", "--year"], ["score", "--yaer", "x"],
                      ["score", "--year", "x", "--format", "xml"], ["regulation"],
                      ["regulation", "check"], ["score", "--year", "x", "y"],
                      ["score", "--year", "x", "--language", "fr"],
                      ["regulation", "conform", "x"], ["help", "frobnicate"],
                      ["score", "--year", HAI_PHONG, "--format", "json", "--explain", "SCT"]):
            done = run(*words)
            self.assertEqual(done.returncode, 2, words)
            self.assertNotEqual(done.stderr, "", words)
            self.assertEqual(done.stdout, "", words)

    def test_help(self):
        for words in (["--help"], ["-h"], ["help"], ["score", "--help"], ["help", "score"],
                      ["help", "regulation"], ["regulation", "check", "--help"]):
            done = run(*words)
            self.assertEqual(done.returncode, 0, words)
            self.assertIn("thidua", done.stdout)

    def test_every_command_is_in_help_manual_and_completion(self):
        overview = run("--help").stdout
        manual = run("manual", "--language", "en").stdout
        completion = run("completion").stdout
        for name in ("regulation check", "regulation conform", "score", "help", "manual",
                     "completion"):
            self.assertIn(name, overview)
            self.assertIn(name, manual)
            self.assertIn(name.split()[-1], completion)
        self.assertIn("\\-\\-explain", manual)

    def test_completion_completes(self):
        script = run("completion").stdout
        for line, wanted in (("thidua ", "score"), ("thidua regulation ", "conform"),
                             ("thidua score --", "--explain"), ("thidua score --format ", "csv")):
            words = line.split(" ")
            shell = (f"{script}\nCOMP_WORDS=({' '.join(w or chr(39) * 2 for w in words)})\n"
                     f"COMP_CWORD={len(words) - 1}\n_thidua\necho \"${{COMPREPLY[@]}}\"")
            done = subprocess.run(["bash", "-c", shell], capture_output=True, text=True,
                                  check=False)
            self.assertIn(wanted, done.stdout.split(), (line, done.stderr))

    def test_version(self):
        self.assertRegex(run("--version").stdout, r"^thidua \d+\.\d+\.\d+\n$")

    def test_language(self):
        self.assertIn("usage", run("score", "--help", "--language", "en").stdout)
        self.assertNotIn("usage", run("score", "--help").stdout)


if __name__ == "__main__":
    unittest.main()
