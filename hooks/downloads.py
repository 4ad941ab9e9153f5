"""Files for readers beside the pages, one for all languages: chapters to run, figures to read."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from mkdocs.plugins import event_priority
from mkdocs.utils import get_relative_url

from hooks.languages import folders, language_of, root_of
from kubebook.errors import BookError, did_you_mean
from kubebook.script import chapters, script
from kubebook.show import Shower
from kubebook.stats import to_json

FIGURES = "report.json"


@event_priority(-200)  # after the other languages are built, and kept pages are back
def on_post_build(config: Any) -> None:
    """Write the files into the site."""
    if language_of(config) == root_of(config):
        write(config.extra["shower"], Path(config.site_dir))


def write(shower: Shower, site: Path) -> None:
    """Each chapter as a bash file, and the figures. What a broken book lacks was told of before."""
    try:
        texts = dict(_texts(shower))
    except BookError:
        return
    for path, text in texts.items():
        (site / path).parent.mkdir(parents=True, exist_ok=True)
        (site / path).write_text(text, encoding="utf-8")


def link(config: Any, page: Any, name: str) -> str:
    """A link from a page to one of the files, which MkDocs does not look for among the pages.

    Raises:
        BookError: there is no such file.
    """
    paths = {f"{chapter}.sh": _path(chapter) for chapter in chapters(config.extra["shower"].book)}
    paths[FIGURES] = FIGURES
    if name not in paths:
        raise BookError(f'no file "{name}" to download', hint=did_you_mean(name, [*paths]))
    here = f"{folders(config)[language_of(config)]}/{page.url}".lstrip("/")
    return f'<a href="{get_relative_url(paths[name], here)}" download><code>{name}</code></a>'


def _texts(shower: Shower) -> Iterator[tuple[str, str]]:
    for chapter in chapters(shower.book):
        yield _path(chapter), script(shower.book, chapter, shower.way)
    yield FIGURES, to_json(shower.stats)


def _path(chapter: str) -> str:
    return f"downloads/{chapter}.sh"
