"""Charts of recorded tables as SVG, a time line and bars, in the colours of their page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from wcwidth import wcswidth

from kubebook.spans import seconds

ROW = 30  # units of the picture between two rows; about a pixel on a wide screen
LETTER = 7.6  # width of a letter of the code font at its size in the style sheet
READABLE = 10 / 13  # pixels for a unit: letters are 13 units high
EDGE = 12
LENGTH = 320  # of a time line from its first to its last moment
LONGEST, SHORTEST = 240, 100  # the longest bar of a chart, as a phone leaves room for it
PHONE = 358 / READABLE  # units that a phone shows at once

Rows = Sequence[tuple[str, ...]]  # of two texts each


def timeline(rows: Rows, title: str) -> str:
    """Moments down a line, their distances to scale as far as their texts leave room.

    Args:
        rows: (time, event), in order of time; times as `kubebook.spans.seconds` reads them.
        title: what the picture shows, for a caption and for who cannot see it.

    Raises:
        ValueError: no rows, or what is not a span of time.
    """
    moments = _numbers(rows, 0)
    scale = LENGTH / max(max(moments) - min(moments), 1e-9)
    heights: list[float] = []
    for moment in moments:
        wanted = ROW + (moment - min(moments)) * scale
        heights.append(max(wanted, heights[-1] + ROW) if heights else ROW)
    line = EDGE + _width(time for time, _ in rows) + 16
    marks = [f'<path d="M{line:.0f} {heights[0]:.0f}V{heights[-1]:.0f}"/>']
    for (time, event), y in zip(rows, heights, strict=True):
        marks += [
            f'<circle cx="{line:.0f}" cy="{y:.0f}" r="5"/>',
            _text(line - 16, y, time, "end"),
            _text(line + 16, y, event),
        ]
    width = line + 16 + _width(event for _, event in rows) + EDGE
    return _figure("timeline", marks, width, heights[-1] + ROW, rows, title)


def bars(rows: Rows, title: str) -> str:
    """A bar for each row, as long as its number: next to long names all are shorter.

    Args:
        rows: (name, number); a number may carry a unit that all share: 12, 12%, 3.4s.
        title: as for `timeline`.

    Raises:
        ValueError: no rows, or what is not a number.
    """
    numbers = _numbers(rows, 1)
    start = EDGE + _width(name for name, _ in rows) + 12
    ends = 8 + _width(text for _, text in rows) + EDGE
    longest = min(LONGEST, max(SHORTEST, PHONE - start - ends))
    marks = []
    for row, ((name, text), number) in enumerate(zip(rows, numbers, strict=True)):
        y = ROW * (row + 1)
        length = longest * max(number, 0) / (max(numbers) or 1)
        marks += [
            _text(start - 12, y, name, "end"),
            f'<rect x="{start:.0f}" y="{y - 9}" width="{max(length, 2):.0f}" height="18"/>',
            _text(start + max(length, 2) + 8, y, text),
        ]
    return _figure("bars", marks, start + longest + ends, ROW * (len(rows) + 1), rows, title)


def _numbers(rows: Rows, column: int) -> list[float]:
    if not rows:
        raise ValueError("the table has no rows to draw")
    return [seconds(row[column].removesuffix("%")) for row in rows]


def _width(texts: Iterable[str]) -> float:
    return LETTER * max(max(wcswidth(text), 0) for text in texts)


def _text(x: float, y: float, text: str, anchor: str = "start") -> str:
    return f'<text x="{x:.0f}" y="{y:.0f}" text-anchor="{anchor}">{escape(text)}</text>'


def _figure(
    kind: str, marks: list[str], width: float, height: float, rows: Rows, title: str
) -> str:
    said = "; ".join(f"{left}: {right}" for left, right in rows)
    return (
        f'<figure class="kb-chart kb-chart--{kind}"><svg role="img" aria-label="{escape(title)}. '
        f'{escape(said)}" viewBox="0 0 {width:.0f} {height:.0f}" width="{width:.0f}" '
        f'style="min-width:{width * READABLE:.0f}px">'
        f"{''.join(marks)}</svg><figcaption>{escape(title)}</figcaption></figure>\n"
    )
