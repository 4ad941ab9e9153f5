"""One output as a tree: its tables, JSON and YAML values and message lines in order."""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import accumulate

from kubebook.canonical.boxes import take_box
from kubebook.canonical.clean import clean
from kubebook.canonical.listings import take_listing
from kubebook.canonical.pythons import START as PYTHON_START
from kubebook.canonical.pythons import decode_python
from kubebook.canonical.tables import Sheet, take_table
from kubebook.canonical.trees import (
    JSON_START,
    OBJECT_START,
    Data,
    decode_json,
    load_yaml,
    looks_like_yaml,
)

TREE_START = re.compile(
    "|".join((JSON_START.pattern, PYTHON_START.pattern, OBJECT_START.pattern, "---$"))
)
PUBLIC = r"(?:CERTIFICATE(?: REQUEST)?|(?:RSA )?PUBLIC KEY)"  # private keys are masked
PEM, PEM_END = (re.compile(rf"-----{word} {PUBLIC}-----") for word in ("BEGIN", "END"))
HEXADECIMAL = re.compile(r"\s*(?:[0-9a-f]{2}:)*[0-9a-f]{2}:?")  # as openssl prints keys
METER = re.compile(r"\s*(?:[\d.]+[kMG]?\s+){8}(?:[\d-]+:[\d-]+:[\d-]+\s+){3}")  # curl's progress
MAY_BE_TABLE = re.compile(r"\S(?:  |\t)|^\W|^(?:USER|UID|PID|Filesystem)\b")
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
    page = _page(clean(text))
    return _whole(page) or list(_scattered(page))


@dataclass(frozen=True, slots=True)
class _Page:
    """A text, its lines and where each begins."""

    text: str
    lines: Sequence[str]
    starts: Sequence[int]


def _page(text: str) -> _Page:
    lines = text.split("\n")
    return _Page(text, lines, list(accumulate((len(line) + 1 for line in lines), initial=0)))


def _whole(page: _Page) -> list[Block]:
    """The blocks of a text that is YAML from end to end, else []."""
    return _yaml_trees(page.text, 1) if looks_like_yaml(page.lines) else []


def _yaml_trees(text: str, line: int) -> list[Block]:
    """The documents of a YAML text; [] if it is none, or a message."""
    try:
        documents = load_yaml(text)
    except ValueError:
        return []
    if not all(isinstance(data, dict | list) for data in documents):
        return []
    return [Tree(line, data) for data in documents]


def _scattered(page: _Page) -> Iterator[Block]:
    index = 0
    failed = 0
    while index < len(page.lines):
        taken: Taken | None = None
        if failed < MAX_FAILED_TREES and TREE_START.match(page.lines[index]):
            taken = _value(page, index) or _kyaml(page.lines, index) or _yaml_rest(page, index)
            failed += taken is None
        if not page.lines[index].strip():
            taken = [], index + 1
        found, index = taken or _table(page.lines, index) or _line(page.lines, index)
        yield from found


def _line(lines: Sequence[str], index: int) -> Taken:
    """A line, or all lines of a certificate or of a number in hexadecimal: they are one value."""
    end = index + 1
    if PEM.search(lines[index]):
        while end < len(lines) and not PEM_END.search(lines[end - 1]):
            end += 1
    while lines[end - 1].endswith(":") and HEXADECIMAL.fullmatch(lines[end - 1]):
        if end == len(lines) or not HEXADECIMAL.fullmatch(lines[end]):
            break
        end += 1
    return [Line(index + 1, "\n".join(lines[index:end]))], end


def _value(page: _Page, index: int) -> Taken | None:
    """The JSON values or Python object from this line on, up to the end of a line.

    `kubectl get --raw` prints no line end: two of its answers stand on one line.
    """
    for decode in (decode_json, decode_python):
        found: list[Block] = []
        stop = page.starts[index]
        with suppress(ValueError):
            while True:
                line = bisect(page.starts, stop)
                data, stop = decode(page.text, stop)
                found.append(Tree(line, data))
                end = bisect(page.starts, stop - 1)
                rest = page.text[stop : page.starts[end]]
                if not rest.strip():
                    return found, end
                stop += len(rest) - len(rest.lstrip())
    return None


def _kyaml(lines: Sequence[str], index: int) -> Taken | None:
    """KEP-5295: a document is `---`, then flow mappings with braces in the first column."""
    start = index + (lines[index] == "---")
    if start >= len(lines) or lines[start] != "{":
        return None
    end = next((n for n in range(start, len(lines)) if lines[n] == "}"), len(lines) - 1) + 1
    trees = _yaml_trees("\n".join(lines[start:end]), start + 1)
    return (trees, end) if trees else None


def _yaml_rest(page: _Page, index: int) -> Taken | None:
    """An object as YAML after messages, to the end of the output."""
    if not OBJECT_START.match(page.lines[index]) or not looks_like_yaml(page.lines[index:]):
        return None
    trees = _yaml_trees(page.text[page.starts[index] :], index + 1)
    return (trees, len(page.lines)) if trees else None


def _table(lines: Sequence[str], index: int) -> Taken | None:
    line = lines[index]
    if not MAY_BE_TABLE.search(line) or "load average: " in line or METER.match(line):
        return None
    taken = take_box(lines, index) or take_listing(lines, index) or take_table(lines, index)
    return ([taken[0]], taken[1]) if taken else None
