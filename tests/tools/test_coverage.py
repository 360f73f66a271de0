"""coverage holds the list of uncovered branches against what the tests took."""
import unittest

from tool import load

coverage = load("coverage")

SOURCE = "int f(void)\n{\n    if (a | b && c)  {\n        g();\n    }\n    PROVED(x);\n}\n"


def report(*branches):
    """A report of one file: line 3 with branches of these counts, and PROVED's trap."""
    return {"files": [{"file": "src/engine/a.c", "lines": [
        {"line_number": 3, "count": 1, "branches": [{"count": n} for n in branches]},
        {"line_number": 4, "count": 0, "branches": []},
        {"line_number": 6, "count": 1, "branches": [{"count": 0}, {"count": 5}]}]}]}


class CoverageTest(unittest.TestCase):
    def wrong(self, text, *branches):
        entries = coverage.read_list("# what this is\n\n" + text)
        found = coverage.uncovered(report(*branches), lambda name: SOURCE)
        return coverage.compare(list(found), entries)

    PROOF = "*: PROVED(… | * | the trap of what the check proves\n"
    LINE = "a.c: if (a | b && c) { | %s | no caller can ask for it\n"

    def test_every_branch_has_its_reason(self):
        self.assertEqual(self.wrong(self.PROOF + self.LINE % "1", 3, 0), [])
        self.assertEqual(self.wrong(self.PROOF + self.LINE % "*", 0, 0), [])
        self.assertEqual(self.wrong(self.PROOF, 3, 4), [])

    def test_a_branch_without_a_reason(self):
        wrong = self.wrong(self.PROOF + self.LINE % "1", 0, 0)
        self.assertEqual(len(wrong), 1)
        self.assertIn("a.c: if (a | b && c) { | 0 |", wrong[0])
        self.assertIn("line 3", wrong[0])

    def test_an_entry_that_is_no_longer_true(self):
        self.assertIn("no such branch", self.wrong(self.PROOF + self.LINE % "1", 3, 4)[0])
        self.assertIn("branch 0 is covered", self.wrong(self.PROOF + self.LINE % "0,1", 3, 0)[0])
        self.assertEqual(len(self.wrong(self.PROOF + "b.c: if (a) { | 0 | another file\n", 1)), 1)

    def test_both_of_two_entries_for_a_branch_are_true(self):
        self.assertEqual(self.wrong(self.PROOF * 2 + self.LINE % "1", 3, 0), [])

    def test_entries_are_read_strictly(self):
        for line in ("a.c: if (a) { | 1", "a.c if (a) { | 1 | no colon after the file",
                     "a.c: if (a) { | 1 | why?", "a.c: if (a) { | one | not a number at all"):
            with self.assertRaises(ValueError):
                coverage.read_list(line)

    def test_the_list_in_the_tree_is_read(self):
        self.assertTrue(coverage.read_list(coverage.LIST.read_text(encoding="utf-8")))

    def test_the_summary(self):
        self.assertEqual(list(coverage.summary(report(3, 0)))[-1],
                         "src/engine/: lines 2 of 3 (66.7%), branches 2 of 4 (50.0%)")


if __name__ == "__main__":
    unittest.main()
