#!/usr/bin/env python3
"""House rules that a compiler doesn't know.

check_source.py [ROOT]

Every rule is a function below; each breach is answered as file:line.
"""
import os
import re
import subprocess
import sys
from pathlib import Path

FILE_LINES = 800
FUNCTION_LINES = 80
COLUMNS = 100

TEXT_SUFFIXES = {".c", ".h", ".py", ".md", ".json", ".po", ".sh", ".txt", ".case", ".build", ".in",
                 ".map", ".csv", ".sql", ".html", ".css", ".js", ".mjs", ".yml", ".toml", ""}
# Folders where no binary floating point may stand (law: points are exact).
EXACT = ("src/engine/", "src/office/", "include/thidua/")
# What the engine may not call: memory but the caller's arena, the outside world, the clock.
ENGINE_WORDS = ("malloc", "calloc", "realloc", "free", "getenv", "exit", "_Exit", "abort", "atexit",
                "printf", "fprintf", "puts", "fopen", "time", "clock")

UNFINISHED = re.compile(r"\b(TO" r"DO|FIX" r"ME|XX" r"X)\b")
# A folder that only the writer's machine has.
PERSONAL = re.compile(r"(?<![\w./\-:}])/(?:home|Users|root|tmp|work|workspace)/\w")
# Marks that make a line read otherwise than it compiles.
HIDDEN = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")
COMMENT_OR_TEXT = re.compile(r'/\*.*?\*/|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.S)


def blank(match):
    """Blanks of the same shape, so that lines and columns stay."""
    return re.sub(r"[^\n]", " ", match.group())


def code_of(text):
    """The text without comments and string contents."""
    return COMMENT_OR_TEXT.sub(blank, text)


def numbered(text):
    return enumerate(text.split("\n"), 1)


def head_comment(name, text):
    if not text.startswith("/*"):
        yield 1, "a file begins with a comment that says why it exists"


def banned_last(name, text):
    if not name.startswith("src/") or not name.endswith(".c"):
        return
    found = [(line, words) for line, words in numbered(code_keeping_includes(text))
             if re.match(r"\s*#\s*include\b", words)]
    if not found or '"base/banned.h"' not in found[-1][1]:
        yield (found[-1][0] if found else 1), 'the last include is "base/banned.h"'


def code_keeping_includes(text):
    return re.sub(r"/\*.*?\*/", blank, text, flags=re.S)


def line_comments(name, text):
    for line, words in numbered(code_of(text)):
        if "//" in words:
            yield line, "comments are written /* so */"


def exact(name, text):
    if not name.startswith(EXACT):
        return
    for line, words in numbered(code_of(text)):
        found = re.search(r"\b(double|float)\b", words)
        if found:
            yield line, f"no {found.group()} here: points are exact"


def pure_engine(name, text):
    if not name.startswith("src/engine/"):
        return
    for line, words in numbered(code_of(text)):
        for word in re.findall(r"(?<![.>\w])(\w+)\s*\(", words):
            if word in ENGINE_WORDS:
                yield line, f"the engine may not call {word}"


def sizes(name, text):
    lines = text.count("\n")
    if lines > FILE_LINES:
        yield lines, f"{lines} lines; a file has at most {FILE_LINES}"
    start = 0
    for line, words in numbered(text):
        # A function's braces stand alone at the beginning of a line; no others do.
        if words == "{":
            start = line
        elif words == "}" and start:
            if line - start - 1 > FUNCTION_LINES:
                yield start, (f"a function of {line - start - 1} lines; "
                              f"it has at most {FUNCTION_LINES}")
            start = 0


def columns(name, text):
    for line, words in numbered(text):
        if len(words) > COLUMNS:
            yield line, f"{len(words)} columns; a line has at most {COLUMNS}"


def tabs(name, text):
    for line, words in numbered(text):
        if "\t" in words:
            yield line, "a tab; indent with spaces"


def unfinished(name, text):
    for line, words in numbered(text):
        found = UNFINISHED.search(words)
        if found:
            yield line, f"{found.group()}: finish it, or say it in the tracker"


def personal_paths(name, text):
    for line, words in numbered(text):
        found = PERSONAL.search(words)
        if found:
            yield line, "a path of one machine"


def hidden_direction(name, text):
    for line, words in numbered(text):
        if HIDDEN.search(words):
            yield line, "an invisible mark of direction: write it as an escape"


def line_ends(name, text):
    if text and not text.endswith("\n"):
        yield text.count("\n") + 1, "the last line has no end"
    for line, words in numbered(text):
        if words.endswith((" ", "\r")):
            yield line, "a blank at the end of the line"


C_RULES = (head_comment, banned_last, line_comments, exact, pure_engine, sizes)
CODE_RULES = (columns, tabs, unfinished, line_ends)


def rules_for(name):
    suffix = Path(name).suffix
    rules = (personal_paths, hidden_direction)
    if suffix in (".c", ".h"):
        rules += C_RULES
    if suffix in (".c", ".h", ".py", ".build") or name.startswith("script/"):
        rules += CODE_RULES
    return rules


def check_text(name, text):
    """All breaches of one file: (line, what)."""
    return sorted({breach for rule in rules_for(name) for breach in rule(name, text)})


def files(root):
    """What belongs to the project: what git knows or would add; without git, all but build/."""
    git = subprocess.run(["git", "-C", str(root), "ls-files", "-z", "--cached", "--others",
                          "--exclude-standard"], capture_output=True)
    if git.returncode == 0:
        names = [os.fsdecode(name) for name in git.stdout.split(b"\0") if name]
    else:
        names = [path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file()]
        names = [name for name in names if not name.startswith(("build/", ".git/"))
                 and "node_modules/" not in name]
    for name in sorted(set(names)):
        path = root / name
        # Corpora hold any bytes, and the licence is not ours to write.
        binary = name.startswith(("fuzz/corpus/", "fuzz/crashes/"))
        if path.is_file() and path.suffix in TEXT_SUFFIXES and not binary and name != "LICENSE":
            yield name


def check(root):
    found = []
    for name in files(root):
        try:
            text = (root / name).read_text(encoding="utf-8")
        except UnicodeDecodeError:
            if Path(name).suffix:
                found.append(f"{name}:1: not UTF-8")
            continue
        found += [f"{name}:{line}: {what}" for line, what in check_text(name, text)]
    return found


def main(args):
    root = Path(args[0]) if args else Path(__file__).resolve().parent.parent
    found = check(root)
    for line in found:
        print(line, file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
