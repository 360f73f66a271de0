#!/usr/bin/env python3
"""The web server, met over sockets: what it answers, what it refuses, and what it survives.

HTTP_SERVE names the program (tests/http/serve.c).
"""
import json
import os
import pathlib
import re
import signal
import socket
import ssl
import subprocess
import tempfile
import threading
import time
import unittest
import warnings

PROGRAM = os.environ["HTTP_SERVE"]
HOST = "127.0.0.1"
SECURITY = {
    "content-security-policy":
        "default-src 'none'; style-src 'self'; script-src 'self'; font-src 'self'; "
        "img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
}


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


class Shared(unittest.TestCase):
    """Tests for which any running server will do."""

    @classmethod
    def setUpClass(cls):
        cls.server = Server(port=0, timeout=5)

    @classmethod
    def tearDownClass(cls):
        cls.server.stop()


class Pages(Shared):
    def test_a_page(self):
        answer = get(self.server, "/")
        self.assertEqual((answer.status, answer.body), (200, b"home\n"))
        self.assertEqual(answer.one("content-type"), "text/html; charset=utf-8")
        self.assertEqual(answer.one("cache-control"), "no-store")
        self.assertRegex(answer.one("x-request-id"), "^[0-9a-f]{16}$")

    def test_every_answer_has_the_security_headers(self):
        for path, status in (("/", 200), ("/none", 404), ("/only-post", 405), ("/fail", 500),
                             ("/healthz", 200), ("/assets/app.0123abcd.css", 200),
                             ("/redirect", 303), ("/echo?q=%", 400), ("/split", 500)):
            answer = get(self.server, path)
            self.assertEqual(answer.status, status, path)
            for name, value in SECURITY.items():
                self.assertEqual(answer.all(name), [value], path)
            self.assertIsNone(answer.one("strict-transport-security"))

    def test_head_is_get_without_its_body(self):
        with self.server.connect() as sock:
            sock.sendall(b"HEAD /big?n=5000 HTTP/1.1\r\nHost: x\r\n\r\n"
                         b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            reader = Reader(sock)
            answer = reader.answer(head=True)
            self.assertEqual((answer.status, answer.one("content-length")), (200, "5000"))
            self.assertEqual(reader.answer().body, b"home\n")

    def test_parameters_of_the_path(self):
        body = get(self.server, "/hello/a.b/again/X_1~").body.decode()
        self.assertEqual(body, "first=a.b\nsecond=X_1~\nabsent=(none)\ndata=well\n")
        self.assertEqual(get(self.server, "/hello/" + "a" * 64).status, 200)
        self.assertEqual(get(self.server, "/hello/" + "a" * 65).status, 404)

    def test_keep_alive_and_pipelining(self):
        with self.server.connect() as sock:
            reader = Reader(sock)
            for n in range(50):
                sock.sendall(f"GET /echo?q={n} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
                self.assertIn(f"query={n}\n".encode(), reader.answer().body)
            sock.sendall(b"".join(f"GET /echo?q={n} HTTP/1.1\r\nHost: x\r\n\r\n".encode()
                                  for n in range(50)))
            for n in range(50):
                self.assertIn(f"query={n}\n".encode(), reader.answer().body)
            sock.sendall(b"POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n"
                         b"Content-Type: application/x-www-form-urlencoded\r\n\r\na=1"
                         b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            self.assertIn(b"\na=1\n", reader.answer().body)
            self.assertEqual(reader.answer().body, b"home\n")
            self.assertTrue(reader.ended())

    def test_keep_alive_has_no_delay(self):
        with self.server.connect() as sock:
            reader = Reader(sock)
            times = []
            for _ in range(20):
                begin = time.monotonic()
                sock.sendall(b"GET /big?n=9000 HTTP/1.1\r\nHost: x\r\n\r\n")
                reader.answer()
                times.append(time.monotonic() - begin)
        # Nagle's algorithm against delayed acknowledgement would take 40 ms each.
        self.assertLess(sorted(times)[5], 0.035)

    def test_http_1_0(self):
        answer, closed = ask(self.server, b"GET /echo HTTP/1.0\r\n\r\n")
        self.assertEqual(answer.status, 200)
        self.assertIn(b"\nhost=\n", answer.body)
        self.assertTrue(closed)

    def test_a_large_page(self):
        answer = get(self.server, "/big?n=20000000")
        self.assertEqual(len(answer.body), 20000000)
        self.assertTrue(answer.body.startswith(b"a line of"))

    def test_health(self):
        self.assertEqual(get(self.server, "/healthz").body, b"ok\n")
        self.assertEqual(post(self.server, "/healthz", b"").status, 405)

    def test_ill_health(self):
        with Server(port=0, sick=1) as server:
            answer = get(server, "/healthz")
            self.assertEqual((answer.status, answer.body), (503, b"not ready\n"))

    def test_methods(self):
        for method in ("PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "BREW"):
            answer = get(self.server, "/echo", method=method)
            self.assertEqual((answer.status, answer.one("allow")), (405, "GET, HEAD, POST"))
        self.assertEqual(get(self.server, "/only-post").one("allow"), "POST")
        self.assertEqual(get(self.server, "/only-post", method="HEAD").status, 405)
        self.assertEqual(post(self.server, "/fail", b"").one("allow"), "GET, HEAD")
        self.assertEqual(get(self.server, "/none", method="BREW").status, 404)

    def test_the_gate_comes_before_the_handler(self):
        answer = get(self.server, "/fail", "X-Stranger: yes")
        self.assertEqual((answer.status, answer.body), (403, b"not you\n"))


class Failures(Shared):
    def test_a_handlers_failure_becomes_a_page(self):
        answer = get(self.server, "/fail")
        self.assertEqual((answer.status, answer.body), (500, b"failed 500 -77\n"))
        self.assertIsNone(answer.one("x-half"))

    def test_an_answer_beyond_its_maximum_becomes_a_page(self):
        answer = get(self.server, f"/big?n={64 * 1024 * 1024 + 1}")
        self.assertEqual((answer.status, answer.body), (500, b"failed 500 -4\n"))

    def test_a_header_with_a_line_end_becomes_a_page(self):
        answer = get(self.server, "/split")
        self.assertEqual((answer.status, answer.body), (500, b"failed 500 -2\n"))
        self.assertEqual(answer.all("set-cookie"), [])

    def test_memory_has_a_limit(self):
        answer = get(self.server, "/hungry")
        self.assertEqual((answer.status, answer.body), (500, b"failed 500 -1\n"))


class Headers(Shared):
    def test_cookies_are_read(self):
        for sent, read in (("c=1", "1"), ("a=0; c=2; c=3", "2"), ("c=a=b", "a=b"),
                           ("cc=1; xc=2", "(none)"), ("c=", ""), ('c="q"', "q"),
                           ("C=9", "(none)"), (";;  c=7 ;", "7"), ("c=\xff", "(none)")):
            body = get(self.server, "/echo", "Cookie: " + sent).body.decode()
            self.assertIn(f"cookie={read}\n", body, sent)
        body = get(self.server, "/echo", "Cookie: a=1", "Cookie: c=2").body
        self.assertIn(b"cookie=2\n", body)

    def test_cookies_are_set(self):
        answer = get(self.server, "/cookies")
        self.assertEqual(answer.all("set-cookie"), [
            "visit=v1; Path=/; HttpOnly; SameSite=Lax",
            "kept=k1; Path=/; HttpOnly; SameSite=Lax; Max-Age=3600",
            "gone=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0"])
        self.assertEqual(answer.all("cache-control"), ["private"])

    def test_redirects_stay_here(self):
        for to, where in (("/a/b?c=1", "/a/b?c=1"), ("//evil", "/"), ("https://evil", "/"),
                          ("/\\evil", "/"), ("", "/"), ("/a%0D%0AX: 1", "/"), ("/%20", "/")):
            answer = get(self.server, "/redirect?to=" + to.replace("&", "%26").replace(" ", "+"))
            self.assertEqual((answer.status, answer.one("location"), answer.body),
                             (303, where, b""), to)

    def test_headers_are_text(self):
        body = get(self.server, "/echo", "X-TEST:  a b ").body
        self.assertIn(b"header=a b\n", body)
        self.assertIn(b"header=(none)\n", get(self.server, "/echo", "X-Test: \xff").body)


class Assets(Shared):
    path = "/assets/app.0123abcd.css"

    def test_an_asset(self):
        answer = get(self.server, self.path)
        self.assertEqual((answer.status, answer.body), (200, b"body { color: black }"))
        self.assertEqual(answer.one("content-type"), "text/css")
        self.assertEqual(answer.all("cache-control"), ["public, max-age=31536000, immutable"])
        self.assertEqual(answer.one("vary"), "Accept-Encoding")
        self.assertEqual(get(self.server, "/assets/other").status, 404)
        self.assertEqual(post(self.server, self.path, b"").one("allow"), "GET, HEAD")

    def test_packed_for_those_who_can(self):
        for accept, packed in (("gzip", True), ("br, gzip;q=0.5", True), ("gzip;q=0", False),
                               ("gzip;q=0.0, br", False), ("br", False), ("xgzip", False)):
            answer = get(self.server, self.path, "Accept-Encoding: " + accept)
            self.assertEqual(answer.one("content-encoding"), "gzip" if packed else None, accept)
            self.assertEqual(answer.body == b"(packed)", packed, accept)

    def test_not_sent_twice(self):
        etag = get(self.server, self.path).one("etag")
        packed = get(self.server, self.path, "Accept-Encoding: gzip").one("etag")
        self.assertNotEqual(etag, packed)
        answer = get(self.server, self.path, 'If-None-Match: "x", ' + etag)
        self.assertEqual((answer.status, answer.body, answer.one("etag")), (304, b"", etag))
        self.assertEqual(get(self.server, self.path, "If-None-Match: " + packed).status, 200)


class Forms(Shared):
    def fields(self, body, kind="application/x-www-form-urlencoded"):
        answer = post(self.server, "/echo", body, kind=kind)
        if answer.status != 200:
            return answer.status
        return answer.body.decode().split("header=(none)\n", 1)[1]

    def test_urlencoded(self):
        self.assertEqual(self.fields(b"a=1&b=x+y%21&a=2&c&=d"), "a=1\nb=x y!\na=2\nc=\n=d\n")
        self.assertEqual(self.fields(b"", ), "")
        self.assertEqual(self.fields(b"a=1", "application/x-www-form-urlencoded; charset=UTF-8"),
                         "a=1\n")

    def test_text_becomes_nfc(self):
        self.assertEqual(self.fields("t=e\u0302\u0301".encode()), "t=\u1ebf\n")
        self.assertEqual(self.fields(b"t=e%CC%82%CC%81"), "t=\u1ebf\n")

    def test_what_is_no_text_is_refused(self):
        for body in (b"a=%", b"a=%1", b"a=%zz", b"a=%ff", b"%C3=1", b"a=%00", b"a=\x00", b"a=%07",
                     b"a=%7F", b"a=%C2%80", b"a=\xff"):
            self.assertEqual(self.fields(body), 400, body)
            if b"\0" not in body and b"\xff" not in body:
                self.assertEqual(get(self.server, "/echo?" + body.decode()).status, 400, body)
        self.assertEqual(self.fields(b"a=1%0D%0A%092"), "a=1\r\n\t2\n")

    def test_fields_are_counted(self):
        self.assertNotEqual(self.fields(b"&".join([b"a=1"] * 4096)), 400)
        self.assertEqual(self.fields(b"&".join([b"a=1"] * 4097)), 400)
        many = self.fields(multipart(*[("a", None, b"1")] * 2500), MULTIPART)
        self.assertEqual(many, "a=1\n" * 2500)
        big = post(self.server, "/upload", multipart(*[("a", None, b"1")] * 4097), kind=MULTIPART)
        self.assertEqual(big.status, 400)

    def test_other_types_are_refused(self):
        for kind in ("text/plain", "application/json", "multipart/form-data",
                     "multipart/form-data; boundary=", "multipart/mixed; boundary=XyZ",
                     "application/x-www-form-urlencoded; charset=latin1"):
            self.assertEqual(self.fields(b"a=1", kind), 415, kind)
        answer, _ = ask(self.server,
                        b"POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\na=1")
        self.assertEqual(answer.status, 415)
        answer, _ = ask(self.server, b"POST /echo HTTP/1.1\r\nHost: x\r\n\r\n")
        self.assertEqual(answer.status, 200)

    def test_multipart(self):
        got = self.fields(multipart(("a", None, b"1"), ("f", "C:\\d\\t\u00e9.txt", b"123"),
                                    ("a", None, "e\u0302".encode()), ("g", "", b""),
                                    ("f", "x\u200ey", b"")), MULTIPART)
        self.assertEqual(got, "a=1\na=\u00ea\nfile f t\u00e9.txt 3\nfile f xy 0\n")
        got = self.fields(multipart(("f", "..", b"1"), ("f", "a/", b"1"), ('q%22"', "%22", b"1"))
                          .replace(b'%22""', b'%22\\""'), MULTIPART)
        self.assertEqual(got, 'file f file 1\nfile f file 1\nfile q"" " 1\n')

    def test_broken_multipart_is_refused(self):
        whole = multipart(("a", None, b"1"))
        for body in (b"", whole[:-6], whole[:20], b"x" + whole,
                     whole.replace(b"form-data", b"file"),
                     whole.replace(b'name="a"', b""), whole.replace(b'"a"', b'"a'),
                     whole.replace(b"1", b"\xff"), whole.replace(b"1", b"\0"),
                     whole.replace(b"\r\n\r\n", b"\r\n" + b"x: y\r\n" * 2000 + b"\r\n"),
                     whole.replace(b"\r\n\r\n", b"\r\nno colon\r\n\r\n")):
            self.assertEqual(self.fields(body, MULTIPART), 400, body[:60])

    def test_files_are_returned_byte_for_byte(self):
        tricky = b"\r\n--Xy\r\n--XyY\r\n--" + bytes(range(256)) * 10 + b"\r\n\r\n\r"
        for content in (b"", b"\r\n", tricky, os.urandom(3 << 20)):
            body = multipart(("a", None, b"1"), ("file", "f", content), ("b", None, b"2"))
            answer = post(self.server, "/upload", body, kind=MULTIPART)
            self.assertEqual((answer.status, answer.body == content), (200, True))

    def test_chunked(self):
        head = (b"POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n"
                b"Content-Type: application/x-www-form-urlencoded\r\n\r\n")
        answer, closed = ask(self.server, head + b"3\r\na=1\r\n4;ext=1\r\n&b=2\r\n0\r\n\r\n")
        self.assertIn(b"\na=1\nb=2\n", answer.body)
        self.assertFalse(closed)


class Limits(Shared):
    def test_the_head(self):
        filler = "X-Filler: " + "x" * 8000
        self.assertEqual(get(self.server, "/", filler, filler, filler).status, 200)
        answer, closed = ask(self.server, b"GET / HTTP/1.1\r\nHost: x\r\n" +
                             (filler + "\r\n").encode() * 5 + b"\r\n")
        self.assertEqual((answer.status, closed), (431, True))
        self.assertIsNotNone(answer.one("content-security-policy"))
        answer, closed = ask(self.server, b"GET / HTTP/1.1\r\nHost: x\r\n" +
                             (filler + "\r\n").encode() * 40 + b"\r\n")
        self.assertEqual((answer.status, closed), (431, True))
        answer, closed = ask(self.server, b"GET / HTTP/1.1\r\nHost: x\r\n" + b"a:b\r\n" * 9000)
        self.assertEqual((answer.status, closed), (431, True))

    def test_the_request_line(self):
        self.assertEqual(get(self.server, "/echo?q=" + "x" * 30000).status, 200)
        self.assertEqual(get(self.server, "/echo?q=" + "x" * 34000).status, 431)
        answer, closed = ask(self.server, b"GET /" + b"x" * 200000 + b" HTTP/1.1\r\n\r\n")
        self.assertIn(answer.status, (414, 431))
        self.assertTrue(closed)

    def test_the_body_of_a_route(self):
        self.assertEqual(post(self.server, "/small", b"a=" + b"1" * 998).status, 200)
        self.assertEqual(post(self.server, "/small", b"a=" + b"1" * 999).status, 413)
        self.assertEqual(post(self.server, "/echo", b"a=" + b"1" * (256 * 1024 - 2)).status, 200)
        self.assertEqual(post(self.server, "/echo", b"a=" + b"1" * (256 * 1024 - 1)).status, 413)
        self.assertEqual(post(self.server, "/small", b"1" * 5000000).status, 413)

    def test_a_body_in_chunks(self):
        head = (b"POST /small HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n"
                b"Content-Type: application/x-www-form-urlencoded\r\n\r\n")
        answer, closed = ask(self.server, head + b"2bc\r\n" + b"a" * 700 + b"\r\n12d\r\n" +
                             b"a" * 301 + b"\r\n0\r\n\r\n")
        self.assertEqual((answer.status, closed), (413, True))
        # Without end: cut off after what is read for politeness.
        with self.server.connect() as sock:
            sock.sendall(head)
            sent = 0
            with self.assertRaises(ConnectionError):
                while sent < 1 << 30:
                    sock.sendall(b"100000\r\n" + b"a" * (1 << 20) + b"\r\n")
                    sent += 1 << 20
            self.assertLess(sent, 100 << 20)

    def test_large_bodies_have_a_limit_together(self):
        held = [self.server.connect() for _ in range(4)]
        for sock in held:
            sock.sendall(b"POST /upload HTTP/1.1\r\nHost: x\r\nContent-Length: 66000000\r\n\r\n" +
                         b"a" * 65_000_000)
        body = multipart(("file", "f", b"b" * 20_000_000))
        self.assertEqual(post(self.server, "/upload", body, kind=MULTIPART).status, 503)
        self.assertEqual(post(self.server, "/echo", b"a=1").status, 200)
        for sock in held:
            sock.close()
        time.sleep(0.5)
        self.assertEqual(post(self.server, "/upload", body, kind=MULTIPART).status, 200)

    def test_gigabytes_are_not_read(self):
        answer, closed = ask(self.server, b"POST /echo HTTP/1.1\r\nHost: x\r\n"
                             b"Content-Length: 9000000000\r\n\r\n" + b"a" * 1000)
        self.assertEqual((answer.status, closed), (413, True))

    def test_expect(self):
        head = ("POST /{} HTTP/1.1\r\nHost: x\r\nContent-Length: {}\r\nExpect: 100-continue\r\n"
                "Content-Type: application/x-www-form-urlencoded\r\n\r\n")
        with self.server.connect() as sock:
            reader = Reader(sock)
            sock.sendall(head.format("echo", 3).encode())
            self.assertEqual(reader.answer().status, 100)
            sock.sendall(b"a=1")
            self.assertIn(b"\na=1\n", reader.answer().body)
        for path, length, status in (("small", 5000, 413), ("none", 5, 404)):
            answer, closed = ask(self.server, head.format(path, length).encode())
            self.assertEqual((answer.status, closed), (status, True))


class Malformed(Shared):
    def test_heads_that_are_refused(self):
        good = b"POST /echo HTTP/1.1\r\nHost: x\r\n"
        kind = b"Content-Type: application/x-www-form-urlencoded\r\n"
        for data in (
                good + kind + b"Content-Length: 3\r\nContent-Length: 3\r\n\r\na=1",
                good + kind + b"Content-Length: 3\r\nContent-Length: 4\r\n\r\na=1",
                good + kind + b"Content-Length: 3, 3\r\n\r\na=1",
                good + kind + b"Content-Length: +3\r\n\r\na=1",
                good + kind + b"Content-Length: -3\r\n\r\na=1",
                good + kind + b"Content-Length: 0x3\r\n\r\na=1",
                good + kind + b"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                good + kind + b"Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n",
                good + kind + b"Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
                good + kind + b"Transfer-Encoding: identity\r\n\r\n",
                good + kind + b"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n",
                good + b"Content-Length : 3\r\n\r\na=1",
                good + b"X Y: 3\r\n\r\n",
                good + b"Host: y\r\n\r\n",
                b"GET / HTTP/1.1\r\n\r\n",
                b"GET / HTTP/1.1\r\nHost: a/b\r\n\r\n",
                b"GET / HTTP/1.1\r\nHost: a b\r\n\r\n",
                b"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\na=1",
                b"GET / HTTP/2.0\r\nHost: x\r\n\r\n",
                b"GET http://x/ HTTP/1.1\r\nHost: x\r\n\r\n",
                b"OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n"):
            # What follows must not be taken for a second request.
            with self.server.connect(3) as sock:
                sock.sendall(data + b"GET /big?n=9 HTTP/1.1\r\nHost: x\r\n\r\n")
                reader = Reader(sock)
                try:
                    while reader.more():
                        pass
                except TimeoutError:
                    self.fail(f"left open: {data} {reader.held}")
            self.assertRegex(reader.held, b"^HTTP/1.1 (400|505) ", data)
            self.assertNotIn(b"a line of", reader.held, data)
            self.assertNotIn(b"HTTP/1.1 2", reader.held, data)

    def test_paths_that_reach_no_handler(self):
        for path in ("/a%00", "/hello/%00", "/hello/..", "/hello/.", "/hello/../echo", "//echo",
                     "/hello//again/b", "/hello/%2e%2e/x", "/hello\\x", "/hello/a%5Cb",
                     "/hello/a%2Fb", "/hello/%", "/hello/%4", "/hello/a b", "/hello/\xe0",
                     "/hello/", "/hello", "/echo/", "/ECHO", "/hello/a/again", "/hello/a;b",
                     "/hello/%61", "", "x"):
            answer = get(self.server, path) if path not in ("", "x") else \
                ask(self.server, f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode())[0]
            if answer is not None:
                self.assertIn(answer.status, (400, 404), path)

    def test_rubbish(self):
        for data in (b"\0" * 100, b"\x16\x03\x01\x02\0\x01" + os.urandom(200), b"GET\r\n\r\n",
                     b"GET /\r\n\r\n", b"\r\n\r\n", b"GET / HTTP/1.1\r\nHo\0st: x\r\n\r\n",
                     os.urandom(5000) + b"\r\n\r\n"):
            try:
                with self.server.connect(1) as sock:
                    sock.sendall(data)
                    sock.shutdown(socket.SHUT_WR)
                    answer = Reader(sock).answer()
            except (ConnectionError, TimeoutError):
                continue
            self.assertTrue(answer is None or answer.status >= 400, data[:30])
        self.assertEqual(get(self.server, "/").status, 200)


class Proxy(unittest.TestCase):
    def test_only_the_trusted_proxy_is_believed(self):
        with Server(port=0) as server:
            body = get(server, "/echo", "X-Forwarded-For: 9.9.9.9", "X-Forwarded-Proto: https").body
            self.assertIn(b"peer=127.0.0.1\nsecure=no\n", body)
        with Server(port=0, proxy="127.0.0.1") as server:
            for headers, peer in ((["X-Forwarded-For: 9.9.9.9"], "9.9.9.9"),
                                  (["X-Forwarded-For: 8.8.8.8, 9.9.9.9"], "9.9.9.9"),
                                  (["X-Forwarded-For: 8.8.8.8, 127.0.0.1"], "8.8.8.8"),
                                  (["X-Forwarded-For: 8.8.8.8", "X-Forwarded-For: 7.7.7.7"],
                                   "7.7.7.7"),
                                  (["X-Forwarded-For: 8.8.8.8, nobody"], "127.0.0.1"),
                                  (["X-Forwarded-For: [2001:DB8::1]"], "2001:db8::1"), ([],
                                                                                   "127.0.0.1")):
                body = get(server, "/echo", *headers).body.decode()
                self.assertIn(f"peer={peer}\n", body, headers)
            answer = get(server, "/cookies", "X-Forwarded-Proto: https")
            self.assertTrue(all("; Secure" in cookie for cookie in answer.all("set-cookie")))
            self.assertIsNone(answer.one("strict-transport-security"))
            answer, _ = ask(server, b"GET / HTTP/1.1\r\nHost: office.example\r\n"
                            b"X-Forwarded-Proto: https\r\n\r\n")
            self.assertEqual(answer.one("strict-transport-security"), "max-age=31536000")


class Overload(unittest.TestCase):
    def fetch(self, server, path, method, results):
        results.append(post(server, path, b"") if method == "POST" else get(server, path))

    def fetch_many(self, server, path, count, method="GET"):
        results = []
        threads = [threading.Thread(target=self.fetch, args=(server, path, method, results))
                   for _ in range(count)]
        for thread in threads:
            thread.start()
        return threads, results

    def soon(self, what):
        end = time.monotonic() + 60
        while not what():
            self.assertLess(time.monotonic(), end)
            time.sleep(0.02)

    def held(self, server):
        return int(get(server, "/held").body)

    def test_a_full_queue_says_so_and_recovers(self):
        for method, other in (("GET", "POST"), ("POST", "GET")):
            with self.subTest(method), Server(port=0, workers=2, writers=2, queue=3) as server:
                # Both workers have theirs before the queue is filled.
                working, first = self.fetch_many(server, "/hold", 2, method)
                self.soon(lambda: self.held(server) == 2)
                threads, results = self.fetch_many(server, "/hold", 18, method)
                self.soon(lambda: len(results) == 15)
                # The other method has workers of its own.
                self.fetch(server, "/echo", other, served := [])
                self.assertEqual(served[0].status, 200)
                self.assertEqual(self.held(server), 2)
                busy = list(results)
                get(server, "/release")
                for thread in working + threads:
                    thread.join()
                self.assertEqual([answer.status for answer in first], [200, 200])
                self.assertEqual([answer.status for answer in busy], [503] * 15)
                self.assertEqual([answer.status for answer in results[15:]], [200] * 3)
                self.assertTrue(all(answer.one("retry-after") == "5" for answer in busy))
                self.assertEqual(busy[0].body, b"failed 503 0\n")
                self.fetch(server, "/echo", method, served)
                self.assertEqual(served[1].status, 200)

    def test_who_waits_too_long_is_not_served_late(self):
        with Server(port=0, workers=1, queue=6, queue_wait=1) as server:
            threads, results = self.fetch_many(server, "/hold", 1)
            self.soon(lambda: self.held(server) == 1)
            more, late = self.fetch_many(server, "/hold", 7)
            # Six wait when the seventh finds the queue full.
            self.soon(lambda: len(late) == 1)
            time.sleep(2)
            self.assertEqual(len(late), 1)
            # Those behind the first are answered together, once the worker is free.
            self.assertEqual(get(server, "/release").body, b"1")
            for thread in more + threads:
                thread.join()
            self.assertEqual([answer.status for answer in results], [200])
            self.assertEqual([answer.status for answer in late], [503] * 7)
            self.assertTrue(all(answer.one("retry-after") == "5" for answer in late))
            self.assertEqual(self.held(server), 1)
            self.assertEqual(get(server, "/").status, 200)

    def test_slow_work_keeps_no_page_waiting(self):
        with Server(port=0, workers=2, slow_workers=1) as server:
            threads, results = self.fetch_many(server, "/slow?ms=400", 5)
            time.sleep(0.2)
            begin = time.monotonic()
            for _ in range(10):
                self.assertEqual(get(server, "/").status, 200)
            self.assertLess(time.monotonic() - begin, 1)
            self.assertEqual(results, [])
            for thread in threads:
                thread.join()
            self.assertEqual([answer.status for answer in results], [200] * 5)

    def test_blocked_workers_keep_no_asset_waiting(self):
        with Server(port=0, workers=1, threads=1) as server:
            threads, results = self.fetch_many(server, "/wait?ms=1500", 1)
            time.sleep(0.3)
            self.assertEqual(get(server, "/healthz").status, 200)
            self.assertEqual(get(server, Assets.path).status, 200)
            self.assertEqual(get(server, "/none").status, 404)
            self.assertEqual(results, [])
            for thread in threads:
                thread.join()

    def test_half_open_connections_slow_nobody(self):
        with Server(port=0, timeout=30, per_address=300) as server:
            held = [server.connect() for _ in range(200)]
            for n, sock in enumerate(held):
                sock.sendall(b"GET /" if n % 2 else b"POST /echo HTTP/1.1\r\nHost: x\r\n"
                             b"Content-Length: 100\r\n\r\na=")
            begin = time.monotonic()
            self.assertEqual(get(server, "/").status, 200)
            self.assertLess(time.monotonic() - begin, 1)
            for sock in held:
                sock.close()

    def test_connections_of_an_address_are_limited(self):
        with Server(port=0, per_address=5) as server:
            held = [server.connect() for _ in range(5)]
            for sock in held:
                sock.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
                self.assertEqual(Reader(sock).answer().status, 200)
            with server.connect() as sock:
                self.assertTrue(Reader(sock).ended())
            held.pop().close()
            time.sleep(0.3)
            self.assertEqual(get(server, "/").status, 200)
            for sock in held:
                sock.close()

    def test_connections_are_limited(self):
        with Server(port=0, connections=4, threads=2, per_address=100, timeout=2) as server:
            held = [server.connect() for _ in range(8)]
            time.sleep(0.3)
            # The fifth waits to be accepted until others have timed out.
            self.assertEqual(get(server, "/").status, 200)
            for sock in held:
                sock.close()

    def test_silent_and_trickling_connections_end(self):
        with Server(port=0, timeout=1) as server:
            begin = time.monotonic()
            with server.connect() as sock:
                sock.sendall(b"GET / HT")
                self.assertTrue(Reader(sock).ended())
            self.assertLess(time.monotonic() - begin, 6)
            for start in (b"GET / HTTP/1.1\r\nX: ",
                          b"POST /small HTTP/1.1\r\nHost: x\r\nContent-Length: 900\r\n\r\n"):
                begin = time.monotonic()
                with server.connect() as sock:
                    sock.sendall(start)
                    with self.assertRaises(ConnectionError):
                        while time.monotonic() - begin < 20:
                            sock.sendall(b"x")
                            time.sleep(0.2)
                self.assertLess(time.monotonic() - begin, 8)

    def test_work_may_take_longer_than_the_timeout(self):
        with Server(port=0, timeout=1) as server:
            self.assertEqual(get(server, "/slow?ms=3500").body, b"waited\n")

    def test_a_client_that_does_not_read_is_cut(self):
        with Server(port=0, timeout=1) as server:
            with server.connect() as sock:
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
                sock.sendall(b"GET /big?n=30000000 HTTP/1.1\r\nHost: x\r\n\r\n")
                time.sleep(4)
                lines = server.lines()
            self.assertEqual([(line["route"], line.get("cut")) for line in lines], [("big", True)])
            self.assertLess(lines[0]["us"], 3_500_000)

    def test_clients_that_leave(self):
        with Server(port=0, workers=2) as server:
            for _ in range(20):
                with server.connect() as sock:
                    sock.sendall(b"POST /upload HTTP/1.1\r\nHost: x\r\n"
                                 b"Content-Length: 60000000\r\n\r\n" + b"a" * 300000)
                with server.connect() as sock:
                    sock.sendall(b"GET /wait?ms=50 HTTP/1.1\r\nHost: x\r\n\r\n")
                with server.connect() as sock:
                    sock.sendall(b"GET /big?n=5000000 HTTP/1.1\r\nHost: x\r\n\r\n")
                    sock.recv(100)
            self.assertEqual(get(server, "/").status, 200)
            lines = server.lines()
            self.assertGreaterEqual(sum("cut" in line for line in lines), 20)


class Stopping(unittest.TestCase):
    def test_every_request_is_answered(self):
        server = Server(port=0, workers=3, queue=100, grace=10)
        stopping = threading.Event()
        problems, counts = [], {200: 0, 503: 0}
        lock = threading.Lock()

        def load():
            while not stopping.is_set():
                try:
                    sock = server.connect()
                except ConnectionError:
                    return
                with sock:
                    reader = Reader(sock)
                    try:
                        while True:
                            # Accepted for certain: it has answered once.
                            sock.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
                            answer = reader.answer()
                            if answer is None:
                                break
                            asked = not stopping.is_set()
                            sock.sendall(b"GET /wait?ms=100 HTTP/1.1\r\nHost: x\r\n\r\n")
                            answer = reader.answer()
                            with lock:
                                if answer is not None:
                                    counts[answer.status] += 1
                                elif asked:
                                    problems.append("no answer")
                            if answer is None or answer.one("connection") == "close":
                                break
                    except (ConnectionError, AssertionError) as error:
                        if not stopping.is_set():
                            problems.append(repr(error))
                        return

        threads = [threading.Thread(target=load) for _ in range(20)]
        for thread in threads:
            thread.start()
        time.sleep(1)
        stopping.set()
        begin = time.monotonic()
        server.stop()
        self.assertLess(time.monotonic() - begin, 8)
        for thread in threads:
            thread.join()
        self.assertEqual(problems, [])
        self.assertGreater(counts[200], 10)
        self.assertGreater(counts[503], 0)

    def test_what_runs_ends_and_what_waits_is_told(self):
        for request in (b"GET /wait?ms=3000 HTTP/1.1\r\nHost: x\r\n\r\n",
                        b"POST /wait?ms=3000 HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n"):
            with self.subTest(request):
                self.stop_while_some_wait(request)

    def stop_while_some_wait(self, request):
        server = Server(port=0, workers=1, writers=1, grace=10)
        socks = [server.connect() for _ in range(3)]
        for sock in socks:
            sock.sendall(request)
            time.sleep(0.3)
        idle = server.connect()
        begin = time.monotonic()
        stop = threading.Thread(target=server.stop)
        stop.start()
        time.sleep(0.2)
        with self.assertRaises(ConnectionRefusedError):
            server.connect()
        answers = [Reader(sock).answer() for sock in socks]
        self.assertEqual([answer.status for answer in answers], [200, 503, 503])
        self.assertTrue(all(answer.one("connection") == "close" for answer in answers))
        self.assertTrue(Reader(idle).ended())
        stop.join()
        self.assertLess(time.monotonic() - begin, 10)
        with self.assertRaises(ConnectionError):
            server.connect()
        for sock in socks + [idle]:
            sock.close()

    def test_a_handler_that_outlasts_the_grace_is_waited_for(self):
        server = Server(port=0, grace=1)
        with server.connect() as sock, server.connect() as other:
            sock.sendall(b"GET /wait?ms=2500 HTTP/1.1\r\nHost: x\r\n\r\n")
            other.sendall(b"GET /slow?ms=2500 HTTP/1.1\r\nHost: x\r\n\r\n")
            time.sleep(0.3)
            begin = time.monotonic()
            server.stop()
            self.assertTrue(1.5 < time.monotonic() - begin < 6)

    def test_the_grace_ends(self):
        server = Server(port=0, grace=1)
        with server.connect() as sock:
            sock.sendall(b"POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\na")
            time.sleep(0.2)
            begin = time.monotonic()
            server.stop()
            self.assertLess(time.monotonic() - begin, 5)


class Tls(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        for name in ("one", "two"):
            subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes",
                            "-days", "2", "-subj", "/CN=localhost",
                            "-addext", "subjectAltName=DNS:localhost",
                            "-keyout", cls.file(name + ".key"), "-out", cls.file(name + ".pem")],
                           check=True, capture_output=True)
        with open(cls.file("broken.pem"), "w", encoding="utf-8") as file:
            file.write("-----BEGIN CERTIFICATE-----\nnothing\n-----END CERTIFICATE-----\n")

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    @classmethod
    def file(cls, name):
        return os.path.join(cls.folder.name, name)

    def test_pages_under_tls(self):
        context = ssl.create_default_context(cafile=self.file("one.pem"))
        with Server(port=0, certificate=self.file("one.pem"), key=self.file("one.key")) as server:
            with context.wrap_socket(server.connect(), server_hostname="localhost") as sock:
                reader = Reader(sock)
                sock.sendall(b"GET /echo HTTP/1.1\r\nHost: office.example\r\n\r\n")
                answer = reader.answer()
                self.assertIn(b"\nsecure=yes\n", answer.body)
                self.assertEqual(answer.one("strict-transport-security"), "max-age=31536000")
                sock.sendall(b"GET /big?n=3000000 HTTP/1.1\r\nHost: localhost\r\n\r\n")
                answer = reader.answer()
                self.assertEqual(len(answer.body), 3000000)
                self.assertIsNone(answer.one("strict-transport-security"))
                content = os.urandom(1 << 20)
                body = multipart(("file", "f", content))
                sock.sendall(f"POST /upload HTTP/1.1\r\nHost: x\r\nContent-Type: {MULTIPART}\r\n"
                             f"Content-Length: {len(body)}\r\n\r\n".encode() + body)
                self.assertEqual(reader.answer().body, content)
            old = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
            old.check_hostname, old.verify_mode = False, ssl.CERT_NONE
            old.set_ciphers("ALL:@SECLEVEL=0")
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                old.minimum_version = old.maximum_version = ssl.TLSVersion.TLSv1_1
            with server.connect() as sock, self.assertRaises((ssl.SSLError, ConnectionError)):
                old.wrap_socket(sock, server_hostname="localhost")
            answer, _ = ask(server, b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            self.assertIsNone(answer)

    def refused(self, *args):
        done = subprocess.run([PROGRAM, *args], capture_output=True, text=True, timeout=60)
        self.assertRegex(done.stderr, r"^.{10,255}\n$")
        return done.returncode

    def test_starts_that_are_refused(self):
        one, key = "certificate=" + self.file("one.pem"), "key=" + self.file("one.key")
        for args, status in (
                (["listen=0.0.0.0"], 2), (["listen=::"], 2), (["listen=192.0.2.1"], 2),
                (["listen=192.0.2.1", "plain=1"], 1), (["listen=localhost"], 1),
                (["proxy=nobody"], 1), ([one], 3), ([key], 3),
                ([one, "key=" + self.file("none")], 3), ([one, "key=" + self.file("two.key")], 3),
                (["certificate=" + self.file("broken.pem"), key], 3),
                (["certificate=/dev/null", key], 3),
                (["routes=doubled"], 4), (["routes=without_permission"], 4)):
            self.assertEqual(self.refused("port=0", *args), status, args)
        with Server(port=0) as server:
            self.assertEqual(self.refused(f"port={server.port}"), 1)

    def test_network_addresses_that_are_allowed(self):
        for options in ({"plain": 1}, {"proxy": "10.0.0.1"},
                        {"certificate": self.file("one.pem"), "key": self.file("one.key")}):
            Server(port=0, listen="0.0.0.0", **options).stop()
        with Server(port=0, listen="::", plain=1) as server:
            self.assertIn(b"peer=127.0.0.1\n", get(server, "/echo").body)


class Raw(unittest.TestCase):
    def test_bodies_and_files_as_they_are(self):
        server = Server(port=0)
        every = bytes(range(256)) * 10
        for kind in ("application/json", "application/x-www-form-urlencoded", "x"):
            self.assertEqual(post(server, "/raw", every, kind=kind).body,
                             b"2560 " + every)
        self.assertEqual(post(server, "/raw", b"").body, b"0 ")
        self.assertEqual(post(server, "/raw", b"x" * 5001).status, 413)
        start = pathlib.Path(PROGRAM).read_bytes()[:1000]
        before = len(os.listdir(f"/proc/{server.process.pid}/fd"))
        for _ in range(20):
            self.assertEqual(get(server, "/file").body, start)
            answer = get(server, "/file", method="HEAD")
            self.assertEqual((answer.status, answer.one("content-length")), (200, "1000"))
            answer = get(server, "/file?fail=1")
            self.assertEqual((answer.status, answer.body), (500, b"failed 500 -6\n"))
        # Each was closed, also those that were not sent.
        self.assertLess(len(os.listdir(f"/proc/{server.process.pid}/fd")), before + 10)
        self.assertEqual([line["bytes"] for line in server.lines() if line["route"] == "file"][0],
                         1000)


class Log(unittest.TestCase):
    def test_one_line_each_and_no_secret(self):
        secret = "hunter2secret"
        server = Server(port=0)
        get(server, f"/hello/{secret}?q={secret}", f"Cookie: c={secret}", f"X-Test: {secret}",
            f"User-Agent: {secret}", f"Referer: /{secret}")
        post(server, "/echo", f"password={secret}".encode())
        post(server, "/upload", multipart((secret, secret, secret.encode())), kind=MULTIPART)
        get(server, "/" + secret)
        get(server, "/echo", method=secret)
        get(server, f"/echo?q={secret}%")
        shown = get(server, "/healthz").one("x-request-id")
        get(server, Assets.path, method="HEAD")
        lines = server.lines()
        self.assertNotIn(secret, server.words())
        # An answer is logged when it has left, so two threads may write in either order.
        found = {(line["route"], line["method"], line["status"]): line for line in lines}
        self.assertEqual(sorted(found), [
            ("-", "-", 405), ("-", "GET", 404), ("echo", "GET", 400),
            ("echo_form", "POST", 200), ("healthz", "GET", 200), ("hello", "GET", 200),
            ("upload", "POST", 200)])
        self.assertEqual(len(lines), 7)
        for line in lines:
            self.assertEqual(list(line), ["time", "id", "route", "method", "status", "us", "bytes",
                                          "peer"])
            self.assertRegex(line["time"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$")
            self.assertRegex(line["id"], "^[0-9a-f]{16}$")
            self.assertEqual(line["peer"], HOST)
            self.assertTrue(0 < line["us"] < 60_000_000)
        self.assertEqual(len({line["id"] for line in lines}), len(lines))
        self.assertEqual(found["healthz", "GET", 200]["id"], shown)
        self.assertEqual(found["-", "GET", 404]["bytes"], len(b"failed 404 0\n"))

    def test_unlogged_routes_leave_no_line(self):
        """Whatever becomes of them: answered, too large, cut, or refused as the server stops."""
        server = Server(port=0)
        self.assertEqual(get(server, "/quiet").status, 200)
        self.assertEqual(get(server, "/quiet", method="HEAD").status, 200)
        self.assertEqual(post(server, "/quiet", b"{}").status, 200)
        self.assertEqual(post(server, "/quiet", b"x" * 2000).status, 413)
        with server.connect() as sock:
            sock.sendall(b"POST /quiet HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nhalf")
        self.assertEqual(get(server, Assets.path).status, 200)
        self.assertEqual(get(server, "/quiet/none").status, 404)
        self.assertEqual([line["route"] for line in server.lines()], ["-"])

    def test_a_reader_that_sleeps_stops_nothing(self):
        read, write = os.pipe()
        process = subprocess.Popen([PROGRAM, "port=0"], stdout=subprocess.PIPE, stderr=write,
                                   text=True)
        os.close(write)
        server = type("Piped", (), {"port": int(process.stdout.readline().split()[1]),
                                    "connect": Server.connect})()
        with server.connect() as sock:
            reader = Reader(sock)
            for _ in range(1000):
                sock.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
                self.assertEqual(reader.answer().status, 200)
            while len(os.read(read, 65536)) == 65536:
                pass
            sock.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            reader.answer()
        process.send_signal(signal.SIGTERM)
        self.assertEqual(process.wait(timeout=60), 0)
        with os.fdopen(read, encoding="utf-8") as rest:
            self.assertTrue(any(json.loads(line).get("dropped", 0) > 0 for line in rest))
        process.stdout.close()


if __name__ == "__main__":
    unittest.main(verbosity=1)
