"""A snippet: a file that a reader can run, its settings and its cells."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from kubebook.expect import Expect


@dataclass(frozen=True)
class Volatile:
    """A table column or a path in JSON left out of comparison, with the reason."""

    where: str
    reason: str


@dataclass(frozen=True)
class Cell:
    """One step: `source` is what runs, from `line` on, and `code` what a page shows."""

    id: str
    name: str
    line: int
    source: str
    code: str
    exit: int = 0
    expect: Expect = field(default_factory=Expect)
    unordered: bool = False


@dataclass(frozen=True)
class Snippet:
    """A parsed snippet file; `id` is CHAPTER/NAME, `path` lies at CHAPTER/NAME.{py,sh}."""

    id: str
    path: Path
    language: str
    text: str
    cells: tuple[Cell, ...]
    needs: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    modules: tuple[str, ...] = ()
    cluster: str = ""
    timeout: float | None = None
    volatile: tuple[Volatile, ...] = ()
    tools: tuple[str, ...] = ()
    skip: str = ""
    slow: str = ""

    @property
    def folder(self) -> Path:
        return self.path.parent

    @property
    def command(self) -> str:
        """What a reader types in the chapter's folder."""
        return f"{self.language} {self.path.name}"

    def cell(self, name: str) -> Cell:
        """The cell called `name`, KeyError if there is none."""
        for cell in self.cells:
            if cell.name == name:
                return cell
        names = ", ".join(cell.name for cell in self.cells if cell.name) or "it has none"
        raise KeyError(f'no cell "{name}" in {self.id} (cells: {names})')
