"""Modules that a Python snippet imports: they count as inputs without being listed."""

from __future__ import annotations

import ast
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypedDict

from kubebook.errors import BookError
from kubebook.kept import Kept
from kubebook.text import read_text

PACKAGE = Path(__file__).parent


class Names(TypedDict):
    """What a Python text names: its imports, in functions too, each as the level of a relative one
    and the parts of the name; the folders of sys.path.append("…") and sys.path.insert(0, "…")."""

    imports: list[tuple[int, list[str]]]
    folders: list[str]


def names_in(text: str) -> Names:
    """The names in a Python text; SyntaxError if it is none."""
    nodes = list(ast.walk(ast.parse(text)))
    return {"imports": list(_imports(nodes)), "folders": list(_added(nodes))}


@dataclass(frozen=True)
class Imports:
    """Finds what Python files import; looks at each place once, however many name it."""

    kept: Kept
    _known: dict[tuple[object, ...], tuple[Path, ...]] = field(default_factory=dict)
    _read: dict[Path, Names] = field(default_factory=dict)

    def names(self, path: Path, text: str) -> Names:
        """The names in a file; BookError with its line if it is no Python."""
        try:
            return self.kept(names_in, text)
        except SyntaxError as error:
            raise BookError(
                f"syntax error: {error.msg}",
                path=path,
                line=error.lineno or 1,
                hint=f"try it: python -m py_compile {path.name}",
            ) from None

    def of(self, path: Path, text: str) -> tuple[Path, ...]:
        """Files of the book and of kubebook that a snippet imports, also through one another.

        They are looked for where a reader's Python finds them: in the snippet's folder, in folders
        that it adds to sys.path as plain text, in snippets/ itself; relative imports in the
        importing package. What it finds in any other way is not there when the engine runs it:
        that is an error, not an input that nobody counts.
        """
        snippets = path.parent.parent
        start = self.names(path, text)
        folders = (path.parent, *(path.parent / name for name in start["folders"]), snippets)
        found, todo = {path: None}, [path]
        while todo:
            importing = todo.pop()
            names = start if importing == path else self._names(importing)
            for level, name in names["imports"]:
                places = tuple(importing.parents[level - 1 : level]) if level else folders
                places = (PACKAGE.parent,) if name[0] == PACKAGE.name else places
                files = self._files(tuple(name), places)
                new = dict.fromkeys(file for file in files if file not in found)
                found |= new
                todo += new
        return tuple(sorted(file for file in found if file != path and _counts(file, snippets)))

    def _names(self, path: Path) -> Names:
        if path not in self._read:
            self._read[path] = self.names(path, read_text(path))
        return self._read[path]

    def _files(self, name: tuple[str, ...], places: tuple[Path, ...]) -> tuple[Path, ...]:
        if (name, places) not in self._known:
            self._known[name, places] = tuple(_files(name, places))
        return self._known[name, places]


def _counts(file: Path, snippets: Path) -> bool:
    ours = file.is_relative_to(PACKAGE) and file.stem != "__init__"
    return ours or file.is_relative_to(snippets)


def _files(name: tuple[str, ...], places: Iterable[Path]) -> Iterator[Path]:
    """What Python runs to import a.b.c: a, a.b and a.b.c, each a package or a file."""
    for end in range(1, len(name) + 1):
        stems = [os.path.normpath(place.joinpath(*name[:end])) for place in places]
        files = [Path(stem + ending) for stem in stems for ending in ("/__init__.py", ".py")]
        yield from [file for file in files if file.is_file()][:1]


def _imports(nodes: Iterable[ast.AST]) -> Iterator[tuple[int, list[str]]]:
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from ((0, alias.name.split(".")) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module.split(".") if node.module else []
            yield from ((node.level, [*base, alias.name]) for alias in node.names)


def _added(nodes: Iterable[ast.AST]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, ast.Call) and _is_sys_path(node.func):
            texts = [a.value for a in node.args if isinstance(a, ast.Constant)]
            yield from (text for text in texts if isinstance(text, str))


def _is_sys_path(function: ast.expr) -> bool:
    dotted = isinstance(function, ast.Attribute) and isinstance(function.value, ast.Attribute)
    return dotted and ast.unparse(function).startswith("sys.path.")
