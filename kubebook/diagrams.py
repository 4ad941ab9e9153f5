"""Diagrams: graphviz sources beside the pages, drawn when they are written, shown without it.

    python -m kubebook.diagrams docs

A drawing stands beside its source, NAME.svg beside NAME.dot, and names what it was made from.
"""

from __future__ import annotations

import hashlib
import re
import subprocess
import sys
from html import escape
from pathlib import Path

from kubebook.errors import BookError

LOOKS = {
    "-G": ("bgcolor=transparent", "fontname=sans-serif", "nodesep=0.25", "ranksep=0.4"),
    "-N": ("shape=box", "style=rounded", "fontname=sans-serif", "fontsize=12", "margin=0.12,0.08"),
    "-E": ("fontname=sans-serif", "fontsize=12", "arrowsize=0.7"),
}
VIEW = re.compile(r'viewBox="\S+ \S+ (\S+) ')
READABLE = 10 / 12  # pixels for a unit: letters are 12 units high
SOURCE = "<!-- drawn from {} -->\n"


def drawing(source: Path) -> Path:
    """Where the drawing of a source is."""
    return source.with_suffix(".svg")


def is_drawn(source: Path) -> bool:
    """Whether a source has a drawing, and neither it nor the looks were changed since."""
    svg = drawing(source)
    return svg.is_file() and svg.read_text(encoding="utf-8").startswith(_mark(source))


def draw(source: Path) -> None:
    """Draw a source with graphviz's dot.

    Raises:
        BookError: there is no dot, or the source is wrong.
    """
    looks = [flag + look for flag, every in LOOKS.items() for look in every]
    try:
        done = subprocess.run(["dot", "-Tsvg", *looks, source], capture_output=True, text=True)
    except FileNotFoundError:
        raise BookError("diagrams are drawn by graphviz", hint="apt-get install graphviz") from None
    if done.returncode:
        raise BookError(done.stderr.strip(), path=source)
    svg = done.stdout[done.stdout.index("<svg") :]
    svg = re.sub(r"<!--.*?-->\n|<title>.*?</title>\n", "", svg, flags=re.DOTALL)
    svg = re.sub(r' (?:id|class)="[^"]*"', "", svg)  # a page may show several
    svg = svg.replace('"black"', '"currentColor"').replace('"sans-serif"', '"inherit"')
    drawing(source).write_text(_mark(source) + svg, encoding="utf-8")


def figure(svg: str, title: str) -> str:
    """A drawing for a page, in the colours of the page; `title` is for who cannot see it."""
    svg = svg.partition("\n")[2]
    (width,) = VIEW.findall(svg)
    least = float(width) * READABLE
    start = f'<svg role="img" aria-label="{escape(title)}" style="min-width:{least:.0f}px" '
    svg = svg.replace("<svg ", start, 1)
    return (
        f'<figure class="kb-chart kb-chart--diagram">{svg.strip()}'
        f"<figcaption>{escape(title)}</figcaption></figure>\n"
    )


def _mark(source: Path) -> str:
    made_of = source.read_bytes() + repr(LOOKS).encode()
    return SOURCE.format(hashlib.sha256(made_of).hexdigest()[:16])


def main(folders: list[str]) -> None:
    """Draw what has no drawing or an old one."""
    for source in sorted(path for folder in folders for path in Path(folder).rglob("*.dot")):
        if not is_drawn(source):
            draw(source)
            print(drawing(source))


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except BookError as error:
        sys.exit(f"error: {error}")
