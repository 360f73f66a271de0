#!/usr/bin/env python3
"""Message ids and catalogues.

catalogue.py extract OUT.pot SOURCE...            gather the ids of the sources
catalogue.py compile IN.po IDS.pot OUT.mo         check and compile a catalogue
catalogue.py compile-complete IN.po IDS.pot OUT.mo  the same, and every id must be translated
catalogue.py unused IN.po IDS.pot                 fail when the catalogue has ids no source has
catalogue.py calls FOLDER...                      do places and arguments of messages agree?

An id is a string literal in TD_WORDS(), TD_ID(), TD_TERM(), TD_TERM_ID() or N_(), or the first one
of TD_MESSAGE(). A SOURCE that ends in .html is a template: {t …} and the C code in it count.
"""
import gettext
import io
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from template_parse import Refused, as_c

# TD_MESSAGE_ARGS of include/thidua/message.h.
PLACES = 6
# Ids that a complaint names.
SHOWN = 20
KEYWORDS = ("TD_WORDS", "TD_ID", "TD_TERM", "TD_TERM_ID", "N_")


class Problem(Exception):
    pass


def run(*command, read=None):
    done = subprocess.run([str(part) for part in command], input=read, capture_output=True)
    if done.returncode != 0:
        raise Problem(done.stderr.decode(errors="replace").strip())
    return done.stdout


def source_text(path):
    """C of the same lines, whatever the source is written in."""
    text = Path(path).read_text(encoding="utf-8")
    if Path(path).suffix != ".html":
        return text
    try:
        return as_c(text)
    except Refused as problem:
        raise Problem(f"{path}:{problem.line}: {problem.what}") from None


def extract(target, sources):
    with tempfile.TemporaryDirectory() as folder:
        # xgettext can't read templates: it reads their C, from files whose names are put right.
        names, plain = {}, []
        for at, path in enumerate(map(str, sources)):
            if not path.endswith(".html"):
                plain.append(path)
                continue
            copy = Path(folder, f"{at}.c")
            copy.write_text(source_text(path), encoding="utf-8")
            names[str(copy)] = path
        extract_c(target, plain + list(names))
        text = Path(target).read_text(encoding="utf-8")
        for copy, path in names.items():
            text = text.replace(copy, path)
        Path(target).write_text(text, encoding="utf-8")


def extract_c(target, sources):
    words = [f"--keyword={word}" for word in KEYWORDS]
    # A percent sign is text here, not printf's: "30% of {0}" must not be checked as a C format.
    flags = [f"--flag={word}:1:no-c-format" for word in KEYWORDS + ("TD_MESSAGE",)]
    run("xgettext", "--language=C", "--from-code=UTF-8", "--force-po", "--keyword", *words,
        "--keyword=TD_MESSAGE:1", *flags, "--add-location=file", "--sort-output",
        "--package-name=thidua", f"--output={target}", *sources)
    text = Path(target).read_text(encoding="utf-8")
    # No time of day in what is built, no flags that say nothing, and always the charset: xgettext
    # fills it in only when an id isn't ASCII.
    text = re.sub(r'"POT-Creation-Date:.*\n|#, no-c-format\n', "", text)
    Path(target).write_text(text.replace("charset=CHARSET", "charset=UTF-8"), encoding="utf-8")


def entries(mo_bytes):
    """{id: text} of a compiled catalogue, without its header."""
    if not mo_bytes:
        return {}
    found = dict(gettext.GNUTranslations(io.BytesIO(mo_bytes))._catalog)
    found.pop("", None)
    return found


def ids_of(pot):
    # Each id as its own translation, so that compiling leaves none out.
    english = run("msgen", "--output-file=-", pot)
    return set(entries(run("msgfmt", "--output-file=-", "-", read=english)))


def places(text):
    """The places {0}..{5} of a message, sorted, each as often as it stands there."""
    plain = text.replace("{{", "").replace("}}", "")
    return sorted(int(digit) for digit in re.findall(r"\{([0-9])\}", plain))


def check_places(po, translations):
    """A translation may repeat or move a place, but must have those of its id and no other."""
    wrong = [f'  "{key}"\n  "{text}"' for key, text in sorted(translations.items())
             if set(places(key)) != set(places(text))]
    if wrong:
        raise Problem(f"{po}: the places of id and translation differ:\n" + "\n".join(wrong))


def listed(keys):
    lines = [f'  "{key}"' for key in keys[:SHOWN]]
    if len(keys) > SHOWN:
        lines.append(f"  and {len(keys) - SHOWN} more")
    return "\n".join(lines)


def compile_catalogue(po, pot, target, complete):
    # Fuzzy entries are left out by msgfmt, so they count as missing.
    compiled = run("msgfmt", "--check", "--endianness=little", "--output-file=-", po)
    translations = entries(compiled)
    check_places(po, translations)
    if complete:
        missing = sorted(ids_of(pot) - set(translations))
        if missing:
            raise Problem(f"{po}: {len(missing)} message(s) not translated (script/po adds them "
                          f"to the file):\n{listed(missing)}")
    Path(target).write_bytes(compiled)


def unused(po, pot):
    compiled = run("msgfmt", "--output-file=-", po)
    extra = sorted(set(entries(compiled)) - ids_of(pot))
    if extra:
        raise Problem(f"{po}: {len(extra)} message(s) that no source has (script/po removes "
                      f"them):\n{listed(extra)}")


TOKEN = re.compile(r'/\*.*?\*/|"(?:\\.|[^"\\])*"|\'(?:\\.|[^\'\\])*\'|\w+|\S', re.S)


def tokens(text):
    """(line, token) without comments and preprocessor lines."""
    text = re.sub(r"^[ \t]*#(?:\\\n|.)*", lambda m: "\n" * m.group().count("\n"), text, flags=re.M)
    line, last = 1, 0
    for match in TOKEN.finditer(text):
        line += text.count("\n", last, match.start())
        last = match.start()
        if not match.group().startswith("/*"):
            yield line, match.group()


def call_problems(text):
    """(line, what is wrong) for each message whose places and arguments disagree."""
    stream = list(tokens(text))
    for at, (line, token) in enumerate(stream):
        if token not in ("TD_MESSAGE", "TD_WORDS"):
            continue
        if at + 1 == len(stream) or stream[at + 1][1] != "(":
            continue
        arguments, depth = [[]], 0
        for _, part in stream[at + 1:]:
            if part in "([{":
                depth += 1
                if depth == 1:
                    continue
            elif part in ")]}":
                depth -= 1
                if depth == 0:
                    break
            if part == "," and depth == 1:
                arguments.append([])
            else:
                arguments[-1].append(part)
        literal, given = arguments[0], [part for part in arguments[1:] if part]
        if not literal or any(not part.startswith('"') for part in literal):
            yield line, f"{token} needs a string literal"
            continue
        message = "".join(part[1:-1] for part in literal)
        wanted = set(places(message))
        if len(given) > PLACES:
            yield line, f'"{message}" has more than {PLACES} arguments'
        elif wanted != set(range(len(given))):
            yield line, (f'"{message}" has the places {sorted(wanted)} and '
                         f"{len(given)} argument(s)")


def calls(folders):
    found = []
    for folder in folders:
        paths = [path for path in Path(folder).rglob("*") if path.suffix in (".c", ".h", ".html")]
        for path in sorted(paths):
            for line, what in call_problems(source_text(path)):
                found.append(f"{path}:{line}: {what}")
    if found:
        raise Problem("\n".join(found))


def main(args):
    command, rest = (args[0], args[1:]) if args else ("", [])
    try:
        if command == "extract" and len(rest) >= 1:
            extract(rest[0], rest[1:])
        elif command in ("compile", "compile-complete") and len(rest) == 3:
            compile_catalogue(*rest, complete=command == "compile-complete")
        elif command == "unused" and len(rest) == 2:
            unused(*rest)
        elif command == "calls" and rest:
            calls(rest)
        else:
            raise SystemExit(__doc__)
    except Problem as problem:
        raise SystemExit(f"{problem}") from None


if __name__ == "__main__":
    main(sys.argv[1:])
