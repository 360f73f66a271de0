"""Reads statements and migrations for statements.py, and refuses what isn't written as
src/db/README.md says, with its place and the remedy."""
import hashlib
import re

TYPES = ("int", "bool", "text", "blob")
RESULTS = ("none", "one", "many", "each")
DIRECTIVES = ("name", "result", "in", "out", "row", "scan", "homes")
TOKEN = re.compile(r"""
    (?P<comment>--[^\n]*|/\*.*?\*/)
  | (?P<string>'(?:[^']|'')*'|"(?:[^"]|"")*")
  | (?P<cast>::)
  | (?P<param>:[A-Za-z_]\w*)
  | (?P<foreign>\$|\?|\bE(?='))
  | (?P<number>\d[\w.]*)
  | (?P<word>[A-Za-z_]\w*)
  | (?P<space>\s+)
  | (?P<other>.)
""", re.X | re.S)
NAME = re.compile(r"[a-z][a-z0-9_]*")
MIGRATION = re.compile(r"(\d{4})_([a-z][a-z0-9_]*)\.sql")
WRITING = {"INSERT", "UPDATE", "DELETE"}
FIRST = WRITING | {"SELECT", "WITH"}
# Words that one engine lacks, or that the engines take differently.
REFUSED = {
    "TRUE": "write 1, and compare a bool column with it",
    "FALSE": "write 0, and compare a bool column with it",
    "AVG": "select CAST(SUM(x) AS BIGINT) and COUNT(x), and divide exactly",
    "IFNULL": "write COALESCE", "NVL": "write COALESCE",
    "ILIKE": "keep a lower-cased column and compare that",
    "GLOB": "write LIKE", "REGEXP": "write LIKE", "SIMILAR": "write LIKE",
    "GREATEST": "write CASE", "LEAST": "write CASE", "CONCAT": "write ||",
    "NOW": "pass the time in", "DATETIME": "pass the time in", "STRFTIME": "pass the time in",
    "JULIANDAY": "pass the time in", "CURRENT_TIMESTAMP": "pass the time in",
    "CURRENT_DATE": "pass the date in", "CURRENT_TIME": "pass the time in",
    "RANDOM": "pass the value in", "FOR": "transactions are serializable without it",
    "ROWID": "name the key's column", "CTID": "name the key's column",
}
REFUSED_IN_SCHEMA = {
    "TRIGGER": "do it in the use case, in the same transaction",
    "SEQUENCE": "ids are made by the program", "SERIAL": "ids are made by the program",
    "BIGSERIAL": "ids are made by the program", "AUTOINCREMENT": "ids are made by the program",
    "DEFERRABLE": "one late failure would fail all use cases of a group",
    "INTEGER": "write BIGINT", "INT": "write BIGINT", "SMALLINT": "write BIGINT",
    "BOOLEAN": "write BIGINT with CHECK (x IN (0, 1))", "VARCHAR": "write TEXT",
    "BYTEA": "write BLOB", "REAL": "points are exact", "DOUBLE": "points are exact",
    "NUMERIC": "write BIGINT and scale", "STRICT": "the generator adds it",
    "WITHOUT": "write -- rowid: none", "BEGIN": "each migration is one transaction",
    "COMMIT": "each migration is one transaction", "PRAGMA": "PostgreSQL has none",
    "DROP": "older servers may still read it",
}
SCHEMA_TYPES = ("BIGINT", "TEXT", "BLOB")
CONSTRAINTS = ("PRIMARY", "UNIQUE", "FOREIGN", "CHECK", "CONSTRAINT")
PARAMS_MAX = 64  # src/db/postgres.c keeps room for so many
KEYWORDS = set("""auto break case char const continue default do double else enum extern float for
goto if inline int long register restrict return short signed sizeof static struct switch typedef
union unsigned void volatile while bool true false""".split())


class Problems:
    def __init__(self):
        self.lines = []

    def add(self, place, what):
        path, line = place
        self.lines.append(f"{path}:{line}: {what}")


class Token:
    def __init__(self, kind, text, line):
        self.kind, self.text, self.line = kind, text, line
        self.upper = text.upper() if kind == "word" else text


def tokens(text, line=1):
    for match in TOKEN.finditer(text):
        yield Token(match.lastgroup, match.group(), line)
        line += match.group().count("\n")


class Field:
    def __init__(self, name, kind, nullable):
        self.name, self.type, self.nullable = name, kind, nullable


def code(found):
    """The tokens that count: no blanks, no comments."""
    return [token for token in found if token.kind not in ("space", "comment")]


# ---- statements ----------------------------------------------------------------------------------

class Statement:
    def __init__(self, path, line):
        self.place = (path, line)
        self.about, self.directives, self.sql = [], {}, []
        self.name = self.result = self.text = self.row = ""
        self.ins, self.outs, self.params = [], [], []
        self.writes = False


def split(path, text, problems):
    """The statements of a file: comments with directives, then SQL up to its semicolon."""
    statement, found = None, []
    for token in tokens(text):
        if token.kind == "space":
            # A comment that a blank line ends before any directive is about the file.
            if statement and not statement.sql and not statement.directives \
                    and token.text.count("\n") > 1:
                statement = None
            if statement and statement.sql:
                statement.sql.append(token)
            continue
        statement = statement or Statement(path, token.line)
        if token.kind == "other" and token.text == ";":
            if statement.sql:
                found.append(statement)
            statement = None
        elif token.kind != "comment":
            statement.sql.append(token)
        elif statement.sql:
            statement.sql.append(Token("space", " ", token.line))
        else:
            read_comment(statement, token, problems)
    if statement and (statement.sql or statement.directives):
        problems.add(statement.place, "the statement has no end; write ; after it")
    return found


def read_comment(statement, token, problems):
    words = token.text[2:].strip() if token.text.startswith("--") else token.text[2:-2].strip()
    match = re.match(r"(\w+):\s*(.*)", words)
    # Directives stand together after the comment; before `name:` "Note: ..." is only words.
    if match and (match.group(1) in DIRECTIVES or statement.directives):
        key, value = match.groups()
        place = (statement.place[0], token.line)
        if key not in DIRECTIVES:
            problems.add(place, f"unknown “{key}:”; there are " + ", ".join(DIRECTIVES))
        elif key in statement.directives and key not in ("in", "out"):
            problems.add(place, f"“{key}:” stands twice; keep one")
        elif not value:
            problems.add(place, f"“{key}:” is empty; write its value or leave it out")
        else:
            statement.directives.setdefault(key, []).append((value, token.line))
    elif not statement.directives:
        statement.about.append(words)


def read_fields(statement, key, problems):
    fields = []
    for value, line in statement.directives.get(key, ()):
        place = (statement.place[0], line)
        for part in value.rstrip(",").split(","):
            match = re.fullmatch(r"\s*(\w+)\s+(\w+)(\??)\s*", part)
            if not match:
                problems.add(place, f"“{part.strip()}” is not “name type”; e.g. “login text”")
                continue
            name, kind, mark = match.groups()
            if not NAME.fullmatch(name) or name in KEYWORDS:
                problems.add(place, f"“{name}” is no name for C; use a-z, 0-9, _ and no keyword")
            elif kind not in TYPES:
                problems.add(place, f"unknown type {kind}; there are " + ", ".join(TYPES))
            elif kind == "bool" and mark:
                problems.add(place, "bool? doesn't exist; use int? with 0 and 1")
            elif name in [field.name for field in fields]:
                problems.add(place, f"“{name}” stands twice in “{key}:”; rename one")
            else:
                fields.append(Field(name, kind, bool(mark)))
    return fields


def read_head(statement, problems):
    first = {key: values[0][0] for key, values in statement.directives.items()}
    statement.name = first.get("name", "")
    statement.result = first.get("result", "")
    if not NAME.fullmatch(statement.name):
        problems.add(statement.place, "a statement needs “-- name: …” of a-z, 0-9 and _")
    if statement.result not in RESULTS:
        problems.add(statement.place, "a statement needs “-- result: …”: none, one, many or each")
    if not any(statement.about):
        problems.add(statement.place, "a comment before “-- name:” must say what it is for")
    statement.ins = read_fields(statement, "in", problems)
    statement.outs = read_fields(statement, "out", problems)
    statement.row = first.get("row", statement.name)
    answers = "out" in first or "row" in first
    if statement.result == "none" and answers:
        problems.add(statement.place, "“result: none” answers nothing; drop “out:” or change it")
    if statement.result in RESULTS[1:] and not answers:
        problems.add(statement.place, f"“result: {statement.result}” needs “-- out: …”")


def read_sql(statement, problems):
    """Number the parameters and refuse what the engines would take differently."""
    path, names, text = statement.place[0], [field.name for field in statement.ins], []
    order = []
    for token in statement.sql:
        place = (path, token.line)
        if token.kind == "param":
            name = token.text[1:]
            if name not in names:
                problems.add(place, f"“:{name}” isn't in “in:”; add “{name} type” there")
                continue
            if name not in order:
                order.append(name)
            text.append(f"${order.index(name) + 1}")
            continue
        if token.kind == "cast":
            problems.add(place, "“::” is PostgreSQL's; write CAST(x AS BIGINT)")
        elif token.kind == "foreign":
            problems.add(place, f"“{token.text}” is of one engine; parameters are “:name”")
        elif token.kind == "word" and token.upper in REFUSED:
            problems.add(place, f"{token.upper} is not for both engines; {REFUSED[token.upper]}")
        text.append(token.text)
    for name in names:
        if name not in order:
            problems.add(statement.place, f"“{name}” of “in:” is never used; use it or drop it")
    if len(order) > PARAMS_MAX:
        problems.add(statement.place, f"more than {PARAMS_MAX} parameters; split it")
    statement.params = [statement.ins[names.index(name)] for name in order]
    statement.text = "".join(text).strip()


def check_words(statement, problems):
    """Rules that look at several tokens."""
    found = code(statement.sql)
    words = [token.upper for token in found]
    place = statement.place
    statement.writes = any(token.kind == "word" and token.upper in WRITING for token in found)
    if words[0] not in FIRST:
        problems.add((place[0], found[0].line),
                     f"a statement begins with {', '.join(sorted(FIRST))}, not {words[0]}")
    if statement.result == "none" and not statement.writes:
        problems.add(place, "it writes nothing and answers nothing; use “result: one” or “many”")
    if statement.result in RESULTS[1:] and words[0] in WRITING and "RETURNING" not in words:
        problems.add(place, "a writing statement answers rows by RETURNING; add it")
    if statement.result == "none" and "RETURNING" in words:
        problems.add(place, "RETURNING answers rows; use “result: one” or “many”")
    open_casts = []
    for i, token in enumerate(found):
        at, before = (place[0], token.line), words[i - 1] if i else ""
        if words[i] == "(":
            open_casts.append(before == "CAST")
        elif words[i] == ")" and open_casts:
            open_casts.pop()
        elif words[i] == "NOTHING" and before == "DO":
            problems.add(at, "DO NOTHING may acknowledge what is not durable; write DO UPDATE SET")
        elif words[i] == "*" and before in ("SELECT", "RETURNING", ".", "DISTINCT"):
            problems.add(at, "“*” changes with the schema; name the columns")
        elif words[i] == "SUM" and not any(open_casts):
            problems.add(at, "SUM has another type on PostgreSQL; write CAST(SUM(x) AS BIGINT)")


def share_rows(statements, problems):
    """Who says “row:” without “out:” answers what the first that says it answers."""
    rows = {}
    for statement in statements:
        if not NAME.fullmatch(statement.row):
            problems.add(statement.place, "“row:” needs a name of a-z, 0-9 and _")
        elif statement.outs and statement.row in rows:
            place = ":".join(map(str, rows[statement.row].place))
            problems.add(statement.place, f"what {statement.row}_row holds is said at {place}; "
                         "drop “out:” or rename the row")
        elif statement.outs:
            rows[statement.row] = statement
        elif "row" in statement.directives and statement.row in rows:
            statement.outs = rows[statement.row].outs
        elif "row" in statement.directives:
            problems.add(statement.place, f"nothing before says what {statement.row}_row holds; "
                         "add “out:”")


def check_home(statement, home_tables, problems):
    words = {token.text.lower() for token in code(statement.sql) if token.kind == "word"}
    params = {field.name for field in statement.ins}
    for table in sorted(words & home_tables):
        if "homes" not in statement.directives and not ("home_id" in words and "home_id" in params):
            problems.add(statement.place, f"{table} belongs to a home; add “home_id = :home_id”, "
                         "or say “-- homes: why all are read”")


def read_statements(path, text, home_tables, problems):
    found = split(path, text, problems)
    for statement in found:
        read_head(statement, problems)
        read_sql(statement, problems)
        check_words(statement, problems)
        check_home(statement, home_tables, problems)
    return found


# ---- migrations ----------------------------------------------------------------------------------

class Migration:
    def __init__(self, number, name, data):
        self.number, self.name = number, name
        self.sha256 = hashlib.sha256(data).hexdigest()
        self.sqlite = self.postgres = ""
        self.home_tables = set()


def dialects(part):
    """One statement of a migration for SQLite and for PostgreSQL, and its table if homes own it."""
    found = code(part)
    words = [token.upper for token in found]
    is_table = words[:2] in (["CREATE", "TABLE"], ["ALTER", "TABLE"])
    sqlite, postgres, before = [], [], ""
    for token in part:
        ours = theirs = token.text if token.kind != "comment" else " "
        # In upper case it is the type, in lower case it may be a column's name.
        if token.text == "BIGINT":
            ours = "INTEGER"
        elif token.text == "BLOB":
            theirs = "BYTEA"
        elif token.text == "TEXT" and is_table and before != "AS":
            theirs = 'TEXT COLLATE "C"'
        sqlite.append(ours)
        postgres.append(theirs)
        if token.kind not in ("space", "comment"):
            before = token.upper
    suffix = ""
    if words[:2] == ["CREATE", "TABLE"]:
        rowid = any(token.kind == "comment" and re.fullmatch(r"--\s*rowid:\s*none\s*", token.text)
                    for token in part)
        suffix = " STRICT, WITHOUT ROWID" if rowid else " STRICT"
    table = None
    if words[:2] == ["CREATE", "TABLE"] and "HOME_ID" in words:
        names = [token.text for token in found if token.upper not in ("IF", "NOT", "EXISTS")]
        table = names[2].lower()
    return "".join(sqlite).strip() + suffix + ";\n", "".join(postgres).strip() + ";\n", table


def check_columns(path, part, problems):
    """Each column of CREATE TABLE has a type that both engines get."""
    found = code(part)
    depth = 0
    for i, token in enumerate(found[:-2]):
        depth += (token.text == "(") - (token.text == ")")
        if depth == 1 and token.text in ("(", ",") and found[i + 1].upper not in CONSTRAINTS \
                and found[i + 2].text not in SCHEMA_TYPES:
            problems.add((path, found[i + 1].line),
                         f"the type of {found[i + 1].text} is not " + " or ".join(SCHEMA_TYPES))


def read_migration(path, data, problems):
    match = MIGRATION.fullmatch(path.name)
    migration = Migration(int(match.group(1)), match.group(2), data)
    part = []
    for token in tokens(data.decode("utf-8")):
        place = (path, token.line)
        if token.kind == "word" and token.upper in REFUSED_IN_SCHEMA:
            problems.add(place, f"{token.upper} is not allowed; {REFUSED_IN_SCHEMA[token.upper]}")
        elif token.kind in ("cast", "foreign", "param"):
            problems.add(place, f"“{token.text}” is not allowed in a migration; write plain SQL")
        if token.kind == "other" and token.text == ";":
            if code(part):
                if [token.upper for token in code(part)][:2] == ["CREATE", "TABLE"]:
                    check_columns(path, part, problems)
                sqlite, postgres, table = dialects(part)
                migration.sqlite += sqlite
                migration.postgres += postgres
                migration.home_tables |= {table} - {None}
            part = []
        else:
            part.append(token)
    if code(part):
        problems.add((path, code(part)[0].line), "the statement has no end; write ; after it")
    if not migration.sqlite:
        problems.add((path, 1), "the migration is empty; write its statements")
    return migration


def order_migrations(migrations, problems):
    """By number, from 0000 on without a gap: [(path, migration)] in, migrations out."""
    migrations = sorted(migrations, key=lambda pair: pair[1].number)
    for expected, (path, migration) in enumerate(migrations):
        if migration.number != expected:
            problems.add((path, 1), f"number {migration.number:04} should be {expected:04}; "
                         "numbers have no gap and no double")
            break
    return [migration for _, migration in migrations]


# ---- all together --------------------------------------------------------------------------------

def read(paths):
    """(statements, migrations, problems) of these files."""
    problems, statements, migrations, seen = Problems(), [], [], {}
    for path in paths:
        if MIGRATION.fullmatch(path.name):
            migrations.append((path, read_migration(path, path.read_bytes(), problems)))
    migrations = order_migrations(migrations, problems)
    home_tables = {table for migration in migrations for table in migration.home_tables}
    for path in paths:
        if not MIGRATION.fullmatch(path.name):
            statements += read_statements(path, path.read_text(encoding="utf-8"), home_tables,
                                          problems)
    share_rows(statements, problems)
    for statement in statements:
        if statement.name in seen:
            path, line = seen[statement.name]
            problems.add(statement.place, f"{statement.name} is also at {path}:{line}; rename one")
        seen.setdefault(statement.name, statement.place)
    return statements, migrations, problems.lines
