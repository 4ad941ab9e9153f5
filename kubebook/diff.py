"""A diff of cells: the lines that differ, in each only the cells that do, and a little around.

monitoring/nodes
  meaning: table row 2 (worker), column STATUS: Ready → NotReady
  | NAME            STATUS     AGE
  | control-plane   Ready      5m
  - worker          Ready      4m
                    ^^^^^
  + worker          NotReady   4m
                    ^^^^^^^^
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from rich.text import Text
from wcwidth import wcswidth, wcwidth

from kubebook.canonical import Output
from kubebook.canonical.pairing import common
from kubebook.drift import Difference
from kubebook.places import Place, Places
from kubebook.text import VISIBLE

MOST_HUNKS = 40  # of one output
MOST_LINES = 8  # of one value
MOST_COLUMNS = 160  # of a line; of a longer one the part around the change is shown
MOST_OF_A_VALUE = 60  # characters, where it is named in a sentence
MARKS = re.compile(r" {4}[ ^]*\^")
SIGNED = re.compile(r"  (?P<sign>[-+|]) ")
STYLES = {"-": "red", "+": "green"}

Span = tuple[int, int]


def render_diff(
    differences: Sequence[Difference], expected: Sequence[Output], actual: Sequence[Output]
) -> str:
    """The differences in plain text, output by output; "" if there are none.

    `^` marks the cells that differ, in columns of a terminal (Hangul takes two). What a snippet
    printed stands behind a sign (`-` was, `+` is, `|` around), never at the start of a line.
    """
    before = {output.id: Places(output) for output in expected}
    after = {output.id: Places(output) for output in actual}
    nothing = Places(Output("", ""))
    lines: list[str] = []
    for name in dict.fromkeys(difference.output for difference in differences):
        found = [difference for difference in differences if difference.output == name]
        lines += [name, *_Hunks(before.get(name, nothing), after.get(name, nothing)).of(found)]
    return "\n".join(lines)


def changed_lines(
    differences: Sequence[Difference], expected: Output, actual: Output
) -> Iterator[str]:
    """The lines in which two outputs differ, each right behind its sign, as in a unified diff.

    `-` was, `+` is, a space is around. Of a change of exit status nothing is said.
    """
    shown = [d for d in differences if d.where != "exit status"]
    for line in _Hunks(Places(expected), Places(actual), facts=False).of(shown):
        if not MARKS.fullmatch(line):
            yield line[2].replace("|", " ") + line[4:]


def fact(difference: Difference, *, values: bool = True) -> str:
    """A difference in one line: its class, its place, what was there and what is."""
    text = f"{difference.kind}: {difference.where}"
    if values and not _one_sided(difference):
        old, new = difference.expected, difference.actual
        text += f": {_named(old, new)} → {_named(new, old)}"
    return " ".join(text.split()).translate(VISIBLE)


def _one_sided(difference: Difference) -> bool:
    return difference.where.endswith((" (gone)", " (new)"))


def paint(text: str) -> Text:
    """A diff or an error in colours: in place of `^` marks the cells that differ are coloured."""
    painted, lines = Text(), text.split("\n")
    for line, marks in zip(lines, [*lines[1:], ""], strict=True):
        if MARKS.fullmatch(line):
            continue
        shown, sign = Text(line + "\n"), SIGNED.match(line)
        if not line.startswith(" "):
            shown.stylize("bold")
        elif sign and sign["sign"] == "|":
            shown.stylize("dim")
        elif sign:
            style = STYLES[sign["sign"]]
            shown.stylize(style, 2, 3)
            for start, end in _marked(line, marks) if MARKS.fullmatch(marks) else [(4, len(line))]:
                shown.stylize(f"bold {style}", start, end)
        painted.append_text(shown)
    painted.rstrip()
    return painted


@dataclass
class _Line:
    """The lines of one side that belong together, and what differs in the first."""

    line: int
    last: int
    spans: list[Span] = field(default_factory=list)


class _Hunks:
    """The diff of one output: pairs of lines in the order of the differences.

    Without `facts` it speaks in no language: the lines alone, and the values that have none.
    """

    def __init__(self, before: Places, after: Places, *, facts: bool = True) -> None:
        self.before, self.after, self.facts = before, after, facts
        self.shown: set[tuple[Places, int]] = set()

    def of(self, differences: list[Difference]) -> Iterator[str]:
        pairs: dict[tuple[int, int], list[Difference]] = {}
        changed: dict[tuple[Places, int], _Line] = {}
        for difference in differences:
            old, new = self._sides(difference)
            pairs.setdefault((old.line if old else 0, new.line if new else 0), []).append(
                difference
            )
            for side, place, other in (
                (self.before, old, self.after.at(new) if new else ""),
                (self.after, new, self.before.at(old) if old else ""),
            ):
                if place:
                    line = changed.setdefault((side, place.line), _Line(place.line, place.last))
                    line.last = max(line.last, place.last)
                    if not _one_sided(difference) and place.line == place.last:
                        first, last = _changed(side.at(place), other)
                        line.spans.append((place.start + first, place.start + last))
        for (side, number), line in changed.items():
            self.shown.update((side, n) for n in range(number, line.last + 1))
        ordered = sorted(pairs.items(), key=lambda pair: max(pair[0]))
        for (before, after), same in ordered[:MOST_HUNKS]:
            yield from self._hunk(
                same, changed.get((self.before, before)), changed.get((self.after, after))
            )
        if rest := sum(len(same) for _, same in ordered[MOST_HUNKS:]):
            yield f"  … and {rest} differences more" if self.facts else "  | …"

    def _sides(self, difference: Difference) -> tuple[Place | None, Place | None]:
        where = difference.where
        old = self.before.find(where, difference.expected_line, difference.expected)
        new = self.after.find(where, difference.actual_line, difference.actual)
        return (
            None if where.endswith(" (new)") else old,
            None if where.endswith(" (gone)") else new,
        )

    def _hunk(
        self, differences: list[Difference], old: _Line | None, new: _Line | None
    ) -> Iterator[str]:
        for difference in differences if self.facts else ():
            whole_line = (old or new) is not None and difference.where.startswith("line ")
            yield f"  {fact(difference, values=not whole_line)}"
        side, line = (self.after, new) if new else (self.before, old)
        if line:
            yield from self._around(side, side.header(line.line), line.line - 1)
        yield from self._side("-", self.before, old, [d.expected for d in differences])
        yield from self._side("+", self.after, new, [d.actual for d in differences])
        if line:
            yield from self._around(side, line.last + 1)

    def _around(self, side: Places, *numbers: int) -> Iterator[str]:
        for number in numbers:
            known = 0 < number <= len(side.lines) and side.lines[number - 1].strip()
            if known and (side, number) not in self.shown:
                self.shown.add((side, number))
                yield from _printed("|", side.lines[number - 1], [])

    def _side(
        self, sign: str, side: Places, line: _Line | None, values: list[str]
    ) -> Iterator[str]:
        """The line as printed; without one the values alone, if they say more than the fact."""
        if line:
            lines = side.lines[line.line - 1 : line.last]
        else:
            told = [value for value in values if "\n" in value or not self.facts]
            lines = [part for value in told for part in value.splitlines()]
        for number, text in enumerate(lines[:MOST_LINES]):
            yield from _printed(sign, text, line.spans if line and number == 0 else [])
        if len(lines) > MOST_LINES:
            more = f" {len(lines) - MOST_LINES} more lines" if self.facts else ""
            yield f"  {sign} …{more}"


def _printed(sign: str, line: str, spans: list[Span]) -> Iterator[str]:
    """A line behind its sign, and the marks under it."""
    start = 0
    if len(line) > MOST_COLUMNS:
        start = max(min((s for s, _ in spans), default=0) - MOST_COLUMNS // 4, 0)
    cut = line[start : start + MOST_COLUMNS]
    head, tail = "…" * (start > 0), "…" * (start + len(cut) < len(line))
    yield f"  {sign} {head}{_flat(cut)}{tail}".rstrip()
    marks = ""
    for first, last in sorted(set(spans)):
        here = len(head) + _width(_flat(cut[: first - start]))
        there = len(head) + _width(_flat(cut[: max(last - start, 0)]))
        marks = marks.ljust(here) + "^" * (there - max(here, len(marks)))
    if marks.strip():
        yield "    " + marks


def _marked(line: str, marks: str) -> Iterator[Span]:
    """The runs of characters that stand above marks."""
    column, start = 0, -1
    for index, char in enumerate(line + " "):
        above = marks[column : column + 1] == "^"
        if above and start < 0:
            start = index
        elif not above and start >= 0:
            yield start, index
            start = -1
        column += max(wcwidth(char), 0)


def _flat(text: str) -> str:
    """Text in which every character has a width that a terminal agrees on."""
    return text.translate(VISIBLE).expandtabs()


def _width(text: str) -> int:
    return max(wcswidth(text), 0)


def _named(value: str, other: str) -> str:
    """A value in a sentence; of a long one the part that differs."""
    if len(value) > MOST_OF_A_VALUE:
        first, last = _changed(value, other)
        last = min(last, first + MOST_OF_A_VALUE)
        value = "…" * (first > 0) + value[first:last] + "…" * (last < len(value))
    return value.strip() or "nothing"


def _changed(value: str, other: str) -> Span:
    """The span of `value` without the words that both begin and end with; all if none differ."""
    spans = [match.span() for match in re.finditer(r"\S+", value)]
    words, others = value.split(), other.split()
    head = common(words, others)
    rest = min(len(words), len(others)) - head
    tail = min(common(words[::-1], others[::-1]), rest)
    changed = spans[head : len(spans) - tail]
    return (changed[0][0], changed[-1][1]) if changed else (0, len(value) * (words == others))
