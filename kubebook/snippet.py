"""A snippet: a file that a reader can run, its settings and its cells."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from kubebook.expect import Expect
from kubebook.text import digest


@dataclass(frozen=True)
class Volatile:
    """A table column or a path in JSON left out of comparison, with the reason."""

    where: str
    reason: str


@dataclass(frozen=True)
class Cell:
    """One step: `source` is what runs, from `line` on, and `code` what a page shows.

    With `settle` an output counts once as many reads in a row say the same, and what is expected.
    """

    id: str
    name: str
    line: int
    source: str
    code: str
    exit: int = 0
    expect: Expect = field(default_factory=Expect)
    unordered: bool = False
    settle: int = 0

    @property
    def counted(self) -> str:
        """What of it can change an output."""
        settle = f"\0{self.settle}" if self.settle else ""
        return f"{self.name}\0{self.code}\0{self.exit}{settle}"


@dataclass(frozen=True)
class Snippet:
    """A parsed snippet file; `id` is CHAPTER/NAME, `path` lies at CHAPTER/NAME.{py,sh}.

    `modules` are the book's files that it imports, named like `files` from its folder; `helpers`
    those of the installed kubebook, named from the package. `skip_in` pairs languages with the
    reason in them, `skip` is the one for tools.
    """

    id: str
    path: Path
    language: str
    text: str
    cells: tuple[Cell, ...]
    needs: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    modules: tuple[str, ...] = ()
    helpers: tuple[str, ...] = ()
    cluster: str = ""
    timeout: float | None = None
    volatile: tuple[Volatile, ...] = ()
    tools: tuple[str, ...] = ()
    skip: str = ""
    skip_in: tuple[tuple[str, str], ...] = ()
    slow: str = ""

    @property
    def folder(self) -> Path:
        return self.path.parent

    @property
    def command(self) -> str:
        """What a reader types in the chapter's folder."""
        return f"{self.language} {self.path.name}"

    def why_skipped(self, language: str) -> str:
        """The reason why it is not run in a reader's language; "" if it is."""
        return dict(self.skip_in).get(language, self.skip)

    @property
    def digest(self) -> str:
        """Hash of what runs: the command, and each cell's name, code, exit and `settle`.

        Nothing else in the settings changes an output, a comment among them neither. (It may move
        a line number in an error message: a check finds that.)
        """
        return digest(self.command, *(cell.counted for cell in self.cells))

    def cell(self, name: str) -> Cell:
        """The cell called `name`, KeyError if there is none."""
        for cell in self.cells:
            if cell.name == name:
                return cell
        names = ", ".join(cell.name for cell in self.cells if cell.name) or "it has none"
        raise KeyError(f'no cell "{name}" in {self.id} (cells: {names})')


@dataclass(frozen=True)
class Key:
    """`digest` changes whenever one of `inputs` (part → its hash) does."""

    digest: str
    inputs: dict[str, str]
