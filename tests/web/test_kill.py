#!/usr/bin/env python3
"""kill -9 of the whole program under load: is every acknowledged cell there afterwards?

test_kill.py sqlite|postgres [ROUNDS]

Six signed-in people fill in their sheets as fast as they can, each a number and, in the same form,
a note that says the same number. The server is killed at ROUNDS random instants (20), and started
again by the same command. Then each page must show what was acknowledged last, or what was sent
after it; number and note must agree, the record must have a line for each version, and hold.
"""
import http.client
import json
import random
import re
import sys
import threading
import time
import urllib.parse

import demo

PEOPLE = 6
ITEM = "I.1"
VALUE, NOTE = "v:" + ITEM, "n:" + ITEM


class Writer:
    """One person with a sheet of one's own, over all rounds."""

    def __init__(self, place, server, unit, code, year):
        home, year_id = year
        self.unit = unit
        self.sheet = f"/h/{home}/years/{year_id}/sheets/self/{unit}/{unit}"
        self.client = server.enter(f"hadong.{code}.canbo")
        self.token = self.client.token("/password")
        # The number that is there, its version and its note's; and a number that may be there.
        self.number, self.version, self.note_version, self.sent = 0, 0, 0, None
        self.acknowledged, self.refused = 0, 0
        self.began = threading.Event()
        self.problem = None

    def start(self, server):
        self.client.port = server.port
        self.began.clear()
        self.thread = threading.Thread(target=self.write, args=(server.port,))
        self.thread.start()

    def write(self, port):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        cookies = "; ".join(f"{name}={value}" for name, value in self.client.cookies.items())
        headers = {"Cookie": cookies, "Accept": "application/json",
                   "Content-Type": "application/x-www-form-urlencoded"}
        try:
            while self.problem is None:
                self.sent = self.number + 1
                body = urllib.parse.urlencode({
                    "csrf": self.token, VALUE: self.sent, "s" + VALUE: self.version,
                    NOTE: self.sent, "e:" + ITEM: "", "s" + NOTE: self.note_version})
                connection.request("POST", self.sheet + "/save", body, headers)
                answer = connection.getresponse()
                text = answer.read().decode()
                self.take(answer.status, text)
        except (OSError, http.client.HTTPException):
            pass  # it was killed
        except Exception as problem:
            self.problem = repr(problem)
        finally:
            connection.close()
            self.began.set()

    def take(self, status, text):
        if status == 503:
            self.refused += 1
        elif status == 200:
            versions = {cell["name"]: cell["version"] for cell in json.loads(text)["cells"]}
            self.number, self.version = self.sent, versions[VALUE]
            self.note_version = versions[NOTE]
            self.acknowledged += 1
            self.began.set()
        else:
            self.problem = f"answered {status}: {text[:500]}"

    def field(self, page, name):
        found = re.search(rf'<input[^>]* name="{re.escape(name)}"[^>]* value="([^"]*)"', page)
        return found.group(1) if found else None

    def look(self, server):
        """What the page shows now is where the next round begins; or why it must not be so."""
        self.client.port = server.port
        answer = self.client.get(self.sheet)
        if answer.status != 200:
            return f"its page answers {answer.status}"
        page = answer.text
        number, version = self.field(page, VALUE), int(self.field(page, "s" + VALUE))
        note_version = int(self.field(page, "s" + NOTE))
        note = re.search(rf'<textarea[^>]* name="{re.escape(NOTE)}">\n?([^<]*)<', page).group(1)
        there = (number, note, version, note_version)
        may = [(self.number, self.version, self.note_version),
               (self.sent, self.version + 1, self.note_version + 1)]
        wanted = [("" if v == 0 else str(n), "" if v == 0 else str(n), v, w) for n, v, w in may]
        if there not in wanted:
            return f"there is {there}, which is none of {wanted}"
        self.number, self.version, self.note_version = may[wanted.index(there)]
        return None


def record_is_whole(place):
    """A line of the record for each version of a cell and of a note, and the other way round."""
    cells, notes = [
        place.query(f"SELECT CAST(COALESCE(SUM(t.version), 0) AS BIGINT) FROM {table} t "
                    "JOIN year y ON y.year_id = t.year_id WHERE y.label = '2025'")[0][0]
        for table in ("cell", "note")]
    lines = dict(place.query("SELECT verb, COUNT(*) FROM audit_entry GROUP BY verb"))
    if (cells, notes) != (lines.get("cell.set", 0), lines.get("note.set", 0)):
        return f"{cells} and {notes} versions, but {lines}"
    place.run("audit", "verify")
    return None


def rounds(place, count):
    chance = random.Random(count)
    server = demo.Server(place)
    (home, year), = place.query("SELECT home_id, year_id FROM year WHERE label = '2025'")
    members = place.query(f"SELECT unit_id, code FROM member WHERE year_id = '{year}' "
                          "ORDER BY position")
    writers = [Writer(place, server, unit, code, (home, year)) for unit, code in members[:PEOPLE]]
    try:
        for number in range(count):
            for writer in writers:
                writer.start(server)
            for writer in writers:
                if not writer.began.wait(60):
                    sys.exit("test_kill.py: nothing was saved within 60 s")
            time.sleep(chance.uniform(0, 0.25))
            server.kill()
            for writer in writers:
                writer.thread.join()
            server = demo.Server(place)
            problems = [f"{writer.unit}: {problem}" for writer in writers
                        for problem in (writer.problem, writer.look(server)) if problem]
            problems += [problem for problem in [record_is_whole(place)] if problem]
            if problems:
                sys.exit(f"test_kill.py: after kill {number}: {problems}")
        server.stop()
    finally:
        server.process.kill()
    return writers


def main(args):
    engine, count = args[0], int(args[1]) if len(args) > 1 else 20
    place = demo.Demo(engine)
    try:
        writers = rounds(place, count)
    finally:
        place.remove()
    total = sum(writer.acknowledged for writer in writers)
    refused = sum(writer.refused for writer in writers)
    # Nobody is killed before each of them has saved.
    if total < PEOPLE * count:
        sys.exit(f"test_kill.py: only {total} saves in {count} rounds show nothing")
    print(f"{count} kills, {total} acknowledged saves, all there; {refused} answered 503")
    return 0


if __name__ == "__main__":
    demo.at_root()
    sys.exit(main(sys.argv[1:]))
