#!/usr/bin/env python3
"""Make the picture of the README: what a command prints, as an SVG of a terminal.

    tools/picture.py COMMAND… > docs/hai-phong.svg

Text stays text, so the picture is sharp, small and can be compared line by line.
"""

import subprocess
import sys
from xml.sax.saxutils import escape

LINE = 19
LEFT = 16


def main():
    words = sys.argv[1:]
    printed = subprocess.run(words, capture_output=True, text=True, check=False).stdout
    shown = ["$ thidua " + " ".join(words[1:]), ""] + printed.rstrip("\n").split("\n")
    height = LINE * (len(shown) + 2)
    print(f'<svg xmlns="http://www.w3.org/2000/svg" width="900" height="{height}" '
          f'viewBox="0 0 900 {height}" role="img" aria-label="thidua score">')
    print('<rect width="100%" height="100%" rx="8" fill="#1b2330"/>')
    print('<g font-family="DejaVu Sans Mono, Menlo, Consolas, monospace" font-size="14" '
          'fill="#e6e9ef" xml:space="preserve">')
    for number, line in enumerate(shown):
        colour = ' fill="#8fd19e"' if number == 0 else ""
        print(f'<text x="{LEFT}" y="{LINE * (number + 2)}"{colour}>{escape(line)}</text>')
    print("</g>\n</svg>")


if __name__ == "__main__":
    main()
