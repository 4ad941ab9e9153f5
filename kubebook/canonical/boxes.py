"""Drawn tables: ASCII (`|---|`, `+---+`), Markdown, and box-drawing characters."""

from __future__ import annotations

import re
from collections.abc import Sequence

from kubebook.canonical.tables import Row, Sheet

BAR = "|│┃║"
RULES = "=─━═┄┅┈┉╌╍-"
CORNERS = "+:┌┬┐├┼┤└┴┘╭╮╰╯┏┳┓┣╋┫┗┻┛╔╦╗╠╬╣╚╩╝╞╪╡┡╇┩╟╫╢╤╧╒╕╘╛┠╂┨┝┿┥┢╈┪"
BORDER = re.compile(rf"(?=[{CORNERS}]|.*[{RULES}]{{3}})[{BAR}{CORNERS}][{BAR}{CORNERS} {RULES}]+")
RECORD = re.compile(rf"[{BAR}].*[{BAR}]")
CELLS = re.compile(rf"[{BAR}]")


def take_box(lines: Sequence[str], start: int) -> tuple[Sheet, int] | None:
    """The drawn table that begins at line index `start`, and the index after it; else None."""
    end = start
    while end < len(lines) and _is_drawn(lines[end]):
        end += 1
    if not any(BORDER.fullmatch(line.strip()) for line in lines[start:end]):
        return None
    sections = _sections(lines, start, end)
    if not sections:
        return None
    headed = len(sections) > 1
    columns = _header(sections[0]) if headed else _numbers(sections[0])
    rows = [row for part in sections[headed:] for row in _records(part, len(columns))]
    return Sheet(start + 1, columns, tuple(rows)), end


def _is_drawn(line: str) -> bool:
    text = line.strip()
    return bool(BORDER.fullmatch(text) or RECORD.fullmatch(text))


def _sections(lines: Sequence[str], start: int, end: int) -> list[list[Row]]:
    """The physical rows, split at the borders."""
    sections: list[list[Row]] = [[]]
    for index in range(start, end):
        text = lines[index].strip()
        if BORDER.fullmatch(text):
            sections.append([])
        else:
            cells = tuple(cell.strip() for cell in CELLS.split(text[1:-1]))
            sections[-1].append(Row(index + 1, cells))
    return [section for section in sections if section]


def _header(section: list[Row]) -> tuple[str, ...]:
    width = len(section[0].cells)
    return tuple(" ".join(_column(section, i)) for i in range(width))


def _numbers(section: list[Row]) -> tuple[str, ...]:
    return tuple(str(n + 1) for n in range(len(section[0].cells)))


def _records(section: list[Row], width: int) -> list[Row]:
    """The records of a section: a row with an empty first cell goes on with the one above."""
    records: list[list[Row]] = []
    for row in section:
        fitted = Row(row.line, _fit(row.cells, width))
        if records and not fitted.cells[0]:
            records[-1].append(fitted)
        else:
            records.append([fitted])
    return [_joined(record, width) for record in records]


def _joined(record: list[Row], width: int) -> Row:
    return Row(record[0].line, tuple("\n".join(_column(record, i)) for i in range(width)))


def _column(rows: list[Row], index: int) -> list[str]:
    return [row.cells[index] for row in rows if index < len(row.cells) and row.cells[index]]


def _fit(cells: tuple[str, ...], width: int) -> tuple[str, ...]:
    """As many cells as columns: a bar inside the last cell is not a border."""
    if len(cells) <= width:
        return cells + ("",) * (width - len(cells))
    return (*cells[: width - 1], "|".join(cells[width - 1 :]))
