"""What bad days have in common: how a server that meets one is to answer, and to go on after it.

What is answered is a plain page in the user's language, or JSON for who asked for that; nothing is
written by half; and when the trouble is over everything goes on by itself.
"""
import html
import http.client
import json
import re
import time
import unittest

import demo

TITLES = {400: "Yêu cầu không hợp lệ", 401: "Đã đăng xuất", 403: "Không được phép",
          404: "Không có trang này", 409: "Đã có thay đổi", 413: "Quá lớn",
          503: "Tạm thời chưa phục vụ được"}
# Words that only the program's makers would know.
INTERNAL = re.compile(r"sqlite|postgres|libpq|database|\bSQL\b|SELECT|INSERT|UPDATE|constraint"
                      r"|errno|DB_E|\bI/O\b|\bENO\w+|\.c:\d|0x[0-9a-f]{6}|thidua\.db|mutex|stack",
                      re.IGNORECASE)
JSON = {"Accept": "application/json"}
# Statement, connecting and the wait in the queue, each with its deadline; and a slow machine.
PATIENCE = 30
ITEM = "I.1"
VALUE, NOTE = "v:" + ITEM, "n:" + ITEM


def visible(page):
    """The page's words, without its tags."""
    return html.unescape(re.sub(r"<[^>]*>", " ", page))


class Days(unittest.TestCase):
    engine = "sqlite"

    @classmethod
    def setUpClass(cls):
        cls.demo = demo.Demo(cls.engine)
        cls.addClassCleanup(cls.demo.remove)

    def setUp(self):
        self.addCleanup(self.verify)

    def verify(self):
        self.demo.run("audit", "verify")

    def serve(self, *words, **more):
        server = demo.Server(self.demo, *words, **more)
        self.addCleanup(server.stop)
        return server

    # ---- what pages say ----------------------------------------------------------------------

    def check_page(self, answer, status):
        """A plain page, in Vietnamese, with a reference and without a word of ours."""
        self.assertEqual(answer.status, status, visible(answer.text)[:500])
        self.assertIn('lang="vi"', answer.text)
        self.assertRegex(answer.text, rf"<title>{TITLES[status]}\b")
        self.assertRegex(answer.text, rf"<h1[^>]*>\s*{TITLES[status]}\s*</h1>")
        self.assertIn(answer.headers["X-Request-Id"], answer.text)
        self.assertNotRegex(visible(answer.text), INTERNAL)
        if status == 503:
            self.assertTrue(int(answer.headers["Retry-After"]) > 0)

    def check_kept(self, answer, status, value):
        """A page that keeps what was typed, to be sent again."""
        self.assertEqual(answer.status, status, visible(answer.text)[:500])
        self.assertIn("<title>Chưa lưu", answer.text)
        self.assertIn(f'value="{value}"', answer.text)
        self.assertIn("Gửi lại", answer.text)
        self.assertNotRegex(visible(answer.text), INTERNAL)

    def check_json(self, answer, status):
        self.assertEqual(answer.status, status, answer.text)
        error = json.loads(answer.text)["error"]
        self.assertEqual((error["status"], error["reference"]),
                         (status, answer.headers["X-Request-Id"]))
        self.assertRegex(error["message"], "[ăâđêôơưáàảãạéèíìóòúùýỳ]")
        self.assertNotRegex(answer.text, INTERNAL)
        if status == 503:
            self.assertTrue(int(answer.headers["Retry-After"]) > 0)

    # ---- a person with a sheet -----------------------------------------------------------------

    def writer(self, server, code):
        """A unit's officer with the sheet of one's own unit in the year that is still empty."""
        (home, year), = self.demo.query("SELECT home_id, year_id FROM year WHERE label = '2025'")
        (unit,), = self.demo.query(
            f"SELECT unit_id FROM member WHERE year_id = '{year}' AND code = '{code}'")
        client = server.enter(f"hadong.{code.lower()}.canbo")
        client.sheet = f"/h/{home}/years/{year}/sheets/self/{unit}/{unit}"
        client.form = client.token("/password")
        return client

    def there(self, client):
        """The number on the sheet, its version, and the note's text, as its page shows them."""
        page = client.get(client.sheet)
        self.assertEqual(page.status, 200)
        value = re.search(rf'name="{VALUE}"[^>]* value="([^"]*)"', page.text).group(1)
        seen = re.search(rf'name="s{VALUE}"[^>]* value="([^"]*)"', page.text).group(1)
        note = re.search(rf'name="{NOTE}">\n?([^<]*)<', page.text).group(1)
        note_seen = re.search(rf'name="s{NOTE}"[^>]* value="([^"]*)"', page.text).group(1)
        return {"value": value, "seen": seen, "note": note, "note_seen": note_seen}

    def fields(self, there, number):
        return {VALUE: number, "s" + VALUE: there["seen"], NOTE: number, "e:" + ITEM: "",
                "s" + NOTE: there["note_seen"]}

    def save(self, client, there, number, **headers):
        """What the page's script sends, or with other headers what its form does."""
        return client.post(client.sheet + "/save", self.fields(there, number), token=client.form,
                           **(headers or JSON))

    def state(self):
        return demo.digests(self.demo)

    def outage(self, server, client, before, can_read):
        """While nothing can be written."""
        number = str(int(before["value"] or 0) + 1)
        self.check_json(self.save(client, before, number), 503)
        self.check_page(self.save(client, before, number, Accept="text/html"), 503)
        move = {**self.fields(before, number), "move": "prepare", "seen": "1"}
        self.check_page(client.post(client.sheet + "/move", move, token=client.form), 503)
        # Who isn't signed in has no language but the browser's and the server's.
        stranger = demo.Client(server.port)
        answer = stranger.post("/demo", {"login": "hadong.sen.lanhdao"}, form="/sign-in")
        self.check_page(answer, 503)
        if can_read:
            self.assertEqual(self.there(client), before)
            self.assertEqual(client.get("/").status, 200)
        else:
            self.check_page(client.get(client.sheet), 503)
            self.check_page(client.get("/"), 503)
            self.check_json(client.get(client.sheet, **JSON), 503)

    def recovery(self, client, before):
        """Afterwards, with the same server and the same sessions."""
        self.assertEqual(self.there(client), before, "something was written by half")
        number = str(int(before["value"] or 0) + 1)
        answer = self.save(client, before, number)
        self.assertEqual(answer.status, 200, answer.text)
        after = self.there(client)
        self.assertEqual((after["value"], after["note"]), (number, number))


def fetch(port, address, path, headers, timeout, body=None):
    """Status, Retry-After and text, and how long it took. With a body it is a POST."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout,
                                            source_address=(address, 0))
    begin = time.monotonic()
    connection.request("GET" if body is None else "POST", path, body, headers)
    answer = connection.getresponse()
    text = answer.read().decode()
    connection.close()
    return answer.status, answer.headers["Retry-After"], text, time.monotonic() - begin
