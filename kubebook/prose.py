"""Finds figures that somebody typed into a page: what can be quoted or has no source given.

    python -m kubebook.prose docs

A figure in prose goes stale without anybody seeing it. Here it is either quoted from an output by
`value`, or it is a fact whose source stands in the same paragraph, item or row of a table: a
footnote or a link. What a page shows as code is a literal, unless it is an address or a name that
a cluster made up.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

from kubebook.errors import BookError
from kubebook.text import read_text

HIDDEN = re.compile(
    r"\A---\n.*?\n---\n"  # front matter
    r"|^(?P<fence> *(?:```+|~~~+)).*?^(?P=fence)"
    r"|\{[{%#].*?[}%#]\}|\{[^{}\n]*\}"  # macros, attributes of a heading
    r"|^\[\^[^\]]+\]:.*?$"  # footnotes: sources themselves
    r"|<[^<>\n]+>",
    re.DOTALL | re.MULTILINE,
)
CODE = re.compile(r"(`+)(?!`).*?(?<!`)\1(?!`)", re.DOTALL)
QUOTE = re.compile(r'"[^"\n]*"')  # somebody's words, such as those of the notes
SOURCE = re.compile(r"\[\^[^\]]+\]|\]\(https?://")
LINK = re.compile(r"\]\([^)\s]*\)")
UNIT = (
    r"(?:ms|s|m|h|KB|MB|GB|[KMG]iB?|m?CPU)\b|[%°]|밀리초|초|분|시간|일(?=[ .,이가은는을])|바이트|배"
    r"|(?:milli|micro)?seconds?\b|minutes?\b|hours?\b|days?\b|bytes?\b|per cent\b|percent\b"
)
FIGURES = (
    re.compile(rf"(?<![\w.\-])(?![1-5]\d\ds\b)\d[\d,]*(?:\.\d+)?[ -]?(?:{UNIT})"),
    re.compile(
        r"(?<![\w.,\-/])(?!(?:19|20)\d\d(?!\d))\d{1,3}(?:,\d{3})+|(?<![\w.,\-/#])(?!(?:19|20)\d\d(?!\d|,\d))\d{4,}"
    ),
)
MADE_UP = (
    re.compile(r"(?<![\d.])(?!127\.|0\.0\.0\.0|192\.168\.99\.100)\d{1,3}(?:\.\d{1,3}){3}(?![\d.])"),
    re.compile(r"\b[a-z][a-z0-9-]*-[bcdf-hj-np-tv-z2-9]{6,10}-[bcdf-hj-np-tv-z2-9]{5}\b"),
)  # fmt: skip


def typed_figures(page: Path) -> Iterator[BookError]:
    """The figures on a Markdown page that are neither quoted nor have a source beside them."""
    text = HIDDEN.sub(_blank, read_text(page))
    for line, block in _blocks(text):
        if SOURCE.search(block):
            continue
        own = LINK.sub(_blank, QUOTE.sub(_blank, block))
        words = CODE.sub(_blank, own)
        found = [match for kind in MADE_UP for match in kind.finditer(own)]
        found += [match for kind in FIGURES for match in kind.finditer(words)]
        for match in sorted(found, key=lambda match: match.start()):
            yield BookError(
                f"a figure was typed: {match[0]}",
                path=page,
                line=line + own.count("\n", 0, match.start()),
                hint='quote it with {{ value("…", "…") }}, or name its source: [^source]',
            )


def _blocks(text: str) -> Iterator[tuple[int, str]]:
    """Paragraphs, items and rows of tables with the number of their first line."""
    start, lines = 1, list[str]()
    for number, line in enumerate([*text.split("\n"), ""], 1):
        begins = re.match(r"\s*(?:[-*+|]|\d+[.)]|#+|!!!|\?\?\?)(?:\s|$)", line) or not line.strip()
        if begins and lines:
            yield start, "\n".join(lines)
            lines = []
        if line.strip():
            start = start if lines else number
            lines.append(line)


def _blank(match: re.Match[str]) -> str:
    return "".join(char if char == "\n" else " " for char in match[0])


def main(folders: list[str]) -> int:
    """Print the figures on all pages under `folders`; 1 if there are any."""
    pages = sorted(page for folder in folders for page in Path(folder).rglob("*.md"))
    found = [fault for page in pages for fault in typed_figures(page)]
    for fault in found:
        print(fault)
    return bool(found)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
