"""The site's own search: its worker in Material's place, the glossary in its index."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypedDict

from mkdocs.plugins import event_priority

WORKER = re.compile(r'"[^"]*/workers/search\.\w+\.min\.js"')
ANCHOR = re.compile(r"^#+ .*{ *#([\w-]+)")
BRACKETS = re.compile(r"\s*\(([^)]*)\)")


class Term(TypedDict):
    """A row of the glossary: names of one thing in both languages, what it is, and where."""

    names: list[str]
    text: str
    location: str


def on_pre_build(config: Any) -> None:
    """Nothing is known yet."""
    config.extra["about"] = {}


def on_page_markdown(markdown: str, page: Any, config: Any, **_: Any) -> None:
    """Keep what pages say of themselves, and the terms of the glossary as it passes by."""
    config.extra["about"][page.url] = page.meta.get("description", "")
    if page.file.src_uri == config.extra["glossary"]:
        config.extra["terms"] = list(terms_in(markdown, page.url))


def on_env(env: Any, **_: Any) -> Any:
    """A function for the page's settings, which name the worker that searches."""
    env.globals["with_own_search"] = with_own_search
    return env


@event_priority(-50)  # after the search plugin has written its index, before others read it
def on_post_build(config: Any) -> None:
    """Add to the index what was kept."""
    path = Path(config.site_dir) / "search" / "search_index.json"
    index = json.loads(path.read_text(encoding="utf-8"))
    kept = {"about": config.extra["about"], "terms": config.extra.get("terms", [])}
    index["config"].update(kept)
    text = json.dumps(index, ensure_ascii=False, separators=(",", ":"))
    path.write_text(text, encoding="utf-8")


def with_own_search(settings: str, worker: str) -> str:
    """Material's settings as JSON, with the address of another worker than its own.

    Raises:
        ValueError: no worker is named there: Material has changed.
    """
    changed, count = WORKER.subn(lambda _: json.dumps(worker), settings)
    if count != 1:
        raise ValueError("Material's settings name no search worker")
    return changed


def terms_in(markdown: str, url: str) -> Iterator[Term]:
    """The rows of a glossary's tables: two columns of names, one that says what is meant.

    What stands in brackets is a name too: "network plugin (CNI)" gives two.
    """
    anchor, below = "", False
    for line in markdown.splitlines():
        if heading := ANCHOR.match(line):
            anchor = heading[1]
        if not line.startswith("|"):
            below = False
        elif set(line) <= set("|-: "):
            below = True
        elif below:
            first, second, text = line.replace("`", "").strip("| ").split("|")
            names = [name for cell in (first, second) for name in _names(cell)]
            yield Term(names=names, text=text.strip(), location=f"{url}#{anchor}")


def _names(cell: str) -> list[str]:
    return [BRACKETS.sub("", cell).strip(), *BRACKETS.findall(cell)]
