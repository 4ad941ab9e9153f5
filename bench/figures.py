"""A figure of the bench: what was seen, and what was to be reached."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """`target` is the most that is right, or if `exact` the only thing; without one the figure is
    there to compare with."""

    what: str
    seen: float | str
    unit: str = ""
    target: float | None = None
    exact: bool = False

    @property
    def mark(self) -> str:
        """✓, ✗, or nothing where there is no target."""
        if self.target is None or isinstance(self.seen, str):
            return ""
        right = self.seen == self.target if self.exact else self.seen <= self.target
        return "✓" if right else "✗"

    def row(self) -> list[str]:
        """The figure as cells of a table."""
        target = (
            ""
            if self.target is None
            else f"{'=≤'[not self.exact]} {_number(self.target)} {self.unit}"
        )
        seen = self.seen if isinstance(self.seen, str) else f"{_number(self.seen)} {self.unit}"
        return [self.what, seen.rstrip(), target.rstrip(), self.mark]


def table(title: str, figures: Sequence[Figure]) -> str:
    """Figures under a title, in columns."""
    rows = [[title, "seen", "target", ""], *(figure.row() for figure in figures)]
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    lines = (
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    )
    return "\n".join(lines)


def _number(value: float) -> str:
    if value == int(value):
        return str(int(value))
    return f"{value:.3f}" if abs(value) < 10 else f"{value:.1f}"
