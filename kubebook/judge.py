"""What a chain printed against what is recorded of it, snippet by snippet."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from kubebook.book import Book
from kubebook.chain import ChainRun
from kubebook.drift import Difference, compare, render_diff
from kubebook.errors import BookError
from kubebook.library import Library
from kubebook.recording import (
    Recording,
    outputs,
    read_recording,
    remove_recording,
    restamp,
    write_recording,
)
from kubebook.status import pending_folder

Outcome = Literal["same", "recorded", "drift", "broken", "skipped"]


@dataclass(frozen=True)
class Result:
    """What became of one snippet; `text` is a diff or an error, `reason` why it was skipped."""

    id: str
    outcome: Outcome
    text: str = ""
    reason: str = ""
    kubernetes: str = ""
    flavour: str = ""
    seconds: float = 0.0
    differences: tuple[Difference, ...] = ()

    @property
    def failed(self) -> bool:
        return self.outcome in ("drift", "broken")


def judge(library: Library, ran: ChainRun, *, keep: bool) -> Iterator[Result]:
    """Compare what a chain printed with the recordings and speak for each of its snippets.

    Names and addresses hold over all that was recorded in one run, so that is compared, kept
    aside and accepted together.

    Args:
        keep: whether to write: what had no recording is recorded, what drifted kept aside.
    """
    for group in _groups(library, ran, lenient=keep):
        found = _shape(group) or _drift(library, group)
        for old, new in group:
            if keep and old:
                _keep(library, old, new, drifted=bool(found))
            elif keep:
                write_recording(library.book.recordings, new)
            mine = [d for d in found if d.output.split("#")[0] == new.id]
            yield _verdict(library, old, new, mine, keep=keep)
    if ran.fault:
        yield Result(ran.chain[len(ran.recordings)].id, "broken", text=str(ran.fault))


Pair = tuple[Recording | None, Recording]


def _groups(library: Library, ran: ChainRun, *, lenient: bool) -> list[list[Pair]]:
    """Old and new recordings of a chain, those together that were recorded in one run."""
    groups: dict[str, list[Pair]] = {}
    for new in ran.recordings:
        old = recorded(library.book, new.id, lenient=lenient)
        groups.setdefault(old.run if old else "", []).append((old, new))
    return list(groups.values())


def _drift(library: Library, group: list[Pair]) -> list[Difference]:
    known = [(old, new) for old, new in group if old]
    was = [output for old, _ in known for output in outputs(library[old.id], old.cells)]
    now = [output for _, new in known for output in outputs(library[new.id], new.cells)]
    return compare(was, now)


def _shape(group: list[Pair]) -> list[Difference]:
    """Cells that came or went, where the outputs cannot be laid side by side."""
    found = []
    for old, new in group:
        was, now = ([cell.name for cell in (r or new).cells] for r in (old, new))
        if was != now:
            found.append(Difference(new.id, "format", "cells", ", ".join(was), ", ".join(now)))
    return found


def _keep(library: Library, old: Recording, new: Recording, *, drifted: bool) -> None:
    book = library.book
    if drifted:
        write_recording(pending_folder(book), new)
        return
    remove_recording(pending_folder(book), new.id)
    if old.key != new.key:
        write_recording(book.recordings, restamp(old, new.key, new.inputs))


def _verdict(
    library: Library, old: Recording | None, new: Recording, found: list[Difference], *, keep: bool
) -> Result:
    snippet, where = library[new.id], new.provenance
    outcome: Outcome = "drift" if found else "same" if old else "recorded" if keep else "broken"
    text = "" if old or keep else f"{new.id} has no recording\n  make one: kubebook run {new.id}"
    if old and found:
        text = render_diff(found, outputs(snippet, old.cells), outputs(snippet, new.cells))
    return Result(
        id=new.id,
        outcome=outcome,
        text=text,
        kubernetes=where.kubernetes,
        flavour=where.flavour,
        seconds=sum(cell.duration for cell in new.cells),
        differences=tuple(found),
    )


def recorded(book: Book, snippet_id: str, *, lenient: bool) -> Recording | None:
    """The recording; with `lenient` a damaged one counts as missing, so that a run mends it."""
    try:
        return read_recording(book.recordings, snippet_id)
    except BookError:
        if lenient:
            return None
        raise
