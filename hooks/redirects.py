"""A page that has moved keeps its old address in every language: `extra.redirects`, old to new."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import Any

from mkdocs.plugins import event_priority
from mkdocs.structure.files import File, Files
from mkdocs.utils import get_relative_url

from kubebook.errors import BookError, did_you_mean
from kubebook.library import line_of
from kubebook.words import words

log = logging.getLogger("mkdocs.hooks.redirects")

# The script takes the reader's own anchor along, which no refresh does; it works from disk, too.
PAGE = """\
<!doctype html>
<html lang="{language}">
<meta charset="utf-8">
<title>{said}</title>
<link rel="canonical" href="{canonical}">
<script>location.replace({page} + location.search + (location.hash || {anchor}))</script>
<noscript><meta http-equiv="refresh" content="0; url={link}"></noscript>
<p>{said} <a href="{link}">{link}</a></p>
</html>
"""


@event_priority(50)  # before hooks/languages.py takes away the files of a language that is kept
def on_files(files: Files, config: Any) -> Files:
    """Put a page that leads on at each old address."""
    pages = {file.src_uri: file for file in files.documentation_pages()}
    for old, new in _moved(config):
        target, _, anchor = new.partition("#")
        if old in pages or not old.endswith(".md"):
            _warn(config, old, f"is {'still a' if old in pages else 'no'} page: it cannot lead on")
        elif target not in pages:
            _warn(config, old, f"moved to no page of ours: {new}", did_you_mean(target, [*pages]))
        else:
            was = File(old, config.docs_dir, config.site_dir, config.use_directory_urls)
            html = leads_to(config, was.url, pages[target].url, anchor)
            files.append(File.generated(config, was.dest_uri, content=html))
    return files


def on_env(env: Any, config: Any, files: Files) -> Any:
    """Now that the pages are read: are the anchors there?"""
    for old, new in _moved(config):
        target, _, anchor = new.partition("#")
        file = files.get_file_from_path(target)
        if anchor and file and file.page and anchor not in (file.page.present_anchor_ids or ()):
            _warn(config, old, f"moved to no heading of {target}: #{anchor}")
    return env


def leads_to(config: Any, old: str, new: str, anchor: str) -> str:
    """The HTML at the address `old` that leads to `new`; both are relative to the site."""
    page, place = get_relative_url(new, old), f"#{anchor}" if anchor else ""
    language = config.theme["language"]
    return PAGE.format(
        language=language,
        said=words(language)("This page has moved:"),
        canonical=escape(config.site_url + new if config.site_url else page),
        link=escape(page + place),
        page=json.dumps(page),
        anchor=json.dumps(place),
    )


def _moved(config: Any) -> Iterator[tuple[str, str]]:
    for old, new in (config.extra.get("redirects") or {}).items():
        yield str(old), str(new)


def _warn(config: Any, old: str, message: str, hint: str = "") -> None:
    line = line_of(Path(config.config_file_path).parent / "mkdocs.yml", f"{old}:")
    language = config.theme["language"]
    error = BookError(f"{old} {message} ({language})", path="mkdocs.yml", line=line, hint=hint)
    log.warning(str(error))
