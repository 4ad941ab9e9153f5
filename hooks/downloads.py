"""Files beside the pages, one for all languages: chapters, snippets, recordings, figures."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from mkdocs.plugins import event_priority

from hooks.languages import language_of, root_of
from kubebook.errors import BookError, did_you_mean
from kubebook.recording import paths
from kubebook.script import chapters, script
from kubebook.show import Shower
from kubebook.stats import to_json
from kubebook.text import SITE

FIGURES = "report.json"


@event_priority(-200)  # after the other languages are built, and kept pages are back
def on_post_build(config: Any) -> None:
    """Write the files into the site: they tell of that language's pages, and are kept with them."""
    if language_of(config) == root_of(config) and root_of(config) not in config.extra["kept"]:
        write(config.extra["shower"], Path(config.site_dir))


def write(shower: Shower, site: Path) -> None:
    """Put the files into the folder of the site. What a broken book lacks was told of before."""
    try:
        found = {**dict(_made(shower)), **dict(_copied(shower))}
    except BookError:
        return
    for folder in {(site / path).parent for path in found}:
        folder.mkdir(parents=True, exist_ok=True)
    for path, content in found.items():
        (site / path).write_bytes(content)


def link(shower: Shower, name: str) -> str:
    """A link to a chapter's file or to the figures, for any page.

    Raises:
        BookError: there is no such file.
    """
    known = {f"{chapter}.sh": _path(chapter) for chapter in chapters(shower.book)}
    known[FIGURES] = FIGURES
    if name not in known:
        raise BookError(f'no file "{name}" to download', hint=did_you_mean(name, [*known]))
    return f'<a href="{SITE}{known[name]}" download><code>{name}</code></a>'


def _made(shower: Shower) -> Iterator[tuple[str, bytes]]:
    for chapter in chapters(shower.book):
        yield _path(chapter), script(shower.book, chapter, shower.way).encode()
    yield FIGURES, to_json(shower.stats).encode()


def _copied(shower: Shower) -> Iterator[tuple[str, bytes]]:
    """What the links under outputs lead to, as it is."""
    for snippet_id, snippet in shower.book.snippets.items():
        yield f"snippets/{snippet_id}{snippet.path.suffix}", snippet.path.read_bytes()
        recording, _ = paths(shower.book.book.recordings, snippet_id)
        if recording.exists():
            yield f"recordings/{snippet_id}.json", recording.read_bytes()


def _path(chapter: str) -> str:
    return f"downloads/{chapter}.sh"
