"""Warns of pages that no longer match the ones they follow, and tells their readers."""

from __future__ import annotations

import logging
import re
from html import escape
from pathlib import Path
from typing import Any

from mkdocs.plugins import event_priority

from kubebook.errors import BookError
from kubebook.parity import Drift, drifts
from kubebook.words import Words

log = logging.getLogger("mkdocs.hooks.follow")

TITLE = re.compile(r"\A(?:.*?</h1>)?", re.DOTALL)
NOTICE = """
<div class="admonition warning">
<p class="admonition-title">{title}</p>
<p>{text} <a href="{link}" hreflang="{source}" target="_self">{read}</a></p>
</div>
"""


def on_pre_build(config: Any) -> None:
    """Compare the languages once for all builds, in which each difference is a warning."""
    if "drifts" in config.extra:
        return
    root, docs = Path(config.config_file_path).parent, Path(config.docs_dir).parent
    found: list[Drift] = []
    try:
        folders = [docs / language for language in config.extra["languages"]]
        found += drifts(folders, config.extra["shower"].kept)
    except BookError as error:
        log.warning(str(error).replace(f"{root}/", ""))
    for drift in found:
        log.warning(str(drift).replace(f"{root}/", ""))
    config.extra["drifts"] = found


@event_priority(-200)  # after the page has got its outputs
def on_page_context(context: Any, page: Any, config: Any, **_: Any) -> Any:
    """Under the title of such a page: what is wrong with it, and a link to the other one."""
    here = Path(page.file.abs_src_path)
    if kinds := {drift.kind for drift in config.extra["drifts"] if drift.page == here} - {"alone"}:
        source = next(iter(config.extra["languages"]))
        link = next(other.link for other in context["alternates"] if other.lang == source)
        notice = notice_of("stale" in kinds, source, link, config.extra["kubebook"].words)
        page.content = TITLE.sub(lambda title: title[0] + notice, page.content, count=1)
    return context


def notices(config: Any, language: str) -> list[tuple[str, str]]:
    """What the readers of a language are told: the pages, and what is wrong with them."""
    folder = Path(config.docs_dir).parent / language
    found = {
        (str(drift.page), drift.kind)
        for drift in config.extra["drifts"]
        if drift.page.is_relative_to(folder)
    }
    return sorted(found)


def notice_of(stale: bool, source: str, link: str, words: Words) -> str:
    """The box for a page that is stale, or differs from the one it follows in more than words."""
    name = words.language_name(source)
    text = (
        words(
            "The {language} page has changed since this one was brought up to date.", language=name
        )
        if stale
        else words("Something on this page does not match the {language} page.", language=name)
    )
    return NOTICE.format(
        title=escape(words("This page may lag behind")), text=escape(text), link=escape(link),
        source=source, read=escape(words("Read the {language} page", language=name)),
    )  # fmt: skip
