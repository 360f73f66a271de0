#!/usr/bin/env python3
"""Bundles what pages load, and embeds it under names that change with the contents.

assets.py FOLDER ICONS OUT.c OUT.h

FOLDER is assets/, with node_modules as package-lock.json says (script/bootstrap build sees to it).
ICONS names the icons to put into the sprite, one a line; tools/templates.py writes it.

OUT.h gets a macro for each file that pages name (ASSET_APP_CSS is "/assets/app.3fa9….css"), OUT.c
the table of web/asset.h. Bytes lie in OUT.c.d/ and are taken in by the assembler, which is faster
than compiling them as numbers.
"""
import gzip
import hashlib
import json
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".woff2": "font/woff2",
}
# Old browsers are what offices have; esbuild writes what they read.
TARGETS = "chrome87,edge88,firefox78,safari14.1"
# Drawn by every icon of the set, and invisible.
FRAME = '<path stroke="none" d="M0 0h24v24H0z" fill="none" />'


class Problem(Exception):
    pass


def check_versions(folder):
    """What is installed is what the lock says."""
    lock = json.loads((folder / "package-lock.json").read_text(encoding="utf-8"))
    for name, entry in lock["packages"].items():
        if not name or entry.get("optional"):
            continue
        place = folder / name / "package.json"
        if not place.exists():
            raise Problem(f"{folder / name} is missing: run script/bootstrap build")
        version = json.loads(place.read_text(encoding="utf-8"))["version"]
        if version != entry["version"]:
            raise Problem(f"{folder / name} is {version}, not {entry['version']}: "
                          "run script/bootstrap build")


def bundle(folder, work):
    """Stylesheet, script and what they load: {name: bytes}; fonts have their hash already."""
    command = [folder / "node_modules" / ".bin" / "esbuild", "app.css", "app.js",
               "ballot.js", "--bundle",
               "--minify", f"--outdir={work}", "--loader:.woff2=file",
               "--asset-names=[name].[hash]", "--public-path=/assets", "--legal-comments=none",
               f"--target={TARGETS}", "--log-level=error", "--charset=utf8"]
    done = subprocess.run([str(part) for part in command], cwd=folder, capture_output=True)
    if done.returncode != 0:
        raise Problem(done.stderr.decode(errors="replace").strip())
    return {path.name: path.read_bytes() for path in sorted(Path(work).iterdir())}


def symbol(name, svg):
    """An icon's file as a <symbol> of the sprite."""
    head, body = re.fullmatch(r"\s*(?:<!--.*?-->\s*)?<svg([^>]*)>(.*)</svg>\s*", svg, re.S).groups()
    kept = " ".join(f'{key}="{value}"' for key, value in re.findall(r'([\w-]+)="([^"]*)"', head)
                    if key in ("viewBox", "fill", "stroke", "stroke-linecap", "stroke-linejoin"))
    body = re.sub(r">\s+<", "><", body.replace(FRAME, "").strip())
    return f'<symbol id="{name}" {kept}>{body}</symbol>'


def sprite(folder, names):
    icons = folder / "node_modules" / "@tabler" / "icons" / "icons"
    symbols = []
    for name in names:
        path = icons / "outline" / f"{name}.svg"
        if not path.exists():
            path = icons / "filled" / f"{name.removesuffix('-filled')}.svg"
        symbols.append(symbol(name, path.read_text(encoding="utf-8")))
    return ('<svg xmlns="http://www.w3.org/2000/svg">' + "".join(symbols) + "</svg>\n").encode()


def licences(folder):
    """The licences of what is embedded. A package without its own has it in assets/licences/."""
    package = json.loads((folder / "package.json").read_text(encoding="utf-8"))
    texts = []
    for name in sorted(list(package["dependencies"]) + ["bootstrap"]):
        place = folder / "node_modules" / name
        about = json.loads((place / "package.json").read_text(encoding="utf-8"))
        ours = folder / "licences" / (name.strip("@").replace("/", "-") + ".txt")
        found = [path for path in (place / "LICENSE", place / "LICENSE.md", ours) if path.exists()]
        if not found:
            raise Problem(f"{place} has no licence; keep it as {ours}")
        text = found[0].read_text(encoding="utf-8").strip()
        texts.append(f"{name} {about['version']} ({about['license']})\n\n{text}\n")
    return f"\n{'-' * 72}\n\n".join(texts).encode()


def hashed(name, data):
    stem, suffix = name.rsplit(".", 1)
    return f"{stem}.{hashlib.sha256(data).hexdigest()[:16]}.{suffix}"


def macro(name):
    return "ASSET_" + re.sub(r"\W", "_", name).upper()


def c_name(number, part):
    return f"asset_{number}_{part}"


def embedded(symbol_name, path):
    """Assembler that takes a file in as constant data."""
    return (f'__asm__(".pushsection .rodata\\n.global {symbol_name}\\n.hidden {symbol_name}\\n"\n'
            f'        ".balign 16\\n{symbol_name}:\\n.incbin \\"{path}\\"\\n.byte 0\\n'
            f'.popsection\\n");\n'
            f"extern const unsigned char {symbol_name}[];\n")


def emit(source, header, plain, named):
    """Write both files. plain: {path: bytes}, as served; named: {name: path}, as pages say."""
    blobs = Path(f"{source}.d").resolve()
    shutil.rmtree(blobs, ignore_errors=True)
    blobs.mkdir(parents=True)
    head = "/* Generated by tools/assets.py. */\n"
    code, rows = [head, '#include "web/asset.h"\n'], []
    for number, (path, data) in enumerate(sorted(plain.items())):
        packed = gzip.compress(data, 9, mtime=0)
        fields = [f'"{path}"', f'"{TYPES[Path(path).suffix]}"']
        for part, content in (("plain", data), ("gzip", packed)):
            if part == "gzip" and len(packed) >= len(data):
                fields += ["NULL", "0"]
                continue
            blob = blobs / f"{number}.{part}"
            blob.write_bytes(content)
            # The contents' hash makes this file change, and be compiled, when they do.
            code.append(f"/* {hashlib.sha256(content).hexdigest()} */\n")
            code.append(embedded(c_name(number, part), blob))
            fields += [c_name(number, part), str(len(content))]
        rows.append("    {" + ", ".join(fields) + "},\n")
    code.append(f"\nconst struct http_asset assets[] = {{\n{''.join(rows)}}};\n"
                f"const size_t assets_count = {len(rows)};\n")
    macros = "".join(f'#define {macro(name)} "{path}"\n' for name, path in sorted(named.items()))
    source.write_text("".join(code), encoding="utf-8")
    text = (f'{head}#ifndef WEB_ASSETS_H\n#define WEB_ASSETS_H\n#include "web/asset.h"\n{macros}'
            "#endif\n")
    if not header.exists() or header.read_text(encoding="utf-8") != text:
        header.write_text(text, encoding="utf-8")


def main(args):
    if len(args) != 4:
        raise SystemExit(__doc__)
    folder, icons, source, header = (Path(arg) for arg in args)
    try:
        check_versions(folder)
        with tempfile.TemporaryDirectory() as work:
            files = bundle(folder, work)
        files["icons.svg"] = sprite(folder, icons.read_text(encoding="utf-8").split())
        files["mark.svg"] = (folder / "mark.svg").read_bytes()
        files["licences.txt"] = licences(folder)
    except Problem as problem:
        raise SystemExit(f"assets.py: {problem}") from None
    fonts = {f"/assets/{name}": data for name, data in files.items() if name.endswith(".woff2")}
    named = {name: f"/assets/{hashed(name, data)}" for name, data in files.items()
             if not name.endswith(".woff2")}
    emit(source, header, fonts | {path: files[name] for name, path in named.items()}, named)


if __name__ == "__main__":
    main(sys.argv[1:])
