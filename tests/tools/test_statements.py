"""statements makes C of what both engines take alike, and names what they don't."""
import re
import subprocess
import sys
import unittest

from tool import ROOT, TreeTest, load

statements = load("statements")

LOCK = "CREATE TABLE migration (number BIGINT NOT NULL PRIMARY KEY);\n"
SCHEMA = """CREATE TABLE unit (
    home_id TEXT NOT NULL,
    unit_id TEXT NOT NULL,
    name TEXT NOT NULL,
    PRIMARY KEY (home_id, unit_id)
);
CREATE TABLE setting (name TEXT NOT NULL PRIMARY KEY, value BIGINT);
"""
HEAD = "-- About.\n-- name: x\n-- result: none\n"
ONE = "-- About.\n-- name: x\n-- result: one\n-- out: n int\n"
UPDATE = "UPDATE setting SET value = 1"

# (a file of statements, words of the refusal, the line)
REFUSED = (
    (HEAD + "-- in: a number\n" + UPDATE + ", name = :a;", "unknown type number", 4),
    (HEAD + "-- in: a bool?\n" + UPDATE + ", name = :a;", "bool? doesn't exist", 4),
    (HEAD + "-- in: a\n" + UPDATE + ", name = :a;", "is not “name type”", 4),
    (HEAD + "-- in: for int\n" + UPDATE + ", name = :for;", "no name for C", 4),
    (HEAD + "-- in: a int, a int\n" + UPDATE + ", name = :a;", "stands twice", 4),
    (HEAD + "-- in: a int,\n-- in: a text\n" + UPDATE + ", name = :a;", "stands twice", 5),
    (HEAD + UPDATE + ",\nname = :a;", "“:a” isn't in “in:”", 5),
    (HEAD + "-- in: a int\n" + UPDATE + ";", "“a” of “in:” is never used", 1),
    (HEAD + "-- in: a int\n" + UPDATE + ", name = ':a';", "never used", 1),
    (HEAD + "-- in: a int\n" + UPDATE + " -- :a\n;", "never used", 1),
    (HEAD + "-- in: a int\n" + UPDATE + " /* :a */;", "never used", 1),
    (HEAD + UPDATE + ";\n" + HEAD + UPDATE + ";", "x is also at", 5),
    ("-- name: x\n-- result: none\n" + UPDATE + ";", "must say what it is for", 1),
    ("-- About.\n\n-- name: x\n-- result: none\n" + UPDATE + ";", "must say what it is for", 3),
    ("-- About.\n-- result: none\n" + UPDATE + ";", "needs “-- name", 1),
    ("-- About.\n-- name: X\n-- result: none\n" + UPDATE + ";", "needs “-- name", 1),
    ("-- About.\n-- name: x\n" + UPDATE + ";", "needs “-- result", 1),
    ("-- About.\n-- name: x\n-- result: all\n" + UPDATE + ";", "needs “-- result", 1),
    (HEAD + "-- result: one\n" + UPDATE + ";", "“result:” stands twice", 4),
    (HEAD + "-- into: a int\n" + UPDATE + ";", "unknown “into:”", 4),
    (HEAD + "-- scan:\n" + UPDATE + ";", "“scan:” is empty", 4),
    (HEAD + "-- out: n int\n" + UPDATE + ";", "answers nothing", 1),
    ("-- About.\n-- name: x\n-- result: many\nSELECT 1;", "needs “-- out", 1),
    ("-- About.\n-- name: x\n-- result: each\nSELECT 1;", "needs “-- out", 1),
    (HEAD + "-- row: n\n" + UPDATE + ";", "answers nothing", 1),
    ("-- About.\n-- name: x\n-- result: one\n-- row: N\n-- out: n int\nSELECT 1;",
     "“row:” needs a name", 1),
    ("-- About.\n-- name: x\n-- result: one\n-- row: n\nSELECT 1;", "nothing before says", 1),
    (ONE + "-- row: n\nSELECT 1;\n-- About.\n-- name: y\n-- result: one\n-- row: n\n"
     "-- out: m int\nSELECT 2;", "what n_row holds is said at", 7),
    (ONE + "-- row: y\nSELECT 1;\n-- About.\n-- name: y\n-- result: one\n-- out: m int\n"
     "SELECT 2;", "what y_row holds is said at", 7),
    (HEAD + UPDATE, "has no end", 1),
    (HEAD, "has no end", 1),
    (HEAD + "SELECT name FROM setting;", "writes nothing and answers nothing", 1),
    (ONE + UPDATE + ";", "by RETURNING", 1),
    (HEAD + UPDATE + " RETURNING value;", "RETURNING answers rows", 1),
    (HEAD + "INSERT INTO setting (name) VALUES ('a')\nON CONFLICT (name) DO NOTHING;",
     "DO NOTHING", 5),
    (HEAD + "INSERT INTO setting (name) VALUES ('a') ON CONFLICT DO\n/* x */ nothing;",
     "DO NOTHING", 5),
    (ONE + "SELECT value::bigint FROM setting;", "“::” is PostgreSQL's", 5),
    (ONE + "SELECT value FROM setting WHERE value = true;", "TRUE is not for both", 5),
    (ONE + "SELECT value FROM setting WHERE value IS NOT False;", "FALSE is not for both", 5),
    (ONE + "SELECT AVG(value) FROM setting;", "AVG is not for both", 5),
    (ONE + "SELECT SUM(value) FROM setting;", "CAST(SUM(x) AS BIGINT)", 5),
    (ONE + "SELECT COALESCE(SUM(value), CAST(0 AS BIGINT)) FROM setting;", "CAST(SUM", 5),
    (ONE + "SELECT value FROM setting WHERE value = $1;", "“$” is of one engine", 5),
    (ONE + "SELECT value FROM setting WHERE value = ?;", "“?” is of one engine", 5),
    (ONE + "SELECT value FROM setting WHERE name = E'a';", "“E” is of one engine", 5),
    (ONE + "SELECT value FROM setting FOR UPDATE;", "FOR is not for both", 5),
    (ONE + "SELECT * FROM setting;", "“*” changes with the schema", 5),
    (ONE + "SELECT s.* FROM setting AS s;", "“*” changes with the schema", 5),
    (ONE + "EXPLAIN SELECT 1;", "a statement begins with", 5),
    (ONE + "SELECT COUNT(*) FROM unit;", "unit belongs to a home", 1),
    (ONE + "SELECT COUNT(*) FROM setting JOIN unit ON unit.name = setting.name;",
     "unit belongs to a home", 1),
    (ONE + "-- in: unit_id text\nSELECT 1 FROM unit WHERE home_id = 'a' AND unit_id = :unit_id;",
     "unit belongs to a home", 1),
    (HEAD + "-- in: " + ", ".join(f"a{i} int" for i in range(65)) + "\n" + UPDATE + " WHERE "
     + " AND ".join(f"value > :a{i}" for i in range(65)) + ";", "more than 64 parameters", 1),
)
REFUSED_MIGRATIONS = (
    ("CREATE TABLE a (\n    b INTEGER\n);", "INTEGER is not allowed", 2),
    ("CREATE TABLE a (b text NOT NULL);", "the type of b is not", 1),
    ("CREATE TABLE a (b TEXT,\n  c NOT NULL);", "the type of c is not", 2),
    ("CREATE TABLE a (b TEXT) STRICT;", "STRICT is not allowed", 1),
    ("CREATE TABLE a (b REAL);", "points are exact", 1),
    ("CREATE TRIGGER a;", "do it in the use case", 1),
    ("DROP TABLE a;", "DROP is not allowed", 1),
    ("BEGIN;", "one transaction", 1),
    ("CREATE TABLE a (b TEXT REFERENCES c (b) DEFERRABLE);", "DEFERRABLE is not allowed", 1),
    ("INSERT INTO a (b) VALUES (:b);", "“:b” is not allowed", 1),
    ("INSERT INTO a (b) VALUES (1::BIGINT);", "“::” is not allowed", 1),
    ("CREATE TABLE a (b TEXT);\nCREATE TABLE c (d TEXT)", "has no end", 2),
    ("-- nothing\n", "the migration is empty", 1),
)


class StatementsTest(TreeTest):
    def read(self, queries="", schema=SCHEMA, **more):
        files = {"0000_lock.sql": LOCK, "0001_first.sql": schema, "x.sql": queries, **more}
        paths = [self.write(name, text) for name, text in files.items()]
        return statements.read(paths)

    def assert_good(self, queries, **more):
        found, migrations, problems = self.read(queries, **more)
        self.assertEqual(problems, [])
        return found, migrations

    def test_what_must_be_refused(self):
        for text, words, line in REFUSED:
            with self.subTest(text):
                problems = self.read(text + "\n")[2]
                self.assertTrue(problems)
                self.assertIn(words, problems[0])
                self.assertIn(f"x.sql:{line}: ", problems[0])

    def test_migrations_that_must_be_refused(self):
        for text, words, line in REFUSED_MIGRATIONS:
            with self.subTest(text):
                problems = self.read(schema=text)[2]
                self.assertTrue(problems)
                self.assertIn(words, problems[0])
                self.assertIn(f"0001_first.sql:{line}: ", problems[0])

    def test_migrations_are_numbered_without_gaps(self):
        problems = self.read(**{"0003_c.sql": "CREATE TABLE c (d TEXT);"})[2]
        self.assertEqual(len(problems), 1)
        self.assertIn("number 0003 should be 0002", problems[0])
        problems = self.read(**{"0001_b.sql": "CREATE TABLE c (d TEXT);"})[2]
        self.assertIn("number 0001 should be 0002", problems[0])

    def test_parameters_are_numbered_by_first_appearance(self):
        found, _ = self.assert_good(
            HEAD + "-- in: a int, b text?,\n-- in: c blob\n"
            "UPDATE setting SET value = :c WHERE name = :a OR name = :c OR name = :b;\n")
        self.assertEqual(found[0].text, "UPDATE setting SET value = $1 "
                                        "WHERE name = $2 OR name = $1 OR name = $3")
        self.assertEqual([field.name for field in found[0].params], ["c", "a", "b"])
        self.assertEqual([field.nullable for field in found[0].params], [False, False, True])

    def test_texts_and_comments_hold_no_parameters(self):
        found, _ = self.assert_good(
            HEAD + "-- in: a text\nUPDATE setting -- that's :b; DO NOTHING\n"
            "SET name = 'it''s :c; ::' || :a /* :d */ || \"name\" || '--' WHERE name <> ':a';\n")
        self.assertEqual(re.sub(r"\s+", " ", found[0].text),
                         "UPDATE setting SET name = 'it''s :c; ::' || $1 || \"name\" || '--' "
                         "WHERE name <> ':a'")

    def test_what_both_engines_take_passes(self):
        self.assert_good(
            "-- A file's comment.\n\n" + ONE
            + "SELECT CAST(COALESCE(SUM(value), 0) AS BIGINT), COUNT(*) * 2 FROM setting;\n"
            "-- All units.\n-- name: y\n-- result: many\n-- out: name text\n"
            "-- homes: a report of the nation\n-- scan: all are wanted\nSELECT name FROM unit;\n"
            "-- New.\n-- name: z\n-- result: one\n-- in: home_id text, a text\n-- out: b text\n"
            "INSERT INTO unit (home_id, unit_id, name) VALUES (:home_id, :a, :a)\n"
            "ON CONFLICT (home_id, unit_id) DO UPDATE SET name = excluded.name\n"
            "RETURNING unit_id;\n")

    def test_writing_is_recognised(self):
        for sql, writes in (("SELECT 'UPDATE' AS n", False), ("SELECT 1 AS update_count", False),
                            ("WITH a AS (SELECT 1) SELECT 1", False),
                            ("WITH a AS (SELECT 1) DELETE FROM setting RETURNING value", True)):
            with self.subTest(sql):
                found, _ = self.assert_good(ONE + sql + ";")
                self.assertEqual(found[0].writes, writes)

    def test_statements_share_a_row(self):
        found, _ = self.assert_good(ONE + "-- row: n\nSELECT 1;\n"
                                    "-- About.\n-- name: y\n-- result: many\n-- row: n\nSELECT 2;")
        self.assertEqual([[field.name for field in x.outs] for x in found], [["n"], ["n"]])
        header = statements.header_text(found, "x.h")
        self.assertEqual(header.count("struct n_row {"), 1)
        self.assertEqual(len(re.findall(r"int q_[xy]\(.*struct n_row \*", header)), 2)

    def test_rows_are_handed_on(self):
        found, _ = self.assert_good("-- About.\n-- name: x\n-- result: each\n-- in: home_id text\n"
                                    "-- out: a text\nSELECT name FROM unit "
                                    "WHERE home_id = :home_id;\n")
        self.assertIn("int q_x(struct db_tx *tx, const struct x_in *in, "
                      "int (*take)(void *data, const struct x_row *row), void *data)",
                      statements.header_text(found, "x.h"))

    def test_dialects_of_a_migration(self):
        _, migrations = self.assert_good("", schema=(
            "-- A TEXT of comment;\n"
            "CREATE TABLE a (text TEXT NOT NULL, n BIGINT CHECK (n > CAST('1' AS BIGINT)),\n"
            "    b BLOB, PRIMARY KEY (text) /* TEXT */ -- rowid: none\n);\n"
            "CREATE TABLE c (text TEXT DEFAULT 'TEXT; BLOB');\n"
            "CREATE INDEX d ON c (text);\nALTER TABLE c ADD COLUMN e TEXT;\n"
            "UPDATE c SET e = CAST(1 AS TEXT);\n"))
        squeeze = [re.sub(r"\s+", " ", text).strip() for text in
                   (migrations[1].sqlite, migrations[1].postgres)]
        self.assertEqual(squeeze[0], "CREATE TABLE a (text TEXT NOT NULL, "
                         "n INTEGER CHECK (n > CAST('1' AS INTEGER)), b BLOB, PRIMARY KEY (text) ) "
                         "STRICT, WITHOUT ROWID; CREATE TABLE c (text TEXT DEFAULT 'TEXT; BLOB') "
                         "STRICT; CREATE INDEX d ON c (text); ALTER TABLE c ADD COLUMN e TEXT; "
                         "UPDATE c SET e = CAST(1 AS TEXT);")
        self.assertEqual(squeeze[1], 'CREATE TABLE a (text TEXT COLLATE "C" NOT NULL, '
                         "n BIGINT CHECK (n > CAST('1' AS BIGINT)), b BYTEA, PRIMARY KEY (text) ); "
                         "CREATE TABLE c (text TEXT COLLATE \"C\" DEFAULT 'TEXT; BLOB'); "
                         'CREATE INDEX d ON c (text); ALTER TABLE c ADD COLUMN e TEXT COLLATE "C"; '
                         "UPDATE c SET e = CAST(1 AS TEXT);")

    def test_c_strings_keep_their_text(self):
        self.assertEqual(statements.c_string('a\\b "c"\nd??/'), '"a\\\\b \\"c\\"\\n"\n'
                                                               '        "d?\\?/"')

    def test_the_program_names_problems_and_fails(self):
        path = self.write("x.sql", HEAD)
        done = subprocess.run([sys.executable, ROOT / "tools" / "statements.py", "a.h", "a.c",
                               "b.c", "a.h", path], cwd=self.root, capture_output=True, text=True)
        self.assertEqual(done.returncode, 1)
        self.assertIn("x.sql:1: ", done.stderr)
        self.assertFalse((self.root / "a.h").exists())


class ListTest(unittest.TestCase):
    def test_every_file_is_built(self):
        folder = ROOT / "src" / "db"
        listed = set(re.findall(r"'([\w/]+\.sql)'", (folder / "meson.build").read_text()))
        there = {path.relative_to(folder).as_posix() for path in folder.rglob("*.sql")}
        self.assertEqual(listed, there)


if __name__ == "__main__":
    unittest.main()
