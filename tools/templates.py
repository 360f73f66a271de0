#!/usr/bin/env python3
"""Compiles the templates of pages to C.

templates.py [--icons FOLDER] [--sources FILE...] [--header NAME] [--known FILE...]
             --out C H ICONS --templates FILE...

FILE is src/web/…/name.html; src/web/README.md is the manual of the language. H gets the prototypes,
C the functions, ICONS the names of the icons used, those of ICON("name") in the sources included.
C includes H as NAME. The templates of --known may be called; they are compiled elsewhere.
FOLDER holds outline/*.svg and filled/*.svg, to know which icons there are.

What a template may not do is refused as FILE:LINE: what is wrong and what to do. Errors of C in a
template are the C compiler's, at the template's line.
"""
import argparse
import re
import sys
from pathlib import Path

from template_html import WRAP, Html, icon_code
from template_parse import (Refused, Statement, Text, Value, Words, c_string, code_end, one_line,
                            pieces, split_code)

# The longest literal that the C standard promises is 4095 bytes.
LITERAL_BYTES = 4000
NAME = re.compile(r"[a-z][a-z0-9_]*")
SPRITE = "ASSET_ICONS_SVG"
SILENT = ("if", "elif", "else", "for", "end", "let")  # put nothing where they stand


class Output:
    """Statements of one C function; static texts that touch become one."""

    def __init__(self, path):
        self.path = path
        self.lines = []
        self.pending = []

    def static(self, text):
        if self.pending and self.pending[-1].endswith("\n") and text.startswith("\n"):
            text = text.lstrip("\n")
        self.pending.append(text)

    def flush(self):
        text = "".join(self.pending)
        self.pending = []
        while text:
            data = text.encode()[:LITERAL_BYTES].decode(errors="ignore")
            self.lines.append(f"    html_static(h, {c_string(data)});")
            text = text[len(data):]

    def literal(self, code):
        self.flush()
        self.lines.append(f"    html_static(h, {code});")

    def code(self, line, code):
        self.flush()
        self.lines.append(f"#line {line} {c_string(self.path)}")
        self.lines.append(f"    {code}")


class Template:
    """One file, compiled."""

    def __init__(self, path, source, known_icons):
        self.path = path
        self.out = Output(path)
        self.html = Html(self.out)
        self.known_icons = known_icons
        self.name = self.parameters = None
        self.includes = []     # (line, header)
        self.icons = set()
        self.calls = []        # (line, template that is called, whether it wraps)
        self.opening = None    # the lines before {% content %}
        self.blocks = []       # [keyword, line, state at the start, ends, had else, closing code]
        self.line = 0
        self.at_margin = False  # only statements since the line began
        found = pieces(source)
        for at, piece in enumerate(found):
            self.line = piece.line
            follower = found[at + 1] if at + 1 < len(found) else None
            self.margin(piece, found[at - 1] if at > 0 else None)
            self.piece(piece, follower)
        last = source.count("\n") + 1
        if self.blocks:
            raise Refused(self.blocks[-1][1], f"{{% {self.blocks[-1][0]} %}} has no {{% end %}}")
        if self.name is None:
            raise Refused(1, "no {% template name(parameters) %}")
        self.html.finish(last)
        self.out.flush()

    def margin(self, piece, before):
        """A line that holds nothing but a statement is no line of the page."""
        if isinstance(piece, Statement):
            self.at_margin = self.at_margin and piece.keyword in SILENT
        elif isinstance(piece, Text):
            alone = self.at_margin and isinstance(before, Statement)
            if alone and re.match(r"[ \t]*\n", piece.text) and not self.html.keeps_blanks():
                self.drop_blanks(piece)
            self.at_margin = (piece.text == "" and alone) or \
                re.search(r"\n[ \t]*$", piece.text) is not None
        else:
            self.at_margin = False

    @staticmethod
    def drop_blanks(piece):
        rest = piece.text.lstrip()
        piece.line += piece.text[:len(piece.text) - len(rest)].count("\n")
        piece.text = rest

    def piece(self, piece, follower):
        if isinstance(piece, Statement):
            if self.name is None and piece.keyword not in ("template", "include"):
                raise Refused(piece.line, "{% template name(parameters) %} comes first")
            getattr(self, "do_" + piece.keyword)(piece.line, piece.rest)
        elif isinstance(piece, Text):
            if self.name is None or (self.opening is None and not self.out.lines
                                     and not self.out.pending):
                self.drop_blanks(piece)
            if piece.text and self.name is None:
                raise Refused(piece.line, "{% template name(parameters) %} comes first")
            self.html.feed(piece.line, piece.text)
        elif self.name is None:
            raise Refused(piece.line, "{% template name(parameters) %} comes first")
        elif isinstance(piece, Value):
            ends = isinstance(follower, Text) and follower.text.startswith('"')
            self.html.value(piece.line, piece.code, not ends)
        elif isinstance(piece, Words):
            self.words(piece)

    def words(self, piece):
        if not piece.args:
            self.html.words(piece.line, f"html_words(h, {c_string(piece.id)});")
            return
        args = ", ".join(f"html_arg(({code}))" for _, code in piece.args)
        self.html.words(piece.args[0][0],
                        f"html_message(h, TD_MESSAGE({c_string(piece.id)}, {args}));")

    # --- statements ---------------------------------------------------------------------------

    def do_template(self, line, rest):
        if self.name is not None:
            raise Refused(line, "a second {% template %}; one file is one template")
        match = re.fullmatch(r"([A-Za-z_]\w*)\s*\((.*)\)", rest)
        if not match or not NAME.fullmatch(match.group(1)):
            raise Refused(line, "write {% template name(const struct x *x) %}")
        self.name = match.group(1)
        self.parameters = []
        for part in split_code(match.group(2), ",") if match.group(2).strip() else []:
            name = re.search(r"(\w+)\s*(\[\])?\s*$", part)
            if not name:
                raise Refused(line, f'"{part.strip()}" is no parameter')
            self.parameters.append((part.strip(), name.group(1)))
        self.start_line = line

    def do_include(self, line, rest):
        if not re.fullmatch(r'"[\w/.-]+\.h"', rest):
            raise Refused(line, 'write {% include "room/file.h" %}')
        self.includes.append((line, rest[1:-1]))

    def block(self, keyword, line, closing="}"):
        self.blocks.append([keyword, line, self.html.snapshot(), [], False, closing])

    def do_if(self, line, rest):
        self.out.code(line, f"if ({one_line(rest, line, 'the condition')}) {{")
        self.block("if", line)

    def branch(self, line, word):
        if not self.blocks or self.blocks[-1][0] != "if":
            raise Refused(line, f"{{% {word} %}} without {{% if %}}")
        block = self.blocks[-1]
        if block[4]:
            raise Refused(line, f"{{% {word} %}} after {{% else %}}")
        block[3].append(self.html.state)
        self.html.join(line, [block[3][0], block[3][-1]], f"{{% if %}} of line {block[1]}")
        self.html.state = block[2]
        block[2] = self.html.snapshot()
        return block

    def do_elif(self, line, rest):
        self.branch(line, "elif")
        self.out.code(line, f"}} else if ({one_line(rest, line, 'the condition')}) {{")

    def do_else(self, line, _):
        self.branch(line, "else")[4] = True
        self.out.code(line, "} else {")

    def do_for(self, line, rest):
        parts = split_code(rest, ";")
        if len(parts) != 3:
            raise Refused(line, "write {% for init; condition; step %}")
        if self.html.state.mode == "tag":
            raise Refused(line, "a loop between attributes")
        parts = [one_line(part, line, "a part of {% for %}") for part in parts]
        self.out.code(line, f"for ({'; '.join(parts)}) {{")
        self.block("for", line)
        self.html.loops += 1

    def do_wrap(self, line, rest):
        name, args = self.callee(line, rest)
        self.html.refuse_in_tag(line, "{% wrap %}")
        self.calls.append((line, name, True))
        self.out.code(line, f"{name}_open_html(h{args}); {{")
        self.block("wrap", line, f"}} {name}_close_html(h{args});")
        self.html.state.stack.append([WRAP, line, False])

    def do_end(self, line, _):
        if not self.blocks:
            raise Refused(line, "{% end %} closes nothing")
        keyword, opened, start, ends, had_else, closing = self.blocks.pop()
        if keyword == "wrap" and self.html.state.stack[-1:] and \
                self.html.state.stack[-1][0] == WRAP:
            self.html.state.stack.pop()
        ends.append(self.html.state)
        if keyword == "if" and not had_else or keyword == "for":
            ends.append(start)
        if keyword == "wrap" and start.shape() != self.html.state.shape():
            raise Refused(line, f"{{% wrap %}} of line {opened} ends in {self.html.state.where()}")
        self.html.join(line, ends, f"{{% {keyword} %}} of line {opened}")
        if keyword == "for":
            self.html.loops -= 1
        self.out.code(line, closing)

    def do_let(self, line, rest):
        code = one_line(rest, line, "{% let %}")
        if not re.search(r"[^=!<>]=[^=]", code):
            raise Refused(line, "write {% let type name = value %}")
        self.out.code(line, f"{code};")

    def callee(self, line, rest):
        """Name and ", arguments" of name(arguments)."""
        match = re.fullmatch(r"([a-z]\w*)\s*\((.*)\)", rest)
        if not match or code_end(rest + "\0", 0, "\0") != len(rest):
            raise Refused(line, "write name(arguments)")
        args = match.group(2).strip()
        return match.group(1), f", {one_line(args, line, 'the call')}" if args else ""

    def do_call(self, line, rest):
        name, args = self.callee(line, rest)
        self.html.refuse_in_tag(line, "{% call %}")
        self.calls.append((line, name, False))
        self.out.code(line, f"{name}_html(h{args});")

    def do_content(self, line, _):
        self.html.refuse_in_tag(line, "{% content %}")
        if self.opening is not None:
            raise Refused(line, "a second {% content %}")
        if self.blocks:
            raise Refused(line, f"{{% content %}} within {{% {self.blocks[-1][0]} %}}")
        self.out.flush()
        self.opening, self.out.lines = self.out.lines, []

    def do_icon(self, line, rest):
        self.html.refuse_in_tag(line, "{% icon %}")
        if rest.startswith("("):
            self.out.literal('"<svg class=\\"icon\\" aria-hidden=\\"true\\" focusable=\\"false\\">'
                             f'<use href=\\"" {SPRITE} "#"')
            self.out.code(line, f"html_url_part(h, {one_line(rest, line, 'the icon')});")
            self.out.literal('"\\"></use></svg>"')
            return
        self.need_icon(line, rest)
        self.out.literal(icon_code(SPRITE, rest))

    def need_icon(self, line, name):
        if name not in self.known_icons:
            raise Refused(line, f'no icon "{name}" in @tabler/icons; see https://tabler.io/icons')
        self.icons.add(name)

    # --- C ------------------------------------------------------------------------------------

    def signatures(self):
        given = "".join(f", {declaration}" for declaration, _ in self.parameters)
        halves = ("_open", "_close") if self.opening is not None else ("",)
        return [f"void {self.name}{half}_html(struct html *h{given})" for half in halves]

    def functions(self):
        bodies = [self.out.lines] if self.opening is None else [self.opening, self.out.lines]
        for signature, body in zip(self.signatures(), bodies):
            yield f"#line {self.start_line} {c_string(self.path)}"
            yield signature
            yield "{"
            yield "    (void)h;"
            yield from (f"    (void){name};" for _, name in self.parameters)
            yield from body
            yield "}\n"


def icon_names(folder):
    """The icons there are: outline ones by their name, filled ones with -filled."""
    names = {path.stem for path in Path(folder, "outline").glob("*.svg")}
    return names | {f"{path.stem}-filled" for path in Path(folder, "filled").glob("*.svg")}


def icons_of_sources(paths, known):
    found = set()
    for path in paths:
        source = Path(path).read_text(encoding="utf-8")
        for match in re.finditer(r'\bICON\("([^"]*)"\)', source):
            if match.group(1) not in known:
                line = source.count("\n", 0, match.start()) + 1
                raise SystemExit(f'{path}:{line}: no icon "{match.group(1)}" in @tabler/icons')
            found.add(match.group(1))
    return found


def check_calls(templates):
    """(template, line, what) for each call of a template that there isn't, or not so."""
    names = {template.name: template for template in templates}
    for template in templates:
        for line, name, wraps in template.calls:
            if name not in names:
                yield template, line, f"there is no template {name}"
            elif wraps != (names[name].opening is not None):
                yield template, line, (f"{name} has no {{% content %}}; {{% call %}} it" if wraps
                                       else f"{name} has {{% content %}}; {{% wrap %}} with it")


def compile_all(paths, known_icons):
    """(templates, problems as text)"""
    templates, problems, seen = [], [], {}
    for path in paths:
        try:
            template = None
            source = Path(path).read_text(encoding="utf-8")
            template = Template(str(path), source, known_icons)
            if template.name in seen:
                raise Refused(template.start_line, f"{template.name} is in {seen[template.name]} "
                                                   "too")
            seen[template.name] = path
            templates.append(template)
        except Refused as problem:
            problems.append(f"{path}:{problem.line}: {problem.what}")
    if not problems:
        problems = [f"{template.path}:{line}: {what}"
                    for template, line, what in check_calls(templates)]
    return templates, problems


def header_text(templates, name):
    guard = re.sub(r"\W", "_", name).upper()
    lines = ["/* Generated by tools/templates.py. */", f"#ifndef {guard}", f"#define {guard}",
             '#include "web/html.h"']
    included = set()
    for template in templates:
        for line, name in template.includes:
            if name not in included:
                included.add(name)
                lines += [f"#line {line} {c_string(template.path)}", f'#include "{name}"']
    for template in templates:
        lines.append(f"#line {template.start_line} {c_string(template.path)}")
        lines += [f"{signature};" for signature in template.signatures()]
    return "\n".join(lines + ["#endif", ""])


def source_text(templates, name):
    lines = ["/* Generated by tools/templates.py. */", f'#include "{name}"',
             "#include <string.h>"]
    if any("ASSET_" in line for template in templates
           for line in template.out.lines + (template.opening or [])):
        lines.append('#include "web/assets.h"')
    for template in templates:
        lines += template.functions()
    return "\n".join(lines) + "\n"


def write(path, text):
    """Only what changed, so that nothing is compiled for nothing."""
    path = Path(path)
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        path.write_text(text, encoding="utf-8")


def main(args):
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("--icons")
    parser.add_argument("--sources", nargs="*", default=[])
    parser.add_argument("--header", default="web/templates.h")
    parser.add_argument("--known", nargs="*", default=[])
    parser.add_argument("--out", nargs=3, required=True)
    parser.add_argument("--templates", nargs="*", default=[])
    given = parser.parse_args(args)
    known = icon_names(given.icons) if given.icons else set()
    used = icons_of_sources(given.sources, known)
    templates, problems = compile_all(given.templates + given.known, known)
    if problems:
        raise SystemExit("\n".join(problems))
    templates = [template for template in templates if template.path in given.templates]
    source, header, icons = given.out
    write(source, source_text(templates, given.header))
    write(header, header_text(templates, given.header))
    used = used.union(*(template.icons for template in templates))
    write(icons, "".join(f"{name}\n" for name in sorted(used)))


if __name__ == "__main__":
    main(sys.argv[1:])
