"""Cells that have to settle: read again until enough reads in a row say the same."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from kubebook.diff import render_diff
from kubebook.drift import compare
from kubebook.expect import unmet
from kubebook.recording import CellRecord, outputs
from kubebook.snippet import Cell, Snippet

PAUSE, GROWTH, LONGEST = 0.2, 1.5, 3.0  # seconds between two reads


@dataclass
class Settling:
    """The reads of a run, by the number of their cell.

    A driver that has read a cell writes N.exit and waits at N.ask, a pipe, for "again" or "on":
    the pause before the answer is the pause between two reads.
    """

    snippet: Snippet
    place: Path
    record: Callable[[int], CellRecord]
    reads: dict[int, list[CellRecord]] = field(default_factory=dict)
    _asked: dict[int, tuple[int, float, bool]] = field(default_factory=dict)
    _done: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        for number, cell in enumerate(self.snippet.cells):
            if cell.settle:
                os.mkfifo(self.place / f"{number}.ask")
                self.reads[number] = []

    def answer(self) -> None:
        """Take new reads and answer those whose time has come; to be called again and again."""
        for number in self.reads.keys() - self._done:
            if number in self._asked:
                self._reply(number)
            elif (self.place / f"{number}.exit").exists():
                self._take(number)

    def close(self) -> None:
        """Nobody waits for an answer any more."""
        for pipe, *_ in self._asked.values():
            os.close(pipe)

    def unsettled(self, reached: int) -> Cell | None:
        """The first of the `reached` cells whose output does not count."""
        left = (n for n in self.reads if n < reached and not self._settled(n))
        return next((self.snippet.cells[number] for number in left), None)

    def trouble(self, cell: Cell) -> str:
        """What keeps a cell from settling: what its last read lacks, or its last two differ in."""
        *_, was, now = [None, None, *self.reads[self.snippet.cells.index(cell)]]
        if now and (fault := _fault(cell, now)):
            return f"{fault}\n{now.output}"
        if not was or not now:
            return ""
        both = [outputs(self.snippet, (read,)) for read in (was, now)]
        found = compare(*both)
        return f"its last two reads differ\n{render_diff(found, *both)}" if found else ""

    def _settled(self, number: int) -> bool:
        """The last reads say the same, and what they have to: else 0/3 replicas would do."""
        cell = self.snippet.cells[number]
        last = self.reads[number][-cell.settle :]
        if len(last) < cell.settle or _fault(cell, last[-1]):
            return False
        first, *others = (outputs(self.snippet, (read,)) for read in last)
        return not any(compare(first, other) for other in others)

    def _take(self, number: int) -> None:
        try:
            pipe = os.open(self.place / f"{number}.ask", os.O_WRONLY | os.O_NONBLOCK)
        except OSError:  # it has written N.exit and does not wait yet
            return
        pause = min(PAUSE * GROWTH ** len(self.reads[number]), LONGEST)
        self._asked[number] = (pipe, time.monotonic() + pause, False)
        self.reads[number].append(self.record(number))
        if self._settled(number):
            self._asked[number] = (pipe, 0, True)

    def _reply(self, number: int) -> None:
        pipe, due, settled = self._asked[number]
        if time.monotonic() < due:
            return
        if settled:
            self._done.add(number)
        else:
            (self.place / f"{number}.exit").unlink()  # the next read writes its own
        with suppress(BrokenPipeError):  # it was killed meanwhile
            os.write(pipe, b"on\n" if settled else b"again\n")
        os.close(pipe)
        del self._asked[number]


def _fault(cell: Cell, read: CellRecord) -> str:
    """What a read lacks of what its cell has to print; "" if nothing."""
    if read.exit != cell.exit:
        return f"it ends with status {read.exit}, not {cell.exit}"
    return "".join(f"its output {fault}" for fault in unmet(cell.expect, read.output)[:1])
