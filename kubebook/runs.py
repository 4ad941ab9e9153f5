"""run, check and accept: what is stale is run, what drifts is shown, nothing changes by itself."""

from __future__ import annotations

import json
import os
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from filelock import FileLock, Timeout

from kubebook.book import Book
from kubebook.chain import ChainRun, check_expectations, run_chain
from kubebook.drift import Difference, compare, render_diff
from kubebook.errors import BookError
from kubebook.key import snippet_key
from kubebook.library import Library
from kubebook.pool import open_pool
from kubebook.recording import (
    Recording,
    outputs,
    paths,
    read_recording,
    read_verified,
    restamp,
    write_recording,
    write_verified,
)
from kubebook.snippet import Snippet
from kubebook.status import pending_folder, status_of

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


Report = Callable[[Result], None]


def run(
    library: Library, ids: tuple[str, ...] = (), report: Report = lambda _: None
) -> list[Result]:
    """Run `ids`, or what is stale or missing, and record what had no recording.

    An output that differs in meaning from its recording is kept aside for `accept`.
    """
    wanted = ids or stale(library)
    return _run(library, wanted, report, keep=True) if wanted else []


def stale(library: Library) -> tuple[str, ...]:
    """Ids of the snippets without a recording of what they are now."""
    return tuple(i for i in library.snippets if _state(library, i) in ("stale", "missing"))


def check(
    library: Library,
    ids: tuple[str, ...] = (),
    *,
    record: bool = False,
    report: Report = lambda _: None,
) -> list[Result]:
    """Run everything (or `ids`) and compare; only `record` writes: when it was seen."""
    results = _run(library, ids or tuple(library.snippets), report, keep=False)
    if record:
        _record_verified(library, results)
    return results


def accept(library: Library, ids: tuple[str, ...] = ()) -> list[Result]:
    """Take outputs that were kept aside as the new recordings; each result shows what changed."""
    book = library.book
    pending = [
        i for i in ids or tuple(library.snippets) if paths(pending_folder(book), i)[0].exists()
    ]
    if missing := set(ids) - set(pending):
        raise BookError(
            f"nothing to accept for {', '.join(sorted(missing))}",
            hint="first run it: kubebook run ID",
        )
    return [_accept(library, snippet_id) for snippet_id in pending]


def _run(library: Library, ids: tuple[str, ...], report: Report, *, keep: bool) -> list[Result]:
    skipped = [r for i in ids if (r := _skip(library, i))]
    for result in skipped:
        report(result)
    left = tuple(i for i in ids if i not in {r.id for r in skipped})
    chains = [c for c in library.chains(left) if not any(s.skip for s in c)] if left else []
    expected = Counter(library.profile_name(chain) for chain in chains)
    results: dict[str, Result] = {}
    with _alone(library.book), open_pool(library.book, dict(expected)) as pool:
        for chain in chains:
            for result in _judge(library, run_chain(library, chain, pool), keep=keep):
                if result.id in results and not result.failed:
                    continue
                results[result.id] = result
                if result.id in left or result.failed:
                    report(result)
    return [*skipped, *results.values()]


def _judge(library: Library, ran: ChainRun, *, keep: bool) -> Iterator[Result]:
    """Compare a chain as a whole, since identity holds over it; then speak for each snippet."""
    old = {r.id: _recorded(library.book, r.id, lenient=keep) for r in ran.recordings}
    known = [r for r in ran.recordings if old[r.id]]
    expected = [o for r in known if (was := old[r.id]) for o in outputs(library[r.id], was.cells)]
    actual = [o for r in known for o in outputs(library[r.id], r.cells)]
    found = _compare_shape(old, known) or compare(expected, actual)
    for new in ran.recordings:
        yield _verdict(
            library,
            old[new.id],
            new,
            [d for d in found if _snippet_of(d.output) == new.id],
            keep=keep,
        )
    if ran.fault:
        yield Result(ran.chain[len(ran.recordings)].id, "broken", text=str(ran.fault))


def _verdict(
    library: Library, old: Recording | None, new: Recording, found: list[Difference], *, keep: bool
) -> Result:
    book, snippet = library.book, library[new.id]
    seconds = sum(cell.duration for cell in new.cells)
    where = {
        "kubernetes": new.provenance.kubernetes,
        "flavour": new.provenance.flavour,
        "seconds": seconds,
    }
    if old is None:
        if not keep:
            return Result(
                new.id,
                "broken",
                text=f"{new.id} has no recording\n  make one: kubebook run {new.id}",
            )
        write_recording(book.recordings, new)
        _drop_pending(book, new.id)
        return Result(new.id, "recorded", **where)  # type: ignore[arg-type]
    if found:
        if keep:
            write_recording(pending_folder(book), new)
        text = render_diff(found, outputs(snippet, old.cells), outputs(snippet, new.cells))
        return Result(new.id, "drift", text=text, differences=tuple(found), **where)  # type: ignore[arg-type]
    if keep:
        _drop_pending(book, new.id)
        if old.key != new.key:
            write_recording(book.recordings, restamp(old, new.key, new.inputs))
    return Result(new.id, "same", **where)  # type: ignore[arg-type]


def _compare_shape(old: dict[str, Recording | None], new: list[Recording]) -> list[Difference]:
    """Cells that came or went, where the outputs cannot be laid side by side."""
    found = []
    for recording in new:
        was = [c.name for c in (old[recording.id] or recording).cells]
        now = [c.name for c in recording.cells]
        if was != now:
            found.append(
                Difference(recording.id, "format", "cells", ", ".join(was), ", ".join(now))
            )
    return found


def _accept(library: Library, snippet_id: str) -> Result:
    book, snippet = library.book, library[snippet_id]
    new = read_recording(pending_folder(book), snippet_id)
    assert new, "listed just before"
    if new.key != snippet_key(library, snippet_id).digest:
        raise BookError(
            f"{snippet_id} changed since it ran",
            path=snippet.path,
            hint=f"run it again: kubebook run {snippet_id}",
        )
    check_expectations(snippet, new.cells)
    old = _recorded(book, snippet_id, lenient=True)
    text = _difference(snippet, old, new) if old else ""
    write_recording(book.recordings, new)
    _drop_pending(book, snippet_id)
    return Result(snippet_id, "recorded", text=text)


def _difference(snippet: Snippet, old: Recording, new: Recording) -> str:
    names = {cell.name for cell in snippet.cells} & {cell.name for cell in old.cells}
    was = outputs(snippet, tuple(c for c in old.cells if c.name in names))
    now = outputs(snippet, tuple(c for c in new.cells if c.name in names))
    return render_diff(compare(was, now), was, now)


def _recorded(book: Book, snippet_id: str, *, lenient: bool) -> Recording | None:
    """The recording; with `lenient` a damaged one counts as missing, so that a run mends it."""
    try:
        return read_recording(book.recordings, snippet_id)
    except BookError:
        if lenient:
            return None
        raise


def _state(library: Library, snippet_id: str) -> str:
    try:
        return status_of(library, snippet_id).state
    except BookError:
        return "missing"


def _skip(library: Library, snippet_id: str) -> Result | None:
    chain = library.chain(library[snippet_id].id)
    for snippet in chain:
        absent = [tool for tool in snippet.tools if not shutil.which(tool)]
        reason = snippet.skip or (f"needs {', '.join(absent)}" if absent else "")
        if reason:
            return Result(snippet_id, "skipped", reason=reason)
    return None


def _record_verified(library: Library, results: list[Result]) -> None:
    verified = {k: v for k, v in read_verified(library.book).items() if k in library.snippets}
    now = datetime.now(UTC).isoformat(timespec="seconds")
    for result in results:
        if result.outcome == "same":
            key = snippet_key(library, result.id).digest
            verified[result.id] = {
                "at": now,
                "kubernetes": result.kubernetes,
                "flavour": result.flavour,
                "key": key,
            }
    write_verified(library.book, verified)


def _drop_pending(book: Book, snippet_id: str) -> None:
    for path in paths(pending_folder(book), snippet_id):
        path.unlink(missing_ok=True)


def _snippet_of(output_id: str) -> str:
    return output_id.split("#", maxsplit=1)[0]


@contextmanager
def _alone(book: Book) -> Iterator[None]:
    """One run at a time for a book."""
    book.state.mkdir(parents=True, exist_ok=True)
    note = book.state / "run.json"
    lock = FileLock(book.state / "run.lock", timeout=0)
    try:
        lock.acquire()
    except Timeout:
        other = json.loads(note.read_text()) if note.exists() else {}
        raise BookError(
            f"another run is at work here, since {other.get('since', '?')}",
            hint=f"wait until it is done, or end it: kill -INT {other.get('pid', '')}",
        ) from None
    try:
        _write_note(note)
        yield
    finally:
        note.unlink(missing_ok=True)
        lock.release()


def _write_note(note: Path) -> None:
    since = datetime.now(UTC).isoformat(timespec="seconds")
    note.write_text(json.dumps({"pid": os.getpid(), "since": since}))
