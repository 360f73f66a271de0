#!/usr/bin/env python3
"""Every route of the server against everybody who must not use it.

The table of routes comes from the program (thidua routes), the data from the demonstration: three
homes that have nothing to do with each other. For each route, with real ids of one home: nobody,
people of another home, and an administrator without a role are refused, see nothing of the home's
texts, and change nothing; the home's own officer gets its pages. A route added to the table is
swept without a line here; a new kind of id in a pattern must be added to ids().
"""
import hashlib
import os
import pathlib
import re
import sqlite3
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "cli"))
import test_server  # noqa: E402

REFUSED = {401, 403, 404}
# Kept by signing in and out, and by looking.
NOT_COUNTED = {"session", "throttle", "audit_entry", "audit_payload", "audit_head", "account_link"}
VALUE = {"name": "X", "code": "X9", "label": "2031", "remark": "x", "move": "submit"}


class Sweep(test_server.OnSqlite):
    """The helpers of OnSqlite, on a demonstration."""

    @classmethod
    def setUpClass(cls):
        cls.holder = tempfile.TemporaryDirectory(prefix="thidua-sweep-")
        cls.data = cls.holder.name + "/data"

    @classmethod
    def tearDownClass(cls):
        cls.holder.cleanup()

    def setUp(self):
        super().setUp()
        self.place = ["--data", self.data]
        self.run_program("demo", "--from", ".")
        _, said, self.port = self.serve(*self.place)
        self.link = test_server.LINK.search(said)
        rows = self.run_program("routes", place=False).stdout.splitlines()
        self.routes = [row.split("\t")[:4] for row in rows]
        self.assertGreater(len(self.routes), 20)

    def query(self, sql, *values):
        connection = sqlite3.connect(f"file:{self.data}/thidua.db?mode=ro", uri=True)
        try:
            return connection.execute(sql, values).fetchall()
        finally:
            connection.close()

    def enter(self, login):
        client = test_server.Client(self.port)
        answer = client.post("/demo", {"login": login})
        self.assertEqual(answer.status, 303, login)
        return client

    def ids(self, name):
        """A real id of each kind, of the home whose root authority has this name."""
        (home, authority), = self.query(
            "SELECT home_id, authority_id FROM authority WHERE name LIKE ?", f"%{name}%")
        (year, bloc, rules), = self.query(
            "SELECT year_id, bloc_id, regulation_id FROM year WHERE home_id = ? "
            "ORDER BY label LIMIT 1", home)
        (stage, rater, unit), = self.query(
            "SELECT stage, rater, unit_id FROM sheet WHERE home_id = ? AND year_id = ? "
            "ORDER BY sheet_id LIMIT 1", home, year)
        return {"home": home, "authority": authority, "bloc": bloc, "year": year, "rules": rules,
                "regulation": rules, "unit": unit, "stage": stage, "rater": rater,
                "token": "A" * 43}

    def canaries(self, ids):
        """Texts that only the home has, as pages would show them."""
        found = self.query("SELECT name FROM bloc WHERE home_id = ?", ids["home"])
        found += self.query("SELECT name FROM authority WHERE home_id = ?", ids["home"])
        found += self.query("SELECT name FROM member WHERE home_id = ?", ids["home"])
        found += self.query("SELECT title FROM regulation WHERE home_id = ?", ids["home"])
        return [text for text, in found]

    def path(self, pattern, ids):
        return re.sub(r"\{(\w+)\}", lambda match: ids[match.group(1)], pattern)

    def state(self):
        digest = hashlib.sha256()
        for table, in self.query(
                "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name"):
            if table not in NOT_COUNTED:
                digest.update(repr(sorted(self.query(f"SELECT * FROM {table}"), key=repr)).encode())
        return digest.hexdigest()

    def refused(self, client, ids, canaries, who):
        """Each route of a home, with this home's ids."""
        swept = 0
        token = client.token("/password") if client.cookies else client.token("/sign-in")
        for method, pattern, permission, name in self.routes:
            if "{home}" not in pattern:
                continue
            with self.subTest(who=who, route=name):
                path = self.path(pattern, ids)
                before = self.state()
                if method == "GET":
                    answer = client.get(path)
                else:
                    answer = client.post(path, VALUE, token=token)
                if not client.cookies.get("session") and method == "GET":
                    self.assertEqual(answer.status, 303)
                    self.assertTrue(answer.headers["Location"].startswith("/sign-in"))
                else:
                    self.assertIn(answer.status, REFUSED)
                for canary in canaries:
                    self.assertNotIn(canary, answer.text)
                self.assertEqual(self.state(), before)
                swept += 1
        self.assertGreater(swept, 5)

    def test_people_of_another_home(self):
        ids = self.ids("Hải Phòng")
        canaries = self.canaries(ids)
        for login in ("bacgiang.chuyenvien", "bacgiang.quansat", "bacgiang.hh.lanhdao",
                      "hadong.sen.canbo"):
            self.refused(self.enter(login), ids, canaries, login)

    def test_nobody(self):
        ids = self.ids("Hải Phòng")
        self.refused(test_server.Client(self.port), ids, self.canaries(ids), "nobody")

    def test_administrator_without_a_role_sees_no_year(self):
        ids = self.ids("Hải Phòng")
        client = test_server.Client(self.port)
        self.assertEqual(self.choose_password(client, self.link.group(1)).status, 303)
        self.assertEqual(client.sign_in("admin", test_server.PASSWORD).status, 303)
        years = [row for row in self.routes if "/years/{year}" in row[1]]
        self.assertTrue(years)
        self.routes = years
        members = self.query("SELECT name FROM member WHERE home_id = ?", ids["home"])
        self.refused(client, ids, [text for text, in members], "admin")

    def test_another_home_in_the_address_of_ones_own(self):
        """The right home with another's year, and the other way round."""
        own, other = self.ids("Bắc Giang"), self.ids("Hải Phòng")
        client = self.enter("bacgiang.chuyenvien")
        canaries = self.canaries(other)
        for kind in ("authority", "bloc", "year", "rules", "unit"):
            mixed = {**own, kind: other[kind]}
            if kind == "rules":
                mixed["regulation"] = other["rules"]
            for method, pattern, _, name in self.routes:
                last = re.findall(r"\{(\w+)\}", pattern)
                if "{home}" not in pattern or kind not in last or method != "GET":
                    continue
                with self.subTest(kind=kind, route=name):
                    answer = client.get(self.path(pattern, mixed))
                    self.assertIn(answer.status, REFUSED)
                    for canary in canaries:
                        self.assertNotIn(canary, answer.text)

    def test_observer_changes_nothing(self):
        ids = self.ids("Hải Phòng")
        client = self.enter("haiphong.quansat")
        token = client.token("/password")
        before = self.state()
        for method, pattern, _, name in self.routes:
            if method == "POST" and "{home}" in pattern:
                with self.subTest(route=name):
                    answer = client.post(self.path(pattern, ids), VALUE, token=token)
                    self.assertGreaterEqual(answer.status, 400)
        self.assertEqual(self.state(), before)

    def test_the_homes_own_officer_gets_its_pages(self):
        ids = self.ids("Hải Phòng")
        client = self.enter("haiphong.chuyenvien")
        got = 0
        for method, pattern, permission, name in self.routes:
            if method == "GET" and "{token}" not in pattern and permission != "administrator":
                with self.subTest(route=name):
                    answer = client.get(self.path(pattern, ids))
                    self.assertIn(answer.status, {200, 303}, answer.text)
                    got += answer.status == 200
        self.assertGreater(got, 5)

    def test_a_form_without_its_token_does_nothing(self):
        ids = self.ids("Hải Phòng")
        client = self.enter("haiphong.chuyenvien")
        before = self.state()
        for method, pattern, _, name in self.routes:
            if method == "POST":
                with self.subTest(route=name):
                    for token in ("", "0" * 64):
                        path = self.path(pattern, ids)
                        fields = {**VALUE, "csrf": token}
                        body = "&".join(f"{key}={value}" for key, value in fields.items())
                        self.assertEqual(client.request("POST", path, body).status, 403)
        self.assertEqual(self.state(), before)


# Its own tests are of another file.
for name in dir(test_server.OnSqlite):
    if name.startswith("test_") and name not in vars(Sweep):
        setattr(Sweep, name, None)

if __name__ == "__main__":
    os.chdir(pathlib.Path(__file__).resolve().parents[2])
    unittest.main()
