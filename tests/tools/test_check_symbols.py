"""check_symbols finds calls to the outside and variables in compiled code."""
import subprocess
import unittest

from tool import TreeTest, load

check_symbols = load("check_symbols")

PURE = """
#include <string.h>
int td_add(int a, int b);
extern const char *const names[2];
const char *const names[2] = {"a", "b"};
int td_score(const char *text);
int td_score(const char *text) { return td_add((int)strlen(text), names[0][0]); }
"""


class CheckSymbolsTest(TreeTest):
    def archive(self, name, source):
        self.write(f"{name}.c", source)
        subprocess.run(["gcc", "-fPIC", "-c", f"{name}.c"], cwd=self.root, check=True)
        subprocess.run(["ar", "rcs", f"{name}.a", f"{name}.o"], cwd=self.root, check=True)
        return str(self.root / f"{name}.a")

    def check(self, source):
        base = self.archive("base", "int td_add(int a, int b); "
                                    "int td_add(int a, int b) { return a + b; }")
        return check_symbols.check(self.archive("engine", source), base)

    def test_pure_code_passes(self):
        self.assertEqual(self.check(PURE), [])

    def test_a_call_to_the_outside_is_found(self):
        for call in ("getenv", "malloc", "time", "printf", "fopen"):
            with self.subTest(call):
                found = self.check(PURE + f"int {call}(); int td_x(void); "
                                          f"int td_x(void) {{ return {call}(0) != 0; }}")
                self.assertEqual(found, [f"the engine may not call {call}"])

    def test_a_variable_is_found(self):
        for words, section in (("static int n;", ".bss"), ("static int n = 1;", ".data"),
                               ("static __thread int n;", ".tbss")):
            with self.subTest(words):
                found = self.check(PURE + words + " int td_x(void); "
                                                  "int td_x(void) { return n++; }")
                self.assertIn(f"engine.o: a variable that can change, in {section}", found)


if __name__ == "__main__":
    unittest.main()
