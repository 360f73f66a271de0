"""check_source finds each breach of its rules, and leaves good files alone."""
import unittest

from tool import TreeTest, load

check_source = load("check_source")

GOOD = '/*\n * Why.\n */\n#include "base/buf.h"\n\n#include "base/banned.h"\n'


class CheckSourceTest(TreeTest):
    def assert_found(self, name, text, *expected):
        found = [f"{line}: {what}" for line, what in check_source.check_text(name, text)]
        self.assertEqual(len(found), len(expected), found)
        for line, words in zip(found, expected):
            self.assertIn(words, line)

    def test_a_good_file_passes(self):
        self.assert_found("src/base/buf.c", GOOD)

    def test_a_head_comment_is_needed(self):
        self.assert_found("src/base/buf.h", "int x;\n", "1: a file begins with a comment")

    def test_banned_comes_last(self):
        self.assert_found("src/base/buf.c",
                          GOOD + '#include "base/utf8.h"\n', "7: the last include is")
        self.assert_found("src/base/buf.c", "/* Why. */\nint x;\n", "1: the last include is")
        self.assert_found("tests/unit/base/test_buf.c", "/* Why. */\nint x;\n")

    def test_line_comments(self):
        self.assert_found("src/base/buf.c", GOOD + "int x; // why\n", "7: comments are written")
        self.assert_found("src/base/buf.c",
                          GOOD + '/* https://example.org */ const char *u = "https://a";\n'
                          'int quote = \'"\';\n')

    def test_floating_point(self):
        self.assert_found("src/engine/score.c", GOOD + "static double x;\n", "7: no double here")
        self.assert_found("include/thidua/score.h", "/* Why. */\nfloat x;\n", "2: no float here")
        self.assert_found("src/engine/score.c", GOOD + '/* no double */ int floats;\n')
        self.assert_found("src/cli/main.c", GOOD + "static double x;\n")

    def test_the_engine_takes_memory_from_its_arena_only(self):
        self.assert_found("src/engine/score.c", GOOD + "x = malloc(1);\n",
                          "7: the engine may not call malloc")
        self.assert_found("src/engine/score.c", GOOD + "x->free(y); td_free(z); /* free() */\n")

    def test_long_functions(self):
        body = "    x++;\n"
        self.assert_found("src/base/buf.c", GOOD + "void f(void)\n{\n" + body * 80 + "}\n")
        self.assert_found("src/base/buf.c", GOOD + "void f(void)\n{\n" + body * 81 + "}\n",
                          "8: a function of 81 lines")

    def test_long_files(self):
        self.assert_found("src/base/buf.c", GOOD + "int x;\n" * 794)
        self.assert_found("src/base/buf.c", GOOD + "int x;\n" * 795, "801: 801 lines")

    def test_long_lines_are_counted_in_characters(self):
        self.assert_found("src/base/buf.c", GOOD + "/* " + "ế" * 94 + " */\n")
        self.assert_found("src/base/buf.c", GOOD + "/* " + "ế" * 95 + " */\n", "7: 101 columns")

    def test_tabs_and_blanks_at_the_end(self):
        self.assert_found("src/base/buf.c", GOOD + "\tint x;\n", "7: a tab")
        self.assert_found("src/base/buf.c", GOOD + "int x; \n", "7: a blank at the end")
        self.assert_found("src/base/buf.c", GOOD + "int x;", "7: the last line has no end")

    def test_hidden_marks_of_direction(self):
        self.assert_found("src/base/buf.c", GOOD + "/* a\u202eb */\n", "7: an invisible mark")
        self.assert_found("src/base/buf.c", GOOD + '/* "\\u202e" */\n')

    def test_unfinished_work(self):
        for word in ("TO" "DO", "FIX" "ME"):
            self.assert_found("src/base/buf.c", GOOD + f"/* {word} later */\n", f"7: {word}")
            self.assert_found("script/test", f"# {word}\n", f"1: {word}")

    def test_paths_of_one_machine(self):
        for path in ("home/someone/x", "root/x", "Users/someone", "tmp/x"):
            self.assert_found("README.md", f"See `/{path}`.\n", "1: a path of one machine")
        self.assert_found("README.md", "See https://example.org/home/x and src/root/x.\n")

    def test_a_tree_is_walked_and_its_build_is_not(self):
        self.write("src/base/buf.c", "int x;\n")
        self.write("build/src/base/buf.c", "int x;\n")
        self.write("fuzz/corpus/date/odd", b"\xff\xfe")
        self.write("po/vi.po", b"\xff\xfe")
        found = check_source.check(self.root)
        self.assertEqual([line.split(": ")[0] for line in found],
                         ["po/vi.po:1", "src/base/buf.c:1", "src/base/buf.c:1"])


if __name__ == "__main__":
    unittest.main()
