#!/usr/bin/env python3
"""kill -9 under load: is every acknowledged use case there afterwards, and no half of one?

kill.py WRITER sqlite|postgres

A program that writes from several threads is killed at THIDUA_KILLS random instants (20). With
PostgreSQL every other round stops the server at once instead, under the same load.
"""
import os
import random
import shlex
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path

STEPS = 3


class Writer:
    """The program under load; knows what was acknowledged."""

    def __init__(self, program, url, number):
        self.acknowledged = []
        self.began = threading.Event()
        self.process = subprocess.Popen([program, url, "write", str(number)],
                                        stdout=subprocess.PIPE)
        self.reader = threading.Thread(target=self.read)
        self.reader.start()

    def read(self):
        # A pipe keeps what was written to it before the kill; a line is one write.
        for line in self.process.stdout:
            self.acknowledged.append(line.decode().strip())
            self.began.set()
        self.began.set()

    def kill(self):
        self.process.kill()
        self.process.wait()
        self.reader.join()
        self.process.stdout.close()


def there(program, url):
    """How many steps of each use case are there."""
    shown = subprocess.run([program, url, "show"], check=True, stdout=subprocess.PIPE, text=True)
    return Counter(line.rsplit(".", 1)[0] for line in shown.stdout.split())


def ctl(words):
    command = shlex.split(os.environ["THIDUA_POSTGRES_CTL"]) + words
    subprocess.run(command, check=True, cwd="/", stdout=subprocess.DEVNULL)


def main(args):
    program, engine = args
    kills = int(os.environ.get("THIDUA_KILLS", "20"))
    chance = random.Random(kills)
    everything, total = set(), 0
    with tempfile.TemporaryDirectory(prefix="thidua-kill-") as folder:
        url = os.environ["THIDUA_POSTGRES"] if engine == "postgres" else str(Path(folder, "k.db"))
        for number in range(kills):
            writer = Writer(program, url, number)
            if not writer.began.wait(30):
                writer.kill()
                sys.exit("kill.py: the writer wrote nothing within 30 s")
            time.sleep(chance.uniform(0, 0.25))
            if engine == "postgres" and number % 2 == 1:
                ctl(["stop", "-m", "immediate"])
                writer.kill()
                ctl(["start"])
            else:
                writer.kill()
            everything.update(writer.acknowledged)
            total += len(writer.acknowledged)
            steps = there(program, url)
            lost = [name for name in everything if steps[name] == 0]
            halves = [name for name, count in steps.items() if count != STEPS]
            if lost or halves:
                sys.exit(f"kill.py: after kill {number}: {len(lost)} lost {lost[:5]}, "
                         f"{len(halves)} halves {halves[:5]}")
    if total < 10 * kills:
        sys.exit(f"kill.py: only {total} use cases in {kills} rounds show nothing")
    print(f"{kills} kills, {total} acknowledged use cases, all there")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
