#!/usr/bin/env python3
"""One request after the other, over sockets: what the web server answers, and what it refuses."""
import os
import socket
import time
import unittest

from wire import ASSET, MULTIPART, Reader, Server, Shared, ask, get, multipart, post

SECURITY = {
    "content-security-policy":
        "default-src 'none'; style-src 'self'; script-src 'self'; font-src 'self'; "
        "img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
}


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
    def test_an_asset(self):
        answer = get(self.server, ASSET)
        self.assertEqual((answer.status, answer.body), (200, b"body { color: black }"))
        self.assertEqual(answer.one("content-type"), "text/css")
        self.assertEqual(answer.all("cache-control"), ["public, max-age=31536000, immutable"])
        self.assertEqual(answer.one("vary"), "Accept-Encoding")
        self.assertEqual(get(self.server, "/assets/other").status, 404)
        self.assertEqual(post(self.server, ASSET, b"").one("allow"), "GET, HEAD")

    def test_packed_for_those_who_can(self):
        for accept, packed in (("gzip", True), ("br, gzip;q=0.5", True), ("gzip;q=0", False),
                               ("gzip;q=0.0, br", False), ("br", False), ("xgzip", False)):
            answer = get(self.server, ASSET, "Accept-Encoding: " + accept)
            self.assertEqual(answer.one("content-encoding"), "gzip" if packed else None, accept)
            self.assertEqual(answer.body == b"(packed)", packed, accept)

    def test_not_sent_twice(self):
        etag = get(self.server, ASSET).one("etag")
        packed = get(self.server, ASSET, "Accept-Encoding: gzip").one("etag")
        self.assertNotEqual(etag, packed)
        answer = get(self.server, ASSET, 'If-None-Match: "x", ' + etag)
        self.assertEqual((answer.status, answer.body, answer.one("etag")), (304, b"", etag))
        self.assertEqual(get(self.server, ASSET, "If-None-Match: " + packed).status, 200)


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


if __name__ == "__main__":
    unittest.main(verbosity=1)
