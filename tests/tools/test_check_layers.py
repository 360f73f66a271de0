"""check_layers finds what the table of rooms forbids, and leaves the rest alone."""
import unittest

from tool import ROOT, TreeTest, load

check_layers = load("check_layers")


class CheckLayersTest(TreeTest):
    def setUp(self):
        super().setUp()
        # The project's own table: a change that loosens it shows here.
        self.write("ARCHITECTURE.md", (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8"))

    def assert_found(self, *expected):
        found = check_layers.check(self.root)
        self.assertEqual(len(found), len(expected), found)
        for line, words in zip(found, expected):
            self.assertIn(words, line)

    def test_what_the_table_allows_passes(self):
        self.write("src/base/utf8.c", "#include <utf8proc.h>\n#include <stdio.h>\n")
        self.write("src/engine/score.c",
                   '#include "engine/score.h"\n#include <string.h>\n#include "base/wide.h"\n'
                   '#include "thidua/score.h"\n#include "thidua/date.h"\n')
        self.write("src/language/language.c", '#include "thidua/score.h"\n#include "base/buf.h"\n')
        self.write("src/cli/main.c", '#include "format/format.h"\n#include "engine/score.h"\n')
        self.write("include/thidua/score.h", '#include "thidua/date.h"\n#include <stdint.h>\n')
        self.write("tests/unit/engine/test_score.c",
                   '#include <cmocka.h>\n#include <stdio.h>\n#include "engine/score.h"\n')
        self.assert_found()

    def test_an_upward_include_is_found_with_its_line(self):
        self.write("src/base/arena.c", '#include "base/arena.h"\n\n#include "engine/score.h"\n')
        self.assert_found('src/base/arena.c:3: base may not use engine\'s "engine/score.h"')

    def test_a_spaced_include_is_found_too(self):
        self.write("src/base/arena.c", '  #  include "engine/score.h"\n')
        self.assert_found("src/base/arena.c:1: base may not use engine's")

    def test_an_include_by_macro_is_refused(self):
        self.write("src/base/arena.c", "#include HEADER\n")
        self.assert_found("src/base/arena.c:1: an include needs a header's name")

    def test_an_include_in_a_comment_is_none(self):
        self.write("src/base/arena.c", '/*\n#include "engine/score.h"\n*/\n')
        self.assert_found()

    def test_a_template_s_include_counts(self):
        self.write("src/web/a.html",
                   '{# x #}\n{% include "web/a.h" %}\n{% include "engine/run.h" %}\n')
        self.assert_found('src/web/a.html:3: web may not use engine\'s "engine/run.h"')

    def test_the_engine_sees_no_io_clock_or_locale(self):
        for header in ("stdio.h", "time.h", "locale.h", "errno.h", "unistd.h", "math.h",
                       "sys/stat.h"):
            with self.subTest(header):
                self.write("src/engine/score.c", f"#include <{header}>\n")
                self.assert_found(f"engine may not include <{header}>")

    def test_the_engine_sees_no_other_room(self):
        for header in ("format/format.h", "language/language.h", "cli/table.h"):
            with self.subTest(header):
                self.write("src/engine/score.c", f'#include "{header}"\n')
                self.assert_found("engine may not use")

    def test_base_does_not_see_the_engines_public_headers(self):
        self.write("src/base/arena.c", '#include "thidua/score.h"\n')
        self.assert_found("base may not use engine's \"thidua/score.h\"")

    def test_language_sees_the_engines_public_headers_only(self):
        self.write("src/language/language.c", '#include "engine/score.h"\n')
        self.assert_found("language may not use engine's \"engine/score.h\"")

    def test_a_third_party_header_stays_in_its_file(self):
        self.write("src/base/buf.c", "#include <utf8proc.h>\n")
        self.assert_found("<utf8proc.h> may be included by src/base/utf8.c only")

    def test_an_unknown_third_party_header_is_refused(self):
        self.write("src/cli/main.c", "#include <curl/curl.h>\n")
        self.assert_found("cli may not include <curl/curl.h>")

    def test_a_header_without_its_room_is_refused(self):
        self.write("src/base/buf.c", '#include "buf.h"\n#include "../engine/score.h"\n')
        self.assert_found('"buf.h" is not of the form', '"../engine/score.h" is not of the form')

    def test_a_public_header_shows_nothing_private(self):
        self.write("include/thidua/score.h", '#include "base/buf.h"\n#include <stdio.h>\n')
        self.assert_found('a public header may not include "base/buf.h"',
                          "a public header may not include <stdio.h>")

    def test_a_public_header_of_base_does_not_use_the_engines(self):
        self.write("include/thidua/date.h", '#include "thidua/score.h"\n')
        self.assert_found("base's public headers may not use engine's")

    def test_a_unit_test_stays_in_its_room(self):
        self.write("tests/unit/base/test_buf.c", '#include "engine/score.h"\n')
        self.assert_found("tests/unit/base/test_buf.c:1: base may not use engine's")

    def test_cmocka_is_for_tests(self):
        self.write("src/base/buf.c", "#include <cmocka.h>\n")
        self.assert_found("base may not include <cmocka.h>")

    def test_a_folder_that_is_no_room_is_found(self):
        self.write("src/attic/old.c", "")
        self.assert_found("src/attic: is no room of ARCHITECTURE.md")

    def test_a_cycle_of_headers_is_found(self):
        self.write("src/base/a.h", '#include "base/b.h"\n')
        self.write("src/base/b.h", '#include "base/a.h"\n')
        self.assert_found("cycle of includes: base/a.h > base/b.h > base/a.h")

    def test_a_table_without_rooms_is_an_error(self):
        self.write("ARCHITECTURE.md", "# Nothing\n")
        with self.assertRaises(SystemExit):
            check_layers.check(self.root)


if __name__ == "__main__":
    unittest.main()
