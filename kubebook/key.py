"""A snippet's key: a hash over all that git holds and that can change its output."""

from __future__ import annotations

import json
import os
import re
from dataclasses import asdict
from functools import cache
from pathlib import Path
from stat import S_IXUSR

from kubebook.book import Book
from kubebook.errors import BookError
from kubebook.library import Library
from kubebook.modules import PACKAGE
from kubebook.snippet import Key, Snippet
from kubebook.text import digest


def snippet_key(library: Library, snippet_id: str) -> Key:
    """The key of a snippet; what a machine happens to have is no part of it."""
    return _key(library, library[snippet_id])


def changed_inputs(old: dict[str, str], new: dict[str, str]) -> tuple[str, ...]:
    """Names of the parts that differ, that are new or that are gone."""
    return tuple(sorted(part for part in {*old, *new} if old.get(part) != new.get(part)))


def _key(library: Library, snippet: Snippet) -> Key:
    if snippet.id not in library.keys:
        inputs = {
            "code": snippet.digest,
            "profile": _profile(library, snippet),
            "kubernetes": library.book.kubernetes,
        }
        for name in (*snippet.files, *snippet.modules):
            inputs[f"file {name}"] = _file(snippet.folder / name)
        for name in snippet.helpers:
            inputs[f"helper kubebook/{name}"] = _file(PACKAGE / name)
        for need in snippet.needs:
            inputs[f"needs {need}"] = _key(library, library[need]).digest
        if len(snippet.needs) > 1:
            inputs["order of needs"] = " ".join(snippet.needs)
        for tool in library.book.tools:
            inputs[f"tool {tool}"] = _locked(library.book, tool)
        for name in library.book.env:
            inputs[f"variable {name}"] = digest(os.environ[name]) if name in os.environ else "unset"
        library.keys[snippet.id] = Key(digest(json.dumps(inputs, sort_keys=True)), inputs)
    return library.keys[snippet.id]


def _file(path: Path) -> str:
    """Hash of a file's bytes, and of whether it can be executed: git holds both."""
    mode = ("executable",) if path.stat().st_mode & S_IXUSR else ()
    return digest(path.read_bytes(), *mode)


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
