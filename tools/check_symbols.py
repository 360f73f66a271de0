#!/usr/bin/env python3
"""Is the engine pure? Looks at what was compiled, not at what was written.

check_symbols.py ENGINE.a BASE.a

The engine may call base, itself and a few functions of libc that only read and write memory; and it
may hold no variable that can change.
"""
import re
import subprocess
import sys

LIBC = set("""
memchr memcmp memcpy memmove memset qsort_r qsort bsearch strchr strcmp strcspn strlen strncmp
strrchr strspn strstr __assert_fail __stack_chk_fail __memcpy_chk __memmove_chk __memset_chk
_GLOBAL_OFFSET_TABLE_
""".split())
# Helpers of the compiler, for instance 128-bit division.
COMPILER = re.compile(r"^__\w*(div|mod|mul|udivmod)\w*[td]i\d$")


def lines(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()


def symbols(archive):
    """(defined, undefined) names."""
    defined, undefined = set(), set()
    for line in lines("nm", "--format=posix", archive):
        parts = line.split()
        if len(parts) >= 2 and len(parts[1]) == 1:
            (undefined if parts[1] in "Uwv" else defined).add(parts[0])
    return defined, undefined - defined


def variables(archive):
    """(file, section) that can be written when the program runs."""
    name = archive
    for line in lines("size", "--format=sysv", archive):
        if line.endswith(":") or "  :" in line or "(ex " in line:
            name = line.split()[0]
            continue
        parts = line.split()
        if len(parts) == 3 and parts[1] != "0" and re.match(r"\.(data|bss|tdata|tbss)(\.|$)",
                                                            parts[0]):
            # Constant tables of addresses are written once, by the loader.
            if not parts[0].startswith(".data.rel.ro"):
                yield name, parts[0]


def check(engine, base):
    found = []
    provided = symbols(base)[0]
    for name in sorted(symbols(engine)[1]):
        if name not in provided and name not in LIBC and not COMPILER.match(name):
            found.append(f"the engine may not call {name}")
    for name, section in variables(engine):
        found.append(f"{name}: a variable that can change, in {section}")
    return found


def main(args):
    if len(args) != 2:
        raise SystemExit(__doc__)
    found = check(*args)
    for line in found:
        print(line, file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
