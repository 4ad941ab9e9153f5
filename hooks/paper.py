"""Marks the links that lead elsewhere, whose addresses print.css shows to readers of paper."""

from __future__ import annotations

import re
from typing import Any

from mkdocs.plugins import event_priority

# Not where the address is the text. Material's instant navigation makes every address whole, so
# the style sheet alone could not tell.
ELSEWHERE = re.compile(r'<a href="(https?://[^"]+)"(?!>\1</a>)')


@event_priority(50)  # before hooks/book.py takes the page
def on_page_content(html: str, **_: Any) -> str:
    """Mark them once Markdown has run."""
    return ELSEWHERE.sub(r'<a href="\1" rel="external"', html)
