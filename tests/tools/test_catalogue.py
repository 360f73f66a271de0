"""catalogue gathers ids, refuses incomplete or ill-fitting translations, and checks messages."""
import unittest

from tool import TreeTest, load

catalogue = load("catalogue")

HEADER = """msgid ""
msgstr ""
"Project-Id-Version: x\\n"
"PO-Revision-Date: 2024-12-08 00:00+0700\\n"
"Last-Translator: x\\n"
"Language-Team: x\\n"
"Language: vi\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"

"""
SOURCE = """/* TD_ID("in a comment") */
struct td_message a = TD_MESSAGE("{0} is 30% of {1}", TD_TERM("plan"), TD_TEXT("not an id"));
const char *b = TD_ID("joined "
                      "text");
const char *c = N_("kept"), *d = "not an id";
"""
IDS = {"{0} is 30% of {1}", "plan", "joined text", "kept"}


class CatalogueTest(TreeTest):
    def pot(self, source=SOURCE):
        path = self.root / "ids.pot"
        catalogue.extract(path, [self.write("source.c", source)])
        return path

    def compile(self, entries, complete=True, source=SOURCE):
        po = self.write("vi.po", HEADER + entries)
        target = self.root / "vi.mo"
        catalogue.compile_catalogue(po, self.pot(source), target, complete)
        return catalogue.entries(target.read_bytes())

    def assert_refused(self, words, entries, **options):
        with self.assertRaises(catalogue.Problem) as caught:
            self.compile(entries, **options)
        for word in words:
            self.assertIn(word, str(caught.exception))

    def test_ids_are_gathered_from_marked_literals_only(self):
        self.assertEqual(catalogue.ids_of(self.pot()), IDS)

    def test_templates_are_sources_too(self):
        page = self.write("page.html", """{% template page(int n) %}
{# {t not in a comment} #}
<p title="{t of <b>
  two lines}">{t Saved at {0} of {1} | f(n, 2), TD_TERM("the \\"term\\"")}{{ "not an id" }}</p>
{% call field(TD_WORDS("a label")) %}{% if n %}{t Don't "stop"}{% end %}
""")
        path = self.root / "ids.pot"
        catalogue.extract(path, [self.write("source.c", SOURCE), str(page)])
        self.assertEqual(catalogue.ids_of(path),
                         IDS | {"of <b> two lines", "Saved at {0} of {1}", 'the "term"', "a label",
                                'Don\'t "stop"'})
        self.assertIn(f"#: {page}\n", path.read_text(encoding="utf-8"))
        self.assertNotIn("/0.c", path.read_text(encoding="utf-8"))

    def test_a_broken_template_is_named_with_its_line(self):
        page = self.write("page.html", "{% template page(int n) %}\n{t lost {0}}\n")
        with self.assertRaisesRegex(catalogue.Problem, "page.html:2: "):
            catalogue.extract(self.root / "ids.pot", [str(page)])

    def test_sources_without_ids_are_fine(self):
        self.assertEqual(catalogue.ids_of(self.pot("int x;\n")), set())

    def test_the_same_sources_give_the_same_bytes(self):
        self.assertNotIn("POT-Creation-Date", self.pot().read_text())

    def test_a_complete_catalogue_compiles(self):
        entries = "".join(f'msgid "{key}"\nmsgstr "ạ {key}"\n\n' for key in sorted(IDS))
        self.assertEqual(self.compile(entries), {key: "ạ " + key for key in IDS})

    def test_missing_empty_and_fuzzy_entries_are_named(self):
        self.assert_refused(
            ["3 message(s) not translated", '"kept"', '"plan"', '"joined text"'],
            'msgid "{0} is 30% of {1}"\nmsgstr "{0} {1}"\n\n'
            'msgid "kept"\nmsgstr ""\n\n'
            '#, fuzzy\nmsgid "plan"\nmsgstr "kế hoạch"\n')

    def test_an_incomplete_catalogue_compiles_when_asked_to(self):
        self.assertEqual(self.compile("", complete=False), {})

    def test_places_may_move_and_repeat(self):
        self.compile('msgid "{0} is 30% of {1}"\nmsgstr "{1} {0} {1}"\n', complete=False)

    def test_a_lost_or_invented_place_is_refused(self):
        for text in ("{0}", "{0} {1} {2}", "{0} {{1}}", "x"):
            with self.subTest(text):
                self.assert_refused(["places", text],
                                    f'msgid "{{0}} is 30% of {{1}}"\nmsgstr "{text}"\n',
                                    complete=False)

    def test_a_broken_file_is_refused(self):
        self.assert_refused(["vi.po"], 'msgid "x"\nmsgstr "a\n', complete=False)

    def test_unused_entries_are_named(self):
        po = self.write("vi.po", HEADER + 'msgid "old"\nmsgstr "cũ"\n\nmsgid "kept"\nmsgstr "x"\n')
        with self.assertRaises(catalogue.Problem) as caught:
            catalogue.unused(po, self.pot())
        self.assertIn('"old"', str(caught.exception))
        self.assertNotIn("kept", str(caught.exception))


class CallsTest(unittest.TestCase):
    def assert_calls(self, text, *expected):
        found = [f"{line}: {what}" for line, what in catalogue.call_problems(text)]
        self.assertEqual(len(found), len(expected), found)
        for line, words in zip(found, expected):
            self.assertIn(words, line)

    def test_calls_that_agree(self):
        self.assert_calls('TD_MESSAGE("words"); TD_MESSAGE("{0}", TD_COUNT(f(a, b)));'
                          'TD_MESSAGE("{1} {0}" " {{2}}", TD_TEXT("a,b"), TD_TEXT(x[1, 2]));')

    def test_a_place_without_argument(self):
        self.assert_calls('x;\nTD_MESSAGE("{0} {1}", TD_TEXT(a));', "2: ")

    def test_words_have_no_places(self):
        self.assert_calls('TD_WORDS("all well"); TD_WORDS("{0} is not");', '"{0} is not" has')

    def test_an_argument_without_place(self):
        self.assert_calls('TD_MESSAGE("{0}", TD_TEXT(a), TD_TEXT(b));', "1: ")

    def test_too_many_arguments(self):
        self.assert_calls('TD_MESSAGE("{0}", a, b, c, d, e, f, g);', "more than 6")

    def test_an_id_that_is_no_literal(self):
        self.assert_calls("TD_MESSAGE(id, a);", "needs a string literal")

    def test_definitions_and_comments_are_no_calls(self):
        self.assert_calls("#define TD_MESSAGE(literal, ...) \\\n    f(literal)\n"
                          "/* TD_MESSAGE(id) */ TD_MESSAGE(\"x\");")


if __name__ == "__main__":
    unittest.main()
