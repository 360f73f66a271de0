"""The 60 x 7 grid beside a bare epoll loop, pages of Fossil's and a file of nginx's."""
import contextlib
import html
import re
import subprocess
import time
from pathlib import Path

from common import median
from served import ROOT, Client, Process, Site, cost, free_port

SHOWN = 2  # decimals of the invented year's points


# ---- the bare loop ------------------------------------------------------------------------------

def statement(name):
    """The text of a statement of ours, as SQLite gets it."""
    for file in sorted((ROOT / "src" / "db" / "queries").glob("*.sql")):
        for block in re.split(r"\n\n", file.read_text(encoding="utf-8")):
            if f"-- name: {name}\n" in block:
                lines = [line for line in block.splitlines() if not line.startswith("--")]
                return " ".join(lines).rstrip(";")
    raise SystemExit(f"bench: there is no statement {name}")


def cells(row):
    """The texts of a row's cells."""
    return [html.unescape(re.sub(r"<[^>]*>", "", cell)).strip()
            for cell in re.findall(r"<t[hd].*?</t[hd]>", row, re.S)]


def table_of(page):
    return [cells(row) for row in re.findall(r"<tr.*?</tr>", page, re.S)]


def around(page):
    """What stands before the columns' heads and after the table's rows."""
    begin, end = page.index("<thead>") + len("<thead>"), page.index("</table>")
    return page[:begin], "</tbody>" + page[end:]


def lines(site):
    """The criteria as the bare loop is told of them, in their order."""
    for section in site.regulation["criteria"]:
        yield f"{section['id']}\t1\t{int(section['points']) * 10 ** SHOWN}\t" \
              f"{section['number']} {section['title']}"
        for item in section["children"]:
            yield f"{item['id']}\t0\t{int(item['points']) * 10 ** SHOWN}\t" \
                  f"{item['number']} {item['title']}"


@contextlib.contextmanager
def bare_loop(build, site, page):
    command = [str(Path(build) / "bench" / "grid_reference"), site.data + "/thidua.db",
               statement("member_of_year"), statement("sheet_of_year"),
               statement("value_of_sheet"), site.home, site.year, site.units[0], *around(page)]
    with open(site.folder + "/table", "w", encoding="utf-8") as file:
        file.writelines(line + "\n" for line in lines(site))
    with open(site.folder + "/table", encoding="utf-8") as file:
        with Process(command, stdin=file) as loop:
            yield loop


def compare(ours, theirs):
    """Every figure of the grid must be in both, and who gave it."""
    our, their = table_of(ours), table_of(theirs)
    heads = zip(our[0][2:], their[0][2:])
    figures = [[row[1:] for row in table[1:]] for table in (our, their)]
    if (len(our) != 68 or figures[0] != figures[1] or len(our[0]) != len(their[0])
            or not all(one.startswith(other) for one, other in heads)):
        raise SystemExit("bench: the bare loop's grid differs from ours")


# ---- others' pages ------------------------------------------------------------------------------

TICKETS = 44  # rows of its report, for a page about as long as ours
LINES = 8  # of the table on its wiki page, for the same: much of it is the frame


def sign_in_fossil(port, password):
    """A client with Fossil's cookie."""
    client = Client(port)
    status, _ = client.request("POST", "/login", {"u": "bench", "p": password, "in": "Login"})
    if status != 302 or not client.cookies:
        raise SystemExit(f"bench: Fossil's sign-in answered {status}")
    return client


def as_markdown(page):
    """Of the grid's table its first rows, as one would keep it in a wiki."""
    head, *rows = ["| " + " | ".join(row) + " |\n" for row in table_of(page)[:LINES]]
    return head + "|" + " --- |" * (head.count("|") - 1) + "\n" + "".join(rows)


@contextlib.contextmanager
def fossil(site, page):
    """`fossil server`, for who signed in: a wiki page with such a table, and a report of tickets,
    which is one out of SQLite."""
    repository = site.folder + "/bench.fossil"
    environment = {**site.environment, "USER": "bench"}

    def run(*words):
        subprocess.run(["fossil", *words, "-R", repository], env=environment, cwd=site.folder,
                       check=True, stdout=subprocess.DEVNULL)

    subprocess.run(["fossil", "init", repository, "-A", "bench"], env=environment,
                   cwd=site.folder, check=True, stdout=subprocess.DEVNULL)
    run("user", "password", "bench", "bench")
    Path(site.folder, "grid.md").write_text(as_markdown(page), encoding="utf-8")
    run("wiki", "create", "Grid", "grid.md", "-M", "text/x-markdown")
    for at in range(TICKETS):
        run("ticket", "add", "title", f"Tiêu chí {at}: hoàn thành nhiệm vụ đúng thời hạn",
            "status", "Open", "type", f"{at * 7 % 20}.25", "priority", f"{at % 20}.50",
            "subsystem", f"{at % 15}.75", "severity", f"{at % 19}.00")
    port = free_port()
    with Process(["fossil", "server", repository, "--port", str(port), "--localhost", "--nojail"],
                 port=port, env=environment, cwd=site.folder) as server:
        wait_for(port)
        yield server, sign_in_fossil(port, "bench")


@contextlib.contextmanager
def nginx(site, page):
    folder = Path(site.folder, "nginx")
    folder.mkdir()
    (folder / "page.html").write_text(page, encoding="utf-8")
    port = free_port()
    (folder / "nginx.conf").write_text(
        f"daemon off; master_process off; worker_processes 1; pid {folder}/pid;\n"
        f"error_log /dev/null; events {{ worker_connections 512; }}\n"
        f"http {{ access_log off; sendfile on; tcp_nopush on; keepalive_requests 1000000000;\n"
        f"client_body_temp_path {folder}; proxy_temp_path {folder}; fastcgi_temp_path {folder};\n"
        f"uwsgi_temp_path {folder}; scgi_temp_path {folder};\n"
        f"server {{ listen 127.0.0.1:{port}; root {folder}; }} }}\n", encoding="utf-8")
    with Process(["nginx", "-c", str(folder / "nginx.conf"), "-p", str(folder)],
                 port=port) as server:
        wait_for(port)
        yield server


def wait_for(port):
    for _ in range(200):
        try:
            Client(port).request("GET", "/")
            return
        except OSError:
            time.sleep(0.02)
    raise SystemExit(f"bench: nothing listens on {port}")


# ---- in turns -----------------------------------------------------------------------------------

REPORT = "/rptview?rn=1"
WIKI = "/wiki?name=Grid"


def measure(build, site, rounds, seconds):
    """Microseconds of CPU a request, in turns: lists by name; and bytes of the pages."""
    with contextlib.ExitStack() as stack:
        server = stack.enter_context(site.serve())
        client = server.enter()
        page = client.get(site.grid())
        again = stack.enter_context(Site(build))
        again.fill()
        anew = stack.enter_context(again.serve("--kept-sheets", "0"))
        reader = anew.enter()
        if table_of(reader.get(again.grid())) != table_of(page):
            raise SystemExit("bench: the grid differs when no sheets are kept")
        loop = stack.enter_context(bare_loop(build, site, page))
        bare = Client(loop.port).get("/")
        compare(page, bare)
        other, signed = stack.enter_context(fossil(site, page))
        report, wiki = signed.get(REPORT), signed.get(WIKI)
        if len(table_of(report)) < TICKETS or len(table_of(wiki)) != LINES:
            raise SystemExit("bench: Fossil's report or its wiki page has not all rows")
        static = stack.enter_context(nginx(site, page))
        runs = {"thidua": (server, site.grid(), client.cookie(), 16),
                "anew": (anew, again.grid(), reader.cookie(), 16),
                "bare": (loop, "/", client.cookie(), 16),
                "wiki": (other, WIKI, signed.cookie(), 4),
                "fossil": (other, REPORT, signed.cookie(), 4),
                "nginx": (static, "/page.html", "", 16)}
        found = {name: [] for name in runs}
        for _ in range(rounds):
            for name, (process, path, cookie, connections) in runs.items():
                found[name].append(cost(process, path, cookie, seconds=seconds,
                                        connections=connections))
    return {"us": found,
            "bytes": {name: len(text.encode()) for name, text in
                      (("thidua", page), ("anew", page), ("bare", bare), ("wiki", wiki),
                       ("fossil", report), ("nginx", page))},
            "to_bare": median(found["thidua"]) / median(found["bare"]),
            "from_fossil": median(found["wiki"]) / median(found["thidua"])}
