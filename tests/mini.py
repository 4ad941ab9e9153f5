"""A small book in a folder of its own, written file by file."""

from __future__ import annotations

from pathlib import Path

from kubebook.book import Book, load_book
from kubebook.library import Library, load_library

SETTINGS = 'name = "mini"\nkubernetes = "1.37"\npages = []\n[profiles.single]\nworkers = 0\n'
NONE = '# /// kubebook\n# cluster = "none"\n{settings}# ///\n{code}'


class MiniBook:
    """A book in a folder of its own, written file by file."""

    def __init__(self, root: Path) -> None:
        self.root = root
        if not (root / "kubebook.toml").exists():
            self.write("kubebook.toml", SETTINGS)

    def write(self, name: str, text: str) -> Path:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def snippet(self, name: str, code: str, settings: str = "") -> Path:
        """A snippet of chapter `one` that needs no cluster; any output is expected."""
        if "expect" not in settings and "# %%" not in code:
            settings += "expect = { matches = ['(?s).*'] }\n"
        lines = "".join(f"# {line}\n" for line in settings.splitlines())
        return self.write(f"snippets/one/{name}", NONE.format(settings=lines, code=code))

    @property
    def book(self) -> Book:
        return load_book(self.root)

    @property
    def library(self) -> Library:
        return load_library(self.book)
