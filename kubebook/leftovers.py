"""Scratch folders, each with a note that its process locked: what a killed run left is found."""

from __future__ import annotations

import fcntl
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from kubebook.book import Book

PREFIX = "kubebook-"
NOTE = ".note"


@contextmanager
def scratch(book: Book, run: str) -> Iterator[Path]:
    """A folder in TMPDIR for the time of the block; `run` is a name that nobody else has."""
    root = Path(tempfile.gettempdir()) / f"{PREFIX}{run[:12]}"
    notes = _notes(book)
    notes.mkdir(parents=True, exist_ok=True)
    half = notes / run
    with half.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.write(str(root))
        file.flush()
        note = half.rename(half.with_suffix(NOTE))
        try:
            root.mkdir(mode=0o700)
            yield root
        finally:
            shutil.rmtree(root, ignore_errors=True)
            note.unlink()


def leftovers(book: Book) -> Iterator[str]:
    """Runs whose process is gone; once the caller goes on, their folders are too."""
    for note in _notes(book).glob(f"*{NOTE}"):
        with suppress(FileNotFoundError), note.open() as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:  # it lives
                continue
            yield note.stem
            if (root := Path(file.read())).name.startswith(PREFIX):
                shutil.rmtree(root, ignore_errors=True)
            note.unlink()


def _notes(book: Book) -> Path:
    return book.state / "sandboxes"
