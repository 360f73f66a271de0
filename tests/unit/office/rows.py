#!/usr/bin/env python3
"""Answers each line of its input with a digest of every row of a database.

rows.py URL ANSWERS

URL is as the program takes it. The answers go into the FIFO at ANSWERS, a line each. All tables and
columns are read, those of the future too, so that a test can say of a use case that failed: nothing
of it is there. PostgreSQL is read by the psql that tests/postgres.py names.
"""
import hashlib
import os
import shlex
import sqlite3
import subprocess
import sys

END = "-- end of rows --"


def sqlite_rows(url):
    """A function that yields all of a file's rows as text."""
    connection = sqlite3.connect(f"file:{url}?mode=ro", uri=True)

    def rows():
        tables = connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")
        for (table,) in sorted(tables.fetchall()):
            yield table
            yield from sorted(map(repr, connection.execute(f"SELECT * FROM {table}")))
    return rows


def postgres_rows():
    """The same of PostgreSQL's database, by one psql for all digests."""
    psql = subprocess.Popen(shlex.split(os.environ["THIDUA_PSQL"]), stdin=subprocess.PIPE,
                            stdout=subprocess.PIPE, text=True)

    def ask(statements):
        psql.stdin.write(f"{statements}\nSELECT '{END}';\n")
        psql.stdin.flush()
        for line in psql.stdout:
            if line.rstrip("\n") == END:
                return
            yield line
        raise SystemExit("rows.py: psql has ended")

    def rows():
        tables = [line.strip() for line in ask(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1;")]
        yield from ask("".join(f"COPY (SELECT '{table}', t.* FROM {table} t ORDER BY t)"
                               " TO STDOUT;\n" for table in tables))
    return rows


def main(url, answers):
    rows = postgres_rows() if "THIDUA_PSQL" in os.environ and "://" in url else sqlite_rows(url)
    with open(answers, "w", encoding="utf-8") as out:
        for _ in sys.stdin:
            digest = hashlib.sha256("\n".join(rows()).encode()).hexdigest()
            print(digest, file=out, flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
