"""run and check: what is stale is run, what drifts is shown, nothing changes by itself."""

from __future__ import annotations

import json
import os
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout

from kubebook.book import Book
from kubebook.chain import run_chain
from kubebook.errors import BookError
from kubebook.judge import Result, judge
from kubebook.key import snippet_key
from kubebook.library import Library
from kubebook.pool import open_pool
from kubebook.recording import read_recording, read_verified, write_verified
from kubebook.status import status_of

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
    wanted = ids or tuple(library.snippets)
    for snippet_id in wanted:  # a damaged recording is said before any cluster is made
        read_recording(library.book.recordings, library[snippet_id].id)
    results = _run(library, wanted, report, keep=False)
    if record:
        _record_verified(library, results)
    return results


def _run(library: Library, ids: tuple[str, ...], report: Report, *, keep: bool) -> list[Result]:
    skipped = [r for i in dict.fromkeys(ids) if (r := _skip(library, i))]
    for result in skipped:
        report(result)
    left = tuple(i for i in ids if i not in {r.id for r in skipped})
    chains = library.chains(left) if left else []
    expected = Counter(library.profile_name(chain) for chain in chains)
    results: dict[str, Result] = {}
    with _alone(library.book), open_pool(library.book, dict(expected)) as pool:
        for chain in chains:
            for result in judge(library, run_chain(library, chain, pool), keep=keep):
                if result.id in results and not result.failed:
                    continue
                results[result.id] = result
                if result.id in left or result.failed:
                    report(result)
    return [*skipped, *results.values()]


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
    half = note.with_suffix(".half")
    half.write_text(json.dumps({"pid": os.getpid(), "since": since}))
    half.replace(note)
