"""accept: outputs that were kept aside become the recordings, all of one run together."""

from __future__ import annotations

from dataclasses import dataclass

from kubebook.chain import check_expectations
from kubebook.diff import render_diff
from kubebook.errors import BookError
from kubebook.judge import drift_of
from kubebook.key import snippet_key
from kubebook.library import Library
from kubebook.recording import (
    Recording,
    outputs,
    read_recording,
    remove_recording,
    write_recording,
)
from kubebook.status import pending_folder, pending_of


@dataclass(frozen=True)
class Accepted:
    """A snippet whose recording is new; `text` shows what changed, "" if nothing that counts."""

    id: str
    text: str


def accept(library: Library, ids: tuple[str, ...] = ()) -> list[Accepted]:
    """Take pending outputs as recordings.

    Args:
        ids: snippets to accept, all if empty; what was recorded in one run with them comes along,
            so that a name or an address stays the same wherever a page shows it.

    Raises:
        BookError: nothing is pending for an id, or the snippet changed since it ran.
    """
    pending = {i: new for i in library.snippets if (new := pending_of(library.book, i))}
    if missing := set(ids) - set(pending):
        raise BookError(
            f"nothing to accept for {', '.join(sorted(missing))}",
            hint="first run it: kubebook run ID",
        )
    taken = [
        new
        for i, new in pending.items()
        if not ids or _run_of(library, i) in {_run_of(library, chosen) for chosen in ids}
    ]
    for new in taken:
        _check(library, new)
    return [_take(library, new) for new in taken]


def _run_of(library: Library, snippet_id: str) -> str:
    old = _recorded(library, snippet_id)
    return old.run if old else snippet_id


def _recorded(library: Library, snippet_id: str) -> Recording | None:
    """The recording, None if it is damaged: that is what is being mended."""
    try:
        return read_recording(library.book.recordings, snippet_id)
    except BookError:
        return None


def _check(library: Library, new: Recording) -> None:
    snippet = library[new.id]
    if new.key != snippet_key(library, new.id).digest:
        raise BookError(
            f"{new.id} changed since it ran",
            path=snippet.path,
            line=1,
            hint=f"run it again: kubebook run {new.id}",
        )
    check_expectations(snippet, new.cells)


def _take(library: Library, new: Recording) -> Accepted:
    old = _recorded(library, new.id)
    text = _difference(library, old, new) if old else ""
    write_recording(library.book.recordings, new)
    remove_recording(pending_folder(library.book), new.id)
    return Accepted(new.id, text)


def _difference(library: Library, old: Recording, new: Recording) -> str:
    snippet = library[new.id]
    was, now = outputs(snippet, old.cells), outputs(snippet, new.cells)
    return render_diff(drift_of(library, [(old, new)]), was, now)
