#!/usr/bin/env python3
"""One bloc of 7 members, 7 sheets each, 60 items: thidua beside LibreOffice Calc, whole processes.

    bench/libreoffice.py THIDUA [--runs N] [--calc-runs N]

Writes the same invented scores as a regulation and a year in JSON, and as a workbook whose formulas
compute the same sums, means, rounded scores and ranks. The workbook holds no computed value: what
Calc prints it has computed. Times `thidua score --format json` and `soffice --headless
--convert-to csv`, each from its start to its end, and compares every number of both. Prints one
JSON object, times in milliseconds.
"""
import argparse
import csv
import json
import os
import random
import shutil
import sys
import tempfile
from fractions import Fraction
from pathlib import Path
from xml.sax.saxutils import escape

from common import median, spawn

MEMBERS = 7
ITEMS = 60
POINTS = 10      # of each item
DECIMALS = 1     # of an item's points
SHOWN = 2        # of a score


def scores(seed=2024):
    """[unit][rater][item] in tenths, as a good year has them."""
    draw = random.Random(seed)
    return [[[draw.randint(70, 10 * POINTS) for _ in range(ITEMS)] for _ in range(MEMBERS)]
            for _ in range(MEMBERS)]


def tenths(value):
    return f"{value // 10}.{value % 10}"


# ---- as files of thidua -------------------------------------------------------------------------

def regulation():
    items = [{"id": f"I.{i + 1}", "title": f"Tiêu chí {i + 1}", "points": str(POINTS),
              "way": {"kind": "direct", "step": "0.1"}} for i in range(ITEMS)]
    total = str(ITEMS * POINTS)
    return {
        "format": "thidua-regulation/1", "id": "bench", "version": 1,
        "title": "Đo tốc độ", "authority": "Không có", "calendar": "calendar_year",
        "sources": [{"id": "000", "title": "Số liệu đặt ra để đo"}],
        "points": {"total": total, "item_decimals": DECIMALS, "total_decimals": SHOWN},
        "criteria": [{"id": "I", "title": "Tất cả", "points": total, "children": items}],
        "stages": [{"id": "self", "title": "Tự chấm", "rater": "self"},
                   {"id": "cross", "title": "Chấm chéo", "rater": "others"}],
        "combine": {"kind": "mean_of_sheets", "stages": ["self", "cross"]},
        "awards": [{"id": "flag", "title": "Cờ thi đua", "how": "score", "at_least": "500",
                    "quota": {"kind": "authority"}},
                   {"id": "certificate", "title": "Bằng khen", "how": "score",
                    "quota": {"kind": "share", "share": "30%", "round": "down"}}],
    }


def year(data):
    sheets = []
    for unit in range(MEMBERS):
        for rater in range(MEMBERS):
            sheet = {"stage": "self" if rater == unit else "cross", "unit": f"D{unit + 1}",
                     "submitted": "2024-12-05",
                     "values": {f"I.{i + 1}": tenths(data[unit][rater][i]) for i in range(ITEMS)}}
            if rater != unit:
                sheet["rater"] = f"D{rater + 1}"
            sheets.append(sheet)
    return {
        "format": "thidua-year/1", "title": "Đo tốc độ", "regulation": "regulation.json",
        "year": "2024", "as_of": "2024-12-31",
        "bloc": {"id": "bench", "name": "Khối đo", "kind": "sectoral"},
        "members": [{"code": f"D{unit + 1}", "name": f"Đơn vị {unit + 1}",
                     **({"role": "head"} if unit == 0 else {})} for unit in range(MEMBERS)],
        "sheets": sheets,
        "quotas": [{"award": "flag", "seats": 1, "source": "Số liệu đặt ra"}],
    }


# ---- as a workbook ------------------------------------------------------------------------------

HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"
 xmlns:of="urn:oasis:names:tc:opendocument:xmlns:of:1.2"
 office:version="1.3" office:mimetype="application/vnd.oasis.opendocument.spreadsheet">
<office:body><office:spreadsheet>
"""
TAIL = "</office:spreadsheet></office:body></office:document>\n"


def column(index):
    """A, B, … Z, AA, …"""
    name = ""
    index += 1
    while index > 0:
        index, letter = divmod(index - 1, 26)
        name = chr(ord("A") + letter) + name
    return name


def words(text):
    return (f'<table:table-cell office:value-type="string"><text:p>{escape(text)}</text:p>'
            "</table:table-cell>")


def number(text):
    return f'<table:table-cell office:value-type="float" office:value="{text}"/>'


def formula(text):
    """No office:value: nothing to show until it is computed."""
    return f'<table:table-cell table:formula="of:={escape(text)}" office:value-type="float"/>'


def row(cells):
    return "<table:table-row>" + "".join(cells) + "</table:table-row>\n"


def workbook(data):
    """The results first, since a CSV file holds the first sheet; then the score sheets, a row each:
    unit, rater, 60 items, their sum."""
    last = column(1 + ITEMS)
    total = column(2 + ITEMS)
    result = []
    for unit in range(MEMBERS):
        first, end = 1 + unit * MEMBERS, (unit + 1) * MEMBERS
        result.append(row([
            words(f"D{unit + 1}"),
            formula(f"SUM([$Sheets.{total}{first}:.{total}{end}])"),
            formula(f"ROUND([.B{unit + 1}]/{MEMBERS};{SHOWN})"),
            formula(f"RANK([.B{unit + 1}];[.$B$1:.$B${MEMBERS}];0)")]))
    sheets = []
    for unit in range(MEMBERS):
        for rater in range(MEMBERS):
            line = len(sheets) + 1
            sheets.append(row(
                [words(f"D{unit + 1}"), words(f"D{rater + 1}")] +
                [number(tenths(value)) for value in data[unit][rater]] +
                [formula(f"SUM([.C{line}:.{last}{line}])")]))
    return (HEAD + '<table:table table:name="Results">' + "".join(result) + "</table:table>\n" +
            '<table:table table:name="Sheets">' + "".join(sheets) + "</table:table>\n" + TAIL)


# ---- both ---------------------------------------------------------------------------------------

def from_thidua(path):
    """Code → (sum of all sheets, score shown, rank)."""
    result = json.loads(Path(path).read_text(encoding="utf-8"))
    if not result["final"]:
        sys.exit("libreoffice.py: thidua's result is not final")
    return {unit["code"]: (Fraction(unit["score"]["exact"]) * MEMBERS,
                           Fraction(unit["score"]["shown"]), unit["rank"])
            for unit in result["units"]}


def from_calc(path):
    """The same. Calc sums binary fractions: a sum of tenths is rounded to a tenth."""
    answer = {}
    with open(path, encoding="utf-8", newline="") as file:
        for code, total, shown, rank in csv.reader(file):
            answer[code] = (round(Fraction(total), DECIMALS), Fraction(shown), int(rank))
    return answer


def time_thidua(thidua, folder, runs):
    output = f"{folder}/result.json"
    command = [thidua, "score", "--year", f"{folder}/year.json", "--format", "json"]
    times = []
    for _ in range(runs + 1):
        seconds, ended = spawn(command, output)
        if ended != 0:
            sys.exit(f"libreoffice.py: thidua ended with {ended}")
        times.append(seconds * 1000)
    return times[1:], from_thidua(output)


def time_calc(folder, runs):
    soffice = shutil.which("soffice")
    if soffice is None:
        sys.exit("libreoffice.py: there is no soffice; script/bootstrap bench installs it")
    output = Path(folder, "bloc.csv")
    command = [soffice, f"-env:UserInstallation=file://{folder}/profile", "--headless",
               "--convert-to", "csv", "--outdir", folder, f"{folder}/bloc.fods"]
    times = []
    for _ in range(runs + 1):  # the first makes the profile and is not counted
        output.unlink(missing_ok=True)
        seconds, ended = spawn(command)
        if ended != 0 or not output.exists():
            sys.exit(f"libreoffice.py: soffice ended with {ended}")
        times.append(seconds * 1000)
    return times[1:], from_calc(output)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("thidua")
    parser.add_argument("--runs", type=int, default=200)
    parser.add_argument("--calc-runs", type=int, default=9)
    arguments = parser.parse_args()
    data = scores()
    with tempfile.TemporaryDirectory(prefix="thidua-bench-") as folder:
        files = {"regulation.json": json.dumps(regulation(), ensure_ascii=False),
                 "year.json": json.dumps(year(data), ensure_ascii=False),
                 "bloc.fods": workbook(data)}
        for name, text in files.items():
            Path(folder, name).write_text(text, encoding="utf-8")
        thidua = os.path.abspath(arguments.thidua)
        before, ours = time_thidua(thidua, folder, arguments.runs)
        calc, theirs = time_calc(folder, arguments.calc_runs)
        after, _ = time_thidua(thidua, folder, arguments.runs)
        if ours != theirs:
            sys.exit(f"libreoffice.py: the results differ:\n{ours}\n{theirs}")
        figures = before + after
        print(json.dumps({
            "members": MEMBERS, "sheets": MEMBERS * MEMBERS, "items": ITEMS,
            "json_bytes": sum(Path(folder, name).stat().st_size
                              for name in ("regulation.json", "year.json")),
            "workbook_bytes": Path(folder, "bloc.fods").stat().st_size,
            "thidua_ms": figures, "calc_ms": calc,
            "ratio": median(calc) / median(figures),
        }))


if __name__ == "__main__":
    main()
