"""Drift: where two runs of one chain differ in what they say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from heapq import heapify, heappop, heappush
from typing import Literal

from kubebook.canonical import Output, canonical
from kubebook.canonical.addresses import IP_KINDS
from kubebook.canonical.colours import colour_node
from kubebook.canonical.identity import Identity
from kubebook.canonical.matching import permutable, same
from kubebook.canonical.nodes import (
    Fields,
    Group,
    Leaf,
    Node,
    Table,
    Tokens,
    Value,
    leaves,
    shape,
)
from kubebook.canonical.pairing import Pairs, aligned, in_order
from kubebook.canonical.progress import without_progress

Kind = Literal["format", "meaning", "broken"]
PAIRED = 60  # rows that are paired by likeness; more are paired in order
ELLIPSIS = 400  # characters of a value that are shown
NOUNS = {"suffix": "name", "template-hash": "Pod template", **dict.fromkeys(IP_KINDS, "address")}


@dataclass(frozen=True)
class Difference:
    """One difference between two runs.

    `output` is an Output's id. `kind` is "broken" (exit status, missing output), "format"
    (columns, keys, types) or "meaning" (a value, a row or line more or less). `where` is a
    place for people: "table row 2 (web), column READY", "status.code", "line 3". `expected` and
    `actual` are the texts there, "" for nothing; the line numbers count from 1, 0 is unknown.
    """

    output: str
    kind: Kind
    where: str
    expected: str
    actual: str
    expected_line: int = field(default=0, compare=False)
    actual_line: int = field(default=0, compare=False)


def compare(expected: Sequence[Output], actual: Sequence[Output]) -> list[Difference]:
    """The differences in meaning between two runs of one chain; [] if there is no drift.

    Both sequences hold the chain's outputs with the same ids in the same order; a missing or
    surplus one is "broken". Volatile values (ages, addresses, generated names …) may all be
    new, if one renaming explains the whole chain. `volatile` and `unordered` are those of the
    expected outputs and the actual ones together. A ValueError if an id appears twice in a run.
    """
    before, after = _by_id(expected), _by_id(actual)
    if before == after:
        return []
    shared = [key for key in before if key in after]
    pairs = [(key, _joint(before[key], after[key])) for key in shared]
    ours = _chain([(key, canonical(left)) for key, (left, _) in pairs])
    theirs = _chain([(key, canonical(right)) for key, (_, right) in pairs])
    broken = [*_missing(before, after), *_statuses(before, after)]
    return broken if same(ours, theirs) else [*broken, *_Explanation().of(ours, theirs)]


def _by_id(outputs: Sequence[Output]) -> dict[str, Output]:
    found = {output.id: output for output in outputs}
    if len(found) < len(outputs):
        raise ValueError("an output's id appears twice in one run")
    return found


def _joint(left: Output, right: Output) -> tuple[Output, Output]:
    """Both outputs under the settings of both, without the lines that timing decides."""
    ours, theirs = without_progress(left.text, right.text)
    volatile = tuple(dict.fromkeys((*left.volatile, *right.volatile)))
    unordered = left.unordered or right.unordered
    return (
        Output(left.id, ours, left.exit, volatile, unordered),
        Output(right.id, theirs, right.exit, volatile, unordered),
    )


def _chain(outputs: Sequence[tuple[str, Group]]) -> Fields:
    return Fields("", 0, "", dict(outputs))


def _missing(before: Mapping[str, Output], after: Mapping[str, Output]) -> Iterator[Difference]:
    for key in before.keys() - after.keys():
        yield Difference(key, "broken", "output", _short(before[key].text), "")
    for key in after.keys() - before.keys():
        yield Difference(key, "broken", "output", "", _short(after[key].text))


def _statuses(before: Mapping[str, Output], after: Mapping[str, Output]) -> Iterator[Difference]:
    for key, left in before.items():
        right = after.get(key, left)
        if left.exit != right.exit:
            yield Difference(key, "broken", "exit status", str(left.exit), str(right.exit))


def _short(text: str) -> str:
    return text if len(text) <= ELLIPSIS else text[: ELLIPSIS - 1] + "…"


class _Explanation:
    """A best effort to name the differences of two chains that are known to differ."""

    def __init__(self) -> None:
        self._identity = Identity()
        self._seen: dict[Value, str] = {}
        self._found: list[Difference] = []
        self._output = ""

    def of(self, expected: Fields, actual: Fields) -> list[Difference]:
        """The differences in reading order; [] only if the search gave up and there are none."""
        for key, left in expected.fields.items():
            self._output, right = key, actual.fields[key]
            if isinstance(right, Group) and isinstance(left, Group):
                self._document(left, right)
        return self._found

    def _document(self, expected: Group, actual: Group) -> None:
        if bool(expected.children) != bool(actual.children):
            kind: Kind = "meaning" if actual.children else "broken"
            self._add(kind, "output", expected if expected.children else None, actual)
        else:
            self._walk(expected, actual)

    def _add(self, kind: Kind, where: str, left: Node | None, right: Node | None) -> None:
        self._found.append(
            Difference(
                self._output,
                kind,
                where,
                _short(left.text) if left else "",
                _short(right.text) if right else "",
                left.line if left else 0,
                right.line if right else 0,
            )
        )

    def _walk(self, expected: Node, actual: Node) -> None:
        match expected, actual:
            case Leaf(), Leaf():
                self._leaf(expected, actual)
            case Fields(), Fields():
                self._fields(expected, actual)
            case Table(), Table():
                self._table(expected, actual)
            case Group(), Group():
                self._group(expected, actual)
            case _:
                printed = "text" in (getattr(expected, "tag", ""), getattr(actual, "tag", ""))
                self._add("meaning" if printed else "format", expected.where, expected, actual)

    def _leaf(self, expected: Leaf, actual: Leaf) -> None:
        if expected.tag != actual.tag and shape(expected.tokens) == shape(actual.tokens):
            where = f"{expected.where} (type: {expected.tag}, now {actual.tag})"
            self._add("format", where, expected, actual)
        elif self._identity.bind(expected.tokens, actual.tokens):
            self._remember(expected)
        else:
            where = expected.where + self._reason(expected.tokens, actual.tokens)
            self._add("meaning", where, expected, actual)

    def _remember(self, leaf: Leaf) -> None:
        for token in leaf.tokens:
            if isinstance(token, Value) and token.key:
                self._seen.setdefault(token, f"{self._output}, {leaf.where}")

    def _reason(self, expected: Tokens, actual: Tokens) -> str:
        """Why two values of one type do not match: what they stood for before."""
        for left, right in self._identity.conflicts(expected, actual):
            if not isinstance(left, Value) or not isinstance(right, Value):
                return ""
            noun = NOUNS.get(left.kind, left.kind.replace("-", " "))
            if partner := self._identity.partner(left):
                return f" (not the {noun} {partner.key} of {self._seen.get(left, 'before')})"
            if origin := self._identity.origin(right):
                return f" (the {noun} of {self._seen.get(origin, 'before')} again)"
        return ""

    def _fields(self, expected: Fields, actual: Fields) -> None:
        for key, left in expected.fields.items():
            right = actual.fields.get(key)
            if right is None:
                self._add("format", f"{left.where} (gone)", left, None)
            else:
                self._walk(left, right)
        for key, right in actual.fields.items():
            if key not in expected.fields:
                self._add("format", f"{right.where} (new)", None, right)

    def _table(self, expected: Table, actual: Table) -> None:
        if expected.columns == actual.columns:
            self._group(expected.rows, actual.rows)
            return
        heads = [Leaf("", table.line, ", ".join(table.columns), ()) for table in (expected, actual)]
        self._add("format", f"{expected.where} columns", heads[0], heads[1])
        shared = set(expected.columns) & set(actual.columns)
        if shared:
            self._group(_only(expected.rows, shared), _only(actual.rows, shared))

    def _group(self, expected: Group, actual: Group) -> None:
        left, right = expected.children, actual.children
        resorted = expected.order != "fixed" and len(left) != len(right)
        if permutable(expected, actual) or resorted:
            pairs = self._likeliest(left, right)
        elif len(left) == len(right):
            pairs = in_order(left, right)
        else:
            pairs = aligned(expected, actual)
        for ours, theirs in pairs:
            if ours and theirs:
                self._walk(ours, theirs)
            elif ours:
                self._add("meaning", f"{ours.where} (gone)", ours, None)
            elif theirs:
                self._add("meaning", f"{theirs.where} (new)", None, theirs)

    def _likeliest(self, left: Sequence[Node], right: Sequence[Node]) -> Pairs:
        """Rows paired with the row most like them; the rest paired with nothing."""
        if len(left) > PAIRED or len(right) > PAIRED:
            return in_order(left, right)
        heap = [
            (self._distance(ours, theirs), abs(i - j), i, j)
            for i, ours in enumerate(left)
            for j, theirs in enumerate(right)
        ]
        heapify(heap)
        chosen: dict[int, int] = {}
        while heap and len(chosen) < min(len(left), len(right)):
            cost, off, i, j = heappop(heap)
            if i in chosen or j in chosen.values():
                continue
            now = self._distance(left[i], right[j])
            if now > cost:
                heappush(heap, (now, off, i, j))
                continue
            chosen[i] = j
            self._tie(left[i], right[j])
        return [
            *((left[i], right[chosen[i]] if i in chosen else None) for i in range(len(left))),
            *((None, right[j]) for j in range(len(right)) if j not in chosen.values()),
        ]

    def _tie(self, expected: Node, actual: Node) -> None:
        """Bind what agrees in two rows taken for one, so that the next choice knows it."""
        for left, right in zip(leaves(expected), leaves(actual), strict=False):
            if self._identity.bind(left.tokens, right.tokens):
                self._remember(left)

    def _distance(self, expected: Node, actual: Node) -> tuple[int, int]:
        """How many leaves differ, and whether the rows differ in kind."""
        ours, theirs = list(leaves(expected)), list(leaves(actual))
        differing = abs(len(ours) - len(theirs))
        for left, right in zip(ours, theirs, strict=False):
            differing += bool(self._identity.conflicts(left.tokens, right.tokens))
        return differing, int(colour_node(expected, {}) != colour_node(actual, {}))


def _only(rows: Group, columns: set[str]) -> Group:
    """The rows with the named columns only."""
    return replace(rows, children=tuple(_row_only(row, columns) for row in rows.children))


def _row_only(row: Node, columns: set[str]) -> Node:
    match row:
        case Fields():
            return replace(row, fields={k: n for k, n in row.fields.items() if k in columns})
        case Group():
            return _only(row, columns)
    return row
