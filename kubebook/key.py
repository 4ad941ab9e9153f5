"""A snippet's key: a hash over all that git holds and that can change its output."""

from __future__ import annotations

import hashlib
import json
import os
import re
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path

from kubebook.book import Book
from kubebook.errors import BookError
from kubebook.library import Library
from kubebook.snippet import Snippet


@dataclass(frozen=True)
class Key:
    """`digest` changes whenever one of `inputs` (part → its hash) does."""

    digest: str
    inputs: dict[str, str]


def snippet_key(library: Library, snippet_id: str) -> Key:
    """The key of a snippet; what a machine happens to have is no part of it."""
    return _key(library, library[snippet_id], {})


def changed_inputs(old: dict[str, str], new: dict[str, str]) -> tuple[str, ...]:
    """Names of the parts that differ, that are new or that are gone."""
    return tuple(sorted(part for part in {*old, *new} if old.get(part) != new.get(part)))


def _key(library: Library, snippet: Snippet, done: dict[str, Key]) -> Key:
    if snippet.id not in done:
        inputs = {
            "code": _hash(
                snippet.command, *(f"{c.name}\0{c.code}\0{c.exit}" for c in snippet.cells)
            ),
            "profile": _profile(library, snippet),
            "kubernetes": library.book.kubernetes,
        }
        for name in (*snippet.files, *snippet.modules):
            inputs[f"file {name}"] = _hash(
                (snippet.folder / name).read_text(encoding="utf-8", errors="replace")
            )
        for need in snippet.needs:
            inputs[f"needs {need}"] = _key(library, library[need], done).digest
        for tool in library.book.tools:
            inputs[f"tool {tool}"] = _locked(library.book, tool)
        for name in library.book.env:
            inputs[f"variable {name}"] = _hash(os.environ.get(name, ""))
        done[snippet.id] = Key(_hash(json.dumps(inputs, sort_keys=True)), inputs)
    return done[snippet.id]


def _profile(library: Library, snippet: Snippet) -> str:
    name = library.profile_name(library.chain(snippet.id))
    return (
        "none"
        if name == "none"
        else json.dumps(asdict(library.book.profiles[name]), sort_keys=True)
    )


def _locked(book: Book, tool: str) -> str:
    versions = _lock(book.lock, book.lock.stat().st_mtime_ns if book.lock.exists() else 0)
    if tool not in versions:
        raise BookError(
            f'tool "{tool}" is not in the lock',
            path=book.lock,
            hint="name a package of the lock in kubebook.toml: tools = […]",
        )
    return versions[tool]


@cache
def _lock(path: Path, _changed: int) -> dict[str, str]:
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    return dict(re.findall(r"^([A-Za-z0-9._-]+)==([^\s\\]+)", text, re.MULTILINE))


def _hash(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]
