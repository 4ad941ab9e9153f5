"""The macros of the pages: {{ run("CHAPTER/NAME") }} and its kin."""

from __future__ import annotations

import logging
from pathlib import Path
from traceback import extract_tb
from typing import Any

from jinja2 import TemplateSyntaxError
from mkdocs_macros.errors import format_error

from kubebook.pages import MACROS, TAKES


def define_env(env: Any) -> None:
    """Called by mkdocs-macros once for each build."""
    # Else it tells at every build which functions it found.
    logging.getLogger("mkdocs.plugins.mkdocs_macros").setLevel(logging.WARNING)
    for name in MACROS:
        env.macro(_macro(env, name), name)
    env.macro(lambda: _scale(env), "scale")
    env.macro(lambda: _report(env), "report")
    env.macro(lambda name: _download(env, name), "download")


def _macro(env: Any, name: str) -> Any:
    def macro(*texts: str) -> str:
        if len(texts) != len(TAKES[name]):
            raise TypeError(f"{name}() takes {' and '.join(TAKES[name])}")
        desk = env.conf.extra["kubebook"]
        return desk.put(env.page, name, *map(str, texts))  # str() tells what is undefined

    return macro


def _scale(env: Any) -> Any:
    from kubebook.scale import scale  # one page asks: the others go without what runs chains
    from kubebook.shard import cluster_start

    desk = env.conf.extra["kubebook"]
    start = cluster_start(desk.shower.root / "bench/results.json")
    return scale(desk.shower.library, desk.words, start)


def _report(env: Any) -> Any:
    from kubebook.figures import Figures  # as above

    desk = env.conf.extra["kubebook"]
    return Figures(desk.shower.stats, desk.words)


def _download(env: Any, name: str) -> str:
    from hooks.downloads import link

    return link(env.conf.extra["kubebook"].shower, name)


@format_error.register(Exception)
def _runtime(error: Exception, markdown: str, page: Any) -> str:
    """An author's mistake, with its place and without a traceback."""
    lines = [f.lineno for f in extract_tb(error.__traceback__) if f.filename == "<template>"]
    return _told(error, lines[-1] if lines else 1, markdown, page)


@format_error.register(TemplateSyntaxError)
def _syntax(error: TemplateSyntaxError, markdown: str, page: Any) -> str:
    return _told(error, error.lineno, markdown, page)


def _told(error: Exception, line: int | None, markdown: str, page: Any) -> str:
    source = Path(page.file.abs_src_path).read_text(encoding="utf-8")
    above = len(source.splitlines()) - len(markdown.splitlines())
    known = ", ".join(MACROS)
    return (
        f"`{page.file.src_path}:{(line or 1) + above}`: {error}\n\n"
        f"Known are {known}; write {{% raw %}} around other braces."
    )
