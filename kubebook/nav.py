"""In which order a reader meets what a book shows, and where: the `nav` of its mkdocs.yml."""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kubebook.errors import BookError
from kubebook.kept import Kept
from kubebook.library import Library
from kubebook.pages import SHOWS, Calls
from kubebook.text import read_text

ANCHOR = re.compile(r"^#+ .*\{[^{}]*#([\w-]+)[^{}]*\} *$", re.MULTILINE)


@dataclass(frozen=True)
class Way:
    """The way of a reader through a book, from its first page to its last.

    `pages` are paths below a language's folder ("monitoring/token.md"), `snippets` ids in the
    order in which they are first shown. `addresses` say where, by the ids of snippets and of cells:
    "monitoring/token/#account", below the address of the book.
    """

    pages: tuple[str, ...]
    snippets: tuple[str, ...]
    addresses: Mapping[str, str]


def way(library: Library, calls: Calls | None = None, kept: Kept | None = None) -> Way:
    """How a book goes, in its first language.

    Raises:
        BookError: mkdocs.yml is not YAML, or a page calls a macro with anything but texts.
    """
    book, known = library.book, calls or Calls()
    pages, addresses = [], dict[str, str]()
    for root in book.pages[:1]:
        pages = _in_order(root, _nav(book.root / "mkdocs.yml", kept or Kept()))
        for page in pages:
            uses = [use for use in known.on(root / page) if use.macro in SHOWS]
            above = anchors(known.text(root / page)) if uses else []
            for use in uses:
                place = section(page, above, use.line)
                addresses.setdefault(use.id, place)
                addresses.setdefault(use.id.partition("#")[0], place)
    shown = [name for name in addresses if name in library.snippets]
    rest = [name for name in library.snippets if name not in addresses]
    return Way(tuple(pages), (*shown, *rest), addresses)


def address(page: str) -> str:
    """Where a page stands in the site: "monitoring/token/" for monitoring/token.md."""
    name = page.removesuffix(".md")
    return name.removesuffix("index") if f"/{name}".endswith("/index") else f"{name}/"


def anchors(text: str) -> list[tuple[int, str]]:
    """The lines of a page's headings and their anchors: [(1, "token"), (9, "account")]."""
    found, line, start = [], 1, 0
    for match in ANCHOR.finditer(text):
        line, start = line + text.count("\n", start, match.start()), match.start()
        found.append((line, match[1]))
    return found


def section(page: str, anchors: list[tuple[int, str]], line: int) -> str:
    """Where a line of a page stands in the site: "monitoring/token/#account"."""
    at = bisect(anchors, (line, "~")) - 1
    return address(page) + (f"#{anchors[at][1]}" if at >= 0 else "")


def _in_order(root: Path, nav: list[str]) -> list[str]:
    """The pages that `nav` names, then the others as MkDocs puts them: an index page first."""
    found = [str(page.relative_to(root)) for page in root.rglob("*.md")]
    place = {page: number for number, page in enumerate(nav)}
    return sorted(found, key=lambda page: (place.get(page, len(nav)), address(page)))


def _nav(path: Path, kept: Kept) -> list[str]:
    if not path.exists():
        return []
    try:
        return kept(_pages, read_text(path))
    except ValueError as error:
        raise BookError(f"not valid YAML: {error}", path=path) from None


def _pages(text: str) -> list[str]:
    """The pages in the `nav` of a mkdocs.yml; ValueError if it is not YAML."""
    import yaml  # only where it changed

    class Loader(yaml.SafeLoader):
        """MkDocs and its plugins have tags of their own: !ENV, !!python/name."""

    Loader.add_multi_constructor("", lambda *_: None)
    try:
        settings = yaml.load(text, Loader)
    except yaml.YAMLError as error:
        raise ValueError(str(error)) from None
    return [*_flat(settings.get("nav"))] if isinstance(settings, dict) else []


def _flat(item: Any) -> Iterator[str]:
    if isinstance(item, str) and item.endswith(".md"):
        yield item
    for part in item.values() if isinstance(item, dict) else item if isinstance(item, list) else ():
        yield from _flat(part)
