"""Tables as columns and cells: kubectl's aligned ones here, drawn ones in boxes.py."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from wcwidth import wcswidth

from kubebook.canonical.times import is_age

# kubectl's tab writer separates by three spaces (describe: two) and never puts two into a cell.
CELL = re.compile(r"\S+(?: \S+)*")
HEADING = re.compile(r"[A-Z](?:[A-Z0-9 /%._#:-]|\([A-Za-z%]+\))*")
RULE = re.compile(r"\s*-+(?:\s+-+)+\s*")
FIRST_HEADINGS = frozenset({"NAME", "NAMESPACE", "LAST SEEN"})
# A program's own header may be in any case: it then begins with one of these.
WORDS = re.compile(r"[^\W\d][^\d]*")
OWN_HEADINGS = FIRST_HEADINGS | {"POD", "NODE", "SERVICE", "KIND", "이름", "파드", "노드", "서비스"}


@dataclass(frozen=True, slots=True)
class Row:
    """One record: the number of its (first) line from 1, and a text for every column."""

    line: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table as printed: column names (numbers, if it has no header) and rows."""

    line: int
    columns: tuple[str, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a line between wide gaps, and where it starts: in characters and on screen."""

    text: str
    start: int
    screen: int


def take_table(lines: Sequence[str], start: int) -> tuple[Sheet, int] | None:
    """The aligned table that begins at line index `start`, and the index after it; else None."""
    parts = split(lines[start])
    ruled = start + 1 < len(lines) and RULE.fullmatch(lines[start + 1]) is not None
    if len(parts) >= 2 and (ruled or _is_header([part.text for part in parts])):
        return _with_header(lines, start, parts, start + 1 + ruled)
    return _without_header(lines, start) if _is_bare_row(parts) else None


def split(line: str) -> list[Part]:
    """The parts of a line that stand apart by two spaces or a tab."""
    if "\t" in line:
        return [Part(text.strip(), i, i) for i, text in enumerate(line.rstrip().split("\t"))]
    found = [(match[0], match.start()) for match in CELL.finditer(line)]
    plain = line.isascii()
    return [Part(t, at, at if plain else max(wcswidth(line[:at]), 0)) for t, at in found]


def _is_header(texts: list[str]) -> bool:
    if all(HEADING.fullmatch(text) for text in texts):
        return True
    return texts[0].upper() in OWN_HEADINGS and all(WORDS.fullmatch(text) for text in texts)


def _with_header(
    lines: Sequence[str], start: int, heads: list[Part], body: int
) -> tuple[Sheet, int]:
    columns = tuple(head.text for head in heads)
    rows: list[Row] = []
    end = body
    while end < len(lines) and lines[end].strip():
        parts = split(lines[end])
        cells = None if _is_new_header(parts, columns) else _cells(parts, heads)
        if cells is None:
            break
        rows.append(Row(end + 1, cells))
        end += 1
    return Sheet(start + 1, columns, tuple(rows)), end


def _is_new_header(parts: list[Part], columns: tuple[str, ...]) -> bool:
    texts = [part.text for part in parts]
    known = texts[0] in FIRST_HEADINGS or texts == list(columns)
    return len(texts) >= 2 and known and all(HEADING.fullmatch(text) for text in texts)


def _cells(parts: list[Part], heads: list[Part]) -> tuple[str, ...] | None:
    """The row's cells by column, or None if the line does not stand under the header."""
    if len(parts) == len(heads):
        return tuple(part.text for part in parts)
    if len(parts) == 1 and parts[0].start <= heads[0].start:
        return None
    cells = [""] * len(heads)
    for part in parts:
        column = _column(part, heads)
        if column is None:
            return None
        cells[column] = f"{cells[column]}  {part.text}".strip()
    return tuple(cells)


def _column(part: Part, heads: list[Part]) -> int | None:
    for index, head in enumerate(heads):
        if part.start == head.start or part.screen == head.screen:
            return index
    last = len(heads) - 1
    return last if part.start > heads[last].start else None


def _is_bare_row(parts: list[Part]) -> bool:
    """A row of `--no-headers`: three cells, or a name and an age; not describe's `Key:  value`."""
    if len(parts) < 2 or parts[0].text.endswith(":"):
        return False
    return len(parts) > 2 or (is_age(parts[1].text) and " " not in parts[0].text)


def _without_header(lines: Sequence[str], start: int) -> tuple[Sheet, int]:
    width = len(split(lines[start]))
    rows: list[Row] = []
    end = start
    while end < len(lines) and lines[end].strip():
        parts = split(lines[end])
        if len(parts) != width or not _is_bare_row(parts):
            break
        rows.append(Row(end + 1, tuple(part.text for part in parts)))
        end += 1
    return Sheet(start + 1, tuple(str(n + 1) for n in range(width)), tuple(rows)), end
