"""llms.txt, the list of pages for language models, and llms-full.txt, their text with outputs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from mkdocs.plugins import event_priority

from hooks.languages import base_of, folders, language_of, root_of
from kubebook.text import SITE
from kubebook.words import words

ATTRIBUTES = re.compile(r" *\{ *#[\w-]+ *\} *$", re.MULTILINE)  # {#anchor} at a heading's end


@event_priority(-100)  # after the macros have run
def on_page_markdown(markdown: str, page: Any, config: Any, **_: Any) -> None:
    """Keep the page's text."""
    text = config.extra["kubebook"].markdown(page, ATTRIBUTES.sub("", markdown))
    config.extra.setdefault("llms", {})[page.file.src_uri] = text.replace(SITE, base_of(config))


@event_priority(-200)  # after hooks/languages.py has built the other languages or put them back
def on_post_build(config: Any) -> None:
    """Write what was built; the root's list names the pages of all languages."""
    if not config.site_url:
        return
    site = Path(config.site_dir)
    if texts := config.extra.get("llms"):
        pages = [page for page in config.extra["nav"].pages if page.file.src_uri in texts]
        whole = (f"<{page.canonical_url}>\n\n{texts[page.file.src_uri]}\n" for page in pages)
        (site / "llms-full.txt").write_text("\n".join(whole), encoding="utf-8")
        (site / "llms.txt").write_text(listing(config, pages), encoding="utf-8")
    if language_of(config) == root_of(config):
        join_listings(site, folders(config))


def listing(config: Any, pages: Iterable[Any]) -> str:
    """The pages of one language and what they are about, in the form of llmstxt.org."""
    language = language_of(config)
    about = config.extra["languages"][language]
    head = f"# {config.site_name}\n\n> {about['description']}\n\n## {about['name']}\n\n"
    return head + "".join(f"- {link}\n" for link in _links(config, pages, language))


def _links(config: Any, pages: Iterable[Any], language: str) -> Iterator[str]:
    for page in pages:
        about = page.meta.get("description", "")
        yield f"[{page.title}]({page.canonical_url})" + (about and f": {about}")
    whole = words(language)("the whole text with its outputs")
    yield f"[llms-full.txt]({config.site_url}llms-full.txt): {whole}"


def join_listings(site: Path, languages: Mapping[str, str]) -> None:
    """The root's list goes on with the other languages' lists; each of them keeps its own."""
    lists = [_parts(site / folder / "llms.txt") for folder in languages.values()]
    title = lists[0][0]
    about = "\n>\n".join(f"> {about}" for _, about, _ in lists)
    sections = "\n\n".join(section for _, _, section in lists)
    (site / "llms.txt").write_text(f"{title}\n\n{about}\n\n{sections}\n", encoding="utf-8")


def _parts(path: Path) -> tuple[str, str, str]:
    """Title, description and pages of the language in whose folder a list lies."""
    title, about, rest = path.read_text(encoding="utf-8").split("\n\n", 2)
    return title, about.split("\n")[0].removeprefix("> "), rest.split("\n\n## ")[0].rstrip()
