#!/usr/bin/env python3
"""The server as its administrators and users meet it: init, serve, sign in, sign out, accounts.

Runs on SQLite, and on PostgreSQL too when tests/postgres.py gives one.
"""
import concurrent.futures
import http.client
import json
import os
import pathlib
import re
import signal
import sqlite3
import subprocess
import tempfile
import time
import unittest
import urllib.parse

PROGRAM = os.environ["THIDUA"]
POSTGRES = os.environ.get("THIDUA_POSTGRES")
PASSWORD = "bốn từ không ai đoán"
LINK = re.compile(r"http://\S+?(/link/[A-Za-z0-9_-]{43})")


def clean_environment(folder):
    kept = {name: value for name, value in os.environ.items() if not name.startswith("THIDUA")}
    return {**kept, "HOME": folder, "XDG_CONFIG_HOME": folder + "/config",
            "XDG_DATA_HOME": folder + "/share"}


class Client:
    """A browser without JavaScript: cookies, forms, no following of redirects."""

    def __init__(self, port):
        self.port = port
        self.cookies = {}

    def request(self, method, path, body=None, headers=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        sent = {"Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items())}
        if body is not None:
            sent["Content-Type"] = "application/x-www-form-urlencoded"
        sent.update(headers or {})
        connection.request(method, path, body, sent)
        answer = connection.getresponse()
        answer.text = answer.read().decode()
        for line in answer.headers.get_all("Set-Cookie") or []:
            name, value = line.split(";")[0].split("=", 1)
            self.cookies[name] = value
            if "Max-Age=0" in line:
                del self.cookies[name]
        connection.close()
        return answer

    def get(self, path, **headers):
        return self.request("GET", path, headers=headers)

    def token(self, path):
        return re.search(r'name="csrf" value="([0-9a-f]{64})"', self.get(path).text).group(1)

    def post(self, path, fields, token=None, form=None, **headers):
        """Fields as a mapping, or as pairs where a name comes more than once."""
        fields = list(fields.items() if isinstance(fields, dict) else fields)
        if token is None:
            token = self.token(form or path)
        if token:
            fields.append(("csrf", token))
        return self.request("POST", path, urllib.parse.urlencode(fields), headers)

    def sign_in(self, login, password, **more):
        return self.post("/sign-in", {"login": login, "password": password, **more})


class OnSqlite(unittest.TestCase):
    postgres = None

    def setUp(self):
        self.folder = tempfile.TemporaryDirectory(prefix="thidua-server-")
        self.addCleanup(self.folder.cleanup)
        self.environment = clean_environment(self.folder.name)
        self.place = ["--data", self.folder.name + "/data"]
        if self.postgres:
            subprocess.run(["psql", self.postgres, "-qc",
                            "SET client_min_messages = error; DROP SCHEMA public CASCADE",
                            "-c", "CREATE SCHEMA public"], check=True, stdout=subprocess.DEVNULL)
            self.place = ["--database", self.postgres]

    def run_program(self, *words, place=True, code=0, language="en"):
        done = subprocess.run([PROGRAM, *words, *(self.place if place else []),
                               "--language", language],
                              capture_output=True, text=True, env=self.environment, timeout=60)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return done

    def insert(self, *statements):
        if self.postgres:
            words = [word for statement in statements for word in ("-c", statement)]
            subprocess.run(["psql", self.postgres, "-q", *words], check=True)
            return
        with sqlite3.connect(self.folder.name + "/data/thidua.db") as connection:
            for statement in statements:
                connection.execute(statement)
        connection.close()

    def init(self):
        return LINK.search(self.run_program("init").stdout).group(1)

    def serve(self, *words):
        server = subprocess.Popen([PROGRAM, "serve", "--port", "0", "--language", "en", *words],
                                  stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                                  env=self.environment)
        self.addCleanup(self.stop, server)
        said = ""
        for line in server.stdout:
            said += line
            if line.startswith("Stop with"):
                break
        self.assertIn("Stop with", said, server.poll() is not None and server.stderr.read())
        return server, said, int(re.search(r"Address: \S+:(\d+)", said).group(1))

    def stop(self, server):
        if server.stdout.closed:
            return
        server.send_signal(signal.SIGTERM)
        out, err = server.communicate(timeout=60)
        self.assertEqual(server.returncode, 0, out + err)
        self.assertNotIn("Sanitizer", err)

    def start(self):
        link = self.init()
        server, _, port = self.serve(*self.place)
        return link, server, port

    def choose_password(self, client, link, password=PASSWORD):
        return client.post(link, {"password": password, "again": password})

    def signed_in(self):
        link, server, port = self.start()
        client = Client(port)
        self.assertEqual(self.choose_password(client, link).status, 303)
        self.assertEqual(client.sign_in("admin", PASSWORD).status, 303)
        return client, port

    # ---- the life of a sign-in -------------------------------------------------------------------

    def test_first_link_password_sign_in_sign_out(self):
        link, _, port = self.start()
        client = Client(port)
        answer = client.get("/")
        self.assertEqual((answer.status, answer.headers["Location"]), (303, "/sign-in"))
        answer = client.get("/password?a=b")
        self.assertEqual(answer.headers["Location"], "/sign-in?next=/password%3Fa%3Db")

        self.assertIn("admin", client.get(link).text)
        answer = client.post(link, {"password": "short", "again": "short"})
        self.assertEqual(answer.status, 422)
        self.assertIn("10", answer.text)
        answer = client.post(link, {"password": PASSWORD, "again": PASSWORD + "x"})
        self.assertEqual(answer.status, 422)
        self.assertEqual(self.choose_password(client, link).status, 303)
        self.assertEqual(client.get(link).status, 404)
        self.assertEqual(Client(port).get(link).status, 404)

        answer = client.sign_in("ADMIN", PASSWORD, next="/password")
        self.assertEqual((answer.status, answer.headers["Location"]), (303, "/password"))
        cookie = [c for c in answer.headers.get_all("Set-Cookie") if c.startswith("session=")][0]
        self.assertIn("HttpOnly", cookie)
        self.assertIn("SameSite=Lax", cookie)
        self.assertEqual(client.get("/").status, 200)
        old = dict(client.cookies)
        self.assertEqual(client.post("/sign-out", {}, form="/").status, 303)
        self.assertEqual(client.get("/").status, 303)
        client.cookies = old
        self.assertEqual(client.get("/").status, 303, "the session itself has ended")

    def test_refusals_say_the_same(self):
        link, _, port = self.start()
        client = Client(port)
        self.choose_password(client, link)
        self.run_program("account", "add", "lan", "--name", "Lan")
        answers = [client.sign_in(login, "nothing like it")
                   for login in ("admin", "nobody", "lan", "no login at all")]
        pages = {re.sub(r'value="[^"]*"', "", answer.text) for answer in answers}
        self.assertEqual({answer.status for answer in answers}, {422})
        self.assertEqual(len(pages), 1)
        self.assertIn('value="nobody"', answers[1].text)
        self.assertNotIn("nothing like it", answers[1].text)

    def test_guessing_is_slowed(self):
        link, _, port = self.start()
        client = Client(port)
        self.choose_password(client, link)
        for _ in range(5):
            self.assertEqual(client.sign_in("admin", "wrong").status, 422)
        answer = client.sign_in("admin", PASSWORD)
        self.assertEqual(answer.status, 429)
        wait = int(answer.headers["Retry-After"])
        self.assertLessEqual(wait, 2)
        time.sleep(wait + 0.1)
        self.assertEqual(client.sign_in("admin", PASSWORD).status, 303)

    def test_guessing_at_once_gains_nothing(self):
        link, _, port = self.start()
        self.choose_password(Client(port), link)
        clients = [Client(port) for _ in range(20)]
        tokens = [client.token("/sign-in") for client in clients]
        fields = {"login": "admin", "password": "wrong"}
        with concurrent.futures.ThreadPoolExecutor(len(clients)) as pool:
            answers = list(pool.map(
                lambda pair: pair[0].post("/sign-in", fields, token=pair[1]).status,
                zip(clients, tokens)))
        self.assertEqual(sorted(answers), [422] * 5 + [429] * 15)

    def test_next_stays_here(self):
        link, _, port = self.start()
        client = Client(port)
        self.choose_password(client, link)
        for far in ("//evil.example/", "https://evil.example/", "/\\evil.example", "evil"):
            fresh = Client(port)
            answer = fresh.sign_in("admin", PASSWORD, next=far)
            self.assertEqual((answer.status, answer.headers["Location"]), (303, "/"), far)

    # ---- forms from elsewhere --------------------------------------------------------------------

    def test_a_form_without_our_token_does_nothing(self):
        client, port = self.signed_in()
        other = Client(port).token("/sign-in")
        for token in ("", "0" * 64, other):
            answer = client.post("/sign-out", {}, token=token or False)
            self.assertEqual(answer.status, 403, token)
            self.assertIn("Biểu mẫu", answer.text)
        token = client.token("/")
        for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"},
                        {"Origin": "http://evil.example"}, {"Origin": "null"}):
            answer = client.request("POST", "/sign-out", "csrf=" + token, headers)
            self.assertEqual(answer.status, 403, headers)
        self.assertEqual(client.get("/").status, 200)
        own = {"Origin": f"http://127.0.0.1:{port}", "Sec-Fetch-Site": "same-origin"}
        self.assertEqual(client.request("POST", "/sign-out", "csrf=" + token, own).status, 303)

    def test_signing_in_needs_a_token_too(self):
        _, _, port = self.start()
        client = Client(port)
        answer = client.post("/sign-in", {"login": "admin", "password": "x"}, token=False)
        self.assertEqual(answer.status, 403)

    def test_who_is_not_signed_in(self):
        _, _, port = self.start()
        client = Client(port)
        answer = client.get("/", Accept="application/json")
        self.assertEqual(answer.status, 401)
        error = json.loads(answer.text)["error"]
        self.assertEqual(error["status"], 401)
        self.assertEqual(error["reference"], answer.headers["X-Request-Id"])
        self.assertEqual(client.post("/password", {}, token="0" * 64).status, 401)

    # ---- pages -----------------------------------------------------------------------------------

    def test_error_pages_speak_the_readers_language(self):
        _, _, port = self.start()
        client = Client(port)
        answer = client.get("/nowhere")
        self.assertEqual(answer.status, 404)
        self.assertIn('lang="vi"', answer.text)
        self.assertIn(answer.headers["X-Request-Id"], answer.text)
        self.assertIn('lang="en"', client.get("/nowhere", **{"Accept-Language": "en-GB"}).text)
        answer = client.post("/language", {"language": "en"}, form="/sign-in")
        self.assertEqual(answer.status, 303)
        self.assertIn('lang="en"', client.get("/sign-in").text)
        answer = client.post("/language", {"language": "xx"}, form="/sign-in")
        self.assertEqual(answer.status, 422)
        self.assertEqual(client.get("/healthz").status, 200)
        self.assertEqual(client.get("/sign-out").status, 405)

    def test_pages_without_a_handler_speak_the_accounts_language(self):
        client, port = self.signed_in()
        self.assertIn('lang="vi"', client.get("/", **{"Accept-Language": "en"}).text)
        for path, status in (("/nowhere", 404), ("/sign-out", 405)):
            answer = client.get(path, **{"Accept-Language": "en"})
            self.assertEqual(answer.status, status)
            self.assertIn('lang="vi"', answer.text)
        self.assertEqual(client.post("/language", {"language": "en"}, form="/").status, 303)
        answer = client.get("/nowhere", **{"Accept-Language": "vi"})
        self.assertIn('lang="en"', answer.text)
        # Another browser of the same account learns it with the first page.
        other = Client(port)
        other.sign_in("admin", PASSWORD)
        self.assertEqual(other.get("/").status, 200)
        self.assertIn('lang="en"', other.get("/nowhere", **{"Accept-Language": "vi"}).text)

    def test_changing_the_password_ends_other_sessions(self):
        client, port = self.signed_in()
        other = Client(port)
        other.sign_in("admin", PASSWORD)
        self.assertEqual(other.get("/").status, 200)
        new = "một mật khẩu khác hẳn"
        fields = {"old": "wrong", "password": new, "again": new}
        self.assertEqual(client.post("/password", fields).status, 422)
        fields["old"] = PASSWORD
        self.assertEqual(client.post("/password", fields).status, 303)
        self.assertEqual(client.get("/").status, 200)
        self.assertEqual(other.get("/").status, 303)
        self.assertEqual(other.sign_in("admin", PASSWORD).status, 422)
        self.assertEqual(other.sign_in("admin", new).status, 303)

    # ---- the command line ------------------------------------------------------------------------

    def test_reset_and_close_end_sessions(self):
        client, port = self.signed_in()
        link = LINK.search(self.run_program("account", "reset", "admin").stdout).group(1)
        self.assertEqual(client.get("/").status, 303)
        self.assertEqual(client.sign_in("admin", PASSWORD).status, 422)
        self.assertEqual(self.choose_password(client, link).status, 303)
        self.assertEqual(client.sign_in("admin", PASSWORD).status, 303)
        self.run_program("account", "close", "admin")
        self.assertEqual(client.get("/").status, 303)
        self.assertEqual(client.sign_in("admin", PASSWORD).status, 422)
        self.run_program("account", "open", "admin")
        self.assertEqual(client.sign_in("admin", PASSWORD).status, 303)
        self.assertIn("The record holds", self.run_program("audit", "verify").stdout)

    def test_accounts_wrongly_asked_for(self):
        self.init()
        self.run_program("account", "add", "lan", "--name", "Lan")
        self.assertIn("another account",
                      self.run_program("account", "add", "LAN", "--name", "Lan", code=1).stderr)
        wrong = self.run_program("account", "add", "1 2", "--name", " ", code=1).stderr
        self.assertIn("login:", wrong)
        self.assertIn("name:", wrong)
        self.run_program("account", "reset", "nobody", code=1)
        self.run_program("account", "add", code=2)
        self.run_program("account", "add", "an", "--name", "An", "--role", "leader", code=2)
        self.run_program("account", "add", "an", "--name", "An", "--administrator=no", code=2)
        done = self.run_program("account", "role", "lan", "--role", "leader", "--of", "nothing",
                                code=1)
        self.assertIn("no such unit", done.stderr)
        self.run_program("account", "add", "root", "--name", "Root", "--administrator")
        listed = self.run_program("account", "list").stdout
        self.assertEqual([line.split()[0] for line in listed.splitlines()],
                         ["admin", "lan", "root"])
        self.assertIn("administrator", listed.splitlines()[2])

    def test_a_demo_says_so(self):
        self.init()
        self.insert("UPDATE installation SET purpose = 'demo'")
        _, _, port = self.serve(*self.place)
        self.assertIn('class="demo-banner"', Client(port).get("/sign-in").text)
        self.assertIn('class="demo-banner"', Client(port).get("/nowhere").text)

    def test_roles_are_where_their_scopes_are(self):
        client, port = self.signed_in()
        self.insert("INSERT INTO home VALUES ('h', 1)",
                    "INSERT INTO authority VALUES ('h', 'a', NULL, 'UBND tỉnh', '', '', 1)",
                    "INSERT INTO unit VALUES ('h', 'u', 'a', 'SCT', 'Sở Công Thương', 1)")
        self.assertNotIn("thủ trưởng", client.get("/").text)
        give = ("account", "role", "admin", "--role")
        self.run_program(*give, "leader", "--of", "u")
        self.run_program(*give, "leader", "--of", "u")
        self.run_program(*give, "officer", "--of", "a")
        self.assertIn("thủ trưởng, Sở Công Thương", client.get("/").text)
        self.assertIn("cán bộ phụ trách, UBND tỉnh", client.get("/").text)
        for role, scope in (("leader", "a"), ("officer", "u"), ("observer", "x")):
            self.run_program(*give, role, "--of", scope, code=1)
        listed = self.run_program("account", "list").stdout
        self.assertIn("leader u Sở Công Thương", listed)
        self.run_program(*give, "leader", "--of", "u", "--remove")
        self.assertNotIn("Sở Công Thương", client.get("/").text)
        LINK.search(self.run_program("account", "add", "lan", "--name", "Lan", "--role",
                                     "unit_officer", "--of", "u").stdout).group(1)
        self.assertIn("unit_officer u", self.run_program("account", "list").stdout)
        self.run_program("audit", "verify")

    def test_init_twice_and_migrate(self):
        first = self.init()
        again = self.run_program("init").stdout
        self.assertIn("made before", again)
        second = LINK.search(again).group(1)
        _, said, port = self.serve(*self.place)
        client = Client(port)
        third = LINK.search(said).group(1)
        self.assertEqual(len({first, second, third}), 3)
        self.assertEqual(client.get(second).status, 200)
        self.assertEqual(self.choose_password(client, first).status, 303)
        for link in (first, second, third):
            self.assertEqual(client.get(link).status, 404)
        self.assertIn("already", self.run_program("init").stdout)
        self.assertIn("already", self.run_program("migrate").stdout)

    def test_commands_before_init(self):
        done = self.run_program("account", "list", code=5)
        self.assertNotEqual(done.stderr, "")
        self.assertNotIn("postgres", done.stderr.lower() if not self.postgres else "")
        if self.postgres:
            self.assertIn("thidua init", done.stderr)


@unittest.skipUnless(POSTGRES, "no PostgreSQL: run by tests/postgres.py")
class OnPostgres(OnSqlite):
    postgres = POSTGRES

    def test_serve_does_not_make_the_schema(self):
        done = self.run_program("serve", "--port", "0", code=5)
        self.assertIn("thidua init", done.stderr)
        self.init()
        self.insert("DELETE FROM migration WHERE number = (SELECT MAX(number) FROM migration)")
        done = self.run_program("serve", "--port", "0", code=5)
        self.assertIn("thidua migrate", done.stderr)


class Files(OnSqlite):
    """What only a file can show."""
    # The tests above have run on SQLite.
    for _name in [name for name in dir(OnSqlite) if name.startswith("test_")]:
        locals()[_name] = None
    del _name

    def prepare(self):
        self.init()
        for login in ("an", "binh", "chi", "dung"):
            self.run_program("account", "add", login, "--name", "Tên " + login)
        self.assertIn("entries: 5", self.run_program("audit", "verify").stdout)

    def findings(self):
        lines = self.run_program("audit", "verify", code=1).stdout.splitlines()
        return [line for line in lines if line.startswith("installation/")]

    def test_altered(self):
        self.prepare()
        self.insert("UPDATE audit_entry SET verb = 'account.delete' WHERE seq = 2")
        self.assertEqual(self.findings(),
                         ["installation/installation/2: the entry was altered"])

    def test_missing(self):
        self.prepare()
        self.insert("PRAGMA foreign_keys = off", "DELETE FROM audit_entry WHERE seq = 3")
        self.assertEqual(self.findings(), ["installation/installation/3: an entry is missing"])

    def test_missing_at_the_end(self):
        self.prepare()
        self.insert("DELETE FROM audit_entry WHERE seq = 5")
        self.assertEqual(self.findings(), ["installation/installation/5: an entry is missing"])

    def test_missing_whole_chain(self):
        self.prepare()
        self.insert("DELETE FROM audit_entry")
        self.assertEqual(self.findings(), ["installation/installation/5: an entry is missing"])

    def test_reordered(self):
        self.prepare()
        self.insert("UPDATE audit_entry SET seq = 99 WHERE seq = 2",
                    "UPDATE audit_entry SET seq = 2 WHERE seq = 3",
                    "UPDATE audit_entry SET seq = 3 WHERE seq = 99")
        found = self.findings()
        for number in (2, 3, 4):
            self.assertIn(f"installation/installation/{number}: "
                          "the entry does not follow the one before it", found)

    def test_payload(self):
        self.prepare()
        self.insert("UPDATE audit_payload SET new_text = 'an Somebody' WHERE seq = 2")
        self.assertEqual(len(self.findings()), 1)
        self.assertIn("/2: what the entry says", self.findings()[0])

    def test_erased_by_law(self):
        self.prepare()
        self.insert("DELETE FROM audit_payload WHERE seq = 2")
        self.assertIn("erased by law: 1", self.run_program("audit", "verify").stdout)

    def test_secrets_are_not_in_the_file(self):
        link = self.init()
        _, said, port = self.serve(*self.place)
        link = LINK.search(said).group(1)
        client = Client(port)
        self.choose_password(client, link)
        client.sign_in("admin", PASSWORD)
        session = client.cookies["session"]
        stored = b"".join(path.read_bytes() for path in pathlib.Path(self.folder.name).rglob("*")
                          if path.is_file())
        for secret in (link.split("/")[-1], session, PASSWORD):
            self.assertNotIn(secret.encode(), stored)
        self.assertIn(b"$argon2id$", stored)

    def test_serve_without_any_setting(self):
        _, said, port = self.serve()
        path = pathlib.Path(self.folder.name, "share/thidua/thidua.db")
        self.assertIn(str(path), said)
        self.assertEqual(path.stat().st_mode & 0o777, 0o600)
        self.assertEqual(path.parent.stat().st_mode & 0o777, 0o700)
        client = Client(port)
        self.assertEqual(self.choose_password(client, LINK.search(said).group(1)).status, 303)
        self.assertEqual(client.sign_in("admin", PASSWORD).status, 303)

    def test_serve_leaves_an_older_schema(self):
        self.init()
        self.insert("DELETE FROM migration WHERE number = (SELECT MAX(number) FROM migration)")
        done = self.run_program("serve", "--port", "0", code=5)
        self.assertIn("thidua migrate", done.stderr)

    def test_port_taken_and_network_without_tls(self):
        _, _, port = self.serve()
        self.assertIn("--port", self.run_program("serve", "--port", str(port), code=5).stderr)
        done = self.run_program("serve", "--port", "0", "--listen", "0.0.0.0", code=5)
        self.assertIn("plain_network", done.stderr)

    def test_settings(self):
        config = pathlib.Path(self.folder.name, "bad.conf")
        config.write_text("# comment\nprot = 80\nport = many\nport = 81\nnonsense\n"
                          "database = postgresql://u:hidden\x01@h/d\nsession_idle = 8\n")
        done = self.run_program("account", "list", "--config", str(config), code=1)
        for words in (":2: error: there is no setting “prot”", "is port meant?", ":3: error",
                      ":4: error", "line 3", ":5: error", ":6: error", ":7: error"):
            self.assertIn(words, done.stderr)
        self.assertNotIn("hidden", done.stderr)
        self.run_program("account", "list", "--config", "/nowhere/x.conf", code=1)
        sample = self.run_program("config", "sample", place=False).stdout
        config.write_text(re.sub(r"(?m)^#(\w+ =)", r"\1", sample))
        self.init()
        self.run_program("account", "list", "--config", str(config))
        self.environment["THIDUA_PORT"] = "x"
        self.assertIn("THIDUA_PORT", self.run_program("account", "list", code=1).stderr)

    def test_cookies_behind_https_are_this_hosts_only(self):
        _, said, port = self.serve("--trusted-proxy", "127.0.0.1")
        forwarded = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "192.0.2.7",
                     "Host": "thidua.example"}
        client = Client(port)
        link = LINK.search(said).group(1)
        token = re.search(r'name="csrf" value="([0-9a-f]{64})"',
                          client.get(link, **forwarded).text).group(1)
        self.assertEqual(list(client.cookies), ["__Host-form"])
        body = urllib.parse.urlencode({"password": PASSWORD, "again": PASSWORD, "csrf": token})
        for origin, status in (("http://thidua.example", 403), ("https://thidua.example", 303)):
            answer = client.request("POST", link, body, {**forwarded, "Origin": origin})
            self.assertEqual(answer.status, status, origin)
        body = urllib.parse.urlencode({"login": "admin", "password": PASSWORD, "csrf": token})
        answer = client.request("POST", "/sign-in", body, forwarded)
        self.assertEqual(answer.status, 303)
        cookie = [c for c in answer.headers.get_all("Set-Cookie") if "session" in c][0]
        self.assertTrue(cookie.startswith("__Host-session="))
        self.assertIn("Secure", cookie)

    def test_stops_while_a_client_waits(self):
        server, _, port = self.serve()
        connection = http.client.HTTPConnection("127.0.0.1", port)
        connection.connect()
        connection.sock.sendall(b"GET / HTTP/1.1\r\n")
        server.send_signal(signal.SIGINT)
        server.communicate(timeout=60)
        self.assertEqual(server.returncode, 0)
        connection.close()


if __name__ == "__main__":
    unittest.main()
