"""An election held by `thidua serve`: its folder, ballots made beforehand, and the server."""

import http.client
import json
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "cli"))
from test_server import clean_environment  # noqa: E402
import bel  # noqa: E402
from tool import THIDUA, thidua  # noqa: E402

DRAFT = {"description": "Thử", "name": "Bầu thử", "questions": [
    {"answers": ["Sở A", "Sở B"], "blank": True, "min": 1, "max": 1, "question": "Cờ?"}]}
CHOICES = "[[0,1,0]]"
JSON = {"Content-Type": "application/json"}


def run(*words):
    done = thidua(*words)
    if done.returncode != 0:
        raise AssertionError(f"{words}: {done.stdout}{done.stderr}")
    return done.stdout


class Election:
    """One in a folder of its own, in the directory of a server's elections."""

    def __init__(self, home, name="one", voters=3, draft=None, *more):
        self.home = pathlib.Path(home)
        self.data = self.home / "data"
        self.folder = self.data / "elections" / name
        self.folder.parent.mkdir(parents=True, exist_ok=True)
        (self.home / "q.json").write_text(json.dumps(draft or DRAFT, ensure_ascii=False))
        run("setup", self.folder, "--questions", self.home / "q.json")
        self.uuid = (self.folder / "uuid").read_text()
        self.path = self.folder / f"{self.uuid}.bel"
        self.at = f"/ballot/{self.uuid}"
        run("cards", self.uuid, "--voters", voters, "--cards", self.home / f"cards-{name}",
            "--public", self.home / f"public-{name}")
        self.cards = (self.home / f"cards-{name}").read_text().split()
        self.keys = [self.home / f"{name}{i}" for i in (1, 2)]
        for key in self.keys:
            run("trustee-key", key)
        self.more = more
        self.public = self.home / f"public-{name}"

    def open(self):
        run("open", self.folder, *[f"{key}.pubkey" for key in self.keys], "--public", self.public,
            *self.more)
        return self

    def ballot(self, card, choices=CHOICES, archive=None):
        """A ballot's bytes, with any card and a copy of the archive."""
        (self.home / "card").write_text(card)
        return run("vote", archive or self.folder, "--card", self.home / "card", "--choices",
                   choices).strip().encode()

    def decryption(self, i):
        return run("trustee-decrypt", self.folder, f"{self.keys[i]}.privkey", "--end",
                   bel.code(self.path)).strip().encode()

    def audit(self):
        done = thidua("verify", self.folder)
        return done.returncode, done.stdout


class Server:
    def __init__(self, election, *words, program=THIDUA, before=()):
        self.election = election
        environment = clean_environment(str(election.home))
        self.log = tempfile.TemporaryFile()
        self.process = subprocess.Popen(
            [*before, program, "serve", "--port", "0", "--language", "en", "--data", election.data,
             *words], stdout=subprocess.PIPE, stderr=self.log, text=True, env=environment)
        said = ""
        for line in self.process.stdout:
            said += line
            if line.startswith("Stop with"):
                break
        found = re.search(r"Address: \S+:(\d+)", said)
        if found is None:
            raise AssertionError(said + self.words())
        self.port = int(found.group(1))

    def words(self):
        self.log.seek(0)
        return self.log.read().decode()

    def kill(self):
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()

    def stop(self):
        if self.process.returncode is not None:
            return
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(timeout=120)
        self.process.stdout.close()
        words = self.words()
        self.log.close()
        if code != 0 or "Sanitizer" in words:
            raise AssertionError(f"the server ended with {code}\n{words}")

    def ask(self, method, path, body=None, headers=None, source=None):
        """The status, and the body as JSON or bytes."""
        connection = http.client.HTTPConnection(
            "127.0.0.1", self.port, timeout=120,
            source_address=(source, 0) if source else None)
        sent = dict(JSON if body is not None else {})
        sent.update(headers or {})
        connection.request(method, path, body, sent)
        answer = connection.getresponse()
        data = answer.read()
        connection.close()
        self.last = answer
        if (answer.headers["Content-Type"] or "").startswith("application/json"):
            return answer.status, json.loads(data)
        return answer.status, data

    def get(self, path):
        return self.ask("GET", self.election.at + path, headers={"Accept-Language": "en"})

    def cast(self, ballot, **headers):
        return self.ask("POST", self.election.at + "/ballots", ballot, headers)

    def trackers(self):
        status, page = self.get("/trackers")
        if status != 200:
            raise AssertionError(f"{status}: {page}")
        return re.findall(r"<li data-tracker=\"([A-Za-z0-9+/]{43})\">", page.decode())


def copied(election, to):
    """The archive alone, as anybody may have it."""
    folder = pathlib.Path(to)
    folder.mkdir(exist_ok=True)
    shutil.copy(election.path, folder)
    return folder
