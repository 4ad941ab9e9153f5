"""Counted places that several processes share, each a locked file: whoever dies gives his back."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event

from filelock import FileLock, Timeout

POLL = 0.1


def try_lock(path: Path) -> FileLock | None:
    """A held lock, or None if somebody else holds it; any thread may release it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    lock = FileLock(path, timeout=0, thread_local=False)
    try:
        lock.acquire()
    except Timeout:
        return None
    return lock


@contextmanager
def slot(folder: Path, size: int, stop: Event) -> Iterator[None]:
    """One of `size` places; waits until one is free. KeyboardInterrupt once `stop` is set."""
    lock = None
    while not lock:
        if stop.is_set():
            raise KeyboardInterrupt
        tries = (try_lock(folder / f"slot-{n}.lock") for n in range(size))
        if not (lock := next(filter(None, tries), None)):
            time.sleep(POLL)
    try:
        yield
    finally:
        lock.release()
