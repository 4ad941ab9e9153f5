"""What a chain printed against what is recorded of it, snippet by snippet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC
from pathlib import Path
from typing import Literal

from kubebook.book import Book
from kubebook.chain import ChainRun
from kubebook.diff import render_diff
from kubebook.drift import Difference, Kind, compare
from kubebook.errors import BookError
from kubebook.library import Library
from kubebook.recording import (
    Recording,
    outputs,
    paths,
    read_recording,
    remove_recording,
    restamp,
    write_recording,
)
from kubebook.status import pending_folder

Outcome = Literal["same", "recorded", "drift", "broken", "skipped"]


KINDS: tuple[Kind, ...] = ("broken", "meaning", "format")  # the worst first


@dataclass(frozen=True)
class Result:
    """What became of one snippet.

    `text` is a diff or an error, `reason` why it was skipped. `path` (below the book's folder, or
    absolute outside of it) and `line` (from 1, 0 is unknown) are what an author has to look at,
    `lines` those of the outputs that differ, by id. `key` is that of the snippet as it ran, `at`
    when it printed this (UTC, ISO 8601, "" if it did not come to that), `seconds` how long it ran.
    """

    id: str
    outcome: Outcome
    text: str = ""
    reason: str = ""
    kubernetes: str = ""
    flavour: str = ""
    seconds: float = 0.0
    differences: tuple[Difference, ...] = ()
    path: str = ""
    line: int = 0
    lines: Mapping[str, int] = field(default_factory=dict)
    key: str = ""
    at: str = ""

    @property
    def failed(self) -> bool:
        return self.outcome in ("drift", "broken")

    @property
    def kind(self) -> Kind | Literal[""]:
        """The class of what failed: that of its worst difference; "" if nothing did."""
        if not self.failed:
            return ""
        found = {difference.kind for difference in self.differences}
        return next((kind for kind in KINDS if kind in found), "broken")


@dataclass(frozen=True)
class Pair:
    """What a snippet printed and what is recorded of it; `damage` says why that is unreadable."""

    new: Recording
    old: Recording | None
    damage: BookError | None = None


def judge(library: Library, ran: ChainRun, *, keep: bool) -> Iterator[Result]:
    """Compare what a chain printed with the recordings and speak for each of its snippets.

    Names and addresses hold over all that was recorded in one run, so that is compared, kept
    aside and accepted together.

    Args:
        keep: whether to write: what had no recording is recorded, what drifted kept aside.
    """
    for group in _groups(library, ran):
        found = drift_of(library, [(pair.old, pair.new) for pair in group if pair.old])
        for pair in group:
            if keep:
                _keep(library, pair, drifted=bool(found or pair.damage))
            mine = [d for d in found if d.output.split("#")[0] == pair.new.id]
            yield _verdict(library, pair, mine, keep=keep)
    if ran.fault:
        yield _broken(library, ran.chain[len(ran.recordings)].id, ran.fault)


def _groups(library: Library, ran: ChainRun) -> list[list[Pair]]:
    """Old and new recordings of a chain, those together that were recorded in one run."""
    groups: dict[str, list[Pair]] = {}
    for new in ran.recordings:
        pair = _pair(library.book, new)
        groups.setdefault(pair.old.run if pair.old else "", []).append(pair)
    return list(groups.values())


def _pair(book: Book, new: Recording) -> Pair:
    if not all(path.exists() for path in paths(book.recordings, new.id)):
        return Pair(new, None)  # deleted, if only half of it
    try:
        return Pair(new, read_recording(book.recordings, new.id))
    except BookError as error:
        return Pair(new, None, damage=error)


def drift_of(library: Library, both: Sequence[tuple[Recording, Recording]]) -> list[Difference]:
    """Cells that came or went, and what differs where the outputs can be laid side by side.

    Args:
        both: an old and a new recording of each snippet, all old ones of one run, all new ones too.
    """
    moved = [(old, new) for old, new in both if _names(old) != _names(new)]
    same = [(old, new) for old, new in both if _names(old) == _names(new)]
    was = [output for old, _ in same for output in outputs(library[old.id], old.cells)]
    now = [output for _, new in same for output in outputs(library[new.id], new.cells)]
    return [
        *(Difference(n.id, "format", "cells", _names(o), _names(n)) for o, n in moved),
        *compare(was, now),
    ]


def _names(recording: Recording) -> str:
    return ", ".join(cell.name for cell in recording.cells)


def _keep(library: Library, pair: Pair, *, drifted: bool) -> None:
    book, old, new = library.book, pair.old, pair.new
    if drifted:
        write_recording(pending_folder(book), new)
        return
    remove_recording(pending_folder(book), new.id)
    if old is None:
        write_recording(book.recordings, new)
    elif old.key != new.key:
        write_recording(book.recordings, restamp(old, new.key, new.inputs))


def _verdict(library: Library, pair: Pair, found: list[Difference], *, keep: bool) -> Result:
    old, new = pair.old, pair.new
    snippet, where = library[new.id], new.provenance
    outcome: Outcome = "same" if old else "recorded" if keep else "broken"
    text = "" if old or keep else f"{new.id} has no recording\n  make one: kubebook run {new.id}"
    path, cells = snippet.path, {cell.id: cell.line for cell in snippet.cells}
    lines = {d.output: cells.get(d.output, 1) for d in found}
    if old and found:
        outcome = "drift"
        text = render_diff(found, outputs(snippet, old.cells), outputs(snippet, new.cells))
    line = min(lines.values(), default=int(outcome == "broken"))
    if pair.damage:
        outcome, text = "drift", _text(library.book, pair.damage)
        path, line = Path(pair.damage.path or path), pair.damage.line or 1
    return Result(
        id=new.id,
        outcome=outcome,
        text=text,
        kubernetes=where.kubernetes,
        flavour=where.flavour,
        seconds=round(sum(cell.duration for cell in new.cells), 2),
        differences=tuple(found),
        path=_inside(library.book, path),
        line=line,
        lines=lines,
        key=new.key,
        at=where.recorded.astimezone(UTC).isoformat(timespec="seconds"),
    )


def _broken(library: Library, snippet_id: str, fault: BookError) -> Result:
    path = Path(fault.path or library[snippet_id].path)
    return Result(
        id=snippet_id,
        outcome="broken",
        text=_text(library.book, fault),
        path=_inside(library.book, path),
        line=fault.line or 1,
    )


def _text(book: Book, fault: BookError) -> str:
    """The error as it reads on every machine."""
    return str(fault).replace(f"{book.root}/", "")


def _inside(book: Book, path: Path) -> str:
    return str(path.relative_to(book.root) if path.is_relative_to(book.root) else path)
