"""Modules that a Python snippet imports from its own folder: they count as its files."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from kubebook.errors import BookError
from kubebook.text import read_text


def imported_modules(path: Path) -> tuple[str, ...]:
    """Python files of the same folder that `path` imports, directly or through one another."""
    found: dict[str, None] = {}
    todo = [path]
    while todo:
        for name in _imports(todo.pop()):
            for candidate in (path.parent / f"{name}.py", path.parent / name / "__init__.py"):
                relative = str(candidate.relative_to(path.parent))
                if candidate.is_file() and relative not in found:
                    found[relative] = None
                    todo.append(candidate)
    return tuple(sorted(found))


def _imports(path: Path) -> Iterator[str]:
    try:
        tree = ast.parse(read_text(path))
    except SyntaxError as error:
        raise BookError(f"syntax error: {error.msg}", path=path, line=error.lineno) from None
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name.replace(".", "/") for alias in node.names)
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = (node.module or "").replace(".", "/")
            yield from filter(None, (base, base.split("/")[0]))
            yield from (f"{base}/{alias.name}".lstrip("/") for alias in node.names)
