"""One output as a tree: its tables, JSON and YAML values and message lines in order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kubebook.canonical.boxes import take_box
from kubebook.canonical.clean import clean
from kubebook.canonical.tables import Sheet, take_table
from kubebook.canonical.trees import (
    JSON_START,
    OBJECT_START,
    Data,
    decode_json,
    load_json,
    load_yaml,
    looks_like_yaml,
)

MAX_FAILED_TREES = 50  # lines that only look like the start of a tree; keeps parsing linear


@dataclass(frozen=True, slots=True)
class Line:
    """A message line and its number from 1."""

    number: int
    text: str


@dataclass(frozen=True, slots=True)
class Tree:
    """A JSON or YAML value, and the number of the line where it begins."""

    line: int
    data: Data


Block = Line | Tree | Sheet
Taken = tuple[list[Block], int]  # blocks, and the index of the line after them


def blocks(text: str) -> list[Block]:
    """The blocks of an output in reading order; blank lines only separate.

    Text that is neither table nor tree is one block a line. Never fails: what cannot be parsed
    is lines.
    """
    text = clean(text)
    return _whole(text) or list(_scattered(text.split("\n")))


def _whole(text: str) -> list[Block]:
    """The blocks of a text that is a tree from end to end, else []."""
    lead = text.lstrip()[:1]
    try:
        if lead and lead in "{[":
            return [Tree(1, load_json(text))]
        if looks_like_yaml(text.split("\n")):
            return _yaml_trees(text, 1)
    except ValueError:
        pass
    return []


def _yaml_trees(text: str, line: int) -> list[Block]:
    documents = load_yaml(text)
    if not all(isinstance(data, dict | list) for data in documents):
        raise ValueError("a scalar is a message")
    return [Tree(line, data) for data in documents]


def _scattered(lines: Sequence[str]) -> Iterator[Block]:
    index = 0
    failed = 0
    while index < len(lines):
        taken: Taken | None = None
        if failed < MAX_FAILED_TREES and _may_begin_tree(lines[index]):
            taken = _json_block(lines, index) or _yaml_rest(lines, index)
            failed += taken is None
        if not lines[index].strip():
            taken = [], index + 1
        found, index = taken or _table(lines, index) or _line(lines, index)
        yield from found


def _may_begin_tree(line: str) -> bool:
    return bool(JSON_START.match(line) or OBJECT_START.match(line))


def _line(lines: Sequence[str], index: int) -> Taken:
    return [Line(index + 1, lines[index])], index + 1


def _json_block(lines: Sequence[str], index: int) -> Taken | None:
    """The JSON value that begins on this line and ends on a line of its own or this one."""
    end = index + 1
    if lines[index].rstrip()[-1] not in "}]":
        while end < len(lines) and lines[end].rstrip() not in ("}", "]"):
            end += 1
        end += 1
    text = "\n".join(lines[index:end])
    try:
        data, stop = decode_json(text, 0)
    except ValueError:
        return None
    return ([Tree(index + 1, data)], end) if not text[stop:].strip() else None


def _yaml_rest(lines: Sequence[str], index: int) -> Taken | None:
    """An object as YAML after messages, to the end of the output."""
    if not looks_like_yaml(lines[index:]):
        return None
    try:
        return _yaml_trees("\n".join(lines[index:]), index + 1), len(lines)
    except ValueError:
        return None


def _table(lines: Sequence[str], index: int) -> Taken | None:
    taken = take_box(lines, index) or take_table(lines, index)
    return ([taken[0]], taken[1]) if taken else None
