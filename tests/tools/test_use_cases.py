#!/usr/bin/env python3
"""Every use case that writes is among those whose statements fail in turn."""
import re
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TRIED = ROOT / "tests/unit/office/test_faults.c"


def functions(text):
    """Name, whether it is static, and body of each function of a source file."""
    found = []
    for line in text.splitlines():
        begins = re.match(r"(static )?[a-z][a-z_ *]*?\b(\w+)\(", line)
        if begins:
            found.append([begins[2], bool(begins[1]), ""])
        elif found:
            found[-1][2] += line + "\n"
    return found


def writing(text):
    """The public functions of a source file in which a transaction begins that writes, or which
    call one of the file's own in which it does."""
    found = functions(text)
    names = [name for name, _, body in found
             if any("db_transact(" in line and "DB_WRITE" in line for line in body.splitlines())]
    for name, private, body in found:
        if not private and (name in names
                            or any(re.search(rf"\b{called}\(", body) for called in names)):
            yield name


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
static int touch(struct look *look)
{
    return db_transact(look->db, DB_WRITE, arena, touch_work, look);
}
int session_find(struct office *office)
{
    return touch(&look);
}
""")), ["unit_save", "session_find"])


if __name__ == "__main__":
    unittest.main()
