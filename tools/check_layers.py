#!/usr/bin/env python3
"""Does every #include obey the table of rooms in ARCHITECTURE.md?

check_layers.py [ROOT]

Looks at src/<room>, include/thidua and tests/unit/<room>; answers each breach as file:line, and the
cycles among headers.
"""
import re
import sys
from pathlib import Path

LIBC = set("""
assert.h complex.h ctype.h errno.h fenv.h float.h inttypes.h iso646.h limits.h locale.h math.h
setjmp.h signal.h stdalign.h stdarg.h stdatomic.h stdbool.h stddef.h stdint.h stdio.h stdlib.h
stdnoreturn.h string.h tgmath.h threads.h time.h uchar.h wchar.h wctype.h
dirent.h endian.h err.h fcntl.h getopt.h glob.h grp.h langinfo.h malloc.h netdb.h poll.h pthread.h
pwd.h regex.h sched.h semaphore.h spawn.h strings.h syslog.h termios.h unistd.h
""".split())
LIBC_FOLDERS = ("arpa/", "linux/", "net/", "netinet/", "sanitizer/", "sys/")
TEST_HEADERS = {"cmocka.h"}

TEMPLATE_INCLUDE = re.compile(r'\{%\s*include\s+("[^"]+")\s*%\}')
INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*(?:<([^>]+)>|"([^"]+)"|(\S.*))')
QUOTED = re.compile(r"`([^`]+)`")


class Room:
    def __init__(self, uses, public_uses, libc, others):
        self.uses = uses                # rooms, all headers
        self.public_uses = public_uses  # rooms, headers of include/thidua only
        self.libc = libc                # set of headers, or None for any
        self.others = others            # third-party header -> the one file


class Rules:
    def __init__(self, rooms, public_base):
        self.rooms = rooms
        self.public_base = public_base

    def owner(self, public_header):
        return "base" if public_header in self.public_base else "engine"


def read_rules(text):
    """The rules that ARCHITECTURE.md states."""
    rooms = {}
    section = re.search(r"^## Rooms$(.*?)^## ", text, re.M | re.S)
    if section is None:
        raise SystemExit("ARCHITECTURE.md: no section Rooms")
    body = section.group(1)
    for row in re.findall(r"^\|(.+)\|$", body, re.M):
        cells = [cell.strip() for cell in row.split("|")]
        if len(cells) != 5:
            raise SystemExit(f"ARCHITECTURE.md: a row of rooms needs 5 cells: {row}")
        name, _, uses, libc, others = cells
        if name == "room" or not name.strip("-: "):
            continue
        public = set(re.findall(r"(\w+) \(public headers\)", uses))
        whole = set(re.findall(r"\w+", re.sub(r"\w+ \(public headers\)", "", uses)))
        pairs = re.findall(r"`([^`]+)` in `([^`]+)`", others)
        rooms[name] = Room(whole, public, None if libc == "any" else set(QUOTED.findall(libc)),
                           dict(pairs))
    for name, room in rooms.items():
        for other in room.uses | room.public_uses:
            if other not in rooms:
                raise SystemExit(f"ARCHITECTURE.md: {name} may use {other}, which is no room")
    belongs = re.search(r"belong to base.*?:((?:\s*`\w+\.h`)+)", body, re.S)
    if belongs is None:
        raise SystemExit("ARCHITECTURE.md: which public headers belong to base?")
    return Rules(rooms, set(QUOTED.findall(belongs.group(1))))


def includes(text):
    """(line, system header or None, quoted header or None)"""
    text = re.sub(r"/\*.*?\*/", lambda m: "\n" * m.group().count("\n"), text, flags=re.S)
    for number, line in enumerate(text.split("\n"), 1):
        match = INCLUDE.match(line)
        if match:
            yield number, match.group(1), match.group(2)


def system_breach(rules, room_name, header, place, testing):
    """What is wrong with `#include <header>` in a file of the room, or None."""
    room = rules.rooms[room_name]
    if testing and header in TEST_HEADERS:
        return None
    if header in LIBC or header.startswith(LIBC_FOLDERS):
        if testing or room.libc is None or header in room.libc:
            return None
        return f"{room_name} may not include <{header}>"
    home = room.others.get(header)
    if home is None:
        return f"{room_name} may not include <{header}>"
    if home != place:
        return f"<{header}> may be included by src/{home} only"
    return None


def quoted_breach(rules, room_name, header):
    """What is wrong with `#include "header"` in a file of the room, or None."""
    room = rules.rooms[room_name]
    folder, _, rest = header.partition("/")
    if folder == "thidua":
        owner = rules.owner(rest)
        if owner == room_name or owner in room.uses | room.public_uses:
            return None
        return f"{room_name} may not use {owner}'s \"{header}\""
    if folder not in rules.rooms or not rest:
        return f'"{header}" is not of the form "room/file.h"'
    if folder == room_name or folder in room.uses:
        return None
    return f'{room_name} may not use {folder}\'s "{header}"'


def public_breach(rules, name, system, quoted):
    """The same for a file of include/thidua."""
    if system is not None:
        if system in (rules.rooms["engine"].libc or LIBC):
            return None
        return f"a public header may not include <{system}>"
    folder, _, rest = quoted.partition("/")
    if folder != "thidua":
        return f'a public header may not include "{quoted}"'
    if rules.owner(name) == "base" and rules.owner(rest) == "engine":
        return f'base\'s public headers may not use engine\'s "{quoted}"'
    return None


def cycles(graph):
    """Each cycle of includes once, as a list of headers."""
    done, found = set(), []

    def visit(node, path):
        if node in path:
            found.append(path[path.index(node):] + [node])
            return
        if node in done:
            return
        for target in graph.get(node, ()):
            visit(target, path + [node])
        done.add(node)

    for start in sorted(graph):
        visit(start, [])
    return found


def check(root):
    """All breaches, as lines of text."""
    rules = read_rules((root / "ARCHITECTURE.md").read_text(encoding="utf-8"))
    found, graph = [], {}

    for folder in sorted(path for path in (root / "src").glob("*") if path.is_dir()):
        if folder.name not in rules.rooms:
            found.append(f"src/{folder.name}: is no room of ARCHITECTURE.md")

    def visit(folder, breach):
        paths = [path for path in folder.rglob("*") if path.suffix in (".c", ".h", ".html")]
        for path in sorted(paths):
            name = path.relative_to(folder).as_posix()
            text = path.read_text(encoding="utf-8")
            if path.suffix == ".html":
                text = TEMPLATE_INCLUDE.sub(r"#include \1", text)
            for line, system, quoted in includes(text):
                if system is None and quoted is None:
                    what = "an include needs a header's name"
                else:
                    what = breach(name, system, quoted)
                if what:
                    found.append(f"{path.relative_to(root)}:{line}: {what}")
                elif quoted and path.suffix == ".h":
                    graph.setdefault(f"{folder.name}/{name}", []).append(quoted)

    visit(root / "include" / "thidua",
          lambda name, system, quoted: public_breach(rules, name, system, quoted))
    for room in rules.rooms:
        def breach(name, system, quoted, room=room, testing=False):
            if system is not None:
                return system_breach(rules, room, system, f"{room}/{name}", testing)
            return quoted_breach(rules, room, quoted)

        def test_breach(name, system, quoted, room=room):
            # A test's own header lies beside it.
            if quoted is not None and "/" not in quoted:
                return None
            return breach(name, system, quoted, room, True)

        visit(root / "src" / room, breach)
        visit(root / "tests" / "unit" / room, test_breach)

    found += ["cycle of includes: " + " > ".join(path) for path in cycles(graph)]
    return found


def main(args):
    root = Path(args[0]) if args else Path(__file__).resolve().parent.parent
    found = check(root)
    for line in found:
        print(line, file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
