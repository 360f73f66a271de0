#!/usr/bin/env python3
"""Every route of the server against everybody who must not use it, and against who may.

The table of routes comes from the program (thidua routes). The data are the demonstration's three
homes; in one of them two authorities beside each other have a bloc each, imported with a mark in
every text: one home, but nobody of the one has to do with the other. For each route, with real ids
of another home's or bloc's objects: nobody, the wrong role, and the right role elsewhere are
refused, see no marked text, and change nothing. The right role gets its page.

A route added to the table is swept without a line here, but for a POST, whose right use has a step
in Right; a new kind of id in a pattern must be added to ids(), and a new text column is planted, or
is named among those that hold none.

Runs on SQLite, and on PostgreSQL too when tests/postgres.py gives one.
"""
import html
import json
import pathlib
import re
import sys
import tempfile
import unittest

import demo

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "ballot"))
import bel  # noqa: E402

REFUSED = {401, 403, 404}
FORM = {"name": "X", "code": "X9", "label": "2031", "remark": "x", "move": "submit", "sure": "yes",
        "kind": "sectoral", "council": "X", "standing_office": "X", "version": "1", "seen": "1",
        "role": "head", "since": "2031-01-01"}
PASSWORD = "bốn từ không ai đoán"
# Text columns that hold ids, days, hashes and words of the program's own.
PLAIN = re.compile(r".*_id|since|until|kind|role|stage|rater|state|item|label|as_of|submitted"
                   r"|changed_by|sha256|chain|verb|object|.*hash|salt|part|day"
                   r"|decided")


def marked(value, mark, prefix):
    """A file's value with a mark in every text, and in every unit's code."""
    if isinstance(value, dict):
        return {key: marked(one, mark, prefix) for key, one in value.items()}
    if isinstance(value, list):
        return [marked(one, mark, prefix) for one in value]
    if isinstance(value, str) and re.search(r"\s", value):
        return f"{value} {mark}"
    if isinstance(value, str) and re.fullmatch(r"[A-Z]{2,6}", value):
        return f"{prefix}-{value}"
    return value


class Bloc:
    """An authority with a bloc of its own in a home that has others."""

    def __init__(self, place, officer, ids, letter):
        self.place, self.letter = place, letter
        self.mark, self.prefix = f"dau{letter.lower()}kin", f"{letter}Q"
        home, above = ids["home"], ids["authority"]
        fields = {"name": f"Sở {self.mark}", "council": f"Hội đồng {self.mark}",
                  "standing_office": f"Văn phòng {self.mark}"}
        at = f"/h/{home}/authorities/{above}"
        assert officer.post(at + "/below", fields, token=officer.form).status == 303
        (authority,), = place.query(
            f"SELECT authority_id FROM authority WHERE name = 'Sở {self.mark}'")
        self.bring(authority)
        (year, bloc, rules), = place.query(
            "SELECT y.year_id, y.bloc_id, y.regulation_id FROM year y JOIN bloc_authority b ON "
            f"b.home_id = y.home_id AND b.bloc_id = y.bloc_id WHERE authority_id = '{authority}'")
        members = dict(place.query(
            f"SELECT code, unit_id FROM member WHERE home_id = '{home}' AND year_id = '{year}'"))
        self.head, self.member = members[self.prefix + "-SEN"], members[self.prefix + "-MAI"]
        self.ids = {"home": home, "authority": authority, "bloc": bloc, "year": year,
                    "rules": rules, "regulation": rules, "unit": self.member, "stage": "self",
                    "rater": self.member, "token": "A" * 43, "election": ids["election"]}
        self.people = {"officer": self.person("officer", authority),
                       "observer": self.person("observer", authority),
                       "head": self.person("leader", self.head, "truong"),
                       "leader": self.person("leader", self.member),
                       "unit_officer": self.person("unit_officer", self.member)}
        self.plant()

    def bring(self, authority):
        root = pathlib.Path(demo.ROOT)
        with tempfile.TemporaryDirectory() as folder:
            rules = pathlib.Path(folder, "regulation.json")
            year = pathlib.Path(folder, "year.json")
            for path, source in ((rules, "regulations/ha-dong-2024/regulation.json"),
                                 (year, "examples/ha-dong-2024/year.json")):
                value = json.loads((root / source).read_text(encoding="utf-8"))
                value = marked(value, self.mark, self.prefix)
                if path is year:
                    value["regulation"] = "regulation.json"
                else:
                    value["id"] = f"{value['id']}-{self.mark}"
                path.write_text(json.dumps(value, ensure_ascii=False), encoding="utf-8")
            self.place.run("year", "import", "--of", authority, "--year", str(year),
                           "--regulation", str(rules))

    def person(self, role, scope, name=None):
        login = f"sweep.{self.letter.lower()}.{name or role}"
        self.place.run("account", "add", login, "--name", f"Người {self.mark}", "--role", role,
                       "--of", scope)
        return login

    def plant(self):
        """Texts that the file has no place for."""
        of = f"home_id = '{self.ids['home']}' AND year_id = '{self.ids['year']}'"
        self.place.write(
            f"UPDATE sheet SET remark = 'Vì {self.mark}', paper = 'Phiếu {self.mark}', "
            "changed_by = (SELECT account_id FROM account WHERE login = "
            f"'{self.people['leader']}') WHERE {of}",
            "INSERT INTO settled (home_id, year_id, stage, rater, unit_id, count_without, reason, "
            f"decided_by, decided, version) SELECT home_id, year_id, 'review', '{self.head}', "
            f"'{self.member}', 0, 'Vì {self.mark}', 'Họp {self.mark}', '2024-12-20', 1 FROM year "
            f"WHERE {of}",
            "INSERT INTO note (home_id, year_id, sheet_id, item, note, evidence, version, changed, "
            f"changed_by) SELECT home_id, year_id, sheet_id, 'II.1', 'Ghi {self.mark}', "
            f"'Số {self.mark}', 1, 1, changed_by FROM sheet WHERE {of}")


class World(unittest.TestCase):
    """A demonstration with two blocs of one home, and people of both."""
    engine = "sqlite"

    @classmethod
    def setUpClass(cls):
        cls.demo = demo.Demo(cls.engine)
        cls.addClassCleanup(cls.demo.remove)
        cls.elections = pathlib.Path(cls.demo.folder, "elections")
        cls.elections.mkdir()
        cls.demo.run("ballot", "demo", str(cls.elections / "one"), "--trustees", "2", place=False)
        cls.server = demo.Server(cls.demo, "--elections", str(cls.elections))
        cls.addClassCleanup(cls.server.stop)
        cls.clients = {}
        rows = cls.demo.run("routes", place=False).splitlines()
        cls.routes = [row.split("\t")[:4] for row in rows]
        assert len(cls.routes) > 20
        cls.top = cls.home_ids("Hải Phòng")
        officer = cls.enter("haiphong.chuyenvien")
        cls.own = Bloc(cls.demo, officer, cls.top, "A")
        cls.other = Bloc(cls.demo, officer, cls.top, "B")

    @classmethod
    def enter(cls, login):
        """Who has signed in once stays so."""
        if login not in cls.clients:
            client = cls.server.enter(login)
            client.form = client.token("/password")
            cls.clients[login] = client
        return cls.clients[login]

    @classmethod
    def nobody(cls):
        client = demo.Client(cls.server.port)
        client.form = client.token("/sign-in")
        return client

    @classmethod
    def administrator(cls):
        """Signed in with a password, once; without a role anywhere."""
        if "admin" not in cls.clients:
            said = cls.demo.run("account", "add", "sweep.admin", "--name", "Quản trị",
                                "--administrator")
            client = demo.Client(cls.server.port)
            link = re.search(r"/link/\S+", said).group()
            fields = {"password": PASSWORD, "again": PASSWORD}
            assert client.post(link, fields).status == 303
            assert client.sign_in("sweep.admin", PASSWORD).status == 303
            client.form = client.token("/password")
            cls.clients["admin"] = client
        return cls.clients["admin"]

    @classmethod
    def home_ids(cls, name):
        """A real id of each kind, of the home whose root authority has this name."""
        (home, authority), = cls.demo.query(
            f"SELECT home_id, authority_id FROM authority WHERE name LIKE '%{name}%'")
        (year, bloc, rules), = cls.demo.query(
            f"SELECT year_id, bloc_id, regulation_id FROM year WHERE home_id = '{home}' "
            "ORDER BY label LIMIT 1")
        (stage, rater, unit), = cls.demo.query(
            f"SELECT stage, rater, unit_id FROM sheet WHERE home_id = '{home}' AND "
            f"year_id = '{year}' ORDER BY stage, rater, unit_id LIMIT 1")
        return {"home": home, "authority": authority, "bloc": bloc, "year": year, "rules": rules,
                "regulation": rules, "unit": unit, "stage": stage, "rater": rater,
                "token": "A" * 43, "election": (cls.elections / "one/uuid").read_text()}

    def path(self, pattern, ids):
        return re.sub(r"\{(\w+)\}", lambda match: ids[match.group(1)], pattern)

    def send(self, client, method, path, fields=None):
        if method == "GET":
            return client.get(path)
        return client.post(path, FORM if fields is None else fields, token=client.form)

    def kept(self):
        """What everything in the database hashes to, by table."""
        return demo.digests(self.demo)


class Sweep(World):
    """Who may not."""

    def refused(self, client, ids, canaries, routes=None, status=REFUSED):
        """Each of the routes with these ids: refused, without a canary, and nothing changed."""
        swept = 0
        before = self.kept()
        for method, pattern, _, name in routes or self.routes:
            if "{home}" not in pattern:
                continue
            with self.subTest(route=name):
                answer = self.send(client, method, self.path(pattern, ids))
                if client.cookies.get("session") is None and method == "GET":
                    self.assertEqual(answer.status, 303)
                    self.assertTrue(answer.headers["Location"].startswith("/sign-in"))
                else:
                    self.assertIn(answer.status, status)
                for canary in canaries:
                    self.assertNotIn(canary, html.unescape(answer.text))
                swept += 1
        self.assertEqual(self.kept(), before)
        return swept

    def canaries_of(self, home):
        """Texts that only the home has."""
        found = []
        for table, column in (("bloc", "name"), ("authority", "name"), ("member", "name"),
                              ("regulation", "title")):
            found += self.demo.query(f"SELECT {column} FROM {table} WHERE home_id = '{home}'")
        return [text for text, in found]

    # ---- nobody, another home, no role ---------------------------------------------------------

    def test_nobody(self):
        canaries = self.canaries_of(self.top["home"])
        self.assertGreater(self.refused(self.nobody(), self.top, canaries), 30)

    def test_people_of_another_home(self):
        canaries = self.canaries_of(self.top["home"])
        for login in ("bacgiang.chuyenvien", "bacgiang.quansat", "bacgiang.hh.lanhdao",
                      "hadong.sen.canbo"):
            with self.subTest(who=login):
                self.refused(self.enter(login), self.top, canaries)
                self.refused(self.enter(login), self.other.ids, [self.other.mark])

    def test_administrator_without_a_role_sees_no_year(self):
        years = [row for row in self.routes if "/years/{year}" in row[1]]
        self.assertGreater(len(years), 10)
        for ids in (self.top, self.other.ids):
            members = self.demo.query(
                f"SELECT name FROM member WHERE year_id = '{ids['year']}'")
            self.refused(self.administrator(), ids, [text for text, in members], years)

    # ---- another bloc of the same home -----------------------------------------------------------

    def test_every_text_is_marked(self):
        """So that what is seen of the other bloc is seen here."""
        home = self.other.ids["home"]
        for table in demo.tables(self.demo):
            columns = demo.text_columns(self.demo, table)
            if "home_id" not in columns or table.startswith("audit"):
                continue
            for column in columns:
                if PLAIN.fullmatch(column):
                    continue
                with self.subTest(table=table, column=column):
                    rows = self.demo.query(
                        f"SELECT COUNT(*) FROM {table} WHERE home_id = '{home}' AND "
                        f"({column} LIKE '%{self.other.mark}%' OR "
                        f"{column} LIKE '{self.other.prefix}-%')")
                    self.assertGreater(rows[0][0], 0)

    def test_the_other_blocs_objects(self):
        for role, login in self.own.people.items():
            with self.subTest(role=role):
                marks = [self.other.mark, self.other.prefix + "-"]
                self.assertGreater(self.refused(self.enter(login), self.other.ids, marks), 30)

    def test_the_other_blocs_objects_among_ones_own(self):
        """The own address with one id of the other bloc in it."""
        marks = [self.other.mark, self.other.prefix + "-"]
        for kind in ("authority", "bloc", "year", "regulation", "unit", "rater"):
            ids = {**self.own.ids, kind: self.other.ids[kind]}
            routes = [row for row in self.routes if "{%s}" % kind in row[1]]
            self.assertTrue(routes)
            for role, login in self.own.people.items():
                with self.subTest(kind=kind, role=role):
                    self.refused(self.enter(login), ids, marks, routes)

    def test_the_other_blocs_ids_in_forms(self):
        """The own address, with ids of the other bloc in the form."""
        own, other = self.own.ids, self.other.ids
        officer = self.enter(self.own.people["officer"])
        before = self.kept()
        home = f"/h/{own['home']}"
        (version,), = self.demo.query(f"SELECT version FROM year WHERE year_id = '{own['year']}'")
        year = {"version": version}
        settings = f"{home}/years/{own['year']}/settings"
        forms = {
            "members": (settings + "/members", {**year, "member": other["unit"],
                                                f"order-{other['unit']}": "1"}),
            "terms": (settings + "/terms", {"role": "head", "unit": other["unit"],
                                            "since": "2024-06-01"}),
            "rules": (settings + "/rules", {**year, "regulation": other["rules"], "as_of": ""}),
            "year": (f"{home}/blocs/{own['bloc']}/years", {"label": "2032",
                                                           "copy_from": other["year"]}),
            "bloc": (f"{home}/blocs/{own['bloc']}/edit",
                     {"name": "Khối A", "kind": "sectoral", "since": "", "version": "1",
                      "authority": other["authority"]}),
        }
        for name, (path, fields) in forms.items():
            with self.subTest(form=name):
                answer = self.send(officer, "POST", path, fields)
                self.assertIn(answer.status, REFUSED | {422}, answer.headers.get("Location"))
                self.assertNotIn(self.other.mark, html.unescape(answer.text))
        self.assertEqual(self.kept(), before)

    def test_lists_end_at_ones_own(self):
        """Pages that name no object list no one else's."""
        for role, login in self.own.people.items():
            client = self.enter(login)
            for method, pattern, permission, name in self.routes:
                if method == "GET" and "{" not in pattern and permission == "signed_in":
                    with self.subTest(role=role, route=name):
                        answer = client.get(pattern)
                        # Who keeps no authority has no list of them.
                        keeps = name != "organisation" or role == "officer"
                        self.assertEqual(answer.status, 200 if keeps else 403)
                        self.assertNotIn(self.other.mark, html.unescape(answer.text))

    # ---- the wrong role --------------------------------------------------------------------------

    def test_observers_change_nothing(self):
        posts = [row for row in self.routes if row[0] == "POST"]
        wrong = REFUSED | {409, 422}
        self.refused(self.enter("haiphong.quansat"), self.top, [], posts, wrong)
        self.refused(self.enter(self.own.people["observer"]), self.own.ids, [], posts, wrong)

    def test_members_keep_no_organisation(self):
        officers = [row for row in self.routes if row[2] == "officer"]
        self.assertGreater(len(officers), 10)
        for role in ("head", "leader", "unit_officer", "observer"):
            with self.subTest(role=role):
                self.refused(self.enter(self.own.people[role]), self.own.ids, [], officers)

    def test_pages_of_an_administrator(self):
        officer = self.enter("haiphong.chuyenvien")
        before = self.kept()
        for method, pattern, permission, name in self.routes:
            if permission == "administrator":
                with self.subTest(route=name):
                    answer = self.send(officer, method, self.path(pattern, self.top))
                    self.assertEqual(answer.status, 403)
        self.assertEqual(self.kept(), before)

    # ---- forms -----------------------------------------------------------------------------------

    def test_a_form_without_its_token_does_nothing(self):
        client = self.enter(self.own.people["officer"])
        another = self.enter(self.other.people["officer"]).form
        before = self.kept()
        for method, pattern, _, name in self.routes:
            if method == "POST":
                path = self.path(pattern, self.own.ids)
                for token in (False, "0" * 64, another):
                    with self.subTest(route=name, token=token):
                        # A ballot is no form, and has no token: its card signs it.
                        status = 415 if pattern.startswith("/ballot/") else 403
                        self.assertEqual(client.post(path, FORM, token=token).status, status)
        self.assertEqual(self.kept(), before)


class Right(World):
    """Who may: each route by the right person, and what is seen is one's own."""
    links = 0

    # Before the sheets are opened to all, who only looks on sees that they are there.
    SEALED = {"sheet_show": 404, "result_print": 303, "result_file": 403, "result_unit": 303,
              "result_grid": 303}

    def wanted(self, name, role, released):
        if name == "release_ask" and (released or role not in ("officer", "head")):
            return 403
        if name == "settle_form" and role not in ("officer", "head"):
            return 403
        if name == "organisation" and role != "officer":
            return 403  # it lists what one keeps
        if role == "observer" and not released:
            return self.SEALED.get(name, 200)
        return 200

    def pages(self, released):
        who = {"administrator": self.administrator(), "anyone": self.nobody(),
               "officer": self.enter(self.own.people["officer"])}
        ids = {**self.own.ids, "token": self.new_link()}
        for method, pattern, permission, name in self.routes:
            for role in ("officer", "observer", "head", "leader", "unit_officer"):
                if method != "GET":
                    continue
                client = who.get(permission) or self.enter(self.own.people[role])
                with self.subTest(route=name, role=role, released=released):
                    answer = client.get(self.path(pattern, ids))
                    text = html.unescape(answer.text)
                    role = "officer" if permission == "officer" else role
                    self.assertEqual(answer.status, self.wanted(name, role, released))
                    if "{home}" in pattern and answer.status == 200:
                        self.assertIn(self.own.mark, text)
                    if name != "demo_show":  # the door, which lists everybody
                        self.assertNotIn(self.other.mark, text)

    def test_every_page(self):
        self.pages(released=False)
        head = self.enter(self.own.people["head"])
        path = self.path("/h/{home}/years/{year}/release", self.own.ids)
        self.assertEqual(self.send(head, "POST", path, {}).status, 303)
        self.pages(released=True)

    def new_link(self):
        Right.links += 1
        said = self.demo.run("account", "add", f"sweep.link{self.links}", "--name", "Mới")
        return re.search(r"/link/(\S+)", said).group(1)

    def version(self, table, key, value):
        return self.demo.query(f"SELECT version FROM {table} WHERE {key} = '{value}'")[0][0]

    def test_every_form(self):
        """In the order of a year: begun, filled in, sent, opened."""
        own, done = self.own, set()
        officer = self.enter(own.people["officer"])
        names = {name: pattern for method, pattern, _, name in self.routes if method == "POST"}

        def step(name, client, fields, ids=own.ids, **headers):
            path = self.path(names[name], ids)
            if headers:
                answer = client.request("POST", path, fields, headers)
            else:
                answer = client.post(path, fields, token=client.form)
            self.assertEqual(answer.status, 303, (name, answer.status, answer.text[-3000:]))
            done.add(name)
            return answer.headers["Location"]

        particulars = {"name": "Phường Mới", "council": "Hội đồng", "standing_office": "Phòng"}
        step("authority_root_add", self.administrator(), {**particulars, "name": "Tỉnh Mới"})
        step("authority_below_add", officer, particulars)
        step("authority_edit", officer, {**particulars, "name": f"Sở đã đổi {own.mark}",
                                         "version": "1"})
        step("unit_add", officer, {"name": "Đơn vị Mới", "code": "MOI"})
        step("unit_edit", officer, {"name": f"Phường đã đổi {own.mark}", "code": "DOI",
                                    "version": self.version("unit", "unit_id", own.member)})
        step("bloc_add", officer, {"name": "Khối Mới", "kind": "sectoral", "since": ""})
        step("bloc_edit", officer, {
            "name": f"Khối đã đổi {own.mark}", "kind": "sectoral", "since": "",
            "authority": own.ids["authority"],
            "version": self.version("bloc", "bloc_id", own.ids["bloc"])})
        rules = pathlib.Path(demo.ROOT, "regulations/ha-dong-2024/regulation.json").read_bytes()
        body, kind = demo.multipart([(b'name="csrf"', officer.form.encode()),
                                     (b'name="file"; filename="r.json"', rules)])
        step("rules_add", officer, body, **kind)
        step("year_add", officer, {"label": "2031", "copy_from": own.ids["year"]})
        (year,), = self.demo.query("SELECT year_id FROM year WHERE label = '2031'")
        ids = {**own.ids, "year": year}
        units = [("member", own.member), (f"order-{own.member}", "1"), ("member", own.head),
                 (f"order-{own.head}", "2")]
        step("settings_members", officer,
             [*units, ("version", self.version("year", "year_id", year))], ids)
        step("settings_term", officer, {"role": "head", "unit": own.head, "since": "2031-01-01"},
             ids)
        step("settings_rules", officer, {
            "regulation": own.ids["rules"], "as_of": "",
            "version": self.version("year", "year_id", year)}, ids)
        missing = {**ids, "rater": own.head, "unit": own.head}
        step("settle", officer, {"decision": "wait", "scope": "one", "reason": "Chưa đến hạn",
                                 "by": "Sở", "version": "0"}, missing)
        writer = self.enter(own.people["unit_officer"])
        sheet = self.path(next(row[1] for row in self.routes if row[3] == "sheet_show"), ids)
        step("sheet_save", writer, demo.filled(writer.get(sheet).text), ids)
        seen = re.search(r'name="seen" value="(\d+)"', writer.get(sheet).text).group(1)
        step("sheet_move", writer, {"move": "prepare", "seen": seen}, ids)
        step("release", self.enter(own.people["officer"]), {}, ids)

        stranger = self.nobody()
        token = self.new_link()
        step("link_use", stranger, {"password": PASSWORD, "again": PASSWORD}, {"token": token})
        stranger = self.nobody()
        step("sign_in", stranger, {"login": f"sweep.link{self.links}", "password": PASSWORD})
        stranger.form = stranger.token("/password")
        new = PASSWORD + " cả"
        step("password_change", stranger, {"old": PASSWORD, "password": new, "again": new})
        stranger.form = stranger.token("/password")
        step("language_choose", stranger, {"language": "en"})
        step("sign_out", stranger, {})
        step("demo_go", self.nobody(), {"login": own.people["leader"]})
        [archive] = self.elections.glob("one/*.bel")
        events = dict(bel.read(archive)[1])  # the last of each kind
        for name, kind in (("ballot_cast", "Ballot"), ("ballot_decrypt", "PartialDecryption")):
            answer = self.nobody().request("POST", self.path(names[name], own.ids),
                                           events[kind][0], {"Content-Type": "application/json"})
            self.assertEqual(answer.status, 200, (name, answer.text))
            done.add(name)
        self.assertEqual(done, set(names), "each form has its step above")
        self.demo.run("audit", "verify")


@unittest.skipUnless(demo.POSTGRES, "no PostgreSQL: run by tests/postgres.py")
class SweepOnPostgres(Sweep):
    engine = "postgres"


@unittest.skipUnless(demo.POSTGRES, "no PostgreSQL: run by tests/postgres.py")
class RightOnPostgres(Right):
    engine = "postgres"


if __name__ == "__main__":
    demo.at_root()
    unittest.main()
