"""Where the values of an output stand in its text: table cells, JSON and YAML values, lines."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import islice

import yaml

from kubebook.canonical import Output, canonical
from kubebook.canonical.clean import clean
from kubebook.canonical.document import Tree, blocks
from kubebook.canonical.nodes import Table, leaves
from kubebook.canonical.paths import Step, show_path
from kubebook.canonical.trees import LOADER, decode_json

CELL = re.compile(r".*, column (?P<column>.+)", re.DOTALL)
KEY = re.compile(r"(?:.*[.\]])?(\w+)")  # at the end of a path
FIELD = re.compile(r"(?<!\w)(\w+)['\"]?[:=] ?['\"]?")  # as Python prints it
WORDY = re.compile(r"[\w.-]")  # a value that goes on is another


@dataclass(frozen=True)
class Place:
    """Lines `line` to `last`, from 1; `start` and `end` are characters of the first, from 0."""

    line: int
    last: int
    start: int
    end: int


class Places:
    """The places of one output."""

    def __init__(self, output: Output) -> None:
        self.text = clean(output.text)
        self.lines = self.text.split("\n")

    def find(self, where: str, line: int, value: str) -> Place | None:
        """The place of a Difference's side: its `where`, its line (0: unknown) and its text."""
        for name in _shorter(where):
            if cell := CELL.fullmatch(name):
                if found := self._cells.get((line, cell["column"])):
                    return found
            elif found := self._trees.get(name):
                return found if self._holds(found, value, name) else None
        if not 0 < line <= len(self.lines):
            return None
        if fields := [*islice(self._behind_key(name, value, line), 2)]:
            return fields[0] if len(fields) == 1 else None
        text = self.lines[line - 1]
        start, end = _word(text, value.split("\n", 1)[0])
        if start >= 0:
            return Place(line, line, start, end)
        return Place(line, line, 0, len(text)) if where.startswith("table") else None

    def at(self, place: Place) -> str:
        """The text of the place in its first line."""
        return self.lines[place.line - 1][place.start : place.end]

    def header(self, line: int) -> int:
        """The line of the header of the table that the line stands in, 0 if it is in none."""
        return next((head for head, last in self._tables if head < line <= last), 0)

    def _holds(self, place: Place, value: str, name: str) -> bool:
        """Whether the value stands there: items of a list may have changed places."""
        text = "\n".join(self.lines[place.line - 1 : place.last])
        text = text[place.start : place.end] if place.line == place.last else text
        return value == name or value in text or json.dumps(value, ensure_ascii=False)[1:-1] in text

    def _behind_key(self, name: str, value: str, line: int) -> Iterator[Place]:
        """Where a value stands behind its key from a line on: what Python prints is no YAML."""
        key = KEY.fullmatch(name)
        for number, start in self._fields.get(key[1], ()) if key and value else ():
            text, end = self.lines[number - 1], start + len(value)
            if number >= line and text[start:end] == value and not WORDY.match(text, end):
                yield Place(number, number, start, end)

    @cached_property
    def _fields(self) -> dict[str, list[tuple[int, int]]]:
        """By key: the lines in which it is followed by a value, and where that begins."""
        found: dict[str, list[tuple[int, int]]] = {}
        for number, text in enumerate(self.lines, 1):
            for match in FIELD.finditer(text):
                found.setdefault(match[1], []).append((number, match.end()))
        return found

    @cached_property
    def _tables(self) -> list[tuple[int, int]]:
        found = canonical(Output("", self.text)).children
        tables = [node for node in found if isinstance(node, Table)]
        drawn = [not any(map(str.isalnum, self.lines[table.line - 1])) for table in tables]
        return [
            (table.line + border, max((leaf.line for leaf in leaves(table)), default=0))
            for table, border in zip(tables, drawn, strict=True)
        ]

    @cached_property
    def _cells(self) -> dict[tuple[int, str], Place]:
        """Cells by line and column: in a line they stand in the order of their columns."""
        found: dict[tuple[int, str], Place] = {}
        ends: dict[int, int] = {}
        for table in canonical(Output("", self.text)).children:
            for leaf in leaves(table) if isinstance(table, Table) else ():
                cell = CELL.fullmatch(leaf.where)
                text = self.lines[leaf.line - 1] if leaf.line <= len(self.lines) else ""
                start = text.find(leaf.text, ends.get(leaf.line, 0))
                if cell and start >= 0:
                    ends[leaf.line] = end = start + len(leaf.text)
                    found[leaf.line, cell["column"]] = Place(leaf.line, leaf.line, start, end)
        return found

    @cached_property
    def _trees(self) -> dict[str, Place]:
        """Values of JSON and YAML by path. JSON is YAML, and YAML's nodes know their marks."""
        found: dict[str, Place] = {}
        starts = [block.line for block in blocks(self.text) if isinstance(block, Tree)]
        try:
            for number, (line, root) in enumerate(self._roots(starts), 1):
                name = "" if number == 1 else f"document {number}: "
                found |= {name + show_path(p): place for p, place in _walk(root, (), line)}
        except (yaml.YAMLError, ValueError, RecursionError):
            return {}
        return found

    def _roots(self, starts: list[int]) -> Iterator[tuple[int, yaml.Node]]:
        """The trees of the output with the number of lines above them."""
        for line in dict.fromkeys(starts):
            text = "\n".join(self.lines[line - 1 :])
            if text.lstrip()[:1] in ("{", "["):
                text = text[: decode_json(text, 0)[1]]
            yield from ((line - 1, root) for root in yaml.compose_all(text, LOADER) if root)


def _shorter(where: str) -> Iterator[str]:
    """`where`, then without the remarks in brackets at its end, one by one."""
    yield where
    for match in reversed(list(re.finditer(r" \(", where))):
        yield where[: match.start()]


def _word(line: str, value: str) -> tuple[int, int]:
    """Where the value stands in the line, as a word of its own if there is one; -1 if nowhere."""
    match = re.search(rf"(?<!\S){re.escape(value)}(?!\S)", line)
    start = match.start() if match else line.find(value)
    return start, start + len(value)


def _walk(
    node: yaml.Node, path: tuple[Step, ...], above: int, key: yaml.Node | None = None
) -> Iterator[tuple[tuple[Step, ...], Place]]:
    first, last = (key or node).start_mark, node.end_mark
    begin = node.start_mark if node.start_mark.line == first.line else first
    ended = last.line - (last.column == 0 and last.line > first.line)
    end = last.column if ended == begin.line == last.line else 1_000_000
    yield path, Place(begin.line + above + 1, ended + above + 1, begin.column, end)
    if isinstance(node, yaml.MappingNode):
        for name, value in node.value:
            yield from _walk(value, (*path, name.value), above, name)
    elif isinstance(node, yaml.SequenceNode):
        for number, value in enumerate(node.value):
            yield from _walk(value, (*path, number), above)
