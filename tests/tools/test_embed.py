"""embed turns files into arrays that hold their bytes."""
import re
import unittest

from tool import TreeTest, load

embed = load("embed")


class EmbedTest(TreeTest):
    def run_on(self, *names):
        source, header = self.root / "out.c", self.root / "out.h"
        embed.main(["thing", str(source), str(header)] + [str(self.root / name) for name in names])
        return source.read_text(), header.read_text()

    def test_every_byte_arrives_and_one_nul(self):
        data = bytes(range(256))
        self.write("all.bin", data)
        source, header = self.run_on("all.bin")
        numbers = re.search(r"thing_all\[257\] = \{(.*?)\}", source, re.S).group(1)
        self.assertEqual(bytes(int(n) for n in re.findall(r"\d+", numbers)), data + b"\0")
        self.assertIn("enum { thing_all_size = 256 };", header)
        self.assertIn("extern const unsigned char thing_all[257];", header)

    def test_an_empty_file_is_an_array_too(self):
        self.write("none.mo", b"")
        source, header = self.run_on("none.mo")
        self.assertIn("thing_none[1]", source)
        self.assertIn("thing_none_size = 0", header)

    def test_names_become_symbols(self):
        self.write("a-b.c.html", b"x")
        self.assertIn("thing_a_b_c[2]", self.run_on("a-b.c.html")[0])

    def test_two_files_of_one_symbol_are_refused(self):
        self.write("a.css", b"x")
        self.write("a.js", b"x")
        with self.assertRaises(SystemExit):
            self.run_on("a.css", "a.js")

    def test_the_same_files_give_the_same_bytes(self):
        self.write("a.css", b"x")
        self.assertEqual(self.run_on("a.css"), self.run_on("a.css"))


if __name__ == "__main__":
    unittest.main()
