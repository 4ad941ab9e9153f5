"""Where a snippet stands: recorded, stale, missing or skipped; and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from kubebook.book import Book
from kubebook.key import changed_inputs, snippet_key
from kubebook.library import Library
from kubebook.recording import CellRecord, Recording, paths, read_recording, read_verified
from kubebook.snippet import Cell, Snippet

State = Literal["recorded", "missing", "stale", "skipped"]


@dataclass(frozen=True)
class Status:
    """`recording` is what git holds, `pending` a newer output of this machine, not accepted yet;
    `verified` says when a cluster last printed the recorded output; `changed` why it is stale;
    `broken` why the last run in live mode failed."""

    snippet: Snippet
    state: State
    recording: Recording | None
    verified: Mapping[str, str] | None
    changed: tuple[str, ...] = ()
    pending: Recording | None = None
    broken: str = ""


def status_of(library: Library, snippet_id: str) -> Status:
    """Compare a snippet's key with its recording's; nothing runs.

    Raises:
        BookError: unknown snippet, or a recording that is not as a run wrote it.
    """
    snippet, book = library[snippet_id], library.book
    recording = read_recording(book.recordings, snippet_id)
    pending = pending_of(book, snippet_id)
    if snippet.skip:
        return Status(snippet, "skipped", recording, None)
    if recording is None:
        return Status(snippet, "missing", None, None, pending=pending)
    key = snippet_key(library, snippet_id)
    changed = changed_inputs(dict(recording.inputs), key.inputs)
    verified = read_verified(book).get(snippet_id)
    if verified and verified["key"] != recording.key:
        verified = None
    return Status(
        snippet, "stale" if changed else "recorded", recording, verified, changed, pending
    )


def shown_recording(status: Status, *, live: bool) -> Recording | None:
    """The recording that a page shows: the one in git, in live mode a newer one of this machine."""
    return status.pending if live and status.pending else status.recording


def find_record(recording: Recording | None, cell: Cell) -> CellRecord | None:
    """What a recording holds of a cell; None if the cell is newer."""
    records = recording.cells if recording else ()
    return next((record for record in records if record.name == cell.name), None)


def pending_of(book: Book, snippet_id: str) -> Recording | None:
    """The output of this machine that waits to be accepted, None if there is none."""
    folder = pending_folder(book)
    if not paths(folder, snippet_id)[0].exists():  # the .out alone: a removal that was cut off
        return None
    return read_recording(folder, snippet_id)


def pending_folder(book: Book) -> Path:
    """Where outputs wait that differ from what is recorded."""
    return book.state / "pending"
