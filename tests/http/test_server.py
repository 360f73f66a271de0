#!/usr/bin/env python3
"""The web server over its life: too much at once, clients that leave, stopping, TLS, the log."""
import json
import os
import pathlib
import signal
import socket
import ssl
import subprocess
import tempfile
import threading
import time
import unittest
import warnings

from wire import ASSET, HOST, MULTIPART, PROGRAM, Reader, Server, ask, get, multipart, post


class Crowd(unittest.TestCase):
    """Many clients at once, and handlers that are held until the test lets them go."""

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


class Overload(Crowd):
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
                server.let_go()
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
            self.assertEqual(self.held(server), 1)
            server.let_go()
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
            self.assertEqual(get(server, ASSET).status, 200)
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


class Stopping(Crowd):
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
        for method in ("GET", "POST"):
            with self.subTest(method), \
                    Server(port=0, workers=1, writers=1, queue=2, grace=10) as server:
                self.stop_while_some_wait(server, method)

    def stop_while_some_wait(self, server, method):
        working, first = self.fetch_many(server, "/hold", 1, method)
        self.soon(lambda: self.held(server) == 1)
        # The queue takes two: when one of three is told that it is full, two wait.
        waiting, told = self.fetch_many(server, "/hold", 3, method)
        self.soon(lambda: len(told) == 1)
        idle = server.connect()
        stop = threading.Thread(target=server.stop)
        stop.start()
        for thread in waiting:
            thread.join(30)
        self.assertEqual([answer.status for answer in told], [503] * 3)
        self.assertTrue(all(answer.one("connection") == "close" for answer in told[1:]))
        self.assertEqual(first, [], "the handler still runs")
        with self.assertRaises(ConnectionRefusedError):
            server.connect()
        begin = time.monotonic()
        server.let_go()
        working[0].join()
        self.assertEqual((first[0].status, first[0].one("connection")), (200, "close"))
        self.assertTrue(Reader(idle).ended())
        stop.join()
        self.assertLess(time.monotonic() - begin, 10)
        self.assertEqual(server.process.returncode, 0, server.words())
        idle.close()

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
        get(server, ASSET, method="HEAD")
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
        """Whatever becomes of them: answered, too large, cut, mistyped, or refused as the server
        stops."""
        server = Server(port=0)
        self.assertEqual(get(server, "/quiet").status, 200)
        self.assertEqual(get(server, "/quiet", method="HEAD").status, 200)
        self.assertEqual(post(server, "/quiet", b"{}").status, 200)
        self.assertEqual(post(server, "/quiet", b"x" * 2000).status, 413)
        with server.connect() as sock:
            sock.sendall(b"POST /quiet HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nhalf")
        self.assertEqual(get(server, ASSET).status, 200)
        self.assertEqual(get(server, "/quiet/none").status, 404)
        self.assertEqual(get(server, "/quietly").status, 404)
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
