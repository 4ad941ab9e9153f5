"""Puts what the snippets printed into the pages. MkDocs calls the on_… functions."""

from __future__ import annotations

import logging
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

# `mkdocs serve` works from a checkout in which only requirements.txt is installed.
sys.path.append(str(Path(__file__).parent.parent))

from mkdocs.plugins import event_priority
from mkdocs.utils import get_relative_url
from mkdocs_macros import context as macros_context

from hooks.languages import folders, language_of
from hooks.placeholders import Placeholders
from kubebook.book import load_book
from kubebook.errors import BookError
from kubebook.history import History
from kubebook.kept import Kept
from kubebook.library import Library, load_library
from kubebook.mode import the_mode
from kubebook.pages import Calls, Pages, Use
from kubebook.show import Shower
from kubebook.text import SITE
from kubebook.words import words

# No page shows {{ git }}, for which the plugin asks git a dozen questions at every build.
macros_context.get_git_info = dict

# A strict build counts the warnings of loggers under "mkdocs".
log = logging.getLogger("mkdocs.hooks.kubebook")


class Desk:
    """Where the macros of one build hand in what they want shown and get a placeholder for it."""

    def __init__(self, shower: Shower, language: str, folder: str) -> None:
        self.shower = shower
        self.words = words(language)
        self.folder = folder  # of the language in the site
        self.pages: defaultdict[str, Placeholders] = defaultdict(Placeholders)
        self.html: dict[str, str] = {}

    def put(self, page: Any, macro: str, id: str, *rest: str) -> str:
        """The placeholder of a macro call; its faults are logged."""
        use = Use(macro, id, rest, Path(page.file.abs_src_path), 1)
        shown = self.shower.show(use, self.words)
        for warning in shown.warnings:
            log.warning(warning)
        return self.pages[page.file.src_uri].put(shown)

    def index(self, page: Any, html: str) -> str:
        """The page as the search reads it: colours and provenance would only cost it time."""
        placeholders = self.pages[page.file.src_uri]
        for anchor in _anchors(page.toc):
            if placeholders.find(anchor.title):
                log.warning(f"{page.file.src_path}: a heading cannot quote a value: #{anchor.id}")
        self.html[page.file.src_uri] = html
        return placeholders.index(html)

    def markdown(self, page: Any, text: str) -> str:
        """The page's Markdown with what was printed in its place, for those who read no HTML."""
        return self.pages[page.file.src_uri].markdown(text)

    def fill(self, page: Any) -> str:
        """The page with everything in its place."""
        html = self.pages[page.file.src_uri].fill(self.html.pop(page.file.src_uri))
        way = get_relative_url("-", f"{self.folder}/{page.url}".lstrip("/")).removesuffix("-")
        return html.replace(f'href="{SITE}', f'href="{way}')


def on_pre_build(config: Any) -> None:
    """Read the book once for all languages; in live mode run first what is stale."""
    if "shower" not in config.extra:
        config.extra["shower"] = open_book(Path(config.config_file_path).parent)
    language = language_of(config)
    config.extra["kubebook"] = Desk(config.extra["shower"], language, folders(config)[language])


def on_page_content(html: str, page: Any, config: Any, **_: Any) -> str:
    """After Markdown, before the search index: show it the words alone."""
    return config.extra["kubebook"].index(page, html)


@event_priority(-100)  # after the search plugin has read the page
def on_page_context(context: Any, page: Any, config: Any, **_: Any) -> Any:
    """Before the page is written: replace the placeholders by what readers see."""
    page.content = config.extra["kubebook"].fill(page)
    return context


def open_book(root: Path) -> Shower:
    """A book ready to be shown. Whatever is wrong with it is a warning, also on every page."""
    try:
        mode = the_mode()
        library = load_library(load_book(root))
    except BookError as error:
        _warn(error, root)
        return Shower(root, error)
    if mode == "live":
        _refresh(library)
    calls = Calls()
    try:
        for error in Pages(library, calls).unshown():
            _warn(error, root)
    except BookError as error:
        _warn(error, root)
    kept = Kept(library.book.kept)
    return Shower(root, library, mode == "live", calls, kept, History(root, kept))


def _refresh(library: Library) -> None:
    from kubebook.refresh import refresh  # replay does not even load what runs clusters

    try:
        refresh(library)
    except BookError as error:
        _warn(error, library.book.root)


def _warn(error: BookError, root: Path) -> None:
    log.warning(str(error).replace(f"{root}/", ""))


def _anchors(toc: Any) -> Iterator[Any]:
    for anchor in toc:
        yield anchor
        yield from _anchors(anchor.children)
