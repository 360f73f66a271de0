"""mutate finds the places where C can be changed by a little, and leaves the others alone."""
import unittest

from tool import load

mutate = load("mutate")

HEAD = "/* Why: 1 < 2. */\n#include <a.h>\n#define WIDE(x) \\\n    ((x) < 1)\n"


def changes(body, head="static int32_t f(int32_t a, int32_t b)", before=""):
    """{(operator, the line after the change)} of a function with this body."""
    source = f"{HEAD}{before}{head}\n{{\n{body}\n}}\n"
    return {(m.operator, m.after) for m in mutate.Finder("src/engine/a.c", source).mutants()}


def after(body, operator, **options):
    return sorted(text for what, text in changes(body, **options) if what == operator)


class MutateTest(unittest.TestCase):
    def test_relations(self):
        self.assertEqual(after("if (a < b) g();", "relation"),
                         ["if (a <= b) g();", "if (a >= b) g();"])
        self.assertEqual(after("if (a != b) g();", "relation"), ["if (a == b) g();"])
        self.assertEqual(after("a = b >> 1; p->x = b << 2;", "relation"), [])

    def test_plus_and_minus(self):
        self.assertEqual(after("a = a + b;", "plus and minus"), ["a = a - b;"])
        self.assertEqual(after("a -= 2;", "plus and minus"), ["a += 2;"])
        self.assertEqual(after("return -a;", "plus and minus"), ["return a;"])
        self.assertEqual(after("a++; p->b--;", "plus and minus"), [])

    def test_and_or_true_false(self):
        self.assertEqual(after("if (a && b) g();", "and and or"), ["if (a || b) g();"])
        self.assertEqual(after("x = true;", "true and false"), ["x = false;"])

    def test_constants(self):
        self.assertEqual(after("a = 0;", "constant"), ["a = (-1);", "a = 1;"])
        self.assertEqual(after("a = 31;", "constant"), ["a = 30;", "a = 32;"])
        self.assertEqual(after("struct x y = {0};", "constant"), [])
        self.assertEqual(after("a = 0x10;", "constant"), [])

    def test_negated_conditions(self):
        self.assertIn("if (!(a)) g();", after("if (a) g();", "negated condition"))
        self.assertIn("while (!(a)) g();", after("while (a) g();", "negated condition"))
        self.assertEqual(after("a = b ? c ? 1 : 2 : 3;", "negated condition"),
                         ["a = b ? 3 : c ? 1 : 2;", "a = b ? c ? 2 : 1 : 3;"])

    def test_dropped_statements(self):
        self.assertEqual(after("a = b;", "dropped assignment"), [";"])
        self.assertEqual(after("x[a++] = (struct y){.b = 1};", "dropped assignment"), [";"])
        self.assertEqual(after("if (a) b++; else g(a);", "dropped call"), ["if (a) b++; else ;"])
        self.assertEqual(after("int32_t c = b; const struct x *y = p;", "dropped assignment"), [])
        self.assertEqual(after("switch (a) { case 1: a = 2; break; default: break; }",
                               "dropped assignment"),
                         ["switch (a) { case 1: ; break; default: break; }"])

    def test_lines_stay(self):
        source = HEAD + "void f(void)\n{\n    a =\n        b;\n    c = d;\n}\n"
        for mutant in mutate.Finder("a.c", source).mutants():
            self.assertEqual(mutant.apply(source).count("\n"), source.count("\n"), str(mutant))

    def test_returned_values(self):
        self.assertEqual(after("return a;", "returned value"), ["return (a) + 1;", "return 0;"])
        self.assertEqual(after("return a == b;", "returned value", head="bool f(int a, int b)"),
                         ["return !(a == b);"])
        self.assertEqual(after("return p;", "returned value", head="const char *f(void)"),
                         ["return NULL;"])
        self.assertEqual(after("return p;", "returned value", head="struct x f(void)"), [])

    def test_constants_of_an_enum(self):
        before = "enum e {\n    E_A, /* one */\n    E_B = 4,\n    E_C,\n};\n"
        self.assertEqual(after("x = E_A;", "constant of an enum", before=before),
                         ["x = E_B;", "x = E_C;"])
        self.assertEqual(after("switch (a) { case E_A: break; }", "constant of an enum",
                               before=before), [])

    def test_comments_strings_and_the_preprocessor_are_left_alone(self):
        self.assertEqual(changes('    /* a < b */\n    // a = 1;\n    g("a < 1", \'<\');'),
                         {("dropped call", ";")})
        self.assertEqual(changes("#if A < 1\n#endif"), set())

    def test_proofs_and_sizes_are_left_alone(self):
        self.assertEqual(changes("PROVED(g(a + 1, b < 2));"), set())
        self.assertEqual(changes("int64_t x = 0;\nPROVED(g(a, &x));"), set())
        self.assertEqual(changes("int64_t x = 0;\nstruct f y = {b};\nPROVED(g(a, &x));"), set())
        self.assertEqual(len(after("int64_t x = 0;\nif (a) {\n    PROVED(g(a, &x));\n}",
                                   "constant")), 2)
        self.assertEqual(changes("struct y *x = run_alloc(run, a + 1, sizeof(*x));"), set())

    def test_paths_of_a_full_arena_are_left_alone(self):
        self.assertEqual(changes("if (run->full) {\n    return TD_E_MEMORY;\n}"), set())
        self.assertEqual(changes("if (f(a, b) < 0) {\n    return TD_E_MEMORY;\n}"), set())
        self.assertEqual(changes("char *x = run_alloc(run, a, 1);\nif (x == NULL) {\n"
                                 "    return a < 1;\n}"), set())
        self.assertEqual(changes("run->full = true;"), set())
        # NULL is not always memory, and memory not always the whole condition.
        self.assertIn(("relation", "if (p != NULL) {"), changes("if (p == NULL) {\n    g();\n}"))
        self.assertEqual(after("if (p == NULL || run->full) {\n    g();\n}", "relation"),
                         ["if (p != NULL || run->full) {"])

    def test_a_name_stays_when_lines_are_put_before_it(self):
        body = "void f(void)\n{\n    a = b;\n    a = b;\n}\n"
        names = [[m.name for m in mutate.Finder("a.c", text).mutants()]
                 for text in (HEAD + body, HEAD + "static int32_t x;\n\n\n" + body)]
        self.assertEqual(*names)
        self.assertEqual(len(set(names[0])), 2)

    def test_the_same_seed_draws_the_same(self):
        source = HEAD + "void f(void)\n{\n    if (a < b) {\n        c = d + 1;\n    }\n}\n"
        found = mutate.Finder("a.c", source).mutants()
        self.assertEqual(mutate.drawn(found, "x"), mutate.drawn(found[::-1], "x"))
        self.assertNotEqual(mutate.drawn(found, "x"), mutate.drawn(found, "y"))

    def test_equivalent_changes_are_left_out_and_must_be_possible(self):
        source = HEAD + "void f(void)\n{\n    if (a < b) {\n        c = d;\n    }\n}\n"
        found = mutate.Finder("src/engine/a.c", source).mutants()
        text = "# why\n\na.c: if (a < b) { => if (a <= b) { | they are never equal\n"
        kept, stale = mutate.observable(found, mutate.read_equivalent(text))
        self.assertEqual(len(kept), len(found) - 1)
        self.assertNotIn("if (a <= b) {", [m.after for m in kept])
        self.assertEqual(stale, [])
        kept, stale = mutate.observable(found, mutate.read_equivalent(text.replace("<=", "==")))
        self.assertEqual((len(kept), len(stale)), (len(found), 1))
        for wrong in ("a.c: x | a reason without a change", "a.c: x => y | short"):
            with self.assertRaises(SystemExit):
                mutate.read_equivalent(wrong)
        self.assertTrue(mutate.read_equivalent(mutate.EQUIVALENT.read_text(encoding="utf-8")))

    def test_the_engine_has_places_of_every_kind(self):
        found = mutate.all_mutants()
        self.assertGreater(len(found), 1000)
        self.assertEqual({m.file for m in found},
                         {f"src/engine/{name}.c" for name in mutate.FILES})
        self.assertEqual(len({m.operator for m in found}), 10)


if __name__ == "__main__":
    unittest.main()
