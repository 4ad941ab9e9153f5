"""An output as HTML: its colours, its tables' first columns, what is the same as elsewhere."""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Iterator, Sequence
from html import escape
from itertools import groupby, pairwise

from pygments.lexer import Lexer
from pygments.token import STANDARD_TYPES
from wcwidth import wcswidth, wcwidth

from kubebook.canonical import Output, canonical
from kubebook.canonical.boxes import BAR, CORNERS
from kubebook.canonical.document import blocks
from kubebook.canonical.nodes import values
from kubebook.canonical.tables import Sheet, split
from kubebook.lexer import KubeOutputLexer

Span = tuple[int, int, str]  # start, end, class
Piece = tuple[str | Span | None, ...]  # a text, and its span of every layer

SHORTEST = 4  # characters of a value that readers may look for elsewhere
NO_NAMES = ("certificate", "local-port")  # kinds whose values name nothing a reader could meet
EDGE = re.compile(rf"[{re.escape(BAR + CORNERS)}]")


def printed(text: str) -> str:
    """The HTML of what a command printed; without its tags it is `text`, character by character.

    A `kb-first` holds a line's share of its table's first column, `--kb-first` its width in
    columns of the screen. A `kb-same` holds a value with identity, such as a Pod's name or an
    address, named in `data-same`.
    """
    colours = _colours(text, KubeOutputLexer(stripnl=False, ensurenl=False))
    return _html(text, list(first_columns(text)), list(same_values(text)), list(colours))


def coloured(text: str, lexer: Lexer) -> str:
    """The HTML of any text in a lexer's colours, in columns as terminals have them."""
    return _html(text, list(_colours(text, lexer)))


def _html(text: str, *layers: list[Span]) -> str:
    """A text with the spans of every layer around it, those of the first outermost."""
    edges = {0, len(text), *(edge for spans in layers for a, b, _ in spans for edge in (a, b))}
    starts = [[span[0] for span in spans] for spans in layers]
    pieces: list[Piece] = [
        (text[a:b], *(_at(spans, at, a) for spans, at in zip(layers, starts, strict=True)))
        for a, b in pairwise(sorted(edges))
    ]
    return _nested(pieces, 1)


def first_columns(text: str) -> Iterator[Span]:
    """The first column of every table, line by line."""
    lines = text.split("\n")
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line) + 1)
    for sheet in blocks(text):
        if not isinstance(sheet, Sheet) or len(sheet.columns) < 2:
            continue
        first, last = sheet.line - 1, max([sheet.line, *(row.line for row in sheet.rows)])
        while EDGE.match(lines[first]) and last < len(lines) and EDGE.match(lines[last]):
            last += 1  # the border below
        parts = split(lines[first])
        edge = parts[1].screen if len(parts) > 1 else 0
        if any("\t" in line for line in lines[first:last]):
            continue
        ends = [_end(line, edge) for line in lines[first:last]]
        width = max(wcswidth(lines[first + n][:end]) for n, end in enumerate(ends))
        for number, end in enumerate(ends, first):
            if end:
                yield starts[number], starts[number] + end, f'kb-first" style="--kb-first:{width}'


def _end(line: str, edge: int) -> int:
    """Where in a line its first column ends: at the second bar, or where `edge` is on screen."""
    if EDGE.match(line):
        bars = [match.end() for match in EDGE.finditer(line)]
        return bars[1] if len(bars) > 1 else 0
    if line.isascii():
        return min(edge, len(line))
    return next((n for n in range(len(line)) if wcswidth(line[:n]) >= edge), len(line))


def same_values(text: str) -> Iterator[Span]:
    """Every place where a value with identity stands; of two that overlap the longer."""
    found = {
        value.key
        for value in values(canonical(Output("", text)))
        if len(value.key) >= SHORTEST and value.kind not in NO_NAMES and value.key in text
    }
    if not found:
        return
    names = "|".join(map(re.escape, sorted(found, key=len, reverse=True)))
    for match in re.finditer(rf"(?<![\w.-])(?:{names})(?![\w-]|\.\w)", text):
        yield match.start(), match.end(), f'kb-same" data-same="{escape(match[0])}'


def keep_columns(text: str) -> str:
    """Escaped HTML in which Hangul, Han and emoji take the two columns that terminals give them."""
    if text.isascii():
        return escape(text)
    runs = ((wide, "".join(run)) for wide, run in groupby(text, _is_wide))
    return "".join(
        f'<span class="kb-wide" style="width:{wcswidth(run)}ch">{run}</span>'
        if wide
        else escape(run)
        for wide, run in runs
    )


def _is_wide(char: str) -> bool:
    return wcwidth(char) == 2 or char in "\u200d\ufe0f"


def _colours(text: str, lexer: Lexer) -> Iterator[Span]:
    end = 0
    for style, group in groupby(
        lexer.get_tokens(text), key=lambda token: STANDARD_TYPES.get(token[0], "")
    ):
        start, end = end, end + sum(len(piece) for _, piece in group)
        if style:
            yield start, end, style


def _at(spans: list[Span], starts: list[int], place: int) -> Span | None:
    number = bisect(starts, place) - 1
    return spans[number] if number >= 0 and place < spans[number][1] else None


def _nested(pieces: Sequence[Piece], layer: int) -> str:
    """Pieces of text, each with its span of every layer, the outermost first."""
    if not pieces or layer == len(pieces[0]):
        return keep_columns("".join(str(piece[0]) for piece in pieces))
    html = ""
    for span, group in groupby(pieces, key=lambda piece: piece[layer]):
        inner = _nested(list(group), layer + 1)
        html += f'<span class="{span[2]}">{inner}</span>' if isinstance(span, tuple) else inner
    return html
