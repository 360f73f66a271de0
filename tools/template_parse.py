"""Cuts a template into its pieces: text, values, words and statements.

Knows nothing of HTML; template_html.py does. Also gives catalogue.py the messages of a template.
"""
import re
from dataclasses import dataclass, field

# TD_MESSAGE_ARGS of include/thidua/message.h.
PLACES = 6
KEYWORDS = ("template", "include", "if", "elif", "else", "for", "let", "call", "wrap", "content",
            "icon", "end")
OPEN = {"(": ")", "[": "]", "{": "}"}


class Refused(Exception):
    """What is wrong with a template, and at which line."""

    def __init__(self, line, what):
        super().__init__(what)
        self.line = line
        self.what = what


@dataclass
class Text:
    line: int
    text: str


@dataclass
class Value:
    line: int
    code: str


@dataclass
class Words:
    line: int
    id: str
    args: list = field(default_factory=list)


@dataclass
class Statement:
    line: int
    keyword: str
    rest: str


def line_at(source, position):
    return source.count("\n", 0, position) + 1


def literal_end(source, start):
    """Where the C string or character that begins at `start` ends."""
    quote, at = source[start], start + 1
    while at < len(source) and source[at] not in (quote, "\n"):
        at += 2 if source[at] == "\\" else 1
    if at >= len(source) or source[at] != quote:
        raise Refused(line_at(source, start), f"a {quote} without its end")
    return at + 1


def code_end(source, start, closer):
    """Where `closer` stands, at or after `start`, outside of brackets and literals of C."""
    depth, at, opened = [], start, line_at(source, start)
    while at < len(source):
        if not depth and source.startswith(closer, at):
            return at
        c = source[at]
        if c in "\"'":
            at = literal_end(source, at)
            continue
        if source.startswith(("/*", "//"), at):
            raise Refused(line_at(source, at), "a C comment in a template; write {# so #}")
        if c in OPEN:
            depth.append(OPEN[c])
        elif c in ")]}":
            if not depth or depth.pop() != c:
                raise Refused(line_at(source, at), f'"{c}" closes nothing; expected "{closer}"')
        at += 1
    raise Refused(opened, f'"{closer}" is missing')


def split_code(code, separator):
    """The parts of C code between separators that stand outside of brackets and literals."""
    parts, start = [], 0
    while True:
        try:
            end = code_end(code, start, separator)
        except Refused:
            return parts + [code[start:]]
        parts.append(code[start:end])
        start = end + len(separator)


def one_line(code, line, what):
    """The code on one line; refused when it is empty or not one expression."""
    code = " ".join(code.split("\n")).strip()
    if not code:
        raise Refused(line, f"{what} is empty")
    try:
        code_end(code + "\0", 0, "\0")
    except Refused as problem:
        raise Refused(line, f"{problem.what} in {what}") from None
    if len(split_code(code, ";")) > 1:
        raise Refused(line, f'";" in {what}')
    return code


def first_line(source, start):
    """The line of the first character at or after `start` that isn't blank."""
    return line_at(source, start + len(source[start:]) - len(source[start:].lstrip()))


def places(text):
    return {int(digit) for digit in re.findall(r"\{([0-9])\}", text)}


def read_words(source, start):
    """`{t id | a, b}` that begins at `start`: its piece and its end."""
    line, at, depth = line_at(source, start), start + 2, 0
    while at < len(source) and not (depth == 0 and source[at] in "|}"):
        depth += {"{": 1, "}": -1}.get(source[at], 0)
        at += 1
    if at >= len(source):
        raise Refused(line, '"}" is missing after {t')
    message = " ".join(source[start + 2:at].split())
    if not message:
        raise Refused(line, "{t} without words")
    if "{{" in message or "}}" in message or re.search(r"\{(?![0-9]\})", message):
        raise Refused(line, "a brace in {t} is a place: {0} to {5}")
    args = []
    if source[at] == "|":
        end = code_end(source, at + 1, "}")
        position = at + 1
        for part in split_code(source[at + 1:end], ","):
            where = first_line(source, position)
            args.append((where, one_line(part, where, "an argument of {t}")))
            position += len(part) + 1
        at = end
    if len(args) > PLACES:
        raise Refused(line, f"{{t}} has at most {PLACES} arguments")
    if places(message) != set(range(len(args))):
        raise Refused(line, f'"{message}" has the places {sorted(places(message))} and '
                            f"{len(args)} argument(s)")
    return Words(line, message, args), at + 1


def read_statement(source, start):
    line = line_at(source, start)
    end = code_end(source, start + 2, "%}")
    body = source[start + 2:end].strip()
    keyword, _, rest = body.partition(" ")
    keyword, rest = keyword.strip(), rest.strip()
    if "\n" in keyword:
        keyword, _, more = keyword.partition("\n")
        rest = more + " " + rest
    if keyword not in KEYWORDS:
        raise Refused(line, f'unknown statement "{keyword}"; there are: {", ".join(KEYWORDS)}')
    rest = " ".join(rest.split("\n")).strip()
    if keyword in ("else", "end", "content") and rest:
        raise Refused(line, f'"{keyword}" stands alone')
    if keyword not in ("else", "end", "content") and not rest:
        raise Refused(line, f'"{keyword}" needs more')
    return Statement(line, keyword, rest), end + 2


def pieces(source):
    """The pieces of a template in order."""
    at, found = 0, []
    marks = re.compile(r"\{\{|\{%|\{#|\{t(?=[\s}|])")
    while True:
        match = marks.search(source, at)
        upto = match.start() if match else len(source)
        if upto > at:
            found.append(Text(line_at(source, at), source[at:upto]))
        if not match:
            return found
        start = match.start()
        if match.group() == "{#":
            at = source.find("#}", start)
            if at < 0:
                raise Refused(line_at(source, start), '"#}" is missing')
            at += 2
        elif match.group() == "{%":
            piece, at = read_statement(source, start)
            found.append(piece)
        elif match.group() == "{t":
            piece, at = read_words(source, start)
            found.append(piece)
        else:
            end = code_end(source, start + 2, "}}")
            line = first_line(source, start + 2)
            found.append(Value(line, one_line(source[start + 2:end], line, "{{ }}")))
            at = end + 2


def c_string(text):
    """A C literal of the text; what isn't ASCII stays as it is."""
    for plain, escaped in (("\\", "\\\\"), ('"', '\\"'), ("\n", "\\n"), ("\t", "\\t")):
        text = text.replace(plain, escaped)
    return f'"{text}"'


def as_c(source):
    """C of the same lines that holds the template's messages and code: what xgettext, and the
    check of message calls, can read."""
    lines = [[] for _ in range(source.count("\n") + 2)]
    for piece in pieces(source):
        if isinstance(piece, Words):
            args = "".join(f", {code}" for _, code in piece.args)
            lines[piece.line].append(f"TD_MESSAGE({c_string(piece.id)}{args});")
        elif isinstance(piece, Value):
            lines[piece.line].append(f"{piece.code};")
        elif isinstance(piece, Statement) and piece.keyword != "include":
            lines[piece.line].append(f"{piece.rest};")
    return "\n".join(" ".join(line) for line in lines[1:]) + "\n"
