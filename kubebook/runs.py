"""run and check: what is stale is run, what drifts is shown, nothing changes by itself."""

from __future__ import annotations

import json
import os
import random
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from threading import Event, Semaphore

from filelock import FileLock, Timeout

from kubebook.book import Book
from kubebook.chain import Chain, ChainRun, needs, run_chain, seconds, slow, why_skipped
from kubebook.errors import BookError
from kubebook.judge import Result, judge
from kubebook.library import Library
from kubebook.pool import Pool, open_pool, pool_size
from kubebook.progress import step
from kubebook.recording import finish_writes, read_recording
from kubebook.report import record_verified
from kubebook.sandbox import Room
from kubebook.status import pending_folder, status_of

Report = Callable[[Result], None]


def run(
    library: Library,
    ids: tuple[str, ...] = (),
    report: Report = lambda _: None,
    *,
    pool: int = 0,
) -> list[Result]:
    """Run `ids`, or what is stale or missing, and record what had no recording.

    An output that differs in meaning from its recording is kept aside for `accept`.

    Args:
        pool: chains that run side by side; 0 for as many as this machine carries.
    """
    return _run(library, ids or stale(library), report, Way(keep=True, pool=pool))


def stale(library: Library) -> tuple[str, ...]:
    """Ids of the snippets without a recording of what they are now."""
    return tuple(i for i in library.snippets if _state(library, i) in ("stale", "missing"))


def check(
    library: Library,
    ids: tuple[str, ...] = (),
    *,
    record: bool = False,
    report: Report = lambda _: None,
    pool: int = 0,
    shuffle: int | None = None,
) -> list[Result]:
    """Run everything (or `ids`) and compare; only `record` writes: when it was seen.

    Args:
        pool: chains that run side by side; 0 for as many as this machine carries.
        shuffle: start the chains in an order drawn with this seed; no result may depend on it.
    """
    wanted = ids or tuple(library.snippets)
    for snippet_id in wanted:  # a damaged recording is said before any cluster is made
        read_recording(library.book.recordings, library[snippet_id].id)
    results = _run(library, wanted, report, Way(keep=False, pool=pool, shuffle=shuffle))
    if record:
        record_verified(library, results)
    return results


@dataclass(frozen=True)
class Way:
    """How chains are run: whether recordings are written, how many at once, in what order."""

    keep: bool
    pool: int = 0
    shuffle: int | None = None


def _run(library: Library, ids: tuple[str, ...], report: Report, way: Way) -> list[Result]:
    skipped = [r for i in dict.fromkeys(ids) if (r := _skip(library, i))]
    for result in skipped:
        report(result)
    left = tuple(i for i in ids if i not in {r.id for r in skipped})
    chains = library.chains(left) if left else []
    results: dict[str, Result] = {}
    with alone(library.book):
        for folder in (library.book.recordings, pending_folder(library.book)):
            finish_writes(folder)
        for ran in _side_by_side(library, chains, way):
            for result in judge(library, ran, keep=way.keep):
                if result.id in results and not result.failed:
                    continue
                results[result.id] = result
                if result.id in left or result.failed:
                    report(result)
    return [*skipped, *results.values()]


def _side_by_side(library: Library, chains: list[Chain], way: Way) -> Iterator[ChainRun]:
    """Run chains on a pool and give their runs in the order of `chains`, whichever ends first.

    So the run that is recorded of a shared beginning does not depend on the pool.
    """
    order = _starting_order(library, chains, way)
    asked = tuple(filter(None, (needs(library, chain) for chain in order)))
    stop = Event()
    size = min(way.pool or pool_size(asked), len(chains)) or 1
    # Of several, one more is made ready or cleaned up after while the others run
    room, threads = Semaphore(size), ThreadPoolExecutor(size + (size > 1))
    with open_pool(library.book, size, asked, stop) as pool, threads as workers:
        futures = {
            chain[-1].id: workers.submit(_one, library, chain, pool, room) for chain in order
        }
        try:
            for chain in chains:
                yield futures[chain[-1].id].result()
        except BaseException:
            stop.set()
            workers.shutdown(cancel_futures=True)
            raise


def _one(library: Library, chain: Chain, pool: Pool, room: Room) -> ChainRun:
    with step(chain[-1].id, ends=False) as now:  # its end is judged, and reported as such
        return run_chain(library, chain, pool, now, room)


def _starting_order(library: Library, chains: list[Chain], way: Way) -> list[Chain]:
    """Slow chains first, then by what they took when they were recorded: the last end together."""
    if way.shuffle is not None:
        return random.Random(way.shuffle).sample(chains, len(chains))
    return sorted(chains, key=lambda chain: (not slow(chain), -seconds(library, chain)))


def _state(library: Library, snippet_id: str) -> str:
    try:
        return status_of(library, snippet_id).state
    except BookError:
        return "missing"


def _skip(library: Library, snippet_id: str) -> Result | None:
    reason = why_skipped(library.chain(library[snippet_id].id))
    return Result(snippet_id, "skipped", reason=reason) if reason else None


@contextmanager
def alone(book: Book) -> Iterator[None]:
    """One run at a time for a book.

    Raises:
        BookError: another run is at work; with its process and since when.
    """
    book.state.mkdir(parents=True, exist_ok=True)
    note = book.state / "run.json"
    lock = FileLock(book.state / "run.lock", timeout=0)
    try:
        lock.acquire()
    except Timeout:
        other = json.loads(note.read_text()) if note.exists() else {}
        raise BookError(
            f"another run is at work here, since {other.get('since', '?')}",
            hint=f"wait until it is done, or end it: kill {other.get('pid', '')}",
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
