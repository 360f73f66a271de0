"""What templates become, byte by byte, and what must not compile.

templates/golden.html and the templates it calls are compiled, linked with the pages' own functions
(libraries that the environment variable WEB names) and compared with templates/golden.txt; BLESS=1
writes that anew, to be read by whoever does so.
templates/refused/*.html say in their first line where and why they are refused.
"""
import os
import re
import subprocess
import unittest
from pathlib import Path

from tool import ROOT, TreeTest, load

templates = load("templates")
HERE = Path(__file__).resolve().parent / "templates"
COMPILE = ["gcc", "-std=gnu17", "-Wall", "-Wextra", "-Werror", "-D_GNU_SOURCE",
           f"-I{ROOT / 'include'}", f"-I{ROOT / 'src'}", f"-I{HERE}", "-include", "sample.h"]
ICONS = {"check", "star-filled"}
# The same words whatever the reader's language is.
ENVIRONMENT = {**os.environ, "LC_ALL": "C"}


class GeneratorTest(TreeTest):
    def compile(self, *paths):
        """The problems of the templates, and the C file written when there are none."""
        found, problems = templates.compile_all(paths, ICONS)
        source, header = self.root / "out.c", self.root / "out.h"
        if not problems:
            source.write_text(templates.source_text(found, "out.h"), encoding="utf-8")
            header.write_text(templates.header_text(found, "out.h"), encoding="utf-8")
        return problems, source

    def gcc(self, *words):
        return subprocess.run([*COMPILE, f"-I{self.root}", *map(str, words)], text=True,
                              capture_output=True, env=ENVIRONMENT, check=False)

    def test_refused(self):
        paths = sorted((HERE / "refused").glob("*.html"))
        self.assertGreater(len(paths), 90)
        for path in paths:
            with self.subTest(path.name):
                head = path.read_text(encoding="utf-8").split("\n", 1)[0]
                line, words = re.fullmatch(r"\{# line (\d+): (.*) #\}", head).groups()
                problems, source = self.compile(path)
                if words.startswith("error: "):
                    self.assertEqual(problems, [])
                    done = self.gcc("-fsyntax-only", source)
                    self.assertNotEqual(done.returncode, 0, "gcc accepts it")
                    place = rf"{re.escape(str(path))}:{line}:\d+: {re.escape(words)}"
                    self.assertRegex(done.stderr, place)
                else:
                    self.assertEqual(len(problems), 1, problems)
                    self.assertTrue(problems[0].startswith(f"{path}:{line}: "), problems[0])
                    self.assertIn(words, problems[0])

    def test_golden(self):
        """The page, with hostile values, byte by byte."""
        problems, source = self.compile(HERE / "golden.html", HERE / "frame.html",
                                        HERE / "row.html")
        self.assertEqual(problems, [])
        (self.root / "web").mkdir()
        self.write("web/assets.h", '#define ASSET_ICONS_SVG "/icons.svg"\n')
        program = self.root / "golden"
        done = self.gcc("-o", program, source, HERE / "golden.c", *os.environ["WEB"].split())
        self.assertEqual(done.returncode, 0, done.stderr)
        page = subprocess.run([program], capture_output=True, check=True).stdout.decode()
        if os.environ.get("BLESS"):
            (HERE / "golden.txt").write_text(page, encoding="utf-8")
        expected = (HERE / "golden.txt").read_text(encoding="utf-8")
        self.assertEqual(page, expected)

    def test_the_same_templates_give_the_same_bytes(self):
        paths = [HERE / "golden.html", HERE / "frame.html", HERE / "row.html"]
        first = templates.source_text(templates.compile_all(paths, ICONS)[0], "out.h")
        self.assertEqual(first, templates.source_text(templates.compile_all(paths, ICONS)[0],
                                                      "out.h"))

    def test_icons_used_are_listed_with_those_of_sources(self):
        (self.root / "icons" / "outline").mkdir(parents=True)
        for name in ("home", "check", "other"):
            self.write(f"icons/outline/{name}.svg", "<svg></svg>")
        source = self.write("a.c", 'x = ICON("home");\n')
        page = self.write("a.html", "{% template a() %}{% icon check %}\n")
        out = [str(self.root / name) for name in ("o.c", "o.h", "icons.txt")]
        arguments = ["--icons", str(self.root / "icons"), "--sources", str(source), "--out", *out,
                     "--templates", str(page)]
        templates.main(arguments)
        self.assertEqual((self.root / "icons.txt").read_text(), "check\nhome\n")
        source.write_text('\nx = ICON("none");\n')
        with self.assertRaisesRegex(SystemExit, 'a.c:2: no icon "none"'):
            templates.main(arguments)

    def test_two_templates_of_one_name_are_refused(self):
        one = self.write("one.html", "{% template a() %}\n")
        two = self.write("two.html", "{% template a() %}\n")
        self.assertIn("too", self.compile(one, two)[0][0])

    def test_long_text_is_cut_where_characters_end(self):
        text = "ế" * 3000
        page = self.write("a.html", '{% template a() %}<p class="' + text + '"></p>')
        problems, source = self.compile(page)
        self.assertEqual(problems, [])
        parts = re.findall(r'html_static\(h, "(.*)"\);', source.read_text(encoding="utf-8"))
        self.assertTrue(all(len(part.encode()) <= 4095 for part in parts))
        self.assertEqual("".join(parts).count("ế"), 3000)


if __name__ == "__main__":
    unittest.main()
