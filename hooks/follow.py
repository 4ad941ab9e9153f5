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
BUILT = re.compile(r'(<article.*?</h1>)(?:\n<div class="[^"]*kb-lag">.*?</div>\n)?', re.DOTALL)
NOTICE = """
<div class="admonition warning kb-lag">
<p class="admonition-title">{title}</p>
<p>{text} <a href="{link}" hreflang="{source}" target="_self">{read}</a></p>
</div>
"""


def on_pre_build(config: Any) -> None:
    """Compare the languages once for all builds, in which each difference is a warning.

    Pages whose readers are told that they lag behind are kept, each with the kinds of drift.
    """
    if "lags" in config.extra:
        return
    root, docs = Path(config.config_file_path).parent, Path(config.docs_dir).parent
    found: list[Drift] = []
    try:
        folders = [docs / language for language in config.extra["languages"]]
        found += drifts(folders, config.extra["shower"].kept)
    except BookError as error:
        log.warning(str(error).replace(f"{root}/", ""))
    lags: dict[str, set[str]] = {}  # macros see it, so its keys are words
    for drift in found:
        log.warning(str(drift).replace(f"{root}/", ""))
        if drift.kind != "alone":
            lags.setdefault(str(drift.page), set()).add(drift.kind)
    config.extra["lags"] = lags


@event_priority(-200)  # after the page has got its outputs
def on_page_context(context: Any, page: Any, config: Any, **_: Any) -> Any:
    """Under the title of such a page: what is wrong with it, and a link to the other one."""
    here, words = page.file.abs_src_path, config.extra["kubebook"].words
    source = next(iter(config.extra["languages"]))
    link = next(other.link for other in context["alternates"] if other.lang == source)
    notice = notice_of(config.extra["lags"].get(here, set()), source, link, words)
    page.content = TITLE.sub(lambda title: title[0] + notice, page.content, count=1)
    return context


def renew(built: Path, notice: str) -> None:
    """Put a notice, or none, in the place of that in a page which need not be built again."""
    html = built.read_text(encoding="utf-8")
    html = BUILT.sub(lambda top: top[1] + notice, html, count=1)
    built.write_text(html, encoding="utf-8")


def notice_of(kinds: set[str], source: str, link: str, words: Words) -> str:
    """The box for a page that is stale, or differs from the one it follows in more than words."""
    if not kinds:
        return ""
    name = words.language_name(source)
    text = (
        words(
            "The {language} page has changed since this one was brought up to date.", language=name
        )
        if "stale" in kinds
        else words("Something on this page does not match the {language} page.", language=name)
    )
    return NOTICE.format(
        title=escape(words("This page may lag behind")), text=escape(text), link=escape(link),
        source=source, read=escape(words("Read the {language} page", language=name)),
    )  # fmt: skip
