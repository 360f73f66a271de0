"""The web server under test, and a client that sends bytes and reads answers.

HTTP_SERVE names the program (tests/http/serve.c).
"""
import json
import os
import signal
import socket
import subprocess
import tempfile
import unittest

PROGRAM = os.environ["HTTP_SERVE"]
HOST = "127.0.0.1"


class Server:
    """The program, running; its log is read when it has ended."""

    def __init__(self, **options):
        self.text = None
        self.log_file = tempfile.TemporaryFile()
        self.process = subprocess.Popen(
            [PROGRAM] + [f"{name}={value}" for name, value in options.items()],
            stdout=subprocess.PIPE, stderr=self.log_file, text=True)
        line = self.process.stdout.readline()
        if not line.startswith("port "):
            self.process.wait()
            raise AssertionError("no start: " + self.words())
        self.port = int(line.split()[1])

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.stop()

    def words(self):
        """What it has written, once it has ended."""
        if self.text is None:
            self.log_file.seek(0)
            self.text = self.log_file.read().decode()
            self.log_file.close()
            self.process.stdout.close()
        return self.text

    def stop(self):
        """Ask it to end; a leak or a race that a sanitizer found shows in the exit status."""
        if self.process.returncode is None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(timeout=120)
            words = self.words()
            if self.process.returncode != 0:
                raise AssertionError(f"ended with {self.process.returncode}:\n{words}")

    def lines(self):
        self.stop()
        return [json.loads(line) for line in self.words().splitlines()]

    def let_go(self):
        """Those that /hold keeps, and all that come there later, go on."""
        self.process.send_signal(signal.SIGUSR1)

    def connect(self, timeout=30):
        return socket.create_connection((HOST, self.port), timeout=timeout)


class Answer:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    def one(self, name):
        values = [value for key, value in self.headers if key == name]
        return values[0] if values else None

    def all(self, name):
        return [value for key, value in self.headers if key == name]


class Reader:
    """Answers from one connection, one after the other."""

    def __init__(self, sock):
        self.sock, self.held = sock, b""

    def more(self):
        try:
            got = self.sock.recv(1 << 16)
        except ConnectionError:
            return False
        self.held += got
        return bool(got)

    def answer(self, head=False):
        """The next answer, or None when the connection ended before it began."""
        while b"\r\n\r\n" not in self.held:
            if not self.more():
                if self.held:
                    raise AssertionError(f"half of a head: {self.held[:200]}")
                return None
        top, self.held = self.held.split(b"\r\n\r\n", 1)
        lines = top.decode("latin-1").split("\r\n")
        status = int(lines[0].split()[1])
        headers = [(name.lower(), value.strip()) for name, value in
                   (line.split(":", 1) for line in lines[1:])]
        if status == 100:
            return Answer(status, headers, b"")
        length = int(dict(headers).get("content-length", "0"))
        if head or status == 304:
            length = 0
        while len(self.held) < length:
            if not self.more():
                raise AssertionError(f"{len(self.held)} of {length} bytes")
        body, self.held = self.held[:length], self.held[length:]
        return Answer(status, headers, body)

    def ended(self):
        while self.more():
            pass
        return not self.held


def ask(server, data, head=False, timeout=30):
    """Send bytes on a connection of its own; the first answer, and whether it was the last and the
    connection was closed at once."""
    with server.connect(timeout) as sock:
        try:
            sock.sendall(data)
        except ConnectionError:
            pass
        reader = Reader(sock)
        answer = reader.answer(head)
        sock.settimeout(0.3)
        try:
            closed = reader.ended()
        except TimeoutError:
            closed = False
        return answer, closed


def get(server, path, *headers, method="GET"):
    data = "\r\n".join([f"{method} {path} HTTP/1.1", "Host: localhost", *headers, "", ""])
    with server.connect() as sock:
        sock.sendall(data.encode("latin-1"))
        return Reader(sock).answer(method == "HEAD")


def post(server, path, body, *headers, kind="application/x-www-form-urlencoded"):
    data = "\r\n".join([f"POST {path} HTTP/1.1", "Host: localhost", f"Content-Type: {kind}",
                        f"Content-Length: {len(body)}", *headers, "", ""]).encode() + body
    with server.connect() as sock:
        sock.sendall(data)
        return Reader(sock).answer()


def multipart(*parts):
    """(name, filename or None, content)..."""
    body = b""
    for name, filename, content in parts:
        body += b'--XyZ\r\nContent-Disposition: form-data; name="' + name.encode() + b'"'
        if filename is not None:
            body += b'; filename="' + filename.encode() + b'"\r\nContent-Type: text/plain'
        body += b"\r\n\r\n" + content + b"\r\n"
    return body + b"--XyZ--\r\n"


MULTIPART = "multipart/form-data; boundary=XyZ"
ASSET = "/assets/app.0123abcd.css"


class Shared(unittest.TestCase):
    """Tests for which any running server will do."""

    @classmethod
    def setUpClass(cls):
        cls.server = Server(port=0, timeout=5)

    @classmethod
    def tearDownClass(cls):
        cls.server.stop()
