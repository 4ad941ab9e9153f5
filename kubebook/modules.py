"""Modules that a Python snippet imports: they count as inputs without being listed."""

from __future__ import annotations

import ast
import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from kubebook.errors import BookError
from kubebook.text import read_text

PACKAGE = Path(__file__).parent


def imported_modules(path: Path) -> tuple[Path, ...]:
    """Files of the book and of kubebook that a snippet imports, directly or through one another.

    They are looked for where a reader's Python finds them: in the snippet's folder, in folders
    that it adds to sys.path as plain text, in snippets/ itself; relative imports in the importing
    package. What it finds in any other way is not there when the engine runs it: that is an error,
    not an input that nobody counts.
    """
    snippets = path.parent.parent
    folders = (path.parent, *_added(path), snippets)
    found, todo = {path: None}, [path]
    while todo:
        importing = todo.pop()
        for level, name in _imports(importing):
            places = importing.parents[level - 1 : level] if level else folders
            places = (PACKAGE.parent,) if name[0] == PACKAGE.name else places
            new = dict.fromkeys(file for file in _files(name, places) if file not in found)
            found |= new
            todo += new
    return tuple(sorted(file for file in found if file != path and _counts(file, snippets)))


def _counts(file: Path, snippets: Path) -> bool:
    ours = file.is_relative_to(PACKAGE) and file.stem != "__init__"
    return ours or file.is_relative_to(snippets)


def _files(name: tuple[str, ...], places: Iterable[Path]) -> Iterator[Path]:
    """What Python runs to import a.b.c: a, a.b and a.b.c, each a package or a file."""
    for end in range(1, len(name) + 1):
        stems = [os.path.normpath(place.joinpath(*name[:end])) for place in places]
        files = [Path(stem + ending) for stem in stems for ending in ("/__init__.py", ".py")]
        yield from [file for file in files if file.is_file()][:1]


def _imports(path: Path) -> Iterator[tuple[int, tuple[str, ...]]]:
    """All imports, in functions too: the level of a relative one, and the parts of the name."""
    for node in ast.walk(_tree(path)):
        if isinstance(node, ast.Import):
            yield from ((0, tuple(alias.name.split("."))) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module.split(".") if node.module else []
            yield from ((node.level, (*base, alias.name)) for alias in node.names)


def _added(path: Path) -> Iterator[Path]:
    """Folders that sys.path.append("…") and sys.path.insert(0, "…") name."""
    for node in ast.walk(_tree(path)):
        if isinstance(node, ast.Call) and ast.unparse(node.func).startswith("sys.path."):
            texts = [a.value for a in node.args if isinstance(a, ast.Constant)]
            yield from (path.parent / text for text in texts if isinstance(text, str))


def _tree(path: Path) -> ast.Module:
    try:
        return ast.parse(read_text(path))
    except SyntaxError as error:
        raise BookError(f"syntax error: {error.msg}", path=path, line=error.lineno) from None
