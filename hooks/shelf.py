"""Keeps the finished pages of a language between two builds of `mkdocs serve`."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterable
from pathlib import Path

Mark = tuple[object, ...]


class Shelf:
    """MkDocs wipes the site folder at every build: what need not be built again waits here.

    `site` is the site folder, `languages` maps a language to its folder in it: "" for the root,
    which owns everything but the other languages' folders.
    """

    def __init__(self, site: Path, languages: dict[str, str]) -> None:
        self.site, self.languages = site, languages
        self._room = tempfile.TemporaryDirectory(prefix="kubebook-")
        self._marks: dict[str, Mark] = {}

    def take(self, language: str, mark: Mark) -> bool:
        """Move a language's pages here if their sources still bear the same `mark`."""
        if self._marks.get(language) != mark:
            self._marks.pop(language, None)
            shutil.rmtree(self._place(language), ignore_errors=True)
            return False
        # After a build that failed half-way they are still here.
        if not self._place(language).exists():
            self._place(language).mkdir()
            _move(self._owned(language), self._place(language))
        return True

    def put_back(self, language: str) -> None:
        """Move a language's pages back, over what MkDocs left in their place."""
        target = self.site / self.languages[language]
        target.mkdir(parents=True, exist_ok=True)
        _move(self._place(language).iterdir(), target)
        self._place(language).rmdir()

    def remember(self, language: str, mark: Mark) -> None:
        """The pages that now lie in the site folder were made from sources with this mark."""
        self._marks[language] = mark

    def close(self) -> None:
        """Remove what is kept."""
        self._room.cleanup()

    def _place(self, language: str) -> Path:
        return Path(self._room.name) / language

    def _owned(self, language: str) -> list[Path]:
        folder = self.languages[language]
        others = {other for other in self.languages.values() if other} if not folder else set()
        return [path for path in (self.site / folder).iterdir() if path.name not in others]


def mark_of(paths: Iterable[Path]) -> Mark:
    """What tells whether any file at or under `paths` changed: names, sizes and times."""
    files = (file for path in paths for file in (path.rglob("*") if path.is_dir() else (path,)))
    return tuple(
        (str(file), stat.st_mtime_ns, stat.st_size)
        for file in sorted(files)
        if file.is_file() and "__pycache__" not in file.parts and (stat := file.stat())
    )


def _move(paths: Iterable[Path], target: Path) -> None:
    for path in list(paths):
        old = target / path.name
        if old.is_dir():
            shutil.rmtree(old)
        old.unlink(missing_ok=True)
        shutil.move(path, old)
