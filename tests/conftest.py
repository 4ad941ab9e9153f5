"""Fixtures of all tests: a small book in a temporary folder, and what this machine can run."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from kubebook.book import Book, load_book
from kubebook.engine import find_engine
from kubebook.library import Library, load_library

ROOT = Path(__file__).parent.parent
SETTINGS = 'name = "mini"\nkubernetes = "1.37"\npages = []\n[profiles.single]\nworkers = 0\n'
NONE = '# /// kubebook\n# cluster = "none"\n{settings}# ///\n{code}'


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Live tests need an engine: without one they are skipped by name, or fail if required."""
    live = [item for item in items if item.get_closest_marker("live")]
    if not live or not (fault := find_engine().fault):
        return
    if "live" in os.environ.get("KUBEBOOK_REQUIRE", ""):
        pytest.exit(f"live tests are required, but {fault}: {find_engine().fix}", returncode=2)
    for item in live:
        # The one skip of the suite: no engine, no cluster. CI sets KUBEBOOK_REQUIRE=live.
        item.add_marker(pytest.mark.skip(reason=f"{fault}; mend it: {find_engine().fix}"))


class MiniBook:
    """A book in a folder of its own, written file by file."""

    def __init__(self, root: Path) -> None:
        self.root = root
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


@pytest.fixture
def mini(tmp_path: Path) -> MiniBook:
    return MiniBook(tmp_path / "book")


@pytest.fixture(scope="session")
def new_mini(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], MiniBook]:
    return lambda: MiniBook(tmp_path_factory.mktemp("book"))
