"""What the benches share: words, tables, a program against the clock, the middle of runs."""
import os
import statistics
import sys
import time


def note(words):
    print(f"bench: {words}", file=sys.stderr, flush=True)


def table(head, rows):
    """The first column left, the others right."""
    lines = [head, ["---"] + ["---:"] * (len(head) - 1), *rows]
    return "\n".join("| " + " | ".join(row) + " |" for row in lines) + "\n"


def median(values):
    return statistics.median(values)


def spawn(arguments, output=os.devnull, environment=None):
    """Run a program to its end; answers its wall-clock seconds and how it ended.

    posix_spawn from a small parent: what is measured is the program, not this one's fork."""
    write = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
    actions = [(os.POSIX_SPAWN_OPEN, 1, output, write, 0o600),
               (os.POSIX_SPAWN_OPEN, 2, os.devnull, write, 0o600)]
    begin = time.monotonic()
    pid = os.posix_spawnp(arguments[0], arguments, environment or os.environ, file_actions=actions)
    _, status = os.waitpid(pid, 0)
    return time.monotonic() - begin, os.waitstatus_to_exitcode(status)
