"""Snippets whose last run in live mode failed: why, and for which key."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path

from kubebook.book import Book
from kubebook.key import snippet_key
from kubebook.library import Library
from kubebook.status import status_of


def broken_of(library: Library, snippet_id: str) -> str:
    """Why a snippet failed as it is now; "" if it did not, changed since, or did run on request."""
    key = snippet_key(library, snippet_id).digest
    with suppress(FileNotFoundError, ValueError):  # no note, or one cut short
        note = json.loads(_note(library.book, snippet_id).read_bytes())
        status = status_of(library, snippet_id)
        ran = (status.recording, status.pending)
        if note["key"] == key and not any(recording and recording.key == key for recording in ran):
            return str(note["text"])
    return ""


def note_broken(library: Library, snippet_id: str, text: str) -> None:
    """Remember why a snippet failed as it is now."""
    note = _note(library.book, snippet_id)
    note.parent.mkdir(parents=True, exist_ok=True)
    content = {"key": snippet_key(library, snippet_id).digest, "text": text}
    note.write_text(json.dumps(content), encoding="utf-8")


def _note(book: Book, snippet_id: str) -> Path:
    return book.state / "broken" / f"{snippet_id}.json"
