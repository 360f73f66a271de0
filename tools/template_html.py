"""Follows the HTML of a template: where each value stands, and what may not stand there.

Html is fed the template's text and told of its values; it writes static text and code to a sink
(static(text), code(line, text)). Its state can be copied and compared, so that every branch of a
template is known to end where the others do.
"""
import copy
import re

from template_parse import Refused, c_string

VOID = set("area br col hr img input link meta source track wbr".split())
ELEMENTS = VOID | set("""
a abbr address article aside b bdi bdo blockquote body button caption cite code colgroup data
datalist dd del details dfn div dl dt em fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6
head header hgroup html i ins kbd label legend li main map mark menu meter nav noscript ol optgroup
option output p picture pre progress q rp rt ruby s samp script search section select small span
strong sub summary sup table tbody td template textarea tfoot th thead time title tr u ul var
""".split())
SVG = set("""svg g path circle rect line polyline polygon ellipse text tspan use defs desc symbol
linearGradient stop clipPath pattern marker""".split())
# Elements that stand in certain others only.
PARENTS = {
    "li": "ul ol menu", "tr": "thead tbody tfoot", "td": "tr", "th": "tr", "dt": "dl div",
    "dd": "dl div", "option": "select optgroup datalist", "optgroup": "select",
    "caption": "table", "thead": "table", "tbody": "table", "tfoot": "table",
    "colgroup": "table", "col": "colgroup", "summary": "details", "legend": "fieldset",
    "figcaption": "figure", "body": "html", "head": "html", "title": "head svg",
    "meta": "head", "link": "head", "script": "head body",
}
# In these a browser moves text elsewhere, or drops it.
NO_TEXT = set("html head table thead tbody tfoot tr colgroup ul ol menu dl select".split())
NO_NESTING = {name: name for name in ("form", "a", "button", "label", "main", "p")}
NOT_IN_P = set("""address article aside blockquote details div dl fieldset figure footer form h1 h2
h3 h4 h5 h6 header hr main menu nav ol pre search section table ul""".split())
INTERACTIVE = set("a button select textarea input label details".split())
WRAP = "{% wrap %}"
KEEPS_BLANKS = {"pre", "textarea"}
URLS = {"href", "src", "action", "formaction", "cite", "poster", "background", "xlink:href"}
READ = {"title", "alt", "placeholder", "label", "aria-label", "aria-description", "aria-valuetext",
        "aria-roledescription", "aria-placeholder"}
REFUSED_ATTRIBUTES = {
    "style": "put it into the stylesheet", "srcdoc": "no page within a page",
    "srcset": "use src", "http-equiv": "the server sends headers", "ping": "nothing is tracked",
    "formmethod": "give the form its method",
}
ALONE = set("""allowfullscreen async autofocus checked defer disabled hidden inert ismap multiple
nomodule novalidate open readonly required reversed selected""".split())
BUTTONS = {"submit", "button", "reset"}
URL_START = re.compile(r"/(?![/\\])|#|\?|https://[^/]|mailto:")
URL_LOCAL = re.compile(r"/(?![/\\])|#|\?")


class State:
    """Where a template is. mode: text, tag (between attributes) or value (in quotes)."""

    def __init__(self):
        self.mode = "text"
        self.stack = []        # [name, line, has caption]
        self.tag = None        # name of the tag that is open
        self.tag_line = 0
        self.attributes = {}   # those that are there in every branch: raw value
        self.possible = set()  # those that are there in some branch
        self.attribute = None
        self.raw = ""          # the value so far, expressions as {{…}}
        self.url = None        # start, or rest; None outside of URLs
        self.ids = {}
        self.fresh = True      # nothing but blanks since the last tag

    def shape(self):
        """What must be the same at the end of every branch."""
        return (self.mode, [entry[0] for entry in self.stack], self.tag, self.attribute, self.url)

    def where(self):
        if self.mode == "value":
            return f'the value of {self.attribute}'
        if self.mode == "tag":
            return f"the tag <{self.tag}>"
        return f"<{self.stack[-1][0]}>" if self.stack else "no element"


class Html:
    def __init__(self, sink):
        self.sink = sink
        self.state = State()
        self.controls = []   # (line, name, raw id): to be labelled
        self.labelled = set()
        self.loops = 0

    # --- branches -----------------------------------------------------------------------------

    def snapshot(self):
        return copy.deepcopy(self.state)

    def join(self, line, ends, what):
        """Go on from where all of `ends` end."""
        first = ends[0]
        for other in ends[1:]:
            if other.shape() != first.shape():
                raise Refused(line, f"{what} ends in {other.where()} in one branch and in "
                                    f"{first.where()} in another; open and close in the same one")
        joined = copy.deepcopy(first)
        names = set(first.attributes)
        for other in ends[1:]:
            names &= set(other.attributes)
            joined.possible |= other.possible
            joined.ids.update(other.ids)
            joined.raw = f"{joined.raw}|{other.raw}" if other.raw != joined.raw else joined.raw
            for mine, its in zip(joined.stack, other.stack):
                mine[2] = mine[2] and its[2]
        joined.attributes = {name: first.attributes[name]
                             if all(e.attributes[name] == first.attributes[name] for e in ends)
                             else None for name in names}
        self.state = joined

    def refuse_in_tag(self, line, what):
        if self.state.mode != "text":
            raise Refused(line, f"{what} stands in text only, not in {self.state.where()}")

    # --- values -------------------------------------------------------------------------------

    def value(self, line, code, more_follows):
        state = self.state
        if state.mode == "tag":
            raise Refused(line, f"a value in the tag <{state.tag}>; values stand in quoted "
                                "attribute values or in text")
        if state.mode == "text":
            self.refuse_raw(line)
            state.fresh = False
            self.sink.code(line, f"html_value(h, ({code}));")
            return
        name = state.attribute
        state.raw += "{{" + code + "}}"
        if state.url == "start":
            local = name in ("action", "formaction")
            if local and more_follows:
                raise Refused(line, f'{name} begins with a value; begin it with "/…" or let the '
                                    "value be all of it")
            function = "_local" if local else "_base" if more_follows else ""
            self.sink.code(line, f"html_url{function}(h, ({code}));")
            state.url = "rest"
        elif state.url == "rest":
            self.sink.code(line, f"html_url_part(h, ({code}));")
        else:
            self.sink.code(line, f"html_{self.kind(line)}(h, ({code}));")

    def words(self, line, code):
        state = self.state
        if state.mode == "tag":
            raise Refused(line, f"words in the tag <{state.tag}>")
        if state.mode == "text":
            self.refuse_raw(line)
            state.fresh = False
        else:
            name = state.attribute
            if not (name in READ or name in ("value", "content") or name.startswith("data-")):
                raise Refused(line, f"words that people read don't belong in {name}")
            state.raw += "{t}"
        self.sink.code(line, code)

    def kind(self, line):
        """How a value of this attribute is written."""
        state = self.state
        name = state.attribute
        if name in READ or (name == "content" and state.tag == "meta"):
            return "value"
        if name == "value" and state.tag in ("input", "button", "option", "data"):
            return "value" if self.is_button() else "input"
        return "plain"

    def is_button(self):
        return self.state.tag == "input" and self.state.attributes.get("type") in BUTTONS

    def refuse_raw(self, line):
        state = self.state
        top = state.stack[-1][0] if state.stack else ""
        if top == "script":
            raise Refused(line, "something in <script>; scripts are files in assets/")
        if top in NO_TEXT:
            raise Refused(line, f"text in <{top}>, which holds elements only")

    # --- text ---------------------------------------------------------------------------------

    def feed(self, line, text):
        at = 0
        while at < len(text):
            step = {"text": self.in_text, "tag": self.in_tag, "value": self.in_value}
            end = step[self.state.mode](line, text, at)
            line += text.count("\n", at, end)
            at = end

    def in_text(self, line, text, at):
        end = text.find("<", at)
        end = len(text) if end < 0 else end
        if end > at:
            self.plain(line, text[at:end])
            return end
        if text.startswith("<!--", at):
            end = text.find("-->", at)
            if end < 0:
                raise Refused(line, "a comment with a value or statement in it, or without its "
                                    "end; comments of the template are {# so #}")
            return end + 3
        doctype = re.compile(r"<!DOCTYPE html>\s*").match(text, at)
        if doctype:
            if self.state.stack:
                raise Refused(line, "<!DOCTYPE html> stands at the beginning")
            self.sink.static("<!DOCTYPE html>\n")
            return doctype.end()
        match = re.compile(r"</([A-Za-z][A-Za-z0-9]*)\s*>").match(text, at)
        if match:
            self.close(line, match.group(1))
            return match.end()
        match = re.compile(r"<([A-Za-z][A-Za-z0-9-]*)").match(text, at)
        if not match:
            raise Refused(line, 'a "<" that begins no tag; write &lt;, and no value in a tag\'s '
                                "name")
        if match.end() == len(text):
            raise Refused(line, "a tag's name is followed by a value or statement; leave a blank")
        self.open(line, match.group(1))
        return match.end()

    def plain(self, line, text):
        self.entities(line, text)
        state = self.state
        bare = re.sub(r"&#?\w+;", "", text)
        if bare.strip():
            at = line + text[:len(text) - len(text.lstrip())].count("\n")
            self.refuse_raw(at)
            self.untranslated(at, bare, "in text")
            state.fresh = False
        if not self.keeps_blanks():
            text = re.sub(r"\s+", lambda m: "\n" if "\n" in m.group() else " ", text)
        self.sink.static(text)

    def keeps_blanks(self):
        return any(entry[0] in KEEPS_BLANKS for entry in self.state.stack)

    @staticmethod
    def untranslated(line, text, where):
        found = re.search(r"[^\W\d_]+", text)
        if found:
            raise Refused(line, f'untranslated words {where}: "{found.group()}"; write {{t …}}')

    @staticmethod
    def entities(line, text):
        bad = re.search(r"&(?!(?:[a-zA-Z][a-zA-Z0-9]*|#[0-9]+|#x[0-9a-fA-F]+);)", text)
        if bad:
            raise Refused(line + text.count("\n", 0, bad.start()), 'a bare "&"; write &amp;')
        if ">" in text:
            raise Refused(line + text.count("\n", 0, text.index(">")), 'a bare ">"; write &gt;')

    # --- tags ---------------------------------------------------------------------------------

    def open(self, line, name):
        state = self.state
        names = [entry[0] for entry in state.stack]
        if name == "style":
            raise Refused(line, "<style>; put it into the stylesheet")
        if name not in (ELEMENTS | SVG):
            raise Refused(line, f"unknown or forbidden element <{name}>")
        if name in SVG and name != "svg" and state.stack and "svg" not in names:
            raise Refused(line, f"<{name}> stands in <svg>")
        parents = PARENTS.get(name, "").split()
        # What a frame or caller has around this is not known here.
        unknown = names and names[-1] == WRAP
        if parents and names and not unknown and names[-1] not in parents:
            raise Refused(line, f"<{name}> in <{names[-1]}>; it stands in "
                                + " or ".join(f"<{parent}>" for parent in parents))
        if names and names[-1] in KEEPS_BLANKS | {"title", "script", "option"} - {"pre"}:
            raise Refused(line, f"<{name}> in <{names[-1]}>, which holds text only")
        if names and names[-1] in ("ul", "ol", "tr", "table", "tbody", "thead", "tfoot", "dl",
                                   "select") and not parents and name not in ("template", "script"):
            if not (names[-1] == "dl" and name == "div"):
                raise Refused(line, f"<{name}> may not stand in <{names[-1]}>")
        if NO_NESTING.get(name) in names and name != "p":
            raise Refused(line, f"<{name}> in <{name}>")
        if name in NOT_IN_P | {"p"} and "p" in names:
            raise Refused(line, f"<{name}> in <p>; browsers would close the <p>")
        if name in INTERACTIVE and ("a" in names or "button" in names):
            raise Refused(line, f"<{name}> in <{'a' if 'a' in names else 'button'}>")
        if name == "caption" and state.stack:
            state.stack[-1][2] = True
        state.mode, state.tag, state.tag_line = "tag", name, line
        state.attributes, state.possible = {}, set()
        self.sink.static(f"<{name}")

    def in_tag(self, line, text, at):
        state = self.state
        blank = re.compile(r"\s+").match(text, at)
        if blank:
            return blank.end()
        if text[at] == ">":
            self.opened()
            return at + 1
        if text[at] == "/":
            raise Refused(line, f"<{state.tag} … />; write <{state.tag} …>"
                                + ("" if state.tag in VOID else f"</{state.tag}>"))
        match = re.compile(r"([A-Za-z][A-Za-z0-9:-]*)(\s*=\s*)?").match(text, at)
        if not match:
            raise Refused(line, f'"{text[at]}" in the tag <{state.tag}>')
        name, end = match.group(1), match.end()
        if name != name.lower() and state.tag not in SVG:
            raise Refused(line, f'attribute "{name}" with capitals')
        self.attribute_rules(line, name)
        if not match.group(2):
            if name not in ALONE and not name.startswith("data-"):
                raise Refused(line, f"attribute {name} needs a value in double quotes")
            self.remember(line, name, "")
            self.sink.static(f" {name}")
            return match.end(1)
        if end == len(text) or text[end] != '"':
            raise Refused(line, f"the value of {name} is not in double quotes")
        state.mode, state.attribute, state.raw = "value", name, ""
        state.url = "start" if name in URLS else None
        self.sink.static(f' {name}="')
        return end + 1

    def attribute_rules(self, line, name):
        state = self.state
        if name.startswith("on"):
            raise Refused(line, f"{name}: no script in pages; scripts are files in assets/")
        if name in REFUSED_ATTRIBUTES:
            raise Refused(line, f"attribute {name} is forbidden: {REFUSED_ATTRIBUTES[name]}")
        if name in state.possible:
            raise Refused(line, f"attribute {name} stands twice in <{state.tag}>")
        if name == "type" and "value" in state.possible:
            raise Refused(line, "write type before value")

    def in_value(self, line, text, at):
        state = self.state
        end = text.find('"', at)
        chunk = text[at:] if end < 0 else text[at:end]
        if chunk:
            self.attribute_text(line, chunk)
        if end < 0:
            return len(text)
        if state.url == "start":
            raise Refused(line, f"{state.attribute} is empty")
        self.sink.static('"')
        self.remember(line, state.attribute, state.raw)
        state.mode, state.attribute, state.url = "tag", None, None
        return end + 1

    def attribute_text(self, line, chunk):
        state = self.state
        name = state.attribute
        self.entities(line, chunk)
        if "<" in chunk:
            raise Refused(line, 'a "<" in an attribute; write &lt;')
        if state.url:
            if state.url == "start":
                local = name in ("action", "formaction")
                if not (URL_LOCAL if local else URL_START).match(chunk):
                    raise Refused(line, f'{name} begins with "{chunk[:20]}"; it begins with /, # '
                                        "or ?" + ("" if local else ", or https:// or mailto:"))
            if "\\" in chunk or re.search(r"\s", chunk):
                raise Refused(line, f"a blank or backslash in {name}")
            state.url = "rest"
        elif name in READ or (name == "value" and self.is_button()):
            self.untranslated(line, re.sub(r"&#?\w+;", "", chunk), f"in {name}")
        state.raw += chunk
        self.sink.static(chunk)

    def remember(self, line, name, raw):
        state = self.state
        state.attributes[name] = raw
        state.possible.add(name)
        if name == "id" and "{" not in raw:
            if self.loops:
                raise Refused(line, f'the id "{raw}" in a loop would stand many times')
            if raw in state.ids:
                raise Refused(line, f'the id "{raw}" stands at line {state.ids[raw]} too')
            state.ids[raw] = line
        if name == "for" and state.tag == "label":
            self.labelled.add(raw)
        if name == "target" and raw != "_self":
            raise Refused(line, "target: a link opens where the reader opens it")

    def opened(self):
        """The tag's ">" is reached: is all there that it needs?"""
        state = self.state
        name, line = state.tag, state.tag_line
        state.mode, state.tag, state.fresh = "text", None, True
        self.sink.static(">")
        getattr(self, f"check_{name}", lambda line: None)(line)
        if name in VOID:
            return
        named = "aria-label" in state.attributes or "aria-labelledby" in state.attributes
        state.stack.append([name, line, named])
        if name == "form" and state.attributes["method"] == "post":
            self.sink.code(line, "html_csrf(h);")
        if name == "textarea":
            # A browser drops one line end here; this one, and not the value's.
            self.sink.static("\n")

    def need(self, line, attribute, why=""):
        if attribute not in self.state.attributes:
            sometimes = " in every branch" if attribute in self.state.possible else ""
            raise Refused(line, f"needs the attribute {attribute}{sometimes}{why}")

    def check_form(self, line):
        # A form with "dialog" is never sent: a script reads it, and what is typed stays there.
        self.need(line, "method", ': method="post" or "get"')
        if self.state.attributes["method"] not in ("post", "get", "dialog"):
            raise Refused(line, 'method is "post" or "get", or "dialog" where only a script reads '
                          'it, as it stands there')

    def check_html(self, line):
        self.need(line, "lang")

    def check_img(self, line):
        self.need(line, "alt", '; alt="" when it only decorates')
        self.need(line, "src")

    def check_a(self, line):
        if "href" not in self.state.possible:
            raise Refused(line, "<a> needs the attribute href")

    def check_button(self, line):
        self.need(line, "type", ': "submit" or "button"')
        if self.state.attributes["type"] not in BUTTONS:
            raise Refused(line, 'type is "submit", "button" or "reset", as it stands there')

    def check_script(self, line):
        self.need(line, "src", "; scripts are files in assets/")

    def check_svg(self, line):
        if "aria-hidden" not in self.state.attributes:
            self.need(line, "aria-label", ' or aria-hidden="true"')

    def check_input(self, line):
        kind = self.state.attributes.get("type", "text")
        if kind not in BUTTONS:
            self.need(line, "name")
        if kind in BUTTONS and kind != "reset":
            self.need(line, "value")
        if kind not in BUTTONS | {"hidden"}:
            self.control(line)

    def check_select(self, line):
        self.need(line, "name")
        self.control(line)

    check_textarea = check_select

    def control(self, line):
        state = self.state
        inside = any(entry[0] == "label" for entry in state.stack)
        if not inside and not {"aria-label", "aria-labelledby"} & set(state.attributes):
            self.controls.append((line, state.attributes.get("id")))

    def close(self, line, name):
        state = self.state
        if name in VOID:
            raise Refused(line, f"</{name}>: <{name}> has no end")
        if not state.stack:
            raise Refused(line, f"</{name}> closes nothing")
        top, opened, named = state.stack[-1]
        if top != name:
            raise Refused(line, f"</{name}> where <{top}> of line {opened} is open")
        if name == "table" and not named:
            raise Refused(opened, "<table> needs a <caption> or aria-label")
        state.stack.pop()
        state.fresh = False
        self.sink.static(f"</{name}>")

    def finish(self, line):
        state = self.state
        if state.mode != "text":
            raise Refused(line, f"the template ends in {state.where()}")
        if state.stack:
            raise Refused(state.stack[-1][1], f"<{state.stack[-1][0]}> is not closed")
        for where, raw in self.controls:
            if raw is None or raw not in self.labelled:
                raise Refused(where, "a field without a label: <label for=…> of its id, around it, "
                                     "or aria-label")


def icon_code(sprite_macro, name):
    """Static text that shows a fixed icon, as C literals side by side."""
    return (c_string('<svg class="icon" aria-hidden="true" focusable="false"><use href="') + " "
            + sprite_macro + " " + c_string(f'#{name}"></use></svg>'))
