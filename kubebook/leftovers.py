"""What a killed run leaves in this machine's folders, found by a note that its process locked."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from kubebook.book import Book

NOTE = ".note"


@contextmanager
def noted(book: Book, run: str, root: Path) -> Iterator[None]:
    """While the block runs, a note of the run and its folder, locked by this process."""
    notes = _notes(book)
    notes.mkdir(parents=True, exist_ok=True)
    half = notes / run
    with half.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.write(str(root))
        file.flush()
        note = half.rename(half.with_suffix(NOTE))
        try:
            yield
        finally:
            note.unlink()


def leftovers(book: Book) -> Iterator[tuple[str, Path]]:
    """Runs whose process is gone, with their folders; each is forgotten once the caller goes on."""
    for note in _notes(book).glob(f"*{NOTE}"):
        with suppress(FileNotFoundError), note.open() as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:  # it lives
                continue
            yield note.stem, Path(file.read())
            note.unlink()


def _notes(book: Book) -> Path:
    return book.state / "sandboxes"
