"""The one 404 page that a server knows speaks the language of the page that was looked for."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from mkdocs.plugins import event_priority

from hooks.languages import folders, language_of, root_of

PARTS = re.compile(r"(<title>.*?</title>).*<body[^>]*>(.*?)<script src=", re.DOTALL)
SETTINGS = '<script id="__config"'
OTHER = re.compile(r"<template data-below=.*?</template>\n", re.DOTALL)


@event_priority(-150)  # after hooks/languages.py has built the other languages or put them back
def on_post_build(config: Any) -> None:
    """Put the other languages' 404 pages into the root's, where assets/lost.js finds them."""
    if language_of(config) != root_of(config) or not config.site_url:
        return
    page, base = Path(config.site_dir) / "404.html", urlsplit(config.site_url).path
    # A root that was kept still has what was put there after an earlier build
    before, settings, after = OTHER.sub("", page.read_text(encoding="utf-8")).partition(SETTINGS)
    for language, folder in folders(config).items():
        if folder:
            own = (page.parent / folder / page.name).read_text(encoding="utf-8")
            before += template_of(own, language, f"{base}{folder}/")
    page.write_text(before + settings + after, encoding="utf-8")


def template_of(html: str, language: str, below: str) -> str:
    """What a language's 404 page shows, as a template, which a browser leaves alone.

    `below` is where that language's pages stand. The theme's settings are part of it.
    """
    ((title, body),) = PARTS.findall(html)
    return f'<template data-below="{below}" lang="{language}">\n{title}{body}</template>\n'
