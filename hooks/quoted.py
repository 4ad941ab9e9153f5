"""Marks Korean words on pages in other languages, for the voices and fonts that show them."""

from __future__ import annotations

import re
from typing import Any

from mkdocs.plugins import event_priority

KOREAN = re.compile(r"(<[^>]*>)|[가-힣]+(?:[ ,.:·]+[가-힣]+)*")


@event_priority(100)  # before outputs are in their place: they stay as they were printed
def on_page_content(html: str, config: Any, **_: Any) -> str:
    """Text between tags, not words in attributes."""
    if config.theme["language"] == "ko":
        return html
    return KOREAN.sub(lambda found: found[1] or f'<span lang="ko">{found[0]}</span>', html)
