#!/usr/bin/env python3
"""How much the tests of scoring, eligibility and selection see: change the code in one small place,
run the tests, and count the changes that no test notices.

    tools/mutate.py [--count N] [--seed TEXT] [--list] [--only WORD]... [--least PERCENT]

A test suite can run every line and still compare nothing. Here N places (200) are drawn from the
files below, the same for the same seed; each becomes a mutant: a "<" that is "<=", a condition that
is negated, an assignment that is dropped. A mutant that at least one test fails on is killed. What
survives is tried once more with the sanitizers, as script/test does with every change. The program
fails when fewer than 95 percent are killed; every survivor is printed with its line.

What is not drawn:
- what doesn't compile, and what the compiler turns into the same object code as the original;
- what changes nothing that can be observed: tests/engine/equivalent.txt lists such changes with
  their reasons, and an entry there that is no longer a possible change is an error;
- what stands in PROVED(...) and assertions: the check of the regulation is what is tested there;
- paths that only a full arena takes, and the sizes asked of it: tests/engine/test_memory.c and the
  sanitizers look at those.

Mutants are named by a hash of their file, function and line text, not by line numbers, so a change
elsewhere in a file leaves the draw nearly as it was. --only runs the mutants whose name, file or
function is WORD, whether drawn or not. All files are in build/mutants; the sources are never
touched.
"""
import argparse
import concurrent.futures
import hashlib
import json
import os
import queue
import re
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BUILD = ROOT / "build" / "mutants"
ENGINE = "src/engine"
EQUIVALENT = ROOT / "tests" / "engine" / "equivalent.txt"
FILES = ("item", "relative", "total", "bonus", "sheet", "run", "eligibility", "rank", "select",
         "tally", "calendar", "score")
COUNT, SEED, LEAST, WORKERS = 200, "thidua", 95, 2
PROPERTY_SEEDS = "80"

# ---- C as far as it is needed ------------------------------------------------------------------

TOKEN = re.compile(r"""
    (?P<blank>\s+|/\*.*?\*/|//[^\n]*)
  | (?P<directive>^[ \t]*\#(?:\\\n|[^\n])*)
  | (?P<text>"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')
  | (?P<word>[A-Za-z_]\w*)
  | (?P<number>\d[\w.]*)
  | (?P<sign>->|\+\+|--|<<=|>>=|<<|>>|<=|>=|==|!=|&&|\|\||[-+*/%&|^]=|\.\.\.|.)
""", re.X | re.S | re.M)
PAIRS = {"(": ")", "[": "]", "{": "}"}
TYPES = {"const", "static", "struct", "enum", "union", "bool", "char", "void", "int", "unsigned",
         "int8_t", "int32_t", "int64_t", "uint32_t", "uint64_t", "size_t", "wide_int"}
STATEMENTS = {"if", "for", "while", "switch", "do", "else", "return", "break", "continue", "goto",
              "case", "default"}
ASSIGNMENTS = {"=", "+=", "-=", "*=", "/=", "%=", "|=", "&=", "^=", "++", "--"}
ALLOCATIONS = {"run_alloc", "td_arena_zeroed", "td_arena_alloc"}
UNTOUCHED = ALLOCATIONS | {"PROVED", "assert", "static_assert", "sizeof", "__builtin_expect",
                           "__builtin_trap", "__builtin_prefetch"}
OUT_OF_MEMORY = {"full", "TD_E_MEMORY"}


class Token:
    def __init__(self, kind, text, start):
        self.kind, self.text, self.start, self.end = kind, text, start, start + len(text)


def tokens_of(source):
    """Everything but blanks, comments and preprocessor lines."""
    return [Token(m.lastgroup, m.group(), m.start()) for m in TOKEN.finditer(source)
            if m.lastgroup not in ("blank", "directive")]


def matches_of(tokens):
    """index of a bracket -> index of its partner, both ways."""
    partner, stack = {}, []
    for i, token in enumerate(tokens):
        if token.kind == "sign" and token.text in PAIRS:
            stack.append(i)
        elif token.kind == "sign" and token.text in PAIRS.values() and stack:
            partner[i] = stack.pop()
            partner[partner[i]] = i
    return partner


def enums_of(source):
    """The lists of constants of the enums that a source declares."""
    source = re.sub(r"/\*.*?\*/", "", source, flags=re.S)
    for body in re.findall(r"\benum\b[\s\w]*\{([^}]*)\}", source):
        yield [re.split(r"\s*=", entry.strip())[0] for entry in body.split(",") if entry.strip()]


class Mutant:
    def __init__(self, file, function, operator, start, end, new):
        self.file, self.function, self.operator = file, function, operator
        self.start, self.end, self.new = start, end, new
        self.name = self.line = self.before = self.after = None

    def place(self, source, occurrences):
        """Find its line, and a name that doesn't depend on the line's number."""
        begin = source.rfind("\n", 0, self.start) + 1
        end = source.find("\n", self.end)
        end = len(source) if end < 0 else end
        self.line = source.count("\n", 0, self.start) + 1
        self.before = " ".join(source[begin:end].split())
        self.after = " ".join((source[begin:self.start] + self.new + source[self.end:end]).split())
        key = "\n".join((self.file, self.function, self.operator, self.before, self.after))
        occurrences[key] = occurrences.get(key, 0) + 1
        self.name = hashlib.sha256(f"{key}\n{occurrences[key]}".encode()).hexdigest()[:8]

    def apply(self, source):
        return source[:self.start] + self.new + source[self.end:]

    def __str__(self):
        return (f"{self.name} {self.file}:{self.line}: {self.operator}\n"
                f"    - {self.before}\n    + {self.after}")


class Finder:
    """All mutants of one source file."""

    def __init__(self, name, source, enums=()):
        self.name, self.source = name, source
        self.siblings = {}
        for group in list(enums) + list(enums_of(source)):
            for i, constant in enumerate(group):
                self.siblings[constant] = [c for c in (group[(i + 1) % len(group)], group[i - 1])
                                           if c != constant]
        self.tokens = tokens_of(source)
        self.partner = matches_of(self.tokens)
        self.skipped = set()
        self.found = {}
        self.function = None

    def text(self, i):
        return self.tokens[i].text if 0 <= i < len(self.tokens) else ""

    def between(self, first, last):
        """The source from token first to token last, last included."""
        return self.source[self.tokens[first].start:self.tokens[last].end]

    def add(self, operator, first, last, new):
        if any(i in self.skipped for i in range(first, last + 1)):
            return
        start, end = self.tokens[first].start, self.tokens[last].end
        # Keep the lines, so that a compiler's message shows the right one.
        new += "\n" * (self.source.count("\n", start, end) - new.count("\n"))
        if self.source[start:end] != new:
            self.found.setdefault((start, end, new), Mutant(self.name, self.function, operator,
                                                            start, end, new))

    def mutants(self):
        for function, head, first, last in self.functions():
            self.function = function
            self.skip(first, last)
            for i in range(first + 1, last):
                if i not in self.skipped:
                    self.small(i)
            for start, end in self.statements(first, last):
                self.statement(start, end, head)
        found, occurrences = sorted(self.found.values(), key=lambda m: (m.start, m.end)), {}
        for mutant in found:
            mutant.place(self.source, occurrences)
        return found

    def functions(self):
        """(name, words of its type, index of "{", index of "}") of each function."""
        i = begin = 0
        while i < len(self.tokens):
            text = self.text(i)
            if text == "{":
                close = self.partner[i]
                if self.text(i - 1) == ")":
                    name = self.partner[i - 1] - 1
                    yield (self.text(name), [self.text(k) for k in range(begin, name)], i, close)
                    begin = close + 1
                i = close
            elif text == ";":
                begin = i + 1
            i += 1

    # ---- what is left alone ----

    def skip(self, first, last):
        allocated = {self.text(i - 2) for i in range(first, last)
                     if self.text(i) in ALLOCATIONS and self.text(i - 1) == "="}
        for i in range(first, last):
            if self.text(i) in UNTOUCHED and self.text(i + 1) == "(":
                self.skipped.update(range(i, self.partner[i + 1] + 1))
            elif self.text(i) in ("if", "while") and self.text(i + 1) == "(":
                self.skip_condition(i, allocated)
            elif self.text(i) in ("=", ";") and self.text(i + 1) in OUT_OF_MEMORY:
                self.skipped.add(i + 1)
        for start, end in self.statements(first, last):
            words = {self.text(k) for k in range(start, end + 1)}
            if words & OUT_OF_MEMORY and self.text(start) not in ("if", "while", "for"):
                self.skipped.update(range(start, end + 1))
            elif self.text(start) in TYPES and self.is_set_by_proof(start, end, last):
                self.skipped.update(range(start, end + 1))

    def is_set_by_proof(self, start, end, last):
        """Does PROVED(... &name ...) overwrite a declared value before anything reads it?"""
        names = {self.text(k - 1) for k in range(start, end) if self.text(k) == "="}
        k = end
        while k + 1 < last:
            k += 1
            if self.text(k) == "{" and self.text(k - 1) == "=":
                k = self.partner[k]
                continue
            if self.text(k) in ("{", "}", "if", "for", "while", "switch", "?", "return"):
                return False
            if self.text(k) == "PROVED":
                inside = range(k, self.partner[k + 1])
                return any(self.text(i) == "&" and self.text(i + 1) in names for i in inside)
            if self.text(k) in names:
                return False
        return False

    def skip_condition(self, at, allocated):
        """Leave out `if (memory is out) { ... }`, and memory's part of a condition."""
        open_, close = at + 1, self.partner[at + 1]
        end = self.partner[close + 1] if self.text(close + 1) == "{" else close
        body = [self.text(k) for k in range(close + 1, end + 1)]
        if body in (["{", "return", "TD_E_MEMORY", ";", "}"], ["{", "return", "status", ";", "}"]) \
                or "full" in body:
            self.skipped.update(range(at, end + 1))
            return
        parts, start = [], open_ + 1
        k = open_ + 1
        while k < close:
            if self.text(k) in PAIRS:
                k = self.partner[k]
            elif self.text(k) in ("&&", "||"):
                parts.append((start, k))
                start = k + 1
            k += 1
        parts.append((start, close))
        of_memory = [self.is_of_memory(a, b, allocated) for a, b in parts]
        if all(of_memory):
            self.skipped.update(range(at, end + 1))
            return
        for (a, b), memory in zip(parts, of_memory):
            if memory:
                self.skipped.update(range(a, b))

    def is_of_memory(self, first, end, allocated):
        words = [self.text(k) for k in range(first, end)]
        return "full" in words or (len(words) >= 3 and words[-1] == "NULL"
                                   and words[-2] in ("==", "!=") and words[-3] in allocated)

    # ---- operators on one token ----

    def small(self, i):
        token = self.tokens[i]
        if token.kind == "sign":
            self.sign(i, token.text)
        elif token.kind == "number" and token.text.isdigit():
            value = int(token.text)
            if (self.text(i - 1), self.text(i + 1)) != ("{", "}") or value:
                self.add("constant", i, i, str(value + 1))
                self.add("constant", i, i, str(value - 1) if value else "(-1)")
        elif token.text in ("true", "false"):
            self.add("true and false", i, i, "false" if token.text == "true" else "true")
        elif token.text in self.siblings and self.text(i - 1) != "case":
            for other in self.siblings[token.text]:
                self.add("constant of an enum", i, i, other)

    def sign(self, i, text):
        relations = {"<": ("<=", ">="), "<=": ("<", ">"), ">": (">=", "<="), ">=": (">", "<"),
                     "==": ("!=",), "!=": ("==",)}
        if text in relations:
            for other in relations[text]:
                self.add("relation", i, i, other)
        elif text in ("&&", "||"):
            self.add("and and or", i, i, "||" if text == "&&" else "&&")
        elif text in ("+", "-"):
            before = self.tokens[i - 1]
            if before.kind in ("word", "number") and before.text != "return" \
                    or before.text in (")", "]"):
                self.add("plus and minus", i, i, "-" if text == "+" else "+")
            elif text == "-":
                self.add("plus and minus", i, i, " ")
        elif text in ("+=", "-="):
            self.add("plus and minus", i, i, "-=" if text == "+=" else "+=")
        elif text == "?":
            self.choice(i)
        elif text == "(" and self.text(i - 1) in ("if", "while"):
            close = self.partner[i]
            self.add("negated condition", i, close, f"(!{self.between(i, close)})")

    def choice(self, i):
        """a ? b : c with b and c changed about."""
        k, depth, colon = i + 1, 0, None
        while k < len(self.tokens):
            text = self.text(k)
            if text in PAIRS:
                k = self.partner[k]
            elif text == "?":
                depth += 1
            elif text == ":" and depth:
                depth -= 1
            elif text == ":" and colon is None:
                colon = k
            elif text in (";", ",", ")", "]", "}", ":"):
                break
            k += 1
        if colon is not None:
            yes, no = self.between(i + 1, colon - 1), self.between(colon + 1, k - 1)
            self.add("negated condition", i, k - 1, f"? {no} : {yes}")

    # ---- operators on statements ----

    def statements(self, first, last):
        """(first token, its ";") of the simple statements and declarations of a block."""
        i = first + 1
        while i < last:
            text = self.text(i)
            if text in ("{", "}", ";", "else", "do"):
                i += 1
            elif text in ("if", "for", "while", "switch"):
                i = self.partner[i + 1] + 1
            elif text in ("case", "default"):
                while self.text(i) != ":":
                    i += 1
                i += 1
            else:
                end = i
                while self.text(end) != ";":
                    end = self.partner[end] + 1 if self.text(end) in PAIRS else end + 1
                yield i, end
                i = end + 1

    def statement(self, start, end, head):
        word = self.text(start)
        if word == "return" and end > start + 1:
            self.returned(start + 1, end - 1, head)
        elif word not in STATEMENTS and word not in TYPES:
            top, k = set(), start
            while k < end:
                if self.text(k) in PAIRS:
                    k = self.partner[k]
                top.add(self.text(k))
                k += 1
            what = "assignment" if top & ASSIGNMENTS else "call"
            self.add(f"dropped {what}", start, end, ";")

    def returned(self, first, last, head):
        value = self.between(first, last)
        literal = first == last and (value in ("true", "false", "NULL") or value in self.siblings
                                     or value.isdigit())
        if "*" in head:
            self.add("returned value", first, last, "NULL")
        elif "bool" in head and not literal:
            self.add("returned value", first, last, f"!({value})")
        elif set(head) & {"int", "int32_t", "int64_t", "wide_int"} and not literal:
            self.add("returned value", first, last, f"({value}) + 1")
            self.add("returned value", first, last, "0")


def all_mutants():
    headers = [*(ROOT / "include" / "thidua").glob("*.h"), ROOT / ENGINE / "engine.h"]
    enums = [group for path in sorted(headers)
             for group in enums_of(path.read_text(encoding="utf-8")) if "TD_E_MEMORY" not in group]
    found = []
    for name in FILES:
        file = f"{ENGINE}/{name}.c"
        if (ROOT / file).is_file():
            found += Finder(file, (ROOT / file).read_text(encoding="utf-8"), enums).mutants()
    return found


def read_equivalent(text):
    """{(file, line before, line after): reason}"""
    entries = {}
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        change, _, reason = line.rpartition(" | ")
        file, _, change = change.partition(": ")
        before, arrow, after = change.partition(" => ")
        if not arrow or len(reason.strip()) < 10:
            raise SystemExit(f"{EQUIVALENT.name}:{number}: write FILE: BEFORE => AFTER | REASON")
        entries[f"{ENGINE}/{file.strip()}", before.strip(), after.strip()] = reason.strip()
    return entries


def observable(mutants, entries):
    """The mutants without those listed as equivalent, and the entries that fit none."""
    listed = {(m.file, m.before, m.after) for m in mutants}
    return ([m for m in mutants if (m.file, m.before, m.after) not in entries],
            [f"{file}: {before}" for file, before, after in entries
             if (file, before, after) not in listed])


def drawn(mutants, seed):
    """All of them in the order in which they are drawn."""
    return sorted(mutants, key=lambda m: hashlib.sha256(f"{seed} {m.name}".encode()).digest())


# ---- building ----------------------------------------------------------------------------------

def must(words, **options):
    done = subprocess.run(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          check=False, **options)
    if done.returncode != 0:
        raise SystemExit(f"{' '.join(map(str, words))}:\n{done.stdout[-4000:]}")
    return done.stdout


class Builder:
    """A build of the original, and what is needed to compile and link one changed file."""

    def __init__(self, build, *options):
        self.build = build
        if not (build / "build.ninja").is_file():
            shutil.rmtree(build, ignore_errors=True)
            must(["meson", "setup", str(build), "-Doptimization=1", "-Ddebug=false",
                  "-Dwerror=false", "-Dcheck_catalogues=false", *options], cwd=ROOT,
                 env={**os.environ, "CC": "gcc"})
        must(["ninja", "-C", str(build), "build.ninja"])  # lists the tests of today
        tests = json.loads(must(["meson", "introspect", "--tests", str(build)], cwd=ROOT))
        programs = [Path(test["cmd"][0]) for test in tests if test["name"].startswith("engine/")
                    and any(suite.endswith("unit") for suite in test["suite"])]
        self.units = sorted(os.path.relpath(program, build) for program in programs)
        must(["ninja", "-C", str(build), "thidua", *self.units])
        self.links = {target: self.link_command(target) for target in ["thidua", *self.units]}
        self.compile = {}
        for entry in json.loads((build / "compile_commands.json").read_text(encoding="utf-8")):
            path = Path(os.path.normpath(build / entry["file"]))
            if path.is_relative_to(ROOT / ENGINE):
                self.compile[path.relative_to(ROOT).as_posix()] = self.flags(entry["command"])

    def link_command(self, target):
        """The words of the command, without "-o" and its value."""
        told = must(["ninja", "-C", str(self.build), "-t", "commands", "-s", target])
        words = shlex.split(told.strip().split("\n")[-1])
        at = words.index("-o")
        return words[:at] + words[at + 2:]

    @staticmethod
    def flags(command):
        """Without warnings, debug information and the names of files."""
        words, kept, k = shlex.split(command), [], 0
        while k < len(words):
            if words[k] in ("-o", "-c", "-MF", "-MQ"):
                k += 1
            elif not re.match(r"-W(?!l,|p,)|-MD$|-g\d?$", words[k]):
                kept.append(words[k])
            k += 1
        return kept + ["-w"]

    def object(self, file, source, folder):
        """The object file of a changed source; None when it doesn't compile."""
        folder.mkdir(parents=True, exist_ok=True)
        changed, result = folder / Path(file).name, folder / "changed.o"
        changed.write_text(source, encoding="utf-8")
        done = subprocess.run([*self.compile[file], "-c", str(changed), "-o", str(result)],
                              cwd=self.build, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                              check=False)
        return result if done.returncode == 0 else None

    def link(self, target, changed, output):
        """The target with the changed object file before the library that holds the original, so
        that the original is not taken from there."""
        words = self.links[target]
        must([words[0], str(changed), *words[1:], "-o", str(output)], cwd=self.build)


# ---- running -----------------------------------------------------------------------------------

class Tests:
    """The tests in the order in which they are tried, the quick ones first."""

    def __init__(self, builder, sanitized):
        self.builder, self.sanitized = builder, sanitized
        engine = ROOT / "tests" / "engine"
        self.cases = [sys.executable, str(engine / "run_cases.py"), "--stop", "--program"]
        self.properties = [sys.executable, str(engine / "test_properties.py"), "-f"]
        self.seconds = {}  # longest time that each may take

    def run(self, what, words, folder, **env):
        """Does the test fail? The program's own time is limited by its wrapper."""
        env = {**os.environ, "TMPDIR": str(folder), "PYTHONDONTWRITEBYTECODE": "1", **env}
        started = time.monotonic()
        process = subprocess.Popen(words, cwd=ROOT, env=env, stdin=subprocess.DEVNULL,
                                   stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                   start_new_session=True)
        try:
            told = process.communicate(timeout=self.seconds.get(what, 120))[0]
            failed = process.returncode != 0
        except subprocess.TimeoutExpired:
            told, failed = b"too long", True
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
        self.took = time.monotonic() - started
        return failed, told.decode(errors="replace")

    @staticmethod
    def program(builder, changed, folder):
        """A program that can't run for ever."""
        builder.link("thidua", changed, folder / "thidua.bin")
        wrapper = folder / "thidua"
        wrapper.write_text(f"#!/bin/sh\nulimit -t 5\nexec {folder}/thidua.bin \"$@\"\n",
                           encoding="utf-8")
        wrapper.chmod(0o755)
        return str(wrapper)

    def steps(self, file, source, changed, folder):
        """(name, words, environment) of each test; what it needs is linked when it is its turn."""
        program = self.program(self.builder, changed, folder)
        yield "cases", self.cases + [program], {}
        for unit in self.builder.units:
            self.builder.link(unit, changed, folder / "unit")
            yield Path(unit).name, [str(folder / "unit")], {}
        yield "properties", self.properties, {"THIDUA": program, "THIDUA_SEEDS": PROPERTY_SEEDS}
        changed = self.sanitized.object(file, source, folder)
        program = self.program(self.sanitized, changed, folder)
        yield "cases with sanitizers", self.cases + [program], {}
        for unit in self.sanitized.units:
            self.sanitized.link(unit, changed, folder / "unit")
            yield Path(unit).name + " with sanitizers", [str(folder / "unit")], {}

    def killer(self, file, source, changed, folder):
        """The first test that fails, or None."""
        for what, words, env in self.steps(file, source, changed, folder):
            if self.run(what, words, folder, **env)[0]:
                return what
        return None

    def original(self, folder):
        """The tests must pass without a change; their time is the measure for the mutants."""
        file = f"{ENGINE}/{FILES[0]}.c"
        source = (ROOT / file).read_text(encoding="utf-8")
        changed = self.builder.object(file, source, folder)
        for what, words, env in self.steps(file, source, changed, folder):
            failed, told = self.run(what, words, folder, **env)
            if failed:
                raise SystemExit(f"{what} fails without any change:\n{told[-4000:]}")
            self.seconds[what] = 10 + 6 * self.took


def usable(builder, candidates, sources, count, folder, pool):
    """The first `count` mutants that compile to something new, with their object files."""
    seen = set()
    for file, source in sources.items():
        seen.add((file, builder.object(file, source, folder / "original").read_bytes()))

    def compiled(mutant):
        return builder.object(mutant.file, mutant.apply(sources[mutant.file]),
                              folder / mutant.name)
    chosen, refused, same, at = [], 0, 0, 0
    while len(chosen) < count and at < len(candidates):
        batch = candidates[at:at + min(16, count - len(chosen))]
        at += len(batch)
        for mutant, result in zip(batch, pool.map(compiled, batch)):
            if result is None:
                refused += 1
                continue
            key = (mutant.file, result.read_bytes())
            if key in seen:
                same += 1
                continue
            seen.add(key)
            chosen.append((mutant, result))
    return chosen, refused, same


def run(given, mutants):
    builder = Builder(BUILD)
    tests = Tests(builder, Builder(BUILD / "sanitized", "-Db_sanitize=address,undefined"))
    sources = {m.file: (ROOT / m.file).read_text(encoding="utf-8") for m in mutants}
    started = time.monotonic()
    with tempfile.TemporaryDirectory(dir=BUILD, prefix="run-") as name, \
            concurrent.futures.ThreadPoolExecutor(WORKERS) as pool:
        folder = Path(name)
        places = queue.SimpleQueue()
        for i in range(WORKERS):
            (folder / f"worker-{i}").mkdir()
            places.put(folder / f"worker-{i}")
        tests.original(folder / "worker-0")
        chosen, refused, same = usable(builder, mutants, sources, given.count, folder, pool)
        print(f"{len(chosen)} mutants, {refused} that don't compile and {same} of the same object "
              f"code left out", flush=True)

        def tried(pair):
            mutant, changed = pair
            place = places.get()
            try:
                source = mutant.apply(sources[mutant.file])
                return mutant, tests.killer(mutant.file, source, changed, place)
            finally:
                places.put(place)
        killers, survivors = {}, []
        for mutant, killer in pool.map(tried, chosen):
            killers[killer] = killers.get(killer, 0) + 1
            if killer is None:
                survivors.append(mutant)
                print(f"survives: {mutant}", flush=True)
            elif given.only:
                print(f"killed by {killer}: {mutant}", flush=True)
    print(", ".join(f"{count} by {killer}" for killer, count in killers.items() if killer)
          + f"; {time.monotonic() - started:.0f} seconds")
    killed = len(chosen) - len(survivors)
    percent = 100 * killed / len(chosen) if chosen else 0
    print(f"mutants: {killed} killed of {len(chosen)} ({percent:.1f}%)")
    return 0 if chosen and 100 * killed >= given.least * len(chosen) else 1


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=COUNT)
    parser.add_argument("--seed", default=SEED)
    parser.add_argument("--least", type=int, default=LEAST, help="percent that must be killed")
    parser.add_argument("--list", action="store_true", help="print the draw and run nothing")
    parser.add_argument("--only", action="append", metavar="WORD",
                        help="a mutant's name, a file or a function")
    given = parser.parse_args()
    entries = read_equivalent(EQUIVALENT.read_text(encoding="utf-8"))
    mutants, stale = observable(all_mutants(), entries)
    mutants = drawn(mutants, given.seed)
    if given.only:
        mutants = [m for m in mutants
                   if {m.name, m.file, Path(m.file).name, m.function} & set(given.only)]
        given.count = len(mutants) if given.count == COUNT else given.count
    if given.list:
        shown = mutants if given.only else mutants[:given.count]
        for mutant in shown:
            print(mutant)
        print(f"{len(shown)} of {len(mutants)} mutants")
        return 0
    for entry in stale:
        print(f"{EQUIVALENT.relative_to(ROOT)}: no such change any more: {entry}")
    print(f"{len(entries)} changes are listed as equivalent and are not drawn")
    return 1 if run(given, mutants) or stale else 0


if __name__ == "__main__":
    sys.exit(main())
