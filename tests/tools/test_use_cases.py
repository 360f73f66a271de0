#!/usr/bin/env python3
"""Every use case that writes is among those whose statements fail in turn."""
import re
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TRIED = ROOT / "tests/unit/office/test_faults.c"


def writing(text):
    """The functions of a source file in which a transaction begins that writes."""
    function = None
    for line in text.splitlines():
        begins = re.match(r"[a-z][a-z_ *]*?\b(\w+)\(", line)
        if begins:
            function = begins[1]
        if "db_transact(" in line and "DB_WRITE" in line:
            yield function


class UseCaseTest(unittest.TestCase):
    def test_each_that_writes_is_tried(self):
        tried = TRIED.read_text(encoding="utf-8")
        found = {name for path in sorted((ROOT / "src/office").glob("*.c"))
                 for name in writing(path.read_text(encoding="utf-8"))}
        self.assertIn("sheet_save", found)
        self.assertIn("account_create", found)
        missing = [name for name in sorted(found) if not re.search(rf"\b{name}\(", tried)]
        self.assertEqual(missing, [], f"to be added to {TRIED.relative_to(ROOT)}")

    def test_functions_are_recognised(self):
        self.assertEqual(list(writing("""\
int unit_get(struct office *office)
{
    return db_transact(office->db, DB_READ, arena, work, NULL);
}
static int
x;
int unit_save(struct office *office, const struct actor *actor,
              const struct unit *unit)
{
    int status = db_transact(office_db(office), DB_WRITE, arena, save_work, &s);
}
""")), ["unit_save"])


if __name__ == "__main__":
    unittest.main()
