"""Tells where the languages of a book have come apart: each follows the first one, page by page.

    python -m kubebook.parity check docs
    python -m kubebook.parity stamp docs docs/en/CHAPTER/NAME.md

A page has what the page that it follows has, in its own words. `follows` in its front matter is
the hash of the text that it follows: if that text changes, the page is stale until somebody has
brought it up to date and stamped it. The first language is the first of `pages` in kubebook.toml.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from kubebook.book import find_book, load_book
from kubebook.errors import BookError, did_you_mean
from kubebook.kept import Kept
from kubebook.pages import FRONT
from kubebook.text import digest, read_text

if TYPE_CHECKING:
    from kubebook.alike import Difference

FOLLOWS = re.compile(r"^follows:(.*)\n", re.MULTILINE)


@dataclass(frozen=True)
class Drift:
    """What is wrong with a `page` that has come apart from the one it follows.

    It is stale if that one has changed since, unlike it if they differ in more than words, and
    alone if there is but one of them.
    """

    page: Path
    kind: Literal["stale", "unlike", "alone"]
    place: str
    what: str
    hint: str

    def __str__(self) -> str:
        return f"{self.place}: {self.what}\n  {self.hint}"


def languages(docs: Path) -> list[Path]:
    """The folders of the languages in `docs`, the one that others follow first.

    Raises:
        BookError: kubebook.toml names none there.
    """
    pages = load_book(find_book(docs)).pages
    found = [docs / folder.name for folder in pages if folder.parent == docs.resolve()]
    if not found:
        raise BookError("`pages` in kubebook.toml names no folder in it", path=docs)
    return found


def names(folders: Iterable[Path]) -> list[str]:
    """The pages of all languages, by their path in the folder of any of them."""
    return sorted({str(p.relative_to(root)) for root in folders for p in root.rglob("*.md")})


def drifts(folders: Sequence[Path], kept: Kept) -> Iterator[Drift]:
    """Everything that has come apart between the first language and the others.

    Raises:
        BookError: a page is no text.
    """
    for source, page in _pairs(folders):
        yield from page_drifts(source, page, kept)


def page_drifts(source: Path, page: Path, kept: Kept) -> list[Drift]:
    """What is wrong between a page and the one it follows."""
    for missing, other in ((page, source), (source, page)):
        if not missing.is_file():
            hint = f"write {missing}, or remove this page"
            return [Drift(other, "alone", str(other), f"there is no {missing}", hint)]
    return [*_stale(source, page), *_unlike(source, page, kept)]


def stamp(source: Path, page: Path) -> bool:
    """Write into a page which text it follows; false if it says so already."""
    text, new = page_text(page), stamped(page_text(page), mark_of(page_text(source)))
    if new != text:
        page.write_text(new, encoding="utf-8")
    return new != text


def stamped(text: str, mark: str) -> str:
    """The text of a page with the mark of the text that it follows in its front matter."""
    front = FRONT.match(text)
    keys = FOLLOWS.sub("", front[1] or "") if front else ""
    return f"---\n{keys}follows: {mark}\n---\n{text[front.end() :] if front else text}"


def followed(text: str) -> tuple[str, int]:
    """The mark in a page's front matter and its line; "" and 1 if it has none."""
    front = FRONT.match(text)
    mark = FOLLOWS.search(text, 0, front.end()) if front else None
    return (mark[1].strip(" \t\"'"), text.count("\n", 0, mark.start()) + 1) if mark else ("", 1)


def mark_of(text: str) -> str:
    """16 hex digits for the text of a page with its front matter, whose description is read too.

    White space at the end of lines and of the page does not count.
    """
    return digest("\n".join(line.rstrip() for line in text.split("\n")).rstrip())


def page_text(page: Path) -> str:
    """The text of a page, whatever its lines end with."""
    return read_text(page).replace("\r\n", "\n")


def _stale(source: Path, page: Path) -> Iterator[Drift]:
    mark, line = followed(page_text(page))
    if mark != mark_of(page_text(source)):
        what = "the first has changed since the second was stamped" if mark else "never stamped"
        docs = os.path.commonpath((source, page))
        command = f"python -m kubebook.parity stamp {docs} {page}"
        hint = f"bring {page} up to date (git log -p {source}), then: {command}"
        yield Drift(page, "stale", f"{source}:1 and {page}:{line}", what, hint)


def _unlike(source: Path, page: Path, kept: Kept) -> Iterator[Drift]:
    for line, other, this, that in kept(_differences, page_text(source), page_text(page)):
        what = f"{this} against {that}"
        if not this or not that:
            what = f"{this or that} stands only in {source if this else page}"
        place = f"{source}:{line} and {page}:{other}"
        yield Drift(page, "unlike", place, what, "give both pages the same")


def _differences(source: str, page: str) -> list[Difference]:
    from kubebook.alike import differences  # loads a parser: most builds find nothing changed

    return differences(source, page)


def _pairs(folders: Sequence[Path]) -> Iterator[tuple[Path, Path]]:
    """Each page with the one it follows; either may be missing."""
    for follower in folders[1:]:
        for name in names((folders[0], follower)):
            yield folders[0] / name, follower / name


def _named(page: str, folders: Sequence[Path]) -> str:
    """The page that somebody names by a path from here or from the folder of a language."""
    path = Path(page).resolve()
    inside = [path.relative_to(f.resolve()) for f in folders if path.is_relative_to(f.resolve())]
    name, known = str(inside[0] if inside else page), names(folders)
    if name not in known:
        raise BookError("no such page", path=page, hint=did_you_mean(name, known))
    return name


def _stamp(folders: Sequence[Path], pages: Sequence[str], kept: Kept) -> Iterator[Drift]:
    """Stamp the pages that have what they follow has; tell what is wrong with the others."""
    chosen = {folders[0] / _named(page, folders) for page in pages}
    for source, page in _pairs(folders):
        if chosen and source not in chosen:
            continue
        found = [drift for drift in page_drifts(source, page, kept) if drift.kind != "stale"]
        if not found and stamp(source, page):
            print(f"{page} follows {source} as it is now")
        yield from found


def main(arguments: Sequence[str]) -> int:
    """The command: prints what is wrong; 1 if anything is."""
    parser = argparse.ArgumentParser(
        prog="python -m kubebook.parity",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("command", choices=("check", "stamp"))
    parser.add_argument("docs", type=Path, help="the folder with the languages' folders")
    parser.add_argument("pages", nargs="*", help="pages to stamp (all)")
    options = parser.parse_args(arguments)
    try:
        folders = languages(options.docs)
        found = (
            _stamp(folders, options.pages, Kept())
            if options.command == "stamp"
            else drifts(folders, Kept())
        )
        wrong = [print(drift) for drift in found]
    except BookError as error:
        print(error)
        return 1
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
